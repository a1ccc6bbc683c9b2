"""The numbers that named sizes have to be at least: `x[1:]` needs an n of 1, and `x[5]` one of 6."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from symdiff.arrays.reading import PUT, TAKE, shape_of
from symdiff.errors import SymdiffValueError
from symdiff.graph import Graph
from symdiff.handle import handle
from symdiff.keys import Place, Range
from symdiff.shapes import Size, named

Least = Mapping[str, tuple[int, int]]  # by name: the number, and the node that needs it


def least_sizes(graph: Graph, nodes: Iterable[int]) -> dict[str, tuple[int, int]]:
    """The smallest number that each named size of some nodes may be, and a node that needs it."""
    found: dict[str, tuple[int, int]] = {}
    for i in nodes:
        for size, number in _needed(graph, i):
            name, offset = named(size)
            least = number - offset
            if least > 0 and least > found.get(name, (0, i))[0]:
                found[name] = least, i
    return found


def _needed(graph: Graph, i: int) -> Iterator[tuple[str, int]]:
    """Named sizes of a node, each with how large it is for sure."""
    for size in shape_of(graph, i):
        if isinstance(size, str):
            yield size, 0
    node = graph.nodes[i]
    if node[0] == TAKE:
        yield from _places(graph.leaves[node[1]], shape_of(graph, node[2]))
    elif node[0] == PUT:
        where = graph.leaves[node[1]]
        for key in where.keys:
            yield from _places(key, where.shape)


def _places(key: Iterable[Place], shape: Iterable[Size]) -> Iterator[tuple[str, int]]:
    """Named sizes of axes of which a key has places, each with how large it is for these."""
    for place, size in zip(key, shape, strict=True):
        if isinstance(size, str):
            yield size, _reach(place)


def _reach(place: Place) -> int:
    """The size that an axis needs for a place; ranges of named counts are as long as their axis lets them be."""
    if isinstance(place, Range):
        if not isinstance(place.count, int) or not place.count:
            return 0
        ends: tuple[int, ...] = (place.start, place.start + (place.count - 1) * place.step)
    else:
        ends = (place,) if isinstance(place, int) else place.at
    return max([k + 1 if k >= 0 else -k for k in ends], default=0)


def check_sizes(graph: Graph, least: Least, sizes: Mapping[str, Any]) -> None:
    """Refuse numbers of named sizes at which an expression has places that its arrays lack.

    Raises
    ------
    SymdiffValueError
        Naming the size, the expression and what it needs.
    """
    for name, (number, i) in least.items():
        if name in sizes and sizes[name] < number:
            raise SymdiffValueError(
                f"{handle(graph, i)!r} needs a size {name} of {number} at least, and {name} is {sizes[name]}"
            )
