"""Sizes and high orders: at once where the answer is known, else an error that names the size before memory is used."""

from __future__ import annotations

import importlib
from fractions import Fraction
from math import factorial, inf

import mpmath
import numpy as np
import pytest

import symdiff as sd
from symdiff.derive.polynomial_degree import degree
from symdiff.modes import budgets
from symdiff.taylor.dependencies import schedule

x, y = sd.variables("x y")


def degree_of(f, *moving):
    return degree(f._graph, f._index, {v._index for v in moving})


DEGREES = [
    (sd.Const(3), 0), (x, 1), (y, 0), (2 * x + 1, 1),
    (x**3 * y + y**9, 3), ((x + 1) ** 4 / (y + 2) - x, 4), (-(x**2), 2),
    (x * x**y, inf), (1 / x, inf), (x / y**2, 1), (sd.exp(x), inf), (sd.exp(y) * x, 1), (x**0.5, inf), (x**2.0, 2),
    (sd.maximum(x, y), 1), (abs(x**2 - 1), 2),
    (sd.relu(x) * x, 2), (sd.where(x > 0, x**3, x), 3), (sd.sign(x) * x, 1),
    (sd.floor(x) + sd.heaviside(x), 0), (sd.hypot(x, y), inf),
    (sd.where(x > 0, sd.exp(y), x), 1), (sd.sqrt(x) ** 2, inf),
]  # fmt: skip


@pytest.mark.parametrize(("f", "right"), DEGREES, ids=lambda value: str(value))
def test_degrees(f, right):
    assert degree_of(f, x) == right
    if right < inf:  # beyond it repeated gradients end in 0
        for _ in range(int(right) + 1):
            f = f.gradient(x)
        assert f == 0 or f.evaluate(x=0.5, y=0.25) == 0  # floats as exponents leave 0.0 times a power


def test_the_degree_in_several_variables_is_that_of_both_together():
    assert degree_of(x**2 * y**3 + sd.maximum(x, y), x, y) == 5
    assert degree_of(x**2 * sd.sin(y), x, y) == inf


@pytest.mark.parametrize(
    "f", [x, y, x**3, 2 * x + 1, sd.maximum(x, y), abs(x) * x**2, x**2 * sd.exp(y), (x + y) ** 9], ids=str
)
@pytest.mark.parametrize("order", [10, 10**5, 10**8, 10**30])
def test_polynomials_beyond_their_degree_are_0_at_once(f, order):
    assert f.diff(x, order) == 0
    assert f.diff(y, 1, x, order) == 0
    assert f.diff("x", order) == 0


def test_lists_of_derivatives_of_polynomials_are_filled_with_zeros():
    found = sd.derivatives(x**3 * y, x, 100_000)
    assert found[:4] == [x**3 * y, 3 * x**2 * y, 6 * x * y, 6 * y]
    assert len(found) == 100_001
    assert set(found[4:]) == {sd.Const(0)}
    several = sd.derivatives(x**3 * y, [x, y], 200)
    assert {index for index, f in several.items() if f != 0} == {(i, j) for i in range(4) for j in range(2)}
    assert several[2, 1] == 6 * x
    assert sd.taylor(x**3 * y, x, order=100_000)[3:6] == [y, 0, 0]
    assert sd.taylor(x**3 * y, x, {x: 2, y: 3}, 100_000)[:6] == [24, 36, 18, 3, 0, 0]


@pytest.mark.parametrize(
    ("f", "order", "right"),
    [
        (sd.exp(x), 10**30, sd.exp(x)), (sd.sin(x), 10**9 + 3, -sd.cos(x)), (sd.cosh(x), 10**7, sd.cosh(x)),
        (sd.exp(-x), 999_999, -sd.exp(-x)), (sd.exp(2 * x), 5000, 2**5000 * sd.exp(2 * x)),
        (3 * sd.exp(x / 2), 20, 3 * Fraction(1, 2) ** 20 * sd.exp(x / 2)),
        (3 * sd.sin(3 * x), 41, 3**42 * sd.cos(3 * x)), (y * sd.exp(x), 10**6, y * sd.exp(x)),
    ],
    ids=lambda value: str(value)[:20],
)  # fmt: skip
def test_derivatives_that_come_round(f, order, right):
    assert f.diff(x, order) == right


def test_lists_of_derivatives_that_come_round():
    found = sd.derivatives(sd.sin(2 * x), x, 2000)
    assert found[1997] == 2**1997 * sd.cos(2 * x)
    assert found[2000] == 2**2000 * sd.sin(2 * x)


def test_what_does_not_come_round_stays_right():
    f = sd.exp(x) * x**2 + sd.sin(x) / 3
    with mpmath.workdps(60):
        right = mpmath.diff(lambda t: mpmath.exp(t) * t**2 + mpmath.sin(t) / 3, mpmath.mpf(0.5), 12)
    assert f.diff(x, 12).evaluate(x=0.5) == pytest.approx(float(right), rel=1e-13)


