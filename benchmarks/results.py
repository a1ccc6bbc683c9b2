"""Reads records: the figure that counts, figures that follow from others, and what was to be reached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from benchmarks import workloads
from benchmarks.case import Case

Record = dict[str, Any]

# Figures by which subjects are compared, by measure.
TIMES = {
    "derivatives": "build + derive",
    "backpropagation": "step",
    "memory": "bytes a node",
    "batch": "ns a point",
    "call": "µs a call",
    "evaluation": "µs a call",
    "first": "first value",
}
SECONDS = {
    "build",
    "derive",
    "build + derive",
    "step",
    "first step",
    "ready",
    "first call",
    "first value",
    "next formula",
}


class Row(NamedTuple):
    """A case with the records of its subjects, those of symdiff first."""

    case: Case
    records: dict[str, Record]

    @property
    def time(self) -> str:
        """The name of the figure that counts."""
        return TIMES[self.case.measure]


class Verdict(NamedTuple):
    """What a figure is, beside what it should be at most."""

    row: Row
    subject: str
    name: str
    found: float | None
    limit: float

    @property
    def reached(self) -> bool:
        return self.found is not None and self.found <= self.limit


def rows(records: Sequence[Record], quick: bool) -> list[Row]:
    """The records by case, in the order in which they were made."""
    found: dict[tuple[str, str], Row] = {}
    for record in records:
        key = record["workload"], record["case"]
        row = found.setdefault(key, Row(workloads.case(*key, quick), {}))
        row.records[record["rival"]] = record
    return list(found.values())


def figure(row: Row, subject: str, name: str) -> float | None:
    """A figure of a subject, or one that follows: a sum `a + b`, a ratio `a ÷ b`; None where it is not there."""
    if " ÷ " in name:
        above, below = name.split(" ÷ ")
        top = figure(row, subject, above)
        if below == "value":
            return _ratio(top, figure(row, subject, "value operations"))
        names = rivals_of(row) if below == "best rival" else [below]
        others = [other for other in (figure(row, rival, above) for rival in names) if other is not None]
        return _ratio(top, min(others, default=None))
    if name == "time":
        name = row.time
    if " + " in name:
        parts = [figure(row, subject, part) for part in name.split(" + ")]
        return None if None in parts else sum(part for part in parts if part is not None)
    record = row.records.get(subject, {})
    found = record.get("figures", {}).get(name) if record.get("status") == "ok" else None
    return None if found is None else float(found)


def _ratio(above: float | None, below: float | None) -> float | None:
    return None if above is None or not below else above / below


def rivals_of(row: Row) -> list[str]:
    """The subjects that are not symdiff."""
    return [name for name in row.records if not name.startswith("symdiff")]


def verdicts(found: Sequence[Row]) -> Iterator[Verdict]:
    """What was to be reached, case by case."""
    for row in found:
        for key, limit in row.case.targets.items():
            subject, name = key.split(": ") if ": " in key else ("symdiff", key)
            if subject in row.records:
                yield Verdict(row, subject, name, figure(row, subject, name), limit)
