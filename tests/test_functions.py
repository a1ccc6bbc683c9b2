"""Functions made of operations: axes of arrays, and conditions that are none."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

import symdiff as sd

x, y = sd.variables("x y")
VALUES = np.random.default_rng(12).normal(scale=300.0, size=(2, 3, 4))


def total(items):
    """log of the sum of exponentials, to 50 digits."""
    with mpmath.workdps(50):
        return float(mpmath.log(sum(mpmath.exp(mpmath.mpf(float(v))) for v in items)))


@pytest.mark.parametrize("axis", [0, 1, -1, (0, 2), (2, 0), (0, 1, 2), [1]])
def test_softmax_and_its_kin_along_axes(axis):
    axes = tuple(np.atleast_1d(axis) % 3)
    others = [k for k in range(3) if k not in axes]
    rows = VALUES.transpose(*others, *axes).reshape(*[VALUES.shape[k] for k in others], -1)
    right = np.apply_along_axis(total, -1, rows)
    spread = np.expand_dims(right, axes)
    found = sd.logsumexp(VALUES, axis=axis)
    np.testing.assert_allclose(found, right, rtol=1e-15)
    np.testing.assert_allclose(sd.log_softmax(VALUES, axis=axis), VALUES - spread, rtol=0, atol=1e-12)
    np.testing.assert_allclose(sd.softmax(VALUES, axis=axis), np.exp(VALUES - spread), rtol=1e-12)
    w = sd.variables("w", VALUES.shape)
    for function in (sd.logsumexp, sd.log_softmax, sd.softmax):
        made = function(w, axis=axis)
        values = function(VALUES, axis=axis)
        assert np.shape(made) == np.shape(values)
        flat = sd.evaluate(list(np.ravel(made)), w=VALUES)
        np.testing.assert_allclose(np.reshape(flat, np.shape(made)), values, rtol=1e-13)


def test_matrices_without_an_axis_are_an_error():
    w = sd.variables("w", (2, 2))
    for function in (sd.softmax, sd.log_softmax, sd.logsumexp):
        for matrix in (w, np.ones((2, 2)), [[x, y], [y, x]]):
            with pytest.raises(
                sd.SymdiffValueError, match=f"{function.__name__} of an array of shape .* needs an axis"
            ):
                function(matrix)
        for axis in (2, -3, (0, 0), (0, 2)):
            with pytest.raises(sd.SymdiffValueError, match="has no axis"):
                function(w, axis=axis)
        for axis in (1.0, "0", True):
            with pytest.raises(sd.SymdiffTypeError, match="is an int or a tuple of ints"):
                function(w, axis=axis)
        with pytest.raises(sd.SymdiffValueError):
            function(np.ones((0, 2)), axis=0)


def test_slopes_of_softmax_along_an_axis():
    at = np.array([[0.5, -1.0], [2.0, 3.0]])
    p = np.exp(at) / np.exp(at).sum(axis=1, keepdims=True)
    (found,) = sd.gradient(lambda v: sd.softmax(v, axis=1)[1, 0], at)
    np.testing.assert_allclose(found, [[0, 0], [p[1, 0] * p[1, 1], -p[1, 0] * p[1, 1]]], rtol=1e-14)


@pytest.mark.parametrize("where", [sd.where, sd.Where], ids=["where", "Where"])
def test_a_bool_of_python_chooses_no_expression(where):
    """`x == 3` is False, at once, and the choice would be 2 whatever x is."""
    for branches in ((x, 2), (2, x), (x, y), (np.array([x, y]), 0)):
        for condition in (x == 3, x != 3, True):
            with pytest.raises(sd.SymdiffTypeError, match=r"sd\.equal\(x, 3\)"):
                where(condition, *branches)
    assert where(sd.equal(x, 3), x, 2).evaluate(x=3.0) == 3.0


def test_bools_choose_numbers_and_masks_choose_elements():
    assert sd.where(True, 1.0, 2.0) == 1.0
    d = sd.DualNumber(3.0, 1.0)
    assert sd.where(d > 2, d, 0.0).eps == 1.0
    assert sd.where(np.bool_(True), x, 1) == x
    made = sd.where(np.array([True, False]), np.array([x, y]), 0)
    assert (made[0], made[1]) == (x, 0)
    assert sd.where(np.array([1.0, 2.0]) > 1.5, x, y)[1] == x
    inner = sd.where(y > 0, x, 2)
    assert inner.evaluate({y: 1.0, x: y}) == y  # a point that holds expressions
    assert np.heaviside(2.0, x) == 1.0
