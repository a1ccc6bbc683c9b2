"""Ties of an array's largest or smallest entries: an even share of the slope for each, in every mode."""

import numpy as np
import pytest

import symdiff as sd

AT = [
    np.ones((2, 3)), np.array([[0.1, 0.1, 0.1], [0.1, 0.1, 0.0]]), np.full((2, 3), -np.inf),
    np.arange(6.0).reshape(2, 3),
]  # fmt: skip
OPTIONS = [{}, {"axis": 0}, {"axis": 1}, {"axis": -1, "keepdims": True}, {"axis": (0, 1), "keepdims": True}]


@pytest.mark.parametrize("at", AT, ids=range(len(AT)))
@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("name", ["max", "min"])
def test_ties_are_even_in_every_mode(name, options, at):
    def extreme(array):
        return getattr(array, name)(**options)

    x = sd.Var("x", shape=(2, 3))
    f = extreme(x)
    tied = at == np.broadcast_to(extreme(at) if options.get("keepdims") else np.expand_dims(
        extreme(at), options.get("axis", (0, 1))), at.shape)  # fmt: skip
    share = tied / tied.sum(axis=options.get("axis"), keepdims=True)
    jacobian = sd.jacobian(f, x).evaluate({x: at})
    np.testing.assert_allclose(jacobian.sum(axis=tuple(range(jacobian.ndim - 2))), share, rtol=1e-15)
    directions = np.eye(6).reshape(6, 2, 3)
    duals = [f.evaluate({x: sd.DualNumber(at, d)}) for d in directions]
    tangents = np.stack([d.eps for d in duals], axis=-1)
    np.testing.assert_allclose(np.reshape(tangents, jacobian.shape), jacobian, rtol=1e-15)
    np.testing.assert_allclose(sd.jacobian(extreme, at), jacobian, rtol=1e-15)
    assert np.array_equal(duals[0].value, extreme(at))


def test_more_of_what_numpys_max_may_be_asked():
    at = np.ones((2, 3))
    assert sd.gradient(lambda v: v.max(initial=0.0), at)[0].tolist() == [[1 / 6] * 3] * 2
    assert sd.gradient(lambda v: np.maximum.reduce(v)[1], at)[0].tolist() == [[0.0, 0.5, 0.0], [0.0, 0.5, 0.0]]
    np.testing.assert_allclose(sd.hessian(lambda v: (v**2).max(), np.ones(3)), np.eye(3) * 2 / 3, rtol=1e-15)
    assert sd.derivative(lambda t: np.max(np.stack([t, 2 * t, 3 * t])), 0.0) == 2.0
