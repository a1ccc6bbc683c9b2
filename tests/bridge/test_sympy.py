"""The SymPy bridge, out and in, for every operation of the table."""

from __future__ import annotations

import time
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy
from support import sample
from sympy.core.function import FunctionClass

import symdiff as sd
from symdiff.bridge.sympy_writer import _UNEVALUATED, Writer, _as_it_is, spelling
from symdiff.records import OPERATIONS

# Operations of the table itself: what other tests register later is theirs.
TABLE = [op for op in OPERATIONS if op is not None and hasattr(sd, op.class_name)]
BEYOND_ONE = dict.fromkeys(["acosh", "asec", "acsc", "acoth"], (1.75, 2.5))
POINTS = {**BEYOND_ONE, "floor": (1.375, 0.5), "ceil": (1.375, 0.5)}
NOT_DIFFERENTIATED = {
    "floor",
    "ceil",
    "trunc",
    "rint",
    "mod",
    "floor_divide",
    "fmod",
}  # SymPy 1.14 leaves their derivatives open


def place(op):
    return dict(zip(("x", "y"), POINTS.get(op.name, (0.375, 0.75)), strict=True))


def by_sympy(expr, point):
    values = {s: sympy.Rational(point[s.name]) for s in expr.free_symbols}
    return complex(expr.subs(values).doit().evalf(30)).real


def by_names(op):
    return op.name


@pytest.mark.parametrize("op", TABLE, ids=by_names)
def test_value_of_every_operation(op):
    f, point = sample(op), place(op)
    assert by_sympy(f.to_sympy(), point) == pytest.approx(f.evaluate(point), rel=1e-14)


@pytest.mark.parametrize("op", TABLE, ids=by_names)
def test_round_trip_of_every_operation(op):
    f, point = sample(op), place(op)
    back = sd.from_sympy(f.to_sympy())
    assert back.evaluate(point) == pytest.approx(f.evaluate(point), rel=1e-14)


@pytest.mark.parametrize("op", [op for op in TABLE if op.name not in NOT_DIFFERENTIATED], ids=by_names)
def test_derivative_of_every_operation(op):
    f, point = sample(op), place(op)
    expr = f.to_sympy()
    for name in ("x", "y"):
        theirs = by_sympy(expr.diff(sympy.Symbol(name, real=True)), point)
        assert f.gradient(name).evaluate(point) == pytest.approx(theirs, rel=1e-13, abs=1e-15)


def test_the_table_is_whole():
    assert len(TABLE) >= 55


# -- out ----------------------------------------------------------------------------------


def test_the_running_example():
    x, y = sd.variables("x y")
    s, t = sympy.symbols("x y", real=True)
    assert (x**2 * y + y + 2).to_sympy() == s**2 * t + t + 2
    assert sympy.sympify(x - 2 * y) == s - 2 * t


def test_constants():
    x = sd.Var("x")
    assert sd.to_sympy(sd.pi * x).args == (sympy.pi, sympy.Symbol("x", real=True))
    assert sd.to_sympy(sd.Const(Fraction(2, 3))) is sympy.Rational(2, 3) or sympy.Rational(2, 3)
    assert sd.to_sympy(sd.Const(True)) is sympy.true
    assert sd.to_sympy(sd.Const(float("inf"))) is sympy.oo
    assert sd.to_sympy(sd.Const(float("nan"))) is sympy.nan
    assert sd.to_sympy(sd.Const(1j)) == sympy.I
    assert sd.to_sympy(sd.e) is sympy.E


@pytest.mark.parametrize("digits", [15, 60])
def test_floats_are_the_binary_ones(digits):
    x = sd.Var("x")
    expr = sd.to_sympy(0.1 * x, digits)
    with mpmath.mp.workdps(50):
        exact = str(mpmath.nstr(mpmath.mpf(0.1) * 3, 45))
    found = str(expr.evalf(50, subs={sympy.Symbol("x", real=True): 3}))
    assert found.startswith(exact)


def test_lists_and_arrays():
    x, y = sd.variables("x y")
    assert sd.to_sympy([x, 1, x * y])[1] == 1
    found = sd.to_sympy(np.array([[x, y], [x + y, x * y]], dtype=object))
    assert found.shape == (2, 2)
    assert sympy.Matrix(found).shape == (2, 2)
    with pytest.raises(sd.SymdiffTypeError):
        sd.to_sympy("x")


def test_conditions_become_one_piecewise():
    x = sd.Var("x")
    f = sd.where(x > 1, x, sd.where(x > 0, x**2, 0))
    assert len(f.to_sympy().args) == 3
    s = sympy.Symbol("x")
    partial = sympy.Piecewise((s, s > 1), (s**2, s > 0))
    assert sd.from_sympy(partial).to_sympy() == partial


