"""The 50 digits are those of the derivative: near 0, far out, and where steps are too coarse; none are made up."""

from functools import cache

import mpmath
import numpy as np
import pytest
from support import stable

import symdiff as sd
from symdiff.check.judge import OUT_OF_RANGE

X, Y = sd.variables("x y")


def fifty_digits(report, quantity):
    return next(row for row in report.rows if row.method == "50 digits" and row.quantity == quantity)


# -- zeros that are none -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("f", "at", "order", "right"),
    [
        (sd.sin(X), 1e-300, 2, lambda x: -mpmath.sin(x)),
        (sd.sinh(X), -1e-300, 2, mpmath.sinh),
        (sd.atan(X), 1e-300, 2, lambda x: -2 * x / (1 + x * x) ** 2),
        (sd.cos(X), 1e-310, 1, lambda x: -mpmath.sin(x)),
        (sd.cos(X), 1e-200, 3, mpmath.sin),
        (sd.exp(X) - X, 1e-290, 1, mpmath.expm1),
        (X * sd.sin(X), 1e-250, 3, lambda x: -3 * mpmath.sin(x) - x * mpmath.cos(x)),
        (sd.sin(X), 1e300, 2, lambda x: -mpmath.sin(x)),
        (sd.cos(X), -1e200, 3, mpmath.sin),
        (1e-300 * sd.sin(X), 1e300, 1, lambda x: mpmath.mpf(1e-300) * mpmath.cos(x)),
        (sd.sin(X) / X, 1e200, 2, lambda x: -mpmath.sin(x) / x - 2 * mpmath.cos(x) / x**2 + 2 * mpmath.sin(x) / x**3),
    ],
    ids=stable,
)
def test_what_is_small_or_seen_by_coarse_steps_is_not_zero(f, at, order, right):
    report = sd.crosscheck(f, {X: at}, order=order).raise_if_wrong()
    row = fifty_digits(report, f"∂{'⁰¹²³'[order]}f/∂x{'⁰¹²³'[order]}".replace("¹", ""))
    with mpmath.workdps(1200):
        true = right(mpmath.mpf(at))
        assert abs(row.value - true) <= 1e-45 * abs(true)


@pytest.mark.parametrize(
    ("f", "at"), [(3 * X / 7, 1e300), (X * Y / 7, 1e-300), (X**2 * 1e-100, 1e-100), (sd.log(Y) + X, 1e250)], ids=stable
)
def test_zeros_are_zeros_at_any_point(f, at):
    report = sd.crosscheck(f, {X: at, Y: 3.0}, order=3).raise_if_wrong()
    assert report.ok
    assert fifty_digits(report, "∂³f/∂x³").value == 0


@pytest.mark.parametrize(
    ("f", "at", "right"),
    [
        (X - sd.sin(X), -1e160, lambda x: 1 - mpmath.cos(x)),
        (1e10 * X + sd.cos(3 * X), 1e100, lambda x: mpmath.mpf(1e10) - 3 * mpmath.sin(3 * x)),
        (X**2 + sd.sin(X) * 1e200, 1e200, lambda x: 2 * x + mpmath.mpf(1e200) * mpmath.cos(x)),
        (X + sd.atan(1e200 * X) * 1e-200, 0.0, lambda x: 1 + mpmath.mpf(1e200) * mpmath.mpf(1e-200)),
        (X + sd.erf(1e150 * X) * 1e-150, 0.0, lambda x: 1 + mpmath.mpf(1e150) * 1e-150 * 2 / mpmath.sqrt(mpmath.pi)),
    ],
    ids=stable,
)
def test_what_coarse_steps_pass_over_beside_a_line_counts(f, at, right):
    report = sd.crosscheck(f, {X: at}, order=1).raise_if_wrong()
    with mpmath.workdps(600):
        true = right(mpmath.mpf(at))
        assert abs(fifty_digits(report, "∂f/∂x").value - true) <= 1e-25 * abs(true)


