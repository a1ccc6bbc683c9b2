"""Likelihoods of normal distributions: by the covariance itself, and by the hyperparameters of a Gaussian process."""

# ruff: noqa: N806 - matrices have capitals, as in mathematics

from __future__ import annotations

from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
import scipy.linalg

from benchmarks.arrays.work import Arrays, Calls, Work


def covariance_data(d: int) -> Arrays:
    rng = np.random.default_rng(0)
    A = rng.normal(size=(d, d))
    return {"S": A @ A.T / d + np.eye(d), "r": rng.normal(size=d)}


def normal(ns: Any, v: SimpleNamespace) -> Any:
    return ns.logdet(v.S) / 2 + ns.dot(v.r, ns.solve(v.S, v.r)) / 2


def normal_by_hand(v: SimpleNamespace) -> Calls:
    S, r = v.S, v.r

    def value() -> Any:
        c = scipy.linalg.cho_factor(S, lower=True)
        return np.log(np.diag(c[0])).sum() + 0.5 * (r @ scipy.linalg.cho_solve(c, r))

    def gradient() -> Any:
        P = np.linalg.inv(S)
        q = P @ r
        return 0.5 * P - 0.5 * np.outer(q, q), q

    def hessian() -> Any:
        """The second derivatives along symmetric matrices."""
        P = np.linalg.inv(S)
        q = P @ r
        Q = np.outer(q, q)
        half = np.einsum("ac,bd->abcd", (Q - P) / 4, P)
        half += np.einsum("ac,bd->abcd", P, Q / 4)
        return half + half.transpose(1, 0, 2, 3)

    return {"value": value, "gradient": gradient, "hessian": hessian}


def process_data(m: int) -> Arrays:
    rng = np.random.default_rng(0)
    x = np.sort(rng.uniform(0, m / 6, m))
    D = (x[:, None] - x[None]) ** 2
    return {"D": D, "y": np.sin(x) + 0.1 * rng.normal(size=m), "p": np.array([1.0, 1.0, 0.1])}


def process(ns: Any, v: SimpleNamespace) -> Any:
    p = v.p
    K = p[0] ** 2 * ns.exp(-0.5 * v.D / p[1] ** 2) + p[2] ** 2 * ns.eye(v.D.shape[0])
    return ns.dot(v.y, ns.solve(K, v.y)) / 2 + ns.logdet(K) / 2


def process_by_hand(v: SimpleNamespace) -> Calls:
    D, y, p = v.D, v.y, v.p
    m = len(y)

    def parts(second: bool) -> tuple[Any, ...]:
        a, l, s = p  # noqa: E741
        E = np.exp(-0.5 * D / l**2)
        K = a * a * E
        K.ravel()[:: m + 1] += s * s
        c = scipy.linalg.cho_factor(K, lower=True, check_finite=False)
        P = scipy.linalg.cho_solve(c, np.eye(m), check_finite=False)
        q = P @ y
        M = P - np.outer(q, q)
        DE = D * E
        first = 2 * a * E, a * a / l**3 * DE
        value = 0.5 * (y @ q) + np.log(c[0].diagonal()).sum()
        gradient = np.array([0.5 * np.vdot(M, first[0]), 0.5 * np.vdot(M, first[1]), s * M.trace()])
        if not second:
            return value, gradient
        slopes = [*first, 2 * s * np.eye(m)]
        E11 = a * a * (D * DE / l**6 - 3 * DE / l**4)
        of = {(0, 0): 2 * E, (0, 1): 2 * a / l**3 * DE, (1, 1): E11, (2, 2): 2 * np.eye(m)}
        PK = [P @ slope for slope in slopes]
        qK = [slope @ q for slope in slopes]
        H = np.empty((3, 3))
        for i in range(3):
            for j in range(i + 1):
                H[i, j] = qK[i] @ P @ qK[j] - 0.5 * np.vdot(PK[i], PK[j].T)
                if (j, i) in of:
                    H[i, j] += 0.5 * np.vdot(M, of[j, i])
                H[j, i] = H[i, j]
        return value, gradient, H

    return {"value + gradient": lambda: parts(False), "value + gradient + hessian": lambda: parts(True)}


def works(quick: bool) -> list[Work]:
    d, m = (6, 12) if quick else (50, 60)
    every = ("value", "gradient", "hessian")
    both = ("value + gradient", "value + gradient + hessian")
    return [
        Work(f"normal log-likelihood {d}", partial(covariance_data, d), normal, normal_by_hand, ("S", "r"),
             symmetric=("S",), casadi={"MX": every[:2]}, reach={f"{q} ÷ by hand": 1.0 for q in every}),
        Work(f"Gaussian process {m}", partial(process_data, m), process, process_by_hand, ("p",), both,
             casadi={"SX": both, "MX": both[:1]}, reach={f"{q} ÷ {r}": 1.0 for q in both for r in ("jax", "casadi")},
             tolerance=1e-7),
    ]  # fmt: skip