def test_many_mixed_derivatives_of_what_is_no_polynomial():
    """Repeated gradients of tanh would have no end at this order; the Taylor recurrences take a second."""
    found = sd.derivatives(sd.tanh(x * y + x), [x, y], 32)
    with mpmath.workdps(60):
        right = mpmath.diff(lambda s, t: mpmath.tanh(s * t + s), (mpmath.mpf(0.25), mpmath.mpf(0.5)), (3, 4))
    assert found[3, 4].evaluate(x=0.25, y=0.5) == pytest.approx(float(right), rel=1e-12)


@pytest.mark.parametrize(
    "endless",
    [
        lambda: sd.tanh(x).diff(x, 10**8), lambda: ((x + 1) ** (10**8)).diff(x, 10**6), lambda: (x**y).diff(x, 3000),
        lambda: sd.taylor(sd.exp(x), x, 0.0, 10**5), lambda: sd.taylor(sd.tan(x), x, order=10**5),
        lambda: sd.derivative(np.exp, 1, order=10**8), lambda: sd.derivative(lambda t: t**3, 2, order=10**8),
        lambda: sd.exp(sd.TaylorSeries([0.5, 1.0, *[0.0] * 3000])),
        lambda: sd.derivatives(sd.tanh(x * y), [x, y], 200),
    ],
)  # fmt: skip
def test_recurrences_that_would_never_end_are_an_error(endless):
    with pytest.raises(sd.SymdiffValueError, match=r"^order [\d,]+ takes (about )?[\de,]+ products"):
        endless()


@pytest.mark.parametrize(
    "endless",
    [
        lambda: sd.derivatives(x, x, 10**8), lambda: sd.derivatives(x * y, [x, y], 10**4),
        lambda: sd.taylor(x, x, order=10**8), lambda: sd.taylor(x, x, 0.0, 10**8),
    ],
)  # fmt: skip
def test_lists_that_would_fill_the_memory_are_an_error(endless):
    with pytest.raises(sd.SymdiffValueError, match=r"there are [\d,]+ (derivatives|coefficients) up to order [\d,]+; "):
        endless()


def test_numbers_in_front_that_would_fill_the_memory_are_an_error():
    with pytest.raises(sd.SymdiffValueError, match=r"a number of 301,029 digits in front"):
        sd.exp(2 * x).diff(x, 10**6)


def test_long_series_are_added_and_scaled():
    s = sd.TaylorSeries([1.0] * 3000)
    assert (s + s).coefficients == (2 * s).coefficients == [2.0] * 3000
    assert sd.derivative(lambda t: t**171, 1, order=171) == factorial(171)


@pytest.mark.parametrize(
    "endless",
    [
        lambda n: sd.tanh(x).diff(x, n), lambda n: sd.exp(2 * x).diff(x, n), lambda n: sd.taylor(sd.exp(x), x, 0.0, n),
        lambda n: sd.derivatives(sd.sin(x), x, n), lambda n: sd.derivatives(sd.sin(x), [x, y], n),
        lambda n: sd.derivative(sd.sin, 1.0, order=n), lambda n: sd.derivative(sd.sin, 1.0, order=-n),
        lambda n: sd.variables("x", n), lambda n: sd.variables("x", (2, n)), lambda n: sd.variables("x", -n),
        lambda n: sd.polygamma(n, x), lambda n: sd.chain_cost([n, 2]),
        lambda n: sd.crosscheck(x, {x: 1.0}, order=n), lambda n: sd.crosscheck(x, {x: n}),
        lambda n: sd.differences(sd.sin(x), {x: n}), lambda n: x.render("x.svg", timeout=n),
        lambda n: sd.Var("v", shape=3)[n], lambda n: sd.Var("v", shape=3).sum(axis=n),
        lambda n: sd.Var("v", shape=3).reshape(n), lambda n: sd.Var("v", shape=n).elements(),
    ],
)  # fmt: skip
def test_numbers_that_python_does_not_write_are_named_in_errors(endless):
    with pytest.raises(sd.SymdiffError, match=r"1e\d{4}|numbers that are too long"):
        endless(10**5000)


def test_numbers_of_any_size_come_round_and_are_written():
    huge = 10**5000
    assert sd.exp(x).diff(x, huge) == sd.exp(x)
    assert (x**3).diff(x, huge) == 0
    digits = "1" + 5000 * "0"
    assert repr(sd.DualNumber(huge, Fraction(1, huge))) == f"{digits} + 1/{digits}ε"
    assert repr(sd.TaylorSeries([huge, Fraction(huge, 3)])) == f"TaylorSeries([{digits}, Fraction({digits}, 3)])"
    assert (-huge * x).latex() == f"-{digits} x"
    assert not sd.crosscheck(huge * x, {x: 1.5}).disagree  # beyond floats


