"""Sums of scaled values, in which like terms merge and shared factors stand once."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from symdiff.algebra.scaled import ONE, ZERO, Scaled, whole
from symdiff.algebra.scaled_products import Products
from symdiff.build import ADD, DIV, MUL, SUB, split_power
from symdiff.exact import exact_product, exact_ratio
from symdiff.graph import CONST, VAR

_TAKES_NUMBERS = frozenset((ADD, SUB, CONST))  # nodes that a number may be added to
_SHARING = frozenset((ADD, SUB, MUL, DIV))  # operations that may share something with another term


class Sums(Products):
    """Scaled values with sums and products."""

    def add(self, terms: Iterable[Scaled], share: bool = True) -> Scaled:
        """A sum, like terms merged, positive terms first, a common coefficient outside.

        `share`: two terms with a factor in common become a product. What is
        inside it is not looked at again, or a deep product would be recursed through.
        """
        parts, number = _merged(terms)
        if number != 0:
            if len(parts) == 1:
                folded = self._exact_float(parts[0], number)
                if folded is not None:
                    return folded
                parts[0], number = self._numbers_joined(parts[0], number)
            if number != 0:
                parts.append((number, ONE))
        if len(parts) <= 1:
            return (whole(parts[0][0]), parts[0][1]) if parts else ZERO
        return self._joined(parts, share and number == 0)

    def _joined(self, parts: list[Scaled], share: bool) -> Scaled:
        """A sum of different terms, of which the last may be a number."""
        if share:
            shared = self._shared(*parts) if len(parts) == 2 else self._shared_by_all(parts)
            if shared is not None:
                return shared
        outer = self._common(parts)
        if outer != 1:
            parts = [(-c if outer == -1 else exact_ratio(c, outer), n) for c, n in parts]
        return whole(outer), self._sum(parts)

    def _shared(self, first: Scaled, second: Scaled) -> Scaled | None:
        """`f*u + f*v` as `f*(u + v)`, `u/f + v/f` as `(u + v)/f`; two sums as one where their terms merge.

        So the slopes of `(1 - r)*(1 + r)` add up to `-2*r` instead of cancelling.
        """
        left, right = self.graph.nodes[first[1]], self.graph.nodes[second[1]]
        if left[0] not in _SHARING and right[0] not in _SHARING:
            return None
        if left[0] == DIV and right[0] == DIV:
            if left[2] == right[2]:
                return self.div(self._inner((first[0], left[1]), (second[0], right[1])), (1, left[2]))
            return self._over_powers(first, second) or self._over_powers(second, first)
        if left[0] == MUL and right[0] == MUL:
            for f, u in ((left[1], left[2]), (left[2], left[1])):
                if f in right[1:]:
                    v = right[2] if right[1] == f else right[1]
                    return self.mul((1, f), self._inner((first[0], u), (second[0], v)))
        if left[0] == MUL or right[0] == MUL:
            taken = self._taken_up(first, second) if left[0] == MUL else self._taken_up(second, first)
            if taken is not None:
                return taken
        if left[0] not in (ADD, SUB) and right[0] not in (ADD, SUB):
            return None
        terms = self._terms(*first) + self._terms(*second)
        return self.add(terms, share=False) if _mergeable(terms) and len(terms) > 2 else None

    def _over_powers(self, quotient: Scaled, inverse: Scaled) -> Scaled | None:
        """`2*(u/b/b) - 1/b**2` as `(2*u - 1)/b/b`: factors go between the quotients, where `1/b**2` may underflow."""
        nodes = self.graph.nodes
        n, base = split_power(self.graph, nodes[inverse[1]][2])
        if n == 1 or nodes[inverse[1]][1] != self.one or nodes[base][0] <= VAR:
            return None
        above, times = quotient[1], 0
        while times < n and nodes[above][0] == DIV and nodes[above][2] == base:
            above, times = nodes[above][1], times + 1
        if times == 0:
            return None
        rest = ONE if times == n else self._quotient(self.one, self._raised(base, n - times))
        total = self.add([self._scaled(quotient[0], above), (inverse[0], rest)], share=False)
        for _ in range(times):
            total = self.div(total, (1, base))
        return total

    def _shared_by_all(self, parts: Sequence[Scaled]) -> Scaled | None:
        """`f*u + f*v + f*w` as `f*(u + v + w)`."""
        nodes = self.graph.nodes
        first = nodes[parts[0][1]]
        if first[0] != MUL:
            return None
        last = nodes[parts[-1][1]]
        for f in first[1:]:
            if f in last[1:] and all(nodes[n][0] == MUL and f in nodes[n][1:] for _, n in parts):
                inner = [self._scaled(c, nodes[n][2] if nodes[n][1] == f else nodes[n][1]) for c, n in parts]
                return self.mul((1, f), self.add(inner, share=False))
        return None

    def _taken_up(self, product: Scaled, single: Scaled) -> Scaled | None:
        """`(u + 1)*f + f` as `(u + 2)*f`; None where the number in the other factor does not take the term up."""
        c, n = product
        _, left, right = self.graph.nodes[n]
        if single[1] != left and single[1] != right:
            return None
        part, number = self._numbers_joined((c, right if single[1] == left else left), 0)
        return self.mul(self.add([part, (number + single[0], ONE)], share=False), (1, single[1])) if number else None

    def _inner(self, first: Scaled, second: Scaled) -> Scaled:
        """The sum of two scaled nodes, of all their terms where some merge."""
        terms = self._terms(*first) + self._terms(*second)
        return self.add(terms if _mergeable(terms) else [self._scaled(*first), self._scaled(*second)], share=False)

    def _scaled(self, c: Any, n: int) -> Scaled:
        d, m = self.lift(n)
        return exact_product(c, d), m

    def _terms(self, c: Any, n: int) -> list[Scaled]:
        """A scaled node as the two terms of its sum, where it is one."""
        node = self.graph.nodes[n]
        if node[0] not in (ADD, SUB):
            return [self._scaled(c, n)]
        (d, a), (e, b) = self.lift(node[1]), self.lift(node[2])
        return [(exact_product(c, d), a), (exact_product(c if node[0] == ADD else -c, e), b)]

    @staticmethod
    def _common(parts: list[Scaled]) -> Any:
        """The coefficient that all terms share; -1 where only a sign is to be had."""
        first = parts[0][0]
        opposite = -first
        if parts[-1][1] != ONE:
            mixed = False
            for c, _ in parts:
                if c != first:
                    if c != opposite:
                        break
                    mixed = True
            else:
                return abs(first) if mixed else first
        for c, _ in parts:
            if c != -1:  # this constant takes up the sign
                return 1
        return -1

    def _numbers_joined(self, part: Scaled, number: Any) -> tuple[Scaled, Any]:
        """A term and an exact number; the number that a sum of two begins or ends with joins it: `x + 1 + 1`."""
        node = self.graph.nodes[part[1]]
        if node[0] == ADD or node[0] == SUB:
            first, second = self._terms(*part)
            if second[1] == ONE:
                return first, number + second[0]
            if first[1] == ONE:
                return second, number + first[0]
        return part, number

    def _exact_float(self, part: Scaled, number: Any) -> Scaled | None:
        """A float constant plus an exact one, where the sum is a float too: 1.5 - 1."""
        value = self.graph.leaves.get(part[1])
        if type(value) is not float or not math.isfinite(value):
            return None
        total = Fraction(value) * part[0] + number
        result = float(total)
        return (1, self.graph.const(result)) if Fraction(result) == total else None

    def sum_of_two(self, c: Any, a: int, d: Any, b: int) -> Scaled:
        """As `add`, of two terms: most sums are of two different nodes, or of one and a number."""
        if a == ONE:
            c, a, d, b = d, b, c, a
        if a in (b, ONE) or (b == ONE and (not d or self.graph.nodes[a][0] in _TAKES_NUMBERS)):
            return self.add([(c, a), (d, b)])
        if b != ONE and self._share_nothing(a, b):
            if c == d:
                return whole(c), self.graph.intern((ADD, a, b))
            if c == -d:
                return whole(abs(c)), self.graph.intern((SUB, a, b) if c > 0 else (SUB, b, a))
        shared = self._shared((c, a), (d, b)) if b != ONE else None
        if shared is not None:
            return shared
        if c == -1 and d == 1:  # what is positive first
            c, a, d, b = d, b, c, a
        if c != 1:
            return self._joined([(c, a), (d, b)], False)
        first = self.one if a == ONE else a
        if d.numerator > 0:
            return 1, self.graph.intern((ADD, first, b if d == 1 and b != ONE else self.lower((d, b))))
        return 1, self.graph.intern((SUB, first, b if d == -1 and b != ONE else self.lower((-d, b))))

    def _share_nothing(self, a: int, b: int) -> bool:
        """Whether two terms are products, one of them maybe a quotient, without a factor in common."""
        left, right = self.graph.nodes[a], self.graph.nodes[b]
        if left[0] == MUL:
            f, g = left[1], left[2]
            if right[0] == MUL:
                return bool(right[1] not in (f, g) and right[2] not in (f, g) and b not in (f, g))
            return bool(right[0] == DIV and b not in (f, g))
        return bool(left[0] == DIV and right[0] == MUL and a != right[1] and a != right[2])

    def sum_of(self, coefficients: list[Any], nodes: list[int]) -> Scaled:
        """As `add`, where most sums of adjoints are many different nodes with one coefficient."""
        first = coefficients[0] if coefficients else 0
        if len(nodes) > 2 and coefficients.count(first) == len(nodes):
            different = set(nodes)
            if len(different) == len(nodes) and (ONE not in different or first == 1):
                if ONE in different:  # put a number last
                    nodes.remove(ONE)
                    nodes.append(self.one)
                elif self.graph.nodes[nodes[0]][0] == MUL == self.graph.nodes[nodes[-1]][0]:
                    shared = self._shared_by_all(list(zip(coefficients, nodes, strict=True)))
                    if shared is not None:
                        return shared
                size, append = len(self.graph), self.graph.append
                result = self.graph.intern((ADD, nodes[0], nodes[1]))
                for n in nodes[2:]:  # append without a search: what is made of a new node is new
                    node = (ADD, result, n)
                    result = append(node) if result >= size else self.graph.intern(node)
                return first, result
        return self.add(zip(coefficients, nodes, strict=True))

    def _sum(self, parts: list[Scaled]) -> int:
        start = 0
        for c, _ in parts:
            if c.numerator > 0:  # faster than `c > 0` of Fractions
                break
            start += 1
        else:
            start = next(k for k, (c, _) in enumerate(parts) if c != -1)
        c, n = parts[start]
        size, append = len(self.graph), self.graph.append
        result = n if c == 1 and n != ONE else self.lower((c, n))
        for k, (c, n) in enumerate(parts):
            if k == start:
                continue
            if n != ONE and (c == 1 or c == -1):
                node = ADD if c == 1 else SUB, result, n
            elif c.numerator > 0:
                node = ADD, result, self.lower((c, n))
            else:
                node = SUB, result, self.lower((-c, n))
            result = append(node) if result >= size else self.graph.intern(node)  # as in `sum_of`
        return result


def _merged(terms: Iterable[Scaled]) -> tuple[list[Scaled], Any]:
    """The terms of a sum, like ones added up, and the number among them."""
    parts = list(terms)
    kinds = {n for _, n in parts}
    if len(kinds) == len(parts) and ONE not in kinds:
        return parts, 0
    merged: dict[int, Any] = {}
    for c, n in parts:
        merged[n] = merged[n] + c if n in merged else c
    number = merged.pop(ONE, 0)
    return [(c, n) for n, c in merged.items() if c != 0], number


def _mergeable(terms: Sequence[Scaled]) -> bool:
    return len({n for _, n in terms}) < len(terms)
