"""Rosenbrock's function of n variables, built term by term; its gradient and its sparse Hessian."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from benchmarks.case import Case, formula

SYMBOLIC = ("symdiff", "casadi", "symengine", "sympy")


def write(ns: Any, xs: Any) -> list[Any]:
    total = 0
    for a, b in itertools.pairwise(xs):
        total = total + 100 * (b - a**2) ** 2 + (1 - a) ** 2
    return [total]


def point(n: int) -> Any:
    return np.random.default_rng(1).uniform(-1.5, 1.5, n)


def gradient(x: Any) -> Any:
    """In closed form."""
    found = np.zeros_like(x)
    slack = x[1:] - x[:-1] ** 2
    found[:-1] = -400 * x[:-1] * slack - 2 * (1 - x[:-1])
    found[1:] += 200 * slack
    return found


def hessian(x: Any) -> Any:
    """In closed form: rows, columns and values of three diagonals, by row and then column."""
    n = len(x)
    middle = np.zeros(n)
    middle[:-1] = 1200 * x[:-1] ** 2 - 400 * x[1:] + 2
    middle[1:] += 200
    side = -400 * x[:-1]
    k = np.arange(n)
    rows = np.concatenate([k, k[:-1], k[1:]])
    cols = np.concatenate([k, k[1:], k[:-1]])
    values = np.concatenate([middle, side, side])
    order = np.lexsort((cols, rows))
    return np.concatenate([rows[order], cols[order], values[order]])


def cases(quick: bool) -> list[Case]:
    n = 500 if quick else 10_000
    build = formula(write, n)
    return [
        Case("rosenbrock", f"gradient, n = {n}", "derivatives", build, lambda: point(n), lambda: gradient(point(n)),
             rivals=SYMBOLIC, targets={"build + derive": 0.4, "operations ÷ value": 2.0}),
        Case("rosenbrock", f"sparse Hessian, n = {n}", "derivatives", build, lambda: point(n),
             lambda: hessian(point(n)), derive="hessian", order=2, rivals=("symdiff", "casadi"),
             targets={"derive": 0.6}),
        Case("rosenbrock", f"memory, n = {n}", "memory", build, lambda: point(n), lambda: gradient(point(n)),
             rivals=("symdiff", "casadi"), targets={"bytes a node": 250}),
    ]  # fmt: skip
