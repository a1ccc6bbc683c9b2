"""Factors of whole gradients are taken out where that saves products."""

import numpy as np
import pytest

import symdiff as sd
from symdiff.algebra.symbolic import Symbolic
from symdiff.modes.activity import pending_adjoints
from symdiff.modes.adjoint_factor import UNIT, adjoint_factor
from symdiff.rules import Rules


@pytest.mark.parametrize(
    ("formula", "slope"),
    [
        ("(x**3 - x*y + y)/(x + y**2)", "(3*x**2 - (x**3 - x*y + y)/(x + y**2) - y)/(x + y**2)"),
        ("x/y", "1/y"),
        ("x*y/z", "y/z"),
        ("x**3/x**2", "1"),
        ("exp(x**2*y + x*y + x)", "(2*x*y + y + 1)*exp(x**2*y + x*y + x)"),
        ("sin(x)*x*y*z", "y*z*(x*cos(x) + sin(x))"),
        ("sqrt(x**2 + y**2)", "x/sqrt(x**2 + y**2)"),
        ("log(x**2 + x + 1)", "(2*x + 1)/(x**2 + x + 1)"),
    ],
)
def test_gradients_read_as_one_writes_them(formula, slope):
    f = sd.parse(formula)
    found = f.gradient("x")
    at = dict(zip(f.variables, (0.7, 1.3, 0.4), strict=False))
    assert found.evaluate(at) == pytest.approx(sd.parse(slope).evaluate({v.name: p for v, p in at.items()}), rel=1e-14)
    assert sum(sd.count_ops(found).values()) <= sum(sd.count_ops(sd.parse(slope)).values())


def test_a_quotient_has_one_division_a_variable():
    x, y = sd.variables("x y")
    f = (x * x * x * y - 2 * x * y * y + 3 * x - 1) / (1 + x * x + y * y + x * x * y * y)
    assert sd.count_ops([f, *f.gradient([x, y])])["div"] == 3
    assert f.gradient([x, y])[0] == sd.parse(
        "(3*x**2*y - 2*y**2 + 3 - 2*x*(y**2 + 1)*((x**3*y - 2*x*y*y + 3*x - 1)/(1 + x**2 + y**2 + x**2*y*y)))"
        "/(1 + x**2 + y**2 + x**2*y*y)"
    )


def test_what_both_sides_of_a_quotient_use_is_swept_once():
    x, y = sd.variables("x y")
    u = sd.sin(x * y + sd.exp(x))
    f = (u**2 + u * y + x) / (u * x + y * u + x * y + 1)
    found = f.gradient([x, y])
    at = {x: 0.3, y: 0.7}
    assert [g.evaluate(at) for g in found] == pytest.approx(list(f.backpropagate(at).values()), rel=1e-13)
    assert sum(sd.count_ops([f, *found]).values()) <= 40


def test_many_variables_get_the_factor_early():
    xs = sd.variables("x", 50)
    weights = np.arange(1.0, 51)
    hidden = [sd.tanh(sum((weights * xs).tolist()) + k) for k in range(3)]
    f = sd.exp(sum(hidden))
    pending = pending_adjoints(f.graph, f.graph.cone([f._index]), [x._index for x in xs])
    rules = Rules(f.graph.nodes, f.graph.leaves)
    factor, parts = adjoint_factor(Symbolic(f.graph), rules, pending, f._index, variables=len(xs))
    assert factor == UNIT
    assert parts == [(UNIT, [(f._index, UNIT)])]


def test_chains_of_functions():
    x, y = sd.variables("x y")
    f = x * y + y * y + x * x
    for _ in range(2000):
        f = sd.tanh(f)
    slopes = f.gradient([x, y])
    found = f.backpropagate({x: 0.3, y: 0.2})
    assert slopes[0].evaluate(x=0.3, y=0.2) == pytest.approx(found[x], rel=1e-10)


def test_a_branch_not_taken_stays_out_of_the_factor():
    x, t = sd.variables("x t")
    for f in (sd.where(t > 0, sd.log(x**2 + x), 0), sd.exp(sd.where(t > 0, sd.log(x**2 + x), 0))):
        assert f.gradient(x).evaluate(x=0.0, t=-1.0) == 0
        assert f.gradient(x).evaluate(x=1.0, t=1.0) == pytest.approx(f.backpropagate({x: 1.0, t: 1.0})[x])
