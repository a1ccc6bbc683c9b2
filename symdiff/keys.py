"""Keys of blocks of arrays: for every axis a place, or a range of places that starts somewhere and steps.

A range on an axis of a named size starts and ends where it says from either end: `1:` of `n` is a range of `n - 1`.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from symdiff.errors import SymdiffIndexError, SymdiffTypeError
from symdiff.shapes import Shape, Size, bound, plus, shown


class Range(NamedTuple):
    """Places of an axis: `count` of them from `start`, `step` apart."""

    start: int
    count: Size  # type: ignore[assignment]  # a field, not what tuples count
    step: int = 1

    @property
    def as_slice(self) -> slice:
        """The same as Python's slice; the count has to be a number."""
        if self.count == 0:
            return slice(0, 0)
        stop = self.start + int(self.count) * self.step
        return slice(self.start, None if stop < 0 else stop, self.step)


class Places(NamedTuple):
    """Places of an axis one by one, each at most once or more."""

    at: tuple[int, ...]


Place: TypeAlias = "int | Range | Places"
Key: TypeAlias = "tuple[Place, ...]"


class Where(NamedTuple):
    """Where blocks go: a key for each, and the shape of the array that has them, zero elsewhere."""

    keys: tuple[Key, ...]
    shape: Shape


def whole(place: Place, size: Size) -> bool:
    """Whether a place of a key is all of an axis."""
    return place == Range(0, size)


def count(place: Place) -> Size | None:
    """The size of the axis that a place of a key leaves, None where it leaves none."""
    if isinstance(place, Range):
        return place.count
    return len(place.at) if isinstance(place, Places) else None


def taken_shape(key: Key, shape: Shape) -> Shape:
    """The shape of the block that a key takes."""
    return tuple([n for n in map(count, key) if n is not None])


def place(given: Any, size: Size, axis: int, shape: Shape) -> Place:
    """An int, slice or index array for one axis, as a key has it.

    Raises
    ------
    SymdiffIndexError, SymdiffTypeError
        For a place that the axis does not have, and for what is no place.
    """
    if isinstance(given, slice):
        return _range(given, size)
    if isinstance(given, (list, tuple, np.ndarray)):
        return _places(np.asarray(given), size, axis, shape)
    try:
        k = operator.index(given)
    except TypeError as error:
        raise SymdiffTypeError(
            f"an index is an int, a slice, None, ..., or an array of ints or bools, not {given!r}"
        ) from error
    if isinstance(size, str):
        if k < 0:
            raise SymdiffIndexError(f"the place {k} of an axis of size {size} is not known: count from the front")
        return k
    if not -size <= k < size:
        raise SymdiffIndexError(f"there is no place {k} on axis {axis} of shape {shown(shape)}")
    return k % size


def _range(given: slice, size: Size) -> Range:
    if given.step == 0:
        raise SymdiffIndexError("a range steps forwards or backwards, never by 0")
    if isinstance(size, int):
        start, stop, step = given.indices(size)
        length = len(range(start, stop, step))
        return Range(start if length else 0, length, step if length > 1 else 1)
    start, stop, step = given.start or 0, given.stop, given.step or 1
    if step != 1 or start < 0:
        raise SymdiffIndexError(f"a range on an axis of size {size} starts from the front and steps by 1, not {given}")
    if stop is None or stop < 0:
        return Range(start, plus(size, (stop or 0) - start))
    return Range(start, max(stop - start, 0))


def _places(given: np.ndarray[Any, Any], size: Size, axis: int, shape: Shape) -> Places:
    if given.dtype == bool:
        if given.shape != (size,):
            raise SymdiffIndexError(
                f"a mask for axis {axis} of shape {shown(shape)} has {size} entries, not {given.shape}"
            )
        given = np.flatnonzero(given)
    if given.ndim != 1 or (given.size and given.dtype.kind not in "iu"):
        raise SymdiffTypeError(f"an index array is one row of ints or bools, not {given!r:.60}")
    return Places(tuple([place(int(k), size, axis, shape) for k in given]))  # type: ignore[misc]


def key_of(key: Any, shape: Shape) -> tuple[tuple[Place, ...], list[bool]]:
    """A key as places for every axis, and of each axis of the result whether it is one of them, not a new one.

    Raises
    ------
    SymdiffIndexError, SymdiffTypeError
        For more places than axes, places that an axis does not have, and several index arrays.
    """
    items = list(key) if isinstance(key, tuple) else [key]
    given = sum(item is not None and item is not Ellipsis for item in items)
    if given > len(shape):
        raise SymdiffIndexError(f"{given} places for an array of shape {shown(shape)}, which has {len(shape)} axes")
    fill = [slice(None)] * (len(shape) - given)
    dots = [k for k, item in enumerate(items) if item is Ellipsis]
    if len(dots) > 1:
        raise SymdiffIndexError("an index has one ... at most")
    at = dots[0] if dots else len(items)
    items[at : at + len(dots)] = fill
    places: list[Place] = []
    kept: list[bool] = []
    for item in items:
        if item is None:
            kept.append(False)
        else:
            axis = len(places)
            places.append(place(item, shape[axis], axis, shape))
            if count(places[-1]) is not None:
                kept.append(True)
    if sum(not isinstance(p, (int, Range)) for p in places) > 1:
        raise SymdiffIndexError("one index array at a time: take rows first, then columns, X[rows][:, columns]")
    return tuple(places), kept


def compose(first: Key, second: Key) -> Key:
    """The key that takes what `second` takes of what `first` takes."""
    rest = iter(second)
    return tuple([p if isinstance(p, int) else _composed(p, next(rest)) for p in first])


def _composed(first: Range | Places, second: Place) -> Place:
    if isinstance(first, Places):
        if isinstance(second, int):
            return first.at[second]
        return Places(tuple([first.at[k] for k in _at(second)]))
    if isinstance(second, int):
        return first.start + second * first.step
    if isinstance(second, Places):
        return Places(tuple([first.start + k * first.step for k in second.at]))
    return Range(first.start + second.start * first.step, second.count, first.step * second.step)


def _at(second: Range | Places) -> Iterable[int]:
    if isinstance(second, Places):
        return second.at
    return range(second.start, second.start + int(second.count) * second.step, second.step)


def numpy_key(key: Key, sizes: Mapping[str, int]) -> tuple[Any, ...]:
    """A key for NumPy, one axis after the other, named sizes in numbers: index arrays stand for themselves."""
    places: list[Any] = []
    for p in key:
        if isinstance(p, Range):
            places.append(Range(p.start, bound((p.count,), sizes)[0], p.step).as_slice)
        else:
            places.append(np.array(p.at, dtype=int) if isinstance(p, Places) else p)
    return tuple(places)
