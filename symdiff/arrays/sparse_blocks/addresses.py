"""Where the entries of an array stand in those that it is a selection of, for sizes that are numbers.

What only moves entries, blocks, gathers, reshapes, transposes and sums with what does not depend on a variable, is
followed from either end: from a source back to a variable, and from a result back to what is put into it.
"""

from __future__ import annotations

import math
from collections.abc import Container, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symdiff.arrays.reading import ADD, EINSUM, PUT, RESHAPE, TAKE, pieces, shape_of
from symdiff.graph import Graph
from symdiff.keys import Key, Paired, Places, left_of, numpy_key

Numbers = NDArray[np.intp]


def whole_sizes(graph: Graph, i: int) -> tuple[int, ...] | None:
    """The shape of a node where all its sizes are numbers."""
    shape = tuple([n for n in shape_of(graph, i) if isinstance(n, int)])
    return shape if len(shape) == len(shape_of(graph, i)) else None


def places_in(graph: Graph, i: int, variable: int, depends: Container[int]) -> Numbers | None:
    """For each entry of a node the number of the entry of a variable that it is, but for constants, -1 for none.

    None for a node that is no such selection. `depends` are the nodes that depend on variables.
    """
    path = []
    j = i
    while j != variable:
        below = [k for k in graph.nodes[j][1:] if k in depends]
        if len(below) != 1 or not _selects(graph, j):
            return None
        path.append(j)
        j = below[0]
    shape = whole_sizes(graph, variable)
    if shape is None or any(whole_sizes(graph, k) is None for k in path):
        return None
    found = np.arange(math.prod(shape), dtype=np.intp).reshape(shape)
    for k in reversed(path):
        found = _moved(graph, k, found, depends)
    return found


def _selects(graph: Graph, i: int) -> bool:
    """Whether a node moves the entries of an operand, or adds what is constant."""
    node = graph.nodes[i]
    if node[0] == EINSUM:
        return _turn(graph, i) is not None
    if node[0] == PUT:
        return not any(isinstance(p, (Places, Paired)) for key in graph.leaves[node[1]].keys for p in key)
    return node[0] in (TAKE, RESHAPE) or (node[0] == ADD and all(j in graph.shapes for j in node[1:]))


def _turn(graph: Graph, i: int) -> list[int] | None:
    """The order of axes of which a contraction is, None for one that does more."""
    coefficient, factors, result = pieces(graph, i)
    if coefficient != 1 or len(factors) != 1:
        return None
    names = factors[0][1]
    return (
        [names.index(k) for k in result] if sorted(names) == sorted(result) and len(set(names)) == len(names) else None
    )


def _moved(graph: Graph, i: int, at: Numbers, depends: Container[int]) -> Numbers:
    node = graph.nodes[i]
    if node[0] == ADD:
        return at
    if node[0] == EINSUM:
        return at.transpose(_turn(graph, i) or ())
    parameters = graph.leaves[node[1]]
    if node[0] == TAKE:
        block: Numbers = at[index_of(parameters, at.shape)]
        return block
    if node[0] == RESHAPE:
        return at.reshape(parameters)
    found: Numbers = np.full(whole_sizes(graph, i) or (), -1, dtype=np.intp)
    for key, j in zip(parameters.keys, node[2:], strict=True):
        found[numpy_key(key, {})] = at if j in depends else -1
    return found


def index_of(key: Key, shape: Sequence[int]) -> Any:
    """A key as NumPy's index arrays, which broadcast to all places; ints where it has them."""
    left, own = left_of(key), 0
    paired: int | None = None
    found: list[Any] = []
    for p, n in zip(numpy_key(key, {}), shape, strict=True):
        if isinstance(p, int):
            found.append(p)
            continue
        axis = paired if isinstance(p, Paired) and paired is not None else own
        own += axis == own
        paired = axis if isinstance(p, Paired) else paired
        at = np.arange(n)[p] if isinstance(p, slice) else np.array(p.at, dtype=np.intp)
        found.append(at.reshape([-1 if k == axis else 1 for k in range(len(left))]))
    return tuple(found)


def parts_of(graph: Graph, i: int, at: Numbers) -> list[tuple[int, Numbers]] | None:
    """What a node is put together of, each with the numbers that its entries have, those of the node being `at`.

    None for a node that is more than that.
    """
    node = graph.nodes[i]
    if node[0] == ADD and all(j in graph.shapes for j in node[1:]):
        return [(j, at) for j in node[1:]]
    if node[0] == EINSUM:
        turn = _turn(graph, i)
        return None if turn is None else [(pieces(graph, i)[1][0][0], at.transpose(np.argsort(turn)))]
    if node[0] == RESHAPE:
        shape = whole_sizes(graph, node[2])
        return None if shape is None else [(node[2], at.reshape(shape))]
    if node[0] == PUT:
        keys = graph.leaves[node[1]].keys
        return [(j, at[index_of(key, at.shape)]) for key, j in zip(keys, node[2:], strict=True)]
    return None
