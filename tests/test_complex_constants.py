"""Conjugates, real and imaginary parts: those of real expressions are trivial, those of complex ones are refused."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

import symdiff as sd
from symdiff.complex_constants import holds_complex

x, y = sd.variables("x y")
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


def test_parts_of_real_expressions_stay_trivial():
    """Complex constants elsewhere in the graph do not matter."""
    _, f = 1j * x, x**2 + y
    assert f.conjugate() == f
    assert f.real == f
    assert f.imag == 0
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
