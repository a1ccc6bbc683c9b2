"""One step of training a network 2-64-64-1 on 256 rows that an index array takes."""

# ruff: noqa: N803, N806 - matrices and functions have capitals, as in mathematics

from __future__ import annotations

from typing import Any

import numpy as np

import symdiff as sd
from benchmarks.maps.job import Calls, Data, Job

BOTH = "loss + gradient"
NAMES = ("W1", "b1", "W2", "b2", "w3")


def job(rows: int) -> Job:
    """Of so many rows of data."""
    return Job(
        f"minibatches of 256 rows of {rows:,}", lambda: _data(rows),
        {"symdiff": _symdiff, "by hand": _by_hand, "jax": _jax}, (BOTH,), {f"{BOTH} ÷ jax": 1.0}, {"jax": "jax"},
    )  # fmt: skip


def _data(rows: int) -> Data:
    rng = np.random.default_rng(0)
    shapes = ((64, 2), (64,), (64, 64), (64,), (64,))
    weights = [rng.normal(size=shape) / 8 for shape in shapes]
    return {
        "weights": weights, "X": rng.normal(size=(rows, 2)), "y": rng.normal(size=rows),
        "idx": rng.integers(0, rows, 256),
    }  # fmt: skip


def _symdiff(data: Data) -> Calls:
    weights = [sd.Var(name, shape=w.shape) for name, w in zip(NAMES, data["weights"], strict=True)]
    W1, b1, W2, b2, w3 = weights
    X, y, idx = sd.Var("X", shape=("n", 2)), sd.Var("y", shape="n"), sd.Var("idx", shape="m", dtype=int)

    def off(x: Any, wanted: Any) -> Any:
        return sd.tanh(W2 @ sd.tanh(W1 @ x + b1) + b2) @ w3 - wanted

    loss = (sd.vmap(off)(X[idx], y[idx]) ** 2).sum()
    F = sd.compile([loss, loss.gradient(weights)], [*weights, X, y, idx])
    return {BOTH: lambda: F(*data["weights"], data["X"], data["y"], data["idx"])}


def _by_hand(data: Data) -> Calls:
    W1, b1, W2, b2, w3 = data["weights"]

    def call() -> Any:
        x, y = data["X"][data["idx"]], data["y"][data["idx"]]
        one = np.tanh(x @ W1.T + b1)
        two = np.tanh(one @ W2.T + b2)
        off = two @ w3 - y
        second = 2 * off[:, None] * w3 * (1 - two**2)
        first = (second @ W2) * (1 - one**2)
        return (off**2).sum(), [first.T @ x, first.sum(0), second.T @ one, second.sum(0), 2 * off @ two]

    return {BOTH: call}


def _jax(data: Data) -> Calls:
    import jax

    jax.config.update("jax_enable_x64", True)
    jnp = jax.numpy

    def loss(weights: Any, X: Any, y: Any, idx: Any) -> Any:
        W1, b1, W2, b2, w3 = weights
        return ((jnp.tanh(jnp.tanh(X[idx] @ W1.T + b1) @ W2.T + b2) @ w3 - y[idx]) ** 2).sum()

    F = jax.jit(jax.value_and_grad(loss))
    X, y, idx = [jnp.asarray(data[name]) for name in ("X", "y", "idx")]
    return {BOTH: lambda: jax.block_until_ready(F(data["weights"], X, y, idx))}
