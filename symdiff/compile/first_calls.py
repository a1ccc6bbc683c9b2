"""A kernel that is Python's for its first points, so that a first value need not wait for native code.

Loading LLVM takes a twentieth of a second, and compiling some milliseconds, for which Python does a formula thousands
of times. Only programs of operations that IEEE 754 lays down to the last bit come here: their results are the same
bits in any backend, so that nobody can tell which one ran.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symdiff.compile import backends
from symdiff.compile.kernel import Kernel, Options
from symdiff.compile.tape import Tape
from symdiff.locks import computed
from symdiff.records import OPERATIONS

WORTH = 300_000  # operations that Python does in the time in which native code is made
LONGEST = 500  # size limit of a program that starts in Python, in instructions


def starts_in_python(tape: Tape, options: Options) -> bool:
    """Whether the bits of a program are the same in Python, and few enough instructions for that to be quick."""
    return (
        len(tape.codes) <= LONGEST
        and options.dtype == np.float64
        and all(OPERATIONS[code].ieee for code in set(tape.codes))
    )


class FirstCalls:
    """Python's kernel, and the one that `make` gives once there is a batch, or have been so many points."""

    def __init__(self, tape: Tape, options: Options, make: Callable[[], Kernel], name: str) -> None:
        self.name = name  # that of the kernel to come
        self._first = backends.named("python").build(tape, options)
        self._make = make
        self._left = WORTH // (len(tape.codes) + 1)

    @computed
    def made(self) -> Kernel:
        """The kernel for all that comes later."""
        made = self._make()
        self.name = made.name
        self._left = 0
        self.__dict__["batch"] = made.batch  # replace this method from now on
        return made

    @property
    def source(self) -> str:
        """The program as the later kernel has it."""
        return self.made.source

    def scalar(self, *values: float) -> tuple[Any, ...]:
        """The results at one point."""
        if self._left > 0:
            self._left -= 1
            return self._first.scalar(*values)  # look it up: it gives way to a function of its own
        made = self.made
        found = made.scalar(*values)
        if "scalar" in getattr(made, "__dict__", ()):  # a faster one has come
            self.__dict__["scalar"] = made.scalar
        return found

    def point(self, values: Sequence[float], results: NDArray[Any]) -> None:
        """Write the results at one point into an array."""
        point = getattr(self.made, "point", None) if self._left <= 0 else None
        if point is None:
            results[:] = self.scalar(*values)
            return
        point(values, results)
        self.__dict__["point"] = point

    def batch(self, inputs: Sequence[NDArray[Any]], outputs: Sequence[NDArray[Any]]) -> None:
        """Fill the outputs."""
        self.made.batch(inputs, outputs)
