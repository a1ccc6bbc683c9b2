"""Hessians by rows: reverse accumulation over each entry of the gradient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf

from symdiff.algebra.as_written import symbolic
from symdiff.algebra.scaled import Scaled
from symdiff.algebra.symbolic import Symbolic
from symdiff.graph import Graph
from symdiff.modes import budgets
from symdiff.modes.reverse import reverse, reverse_by
from symdiff.progress import watched


def slopes_of(graph: Graph, root: int, wrt: Sequence[int]) -> dict[int, int]:
    """The first derivatives of a node as nodes, by variable; what is zero is missing."""
    algebra = Symbolic(graph)
    return algebra.lowered(reverse(graph, [root], [algebra.one], wrt))


def by_rows(graph: Graph, root: int, wrt: Sequence[int]) -> dict[tuple[int, int], Scaled]:
    """The Hessian of a node by pair of variables `(i, j)`, i >= j; what is zero for structural reasons is missing."""
    found = rows_within(graph, slopes_of(graph, root, wrt), wrt, inf)
    assert found is not None  # assert what holds without a limit
    return found


def rows_within(
    graph: Graph, slopes: Mapping[int, int], wrt: Sequence[int], limit: float
) -> dict[tuple[int, int], Scaled] | None:
    """As `by_rows`, from the gradient.

    None where it takes more nodes than the limit, or sweeps too long to find out.
    """
    algebra = symbolic(graph)
    found = {}
    swept, start = 0, len(graph)
    for i, slope in watched("differentiating twice", slopes.items(), len(slopes), each=start):
        if limit < inf:
            swept += len(graph.cone([slope]))
            if swept > budgets.HESSIAN_SWEPT:
                return None
        row = reverse_by(algebra, [slope], [algebra.one], [j for j in wrt if j <= i])
        found.update({(i, j): value for j, value in row.items()})
        if len(graph) - start > limit:
            return None
    return found
