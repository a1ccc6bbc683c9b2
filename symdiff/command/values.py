"""Values of derivatives at points, and how numbers are shown."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from symdiff.algebra.evaluate import evaluate
from symdiff.command.assignments import Points
from symdiff.command.derivatives import Quantity
from symdiff.command.formulas import CommandError

ROWS = 10_000  # batch size in points
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
        found = [np.broadcast_to(v, len(chunk)).tolist() for v in _evaluated(quantities, {**points.fixed, **at})]
        for k, point in enumerate(chunk):
            yield point, [column[k] for column in found]


def shown(value: Any) -> str:
    """A number in full.

    >>> [shown(v) for v in (42, 24.0, Fraction(1, 3), True)]
    ['42', '24.0', '1/3', 'True']
    """
    value = value.item() if isinstance(value, np.generic) else value
    if isinstance(value, (int, Fraction)) and max(abs(value.numerator), value.denominator).bit_length() > 3 * _LONG:
        return f"{Decimal(value.numerator) / Decimal(value.denominator):.17g}"
    return str(value)


def brief(value: Any) -> str:
    """A number for a table, rounded to ten digits."""
    return f"{value:.10g}" if isinstance(value, float) else shown(value)


def for_json(value: Any) -> Any:
    """A number as JSON has it: nan and infinities as strings, exact fractions as floats, others as text.

    >>> [for_json(v) for v in (42, Fraction(1, 2), math.nan, -math.inf, 1j)]
    [42, 0.5, 'nan', '-inf', '1j']
    """
    value = value.item() if isinstance(value, np.generic) else value
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
