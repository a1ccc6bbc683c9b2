"""Finite elements: heat conduction whose conductivity depends on the temperature, residual and sparse stiffness."""

# ruff: noqa: N806 - matrices and functions have capitals, as in mathematics

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse

import symdiff as sd
from benchmarks.maps.job import Calls, Data, Job

BOTH = "residual + stiffness"


def job(m: int) -> Job:
    """Of a square of m times m nodes."""
    return Job(
        f"finite elements, {2 * (m - 1) ** 2:,} triangles", lambda: _data(m),
        {"symdiff": _symdiff, "by hand": _by_hand}, (BOTH,), {f"{BOTH} ÷ by hand": 2.0},
    )  # fmt: skip


def _data(m: int) -> Data:
    line, number = np.linspace(0, 1, m), np.arange(m * m).reshape(m, m)
    places = np.stack(np.meshgrid(line, line, indexing="ij"), -1).reshape(-1, 2)
    a, b, c, d = [i.ravel() for i in (number[:-1, :-1], number[1:, :-1], number[:-1, 1:], number[1:, 1:])]
    triangles = np.concatenate([np.c_[a, b, c], np.c_[d, c, b]])
    corners = places[triangles]
    one, two = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    det = one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0]
    inner = np.stack([np.c_[two[:, 1], -two[:, 0]], np.c_[-one[:, 1], one[:, 0]]], 1) / det[:, None, None]
    slopes = np.concatenate([-inner.sum(1, keepdims=True), inner], 1)
    u = np.random.default_rng(0).normal(size=m * m)
    return {"triangles": triangles, "slopes": slopes, "area": np.abs(det) / 2, "u": u}


def _symdiff(data: Data) -> Calls:
    count, triangles = len(data["u"]), data["triangles"]
    u = sd.Var("u", shape=count)

    def element(u: Any, slopes: Any, area: Any) -> Any:
        conductivity = 1 + (u.sum() / 3) ** 2
        return area * (conductivity * (slopes @ (u @ slopes)) - 1 / 3)

    forces = sd.vmap(element)(u[triangles], data["slopes"], data["area"])
    residual = sd.zeros(count).at[triangles].add(forces)
    F = sd.compile([residual, sd.jacobian(residual, u, sparse=True)], [u])
    return {BOTH: lambda: F(data["u"])}


def _by_hand(data: Data) -> Calls:
    """NumPy, with the pattern found once."""
    triangles, area, count = data["triangles"], data["area"], len(data["u"])
    products = np.einsum("tia,tja->tij", data["slopes"], data["slopes"])
    keys = np.repeat(triangles, 3, 1).ravel().astype(np.int64) * count + np.tile(triangles, (1, 3)).ravel()
    found, where = np.unique(keys, return_inverse=True)
    ends = np.concatenate([[0], np.cumsum(np.bincount(found // count, minlength=count))]).astype(np.int32)
    columns = (found % count).astype(np.int32)

    def call() -> Any:
        u = data["u"][triangles]
        heat, mean = np.einsum("tij,tj->ti", products, u), u.sum(1) / 3
        conductivity = 1 + mean * mean
        forces = area[:, None] * (conductivity[:, None] * heat - 1 / 3)
        own = conductivity[:, None, None] * products + (2 * mean / 3)[:, None, None] * heat[:, :, None]
        values = np.bincount(where, (area[:, None, None] * own).ravel(), len(found))
        stiffness = scipy.sparse.csr_array((values, columns.copy(), ends.copy()), shape=(count, count))
        return np.bincount(triangles.ravel(), forces.ravel(), count), stiffness

    return {BOTH: call}
