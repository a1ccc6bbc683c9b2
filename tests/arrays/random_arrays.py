"""Random expressions of arrays: variables and constants, then some operations that fit the shapes there are."""

import numpy as np
from hypothesis import strategies as st

import symdiff as sd
from symdiff import array_functions as af

SIZES = (2, 3)


def leaves():
    """Variables of every shape, in a graph of their own."""
    shaped = [("A", (2, 2)), ("B", (2, 3)), ("C", (3, 3)), ("D", (2, 3)), ("u", 2), ("v", 2), ("w", 3), ("T", (2, 3, 2))]
    found = [sd.Var(name, shape=shape) for name, shape in shaped]
    found += [sd.Var("S", shape=(3, 3), symmetric=True), sd.Var("a"), sd.Var("b")]
    return [*found, af.eye(2), af.ones(3), np.array([0.5, 2.0]) + 0 * found[4]]


def _square(x):
    return x.ndim == 2 and x.shape[0] == x.shape[1]


UNARY = {
    "T": (lambda x: x.ndim > 0, lambda x: x.T),
    "sum": (lambda x: x.ndim > 0, lambda x: x.sum()),
    "sum0": (lambda x: x.ndim > 0, lambda x: x.sum(axis=0)),
    "sum1": (lambda x: x.ndim > 1, lambda x: x.sum(axis=1)),
    "keep": (lambda x: x.ndim > 1, lambda x: x.sum(axis=1, keepdims=True)),
    "mean": (lambda x: x.ndim > 0, lambda x: x.mean(axis=-1)),
    "max": (lambda x: x.ndim > 0, lambda x: x.max(axis=0)),
    "prod": (lambda x: x.ndim > 0, lambda x: x.prod()),
    "norm": (lambda x: x.ndim > 0, lambda x: af.norm(x)),
    "softmax": (lambda x: x.ndim > 0, lambda x: af.softmax(x, axis=-1)),
    "lse": (lambda x: x.ndim > 0, lambda x: af.logsumexp(x, axis=0)),
    "sin": (lambda x: True, sd.sin),
    "square": (lambda x: True, lambda x: x**2),
    "neg": (lambda x: True, lambda x: -x),
    "double": (lambda x: True, lambda x: 2 * x),
    "half": (lambda x: True, lambda x: x / 2),
    "float": (lambda x: True, lambda x: 0.5 * x),
    "minus": (lambda x: True, lambda x: x * -3),
    "one": (lambda x: True, lambda x: 1 - x),
    "under": (lambda x: True, lambda x: 1 / x),
    "relu": (lambda x: True, lambda x: sd.maximum(x, 0)),
    "where": (lambda x: True, lambda x: sd.where(x > 0, x, 1)),
    "diag": (lambda x: x.ndim == 1 or _square(x), af.diag),
    "trace": (_square, af.trace),
    "inv": (_square, af.inv),
    "det": (_square, af.det),
    "logdet": (_square, af.logdet),
    "cholesky": (_square, af.cholesky),
    "first": (lambda x: x.ndim > 0, lambda x: x[0]),
    "tail": (lambda x: x.ndim > 0 and x.shape[0] > 1, lambda x: x[1:]),
    "column": (lambda x: x.ndim > 1, lambda x: x[:, -1]),
    "turn": (lambda x: x.ndim > 0, lambda x: x[::-1]),
    "rows": (lambda x: x.ndim > 0, lambda x: x[[0, 0]]),
    "new": (lambda x: 0 < x.ndim < 3, lambda x: x[:, None]),
    "front": (lambda x: 0 < x.ndim < 3, lambda x: x[None]),
    "ravel": (lambda x: x.ndim > 1, lambda x: x.ravel()),
    "reshape": (lambda x: x.ndim == 2, lambda x: x.reshape(x.shape[1], x.shape[0])),
    "wide": (lambda x: 0 < x.ndim < 3, lambda x: af.broadcast_to(x, (2, *x.shape))),
    "cumsum": (lambda x: x.ndim == 1, lambda x: af.cumsum(x)),
}


def _ndim(x):
    return len(getattr(x, "shape", ()))


def _matrices(x, y):
    return 0 < _ndim(x) < 3 and 0 < _ndim(y) < 3


BINARY = {
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y,
    "maximum": sd.maximum,
    "less": lambda x, y: sd.where(x < y, x, y),
    "matmul": lambda x, y: x @ y,
    "outer": lambda x, y: af.outer(x, y) if _ndim(x) == _ndim(y) == 1 else None,
    "kron": lambda x, y: af.kron(x, y) if _matrices(x, y) and x.ndim == y.ndim else None,
    "solve": lambda x, y: af.solve(x, y) if _matrices(x, y) else None,
    "stack": lambda x, y: af.stack([x, y]),
    "stack1": lambda x, y: af.stack([x, y], axis=1) if _ndim(x) else None,
    "concatenate": lambda x, y: af.concatenate([x, y]) if _ndim(x) else None,
    "einsum": lambda x, y: af.einsum("ij,kj->ikj", x, y) if _ndim(x) == _ndim(y) == 2 else None,
    "rows": lambda x, y: af.einsum("ij,ij->i", x, y) if _ndim(x) == _ndim(y) == 2 else None,
    "tensor": lambda x, y: af.einsum("ijk,kl->jil", x, y) if (_ndim(x), _ndim(y)) == (3, 2) else None,
}
LIMIT = 200  # entries of an array


def step(pool, name, i, j):
    """Apply an operation to expressions of the pool where their shapes fit."""
    x, y = pool[i % len(pool)], pool[j % len(pool)]
    if name in UNARY:
        fits, function = UNARY[name]
        if not hasattr(x, "ndim"):
            if name not in ("sin", "square", "neg", "double", "half", "float", "minus", "one", "under", "relu", "where"):
                return
        elif not fits(x):
            return
        made = function(x)
    else:
        try:
            made = BINARY[name](x, y)
        except (sd.SymdiffError, AttributeError, TypeError):
            return
    if made is not None and np.prod(getattr(made, "shape", ()), initial=1) <= LIMIT and _ndim(made) < 5:
        pool.append(made)


steps = st.lists(
    st.tuples(st.sampled_from([*UNARY, *BINARY]), st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=12
)


def build(program):
    """The last expression that a program makes."""
    with sd.Graph():
        pool = leaves()
        first = len(pool)
        for name, i, j in program:
            # take late expressions more often than leaves
            step(pool, name, len(pool) - 1 - i, len(pool) - 1 - j)
        return pool[-1] if len(pool) > first else None
