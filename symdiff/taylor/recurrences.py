"""The recurrences of Taylor coefficients, over coefficients of any kind.

With `r' = dr/dt` in the first direction in which a multi-index is not zero, the coefficients of
products, quotients, powers and solutions of differential equations follow from lower ones (Griewank
and Walther, *Evaluating Derivatives*, 2nd ed., section 13.2). They run over an arithmetic: numbers
in `number_coefficients.py`, scaled nodes of a graph, written with few operations, in `node_coefficients.py`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any, Protocol

import numpy as np

from symdiff import ops
from symdiff.build import DIV
from symdiff.records import OPERATIONS
from symdiff.taylor.multi_indices import MultiIndices
from symdiff.taylor.system import EQUATION, LINEAR, PRODUCT, QUOTIENT, SCALED, System

Coefficient = tuple[int, int]  # place in the system, and number of a multi-index
Sum = dict[Any, Any]  # terms of one sum, as they are collected

WHERE = ops.where.opcode


class Arithmetic(Protocol):
    """What the recurrences need of coefficients; `zero` is one that is zero by structure.

    A sum is collected in a dictionary, and made by `total`. Its factors c are exact numbers.
    """

    zero: Any

    def is_zero(self, value: Any) -> bool:
        """Whether a coefficient is zero by structure."""

    def apply(self, code: int, args: Sequence[Any]) -> Any:
        """An operation."""

    def mul(self, x: Any, y: Any) -> Any:
        """A product."""

    def div(self, x: Any, y: Any) -> Any:
        """A quotient."""

    def divided(self, value: Any, k: int) -> Any:
        """A coefficient over a positive int."""

    def single(self, terms: Sum, c: Any, value: Any) -> None:
        """Add c times a coefficient to a sum."""

    def term(self, terms: Sum, c: Any, x: Any, y: Any) -> None:
        """Add c times a product."""

    def total(self, terms: Sum) -> Any:
        """The sum."""


class Recurrences(ABC):
    """The coefficients of the nodes of a system: `of[a][p]` is that of place p with the multi-index number a.

    Those that are given stand there before the others are computed.
    """

    def __init__(self, system: System, indices: MultiIndices, arithmetic: Arithmetic) -> None:
        self.system = system
        self.indices = indices
        self.arithmetic = arithmetic
        self.of: list[dict[int, Any]] = [{} for _ in range(len(indices))]

    def propagate(self, schedule: Sequence[Coefficient]) -> None:
        """Compute coefficients in the order in which they depend on each other."""
        of = self.of
        for p, a in schedule:
            of[a][p] = self.coefficient(p, a)

    def coefficient(self, p: int, a: int) -> Any:
        """A coefficient by the recurrence of its node."""
        kind = self.system.kind[p]
        if kind == LINEAR:
            return self._linear(p, a)
        if kind == EQUATION:
            return self._by_equation(p, a)
        if kind == PRODUCT:
            return self._product(p, a)
        if kind == SCALED:
            return self._scaled(p, a)
        return self._quotient(p, a) if kind == QUOTIENT else self._power(p, a)

    def _linear(self, p: int, a: int) -> Any:
        """A linear operation on coefficients."""
        code = self.system.code(p)
        linear = OPERATIONS[code].linear
        args = [self.get(q, a if k in linear else 0) for k, q in enumerate(self.system.args[p])]
        if all(self.arithmetic.is_zero(args[k]) for k in linear):
            return self.arithmetic.zero
        return self.arithmetic.apply(code, args)

    def _scaled(self, p: int, a: int) -> Any:
        """A product with a factor, or a quotient by one, that does not move."""
        u, v = self.system.args[p]
        if self.system.degree[v]:
            return self.arithmetic.mul(self.get(u, 0), self.get(v, a))
        value, fixed = self.get(u, a), self.get(v, 0)
        return self.arithmetic.div(value, fixed) if self.system.code(p) == DIV else self.arithmetic.mul(value, fixed)

    def _product(self, p: int, a: int) -> Any:
        """`r_a = sum of u_b v_(a-b)`."""
        u, v = self.system.args[p]
        terms: Sum = {}
        if u == v:
            self._square(terms, u, a)
        else:
            self._convolve(terms, u, v, a)
        return self.arithmetic.total(terms)

    def _quotient(self, p: int, a: int) -> Any:
        """`v r = u`."""
        u, v = self.system.args[p]
        terms: Sum = {}
        self.arithmetic.single(terms, 1, self.get(u, a))
        self.convolve(terms, -1, v, p, self._within(v, p, a)[1:])
        return self.arithmetic.div(self.arithmetic.total(terms), self.factor(v, 0))

    def _power(self, p: int, a: int) -> Any:
        """`n u r' = m u' r` for `r = u**(m/n)`."""
        m, n = self.system.exponents[p].as_integer_ratio()
        u = self.system.args[p][0]
        d = self.indices.way[a]
        k = self.indices.weight[a][d]
        terms: Sum = {}
        for b, rest in self._within(u, p, a)[1:]:
            j = self.indices.weight[b][d]
            self.convolve(terms, m * j - n * (k - j), u, p, [(b, rest)])
        value = self.arithmetic.divided(self.arithmetic.total(terms), n * k)
        return self.arithmetic.div(value, self.factor(u, 0))

    def _by_equation(self, p: int, a: int) -> Any:
        """`r' = sum of c s u'`, or with a denominator `D r' = c s u'`."""
        equation = self.system.equation(p)
        k = self.indices.weight[a][self.indices.way[a]]
        terms: Sum = {}
        if self.system.series:
            for flow, gate in zip_longest(equation.flows, equation.gates):
                part: Sum = terms if gate is None else {}
                self._add_flow(part, flow, a, k)
                if gate is not None:
                    self.arithmetic.single(terms, 1, self._gated(gate, self.arithmetic.total(part)))
        else:  # nodes of a graph open and close gates by themselves
            for flow in equation.flows:
                self._add_flow(terms, flow, a, k)
        if equation.below is not None:
            self._flow(terms, -1, p, equation.below, a, own=True)
        value = self.arithmetic.divided(self.arithmetic.total(terms), k)
        return value if equation.below is None else self.arithmetic.div(value, self.factor(equation.below, 0))

    def _add_flow(self, terms: Sum, flow: tuple[int, Any, int | None], a: int, k: int) -> None:
        """Add what one operand contributes."""
        u, c, slope = flow
        if slope is None:
            self.arithmetic.single(terms, c * k, self.get(u, a))
        elif not self.system.degree[slope]:
            self.arithmetic.term(terms, c * k, self.get(u, a), self.factor(slope, 0))
        else:
            self._flow(terms, c, u, slope, a)

    def _gated(self, gate: int, value: Any) -> Any:
        """A coefficient, zero by structure where a condition fails."""
        condition, zero = self.get(gate, 0), self.arithmetic.zero
        if self.arithmetic.is_zero(value):
            return value
        if isinstance(condition, (bool, np.bool_)):
            return value if condition else zero
        return self.arithmetic.apply(WHERE, [condition, value, zero])

    # -- sums of products ------------------------------------------------------------

    def _within(self, u: int, v: int, a: int) -> list[tuple[int, int]]:
        """The pairs of indices that add up to a, at which both have coefficients."""
        low, high = self.system.degree[u], self.system.degree[v]
        if self.indices.in_one:
            return [(b, a - b) for b in range(max(0, a - high), min(a, low) + 1)]
        total = self.indices.total
        pairs = self.indices.parts(a)
        if len(pairs) == total[a] + 1:  # along one variable the parts are in order
            return pairs[max(0, total[a] - high) : low + 1]
        return [(b, rest) for b, rest in pairs if total[b] <= low and total[rest] <= high]

    def _convolve(self, terms: Sum, u: int, v: int, a: int) -> None:
        """Add `sum of u_b v_(a-b)`."""
        pairs = self._within(u, v, a)
        ends = self.ends(u, v, a)
        if ends is not None:
            self.arithmetic.term(terms, 1, ends, self.factor(u, a))
            pairs = pairs[1:-1]
        self.convolve(terms, 1, u, v, pairs)

    def _square(self, terms: Sum, u: int, a: int) -> None:
        """Add `sum of u_b u_(a-b)`, each product once."""
        pairs = self._within(u, u, a)
        self.convolve(terms, 2, u, u, [(b, rest) for b, rest in pairs if b < rest])
        self.convolve(terms, 1, u, u, [(b, rest) for b, rest in pairs if b == rest])

    def _flow(self, terms: Sum, c: Any, u: int, slope: int, a: int, own: bool = False) -> None:
        """Add `c sum of b_d u_b s_(a-b)`, d the first direction of the index; `own`: all but b = a."""
        d = self.indices.way[a]
        if self.indices.in_one:
            first, last = max(1, a - self.system.degree[slope]), min(a - own, self.system.degree[u])
            pairs = [(b, a - b) for b in range(first, last + 1)]
        else:
            weight = self.indices.weight
            pairs = [(b, rest) for b, rest in self._within(u, slope, a) if weight[b][d] and not (own and b == a)]
        self.flow(terms, c, u, slope, d, pairs)

    # -- coefficients, and those that are factors of products ---------------------------

    @abstractmethod
    def get(self, p: int, a: int) -> Any:
        """A coefficient, zero where there is none."""

    @abstractmethod
    def factor(self, p: int, a: int) -> Any:
        """A coefficient as a factor of many products."""

    @abstractmethod
    def convolve(self, terms: Sum, c: Any, u: int, v: int, pairs: list[tuple[int, int]]) -> None:
        """Add `c u_b v_rest` for pairs (b, rest)."""

    @abstractmethod
    def flow(self, terms: Sum, c: Any, u: int, slope: int, d: int, pairs: list[tuple[int, int]]) -> None:
        """Add `c b_d u_b s_rest` for pairs (b, rest)."""

    def ends(self, u: int, v: int, a: int) -> Any:
        """A factor e such that `u_0 v_a + u_a v_0` is `e u_a`; None where there is none."""
        return None
