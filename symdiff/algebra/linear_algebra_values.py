"""Values of linear algebra: LAPACK's through NumPy, and elimination for object arrays of any numbers.

A singular matrix has an inverse of nan, a determinant of 0; a matrix that is not positive definite a Cholesky
factor of nan: never an exception.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from symdiff import ops, records
from symdiff.arithmetic import Arithmetic
from symdiff.handle import Handle, is_constant


def inv(a: Any) -> Any:
    """The inverse of matrices in the last two axes."""
    if a.dtype == object:
        return _each(a, lambda m: _eliminated(m, np.eye(len(m), dtype=object)))
    return _rescued(np.linalg.inv, a)


def solve(a: Any, b: Any, axes: int) -> Any:
    """The solutions of `a @ x = b`, of which b has so many axes of its own."""
    right = b[..., None] if axes == 1 else b
    if a.dtype == object or b.dtype == object:
        lead = np.broadcast_shapes(a.shape[:-2], right.shape[:-2])
        left = np.broadcast_to(a, lead + a.shape[-2:]).astype(object)
        right = np.broadcast_to(right, lead + right.shape[-2:]).astype(object)
        found = np.empty(right.shape, dtype=object)
        for index in np.ndindex(*lead):
            found[index] = _eliminated(left[index], right[index])
    else:
        found = _rescued(np.linalg.solve, a, right)
    return found[..., 0] if axes == 1 else found


def _rescued(function: Callable[..., Any], *operands: Any) -> Any:
    """LAPACK's result, matrix by matrix where one of them is refused."""
    try:
        return function(*operands)
    except np.linalg.LinAlgError:
        lead = np.broadcast_shapes(*[v.shape[:-2] for v in operands])
        if not lead:
            return np.full(operands[-1].shape, np.nan, dtype=_floats(operands))
        full = [np.broadcast_to(v, lead + v.shape[-2:]) for v in operands]
        found = np.empty(full[-1].shape, dtype=_floats(operands))
        for index in np.ndindex(*lead):
            found[index] = _rescued(function, *[v[index] for v in full])
        return found


def _floats(operands: Any) -> Any:
    """The dtype of results: that of the operands together, double precision for whole numbers."""
    dtype = np.result_type(*operands)
    return dtype if dtype.kind in "fc" else np.float64


def det(a: Any) -> Any:
    """The determinants of matrices in the last two axes."""
    if a.dtype == object:
        return _numbers(a, lambda m: _triangular(m)[0])
    return _bare(np.linalg.det(a))


def logdet(a: Any) -> Any:
    """The logarithms of determinants, nan where one is negative."""
    if a.dtype == object:
        return _numbers(a, lambda m: ops.log(_triangular(m)[0]))
    if a.dtype.kind == "c":
        return _bare(np.log(np.linalg.det(a)))
    sign, value = np.linalg.slogdet(a)
    return _bare(np.where(sign < 0, np.nan, value))


def slogdet(a: Any) -> tuple[Any, Any]:
    """The signs of determinants, and the logarithms of their sizes."""
    if a.dtype == object:
        found = det(a)
        if not isinstance(found, np.ndarray):
            return ops.sign(found), ops.log(ops.abs(found))
        return records.elementwise(ops.sign, [found]), records.elementwise(_log_of_size, [found])
    sign, value = np.linalg.slogdet(a)
    return _bare(sign), _bare(value)


def _log_of_size(number: Any) -> Any:
    return ops.log(ops.abs(number))


def symmetric_part(a: Any) -> Any:
    """The means of matrices in the last two axes and their transposes."""
    turned = np.swapaxes(a, -1, -2)
    if a.dtype == object:
        return records.elementwise(_middle, [a, turned])
    return (a + turned) / 2


def _middle(x: Any, y: Any) -> Any:
    """The mean of two entries, itself where they are the same: derivatives too."""
    plain = not any(isinstance(v, Arithmetic) and not isinstance(v, Handle) for v in (x, y))
    return x if x is y or (plain and x == y) else ops.div(x + y, 2)


