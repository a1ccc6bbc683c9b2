"""Orders in which to eliminate the vertices of a linearised graph, and what each costs.

The cost is counted on the kinds of the labels alone: a product costs an operation where
both factors are nodes, a sum where paths meet one, a coefficient one where it is
multiplied in at last; ones, signs and products of numbers cost nothing. Forward
and reverse mode are orders too, so one count compares them all. The least is
NP-hard to find (Naumann, "Optimal Jacobian accumulation is NP-complete",
Mathematical Programming 112, 2008); the greedy orders are Markowitz's,
operands times users, with ties broken by fewest new edges or towards reverse
mode (Griewank and Walther, *Evaluating Derivatives*, 2nd ed., section 9.2).
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from math import inf
from typing import Any, NamedTuple

from symdiff.algebra.scaled import ONE
from symdiff.derive.elimination import MANY
from symdiff.derive.linear_graph import LinearGraph

_FILL_AT_MOST = 64  # pairs of neighbours that are looked at to break a tie
_BOTH_TIES = 500  # vertices up to which both ways to break ties are tried
# Kinds of labels: one or minus one, another exact number, a node or minus it, such a number times a node.
UNIT, NUMBER, GENERAL, SCALED = 0, 1, 2, 3
_PRODUCT = (  # the kind of a product
    (UNIT, NUMBER, GENERAL, SCALED),
    (NUMBER, NUMBER, SCALED, SCALED),
    (GENERAL, SCALED, GENERAL, SCALED),
    (SCALED, SCALED, SCALED, SCALED),
)


class Order(NamedTuple):
    """An order of elimination: its name, the operations it needs, the vertices."""

    name: str
    operations: int
    vertices: list[int]


class _Count:
    """The linearised graph as it shrinks, its labels only kinds, and the operations so far."""

    __slots__ = ("into", "operations", "out", "pairs")

    def __init__(self, linear: LinearGraph) -> None:
        self.operations = 0
        self.pairs = 0
        if linear.kinds is None:
            linear.kinds = {i: {j: _kind(label) for j, label in edges.items()} for i, edges in linear.into.items()}
        self.into = {i: edges.copy() for i, edges in linear.kinds.items()}
        self.out = {i: users.copy() for i, users in linear.out.items()}

    def eliminate(self, i: int) -> tuple[dict[int, int], set[int]]:
        """Take a vertex out; its operands and users."""
        into, out = self.into, self.out
        operands, users = into.pop(i), out.pop(i)
        for j in operands:
            out[j].discard(i)
        self.pairs += len(operands) * len(users)
        count = 0
        many = len(operands) >= MANY
        for user in users:
            edges = into[user]
            outer = edges.pop(i)
            if many and user < 0 and outer == SCALED:
                outer = GENERAL
                count += 1
            for j, inner in operands.items():
                kind = _PRODUCT[outer][inner]
                if outer >= GENERAL and inner >= GENERAL:
                    count += 1
                if j not in edges:
                    edges[j] = kind
                    out[j].add(user)
                    count += user < 0 and kind == SCALED  # an entry of the result
                    continue
                held = edges[j]
                if kind < GENERAL and held < GENERAL:
                    edges[j] = NUMBER
                else:
                    edges[j] = GENERAL
                    count += 1 + (kind == SCALED) + (held == SCALED and user >= 0)
        self.operations += count
        return operands, users


def _kind(label: Any) -> int:
    if type(label) is list:  # of parallel edges
        return GENERAL
    _, c, n = label
    if c == 1 or c == -1:
        return UNIT if n == ONE else GENERAL
    return NUMBER if n == ONE else SCALED


def fixed(linear: LinearGraph, name: str, vertices: list[int], limit: float = inf, least: float = inf) -> Order | None:
    """A given order with its cost.

    None where more than `limit` pairs of edges are multiplied, or as many as `least` operations needed.
    """
    count = _Count(linear)
    for i in vertices:
        count.eliminate(i)
        if count.pairs > limit or count.operations >= least:
            return None
    return Order(name, count.operations, vertices)


def markowitz(linear: LinearGraph, by_fill: bool, limit: float = inf, least: float = inf) -> Order | None:
    """The vertex with the least product of operands and users first; None as for `fixed`."""
    count = _Count(linear)
    into, out = count.into, count.out
    inner = linear.inner
    size = len(inner)
    place = {i: size - 1 - k for k, i in enumerate(inner)}  # a tie goes to the last vertex
    weight: dict[int, int] = {i: len(into[i]) * len(out[i]) for i in inner}
    heap = [(_with_fill(count, i, weight[i]) if by_fill else weight[i]) * size + place[i] for i in inner]
    current = dict(zip(inner, heap, strict=True))
    heapify(heap)
    vertices: list[int] = []
    while heap:
        entry = heappop(heap)
        i = inner[size - 1 - entry % size]
        if current.get(i) != entry:
            continue
        del current[i]
        vertices.append(i)
        operands, users = count.eliminate(i)
        if count.pairs > limit or count.operations >= least:
            return None
        for j in (*operands, *users):
            if j in current:
                new = len(into[j]) * len(out[j])
                if new != weight[j]:
                    weight[j] = new
                    current[j] = entry = (_with_fill(count, j, new) if by_fill else new) * size + place[j]
                    heappush(heap, entry)
    return Order("elimination", count.operations, vertices)


def _with_fill(count: _Count, i: int, weight: int) -> int:
    """The weight of a vertex, and as a fraction of it the edges that its elimination would make anew."""
    fill = weight
    if weight <= _FILL_AT_MOST:
        operands = count.into[i]
        fill = sum([j not in count.into[user] for user in count.out[i] for j in operands])
    return weight * (_FILL_AT_MOST + 1) + min(fill, _FILL_AT_MOST)


def orders(linear: LinearGraph, limit: float = inf, only_least: bool = False) -> list[Order]:
    """Forward mode, reverse mode and the better of two greedy orders; of forward and reverse first the likelier.

    Those beyond the limit are missing; with `only_least` also those that need no fewer operations than one before.
    """
    forward = len(linear.out) - len(linear.inner) < len(linear.sinks)
    found: list[Order] = []
    least = inf
    for name in ("forward", "reverse") if forward else ("reverse", "forward"):
        order = fixed(linear, name, linear.inner[:: 1 if name == "forward" else -1], limit, least)
        if order is not None:
            found.append(order)
            least = order.operations if only_least else inf
    return [*found, *_greedy(linear, limit, least)]


def greedy_order(linear: LinearGraph, least: float = inf) -> Order | None:
    """The better of the greedy orders; None where it needs as many as `least` operations."""
    return next(iter(_greedy(linear, inf, least)), None)


def _greedy(linear: LinearGraph, limit: float, least: float) -> list[Order]:
    """One greedy order; of a large graph that which breaks ties towards reverse mode."""
    order = markowitz(linear, False, limit, least)
    if len(linear.inner) <= _BOTH_TIES:
        order = markowitz(linear, True, limit, least if order is None else order.operations) or order
    return [] if order is None else [order]


def least_order(linear: LinearGraph) -> Order:
    """The cheapest of `orders`, for some times the work of the one with least pairs of edges."""
    limit = 1000 + 4 * sum([len(edges) for edges in linear.into.values()])
    while True:
        found = orders(linear, limit, only_least=True)
        if found:
            return min(found, key=lambda order: order.operations)
        limit *= 4
