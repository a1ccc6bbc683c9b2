"""Hessians of small formulas: which ways are tried, and that choosing among few costs no operations."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest

import symdiff as sd
from symdiff.derive import hessian_modes, small_hessians
from symdiff.graph import VAR
from symdiff.modes.edge_counts import within_edges

FORMULAS = [  # of several variables, as people have them
    "100*(y - x**2)**2 + (1 - x)**2", "x**2*y + y + 2", "exp(x*y)*sin(z) + x*z/(y + 2) - sqrt(x)",
    "log(1 + exp(-x - 2*y)) + log(1 + exp(y - z)) + (x**2 + y**2 + z**2)/10", "sqrt(x**2 + y**2 - 2*x*y*cos(z - u))",
    "x*sin(y)*cos(z)", "u/(exp(x*y/(z*u)) + exp(-x*y/(z*u)))", "x/sqrt(1 - y**2/z**2)", "atan2(y, x)*exp(-x**2 - y**2)",
    "(1 + x/y)/sqrt(1 - x**2/y**2)*z", "4*((x**2 + y**2)**-6 - (x**2 + y**2)**-3)", "log(exp(x) + exp(y) + exp(z))",
    "sin(x*y)*cos(y*z)*exp(-u)", "tanh(2*x - y)**2 + tanh(x + 3*z)**2", "x*y*z*u", "(x + y)**5 - (y - z)**4",
]  # fmt: skip


def variables_of(f):
    return list(f.variables)


def total(exprs):
    return sum(sd.count_ops(exprs).values())


def tried(monkeypatch, text):
    """The ways that are walked for a formula, and its Hessian."""
    ways = []
    for name in ("edges", "elimination", "rows", "columns"):
        way = getattr(small_hessians._Ways, name)

        def noted(self, aside, limit, name=name, way=way):
            found = way(self, aside, limit)
            ways.extend([name] * (found is not None))
            return found

        monkeypatch.setattr(small_hessians._Ways, name, noted)
    with sd.Graph():
        f = sd.parse(text)
        return ways, f.hessian(variables_of(f))


@pytest.mark.parametrize("text", ["x**2*y + y + 2", "x*y*z", "100*(y - x**2)**2 + (1 - x)**2", "x*y*z*u", "(x - y)**3"])
def test_plain_formulas_are_pushed_and_no_other_way_is_tried(monkeypatch, text):
    assert tried(monkeypatch, text)[0] == ["edges"]


@pytest.mark.parametrize("text", ["sqrt(x**2 + y**2 - 2*x*y*cos(z - u))", "x/(y + z)", "where(x > y, x*y, y)"])
def test_what_may_be_cheaper_another_way_is_tried_so(monkeypatch, text):
    ways, _ = tried(monkeypatch, text)
    assert ways[:3] == ["edges", "rows", "elimination"]


@pytest.mark.parametrize("text", ["exp(-x)*exp(-y)*exp(-z)*exp(-u)*exp(-v)*exp(-w)", "x*y*z*u*v*w*a*b*c*d*e"])
def test_products_of_many_factors_take_no_more_than_by_rows(text):
    """Pushing their edges takes up to ten times the operations, though no slope is squared."""
    with sd.Graph():
        f = sd.parse(text)
        ours = total([f, f.hessian(variables_of(f))])
    with sd.Graph():
        f = sd.parse(text)
        assert ours <= total([f, sd.jacobian(f.gradient(variables_of(f)), variables_of(f), mode="reverse")])


def test_numbers_that_overflow_early_keep_a_plain_formula_in_the_contest(monkeypatch):
    ways, _ = tried(monkeypatch, "cosh(x)**-0.5 + y")
    assert len(ways) > 1


def test_fewer_operations_than_by_rows_and_none_has_many_more():
    ours, rows = [], []
    for text in FORMULAS:
        with sd.Graph():
            f = sd.parse(text)
            ours.append(total([f, f.hessian(variables_of(f))]))
        with sd.Graph():
            f = sd.parse(text)
            rows.append(total([f, sd.jacobian(f.gradient(variables_of(f)), variables_of(f), mode="reverse")]))
    assert sum(ours) < 0.9 * sum(rows)
    assert all(a <= b + 2 for a, b in zip(ours, rows, strict=True))


@pytest.mark.parametrize(
    ("text", "squares"),
    [
        ("x*y", 0),  # an edge between the variables, no more
        ("(2*x + y)**2", 0),  # passed on by numbers
        ("sin(x**2)*y", 1),
        ("exp(sin(x)) + exp(sin(y))", 2),
        ("exp(x*y)", inf),  # passed on to two operands
        ("x/y", inf),
        ("maximum(x, y)**2", inf),
        ("hypot(x + y, x + y)", inf),
    ],
)
def test_squares_of_slopes_are_counted(text, squares):
    with sd.Graph():
        f = sd.parse(text)
        wrt = [v._index for v in variables_of(f)]
        assert squares == inf or within_edges(f.graph, f._index, wrt, inf, squares=squares)
        assert squares == 0 or not within_edges(f.graph, f._index, wrt, inf, squares=min(squares, 1000) - 1)


def test_nothing_but_the_result_is_left_in_the_graph():
    """Ways that are tried aside write into a copy."""
    f = sd.parse("x**2/(y**2 + exp(x)) + sqrt(x*y)")
    graph, before = f.graph, len(f.graph)
    cone = set(graph.cone([entry._index for entry in f.hessian(variables_of(f)).flat]))
    assert cone.issuperset(i for i in range(before, len(graph)) if graph.nodes[i][0] > VAR)


def kernel(points, count):
    """The logarithms on the diagonal of a kernel's Cholesky factor: every two entries interact."""
    *scales, noise = sd.variables("p", count)
    rows = []
    for i in range(points):
        row = []
        for j in range(i + 1):
            entry = sum(s * sd.exp(-((i - 0.9 * j) ** 2) * k * s) for k, s in enumerate(scales, 1))
            entry = entry + (noise**2 if i == j else 0) - sum(row[k] * (rows[j] if j < i else row)[k] for k in range(j))
            row.append(sd.sqrt(entry) if i == j else entry / rows[j][j])
        rows.append(row)
    return sum(sd.log(row[-1]) for row in rows), [*scales, noise]


