"""CasADi's scalar graphs (SX), its virtual machine, and its C code compiled by gcc."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import casadi
import numpy as np

from benchmarks.case import NotAvailableError, Problem
from benchmarks.harness import Clock
from benchmarks.rivals.base import Program, Rival, Sparse, upper

LEAVES = {casadi.OP_INPUT, casadi.OP_OUTPUT, casadi.OP_CONST}


class Casadi(Rival):
    package = "casadi"
    module = casadi

    def build(self, write: Any, count: int) -> Problem:
        xs = [casadi.SX.sym(f"x{i}") for i in range(count)]
        return Problem(write(self, xs), xs)

    def gradient(self, problem: Problem, order: int) -> Any:
        return casadi.gradient(problem.outputs[0], casadi.vertcat(*problem.inputs))

    def jacobian(self, problem: Problem, order: int) -> Any:
        return casadi.jacobian(casadi.vertcat(*problem.outputs), casadi.vertcat(*problem.inputs))

    def hessian(self, problem: Problem, order: int) -> Any:
        return Sparse(casadi.hessian(problem.outputs[0], casadi.vertcat(*problem.inputs))[0])

    def derivative(self, problem: Problem, order: int) -> Any:
        found = problem.outputs[0]
        for _ in range(order):
            found = casadi.cse(casadi.jacobian(found, problem.inputs[0]))
        return found

    def values(self, problem: Problem, found: Any, point: Any) -> Any:
        sparse = isinstance(found, Sparse)
        matrix = casadi.Function("f", [casadi.vertcat(*problem.inputs)], [found.matrix if sparse else found])(point)
        if not sparse:
            return matrix.full().ravel()
        entries = matrix.sparse().tocoo()
        order = np.lexsort((entries.col, entries.row))
        return np.concatenate([entries.row[order], entries.col[order], entries.data[order]])

    def operations(self, problem: Problem, found: Any) -> dict[str, float]:
        found = found.matrix if isinstance(found, Sparse) else found
        x, fs = casadi.vertcat(*problem.inputs), casadi.vertcat(*problem.outputs)
        return {
            "value operations": _count(casadi.Function("f", [x], [fs])),
            "operations": _count(casadi.Function("f", [x], [fs, found])),
        }

    def nodes(self, problem: Problem) -> int:
        return int(casadi.n_nodes(casadi.vertcat(*problem.outputs)))

    def _wanted(self, problem: Problem, derive: str, order: int) -> Any:
        wanted = list(problem.outputs)
        if derive == "gradient":
            wanted.append(self.gradient(problem, 1))
        elif derive == "jacobian":
            wanted.append(casadi.vec(casadi.densify(self.jacobian(problem, 1)).T))
        if order == 2:
            matrix = casadi.hessian(problem.outputs[0], casadi.vertcat(*problem.inputs))[0]
            wanted += [matrix[place] for place in upper(len(problem.inputs))]
        return casadi.vertcat(*wanted)

    def function(self, problem: Problem, derive: str, order: int) -> Program:
        clock = Clock()
        wanted = self._wanted(problem, derive, order)
        if len(problem.inputs) > 8:
            done = casadi.Function("f", [casadi.vertcat(*problem.inputs)], [wanted], {"cse": True})
            return Program(done, lambda point: (point,), _numbers, clock.lap())
        done = casadi.Function("f", problem.inputs, [wanted], {"cse": True})
        return Program(done, lambda point: [float(p) for p in point], _numbers, clock.lap())


class CasadiC(Casadi):
    def function(self, problem: Problem, derive: str, order: int) -> Program:
        library, count, seconds = self._library(problem, derive, order, "-O1")

        def prepare(point: Any) -> Any:
            columns = np.ascontiguousarray(point, dtype=float).reshape(len(point), 1)
            return _arguments(columns, np.empty((count, 1)))

        return Program(library.batch, prepare, lambda _: _last(library), seconds)

    def batch(self, problem: Problem, derive: str, order: int) -> Program:
        library, count, seconds = self._library(problem, derive, order, "-O3")

        def prepare(columns: Any) -> Any:
            return _arguments(np.ascontiguousarray(columns), np.empty((count, columns.shape[1])))

        return Program(library.batch, prepare, lambda _: _last(library), seconds)

    def _library(self, problem: Problem, derive: str, order: int, level: str) -> tuple[Any, int, float]:
        if shutil.which("gcc") is None:
            raise NotAvailableError("no gcc")
        clock = Clock()
        wanted = casadi.vertsplit(self._wanted(problem, derive, order))
        done = casadi.Function("f", problem.inputs, wanted, {"cse": True})
        children = _children()
        with tempfile.TemporaryDirectory() as folder:
            code = done.generate("f.c", {"with_header": False})
            source = Path(code).read_text()
            Path(code).unlink()
            Path(folder, "batch.c").write_text(source + _loop(done))
            library = Path(folder, "batch.so")
            command = ["gcc", level, "-march=native", "-fno-math-errno", "-shared", "-fPIC", "-o", str(library)]
            subprocess.run([*command, str(Path(folder, "batch.c")), "-lm"], check=True)
            loaded = ctypes.CDLL(str(library))
        return loaded, len(wanted), clock.lap() + _children() - children


def _children() -> float:
    """CPU time of the processes that this one has waited for: the compiler."""
    import os

    times = os.times()
    return times.children_user + times.children_system


def _count(function: Any) -> int:
    return sum(function.instruction_id(i) not in LEAVES for i in range(function.n_instructions()))


def _numbers(value: Any) -> Any:
    return np.asarray(value, dtype=float).ravel()


def _loop(function: Any) -> str:
    """A loop in C over the points of arrays that hold one input or output each."""
    return f"""
void batch(const double** in, double** out, long n) {{
  const double* arg[{function.sz_arg()}]; double* res[{function.sz_res()}];
  casadi_int iw[{function.sz_iw() + 1}]; double w[{function.sz_w() + 1}];
  for (long i = 0; i < n; ++i) {{
    for (int j = 0; j < {function.n_in()}; ++j) arg[j] = in[j] + i;
    for (int j = 0; j < {function.n_out()}; ++j) res[j] = out[j] + i;
    f(arg, res, iw, w, 0);
  }}
}}
"""


_results: dict[int, Any] = {}


def _arguments(columns: Any, results: Any) -> Any:
    _results["in"], _results["out"] = columns, results
    rows = [(ctypes.c_void_p * len(table))(*[row.ctypes.data for row in table]) for table in (columns, results)]
    return (*rows, ctypes.c_long(columns.shape[1]))


def _last(library: Any) -> Any:
    results = _results["out"]
    return results.ravel() if results.shape[1] == 1 else list(results)
