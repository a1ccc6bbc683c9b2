"""Sums and products of any number of operands: what a graph says once the order of its operands does not count.

A unit is a leaf, an operation, a sum (from units to exact coefficients) or a product (from units
to whole positive exponents, above and below the line). A value is an exact coefficient times a
unit. Equal units are one. Nothing above the line is ever cancelled with what is below it.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from symdiff.graph import Graph

ONE = 0  # unit of the number one
LEAF, OPERATION, SUM, PRODUCT = range(4)
Value = tuple[Any, int]
Terms = dict[int, Any]
Powers = dict[int, int]


class Forms:
    """The units, by number.

    `data` holds the node of a leaf, the code and operands of an operation, the terms of a sum, the
    two sides of a product. `sound` tells what is finite wherever the leaves are.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.kind = [LEAF]
        self.data: list[Any] = [graph.const(1)]
        self.sound = [True]
        self._known: dict[Any, int] = {}

    def _unit(self, key: Any, kind: int, data: Any, sound: bool) -> int:
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self.fresh(kind, data, sound)
        return found

    def fresh(self, kind: int, data: Any, sound: bool = False) -> int:
        """A unit that is not looked for among those there are."""
        self.kind.append(kind)
        self.data.append(data)
        self.sound.append(sound)
        return len(self.kind) - 1

    def leaf(self, node: int, sound: bool) -> int:
        """A variable or constant."""
        return self._unit(node, LEAF, node, sound)

    def operation(self, code: int, operands: tuple[Value, ...], sound: bool) -> int:
        """An operation that is no sum or product, or is not to be taken apart."""
        return self._unit((code, operands), OPERATION, (code, operands), sound)

    def sum(self, terms: Terms) -> Value:
        """A sum of units that differ; the coefficient that all terms share comes out."""
        terms = {u: c for u, c in terms.items() if c != 0}
        if len(terms) <= 1:
            return next(((c, u) for u, c in terms.items()), (0, ONE))
        outer = content(terms.values())
        if outer != 1:
            terms = {u: quotient(c, outer) for u, c in terms.items()}
        sound = all(self.sound[u] for u in terms)
        key = frozenset(terms.items())
        if key not in self._known:
            negated = self._known.get(frozenset([(u, -c) for u, c in terms.items()]))
            if negated is not None:
                return -outer, negated
        return outer, self._unit(key, SUM, terms, sound)

    def product(self, c: Any, top: Powers, bottom: Powers) -> Value:
        """A product and quotient of units."""
        if not bottom:
            if not top:
                return c, ONE
            if len(top) == 1 and (u := next(iter(top))) and top[u] == 1:
                return c, u
        sound = not bottom and all(self.sound[u] for u in top)
        key = frozenset(top.items()), frozenset(bottom.items())
        return c, self._unit(key, PRODUCT, (top, bottom), sound)

    def operands(self, u: int) -> Iterable[int]:
        """The units that a unit is made of; one above and below the line comes twice."""
        kind, data = self.kind[u], self.data[u]
        if kind == SUM:
            return list(data)
        if kind == PRODUCT:
            return [*data[0], *data[1]]
        return [] if kind == LEAF else [v for _, v in data[1]]

    def order(self, roots: Iterable[Value]) -> list[int]:
        """What the roots are made of, themselves included, operands first."""
        found: list[int] = []
        begun: set[int] = set()
        done: set[int] = set()
        stack = [u for _, u in roots][::-1]
        while stack:
            u = stack[-1]
            if u in begun:
                stack.pop()
                if u not in done:
                    done.add(u)
                    found.append(u)
                continue
            begun.add(u)
            stack.extend([v for v in self.operands(u) if v not in begun][::-1])
        return found

    def uses(self, order: Iterable[int], roots: Iterable[Value]) -> dict[int, int]:
        """How often each unit is an operand or a root."""
        found = dict.fromkeys(order, 0)
        for _, u in roots:
            found[u] += 1
        for u in list(found):
            for v in self.operands(u):
                found[v] += 1
        return found


def content(coefficients: Iterable[Any]) -> Any:
    """What comes out of a sum: the least coefficient where it divides all others, and a sign that all have."""
    values = list(coefficients)
    least = min([abs(c) for c in values])
    if least != 1 and any(type(quotient(c, least)) is not int for c in values):
        least = 1
    return least if any(c > 0 for c in values) else -least


def quotient(a: Any, b: Any) -> Any:
    """An exact quotient, an int where it is whole."""
    if b == 1:
        return a
    value = Fraction(a) / b
    return value.numerator if value.denominator == 1 else value