# -- dense results ---------------------------------------------------------------------


def test_dense_matrices_that_would_fill_the_memory_are_an_error():
    w = sd.variables("w", 8000)
    f = (w**2).sum()
    for endless in (lambda: f.hessian(w), lambda: sd.hessian(f, w), lambda: sd.jacobian(w**2, w)):
        with pytest.raises(sd.SymdiffValueError, match=r"8,000 by 8,000 has 64,000,000 entries.*sparse=True"):
            endless()
    assert f.hessian(w, sparse=True).nnz == 8000
    numbers = np.zeros(8000)
    for mode in (sd.jacobian, sd.hessian):
        with pytest.raises(sd.SymdiffValueError, match=r"8,000 numbers carry as many tangents each, 64,000,000 in all"):
            mode(lambda v: (v**2).sum(), numbers)


def test_a_hessian_without_zeros_of_many_variables_is_an_error(monkeypatch):
    for name, limit in {
        "HESSIAN_ROWS": 100_000,
        "HESSIAN_TRIED": 0,
        "HESSIAN_DENSE_NODES": 0,
        "HESSIAN_EDGES": 1000,
    }.items():
        monkeypatch.setattr(budgets, name, limit)
    w = sd.variables("w", 200)
    with pytest.raises(sd.SymdiffValueError, match=r"by 200 variables .* takes 200 sweeps over [\d,]+ nodes.*sd\.hvp"):
        sd.log(sd.exp(w).sum()).hessian(w, sparse=True)


def test_equal_entries_of_a_matrix_are_one_handle():
    w = sd.variables("w", 300)
    found = (w**2).sum().hessian(w)
    assert len({id(entry) for entry in found.ravel()}) == 2


@pytest.mark.parametrize("order", [63, 64, 150])
def test_roots_of_linear_terms_have_one_power_each(order):
    x = sd.Var("x")
    with mpmath.workdps(40):
        at = mpmath.mpf(3)
        wanted = 2**order * mpmath.ff(mpmath.mpf(1) / 2, order) * (2 * at + 1) ** (mpmath.mpf(1) / 2 - order)
        found = sd.sqrt(2 * x + 1).diff(x, order).evaluate({x: at})
    assert abs(found - wanted) <= abs(wanted) * 1e-35
    assert sd.sqrt(x).diff(x, order).evaluate({x: 0.0}) == (-np.inf if order % 2 == 0 else np.inf)


def test_a_name_that_arrays_of_the_graph_have_too_is_the_scalar_of_a_scalar_function():
    with sd.Graph():
        a, b = sd.variables("a b")
        sums = [sd.Var("a", shape=3).sum(), sd.Var("a", shape=(2, 2)).sum()]
        f = a**2 * sd.exp(b)
        assert f.diff("a", 2) == f.diff(a, 2)
        assert f.gradient("a") == f.gradient(a)
        assert b.diff("a", 10**8) == 0
        assert sd.derivatives(f, "a", 2) == sd.derivatives(f, a, 2)
        assert f.evaluate(a=2, b=0) == 4
        assert len(sums) == 2


def refused_late(system, indices, wanted):
    assert len(indices) <= 1001, "recurrences of an order that is refused"
    return schedule(system, indices, wanted)


@pytest.mark.parametrize(
    ("f", "limit"),
    [
        (sd.gamma(x), "order of polygamma is at most 1,000"),
        (sd.loggamma(x) * sd.tan(x), "order of polygamma is at most 1,000"),
        (sd.polygamma(3, x) / x, "order of polygamma is at most 1,000"),
        (sd.spherical_jn(2, x), "order of spherical_jn is at most 1,000"),
        (sd.binomial(x, y), "order in n of binomial_derivative is at most 50"),
    ],
    ids=str,
)
def test_orders_that_a_function_does_not_have_are_refused_before_others_are_computed(f, limit, monkeypatch):
    """It took 15 seconds, and hours of numbers, until the recurrences came to order 1,001 of polygamma."""
    for module in ("node_coefficients", "series"):
        monkeypatch.setattr(importlib.import_module(f"symdiff.taylor.{module}"), "schedule", refused_late)
    for asked in (f.diff, lambda x, n: sd.derivatives(f, x, n), lambda x, n: sd.taylor(f, x, {x: 2.5, y: 1.5}, n)):
        with pytest.raises(sd.SymdiffValueError, match=limit):
            asked(x, 1500)


def test_orders_that_a_function_has_are_not_refused():
    right = mpmath.taylor(mpmath.gamma, 2.5, 9)[9]
    assert sd.taylor(sd.gamma(x), x, 2.5, 9)[9] == pytest.approx(float(right), rel=1e-9)
    assert sd.digamma(x).diff(x, 100) == sd.polygamma(100, x)
