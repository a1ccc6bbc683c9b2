"""Kinks, branches not taken, and accuracy where formulas written plainly lose it: in every mode."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from support import agree, close, digits, exact, first_derivatives, second_derivatives

import symdiff as sd

x = y = z = None  # new for each test


@pytest.fixture(autouse=True)
def _variables():
    global x, y, z
    x, y, z = sd.variables("x y z")
    yield
    x = y = z = None


def assert_first(f, point, expected, rel=1e-15, scale=0.0):
    """The gradient at a point, in every way, on numbers and on arrays."""
    xs = list(point)
    for way, row in first_derivatives(f, xs, point).items():
        for got, want in zip(row, expected, strict=True):
            assert close(got, want, rel, scale), (way, point, row)
    arrays = {v: np.array([p, p]) for v, p in point.items()}
    rows = {
        "array symbols": [np.broadcast_to(sd.evaluate(g, arrays), (2,)) for g in f.gradient(xs)],
        "array backpropagation": [f.backpropagate(arrays)[v] for v in xs],
    }
    for way, row in rows.items():
        for got, want in zip(row, expected, strict=True):
            assert close(got[0], want, rel, scale), (way, point, row)
            assert close(got[1], want, rel, scale), (way, point, row)


def assert_second(f, point, expected, rel=1e-14, scale=0.0):
    xs = list(point)
    expected = np.reshape(np.array(expected, dtype=object), (len(xs), len(xs)))
    for way, rows in second_derivatives(f, xs, point).items():
        for i, row in enumerate(rows):
            for j, got in enumerate(row):
                assert close(got, expected[i, j], rel, scale), (way, point, rows)
    for k, v in enumerate(xs):
        assert close(2 * sd.taylor(f, v, point, 2)[2], expected[k, k], rel, scale), ("taylor", point)


def assert_taylor(f, v, at, expected, rel=1e-14, scale=0.0):
    """Coefficients, numeric, of a series, symbolic, and by repeated differentiation."""
    order = len(expected) - 1
    ways = {
        "taylor": sd.taylor(f, v, at, order),
        "series": f.evaluate({v: sd.TaylorSeries([at, 1, *[0] * (order - 1)])}).coefficients,
        "symbolic": sd.evaluate(sd.taylor(f, v, order=order), {v: at}),
        "diff": [f.diff(v, n).evaluate({v: at}) / math.factorial(n) for n in range(order + 1)],
        "derivative": [
            sd.derivative(lambda t: f.evaluate({v: t}), at, order=n) / math.factorial(n) for n in range(order + 1)
        ],
    }
    for way, got in ways.items():
        assert len(got) == order + 1, (way, got)
        assert all(close(g, e, rel, scale) for g, e in zip(got, expected, strict=True)), (way, at, got)


# -- the conventions -------------------------------------------------------------


@pytest.mark.parametrize("zero", [0.0, -0.0])
def test_abs_has_slope_zero_at_zero_and_no_curvature(zero):
    assert sd.abs(zero) == 0.0
    assert_first(sd.abs(x), {x: zero}, [0.0])
    assert_second(sd.abs(x), {x: zero}, [0.0])
    assert_taylor(sd.abs(x), x, zero, [0.0, 0.0, 0.0, 0.0])


def test_abs_away_from_zero_and_of_a_moving_argument():
    assert_first(sd.abs(x), {x: -2.5}, [-1.0])
    assert_first(sd.abs(x * y), {x: 2.0, y: 0.0}, [0.0, 0.0])
    assert_second(sd.abs(x**2 - y), {x: 1.0, y: 3.0}, [[-2.0, 0.0], [0.0, 0.0]])
    assert_taylor(sd.abs(x), x, math.inf, [math.inf, 1.0, 0.0])
    assert_first(sd.abs(x), {x: math.nan}, [math.nan])


@pytest.mark.parametrize("tie", [1.5, 0.0, -0.0, -1e300, math.inf, -math.inf])
@pytest.mark.parametrize("extreme", ["maximum", "minimum"])
def test_ties_split_a_half_each(extreme, tie):
    op = getattr(sd, extreme)
    assert_first(op(x, y), {x: tie, y: tie}, [0.5, 0.5])
    assert_second(op(x, y), {x: tie, y: tie}, [[0.0, 0.0], [0.0, 0.0]])


def test_ties_of_zeros_of_both_signs_split_too():
    assert_first(sd.maximum(x, y), {x: 0.0, y: -0.0}, [0.5, 0.5])
    assert_first(sd.minimum(x, y), {x: -0.0, y: 0.0}, [0.5, 0.5])


def test_maximum_and_minimum_away_from_ties():
    assert_first(sd.maximum(x, y), {x: 1.0, y: 2.0}, [0.0, 1.0])
    assert_first(sd.minimum(x, y), {x: 1.0, y: 2.0}, [1.0, 0.0])
    assert_first(sd.maximum(x, y), {x: 1.0, y: math.inf}, [0.0, 1.0])
    assert_first(sd.maximum(x, 2.0), {x: 2.0}, [0.5])
    assert_first(sd.maximum(x, x), {x: 2.0}, [1.0])


def test_maximum_of_three_folds_to_the_left():
    """(a, b, c): the pair a, b counts as one beside c."""
    assert_first(sd.maximum(x, y, z), {x: 1.0, y: 1.0, z: 1.0}, [0.25, 0.25, 0.5])
    assert_first(sd.minimum(x, y, z), {x: 1.0, y: 2.0, z: 1.0}, [0.5, 0.0, 0.5])


def test_tie_weights_have_no_slope():
    f = sd.maximum(x**2, y) * x
    assert_first(f, {x: 1.0, y: 1.0}, [1.0 + 0.5 * 2.0, 0.5])
    assert_second(f, {x: 1.0, y: 1.0}, [[3.0, 0.5], [0.5, 0.0]])  # 2*(w*2x) + x*(w*2), w = 1/2


def test_relu_is_not_maximum():
    assert_first(sd.relu(x), {x: 0.0}, [0.0])
    assert_first(sd.relu(x), {x: -0.0}, [0.0])
    assert_first(sd.maximum(x, 0), {x: 0.0}, [0.5])
    assert_first(sd.relu(x), {x: 3.0}, [1.0])
    assert_first(sd.relu(x), {x: -3.0}, [0.0])
    assert_second(sd.relu(x), {x: 0.0}, [0.0])
    assert sd.relu(x) != sd.maximum(x, 0)


def test_relu_takes_arrays_with_kinks_among_them():
    f = sd.relu(x) * y
    at = {x: np.array([-1.0, 0.0, 2.0]), y: 3.0}
    assert f.evaluate(at).tolist() == [0.0, 0.0, 6.0]
    assert f.backpropagate(at)[x].tolist() == [0.0, 0.0, 3.0]
    assert f.backpropagate(at)[y] == 2.0
    assert f.gradient(x).evaluate(at).tolist() == [0.0, 0.0, 3.0]


def test_heaviside_is_a_half_at_zero():
    assert sd.heaviside(0.0) == sd.heaviside(-0.0) == 0.5
    assert type(sd.heaviside(0.0)) is float
    assert sd.heaviside(0) == Fraction(1, 2)
    assert type(sd.heaviside(0)) is Fraction
    assert (sd.heaviside(2), sd.heaviside(-2)) == (1, 0)
    assert type(sd.heaviside(Fraction(5, 2))) is int
    assert sd.heaviside(x).evaluate({x: 0}) == Fraction(1, 2)
    assert type(sd.heaviside(x).evaluate({x: 0})) is Fraction
    assert sd.heaviside(sd.Const(0)) == sd.Const(Fraction(1, 2))
    assert sd.heaviside(np.array([-1.0, 0.0, 2.0])).tolist() == [0.0, 0.5, 1.0]
    assert sd.heaviside(mpmath.mpf(0)) == 0.5


@pytest.mark.parametrize("step", ["sign", "heaviside", "floor", "ceil", "trunc", "rint"])
@pytest.mark.parametrize("at", [0.0, -0.0, 1.0, -2.0, 0.5, -1.5, 1e300, math.inf, -math.inf])
def test_steps_have_slope_zero_everywhere(step, at):
    f = getattr(sd, step)(x)
    assert_first(f, {x: at}, [0.0])
    assert_second(f, {x: at}, [0.0])
    assert sd.taylor(f, x, at, 3)[1:] == [0, 0, 0]
    assert_first(f * x, {x: at}, [f.evaluate({x: at})])


@pytest.mark.parametrize("step", ["sign", "heaviside", "floor", "ceil", "trunc", "rint"])
def test_symbolic_slopes_of_steps_are_the_number_zero(step):
    assert getattr(sd, step)(x**2).gradient(x) == sd.Const(0)
    assert ((x > 0) & (x < 1)).gradient(x) == sd.Const(0)


def test_kinked_functions_of_exact_numbers_have_exact_series():
    for f in (sd.abs(-(x**2)), sd.relu(x**2), sd.maximum(x**2, -x), sd.where(x > 0, x**2, 0), sd.abs(x) * sd.abs(x)):
        for at in (3, Fraction(5, 3)):
            got = sd.taylor(f, x, at, 3)
            assert got == [at**2, 2 * at, 1, 0]
            assert all(type(c) in (int, Fraction) for c in got), (f, got)


# -- where: the branch not taken never poisons ------------------------------------------


@pytest.mark.parametrize("at", [-1.0, 0.0, -0.0, -math.inf])
def test_the_logarithm_not_taken(at):
    f = sd.where(x > 0, sd.log(x), x)
    assert f.evaluate({x: at}) == at
    assert_first(f, {x: at}, [1.0])
    assert_second(f, {x: at}, [0.0])
    assert_first(f * f, {x: at}, [2 * at])


def test_the_logarithm_taken():
    f = sd.where(x > 0, sd.log(x), x)
    assert_first(f, {x: 2.0}, [0.5])
    assert_second(f, {x: 2.0}, [-0.25])
    assert_taylor(f, x, 2.0, [math.log(2.0), 0.5, -0.125, 1 / 24])


def test_the_quotient_not_taken_at_zero():
    f = sd.where(sd.equal(x, 0), 1, sd.sin(x) / x)
    assert f.evaluate({x: 0.0}) == 1.0
    assert_first(f, {x: 0.0}, [0.0])
    assert_second(f, {x: 0.0}, [0.0])
    assert_first(f, {x: 2.0}, [math.cos(2.0) / 2 - math.sin(2.0) / 4])
    g = sd.where(~sd.equal(x, 0), sd.sin(x) / x, 1)
    assert_first(g, {x: 0.0}, [0.0])
    assert_first(g * sd.exp(x), {x: 0.0}, [1.0])
    assert_second(g * sd.exp(x), {x: 0.0}, [1.0])


def test_where_over_arrays_takes_each_elements_branch():
    f = sd.where(x > 0, sd.log(x) * y, sd.sqrt(-x) + y)
    at = {x: np.array([-4.0, 2.0, -1.0, math.inf, -math.inf]), y: 3.0}
    expected = [2.0 + 3.0, math.log(2.0) * 3, 4.0, math.inf, math.inf]
    assert np.array_equal(f.evaluate(at), expected)
    slope = [-0.25, 1.5, -0.5, 0.0, 0.0]
    assert np.allclose(f.backpropagate(at)[x], slope, rtol=1e-15, atol=0)
    assert np.allclose(f.gradient(x).evaluate(at), slope, rtol=1e-15, atol=0)
    assert np.allclose(f.evaluate({**at, x: sd.DualNumber(at[x], np.ones(5))}).eps, slope, rtol=1e-15, atol=0)
    series = f.evaluate({**at, x: sd.TaylorSeries([at[x], np.ones(5), np.zeros(5)])})
    assert np.allclose(series.coefficients[1], slope, rtol=1e-15, atol=0)
    finite = {x: at[x][:3], y: 3.0}
    assert f.backpropagate(finite)[y] == 1 + math.log(2.0) + 1
    curvature = [-1 / 32, -0.75, -0.25]
    assert np.allclose(f.diff(x, 2).evaluate(finite), curvature, rtol=1e-14, atol=0)
    assert np.allclose(f.gradient(x).backpropagate(finite)[x], curvature, rtol=1e-14, atol=0)


@pytest.mark.parametrize("at", [-1.0, 0.0, 0.25, 1.0, 4.0])
def test_nested_branches(at):
    f = sd.where(x > 0, sd.where(x < 1, sd.log(x), 1 / (x - 0.5)), sd.where(x < 0, sd.sqrt(-x), x / sd.exp(x)))
    if at < 0:
        value, slope, curvature = math.sqrt(-at), -0.5 / math.sqrt(-at), -0.25 * (-at) ** -1.5
    elif at == 0:
        value, slope, curvature = 0.0, 1.0, -2.0
    elif at < 1:
        value, slope, curvature = math.log(at), 1 / at, -1 / at**2
    else:
        value, slope, curvature = 1 / (at - 0.5), -1 / (at - 0.5) ** 2, 2 / (at - 0.5) ** 3
    assert close(f.evaluate({x: at}), value, 1e-15)
    assert_first(f, {x: at}, [slope], rel=1e-15)
    assert_second(f, {x: at}, [curvature], rel=1e-14)


@pytest.mark.parametrize("at", [-4.0, 0.0, 9.0])
def test_a_node_in_branches_of_two_wheres(at):
    """The shared sqrt(x) counts where either takes it, and each of them only where it does."""
    root = sd.sqrt(x)
    f = sd.where(x > 0, root, x) + sd.where(x > 1, root * y, -x)
    first = [4 / 6, 3.0] if at > 1 else [0.0, 0.0]
    assert_first(f, {x: at, y: 3.0}, first, rel=1e-14)
    second = [[-0.25 / 27 * 4, 1 / 6], [1 / 6, 0.0]] if at > 1 else [[0.0, 0.0], [0.0, 0.0]]
    assert_second(f, {x: at, y: 3.0}, second, rel=1e-13)


@pytest.mark.parametrize("at", [-2.0, -0.5, 2.0])
def test_a_node_in_opposite_branches(at):
    inner = sd.log(sd.abs(x))
    f = sd.where(x > 0, inner, x * 5) * sd.where(x > 0, 7, inner)
    assert_first(f, {x: at}, [7 / at if at > 0 else 5 * math.log(-at) + 5.0], rel=1e-14)


def test_a_node_both_inside_and_outside_a_branch_poisons_where_it_is_used():
    """Only the branch not taken is kept out: a pole outside of it stays a pole."""
    inverse = 1 / x
    f = sd.where(x > 0, inverse, x) + inverse
    assert_first(f, {x: 0.0}, [-math.inf])
    assert_first(f, {x: 2.0}, [-0.5])
    assert_first(f, {x: -2.0}, [0.75])


def test_a_branch_may_hold_a_condition_on_nan():
    f = sd.where(sd.equal(x, x), x, 0)  # nan is not equal to itself
    assert_first(f, {x: math.nan}, [0.0])
    assert_first(f, {x: 2.0}, [1.0])


def test_wheres_in_a_product_and_a_chain():
    safe = sd.where(x > 0, x, 1)
    f = sd.where(x > 0, sd.log(safe) * safe, 0) + sd.exp(sd.where(x > 0, -1 / x, -math.inf))
    assert_first(f, {x: 0.0}, [0.0])
    assert_first(f, {x: -3.0}, [0.0])
    assert_first(f, {x: 2.0}, [math.log(2.0) + 1 + math.exp(-0.5) / 4], rel=1e-15)


def test_the_numbers_exactly_zero_where_nothing_is_taken():
    f = sd.where(x > 0, sd.log(x), 0)
    assert f.backpropagate({x: -1.0})[x] == 0.0
    assert f.evaluate({x: sd.DualNumber(-1.0, 1.0)}).eps == 0
    assert f.gradient(x).evaluate({x: -1.0}) == 0
    assert sd.taylor(f, x, -1.0, 3)[1:] == [0, 0, 0]


# -- overflow ---------------------------------------------------------------------------


def reference(function, at, order):
    with digits(60):
        return mpmath.taylor(function, exact(at), order)


LARGE = (-1000.0, -745.5, -40.0, -1.5, 0.0, 1.5, 40.0, 745.5, 1000.0)


@pytest.mark.parametrize("at", LARGE)
@pytest.mark.parametrize("name", ["softplus", "sigmoid"])
def test_softplus_and_sigmoid_neither_overflow_nor_lose_digits(name, at):
    f = getattr(sd, name)(x)
    with digits(500):  # enough that 1 + exp(-1000) is not 1
        t = exact(at)
        s = 1 / (1 + mpmath.exp(-t))
        p = 1 / (1 + mpmath.exp(t))
        value, first, second = {
            "softplus": (mpmath.log1p(mpmath.exp(t)), s, s * p),
            "sigmoid": (s, s * p, s * p * (p - s)),
        }[name]
        value, first, second = (float(v) for v in (value, first, second))
    assert close(f.evaluate({x: at}), value, 1e-15, scale=1e-323)
    assert_first(f, {x: at}, [first], rel=1e-14, scale=1e-308)
    assert_second(f, {x: at}, [second], rel=1e-13, scale=1e-308)


@pytest.mark.parametrize("name", ["softplus", "sigmoid"])
def test_softplus_and_sigmoid_at_infinities(name):
    f = getattr(sd, name)(x)
    assert f.evaluate({x: -math.inf}) == 0.0
    assert f.evaluate({x: math.inf}) == {"softplus": math.inf, "sigmoid": 1.0}[name]
    assert_first(f, {x: -math.inf}, [0.0])
    assert_first(f, {x: math.inf}, [{"softplus": 1.0, "sigmoid": 0.0}[name]])
    assert_second(f, {x: math.inf}, [0.0])


TRIPLES = [
    (1000.0, 1000.0, 1000.0), (-1000.0, -1000.0, -1000.5), (1000.0, -1000.0, 0.0), (0.0, 1000.0, 999.0),
    (-1000.0, 0.5, -0.5), (0.1, 0.2, 0.3),
]  # fmt: skip


def softmax_of(point):
    with digits(500):
        powers = [mpmath.exp(exact(p)) for p in point]
        total = mpmath.fsum(powers)
        return [p / total for p in powers], mpmath.log(total)


@pytest.mark.parametrize("point", TRIPLES)
def test_logsumexp_and_its_derivatives(point):
    f = sd.logsumexp(x, y, z)
    weights, total = softmax_of(point)
    at = dict(zip((x, y, z), point, strict=True))
    assert close(f.evaluate(at), total, 1e-15)
    assert_first(f, at, [float(w) for w in weights], rel=1e-13, scale=1e-307)
    with digits(500):
        second = [[float((w if i == j else 0) - w * v) for j, v in enumerate(weights)] for i, w in enumerate(weights)]
    assert_second(f, at, second, rel=1e-12, scale=1e-3)


@pytest.mark.parametrize("point", TRIPLES)
def test_softmax_and_its_derivatives(point):
    weights, _ = softmax_of(point)
    at = dict(zip((x, y, z), point, strict=True))
    for i, f in enumerate(sd.softmax([x, y, z])):
        assert close(f.evaluate(at), float(weights[i]), 1e-12, scale=1e-300)
        with digits(500):
            first = [float(weights[i] * ((i == j) - w)) for j, w in enumerate(weights)]
            second = [
                [
                    float(weights[i] * (((i == j) - w) * ((i == k) - v) - w * ((j == k) - v)))
                    for k, v in enumerate(weights)
                ]
                for j, w in enumerate(weights)
            ]
        assert_first(f, at, first, rel=1e-12, scale=1e-3)
        assert_second(f, at, second, rel=1e-12, scale=1e-3)
    numbers = sd.softmax(np.array(point))
    assert all(close(n, float(w), 1e-12, scale=1e-300) for n, w in zip(numbers, weights, strict=True))


@pytest.mark.parametrize("point", TRIPLES)
@pytest.mark.parametrize("label", [0, 1, 2])
def test_the_gradient_of_cross_entropy_is_probabilities_minus_onehot(point, label):
    f = -sd.log_softmax([x, y, z])[label]
    weights, total = softmax_of(point)
    at = dict(zip((x, y, z), point, strict=True))
    with digits(500):
        value = float(total - exact(point[label]))
        first = [float(w - (j == label)) for j, w in enumerate(weights)]
        second = [[float(((j == k) - v) * w) for k, v in enumerate(weights)] for j, w in enumerate(weights)]
    assert close(f.evaluate(at), value, 1e-12, scale=1e3)
    assert_first(f, at, first, rel=1e-12, scale=1e-3)
    assert_second(f, at, second, rel=1e-12, scale=1e-3)


@pytest.mark.parametrize(
    "point", [(1000.0, -1000.0), (-1000.0, 1000.0), (1000.0, 1000.0), (-1000.0, -1000.0), (0.5, 2.0)]
)
def test_logaddexp_and_its_derivatives(point):
    with digits(1000):
        a, b = map(exact, point)
        value = float(mpmath.log(mpmath.exp(a) + mpmath.exp(b)))
        s, t = 1 / (1 + mpmath.exp(b - a)), 1 / (1 + mpmath.exp(a - b))
        first, product = [float(s), float(t)], float(s * t)
    f = sd.logaddexp(x, y)
    at = {x: point[0], y: point[1]}
    assert close(f.evaluate(at), value, 1e-15)
    assert_first(f, at, first, rel=1e-14, scale=1e-308)
    assert_second(f, at, [[product, -product], [-product, product]], rel=1e-13, scale=1e-308)


def test_hypot_neither_overflows_nor_underflows():
    f = sd.hypot(x, y)
    for size in (1e300, 1e-300, 1.0):
        at = {x: 3 * size, y: 4 * size}
        assert close(f.evaluate(at), 5 * size, 1e-15)
        assert_first(f, at, [0.6, 0.8], rel=1e-15)
    at = {x: 3.0, y: 4.0}
    assert_second(f, at, [[16 / 125, -12 / 125], [-12 / 125, 9 / 125]], rel=1e-14)
    assert close(sd.hypot(np.array([3e300]), np.array([4e300]))[0], 5e300, 1e-15)
    assert f.evaluate({x: math.inf, y: math.nan}) == math.inf


# -- powers ----------------------------------------------------------------------------------


@pytest.mark.parametrize("n", range(6))
@pytest.mark.parametrize("zero", [0.0, -0.0, 0])
def test_whole_powers_at_zero_have_all_their_derivatives(n, zero):
    f = sd.Pow(x, n)
    expected = [1.0 if k == n else 0.0 for k in range(7)]
    if n:
        assert_taylor(f, x, zero, expected)
    else:
        assert sd.taylor(f, x, zero, 6) == expected
        assert [f.diff(x, k).evaluate({x: zero}) for k in range(7)] == expected


@pytest.mark.parametrize("n", range(6))
def test_float_exponents_that_are_whole_do_the_same_at_zero(n):
    f = x ** float(n)
    expected = [1.0 if k == n else 0.0 for k in range(4)]
    assert f.evaluate({x: 0.0}) == expected[0]
    assert_first(f, {x: 0.0}, [expected[1]])
    assert_second(f, {x: 0.0}, [2 * expected[2]])
    series = f.evaluate({x: sd.TaylorSeries([0.0, 1.0, 0.0, 0.0])})
    assert series.coefficients == expected
    assert [sd.derivative(lambda t: t ** float(n), 0.0, order=k) for k in range(4)] == [
        expected[k] * math.factorial(k) for k in range(4)
    ]


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_whole_powers_at_zero_of_arrays_of_series(n):
    at = np.array([0.0, 2.0, -3.0])
    found = sd.derivative(lambda t: t**n, at, order=2)
    assert np.allclose(found, n * (n - 1) * at ** max(n - 2, 0), rtol=1e-14, atol=0)
    series = (x**n).evaluate({x: sd.TaylorSeries([at, np.ones(3), np.zeros(3)])})
    assert np.allclose(series.coefficients[2] * 2, n * (n - 1) * at ** max(n - 2, 0), rtol=1e-14, atol=0)


@pytest.mark.parametrize("n", [-1, -2, -3])
def test_negative_powers_have_a_pole_at_zero(n):
    assert (x**n).evaluate({x: 0.0}) == math.inf
    assert_first(x**n, {x: 0.0}, [-math.inf])
    assert_first(x**n, {x: -2.0}, [n * (-2.0) ** (n - 1)])


@pytest.mark.parametrize(
    ("exponent", "slopes"),
    [(0.0, (0.0, -math.inf)), (1.0, (1.0, 0.0)), (2.0, (0.0, 0.0)), (3.0, (0.0, 0.0)), (0.5, (math.inf, 0.0))],
)
def test_powers_with_a_variable_exponent_at_zero(exponent, slopes):
    assert (x**y).evaluate({x: 0.0, y: exponent}) == 0.0**exponent
    assert_first(x**y, {x: 0.0, y: exponent}, slopes)


def test_a_variable_exponent_that_is_an_int_stays_exact():
    assert (x**y).evaluate({x: 3, y: 4}) == 81
    assert type((x**y).evaluate({x: 3, y: 4})) is int
    found = (x**y).backpropagate({x: 2.0, y: 3})
    assert found[x] == 12.0
    assert close(found[y], 8 * math.log(2.0), 1e-15)


def test_slopes_in_the_base_of_a_negative_base():
    """The base may be negative where the exponent is whole, though log(x) is not defined."""
    assert_first(x**3, {x: -2.0}, [12.0])
    for way, row in first_derivatives(x**y, [x, y], {x: -2.0, y: 3.0}).items():
        assert row[0] == 12.0, way
        assert math.isnan(row[1]), way


@pytest.mark.parametrize("n", [2, 3, 7])
def test_taylor_of_powers_of_series_that_start_at_zero(n):
    f = (sd.sin(x) - x) ** n + x ** (n + 1)
    got = sd.taylor(f, x, 0.0, 10)
    with digits():
        expected = mpmath.taylor(lambda t: (mpmath.sin(t) - t) ** n + t ** (n + 1), 0, 10)
    assert all(close(g, e, 1e-13, scale=1e-15) for g, e in zip(got, expected, strict=True)), got


# -- accuracy --------------------------------------------------------------------------------


@pytest.mark.parametrize("at", [0.0, 1e-9, -1e-9, 0.3, 2.0, -4.0, 8.0, 15.0])
def test_the_slope_of_tanh_keeps_its_accuracy(at):
    """As good as (1 - t)*(1 + t) makes it: to the rounding of t itself, which 1 - t**2 doubles."""
    with digits():
        expected = mpmath.sech(exact(at)) ** 2
        second = -2 * mpmath.tanh(exact(at)) * expected
    assert_first(sd.tanh(x), {x: at}, [expected], rel=3e-16, scale=1.0)
    assert_first(sd.tanh(x), {x: at}, [expected], rel=2e-16 / float(expected))
    assert_second(sd.tanh(x), {x: at}, [second], rel=5e-16, scale=2.0)


NEAR_ZERO = {
    "expm1": (mpmath.expm1, mpmath.exp, mpmath.exp),
    "log1p": (mpmath.log1p, lambda t: 1 / (1 + t), lambda t: -1 / (1 + t) ** 2),
    "sinh": (mpmath.sinh, mpmath.cosh, mpmath.sinh),
    "asinh": (mpmath.asinh, lambda t: 1 / mpmath.sqrt(1 + t * t), lambda t: -t * (1 + t * t) ** mpmath.mpf(-1.5)),
    "atanh": (mpmath.atanh, lambda t: 1 / (1 - t * t), lambda t: 2 * t / (1 - t * t) ** 2),
    "tanh": (mpmath.tanh, lambda t: mpmath.sech(t) ** 2, lambda t: -2 * mpmath.tanh(t) * mpmath.sech(t) ** 2),
    "sin": (mpmath.sin, mpmath.cos, lambda t: -mpmath.sin(t)),
    "asin": (mpmath.asin, lambda t: 1 / mpmath.sqrt(1 - t * t), lambda t: t * (1 - t * t) ** mpmath.mpf(-1.5)),
    "atan": (mpmath.atan, lambda t: 1 / (1 + t * t), lambda t: -2 * t / (1 + t * t) ** 2),
    "erf": (
        mpmath.erf,
        lambda t: 2 / mpmath.sqrt(mpmath.pi) * mpmath.exp(-t * t),
        lambda t: -4 * t / mpmath.sqrt(mpmath.pi) * mpmath.exp(-t * t),
    ),
}


@pytest.mark.parametrize("at", [1e-300, 1e-20, -1e-20, 1e-9, -1e-9, 1e-3])
@pytest.mark.parametrize("name", NEAR_ZERO)
def test_accuracy_near_zero(name, at):
    f = getattr(sd, name)(x)
    with digits():
        value, slope, _ = (function(exact(at)) for function in NEAR_ZERO[name])
    assert close(f.evaluate({x: at}), value, 4e-16)
    assert close(f.evaluate({x: np.array([at])})[0], value, 4e-16)
    assert_first(f, {x: at}, [slope], rel=1e-15)


@pytest.mark.parametrize("at", [1e-300, 1e-20, -1e-20, 1e-9, -1e-9, 1e-3])
@pytest.mark.parametrize("name", NEAR_ZERO)
def test_accuracy_of_second_derivatives_near_zero(name, at):
    """Expressions merge (1 - r) - (1 + r) to -2*r; in numbers it is rounded to the last digit of the slope."""
    with digits():
        curvature = NEAR_ZERO[name][2](exact(at))
    f = getattr(sd, name)(x)
    assert close(f.hessian(x).evaluate({x: at}), curvature, 1e-15)
    assert close(f.diff(x, 2).evaluate({x: at}), curvature, 1e-15)
    cancels = name in ("tanh", "atanh", "asin")
    assert_second(f, {x: at}, [curvature], rel=5e-16 if cancels else 1e-14, scale=1.0 if cancels else 0.0)


@pytest.mark.parametrize("at", [1e-6, -1e-6, 1e-3, 0.5])
@pytest.mark.parametrize(
    ("name", "reference"),
    [("asin", mpmath.asin), ("acos", mpmath.acos), ("atanh", mpmath.atanh), ("log1p", lambda t: mpmath.log1p(-t))],
)
def test_slopes_near_the_end_of_the_domain(name, reference, at):
    """At 1 - d, or at -1 + d for log1p, where 1 - x**2 would cancel."""
    end = -1.0 if name == "log1p" else 1.0
    point = end - math.copysign(abs(at), end)
    with digits():
        function = mpmath.log1p if name == "log1p" else reference
        slope, curvature = mpmath.diff(function, exact(point)), mpmath.diff(function, exact(point), 2)
    f = getattr(sd, name)(x)
    assert_first(f, {x: point}, [slope], rel=1e-15)
    assert_second(f, {x: point}, [curvature], rel=1e-14)


@pytest.mark.parametrize("at", [0.0, 1e-8, 1e-4, -1e-3, 0.1, 1.0, -2.0, 10.0])
def test_sinc_and_its_derivatives_near_zero(at):
    f = sd.sinc(x)
    coefficients = reference(lambda t: mpmath.sin(t) / t if t else mpmath.mpf(1), at or 1e-30, 3)
    assert close(f.evaluate({x: at}), coefficients[0], 1e-15)
    assert_first(f, {x: at}, [coefficients[1]], rel=1e-14, scale=1e-12)
    assert_second(f, {x: at}, [2 * coefficients[2]], rel=1e-13)


def test_values_agree_in_every_mode_at_kinks():
    """The value that duals, series and arrays carry is that of plain evaluation."""
    functions = [
        sd.abs(x), sd.relu(x), sd.maximum(x, 0), sd.minimum(x, 1), sd.heaviside(x), sd.sign(x), sd.floor(x), sd.ceil(x),
        sd.where(x > 0, sd.log(x), x),
    ]  # fmt: skip
    for f in functions:
        for at in (0.0, -0.0, 1.0, -1.0, math.inf, -math.inf, math.nan):
            values = {
                "float": f.evaluate({x: at}),
                "array": f.evaluate({x: np.array([at])})[0],
                "dual": f.evaluate({x: sd.DualNumber(at, 1.0)}).value,
                "series": f.evaluate({x: sd.TaylorSeries([at, 1.0, 0.0])}).main,
            }
            assert agree(values, rel=0.0), (f, at, values)


def test_what_is_not_real_has_an_absolute_value_and_no_slope_of_it():
    x = sd.Var("x")
    f = abs(x)
    for at in (1 + 2j, mpmath.mpc(1, 2), np.array([1 + 2j, 1 + 2j])):
        assert np.all(np.asarray(abs(f.evaluate({x: at}) - 5**0.5), float) < 1e-15)
        for got in (f.gradient(x).evaluate({x: at}), f.backpropagate({x: at})[x], sd.evaluate(sd.sign(x), {x: at})):
            assert np.all(np.asarray(got) != np.asarray(got)), at
        if not isinstance(at, np.ndarray):
            assert abs(sd.DualNumber(at, 1.0)).eps != abs(sd.DualNumber(at, 1.0)).eps
    assert f.backpropagate({x: -2 + 0j})[x] == -1
    assert f.backpropagate({x: np.array([-2 + 0j, 3 + 0j])})[x].tolist() == [-1, 1]
    assert f.backpropagate({x: mpmath.mpc(-2, 0)})[x] == -1


def test_kinks_take_what_operations_of_a_user_give():
    """The difference of two of NumPy's bools is a TypeError."""
    given = sd.operation("numpy_scalar", lambda x: np.float64(x), lambda r, x: 1)
    x = sd.Var("x")
    for f in (abs(given(x)), sd.sign(given(x)) * x, sd.fmod(given(x), 2)):
        assert f.evaluate(x=-1.5) == pytest.approx(f.replace({given(x): x}).evaluate(x=-1.5))
        assert f.backpropagate(x=-1.5)[x] == f.replace({given(x): x}).backpropagate(x=-1.5)[x]
