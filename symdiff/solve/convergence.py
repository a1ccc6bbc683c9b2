"""How a solver came to its end: objective, violation and optimality by iteration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from symdiff.draw.figures import Shown

_SHOWN = 12  # iterations at either end that text shows
_FLOOR = 1e-16  # what a logarithmic axis shows of zeros


class Iteration(NamedTuple):
    """Where a solver was: `optimality` is the largest slope of the Lagrangian, nan where the solver does not tell."""

    objective: float
    violation: float
    optimality: float


class Convergence(Shown):
    """The iterations of a solver."""

    _size = (6.0, 4.0)

    def __init__(self, method: str, history: Sequence[Iteration]) -> None:
        self.method, self.history = method, list(history)

    def __str__(self) -> str:
        rows = [(k, *each) for k, each in enumerate(self.history)]
        lines = [f"{k:>9}  {f:>17.9e}  {v:>9.2e}  {o:>10.2e}" for k, f, v, o in rows]
        if len(lines) > 2 * _SHOWN:
            lines = [*lines[:_SHOWN], f"{'…':>9}", *lines[-_SHOWN:]]
        return "\n".join([f"iteration  {'objective':>17}  {'violation':>9}  {'optimality':>10}", *lines])

    def _draw(self, axes: Any) -> None:
        table = np.array(self.history, dtype=float).reshape(-1, 3)
        steps = np.arange(len(table))
        for column, name, colour in ((1, "violation", "#0072B2"), (2, "optimality", "#009E73")):
            if np.isfinite(table[:, column]).any():
                axes.semilogy(steps, np.maximum(table[:, column], _FLOOR), ".-", color=colour, label=name)
        axes.set_xlabel(f"iteration of {self.method}")
        axes.set_ylabel("violation, optimality")
        beside = axes.twinx()
        beside.plot(steps, table[:, 0], ".-", color="#E69F00", label="objective")
        beside.set_ylabel("objective")
        axes.xaxis.get_major_locator().set_params(integer=True)
        lines = [*axes.get_lines(), *beside.get_lines()]
        axes.legend(lines, [line.get_label() for line in lines], frameon=False, fontsize=8, loc="upper right")
