"""The `numpy` backend: the tape in blocks over a few registers, a NumPy call an instruction.

A batch runs in blocks short enough that all registers stay in the processor's
cache. Registers are few, for each is used again as soon as what it holds is not
needed any more. What depends only on inputs that are the same at all points is
computed once, with floats. One point, or a few, of a large graph go by levels (`level_calls.py`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from symdiff.compile.backends.python.python_source import Program
from symdiff.compile.instructions import BY_LOOPS, PRECISE, Spelling
from symdiff.compile.kernel import Options
from symdiff.compile.tape import Tape
from symdiff.locks import computed

if TYPE_CHECKING:  # defer them: they are imported where they are needed
    from symdiff.compile.backends.numpy.level_calls import Levels
    from symdiff.compile.backends.numpy.registers import Plan, Step

CACHE = 1024 * 1024  # room for the registers of a block, in bytes
SHORTEST, LONGEST = 2048, 16384  # bounds of a block's length, in points
LARGE = 1000  # size from which a program may go by levels, in steps
FEW = 128  # size limit of a batch that may go by levels, in points
_PLANS = 16  # limit of remembered plans, one for each pattern of constant inputs


def build(tape: Tape, options: Options) -> NumpyKernel:
    """The kernel of a lowered tape."""
    return NumpyKernel(tape, options)


class NumpyKernel(Program):
    """Registers, and calls into them."""

    name = "numpy"

    def __init__(self, tape: Tape, options: Options) -> None:
        super().__init__(tape, PRECISE if options.accuracy == "high" else BY_LOOPS)
        self.dtype = options.dtype
        self._plans: dict[tuple[bool, ...], Plan] = {}
        self._rooms = threading.local()  # registers of each thread

    @computed
    def _levels(self) -> Levels | None:
        if len(self.tape.codes) < LARGE:
            return None
        from symdiff.compile.backends.numpy.level_calls import levels_of

        return levels_of(self.tape, self.dtype, self.spelling)

    def scalar(self, *values: float) -> tuple[Any, ...]:
        """The results at one point."""
        if self._levels is not None:
            return self._levels.scalar(*values)
        return super().scalar(*values) if self.dtype == np.float64 else self._by_batch(*values)

    def point(self, values: Sequence[float], results: NDArray[Any]) -> None:
        """Write the results at one point, in order, into an array; conditions as 0 and 1."""
        if self._levels is not None:
            self._levels.point(values, results)
        else:
            results[:] = self.scalar(*values)

    def _by_batch(self, *values: float) -> tuple[Any, ...]:
        booleans = self.tape.booleans()
        results = [np.empty(1, bool if booleans[j] else self.dtype) for j in self.tape.outputs]
        self.batch([np.array([v], self.dtype) for v in values], results)
        return tuple([r.item() for r in results])

    def batch(self, inputs: Sequence[NDArray[Any]], outputs: Sequence[NDArray[Any]]) -> None:
        """Block by block."""
        if not outputs or not len(outputs[0]):
            return
        if len(outputs[0]) <= FEW and self._levels is not None:
            self._levels.batch(inputs, outputs)
            return
        # compute once what is the same everywhere in one precision only: the other has no scalar calls, only arrays
        same = tuple([not a.strides[0] and self.dtype == np.float64 for a in inputs])
        steps = self._plans.get(same)
        if steps is None:
            from symdiff.compile.backends.numpy.registers import plan

            if len(self._plans) >= _PLANS:
                self._plans.clear()
            steps = self._plans[same] = plan(self.tape, same, self.dtype, self.spelling)
        room = self._rooms.__dict__.pop("room", None)  # take it for this call alone: what it calls may come back here
        length = len(outputs[0])
        if room is None or not room.fits(steps, length):
            room = _Room(steps, length, self.dtype)
        with np.errstate(all="ignore"):
            room.run(self.spelling, inputs, outputs)
        self._rooms.room = room


def _block(steps: Plan, itemsize: int) -> int:
    bytes_a_point = max(itemsize * steps.numbers + steps.conditions, 1)
    return min(max(CACHE // bytes_a_point // 64 * 64, SHORTEST), LONGEST)


class _Room:
    """The registers of one call, and the calls of a block."""

    def __init__(self, steps: Plan, length: int, dtype: np.dtype[Any]) -> None:
        self.plan = steps
        self.block = min(_block(steps, dtype.itemsize), length)
        self.dtype = dtype
        self.numbers = [np.empty(self.block, dtype) for _ in range(steps.numbers)]
        self.conditions = [np.empty(self.block, bool) for _ in range(steps.conditions)]
        self.constants: dict[int, NDArray[Any]] = {}  # values that are the same everywhere: 0-d, set before each call
        self.spread: dict[int, NDArray[Any]] = {}  # values among these that are spread over a register
        for slot, boolean in steps.uniform.items():
            self.constants[slot] = np.empty((), bool if boolean else dtype)
        for slot in steps.spread:
            self.spread[slot] = np.empty(self.block, dtype)
        self.inputs: Sequence[NDArray[Any]] = ()
        self.outputs: Sequence[NDArray[Any]] = ()
        self.now = slice(0, self.block)
        self.calls = self._calls(self.block)

    def fits(self, steps: Plan, length: int) -> bool:
        """Whether it can be used for a call."""
        return steps is self.plan and self.block == min(_block(steps, self.dtype.itemsize), length)

    def run(self, spelling: Spelling, inputs: Sequence[NDArray[Any]], outputs: Sequence[NDArray[Any]]) -> None:
        """All blocks of a call."""
        self._uniform(spelling, inputs, outputs)
        self.inputs, self.outputs = inputs, outputs
        length, block = len(outputs[0]), self.block
        calls = self.calls
        try:
            for low in range(0, length, block):
                if low + block > length:
                    calls = self._calls(length - low)
                self.now = slice(low, min(low + block, length))
                for function, args in calls:
                    function(*args)
        finally:
            self.inputs = self.outputs = ()

    def _uniform(self, spelling: Spelling, inputs: Sequence[NDArray[Any]], outputs: Sequence[NDArray[Any]]) -> None:
        """What is the same at all points."""
        steps = self.plan
        values: dict[int, Any] = dict(steps.constants)
        values.update({k: inputs[k][0].item() for k in steps.given})
        for code, slots, target in steps.once:
            values[target] = spelling.safe(code)(*[values[j] for j in slots])
        for slot, box in self.constants.items():
            box[()] = values[slot]
        for slot, register in self.spread.items():
            register.fill(values[slot])
        for k, slot in steps.same_results:
            outputs[k][...] = values[slot]

    def _calls(self, length: int) -> list[tuple[Callable[..., Any], tuple[Any, ...]]]:
        """The calls of a block of this length."""
        whole = length == self.block
        numbers = self.numbers if whole else [r[:length] for r in self.numbers]
        conditions = self.conditions if whole else [r[:length] for r in self.conditions]
        spread = self.spread if whole else {slot: r[:length] for slot, r in self.spread.items()}
        places = {"n": numbers, "c": conditions, "u": self.constants, "s": spread}
        return [self._call(step, places) for step in self.plan.steps]

    def _call(self, step: Step, places: dict[str, Any]) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        if step.kind == "load":
            return self._load, (places["n"][step.target[1]], step.number)
        if step.kind == "store":
            return self._store, (step.number, places[step.target[0]][step.target[1]])
        if step.kind == "pass":
            return self._pass, (step.number, step.target[1])
        target = places[step.target[0]][step.target[1]]
        args = [places[kind][index] for kind, index in step.operands]
        if step.kind == "into":
            return step.function, (*args, target)  # type: ignore[return-value]
        return _assign, (step.function, target, *args)

    def _load(self, register: NDArray[Any], number: int) -> None:
        register[...] = self.inputs[number][self.now]

    def _store(self, number: int, register: NDArray[Any]) -> None:
        self.outputs[number][self.now] = register

    def _pass(self, number: int, slot: int) -> None:
        self.outputs[number][self.now] = self.inputs[slot][self.now]


def _assign(function: Callable[..., Any], target: NDArray[Any], *args: Any) -> None:
    target[...] = function(*args)
