"""The price of a European call and its five first derivatives, by Black and Scholes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy.special import ndtr

from benchmarks.case import Case, formula

BATCH = (
    "symdiff", "symdiff llvm", "symdiff numpy", "casadi C", "symengine", "sympy", "jax", "numba",
)  # fmt: skip
FIRST = ("symdiff", "symdiff llvm", "symdiff numpy", "symdiff python", "casadi", "symengine", "sympy", "jax", "numba")


def write(ns: Any, xs: Any) -> list[Any]:
    spot, strike, time, rate, sigma = xs
    spread = sigma * ns.sqrt(time)
    d1 = (ns.log(spot / strike) + (rate + sigma * sigma / 2) * time) / spread
    d2 = d1 - spread
    return [spot * _normal(ns, d1) - strike * ns.exp(-rate * time) * _normal(ns, d2)]


def _normal(ns: Any, x: Any) -> Any:
    return 0.5 * (1 + ns.erf(x * math.sqrt(0.5)))


def points(n: int) -> Any:
    rng = np.random.default_rng(7)
    limits = [(80, 120), (80, 120), (0.2, 2), (0, 0.1), (0.1, 0.5)]
    return np.stack([rng.uniform(low, high, n) for low, high in limits])


def greeks(x: Any) -> Any:
    """Price, delta, and the derivatives by strike, time, rate and volatility, in closed form."""
    spot, strike, time, rate, sigma = x
    root = np.sqrt(time)
    d1 = (np.log(spot / strike) + (rate + sigma**2 / 2) * time) / (sigma * root)
    d2 = d1 - sigma * root
    discounted = strike * np.exp(-rate * time)
    density = np.exp(-(d1**2) / 2) / math.sqrt(2 * math.pi)
    return np.stack([
        spot * ndtr(d1) - discounted * ndtr(d2),
        ndtr(d1),
        -discounted / strike * ndtr(d2),
        spot * density * sigma / (2 * root) + rate * discounted * ndtr(d2),
        time * discounted * ndtr(d2),
        spot * density * root,
    ])  # fmt: skip


def cases(quick: bool) -> list[Case]:
    n = 10_000 if quick else 1_000_000
    build = formula(write, 5)
    return [
        Case("black_scholes", f"{n:,} points", "batch", build, lambda: points(n), lambda: greeks(points(n)),
             rivals=BATCH, targets={"time ÷ best rival": 0.5, "symdiff numpy: time ÷ sympy": 1.0}),
        Case("black_scholes", "first value", "first", build, lambda: points(1)[:, 0],
             lambda: greeks(points(1)[:, 0]), rivals=FIRST, targets={"first value": 0.03}),
    ]  # fmt: skip
