"""The backend `numpy`: calls of NumPy, in blocks over registers, or of a large graph at few points by levels."""

from __future__ import annotations

from symdiff.compile.kernel import Kernel, Options
from symdiff.compile.tape import Tape

name, rank = "numpy", 1


def installed() -> bool:
    """Always."""
    return True


def build(tape: Tape, options: Options) -> Kernel:
    """The kernel of a lowered tape."""
    from symdiff.compile.backends.numpy import blocks

    return blocks.build(tape, options)
