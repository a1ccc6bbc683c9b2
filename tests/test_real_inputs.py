"""The issue's real inputs: the running example by every mode, the courses' formulas, models that learn."""

# ruff: noqa: N803, N806 - matrices have capitals, as in mathematics

from __future__ import annotations

import math
import pickle
from itertools import pairwise

import mpmath
import numpy as np
import pytest

import symdiff as sd
from symdiff import DualNumber


def two_moons(n, noise=0.1, seed=0):
    """Two interleaving half circles and their classes, -1 and 1."""
    rng = np.random.default_rng(seed)
    half = n // 2
    upper, lower = np.pi * rng.random(half), np.pi * rng.random(n - half)
    X = np.concatenate(
        [np.stack([np.cos(upper), np.sin(upper)], 1), np.stack([1 - np.cos(lower), 0.5 - np.sin(lower)], 1)]
    )
    t = np.repeat([-1.0, 1.0], [half, n - half])
    return X + noise * rng.normal(size=X.shape), t


# -- the running example at (3, 4) by every mode -------------------------------------------


def running(x, y):
    return x**2 * y + y + 2


def test_running_example_value_is_an_int(xy):
    x, y = xy
    for f in (running(x, y), sd.Add(sd.Mul(sd.Mul(x, x), y), sd.Add(y, sd.Const(2))), sd.parse("x**2*y + y + 2")):
        value = f.evaluate({x: 3, y: 4})
        assert value == 42
        assert type(value) is int


def gradients(f, x, y):
    """Every way to the gradient at (3, 4)."""
    at = {x: 3.0, y: 4.0}
    yield "symbolic", [g.evaluate(at) for g in f.gradient([x, y])]
    yield "diff", [f.diff(x).evaluate(at), f.diff(y).evaluate(at)]
    for mode in ("auto", "forward", "reverse"):
        yield f"jacobian {mode}", sd.evaluate(sd.jacobian([f], [x, y], mode=mode), at)[0]
    yield "jvp", [sd.jvp(f, [x, y], v).evaluate(at) for v in ([1, 0], [0, 1])]
    yield "vjp", sd.evaluate(sd.vjp([f], [x, y], [1]), at)
    yield "dual", [f.evaluate({**at, v: DualNumber(at[v], 1.0)}).eps for v in (x, y)]
    yield "vector dual", f.evaluate({v: DualNumber(at[v], row) for v, row in zip((x, y), np.eye(2), strict=True)}).eps
    found = f.backpropagate(at)
    yield "backpropagate", [found[x], found[y]]
    adjoints = f.node_adjoints(at)
    yield "node adjoints", [adjoints[x], adjoints[y]]
    yield "symbolic adjoints", [f.adjoints()[v].evaluate(at) for v in (x, y)]
    yield "taylor", [sd.taylor(f, x, at, 1)[1], sd.taylor(f, y, at, 1)[1]]
    yield "python functions", sd.gradient(running, 3.0, 4.0)
    by_x, by_y = sd.derivative(lambda t: running(t, 4.0), 3.0), sd.derivative(lambda t: running(3.0, t), 4.0)
    yield "python derivative", [by_x, by_y]
    yield "python jacobian", sd.jacobian(running, 3.0, 4.0)


def test_running_example_gradient_by_every_mode(xy):
    x, y = xy
    names = []
    for name, found in gradients(running(x, y), x, y):
        assert [float(v) for v in found] == [24.0, 10.0], name
        names.append(name)
    assert len(set(names)) == 16


def test_running_example_gradient_by_differences(xy):
    x, y = xy
    for method in ("forward", "central", "complex"):
        found = sd.differences(running(x, y), {x: 3.0, y: 4.0}, method=method)
        assert [found[x], found[y]] == pytest.approx([24, 10], rel=1e-6), method


