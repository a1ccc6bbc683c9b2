"""The node at which the first nan or infinity arises, and from which operands."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import symdiff as sd

X, Y = sd.variables("x y")


@pytest.mark.parametrize(
    ("f", "at", "node", "quantity"),
    [
        (sd.log(X) * Y + 1, {X: 0.0, Y: 2.0}, sd.log(X), "value"),
        (sd.sqrt(X - 2) + Y, {X: 1.0, Y: 2.0}, sd.sqrt(X - 2), "value"),
        (sd.exp(X) / sd.exp(X), {X: 1000.0}, sd.exp(X), "value"),
        (sd.sin(X) / X, {X: 0.0}, sd.sin(X) / X, "value"),
        (X * Y, {X: math.inf, Y: 1.0}, X, "value"),
        (sd.sqrt(X) * Y + 1, {X: 0.0, Y: 2.0}, sd.sqrt(X), "∂/∂x"),
        (sd.cbrt(X * Y), {X: 0.0, Y: 2.0}, sd.cbrt(X * Y), "∂/∂x"),
        (1 / (1 + sd.exp(-X)), {X: -1000.0}, sd.exp(-X), "value"),  # 0, of which the slope is inf/inf
    ],
    ids=str,
)
def test_the_first_bad_node(f, at, node, quantity):
    found = f.first_bad(at)
    assert found.node == node
    assert found.quantity == quantity
    assert not math.isfinite(found.value)
    assert [operand for operand, _, _ in found.operands] == list(node.args)
    assert all(math.isfinite(value) and math.isfinite(slope) for _, value, slope in found.operands)
    assert str(node) in str(found)


def test_nothing_is_bad():
    assert (X * Y + sd.sin(X)).first_bad(x=1.0, y=2.0) is None
    assert sd.Const(3).first_bad({}) is None


def test_a_branch_not_taken_does_not_count():
    assert sd.where(X > 0, sd.log(X), X).first_bad(x=-1.0) is None
    assert sd.where(X > 0, sd.log(X), 1 / (X + 1)).first_bad(x=-1.0).node == 1 / (X + 1)


@pytest.mark.parametrize(
    "f",
    [sd.minimum(sd.exp(X), sd.sqrt(Y)), sd.maximum(-sd.exp(X), sd.sqrt(Y)), sd.minimum(sd.exp(X) + Y, sd.sqrt(Y))],
    ids=str,
)
def test_an_operand_not_taken_does_not_count(f):
    found = f.first_bad(x=1000.0, y=0.0)
    assert (found.node, found.quantity) == (sd.sqrt(Y), "∂/∂y")


def test_an_infinity_that_a_finite_result_comes_from_does_not_count():
    assert (1 / sd.exp(X)).first_bad(x=1000.0) is not None  # its slope is nan
    assert sd.sigmoid(X).first_bad(x=-1000.0) is None


def test_values_of_variables_and_bad_input():
    X.value, Y.value = 0.0, 1.0
    assert (sd.log(X) * Y).first_bad().node == sd.log(X)
    with pytest.raises(sd.MissingValueError, match="y"):
        (X * Y).first_bad({X: 1.0})
    with pytest.raises(sd.SymdiffTypeError, match="x is"):
        X.first_bad(x=np.ones(3))
    with pytest.raises(sd.SymdiffTypeError, match="z"):
        X.first_bad(x=1.0, zz=2.0)


def test_long_chains_take_one_walk():
    f = X
    for _ in range(3000):
        f = sd.sin(f) + X
    f = sd.log(f - f.evaluate(x=0.5))
    assert f.first_bad(x=0.5).node == f


@given(st.floats(-3, 3), st.floats(-3, 3))
def test_there_is_a_bad_node_where_value_or_gradient_are(a, b):
    f = sd.sqrt(X) * Y + sd.log(X + Y) / (Y - 1)
    at = {X: a, Y: b}
    swept = [f.evaluate(at), *f.backpropagate(at).values()]
    found = f.first_bad(at)
    assert (found is None) == all(map(math.isfinite, swept))
    assert found is None or found.node in f.nodes()
