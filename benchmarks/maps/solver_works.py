"""What solvers are given, from the formula to the solution: the last lines of `python -m benchmarks maps`.

The swing-up of a cart-pole by Hermite and Simpson (M. Kelly, An introduction to trajectory optimization, SIAM Review
59, 2017) with IPOPT, beside CasADi; a fit to 10,000 data, which are parameters or each an expression; Robertson's
stiff kinetics by SciPy's BDF, beside functions written by hand. All subjects of a work take turns in one process on one
core, and the median of the rounds counts, CPU time; what is found is checked first.
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import json
import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

import symdiff as sd

Solve = Callable[[], float]


class SolverWork(NamedTuple):
    """A work: what each subject does, from nothing to a number; the number that is right, and how near to it."""

    name: str
    subjects: dict[str, Solve]
    right: float
    within: float


# -- the swing-up ---------------------------------------------------------------------------

CART, POLE, LENGTH, GRAVITY, TIME = 1.0, 0.3, 0.5, 9.81, 2.0
GOAL = np.array([0.8, np.pi, 0.0, 0.0])


def rates(x: Any, u: Any, sin: Any, cos: Any) -> list[Any]:
    """The slopes of place, angle and their speeds under a push."""
    sine, cosine = sin(x[1]), cos(x[1])
    mass = CART + POLE * (1 - cosine * cosine)
    push = LENGTH * POLE * sine * x[3] * x[3] + u
    turn = push * cosine + (CART + POLE) * GRAVITY * sine
    return [x[2], x[3], (push + POLE * GRAVITY * cosine * sine) / mass, -turn / (LENGTH * mass)]


def start(n: int) -> np.ndarray:
    """States on the straight way, no push."""
    states = np.zeros((n + 1, 4))
    states[:, 0], states[:, 1] = np.linspace(0, GOAL[0], n + 1), np.linspace(0, GOAL[1], n + 1)
    return states


def cart_pole(n: int) -> Solve:
    """By `sd.problem`: the defect of one interval, mapped over all of them."""

    def solve() -> float:
        with sd.Graph():
            h = TIME / n

            def slopes(x: Any, u: Any) -> Any:
                return sd.stack(rates(x, u, np.sin, np.cos))

            def defect(x: Any, y: Any, u: Any, v: Any) -> Any:
                at_x, at_y = slopes(x, u), slopes(y, v)
                middle = slopes((x + y) / 2 + h / 8 * (at_x - at_y), (u + v) / 2)
                return y - x - h / 6 * (at_x + 4 * middle + at_y)

            states, pushes = sd.Var("X", shape=(n + 1, 4)), sd.Var("U", shape=n + 1)
            defects = sd.vmap(defect)(states[:-1], states[1:], pushes[:-1], pushes[1:])
            effort = h / 2 * (pushes[:-1] ** 2 + pushes[1:] ** 2).sum()
            problem = sd.problem(effort, [states, pushes], equal=[defects, states[0], (states[-1], GOAL)])
            return float(problem.solve([start(n), 0.0], "ipopt").fun)

    return solve


def cart_pole_of_casadi(n: int) -> Solve:
    """By CasADi's `nlpsol`, in its scalars, which are its faster way here."""
    import casadi as ca

    def solve() -> float:
        h, z = TIME / n, ca.SX.sym("z", 5 * (n + 1))
        state, push = (lambda k: z[5 * k : 5 * k + 4]), (lambda k: z[5 * k + 4])

        def slopes(x: Any, u: Any) -> Any:
            return ca.vertcat(*rates([x[0], x[1], x[2], x[3]], u, ca.sin, ca.cos))

        at = [slopes(state(k), push(k)) for k in range(n + 1)]
        constraints, effort = [], 0
        for k in range(n):
            x, y, u, v = state(k), state(k + 1), push(k), push(k + 1)
            middle = slopes((x + y) / 2 + h / 8 * (at[k] - at[k + 1]), (u + v) / 2)
            constraints.append(y - x - h / 6 * (at[k] + 4 * middle + at[k + 1]))
            effort = effort + h / 2 * (u**2 + v**2)
        constraints += [state(0), state(n) - GOAL]
        program = {"x": z, "f": effort, "g": ca.vertcat(*constraints)}
        solver = ca.nlpsol("solver", "ipopt", program, {"print_time": 0, "ipopt.print_level": 0, "ipopt.sb": "yes"})
        found = solver(x0=np.column_stack([start(n), np.zeros(n + 1)]).ravel(), lbg=0, ubg=0)
        return float(found["f"])

    return solve


# -- a fit ------------------------------------------------------------------------------------


