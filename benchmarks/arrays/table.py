"""Results as Markdown: a line a work, the times of all its quantities, ratios to symdiff, what was to be reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from benchmarks.arrays.work import Work
from benchmarks.arrays.works import works
from benchmarks.table import conditions, digits, show

NEAR = 1.1  # ratio to what was to be reached that still counts as reached: machines differ by as much

Record = dict[str, Any]


class Verdict(NamedTuple):
    """What a figure is, beside what it should be at most."""

    work: Work
    name: str
    found: float | None
    limit: float

    @property
    def reached(self) -> bool:
        return self.found is not None and self.found <= NEAR * self.limit


def table(records: Sequence[Record], quick: bool) -> str:
    """All of it."""
    known = works(quick)
    rows = [(known[record["work"]], record.get("subjects", {})) for record in records]
    versions = [one["version"] for _, subjects in rows for one in subjects.values()]
    failed = [f"{record['work']}: {record['status']}" for record in records if "status" in record]
    parts = [conditions(versions, quick, "the median of 15 rounds in which all take turns")]
    parts += [
        "### Functions of arrays\n",
        _grid(rows),
        *[f"{line}\n" for line in failed],
        "### What was to be reached by functions of arrays\n",
    ]
    return "\n".join([*parts, _reached(rows)])


def _grid(rows: Sequence[tuple[Work, Mapping[str, Any]]]) -> str:
    names = [name for name in ORDER if any(name in subjects for _, subjects in rows)]
    lines = [f"| function | {' | '.join(names)} |", "| --- |" + " --- |" * len(names)]
    for work, subjects in rows:
        cells = [_cell(work, subjects, name) for name in names]
        lines.append(f"| {work.name}: {', '.join(work.quantities)} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


ORDER = ("symdiff", "by hand", "jax", "casadi SX", "casadi MX", "symdiff scalars")


def _cell(work: Work, subjects: Mapping[str, Any], name: str) -> str:
    record = subjects.get(name)
    if record is None:
        return ""
    figures = record["figures"]
    texts = [times([figures.get(q) for q in work.quantities])]
    if name != "symdiff" and "symdiff" in subjects:
        own = subjects["symdiff"]["figures"]
        ratios = [_ratio(figures.get(q), own.get(q)) for q in work.quantities]
        texts[0] += f" (**{' / '.join(['–' if r is None else digits(r) for r in ratios])} ×**)"
    if "ready" in figures:
        texts.append(f"after {show(figures['ready'], 'ready')}")
    return ", ".join([*texts, *[record[key] for key in ("status",) if key in record]])


def times(seconds: Sequence[float | None]) -> str:
    """Times in one unit."""
    known = [s for s in seconds if s is not None]
    unit, scale = ("ms", 1e3) if known and min(known) >= 1e-3 else ("µs", 1e6)
    return " / ".join(["–" if s is None else digits(s * scale) for s in seconds]) + f" {unit}"


def verdicts(rows: Sequence[tuple[Work, Mapping[str, Any]]]) -> Iterator[Verdict]:
    """What was to be reached, work by work."""
    for work, subjects in rows:
        own = subjects.get("symdiff", {}).get("figures", {})
        for name, limit in work.reach.items():
            quantity, _, rival = name.partition(" ÷ ")
            others = [one for key, one in subjects.items() if rival and key.startswith(rival)]
            known = [one["figures"][quantity] for one in others if quantity in one["figures"]]
            if not rival:
                yield Verdict(work, name, own.get(name), limit)
            elif known:
                yield Verdict(work, name, _ratio(own.get(quantity), min(known)), limit)


def _ratio(above: float | None, below: float | None) -> float | None:
    return None if above is None or not below else above / below


def _reached(rows: Sequence[tuple[Work, Mapping[str, Any]]]) -> str:
    lines = ["| function | figure | at most | found | |", "| --- | --- | --- | --- | --- |"]
    for one in verdicts(rows):
        value = "not available" if one.found is None else show(one.found, one.name)
        limit, said = show(one.limit, one.name), "reached" if one.reached else "missed"
        lines.append(f"| {one.work.name} | {one.name} | {limit} | {value} | {said} |")
    return "\n".join(lines) + "\n"
