"""Reductions written out, for the derivatives of those that have no formula of their own."""

from __future__ import annotations

from collections.abc import Sequence

from symdiff import ops
from symdiff.arrays import indexing
from symdiff.arrays.contraction import filled
from symdiff.arrays.reading import shape_of
from symdiff.build import build
from symdiff.errors import SymdiffValueError
from symdiff.graph import Graph
from symdiff.keys import Place, Range
from symdiff.shapes import shown

MUL = ops.mul.opcode


def product_of_halves(graph: Graph, i: int, axes: Sequence[int]) -> int:
    """The product along axes as that of the halves of each, again and again: some log n nodes.

    Raises
    ------
    SymdiffValueError
        For an axis whose size has a name.
    """
    for axis in sorted(axes, reverse=True):
        i = _along(graph, i, axis)
    return i


def _along(graph: Graph, i: int, axis: int) -> int:
    size = shape_of(graph, i)[axis]
    if isinstance(size, str):
        raise SymdiffValueError(
            f"the derivative of a product along an axis of shape {shown(shape_of(graph, i))} needs a number for {size}"
        )
    rest: int | None = None
    while size > 1:
        if size % 2:
            last = _cut(graph, i, axis, size - 1)
            rest = last if rest is None else build(graph, MUL, (rest, last))
        half = size // 2
        i = build(graph, MUL, (_cut(graph, i, axis, Range(0, half)), _cut(graph, i, axis, Range(half, half))))
        size = half
    if size == 0:
        shape = shape_of(graph, i)
        left = (*shape[:axis], *shape[axis + 1 :])
        return filled(graph, graph.const(1), left) if left else graph.const(1)
    found = _cut(graph, i, axis, 0)
    return found if rest is None else build(graph, MUL, (found, rest))


def _cut(graph: Graph, i: int, axis: int, place: Place) -> int:
    key: list[Place] = [Range(0, n) for n in shape_of(graph, i)]
    key[axis] = place
    return indexing.take(graph, i, tuple(key))
