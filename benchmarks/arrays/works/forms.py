"""Forms and products: x'Ax, a matrix factorisation, X'diag(v)X, Rosenbrock's function by slices."""

# ruff: noqa: N806 - matrices have capitals, as in mathematics

from __future__ import annotations

from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
import scipy.sparse

from benchmarks.arrays.work import Arrays, Calls, Work


def normal_data(**shapes: tuple[int, ...]) -> Arrays:
    rng = np.random.default_rng(0)
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


def quadratic(ns: Any, v: SimpleNamespace) -> Any:
    return ns.dot(v.x, v.A @ v.x)


def quadratic_by_hand(v: SimpleNamespace) -> Calls:
    A, x = v.A, v.x
    return {"value": lambda: x @ (A @ x), "gradient": lambda: A @ x + x @ A, "hessian": lambda: A + A.T}


def factorisation(ns: Any, v: SimpleNamespace) -> Any:
    return ns.total((v.A - v.U @ v.V.T) ** 2)


def factorisation_by_hand(v: SimpleNamespace) -> Calls:
    A, U, V = v.A, v.U, v.V

    def value() -> Any:
        R = A - U @ V.T
        return (R * R).sum()

    def hessian() -> Any:
        H = np.zeros(U.shape * 2)
        np.einsum("iaib->iab", H)[...] = 2 * V.T @ V
        return H

    return {"value": value, "gradient": lambda: -2 * ((A - U @ V.T) @ V), "hessian": hessian}


def weighted(ns: Any, v: SimpleNamespace) -> Any:
    return v.X.T @ ns.scaled_rows(v.v, v.X)


def weighted_loss(ns: Any, v: SimpleNamespace, value: Any) -> Any:
    return ns.total(v.G * value)


def weighted_by_hand(v: SimpleNamespace) -> Calls:
    X, weights, G = v.X, v.v, v.G
    return {
        "value": lambda: (X * weights[:, None]).T @ X,
        "gradient": lambda: ((X @ G) * X).sum(1),
        "jacobian": lambda: np.einsum("na,nb->abn", X, X),
    }


def rosenbrock(ns: Any, v: SimpleNamespace) -> Any:
    x = v.x
    return ns.total(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def rosenbrock_by_hand(v: SimpleNamespace) -> Calls:
    x = v.x

    def gradient() -> Any:
        a = x[:-1]
        u = x[1:] - a * a
        g = np.zeros_like(x)
        g[:-1] = -400 * a * u - 2 * (1 - a)
        g[1:] += 200 * u
        return g

    def hessian() -> Any:
        a = x[:-1]
        d = np.full_like(x, 200.0)
        d[0] = 0
        d[:-1] += 1200 * a * a - 400 * x[1:] + 2
        return scipy.sparse.diags_array([-400 * a, d, -400 * a], offsets=[-1, 0, 1], format="csr")

    return {
        "value": lambda: (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum(),
        "gradient": gradient,
        "sparse hessian": hessian,
    }


def works(quick: bool) -> list[Work]:
    every = ("value", "gradient", "hessian")
    n, (rows, columns, k), (points, d), size = (
        (20, (6, 5, 2), (30, 4), 100) if quick else (500, (50, 40, 5), (1000, 50), 10_000)
    )
    return [
        Work(f"x'Ax {n}", partial(normal_data, A=(n, n), x=(n,)), quadratic, quadratic_by_hand, ("x",),
             casadi={"MX": every}, reach={f"{q} ÷ by hand": 1.05 for q in every}),
        Work(f"matrix factorisation {rows}×{columns}, k = {k}",
             partial(normal_data, A=(rows, columns), U=(rows, k), V=(columns, k)), factorisation,
             factorisation_by_hand, ("U",), casadi={"SX": every, "MX": every}, scalars=every,
             reach={f"{q} ÷ by hand": 1.2 for q in every}),
        Work(f"X'diag(v)X {points}×{d}", partial(normal_data, X=(points, d), v=(points,), G=(d, d)), weighted,
             weighted_by_hand, ("v",), ("value", "gradient", "jacobian"), weighted_loss,
             casadi={"MX": every[:2]}, reach={f"{q} ÷ by hand": 1.2 for q in ("value", "gradient", "jacobian")}),
        Work(f"Rosenbrock by slices {size}", partial(normal_data, x=(size,)), rosenbrock, rosenbrock_by_hand,
             ("x",), (*every[:2], "sparse hessian"), casadi={"SX": every[:2], "MX": every[:2]}, scalars=every[:2],
             reach={f"{q} ÷ by hand": 1.0 for q in (*every[:2], "sparse hessian")}),
    ]  # fmt: skip
