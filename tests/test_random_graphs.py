"""Random graphs with shared nodes: every mode against every other, and against 50-digit arithmetic and SymPy.

What is compared says what is promised. On exact numbers all modes give equal
numbers, kinks included. On 50 digits they agree to 30. On floats with poles and
nan, values agree everywhere, and derivatives where nothing on the way is nan or
infinite.
"""

from __future__ import annotations

import copy
import math
import pickle
from fractions import Fraction
from typing import Any, NamedTuple

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from support import WAYS, WAYS_TWICE, agree, by_backpropagation, close, digits, exact, kind, twice_by_taylor

import symdiff as sd
from symdiff.records import by_name

EXAMPLES = 60
steady = settings(
    derandomize=True, database=None, max_examples=EXAMPLES, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)  # fmt: skip
few = settings(steady, max_examples=25)

FIELD = ("add", "sub", "mul", "neg")
STEPS = ("abs", "sign", "heaviside", "floor", "ceil", "minimum", "maximum", "relu", "where", "square", "cube")
IEEE = (*FIELD, *STEPS, "div", "sqrt", "inverse")  # rounded correctly, so alike everywhere
NUMPY_CHOOSES = ("minimum", "maximum", "relu")  # of two zeros it gives either
SAME_BITS = tuple(name for name in IEEE if name not in NUMPY_CHOOSES)
SMOOTH = (
    *FIELD, "mul", "div_safe", "square", "cube", "sin", "cos", "tanh", "atan", "asinh", "erf", "sigmoid", "softplus",
    "exp_small", "log_safe", "sqrt_safe", "hypot_safe", "logaddexp", "pow_safe", "sinc", "expm1_small",
)  # fmt: skip
SYMPY = tuple(name for name in SMOOTH if name not in ("sinc",))
EVERYTHING = (*IEEE, *SMOOTH, "pow", "exp", "log", "atan2", "asin", "gamma", "tan", "lambertw")

FORMULAS = {
    "square": lambda a: a**2,
    "cube": lambda a: a**3,
    "inverse": lambda a: a**-1,
    "div_safe": lambda a, b: a / (b**2 + 1),
    "exp_small": lambda a: sd.exp(sd.sin(a)),
    "expm1_small": lambda a: sd.expm1(sd.cos(a)),
    "log_safe": lambda a: sd.log(a * a + 2),
    "sqrt_safe": lambda a: sd.sqrt(a**2 + 1),
    "hypot_safe": lambda a, b: sd.hypot(a, sd.exp(sd.tanh(b))),
    "pow_safe": lambda a, b: (sd.sin(a) + 2) ** sd.cos(b),
    "where": lambda a, b, c, d: sd.where(a < b, c, d),
}
ARITY = {name: function.__code__.co_argcount for name, function in FORMULAS.items()}


class Program(NamedTuple):
    """A recipe for an expression: the same one can be built in several graphs."""

    names: tuple[str, ...]
    constants: tuple[Any, ...]
    steps: tuple[tuple[str, tuple[int, ...]], ...]

    def build(self) -> tuple[Any, list[Any]]:
        """The expression and its variables in the graph of the moment."""
        xs = [sd.Var(name) for name in self.names]
        nodes = [*xs, *map(sd.Const, self.constants)]
        for name, operands in self.steps:
            args = [nodes[k] for k in operands]
            nodes.append(FORMULAS[name](*args) if name in FORMULAS else by_name(name)(*args))
        return nodes[-1], xs


def arity(name: str) -> int:
    return ARITY[name] if name in ARITY else by_name(name).arity


EXACT_CONSTANTS = (0, 1, 2, -1, 3, Fraction(1, 2), Fraction(-3, 4))
FLOAT_CONSTANTS = (*EXACT_CONSTANTS, 0.0, -0.0, 1.0, -2.0, 0.5, math.inf, -math.inf, math.nan)


