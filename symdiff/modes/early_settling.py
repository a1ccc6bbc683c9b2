"""Where a gate may close early: at nodes below which nothing can turn its zero into nan.

A gated adjoint that goes into many products would be settled behind each of them. Where the products
are with numbers and variables alone, as in `maximum(w[0]*x[0] + w[1]*x[1], 0)`, it is settled once before
them: zero times a number is zero. A user's own `where` may guard variables that are infinite, so its gates
close last.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symdiff.algebra.scaled import ONE
from symdiff.algebra.symbolic import Symbolic
from symdiff.graph import VAR, Node
from symdiff.modes.gated_terms import Term, settled
from symdiff.rules import NO_SLOT, Partial, Rules


class EarlySettling:
    """Settles gated adjoints on their way down a cone; `pending` is the table of `pending_adjoints`."""

    def __init__(self, algebra: Symbolic, rules: Rules, cone: Sequence[int], pending: Any) -> None:
        self._algebra = algebra
        self._nodes = algebra.graph.nodes
        self._rules = rules
        self._cone = cone
        self._pending = pending
        self._affine: set[int] | None = None

    def before(self, term: Term, partial: Partial, i: int, node: Node, j: int) -> Term:
        """The adjoint of the node i as it is multiplied by the partial derivative by its operand j."""
        gate, _, n = term
        if gate is None or n == ONE or gate in self._algebra.guards or not self._steady(partial, i, node):
            return term
        if self._affine is None:
            self._affine = self._found()
        return (None, *settled(self._algebra, term)) if j in self._affine else term

    def _found(self) -> set[int]:
        """The nodes below which all partial derivatives are numbers and leaves."""
        pending, nodes = self._pending, self._nodes
        affine: set[int] = set()
        for i in self._cone:
            node = nodes[i]
            if pending[i] is not False and (node[0] <= VAR or self._passes(i, node, affine)):
                affine.add(i)
        return affine

    def _passes(self, i: int, node: Node, affine: set[int]) -> bool:
        return all(
            partial is None or self._pending[j] is False or (j in affine and self._steady(partial, i, node))
            for partial, j in zip(self._rules.of(node), node[1:], strict=True)
        )

    def _steady(self, partial: Partial, i: int, node: Node) -> bool:
        """Whether a partial derivative is a number, behind a gate or not, or a leaf."""
        if partial.gate is not None:
            partial = partial.behind
        if partial.program is not None:
            return False
        return partial.slot == NO_SLOT or (partial.slot > 0 and self._nodes[node[partial.slot]][0] <= VAR)
