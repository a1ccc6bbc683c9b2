"""How soon derivatives of large scalar formulas are ready: `python -m benchmarks ready`.

Jobs as engineers bring them, written out over scalars, once for symdiff and for CasADi: build, derive, compile, first
value, each in a process of its own. The values of both are held against each other before a time counts. Times are CPU
time on one core, memory is the most that the process held, until what the limit of time is for.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from collections.abc import Callable, Sequence
from itertools import pairwise
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse

from benchmarks import harness
from benchmarks.harness import Clock

Write = Callable[[Any, Sequence[Any]], Any]  # functions such as `ns.sin`, and the variables: an expression, or a list


class Job(NamedTuple):
    """A formula, what is derived of it, and what that may take."""

    write: Write
    variables: int
    derive: str  # "hessian", "sparse hessian" or "sparse jacobian"
    times: float  # limit of the derivatives, or of all up to the first value, in times of CasADi's
    whole: bool = False  # whether that is all
    megabytes: float | None = None  # limit of the memory held until then


def gaussian_process(m: int) -> Write:
    """The negative log-likelihood of m points in three parameters, by a Cholesky factor written out."""
    rng = np.random.default_rng(0)
    x = np.sort(rng.uniform(0, 5, m))
    y = np.sin(x) + 0.1 * rng.normal(size=m)

    def write(ns: Any, theta: Sequence[Any]) -> Any:
        scale, length, noise = theta
        rows: list[list[Any]] = []
        solved: list[Any] = []
        for i in range(m):
            row: list[Any] = []
            for j in range(i + 1):
                entry = scale**2 * ns.exp(-0.5 * float(x[i] - x[j]) ** 2 / length**2) + (noise**2 if i == j else 0)
                for k in range(j):
                    entry = entry - row[k] * (rows[j][k] if j < i else row[k])
                row.append(ns.sqrt(entry) if i == j else entry / rows[j][j])
            total = float(y[i])
            for k in range(i):
                total = total - row[k] * solved[k]
            rows.append(row)
            solved.append(total / row[i])
        result: Any = 0
        for i in range(m):
            result = result + 0.5 * solved[i] ** 2 + ns.log(rows[i][i])
        return result

    return write


def minimal_surface(n: int) -> Write:
    """The area of a surface over n by n heights, two triangles a square."""

    def write(ns: Any, inner: Sequence[Any]) -> Any:
        edge = [float(v) for v in np.sin(np.pi * np.linspace(0, 1, n + 2))]
        heights: list[list[Any]] = [[0.0] * (n + 2) for _ in range(n + 2)]
        heights[0], heights[-1] = list(edge), list(edge)
        for i in range(n):
            heights[i + 1][1:-1] = inner[i * n : (i + 1) * n]
        area: Any = 0
        for i in range(n + 1):
            for j in range(n + 1):
                a, b, c, d = heights[i][j], heights[i + 1][j], heights[i][j + 1], heights[i + 1][j + 1]
                for p, q in ((b - a, c - a), (b - d, c - d)):
                    slope = 1 + ((n + 1) * p) ** 2 + ((n + 1) * q) ** 2
                    area = area + (ns.sqrt(slope) if not isinstance(slope, float) else float(np.sqrt(slope)))
        return area / (2 * (n + 1) ** 2)

    return write


def _cart_pole(ns: Any, x: Sequence[Any], u: Any) -> list[Any]:
    s, c = ns.sin(x[1]), ns.cos(x[1])
    below = 1.3 - 0.3 * c * c
    push = 0.15 * s * x[3] * x[3] + u
    return [x[2], x[3], (push + 2.943 * c * s) / below, -(push * c + 12.753 * s) / (0.5 * below)]


def shooting(steps: int) -> Write:
    """Cart and pole driven by as many forces, by Runge and Kutta's method of order 4: every two forces interact."""

    def write(ns: Any, forces: Sequence[Any]) -> Any:
        h = 2 / steps
        x: list[Any] = [0.0 * forces[0], 0.1 + 0.0 * forces[0], 0.0 * forces[0], 0.0 * forces[0]]
        cost: Any = 0
        for u in forces:
            k1 = _cart_pole(ns, x, u)
            k2 = _cart_pole(ns, [a + h / 2 * b for a, b in zip(x, k1, strict=True)], u)
            k3 = _cart_pole(ns, [a + h / 2 * b for a, b in zip(x, k2, strict=True)], u)
            k4 = _cart_pole(ns, [a + h * b for a, b in zip(x, k3, strict=True)], u)
            x = [a + h / 6 * (p + 2 * q + 2 * r + s) for a, p, q, r, s in zip(x, k1, k2, k3, k4, strict=True)]
            cost = cost + u**2
        return cost + 100 * (x[0] ** 2 + (x[1] - np.pi) ** 2 + x[2] ** 2 + x[3] ** 2)

    return write


