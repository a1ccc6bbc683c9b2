"""The entries of a Hessian: edge pushing, dyads, or the gradient's own derivatives, as needs fewer operations.

One triangle only.
"""

from __future__ import annotations

from collections.abc import Sequence

from symdiff.algebra.scaled import Scaled
from symdiff.algebra.symbolic import Symbolic
from symdiff.derive.small_hessians import Entries, small_hessian
from symdiff.errors import SymdiffValueError
from symdiff.graph import Graph
from symdiff.modes import budgets
from symdiff.modes.dyads import are_fewer, by_dyads
from symdiff.modes.edge_counts import within_edges
from symdiff.modes.edge_pushing import edge_push
from symdiff.modes.gradient_rows import by_rows


def hessian_entries(graph: Graph, root: int, wrt: Sequence[int]) -> Entries:
    """The entries of one triangle as nodes; what is zero for structural reasons is missing."""
    found: dict[tuple[int, int], Scaled] | None = None
    if not graph.simplify and len(wrt) * len(graph.cone([root])) <= budgets.WRITTEN_SWEPT:
        return Symbolic(graph).lowered(by_rows(graph, root, wrt))
    if _is_small(graph, root, len(wrt)):
        found = by_dyads(graph, root, wrt) if _is_for_dyads(graph, root, wrt) else None
        return small_hessian(graph, root, wrt) if found is None else Symbolic(graph).lowered(found)
    few = len(wrt) <= budgets.HESSIAN_DYADS  # of these all edges are counted before any is pushed: dyads are a way too
    if not few or within_edges(graph, root, wrt, budgets.HESSIAN_LIVE_FEW):
        found = edge_push(graph, root, wrt, budgets.HESSIAN_LIVE, counted=few)
    if found is None and len(wrt) <= budgets.HESSIAN_DYADS_MOST and are_fewer(graph, root, len(wrt)):
        found = by_dyads(graph, root, wrt)
    if found is not None:
        return Symbolic(graph).lowered(found)
    rows, size = len(wrt), len(graph.cone([root]))
    if rows * size > budgets.HESSIAN_ROWS:
        raise SymdiffValueError(
            f"a Hessian by {rows:,} variables that hardly has zeros takes {rows:,} sweeps over {size:,} nodes; "
            f"{budgets.HESSIAN_ROWS:,} nodes are swept at most: sd.hvp gives its products with vectors"
        )
    return Symbolic(graph).lowered(by_rows(graph, root, wrt))


def _is_for_dyads(graph: Graph, root: int, wrt: Sequence[int]) -> bool:
    """Whether a small formula has so many edges that dyads are fewer: other ways take much longer."""
    if len(wrt) > budgets.HESSIAN_DYADS_MOST or len(graph.cone([root])) <= budgets.HESSIAN_DYADS_FROM:
        return False
    live = budgets.HESSIAN_LIVE_FEW if len(wrt) <= budgets.HESSIAN_DYADS else budgets.HESSIAN_LIVE
    return not within_edges(graph, root, wrt, live) and are_fewer(graph, root, len(wrt))


def _is_small(graph: Graph, root: int, variables: int) -> bool:
    """Whether ways to the Hessian of a formula may be tried aside."""
    if variables * (variables + 10) > budgets.HESSIAN_TRIED:
        return False
    size = len(graph.cone([root]))
    if variables <= budgets.HESSIAN_DYADS:
        return size <= budgets.HESSIAN_TRIED_FEW
    dense = variables <= budgets.HESSIAN_DENSE_VARIABLES and size <= budgets.HESSIAN_DENSE_NODES * variables
    return dense or size * (variables + 10) <= budgets.HESSIAN_TRIED
