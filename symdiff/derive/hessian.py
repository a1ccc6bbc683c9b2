"""Hessians: reverse accumulation over the gradient, one triangle only."""

from __future__ import annotations

from typing import Any

from symdiff.algebra.symbolic import ZERO, Symbolic
from symdiff.derive import callables
from symdiff.derive.jacobian import reshaped, shaped, variable_nodes
from symdiff.derive.reverse import reverse
from symdiff.expr import Expr, gather, handle
from symdiff.leaves import as_expr
from symdiff.neighbours import answers_in_kind, check_partial


@answers_in_kind
def hessian(f: Any, *args: Any) -> Any:
    """The second derivatives of an expression, or of a Python function at a point.

    `hessian(f, wrt)` is `f.hessian(wrt)`; `hessian(func, *args)` uses dual
    numbers of dual numbers, by all entries of the arguments.

    >>> import symdiff as sd
    >>> sd.hessian(lambda x, y: x**2*y + y + 2, 3.0, 4.0)
    array([[8., 6.],
           [6., 0.]])
    """
    if callable(f):
        return callables.hessian(f, *args)
    return expression_hessian(as_expr(f), *args)


def expression_hessian(f: Expr, wrt: Any = None) -> Any:
    """The second derivatives of an expression; see `Expr.hessian`."""
    items, shape = shaped(list(f.variables) if wrt is None else wrt)
    graph, (root,) = gather([f])
    nodes = variable_nodes(graph, items)
    check_partial(graph, [root], nodes)
    algebra = Symbolic(graph)
    first = reverse(graph, [root], [algebra.one], [i for i in nodes if i >= 0])
    slopes = [algebra.lower(first.get(i, ZERO)) for i in nodes]
    size = len(nodes)
    entries: list[Expr] = [handle(graph, algebra.lower(ZERO))] * (size * size)
    for row, slope in enumerate(slopes):
        found = reverse(graph, [slope], [algebra.one], [i for i in nodes[: row + 1] if i >= 0])
        for column in range(row + 1):
            entry = handle(graph, algebra.lower(found.get(nodes[column], ZERO)))
            entries[row * size + column] = entries[column * size + row] = entry
    return reshaped(entries, None if shape is None else shape * 2)
