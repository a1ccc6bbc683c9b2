"""Slopes of quotients whose denominator squared is no float, in every mode and backend, against mpmath."""

import mpmath
import numpy as np
import pytest
from support import WAYS, WAYS_TWICE, close, digits

import symdiff as sd

X, Y = sd.variables("x y")

CASES = {
    "1/cosh(x)": (1 / sd.cosh(X), lambda x: 1 / mpmath.cosh(x), [238.0, -300.0, 356.0, 400.0, -700.0]),
    "1/(1 + exp(-x))": (1 / (1 + sd.exp(-X)), lambda x: 1 / (1 + mpmath.exp(-x)), [-700.0, -400.0, -238.0, 300.0]),
    "1/(sinh(x)*cosh(x))": (
        1 / (sd.sinh(X) * sd.cosh(X)), lambda x: 1 / (mpmath.sinh(x) * mpmath.cosh(x)), [20.0, 200.0, -300.0],
    ),
    "exp(x)/(1 + exp(2*x))": (
        sd.exp(X) / (1 + sd.exp(2 * X)), lambda x: mpmath.exp(x) / (1 + mpmath.exp(2 * x)), [200.0, -300.0, 350.0],
    ),
    "cosh(x)**-1": (sd.cosh(X) ** -1, lambda x: 1 / mpmath.cosh(x), [2.0, 356.0, -400.0, 500.0, 700.0]),
    "cosh(x)**-2": (sd.cosh(X) ** -2, lambda x: mpmath.cosh(x) ** -2, [2.0, 200.0, -300.0, 350.0]),
    "(1 + exp(-x))**-1": ((1 + sd.exp(-X)) ** -1, lambda x: 1 / (1 + mpmath.exp(-x)), [-700.0, -400.0, 30.0]),
    "sin(x)*cosh(x)**-1": (
        sd.sin(X) * sd.cosh(X) ** -1, lambda x: mpmath.sin(x) / mpmath.cosh(x), [2.0, 356.0, -400.0, 600.0, 700.0],
    ),
    "exp(-x)*cosh(x)**-1": (
        sd.exp(-X) * sd.cosh(X) ** -1, lambda x: mpmath.exp(-x) / mpmath.cosh(x), [2.0, 200.0, 300.0, 350.0],
    ),
    "1/(1 + x**2)": (1 / (1 + X**2), lambda x: 1 / (1 + x**2), [1e50, 1e60, -1e70]),
    "(1 + x**2)**-0.5": ((1 + X**2) ** -0.5, lambda x: (1 + x**2) ** mpmath.mpf(-0.5), [2.0, 1e50, -1e77, 1e100]),
}  # fmt: skip
POINTS = [(name, at) for name, (_, _, points) in CASES.items() for at in points]
SINGLE = {"1/cosh(x)": [35.0, 50.0, -80.0], "1/(1 + exp(-x))": [-50.0, -85.0, 30.0], "1/(1 + x**2)": [1e8]}


# Derived one after the other: the first slope is an expression like any other.
IN_TURN = {
    "y/cosh(x)": (Y / sd.cosh(X), lambda x: 3 / mpmath.cosh(x), [500.0, -600.0, 700.0]),
    "y*cosh(x)**-1": (Y * sd.cosh(X) ** -1, lambda x: 3 / mpmath.cosh(x), [500.0, -600.0, 700.0]),
    "cosh(x)**-0.5": (sd.cosh(X) ** -0.5, lambda x: mpmath.cosh(x) ** -0.5, [300.0, 500.0, -700.0]),
}


def true(function, at, order):
    with digits(400):
        return mpmath.diff(function, mpmath.mpf(at), order, h=mpmath.mpf(10) ** -100, relative=True)


@pytest.mark.parametrize(("name", "at"), POINTS)
def test_first_slopes_hold_in_every_mode(name, at):
    f, function, _ = CASES[name]
    found = {way: take(f, [X], {X: at})[0] for way, take in WAYS.items()}
    found["elimination"] = sd.jacobian([f], [X], mode="elimination")[0, 0].evaluate({X: at})
    expected = true(function, at, 1)
    assert {way: value for way, value in found.items() if not close(value, expected, 1e-12)} == {}


@pytest.mark.parametrize("name", IN_TURN)
def test_slopes_of_slopes_hold(name):
    f, function, points = IN_TURN[name]
    slopes = f.diff(X), f.diff(X).diff(X)
    for at in points:
        point = {X: at, Y: 3.0} if Y in f.variables else {X: at}
        for order, slope in enumerate(slopes, 1):
            expected = true(function, at, order)
            assert close(slope.evaluate(point), expected, 1e-12), (order, at)
            assert close(sd.taylor(f, X, point, 2)[order] * order, expected, 1e-12), (order, at)
            assert close(sd.compile(slope, list(point))(*point.values()), expected, 1e-12), (order, at)


