"""Linear algebra of array expressions, and of NumPy's arrays: `sd.linalg.solve(A, b)`.

>>> import symdiff as sd
>>> A, b = sd.Var("A", shape=(3, 3)), sd.Var("b", shape=3)
>>> sd.jacobian(sd.linalg.solve(A, b), b)
inv(A)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symdiff.array_functions import norm, operand, operands, wrapped
from symdiff.arrays import linear_algebra
from symdiff.arrays.reading import shape_of
from symdiff.errors import SymdiffValueError
from symdiff.graph import Graph
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
