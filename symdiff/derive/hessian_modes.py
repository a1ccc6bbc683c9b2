"""The entries of a Hessian: edge pushing, dyads, or the gradient's own derivatives, as needs fewer operations.

One triangle only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf

from symdiff.algebra.as_written import symbolic
from symdiff.algebra.scaled import ZERO, Scaled
from symdiff.algebra.symbolic import Symbolic
from symdiff.derive.contest import Aside, Budget, Way, contest
from symdiff.errors import SymdiffValueError
from symdiff.graph import Graph
from symdiff.modes import budgets
from symdiff.modes.dyads import are_fewer, by_dyads
from symdiff.modes.edge_pushing import edge_push
from symdiff.modes.elimination_orders import greedy_order
from symdiff.modes.linearised_graph import linearised
from symdiff.modes.reverse import reverse, reverse_by
from symdiff.modes.vertex_elimination import accumulate, eliminate
from symdiff.progress import watched

Triangle = dict[tuple[int, int], Scaled]  # entries by pair of variables, the later first
Find = Callable[[Graph, int, Sequence[int], float], Triangle | None]  # search; None beyond a limit of operations


def hessian_entries(graph: Graph, root: int, wrt: Sequence[int]) -> dict[tuple[int, int], int]:
    """The entries of one triangle as nodes; what is zero for structural reasons is missing."""
    if not graph.simplify and len(wrt) * len(graph.cone([root])) <= budgets.WRITTEN_SWEPT:
        return Symbolic(graph).lowered(_by_rows(graph, root, wrt) or {})
    if _are_tried(graph, root, len(wrt)):
        return _least(graph, root, wrt)
    few = len(wrt) <= budgets.HESSIAN_DYADS
    found = edge_push(graph, root, wrt, budgets.HESSIAN_LIVE_FEW if few else budgets.HESSIAN_LIVE)
    if found is None and len(wrt) <= budgets.HESSIAN_DYADS_MOST and are_fewer(graph, root, len(wrt)):
        found = by_dyads(graph, root, wrt)
    if found is None:
        rows, size = len(wrt), len(graph.cone([root]))
        if rows * size > budgets.HESSIAN_ROWS:
            raise SymdiffValueError(
                f"a Hessian by {rows:,} variables that hardly has zeros takes {rows:,} sweeps over {size:,} nodes; "
                f"{budgets.HESSIAN_ROWS:,} nodes are swept at most: sd.hvp gives its products with vectors"
            )
        found = _by_rows(graph, root, wrt)
    return Symbolic(graph).lowered(found or {})


def _are_tried(graph: Graph, root: int, variables: int) -> bool:
    """Whether a formula is so small that all ways are tried."""
    if variables * (variables + 10) > budgets.HESSIAN_TRIED:
        return False
    size = len(graph.cone([root]))
    if variables <= budgets.HESSIAN_DYADS:
        return size <= budgets.HESSIAN_TRIED_FEW
    dense = variables <= budgets.HESSIAN_DENSE_VARIABLES and size <= budgets.HESSIAN_DENSE_NODES * variables
    return dense or size * (variables + 10) <= budgets.HESSIAN_TRIED


def _least(graph: Graph, root: int, wrt: Sequence[int]) -> dict[tuple[int, int], int]:
    """The Hessian in the way that needs fewest operations, with some more for each number that overflows early."""
    ways = {"edges": _by_edges, "rows": _by_rows, "elimination": _by_elimination}
    if len(graph.cone([root])) <= budgets.HESSIAN_COLUMNS:
        ways["columns"] = _by_columns
    tried = {name: _tried(find, wrt) for name, find in ways.items()}
    budget = Budget(
        cost=lambda trial: (trial.operations + budgets.HESSIAN_BEYOND * trial.beyond(), trial.alone()),
        limit=lambda least: budgets.HESSIAN_HOPELESS * least[1] + budgets.HESSIAN_HEADROOM,
    )
    return contest(tried, graph, [root], wrt, budget).best.adopted(graph)


def _tried(find: Find, wrt: Sequence[int]) -> Way:
    """A way to the Hessian of a copy."""

    def way(aside: Aside, limit: float) -> dict[tuple[int, int], int] | None:
        triangle = find(aside.graph, aside.roots[0], aside.held(wrt), limit)
        return None if triangle is None else aside.entries(triangle)

    return way


def _by_edges(graph: Graph, root: int, wrt: Sequence[int], limit: float = inf) -> Triangle | None:
    """Edge pushing, unless so many nodes interact that the edges between them would be too many."""
    return edge_push(graph, root, wrt, budgets.HESSIAN_LIVE)


def _gradient(graph: Graph, root: int, wrt: Sequence[int]) -> dict[int, int]:
    """The first derivatives of a node as nodes, by variable; what is zero is missing."""
    algebra = Symbolic(graph)
    return algebra.lowered(reverse(graph, [root], [algebra.one], wrt))


def _by_rows(graph: Graph, root: int, wrt: Sequence[int], limit: float = inf) -> Triangle | None:
    """Reverse accumulation over each entry of the gradient."""
    algebra = symbolic(graph)
    found = {}
    swept = 0
    slopes = _gradient(graph, root, wrt)
    for i, slope in watched("differentiating twice", slopes.items(), len(slopes), each=root):
        if limit < inf:
            swept += len(graph.cone([slope]))
            if swept > budgets.HESSIAN_SWEPT:
                return None
        row = reverse_by(algebra, [slope], [algebra.one], [j for j in wrt if j <= i])
        found.update({(i, j): value for j, value in row.items()})
        if len(graph) > limit:
            return None
    return found


def _by_elimination(graph: Graph, root: int, wrt: Sequence[int], limit: float = inf) -> Triangle | None:
    """Vertex elimination over the gradient."""
    slopes = _gradient(graph, root, wrt)
    algebra = Symbolic(graph)
    linear = linearised(graph, list(slopes.values()), wrt, algebra)
    order = greedy_order(linear, limit)
    if order is None:
        return None
    entries = accumulate(algebra, linear, order.vertices)
    return {(i, j): entries.get((k, j), ZERO) for i, k in slopes.items() for j in wrt if j <= i}


def _by_columns(graph: Graph, root: int, wrt: Sequence[int], limit: float = inf) -> Triangle | None:
    """Forward accumulation over the gradient."""
    slopes = _gradient(graph, root, wrt)
    entries = eliminate(graph, list(slopes.values()), wrt, "forward")
    return {(i, j): entries.get((k, j), ZERO) for i, k in slopes.items() for j in wrt if j <= i}
