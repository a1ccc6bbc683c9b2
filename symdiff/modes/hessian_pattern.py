"""Which entries of a Hessian are not zero for structural reasons: edge pushing on sets.

Two variables interact where an operation with a second partial has one of them
below each of its two operands. Of nodes with few variables below them those
variables are known; what lies above is pushed down to them as in edge pushing,
so that neither a deep sum nor a shared result of many variables is looked
through again and again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from symdiff.algebra.gates import WHERE
from symdiff.graph import Graph
from symdiff.modes import budgets
from symdiff.modes.jacobian_pattern import Ends, union
from symdiff.modes.linearised_graph import linearised
from symdiff.modes.second_partials import SecondRules
from symdiff.rules import Rules

_NONE: frozenset[int] = frozenset()


def interacting(graph: Graph, root: int, wrt: Sequence[int]) -> list[tuple[int, int]]:
    """The pairs of variables that interact, each in both orders."""
    linear = linearised(graph, [root], wrt, None)
    few = _variables_below(linear.inner, linear.into, [i for i in linear.out if i not in linear.into])
    sweep = _Interactions(few)
    seconds = SecondRules(Rules(graph.nodes, graph.leaves))
    reached = {root}
    for i in reversed(linear.inner):
        if i not in reached:
            continue
        node = graph.nodes[i]
        reached.update(linear.into[i])
        if i not in few:
            sweep.push(i, list(linear.into[i]), exclusive=node[0] == WHERE)
        if node[0] == WHERE:
            continue
        for p, q, _ in seconds.of(node):
            a, b = node[p + 1], node[q + 1]
            if a in linear.into[i] and b in linear.into[i]:
                sweep.edge(a, b)
    return [(i, j) for i, others in sweep.found.items() for j in others]


def _variables_below(inner: Iterable[int], into: Mapping[int, Iterable[int]], sources: list[int]) -> dict[int, Ends]:
    """The variables below each node that has few of them."""
    most = len(sources) if len(sources) <= budgets.PATTERN_KEPT_ALWAYS else budgets.PATTERN_KEPT
    few: dict[int, Ends] = {i: frozenset((i,)) for i in sources}
    for i in inner:
        held = _NONE
        for j in into[i]:
            below = few.get(j)
            if below is None:
                break
            held = union(held, below)
        else:
            if len(held) <= most:
                few[i] = held
    return few


class _Interactions:
    """Edges between nodes with many variables below, and what is known of pairs of variables."""

    def __init__(self, few: Mapping[int, Ends]) -> None:
        self.few = few
        self.found: dict[int, set[int]] = {}  # variables that a variable interacts with
        self.variables: dict[int, Ends] = {}  # variables that a node with many below it has edges to
        self.nodes: dict[int, set[int]] = {}  # nodes that it has edges to, itself or earlier ones
        self._widest: dict[int, Ends] = {}  # largest set known of which all interact, by variable
        self._seen: set[tuple[Ends, Ends]] = set()

    def edge(self, a: int, b: int) -> None:
        """Two nodes interact: all variables below the one with all below the other."""
        if a in self.few:
            a, b = b, a
        left, right = self.few.get(a), self.few.get(b)
        if right is None:
            self.nodes.setdefault(max(a, b), set()).add(min(a, b))
        elif left is None:
            self.variables[a] = union(self.variables.get(a, _NONE), right)
        else:
            self.product(left, right)

    def product(self, a: Ends, b: Ends) -> None:
        """Every variable of one set interacts with every one of the other."""
        if (a, b) in self._seen or not a or not b:
            return
        widest = self._widest.get(next(iter(a)), _NONE)
        if a <= widest and b <= widest:
            return
        self._seen.add((a, b))
        if a is b:
            for i in a:
                if len(self._widest.get(i, _NONE)) < len(a):
                    self._widest[i] = a
        for one, other in ((a, b), (b, a)):
            for i in one:
                held = self.found.get(i)
                if held is None:
                    self.found[i] = set(other)
                else:
                    held |= other

    def push(self, i: int, operands: list[int], exclusive: bool) -> None:
        """Hand the edges of a node to its operands, of which only one is there at a time where `exclusive`."""
        variables, nodes = self.variables.pop(i, _NONE), self.nodes.pop(i, set())
        loop = i in nodes
        nodes.discard(i)
        for p, k in enumerate(operands):
            few = self.few.get(k)
            if few is not None:
                self.product(few, variables)
            elif variables:
                self.variables[k] = union(self.variables.get(k, _NONE), variables)
            for j in nodes:
                self.edge(k, j)
            if loop:
                for j in operands[p : p + 1 if exclusive else None]:
                    self.edge(k, j)
