"""Nothing is believed, everything is checked: one derivative by every method, beside 50 digits."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from symdiff.algebra.evaluate import check_names
from symdiff.algebra.notation.text import short
from symdiff.algebra.operation_counts import count_ops
from symdiff.algebra.scalars_only import holds_arrays
from symdiff.check import methods
from symdiff.check.array_form import ArrayForm
from symdiff.check.comparison import Comparison
from symdiff.check.methods import Case
from symdiff.check.points import points_of
from symdiff.check.report import CrosscheckError, Fault, Report, Row, place
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.handle import Handle
from symdiff.neighbours import takes_sympy
from symdiff.quoting import counted

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
    disagree, the report names the node of the graph at which they first do. An
    expression of arrays is expanded into scalars, and derivatives as array
    nodes are two methods more, SymPy's matrices written out a third; one that
    has no formula in scalars, such as eigenvalues, is judged as it is, by
    differences of its values.

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
    check_names("crosscheck", f, values)
    whole = ArrayForm(f, point, values, points is not None) if holds_arrays(f) else None
    scalars, point, values = (f, point, values) if whole is None else (whole.expanded, whole.point, {})
    places = points_of(scalars, point, values, points, seed)
    title = _title(f, places)
    first = methods.case_of(scalars, places[0], order)
    first = first if whole is None else whole.join(first)
    rows: list[Row] = []
    notes: dict[str, None] = {}
    fault = None
    for number, at in enumerate(places):
        work = Comparison(first._replace(point=tuple(at.values())), number, tolerance)
        rows.extend(work.rows())
        notes.update(dict.fromkeys(work.notes))
        fault = fault or (None if holds_arrays(scalars) else work.fault())
    left_out = math.comb(len(first.variables) + order, order) - len(first.keys)
    if left_out:
        notes[f"only the first {len(first.keys)} of {left_out + len(first.keys)} quantities were compared"] = None
    return Report(
        title, tuple(rows), tuple(notes), tuple({v._cell.name: x for v, x in at.items()} for at in places),
        _operations(first), fault, left_out,
    )  # fmt: skip


def _check(f: Any, order: Any) -> None:
    if not isinstance(f, Handle):
        raise SymdiffTypeError(f"crosscheck takes an expression, not {f!r}")
    if isinstance(order, bool) or not isinstance(order, int):
        raise SymdiffTypeError(f"the order is an int, not {order!r}")
    if not 0 <= order <= HIGHEST:
        raise SymdiffValueError(f"the order of a crosscheck is 0 to {HIGHEST}, not {counted(order)}")


def _operations(case: Case) -> dict[int, int]:
    """Operations to compute everything up to each order, shared parts counted once."""
    orders = sorted({len(key) for key in case.keys})
    return {n: sum(count_ops([d for key, d in case.derivatives.items() if len(key) <= n]).values()) for n in orders}


def _title(f: Handle, places: list[Any]) -> str:
    if len(places) > 1:
        return f"{short(f)} at {len(places)} points"
    at = place({v._cell.name: x for v, x in places[0].items()})
    return f"{short(f)} at {at}" if at else short(f)
