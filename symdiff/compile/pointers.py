"""SciPy's functions by their addresses, for native code to call: those of `scipy.special.cython_special`."""

from __future__ import annotations

import ctypes
import functools
from typing import Any, NamedTuple

DOUBLE, ORDER, DISPATCH, OPTIONS = "double", "Py_ssize_t", "int", "struct"


class Pointer(NamedTuple):
    """A function that returns a double, and what it takes."""

    address: int
    parameters: tuple[str, ...]  # kinds: DOUBLE for numbers, ORDER for orders; DISPATCH takes 0, OPTIONS a null pointer


@functools.cache
def special(name: str, arity: int) -> Pointer | None:
    """The function of so many numbers and orders, None where this SciPy has none of that name that can be called."""
    from scipy.special import cython_special

    table: dict[str, Any] = dict(cython_special.__pyx_capi__)
    for symbol in (name, f"__pyx_fuse_0{name}", f"__pyx_fuse_1{name}"):  # try Cython's names for each type of operands
        parameters = _parameters(table[symbol]) if symbol in table else ()
        known = parameters.count(DOUBLE) + parameters.count(ORDER) == arity
        if known and arity and set(parameters) <= {DOUBLE, ORDER, DISPATCH, OPTIONS}:
            return Pointer(int(_POINTER(table[symbol], _NAME(table[symbol]))), parameters)
    return None


def _parameters(capsule: Any) -> tuple[str, ...]:
    """The types of a function's parameters in C, the first word of each; none where the result is no double."""
    result, _, rest = _NAME(capsule).decode().partition("(")
    return tuple([part.split()[0] for part in rest.rstrip(")").split(",")]) if result.strip() == DOUBLE else ()


_NAME = ctypes.PYFUNCTYPE(ctypes.c_char_p, ctypes.py_object)(("PyCapsule_GetName", ctypes.pythonapi))
_POINTER = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object, ctypes.c_char_p)(
    ("PyCapsule_GetPointer", ctypes.pythonapi)
)
