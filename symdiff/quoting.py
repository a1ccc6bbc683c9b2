"""Numbers as errors and `repr` write them, of any size: Python itself writes no ints of more than 4,300 digits."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import log10
from typing import Any

_LONG = 10_000  # size limit of ints that Python writes, in bits: 3,011 digits
_EXACT = 10**15  # limit of counts that are said in full


def in_full(value: int) -> str:
    """A whole number, all digits of it."""
    return str(value) if value.bit_length() < _LONG else str(Decimal(value))


def number_text(value: Any) -> str:
    """The `str` of a number."""
    if type(value) is Fraction:
        below = f"/{in_full(value.denominator)}" if value.denominator > 1 else ""
        return in_full(value.numerator) + below
    return in_full(value) if type(value) is int else str(value)


def number_repr(value: Any) -> str:
    """The `repr` of a number."""
    if type(value) is Fraction:
        return f"Fraction({in_full(value.numerator)}, {in_full(value.denominator)})"
    return in_full(value) if type(value) is int else repr(value)


def counted(number: int) -> str:
    """A count or an order in an error.

    >>> counted(10**6), counted(10**5000), counted(-(10**20))
    ('1,000,000', 'about 1e5000', 'about -1e20')
    """
    if abs(number) < _EXACT:
        return f"{number:,}"
    return f"about {'-' if number < 0 else ''}1e{int(log10(abs(number)))}"


def quoted(value: Any) -> str:
    """What an error quotes of what it was given.

    >>> quoted("x"), quoted(10**5000), quoted([10**5000])
    ("'x'", 'about 1e5000', 'a list of numbers that are too long to write')
    """
    try:
        return repr(value)
    except ValueError:
        return counted(value) if isinstance(value, int) else _too_long(value)


def _too_long(value: Any) -> str:
    return f"a {type(value).__name__} of numbers that are too long to write"
