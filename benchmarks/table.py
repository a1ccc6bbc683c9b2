"""Results as Markdown: a line a case, ratios to symdiff beside absolute figures, then what was to be reached."""

from __future__ import annotations

import datetime
import platform
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.results import SECONDS, Record, Row, figure, rows, verdicts

GROUPS = (
    ("Derivatives", ("derivatives", "backpropagation")),
    ("Memory", ("memory",)),
    ("Compiled functions", ("batch", "call", "evaluation", "first")),
)


def table(records: Sequence[Record], quick: bool) -> str:
    """All of it."""
    found = rows(records, quick)
    versions = [record["version"] for record in records if record.get("version")]
    parts = [conditions(versions, quick, "the best of several runs")]
    for title, measures in GROUPS:
        chosen = [row for row in found if row.case.measure in measures]
        if chosen:
            parts += [f"### {title}\n", _grid(chosen)]
    reached = _reached(found)
    return "\n".join([*parts, *(["### What was to be reached\n", reached] if reached else [])])


def show(value: float, name: str) -> str:
    """A figure with its unit."""
    if name in SECONDS:
        for unit, scale in (("s", 1.0), ("ms", 1e3), ("µs", 1e6)):
            if value * scale >= 1 or unit == "µs":
                return f"{digits(value * scale)} {unit}"
    if name in ("operations", "value operations", "nodes"):
        return f"{value:,.0f}"
    unit, _, rest = name.partition(" ")
    if rest in ("a point", "a call", "a node"):
        return f"{digits(value)} {unit}"
    return digits(value)


def digits(value: float) -> str:
    """A number to three digits, or whole."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _grid(chosen: Sequence[Row]) -> str:
    subjects = list(dict.fromkeys(name for row in chosen for name in row.records))
    subjects.sort(key=lambda name: not name.startswith("symdiff"))
    lines = [f"| work | {' | '.join(subjects)} |", "| --- |" + " --- |" * len(subjects)]
    for row in chosen:
        cells = [_cell(row, subject) for subject in subjects]
        lines.append(f"| {row.case.workload}: {row.case.name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _cell(row: Row, subject: str) -> str:
    record = row.records.get(subject)
    if record is None:
        return ""
    time = figure(row, subject, "time")
    if time is None:
        return str(record["status"])
    ratio = figure(row, subject, "time ÷ symdiff") if not subject.startswith("symdiff") else None
    parts = [show(time, row.time) if ratio is None else f"{show(time, row.time)} (**{digits(ratio)} ×**)"]
    for name, text in (("operations", "operations"), ("ready", "after"), ("peak MB", "MB at most")):
        value = figure(row, subject, name)
        if value is None or (name == "peak MB" and row.case.measure != "memory"):
            continue
        parts.append(f"{text} {show(value, name)}" if name == "ready" else f"{show(value, name)} {text}")
    return ", ".join(parts)


def _reached(found: Sequence[Row]) -> str:
    lines = ["| work | figure | at most | found | |", "| --- | --- | --- | --- | --- |"]
    for one in verdicts(found):
        name = one.name.replace("time", one.row.time)
        value = "not available" if one.found is None else show(one.found, one.name)
        subject = "" if one.subject == "symdiff" else f" ({one.subject})"
        lines.append(
            f"| {one.row.case.workload}: {one.row.case.name}{subject} | {name} | {show(one.limit, one.name)} "
            f"| {value} | {'reached' if one.reached else 'missed'} |"
        )
    return "\n".join(lines) + "\n" if len(lines) > 2 else ""


def conditions(versions: Iterable[str], quick: bool, how: str) -> str:
    """When, with what and where it was measured."""
    return (
        f"Measured on {datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d}{', small sizes' if quick else ''}: "
        f"Python {platform.python_version()}, {', '.join(sorted(set(versions)))}; {processor()}, {platform.system()}. "
        f"CPU time on one core, {how}.\n"
    )


def processor() -> str:
    """What the machine calls its processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    fields = dict(line.split(":", 1) for line in lines if ":" in line)
    named = {key.strip(): value.strip() for key, value in fields.items()}
    family = f" family {named['cpu family']} model {named['model']}" if "cpu family" in named else ""
    return f"{named.get('model name', platform.machine())}{family}"
