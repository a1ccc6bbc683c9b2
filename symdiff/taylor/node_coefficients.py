"""Taylor coefficients as nodes of the graph, by recurrences, with as few operations as may be.

A coefficient is an exact number times a node (see `algebra/scaled.py`), so that factors such as
`1/k!` cost nothing until a sum needs them. In sums of products the coefficients are nodes with
their numbers multiplied in, once each; products that meet twice, as in the square of a series,
are made once, and terms of one coefficient are added before it multiplies them.

Griewank and Walther, *Evaluating Derivatives*, 2nd ed., section 13.2.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from symdiff.algebra.scaled import ONE, ZERO, Scaled
from symdiff.build import DIV
from symdiff.graph import is_exact
from symdiff.records import OPERATIONS
from symdiff.taylor.multi_indices import Indices
from symdiff.taylor.sums_of_products import Sum, Sums, common_factor, ratio, whole
from symdiff.taylor.system import (
    EQUATION,
    FIXED,
    LINEAR,
    MOVING,
    OF_LINEAR,
    POWER,
    PRODUCT,
    QUOTIENT,
    SCALED,
    System,
)


class Coefficients:
    """The coefficients that are wanted, and what they need.

    `of[a][p]` is the coefficient with the multi-index number a of the node at place p.
    """

    def __init__(self, system: System, indices: Indices) -> None:
        self.system = system
        self.algebra = system.algebra
        self.sums = Sums(system.algebra)
        self.graph = system.graph
        self.indices = indices
        self.needed: list[set[int]] = [set() for _ in range(len(indices))]
        self.of: list[dict[int, Scaled]] = [{} for _ in range(len(indices))]
        self._factors: list[dict[int, Scaled]] = [{} for _ in range(len(indices))]
        self._slopes: dict[tuple[int, int], dict[int, Scaled]] = {}
        self._contents: dict[tuple[int, int], Any] = {}
        self.derived: set[int] = set()
        self._ends: dict[Any, Scaled] = {}

    def solve(self, wanted: Sequence[tuple[int, int]]) -> list[Scaled]:
        """The coefficients (place, index number), 0 where there is none."""
        for p, a in wanted:
            self._need(p, a)
        for a in range(len(self.indices) - 1, 0, -1):
            self._mark(a)
        self._choose_scales()
        degree, endless = self.system.degree, self.system.endless
        later: list[list[int]] = []
        for a, places in enumerate(self.needed):  # polynomials first: nothing that they need is endless
            later.append([])
            for p in sorted(places):
                if degree[p] < endless:
                    self.of[a][p] = self._coefficient(p, a)
                else:
                    later[a].append(p)
        for a, ordered in enumerate(later):
            found = self.of[a]
            for p in ordered:
                found[p] = self._coefficient(p, a)
        return [self.get(p, a) for p, a in wanted]

    def get(self, p: int, a: int) -> Scaled:
        """A coefficient, 0 where there is none."""
        if a == 0:
            return self.algebra.lift(self.system.node[p])
        found = self.of[a].get(p)
        if found is None:
            assert self.indices.total[a] > self.system.degree[p], "a coefficient that nobody asked for"
            return ZERO
        return found

    # -- what is needed ------------------------------------------------------------

    def _need(self, p: int, a: int) -> None:
        if a and self.indices.total[a] <= self.system.degree[p]:
            self.needed[a].add(p)

    def _mark(self, a: int) -> None:
        """What the coefficients of one index need, of this index and of lower ones."""
        system = self.system
        waiting = sorted(self.needed[a])
        seen = set(waiting)
        while waiting:
            p = waiting.pop()
            kind, args = system.kind[p], system.args[p]
            if kind in (LINEAR, SCALED):
                for q in args:
                    self._need(q, a)
            elif kind == PRODUCT:
                self._need_pairs(args[0], args[1], a)
            elif kind == QUOTIENT:
                self._need(args[0], a)
                self._need_pairs(args[1], p, a, without=p)
            elif kind == OF_LINEAR:
                for b in self.indices.unit:
                    if b > 0:
                        for q in args:
                            self._need(q, b)
            elif kind == POWER:
                self._need_pairs(args[0], p, a, without=p)
            elif kind == EQUATION:
                self._need_equation(p, a)
            for q in args:
                if q not in seen and q in self.needed[a]:
                    seen.add(q)
                    waiting.append(q)

    def _need_pairs(self, u: int, v: int, a: int, without: int = -1) -> None:
        degree, total, needed = self.system.degree, self.indices.total, self.needed
        low, high = degree[u], degree[v]
        for b, c in self.indices.parts(a):
            if total[b] <= low and total[c] <= high:
                if b:
                    needed[b].add(u)
                if c and not (v == without and c == a):
                    needed[c].add(v)

    def _need_equation(self, p: int, a: int) -> None:
        equation = self.system.equation(p)
        for u, _, slope in equation.flows:
            if slope is None or not self.system.degree[slope]:
                self._need(u, a)
            else:
                self._need_flow(u, slope, a)
        if equation.below is not None:
            self._need_flow(p, equation.below, a, own=True)

    def _need_flow(self, u: int, slope: int, a: int, own: bool = False) -> None:
        degree, indices = self.system.degree, self.indices
        total, weight, d = indices.total, indices.weight, indices.way[a]
        for b, c in indices.parts(a):
            if weight[b][d] and total[b] <= degree[u] and total[c] <= degree[slope] and not (own and b == a):
                self.needed[b].add(u)
                if c:
                    self.needed[c].add(slope)

    def _choose_scales(self) -> None:
        """Find the series whose factors are derivatives, not Taylor coefficients.

        Those of `sin(x)` and `exp(2*x)` repeat or are free of constants, as are those of `exp(sin(x))`
        in terms of them: every sum over them has fewer products, and its binomial coefficients
        come in pairs.
        """
        system = self.system
        degree = system.degree
        flows = {p: e.flows for p, e in system.equations.items() if e.below is None}
        plain = {p for p, own in flows.items() if all(s is not None and degree[u] == 1 for u, _, s in own)}
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
            if kind in (LINEAR, SCALED):
                fits = all(q in plain or not degree[q] for q in system.args[p])
            else:
                fits = p in flows and all(u in plain and (s == p or s in plain) for u, _, s in flows[p])
            if fits:
                plain.add(p)
        self.derived = plain

    # -- the recurrences -------------------------------------------------------------

    def _coefficient(self, p: int, a: int) -> Scaled:
        kind = self.system.kind[p]
        if kind == FIXED:
            return ZERO
        if kind == LINEAR:
            return self._linear(p, a)
        if kind == EQUATION:
            return self._by_equation(p, a)
        if kind == PRODUCT:
            return self._product(p, a)
        if kind == SCALED:
            return self._scaled(p, a)
        if kind == MOVING:
            return (1, ONE) if self.indices.unit[self.system.moving[self.system.node[p]]] == a else ZERO
        if kind == OF_LINEAR:
            return self._of_linear(p, a)
        return self._quotient(p, a) if kind == QUOTIENT else self._power(p, a)

    def _linear(self, p: int, a: int) -> Scaled:
        """A linear operation on coefficients."""
        system = self.system
        code = self.graph.nodes[system.node[p]][0]
        linear = OPERATIONS[code].linear
        args = [self.get(q, a) if k in linear else (1, system.node[q]) for k, q in enumerate(system.args[p])]
        return self.algebra.apply(code, args) if any(args[k][0] != 0 for k in linear) else ZERO

    def _scaled(self, p: int, a: int) -> Scaled:
        """A product with a factor, or a quotient by one, that does not move."""
        u, v = self.system.args[p]
        if not self.system.degree[v]:
            value, fixed = self.get(u, a), self.get(v, 0)
            divides = self.graph.nodes[self.system.node[p]][0] == DIV
            return self.sums.div(value, fixed) if divides else self.sums.mul(value, fixed)
        return self.sums.mul(self.get(u, 0), self.get(v, a))

    def _product(self, p: int, a: int) -> Scaled:
        u, v = self.system.args[p]
        terms: Sum = {}
        self._convolve(terms, 1, u, v, a)
        return self.sums.total(terms)

    def _quotient(self, p: int, a: int) -> Scaled:
        """`v r = u`."""
        u, v = self.system.args[p]
        terms: Sum = {}
        self.sums.single(terms, 1, self.get(u, a))
        self._convolve(terms, -1, v, p, a, without=True)
        return self._over(self.sums.total(terms), v)

    def _over(self, value: Scaled, v: int) -> Scaled:
        return self.sums.div(value, self._factor(v, 0))

    def _of_linear(self, p: int, a: int) -> Scaled:
        """A power of `u + sum of u_d t_d`, by the binomial series; `c/u` is one too."""
        system, algebra = self.system, self.algebra
        over = self.graph.nodes[system.node[p]][0] == DIV
        exponent = -1 if over else system.exponents[p]
        base = system.args[p][1] if over else system.args[p][0]
        k = self.indices.total[a]
        result: Scaled = (Fraction(math.factorial(k), self.indices.factorial[a]), ONE)
        result = algebra.mul(result, (_choose(Fraction(exponent), k), ONE))
        gates = []
        for d, times in enumerate(self.indices.weight[a]):
            if times:
                gate, slope = self.sums.opened(self.get(base, self.indices.unit[d]))
                gates.append(gate)
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
        for gate in gates:
            result = self.sums.closed(gate, result)
        return result

    def _float_power(self, value: Scaled, exponent: float) -> Scaled:
        return self.algebra.power(value, (1, self.graph.const(exponent)))

    def _power(self, p: int, a: int) -> Scaled:
        """`u r' = e u' r` for `r = u**e`, in the first direction of the index."""
        exponent = self.system.exponents[p]
        u = self.system.args[p][0]
        indices = self.indices
        d = indices.way[a]
        k = indices.weight[a][d]
        terms: Sum = {}
        for b, c in indices.parts(a):
            if b and indices.total[b] <= self.system.degree[u]:
                j = indices.weight[b][d]
                self.sums.term(terms, ratio(exponent * j - (k - j), k), self._factor(u, b), self._factor(p, c))
        return self._over(self.sums.total(terms), u)

    def _by_equation(self, p: int, a: int) -> Scaled:
        """`r' = sum of c s u'` in the first direction of the index, or with a denominator."""
        equation = self.system.equations[p]
        indices = self.indices
        d = indices.way[a]
        k = indices.weight[a][d]
        degree = self.system.degree
        if equation.below is None and all(s is not None and degree[u] == 1 for u, _, s in equation.flows):
            return self._of_linear_operands(p, a)
        terms: Sum = {}
        for u, c, slope in equation.flows:
            if slope is None:
                self.sums.single(terms, c * k, self.get(u, a))
            elif not degree[slope]:
                self.sums.term(terms, c * k, self.get(u, a), self._factor(slope, 0))
            else:
                self._flow(terms, c, u, slope, a)
        if equation.below is not None:
            self._flow(terms, -1, p, equation.below, a, own=True)
        c, n = self.sums.total(terms)
        value = (ratio(c, k), n)
        return value if equation.below is None else self._over(value, equation.below)

    def _of_linear_operands(self, p: int, a: int) -> Scaled:
        """Where the operands are linear, one term each is left."""
        indices, algebra = self.indices, self.algebra
        d = indices.way[a]
        lower = indices.minus_unit(a, d)
        terms = []
        for u, c, slope in self.system.equations[p].flows:
            assert slope is not None
            if indices.total[a] - 1 <= self.system.degree[slope]:
                value = self.sums.mul(self.get(u, indices.unit[d]), self.get(slope, lower))
                terms.append((ratio(value[0] * c, indices.weight[a][d]), value[1]))
        return algebra.add(terms)

    # -- sums of products ---------------------------------------------------------------

    def _convolve(self, terms: Sum, c: int, u: int, v: int, a: int, without: bool = False) -> None:
        """Add `c sum of u_b v_(a-b)`; `without`: all but `u_0 v_a`."""
        pairs = self.indices.parts(a)
        if not without:
            ends = self._end(u, v, a)
            if ends is not None:
                self.sums.term(terms, c, ends, self._factor(u, a))
                pairs = pairs[1:-1]
        total, low, high = self.indices.total, self.system.degree[u], self.system.degree[v]
        for b, rest in pairs[1:] if without else pairs:
            if total[b] <= low and total[rest] <= high:
                self.sums.term(terms, c, *self._pair(u, b, v, rest))

    def _pair(self, u: int, b: int, v: int, c: int) -> tuple[Scaled, Scaled]:
        """Two coefficients as factors; a number of one goes to a polynomial one as it is."""
        x, y = self._factor(u, b), self._factor(v, c)
        endless = self.system.endless
        if x[1] == ONE and c and self.system.degree[v] < endless:
            return x, self.get(v, c)
        if y[1] == ONE and b and self.system.degree[u] < endless:
            return self.get(u, b), y
        return x, y

    def _end(self, u: int, v: int, a: int) -> Scaled | None:
        """`u_0 v_a + u_a v_0` as one factor of u_a, where both u_a and v_a are one node, as in `(1 - r)*(1 + r)`."""
        degree = self.system.degree
        if u == v or self.indices.total[a] > min(degree[u], degree[v]):
            return None
        (m, x), (n, y) = self._factor(u, a), self._factor(v, a)
        if x != y or x == ONE or abs(m) != abs(n):
            return None
        key = (u, v, m == n)
        found = self._ends.get(key)
        if found is None:
            (c, f), (e, g) = self._factor(u, 0), self._factor(v, 0)
            found = self._ends[key] = self.algebra.add([(e, g), (c * n * m, f)])
        return found

    def _flow(self, terms: Sum, c: Any, u: int, slope: int, a: int, own: bool = False) -> None:
        """Add `c sum of b_d u_b s_(a-b)`, d the first direction of the index; `own`: all but b = a."""
        indices = self.indices
        d = indices.way[a]
        weight, total, low, high = indices.weight, indices.total, self.system.degree[u], self.system.degree[slope]
        joint = u == slope or u in self.derived  # where u is the slope, both orders of a pair have one product
        if not joint:
            c = c * self._content(u, d)
        for b, rest in indices.parts(a):
            j = weight[b][d]
            if j and total[b] <= low and total[rest] <= high and not (own and b == a):
                if joint:
                    self.sums.term(terms, c * j, self._factor(u, b), self._factor(slope, rest))
                else:
                    self.sums.term(terms, c, self._slope(u, b, d), self._factor(slope, rest))

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
        held = self._slopes.setdefault((b, d), {})
        found = held.get(u)
        if found is None:
            c, n = self.get(u, b)
            c = ratio(c * self.indices.weight[b][d], self._content(u, d))
            found = held[u] = self._as_factor((c, n))
        return found

    def _factor(self, p: int, a: int) -> Scaled:
        """A coefficient as a factor: a number, or a sign and a node."""
        found = self._factors[a].get(p)
        if found is None:
            value = self.get(p, a) if a else self.system.entry(self.system.node[p])
            scale = self.indices.factorial[a] if p in self.derived else 1
            found = self._factors[a][p] = self._as_factor(value, scale)
        return found

    def _as_factor(self, value: Scaled, scale: int = 1) -> Scaled:
        c, n = value
        if n == ONE or c == 0:
            return value
        if scale == 1 and c in (1, -1):
            return value
        node = self.sums.times(whole(abs(c) * scale), n)
        sign = 1 if c > 0 else -1
        return ratio(sign, scale), node


def _choose(exponent: Fraction, k: int) -> Any:
    """The binomial coefficient of any exponent."""
    result = Fraction(1)
    for j in range(k):
        result = result * (exponent - j) / (j + 1)
    return whole(result)
