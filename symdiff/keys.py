"""Keys of blocks of arrays: for every axis a place, or a range of places that starts somewhere and steps.

A range on an axis of a named size starts and ends where it says from either end: `1:` of `n` is a range of `n - 1`,
and all of it backwards starts at -1.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from symdiff.shapes import Shape, Size, bound

_LISTED = 64  # count of places up to which they are what tells them from others; more have a hash for that


@lru_cache(maxsize=16)
def _hash(at: tuple[int, ...]) -> str:
    return hashlib.blake2b(array("q", at).tobytes(), digest_size=16).hexdigest()


def _told(at: tuple[int, ...]) -> str:
    """What tells places from others: the keys of parameters are made of it."""
    return str(at) if len(at) <= _LISTED else f"{len(at)} places, {_hash(at)}"


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

    def __repr__(self) -> str:
        return f"Places({_told(self.at)})"


class Paired(NamedTuple):
    """Places of several axes that go together, the first of each, the second of each, …: one axis is left of them.

    It is where the first of them was; no other axis that is left stands between them.
    """

    at: tuple[int, ...]

    def __repr__(self) -> str:
        return f"Paired({_told(self.at)})"


Place: TypeAlias = "int | Range | Places | Paired"
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
    return None if isinstance(place, int) else len(place.at)


def taken_shape(key: Key, shape: Shape) -> Shape:
    """The shape of the block that a key takes."""
    return tuple([n for n in map(count, left_of(key)) if n is not None])


def left_of(key: Key) -> list[Place]:
    """The places that leave an axis, in order: of those that go together the first."""
    pairs = [k for k, p in enumerate(key) if isinstance(p, Paired)]
    return [p for k, p in enumerate(key) if not isinstance(p, int) and k not in pairs[1:]]


def is_listed(place: Any) -> bool:
    """Whether places are said one by one."""
    return isinstance(place, (Places, Paired))


def compose(first: Key, second: Key) -> Key | None:
    """The key that takes what `second` takes of what `first` takes, None where no single key does."""
    rest = iter(second)
    joined: Place | None = None  # what is taken of the axis that paired places leave
    found: list[Place] = []
    for p in first:
        if isinstance(p, int):
            found.append(p)
            continue
        if not isinstance(p, Paired):
            q = next(rest)
        elif joined is None:
            q = joined = next(rest)
        else:
            q = joined
        both = _composed(p, q)
        if both is None:
            return None
        found.append(both)
    stay_paired = joined is not None and not isinstance(joined, (int, Paired))
    return None if stay_paired and any(isinstance(q, Paired) for q in second) else tuple(found)


def _composed(first: Range | Places | Paired, second: Place) -> Place | None:
    if not isinstance(first, Range):
        if isinstance(second, int):
            return first.at[second]
        at = tuple([first.at[k] for k in _at(second)])
        return Paired(at) if isinstance(first, Paired) or isinstance(second, Paired) else Places(at)
    if first.start < 0 or (isinstance(second, Range) and second.start < 0):  # all of a named size backwards
        if second == Range(0, first.count):
            return first
        return Range(0, first.count) if second == first else None
    if isinstance(second, int):
        return first.start + second * first.step
    if not isinstance(second, Range):
        return type(second)(tuple([first.start + k * first.step for k in second.at]))
    return Range(first.start + second.start * first.step, second.count, first.step * second.step)


def _at(second: Range | Places | Paired) -> Iterable[int]:
    if not isinstance(second, Range):
        return second.at
    return range(second.start, second.start + int(second.count) * second.step, second.step)


def numpy_key(key: Key, sizes: Mapping[str, int]) -> tuple[int | slice | Places | Paired, ...]:
    """A key with Python's slices for ranges, named sizes in numbers."""
    return tuple(
        [Range(p.start, bound((p.count,), sizes)[0], p.step).as_slice if isinstance(p, Range) else p for p in key]
    )
