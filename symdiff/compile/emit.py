"""The steps of a tape as instructions of a builder: what backends of native code have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from symdiff.compile.kernel import Unsupported
from symdiff.compile.tape import Tape
from symdiff.ops.builder import Builder, Value
from symdiff.records import OPERATIONS, Operation

Load = Callable[[int], Value]
Store = Callable[[int, Value], None]


def emit(b: Builder, tape: Tape, load: Load, store: Store) -> None:
    """Spell a lowered tape: `load` gives the value of an input, `store` takes that of a result as soon as it is there.

    Raises
    ------
    Unsupported
        Naming the steps that have no code, or none by this builder.
    """
    last = tape.last_uses()
    slots = [load(k) if last[k] >= 0 else "" for k in range(tape.arity)]
    slots.extend(b.const(c) for c in tape.constants)
    places = _places(tape)
    for slot in range(tape.first):
        for place in places.get(slot, ()):
            store(place, slots[slot])
    try:
        codes = {opcode: code_of(OPERATIONS[opcode]) for opcode in dict.fromkeys(tape.codes)}
        for k, opcode in enumerate(tape.codes):
            value = codes[opcode](b, *[slots[j] for j in tape.operands[k]])
            if value is NotImplemented:
                raise _not_of_these(OPERATIONS[opcode])
            slots.append(value)
            for place in places.get(tape.first + k, ()):
                store(place, value)
    except Unsupported as error:
        error.steps = steps_without_code(b, tape)
        raise


def spelled(b: Builder, op: Operation, operands: Sequence[Value]) -> Value:
    """One operation by a builder.

    Raises
    ------
    Unsupported
        Where it has no code, or none for these operands, or none by this builder.
    """
    value = code_of(op)(b, *operands)
    if value is NotImplemented:
        raise _not_of_these(op)
    return value


def code_of(op: Operation) -> Callable[..., Value]:
    """The function (builder, *operands) that spells an operation, NotImplemented where it can't.

    Raises
    ------
    Unsupported
        Where the record has none.
    """
    code: Any = op.code
    if code is None:
        raise Unsupported(
            f"{op.name} has no native code: take backend='auto' or 'numpy', or give its record `code`, the name of a "
            "function of the C library or a function (builder, *operands)"
        )
    return (lambda b, *operands: b.call(code, *operands)) if isinstance(code, str) else code


def _not_of_these(op: Operation) -> Unsupported:
    return Unsupported(f"{op.name} of these operands has no native code: take backend='auto' or 'numpy'")


def steps_without_code(b: Builder, tape: Tape) -> set[int]:
    """The steps of a tape that a builder can't spell; what it has emitted is of no use afterwards."""
    tried: dict[Any, bool] = {}
    found = set()
    for k, opcode in enumerate(tape.codes):
        op = OPERATIONS[opcode]
        orders = tuple([tape.constant(tape.operands[k][p]) for p in op.whole])
        key = opcode, orders
        if key not in tried:
            tried[key] = None not in orders and _has_code(b, op, orders)
        if not tried[key]:
            found.add(k)
    return found


def _has_code(b: Builder, op: Operation, orders: Iterable[Any]) -> bool:
    operands = [b.const(0.5) for _ in range(op.arity)]
    for p, order in zip(op.whole, orders, strict=True):
        operands[p] = b.const(order)
    try:
        spelled(b, op, operands)
    except Unsupported:
        return False
    return True


def _places(tape: Tape) -> dict[int, list[int]]:
    """The results that each slot fills."""
    places: dict[int, list[int]] = {}
    for place, slot in enumerate(tape.outputs):
        places.setdefault(slot, []).append(place)
    return places
