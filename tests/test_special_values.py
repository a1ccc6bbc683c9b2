"""Special functions where naive formulas break: at branch points and poles, of high order, at the ends of the range."""

import functools
import math

import mpmath
import numpy as np
import pytest
import sympy
from support import close, digits, exact, first_derivatives, second_derivatives

import symdiff as sd
from symdiff.compile import backends

BACKENDS = [backend.name for backend in backends.ranked() if backend.installed()]
x = sd.Var("x")


@functools.cache
def compiled(f, backend, dtype):
    return sd.compile(f, [x], backend=backend, dtype=dtype)


def values(f, at):
    """A function at a point, evaluated and by every backend."""
    return {"evaluate": f.evaluate({x: at})} | {name: compiled(f, name, np.float64)(at) for name in BACKENDS}


def singles(f, at):
    """The same in float32."""
    at = np.float32(at)
    found = {"evaluate": f.evaluate({x: np.array([at])})[0]}
    names = [name for name in BACKENDS if name != "python"]
    return found | {name: compiled(f, name, np.float32)(float(at)) for name in names}


def assert_all(found, expected, rel):
    for way, got in found.items():
        assert close(got, expected, rel), (way, got, mpmath.nstr(expected, 20))


# -- Lambert's function beside its branch point -1/e ------------------------------------------------


def lambert(at):
    """Its value and first two derivatives."""
    with digits(100):
        w = mpmath.lambertw(exact(at)).real
        return w, mpmath.exp(-w) / (1 + w), -mpmath.exp(-2 * w) * (w + 2) / (1 + w) ** 3


NEAR = [
    math.nextafter(-1 / math.e, 0),
    *[-1 / math.e + d for d in (1e-15, 1e-12, 1e-9, 1e-6, 1e-4, 1e-3, 0.0117, 0.02, 0.1)],
]


@pytest.mark.parametrize("at", [*NEAR, -1e-5, 1e-300, 0.3, 3.0, 1e5, 1e100])
def test_lambertw_and_its_slopes_beside_the_branch_point(at):
    value, slope, curvature = lambert(at)
    f = sd.lambertw(x)
    assert_all(values(f, at), value, 4e-16)
    assert_all(values(sd.lambertw1p(x), at), 1 + value if at > -0.3 else mpmath.exp(-value) / slope, 1e-15)
    assert_all(values(f.gradient(x), at), slope, 2e-14)
    assert_all(values(f.hessian(x), at), curvature, 4e-14)
    for way, (got,) in first_derivatives(f, [x], {x: at}).items():
        assert close(got, slope, 2e-14), way
    for way, ((got,),) in second_derivatives(f, [x], {x: at}).items():
        assert close(got, curvature, 4e-14), way


@pytest.mark.parametrize("at", [np.nextafter(np.float32(-1 / math.e), np.float32(0)), -0.3678, -0.36, -0.35, 0.5])
def test_lambertw_in_single_precision(at):
    value, slope, curvature = lambert(float(np.float32(at)))
    f = sd.lambertw(x)
    for g, expected in ((f, value), (f.gradient(x), slope), (f.hessian(x), curvature)):
        assert_all(singles(g, at), expected, 4e-6)


def test_lambertw_of_50_digits_keeps_them():
    with digits():
        at = -mpmath.exp(-1) + mpmath.mpf(10) ** -45
        with digits(150):
            w = mpmath.lambertw(at).real
            slope = mpmath.exp(-w) / (1 + w)
        assert close(sd.lambertw(x).gradient(x).evaluate({x: at}), slope, 1e-45)


def test_one_more_than_lambertw():
    assert sd.lambertw1p(sd.Const(0)) == sd.Const(1)
    assert sd.lambertw1p(x).to_sympy() == 1 + sympy.LambertW(sympy.Symbol("x", real=True))
    assert str(sd.lambertw(x).gradient(x)) == "exp(-lambertw(x))/lambertw1p(x)"
    assert math.isnan(sd.lambertw1p(-0.5))
    assert sd.lambertw1p(math.inf) == math.inf


# -- polygamma of high orders -----------------------------------------------------------------------


def psi(n, at):
    """polygamma by the zeta function of Hurwitz, on the left by the terms up to 0."""
    with digits(400):
        at, s = exact(at), n + 1
        count = max(int(mpmath.ceil(-at)), 0)
        total = mpmath.zeta(s, at + count) + mpmath.fsum((at + k) ** -s for k in range(count))
        return (-1) ** s * mpmath.factorial(n) * total


ORDERS = [
    (171, 2.5), (110, 1000.5), (179, 2.5), (300, 60.0), (1000, 600.0), (1, 1e300), (3, 1e100), (50, 1e4), (100, 0.5),
    (1, 1e-150), (20, 1e5), (21, 1e-10), (99, -10.2), (40, -1500.3), (1, -0.5), (2, -2.75), (10, -3 + 1e-9),
]  # fmt: skip


