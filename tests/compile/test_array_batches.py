"""Axes of a batch in front of arguments of functions of arrays: one program, held against point by point."""

import pickle
import sys
from pathlib import Path

import numpy as np
import pytest

import symdiff as sd
from symdiff.compile.array_programs import array_batches

sys.path.insert(0, str(Path(__file__).parents[1] / "arrays"))

from array_examples import examples, values

EXAMPLES = examples()


@pytest.fixture
def function():
    x, w, s = sd.Var("X", shape=("n", 3)), sd.Var("w", shape=3), sd.Var("s")
    v = np.array(sd.variables("v", 2))
    f = (sd.tanh(x @ w * s) ** 2).sum() * v[0] + v[1]
    outputs = {"f": f, "g": f.gradient(w), "h": f.hessian(w, sparse=True), "high": f > 0.5, "of v": [v[0] * s, w]}
    return sd.compile(outputs, [x, w, s, v])


def test_every_argument_may_have_axes_in_front(function):
    rng = np.random.default_rng(0)
    x, w, s, v = (
        rng.normal(size=(4, 5, 3)),
        rng.normal(size=(2, 4, 3)),
        rng.normal(size=(2, 1)),
        rng.normal(size=(4, 2)),
    )
    found = function(x, w, s, v)
    assert found["high"].dtype == bool
    for a, b in np.ndindex(2, 4):
        alone = function(x[b], w[a, b], s[a, 0], v[b])
        np.testing.assert_allclose(found["f"][a, b], alone["f"], rtol=1e-13)
        np.testing.assert_allclose(found["g"][a, b], alone["g"], rtol=1e-12)
        np.testing.assert_allclose(found["h"][a, b].toarray(), alone["h"].toarray(), rtol=1e-12, atol=1e-14)
        assert found["high"][a, b] == alone["high"]
        np.testing.assert_array_equal(found["of v"][1][a, b], w[a, b])


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_operation(name):
    f, point = EXAMPLES[name], values()
    variables = list(f.variables)
    if not variables:
        return
    function = sd.compile(f, variables)
    given = [np.stack([point[v.name] * (1 + k / 10) for k in range(3)]) for v in variables]
    found = function(*given)
    wanted = np.stack([function(*[a[k] for a in given]) for k in range(3)])
    np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-14)
    one = function(given[0], *[a[0] for a in given[1:]])
    np.testing.assert_allclose(
        one, np.stack([function(given[0][k], *[a[0] for a in given[1:]]) for k in range(3)]), rtol=1e-12, atol=1e-14
    )


def test_bits_are_those_of_a_point_where_no_product_is():
    x = sd.Var("x", shape=7)
    f = sd.sin(x) * sd.exp(-(x**2)) + x[::-1]
    function = sd.compile(f, [x])
    given = np.random.default_rng(0).normal(size=(50, 7))
    np.testing.assert_array_equal(function(given), np.stack([function(row) for row in given]))


def test_large_batches_go_in_pieces(function, monkeypatch):
    rng = np.random.default_rng(0)
    x, w, v = rng.normal(size=(5, 3)), rng.normal(size=(101, 3)), np.ones(2)
    whole = function(x, w, 0.5, v)
    monkeypatch.setattr(array_batches, "_ENTRIES", 100)
    for threads in (1, 2):
        parts = function(x, w, 0.5, v, threads=threads)
        np.testing.assert_allclose(parts["g"], whole["g"], rtol=1e-13)
        assert parts["h"].shape == (101,)
    again = pickle.loads(pickle.dumps(function))
    np.testing.assert_array_equal(again(x, w, 0.5, v)["g"], parts["g"])


def test_index_arrays_have_them_too():
    x, idx = sd.Var("x", shape="n"), sd.Var("idx", shape=2, dtype=int)
    function = sd.compile((x[idx] ** 2).sum(), [x, idx])
    at = np.array([[0, 1], [2, 2], [-1, 0]])
    np.testing.assert_allclose(function([1.0, 2.0, 3.0], at), [5, 18, 10])
    with pytest.raises(sd.SymdiffIndexError, match="idx has the place 4"):
        function([1.0, 2.0, 3.0], at + 2)
