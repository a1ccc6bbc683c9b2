"""What Python calls: functions in C's terms, made once a process, that drive the code of any program.

They follow CPython's vectorcall convention and are written in C (`drivers/`), of which LLVM IR is shipped: a call
from Python costs some 60 ns more than the program itself, takes no lock and holds no state between calls, where
ctypes takes 500 ns and buffers.
"""

from __future__ import annotations

import ctypes
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from symdiff.compile.backends.llvm.target import Code, once


class Program(ctypes.Structure):
    """What the entries need to know of a program; the same in `drivers/drivers.h`."""

    _fields_ = (
        ("core", ctypes.c_void_p),  # i1 core(ptr context, i64 vectors, ptr in, ptr step, ptr out), true for done
        ("context", ctypes.c_void_p),
        ("inputs", ctypes.c_int64),
        ("outputs", ctypes.c_int64),
        ("lanes", ctypes.c_int64),
        ("size", ctypes.c_int64),  # size of a number in bytes: 8 or 4
        ("sizes", ctypes.c_void_p),  # size of each result in bytes: `size`, or 1 for a bool
        ("single", ctypes.c_void_p),  # i1 single(ptr context, ptr values, ptr results)
        ("folds", ctypes.c_void_p),  # what becomes of each result of a grid: the numbers in `array_loops.py`
        ("take", ctypes.c_void_p),  # what adds entries up, of folds.c
        ("rows", ctypes.c_void_p),  # the same of whole rows
        ("fill", ctypes.c_void_p),  # what copies entries in order, of fill.c
        ("compute_rows", ctypes.c_void_p),  # what computes a grid row by row, of rows.c
        ("compute_folded_row", ctypes.c_void_p),  # what computes a row that is added up, of folded_rows.c
    )


class Call(ctypes.Structure):
    """What `nested` needs to know of a function; the same in `drivers/nested.c`."""

    _fields_ = (
        ("program", ctypes.POINTER(Program)),
        ("arguments", ctypes.c_int64),
        ("leaves", ctypes.c_int64),
        ("container", ctypes.c_int64),  # what results are in: the place in CONTAINERS
        ("given", ctypes.c_void_p),  # how many numbers each argument is: an array of one dimension, or -1 for a float
        ("made", ctypes.c_void_p),  # the same of each result
        ("makers", ctypes.c_void_p),  # what makes an array for each result
    )


CONTAINERS = ("one", "list", "tuple")


class _MethodDef(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p), ("function", ctypes.c_void_p), ("flags", ctypes.c_int), ("doc", ctypes.c_char_p),
    )  # fmt: skip


_FASTCALL, _KEYWORDS = 0x80, 0x02
SLOWLY = sys.intern("_in_python")  # name of the method that takes what those of `method` have no code for


def bound(name: str, program: Program, owner: Any) -> Any:
    """An entry as a Python function of one program; it keeps the owner alive, who keeps the code."""
    new = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.c_void_p, ctypes.py_object, ctypes.py_object)(
        ("PyCFunction_NewEx", ctypes.pythonapi)
    )
    return new(ctypes.addressof(_entry(name)), capsule(program), owner)


def capsule(program: Program | Call) -> Any:
    """A program, or a call, as Python holds it; who has it keeps that alive."""
    new = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)(
        ("PyCapsule_New", ctypes.pythonapi)
    )
    return new(ctypes.addressof(program), None, None)


def call_of(
    program: Program, given: Sequence[int], made: Sequence[int], makers: Sequence[Any], container: str
) -> tuple[Any, Any]:
    """A call as Python holds it, and what has to live as long as it is used."""
    counts = [np.array(part or [0], np.int64) for part in (given, made)]
    held = (ctypes.py_object * (len(makers) or 1))(*makers)
    call = Call(
        ctypes.pointer(program), len(given), len(made), CONTAINERS.index(container),
        counts[0].ctypes.data, counts[1].ctypes.data, ctypes.addressof(held),
    )  # fmt: skip
    return capsule(call), (call, counts, held)


