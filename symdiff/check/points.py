"""The points of a cross-check: one, a list of them, columns of equal length, or random ones in intervals."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from symdiff.algebra.evaluate import evaluate, point_by_key
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.handle import Handle
from symdiff.quoting import counted, quoted

Point = dict[Handle, float]


def points_of(f: Handle, point: Any, values: Mapping[str, Any], count: int | None, seed: int) -> list[Point]:
    """The points at which to check.

    Raises
    ------
    MissingValueError, SymdiffTypeError, SymdiffValueError
        For a variable without a value, values that are not real and finite,
        columns of different length, intervals that are none.
    """
    if point is None or isinstance(point, Mapping):
        return _of_columns(f, point, values, count, seed)
    if isinstance(point, (str, bytes)) or not isinstance(point, Iterable):
        raise SymdiffTypeError(f"the point is a dictionary or a list of dictionaries, not {point!r}")
    if count is not None:
        raise SymdiffTypeError("a number of points goes with intervals, not with a list of points")
    found = []
    for one in point:
        if not isinstance(one, Mapping):
            raise SymdiffTypeError(f"a list of points holds dictionaries, not {one!r}")
        found.extend(_of_columns(f, one, values, None, seed))
    if not found:
        raise SymdiffValueError("the list of points is empty")
    return found


def _of_columns(
    f: Handle, point: Mapping[Any, Any] | None, values: Mapping[str, Any], count: int | None, seed: int
) -> list[Point]:
    given = {} if point is None and not values else point_by_key(point, values)
    raw = {v: given[v._cell.key] if v._cell.key in given else evaluate(v, point, **values) for v in f.variables}
    if count is not None:
        return _random(raw, count, seed)
    columns = {v: _column(v, value) for v, value in raw.items()}
    lengths = {len(column) for column in columns.values() if isinstance(column, list)}
    if len(lengths) > 1:
        named = ", ".join(f"{v._cell.name} has {len(c)}" for v, c in columns.items() if isinstance(c, list))
        raise SymdiffValueError(f"the values of a list of points are equally many for each variable: {named}")
    length = max(lengths, default=1)
    if length == 0:
        raise SymdiffValueError("the list of points is empty")
    return [{v: c[k] if isinstance(c, list) else c for v, c in columns.items()} for k in range(length)]


def _column(v: Handle, value: Any) -> float | list[float]:
    """One number, or a list of them."""
    if isinstance(value, np.ndarray) and value.ndim > 1:
        raise SymdiffTypeError(f"the values of {v._cell.name} have shape {value.shape}; a list of points has one axis")
    several = isinstance(value, (list, tuple, range)) or (isinstance(value, np.ndarray) and value.ndim == 1)
    return [_real(v, x) for x in value] if several else _real(v, value)


def _real(v: Handle, value: Any) -> float:
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise SymdiffTypeError(f"crosscheck takes points of real numbers; {v._cell.name} is {quoted(value)}") from error
    if isinstance(value, str):
        raise SymdiffTypeError(f"crosscheck takes points of real numbers; {v._cell.name} is {quoted(value)}")
    if not math.isfinite(found):
        raise SymdiffValueError(f"crosscheck takes finite points; {v._cell.name} is {quoted(value)}")
    return found


def _random(raw: Mapping[Handle, Any], count: Any, seed: int) -> list[Point]:
    """Points drawn evenly from intervals; the same seed gives the same ones."""
    if isinstance(count, bool) or not isinstance(count, (int, np.integer)):
        raise SymdiffTypeError(f"the number of points is an int, not {count!r}")
    if count < 1:
        raise SymdiffValueError(f"the number of points is at least 1, not {counted(int(count))}")
    ranges: dict[Handle, tuple[float, float]] = {}
    for v, value in raw.items():
        column = _column(v, value)
        low, high = (column, column) if isinstance(column, float) else column if len(column) == 2 else (1.0, 0.0)
        if low > high:
            raise SymdiffValueError(
                f"with points={count} a value is a number or an interval (low, high), not "
                f"{v._cell.name} = {quoted(value)}"
            )
        ranges[v] = (low, high)
    draw = random.Random(seed)
    return [{v: draw.uniform(low, high) for v, (low, high) in ranges.items()} for _ in range(count)]
