"""A network 2-16-16-1 of tanh neurons, its mean squared error over many points, all in scalars."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from benchmarks.case import Case, formula

SIZES = (2, 16, 16, 1)
WEIGHTS = sum((a + 1) * b for a, b in itertools.pairwise(SIZES))  # count: 337


def data(points: int) -> tuple[Any, Any]:
    """Two half moons, and on which of them a point is."""
    rng = np.random.default_rng(2)
    angle = rng.uniform(0, np.pi, points)
    side = np.where(np.arange(points) % 2 == 0, 1.0, -1.0)
    places = np.stack([np.cos(angle) * side + (1 - side) / 2, (np.sin(angle) - 0.25) * side], axis=1)
    return places + rng.normal(0, 0.1, places.shape), side


def writer(points: int) -> Any:
    """The formula for so many points: each neuron is a bias and a sum of products."""
    places, targets = data(points)

    def write(ns: Any, xs: Any) -> list[Any]:
        total = 0
        for place, target in zip(places.tolist(), targets.tolist(), strict=True):
            total = total + _square(_output(ns, place, xs) - target)
        return [total * (1 / points)]

    return write


def _square(x: Any) -> Any:
    return x * x


def _output(ns: Any, signals: Any, weights: Any) -> Any:
    at = 0
    for size, count in itertools.pairwise(SIZES):
        following = []
        for _ in range(count):
            total = weights[at + size]
            for k in range(size):
                total = total + weights[at + k] * signals[k]
            following.append(ns.tanh(total))
            at += size + 1
        signals = following
    return signals[0]


def weights() -> Any:
    return np.random.default_rng(3).normal(0, 0.5, WEIGHTS)


def gradient(flat: Any, points: int) -> Any:
    """Backpropagation with matrices."""
    signals, targets = data(points)
    layers, at = [], 0
    for size, count in itertools.pairwise(SIZES):
        matrix = flat[at : at + count * (size + 1)].reshape(count, size + 1)
        layers.append((signals, matrix))
        signals = np.tanh(signals @ matrix[:, :-1].T + matrix[:, -1])
        at += matrix.size
    adjoint = 2 * (signals - targets[:, None]) / points
    found = []
    for before, matrix in reversed(layers):
        adjoint = adjoint * (1 - signals**2)
        found.append(np.concatenate([adjoint.T @ before, adjoint.sum(axis=0)[:, None]], axis=1).ravel())
        adjoint, signals = adjoint @ matrix[:, :-1], before
    return np.concatenate(found[::-1])


def cases(quick: bool) -> list[Case]:
    points = 5 if quick else 100
    build = formula(writer(points), WEIGHTS)
    common = (build, weights, lambda: gradient(weights(), points))
    return [
        Case("mlp", f"gradient, {points} points", "derivatives", *common,
             rivals=("symdiff", "casadi", "symengine"), targets={"build + derive": 0.4}),
        Case("mlp", f"backpropagation, {points} points", "backpropagation", *common,
             rivals=("symdiff", "objects"), targets={"step": 0.12}),
    ]  # fmt: skip
