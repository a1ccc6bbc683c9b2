"""Nodes of operations from outside: the parameter says how many axes of each operand are its own."""

from __future__ import annotations

from collections.abc import Sequence

from symdiff.arrays.contraction import broadcast_to
from symdiff.arrays.reading import shape_of
from symdiff.graph import Graph
from symdiff.ops.arrays import infer
from symdiff.ops.external_operation import ExternalOperation, Ranks
from symdiff.shapes import Shape, broadcast


def external(graph: Graph, op: ExternalOperation, operands: Sequence[int], ranks: Ranks | None = None) -> int:
    """The node of a result of an operation from outside; all axes of operands are their own where `ranks` is None.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For operands of shapes that it does not take.
    """
    shapes = [shape_of(graph, i) for i in operands]
    ranks = tuple(map(len, shapes)) if ranks is None else ranks
    op.result_shape(ranks, shapes)
    graph.hold_arrays(infer)
    return graph.intern((op.opcode, graph.static(f"ranks {ranks}", ranks), *operands))


def leads_of(graph: Graph, i: int) -> tuple[list[Shape], Shape]:
    """The axes of a batch in front of each operand of such a node, and those of all together."""
    node = graph.nodes[i]
    ranks: Ranks = graph.leaves[node[1]]
    shapes = [shape_of(graph, j) for j in node[2:]]
    leads = [shape[: len(shape) - n] for shape, n in zip(shapes, ranks, strict=True)]
    return leads, broadcast(leads) or ()


def repeated(graph: Graph, i: int, rank: int, lead: Shape) -> int:
    """An operand at every point of a batch."""
    shape = shape_of(graph, i)
    return broadcast_to(graph, i, lead + shape[len(shape) - rank :])
