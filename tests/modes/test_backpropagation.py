"""Backpropagation: seeds, points, state, arrays, adjoints of every node."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shared_graphs import FORMULAS, recipes, steady

import symdiff as sd
from symdiff import ops
from symdiff.algebra.evaluate import bind, run
from symdiff.algebra.rule_functions import pullback_of
from symdiff.modes.backpropagation import _Downward, edge_partials
from symdiff.rules import CROSSING, partials_at

# -- the ways to call it ---------------------------------------------------------------


def test_the_courses_style(xy):
    x, y = xy
    f = x**2 * y + y + 2
    x.value, y.value = 3, 4
    assert f.evaluate() == 42
    found = f.backpropagate(1.0)
    assert (x.grad, y.grad) == (24.0, 10.0)
    assert found == {x: 24.0, y: 10.0}


def test_at_a_point_no_state_is_touched(xy):
    x, y = xy
    f = x**2 * y + y + 2
    assert f.backpropagate({x: 3, y: 4}) == {x: 24.0, y: 10.0}
    assert (x.value, y.value, x.grad, y.grad) == (None, None, None, None)
    x.value, x.grad = 7, "mine"
    f.backpropagate({x: 3, y: 4})
    assert (x.value, x.grad) == (7, "mine")


def test_points_in_every_way(xy):
    x, y = xy
    f = x**2 * y + y + 2
    expected = {x: 24.0, y: 10.0}
    assert f.backpropagate({"x": 3, "y": 4}) == expected
    assert f.backpropagate(x=3, y=4) == expected
    assert f.backpropagate({x: 3}, y=4) == expected
    assert f.backpropagate({x: 3, y: 4}, seed=1.0) == expected
    assert f.backpropagate({x: 3, y: 4, "other": 1}) == expected | {sd.Var("other"): 0.0}
    assert sd.backpropagate(f, {x: 3, y: 4}) == expected
    assert x.grad is None


def test_results_are_floats_for_float_seeds(xy):
    x, y = xy
    found = (x**2 * y + y + 2).backpropagate({x: 3, y: 4})
    assert [type(v) for v in found.values()] == [float, float]


def test_seeds(xy):
    x, y = xy
    f = x * y
    assert f.backpropagate({x: 3, y: 4}, seed=2.0) == {x: 8.0, y: 6.0}
    assert f.backpropagate({x: 3, y: 4}, seed=0.0) == {x: 0.0, y: 0.0}
    assert f.backpropagate({x: 3, y: 4}, seed=np.float64(2)) == {x: 8.0, y: 6.0}
    x.value, y.value = 3, 4
    f.backpropagate(2.0)
    assert (x.grad, y.grad) == (8.0, 6.0)
    f.backpropagate()
    assert (x.grad, y.grad) == (4.0, 3.0)


def test_grad_is_overwritten_not_added_to(xy):
    x, y = xy
    f = x * y
    x.value, y.value = 3.0, 4.0
    for _ in range(3):
        f.backpropagate(1.0)
        assert (x.grad, y.grad) == (4.0, 3.0)
    x.value = 10.0
    f.backpropagate(1.0)
    assert (x.grad, y.grad) == (4.0, 10.0)


def test_the_graph_is_reused_for_new_values(xy):
    x, y = xy
    f = sd.sin(x) * y
    f.backpropagate({x: 1.0, y: 2.0})
    size = len(f.graph)
    for k in range(5):
        found = f.backpropagate({x: float(k), y: 2.0})
        assert found[x] == 2 * math.cos(k)
    assert len(f.graph) == size


def test_variables_of_the_point_that_do_not_occur_have_the_derivative_zero(xy):
    x, y = xy
    assert (x**2).backpropagate({x: 3.0, y: 1.0}) == {x: 6.0, y: 0.0}
    assert (x * 0.0 + 1).backpropagate({x: 3.0}) == {x: 0.0}


def test_constants_have_an_empty_gradient():
    assert sd.Const(3).backpropagate() == {}
    assert sd.Const(3).backpropagate({}) == {}


def test_a_variable_itself(xy):
    x, _ = xy
    assert x.backpropagate({x: 3.0}) == {x: 1.0}
    assert x.backpropagate({x: 3.0}, seed=5.0) == {x: 5.0}


# -- several outputs --------------------------------------------------------------------------


def test_one_seed_an_output(xy):
    x, y = xy
    fs = [x * y, x + y, x]
    assert sd.backpropagate(fs, {x: 3, y: 4}, seed=[1.0, 10.0, 100.0]) == {x: 114.0, y: 13.0}
    assert sd.backpropagate(fs, {x: 3, y: 4}, seed=np.array([1.0, 10.0, 100.0])) == {x: 114.0, y: 13.0}
    assert sd.backpropagate(fs, {x: 3, y: 4}) == {x: 6.0, y: 4.0}
    assert sd.backpropagate(np.array(fs), {x: 3, y: 4}, seed=[0.0, 0.0, 1.0]) == {x: 1.0, y: 0.0}


def test_one_expression_twice_adds_its_seeds(xy):
    x, y = xy
    f = x * y
    assert sd.backpropagate([f, f], {x: 3, y: 4}, seed=[1.0, 2.0]) == {x: 12.0, y: 9.0}


def test_an_output_inside_another(xy):
    x, _ = xy
    g = sd.sin(x)
    found = sd.backpropagate([g**2, g], {x: 0.5}, seed=[1.0, 1.0])[x]
    assert found == pytest.approx(2 * math.sin(0.5) * math.cos(0.5) + math.cos(0.5))


def test_several_outputs_over_points_take_an_array_an_output(xy):
    x, y = xy
    a = np.array([1.0, 2.0, 3.0])
    w, v = np.array([1.0, 0.0, 2.0]), np.array([0.0, 5.0, 1.0])
    found = sd.backpropagate([x * y, x**2], {x: a, y: 2.0}, seed=[w, v])
    np.testing.assert_allclose(found[x], 2 * w + 2 * a * v)
    assert found[y] == pytest.approx((a * w).sum())


def test_values_of_variables_serve_several_outputs(xy):
    x, y = xy
    x.value, y.value = 3, 4
    sd.backpropagate([x * y, x + y], seed=[1.0, 10.0])
    assert (x.grad, y.grad) == (14.0, 13.0)


# -- arrays ----------------------------------------------------------------------------------------


def test_weights_over_points(xy):
    x, y = xy
    rng = np.random.default_rng(0)
    a, b, w = rng.normal(size=(3, 51))
    f = x * y + sd.sin(x - 2 * y)
    found = f.backpropagate({x: a, y: b}, seed=w)
    np.testing.assert_allclose(found[x], w * (b + np.cos(a - 2 * b)), rtol=1e-13)
    np.testing.assert_allclose(found[y], w * (a - 2 * np.cos(a - 2 * b)), rtol=1e-13)


def test_a_scalar_seed_serves_every_point(xy):
    x, _ = xy
    a = np.linspace(-1, 1, 5)
    np.testing.assert_allclose((x**2).backpropagate({x: a})[x], 2 * a)
    np.testing.assert_allclose((x**2).backpropagate({x: a}, seed=3.0)[x], 6 * a)
    np.testing.assert_allclose((x**2).backpropagate({x: a}, seed=[1, 0, 0, 0, 2])[x], [-2, 0, 0, 0, 4])


def test_contributions_to_a_broadcast_scalar_are_summed(xy):
    x, y = xy
    a = np.array([1.0, 2.0, 3.0])
    found = (x * y).backpropagate({x: a, y: 2.0})
    np.testing.assert_allclose(found[x], [2.0, 2.0, 2.0])
    assert found[y] == 6.0
    assert np.ndim(found[y]) == 0
    found = (x + y * 0 + y).backpropagate({x: a, y: 2.0})
    assert found[y] == 3.0


def test_contributions_to_broadcast_axes_are_summed(xy):
    x, y = xy
    a, b = np.arange(3.0)[:, None], np.arange(4.0)
    found = (x * y).backpropagate({x: a, y: b})
    assert found[x].shape == (3, 1)
    assert found[y].shape == (4,)
    np.testing.assert_allclose(found[x], np.full((3, 1), b.sum()))
    np.testing.assert_allclose(found[y], np.full(4, a.sum()))
    c = np.ones((1, 4))
    found = (x * y).backpropagate({x: a, y: c}, seed=np.arange(12.0).reshape(3, 4))
    np.testing.assert_allclose(found[y], (a * np.arange(12.0).reshape(3, 4)).sum(axis=0, keepdims=True))


def test_an_adjoint_has_the_shape_of_its_value_also_where_nothing_flows(xy):
    x, y = xy
    f = x * 0.0 + sd.sign(y)
    found = f.backpropagate({x: np.ones(3), y: np.ones((2, 1))})
    assert found[x].shape == (3,)
    assert found[y].shape == (2, 1)
    assert not found[y].any()


def test_constant_results_over_points(xy):
    x, _ = xy
    found = sd.floor(x).backpropagate({x: np.array([0.5, 1.5])})
    np.testing.assert_array_equal(found[x], [0.0, 0.0])


def test_integer_arrays(xy):
    x, _ = xy
    np.testing.assert_array_equal((x**2).backpropagate({x: np.array([1, 2, 3])})[x], [2.0, 4.0, 6.0])


def test_the_seeds_array_is_not_changed(xy):
    x, _ = xy
    w = np.ones(3)
    (x + x * x).backpropagate({x: np.arange(3.0)}, seed=w)
    np.testing.assert_array_equal(w, np.ones(3))


def test_results_do_not_share_memory(xy):
    x, y = xy
    found = (x + y).backpropagate({x: np.ones(3), y: np.ones(3)}, seed=np.ones(3))
    found[x][0] = 99
    assert found[y][0] == 1.0


# -- adjoints ---------------------------------------------------------------------------------------


def test_adjoints_accumulate_once_a_use(xy):
    x, _ = xy
    assert (x * x).backpropagate({x: 3.0})[x] == 6.0
    assert (x + x + x).backpropagate({x: 3.0})[x] == 3.0
    with sd.Graph(simplify=False):
        t = sd.Var("t")
        assert (t * t + t * t).backpropagate({t: 3.0})[t] == 12.0
        assert ((t + t) * (t + t)).backpropagate({t: 3.0})[t] == 24.0


def test_the_courses_adjoints():
    """cos(sin(x1·x2)) at (1, 2)."""
    with sd.Graph():
        x1, x2 = sd.variables("x1 x2")
        f = sd.cos(sd.sin(x1 * x2))
    found = f.backpropagate({x1: 1.0, x2: 2.0})
    expected = -math.sin(math.sin(2)) * math.cos(2)
    assert found[x1] == pytest.approx(2 * expected, rel=1e-15)
    assert found[x1] == pytest.approx(0.65674, abs=5e-6)
    assert found[x2] == pytest.approx(0.32837, abs=5e-6)
    nodes = f.node_adjoints({x1: 1.0, x2: 2.0})
    assert nodes[f] == 1.0
    assert nodes[sd.sin(x1 * x2)] == pytest.approx(-math.sin(math.sin(2)))
    assert nodes[x1 * x2] == pytest.approx(expected)


def test_adjoints_of_all_nodes_come_users_first(xy):
    x, y = xy
    f = sd.sin(x * y) + x
    adjoints = f.node_adjoints({x: 1.0, y: 2.0})
    order = list(adjoints)
    assert order[0] == f
    for k, node in enumerate(order):
        assert all(arg in order[k + 1 :] for arg in node.args)
    assert x.grad is None


def test_node_adjoints_over_arrays(xy):
    x, y = xy
    a = np.array([1.0, 2.0])
    adjoints = (sd.sin(x) * y).node_adjoints({x: a, y: 3.0}, seed=np.array([1.0, 10.0]))
    np.testing.assert_allclose(adjoints[sd.sin(x)], [3.0, 30.0])
    assert adjoints[y] == pytest.approx((np.sin(a) * [1.0, 10.0]).sum())


# -- every number type ----------------------------------------------------------------------------------


def test_fractions_stay_exact_with_an_exact_seed(xy):
    x, y = xy
    found = (x**2 * y).backpropagate({x: Fraction(1, 3), y: 2}, seed=1)
    assert found == {x: Fraction(4, 3), y: Fraction(1, 9)}


def test_fifty_digits(xy):
    x, _ = xy
    with mpmath.workdps(50):
        found = (sd.sin(x) / x).backpropagate({x: mpmath.mpf(1)})[x]
        assert abs(found - (mpmath.cos(1) - mpmath.sin(1))) < mpmath.mpf(10) ** -48


def test_complex_points(xy):
    x, _ = xy
    assert (x**2).backpropagate({x: 1j})[x] == 2j
    assert sd.exp(x).backpropagate({x: 1j})[x] == pytest.approx(complex(math.cos(1), math.sin(1)))


def test_complex_seeds(xy):
    x, _ = xy
    assert (x**2).backpropagate({x: 2.0 + 0j}, seed=1j)[x] == 4j
    assert (x**2).backpropagate({x: 2.0}, seed=1j)[x] == 4j


def test_over_dual_numbers_gives_second_derivatives(xy):
    x, y = xy
    f = x**2 * y + y + 2
    found = f.backpropagate({x: sd.DualNumber(3.0, 1.0), y: 4.0})
    assert (found[x].value, found[x].eps) == (24.0, 8.0)
    assert (found[y].value, found[y].eps) == (10.0, 6.0)


def test_over_expressions_gives_symbols(xy):
    x, y = xy
    found = (x**2 * y).backpropagate({x: x, y: y}, seed=1)
    assert found[x].evaluate({x: 3, y: 4}) == 24
    assert found[y] == x**2


# -- kinks and poles -------------------------------------------------------------------------------------


def test_kinks_have_the_stated_convention(xy):
    x, y = xy
    assert abs(x).backpropagate({x: 0.0})[x] == 0.0
    assert sd.relu(x).backpropagate({x: 0.0})[x] == 0.0
    assert sd.maximum(x, y).backpropagate({x: 1.0, y: 1.0}) == {x: 0.5, y: 0.5}
    assert sd.minimum(x, y).backpropagate({x: 1.0, y: 1.0}) == {x: 0.5, y: 0.5}
    np.testing.assert_array_equal(sd.relu(x).backpropagate({x: np.array([-1.0, 0.0, 1.0])})[x], [0.0, 0.0, 1.0])


def test_the_branch_not_taken_does_not_poison(xy):
    x, _ = xy
    f = sd.where(x > 0, sd.log(x), x**2)
    assert f.backpropagate({x: 0.0}) == {x: 0.0}
    assert f.backpropagate({x: -1.0}) == {x: -2.0}
    found = f.backpropagate({x: np.array([-1.0, 0.0, 4.0])})[x]
    np.testing.assert_array_equal(found, [-2.0, 0.0, 0.25])
    g = sd.where(x > 0, sd.sqrt(x) * sd.log(x), 0.0) + x
    np.testing.assert_array_equal(g.backpropagate({x: np.array([-1.0, 0.0, 1.0])})[x], [1.0, 1.0, 2.0])


def test_a_shared_node_of_a_branch_and_outside(xy):
    x, _ = xy
    root = sd.sqrt(x)
    f = sd.where(x > 1, root, 0.0) + root * 0.5
    found = f.backpropagate({x: np.array([0.25, 4.0])})[x]
    np.testing.assert_allclose(found, [0.5, 0.375])


def test_nested_branches(xy):
    x, _ = xy
    f = sd.where(x > 0, sd.where(x > 1, sd.log(x - 1), sd.sqrt(x)), 1 / x)
    values = np.array([-2.0, 0.25, 3.0])
    np.testing.assert_allclose(f.backpropagate({x: values})[x], [-0.25, 1.0, 0.5])
    assert [f.backpropagate({x: v})[x] for v in values] == [-0.25, 1.0, 0.5]


def test_poles_give_infinities_not_errors(xy):
    x, _ = xy
    assert sd.log(x).backpropagate({x: 0.0})[x] == math.inf
    assert (1 / x).backpropagate({x: 0.0})[x] == -math.inf
    assert (1 / x).backpropagate({x: 0})[x] == -math.inf
    assert math.isnan(sd.sqrt(x).backpropagate({x: -1.0})[x])
    np.testing.assert_array_equal(sd.sqrt(x).backpropagate({x: np.array([0.0, 4.0])})[x], [math.inf, 0.25])


def test_user_operations():
    op = sd.operation("cubed_in_test_backpropagate", lambda x: x**3, lambda r, x: 3 * x**2)
    x = sd.Var("x")
    assert op(2 * x).backpropagate({x: 1.0})[x] == 24.0


# -- bad seeds ----------------------------------------------------------------------------------------------


def test_seeds_of_the_wrong_number(xy):
    x, y = xy
    with pytest.raises(sd.SymdiffValueError, match="3 seeds for 2 outputs"):
        sd.backpropagate([x, y], {x: 1, y: 2}, seed=[1.0, 2.0, 3.0])


def test_seeds_of_the_wrong_shape(xy):
    x, y = xy
    with pytest.raises(sd.SymdiffValueError, match="shape"):
        (x * y).backpropagate({x: np.ones(3), y: 1.0}, seed=np.ones(4))
    with pytest.raises(sd.SymdiffValueError, match="shape"):
        (x * y).backpropagate({x: 1.0, y: 1.0}, seed=np.ones(4))


@pytest.mark.parametrize("seed", ["1", None, object()])
def test_seeds_that_are_no_number(xy, seed):
    x, y = xy
    x.value, y.value = 3.0, 4.0
    with pytest.raises(sd.SymdiffTypeError):
        (x * y).backpropagate({x: 3.0, y: 4.0}, seed=seed)
    assert x.grad is None


def test_missing_values_change_no_grad(xy):
    x, y = xy
    x.value = 3.0
    x.grad = 1.5
    with pytest.raises(sd.MissingValueError, match="y"):
        (x * y).backpropagate(1.0)
    assert x.grad == 1.5
    with pytest.raises(sd.MissingValueError, match="y"):
        (x * y).backpropagate({x: 1.0})


@pytest.mark.parametrize("text", ["x + y", "x - y", "x*y", "exp(x)", "-x", "minimum(x, y)", "sigmoid(x)"])
def test_a_slot_is_read_as_the_interpreter_does(text):
    f = sd.parse(text)
    at = dict(zip(f.variables, (0.3, 0.7), strict=False))
    slopes = edge_partials(f, at)
    assert list(sd.backpropagate(f, at).values()) == [slopes[f._index, k] for k in range(len(at))]


# -- functions written from rules ------------------------------------------------------


@settings(steady)
@given(recipes(tuple(FORMULAS), most=20), st.tuples(*[st.floats(-3.0, 3.0)] * 5))
def test_functions_written_from_rules_give_the_bits_of_the_interpreter(recipe, at):
    with sd.Graph():
        fs, xs = recipe.build()
        fs = [f / (g + 2.0) + f**2.5 for f, g in zip(fs, reversed(fs), strict=True)]
        bound = bind(fs, dict(zip(xs, at, strict=False)), {})
        values = run(bound)
    found = []
    for plain in (True, False):
        adjoints = [None] * len(values)
        for k in bound.program.outputs:
            adjoints[k] = 1.5
        downward = _Downward(bound, values, adjoints)
        assert downward.plain
        downward.plain = plain
        downward.run()
        found.append(repr(adjoints))
    assert found[0] == found[1]


def test_products_are_told_by_their_rules(xy):
    """Of two operands each is the slope by the other: those alone pass on `adjoint * other` in line."""
    x, y = xy
    (x * y + x / y + x**y + sd.atan2(x, y)).backpropagate({x: 3.0, y: 4.0})
    assert ops.mul.opcode in CROSSING
    assert CROSSING.isdisjoint([op.opcode for op in (ops.add, ops.sub, ops.div, ops.pow, ops.atan2)])
    assert (x * y * y).backpropagate({x: math.inf, y: 0.5}) == {x: 0.25, y: math.inf}


def test_a_constant_exponent_receives_nothing():
    rule = partials_at(ops.pow, (0.5, 3))
    assert pullback_of(ops.pow.opcode, rule, True, True)(1.0, 8.0, 2.0, 3.0) == (12.0, None)
    assert pullback_of(ops.pow.opcode, rule, True, False)(1.0, 8.0, 2.0, 3.0) == (12.0, 8.0 * math.log(2.0))


OBJECTS = [
    np.array([1.0, 2.0, 3.0], dtype=object), np.array([Fraction(1, 2), Fraction(1, 3), 1]),
    np.array([mpmath.mpf(1), mpmath.mpf(2), mpmath.mpf(3)]),
    np.array([sd.DualNumber(1.0, 1.0), sd.DualNumber(2.0), 3.0]),
    np.array([sd.TaylorSeries([1.0, 1.0, 0.0]), 2.0, 3.0]), np.array([sd.Var("t"), sd.Var("t") ** 2, 2]),
]  # fmt: skip


@pytest.mark.parametrize("values", OBJECTS, ids=lambda values: type(values[0]).__name__)
def test_batches_of_any_numbers_add_up_where_a_value_is_shared(values):
    """Their sum is no array, of which a shape was asked: an AttributeError."""
    x, y = sd.variables("x y")
    found = (x**2 * y).backpropagate({x: values, y: 2.0})
    numbers = found[x].value if isinstance(found[x], sd.DualNumber) else found[x]
    assert np.shape(getattr(numbers, "coefficients", [numbers])[0]) == (3,)
    total = (x**2).evaluate({x: values})
    if not isinstance(values[0], (sd.Expr, sd.TaylorSeries)):
        total = total.value if isinstance(total, sd.DualNumber) else total
        slope = found[y].value if isinstance(found[y], sd.DualNumber) else found[y]
        assert float(slope) == pytest.approx(float(sum(total)))
    seeded = (x * y).backpropagate({x: np.ones((3, 1)), y: np.ones((1, 1))}, seed=values[:, None])
    assert np.shape(seeded[y].value if isinstance(seeded[y], sd.DualNumber) else seeded[y]) in ((1, 1), ())
