"""What is timed: each function does a case with a rival and returns its figures, values checked first.

Times are CPU time, in seconds where the name does not say otherwise; `error` is that of the values.
"""

from __future__ import annotations

import gc
from typing import Any

import numpy as np

from benchmarks.case import Case
from benchmarks.harness import Clock, best, peak, resident

Figures = dict[str, float]


def derivatives(case: Case, rival: Any, enough: float) -> Figures:
    """Build the formula, derive it, and count the operations of value and derivatives together."""
    checked: Figures = {}

    def once() -> Figures:
        with rival.fresh():
            clock = Clock()
            problem = case.build(rival)
            build = clock.lap()
            found = getattr(rival, case.derive)(problem, case.order)
            figures = {"build": build, "derive": clock.lap()}
            if not checked:
                checked["peak MB"] = peak() / 1e6
                checked["error"] = case.error(rival.values(problem, found, case.point()))
                checked.update(rival.operations(problem, found))
        return figures

    return {**best(once, enough), **checked}


def backpropagation(case: Case, rival: Any, enough: float) -> Figures:
    """Build the formula and find its gradient at a point by numbers alone, again and again."""
    with rival.fresh():
        clock = Clock()
        problem = case.build(rival)
        build = clock.lap()
        step = rival.backpropagation(problem, case.point())
        clock.lap()
        values = step()
        figures = {"build": build, "first step": clock.lap(), "error": case.error(values)}

        def once() -> Figures:
            clock = Clock()
            step()
            return {"step": clock.lap()}

        return {**figures, **best(once, enough)}


def memory(case: Case, rival: Any, enough: float) -> Figures:
    """What a node holds for good, and the most that building and differentiating took."""
    gc.collect()
    before = resident()
    with rival.fresh():
        problem = case.build(rival)
        gc.collect()
        built = resident()
        nodes = rival.nodes(problem)
        found = getattr(rival, case.derive)(problem, case.order)
        most = peak()
        error = case.error(rival.values(problem, found, case.point()))
    return {
        "nodes": nodes,
        "bytes a node": (built - before) / nodes,
        "build MB": (built - before) / 1e6,
        "peak MB": (most - before) / 1e6,
        "error": error,
    }


def batch(case: Case, rival: Any, enough: float) -> Figures:
    """Compile value and derivatives together, and call them on many points."""
    columns = np.asarray(case.point(), dtype=float)
    with rival.fresh():
        clock = Clock()
        program = rival.batch(case.build(rival), case.derive, case.order)
        prepared = program.prepare(columns)
        clock.lap()
        result = program.call(*prepared)
        first = clock.lap()
        values = np.stack([np.broadcast_to(v, columns.shape[1:]) for v in program.collect(result)])

        def once() -> Figures:
            clock = Clock()
            program.call(*prepared)
            return {"ns a point": clock.lap() / columns.shape[1]}

        found = best(once, enough)
    return {
        "ns a point": found["ns a point"] * 1e9,
        "ready": program.seconds,
        "first call": first,
        "error": case.error(values),
    }


def call(case: Case, rival: Any, enough: float) -> Figures:
    """Compile a small formula, and call it with floats many times."""
    return _calls(case, rival, enough, "µs a call", 1e6)


def evaluation(case: Case, rival: Any, enough: float) -> Figures:
    """Compile value and derivatives of a large formula, and evaluate them at one point many times."""
    return _calls(case, rival, enough, "µs a call", 1e6)


def _calls(case: Case, rival: Any, enough: float, name: str, unit: float) -> Figures:
    point = np.asarray(case.point(), dtype=float)
    with rival.fresh():
        program = rival.function(case.build(rival), case.derive, case.order)
        prepared = program.prepare(point)
        values = program.collect(program.call(*prepared))
        clock = Clock()
        program.call(*prepared)
        repeat = int(min(max(0.05 / max(clock.lap(), 1e-7), 1), 100_000))
        perform = program.call

        def once() -> Figures:
            clock = Clock()
            for _ in range(repeat):
                perform(*prepared)
            return {name: clock.lap() / repeat}

        found = best(once, enough)
    return {name: found[name] * unit, "ready": program.seconds, "error": case.error(values)}


def first(case: Case, rival: Any, enough: float) -> Figures:
    """From the formula to the first value: derive, compile, call once; packages are imported before.

    `first value` is the first time in a process, `next formula` the best of later ones.
    """
    point = np.asarray(case.point(), dtype=float)
    checked: Figures = {}

    def once() -> Figures:
        with rival.fresh():
            clock = Clock()
            program = rival.function(case.build(rival), case.derive, case.order)
            result = program.call(*program.prepare(point))
            seconds = clock.lap()
            if not checked:
                checked["first value"] = seconds
                checked["error"] = case.error(program.collect(result))
        return {"next formula": seconds}

    return {**best(once, enough), **checked}
