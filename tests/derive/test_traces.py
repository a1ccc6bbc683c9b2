"""Gradients of Python functions by a trace of the call, and Hessians by numbers with tangents in a trace."""

# ruff: noqa: N806 - matrices have capitals, as in mathematics

from __future__ import annotations

import copy
import math
import pickle
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import scipy.optimize
import scipy.special

import symdiff as sd
from symdiff.modes import budgets


def logistic(rows, columns):
    rng = np.random.default_rng(5)
    X, y, w = rng.normal(size=(rows, columns)), (rng.random(rows) > 0.5) * 1.0, rng.normal(size=columns) * 0.3

    def loss(w):
        z = X @ w
        return np.sum(np.log(1 + np.exp(-z)) + (1 - y) * z)

    def loops(w):
        total = 0.0
        for i in range(rows):
            z = 0.0
            for j in range(columns):
                z = z + X[i, j] * w[j]
            total = total + np.log(1 + np.exp(-z)) + (1 - y[i]) * z
        return total

    p = 1 / (1 + np.exp(-X @ w))
    return loss, loops, w, X.T @ (p - y), (X.T * (p * (1 - p))) @ X


@pytest.mark.parametrize("written", ["with NumPy", "with loops"])
def test_logistic_regression_has_its_textbook_derivatives(written):
    loss, loops, w, slopes, curvature = logistic(40, 5)
    func = loss if written == "with NumPy" else loops
    np.testing.assert_allclose(sd.gradient(func, w)[0], slopes, rtol=1e-12)
    np.testing.assert_allclose(sd.hessian(func, w), curvature, rtol=1e-12)


