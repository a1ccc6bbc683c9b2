"""Units, which are sums and products of many operands (`forms.py`), as nodes of a graph with few operations."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from symdiff.build import ADD, DIV, MUL, NEG, POW, SUB
from symdiff.graph import CONST, VAR, Graph
from symdiff.rewrite.forms import LEAF, ONE, OPERATION, SUM, Forms, Powers, Terms, Value

_LARGE = 1e150  # range limit: floats above it, or below one over it, stay as they are


def write(forms: Forms, roots: Sequence[Value]) -> tuple[Graph, list[int]]:
    """The roots in a graph of their own."""
    writer = _Writer(forms)
    for u in forms.order(roots):
        writer.value[u] = writer.unit(u)
    return writer.graph, [writer.node(writer.of(value)) for value in roots]


class _Writer:
    def __init__(self, forms: Forms) -> None:
        self.forms = forms
        self.graph = Graph(simplify=False)
        self.value: dict[int, tuple[Any, int]] = {}  # values by unit: coefficient and node, -1 for the number one

    def of(self, value: Value) -> tuple[Any, int]:
        """A value as a coefficient and a node."""
        c, n = self.value[value[1]]
        return c * value[0], n

    def unit(self, u: int) -> tuple[Any, int]:
        """A unit whose operands are written already."""
        kind, data = self.forms.kind[u], self.forms.data[u]
        if u == ONE:
            return 1, -1
        if kind == LEAF:
            return 1, self._leaf(data)
        if kind == OPERATION:
            code, operands = data
            return 1, self.graph.intern((code, *[self.node(self.of(value)) for value in operands]))
        return self._sum(data) if kind == SUM else self._quotient(*data)

    def _leaf(self, i: int) -> int:
        held = self.forms.graph
        return self.graph.var(held.leaves[i]) if held.nodes[i][0] == VAR else self.graph.const(held.leaves[i])

    def node(self, value: tuple[Any, int]) -> int:
        """A coefficient times a node, in one operation."""
        c, n = value
        graph = self.graph
        if type(c) is Fraction and c.denominator == 1:
            c = c.numerator
        if n < 0:
            return graph.const(c)
        if c == 1:
            return n
        if c == -1:
            return graph.intern((NEG, n))
        node = graph.nodes[n]
        if node[0] == DIV and graph.nodes[node[1]] == graph.nodes[graph.const(1)]:
            return graph.intern((DIV, graph.const(c), node[2]))
        if type(c) is Fraction and abs(c.numerator) == 1:
            return graph.intern((DIV, n, graph.const(c.denominator * c.numerator)))
        return graph.intern((MUL, graph.const(c), n))

    # -- sums --------------------------------------------------------------------

    def _sum(self, terms: Terms) -> tuple[Any, int]:
        """Terms of one coefficient are added first; where all have one, or are negative, that comes out."""
        groups: dict[Any, list[tuple[bool, int]]] = {}
        number: Any = 0
        for u, coefficient in terms.items():
            c, n = self.of((coefficient, u))
            if n < 0:
                number += c
            elif c != 0:
                groups.setdefault(abs(c), []).append((c > 0, n))
        if not groups:
            return number, -1
        if len(groups) == 1 and (number == 0 or groups.keys() == {1}):
            ((c, parts),) = groups.items()
            if number != 0:
                parts.append((number > 0, self.graph.const(abs(number))))
            positive, n = self._added(self._folded(parts))
            return c if positive else -c, n
        parts = []
        for c, group in sorted(groups.items(), key=lambda item: item[0] != 1):
            if c == 1:
                parts.extend(group)
            else:
                positive, n = self._added(group)
                parts.append((positive, self.node((c, n))))
        if number != 0:
            parts.append((number > 0, self.graph.const(abs(number))))
        positive, n = self._added(self._folded(parts))
        return 1 if positive else -1, n

    def _added(self, parts: Sequence[tuple[bool, int]]) -> tuple[bool, int]:
        """Nodes with signs as one node with a sign."""
        start = next((k for k, (positive, _) in enumerate(parts) if positive), 0)
        sign, result = parts[start]
        for k, (positive, n) in enumerate(parts):
            if k != start:
                result = self.graph.intern((ADD if positive == sign else SUB, result, n))
        return sign, result

    def _folded(self, parts: Sequence[tuple[bool, int]]) -> Sequence[tuple[bool, int]]:
        """The numbers of a sum as one, where a float among them holds that without rounding."""
        values = [self._number(n) for _, n in parts]
        numbers = [v if positive else -v for v, (positive, _) in zip(values, parts, strict=True) if v is not None]
        if len(numbers) < 2 or not any(type(v) is float for v in numbers):
            return parts
        total = _exact_float(sum(map(Fraction, numbers)))
        if total is None:
            return parts
        rest = [part for v, part in zip(values, parts, strict=True) if v is None]
        return [*rest, (True, self.graph.const(total))] if rest else parts

    def _number(self, n: int) -> Any:
        """The float, int or Fraction that a node is; None for others and what a float cannot hold."""
        if self.graph.nodes[n][0] != CONST:
            return None
        value = self.graph.leaves[n]
        if type(value) not in (int, float, Fraction):
            return None
        return value if abs(value) < _LARGE else None

    # -- products ----------------------------------------------------------------

    def _quotient(self, top: Powers, bottom: Powers) -> tuple[Any, int]:
        c, above = self._product(top)
        if not bottom:
            return c, above
        d, below = self._product(bottom)
        outer = c if d == 1 else Fraction(c) / d if d != 0 else c
        if d == 0:
            below = self.graph.const(0)
        if below < 0:
            return outer, above
        return outer, self.graph.intern((DIV, self.graph.const(1) if above < 0 else above, below))

    def _product(self, powers: Powers) -> tuple[Any, int]:
        """Factors multiplied, constants and variables first; of a power the coefficient is taken on its own."""
        coefficient: Any = 1
        nodes: list[int] = []
        for u, n in powers.items():
            c, node = self.value[u]
            if node < 0 or c in (1, -1):
                coefficient *= c**n
            elif n == 1:
                coefficient *= c
            else:
                node = self.node((c, node))
            if node >= 0:
                nodes.append(node if n == 1 else self.graph.intern((POW, node, self.graph.const(n))))
        nodes = self._multiplied(sorted(nodes, key=self._rank))
        if not nodes:
            return coefficient, -1
        result = nodes[0]
        for n in nodes[1:]:
            result = self.graph.intern((MUL, result, n))
        return coefficient, result

    def _rank(self, n: int) -> int:
        """Where a factor stands: constants, powers of variables, all else."""
        node = self.graph.nodes[n]
        base = self.graph.nodes[node[1]] if node[0] == POW else node
        return min(int(base[0]), VAR + 1)

    def _multiplied(self, nodes: list[int]) -> list[int]:
        """The floats in a product as one, where a float holds that without rounding."""
        values = [self._number(n) for n in nodes]
        floats = [Fraction(v) for v in values if type(v) is float and v]
        product = _exact_float(math.prod(floats)) if len(floats) > 1 else None
        if product is None:
            return nodes
        rest = [n for n, v in zip(nodes, values, strict=True) if type(v) is not float or not v]
        return [self.graph.const(product), *rest]


def _exact_float(value: Any) -> float | None:
    """An exact number as a float, None where that rounds or is far from one."""
    if not 1 / _LARGE < abs(value) < _LARGE:
        return None
    found = float(value)
    return found if Fraction(found) == value else None
