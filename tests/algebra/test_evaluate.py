"""Evaluation: the types that go in decide; floats follow IEEE 754; points may be given in every way."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import mpmath
import numpy as np
import pytest

import symdiff as sd

inf, nan = math.inf, math.nan


def exactly(value, expected):
    assert type(value) is type(expected), (value, type(value))
    assert value == expected or (value != value and expected != expected)
    if isinstance(expected, float):
        assert math.copysign(1, value) == math.copysign(1, expected) or expected != expected


# -- exact numbers -----------------------------------------------------------------


def test_the_running_example_is_exact(xy):
    x, y = xy
    exactly((x**2 * y + y + 2).evaluate({x: 3, y: 4}), 42)


@pytest.mark.parametrize(
    ("text", "x", "y", "expected"),
    [
        ("x + y", 3, 4, 7),
        ("x - y", 3, 4, -1),
        ("x*y", 3, 4, 12),
        ("-x", 3, 4, -3),
        ("x**3", 3, 4, 27),
        ("x**y", 3, 4, 81),
        ("x**100", 3, 0, 3**100),
        ("x + y", Fraction(1, 3), 1, Fraction(4, 3)),
        ("x*y", Fraction(1, 3), 3, 1),
        ("x + y", Fraction(1, 2), Fraction(1, 2), 1),
        ("x**2", Fraction(1, 3), 0, Fraction(1, 9)),
        ("x**(-2)", Fraction(1, 3), 0, 9),
        ("x/y", Fraction(1, 3), 2, Fraction(1, 6)),
        ("x/y", Fraction(2, 3), Fraction(1, 3), 2),
        ("x/y", 6, 3, 2.0),
        ("x/y", 1, 3, 1 / 3),
        ("x**(-1)", 2, 0, 0.5),
        ("x**y", 2, -1, 0.5),
        ("1/3*x", 1, 0, Fraction(1, 3)),
        ("1/3*x", 3, 0, 1),
        ("x + 1/2", Fraction(1, 2), 0, 1),
        ("x*y", True, 3, 3),
        ("abs(x)", -3, 0, 3),
        ("abs(x)", Fraction(-1, 3), 0, Fraction(1, 3)),
        ("sign(x)", -3, 0, -1),
        ("maximum(x, y)", 3, 4, 4),
        ("minimum(x, y)", Fraction(1, 3), 4, Fraction(1, 3)),
        ("floor(x)", Fraction(7, 2), 0, 3),
        ("ceil(x)", Fraction(7, 2), 0, 4),
        ("heaviside(x)", 0, 0, Fraction(1, 2)),
        ("heaviside(x)", 2, 0, 1),
        ("where(x < y, x, y)", 3, 4, 3),
        ("relu(x)", -3, 0, 0),
        ("relu(x)", 3, 0, 3),
        ("x < y", 3, 4, True),
        ("x + y", 3, 4.0, 7.0),
        ("x*y", Fraction(1, 2), 0.5, 0.25),
        ("x + 0.5", 1, 0, 1.5),
        ("sin(x)", 0, 0, 0.0),
        ("sqrt(x)", 4, 0, 2.0),
        ("x", 3, 0, 3),
        ("x", Fraction(4, 2), 0, 2),
        ("x", Fraction(1, 2), 0, Fraction(1, 2)),
    ],
)
def test_exact_numbers(text, x, y, expected):
    value = sd.parse(text).evaluate(x=x, y=y)
    if text in ("sin(x)", "sqrt(x)"):
        assert value == expected
    else:
        exactly(value, expected)


def test_large_whole_numbers_stay_exact(xy):
    x, y = xy
    exactly((x * x - 1).evaluate({x: 10**40}), 10**80 - 1)
    exactly((x + y).evaluate({x: 10**400, y: 1}), 10**400 + 1)


def test_huge_numbers_become_infinite_floats_without_an_error(xy):
    x, y = xy
    assert (x + y).evaluate({x: 10**400, y: 0.5}) == inf
    assert sd.sin(x).evaluate({x: 10**400}) != sd.sin(x).evaluate({x: 10**400})
    assert sd.exp(x).evaluate({x: 10**400}) == inf
    assert (x / y).evaluate({x: 10**400, y: 3}) == inf
    assert (x**y).evaluate({x: 10, y: 10**9}) == inf


@pytest.mark.parametrize(
    ("text", "x", "expected"),
    [
        ("1/x", 0, inf),
        ("-1/x", 0, -inf),
        ("x/x", 0, nan),
        ("x**(-1)", 0, inf),
        ("x**(-2)", 0, inf),
        ("log(x)", 0, -inf),
        ("log(x)", -1, nan),
        ("sqrt(x)", -1, nan),
        ("x**0.5", -1, nan),
        ("x**(1/2)", -4, nan),
        ("1/x", Fraction(0), inf),
        ("tan(x)/x", 0, nan),
        ("gamma(x)", 0, inf),
    ],
)
def test_exact_numbers_at_poles_follow_ieee(text, x, expected):
    exactly(float(sd.parse(text).evaluate(x=x)), float(expected))


# -- floats -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "x", "expected"),
    [
        ("1/x", 0.0, inf),
        ("1/x", -0.0, -inf),
        ("x/x", 0.0, nan),
        ("x**(-1)", 0.0, inf),
        ("x**(-1)", -0.0, -inf),
        ("x**(-2)", -0.0, inf),
        ("0.0**x", -0.5, inf),
        ("log(x)", 0.0, -inf),
        ("log(x)", -1.0, nan),
        ("log1p(x)", -1.0, -inf),
        ("log2(x)", 0.0, -inf),
        ("log10(x)", -1.0, nan),
        ("sqrt(x)", -1.0, nan),
        ("x**0.5", -1.0, nan),
        ("asin(x)", 2.0, nan),
        ("acos(x)", -2.0, nan),
        ("acosh(x)", 0.5, nan),
        ("atanh(x)", 1.0, inf),
        ("atanh(x)", -1.0, -inf),
        ("atanh(x)", 2.0, nan),
        ("exp(x)", 1000.0, inf),
        ("exp(x)", -1000.0, 0.0),
        ("sinh(x)", -1000.0, -inf),
        ("cosh(x)", -1000.0, inf),
        ("x**2", 1e200, inf),
        ("x*x*x", -1e200, -inf),
        ("expm1(x)", 1000.0, inf),
        ("sin(x)", inf, nan),
        ("cos(x)", -inf, nan),
        ("tan(x)", inf, nan),
        ("sin(x)", nan, nan),
        ("gamma(x)", 200.0, inf),
        ("gamma(x)", -1.0, nan),
        ("loggamma(x)", 0.0, inf),
        ("digamma(x)", 1.0, -0.5772156649015329),
        ("floor(x)", inf, inf),
        ("ceil(x)", -inf, -inf),
        ("floor(x)", nan, nan),
        ("sign(x)", nan, nan),
        ("heaviside(x)", 0.0, 0.5),
        ("abs(x)", -0.0, 0.0),
        ("maximum(x, 1)", nan, nan),
        ("minimum(1, x)", nan, nan),
        ("relu(x)", -2.0, 0.0),
        ("sigmoid(x)", 1000.0, 1.0),
        ("sigmoid(x)", -1000.0, 0.0),
        ("softplus(x)", 1000.0, 1000.0),
        ("softplus(x)", -1000.0, 0.0),
        ("logaddexp(x, x)", -inf, -inf),
        ("hypot(x, inf_)", nan, inf),
        ("sinc(x)", 0.0, 1.0),
        ("lambertw(x)", -1.0, nan),
        ("atan2(x, -1)", -0.0, -math.pi),
        ("cbrt(x)", -27.0, -3.0),
        ("polygamma(1, x)", 1.0, math.pi**2 / 6),
        ("x % 3", -1.0, 2.0),
    ],
)
def test_floats_follow_ieee_without_errors_or_warnings(text, x, expected):
    """The same for scalars and arrays: an array evaluation agrees bit for bit where Python and NumPy do."""
    f = sd.parse(text.replace("inf_", "y"))
    value = f.evaluate(x=x, y=inf)
    assert type(value) is float
    assert value == pytest.approx(expected, rel=1e-15, nan_ok=True)
    if value == 0:
        assert math.copysign(1, value) == math.copysign(1, expected)
    array = f.evaluate(x=np.array([x, x]), y=inf)
    np.testing.assert_allclose(array, [expected] * 2, rtol=1e-15)
    assert array.dtype == np.float64


def test_arrays_and_scalars_agree_at_a_grid_of_awkward_points():
    values = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 1e300, -1e300, 1e-300, 710.0, -750.0, inf, -inf, nan]
    unary = (
        "sqrt cbrt exp expm1 log log1p log2 log10 sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh abs "
        "sign heaviside floor ceil erf erfc gamma loggamma digamma sinc lambertw sigmoid softplus relu"
    )
    for name in unary.split():
        f = sd.parse(f"{name}(x)")
        one_by_one = [f.evaluate(x=v) for v in values]
        at_once = f.evaluate(x=np.array(values))
        np.testing.assert_allclose(at_once, one_by_one, rtol=1e-13, atol=1e-300, err_msg=name)


def test_binary_operations_agree_between_arrays_and_scalars():
    values = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -3.0, 1e200, inf, -inf, nan]
    for text in [
        "x+y",
        "x-y",
        "x*y",
        "x/y",
        "x**y",
        "atan2(x,y)",
        "hypot(x,y)",
        "maximum(x,y)",
        "minimum(x,y)",
        "logaddexp(x,y)",
    ]:
        f = sd.parse(text)
        for a in values:
            one_by_one = [f.evaluate(x=a, y=b) for b in values]
            at_once = f.evaluate(x=a, y=np.array(values))
            np.testing.assert_allclose(at_once, one_by_one, rtol=1e-14, err_msg=f"{text} at x = {a}")


# -- complex and mpmath -----------------------------------------------------------------


def test_complex_numbers(xy):
    x, y = xy
    assert (x**2 + 1).evaluate({x: 1j}) == 0
    assert sd.exp(x).evaluate({x: 1j * math.pi}) == pytest.approx(-1)
    assert sd.sqrt(x).evaluate({x: -1 + 0j}) == 1j
    assert sd.log(x).evaluate({x: -1 + 0j}) == pytest.approx(1j * math.pi)
    assert (x * y).evaluate({x: 1j, y: 2}) == 2j
    assert type((x + y).evaluate({x: 1 + 0j, y: 2})) is complex


def test_complex_arrays(xy):
    x, _ = xy
    found = sd.sqrt(x).evaluate({x: np.array([-1 + 0j, 4])})
    np.testing.assert_allclose(found, [1j, 2])


def test_special_functions_of_complex_numbers(xy):
    x, _ = xy
    for name in ("gamma", "erf", "sinc", "sigmoid", "lambertw", "cbrt", "expm1", "log1p", "log2"):
        value = getattr(sd, name)(x).evaluate({x: 0.5 + 0.25j})
        near = getattr(sd, name)(x).evaluate({x: mpmath.mpc(0.5, 0.25)})
        assert value == pytest.approx(complex(near), rel=1e-12), name


def test_fifty_digits(xy):
    x, y = xy
    f = sd.sin(x) * sd.exp(y) + sd.pi / 3 + sd.Const(1) / 3 * x + sd.erf(x) + sd.sqrt(2 * x)
    with mpmath.workdps(50):
        a, b = mpmath.mpf(1) / 7, mpmath.mpf(2) / 3
        expected = mpmath.sin(a) * mpmath.exp(b) + mpmath.pi / 3 + a / 3 + mpmath.erf(a) + mpmath.sqrt(2 * a)
        value = f.evaluate({x: a, y: b})
        assert isinstance(value, mpmath.mpf)
        assert abs(value - expected) < mpmath.mpf(10) ** -48


def test_constants_convert_before_each_operation(xy):
    x, _ = xy
    with mpmath.workdps(50):
        one = mpmath.mpf(1)
        assert ((sd.Const(1) / 3) * x).evaluate({x: one}) == one / 3
        assert abs(sd.sqrt(sd.Const(2) * x / x).evaluate({x: one}) - mpmath.sqrt(2)) < mpmath.mpf(10) ** -49
        assert (sd.sqrt(2) * x).evaluate({x: one}) != mpmath.sqrt(2)  # a Python number: rounded before
        assert abs((sd.Sqrt(2) * x).evaluate({x: one}) - mpmath.sqrt(2)) < mpmath.mpf(10) ** -49


def test_mpmath_values_become_complex_where_its_functions_do(xy):
    x, _ = xy
    f = sd.sqrt(x) ** 2 + sd.log(x) * 0
    with mpmath.workdps(50):
        value = f.evaluate({x: mpmath.mpf(-2)})
        assert abs(value + 2) < mpmath.mpf(10) ** -48
        root = sd.sqrt(x).evaluate({x: mpmath.mpf(-2)})
        assert abs(root - mpmath.sqrt(-2)) < mpmath.mpf(10) ** -48


def test_cardanos_formula_with_complex_intermediate_values(xy):
    """x³ = 15x + 4 has the real root 4, through square roots of -121 (Bombelli, 1572)."""
    x, _ = xy
    root = sd.sqrt(x)
    third = sd.Const(1) / 3
    f = (2 + root) ** third + (2 - root) ** third
    with mpmath.workdps(50):
        value = f.evaluate({x: mpmath.mpf(-121)})
        assert abs(value - 4) < mpmath.mpf(10) ** -45
    assert f.evaluate({x: -121 + 0j}) == pytest.approx(4)
    assert math.isnan(f.evaluate({x: -121.0}))


def test_mpmath_at_poles_and_with_other_numbers(xy):
    x, y = xy
    assert (1 / x).evaluate({x: mpmath.mpf(0)}) == mpmath.inf
    assert sd.log(x).evaluate({x: mpmath.mpf(0)}) == -mpmath.inf
    assert (x + y).evaluate({x: mpmath.mpf(1), y: Fraction(1, 3)}) == mpmath.mpf(1) + mpmath.mpf(1) / 3
    with mpmath.workdps(30):
        assert (x * y).evaluate({x: mpmath.mpf(1), y: 10**25 + 1}) == 10**25 + 1


def test_mpmath_conditions(xy):
    x, y = xy
    f = sd.where(x < y, x, y) + abs(x) + sd.maximum(x, y) + sd.sign(x)
    assert f.evaluate({x: mpmath.mpf(-3), y: mpmath.mpf(2)}) == -3 + 3 + 2 - 1
    assert (x < y).evaluate({x: mpmath.mpf(-3), y: mpmath.mpf(2)}) is True


# -- arrays ----------------------------------------------------------------------------


def test_int_arrays_become_float64(xy):
    x, _ = xy
    value = (x**2 + 1).evaluate({x: np.array([1, 2, 3])})
    np.testing.assert_array_equal(value, [2.0, 5.0, 10.0])
    assert value.dtype == np.float64
    np.testing.assert_array_equal((x**-1).evaluate({x: np.array([1, 2, 0])}), [1, 0.5, inf])
    assert (x + x).evaluate({x: np.array([True, False])}).dtype == np.float64
    assert x.evaluate({x: np.array([1, 2])}).dtype == np.float64


def test_float32_arrays_stay_float32(xy):
    x, _ = xy
    f = sd.sin(x) * 2 + x / 3 + sd.Const(1) / 3 + sd.pi + 0.1 + sd.sigmoid(x) + sd.maximum(x, 0)
    assert f.evaluate({x: np.array([1, 2], dtype=np.float32)}).dtype == np.float32


def test_arrays_broadcast(xy):
    x, y = xy
    a, b = np.linspace(0, 1, 3)[:, None], np.linspace(1, 2, 4)
    found = (sd.sin(x) * y + 1).evaluate({x: a, y: b})
    np.testing.assert_allclose(found, np.sin(a) * b + 1, rtol=1e-15)
    assert (x + y).evaluate({x: np.ones((2, 0)), y: 1}).shape == (2, 0)
    with pytest.raises(ValueError, match=r"\(3,\)"):
        (x + y).evaluate({x: np.ones(3), y: np.ones(4)})


def test_arrays_as_they_were_given_are_not_changed(xy):
    x, _ = xy
    a = np.array([1.0, 2.0])
    (x * 2 + 1).evaluate({x: a})
    np.testing.assert_array_equal(a, [1.0, 2.0])


def test_conditions_over_arrays(xy):
    x, y = xy
    a = np.array([-1.0, 0.0, 2.0])
    np.testing.assert_array_equal(sd.where(x < 0, -x, y).evaluate({x: a, y: 5.0}), [1.0, 5.0, 5.0])
    found = ((x < 1) & ~sd.equal(x, 0)).evaluate({x: a})
    np.testing.assert_array_equal(found, [True, False, False])
    assert found.dtype == bool


def test_conditions_count_as_numbers_over_arrays_too(xy):
    x, y = xy
    c, d = x < y, y > 0
    a = np.array([1.0, 3.0])
    for f in (c + d, -c, c - d, c * d, c**2, c / 2, c * 3, sd.sin(c), abs(c), sd.maximum(c, d) + 0, c * x, sd.exp(-c)):
        found = f.evaluate({x: a, y: 2.0})
        expected = [float(f.evaluate({x: value, y: 2.0})) for value in (1.0, 3.0)]
        np.testing.assert_allclose(np.asarray(found, dtype=float), expected, rtol=1e-15, err_msg=str(f))
        slopes = (f * x).backpropagate({x: a, y: 2.0})
        np.testing.assert_allclose(np.asarray(slopes[x], dtype=float)[1], (f * x).diff(x).evaluate({x: 3.0, y: 2.0}))


def test_the_branch_not_taken_does_not_poison(xy):
    x, _ = xy
    f = sd.where(x > 0, sd.log(x) / x, 0.0)
    assert f.evaluate({x: 0.0}) == 0.0
    np.testing.assert_array_equal(f.evaluate({x: np.array([-1.0, 0.0, 1.0])}), [0.0, 0.0, 0.0])


def test_numpy_scalars_and_zero_dimensional_arrays(xy):
    x, y = xy
    f = x * y
    assert f.evaluate({x: np.float64(2), y: np.int64(3)}) == 6
    assert f.evaluate({x: np.array(2.0), y: 3}) == 6
    exactly((x + 1).evaluate({x: np.int64(2)}), 3)
    exactly((x + 1).evaluate({x: np.float64(2)}), 3.0)
    exactly((x < 1).evaluate({x: np.float64(2)}), False)


def test_object_arrays_of_exact_numbers(xy):
    x, _ = xy
    found = (x**2).evaluate({x: np.array([Fraction(1, 2), 3], dtype=object)})
    assert list(found) == [Fraction(1, 4), 9]


def test_arrays_of_mpmath_numbers(xy):
    x, _ = xy
    with mpmath.workdps(40):
        found = sd.sin(x).evaluate({x: np.array([mpmath.mpf(1), mpmath.mpf(2)])})
        assert [abs(a - mpmath.sin(k)) < mpmath.mpf(10) ** -38 for k, a in enumerate(found, 1)] == [True, True]


def test_decimals_are_exact(xy):
    x, _ = xy
    assert (x * 2).evaluate({x: Decimal("0.1")}) == Fraction(1, 5)


# -- dual numbers and expressions as values ---------------------------------------------


def test_dual_numbers_as_values(xy):
    x, y = xy
    f = x**2 * y + y + 2
    value = f.evaluate({x: sd.DualNumber(3.0, 1.0), y: 4.0})
    assert (value.value, value.eps) == (42.0, 24.0)
    value = f.evaluate({x: 3.0, y: sd.DualNumber(4.0, 1.0)})
    assert (value.value, value.eps) == (42.0, 10.0)
    x.value, y.value = sd.DualNumber(3.0, 1.0), 4
    assert f.evaluate().eps == 24.0


def test_dual_numbers_of_high_precision(xy):
    x, _ = xy
    with mpmath.workdps(50):
        f = sd.sin(x * sd.pi) / 3 + sd.Const(1) / 3
        value = f.evaluate({x: sd.DualNumber(mpmath.mpf(1) / 3, mpmath.mpf(1))})
        assert abs(value.eps - mpmath.pi * mpmath.cos(mpmath.pi / 3) / 3) < mpmath.mpf(10) ** -48


def test_dual_numbers_of_arrays(xy):
    x, y = xy
    a = np.array([0.0, 1.0, 2.0])
    value = (sd.sin(x) * y).evaluate({x: sd.DualNumber(a, np.ones(3)), y: 2.0})
    np.testing.assert_allclose(value.eps, 2 * np.cos(a), rtol=1e-15)
    value = (sd.sin(x) * y).evaluate({x: sd.DualNumber(1.0, 1.0), y: a})
    np.testing.assert_allclose(value.value, math.sin(1) * a, rtol=1e-15)
    np.testing.assert_allclose(value.eps, math.cos(1) * a, rtol=1e-15)


def test_expressions_as_values(xy):
    x, y = xy
    f = x**2 + y
    value = f.evaluate({x: y + 1, y: 2})
    assert isinstance(value, sd.Expr)
    assert value == (y + 1) ** 2 + 2
    assert f.evaluate({x: sd.Const(3), y: 1}) == sd.Const(10)


# -- points --------------------------------------------------------------------------------


def test_points_by_variable_by_name_and_by_keyword(xy):
    x, y = xy
    f = x - y
    assert f.evaluate({x: 3, y: 1}) == 2
    assert f.evaluate({"x": 3, "y": 1}) == 2
    assert f.evaluate(x=3, y=1) == 2
    assert f.evaluate({x: 3}, y=1) == 2
    assert f.evaluate({"x": 3, y: 1}) == 2


def test_points_may_be_keyed_by_variables_of_another_graph(xy):
    x, y = xy
    with sd.Graph():
        a, b = sd.variables("x y")
    assert (x - y).evaluate({a: 3, b: 1}) == 2


def test_points_may_hold_more_than_is_needed(xy):
    x, y = xy
    assert (x + 1).evaluate({x: 3, y: 1}) == 4
    assert (x + 1).evaluate(x=3, anything=1, t=2) == 4
    assert sd.Const(3).evaluate(x=1) == 3
    assert sd.Const(3).evaluate() == 3


def test_names_that_methods_use_are_names_too():
    for name in ("self", "point", "values", "seed", "expr", "exprs"):
        with sd.Graph():
            f = sd.Var(name) * 2
            assert f.evaluate({name: 3}) == 6
            if name != "seed":
                assert f.evaluate(**{name: 3}) == 6


def test_a_missing_variable_is_named_with_what_was_given(xy):
    x, y = xy
    z = sd.parse("x + y + z")
    with pytest.raises(sd.MissingValueError) as error:
        (x + y).evaluate({x: 1})
    assert isinstance(error.value, KeyError)
    assert "y" in str(error.value)
    assert "given: x" in str(error.value)
    with pytest.raises(sd.MissingValueError, match="y, z"):
        z.evaluate(x=1)
    with pytest.raises(sd.MissingValueError, match="x"):
        (x + y).evaluate({})


def test_an_explicit_point_is_complete_by_itself(xy):
    x, y = xy
    x.value, y.value = 3, 4
    with pytest.raises(sd.MissingValueError, match="y"):
        (x + y).evaluate({x: 1})
    with pytest.raises(sd.MissingValueError):
        (x + y).evaluate({})
    assert (x + y).evaluate({x: 1, y: 1}) == 2
    assert (x.value, y.value) == (3, 4)


def test_values_of_variables_are_used_without_a_point(xy):
    x, y = xy
    f = x**2 * y
    x.value, y.value = 3, 4
    assert f.evaluate() == 36
    x.value = 5
    assert f.evaluate() == 100
    y.value = None
    with pytest.raises(sd.MissingValueError, match="y"):
        f.evaluate()


def test_a_value_of_zero_is_a_value(xy):
    x, _ = xy
    x.value = 0
    assert (x + 1).evaluate() == 1


# -- several at once and every node ------------------------------------------------------------


def test_several_expressions_share_one_evaluation(xy):
    x, y = xy
    assert sd.evaluate([x + y, x * y], {x: 3, y: 4}) == [7, 12]
    assert sd.evaluate((x + y, 2), x=3, y=4) == [7, 2]
    found = sd.evaluate(np.array([[x, y], [x * y, x - y]]), x=3.0, y=4.0)
    np.testing.assert_array_equal(found, [[3, 4], [12, -1]])


def test_values_of_all_nodes(xy):
    x, y = xy
    f = sd.sin(x * y) + x
    values = f.node_values({x: 1.0, y: 2.0})
    assert list(values) == list(f.nodes())
    assert values[x * y] == 2.0
    assert values[f] == f.evaluate({x: 1.0, y: 2.0})


def test_evaluating_changes_nothing(xy):
    x, y = xy
    f = sd.sin(x * y) + x
    size = len(f.graph)
    f.evaluate({x: 1.0, y: 2.0})
    f.evaluate({x: np.ones(3), y: 2})
    assert len(f.graph) == size
    assert (x.value, y.value, x.grad) == (None, None, None)


def test_a_constant_takes_after_the_values_of_the_point_also_by_name():
    f = sd.sin(sd.Const(1))
    with mpmath.workdps(40):
        assert f.evaluate(x=mpmath.mpf(2)) == f.evaluate({"x": mpmath.mpf(2)}) == mpmath.sin(1)


def test_a_result_is_never_the_array_of_the_caller():
    x, y = sd.variables("x y")
    w = sd.variables("w", 2)
    a, whole = np.array([1.0, 2.0]), np.arange(6.0).reshape(3, 2)
    objects = np.array([Fraction(1, 3), 2], dtype=object)
    x.value = a
    results = [
        (x.evaluate(x=a), a), (sd.evaluate([y, x], x=a, y=2.0)[1], a), ((x + 1).node_values(x=a)[x], a),
        (w[1].evaluate(w=whole), whole), (x.evaluate(x=objects), objects), (x.evaluate(), a),
        (sd.where(x < 3, x, x).evaluate(x=a), a),
    ]  # fmt: skip
    for found, given in results:
        assert not np.shares_memory(found, given)
    np.testing.assert_array_equal(results[0][0], a)


def test_nestings_are_evaluated_as_they_are_compiled():
    x, y = sd.variables("x y")
    f = x**2 * y + y
    nested = {"f": f, "g": f.gradient([x, y]), "h": [f.hessian([x, y]), (x, {"y": y})]}
    found = sd.evaluate(nested, x=3, y=4)
    assert found["f"] == 40
    assert (type(found["g"]), found["g"].tolist()) == (np.ndarray, [24, 10])
    assert found["h"][0].tolist() == [[8, 6], [6, 0]]
    assert found["h"][1] == (3, {"y": 4})
    assert sd.evaluate([], {}) == []
    assert sd.evaluate({}, {}) == {}


def test_a_nesting_computes_what_it_shares_once(monkeypatch):
    x = sd.Var("x_shared")
    calls = []
    slow = sd.operation("slow_square", lambda v: calls.append(v) or v * v, lambda r, v: 2 * v)
    f = slow(x)
    assert sd.evaluate({"f": f, "twice": [2 * f]}, {x: 3.0}) == {"f": 9.0, "twice": [18.0]}
    assert calls == [3.0]


def test_sparse_matrices_in_a_nesting_become_those_of_scipy():
    x, y = sd.variables("x y")
    hessian = (x**2 * y).hessian([x, y], sparse=True)
    found = sd.evaluate([x, hessian], x=3.0, y=4.0)
    assert type(found[1]).__name__ == "csr_array"
    assert found[1].toarray().tolist() == sd.evaluate(hessian, x=3.0, y=4.0).toarray().tolist() == [[8, 6], [6, 0]]


def test_numbers_made_of_arrays_are_no_part_of_the_point():
    x, y = sd.variables("x y")
    at = np.array([1.0, 2.0])
    for given in (
        sd.DualNumber(at, 1.0), sd.DualNumber(1.0, at), sd.DualNumber(sd.DualNumber(at, 1.0), at),
        sd.TaylorSeries([at, 1.0]),
    ):  # fmt: skip
        for f in (x, sd.where(x < 9, x, y), [x, x * y]):
            found = sd.evaluate(f, {x: given, y: 1.0})
            found = found[0] if isinstance(found, list) else found
            assert type(found) is type(given)
            stack = [found]
            while stack:
                part = stack.pop()
                assert not (isinstance(part, np.ndarray) and np.shares_memory(part, at))
                stack.extend(part._parts() if hasattr(part, "_parts") else [])