@pytest.mark.parametrize(("n", "at"), ORDERS)
def test_polygamma_has_no_factor_that_leaves_the_range(n, at):
    f = sd.polygamma(n, x)
    for name, got in values(f, at).items() if n <= 100 else [("evaluate", f.evaluate({x: at}))]:
        assert close(got, psi(n, at), 2e-14), (name, n, at)
    slope = psi(n + 1, at) if n < 1000 else 0
    if 1e-307 < abs(slope) < 1e308:
        for way, (got,) in first_derivatives(f, [x], {x: at}).items():
            assert close(got, slope, 2e-14), (way, n, at)


def test_many_derivatives_of_loggamma():
    assert close(sd.loggamma(x).diff(x, 180).evaluate({x: 2.5}), psi(179, 2.5), 2e-14)


@pytest.mark.parametrize(("n", "at"), [(1, 0.5), (2, -2.75), (20, 30.0), (60, 40.0), (100, -0.3), (100, 100.0)])
def test_polygamma_in_single_precision(n, at):
    expected = psi(n, float(np.float32(at)))
    single = np.float32(float(expected)) if abs(expected) < 1e38 else math.copysign(math.inf, expected)
    assert_all(singles(sd.polygamma(n, x), at), single, 1e-6)


@pytest.mark.parametrize("n", [2, 100, 170, 300, 1000])
def test_half_way_between_poles_polygamma_of_even_order_is_that_on_the_right(n):
    """The terms of its series that are on both sides of 0 cancel, whether or not a float can hold them."""
    for at in (-0.5, -20.5):
        expected = psi(n, 1 - at) if n < 1000 else -math.inf
        expected = expected if abs(expected) < 1.7e308 else math.copysign(math.inf, expected)
        assert close(sd.polygamma(n, at), expected, 1e-11), (n, at)
    assert sd.polygamma(n, -0.25) > 0 > sd.polygamma(n, -0.75)


@pytest.mark.parametrize("make", [
    lambda: sd.polygamma(10**8, 2.5), lambda: sd.polygamma(10**8, x), lambda: sd.polygamma(10**8, mpmath.mpf(2)),
    lambda: sd.polygamma(10**8, 2.5 + 1j), lambda: sd.polygamma(10**8, np.ones(3)), lambda: sd.spherical_jn(10**8, 1e9),
    lambda: sd.polygamma(10**8, sd.DualNumber(2.5, 1.0)), lambda: sd.parse("polygamma(10**8, x)"),
    lambda: sd.from_sympy(sympy.polygamma(10**8, sympy.Symbol("x"))), lambda: sd.polygamma(1000, x).gradient(x),
    lambda: sd.polygamma(1000, x).backpropagate({x: 2.5}),
])  # fmt: skip
def test_orders_are_bounded_and_the_error_says_so(make):
    with pytest.raises(sd.SymdiffValueError, match=r"the order of \w+ is at most 1,000, not (100,000,000|1,001)"):
        make()


# -- gamma functions beside poles and at the ends of the range -----------------------------------------


@pytest.mark.parametrize(
    "at", [-1 + 1e-10, -3 + 1e-10, -3 - 1e-12, -10 + 1e-9, -0.01, -1e-300, 1e-200, 1e300, -100.5, -1e6 - 0.2]
)
def test_digamma_beside_poles_and_at_the_ends_of_the_range(at):
    with digits(60):
        expected = mpmath.psi(0, exact(at))
    assert_all(values(sd.digamma(x), at), expected, 1e-14)
    assert_all(values(sd.loggamma(x).gradient(x), at), expected, 1e-14)
    for way, (got,) in first_derivatives(sd.loggamma(x), [x], {x: at}).items() if at > 0 else ():
        assert close(got, expected, 1e-14), way


@pytest.mark.parametrize("at", [5e-324, 1e-310, 1e-300, 1e-100, 1e-19, 0.1, 50.0, 1e300])
def test_loggamma_of_tiny_numbers(at):
    with digits(60):
        expected = mpmath.loggamma(exact(at))
    assert_all(values(sd.loggamma(x), at), expected, 4e-16)
    assert sd.loggamma(np.array([at, at]))[1] == sd.loggamma(at)


def test_polygamma_that_overflows_does_not_warn():
    """NumPy's own number did, in functions compiled to Python: 2*zeta(3, x) is beyond floats, zeta(3, x) is not."""
    x = sd.Var("x")
    compiled = sd.compile(sd.polygamma(2, x), [x], backend="python")
    assert compiled(2.1e-103) == compiled(np.array([2.1e-103])) == -math.inf
    assert sd.polygamma(2, x).evaluate(x=2.1e-103) == -math.inf


@pytest.mark.parametrize(("text", "at", "slope"), [("acosh(-x)", -1.0, -math.inf), ("sqrt(-x - 1)*x", -1.0, math.inf)])
def test_a_pole_of_a_negated_operand_has_one_sign_in_every_mode(text, at, slope):
    """Symbols wrote sqrt(-(x + 1)), which is -0.0 at -1, and 1/-0.0 is -inf."""
    f, x = sd.parse(text), sd.Var("x")
    assert {way: v for way, (v,) in first_derivatives(f, [x], {x: at}).items() if v != slope} == {}
