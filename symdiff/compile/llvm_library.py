"""A loop for each operation, made once a process: what programs by levels are put together from.

A loop computes `dst[k] = op(regs[a[k]], regs[b[k]], …)` for `count` values of k; the
index lists of the operands, of 32 bits, follow one another. It is the same text of IR for a step as in a
straight line, so the bits are the same.
"""

from __future__ import annotations

import functools

from symdiff.compile.llvm_builder import Builder, Value
from symdiff.compile.llvm_core import lowering
from symdiff.compile.llvm_target import Code, Target
from symdiff.records import OPERATIONS


class Loop:
    """The loop of an operation; `lanes` results are computed at once, so counts are multiples of it."""

    def __init__(self, code: int, orders: tuple[float, ...], real: str, target: Target) -> None:
        text = _text(code, orders, real, Target(1, target.vectors))
        self.lanes = 1
        if "call <1 x" in text.replace("@llvm.", ""):  # of a function that takes whole vectors
            text = _text(code, orders, real, target)
            self.lanes = target.lanes
        self._code = Code(text, 2)
        self.address = self._code.address("loop")


@functools.cache
def loop(code: int, orders: tuple[float, ...], real: str, target: Target) -> Loop:
    """The loop of an operation, whose whole-number operands (`whole` in its record) are `orders`."""
    return Loop(code, orders, real, target)


def _text(code: int, orders: tuple[float, ...], real: str, target: Target) -> str:
    op = OPERATIONS[code]
    b = Builder(target, real)
    operands: list[Value] = []
    for k in range(op.arity):
        operands.append(b.const(orders[op.whole.index(k)]) if k in op.whole else _gathered(b, k))
    result = b.number(lowering(op)(b, *operands))
    lanes, align = target.lanes, 8 if real == "double" else 4
    return "\n".join(
        [
            *b.functions.values(),
            "define void @loop(ptr %regs, ptr %index, i64 %count, ptr %dst) {",
            "entry:\n  br label %loop\nloop:\n  %k = phi i64 [0, %entry], [%next, %loop]",
            *b.lines,
            f"  %to = getelementptr {real}, ptr %dst, i64 %k\n  store {b.vector} {result}, ptr %to, align {align}",
            f"  %next = add i64 %k, {lanes}\n  %more = icmp ult i64 %next, %count",
            "  br i1 %more, label %loop, label %done\ndone:\n  ret void\n}",
        ]
    )


def _gathered(b: Builder, k: int) -> Value:
    """The operand k of this step: registers by their numbers in a list."""
    b.lines.append(f"  %b{k} = mul i64 %count, {k}\n  %s{k} = add i64 %b{k}, %k")
    value = "poison"
    for j in range(b.target.lanes):
        n = f"{k}.{j}"
        b.lines.append(
            f"  %j{n} = add i64 %s{k}, {j}\n  %p{n} = getelementptr i32, ptr %index, i64 %j{n}\n"
            f"  %i{n} = load i32, ptr %p{n}\n  %z{n} = zext i32 %i{n} to i64\n"
            f"  %r{n} = getelementptr {b.real}, ptr %regs, i64 %z{n}\n  %e{n} = load {b.real}, ptr %r{n}\n"
            f"  %v{n} = insertelement {b.vector} {value}, {b.real} %e{n}, i32 {j}"
        )
        value = f"%v{n}"
    return value