def test_an_operation_of_the_user_goes_out_and_comes_back():
    op = sd.operation("bridge_versine", lambda x: 1 - np.cos(x), lambda r, x: sd.sin(x))
    x = sd.Var("x")
    out = op(2 * x).to_sympy()
    assert str(out) == "bridge_versine(2*x)"
    assert sd.from_sympy(out) == op(2 * x)


# -- in ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "x**2*y + y + 2", "1 - x", "x - 2*y", "-x - y", "3*x/2", "x/y", "1/x", "2/(3*x)", "-x/y", "x**(-3/2)",
        "sqrt(x)/sqrt(y)", "exp(-x**2/2)", "x**y", "(x + y)*(x - y)", "x*(x + 1)/(y*(y + 2))", "log(x)/log(10)",
        "Max(3, x, y)", "Min(x, y)", "Abs(x)*sign(x)", "atan2(y, x)", "LambertW(x)", "polygamma(2, x)", "E**x + pi",
        "Heaviside(x)", "(x < y) & Ne(x, y)", "~(x < y) | (x >= 1)", "I*x", "EulerGamma", "0.1*x + 2.5",
    ],
)  # fmt: skip
def test_what_comes_in_goes_out_equal(text):
    expr = sympy.sympify(text)
    assert sd.from_sympy(expr).to_sympy() == expr


@pytest.mark.parametrize(
    "text",
    [
        "sec(x) + csc(x) + cot(x)", "sech(x) + csch(x) + coth(x)", "asec(1/x) + acsc(1/x) + acot(x)",
        "asech(x) + acsch(x) + acoth(1/x)", "Mod(7*x, y)", "Heaviside(x, 1)", "sinc(x)*jn(1, x)", "loggamma(x + 1)",
        "GoldenRatio*x", "erf(x)/erfc(x)", "log(x, 2)", "Piecewise((x, ITE(x < 1, y > 3, y < 5)), (2, True))",
    ],
)  # fmt: skip
def test_values_of_what_has_other_names(text):
    expr = sympy.sympify(text)
    point = {"x": 0.375, "y": 0.75}
    assert sd.from_sympy(expr).evaluate(point) == pytest.approx(by_sympy(expr, point), rel=1e-13)


@pytest.mark.parametrize(
    ("text", "printed"),
    [("x/y", "x/y"), ("1/x", "1/x"), ("1 - x", "1 - x"), ("x**2*y + y + 2", "x**2*y + y + 2"), ("-x/y", "-x/y")],
)
def test_it_reads_as_sympy_prints(text, printed):
    assert str(sd.from_sympy(sympy.sympify(text))) == printed


def test_rationals_stay_exact():
    x = sympy.Symbol("x")
    assert sd.from_sympy(x / 3 + sympy.Rational(1, 7)).evaluate(x=3) == Fraction(8, 7)


def test_symbols_come_back_as_themselves():
    given = [
        sympy.Symbol("x"), sympy.Symbol("x", positive=True), sympy.Dummy("x"), sympy.Dummy("x"),
        sympy.Symbol("x_{1}"), sympy.Symbol("y", integer=True), sympy.Function("q")(sympy.Symbol("t")),
        sympy.Function("q")(sympy.Symbol("t")).diff(),
    ]  # fmt: skip
    f = sd.from_sympy(sum(k * sympy.sin(s) for k, s in enumerate(given, 1)))
    assert len(f.variables) == len(given)
    found = f.to_sympy()
    atoms = {*found.free_symbols, *found.atoms(sympy.core.function.AppliedUndef, sympy.Derivative)}
    assert all(any(s is a for a in atoms) for s in given)
    assert sum(v.key == v.name for v in f.variables) == 5  # the second x and the Dummies have keys of their own


def test_matrices_and_lists_share_a_graph():
    x, y = sympy.symbols("x y")
    matrix = sd.from_sympy(sympy.Matrix([[x, y], [1, x * y]]))
    assert matrix.shape == (2, 2)
    assert sd.from_sympy(sympy.Array([[[x, y]]])).shape == (1, 1, 2)
    f, g, array = sd.from_sympy([sympy.sin(x), x + 1, sympy.Matrix([x])])
    assert f.graph is g.graph is array[0, 0].graph


