"""The same values with fewer operations, for those who can wait a little."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from symdiff.algebra.scalars_only import scalars_only
from symdiff.collector import Paused
from symdiff.graph import VAR, Graph
from symdiff.handle import as_handle, gather, handle
from symdiff.neighbours import takes_sympy
from symdiff.nesting import flatten, refilled
from symdiff.rewrite.factoring import factor
from symdiff.rewrite.flattening import flattened
from symdiff.rewrite.sharing import share
from symdiff.rewrite.writing import write

_ROUNDS = 4
_ENOUGH = 0.99  # share of the operations above which a round is the last
_LARGE = 10_000  # size from which fewer ways are tried, in operations
_STEPS = ((factor, share), (share, factor, share), (share,))


@takes_sympy
def simplify(exprs: Any, *more: Any) -> Any:
    """Expressions with the same values that take fewer operations together, never more.

    Like terms are merged and common factors taken out, polynomials written by Horner's rule,
    quotients merged, and what sums or products have in common is computed once, whatever the order of
    the operands. Several ways are tried; the one of fewest operations by `sd.count_ops` is returned, the
    expressions themselves where none takes fewer.

    The domain stays: nothing is cancelled that may be infinite or undefined somewhere, so `x/x`,
    `1/x + y - 1/x` and `sqrt(x)*sqrt(x)` stay what they are. Sums and products are regrouped: values may
    differ by rounding, a zero by its sign, and near the largest and the least floats a step may overflow
    or underflow that did not before, or no longer. Fraction constants may become divisions.
    The time is linear in the number of operations, ten to fifty times that of a gradient.

    Parameters
    ----------
    exprs : expression, or any nesting of lists, tuples, dictionaries, arrays and sparse matrices of them
        What they share counts once.
    *more
        Several arguments are taken as a tuple of them.

    Returns
    -------
    expression, or the same nesting

    >>> import symdiff as sd
    >>> x, y = sd.variables("x y")
    >>> sd.simplify(3*x**3 + 2*x**2 + x + 1)
    x*(x*(3*x + 2) + 1) + 1
    >>> sd.simplify([sd.sin(x)*y + sd.sin(x)*2, x/y + 1/y])
    [(y + 2)*sin(x), (x + 1)/y]
    >>> sd.simplify(x/x)
    x/x
    """
    nesting = (exprs, *more) if more else exprs
    given = [as_handle(e) for e in flatten(nesting)]
    scalars_only("simplify", given)
    graph, roots = gather(given)
    with Paused():
        held, found = least(graph, roots)
    if held is not graph:
        given = [handle(graph, i) for i in graph.adopt(held, found)]
    return refilled(nesting, given)


def least(graph: Graph, roots: Sequence[int]) -> tuple[Graph, Sequence[int]]:
    """The way of fewest operations to write some nodes: the graph that it is in, and the nodes there."""
    best: tuple[int, Graph, Sequence[int]] = (_operations(graph, roots), graph, roots)
    for _ in range(_ROUNDS):
        before = best
        for steps in _STEPS if before[0] < _LARGE else _STEPS[:1]:
            forms, values = flattened(before[1], before[2])
            for step in steps:
                step(forms, values)
            there, found = write(forms, values)
            count = _operations(there, found)
            if count < best[0]:
                best = count, there, found
        if best[0] > _ENOUGH * before[0]:
            break
    return best[1:]


def _operations(graph: Graph, roots: Sequence[int]) -> int:
    nodes = graph.nodes
    return int(np.count_nonzero([nodes[i][0] > VAR for i in graph.cone(roots)]))
