"""Taylor series: coefficients of expressions and Python functions, as numbers and as symbols."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest

import symdiff as sd
from symdiff.records import OPERATIONS

T = sd.TaylorSeries
UNARY = [
    op for op in OPERATIONS
    if op is not None and op.arity == 1 and not op.boolean and not op.kinks and hasattr(sd, op.class_name)
]  # fmt: skip


# -- known series ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "coefficient"),
    [
        ("exp(x)", lambda k: 1 / math.factorial(k)),
        ("expm1(x)", lambda k: 1 / math.factorial(k) if k else 0),
        ("sin(x)", lambda k: [0, 1, 0, -1][k % 4] / math.factorial(k)),
        ("cos(x)", lambda k: [1, 0, -1, 0][k % 4] / math.factorial(k)),
        ("sinh(x)", lambda k: (k % 2) / math.factorial(k)),
        ("1/(1 - x)", lambda k: 1),
        ("log1p(x)", lambda k: -((-1) ** k) / k if k else 0),
        ("atan(x)", lambda k: [0, 1, 0, -1][k % 4] / k if k else 0),
        ("atanh(x)", lambda k: (k % 2) / k if k else 0),
        ("sqrt(1 + x)", lambda k: float(mpmath.binomial(0.5, k))),
        ("(1 + x)**(-3)", lambda k: float(mpmath.binomial(-3, k))),
        ("(1 + x)**(1/3)", lambda k: float(mpmath.binomial(mpmath.mpf(1) / 3, k))),
        ("(1 + x)**2.5", lambda k: float(mpmath.binomial(2.5, k))),
        ("(1 + x)**5", lambda k: math.comb(5, k)),
        ("x**3", lambda k: float(k == 3)),
        ("2**x", lambda k: math.log(2) ** k / math.factorial(k)),
        ("lambertw(x)", lambda k: (-k) ** (k - 1) / math.factorial(k) if k else 0),
        ("exp(-x**2)", lambda k: (1 - k % 2) * (-1) ** (k // 2) / math.factorial(k // 2)),
        ("sinc(x)", lambda k: [1, 0, -1, 0][k % 4] / math.factorial(k + 1)),
    ],
)
def test_known_series(text, coefficient):
    expected = [float(coefficient(k)) for k in range(11)]
    found = sd.taylor(sd.parse(text), "x", 0.0, 10)
    assert len(found) == 11
    assert found == pytest.approx(expected, rel=1e-13, abs=1e-16)


@pytest.mark.parametrize("op", UNARY, ids=lambda op: op.name)
def test_every_smooth_function_to_order_six(op):
    at = 1.75 if op.name in ("acosh", "asec", "acsc", "acoth") else 0.37
    x = sd.Var("x")
    with mpmath.workdps(60):
        expected = [float(c) for c in mpmath.taylor(lambda t: op(t), mpmath.mpf(at), 6)]
    assert sd.taylor(op(x), x, at, 6) == pytest.approx(expected, rel=1e-9)


def test_high_orders_of_a_composition_agree_with_symbolic_derivatives():
    x = sd.Var("x")
    f = sd.tan(sd.cos(sd.sin(x)))
    at = math.pi / 3
    found = sd.taylor(f, x, at, 6)
    for k, c in enumerate(found):
        assert c * math.factorial(k) == pytest.approx(f.diff(x, k).evaluate({x: at}), rel=1e-9)


def test_order_zero_and_one():
    x = sd.Var("x")
    assert sd.taylor(x**2, x, 3.0, 0) == [9.0]
    assert sd.taylor(x**2, x, 3.0, 1) == [9.0, 6.0]
    assert sd.taylor(x**2, x, 3.0) == [9.0, 6.0]


def test_exact_points_give_exact_coefficients():
    x = sd.Var("x")
    found = sd.taylor(x**3 + sd.Const(1) / 3 * x, x, Fraction(1, 2), 4)
    assert found == [Fraction(7, 24), Fraction(13, 12), Fraction(3, 2), 1, 0]
    assert [type(c) for c in sd.taylor(x**5, x, 1, 5)] == [int] * 6


def test_fifty_digits():
    x = sd.Var("x")
    with mpmath.workdps(50):
        found = sd.taylor(sd.sin(x) / x + sd.pi * x, x, mpmath.mpf(1), 8)
        expected = mpmath.taylor(lambda t: mpmath.sin(t) / t + mpmath.pi * t, 1, 8)
        assert all(abs(a - b) < mpmath.mpf(10) ** -38 for a, b in zip(found, expected, strict=True))


def test_arrays_of_points():
    x = sd.Var("x")
    a = np.linspace(-2, 2, 200)
    found = sd.taylor(sd.tanh(x), x, a, 6)
    for k, f in enumerate([sd.tanh(x).diff(x, k) for k in range(7)]):
        scale = math.factorial(k)
        np.testing.assert_allclose(np.asarray(found[k]) * scale, f.evaluate({x: a}), rtol=1e-9, atol=1e-10)


# -- at zero: whole powers by products -----------------------------------------------------


@pytest.mark.parametrize("n", [1, 2, 3, 5, 8])
def test_whole_powers_at_zero(n):
    x = sd.Var("x")
    assert sd.taylor(x**n, x, 0.0, 8) == [float(k == n) for k in range(9)]
    assert sd.taylor(sd.sin(x) ** n / 1.0, x, 0.0, 8)[n] == 1.0
    assert T([0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]) ** float(n) == 0.0


def test_whole_powers_of_negative_numbers():
    x = sd.Var("x")
    assert sd.taylor(x**3, x, -2.0, 3) == [-8.0, 12.0, -6.0, 1.0]
    assert sd.taylor(x**-1, x, -2.0, 2) == pytest.approx([-0.5, -0.25, -0.125])


def test_variable_exponents():
    x, y = sd.variables("x y")
    found = sd.taylor(x**x, x, 2.0, 4)
    expected = [float(c) for c in mpmath.taylor(lambda t: t**t, 2, 4)]
    assert found == pytest.approx(expected, rel=1e-12)
    assert sd.taylor(x**y, y, {x: 2.0, y: 3.0}, 1) == pytest.approx([8.0, 8 * math.log(2)])


# -- symbols ---------------------------------------------------------------------------------


def test_symbolic_coefficients():
    x, y = sd.variables("x y")
    assert sd.taylor(x**2 * y, x, order=2) == [x**2 * y, 2 * x * y, y]
    found = sd.taylor(sd.exp(x * y), x, 0, 3)
    assert [c.evaluate({y: 2.0}) for c in found] == pytest.approx([1.0, 2.0, 2.0, 4 / 3])
    found = sd.taylor(sd.sin(x), x, order=4)
    for k, c in enumerate(found):
        expected = sd.sin(x).diff(x, k).evaluate({x: 0.7}) / math.factorial(k)
        assert c.evaluate({x: 0.7}) == pytest.approx(expected, rel=1e-14)


def test_symbolic_coefficients_about_another_expression():
    x, a = sd.variables("x a")
    found = sd.taylor(sd.log(x), x, a + 1, 3)
    point = {a: 1.5}
    assert [sd.evaluate([c], point)[0] for c in found] == pytest.approx(
        [math.log(2.5), 1 / 2.5, -1 / 2 / 2.5**2, 1 / 3 / 2.5**3], rel=1e-14
    )


def test_points_with_several_variables():
    x, y = sd.variables("x y")
    assert sd.taylor(x * y, x, {x: 2.0, y: 3.0}, 2) == [6.0, 3.0, 0.0]
    assert sd.taylor(x * y, "y", {"x": 2.0, "y": 3.0}, 1) == [6.0, 2.0]


def test_a_variable_that_does_not_occur():
    x, y = sd.variables("x y")
    assert sd.taylor(sd.sin(x), y, {x: 1.0, y: 0.0}, 2) == [math.sin(1.0), 0, 0]


# -- kinks -------------------------------------------------------------------------------------


def test_kinks_follow_the_convention():
    x = sd.Var("x")
    assert sd.taylor(abs(x), x, 0.0, 2) == [0.0, 0.0, 0.0]
    assert sd.taylor(sd.relu(x), x, 0.0, 2) == [0.0, 0.0, 0.0]
    assert sd.taylor(sd.maximum(x, 0), x, 0.0, 2) == [0.0, 0.5, 0.0]
    assert sd.taylor(abs(x) ** 3, x, -2.0, 3) == [8.0, -12.0, 6.0, -1.0]
    assert sd.taylor(sd.where(x < 0, sd.log(-x), x**2), x, 3.0, 2) == [9.0, 6.0, 1.0]
    assert sd.taylor(sd.floor(x) * x, x, 2.5, 1) == [5.0, 2.0]


# -- the numbers themselves ----------------------------------------------------------------------


def test_arithmetic_of_series():
    a, b = T([1.0, 2.0, 3.0]), T([2.0, 0.0, 1.0])
    assert (a + b).coefficients == [3.0, 2.0, 4.0]
    assert (a - 1).coefficients == [0.0, 2.0, 3.0]
    assert (a * b).coefficients == [2.0, 4.0, 7.0]
    assert ((a * b) / b).coefficients == pytest.approx([1.0, 2.0, 3.0])
    assert (a**2).coefficients == (a * a).coefficients
    assert (2 * a).coefficients == [2.0, 4.0, 6.0]
    assert a < 2
    assert a == 1


def test_series_through_python_functions():
    def horner(x):
        result = 0
        for c in (1, 2, 3):
            result = result * x + c
        return result

    assert horner(T([2.0, 1.0, 0.0])).coefficients == [11.0, 6.0, 1.0]
    assert np.exp(T([0.0, 1.0, 0.0])).coefficients == [1.0, 1.0, 0.5]


def test_a_series_needs_a_coefficient():
    with pytest.raises(sd.SymdiffValueError):
        T([])


def test_mixing_series_and_dual_numbers_of_one_level_is_an_error():
    with pytest.raises(sd.SymdiffTypeError, match="mix"):
        T([1.0, 1.0]) * sd.DualNumber(1.0, 1.0)


@pytest.mark.parametrize(("order", "error"), [(-1, ValueError), (1.5, TypeError), (True, TypeError), ("2", TypeError)])
def test_orders_that_are_none(order, error):
    x = sd.Var("x")
    with pytest.raises(error) as raised:
        sd.taylor(sd.sin(x), x, 0.0, order)
    assert isinstance(raised.value, sd.SymdiffError)
    assert repr(order).strip("'") in str(raised.value)