FUNCTIONS = {
    "rational": lambda a, b, c: (a * b - c / a) / (b + 2) ** 2 - 3 * c + 1 / (a + c),
    "powers": lambda a, b, c: a**b + b**0.5 + c**2 + 2**c + c**-1 + a**0 * b,
    "elementary": lambda a, b, c: np.sin(a) * np.exp(b) - np.tanh(c) / np.cosh(a) + sd.erf(a * c) + np.hypot(a, b),
    "kinks": lambda a, b, c: sd.maximum(a, b) * sd.relu(c - 0.1) + abs(a - b) + sd.where(a < b, a * c, b) + np.sign(c),
    "special": lambda a, b, c: (
        sd.loggamma(a) + sd.beta(a, b) + sd.polygamma(1, c) + sd.atan2(a, c) + sd.norm([a, b, c])
    ),
    "control flow": lambda a, b, c: a * b if c > 0.2 and a != b else c,
    "one argument": lambda a, b, c: b * 1.0,
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_reverse_mode_agrees_with_forward_mode_and_expressions(name):
    func, at = FUNCTIONS[name], (0.7, 1.3, 0.4)
    found = sd.gradient(func, *at)
    np.testing.assert_allclose(found, sd.jacobian(func, *at), rtol=1e-13, atol=1e-15)
    for k in range(3):
        seeds = [sd.DualNumber(v, float(k == j)) for j, v in enumerate(at)]
        assert found[k] == pytest.approx(func(*seeds).eps, rel=1e-13, abs=1e-15)
    if name != "control flow":
        xs = list(sd.variables("a b c"))
        point = dict(zip(xs, at, strict=True))
        f = func(*xs)
        np.testing.assert_allclose(found, [slope.evaluate(point) for slope in f.gradient(xs)], rtol=1e-12)
        second = [[sd.evaluate(e, point) for e in row] for row in f.hessian(xs)]
        np.testing.assert_allclose(sd.hessian(func, *at), np.array(second, float), rtol=1e-11, atol=1e-14)


def test_derivatives_of_derivatives():
    def g(v):
        return v[0] ** 3 * v[1] + np.sin(v[0] * v[1])

    v = np.array([0.5, 1.5])
    with mpmath.workdps(30):
        third = float(mpmath.diff(lambda a, b: a**3 * b + mpmath.sin(a * b), (0.5, 1.5), (2, 1)))
    assert sd.jacobian(lambda u: sd.hessian(g, u), v)[0, 0, 1] == pytest.approx(third, rel=1e-13)
    assert sd.hessian(lambda u: sd.gradient(g, u)[0][0], v)[0, 1] == pytest.approx(third, rel=1e-13)
    inner = sd.gradient(lambda a, b: sd.derivative(lambda t: np.sin(t * a) * b, 0.3), 0.5, 0.7)
    np.testing.assert_allclose(inner, [0.7 * (np.cos(0.15) - 0.15 * np.sin(0.15)), 0.5 * np.cos(0.15)], rtol=1e-14)
    outer = sd.derivative(lambda a: sd.gradient(lambda t, s: np.sin(t * a) * s, 0.3, a)[0], 0.5, order=2)
    expected = float(mpmath.diff(lambda a: a**2 * mpmath.cos(0.3 * a), 0.5, 2))
    assert outer == pytest.approx(expected, rel=1e-12)


def test_exact_numbers_and_digits_are_kept():
    assert sd.gradient(lambda a, b: a**2 * b / 3, Fraction(1, 3), 2) == (Fraction(4, 9), Fraction(1, 27))
    assert [type(g) for g in sd.gradient(lambda a, b: a**2 * b, 3, 2)] == [int, int]
    with mpmath.workdps(40):
        (found,) = sd.gradient(lambda a: sd.sin(a) * a, mpmath.mpf(1))
        assert abs(found - mpmath.sin(1) - mpmath.cos(1)) < mpmath.mpf(10) ** -38


def test_a_gradient_takes_as_many_numbers_as_there_are():
    v = np.linspace(-1.0, 1.0, 20_000)
    (found,) = sd.gradient(lambda v: (v * v).sum(), v)
    np.testing.assert_array_equal(found, 2 * v)
    with pytest.raises(sd.SymdiffValueError, match="400,000,000 in all"):
        sd.hessian(lambda v: (v * v).sum(), v)


@pytest.mark.parametrize("length", [1, 2, 64])
def test_a_hessian_calls_the_function_once_for_many_columns(length, monkeypatch):
    monkeypatch.setattr(budgets, "HESSIAN_TANGENTS", length)
    calls = []

    def func(v, s):
        calls.append(v)
        return np.prod(v) * s + s**3

    found = sd.hessian(func, np.array([2.0, 3.0, 5.0]), 7.0)
    assert len(calls) == -(-4 // length)
    np.testing.assert_allclose(found, [[0, 35, 21, 15], [35, 0, 14, 10], [21, 14, 0, 6], [15, 10, 6, 42]], rtol=1e-14)


def test_a_trace_takes_memory_for_each_operation_once():
    def peak(rows):
        loss, _, w, _, _ = logistic(rows, 5)
        tracemalloc.start()
        sd.hessian(loss, w)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peaks = [peak(rows) for rows in (50, 100, 200)]
    assert peaks[2] < 2.3 * peaks[1] < 2.3**2 * peaks[0]


def test_threads_share_a_trace():
    def func(v):
        with ThreadPoolExecutor(8) as pool:
            return sum(pool.map(lambda x: sum(np.sin(x * k) for k in range(1, 50)), list(v)))

    at = np.linspace(0.1, 1.0, 16)
    expected = [sum(k * np.cos(x * k) for k in range(1, 50)) for x in at]
    np.testing.assert_allclose(sd.gradient(func, at)[0], expected, rtol=1e-11)


def test_copies_are_the_number_itself_and_pickles_an_error():
    assert sd.gradient(lambda a, b: copy.deepcopy([a, b])[0] * copy.copy(b), 2.0, 3.0) == (3.0, 2.0)
    with pytest.raises(sd.SymdiffTypeError, match="within one process"):
        sd.gradient(lambda a: pickle.loads(pickle.dumps(a)), 2.0)


def test_whole_operands_have_no_derivative():
    with pytest.raises(sd.SymdiffTypeError, match="no derivative by its order"):
        sd.gradient(lambda n: sd.polygamma(n, 2.0), 1.0)


def test_zeros_by_structure_absorb_and_zeros_by_value_do_not():
    assert sd.gradient(lambda a, b: a**0.5 + b, 0.0, 1.0) == (np.inf, 1.0)
    np.testing.assert_array_equal(sd.hessian(lambda a, b: a**1.5 + a * b, 0.0, 1.0), [[np.inf, 1.0], [1.0, 0.0]])
    assert np.isnan(sd.gradient(lambda t: np.cbrt(t**3), 0.0)[0])
    assert sd.gradient(lambda t: np.sqrt(np.maximum(0.0, t)), -1.0) == (0.0,)
    np.testing.assert_array_equal(
        sd.hessian(lambda t, s: np.minimum(np.exp(t), 1.0) * s, 1000.0, 1.0), np.zeros((2, 2))
    )


# -- SciPy's functions ---------------------------------------------------------------


@pytest.mark.parametrize("mode", [sd.gradient, sd.derivative, sd.hessian])
@pytest.mark.parametrize("name", ["logsumexp", "log_softmax"])
def test_functions_of_scipy_that_stumble_name_ours(name, mode):
    func = getattr(scipy.special, name)
    with pytest.raises(sd.SymdiffTypeError, match=rf"scipy's {name} takes no .*: use sd\.{name}$") as raised:
        mode(lambda v: func(v + np.ones(2)).sum(), 0.5)
    assert raised.value.__cause__ is not None
    ours = getattr(sd, name)
    assert np.isfinite(sd.gradient(lambda v: np.sum(ours(v)), np.array([0.3, 0.7]))[0]).all()


def test_errors_of_a_function_itself_come_through():
    with pytest.raises(TypeError, match="unsupported operand"):
        sd.gradient(lambda a: a + "b", 1.0)
    with pytest.raises(TypeError, match="unsupported operand"):
        sd.gradient(lambda a: a * scipy.optimize.brentq(lambda t: t + "b", 0.0, 1.0), 1.0)
    with pytest.raises(sd.SymdiffTypeError, match="can't become a float"):
        sd.gradient(lambda a: scipy.optimize.brentq(lambda t: math.exp(a) - t, 0.0, 9.0), 1.0)


SCIPY = {
    "expit": lambda x: 1 / (1 + mpmath.exp(-x)),
    "log_expit": lambda x: -mpmath.log1p(mpmath.exp(-x)),
    "logit": lambda x: mpmath.log(x / (1 - x)),
    "psi": mpmath.digamma,
    "ndtr": mpmath.ncdf,
    "softmax": lambda x: mpmath.mpf(1),
}


@pytest.mark.parametrize("name", SCIPY)
@pytest.mark.parametrize("at", [1e-12, 0.2, 0.4, 0.5, 0.6, 0.9])
def test_functions_of_scipy_have_the_meaning_they_have_there(name, at):
    func = getattr(scipy.special, name)
    try:
        func(np.array([0.5], dtype=object))
    except ValueError:  # as softmax says in SciPy 1.15
        with pytest.raises(sd.SymdiffTypeError, match=rf"scipy's {name} takes no .*: use sd\.{name}$"):
            sd.derivative(func, at)
        return
    except TypeError:
        pass  # of plain objects, which have no methods of the function's name
    with mpmath.workdps(40):
        slope = float(mpmath.diff(SCIPY[name], mpmath.mpf(at), h=mpmath.mpf(10) ** -20))
    assert sd.derivative(func, at) == pytest.approx(slope, rel=1e-12)
    assert sd.gradient(lambda v: func(v)[0], np.array([at, at]))[0].sum() == pytest.approx(slope, rel=1e-12, abs=1e-15)
    if name != "softmax":
        x = sd.Var("x")
        assert func(x).evaluate({x: at}) == pytest.approx(func(at), rel=1e-14, abs=1e-16)
        assert func(sd.Var("A", shape=2)).evaluate(A=np.array([at, at])) == pytest.approx(
            func(at), rel=1e-14, abs=1e-16
        )


@pytest.mark.parametrize("name", ["xlogy", "xlog1py", "binom"])
def test_functions_of_scipy_of_two_operands(name):
    func = getattr(scipy.special, name)
    x, y = sd.variables("x y")
    for at in [(0.0, 0.0), (0.0, 2.0), (1.5, 0.7), (2.0, 1.0)]:
        assert func(x, y).evaluate({x: at[0], y: at[1]}) == pytest.approx(func(*at), rel=1e-14)
        if at[1]:
            step = [(func(at[0] + h, at[1]) - func(at[0] - h, at[1])) / (2 * h) for h in (1e-6,)]
            assert sd.gradient(func, *at)[0] == pytest.approx(step[0], rel=1e-6, abs=1e-9)
