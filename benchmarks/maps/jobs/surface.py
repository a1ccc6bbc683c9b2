"""The minimal surface over a square whose border is given: area, gradient and sparse Hessian."""

# ruff: noqa: N806 - matrices and functions have capitals, as in mathematics

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse

import symdiff as sd
from benchmarks.maps.job import Calls, Data, Job

ALL = "value + gradient + hessian"


def job(n: int) -> Job:
    """Of n times n unknowns."""
    return Job(
        f"minimal surface, {n * n:,} unknowns", lambda: _data(n), {"symdiff": _symdiff, "by hand": _by_hand}, (ALL,),
        {f"{ALL} ÷ by hand": 0.52}, {}, 0.2,
    )  # fmt: skip


def _data(n: int) -> Data:
    border = np.zeros((n + 2, n + 2))
    border[0] = border[-1] = np.sin(np.pi * np.linspace(0, 1, n + 2))
    return {"border": border, "u": np.random.default_rng(0).normal(size=(n, n)), "width": 1 / (n + 1)}


def _symdiff(data: Data) -> Calls:
    n, h = len(data["u"]), data["width"]
    u = sd.Var("u", shape=(n, n))
    whole = sd.zeros((n + 2, n + 2)).at[1:-1, 1:-1].add(u) + data["border"]
    a, b, c, d = whole[:-1, :-1], whole[1:, :-1], whole[:-1, 1:], whole[1:, 1:]
    lower, upper = 1 + ((b - a) / h) ** 2 + ((c - a) / h) ** 2, 1 + ((d - c) / h) ** 2 + ((d - b) / h) ** 2
    area = (sd.sqrt(lower) + sd.sqrt(upper)).sum() * (h * h / 2)
    F = sd.compile([area, area.gradient(u), area.hessian(u, sparse=True)], [u])
    return {ALL: lambda: F(data["u"])}


def _by_hand(data: Data) -> Calls:
    """One triangle compiled for a batch, and put together by index arrays."""
    n, h = len(data["u"]), data["width"]
    corners = sd.variables("a b c")
    a, b, c = corners
    area = sd.sqrt(1 + ((b - a) / h) ** 2 + ((c - a) / h) ** 2) * (h * h / 2)
    F = sd.compile([area, area.gradient(corners), area.hessian(corners)], list(corners))
    number = np.arange((n + 2) ** 2).reshape(n + 2, n + 2)
    a, b, c, d = [i.ravel() for i in (number[:-1, :-1], number[1:, :-1], number[:-1, 1:], number[1:, 1:])]
    triangles, inner = np.concatenate([np.c_[a, b, c], np.c_[d, c, b]]), number[1:-1, 1:-1].ravel()
    rows, cols, size = np.repeat(triangles, 3, 1).ravel(), np.tile(triangles, (1, 3)).ravel(), (n + 2) ** 2

    def call() -> Any:
        whole = data["border"].ravel().copy()
        whole[inner] = data["u"].ravel()
        areas, slopes, curvatures = F(*whole[triangles].T)
        gradient = np.bincount(triangles.ravel(), slopes.ravel(), size)[inner].reshape(n, n)
        hessian = scipy.sparse.csr_array((curvatures.ravel(), (rows, cols)), shape=(size, size))
        return areas.sum(), gradient, hessian[inner][:, inner]

    return {ALL: call}
