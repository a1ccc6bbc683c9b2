"""Products, quotients and powers of scaled values, in which powers of one node merge."""

from __future__ import annotations

import functools
import math
import re
from fractions import Fraction
from typing import Any

from symdiff.algebra.scaled import LIFTED, ONE, ZERO, Scaled, Scaling, whole
from symdiff.build import ADD, DIV, MUL, POW, SUB, simplified, split_power
from symdiff.exact import exact_product, exact_ratio
from symdiff.graph import CONST, VAR, Graph, Node

POWERS = frozenset((DIV, POW))  # operations that may merge with another factor
MERGING = frozenset((CONST, POW))  # operations that may merge with a product's first factor
_DIGITS = re.compile(r"(\d+)")
_SUMS = frozenset((ADD, SUB))
_SPREADING = frozenset((ADD, SUB, MUL))
_LOOKED_AT = 8  # bound of the search for terms and factors, in nodes
_SPINE = 4  # search depth from a product's end, in factors


class Products(Scaling):
    """Scaled values with products."""

    def __init__(self, graph: Graph) -> None:
        super().__init__(graph)
        self._kept: dict[int, bool] = {}  # quotients that were looked at, see `keeps`
        self._falling: dict[int, bool] = {}  # quotients that factors go above, see `_taken_above`

    def mul(self, a: Scaled, b: Scaled) -> Scaled:
        """A product; the coefficients multiply."""
        c = a[0]
        if b[0] != 1:
            c = b[0] if c == 1 else exact_product(c, b[0])
        if a[1] == ONE or b[1] == ONE:
            return ZERO if c == 0 else (c, b[1] if a[1] == ONE else a[1])
        product = self.product(a[1], b[1])
        return c, ONE if product == self.one else product

    def times_node(self, c: Any, n: int, i: int) -> Scaled:
        """The product of `(c, n)` with a node."""
        if n == ONE or (self.graph.nodes[i][0] in LIFTED and not self.keeps(i)):
            return self.mul((c, n), self.lift(i))
        product = self.product(n, i)
        return c, ONE if product == self.one else product

    def product(self, a: int, b: int) -> int:
        """The product of two nodes; first what most products are, two nodes in which nothing merges."""
        graph = self.graph
        nodes = graph.nodes
        node, other = nodes[a], nodes[b]
        left, right = node[0], other[0]
        if (
            left == POW
            or right == POW
            or (left == DIV and not (self._kept.get(a) or self.keeps(a)))
            or (right == DIV and not (self._kept.get(b) or self.keeps(b)))
        ):
            return self._merged_product(a, b)
        if left == right:
            swap = self._plain_order(node, other, a > b) if left > VAR and a != b else None
            if swap is None:
                return self._merged_product(a, b)
        else:
            swap = left > right
            first, last = (right, node) if swap else (left, other)
            if first <= VAR and last[0] == MUL and (nodes[last[1]][0] in MERGING or last[1] == (b if swap else a)):
                return self._merged_product(a, b)
        product = (MUL, b, a) if swap else (MUL, a, b)
        found = graph.find(product)
        return graph.append(product) if found is None else found

    def _plain_order(self, node: Node, other: Node, later: bool) -> bool | None:
        """Whether a factor stands behind another of its operation, as `_precedes` has it; None where leaves decide."""
        nodes = self.graph.nodes
        if len(node) > 3 or len(node) != len(other):
            return None
        left, right = nodes[node[1]][0], nodes[other[1]][0]
        if left == right > VAR:
            left, right = nodes[node[-1]][0], nodes[other[-1]][0]
            if left == right > VAR:
                return later
        return bool(left > right) if left != right else None

    def _merged_product(self, a: int, b: int) -> int:
        """As `product`, of two nodes that may merge."""
        graph = self.graph
        nodes = graph.nodes
        left, right = nodes[a][0], nodes[b][0]
        if (
            a == b
            or (left in POWERS and (left == POW or not self.keeps(a)))
            or (right in POWERS and (right == POW or not self.keeps(b)))
        ):
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
            if inner == a or nodes[a][0] in MERGING or nodes[inner][0] == POW:
                merged = self._merged_into(a, b)
                if merged is not None:
                    return merged
        product = (MUL, a, b)
        found = graph.find(product)
        return graph.append(product) if found is None else found

    def keeps(self, i: int) -> bool:
        """Whether nothing floats out of a product or quotient, and a quotient stays one factor of any product.

        That is but of products with itself, its powers or quotients that do not stay. Looked up most of the time: in a
        factorisation written out each quotient is multiplied a hundred times.
        """
        found = self._kept.get(i)
        if found is None:
            found = self._kept[i] = self._found_to_keep(i)
        return found

    def _found_to_keep(self, i: int) -> bool:
        nodes = self.graph.nodes
        node = nodes[i]
        if node[0] == MUL:
            return self._lift_factor(i) == (1, i)
        if node[0] != DIV or nodes[node[1]][0] == CONST or nodes[node[2]][0] == POW:
            return False
        return self._lift_quotient(i) == (1, i) and not self._falls_with(node[1], node[2])

    def _merged_factors(self, a: int, b: int) -> int | None:
        """A product of powers of one node as one power, one with a quotient as a quotient; None where it is neither."""
        graph = self.graph
        left, right = graph.nodes[a], graph.nodes[b]
        if right[0] == DIV and right[1] == self.one:
            return self._divided(a, right[2])
        if left[0] == DIV and left[1] == self.one:
            return self._divided(b, left[2])
        if a == b or left[0] == POW or right[0] == POW:
            (m, x), (n, y) = split_power(graph, a), split_power(graph, b)
            if x == y:
                return self._raised(x, m + n)
        if (
            left[0] == right[0] == DIV
            and left[2] == right[2]
            and CONST in (graph.nodes[n[1]][0] for n in (left, right))
        ):
            return self._quotient(self._quotient(self.product(left[1], right[1]), left[2]), left[2])
        if left[0] == DIV or right[0] == DIV:
            factor, quotient = (a, b) if right[0] == DIV else (b, a)
            reduced = self._reduced(factor, quotient)
            return self._taken_above(factor, quotient) if reduced is None else reduced
        return None

    def _divided(self, factor: int, below: int) -> int:
        """`p*(1/b**n)`: where b is no variable `p/b/b`, which is finite wherever b is; `b**2` may overflow.

        Of higher powers one is left whole, that of the expression: `p/b/b**5`.
        """
        nodes = self.graph.nodes
        n, base = split_power(self.graph, below)
        if n == 1 or nodes[base][0] <= VAR or nodes[factor][0] == CONST:
            return self._quotient(factor, below)
        if base in (split_power(self.graph, factor)[1], self._inverse_of(factor)):
            return self._quotient(factor, below)
        if n > _SPINE:
            factor, n = self._cancelled(factor, base, n)
        if n > _SPINE:
            return self._quotient(self._quotient(factor, base), self._raised(base, n - 1))
        for _ in range(n):
            factor = self._quotient(factor, base)
        return factor

    def _cancelled(self, product: int, base: int, n: int) -> tuple[int, int]:
        """`b**2*p` over `b**n` as p over `b**(n - 2)`: what is above, and the power below."""
        for factor in self._factors(product):
            m, above = split_power(self.graph, factor)
            if above == base and m < n:
                rest = self._without(product, base, m)
                return (product, n) if rest is None else (rest, n - m)
        return product, n

    def _inverse_of(self, i: int) -> int:
        """The base of `1/b**n`, -1 for all others."""
        node = self.graph.nodes[i]
        return split_power(self.graph, node[2])[1] if node[0] == DIV and node[1] == self.one else -1

    def _taken_above(self, factor: int, quotient: int) -> int | None:
        """`p*(r/b)` as `p*r/b` where r is over b itself, a slope of a quotient: `r/b` alone may underflow.

        `b*(r/b)` is r then, and in `p*(r/b/b)` the factor is put below both.
        """
        graph = self.graph
        nodes = graph.nodes
        _, top, below = nodes[quotient]
        falls = self._falling.get(quotient)
        if falls is None:
            falls = self._falling[quotient] = self._falls_with(top, below) and self._degree(top, below) <= 0
        if not falls:
            return None
        if nodes[top][0] in _SUMS and all(nodes[i][0] <= VAR or nodes[i][0] == MUL for i in self._factors(factor)):
            return None  # share the quotient, as no variable makes up for what underflows
        if factor == below:
            return int(top)
        if nodes[top][0] == DIV and nodes[top][2] == below and self._falls_alone(nodes[top][1], below):
            taken = self._taken_above(factor, top)  # goes one level deep, as nothing above it grows
            return None if taken is None else graph.intern((DIV, taken, below))
        if nodes[factor][0] == CONST or split_power(graph, factor)[1] == below:
            return None
        pair = (factor, top) if self._precedes(factor, top) else (top, factor)
        alone = nodes[top][0] == DIV and nodes[top][1] == self.one
        above = self._quotient(factor, below) if alone else graph.intern((MUL, *pair))
        return graph.intern((DIV, above, below))

    def _falls_with(self, i: int, below: int) -> bool:
        """Whether a node, a factor of it or each of its terms is a quotient by another, or a negative power of that."""
        nodes = self.graph.nodes
        if nodes[i][0] not in _SPREADING:
            return self._is_over(i, below, least=0)
        if self._has_number(i) and self._is_over(nodes[i][2], below, least=0):
            return True
        for term in self._terms_of(i):
            factors = [term]  # as `_factors`, which would list what comes after the one that falls
            for factor in factors:
                node = nodes[factor]
                if node[0] == MUL:
                    if len(factors) < _LOOKED_AT:
                        factors += node[1:]
                elif node[0] in POWERS and self._is_over(factor, below):
                    break
            else:
                return False
        return True

    def _terms_of(self, i: int) -> list[int]:
        """The terms of a sum, as many as are looked at."""
        nodes = self.graph.nodes
        terms, found = [i], []
        for term in terms:
            if nodes[term][0] in _SUMS and len(terms) < _LOOKED_AT:
                terms += nodes[term][1:]
            else:
                found.append(term)
        return found

    def _falls_alone(self, i: int, below: int) -> bool:
        """Whether a node is a quotient by another or a negative power of it, with at most one more function above.

        That is at most as large as what is below, and the node about 1; of two the product might be larger.
        """
        nodes = self.graph.nodes
        factors = [f for f in self._factors(i) if nodes[f][0] not in (CONST, VAR, MUL)]
        over = [f for f in factors if self._is_over(f, below)]
        above = len(factors) - len(over) + sum(nodes[nodes[f][1]][0] > VAR for f in over if nodes[f][0] == DIV)
        return len(over) == 1 and (above <= 1 or len(factors) == 1)

    def _degree(self, i: int, below: int, sums: bool = True) -> Any:
        """The most functions that stand above in a term, less those below: of one more a product may overflow.

        `sums`: factors that are sums are looked into, once.
        """
        return max([self._degree_of_product(term, below, sums) for term in self._terms_of(i)])

    def _degree_of_product(self, i: int, below: int, sums: bool) -> Any:
        nodes = self.graph.nodes
        degree: Any = 0
        factors = [i]
        for factor in factors:
            node = nodes[factor]
            kind = node[0]
            if kind == MUL and len(factors) < _LOOKED_AT:
                factors += node[1:]
            elif kind == DIV and len(factors) < _LOOKED_AT:
                factors.append(node[1])
                degree -= nodes[node[2]][0] > VAR
            elif kind == POW and node[1] == below:
                degree += self._negative_power(factor) or 1
            elif kind in _SUMS and sums:
                degree += self._degree(factor, below, False)
            else:
                degree += kind > VAR
        return degree

    def _has_number(self, i: int) -> bool:
        nodes = self.graph.nodes
        return bool(nodes[i][0] == MUL and nodes[nodes[i][1]][0] == CONST)

    def _factors(self, i: int) -> list[int]:
        """The factors of a product, as many as are looked at."""
        nodes = self.graph.nodes
        factors = [i]
        for factor in factors:
            if nodes[factor][0] == MUL and len(factors) < _LOOKED_AT:
                factors += nodes[factor][1:]
        return factors

    def _is_over(self, i: int, below: int, least: int = 1) -> bool:
        node = self.graph.nodes[i]
        if node[0] == DIV:
            return bool(node[2] == below)
        exponent = self._negative_power(i) if node[0] == POW and node[1] == below else None
        return exponent is not None and exponent <= -least

    def _negative_power(self, i: int) -> Any:
        """The exponent of a power, where it is a constant below 0; None for others."""
        node = self.graph.nodes[i]
        value = self.graph.leaves.get(node[2]) if node[0] == POW else None
        return value if isinstance(value, (int, float, Fraction)) and value < 0 else None

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
        if left == right and left > VAR and left != POW:
            return self._made_before(a, b)
        rank, other = self._rank(a), self._rank(b)
        if rank != other or rank == 0:
            return (rank, a) < (other, b)
        if rank == 1:
            return self._name_key(a) < self._name_key(b)
        return (self._made_of(a), a) < (self._made_of(b), b)

    def _made_before(self, a: int, b: int) -> bool:
        """As `_made_of` compared, of one operation: most operands differ by what made them, leaves are spelled."""
        nodes = self.graph.nodes
        node, other = nodes[a], nodes[b]
        for j, k in zip(node[1:], other[1:], strict=False):
            left, right = nodes[j][0], nodes[k][0]
            if left != right:
                return bool(left < right)
            if left <= VAR:
                return (self._made_of(a), a) < (self._made_of(b), b)
        return (len(node), a) < (len(other), b)

    def _rank(self, i: int) -> int:
        node = self.graph.nodes[i]
        if node[0] == POW and self.graph.nodes[node[2]][0] == CONST:
            node = self.graph.nodes[node[1]]
        return node[0] if node[0] <= VAR else 2

    def _name_key(self, i: int) -> list[tuple[int, str]]:
        node = self.graph.nodes[i]
        return _name_key(self.graph.leaves[node[1] if node[0] == POW else i].name)

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
        if graph.nodes[graph.nodes[quotient][2]][0] != POW:
            return None
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
            return exact_ratio(a[0], b[0]), a[1]
        if a[0] == 0:
            return ZERO
        if b[0] == 0:
            return 1, self.graph.intern((DIV, self.lower(a), self.lower(b)))
        quotient = self._quotient(self.one if a[1] == ONE else a[1], b[1])
        return exact_ratio(a[0], b[0]), ONE if quotient == self.one else quotient

    def _quotient(self, a: int, b: int) -> int:
        """`a/b`; powers merge where nothing can overflow by it: `1/x/x` and `x/x**3` are `1/x**2`, `x/x` is 1."""
        graph = self.graph
        top = graph.nodes[a]
        n, base = split_power(graph, b)
        if top[0] == DIV:
            m, below = split_power(graph, top[2])
            if below == base and top[1] == self.one:
                return self._quotient(top[1], self._raised(base, m + n))
        if graph.nodes[b][0] == VAR and (lowered := self._lowered_power(a, b)) is not None:
            return lowered
        m, above = split_power(graph, a)
        if above == base and (a == b or m > 1 or n > 1):
            if m >= n:
                return self.one if m == n else self._raised(base, m - n)
            return graph.intern((DIV, self.one, self._raised(base, n - m)))
        reduced = self._without(a, base, n) if top[0] == MUL else None
        return graph.intern((DIV, a, b)) if reduced is None else reduced

    def _lowered_power(self, a: int, b: int) -> int | None:
        """`x**(-2)/x` as `x**(-3)`, `-0.5*x**(-0.5)/x` as `-0.5*x**(-1.5)`; None where `a` is no such power of `b`."""
        graph = self.graph
        _, *operands = graph.nodes[a]
        if graph.nodes[a][0] == MUL and graph.nodes[operands[0]][0] == CONST:
            lowered = self._lowered_power(operands[1], b) if graph.nodes[operands[1]][0] == POW else None
            return None if lowered is None else graph.intern((MUL, operands[0], lowered))
        exponent = self._negative_power(a)
        if exponent is None or operands[0] != b:
            return None
        return graph.intern((POW, b, graph.const(exponent - 1)))

    def _without(self, product: int, base: int, n: int) -> int | None:
        """`x**3*y/x` as `x**2*y`, so that it has a value at 0; None where none of the last factors is such a power."""
        graph = self.graph
        factors: list[int] = []
        while graph.nodes[product][0] == MUL and len(factors) < _SPINE:
            _, left, right = graph.nodes[product]
            for factor, other in ((right, left), (left, right)):
                m, above = split_power(graph, factor)
                if above == base and m >= n:
                    result = other if m == n else self.product(other, self._raised(base, m - n))
                    for factor in reversed(factors):
                        result = self.product(result, factor)
                    return result
            factors.append(right)
            product = left
        return None

    def power(self, a: Scaled, b: Scaled) -> Scaled:
        """A power; a whole one of a coefficient is taken on its own."""
        n = b[0] if b[1] == ONE else None
        if type(n) is int and a[1] != ONE and a[0] != 1 and 0 < n < 64:
            return whole(a[0] ** n), simplified(self.graph, POW, (a[1], self.graph.const(n)))
        return self.lift(simplified(self.graph, POW, (self.lower(a), self.lower(b))))


@functools.lru_cache(maxsize=4096)
def _name_key(name: str) -> list[tuple[int, str]]:
    """What names are ordered by: x2 before x10."""
    return [(int(p), "") if k % 2 else (-1, p) for k, p in enumerate(_DIGITS.split(name))]