def hessians(f, x, y):
    """Every way to the Hessian at (3, 4)."""
    at = {x: 3.0, y: 4.0}
    variables = [x, y]
    yield "symbolic", sd.evaluate(f.hessian(variables), at)
    yield "gradient of gradient", [[f.gradient(a).gradient(b).evaluate(at) for b in variables] for a in variables]
    yield "diff", [[f.diff(a, b).evaluate(at) for b in variables] for a in variables]
    yield "jacobian of gradient", sd.evaluate(sd.jacobian(f.gradient(variables), variables), at)
    yield "hvp", [sd.evaluate(sd.hvp(f, variables, v), at) for v in ([1, 0], [0, 1])]
    rows = []
    for seed in ([1.0, 0.0], [0.0, 1.0]):
        found = f.backpropagate({x: DualNumber(3.0, seed[0]), y: DualNumber(4.0, seed[1])})
        rows.append([found[x].eps, found[y].eps])
    yield "forward over reverse", rows
    rows = []
    for a in ([1.0, 0.0], [0.0, 1.0]):
        row = []
        for b in ([1.0, 0.0], [0.0, 1.0]):
            values = [DualNumber(DualNumber(v, a[k], level=1), b[k], level=2) for k, v in enumerate((3.0, 4.0))]
            row.append(f.evaluate(dict(zip(variables, values, strict=True))).eps.eps)
        rows.append(row)
    yield "nested dual", rows
    seconds = [f.adjoints()[a].adjoints() for a in variables]
    yield "symbolic adjoints", [[found.get(b, sd.Const(0)).evaluate(at) for b in variables] for found in seconds]
    yield "python functions", sd.hessian(running, 3.0, 4.0)


def test_running_example_hessian_by_every_mode(xy):
    x, y = xy
    for name, found in hessians(running(x, y), x, y):
        assert [[float(v) for v in row] for row in found] == [[8.0, 6.0], [6.0, 0.0]], name
    assert sd.taylor(running(x, y), x, {x: 3.0, y: 4.0}, 2)[2] == 4.0


def test_running_example_with_the_courses_state():
    with sd.Graph():
        x, y = sd.Var("x", init_value=3), sd.Var("y", init_value=4)
        f = sd.Add(sd.Mul(sd.Mul(x, x), y), sd.Add(y, sd.Const(2)))
        assert f.evaluate() == 42
        f.backpropagate(1.0)
        assert (x.grad, y.grad) == (24.0, 10.0)
        x.value = DualNumber(3.0, 1.0)
        assert f.evaluate().eps == 24.0


def test_dual_arithmetic_of_the_course():
    for found, value, eps in [(3 + DualNumber(3, 4), 6, 4), (DualNumber(3, 4) * DualNumber(5, 7), 15, 41)]:
        assert (found.value, found.eps) == (value, eps)
        assert str(found) == f"{value} + {eps}ε"


# -- formulas of courses ------------------------------------------------------------------------


def every_derivative(f, x, at):
    """The derivative of an expression of one variable in every mode."""
    return {
        "symbolic": f.gradient(x).evaluate({x: at}),
        "forward": sd.jvp(f, x, 1).evaluate({x: at}),
        "dual": f.evaluate({x: DualNumber(at, 1.0)}).eps,
        "backpropagate": f.backpropagate({x: at})[x],
        "taylor": sd.taylor(f, x, at, 1)[1],
    }


@pytest.mark.parametrize(
    ("formula", "at", "expected"),
    [
        (lambda x: sd.sin(x**2), 3.0, 6 * math.cos(9)),
        (
            lambda x: sd.tan(sd.cos(sd.sin(x))),
            math.pi / 3,
            -math.sin(math.sin(math.pi / 3)) * math.cos(math.pi / 3) / math.cos(math.cos(math.sin(math.pi / 3))) ** 2,
        ),
        (lambda x: sd.sin(x) * sd.cos(x), 0.7, math.cos(1.4)),
        (lambda x: x**3 + x**2 - 6 * x + 1, 2.0, 10.0),
    ],
)
def test_formulas_of_one_variable_in_every_mode(formula, at, expected):
    x = sd.Var("x")
    f = formula(x)
    for mode, found in every_derivative(f, x, at).items():
        assert found == pytest.approx(expected, rel=1e-14), mode
    assert sd.derivative(formula, at) == pytest.approx(expected, rel=1e-14)
    assert sd.crosscheck(f, {x: at}).ok