@st.composite
def programs(draw: Any, names: tuple[str, ...], constants: tuple[Any, ...] = EXACT_CONSTANTS, most: int = 15) -> Any:
    """Operations on earlier nodes; the late ones are used more often, several times each."""
    variables = tuple("xyz"[: draw(st.integers(2, 3))])
    held = tuple(draw(st.lists(st.sampled_from(constants), max_size=2)))
    steps: list[tuple[str, tuple[int, ...]]] = []
    for _ in range(draw(st.integers(3, most))):
        name = draw(st.sampled_from(names))
        size = len(variables) + len(held) + len(steps)
        near = st.integers(max(0, size - 4), size - 1)
        steps.append((name, tuple(draw(st.one_of(near, st.integers(0, size - 1))) for _ in range(arity(name)))))
    return Program(variables, held, tuple(steps))


def points(values: Any) -> Any:
    return st.tuples(values, values, values)


small_fractions = st.sampled_from([0, 1, -1, 2, 3, Fraction(1, 2), Fraction(-1, 2), Fraction(3, 4), Fraction(-5, 3)])
moderate = st.sampled_from([0.0, 0.25, -0.5, 0.75, 1.0, -1.25, 1.5, 2.0, -2.5, 0.1, 1.3])
special = st.sampled_from([0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -3.5, 1e-300, 1e300, -1e300, math.inf, -math.inf, math.nan])


def at_point(xs: list[Any], values: Any) -> dict[Any, Any]:
    return dict(zip(xs, values, strict=False))


def mp_point(xs: list[Any], values: Any) -> dict[Any, Any]:
    return {x: exact(v) for x, v in zip(xs, values, strict=False)}


def magnitude(f: Any, point: dict[Any, Any]) -> Any:
    """The largest value on the way, and at least 1: what rounding errors are measured by."""
    return max(1, *[abs(v) for v in f.node_values(point).values() if not isinstance(v, (bool, np.bool_))])


# -- exact numbers: equality -----------------------------------------------------------


@steady
@given(programs((*FIELD, *STEPS)), points(small_fractions))
def test_on_fractions_all_modes_give_the_same_number(program, values):
    """No rounding, so nothing but equality will do; ties and kinks are met all the time."""
    f, xs = program.build()
    point = at_point(xs, values)
    assume(max(v.denominator.bit_length() + v.numerator.bit_length() for v in _numbers(f, point)) < 400)
    found = {name: WAYS[name](f, xs, point) for name in ("symbols", "duals", "taylor_series", "taylor", "jvp", "vjp")}
    found["backpropagation"] = [f.backpropagate(point, seed=1).get(x, 0) for x in xs]
    for name in ("forward_jacobian", "reverse_jacobian", "adjoint_expressions"):
        found[name] = WAYS[name](f, xs, point)
    assert all(row == found["symbols"] for row in found.values()), found


def _numbers(f: Any, point: dict[Any, Any]) -> list[Any]:
    return [v for v in f.node_values(point).values() if not isinstance(v, bool)]


@steady
@given(programs((*FIELD, *STEPS), most=8), points(small_fractions))
def test_on_fractions_all_second_derivatives_are_the_same_number(program, values):
    f, xs = program.build()
    point = at_point(xs, values)
    assume(max(v.denominator.bit_length() + v.numerator.bit_length() for v in _numbers(f, point)) < 200)
    found = {name: WAYS_TWICE[name](f, xs, point) for name in ("symbols", "duals", "diff", "products")}
    rows = [g.backpropagate(point, seed=1) for g in f.gradient(xs)]
    found["backpropagation"] = [[row.get(x, 0) for x in xs] for row in rows]
    assert all(rows == found["symbols"] for rows in found.values()), found
    matrix = found["symbols"]
    assert all(matrix[i][j] == matrix[j][i] for i in range(len(xs)) for j in range(i))
    assert twice_by_taylor(f, xs, point) == [matrix[k][k] for k in range(len(xs))]


@steady
@given(programs((*FIELD, *STEPS)), points(small_fractions))
def test_on_fractions_simplification_changes_no_value_and_no_derivative(program, values):
    with sd.Graph(simplify=False):
        raw, raw_xs = program.build()
    with sd.Graph():
        f, xs = program.build()
    point, raw_point = at_point(xs, values), at_point(raw_xs, values)
    assume(max(v.denominator.bit_length() + v.numerator.bit_length() for v in _numbers(f, point)) < 400)
    assert raw.evaluate(raw_point) == f.evaluate(point)
    expected = sd.evaluate(list(f.gradient(xs)), point)
    assert sd.evaluate(list(raw.gradient(raw_xs)), raw_point) == expected
    assert [raw.backpropagate(raw_point, seed=1).get(x, 0) for x in raw_xs] == expected
    assert f.evaluate(raw_point) == f.evaluate(point)  # variables are known by name


