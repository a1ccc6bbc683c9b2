"""A contest of ways to the same derivatives: each is tried aside, in a graph of its own, and the cheapest is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import inf
from typing import Any, NamedTuple

from symdiff.algebra.growth import beyond
from symdiff.algebra.operation_counts import operations
from symdiff.algebra.scaled import Scaled
from symdiff.algebra.symbolic import Symbolic
from symdiff.graph import Graph


class Aside(NamedTuple):
    """Expressions in a graph of their own."""

    graph: Graph
    roots: list[int]
    place: dict[int, int]  # places of these and the variables, by their indices in the graph that was asked

    @classmethod
    def copy(cls, graph: Graph, roots: Sequence[int], wrt: Iterable[int]) -> Aside:
        """A copy of some nodes and all below them; `wrt` are nodes of variables, -1 for none."""
        there = Graph(graph.simplify)
        copies = there.adopt(graph, roots)
        place = dict(zip(roots, copies, strict=True))
        for i in wrt:
            k = there.find(graph.nodes[i]) if i >= 0 else None
            if k is not None:
                place[i] = k
        return cls(there, copies, place)

    def held(self, wrt: Iterable[int]) -> list[int]:
        """Where variables are here, those that are."""
        return [self.place[i] for i in wrt if i in self.place]

    def entries(self, found: Mapping[tuple[int, int], Scaled]) -> dict[tuple[int, int], int]:
        """Derivatives as nodes, by result and variable as the graph that was asked knows them."""
        back = {k: i for i, k in self.place.items()}
        return {(back[i], back[j]): k for (i, j), k in Symbolic(self.graph).lowered(found).items()}


class Trial(NamedTuple):
    """Derivatives that a way has made aside."""

    way: str
    operations: int  # operations of the expressions and their derivatives together, shared ones once
    graph: Graph
    roots: Sequence[int]
    entries: Mapping[Any, int]

    def beyond(self) -> int:
        """How many numbers in the derivatives may overflow where none of the expressions does."""
        return beyond(self.graph, self.roots, self.entries.values())

    def alone(self) -> int:
        """The operations of the derivatives without the expressions."""
        return operations(self.graph, self.entries.values())

    def adopted(self, graph: Graph) -> dict[Any, int]:
        """The derivatives as nodes of another graph."""
        return dict(zip(self.entries, graph.adopt(self.graph, self.entries.values()), strict=True))


class Budget(NamedTuple):
    """What a contest is about, and how far a way may go."""

    cost: Callable[[Trial], Any] = lambda trial: trial.operations  # measure to minimise; of equals the earlier wins
    limit: Callable[[Any], float] = lambda cost: inf  # bound of the next way, given the least cost so far
    least: Callable[[Trial], Any] | None = None  # lower bound of a cost: what is dearer anyway is not measured
    enough: Callable[[Trial], bool] = lambda trial: False  # whether the first way is good enough to try no other


class Outcome(NamedTuple):
    """The cheapest trial, and the operations of each way that came through."""

    best: Trial
    operations: dict[str, int]


Way = Callable[[Aside, float], Mapping[Any, int] | None]  # maps any key to a derivative; None beyond a limit


def contest(
    ways: Mapping[str, Way],
    graph: Graph,
    roots: Sequence[int],
    wrt: Sequence[int],
    budget: Budget,
    aside: Aside | None = None,
) -> Outcome:
    """The cheapest of some ways to derivatives of nodes by variables.

    Each is tried in a copy, or all of them in the one that is given: there a
    way finds the nodes that earlier ones have made. One of them has to come through.
    """
    best: tuple[Any, Trial] | None = None
    counts = {}
    for name, way in ways.items():
        there = aside or Aside.copy(graph, roots, wrt)
        entries = way(there, inf if best is None else budget.limit(best[0]))
        if entries is None:
            continue
        counts[name] = operations(there.graph, [*there.roots, *entries.values()])
        trial = Trial(name, counts[name], there.graph, there.roots, entries)
        if best is None and budget.enough(trial):
            return Outcome(trial, counts)
        if best is not None and budget.least is not None and budget.least(trial) > best[0]:
            continue
        cost = budget.cost(trial)
        if best is None or cost < best[0]:
            best = cost, trial
    assert best is not None
    return Outcome(best[1], counts)
