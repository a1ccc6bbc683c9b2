"""Nodes made again of other operands, of the same shapes: what substitution does to each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from symdiff.arrays import contraction, filters, index_arrays, indexing, linear_algebra, scans
from symdiff.arrays.external import external
from symdiff.build import build
from symdiff.errors import SymdiffValueError
from symdiff.graph import VAR, Graph, Node
from symdiff.ops import arrays
from symdiff.ops.external_operation import ExternalOperation
from symdiff.records import FIRST_ARRAY_CODE, ArrayOperation, record
from symdiff.shapes import broadcast, shown


def remade(graph: Graph, node: Node, args: Sequence[int]) -> int:
    """An operation on other operands, in its normal form; a leaf of parameters among them is that of the node."""
    code = node[0]
    if code < FIRST_ARRAY_CODE:
        return build(graph, code, tuple(args))
    op = record(code)
    assert isinstance(op, ArrayOperation)
    if isinstance(op, ExternalOperation):
        return external(graph, op, args[1:], graph.leaves[args[0]])
    if op not in _OF:
        return graph.intern((code, *args))
    return _OF[op](graph, graph.leaves[args[0]] if op.parameters else None, args[1:] if op.parameters else args)


def substituted(graph: Graph, root: int, old: int, new: int) -> int:
    """A node with another in the place of one of those it is made of."""
    made = {old: new}
    for i in graph.cone([root]):
        node = graph.nodes[i]
        if i not in made:
            args = node[1:] if node[0] <= VAR else tuple([made[j] for j in node[1:]])
            made[i] = i if args == node[1:] else remade(graph, node, args)
    return made[root]


def fitted(graph: Graph, i: int, shape: Any, what: str) -> int:
    """A node in the place of one of a shape: broadcast to it.

    Raises
    ------
    SymdiffValueError
        Where it can't be.
    """
    held = graph.shapes.get(i, ())
    if held == shape:
        return i
    if broadcast([held, shape]) != shape:
        raise SymdiffValueError(
            f"{what} of shape {shown(shape)} can't be replaced by an expression of shape {shown(held)}"
        )
    return contraction.broadcast_to(graph, i, shape)


def _contraction(graph: Graph, labels: Any, operands: Sequence[int]) -> int:
    factors: Any = list(zip(operands, labels.factors, strict=True))
    return contraction.contract(graph, factors, labels.result, dict(labels.free))


_OF: dict[ArrayOperation, Callable[[Graph, Any, Sequence[int]], int]] = {
    arrays.einsum: _contraction,
    arrays.take: lambda graph, key, args: indexing.take(graph, args[0], key),
    arrays.put: lambda graph, where, args: indexing.put_blocks(graph, args, where.keys, where.shape),
    arrays.reshape: lambda graph, shape, args: indexing.reshape(graph, args[0], shape),
    arrays.gather: lambda graph, _, args: index_arrays.gather(graph, args[0], args[1:]),
    arrays.scatter: lambda graph, sizes, args: index_arrays.scatter(graph, args[0], args[1:], sizes),
    arrays.inv: lambda graph, _, args: linear_algebra.inv(graph, args[0]),
    arrays.solve: lambda graph, _, args: linear_algebra.solve(graph, *args),
    arrays.det: lambda graph, _, args: linear_algebra.det(graph, args[0]),
    arrays.logdet: lambda graph, _, args: linear_algebra.logdet(graph, args[0]),
    arrays.cholesky: lambda graph, _, args: linear_algebra.cholesky(graph, args[0]),
    arrays.cumsum: lambda graph, axes, args: filters.cumsum(graph, args[0], *axes),
    arrays.convolve: lambda graph, mode, args: filters.convolve(graph, args[0], args[1], mode),
    arrays.solve_triangular: lambda graph, half, args: linear_algebra.solve_triangular(graph, args[0], args[1], half),
    arrays.scan: lambda graph, loop, args: scans.iterated(graph, loop, args),
}
