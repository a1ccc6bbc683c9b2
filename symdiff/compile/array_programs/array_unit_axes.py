"""Axes of one entry that products sum over, as those along which NumPy broadcasts, are left out: `X*a` acts entry by
entry where `a` is a column.
"""

from __future__ import annotations

from collections.abc import Sequence

from symdiff.arrays.reading import EINSUM, RESHAPE
from symdiff.compile.array_programs.array_nodes import interned
from symdiff.graph import VAR, Graph


def without_unit_axes(graph: Graph, outputs: Sequence[int]) -> list[int]:
    """Nodes of the same values, whose products sum over no axis of one entry."""
    made: dict[int, int] = {}
    for i in graph.cone(outputs):
        node = graph.nodes[i]
        if node[0] <= VAR:
            made[i] = i
            continue
        units = _units(graph, i) if node[0] == EINSUM else set()
        made[i] = _product(graph, i, units, made) if units else graph.intern((node[0], *[made[j] for j in node[1:]]))
    return [made[i] for i in outputs]


def _units(graph: Graph, i: int) -> set[str]:
    """The labels of axes of one entry that a product sums over."""
    node = graph.nodes[i]
    labels = graph.leaves[node[1]]
    sized = [
        pair
        for j, own in zip(node[2:], labels.factors, strict=True)
        for pair in zip(own, graph.shapes.get(j, ()), strict=True)
    ]
    return {k for k, size in sized if size == 1 and k not in labels.result}


def _product(graph: Graph, i: int, units: set[str], made: dict[int, int]) -> int:
    node = graph.nodes[i]
    labels = graph.leaves[node[1]]
    factors = []
    for j, own in zip(node[2:], labels.factors, strict=True):
        left = "".join([k for k in own if k not in units])
        shape = tuple([n for k, n in zip(own, graph.shapes.get(j, ()), strict=True) if k not in units])
        factor = made[j]
        if left != own:
            factor = graph.intern((RESHAPE, graph.static(f"shape {shape}", shape), factor))
        factors.append((factor, left))
    if len(factors) == 1 and factors[0][1] == labels.result:
        return factors[0][0]
    return interned(graph, factors, labels.result, labels.free)
