"""Binomial coefficients and the beta function: at whole numbers, beside zeros, of large and tiny operands."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy
from support import close, digits, exact, first_derivatives, second_derivatives

import symdiff as sd
from symdiff.compile import backends

BACKENDS = [backend.name for backend in backends.ranked() if backend.installed()]
x, y = sd.variables("x y")


@pytest.mark.parametrize("at", [200.0, 5.5, -3.0, 1.0, 0.0, 2.0, 1e6, 1e10, 1e150, -1e10])
def test_a_binomial_coefficient_of_whole_k_is_a_polynomial(at):
    f = sd.from_sympy(sympy.binomial(sympy.Symbol("x"), 2))
    value, slope = exact(at) * (exact(at) - 1) / 2, exact(at) - exact(0.5)
    assert close(f.evaluate({x: at}), value, 4e-16)
    for way, (got,) in first_derivatives(f, [x], {x: at}).items():
        assert close(got, slope, 4e-16), way
    for way, ((got,),) in second_derivatives(f, [x], {x: at}).items():
        assert got == 1, way
    assert f.diff(x, 3).evaluate({x: at}) == 0
    for name in BACKENDS if "llvm" not in BACKENDS else [*[b for b in BACKENDS if b != "llvm"], "auto"]:
        assert sd.compile([f, f.gradient(x), f.hessian(x)], [x], backend=name)(at) == [float(value), float(slope), 1.0]


POINTS = [(946.6, 623.9), (1e10, 2.5), (1e7, 30.5), (1.3, 4.6), (-2.5, 0.3), (0.5, -1.3), (100.3, 103.7), (1e-9, 0.7)]


def gammas(n, k):
    return mpmath.gamma(n + 1) * mpmath.rgamma(k + 1) * mpmath.rgamma(n - k + 1)


@pytest.mark.parametrize("at", POINTS)
def test_binomial_of_real_operands_is_right_to_second_order(at):
    f = sd.binomial(x, y)
    with digits(200):
        n, k = map(exact, at)
        if n - k > 0:

            def function(n, k):
                return mpmath.exp(mpmath.loggamma(n + 1) - mpmath.loggamma(k + 1) - mpmath.loggamma(n - k + 1))

        else:
            function = gammas
        expected = {
            o: mpmath.diff(function, (n, k), o, h=mpmath.mpf(10) ** -40) if any(o) else function(n, k)
            for o in ((0, 0), (1, 0), (0, 1), (2, 0), (1, 1), (0, 2))
        }
    for (p, q), wanted in expected.items():
        assert close(sd.binomial_derivative(p, q, *at), wanted, 1e-13), (p, q)
    for way, row in first_derivatives(f, [x, y], dict(zip((x, y), at, strict=True))).items():
        assert close(row[0], expected[1, 0], 1e-13), way
        assert close(row[1], expected[0, 1], 1e-13), way


@pytest.mark.parametrize(
    "at", [(200.0, 2.0), (1e10, 0.3), (1e-5, 1e-6), (400.0, 600.0), (1e15, 1.5), (-2.3, 5.1), (2.0, 3.0)]
)
def test_beta_is_right_to_second_order(at):
    def function(a, b):
        if a > 0:
            return mpmath.exp(mpmath.loggamma(a) + mpmath.loggamma(b) - mpmath.loggamma(a + b))
        return mpmath.gamma(a) * mpmath.gamma(b) * mpmath.rgamma(a + b)

    with digits(200):
        a, b = map(exact, at)
        for o in ((0, 0), (1, 0), (0, 1), (2, 0), (1, 1), (0, 2)):
            wanted = mpmath.diff(function, (a, b), o, h=mpmath.mpf(10) ** -46) if any(o) else function(a, b)
            assert close(sd.beta_derivative(*o, *at), wanted, 1e-13), o


def test_exact_values_and_spellings():
    assert [sd.binomial(5, 2), sd.binomial(-3, 2), sd.binomial(3, -1)] == [10, 6, 0]
    assert sd.binomial(Fraction(1, 2), 2) == Fraction(-1, 8)
    assert sd.binomial(sd.Const(200), 100) == sd.Const(sympy.binomial(200, 100).p)
    assert sd.parse("binom(x, 2) + comb(x, y) + beta(x, y)") == sd.binomial(x, 2) + sd.binomial(x, y) + sd.beta(x, y)
    a, b = sympy.symbols("x y", real=True)
    assert (sd.binomial(x, 2).to_sympy(), sd.beta(x, y).to_sympy()) == (sympy.binomial(a, 2), sympy.beta(a, b))
    assert sd.from_sympy(sympy.beta(a, b)) == sd.beta(x, y)
    assert sd.binomial(x, 2).latex() == r"\binom{x}{2}"
    assert sd.binomial(np.array([5.0, 6.0], np.float32), 2).dtype == np.float32
    with pytest.raises(sd.SymdiffValueError, match="at most 50"):
        sd.binomial_derivative(51, 0, 2.5, 1.5)


def test_threads_compute_the_same():
    x, y = sd.variables("x y")
    function = sd.compile(sd.binomial(x, y), [x, y], backend="numpy")
    xs, ys = np.linspace(-3.3, 4.1, 60), np.linspace(5.2, -2.7, 60)
    np.testing.assert_array_equal(function(xs, ys, threads=3), function(xs, ys))
