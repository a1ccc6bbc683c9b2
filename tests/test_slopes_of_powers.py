"""Slopes of powers where the power itself overflows, its exponent rounds, or the base is denormal; how they print."""

import mpmath
import numpy as np
import pytest
from support import by_duals, close, digits, exact, first_derivatives, second_derivatives

import symdiff as sd
from symdiff.compile import backends

BACKENDS = [backend.name for backend in backends.ranked() if backend.installed()]
x, y = sd.variables("x y")

# Base and exponent: the power is infinite or 0, its slope is not.
BEYOND = [(2.0, 1024.0), (1.25, 3185.0), (1.0001, 7.1e6), (2.5, 774.6), (0.5, -1024.0), (1e300, -1.026)]


def by_both(base, exponent):
    """The slopes of a power, by base and by exponent."""
    b, e = exact(base), exact(exponent)
    return e * mpmath.power(b, e - 1), mpmath.power(b, e) * mpmath.log(b)


@pytest.mark.parametrize("at", BEYOND)
def test_the_slope_by_an_exponent_holds_where_the_power_overflows(at):
    base, exponent = at
    with digits(60):
        _, wanted = by_both(*at)
    assert abs(wanted) < 1.79e308
    for f in (base**x, x.replace({x: y}) ** x):
        point = {x: exponent} if f.variables == [x] else {x: exponent, y: base}
        for way, (got,) in first_derivatives(f, [x], point).items():
            assert close(got, wanted, 2e-13), (f, way)
        for name in BACKENDS:
            variables = list(point)
            assert close(sd.compile(f.gradient(x), variables, backend=name)(*point.values()), wanted, 2e-13), (f, name)


def test_the_slope_by_an_exponent_holds_in_single_precision():
    for name in (b for b in BACKENDS if b != "python"):
        slope = sd.compile((2**x).gradient(x), [x], backend=name, dtype="float32")
        found = slope(np.array([128.0, 128.25], np.float32))
        assert found == pytest.approx([2.0**128 * np.log(2.0), 2.0**128.25 * np.log(2.0)], rel=1e-6), name


def test_its_second_slope_holds_there_too():
    with digits(60):
        wanted = mpmath.power(2, 1024) * mpmath.log(2) ** 2
    for way, ((got,),) in second_derivatives(2**x, [x], {x: 1024.0}).items():
        assert close(got, wanted, 1e-15), way


@pytest.mark.parametrize("at", [(3e-320, -1e-20), (1e-294, -0.05), (1e-310, 1e-3), (1e-310, 0.01)])
def test_the_slope_by_a_base_holds_where_its_power_overflows(at):
    with digits(60):
        wanted, _ = by_both(*at)
    assert close(sd.pow_by_base(*at), wanted, 1e-14)
    for f, point in ((x**y, {x: at[0], y: at[1]}), (x ** at[1], {x: at[0]})):
        for way, (got,) in first_derivatives(f, [x], point).items():
            assert close(got, wanted, 1e-14), way
        for name in BACKENDS:
            got = sd.compile(f.gradient(x), list(point), backend=name)(*point.values())
            assert close(got, wanted, 1e-14), name


@pytest.mark.parametrize("exponent", [2.0**53, 2.0**53 + 2, 2.0**60, -(2.0**54), 3e300])
def test_an_even_exponent_that_is_coarse_has_the_sign_of_the_base(exponent):
    for f, point in ((x**y, {x: -1.0, y: exponent}), (x ** int(exponent), {x: -1.0}), (x**exponent, {x: -1.0})):
        for way, (got,) in first_derivatives(f, [x], point).items():
            assert got == -exponent, way
        for name in BACKENDS:
            assert sd.compile(f.gradient(x), list(point), backend=name)(*point.values()) == -exponent, name


def test_whole_operands_stay_exact():
    assert sd.pow_by_base(3, 4) == 108
    assert type(sd.pow_by_base(3, 4)) is int
    assert type((x**y).gradient(x).evaluate(x=3, y=4)) is int


def test_a_second_slope_by_a_base_does_not_overflow_inside():
    with digits(60):
        e = exact(1e-200)
        wanted = e * (e - 1) * mpmath.power(e, e - 2)
    assert close(by_duals(sd.pow_by_base(x, y), [x], {x: 1e-200, y: 1e-200})[0], wanted, 1e-15)
    for way, rows in second_derivatives(x**y, [x, y], {x: 1e-200, y: 1e-200}).items():
        assert close(rows[0][0], wanted, 1e-15), way


def test_a_series_of_x_to_the_x_passes_the_exponent_of_one():
    """Where branches of a slope meet, neither is taken for constant."""
    assert sd.taylor(x**x, x, 1.0, 5) == pytest.approx([1, 1, 1, 1 / 2, 1 / 3, 1 / 12], rel=1e-14)


def test_slopes_of_powers_print_as_formulas():
    assert str((2**x).gradient(x)) == "2**x*log(2)"
    assert str((2**x).diff(x, 2)) == "2**x*log(2)*log(2)"
    assert [str(e) for e in (x**y).gradient([x, y])] == ["pow_by_base(x, y)", "pow_by_exponent(x, y)"]
    assert [e.latex() for e in (x**y).gradient([x, y])] == ["y x^{y - 1}", r"x^{y} \log\left(x\right)"]
    w = sd.Var("w", shape=3)
    assert str((2**w).sum().gradient(w)) == "log(2)*2**w"
    assert (2**w).sum().gradient(w).latex() == r"\log\left(2\right) 2^{\odot w}"


def test_slopes_of_negative_powers_reuse_the_power_of_what_is_no_variable():
    assert [str((x**-2).diff(x, k)) for k in (1, 2)] == ["-2*x**(-3)", "6*x**(-4)"]
    assert str((x**-0.5).diff(x)) == "-0.5*x**(-1.5)"
    assert str((1 / x).diff(x)) == "-1/x**2"
    assert str((sd.cosh(x) ** -2).diff(x)) == "-2*cosh(x)**(-2)*sinh(x)/cosh(x)"


@pytest.mark.parametrize("exponents", [[2.0, 0.5, 3.0], [-1.0, 0.5, 2.0], [-2.0, -0.5, -1.0]])
def test_exponents_that_are_arrays_of_dual_numbers(exponents):
    base, exponent = np.array([2.0, 3.0, 0.5]), np.array(exponents)
    found = sd.DualNumber(base, np.ones(3)) ** sd.DualNumber(exponent, np.ones(3))
    one = [(sd.DualNumber(a, 1.0) ** sd.DualNumber(b, 1.0)).eps for a, b in zip(base, exponent, strict=True)]
    np.testing.assert_allclose(found.eps, one, rtol=1e-14)
    np.testing.assert_allclose(found.eps, exponent * base ** (exponent - 1) + base**exponent * np.log(base), rtol=1e-14)
