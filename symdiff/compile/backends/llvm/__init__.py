"""The backend `llvm`: native code (extra `symdiff[jit]`, which is llvmlite), in a straight line or by levels."""

from __future__ import annotations

from symdiff.compile.kernel import Kernel, Options
from symdiff.compile.tape import Tape


def build(tape: Tape, options: Options) -> Kernel:
    """The kernel of a lowered tape.

    Raises
    ------
    Unsupported
        Without llvmlite, and for an operation whose record has no code.
    """
    from symdiff.compile.backends.llvm import native

    return native.build(tape, options)
