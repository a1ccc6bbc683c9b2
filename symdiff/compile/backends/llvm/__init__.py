"""The backend `llvm`: native code (extra `symdiff[jit]`, which is llvmlite), in a straight line or by levels."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from typing import Any

from symdiff.compile.kernel import Kernel, Options
from symdiff.compile.tape import Tape

name, rank = "llvm", 2


_seen: list[Any] = []  # what was found of llvmlite, which takes a tenth of a millisecond to find


def installed() -> bool:
    """Whether there is llvmlite."""
    if "llvmlite" in sys.modules:
        return sys.modules["llvmlite"] is not None
    if not _seen:
        _seen.extend(filter(None, [importlib.util.find_spec("llvmlite")]))
    return bool(_seen)


def build(tape: Tape, options: Options) -> Kernel:
    """The kernel of a lowered tape.

    Raises
    ------
    Unsupported
        Without llvmlite, and for an operation whose record has no code.
    """
    from symdiff.compile.backends.llvm import native

    return native.build(tape, options)


def recurrence(tape: Tape, kinds: Sequence[int], mapped: Sequence[bool], options: Options) -> Any:
    """A recurrence of numbers as one native loop; see `native_scan.py`.

    Raises
    ------
    Unsupported
        Without llvmlite, and for an operation whose record has no code.
    """
    from symdiff.compile.backends.llvm.native_scan import Recurrence

    return Recurrence(tape, kinds, mapped, options)


def matrix_recurrence(graph: Any, ends: Sequence[int], places: Any, width: int, options: Options) -> Any:
    """A recurrence of vectors as one native loop; see `vector_steps.py`.

    Raises
    ------
    Unsupported
        Without llvmlite, and for what is no product of a matrix and a vector and does not act entry by entry.
    """
    from symdiff.compile.backends.llvm.vector_steps import vector_loop

    return vector_loop(graph, ends, places, width, options)
