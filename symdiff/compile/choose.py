"""Which backend a program gets."""

from __future__ import annotations

import importlib
import importlib.util

from symdiff.compile.kernel import Kernel, Options, Unsupported
from symdiff.compile.tape import Tape
from symdiff.errors import SymdiffTypeError, SymdiffValueError

BACKENDS = ("python", "numpy", "llvm")
AUTO = "auto"


def check_backend(backend: object) -> None:
    """Raise where there is no such backend."""
    if not isinstance(backend, str):
        raise SymdiffTypeError(f"a backend is a name, one of {', '.join((AUTO, *BACKENDS))}, not {backend!r}")
    if backend != AUTO and backend not in BACKENDS:
        raise SymdiffValueError(f"there is no backend {backend!r}: take one of {', '.join((AUTO, *BACKENDS))}")


def build(tape: Tape, options: Options, backend: str) -> Kernel:
    """The kernel of a lowered tape, `auto` being the fastest that is installed and knows every operation.

    One kernel serves scalar calls and batches, so that their bits agree.

    Raises
    ------
    Unsupported
        Where the backend that was asked for is not there, or can't run the program.
    """
    if backend != AUTO:
        return _build(backend, tape, options)
    if importlib.util.find_spec("llvmlite") is not None:
        try:
            return _build("llvm", tape, options)
        except Unsupported:  # an operation that has no machine code, say
            pass
    return _build("numpy", tape, options)


def _build(backend: str, tape: Tape, options: Options) -> Kernel:
    if importlib.util.find_spec(f"symdiff.compile.backends.{backend}") is None:
        raise Unsupported(f"the backend {backend!r} is not part of this installation")
    made: Kernel = importlib.import_module(f"symdiff.compile.backends.{backend}").build(tape, options)
    return made
