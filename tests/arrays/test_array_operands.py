"""Lists, sparse matrices and arrays of expressions beside array expressions, as NumPy and SciPy have them."""

# ruff: noqa: N803, N806, RUF005 - matrices have capitals, as in mathematics; sums are of arrays

import operator

import mpmath
import numpy as np
import pytest
import scipy.sparse as sp

import symdiff as sd

AT_X = np.array([[1.5, -0.5, 2.0], [0.25, 3.0, -1.0], [0.5, 0.75, 2.5]])
AT_V = np.array([0.5, -1.5, 2.0])
DENSE = np.array([[1.0, 0, 2], [0, 0, 0], [3, 0, 4]])

LISTS = {
    "sum": lambda v, X, m: v + [1, 2, 3],
    "reflected": lambda v, X, m: [1, 2, 3] - v,
    "tuple": lambda v, X, m: (1, 2, 3) * v,
    "quotient": lambda v, X, m: v / [1, 2, 4],
    "power": lambda v, X, m: v ** [1, 2, 3],
    "base": lambda v, X, m: [1, 2, 3] ** v,
    "rows": lambda v, X, m: X + [[1, 2, 3]],
    "rest": lambda v, X, m: v % [1, 2, 3] + v // [1, 2, 3],
    "matrix product": lambda v, X, m: [1, 2, 3] @ X @ [1, 0, 1],
    "condition": lambda v, X, m: m.where(v > [0, 0, 1], [1, 2, 3], v),
    "maximum": lambda v, X, m: np.maximum(v, [0, 0, 1]),
    "its own maximum": lambda v, X, m: m.maximum([0, 0, 1], v),
    "clip": lambda v, X, m: np.clip(v, [0, 0, 0], 1),
    "both": lambda v, X, m: m.where((v > 0) & [True, False, True], v, 0),
    "sum of a list": lambda v, X, m: sum([v, [1, 2, 3]]),
    "hypot": lambda v, X, m: np.hypot(v, [3, 4, 5]),
}


@pytest.mark.parametrize("case", LISTS)
def test_lists_of_numbers_are_operands(case):
    v, X = sd.Var("v", shape=3), sd.Var("X", shape=(3, 3))
    f = LISTS[case](v, X, sd)
    wanted = LISTS[case](AT_V, AT_X, np)
    assert np.allclose(f.evaluate(v=AT_V, X=AT_X), wanted)
    assert np.allclose(sd.compile(f, [v, X])(AT_V, AT_X), wanted)


def test_lists_and_arrays_of_expressions_are_operands():
    v, s = sd.Var("v", shape=3), sd.Var("s")
    for other in ([s, 1, v[0]], np.array([s, 1, v[0]])):
        assert np.allclose((v + other).evaluate(v=AT_V, s=2), AT_V + [2, 1, AT_V[0]])
        assert np.allclose((other * v).evaluate(v=AT_V, s=2), [2, 1, AT_V[0]] * AT_V)
        assert np.allclose(sd.maximum(other, v).evaluate(v=AT_V, s=2), np.maximum(AT_V, [2, 1, AT_V[0]]))


def test_lists_that_do_not_fit_are_errors():
    v, s = sd.Var("v", shape=3), sd.Var("s")
    with pytest.raises(sd.SymdiffValueError, match=r"v of shape \(3,\) and an array of shape \(2,\)"):
        v + [1, 2]
    with pytest.raises(sd.SymdiffValueError, match="rows of a list"):
        v + [[1, 2], [3]]
    with pytest.raises(sd.SymdiffTypeError, match="of numbers"):
        v + ["a", "b", "c"]
    with pytest.raises(TypeError):  # of scalars as Python has it
        s + [1, 2]


OPERATORS = {
    "add": operator.add, "sub": operator.sub, "pow": operator.pow, "div": operator.truediv, "less": operator.lt,
    "greater": operator.gt,
}  # fmt: skip


@pytest.mark.parametrize("kind", [sp.csr_array, sp.csr_matrix, sp.coo_array, sp.csc_matrix])
@pytest.mark.parametrize("name", OPERATORS)
def test_sparse_matrices_are_operands(name, kind):
    X, act = sd.Var("X", shape=(3, 3)), OPERATORS[name]
    with np.errstate(all="ignore"):
        wanted = act(AT_X, DENSE)
    found = act(X, kind(DENSE))
    assert np.allclose(found.evaluate(X=AT_X), wanted, equal_nan=True)
    assert np.allclose(sd.compile(found, [X])(AT_X), wanted, equal_nan=True)
    if name != "pow":  # SciPy answers itself, and refuses
        with np.errstate(all="ignore"):
            wanted = act(DENSE, AT_X)
        assert np.allclose(act(kind(DENSE), X).evaluate(X=AT_X), wanted, equal_nan=True)


