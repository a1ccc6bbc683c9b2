"""Numba with `fastmath`, over code that SymPy derives and frees of common subexpressions."""

from __future__ import annotations

import math
from typing import Any

import numba
import numpy as np
import sympy

from benchmarks.case import Problem
from benchmarks.harness import Clock
from benchmarks.rivals.base import Program, flat
from benchmarks.rivals.sympy import Sympy


class Numba(Sympy):
    package = "numba"

    def function(self, problem: Problem, derive: str, order: int) -> Program:
        clock = Clock()
        names, lines, results = self._code(problem, derive, order)
        source = [f"def kernel({', '.join(names)}):", *lines, f"    return {', '.join(results)}"]
        done = _jit(source)
        return Program(done, lambda point: [float(p) for p in point], flat, clock.lap())

    def batch(self, problem: Problem, derive: str, order: int) -> Program:
        clock = Clock()
        names, lines, results = self._code(problem, derive, order)
        source = [
            f"def kernel({', '.join(f'{name}_' for name in names)}, out):",
            f"  for i in range({names[0]}_.size):",
            *[f"    {name} = {name}_[i]" for name in names],
            *lines,
            *[f"    out[{k}, i] = {result}" for k, result in enumerate(results)],
            "  return out",
        ]
        done = _jit(source)

        def prepare(columns: Any) -> Any:
            return [*columns, np.empty((len(results), columns.shape[1]))]

        return Program(done, prepare, list, clock.lap())

    def _code(self, problem: Problem, derive: str, order: int) -> tuple[list[str], list[str], list[str]]:
        parts, wanted = sympy.cse(self.wanted(problem, derive, order), symbols=sympy.numbered_symbols("t_"))
        lines = [f"    {name} = {sympy.pycode(part)}" for name, part in parts]
        return [str(s) for s in problem.inputs], lines, [sympy.pycode(one) for one in wanted]


def _jit(source: list[str]) -> Any:
    scope: dict[str, Any] = {"math": math}
    exec("\n".join(source), scope)
    return numba.njit(fastmath=True, error_model="numpy")(scope["kernel"])
