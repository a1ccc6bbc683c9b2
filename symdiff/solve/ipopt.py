"""IPOPT, by cyipopt: a primal-dual interior-point method with a filter line search.

Wächter and Biegler, On the implementation of an interior-point filter line-search algorithm for large-scale nonlinear
programming, Mathematical Programming 106, 2006.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import numpy as np

from symdiff.errors import MissingSolverError, SymdiffValueError
from symdiff.solve.evaluations import Evaluations, Places, Vector
from symdiff.solve.solution import Iteration, Outcome

_INFINITY = 1e20  # beyond which IPOPT takes bounds for none
_SOLVED = (0, 1)  # solved, solved to an acceptable level
_DEFAULTS = {"print_level": 0, "sb": "yes", "honor_original_bounds": "yes"}
_WARM = {
    "warm_start_init_point": "yes", "mu_init": 1e-7, "warm_start_bound_push": 1e-9, "warm_start_bound_frac": 1e-9,
    "warm_start_slack_bound_push": 1e-9, "warm_start_slack_bound_frac": 1e-9, "warm_start_mult_bound_push": 1e-9,
}  # fmt: skip

T = TypeVar("T")


def is_installed() -> bool:
    """Whether cyipopt is there."""
    from importlib.util import find_spec

    return find_spec("cyipopt") is not None


def solve(
    evaluations: Evaluations,
    start: Vector,
    equations: int,
    inequalities: int,
    options: Mapping[str, Any],
    multipliers: tuple[Vector, Vector, Vector] | None,
) -> Outcome:
    """Minimise from a start, and from multipliers where there are some.

    Raises
    ------
    MissingSolverError, SymdiffValueError
        Without cyipopt, and for options that IPOPT does not know.
    """
    try:
        import cyipopt
    except ImportError as error:
        raise MissingSolverError(
            'IPOPT is not installed: run `pip install "symdiff-graph[ipopt]"`, or give method="trust-constr" or "SLSQP"'
        ) from error
    callbacks = _Callbacks(evaluations)
    count = equations + inequalities
    low, high = np.maximum(evaluations.low, -_INFINITY), np.minimum(evaluations.high, _INFINITY)
    bottom = np.concatenate([np.zeros(equations), np.full(inequalities, -_INFINITY)])
    program = cyipopt.Problem(len(start), count, callbacks, low, high, bottom, np.zeros(count))
    for name, value in {**_DEFAULTS, **(_WARM if multipliers else {}), **options}.items():
        _set(program, name, value)
    x, told = program.solve(start, *(() if multipliers is None else multipliers))
    if callbacks.raised is not None:
        raise callbacks.raised
    message = told["status_msg"]
    return Outcome(
        x, told["status"] in _SOLVED, int(told["status"]),
        message.decode() if isinstance(message, bytes) else str(message),
        max(0, len(callbacks.history) - 1), callbacks.history, told["mult_g"], told["mult_x_L"], told["mult_x_U"],
    )  # fmt: skip


def _set(program: Any, name: str, value: Any) -> None:
    try:
        program.add_option(name, value)
    except (TypeError, ValueError) as error:
        raise SymdiffValueError(f"IPOPT takes no option {name} = {value!r}") from error


class _Callbacks:
    """What cyipopt calls. What is raised inside, Ctrl-C too, ends the run and is raised behind it."""

    def __init__(self, evaluations: Evaluations) -> None:
        self._evaluations = evaluations
        self.history: list[Iteration] = []
        self.raised: BaseException | None = None

    def _kept(self, compute: Callable[[], T], otherwise: Callable[[], T]) -> T:
        if self.raised is None:
            try:
                return compute()
            except BaseException as error:
                self.raised = error
        return otherwise()

    def objective(self, x: Vector) -> float:
        return self._kept(lambda: self._evaluations.objective(x), lambda: np.nan)

    def gradient(self, x: Vector) -> Vector:
        return self._kept(lambda: self._evaluations.gradient(x), lambda: np.full(len(x), np.nan))

    def constraints(self, x: Vector) -> Vector:
        return self._kept(lambda: self._evaluations.constraints(x), lambda: np.zeros(0))

    def jacobian(self, x: Vector) -> Vector:
        return self._kept(lambda: self._evaluations.jacobian(x), lambda: np.zeros(0))

    def jacobianstructure(self) -> Places:
        return self._evaluations.jacobian_places()

    def hessian(self, x: Vector, weights: Vector, factor: float) -> Vector:
        return self._kept(lambda: self._evaluations.hessian(x, weights, factor), lambda: np.zeros(0))

    def hessianstructure(self) -> Places:
        return self._evaluations.hessian_places()

    def intermediate(self, mode: int, count: int, objective: float, primal: float, dual: float, *others: float) -> bool:
        self.history.append(Iteration(objective, primal, dual))
        return self.raised is None
