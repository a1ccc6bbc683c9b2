"""Losses of linear models over a matrix of data: least squares, logistic, softmax, kernel ridge."""

# ruff: noqa: N806 - matrices have capitals, as in mathematics

from __future__ import annotations

from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
from scipy.special import expit

from benchmarks.arrays.work import Arrays, Calls, Work


def linear_data(n: int, d: int, signs: bool) -> Arrays:
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(n, d)), rng.normal(size=n)
    return {"X": X, "y": np.sign(y) if signs else y, "w": 0.3 * rng.normal(size=d)}


def least_squares(ns: Any, v: SimpleNamespace) -> Any:
    return ns.total((v.X @ v.w - v.y) ** 2)


def least_squares_by_hand(v: SimpleNamespace) -> Calls:
    X, y, w = v.X, v.y, v.w

    def value() -> Any:
        r = X @ w - y
        return r @ r

    return {"value": value, "gradient": lambda: 2 * (X.T @ (X @ w - y)), "hessian": lambda: 2 * (X.T @ X)}


def logistic(ns: Any, v: SimpleNamespace) -> Any:
    return ns.total(ns.softplus(-v.y * (v.X @ v.w)))


def logistic_by_hand(v: SimpleNamespace) -> Calls:
    X, y, w = v.X, v.y, v.w

    def hessian() -> Any:
        s = expit(y * (X @ w))
        return (X * (s * (1 - s))[:, None]).T @ X

    return {
        "value": lambda: np.logaddexp(0, -y * (X @ w)).sum(),
        "gradient": lambda: -(X.T @ (y * expit(-y * (X @ w)))),
        "hessian": hessian,
    }


def softmax_data(n: int, d: int, k: int) -> Arrays:
    rng = np.random.default_rng(0)
    Y = np.eye(k)[rng.integers(0, k, n)]
    return {"X": rng.normal(size=(n, d)), "Y": Y, "W": 0.3 * rng.normal(size=(d, k))}


def softmax(ns: Any, v: SimpleNamespace) -> Any:
    Z = v.X @ v.W
    return ns.total(ns.logsumexp_of_rows(Z)) - ns.total(v.Y * Z)


def softmax_by_hand(v: SimpleNamespace) -> Calls:
    X, Y, W = v.X, v.Y, v.W

    def value() -> Any:
        Z = X @ W
        top = Z.max(1)
        return (np.log(np.exp(Z - top[:, None]).sum(1)) + top).sum() - (Y * Z).sum()

    def shares() -> Any:
        Z = X @ W
        E = np.exp(Z - Z.max(1, keepdims=True))
        return E / E.sum(1, keepdims=True)

    def hessian() -> Any:
        P = shares()
        d, k = W.shape
        H = np.empty((d, k, d, k))
        for a in range(k):
            for b in range(a + 1):
                c = P[:, a] * ((a == b) - P[:, b])
                H[:, a, :, b] = H[:, b, :, a] = (X * c[:, None]).T @ X
        return H

    return {"value": value, "gradient": lambda: X.T @ (shares() - Y), "hessian": hessian}


def ridge_data(n: int) -> Arrays:
    rng = np.random.default_rng(0)
    P = rng.normal(size=(n, 3))
    K = np.exp(-((P[:, None] - P[None]) ** 2).sum(-1) / 2)
    return {"K": K, "a": rng.normal(size=n), "y": rng.normal(size=n), "l": np.array(0.1)}


def ridge(ns: Any, v: SimpleNamespace) -> Any:
    return ns.total((v.K @ v.a - v.y) ** 2) + v.l * ns.dot(v.a, v.K @ v.a)


def ridge_by_hand(v: SimpleNamespace) -> Calls:
    K, a, y, l = v.K, v.a, v.y, v.l  # noqa: E741

    def value() -> Any:
        z = K @ a
        r = z - y
        return r @ r + l * (a @ z)

    def gradient() -> Any:
        z = K @ a
        return 2 * (K.T @ (z - y)) + l * (z + K.T @ a)

    return {"value": value, "gradient": gradient, "hessian": lambda: 2 * (K.T @ K) + l * (K + K.T)}


def works(quick: bool) -> list[Work]:
    small, large = ((50, 4), (200, 10)) if quick else ((1000, 20), (10_000, 100))
    n, d, k = (40, 4, 3) if quick else (1000, 20, 5)
    m = 20 if quick else 300
    every = ("value", "gradient", "hessian")
    found = []
    for (rows, columns), most, fast in ((small, 1.15, True), (large, 1.05, False)):
        kinds = {"SX": every, "MX": every} if fast else {"MX": every}
        scalars = every[:2] if fast else ()
        found += [
            Work(f"least squares {rows}×{columns}", partial(linear_data, rows, columns, False), least_squares,
                 least_squares_by_hand, ("w",), casadi=kinds, scalars=scalars,
                 reach={f"{q} ÷ by hand": most for q in every}),
            Work(f"logistic {rows}×{columns}", partial(linear_data, rows, columns, True), logistic, logistic_by_hand,
                 ("w",), casadi=kinds, scalars=scalars, reach={f"{q} ÷ by hand": 1.0 for q in every}),
        ]  # fmt: skip
    return [
        *found,
        Work(f"softmax {n}×{d}×{k}", partial(softmax_data, n, d, k), softmax, softmax_by_hand, ("W",),
             casadi={"SX": every[:2], "MX": every[:2]}, scalars=every[:2],
             reach={"value ÷ by hand": 0.6, "gradient ÷ by hand": 0.6, "hessian ÷ by hand": 1.0}),
        Work(f"kernel ridge {m}", partial(ridge_data, m), ridge, ridge_by_hand, ("a",), symmetric=("K",),
             casadi={"MX": every}, reach={f"{q} ÷ by hand": 1.0 for q in every}),
    ]  # fmt: skip
