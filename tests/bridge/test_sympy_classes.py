"""What each class of SymPy becomes: its value, and an error that names it where there is nothing."""

from __future__ import annotations

import itertools
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy
from sympy import Function, Piecewise, Rational, Symbol
from sympy.codegen import cfunctions

import symdiff as sd

x, y, z, t = sympy.symbols("x y z t")
r = Symbol("r", real=True)
q = Function("q")(t)
f = Function("f")
M = sympy.MatrixSymbol("M", 2, 2)


class Bessel(Function):
    """A function whose derivative SymPy is not told."""

    def fdiff(self, argindex=1):
        raise sympy.core.function.ArgumentIndexError(self, argindex)


def at(expr, **point):
    """Its value by SymPy at 30 digits."""
    values = {s: Rational(point[s.name]) for s in expr.free_symbols}
    return complex(expr.subs(values).doit().evalf(30))


# -- conditions ---------------------------------------------------------------------------

A, B, C = x < 1, y < 1, sympy.Ne(z, 2)
CONDITIONS = [
    A & B, A | B, ~A, ~(A & B), sympy.Xor(A, B), sympy.Xor(A, B, C), sympy.Nand(A, B), sympy.Nor(A, B, C),
    sympy.Implies(A, B), sympy.Equivalent(A, B), sympy.Equivalent(A, B, C), sympy.ITE(A, B, C), sympy.Eq(x, y),
    sympy.Contains(x, sympy.Interval.Lopen(0, 1)), sympy.Contains(x, sympy.FiniteSet(0, 2), evaluate=False),
    sympy.And(A, sympy.Or(B, ~C)), sympy.Ge(x, y), sympy.Gt(x, y), sympy.Le(x, y),
]  # fmt: skip


@pytest.mark.parametrize("condition", CONDITIONS, ids=str)
def test_conditions(condition):
    came = sd.from_sympy(condition)
    chosen = sd.from_sympy(Piecewise((x + 10, condition), (y, True), evaluate=False))
    back = chosen.to_sympy()
    for a, b, c in itertools.product((0, 1, 2), repeat=3):
        place = {x: a, y: b, z: c}
        truth = bool(condition.subs(place))
        assert came.evaluate(place) is truth
        assert chosen.evaluate(place) == (a + 10 if truth else b)
        assert back.subs(place) == (a + 10 if truth else b)


def test_piecewise_without_default_within_others():
    inner = Piecewise((x, x < 0), (y, y > 1))
    given = Piecewise((inner, x < 2), (sympy.exp(x), sympy.Ne(y, 0)), evaluate=False)
    came = sd.from_sympy(given)
    for a, b in [(-1, 0), (1, 3), (1, 0), (3, 1), (3, 0)]:
        wanted = float(given.subs({x: a, y: b}))
        for found in (came.evaluate({x: a, y: b}), float(came.to_sympy().subs({x: a, y: b}))):
            assert found == pytest.approx(wanted, nan_ok=True)
    assert came.gradient(x).evaluate({x: 3.0, y: 1.0}) == pytest.approx(np.exp(3.0))


# -- numbers --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "constant", ["pi", "E", "EulerGamma", "GoldenRatio", "Catalan", "TribonacciConstant", "I", "Rational(22, 7)"]
)
def test_constants_at_fifty_digits(constant):
    given = sympy.sympify(constant)
    came = sd.from_sympy(given * x)
    with mpmath.mp.workdps(50):
        wanted = mpmath.mpmathify(given.evalf(60)) * 3
        assert abs(came.evaluate({x: mpmath.mpf(3)}) - wanted) < mpmath.mpf(10) ** -48
        assert abs(mpmath.mpmathify(came.to_sympy().evalf(60, subs={x: 3})) - wanted) < mpmath.mpf(10) ** -48


