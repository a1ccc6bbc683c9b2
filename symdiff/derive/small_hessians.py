"""Hessians of small formulas: ways that are tried aside, of which the one of fewest operations is taken.

A contest takes several times what the derivatives themselves take. So it is only held where edge pushing may be the
dearer way, see `squares` in `edge_counts.py`, or where numbers would overflow early.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from symdiff.algebra.scaled import ZERO, Scaled
from symdiff.algebra.symbolic import Symbolic
from symdiff.derive.contest import Aside, Budget, Way, contest
from symdiff.graph import Graph
from symdiff.modes import budgets
from symdiff.modes.edge_counts import within_edges
from symdiff.modes.edge_pushing import edge_push
from symdiff.modes.elimination_orders import greedy_order
from symdiff.modes.gradient_rows import rows_within, slopes_of
from symdiff.modes.linearised_graph import linearised
from symdiff.modes.vertex_elimination import accumulate, eliminate

Entries = dict[tuple[int, int], int]  # nodes by pair of variables, the later first


def small_hessian(graph: Graph, root: int, wrt: Sequence[int]) -> Entries:
    """The entries of one triangle as nodes; what is zero for structural reasons is missing.

    Taken is the way that needs fewest operations, with some more for each number that overflows early.
    """
    aside = Aside.copy(graph, [root], wrt)
    held, ways = aside.held(wrt), _Ways(wrt)
    squares = budgets.HESSIAN_SQUARES if len(held) > 1 else 0
    plain = within_edges(aside.graph, aside.roots[0], held, budgets.HESSIAN_LIVE_PLAIN, squares=squares)
    budget = Budget(
        cost=lambda trial: (trial.operations + budgets.HESSIAN_BEYOND * trial.beyond(), trial.alone()),
        least=lambda trial: (trial.operations, 0),
        limit=lambda least: budgets.HESSIAN_HOPELESS * least[0] + budgets.HESSIAN_HEADROOM,
        enough=lambda trial: plain and trial.beyond() == 0,
    )
    listed: dict[str, Way] = {"edges": ways.edges, "rows": ways.rows, "elimination": ways.elimination}
    short = len(graph.cone([root])) <= budgets.HESSIAN_COLUMNS
    if short:
        listed["columns"] = ways.columns
    shared = aside if plain or short else None  # of longer formulas sweeps would pass what other ways have made
    return contest(listed, graph, [root], wrt, budget, shared).best.adopted(graph)


class _Ways:
    """Ways to the Hessian of a copy; those that share one make the gradient once."""

    def __init__(self, wrt: Sequence[int]) -> None:
        self.wrt = wrt
        self._known: tuple[Aside, dict[int, int]] | None = None

    def _slopes(self, aside: Aside) -> dict[int, int]:
        """The gradient."""
        if self._known is None or self._known[0] is not aside:
            self._known = aside, slopes_of(aside.graph, aside.roots[0], aside.held(self.wrt))
        return self._known[1]

    def edges(self, aside: Aside, limit: float) -> Entries | None:
        """Edge pushing."""
        found = edge_push(aside.graph, aside.roots[0], aside.held(self.wrt), budgets.HESSIAN_LIVE)
        return None if found is None else aside.entries(found)

    def rows(self, aside: Aside, limit: float) -> Entries | None:
        """Reverse accumulation over each entry of the gradient."""
        found = rows_within(aside.graph, self._slopes(aside), aside.held(self.wrt), limit)
        return None if found is None else aside.entries(found)

    def elimination(self, aside: Aside, limit: float) -> Entries | None:
        """Vertex elimination over the gradient."""
        algebra, slopes = Symbolic(aside.graph), self._slopes(aside)
        linear = linearised(aside.graph, list(slopes.values()), aside.held(self.wrt), algebra)
        order = greedy_order(linear, limit)
        return None if order is None else self._entries(aside, accumulate(algebra, linear, order.vertices))

    def columns(self, aside: Aside, limit: float) -> Entries | None:
        """Forward accumulation over the gradient."""
        outputs, wrt = list(self._slopes(aside).values()), aside.held(self.wrt)
        return self._entries(aside, eliminate(aside.graph, outputs, wrt, "forward"))

    def _entries(self, aside: Aside, found: Mapping[tuple[int, int], Scaled]) -> Entries:
        """Those of one triangle, by pair of variables, of the derivatives of the gradient."""
        wrt = aside.held(self.wrt)
        slopes = self._slopes(aside).items()
        return aside.entries({(i, j): found.get((k, j), ZERO) for i, k in slopes for j in wrt if j <= i})
