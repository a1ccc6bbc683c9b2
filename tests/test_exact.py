"""Products and quotients of coefficients are those of Python's own Fractions."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from symdiff.exact import exact_product, exact_ratio

COEFFICIENTS = st.one_of(st.integers(-40, 40), st.fractions(max_denominator=60), st.integers(), st.fractions())


def same(found, expected):
    """Whether two numbers are equal, of one kind, an int where whole, and do the same from then on."""
    assert found == expected
    assert type(found) is (int if expected.denominator == 1 else Fraction)
    assert hash(found) == hash(expected)
    assert (found.numerator, found.denominator) == (expected.numerator, expected.denominator)
    assert found + Fraction(1, 3) == expected + Fraction(1, 3)
    assert repr(found * 1) == repr(found)


@given(COEFFICIENTS, COEFFICIENTS)
def test_products(a, b):
    same(exact_product(a, b), Fraction(a) * Fraction(b))


@given(COEFFICIENTS, COEFFICIENTS.filter(bool))
def test_quotients(a, b):
    a = a.numerator if a.denominator == 1 else a  # as coefficients are
    same(exact_ratio(a, b), Fraction(a) / Fraction(b))
