"""Operations of every workload's value and derivatives: the figures that do not depend on the machine.

python -m benchmarks.counts            prints the table
python -m benchmarks.counts --write    writes it to tests/operation_counts.txt, which the tests hold against
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks import workloads
from benchmarks.arrays import subjects
from benchmarks.arrays.work import PARTS, Work
from benchmarks.arrays.works import works
from benchmarks.case import Case
from benchmarks.rivals.symdiff import Symdiff

TABLE = Path(__file__).parents[1] / "tests" / "operation_counts.txt"
HEAD = """\
# Operations of the value, of value and derivatives together, and their ratio, counted over the shared graph.
# Written by: python -m benchmarks.counts --write
"""


class Count(NamedTuple):
    """The operations of a case."""

    value: int
    together: int

    def line(self, name: str) -> str:
        return f"{name:<44} {self.value:>8} {self.together:>8} {self.together / self.value:>8.3f}"


def counted() -> Iterator[Case | Work]:
    """The cases whose operations are counted: all derivatives, the largest at a size that is quick to count.

    Functions of arrays come last.
    """
    for workload in workloads.NAMES:
        for case in workloads.cases(workload, quick=workload == "chain"):
            if case.measure == "derivatives":
                yield case
        if workload in ("black_scholes", "ackley", "rational"):
            yield workloads.cases(workload)[0]
    yield from works().values()


def name(case: Case | Work) -> str:
    """How a case is called in the table."""
    if isinstance(case, Work):
        return f"arrays {case.name[:36]}"
    return f"{case.workload} {case.derive} {case.order}" if case.measure == "batch" else f"{case.workload} {case.name}"


def count(case: Case | Work) -> Count:
    """Build, derive and count with symdiff; of arrays, operations on single numbers."""
    if isinstance(case, Work):
        return _of_arrays(case)
    rival = Symdiff()
    case.prepare()
    with rival.fresh():
        problem = case.build(rival)
        if case.measure == "batch":
            found = rival.wanted(problem, case.derive, case.order)
        else:
            found = getattr(rival, case.derive)(problem, case.order)
        counts = rival.operations(problem, found)
    return Count(int(counts["value operations"]), int(counts["operations"]))


def _of_arrays(work: Work) -> Count:
    subject, data = subjects.load("symdiff"), work.data()
    together = dict.fromkeys([part for quantity in work.quantities for part in PARTS[quantity]])
    with subject.fresh():
        found = [subject.compiled(work, data, parts) for parts in (["value"], list(together))]
    value, all_of_it = [sum(function.operations.values()) for function in found]
    return Count(value, all_of_it)


def read() -> dict[str, Count]:
    """The table as it was written last."""
    found = {}
    for line in TABLE.read_text().splitlines():
        if line and not line.startswith("#"):
            label, value, together, _ = line.rsplit(maxsplit=3)
            found[label.strip()] = Count(int(value), int(together))
    return found


def main() -> None:
    """Print the table, or write it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.counts", description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help=f"to {TABLE.name}")
    text = HEAD + "".join(count(case).line(name(case)) + "\n" for case in counted())
    if parser.parse_args().write:
        TABLE.write_text(text)
    print(text, end="")


if __name__ == "__main__":
    main()