@steady
@given(programs((*FIELD, *STEPS)), points(small_fractions))
def test_exact_values_stay_exact(program, values):
    f, xs = program.build()
    value = f.evaluate(at_point(xs, values))
    assert type(value) in (int, Fraction)
    assert type(value) is int or value.denominator != 1


# -- 50 digits: agreement to 30 --------------------------------------------------------------


@steady
@given(programs(SMOOTH), points(moderate))
def test_all_first_derivatives_agree_with_differences_of_50_digits(program, values):
    f, xs = program.build()
    with digits():
        point = mp_point(xs, values)
        assume(magnitude(f, point) < 1e12)
        scale = max(1, *[abs(a) for a in f.node_adjoints(point).values()])
        assume(scale < 1e12)
        found = {name: WAYS[name](f, xs, point) for name in WAYS if name != "a_python_function"}
        for k, x in enumerate(xs):
            expected = mpmath.diff(lambda t, x=x: f.evaluate({**point, x: t}) + mpmath.mpf(0), point[x])
            for name, row in found.items():
                assert close(row[k], expected, 1e-30, scale), (name, x, row[k], expected)


def test_mpmath_values_with_a_vector_of_tangents_keep_their_digits():
    x = sd.Var("x")
    f = sd.sin(sd.Const(1)) * x
    with digits():
        found = f.evaluate({x: sd.DualNumber(mpmath.mpf(2), np.array([1.0, 0.0]))})
        assert close(found.value, 2 * mpmath.sin(1), 1e-45)
        assert close(found.eps[0], mpmath.sin(1), 1e-45)
        assert close(sd.gradient(lambda t: f.evaluate({x: t}), mpmath.mpf(2))[0], mpmath.sin(1), 1e-45)


@steady
@given(programs(SMOOTH, most=9), points(moderate), points(st.sampled_from([0, 1, -2, Fraction(1, 2)])))
def test_all_second_derivatives_agree_to_30_digits(program, values, direction):
    f, xs = program.build()
    direction = list(direction[: len(xs)])
    with digits():
        point = mp_point(xs, values)
        assume(magnitude(f, point) < 1e8)
        found = {name: WAYS_TWICE[name](f, xs, point) for name in WAYS_TWICE if name != "a_python_function"}
        for mode in ("forward", "reverse"):
            jacobian = sd.jacobian(f.gradient(xs), xs, mode=mode)
            found["jacobian, " + mode] = [sd.evaluate(list(row), point) for row in jacobian]
        expected = found["symbols"]
        scale = max(1, *[abs(v) for row in expected for v in row])
        for name, rows in found.items():
            for i, j in np.ndindex(len(xs), len(xs)):
                assert close(rows[i][j], expected[i][j], 1e-30, scale), (name, i, j)
        for k, value in enumerate(twice_by_taylor(f, xs, point)):
            assert close(value, expected[k][k], 1e-30, scale)
        product = sd.evaluate(list(sd.hvp(f, xs, direction)), point)
        for got, row in zip(product, expected, strict=True):
            assert close(got, mpmath.fsum(h * exact(d) for h, d in zip(row, direction, strict=True)), 1e-30, scale)
        x = xs[0]
        first = lambda t: f.gradient(x).evaluate({**point, x: t}) + mpmath.mpf(0)  # noqa: E731
        assert close(expected[0][0], mpmath.diff(first, point[x]), 1e-30, scale)


