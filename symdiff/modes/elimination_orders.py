"""Orders in which to eliminate the vertices of a linearised graph, and what each costs.

The cost is counted on the kinds of the labels alone, see `label_costs.py`. Forward and
reverse mode are orders too, so one count compares them all. The least is
NP-hard to find (Naumann, "Optimal Jacobian accumulation is NP-complete",
Mathematical Programming 112, 2008); the greedy orders are Markowitz's,
operands times users, with ties broken by fewest new edges or towards reverse
mode (Griewank and Walther, *Evaluating Derivatives*, 2nd ed., section 9.2).
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from math import inf

from symdiff.modes import budgets
from symdiff.modes.budgets import ORDER_FILL, UNSCALED_ENTRIES
from symdiff.modes.elimination_sweeps import Order, forward, reverse
from symdiff.modes.label_costs import GENERAL, SCALED, UNIT, Kinds, connected, kinds_of
from symdiff.modes.linearised_graph import LinearGraph


class _Count:
    """The linearised graph as it shrinks, its labels only kinds, and the operations so far."""

    __slots__ = ("into", "operations", "out", "pairs")

    def __init__(self, linear: LinearGraph) -> None:
        self.operations = 0
        self.pairs = 0
        self.into = {i: edges.copy() for i, edges in kinds_of(linear).items()}
        self.out = {i: linear.out[i].copy() for i in linear.inner}

    def shorten(self, inner: list[int]) -> list[int]:
        """Take out, the last first, what is a result and nothing else, and the links of chains.

        A greedy order has no choice there: the first costs nothing, the second is least.
        """
        into, out = self.into, self.out
        taken = []
        for i in reversed(inner):
            users = out[i]
            if len(users) != 1:
                continue
            (user,) = users
            edges = into[user]
            operands = into[i]
            if len(operands) > 1 and (user >= 0 or edges[i] != UNIT):
                continue
            taken.append(i)
            del into[i], out[i]
            for j in operands:
                if j in out:
                    above = out[j]
                    above.remove(i)
                    above.add(user)
            self.pairs += len(operands)
            self.operations += connected(edges, edges.pop(i), operands, user < 0)
        return taken

    def eliminate(self, i: int) -> tuple[Kinds, set[int]]:
        """Take a vertex out; its operands and users."""
        into, out = self.into, self.out
        operands, users = into.pop(i), out.pop(i)
        self.pairs += len(operands) * len(users)
        count = 0
        for j in operands:
            if j in out:
                above = out[j]
                above.remove(i)
                above |= users
        many = len(operands) >= UNSCALED_ENTRIES
        for user in users:
            edges = into[user]
            outer = edges.pop(i)
            if many and user < 0 and outer == SCALED:
                outer = GENERAL
                count += 1
            count += connected(edges, outer, operands, user < 0)
        self.operations += count
        return operands, users


def markowitz(linear: LinearGraph, by_fill: bool, limit: float = inf, least: float = inf) -> Order | None:
    """The vertex with the least product of operands and users first; None as for the sweeps."""
    count = _Count(linear)
    into, out = count.into, count.out
    vertices = count.shorten(linear.inner)
    if count.pairs > limit or count.operations >= least:
        return None
    inner = list(out)
    size = len(inner)
    weight: dict[int, int] = {i: len(into[i]) * len(out[i]) for i in inner}
    first = [_with_fill(count, i, weight[i]) for i in inner] if by_fill else weight.values()
    heap = [w * size + k for w, k in zip(first, range(size - 1, -1, -1), strict=True)]  # break a tie by the last vertex
    current = dict(zip(inner, heap, strict=True))
    heapify(heap)
    while heap:
        entry = heappop(heap)
        i = inner[-1 - entry % size]
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
                    place = current[j] % size
                    current[j] = entry = (_with_fill(count, j, new) if by_fill else new) * size + place
                    heappush(heap, entry)
    return Order("elimination", count.operations, vertices)


def _with_fill(count: _Count, i: int, weight: int) -> int:
    """The weight of a vertex, and as a fraction of it the edges that its elimination would make anew."""
    fill = weight
    if weight <= ORDER_FILL:
        operands = count.into[i]
        fill = sum([j not in count.into[user] for user in count.out[i] for j in operands])
    return weight * (ORDER_FILL + 1) + min(fill, ORDER_FILL)


def orders(linear: LinearGraph, limit: float = inf, only_least: bool = False) -> list[Order]:
    """Forward mode, reverse mode and the better of two greedy orders; of forward and reverse first the likelier.

    Those beyond the limit are missing; with `only_least` also those that need no fewer operations than one before.
    """
    few = len(linear.out) - len(linear.inner) < len(linear.sinks)
    found: list[Order] = []
    least = inf
    for sweep in (forward, reverse) if few else (reverse, forward):
        order = sweep(linear, limit, least)
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
    if len(linear.inner) <= budgets.ORDER_BOTH_TIES:
        order = markowitz(linear, True, limit, least if order is None else order.operations) or order
    return [] if order is None else [order]


def least_order(linear: LinearGraph) -> Order:
    """The cheapest of `orders`, for some times the work of the one with least pairs of edges."""
    limit = budgets.ORDER_PAIRS + budgets.ORDER_PAIRS_EDGE * sum([len(edges) for edges in linear.into.values()])
    while True:
        found = orders(linear, limit, only_least=True)
        if found:
            return min(found, key=lambda order: order.operations)
        limit *= 4
