"""What is found of a formula, as text for people."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

from symdiff.algebra.notation.text import text
from symdiff.algebra.operation_counts import count_ops
from symdiff.command.assignments import Points
from symdiff.command.derivatives import Quantity
from symdiff.command.formulas import CommandError
from symdiff.command.values import brief, rows, shown, values_at
from symdiff.errors import SymdiffError

_WIDEST = 40  # width limit of a value that others are aligned with, in letters
_CHECKED = 100  # size limit of an array that is checked, in entries
_TABLE = 1000  # size limit of a table with aligned columns, in rows


def report(quantities: Sequence[Quantity], points: Points | None, spellings: Sequence[str]) -> Iterator[str]:
    """Lines: formulas and values, other spellings, operation counts, and a table where there are ranges."""
    single = points is not None and not points.ranges
    values = (
        values_at(quantities, points.fixed) if points is not None and single else None
    )  # print nothing where it fails
    if points and single:
        yield f"at {', '.join(f'{name} = {shown(value)}' for name, value in points.fixed.items())}"
    yield from _formulas(quantities, values)
    for spelling in spellings:
        yield from ["", spelling, *SPELLINGS[spelling](quantities)]
    yield from ["", *_operations(quantities)]
    if points is not None and points.ranges:
        yield from ["", *_table(quantities, points)]


# -- formulas and values ---------------------------------------------------------


def _formulas(quantities: Sequence[Quantity], values: Sequence[Any] | None) -> Iterator[str]:
    lines = text([q.expr for q in quantities]).split("; ")
    parts, formulas = lines[: -len(quantities)], lines[-len(quantities) :]
    own = str(quantities[0].expr)
    if "; " not in own:  # spell the first alone, unless it has parts of the same names
        formulas[0] = own
    numbers = None if values is None else [shown(value) for value in values]
    names = [q.name for q in quantities]
    wide = max(map(len, names))
    room = max([len(n) for n in numbers or [] if len(n) <= _WIDEST], default=0)
    last = ""
    for k, q in enumerate(quantities):
        found = "" if numbers is None else f"= {numbers[k].ljust(room)} "
        yield f"{q.group if q.group != last else '':<9}  {names[k].ljust(wide)} {found}= {formulas[k]}"
        last = q.group
    if parts:
        yield from ["", "where", *[f"  {part}" for part in parts]]


def _latex(quantities: Sequence[Quantity]) -> Iterator[str]:
    from symdiff.algebra.notation.latex import latex

    for q in quantities:
        yield f"{q.latex_name} = {latex(q.expr)}"


def _sympy(quantities: Sequence[Quantity]) -> Iterator[str]:
    for q in quantities:
        yield f"{q.name} = {sympy_text(q)}"


SPELLINGS: dict[str, Callable[[Sequence[Quantity]], Iterator[str]]] = {"LaTeX": _latex, "SymPy": _sympy}


def sympy_text(quantity: Quantity) -> str:
    """What SymPy prints.

    Raises
    ------
    CommandError
        Where SymPy can't: its printer recurses, and its constructors refuse numbers that are conditions.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # silence SymPy's own, for conditions among numbers
            return str(quantity.expr.to_sympy())
    except RecursionError as error:
        raise CommandError("--sympy: the formula is too deep for SymPy to print") from error
    except (SymdiffError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise CommandError(f"--sympy: SymPy does not take {quantity.name}: {error}") from error


# -- operations -------------------------------------------------------------------


def operations(quantities: Sequence[Quantity]) -> dict[str, dict[str, int]]:
    """How often each operation is done for the value, for the derivatives of each order, and for all together."""
    found: dict[str, dict[str, int]] = {
        name: count_ops([q.expr for q in some]) for name, some in groupby(quantities, key=lambda q: q.group)
    }
    if len(found) > 1:
        found["together"] = count_ops([q.expr for q in quantities])
    return found


def _operations(quantities: Sequence[Quantity]) -> Iterator[str]:
    counts = operations(quantities)
    totals = {name: sum(count.values()) for name, count in counts.items()}
    wide = len(f"{max(totals.values()):,}")
    yield "operations"
    for name, count in counts.items():
        several = ", ".join([f"{n:,} {op}" for op, n in count.items()])
        times = (
            f" ({totals[name] / totals['value']:.1f} times the value)" if name != "value" and totals["value"] else ""
        )
        yield f"{name:<9}  {totals[name]:>{wide},}{times}{': ' * bool(several)}{several}"


# -- tables -----------------------------------------------------------------------


def _table(quantities: Sequence[Quantity], points: Points) -> Iterator[str]:
    """A row for each point; the columns get wider where a later row needs it."""
    header = [*points.ranges, *[q.name for q in quantities]]
    if points.fixed:
        yield f"with {', '.join(f'{name} = {shown(value)}' for name, value in points.fixed.items())}"
    widths = [len(name) for name in header]
    waiting = [header]
    for point, values in rows(quantities, points):
        waiting.append([brief(v) for v in [*[point[name] for name in points.ranges], *values]])
        if len(waiting) > _TABLE:
            yield from _aligned(waiting, widths)
            waiting = []
    yield from _aligned(waiting, widths)


def _aligned(cells: Sequence[Sequence[str]], widths: list[int]) -> Iterator[str]:
    for line in cells:
        widths[:] = [max(width, len(cell)) for width, cell in zip(widths, line, strict=True)]
    for line in cells:
        yield "  ".join([cell.rjust(width) for cell, width in zip(line, widths, strict=True)])


# -- checks --------------------------------------------------------------------------


def _scalars(f: Any) -> list[Any]:
    """An expression, or the entries of an array, which are checked one by one."""
    if not f._holds_array():
        return [f]
    if not all(isinstance(n, int) for n in f.shape):
        raise CommandError("--check takes each entry of an array: give its sizes as numbers, --shape X=3,2")
    if f.size > _CHECKED:
        raise CommandError(
            f"--check takes each entry of an array, and {f.size:,} are more than {_CHECKED}: check a part"
        )
    return list(f.elements().flat)


def check_lines(f: Any, points: Points, order: int) -> Iterator[tuple[str, Any]]:
    """The cross-check at each point, of an array for each entry: what to print, and the report.

    Raises
    ------
    CommandError
        For an array of more than 100 entries, or of a named size.
    """
    from symdiff.check.crosscheck import HIGHEST, crosscheck

    for point, entry in itertools.product(points, _scalars(f)):
        try:
            found = crosscheck(entry, point, order=min(order, HIGHEST))
        except SymdiffError as error:
            raise CommandError(f"--check: {error}") from error
        if not points.ranges or found.disagree:
            yield f"\n{found}", found
        else:
            place = ", ".join([f"{name} = {brief(point[name])}" for name in points.ranges])
            yield f"check at {place}: {found.summary}", found
