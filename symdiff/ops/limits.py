"""Values of slopes that are limits: of powers as the base falls to 0, and quotients by a norm that is 0."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from symdiff import exact

Number = Any

EXACT = 2.0**24  # from 1 up to this y - 1 does not round, of float32 either


def pow_by_base(power: Callable[[Number, Number], Number]) -> Callable[[Number, Number], Number]:
    """`y*x**(y - 1)`, 0 where y is; by `x**y/x`, as y - 1 rounds."""
    return lambda x, y: y * 0 if y == 0 else y * (power(x, y) / x) if x != 0 else y * power(x, y - 1)


def pow_by_exponent(
    power: Callable[[Number, Number], Number], log: Callable[[Number], Number]
) -> Callable[[Number, Number], Number]:
    """`x**y*log(x)`, 0 where x and x**y are."""
    return lambda x, y: x if x == 0 and power(x, y) == 0 else power(x, y) * log(x)


def pow_by_base_array(x: Any, y: Any) -> Any:
    """As `pow_by_base`, of arrays; by x**(y - 1) where y - 1 does not round, or does not matter."""
    inexact = (x != 0) & (np.abs(x) < np.inf) & ((y < 1) | (y > EXACT))
    slope = y * np.where(inexact, np.true_divide(np.power(x, y), x), np.power(x, y - 1.0))
    return np.where(y == 0, 0.0, slope)


def pow_by_exponent_array(x: Any, y: Any) -> Any:
    """As `pow_by_exponent`, of arrays."""
    return np.where((x == 0) & (y > 0), 0.0, np.power(x, y) * np.log(x))


def norm_quotient(x: Number, r: Number) -> Number:
    """x/r, 0 where both are."""
    return x if x == r == 0 else x / r


def norm_quotient_rational(x: Number, r: Number) -> Number:
    """As `norm_quotient`, where a Fraction came in."""
    return x if x == r == 0 else exact.quotient(x, r)


def norm_quotient_array(x: Any, r: Any) -> Any:
    """As `norm_quotient`, of arrays."""
    return np.where((x == 0) & (r == 0), x, np.true_divide(x, r))
