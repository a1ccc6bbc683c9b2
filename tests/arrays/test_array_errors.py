"""Mistakes with arrays: each error names the operands, their shapes, and what to write where that can be told."""

import numpy as np
import pytest
import scipy.sparse

import symdiff as sd

X, Y = sd.Var("X", shape=(3, 4)), sd.Var("Y", shape=(5, 2))
A = sd.Var("A", shape=(3, 3))
x, y, s = sd.Var("x", shape=3), sd.Var("y", shape=4), sd.Var("s")
N, v, w = sd.Var("N", shape=("n", "d")), sd.Var("v", shape="n"), sd.Var("w", shape="d")
E = sd.Var("E", shape=0)
SPARSE = scipy.sparse.csr_array(np.eye(3))

MISTAKES = [
    (lambda: X @ Y, "X of shape (3, 4) @ Y of shape (5, 2) does not fit"),
    (lambda: X @ x, "X of shape (3, 4) @ x of shape (3,) does not fit; write X.T @ x or x @ X"),
    (lambda: x @ X.T, "x of shape (3,) @ X.T of shape (4, 3) does not fit; write x @ X or X.T @ x"),
    (lambda: (X + 1) @ x, "does not fit; write (X + 1).T @ x or x @ (X + 1)"),
    (lambda: X @ X, "write X.T @ X or X @ X.T"),
    (lambda: x @ y, "write sd.outer(x, y)"),
    (lambda: X @ np.ones((3, 3)), "shape (3, 3) does not fit; with a and b for them, write a.T @ b or b @ a"),
    (lambda: N @ v, "N of shape (n, d) @ v of shape (n,) does not fit; write N.T @ v or v @ N"),
    (lambda: SPARSE @ y, "a sparse matrix of shape (3, 3) @ y of shape (4,) does not fit"),
    (lambda: x @ s, "s is a scalar: write * to multiply by a scalar"),
    (lambda: X * x, "mul can't broadcast X of shape (3, 4) and x of shape (3,); write x[:, None] for"),
    (lambda: x * X, "write x[:, None] for one of its entries in each row"),
    (lambda: X + sd.Var("Z", shape=(4, 3)), "write Z.T"),
    (lambda: x - y, "sub can't broadcast x of shape (3,) and y of shape (4,); write x[:, None] and y"),
    (lambda: np.ones(5) + x, "an array of shape (5,) and x of shape (3,); with a and b for them, write a[:, None]"),
    (lambda: N + v, "named sizes broadcast with themselves and 1 only; write v[:, None]"),
    (lambda: sd.sin(x) * y, "an array of x of shape (3,) and y of shape (4,)"),
    (lambda: sd.where(X > 0, x, 0), "where can't broadcast an array of X of shape (3, 4) and x of shape (3,)"),
    (lambda: np.heaviside(x, y), "y of shape (4,)"),
    (lambda: X.sum(axis=2), "X of shape (3, 4) has no axis 2: its axes are 0, 1"),
    (lambda: x.max(axis=1), "x of shape (3,) has no axis 1: its only axis is 0"),
    (lambda: X.mean(axis="a"), "X of shape (3, 4) has no axis 'a'"),
    (lambda: X.prod(axis=(0, 0)), "X of shape (3, 4) has each axis once: (0, 0) has one twice"),
    (lambda: X.cumsum(axis=4), "X of shape (3, 4) has no axis 4"),
    (lambda: X.std(axis=4), "X of shape (3, 4) has no axis 4"),
    (lambda: sd.softmax(x, axis=1), "x of shape (3,) has no axis 1"),
    (lambda: sd.linalg.norm(x, axis=3), "x of shape (3,) has no axis 3"),
    (lambda: np.roll(X, 1, axis=2), "X of shape (3, 4) has no axis 2"),
    (lambda: sd.concatenate([X, X], axis=3), "X of shape (3, 4) has no axis 3"),
    (lambda: X.swapaxes(0, 5), "X of shape (3, 4) has no axis 5"),
    (lambda: X.transpose(1), "axes 1 are no order of those of X of shape (3, 4)"),
    (lambda: X.repeat(2, axis=5), "X of shape (3, 4) has no axis 5"),
    (lambda: X.repeat("a"), "repeat takes a whole number, or a list of them, not 'a'"),
    (lambda: np.repeat(x, y), "repeat takes a whole number, or a list of them, not y"),
    (lambda: X.squeeze(0), "squeeze leaves axes of size 1 out, and X of shape (3, 4) has others there"),
    (lambda: sd.vmap(lambda r: r, axes=3)(X), "X of shape (3, 4) has no axis 3"),
    (lambda: s.reshape(2, 2) if hasattr(s, "reshape") else X.reshape(5, 5), "can't be reshaped to"),
    (lambda: X.reshape(-1, -1), "X of shape (3, 4), of 12 entries, can't be reshaped to (-1, -1); one size may be -1"),
    (lambda: E.max(), "amax of no entries: E of shape (0,) has none along an axis"),
    (lambda: sd.concatenate([X, Y]), "alike along all others, not of X of shape (3, 4), Y of shape (5, 2)"),
    (lambda: sd.concatenate([s, x]), "concatenate is of arrays, and s is a scalar: stack joins those"),
    (lambda: sd.stack([x, y]), "stack is of arrays of one shape, not of x of shape (3,), y of shape (4,)"),
    (lambda: sd.linalg.inv(X), "inv is of a square matrix, not of X of shape (3, 4)"),
    (lambda: sd.linalg.eigvalsh(X), "eigvalsh is of a square matrix, not of X of shape (3, 4)"),
    (lambda: sd.linalg.svdvals(x), "svdvals is of a matrix, not of x of shape (3,)"),
    (lambda: sd.sin(SPARSE), "sparse matrices are factors of products, A @ x and A * X: give A.toarray()"),
    (lambda: sd.exp(scipy.sparse.coo_matrix(np.eye(2))) + s, "sparse matrices are factors of products"),
    (lambda: A.multiply(x), "write A*B for products entry by entry, A @ B for that of matrices"),
    (lambda: A.inv(), "write sd.linalg.inv(A)"),
    (lambda: (x > 0).all(), "write sd.where(condition, 1, 0).min()"),
    (lambda: bool(X > 0), "an array of shape (3, 4) is neither true nor false: use sd.where(condition, a, b)"),
    (lambda: sd.transpose(X), "write A.T"),
    (lambda: np.sort(x), "the order of entries is known at a point only"),
]  # fmt: skip


