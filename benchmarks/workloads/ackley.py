"""Ackley's function of two variables, with its gradient and Hessian."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from benchmarks.case import Case, formula
from benchmarks.workloads.black_scholes import BATCH


def write(ns: Any, xs: Any) -> list[Any]:
    x, y = xs
    bowl = ns.exp(-0.2 * ns.sqrt(0.5 * (x * x + y * y)))
    waves = ns.exp(0.5 * (ns.cos(2 * math.pi * x) + ns.cos(2 * math.pi * y)))
    return [-20.0 * bowl - waves + math.e + 20.0]


def points(n: int) -> Any:
    return np.random.default_rng(8).uniform(0.2, 5, (2, n)) * np.array([[1.0], [-1.0]])


def derivatives(at: Any) -> Any:
    """Value, gradient and upper Hessian by hand: of the bowl in polar coordinates, of the waves by factors."""
    x, y = at
    r = np.sqrt(x**2 + y**2)
    c = 0.2 / math.sqrt(2)
    bowl = np.exp(-c * r)
    radial, curved = 20 * c * bowl, -20 * c**2 * bowl  # first and second derivative by the radius
    waves = np.exp(0.5 * (np.cos(2 * np.pi * x) + np.cos(2 * np.pi * y)))
    sx, sy = -np.pi * np.sin(2 * np.pi * x), -np.pi * np.sin(2 * np.pi * y)
    cx, cy = -2 * np.pi**2 * np.cos(2 * np.pi * x), -2 * np.pi**2 * np.cos(2 * np.pi * y)
    return np.stack([
        -20 * bowl - waves + np.e + 20,
        radial * x / r - waves * sx,
        radial * y / r - waves * sy,
        curved * x**2 / r**2 + radial * y**2 / r**3 - waves * (sx**2 + cx),
        (curved / r**2 - radial / r**3) * x * y - waves * sx * sy,
        curved * y**2 / r**2 + radial * x**2 / r**3 - waves * (sy**2 + cy),
    ])  # fmt: skip


def cases(quick: bool) -> list[Case]:
    n = 10_000 if quick else 1_000_000
    return [
        Case("ackley", f"{n:,} points", "batch", formula(write, 2), lambda: points(n), lambda: derivatives(points(n)),
             order=2, rivals=BATCH, targets={"time ÷ best rival": 0.5, "symdiff numpy: time ÷ sympy": 1.0}),
    ]  # fmt: skip
