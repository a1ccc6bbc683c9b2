"""Derivatives as textbooks, papers and web pages state them: their numbers, those of differences, and their text."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from published_derivatives import GRADIENT, HESSIAN, ROWS
from test_matrix_identities import NAMES

import symdiff as sd

FUNCTIONS: dict[str, Any] = NAMES | {
    name: getattr(sd, name)
    for name in ("softplus", "sigmoid", "softmax", "logsumexp", "sqrt", "maximum", "cumsum", "convolve")
}
FUNCTIONS |= {"eigvalsh": sd.linalg.eigvalsh, "eigh": sd.linalg.eigh, "zeros": sd.zeros}

# grouped in another way, or written with another function
READ_OTHERWISE = {
    "trace-inverse", "xtx-quadratic", "frobenius-both", "kalman-gain", "logistic-hessian", "squared-hinge",
    "layer-bias", "orthogonality", "smoothness", "log-sum-exp-hessian",
}  # fmt: skip
STATED = [row for row in ROWS if row[-1] is not None]

_OF_KIND = {
    "": lambda x: x,
    "sym": lambda x: x + x.T,
    "pd": lambda x: x @ x.T + np.eye(len(x)),
    "det": lambda x: x @ x.T + np.eye(len(x)) + 0.1 * x,
    "pos": lambda x: np.abs(x) + 0.5,
    "signs": np.sign,
    "bits": lambda x: (x > 0) * 1.0,
    "onehot": lambda x: (x == x.max(axis=1, keepdims=True)) * 1.0,
    "tri": lambda x: np.tril(x, -1) + np.diag(np.abs(np.diag(x)) + 0.5),
}


def read(spec, rng):
    """The variables that a row names, and a point for them."""
    variables, point = {}, {}
    for item in spec.split():
        name, _, rest = item.partition("=")
        sizes, _, kind = rest.partition(":")
        shape = tuple(map(int, sizes.split(","))) if sizes else ()
        variables[name] = sd.Var(name, shape=shape, symmetric=kind in ("sym", "pd")) if shape else sd.Var(name)
        point[name] = _OF_KIND[kind](rng.normal(size=shape)) if shape else 0.7
    return variables, point


def derived(row, rng):
    """The variables of a row, a point, its formula and the derivative."""
    _, _, spec, formula, by, kind, _ = row
    variables, point = read(spec, rng)
    f = eval(formula, {**FUNCTIONS, **variables})
    x = variables[by]
    return variables, point, f, f.hessian(x) if kind == HESSIAN else sd.jacobian(f, x)


def name_of(row):
    return row[0]


@pytest.mark.parametrize("row", STATED, ids=name_of)
def test_has_the_numbers_of_the_stated_derivative(row):
    with sd.Graph():
        variables, point, _, d = derived(row, np.random.default_rng(7))
        stated = eval(row[-1], {**FUNCTIONS, **variables})
        assert d.shape == stated.shape
        np.testing.assert_allclose(d.evaluate(point), stated.evaluate(point), rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("row", [row for row in ROWS if row[5] == GRADIENT], ids=name_of)
def test_agrees_with_differences(row):
    with sd.Graph():
        _, point, f, d = derived(row, np.random.default_rng(11))
        x, at, step = row[4], np.asarray(point[row[4]], dtype=float), 1e-5
        symmetric = f"{x}=3,3:pd" in row[2] or f"{x}=3,3:sym" in row[2]
        found = np.zeros(at.shape)
        for place in np.ndindex(*at.shape):
            h = np.zeros(at.shape)
            h[place] = step
            h = (h + h.T) / 2 if symmetric else h
            ends = [f.evaluate({**point, x: at + sign * h}) for sign in (1, -1)]
            found[place] = (ends[0] - ends[1]) / (2 * step)
        np.testing.assert_allclose(d.evaluate(point), found, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("row", [row for row in STATED if row[0] not in READ_OTHERWISE], ids=name_of)
def test_reads_as_it_is_published(row):
    with sd.Graph():
        variables, _, _, d = derived(row, np.random.default_rng(3))
        assert str(d) in (row[-1], str(eval(row[-1], {**FUNCTIONS, **variables})))


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_text_reads_back(row):
    with sd.Graph():
        variables, _, _, d = derived(row, np.random.default_rng(3))
        shapes = {name: v.shape for name, v in variables.items() if v.shape}
        symmetric = [name for name, v in variables.items() if v._graph.leaves[v._index].kind == "symmetric"]
        assert str(sd.parse(str(d), shapes, symmetric=symmetric)) == str(d)
