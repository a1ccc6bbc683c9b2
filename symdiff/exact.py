"""Exact arithmetic of ints and Fractions, as far as Python's own is not what records mean."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

EXACT_BITS = 1 << 20  # size limit of a whole power; larger ones are computed as floats


def to_float(value: Any) -> Any:
    """A real number as a float; one too large is infinite."""
    if type(value) is bool:
        return value
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def power(base: Any, exponent: Any) -> Any:
    """`base**exponent` of ints and Fractions: exact for whole powers, as `/` for 2**-1."""
    if type(exponent) is int:
        bits = max(base.numerator.bit_length(), base.denominator.bit_length())
        if abs(exponent) * max(bits - 1, 0) <= EXACT_BITS:
            return base**exponent
    return math.pow(to_float(base), to_float(exponent))


def rational_power(base: Any, exponent: Any) -> Any:
    """The same where a Fraction came in: 2**-1 is 1/2."""
    return power(Fraction(base), exponent)


def quotient(above: Any, below: Any) -> Any:
    """`above/below` where a Fraction came in: 1/2 stays one."""
    return Fraction(above) / below
