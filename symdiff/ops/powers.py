"""Powers, and what of their slopes is a limit as the base falls to 0."""

from __future__ import annotations

import cmath
import math
import operator
from fractions import Fraction
from typing import Any

import numpy as np

from symdiff import exact
from symdiff.ops import code, limits
from symdiff.ops.conditions import equal, less, logical_and, where
from symdiff.ops.elementary import log
from symdiff.ops.piecewise import abs
from symdiff.records import POWER, PRODUCT, Operation, register

_LEAST = 0.0625  # from here on `y*x**(y - 1)` overflows where the slope does, but for less than four bits


def _power_partials(r: Any, x: Any, y: Any) -> tuple[Any, Any]:
    value = y._constant_value()
    if value == 0:
        return 0, pow_by_exponent(x, y)
    if isinstance(value, (int, float, Fraction)) and _LEAST <= max(value, -value) <= limits.EXACT:
        by_base = y * r / x if value < 0 else y * x ** (y - 1)  # reuse the power: the next one may underflow
        return by_base, pow_by_exponent(x, y)
    return pow_by_base(x, y), pow_by_exponent(x, y)


# Where 0*log(0) and its kin are none of floats, slopes of powers are limits as x falls to 0.
def _pow_by_both(x: Any, y: Any) -> Any:
    power = x ** (y - 1)
    at_zero = where(equal(power, 0), 0, where(equal(y, 0), 1 / x, power * (1 + y * log(x))))
    return where(equal(x, 0), at_zero, power * (1 + y * log(x)))


def _pow_by_base_partials(r: Any, x: Any, y: Any) -> tuple[Any, Any]:
    by_base = where(less(abs(y), 1), (y - 1) * (r / x), y * pow_by_base(x, y - 1))  # avoid powers that overflow
    return where(logical_and(equal(x, 0), equal(y, 0)), 0, by_base), _pow_by_both(x, y)


def _pow_by_exponent_partials(r: Any, x: Any, y: Any) -> tuple[Any, Any]:
    return _pow_by_both(x, y), where(logical_and(equal(x, 0), equal(r, 0)), 0, r * log(x))


def _base_written(x: Any, y: Any) -> Any:
    """Text of a slope by the base: of constant exponents the formula."""
    return y * x ** (y - 1) if y._is_constant() else pow_by_base(x, y)


def _exponent_written(x: Any, y: Any) -> Any:
    """Text of a slope by the exponent: of constant bases the formula, which at 0 is no limit."""
    return x**y * log(x) if x._is_constant() else pow_by_exponent(x, y)


pow: Operation = register(
    "pow", 2, _power_partials, real=math.pow, array=np.power, exact=exact.power, rational=exact.rational_power,
    complex=operator.pow, mp="power", sympy="Pow", symbol="**", precedence=POWER, static=(1,),
    operands=("base", "exponent"), latex="{0}^{{{1}}}", numpy="power",
    code="pow",
)  # fmt: skip
pow_by_base: Operation = register(
    "pow_by_base", 2, _pow_by_base_partials, array=limits.pow_by_base_array, operands=("base", "exponent"),
    real=limits.pow_by_base_real, exact=limits.pow_by_base_exact, formula=_base_written,
    mp=lambda ctx, x, y: limits.pow_by_base(ctx.power)(x, y), complex=limits.pow_by_base(operator.pow),
    sympy=lambda sympy, x, y: y * x ** (y - 1), latex=r"{1} {0}^{{{1} - 1}}", precedence=PRODUCT,
    composite=lambda x, y: y * x ** (y - 1),
    code=code.pow_by_base,
)  # fmt: skip
pow_by_exponent: Operation = register(
    "pow_by_exponent", 2, _pow_by_exponent_partials, array=limits.pow_by_exponent_array, operands=("base", "exponent"),
    real=limits.pow_by_exponent_real, formula=_exponent_written,
    mp=lambda ctx, x, y: limits.pow_by_exponent(ctx.power, ctx.log)(x, y),
    complex=limits.pow_by_exponent(operator.pow, cmath.log),
    sympy=lambda sympy, x, y: x**y * sympy.log(x), latex=r"{0}^{{{1}}} \log\left({0}\right)", precedence=PRODUCT,
    composite=lambda x, y: x**y * log(x),
    code=code.pow_by_exponent,
)  # fmt: skip
