"""Networks of tanh neurons: a loss of two layers, a training step, the residual of the heat equation."""

# ruff: noqa: N806 - matrices have capitals, as in mathematics

from __future__ import annotations

from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np

from benchmarks.arrays.work import Arrays, Calls, Work

NU = 0.1  # conductivity
WEIGHTS = ("W1", "b1", "W2", "b2", "w3")


def two_layers_data(n: int) -> Arrays:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, n))
    return {"X": X, "W1": 0.2 * rng.normal(size=(n, n)), "W2": rng.normal(size=n), "y": rng.normal(size=n)}


def two_layers(ns: Any, v: SimpleNamespace) -> Any:
    return ns.total((ns.tanh(v.X @ v.W1) @ v.W2 - v.y) ** 2)


def two_layers_by_hand(v: SimpleNamespace) -> Calls:
    X, W1, W2, y = v.X, v.W1, v.W2, v.y

    def value() -> Any:
        r = np.tanh(X @ W1) @ W2 - y
        return r @ r

    def gradient() -> Any:
        T = np.tanh(X @ W1)
        r = T @ W2 - y
        return X.T @ (2 * np.outer(r, W2) * (1 - T * T)), 2 * (T.T @ r)

    def hessian() -> Any:
        T = np.tanh(X @ W1)
        r = T @ W2 - y
        S = 1 - T * T
        n = len(y)
        B = (X[:, :, None] * (S * W2)[:, None, :]).reshape(n, -1)
        H = (2 * B.T @ B).reshape(W1.shape * 2)
        C = -4 * r[:, None] * W2 * T * S
        for j in range(n):
            H[:, j, :, j] += (X * C[:, j : j + 1]).T @ X
        return H

    return {"value": value, "gradient": gradient, "hessian": hessian}


def weights_data(h: int) -> Arrays:
    rng = np.random.default_rng(1)
    shapes = {"W1": (2, h), "b1": (h,), "W2": (h, h), "b2": (h,), "w3": (h,)}
    return {name: rng.normal(size=shape) / np.sqrt(shape[0]) for name, shape in shapes.items()}


def step_data(h: int, n: int) -> Arrays:
    rng = np.random.default_rng(0)
    return {"X": rng.normal(size=(n, 2)), "y": rng.normal(size=n), **weights_data(h)}


def step(ns: Any, v: SimpleNamespace) -> Any:
    return ns.total((ns.tanh(ns.tanh(v.X @ v.W1 + v.b1) @ v.W2 + v.b2) @ v.w3 - v.y) ** 2)


def step_by_hand(v: SimpleNamespace) -> Calls:
    X, y, W1, b1, W2, b2, w3 = v.X, v.y, v.W1, v.b1, v.W2, v.b2, v.w3

    def both() -> Any:
        A = np.tanh(X @ W1 + b1)
        B = np.tanh(A @ W2 + b2)
        r = B @ w3 - y
        e = 2 * r
        dB = e[:, None] * w3 * (1 - B * B)
        dA = (dB @ W2.T) * (1 - A * A)
        return r @ r, (X.T @ dA, dA.sum(0), A.T @ dB, dB.sum(0), e @ B)

    return {"value + gradient": both}


def residual_data(h: int, n: int) -> Arrays:
    rng = np.random.default_rng(0)
    return {"t": rng.uniform(0, 1, n), "x": rng.uniform(-1, 1, n), **weights_data(h)}


def residual(ns: Any, v: SimpleNamespace) -> Any:
    """The mean square of u_t - ν u_xx at all points."""

    def u(t: Any, x: Any) -> Any:
        Z = ns.columns(t, x) @ v.W1 + v.b1
        return ns.tanh(ns.tanh(Z) @ v.W2 + v.b2) @ v.w3

    u_t, u_xx = ns.heat_slopes(u, v.t, v.x)
    return ns.total((u_t - NU * u_xx) ** 2) / (2 * v.t.shape[0])


def residual_by_hand(v: SimpleNamespace) -> Calls:
    """First and second derivatives are carried forward through the layers, adjoints of all of them backward."""
    t, x, W1, b1, W2, b2, w3 = v.t, v.x, v.W1, v.b1, v.W2, v.b2, v.w3
    n = len(t)
    X = np.stack([t, x], axis=1)

    def neurons(z: Any, z_t: Any, z_x: Any, z_xx: Any) -> tuple[Any, ...]:
        h = np.tanh(z)
        s = 1 - h * h
        c = -2 * h * s
        return h, s, c, s * z_t, s * z_x, s * z_xx + c * z_x * z_x

    def adjoints(layer: tuple[Any, ...], before: tuple[Any, ...], above: tuple[Any, ...]) -> tuple[Any, ...]:
        (h, s, c, *_), (z_t, z_x, z_xx), (a, a_t, a_x, a_xx) = layer, before, above
        third = -2 * s * s - 2 * h * c  # derivative of c by z
        return (
            a * s + a_t * c * z_t + a_x * c * z_x + a_xx * (c * z_xx + third * z_x * z_x),
            a_t * s,
            a_x * s + 2 * a_xx * c * z_x,
            a_xx * s,
        )

    def both() -> Any:
        first = W1[0], W1[1], 0.0
        A = neurons(X @ W1 + b1, *first)
        second = A[3] @ W2, A[4] @ W2, A[5] @ W2
        B = neurons(A[0] @ W2 + b2, *second)
        r = (B[3] - NU * B[5]) @ w3
        e = r / n
        outer = e[:, None] * w3
        d, d_t, d_x, d_xx = adjoints(B, second, (0.0, outer, 0.0, -NU * outer))
        gW2 = A[0].T @ d + A[3].T @ d_t + A[4].T @ d_x + A[5].T @ d_xx
        c, c_t, c_x, _ = adjoints(A, first, (d @ W2.T, d_t @ W2.T, d_x @ W2.T, d_xx @ W2.T))
        gW1 = X.T @ c
        gW1[0] += c_t.sum(0)
        gW1[1] += c_x.sum(0)
        return r @ r / (2 * n), (gW1, c.sum(0), gW2, d.sum(0), e @ (B[3] - NU * B[5]))

    return {"value + gradient": both}


def works(quick: bool) -> list[Work]:
    n, h, rows, points = (5, 6, 12, 10) if quick else (32, 64, 256, 1000)
    every, both = ("value", "gradient", "hessian"), ("value + gradient",)
    return [
        Work(f"two layers, {n}×{n}×{n}", partial(two_layers_data, n), two_layers, two_layers_by_hand, ("W1", "W2"),
             casadi={"SX": every[:2], "MX": every[:2]}, scalars=every[:2],
             reach={f"{q} ÷ by hand": 1.2 for q in every}),
        Work(f"training step, 2-{h}-{h}-1, {rows} rows", partial(step_data, h, rows), step, step_by_hand, WEIGHTS,
             both, reach={"value + gradient ÷ jax": 1.0}),
        Work(f"residual of the heat equation, 2-{h}-{h}-1, {points} points", partial(residual_data, h, points),
             residual, residual_by_hand, WEIGHTS, both, reach={"value + gradient ÷ jax": 1.0}),
    ]  # fmt: skip
