"""Cumulative sums, convolutions and triangular systems: NumPy's values, and slopes that are of the same kind."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import scipy.linalg

import symdiff as sd

RNG = np.random.default_rng(4)
X, B, M = RNG.normal(size=5), RNG.normal(size=3), RNG.normal(size=(3, 2, 4))
MATRIX, RIGHT = RNG.normal(size=(3, 3)) + 2 * np.eye(3), RNG.normal(size=(3, 2))
UNITS = np.eye(12).reshape(12, 4, 3)
MODES = ("full", "same", "valid")


@pytest.fixture
def x():
    return sd.Var("x", shape=5)


@pytest.fixture
def b():
    return sd.Var("b", shape=3)


def test_cumsum_is_numpys():
    m = sd.Var("M", shape=M.shape)
    for axis in (0, 1, -1, None):
        for f in (np.cumsum(m, axis=axis), sd.cumsum(m, axis), m.cumsum(axis)):
            np.testing.assert_allclose(f.evaluate(M=M), np.cumsum(M, axis=axis))
            np.testing.assert_allclose(f.evaluate(M=np.stack([M, -M]))[1], np.cumsum(-M, axis=axis))
    assert sd.cumsum(sd.Var("v", shape=3)).evaluate(v=[1, Fraction(1, 2), 2]).tolist() == [
        1,
        Fraction(3, 2),
        Fraction(7, 2),
    ]
    assert [str(v) for v in sd.cumsum(sd.Var("v", shape=2)).expand()] == ["v[0]", "v[0] + v[1]"]


def test_slopes_of_cumsum_are_sums_from_the_end(x):
    w = sd.Var("w", shape=5)
    slope = (w @ sd.cumsum(x)).gradient(x)
    assert str(slope) == "cumsum(w[::-1])[::-1]"
    np.testing.assert_allclose(slope.evaluate(w=X), np.cumsum(X[::-1])[::-1])
    np.testing.assert_allclose(sd.jacobian(sd.cumsum(x), x).evaluate(), np.tri(5))
    f = (sd.sin(sd.cumsum(x)) ** 2).sum()
    entries = f.expand().hessian(sd.variables("x", 5))
    np.testing.assert_allclose(f.hessian(x).evaluate(x=X), np.array(sd.evaluate(entries, x=X), float))
    named = sd.Var("n", shape=("n", 2))
    assert str(sd.cumsum(named, axis=0)) == 'cumsum(Var("n"), axis=0)'
    slope = (sd.cumsum(named, axis=0) ** 2).sum().gradient(named)
    np.testing.assert_allclose(slope.evaluate(n=RIGHT), 2 * np.cumsum(np.cumsum(RIGHT, 0)[::-1], 0)[::-1])


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("sizes", [(5, 3), (3, 5), (4, 4), (1, 3), (6, 2), (1, 1)])
def test_convolve_is_numpys(mode, sizes):
    u, v = RNG.normal(size=sizes[0]), RNG.normal(size=sizes[1])
    a, c = sd.Var("a", shape=sizes[0]), sd.Var("c", shape=sizes[1])
    for f in (sd.convolve(a, c, mode), np.convolve(a, c, mode=mode)):
        np.testing.assert_allclose(f.evaluate(a=u, c=v), np.convolve(u, v, mode))
        np.testing.assert_allclose(f.evaluate(a=np.stack([u, -u]), c=v)[1], np.convolve(-u, v, mode))
    f = (sd.sin(sd.convolve(a, c, mode)) ** 2).sum()
    point = {"a": u, "c": v}
    expected = f.expand()
    for variables in (a, c):
        scalars = sd.variables(variables.name, variables.shape)
        found = f.gradient(variables).evaluate(point)
        np.testing.assert_allclose(found, np.array(sd.evaluate(expected.gradient(scalars), point), float))
        second = sd.jacobian(f.gradient(a), variables).evaluate(point)
        mixed = [
            [sd.evaluate(e, point) for e in d.gradient(scalars)] for d in expected.gradient(sd.variables("a", sizes[0]))
        ]
        np.testing.assert_allclose(second, np.array(mixed, float), atol=1e-12)
        jacobian = sd.jacobian(sd.convolve(a, c, mode), variables)
        rows = [[sd.evaluate(e, point) for e in d.gradient(scalars)] for d in sd.convolve(a, c, mode).expand()]
        np.testing.assert_allclose(jacobian.evaluate(point), np.array(rows, float))


def test_slopes_of_convolutions_are_convolutions(x, b):
    w = sd.Var("w", shape=7)
    assert str((w @ sd.convolve(x, b)).gradient(x)) == 'convolve(w, b[::-1], mode="valid")'
    v = sd.Var("v", shape=3)
    assert str((v @ sd.convolve(x, b, "valid")).gradient(x)) == "convolve(v, b[::-1])"
    assert str((v @ sd.convolve(x, b, "valid")).gradient(b)) == 'convolve(x[::-1], v, mode="valid")'
    assert sd.latex(sd.convolve(2 * x, b)) == r"2 \left(x \ast b\right)"
    n = sd.Var("n", shape="n")
    f = (sd.convolve(n, b) ** 2).sum()
    assert f.gradient(b).evaluate(n=X, b=B) == pytest.approx(
        (sd.convolve(x, b) ** 2).sum().gradient(b).evaluate(x=X, b=B)
    )
    with pytest.raises(sd.SymdiffValueError, match="a valid convolution is of a vector within a longer one"):
        sd.convolve(n, b, "valid").evaluate(n=[1, 2], b=B)


@pytest.mark.parametrize("lower", [False, True])
@pytest.mark.parametrize("unit", [False, True])
@pytest.mark.parametrize("trans", [0, 1, "N", "T"])
def test_triangular_systems_are_scipys(lower, unit, trans):
    a, right, vector = sd.Var("A", shape=(3, 3)), sd.Var("R", shape=(3, 2)), sd.Var("b", shape=3)
    options = {"trans": trans, "lower": lower, "unit_diagonal": unit}
    point = {"A": MATRIX, "R": RIGHT, "b": B}
    for b in (right, vector):
        f = sd.linalg.solve_triangular(a, b, **options)
        expected = scipy.linalg.solve_triangular(MATRIX, point[b.name], **options)
        np.testing.assert_allclose(f.evaluate(point), expected)
        assert str(sd.parse(str(f), {"A": (3, 3), "R": (3, 2), "b": 3})) == str(f)
        g = (f**3).sum()
        entries = g.expand()
        for v in (a, b):
            scalars = sd.variables(v.name, v.shape)
            at = np.array(sd.evaluate(entries.gradient(scalars), point), float)
            np.testing.assert_allclose(g.gradient(v).evaluate(point), at, atol=1e-12)
            found = sd.jacobian(f, v).evaluate(point)
            rows = [sd.evaluate(e.gradient(scalars), point) for e in f.expand().ravel()]
            np.testing.assert_allclose(found, np.array(rows, float).reshape(found.shape), atol=1e-12)


def test_what_is_not_read_does_not_matter_and_zeros_are_poles():
    a = np.array([[2.0, np.nan], [1.0, 0.0]])
    f = sd.linalg.solve_triangular(sd.Var("A", shape=(2, 2)), sd.Var("b", shape=2), lower=True)
    assert f.evaluate(A=a, b=[4.0, 3.0]).tolist() == [2, np.inf]
    exact = f.evaluate(A=[[Fraction(2), 0], [1, 3]], b=[1, 1])
    assert exact.tolist() == [Fraction(1, 2), Fraction(1, 6)]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x, b: sd.convolve(x, b[None]), r"of two vectors with entries, not of shapes \(5,\) and \(1, 3\)"),
        (lambda x, b: sd.convolve(x, b, "middle"), 'is "full", "same" or "valid", not \'middle\''),
        (lambda x, b: sd.convolve(sd.Var("n", shape="n"), sd.Var("m", shape="m")), "give a number for one"),
        (lambda x, b: sd.cumsum(x, 1), "has no axis 1"),
        (lambda x, b: sd.linalg.solve_triangular(x, b), "solve_triangular is of a square matrix"),
        (lambda x, b: sd.linalg.solve_triangular(np.eye(3), b, trans=3), 'trans is 0 or 1, "N" or "T"'),
        (lambda x, b: sd.jacobian(sd.convolve(sd.Var("n", shape="n"), b), b), "needs numbers for them"),
    ],
)
def test_what_is_refused(call, message, x, b):
    with pytest.raises(sd.SymdiffError, match=message):
        call(x, b)


# -- Jacobians by short filters ----------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["full", "valid", "same"])
@pytest.mark.parametrize("length", [1, 3])
def test_the_jacobian_by_a_long_signal_holds_diagonals(mode, length):
    x, k = sd.Var("x", shape=40), sd.Var("k", shape=length)
    c = np.convolve(x, k, mode)
    point = {x: np.linspace(-1, 1, 40), k: np.arange(1.0, length + 1)}
    expected = np.array([np.convolve(unit, point[k], mode) for unit in np.eye(40)]).T
    np.testing.assert_array_equal(sd.jacobian(c, x).evaluate(point), expected)
    sparse = sd.jacobian(c, x, sparse=True)
    assert sparse.nnz == np.count_nonzero(expected)
    np.testing.assert_array_equal(sparse.evaluate(point).toarray(), expected)
    np.testing.assert_array_equal(sd.compile(sparse, [x, k])(point[x], point[k]).toarray(), expected)
    hessian = (c**3).sum().hessian(x, sparse=True)
    np.testing.assert_allclose(
        hessian.evaluate(point).toarray(), expected.T @ np.diag(6 * c.evaluate(point)) @ expected, atol=1e-13
    )


def test_the_jacobian_of_a_filtered_signal_of_any_length():
    x = sd.Var("x", shape="n")
    found = sd.jacobian(np.convolve(x, [1.0, 2.0, 3.0], "valid"), x, sparse=True)
    assert (str(found.shape), str(found.nnz)) == ("(n - 2, n)", "3*n - 6")
    assert found.evaluate(x=np.ones(4)).toarray().tolist() == [[3, 2, 1, 0], [0, 3, 2, 1]]


def test_a_long_signal_takes_no_matrix():
    """The matrix of this filter would have 576 million entries."""
    x = sd.Var("x", shape=24_000)
    found = sd.jacobian(np.convolve(x, [1.0, 2.0, 1.0]), x, sparse=True)
    assert found.nnz == 72_000


def test_a_matrix_of_two_long_signals_is_refused():
    x, k = sd.Var("x", shape=24_000), sd.Var("k", shape=12_000)
    with pytest.raises(sd.SymdiffValueError, match="24,000 and 12,000 entries has 35,999 x 24,000 entries"):
        sd.jacobian(np.convolve(x, k), x, sparse=True)


@pytest.mark.parametrize("axis", [0, 1])
def test_the_jacobian_of_sums_along_short_axes_is_one_of_rows(axis):
    x = sd.Var("x", shape=(4, 3))
    f = np.cumsum(x, axis=axis) ** 2
    point = {x: np.arange(1.0, 13.0).reshape(4, 3)}
    expected = np.array([(2 * np.cumsum(point[x], axis) * np.cumsum(unit, axis)).ravel() for unit in UNITS]).T
    np.testing.assert_array_equal(sd.jacobian(f, x).evaluate(point).reshape(12, 12), expected)
    sparse = sd.jacobian(f, x, sparse=True)
    assert sparse.nnz == np.count_nonzero(expected)
    np.testing.assert_array_equal(sparse.evaluate(point).toarray(), expected)
    rows = sd.Var("rows", shape=(6000, 4))
    assert sd.jacobian(np.cumsum(rows, axis=1), rows, sparse=True).nnz == 60_000