@pytest.mark.parametrize(("points", "count"), [(6, 3), (5, 6), (8, 8), (9, 12)])
def test_variables_that_all_interact_go_by_dyads(monkeypatch, points, count):
    """Trying all ways took ten times as long, pushing edges up to three times the operations."""
    tries = []
    monkeypatch.setattr(hessian_modes, "small_hessian", lambda *args: tries.append(args))
    with sd.Graph():
        f, xs = kernel(points, count)
        hessian = f.hessian(xs)
    assert not tries
    with sd.Graph():
        g, ys = kernel(points, count)
        rows = sd.jacobian(g.gradient(ys), ys, mode="reverse")
    assert total([f, hessian]) < 0.9 * total([g, rows])
    at, there = ({x: 0.7 + 0.05 * k for k, x in enumerate(v)} for v in (xs, ys))
    np.testing.assert_allclose(sd.evaluate(hessian, at), sd.evaluate(rows, there), rtol=1e-9, atol=1e-9)


def test_dense_formulas_with_branches_have_their_contest(monkeypatch):
    """Dyads are not for these: they went by rows, whatever that took."""
    tries = []
    whole = hessian_modes.small_hessian
    monkeypatch.setattr(hessian_modes, "small_hessian", lambda *args: tries.append(args) or whole(*args))
    with sd.Graph():
        f, xs = kernel(5, 3)
        f = sd.maximum(f, xs[0])
        hessian = f.hessian(xs)
    assert len(tries) == 1
    with sd.Graph():
        g, ys = kernel(5, 3)
        g = sd.maximum(g, ys[0])
        assert total([f, hessian]) <= total([g, sd.jacobian(g.gradient(ys), ys, mode="reverse")])
