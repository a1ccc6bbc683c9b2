"""What a cross-check found: rows of comparisons, shown as a table, as one line, or given to machines."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from symdiff.algebra.notation.html_table import html_table
from symdiff.algebra.notation.text import short
from symdiff.check.number_text import number_text
from symdiff.errors import SymdiffError
from symdiff.handle import Handle

REFERENCE = "50 digits"
ALONE = "alone"  # label of operations judged alone
LINES = 80  # length limit of a table; of longer ones the worst of each method and order are shown


class CrosscheckError(SymdiffError, AssertionError):
    """Methods disagree on a derivative."""


@dataclass(frozen=True)
class Row:
    """One quantity by one method at one point.

    `error` is relative to the true value, absolute where that is 0. A row that could not
    be compared has `ok` True, `error` None and the reason in `note`. `judged` says
    that it was held against a method which shares no rule with it; in the row of the
    reference, that something was. `point` counts the report's points from 0.
    """

    method: str
    quantity: str
    value: Any
    reference: Any
    error: float | None
    ok: bool
    note: str = ""
    point: int = 0
    judged: bool = False


@dataclass(frozen=True)
class Fault:
    """The node at which methods first disagree, and on what."""

    node: Handle
    method: str
    quantity: str
    value: Any
    reference: Any
    point: dict[str, float]
    by: str = REFERENCE
    position: tuple[int, int] = (0, 0)  # position of the node, counted from 1, and count of all

    def __str__(self) -> str:
        operation = f"{self.node.op.name}, " if self.node.op is not None else ""
        number = f"{operation}number {self.position[0]:,} of {self.position[1]:,}"
        return (
            f"methods first disagree at the node {short(self.node)} ({number}): its {self.quantity} is "
            f"{number_text(self.value)} by {self.method}, {number_text(self.reference)} by {self.by}"
        )


@dataclass(frozen=True, repr=False)
class Report:
    """What `crosscheck` found; prints as a table."""

    title: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    points: tuple[dict[str, float], ...] = ({},)
    operations: dict[int, int] = field(default_factory=dict)  # operation counts of everything up to an order
    fault: Fault | None = None
    left_out: int = 0  # quantities that were not compared at all

    @property
    def disagree(self) -> tuple[Row, ...]:
        """The rows that are wrong."""
        return tuple(row for row in self.rows if not row.ok)

    @property
    def disagreements(self) -> tuple[Row, ...]:
        """The same as `disagree`."""
        return self.disagree

    @property
    def unjudged(self) -> tuple[Row, ...]:
        """A row for each quantity that no method could judge that shares no rule, with the reason as its note."""
        wrong = {(row.quantity, row.point) for row in self.disagree}
        heads = {(row.quantity, row.point): row for row in reversed(self.rows) if row.method != ALONE}
        found = [row for place, row in reversed(heads.items()) if not row.judged and place not in wrong]
        if self.left_out:
            note = "beyond the bound on quantities"
            found.append(Row(REFERENCE, f"{self.left_out:,} further quantities", None, None, None, True, note))
        return tuple(found)

    @property
    def ok(self) -> bool:
        """Whether every quantity was judged, by a method that shares no rule with ours, and nothing disagrees."""
        return not self.disagree and not self.unjudged

    def raise_if_wrong(self) -> Report:
        """The report itself where nothing disagrees: for use in tests; `.ok` says whether all was judged too.

        Raises
        ------
        CrosscheckError
            An `AssertionError` that holds the rows which disagree, and the node at which they first do.
        """
        wrong = self.disagree
        if wrong:
            part = Report(self.title, wrong, self.notes, self.points, self.operations, self.fault)
            raise CrosscheckError(f"{part}")
        return self

    @property
    def summary(self) -> str:
        """The result in one line."""
        compared = [row for row in self.rows if row.error is not None and row.value is not row.reference]
        wrong = self.disagree
        if wrong:
            compared += [row for row in wrong if row.error is None]  # what raised an error gave no number
            what = ", ".join(dict.fromkeys(f"{row.quantity} by {row.method}" for row in wrong[:5]))
            return f"{len(wrong)} of {len(compared)} comparisons disagree: {what}{', …' * (len(wrong) > 5)}"
        left = len([row for row in self.rows if row.error is None])
        rest = f"; {left} comparison{'s' * (left > 1)} could not be made" if left else ""
        open_ = self.unjudged
        if open_:
            names = ", ".join(dict.fromkeys(row.quantity for row in open_[:5])) + ", …" * (len(open_) > 5)
            rest = f"; not judged: {names} ({open_[0].note}){rest}"
        if not compared:
            return f"nothing was compared{rest}"
        counts = [
            _counted(len({row.method for row in compared}), "method"),
            _counted(len({row.quantity for row in compared}), "quantity"),
        ]
        if len(self.points) > 1:
            counts.append(_counted(len({row.point for row in compared}), "point"))
        exact = [row for row in compared if row.method != "differences"] or compared
        worst = max(exact, key=lambda row: row.error or 0.0)
        place = f"{worst.quantity} by {worst.method}" + (f" at {self._at(worst)}" if len(self.points) > 1 else "")
        place += f": {worst.note}" if worst.note else ""
        verdict = "no method disagrees" if open_ else "all agree"
        return f"{' × '.join(counts)}: {verdict}, largest relative error {worst.error:.1e} ({place}){rest}"

    def to_dict(self) -> dict[str, Any]:
        """Everything as dictionaries, lists, strings and numbers, as JSON has them.

        Real numbers of float range are floats; others, and the digits of the
        reference, are strings.
        """
        fault = self.fault
        return {
            "formula": self.title,
            "ok": self.ok,
            "disagree": len(self.disagree),
            "unjudged": [{"quantity": row.quantity, "point": row.point, "reason": row.note} for row in self.unjudged],
            "summary": self.summary,
            "points": [dict(point) for point in self.points],
            "operations": [{"order": order, "operations": count} for order, count in self.operations.items()],
            "rows": [_as_dict(row) for row in self.rows],
            "first_disagreement": None
            if fault is None
            else {
                "node": str(fault.node),
                "operation": fault.node.op.name if fault.node.op is not None else None,
                "method": fault.method,
                "quantity": fault.quantity,
                "value": _plain(fault.value),
                "reference": number_text(fault.reference, 50),
                "point": dict(fault.point),
                "position": fault.position[0],
                "nodes": fault.position[1],
            },
            "notes": list(self.notes),
        }

    def __str__(self) -> str:
        cells, notes = self._table()
        widths = [max(len(line[k]) for line in cells) for k in range(len(cells[0]))]
        table = ["  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip() for line in cells]
        table.insert(1, "  ".join("-" * w for w in widths))
        return "\n".join([self.title, *table, *notes])

    def _repr_html_(self) -> str:
        (heads, *rows), notes = self._table()
        return html_table(rows, heads, self.title, "\n".join(notes))

    def _table(self) -> tuple[list[tuple[str, ...]], list[str]]:
        """The cells of the table, its head first, and the lines below it."""
        lines, left_out = self._lines()
        header = ("method", "quantity", "value", "relative error", "at")
        columns = len(header) if len(self.points) > 1 else len(header) - 1
        notes = [f"… the worst of {left_out} rows; report.rows holds all"] if left_out else []
        notes += self.notes
        if self.operations:
            notes.append(f"operations: {self._costs()}")
        if self.fault is not None:
            notes.append(str(self.fault))
        return [line[:columns] for line in (header, *lines)], [*notes, self.summary]

    def __repr__(self) -> str:
        return f"<crosscheck: {self.summary}>"

    def _lines(self) -> tuple[list[tuple[str, str, str, str, str]], int]:
        """The cells of the table, and of how many rows they were chosen."""
        rows: Iterable[Row] = self.rows
        if len(self.points) > 1:
            rows = _worst(self.rows, lambda row: (row.method, row.quantity))
        if len(list(rows)) > LINES:
            rows = _worst(self.rows, lambda row: (row.method, row.quantity.split("f")[0]))
        chosen = list(rows)
        cells = [(*_cells(row), self._at(row)) for row in chosen]
        return cells, len(self.rows) if len(chosen) < len(self.rows) else 0

    def _at(self, row: Row) -> str:
        return place(self.points[row.point])

    def _costs(self) -> str:
        names = {0: "the value", 1: "the first derivatives too"}
        return ", ".join(
            f"{count:,} for {names.get(n, f'those up to order {n}')}" for n, count in self.operations.items()
        )


def place(point: dict[str, float]) -> str:
    """A point as text; of many variables the first."""
    pairs = [f"{name} = {value!r}" for name, value in point.items()]
    return ", ".join(pairs[:8]) + ", …" * (len(pairs) > 8)


def _counted(count: int, what: str) -> str:
    plural = {"quantity": "quantities"}.get(what, f"{what}s")
    return f"{count} {what if count == 1 else plural}"


def _worst(rows: Iterable[Row], group: Any) -> list[Row]:
    """Of each group the row that is most wrong; one that could not be compared only where all could not."""
    found: dict[Any, Row] = {}
    for row in rows:
        held = found.get(group(row))
        if held is None or _badness(row) > _badness(held):
            found[group(row)] = row
    return list(found.values())


def _badness(row: Row) -> tuple[bool, float]:
    return not row.ok, -1.0 if row.error is None else math.inf if row.error != row.error else row.error


def _cells(row: Row) -> tuple[str, str, str, str]:
    if row.note and row.error is None:
        verdict = f"{'not compared' if row.ok else 'WRONG'}: {row.note}"
    elif row.method == REFERENCE:
        verdict = ""
    else:
        verdict = f"{row.error:.1e}" + ("" if row.ok else "  WRONG") + f"  {row.note}" * bool(row.note)
    return row.method, row.quantity, number_text(row.value), verdict


def _as_dict(row: Row) -> dict[str, Any]:
    return {
        "method": row.method,
        "quantity": row.quantity,
        "point": row.point,
        "value": _plain(row.value),
        "reference": None if row.reference is None else number_text(row.reference, 50),
        "error": _plain(row.error),
        "ok": row.ok,
        "judged": row.judged,
        "note": row.note,
    }


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (bool, str)):
        return value
    if getattr(value, "imag", 0):
        return number_text(value)
    number = float(value)
    return number if math.isfinite(number) else number_text(number)
