"""Nothing is believed, everything is checked: one derivative by every method, beside 50 digits."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from symdiff.algebra.evaluate import evaluate
from symdiff.algebra.operation_counts import count_ops
from symdiff.algebra.text import short
from symdiff.check import methods
from symdiff.check.judge import Judge, attempt
from symdiff.check.locate import locate
from symdiff.check.methods import Case, Key
from symdiff.check.points import points_of
from symdiff.check.reference import Reference, fifty_digits
from symdiff.check.report import REFERENCE, CrosscheckError, Fault, Report, Row, place
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.handle import Handle
from symdiff.neighbours import takes_sympy

HIGHEST = 4

__all__ = ["CrosscheckError", "Fault", "Report", "Row", "crosscheck"]


@takes_sympy
def crosscheck(
    f: Handle,
    point: Mapping[Any, Any] | Iterable[Mapping[Any, Any]] | None = None,
    order: int = 2,
    tolerance: float = 1e-9,
    *,
    points: int | None = None,
    seed: int = 0,
    **values: Any,
) -> Report:
    """Every method on every derivative of an expression, against 50-digit arithmetic.

    The value, the gradient, the Hessian and so on up to `order`, by symbolic
    derivatives, dual numbers, backpropagation, Taylor series, differences and
    SymPy. The reference is a difference of values with hundreds of digits, which
    shares no rule with the library. Where the function has no derivative, our
    methods are compared among themselves and the others are not. Where methods
    disagree, the report names the node of the graph at which they first do.

    Parameters
    ----------
    f : expression
    point : mapping or list of mappings, optional
        As for `Expr.evaluate`; real numbers. A list holds several points; so do
        lists, ranges and arrays of equal length in a mapping.
    order : int
        From 0 to 4.
    tolerance : float
        The relative error that is allowed, beyond the rounding that floats make
        in a badly conditioned formula, which is estimated. Differences are
        allowed their own estimated error too.
    points : int, optional
        So many random points; values are then numbers or intervals `(low, high)`.
    seed : int
        Of the random points.
    **values
        The point by name.

    Returns
    -------
    Report
        Prints as a table; `.ok`, `.summary`, `.rows`, `.fault`, `.to_dict()`, and
        `.raise_if_wrong()` for tests.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For what is no expression, a point that is not real or not finite, or an order out of range.

    >>> import symdiff as sd
    >>> x, y = sd.variables("x y")
    >>> report = sd.crosscheck(x**2*y + y + 2, {x: 3, y: 4})
    >>> report.ok
    True
    >>> sd.crosscheck(sd.sin(x*y), {x: (0, 1), y: (2, 3)}, points=5, order=1).raise_if_wrong().ok
    True
    """
    _check(f, order)
    places = points_of(f, point, values, points, seed)
    first = methods.case_of(f, places[0], order)
    rows: list[Row] = []
    notes: dict[str, None] = {}
    fault = None
    for number, at in enumerate(places):
        case = first._replace(point=tuple(at.values()))
        found, note = _rows(case, number, tolerance)
        rows.extend(found)
        notes.update(dict.fromkeys(note))
        wrong = [row for row in found if not row.ok]
        if wrong and fault is None:
            fault = _fault(case, wrong, tolerance)
    total = math.comb(len(first.variables) + order, order)
    if total > len(first.keys):
        notes[f"only the first {len(first.keys)} of {total} quantities were compared"] = None
    return Report(
        _title(f, places), tuple(rows), tuple(notes), tuple({v._cell.name: x for v, x in at.items()} for at in places),
        _operations(first), fault,
    )  # fmt: skip


def _check(f: Any, order: Any) -> None:
    if not isinstance(f, Handle):
        raise SymdiffTypeError(f"crosscheck takes an expression, not {f!r}")
    if isinstance(order, bool) or not isinstance(order, int):
        raise SymdiffTypeError(f"the order is an int, not {order!r}")
    if not 0 <= order <= HIGHEST:
        raise SymdiffValueError(f"the order of a crosscheck is 0 to {HIGHEST}, not {order}")


def _rows(case: Case, number: int, tolerance: float) -> tuple[list[Row], list[str]]:
    """All comparisons at one point."""
    notes = []
    left_out: tuple[str, ...] = ()
    try:
        wanted = fifty_digits(case)
        name = REFERENCE
    except (AttributeError, NotImplementedError, TypeError, ValueError) as error:
        notes.append(f"no 50-digit reference, differences instead: {error}")
        wanted, name = _by_differences(case), "differences"
        left_out = ("differences", "symbolic, mpmath")
    found = {method: attempt(run, case) for method, run in methods.METHODS.items() if method not in left_out}
    judge = Judge(case, wanted, found["symbolic"], tolerance)
    rows = []
    for key in case.keys:
        rows.append(judge.own_row(name, key, number))
        rows.extend(judge.row(method, key, results[key], number) for method, results in found.items() if key in results)
    return rows, notes


def _by_differences(case: Case) -> dict[Key, Reference]:
    found: dict[Key, Reference] = {(): Reference(evaluate(case.f, case.at(case.point)))}
    for key, value in methods.differences(case).items():
        found[key] = Reference(None, value) if isinstance(value, str) else Reference(value)
    return found


def _fault(case: Case, wrong: list[Row], tolerance: float) -> Fault | None:
    from symdiff.check.judge import quantity

    keys = {quantity(case, key): key for key in case.keys}
    inside = [row for row in wrong if row.method not in methods.OUTSIDE] or wrong
    return locate(case, [(row.method, keys[row.quantity]) for row in inside], tolerance)


def _operations(case: Case) -> dict[int, int]:
    """Operations to compute everything up to each order, shared parts counted once."""
    orders = sorted({len(key) for key in case.keys})
    return {n: sum(count_ops([d for key, d in case.derivatives.items() if len(key) <= n]).values()) for n in orders}


def _title(f: Handle, places: list[Any]) -> str:
    if len(places) > 1:
        return f"{short(f)} at {len(places)} points"
    at = place({v._cell.name: x for v, x in places[0].items()})
    return f"{short(f)} at {at}" if at else short(f)
