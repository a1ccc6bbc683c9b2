"""A graph as sums and products of many operands.

A sum that only another sum uses is part of that one, and so is a product of a product. What several
use stays a unit of its own, as it is computed once. A term that would cancel stays unless it is
finite everywhere, and a number that grows large is left as written.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from symdiff.build import ADD, DIV, MUL, NEG, POW, SUB
from symdiff.constants import is_exact
from symdiff.graph import CONST, VAR, Graph, Node
from symdiff.records import OPERATIONS
from symdiff.rewrite.forms import ONE, Forms, Powers, Terms, Value, quotient

_BITS = 256  # size limit of a coefficient, in bits
_EXPONENT = 4096
_PROBES = (-20.0, -2.0, -1.5, -1.0, -0.5, -0.0, 0.0, 0.5, 1.0, 1.5, 2.0, 20.0)


class _Sum:
    """Terms still being collected, all of them times a sign."""

    __slots__ = ("sign", "terms")

    def __init__(self, terms: Terms) -> None:
        self.sign = 1
        self.terms = terms


class _Product:
    """Factors still being collected."""

    __slots__ = ("bottom", "scale", "top")

    def __init__(self, scale: Any, top: Powers, bottom: Powers) -> None:
        self.scale = scale
        self.top = top
        self.bottom = bottom


class Flattening:
    """Reads one cone."""

    def __init__(self, graph: Graph, roots: Sequence[int]) -> None:
        self.graph = graph
        self.forms = Forms(graph)
        self._open: dict[int, Any] = {}  # open units: what the only user of a node may still take apart
        self._done: dict[int, Value] = {}
        self._sound: dict[int, bool] = {}  # soundness of cancelling, by operation code
        cone = graph.cone(roots)
        uses = dict.fromkeys(cone, 0)
        for i in cone:
            node = graph.nodes[i]
            for j in node[1:] if node[0] > VAR else ():
                uses[j] += 1
        for i in roots:
            uses[i] += 2
        for i in cone:
            found = self._read(i, graph.nodes[i])
            if type(found) is tuple:
                self._done[i] = found
            elif uses[i] > 1:
                self._done[i] = self._close(found)
            else:
                self._open[i] = found
        self.roots = [self._done[i] for i in roots]

    def _read(self, i: int, node: Node) -> Any:
        code = node[0]
        if code == VAR:
            return 1, self.forms.leaf(i, True)
        if code == CONST:
            value = self.graph.leaves[i]
            if is_exact(value) and _small(value):
                return value, ONE
            return 1, self.forms.leaf(i, not isinstance(value, float) or math.isfinite(value))
        found = None
        if not any(self._is_condition(j) for j in node[1:]):
            if code in (ADD, SUB):
                found = self._sum(node[1], node[2], 1 if code == ADD else -1)
            elif code == NEG:
                found = self._negated(node[1])
            elif code in (MUL, DIV):
                found = self._product(node[1], node[2], code == DIV)
            elif code == POW:
                found = self._power(node[1], node[2])
        return self._operation(node) if found is None else found

    def _is_condition(self, j: int) -> bool:
        node = self.graph.nodes[j]
        return bool(OPERATIONS[node[0]].boolean) if node[0] > VAR else isinstance(self.graph.leaves[j], bool)

    def _operation(self, node: Node) -> Value:
        operands = tuple([self._closed(j) for j in node[1:]])
        sound = self._is_sound(node[0]) and all(self.forms.sound[u] for _, u in operands)
        return 1, self.forms.operation(node[0], operands, sound)

    def _is_sound(self, code: int) -> bool:
        """Whether an operation of one operand is finite wherever that is, as far as some points tell."""
        found = self._sound.get(code)
        if found is None:
            op = OPERATIONS[code]
            found = self._sound[code] = op.arity == 1 and not op.boolean and all(map(_finite(op), _PROBES))
        return found

    # -- between open and closed -----------------------------------------------

    def _taken(self, j: int) -> Any:
        found = self._open.pop(j, None)
        return self._done[j] if found is None else found

    def _closed(self, j: int) -> Value:
        """An operand as a value."""
        found = self._done.get(j)
        if found is None:
            found = self._done[j] = self._close(self._open.pop(j))
        return found

    def _close(self, found: Any) -> Value:
        if type(found) is _Sum:
            c, u = self.forms.sum(found.terms)
            return c * found.sign, u
        if type(found) is _Product:
            return self.forms.product(found.scale, found.top, found.bottom)
        assert type(found) is tuple
        return found

    def _as_sum(self, j: int) -> _Sum:
        found = self._open.get(j)
        if type(found) is _Sum:
            return found
        c, u = self._closed(j)
        return _Sum({u: c} if c != 0 else {})

    def _as_product(self, j: int) -> _Product:
        found = self._open.get(j)
        if type(found) is _Product:
            return found
        c, u = self._closed(j)
        return _Product(c, {u: 1} if u != ONE else {}, {})

    # -- sums ----------------------------------------------------------------------

    def _sum(self, i: int, j: int, sign: int) -> Any:
        """The terms of two operands together; None where that would cancel what may not be finite."""
        large, small, outer = self._as_sum(i), self._as_sum(j), 1
        if len(large.terms) < len(small.terms):
            large, small, outer = small, large, sign
        times = sign * small.sign * large.sign
        terms = large.terms
        for u, c in small.terms.items():
            held = terms.get(u)
            if held is not None:
                total = held + times * c
                if (total == 0 and not self.forms.sound[u]) or not _small(total):
                    return None
        for u, c in small.terms.items():
            terms[u] = terms[u] + times * c if u in terms else times * c
        self._open.pop(i, None)
        self._open.pop(j, None)
        large.sign *= outer
        return large

    def _negated(self, j: int) -> Any:
        found = self._taken(j)
        if type(found) is tuple:
            return -found[0], found[1]
        if type(found) is _Sum:
            found.sign = -found.sign
        else:
            found.scale = -found.scale
        return found

    # -- products --------------------------------------------------------------------

    def _product(self, i: int, j: int, divide: bool) -> Any:
        """The factors of two operands together; None for a product with the number 0."""
        left, right = self._as_product(i), self._as_product(j)
        if right.bottom and divide:  # keep x/(y/z)
            right = _Product(*self._alone(j))
        if left.scale == 0 or right.scale == 0:
            return None
        scale = quotient(left.scale, right.scale) if divide else left.scale * right.scale
        if not _small(scale):
            return None
        sides = (right.bottom, right.top) if divide else (right.top, right.bottom)
        self._open.pop(i, None)
        self._open.pop(j, None)
        top, bottom = _together(left.top, sides[0]), _together(left.bottom, sides[1])
        return _Product(_plain(scale), top, bottom)

    def _alone(self, j: int) -> tuple[Any, Powers, Powers]:
        c, u = self._closed(j)
        return c, {u: 1}, {}

    def _power(self, i: int, j: int) -> Any:
        exponent = self.graph.leaves[j] if self.graph.nodes[j][0] == CONST else None
        if type(exponent) is not int or not 0 < exponent <= _EXPONENT:
            return None
        c, u = self._closed(i)
        if c == 0 or max(c.numerator.bit_length(), c.denominator.bit_length()) * exponent > 2 * _BITS:
            return None
        return _Product(_plain(c**exponent), {u: exponent} if u != ONE else {}, {})


def _together(a: Powers, b: Powers) -> Powers:
    """Factors of both, the smaller put into the larger."""
    if len(a) < len(b):
        a, b = b, a
    for u, n in b.items():
        a[u] = a.get(u, 0) + n
    return a


def _small(value: Any) -> bool:
    return value.numerator.bit_length() <= _BITS and value.denominator.bit_length() <= _BITS  # type: ignore[no-any-return]


def _plain(value: Any) -> Any:
    return value.numerator if type(value) is Fraction and value.denominator == 1 else value


def _finite(op: Any) -> Any:
    def test(x: float) -> bool:
        try:
            return math.isfinite(op.real(x))
        except (ValueError, OverflowError, ZeroDivisionError, TypeError):
            return False

    return test


def flattened(graph: Graph, roots: Iterable[int]) -> tuple[Forms, list[Value]]:
    """The units that some nodes are made of, and the nodes as values."""
    reader = Flattening(graph, list(roots))
    return reader.forms, reader.roots
