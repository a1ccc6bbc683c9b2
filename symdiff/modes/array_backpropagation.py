"""Reverse mode on numbers where arrays take part: the symbolic adjoints, run as a program.

Each pullback is written once, as nodes (`pullbacks.py`); backpropagation evaluates what it makes, in a graph
aside. So a gradient takes a few products of matrices, of whatever numbers the point holds.
"""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from typing import Any, NamedTuple

from symdiff.algebra.evaluate import Bound, bind, run
from symdiff.arrays.reading import shape_of
from symdiff.arrays.sums import add
from symdiff.graph import STATIC, VAR, Graph, Variable
from symdiff.handle import Handle, handle
from symdiff.modes import budgets
from symdiff.modes.array_reverse import adjoints, projected


class _Plan(NamedTuple):
    """Adjoints as nodes of a graph aside, by node of a program, and the variables that are the seeds of its outputs."""

    graph: Graph
    seeds: dict[int, Handle]
    adjoints: dict[int, Handle]
    variables: dict[int, Handle]


_plans: weakref.WeakKeyDictionary[Graph, dict[Any, _Plan]] = weakref.WeakKeyDictionary()


def numeric_adjoints(bound: Bound, seeds: Mapping[int, Any], every: bool) -> list[Any]:
    """The adjoints of the variables of a program, or of all its nodes; None where none arrives.

    `seeds` are the adjoints of the outputs. Those found have the axes of a batch in front, whether or not the value
    of the node has them.
    """
    plan = _planned(bound, every)
    point = {v: bound.values[k] for k, v in plan.variables.items()}
    point |= {v: seeds[k] for k, v in plan.seeds.items()}
    found: list[Any] = [None] * len(bound.program.nodes)
    if plan.adjoints:
        swept = bind(list(plan.adjoints.values()), point, {})._replace(sizes=bound.sizes)
        results = run(swept)
        for k, place in zip(plan.adjoints, swept.program.outputs, strict=True):
            found[k] = results[place]
    return found


def _planned(bound: Bound, every: bool) -> _Plan:
    """The adjoints of a program, made once."""
    kept = _plans.setdefault(bound.graph, {})
    key = (every, *[bound.program.origin[k] for k in bound.program.outputs])
    found = kept.get(key)
    if found is None:
        if len(kept) >= budgets.ARRAY_PLANS:
            kept.clear()
        found = kept[key] = _made(bound, every)
    return found


def _made(bound: Bound, every: bool) -> _Plan:
    program = bound.program
    aside = Graph()
    here = aside.adopt(bound.graph, program.origin)
    floats = [here[k] for k in program.variables if aside.leaves[here[k]].kind != "int"]
    wrt = None if every else floats
    seeds: dict[int, Handle] = {}
    terms: dict[int, list[int]] = {}
    place = {i: k for k, i in enumerate(here) if program.nodes[k][0] != STATIC}
    for k in dict.fromkeys(program.outputs):
        shape = shape_of(aside, here[k])
        seed = aside.var(Variable(f"seed of output {k}", ("seed", shape, f"of output {k}"), shape=shape))
        seeds[k] = handle(aside, seed)
        for i, adjoint in adjoints(aside, here[k], seed, (), wrt).items():
            if i in place and (every or program.nodes[place[i]][0] == VAR):
                terms.setdefault(place[i], []).append(adjoint)
    totals = {
        k: projected(aside, add(aside, parts, shape_of(aside, here[k])) if len(parts) > 1 else parts[0], here[k])
        for k, parts in terms.items()
    }
    found = {k: handle(aside, totals[k]) for k in sorted(totals, reverse=True)}
    return _Plan(aside, seeds, found, {k: handle(aside, here[k]) for k in program.variables})
