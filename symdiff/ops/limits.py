"""Values of slopes that are limits: of powers as the base falls to 0, and quotients by a norm that is 0."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from symdiff import exact

Number = Any

EXACT = 2.0**24  # from 1 up to this y - 1 does not round, of float32 either


# -- powers: square roots of them, twice, so that nothing overflows but the slope itself -----------


def _less_one(y: Number) -> tuple[Number, Number]:
    """y - 1, and what rounding took from it: Knuth's sum of two, TAOCP 2, 4.2.2."""
    rounded = y - 1.0
    back = rounded - y
    return rounded, (y - (rounded - back)) - (1.0 + back)


def pow_by_base(power: Callable[[Number, Number], Number]) -> Callable[[Number, Number], Number]:
    """`y*x**(y - 1)`, 0 where y is; by `x**y/x`, as y - 1 rounds."""
    return lambda x, y: y * 0 if y == 0 else y * (power(x, y) / x) if x != 0 else y * power(x, y - 1)


def pow_by_base_real(x: float, y: float) -> float:
    """As `pow_by_base`, of finite x other than 0.

    Raises
    ------
    ValueError, ArithmeticError
        Where it is no float: `pow_by_base_array` takes all.
    """
    size = math.fabs(x)
    if y == 0 or math.isinf(size) or math.isinf(y):
        raise ValueError("it is a special one")
    rounded, left = _less_one(y)
    root = math.pow(size, rounded / 2)
    correction = left * math.log(size)
    slope = y * root * root * (1.0 + (correction if -1.0 < correction < 1.0 else 0.0))
    return slope if x > 0.0 else -math.pow(-1.0, y) * slope


def pow_by_base_exact(x: Any, y: Any) -> Any:
    """As `pow_by_base`, of ints and Fractions."""
    return y * exact.power(x, y - 1) if y != 0 else 0


def pow_by_base_array(x: Any, y: Any) -> Any:
    """As `pow_by_base`, of arrays."""
    if np.iscomplexobj(x) or np.iscomplexobj(y):
        return np.where(y == 0, 0.0, y * np.power(x, y - 1.0))
    size = np.abs(x)
    rounded, left = _less_one(y)
    root = np.power(size, rounded / 2)
    correction = left * np.log(size)
    slope = y * root * root * (1 + np.where(np.abs(correction) < 1, correction, 0))
    slope = np.where(x < 0, -np.power(-np.ones_like(y), y) * slope, slope)
    return np.where(y == 0, 0.0, np.where(x == 0, y * np.power(x, rounded), slope))


def pow_by_exponent(
    power: Callable[[Number, Number], Number], log: Callable[[Number], Number]
) -> Callable[[Number, Number], Number]:
    """`x**y*log(x)`, 0 where x and x**y are."""
    return lambda x, y: x if x == 0 and power(x, y) == 0 else power(x, y) * log(x)


def pow_by_exponent_real(x: float, y: float) -> float:
    """As `pow_by_exponent`, of positive x.

    Raises
    ------
    ValueError, ArithmeticError
        Where it is no float: `pow_by_exponent_array` takes all.
    """
    growth, root = math.log(x), math.pow(x, y / 2)
    return root * growth * root


def pow_by_exponent_array(x: Any, y: Any) -> Any:
    """As `pow_by_exponent`, of arrays."""
    root = np.power(x, y / 2)
    return np.where((x == 0) & (y > 0), 0.0, root * np.log(x) * root)


# -- norms -----------------------------------------------------------------------------------------


def norm_quotient(x: Number, r: Number) -> Number:
    """x/r, 0 where both are."""
    return x if x == r == 0 else x / r


def norm_quotient_rational(x: Number, r: Number) -> Number:
    """As `norm_quotient`, where a Fraction came in."""
    return x if x == r == 0 else exact.quotient(x, r)


def norm_quotient_array(x: Any, r: Any) -> Any:
    """As `norm_quotient`, of arrays."""
    return np.where((x == 0) & (r == 0), x, np.true_divide(x, r))