def test_the_sine_of_a_square_prints_its_derivative():
    x = sd.Var("x")
    assert str(sd.sin(x**2).gradient(x)) == "2*x*cos(x**2)"
    assert sd.sin(x**2).gradient(x).evaluate({x: 3}) == pytest.approx(-5.466781571308061, rel=1e-15)


def test_adjoints_of_the_cosine_of_a_sine_of_a_product():
    with sd.Graph():
        x1, x2 = sd.variables("x1 x2")
        f = sd.cos(sd.sin(x1 * x2))
        found = f.backpropagate({x1: 1, x2: 2})
        assert found[x1] == pytest.approx(0.65674, abs=5e-6)
        assert found[x2] == pytest.approx(0.32837, abs=5e-6)
        symbolic = f.adjoints()
        assert symbolic[x1].evaluate({x1: 1, x2: 2}) == pytest.approx(found[x1], rel=1e-15)


def test_tanh_and_its_first_six_derivatives_on_200_points():
    x = sd.Var("x")
    points = np.linspace(-5, 5, 200)
    f = sd.tanh(x)
    with mpmath.workdps(40):
        exact = [mpmath.taylor(mpmath.tanh, mpmath.mpf(p), 6) for p in points]
    series = sd.taylor(f, x, points, 6)
    for k in range(7):
        expected = np.array([float(c[k] * math.factorial(k)) for c in exact])
        by_symbols = f.diff(x, k).evaluate({x: points})
        by_series = np.asarray(series[k]) * math.factorial(k)
        by_function = sd.derivative(np.tanh, points, order=k)
        for found in (by_symbols, by_series, by_function):
            np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


def test_the_minimiser_of_a_cubic_by_gradient_descent():
    x = sd.Var("x", 2.0)
    f = x**3 + x**2 - 6 * x + 1
    for _ in range(200):
        f.backpropagate(1.0)
        x.value = x.value - 0.1 * x.grad
    assert abs(x.value - (math.sqrt(19) - 1) / 3) < 1e-15
    slope = f.gradient(x)
    at = 2.0
    for _ in range(10):  # and by Newton's method
        at = at - slope.evaluate({x: at}) / f.diff(x, 2).evaluate({x: at})
    assert abs(at - (math.sqrt(19) - 1) / 3) < 1e-15


def test_fifty_one_random_points_at_once_with_weights(xy):
    x, y = xy
    f = x * y + sd.sin(x - 2 * y)
    rng = np.random.default_rng(51)
    a, b, w = rng.normal(size=(3, 51))
    found = f.backpropagate({x: a, y: b}, seed=w)
    np.testing.assert_allclose(found[x], w * (b + np.cos(a - 2 * b)), rtol=1e-13, atol=1e-15)
    np.testing.assert_allclose(found[y], w * (a - 2 * np.cos(a - 2 * b)), rtol=1e-13, atol=1e-15)
    one_by_one = [f.backpropagate({x: p, y: q}, seed=s)[x] for p, q, s in zip(a, b, w, strict=True)]
    np.testing.assert_allclose(found[x], one_by_one, rtol=1e-14, atol=1e-15)
    weighted = f.backpropagate({x: a, y: 0.5}, seed=w)
    assert weighted[y] == pytest.approx((w * (a - 2 * np.cos(a - 1))).sum(), rel=1e-12)


@pytest.mark.parametrize("function", [sd.relu, abs], ids=["relu", "abs"])
def test_kinks_at_zero_in_every_mode(function):
    x = sd.Var("x")
    f = function(x)
    for mode, found in every_derivative(f, x, 0.0).items():
        assert found == 0.0, mode
    assert f.diff(x, 2).evaluate({x: 0.0}) == 0.0
    assert sd.derivative(function, 0.0) == 0.0
    assert sd.derivative(function, 0.0, order=2) == 0.0
    curvature = f.backpropagate({x: DualNumber(0.0, 1.0)})[x]
    assert getattr(curvature, "eps", curvature) == 0.0
    expected = [-1.0 if function is abs else 0.0, 0.0]
    np.testing.assert_array_equal(f.backpropagate({x: np.array([-1.0, 0.0])})[x], expected)