@pytest.mark.parametrize("text", ["0.1", "1e400", "-3e-420", "1.25e-310", "123456789.123456789123456789", "0.5"])
@pytest.mark.parametrize("places", [15, 50])
def test_floats_keep_every_digit(text, places):
    given = sympy.Float(text, places)
    came = sd.from_sympy(given)
    with mpmath.mp.workdps(60):
        exact = mpmath.mp.make_mpf(given._mpf_)
        assert sd.from_sympy(given * x).evaluate({x: mpmath.mpf(1)}) == exact
        assert mpmath.mp.make_mpf(came.to_sympy()._mpf_) == exact


def test_a_product_with_a_long_float_is_accurate():
    came = sd.from_sympy(sympy.Float("0.1", 50) * sympy.sin(x))
    with mpmath.mp.workdps(50):
        assert mpmath.almosteq(came.evaluate({x: mpmath.mpf(1)}), mpmath.sin(1) / 10, 1e-48)
    assert came.evaluate({x: 1.0}) == pytest.approx(0.1 * np.sin(1.0))


# -- powers and other functions ---------------------------------------------------------------

POWERS = [
    x**-3, x ** Rational(-2, 3), x ** Rational(5, 3), x**y, x ** (-y), (x + y) ** -Rational(1, 2), 2**x, sympy.E**-x,
    sympy.cbrt(x), sympy.root(x, 5), sympy.real_root(r, 3), sympy.real_root(x, 3), x**2.5, (-x) ** 2, sympy.sqrt(2) * x,
    1 / (x * y**2), -x / (2 * y), (x / y) ** 3,
]  # fmt: skip
FUNCTIONS = [
    sympy.log(x, 3), sympy.log(x, y), sympy.log(x, 10, evaluate=False), sympy.exp(1, evaluate=False) * x,
    sympy.Max(x, y, z, Rational(1, 3), x * y), sympy.Min(x, y, z, 3), sympy.Abs(x - y), sympy.sign(x - 1) * x,
    sympy.Heaviside(x - 1, 0), sympy.Heaviside(x - Rational(3, 8), 1), sympy.Heaviside(x - Rational(3, 8)),
    sympy.factorial(x), sympy.binomial(y, x), sympy.beta(x, y), sympy.frac(7 * x),
    sympy.Mod(7 * x, y),
    sympy.loggamma(x), sympy.polygamma(0, x), sympy.polygamma(3, x), sympy.jn(2, x), sympy.sinc(x), sympy.LambertW(x),
    sympy.floor(3 * x), sympy.ceiling(3 * x), sympy.atan2(x, y), sympy.UnevaluatedExpr(x + y) * 2,
    sympy.Poly(x**2 + 1, x), cfunctions.expm1(x), cfunctions.log1p(x) + cfunctions.log2(x) + cfunctions.log10(y),
]  # fmt: skip


@pytest.mark.parametrize("expr", POWERS + FUNCTIONS, ids=str)
def test_values_both_ways(expr):
    point = {"x": 0.375, "y": 0.75, "z": 2.5, "r": -0.375}
    wanted = at(expr.as_expr() if isinstance(expr, sympy.Poly) else expr, **point)
    came = sd.from_sympy(expr)
    assert came.evaluate(point) == pytest.approx(wanted.real, rel=1e-13)
    assert at(came.to_sympy(), **point) == pytest.approx(wanted, rel=1e-13)


@pytest.mark.parametrize("name", ["arcsin", "log10", "sigmoid", "expm1", "softplus", "arctan2"])
def test_functions_that_only_numpy_or_we_name_so_are_meant(name):
    arguments = "x, y" if name == "arctan2" else "x"
    came = sd.from_sympy(sympy.sympify(f"{name}({arguments})"))
    assert came == sd.parse(f"{name}({arguments})")


def test_functions_of_the_code_printers_that_sympy_has_no_value_for():
    u, v = sd.variables("x y")
    assert sd.from_sympy(cfunctions.hypot(x, y) * cfunctions.Cbrt(x)) == sd.cbrt(u) * sd.hypot(u, v)
    assert sd.from_sympy(sympy.erf2(x, y)) == sd.erf(v) - sd.erf(u)


