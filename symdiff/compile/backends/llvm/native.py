"""The backend `llvm`: a tape as native code (extra `symdiff[jit]`, which is llvmlite).

A program becomes two functions. One computes whole vectors of points, explicitly: LLVM's own
vectoriser knows no mathematics, and leaves a rest to other code. One computes a single point, for calls with
numbers. Both take the same steps in the same order, with the same functions of libmvec, so a number's bits
depend neither on its place, nor on how many are computed, nor on how.

With `dtype=float32` every step is of that precision; functions of the C library go through double.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symdiff.compile.backends.llvm.entry import (
    Program,
    bound,
    by_ctypes,
    call_of,
    capsule,
    filling,
    folded_rows,
    folds,
    is_made,
)
from symdiff.compile.backends.llvm.straight_line import Text, builder, one_point, together, vectors
from symdiff.compile.backends.llvm.target import Code, Target, host, lock
from symdiff.compile.emit import steps_without_code
from symdiff.compile.kernel import Options, Unsupported
from symdiff.compile.tape import Tape
from symdiff.locks import computed

STRAIGHT = 10_000  # size limit of a function in a straight line, in instructions: LLVM takes 12 to 40 µs for each
# size limit of a program in a straight line for callers by address, in steps: 0.2 ms each to make. The 24,600 of an arm
# take 6 µs there, 26 µs in what is made in an eighth of the time, 58 µs by levels
CAREFUL = 30_000
# size limit of functions for vectors, in instructions, that are made with care, all of a program together: each
# instruction takes 0.3 ms more, which spares up to 0.3 ns for a number, half of the time of `x*x + 1.5*x + 2`
SHORT = 40
EARLY = 16  # call limit for one point in a process before what makes calls fast is there, which takes 5 ms to make


def build(tape: Tape, options: Options, target: Target | None = None, straight: int = STRAIGHT) -> LlvmKernel:
    """The kernel of a lowered tape: a straight line, or levels where that has more than `straight` instructions.

    Raises
    ------
    Unsupported
        Without llvmlite, and for an operation whose record has no code.
    """
    target = target or host(options.accuracy)
    size = options.dtype.itemsize
    flags = tape.booleans()
    sizes = np.array([1 if flags[slot] else size for slot in tape.outputs] or [size], dtype=np.int64)
    text = one_point(tape, options, target) if len(tape.codes) <= straight else None
    work = _work(tape, options, target, sizes, text if text and text.length <= straight else None)
    program = Program(None, work.context, tape.arity, len(tape.outputs), target.lanes, size, sizes.ctypes.data, None)
    return LlvmKernel(program, work, sizes, (tape, options, target))


def _work(tape: Tape, options: Options, target: Target, sizes: NDArray[Any], text: Text | None) -> Any:
    if text is not None:
        return _Straight(tape, options, target, text.text)
    from symdiff.compile.backends.llvm.level_code import Levels

    try:
        return Levels(tape, options, target, sizes)
    except Unsupported as error:
        error.steps = steps_without_code(builder(options, target, 1), tape)
        raise


class _Straight:
    """A tape in a straight line: code for one point, and code for vectors of points when the first batch comes."""

    context = None

    def __init__(self, tape: Tape, options: Options, target: Target, text: str) -> None:
        self._about = tape, options, target
        self._point = Code(text) if options.points else None
        self._vectors: tuple[Code, str] | None = None  # code for vectors, and the name of the function there

    @property
    def single(self) -> int:
        """The address of the function for one point."""
        with lock:
            if self._point is None:
                self._point = Code(one_point(*self._about).text)
        return self._point.address("single")

    @property
    def core(self) -> int:
        """The address of the function for vectors."""
        made_together([self])
        assert self._vectors is not None
        code, name = self._vectors
        return code.address(name)

    def text_of_vectors(self, name: str) -> Text | None:
        """The function for vectors under some name; None where it is made."""
        return vectors(*self._about, name) if self._vectors is None else None

    def holds_vectors(self, code: Code, name: str) -> None:
        """Say where the function for vectors is."""
        self._vectors = code, name

    @property
    def source(self) -> str:
        """The text of both modules."""
        return f"; vectors of points\n\n{vectors(*self._about).text}\n; one point\n\n{one_point(*self._about).text}"


def made_together(parts: Sequence[_Straight]) -> None:
    """Make the code for vectors of several tapes: as one module, since each takes 1 ms beside what is in it."""
    with lock:
        texts = {f"core{k}": (part, part.text_of_vectors(f"core{k}")) for k, part in enumerate(parts)}
        missing = [text for _, text in texts.values() if text is not None]
        if not missing:
            return
        code = Code(together(missing), int(sum([text.length for text in missing]) <= SHORT))
        for name, (part, text) in texts.items():
            if text is not None:
                part.holds_vectors(code, name)


class _Owner:
    """Keeps alive what a program points to."""

    def __init__(self, *parts: Any) -> None:
        self.parts = parts


class LlvmKernel:
    """A program as native code; see `kernel.Kernel`.

    What Python calls is in C's terms, needs no lock and holds no state. It is made once a process, after
    some calls for one point, and with the first batch.
    """

    name = "llvm"
    reads_doubles = True  # whether single points may be NumPy's numbers too, which Python would compute as such

    def __init__(self, program: Program, work: Any, sizes: NDArray[Any], about: tuple[Tape, Options, Target]) -> None:
        self._program, self._work, self._sizes, self._about = program, work, sizes, about
        self._owner = _Owner(program, sizes, work)
        self._calls = 0

    @property
    def source(self) -> str:
        """The program in LLVM's intermediate representation; of levels, what they do."""
        return str(self._work.source)

    def _of_points(self, name: str) -> Callable[..., Any]:
        self._program.single = self._work.single
        return self._bound(name)

    def _bound(self, name: str) -> Callable[..., Any]:
        function: Callable[..., Any] = bound(name, self._program, self._owner)
        return function

    @computed
    def _point(self) -> Callable[..., None]:
        return self._of_points("point")

    @computed
    def _batch(self) -> Callable[..., None]:
        self._program.core = self._work.core
        return self._bound("batch")

    @computed
    def _at_once(self) -> Callable[..., Any]:
        self._program.single = self._work.single
        return by_ctypes(self._program, self._owner)

    def _early(self) -> bool:
        """Whether a call comes too early for functions in C's terms."""
        self._calls += 1
        return self._calls <= EARLY and not is_made("point")

    def scalar(self, *values: float) -> tuple[Any, ...]:
        """The results at one point."""
        if self._early():
            found = self._at_once(*values)
            return tuple([bool(v) if size == 1 else v for v, size in zip(found, self._sizes, strict=False)])
        made = self.__dict__["scalar"] = self._of_points("scalar")  # replace this method from now on
        return made(*values)  # type: ignore[no-any-return]

    def program(self) -> Any:
        """The program as `entry.method` takes it, for as long as the kernel lives."""
        self._program.single = self._work.single
        return capsule(self._program)

    def call(self, given: Sequence[int], made: Sequence[int], makers: Sequence[Any], container: str) -> Any:
        """A call of the program as `entry.method` takes it, and what has to live as long: see `entry.Call`."""
        self._program.single = self._work.single
        return call_of(self._program, given, made, makers, container)

    def point(self, values: Sequence[float], results: NDArray[Any]) -> None:
        """Write the results at one point, in order, into a contiguous array; conditions as 0 and 1."""
        if self._calls < EARLY and _is_row(results, self._program.outputs) and self._early():
            results[:] = self._at_once(*values)
        else:
            self._point(results, *values)

    @property
    def writer(self) -> Callable[..., None] | None:
        """The function (results, *values) behind `point`, None as long as it comes early."""
        return self._point if self._calls >= EARLY or is_made("point") else None

    def grid(self, kinds: Sequence[int]) -> Callable[..., None]:
        """A function (*inputs, *outputs) over arrays that broadcast against each other, and numbers.

        What `kinds` says becomes of each result: 0, it is kept, in a contiguous array of the shape of all inputs
        together; 1, its total in an array of one number; 2, the total of each row of its last axis; 3 and 4, the
        largest in place of the total.
        """
        about = self._program
        kept = np.array(kinds, dtype=np.int64)
        program = Program(
            self._work.core, about.context, about.inputs, about.outputs, about.lanes, about.size, about.sizes,
            None, kept.ctypes.data, *(folds() if kept.any() else (None, None)), *filling(),
            folded_rows() if kept.any() else None,
        )  # fmt: skip
        function: Callable[..., None] = bound("grid", program, _Owner(program, kept, self._owner))
        return function

    def native(self, kind: str, inputs: Sequence[int], outputs: Sequence[int]) -> Any:
        """The code for one point under a signature of C: "numbers", "packed", "window" or "arrays"."""
        from symdiff.compile.backends.llvm import native_calls  # import late: few ask for it

        made = getattr(native_calls, kind)(*((inputs, outputs) if kind == "arrays" else (sum(inputs),)))
        return native_calls.NativeFunction(self._quickest, self._owner, made)

    @computed
    def _quickest(self) -> Program:
        """The program as its callers by address want it: the code for one point, made with care."""
        tape, options, target = self._about
        if len(tape.codes) > CAREFUL:
            self._program.single = self._work.single
            return self._program
        with lock:
            code = Code(one_point(tape, options, target).text, 1)
        about = self._program
        self._owner.parts += (code,)
        return Program(
            None, None, about.inputs, about.outputs, about.lanes, about.size, about.sizes, code.address("single")
        )

    @staticmethod
    def make_ready(kernels: Sequence[LlvmKernel]) -> None:
        """Make the code for vectors of several kernels, which takes less than for one after the other."""
        made_together([kernel._work for kernel in kernels if isinstance(kernel._work, _Straight)])

    def batch(self, inputs: Sequence[NDArray[Any]], outputs: Sequence[NDArray[Any]]) -> None:
        """Fill the outputs, one-dimensional arrays, without the GIL."""
        self._batch(*inputs, *outputs)


def _is_row(array: Any, length: int) -> bool:
    return type(array) is np.ndarray and array.shape == (length,) and array.flags.c_contiguous