@pytest.mark.parametrize("kind", [sp.csr_array, sp.csr_matrix, sp.coo_array, sp.csc_matrix])
def test_products_with_sparse_matrices_are_those_of_scipy(kind):
    X, v, s, A = sd.Var("X", shape=(3, 3)), sd.Var("v", shape=3), sd.Var("s"), kind(DENSE)
    at = {X: AT_X, v: AT_V, s: 2.0}
    for f, wanted in [(X * A, AT_X * A), (A * X, A * AT_X), (v * A, AT_V * A), (A * v, A * AT_V), (s * A, 2.0 * A)]:
        wanted = wanted.toarray() if sp.issparse(wanted) else wanted
        assert np.allclose(f.evaluate(at), wanted)
        assert np.allclose(sd.compile(f, [X, v, s])(AT_X, AT_V, 2.0), wanted)
    assert np.allclose((A * v[0] / s).evaluate(at), DENSE * AT_V[0] / 2)


@pytest.mark.parametrize(
    "function",
    [
        lambda A, X, sA, s: np.maximum(X, A),
        lambda A, X, sA, s: sd.sin(sA),
        lambda A, X, sA, s: sA + s,
        lambda A, X, sA, s: sd.where(X > 0, sA, X),
        lambda A, X, sA, s: sd.linalg.inv(sA + np.eye(3)),
        lambda A, X, sA, s: sd.cumsum(sA, axis=0),
        lambda A, X, sA, s: sA.max(axis=0),
        lambda A, X, sA, s: sd.logsumexp(X - A, axis=1),
    ],
)
def test_what_is_made_of_sparse_matrices_runs_compiled(function):
    X, s, A = sd.Var("X", shape=(3, 3)), sd.Var("s"), sp.csr_array(DENSE)
    f, wanted = function(A, X, s * A, s), function(DENSE, X, sd.einsum(",ij->ij", s, DENSE), s)
    at = {X: AT_X, s: 2.0}
    assert np.allclose(sd.compile(f, [X, s])(AT_X, 2.0), wanted.evaluate(at))
    slopes = [f.sum().gradient(z) for z in (X, s)]
    for found, z in zip(sd.compile(slopes, [X, s])(AT_X, 2.0), (X, s), strict=True):
        assert np.allclose(found, wanted.sum().gradient(z).evaluate(at))


def test_values_of_another_shape_are_refused_where_they_are_set():
    X, v, S = sd.Var("X", shape=(3, 3)), sd.Var("v", shape="n"), sd.Var("S", shape=(2, 2), symmetric=True)
    for wrong in (np.zeros((2, 2)), 3.0, [1, 2, 3]):
        with pytest.raises(sd.SymdiffValueError, match=r"X has shape \(3, 3\)"):
            X.value = wrong
    with pytest.raises(sd.SymdiffValueError, match="different length"):
        v.value = [[1, 2], [3]]
    with pytest.raises(sd.SymdiffTypeError, match="X holds 'abc'"):
        X.value = "abc"
    with pytest.raises(sd.SymdiffValueError, match="is not symmetric"):
        S.value = [[1, 2], [3, 4]]
    with pytest.raises(sd.SymdiffValueError, match=r"Y has shape \(2,\)"):
        sd.Var("Y", [1, 2, 3], shape=2)
    assert X.value is None
    X.value = np.zeros((5, 3, 3))  # a batch
    X.value = None


def test_points_give_whole_arrays_to_what_was_expanded():
    X, S = sd.Var("X", shape=(3, 3)), sd.Var("S", shape=(2, 2), symmetric=True)
    f = (X**3).sum().expand()
    assert f.evaluate({X: AT_X}) == pytest.approx((AT_X**3).sum())
    assert f.evaluate({X: sp.csr_array(DENSE)}) == pytest.approx((DENSE**3).sum())
    assert np.allclose(f.backpropagate({X: AT_X}, wrt=X), 3 * AT_X**2)
    assert len(f.backpropagate({X: AT_X})) == 9
    assert np.allclose(sd.compile([f, f.gradient(X)], [X])(AT_X)[1], 3 * AT_X**2)
    assert sd.compile(f, list(X.elements()))(*AT_X) == pytest.approx((AT_X**3).sum())
    with pytest.raises(sd.SymdiffValueError, match=r"X has shape \(3, 3\)"):
        f.evaluate({X: np.ones((4, 4))})
    with pytest.raises(sd.SymdiffValueError, match="is not symmetric"):
        (S**2).sum().expand().evaluate({S: [[1, 2], [3, 4]]})
    with pytest.raises(sd.SymdiffValueError, match="as a whole"):
        f.evaluate({X: AT_X, "X[0, 0]": 3.0})
    assert sd.Var("X[0, 0]").evaluate({X: AT_X}) == AT_X[0, 0]


