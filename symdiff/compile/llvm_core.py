"""A tape as one LLVM function: a loop over vectors of points, and the program's steps in a straight line."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np

from symdiff.compile.kernel import Options, Unsupported
from symdiff.compile.llvm_builder import Builder, Value
from symdiff.compile.llvm_target import Target
from symdiff.compile.tape import Tape
from symdiff.records import Operation

_HEAD = """define void @core(ptr %context, i64 %vectors, ptr %in, ptr %step, ptr %out) {
entry:
  br label %loop
loop:
  %i = phi i64 [0, %entry], [%next, %loop]"""

_TAIL = """  %next = add i64 %i, 1
  %more = icmp ult i64 %next, %vectors
  br i1 %more, label %loop, label %done
done:
  ret void
}
"""


def straight_line(tape: Tape, options: Options, target: Target) -> str:
    """The text of a module with the function `core` for a tape.

    `core(context, vectors, in, step, out)`: `in` and `out` have a pointer for each
    input and result, `step` the bytes from one vector of an input to the next.
    """
    b = Builder(target, "float" if options.dtype == np.float32 else "double")
    values = [_loaded(b, k) for k in _used_inputs(tape)]
    slots: list[Value] = [""] * tape.arity
    for k, value in zip(_used_inputs(tape), values, strict=True):
        slots[k] = value
    slots.extend(b.const(c) for c in tape.constants)
    waiting = _places(tape)
    _store(b, waiting, slots, range(tape.first))
    lowerings: dict[int, Callable[..., Value]] = {}
    for k, code in enumerate(tape.codes):
        lower = lowerings.get(code)
        if lower is None:
            lower = lowerings[code] = lowering(tape.operation(k))
        slots.append(lower(b, *[slots[j] for j in tape.operands[k]]))
        if tape.first + k in waiting:
            _store(b, waiting, slots, (tape.first + k,))
    return "\n".join([*b.functions.values(), _HEAD, *b.lines, _TAIL])


def lowering(op: Operation) -> Callable[..., Value]:
    """The function (builder, *operands) that spells an operation.

    Raises
    ------
    Unsupported
        Where the record has none.
    """
    spelling: Any = op.llvm
    if spelling is None:
        raise Unsupported(
            f"{op.name} has no spelling for LLVM: take backend='numpy', or give its record `llvm`, the name of a "
            "function of the C library or a function (builder, *operands)"
        )
    if callable(spelling):
        return spelling  # type: ignore[no-any-return]
    if ":" in spelling:
        module, name = spelling.split(":")
        return getattr(importlib.import_module(module), name)  # type: ignore[no-any-return]
    return lambda b, *operands: b.call(spelling, *operands)


def _used_inputs(tape: Tape) -> list[int]:
    last = tape.last_uses()
    return [k for k in range(tape.arity) if last[k] >= 0]


def _places(tape: Tape) -> dict[int, list[int]]:
    """The results that each slot fills."""
    places: dict[int, list[int]] = {}
    for place, slot in enumerate(tape.outputs):
        places.setdefault(slot, []).append(place)
    return places


def _loaded(b: Builder, k: int) -> Value:
    """The numbers of an input at the points of this vector."""
    b.lines.append(
        f"  %ip{k} = getelementptr ptr, ptr %in, i64 {k}\n  %ib{k} = load ptr, ptr %ip{k}\n"
        f"  %is{k} = getelementptr i64, ptr %step, i64 {k}\n  %it{k} = load i64, ptr %is{k}\n"
        f"  %io{k} = mul i64 %i, %it{k}\n  %ia{k} = getelementptr i8, ptr %ib{k}, i64 %io{k}\n"
        f"  %x{k} = load {b.vector}, ptr %ia{k}, align {4 if b.real == 'float' else 8}"
    )
    return f"%x{k}"


def _store(b: Builder, places: dict[int, list[int]], values: list[Value], slots: Any) -> None:
    """Write slots to the results that they are; a condition as bytes."""
    for slot in slots:
        for k in places.get(slot, ()):
            value, kind, align = values[slot], b.vector, 4 if b.real == "float" else 8
            if b.is_condition(value):
                kind, align = f"<{b.target.lanes} x i8>", 1
                b.lines.append(f"  %ob{k} = zext {b.mask} {value} to {kind}")
                value = f"%ob{k}"
            b.lines.append(
                f"  %op{k} = getelementptr ptr, ptr %out, i64 {k}\n  %oa{k} = load ptr, ptr %op{k}\n"
                f"  %ov{k} = getelementptr {kind}, ptr %oa{k}, i64 %i\n"
                f"  store {kind} {value}, ptr %ov{k}, align {align}"
            )
