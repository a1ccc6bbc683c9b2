"""What pictures look like: shapes, colours, the layout's attributes.

Tints of Okabe and Ito's palette, told apart by colour-blind eyes and in print; what a node is shows in its shape too.
"""

from __future__ import annotations

from collections.abc import Iterable

import graphviz

from symdiff.errors import SymdiffValueError
from symdiff.graph import CONST, VAR

DIRECTIONS = ("LR", "TB", "RL", "BT")
# Span: ranks that edges cross, summed. For 76 nodes of a span of 1,800 dot took 40 s with labels in the course of
# edges, 1.7 s with labels beside them, 0.9 s in brisk mode; for 184 of 11,000 over a minute, 7 s, and 3 s hurried.
BESIDE = 250  # span above which labels stand beside edges
_BRISK_SPAN, _HURRIED_SPAN = 1500, 8000
HURRIED = 1500  # size above which dot draws straight lines, in nodes drawn
PLAIN = 300  # size above which dot stops improving and edges have no labels, in nodes drawn

FONT = "Helvetica"
GREY = "#6E6E6E"
RED = "red3"
NODES = {"fontname": FONT, "fontsize": "13", "style": "filled", "margin": "0.12,0.06", "width": ".6", "height": ".4"}
EDGES = {"fontname": FONT, "fontsize": "10", "color": GREY, "fontcolor": GREY, "arrowsize": "0.7"}
KINDS = {
    CONST: {"shape": "box", "fillcolor": "#F0F0F0", "color": "#9A9A9A"},
    VAR: {"shape": "ellipse", "fillcolor": "#D3E7F6", "color": "#0072B2", "margin": "0.02,0.01"},
}
SMALL = {**KINDS[CONST], "fontsize": "11", "width": ".3", "height": ".25", "margin": "0.06,0.03"}  # beside its user
OPERATION = {"shape": "box", "style": "rounded,filled", "fillcolor": "#FFFFFF", "color": "#4D4D4D"}
OUTPUT = {"fillcolor": "#FFEDBF", "color": "#9C6A00", "peripheries": "2"}
SHARED = {"penwidth": "2.6"}
FOLDED = {"shape": "box3d", "style": "filled", "fillcolor": "#E4F2EC", "color": "#00715A", "margin": "0.16,0.08"}
VARIABLES = {**KINDS[VAR], "peripheries": "2"}
CONSTANTS = {**KINDS[CONST], "peripheries": "2"}
NAMED = {"shape": "ellipse", "style": "filled,dashed", "fillcolor": "#F3E4EE", "color": "#8F4A78"}
STUB = {"shape": "plaintext", "style": "", "width": "0.2", "height": "0.2", "margin": "0", "fontcolor": GREY}
CLUSTER = {
    "style": "rounded",
    "labeljust": "l",
    "color": "#A8A8A8",
    "fontcolor": "#333333",
    "fontname": FONT,
    "fontsize": "12",
}
MARKED = {"penwidth": "3", "color": "#D55E00"}
FADED = {"color": "#C8C8C8", "fontcolor": "#A0A0A0", "fillcolor": "#FFFFFF"}

_ROOM = "0.8"  # padding in inches, for labels that the layout does not know of
_HURRY = {"splines": "line", "nslimit": "1", "nslimit1": "1", "mclimit": "0.2"}
_BRISK = {"nslimit": "1", "nslimit1": "1", "mclimit": "0.2"}


def graph_attributes(direction: str, count: int, span: int) -> dict[str, str]:
    """The attributes of a picture of `count` nodes, whose edges cross `span` ranks."""
    attributes = {"rankdir": direction, "fontname": FONT, "fontsize": "12", "nodesep": "0.25", "ranksep": "0.45"}
    attributes["pad"] = "0.15"  # make room: fonts differ from what Graphviz reckons with
    if span > BESIDE:
        attributes["ranksep"] = _ROOM
    if count > HURRIED or span > _HURRIED_SPAN:
        attributes.update(_HURRY)
    elif count > PLAIN or span > _BRISK_SPAN:
        attributes.update(_BRISK)
    return attributes


def caption_attributes(lines: list[str], on_top: bool) -> dict[str, str]:
    """The attributes of a picture with some lines above or below it."""
    return {"label": written(lines), "labelloc": "t" if on_top else "b", "fontcolor": "#333333"} if lines else {}


def checked_direction(direction: str, rankdir: str | None) -> str:
    """The direction, by either of its names."""
    chosen = direction if rankdir is None else rankdir
    if chosen not in DIRECTIONS:
        name = "direction" if rankdir is None else "rankdir"
        raise SymdiffValueError(f"{name} is one of {', '.join(DIRECTIONS)}, not {chosen!r}")
    return chosen


def label(text: str, beside: bool) -> dict[str, str]:
    """The label of an edge. One in its course takes a rank of its own, so edges become twice as long."""
    return {"xlabel" if beside else "label": written([f" {text} "])}


def written(lines: Iterable[str]) -> str:
    """Lines as a label: as they are, whatever Graphviz would read into them."""
    escaped = [graphviz.escape(_printable(line).replace("&", "&amp;")) for line in lines]
    label: str = graphviz.nohtml("\\n".join(escaped))  # mark a string that is not HTML
    return label


def _printable(line: str) -> str:
    return "".join([c if c.isprintable() else " " for c in line])
