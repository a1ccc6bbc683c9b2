"""Bundle adjustment: residuals of cameras and points by index arrays, and their sparse Jacobian."""

# ruff: noqa: N806 - matrices and functions have capitals, as in mathematics

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse

import symdiff as sd
from benchmarks.maps.job import Calls, Data, Job


def job(observations: int) -> Job:
    """Of so many observations."""
    return Job(
        f"bundle adjustment, {observations:,} observations", lambda: _data(observations),
        {"symdiff": _symdiff, "by hand": _by_hand, "jax": _jax}, ("residual + jacobian",),
        {"residual + jacobian ÷ by hand": 1.0}, {"jax": "jax"},
    )  # fmt: skip


def _data(count: int) -> Data:
    rng = np.random.default_rng(0)
    cameras = np.c_[
        rng.normal(size=(50, 3)) * 0.2, rng.normal(size=(50, 3)) * 0.2 + [0, 0, -5], np.full(50, 500.0),
        rng.normal(size=(50, 2)) * 1e-3,
    ]  # fmt: skip
    points = rng.uniform(-1, 1, (count // 10, 3))
    which, seen = np.sort(rng.integers(0, 50, count)), rng.integers(0, len(points), count)
    observed = np.stack(_seen_at(cameras[which].T, points[seen].T, np), axis=1) + rng.normal(size=(count, 2)) * 0.3
    return {"cameras": cameras, "points": points, "which": which, "seen": seen, "observed": observed}


def _seen_at(c: Any, x: Any, m: Any) -> list[Any]:
    """Where a camera sees a point: turned, moved, projected, with two coefficients of distortion."""
    w = c[:3]
    square = w[0] * w[0] + w[1] * w[1] + w[2] * w[2]
    angle = m.sqrt(square)
    s, t = m.sin(angle) / angle, (1 - m.cos(angle)) / square
    once = _cross(w, x)
    twice = _cross(w, once)
    p = [x[k] + s * once[k] + t * twice[k] + c[3 + k] for k in range(3)]
    u, v = -p[0] / p[2], -p[1] / p[2]
    r = u * u + v * v
    scale = c[6] * (1 + r * (c[7] + c[8] * r))
    return [scale * u, scale * v]


def _cross(a: Any, b: Any) -> list[Any]:
    return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]


def _symdiff(data: Data) -> Calls:
    cameras, points = sd.Var("cameras", shape=data["cameras"].shape), sd.Var("points", shape=data["points"].shape)
    seen = sd.vmap(lambda c, x: sd.stack(_seen_at(c, x, sd)))(cameras[data["which"]], points[data["seen"]])
    r = seen - data["observed"]
    F = sd.compile([r, sd.jacobian(r, [cameras, points], sparse=True)], [cameras, points])
    return {"residual + jacobian": lambda: F(data["cameras"], data["points"])}


def _columns(data: Data) -> Any:
    """The columns of the entries of each row, two rows an observation."""
    first, second = data["which"][:, None] * 9 + np.arange(9), data["seen"][:, None] * 3 + np.arange(3)
    return np.repeat(np.c_[first, data["cameras"].size + second], 2, 0).ravel()


def _assembled(data: Data, r: Any, jacobian: Any, columns: Any) -> Any:
    count = 2 * len(data["which"])
    shape = (count, data["cameras"].size + data["points"].size)
    ends = np.arange(count + 1) * 12
    return r - data["observed"], scipy.sparse.csr_array((np.asarray(jacobian).ravel(), columns, ends), shape=shape)


def _by_hand(data: Data) -> Calls:
    """One observation compiled for a batch, and put together by index arrays."""
    c, x = sd.variables("c", 9), sd.variables("x", 3)
    r = np.array(_seen_at(c, x, sd))
    F = sd.compile([r, sd.jacobian(r, np.concatenate([c, x]))], [c, x])
    columns = _columns(data)

    def call() -> Any:
        return _assembled(data, *F(data["cameras"][data["which"]], data["points"][data["seen"]]), columns)

    return {"residual + jacobian": call}


def _jax(data: Data) -> Calls:
    import jax

    jax.config.update("jax_enable_x64", True)
    jnp = jax.numpy

    def seen_at(c: Any, x: Any) -> Any:
        return jnp.array(_seen_at(c, x, jnp))

    def both(c: Any, x: Any) -> Any:
        return seen_at(c, x), jnp.concatenate(jax.jacfwd(seen_at, (0, 1))(c, x), 1)

    F, columns = jax.jit(jax.vmap(both)), _columns(data)

    def call() -> Any:
        found = jax.block_until_ready(F(data["cameras"][data["which"]], data["points"][data["seen"]]))
        return _assembled(data, np.asarray(found[0]), found[1], columns)

    return {"residual + jacobian": call}
