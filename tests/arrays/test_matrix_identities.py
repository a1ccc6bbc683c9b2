"""Derivatives of matrix calculus as textbooks and papers state them: the same numbers, and mostly the same text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import symdiff as sd
from symdiff import array_functions as af

CORPUS = Path(__file__).parents[3] / "shared" / "corpora" / "matrix_identities.json"
ROWS = json.loads(CORPUS.read_text())["rows"] if CORPUS.exists() else []
NOT_HERE = ("expm", "sinm")  # functions that have no record

NAMES: dict[str, Any] = {
    "det": sd.linalg.det, "inv": sd.linalg.inv, "logdet": sd.linalg.logdet,
    "trace": af.trace, "outer": af.outer, "einsum": af.einsum,
    "eye": af.eye, "ones": af.ones, "kron": af.kron, "norm": af.norm, "exp": sd.exp, "log": sd.log, "tanh": sd.tanh,
    "eigvals": sd.linalg.eigvalsh, "svdvals": sd.linalg.svdvals, "svdU": lambda a: sd.linalg.svd(a).U,
    "svdVt": lambda a: sd.linalg.svd(a).Vh,
    "abs": sd.abs, "sign": sd.sign, "diag": af.diag, "solve": sd.linalg.solve, "cholesky": sd.linalg.cholesky,
}  # fmt: skip

OF_NUMPY: dict[str, Any] = {
    "np": np, "det": np.linalg.det, "inv": np.linalg.inv, "logdet": lambda a: np.linalg.slogdet(a)[1],
    "trace": np.trace, "outer": np.outer, "einsum": np.einsum, "eye": np.eye, "ones": np.ones, "kron": np.kron,
    "norm": np.linalg.norm, "exp": np.exp, "log": np.log, "tanh": np.tanh, "abs": np.abs, "sign": np.sign,
    "diag": np.diag, "solve": np.linalg.solve, "cholesky": np.linalg.cholesky,
    "phi": lambda a: np.tril(a) - np.diag(np.diag(a)) / 2,
    "eigvals": np.linalg.eigvalsh, "svdvals": lambda a: np.linalg.svd(a, compute_uv=False),
    "svdU": lambda a: np.linalg.svd(a)[0], "svdVt": lambda a: np.linalg.svd(a)[2],
    "adjugate": lambda a: np.linalg.det(a) * np.linalg.inv(a),
}  # fmt: skip


def put(block, key, shape):
    """Zeros with a block at a key that is written out, as the corpus has it."""
    found = np.zeros(shape)
    found[eval(f"np.s_[{key}]", {"np": np})] = block
    return found


def kron_jac_left(x, a):
    """The derivative of kron(X, A) by X, entry by entry."""
    (n, m), (p, q) = x.shape, a.shape
    found = np.zeros((n * p, m * q, n, m))
    for i, j in np.ndindex(n * p, m * q):
        found[i, j, i // p, j // q] = a[i % p, j % q]
    return found


OF_NUMPY |= {"put": put, "kron_jac_left": kron_jac_left}


def sample(spec, rng):
    """An array that meets the assumptions of a row."""
    shape, assumed = tuple(spec["shape"]), spec["assume"]
    x = rng.normal(size=shape)
    if "symmetric" in assumed:
        x = x + x.T
    if "positive definite" in assumed or "positive determinant" in assumed:
        x = x @ x.T + np.eye(len(x)) + ("symmetric" not in assumed) * 0.1 * rng.normal(size=shape)
    elif "invertible" in assumed:
        x = x + 2 * np.eye(len(x))
    if "positive" in assumed:
        x = np.abs(x) + (3.0 if shape else 0.5)
    if "signs" in assumed:
        x = np.sign(x)
    if "small" in assumed:
        x = 0.1 * x
    return np.tril(x) if "lower triangular" in assumed else x


def variable(name, spec):
    shape, assumed = tuple(spec["shape"]), spec["assume"]
    return sd.Var(name, shape=shape, symmetric="symmetric" in assumed) if shape else sd.Var(name)


def derived(row):
    """The variables of a row, and the derivative that it states."""
    variables = {name: variable(name, spec) for name, spec in row["variables"].items()}
    f = eval(row["formula"], {**NAMES, **variables})
    x = variables[row["wrt"]]
    return variables, f, f.hessian(x) if row["kind"] == "hessian" else sd.jacobian(f, x)


@pytest.mark.skipif(not ROWS, reason="the corpora are not beside the checkout")
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_has_the_numbers_of_the_stated_derivative(row):
    if any(name in row["formula"] for name in NOT_HERE):
        pytest.skip("functions of matrices have no record")
    _, f, d = derived(row)
    rng = np.random.default_rng(5)
    for _ in range(2):
        values = {name: sample(spec, rng) for name, spec in row["variables"].items()}
        value = eval(row["formula"], {**OF_NUMPY, **values})
        stated = eval(row["derivative"], {**OF_NUMPY, **values})
        np.testing.assert_allclose(f.evaluate(values), value, rtol=1e-9, atol=1e-12)
        got = d.evaluate(values)
        assert np.shape(got) == np.shape(stated)
        np.testing.assert_allclose(got, stated, rtol=1e-8, atol=1e-9)


READ_ALIKE = [
    "mc49", "mc51", "mc52", "mc55", "mc57", "mc58", "mc60", "mc62", "mc73", "mc76", "mc86", "mc99", "mc100",
    "mc104", "mc106", "mc108", "mc109", "mc111", "mc113", "mc117", "mc118", "mc129", "mc132", "mc-gauss-S",
    "giles-add-A", "giles-mul-A", "giles-mul-B", "giles-inv", "giles-det", "giles-solve-B", "giles-quad1-A",
    "giles-frob", "mn-axb", "mn-xtx", "mn-hess-det", "mn-hess-x2", "mx-aexp", "mx-yvx", "mx-norm1", "mx-lsq-h",
    "mx-logdetinv", "mx-vx", "laue-quad-h", "laue-mf-h", "laue-mf-mask", "laue-nn", "bv-logdet", "bv-qol",
    "bishop-ridge", "mc65", "giles-svd", "nuclear", "mc53", "mc81", "mc83", "mc90", "mc120", "mc125", "mc126", "mc127",
    "mc130", "mn-hess-xax", "laue-logit", "laue-expr", "bishop-softmax", "bishop-multi",
]  # fmt: skip


@pytest.mark.skipif(not ROWS, reason="the corpora are not beside the checkout")
@pytest.mark.parametrize("name", READ_ALIKE)
def test_reads_as_it_is_published(name):
    """The text, or the very node that the published formula makes."""
    row = next(row for row in ROWS if row["id"] == name)
    with sd.Graph():
        variables, _, d = derived(row)
        published = row["derivative"].replace("'", '"')
        if str(d) != published:
            read = eval(row["derivative"], {**NAMES, **variables})
            assert d == read or str(d) == str(read)
