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
from benchmarks.readme import put
from benchmarks.table import conditions, digits, show

MARK = "results of maps"
SOLVERS = "solvers"  # name of the works that go from the formula to the solution


def main(argv: Sequence[str]) -> None:
    """Read the arguments, and do what they say."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks maps", description="one stage over all of them")
    parser.add_argument("jobs", nargs="*", metavar="job", help="how their names begin; all")
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that all of it works")
    parser.add_argument("--limit", type=int, default=600, metavar="S", help="seconds that one job may take")
    parser.add_argument("--json", metavar="FILE", help="where the records go")
    parser.add_argument("--readme", action="store_true", help="put the table into benchmarks/README.md")
    arguments = parser.parse_args(argv)
    known, asked = jobs(arguments.quick), tuple(arguments.jobs or [""])
    chosen, solvers = [name for name in known if name.startswith(asked)], SOLVERS.startswith(asked)
    if not chosen and not solvers:
        parser.error(f"jobs are {', '.join([*known, SOLVERS])}")
    records = {}
    for name in chosen:
        names = [one for one in known[name].subjects if _is_installed(known[name].packages.get(one))]
        command = ["benchmarks.maps.measure", name, ",".join(names), *["--quick"] * arguments.quick]
        records[name] = harness.process(command, arguments.limit)
        print(_line(known[name], records[name]), flush=True)
        if arguments.json:
            Path(arguments.json).write_text(json.dumps(records, indent=1, ensure_ascii=False) + "\n")
    text = table(known, records, arguments.quick)
    if solvers:
        command = ["benchmarks.maps.solver_works", "--rounds", "1" if arguments.quick else "7"]
        text += solutions(harness.process(command, arguments.limit))
    print(f"\n{text}")
    if arguments.readme:
        put(MARK, text)


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


def solutions(found: Any) -> str:
    """A line a work that goes from the formula to the solution."""
    lines = ["### From the formula to the solution\n", "| work | times | at most | found | |", "| --- |" + " --- |" * 4]
    if isinstance(found, Mapping):
        return f"{lines[0]}\n{found['status']}\n"
    for name, reach, times_of in found:
        told = ", ".join(f"{subject} {show(seconds, 'ready')}" for subject, seconds in times_of.items())
        first, *others = times_of.values()
        ratio = first / others[0] if others else None
        verdict = "" if ratio is None else "reached" if ratio <= NEAR * reach else "missed"
        lines.append(f"| {name} | {told} | {digits(reach)} | {'' if ratio is None else digits(ratio)} | {verdict} |")
    return "\n" + "\n".join(lines) + "\n"


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
