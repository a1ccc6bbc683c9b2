"""Taylor coefficients as nodes of the graph, with as few operations as may be.

A coefficient is an exact number times a node (see `algebra/scaled.py`), so that factors such as
`1/k!` cost nothing until a sum needs them. In sums of products the coefficients are nodes with
their numbers multiplied in, once each; products that meet twice, as in the square of a series,
are made once, and terms of one coefficient are added before it multiplies them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from symdiff.algebra.scaled import ONE, ZERO, Scaled, whole
from symdiff.build import ADD, DIV, SUB
from symdiff.constants import is_exact
from symdiff.exact import exact_product
from symdiff.taylor.dependencies import schedule
from symdiff.taylor.multi_indices import MultiIndices
from symdiff.taylor.recurrences import Coefficient, Recurrences, Sum
from symdiff.taylor.sums_of_products import Gate, SumsOfProducts, common_factor, ratio
from symdiff.taylor.system import BINOMIAL, EQUATION, LINEAR, SCALED, System

_PASSING_ON = frozenset((LINEAR, SCALED))  # kinds whose coefficients are those of their operands, times numbers


class NodeCoefficients(Recurrences):
    """Coefficients of expressions in variables, as scaled nodes of their graph."""

    def __init__(self, system: System, indices: MultiIndices) -> None:
        self.algebra = system.algebra
        self.graph = system.graph
        self.sums = SumsOfProducts(system)
        super().__init__(system, indices, self.sums)
        self._factors: list[dict[int, Scaled]] = [{} for _ in range(len(indices))]
        self._slopes: dict[tuple[int, int, int], Scaled] = {}
        self._contents: dict[tuple[int, int], Any] = {}
        self._derived: set[int] = set()
        self._ends: dict[Any, Scaled] = {}

    def solve(self, wanted: Sequence[Coefficient]) -> list[Scaled]:
        """The coefficients that are wanted, zero where there is none."""
        ordered = schedule(self.system, self.indices, wanted)
        self._derived = _derived(self.system)
        self._give()
        self.propagate(ordered)
        return [self.get(p, a) for p, a in wanted]

    def _give(self) -> None:
        """Set the coefficients of the variables: one in the direction of each."""
        units = [b for b in self.indices.unit if b > 0]
        for i, d in self.system.moving.items():
            for b in units if i in self.system.place else ():
                self.of[b][self.system.place[i]] = (1, ONE) if b == self.indices.unit[d] else ZERO

    def get(self, p: int, a: int) -> Scaled:
        """A coefficient, zero where there is none."""
        if a == 0:
            return self.algebra.lift(self.system.node[p])
        found: Scaled | None = self.of[a].get(p)
        if found is None:
            assert self.indices.total[a] > self.system.degree[p], "a coefficient that nobody asked for"
            return ZERO
        return found

    # -- closed forms, where the operands are linear ------------------------------------

    def coefficient(self, p: int, a: int) -> Any:
        """A coefficient by the recurrence of its node, or in closed form."""
        system = self.system
        kind = system.kind[p]
        if kind == EQUATION:
            return self._of_linear_operands(p, a) if system.linear_operands(p) else self._by_equation(p, a)
        return self._binomial(p, a) if kind == BINOMIAL else super().coefficient(p, a)

    def _linear(self, p: int, a: int) -> Scaled:
        """A linear operation: a sum or difference of which one operand moves is that one."""
        code = self.system.code(p)
        if code in (ADD, SUB):
            u, v = self.system.args[p]
            left, right = self.get(u, a), self.get(v, a)
            if right[0] == 0:
                return left
            if left[0] == 0:
                return right if code == ADD else (-right[0], right[1])
        found: Scaled = super()._linear(p, a)
        return found

    def _binomial(self, p: int, a: int) -> Scaled:
        """A power of `u + sum of u_d t_d`, by the binomial series; `c/u` is one too."""
        system, algebra = self.system, self.algebra
        over = self.graph.nodes[system.node[p]][0] == DIV
        exponent = -1 if over else system.exponents[p]
        base = system.args[p][1] if over else system.args[p][0]
        k = self.indices.total[a]
        if self.indices.in_one and type(exponent) is int and exponent > 0:  # x**n: no gate, no Fraction
            slope = self.get(base, 1)
            if slope[1] == ONE:
                power = self.algebra.power(self.get(base, 0), (exponent - k, ONE))
                return self.algebra.mul((math.comb(exponent, k) * slope[0] ** k, ONE), power)
        result: Scaled = (Fraction(math.factorial(k), self.indices.factorial(a)), ONE)
        result = algebra.mul(result, (_choose(Fraction(exponent), k), ONE))
        gates: list[Gate] = []
        for d, times in enumerate(self.indices.weight[a]):
            if times:
                opened, slope = self.sums.bared(self.get(base, self.indices.unit[d]))
                gates += opened
                result = algebra.mul(result, algebra.power(slope, (times, ONE))) if slope[0] != 0 else ZERO
        if result[0] == 0:
            return ZERO
        value = self.get(base, 0)
        rest = exponent - k
        if over:
            result = algebra.mul(self.get(system.args[p][0], 0), result)
            result = algebra.div(result, algebra.power(value, (k + 1, ONE)))
        elif is_exact(rest) and rest < 0:
            result = algebra.div(result, algebra.power(value, (-rest, ONE)))
        elif is_exact(rest):
            result = algebra.mul(result, algebra.power(value, (rest, ONE)))
        else:
            number = self.graph.const(float(result[0]))
            result = algebra.mul(algebra.mul((1, number), (1, result[1])), self._float_power(value, rest))
        for gate in reversed(dict.fromkeys(gates)):
            result = self.sums.closed(gate, result)
        return result

    def _float_power(self, value: Scaled, exponent: float) -> Scaled:
        return self.algebra.power(value, (1, self.graph.const(exponent)))

    def _of_linear_operands(self, p: int, a: int) -> Scaled:
        """Where the operands are linear, one term each is left."""
        indices, algebra = self.indices, self.algebra
        d = indices.way[a]
        lower = a - 1 if indices.in_one else indices.minus_unit(a, d)
        terms = []
        for u, c, slope in self.system.equations[p].flows:
            assert slope is not None
            if indices.total[a] - 1 <= self.system.degree[slope]:
                moved = self.get(u, indices.unit[d])
                if moved[1] == ONE and not self.system.gated:
                    factor, n = self.get(slope, lower)
                    factor = exact_product(factor, moved[0])
                else:
                    factor, n = self.sums.mul(moved, self.get(slope, lower))
                factor = factor if c == 1 else exact_product(factor, c)
                terms.append((ratio(factor, indices.weight[a][d]), n))
        return terms[0] if len(terms) == 1 else algebra.add(terms)

    # -- factors of products ---------------------------------------------------------------

    def convolve(self, terms: Sum, c: Any, u: int, v: int, pairs: list[tuple[int, int]]) -> None:
        """Add `c u_b v_rest` for pairs (b, rest); a number goes to a polynomial coefficient as it is."""
        factors, term, endless = self._factors, self.sums.term, self.system.endless
        left, right = self.system.degree[u] < endless, self.system.degree[v] < endless
        for b, rest in pairs:
            x, y = factors[b].get(u) or self.factor(u, b), factors[rest].get(v) or self.factor(v, rest)
            if right and rest and x[1] == ONE:
                y = self.get(v, rest)
            elif left and b and y[1] == ONE:
                x = self.get(u, b)
            term(terms, c, x, y)

    def ends(self, u: int, v: int, a: int) -> Scaled | None:
        """There is one where u_a and v_a are one node, as in `(1 - r)*(1 + r)`."""
        degree = self.system.degree
        if u == v or self.indices.total[a] > min(degree[u], degree[v]):
            return None
        (m, x), (n, y) = self.factor(u, a), self.factor(v, a)
        if x != y or x == ONE or abs(m) != abs(n):
            return None
        key = (u, v, m == n)
        found = self._ends.get(key)
        if found is None:
            (c, f), (e, g) = self.factor(u, 0), self.factor(v, 0)
            found = self._ends[key] = self.algebra.sum_of_two(e, g, c * n * m, f)
        return found

    def flow(self, terms: Sum, c: Any, u: int, slope: int, d: int, pairs: list[tuple[int, int]]) -> None:
        """Add `c b_d u_b s_rest` for pairs (b, rest), what all `b_d u_b` have in common with c."""
        factors, term, weight = self._factors, self.sums.term, self.indices.weight
        if u == slope or u in self._derived:  # both orders of a pair have one product
            for b, rest in pairs:
                x, y = factors[b].get(u) or self.factor(u, b), factors[rest].get(slope) or self.factor(slope, rest)
                term(terms, c * weight[b][d], x, y)
        else:
            c = c * self._content(u, d)
            for b, rest in pairs:
                x = self._slopes.get((u, b, d)) or self._slope(u, b, d)
                term(terms, c, x, factors[rest].get(slope) or self.factor(slope, rest))

    def _content(self, u: int, d: int) -> Any:
        """What the numbers in the slopes of a polynomial have in common."""
        if self.system.degree[u] >= self.system.endless:
            return 1
        found = self._contents.get((u, d))
        if found is None:
            common: Any = 0
            for b, weights in enumerate(self.indices.weight):
                if weights[d] and u in self.of[b]:
                    common = common_factor(common, self.of[b][u][0] * weights[d])
            found = self._contents[u, d] = common or 1
        return found

    def _slope(self, u: int, b: int, d: int) -> Scaled:
        """A coefficient of the derivative of a series, less its content, as a factor."""
        c, n = self.get(u, b)
        c = ratio(c * self.indices.weight[b][d], self._content(u, d))
        found = self._slopes[u, b, d] = self._as_factor((c, n))
        return found

    def factor(self, p: int, a: int) -> Scaled:
        """A coefficient as a factor: a number, or a sign and a node."""
        found = self._factors[a].get(p)
        if found is None:
            value = self.get(p, a) if a else self.system.entry(self.system.node[p])
            scale = self.indices.factorial(a) if p in self._derived else 1
            found = self._factors[a][p] = self._as_factor(value, scale)
        return found

    def _as_factor(self, value: Scaled, scale: int = 1) -> Scaled:
        c, n = value
        if n == ONE or (scale == 1 and type(c) is int and -1 <= c <= 1):
            return value
        sign = 1 if c.numerator > 0 else -1
        node = self.sums.times(exact_product(c, sign * scale), n)
        return ratio(sign, scale), node


def _choose(exponent: Fraction, k: int) -> Any:
    """The binomial coefficient of any exponent."""
    result = Fraction(1)
    for j in range(k):
        result = result * (exponent - j) / (j + 1)
    return whole(result)


def _derived(system: System) -> set[int]:
    """The series whose factors are derivatives, not Taylor coefficients.

    Those of `sin(x)` and `exp(2*x)` repeat or are free of constants, as are those of `exp(sin(x))`
    in terms of them: every sum over them has fewer products, and its binomial coefficients
    come in pairs.
    """
    degree = system.degree
    flows = {p: e.flows for p, e in system.equations.items() if e.below is None}
    plain = {p for p in flows if system.linear_operands(p)}
    users: dict[int, list[int]] = {}
    for p in plain:
        for _, _, s in flows[p]:
            users.setdefault(s or 0, []).append(p)
    waiting = [s for s in users if s not in plain]
    while waiting:
        for p in users.get(waiting.pop(), ()):
            if p in plain:
                plain.discard(p)
                waiting.append(p)
    for p, kind in enumerate(system.kind):
        if p in flows:
            fits = p in plain or all(u in plain and (s == p or s in plain) for u, _, s in flows[p])
        else:
            fits = kind in _PASSING_ON and all(q in plain or not degree[q] for q in system.args[p])
        if fits:
            plain.add(p)
    return plain
