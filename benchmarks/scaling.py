"""How time grows with size: `python -m benchmarks scaling`.

Each piece of work is done at n, 2n and 4n, in CPU time, the best of several runs in turn; the exponent is the slope
of log time by log size. Where the result grows like n it should be 1; beyond 1.1 something is looked at too often.
"""

from __future__ import annotations

import argparse
import gc
import math
import pickle
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

import symdiff as sd

LINEAR = 1.1  # exponent up to which time counts as linear, with what noise adds
ROUNDS = 3

Prepared = Callable[[], object]  # the work, once all that is not measured is done


class Task(NamedTuple):
    """Work of any size: `prepare(n)` makes what it needs and gives a function that does it."""

    name: str
    size: int  # n, so large that constants do not count
    prepare: Callable[[int], Prepared]


def rosenbrock(n: int) -> tuple[Any, Any]:
    """A sum over neighbours and its variables: everything of it is sparse."""
    x = sd.variables("x", n)
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum(), x


def fit(n: int) -> tuple[Any, Any]:
    """A sum over n data of a function of three parameters: its Hessian is dense, and of one size."""
    a, b, c = parameters = sd.variables("a b c")
    t = np.linspace(0.1, 3.0, n)
    return ((a * np.exp(-b * t) + c - np.sin(t)) ** 2).sum(), parameters


def chain(n: int) -> tuple[Any, Any]:
    """A function of a function of …: as deep as it is large."""
    x = sd.Var("x")
    f = x
    for _ in range(n):
        f = sd.sin(f) * x
    return f, [x]


def _fresh(make: Callable[[int], Any]) -> Callable[[int], Any]:
    def made(n: int) -> Any:
        with sd.Graph():
            return make(n)

    return made


def _of(formula: Callable[[int], Any], work: Callable[[Any, Any], object]) -> Callable[[int], Prepared]:
    """Work on a formula that is there."""

    def prepare(n: int) -> Prepared:
        f, x = _fresh(formula)(n)
        return lambda: work(f, x)

    return prepare


def _residuals(n: int) -> tuple[Any, Any]:
    x = sd.variables("x", n)
    return 10 * (x[1:] - x[:-1] ** 2) * np.cos(x[:-1]), x


def _read(n: int) -> Prepared:
    text = str(_fresh(rosenbrock)(n)[0])
    return lambda: _fresh(lambda _: sd.parse(text))(n)


def _unpickle(n: int) -> Prepared:
    data = pickle.dumps(_fresh(rosenbrock)(n)[0])
    return lambda: pickle.loads(data)


TASKS = (
    Task("build", 4000, lambda n: lambda: _fresh(rosenbrock)(n)),
    Task("gradient", 4000, _of(rosenbrock, lambda f, x: f.gradient(x))),
    Task("derivative of a chain", 20_000, _of(chain, lambda f, x: f.gradient(x))),
    Task("sparse Jacobian", 3000, _of(_residuals, lambda f, x: sd.jacobian(f, x, sparse=True))),
    Task("sparse Hessian", 2500, _of(rosenbrock, lambda f, x: f.hessian(x, sparse=True))),
    Task("dense Hessian of 3 parameters", 500, _of(fit, lambda f, x: f.hessian(x))),
    Task("compile", 4000, _of(rosenbrock, lambda f, x: sd.compile([f, f.gradient(x)], [x])(np.ones(len(x))))),
    Task("str", 2500, _of(rosenbrock, lambda f, x: str(f))),
    Task("parse", 2000, _read),
    Task("LaTeX", 2000, _of(rosenbrock, lambda f, x: f.latex())),
    Task("pickle", 8000, _of(rosenbrock, lambda f, x: pickle.dumps(f))),
    Task("unpickle", 8000, _unpickle),
    Task("to_sympy", 1000, _of(rosenbrock, lambda f, x: f.to_sympy())),
    Task("simplify", 500, _of(rosenbrock, lambda f, x: sd.simplify(f))),
)


def times(task: Task, sizes: list[int], rounds: int = ROUNDS) -> list[float]:
    """The best time of each size in CPU seconds; sizes take turns, so that a busy machine slows all alike."""
    best = [math.inf] * len(sizes)
    for _ in range(rounds):
        for k, n in enumerate(sizes):
            work = task.prepare(n)
            gc.collect()
            start = time.process_time()
            result = work()
            best[k] = min(best[k], time.process_time() - start)
            del work, result
    return best


def exponent(sizes: list[int], found: list[float]) -> float:
    """The slope of log time by log size."""
    return float(np.polyfit(np.log(sizes), np.log(found), 1)[0])


def main(given: Sequence[str] | None = None) -> int:
    """Measure what is asked for, print a line each, and say how many grow too fast."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks scaling", description=__doc__)
    parser.add_argument("tasks", nargs="*", metavar="task", help="those whose names begin so; all")
    parser.add_argument("--quick", action="store_true", help="an eighth of the sizes, to see that all of it works")
    arguments = parser.parse_args(given)
    chosen = [t for t in TASKS if not arguments.tasks or t.name.startswith(tuple(arguments.tasks))]
    if not chosen:
        parser.error(f"there are {', '.join(task.name for task in TASKS)}")
    print("| work | n | n | 2n | 4n | exponent |\n| --- | --- | --- | --- | --- | --- |")
    fast = 0
    for task in chosen:
        first = task.size // 8 if arguments.quick else task.size
        sizes = [first, 2 * first, 4 * first]
        found = times(task, sizes)
        power = exponent(sizes, found)
        fast += power > LINEAR
        cells = " | ".join(f"{seconds * 1e3:.0f} ms" for seconds in found)
        print(f"| {task.name} | {first:,} | {cells} | {power:.2f} |", flush=True)
    print(f"\n{fast or 'none'} of {len(chosen)} above {LINEAR}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