def test_what_no_float_is_counts_as_zero_though_its_digits_are_few():
    """2*exp(-900)/sqrt(pi) is 1e-391, of which the differences of values of about 1 show some digits only."""
    report = sd.crosscheck(sd.erf(X), {X: 30.0}, order=1).raise_if_wrong()
    assert report.ok
    assert float(fifty_digits(report, "∂f/∂x").value) == 0.0


# -- who is to blame ---------------------------------------------------------------------------


@pytest.mark.parametrize("at", [1e-140, 1e-200, 1e150])
def test_what_sympy_leaves_of_rounding_is_no_finding(at):
    """2*y**2/(x**2 + y**2) - 1 is 0 there: SymPy returns 1e120 of no accuracy."""
    report = sd.crosscheck(sd.atan2(Y, X), {X: at, Y: at}).raise_if_wrong()
    row = next(row for row in report.rows if row.method == "SymPy" and row.quantity == "∂²f/∂x∂y")
    assert row.note == "SymPy can't tell it from 0"


@pytest.mark.parametrize(
    ("f", "at"),
    [(sd.asinh(sd.exp(X)), 400.0), (1 / sd.cosh(X), 1e5), (1 / (1 + sd.exp(-X)), -1e17), (sd.sech(X) / sd.exp(X), 1e7)],
    ids=stable,
)
def test_what_leaves_the_range_of_floats_is_not_judged(f, at):
    report = sd.crosscheck(f, {X: at})
    assert not report.disagree
    assert not report.ok
    assert OUT_OF_RANGE in {row.note for row in report.rows}


@pytest.mark.parametrize(
    ("f", "at"),
    [
        (sd.sin(X) / X, -1e-150),  # of which the second derivative is -1 in 768 bits and in 832, -1/3 in truth
        (sd.log1p(X) - X, 1e-300),  # which is -1e-300 by SymPy, -5e-601 in truth
        ((1 - sd.cos(X)) / X**2, 1e-200),
        (sd.tanh(X), 1e-30),  # of which dual numbers lose -2e-30 beside 1
        (sd.tanh(X) * sd.exp(X), -1e-150),
        (sd.cos(X) ** 2 + sd.sin(X) ** 2 + X * 1e-30, 0.5),
        (sd.sin(1 / X), 1e-150),  # of which the condition is more than a float
    ],
    ids=stable,
)
def test_rounding_of_whatever_size_blames_nothing(f, at):
    assert not sd.crosscheck(f, {X: at}).disagree


@pytest.mark.parametrize(
    "f", [sd.exp(-1 / X**2), 1 / (1 + 1 / X), X * sd.tanh(1 / X**2), sd.exp(-sd.abs(1 / X))], ids=str
)
def test_what_passes_through_infinity_is_not_judged(f):
    report = sd.crosscheck(f, {X: 0.0}, order=1)
    assert not report.disagree
    assert not report.ok


@cache  # a name is taken for the life of the process
def wrong_log():
    """log(x) with the slope 2/x, of floats alone."""
    return sd.operation("reference_log_of_floats", np.log, lambda r, x: 2 / x)


def test_the_fault_of_an_operation_of_floats_is_its_own_far_out_too():
    report = sd.crosscheck(wrong_log()(X + Y) - wrong_log()(X), {X: 1e17, Y: 1.0}, order=1)
    assert report.disagree
    assert report.fault.node.op.name == wrong_log().name


@pytest.mark.parametrize(
    "make", [lambda e: wrong_log()(e[2]), lambda e: wrong_log()(e).sum(), lambda e: (Y * wrong_log()(e * 2))[0]]
)
def test_operations_on_what_arrays_give_are_judged_alone(make):
    """Eigenvalues have no formula in scalars, and floats see nothing of a logarithm beside 1e16."""
    A = sd.Var("A", shape=(3, 3))  # noqa: N806
    f = 1e16 + make(sd.linalg.eigvalsh(A + A.T))
    report = sd.crosscheck(f, {A: [[4.0, 2.0, 1.0], [1.0, 5.0, 1.0], [0.0, 1.0, 6.0]], Y: 2.0}, order=1)
    assert {row.method for row in report.disagree} == {"alone"}
    assert {row.quantity for row in report.disagree} == {f"∂{wrong_log().name}/∂operand"}
