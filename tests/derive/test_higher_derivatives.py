"""Derivatives of high order: both ways against each other, SymPy and 50 digits; how many operations they take."""

from __future__ import annotations

import itertools
import math
import sys
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from support import close, digits, exact, is_real, sample
from test_operations import expression
from test_operations import points as operands_of
from test_random_graphs import (
    FIELD,
    SMOOTH,
    STEPS,
    SYMPY,
    at_point,
    magnitude,
    moderate,
    mp_point,
    points,
    programs,
    small_fractions,
    steady,
)

import symdiff as sd
from symdiff.derive import higher_derivatives
from symdiff.handle import handle
from symdiff.modes import budgets
from symdiff.records import OPERATIONS
from symdiff.taylor.multi_indices import up_to

few = settings(steady, max_examples=30)


def ways(f: Any, xs: Any, wanted: Any) -> dict[str, list[Any]]:
    """Derivatives for multi-indices, by either way alone."""
    graph = f.graph
    moving = [graph.find((1, x.key)) if graph.find((1, x.key)) is not None else -1 for x in xs]
    return {
        way.__name__: [handle(graph, i) for i in way(graph, f._index, moving, wanted)]
        for way in (higher_derivatives._by_taylor, higher_derivatives._by_gradients)
    }


def in_one(f: Any, x: Any, order: int) -> dict[str, list[Any]]:
    return ways(f, [x], [(k,) for k in range(order + 1)])


def operations(*exprs: Any) -> int:
    return sum(sd.count_ops(list(exprs)).values())


# -- how many operations -------------------------------------------------------------


def tower():
    x = sd.Var("x")
    return sd.exp(sd.sin(x)) * sd.tanh(x * x), x


TOWER = {
    1: 14, 2: 26, 3: 42, 4: 58, 5: 79, 6: 100, 7: 126, 8: 152, 9: 183, 10: 214, 11: 250, 12: 286, 20: 674, 30: 1384,
}  # fmt: skip


@pytest.mark.parametrize("order", TOWER)
def test_operations_of_the_tower(order):
    f, x = tower()
    assert operations(f, f.diff(x, order)) == TOWER[order]


def test_all_orders_of_the_tower_cost_little_more_than_the_last():
    f, x = tower()
    assert operations(sd.derivatives(f, x, 12)) == 494
    by_one = [f.diff(x, k) for k in range(13)]
    assert operations(by_one) <= 600
    assert operations(sd.derivatives(f, x, 12)[12], f) == TOWER[12]


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("exp(-x**2)", [7, 8, 13, 16, 19, 22, 25]),
        ("1/(1 + x**2)", [10, 14, 17, 20, 23, 26, 29]),
        ("sqrt(1 + x**2)", [7, 11, 16, 21, 29, 36, 46]),
        ("exp(sin(x))", [7, 12, 18, 26, 35, 46, 58]),
        ("tanh(x)", [6, 10, 14, 21, 27, 36, 44]),
        ("log(1 + exp(x))", [7, 11, 18, 27, 38, 51, 66]),
        ("x*exp(x)", [4, 4, 4, 4, 4, 4, 4]),
        ("sin(x*y)", [5, 6, 4, 5, 5, 6, 4]),
    ],
)
def test_operations_grow_slowly(text, counts):
    f = sd.parse(text)
    assert [operations(f, f.diff("x", k)) for k in range(2, 9)] == counts


def test_it_never_takes_more_than_either_way():
    for op in [op for op in OPERATIONS[2:] if hasattr(sd, op.class_name)]:  # not those that other tests registered
        with sd.Graph():
            f = sample(op)
            x = sd.Var("x")
            for order in (2, 3):
                found = [rows[-1] for rows in ways(f, [x], [(order,)]).values()]
                assert operations(f, f.diff(x, order)) <= min(operations(f, d) for d in found), (op.name, order)


