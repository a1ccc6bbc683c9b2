"""What stands between brackets, `X[1:, 0]`, `X[rows, columns]`, `X[mask]`, as keys: NumPy's meaning of all of it.

Index arrays go together and leave the axes that they have themselves, at the place of the first of them; in front
where a slice, `None` or `...` stands between two of them, an int beside an index array being one too.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from symdiff.errors import SymdiffIndexError, SymdiffTypeError
from symdiff.keys import Key, Paired, Place, Places, Range
from symdiff.quoting import counted
from symdiff.shapes import Shape, Size, plus, shown

_Array = np.ndarray[Any, Any]


class Subscript(NamedTuple):
    """A subscript: the axes in the order in which the key has them, the key, and what is left."""

    order: tuple[int, ...] | None  # None for the order in which they are
    key: Key
    shape: Shape  # of what is taken, with the axes that index arrays have
    kept: tuple[bool, ...]  # of each axis of the result whether it is one of these, not a new one


class _Held(NamedTuple):
    """The array that a subscript is of."""

    shape: Shape
    name: str

    def __str__(self) -> str:
        return f"{self.name} of shape {shown(self.shape)}" if self.name else f"shape {shown(self.shape)}"


class _Item(NamedTuple):
    """A part of a subscript: None for a new axis, a place, or an index array, and the axis that it is of."""

    value: Any
    axis: int = -1


def subscript(given: Any, shape: Shape, name: str = "") -> Subscript:
    """What a subscript means for an array of some shape; errors say its name.

    Raises
    ------
    SymdiffIndexError, SymdiffTypeError
        For more places than axes, places that an axis does not have, index arrays that do not go together.
    """
    items = _items(given, _Held(shape, name))
    arrays = [item for item in items if isinstance(item.value, np.ndarray)]
    own, listed = _together(arrays)
    advanced = [k for k, item in enumerate(items) if isinstance(item.value, (int, np.ndarray))] if arrays else []
    apart = bool(advanced) and advanced[-1] - advanced[0] >= len(advanced)
    if apart:
        front = [items[k] for k in advanced]
        items = front + [item for k, item in enumerate(items) if k not in advanced]
        advanced = list(range(len(front)))
    kept: list[bool] = []
    left: list[Size] = []
    for k, item in enumerate(items):
        if k in advanced:
            kept += [True] * len(own) if k == advanced[0] else []
            left += own if k == advanced[0] else ()
        elif item.value is None:
            kept.append(False)
        elif isinstance(item.value, Range):
            kept.append(True)
            left.append(item.value.count)
    placed = [item for item in items if item.value is not None]
    order = tuple([item.axis for item in placed])
    key = tuple([listed.get(item.axis, item.value) for item in placed])
    return Subscript(order if apart else None, key, tuple(left), tuple(kept))


def _items(given: Any, held: _Held) -> list[_Item]:
    """The parts of a subscript, one for each axis and each new one; a mask is an index array for each of its axes."""
    parts = [_part(part) for part in (given if isinstance(given, tuple) else (given,))]
    spans = [_span(part) for part in parts]
    if sum(spans) > len(held.shape):
        raise SymdiffIndexError(f"{sum(spans)} places for {held}, which has {len(held.shape)} axes")
    dots = [k for k, part in enumerate(parts) if part is Ellipsis]
    if len(dots) > 1:
        raise SymdiffIndexError("an index has one ... at most")
    at = dots[0] if dots else len(parts)
    parts[at : at + len(dots)] = [slice(None)] * (len(held.shape) - sum(spans))
    found: list[_Item] = []
    axis = 0
    for part in parts:
        if part is None:
            found.append(_Item(None))
            continue
        if isinstance(part, np.ndarray) and part.dtype == bool:
            found += [_Item(places, axis + k) for k, places in enumerate(_of_mask(part, axis, held))]
        elif isinstance(part, np.ndarray):
            found.append(_Item(_of_array(part, axis, held), axis))
        else:
            found.append(_Item(_place(part, axis, held), axis))
        axis += _span(part)
    return found


def _part(given: Any) -> Any:
    if isinstance(given, (bool, np.bool_)):
        raise SymdiffTypeError(f"{given} is no index: a mask is an array of bools")
    if isinstance(given, (list, tuple)):
        given = np.asarray(given)
    if not isinstance(given, np.ndarray) or (not given.ndim and given.dtype.kind in "iu"):
        return given
    if given.size and given.dtype.kind not in "iub":
        raise SymdiffTypeError(f"an index array is of ints or bools, not {given!r:.60}")
    return given if given.dtype.kind in "iub" else given.astype(int)


def _span(part: Any) -> int:
    """The number of axes that a part of a subscript is of."""
    if part is None or part is Ellipsis:
        return 0
    return part.ndim if isinstance(part, np.ndarray) and part.dtype == bool else 1


def _place(given: Any, axis: int, held: _Held) -> Place:
    """An int or a slice for one axis, as a key has it."""
    if isinstance(given, slice):
        return _range(given, held.shape[axis])
    try:
        k = operator.index(given)
    except TypeError as error:
        raise SymdiffTypeError(
            f"an index is an int, a slice, None, ..., or an array of ints or bools, not {given!r}"
        ) from error
    return _within(k, axis, held)


def _within(k: int, axis: int, held: _Held) -> int:
    size = held.shape[axis]
    if isinstance(size, str):
        if k < 0:
            raise SymdiffIndexError(
                f"the place {counted(k)} of an axis of size {size} is not known: count from the front"
            )
        return k
    if not -size <= k < size:
        raise SymdiffIndexError(f"there is no place {counted(k)} on axis {axis} of {held}, which has size {size}")
    return k % size


def _range(given: slice, size: Size) -> Range:
    if given.step == 0:
        raise SymdiffIndexError("a range steps forwards or backwards, never by 0")
    if isinstance(size, int):
        start, stop, step = given.indices(size)
        length = len(range(start, stop, step))
        return Range(start if length else 0, length, step if length > 1 else 1)
    if (given.start, given.stop, given.step) == (None, None, -1):
        return Range(-1, size, -1)
    start, stop, step = given.start or 0, given.stop, given.step or 1
    if step != 1 or start < 0:
        raise SymdiffIndexError(
            f"a range on an axis of size {size} starts from the front and steps by 1, or is ::-1, not {given}"
        )
    if stop is None or stop < 0:
        return Range(start, plus(size, (stop or 0) - start))
    return Range(start, max(stop - start, 0))


# -- index arrays ------------------------------------------------------------------------------------


def _of_mask(mask: _Array, axis: int, held: _Held) -> list[_Array]:
    """The places where a mask is true, an index array for each of its axes."""
    wanted = held.shape[axis : axis + mask.ndim]
    if any(isinstance(n, str) for n in wanted):
        raise SymdiffIndexError(
            f"a mask of {held} needs numbers for {', '.join(n for n in wanted if isinstance(n, str))}"
        )
    if mask.shape != wanted:
        axes = f"axis {axis}" if mask.ndim == 1 else f"axes {axis} to {axis + mask.ndim - 1}"
        raise SymdiffIndexError(f"a mask for {axes} of {held} has shape {shown(wanted)}, not {shown(mask.shape)}")
    return list(np.nonzero(mask))


def _of_array(given: _Array, axis: int, held: _Held) -> _Array:
    places = [_within(int(k), axis, held) for k in given.flat]
    return np.array(places, dtype=int).reshape(given.shape)


def _together(items: Sequence[_Item]) -> tuple[tuple[int, ...], dict[int, Place]]:
    """The axes that index arrays have together, and what a key has for each of the axes that they are of."""
    arrays = [item.value for item in items]
    try:
        own = np.broadcast_shapes(*[a.shape for a in arrays])
    except ValueError as error:
        shapes = " and ".join(shown(a.shape) for a in arrays)
        raise SymdiffIndexError(
            f"index arrays of shapes {shapes} do not go together; np.ix_(rows, columns) takes every pair of places"
        ) from error
    crossed = len(arrays) == len(own) and all(
        all(k == j or n == 1 for j, n in enumerate(a.shape, len(own) - a.ndim)) and a.size == own[k]
        for k, a in enumerate(arrays)
    )
    if crossed or len(arrays) == 1:
        return own, {item.axis: Places(tuple(item.value.ravel().tolist())) for item in items}
    return own, {item.axis: Paired(tuple(np.broadcast_to(item.value, own).ravel().tolist())) for item in items}