@steady
@given(programs(SMOOTH, most=8), points(moderate))
def test_taylor_coefficients_are_repeated_derivatives(program, values):
    f, xs = program.build()
    x = xs[-1]
    with digits():
        point = mp_point(xs, values)
        assume(magnitude(f, point) < 1e8)
        expected = [f.diff(x, n).evaluate(point) / mpmath.factorial(n) for n in range(4)]
        scale = max(1, *map(abs, expected))
        series = f.evaluate({**point, x: sd.TaylorSeries([point[x], 1, 0, 0])})
        ways = {
            "numeric": sd.taylor(f, x, point, 3),
            "symbolic": sd.evaluate(sd.taylor(f, x, order=3), point),
            "series": series.coefficients if isinstance(series, sd.TaylorSeries) else [series, 0, 0, 0],
            "shorter": [*sd.taylor(f, x, point, 1), *expected[2:]],
        }
        for name, got in ways.items():
            assert len(got) == 4
            assert all(close(g, e, 1e-30, scale) for g, e in zip(got, expected, strict=True)), (name, got, expected)


@steady
@given(programs(SMOOTH), points(moderate))
def test_jacobians_forward_and_reverse_agree(program, values):
    """Of several nodes of one graph, so that sweeps share."""
    f, xs = program.build()
    outputs = [e for e in f.nodes() if e.args][-3:] or [f]
    with digits():
        point = mp_point(xs, values)
        assume(magnitude(f, point) < 1e12)
        jacobians = {
            mode: [sd.evaluate(list(row), point) for row in sd.jacobian(outputs, xs, mode=mode)]
            for mode in ("forward", "reverse", "auto")
        }
        scale = max(1, *[abs(v) for row in jacobians["reverse"] for v in row])
        for mode, rows in jacobians.items():
            for i, j in np.ndindex(len(outputs), len(xs)):
                assert close(rows[i][j], jacobians["reverse"][i][j], 1e-30, scale), (mode, i, j)
        weights = [1, Fraction(-1, 2), 3][: len(outputs)]
        pulled = sd.evaluate(list(sd.vjp(outputs, xs, weights)), point)
        by_numbers = sd.backpropagate(outputs, point, seed=[exact(w) for w in weights])
        for j, x in enumerate(xs):
            expected = mpmath.fsum(exact(w) * row[j] for w, row in zip(weights, jacobians["reverse"], strict=True))
            assert close(pulled[j], expected, 1e-30, scale)
            assert close(by_numbers.get(x, 0), expected, 1e-30, scale)


@steady
@given(programs((*SMOOTH, *SMOOTH, "div", "exp", "log", "pow", "sqrt")), points(moderate))
def test_simplification_changes_no_value_and_no_derivative(program, values):
    with sd.Graph(simplify=False):
        raw, raw_xs = program.build()
    with sd.Graph():
        f, xs = program.build()
    with digits():
        point, raw_point = mp_point(xs, values), mp_point(raw_xs, values)
        assume(all(mpmath.isfinite(v) and abs(v) < 1e12 for v in raw.node_values(raw_point).values()))
        assume(all(mpmath.isfinite(v) for v in raw.node_adjoints(raw_point).values()))
        scale = max(1, *[abs(v) for v in raw.node_adjoints(raw_point).values()])
        assert close(raw.evaluate(raw_point), f.evaluate(point), 1e-30, magnitude(raw, raw_point))
        expected = by_backpropagation(raw, raw_xs, raw_point)
        ways = {
            "raw symbols": sd.evaluate(list(raw.gradient(raw_xs)), raw_point),
            "symbols": sd.evaluate(list(f.gradient(xs)), point),
            "backpropagation": by_backpropagation(f, xs, point),
        }
        for name, row in ways.items():
            for got, want in zip(row, expected, strict=True):
                assert close(got, want, 1e-30, scale), (name, row, expected)


@few
@given(programs(SYMPY, most=6), points(st.sampled_from([0.25, -0.5, 0.75, 1.0, -1.25, 1.5])))
def test_sympy_differentiates_to_the_same_numbers(program, values):
    f, xs = program.build()
    symbols = [sympy.Symbol(x.name) for x in xs]
    there = f.to_sympy()
    assert set(map(str, there.free_symbols)) <= {x.name for x in xs}
    there = there.xreplace({s: symbols[k] for k, x in enumerate(xs) for s in there.free_symbols if s.name == x.name})
    substitution = {s: sympy.Rational(v) for s, v in zip(symbols, values, strict=False)}
    with digits():
        point = mp_point(xs, values)
        assume(magnitude(f, point) < 1e8)
        quantities = [(f, there)]
        quantities += [(f.gradient(x), sympy.diff(there, s)) for x, s in zip(xs, symbols, strict=True)]
        quantities.append((f.diff(xs[0], xs[1]), sympy.diff(there, symbols[0], symbols[1])))
        for ours, theirs in quantities:
            value = sympy.sympify(theirs).xreplace(substitution).evalf(30, maxn=400)
            assert close(ours.evaluate(point), mpmath.mpf(str(value)), 1e-25, 1.0), (ours, theirs)


