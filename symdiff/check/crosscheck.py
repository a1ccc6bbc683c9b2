"""Nothing is believed, everything is checked: one derivative by every method, beside 50 digits."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from symdiff.check import methods
from symdiff.check.methods import Case, Difference, Key, Reference
from symdiff.errors import SymdiffError, SymdiffTypeError, SymdiffValueError
from symdiff.expr import Expr
from symdiff.leaves import Var

REFERENCE = "50 digits"
HIGHEST = 4


class CrosscheckError(SymdiffError, AssertionError):
    """Methods disagree on a derivative."""


@dataclass(frozen=True)
class Row:
    """One quantity by one method.

    `error` is relative, absolute where the reference is 0. A row that could not
    be compared has `ok` True, `error` None and the reason in `note`.
    """

    method: str
    quantity: str
    value: Any
    reference: Any
    error: float | None
    ok: bool
    note: str = ""


@dataclass(frozen=True, repr=False)
class Report:
    """What `crosscheck` found; prints as a table."""

    title: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()

    @property
    def disagreements(self) -> tuple[Row, ...]:
        """The rows that are wrong."""
        return tuple(row for row in self.rows if not row.ok)

    @property
    def ok(self) -> bool:
        """Whether no method disagrees."""
        return not self.disagreements

    def raise_if_wrong(self) -> None:
        """Nothing where all is well: for use in tests.

        Raises
        ------
        CrosscheckError
            An `AssertionError` that holds the rows which disagree.
        """
        if not self.ok:
            wrong = Report(self.title, self.disagreements, self.notes)
            raise CrosscheckError(f"{wrong}")

    @property
    def summary(self) -> str:
        """The result in one line."""
        compared = [row for row in self.rows if row.error is not None and row.method != REFERENCE]
        names = sorted({row.method for row in compared})
        wrong = self.disagreements
        if wrong:
            what = ", ".join(dict.fromkeys(f"{row.quantity} by {row.method}" for row in wrong[:5]))
            return f"{len(wrong)} of {len(compared)} comparisons disagree: {what}{', …' * (len(wrong) > 5)}"
        exact = [row.error for row in compared if row.error is not None and row.method != "differences"]
        left = len([row for row in self.rows if row.note])
        most = f"largest relative error {max(exact):.1e}" if exact else "nothing was compared"
        return f"{len(compared)} comparisons of {len(names)} methods agree, {most}" + (
            f"; {left} could not be made" if left else ""
        )

    def __str__(self) -> str:
        header = ("method", "quantity", "value", "relative error")
        cells = [header, *[_cells(row) for row in self.rows]]
        widths = [max(len(line[k]) for line in cells) for k in range(len(header))]
        lines = ["  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip() for line in cells]
        lines.insert(1, "  ".join("-" * w for w in widths))
        return "\n".join([self.title, *lines, *self.notes, self.summary])

    def __repr__(self) -> str:
        return f"<crosscheck: {self.summary}>"


def _cells(row: Row) -> tuple[str, str, str, str]:
    if row.note and row.error is None:
        verdict = f"{'not compared' if row.ok else 'WRONG'}: {row.note}"
    elif row.method == REFERENCE:
        verdict = ""
    else:
        verdict = f"{row.error:.1e}" + ("" if row.ok else "  WRONG")
    return row.method, row.quantity, _shown(row.value), verdict


def _shown(value: Any) -> str:
    import mpmath

    if isinstance(value, (mpmath.mpf, mpmath.mpc)):
        return str(mpmath.nstr(value, 17))
    return "" if value is None else str(value)


def crosscheck(
    f: Expr, point: Mapping[Any, Any] | None = None, order: int = 2, tolerance: float = 1e-9, **values: Any
) -> Report:
    """Every method on every derivative of an expression, against 50-digit arithmetic.

    The value, the gradient, the Hessian and so on up to `order`, by symbolic
    derivatives, dual numbers, backpropagation, Taylor series, differences and
    SymPy. The reference is mpmath's numerical differentiation of the value at
    80 digits, which shares no rule with the library. Where the function has no
    derivative, our methods are compared among themselves and the others are not.

    Parameters
    ----------
    f : expression
    point : mapping, optional
        As for `Expr.evaluate`; real numbers.
    order : int
        From 0 to 4.
    tolerance : float
        The relative error that is allowed, beyond the rounding that floats make
        in a badly conditioned formula, which is estimated. Differences are
        allowed their own estimated error too.
    **values
        The point by name.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For what is no expression, a point that is not real or not finite, or an order out of range.

    >>> import symdiff as sd
    >>> x, y = sd.variables("x y")
    >>> report = sd.crosscheck(x**2*y + y + 2, {x: 3, y: 4})
    >>> report.ok
    True
    >>> report.raise_if_wrong()
    """
    case = methods.case_of(*_checked(f, point, order, values), order)
    notes = []
    left_out: tuple[str, ...] = ()
    try:
        reference = methods.fifty_digits(case)
        name = REFERENCE
    except (AttributeError, NotImplementedError, TypeError, ValueError) as error:
        notes.append(f"no 50-digit reference, differences instead: {error}")
        reference, name = _by_differences(case), "differences"
        left_out = ("differences", "symbolic, mpmath")
    judge = _Judge(case, reference, tolerance)
    found = {method: _attempt(run, case) for method, run in methods.METHODS.items() if method not in left_out}
    rows = []
    for key in case.keys:
        rows.append(judge.own_row(name, key))
        rows.extend(judge.row(method, key, results[key]) for method, results in found.items() if key in results)
    total = math.comb(len(case.variables) + order, order)
    if total > len(case.keys):
        notes.append(f"only the first {len(case.keys)} of {total} quantities were compared")
    place = ", ".join(f"{v.name} = {x!r}" for v, x in zip(case.variables, case.point, strict=True))
    return Report(f"{f._short()} at {place}" if place else f._short(), tuple(rows), tuple(notes))


def _checked(
    f: Any, point: Mapping[Any, Any] | None, order: Any, values: Mapping[str, Any]
) -> tuple[Expr, dict[Var, float]]:
    if not isinstance(f, Expr):
        raise SymdiffTypeError(f"crosscheck takes an expression, not {f!r}")
    if isinstance(order, bool) or not isinstance(order, int):
        raise SymdiffTypeError(f"the order is an int, not {order!r}")
    if not 0 <= order <= HIGHEST:
        raise SymdiffValueError(f"the order of a crosscheck is 0 to {HIGHEST}, not {order}")
    found = {}
    for v in f.variables:
        value = v.evaluate(point, **values)
        try:
            found[v] = float(value)
        except (TypeError, ValueError) as error:
            raise SymdiffTypeError(f"crosscheck takes one point of real numbers; {v.name} is {value!r}") from error
        if not math.isfinite(found[v]):
            raise SymdiffValueError(f"crosscheck takes a finite point; {v.name} is {value!r}")
    return f, found


def _attempt(run: methods.Method, case: Case) -> dict[Key, Any]:
    """What a method finds; that it fails is a finding too."""
    try:
        return run(case)
    except Exception as error:
        return dict.fromkeys(case.keys, error)


def _by_differences(case: Case) -> dict[Key, Reference]:
    found: dict[Key, Reference] = {(): Reference(case.f.evaluate(case.at(case.point)))}
    for key, value in methods.differences(case).items():
        found[key] = Reference(None, value) if isinstance(value, str) else Reference(value)
    return found


class _Judge:
    """Holds results against the reference."""

    def __init__(self, case: Case, reference: dict[Key, Reference], tolerance: float) -> None:
        self.case = case
        self.reference = reference
        self.tolerance = tolerance
        self.ours = methods.symbolic(case)
        self.rounding = {
            key: found for key, found in _attempt(methods.rounding, case).items() if isinstance(found, float)
        }
        self.complex = _is_complex(case)
        self.border = methods.at_border(case)

    def own_row(self, name: str, key: Key) -> Row:
        """The row of the reference itself."""
        value, reason = self.reference[key]
        value = value.value if isinstance(value, Difference) else value
        return Row(name, self.quantity(key), value, value, None if reason else 0.0, True, reason)

    def row(self, method: str, key: Key, value: Any) -> Row:
        """The row of a method."""
        wanted, reason = self.reference[key]
        quantity = self.quantity(key)
        outside = method in methods.OUTSIDE
        if isinstance(value, str):
            return Row(method, quantity, None, wanted, None, True, value)
        if isinstance(value, Exception):
            return Row(method, quantity, None, wanted, None, False, f"raises {type(value).__name__}: {value}")
        allowed = self.tolerance * _size(wanted) + self.rounding.get(key, 0.0) + self.cancellation(key)
        for estimate in (wanted, value):
            if isinstance(estimate, Difference):
                allowed += 4 * estimate.error + 1e-5 * _size(estimate.value)
        wanted, value = _bare(wanted), _bare(value)
        if reason == methods.NOT_FINITE or (reason and outside):
            return Row(method, quantity, value, wanted, None, True, reason)
        if reason or (self.border and key and not outside):
            wanted = self.ours[key]  # the convention, which all of ours follow
        if outside and not (_finite(wanted) and _finite(value)):
            return Row(method, quantity, value, wanted, None, True, "no finite value here")
        if not outside and value != value and (self.complex or bool(getattr(wanted, "imag", 0))):
            return Row(method, quantity, value, wanted, None, True, "floats are nan where values become complex")
        distance = 0.0 if reason and not (_finite(value) or _finite(wanted)) else _distance(value, wanted)
        error = distance / _size(wanted) if _size(wanted) > 0 else distance
        ok = distance == 0 or distance <= max(allowed, self.tolerance if _size(wanted) == 0 else 0.0, 1e-300)
        if not ok and method == "differences" and methods.is_coarse(self.case, key, value):
            return Row(method, quantity, value, wanted, None, True, "the step is too coarse here")
        if not ok and outside and self.border:
            return Row(method, quantity, value, wanted, None, True, "a comparison has equal sides: the branch counts")
        return Row(method, quantity, value, wanted, error, ok)

    def cancellation(self, key: Key) -> float:
        """What parts as large as the lower derivatives leave behind where they cancel."""
        lower = [_size(found.value) for k, found in self.reference.items() if len(k) < len(key) and not found.reason]
        return 8 * 2.0**-52 * max(lower, default=0.0)

    def quantity(self, key: Key) -> str:
        """f, ∂f/∂x, ∂²f/∂x∂y, ∂²f/∂x²."""
        if not key:
            return "f"
        names = [f"∂{self.case.variables[k].name}{_power(key.count(k))}" for k in dict.fromkeys(key)]
        return f"∂{_power(len(key))}f/{''.join(names)}"


def _power(n: int) -> str:
    return "" if n == 1 else "⁰¹²³⁴"[n]


def _bare(value: Any) -> Any:
    return value.value if isinstance(value, Difference) else value


def _size(value: Any) -> float:
    """The magnitude by which errors are divided; 0 for what has none."""
    value = _bare(value)
    return 0.0 if value is None or not _finite(value) else float(abs(value))


def _finite(value: Any) -> bool:
    import mpmath

    return value is not None and bool(mpmath.isfinite(value))


def _distance(a: Any, b: Any) -> float:
    """How far two numbers are apart; 0 where they are the same float, also inf and nan."""
    import mpmath

    x, y = _as_float(a), _as_float(b)
    if x == y or (x != x and y != y):
        return 0.0
    if not (_finite(a) and _finite(b)):
        return math.inf
    with mpmath.mp.workdps(methods.DIGITS):
        far = abs(mpmath.mpmathify(a) - mpmath.mpmathify(b))
    return float(far)


def _as_float(value: Any) -> Any:
    return complex(value) if getattr(value, "imag", 0) else float(value.real)


def _is_complex(case: Case) -> bool:
    """Whether values on the way to the result are complex at high precision."""
    import mpmath

    try:
        with mpmath.mp.workdps(methods.DIGITS):
            values = case.f.node_values(case.at([mpmath.mpf(x) for x in case.point])).values()
    except (AttributeError, NotImplementedError, TypeError, ValueError):
        return False
    return any(bool(getattr(v, "imag", 0)) for v in values)
