"""The second partial derivatives of each operation as small programs, traced like the first.

The rule of an operation is a program over its result and its operands; that
program is differentiated once a record, in the graph of the rule, and not once
a node. What it says of the result goes on to the operands by the chain rule:
of `exp`, whose partial is its result, the second partial is the result too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from symdiff.algebra.scaled import ZERO
from symdiff.algebra.symbolic import Symbolic
from symdiff.constants import constant_key
from symdiff.graph import Graph, Node
from symdiff.modes import budgets
from symdiff.modes.reverse import reverse
from symdiff.records import OPERATIONS, Operation
from symdiff.rules import Partial, Rules, as_partial, opened, traced

Seconds = tuple[tuple[int, int, Partial], ...]  # positions k <= l of two operands, and the partial by both

_KNOWN: dict[tuple[Any, ...], Seconds] = {}


class SecondRules:
    """The second partials of the nodes of one list, those that are not zero."""

    __slots__ = ("_by_node", "_rules", "plain")

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._by_node: dict[tuple[int, ...], Seconds] = {}  # seconds by code and nodes of the static operands
        self.plain: dict[int, Seconds] = {}  # seconds by code, of the operations without static operands

    def of(self, node: Node) -> Seconds:
        """The second partials of a node."""
        code = node[0]
        static = OPERATIONS[code].static
        if OPERATIONS[code].variadic:
            return second_partials(OPERATIONS[code], [None] * (len(node) - 1))
        if not static:
            found = self.plain.get(code)
            if found is None:
                found = self.plain[code] = second_partials(OPERATIONS[code], ())
            return found
        key = (code, *[node[k + 1] for k in static])
        found = self._by_node.get(key)
        if found is None:
            found = self._by_node[key] = second_partials(OPERATIONS[code], self._rules.constants(node))
        return found


def second_partials(op: Operation, constants: Sequence[Any]) -> Seconds:
    """The second partials of an operation, some of whose operands may be constants."""
    key = (op.opcode, *[None if c is None else constant_key(c) for c in constants])
    found = _KNOWN.get(key)
    if found is None:
        if len(_KNOWN) >= budgets.SECONDS_REMEMBERED:
            _KNOWN.clear()
        found = _KNOWN[key] = _differentiated(op, constants)
    return found


def _differentiated(op: Operation, constants: Sequence[Any]) -> Seconds:
    graph, placeholders, parts = traced(op, constants)
    slots = {k: i for i, k in placeholders.items()}
    found = []
    for k, part in enumerate(parts):
        if part is None or (constants and constants[k] is not None):
            continue
        slopes = reverse(graph, [part], [graph.const(1)], list(slots.values()))
        for j in range(k, len(parts)):
            if not (constants and constants[j] is not None):
                second = as_partial(graph, _total(graph, slopes, slots, j, parts[j]), placeholders)
                if second is not None:
                    found.append((k, j, second))
    return tuple(found)


def _total(graph: Graph, slopes: Mapping[int, Any], slots: Mapping[int, int], j: int, part: int | None) -> int:
    """The derivative of a partial by an operand: directly, and through the result."""
    algebra = Symbolic(graph)
    total = slopes.get(slots[j + 1], ZERO)
    by_result = slopes.get(slots[0], ZERO)
    if part is not None and by_result[0] != 0:
        condition, behind = opened(graph, algebra.lower(by_result))
        product = algebra.mul(algebra.lift(behind), algebra.lift(part))
        total = algebra.add([total, algebra.settled(condition, product)])
    return algebra.lower(total)
