"""A small formula, compiled and called with floats: what a call itself costs."""

from __future__ import annotations

import math
from typing import Any

from benchmarks.case import Case, formula

AT = (1.5, 0.25)


def write(ns: Any, xs: Any) -> list[Any]:
    x, y = xs
    return [ns.sin(x) * y + x * x]


def value() -> list[float]:
    return [math.sin(AT[0]) * AT[1] + AT[0] ** 2]


RIVALS = (
    "symdiff", "symdiff llvm", "symdiff numpy", "symdiff python", "casadi", "casadi C", "symengine", "sympy", "jax",
    "numba",
)  # fmt: skip


def cases(quick: bool) -> list[Case]:
    return [
        Case("scalar", "one call", "call", formula(write, 2), lambda: AT, value, derive="value",
             rivals=RIVALS, targets={"µs a call": 1.0}),
    ]  # fmt: skip
