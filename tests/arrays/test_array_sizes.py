"""Value, gradient and Hessian of textbook examples are a few nodes, whatever the sizes, in names too."""

import numpy as np
import pytest

import symdiff as sd
from symdiff import array_functions as af


def least_squares(n, d):
    x, w, y = sd.Var("X", shape=(n, d)), sd.Var("w", shape=d), sd.Var("y", shape=n)
    return ((x @ w - y) ** 2).sum(), w


def mean_squares(n, d):
    x, w, y = sd.Var("X", shape=(n, d)), sd.Var("w", shape=d), sd.Var("y", shape=n)
    return ((x @ w - y) ** 2).mean() + (w**2).sum() / 2, w


def logistic(n, d):
    x, w, y = sd.Var("X", shape=(n, d)), sd.Var("w", shape=d), sd.Var("y", shape=n)
    return sd.softplus(-y * (x @ w)).sum(), w


def factors(n, d):
    m, u, v = sd.Var("M", shape=(n, d)), sd.Var("U", shape=(n, "r")), sd.Var("V", shape=(d, "r"))
    return ((m - u @ v.T) ** 2).sum(), u


def gaussian(n, d):
    s, x = sd.Var("S", shape=(n, n), symmetric=True), sd.Var("x", shape=n)
    return sd.linalg.logdet(s) / 2 + x @ sd.linalg.solve(s, x) / 2, s


def softmax_by_scores(n, d):
    z, onehot = sd.Var("z", shape=(n, d)), sd.Var("onehot", shape=(n, d))
    return (af.logsumexp(z, axis=1) - (onehot * z).sum(axis=1)).sum(), z


def softmax_by_weights(n, d):
    x, w, y = sd.Var("X", shape=(n, d)), sd.Var("W", shape=(d, "k")), sd.Var("Y", shape=(n, "k"))
    return -(y * af.log_softmax(x @ w, axis=1)).sum(), w


def trace(n, d):
    a, x = sd.Var("A", shape=(n, d)), sd.Var("X", shape=(d, n))
    return af.trace(a @ x), x


def two_layers(n, d):
    x, w, v, y = sd.Var("X", shape=(n, d)), sd.Var("W", shape=(d, d)), sd.Var("v", shape=d), sd.Var("y", shape=n)
    return ((sd.tanh(x @ w) @ v - y) ** 2).mean(), v


EXAMPLES = [
    least_squares, mean_squares, logistic, factors, gaussian, softmax_by_scores, softmax_by_weights, trace, two_layers,
]  # fmt: skip


def everything(example, sizes):
    f, wrt = example(*sizes)
    return [f, f.gradient(wrt), f.hessian(wrt)]


def nodes(expressions):
    return {node for f in expressions for node in f.nodes()}


@pytest.mark.parametrize("sizes", [(100, 3), (10**6, 1000), ("n", "d")], ids=str)
@pytest.mark.parametrize("example", EXAMPLES)
def test_value_gradient_and_hessian_are_at_most_40_nodes(example, sizes):
    with sd.Graph():
        assert len(nodes(everything(example, sizes))) <= 40


@pytest.mark.parametrize("example", EXAMPLES)
def test_sizes_change_nothing_but_numbers(example):
    """The operations are the same at any size."""
    with sd.Graph():
        small, large, named = (sd.count_ops(everything(example, s)) for s in ((100, 3), (5000, 70), ("n", "d")))
    assert small == large
    assert named.keys() - small.keys() <= {"size", "div", "mul"}  # what a mean divides by


@pytest.mark.parametrize("example", EXAMPLES)
def test_named_sizes_derive_what_numbers_do(example):
    with sd.Graph():
        by_name, by_number = everything(example, ("n", "d")), everything(example, (5, 4))
    numbers = np.random.default_rng(3)
    sizes = {"n": 5, "d": 4, "r": 2, "k": 3}
    point = {v.name: numbers.random([sizes.get(n, n) for n in v.shape]) for v in by_name[0].variables}
    if "S" in point:
        point["S"] = point["S"] @ point["S"].T + np.eye(5)
    points = [{v: point[v.name] for v in f[0].variables} for f in (by_name, by_number)]
    for a, b in zip(by_name, by_number, strict=True):
        np.testing.assert_allclose(a.evaluate(points[0]), b.evaluate(points[1]), rtol=1e-10)
