"""Conjugates, real and imaginary parts: those of real expressions are trivial, those of complex ones are refused."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

import symdiff as sd
from symdiff.complex_constants import holds_complex

x, y = sd.variables("x y")
W = sd.Var("W", shape=3)
REFUSED = "holds a complex constant has no"


@pytest.mark.parametrize("unit", [1j, mpmath.mpc(0, 1)], ids=["complex", "mpc"])
@pytest.mark.parametrize(
    "ask",
    [
        lambda v: v.conjugate(), lambda v: v.real, lambda v: v.imag, np.conj, np.real, np.imag,
        lambda v: v * np.conj(v), lambda v: np.conj(np.array([x, v])), lambda v: np.array([v]).conj(),
        lambda v: np.vdot(np.array([v, x]), np.array([x, x])), lambda v: np.var(np.array([v, x])),
        lambda v: np.std(np.array([v, x])),
    ],
)  # fmt: skip
def test_parts_of_complex_expressions_are_refused(unit, ask):
    with pytest.raises(sd.SymdiffTypeError, match=REFUSED):
        ask(sd.exp(x + unit * y) + 1)


@pytest.mark.parametrize(
    "ask",
    [
        lambda u: np.vdot(u, W), lambda u: np.vdot(u, u), lambda u: np.vecdot(u, W), lambda u: np.linalg.vecdot(u, u),
        lambda u: np.vecmat(u, np.eye(3)), np.var, np.std, lambda u: u.var(), lambda u: u.std(axis=0), np.cov,
        np.linalg.norm, np.linalg.vector_norm, lambda u: np.linalg.matrix_norm(u[None]),
        lambda u: np.linalg.cholesky(u * np.eye(3)), lambda u: np.linalg.eigvalsh(u * np.eye(3)),
        lambda u: np.linalg.eigh(u * np.eye(3)), lambda u: np.linalg.svd(u * np.eye(3)),
        lambda u: np.linalg.svdvals(u[None]), lambda u: np.linalg.norm(u[None], "nuc"),
        lambda u: np.linalg.slogdet(u * np.eye(3)), lambda u: u.conjugate(),
        lambda u: u.real, lambda u: u.imag, np.conj, lambda u: u[1].conjugate(), lambda u: u.T.real,
    ],
)  # fmt: skip
def test_conjugates_of_complex_arrays_are_refused_wherever_numpy_takes_them(ask):
    """The square of the entries, not of their moduli, was the scalar product and the variance."""
    for u in (1j * W + 1, W + np.array([1j, 2, 3]), sd.exp(W * sd.Const(mpmath.mpc(0, 1)))):
        with pytest.raises(sd.SymdiffTypeError, match=REFUSED):
            ask(u)


def test_scalar_products_conjugate_constants_in_front():
    z, at = np.array([1j, 2, 3 - 1j]), np.array([1.0, 2.0, 4.0])
    w = sd.variables("w", 3)
    assert np.vdot(z, W).evaluate(W=at) == np.vdot(z, at)
    assert np.vdot(W, z).evaluate(W=at) == np.vdot(at, z)
    assert np.vdot(z, w).evaluate(w=at) == np.vdot(z, at)
    assert np.linalg.vecdot(z, W).evaluate(W=at) == np.vdot(z, at)
    assert np.vdot(W, W).evaluate(W=at) == 21.0
    assert (W * 1j).sum().evaluate(W=at) == 7j  # nothing of it needs conjugates


def test_norms_of_symdiff_are_formulas_of_complex_constants_too():
    """They are what real numbers are continued to, sqrt(z**2), and texts of them read back."""
    f = sd.norm(x, y).replace({x: 1j * y})
    assert sd.parse(str(f)) == f
    g = sd.linalg.norm(W).replace({W: 1j * sd.Var("U", shape=3)})
    assert sd.parse(str(g), {"U": 3}) == g
    assert sd.norm(3j, 5.0) == 4.0


def test_parts_of_real_expressions_stay_trivial():
    """Complex constants elsewhere in the graph do not matter."""
    _, f = 1j * x, x**2 + y
    assert f.conjugate() == f
    assert f.real == f
    assert f.imag == 0
    assert not np.iscomplex(f)
    with pytest.raises(sd.SymdiffTypeError, match=REFUSED):
        np.iscomplex(f + 1j)
    with pytest.raises(AttributeError, match=r"write f\.conjugate\(\)"):
        _ = f.conj
    w = sd.variables("w", 3)
    values = [1.0, 2.0, 6.0]
    point = dict(zip(w, values, strict=True))
    assert np.vdot(w, w).evaluate(point) == 41.0
    assert np.var(w).evaluate(point) == pytest.approx(np.var(values), rel=1e-15)
    assert np.std(w).evaluate(point) == pytest.approx(np.std(values), rel=1e-15)


def test_parts_of_an_array_take_one_pass_over_what_they_share():
    f = 1j * x + y
    for _ in range(20_000):
        f = sd.sin(f) + y
    g = [f * k for k in range(2, 2000)]
    assert all(holds_complex(h._graph, h._index) for h in g)


def test_parts_of_numbers_that_carry_derivatives_are_those_of_their_parts():
    """|(t + i)**2|**2 = (t**2 + 1)**2, whose derivative is 4 t (t**2 + 1), the second one 12 t**2 + 4."""

    def square(t):
        return np.conj((t + 1j) ** 2) * (t + 1j) ** 2

    assert sd.derivative(square, 2.0) == 40.0
    assert sd.derivative(square, 2.0, order=2) == 52.0
    assert sd.derivative(lambda t: ((t + 1j) ** 3).real, 2.0) == 9.0  # of t**3 - 3 t
    assert sd.derivative(lambda t: ((t + 1j) ** 3).imag, 2.0) == 12.0  # of 3 t**2 - 1
    (found,) = sd.gradient(lambda v: np.vdot(v + 1j, v + 1j).real, np.array([1.0, 2.0]))
    assert found.tolist() == [2.0, 4.0]  # of the sum of v**2 + 1


COMPLEX = [
    lambda v: (v * (1 + 2j)).real.sum(), lambda v: np.real(v * (1 + 2j)).sum(), lambda v: (v * (1 + 2j)).imag.sum(),
    lambda v: np.imag(v * (1 + 2j)).sum(), lambda v: np.exp(1j * v).real.sum(), lambda v: np.exp(1j * v).imag.prod(),
    lambda v: np.sqrt(-v + 0j).imag.sum(), lambda v: np.outer(np.conj(v + 1j), v).imag.sum(),
    lambda v: (np.conj(v * (1 + 2j)) * v).imag.sum(), lambda v: ((v[0] + 1j * v[1]) ** 3).imag * v[2],
    lambda v: np.var(v * (1 + 2j)), lambda v: np.std(v * (1 + 2j)), lambda v: np.vdot(v + 1j, v * 2j).imag,
    lambda v: np.vecdot(v + 1j, v * 1j).imag, lambda v: np.linalg.vecdot(v + 1j, v + 1j).real,
    lambda v: np.vecmat(v + 1j, np.ones((3, 2))).imag.sum() * v[0], lambda v: np.correlate(v + 1j, v * 1j)[0].imag,
    lambda v: np.correlate(v + 1j, [1j, 2.0], "full").real.sum(), lambda v: np.cov(v * (1 + 2j)).real,
    lambda v: np.corrcoef(v * (1 + 2j), v**2)[0, 1].imag, lambda v: np.linalg.norm(v + 1j),
    lambda v: np.linalg.norm(np.stack([v[0] + 1j * v[1], v[2]])), lambda v: np.linalg.norm(v + 1j, 1),
    lambda v: np.linalg.norm(v * 1j + 1, np.inf), lambda v: np.linalg.norm(v + 1j, 3),
    lambda v: np.linalg.norm(v + 1j, -1),
    lambda v: np.linalg.norm(np.outer(v, v + 1j)), lambda v: np.linalg.norm(np.outer(v, v + 1j), 1, axis=(0, 1)),
    lambda v: (np.isreal(v * (1 + 1j)) * v).sum(), lambda v: (np.iscomplex(np.stack([v[0] * 1j, v[1]])) * v[:2]).sum(),
    lambda v: np.abs(np.conj(v * 1j).imag).sum(), lambda v: (v * (1 + 1j)).T.real[0] + (v + 0j)[::-1].real[0],
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(COMPLEX)))
def test_functions_of_complex_numbers_have_their_slopes_in_every_mode(number):
    """Their parts were those of the array, which does not ask its elements: 0 for the imaginary one, in silence."""
    function = COMPLEX[number]
    at = np.array([1.0, 2.0, 4.0])
    steps = 1e-4 * np.eye(3)

    def central(f):
        return np.array([(8 * (f(at + e) - f(at - e)) - f(at + 2 * e) + f(at - 2 * e)) / 12e-4 for e in steps])

    assert sd.derivative(lambda t: function(np.stack([t, 2.0 + 0 * t, 4.0 + 0 * t])), 1.0, order=0) == pytest.approx(
        function(at)
    )
    slopes = central(lambda v: np.real(function(v)))
    (found,) = sd.gradient(function, at)
    np.testing.assert_allclose(found.astype(complex), slopes, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(sd.jacobian(function, at), slopes, rtol=1e-9, atol=1e-9)
    second = central(lambda v: np.array(sd.jacobian(function, v), dtype=complex).real)
    np.testing.assert_allclose(np.array(sd.hessian(function, at), dtype=complex), second, rtol=1e-8, atol=1e-8)


def test_parts_of_complex_numbers_are_seen_through_nested_derivatives():
    """(t + i s)**3 has the imaginary part 3 t**2 s - s**3."""
    assert sd.hessian(lambda t, s: ((t + 1j * s) ** 3).imag, 2.0, 1.0).tolist() == [[6.0, 12.0], [12.0, -6.0]]
    assert sd.derivative(lambda s: sd.gradient(lambda t: ((t + 1j * s) ** 3).imag, 2.0)[0], 1.0) == 12.0
    assert sd.gradient(lambda t: ((t + mpmath.mpc(0, 1)) ** 3).imag, 2.0) == (12.0,)
    assert sd.gradient(lambda t: ((t + np.complex64(1j)) ** 3).imag, 2.0) == (12.0,)
