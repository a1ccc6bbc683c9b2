"""How many entries a sparse matrix of named sizes has, as a polynomial in them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from symdiff.arrays.reading import shape_of
from symdiff.arrays.sparse_blocks.assembly import Part
from symdiff.graph import Graph
from symdiff.keys import Range
from symdiff.shapes import Shape, Size, named

Polynomial = dict[tuple[int, ...], Fraction]  # coefficients by the exponents of the names


def names_of(shapes: Sequence[Shape]) -> list[str]:
    """The names of sizes in shapes, in the order in which they come."""
    return list(dict.fromkeys([named(n)[0] for shape in shapes for n in shape if isinstance(n, str)]))


def polynomial(
    graph: Graph, parts: Sequence[Part], names: Sequence[str], count: Callable[[Mapping[str, int]], int]
) -> Polynomial:
    """A count of entries as a polynomial in names, interpolated.

    Blocks and what they have in common are boxes with edges n + c, so that the count is a polynomial from the sizes on
    beyond which no constant place and offset reaches.
    """
    first, degrees = beyond(graph, parts), [_degree(graph, parts, name) for name in names]
    grid = [range(first, first + degree + 1) for degree in degrees]
    values = np.array(
        [count(dict(zip(names, point, strict=True))) for point in itertools.product(*grid)], dtype=object
    ).reshape([len(g) for g in grid])
    for axis, points in enumerate(grid):
        values = np.moveaxis(np.tensordot(_inverse_vandermonde(points), values, (1, axis)), 0, axis)
    return {powers: c for powers, c in np.ndenumerate(values) if c != 0}


def beyond(graph: Graph, parts: Sequence[Part]) -> int:
    """A size that is larger than every constant place and offset together."""
    reach = 2
    for part in parts:
        for block in part.blocks:
            for n in shape_of(graph, block.values):
                reach = max(reach, _reach(n))
            for axis in block.axes:
                at = axis.at
                ends = [at.start, _reach(at.count)] if isinstance(at, Range) else np.asarray(at).ravel().tolist()
                reach = max([reach, *map(abs, ends)])
    return 2 * reach


def _reach(size: Size) -> int:
    return size if isinstance(size, int) else abs(named(size)[1])


def _degree(graph: Graph, parts: Sequence[Part], name: str) -> int:
    """How many labels of a block a name is the size of, at most."""
    shapes = [shape_of(graph, block.values) for part in parts for block in part.blocks]
    return max([sum(isinstance(n, str) and named(n)[0] == name for n in shape) for shape in shapes], default=0)


def _inverse_vandermonde(points: Sequence[int]) -> Any:
    """The matrix that makes coefficients of values at points: those of Lagrange's polynomials, exactly."""
    columns = []
    for p in points:
        coefficients = [Fraction(1)]
        for q in points:
            if q != p:
                lower, upper = [Fraction(0), *coefficients], [c * -q for c in coefficients] + [Fraction(0)]
                coefficients = [(a + b) / (p - q) for a, b in zip(lower, upper, strict=True)]
        columns.append(coefficients)
    return np.array(columns, dtype=object).T
