"""The layout of a film: once for all its pictures, which nothing moves between."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import graphviz

from symdiff.draw import binary
from symdiff.draw.annotations import Edge, Passes
from symdiff.draw.diagram import Drawn, in_title, operand, per_use, title
from symdiff.draw.frames import CURRENT, DONE, NEXT, WAITING, Frame, widest
from symdiff.draw.labels import cut, number
from symdiff.draw.style import (
    BESIDE,
    EDGES,
    GREY,
    KINDS,
    NODES,
    OPERATION,
    OUTPUT,
    RED,
    SMALL,
    caption_attributes,
    graph_attributes,
    label,
    written,
)
from symdiff.draw.view import operands, span

_STATES = {
    WAITING: {"fillcolor": "#FFFFFF", "color": "#C4C4C4", "fontcolor": "#9A9A9A"},
    CURRENT: {"fillcolor": "#FFD9A0", "color": "#D55E00", "penwidth": "3"},
    NEXT: {"color": RED, "penwidth": "3"},
    DONE: {},
}
_NAME = "symdiff"
_CAPTION = 90  # length limit of a caption, in characters


class Layout:
    """Where nodes, edges and labels are."""

    def __init__(
        self,
        graph: Drawn,
        cone: Sequence[int],
        outputs: Mapping[int, str],
        shown: Passes,
        frames: Sequence[Frame],
        direction: str,
        heading: str | None,
    ) -> None:
        self.graph, self.cone, self.outputs, self.shown = graph, cone, outputs, shown
        self.direction, self.heading = direction, heading
        self.caption = max([frame.caption[:_CAPTION] for frame in frames], key=len)
        self.room = {i: list(widest(frames, i)) for i in cone}
        self.ids = {i: f"n{k}" for k, i in enumerate(cone)}
        self.span = span(graph, cone, [(i, j) for i in cone for j in operands(graph, i)])
        self.beside = self.span > BESIDE
        self.back = sorted({edge for frame in frames for edge in frame.back})

    def place(self, timeout: float) -> None:
        """Let Graphviz find the positions, with room for everything that is ever shown.

        Raises
        ------
        RenderError
            As `binary.run`.
        """
        found = json.loads(binary.run(self._source(None), "json0", timeout))
        self.box = found["bb"]
        self.nodes = {o["name"]: {k: o[k] for k in ("pos", "width", "height")} for o in found.get("objects", ())}
        self.edges = {e["id"]: {k: e[k] for k in ("pos", "lp", "xlp") if k in e} for e in found.get("edges", ())}
        self.label = {k: found[k] for k in ("lp", "lwidth", "lheight") if k in found}

    def source(self, frame: Frame) -> str:
        """One picture as source in which everything has its position."""
        return self._source(frame)

    def _source(self, frame: Frame | None) -> str:
        caption = self.caption if frame is None else frame.caption[:_CAPTION]
        lines = [*([self.heading] if self.heading else []), caption]
        attributes = graph_attributes(self.direction, len(self.cone), self.span) | caption_attributes(lines, True)
        if frame is not None:
            attributes.update(bb=self.box, **self.label)
        # Graphviz numbers graphs without a name, so that one picture would depend on those drawn with it
        dot = graphviz.Digraph(_NAME, graph_attr=attributes, node_attr=NODES, edge_attr=EDGES)
        for i in self.cone:
            if not self._copied(i):
                dot.node(self.ids[i], written(self._lines(i, frame)), **self._node_style(i, frame))
        for i in self.cone:
            for position, j in enumerate(operands(self.graph, i)):
                if in_title(self.graph, i, position):
                    continue
                used = self.ids[j]
                if self._copied(j):
                    used = f"c{i}.{position}"
                    dot.node(used, written(self._lines(j, frame)), **self._node_style(j, frame, used))
                name = operand(self.graph, i, position)
                style = {"id": f"f{i}.{position}", **(label(name, self.beside) if name else {})}
                dot.edge(used, self.ids[i], **self._edge_style(style, frame, i))
        for edge in self.back:
            self._back_edge(dot, edge, frame)
        return str(dot.source)

    def _lines(self, i: int, frame: Frame | None) -> list[str]:
        head = [cut(name) for name in (self.outputs.get(i, ""), title(self.graph, i)) if name]
        return head + (self.room[i] if frame is None else list(frame.lines[i]))

    def _copied(self, i: int) -> bool:
        return per_use(self.graph, i) and i not in self.outputs

    def _node_style(self, i: int, frame: Frame | None, name: str | None = None) -> dict[str, str]:
        kind = SMALL if self._copied(i) else KINDS.get(self.graph.nodes[i][0], OPERATION)
        style: dict[str, Any] = dict(kind)
        if i in self.outputs:
            style.update(OUTPUT)
        if frame is not None:
            style.update(_STATES[frame.state[i]], fixedsize="true", **self.nodes[name or self.ids[i]])
        return style

    def _edge_style(self, style: dict[str, str], frame: Frame | None, user: int) -> dict[str, str]:
        if frame is None:
            return style
        style.update(self.edges[style["id"]])
        if frame.state[user] == WAITING:
            style.update(color="#D4D4D4", fontcolor="#B0B0B0")
        elif frame.state[user] == CURRENT and frame.upwards:
            style.update(color="#D55E00", penwidth="2")
        return style

    def _back_edge(self, dot: graphviz.Digraph, edge: Edge, frame: Frame | None) -> None:
        """Drawn against its direction, as the layout is that of the graph; hidden until it is gone."""
        user, position = edge
        style = {"id": f"r{user}.{position}", "dir": "back", "color": RED, "fontcolor": RED}
        partial = self.shown.partials.get(edge)
        if partial is not None:
            style.update(label(number(partial), self.beside))
        if frame is not None:
            style.update(self.edges[style["id"]])
            if edge not in frame.back:
                return
            style.update({"penwidth": "2.5"} if frame.back[edge] else {"color": "#D98880", "fontcolor": GREY})
        dot.edge(self.ids[operands(self.graph, user)[position]], self.ids[user], **style)
