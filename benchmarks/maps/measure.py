"""The process of one job: all subjects in turn, round after round; the record goes out as a line of JSON.

Times are CPU time in seconds, the median of the rounds. What a subject gives is held against what is by hand first.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from importlib import metadata
from typing import Any

import numpy as np

from benchmarks import harness
from benchmarks.arrays.measure import ROUNDS, medians
from benchmarks.maps.job import Calls, Job
from benchmarks.maps.jobs import jobs

PACKAGES = {"symdiff": "symdiff-graph", "by hand": "numpy"}


def measure(job: Job, names: Sequence[str], rounds: int = ROUNDS) -> dict[str, Any]:
    """The figures of some subjects, by subject and quantity; what is wrong has a status in place of a time."""
    data = job.data()
    right = job.subjects["by hand"](data)
    records: dict[str, Any] = {}
    made: dict[str, Calls] = {}
    for name in names:
        package = PACKAGES.get(name) or job.packages[name]
        records[name] = {"version": f"{package} {metadata.version(package)}", "figures": {}}
        made[name], records[name]["figures"]["ready"] = _ready(job, name, data)
    for quantity in job.quantities:
        calls = {}
        for name, own in made.items():
            error = worst(own[quantity](), right[quantity]())
            if error <= job.tolerance:
                calls[name] = own[quantity]
            else:
                records[name]["status"] = f"wrong {quantity}, error {error:.1e}"
        for name, seconds in medians(calls, rounds).items():
            records[name]["figures"][quantity] = seconds
    return records


def _ready(job: Job, name: str, data: Any) -> tuple[Calls, float]:
    """The calls of a subject, and the time that they and their first results take once its code is loaded."""
    make = job.subjects[name]
    for call in make(data).values():
        call()
    clock = harness.Clock()
    calls = make(data)
    for call in calls.values():
        call()
    return calls, clock.lap()


def worst(found: Any, right: Any) -> float:
    """The largest error, each array against its largest value: inf where one is of another shape."""
    errors = [0.0]
    for a, b in zip(_arrays(found), _arrays(right), strict=True):
        if a.shape != b.shape:
            return float("inf")
        scale = max(float(abs(b).max()), 1e-300)
        errors.append(float(abs(a - b).max()) / scale)
    return max(errors) if all(error == error for error in errors) else float("inf")


def _arrays(found: Any) -> list[Any]:
    if isinstance(found, (list, tuple)):
        return [array for one in found for array in _arrays(one)]
    if hasattr(found, "sparse"):  # CasADi's
        import scipy.sparse

        return [scipy.sparse.csr_array(found.sparse())]
    return [found if hasattr(found, "tocsr") else np.asarray(found, dtype=float)]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("job")
    parser.add_argument("subjects")
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    harness.confine()
    chosen = jobs(arguments.quick)[arguments.job]
    print(json.dumps(measure(chosen, arguments.subjects.split(","), 3 if arguments.quick else ROUNDS)))
