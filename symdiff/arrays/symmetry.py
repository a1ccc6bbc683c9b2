"""Whether a matrix is its own transpose by its structure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from symdiff.arrays.canonical import spelled
from symdiff.arrays.reading import ADD, EINSUM, INV, SOLVE, shape_of
from symdiff.graph import VAR, Graph
from symdiff.index_labels import letter
from symdiff.records import FIRST_ARRAY_CODE

Product = tuple[str, tuple[int, ...]]
Factor = tuple[int, tuple[Any, ...]]

_known: WeakKeyDictionary[Graph, dict[int, bool]] = WeakKeyDictionary()
_FACTORS = 8  # products opened inside a product
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
        same = result[0] == result[1] or opened_product(graph, i) == opened_product(graph, i, turned=True)
        return [] if same else None
    if node[0] == ADD:
        return _unpaired(graph, [t for t in node[1:] if t in graph.shapes])
    if node[0] < FIRST_ARRAY_CODE and node[0] > VAR:
        return [t for t in node[1:] if t in graph.shapes]
    return None


def _unpaired(graph: Graph, terms: list[int]) -> list[int]:
    """The terms of a sum that have no other that is their transpose."""
    waiting: dict[Product, list[int]] = {}
    for t in terms:
        partners = waiting.get(opened_product(graph, t, turned=True))
        if partners:
            partners.pop()
        else:
            waiting.setdefault(opened_product(graph, t), []).append(t)
    return [t for alone in waiting.values() for t in alone]


def _is_symmetric_leaf(graph: Graph, i: int) -> bool:
    """Whether a node is a symmetric variable, or the inverse of one."""
    node = graph.nodes[i]
    i = node[1] if node[0] == INV else i
    return bool(graph.nodes[i][0] == VAR and graph.leaves[i].kind == "symmetric")


def opened_product(
    graph: Graph, i: int, turned: bool = False, turns: Callable[[Graph, int], bool] = _is_symmetric_leaf
) -> Product:
    """An array, or a matrix transposed, as the normal form of its contraction, products inside it taken apart.

    `turns` says which factors are symmetric.
    """
    node = graph.nodes[i]
    shape = graph.shapes[i]
    contraction = node[0] == EINSUM
    result = graph.leaves[node[1]].result if contraction else "".join([letter(k) for k in range(len(shape))])
    factors = list(zip(node[2:], graph.leaves[node[1]].factors, strict=True)) if contraction else [(i, result)]
    sizes = dict(zip(result, shape, strict=True))
    parts = [part for k, (f, names) in enumerate(factors) for part in _opened(graph, f, tuple(names), k)]
    labels, operands = spelled(graph, parts, result[::-1] if turned else result, sizes, turns)
    return str(labels), tuple(operands)


def _opened(graph: Graph, i: int, names: tuple[Any, ...], k: int) -> list[Factor]:
    """A factor as those that it is the product of itself: `A @ X` in `X.T @ (A @ X)`."""
    found: list[Factor] = []
    todo: list[Factor] = [(i, names)]
    count = 0
    while todo:
        i, names = todo.pop()
        node = graph.nodes[i]
        labels = graph.leaves[node[1]] if node[0] == EINSUM else None
        if labels is None or labels.free or len(set(labels.result)) < len(labels.result) or count == _FACTORS:
            found += _solved(graph, i, names, (k, len(found)))
            continue
        count += 1
        there: dict[str, Any] = dict(zip(labels.result, names, strict=True))
        for f, inner in zip(node[2:], labels.factors, strict=True):
            todo.append((f, tuple([there.setdefault(label, (k, count, label)) for label in inner])))
    return found


def _solved(graph: Graph, i: int, names: tuple[Any, ...], k: Any) -> list[Factor]:
    """A factor, that of `solve(A, B)` as those of `inv(A) @ B`."""
    node = graph.nodes[i]
    if node[0] != SOLVE or len(names) != 2:
        return [(i, names)]
    return [(graph.intern((INV, node[1])), (names[0], k)), (node[2], (k, names[1]))]