def test_imaginary_units_and_complex_values():
    came = sd.from_sympy((1 + 2 * sympy.I) * sympy.exp(sympy.I * x))
    with mpmath.mp.workdps(40):
        assert mpmath.almosteq(came.evaluate({x: mpmath.mpf(2)}), (1 + 2j) * mpmath.expj(2), 1e-38)
    assert came.evaluate({x: 2.0}) == pytest.approx((1 + 2j) * np.exp(2j))


# -- what is left open, and what has none --------------------------------------------------------


def test_open_derivatives_and_substitutions_are_carried_out():
    assert sd.from_sympy(sympy.Derivative(x * sympy.sin(x), x)).to_sympy() == (x * sympy.sin(x)).diff(x)
    assert sd.from_sympy(sympy.Derivative(q * sympy.sin(q), t)).to_sympy() == (q * sympy.sin(q)).diff(t)
    assert sd.from_sympy(sympy.Subs(x**2 + y, x, y)).to_sympy() == y**2 + y


def test_functions_of_time_are_variables_whatever_they_are_called():
    alpha, gamma = sympy.symbols("beta gamma", cls=Function)
    angles = [alpha(t), gamma(t), gamma(t).diff(t), gamma(t).diff(t, 2), Function("sign")(t)]
    came = sd.from_sympy(sum(k * sympy.sin(a) for k, a in enumerate(angles, 1)))
    assert {v._cell.origin for v in came.variables} == set(angles)


def test_entries_of_symbolic_arrays_are_variables():
    a = sympy.IndexedBase("a")
    came = sd.from_sympy(a[1] * M[0, 1] + a[2])
    assert came.gradient(a[1]).to_sympy() == M[0, 1]
    assert came.evaluate({a[1]: 2, a[2]: 3, M[0, 1]: 5}) == 13
    assert sd.to_sympy(sd.from_sympy(M * M))[0, 1] == M[0, 0] * M[0, 1] + M[0, 1] * M[1, 1]


NONE = {
    "Integral": sympy.Integral(x**2, (x, 0, 1)), "Sum": sympy.Sum(x**t, (t, 0, y)), "Subs": f(2 * x).diff(x),
    "Product": sympy.Product(x, (t, 1, y)), "Order": sympy.O(x), "Interval": sympy.Interval(0, 1),
    "Limit": sympy.Limit(f(x), x, 0), "ComplexInfinity": sympy.zoo, "re": sympy.re(x), "im": x * sympy.im(y),
    "conjugate": sympy.conjugate(x), "DiracDelta": sympy.DiracDelta(x), "besselj": sympy.besselj(1, x),
    "Ei": sympy.Ei(x), "Lambda": sympy.Lambda(x, x + 1), "LambertW": sympy.LambertW(x, -1),
    "hyper": sympy.hyper([1, 2], [3], x), "Bessel": sympy.Derivative(Bessel(x), x),
    "Permanent": sympy.Permanent(M), "MatPow": sympy.MatPow(M, sympy.Rational(1, 2)), "exp": sympy.exp(M),
    "AccumulationBounds": sympy.AccumBounds(0, 1),
}  # fmt: skip


@pytest.mark.parametrize("name", NONE)
def test_no_counterpart(name):
    for given in (NONE[name], [x, NONE[name]]):
        with pytest.raises(sd.SymdiffTypeError, match=f"SymPy's \\w*{name}"):
            sd.from_sympy(given)


def test_sums_and_products_over_whole_numbers_are_written_out():
    k, m = sympy.symbols("k m", integer=True)
    assert sd.from_sympy(sympy.Sum(x**k / sympy.factorial(k), (k, 0, 3))).evaluate({x: 2}) == 5 + Fraction(4, 3)
    assert sd.from_sympy(sympy.Product(x + k, (k, 1, 3))).evaluate({x: 2}) == 60
    assert sd.from_sympy(sympy.Sum(x * k * m, (k, 1, m), (m, 1, 3))).evaluate({x: 1}) == 1 + 6 + 18
    assert sd.from_sympy(sympy.Sum(x, (k, 1, 0))).evaluate({x: 7}) == 0
    entries = sd.from_sympy(sympy.Sum(M[k, 0] ** 2, (k, 0, 1)))
    assert entries.evaluate({M[0, 0]: 3, M[1, 0]: 4}) == 25
    with pytest.raises(sd.SymdiffTypeError, match="SymPy's Sum"):
        sd.from_sympy(sympy.Sum(x * k, (k, 1, 10**9)))


