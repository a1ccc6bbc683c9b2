"""Graph indices: the algebra in which the derivative rules become symbolic derivatives.

A value is an exact coefficient times a node, `(coefficient, index)`, the index
ONE standing for the number one; zero is always `(0, ONE)`. So signs and constants float out of products
and meet at the end, and a sum merges its like terms. What is written reads the
way a person would write it: `2*x*y`, `x/2`, `a - b`, `60*x**2`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any

from symdiff import ops
from symdiff.build import ADD, DIV, MUL, NEG, POW, SUB, exact_value, simplified, split_power
from symdiff.graph import CONST, VAR, Graph, Node, is_exact
from symdiff.rules import NO_SLOT, Partial

ONE = -1
Scaled = tuple[Any, int]
ZERO: Scaled = (0, ONE)
_DIGITS = re.compile(r"(\d+)")
_LIFTED = frozenset((NEG, DIV, MUL, CONST))  # nodes that a coefficient may be in
_POWERS = frozenset((DIV, POW))  # factors that may merge with another
_MERGING = frozenset((CONST, POW))  # and with the first one of a product
_SPINE = 4  # factors of a monomial before which a coefficient is put


class Symbolic:
    """Arithmetic on scaled nodes of one graph."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.one = graph.const(1)

    # -- between scaled values and nodes -----------------------------------

    def lift(self, i: int) -> Scaled:
        """A node as a scaled value: the constants and signs in it float out, from a sign and a quotient below it."""
        node = self.graph.nodes[i]
        if node[0] not in _LIFTED:
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
        node = self.graph.nodes[i]
        (c, a), (d, b) = self._lift_operand(node[1]), self._lift_operand(node[2])
        if d == 0 or (c == 1 and d == 1):
            return 1, i
        if c == 0:
            return ZERO
        top = self.one if a == ONE else a
        return _whole(Fraction(c) / d), top if b == ONE else self.graph.intern((DIV, top, b))

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
        if node[0] == DIV and DIV not in (graph.nodes[node[1]][0], graph.nodes[node[2]][0]):
            return self._scaled_quotient(c, node[1], node[2])
        if c == -1:
            return graph.intern((NEG, n))
        if type(c) is Fraction and c.numerator == 1:
            return graph.intern((DIV, n, graph.const(c.denominator)))
        monomial = self._monomial(c, n) if node[0] == MUL else None
        return graph.intern((MUL, graph.const(c), n)) if monomial is None else monomial

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

    # -- arithmetic ------------------------------------------------------------

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
            return (_whole(parts[0][0]), parts[0][1]) if parts else ZERO
        if share and number == 0:
            shared = self._shared(*parts) if len(parts) == 2 else self._shared_by_all(parts)
            if shared is not None:
                return shared
        outer = self._common(parts)
        if outer != 1:
            parts = [(_whole(c * outer if outer == -1 else c / outer), n) for c, n in parts]
        return _whole(outer), self._sum(parts)

    def _shared(self, first: Scaled, second: Scaled) -> Scaled | None:
        """`f*u + f*v` as `f*(u + v)`, `u/f + v/f` as `(u + v)/f`; two sums as one where their terms merge.

        So the slopes of `(1 - r)*(1 + r)` add up to `-2*r` instead of cancelling.
        """
        left, right = self.graph.nodes[first[1]], self.graph.nodes[second[1]]
        if left[0] == DIV and right[0] == DIV and left[2] == right[2]:
            return self.div(self._inner((first[0], left[1]), (second[0], right[1])), (1, left[2]))
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
        return c * d, m

    def _terms(self, c: Any, n: int) -> list[Scaled]:
        """A scaled node as the two terms of its sum, where it is one."""
        node = self.graph.nodes[n]
        if node[0] not in (ADD, SUB):
            return [self._scaled(c, n)]
        (d, a), (e, b) = self.lift(node[1]), self.lift(node[2])
        return [(c * d, a), (c * e if node[0] == ADD else -c * e, b)]

    @staticmethod
    def _common(parts: list[Scaled]) -> Any:
        """The coefficient that all terms share; -1 where only a sign is to be had."""
        size = abs(parts[0][0])
        if parts[-1][1] == ONE or any(abs(c) != size for c, _ in parts):
            free = any(c > 0 or abs(c) != 1 for c, _ in parts)  # a sign that some constant takes up
            return 1 if free else -1
        size = Fraction(size) if size != 1 else 1
        return size if any(c > 0 for c, _ in parts) else -size

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

    def sum_of(self, coefficients: list[Any], nodes: list[int]) -> Scaled:
        """As `add`, where most sums of adjoints are many different nodes with one coefficient."""
        first = coefficients[0] if coefficients else 0
        if len(nodes) > 2 and coefficients.count(first) == len(nodes):
            different = set(nodes)
            if len(different) == len(nodes) and (ONE not in different or first == 1):
                if ONE in different:  # a number goes last
                    nodes.remove(ONE)
                    nodes.append(self.one)
                elif self.graph.nodes[nodes[0]][0] == MUL == self.graph.nodes[nodes[-1]][0]:
                    shared = self._shared_by_all(list(zip(coefficients, nodes, strict=True)))
                    if shared is not None:
                        return shared
                size, append = len(self.graph), self.graph.append
                result = self.graph.intern((ADD, nodes[0], nodes[1]))
                for n in nodes[2:]:  # what is made of a new node is new
                    node = (ADD, result, n)
                    result = append(node) if result >= size else self.graph.intern(node)
                return first, result
        return self.add(zip(coefficients, nodes, strict=True))

    def _sum(self, parts: list[Scaled]) -> int:
        start = next((k for k, (c, _) in enumerate(parts) if c > 0), -1)
        if start < 0:
            start = next(k for k, (c, _) in enumerate(parts) if c != -1)
        intern = self.graph.intern
        result = self.lower(parts[start])
        for k, (c, n) in enumerate(parts):
            if k == start:
                continue
            if c > 0:
                result = intern((ADD, result, n if c == 1 and n != ONE else self.lower((c, n))))
            else:
                result = intern((SUB, result, n if c == -1 and n != ONE else self.lower((-c, n))))
        return result

    def mul(self, a: Scaled, b: Scaled) -> Scaled:
        """A product; the coefficients multiply."""
        c = a[0]
        if b[0] != 1:
            c = b[0] if c == 1 else _whole(c * b[0])
        if a[1] == ONE or b[1] == ONE:
            return ZERO if c == 0 else (c, b[1] if a[1] == ONE else a[1])
        product = self._product(a[1], b[1])
        return c, ONE if product == self.one else product

    def times_partial(
        self, gate: int | None, c: Any, n: int, partial: Partial, i: int, node: Node
    ) -> tuple[int | None, Any, int] | None:
        """The product of `(c, n)` with a partial derivative of the node i, after its gate; None where it is zero."""
        if partial.is_number:
            return gate, c if partial.scale == 1 else partial.scale * c, n
        graph = self.graph
        nodes = graph.nodes
        slot = partial.slot
        j = node[slot] if slot > 0 else i
        if partial.function is not None and partial.function not in _SPECIAL and nodes[j][0] != CONST:
            called = (partial.function, j)
            found = graph.find(called)
            j = graph.append(called) if found is None else found
        elif partial.program is None:
            if partial.scale != 1:
                c = partial.scale * c
        else:
            d, m = self.mul((c, n), self.partial(partial, (i, *node[1:])))
            return (gate, d, m) if m != ONE or d != 0 else None
        left, right = nodes[n][0], nodes[j][0]
        if right not in _LIFTED:
            if n == ONE:
                return gate, c, j
            if left != right and right != POW and left not in _POWERS:
                # what `_product` does most of the time: a sixth of the derivative of a long chain
                product = (MUL, n, j) if left < right else (MUL, j, n)
                inner = nodes[n][1] if left == MUL and right < left else -1
                if inner < 0 or (inner != j and nodes[inner][0] != POW):
                    found = graph.find(product)
                    return gate, c, graph.append(product) if found is None else found
        d, m = self.times_node(c, n, j)
        return (gate, d, m) if m != ONE or d != 0 else None

    def times_node(self, c: Any, n: int, i: int) -> Scaled:
        """The product of `(c, n)` with a node."""
        if n == ONE or self.graph.nodes[i][0] in _LIFTED:
            return self.mul((c, n), self.lift(i))
        product = self._product(n, i)
        return c, ONE if product == self.one else product

    def _product(self, a: int, b: int) -> int:
        graph = self.graph
        nodes = graph.nodes
        left, right = nodes[a][0], nodes[b][0]
        if a == b or left in _POWERS or right in _POWERS:
            merged = self._merged_factors(a, b)
            if merged is not None:
                return merged
            swap = self._precedes(b, a)
        else:
            swap = right < left if left != right else self._precedes(b, a)
        if swap:
            a, b = b, a
        if nodes[b][0] == MUL:
            inner = nodes[b][1]
            if inner == a or nodes[a][0] in _MERGING or nodes[inner][0] == POW:
                merged = self._merged_into(a, b)
                if merged is not None:
                    return merged
        product = (MUL, a, b)
        found = graph.find(product)
        return graph.append(product) if found is None else found

    def _merged_factors(self, a: int, b: int) -> int | None:
        """A product of powers of one node as one power, one with a quotient as a quotient; None where it is neither."""
        graph = self.graph
        left, right = graph.nodes[a], graph.nodes[b]
        if right[0] == DIV and right[1] == self.one:
            return self._quotient(a, right[2])
        if left[0] == DIV and left[1] == self.one:
            return self._quotient(b, left[2])
        if a == b or left[0] == POW or right[0] == POW:
            (m, x), (n, y) = split_power(graph, a), split_power(graph, b)
            if x == y:
                return self._raised(x, m + n)
        if left[0] == DIV or right[0] == DIV:
            return self._reduced(a, b) if right[0] == DIV else self._reduced(b, a)
        return None

    def _merged_into(self, a: int, b: int) -> int | None:
        """A factor taken up by the first factor of a product: `x*(x*y)` as `x**2*y`, `1.5*(2.0*x)` as `3.0*x`."""
        graph = self.graph
        inner, other = graph.nodes[b][1:]
        kind = graph.nodes[a][0]
        if kind == CONST:
            folded = self._exact_float_product(a, inner)
            return None if folded is None else graph.intern((MUL, folded, other))
        if (inner == a or kind == POW or graph.nodes[inner][0] == POW) and self._rank(a) == VAR:
            (m, x), (n, y) = split_power(graph, a), split_power(graph, inner)
            if x == y:
                return graph.intern((MUL, self._raised(x, m + n), other))
        return None

    def _precedes(self, a: int, b: int) -> bool:
        """Whether a factor stands before another: constants, powers of variables by name, all else by operation.

        What an expression is made of decides, and only then which was made
        first, so that it reads the same whatever else its graph holds.
        """
        left, right = self.graph.nodes[a][0], self.graph.nodes[b][0]
        if left != right and left != POW and right != POW:
            return bool(left < right)
        rank, other = self._rank(a), self._rank(b)
        if rank != other or rank == 0:
            return (rank, a) < (other, b)
        if rank == 1:
            return self._name_key(a) < self._name_key(b)
        return (self._made_of(a), a) < (self._made_of(b), b)

    def _rank(self, i: int) -> int:
        node = self.graph.nodes[i]
        if node[0] == POW and self.graph.nodes[node[2]][0] == CONST:
            node = self.graph.nodes[node[1]]
        return node[0] if node[0] <= VAR else 2

    def _name_key(self, i: int) -> list[tuple[int, str]]:
        node = self.graph.nodes[i]
        name = self.graph.leaves[node[1] if node[0] == POW else i].name
        return [(int(p), "") if k % 2 else (-1, p) for k, p in enumerate(_DIGITS.split(name))]  # x2 before x10

    def _made_of(self, i: int) -> list[tuple[int, str]]:
        """An operation and its operands, one level deep."""
        nodes, leaves = self.graph.nodes, self.graph.leaves
        found = [(nodes[i][0], "")]
        for j in nodes[i][1:]:
            leaf = leaves.get(j)
            found.append((nodes[j][0], str(getattr(leaf, "name", leaf)) if leaf is not None else ""))
        return found

    def _reduced(self, factor: int, quotient: int) -> int | None:
        """`x*(y/x**4)` as `y/x**3`."""
        graph = self.graph
        m, base = split_power(graph, factor)
        n, below = split_power(graph, graph.nodes[quotient][2])
        if below != base or m >= n:
            return None
        return self._quotient(graph.nodes[quotient][1], self._raised(base, n - m))

    def _raised(self, base: int, n: int) -> int:
        return base if n == 1 else self.graph.intern((POW, base, self.graph.const(n)))

    def _exact_float_product(self, a: int, b: int) -> int | None:
        """The product of two float constants, where it is a float without rounding: 1.5*0.5."""
        x, y = self.graph.leaves.get(a), self.graph.leaves.get(b)
        if type(x) is not float or type(y) is not float or not math.isfinite(x * y):
            return None
        return self.graph.const(x * y) if Fraction(x * y) == Fraction(x) * Fraction(y) else None

    def div(self, a: Scaled, b: Scaled) -> Scaled:
        """A quotient; by the number 0 it stays one."""
        if b[1] == ONE and b[0] != 0:
            return _whole(Fraction(a[0]) / b[0]), a[1]
        if a[0] == 0:
            return ZERO
        if b[0] == 0:
            return 1, self.graph.intern((DIV, self.lower(a), self.lower(b)))
        quotient = self._quotient(self.one if a[1] == ONE else a[1], b[1])
        return _whole(Fraction(a[0]) / b[0]), ONE if quotient == self.one else quotient

    def _quotient(self, a: int, b: int) -> int:
        """`a/b`; powers merge where nothing can overflow by it: `1/x/x` and `x/x**3` are `1/x**2`, `x/x` is 1."""
        graph = self.graph
        top = graph.nodes[a]
        n, base = split_power(graph, b)
        if top[0] == DIV:
            m, below = split_power(graph, top[2])
            if below == base and top[1] == self.one:
                return self._quotient(top[1], self._raised(base, m + n))
        m, above = split_power(graph, a)
        if above == base and (a == b or m > 1 or n > 1):
            if m >= n:
                return self.one if m == n else self._raised(base, m - n)
            return graph.intern((DIV, self.one, self._raised(base, n - m)))
        reduced = self._without(a, base, n) if top[0] == MUL else None
        return graph.intern((DIV, a, b)) if reduced is None else reduced

    def _without(self, product: int, base: int, n: int) -> int | None:
        """`x**3*y/x` as `x**2*y`, so that it has a value at 0; None where none of the last factors is such a power."""
        graph = self.graph
        factors: list[int] = []
        while graph.nodes[product][0] == MUL and len(factors) < _SPINE:
            _, left, right = graph.nodes[product]
            for factor, other in ((right, left), (left, right)):
                m, above = split_power(graph, factor)
                if above == base and m >= n:
                    result = other if m == n else self._product(other, self._raised(base, m - n))
                    for factor in reversed(factors):
                        result = self._product(result, factor)
                    return result
            factors.append(right)
            product = left
        return None

    def power(self, a: Scaled, b: Scaled) -> Scaled:
        """A power; a whole one of a coefficient is taken on its own."""
        n = b[0] if b[1] == ONE else None
        if type(n) is int and a[1] != ONE and a[0] != 1 and 0 < n < 64:
            return _whole(a[0] ** n), simplified(self.graph, POW, (a[1], self.graph.const(n)))
        return self.lift(simplified(self.graph, POW, (self.lower(a), self.lower(b))))

    def apply(self, code: int, args: Sequence[Scaled]) -> Scaled:
        """Any operation on scaled values."""
        special = _SPECIAL.get(code)
        if special is not None:
            return special(self, *args)
        return self.lift(simplified(self.graph, code, tuple([self.lower(a) for a in args])))

    # -- rules and gates -----------------------------------------------------------

    def partial(self, partial: Partial, slots: Sequence[int]) -> Scaled:
        """A partial derivative at the nodes `slots`: the result, then the operands."""
        if partial.program is None:
            if partial.slot == NO_SLOT:
                return partial.scale, ONE
            c, n = self.lift(slots[partial.slot])
            return partial.scale * c, n
        values: list[Scaled] = []
        at = partial.slots
        for k, node in enumerate(partial.program.nodes):
            if node[0] == VAR:
                values.append(self.lift(slots[at[k]]))
            elif node[0] == CONST:
                value = partial.program.leaves[k]
                values.append((value, ONE) if is_exact(value) else (1, self.graph.const(value)))
            else:
                values.append(self.apply(node[0], [values[j] for j in node[1:]]))
        return values[-1]

    def both(self, a: int | None, b: int) -> int:
        """The condition that two gates are open; None is always open."""
        return b if a is None else simplified(self.graph, ops.logical_and.code, (a, b))

    def either(self, gates: Sequence[int]) -> int | None:
        """The condition that some gate is open; None where one of them always is."""
        nodes = self.graph.nodes
        alternatives: dict[int, None] = {}
        stack = list(reversed(gates))
        while stack:
            gate = stack.pop()
            if nodes[gate][0] == ops.logical_or.code:
                stack.extend(reversed(nodes[gate][1:]))
            else:
                alternatives[gate] = None
        if any(nodes[g][0] == ops.logical_not.code and nodes[g][1] in alternatives for g in alternatives):
            return None
        result, *others = alternatives
        for gate in others:
            result = simplified(self.graph, ops.logical_or.code, (result, gate))
        return result

    def negated(self, gate: int) -> int:
        """The condition that a gate is closed."""
        return simplified(self.graph, ops.logical_not.code, (gate,))

    def select(self, gate: int, a: Scaled, b: Scaled = ZERO) -> Scaled:
        """`where(gate, a, b)`."""
        return self.apply(ops.where.code, [(1, gate), a, b])


_SPECIAL: dict[int, Callable[..., Scaled]] = {  # unbound, for a bound method would hold the graph in a cycle
    ADD: lambda algebra, a, b: algebra.add([a, b]),
    SUB: lambda algebra, a, b: algebra.add([a, (-b[0], b[1])]),
    MUL: Symbolic.mul,
    DIV: Symbolic.div,
    NEG: lambda algebra, a: (-a[0], a[1]),
    POW: Symbolic.power,
}


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


def _whole(value: Any) -> Any:
    return value.numerator if type(value) is Fraction and value.denominator == 1 else value
