"""Powers, and what of their slopes is a limit as the base falls to 0."""

from __future__ import annotations

import cmath
import math
import operator
from typing import Any

import numpy as np

from symdiff import exact
from symdiff.ops import code, limits
from symdiff.ops.conditions import equal, greater, logical_and, logical_not, where
from symdiff.ops.elementary import log
from symdiff.ops.piecewise import abs
from symdiff.records import POWER, PRODUCT, Operation, register

_LEAST = 2.0**-1022  # least normal float


def _power_partials(r: Any, x: Any, y: Any) -> tuple[Any, Any]:
    by_base, by_exponent = y * x ** (y - 1), where(_is_ordinary(x), r * log(x), pow_by_exponent(x, y))
    if y._is_constant():
        return where(equal(y, 0), 0, by_base), by_exponent  # avoid 0 * 0**-1, which would be nan
    return where(_is_ordinary(x), by_base, pow_by_base(x, y)), by_exponent


def _is_ordinary(x: Any) -> Any:
    """Whether 1/x is a float: x is no zero, no nan and not subnormal."""
    return greater(abs(x), _LEAST)


# Where 0*log(0) and its kin are none of floats, slopes of powers are limits as x falls to 0.
def _pow_by_both(x: Any, y: Any) -> Any:
    power = x ** (y - 1)
    at_zero = where(equal(power, 0), 0, where(equal(y, 0), 1 / x, power * (1 + y * log(x))))
    return where(equal(x, 0), at_zero, power * (1 + y * log(x)))


def _pow_by_base_partials(r: Any, x: Any, y: Any) -> tuple[Any, Any]:
    flat = logical_and(logical_not(_is_ordinary(x)), equal(y, 0))
    return where(flat, 0, y * pow_by_base(x, y - 1)), _pow_by_both(x, y)


def _pow_by_exponent_partials(r: Any, x: Any, y: Any) -> tuple[Any, Any]:
    return _pow_by_both(x, y), where(logical_and(equal(x, 0), equal(x**y, 0)), 0, x**y * log(x) ** 2)


pow: Operation = register(
    "pow", 2, _power_partials, real=math.pow, array=np.power, exact=exact.power, rational=exact.rational_power,
    complex=operator.pow, mp="power", sympy="Pow", symbol="**", precedence=POWER, static=(1,),
    operands=("base", "exponent"), latex="{0}^{{{1}}}", numpy="power",
    code="pow",
)  # fmt: skip
pow_by_base: Operation = register(
    "pow_by_base", 2, _pow_by_base_partials, array=limits.pow_by_base_array, operands=("base", "exponent"),
    mp=lambda ctx, x, y: limits.pow_by_base(ctx.power)(x, y), complex=limits.pow_by_base(operator.pow),
    sympy=lambda sympy, x, y: y * x ** (y - 1), latex=r"{1} {0}^{{{1} - 1}}", precedence=PRODUCT,
    composite=lambda x, y: y * x ** (y - 1),
    code=code.pow_by_base,
)  # fmt: skip
pow_by_exponent: Operation = register(
    "pow_by_exponent", 2, _pow_by_exponent_partials, array=limits.pow_by_exponent_array, operands=("base", "exponent"),
    mp=lambda ctx, x, y: limits.pow_by_exponent(ctx.power, ctx.log)(x, y),
    complex=limits.pow_by_exponent(operator.pow, cmath.log),
    sympy=lambda sympy, x, y: x**y * sympy.log(x), latex=r"{0}^{{{1}}} \log\left({0}\right)", precedence=PRODUCT,
    composite=lambda x, y: x**y * log(x),
    code=code.pow_by_exponent,
)  # fmt: skip
