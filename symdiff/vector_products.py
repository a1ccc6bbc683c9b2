"""Products of the vectors along one axis of arrays, and sums of neighbours: NumPy's functions, of expressions."""

from __future__ import annotations

from typing import Any

import numpy as np

from symdiff.array_functions import axes_of, dot, matmul, mean, reshape
from symdiff.array_functions import sum as total
from symdiff.array_moves import expression, moveaxis
from symdiff.complex_constants import check_real
from symdiff.errors import SymdiffValueError
from symdiff.handle import Handle
from symdiff.shapes import shown


def _conjugate(a: Any) -> Any:
    """The first of what NumPy's scalar products multiply; an error for an expression that is not real."""
    return a.conjugate() if isinstance(a, Handle) else np.conj(a)


def vdot(a: Any, b: Any) -> Any:
    """The scalar product of all entries."""
    return dot(reshape(_conjugate(a), -1), reshape(b, -1))


def vecdot(a: Any, b: Any, axis: int = -1) -> Any:
    """Scalar products of the vectors along an axis.

    >>> import symdiff as sd, numpy as np
    >>> X, Y = sd.Var("X", shape=("n", 3)), sd.Var("Y", shape=("n", 3))
    >>> np.linalg.vecdot(X, Y)
    (X*Y).sum(axis=1)
    """
    a, b = expression(_conjugate(a)), expression(b)
    (i,), (j,) = axes_of(axis, a), axes_of(axis, b)
    if a.shape[i] != b.shape[j]:
        raise SymdiffValueError(
            f"vecdot is of vectors of one size, not of shapes {shown(a.shape)} and {shown(b.shape)}"
        )
    return total(a * b, axis)


def matvec(a: Any, b: Any) -> Any:
    """Matrices, the last two axes, times vectors, the last axis."""
    return matmul(expression(a), expression(b)[..., None])[..., 0]


def vecmat(a: Any, b: Any) -> Any:
    """Vectors, the last axis, times matrices, the last two."""
    return matmul(expression(_conjugate(a))[..., None, :], expression(b))[..., 0, :]


def cross(a: Any, b: Any, axis: int = -1) -> Any:
    """Vector products of vectors of 3 entries along an axis; of 2 entries the third of these.

    Raises
    ------
    SymdiffValueError
        For vectors of another size.

    >>> import symdiff as sd, numpy as np
    >>> a, b = sd.Var("a", shape=3), sd.Var("b", shape=3)
    >>> np.cross(a, b).evaluate(a=[1, 0, 0], b=[0, 1, 0])
    array([0, 0, 1])
    """
    a, b = expression(a), expression(b)
    a, b = (moveaxis(x, axis, -1) if x.ndim > 1 else x for x in (a, b))
    if a.shape[-1] != b.shape[-1] or a.shape[-1] not in (2, 3):
        raise SymdiffValueError(
            f"cross is of vectors of 3 entries, or of 2, not of shapes {shown(a.shape)} and {shown(b.shape)}"
        )
    if a.shape[-1] == 2:
        return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    left, right = [1, 2, 0], [2, 0, 1]
    found = a[..., left] * b[..., right] - a[..., right] * b[..., left]
    return moveaxis(found, -1, axis) if found.ndim > 1 else found


def trapezoid(y: Any, x: Any = None, dx: Any = 1, axis: int = -1) -> Any:
    """The integral along an axis by the trapezoidal rule, over places x or steps of one size."""
    y = expression(y)
    (k,) = axes_of(axis, y)
    later, earlier = [(*[slice(None)] * k, part) for part in (slice(1, None), slice(None, -1))]
    if x is None:
        return total(y[later] + y[earlier], k) * dx / 2
    x = expression(x)
    steps = x[1:] - x[:-1] if x.ndim == 1 else x[later] - x[earlier]
    steps = steps[(slice(None), *[None] * (y.ndim - k - 1))] if x.ndim == 1 else steps
    return total(steps * (y[later] + y[earlier]), k) / 2


def cov(m: Any, y: None = None, rowvar: bool = True, bias: bool = False, ddof: int | None = None) -> Any:
    """The covariances of variables that are rows, or columns with `rowvar=False`.

    Raises
    ------
    SymdiffValueError
        For a second array: `np.vstack([m, y])` is one of both.
    """
    if y is not None:
        raise SymdiffValueError("cov is of one array: np.vstack([m, y]) has the rows of two")
    x = expression(m)
    check_real(x._graph, x._index, "covariance")
    x = x.T if x.ndim == 2 and not rowvar else x
    centred = x - mean(x, -1, keepdims=True)
    lost = ddof if ddof is not None else int(not bias)
    count = expression(x[0] if x.ndim == 2 else x).size - lost
    found = matmul(centred, centred.T) / count
    return found[0, 0] if found.shape == (1, 1) else found  # of one variable a number, as NumPy has it