def collocation(intervals: int) -> Write:
    """The defects of cart and pole at points in time, by Hermite and Simpson's method."""

    def write(ns: Any, z: Sequence[Any]) -> list[Any]:
        h = 2 / intervals
        points = [(z[5 * k : 5 * k + 4], z[5 * k + 4]) for k in range(intervals + 1)]
        rates = [_cart_pole(ns, x, u) for x, u in points]
        defects = []
        for k in range(intervals):
            (x, u), (y, v), f, g = *points[k : k + 2], *rates[k : k + 2]
            half = [(a + b) / 2 + h / 8 * (p - q) for a, b, p, q in zip(x, y, f, g, strict=True)]
            middle = _cart_pole(ns, half, (u + v) / 2)
            for a, b, p, q, r in zip(x, y, f, g, middle, strict=True):
                defects.append(b - a - h / 6 * (p + 4 * r + q))
        return defects

    return write


def weighted(write: Write, count: int) -> Write:
    """Their sum with further variables as weights, as in a Lagrangian."""

    def total(ns: Any, z: Sequence[Any]) -> Any:
        result: Any = 0
        for weight, defect in zip(z[count:], write(ns, z[:count]), strict=True):
            result = result + weight * defect
        return result

    return total


def rosenbrock(ns: Any, x: Sequence[Any]) -> Any:
    """A sum over neighbours."""
    result: Any = 0
    for a, b in pairwise(x):
        result = result + (100 * (b - a**2) ** 2 + (1 - a) ** 2)
    return result


JOBS = {
    "Gaussian process, 30 points: Hessian": Job(gaussian_process(30), 3, "hessian", 3.4),
    "Gaussian process, 60 points: Hessian": Job(gaussian_process(60), 3, "hessian", 3.5, megabytes=500),
    "minimal surface, 100 x 100: sparse Hessian": Job(
        minimal_surface(100), 10_000, "sparse hessian", 1.07, megabytes=300
    ),
    "collocation, 200 intervals: sparse Jacobian": Job(collocation(200), 1005, "sparse jacobian", 1.25, whole=True),
    "collocation, 200 intervals: sparse Hessian": Job(
        weighted(collocation(200), 1005), 1805, "sparse hessian", 1.25, whole=True
    ),
    "shooting, 50 forces: Hessian": Job(shooting(50), 50, "hessian", 1, whole=True),
    "shooting, 100 forces: Hessian": Job(shooting(100), 100, "hessian", 1, whole=True, megabytes=600),
    "Rosenbrock, 10,000: sparse Hessian": Job(rosenbrock, 10_000, "sparse hessian", 1.25),
}


def by_symdiff(job: Job, point: Any) -> tuple[float, float, int, Any]:
    """Seconds that the derivatives take, those until the first value is there, bytes held after these, and it."""
    import symdiff as sd

    clock = Clock()
    x = sd.variables("x", job.variables)
    f = job.write(sd, list(x))
    built = clock.lap()
    if job.derive == "sparse jacobian":
        found = sd.jacobian(f, x, sparse=True)
    else:
        found = f.hessian(x, sparse=job.derive.startswith("sparse"))
    derived, held = clock.lap(), harness.peak()
    value = sd.compile(found, [x])(point)
    return derived, built + derived + clock.lap(), held, value


