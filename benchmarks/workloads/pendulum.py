"""SymPy's equations of motion of n pendulums on a cart: the Jacobian of the right-hand side by the state."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import sympy
from sympy.physics.mechanics.models import n_link_pendulum_on_cart

from benchmarks.case import Case


@functools.cache
def equations(links: int) -> tuple[Any, Any, list[Any], list[Any]]:
    """Mass matrix, forces, state and parameters, all of plain symbols."""
    kane = n_link_pendulum_on_cart(links)
    state = [*kane.q, *kane.u]
    force = next(iter(kane.forcing_full.atoms(sympy.Function("F")(sympy.Symbol("t")).func)), None)
    names = {s: sympy.Symbol(s.func.__name__) for s in state}
    if force is not None:
        names[force] = sympy.Symbol("F")
    mass, forces = kane.mass_matrix_full.xreplace(names), kane.forcing_full.xreplace(names)
    held = [names[s] for s in state]
    others = sorted((mass.free_symbols | forces.free_symbols) - set(held), key=str)
    return mass, forces, held, others


@functools.cache
def right_side(links: int) -> list[Any]:
    """Mass matrix inverse times forces, as SymPy's LU decomposition gives it."""
    mass, forces, _, _ = equations(links)
    return list(mass.LUsolve(forces))


def point(links: int) -> Any:
    """State and parameters, the masses and lengths positive."""
    _, _, state, others = equations(links)
    rng = np.random.default_rng(6)
    return np.concatenate([rng.uniform(-1, 1, len(state)), rng.uniform(0.5, 1.5, len(others))])


def slopes(links: int) -> Any:
    """By complex steps through a numeric solution."""
    mass, forces, state, others = equations(links)
    numeric = sympy.lambdify([*state, *others], [mass, forces], "numpy", cse=True)
    at = point(links)
    columns = []
    for k in range(len(state)):
        moved = at.astype(complex)
        moved[k] += 1e-30j
        m, f = numeric(*moved)
        columns.append(np.linalg.solve(m, f).ravel().imag / 1e-30)
    return np.stack(columns, axis=1).ravel()


def builder(links: int) -> Any:
    """From a rival to the problem; what is derived by is the state, the parameters come along."""
    return lambda rival: rival.convert(right_side(links), equations(links)[2], equations(links)[3])


def prepare(links: int) -> None:
    """What every subject is given."""
    right_side(links)


def cases(quick: bool) -> list[Case]:
    return [
        Case("pendulum", f"{links} links", "derivatives", builder(links), functools.partial(point, links),
             functools.partial(slopes, links), derive="jacobian", rivals=("symdiff", "symengine", "sympy"),
             prepare=functools.partial(prepare, links), tolerance=1e-7,
             targets={"time ÷ sympy": 0.02, "operations ÷ sympy": 1.0} if links == 4 else {})
        for links in ((2,) if quick else (3, 4, 5, 6))
    ]  # fmt: skip
