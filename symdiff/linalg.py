"""Linear algebra of array expressions, and of NumPy's arrays: `sd.linalg.solve(A, b)`.

>>> import symdiff as sd
>>> A, b = sd.Var("A", shape=(3, 3)), sd.Var("b", shape=3)
>>> sd.jacobian(sd.linalg.solve(A, b), b)
inv(A)
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from symdiff import ops
from symdiff.array_functions import axes_of, operand, operands, reduce, wrapped
from symdiff.array_functions import norm as euclidean
from symdiff.array_functions import sum as total
from symdiff.arrays import linear_algebra
from symdiff.arrays.reading import shape_of
from symdiff.errors import SymdiffValueError
from symdiff.graph import Graph
from symdiff.ops import arrays
from symdiff.shapes import shown

__all__ = ["cholesky", "det", "inv", "logdet", "norm", "solve"]


def _of_square(what: str, build: Callable[[Graph, int], int]) -> Callable[[Any], Any]:
    def function(a: Any) -> Any:
        graph, i = operand(a)
        shape = shape_of(graph, i)
        if len(shape) != 2 or shape[0] != shape[1]:
            raise SymdiffValueError(f"{what} is of a square matrix, not of an array of shape {shown(shape)}")
        return wrapped(graph, build(graph, i))

    function.__name__ = function.__qualname__ = what
    return function


inv = _of_square("inv", linear_algebra.inv)
det = _of_square("det", linear_algebra.det)
logdet = _of_square("logdet", linear_algebra.logdet)
cholesky = _of_square("cholesky", linear_algebra.cholesky)


def solve(a: Any, b: Any) -> Any:
    """The solution x of `a @ x = b`, for a vector or a matrix b."""
    graph, (i, j) = operands([a, b])
    left, right = shape_of(graph, i), shape_of(graph, j)
    if len(left) != 2 or left[0] != left[1] or not right or len(right) > 2 or right[0] != left[0]:
        raise SymdiffValueError(
            f"solve is of a square matrix and as many rows, not of {shown(left)} and {shown(right)}"
        )
    return wrapped(graph, linear_algebra.solve(graph, i, j))


def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    """NumPy's norm: of a vector of any order, of a matrix `"fro"`, 1 (columns) and `inf` (rows), along axes or of all.

    Without an order it is the Euclidean norm of all entries, whose slope at 0 is 0.

    Raises
    ------
    SymdiffValueError
        For an order that is not there: of a matrix those that need singular values.
    SymdiffIndexError
        For an axis that the shape does not have.

    >>> import symdiff as sd
    >>> x, A = sd.Var("x", shape=3), sd.Var("A", shape=(3, 3))
    >>> sd.linalg.norm(x, 1), sd.linalg.norm(A, 1), sd.linalg.norm(A)
    (abs(x).sum(), abs(A).sum(axis=0).max(), norm(A))
    """
    graph, i = operand(x)
    x, shape = wrapped(graph, i), shape_of(graph, i)
    axes = axes_of(axis, shape)
    if ord is None or (ord == "fro" and len(axes) == 2) or (ord == 2 and len(axes) == 1):
        return euclidean(x, axis, keepdims)
    if len(axes) not in (1, 2):
        raise SymdiffValueError(
            f"a norm of an order is of a vector or a matrix: give axis= for an array of shape {shown(shape)}"
        )
    if len(axes) == 1:
        return _of_vectors(x, ord, axes[0], keepdims)
    rows, columns = axes
    if ord == 1:
        rows, columns = columns, rows
    elif ord != math.inf:
        raise SymdiffValueError(f"the norm of order {ord!r} of a matrix is not there: there are 1, inf and 'fro'")
    sums = total(ops.abs(x), columns, keepdims)
    return reduce(arrays.amax, sums, rows if keepdims else rows - (columns < rows), keepdims)


def _of_vectors(x: Any, order: Any, axis: int, keepdims: bool) -> Any:
    size = ops.abs(x)
    if order == math.inf:
        return reduce(arrays.amax, size, axis, keepdims)
    if order == -math.inf:
        return reduce(arrays.amin, size, axis, keepdims)
    if order == 1:
        return total(size, axis, keepdims)
    if isinstance(order, str) or not order:
        raise SymdiffValueError(f"the norm of order {order!r} of a vector is not there: an order is a number, not 0")
    return total(size**order, axis, keepdims) ** (1 / order)
