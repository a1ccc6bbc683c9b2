"""A chain as deep as memory allows: `y = sin(y) + 0.1*x`, again and again."""

from __future__ import annotations

import math
from typing import Any

from benchmarks.case import Case, formula

AT = 0.5


def writer(depth: int) -> Any:
    def write(ns: Any, xs: Any) -> list[Any]:
        (x,) = xs
        y = x
        for _ in range(depth):
            y = ns.sin(y) + 0.1 * x
        return [y]

    return write


def slope(depth: int) -> list[float]:
    """By the chain rule, in one loop over numbers."""
    y, found = AT, 1.0
    for _ in range(depth):
        y, found = math.sin(y) + 0.1 * AT, math.cos(y) * found + 0.1
    return [found]


def cases(quick: bool) -> list[Case]:
    depth = 2_000 if quick else 1_000_000
    common = (formula(writer(depth), 1), lambda: [AT], lambda: slope(depth))
    return [
        Case("chain", f"derivative, depth {depth:,}", "derivatives", *common,
             rivals=("symdiff", "casadi", "symengine", "sympy"), targets={"build + derive": 8.0}),
        Case("chain", f"memory, depth {depth:,}", "memory", *common,
             rivals=("symdiff",), targets={"bytes a node": 250}),
    ]  # fmt: skip
