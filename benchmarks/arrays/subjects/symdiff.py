"""symdiff: array expressions, and today's scalar way, in which an array is an array of variables."""

# ruff: noqa: N803 - matrices have capitals, as in mathematics

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

import symdiff as sd
from benchmarks.arrays.subjects.base import Subject, alone, arrays_in
from benchmarks.arrays.work import Arrays, Work


def heat_slopes(u: Any, t: Any, x: Any) -> Any:
    """The slopes of u by time, and twice by place, at all points."""
    ones, at = np.ones(t.shape), u(t, x)
    return sd.jvp(at, t, ones), sd.jvp(sd.jvp(at, x, ones), x, ones)


FUNCTIONS = SimpleNamespace(
    exp=sd.exp,
    tanh=sd.tanh,
    softplus=sd.softplus,
    dot=lambda a, b: a @ b,
    total=lambda a: a.sum(),
    eye=sd.eye,
    logsumexp_of_rows=lambda Z: sd.logsumexp(Z, axis=1),
    scaled_rows=lambda v, X: sd.diag(v) @ X,
    columns=lambda *columns: sd.stack(columns, axis=1),
    solve=sd.linalg.solve,
    logdet=sd.linalg.logdet,
    heat_slopes=heat_slopes,
)


class Symdiff(Subject):
    package = "symdiff-graph"

    def __init__(self) -> None:
        """Have imported what symdiff imports when first used."""
        x = sd.Var("x", shape=8)
        sd.compile([sd.exp(sd.tanh(x)), sd.linalg.inv(sd.outer(x, x))], [x])(np.arange(8.0))

    def fresh(self) -> Any:
        return sd.Graph()

    def call(self, work: Work, data: Arrays, parts: Sequence[str]) -> Callable[[], Any]:
        return _called(self.compiled(work, data, parts), data)

    def compiled(self, work: Work, data: Arrays, parts: Sequence[str]) -> Any:
        """The function of the parts together."""
        variables = {k: _variable(k, a, k in work.symmetric) for k, a in data.items()}
        value, loss = _formula(work, variables)
        by = [variables[k] for k in work.by]
        found = {
            "value": lambda: value,
            "gradient": lambda: loss.gradient(by if len(by) > 1 else by[0]),
            "hessian": lambda: loss.hessian(by[0]),
            "jacobian": lambda: sd.jacobian(value, by[0]),
            "sparse hessian": lambda: loss.hessian(by[0], sparse=True),
        }
        return sd.compile(alone([found[part]() for part in parts]), list(variables.values()))


class SymdiffScalars(Symdiff):
    """Arrays of variables, each derivative an array of expressions."""

    def offers(self, work: Work, quantity: str) -> bool:
        return quantity in work.scalars

    def compiled(self, work: Work, data: Arrays, parts: Sequence[str]) -> Any:
        variables = {k: _variable(k, a, k in work.symmetric) for k, a in data.items()}
        _, loss = _formula(work, variables)
        f = loss.expand()
        inputs = {k: sd.variables(k, v.shape) if v.shape else v for k, v in variables.items()}
        by = [np.ravel(inputs[k]) for k in work.by]
        found = {
            "value": lambda: f,
            "gradient": lambda: alone([f.gradient(x) for x in by]),
            "hessian": lambda: f.hessian(by[0]),
        }
        return sd.compile(alone([found[part]() for part in parts]), list(inputs.values()))

    def collect(self, work: Work, data: Arrays, parts: Sequence[str], result: Any) -> list[Any]:
        shapes = [data[k].shape for k in work.by]
        found: dict[str, list[tuple[int, ...]]] = {"value": [()], "gradient": shapes, "hessian": [shapes[0] * 2]}
        wanted = [shape for part in parts for shape in found[part]]
        return [a.reshape(shape) for a, shape in zip(arrays_in(result), wanted, strict=True)]


def _variable(name: str, array: Any, symmetric: bool) -> Any:
    if not array.ndim:
        return sd.Var(name)
    return sd.Var(name, shape=array.shape, symmetric=True) if symmetric else sd.Var(name, shape=array.shape)


def _formula(work: Work, variables: dict[str, Any]) -> tuple[Any, Any]:
    v = SimpleNamespace(**variables)
    value = work.formula(FUNCTIONS, v)
    return value, work.loss(FUNCTIONS, v, value)


def _called(function: Any, data: Arrays) -> Callable[[], Any]:
    arguments = [a if a.ndim else a.item() for a in data.values()]
    return lambda: function(*arguments)
