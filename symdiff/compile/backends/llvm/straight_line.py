"""A tape as LLVM functions: its steps in a straight line, for a vector of points in a loop, and for one point."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import NamedTuple

from symdiff.compile.backends.llvm.irbuilder import IRBuilder, Value
from symdiff.compile.backends.llvm.target import Target
from symdiff.compile.emit import emit
from symdiff.compile.kernel import Options
from symdiff.compile.tape import Tape

_BATCH = """define i1 @{name}(ptr %context, i64 %vectors, ptr %in, ptr %step, ptr %out) {{
entry:
  br label %loop
loop:
  %i = phi i64 [0, %entry], [%next, %loop]
{body}
  %next = add i64 %i, 1
  %more = icmp ult i64 %next, %vectors
  br i1 %more, label %loop, label %done
done:
  ret i1 true
}}
"""

_POINT = """define i1 @{name}(ptr %context, ptr %values, ptr %results) {{
{body}
  ret i1 true
}}
"""


class Text(NamedTuple):
    """A function of a module, what it calls, by name, and how many instructions it is long."""

    body: str
    functions: dict[str, str]
    length: int

    @property
    def text(self) -> str:
        """The module."""
        return together([self])


def together(texts: Sequence[Text]) -> str:
    """A module of several functions."""
    functions: dict[str, str] = {}
    for text in texts:
        functions.update(text.functions)
    return "\n".join([*functions.values(), *[text.body for text in texts]])


def one_point(tape: Tape, options: Options, target: Target) -> Text:
    """A module with the function `single(context, values, results)`: doubles, a condition as 0 or 1."""
    return _function("single", tape, builder(options, target, 1), _POINT, _read, _write)


def vectors(tape: Tape, options: Options, target: Target, name: str = "core") -> Text:
    """A module with the function `core(context, vectors, in, step, out)`.

    `in` and `out` have a pointer for each input and result, `step` the bytes from one
    vector of an input to the next. Both functions return whether there was memory,
    which programs by levels may lack.
    """
    return _function(name, tape, builder(options, target), _BATCH, _loaded, _store)


def builder(options: Options, target: Target, lanes: int = 0) -> IRBuilder:
    """A builder for numbers of the precision that was asked for, by default over whole vectors."""
    return IRBuilder(target, "float" if options.dtype.itemsize == 4 else "double", lanes)


def _function(
    name: str,
    tape: Tape,
    b: IRBuilder,
    body: str,
    load: Callable[[IRBuilder, int], Value],
    store: Callable[[IRBuilder, int, Value], None],
) -> Text:
    emit(b, tape, functools.partial(load, b), functools.partial(store, b))
    return Text(body.format(name=name, body="\n".join(b.lines)), b.functions, len(b.lines))


def _loaded(b: IRBuilder, k: int) -> Value:
    """The numbers of an input at the points of this vector."""
    b.lines.append(
        f"  %ip{k} = getelementptr ptr, ptr %in, i64 {k}\n  %ib{k} = load ptr, ptr %ip{k}\n"
        f"  %is{k} = getelementptr i64, ptr %step, i64 {k}\n  %it{k} = load i64, ptr %is{k}\n"
        f"  %io{k} = mul i64 %i, %it{k}\n  %ia{k} = getelementptr i8, ptr %ib{k}, i64 %io{k}\n"
        f"  %x{k} = load {b.vector}, ptr %ia{k}, align 1"
    )
    return f"%x{k}"


def _store(b: IRBuilder, k: int, value: Value) -> None:
    """Write a result for the points of this vector; a condition as bytes."""
    kind = b.vector
    if b.is_condition(value):
        kind = b.type("i8")
        b.lines.append(f"  %ob{k} = zext {b.mask} {value} to {kind}")
        value = f"%ob{k}"
    b.lines.append(
        f"  %op{k} = getelementptr ptr, ptr %out, i64 {k}\n  %oa{k} = load ptr, ptr %op{k}\n"
        f"  %ov{k} = getelementptr {kind}, ptr %oa{k}, i64 %i\n"
        f"  store {kind} {value}, ptr %ov{k}, align 1"
    )


def _read(b: IRBuilder, k: int) -> Value:
    """An input at one point."""
    b.lines.append(f"  %ip{k} = getelementptr double, ptr %values, i64 {k}\n  %x{k} = load double, ptr %ip{k}")
    if b.real == "double":
        return f"%x{k}"
    b.lines.append(f"  %xs{k} = fptrunc double %x{k} to float")
    return f"%xs{k}"


def _write(b: IRBuilder, k: int, value: Value) -> None:
    """A result at one point."""
    value = b.number(value)
    if b.real == "float":
        b.lines.append(f"  %od{k} = fpext float {value} to double")
        value = f"%od{k}"
    b.lines.append(f"  %op{k} = getelementptr double, ptr %results, i64 {k}\n  store double {value}, ptr %op{k}")
