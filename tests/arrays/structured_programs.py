"""Random formulas of slices, gathers, blocks, diagonals and sparse constants, over sizes that are numbers or names."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import scipy.sparse

import symdiff as sd

LARGEST = 90  # entries of a value


def _places(rng: random.Random, size: int, most: int = 10) -> list[int]:
    return [rng.randrange(size) for _ in range(rng.randrange(1, most))]


def _sparse(rng: random.Random, rows: int, columns: int) -> Any:
    noise = np.random.default_rng(rng.randrange(10**6))
    return scipy.sparse.random_array((rows, columns), density=0.25, rng=noise, format="csr")


def _mostly_zero(rng: random.Random, columns: int) -> Any:
    found = np.zeros((4, columns))
    found[np.arange(4), [rng.randrange(columns) for _ in range(4)]] = rng.choice([1.0, -2.0])
    return found


VECTORS = [  # rng, a vector, another one, another one of its shape
    lambda rng, v, w, u: v[rng.randrange(len(v)) :],
    lambda rng, v, w, u: v[:: rng.choice([-1, 2, -2, 3])],
    lambda rng, v, w, u: v[_places(rng, len(v))],
    lambda rng, v, w, u: sd.zeros(7).at[[rng.randrange(7) for _ in range(len(v))]].add(v),
    lambda rng, v, w, u: _sparse(rng, rng.randrange(2, 9), len(v)) @ v,
    lambda rng, v, w, u: _mostly_zero(rng, len(v)) @ v,
    lambda rng, v, w, u: sd.concatenate([v, w]),
    lambda rng, v, w, u: v[: len(v) // 2 * 2].reshape(len(v) // 2, 2),
    lambda rng, v, w, u: sd.stack([v[1:], v[:-1]]),
    lambda rng, v, w, u: sd.zeros(len(v) + 2).at[1:-1].add(v)[rng.randrange(3) :],
]
MATRICES = [
    lambda rng, v, w, u: v.reshape(-1),
    lambda rng, v, w, u: v.T.reshape(-1),
    lambda rng, v, w, u: v[_places(rng, v.shape[0], 5)],
    lambda rng, v, w, u: v[:, _places(rng, v.shape[1], 4)],
    lambda rng, v, w, u: _sparse(rng, 3, v.shape[0]) @ v,
]
VECTORS_OF_ANY_SIZE = [
    lambda rng, v, w, u: v[1:],
    lambda rng, v, w, u: v[1:-1],
    lambda rng, v, w, u: sd.sin(v) * u,
    lambda rng, v, w, u: v[1:] * v[:-1],
    lambda rng, v, w, u: v + u**2,
    lambda rng, v, w, u: sd.diag(v),
    lambda rng, v, w, u: sd.zeros(v.shape).at[1:-1].add(v[2:] * v[:-2]),
    lambda rng, v, w, u: sd.zeros(v.shape).at[1:].add(v[:-1]) + v,
    lambda rng, v, w, u: sd.outer(v, w),
    lambda rng, v, w, u: v[rng.randrange(2)] * v,
    lambda rng, v, w, u: v.mean() * v,
    lambda rng, v, w, u: v[[1, 0, 1]],
]
MATRICES_OF_ANY_SIZE = [
    lambda rng, v, w, u: v.T,
    lambda rng, v, w, u: v[0],
    lambda rng, v, w, u: v[:, 1],
    lambda rng, v, w, u: v.sum(axis=rng.randrange(2)),
    lambda rng, v, w, u: sd.exp(0.1 * v),
    lambda rng, v, w, u: v[1:] * v[:-1],
    lambda rng, v, w, u: v[1:, :-1] * v[:-1, 1:],
    lambda rng, v, w, u: v * u,
    lambda rng, v, w, u: sd.zeros(v.shape).at[1:, :-1].add(v[:-1, 1:]),
    lambda rng, v, w, u: v[1] * v,
    lambda rng, v, w, u: sd.diag(v) if v.shape[0] == v.shape[1] else v[[0, 1]],
]


def structured(rng: random.Random, shapes: list[Any], steps: int) -> tuple[Any, list[Any]]:
    """A value made in some steps of a vector and a matrix of these shapes, and these."""
    x, y = [sd.Var(name, shape=shape) for name, shape in zip("xX", shapes, strict=True)]
    named = any(isinstance(n, str) for v in (x, y) for n in v.shape)
    made = [x, y]
    for _ in range(10 * steps):
        v = rng.choice(made[-4:])
        vector = len(v.shape) == 1
        kinds = VECTORS_OF_ANY_SIZE if vector else MATRICES_OF_ANY_SIZE
        kinds = kinds if named else kinds + (VECTORS if vector else MATRICES)
        w, u = rng.choice([w for w in made if len(w.shape) == 1]), rng.choice([u for u in made if u.shape == v.shape])
        try:
            found = rng.choice(kinds)(rng, v, w, u)
        except sd.SymdiffError:  # leave out places that are not there, and names that do not fit
            continue
        if named or (0 < found.size <= LARGEST and (vector or min(found.shape) > 0)):
            made.append(found)
        if len(made) == steps + 2:
            break
    return made[-1], [x, y]
