"""What NumPy's own functions mean for array expressions: `np.einsum`, `np.linalg.solve`, …"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from symdiff import array_moves, ops, vector_products
from symdiff.array_functions import (
    axes_of,
    broadcast_to,
    concatenate,
    convolve,
    cumsum,
    dot,
    einsum,
    full,
    kron,
    logsumexp,
    matmul,
    mean,
    operand,
    outer,
    reduce,
    reshape,
    stack,
    sum,
    swapaxes,
    tensordot,
    trace,
    transpose,
    var,
)
from symdiff.complex_constants import check_real
from symdiff.errors import SymdiffTypeError
from symdiff.linalg import cholesky, det, eigh, eigvalsh, inv, matrix_power, norm, slogdet, solve, svd, svdvals
from symdiff.ops import arrays


def _svd(a: Any, full_matrices: bool = True, compute_uv: bool = True, hermitian: bool = False) -> Any:
    return svd(a, full_matrices) if compute_uv else svdvals(a)


def _vector_norm(x: Any, axis: Any = None, keepdims: bool = False, ord: Any = 2) -> Any:
    if axis is not None:
        return norm(x, ord, axis, keepdims)
    found = norm(reshape(x, -1), ord)
    return broadcast_to(found, (1,) * x.ndim) if keepdims else found


def _amax(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return reduce(arrays.amax, x, axis, keepdims)


def _amin(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return reduce(arrays.amin, x, axis, keepdims)


def _prod(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return reduce(arrays.product, x, axis, keepdims)


def _trace(x: Any, offset: int = 0) -> Any:
    return sum(array_moves.diagonal(x, offset)) if offset else trace(x)


def _multi_dot(values: Any) -> Any:
    return functools.reduce(dot, values)


def _where(condition: Any, a: Any, b: Any) -> Any:
    return ops.where(condition, a, b)


def _clip(x: Any, low: Any = None, high: Any = None) -> Any:
    x = x if low is None else ops.maximum(x, low)
    return x if high is None else ops.minimum(x, high)


def _like(fill: Any) -> Callable[[Any], Any]:
    return lambda x: full(x.shape, fill)


def _take(x: Any, indices: Any, axis: int | None = None) -> Any:
    if axis is None:
        return reshape(x, -1)[np.asarray(indices)]
    (k,) = axes_of(axis, x)
    return x[(slice(None),) * k + (np.asarray(indices),)]


def _take_along_axis(x: Any, indices: Any, axis: int | None = -1) -> Any:
    if axis is None:
        return reshape(x, -1)[np.asarray(indices)]
    (k,) = axes_of(axis, x)
    places = list(np.ix_(*map(np.arange, np.shape(indices))))
    places[k] = np.asarray(indices)
    return x[tuple(places)]


def _select(conditions: Any, choices: Any, default: Any = 0) -> Any:
    for condition, choice in zip(reversed(conditions), reversed(choices), strict=True):
        default = ops.where(condition, choice, default)
    return default


def _polyval(p: Any, x: Any) -> Any:
    if len(p) == 1:
        return 0 * x + p[0]  # of the shape of x, as all others are
    return functools.reduce(lambda value, coefficient: value * x + coefficient, p)


def _ptp(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return _amax(x, axis, keepdims) - _amin(x, axis, keepdims)


def _of_real(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that NumPy takes conjugates in: of a complex constant it is not what symdiff's formula gives."""

    @functools.wraps(function)
    def of_real(x: Any, *args: Any, **options: Any) -> Any:
        check_real(*operand(x), function.__name__.strip("_"))
        return function(x, *args, **options)

    return of_real


def _matrix_norm(x: Any, keepdims: bool = False, ord: Any = "fro") -> Any:
    return norm(x, ord, (-2, -1), keepdims)


