"""Derivatives of ordinary Python functions that never heard of symdiff."""

# ruff: noqa: N806 - matrices have capitals, as in mathematics

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
import scipy.special

import symdiff as sd


def newton_sqrt(a):
    x = a
    for _ in range(30):
        x = (x + a / x) / 2
    return x


def piecewise(x):
    if x < 0:
        return -x
    if x < 1:
        return x**2
    return 2 * x - 1


# -- derivative ----------------------------------------------------------------------------


def test_derivative_of_a_number():
    assert sd.derivative(lambda x: x**3, 2.0) == 12.0
    assert sd.derivative(lambda x: x**3, 2.0, order=2) == 12.0
    assert sd.derivative(lambda x: x**3, 2.0, order=3) == 6.0
    assert sd.derivative(lambda x: x**3, 2.0, order=4) == 0.0
    assert sd.derivative(lambda x: x**3, 2.0, order=0) == 8.0
    assert sd.derivative(lambda x: x**3, 2, order=2) == 12


def test_sine_of_a_square():
    assert sd.derivative(lambda x: np.sin(x**2), 3.0) == pytest.approx(6 * math.cos(9), rel=1e-15)
    assert sd.derivative(lambda x: sd.sin(x**2), 3.0) == pytest.approx(-5.46678, abs=5e-6)


@pytest.mark.parametrize("order", range(1, 8))
def test_any_order(order):
    expected = float(mpmath.diff(lambda t: mpmath.exp(mpmath.sin(t)) / (1 + t**2), 0.7, order))
    found = sd.derivative(lambda t: np.exp(np.sin(t)) / (1 + t**2), 0.7, order=order)
    assert found == pytest.approx(expected, rel=1e-7)


def test_branches_and_loops():
    assert sd.derivative(newton_sqrt, 4.0) == pytest.approx(0.25)
    assert sd.derivative(newton_sqrt, 4.0, order=2) == pytest.approx(-1 / 32)
    assert [sd.derivative(piecewise, at) for at in (-2.0, 0.5, 3.0)] == [-1.0, 1.0, 2.0]
    assert [sd.derivative(piecewise, at, order=2) for at in (-2.0, 0.5, 3.0)] == [0.0, 2.0, 0.0]


def test_while_loops_that_depend_on_the_value():
    def halve(x):
        while x > 1:
            x = x / 2
        return x

    assert sd.derivative(halve, 10.0) == 1 / 16


def test_recursion_and_closures():
    def power(x, n):
        return 1 if n == 0 else x * power(x, n - 1)

    assert sd.derivative(lambda x: power(x, 10), 1.0) == 10.0


def test_an_unknown_library_function_through_numpy():
    def polynomial(x):
        return np.polyval([3.0, 2.0, 1.0], x)

    assert sd.derivative(polynomial, 2.0) == 14.0


def test_arrays_elementwise():
    x = np.linspace(-1, 1, 5)
    np.testing.assert_allclose(sd.derivative(np.sin, x), np.cos(x), rtol=1e-15)
    np.testing.assert_allclose(sd.derivative(np.tanh, x, order=2), -2 * np.tanh(x) * (1 - np.tanh(x) ** 2), atol=1e-15)
    assert sd.derivative(np.exp, np.zeros((2, 3))).shape == (2, 3)
    assert sd.derivative(np.exp, np.zeros((2, 3))).dtype == float
    np.testing.assert_allclose(sd.derivative(lambda v: v**2, [1.0, 2.0]), [2.0, 4.0])
    np.testing.assert_allclose(sd.derivative(lambda v: v * 0 + 1, x), np.zeros(5))
    assert sd.derivative(np.sin, np.zeros(0)).shape == (0,)
    assert sd.derivative(np.sin, []).shape == (0,)


def test_functions_that_return_arrays():
    found = sd.derivative(lambda t: np.array([np.cos(t), np.sin(t)]), 0.5)
    np.testing.assert_allclose(found, [-math.sin(0.5), math.cos(0.5)])
    found = sd.derivative(lambda t: [t, t**2], 3.0)
    np.testing.assert_allclose(found, [1.0, 6.0])


def test_functions_with_matrices_inside():
    def rotated(t):
        return np.array([[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]]) @ np.array([1.0, 0.0])

    np.testing.assert_allclose(sd.derivative(rotated, 0.5), [-math.sin(0.5), math.cos(0.5)])


def test_constant_functions():
    assert sd.derivative(lambda x: 3.0, 1.0) == 0
    assert sd.derivative(lambda x: 3.0, 1.0, order=3) == 0
    np.testing.assert_array_equal(sd.derivative(lambda x: np.ones(2), 1.0), [0.0, 0.0])


def test_high_precision():
    with mpmath.workdps(50):
        found = sd.derivative(lambda t: sd.sin(t) * t, mpmath.mpf(1), order=2)
        expected = 2 * mpmath.cos(1) - mpmath.sin(1)
        assert abs(found - expected) < mpmath.mpf(10) ** -48


