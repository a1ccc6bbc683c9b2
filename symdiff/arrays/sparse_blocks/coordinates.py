"""Places of axes along labels, and labels joined where axes have to agree: coordinates of the blocks of an array.

A block has labels, one for each axis of its values; every axis of the array that it is in has a place, or one for
each number that a label stands for. To multiply two blocks is to join their labels where they share an axis, as
tables of a database are (the tensors of Kjolstad, Kamil, Chou, Lugato and Amarasinghe, The tensor algebra compiler,
2017).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from symdiff.arrays.contraction import fresh
from symdiff.errors import SymdiffValueError
from symdiff.keys import Paired, Place, Places, Range
from symdiff.shapes import Size, bound, named, plus

Label: TypeAlias = Any  # hashable
Table = NDArray[np.intp]  # places of an axis one by one
Spot: TypeAlias = "int | Range | Table"

NOWHERE: Mapping[str, int] = {}


class Along(NamedTuple):
    """Where an axis is: at one place, or at a place for each number that a label stands for."""

    label: Label
    at: Any  # an int where the label is None, else a Range or a Table

    @property
    def key(self) -> tuple[Any, ...]:
        """What tells it from others."""
        return (self.label, self.at.tobytes()) if isinstance(self.at, np.ndarray) else (self.label, self.at)


class Block(NamedTuple):
    """Values, and for each axis of the array where they are: labels are the axes of the values, counted from 0.

    Where blocks meet, and where one names a place twice, values are added.
    """

    values: int
    axes: tuple[Along, ...]


class Unknown(Exception):  # noqa: N818  # no error: what is asked depends on numbers that names stand for
    """Raised where sizes that have names would have to be compared."""


def all_of(label: Label, size: Size) -> Along:
    """An axis that a label is alone."""
    return Along(label, Range(0, size))


def labels_of(axes: Sequence[Along]) -> list[Label]:
    """The labels that axes are along, once each."""
    return list(dict.fromkeys([a.label for a in axes if a.label is not None]))


def placed(place: Place) -> Spot:
    """A place of a key."""
    return np.array(place.at, dtype=np.intp) if isinstance(place, (Places, Paired)) else place


def as_place(at: Spot) -> Place:
    """The same for a key."""
    if not isinstance(at, np.ndarray):
        return at
    short = told(at)
    if isinstance(short, int):
        return Range(short, 1)
    return short if isinstance(short, Range) else Places(tuple(at.tolist()))


def numbers(at: Range | Table, sizes: Mapping[str, int] = NOWHERE) -> Table:
    """Every place as a number.

    Raises
    ------
    Unknown
        For a count without one.
    """
    if isinstance(at, np.ndarray):
        return at
    count = at.count
    if isinstance(count, str):
        if named(count)[0] not in sizes:
            raise Unknown
        (count,) = bound((count,), sizes)
    start = count - 1 if at.start < 0 else at.start  # all of a named size backwards
    return start + at.step * np.arange(count, dtype=np.intp)


def told(table: Table) -> Spot:
    """A table as what is shortest: one place as an int, places that step evenly as a range."""
    n = len(table)
    if n == 1:
        return int(table[0])
    if n == 0:
        return Range(0, 0)
    start, step = int(table[0]), int(table[1] - table[0])
    even = step and table[-1] == start + step * (n - 1) and bool(np.all(np.diff(table) == step))
    return Range(start, n, step) if even else table


def through(outer: Spot, inner: Spot) -> Spot:
    """The places that `outer` has at those of `inner`."""
    if isinstance(outer, (int, np.integer)):
        return outer
    if isinstance(outer, Range):
        if isinstance(inner, Range):
            if outer.start < 0 or inner.start < 0:
                return _backwards(outer, inner)
            return Range(outer.start + inner.start * outer.step, inner.count, outer.step * inner.step)
        if outer.start < 0:
            raise Unknown
        return outer.start + inner * outer.step
    if isinstance(inner, Range):
        return outer if inner == Range(0, len(outer)) else outer[numbers(inner)]
    return int(outer[inner]) if isinstance(inner, int) else outer[inner]


def _backwards(outer: Range, inner: Range) -> Range:
    """As `through`, where all of a named size is taken backwards.

    Raises
    ------
    Unknown
        For a part of it, whose start depends on the size.
    """
    if outer == Range(0, inner.count):
        return inner
    if inner == Range(0, outer.count):
        return outer
    if inner == outer:
        return Range(0, outer.count)
    raise Unknown


def counted(at: Range | Table) -> Size:
    """How many places there are."""
    return at.count if isinstance(at, Range) else len(at)


def flat_places(
    axes: Sequence[Along], shape: Sequence[int], full: Sequence[int], sizes: Mapping[str, int] = NOWHERE
) -> Any:
    """The number in a flat array of a shape of each entry of a block of a shape, broadcast along labels without a part.

    Raises
    ------
    SymdiffValueError
        For a place that an axis does not have.
    """
    found: Any = np.zeros((1,) * len(full), np.intp)
    for axis, size in zip(axes, shape, strict=True):
        if axis.label is None:
            at: Any = np.intp(axis.at)
        else:
            at = numbers(axis.at, sizes)
            at = at.reshape([-1 if k == axis.label else 1 for k in range(len(full))])
        if at.size and not (at.min() >= 0 and at.max() < size):
            raise SymdiffValueError(f"a block has the place {int(at.max())} on an axis of size {size}")
        found = found * size + at
    return found


# -- where two axes have the same place --------------------------------------------------------------


def matches(a: Spot, b: Spot, size: Size) -> tuple[Spot, Spot]:
    """The numbers at which places of an axis of a size are the same, as pairs: those of `a`, and those of `b`.

    Raises
    ------
    Unknown
        Where that depends on what names of sizes stand for.
    """
    if isinstance(a, int) or isinstance(b, int):
        return _at_one_place(a, b, size)
    if isinstance(a, Range) and isinstance(b, Range) and a == b:
        return Range(0, counted(a)), Range(0, counted(a))
    if isinstance(a, Range) and a == Range(0, size):
        return b, Range(0, counted(b))
    if isinstance(b, Range) and b == Range(0, size):
        return Range(0, counted(a)), a
    if isinstance(a, Range) and isinstance(b, Range) and a.step == b.step == 1:
        return _overlap(a, b)
    return _equal_pairs(numbers(a), numbers(b))


def _at_one_place(a: Spot, b: Spot, size: Size) -> tuple[Spot, Spot]:
    if isinstance(b, int):
        if isinstance(a, int):
            return (0, 0) if a == b else (_NONE, _NONE)
        right, left = _at_one_place(b, a, size)
        return left, right
    assert isinstance(a, int)
    at: Spot = a if isinstance(b, Range) and b == Range(0, size) else told(np.flatnonzero(numbers(b) == a))
    return _NONE if _is_empty(at) else 0, at


def _overlap(a: Range, b: Range) -> tuple[Spot, Spot]:
    low = max(a.start, b.start)
    count = plus(lesser(plus(a.count, a.start), plus(b.count, b.start)), -low)
    if isinstance(count, int) and count < 2:
        return (low - a.start, low - b.start) if count == 1 else (_NONE, _NONE)
    return Range(low - a.start, count), Range(low - b.start, count)


def lesser(a: Size, b: Size) -> Size:
    """The smaller of two sizes.

    Raises
    ------
    Unknown
        Where that depends on what names of sizes stand for.
    """
    if isinstance(a, int) and isinstance(b, int):
        return min(a, b)
    if isinstance(a, int) or isinstance(b, int) or named(a)[0] != named(b)[0]:
        raise Unknown
    return a if named(a)[1] < named(b)[1] else b


def _equal_pairs(a: Table, b: Table) -> tuple[Spot, Spot]:
    order = np.argsort(b, kind="stable")
    ranked = b[order]
    first = np.searchsorted(ranked, a, "left")
    each = np.searchsorted(ranked, a, "right") - first
    left = np.repeat(np.arange(len(a), dtype=np.intp), each)
    within = np.arange(len(left), dtype=np.intp) - np.repeat(np.cumsum(each) - each, each)
    return told(left), told(order[np.repeat(first, each) + within])


def _is_empty(at: Spot) -> bool:
    return not isinstance(at, int) and counted(at) == 0


_NONE = Range(0, 0)


class Joined:
    """Labels, each found along those that are left when axes were made to agree."""

    def __init__(self) -> None:
        self._found: dict[Label, Along] = {}
        self._sizes: dict[Label, Size] = {}

    def enter(self, label: Label, size: Size) -> None:
        """Take in a label that stands for so many numbers."""
        self._found[label] = all_of(label, size)
        self._sizes[label] = size

    def along(self, axis: Along) -> Along:
        """An axis along the labels that are left."""
        if axis.label is None:
            return axis
        found = self._found[axis.label]
        at = through(axis.at, found.at)
        return Along(None, at) if isinstance(at, int) else Along(found.label, at)

    def label(self, label: Label) -> Along:
        """The numbers of a label that are left, along one of those that are left."""
        return self.along(all_of(label, self._sizes[label]))

    def size(self, label: Label) -> Size:
        """How many numbers a label that is left stands for."""
        return self._sizes[label]

    def agree(self, a: Along, b: Along, size: Size) -> bool:
        """Keep the numbers at which two places of an axis of a size are the same; False where there are none.

        Raises
        ------
        Unknown
            Where that depends on what names of sizes stand for.
        """
        a, b = self.along(a), self.along(b)
        if a.label is not None and a.label == b.label:
            if a.key == b.key:
                return True
            at = told(np.flatnonzero(numbers(a.at) == numbers(b.at)))
            return self._rename({a.label: at})
        left, right = matches(a.at, b.at, size)
        return self._rename({a.label: left, b.label: right})

    def _rename(self, places: dict[Label, Spot]) -> bool:
        """Put a new label in the place of some, of which these numbers are left."""
        if any(map(_is_empty, places.values())):
            return False
        (new,) = fresh(1)
        for old, at in places.items():
            if old is None:
                continue
            if not isinstance(at, int):
                self._sizes[new] = counted(at)
            for label, found in self._found.items():
                if found.label == old:
                    inner = through(found.at, at)
                    self._found[label] = Along(None, inner) if isinstance(inner, int) else Along(new, inner)
        return True
