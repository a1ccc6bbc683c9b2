"""The largest and the smallest of many numbers that carry derivatives: those that are equal share the slope evenly."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import reduce
from numbers import Real
from typing import Any

import numpy as np

from symdiff import records


def along(op: records.Operation, array: Any, axes: tuple[int, ...]) -> Any:
    """The extreme of an object array along axes."""
    rows = in_rows(array, axes)
    found = np.empty(rows.shape[:-1], dtype=object)
    for k in np.ndindex(*found.shape):
        found[k] = of(op, list(rows[k]))
    return found[()]


def in_rows(array: Any, axes: tuple[int, ...]) -> Any:
    """An array with some axes as one, which is the last."""
    last = np.moveaxis(array, axes, tuple(range(-len(axes), 0)))
    kept = last.ndim - len(axes)
    return last.reshape((*last.shape[:kept], math.prod(last.shape[kept:])))  # -1 has no meaning beside a size of 0


def of(op: records.Operation, numbers: Sequence[Any]) -> Any:
    """The extreme of numbers, by `maximum` or `minimum`, whose own slopes of three would be 1/4, 1/4 and 1/2."""
    extreme = reduce(op, numbers)
    if len(numbers) < 3 or not any(hasattr(number, "main") for number in numbers):
        return extreme
    value = _value(extreme)
    if not isinstance(value, Real):  # leave arrays, expressions and values of a user's algebra to the operation
        return extreme
    tied = [number for number in numbers if _value(number) == value]
    if len(tied) < 3:
        return extreme
    if not math.isfinite(value):
        return sum([number / len(tied) for number in tied])
    return value + sum([(number - value) / len(tied) for number in tied])  # keep the value as it is


def _value(number: Any) -> Any:
    """The value without derivatives."""
    while hasattr(number, "main"):
        number = number.main
    return number
