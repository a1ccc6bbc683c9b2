"""What sums, and products, have in common is computed once, wherever it stands in them.

Pairs of terms, with the ratio of their coefficients, and pairs of powers are counted over all sums or
products; the most frequent becomes a unit of its own, and so on until no pair is left twice (as in
Breuer, "Generation of optimal code for expressions via factorization", Communications of the ACM 12, 1969).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from heapq import heapify, heappop, heappush
from typing import Any

from symdiff.rewrite.forms import PRODUCT, SUM, Forms, Powers, Terms, Value

_NEAR = 12  # search width: as many of the next shared operands are paired with one

Pair = tuple[int, int, Any]  # two units, and how they go together


def share(forms: Forms, roots: Sequence[Value]) -> None:
    """Make units of what several sums, or several products, have in common."""
    order = forms.order(roots)
    _Sums(forms, [forms.data[u] for u in order if forms.kind[u] == SUM]).run()
    products = [u for u in order if forms.kind[u] == PRODUCT]
    sides = []
    for u in products:
        top, bottom = forms.data[u]
        forms.data[u] = dict(top), dict(bottom)  # copy: one side may belong to several
        sides.extend([side for side in forms.data[u] if len(side) > 1])
    _Products(forms, sides).run()


class _Sharing:
    """The operands of all sums or products, which shrink as pairs of them become units."""

    def __init__(self, forms: Forms, bags: list[Any]) -> None:
        self.forms = forms
        self.bags = bags
        self.holders: dict[Pair, list[int]] = {}
        self.often: dict[int, int] = {}
        for bag in bags:
            for u in bag:
                self.often[u] = self.often.get(u, 0) + 1

    def run(self) -> None:
        """The most frequent pair first."""
        for k, bag in enumerate(self.bags):
            shared = sorted([u for u in bag if self.often[u] > 1])
            for at, u in enumerate(shared):
                for v in shared[at + 1 : at + 1 + _NEAR]:
                    self.holders.setdefault(self.pair(bag, u, v), []).append(k)
        heap = [(-len(held), pair[:2], n) for n, (pair, held) in enumerate(self.holders.items()) if len(held) > 1]
        pairs = list(self.holders)
        heapify(heap)
        while heap:
            size, _, n = heappop(heap)
            pair = pairs[n]
            held = [k for k in self.holders[pair] if self.holds(self.bags[k], pair)]
            if len(held) < 2:
                continue
            if len(held) < -size:
                self.holders[pair] = held
                heappush(heap, (-len(held), pair[:2], n))
                continue
            fresh = self._take(pair, held)
            for new in fresh:
                if len(self.holders[new]) > 1:
                    heappush(heap, (-len(self.holders[new]), new[:2], len(pairs)))
                    pairs.append(new)

    def _take(self, pair: Pair, held: Sequence[int]) -> list[Pair]:
        """A pair becomes a unit; the pairs of that with others."""
        unit = self.unit(pair)
        fresh: dict[Pair, None] = {}
        for k in held:
            bag = self.bags[k]
            self.put(bag, pair, unit)
            near = [u for u in bag if u != unit and self.often.get(u, 0) > 1][:_NEAR]
            for u in near:
                new = self.pair(bag, u, unit)
                self.holders.setdefault(new, []).append(k)
                fresh[new] = None
        self.often[unit] = len(held)
        return list(fresh)

    def pair(self, bag: Any, u: int, v: int) -> Pair:
        """Two operands as a pair that others may have, too."""
        raise NotImplementedError

    def holds(self, bag: Any, pair: Pair) -> bool:
        """Whether a pair is still there."""
        u, v, _ = pair
        return u in bag and v in bag and self.pair(bag, u, v) == pair

    def unit(self, pair: Pair) -> int:
        """The unit of a pair."""
        raise NotImplementedError

    def put(self, bag: Any, pair: Pair, unit: int) -> None:
        """The unit in place of the pair."""
        raise NotImplementedError


class _Sums(_Sharing):
    def pair(self, bag: Terms, u: int, v: int) -> Pair:
        c, d = bag[u], bag[v]
        return u, v, 1 if c == d else -1 if c == -d else Fraction(d) / c

    def unit(self, pair: Pair) -> int:
        u, v, ratio = pair
        return self.forms.fresh(SUM, {u: 1, v: ratio})

    def put(self, bag: Terms, pair: Pair, unit: int) -> None:
        bag[unit] = bag.pop(pair[0])
        del bag[pair[1]]


class _Products(_Sharing):
    def pair(self, bag: Powers, u: int, v: int) -> Pair:
        return u, v, (bag[u], bag[v])

    def unit(self, pair: Pair) -> int:
        u, v, (m, n) = pair
        return self.forms.fresh(PRODUCT, ({u: m, v: n}, {}))

    def put(self, bag: Powers, pair: Pair, unit: int) -> None:
        bag[unit] = 1
        del bag[pair[0]], bag[pair[1]]
