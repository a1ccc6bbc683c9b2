"""`np.linalg.norm` of numbers that carry derivatives: by moduli, where NumPy squares elements that may be complex."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import numpy as np

from symdiff import ops
from symdiff.algebra.perturbation import is_real
from symdiff.errors import SymdiffTypeError, SymdiffValueError


def _length(numbers: Sequence[Any]) -> Any:
    """The Euclidean norm, whose slope at 0 is 0."""
    parts = [part for z in numbers for part in ([z] if is_real(z) else [z.real, z.imag])]
    return ops.norm(*parts) if len(parts) > 1 else ops.abs(parts[0]) if parts else 0.0


def _modulus(z: Any) -> Any:
    return _length([z])


def _of_vector(numbers: Any, order: Any) -> Any:
    """The norm of a vector, by NumPy's orders."""
    if order is None or order == 2:
        return _length(numbers)
    moduli = list(map(_modulus, numbers))
    if order == math.inf:
        return reduce(ops.maximum, moduli)
    if order == -math.inf:
        return reduce(ops.minimum, moduli)
    if order == 0:
        return float(sum(bool(m != 0) for m in moduli))
    if isinstance(order, str):
        raise SymdiffValueError(f"the norm of a vector is of an order that is a number, not {order!r}")
    return sum(m**order for m in moduli) ** (1 / order)


_OF_MATRIX: dict[Any, tuple[Callable[..., Any], int]] = {  # which sum of moduli along which axis
    1: (ops.maximum, 0), -1: (ops.minimum, 0), math.inf: (ops.maximum, 1), -math.inf: (ops.minimum, 1),
}  # fmt: skip


def _of_matrix(rows: Any, order: Any) -> Any:
    """The norm of a matrix, but those by singular values."""
    if order is None or order == "fro":
        return _length(list(rows.flat))
    if order not in _OF_MATRIX:
        raise SymdiffTypeError(
            f"np.linalg.norm of order {order!r} takes singular values, which have no derivative here"
        )
    choice, axis = _OF_MATRIX[order]
    return reduce(choice, np.frompyfunc(_modulus, 1, 1)(rows).sum(axis=axis))


def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    """As NumPy has it."""
    a = np.array(x, dtype=object)
    if axis is None and (ord is None or a.ndim == 0):
        shape = (1,) * a.ndim
        found = np.array(_length(list(a.flat)), dtype=object)
        return found.reshape(shape) if keepdims else found[()]
    axes = np.lib.array_utils.normalize_axis_tuple(range(a.ndim) if axis is None else axis, a.ndim)
    if len(axes) not in (1, 2):
        raise SymdiffValueError(f"a norm of order {ord!r} is along one axis or two, not {len(axes)}")
    rule = _of_vector if len(axes) == 1 else _of_matrix
    a = np.moveaxis(a, axes, range(-len(axes), 0))
    found = np.empty(a.shape[: -len(axes)], dtype=object)
    for index in np.ndindex(found.shape):
        found[index] = rule(a[index], ord)
    return np.expand_dims(found, tuple(sorted(axes))) if keepdims else found[()]
