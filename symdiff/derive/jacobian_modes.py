"""The modes of a Jacobian, and the choice among them.

Small Jacobians are made in every mode aside, where the shared operations are
counted exactly; for larger ones the count is on the structure of the
linearised graph, see `modes/elimination_orders.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

from symdiff.algebra.scaled import ZERO, Scaled
from symdiff.algebra.symbolic import Symbolic
from symdiff.derive.contest import Aside, Budget, Outcome, Way, contest
from symdiff.graph import Graph
from symdiff.modes import budgets
from symdiff.modes.elimination_orders import greedy_order, least_order, orders
from symdiff.modes.forward import forward
from symdiff.modes.linearised_blocks import linearised_by_blocks
from symdiff.modes.linearised_graph import linearised
from symdiff.modes.reverse import reverse
from symdiff.modes.vertex_elimination import accumulate, eliminate


def jacobian_entries(graph: Graph, outputs: Sequence[int], wrt: Sequence[int], mode: str) -> dict[tuple[int, int], int]:
    """The entries of a Jacobian as nodes, by output and variable; what is zero for structural reasons is missing."""
    sweeps = len(wrt) if mode == "forward" else len(outputs)
    if not graph.simplify and mode != "elimination" and sweeps * len(graph.cone(outputs)) <= budgets.WRITTEN_SWEPT:
        return Symbolic(graph).lowered(_as_written(graph, outputs, wrt, mode))
    if mode in ("forward", "reverse"):
        return Symbolic(graph).lowered(eliminate(graph, outputs, wrt, mode))
    cone = graph.cone(outputs)
    tried = every_mode(graph, outputs, wrt, cone) if mode == "auto" else None
    if tried is not None:
        return tried.best.adopted(graph)
    algebra = Symbolic(graph)
    linear = linearised_by_blocks(graph, outputs, wrt, algebra, cone)
    order = least_order(linear) if mode == "auto" else greedy_order(linear)
    assert order is not None  # assert what holds without a limit
    return algebra.lowered(accumulate(algebra, linear, order.vertices))


def _as_written(graph: Graph, outputs: Sequence[int], wrt: Sequence[int], mode: str) -> dict[tuple[int, int], Scaled]:
    """The entries in a graph that keeps what is written, by a sweep each for variables or results."""
    one = graph.const(1)
    if mode == "forward":
        columns = {j: forward(graph, outputs, {j: one}) for j in wrt}
        found = {(i, j): value for j, column in columns.items() for i, value in zip(outputs, column, strict=True)}
    else:
        found = {(i, j): value for i in outputs for j, value in reverse(graph, [i], [one], wrt).items()}
    return {entry: value for entry, value in found.items() if value != ZERO}


def every_mode(graph: Graph, outputs: Sequence[int], wrt: Sequence[int], cone: Sequence[int]) -> Outcome | None:
    """All modes, tried and counted exactly; None where that would take long, as of a large cone."""
    if len(cone) > budgets.JACOBIAN_TRIED_NODES:
        return None
    aside = Aside.copy(graph, outputs, wrt)
    variables = aside.held(wrt)
    candidates = orders(
        linearised(aside.graph, aside.roots, variables, Symbolic(aside.graph)), limit=budgets.JACOBIAN_PAIRS
    )
    if len(candidates) < 3 or sum([order.operations for order in candidates]) > budgets.JACOBIAN_TRIED:
        return None
    ways = {order.name: _in_order(variables, order.vertices) for order in candidates}
    return contest(ways, graph, outputs, wrt, Budget(), aside)


def _in_order(wrt: Sequence[int], order: Sequence[int]) -> Way:
    """The way that eliminates in one order; the nodes are those of the copy."""
    return lambda aside, limit: aside.entries(eliminate(aside.graph, aside.roots, wrt, order))
