"""What each picture of a film shows: what has been computed, what is being computed, where the adjoint goes next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from symdiff import records
from symdiff.draw.annotations import Edge, Passes
from symdiff.draw.diagram import Diagram, Drawn, in_title, title, value_text
from symdiff.draw.labels import HOLE, cut, glyph, number
from symdiff.draw.view import counted, operands
from symdiff.graph import CONST, VAR

WAITING, CURRENT, DONE, NEXT = "waiting", "current", "done", "next"
_EACH = 60  # picture limit: up to so many operations have one each; beyond, layers have
_NAMED = 3  # count of operations that a caption names


class Frame(NamedTuple):
    """One picture: by node its state and what it shows besides its name, the edges that have been gone back."""

    caption: str
    state: Mapping[int, str]
    lines: Mapping[int, Sequence[str]]
    back: Mapping[Edge, bool]  # passed edges; True for those of just now
    upwards: bool


class Film:
    """Makes frames of one graph, one after the other."""

    def __init__(self, graph: Drawn, cone: Sequence[int], roots: Sequence[int], shown: Passes) -> None:
        self.graph, self.cone, self.roots, self.shown = graph, cone, roots, shown
        self.state = dict.fromkeys(cone, WAITING)
        self.lines: dict[int, list[str]] = {i: [] for i in cone}
        self.back: dict[Edge, bool] = {}
        self.frames: list[Frame] = []
        self.upwards = True

    def _take(self, caption: str) -> None:
        lines = {i: list(v) for i, v in self.lines.items()}
        self.frames.append(Frame(caption, dict(self.state), lines, dict(self.back), self.upwards))

    def _settle(self) -> None:
        """What was current is done."""
        for i, state in self.state.items():
            if state in (CURRENT, NEXT):
                self.state[i] = DONE
        self.back = dict.fromkeys(self.back, False)

    # -- upwards ---------------------------------------------------------------

    def forward(self, what: str) -> None:
        """The sweep from the variables to the results: `what` is computed."""
        leaves = [i for i in self.cone if self.graph.nodes[i][0] <= VAR]
        self._value(leaves)
        self._take(f"{what}: the variables are given")
        for group in self._steps():
            self._settle()
            self._value(group)
            self._take(f"{what}: {self._told(group)}")
        self._settle()

    def _value(self, group: Sequence[int]) -> None:
        for i in group:
            self.state[i] = CURRENT
            if self.graph.nodes[i][0] != CONST and i in self.shown.values:
                self.lines[i] = [f"= {self._number(self.shown.values[i])}"]

    def _steps(self) -> list[list[int]]:
        """Operations in order, one by one or layer by layer."""
        operations = [i for i in self.cone if self.graph.nodes[i][0] > VAR]
        if len(operations) <= _EACH:
            return [[i] for i in operations]
        layer = dict.fromkeys(self.cone, 0)
        layers: dict[int, list[int]] = {}
        for i in operations:
            layer[i] = 1 + max([layer[j] for j in operands(self.graph, i)])
            layers.setdefault(layer[i], []).append(i)
        return [layers[k] for k in sorted(layers)]

    def _told(self, group: Sequence[int]) -> str:
        """What happens at some operations, in words."""
        if len(group) > _NAMED:
            return counted(len(group), "operation")
        told = []
        for i in group:
            values = self.shown.values
            if isinstance(self.graph, Diagram):
                told.append(cut(title(self.graph, i)) + (f" = {self._number(values[i])}" if i in values else ""))
                continue
            told.append(self._formula(i) + (f" = {number(values[i])}" if i in values else ""))
        return "; ".join(told)

    def _formula(self, i: int) -> str:
        """An operation of the values of its operands, in brackets where they are more than one word."""
        op = records.OPERATIONS[self.graph.nodes[i][0]]
        inner = [self._spoken(j) for j in operands(self.graph, i)]
        if not op.symbol:
            return f"{glyph(op)}({', '.join(inner)})"
        inner = [_bracketed(text) for text in inner]
        if in_title(self.graph, i, 1):
            return title(self.graph, i).replace(HOLE, inner[0])
        return f" {glyph(op)} ".join(inner) if len(inner) == 2 else glyph(op) + inner[0]

    def _number(self, value: Any) -> str:
        return value_text(self.graph, value)

    def _spoken(self, i: int) -> str:
        if self.graph.nodes[i][0] == CONST or i not in self.shown.values:
            return cut(title(self.graph, i), 12)
        return number(self.shown.values[i])

    # -- and back ------------------------------------------------------------------

    def reverse(self) -> None:
        """The sweep back: each node that has its whole adjoint passes it on to its operands."""
        self._settle()
        self.upwards = False
        sums = {i: _Sum(self.shown.adjoints[i]) for i in self.cone if i in self.shown.adjoints}
        ways: dict[int, list[Edge]] = {}
        for edge in self.shown.edges:
            used = operands(self.graph, edge[0])[edge[1]]
            if used in sums and edge[0] in sums:
                ways.setdefault(edge[0], []).append(edge)
                sums[used].missing += 1
        for i in dict.fromkeys(self.roots):
            if i in sums:
                self.state[i] = CURRENT
                self._adjoint(i, sums[i])
        told = f"; red: {self.shown.told}" if isinstance(self.graph, Diagram) else ""
        self._take(f"reverse: the adjoint of a result is its seed{told}")
        for group in reversed(self._steps()):
            edges = [edge for i in group for edge in ways.get(i, ())]
            if not edges:
                continue
            self._settle()
            self._pass_on(edges, sums)
            self._take(f"reverse: {self._told_back(edges)}")
        self._settle()
        self._take("reverse: every variable has its derivative")

    def _pass_on(self, edges: Sequence[Edge], sums: Mapping[int, _Sum]) -> None:
        for user, position in edges:
            used = operands(self.graph, user)[position]
            self.state[user] = CURRENT
            self.back[user, position] = True
            sums[used].add(self.shown.adjoints[user], self.shown.partials.get((user, position)))
            if self.state[used] != CURRENT:
                self.state[used] = NEXT
            self._adjoint(used, sums[used])

    def _adjoint(self, i: int, total: _Sum) -> None:
        kept = [line for line in self.lines[i] if not line.startswith("adj ")]
        self.lines[i] = [*kept, f"adj {total.text(self._number)}"]

    def _told_back(self, edges: Sequence[Edge]) -> str:
        users = list(dict.fromkeys([user for user, _ in edges]))
        if len(users) > 1:
            return f"{counted(len(users), 'operation')} pass their adjoints on"
        told = []
        for user, position in edges:
            used = operands(self.graph, user)[position]
            partial = self.shown.partials.get((user, position))
            if isinstance(partial, str):  # a formula of the adjoint
                told.append(f"{cut(title(self.graph, used), 12)} gets {partial}")
                continue
            adjoint, by = number(self.shown.adjoints[user]), ""
            if partial is not None:
                adjoint, by = _bracketed(adjoint), f" × {_bracketed(number(partial))}"
            told.append(f"{cut(title(self.graph, used), 12)} gets {adjoint}{by}")
        return "; ".join(told)


class _Sum:
    """An adjoint on its way: what has come so far, and how much is missing."""

    def __init__(self, total: Any) -> None:
        self.total = total
        self.missing = 0
        self.sofar: Any = None

    def add(self, adjoint: Any, partial: Any) -> None:
        """Take in what one user passes on."""
        self.missing -= 1
        if type(adjoint) in (int, float) and type(partial) in (int, float):
            self.sofar = adjoint * partial + (self.sofar or 0)
        else:
            self.sofar = None

    def text(self, shown: Callable[[Any], str]) -> str:
        """The adjoint where it is whole, what there is of it before."""
        if not self.missing:
            return shown(self.total)
        return "…" if self.sofar is None else f"{number(self.sofar)} + …"


def _bracketed(text: str) -> str:
    """A number as an operand has it: in brackets where it is a sum or has a sign."""
    return f"({text})" if " " in text or text.startswith("-") else text


def widest(frames: Sequence[Frame], i: int) -> Iterator[str]:
    """The longest of each line that a node ever shows: what it needs room for."""
    lines = [frame.lines[i] for frame in frames]
    for k in range(max(map(len, lines), default=0)):
        yield max([line[k] for line in lines if len(line) > k], key=len)
