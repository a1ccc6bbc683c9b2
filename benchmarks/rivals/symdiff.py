"""symdiff itself."""

from __future__ import annotations

import contextlib
import importlib
import inspect
from typing import Any

import numpy as np

import symdiff as sd
from benchmarks.case import NotAvailableError, Problem
from benchmarks.harness import Clock
from benchmarks.rivals.base import Program, Rival, flat, upper


class Symdiff(Rival):
    package = "symdiff-graph"
    backend = "auto"
    module = sd

    def __init__(self) -> None:
        """Imports what symdiff imports when first used, as rivals have done by now."""
        super().__init__()
        for name in (
            "scipy.special",
            "llvmlite.binding",
            "symdiff.derive.hessian",
            "symdiff.compile.backends.llvm.native",
        ):
            with contextlib.suppress(ImportError):
                importlib.import_module(name)

    def fresh(self) -> Any:
        return sd.Graph()

    def build(self, write: Any, count: int) -> Problem:
        xs = list(sd.variables("x", count)) if count > 1 else [sd.Var("x")]
        return Problem(write(self, xs), xs)

    def convert(self, exprs: Any, symbols: Any, parameters: Any) -> Problem:
        xs, others = [sd.from_sympy(s) for s in symbols], [sd.from_sympy(s) for s in parameters]
        return Problem([sd.from_sympy(e) for e in exprs], xs, others)

    def gradient(self, problem: Problem, order: int) -> Any:
        return problem.outputs[0].gradient(problem.inputs)

    def jacobian(self, problem: Problem, order: int) -> Any:
        return sd.jacobian(problem.outputs, problem.inputs)

    def hessian(self, problem: Problem, order: int) -> Any:
        if "sparse" not in inspect.signature(sd.Expr.hessian).parameters:
            raise NotAvailableError("sparse Hessians")
        return problem.outputs[0].hessian(problem.inputs, sparse=True)

    def derivative(self, problem: Problem, order: int) -> Any:
        return problem.outputs[0].diff(problem.inputs[0], order)

    def values(self, problem: Problem, found: Any, point: Any) -> Any:
        at = dict(zip([*problem.inputs, *problem.parameters], (float(p) for p in point), strict=True))
        if isinstance(found, sd.SparseMatrix):
            return np.concatenate([found.rows, found.cols, sd.evaluate(list(found.values), at)])
        return flat(sd.evaluate([found] if isinstance(found, sd.Expr) else list(np.ravel(found)), at))

    def operations(self, problem: Problem, found: Any) -> dict[str, float]:
        value = sum(sd.count_ops(problem.outputs).values())
        return {"value operations": value, "operations": sum(sd.count_ops([problem.outputs, found]).values())}

    def backpropagation(self, problem: Problem, point: Any) -> Any:
        f, at = problem.outputs[0], dict(zip(problem.inputs, (float(p) for p in point), strict=True))

        def step() -> Any:
            found = f.backpropagate(at)
            return [found[x] for x in problem.inputs]

        return step

    def nodes(self, problem: Problem) -> int:
        return len(problem.outputs[0].graph)

    def wanted(self, problem: Problem, derive: str, order: int) -> list[Any]:
        """The value and its derivatives, flat."""
        wanted = list(problem.outputs)
        if derive == "gradient":
            wanted += list(self.gradient(problem, 1))
        elif derive == "jacobian":
            wanted += list(np.ravel(self.jacobian(problem, 1)))
        if order == 2:
            matrix = problem.outputs[0].hessian(problem.inputs)
            wanted += [matrix[place] for place in upper(len(problem.inputs))]
        return wanted

    def _compile(self, outputs: Any, inputs: Any) -> Any:
        if not callable(getattr(sd, "compile", None)):
            raise NotAvailableError("sd.compile")
        try:
            return sd.compile(outputs, inputs, backend=self.backend)
        except sd.SymdiffError as why:
            if self.backend == "auto":
                raise
            raise NotAvailableError(str(why)) from None

    def function(self, problem: Problem, derive: str, order: int) -> Program:
        """Many outputs are one array, and so are many inputs."""
        clock = Clock()
        wanted, inputs = self.wanted(problem, derive, order), problem.inputs
        outputs = wanted[0] if derive == "value" else wanted if len(wanted) <= 8 else np.array(wanted, dtype=object)
        if len(inputs) > 8:
            done = self._compile(outputs, [np.array(inputs, dtype=object)])
            return Program(done, lambda point: (point,), flat, clock.lap())
        done = self._compile(outputs, inputs)
        return Program(done, lambda point: [float(p) for p in point], flat, clock.lap())

    def batch(self, problem: Problem, derive: str, order: int) -> Program:
        clock = Clock()
        wanted = self.wanted(problem, derive, order)
        done = self._compile(wanted, problem.inputs)

        def prepare(columns: Any) -> Any:
            return list(columns), [np.empty(columns.shape[1]) for _ in wanted]

        return Program(lambda columns, out: done(*columns, out=out), prepare, list, clock.lap())


class SymdiffNumpy(Symdiff):
    backend = "numpy"


class SymdiffLlvm(Symdiff):
    backend = "llvm"


class SymdiffPython(Symdiff):
    backend = "python"
