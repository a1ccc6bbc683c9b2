"""Numerical differentiation beside exact derivatives."""

from __future__ import annotations

import math

import numpy as np
import pytest

import symdiff as sd
from symdiff.records import OPERATIONS

METHODS = {"central": 1e-8, "forward": 1e-6, "complex-step": 1e-14, "adaptive": 1e-9}
SMOOTH = [
    op
    for op in OPERATIONS
    if op is not None and hasattr(sd, op.class_name) and not (op.kinks or op.boolean or op.name == "atan2")
]


@pytest.mark.parametrize("method", METHODS)
def test_expressions(method):
    x, y = sd.variables("x y")
    f = x**2 * y + y + 2
    found = sd.differences(f, {x: 3, y: 4}, method=method)
    assert list(found) == [x, y]
    assert found[x] == pytest.approx(24, rel=METHODS[method])
    assert found[y] == pytest.approx(10, rel=METHODS[method])
    assert sd.differences(f, x=3, y=4, method=method) == found


@pytest.mark.parametrize("method", METHODS)
def test_functions(method):
    found = sd.differences(lambda x, y: x**2 * y + y + 2, 3.0, 4, method=method)
    assert found == pytest.approx((24, 10), rel=METHODS[method])


@pytest.mark.parametrize("method", METHODS)
def test_arrays(method):
    x, y = sd.variables("x y")
    values = np.array([1.0, 2.0, 3.0])
    found = sd.differences(x**2 * y, {x: values, y: 4}, method=method)
    np.testing.assert_allclose(found[x], 8 * values, rtol=METHODS[method])
    np.testing.assert_allclose(found[y], values**2, rtol=METHODS[method])
    (slope,) = sd.differences(lambda w: (w**2).sum(), np.ones((2, 3)), method=method)
    np.testing.assert_allclose(slope, np.full((2, 3), 2.0), rtol=METHODS[method])
    by_w, by_c = sd.differences(lambda w, c: np.sin(w) * c, values, 2.0, method=method)
    np.testing.assert_allclose(by_w, 2 * np.cos(values), rtol=METHODS[method])
    np.testing.assert_allclose(by_c, np.sin(values), rtol=METHODS[method])


@pytest.mark.parametrize("op", SMOOTH, ids=lambda op: op.name)
@pytest.mark.parametrize("method", METHODS)
def test_every_smooth_operation(op, method):
    x = sd.Var("x")
    f = op(*[1] * len(op.whole), *[x, 1.3][: op.arity - len(op.whole)])
    at = 1.7 if op.name in ("acosh", "asec", "acsc", "acoth") else 0.37
    wanted = f.gradient(x).evaluate({x: at})
    assert sd.differences(f, {x: at}, method=method)[x] == pytest.approx(wanted, rel=10 * METHODS[method])


def test_polynomials_of_low_degree_come_out_exact():
    x = sd.Var("x")
    assert sd.differences(x**2 - 3 * x, {x: 5}) == {x: 7.0}


def test_the_step_is_taken():
    x = sd.Var("x")
    assert sd.differences(x**2, {x: 3}, method="forward", step=0.5) == {x: 6.5}
    assert sd.differences(x**3, {x: 0}, step=0.5) == {x: 0.25}


def test_kinks_by_central_differences():
    x = sd.Var("x")
    assert sd.differences(sd.abs(x), {x: 0}) == {x: 0.0}


def test_values_of_variables_are_used_without_a_point():
    with sd.Graph():
        x = sd.Var("x", 2.0)
        assert sd.differences(sd.sin(x))[x] == pytest.approx(math.cos(2), rel=1e-9)


def test_adaptive_keeps_to_the_domain():
    x = sd.Var("x")
    assert sd.differences(sd.log(x), {x: 0.01}, method="adaptive")[x] == pytest.approx(100, rel=1e-9)


def test_math_functions_by_the_adaptive_method():
    assert sd.differences(math.sin, 1.0, method="adaptive")[0] == pytest.approx(math.cos(1), rel=1e-9)


def test_bad_input():
    x = sd.Var("x")
    with pytest.raises(sd.SymdiffValueError, match="central, forward, complex-step, adaptive"):
        sd.differences(x, {x: 1}, method="backward")
    for step in (0, -1.0, math.nan, math.inf):
        with pytest.raises(sd.SymdiffValueError, match="positive"):
            sd.differences(x, {x: 1}, step=step)
    with pytest.raises(sd.SymdiffTypeError):
        sd.differences(x, {x: 1}, step="small")
    with pytest.raises(sd.SymdiffValueError, match="analytic"):
        sd.differences(sd.abs(x), {x: 1}, method="complex")
    with pytest.raises(sd.SymdiffTypeError):
        sd.differences(3, {x: 1})
    with pytest.raises(sd.SymdiffTypeError):
        sd.differences(x, {x: 1j})
    with pytest.raises(sd.SymdiffTypeError):
        sd.differences(lambda x: x, x=3)
    with pytest.raises(sd.MissingValueError):
        sd.differences(x, {})


def test_a_name_that_is_neither_option_nor_variable_is_refused():
    x, y = sd.variables("x y")
    with pytest.raises(TypeError, match="differences has no option 'order', and there is no variable of that name"):
        sd.differences(x * y, {x: 1.0, y: 2.0}, order=50)
    with pytest.raises(sd.SymdiffError, match="stpe"):
        sd.differences(x * y, x=1.0, y=2.0, stpe=0.1)
    assert sd.differences(x - x + 3 * y, x=1.0, y=2.0) == {y: pytest.approx(3.0)}  # the graph knows x


