"""`python -m benchmarks`: measures, prints tables, draws a picture."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from benchmarks import harness, headers, ready, rivals, scaling, workloads
from benchmarks.arrays import command as arrays
from benchmarks.maps import command as maps
from benchmarks.plot import draw
from benchmarks.readme import put, refresh
from benchmarks.results import Record, figure, rows
from benchmarks.table import show, table

FURTHER = (
    "Whole arrays, maps and loops, large scalar formulas, time by size, C++ beside SymForce's: "
    "python -m benchmarks arrays|maps|ready|scaling|headers --help"
)
OTHERS = {
    "arrays": arrays.main,
    "maps": maps.main,
    "ready": ready.main,
    "scaling": scaling.main,
    "headers": headers.main,
    "claims": refresh,
}


def main() -> None:
    """Read the arguments, and do what they say."""
    if sys.argv[1:2] and sys.argv[1] in OTHERS:
        OTHERS[sys.argv[1]](sys.argv[2:])
        return
    arguments = _arguments()
    if arguments.read:
        records: list[Record] = json.loads(Path(arguments.read).read_text())
    else:
        records = measure(arguments)
    text = table(records, arguments.quick)
    print(f"\n{text}")
    try:
        draw(records, arguments.quick, arguments.png)
        print(f"plot: {arguments.png}")
    except ImportError:
        print("no plot: matplotlib is not installed (pip install symdiff-graph[bench])")
    if arguments.readme:
        put("results", text)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="symdiff beside its rivals", epilog=FURTHER
    )
    parser.add_argument("workloads", nargs="*", metavar="workload", help=f"of {', '.join(workloads.NAMES)}; all")
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that all of it works")
    parser.add_argument("--rivals", metavar="A,B", help=f"some of {', '.join(rivals.SUBJECTS)}; symdiff always runs")
    parser.add_argument("--limit", type=int, default=120, metavar="S", help="seconds that one measurement may take")
    parser.add_argument("--png", default="benchmarks.png", metavar="FILE", help="where the plot goes")
    parser.add_argument("--json", metavar="FILE", help="where the records go")
    parser.add_argument("--read", metavar="FILE", help="show records of an earlier run, measure nothing")
    parser.add_argument("--readme", action="store_true", help="put the tables into benchmarks/README.md")
    arguments = parser.parse_args()
    unknown = set(arguments.workloads) - set(workloads.NAMES)
    asked = [name.strip() for name in (arguments.rivals or "").split(",") if name.strip()]
    if unknown or set(asked) - set(rivals.SUBJECTS):
        parser.error(f"unknown: {', '.join(sorted(unknown | (set(asked) - set(rivals.SUBJECTS))))}")
    arguments.workloads = arguments.workloads or list(workloads.NAMES)
    arguments.rivals = asked or list(rivals.SUBJECTS)
    return arguments


def measure(arguments: argparse.Namespace) -> list[Record]:
    """A record a case and subject, one after another."""
    absent = [name for name in arguments.rivals if not rivals.installed(name)]
    if absent:
        print(f"not installed: {', '.join(absent)}")
    records: list[Record] = []
    for workload in arguments.workloads:
        for case in workloads.cases(workload, arguments.quick):
            for subject in case.rivals:
                if subject not in absent and (subject in arguments.rivals or subject.startswith("symdiff")):
                    record = harness.run(workload, case.name, subject, arguments.quick, arguments.limit)
                    records.append(record)
                    print(_line(record, arguments.quick), flush=True)
                    _keep(records, arguments.json)
    return records


def _keep(records: list[Record], path: str | None) -> None:
    if path:
        Path(path).write_text(json.dumps(records, indent=1, ensure_ascii=False) + "\n")


def _line(record: Record, quick: bool) -> str:
    start = f"{record['workload']}: {record['case']}: {record['rival']}: "
    if record["status"] != "ok":
        return start + record["status"]
    names = [name for name in record["figures"] if name not in ("error", "peak MB")]
    (row,) = rows([record], quick)
    found = {name: figure(row, record["rival"], name) for name in names}
    return start + ", ".join(f"{name} {show(value, name)}" for name, value in found.items() if value is not None)


if __name__ == "__main__":
    sys.exit(main())
