"""JAX: functions compiled by XLA in double precision, of arrays that it holds already."""

# ruff: noqa: N803 - matrices have capitals, as in mathematics

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import jax
import jax.numpy as jnp

from benchmarks.arrays.subjects.base import Subject, alone
from benchmarks.arrays.work import Arrays, Work

jax.config.update("jax_enable_x64", True)


def heat_slopes(u: Any, t: Any, x: Any) -> Any:
    """The slopes of u by time, and twice by place, at all points."""
    ones = jnp.ones_like(t)

    def u_x(x: Any) -> Any:
        return jax.jvp(lambda x: u(t, x), (x,), (ones,))[1]

    return jax.jvp(lambda t: u(t, x), (t,), (ones,))[1], jax.jvp(u_x, (x,), (ones,))[1]


FUNCTIONS = SimpleNamespace(
    exp=jnp.exp,
    tanh=jnp.tanh,
    softplus=jax.nn.softplus,
    dot=jnp.dot,
    total=jnp.sum,
    eye=jnp.eye,
    logsumexp_of_rows=lambda Z: jax.nn.logsumexp(Z, axis=1),
    scaled_rows=lambda v, X: v[:, None] * X,
    columns=lambda *columns: jnp.stack(columns, axis=1),
    solve=lambda A, b: jax.scipy.linalg.cho_solve((jnp.linalg.cholesky(A), True), b),
    logdet=lambda A: 2 * jnp.log(jnp.diag(jnp.linalg.cholesky(A))).sum(),
    heat_slopes=heat_slopes,
)


class Jax(Subject):
    package = "jax"

    def __init__(self) -> None:
        """Have started what JAX starts when first used."""
        jax.block_until_ready(jax.jit(jnp.sin)(jnp.ones(8)))

    def fresh(self) -> Any:
        jax.clear_caches()
        return super().fresh()

    def offers(self, work: Work, quantity: str) -> bool:
        return "jax" in work.rivals and quantity != "sparse hessian"

    def call(self, work: Work, data: Arrays, parts: Sequence[str]) -> Callable[[], Any]:
        ns, names = FUNCTIONS, list(data)

        def value(*arrays: Any) -> Any:
            return work.formula(ns, SimpleNamespace(**dict(zip(names, arrays, strict=True))))

        def loss(*arrays: Any) -> Any:
            return work.loss(ns, SimpleNamespace(**dict(zip(names, arrays, strict=True))), value(*arrays))

        by = tuple(names.index(name) for name in work.by)

        def all_of(*arrays: Any) -> Any:
            known: dict[str, Any] = {}
            if "value" in parts and "gradient" in parts:
                known["value"], known["gradient"] = jax.value_and_grad(loss, by)(*arrays)
            found = {
                "value": lambda: value(*arrays),
                "gradient": lambda: jax.grad(loss, by)(*arrays),
                "hessian": lambda: jax.hessian(loss, by[0])(*arrays),
                "jacobian": lambda: jax.jacfwd(value, by[0])(*arrays),
            }
            return alone([known[part] if part in known else found[part]() for part in parts])

        done = jax.jit(all_of)
        held = [jnp.asarray(a) for a in data.values()]
        return lambda: jax.block_until_ready(done(*held))
