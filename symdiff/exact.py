"""Exact arithmetic of ints and Fractions, as far as Python's own is not what records mean."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

_new = object.__new__

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


def exact_product(a: Any, b: Any) -> Any:
    """`a*b` of ints and Fractions, an int where it is whole: coefficients of derivatives, in a third of the time."""
    if type(a) is int and type(b) is int:
        return a * b
    return _reduced(a.numerator, a.denominator, b.numerator, b.denominator)


def exact_ratio(a: Any, b: Any) -> Any:
    """`a/b` of ints and Fractions, exactly, b not 0; an int where it is whole."""
    if type(b) is int and b == 1:
        return a
    top, bottom = b.numerator, b.denominator
    return _reduced(a.numerator, a.denominator, *((bottom, top) if top > 0 else (-bottom, -top)))


def _reduced(p: int, q: int, r: int, s: int) -> Any:
    """`p/q * r/s` of reduced fractions: what two of them have in common is taken out beforehand."""
    g, h = math.gcd(p, s), math.gcd(r, q)
    above, below = (p // g) * (r // h), (q // h) * (s // g)
    if below == 1:
        return above
    found: Any = _new(Fraction)  # as `Fraction(above, below)`, which would look for their divisor again
    found._numerator, found._denominator = above, below
    return found


def quotient(above: Any, below: Any) -> Any:
    """`above/below` where a Fraction came in: 1/2 stays one."""
    return Fraction(above) / below
