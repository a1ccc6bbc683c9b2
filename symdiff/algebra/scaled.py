"""Nodes with exact coefficients: the values of symbolic derivatives.

A value is an exact coefficient times a node, `(coefficient, index)`, the index
ONE standing for the number one; zero is always `(0, ONE)`. So signs and constants float out of products
and meet at the end, and a sum merges its like terms. What is written reads the
way a person would write it: `2*x*y`, `x/2`, `a - b`, `60*x**2`.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from symdiff.build import DIV, MUL, NEG, POW, exact_value
from symdiff.constants import is_exact
from symdiff.exact import exact_ratio
from symdiff.graph import CONST, VAR, Graph

ONE = -1
Scaled = tuple[Any, int]
ZERO: Scaled = (0, ONE)
LIFTED = frozenset((NEG, DIV, MUL, CONST))  # operations that may hold a coefficient
_SPINE = 4  # length limit of a monomial that takes a coefficient in front, in factors


class Scaling:
    """Between scaled values and the nodes of one graph."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.one = graph.const(1)

    def lift(self, i: int) -> Scaled:
        """A node as a scaled value: the constants and signs in it float out, from a sign and a quotient below it."""
        node = self.graph.nodes[i]
        if node[0] not in LIFTED:
            return 1, i
        if node[0] == NEG:
            inner = node[1]
            c, n = self._lift_quotient(inner) if self.graph.nodes[inner][0] == DIV else self._lift_factor(inner)
            return -c, n
        return self._lift_quotient(i) if node[0] == DIV else self._lift_factor(i)

    def _lift_factor(self, i: int) -> Scaled:
        """As `lift`, of a constant and a product with one."""
        node = self.graph.nodes[i]
        if node[0] == MUL:
            for k, other in ((1, 2), (2, 1)):
                value = exact_value(self.graph, node[k])
                if value is not None:
                    return self._signed(value, node[other]) if value != 0 else ZERO
        elif node[0] == CONST and is_exact(self.graph.leaves[i]):
            return self.graph.leaves[i], ONE
        return 1, i

    def _signed(self, c: Any, n: int) -> Scaled:
        node = self.graph.nodes[n]
        return (-c, node[1]) if node[0] == NEG else (c, n)

    def _lift_quotient(self, i: int) -> Scaled:
        """As `lift`, of a quotient: what its operands let out, one level deep."""
        nodes = self.graph.nodes
        node = nodes[i]
        if nodes[node[1]][0] not in LIFTED and nodes[node[2]][0] not in LIFTED:
            return 1, i
        (c, a), (d, b) = self._lift_operand(node[1]), self._lift_operand(node[2])
        if d == 0 or (c == 1 and d == 1):
            return 1, i
        if c == 0:
            return ZERO
        top = self.one if a == ONE else a
        return exact_ratio(c, d), top if b == ONE else self.graph.intern((DIV, top, b))

    def _lift_operand(self, i: int) -> Scaled:
        node = self.graph.nodes[i]
        return (-1, node[1]) if node[0] == NEG else self._lift_factor(i)

    def lower(self, value: Scaled) -> int:
        """The node of a scaled value, written as a person would."""
        c, n = value
        graph = self.graph
        if type(c) is Fraction and c.denominator == 1:
            c = c.numerator
        if n == ONE:
            return graph.const(c)
        if type(c) is int and c == 1:
            return n
        if c == 0:
            return graph.const(0)
        node = graph.nodes[n]
        if node[0] == DIV and not self._holds_quotient(node[1], node[2]):
            return self._scaled_quotient(c, node[1], node[2])
        if c == -1:
            return graph.intern((NEG, n))
        if type(c) is Fraction and c.numerator == 1:
            return graph.intern((DIV, n, graph.const(c.denominator)))
        monomial = self._monomial(c, n) if node[0] == MUL else None
        return graph.intern((MUL, graph.const(c), n)) if monomial is None else monomial

    def _holds_quotient(self, a: int, b: int) -> bool:
        """Whether `a/b` is made of quotients, before which a coefficient stands: `2*(u/b*u)` might overflow."""
        nodes = self.graph.nodes
        if DIV in (nodes[a][0], nodes[b][0]):
            return True
        return bool(nodes[a][0] == MUL and any(nodes[j][0] == DIV and nodes[j][2] == b for j in nodes[a][1:]))

    def _scaled_quotient(self, c: Any, a: int, b: int) -> int:
        top = (c.numerator, ONE) if a == self.one else (c.numerator, a)
        if top[0] == -1 and a != self.one:
            quotient = self.graph.intern((DIV, a, self.lower((c.denominator, b))))
            return self.graph.intern((NEG, quotient))
        return self.graph.intern((DIV, self.lower(top), self.lower((c.denominator, b))))

    def _monomial(self, c: Any, n: int) -> int | None:
        """`2*x*y` as one would build it, the coefficient on the leftmost variable."""
        graph = self.graph
        factors: list[int] = []
        while graph.nodes[n][0] == MUL and len(factors) < _SPINE:
            factors.append(graph.nodes[n][2])
            n = graph.nodes[n][1]
        base = graph.nodes[n][1] if graph.nodes[n][0] == POW else n
        if graph.nodes[base][0] != VAR:
            return None
        result = graph.intern((MUL, graph.const(c), n))
        for factor in reversed(factors):
            result = graph.intern((MUL, result, factor))
        return result


def whole(value: Any) -> Any:
    """An exact number as an int where it is whole."""
    return value.numerator if type(value) is Fraction and value.denominator == 1 else value
