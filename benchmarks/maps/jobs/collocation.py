"""A cart that swings a pole up, by Hermite and Simpson: sparse constraint Jacobian and Hessian of the Lagrangian."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.sparse

import symdiff as sd
from benchmarks.maps.job import Calls, Data, Job

M1, M2, LENGTH, G = 1.0, 0.3, 0.5, 9.81


def job(n: int) -> Job:
    """Of so many intervals."""
    return Job(
        f"cart-pole, N = {n}", lambda: _data(n), {"symdiff": _symdiff, "by hand": _by_hand, "casadi": _casadi},
        ("jacobian", "hessian"), {"jacobian ÷ by hand": 1.0, "hessian ÷ by hand": 1.0}, {"casadi": "casadi"}, 0.2,
    )  # fmt: skip


def _data(n: int) -> Data:
    rng = np.random.default_rng(0)
    return {"n": n, "step": 2 / n, "Z": rng.normal(size=(n + 1, 5)), "weights": rng.normal(size=(n, 4))}


def _motion(z: Any, stack: Callable[[list[Any]], Any], sin: Any, cos: Any) -> Any:
    angle, speed, turn, force = [z[k] for k in range(1, 5)]
    s, c = sin(angle), cos(angle)
    mass = M1 + M2 * (1 - c * c)
    across = (LENGTH * M2 * s * turn * turn + force + M2 * G * c * s) / mass
    around = -(LENGTH * M2 * c * s * turn * turn + force * c + (M1 + M2) * G * s) / (LENGTH * mass)
    return stack([speed, turn, across, around])


def _stage(z: Any, after: Any, step: float, stack: Any, joined: Any, sin: Any, cos: Any) -> Any:
    """What a step leaves over."""
    first, last = _motion(z, stack, sin, cos), _motion(after, stack, sin, cos)
    state = (z[:4] + after[:4]) / 2 + step / 8 * (first - last)
    middle = _motion(joined(state, (z[4] + after[4]) / 2), stack, sin, cos)
    return after[:4] - z[:4] - step / 6 * (first + 4 * middle + last)


def _symdiff(data: Data) -> Calls:
    n, step = data["n"], data["step"]
    z, weights = sd.Var("Z", shape=(n + 1, 5)), sd.Var("weights", shape=(n, 4))

    def stage(a: Any, b: Any) -> Any:
        return _stage(a, b, step, sd.stack, lambda x, u: sd.concatenate([x, sd.stack([u])]), sd.sin, sd.cos)

    gaps = sd.vmap(stage)(z[:-1], z[1:])
    cost = step / 2 * (z[:-1, 4] ** 2 + z[1:, 4] ** 2).sum()
    jacobian = sd.compile(sd.jacobian(gaps, z, sparse=True), [z])
    hessian = sd.compile((cost + (weights * gaps).sum()).hessian(z, sparse=True), [z, weights])
    return {"jacobian": lambda: jacobian(data["Z"]), "hessian": lambda: hessian(data["Z"], data["weights"])}


def _by_hand(data: Data) -> Calls:
    """One stage compiled for a batch, and put together by index arrays."""
    n, step = data["n"], data["step"]
    z, weights = sd.variables("z", 10), sd.variables("weights", 4)
    gap = _stage(z[:5], z[5:], step, np.array, lambda x, u: np.append(x, u), sd.sin, sd.cos)
    whole = step / 2 * (z[4] ** 2 + z[9] ** 2) + (weights * gap).sum()
    jacobian = sd.compile(sd.jacobian(gap, z), [z])
    hessian = sd.compile(whole.hessian(z), [z, weights])
    window = np.arange(n)[:, None] * 5 + np.arange(10)
    rows, cols = np.repeat(np.arange(4 * n).reshape(n, 4), 10, 1).ravel(), np.tile(window, (1, 4)).ravel()
    first, second = np.repeat(window, 10, 1).ravel(), np.tile(window, (1, 10)).ravel()
    size = 5 * (n + 1)

    def of_gaps() -> Any:
        values = jacobian(data["Z"].ravel()[window]).ravel()
        return scipy.sparse.csr_array((values, (rows, cols)), shape=(4 * n, size))

    def of_lagrangian() -> Any:
        values = hessian(data["Z"].ravel()[window], data["weights"]).ravel()
        return scipy.sparse.csr_array((values, (first, second)), shape=(size, size))

    return {"jacobian": of_gaps, "hessian": of_lagrangian}


def _casadi(data: Data) -> Calls:
    import casadi as ca

    n, step = data["n"], data["step"]
    z, weights = ca.SX.sym("z", 5, n + 1), ca.SX.sym("weights", 4, n)
    gaps, cost = [], 0

    def stacked(parts: Any) -> Any:
        return ca.vertcat(*parts)

    for k in range(n):
        a, b = z[:, k], z[:, k + 1]
        gaps.append(_stage(a, b, step, stacked, ca.vertcat, ca.sin, ca.cos))
        cost += step / 2 * (a[4] ** 2 + b[4] ** 2)
    gap, flat = ca.vertcat(*gaps), ca.vec(z)
    jacobian = ca.Function("J", [z], [ca.jacobian(gap, flat)])
    hessian = ca.Function("H", [z, weights], [ca.hessian(cost + ca.dot(ca.vec(weights), gap), flat)[0]])
    point, given = ca.DM(data["Z"].T), ca.DM(data["weights"].T)
    return {"jacobian": lambda: jacobian(point), "hessian": lambda: hessian(point, given)}
