"""The partial derivatives of each operation as small programs.

A record's `partials` is called once, on placeholders in a graph of its own.
What comes out is the program of each partial, which symbolic differentiation
runs over graph indices and backpropagation, dual numbers and Taylor series
over numbers: one rule, every mode.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from symdiff.errors import SymdiffValueError
from symdiff.expr import Const, Expr, as_expr, variable_in
from symdiff.graph import CONST, VAR, Graph, Node, Program, Variable, constant_key, is_exact
from symdiff.records import OPERATIONS, Operation, on_register


class Partial:
    """One partial derivative: an exact constant, a slot, or a program over the slots.

    Slot 0 is the operation's result, slot k its k-th operand counted from 1.
    """

    __slots__ = ("constant", "program", "slot", "slots")

    def __init__(self, constant: Any, slot: int, program: Program, slots: dict[int, int]) -> None:
        self.constant = constant  # None unless it is one
        self.slot = slot  # -1 unless it is one
        self.program = program
        self.slots = slots  # of each placeholder, by its node in the program


Partials = tuple[Partial | None, ...]

_RULES: dict[int, Partials] = {}
_STATIC: dict[tuple[Any, ...], Partials] = {}
_STATIC_KEPT = 1000
_HAS_STATIC: set[int] = set()

on_register(lambda op: _HAS_STATIC.add(op.code) if op.static else None)


def partials_of(nodes: Sequence[Node], node: Node, leaves: Mapping[int, Any]) -> Partials:
    """The partial derivatives of a node; None where one is zero or not defined.

    An operand that the record calls static, such as an exponent, is put into
    the rule where it is a constant, so that of `x**2` nothing but `2*x` is left.
    """
    code = node[0]
    if code in _HAS_STATIC:
        constants = [leaves[j] if nodes[j][0] == CONST else None for j in node[1:]]
        static = OPERATIONS[code].static
        if any(constants[k] is not None for k in static):
            return _static_rule(code, [c if k in static else None for k, c in enumerate(constants)])
    return _general_rule(code)


def _general_rule(code: int) -> Partials:
    found = _RULES.get(code)
    if found is None:
        found = _RULES[code] = _trace(OPERATIONS[code], ())
    return found


def partials_at(op: Operation, values: Sequence[Any]) -> Partials:
    """As `partials_of`, for an operation on values: exact static operands are put into the rule."""
    if op.static:
        constants = [v if k in op.static and is_exact(v) else None for k, v in enumerate(values)]
        if any(c is not None for c in constants):
            return _static_rule(op.code, constants)
    return _general_rule(op.code)


def _static_rule(code: int, constants: Sequence[Any]) -> Partials:
    key = (code, *[None if c is None else constant_key(c) for c in constants])
    found = _STATIC.get(key)
    if found is None:
        if len(_STATIC) >= _STATIC_KEPT:
            _STATIC.clear()
        found = _STATIC[key] = _trace(OPERATIONS[code], constants)
    return found


def _trace(op: Operation, constants: Sequence[Any]) -> Partials:
    with Graph() as graph:
        graph.scratch = True
        slots: list[Expr] = [variable_in(graph, Variable(f"slot{k}")) for k in range(op.arity + 1)]
        placeholders = {slot._index: k for k, slot in enumerate(slots)}
        for k, value in enumerate(constants):
            if value is not None:
                slots[k + 1] = Const(value)
        parts = op.partials(*slots)
        if not isinstance(parts, tuple) or len(parts) != op.arity:
            raise SymdiffValueError(f"{op.name}: partials have to be a tuple of {op.arity}, not {parts!r}")
        return tuple([None if part is None else _partial(graph, as_expr(part), placeholders) for part in parts])


def _partial(graph: Graph, part: Expr, placeholders: Mapping[int, int]) -> Partial | None:
    root = part._index if part._graph is graph else graph.adopt(part._graph, [part._index])[0]
    program = graph.program([root])
    node = graph.nodes[root]
    constant = graph.leaves[root] if node[0] == CONST else None
    if constant == 0 and is_exact(constant):
        return None
    return Partial(
        constant if is_exact(constant) else None,
        placeholders[root] if node[0] == VAR else -1,
        program,
        {k: placeholders[program.origin[k]] for k in program.variables},
    )


def evaluate_partial(
    partial: Partial, slots: Sequence[Any], table: Mapping[int, Callable[..., Any]], lift: Callable[[Any], Any]
) -> Any:
    """A partial derivative on values: the result's, then the operands'."""
    if partial.constant is not None:
        return lift(partial.constant)
    if partial.slot >= 0:
        return slots[partial.slot]
    values: list[Any] = []
    for k, node in enumerate(partial.program.nodes):
        if node[0] == CONST:
            values.append(lift(partial.program.leaves[k]))
        elif node[0] == VAR:
            values.append(slots[partial.slots[k]])
        else:
            values.append(table[node[0]](*[values[j] for j in node[1:]]))
    return values[-1]
