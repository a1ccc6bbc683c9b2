"""What a subject is asked for. What it does not define, it does not offer."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from importlib import metadata
from typing import Any, NamedTuple

import numpy as np

from benchmarks.case import NotAvailableError, Problem


class Program(NamedTuple):
    """A compiled function: `collect(call(*prepare(point)))` are its values, flat, or by points for a batch."""

    call: Callable[..., Any]
    prepare: Callable[[Any], Any]
    collect: Callable[[Any], Any]
    seconds: float  # time that deriving and compiling took


FUNCTIONS = ("exp", "log", "sqrt", "sin", "cos", "tanh", "erf")


class Sparse(NamedTuple):
    """A sparse matrix of the package's own kind."""

    matrix: Any


class Rival:
    """A subject; it is also the namespace that formulas are written with: `exp`, `sin`, …"""

    package = ""
    module: Any = None  # home of the functions

    def __init__(self) -> None:
        for name in FUNCTIONS:
            if not hasattr(self, name) and hasattr(self.module, name):
                setattr(self, name, getattr(self.module, name))

    def version(self) -> str:
        return f"{self.package} {metadata.version(self.package)}" if self.package else ""

    def fresh(self) -> Any:
        """A scope in which nothing is remembered of earlier runs."""
        return contextlib.nullcontext()

    def build(self, write: Callable[[Any, Any], Any], count: int) -> Problem:
        """The formula in this package's objects: `write(self, inputs)`."""
        raise NotAvailableError("no formulas")

    def convert(self, exprs: Any, symbols: Any, parameters: Any) -> Problem:
        """The problem that SymPy expressions are."""
        raise NotAvailableError("does not read SymPy")

    # -- derivatives, each from a problem and an order, in the package's own objects --

    def gradient(self, problem: Problem, order: int) -> Any:
        """The first derivatives of the one output."""
        raise NotAvailableError("gradients")

    def jacobian(self, problem: Problem, order: int) -> Any:
        """The first derivatives of all outputs."""
        raise NotAvailableError("Jacobians")

    def hessian(self, problem: Problem, order: int) -> Any:
        """The sparse Hessian of the one output."""
        raise NotAvailableError("sparse Hessians")

    def derivative(self, problem: Problem, order: int) -> Any:
        """The derivative of some order of the one output by the one input."""
        raise NotAvailableError("high orders")

    def values(self, problem: Problem, found: Any, point: Any) -> Any:
        """What was derived as numbers, flat; for sparse matrices rows, columns and values after each other."""
        raise NotAvailableError("values")

    def operations(self, problem: Problem, found: Any) -> dict[str, float]:
        """The operations of the formula and of all together, where they can be counted."""
        return {}

    def backpropagation(self, problem: Problem, point: Any) -> Callable[[], Any]:
        """A function that finds the gradient by numbers, without compiling."""
        raise NotAvailableError("interpreted backpropagation")

    def nodes(self, problem: Problem) -> int:
        """How many nodes the formula has."""
        raise NotAvailableError("nodes")

    # -- compiled functions: `derive` is "value", "gradient" or "jacobian"; order 2 adds the upper Hessian ----

    def function(self, problem: Problem, derive: str, order: int) -> Program:
        """Value and derivatives at one point."""
        raise NotAvailableError("compiled functions")

    def batch(self, problem: Problem, derive: str, order: int) -> Program:
        """Value and derivatives at many points."""
        raise NotAvailableError("compiled functions")


def upper(size: int) -> list[tuple[int, int]]:
    """The places of an upper triangle, by rows."""
    return [(i, j) for i in range(size) for j in range(i, size)]


def flat(values: Any) -> Any:
    """Numbers in any nesting as one array."""
    if isinstance(values, (list, tuple)):
        parts = [flat(v) for v in values]
        return np.concatenate(parts) if parts else np.zeros(0)
    return np.asarray(values, dtype=float).ravel()
