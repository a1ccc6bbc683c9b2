"""Derivatives in a graph that keeps what is written: as the rules say, swelling, and right."""

import itertools

import numpy as np
import pytest

import symdiff as sd


def logistic(x, times):
    """Iterates of x ↦ 4 x (1 − x), on whose derivatives courses show the swell."""
    for _ in range(times):
        x = 4 * x * (1 - x)
    return x


def test_the_rules_are_seen_as_they_are_written():
    with sd.Graph(simplify=False):
        x, y = sd.variables("x y")
        f = sd.Add(sd.Mul(sd.Mul(x, x), y), sd.Add(y, sd.Const(2)))
        assert str(f.gradient(x)) == "1*y*x + 1*y*x"
        assert str(f.gradient(y)) == "1*x*x + 1"
        assert f.diff(x, 2).evaluate(x=3, y=4) == 8
        assert [str(v) for v in f.hessian([x, y]).ravel()][3] == "0"


def test_derivatives_swell_as_courses_say():
    with sd.Graph(simplify=False):
        x = sd.Var("x")
        f = logistic(x, 3)
        raw = [f.diff(x, n) for n in range(5)]
    with sd.Graph():
        x = sd.Var("x")
        short = [logistic(x, 3).diff(x, n) for n in range(5)]
    counts, least = ([sum(sd.count_ops(f).values()) for f in each] for each in (raw, short))
    assert counts[0] == least[0] == 9
    assert all(b > 1.3 * a for a, b in itertools.pairwise(counts))
    assert all(a > 1.3 * b for a, b in zip(counts[1:], least[1:], strict=True))
    lengths = [len(str(f)) for f in raw]
    assert all(b > 1.5 * a for a, b in itertools.pairwise(lengths[:4]))
    for f, g in zip(raw, short, strict=True):
        assert f.evaluate(x=0.3) == pytest.approx(g.evaluate(x=0.3), rel=1e-12)


@pytest.mark.parametrize("mode", ["auto", "forward", "reverse", "elimination"])
def test_jacobians_are_right_in_every_mode(mode):
    def made():
        x, y = sd.variables("x y")
        fs = [sd.exp(x * y) / y, sd.hypot(x, y), x**3 - x * 0, sd.where(x > y, sd.log(x - y), y), sd.maximum(x, y)]
        return sd.jacobian(fs, [x, y], mode=mode), sd.jacobian(fs, [x, y], mode=mode, sparse=True)

    with sd.Graph(simplify=False):
        raw = made()
    with sd.Graph():
        short = made()
    for point in ({"x": 0.7, "y": 0.3}, {"x": 0.3, "y": 0.7}, {"x": 1.5, "y": -2.5}):
        expected = sd.evaluate(short[0], point).astype(float)
        np.testing.assert_allclose(sd.evaluate(raw[0], point).astype(float), expected, rtol=1e-13)
        np.testing.assert_allclose(raw[1].evaluate(point).toarray(), expected, rtol=1e-13)


def test_a_branch_that_is_not_taken_poisons_nothing():
    with sd.Graph(simplify=False):
        x = sd.Var("x")
        f = sd.where(x > 0, sd.sqrt(x) * sd.log(x), x**2)
        assert f.gradient(x).evaluate(x=0.0) == 0.0
        assert f.diff(x, 2).evaluate(x=-1.0) == 2.0
        assert sd.relu(x).gradient(x).evaluate(x=-1.0) == 0.0


def test_slopes_of_quotients_hold_where_squares_overflow():
    with sd.Graph(simplify=False):
        x, y = sd.variables("x y")
        assert (y / sd.exp(x)).gradient(x).evaluate(x=400.0, y=1.0) == pytest.approx(-np.exp(-400.0), rel=1e-12)
        assert (1 / sd.cosh(x)).gradient(x).evaluate(x=400.0) == pytest.approx(-2 * np.exp(-400.0), rel=1e-12)


def test_a_derivative_takes_time_in_proportion_to_the_graph():
    def size(n):
        with sd.Graph(simplify=False) as graph:
            x = sd.Var("x")
            f = x
            for _ in range(n):
                f = sd.sin(f) * x
            f.gradient(x)
            return len(graph)

    assert size(2000) < 2.1 * size(1000)


def test_crosscheck_judges_them():
    with sd.Graph(simplify=False):
        x, y = sd.variables("x y")
        report = sd.crosscheck(sd.sin(x * x) * y + x / y, {x: 0.7, y: 1.3})
    assert report.ok, str(report)


def test_products_with_vectors_and_all_orders_at_once():
    with sd.Graph(simplify=False):
        x, y = sd.variables("x y")
        f = x * x * y + sd.sin(x)
        point = {x: 0.5, y: 2.0}
        assert sd.hvp(f, [x, y], [1, 0])[0].evaluate(point) == pytest.approx(4.0 - np.sin(0.5))
        assert sd.vjp([f, x * y], [x, y], [0, 1])[1].evaluate(point) == 0.5
        assert sd.derivatives(f, [x, y], 2)[1, 1].evaluate(point) == 1.0
        assert sd.derivatives(x**3, x, 3)[3].evaluate(point) == 6.0


def test_high_orders_do_not_fill_the_memory():
    with sd.Graph(simplify=False) as graph:
        x = sd.Var("x")
        found = sd.tanh(x).diff(x, 20)
        assert len(graph) < 5000
        assert found.evaluate(x=0.0) == 0.0
    assert (x**5).diff(x, 10**6).evaluate(x=2.0) == 0