# -- they read well --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "order", "derivative"),
    [
        ("x**5", 3, "60*x**2"),
        ("x**5", 6, "0"),
        ("x**2*y", 2, "2*y"),
        ("x**3*y - x/3", 2, "6*x*y"),
        ("x**4 - 3*x**2 + x*y + 7", 2, "12*x**2 - 6"),
        ("sin(x)", 2, "-sin(x)"),
        ("sin(2*x)", 3, "-8*cos(2*x)"),
        ("exp(x)", 50, "exp(x)"),
        ("exp(x*y)", 3, "y**3*exp(x*y)"),
        ("log(x)", 4, "-6/x**4"),
        ("1/x", 3, "-6/x**4"),
        ("sqrt(x)", 2, "-1/(4*sqrt(x)**3)"),
        ("x**2.5", 2, "3.75*x**0.5"),
        ("x*exp(x)", 4, "(x + 4)*exp(x)"),
        ("abs(x)", 2, "0"),
        ("where(x < 0, x**2, x**3)", 2, "where(x < 0, 2, 6*x)"),
    ],
)
def test_low_orders_read_naturally(text, order, derivative):
    assert str(sd.parse(text).diff("x", order)) == derivative


# -- against 50 digits, to order 20 -------------------------------------------------------

REGULAR = (
    "exp(sin(x))*tanh(x*x)", "sin(x)/x", "log(2 + sin(x))", "sqrt(1 + x**2)", "x**x", "(1 + x**2)**(1/3)",
    "(1 + x**2)**(-3)", "(2 + cos(x))**2.5", "(x**2 + x)**7", "tan(x/2)", "atan(x)*exp(-x)", "asin(x/3)", "erf(x)",
    "cos(x)**4", "1/(1 + exp(-x))", "x**3*exp(-x)", "lambertw(x)", "hypot(x, 1 + x)", "atan2(x, 2)",
    "sigmoid(3*x)", "softplus(x)", "asinh(x**2)", "cbrt(1 + x)", "expm1(x)*log1p(x)", "logaddexp(x, x**2)",
    "(x + 1)/(x - 3)", "2**x", "sinc(x)", "x**9*sin(x)",
)  # fmt: skip
AT_ZERO = (
    "x**3", "x**7*exp(x)", "sin(x)**5", "(x**2 + x)**6", "sinc(x)",
    "sinc(x**2)", "tanh(x)", "tanh(x)**3", "x**4*cos(x)",
    "sinh(x)*x**2", "erf(x)**2", "atan(x)", "asinh(x)", "lambertw(x)", "expm1(x)**4", "log1p(x)*x", "1/(1 - x)",
    "(exp(x) - 1 - x)**2", "sqrt(1 + x)*sin(x)", "where(x < 1, sin(x), log(-1 - x**2))*x",
)  # fmt: skip
CASES = [(text, Fraction(5, 8)) for text in REGULAR] + [(text, 0) for text in AT_ZERO]


@pytest.mark.parametrize(("text", "at"), CASES, ids=lambda value: str(value))
def test_taylor_recurrences_to_order_twenty(text, at):
    order = 20
    f = sd.parse(text)
    graph = f.graph
    found = higher_derivatives._by_taylor(graph, f._index, [graph.find((1, "x"))], [(k,) for k in range(order + 1)])
    values = {}
    with digits(80):
        expected = mpmath.taylor(lambda t: f.evaluate({"x": t}) + mpmath.mpf(0), exact(at), order)
        got = sd.evaluate([handle(graph, i) for i in found], {"x": exact(at)})
        scale = max(map(abs, expected))
        for k, (a, b) in enumerate(zip(got, expected, strict=True)):
            assert abs(a / mpmath.factorial(k) - b) <= mpmath.mpf(10) ** -30 * scale, (k, a, b)
            values[k] = a
    floats = sd.evaluate([handle(graph, i) for i in found[:9]], {"x": float(at)})
    for k, value in enumerate(floats):
        assert abs(value - values[k]) <= 1e-9 * max(1, abs(values[k])), (k, value, values[k])


@pytest.mark.parametrize("text", ["exp(sin(x))*tanh(x*x)", "x**9*sin(x)", "sinc(x)", "(1 + x**2)**(1/3)"])
def test_diff_to_order_twenty_agrees_with_the_numeric_series(text):
    f = sd.parse(text)
    for at in (0.0, 0.625):
        expected = sd.taylor(f, "x", at, 20)
        for k in range(2, 21):
            value = f.diff("x", k).evaluate({"x": at}) / math.factorial(k)
            assert value == pytest.approx(expected[k], rel=1e-8, abs=1e-11)


