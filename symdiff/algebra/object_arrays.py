"""NumPy's functions that do something else to object arrays, or stumble over them, for numbers that carry derivatives.

What chooses among numbers does so by their values, with nan last as NumPy has it for floats; slopes follow the choice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from symdiff import ops
from symdiff.algebra.perturbation import Perturbation
from symdiff.errors import SymdiffValueError


def values_of(a: Any) -> Any:
    """The values of numbers as an array of floats, without their derivatives."""
    array = np.asarray(a, dtype=object)
    found = np.empty(array.size)
    for k, value in enumerate(array.ravel()):
        while isinstance(value, Perturbation):
            value = value.main
        found[k] = float(value)
    return found.reshape(array.shape)


def _by_value(function: Any) -> Any:
    """A function whose results are places: it sees values alone."""
    return lambda a, *args, **options: function(values_of(a), *args, **options)


def sort(a: Any, axis: int | None = -1, **options: Any) -> Any:
    """The numbers in order of their values, nan last."""
    a = np.array(a, dtype=object, subok=True)
    if axis is None:
        a, axis = a.ravel(), -1
    return np.take_along_axis(a, np.argsort(values_of(a), axis, kind="stable"), axis)


def quantile(a: Any, q: Any, axis: int | None = None, *, keepdims: bool = False) -> Any:
    """Linear between neighbours; nan where a number is none."""
    a = np.array(a, dtype=object)
    if axis is None:
        shape = (1,) * a.ndim
        found = _along_first(sort(a, None), q)
        return np.reshape(found, (*np.shape(q), *shape)) if keepdims else found
    found = _along_first(np.moveaxis(sort(a, axis), axis, 0), q)
    return np.expand_dims(found, np.ndim(q) + axis % a.ndim) if keepdims else found


def _along_first(ordered: Any, q: Any) -> Any:
    q = np.asarray(q, dtype=float)
    if not np.all((q >= 0) & (q <= 1)):
        raise SymdiffValueError(f"a quantile is between 0 and 1, a percentile between 0 and 100, not {q!r}")
    place = q * (len(ordered) - 1)
    low = np.floor(place).astype(int)
    high = np.minimum(low + 1, len(ordered) - 1)
    part = np.expand_dims(place - low, tuple(range(q.ndim, q.ndim + ordered.ndim - 1)))
    found = ordered[low] + (ordered[high] - ordered[low]) * part
    bad = np.isnan(values_of(ordered[-1]))
    return np.where(bad, ordered[-1], found)[()] if np.any(bad) else found


def percentile(a: Any, q: Any, axis: int | None = None, *, keepdims: bool = False) -> Any:
    """As `quantile`, of a hundred parts."""
    return quantile(a, np.asarray(q) / 100, axis, keepdims=keepdims)


def median(a: Any, axis: int | None = None, *, keepdims: bool = False) -> Any:
    """The quantile 1/2."""
    return quantile(a, 0.5, axis, keepdims=keepdims)


def nan_to_num(x: Any, copy: bool = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    """Numbers in place of nan and infinities, elementwise."""
    most = float(np.finfo(float).max)
    posinf, neginf = most if posinf is None else posinf, -most if neginf is None else neginf

    def one(value: Any) -> Any:
        finite = ops.where(ops.equal(value, np.inf), posinf, ops.where(ops.equal(value, -np.inf), neginf, value))
        return ops.where(ops.equal(value, value), finite, nan)

    if not isinstance(x, np.ndarray):
        return one(x)
    found = np.frompyfunc(one, 1, 1)(x.view(np.ndarray)).view(type(x))
    if copy:
        return found
    x[...] = found
    return x


def cov(m: Any, y: Any = None, rowvar: bool = True, bias: bool = False, ddof: int | None = None) -> Any:
    """The covariance matrix of rows of observations."""
    rows = np.array(m, dtype=object, ndmin=2)
    rows = rows if rowvar or rows.shape[0] == 1 else rows.T
    if y is not None:
        others = np.array(y, dtype=object, ndmin=2)
        rows = np.concatenate([rows, others if rowvar or others.shape[0] == 1 else others.T])
    count = rows.shape[1] - (int(not bias) if ddof is None else ddof)
    moved = rows - rows.mean(axis=1, keepdims=True)
    return np.squeeze(moved @ moved.T / count)[()]


def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    """NumPy's; the Euclidean one as one operation, whose slope is 0 where all numbers are."""
    a = np.array(x, dtype=object)
    axes = tuple(range(a.ndim)) if axis is None else np.lib.array_utils.normalize_axis_tuple(axis, a.ndim)
    if not axes or not (ord is None or (len(axes), ord) in ((1, 2), (2, "fro"), (2, "f"))):
        return np.linalg.norm(a, ord, axis, keepdims)
    left = [n for k, n in enumerate(a.shape) if k not in axes]
    rows = np.moveaxis(a, axes, range(-len(axes), 0)).reshape(*left, -1)
    found = np.apply_along_axis(lambda row: ops.norm(*row, *[0] * (2 - len(row))), -1, rows)
    return np.expand_dims(found, axes) if keepdims else found[()]


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sort": sort, "quantile": quantile, "percentile": percentile, "median": median, "nan_to_num": nan_to_num,
    "cov": cov, "norm": norm, "argsort": _by_value(np.argsort), "argmax": _by_value(np.argmax),
    "argmin": _by_value(np.argmin),
}  # fmt: skip
