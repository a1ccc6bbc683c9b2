"""Taylor coefficients as numbers of any kind, in one direction; ints and Fractions stay exact."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from symdiff.build import ADD, DIV, MUL, SUB
from symdiff.constants import is_exact
from symdiff.graph import CONST, VAR
from symdiff.taylor.multi_indices import MultiIndices
from symdiff.taylor.recurrences import Recurrences, Sum
from symdiff.taylor.system import PRODUCT, System


class Numbers:
    """The arithmetic of coefficients that are numbers; the int 0 is zero by structure.

    A sum is collected as sums of the terms that have one factor c.
    """

    zero = 0

    def __init__(self, table: Mapping[int, Callable[..., Any]], lift: Callable[[Any], Any]) -> None:
        self.table = table  # operations by their opcode
        self.lift = lift  # conversion of an exact constant to a number of the kind

    @staticmethod
    def is_zero(value: Any) -> bool:
        """Whether a coefficient is zero by structure."""
        return type(value) is int and value == 0

    def apply(self, code: int, args: Sequence[Any]) -> Any:
        """An operation."""
        return self.table[code](*args)

    def mul(self, x: Any, y: Any) -> Any:
        """A product."""
        return 0 if self.is_zero(x) or self.is_zero(y) else self.table[MUL](x, y)

    def div(self, x: Any, y: Any) -> Any:
        """A quotient."""
        return 0 if self.is_zero(x) else self.table[DIV](x, y)

    def divided(self, value: Any, k: int) -> Any:
        """A coefficient over a positive int, exact where it is."""
        if k == 1 or self.is_zero(value):
            return value
        if is_exact(value):
            quotient = Fraction(value) / k  # divide exactly: `/` of two ints would round
            return quotient.numerator if quotient.denominator == 1 else quotient
        return self.table[DIV](value, self.lift(k))

    def times(self, c: Any, value: Any) -> Any:
        """An exact number times a coefficient."""
        if c == 1 or self.is_zero(value):
            return value
        if type(c) is Fraction:
            return self.divided(self.times(c.numerator, value), c.denominator)
        return self.table[MUL](self.lift(c), value)

    def single(self, terms: Sum, c: Any, value: Any) -> None:
        """Add c times a coefficient to a sum."""
        if not self.is_zero(value):
            terms[c] = self.table[ADD](terms[c], value) if c in terms else value

    def term(self, terms: Sum, c: Any, x: Any, y: Any) -> None:
        """Add c times a product."""
        if not ((type(x) is int and x == 0) or (type(y) is int and y == 0) or c == 0):
            product = self.table[MUL](x, y)
            terms[c] = self.table[ADD](terms[c], product) if c in terms else product

    def total(self, terms: Sum) -> Any:
        """The sum."""
        total: Any = 0
        for k, (c, value) in enumerate(terms.items()):
            if c == -1 and k:
                total = self.table[SUB](total, value)
            else:
                part = self.times(c, value)
                total = self.table[ADD](total, part) if k else part
        return total


class NumberCoefficients(Recurrences):
    """Coefficients in one direction, from those of what moves and the numbers that stand still."""

    def __init__(
        self,
        system: System,
        indices: MultiIndices,
        table: Mapping[int, Callable[..., Any]],
        lift: Callable[[Any], Any],
        inputs: Mapping[int, Sequence[Any]],
    ) -> None:
        self.numbers = Numbers(table, lift)
        super().__init__(system, indices, self.numbers)
        self._slopes: dict[tuple[int, int], Any] = {}
        for p, series in inputs.items():
            for values, value in zip(self.of, series, strict=False):
                values[p] = value
        self._evaluate()

    def _evaluate(self) -> None:
        """Find the other coefficients of order 0, by the operations themselves."""
        system, table = self.system, self.numbers.table
        nodes, leaves, place = system.graph.nodes, system.graph.leaves, system.place
        values = self.of[0]
        for p, i in enumerate(system.node):
            node = nodes[i]
            if node[0] == CONST:
                values[p] = self.numbers.lift(leaves[i])
            elif node[0] == VAR:
                continue
            elif system.kind[p] == PRODUCT:  # multiply the powers that a power is made of
                u, v = system.args[p]
                values[p] = table[MUL](values[u], values[v])
            else:
                values[p] = table[node[0]](*[values[place[j]] for j in node[1:]])

    def get(self, p: int, a: int) -> Any:
        """A coefficient, zero where there is none."""
        return self.of[a].get(p, 0)

    factor = get

    def convolve(self, terms: Sum, c: Any, u: int, v: int, pairs: list[tuple[int, int]]) -> None:
        """Add `c u_b v_rest` for pairs (b, rest)."""
        of, term = self.of, self.numbers.term
        for b, rest in pairs:
            term(terms, c, of[b].get(u, 0), of[rest].get(v, 0))

    def flow(self, terms: Sum, c: Any, u: int, slope: int, d: int, pairs: list[tuple[int, int]]) -> None:
        """Add `c b u_b s_rest` for pairs (b, rest)."""
        of, slopes, term = self.of, self._slopes, self.numbers.term
        for b, rest in pairs:
            x = slopes.get((u, b))
            if x is None:
                x = slopes[u, b] = self.numbers.times(b, of[b].get(u, 0))
            term(terms, c, x, of[rest].get(slope, 0))