# -- every operation -----------------------------------------------------------------------


@pytest.mark.parametrize("op", OPERATIONS[2:], ids=lambda op: op.name)
def test_every_operation_to_order_six(op):
    """Operands that bend, so that no recurrence is spared."""
    for point in operands_of(op)[:2]:
        with sd.Graph():
            f, moving, at = expression(op, point)
            t = sd.Var("t")
            for x in moving:
                bent = f.replace({x: x + sd.sin(t) / 8 + t**2 / 4})
                both = in_one(bent, t, 6 if op.name not in ("pow", "logaddexp", "atan2") else 4)
                with digits():
                    for tau in (0, exact(1) / 16):
                        here = {**{v: exact(p) for v, p in at.items()}, t: exact(tau)}
                        first, second = [sd.evaluate(row, here) for row in both.values()]
                        for k, (a, b) in enumerate(zip(first, second, strict=True)):
                            if is_real(b):
                                assert close(a, b, 1e-35, max(1, abs(b))), (op.name, point, k, a, b)


def test_operations_of_users():
    cubed_sine = sd.operation(
        "cubed_sine_of_orders", lambda x: np.sin(x) ** 3, lambda r, x: 3 * sd.sin(x) ** 2 * sd.cos(x)
    )
    x = sd.Var("x")
    f = cubed_sine(x**2 + 1) * x
    plain = sd.sin(x**2 + 1) ** 3 * x
    for k in range(1, 6):
        expected = plain.diff(x, k).evaluate({x: 0.7})
        for way, row in in_one(f, x, k).items():
            assert row[k].evaluate({x: 0.7}) == pytest.approx(expected, rel=1e-11), way


# -- random graphs ---------------------------------------------------------------------------


@few
@given(programs((*FIELD, *STEPS), most=10), points(small_fractions), st.integers(2, 6))
def test_on_fractions_both_ways_give_the_same_number(program, values, order):
    """Kinks and ties, whole powers at 0, gates: nothing but equality will do."""
    f, xs = program.build()
    point = at_point(xs, values)
    numbers = [v for v in f.node_values(point).values() if not isinstance(v, bool)]
    assume(max(v.denominator.bit_length() + v.numerator.bit_length() for v in numbers) < 100)
    taylor, gradients = ways(f, xs[:1], [(k,) for k in range(order + 1)]).values()
    assert sd.evaluate(taylor, point) == sd.evaluate(gradients, point)
    wanted = up_to(len(xs), min(order, 4))
    taylor, gradients = ways(f, xs, wanted).values()
    assert sd.evaluate(taylor, point) == sd.evaluate(gradients, point)


@few
@given(programs(SMOOTH, most=7), points(moderate), st.integers(2, 5))
def test_both_ways_agree_to_30_digits(program, values, order):
    f, xs = program.build()
    with digits():
        point = mp_point(xs, values)
        assume(magnitude(f, point) < 1e8)
        first, second = [sd.evaluate(row, point) for row in in_one(f, xs[-1], order).values()]
        chosen = [f.diff(xs[-1], k).evaluate(point) for k in range(order + 1)]
        scale = max(1, *map(abs, second))
        for a, b, c in zip(first, second, chosen, strict=True):
            assert close(a, b, 1e-28, scale)
            assert close(c, b, 1e-28, scale)


@few
@given(programs(SMOOTH, most=5), points(moderate), st.integers(2, 3))
def test_mixed_partials_agree_to_30_digits(program, values, order):
    f, xs = program.build()
    with digits():
        point = mp_point(xs, values)
        assume(magnitude(f, point) < 1e6)
        wanted = up_to(len(xs), order)
        first, second = [sd.evaluate(row, point) for row in ways(f, xs, wanted).values()]
        table = sd.derivatives(f, xs, order)
        assert list(table) == wanted
        third = sd.evaluate(list(table.values()), point)
        scale = max(1, *map(abs, second))
        for a, b, c in zip(first, second, third, strict=True):
            assert close(a, b, 1e-28, scale)
            assert close(c, b, 1e-28, scale)


