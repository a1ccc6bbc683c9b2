"""A recurrence of numbers as one native loop: the steps of a tape, whose first results are its first inputs next time.

Carries stay in registers. Where many columns go through the same recurrence, a vector of them does at once.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from typing import Any

from symdiff.compile.backends.llvm.irbuilder import IRBuilder, Value
from symdiff.compile.backends.llvm.target import Code, host, lock
from symdiff.compile.emit import code_of, steps_without_code
from symdiff.compile.kernel import Options, Unsupported
from symdiff.compile.tape import Tape
from symdiff.records import OPERATIONS

CARRY, ROW, SAME = range(3)  # what an input is: of the carry, of the row of a step, the same in every step
_LEVEL = 1  # optimisation level of LLVM's code generator

_LOOP = """define void @recurrence(i64 %vectors, i64 %last, i64 %steps, ptr %in, ptr %step, ptr %out, i64 %wide) {{
entry:
  br label %outer
outer:
  %v = phi i64 [0, %entry], [%vnext, %behind]
  %vl = mul i64 %v, {lanes}
  %vc = icmp ult i64 %vl, %last
  %s = select i1 %vc, i64 %vl, i64 %last
  %at = mul i64 %s, {size}
  %mine = getelementptr i8, ptr %out, i64 %at
  %row = mul i64 %wide, {width}
{before}
  %none = icmp eq i64 %steps, 0
  br i1 %none, label %behind, label %inner
inner:
  %t = phi i64 [0, %outer], [%tnext, %inner]
{carries}
  %tnext = add i64 %t, 1
  %ro = mul i64 %tnext, %row
  %to = getelementptr i8, ptr %mine, i64 %ro
{body}
  %more = icmp ult i64 %tnext, %steps
  br i1 %more, label %inner, label %behind
behind:
  %vnext = add i64 %v, 1
  %again = icmp ult i64 %vnext, %vectors
  br i1 %again, label %outer, label %done
done:
  ret void
}}
"""


class Recurrence:
    """The native loop of a lowered tape.

    Parameters
    ----------
    tape : Tape
    kinds : sequence of int
        What each input is: CARRY, ROW or SAME; carries come first, in the order of the results they become.
    mapped : sequence of bool
        Which inputs differ from column to column.
    options : Options

    Raises
    ------
    Unsupported
        Without llvmlite, and for operations without native code.
    """

    def __init__(self, tape: Tape, kinds: Sequence[int], mapped: Sequence[bool], options: Options) -> None:
        self._about = tape, tuple(kinds), tuple(mapped), options
        self._made: dict[int, tuple[Code, Callable[..., None]]] = {}
        self.lanes = host(options.accuracy).lanes
        _text(*self._about, 1)  # refuse now what it has no code for

    def __call__(self, columns: int, steps: int, inputs: Any, strides: Any, out: Any) -> None:
        """Fill the rows: an array (steps + 1, width, columns), of inputs by address and bytes from step to step."""
        lanes = self.lanes if columns >= self.lanes else 1
        function = self._function(lanes)
        vectors = -(-columns // lanes)
        if vectors:
            width = columns * out.itemsize
            function(vectors, columns - lanes, steps, inputs.ctypes.data, strides.ctypes.data, out.ctypes.data, width)

    def _function(self, lanes: int) -> Callable[..., None]:
        with lock:
            if lanes not in self._made:
                code = Code(_text(*self._about, lanes), _LEVEL)
                kinds = [ctypes.c_int64] * 3 + [ctypes.c_void_p] * 3 + [ctypes.c_int64]
                self._made[lanes] = code, ctypes.CFUNCTYPE(None, *kinds)(code.address("recurrence"))
            return self._made[lanes][1]

    @property
    def source(self) -> str:
        """The program in LLVM's intermediate representation."""
        return _text(*self._about, 1)


def _text(tape: Tape, kinds: Sequence[int], mapped: Sequence[bool], options: Options, lanes: int) -> str:
    return _Writer(tape, kinds, mapped, options, lanes).text()


