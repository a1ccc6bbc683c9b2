"""Random array programs: values of NumPy, derivatives of the same program over arrays of scalars, and of JAX."""

from __future__ import annotations

import copy
import os
import random
import re

import numpy as np
import pytest
from array_programs import (
    OF_ARRAYS,
    OF_NUMPY,
    OF_SCALARS,
    Program,
    _sine,
    array_variables,
    sample,
    scalar_variables,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import symdiff as sd

EXAMPLES = int(os.environ.get("SYMDIFF_ARRAY_PROGRAMS", "100"))
SETTINGS = settings(derandomize=True, max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
PROGRAMS = st.builds(lambda seed, lines: Program(random.Random(seed), lines), st.integers(0, 10**6), st.integers(1, 8))


def close(got, expected, scale=1.0):
    got, expected = np.asarray(got, float), np.asarray(expected, float)
    assert got.shape == expected.shape
    np.testing.assert_allclose(got, expected, rtol=1e-7, atol=1e-9 * scale)


@SETTINGS
@given(PROGRAMS)
def test_values_are_those_of_numpy(program):
    values = sample(program, 1)
    with np.errstate(all="ignore"):
        expected = program.run(OF_NUMPY, values)
    with sd.Graph():
        close(program.run(OF_ARRAYS, array_variables(program)).evaluate(values), expected)


@SETTINGS
@given(PROGRAMS)
def test_derivatives_are_those_of_the_program_over_scalars(program):
    values = sample(program, 2)
    with sd.Graph():
        arrays = array_variables(program)
        f = program.run(OF_ARRAYS, arrays)
        gradients = {v.name: f.gradient(v) for v in f.variables}
        hessians = {(k, v.name): sd.jacobian(g, v) for k, g in gradients.items() for v in f.variables}
    with sd.Graph():
        entries = scalar_variables(program)
        expected = program.run(OF_SCALARS, entries)
        expected = sd.Const(0) + (expected.item() if isinstance(expected, np.ndarray) else expected)
        flat = {k: np.ravel(entries[k]) for k in gradients}
        everything = np.concatenate([*flat.values()]) if flat else []
        if not len(everything):
            return
        g, h = (
            np.asarray(sd.evaluate(m, values), float)
            for m in (expected.gradient(everything), expected.hessian(everything))
        )
    at = np.cumsum([0, *[len(v) for v in flat.values()]])
    where = {k: slice(at[j], at[j + 1]) for j, k in enumerate(flat)}
    for k, derivative in gradients.items():
        close(np.ravel(derivative.evaluate(values)), g[where[k]])
        for m in gradients:
            got = hessians[k, m].evaluate(values)
            assert np.shape(got) == program.inputs[k] + program.inputs[m]
            close(np.reshape(got, (len(flat[k]), len(flat[m]))), h[where[k], where[m]])


@SETTINGS
@given(PROGRAMS)
def test_slopes_in_directions_of_numbers_and_of_variables_are_those_of_the_gradient(program):
    """Symbolic forward mode against the gradient by reverse mode, where what is summed may cancel in one alone."""
    values, moves = sample(program, 4), {f"d{k}": v for k, v in sample(program, 5).items()}
    with sd.Graph():
        f = program.run(OF_ARRAYS, array_variables(program))
        for v in f.variables:
            move = moves[f"d{v.name}"]
            direction = sd.Var(f"d{v.name}", shape=program.inputs[v.name])
            slope = np.sum(f.gradient(v).evaluate(values) * move)
            close(sd.jvp(f, v, move).evaluate(values), slope)
            close(sd.jvp(f, v, direction).evaluate({**values, **moves}), slope)
            close(sd.jvp(f, v, 2 * direction).gradient(direction).evaluate({**values, **moves}) / 2,
                  f.gradient(v).evaluate(values))  # fmt: skip


@pytest.mark.skipif(
    "SYMDIFF_JAX" not in os.environ,
    reason="JAX makes threads, which forks in other tests mind: SYMDIFF_JAX=1 asks for it",
)
def test_derivatives_are_those_of_jax():
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    names = {
        "above": lambda a, b: jnp.where(a > 0.2, a, b),
        "inv": jnp.linalg.inv,
        "det": jnp.linalg.det,
        "solve": jnp.linalg.solve,
    }
    functions = {**{k: getattr(jnp, k, None) or f for k, f in OF_NUMPY.items()}, **names}
    functions |= {"cholesky": jnp.linalg.cholesky, "logdet": lambda a: jnp.linalg.slogdet(a)[1]}
    functions |= {"logsumexp": lambda a, k: jax.scipy.special.logsumexp(a, axis=k), "concatenate": jnp.concatenate}
    functions |= {"norm": lambda a, k: jnp.sqrt((a * a).sum(axis=k)), "product": lambda a, k: jnp.prod(a, axis=k)}
    functions |= {"triangular": lambda a, b, lower: jax.scipy.linalg.solve_triangular(a, b, lower=lower)}
    functions |= {"eigvalsh": jnp.linalg.eigvalsh, "svdvals": jnp.linalg.svdvals}
    functions |= {"indices": jnp.asarray}
    functions |= {"diag": lambda a: jnp.diag(jnp.asarray(a)), "cholesky": lambda a: jnp.linalg.cholesky((a + a.T) / 2)}
    functions |= {"sine_of_matrix": lambda a: _sine(*jnp.linalg.eigh(a), jnp.sin, jnp.diag)}
    for seed in range(EXAMPLES // 4):
        program = Program(random.Random(seed), 6)
        lists = re.compile(r"(?<=[\[ ])\[(-?\d+(?:, -?\d+)*)\]")  # JAX has index arrays only
        in_jax = copy.copy(program)
        in_jax.lines = [(name, lists.sub(r"indices([\1])", code)) for name, code in program.lines]
        values = {k: jnp.asarray(v) for k, v in sample(program, 3).items()}
        gradient = jax.grad(lambda inputs, program=in_jax: program.run(functions, inputs))(values)
        with sd.Graph():
            f = program.run(OF_ARRAYS, array_variables(program))
            for v in f.variables:
                if np.isfinite(gradient[v.name]).all():
                    close(f.gradient(v).evaluate(sample(program, 3)), gradient[v.name])
