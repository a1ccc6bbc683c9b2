"""`python -m benchmarks arrays`: measures works one after the other, and prints tables."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from benchmarks import harness
from benchmarks.arrays import subjects
from benchmarks.arrays.table import Record, table, times
from benchmarks.arrays.works import works
from benchmarks.readme import put

MARK = "results of arrays"


def main(argv: Sequence[str]) -> None:
    """Read the arguments, and do what they say."""
    arguments = _arguments(argv)
    if arguments.read:
        records: list[Record] = json.loads(Path(arguments.read).read_text())
    else:
        records = _measured(arguments)
    text = table(records, arguments.quick)
    print(f"\n{text}")
    if arguments.readme:
        put(MARK, text)


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks arrays", description="functions of whole arrays")
    parser.add_argument("works", nargs="*", metavar="work", help="how their names begin; all")
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that all of it works")
    parser.add_argument("--rivals", metavar="A,B", help=f"some of {', '.join(subjects.SUBJECTS)}; symdiff always runs")
    parser.add_argument("--limit", type=int, default=600, metavar="S", help="seconds that one work may take")
    parser.add_argument("--json", metavar="FILE", help="where the records go")
    parser.add_argument("--read", metavar="FILE", help="show records of an earlier run, measure nothing")
    parser.add_argument("--readme", action="store_true", help="put the tables into benchmarks/README.md")
    arguments = parser.parse_args(argv)
    asked = [name.strip() for name in (arguments.rivals or "").split(",") if name.strip()]
    if set(asked) - set(subjects.SUBJECTS):
        parser.error(f"unknown: {', '.join(sorted(set(asked) - set(subjects.SUBJECTS)))}")
    known = list(works(arguments.quick))
    arguments.works = [w for w in known if w.startswith(tuple(arguments.works or [""]))]
    if not arguments.works:
        parser.error(f"works are {', '.join(known)}")
    arguments.rivals = ["symdiff", *[name for name in asked or subjects.SUBJECTS if name != "symdiff"]]
    return arguments


def _measured(arguments: argparse.Namespace) -> list[Record]:
    """A record a work, each of a process of its own."""
    absent = [name for name in arguments.rivals if not subjects.installed(name)]
    if absent:
        print(f"not installed: {', '.join(absent)}")
    names = ",".join([name for name in arguments.rivals if name not in absent])
    records = []
    for work in arguments.works:
        command = ["benchmarks.arrays.measure", work, names, *["--quick"] * arguments.quick]
        found = harness.process(command, arguments.limit)
        record: Record = {"work": work, **(found if "status" in found else {"subjects": found})}
        records.append(record)
        print(_line(record, arguments.quick), flush=True)
        if arguments.json:
            Path(arguments.json).write_text(json.dumps(records, indent=1, ensure_ascii=False) + "\n")
    return records


def _line(record: Record, quick: bool) -> str:
    if "status" in record:
        return f"{record['work']}: {record['status']}"
    quantities = works(quick)[record["work"]].quantities
    shown = [
        f"{name} {one['status'] if 'status' in one else times([one['figures'].get(q) for q in quantities])}"
        for name, one in record["subjects"].items()
    ]
    return f"{record['work']}: {', '.join(shown)}"