def method(kind: type, name: str) -> Any:
    """A method of a class whose first slot holds a capsule: "number" of a program, "nested" of a call.

    Whatever these have no code for goes to the method called `SLOWLY`.
    """
    new = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.py_object, ctypes.c_void_p)(
        ("PyDescr_NewMethod", ctypes.pythonapi)
    )
    return new(kind, ctypes.addressof(_entry(name, _FASTCALL | _KEYWORDS)))


def by_ctypes(program: Program, owner: Any) -> Callable[..., Any]:
    """The results of one program at one point as C's doubles: slower by 2 µs, without anything to be made before."""
    single = ctypes.CFUNCTYPE(ctypes.c_uint8, *[ctypes.c_void_p] * 3)(program.single)
    given, made = ctypes.c_double * program.inputs, ctypes.c_double * program.outputs

    def call(*values: float) -> Any:
        if len(values) != owner.parts[0].inputs:
            raise TypeError("wrong number of arguments")
        results = made()
        if not single(program.context, given(*values), results) & 1:
            raise MemoryError
        return results

    return call


def is_made(part: str) -> bool:
    """Whether this process has the entries of a part."""
    return part in _parts


@once
def _entry(name: str, flags: int = _FASTCALL) -> _MethodDef:
    code = _part(name if name in ("batch", "grid", "nested") else "point")
    signature = f"{name}($self, /, *args, **named)\n--\n\n".encode() if flags & _KEYWORDS else None
    return _MethodDef(name.encode(), code.address(name), flags, signature)


def drivers() -> tuple[int, int]:
    """The addresses of `core` and `single` of programs by levels."""
    code = _part("levels")
    return code.address("core"), code.address("single")


def folds() -> tuple[int, int]:
    """The addresses of what adds entries up, and of what does that to whole rows."""
    code = _part("folds")
    return code.address("take"), code.address("rows")


def filling() -> tuple[int, int]:
    """The addresses of what copies entries of arrays in order, and of what computes a grid row by row."""
    return _part("fill").address("fill"), _part("rows").address("compute_rows")


def folded_rows() -> int:
    """The address of what computes a row of which something is added up."""
    return _part("folded_rows").address("compute_folded_row")


def pool() -> list[int]:
    """The addresses of what gives memory and takes it back: malloc, calloc, realloc and free."""
    code = _part("pool")
    return [code.address(f"pool_{name}") for name in ("malloc", "calloc", "realloc", "free")]


_HOT = ("fill", "folds", "rows")  # parts that are loops over entries and rows: worth the time that better code takes
_parts: set[str] = set()


@once
def _part(name: str) -> Code:
    code = Code(_text(name), 2 if name in _HOT else 0)
    _parts.add(name)
    return code


# -- the text ---------------------------------------------------------------------


_DECLARED = r"^(?:declare .*)?@(\w+)(?: = external|\().*\n"  # skip LLVM's own, as llvm.memcpy


def _text(part: str) -> str:
    """The IR of a part, with addresses in this process in place of what it only declares."""
    text = (Path(__file__).parent / "drivers" / f"{part}.ll").read_text("utf-8")
    names = "|".join(re.findall(_DECLARED, text, re.MULTILINE))
    text = re.sub(_DECLARED, "", text, flags=re.MULTILINE)
    if not names:
        return text
    return re.sub(rf"@({names})\b", lambda match: f"inttoptr (i64 {_address(match[1])} to ptr)", text)


@once
def _address(name: str) -> int:
    if name == "TYPE_OFFSET":  # find the type: the last word of what every object begins with
        return object.__basicsize__ - ctypes.sizeof(ctypes.c_void_p)
    objects = {
        "ARRAY_TYPE": np.ndarray, "DOUBLE": np.dtype(np.float64), "FLOAT_TYPE": float, "NONE": None, "SLOWLY": SLOWLY,
        "TYPE_ERROR": TypeError,
    }  # fmt: skip
    if name in objects:
        return id(objects[name])
    return ctypes.cast(getattr(ctypes.pythonapi, name), ctypes.c_void_p).value or 0