@pytest.mark.parametrize("k", range(len(MISTAKES)))
def test_mistakes(k):
    mistake, message = MISTAKES[k]
    with pytest.raises(sd.SymdiffError) as caught:
        mistake()
    assert message in str(caught.value)


def test_what_is_advised_is_right():
    assert (X.T @ x).shape == (x @ X).shape == (4,)
    assert (x[:, None] * X).shape == (3, 4)
    assert (N.T @ v).shape == ("d",)
    assert (x[:, None] - y).shape == sd.outer(x, y).shape == (3, 4)
    assert sd.where(x > 0, 1, 0).min().evaluate({x: [1, 2, 3]}) == 1


def test_words_of_other_libraries_are_no_attributes():
    """NumPy and others ask for some: to them they are not there."""
    for name in ("any", "all", "conj", "astype", "copy", "inv", "flat", "todense"):
        assert not hasattr(x, name)
        assert name not in dir(x)
    assert np.array([x.sum(), s]).conj()[1] == s


def test_operands_are_called_by_their_own_variables_alone():
    """In small graphs all variables were named that came before."""
    with sd.Graph():
        _, a, b = sd.Var("Z", shape=(3, 4)), sd.Var("a", shape=3), sd.Var("b", shape=4)
        with pytest.raises(sd.SymdiffValueError, match=r"broadcast an array of a of shape \(3,\) and b of shape"):
            sd.sin(a) * b
