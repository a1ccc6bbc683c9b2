"""A tower of derivatives: `exp(sin(x))*tanh(x*x)`, the n-th for one n after another."""

from __future__ import annotations

from typing import Any

import mpmath

from benchmarks.case import Case, formula

AT = 0.7
SYMBOLIC = ("symdiff", "casadi", "symengine", "sympy", "jax")


def write(ns: Any, xs: Any) -> list[Any]:
    (x,) = xs
    return [ns.exp(ns.sin(x)) * ns.tanh(x * x)]


def expected(order: int) -> list[float]:
    """By 60-digit arithmetic."""
    with mpmath.workdps(60):
        at = mpmath.mpf(AT)
        series = mpmath.taylor(lambda x: mpmath.exp(mpmath.sin(x)) * mpmath.tanh(x * x), at, order)
        return [float(series[order] * mpmath.factorial(order))]


TARGETS = {12: {"derive": 0.006, "operations": 450}, 30: {"derive": 0.1}}


def one(order: int) -> Case:
    return Case(
        "tower",
        f"n = {order}",
        "derivatives",
        formula(write, 1),
        lambda: [AT],
        lambda: expected(order),
        derive="derivative",
        order=order,
        rivals=SYMBOLIC if order <= 12 else ("symdiff",),
        targets=TARGETS.get(order, {}),
        tolerance=1e-6,
    )


def cases(quick: bool) -> list[Case]:
    return [one(order) for order in ((2, 4) if quick else (*range(1, 13), 30))]