# -- no overflow at ±1000 --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("function", "at", "expected"),
    [
        (sd.softplus, 1000.0, (1000.0, 1.0, 0.0)),
        (sd.softplus, -1000.0, (0.0, 0.0, 0.0)),
        (sd.softplus, 0.0, (math.log(2), 0.5, 0.25)),
        (sd.sigmoid, 1000.0, (1.0, 0.0, 0.0)),
        (sd.sigmoid, -1000.0, (0.0, 0.0, 0.0)),
        (sd.sigmoid, 0.0, (0.5, 0.25, 0.0)),
    ],
)
def test_softplus_and_sigmoid_at_extremes(function, at, expected):
    x = sd.Var("x")
    f = function(x)
    value, slope, curvature = expected
    assert f.evaluate({x: at}) == value
    for mode, found in every_derivative(f, x, at).items():
        assert found == pytest.approx(slope, abs=1e-300), mode
    assert f.diff(x, 2).evaluate({x: at}) == pytest.approx(curvature, abs=1e-300)
    assert sd.derivative(function, at, order=2) == pytest.approx(curvature, abs=1e-300)
    assert f.backpropagate({x: DualNumber(at, 1.0)})[x].eps == pytest.approx(curvature, abs=1e-300)
    np.testing.assert_allclose(f.gradient(x).evaluate({x: np.array([at, at])}), slope, atol=1e-300)


EXTREMES = [
    np.array([1000.0, -1000.0, 0.0]),
    np.array([-1000.0, -1000.0, -1000.0]),
    np.array([1000.0, 1000.0, 999.0]),
    np.array([0.5, -0.25, 1.0]),
]


@pytest.mark.parametrize("values", EXTREMES)
def test_logsumexp_softmax_and_cross_entropy(values):
    x = sd.variables("x", 3)
    point = dict(zip(x, values, strict=True))
    shifted = np.exp(values - values.max())
    p = shifted / shifted.sum()

    f = sd.logsumexp(x)
    assert f.evaluate(point) == pytest.approx(values.max() + math.log(shifted.sum()), rel=1e-14)
    np.testing.assert_allclose(sd.evaluate(f.gradient(x), point), p, atol=1e-15)
    np.testing.assert_allclose(sd.evaluate(f.hessian(x), point).astype(float), np.diag(p) - np.outer(p, p), atol=1e-15)
    found = f.backpropagate(point)
    np.testing.assert_allclose([found[v] for v in x], p, atol=1e-15)
    np.testing.assert_allclose(sd.gradient(sd.logsumexp, values)[0], p, atol=1e-15)

    soft = sd.softmax(x)
    np.testing.assert_allclose(sd.evaluate(soft, point), p, atol=1e-15)
    np.testing.assert_allclose(
        sd.evaluate(sd.jacobian(soft, x), point).astype(float), np.diag(p) - np.outer(p, p), atol=1e-15
    )
    second = [[[soft[0].diff(a, b).evaluate(point) for b in x] for a in x]]
    assert np.isfinite(np.array(second, dtype=float)).all()

    onehot = np.array([0.0, 1.0, 0.0])
    loss = -(onehot * sd.log_softmax(x)).sum()
    np.testing.assert_allclose(sd.evaluate(loss.gradient(x), point), p - onehot, atol=1e-15)
    found = loss.backpropagate(point)
    np.testing.assert_allclose([found[v] for v in x], p - onehot, atol=1e-15)
    np.testing.assert_allclose(
        sd.gradient(lambda z: -(onehot * sd.log_softmax(z)).sum(), values)[0], p - onehot, atol=1e-15
    )
    second = sd.evaluate(loss.hessian(x), point).astype(float)
    np.testing.assert_allclose(second, np.diag(p) - np.outer(p, p), atol=1e-15)


