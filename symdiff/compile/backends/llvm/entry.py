"""What Python calls: functions in C's terms, made once a process, that drive the code of any program.

They follow CPython's vectorcall convention and are written in LLVM IR (the files
`.ll` beside this one): a call from Python costs some 60 ns more than the program itself,
takes no lock and holds no state between calls, where ctypes takes 500 ns and buffers.

Whole vectors of contiguous arrays are read and written in place. Whatever is
strided, and the rest at the end, goes through buffers of whole vectors, padded with the last
point: every number is computed by the same instructions.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from symdiff.compile.backends.llvm.target import Code, once

BLOCK = 256  # points in a buffer


class Program(ctypes.Structure):
    """What the entries need to know of a program."""

    _fields_ = (
        ("core", ctypes.c_void_p),  # i1 core(ptr context, i64 vectors, ptr in, ptr step, ptr out), true for done
        ("context", ctypes.c_void_p),
        ("inputs", ctypes.c_int64),
        ("outputs", ctypes.c_int64),
        ("lanes", ctypes.c_int64),
        ("size", ctypes.c_int64),  # bytes of a number: 8 or 4
        ("sizes", ctypes.c_void_p),  # bytes of each result: `size`, or 1 for a bool
        ("single", ctypes.c_void_p),  # i1 single(ptr context, ptr values, ptr results)
    )


class _MethodDef(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p), ("function", ctypes.c_void_p), ("flags", ctypes.c_int), ("doc", ctypes.c_char_p),
    )  # fmt: skip


_FASTCALL = 0x80


def bound(name: str, program: Program, owner: Any) -> Any:
    """An entry as a Python function of one program; it keeps the owner alive, who keeps the code."""
    api = ctypes.pythonapi
    capsule = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)(
        ("PyCapsule_New", api)
    )(ctypes.addressof(program), None, None)
    new = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.c_void_p, ctypes.py_object, ctypes.py_object)(
        ("PyCFunction_NewEx", api)
    )
    return new(ctypes.addressof(_entry(name)), capsule, owner)


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
def _entry(name: str) -> _MethodDef:
    code = _part("batch" if name == "batch" else "point")
    return _MethodDef(name.encode(), code.address(f"symdiff.{name}"), _FASTCALL, None)


def drivers() -> tuple[int, int]:
    """The addresses of `core` and `single` of programs by levels."""
    code = _part("levels")
    return code.address("core"), code.address("single")


_parts: set[str] = set()


@once
def _part(name: str) -> Code:
    code = Code(_text(name))
    _parts.add(name)
    return code


# -- the text ---------------------------------------------------------------------


def _text(part: str) -> str:
    """The IR of a part, with the addresses and offsets of this process."""
    header = object.__basicsize__  # of an object: the reference count and, last, the type
    words = {
        "TYPE": header - ctypes.sizeof(ctypes.c_void_p),
        "DATA": header,  # the fields of NumPy's arrays, part of its binary interface
        "NDIM": header + 8,
        "DIMENSIONS": header + 16,
        "STRIDES": header + 24,
        "ARRAY": _pointer(id(np.ndarray)),
        "ERROR": _pointer(id(TypeError)),
        "NONE": _pointer(id(None)),
        "BLOCK": BLOCK,
    }
    folder = Path(__file__).parent
    parts = ("shared", part) if part != "levels" else (part,)
    text = "".join((folder / f"{name}.ll").read_text("utf-8") for name in parts)
    text = re.sub(r"\$(\w+)\$", lambda match: str(words[match[1]]), text)
    return re.sub(r"@(Py\w+)\(", lambda match: f"{_pointer(_address(match[1]))}(", text)


def _address(name: str) -> int:
    return ctypes.cast(getattr(ctypes.pythonapi, name), ctypes.c_void_p).value or 0


def _pointer(address: int) -> str:
    return f"inttoptr (i64 {address} to ptr)"
