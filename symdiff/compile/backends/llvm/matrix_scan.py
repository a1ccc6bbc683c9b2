"""A recurrence of vectors as one native loop: products of a matrix and a vector, and what acts entry by entry.

Each step is a list of such instructions over places: carries, which are read in one row and written in the next, rows
of sequences, what is the same in every step, and room for what is in between.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from symdiff.compile.backends.llvm.irbuilder import IRBuilder
from symdiff.compile.backends.llvm.target import Code, host
from symdiff.compile.emit import code_of
from symdiff.compile.kernel import Options, Unsupported
from symdiff.records import OPERATIONS

BEFORE, AFTER, ROW, SAME, ROOM, NUMBER = range(6)  # where a value is; a NUMBER is a constant
_WIDE = 8  # vectors of sums that are kept in registers


class Place(NamedTuple):
    """Where a value is: its kind, its number or the constant itself, and how many entries it has, 0 for a number."""

    kind: int
    at: Any
    size: int


class Entrywise(NamedTuple):
    """An operation entry by entry."""

    code: int
    operands: tuple[Place, ...]
    to: Place


class MatrixProduct(NamedTuple):
    """A matrix, whose columns stand one behind the other, times a vector."""

    matrix: Place
    vector: Place
    to: Place


def matrix_loop(steps: Sequence[Any], width: int, inputs: int, options: Options) -> Callable[..., None]:
    """The native loop: a function (steps, addresses of inputs, bytes from row to row, rows, room).

    Raises
    ------
    Unsupported
        Without llvmlite, and for operations without native code.
    """
    target = host(options.accuracy)
    sizes = {p.size for step in steps for p in (step.to,)}
    lanes = target.lanes if all(size % target.lanes == 0 for size in sizes) else 1
    writer = _Writer(IRBuilder(target, "float" if options.dtype.itemsize == 4 else "double", lanes), width, options)
    code = Code(writer.text(steps, inputs), 1)
    function = ctypes.CFUNCTYPE(None, ctypes.c_int64, *[ctypes.c_void_p] * 4)(code.address("recurrence"))

    def run(count: int, addresses: Any, strides: Any, rows: Any, room: Any) -> None:
        function(count, addresses.ctypes.data, strides.ctypes.data, rows.ctypes.data, room.ctypes.data)

    run.code = code  # type: ignore[attr-defined]  # keep it alive
    return run


class _Writer:
    """The text of the module."""

    def __init__(self, b: IRBuilder, width: int, options: Options) -> None:
        self.b, self.width, self.size = b, width, options.dtype.itemsize
        self.names = 0
        self.block = "step"

    def fresh(self, what: str) -> str:
        """A name that nothing has."""
        self.names += 1
        return f"%{what}.{self.names}"

    def text(self, steps: Sequence[Any], inputs: int) -> str:
        b = self.b
        head = [
            f"  %ip{k} = getelementptr ptr, ptr %in, i64 {k}\n  %base{k} = load ptr, ptr %ip{k}\n"
            f"  %sp{k} = getelementptr i64, ptr %stride, i64 {k}\n  %by{k} = load i64, ptr %sp{k}"
            for k in range(inputs)
        ]
        bytes_ = self.width * self.size
        b.lines = [
            f"  %cur = mul i64 %t, {bytes_}\n  %here = getelementptr i8, ptr %rows, i64 %cur\n"
            f"  %next = getelementptr i8, ptr %here, i64 {bytes_}"
        ]
        for k in range(inputs):
            b.lines.append(f"  %of{k} = mul i64 %t, %by{k}\n  %row{k} = getelementptr i8, ptr %base{k}, i64 %of{k}")
        for step in steps:
            self._product(step) if isinstance(step, MatrixProduct) else self._entrywise(step)
        body = "\n".join(b.lines)
        return "\n".join(
            [
                *b.functions.values(),
                "define void @recurrence(i64 %steps, ptr %in, ptr %stride, ptr %rows, ptr %room) {\nentry:",
                *head,
                "  %any = icmp sgt i64 %steps, 0\n  br i1 %any, label %step, label %done\nstep:",
                f"  %t = phi i64 [0, %entry], [%tn, %{self.block}]",
                body,
                "  %tn = add i64 %t, 1\n  %more = icmp slt i64 %tn, %steps",
                "  br i1 %more, label %step, label %done\ndone:\n  ret void\n}",
            ]
        )

    def _pointer(self, place: Place) -> tuple[str, int]:
        """What a place begins at, and how many bytes behind it."""
        if place.kind in (BEFORE, AFTER):
            return ("%here" if place.kind == BEFORE else "%next"), place.at * self.size
        return ("%room", place.at * self.size) if place.kind == ROOM else (f"%row{place.at}", 0)

    def _address(self, place: Place, index: str) -> str:
        """The address of an entry."""
        base, offset = self._pointer(place)
        self.b.lines.append(f"  {(a := self.fresh('a'))} = getelementptr i8, ptr {base}, i64 {offset}")
        self.b.lines.append(f"  {(e := self.fresh('e'))} = getelementptr {self.b.real}, ptr {a}, i64 {index}")
        return e

    def _splat(self, place: Place, index: str = "0") -> str:
        """One number in every lane."""
        b = self.b
        address = self._address(place, index)
        b.lines.append(f"  {(x := self.fresh('t'))} = load {b.real}, ptr {address}")
        if b.lanes == 1:
            return x
        b.lines.append(f"  {(y := self.fresh('t'))} = insertelement {b.vector} poison, {b.real} {x}, i64 0")
        zeros = f"<{b.lanes} x i32> zeroinitializer"
        b.lines.append(f"  {(z := self.fresh('t'))} = shufflevector {b.vector} {y}, {b.vector} poison, {zeros}")
        return z

    def _loaded(self, place: Place, index: str) -> str:
        if place.kind == NUMBER:
            return self.b.const(place.at)
        if not place.size:
            return self._splat(place)
        address = self._address(place, index)
        self.b.lines.append(f"  {(x := self.fresh('t'))} = load {self.b.vector}, ptr {address}, align {self.size}")
        return x

    def _stored(self, place: Place, index: str, value: str) -> None:
        address = self._address(place, index)
        self.b.lines.append(f"  store {self.b.vector} {self.b.number(value)}, ptr {address}, align {self.size}")

    def _looped(
        self, count: int, by: int, carried: Sequence[str], body: Callable[[str, list[str]], list[str]]
    ) -> list[str]:
        """A loop over indices, that carries some vectors along; what they are at its end."""
        b = self.b
        label, ahead = self.fresh("loop")[1:], self.block
        index, following = self.fresh("i"), self.fresh("i")
        phis = [self.fresh("t") for _ in carried]
        b.lines.append(f"  br label %{label}\n{label}:")
        at = len(b.lines)
        b.lines.append("")
        results = body(index, phis)
        entries = [f"  {index} = phi i64 [0, %{ahead}], [{following}, %{label}]"]
        for phi, start, result in zip(phis, carried, results, strict=True):
            entries.append(f"  {phi} = phi {b.vector} [{start}, %{ahead}], [{result}, %{label}]")
        b.lines[at] = "\n".join(entries)
        out, c = self.fresh("out")[1:], self.fresh("more")
        b.lines.append(
            f"  {following} = add i64 {index}, {by}\n  {c} = icmp slt i64 {following}, {count}\n"
            f"  br i1 {c}, label %{label}, label %{out}\n{out}:"
        )
        self.block = out
        return results

    def _entrywise(self, step: Entrywise) -> None:
        code = code_of(OPERATIONS[step.code])

        def body(index: str, _: list[str]) -> list[str]:
            value = code(self.b, *[self._loaded(p, index) for p in step.operands])
            if value is NotImplemented:
                raise Unsupported(f"{OPERATIONS[step.code].name} of these operands has no native code")
            self._stored(step.to, index, value)
            return []

        self._looped(step.to.size, self.b.lanes, [], body)

    def _product(self, step: MatrixProduct) -> None:
        """Sums over the columns, for some vectors of rows at a time."""
        b, n = self.b, step.to.size
        count = n // b.lanes
        for first in range(0, count, _WIDE):
            starts = range(first * b.lanes, min(first + _WIDE, count) * b.lanes, b.lanes)
            self._columns(step, list(starts))

    def _columns(self, step: MatrixProduct, starts: list[int]) -> None:
        b, n = self.b, step.to.size

        def body(index: str, sums: list[str]) -> list[str]:
            entry = self._splat(step.vector, index)
            b.lines.append(f"  {(at := self.fresh('i'))} = mul i64 {index}, {n}")
            found = []
            for start, total in zip(starts, sums, strict=True):
                b.lines.append(f"  {(place := self.fresh('i'))} = add i64 {at}, {start}")
                column = self._loaded(step.matrix, place)
                fused = b.lanes > 2
                found.append(
                    b._intrinsic("fma", [column, entry, total]) if fused else b.add(b.mul(column, entry), total)
                )
            return found

        results = self._looped(step.vector.size, 1, [b.const(0.0)] * len(starts), body)
        for start, value in zip(starts, results, strict=True):
            self._stored(step.to, str(start), value)
