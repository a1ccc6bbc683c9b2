"""`python -m benchmarks maps`: measures jobs one after the other, and prints a table."""

from __future__ import annotations

import argparse
import importlib.util
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import harness
from benchmarks.arrays.table import NEAR, times
from benchmarks.maps.job import Job
from benchmarks.maps.jobs import jobs
from benchmarks.maps.solver_works import line as solver_line
from benchmarks.readme import put
from benchmarks.table import conditions, digits, show

MARK = "results of maps"
SOLVERS = "solvers"


def main(argv: Sequence[str]) -> None:
    """Read the arguments, and do what they say."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks maps", description="one stage over all of them")
    parser.add_argument("jobs", nargs="*", metavar="job", help="how their names begin; all")
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that all of it works")
    parser.add_argument("--limit", type=int, default=600, metavar="S", help="seconds that one job may take")
    parser.add_argument("--json", metavar="FILE", help="where the records go")
    parser.add_argument("--readme", action="store_true", help="put the table into benchmarks/README.md")
    arguments = parser.parse_args(argv)
    known = jobs(arguments.quick)
    chosen = [name for name in known if name.startswith(tuple(arguments.jobs or [""]))]
    solving = SOLVERS.startswith(tuple(arguments.jobs or [""]))
    if not chosen and not solving:
        parser.error(f"jobs are {', '.join([*known, SOLVERS])}")
    records: dict[str, Any] = {}
    for name in chosen:
        names = [one for one in known[name].subjects if _is_installed(known[name].packages.get(one))]
        command = ["benchmarks.maps.measure", name, ",".join(names), *["--quick"] * arguments.quick]
        records[name] = harness.process(command, arguments.limit)
        print(_line(known[name], records[name]), flush=True)
        if arguments.json:
            Path(arguments.json).write_text(json.dumps(records, indent=1, ensure_ascii=False) + "\n")
    text = table(known, records, arguments.quick) if records else ""
    if solving:
        text += solved(arguments.quick, arguments.limit)
    print(f"\n{text}")
    if arguments.readme:
        put(MARK, text)


def solved(quick: bool, limit: float) -> str:
    """A line a problem that is solved: each subject's time, from the formula to the solution."""
    command = ["benchmarks.maps.solver_works", "--rounds", "3" if quick else "7"]
    record = harness.process(command, limit)
    if "status" in record:
        lines = [f"solvers: {record['status']}"]
    else:
        head = ["| problem | CPU time of all, and against the first |", "| --- | --- |"]
        lines = [*head, *(solver_line(name, times) for name, times in record.items())]
    return "\n### From the formula to the solution\n\n" + "\n".join(lines) + "\n"


def _is_installed(package: str | None) -> bool:
    return package is None or importlib.util.find_spec(package) is not None


def _line(job: Job, record: Mapping[str, Any]) -> str:
    if "status" in record:
        return f"{job.name}: {record['status']}"
    return f"{job.name}: " + ", ".join(
        f"{name} {one.get('status') or times([one['figures'].get(q) for q in job.quantities])}"
        for name, one in record.items()
    )


def table(known: Mapping[str, Job], records: Mapping[str, Any], quick: bool) -> str:
    """A line a job, and what was to be reached."""
    measured = {name: record for name, record in records.items() if "status" not in record}
    versions = [one["version"] for record in measured.values() for one in record.values()]
    subjects = list(dict.fromkeys(name for record in measured.values() for name in record))
    lines = [f"| job | {' | '.join(subjects)} |", "| --- |" + " --- |" * len(subjects)]
    for name, record in measured.items():
        job = known[name]
        cells = [_cell(job, record.get(subject)) for subject in subjects]
        lines.append(f"| {job.name}: {', '.join(job.quantities)} | {' | '.join(cells)} |")
    reached = ["| job | figure | at most | found | |", "| --- | --- | --- | --- | --- |"]
    for name, record in measured.items():
        reached += _reached(known[name], record)
    failed = [f"{known[name].name}: {record['status']}\n" for name, record in records.items() if "status" in record]
    how = conditions(versions, quick, "the median of 15 rounds in which all take turns")
    parts = [how, "### One stage over all of them\n", "\n".join(lines) + "\n", *failed]
    return "\n".join([*parts, "### What was to be reached by maps\n", "\n".join(reached) + "\n"])


def _cell(job: Job, record: Mapping[str, Any] | None) -> str:
    if record is None:
        return ""
    figures = record["figures"]
    found = f"{times([figures.get(q) for q in job.quantities])}, after {show(figures['ready'], 'ready')}"
    return f"{found}, {record['status']}" if "status" in record else found


def _reached(job: Job, record: Mapping[str, Any]) -> list[str]:
    own = record["symdiff"]["figures"]
    lines = []
    for what, limit in job.reach.items():
        quantity, _, rival = what.partition(" ÷ ")
        below = record.get(rival, {}).get("figures", {}).get(quantity)
        if below and quantity in own:
            lines.append(_verdict(job, what, own[quantity] / below, limit, digits))
    if job.ready is not None:
        lines.append(_verdict(job, "ready", own["ready"], job.ready, lambda value: show(value, "ready")))
    return lines


def _verdict(job: Job, what: str, found: float, limit: float, shown: Any) -> str:
    said = "reached" if found <= NEAR * limit else "missed"
    return f"| {job.name} | {what} | {shown(limit)} | {shown(found)} | {said} |"
