"""What array nodes are, read off the graph: shapes, numbers, factors and terms."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from symdiff import ops
from symdiff.graph import CONST, VAR, Graph
from symdiff.ops import arrays
from symdiff.shapes import Shape

EINSUM, PUT, TAKE, RESHAPE = (op.opcode for op in (arrays.einsum, arrays.put, arrays.take, arrays.reshape))
INV, SOLVE = arrays.inv.opcode, arrays.solve.opcode
ADD, DIV, POW = ops.add.opcode, ops.div.opcode, ops.pow.opcode


def shape_of(graph: Graph, i: int) -> Shape:
    """The shape of a node, () for a scalar."""
    return graph.shapes.get(i, ())


def number(graph: Graph, i: int) -> Any:
    """The real number that a node is, else None: no condition, and nothing that pi or e are."""
    if graph.nodes[i][0] != CONST or i in graph.shapes:
        return None
    value = graph.leaves[i]
    return value if type(value) in (int, float, Fraction) else None


def pieces(graph: Graph, i: int) -> tuple[Any, list[tuple[int, str]], str]:
    """A contraction as its coefficient, its factors with their labels, and the labels of the result."""
    node = graph.nodes[i]
    labels = graph.leaves[node[1]]
    factors = list(zip(node[2:], labels.factors, strict=True))
    coefficient = number(graph, factors[0][0]) if factors and not factors[0][1] else None
    return (1, factors, labels.result) if coefficient is None else (coefficient, factors[1:], labels.result)


def is_zero(graph: Graph, i: int) -> bool:
    """Whether a node is zero by its structure."""
    if graph.nodes[i][0] != EINSUM:
        return bool(number(graph, i) == 0)
    return bool(pieces(graph, i)[0] == 0)


def base_and_exponent(graph: Graph, i: int) -> tuple[int, int]:
    """A node as a power with a whole exponent: `x**2`, 1/x as the power -1, itself as the first."""
    node = graph.nodes[i]
    if node[0] == DIV and number(graph, node[1]) == 1 and type(number(graph, node[1])) is int:
        base, exponent = base_and_exponent(graph, node[2])
        return (base, -exponent) if exponent > 0 else (i, 1)
    if node[0] == POW:
        exponent = number(graph, node[2])
        if type(exponent) is int:
            return node[1], exponent
    return i, 1


def sums(graph: Graph, i: int) -> bool:
    """Whether a contraction adds up anything."""
    labels = graph.leaves[graph.nodes[i][1]]
    return bool(labels.summed)


def is_diagonal(graph: Graph, i: int) -> bool:
    """Whether a node is zero outside of a diagonal by its structure: it should not be made dense before its time."""
    node = graph.nodes[i]
    if node[0] == EINSUM:
        result = graph.leaves[node[1]].result
        return len(set(result)) < len(result)
    if node[0] == PUT and len(node) == 3:
        return is_diagonal(graph, node[2])
    return node[0] == ADD and i in graph.shapes and all(is_diagonal(graph, t) for t in node[1:])


def is_thin(graph: Graph, i: int) -> bool:
    """Whether a node is diagonal, or the same along some axis: a product is taken of its parts."""
    if is_diagonal(graph, i):
        return True
    node = graph.nodes[i]
    return node[0] == EINSUM and bool(graph.leaves[node[1]].free) and any(j in graph.shapes for j in node[2:])


def is_leaf(graph: Graph, i: int) -> bool:
    """Whether a node is a constant or a variable."""
    return bool(graph.nodes[i][0] <= VAR)
