"""Loops for each operation, made once a process: what programs by levels are put together from.

A loop computes `dst[k] = op(regs[a[k]], regs[b[k]], …)` for `count` values of k; `index` has a list of numbers
of registers, of 32 bits, for each operand, `stride` long. `loop` is for registers of
one number, `wide` for those of a vector of points. A step is the same text of IR as in a straight line, so the bits are
the same.
"""

from __future__ import annotations

from symdiff.compile.backends.llvm.irbuilder import IRBuilder, Value
from symdiff.compile.backends.llvm.target import Code, Target, once
from symdiff.compile.emit import spelled
from symdiff.records import OPERATIONS

Kind = tuple[int, tuple[float, ...], int]  # steps of one kind: operation, its constant orders, count of operands


class Loop:
    """The loops of an operation. The first computes `lanes` results at once, so its counts are multiples of it."""

    def __init__(self, kind: Kind, real: str, target: Target) -> None:
        wide, text = _loop(kind, IRBuilder(target, real), True)
        narrow, other = _loop(kind, IRBuilder(target, real, target.lanes if wide.calls else 1), False)
        self.lanes = narrow.lanes  # count of results at once: more than one where functions take whole vectors
        self._code = Code("\n".join([*(wide.functions | narrow.functions).values(), text, other]), 2)
        self.narrow, self.wide = self._code.address("loop"), self._code.address("wide")


@once
def loop(kind: Kind, real: str, target: Target) -> Loop:
    """The loops of a kind of steps."""
    return Loop(kind, real, target)


def _loop(kind: Kind, b: IRBuilder, wide: bool) -> tuple[IRBuilder, str]:
    code, orders, count = kind
    op = OPERATIONS[code]
    load = _vector if wide else _gathered
    operands = [b.const(orders[op.whole.index(k)]) if k in op.whole else load(b, k) for k in range(count)]
    result = b.number(spelled(b, op, operands))
    name, unit, step = ("wide", b.vector, 1) if wide else ("loop", b.real, b.lanes)
    return b, "\n".join(
        [
            f"define void @{name}(ptr %regs, ptr %index, i64 %count, i64 %stride, ptr %dst) {{",
            "entry:\n  br label %loop\nloop:\n  %k = phi i64 [0, %entry], [%next, %loop]",
            *b.lines,
            f"  %to = getelementptr {unit}, ptr %dst, i64 %k\n  store {b.vector} {result}, ptr %to, align 4",
            f"  %next = add i64 %k, {step}\n  %more = icmp ult i64 %next, %count",
            "  br i1 %more, label %loop, label %done\ndone:\n  ret void\n}",
        ]
    )


def _vector(b: IRBuilder, k: int) -> Value:
    """The operand k of this step: one register, which is a vector."""
    b.lines.append(
        f"  %b{k} = mul i64 %stride, {k}\n  %s{k} = add i64 %b{k}, %k\n"
        f"  %p{k} = getelementptr i32, ptr %index, i64 %s{k}\n"
        f"  %i{k} = load i32, ptr %p{k}\n  %z{k} = zext i32 %i{k} to i64\n"
        f"  %r{k} = getelementptr {b.vector}, ptr %regs, i64 %z{k}\n  %v{k} = load {b.vector}, ptr %r{k}, align 4"
    )
    return f"%v{k}"


def _gathered(b: IRBuilder, k: int) -> Value:
    """The operand k of this step: registers by their numbers in a list."""
    b.lines.append(f"  %b{k} = mul i64 %stride, {k}\n  %s{k} = add i64 %b{k}, %k")
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
