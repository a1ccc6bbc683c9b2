"""NumPy's functions that join, turn, shift and cut arrays, of expressions: by blocks, nothing else is made."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from symdiff.array_functions import (
    axes_of,
    broadcast_to,
    concatenate,
    described,
    diag,
    einsum,
    full,
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
from symdiff.errors import SymdiffTypeError, SymdiffValueError
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
    axes = [k for k, n in enumerate(x.shape) if n == 1] if axis is None else axes_of(axis, x)
    if any(x.shape[k] != 1 for k in axes):
        raise SymdiffValueError(
            f"squeeze leaves axes of size 1 out, and {described(x._graph, x._index)} has others there"
        )
    return x[tuple([0 if k in axes else slice(None) for k in range(x.ndim)])]


def expand_dims(x: Any, axis: Any) -> Any:
    """The array with new axes of size 1."""
    number = x.ndim + (len(axis) if isinstance(axis, tuple) else 1)
    new = axes_of(axis, (1,) * number)
    return x[tuple([None if k in new else slice(None) for k in range(number)])]


def flip(x: Any, axis: Any = None) -> Any:
    """The entries in reverse order along all axes, or those given."""
    axes = axes_of(axis, x)
    return x[tuple([slice(None, None, -1) if k in axes else slice(None) for k in range(x.ndim)])]


def _along(axis: int, *parts: slice) -> list[tuple[Any, ...]]:
    return [(*[slice(None)] * axis, part) for part in parts]


def roll(x: Any, shift: int, axis: int | None = None) -> Any:
    """The entries moved along an axis, round its end; all of them in a row without one."""
    if axis is None:
        return reshape(roll(reshape(x, -1), shift, 0), x.shape)
    (k,) = axes_of(axis, x)
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
    (k,) = axes_of(axis, x)
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
    from_, to = axes_of(source, x), axes_of(destination, x)
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
        (k,) = axes_of(axis, expression(x))
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


# -- pieces, and pieces again ---------------------------------------------------------------------------


def array_split(x: Any, sections: Any, axis: int = 0) -> list[Any]:
    """The array cut along an axis: in so many parts, the first of them larger by 1, or before places of a list."""
    x = expression(x)
    (k,) = axes_of(axis, x)
    if isinstance(sections, (int, np.integer)):
        size = _number(x.shape[k], "split in equal parts")
        if sections < 1:
            raise SymdiffValueError(f"split is in one part at least, not in {sections}")
        larger, least = size % int(sections), size // int(sections)
        sections = np.cumsum([least + 1] * larger + [least] * (int(sections) - larger))[:-1]
    places = [int(p) for p in sections]
    ends = [None, *places, None]
    return [x[cut] for cut in _along(k, *[slice(a, b) for a, b in itertools.pairwise(ends)])]


def split(x: Any, sections: Any, axis: int = 0) -> list[Any]:
    """The array cut along an axis in so many equal parts, or before places of a list.

    Raises
    ------
    SymdiffValueError
        Where parts would differ in size.

    >>> import symdiff as sd, numpy as np
    >>> np.split(sd.Var("x", shape=6), 3), np.split(sd.Var("y", shape="n"), [1, 2])
    ([x[:2], x[2:4], x[4:]], [y[:1], y[1:2], y[2:]])
    """
    x = expression(x)
    (k,) = axes_of(axis, x)
    if isinstance(sections, (int, np.integer)) and _number(x.shape[k], "split in equal parts") % sections:
        raise SymdiffValueError(
            f"{x.shape[k]} entries have no {sections} equal parts: array_split gives parts of 2 sizes"
        )
    return array_split(x, sections, axis)


def tile(x: Any, reps: Any) -> Any:
    """Copies of the array beside one another: so many along each axis, new axes in front.

    >>> import symdiff as sd, numpy as np
    >>> np.tile(sd.Var("x", shape=2), (3, 2)).shape
    (3, 4)
    """
    x = expression(x)
    times: list[int] = [int(reps)] if isinstance(reps, (int, np.integer)) else [int(n) for n in reps]
    lead = max(len(times) - x.ndim, 0)
    times = [1] * (x.ndim + lead - len(times)) + times
    shape = (1,) * lead + x.shape
    pairs = [size for n, size in zip(times, shape, strict=True) for size in (n, size)]
    apart = x[tuple([part for _ in range(x.ndim) for part in (None, slice(None))])]
    return reshape(broadcast_to(apart, tuple(pairs)), _products(pairs))


def repeat(x: Any, repeats: Any, axis: int | None = None) -> Any:
    """Each entry along an axis so many times, of all of them in a row without one; a list says how often each."""
    x = expression(x)
    if axis is None:
        x, axis = reshape(x, -1), 0
    (k,) = axes_of(axis, x)
    if not isinstance(repeats, (int, np.integer)):
        if np.asarray(repeats).dtype.kind not in "biu":
            raise SymdiffTypeError(f"repeat takes a whole number, or a list of them, not {repeats!r:.60}")
        places = np.repeat(np.arange(_number(x.shape[k], "repeat by a list")), repeats)
        return x[_along_list(k, places)]
    apart = x[(*[slice(None)] * (k + 1), None)]
    pairs = (*x.shape[: k + 1], int(repeats), *x.shape[k + 1 :])
    joined = _products(pairs[k : k + 2])
    return reshape(broadcast_to(apart, pairs), (*x.shape[:k], *joined, *x.shape[k + 1 :]))


def _products(pairs: Sequence[Any]) -> tuple[int, ...]:
    numbers = [_number(n, "a repeated axis") for n in pairs]
    return tuple([a * b for a, b in zip(numbers[::2], numbers[1::2], strict=True)])


def _number(size: Any, what: str) -> int:
    if isinstance(size, str):
        raise SymdiffValueError(f"{what} needs a size that is a number, not {size}")
    return int(size)


def _along_list(axis: int, places: Any) -> tuple[Any, ...]:
    return (*[slice(None)] * axis, places)


def pad(x: Any, pad_width: Any, mode: str = "constant", constant_values: Any = 0) -> Any:
    """The array with a margin: of a number, or of its own entries as the modes of NumPy's `pad` choose them.

    Raises
    ------
    SymdiffValueError
        For another mode than "constant", "edge", "reflect", "symmetric" and "wrap".

    >>> import symdiff as sd, numpy as np
    >>> x = sd.Var("x", shape=3)
    >>> np.pad(x, 1), np.pad(x, (0, 2), mode="reflect")
    (zeros(5).at[1:4].add(x), x[[0, 1, 2, 1, 0]])
    """
    x = expression(x)
    widths = np.broadcast_to(np.asarray(pad_width, dtype=int), (x.ndim, 2)).tolist()
    if mode not in ("constant", "edge", "reflect", "symmetric", "wrap"):
        raise SymdiffValueError(f'pad is "constant", "edge", "reflect", "symmetric" or "wrap", not {mode!r}')
    if mode == "constant":
        return _padded(x, widths, constant_values)
    for k, width in enumerate(widths):
        places: Any = np.arange(_number(x.shape[k], "pad"))
        x = x[_along_list(k, np.pad(places, width, mode=mode))] if any(width) else x  # type: ignore[call-overload]
    return x


def _padded(x: Any, widths: Sequence[Sequence[int]], values: Any) -> Any:
    """The array amid numbers, of which there may be one for each side of each axis."""
    sides = np.broadcast_to(np.asarray(values), (x.ndim, 2))
    if all(value == 0 for value in sides.flat):
        sizes = [_number(n, "pad") for n in x.shape]
        whole = tuple([before + n + after for n, (before, after) in zip(sizes, widths, strict=True)])
        key = tuple([slice(before, before + n) for n, (before, _) in zip(sizes, widths, strict=True)])
        return zeros(whole).at[key].add(x)
    for k, width in enumerate(widths):
        blocks = [full((*x.shape[:k], n, *x.shape[k + 1 :]), v.item()) for n, v in zip(width, sides[k], strict=True)]
        x = concatenate([blocks[0], x, blocks[1]], k)
    return x


def block(values: Any) -> Any:
    """Matrices beside and below one another, as nested lists have them: rows are lists.

    >>> import symdiff as sd, numpy as np
    >>> A, b = sd.Var("A", shape=(2, 2)), sd.Var("b", shape=(2, 1))
    >>> np.block([[A, b], [b.T, np.zeros((1, 1))]]).shape
    (3, 3)
    """
    depth, inner = 0, values
    while isinstance(inner, list):
        if not inner:
            raise SymdiffValueError("block is of lists that hold arrays, not of an empty one")
        depth, inner = depth + 1, inner[0]
    flat: list[Any] = [values]
    levels = []
    for _ in range(depth):
        levels.append([len(row) for row in flat])
        flat = [item for row in flat for item in row]
    parts = [expression(v) for v in flat]
    axes = max([depth, *[len(_shape(v)) for v in parts]])
    parts = [v[(None,) * (axes - v.ndim)] if _shape(v) else broadcast_to(v, (1,) * axes) for v in parts]
    for k, counts in enumerate(reversed(levels)):
        rest = iter(parts)
        parts = [concatenate([next(rest) for _ in range(n)], axes - 1 - k) for n in counts]
    return parts[0]


def rot90(x: Any, k: int = 1, axes: tuple[int, int] = (0, 1)) -> Any:
    """A plane of the array turned by k right angles."""
    a, b = axes_of(tuple(axes), x)
    for _ in range(k % 4):
        x = flip(swapaxes(x, a, b), a)
    return x
