"""What there is to say of what a picture shows: the whole text, the value, the adjoint, the partials."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from symdiff.draw.annotations import Passes
from symdiff.draw.diagram import Drawn, title, value_text
from symdiff.draw.labels import cut
from symdiff.draw.view import Box, operands, preview
from symdiff.graph import CONST

_WIDTH = 240  # length limit of a text that a picture has no room for, in characters
_TITLE = re.compile(r"[ ]?<title>(.*?)</title>\n?")  # matches what Graphviz calls graphs, nodes and edges


class Detail(NamedTuple):
    """Of one node: what it is, what it is worth, what it passes back to its operands."""

    text: str
    value: str = ""
    adjoint: str = ""
    partials: tuple[tuple[str, str], ...] = ()


Details = Callable[[], Mapping[str, Detail]]


def of_node(graph: Drawn, shown: Passes, i: int) -> Detail:
    """What there is to say of a node."""
    operation = (preview(graph, i, _WIDTH) or cut(title(graph, i), _WIDTH)).replace("\n", " ")
    partials = []
    for position, j in enumerate(operands(graph, i)):
        partial = shown.partials.get((i, position))
        if partial is not None and graph.nodes[j][0] != CONST:
            partials.append((preview(graph, j) or cut(title(graph, j)), _number(graph, partial)))
    value, adjoint = shown.values.get(i), shown.adjoints.get(i)
    return Detail(operation, _number(graph, value), _number(graph, adjoint), tuple(partials))


def of_box(box: Box) -> Detail:
    """What there is to say of a box."""
    return Detail(" ".join(box.lines))


def _number(graph: Drawn, value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else value_text(graph, value)


def with_tooltips(svg: str, details: Mapping[str, Detail]) -> str:
    """An SVG whose nodes say what they are where the pointer rests, instead of `n9`.

    >>> with_tooltips("<g><title>n9</title></g><g><title>n9&#45;&gt;n10</title></g>", {"n9": Detail("x < 1", "True")})
    '<g><title>x &lt; 1 = True</title></g><g></g>'
    """

    def told(match: re.Match[str]) -> str:
        found = details.get(match[1])
        if found is None:
            return ""
        text = " = ".join([part for part in (found.text, found.value) if part])
        return f"<title>{html.escape(text, quote=False)}</title>"

    return _TITLE.sub(told, svg)
