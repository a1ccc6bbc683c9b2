"""JAX: Taylor mode by `jet`, and functions compiled by XLA."""

from __future__ import annotations

from typing import Any

import jax
import jax.extend.core
import jax.numpy as jnp
import numpy as np
from jax.experimental import jet

from benchmarks.case import Problem
from benchmarks.harness import Clock
from benchmarks.rivals.base import Program, Rival, flat, upper

jax.config.update("jax_enable_x64", True)


class Jax(Rival):
    package = "jax"
    module = jnp
    erf = staticmethod(jax.scipy.special.erf)

    def fresh(self) -> Any:
        jax.clear_caches()
        return super().fresh()

    def build(self, write: Any, count: int) -> Problem:
        """Nothing is built before it is traced: the outputs are a function."""
        return Problem(lambda *xs: write(self, xs), count)

    def derivative(self, problem: Problem, order: int) -> Any:
        def last(x: Any) -> Any:
            direction = [jnp.ones_like(x)] + [jnp.zeros_like(x)] * (order - 1)
            value, series = jet.jet(lambda x: problem.outputs(x)[0], (x,), (direction,))
            return value, series[order - 1]

        return jax.make_jaxpr(last)(1.0)

    def values(self, problem: Problem, found: Any, point: Any) -> Any:
        return flat(jax.jit(jax.extend.core.jaxpr_as_fun(found))(*[float(p) for p in point])[1:])

    def operations(self, problem: Problem, found: Any) -> dict[str, float]:
        value = jax.make_jaxpr(problem.outputs)(*[1.0] * problem.inputs)
        return {"value operations": _equations(value.jaxpr), "operations": _equations(found.jaxpr)}

    def function(self, problem: Problem, derive: str, order: int) -> Program:
        clock = Clock()
        done = jax.jit(_with_derivatives(problem, derive, order))
        return Program(
            lambda *xs: jax.block_until_ready(done(*xs)), lambda point: [float(p) for p in point], flat, clock.lap()
        )

    def batch(self, problem: Problem, derive: str, order: int) -> Program:
        clock = Clock()
        done = jax.jit(jax.vmap(_with_derivatives(problem, derive, order)))

        def prepare(columns: Any) -> Any:
            return [jnp.asarray(c) for c in columns]

        def collect(results: Any) -> Any:
            return [np.asarray(r) for r in results]

        return Program(lambda *xs: jax.block_until_ready(done(*xs)), prepare, collect, clock.lap())


def _with_derivatives(problem: Problem, derive: str, order: int) -> Any:
    where = tuple(range(problem.inputs))

    def value(*xs: Any) -> Any:
        return problem.outputs(*xs)[0]

    if derive == "value":
        return value

    def all_of(*xs: Any) -> Any:
        result, slopes = jax.value_and_grad(value, where)(*xs)
        if order == 1:
            return [result, *slopes]
        matrix = jax.hessian(value, where)(*xs)
        return [result, *slopes, *[matrix[i][j] for i, j in upper(len(where))]]

    return all_of


def _equations(jaxpr: Any) -> int:
    """The equations of a traced program, of calls those of what they call."""
    count = 0
    for equation in jaxpr.eqns:
        inner = equation.params.get("jaxpr")
        count += 1 if inner is None else _equations(getattr(inner, "jaxpr", inner))
    return count
