"""The process of one work: all subjects in turn, round after round; the record goes out as a line of JSON.

Times are CPU time in seconds, the median of the rounds.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from benchmarks import harness
from benchmarks.arrays import subjects
from benchmarks.arrays.subjects.base import Subject, arrays_in
from benchmarks.arrays.work import PARTS, Arrays, Work
from benchmarks.arrays.works import works

ROUNDS = 15  # a median of fewer follows the neighbours of the process
ENOUGH = 0.005  # seconds that a subject takes in a round at least
SLOW = 5.0  # seconds from which a call is not repeated

Call = Callable[[], Any]


def measure(work: Work, names: Sequence[str], rounds: int = ROUNDS) -> dict[str, Any]:
    """The figures of some subjects, by subject and quantity; what is wrong has a status in place of a time."""
    data = work.data()
    loaded = {name: subjects.load(name) for name in names}
    records: dict[str, Any] = {name: {"version": one.version(), "figures": {}} for name, one in loaded.items()}
    for quantity in work.quantities:
        right = arrays_in(subjects.load("by hand").call(work, data, PARTS[quantity])())
        calls = {}
        for name, one in loaded.items():
            if one.offers(work, quantity):
                call = one.call(work, data, PARTS[quantity])
                error = worst(one.collect(work, data, PARTS[quantity], call()), right)
                if error <= work.tolerance:
                    calls[name] = call
                else:
                    records[name]["status"] = f"wrong {quantity}, error {error:.1e}"
        for name, seconds in medians(calls, rounds).items():
            records[name]["figures"][quantity] = seconds
    for name, one in loaded.items():
        quantities = [q for q in work.quantities if one.offers(work, q)]
        if quantities and name != "by hand":
            records[name]["figures"]["ready"] = ready(one, work, data, quantities)
    return {name: record for name, record in records.items() if record["figures"] or "status" in record}


def worst(found: Sequence[Any], right: Sequence[Any]) -> float:
    """The largest error, each array against its largest value: inf where one is of another shape."""
    if [a.shape for a in map(np.asarray, found)] != [a.shape for a in right]:
        return float("inf")
    errors = [np.max(np.abs(a - b)) / max(float(np.max(np.abs(b))), 1e-300) for a, b in zip(found, right, strict=True)]
    error = float(max(errors))
    return error if error == error else float("inf")


def medians(calls: Mapping[str, Call], rounds: int) -> dict[str, float]:
    """The median time of each call; in every round each is made in turn, as often as fills some milliseconds.

    The order is another one in every round, and what a turn counts it did once before: who is behind a subject that
    has arrays of its own, as JAX has, finds the cache full of them, which made 433 us of 203.
    """
    repeats = {}
    for name, call in calls.items():
        clock = harness.Clock()
        call()
        seconds = clock.lap()
        repeats[name] = 0 if seconds > SLOW else int(min(max(ENOUGH / max(seconds, 1e-7), 1), 5000))
    laps: dict[str, list[float]] = {name: [] for name in calls if repeats[name]}
    gc.collect()
    order = random.Random(0)
    for _ in range(rounds):
        for name in order.sample(sorted(laps), len(laps)):
            call = calls[name]
            for _ in range(repeats[name] if repeats[name] > 1 else 0):
                call()
            clock = harness.Clock()
            for _ in range(repeats[name]):
                call()
            laps[name].append(clock.lap() / repeats[name])
    return {name: statistics.median(seen) for name, seen in laps.items()}


def ready(subject: Subject, work: Work, data: Arrays, quantities: Sequence[str]) -> float:
    """The time that a function of all quantities together takes to be made; what only its first call does included."""
    parts = tuple(dict.fromkeys([part for q in quantities for part in PARTS[q]]))
    with subject.fresh():
        clock = harness.Clock()
        call = subject.call(work, data, parts)
        made = clock.lap()
        call()
        first = clock.lap()
        call()
        return made + max(first - clock.lap(), 0.0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("work")
    parser.add_argument("subjects")
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    harness.confine()
    chosen = works(arguments.quick)[arguments.work]
    print(json.dumps(measure(chosen, arguments.subjects.split(","), 3 if arguments.quick else ROUNDS)))