# -- linear model ------------------------------------------------------------------------------------


def test_mean_squared_error_of_a_linear_model_on_two_moons():
    """X @ w over object arrays: gradients by dual numbers, backpropagation and symbols agree to 1e-12."""
    moons, t = two_moons(100)
    X = np.concatenate([moons, np.ones((100, 1))], axis=1)
    with sd.Graph():
        w = sd.variables("w", 3)
        loss = ((X @ w - t) ** 2).sum() / len(t)
        slopes = loss.gradient(w)
    at = np.array([0.3, -0.2, 0.1])
    point = dict(zip(w, at, strict=True))
    expected = 2 * X.T @ (X @ at - t) / len(t)
    assert loss.evaluate(point) == pytest.approx(((X @ at - t) ** 2).mean(), rel=1e-13)

    np.testing.assert_allclose(sd.evaluate(slopes, point), expected, rtol=1e-12)
    found = loss.backpropagate(point)
    np.testing.assert_allclose([found[v] for v in w], expected, rtol=1e-12)
    seeds = {v: DualNumber(value, row) for v, value, row in zip(w, at, np.eye(3), strict=True)}
    np.testing.assert_allclose(loss.evaluate(seeds).eps, expected, rtol=1e-12)
    (by_function,) = sd.gradient(lambda w: ((X @ w - t) ** 2).mean(), at)
    np.testing.assert_allclose(by_function, expected, rtol=1e-12)
    np.testing.assert_allclose(sd.evaluate(loss.hessian(w), point).astype(float), 2 * X.T @ X / len(t), rtol=1e-12)

    best = np.linalg.lstsq(X, t, rcond=None)[0]
    for v, value in zip(w, at, strict=True):
        v.value = value
    size = len(loss.graph)
    for _ in range(400):
        loss.backpropagate(1.0)
        for v in w:
            v.value -= 0.4 * v.grad
    np.testing.assert_allclose([v.value for v in w], best, rtol=1e-6)
    assert len(loss.graph) == size


# -- an MLP in scalars --------------------------------------------------------------------------------


def plain_loss_and_gradients(X, t, weights):
    """The same network in plain NumPy: mean squared error of 2-16-16-1 with tanh."""
    W1, b1, W2, b2, W3, b3 = weights
    h1 = np.tanh(X @ W1.T + b1)
    h2 = np.tanh(h1 @ W2.T + b2)
    out = h2 @ W3.T + b3
    error = out[:, 0] - t
    d_out = (2 * error / len(t))[:, None]
    d2 = (d_out @ W3) * (1 - h2**2)
    d1 = (d2 @ W2) * (1 - h1**2)
    return (error**2).mean(), [d1.T @ X, d1.sum(0), d2.T @ h1, d2.sum(0), d_out.T @ h2, d_out.sum(0)]


def test_a_perceptron_of_scalars_is_trained_with_one_graph():
    X, t = two_moons(100)
    rng = np.random.default_rng(7)
    shapes = [(16, 2), (16,), (16, 16), (16,), (1, 16), (1,)]
    weights = [rng.normal(size=s) / math.sqrt(s[-1]) if len(s) == 2 else np.zeros(s) for s in shapes]
    with sd.Graph() as graph:
        a, b, target = sd.variables("a b t")
        params = [sd.variables(name, s) for name, s in zip(("W1", "b1", "W2", "b2", "W3", "b3"), shapes, strict=True)]
        W1, b1, W2, b2, W3, b3 = params
        hidden = np.tanh(W1 @ np.array([a, b]) + b1)
        hidden = np.tanh(W2 @ hidden + b2)
        loss = ((W3 @ hidden + b3)[0] - target) ** 2
    size = len(graph)

    losses = []
    for _ in range(20):
        point = {a: X[:, 0], b: X[:, 1], target: t}
        for variables, values in zip(params, weights, strict=True):
            point.update(zip(variables.ravel(), values.ravel(), strict=True))
        losses.append(loss.evaluate(point).mean())
        found = loss.backpropagate(point, seed=np.full(100, 0.01))
        gradients = [np.array([found[v] for v in variables.ravel()]).reshape(variables.shape) for variables in params]
        plain, expected = plain_loss_and_gradients(X, t, weights)
        assert losses[-1] == pytest.approx(plain, rel=1e-12)
        for ours, theirs in zip(gradients, expected, strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-13)
        weights = [value - 0.1 * slope for value, slope in zip(weights, gradients, strict=True)]
    assert len(graph) == size
    assert all(later < earlier for earlier, later in pairwise(losses))
    assert losses[-1] < 0.7 * losses[0]