def by_casadi(job: Job, point: Any) -> tuple[float, float, int, Any]:
    """The same by CasADi."""
    import casadi as ca

    clock = Clock()
    x = ca.SX.sym("x", job.variables)
    ns = SimpleNamespace(sin=ca.sin, cos=ca.cos, exp=ca.exp, log=ca.log, sqrt=ca.sqrt)
    f = job.write(ns, ca.vertsplit(x))  # entry by entry would take CasADi seconds
    built = clock.lap()
    found = ca.jacobian(ca.vertcat(*f), x) if job.derive == "sparse jacobian" else ca.hessian(f, x)[0]
    derived, held = clock.lap(), harness.peak()
    value = ca.Function("f", [x], [found])(point)
    return derived, built + derived + clock.lap(), held, value.sparse()


ALLOWANCE = 1.1  # factor on a limit up to which it counts as reached
SUBJECTS = {"symdiff": by_symdiff, "casadi": by_casadi}


def measure(name: str, subject: str) -> dict[str, Any]:
    """The figures of a job in this process, and numbers by which results are compared."""
    job = JOBS[name]
    point = np.random.default_rng(1).uniform(0.8, 1.2, job.variables)
    derived, ready, held, value = SUBJECTS[subject](job, point)
    found = {"status": "ok", "derived": derived, "ready": ready, "MB": (harness.peak() if job.whole else held) / 1e6}
    entries = scipy.sparse.coo_array(value)
    weights = np.cos(entries.row) * np.sin(entries.col + 1)
    return {**found, "digest": [float(np.linalg.norm(entries.data)), float(weights @ entries.data)]}


def _cell(found: dict[str, Any] | None) -> str:
    if found is None or found["status"] != "ok":
        return "not installed" if found is None else found["status"]
    return f"{found['derived']:.2f} / {found['ready']:.2f} s, {found['MB']:.0f} MB"


def _verdict(job: Job, found: dict[str, Any], other: dict[str, Any] | None) -> str:
    if found["status"] != "ok":
        return "missed"
    if other is not None and other["status"] == "ok":
        scale = abs(found["digest"][0])
        if any(abs(a - b) > 1e-8 * scale for a, b in zip(found["digest"], other["digest"], strict=True)):
            return "values differ"
    if job.megabytes is not None and found["MB"] > job.megabytes:
        return "too much memory"
    ratio = _ratio(job, found, other)
    return "" if ratio is None else "reached" if ratio <= ALLOWANCE * job.times else "missed"


def _ratio(job: Job, found: dict[str, Any], other: dict[str, Any] | None) -> float | None:
    """How long symdiff takes in times of CasADi's; seconds are those of the machine."""
    if found["status"] != "ok" or other is None or other["status"] != "ok":
        return None
    key = "ready" if job.whole else "derived"
    return float(found[key]) / float(other[key])


def main(given: Sequence[str] | None = None) -> int:
    """Measure what is asked for, print a line each."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks ready", description=__doc__)
    parser.add_argument("jobs", nargs="*", metavar="job", help="those whose names begin so; all")
    parser.add_argument("--limit", type=int, default=120, metavar="S", help="seconds that one measurement may take")
    parser.add_argument("--one", nargs=2, metavar=("JOB", "SUBJECT"), help=argparse.SUPPRESS)
    arguments = parser.parse_args(given)
    if arguments.one:
        harness.confine()
        print(json.dumps(measure(*arguments.one)))
        return 0
    chosen = [name for name in JOBS if not arguments.jobs or name.startswith(tuple(arguments.jobs))]
    if not chosen:
        parser.error(f"there are {'; '.join(JOBS)}")
    print("| derived / first value | symdiff | casadi | symdiff ÷ casadi | at most | |\n|" + " --- |" * 6)
    for name in chosen:
        records = {
            subject: harness.process(["benchmarks.ready", "--one", name, subject], arguments.limit)
            if importlib.util.find_spec(subject)
            else None
            for subject in SUBJECTS
        }
        ours, theirs = records["symdiff"], records["casadi"]
        assert ours is not None
        job = JOBS[name]
        most = f"{job.times} x{' to the first value' if job.whole else ''}"
        most += f", {job.megabytes:.0f} MB" if job.megabytes else ""
        ratio = _ratio(job, ours, theirs)
        times = "" if ratio is None else f"{ratio:.2f} x"
        verdict = _verdict(job, ours, theirs)
        print(f"| {name} | {_cell(ours)} | {_cell(theirs)} | {times} | {most} | {verdict} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