# -- floats ------------------------------------------------------------------------------------


@steady
@given(programs(SMOOTH), points(moderate))
def test_floats_are_near_50_digits_in_every_mode(program, values):
    """As near as the largest number on the way lets them be."""
    f, xs = program.build()
    point = at_point(xs, values)
    size = magnitude(f, point)
    slopes = max(1.0, *[abs(a) for a in f.node_adjoints(point).values()])
    assume(size < 1e4)
    assume(slopes < 1e6)
    with digits():
        value = f.evaluate(mp_point(xs, values))
        expected = by_backpropagation(f, xs, mp_point(xs, values))
    assert close(f.evaluate(point), value, 1e-12, size * slopes)
    for name in WAYS:
        for got, want in zip(WAYS[name](f, xs, point), expected, strict=True):
            assert close(got, want, 1e-11, size * slopes), (name, got, want)


@steady
@given(programs(SAME_BITS, FLOAT_CONSTANTS), st.lists(points(special), min_size=2, max_size=5))
def test_arrays_have_the_values_of_their_numbers_wherever_these_lie(program, rows):
    """Poles, bad domains, infinities, nan: operations that round correctly give the same bits."""
    f, xs = program.build()
    arrays = at_point(xs, [np.array(column) for column in zip(*rows, strict=True)])
    got = np.broadcast_to(f.evaluate(arrays), (len(rows),))
    for row, value in zip(rows, got, strict=True):
        number = f.evaluate(at_point(xs, row))
        assert type(number) is float or not f.variables
        assert agree({"number": float(number), "array": float(value)}, rel=0.0), (row, number, value)


@steady
@given(programs(EVERYTHING, FLOAT_CONSTANTS), st.lists(points(moderate), min_size=2, max_size=4))
def test_arrays_have_the_values_of_their_numbers_for_all_operations(program, rows):
    f, xs = program.build()
    arrays = at_point(xs, [np.array(column) for column in zip(*rows, strict=True)])
    got = np.broadcast_to(f.evaluate(arrays), (len(rows),))
    checked = False
    for row, value in zip(rows, got, strict=True):
        point = at_point(xs, row)
        on_the_way = [float(v) for v in f.node_values(point).values()]
        if not all(map(math.isfinite, on_the_way)) or max(map(abs, on_the_way)) > 1e6:
            continue
        assume(_apart(f, point))
        checked = True
        slopes = max(1.0, *[abs(a) for a in map(float, f.node_adjoints(point).values()) if math.isfinite(a)])
        assert close(value, f.evaluate(point), 1e-12, slopes * max(map(abs, on_the_way))), (row, value)
    assume(checked)


def _apart(f: Any, point: dict[Any, Any]) -> bool:
    """Whether no kink is so near that rounding decides on which side of it a value lies."""
    values = f.node_values(point)
    for e in values:
        operands = [float(values[a]) for a in e.args]
        if e.op is not None and (e.op.kinks or e.op.boolean):
            near = [abs(a - round(a)) for a in operands] + [abs(operands[0] - b) for b in operands[1:]]
            if any(0 <= n < 1e-9 for n in near):
                return False
    return True


