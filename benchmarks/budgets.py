"""What the budgets of deriving buy: operations and time with each at half and at double.

python -m benchmarks.budgets                    all that `symdiff/modes/budgets.py` holds
python -m benchmarks.budgets HESSIAN JACOBIAN   those whose names begin so
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from types import ModuleType
from typing import Any, NamedTuple

import symdiff as sd
from symdiff.modes import budgets

Build = Callable[[], tuple[list[Any], list[Any]]]

STEPS: list[Callable[[Any, Any], Any]] = [
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: a * b,
    lambda a, b: a * b + b,
    lambda a, b: a / (b**2 + 1),
    lambda a, b: sd.sin(a),
    lambda a, b: sd.exp(sd.cos(a)) * b,
    lambda a, b: sd.tanh(a + 2 * b),
    lambda a, b: a**3,
]


class Figures(NamedTuple):
    """Of a whole suite."""

    operations: int
    seconds: float

    def beside(self, other: Figures) -> str:
        """What differs from another, in per cent."""
        return " ".join([f"{100 * (a / b - 1):+6.1f} %" for a, b in zip(self, other, strict=True)])


def shared(seed: int, size: int, inputs: int, results: int) -> Build:
    """A random graph whose nodes are used several times."""

    def build() -> tuple[list[Any], list[Any]]:
        rng = random.Random(seed)
        xs = [sd.Var(f"x{k}") for k in range(inputs)]
        nodes: list[Any] = list(xs)
        for _ in range(size):
            near = nodes[-5:] if rng.random() < 0.6 else nodes
            nodes.append(rng.choice(STEPS)(rng.choice(near), rng.choice(nodes)))
        return nodes[-results:], xs

    return build


def layers(width: int, depth: int) -> Build:
    """A network of tanh: every variable interacts with every other."""

    def build() -> tuple[list[Any], list[Any]]:
        xs = [sd.Var(f"x{k}") for k in range(width)]
        held = xs
        for layer in range(depth):
            held = [
                sd.tanh(sum(((layer + 2) * j % 7 + k + 1) * v for k, v in enumerate(held)))  # type: ignore[misc]
                for j in range(width)
            ]
        return [sum(v * v for v in held)], xs

    return build


def band(size: int) -> Build:
    """Neighbours interact."""

    def build() -> tuple[list[Any], list[Any]]:
        xs = [sd.Var(f"x{k}") for k in range(size)]
        return [sum(100 * (b - a**2) ** 2 + sd.cos(a * b) for a, b in pairwise(xs))], xs

    return build


def simulation(steps: int, uneven: bool) -> Build:
    """A pendulum by its forces: every two of them interact, through the states between."""

    def build() -> tuple[list[Any], list[Any]]:
        forces = [sd.Var(f"u{k}") for k in range(steps)]
        angle, speed, cost = 0.3 + 0 * forces[0], 0 * forces[0], sd.Const(0)
        for k, u in enumerate(forces):
            step = 0.05 + 0.001 * k * uneven
            half = speed + step / 2 * (u * sd.cos(angle) - sd.sin(angle) - 0.1 * speed**3)
            angle = angle + step * half
            speed = half + step / 2 * (u * sd.cos(angle) - sd.sin(angle) - 0.1 * half**3)
            cost = cost + u**2
        return [cost + (angle - 3) ** 2 + speed**2], forces

    return build


def collocation(intervals: int, uneven: bool) -> Build:
    """The weighted defects of a pendulum: the four of neighbours share what is known at the point between."""

    def build() -> tuple[list[Any], list[Any]]:
        xs = [[sd.Var(f"{name}{k}") for name in ("a", "v", "u")] for k in range(intervals + 1)]
        ws = [[sd.Var(f"{name}{k}") for name in ("p", "q")] for k in range(intervals)]
        rates = [(v, u * sd.cos(a) - sd.sin(a) * sd.exp(-v)) for a, v, u in xs]
        total = sd.Const(0)
        for k, weights in enumerate(ws):
            step = 0.05 + 0.001 * k * uneven
            for n, w in enumerate(weights):
                total = total + w * (xs[k + 1][n] - xs[k][n] - step / 2 * (rates[k][n] + rates[k + 1][n]))
        return [total], [x for row in [*xs, *ws] for x in row]

    return build


def graphs(sizes: tuple[int, ...], inputs: tuple[int, ...], results: int) -> list[Build]:
    """Random graphs of several sizes, a few of each."""
    return [shared(seed, size, n, results) for size in sizes for n in inputs for seed in range(4)]


def patterns(fs: list[Any], xs: list[Any]) -> Any:
    """The sparsity of first and second derivatives."""
    return sd.jacobian_sparsity(fs, xs), sd.hessian_sparsity(fs[0], xs)


def higher(fs: list[Any], xs: list[Any]) -> Any:
    """Derivatives of an order that is high for so many variables."""
    found = sd.derivatives(fs[0], xs, {1: 5, 2: 3}.get(len(xs), 2))
    return list(found.values())


WIDE = [layers(8, 2), layers(30, 1), band(20), band(120), band(400)]
LARGE = [shared(0, 1000, 1, 1), shared(1, 1500, 1, 1), band(25), band(36)]
SUITES: dict[str, tuple[list[Build], Callable[[list[Any], list[Any]], Any]]] = {
    "HESSIAN": (graphs((8, 30, 90, 250), (2, 6), 1) + WIDE, lambda fs, xs: sd.hessian(fs[0], xs, sparse=True)),
    "BLOCK": (
        [make(n, uneven) for make in (simulation, collocation) for n in (30, 100) for uneven in (False, True)],
        lambda fs, xs: sd.hessian(fs[0], xs, sparse=True),
    ),
    "JACOBIAN": (graphs((8, 30, 90, 250, 600), (2, 8), 4), lambda fs, xs: sd.jacobian(fs, xs)),
    "FACTOR": (graphs((8, 30, 90, 250), (1, 2, 8), 1) + WIDE, lambda fs, xs: fs[0].gradient(xs)),
    "HIGHER": (graphs((4, 8, 15), (1,), 1) + graphs((4, 10), (2,), 1) + LARGE, higher),
    "PATTERN": ([*graphs((250,), (8, 60), 4), *WIDE, layers(80, 1), band(1500)], patterns),
}
KIND = {"ALIKE": "BLOCK", "DYADS": "HESSIAN", "ORDER": "JACOBIAN", "SWEEP": "JACOBIAN", "UNSCALED": "JACOBIAN"}


def suite_of(name: str) -> str | None:
    """The suite in which a budget matters; None for what is only remembered or listed."""
    first = name.partition("_")[0]
    return KIND.get(first, first if first in SUITES else None)


def measured(suite: str) -> Figures:
    """One run of a suite."""
    operations, seconds = 0, 0.0
    builds, derive = SUITES[suite]
    for build in builds:
        with sd.Graph():
            fs, xs = build()
            start = time.process_time()
            found = derive(fs, xs)
            seconds += time.process_time() - start
            operations += 1 if suite == "PATTERN" else sum(sd.count_ops([*fs, found]).values())
    return Figures(operations, seconds)


def holders(name: str) -> list[ModuleType]:
    """The modules that hold a budget under its name."""
    return [m for key, m in sys.modules.items() if key.startswith("symdiff.") and hasattr(m, name)]


def put(name: str, value: Any) -> None:
    """Set a budget wherever its name is held."""
    for module in holders(name):
        setattr(module, name, value)


def at_each(name: str, values: list[Any], suite: str, runs: int) -> list[Figures]:
    """The suite with each of several values of a budget in turn, the best of some runs."""
    before = getattr(budgets, name)
    found: list[list[Figures]] = [[] for _ in values]
    try:
        for _ in range(runs):
            for value, figures in zip(values, found, strict=True):
                put(name, value)
                figures.append(measured(suite))
    finally:
        put(name, before)
    return [min(figures, key=lambda one: one.seconds) for figures in found]


def main() -> None:
    """Print what each budget does at half and at double."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.budgets", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="how the names of budgets begin")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    print(f"{'budget':<24} {'value':>8}   operations and time at half, at double")
    warm: set[str] = set()
    for name, value in vars(budgets).items():
        suite = suite_of(name)
        if suite is None or not name.isupper() or not name.startswith(tuple(options.names or [""])):
            continue
        if suite not in warm:
            measured(suite)  # run it once first, for what is made once
            warm.add(suite)
        values = [type(value)(value * by) for by in (1, 0.5, 2)]
        whole, half, double = at_each(name, values, suite, options.runs)
        print(f"{name:<24} {value:>8}   {half.beside(whole)}   {double.beside(whole)}", flush=True)


if __name__ == "__main__":
    main()
