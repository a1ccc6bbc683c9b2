"""Values of slopes that are limits: of powers as the base falls to 0, and quotients by a norm that is 0."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from symdiff import exact

Number = Any

EXACT = 2.0**24  # from 1 up to this y - 1 does not round, of float32 either

LEAST, MOST = 2.0**-100, 2.0**100  # limits of powers that surely hold all their bits, in float32 too

# -- powers: where they are large or small their square roots, twice, so that nothing overflows but the slope itself --


def _less_one(y: Number) -> tuple[Number, Number]:
    """y - 1, and what rounding took from it: Knuth's sum of two, TAOCP 2, 4.2.2."""
    rounded = y - 1.0
    back = rounded - y
    return rounded, (y - (rounded - back)) - (1.0 + back)


def pow_by_base(power: Callable[[Number, Number], Number]) -> Callable[[Number, Number], Number]:
    """`y*x**(y - 1)`, 0 where y is; by `x**y/x`, as y - 1 rounds."""
    return lambda x, y: y * 0 if y == 0 else y * (power(x, y) / x) if x != 0 else y * power(x, y - 1)


def pow_by_base_real(x: float, y: float) -> float:
    """As `pow_by_base`, of powers of ordinary size.

    Raises
    ------
    ValueError, ArithmeticError
        For others, which `pow_by_base_array` takes.
    """
    rounded, left = _less_one(y)
    power = math.pow(x, rounded)
    if y == 0.0 or math.isinf(y) or not LEAST < math.fabs(power) < MOST or (left and x < 0.0):
        raise ValueError("it takes square roots")
    return y * power * (1.0 + left * math.log(x)) if left else y * power


def pow_by_base_exact(x: Any, y: Any) -> Any:
    """As `pow_by_base`, of ints and Fractions."""
    return y * exact.power(x, y - 1) if y != 0 else 0


def pow_by_base_array(x: Any, y: Any) -> Any:
    """As `pow_by_base`, of arrays."""
    if np.iscomplexobj(x) or np.iscomplexobj(y):
        return np.where(y == 0, 0.0, y * np.power(x, y - 1.0))
    rounded, left = _less_one(y)
    power = np.power(x, rounded)
    plain = _is_ordinary(np.abs(power)) & ((left == 0) | (x > 0)) | (x == 0)
    slope = y * power
    if not plain.all():
        sign, root = np.where(x < 0, -np.power(-np.ones_like(y), y), 1), np.power(np.abs(x), rounded / 2)
        slope = np.where(plain, slope, sign * y * root * root)
    if np.any(left):
        correction = left * np.log(np.abs(x))
        slope = slope * (1 + np.where(np.abs(correction) < 1, correction, 0))
    return np.where(y == 0, 0.0, slope)


def pow_by_exponent(
    power: Callable[[Number, Number], Number], log: Callable[[Number], Number]
) -> Callable[[Number, Number], Number]:
    """`x**y*log(x)`, 0 where x and x**y are."""
    return lambda x, y: x if x == 0 and power(x, y) == 0 else power(x, y) * log(x)


def pow_by_exponent_real(x: float, y: float) -> float:
    """As `pow_by_exponent`, of powers of ordinary size.

    Raises
    ------
    ValueError, ArithmeticError
        For others, which `pow_by_exponent_array` takes.
    """
    power = math.pow(x, y)
    if not LEAST < power < MOST:
        raise ValueError("it takes square roots")
    return power * math.log(x)


def pow_by_exponent_array(x: Any, y: Any) -> Any:
    """As `pow_by_exponent`, of arrays."""
    power, growth = np.power(x, y), np.log(x)
    slope = power * growth
    plain = _is_ordinary(power)
    if not plain.all():
        root = np.power(x, y / 2)
        slope = np.where(plain, slope, root * growth * root)
    return np.where((x == 0) & (y > 0), 0.0, slope)


def _is_ordinary(power: Any) -> Any:
    return (power > LEAST) & (power < MOST)


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
