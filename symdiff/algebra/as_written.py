"""Derivatives as the rules write them, in a graph that keeps what is written: only zeros of structure are left out.

The growth of formulas that courses speak of shows in these; everything else about them is that of `symbolic.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from symdiff.algebra.scaled import ONE, ZERO, Scaled
from symdiff.algebra.symbolic import Symbolic
from symdiff.build import ADD, DIV, MUL
from symdiff.graph import Graph, Node
from symdiff.rules import Partial, evaluate_partial, evaluate_quotient


class AsWritten(Symbolic):
    """Arithmetic whose every step is a node: values are nodes with the coefficient 1, and zero."""

    def lift(self, i: int) -> Scaled:
        """A node as it is."""
        return 1, i

    def lower(self, value: Scaled) -> int:
        """The node of a value."""
        c, n = value
        return n if n != ONE else self.graph.const(c)

    def constant(self, value: Any) -> Scaled:
        """A constant as a node."""
        return 1, self.graph.const(value)

    def apply(self, code: int, args: Sequence[Scaled]) -> Scaled:
        """Any operation, written down."""
        return 1, self.graph.intern((code, *[self.lower(a) for a in args]))

    def mul(self, a: Scaled, b: Scaled) -> Scaled:
        """A product, zero where a factor is by structure."""
        return ZERO if ZERO in (a, b) else self.apply(MUL, [a, b])

    def add(self, terms: Iterable[Scaled], share: bool = True) -> Scaled:
        """A sum in the order of its terms."""
        total = ZERO
        for term in terms:
            if term != ZERO:
                total = term if total == ZERO else self.apply(ADD, [total, term])
        return total

    def sum_of_two(self, c: Any, a: int, d: Any, b: int) -> Scaled:
        """As `add`."""
        return self.add([(c, a), (d, b)])

    def sum_of(self, coefficients: list[Any], nodes: list[int]) -> Scaled:
        """As `add`."""
        return self.add(zip(coefficients, nodes, strict=True))

    def partial(self, partial: Partial, slots: Sequence[int]) -> Scaled:
        """A partial derivative as its rule writes it."""
        return evaluate_partial(partial, slots, self.lift, self.apply, self.constant)

    def times_partial(
        self, gate: int | None, c: Any, n: int, partial: Partial, i: int, node: Node
    ) -> tuple[int | None, Any, int] | None:
        """The product of `(c, n)` with a partial derivative of the node i, after its gate."""
        if partial.is_number and partial.scale == 1:  # sums pass on what they get, whichever rule is known yet
            return gate, c, n
        if partial.gate is not None:
            gate, partial = self.gated(gate, partial, (i, *node[1:])), partial.behind
        above, below = evaluate_quotient(partial, (i, *node[1:]), self.lift, self.apply, self.constant)
        product = self.mul((c, n), above)
        return gate, *(product if below is None else self.apply(DIV, [product, below]))


def symbolic(graph: Graph) -> Symbolic:
    """The arithmetic of derivatives in a graph, by whether it simplifies."""
    return Symbolic(graph) if graph.simplify else AsWritten(graph)
