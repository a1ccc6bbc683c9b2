"""A program's native code under signatures of C, for whatever calls functions by address.

What is made is a few lines around the code for one point: numbers go into one array, and out of one.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from symdiff.compile.backends.llvm.target import Code

_STACK = 1 << 14  # count of numbers that are kept on the stack: 128 kB; more are allocated
_DOUBLES = ctypes.POINTER(ctypes.c_double)
_COPY = "declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)\ndeclare ptr @malloc(i64)\ndeclare void @free(ptr)\n"


class Signature(NamedTuple):
    """How C calls a function: the text that people read, ctypes' types, and what is inside in LLVM IR."""

    c: str
    kind: Any
    body: Callable[[str], str]  # given the call of the program on %values and %results, which leaves %done


class NativeFunction:
    """A function by address; it keeps its code alive."""

    def __init__(self, program: Any, owner: Any, signature: Signature) -> None:
        call = (
            f"  %done = call i1 inttoptr (i64 {program.single} to ptr)("
            f"ptr inttoptr (i64 {program.context or 0} to ptr), ptr %values, ptr %results)\n"
        )
        self._code = Code(_COPY + signature.body(call))
        self._owner = owner
        self.signature = signature.c
        self.address = self._code.address("f")
        self.ctypes = signature.kind(self.address)
        self.ctypes._owner = self  # the code lives as long as what ctypes calls


def numbers(count: int) -> Signature:
    """`double f(double, …)`: numbers in, one number out."""
    given = ", ".join([f"double %x{k}" for k in range(count)])
    stores = "".join([_address("values", k) + f"  store double %x{k}, ptr %values{k}\n" for k in range(count)])

    def body(call: str) -> str:
        return f"define double @f({given}) {{\n{_stack('values', count)}{_stack('results', 1)}{stores}{call}{_NUMBER}"

    return Signature(
        f"double f({', '.join(['double'] * count) or 'void'})",
        ctypes.CFUNCTYPE(ctypes.c_double, *[ctypes.c_double] * count),
        body,
    )


def packed(count: int) -> Signature:
    """`double f(int n, double *values)`: what `scipy.integrate` takes of a function of several numbers."""

    def body(call: str) -> str:
        return f"define double @f(i32 %n, ptr %values) {{\n{_stack('results', 1)}{call}{_NUMBER}"

    return Signature("double f(int n, double *values)", ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_int, _DOUBLES), body)


def window(count: int) -> Signature:
    """`int f(double *buffer, intptr_t size, double *result, void *)`: what `scipy.ndimage.generic_filter` takes."""

    def body(call: str) -> str:
        return (
            f"define i32 @f(ptr %values, i64 %size, ptr %results, ptr %data) {{\n{call}"
            f"  %right = icmp eq i64 %size, {count}\n  %both = and i1 %done, %right\n"
            "  %status = zext i1 %both to i32\n  ret i32 %status\n}\n"
        )

    kind = ctypes.CFUNCTYPE(ctypes.c_int, _DOUBLES, ctypes.c_ssize_t, _DOUBLES, ctypes.c_void_p)
    return Signature("int f(double *buffer, intptr_t size, double *result, void *data)", kind, body)


def arrays(inputs: Sequence[int], outputs: Sequence[int]) -> Signature:
    """`int f(const double *in0, …, double *out0, …)`: arrays of so many numbers, 0 for done."""
    given = [*[f"in{k}" for k in range(len(inputs))], *[f"out{k}" for k in range(len(outputs))]]

    def body(call: str) -> str:
        before = _room("values", inputs, "in") + _room("results", outputs, "out")
        copied = _copies("values", inputs, "in", True)
        back = _copies("results", outputs, "out", False)
        rest = "".join([f"  call void @free(ptr %{name})\n" for name in _allocated(inputs, outputs)])
        head = f"define i32 @f({', '.join([f'ptr %{name}' for name in given])}) {{\n"
        # name the single array itself where there is one: nothing is copied
        call = call.replace("%values", _single("values", inputs, "in")).replace(
            "%results", _single("results", outputs, "out")
        )
        end = "  %not = xor i1 %done, true\n  %status = zext i1 %not to i32\n  ret i32 %status\n}\n"
        return f"{head}{before}{copied}{call}{back}{rest}{end}"

    text = [f"const double *{name}" for name in given[: len(inputs)]]
    text += [f"double *{name}" for name in given[len(inputs) :]]
    return Signature(f"int f({', '.join(text)})", ctypes.CFUNCTYPE(ctypes.c_int, *[_DOUBLES] * len(given)), body)


_NUMBER = (
    "  %found = load double, ptr %results\n  %value = select i1 %done, double %found, double 0x7FF8000000000000\n"
    "  ret double %value\n}\n"
)


def _stack(name: str, count: int) -> str:
    return f"  %{name} = alloca double, i64 {max(count, 1)}\n"


def _address(name: str, k: int) -> str:
    return f"  %{name}{k} = getelementptr double, ptr %{name}, i64 {k}\n"


def _single(name: str, counts: Sequence[int], own: str) -> str:
    return f"%{own}0" if len(counts) == 1 else f"%{name}"


def _room(name: str, counts: Sequence[int], own: str) -> str:
    """Room for all arrays in a row, where there are several."""
    total = sum(counts)
    if len(counts) == 1:
        return ""
    return _stack(name, total) if total <= _STACK else f"  %{name} = call ptr @malloc(i64 {8 * total})\n"


def _allocated(*sides: Sequence[int]) -> list[str]:
    return [n for n, s in zip(("values", "results"), sides, strict=True) if len(s) > 1 and sum(s) > _STACK]


def _copies(name: str, counts: Sequence[int], own: str, into: bool) -> str:
    """The arrays into their room, or out of it."""
    lines, start = [], 0
    for k, count in enumerate(counts if len(counts) > 1 else ()):
        place, given = f"%{own}_{k}", f"%{own}{k}"
        lines.append(f"  {place} = getelementptr double, ptr %{name}, i64 {start}\n")
        target, source = (place, given) if into else (given, place)
        lines.append(f"  call void @llvm.memcpy.p0.p0.i64(ptr {target}, ptr {source}, i64 {8 * count}, i1 false)\n")
        start += count
    return "".join(lines)
