"""Mechanics models of SymPy: equations of motion and their Jacobians, at random states to 1e-10."""

from __future__ import annotations

import random

import mpmath
import numpy as np
import pytest
import sympy
from sympy.physics.mechanics import dynamicsymbols
from sympy.physics.mechanics.models import n_link_pendulum_on_cart

import symdiff as sd


def at(matrix, points):
    """A matrix of SymPy's at 40 digits, by its own lambdify, at several points."""
    function = sympy.lambdify(list(points[0]), matrix, "mpmath", cse=True)
    with mpmath.mp.workdps(40):
        return [np.array(function(*map(mpmath.mpf, point.values())).tolist(), dtype=object) for point in points]


def close(found, wanted):
    scale = max(abs(w) for w in wanted.ravel())
    assert max(abs(a - b) for a, b in zip(np.ravel(found), np.ravel(wanted), strict=True)) <= 1e-13 * scale


@pytest.fixture(scope="module", params=[2, 3, 4])
def pendulum(request):
    """Mass matrix and forcing of a pendulum on a cart, its state, and two random points."""
    model = n_link_pendulum_on_cart(request.param, cart_force=True, joint_torques=True)
    mass, forcing = model.mass_matrix_full, model.forcing_full
    state = [*model.q, *model.u]
    rest = sorted((mass.free_symbols | forcing.free_symbols) - {dynamicsymbols._t}, key=str)
    torques = sorted(sympy.physics.mechanics.find_dynamicsymbols(forcing) - set(state), key=str)
    draw = random.Random(request.param)
    points = [{v: draw.uniform(0.3, 1.7) for v in [*state, *torques, *rest]} for _ in range(2)]
    return mass, forcing, state, points


def test_equations_of_motion_and_their_jacobian(pendulum):
    mass, forcing, state, points = pendulum
    found = sd.from_sympy([mass, forcing])
    slopes = [sd.jacobian(forcing, state), sd.jacobian(mass.reshape(len(mass), 1), state)]
    theirs = [mass, forcing, forcing.jacobian(state), mass.reshape(len(mass), 1).jacobian(state)]
    assert [s.shape for s in slopes] == [t.shape for t in theirs[2:]]
    for ours, wanted in zip([*found, *slopes], theirs, strict=True):
        for point, values in zip(points, at(wanted, points), strict=True):
            close(sd.evaluate(ours, point), values)


def test_accelerations_and_their_derivative_along_the_motion(pendulum):
    """The right-hand side solves `mass * rate = forcing`; its Jacobian follows from the two above."""
    mass, forcing, state, points = pendulum
    point = points[0]
    slopes = sd.from_sympy([mass, forcing[:, 0], sd.jacobian(forcing, state), [sd.jacobian(mass, s) for s in state]])
    m, f, df, *dm = (np.array(sd.evaluate(part, point), float) for part in [*slopes[:3], *slopes[3]])
    rate = np.linalg.solve(m, f[:, 0])
    slope = np.linalg.solve(m, df - np.array([d @ rate for d in dm]).T)
    step = 1e-5
    sides = [{**point, s: point[s] + h} for s in state for h in (step, -step)]
    rates = [
        np.linalg.solve(np.array(a, float), np.array(b, float)[:, 0])
        for a, b in zip(at(mass, sides), at(forcing, sides), strict=True)
    ]
    for k in range(len(state)):
        assert slope[:, k] == pytest.approx((rates[2 * k] - rates[2 * k + 1]) / (2 * step), rel=1e-5, abs=1e-5)


def test_operations_are_fewer_than_after_common_subexpressions(pendulum):
    mass, forcing, state, _ = pendulum
    functions = sympy.Matrix([*forcing, *mass])
    shared, reduced = sympy.cse(functions.jacobian(state))
    theirs = sum(sympy.count_ops(e) for _, e in shared) + sum(sympy.count_ops(e) for e in reduced[0])
    ours = sum(sd.count_ops(sd.jacobian(sd.from_sympy(functions).ravel(), sd.from_sympy(state))).values())
    assert ours < 1.2 * theirs


def test_lagrange_by_total_derivatives():
    """d/dt ∂L/∂q' - ∂L/∂q of a double pendulum, SymPy's line by line."""
    q1, q2 = dynamicsymbols("gamma beta")  # angles, not SymPy's functions of those names
    t, m, length, g = dynamicsymbols._t, *sympy.symbols("m l g", positive=True)
    kinetic = m * length**2 * (q1.diff(t) ** 2 + q2.diff(t) ** 2 / 2 + q1.diff(t) * q2.diff(t) * sympy.cos(q1 - q2))
    lagrangian = kinetic + m * g * length * (2 * sympy.cos(q1) + sympy.cos(q2))
    for angle in (q1, q2):
        wanted = lagrangian.diff(angle.diff(t)).diff(t) - lagrangian.diff(angle)
        found = sd.gradient(sd.gradient(lagrangian, angle.diff(t)), t) - sd.gradient(lagrangian, angle)
        assert sympy.simplify(found - wanted) == 0
