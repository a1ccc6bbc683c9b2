"""What is simplified when an expression is made, and what is left as written."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

import symdiff as sd

SIMPLIFIED = {
    "x + 0": "x",
    "0 + x": "x",
    "x - 0": "x",
    "0 - x": "-x",
    "x*1": "x",
    "1*x": "x",
    "x*0": "0",
    "x + 0.0": "x",
    "0.0 + x": "x",
    "x - 0.0": "x",
    "0.0 - x": "-x",
    "0.0*x": "0.0",
    "x*-0.0": "0.0",
    "c(0.0) + 2": "2",
    "0.0*sin(x) + y*1.0": "y*1.0",
    "0*x": "0",
    "x/1": "x",
    "x**1": "x",
    "x**0": "1",
    "1**x": "1",
    "sqrt(x)*sqrt(x)": "sqrt(x)**2",
    "x + x": "2*x",
    "x*x": "x**2",
    "x - x": "0",
    "2*x + 3*x": "5*x",
    "2*x - 3*x": "-x",
    "x + 2*x": "3*x",
    "x*2 + x": "3*x",
    "2*x - 2*x": "0",
    "-x + x": "0",
    "x*x*x": "x**3",
    "x**2*x**3": "x**5",
    "x*x**2": "x**3",
    "(x**2)**3": "x**6",
    "(x*y)*(x*y)": "(x*y)**2",
    "x*y + x*y": "2*x*y",
    "sin(x) + sin(x)": "2*sin(x)",
    "sin(x)*sin(x)": "sin(x)**2",
    "-(-x)": "x",
    "sin(c(0))": "0",
    "cos(c(0))": "1",
    "exp(c(0))": "1",
    "log(c(1))": "0",
    "tan(c(0))": "0",
    "sinh(c(0))": "0",
    "tanh(c(0))": "0",
    "atan(c(0))": "0",
    "erf(c(0))": "0",
    "sinc(c(0))": "1",
    "sqrt(c(4))": "2",
    "sqrt(c(9)/4)": "3/2",
    "abs(c(-3))": "3",
    "sign(c(-3))": "-1",
    "heaviside(c(0))": "1/2",
    "floor(c(7)/2)": "3",
    "ceil(c(7)/2)": "4",
    "floor(c(-7)/2)": "-4",
    "maximum(c(2), 3)": "3",
    "minimum(c(2), 3)": "2",
    "c(1)/3": "1/3",
    "c(6)/3": "2",
    "c(2)**10": "1024",
    "c(2)**-2": "1/4",
    "c(1)/3 + c(2)/3": "1",
    "-c(3)": "-3",
    "where(c(1) < 2, x, y)": "x",
    "where(c(2) < 1, x, y)": "y",
    "where(x < y, x, x)": "x",
}


def read(text):
    """The expression that Python makes of a text; c() is a constant."""
    names = {"x": sd.Var("x"), "y": sd.Var("y"), "c": sd.Const}
    functions = "sin cos exp log tan sinh tanh atan erf sinc sqrt abs sign heaviside floor ceil maximum minimum where"
    names |= {name: getattr(sd, name) for name in functions.split()}
    return eval(text, {"__builtins__": {}}, names)  # the texts of this file


@pytest.mark.parametrize("written", SIMPLIFIED)
def test_simplified(written):
    assert str(read(written)) == SIMPLIFIED[written]


@pytest.mark.parametrize(
    "written",
    [
        "x/x",
        "0/x",
        "x**(-1)*x",
        "1.0*x",
        "x*1.0",
        "x + -0.0",
        "-0.0 - x",
        "0.0/x",
        "-0.0 + x",
        "x**1.0",
        "x**0.0",
        "x/1.0",
        "2.0*x + 3.0*x",
        "x + y + x",
        "x*y*x",
        "x + 1 + 1",
        "2*(3*x)",
        "x*y + y*x",
        "exp(log(x))",
        "log(exp(x))",
        "sqrt(x**2)",
        "abs(x)**2",
        "(x**2)**0.5",
        "sin(x)**2 + cos(x)**2",
        "2*(x + y)",
        "(x + y)/2",
        "sin(-x)",
        "sqrt(2)",
        "x - (y - x)",
        "exp(x)*exp(y)",
    ],
)
def test_left_as_written(written):
    text = written.replace("sqrt(2)", "sqrt(c(2))")
    assert str(read(text)) == written


def test_products_of_roots_keep_their_domain():
    x = sd.Var("x")
    assert math.isnan((sd.sqrt(x) * sd.sqrt(x)).evaluate({x: -1.0}))
    assert math.isnan((x**0.5 * x**0.5).evaluate({x: -1.0}))
    assert (x**-1 * x).evaluate({x: 2.0}) == 1.0
    assert math.isnan((x**-1 * x).evaluate({x: 0.0}))
    assert math.isnan((x / x).evaluate({x: 0.0}))


def test_sums_and_products_are_not_regrouped():
    x, y = sd.variables("x y")
    assert (x + (y + x)).args == (x, y + x)
    assert (y * (x * y)).args == (y, x * y)
    assert (1e20 + (x - 1e20)).evaluate({x: 1.0}) == 0.0
    assert (1e20 - sd.Const(1e20) + x).evaluate({x: 1.0}) == 1.0


def test_a_negative_zero_stays_where_it_counts():
    x = sd.Var("x")
    assert math.copysign(1, (x + -0.0).evaluate({x: 0.0})) == 1.0
    assert math.copysign(1, (-0.0 - x).evaluate({x: 0.0})) == -1.0
    assert math.copysign(1, (x * 1.0).evaluate({x: -0.0})) == -1.0


def test_every_simplification_keeps_values_at_finite_points():
    x, y = sd.variables("x y")
    raw = sd.Graph(simplify=False)
    for written in SIMPLIFIED:
        with raw:
            as_written = read(written)
        for point in ({"x": 1.5, "y": -0.75}, {"x": -2.0, "y": 3.0}, {"x": 0.0, "y": 0.5}):
            assert read(written).evaluate(point) == pytest.approx(as_written.evaluate(point), rel=1e-15, nan_ok=True), (
                written
            )
    assert x != y


def test_merging_a_power_never_takes_a_root_of_a_negative():
    x = sd.Var("x")
    f = (x**2) ** (sd.Const(1) / 2)
    assert f.evaluate({x: -3.0}) == 3.0


# -- exact folding --------------------------------------------------------------


def test_constants_fold_exactly():
    value = (sd.Const(1) / 3 + sd.Const(Fraction(1, 6))) * 2
    assert value.value == 1
    assert type(value.value) is int
    assert (sd.Const(1) / 3).value == Fraction(1, 3)
    assert (sd.Const(3) ** 50).value == 3**50


def test_floats_do_not_fold():
    f = sd.Const(0.1) + 0.2
    assert isinstance(f, sd.Add)
    assert str(f) == "0.1 + 0.2"
    assert f.evaluate() == 0.1 + 0.2


@pytest.mark.parametrize("shift", [4095, 4096, 5000])
def test_folding_stops_at_4096_bits(shift):
    power = sd.Const(2) ** shift
    product = sd.Const(2**2000) * 2 ** (shift - 2000)
    total = sd.Const(2**shift) + 2**shift
    assert isinstance(product, sd.Const) == (shift + 1 <= 4096)
    assert isinstance(total, sd.Const) == (shift + 2 <= 4096)
    assert isinstance(power, sd.Const) or shift + 1 > 4096
    assert power.evaluate() == product.evaluate() == 2**shift
    assert total.evaluate() == 2 ** (shift + 1)


def test_a_tower_of_powers_costs_nothing():
    nine = sd.Const(9)
    tower = nine**nine**nine**nine
    assert isinstance(tower, sd.Pow)
    assert tower.evaluate() == math.inf
    assert sd.parse("9**9**9**9") == tower
    assert sd.parse("2**-9**9**9").evaluate() == 0.0


def test_exact_values_only_where_they_are_exact():
    assert isinstance(sd.sin(sd.Const(1)), sd.Sin)
    assert isinstance(sd.sqrt(sd.Const(-4)), sd.Sqrt)
    assert isinstance(sd.sin(sd.Const(0.0)), sd.Sin)
    assert isinstance(sd.Const(1) / 0, sd.Div)
    assert (sd.Const(1) / 0).evaluate() == math.inf
    assert (sd.Const(0) ** -1).evaluate() == math.inf


# -- constants that look alike ---------------------------------------------------


def alike():
    return [1, 1.0, True, 0, 0.0, -0.0, False, math.nan, math.inf, -math.inf, Fraction(1, 2), 0.5, 1 + 0j, -1, -1.0]


def test_constants_that_look_alike_are_not_confused():
    constants = [sd.Const(value) for value in alike()]
    for i, a in enumerate(constants):
        for j, b in enumerate(constants):
            assert (a == b) == (i == j), (a, b)
    for const, value in zip(constants, alike(), strict=True):
        assert type(const.value) is type(value)
        assert math.copysign(1, const.value.real) == math.copysign(1, value.real)


def test_constants_that_look_alike_make_different_expressions():
    x = sd.Var("x")
    made = [x ** sd.Const(value) + sd.Const(value) for value in alike()]
    assert len(set(made)) == len(made)


def test_true_is_neither_neutral_nor_one():
    x = sd.Var("x")
    assert sd.Const(True) != sd.Const(1)
    assert (x * True) != (x * 1)
    assert (x * True).evaluate({x: 3.0}) == 3.0


def test_nan_is_one_constant():
    x = sd.Var("x")
    assert sd.Const(math.nan) == sd.Const(float("nan"))
    assert x + math.nan == x + float("nan")
    assert math.isnan((x * 0.0 + math.nan).evaluate({x: 1.0}))


def test_zero_absorbs_what_is_never_evaluated_there():
    x = sd.Var("x")
    assert (0 * sd.log(x)) == sd.Const(0)
    assert (0.0 * sd.log(x)) == sd.Const(0.0)
    for value in (math.inf, math.nan, -math.inf):  # written as they are, they are no expressions that may be finite
        product = sd.Const(0.0) * value
        assert math.isnan(product.evaluate())
        assert sd.parse(str(product)) == sd.parse(str(sd.parse(str(product))))
        assert math.isnan(sd.parse(str(product)).evaluate())


def test_a_matrix_of_floats_is_as_sparse_as_one_of_ints():
    with sd.Graph():
        w = sd.variables("w", 60)
        tridiagonal = np.diag(np.full(60, 2.0)) - np.diag(np.ones(59), 1) - np.diag(np.ones(59), -1)
        assert str((np.eye(3) @ w[:3])[1]) == "1.0*w[1]"
        hessians = [((A @ w) ** 2).sum().hessian(list(w), sparse=True) for A in (tridiagonal, tridiagonal.astype(int))]
        assert [len(hessian.values) for hessian in hessians] == [60 + 2 * 59 + 2 * 58] * 2
        point = dict(zip(w, np.linspace(-1.0, 1.0, 60), strict=True))
        assert np.array_equal(*[sd.evaluate(list(hessian.values), point) for hessian in hessians])


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (np.float64(2.5), 2.5),
        (np.int64(3), 3),
        (np.bool_(True), True),
        (np.array(2.5), 2.5),
        (np.float32(0.5), 0.5),
        (np.complex128(1j), 1j),
        (Fraction(4, 2), 2),
    ],
)
def test_numbers_are_kept_as_python_numbers(given, kept):
    value = sd.Const(given).value
    assert value == kept
    assert type(value) is type(kept)


# -- graphs that keep everything ---------------------------------------------------


@pytest.mark.parametrize("written", SIMPLIFIED)
def test_a_graph_without_simplification_keeps_everything(written):
    with sd.Graph(simplify=False):
        kept = read(written)
        assert kept.args != ()
        size = len(list(kept.nodes()))
    assert size > len(list(read(written).nodes())) or str(kept) != SIMPLIFIED[written]


def test_a_raw_graph_shows_the_courses_nodes():
    with sd.Graph(simplify=False) as graph:
        x, y = sd.Var("x"), sd.Var("y")
        f = sd.Add(sd.Mul(sd.Mul(x, x), y), sd.Add(y, sd.Const(2)))
    assert len(graph) == 7  # x, y, x*x, x*x*y, 2, y + 2, and the sum
    assert str(f) == "x*x*y + y + 2"
    assert f.evaluate(x=3, y=4) == 42


def test_a_raw_graph_still_shares():
    with sd.Graph(simplify=False) as graph:
        x = sd.Var("x")
        f = (x + 0) * (x + 0)
    assert len(graph) == 4
    assert f.args[0] == f.args[1]


def test_derivatives_in_a_raw_graph_are_right_and_readable():
    with sd.Graph(simplify=False):
        x, y = sd.variables("x y")
        f = x * x * y + 0 * x
        g = f.gradient(x)
    assert g.evaluate({x: 3, y: 4}) == 24
    assert (x**5).diff(x, 3).evaluate({x: 2}) == 240
