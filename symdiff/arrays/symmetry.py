"""Whether a matrix is its own transpose by its structure."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from symdiff.arrays.canonical import spelled
from symdiff.arrays.reading import ADD, EINSUM, INV, shape_of
from symdiff.graph import VAR, Graph
from symdiff.records import FIRST_ARRAY_CODE

Product = tuple[str, tuple[int, ...]]

_known: WeakKeyDictionary[Graph, dict[int, bool]] = WeakKeyDictionary()
_DEPTH = 40  # nodes looked at: an answer of no costs sharing, never correctness


def is_symmetric(graph: Graph, i: int) -> bool:
    """Whether a node is a symmetric matrix, as far as a short look tells, which is kept."""
    shape = graph.shapes.get(i, ())
    if len(shape) != 2 or shape[0] != shape[1]:
        return False
    known = _known.get(graph)
    if known is None:
        known = _known[graph] = {}
    if i not in known:
        known[i] = _looks_symmetric(graph, i)
    return known[i]


def _looks_symmetric(graph: Graph, i: int) -> bool:
    todo, seen = [i], 0
    while todo:
        i = todo.pop()
        seen += 1
        parts = _parts(graph, i) if seen <= _DEPTH else None
        if parts is None:
            return False
        todo += parts
    return True


def _parts(graph: Graph, i: int) -> list[int] | None:
    """The nodes that have to be symmetric for a node to be so, None where it is not."""
    shape, node = shape_of(graph, i), graph.nodes[i]
    if len(shape) != 2 or shape[0] != shape[1]:
        return None
    if node[0] == VAR:
        return [] if graph.leaves[i].kind == "symmetric" else None
    if node[0] == INV:
        return [node[1]]
    if node[0] == EINSUM:
        result = graph.leaves[node[1]].result
        return [] if result[0] == result[1] or _product(graph, i) == _product(graph, i, turned=True) else None
    if node[0] == ADD:
        return _unpaired(graph, [t for t in node[1:] if t in graph.shapes])
    if node[0] < FIRST_ARRAY_CODE and node[0] > VAR:
        return [t for t in node[1:] if t in graph.shapes]
    return None


def _unpaired(graph: Graph, terms: list[int]) -> list[int]:
    """The terms of a sum that have no other that is their transpose."""
    waiting: dict[Product, list[int]] = {}
    for t in terms:
        partners = waiting.get(_product(graph, t, turned=True))
        if partners:
            partners.pop()
        else:
            waiting.setdefault(_product(graph, t), []).append(t)
    return [t for alone in waiting.values() for t in alone]


def _product(graph: Graph, i: int, turned: bool = False) -> Product:
    """A matrix, or its transpose, as the normal form of its contraction."""
    node = graph.nodes[i]
    contraction = node[0] == EINSUM
    factors = list(zip(node[2:], graph.leaves[node[1]].factors, strict=True)) if contraction else [(i, "ab")]
    a, b = graph.leaves[node[1]].result if contraction else "ab"
    sizes = dict(zip((a, b), graph.shapes[i], strict=True))
    labels, operands = spelled(graph, [(f, tuple(names)) for f, names in factors], (b, a) if turned else (a, b), sizes)
    return str(labels), tuple(operands)
