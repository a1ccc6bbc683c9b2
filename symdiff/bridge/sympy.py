"""SymPy: expressions out and in, each by one loop, sharing kept.

What SymPy computes while it builds costs more than linear time in deep graphs
and overflows Python's stack, and in large ones takes most of the time; those
are therefore built unevaluated.
"""

from __future__ import annotations

from typing import Any

import sympy

from symdiff.bridge.sympy_array_writer import ArrayWriter
from symdiff.bridge.sympy_reader import from_sympy, opened
from symdiff.bridge.sympy_writer import Writer, inner_nodes, is_high_or_large, number, spelling, symbol_of
from symdiff.collector import Paused
from symdiff.handle import Handle, gather
from symdiff.sparse import SparseMatrix


def to_sympy(expr: Any, digits: int = 15) -> Any:
    """The same expression in SymPy.

    Parameters
    ----------
    expr : expression, or list, tuple, dictionary or array of them, nested as you like
        Several share their common parts. A list or a tuple gives a list, a dictionary a
        dictionary, an array an object array of its shape, a `SparseMatrix` one of SymPy's.
    digits : int
        The precision with which SymPy goes on to compute with the floats of the
        expression. Each has the value of the binary float at any precision.

    Returns
    -------
    sympy.Basic, list, dict, ndarray or sympy.SparseMatrix
        Sums and products are flat. What is deep, or of more than 20,000 nodes, is built
        unevaluated; SymPy's `doit` evaluates it. Variables are real symbols, or the very
        symbols that came in through `from_sympy`. Arrays of one or two axes are matrix
        expressions, a vector a column, a named size a positive whole symbol; that a variable
        is symmetric is not said by its symbol.

    Raises
    ------
    SymdiffTypeError
        For what is no expression, and for arrays that SymPy's matrices have no counterpart of:
        of more axes, `maximum` of two arrays, `cholesky`.
    SymdiffValueError
        For arrays in a graph too deep for SymPy.

    >>> import symdiff as sd
    >>> x, y = sd.variables("x y")
    >>> sd.to_sympy(x**2*y + y + 2)
    x**2*y + y + 2
    >>> X, w = sd.Var("X", shape=("n", 2)), sd.Var("w", shape=2)
    >>> sd.to_sympy(((X @ w)**2).sum().gradient(w))
    2*X.T*X*w
    """
    if isinstance(expr, SparseMatrix):
        entries = zip(expr.rows.tolist(), expr.cols.tolist(), to_sympy(list(expr.values), digits), strict=True)
        return sympy.SparseMatrix(*expr.shape, {(row, column): entry for row, column, entry in entries})
    items, rebuild = opened(expr)
    graph, roots = gather(items)
    writer = (ArrayWriter if graph.shapes and graph.has_arrays(roots) else Writer)(graph, roots, digits)
    with Paused(), writer.evaluation():
        made = writer.run()
    return rebuild([made[i] for i in roots])


def is_deep(expr: Handle) -> bool:
    """Whether an expression is too high, or as a tree too large, for SymPy to build it evaluated."""
    roots = [expr._index]
    cone = expr.graph.cone(roots)
    return is_high_or_large(expr.graph, cone, inner_nodes(expr.graph, cone, roots))


__all__ = ["from_sympy", "is_deep", "number", "spelling", "symbol_of", "to_sympy"]
