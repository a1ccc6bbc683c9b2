"""Memory that arrays of earlier calls left, for those of the next.

A new array of more than some hundred kilobytes is mapped page by page when it is first written, 0.5 ns for each
number, where arithmetic takes 0.2: half of the time of a training step. While a compiled function runs, NumPy takes
the memory of its arrays from a pool (NEP 49: a handler that stands in a context variable), results included, and
gives it back there when they are dropped, by whoever has them. At most 128 MB are kept in a process.
"""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable
from contextvars import ContextVar, copy_context
from typing import Any

import numpy as np

from symdiff.compile.kernel import Unsupported

_SET_HANDLER = 304  # place of PyDataMem_SetHandler in NumPy's interface for C, since 1.22
_ROOM = 2048  # bytes of a `Pool` of pool.c, and some more
_kept: list[Any] = []  # what machine code points to


class _Allocator(ctypes.Structure):
    _fields_ = tuple([(name, ctypes.c_void_p) for name in ("context", "malloc", "calloc", "realloc", "free")])


class _Handler(ctypes.Structure):
    """NumPy's PyDataMem_Handler."""

    _fields_ = (("name", ctypes.c_char * 127), ("version", ctypes.c_uint8), ("allocator", _Allocator))


def pooled(call: Callable[[Callable[..., Any], Any], Any]) -> Callable[[Callable[..., Any], Any], Any]:
    """A function (function, arguments) that has another one of these called while arrays get memory of the pool.

    The other one itself where there is no pool: without llvmlite, or with another NumPy than those that are known.
    """
    found = _handler()
    if found is None:
        return call
    variable, handler = found
    enter, leave = variable.set, variable.reset

    def pooled_call(function: Callable[..., Any], args: Any) -> Any:
        token = enter(handler)
        try:
            return call(function, args)
        finally:
            leave(token)

    return pooled_call


@functools.cache
def _handler() -> tuple[ContextVar[Any], Any] | None:
    """NumPy's context variable for memory, and what stands there for the pool."""
    try:
        from symdiff.compile.backends.llvm.entry import pool

        addresses = pool()
    except Unsupported:
        return None
    room = ctypes.create_string_buffer(_ROOM)
    allocator = _Allocator(ctypes.addressof(room), *addresses)
    handler = _Handler(b"symdiff", 1, allocator)
    api = ctypes.pythonapi
    new = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
    capsule = new(("PyCapsule_New", api))(ctypes.addressof(handler), b"mem_handler", None)
    _kept.append((room, handler))
    return copy_context().run(_entered, capsule)


def _entered(capsule: Any) -> tuple[ContextVar[Any], Any] | None:
    """Set the handler in this context, where the variable shows from then on."""
    try:
        table = np._core._multiarray_umath._ARRAY_API  # type: ignore[attr-defined]
        names = np._core.multiarray.get_handler_name  # type: ignore[attr-defined]
    except AttributeError:
        return None
    pointer = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object, ctypes.c_char_p)(
        ("PyCapsule_GetPointer", ctypes.pythonapi)
    )(table, None)
    functions = ctypes.cast(pointer, ctypes.POINTER(ctypes.c_void_p))
    ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.py_object)(functions[_SET_HANDLER])(capsule)
    variables = [variable for variable in copy_context() if variable.name == "current_allocator"]
    if len(variables) != 1 or names(np.empty(1)) != "symdiff":
        return None
    return variables[0], capsule
