"""Graph indices: the algebra in which the derivative rules become symbolic derivatives.

Its values are nodes with exact coefficients, see `scaled.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from symdiff import ops
from symdiff.algebra.scaled import LIFTED, ONE, ZERO, Scaled
from symdiff.algebra.scaled_products import POWERS
from symdiff.algebra.scaled_sums import Sums
from symdiff.build import ADD, DIV, MUL, NEG, POW, SUB, simplified
from symdiff.graph import CONST, VAR, Node, is_exact
from symdiff.rules import NO_SLOT, Partial


class Symbolic(Sums):
    """Arithmetic on scaled nodes of one graph, and the rules of the operations."""

    def apply(self, code: int, args: Sequence[Scaled]) -> Scaled:
        """Any operation on scaled values."""
        special = _SPECIAL.get(code)
        if special is not None:
            return special(self, *args)
        return self.lift(simplified(self.graph, code, tuple([self.lower(a) for a in args])))

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
        if right not in LIFTED:
            if n == ONE:
                return gate, c, j
            if left != right and right != POW and left not in POWERS:
                # fast path, same as `_product` most of the time: saves a sixth of the derivative of a long chain
                product = (MUL, n, j) if left < right else (MUL, j, n)
                inner = nodes[n][1] if left == MUL and right < left else -1
                if inner < 0 or (inner != j and nodes[inner][0] != POW):
                    found = graph.find(product)
                    return gate, c, graph.append(product) if found is None else found
        d, m = self.times_node(c, n, j)
        return (gate, d, m) if m != ONE or d != 0 else None

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
        return b if a is None else simplified(self.graph, ops.logical_and.opcode, (a, b))

    def either(self, gates: Sequence[int]) -> int | None:
        """The condition that some gate is open; None where one of them always is."""
        nodes = self.graph.nodes
        alternatives: dict[int, None] = {}
        stack = list(reversed(gates))
        while stack:
            gate = stack.pop()
            if nodes[gate][0] == ops.logical_or.opcode:
                stack.extend(reversed(nodes[gate][1:]))
            else:
                alternatives[gate] = None
        if any(nodes[g][0] == ops.logical_not.opcode and nodes[g][1] in alternatives for g in alternatives):
            return None
        result, *others = alternatives
        for gate in others:
            result = simplified(self.graph, ops.logical_or.opcode, (result, gate))
        return result

    def negated(self, gate: int) -> int:
        """The condition that a gate is closed."""
        return simplified(self.graph, ops.logical_not.opcode, (gate,))

    def select(self, gate: int, a: Scaled, b: Scaled = ZERO) -> Scaled:
        """`where(gate, a, b)`."""
        return self.apply(ops.where.opcode, [(1, gate), a, b])


_SPECIAL: dict[int, Callable[..., Scaled]] = {  # unbound methods: bound ones would hold the graph in a cycle
    ADD: lambda algebra, a, b: algebra.add([a, b]),
    SUB: lambda algebra, a, b: algebra.add([a, (-b[0], b[1])]),
    MUL: Symbolic.mul,
    DIV: Symbolic.div,
    NEG: lambda algebra, a: (-a[0], a[1]),
    POW: Symbolic.power,
}