class _Writer:
    """The text of a module, for vectors of so many columns."""

    def __init__(self, tape: Tape, kinds: Sequence[int], mapped: Sequence[bool], options: Options, lanes: int) -> None:
        self.tape, self.kinds, self.mapped = tape, kinds, mapped
        self.size = options.dtype.itemsize
        self.b = IRBuilder(host(options.accuracy), "float" if self.size == 4 else "double", lanes)
        self.before: list[str] = []
        self.body: list[str] = []

    def text(self) -> str:
        b, tape = self.b, self.tape
        carries = [k for k, kind in enumerate(self.kinds) if kind == CARRY]
        slots: list[Value] = []
        changing = [kind != SAME for kind in self.kinds]
        starts = {}
        for k, kind in enumerate(self.kinds):
            if kind == ROW:
                self._pointer(k)
                slots.append(self._row(k))
            else:
                self._pointer(k)
                value = self._loaded(k, f"%b{k}", self.before)
                slots.append(f"%h{k}" if kind == CARRY else value)
                starts[k] = value
        slots += [b.const(c) for c in tape.constants]
        changing += [False] * len(tape.constants)
        try:
            for k, code in enumerate(tape.codes):
                operands = tape.operands[k]
                changes = any(changing[j] for j in operands)
                b.lines = self.body if changes else self.before
                value = code_of(OPERATIONS[code])(b, *[slots[j] for j in operands])
                if value is NotImplemented:
                    raise Unsupported(f"{OPERATIONS[code].name} of these operands has no native code")
                slots.append(value)
                changing.append(changes)
        except Unsupported as error:
            error.steps = steps_without_code(b, tape)
            raise
        b.lines = self.body
        results = [b.number(slots[j]) for j in tape.outputs]
        for w, value in enumerate(results):
            self._stored(w, value, "%to", self.body)
            self._stored(w, starts[carries[w]] if w < len(carries) else b.const(0.0), "%mine", self.before)
        phis = [
            f"  %h{k} = phi {b.vector} [{starts[k]}, %outer], [{results[w]}, %inner]" for w, k in enumerate(carries)
        ]
        loop = _LOOP.format(
            lanes=b.lanes, size=self.size, width=len(tape.outputs), before="\n".join(self.before),
            carries="\n".join(phis), body="\n".join(self.body),
        )  # fmt: skip
        return "\n".join([*b.functions.values(), loop])

    def _pointer(self, k: int) -> None:
        """The address of an input for these columns, before the first step."""
        self.before.append(
            f"  %ip{k} = getelementptr ptr, ptr %in, i64 {k}\n  %ia{k} = load ptr, ptr %ip{k}\n"
            + (f"  %b{k} = getelementptr i8, ptr %ia{k}, i64 %at" if self.mapped[k] else
               f"  %b{k} = getelementptr i8, ptr %ia{k}, i64 0")
        )  # fmt: skip

    def _row(self, k: int) -> Value:
        self.before.append(f"  %sp{k} = getelementptr i64, ptr %step, i64 {k}\n  %st{k} = load i64, ptr %sp{k}")
        self.body.append(f"  %xo{k} = mul i64 %t, %st{k}\n  %xp{k} = getelementptr i8, ptr %b{k}, i64 %xo{k}")
        return self._loaded(k, f"%xp{k}", self.body)

    def _loaded(self, k: int, pointer: str, lines: list[str]) -> Value:
        """The numbers of an input, one for each column or the same for all."""
        b = self.b
        if self.mapped[k] or b.lanes == 1:
            lines.append(f"  %x{k} = load {b.vector}, ptr {pointer}, align {self.size}")
            return f"%x{k}"
        lines.append(
            f"  %y{k} = load {b.real}, ptr {pointer}, align {self.size}\n"
            f"  %z{k} = insertelement {b.vector} poison, {b.real} %y{k}, i64 0\n"
            f"  %x{k} = shufflevector {b.vector} %z{k}, {b.vector} poison, <{b.lanes} x i32> zeroinitializer"
        )
        return f"%x{k}"

    def _stored(self, w: int, value: Value, pointer: str, lines: list[str]) -> None:
        name = f"{pointer[1:]}{w}"
        lines.append(
            f"  %o{name} = mul i64 %wide, {w}\n  %p{name} = getelementptr i8, ptr {pointer}, i64 %o{name}\n"
            f"  store {self.b.vector} {value}, ptr %p{name}, align {self.size}"
        )