@settings(steady, max_examples=15)
@given(programs(SYMPY, most=5), points(st.sampled_from([0.25, -0.5, 0.75, 1.5])), st.integers(2, 4))
def test_sympy_has_the_same_derivatives(program, values, order):
    f, xs = program.build()
    symbol = sympy.Symbol("t")
    there = f.to_sympy()
    there = there.xreplace({s: symbol for s in there.free_symbols if s.name == xs[-1].name})
    names = {x.name: sympy.Rational(v) for x, v in zip(xs, values, strict=False)}
    with digits():
        point = mp_point(xs, values)
        assume(magnitude(f, point) < 1e6)
        slope = sympy.diff(there, symbol, order)
        numbers = {s: names[xs[-1].name if s == symbol else s.name] for s in slope.free_symbols}
        expected = slope.xreplace(numbers).evalf(30, maxn=400)
        assert close(f.diff(xs[-1], order).evaluate(point), mpmath.mpf(str(expected)), 1e-25, 1.0)


# -- special points --------------------------------------------------------------------------


@pytest.mark.parametrize("zero", [0.0, -0.0])
def test_kinks_and_gates_at_every_order(zero):
    x, y = sd.variables("x y")
    poisoned = sd.where(x > 1, sd.log(x - 1), sd.exp(x)) * sd.where(sd.equal(x, 0), 1 + x, sd.sin(x) / x)
    cases = {
        sd.abs(x): [0, 0, 0, 0, 0],
        sd.abs(x) ** 3: [0, 0, 0, 0, 0],
        sd.relu(x) * x: [0, 0, 0, 0, 0],
        sd.maximum(x, y) * x: [0, 0, 1, 0, 0],
        poisoned: [1, 2, 3, 4, 5],
        x**3 * sd.sqrt(1 + x): [0, 0, 0, 6, 12],
        sd.sin(x) ** 2.5 * 1: [0, 0, 0],
    }
    for f, expected in cases.items():
        for way, row in in_one(f, x, len(expected) - 1).items():
            assert sd.evaluate(row, {x: zero, y: 0.0}) == pytest.approx(expected), (f, way)
        assert [f.diff(x, k).evaluate({x: zero, y: 0.0}) for k in range(len(expected))] == pytest.approx(expected)


@pytest.mark.parametrize(
    "text",
    [
        "sqrt(where(x > 0, x, 0))",
        "log(where(x > 0, x**2 + x, 0))*x",
        "1/where(x > 0, x, 0)",
        "sin(sqrt(where(x > 0, x**2 + 1, 0)))*exp(x)",
        "cbrt(where(x < 0, 0, sin(x)))*x",
        "where(x < 0, 0, sin(x))**2.5*x",
        "sqrt(where(x < 0, 0, sin(x)))*exp(log(where(x < 0, 0, x*x)))",
    ],
)
def test_a_branch_not_taken_stays_out_of_poles(text):
    """Below the pole of a function nothing moves: 0, not 0 times infinity."""
    f, x = sd.parse(text), sd.Var("x")
    both = in_one(f, x, 4)
    for way, row in both.items():
        found = sd.evaluate(row, {x: -1.0})
        assert found[2:] == [0.0, 0.0, 0.0], way
    first, second = [sd.evaluate(row, {x: 0.75}) for row in both.values()]
    assert first == pytest.approx(second, rel=1e-12)


def test_powers_at_zero():
    x, y = sd.variables("x y")
    for n in (1, 2, 3, 6):
        for k in range(9):
            expected = math.factorial(n) if k == n else 0
            assert (x**n).diff(x, k).evaluate({x: 0}) == expected
            assert (sd.sin(x) ** n).diff(x, k).evaluate({x: 0.0}) == pytest.approx(
                float(mpmath.taylor(lambda t, n=n: mpmath.sin(t) ** n, 0, 8)[k] * math.factorial(k)), abs=1e-12
            )
    for way, row in in_one(x**y, x, 5).items():
        assert sd.evaluate(row, {x: 0.0, y: 3.0}) == [0.0, 0.0, 0.0, 6.0, 0.0, 0.0], way
        assert sd.evaluate(row, {x: 2.0, y: 3.0}) == [8.0, 12.0, 12.0, 6.0, 0.0, 0.0], way
    for way, row in in_one(sd.sin(x) ** y, x, 4).items():
        assert sd.evaluate(row, {x: 0.0, y: 2.0}) == pytest.approx([0, 0, 2, 0, -8]), way
    for way, row in in_one((x**2 + x) ** 3.5, x, 3).items():
        assert sd.evaluate(row, {x: 0.0}) == [0.0, 0.0, 0.0, 0.0], way


