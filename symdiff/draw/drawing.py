"""The statements of a picture: nodes and boxes, edges, the way back."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from symdiff.draw.alignment import results_in_line, variables_in_line
from symdiff.draw.annotations import Edge, Passes
from symdiff.draw.clusters import Clusters
from symdiff.draw.details import Detail, of_box, of_node
from symdiff.draw.diagram import Diagram, in_title, marked_lines, operand, per_use, title, whose_edge
from symdiff.draw.labels import cut, number
from symdiff.draw.picture import Picture
from symdiff.draw.steps import barred
from symdiff.draw.style import (
    CLUSTER,
    CONSTANTS,
    FADED,
    FOLDED,
    KINDS,
    MARKED,
    NAMED,
    OPERATION,
    OUTPUT,
    PLAIN,
    RED,
    SHARED,
    SMALL,
    STUB,
    VARIABLES,
    label,
    written,
)
from symdiff.draw.view import Box, View, operands
from symdiff.graph import CONST, VAR

_RULE = 40  # length limit of the formula of an adjoint by steps, in characters
_ROOM = "  "  # label of an edge that has nothing to say


class Extras(NamedTuple):
    """What stands in a picture besides the graph."""

    outputs: Mapping[int, str]  # names of results
    names: Mapping[int, str]  # names of shared nodes, drawn as leaves where they are used
    marked: Collection[Edge] | None = None  # edges that stand out; all else fades
    labels: Mapping[Edge, str] = {}  # texts on the marked edges


class Drawing:
    """Writes a view into a picture, node after node."""

    def __init__(
        self, picture: Picture, view: View, shown: Passes, extras: Extras, clusters: Clusters, beside: bool
    ) -> None:
        self.picture, self.view = picture, view
        self.shown = shown._replace(edges=dict.fromkeys(shown.edges))
        self.extras, self.clusters = extras, clusters
        self.graph = view.graph
        self.plain = view.size > PLAIN  # omit labels of edges: they cost dot most of its time
        copied = {i for i in view.nodes if self._is_copied(i)}
        self.ids = {i: f"n{k}" for k, i in enumerate([i for i in view.nodes if i not in copied])}
        self.copies = self._copies(copied)
        self.beside = beside
        self.leaves = 0  # count of named leaves and dots
        self.outputs_in: dict[int, list[str]] = {}  # results by box
        for i, name in extras.outputs.items():
            if i in view.box_of:
                self.outputs_in.setdefault(view.box_of[i], []).append(name)
        nodes = self.graph.nodes
        self.marked_nodes = {i for i, _ in extras.marked or ()} | {nodes[i][k + 1] for i, k in extras.marked or ()}

    def place(self, i: int) -> str | None:
        """The id of what a node is drawn as."""
        found = self.ids.get(i)
        if found is None and i in self.view.box_of:
            return f"b{self.view.box_of[i]}"
        return found

    def draw(self) -> bool:
        """Write nodes and boxes, in their clusters, then edges, then the reverse edges; whether these say anything."""
        uses = self._uses()
        inside: dict[str, list[tuple[str, str, dict[str, str]]]] = {}
        for i in self.ids:
            inside.setdefault(self.clusters.of(i), []).append(self._node(i, uses[i] > 1))
        for k, box in enumerate(self.view.boxes):
            inside.setdefault(self.clusters.of_all(box.members), []).append(self._box(k, box))
        for (user, position), copy in self.copies.items():
            constant = title(self.graph, operands(self.graph, user)[position])
            inside.setdefault(self._frame(user), []).append((copy, written([cut(constant)]), dict(SMALL)))
        for i_node, text, style in inside.pop("", []):
            self.picture.node(i_node, text, **style)
        for name, statements in inside.items():
            with self.picture.subgraph(name=f"cluster_{self.clusters.number(name)}") as part:
                part.attr(label=written([cut(self.clusters.label(name))]), **CLUSTER, **self._title_place(name))
                for i_node, text, style in statements:
                    part.node(i_node, text, **style)
        self._align()
        self._edges()
        labelled = self._way_back()
        self.picture.details = self._details
        self.picture.nodes_drawn = len(self.ids) + len(self.view.boxes) + len(self.copies)
        return labelled

    def _align(self) -> None:
        """Put variables in one line, and results in another, in their order; frames have lines of their own."""
        if self.clusters.any or self.plain or self.extras.marked is not None:
            return
        self._line(variables_in_line(self.view))
        results = self._line(results_in_line(self.view, list(self.extras.outputs)))
        for one, other in itertools.pairwise(results):
            self.picture.edge(one, other, style="invis")

    def _line(self, nodes: Sequence[int]) -> list[str]:
        names = [self.ids[i] for i in nodes]
        if names:
            self.picture.body.append(f"\t{{rank=same {' '.join(names)}}}\n")
        return names

    def _is_copied(self, i: int) -> bool:
        """Whether a node is drawn anew for each user: a number, and in a large picture any constant."""
        constant = per_use(self.graph, i) or (self.plain and self.graph.nodes[i][0] == CONST)
        return constant and i not in self.extras.outputs

    def _copies(self, copied: Collection[int]) -> dict[Edge, str]:
        """Constants by the edge that uses them, but those that the title of the user has."""
        found: dict[Edge, str] = {}
        for user, position, used in self._all_edges() if copied else ():
            if used in copied and self.place(user) is not None and not in_title(self.graph, user, position):
                found[user, position] = f"c{len(found)}"
        return found

    def _frame(self, i: int) -> str:
        """The cluster of what a node is drawn as."""
        return (
            self.clusters.of(i) if i in self.ids else self.clusters.of_all(self.view.boxes[self.view.box_of[i]].members)
        )

    def _title_place(self, name: str) -> dict[str, str]:
        """Where the title of a frame is not crossed by edges: at the end where none comes in, or none goes out."""
        direction = self.picture.graph_attr["rankdir"]
        if direction in ("LR", "RL"):
            return {}
        leaving = any(
            self.clusters.of(j) == name != self.clusters.of(i) for i, _, j in self._all_edges() if i in self.ids
        )
        return {"labelloc": "b" if leaving == (direction == "BT") else "t"}

    def _uses(self) -> dict[int, int]:
        uses = dict.fromkeys(self.view.cone, 0)
        for i in self.view.cone:
            for j in operands(self.graph, i):
                uses[j] += 1
        return uses

    def _details(self) -> dict[str, Detail]:
        """What there is to say of all that is drawn, by its id."""
        found = {name: of_node(self.graph, self.shown, i) for i, name in self.ids.items()}
        found.update({f"b{k}": of_box(box) for k, box in enumerate(self.view.boxes)})
        for (user, position), copy in self.copies.items():
            found[copy] = Detail(title(self.graph, operands(self.graph, user)[position]))
        return found

    # -- nodes ------------------------------------------------------------

    def _node(self, i: int, shared: bool) -> tuple[str, str, dict[str, str]]:
        code = self.graph.nodes[i][0]
        style = dict(KINDS.get(code, OPERATION))
        if i in self.extras.outputs:
            style.update(OUTPUT)
        if shared and code != CONST:
            style.update(SHARED)
        whole = title(self.graph, i)
        if len(whole) > len(cut(whole)):
            style["tooltip"] = written([whole])
        self._emphasise(style, i in self.marked_nodes)
        return self.ids[i], written(self._lines(i, whole)), style

    def _lines(self, i: int, whole: str) -> list[str]:
        names = [self.extras.outputs.get(i, ""), self.extras.names.get(i, "")]
        lines = [cut(name) for name in names if name]
        step = self.shown.names.get(i)
        lines.append(cut(f"{step} = {whole}" if step else whole))
        return lines + ([] if self.graph.nodes[i][0] == CONST else self._numbers(i))

    def _numbers(self, i: int) -> list[str]:
        lines = []
        if i in self.shown.values:
            lines += marked_lines("= ", self.graph, self.shown.values[i])
        if i in self.shown.tangents:
            lines += marked_lines("tangent ", self.graph, self.shown.tangents[i])
        if i in self.shown.adjoints:
            lines += self._adjoint(i)
        return lines

    def _adjoint(self, i: int) -> list[str]:
        adjoint, step = self.shown.adjoints[i], self.shown.names.get(i)
        if isinstance(adjoint, str) and step and not isinstance(self.graph, Diagram):
            return [cut(f"{barred(step)} = {adjoint}", _RULE)]
        return marked_lines("adj ", self.graph, adjoint)

    def _box(self, k: int, box: Box) -> tuple[str, str, dict[str, str]]:
        codes = {self.graph.nodes[i][0] for i in box.members}
        style = dict(VARIABLES if codes == {VAR} else CONSTANTS if codes == {CONST} else FOLDED)
        named = self.outputs_in.get(k, [])
        if named:
            style.update(OUTPUT, peripheries="1" if style["shape"] == "box3d" else "2")
        several = [f"{named[0]} … {named[-1]}"] if len(named) > 1 and named[0] else named
        lines = [cut(name) for name in several if name] + list(box.lines)
        self._emphasise(style, not self.marked_nodes.isdisjoint(box.members))
        return f"b{k}", written(lines + (self._numbers(box.head) if box.head is not None else [])), style

    def _emphasise(self, style: dict[str, str], marked: bool) -> None:
        if self.extras.marked is None:
            return
        style.update(MARKED if marked else FADED)
        if not marked:
            style.pop("penwidth", None)

    # -- edges ---------------------------------------------------------------

    def _edges(self) -> None:
        done: set[tuple[str | None, str | None]] = set()
        for user, position, used in self._all_edges():
            ends = self.place(used), self.place(user)
            if self.graph.nodes[used][0] == CONST and (ends[0] is None or ends[1] is None):
                copy = self.copies.get((user, position))
                if copy is not None and ends[1] is not None:
                    self.picture.edge(copy, ends[1], **self._edge_style(user, position))
            elif ends[0] is None or ends[1] is None:
                self._dots(used, user, done)
            elif used in self.extras.names and user in self.ids:
                self._leaf(written([self.extras.names[used]]), NAMED, user, position)
            elif used in self.ids and user in self.ids:
                self.picture.edge(*ends, **self._edge_style(user, position))
            elif ends[0] != ends[1] and ends not in done:  # draw an edge into a box or out of it once
                done.add(ends)
                self.picture.edge(*ends, **self._mark((user, position)))

    def _all_edges(self) -> Iterator[tuple[int, int, int]]:
        for i in self.view.cone:
            for position, j in enumerate(operands(self.graph, i)):
                yield i, position, j

    def _edge_style(self, user: int, position: int) -> dict[str, str]:
        text = "" if self.plain else self._operand(user, position)
        text = self.extras.labels.get((user, position), text)
        return {**(label(text, self.beside) if text else {}), **self._mark((user, position))}

    def _operand(self, user: int, position: int) -> str:
        """What a grey edge says; room for nothing keeps it apart from the red one with a label beside it."""
        text = operand(self.graph, user, position)
        if text or (user, position) not in self.shown.edges:
            return text
        return whose_edge(self.graph, user, position) or ("" if self.beside else _ROOM)

    def _mark(self, edge: Edge) -> dict[str, str]:
        if self.extras.marked is None:
            return {}
        if edge in self.extras.marked:
            return {"color": MARKED["color"], "fontcolor": MARKED["color"], "penwidth": "2.2"}
        return {"color": FADED["color"], "fontcolor": FADED["fontcolor"]}

    def _leaf(self, text: str, style: Mapping[str, str], user: int, position: int) -> None:
        """A leaf for one use of what is drawn elsewhere, or nowhere."""
        leaf = f"z{self.leaves}"
        self.leaves += 1
        self.picture.node(leaf, text, **style)
        place = self.place(user)
        assert place is not None
        self.picture.edge(leaf, place, **self._edge_style(user, position))

    def _dots(self, used: int, user: int, done: set[tuple[str | None, str | None]]) -> None:
        """An edge that leaves the part that is drawn: to dots, once for each node and side."""
        ends = self.place(used), self.place(user)
        if ends == (None, None) or ends in done:
            return
        done.add(ends)
        dots = f"z{self.leaves}"
        self.leaves += 1
        self.picture.node(dots, "…", **STUB)
        tail, head = [dots if end is None else end for end in ends]
        self.picture.edge(tail, head, style="dashed")

    def _told_back(self, user: int, position: int, partial: Any) -> str:
        """What a red edge says, and of which operand where it is of several of one node."""
        whose = whose_edge(self.graph, user, position)
        return f"{whose}: {number(partial)}" if whose else number(partial)

    def _way_back(self) -> bool:
        """Red edges, drawn against their direction, so that the layout stays that of the graph."""
        done = set()
        labelled = False
        for user, position in self.shown.edges:
            used = operands(self.graph, user)[position]
            ends = self.place(used), self.place(user)
            if None in ends or ends[0] == ends[1] or used in self.extras.names:
                continue
            style = {"dir": "back", "color": RED, "fontcolor": RED}
            whole = used in self.ids and user in self.ids
            if not whole and ends in done:
                continue
            done.add(ends)
            partial = self.shown.partials.get((user, position))
            if partial is not None and whole and not self.plain:
                style.update(label(self._told_back(user, position, partial), self.beside))
            if self.extras.marked is not None and (user, position) not in self.extras.marked:
                continue
            labelled |= "label" in style or "xlabel" in style
            self.picture.edge(*ends, **style)
        return labelled