_OF_NUMPY: dict[Any, Callable[..., Any]] = {
    np.sum: sum, np.mean: mean, np.var: var, np.std: lambda x, axis=None, ddof=0: ops.sqrt(var(x, axis, ddof)),
    np.max: _amax, np.amax: _amax, np.min: _amin, np.amin: _amin, np.prod: _prod,
    np.cumsum: cumsum, np.convolve: convolve, np.dot: dot, np.vdot: vector_products.vdot,
    np.inner: lambda a, b: tensordot(a, b, (-1, -1)),
    np.outer: outer, np.einsum: einsum, np.kron: kron, np.tensordot: tensordot, np.trace: _trace,
    np.diag: array_moves.diagonal_matrix, np.diagonal: array_moves.diagonal, np.transpose: transpose,
    np.swapaxes: swapaxes,
    np.reshape: reshape, np.ravel: lambda x, order="C": reshape(x, -1, order), np.broadcast_to: broadcast_to,
    np.concatenate: concatenate, np.stack: stack, np.where: _where, np.clip: _clip,
    np.vstack: array_moves.vstack, np.hstack: array_moves.hstack, np.column_stack: array_moves.column_stack,
    np.squeeze: array_moves.squeeze, np.expand_dims: array_moves.expand_dims, np.flip: array_moves.flip,
    np.flipud: lambda x: array_moves.flip(x, 0), np.fliplr: lambda x: array_moves.flip(x, 1),
    np.roll: array_moves.roll, np.diff: array_moves.diff, np.tril: array_moves.tril, np.triu: array_moves.triu,
    np.moveaxis: array_moves.moveaxis, np.atleast_1d: array_moves.atleast_1d, np.atleast_2d: array_moves.atleast_2d,
    np.average: array_moves.average, np.linalg.matrix_transpose: array_moves.matrix_transpose,
    np.linalg.diagonal: array_moves.diagonal, np.linalg.trace: _trace, np.linalg.outer: outer,
    np.linalg.matmul: matmul, np.linalg.tensordot: tensordot, np.linalg.multi_dot: _multi_dot,
    np.array_split: array_moves.array_split, np.split: array_moves.split,
    np.vsplit: lambda x, sections: array_moves.split(x, sections, 0),
    np.hsplit: lambda x, sections: array_moves.split(x, sections, 0 if x.ndim == 1 else 1),
    np.dsplit: lambda x, sections: array_moves.split(x, sections, 2),
    np.tile: array_moves.tile, np.repeat: array_moves.repeat, np.pad: array_moves.pad, np.block: array_moves.block,
    np.rot90: array_moves.rot90, np.append: lambda x, values, axis=None: concatenate([x, values], axis),
    np.diagflat: lambda x, k=0: array_moves.diagonal_matrix(reshape(x, -1), k),
    np.cross: vector_products.cross, np.linalg.cross: vector_products.cross, np.cov: vector_products.cov,
    np.linalg.vecdot: vector_products.vecdot, np.ptp: _ptp, np.select: _select, np.polyval: _polyval,
    np.take: _take, np.take_along_axis: _take_along_axis,
    np.zeros_like: _like(0), np.ones_like: _like(1), np.full_like: lambda x, value: full(x.shape, value),
    np.linalg.inv: inv, np.linalg.det: det, np.linalg.solve: solve, np.linalg.cholesky: _of_real(cholesky),
    np.linalg.slogdet: _of_real(slogdet), np.linalg.norm: _of_real(norm), np.linalg.vector_norm: _of_real(_vector_norm),
    np.linalg.matrix_norm: _of_real(_matrix_norm),
    np.linalg.matrix_power: matrix_power, np.linalg.eigvalsh: _of_real(eigvalsh),
    np.linalg.eigh: _of_real(eigh), np.linalg.svd: _of_real(_svd),
    np.linalg.svdvals: _of_real(svdvals),
    np.shape: lambda x: x.shape, np.ndim: lambda x: x.ndim, np.size: lambda x: x.size,
}  # fmt: skip


_TRAPEZOID = getattr(np, "trapezoid", None)  # as NumPy 2 calls it
if _TRAPEZOID is not None:
    _OF_NUMPY[_TRAPEZOID] = vector_products.trapezoid

_UFUNCS: dict[str, Callable[..., Any]] = {  # of the last axes of arrays, some only in new versions of NumPy
    "matmul": matmul, "vecdot": vector_products.vecdot, "matvec": vector_products.matvec,
    "vecmat": vector_products.vecmat, "divmod": divmod,
}  # fmt: skip

_OF_ORDER = frozenset([
    np.sort, np.argsort, np.partition, np.median, np.percentile, np.quantile, np.unique, np.searchsorted, np.argmax,
    np.argmin,
])  # fmt: skip

_REDUCTIONS: dict[Any, Callable[..., Any]] = {
    np.add: sum, np.multiply: _prod, np.maximum: _amax, np.minimum: _amin, np.logaddexp: logsumexp,
}  # fmt: skip


def of_ufunc(ufunc: np.ufunc, method: str, function: Callable[..., Any] | None, inputs: Any, kwargs: Any) -> Any:
    """What `np.multiply.outer`, `np.add.reduce` and their kin mean for array expressions, None where nothing."""
    if method == "__call__" and ufunc.__name__ in _UFUNCS and kwargs.keys() <= {"axis"}:
        return _UFUNCS[ufunc.__name__](*inputs, **kwargs)
    if method == "outer" and function is not None and not kwargs:
        return array_moves.outer_of(function, *inputs)
    if method == "reduce" and ufunc in _REDUCTIONS and kwargs.keys() <= {"axis", "keepdims"} and len(inputs) == 1:
        return _REDUCTIONS[ufunc](*inputs, **{"axis": 0, **kwargs})
    return None


def _instead(function: Any) -> str:
    """What to write in place of a function that is not there."""
    if function in _OF_ORDER:
        return "the order of entries is known at a point only: X.max(), X.min(), sd.maximum and sd.where are there"
    if function is np.cumprod:
        return "write np.stack([x[:k + 1].prod() for k in range(len(x))]), or np.exp(np.cumsum(np.log(x))) where x > 0"
    others = ", ".join(sorted({f.__name__ for f in _OF_NUMPY}))
    return f"X.elements() is an array of scalar ones, and there are {others}"


def of_numpy(function: Any, args: Any, kwargs: Any) -> Any:
    """What a function of NumPy's means for array expressions.

    Raises
    ------
    SymdiffTypeError
        For one that is not there, naming some that are.
    """
    found = _OF_NUMPY.get(function)
    name = f"{function.__module__}.{function.__name__}".replace("numpy", "np")
    if found is None:
        raise SymdiffTypeError(f"{name} is not there for array expressions; {_instead(function)}")
    try:
        return found(*args, **kwargs)
    except TypeError as error:
        if isinstance(error, SymdiffTypeError):
            raise
        raise SymdiffTypeError(f"{name} of array expressions: {error}") from error