@pytest.mark.parametrize(
    ("function", "at"),
    [(sd.cbrt, -8.0), (sd.loggamma, -2.5), (sd.log, -2.0), (sd.sqrt, -2.0), (sd.asin, 3.0), (sd.acosh, -2.0),
     (sd.lambertw, -3.0)],
    ids=lambda value: getattr(value, "name", value),
)  # fmt: skip
def test_complex_steps_beyond_a_branch_cut_are_nan(function, at):
    """The value before the step is complex there; its imaginary part over the step would be 1e50."""
    x = sd.Var("x")
    assert math.isnan(sd.differences(function(x), {x: at}, method="complex-step")[x])


def test_complex_steps_of_arrays_and_functions_beyond_a_branch_cut():
    x = sd.Var("x")
    points = np.array([-2.0, 2.0])
    for found in (
        sd.differences(np.log, points, method="complex-step")[0],
        sd.differences(sd.log(x), {x: points}, method="complex-step")[x],
    ):
        assert np.isnan(found[0])
        assert found[1] == 0.5
    with pytest.raises(sd.SymdiffTypeError, match="use method='central'"):
        sd.differences(np.cbrt, 8.0, method="complex-step")


@pytest.mark.parametrize(
    ("function", "at"),
    [
        (sd.cbrt, -8.0), (sd.loggamma, -2.5), (sd.loggamma, -3.5), (sd.acosh, 0.5), (sd.asin, 2.0), (sd.lambertw, -2.0),
        (lambda t: sd.cbrt(t**3 - 20), 1.0), (lambda t: sd.log(sd.sin(t)), 4.0), (lambda t: t**0.3, -2.0),
    ],
)  # fmt: skip
def test_complex_steps_beyond_a_branch_cut_are_nan_for_any_function(function, at):
    with sd.Graph():
        x = sd.Var("x")
        assert np.isnan(sd.differences(function(x), {x: at}, method="complex-step")[x])


@pytest.mark.parametrize(
    ("function", "at"),
    [
        (lambda t: sd.beta(t, 0.5), -3.0), (lambda t: sd.beta(3, t), -1.0), (lambda t: sd.sqrt(sd.loggamma(t)), 0.0),
        (lambda t: sd.gamma(t)**0.5, 0.0), (lambda t: (-2.5)**t, 2.0), (lambda t: (-1.5)**t, -8.0),
        (lambda t: t**t, -3.0), (lambda t: sd.acosh(sd.cosh(t)), 1e5), (sd.sqrt, 0.0), (sd.acosh, 1.0),
        (sd.log, 1e-80), (lambda t: sd.log(t + 1e-60), 0.0), (sd.asin, 1.0),
    ],
)  # fmt: skip
def test_complex_steps_at_jumps_and_poles_are_nan(function, at):
    """Half a step gives another slope there: the function is not smooth over the step."""
    with sd.Graph():
        x = sd.Var("x")
        assert np.isnan(sd.differences(function(x), {x: at}, method="complex-step")[x])
        found = sd.differences(function(x), {x: np.array([at, 0.5])}, method="complex-step")[x]
        assert np.isnan(found[0])
    for of_numbers in (np.sqrt, lambda t: np.power(t, 0.3), lambda t: np.log(t + 1e-60)):
        assert np.isnan(sd.differences(of_numbers, 0.0, method="complex-step")[0])


@pytest.mark.parametrize(
    ("function", "at", "slope"),
    [
        (lambda t: t**3, 0.0, 0.0), (lambda t: 1e40*t**3, 0.0, 0.0), (lambda t: sd.exp(t), 92.0, math.exp(92.0)),
        (lambda t: sd.sin(1e20*t), 0.0, 1e20), (sd.cosh, 0.0, 0.0), (lambda t: sd.sqrt(t), 1e-30, 5e14),
        (lambda t: sd.spherical_jn(3, t), 30.25, 0.0265058660554525974),
    ],
)  # fmt: skip
def test_complex_steps_hold_where_slopes_are_large_or_zero(function, at, slope):
    with sd.Graph():
        x = sd.Var("x")
        found = sd.differences(function(x), {x: at}, method="complex-step")[x]
        assert found == pytest.approx(slope, rel=1e-12, abs=1e-50)
        assert sd.differences(x**3, {x: 2.0}, method="complex-step", step=0.5)[x] == 11.75  # a step of the user's own


@pytest.mark.parametrize(
    ("f", "function", "at"),
    [
        (lambda x: sd.sqrt(x) ** 2, lambda t: np.sqrt(t) ** 2, -2.0),
        (lambda x: sd.cos(sd.acos(x)), lambda t: np.cos(np.arccos(t)), 2.0),
        (lambda x: sd.exp(2 * sd.log(x)), lambda t: np.exp(2 * np.log(t)), -3.0),
        (lambda x: sd.sin(sd.asin(x)) + x, lambda t: np.sin(np.arcsin(t)) + t, -1.5),
    ],
)
def test_the_complex_step_has_no_slope_where_real_numbers_have_no_value(f, function, at):
    """The complex value is real there, as that of sqrt(x)**2 at -2, and the step gave 1."""
    x = sd.Var("x")
    assert np.isnan(sd.differences(f(x), {x: at}, method="complex-step")[x])
    assert np.isnan(sd.differences(function, at, method="complex-step")[0])
    found = sd.differences(f(x), {x: np.array([at, 0.5])}, method="complex-step")[x]
    assert np.isnan(found).tolist() == [True, False]
    assert found[1] == pytest.approx(f(x).gradient(x).evaluate({x: 0.5}))