def test_a_perceptron_of_scalars_over_every_sample_in_one_graph():
    X, t = two_moons(6)
    rng = np.random.default_rng(7)
    shapes = [(16, 2), (16,), (16, 16), (16,), (1, 16), (1,)]
    weights = [rng.normal(size=s) / 4 for s in shapes]
    with sd.Graph() as graph:
        params = [sd.variables(name, s) for name, s in zip(("W1", "b1", "W2", "b2", "W3", "b3"), shapes, strict=True)]
        W1, b1, W2, b2, W3, b3 = params
        out = [(W3 @ np.tanh(W2 @ np.tanh(W1 @ row + b1) + b2) + b3)[0] for row in X]
        loss = sum((o - goal) ** 2 for o, goal in zip(out, t, strict=True)) / len(t)
    for variables, values in zip(params, weights, strict=True):
        for v, value in zip(variables.ravel(), values.ravel(), strict=True):
            v.value = value
    size = len(graph)
    first = loss.evaluate()
    for step in range(20):
        _, expected = plain_loss_and_gradients(X, t, weights)
        loss.backpropagate(1.0)
        gradients = [np.array([v.grad for v in variables.ravel()]).reshape(variables.shape) for variables in params]
        for ours, theirs in zip(gradients, expected, strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-13, err_msg=f"step {step}")
        weights = [value - 0.1 * slope for value, slope in zip(weights, gradients, strict=True)]
        for variables in params:
            for v in variables.ravel():
                v.value -= 0.1 * v.grad
    assert loss.evaluate() < 0.7 * first
    assert len(graph) == size


# -- depth and size --------------------------------------------------------------------------------------


def test_a_chain_of_sines_is_carried_through_the_whole_library():
    depth = 30_000
    with sd.Graph():
        x = sd.Var("x")
        y = x
        for _ in range(depth):
            y = sd.sin(y) + 0.1 * x
    value, slope = 0.5, 1.0
    for _ in range(depth):
        value, slope = math.sin(value) + 0.1 * 0.5, math.cos(value) * slope + 0.1
    assert y.evaluate({x: 0.5}) == value
    assert y.gradient(x).evaluate({x: 0.5}) == pytest.approx(slope, rel=1e-12)
    assert hash(y) == hash(pickle.loads(pickle.dumps(y)))
    assert str(y).count("sin(") == depth


def test_the_gradient_of_a_large_rosenbrock_function():
    from scipy.optimize import rosen, rosen_der

    n = 2000
    with sd.Graph():
        v = sd.variables("v", n)
        f = (100 * (v[1:] - v[:-1] ** 2) ** 2 + (1 - v[:-1]) ** 2).sum()
        slopes = f.gradient(v)
    at = np.random.default_rng(0).normal(size=n)
    point = dict(zip(v, at, strict=True))
    assert f.evaluate(point) == pytest.approx(rosen(at), rel=1e-12)
    np.testing.assert_allclose(sd.evaluate(slopes, point), rosen_der(at), rtol=1e-10, atol=1e-10)
    found = f.backpropagate(point)
    np.testing.assert_allclose([found[w] for w in v], rosen_der(at), rtol=1e-10, atol=1e-10)
