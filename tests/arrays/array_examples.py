"""Expressions of arrays that together hold every operation on arrays, and every kind of parameter and constant."""

import numpy as np
import scipy.sparse

import symdiff as sd
from symdiff import array_functions as af


def examples():
    """One expression an operation and kind of parameter, by name; their variables are X, w, S, v and s.

    Their graph is one that no other variables join.
    """
    with sd.Graph():
        return _examples()


def _examples():
    x, w, s = sd.Var("X", shape=(3, 2)), sd.Var("w", shape=2), sd.Var("s")
    sym, v = sd.Var("S", shape=(2, 2), symmetric=True), sd.Var("v", shape="n")
    sparse = scipy.sparse.csr_array(np.diag([1.0, 0.0, 3.0]))
    return {
        "contraction": x @ w, "scalar contraction": (x @ w).sum() * s, "eye": af.eye(3) + af.ones((3, 3)),
        "diagonal": np.diag(w), "transpose": x.T, "multiple": 3 * x, "sum": x + s * x**2 + 1,
        "entry": x[2, 1] + s, "block": x[1:, 0], "places": x[[2, 0, 2]], "steps": x[::2], "columns": x[:, None, 1],
        "stacked": af.concatenate([w, 2 * w]), "put": sd.sin(x[1]).sum().gradient(x), "reshape": x.reshape(2, 3),
        "mean": v.mean(), "size": (v[1:] * 2).sum() / v.size, "max": x.max(axis=0), "min": x.min(),
        "prod": x.prod(axis=1), "logsumexp": af.logsumexp(x, axis=1), "norm": np.linalg.norm(x),
        "inv": np.linalg.inv(sym), "solve": np.linalg.solve(sym, w), "det": np.linalg.det(sym),
        "logdet": sd.linalg.logdet(sym), "log size of det": sd.linalg.slogdet(sym).logabsdet,
        "sign of det": sd.linalg.slogdet(sym).sign, "cholesky": np.linalg.cholesky(sym),
        "elementwise": sd.tanh(x) / w + sd.pi,
        "cumsum": sd.cumsum(x, axis=1), "convolve": sd.convolve(w, x[:, 0], mode="valid"), "backwards": v[::-1] @ v,
        "solve_triangular": sd.linalg.solve_triangular(sym, w, lower=True, unit_diagonal=True),
        "eigvalsh": np.linalg.eigvalsh(sym), "eigenvectors": np.linalg.eigh(sym).eigenvectors,
        "svdvals": np.linalg.svdvals(x), "left vectors": sd.linalg.svd(x).U, "right vectors": sd.linalg.svd(x).Vh,
        "pairs": x[[0, 2], [1, 0]], "pairs put": (x[[0, 2], [1, 0]]**2).sum().gradient(x),
        "scan": sd.scan(lambda h, _: (sd.tanh(sym @ h) * s, h), w, length=9)[1],
        "where": sd.where(x > 0, x, 0),
        "constants": np.arange(6.0).reshape(2, 3) @ x, "ints": np.eye(3, dtype=int) @ x,
        "sparse": sparse @ x, "symmetric": sym[0, 1] * w,
    }  # fmt: skip


def values():
    """A point for all of them."""
    return {
        "X": np.array([[0.3, 0.9], [1.2, 0.1], [0.7, 0.4]]), "w": np.array([0.5, 1.5]), "s": 0.75,
        "S": np.array([[2.0, 0.5], [0.5, 1.0]]), "v": np.array([0.2, 0.4, 0.9]),
    }  # fmt: skip
