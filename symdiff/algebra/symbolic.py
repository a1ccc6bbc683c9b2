"""Graph indices: the algebra in which the derivative rules become symbolic derivatives.

Its values are nodes with exact coefficients, see `scaled.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from symdiff.algebra.gates import WHERE, NodeGates
from symdiff.algebra.scaled import LIFTED, ONE, ZERO, Scaled
from symdiff.algebra.scaled_sums import Sums
from symdiff.build import ADD, DIV, MUL, NEG, POW, SUB, simplified
from symdiff.constants import is_exact
from symdiff.exact import exact_product, exact_ratio
from symdiff.graph import CONST, Graph, Node
from symdiff.records import OPERATIONS
from symdiff.rules import NO_SLOT, Partial, evaluate_partial

K = TypeVar("K")


class Symbolic(Sums, NodeGates):
    """Arithmetic on scaled nodes of one graph, and the rules of the operations."""

    zero = ZERO

    def __init__(self, graph: Graph) -> None:
        super().__init__(graph)
        self.guards = set()

    def apply(self, code: int, args: Sequence[Scaled]) -> Scaled:
        """Any operation on scaled values."""
        special = _SPECIAL.get(code)
        if special is not None:
            return special(self, *args)
        return self.lift(simplified(self.graph, code, tuple([self._operand(a) for a in args])))

    def _operand(self, value: Scaled) -> int:
        """The node of an operand: `-x - 1` rather than `-(x + 1)`, which is -0.0 at -1, where `1/sqrt` is -inf then."""
        c, n = value
        kind, *terms = self.graph.nodes[n] if n != ONE else (CONST,)
        if c != -1 or kind not in (ADD, SUB):
            return self.lower(value)
        first, second = terms if kind == ADD else (terms[1], terms[0])
        sign = -1 if kind == ADD else 1
        return self.graph.intern((SUB, self.lower(self._scaled(sign, first)), second))

    def times_partial(
        self, gate: int | None, c: Any, n: int, partial: Partial, i: int, node: Node
    ) -> tuple[int | None, Any, int] | None:
        """The product of `(c, n)` with a partial derivative of the node i, after its gate; None where it is zero.

        Same as `mul` with `partial`, in fewer steps; tests/algebra/test_symbolic.py says so.
        """
        graph = self.graph
        nodes = graph.nodes
        j = node[partial.slot] if partial.slot > 0 else i
        if not partial.is_slot:
            if partial.is_number:
                return gate, c if partial.scale == 1 else exact_product(partial.scale, c), n
            if partial.function is not None and nodes[j][0] != CONST:
                j = graph.intern((partial.function, j))
            elif partial.program is not None:
                return self._times_program(gate, c, n, partial, i, node)
            if partial.scale != 1:
                c = exact_product(partial.scale, c)
        if nodes[j][0] not in LIFTED or self.keeps(j):
            product = j if n == ONE else self.product(n, j)
            return gate, c, product if product != self.one else ONE
        d, m = self.times_node(c, n, j)
        return (gate, d, m) if m != ONE or d != 0 else None

    def _times_program(
        self, gate: int | None, c: Any, n: int, partial: Partial, i: int, node: Node
    ) -> tuple[int | None, Any, int] | None:
        """As `times_partial`, of a partial that is more than one operation."""
        if partial.gate is not None:
            gate = self.gated(gate, partial, (i, *node[1:]))
            return self.times_partial(gate, c, n, partial.behind, i, node)
        if partial.ratio is not None:
            return self._times_ratio(gate, c, n, partial.ratio, (i, *node[1:]))
        d, m = self.mul((c, n), self.partial(partial, (i, *node[1:])))
        return (gate, d, m) if m != ONE or d != 0 else None

    def _times_ratio(
        self, gate: int | None, c: Any, n: int, ratio: tuple[Any, int, int], slots: Sequence[int]
    ) -> tuple[int | None, Any, int] | None:
        """As `times_partial`, of a number times one or a slot over another slot: by 1/x is divided at once."""
        scale, top, bottom = ratio
        d, below = self.lift(slots[bottom])
        if n != ONE != below and top == NO_SLOT:
            quotient = self._divided(n, below)
            return gate, exact_product(c, exact_ratio(scale, d)), quotient if quotient != self.one else ONE
        d, m = self.mul((c, n), self._ratio(ratio, slots))
        return (gate, d, m) if m != ONE or d != 0 else None

    def partial(self, partial: Partial, slots: Sequence[int]) -> Scaled:
        """A partial derivative at the nodes `slots`: the result, then the operands."""
        if partial.ratio is not None:
            return self._ratio(partial.ratio, slots)
        if partial.is_slot:
            return self.lift(slots[partial.slot])
        if partial.function is not None and self.graph.nodes[slots[partial.slot]][0] not in LIFTED:
            return partial.scale, self.graph.intern((partial.function, slots[partial.slot]))
        return evaluate_partial(partial, slots, self.lift, self.apply, self.constant)

    def _ratio(self, ratio: tuple[Any, int, int], slots: Sequence[int]) -> Scaled:
        """A number times one or a slot over another slot."""
        scale, top, bottom = ratio
        return self.div((scale, ONE) if top == NO_SLOT else self._scaled(scale, slots[top]), self.lift(slots[bottom]))

    def slope(self, partial: Partial, slots: Sequence[int]) -> tuple[int | None, Any, int]:
        """A partial derivative as a term: what it is behind its gate."""
        if partial.gate is None:
            return None, *self.partial(partial, slots)
        return self.gated(None, partial, slots), *self.partial(partial.behind, slots)

    def gated(self, gate: int | None, partial: Partial, slots: Sequence[int]) -> int | None:
        """The gate that is open where another and that of a partial derivative are."""
        assert partial.gate is not None
        condition = self.lower(self.partial(partial.gate, slots))
        if OPERATIONS[self.graph.nodes[slots[0]][0]].branches:
            self.guards.add(condition)
        return self.both(gate, condition)

    def constant(self, value: Any) -> Scaled:
        """A constant of any kind as a scaled value."""
        return (value, ONE) if is_exact(value) else (1, self.graph.const(value))

    def lowered(self, values: Mapping[K, Scaled]) -> dict[K, int]:
        """The nodes of scaled values; what is zero is missing."""
        lower = self.lower
        return {key: n if c == 1 and n != ONE else lower((c, n)) for key, (c, n) in values.items() if c != 0}

    def chosen(self, condition: int, value: Scaled, other: Scaled) -> Scaled:
        """`where(condition, value, other)`."""
        return self.apply(WHERE, [(1, condition), value, other])


_SPECIAL: dict[int, Callable[..., Scaled]] = {  # unbound methods: bound ones would hold the graph in a cycle
    ADD: lambda algebra, a, b: algebra.sum_of_two(*a, *b),
    SUB: lambda algebra, a, b: algebra.sum_of_two(*a, -b[0], b[1]),
    MUL: Symbolic.mul,
    DIV: Symbolic.div,
    NEG: lambda algebra, a: (-a[0], a[1]),
    POW: Symbolic.power,
}