def cholesky(a: Any) -> Any:
    """The lower triangular factors of the symmetric parts of matrices in the last two axes."""
    a = symmetric_part(a)
    if a.dtype == object:
        return _each(a, _factored)
    return _rescued(np.linalg.cholesky, a)


def solve_triangular(a: Any, b: Any, axes: int, lower: bool, unit: bool) -> Any:
    """The solutions of `t @ x = b` by substitution; of a only its triangle t is read."""
    right = b[..., None] if axes == 1 else b
    lead = np.broadcast_shapes(a.shape[:-2], right.shape[:-2])
    dtype = np.result_type(a, right)
    x = np.broadcast_to(right, lead + right.shape[-2:]).astype(dtype)
    n = a.shape[-1]
    for k in range(n) if lower else range(n - 1, -1, -1):
        known = slice(0, k) if lower else slice(k + 1, n)
        row = x[..., k, :]
        if k != (0 if lower else n - 1):
            row = row - (a[..., k, None, known] @ x[..., known, :])[..., 0, :]
        if not unit:
            below = a[..., k, k, None]
            row = records.elementwise(ops.div, [row, below]) if dtype.kind == "O" else row / below
        x[..., k, :] = row
    return x[..., 0] if axes == 1 else x


def _bare(value: Any) -> Any:
    return value[()] if isinstance(value, np.ndarray) and not value.ndim else value


def _each(a: Any, function: Callable[[Any], Any]) -> Any:
    found = np.empty(a.shape, dtype=object)
    for index in np.ndindex(*a.shape[:-2]):
        found[index] = function(a[index])
    return found


def _numbers(a: Any, function: Callable[[Any], Any]) -> Any:
    found = np.empty(a.shape[:-2], dtype=object)
    for index in np.ndindex(*a.shape[:-2]):
        found[index] = function(a[index])
    return found if found.ndim else found[()]


# -- elimination over any numbers -------------------------------------------------------------------


def _triangular(matrix: Any, right: Any = None) -> tuple[Any, Any, Any]:
    """The determinant, an upper triangle and what the same steps make of the right side."""
    a = matrix.copy()
    b = np.zeros((len(a), 0), dtype=object) if right is None else right.copy()
    result: Any = 1
    for k in range(len(a)):
        pivot = _pivot(a[k:, k]) + k
        if pivot != k:
            a[[k, pivot]], b[[k, pivot]] = a[[pivot, k]], b[[pivot, k]]
            result = -result
        result = result * a[k, k]
        for i in range(k + 1, len(a)):
            factor = ops.div(a[i, k], a[k, k])
            a[i, k + 1 :] = a[i, k + 1 :] - factor * a[k, k + 1 :]
            b[i] = b[i] - factor * b[k]
    return result, a, b


def _pivot(column: Any) -> int:
    """The place of the largest entry; the first that is not zero by structure for expressions, which have no size."""
    if any(isinstance(v, Handle) for v in column):
        return next((k for k, v in enumerate(column) if not (is_constant(v) and v == 0)), 0)
    sizes = [abs(_value(v)) for v in column]
    return max(range(len(sizes)), key=sizes.__getitem__)


def _value(number: Any) -> Any:
    """The number that a carrier of derivatives stands at."""
    while hasattr(number, "_parts") and number._parts():
        number = number._parts()[0]
    return number


def _eliminated(matrix: Any, right: Any) -> Any:
    _, a, b = _triangular(matrix, right)
    for k in range(len(a) - 1, -1, -1):
        for j in range(k + 1, len(a)):
            b[k] = b[k] - a[k, j] * b[j]
        b[k] = np.array([ops.div(v, a[k, k]) for v in b[k]], dtype=object)
    return b


def _factored(a: Any) -> Any:
    """Cholesky's factor, row by row (Golub and Van Loan, Matrix Computations, 4.2)."""
    found = np.zeros(a.shape, dtype=object)
    for i in range(len(a)):
        for j in range(i + 1):
            rest = a[i, j] - sum((found[i, k] * found[j, k] for k in range(j)), 0)
            found[i, j] = ops.sqrt(rest) if i == j else ops.div(rest, found[j, j])
    return found
