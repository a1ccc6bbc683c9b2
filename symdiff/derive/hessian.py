"""Hessians, of expressions and of Python functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, overload

from symdiff.collector import Paused
from symdiff.derive.hessian_modes import hessian_entries
from symdiff.derive.jacobian import array_derivatives, check_dense, handles, of_arrays, sparse_matrix
from symdiff.errors import SymdiffTypeError
from symdiff.handle import Handle, as_handle, gather
from symdiff.neighbours import answers_in_kind, check_partial
from symdiff.protocols import Answers, Array, Result, Scalar, Slopes
from symdiff.wrt import asked, of_floats, reshaped


@overload
def hessian(f: Answers[Any], wrt: Slopes[Result], /, *, sparse: Literal[False] = False) -> Result: ...


@overload
def hessian(f: Answers[Any], wrt: Sequence[Scalar] | Array, /, *, sparse: Literal[False] = False) -> Array: ...


@overload
def hessian(f: Any, *args: Any, sparse: bool = False) -> Any: ...


@answers_in_kind
def hessian(f: Any, *args: Any, sparse: bool = False) -> Any:
    """The second derivatives of an expression, or of a Python function at a point.

    `hessian(f, wrt)` is `f.hessian(wrt)`; `hessian(func, *args)` uses dual
    numbers of dual numbers, by all entries of the arguments.

    >>> import symdiff as sd
    >>> sd.hessian(lambda x, y: x**2*y + y + 2, 3.0, 4.0)
    array([[8., 6.],
           [6., 0.]])
    """
    if callable(f) and not isinstance(f, Handle):
        if sparse:
            raise SymdiffTypeError("sparse Hessians are of expressions: apply the function to variables")
        from symdiff.derive import callables

        return callables.hessian(f, *args)
    if len(args) > 1:
        raise SymdiffTypeError(
            "the Hessian of an expression is by its variables, of which several are a list: sd.hessian(f, [x, y]); "
            "at a point it is sd.evaluate(sd.hessian(f, [x, y]), {x: 3, y: 4})"
        )
    return expression_hessian(as_handle(f), sparse, *args)


def expression_hessian(f: Handle, sparse: bool, wrt: Any = None) -> Any:
    """The second derivatives of an expression; see `Expr.hessian`."""
    if of_arrays(f, wrt):
        given = array_derivatives()
        return given.sparse_hessian(f, wrt) if sparse else given.hessian(f, wrt)
    graph, (root,) = gather([f])
    nodes, shape = asked(graph, of_floats(f.variables) if wrt is None else wrt)
    check_partial(graph, [root], nodes)
    if not sparse:
        check_dense("Hessian", len(nodes), len(nodes))
    with Paused():
        entries = hessian_entries(graph, root, sorted({i for i in nodes if i >= 0}))
        if sparse:
            return sparse_matrix(graph, entries, nodes, nodes, symmetric=True)
    zero = graph.const(0)
    flat = handles(graph, (entries.get((i, j) if i >= j else (j, i), zero) for i in nodes for j in nodes))
    return reshaped(flat, None if shape is None else shape * 2)