@steady
@given(programs(EVERYTHING, FLOAT_CONSTANTS), points(special))
def test_values_agree_in_every_mode_wherever_they_lie(program, values):
    """Duals and series carry the value that plain evaluation gives; nothing raises, nothing warns."""
    f, xs = program.build()
    point = at_point(xs, values)
    value = f.evaluate(point)
    dual = f.evaluate({**point, xs[0]: sd.DualNumber(point[xs[0]], 1.0)})
    series = f.evaluate({**point, xs[0]: sd.TaylorSeries([point[xs[0]], 1.0, 0.0])})
    carried = {
        "float": float(value),
        "dual": float(dual.value if isinstance(dual, sd.DualNumber) else dual),
        "series": float(series.main if isinstance(series, sd.TaylorSeries) else series),
        "adjoints": float(value if not f.variables else f.node_values(point)[f]),
    }
    assert agree(carried, rel=1e-9), carried


@steady
@given(programs((*FIELD, *STEPS, "sqrt", "div", "inverse", "exp", "log"), FLOAT_CONSTANTS), points(special))
def test_derivatives_of_floats_agree_where_nothing_on_the_way_is_infinite(program, values):
    """Values, slopes and adjoints finite: then every mode gives the same gradient. Else none raises."""
    f, xs = program.build()
    point = at_point(xs, values)
    names = ("symbols", "duals", "backpropagation", "taylor_series", "jvp", "vjp", "forward_jacobian")
    found = {name: WAYS[name](f, xs, point) if name != "backpropagation" else by_backpropagation(f, xs, point)
             for name in names}  # fmt: skip
    on_the_way = [*f.node_values(point).values(), *f.node_adjoints(point).values()]
    on_the_way += [v for row in found.values() for v in row]
    assume(all(math.isfinite(v) and abs(v) < 1e100 for v in map(float, on_the_way)))
    scale = max(1.0, *[abs(float(v)) for v in on_the_way])
    for k in range(len(xs)):
        assert agree({name: row[k] for name, row in found.items()}, 1e-12, scale * 1e-2), (xs[k], found)


@steady
@given(programs((*FIELD, *STEPS), EXACT_CONSTANTS), points(special))
def test_what_no_product_with_zero_hides_is_nan_or_infinite_in_every_mode(program, values):
    """Where one of the modes has nan, none has another finite number than 0."""
    f, xs = program.build()
    point = at_point(xs, values)
    found = {
        "backpropagation": by_backpropagation(f, xs, point),
        "duals": WAYS["duals"](f, xs, point),
        "series": WAYS["taylor_series"](f, xs, point),
    }
    for k in range(len(xs)):
        results = {name: float(row[k]) for name, row in found.items()}
        kinds = {kind(v) for v in results.values()}
        assert len(kinds) == 1 or "nan" in kinds or all(abs(v) > 1e250 for v in results.values()), results


# -- copies ----------------------------------------------------------------------------------


@steady
@given(programs(EVERYTHING, FLOAT_CONSTANTS))
def test_copies_are_equal(program):
    f, xs = program.build()
    copies = {
        "pickle": pickle.loads(pickle.dumps(f)),
        "deepcopy": copy.deepcopy(f),
        "copy": copy.copy(f),
        "replace": f.replace({x: x for x in xs}),
        "there and back": f.replace({xs[0]: sd.Var("t")}).replace({sd.Var("t"): xs[0]}),
        "built again": program.build()[0],
    }
    with sd.Graph():
        copies["another graph"] = program.build()[0]
    for name, other in copies.items():
        assert other == f, name
        assert hash(other) == hash(f), name
        assert str(other) == str(f), name
        assert [str(g) for g in other.gradient(list(other.variables))] == [
            str(g) for g in f.gradient(list(f.variables))
        ], name


@steady
@given(programs(SMOOTH), points(moderate))
def test_replacing_variables_by_numbers_is_evaluation(program, values):
    f, xs = program.build()
    point = at_point(xs, values)
    replaced = f.replace(point)
    assert replaced.variables == ()
    assert close(replaced.evaluate({}), f.evaluate(point), 1e-12, magnitude(f, point))


