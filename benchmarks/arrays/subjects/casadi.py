"""CasADi: graphs of scalars (SX) and of matrices (MX) on its virtual machine, called in place by `buffer`."""

# ruff: noqa: N803, N806 - matrices have capitals, as in mathematics

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import casadi
import numpy as np

from benchmarks.arrays.subjects.base import Subject
from benchmarks.arrays.work import Arrays, Work


def solve(A: Any, b: Any) -> Any:
    """By Cholesky's factor, which is no node of MX."""
    if isinstance(A, casadi.MX):
        return casadi.solve(A, b)
    R = casadi.chol(A)
    return casadi.solve(R, casadi.solve(R.T, b))


def logdet(A: Any) -> Any:
    if isinstance(A, casadi.MX):
        return casadi.log(casadi.det(A))
    return 2 * casadi.sum1(casadi.log(casadi.diag(casadi.chol(A))))


# Vectors are columns.
FUNCTIONS = SimpleNamespace(
    exp=casadi.exp,
    tanh=casadi.tanh,
    softplus=lambda a: casadi.log1p(casadi.exp(a)),
    dot=casadi.dot,
    total=lambda a: casadi.sum1(casadi.sum2(a)),
    eye=casadi.DM.eye,
    logsumexp_of_rows=lambda Z: casadi.log(casadi.sum2(casadi.exp(Z))),
    scaled_rows=lambda v, X: casadi.repmat(v, 1, X.shape[1]) * X,
    solve=solve,
    logdet=logdet,
)


class Casadi(Subject):
    package = "casadi"
    kind: Any = None

    def offers(self, work: Work, quantity: str) -> bool:
        return quantity in work.casadi.get(self.kind.__name__, ())

    def call(self, work: Work, data: Arrays, parts: Sequence[str]) -> Callable[[], Any]:
        shapes = {k: np.shape(a) if np.ndim(a) == 2 else (np.size(a), 1) for k, a in data.items()}
        v = {k: self.kind.sym(k, *shape) for k, shape in shapes.items()}
        value = work.formula(FUNCTIONS, SimpleNamespace(**v))
        loss = work.loss(FUNCTIONS, SimpleNamespace(**v), value)
        by = [v[k] for k in work.by]
        found: dict[str, Callable[[], list[Any]]] = {
            "value": lambda: [value],
            "gradient": lambda: [casadi.gradient(loss, x) for x in by],
            "hessian": lambda: [casadi.hessian(loss, by[0])[0]],
        }
        outputs = [casadi.densify(one) for part in parts for one in found[part]()]
        function = casadi.Function("f", list(v.values()), outputs)
        buffer, evaluate = function.buffer()
        columns = [np.ravel(a, order="F") for a in data.values()]
        for k, column in enumerate(columns):
            buffer.set_arg(k, memoryview(column))
        results = [np.zeros(output.shape, order="F") for output in outputs]
        for k, result in enumerate(results):
            buffer.set_res(k, memoryview(result.ravel(order="K")))

        def call() -> Any:
            evaluate()
            return results

        call.held = function, buffer, columns  # type: ignore[attr-defined]
        return call

    def collect(self, work: Work, data: Arrays, parts: Sequence[str], result: Any) -> list[Any]:
        shapes = [data[k].shape for k in work.by]
        arrays, left = [], list(result)
        for part in parts:
            if part == "value":
                one = left.pop(0)
                arrays.append(one.item() if one.size == 1 else one)
            elif part == "gradient":
                arrays += [left.pop(0).reshape(shape) for shape in shapes]
            else:
                turned = left.pop(0).reshape(shapes[0] * 2, order="F")
                arrays.append(turned)
        return arrays


class CasadiSX(Casadi):
    kind = casadi.SX


class CasadiMX(Casadi):
    kind = casadi.MX
