"""NumPy's functions that do something else to object arrays, or stumble over them, for numbers that carry derivatives.

What chooses among numbers does so by their values, with nan last as NumPy has it for floats; slopes follow the choice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from symdiff import ops
from symdiff.algebra.object_norms import norm
from symdiff.algebra.perturbation import Perturbation
from symdiff.errors import SymdiffTypeError, SymdiffValueError


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


def quantile(a: Any, q: Any, axis: int | None = None, *, keepdims: bool = False, method: str = "linear") -> Any:
    """Linear between neighbours; nan where a number is none."""
    if method != "linear":
        raise SymdiffTypeError(
            f"quantiles of numbers that carry derivatives are by method='linear' alone, not {method!r}"
        )
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


def percentile(a: Any, q: Any, axis: int | None = None, **options: Any) -> Any:
    """As `quantile`, of a hundred parts."""
    return quantile(a, np.asarray(q) / 100, axis, **options)


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


def cov(
    m: Any, y: Any = None, rowvar: bool = True, bias: bool = False, ddof: int | None = None,
    fweights: Any = None, aweights: Any = None, *, dtype: Any = None,
) -> Any:  # fmt: skip
    """The covariance matrix of rows of observations; numbers that carry derivatives have no `dtype`."""
    rows = np.array(m, dtype=object, ndmin=2)
    rows = rows if rowvar or rows.shape[0] == 1 else rows.T
    if y is not None:
        others = np.array(y, dtype=object, ndmin=2)
        rows = np.concatenate([rows, others if rowvar or others.shape[0] == 1 else others.T])
    weights = np.ones(rows.shape[1]) if fweights is None else np.asarray(fweights, dtype=float)
    importance = np.ones(rows.shape[1]) if aweights is None else np.asarray(aweights)
    weights = weights * importance
    total = weights.sum()
    lost = int(not bias) if ddof is None else ddof
    count = total - lost * (1 if aweights is None else (weights * importance).sum() / total)
    moved = rows - (rows * weights).sum(axis=1, keepdims=True) / total
    with np.errstate(all="ignore"):  # of a single observation it is nan
        return np.squeeze((moved * weights) @ np.conj(moved.T) / count)[()]


def correlate(a: Any, v: Any, mode: Any = "valid") -> Any:
    """With the conjugate of the second, for which NumPy does not ask objects."""
    return np.correlate(np.array(a, dtype=object), np.conj(np.array(v, dtype=object)), mode)


def iscomplex(x: Any) -> Any:
    """Where the imaginary part is not 0."""
    return np.not_equal(np.imag(x), 0)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sort": sort, "quantile": quantile, "percentile": percentile, "median": median, "nan_to_num": nan_to_num,
    "cov": cov, "correlate": correlate, "iscomplex": iscomplex, "norm": norm, "argsort": _by_value(np.argsort),
    "argmax": _by_value(np.argmax), "argmin": _by_value(np.argmin),
}  # fmt: skip
