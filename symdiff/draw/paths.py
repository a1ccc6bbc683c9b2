"""The paths from a variable to a result: how many there are, and the heaviest of them.

Bauer's formula: a derivative is the sum over all paths of the product of the partials
on their edges (Griewank and Walther, *Evaluating Derivatives*, 2nd ed., section 9.1).
Their number grows exponentially, so it is counted node by node, and the heaviest
are found one after the other: the best way on from each node is known, a further path
leaves an earlier one at one node and is the best from there (Eppstein, 1998).
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from symdiff.draw.annotations import Edge
from symdiff.draw.diagram import Drawn
from symdiff.draw.view import operands

_LOWEST, _HIGHEST = -1e6, 1e6  # stand-in weights of edges whose partial is 0, infinite or nan

Ways = dict[int, list[int]]  # operand positions that paths come through, by node


def ways_between(graph: Drawn, edges: Sequence[Edge], x: int, root: int) -> Ways:
    """The edges on paths from `x` to `root`: `edges` are those that derivatives pass, users before operands."""
    below: dict[int, list[int]] = {}
    for user, position in edges:
        below.setdefault(user, []).append(position)
    reaching = {x}
    for i in sorted(below):
        if any(operands(graph, i)[k] in reaching for k in below[i]):
            reaching.add(i)
    wanted, ways = {root}, {}
    for i in sorted(below, reverse=True):
        if i in wanted and i in reaching:
            ways[i] = [k for k in below[i] if operands(graph, i)[k] in reaching]
            wanted.update([operands(graph, i)[k] for k in ways[i]])
    return ways


def count(graph: Drawn, ways: Ways, x: int, root: int) -> int:
    """The number of paths from `x` to `root`."""
    if x == root:
        return 1
    left: dict[int, int] = {}
    for i, positions in ways.items():
        for k in positions:
            j = operands(graph, i)[k]
            left[j] = left.get(j, 0) + 1
    counts = {x: 1}
    for i in sorted(ways):
        total = 0
        for k in ways[i]:
            j = operands(graph, i)[k]
            total += counts[j]
            left[j] -= 1
            if not left[j]:  # free them: numbers may be huge, and nothing will ask again
                del counts[j]
        counts[i] = total
    return counts.get(root, 0)


def heaviest(graph: Drawn, ways: Ways, x: int, root: int, weight: Mapping[Edge, float], most: int) -> list[list[Edge]]:
    """The `most` paths of largest weight, heaviest first; edges from the result down to `x`."""
    if x == root:
        return [[]]
    if root not in ways:
        return []
    best = {x: 0.0}
    step: dict[int, int] = {}
    for i in sorted(ways):
        best[i], step[i] = max([(weight[i, k] + best[operands(graph, i)[k]], -k) for k in ways[i]])
        step[i] = -step[i]
    found: list[list[Edge]] = []
    clock = 0
    heap: list[tuple[float, int, float, Any, int, int]] = [(-best[root], clock, 0.0, None, root, step[root])]
    while heap and len(found) < most:
        _, _, so_far, taken, i, k = heapq.heappop(heap)
        fresh = not found  # note the ways that leave a path's first node once
        while True:
            if fresh:
                for other in ways[i]:
                    if other != k:
                        clock += 1
                        total = so_far + weight[i, other] + best[operands(graph, i)[other]]
                        heapq.heappush(heap, (-total, clock, so_far, taken, i, other))
            so_far += weight[i, k]
            taken = (taken, (i, k))
            i = operands(graph, i)[k]
            if i == x:
                break
            k = step[i]
            fresh = True
        found.append(_unlinked(taken))
    return found


def _unlinked(taken: Any) -> list[Edge]:
    path = []
    while taken is not None:
        taken, edge = taken
        path.append(edge)
    return path[::-1]


def weights(ways: Ways, partials: Mapping[Edge, Any] | None) -> dict[Edge, float]:
    """What an edge adds to the weight of a path: the logarithm of its partial; without a point, less for each edge."""
    edges = [(i, k) for i, positions in ways.items() for k in positions]
    if partials is None:
        return dict.fromkeys(edges, -1.0)
    return {edge: _logarithm(partials.get(edge, 1)) for edge in edges}


def _logarithm(partial: Any) -> float:
    try:
        with np.errstate(all="ignore"):
            size = float(np.max(np.abs(partial)))
    except (TypeError, ValueError, OverflowError):
        return 0.0
    if size == 0:
        return _LOWEST
    return math.log(size) if math.isfinite(size) else _HIGHEST