# -- shapes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    [
        sympy.Matrix([[x, y], [1, x * y]]), sympy.ImmutableMatrix([[x, y]]), sympy.SparseMatrix(2, 3, {(0, 1): x}),
        sympy.ImmutableSparseMatrix(3, 1, {(2, 0): y}), sympy.Array([[[x, y]], [[1, 2]]]), sympy.Array(x),
        sympy.MutableDenseNDimArray([x, y]), sympy.ImmutableSparseNDimArray([[x, 0], [0, y]]), sympy.Matrix(0, 3, []),
    ],
    ids=lambda m: type(m).__name__,
)  # fmt: skip
def test_matrices_and_arrays_become_object_arrays(given):
    came = sd.from_sympy(given)
    assert came.dtype == object
    assert came.shape == given.shape
    back = sd.to_sympy(came)
    assert isinstance(back, np.ndarray)
    for index in np.ndindex(came.shape):
        assert back[index] == given[index]


def test_nestings_come_and_go():
    came = sd.from_sympy({"f": [x, (y, sympy.Matrix([x * y]))], "g": sympy.Tuple(x, 2.5)})
    assert came["f"][1][1].shape == (1, 1)
    assert sd.to_sympy(came)["f"][:1] == [x]
    assert sd.to_sympy(came)["g"] == [x, 2.5]


def test_sparse_matrices_go_out_sparse():
    u, v = sd.variables("u v")
    out = sd.to_sympy(sd.SparseMatrix((1000, 1000), [0, 999], [1, 2], [u, u * v]))
    assert isinstance(out, sympy.SparseMatrix)
    assert out.shape == (1000, 1000)
    assert str(out[999, 2]) == "u*v"


# -- symbols --------------------------------------------------------------------------------------


def test_symbols_with_assumptions_of_one_name_stay_apart():
    given = [Symbol("x"), Symbol("x", real=True), Symbol("x", positive=True), sympy.Dummy("x"), sympy.Dummy("x")]
    came = sd.from_sympy([s**2 * k for k, s in enumerate(given, 1)])
    for k, (s, one) in enumerate(zip(given, came, strict=True), 1):
        assert one.evaluate({s: 3}) == 9 * k
        (back,) = one.gradient(s).to_sympy().free_symbols
        assert back == s


def test_new_variables_are_real_symbols_beside_old_ones():
    came = sd.from_sympy(x**2)
    out = (came + sd.Var("new")).to_sympy()
    assert out.free_symbols == {x, Symbol("new", real=True)}


def test_sympy_takes_expressions_by_itself():
    u, v = sd.variables("u v")
    assert sympy.simplify(sd.sin(u) ** 2 + sd.cos(u) ** 2) == 1
    assert sympy.Matrix([[u, v], [v, u]]).det() == sympy.sympify(u) ** 2 - sympy.sympify(v) ** 2
    assert sympy.sympify([u, v * 2])[1] == 2 * sympy.sympify(v)


@pytest.mark.parametrize("function", [sympy.sign, sympy.floor, sympy.zeta], ids=str)
def test_a_derivative_that_sympy_leaves_open_is_named(function):
    w = sympy.Symbol("w")
    with pytest.raises(
        TypeError,
        match=rf"SymPy's {function.__name__} has a derivative without counterpart.*Derivative\({function.__name__}",
    ):
        sd.from_sympy(1 + 2 * sympy.Derivative(function(w), w))


def test_a_derivative_with_delta_functions_names_them():
    w = sympy.Symbol("w", real=True)
    with pytest.raises(TypeError, match="DiracDelta has no counterpart"):
        sd.from_sympy(sympy.Derivative(sympy.sign(w), w))
