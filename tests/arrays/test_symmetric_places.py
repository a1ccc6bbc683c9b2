"""What takes the place of a symmetric matrix has to be known to be symmetric: products with one were simplified so."""

import numpy as np
import pytest

import symdiff as sd

S = sd.Var("S", shape=(3, 3), symmetric=True)
D = sd.Var("D", shape=(2, 2), symmetric=True)
T = sd.Var("T", shape=(3, 3))
A = sd.Var("A", shape=(3, 3))
B = sd.Var("B", shape=(3, 2))
Q = sd.Var("Q", shape=(5, 3, 3))
x = sd.Var("x", shape=3)
c = sd.Var("c")
N = sd.Var("N", shape=("n", "n"))
M = sd.Var("M", shape=("n", "n"), symmetric=True)
f = S @ S.T @ A  # `S @ S.T` and `S @ S` are one node

SYMMETRIC = {
    "variable": sd.Var("U", shape=(3, 3), symmetric=True),
    "symmetric part": (T + T.T) / 2,
    "three terms": A + S + A.T,
    "difference": S - 2 * A.T @ A,
    "of Gram": A.T @ A,
    "congruence": A @ S @ A.T,
    "thin congruence": B @ D @ B.T,
    "congruence of a sum": B @ (D + np.eye(2)) @ B.T,
    "congruence of an inverse": B @ sd.linalg.inv(D + sd.outer(B[0], B[0])) @ B.T,
    "Woodbury": S - S @ A.T @ sd.linalg.inv(A @ S @ A.T + np.eye(3)) @ A @ S,
    "solution": A.T @ sd.linalg.solve(S, A),
    "inverse": sd.linalg.inv(S),
    "inverse of a sum": sd.linalg.inv(A + A.T),
    "diagonal": sd.diag(x),
    "outer": sd.outer(x, x),
    "multiple": 3 * S * c,
    "by an entry": S / A[0, 1],
    "entry by entry": sd.exp(S) * S**2,
    "Hadamard": (B @ B.T) * (A @ A.T),
    "condition": sd.where(S > 0, S, 0),
    "commutative": sd.maximum(A, A.T),
    "of 240 nodes": sum((sd.outer(x * k, x * k) + sd.sin(S * k)) for k in range(80)),
    "block": sd.concatenate([S, x[None]])[:3, :3],
    "blocks": sd.concatenate([sd.concatenate([D, B[:1].T], 1), sd.concatenate([B[:1], c * sd.ones((1, 1))], 1)]),
    "constant": np.array([[1, 2, 3], [2, 5, 4], [3, 4, 6]]),
    "with nan": np.array([[1, np.nan, 3], [np.nan, 5, 4], [3, 4, 6]]),
    "number": 2,
}
OTHERS = {
    "variable": T,
    "product of symmetric ones": S @ sd.exp(S),
    "turned": A - A.T,
    "triangle": sd.linalg.cholesky(S),
    "square": A @ A,
    "by entries": S * A,
    "other sum": T + A.T,
    "condition": sd.where(A > 0, S, 0),
    "outer": sd.outer(x, x + 1),
    "rows": sd.maximum(A, A + 1),
    "constant": np.arange(9.0).reshape(3, 3),
}


def values(expr):
    rng = np.random.default_rng(3)
    point = {}
    for v in expr.variables:
        value = rng.normal(size=v.shape)
        point[v] = value + value.T + 4 * np.eye(len(value)) if getattr(v, "symmetric", False) else value
    return point


