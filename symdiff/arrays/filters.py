"""Cumulative sums and convolutions in their normal forms, and what is their transpose."""

from __future__ import annotations

import numpy as np

from symdiff.arrays.contraction import scaled, without_coefficient, zeros
from symdiff.arrays.indexing import put, reshape, take
from symdiff.arrays.reading import is_zero, shape_of
from symdiff.graph import Graph
from symdiff.keys import Place, Places, Range
from symdiff.ops import arrays
from symdiff.shapes import convolved


def cumsum(graph: Graph, i: int, axis: int) -> int:
    """The sums of all entries up to each, along an axis."""
    if is_zero(graph, i):
        return i
    coefficient, rest = without_coefficient(graph, i)
    if coefficient != 1:
        return scaled(graph, coefficient, cumsum(graph, rest, axis))
    return graph.intern((arrays.cumsum.opcode, graph.static(f"axes {(axis,)}", (axis,)), i))


def backwards(graph: Graph, i: int, axis: int) -> int:
    """An array with the entries along an axis in reverse order."""
    key: list[Place] = [Range(0, n) for n in shape_of(graph, i)]
    n = shape_of(graph, i)[axis]
    if isinstance(n, str):
        key[axis] = Range(-1, n, -1)
    elif n > 1:
        key[axis] = Range(n - 1, n, -1)
    return take(graph, i, tuple(key))


def sums_from_the_end(graph: Graph, i: int, axis: int) -> int:
    """The sums of each entry and all behind it: the transpose of a cumulative sum."""
    return backwards(graph, cumsum(graph, backwards(graph, i, axis), axis), axis)


def convolve(graph: Graph, a: int, b: int, mode: str) -> int:
    """The convolution of two vectors, or rows of two stacks, "full" or "valid"; a valid one is of b within a."""
    n, m = (shape_of(graph, j)[-1] for j in (a, b))
    if mode == "valid" and isinstance(n, int) and isinstance(m, int) and n < m:
        return convolve(graph, b, a, mode)
    if is_zero(graph, a) or is_zero(graph, b):
        return zeros(graph, (*shape_of(graph, a)[:-1], convolved(mode, n, m)))
    (c, left), (d, right) = without_coefficient(graph, a), without_coefficient(graph, b)
    if c != 1 or d != 1:
        return scaled(graph, c, scaled(graph, d, convolve(graph, left, right, mode)))
    return graph.intern((arrays.convolve.opcode, graph.static(f"mode {mode}", mode), a, b))


def toeplitz(graph: Graph, v: int, rows: int, columns: int, first: int) -> int:
    """The matrix with `v[i - j + first]` at i, j, and zeros where v has no such entry; of each row of a stack one."""
    *stack, n = shape_of(graph, v)
    assert isinstance(n, int)
    front = [Range(0, size) for size in stack]
    padded = put(graph, v, (*front, Range(columns - 1 - first, n)), (*stack, rows + columns - 1))
    places = np.subtract.outer(np.arange(rows), np.arange(columns)) + columns - 1
    found = take(graph, padded, (*front, Places(tuple(places.ravel().tolist()))))
    return reshape(graph, found, (*stack, rows, columns))
