"""SymPy's matrix symbols in symdiff's calls, derivatives beside SymPy's own, sizes with names, and errors."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import sympy
from sympy import BlockMatrix, Determinant, HadamardProduct, Identity, Inverse, MatrixSymbol, OneMatrix, Trace
from sympy_matrix_values import value

import symdiff as sd
from symdiff.bridge.sympy_explicit import explicit

A, B, S = (MatrixSymbol(name, 2, 2) for name in "ABS")
x, y = MatrixSymbol("x", 2, 1), MatrixSymbol("y", 2, 1)
AT = {
    "A": np.array([[1.5, 0.3], [-0.4, 2.0]]), "B": np.array([[0.7, 1.1], [0.2, 0.9]]), "x": np.array([0.6, -1.2]),
    "y": np.array([0.5, 0.8]), "S": np.array([[2.0, 0.5], [0.5, 1.0]]),
}  # fmt: skip
n, d = sympy.symbols("n d", integer=True, positive=True)
X, w, z = MatrixSymbol("X", n, d), MatrixSymbol("w", d, 1), MatrixSymbol("z", n, 1)
LOSS = Trace((X * w - z).T * (X * w - z)) / n

SCALARS = [
    Trace(A * B * A.T), (x.T * A * y), Trace((A * x - y).T * (A * x - y)) / 2, sympy.log(Determinant(A)),
    Trace(Inverse(A) * B), x.T * Inverse(A) * y, Determinant(A * B), Trace(A) ** 2 * Trace(A * A),
    Trace(HadamardProduct(A, B) * A.T), OneMatrix(1, 2) * (A * x).applyfunc(sympy.tanh),
    sympy.exp(-Trace(x.T * A.T * A * x)), Trace(A**3), Trace((A * B).applyfunc(sympy.sin)), A[0, 1] * Trace(A.T * A),
    sympy.sqrt(Trace((A * x - y) * (A * x - y).T)), Trace(BlockMatrix([[A, x], [y.T, Identity(1)]]) ** 2),
]  # fmt: skip


def entries(symbol):
    return [symbol[i, j] for i in range(symbol.rows) for j in range(symbol.cols)]


@pytest.mark.parametrize("expr", SCALARS, ids=str)
def test_gradients_are_sympys_of_explicit_matrices(expr):
    f = sd.from_sympy(expr)
    symbols = sorted(expr.atoms(MatrixSymbol), key=str)
    numbers = {e: sympy.Float(v, 30) for s in symbols for e, v in zip(entries(s), AT[s.name].ravel(), strict=True)}
    written = sympy.Matrix([explicit(expr, {s.name: s.as_explicit() for s in symbols}, {})])[0]
    for s in symbols:
        theirs = [float(written.diff(e).xreplace(numbers).evalf()) for e in entries(s)]
        ours = f.gradient(s).evaluate({v: AT[v.name] for v in f.variables})
        np.testing.assert_allclose(np.ravel(ours), theirs, rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(np.ravel(value(sd.gradient(expr, s), AT)), theirs, rtol=1e-12, atol=1e-14)


# -- answers in kind -----------------------------------------------------------------------


def test_answers_are_matrix_expressions():
    assert str(sd.gradient(LOSS, w)) == "(2/n)*X.T*(X*w - z)"
    assert sd.hessian(LOSS, w) == 2 / n * X.T * X
    assert sd.jacobian(X * w, w) == X
    assert sd.gradient(Trace(A * B), A) == B.T
    assert sd.gradient(A[0, 1] ** 2, A)[0, 1] == 2 * A[0, 1]
    assert sd.jacobian(sympy.Matrix(A * x), list(x)) == A.as_explicit()
    with pytest.raises(sd.SymdiffTypeError, match=r"more than two axes, .* f.expand\(\)"):
        sd.jacobian(X * w, X)


def test_symbols_of_matrices_name_variables():
    f = sd.from_sympy(LOSS)
    assert f.gradient(w) == f.gradient("w")
    point = {X: np.ones((4, 2)), w: [1, 2], z: np.zeros(4)}
    assert f.evaluate(point) == 9
    assert {v.name: a.shape for v, a in f.backpropagate(point).items()} == {"X": (4, 2), "w": (2,), "z": (4,)}
    assert f.replace({w: 2 * w}).evaluate(point) == 36
    assert sd.evaluate(x.T * A * x, {A: np.eye(2), x: [3, 4]}) == 25
    assert sd.crosscheck(x.T * A * x, {A: AT["A"], x: AT["x"]}, order=1).ok
    ours = sd.Var("A", shape=(2, 2)) @ sd.Var("x", shape=2)
    assert ours.sum().gradient(A).evaluate({A: AT["A"], x: [1, 2]}).tolist() == [[1, 2], [1, 2]]


def test_named_sizes_come_back():
    f = sd.from_sympy(LOSS)
    assert {v.name: v.shape for v in f.variables} == {"X": ("n", "d"), "w": ("d",), "z": ("n",)}
    assert str(f) == "((X @ w - z)**2).mean()"
    assert str(f.to_sympy()) == "Trace((X*w - z).T*(X*w - z))/n"
    assert (f.to_sympy() - LOSS).doit() == 0
    bare = sympy.Symbol("n")  # without assumptions
    m = MatrixSymbol("M", bare, bare)
    expr = m.T * m + bare * OneMatrix(bare, bare)
    back = sd.from_sympy(expr)
    assert str(back) == "n + M.T @ M"
    assert back.to_sympy() == expr
    assert str(sd.from_sympy(z[1:, :] - z[: n - 1, :])) == "z[1:] - z[:-1]"
    assert str(sd.from_sympy(BlockMatrix([[X], [sympy.ZeroMatrix(1, d)]]))) == "zeros((n + 1, d)).at[:-1].add(X)"


def test_entries_are_of_the_array_where_there_is_one():
    alone = sd.from_sympy(A[0, 1] ** 2)
    assert alone.variables[0].name == "A[0, 1]"
    assert alone.gradient(A[0, 1]).evaluate({A[0, 1]: 3}) == 6
    beside = sd.from_sympy(A[0, 1] ** 2 + Trace(A))
    assert [v.name for v in beside.variables] == ["A"]
    assert beside.gradient("A").evaluate(A=AT["A"]).tolist() == [[1, 2 * 0.3], [0, 1]]
    given = sd.from_sympy([A[0, 1] ** 2], shapes={"A": (2, 2)})[0]
    assert given.variables[0].shape == (2, 2)
    first, second = sd.from_sympy([x[1, 0] * 3, x])
    assert str(first) == "3*x[1]"
    assert first.graph is second.graph


def test_a_derivative_by_the_other_spelling_is_no_silent_zero():
    with pytest.raises(sd.SymdiffTypeError, match=r'variable of its own .* shapes=\{"A": \(2, 2\)\}'):
        sd.from_sympy(A[0, 1] ** 2).gradient(A)
    for f in (sd.from_sympy(A[0, 1] * Trace(A)), sd.from_sympy(Trace(A * A))):
        with pytest.raises(sd.SymdiffTypeError, match="entry of the array A here"):
            f.gradient(A[0, 1])


def test_symmetry_and_shapes_are_said():
    f = sd.from_sympy(sympy.log(Determinant(S)), symmetric=["S"])
    assert f.variables[0].symmetric
    assert str(f.gradient("S")) == "inv(S)"
    column = sd.from_sympy(A * x, shapes={"x": (2, 1)})
    assert column.variables[1].shape == (2, 1)
    assert column.to_sympy() == A * x
    row = MatrixSymbol("r", 1, 3)
    assert sd.from_sympy(row).shape == (1, 3)
    assert sd.from_sympy(row.T).shape == (3,)
    assert sd.from_sympy(MatrixSymbol("o", 1, 1)).shape == (1,)
    with pytest.raises(sd.SymdiffValueError, match=r"x of shape \(4,\) is no matrix of 2 × 1"):
        sd.from_sympy(A * x, shapes={"x": 4})
    with pytest.raises(sd.SymdiffValueError, match="symmetric variable is a square matrix"):
        sd.from_sympy(X.T, symmetric=["X"])


def test_nestings_and_storage():
    f, parts, matrix = sd.from_sympy([A * x, {"g": Trace(A)}, sympy.Matrix([[x[0, 0], 1]])])
    assert f.graph is parts["g"].graph
    assert str(matrix[0, 0]) == "x[0]"
    again = pickle.loads(pickle.dumps(f))
    assert again.to_sympy() == A * x
    assert sd.to_sympy({"a": [f, f.sum()]})["a"][0] == A * x


def test_text_of_the_house_comes_back():
    t, v = sd.Var("T", shape=("n", 2)), sd.Var("v", shape=2)
    for f in (sd.tanh(t) @ v - 1, sd.linalg.solve(t.T @ t, v), sd.where(t > 0, t, 0).sum(axis=1), (t @ v).mean()):
        assert str(sd.from_sympy(f.to_sympy())) == str(f)
    assert str(sd.from_sympy(sd.relu(t).to_sympy())) == "where(T > 0, T, 0)"
    assert str(sd.from_sympy(sd.softmax(v).to_sympy())) == "exp(v - log(exp(v).sum()))"


# -- what has no counterpart ---------------------------------------------------------------


C, D, v3 = sd.Var("C", shape=(2, 2)), sd.Var("D", shape=(2, 2)), sd.Var("v", shape="n")
OUT = {
    "maximum of several arrays": lambda: sd.maximum(C, D), "where of several arrays": lambda: sd.where(C > 0, D, 0),
    "amax of an array": lambda: C.max(), "prod of an array": lambda: C.prod(axis=0),
    "cholesky of an array": lambda: sd.linalg.cholesky(C), "reshape of a matrix": lambda: C.reshape(4),
    "more than two axes": lambda: sd.jacobian(C @ D, C), "einsum": lambda: sd.einsum("ij,kj,lj->", C, D, C),
    r"T, of shape \(2, 2, 2\)": lambda: sd.Var("T", shape=(2, 2, 2)) * 2,
}  # fmt: skip


@pytest.mark.parametrize("what", OUT)
def test_no_counterpart_in_sympy(what):
    with pytest.raises(sd.SymdiffTypeError, match=rf"{what}.*no counterpart among SymPy's .* f.expand\(\)"):
        OUT[what]().to_sympy()


IN = {
    "MatPow.*whole powers of matrices": A ** sympy.Rational(1, 2), "exp.*applyfunc": sympy.exp(A),
    "BlockMatrix.*one at most has a named size": BlockMatrix([[X], [X]]),
    "blocks that start at places with numbers": BlockMatrix([[X], [w.T]]),
    "KroneckerProduct.*sizes that are numbers": sympy.KroneckerProduct(X, X),
    "entries at places with numbers": Trace(A) * A[n, 0], "slices that start": z[n - 1 :, :],
    "diagonals of square": sympy.DiagonalMatrix(MatrixSymbol("Q", 2, 3)), "Permanent": sympy.Permanent(A),
    r"MatrixPermute.*as_explicit\(\)": sympy.MatrixPermute(A, sympy.combinatorics.Permutation([1, 0])),
    "ArrayAdd": (A * A).diff(A),
}  # fmt: skip


@pytest.mark.parametrize("what", IN)
def test_no_counterpart_here(what):
    with pytest.raises(sd.SymdiffTypeError, match=rf"(?s)no counterpart here.*{what}|{what}"):
        sd.from_sympy(IN[what])


def test_sizes_that_are_none_here():
    with pytest.raises(sd.SymdiffValueError, match=r"2\*n is no size here"):
        sd.from_sympy(MatrixSymbol("B", 2 * n, 3).T)


def test_deep_ones_are_refused_before_sympy_recurses():
    h = sd.Var("h", shape=2)
    for _ in range(3000):
        h = sd.tanh(C @ h)
    with pytest.raises(sd.SymdiffValueError, match=r"too deep.*f.expand\(\)"):
        h.to_sympy()


def test_long_sums_are_flat():
    found = sd.sin(C)
    for k in range(2, 400):
        found = found + sd.sin(C * k) * k
    assert len(found.to_sympy().args) == 399


def test_whole_powers_take_few_nodes():
    f = sd.from_sympy(sympy.MatPow(A, 10**6))
    assert len(f.nodes()) < 50
    np.testing.assert_allclose(
        sd.from_sympy(sympy.MatPow(A, 13)).evaluate(A=AT["A"]), np.linalg.matrix_power(AT["A"], 13)
    )