def test_a_function_that_evaluates_an_expression():
    x = sd.Var("x")
    f = sd.sin(x) * x
    found = sd.derivative(lambda t: f.evaluate({x: t}), 0.5)
    assert found == pytest.approx(f.gradient(x).evaluate({x: 0.5}), rel=1e-15)


def test_methods_and_callable_objects():
    class Line:
        def __call__(self, x):
            return 3 * x

    assert sd.derivative(Line(), 1.0) == 3.0
    assert sd.derivative(np.polynomial.Polynomial([1.0, 2.0, 3.0]), 2.0) == 14.0


def test_warnings_do_not_leak():
    assert sd.derivative(np.log, 0.0) == math.inf
    np.testing.assert_array_equal(sd.derivative(np.sqrt, np.array([0.0, 4.0])), [math.inf, 0.25])


@pytest.mark.parametrize(("order", "error"), [(-1, ValueError), (1.5, TypeError), (True, TypeError), ("1", TypeError)])
def test_orders_that_are_none(order, error):
    with pytest.raises(error, match="order") as raised:
        sd.derivative(np.sin, 1.0, order=order)
    assert isinstance(raised.value, sd.SymdiffError)


def test_what_is_no_function():
    x = sd.Var("x")
    with pytest.raises(sd.SymdiffTypeError, match=r"f\.diff"):
        sd.derivative(x**2, 1.0)
    with pytest.raises(sd.SymdiffTypeError):
        sd.derivative(3, 1.0)


def test_math_functions_are_a_clear_error():
    with pytest.raises(sd.SymdiffTypeError, match=r"np\.sin|sd\.sin"):
        sd.derivative(math.sin, 1.0)


# -- gradient --------------------------------------------------------------------------------


def f(x, y):
    return x**2 * y + y + 2


def test_gradient_is_one_derivative_an_argument():
    assert sd.gradient(f, 3.0, 4.0) == (24.0, 10.0)
    assert sd.gradient(f, 3, 4) == (24, 10)
    assert sd.gradient(np.sin, 0.0) == (1.0,)


def test_gradient_by_arrays():
    A = np.array([[1.0, 2.0], [3.0, 4.0]])
    (by_w,) = sd.gradient(lambda w: np.sum(A @ w), np.array([1.0, 1.0]))
    np.testing.assert_array_equal(by_w, [4.0, 6.0])
    by_a, by_b = sd.gradient(lambda a, b: (a * b).sum(), np.arange(3.0), 2.0)
    np.testing.assert_array_equal(by_a, [2.0, 2.0, 2.0])
    assert by_b == 3.0
    (by_m,) = sd.gradient(lambda m: np.trace(m @ m), A)
    np.testing.assert_allclose(by_m, 2 * A.T)
    (by_m,) = sd.gradient(lambda m: np.linalg.norm(m), A)
    np.testing.assert_allclose(by_m, A / np.linalg.norm(A))


def test_gradient_of_a_function_that_ignores_an_argument():
    assert sd.gradient(lambda x, y: x * 2.0, 3.0, 4.0) == (2.0, 0.0)
    assert sd.gradient(lambda x: 5.0, 3.0) == (0.0,)


def test_gradient_takes_number_valued_functions():
    with pytest.raises(sd.SymdiffValueError, match="jacobian"):
        sd.gradient(lambda v: v * 2, np.ones(3))
    with pytest.raises(sd.SymdiffValueError):
        sd.gradient(lambda: 1.0)


def test_gradient_of_a_least_squares_loss():
    rng = np.random.default_rng(2)
    X, t, w = rng.normal(size=(50, 3)), rng.normal(size=50), rng.normal(size=3)
    (found,) = sd.gradient(lambda w: ((X @ w - t) ** 2).mean(), w)
    np.testing.assert_allclose(found, 2 * X.T @ (X @ w - t) / 50, rtol=1e-12)


# -- jacobian and hessian --------------------------------------------------------------------------


def test_jacobian_shapes_and_values():
    v = np.array([1.0, 2.0, 3.0])
    np.testing.assert_allclose(sd.jacobian(lambda v: v**2, v), np.diag(2 * v))
    found = sd.jacobian(lambda v: np.array([v[0] * v[1], v[2], 1.0 * v[0], v.sum()]), v)
    np.testing.assert_allclose(found, [[2, 1, 0], [0, 0, 1], [1, 0, 0], [1, 1, 1]])
    assert sd.jacobian(lambda v: v.sum(), v).shape == (3,)
    assert sd.jacobian(lambda m: m @ m, np.eye(2)).shape == (2, 2, 2, 2)
    np.testing.assert_allclose(sd.jacobian(lambda x, y: [x * y, x + y], 3.0, 4.0), [[4, 3], [1, 1]])
    assert sd.jacobian(lambda x: x**2, 3.0) == 6.0


def test_jacobian_of_polar_coordinates():
    found = sd.jacobian(lambda r, t: [r * np.cos(t), r * np.sin(t)], 2.0, 0.5)
    expected = [[math.cos(0.5), -2 * math.sin(0.5)], [math.sin(0.5), 2 * math.cos(0.5)]]
    np.testing.assert_allclose(found, expected)


