"""Single shooting: a cart-pole by Runge and Kutta's method, its cost with gradient and dense Hessian by controls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import symdiff as sd
from benchmarks.maps.job import Calls, Data, Job


def job(steps: int) -> Job:
    """Of so many controls."""
    return Job(
        f"single shooting, {steps} controls", lambda: {"u": 0.1 * np.cos(np.arange(steps))},
        {"symdiff": _symdiff, "by hand": _by_hand, "casadi": _casadi}, ("value + gradient + hessian",),
        {"value + gradient + hessian ÷ by hand": 1.0}, {"casadi": "casadi"}, ready=0.3,
    )  # fmt: skip


def _slope(x: Any, u: Any, m: Any) -> list[Any]:
    """Two masses, a length and gravity: 1, 0.3, 0.5 and 9.81."""
    _, angle, v, w = x
    s, c = m.sin(angle), m.cos(angle)
    below = 1 + 0.3 * (1 - c * c)
    return [
        v, w, (0.15 * s * w * w + u + 0.3 * 9.81 * c * s) / below,
        -(0.15 * c * s * w * w + u * c + 1.3 * 9.81 * s) / (0.5 * below),
    ]  # fmt: skip


def _step(x: Any, u: Any, h: float, m: Any) -> list[Any]:
    def moved(k: list[Any], by: float) -> list[Any]:
        return [a + by * b for a, b in zip(x, k, strict=True)]

    k1 = _slope(x, u, m)
    k2 = _slope(moved(k1, h / 2), u, m)
    k3 = _slope(moved(k2, h / 2), u, m)
    k4 = _slope(moved(k3, h), u, m)
    return [a + h / 6 * (p + 2 * q + 2 * r + s) for a, p, q, r, s in zip(x, k1, k2, k3, k4, strict=True)]


def _cost(x: Any, squares: Any) -> Any:
    return squares + 100 * (x[0] ** 2 + (x[1] - np.pi) ** 2 + x[2] ** 2 + x[3] ** 2)


def _compiled(f: Any, u: Any, data: Data) -> Calls:
    function: Callable[..., Any] = sd.compile([f, f.gradient(u), f.hessian(u)], [u])
    return {"value + gradient + hessian": lambda: function(data["u"])}


def _symdiff(data: Data) -> Calls:
    n = len(data["u"])
    u = sd.Var("u", shape=n)
    x, _ = sd.scan(lambda x, u: (_step(x, u, 2 / n, sd), None), [0.0, 0.1, 0.0, 0.0], u)
    return _compiled(_cost(x, (u**2).sum()), u, data)


def _by_hand(data: Data) -> Calls:
    """Every step written out, over scalar variables."""
    n = len(data["u"])
    u = sd.variables("u", n)
    x: Any = [0.0, 0.1, 0.0, 0.0]
    for k in range(n):
        x = _step(x, u[k], 2 / n, sd)
    return _compiled(_cost(x, (u**2).sum()), u, data)


def _casadi(data: Data) -> Calls:
    import casadi as ca

    n = len(data["u"])
    u = ca.SX.sym("u", n)
    x: Any = [0.0, 0.1, 0.0, 0.0]
    for k in range(n):
        x = _step(x, u[k], 2 / n, ca)
    f = _cost(x, ca.sumsqr(u))
    hessian, gradient = ca.hessian(f, u)
    function = ca.Function("f", [u], [f, gradient, hessian])

    def call() -> Any:
        value, slope, curvature = function(data["u"])
        return float(value), np.array(slope).ravel(), np.array(curvature)

    return {"value + gradient + hessian": call}
