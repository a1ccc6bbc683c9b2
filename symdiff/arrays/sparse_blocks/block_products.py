"""Matrices of blocks times vectors and matrices: each block by itself, put where its rows are."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from symdiff.arrays.contraction import contract, fresh, zeros
from symdiff.arrays.indexing import concatenate, put, take
from symdiff.arrays.reading import shape_of
from symdiff.arrays.sparse_blocks.assembly import Part
from symdiff.arrays.sparse_blocks.coordinates import Block, all_of, as_place
from symdiff.arrays.sparse_blocks.fusing import fused
from symdiff.arrays.sparse_blocks.gathering import gathered
from symdiff.arrays.sums import add
from symdiff.errors import SymdiffTypeError
from symdiff.graph import Graph
from symdiff.keys import Range
from symdiff.shapes import Shape, Size, shown


def as_vectors(shapes: Sequence[Shape]) -> list[Size]:
    """The number of entries of an array of each of some shapes.

    Raises
    ------
    SymdiffTypeError
        Where that is a product of a size that has a name.
    """
    found: list[Size] = []
    for shape in shapes:
        names = [n for n in shape if isinstance(n, str)]
        count = math.prod([n for n in shape if isinstance(n, int)])
        if names and (len(names) > 1 or count != 1):
            raise SymdiffTypeError(f"an array of shape {shown(shape)} is no vector until its sizes are numbers")
        found.append(names[0] if names else count)
    return found


def times(
    graph: Graph, parts: Sequence[Part], functions: Sequence[Shape], variables: Sequence[Shape], other: int
) -> int | None:
    """The matrix of derivatives of functions by variables times a vector or a matrix; None where that does not fit."""
    rows, cols, rest = as_vectors(functions), as_vectors(variables), shape_of(graph, other)[1:]
    factors = _cut(graph, other, cols)
    if factors is None:
        return None
    sums: list[list[int]] = [[] for _ in rows]
    for part in parts:
        for block in part.blocks:
            shape = functions[part.row] + variables[part.col]
            own = Block(*fused(graph, *block, shape, (rows[part.row], cols[part.col])))
            sums[part.row].append(_product(graph, own, factors[part.col], (rows[part.row], *rest)))
    shapes = [(n, *rest) for n in rows]
    return _stacked(graph, [add(graph, s, n) if s else zeros(graph, n) for s, n in zip(sums, shapes, strict=True)])


def _cut(graph: Graph, other: int, counts: Sequence[Size]) -> list[int] | None:
    """The pieces of a vector or a matrix that variables of so many entries meet, None where it is no such."""
    first, *rest = shape_of(graph, other)
    if len(counts) == 1:
        return [other] if first == counts[0] else None
    numbers = [n for n in counts if isinstance(n, int)]
    if len(numbers) < len(counts) or first != sum(numbers):
        return None
    ends = np.cumsum(numbers).tolist()
    whole = [Range(0, n) for n in rest]
    return [take(graph, other, (Range(e - n, n), *whole)) for e, n in zip(ends, numbers, strict=True)]


def _product(graph: Graph, block: Block, factor: int, shape: Shape) -> int:
    """A block of a matrix times a vector or a matrix, put where its rows are."""
    row, col = block.axes
    tail = [all_of(k, n) for k, n in zip(fresh(len(shape) - 1), shape[1:], strict=True)]
    right = gathered(graph, factor, [col, *tail])
    own = tuple(range(len(shape_of(graph, block.values))))
    labels = [a.label for a in (row, *tail) if a.label is not None]
    found = contract(graph, [(block.values, own), right], labels)
    return put(graph, found, (as_place(row.at), *[Range(0, n) for n in shape[1:]]), shape)


def _stacked(graph: Graph, made: Sequence[int]) -> int:
    """Some arrays one below the other."""
    if len(made) == 1:
        return made[0]
    heights = [n for n in (shape_of(graph, i)[0] for i in made) if isinstance(n, int)]
    if len(heights) < len(made):
        raise SymdiffTypeError("several functions are one vector once their sizes are numbers")
    return concatenate(graph, made, 0, (sum(heights), *shape_of(graph, made[0])[1:]))
