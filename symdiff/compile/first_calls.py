"""A kernel that is Python's for its first points, so that a first value need not wait for native code.

Loading LLVM takes a twentieth of a second, and compiling some milliseconds, for which Python does a formula thousands
of times. Only programs come here of which Python has the same bits as any later code, so that nobody can tell which
one ran: those of operations that IEEE 754 lays down to the last bit, as source of Python's; and those that native code
would run, where every function that it calls can be called without LLVM, step by step (`backends/llvm/in_python.py`).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from symdiff.compile import backends, choose
from symdiff.compile.kernel import Kernel, Options, Unsupported
from symdiff.compile.tape import Tape
from symdiff.locks import computed
from symdiff.records import OPERATIONS

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONGEST = 500  # size limit of a program that starts in Python, in instructions
WORTH = 300_000  # operations that Python's source does in the time in which native code is made
# The same of steps that are done one by one, measured with the gradient of a formula of 10 operations, four of them
# functions: 5,500 calls take 45 to 75 ms, loading LLVM and making native code 65 to 80; where it is loaded, 390 calls
# take as long as making native code, 4 ms.
STEPS, STEPS_LOADED = 200_000, 14_000


class First(Protocol):
    """What computes the first points."""

    @property
    def scalar(self) -> Callable[..., tuple[Any, ...]]:
        """The results at one point. A faster function may come when it has been called."""


def start(tape: Tape, options: Options) -> tuple[First, int] | None:
    """What has `scalar` for the first calls and how many these are; None where native code has to begin."""
    if len(tape.codes) > LONGEST or options.dtype != np.float64:
        return None
    operations = [OPERATIONS[code] for code in set(tape.codes)]
    if all(op.ieee for op in operations):
        return backends.named("python").build(tape, options), WORTH // (len(tape.codes) + 1)
    if choose.first_choice() != "llvm" or not all(map(_is_ours, operations)):
        return None
    from symdiff.compile.backends.llvm import in_python

    try:
        first = in_python.build(tape, options)
    except Unsupported:
        return None
    return first, (STEPS_LOADED if "llvmlite.binding" in sys.modules else STEPS) // first.cost


def _is_ours(op: Any) -> bool:
    """Whether an operation is spelled by us or as a name: mistakes in the code of users are to show at once."""
    return type(op.code) is str or getattr(op.code, "__module__", "").startswith("symdiff.ops.")


class FirstCalls:
    """Python's kernel, and the one that `make` gives once there is a batch, or have been so many points."""

    def __init__(self, first: First, points: int, make: Callable[[], Kernel], name: str) -> None:
        self.name = name  # that of the kernel to come
        self._first = first
        self._make = make
        self._left = points

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

    @property
    def writer(self) -> Callable[..., None] | None:
        """What writes the results at one point into an array, once native code does; see `LlvmKernel.writer`."""
        return getattr(self.made, "writer", None) if self._left <= 0 else None

    def batch(self, inputs: Sequence[NDArray[Any]], outputs: Sequence[NDArray[Any]]) -> None:
        """Fill the outputs."""
        self.made.batch(inputs, outputs)