def fit(count: int) -> dict[str, Solve]:
    """Six parameters of a damped swing with a trend: data as parameters, and an expression a datum."""
    from scipy.optimize import least_squares

    times = np.linspace(0, 10, count)
    true = np.array([2.0, 0.5, 3.0, 1.2, 0.3, 0.1])
    noise = 0.1 * np.random.default_rng(0).normal(size=count)

    def model(t: Any, p: Any, exp: Any, sin: Any) -> Any:
        return p[0] * exp(-p[1] * t) * sin(p[2] * t + p[3]) + p[4] + p[5] * t

    measured = model(times, true, np.exp, np.sin) + noise

    def by_parameters() -> float:
        with sd.Graph():
            p, t, y = sd.variables("p", 6), sd.Var("t", shape="n"), sd.Var("y", shape="n")
            problem = sd.to_scipy(model(t, p, np.exp, np.sin) - y, p, params=[t, y])
            return float(least_squares(problem.fun, true * 1.1, jac=problem.jac, args=(times, measured)).cost)

    def by_expressions() -> float:
        with sd.Graph():
            p = sd.variables("p", 6)
            data = zip(times.tolist(), measured.tolist(), strict=True)
            problem = sd.to_scipy([model(t, p, sd.exp, sd.sin) - y for t, y in data], p)
            return float(least_squares(problem.fun, true * 1.1, jac=problem.jac).cost)

    return {"data as parameters": by_parameters, "an expression a datum": by_expressions}


# -- a stiff equation -----------------------------------------------------------------------------


def robertson() -> dict[str, Solve]:
    """Three species whose rates are nine orders apart; the third at the end of 10⁸ seconds."""
    from scipy.integrate import solve_ivp

    given = np.array([0.04, 3e7, 1e4])
    y, k = sd.variables("y", 3), sd.variables("k", 3)
    first, second, third = k[0] * y[0], k[2] * y[1] * y[2], k[1] * y[1] ** 2
    problem = sd.to_scipy([second - first, first - second - third, third], y, params=[k], time="t")

    def fun(t: float, y: Any, k: Any) -> np.ndarray:
        first, second, third = k[0] * y[0], k[2] * y[1] * y[2], k[1] * y[1] ** 2
        return np.array([second - first, first - second - third, third])

    def jac(t: float, y: Any, k: Any) -> np.ndarray:
        a, b, c = k[2] * y[2], k[2] * y[1], 2 * k[1] * y[1]
        return np.array([[-k[0], a, b], [k[0], -a - c, -b], [0, c, 0]])

    def solved(fun: Any, jac: Any) -> float:
        options = {"method": "BDF", "rtol": 1e-9, "atol": 1e-12, "args": (given,), "jac": jac}
        return float(solve_ivp(fun, (0, 1e8), [1.0, 0.0, 0.0], **options).y[2, -1])

    return {"symdiff": lambda: solved(problem.fun, problem.jac), "by hand": lambda: solved(fun, jac)}


# -- measuring ----------------------------------------------------------------------------------


def _is_installed(package: str) -> bool:
    return importlib.util.find_spec(package) is not None


def works() -> list[SolverWork]:
    """All works whose packages are installed."""
    found = []
    for n, optimum in ((50, 60.3562), (200, 59.7546)) if _is_installed("cyipopt") else ():
        subjects = {"symdiff": cart_pole(n)}
        if _is_installed("casadi"):
            subjects["CasADi"] = cart_pole_of_casadi(n)
        found.append(SolverWork(f"cart-pole, {n} intervals, IPOPT", subjects, optimum, 1e-4))
    if not _is_installed("scipy"):
        return found
    subjects = fit(10_000)
    found.append(SolverWork("fit to 10,000 data", subjects, subjects["data as parameters"](), 1e-6))
    found.append(SolverWork("Robertson's kinetics, BDF", robertson(), 0.999979, 1e-5))
    return found


def measure(work: SolverWork, rounds: int) -> dict[str, float]:
    """The median CPU time of each subject, all in turn. What none is right about raises."""
    for name, solve in work.subjects.items():
        found = solve()  # warm up: packages load, and caches of theirs fill
        if not abs(found - work.right) <= work.within:
            raise ArithmeticError(f"{name} finds {found} for {work.name}, which is {work.right}")
    times: dict[str, list[float]] = {name: [] for name in work.subjects}
    for _ in range(rounds):
        for name, solve in work.subjects.items():
            gc.collect()
            before = time.process_time()
            solve()
            times[name].append(time.process_time() - before)
    return {name: statistics.median(each) for name, each in times.items()}


def line(name: str, times: Mapping[str, float]) -> str:
    """A row of the table: each subject's time, and how often the first one's it is."""
    first = next(iter(times.values()))
    told = [f"{subject} {1e3 * each:.0f} ms ({each / first:.2f} ×)" for subject, each in times.items()]
    return f"| {name} | {', '.join(told)} |"


def main() -> None:
    """Measure the works in whose names the argument is, and print their times as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("only", nargs="?", default="", help="measure works with this in their name")
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    print(json.dumps({work.name: measure(work, arguments.rounds) for work in works() if arguments.only in work.name}))


if __name__ == "__main__":
    main()
