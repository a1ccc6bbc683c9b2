"""The backend `llvm`: a tape as native code (extra `symdiff[jit]`, which is llvmlite).

A program becomes two functions. One computes whole vectors of points, explicitly: LLVM's own
vectoriser knows no mathematics, and leaves a rest to other code. One computes a single point, for calls with
numbers. Both take the same steps in the same order, with the same functions of libmvec, so a number's bits
depend neither on its place, nor on how many are computed, nor on how.

With `dtype=float32` every step is of that precision; functions of the C library go through double.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symdiff.compile.kernel import Options
from symdiff.compile.llvm_core import straight_line
from symdiff.compile.llvm_entry import Program, bound
from symdiff.compile.llvm_levels import Levels
from symdiff.compile.llvm_target import Code, Target, host
from symdiff.compile.tape import Tape

STRAIGHT = 20_000  # instructions of a straight line, both functions together: LLVM takes 12 to 40 µs for each


def build(tape: Tape, options: Options, target: Target | None = None, straight: int = STRAIGHT) -> LlvmKernel:
    """The kernel of a lowered tape: a straight line, or levels where that has more than `straight` instructions.

    Raises
    ------
    Unsupported
        Without llvmlite, and for an operation whose record has no spelling for LLVM.
    """
    target = target or host(options.accuracy)
    size = options.dtype.itemsize
    flags = tape.booleans()
    sizes = np.array([1 if flags[slot] else size for slot in tape.outputs] or [size], dtype=np.int64)
    program = Program(None, None, tape.arity, len(tape.outputs), target.lanes, size, sizes.ctypes.data, None)
    found = straight_line(tape, options, target) if 2 * len(tape.codes) <= straight else None
    if found is None or found.length > straight:
        levels = Levels(tape, options, target, sizes)
        program.core, program.single, program.context = levels.core, levels.single, levels.context
        return LlvmKernel(program, lambda: levels.source, (program, sizes, levels))
    code = Code(found.text)
    program.core, program.single = code.address("core"), code.address("single")
    return LlvmKernel(program, lambda: straight_line(tape, options, target).text, (program, sizes, code))


class _Owner:
    """Keeps alive what a program points to."""

    def __init__(self, *parts: Any) -> None:
        self.parts = parts


class LlvmKernel:
    """A program as native code; see `kernel.Kernel`.

    `scalar` and `point` are functions in C's terms: they need no lock and hold no state.
    """

    name = "llvm"

    def __init__(self, program: Program, source: Callable[[], str], parts: tuple[Any, ...]) -> None:
        self._source = source
        self._program, self._owner = program, _Owner(*parts)
        self.scalar: Callable[..., tuple[Any, ...]] = self._bound("scalar")

    @property
    def source(self) -> str:
        """The program in LLVM's intermediate representation; of levels, what they do."""
        return self._source()

    def _bound(self, name: str) -> Callable[..., Any]:
        function: Callable[..., Any] = bound(name, self._program, self._owner)
        return function

    @functools.cached_property
    def _point(self) -> Callable[..., None]:
        return self._bound("point")

    @functools.cached_property
    def _batch(self) -> Callable[..., None]:
        return self._bound("batch")

    def point(self, values: Sequence[float], results: NDArray[Any]) -> None:
        """Write the results at one point, in order, into a contiguous array; conditions as 0 and 1."""
        self._point(results, *values)

    def batch(self, inputs: Sequence[NDArray[Any]], outputs: Sequence[NDArray[Any]]) -> None:
        """Fill the outputs, one-dimensional arrays, without the GIL."""
        self._batch(*inputs, *outputs)
