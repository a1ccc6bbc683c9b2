"""NumPy's norms of array expressions: by their orders, along axes, and what is not there."""

import numpy as np
import pytest

import symdiff as sd
from symdiff.errors import SymdiffValueError

POINT = {"x": [3.0, -4.0, 0.5], "a": [[1.0, -2.0, 3.0], [-4.0, 5.0, 0.5]], "t": np.arange(24.0).reshape(2, 3, 4) - 11.5}
CASES = [
    *[("x", {"ord": order}) for order in (None, 1, 2, 3, 0.5, -1, np.inf, -np.inf)],
    *[("a", {"ord": order}) for order in (None, "fro", 1, np.inf)],
    *[("a", {"ord": order, "axis": axis}) for order in (1, 2, 3, np.inf) for axis in (0, 1, -1)],
    *[("t", {"ord": order, "axis": axis}) for order in (None, 1, np.inf, "fro") for axis in ((0, 1), (2, 0), (-1, 1))],
]


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize(("name", "options"), CASES, ids=str)
def test_norms_are_those_of_numpy(name, options, keepdims):
    value = np.asarray(POINT[name])
    expected = np.linalg.norm(value, **options, keepdims=keepdims)
    for function in (np.linalg.norm, sd.linalg.norm):
        found = function(sd.Var(name, shape=value.shape), **options, keepdims=keepdims)
        assert np.shape(found.evaluate(POINT)) == expected.shape
        np.testing.assert_allclose(found.evaluate(POINT), expected, rtol=1e-12)


def test_the_gradient_of_a_norm_of_an_order():
    x = sd.Var("x", shape=3)
    f = np.linalg.norm(x, 3)
    slopes = f.expand().gradient("x")
    np.testing.assert_allclose(f.gradient(x).evaluate(POINT), sd.evaluate(slopes, {"x": POINT["x"]}), rtol=1e-12)


@pytest.mark.parametrize(
    ("name", "order", "message"),
    [
        ("x", "fro", "no norm of vectors of order 'fro'"),
        ("a", 3, "order 3 of axes"),
        ("t", 1, "of one axis or two: give them"),
    ],
)
def test_orders_that_are_not_there_are_named(name, order, message):
    with pytest.raises(SymdiffValueError, match=message):
        np.linalg.norm(sd.Var(name, shape=np.shape(POINT[name])), order)
