"""Constant arrays of one number throughout as that number in products: vectors of ones, as directions of slopes are."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any

import numpy as np

from symdiff.array_constants import is_sparse
from symdiff.arrays.reading import EINSUM, pieces
from symdiff.compile.array_programs.array_nodes import interned
from symdiff.graph import CONST, VAR, Graph
from symdiff.shapes import Size


def without_uniform(graph: Graph, outputs: Sequence[int]) -> list[int]:
    """Nodes of the same values, whose products have numbers in place of arrays of one number."""
    made: dict[int, int] = {}
    for i in graph.cone(outputs):
        node = graph.nodes[i]
        if node[0] <= VAR:
            made[i] = i
            continue
        found = -1
        if node[0] == EINSUM and any(_uniform(graph, j) is not None for j in node[2:]):
            found = _product(graph, i, made)
        made[i] = found if found >= 0 else graph.intern((node[0], *[made[j] for j in node[1:]]))
    return [made[i] for i in outputs]


def _uniform(graph: Graph, i: int) -> Any:
    """The number that every entry of a constant array is, None for others."""
    if graph.nodes[i][0] != CONST or i not in graph.shapes:
        return None
    value = graph.leaves[i]
    if is_sparse(value) or value.dtype == bool or not value.size:
        return None
    first = value.flat[0]
    if not isfinite(first) or not (value == first).all():
        return None
    return int(first) if first == np.rint(first) else first.item()


def _product(graph: Graph, i: int, made: dict[int, int]) -> int:
    """A product without the factors that are uniform; -1 where it sums over an axis that only these have."""
    coefficient, factors, result = pieces(graph, i)
    rest = []
    sizes: dict[str, Size] = dict(zip(result, graph.shapes.get(i, ()), strict=True))
    for j, labels in factors:
        number = _uniform(graph, j)
        if number is None:
            rest.append((made[j], labels))
        else:
            coefficient = coefficient * number
    held = {k for _, labels in rest for k in labels}
    if not held or not {k for _, labels in factors for k in labels} <= held | set(result):
        return -1
    if len(rest) == 1 and rest[0][1] == result and coefficient == 1:
        return rest[0][0]
    free = tuple([(k, sizes[k]) for k in dict.fromkeys(result) if k not in held])
    numbers = [(graph.const(coefficient), "")] if coefficient != 1 else []
    return interned(graph, [*numbers, *rest], result, free)