@pytest.mark.parametrize(("name", "at"), POINTS)
def test_second_slopes_hold_in_every_mode(name, at):
    f, function, _ = CASES[name]
    found = {way: take(f, [X], {X: at})[0][0] for way, take in WAYS_TWICE.items()}
    found["taylor"] = 2 * sd.taylor(f, X, {X: at}, 2)[2]
    found["symbolic taylor"] = 2 * sd.taylor(f, X, order=2)[2].evaluate({X: at})
    found["backpropagation of tangents"] = f.backpropagate({X: sd.DualNumber(at, 1.0)})[X].eps
    expected = true(function, at, 2)
    assert {way: value for way, value in found.items() if not close(value, expected, 1e-12)} == {}


@pytest.mark.parametrize("backend", ["python", "numpy", "llvm"])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", SINGLE)
def test_slopes_hold_compiled(name, dtype, backend):
    if dtype == "float32" and backend == "python":
        pytest.skip("Python's floats are float64")
    f, function, points = CASES[name]
    points = points if dtype == "float64" else SINGLE[name]
    compiled = sd.compile([f.gradient(X), f.diff(X, 2)], [X], backend=backend, dtype=dtype)
    found = compiled(np.array(points, dtype))
    for order in (1, 2):
        for value, at in zip(found[order - 1], points, strict=True):
            at = float(np.dtype(dtype).type(at))
            assert close(float(value), true(function, at, order), 1e-12 if dtype == "float64" else 1e-5)


def test_a_batch_of_points_backpropagates_as_each_alone():
    f = CASES["1/cosh(x)"][0] * Y
    points = np.array([1.0, 400.0, -700.0])
    found = f.backpropagate({X: points, Y: 2.0})
    alone = [f.backpropagate({X: at, Y: 2.0})[X] for at in points.tolist()]
    assert all(close(float(v), one, 1e-15) for v, one in zip(found[X], alone, strict=True))


def test_ordinary_quotients_are_divided_at_once(monkeypatch):
    """What they divide by waited at every node below them, which took twice the time of a product."""
    monkeypatch.setattr(sd.modes.backpropagation, "evaluate_quotient", None)
    point = {X: 0.3, Y: 2.3}
    for f in (X / Y, 1 / (1 + sd.exp(-X)), (X * Y) ** -2, (X + Y) ** -0.5, X * Y / 3, (X / Y) / (1 + X / Y)):
        found = f.backpropagate(point)
        assert all(close(found[v], f.gradient(v).evaluate(point), 1e-14) for v in f.variables)


@pytest.mark.parametrize("at", [1e-80, 1e-12, 0.3, 1e12, 1e90])
def test_quotients_of_one_variable_meet_whatever_their_sizes(at):
    f = 1 / X + 2 / X + 5 / (X + 1) + (1 / X) / X + X**-2
    expected = true(lambda x: 3 / x + 5 / (x + 1) + 2 / x / x, at, 1)
    assert close(f.backpropagate({X: at})[X], float(expected), 1e-12)


@pytest.mark.parametrize("at", [360.0, 500.0, 700.0])
@pytest.mark.parametrize(
    ("below", "function"),
    [(sd.cosh(X), mpmath.cosh), (1 + sd.exp(X), lambda x: 1 + mpmath.exp(x)), (sd.exp(X), mpmath.exp)],
    ids=["cosh(x)", "1 + exp(x)", "exp(x)"],
)
def test_a_variable_above_takes_nothing_from_the_slopes(below, function, at):
    """Hessians of y/(1 + exp(x)) had the wrong sign from 356 on, slopes of y/exp(x) were 0."""
    f, point = Y / below, {X: at, Y: 3.0}
    expected = [true(lambda x: 3 / function(x), at, order) for order in (1, 2)]
    first = {way: take(f, [X, Y], point)[0] for way, take in WAYS.items()}
    assert {way: value for way, value in first.items() if not close(value, expected[0], 1e-12)} == {}
    second = {way: take(f, [X, Y], point)[0][0] for way, take in WAYS_TWICE.items() if way != "diff"}
    assert {way: value for way, value in second.items() if not close(value, expected[1], 1e-12)} == {}


def test_denominators_of_several_meet():
    f = 1 / sd.cosh(X) + 1 / sd.sinh(X) + 2 / sd.cosh(X)
    found = {way: take(f, [X], {X: 400.0})[0] for way, take in WAYS.items()}
    expected = true(lambda x: 3 / mpmath.cosh(x) + 1 / mpmath.sinh(x), 400.0, 1)
    assert all(close(value, expected, 1e-12) for value in found.values())


def test_adjoints_between_are_divided():
    f = 1 / sd.cosh(X)
    found = sd.modes.backpropagation.node_adjoints(f, {X: 20.0})
    assert close(found[sd.cosh(X)], -1 / mpmath.cosh(20) ** 2, 1e-14)


@pytest.mark.parametrize("order", [1, 2])
def test_a_quotient_of_huge_numbers(order):
    f = X / Y
    exact = {1: ("-1e-100", 1e300, 1e200), 2: ("2e-200", 1e280, 1e160)}[order]
    derivative = f.diff(Y, order).evaluate({X: exact[1], Y: exact[2]})
    assert close(derivative, float(exact[0]), 1e-12)


def test_the_slope_of_an_inverse_reads_as_it_did():
    assert str((1 / X).gradient(X)) == "-1/x**2"
    assert str((1 / sd.cosh(X)).gradient(X)) == "-sinh(x)/cosh(x)/cosh(x)"
