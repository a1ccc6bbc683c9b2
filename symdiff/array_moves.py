"""NumPy's functions that join, turn, shift and cut arrays, of expressions: by blocks, nothing else is made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from symdiff.array_functions import (
    axes_of,
    broadcast_to,
    concatenate,
    diag,
    einsum,
    mean,
    operand,
    reshape,
    stack,
    swapaxes,
    transpose,
    wrapped,
    zeros,
)
from symdiff.array_functions import sum as total
from symdiff.errors import SymdiffValueError
from symdiff.shapes import shown


def expression(x: Any) -> Any:
    """An array, or a list of expressions, as an expression."""
    return wrapped(*operand(x))


def _shape(x: Any) -> Any:
    return getattr(x, "shape", ())


def atleast_1d(x: Any) -> Any:
    """An array as it is, a scalar as a vector of one entry."""
    x = expression(x)
    return x if _shape(x) else stack([x])


def atleast_2d(x: Any) -> Any:
    """A matrix as it is, a vector as a matrix of one row."""
    x = atleast_1d(x)
    return x if x.ndim > 1 else x[None]


def vstack(values: Sequence[Any]) -> Any:
    """Arrays below one another; vectors are rows."""
    return concatenate([atleast_2d(x) for x in values], 0)


def hstack(values: Sequence[Any]) -> Any:
    """Arrays beside one another; vectors behind one another."""
    parts = [atleast_1d(x) for x in values]
    return concatenate(parts, 0 if parts and parts[0].ndim == 1 else 1)


def column_stack(values: Sequence[Any]) -> Any:
    """Matrices beside one another; vectors are columns."""
    parts = [atleast_1d(x) for x in values]
    return concatenate([x[:, None] if x.ndim == 1 else x for x in parts], 1)


def squeeze(x: Any, axis: Any = None) -> Any:
    """The array without its axes of size 1, or without those given."""
    axes = [k for k, n in enumerate(x.shape) if n == 1] if axis is None else axes_of(axis, x.shape)
    if any(x.shape[k] != 1 for k in axes):
        raise SymdiffValueError(f"squeeze leaves axes of size 1 out, and shape {shown(x.shape)} has others there")
    return x[tuple([0 if k in axes else slice(None) for k in range(x.ndim)])]


def expand_dims(x: Any, axis: Any) -> Any:
    """The array with new axes of size 1."""
    number = x.ndim + (len(axis) if isinstance(axis, tuple) else 1)
    new = axes_of(axis, (1,) * number)
    return x[tuple([None if k in new else slice(None) for k in range(number)])]


def flip(x: Any, axis: Any = None) -> Any:
    """The entries in reverse order along all axes, or those given."""
    axes = axes_of(axis, x.shape)
    return x[tuple([slice(None, None, -1) if k in axes else slice(None) for k in range(x.ndim)])]


def _along(axis: int, *parts: slice) -> list[tuple[Any, ...]]:
    return [(*[slice(None)] * axis, part) for part in parts]


def roll(x: Any, shift: int, axis: int | None = None) -> Any:
    """The entries moved along an axis, round its end; all of them in a row without one."""
    if axis is None:
        return reshape(roll(reshape(x, -1), shift, 0), x.shape)
    (k,) = axes_of(axis, x.shape)
    size = x.shape[k]
    if isinstance(size, str):
        raise SymdiffValueError(f"roll along an axis needs a size that is a number, not {size}")
    at = (size - shift) % max(size, 1)
    last, first = _along(k, slice(at, None), slice(0, at))
    return concatenate([x[last], x[first]], k) if at else x


def diff(x: Any, n: int = 1, axis: int = -1) -> Any:
    """Differences of neighbours along an axis, n times.

    >>> import symdiff as sd, numpy as np
    >>> x = sd.Var("x", shape="n")
    >>> np.diff(x), np.diff(x).shape
    (x[1:] - x[:-1], ('n - 1',))
    """
    (k,) = axes_of(axis, x.shape)
    later, earlier = _along(k, slice(1, None), slice(None, -1))
    for _ in range(n):
        x = x[later] - x[earlier]
    return x


def _triangle(cut: Callable[..., Any]) -> Callable[..., Any]:
    def function(x: Any, k: int = 0) -> Any:
        if x.ndim < 2 or not all(isinstance(n, int) for n in x.shape[-2:]):
            raise SymdiffValueError(f"a triangle is of a matrix whose sizes are numbers, not of shape {shown(x.shape)}")
        return x * cut(np.ones(x.shape[-2:], dtype=int), k)

    return function


tril, triu = _triangle(np.tril), _triangle(np.triu)


def moveaxis(x: Any, source: Any, destination: Any) -> Any:
    """Axes moved to other places; the others keep their order."""
    from_, to = axes_of(source, x.shape), axes_of(destination, x.shape)
    order = [k for k in range(x.ndim) if k not in from_]
    for place, k in sorted(zip(to, from_, strict=True)):
        order.insert(place, k)
    return transpose(x, order)


def average(x: Any, axis: int | None = None, weights: Any = None) -> Any:
    """The mean, or with weights the sum of what they weigh over their sum."""
    if weights is None:
        return mean(x, axis)
    weights = expression(weights)
    if axis is not None and weights.ndim == 1:
        (k,) = axes_of(axis, expression(x).shape)
        weights = weights[(slice(None), *[None] * (expression(x).ndim - k - 1))]
    shape = expression(x).shape
    if axis is None and weights.shape != shape:
        raise SymdiffValueError(f"weights of shape {shown(weights.shape)} for an average of shape {shown(shape)}")
    return total(x * weights, axis) / total(broadcast_to(weights, shape), axis)


def diagonal(x: Any, offset: int = 0) -> Any:
    """The diagonal of a square matrix, or of any matrix one above or below it."""
    x = expression(x)
    if not offset or x.ndim != 2:
        return einsum("ii->i", x) if x.ndim == 2 and x.shape[0] == x.shape[1] else diag(x)
    rows, columns = x.shape
    if isinstance(rows, str) or isinstance(columns, str):
        raise SymdiffValueError(f"a diagonal beside the main one needs sizes that are numbers, not {shown(x.shape)}")
    up, down = max(offset, 0), max(-offset, 0)
    size = max(min(rows - down, columns - up), 0)
    return einsum("ii->i", x[down : down + size, up : up + size])


def diagonal_matrix(x: Any, k: int = 0) -> Any:
    """`np.diag`: the matrix with a vector on a diagonal, or that diagonal of a matrix."""
    x = expression(x)
    if not k or x.ndim != 1:
        return diag(x) if not k else diagonal(x, k)
    (n,) = x.shape
    if isinstance(n, str):
        raise SymdiffValueError(f"a diagonal beside the main one needs a size that is a number, not {n}")
    up, down = max(k, 0), max(-k, 0)
    return zeros((n + abs(k), n + abs(k))).at[down : down + n, up : up + n].add(diag(x))


def outer_of(function: Callable[..., Any], a: Any, b: Any) -> Any:
    """A function of each entry of a with each of b: `np.add.outer`."""
    b = expression(b)
    a = expression(a)
    return function(a[(..., *[None] * len(_shape(b)))] if _shape(a) else a, b)


def matrix_transpose(x: Any) -> Any:
    """The last two axes exchanged."""
    return swapaxes(x, -1, -2)