def test_exact_numbers_stay_exact():
    x, y = sd.variables("x y")
    f = (x**2 + y / 3) ** 7 * x - (x + 1) ** 9
    for k in range(1, 13):
        assert isinstance(f.diff(x, k).evaluate({x: Fraction(1, 2), y: 5}), (int, Fraction))
    assert f.diff(x, 16).evaluate({x: 3, y: 1}) == 0
    assert f.diff(x, 15).evaluate({x: 3, y: 1}) == math.factorial(15)


# -- tables of derivatives -------------------------------------------------------------------


def test_derivatives_of_one_variable():
    f, x = tower()
    found = sd.derivatives(f, x, 6)
    assert isinstance(found, list)
    assert found[0] == f
    for k, d in enumerate(found):
        assert d.evaluate({x: 0.7}) == pytest.approx(f.diff(x, k).evaluate({x: 0.7}), rel=1e-12)
    assert sd.derivatives(f, "x", 0) == [f]
    assert sd.derivatives(f, [x], 1) == {(0,): f, (1,): f.gradient(x)}


def test_derivatives_of_several_variables():
    x, y, z = sd.variables("x y z")
    f = sd.exp(x * y) * sd.sin(x - z) + sd.tanh(y) * z**3
    table = sd.derivatives(f, [x, y, z], 4)
    assert len(table) == math.comb(3 + 4, 4)
    assert list(table) == up_to(3, 4)
    point = {x: 0.3, y: -0.7, z: 1.1}
    for (a, b, c), d in table.items():
        assert d.evaluate(point) == pytest.approx(f.diff(x, a, y, b, z, c).evaluate(point), rel=1e-11, abs=1e-11)
    hessian = f.hessian([x, y, z])
    for i, j in itertools.combinations_with_replacement(range(3), 2):
        index = tuple([(k == i) + (k == j) for k in range(3)])
        assert table[index].evaluate(point) == pytest.approx(hessian[i, j].evaluate(point), rel=1e-12)


def test_tables_take_the_fewer_operations():
    x, y = sd.variables("x y")
    f = sd.exp(sd.sin(x * y)) / (1 + x**2 + y**2)
    found = {way: operations(f, row) for way, row in ways(f, [x, y], up_to(2, 5)).items()}
    assert operations(f, sd.derivatives(f, [x, y], 5)) == min(found.values())
    assert found["_by_taylor"] < found["_by_gradients"] / 3


def test_variables_that_do_not_occur():
    x, y = sd.variables("x y")
    f = sd.sin(x)
    assert sd.derivatives(f, y, 3) == [f, sd.Const(0), sd.Const(0), sd.Const(0)]
    assert sd.derivatives(f, [y, x], 1) == {(0, 0): f, (1, 0): sd.Const(0), (0, 1): sd.cos(x)}
    assert f.diff(y, 4) == 0
    assert sd.derivatives(3, x, 2) == [sd.Const(3), sd.Const(0), sd.Const(0)]
    with sd.Graph():
        other = sd.Var("w")
    assert f.diff(other, 3) == 0
    assert sd.derivatives(f, [other, x], 2)[0, 2] == -f


def test_many_variables():
    x = sd.variables("x", 40)
    f = sum(sd.sin(a * b) for a, b in itertools.pairwise(x))
    table = sd.derivatives(f, x, 2)
    assert len(table) == math.comb(42, 2)
    point = {v: 0.1 * k for k, v in enumerate(x)}
    hessian = f.hessian(x)
    for i, j in ((0, 0), (0, 1), (3, 4), (7, 20)):
        index = tuple([(k == i) + (k == j) for k in range(40)])
        assert table[index].evaluate(point) == pytest.approx(hessian[i, j].evaluate(point), rel=1e-12)


