"""Gates: the conditions under which terms of derivatives count.

Below a branch of `where` a derivative counts only where that branch is taken, below an operand of
`maximum` only where that is the largest. The condition stays beside the term, its gate, and goes into
a product last: so what the branch not taken would divide by zero never reaches the result. `rules.py`
finds gates in the partial derivatives of the records, those written `where(condition, p, 0)`. A gate
is a condition, negated where it must not hold, or None, which is always open.
Conditions are nodes of a graph in symbolic derivatives, and truth values or
arrays of them in backpropagation.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any, Generic, TypeVar

from symdiff import ops
from symdiff.build import simplified
from symdiff.graph import Graph

C = TypeVar("C")

_CONJUNCTS = 4  # search depth in a gate of many conditions
_DISJUNCTS = 32  # gates of several alternatives that are opened for one more: a chain of them grows by one at each step

WHERE = ops.where.opcode
AND, OR, NOT = (op.opcode for op in (ops.logical_and, ops.logical_or, ops.logical_not))


class Gates(ABC, Generic[C]):
    """What gates do; subclasses tell how operations apply to their conditions and to the values behind them."""

    @abstractmethod
    def condition(self, code: int, *operands: C) -> C:
        """A logical operation on conditions."""

    @abstractmethod
    def chosen(self, condition: C, value: Any, other: Any) -> Any:
        """`where(condition, value, other)`."""

    zero: Any  # value that a closed gate lets through

    def both(self, gate: C | None, other: C | None) -> C | None:
        """The gate that is open where two are."""
        if gate is None or other is None:
            return other if gate is None else gate
        return self.condition(AND, gate, other)

    def either(self, gates: Sequence[C | None]) -> C | None:
        """The gate that is open where one of several is."""
        conditions = [gate for gate in gates if gate is not None]
        return None if len(conditions) < len(gates) else reduce(lambda a, b: self.condition(OR, a, b), conditions)

    def negated(self, gate: C) -> C:
        """The gate that is open where another is closed."""
        return self.condition(NOT, gate)

    def settled(self, gate: C | None, value: Any) -> Any:
        """A value as it counts: zero where its gate is closed."""
        return value if gate is None else self.chosen(gate, value, self.zero)


class NodeGates(Gates[int]):
    """Gates whose conditions are nodes of a graph.

    `guards` are those in which a user's own `where` takes part: they hold back what a variable that is infinite
    makes, too.
    """

    graph: Graph
    guards: set[int]

    def condition(self, code: int, *operands: int) -> int:
        """The node of a logical operation."""
        gate = simplified(self.graph, code, operands)
        if not self.guards.isdisjoint(operands):
            self.guards.add(gate)
        return gate

    def settled(self, gate: int | None, value: Any) -> Any:
        """As for all gates; `where(c, 0, v)` for a gate `~c`."""
        if gate is None or self.graph.nodes[gate][0] != NOT:
            return super().settled(gate, value)
        return self.chosen(self.graph.nodes[gate][1], self.zero, value)

    def both(self, gate: int | None, other: int | None) -> int | None:
        """As for all gates; a condition that has just joined a gate does not join it again."""
        if gate == other or gate is None or other is None:
            return other if gate is None else gate
        nodes, joined = self.graph.nodes, gate
        for _ in range(_CONJUNCTS):
            node = nodes[joined]
            if node[0] != AND:
                break
            if other == node[2] or other == node[1]:
                return gate
            joined = node[1]
        return self.condition(AND, gate, other)

    def exclusive(self, gate: int | None, other: int | None) -> bool:
        """Whether one of two gates is the other one negated: the branches of one `where`."""
        if gate is None or other is None:
            return False
        nodes = self.graph.nodes
        return nodes[gate] == (NOT, other) or nodes[other] == (NOT, gate)

    def either(self, gates: Sequence[int | None]) -> int | None:
        """As for all gates; each alternative once, and None where one of them is another one negated."""
        nodes, opened = self.graph.nodes, 0
        alternatives: dict[int, None] = {}
        stack = list(reversed(gates))
        while stack:
            gate = stack.pop()
            if gate is None:
                return None
            if nodes[gate][0] == OR and opened < _DISJUNCTS:
                opened += 1
                stack.extend(reversed(nodes[gate][1:]))
            else:
                alternatives[gate] = None
        if any(nodes[gate][0] == NOT and nodes[gate][1] in alternatives for gate in alternatives):
            return None
        return super().either(list(alternatives))


class NumberGates(Gates[Any]):
    """Gates whose conditions are truth values or arrays of them, given the operations of a kind of numbers."""

    zero = 0.0

    def __init__(self, table: Mapping[int, Callable[..., Any]]) -> None:
        self._table = table

    def condition(self, code: int, *operands: Any) -> Any:
        """The values of a logical operation."""
        return self._table[code](*operands)

    def chosen(self, condition: Any, value: Any, other: Any) -> Any:
        """`where(condition, value, other)`, elementwise for arrays."""
        return self._table[WHERE](condition, value, other)
