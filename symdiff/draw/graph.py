"""The graph as a Graphviz picture, with values and adjoints where there are any."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import graphviz
import numpy as np

from symdiff.draw import binary
from symdiff.draw.labels import cut, number, operand, title
from symdiff.draw.passes import Passes, passes
from symdiff.errors import RenderError, SymdiffValueError
from symdiff.expr import Expr, gather
from symdiff.graph import CONST, VAR, Graph

LARGEST = 3000  # nodes; dot takes minutes beyond
_LARGE = 1500  # nodes above which dot is told to hurry
_DIRECTIONS = ("LR", "TB", "RL", "BT")
_MISSING = 6  # names of missing variables in a caption

# Tints of Okabe and Ito's palette, told apart by colour-blind eyes and in print.
_FONT = "Helvetica"
_GREY = "#6E6E6E"
_RED = "red3"
_NODES = {"fontname": _FONT, "fontsize": "13", "style": "filled", "margin": "0.12,0.06", "width": ".6", "height": ".4"}
_EDGES = {"fontname": _FONT, "fontsize": "10", "color": _GREY, "fontcolor": _GREY, "arrowsize": "0.7"}
_HURRY = {"splines": "line", "nslimit": "1", "nslimit1": "1", "mclimit": "0.2"}
_KINDS = {
    CONST: {"shape": "box", "fillcolor": "#F0F0F0", "color": "#9A9A9A"},
    VAR: {"shape": "ellipse", "fillcolor": "#D3E7F6", "color": "#0072B2", "margin": "0.02,0.01"},
}
_OPERATION = {"shape": "box", "style": "rounded,filled", "fillcolor": "#FFFFFF", "color": "#4D4D4D"}
_OUTPUT = {"fillcolor": "#FFEDBF", "color": "#9C6A00", "peripheries": "2"}
_SHARED = {"penwidth": "2.6"}


class Picture(graphviz.Digraph):  # type: ignore[misc]
    """A `graphviz.Digraph` that notebooks show by whatever program there is, and never raises."""

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None, **_: Any
    ) -> dict[str, str]:
        """SVG, or text that says why there is none."""
        try:
            bundle = {"image/svg+xml": self._svg(), "text/plain": repr(self)}
        except Exception as error:  # a display hook that raises spoils the notebook
            bundle = {"text/plain": f"{error}\n\n{self.source}"}
        wanted = set(bundle if include is None else include) - set(exclude or ())
        return {kind: data for kind, data in bundle.items() if kind in wanted}

    def _repr_image_svg_xml(self) -> str:
        try:
            return self._svg()
        except Exception as error:  # a display hook that raises spoils the notebook
            return (
                '<svg xmlns="http://www.w3.org/2000/svg" width="1000" height="30">'
                f'<text x="5" y="20" font-size="12">{html.escape(str(error))}</text></svg>'
            )

    def _svg(self) -> str:
        return binary.run(self.source, "svg").decode()

    def pipe(self, format: str | None = None, *args: Any, encoding: str | None = None, **options: Any) -> bytes | str:
        """The picture as bytes, or as text where an encoding is given, by whatever program there is."""
        data = binary.run(self.source, format or "svg")
        return data if encoding is None else data.decode(encoding)

    def __repr__(self) -> str:
        return f"<picture of {self.nodes_drawn} nodes>"

    nodes_drawn = 0


def to_graphviz(
    exprs: Any,
    at: Mapping[Any, Any] | None = None,
    backward: bool = False,
    seed: Any = 1.0,
    *,
    rankdir: str = "LR",
    title: str | None = None,
    force: bool = False,
) -> graphviz.Digraph:
    """A picture of the graph below one expression or several.

    Variables are ellipses, operations rounded boxes, constants square ones;
    results have a double outline, what is used more than once a heavy one.

    Parameters
    ----------
    exprs : expression, sequence or array of them, or mapping from names to them
        The names stand on the results.
    at : mapping, optional
        A point, as for `evaluate`: every node shows its value. What depends on
        variables that are missing stays without, and a caption names them.
    backward : bool
        Show adjoints on the nodes, and red edges back to the operands with
        their local partials. Without a point these are numbers where every
        variable has a `.value`, and expressions otherwise.
    seed : number or array, or a sequence of one for each expression
        The adjoints of the results.
    rankdir : {"LR", "TB", "RL", "BT"}
        Left to right, top to bottom, or the other way round.
    title : str, optional
        Written above.
    force : bool
        Draw more than 3,000 nodes, whatever time that takes.

    Raises
    ------
    RenderError
        For a larger graph.

    >>> import symdiff as sd
    >>> from symdiff.draw.graph import to_graphviz
    >>> x, y = sd.variables("x y")
    >>> picture = to_graphviz(x*y, at={x: 3, y: 4})
    >>> [line.strip() for line in picture.body if "->" in line]
    ['n0 -> n2', 'n1 -> n2']
    >>> "= 12" in picture.source
    True
    """
    names, given = _named(exprs)
    if rankdir not in _DIRECTIONS:
        raise SymdiffValueError(f"rankdir is one of {', '.join(_DIRECTIONS)}, not {rankdir!r}")
    graph, roots = gather(given)
    cone = graph.cone(roots)
    if len(cone) > LARGEST and not force:
        raise RenderError(
            f"a picture of {len(cone):,} nodes would take minutes and show nothing: draw a part of the "
            f"expression, or say force=True (without it {LARGEST:,} are drawn at most)"
        )
    shown = passes(graph, roots, at, backward, seed)
    picture = Picture(
        graph_attr=_graph_attributes(
            rankdir, _caption(title, shown, backward, len(roots) > 1), title is not None, len(cone)
        ),
        node_attr=_NODES,
        edge_attr=_EDGES,
    )
    picture.nodes_drawn = len(cone)
    _Drawing(picture, graph, cone, shown).draw(_output_names(names, roots))
    return picture


def _named(exprs: Any) -> tuple[list[str], list[Any]]:
    """Expressions and what to call them; one alone needs no name."""
    if isinstance(exprs, Mapping):
        given = list(exprs.values())
        names = [str(name) for name in exprs]
    elif isinstance(exprs, Expr):
        given, names = [exprs], [""]
    else:
        given = list(np.ravel(np.asarray(exprs, dtype=object)))
        names = [f"output {k}" for k in range(len(given))] if len(given) > 1 else [""]
    if not given:
        raise SymdiffValueError("there is no expression to draw")
    return names, given


def _output_names(names: Sequence[str], roots: Sequence[int]) -> dict[int, str]:
    """What stands on each result; two of them may be one node."""
    result: dict[int, str] = {}
    for name, i in zip(names, roots, strict=True):
        result[i] = f"{result[i]}, {name}" if i in result else name
    return result


def _graph_attributes(rankdir: str, caption: list[str], on_top: bool, count: int) -> dict[str, str]:
    attributes = {"rankdir": rankdir, "fontname": _FONT, "fontsize": "12", "nodesep": "0.25", "ranksep": "0.45"}
    if count > _LARGE:
        attributes.update(_HURRY)
    if caption:
        attributes.update(label=_written(caption), labelloc="t" if on_top else "b", fontcolor="#333333")
    return attributes


def _caption(title: str | None, shown: Passes, backward: bool, several: bool) -> list[str]:
    lines = [] if title is None else title.splitlines()
    if shown.missing:
        names = [cut(name) for name in shown.missing[:_MISSING]]
        more = f" and {len(shown.missing) - len(names):,} more" if len(shown.missing) > len(names) else ""
        without = "no adjoints, and no values" if backward else "no values"
        it = "it" if len(shown.missing) == 1 else "them"
        lines.append(f"no value given for {', '.join(names)}{more}: {without} for what depends on {it}")
    elif backward:
        result = "results, weighed by their seeds," if several else "result"
        lines.append(f"adj: adjoint, the derivative of the {result} by the node; red: local partial derivatives")
    return lines


def _written(lines: Iterable[str]) -> str:
    """Lines as a label: as they are, whatever Graphviz would read into them."""
    escaped = [graphviz.escape(_printable(line).replace("&", "&amp;")) for line in lines]
    label: str = graphviz.nohtml("\\n".join(escaped))  # a string that is not read as HTML
    return label


def _printable(line: str) -> str:
    return "".join([c if c.isprintable() else " " for c in line])


class _Drawing:
    """The statements of a picture, node after node."""

    def __init__(self, picture: Picture, graph: Graph, cone: Sequence[int], shown: Passes) -> None:
        self.picture = picture
        self.graph = graph
        self.cone = cone
        self.shown = shown
        self.ids = {i: f"n{k}" for k, i in enumerate(cone)}

    def draw(self, outputs: Mapping[int, str]) -> None:
        """Write nodes, then edges, then the reverse edges."""
        uses = self._uses()
        for i in self.cone:
            self._node(i, outputs, uses[i] > 1)
        for i in self.cone:
            node = self.graph.nodes[i]
            for position, j in enumerate(node[1:] if node[0] > VAR else ()):
                self._edge(i, j, operand(self.graph, i, position))
        for i, position in self.shown.edges:
            self._reverse_edge(i, position)

    def _uses(self) -> dict[int, int]:
        uses = dict.fromkeys(self.cone, 0)
        for i in self.cone:
            node = self.graph.nodes[i]
            for j in node[1:] if node[0] > VAR else ():
                uses[j] += 1
        return uses

    def _node(self, i: int, outputs: Mapping[int, str], shared: bool) -> None:
        code = self.graph.nodes[i][0]
        style = dict(_KINDS.get(code, _OPERATION))
        if i in outputs:
            style.update(_OUTPUT)
        if shared and code != CONST:
            style.update(_SHARED)
        whole = title(self.graph, i)
        if len(whole) > len(cut(whole)):
            style["tooltip"] = _written([whole])
        self.picture.node(self.ids[i], _written(self._lines(i, whole, outputs.get(i, ""))), **style)

    def _lines(self, i: int, whole: str, output: str) -> list[str]:
        lines = [cut(output)] if output else []
        lines.append(cut(whole))
        if self.graph.nodes[i][0] == CONST:
            return lines
        if i in self.shown.values:
            lines.append(f"= {number(self.shown.values[i])}")
        if i in self.shown.adjoints:
            lines.append(f"adj {number(self.shown.adjoints[i])}")
        return lines

    def _edge(self, user: int, used: int, label: str) -> None:
        self.picture.edge(self.ids[used], self.ids[user], **({"label": f" {label} "} if label else {}))

    def _reverse_edge(self, user: int, position: int) -> None:
        """Drawn against its direction, so that the layout stays that of the graph."""
        used = self.graph.nodes[user][position + 1]
        style = {"dir": "back", "color": _RED, "fontcolor": _RED}
        partial = self.shown.partials.get((user, position))
        if partial is not None:
            style["label"] = _written([f" {number(partial)} "])
        self.picture.edge(self.ids[used], self.ids[user], **style)
