"""The ways to a Jacobian, what each costs, and the choice between them.

Small Jacobians are made in every way in a graph of their own, where the shared
operations are counted exactly; for larger ones the count is on the structure of
the linearised graph, see `elimination_orders.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from symdiff.algebra.scaled import ONE
from symdiff.algebra.symbolic import Symbolic
from symdiff.graph import VAR, Graph
from symdiff.modes.elimination_orders import greedy_order, least_order, orders
from symdiff.modes.linearised_graph import linearised
from symdiff.modes.vertex_elimination import Rows, accumulate, eliminate

_TRIED = 2000  # operations of all candidates together up to which they are made, and counted exactly
_TRIED_NODES = 300


class Trial(NamedTuple):
    """A Jacobian made in a graph of its own: how, the operations of value and Jacobian together, the entries."""

    name: str
    operations: int
    graph: Graph
    entries: dict[tuple[int, int], int]  # by output and variable, which are nodes of the graph that was asked


def jacobian_entries(graph: Graph, outputs: Sequence[int], wrt: Sequence[int], mode: str) -> dict[tuple[int, int], int]:
    """The entries of a Jacobian as nodes, by output and variable; what is zero for structural reasons is missing."""
    if mode in ("forward", "reverse"):
        return _lowered(graph, eliminate(graph, outputs, wrt, mode))
    cone = graph.cone(outputs)
    tried = trials(graph, outputs, wrt, cone) if mode == "auto" else None
    if tried is not None:
        best = min(tried, key=lambda one: one.operations)
        return dict(zip(best.entries, graph.adopt(best.graph, best.entries.values()), strict=True))
    algebra = Symbolic(graph)
    linear = linearised(graph, outputs, wrt, algebra, cone)
    order = least_order(linear) if mode == "auto" else greedy_order(linear)
    assert order is not None  # there was no limit
    return _lowered(graph, accumulate(algebra, linear, order.vertices))


def _lowered(graph: Graph, rows: Rows) -> dict[tuple[int, int], int]:
    lower = Symbolic(graph).lower
    return {(i, j): n if c == 1 and n != ONE else lower((c, n)) for i, row in rows.items() for j, (c, n) in row.items()}


def operations(graph: Graph, roots: Iterable[int]) -> int:
    """The number of operations in the shared graph of some nodes."""
    nodes = graph.nodes
    return sum([nodes[i][0] > VAR for i in graph.cone(roots)])


def trials(graph: Graph, outputs: Sequence[int], wrt: Sequence[int], cone: Sequence[int]) -> list[Trial] | None:
    """All candidates, made and counted exactly; None where that would take long, as of a large cone."""
    if len(cone) > _TRIED_NODES:
        return None
    there, place = copied(graph, outputs)
    roots, variables = [place[i] for i in outputs], [place[i] for i in wrt if i in place]
    candidates = orders(linearised(there, roots, variables, Symbolic(there)), limit=4 * _TRIED)
    if len(candidates) < 3 or sum([order.operations for order in candidates]) > _TRIED:
        return None
    back = {k: i for i, k in place.items()}
    found = []
    for order in candidates:
        rows = eliminate(there, roots, variables, order.vertices)
        entries = {(back[i], back[j]): k for (i, j), k in _lowered(there, rows).items()}
        found.append(Trial(order.name, operations(there, [*roots, *entries.values()]), there, entries))
    return found


def copied(graph: Graph, outputs: Sequence[int]) -> tuple[Graph, dict[int, int]]:
    """The cone of some nodes in a graph of its own, and where each node is there."""
    cone = graph.cone(outputs)
    there = Graph(graph.simplify)
    return there, dict(zip(cone, there.adopt(graph, cone), strict=True))
