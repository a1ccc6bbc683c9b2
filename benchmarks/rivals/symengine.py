"""SymEngine: SymPy's ideas in C++, and functions compiled by LLVM."""

from __future__ import annotations

from typing import Any

import numpy as np
import symengine

from benchmarks.case import Problem
from benchmarks.harness import Clock
from benchmarks.rivals.base import Program, Rival, upper


class Symengine(Rival):
    package = "symengine"
    module = symengine

    def build(self, write: Any, count: int) -> Problem:
        xs = [symengine.Symbol(f"x{i}") for i in range(count)]
        return Problem([symengine.sympify(f) for f in write(self, xs)], xs)

    def convert(self, exprs: Any, symbols: Any, parameters: Any) -> Problem:
        outputs, xs, others = ([symengine.sympify(e) for e in given] for given in (exprs, symbols, parameters))
        return Problem(outputs, xs, others)

    def gradient(self, problem: Problem, order: int) -> Any:
        return [problem.outputs[0].diff(x) for x in problem.inputs]

    def jacobian(self, problem: Problem, order: int) -> Any:
        return [f.diff(x) for f in problem.outputs for x in problem.inputs]

    def derivative(self, problem: Problem, order: int) -> Any:
        found = problem.outputs[0]
        for _ in range(order):
            found = found.diff(problem.inputs[0])
        return [found]

    def values(self, problem: Problem, found: Any, point: Any) -> Any:
        return symengine.Lambdify([*problem.inputs, *problem.parameters], found, cse=True)(
            np.asarray(point, dtype=float)
        ).ravel()

    def operations(self, problem: Problem, found: Any) -> dict[str, float]:
        return {"value operations": shared(problem.outputs), "operations": shared([*problem.outputs, *found])}

    def _wanted(self, problem: Problem, derive: str, order: int) -> Any:
        wanted = list(problem.outputs)
        if derive != "value":
            wanted += self.jacobian(problem, 1)
        if order == 2:
            xs = problem.inputs
            wanted += [problem.outputs[0].diff(xs[i]).diff(xs[j]) for i, j in upper(len(xs))]
        return wanted

    def function(self, problem: Problem, derive: str, order: int) -> Program:
        return self._compile(problem, derive, order, lambda point: (np.asarray(point, dtype=float),), np.ravel)

    def batch(self, problem: Problem, derive: str, order: int) -> Program:
        def prepare(columns: Any) -> Any:
            return (np.ascontiguousarray(columns.T),)

        return self._compile(problem, derive, order, prepare, lambda table: list(table.T))

    def _compile(self, problem: Problem, derive: str, order: int, prepare: Any, collect: Any) -> Program:
        clock = Clock()
        wanted = self._wanted(problem, derive, order)
        done = symengine.Lambdify(problem.inputs, wanted, backend="llvm", cse=True)
        return Program(done, prepare, collect, clock.lap())


def shared(exprs: Any) -> int:
    """The operations of expressions, equal ones once: a sum of n terms is n - 1."""
    seen = set()
    stack = list(exprs)
    count = 0
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            args = node.args
            count += max(len(args) - 1, 1) if args else 0
            stack.extend(args)
    return count