def test_hessian_shapes_and_values():
    np.testing.assert_array_equal(sd.hessian(f, 3.0, 4.0), [[8.0, 6.0], [6.0, 0.0]])
    v = np.array([0.5, 1.5, 2.5])
    found = sd.hessian(lambda v: ((1 - v[:-1]) ** 2 + 100 * (v[1:] - v[:-1] ** 2) ** 2).sum(), v)
    from scipy.optimize import rosen_hess

    np.testing.assert_allclose(found, rosen_hess(v), rtol=1e-13)
    assert sd.hessian(lambda x: x**3, 2.0) == 12.0
    assert sd.hessian(lambda m: (m**2).sum(), np.eye(2)).shape == (2, 2, 2, 2)


def test_hessian_of_powers_with_a_variable_exponent_is_symmetric():
    found = sd.hessian(lambda x, y: x**y, 2.0, 0.0)
    np.testing.assert_allclose(found, [[0.0, 0.5], [0.5, math.log(2) ** 2]], atol=1e-15)


def test_functions_of_expressions_and_of_python_share_their_names():
    x, y = sd.variables("x y")
    g = f(x, y)
    assert (sd.gradient(g, [x, y]) == g.gradient([x, y])).all()
    assert sd.jacobian([g], [x, y]).shape == (1, 2)
    assert sd.hessian(g, [x, y])[0, 0] == 2 * y


def test_nested_derivatives_of_functions():
    def inner(y):
        return sd.derivative(lambda x: x**2 * y, 3.0)

    assert sd.derivative(inner, 4.0) == 6.0
    assert sd.derivative(lambda x: sd.derivative(np.exp, x) * x, 1.0) == pytest.approx(2 * math.e)
    found = sd.jacobian(lambda v: sd.gradient(lambda u: (u**3).sum(), v)[0], np.array([1.0, 2.0]))
    np.testing.assert_allclose(found, [[6.0, 0.0], [0.0, 12.0]])


def test_ties_in_arrays_split_as_those_of_numbers_do():
    """NumPy's own maximum of an object array takes one side of a tie."""
    at = np.array([3.0, 1.0, 2.0])
    assert sd.gradient(lambda v: np.maximum(v, 2).sum(), at)[0].tolist() == [1.0, 0.0, 0.5]
    assert sd.gradient(np.max, np.array([3.0, 3.0, 1.0]))[0].tolist() == [0.5, 0.5, 0.0]
    assert sd.gradient(lambda v: np.clip(v, 0, 2).sum(), at)[0].tolist() == [0.0, 1.0, 0.5]


def test_ufuncs_that_object_arrays_lack():
    found = sd.gradient(lambda v: np.logaddexp(v, 0).sum(), np.array([0.0, 1.0]))[0]
    np.testing.assert_allclose(found, 1 / (1 + np.exp([0.0, -1.0])), rtol=1e-15)


def test_masks_and_changes_in_place():
    def func(v):
        v = v.copy()
        v += 1
        v *= v
        return v[v > 4].sum() + np.where(v > 4, v, 0).sum()

    assert sd.gradient(func, np.array([0.0, 2.0, 3.0]))[0].tolist() == [0.0, 12.0, 16.0]


JOINED = {
    "percentile": lambda a: np.percentile(a, 30),
    "cov": lambda a: np.cov(a),
    "isnan": lambda a: np.where(np.isnan(a), 0, a).sum(),
    "expit": lambda a: scipy.special.expit(a).sum(),
}


@pytest.mark.parametrize("name", JOINED)
def test_arrays_that_a_function_joins_know_what_they_hold(name):
    function = JOINED[name]
    for join in (np.stack, np.hstack, lambda parts: np.concatenate([np.atleast_1d(part) for part in parts])):

        def of_numbers(p, q, join=join):
            return function(join([p, q, p * q]))

        h = 1e-6
        by_p = (of_numbers(1.5 + h, 3.0) - of_numbers(1.5 - h, 3.0)) / (2 * h)
        by_q = (of_numbers(1.5, 3.0 + h) - of_numbers(1.5, 3.0 - h)) / (2 * h)
        found = sd.gradient(of_numbers, 1.5, 3.0)
        assert np.shape(by_p) == ()
        assert found == pytest.approx((by_p, by_q), rel=1e-6)


@pytest.mark.parametrize("name", [*JOINED, "copysign"])
@pytest.mark.parametrize("derive", [sd.gradient, sd.hessian])
def test_numpy_is_told_what_a_list_holds(name, derive):
    function = JOINED.get(name, lambda a: np.copysign(a, 1.0).sum())
    with pytest.raises(sd.SymdiffTypeError, match=f"{name} .*np.stack"):
        derive(lambda p, q: function(np.array([p, q, p * q])), 1.0, 3.0)


def test_errors_of_the_function_itself_are_its_own():
    def wrong(p):
        return p + None.missing

    with pytest.raises(AttributeError, match="missing") as raised:
        sd.gradient(wrong, 1.0)
    assert not isinstance(raised.value, sd.SymdiffError)