@pytest.mark.parametrize(
    "expr",
    [
        sympy.zeta(sympy.Symbol("x")), sympy.Integral(sympy.Symbol("x") ** 2, (sympy.Symbol("x"), 0, 1)),
        sympy.zoo, sympy.LambertW(sympy.Symbol("x"), 1), sympy.Symbol("x", commutative=False),
        sympy.polygamma(sympy.Symbol("n"), 2), sympy.re(sympy.Symbol("z")), "x + 1", None,
    ],
)  # fmt: skip
def test_what_has_no_counterpart_is_named(expr):
    with pytest.raises(sd.SymdiffTypeError) as error:
        sd.from_sympy(expr)
    if isinstance(expr, sympy.Basic):
        assert type(expr).__name__ in str(error.value) or "symbol" in str(error.value) or "whole" in str(error.value)


# -- size -------------------------------------------------------------------------------------


def both_ways(f, point):
    start = time.perf_counter()
    back = sd.from_sympy(f.to_sympy())
    assert time.perf_counter() - start < 20
    return back.evaluate(point), f.evaluate(point)


STEPS = {
    "sin": sd.sin,
    "sin and sum": lambda f: sd.sin(f) + 0.125 * sd.Var("x"),
    "square": lambda f: f * f - sd.Var("y"),
    "where": lambda f: sd.where(f > sd.Var("x"), f * sd.Var("y"), sd.sin(f)),
    "maximum": lambda f: sd.maximum(sd.minimum(sd.sin(f), sd.Var("y")), sd.Var("x") * f),
    "relu": lambda f: sd.relu(f - sd.Var("y")) + sd.Var("x"),
    "log10": lambda f: sd.log10(f + 20),
    "abs": lambda f: sd.abs(f - sd.Var("y")),
}


@pytest.mark.parametrize("depth", [15, 5000])
@pytest.mark.parametrize("step", STEPS)
def test_deep_chains(step, depth):
    x, y = sd.variables("x y")
    f = x
    for _ in range(depth):
        f = STEPS[step](f)
    found, wanted = both_ways(f + y, {"x": 0.375, "y": 0.5})
    assert found == pytest.approx(wanted, rel=1e-12)


def test_long_sums_and_products():
    ws = sd.variables("w", 20000)
    point = {w: 1 + k / 20000 for k, w in enumerate(ws)}
    for f in (sum(sd.sin(w) for w in ws), -sum(-w for w in ws), np.prod(ws)):
        start = time.perf_counter()
        expr = f.to_sympy()
        back = sd.from_sympy(expr)
        assert time.perf_counter() - start < 20
        assert len(expr.args) == 20000
        wanted = f.evaluate(point)
        assert back.evaluate({w.name: v for w, v in point.items()}) == pytest.approx(wanted, rel=1e-11)


def test_running_sums_are_not_copied():
    ws = sd.variables("w", 3000)
    sums = [ws[0]]
    for w in ws[1:]:
        sums.append(sums[-1] + w)
    found, wanted = both_ways(sum(sd.sin(s) for s in sums), {w.name: 0.25 for w in ws})
    assert found == pytest.approx(wanted, rel=1e-11)


CLASSES = [
    op for op in TABLE if isinstance(spelling(op), FunctionClass) and op.name not in _UNEVALUATED and not op.conditions
]


@pytest.mark.parametrize("op", CLASSES, ids=lambda op: op.name)
def test_functions_of_deep_graphs_are_those_of_sympy_unevaluated(op):
    """They are made past SymPy's checks: the first of them is SymPy's, the second alike in all that it has."""
    cls = spelling(op)
    make = _as_it_is(cls)
    with sympy.evaluate(False):
        for names in ("a b", "c d"):
            operands = sympy.symbols(names, real=True)[: op.arity]
            made, plain = make(*operands), cls(*operands)
            assert made == plain
            assert hash(made) == hash(plain)
            assert made.nargs == plain.nargs
            assert vars(made).keys() == vars(plain).keys()
            assert made.is_commutative


def test_sums_and_products_of_large_graphs_are_sympys_unevaluated():
    x, y = sd.variables("x y")
    with sympy.evaluate(False):
        a, b = sympy.symbols("x y", real=True)
        wanted = a - b * (sympy.Integer(3) / a) + sympy.sin(a)
    writer = Writer(*_placed(x - y * (3 / x) + sd.sin(x)))
    writer.deep = True
    with writer.evaluation():
        found = list(writer.run().values())[-1]
    assert found.func == wanted.func == sympy.Add
    assert set(map(type, found.args)) == {sympy.Symbol, sympy.Mul, sympy.sin}
    values = {a: 0.7, b: 1.3}
    assert float(found.evalf(subs=values)) == pytest.approx(float(wanted.evalf(subs=values)), rel=1e-14)


def _placed(f):
    return f._graph, [f._index], 15
