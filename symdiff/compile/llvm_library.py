"""A loop for each operation, made once a process: what programs by levels are put together from.

A loop computes `dst[k] = op(regs[a[k]], regs[b[k]], …)` for `count` values of k; the
index lists of the operands, of 32 bits, follow one another. It is the same text of IR for a step as in a
straight line, so the bits are the same.
"""

from __future__ import annotations

from symdiff.compile.llvm_builder import Builder, Value
from symdiff.compile.llvm_core import lowering
from symdiff.compile.llvm_target import Code, Target, once
from symdiff.records import OPERATIONS


class Loop:
    """The loop of an operation; `lanes` results are computed at once, so counts are multiples of it."""

    def __init__(self, code: int, orders: tuple[float, ...], real: str, target: Target) -> None:
        text, calls = _text(code, orders, real, target, 1)
        self.lanes = 1
        if calls:  # of a function that takes whole vectors
            text, _ = _text(code, orders, real, target, target.lanes)
            self.lanes = target.lanes
        self._code = Code(text, 2)
        self.address = self._code.address("loop")


@once
def loop(code: int, orders: tuple[float, ...], real: str, target: Target) -> Loop:
    """The loop of an operation, whose whole-number operands (`whole` in its record) are `orders`."""
    return Loop(code, orders, real, target)


def _text(code: int, orders: tuple[float, ...], real: str, target: Target, lanes: int) -> tuple[str, bool]:
    op = OPERATIONS[code]
    b = Builder(target, real, lanes)
    operands = [b.const(orders[op.whole.index(k)]) if k in op.whole else _gathered(b, k) for k in range(op.arity)]
    result = b.number(lowering(op)(b, *operands))
    align = 8 if real == "double" else 4
    text = "\n".join(
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
    return text, b.calls


def _gathered(b: Builder, k: int) -> Value:
    """The operand k of this step: registers by their numbers in a list."""
    b.lines.append(f"  %b{k} = mul i64 %count, {k}\n  %s{k} = add i64 %b{k}, %k")
    value = "poison"
    for j in range(b.lanes):
        n = f"{k}.{j}"
        b.lines.append(
            f"  %j{n} = add i64 %s{k}, {j}\n  %p{n} = getelementptr i32, ptr %index, i64 %j{n}\n"
            f"  %i{n} = load i32, ptr %p{n}\n  %z{n} = zext i32 %i{n} to i64\n"
            f"  %r{n} = getelementptr {b.real}, ptr %regs, i64 %z{n}\n  %e{n} = load {b.real}, ptr %r{n}"
        )
        if b.lanes == 1:
            return f"%e{n}"
        b.lines.append(f"  %v{n} = insertelement {b.vector} {value}, {b.real} %e{n}, i32 {j}")
        value = f"%v{n}"
    return value