@pytest.mark.parametrize("backend", ["auto", "numpy"])
def test_sizes_that_are_too_small_are_refused_by_name(backend):
    x, M = sd.Var("x", shape="n"), sd.Var("M", shape=("n", "m"))
    cases = [
        (x[1:] - x[:-1], 1, r"x\[1:\] needs a size n of 1 at least, and n is 0"),
        ((x[1:] ** 2).sum(), 1, r"x\[1:\] needs a size n of 1"),
        (x[5], 6, r"x\[5\] needs a size n of 6 at least, and n is 5"),
        (x[:3], 3, r"x\[:3\] needs a size n of 3"),
        (x[1:-1], 2, r"x\[1:-1\] needs a size n of 2"),
        (x[[0, 3]].sum(), 4, r"x\[\[0, 3\]\] needs a size n of 4"),
        (x.at[2].add(3), 3, "needs a size n of 3"),
    ]
    for f, least, message in cases:
        run = sd.compile(f, [x], backend=backend)
        f.evaluate({x: np.ones(least)})
        run(np.ones(least))
        run(np.ones((2, least)))
        for call in (lambda f, n: f.evaluate({x: np.ones(n)}), lambda f, n, run=run: run(np.ones(n))):
            with pytest.raises(sd.SymdiffValueError, match=message):
                call(f, least - 1)
        with pytest.raises(sd.SymdiffValueError, match=message):
            run(np.ones((2, least - 1)))
    with pytest.raises(sd.SymdiffValueError, match=r"M\[3, 1\] needs a size m of 2 at least, and m is 1"):
        sd.compile(M[3, 1], [M], backend=backend)(np.ones((4, 1)))
    with pytest.raises(sd.SymdiffValueError, match="needs a size n of 6"):
        x[5].backpropagate({x: [1.0, 2, 3]})


def test_coefficients_of_powers_stay_bounded():
    """`(x**2/9)**2` is `x**4/81`, but the digits would double with every square: 100 of them never ended."""
    x, s = sd.Var("x", shape=3), sd.Var("s")
    h = x
    for _ in range(200):
        h = h**2 / 9
    assert len(h.nodes()) < 200
    assert h.evaluate({x: [1.0, 0.5, 0.0]}).tolist() == [0.0, 0.0, 0.0]
    assert str((3 * x) ** 3) == "27*x**3"
    assert str((3 * x) ** (10**9)) == "(3*x)**1000000000"
    assert (((2 * s) ** (10**9)) * x).evaluate({s: 0.5, x: [1, 2, 3]}).shape == (3,)


def test_exponents_of_thousands_of_digits():
    x = sd.Var("x", shape=3)
    h = x
    for _ in range(15_000):  # the exponent 2**15000 has 4,516 digits
        h = h**2
    f = (h * x.sum()).sum()
    assert len(sd.jvp(f, x, np.ones(3)).nodes()) < 40


def test_products_of_objects_with_a_step_that_is_one_number():
    """NumPy's `einsum` takes no path through an object array whose product is one object."""
    q, B = sd.Var("q", shape=3), sd.Var("B", shape=(0, 2))
    f = sd.outer(q, q) @ sd.outer(q, q)
    value = np.array([1, 2, 3])
    wanted = np.outer(value, value) @ np.outer(value, value)
    assert f.evaluate({q: value.tolist()}).tolist() == wanted.tolist()
    found = f.expand()
    assert found[1, 2].evaluate({"q[0]": 1, "q[1]": 2, "q[2]": 3}) == wanted[1, 2]
    exact = f.evaluate({q: [mpmath.mpf(1), 2, 3]})
    assert exact.tolist() == wanted.tolist()
    batch = np.array([[mpmath.mpf(1), 2, 3], [4, 5, 6]], dtype=object)
    assert f.evaluate({q: batch})[0].tolist() == wanted.tolist()
    assert (B.T @ B).evaluate({B: np.zeros((0, 2))}).tolist() == [[0, 0], [0, 0]]


@pytest.mark.parametrize("shape", [(0,), (0, 2), (2, 0), (2, 0, 3), (0, 0)])
def test_text_of_arrays_without_entries_tells_their_shape(shape):
    B = sd.Var("B", shape=shape)
    f = B * np.zeros(shape)
    assert sd.parse(str(f), shapes={"B": shape}) == f
    with pytest.raises(sd.ParseError, match="the lists of an array say its shape"):
        sd.parse("array([1, 2], shape=(2,))")
