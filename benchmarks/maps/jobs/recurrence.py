"""A recurrence of vectors, `h = tanh(A @ h + U @ x[t])`: a loss over all steps with its gradient by both matrices."""

# ruff: noqa: N803, N806 - matrices have capitals, as in mathematics

from __future__ import annotations

from typing import Any

import numpy as np

import symdiff as sd
from benchmarks.maps.job import Calls, Data, Job


def job(steps: int) -> Job:
    """Of so many steps, 64 wide."""
    return Job(
        f"recurrence 64 wide, {steps:,} steps", lambda: _data(steps),
        {"symdiff": _symdiff, "by hand": _by_hand, "jax": _jax}, ("value + gradient",),
        {"value + gradient ÷ jax": 1.2}, {"jax": "jax"}, ready=0.2,
    )  # fmt: skip


def _data(steps: int) -> Data:
    rng = np.random.default_rng(0)
    return {
        "A": rng.normal(size=(64, 64)) * 0.9 / 8, "U": rng.normal(size=(64, 16)) / 4,
        "X": rng.normal(size=(steps, 16)), "Y": rng.normal(size=(steps, 64)),
    }  # fmt: skip


def _symdiff(data: Data) -> Calls:
    A, U, X, Y = [sd.Var(name, shape=value.shape) for name, value in data.items()]

    def step(h: Any, x: Any) -> Any:
        h = sd.tanh(A @ h + U @ x)
        return h, h

    _, hidden = sd.scan(step, np.zeros(64), X)
    f = ((hidden - Y) ** 2).mean()
    function = sd.compile([f, *f.gradient([A, U])], [A, U, X, Y])
    return {"value + gradient": lambda: function(*data.values())}


def _by_hand(data: Data) -> Calls:
    A, U, X, Y = data.values()

    def call() -> Any:
        given = X @ U.T
        H = np.zeros((len(X) + 1, 64))
        for t, x in enumerate(given):
            H[t + 1] = np.tanh(A @ H[t] + x)
        error = H[1:] - Y
        own = 2 / error.size * error
        back, slopes = np.zeros(64), 1 - H[1:] ** 2
        inner = np.empty_like(own)
        for t in range(len(X) - 1, -1, -1):
            inner[t] = (own[t] + back) * slopes[t]
            back = A.T @ inner[t]
        return (error**2).mean(), inner.T @ H[:-1], inner.T @ X

    return {"value + gradient": call}


def _jax(data: Data) -> Calls:
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)

    def loss(A: Any, U: Any, X: Any, Y: Any) -> Any:
        def step(h: Any, x: Any) -> Any:
            h = jnp.tanh(A @ h + U @ x)
            return h, h

        _, hidden = jax.lax.scan(step, jnp.zeros(64), X)
        return ((hidden - Y) ** 2).mean()

    function = jax.jit(jax.value_and_grad(loss, (0, 1)))

    def call() -> Any:
        value, slopes = jax.block_until_ready(function(*data.values()))
        return float(value), *map(np.asarray, slopes)

    return {"value + gradient": call}
