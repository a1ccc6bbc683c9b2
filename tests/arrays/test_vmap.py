"""`sd.vmap` against a loop over rows: every operation on arrays, random programs, nests; values, derivatives, code."""

import pickle
import random

import numpy as np
import pytest
from array_examples import examples, values
from array_programs import OF_ARRAYS, Program

import symdiff as sd

EXAMPLES = examples()
ROWS = 3


def stacked_values():
    """Rows of values for the variables of the examples, each another; symmetric ones stay so."""
    rng = np.random.default_rng(5)
    return {
        name: np.stack([value * (1 + 0.1 * k) + 0.01 * rng.random() for k in range(ROWS)])
        for name, value in values().items()
    }


def mapped(name):
    """An example for all rows, its stacked variables, their values, and the example of each row as a function."""
    f, point = EXAMPLES[name], stacked_values()
    held = [v.name for v in f.variables] or ["s"]
    with sd.Graph():
        given = [sd.Var(f"{n}s", shape=(ROWS, *getattr(sizes(f, n), "shape", ()))) for n in held]
        whole = sd.vmap(lambda *rows: f.replace(dict(zip(f.variables, rows, strict=False))))(*given)

    def row(g, k):
        return g.evaluate({v: point[v.name][k] for v in f.variables})

    return f, whole, dict(zip(given, [point[n] for n in held], strict=True)), row, held


def sizes(f, name):
    return next((v for v in f.variables if v.name == name), None)


def weighed(f):
    """A scalar of which all entries count differently."""
    if not f.shape:
        return f
    return (f * sd.cumsum(sd.cumsum(sd.ones(f.shape), len(f.shape) - 1), 0)).sum()


@pytest.mark.parametrize("name", EXAMPLES)
class TestEveryOperation:
    def test_values(self, name):
        f, whole, point, row, _ = mapped(name)
        wanted = np.stack([row(f, k) for k in range(ROWS)])
        assert whole.shape == (ROWS, *f.shape)
        np.testing.assert_allclose(whole.evaluate(point), wanted, rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(
            sd.compile(whole, list(point))(*point.values()), wanted, rtol=1e-12, atol=1e-14
        )

    def test_derivatives(self, name):
        f, whole, point, row, held = mapped(name)
        own, each = list(f.variables), weighed(f)
        if not own:
            pytest.skip("a constant")
        total = sd.vmap(lambda *rows: each.replace(dict(zip(own, rows, strict=True))))(*point).sum()
        slopes = total.gradient(list(point))
        found = [g.evaluate(point) for g in slopes]
        compiled = sd.compile(slopes, list(point))(*point.values())
        for v, g, c in zip(own, found, compiled, strict=True):
            wanted = np.stack([row(asymmetric(each, v), k) for k in range(ROWS)])
            np.testing.assert_allclose(g, wanted, rtol=1e-10, atol=1e-12)
            np.testing.assert_allclose(c, wanted, rtol=1e-10, atol=1e-12)

    def test_text_json_and_pickles(self, name):
        _, whole, point, _, _ = mapped(name)
        again = sd.parse(str(whole), shapes={v.name: v.shape for v in point})
        assert str(again) == str(whole)
        np.testing.assert_allclose(again.evaluate(names(point)), whole.evaluate(point), rtol=1e-13)
        assert sd.from_json(sd.to_json(whole)) == whole == pickle.loads(pickle.dumps(whole))
        assert whole.latex()


def names(point):
    return {v.name: value for v, value in point.items()}


def asymmetric(f, v):
    """The gradient along single entries of a symmetric variable too."""
    if not getattr(v, "symmetric", False):
        return f.gradient(v)
    other = sd.Var("another", shape=v.shape)
    return f.replace({v: other}).gradient(other).replace({other: v})
