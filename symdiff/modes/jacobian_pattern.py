"""Which entries of a Jacobian are not zero for structural reasons: sets of variables or results by node.

Every node gets the set of variables below it, its index domain (Griewank and
Walther, *Evaluating Derivatives*, 2nd ed., section 7.1), or of results above
it: the two do unequal work, so each is given up in favour of the other when it
has done more than its share. Sets that do not change along a path are one object.
"""

from __future__ import annotations

from math import inf

from symdiff.modes import budgets
from symdiff.modes.linearised_graph import LinearGraph

Ends = frozenset[int]


def union(a: Ends, b: Ends) -> Ends:
    """The union; one of the two themselves where it holds the other."""
    if a is b or not b:
        return a
    if len(a) < len(b):
        a, b = b, a
    return a if b <= a else a | b


def reached(linear: LinearGraph) -> list[tuple[int, int]]:
    """The pairs of a result and a variable below it."""
    work = budgets.PATTERN_WORK + budgets.PATTERN_WORK_EDGE * sum([len(edges) for edges in linear.into.values()])
    while True:
        for search in (_upwards, _downwards):
            found = search(linear, work)
            if found is not None:
                return found
        work *= 4


def _upwards(linear: LinearGraph, work: float = inf) -> list[tuple[int, int]] | None:
    """By the variables below each node."""
    left = {i: len(users) for i, users in linear.out.items()}
    below = {i: frozenset((i,)) for i in linear.out if i not in linear.into}
    for i in linear.inner:
        held: frozenset[int] = frozenset()
        for j in linear.into[i]:
            work -= min(len(held), len(below[j]))
            held = union(held, below[j])
            left[j] -= 1
            if not left[j]:  # free what nothing will ask for again
                del below[j]
        work -= len(held)
        if work < 0:
            return None
        below[i] = held
    return [(output, j) for output in linear.sinks for j in below[output]]


def _downwards(linear: LinearGraph, work: float = inf) -> list[tuple[int, int]] | None:
    """By the results above each node."""
    above = {output: frozenset((output,)) for output in linear.sinks}
    found: list[tuple[int, int]] = []
    for i in reversed(linear.out):
        held = above.pop(i, frozenset())
        if i not in linear.into:
            found.extend([(output, i) for output in held])
            continue
        for j in linear.into[i]:
            before = above.get(j, frozenset())
            work -= min(len(before), len(held)) + 1
            above[j] = union(before, held)
        if work < 0:
            return None
    return found
