"""Adjoints of what is computed row by row: along an axis of rows, an adjoint may be zero but for its own row.

A Jacobian begins with an identity, whose entries for the result of one row are zero along all other rows. The rows
of a recurrence that runs for many starts at once do not meet, so one row of adjoints goes back for each entry of *a*
row, in place of one for each entry of all: columns that no row has two of are computed in one product (Curtis, Powell
and Reid, On the estimation of sparse Jacobian matrices, 1974), with what is known of the rows in place of a colouring.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symdiff.arrays import indexing
from symdiff.arrays.contraction import contract, fresh
from symdiff.arrays.reading import ADD, EINSUM, PUT, shape_of
from symdiff.arrays.sums import add
from symdiff.graph import Graph
from symdiff.keys import Key, Paired, Where, whole
from symdiff.modes import budgets

Twins = list[tuple[int, int]]  # pairs of axes outside of whose diagonal an array is zero, in order


class Diagonals:
    """What is diagonal among some arrays, each looked at once."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._pairs: dict[int, set[tuple[int, int]]] = {}
        self._drawn: dict[tuple[int, tuple[tuple[int, int], ...]], int] = {}

    def twins(self, adjoint: int, lead: int, last: int) -> Twins:
        """The axes in front of an adjoint, `lead` of them, that have a twin before its axis `last`."""
        found: Twins = []
        for a, b in sorted(self._twins(adjoint, budgets.TWINS_DEEP)):
            if a < lead <= b < last and all(a != first and b != second for first, second in found):
                found.append((a, b))
        return found

    def diagonal(self, i: int, pairs: Twins, deep: int = budgets.TWINS_DEEP) -> int:
        """An array without the first axes of pairs of twins: its diagonal along them."""
        if not pairs:
            return i
        key = (i, tuple(pairs))
        if key not in self._drawn:
            self._drawn[key] = self._diagonal(i, pairs, deep)
        return self._drawn[key]

    def _diagonal(self, i: int, pairs: Twins, deep: int) -> int:
        graph, node = self.graph, self.graph.nodes[i]
        dropped = {a for a, _ in pairs}
        if node[0] == ADD and deep:
            parts = [self.diagonal(t, pairs, deep - 1) for t in node[1:]]
            return add(graph, parts, shape_of(graph, parts[0]))
        if node[0] == PUT and deep:
            where: Where = graph.leaves[node[1]]
            blocks, keys = [], []
            for block, key in zip(node[2:], where.keys, strict=True):
                place = {k: n for n, k in enumerate(_axes(key))}
                blocks.append(self.diagonal(block, [(place[a], place[b]) for a, b in pairs], deep - 1))
                keys.append(_without(key, dropped))
            return indexing.put_blocks(graph, blocks, tuple(keys), _without(where.shape, dropped))
        if node[0] == EINSUM and deep:
            return self._of_product(i, pairs, deep)
        labels = list(fresh(len(shape_of(graph, i))))
        for a, b in pairs:
            labels[a] = labels[b]
        return contract(graph, [(i, tuple(labels))], _without(labels, dropped))

    def _of_product(self, i: int, pairs: Twins, deep: int) -> int:
        """The diagonal of a product: of factors that are diagonal along these axes, and of the others as they are."""
        node = self.graph.nodes[i]
        labels = self.graph.leaves[node[1]]
        same = {labels.result[a]: labels.result[b] for a, b in pairs}
        factors = []
        for f, names in zip(node[2:], labels.factors, strict=True):
            one = [same.get(k, k) for k in names]
            own = [(x, y) for x, y in sorted(self._twins(f, deep - 1)) if one[x] == one[y] and names[x] != names[y]]
            left = _without(one, {x for x, _ in own[:1]})
            factors.append((self.diagonal(f, own[:1], deep - 1), left))
        sizes = {same.get(k, k): n for k, n in zip(labels.result, shape_of(self.graph, i), strict=True)}
        return contract(self.graph, factors, _without(labels.result, {a for a, _ in pairs}), sizes)

    def _twins(self, i: int, deep: int) -> set[tuple[int, int]]:
        """All pairs of axes outside of whose diagonal an array is zero by its structure."""
        if not deep or len(shape_of(self.graph, i)) < 2:
            return set()
        if i not in self._pairs:
            self._pairs[i] = self._found(i, deep)
        return self._pairs[i]

    def _found(self, i: int, deep: int) -> set[tuple[int, int]]:
        graph, node = self.graph, self.graph.nodes[i]
        if node[0] == ADD:
            return set.intersection(*[self._twins(t, deep - 1) for t in node[1:]])
        if node[0] == PUT:
            where: Where = graph.leaves[node[1]]
            blocks = zip(node[2:], where.keys, strict=True)
            return set.intersection(*[self._of_block(block, key, where, deep) for block, key in blocks])
        if node[0] != EINSUM:
            return set()
        labels = graph.leaves[node[1]]
        equal = {(k, k) for k in labels.result}
        for f, names in zip(node[2:], labels.factors, strict=True):
            for x, y in self._twins(f, deep - 1):
                equal |= {(names[x], names[y]), (names[y], names[x])}
        result = labels.result
        return {(a, b) for b, k in enumerate(result) for a in range(b) if (result[a], k) in equal}

    def _of_block(self, block: int, key: Key, where: Where, deep: int) -> set[tuple[int, int]]:
        axes = _axes(key)
        outer = {(axes[a], axes[b]) for a, b in self._twins(block, deep - 1)} if axes else set()
        return {pair for pair in outer if all(whole(key[k], where.shape[k]) for k in pair)}


def _without(items: Sequence[Any], dropped: set[int]) -> tuple[Any, ...]:
    return tuple([item for k, item in enumerate(items) if k not in dropped])


def _axes(key: Key) -> list[int]:
    """The axes of an array that the axes of a block at a key are; none where places go together."""
    return [] if any(isinstance(p, Paired) for p in key) else [k for k, p in enumerate(key) if not isinstance(p, int)]
