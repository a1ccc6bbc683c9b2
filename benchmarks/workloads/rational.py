"""A rational polynomial of two variables, with its gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.case import Case, formula
from benchmarks.workloads.black_scholes import BATCH


def write(ns: Any, xs: Any) -> list[Any]:
    x, y = xs
    return [(x * x * x * y - 2 * x * y * y + 3 * x - 1) / (1 + x * x + y * y + x * x * y * y)]


def points(n: int) -> Any:
    return np.random.default_rng(9).uniform(-2, 2, (2, n))


def derivatives(at: Any) -> Any:
    """Value and gradient by the rule for quotients; the denominator is a product."""
    x, y = at
    above, below = x**3 * y - 2 * x * y**2 + 3 * x - 1, (1 + x**2) * (1 + y**2)
    by_x = (3 * x**2 * y - 2 * y**2 + 3) / below - above * 2 * x / ((1 + x**2) * below)
    by_y = (x**3 - 4 * x * y) / below - above * 2 * y / ((1 + y**2) * below)
    return np.stack([above / below, by_x, by_y])


def cases(quick: bool) -> list[Case]:
    n = 10_000 if quick else 1_000_000
    return [
        Case("rational", f"{n:,} points", "batch", formula(write, 2), lambda: points(n),
             lambda: derivatives(points(n)), rivals=BATCH,
             targets={"time ÷ best rival": 1.0, "symdiff numpy: time ÷ sympy": 1.0}),
    ]  # fmt: skip
