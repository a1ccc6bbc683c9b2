"""The backend `python`: straight-line source, for calls with floats."""

from __future__ import annotations

from symdiff.compile.kernel import Kernel, Options
from symdiff.compile.tape import Tape

name, rank = "python", 0


def installed() -> bool:
    """Always."""
    return True


def build(tape: Tape, options: Options) -> Kernel:
    """The kernel of a lowered tape.

    Raises
    ------
    Unsupported
        For float32, which Python does not have.
    """
    from symdiff.compile.backends.python import python_source

    return python_source.build(tape, options)
