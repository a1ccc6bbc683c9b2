"""Digits of mpmath's numbers: as many as say every bit, whatever the precision at which mpmath computes.

A number of p bits is told from its neighbours by n decimal digits where 10**(n - 1) > 2**p (Matula, *In-and-out
conversions*, CACM 11, 1968). So n digits are read at the most bits that they tell apart, but 53 at least.
"""

from __future__ import annotations

import itertools
import math
import re
from typing import Any

_BITS = math.log2(10)  # bits of a decimal digit
_DOUBLE = 53
_DIGITS = 17  # for those of a float
_EXACT = 400  # powers of ten up to this one are exact; those beyond have so many bits more than the result:
_GUARD = 64
_NOT_FINITE = ("inf", "-inf", "nan")
_DECIMAL = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,60}))?", re.ASCII)
MOST = 100_000  # digits that are read


def complex_of(real: Any, imaginary: Any) -> Any:
    """The mpc of two mpfs."""
    from mpmath import mp

    return mp.make_mpc((real._mpf_, imaginary._mpf_))


def decimal(raw: Any) -> str:
    """The decimal text of the insides of an mpf, all bits of it.

    >>> import mpmath
    >>> with mpmath.workdps(30):
    ...     third = mpmath.mpf(1)/3
    >>> decimal(third._mpf_), decimal(mpmath.mpf(0.5)._mpf_)
    ('0.333333333333333333333333333333317', '0.5')
    """
    from mpmath import libmp

    if not raw[1]:
        return {libmp.finf: "inf", libmp.fninf: "-inf", libmp.fzero: "0.0"}.get(raw, "nan")
    fewest = max(_DIGITS, math.ceil(raw[3] / _BITS) + 1)
    for count in itertools.count(fewest):
        for strip in (True, False):
            text: str = libmp.to_str(raw, count, strip_zeros=strip)
            if from_decimal(text)._mpf_ == raw:
                return text
    raise AssertionError("more digits always tell")


def from_decimal(text: str) -> Any:
    """The mpf that a decimal text means.

    Raises
    ------
    ValueError
        For text that is no number, or of more than 100,000 digits.
    """
    from mpmath import libmp, mp

    if text in _NOT_FINITE:
        return mp.mpf(text)
    match = _DECIMAL.fullmatch(text)
    if match is None or not (match[2] or match[3]):
        raise ValueError(f"{text[:40]!r} is no decimal number")
    sign, whole, part, power = match[1], match[2], match[3] or "", int(match[4] or 0)
    figures = (whole + part).lstrip("0")
    if len(figures) > MOST:
        raise ValueError(f"a number has at most {MOST:,} digits, not {len(figures):,}")
    precision = max(_DOUBLE, int((len(figures) - 1) * _BITS))
    man, exponent = _whole(figures) * (-1 if sign == "-" else 1), power - len(part)
    if abs(exponent) > _EXACT:
        more = precision + _GUARD + abs(exponent).bit_length()
        raw = libmp.mpf_mul(
            libmp.from_int(man), libmp.mpf_pow_int(libmp.from_int(10), exponent, more, "n"), precision, "n"
        )
    elif exponent >= 0:
        raw = libmp.from_int(man * 10**exponent, precision, "n")
    else:
        raw = libmp.from_rational(man, 10**-exponent, precision, "n")
    return mp.make_mpf(raw)


def _whole(figures: str) -> int:
    """An int of any number of digits: Python's own reading ends at 4300."""
    from decimal import Decimal

    return int(Decimal(figures or "0"))
