"""Between which numbers unknowns are to be, as vectors of all their entries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symdiff.bridge.unknowns import Unknowns
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.shapes import bound

Pair = tuple[NDArray[np.float64], NDArray[np.float64]]


class VariableBounds:
    """A pair (low, high) for each item of the unknowns, each a number or an array that broadcasts to its shape."""

    def __init__(self, given: Any, unknowns: Unknowns) -> None:
        self._unknowns = unknowns
        self._pairs: list[Pair] = [_pair((None, None), name) for name in unknowns.names]
        if given is None:
            pass
        elif hasattr(given, "lb") and hasattr(given, "ub"):
            self._of_all(given.lb, given.ub)
        elif isinstance(given, Mapping):
            for key, pair in given.items():
                k = unknowns.number_of(key)
                self._pairs[k] = _pair(pair, unknowns.names[k])
        elif isinstance(given, tuple) and (len(unknowns.items) == 1 or not any(isinstance(v, tuple) for v in given)):
            self._pairs = [_pair(given, name) for name in unknowns.names]
        else:
            self._listed(list(given) if isinstance(given, (list, tuple, np.ndarray)) else given)
        if not unknowns.has_names:
            self.vectors({})

    def _listed(self, given: Any) -> None:
        unknowns = self._unknowns
        if not isinstance(given, list):
            raise SymdiffTypeError(
                f"bounds are a pair (low, high), one for each of xs, or a dictionary, not {given!r:.60}"
            )
        if len(given) == len(unknowns.items):
            self._pairs = [_pair(pair, name) for pair, name in zip(given, unknowns.names, strict=True)]
        elif len(given) == unknowns.count({}):
            pairs = [_pair(pair, "an unknown") for pair in given]
            self._of_all(*[np.array([float(pair[side]) for pair in pairs]) for side in (0, 1)])
        else:
            raise SymdiffValueError(
                f"bounds has {len(given)} pairs for {len(unknowns.items)} unknowns: {unknowns.names}"
            )

    def _of_all(self, low: Any, high: Any) -> None:
        """Bounds as two vectors of all entries."""
        unknowns = self._unknowns
        count = unknowns.count({})
        ends = [np.broadcast_to(np.asarray(v, float), (count,)) for v in (low, high)]
        split = [unknowns.parts(end, {}) for end in ends]
        self._pairs = [_pair(pair, name) for *pair, name in zip(*split, unknowns.names, strict=True)]

    def vectors(self, sizes: Mapping[str, int]) -> Pair:
        """Both ends for all entries.

        Raises
        ------
        SymdiffValueError
            For shapes that do not fit, and bounds that cross.
        """
        unknowns = self._unknowns
        low, high = np.empty(unknowns.count(sizes)), np.empty(unknowns.count(sizes))
        for pair, name, shape, place in zip(
            self._pairs, unknowns.names, unknowns.shapes, unknowns.places(sizes), strict=True
        ):
            full = bound(shape, sizes)
            for vector, end in zip((low, high), pair, strict=True):
                vector[place] = _spread(end, full, name)
            crossed = np.flatnonzero(low[place] > high[place])
            if len(crossed):
                at = [int(k) for k in np.unravel_index(crossed[0], full)] if full else ""
                k = place.start + crossed[0]
                raise SymdiffValueError(f"the bounds of {name}{at} cross: {low[k]} is above {high[k]}")
        return low, high


def _spread(end: NDArray[np.float64], shape: tuple[int, ...], name: str) -> NDArray[np.float64]:
    try:
        return np.broadcast_to(end, shape).ravel()
    except ValueError as error:
        raise SymdiffValueError(f"a bound of {name} has shape {end.shape}, {name} has {shape}") from error


def _pair(given: Any, name: str) -> Pair:
    if not isinstance(given, (tuple, list, np.ndarray)) or len(given) != 2:
        raise SymdiffTypeError(
            f"the bounds of {name} are a pair (low, high), each None where it is open, not {given!r:.60}"
        )
    low, high = given
    return _end(low, -np.inf, name), _end(high, np.inf, name)


def _end(value: Any, open_end: float, name: str) -> NDArray[np.float64]:
    try:
        end = np.asarray(open_end if value is None else value, dtype=float)
    except (TypeError, ValueError) as error:
        raise SymdiffTypeError(f"a bound of {name} is {value!r:.60}: give numbers or None") from error
    if np.isnan(end).any():
        raise SymdiffValueError(f"a bound of {name} is nan")
    return end
