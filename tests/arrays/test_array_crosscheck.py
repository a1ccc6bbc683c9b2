"""Cross-checks of array expressions: the expansion into scalars judges them, and a wrong pullback is found."""

import numpy as np
import pytest

import symdiff as sd
from symdiff.algebra import array_values
from symdiff.modes import pullbacks
from symdiff.ops import arrays

ARRAYS = {"arrays", "arrays, backpropagation"}


@pytest.fixture
def least_squares():
    x, w = sd.Var("X", shape=(2, 2)), sd.Var("w", shape=2)
    return ((x @ w - 1) ** 2).sum(), {x: [[0.5, 1.5], [2.0, -1.0]], w: [0.25, 0.75]}


def test_array_nodes_are_two_methods_more(least_squares):
    f, point = least_squares
    report = sd.crosscheck(f, point, order=1)
    assert report.ok
    rows = [row for row in report.rows if row.method in ARRAYS]
    assert {row.method for row in rows} == ARRAYS
    assert {row.quantity for row in rows} == {row.quantity for row in report.rows}
    assert all(row.judged for row in rows)
    assert "at" in report.title
    assert sd.crosscheck(f, X=point[f.variables[0]], w=point[f.variables[1]], order=1).ok


def test_an_entry_of_a_symmetric_variable_counts_twice():
    s, v = sd.Var("S", shape=(2, 2), symmetric=True), sd.Var("v", shape=2)
    report = sd.crosscheck(sd.exp(v @ s @ v / 4), {s: [[0.1, 0.2], [0.2, 0.4]], v: [0.5, 1.0]})
    assert report.ok
    assert "∂f/∂S[0, 1]" in {row.quantity for row in report.rows if row.method in ARRAYS}


def test_named_sizes_intervals_and_values_of_variables():
    x = sd.Var("x", shape="n")
    f = (sd.tanh(x) ** 2).mean()
    assert sd.crosscheck(f, {x: [0.1, 0.5]}).ok
    y = sd.Var("y", shape=2)
    assert sd.crosscheck(sd.sin(y).prod(), {y: (0.1, 1)}, points=2, order=1).ok
    y.value = [0.5, 1.0]
    assert sd.crosscheck(sd.sin(y).prod(), order=1).ok


def test_sympy_writes_its_own_matrices_out(least_squares):
    def rows(f, point, order=1):
        report = sd.crosscheck(f, point, order=order)
        assert report.ok
        found = [row for row in report.rows if row.method == "SymPy, matrices"]
        assert all(row.judged for row in found)
        return {row.quantity for row in found} == {row.quantity for row in report.rows}

    assert rows(*least_squares, order=2)
    x, s = sd.Var("x", shape="n"), sd.Var("n")
    assert rows((sd.exp(x) * s).mean() + x[1] * s, {x: [0.1, 0.5, 1.5], s: 1.25})
    p = sd.Var("P", shape=(2, 2), symmetric=True)
    assert rows(sd.linalg.logdet(p) + p[0, 1] * sd.trace(p @ p), {p: [[2.0, 0.5], [0.5, 1.0]]})
    assert not rows(p.max(), {p: [[2.0, 0.5], [0.5, 1.0]]})  # no counterpart


def test_a_wrong_expansion_is_found_by_sympys_matrices(least_squares, monkeypatch):
    f, point = least_squares
    right = array_values._einsum

    def doubled(factors, result, sizes):
        return 2 * right(factors, result, sizes)

    monkeypatch.setattr(array_values, "_einsum", doubled)
    disagree = sd.crosscheck(f, point, order=1).disagree
    assert {row.method for row in disagree} >= {"SymPy, matrices"}
    assert "SymPy" not in {row.method for row in disagree}


def test_a_wrong_pullback_is_found(least_squares, monkeypatch):
    f, point = least_squares
    right = pullbacks._OF_ARRAYS[arrays.einsum]

    def twice(pull, wanted):
        return [contribution for contribution in right(pull, wanted) for _ in range(2)]

    monkeypatch.setitem(pullbacks._OF_ARRAYS, arrays.einsum, twice)
    report = sd.crosscheck(f, point, order=1)
    assert not report.ok
    assert {row.method for row in report.disagree} <= ARRAYS
    with pytest.raises(AssertionError):
        report.raise_if_wrong()


@pytest.mark.parametrize(
    ("f", "point", "message"),
    [
        (lambda x: 2 * x, {"x": [1, 2]}, "x is an array: weigh and sum it|2\\*x is an array"),
        (lambda x: x.sum(), {"x": [1, 2, 3]}, r"x has shape \(2,\); the array given has shape \(3,\)"),
        (lambda x: x.sum(), {"x": np.ones((4, 2))}, "one value of x"),
        (lambda x: x.sum(), [{"x": [1, 2]}], "one point, a dictionary"),
        (lambda x: x.sum(), {}, "no value for x"),
    ],
)
def test_what_is_refused(f, point, message):
    with pytest.raises(sd.SymdiffError, match=message):
        sd.crosscheck(f(sd.Var("x", shape=2)), point)


def test_slopes_of_a_cholesky_factor_are_those_of_its_value():
    """Of a matrix that is not said to be symmetric the lower half was read, and slopes were of both."""
    a = sd.Var("A", shape=(2, 2))
    assert sd.crosscheck(sd.sin(sd.linalg.cholesky(a)).sum(), {a: [[2.0, 0.5], [0.5, 1.0]]}).ok
    uneven = np.array([[2.0, 0.25], [0.75, 1.0]])
    assert sd.crosscheck(sd.sin(sd.linalg.cholesky(a)).sum(), {a: uneven}, order=1).ok
    f = sd.linalg.cholesky(a)
    np.testing.assert_array_equal(sd.compile(f, [a])(uneven), f.evaluate({a: uneven}))
