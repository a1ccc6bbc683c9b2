"""Arrays as SymPy's matrix expressions, out and in: values of both at random points, and what has no counterpart."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse
import sympy
from sympy import (
    BlockDiagMatrix,
    BlockMatrix,
    Determinant,
    DiagMatrix,
    DiagonalMatrix,
    DiagonalOf,
    DotProduct,
    HadamardPower,
    HadamardProduct,
    Identity,
    ImmutableMatrix,
    Inverse,
    KroneckerProduct,
    Lambda,
    MatMul,
    MatPow,
    MatrixSymbol,
    OneMatrix,
    Trace,
    ZeroMatrix,
)
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy_matrix_values import value

import symdiff as sd

RANDOM = np.random.default_rng(7)
AT = {
    "A": RANDOM.normal(size=(3, 3)), "B": RANDOM.uniform(0.5, 2, (3, 3)), "C": RANDOM.normal(size=(4, 3)),
    "x": RANDOM.normal(size=3), "y": RANDOM.uniform(0.5, 2, 3), "z": RANDOM.normal(size=4),
    "R": RANDOM.normal(size=(1, 3)), "K": RANDOM.normal(size=(3, 1)), "s": 0.7, "t": 1.3,
    "P": np.array([[2.0, 0.3, 0.1], [0.3, 1.5, 0.2], [0.1, 0.2, 1.0]]),
}  # fmt: skip


def variables():
    """One variable a value, in a graph of their own."""
    with sd.Graph():
        return {
            name: sd.Var(name, shape=np.shape(v), symmetric=name == "P") if np.ndim(v) else sd.Var(name)
            for name, v in AT.items()
        }


V = variables()
A, B, C, P, R, K = (V[name] for name in "ABCPRK")
x, y, z, s, t = (V[name] for name in "xyzst")
n, d = sympy.symbols("n d", integer=True, positive=True)

# Formulas, and how SymPy prints them.
READABLE = {
    "C*x - z": C @ x - z,
    "Trace((C*x - z).T*(C*x - z))": ((C @ x - z) ** 2).sum(),
    "2*C.T*(C*x - z)": ((C @ x - z) ** 2).sum().gradient(x),
    "2*C.T*C": ((C @ x - z) ** 2).sum().hessian(x),
    "Trace(x.T*A*y)": x @ A @ y,
    "P**(-1)*x": sd.linalg.solve(P, x),
    "A.T": sd.trace(A @ B).gradient(B),
    "log(Determinant(P))": sd.linalg.logdet(P),
    "Determinant(A)*(A**(-1)).T": sd.linalg.det(A).gradient(A),
    "C.T*DiagMatrix(z)*C": C.T @ sd.diag(z) @ C,
    "HadamardProduct(A, B)": A * B,
    "HadamardPower(A, 2)": A**2,
    "x*y.T": sd.outer(x, y),
    "s*C[2, 1]": s * C[2, 1],
    "x[2, 0]": x[2],
    "sqrt(Trace(x.T*x))": sd.linalg.norm(x),
    "KroneckerProduct(A, C)": sd.kron(A, C),
    "A[1:, :2]": A[1:, :2],
    "(HadamardProduct(I, A))*1": sd.diag(A),
}

# What SymPy prints in its own way, but has: each is a formula whose value is held against SymPy's.
OTHERS = {
    "sums along axes": [C.sum(axis=0), C.sum(axis=1), C.mean(axis=0), C.mean(), C.sum(), (A * B).sum(), x.mean()],
    "broadcasts": [C + x, C * x, C / y, C * z[:, None], C + s, s * A + 1, x - s, A - x[:, None], R + A, K + A, R * K],
    "functions": [sd.tanh(C @ x), sd.exp(A) * s, sd.sin(x) ** 2, 1 / B, s / B, 2**A, B**s, B**A, sd.sqrt(B), A / B],
    "kinks": [sd.where(A > 0, A**2, sd.sin(A)), sd.maximum(x, s), abs(A), sd.minimum(x, x**2), sd.where(x > s, t, 0),
              (A > 0) * B, (x > s) @ y, sd.where((A > 0) & (A < 1), A, 0), sd.where(R[:, :1] > 0, R[:, :1], s)],
    "softmax": [sd.softmax(x), sd.log_softmax(C, axis=1), sd.logsumexp(C, axis=0), sd.softmax(C, axis=0) @ x],
    "traces": [sd.trace(A @ B @ A.T), sd.trace(A) * A, sd.diag(x) @ A, sd.diag(A @ B), sd.trace(A * B)],
    "linear algebra": [
        sd.linalg.inv(A) @ B, sd.linalg.solve(A, B), sd.linalg.det(A @ B), sd.linalg.norm(A), sd.linalg.inv(P).sum(),
        x @ sd.linalg.solve(P, x) / 2 + sd.linalg.logdet(P), sd.linalg.norm(C, axis=1),
    ],
    "blocks": [
        C[3], C[:, 1], C[::2], C[[3, 0, 3]], A[::-1, 1:], x[1:], x[[2, 2, 0]], C[1:3, 2], R[0, 1:], K[1:], K[1, 0],
        2 * sd.kron(A, C) / s, sd.kron(x, z),
        sd.concatenate([x, y, z]), sd.concatenate([A, B], axis=1), sd.concatenate([A, C]), sd.stack([s, t, s * t]),
        sd.stack([x, y]), sd.stack([x, y], axis=1), x.at[1:].add(y[:2]), A.at[1, 2].add(s), A.at[1].add(x),
        sd.sin(C[1:, 2]).sum().gradient(C), sd.sin(C[[1, 1, 3]]).sum().gradient(C), C[2, 1].gradient(C),
        x[::2].sum().gradient(x), C[::2, 1].sum().gradient(C), sd.stack([x]), x.reshape(3, 1) * s, x.reshape(1, 3),
    ],
    "constants": [
        np.arange(12.0).reshape(4, 3) @ x, np.array([True, False, True]) * x,
        C * np.arange(3), scipy.sparse.csr_array(np.diag([1.0, 0, 2])) @ x,
        sd.eye(3) - A, sd.zeros((3, 3)) + s, sd.ones(3) * s + x, sd.pi * x,
    ],
    "derivatives": [
        sd.tanh(C @ x).sum().gradient(x), (sd.log1p(sd.exp(C @ x)).sum()).hessian(x), sd.jacobian(sd.sin(A @ x), x),
        (sd.linalg.logdet(P) + x @ sd.linalg.solve(P, x)).gradient(P), sd.logsumexp(C @ x).hessian(x),
        sd.linalg.norm(C @ x - z).gradient(C), sd.trace(sd.linalg.inv(A)).gradient(A), (x @ A @ x).hessian(x),
    ],
    "of no entries": [x[:0].sum() + s, (C[:, :0] @ A[:0]) + 1],
    "scalars": [s * t + sd.sin(x.sum()) / t, (x @ y) ** 2 * s, sd.exp(-(x @ P @ x) / 2), sd.linalg.det(A) - s],
}  # fmt: skip
FORMULAS = [*READABLE.values(), *[f for group in OTHERS.values() for f in group]]
NAMES = [*READABLE, *[f"{name} {k}" for name, group in OTHERS.items() for k in range(len(group))]]


def read(f, shapes):
    """What comes back from SymPy, what is written out there as one expression too."""
    found = sd.from_sympy(f.to_sympy(), shapes=shapes, symmetric="P")
    return sd.stack(found.ravel()) if isinstance(found, np.ndarray) else found


def at(f):
    return {v: AT[v.name] for v in f.variables}


def agree(found, wanted):
    np.testing.assert_allclose(np.ravel(found), np.ravel(wanted), rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("text", READABLE)
def test_text_of_matrix_expressions(text):
    assert str(READABLE[text].to_sympy()) == text


@pytest.mark.parametrize("f", FORMULAS, ids=NAMES)
def test_value_in_sympy(f):
    expr = f.to_sympy()
    agree(value(expr, AT), f.evaluate(at(f)))
    shape = getattr(f, "shape", ())
    assert not shape or expr.shape == (*shape, 1)[:2]
    assert expr == f.to_sympy()


@pytest.mark.parametrize("f", FORMULAS, ids=NAMES)
def test_round_trip(f):
    given = {name: np.shape(AT[name]) for name in "ACPRKxyz"}
    back = read(f, given)
    assert {v.name for v in back.variables} <= {v.name for v in f.variables}
    for v in back.variables:
        assert getattr(v, "shape", ()) == np.shape(AT[v.name])
    agree(back.evaluate(at(back)), f.evaluate(at(f)))


@pytest.mark.parametrize("text", READABLE)
def test_what_reads_well_comes_back_as_it_was(text):
    back = sd.from_sympy(READABLE[text].to_sympy(), shapes={"C": (4, 3), "x": 3}, symmetric=["P"])
    norm = "norm" in str(READABLE[text])
    assert norm or str(back) == str(READABLE[text]) or back == READABLE[text]


# -- in ----------------------------------------------------------------------------------

a, b, c = (MatrixSymbol(name, *np.shape(AT[name])) for name in "ABC")
u, v, w = MatrixSymbol("x", 3, 1), MatrixSymbol("y", 3, 1), MatrixSymbol("z", 4, 1)
r, k = MatrixSymbol("R", 1, 3), MatrixSymbol("K", 3, 1)
e, g = sympy.symbols("s t")
CLASSES = {
    "MatMul": [a * b * u, 3 * e * a * b.T, u * v.T, u.T * a * v, r * a * k, k * r * a, c.T * w * u.T],
    "MatAdd": [a + b, 2 * a - b.T, u + v, r + u.T, u.T * v + r * k],
    "Transpose": [
        a.T, (a * u).T, u.T, r.T, sympy.Transpose(sympy.Transpose(a + b)), sympy.Adjoint(a), (a * b).adjoint(),
    ],
    "Inverse": [
        Inverse(a), Inverse(a) * b, Inverse(a) * u, u.T * Inverse(a), u.T * Inverse(a) * b * v, (u.T * v) ** -1,
    ],
    "MatPow": [MatPow(a, 5), MatPow(a, -2), MatPow(a, 1), MatPow(a, 0), MatPow(u.T * v, 3), MatPow(u.T * v, -1)],
    "Determinant": [Determinant(a), Determinant(a * b) * e, Determinant(u.T * v), sympy.log(Determinant(b * b.T))],
    "Trace": [Trace(a), Trace(a * b), Trace(u * v.T), Trace(u.T * v), Trace(a) * a],
    "HadamardProduct": [
        HadamardProduct(a, b, a), HadamardProduct(u, v), HadamardProduct(r, u.T), HadamardProduct(r * k, u.T * v),
    ],
    "HadamardPower": [
        HadamardPower(a, 3), HadamardPower(b, -1), HadamardPower(b, sympy.Rational(1, 2)), HadamardPower(b, a),
        HadamardPower(b, sympy.Rational(-3, 2)), HadamardPower(b, e), HadamardPower(2, a), HadamardPower(v, -2),
    ],
    "ElementwiseApplyFunction": [
        a.applyfunc(sympy.sin), (a * u).applyfunc(sympy.tanh), b.applyfunc(sympy.log).applyfunc(sympy.exp),
        a.applyfunc(Lambda(g, e * g**2 + sympy.cos(g))), a.applyfunc(Lambda(g, 5)), u.applyfunc(sympy.Abs),
        a.applyfunc(Lambda(g, sympy.Piecewise((g, g > 0), (e, True)))), (u.T * v).applyfunc(sympy.exp),
        a.applyfunc(Lambda(g, g * Trace(b))), a.applyfunc(Lambda(g, g)),
    ],
    "MatrixElement": [
        a[1, 2] + Trace(a), MatrixElement(a * u, 1, 0), MatrixElement(u.T * v, 0, 0), u[2, 0] * u, r[0, 1] * r,
    ],
    "MatrixSlice": [a[1:, :2], a[0, :], a[:, 1], u[1:, :], (a * b)[1:3, 2], r[:, 1:], c[3:, 1:2], c[::2, :]],
    "BlockMatrix": [
        BlockMatrix([[a, b]]), BlockMatrix([[a], [c]]), BlockMatrix([[a, u], [r, Identity(1)]]),
        BlockMatrix([[u], [w]]), BlockMatrix([[u, v]]), BlockMatrix([[r, u.T]]), BlockDiagMatrix(a, c),
        BlockMatrix([[ZeroMatrix(3, 3), b]]),
        BlockMatrix([[a, ZeroMatrix(3, 1)], [ZeroMatrix(1, 3), ZeroMatrix(1, 1)]]),
    ],
    "diagonals": [DiagMatrix(u), DiagMatrix(r), DiagonalMatrix(a), DiagonalOf(a), DiagMatrix(u.T * v)],
    "special": [Identity(3) + a, OneMatrix(3, 3) * a, ZeroMatrix(3, 3) + a, OneMatrix(3, 1) * r, OneMatrix(1, 3) * a,
                e * Identity(3), e * OneMatrix(3, 1) + u, MatMul(ZeroMatrix(3, 3), a)],
    "explicit": [
        ImmutableMatrix(3, 3, range(9)) * a, ImmutableMatrix([[e, 1, 0]]) * a, ImmutableMatrix([e, g, 1]) + u,
        ImmutableMatrix([[e, g], [1, 2]]) * c[:2, :], sympy.Matrix([[sympy.Rational(1, 3), 2, 0]]) * a,
        HadamardProduct(ImmutableMatrix(3, 3, [0.5] * 9), a),
        Inverse(ImmutableMatrix(3, 3, [e, 1, 0, 0, g, 1, 0, 0, 2])) * u,
        sympy.SparseMatrix(3, 3, {(0, 1): 2}) * a, a * ImmutableMatrix([e, g, e * g]),
    ],
    "KroneckerProduct": [
        KroneckerProduct(a, c), KroneckerProduct(u, v), KroneckerProduct(r, u), KroneckerProduct(u.T, r),
    ],
    "KroneckerProduct of several sides": [KroneckerProduct(a, u), KroneckerProduct(u.T, a, r)],
    "DotProduct": [DotProduct(u, v), DotProduct(r, u) * e, DotProduct(u, a * v)],
    "FunctionMatrix": [sympy.FunctionMatrix(3, 3, "lambda i, j: 2*i - j") * a],
    "Permutation": [sympy.PermutationMatrix(sympy.combinatorics.Permutation([2, 0, 1])) * a],
    "scalars": [Trace(a) ** 2 / e, sympy.sqrt(Trace(u * u.T)) + g, sympy.exp(-Trace(u.T * a * u) / 2)],
}  # fmt: skip


@pytest.mark.parametrize("name", CLASSES)
def test_values_of_sympy_matrices(name):
    for expr in CLASSES[name]:
        f = sd.from_sympy(expr)
        point = {v.name: np.reshape(AT[v.name], getattr(v, "shape", ())) for v in f.variables}
        agree(f.evaluate(point), value(expr, AT))
        shape = getattr(expr, "shape", (1, 1))
        wanted = () if shape == (1, 1) else shape[:1] if shape[1] == 1 else shape
        assert getattr(f, "shape", ()) == wanted, expr


@pytest.mark.parametrize("name", [name for name in CLASSES if "several sides" not in name])
def test_sympy_matrices_come_back(name):
    for expr in CLASSES[name]:
        agree(value(sd.from_sympy(expr).to_sympy(), AT), value(expr, AT))


def test_max_beside_an_entry_of_a_sum_is_taken_by_cases():
    """SymPy fails to compare the operands, and to put values into a Max of them."""
    X, s = sd.Var("X", shape=(2, 2)), sd.Var("s")  # noqa: N806
    entry, det = 3 * (X + 2 * X.T)[1, 0], sd.linalg.det(X @ X.T + 3 * sd.eye(2))
    functions = [
        sd.maximum(X[0, 0], entry),
        sd.minimum(entry, s) ** 2,
        sd.tanh(sd.maximum(s, sd.log(det) + 0.1) * 0.5),
        sd.maximum(X, entry).sum(),
    ]
    point = {"X": np.array([[0.5, -1.25], [2.0, 0.75]]), "s": 0.25}
    for f in functions:
        expr = f.to_sympy()
        held = {v.name: point[v.name] for v in f.variables}
        back = sd.from_sympy(expr, shapes={"X": (2, 2)})
        for found in (back.evaluate(held), value(expr, held)):
            np.testing.assert_allclose(found, f.evaluate(held), rtol=1e-12)