def test_bad_input():
    x, y = sd.variables("x y")
    f = x * y
    for order, error in ((-1, ValueError), (1.5, TypeError), (True, TypeError), ("2", TypeError), (None, TypeError)):
        with pytest.raises(error) as raised:
            sd.derivatives(f, x, order)
        assert isinstance(raised.value, sd.SymdiffError)
    with pytest.raises(sd.SymdiffTypeError, match="variables"):
        sd.derivatives(f, x + y, 2)
    with pytest.raises(sd.SymdiffValueError, match="once"):
        sd.derivatives(f, [x, x], 2)
    with pytest.raises(sd.SymdiffValueError, match="named"):
        sd.derivatives(f, "q", 2)


def test_nothing_is_left_behind_in_the_graph():
    f, x = tower()
    before = len(f.graph)
    d = f.diff(x, 8)
    assert len(f.graph) - before <= operations(d) + 20  # what was built to compare is not there
    size = len(f.graph)
    assert f.diff(x, 8) == d
    assert len(f.graph) == size


def test_the_same_whatever_else_the_graph_holds():
    f, x = tower()
    text = str(f.diff(x, 5))
    with sd.Graph():
        g, y = tower()
        for k in (2, 7, 3):
            g.diff(y, k)
        assert str(g.diff(y, 5)) == text


# -- deep graphs --------------------------------------------------------------------------------

STEP = {
    "sin": lambda s, x: sd.sin(s) + x / 8,
    "product": lambda s, x: s * x,
    "quotient": lambda s, x: s / (1 + x),
    "under": lambda s, x: x / (1 + s),
    "power": lambda s, x: (s / 2 + x / 4) ** 3,
    "where": lambda s, x: sd.where(s > 0, s - x / 8, s * s),
    "sqrt": lambda s, x: sd.sqrt(1 + s) * x,
    "maximum": lambda s, x: sd.maximum(s, x) + 1,
}


@pytest.mark.parametrize("step", STEP)
def test_deep_chains(step, monkeypatch):
    """As of more than 5,000 nodes, where one way is taken unseen."""
    monkeypatch.setattr(budgets, "HIGHER_TRIED", 1000)
    depth = 1500
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(220)
    try:
        x, y = sd.variables("x y")
        s = x
        for _ in range(depth):
            s = STEP[step](s, x)
        found = s.diff(x, 3)
        value = found.evaluate({x: 0.5})
        table = sd.derivatives(s + y, [x, y], 2)
    finally:
        sys.setrecursionlimit(limit)
    assert operations(s, found) < 40 * depth
    assert value == pytest.approx(6 * sd.taylor(s, x, 0.5, 3)[3], rel=1e-9, nan_ok=True)
    assert table[2, 0].evaluate({x: 0.5}) == pytest.approx(2 * sd.taylor(s, x, 0.5, 2)[2], rel=1e-9, nan_ok=True)


def test_many_levels_of_towers():
    x = sd.Var("x")
    f, counts = x, []
    for _ in range(6):
        f = sd.exp(sd.sin(f)) * sd.tanh(f)
        counts.append(operations(f, f.diff(x, 6)))
    assert max(b - a for a, b in itertools.pairwise(counts)) < 350


@pytest.mark.parametrize("root", [sd.sqrt, sd.cbrt])
def test_whole_powers_of_roots_have_derivatives_at_0(root: Any) -> None:
    x = sd.Var("x")
    size = 2 if root is sd.sqrt else 3
    for k in (1, 2):
        f, plain = root(x) ** (k * size) * sd.sin(x + 1), x**k * sd.sin(x + 1)
        for n in range(1, 6):
            for at in (0.0, 0.5):
                expected = plain.diff(x, n).evaluate(x=at)
                assert f.diff(x, n).evaluate(x=at) == pytest.approx(expected, rel=1e-12, abs=1e-12)
    assert math.isnan((sd.sqrt(x) ** 2 * sd.sin(x)).diff(x, 2).evaluate(x=-1.0))
