"""What solvers ask of a problem while they run: objective, constraints and their derivatives at given parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symdiff.bridge.last_point import LastPoint
from symdiff.bridge.vector_program import VectorProgram

_PATIENCE = 50  # slopes computed in vain that take as long as to compile the program of values alone
Vector = NDArray[np.float64]
Places = tuple[NDArray[np.intp], NDArray[np.intp]]


class Evaluations:
    """Functions of the flat vector alone. Those of one point share what they have in common; one solver uses it."""

    def __init__(
        self, problem: Any, params: Sequence[Any], sizes: Mapping[str, int], low: Vector, high: Vector
    ) -> None:
        self._problem, self._params, self.sizes = problem, list(params), sizes
        self.low, self.high = low, high
        self.count = {"objective": 0, "gradient": 0, "hessian": 0}
        self._first = LastPoint(self._values, self._both, _PATIENCE)

    def _values(self, args: Sequence[Any]) -> list[Any]:
        self.count["objective"] += 1
        program: VectorProgram = self._problem.program("values")
        return _doubles(program([*args, *self._params]))

    def _both(self, args: Sequence[Any]) -> list[Any]:
        self.count["objective"] += 1
        self.count["gradient"] += 1
        program: VectorProgram = self._problem.program("slopes")
        return _doubles(program([*args, *self._params]))

    def objective(self, x: Vector) -> float:
        """The number that is minimised."""
        return float(self._first.values([x])[0])

    def constraints(self, x: Vector) -> Vector:
        """The expressions that are to be 0, then those that are to be at most 0."""
        found: Vector = self._first.values([x])[1]
        return found

    def gradient(self, x: Vector) -> Vector:
        """The slopes of the objective."""
        found: Vector = self._first.both([x])[2]
        return found

    def jacobian(self, x: Vector) -> Vector:
        """The entries of the Jacobian of the constraints, in the order of its pattern."""
        found: Vector = self._first.both([x])[3]
        return found

    def hessian(self, x: Vector, weights: Vector, factor: float) -> Vector:
        """The entries of the lower triangle of the Hessian of factor*objective + weights @ constraints."""
        self.count["hessian"] += 1
        program: VectorProgram = self._problem.program("hessian")
        vectors = [x, weights] if self._problem.constrained else [x]
        found: Vector = np.asarray(program([*vectors, float(factor), *self._params])[0], float)
        return found

    def jacobian_places(self) -> Places:
        """The row and the column of each entry."""
        places: Places = self._problem.entries("slopes").pattern(self.sizes)
        return places

    def hessian_places(self) -> Places:
        """The row and the column of each entry, none of them above the diagonal."""
        places: Places = self._problem.entries("hessian").pattern(self.sizes)
        return places

    def violation(self, x: Vector, equations: int) -> float:
        """By how much the worst of all constraints and bounds is not kept; nan where one has no value."""
        found = self.constraints(x)
        with np.errstate(invalid="ignore"):
            each = [np.zeros(1), abs(found[:equations]), found[equations:], self.low - x, x - self.high]
        return float(np.concatenate(each).max())


def _doubles(values: Sequence[Any]) -> list[Any]:
    return [v if isinstance(v, float) else np.asarray(v, float) for v in values]
