"""Sums of products of nodes, written with few operations.

A sum is collected as a dictionary from a node, or a pair of nodes that multiply, to an exact
coefficient. So products that meet twice, as in the square of a series, are made once.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from symdiff.algebra.scaled import ONE, ZERO, Scaled, whole
from symdiff.build import ADD, DIV, MUL, POW, SUB, exact_value
from symdiff.exact import exact_product, exact_ratio
from symdiff.taylor.recurrences import Sum
from symdiff.taylor.system import WHERE, System

Gate = tuple[int, bool]  # condition, and whether it has to hold

_MERGE = frozenset((DIV, POW, WHERE))  # operations that a factor may merge with, or goes behind
Signed = tuple[bool, int]  # sign, True for added, and the node


class SumsOfProducts:
    """The arithmetic of coefficients that are scaled nodes: collects sums and puts them into a graph."""

    zero = ZERO

    def __init__(self, system: System) -> None:
        algebra = system.algebra
        self.apply = algebra.apply
        self._system = system
        self._algebra = algebra
        self._graph = algebra.graph

    @staticmethod
    def is_zero(value: Scaled) -> bool:
        """Whether a coefficient is zero."""
        return not value[0]

    @staticmethod
    def divided(value: Scaled, k: int) -> Scaled:
        """A coefficient over a positive int."""
        return ratio(value[0], k), value[1]

    @staticmethod
    def single(terms: Sum, c: Any, value: Scaled) -> None:
        """Add `c` times a value."""
        if value[0]:
            n = value[1]
            c = c if value[0] == 1 else exact_product(c, value[0])
            terms[n] = terms[n] + c if n in terms else c

    @staticmethod
    def term(terms: Sum, c: Any, x: Scaled, y: Scaled) -> None:
        """Add `c` times a product."""
        (a, m), (b, n) = x, y
        if a != 1:
            c = exact_product(c, a)
        if b != 1:
            c = exact_product(c, b)
        if c:
            key = n if m == ONE else m if n == ONE else (m, n) if m <= n else (n, m)
            terms[key] = terms[key] + c if key in terms else c

    # -- gates ---------------------------------------------------------------------
    #
    # What is zero where a condition fails stays so whatever it is multiplied with or divided by,
    # a pole too: `where(c, u, 0)*v` is written `where(c, u*v, 0)`. A gate is a condition, and whether
    # it has to hold: `where(c, 0, u)` stays as it is, rather than `where(~c, u, 0)`.

    def opened(self, value: Scaled) -> tuple[Gate | None, Scaled]:
        """A value as its gate, None where it has none, and what is behind it."""
        node = self._graph.nodes[value[1]] if value[1] != ONE else ()
        if not node or node[0] != WHERE:
            return None, value
        for holds, inside, outside in ((True, node[2], node[3]), (False, node[3], node[2])):
            if exact_value(self._graph, outside) == 0:
                c, n = self._algebra.lift(inside)
                return (node[1], holds), (value[0] * c, n)
        return None, value

    def closed(self, gate: Gate | None, value: Scaled) -> Scaled:
        """A value behind a gate."""
        if gate is None or value[0] == 0:
            return value
        condition, holds = gate
        return self._algebra.chosen(condition, *(value, ZERO) if holds else (ZERO, value))

    def bared(self, value: Scaled) -> tuple[list[Gate], Scaled]:
        """A value as all its gates, outer ones first, and what is behind them."""
        gates: list[Gate] = []
        gate, value = self.opened(value)
        while gate is not None:
            gates.append(gate)
            gate, value = self.opened(value)
        return gates, value

    def mul(self, x: Scaled, y: Scaled) -> Scaled:
        """A product, gates outside."""
        first, x = self.bared(x)
        second, y = self.bared(y)
        product = self._algebra.mul(x, y)
        for gate in reversed(dict.fromkeys(first + second)):
            product = self.closed(gate, product)
        return product

    def div(self, x: Scaled, y: Scaled) -> Scaled:
        """A quotient, the gate of what is divided outside."""
        if x[0] == 0:
            return ZERO
        gates, x = self.bared(x)
        quotient = self._algebra.div(x, y)
        for gate in reversed(gates):
            quotient = self.closed(gate, quotient)
        return quotient

    # -- sums ------------------------------------------------------------------------

    def total(self, terms: Sum) -> Scaled:
        """A sum; the gate that all its terms have is outside."""
        if not self._system.gated:
            return self._plain_total(terms)
        graph = self._graph
        gates: dict[Gate | None, None] = {}  # in the order of the terms, whatever numbers their nodes have
        for key in terms:
            for n in key if type(key) is tuple else (key,):
                if n != ONE and graph.nodes[n][0] == WHERE:
                    gates[self.opened((1, n))[0]] = None
        for gate in gates:
            inner = self._behind(gate, terms) if gate is not None else None
            if inner is not None:
                return self.closed(gate, self.total(inner))
        return self._plain_total(terms)

    def _behind(self, gate: Gate, terms: Sum) -> Sum | None:
        """The terms of a sum without a gate; None where one of them does not have it."""
        inner: Sum = {}
        for key, c in terms.items():
            values: list[Scaled] = []
            found = False
            for n in key if type(key) is tuple else (key, ONE):
                own, value = self.opened((1, n))
                found = found or own == gate
                values.append(value if own == gate else (1, n))
            if not found:
                return None
            self.term(inner, c, *values)
        return inner

    def _plain_total(self, terms: Sum) -> Scaled:
        """A sum: terms with one coefficient are added first, the coefficient that most have stays outside."""
        if len(terms) == 1:
            return self._only_term(*terms.popitem())
        number = terms.pop(ONE, 0)
        groups: dict[tuple[int, int], list[Signed]] = {}
        sizes: dict[tuple[int, int], Any] = {}
        one, product = self._algebra.one, self._product
        for key, c in terms.items():
            if not c:
                continue
            n = product(*key) if type(key) is tuple else key
            if n == one:
                number += c
                continue
            top, bottom = c.as_integer_ratio()
            size = abs(top), bottom  # as ints, which are hashed in a tenth of the time of a Fraction
            if size in groups:
                groups[size].append((top > 0, n))
            else:
                groups[size] = [(top > 0, n)]
                sizes[size] = c if top > 0 else -c
        if not groups:
            return (number, ONE) if number else ZERO
        most, parts = next(iter(groups.items()))
        if len(parts) == len(terms) == 1 and not number:
            return (sizes[most] if parts[0][0] else -sizes[most]), parts[0][1]
        for size, others in groups.items():
            if len(others) > len(parts):
                most, parts = size, others
        base = sizes[most]
        for size, others in groups.items():
            if size != most:
                positive, n = self._sum(others)
                parts.append((positive, self.times(ratio(sizes[size], base), n)))
        if number:
            rest = ratio(number, base)
            parts.append((rest > 0, self._graph.const(abs(rest))))
        positive, n = self._sum(parts)
        return base if positive else -base, n

    def _only_term(self, key: Any, c: Any) -> Scaled:
        """A sum of one term."""
        if not c:
            return ZERO
        n = self._product(*key) if type(key) is tuple else key
        return c, ONE if n == self._algebra.one else n

    def _sum(self, parts: list[Signed]) -> Signed:
        """Nodes with signs as one node with a sign."""
        start = 0
        if len(parts) > 1:
            for k, (positive, _) in enumerate(parts):
                if positive:
                    start = k
                    break
        sign, result = parts[start]
        intern = self._graph.intern
        for k, (positive, n) in enumerate(parts):
            if k != start:
                result = intern((ADD if positive == sign else SUB, result, n))
        return sign, result

    def _product(self, m: int, n: int) -> int:
        """The product of two nodes, in the order in which the graph has it, if it does."""
        graph = self._graph
        node = (MUL, m, n)
        found = graph.find(node)
        if found is None and m != n:
            found = graph.find((MUL, n, m))
        if found is not None:
            return found
        left, right = graph.nodes[m][0], graph.nodes[n][0]
        if left in _MERGE or right in _MERGE or m == n:
            if left == WHERE or right == WHERE:
                return self._algebra.lower(self.mul((1, m), (1, n)))
            return self._algebra.product(m, n)
        return graph.append(node)

    def times(self, c: Any, n: int) -> int:
        """A positive exact number times a node, in one operation."""
        if c == 1:
            return n
        graph = self._graph
        node = graph.nodes[n]
        if node[0] == MUL or node[0] == DIV:
            d, inner = self._scale(node)
            if d is not None:
                c, n = c * d, inner
                if c == 1:
                    return n
        if type(c) is Fraction:
            if c.denominator == 1:
                c = c.numerator
            elif c.numerator == 1:
                return graph.intern((DIV, n, graph.const(c.denominator)))
        return graph.intern((MUL, graph.const(c), n))

    def _scale(self, node: Any) -> tuple[Any, int]:
        """The positive number with which a node was multiplied here, and what of it; None where there is none."""
        value = exact_value(self._graph, node[1] if node[0] == MUL else node[2])
        if value is None or value <= 0:
            return None, 0
        return (value, node[2]) if node[0] == MUL else (Fraction(1) / value, node[1])


def ratio(a: Any, b: Any) -> Any:
    """An exact quotient, an int where it is whole."""
    if b == 1:
        return a
    if type(a) is int and type(b) is int and not a % b:
        return a // b
    return exact_ratio(a, b)


def common_factor(a: Any, b: Any) -> Any:
    """The greatest common divisor of two exact numbers."""
    if type(a) is int and type(b) is int:
        return math.gcd(a, b)
    x, y = Fraction(a), Fraction(b)
    return whole(Fraction(math.gcd(x.numerator, y.numerator), math.lcm(x.denominator, y.denominator)))