@steady
@given(programs(SMOOTH, most=8), points(moderate))
def test_composition_follows_the_chain_rule(program, values):
    """x := sin(t), y := t**2, z := t: the derivative by t from the partial derivatives."""
    f, xs = program.build()
    t = sd.Var("t")
    inner = [sd.sin(t), t**2, t][: len(xs)]
    composed = f.replace(dict(zip(xs, inner, strict=True)))
    with digits():
        at = {t: exact(values[0])}
        point = {x: g.evaluate(at) for x, g in zip(xs, inner, strict=True)}
        assume(magnitude(f, point) < 1e8)
        partials = sd.evaluate(list(f.gradient(xs)), point)
        slopes = sd.evaluate([g.gradient(t) for g in inner], at)
        expected = mpmath.fsum(p * s for p, s in zip(partials, slopes, strict=True))
        scale = max(1, *[abs(p * s) for p, s in zip(partials, slopes, strict=True)])
        assert close(composed.gradient(t).evaluate(at), expected, 1e-30, scale)
        assert close(sd.derivative(lambda v: composed.evaluate({t: v}), at[t]), expected, 1e-30, scale)


# -- sharing: factors that paths use a different number of times ---------------------------------


def _repeated(x: Any, y: Any) -> Any:
    for _ in range(12):
        x, y = sd.sin(x) * y, x + y * x
    return x + y


def _ladder(x: Any, y: Any) -> Any:
    e = sd.exp(x - y)
    return e * x + sd.log(e * e + 1) * (e + x) - e**3 / (1 + e)


SHARED = {
    "exp(a - b)*a": lambda a, b: sd.exp(a - b) * a,
    "the factor once more outside": lambda a, b: sd.exp(a - b) * a + sd.exp(a - b),
    "the factor in itself": lambda a, b: sd.sin(sd.exp(a - b) * a) * sd.exp(a - b),
    "one path used twice, one thrice": lambda a, b: (a * b) ** 2 * sd.tanh(a * b) + sd.cos(a) * (a * b) * sd.cos(a),
    "a sum in a product in a sum": lambda a, b: (a + b * (a + b)) * (a + b) - (a + b),
    "diamonds": _repeated,
    "a ladder": _ladder,
    "a quotient of itself": lambda a, b: (a * b + 1) / (a * b + 2) * (a * b),
    "difference of equals": lambda a, b: sd.sin(a * b) - sd.sin(a * b) + b * a - a * b,
}


@pytest.mark.parametrize("function", SHARED.values(), ids=SHARED)
def test_shared_factors(function):
    x, y = xs = sd.variables("x y")
    f = function(x, y)
    with digits():
        for values in ((0.75, -0.5), (1.25, 0.5), (0.0, 1.0)):
            point = mp_point(list(xs), values)

            def value(a: Any, b: Any) -> Any:
                return f.evaluate({x: a, y: b}) + mpmath.mpf(0)

            at = (point[x], point[y])
            first = [mpmath.diff(value, at, (1, 0)), mpmath.diff(value, at, (0, 1))]
            mixed = mpmath.diff(value, at, (1, 1))
            second = [[mpmath.diff(value, at, (2, 0)), mixed], [mixed, mpmath.diff(value, at, (0, 2))]]
            scale = max(1, *map(abs, [*first, *second[0], *second[1]]))
            for name, way in WAYS.items():
                for got, want in zip(way(f, xs, point), first, strict=True):
                    assert close(got, want, 1e-30, scale), (name, values)
            for name, way in WAYS_TWICE.items():
                for row, wanted in zip(way(f, xs, point), second, strict=True):
                    for got, want in zip(row, wanted, strict=True):
                        assert close(got, want, 1e-30, scale), (name, values)


@few
@given(st.integers(1, 40), points(moderate))
@example(40, (0.5, 0.5, 0.5))
def test_exponentially_many_paths_take_linear_work(depth, values):
    """Each step uses its predecessor three times: 3**40 paths, 40 steps."""
    x, y = xs = sd.variables("x y")
    f = x
    for _ in range(depth):
        f = sd.sin(f) * sd.cos(f) + f * y / 2
    gradient = f.gradient(list(xs))
    assert sum(1 for _ in gradient[0].nodes()) < 25 * depth + 30
    point = at_point(list(xs), values)
    found = {name: WAYS[name](f, xs, point) for name in ("symbols", "duals", "backpropagation", "taylor_series")}
    scale = max(1.0, *[abs(v) for v in f.node_adjoints(point).values()])
    for k in range(2):
        assert agree({name: row[k] for name, row in found.items()}, 1e-9, scale), found
