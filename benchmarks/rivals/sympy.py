"""SymPy, with its common subexpression elimination and lambdify."""

from __future__ import annotations

from typing import Any

import numpy as np
import sympy
from sympy.core.cache import clear_cache

from benchmarks.case import Problem
from benchmarks.harness import Clock
from benchmarks.rivals.base import Program, Rival, flat, upper


class Sympy(Rival):
    package = "sympy"
    module = sympy

    def fresh(self) -> Any:
        clear_cache()
        return super().fresh()

    def build(self, write: Any, count: int) -> Problem:
        xs = [sympy.Symbol(f"x{i}") for i in range(count)]
        return Problem([sympy.sympify(f) for f in write(self, xs)], xs)

    def convert(self, exprs: Any, symbols: Any, parameters: Any) -> Problem:
        return Problem(list(exprs), list(symbols), list(parameters))

    def gradient(self, problem: Problem, order: int) -> Any:
        return [problem.outputs[0].diff(x) for x in problem.inputs]

    def jacobian(self, problem: Problem, order: int) -> Any:
        found = sympy.Matrix(problem.outputs).jacobian(problem.inputs)
        return sympy.cse([*problem.outputs, *found])

    def derivative(self, problem: Problem, order: int) -> Any:
        return [problem.outputs[0].diff(problem.inputs[0], order)]

    def values(self, problem: Problem, found: Any, point: Any) -> Any:
        parts, wanted = found if isinstance(found, tuple) else sympy.cse(found)
        names = dict(zip([*problem.inputs, *problem.parameters], (float(p) for p in point), strict=True))
        for name, part in parts:
            names[name] = _number(part, names)
        values = np.array([_number(one, names) for one in wanted])
        return values[len(problem.outputs) :] if isinstance(found, tuple) else values

    def operations(self, problem: Problem, found: Any) -> dict[str, float]:
        parts, wanted = found if isinstance(found, tuple) else sympy.cse([*problem.outputs, *found])
        return {
            "value operations": _cost(*sympy.cse(problem.outputs)),
            "operations": _cost(parts, wanted),
        }

    def wanted(self, problem: Problem, derive: str, order: int) -> Any:
        """The value and its derivatives, flat."""
        wanted = list(problem.outputs)
        if derive != "value":
            wanted += [f.diff(x) for f in problem.outputs for x in problem.inputs]
        if order == 2:
            xs = problem.inputs
            wanted += [problem.outputs[0].diff(xs[i], xs[j]) for i, j in upper(len(xs))]
        return wanted

    def function(self, problem: Problem, derive: str, order: int) -> Program:
        done, seconds = self._compile(problem, derive, order, ["math"])
        return Program(done, lambda point: [float(p) for p in point], flat, seconds)

    def batch(self, problem: Problem, derive: str, order: int) -> Program:
        done, seconds = self._compile(problem, derive, order, ["scipy", "numpy"])
        return Program(done, list, list, seconds)

    def _compile(self, problem: Problem, derive: str, order: int, modules: Any) -> tuple[Any, float]:
        clock = Clock()
        wanted = self.wanted(problem, derive, order)
        done = sympy.lambdify(problem.inputs, wanted[0] if derive == "value" else wanted, modules, cse=True)
        return done, clock.lap()


def _number(expr: Any, names: Any) -> float:
    free = list(expr.free_symbols)
    return float(sympy.lambdify(free, expr, "math")(*[names[s] for s in free]))


def _cost(parts: Any, wanted: Any) -> int:
    return int(sum(sympy.count_ops(part) for _, part in parts) + sum(sympy.count_ops(one) for one in wanted))
