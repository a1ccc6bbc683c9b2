"""The rules of the records as Python functions: slopes of an operation where all numbers are floats.

The interpreters of `rules.py` serve every algebra. Where numbers are floats, or dual numbers made of floats, nearly all
that they do is look up what is the same every time; so a rule is written out as the source of a function, once, when it
is first asked for. There is no other table of derivatives: the source is made of the partial derivatives themselves.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

from symdiff import ops
from symdiff.algebra.numbers import FLOAT, LIFTS, TABLES
from symdiff.exact import to_float
from symdiff.graph import VAR
from symdiff.records import OPERATIONS, Operation
from symdiff.rules import NO_SLOT, Partial, Partials

_INLINE = {operator.add: "+", operator.sub: "-", operator.mul: "*", operator.neg: "-"}  # operators that never raise


class RuleSource:
    """Source of a function of the result `r` and the operands `x1`, `x2`, … of an operation, with the names it needs.

    `floats`: they are floats; else they may be dual numbers too, to which constants come as they are.
    """

    def __init__(self, floats: bool, **names: Any) -> None:
        self.floats = floats
        self.names = {"__builtins__": {}, **names}
        self.lines: list[str] = []

    def call(self, op: Operation, operands: Sequence[str]) -> str:
        """An operation on operands."""
        symbol = _INLINE.get(op.real) if op.total else None
        if symbol is not None:
            operands = [self._as_float(operand) for operand in operands]
            return f"({f' {symbol} '.join(operands) if len(operands) == 2 else symbol + operands[0]})"
        return f"{self.name(TABLES[FLOAT][op.opcode] if self.floats else op)}({', '.join(operands)})"

    def _as_float(self, operand: str) -> str:
        """An operand of what is done inline: a constant that is an int as a float."""
        constant = self.names.get(operand)
        return self.name(to_float(constant)) if type(constant) is int else operand

    def name(self, value: Any) -> str:
        """A name for a constant or a function."""
        name = f"c{len(self.names)}"
        self.names[name] = value
        return name

    def constant(self, value: Any) -> str:
        """A name for a constant of a rule."""
        return self.name(LIFTS[FLOAT](value) if self.floats else value)

    def local(self, expression: str) -> str:
        """A name for the value of an expression."""
        name = f"v{len(self.lines)}"
        self.lines.append(f"{name} = {expression}")
        return name

    def quotient(self, partial: Partial) -> tuple[str | None, str | None]:
        """A partial derivative as `rules.evaluate_quotient` gives it: what is divided and by what; None for one."""
        program = partial.program
        if program is None:
            if partial.slot == NO_SLOT:
                return (None if partial.scale == 1 else self.constant(partial.scale)), None
            held = _slot(partial.slot)
            return (held if partial.scale == 1 else f"({self.constant(partial.scale)} * {held})"), None
        found: list[str] = []
        last = len(program.nodes) - 1
        for k, node in enumerate(program.nodes):
            if k == last and node[0] == ops.div.opcode:
                above = None if program.leaves.get(node[1]) == 1 else found[node[1]]
                return above, found[node[2]]
            if node[0] > VAR:
                found.append(self.local(self.call(OPERATIONS[node[0]], [found[j] for j in node[1:]])))
            elif node[0] == VAR:
                found.append(_slot(partial.slots[k]))
            else:
                found.append(self.constant(program.leaves[k]))
        return found[-1], None

    def function(self, name: str, parameters: Sequence[str], body: Sequence[str]) -> Callable[..., Any]:
        """The function of these parameters whose last lines are `body`; tracebacks show the name."""
        lines = [f"def written({', '.join(parameters)}):", *[f"    {line}" for line in (*self.lines, *body)]]
        exec(compile("\n".join(lines), f"<slopes of {name}>", "exec"), self.names)
        return self.names["written"]  # type: ignore[no-any-return]


def _slot(slot: int) -> str:
    return f"x{slot}" if slot else "r"


def is_plain(op: Operation, rule: Partials) -> bool:
    """Whether slopes of an operation are products and quotients, with no condition that a derivative waits behind."""
    gated = any(partial is not None and partial.gate is not None for partial in rule)
    return not (gated or op.boolean or op.branches or op.variadic or op.whole)


_PULLBACKS: dict[Any, Any] = {}  # cache by rule
_KEPT = 1000


def pullback_of(code: int, rule: Partials, floats: bool = True, constant: bool = False, divides: bool = False) -> Any:
    """The function `(adjoint, r, x1, …)` of what each operand receives; False where there is none.

    One of one operand returns it bare, of two a pair, None for nothing; `constant`: the last operand is one, and gets
    nothing. A division has none, nor has a negative power, unless it `divides`: else what it divides by waits, see
    `modes/backpropagation.py`.
    """
    key = rule, floats, constant, divides
    found = _PULLBACKS.get(key)
    if found is None:
        if len(_PULLBACKS) >= _KEPT:
            _PULLBACKS.clear()
        found = _PULLBACKS[key] = _pullback(OPERATIONS[code], rule, floats, constant, divides)
    return found


def _pullback(op: Operation, rule: Partials, floats: bool, constant: bool, divides: bool) -> Any:
    if not is_plain(op, rule) or (op is ops.div and not divides) or len(rule) > 2 or rule == (None,):
        return False
    source = RuleSource(floats)
    shares = []
    for k, partial in enumerate(rule, 1):
        if partial is None or (constant and k == len(rule)):
            shares.append("None")
            continue
        above, below = source.quotient(partial)
        if below is not None and op is ops.pow and not divides:
            return False
        share = "a" if above is None else f"a * {above}"
        if below is not None:
            share = source.call(ops.div, [share, below])
        shares.append(share)
    return source.function(
        op.name, ["a", "r", *[f"x{k + 1}" for k in range(len(rule))]], [f"return {', '.join(shares)}"]
    )
