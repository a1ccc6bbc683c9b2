"""What a solver found, and how it came there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from symdiff.bridge.unknowns import Unknowns
from symdiff.solve.convergence import Convergence, Iteration

__all__ = ["Iteration", "Multipliers", "Outcome", "Solution"]


class Outcome(NamedTuple):
    """What a solver says, in flat vectors; multipliers are None where it has none."""

    x: NDArray[np.float64]
    success: bool
    status: int
    message: str
    iterations: int
    history: list[Iteration]
    constraints: NDArray[np.float64] | None
    low: NDArray[np.float64] | None
    high: NDArray[np.float64] | None


class Multipliers(NamedTuple):
    """Lagrange multipliers: the slope of f + Σ equal·g + Σ upper·h - Σ low·x + Σ high·x is 0 at the solution.

    `equal` and `upper` are nested as the constraints are, `low` and `high` as the unknowns; those of inequalities are
    not negative. Each says how fast the optimum grows where its bound gets tighter.
    """

    equal: Any
    upper: Any
    low: Any
    high: Any


class Solution:
    """What a solver found; made by `Problem.solve`.

    `values` are the unknowns in their shapes, nested as they were given; `solution[X]` or `solution["X"]` is one of
    them, `x` all in one vector. `fun` is the objective, `violation` says by how much constraints and bounds are not
    kept. `success`, `status` and `message` are the solver's own words, `method` its name. `iterations` is their number,
    `history` has objective, violation and optimality of each, `multipliers` a `Multipliers`, None where the solver has
    none, `evaluations` how often objective, gradient and Hessian were computed.
    """

    def __init__(
        self,
        unknowns: Unknowns,
        sizes: dict[str, int],
        outcome: Outcome,
        multipliers: Multipliers | None,
        told: dict[str, Any],
    ) -> None:
        self._unknowns, self._sizes, self.outcome = unknowns, sizes, outcome
        self.x = outcome.x
        self.values = unknowns.nested(outcome.x, sizes)
        self.success, self.status, self.message = outcome.success, outcome.status, outcome.message
        self.iterations, self.history = outcome.iterations, outcome.history
        self.multipliers = multipliers
        self.fun: float = told["fun"]
        self.violation: float = told["violation"]
        self.method: str = told["method"]
        self.evaluations: dict[str, int] = told["evaluations"]

    def __getitem__(self, unknown: Any) -> Any:
        """The value of an unknown, given by itself or by its name.

        Raises
        ------
        SymdiffValueError
            For what is none.
        """
        return self._unknowns.parts(self.x, self._sizes)[self._unknowns.number_of(unknown)]

    @property
    def convergence(self) -> Convergence:
        """Objective, violation and optimality by iteration, text when printed, a figure in notebooks."""
        return Convergence(self.method, self.history)

    def plot(self, ax: Any = None) -> Any:
        """Draw the convergence into matplotlib axes, into new ones without `ax`; returns the axes.

        Raises
        ------
        RenderError
            Where matplotlib is missing.
        """
        return self.convergence.plot(ax)

    @property
    def report(self) -> str:
        """All that the solver said, as text, how it ended, what it computed, and each iteration."""
        counts = ", ".join(f"{n} of the {name}" for name, n in self.evaluations.items())
        return "\n".join([str(self), f"evaluations: {counts}", str(self.convergence)])

    def __str__(self) -> str:
        end = "solved" if self.success else "not solved"
        shown = ", ".join(_told(name, v) for name, v in zip(self._unknowns.names, self._parts(), strict=True))
        return (
            f"{end} by {self.method} in {self.iterations} iteration{'s' * (self.iterations != 1)}: {self.message}\n"
            f"objective {self.fun:.10g}, constraints are kept to {self.violation:.2g}\n{shown}"
        )

    def _parts(self) -> Sequence[Any]:
        return self._unknowns.parts(self.x, self._sizes)

    def __repr__(self) -> str:
        end = "solved" if self.success else "not solved"
        return f"<Solution: {end} by {self.method}, objective {self.fun:.10g}>"


def _told(name: str, value: Any) -> str:
    """A value, or the shape of a large one."""
    if np.size(value) > 6:
        return f"{name} of shape {np.shape(value)}"
    return f"{name} = {np.array2string(np.asarray(value), precision=8, separator=', ')}"