@pytest.mark.parametrize("name", SYMMETRIC)
def test_what_is_known_to_be_symmetric_is_taken(name):
    g = SYMMETRIC[name]
    put = f.replace({S: g})
    point = values(put)
    value = g.evaluate(point) if isinstance(g, sd.Expr) else np.broadcast_to(g, (3, 3))
    wanted = value @ value.T @ point[A]
    np.testing.assert_array_equal(value, value.T) if name in ("constant", "with nan") else None
    np.testing.assert_allclose(put.evaluate(point), wanted, rtol=1e-9)
    for function in (sd.compile(f, [S, A]), sd.function(f, [S, A])):
        if isinstance(g, sd.Expr):
            np.testing.assert_allclose(function(g, A).evaluate(point), wanted, rtol=1e-9)


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("way", ["replace", "by name", "compiled", "function", "entries"])
def test_what_is_not_is_refused(name, way):
    g = OTHERS[name]
    ways = {
        "replace": lambda: f.replace({S: g}),
        "by name": lambda: f.replace({"S": g}),
        "compiled": lambda: sd.compile(f, [S, A])(g, A),
        "function": lambda: sd.function(f, [S, A])(g, A),
        "entries": lambda: sd.compile(f.expand(), [S, A])(g, A),
    }
    with pytest.raises(sd.SymdiffValueError, match=r"S is symmetric, and .* in its place is not"):
        ways[way]()


def test_the_error_says_what_to_write():
    with pytest.raises(ValueError, match=r"write \(T \+ T\.T\)/2, or make T with symmetric=True"):
        f.replace({S: T})
    with pytest.raises(ValueError, match=r"T @ A in its place .*: write \(A \+ A\.T\)/2 of it"):
        f.replace({S: T @ A})


def test_expressions_known_to_be_symmetric_are_such_places_too():
    g = A @ sd.linalg.inv(S).T
    with pytest.raises(ValueError, match=r"inv\(S\) is symmetric"):
        g.replace({sd.linalg.inv(S): T})
    assert g.replace({sd.linalg.inv(S): D.reshape(-1)[0] * sd.diag(x)}).shape == (3, 3)


def test_what_the_expression_does_not_hold_is_no_matter():
    assert (A @ x).replace({"S": T}) == A @ x


def test_named_sizes():
    g = M @ M.T
    assert g.replace({M: N.T @ N}) == N.T @ N @ (N.T @ N)
    with pytest.raises(ValueError, match="M is symmetric, and N in its place"):
        g.replace({M: N})


def test_batches_of_matrices():
    F = sd.compile(S @ S.T, [S])  # noqa: N806
    turned = Q.transpose(0, 2, 1)
    with pytest.raises(ValueError, match="S is symmetric, and Q in its place is not known to be"):
        F(Q)
    with pytest.raises(ValueError, match="row of Q"):
        sd.vmap(F)(Q)
    point = {Q: np.random.default_rng(0).normal(size=Q.shape)}
    for g in (Q + turned, Q @ turned):
        value = g.evaluate(point)
        np.testing.assert_allclose(F(g).evaluate(point), value @ value.transpose(0, 2, 1), rtol=1e-12)
    whole = sd.vmap(lambda q: F((q + q.T) / 2))(Q)
    half = (point[Q] + point[Q].transpose(0, 2, 1)) / 2
    np.testing.assert_allclose(whole.evaluate(point), half @ half, rtol=1e-12)


def test_scalars_in_the_places_of_entries():
    a, b = sd.variables("a b")
    H = sd.compile((D @ D).expand(), [D])  # noqa: N806
    assert H(np.array([[a, b], [b, 1]]))[0, 0] == a**2 + b**2
    with pytest.raises(ValueError, match=r"D is symmetric, .*: \[0, 1\] is b and \[1, 0\] is a"):
        H(np.array([[a, b], [a, 1]]))


def test_functions_of_the_entries_are_called_by_the_name_of_the_matrix():
    F = sd.compile((D @ D).expand(), [D])  # noqa: N806
    np.testing.assert_array_equal(F(D=np.array([[1, 2], [2, 3]])), [[5, 8], [8, 13]])
    w = sd.variables("w", (2, 2))
    assert sd.compile(w[0, 1], [w.T])._arguments[0].name != "w"
