"""Values of derivatives at points, and how numbers are shown."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from symdiff.algebra.evaluate import evaluate
from symdiff.command.assignments import Points
from symdiff.command.derivatives import Quantity, rank
from symdiff.command.formulas import CommandError

ROWS = 10_000  # batch size in points
_WRITTEN, _WIDE = 40, 72  # limits of an array that is written in full, in entries and in letters
_LONG = 4000  # digit limit of a whole number, about what Python writes


def values_at(quantities: Sequence[Quantity], point: Mapping[str, Any]) -> list[Any]:
    """The value of each at one point, exact where the point is."""
    return _evaluated(quantities, point)


def _evaluated(quantities: Sequence[Quantity], point: Mapping[str, Any]) -> list[Any]:
    try:
        return list(evaluate([q.expr for q in quantities], point))
    except (TypeError, ValueError, ArithmeticError) as error:  # report complex constants among real numbers, say
        raise CommandError(f"there is no value here: {error}") from error


def rows(quantities: Sequence[Quantity], points: Points) -> Iterator[tuple[dict[str, Any], list[Any]]]:
    """Each point of some ranges, and the values there, which are floats: arrays of points are evaluated at once."""
    todo = iter(points)
    while chunk := list(itertools.islice(todo, ROWS)):
        at = {name: np.array([float(point[name]) for point in chunk]) for name in points.ranges}
        values = _evaluated(quantities, {**points.fixed, **at})
        found = [_columns(q, v, len(chunk)) for q, v in zip(quantities, values, strict=True)]
        for k, point in enumerate(chunk):
            yield point, [column[k] for column in found]


def _columns(q: Quantity, value: Any, count: int) -> list[Any]:
    """The values at each of some points, arrays among them as nested lists."""
    axes = rank(q.expr)
    entries = np.shape(value)[np.ndim(value) - axes :] if axes else ()
    found: list[Any] = np.broadcast_to(value, (count, *entries)).tolist()
    return found


def shown(value: Any) -> str:
    """A number in full.

    >>> [shown(v) for v in (42, 24.0, Fraction(1, 3), True)]
    ['42', '24.0', '1/3', 'True']
    """
    value = value.item() if isinstance(value, np.generic) else value
    if isinstance(value, (list, np.ndarray)):
        return _array(np.asarray(value))
    if isinstance(value, (int, Fraction)) and max(abs(value.numerator), value.denominator).bit_length() > 3 * _LONG:
        return f"{Decimal(value.numerator) / Decimal(value.denominator):.17g}"
    return str(value)


def _array(array: Any) -> str:
    """An array as nested lists where that is short, rounded where it is not quite, else its ends and its shape."""
    if 0 < array.size <= _WRITTEN:
        text = next((t for t in (_nested(array, shown), _nested(array, brief)) if len(t) <= _WIDE), "")
        if text:
            return text
    ends = " … ".join([brief(array.flat[k]) for k in (0, -1)])
    return f"[{ends}] of shape {'×'.join(map(str, array.shape))}" if array.size else f"[] of shape {array.shape}"


def _nested(array: Any, entry: Callable[[Any], str]) -> str:
    parts = [_nested(part, entry) if np.ndim(part) else entry(part) for part in array]
    return f"[{', '.join(parts)}]"


def brief(value: Any) -> str:
    """A number for a table, rounded to ten digits."""
    return f"{value:.10g}" if isinstance(value, float) else shown(value)


def for_json(value: Any) -> Any:
    """A number as JSON has it: nan and infinities as strings, exact fractions as floats, others as text.

    >>> [for_json(v) for v in (42, Fraction(1, 2), math.nan, -math.inf, 1j)]
    [42, 0.5, 'nan', '-inf', '1j']
    """
    value = value.item() if isinstance(value, np.generic) else value
    if isinstance(value, (list, np.ndarray)):
        return [for_json(part) for part in value]
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int) and value.bit_length() <= 3 * _LONG:
        return value
    if isinstance(value, complex):
        return shown(value)
    try:
        number = float(value)
    except OverflowError:
        return shown(value)
    except (TypeError, ValueError):
        return str(value)
    return number if math.isfinite(number) else str(number)
