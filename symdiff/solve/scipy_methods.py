"""SciPy's methods for constraints: trust-constr, of sparse matrices and Hessians, and SLSQP, for small problems.

Byrd, Hribar and Nocedal, An interior point algorithm for large-scale nonlinear programming, SIAM Journal on
Optimization 9, 1999; Kraft, A software package for sequential quadratic programming, DFVLR-FB 88-28, 1988.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from symdiff.solve.evaluations import Evaluations, Vector
from symdiff.solve.solution import Iteration, Outcome

_KEPT = 1e-6  # violation up to which constraints count as kept
_AT_BOUND = 1e-8  # distance from a bound, relative to 1 or x, at which it may hold x back
_NO_DESCENT = 8  # status of SLSQP where its line search finds nothing lower, at optima too that rounding blurs
_STATIONARY = 1e-5  # slope of the Lagrangian, relative to 1 or that of the objective, up to which such a point is one
_SLSQP = {"ftol": 1e-8, "maxiter": 1000}
_TRUST = {"maxiter": 3000}


def solve(
    method: str, evaluations: Evaluations, start: Vector, equations: int, inequalities: int, options: Mapping[str, Any]
) -> Outcome:
    """Minimise from a start."""
    run = _trust_constr if method == "trust-constr" else _slsqp
    return run(evaluations, start, equations, inequalities, options)


def _bounds(evaluations: Evaluations) -> Any:
    from scipy.optimize import Bounds

    open_ends = np.isneginf(evaluations.low).all() and np.isposinf(evaluations.high).all()
    return None if open_ends else Bounds(evaluations.low, evaluations.high)


def _trust_constr(
    evaluations: Evaluations, start: Vector, equations: int, inequalities: int, options: Mapping[str, Any]
) -> Outcome:
    from scipy import optimize
    from scipy.sparse import csr_array

    minimize: Any = optimize.minimize  # whose types are other for each method
    n, count = len(start), equations + inequalities
    history: list[Iteration] = []
    rows, cols = evaluations.hessian_places()
    beside = rows != cols
    everywhere = np.concatenate([rows, cols[beside]]), np.concatenate([cols, rows[beside]])

    def hessian(x: Vector, weights: Vector) -> Any:
        """That of the objective too: SciPy adds both, and one program has what they share."""
        entries = evaluations.hessian(x, weights, 1.0)
        return csr_array((np.concatenate([entries, entries[beside]]), everywhere), shape=(n, n))

    constraints = []
    if count:
        places = evaluations.jacobian_places()
        bottom = np.concatenate([np.zeros(equations), np.full(inequalities, -np.inf)])
        jacobian = lambda x: csr_array((evaluations.jacobian(x), places), shape=(count, n))  # noqa: E731
        given = (evaluations.constraints, bottom, np.zeros(count))
        constraint: Any = optimize.NonlinearConstraint
        constraints.append(constraint(*given, jac=jacobian, hess=hessian))

    def told(x: Vector, state: Any) -> bool:
        history.append(Iteration(float(state.fun), float(state.constr_violation), float(state.optimality)))
        return False

    bounds = _bounds(evaluations)
    of_objective = (lambda x: csr_array((n, n))) if count else (lambda x: hessian(x, np.zeros(0)))
    found = minimize(
        evaluations.objective, start, jac=evaluations.gradient, hess=of_objective, bounds=bounds,
        constraints=constraints, method="trust-constr", callback=told, options={**_TRUST, **options},
    )  # fmt: skip
    each = iter(found.v)
    weights = next(each) if count else np.zeros(0)
    at_bounds = next(each) if bounds is not None else np.zeros(n)
    return _ended(found, evaluations, equations, history, weights, np.maximum(-at_bounds, 0), np.maximum(at_bounds, 0))


def _slsqp(
    evaluations: Evaluations, start: Vector, equations: int, inequalities: int, options: Mapping[str, Any]
) -> Outcome:
    from scipy import optimize

    minimize: Any = optimize.minimize
    n, count = len(start), equations + inequalities
    rows, cols = evaluations.jacobian_places() if count else (np.zeros(0, int), np.zeros(0, int))

    def jacobian(x: Vector) -> Vector:
        matrix = np.zeros((count, n))
        matrix[rows, cols] = evaluations.jacobian(x)
        return matrix

    def kept(part: slice, sign: int) -> tuple[Any, Any]:
        return lambda x: sign * evaluations.constraints(x)[part], lambda x: sign * jacobian(x)[part]

    constraints = []
    if equations:
        fun, jac = kept(slice(0, equations), 1)
        constraints.append({"type": "eq", "fun": fun, "jac": jac})
    if inequalities:
        fun, jac = kept(slice(equations, count), -1)
        constraints.append({"type": "ineq", "fun": fun, "jac": jac})
    history: list[Iteration] = []

    def told(x: Vector) -> None:
        history.append(Iteration(evaluations.objective(x), evaluations.violation(x, equations), np.nan))

    told(start)
    found = minimize(
        evaluations.objective, start, jac=evaluations.gradient, bounds=_bounds(evaluations),
        constraints=constraints, method="SLSQP", callback=told, options={**_SLSQP, **options},
    )  # fmt: skip
    weights = np.asarray(found.get("multipliers", np.zeros(0)), float)
    if len(weights) != count:  # of SciPy before 1.16
        return _ended(found, evaluations, equations, history, None, None, None)
    weights = np.concatenate([-weights[:equations], weights[equations:]])
    gradient = evaluations.gradient(found.x)
    slopes = gradient + jacobian(found.x).T @ weights
    near = _AT_BOUND * np.maximum(abs(found.x), 1)
    at_low, at_high = found.x - evaluations.low <= near, evaluations.high - found.x <= near
    low, high = np.where(at_low, np.maximum(slopes, 0), 0), np.where(at_high, np.maximum(-slopes, 0), 0)
    left = abs(slopes - low + high).max(initial=0) / max(1.0, abs(gradient).max(initial=0))
    if found.status == _NO_DESCENT and left <= _STATIONARY:
        found.success = True
        found.message += f": the slope of the Lagrangian is {left:.1g} of the objective's, this is the optimum"
    return _ended(found, evaluations, equations, history, weights, low, high)


def _ended(
    found: Any, evaluations: Evaluations, equations: int, history: list[Iteration], *multipliers: Vector | None
) -> Outcome:
    """SciPy's result; one that breaks constraints is no success, whatever it says."""
    violation = evaluations.violation(found.x, equations)
    message = str(found.message)
    if violation > _KEPT:
        message += f" Constraints are not kept by {violation:.2g}: the problem may be infeasible."
    elif np.isnan(violation):
        message += " Unknowns or constraints became nan or infinite: bounds keep them from there."
    weights, low, high = multipliers
    return Outcome(
        found.x, bool(found.success) and violation <= _KEPT, int(found.status), message, int(found.nit), history,
        weights, low, high,
    )  # fmt: skip
