"""Programs by levels of NumPy calls: a large graph at one point, or at a few.

A call of NumPy for one number costs 500 ns, and one of Python's operations 50, but a call for a group of equal steps
(`levels.py`) 1 µs and some 2 ns a step: two gathers of operands and the operation, over contiguous
arrays, which have the bits of a batch.

Measured on a Gaussian mixture of ADBench (d = 10, k = 5, n = 100) and its gradient in scalars, 184,000 steps in 268
groups: ready after 0.3 s, 0.4 ms a point. Python's code of the same steps takes 76 ms, after 8 s of compiling.

With several points a register is a row of them. From some 128 points on the calls of a batch, one
for each step, cost less than gathers.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symdiff.compile.folds import folded
from symdiff.compile.instructions import Spelling, takes_out
from symdiff.compile.levels import Ints, Plan, arranged, depths
from symdiff.compile.tape import Tape
from symdiff.records import OPERATIONS

TOGETHER = 24  # mean group size from which groups are faster than single steps, in steps
POINTS = 128  # size limit of a block, in points
ROOM = 8 << 20  # room for registers, in bytes

_Call = tuple[Callable[..., Any], tuple[Any, ...]]
_Kind = tuple[int, tuple[float | None, ...]]


def levels_of(tape: Tape, dtype: np.dtype[Any], spelling: Spelling) -> Levels | None:
    """A tape in levels; None for one that is deep and narrow."""
    steps = len(tape.codes)
    tape, minus = folded(tape)
    flags = tape.booleans()
    kinds, kind_of = _kinds(tape, flags)
    plan = arranged(tape, kind_of, depths(tape), [1] * len(kinds))
    if steps < TOGETHER * len(plan.kind):
        return None
    return Levels(tape, dtype, _groups(tape, spelling, flags, kinds, plan, minus), flags, plan)


class Levels:
    """Groups of steps, and registers for each thread."""

    def __init__(self, tape: Tape, dtype: np.dtype[Any], groups: list[_Group], flags: list[bool], plan: Plan) -> None:
        self.dtype = dtype
        self.arity = tape.arity
        self.constants = tape.constants
        self.first, self.length = tape.first, plan.length
        self.groups = groups
        self.widest = max([group.widest for group in self.groups], default=0)
        self.places = plan.registers[list(tape.outputs)]
        self.booleans = [k for k, j in enumerate(tape.outputs) if flags[j]]
        size = (dtype.itemsize + 1) * self.length + 2 * dtype.itemsize * self.widest
        self.block = max(min(ROOM // max(size, 1), POINTS), 1)  # count of points at once
        self._rooms = threading.local()

    def point(self, values: Sequence[float], results: NDArray[Any]) -> None:
        """Write the results at one point, in order; conditions as 0 and 1."""
        room = self._taken(1)
        with np.errstate(all="ignore"):
            room.numbers[: self.arity] = values
            room.run()
        room.numbers.take(self.places, None, results, "clip")
        for k in self.booleans:
            results[k] = room.conditions[self.places[k]]
        self._rooms.rooms[1] = room

    def scalar(self, *values: float) -> tuple[Any, ...]:
        """The results at one point: floats, and bools."""
        results = np.empty(len(self.places), self.dtype)
        self.point(values, results)
        found = results.tolist()
        for k in self.booleans:
            found[k] = bool(found[k])
        return tuple(found)

    def batch(self, inputs: Sequence[NDArray[Any]], outputs: Sequence[NDArray[Any]]) -> None:
        """Fill the outputs, some points at a time."""
        length = len(outputs[0])
        booleans = set(self.booleans)
        for low in range(0, length, self.block):
            high = min(low + self.block, length)
            room = self._taken(high - low)
            with np.errstate(all="ignore"):
                for k, array in enumerate(inputs):
                    room.row(room.numbers, k)[...] = array[low:high]
                room.run()
            for k, (array, place) in enumerate(zip(outputs, self.places.tolist(), strict=True)):
                array[low:high] = room.row(room.conditions if k in booleans else room.numbers, place)
            self._rooms.rooms[high - low] = room

    def _taken(self, points: int) -> _Room:
        """Registers, ours alone: what we call may call us."""
        rooms = self._rooms.__dict__.setdefault("rooms", {})
        room: _Room | None = rooms.pop(points, None)
        if len(rooms) > 1:
            rooms.clear()
        return _Room(self, points) if room is None else room


def _groups(
    tape: Tape, spelling: Spelling, flags: list[bool], kinds: list[_Kind], plan: Plan, minus: dict[int, list[bool]]
) -> list[_Group]:
    lists = plan.lists.astype(np.intp)
    boolean = np.zeros(plan.length, bool)
    boolean[plan.registers] = flags
    negative = {int(plan.registers[slot]): signs for slot, signs in minus.items()}
    found = []
    columns = [column.tolist() for column in (plan.kind, plan.steps, plan.target, plan.base)]
    for kind, steps, target, base in zip(*columns, strict=True):
        code, orders = kinds[kind]
        operands = [lists[base + p * steps : base + (p + 1) * steps] for p in range(len(orders))]
        group = _Group(code, spelling.arrays(code), orders, operands, boolean, target, steps)
        if group.folded and any(register in negative for register in range(target, target + steps)):
            none = [False] * len(orders)
            group.signs = 1.0 - 2.0 * np.array([negative.get(target + k, none) for k in range(steps)]).T.ravel()
        found.append(group)
    return found


class _Group:
    """Equal steps of a level: what they call, and the registers that they read and write."""

    def __init__(
        self,
        code: int,
        function: Callable[..., Any],
        orders: tuple[float | None, ...],
        operands: list[NDArray[np.intp]],
        boolean: NDArray[np.bool_],
        target: int,
        steps: int,
    ) -> None:
        op = OPERATIONS[code]
        self.function, self.into = function, takes_out(op, function)
        self.orders = orders
        self.operands = operands
        self.side_by_side = [bool((np.diff(index) == 1).all()) for index in operands]
        self.conditions = [bool(boolean[index[0]]) for index in operands]
        self.boolean = bool(boolean[target])
        self.target, self.steps = target, steps
        self.folded = len(operands) > op.arity and not op.variadic
        self.widest = steps * (len(operands) if self.folded else 1)
        self.signs: NDArray[Any] | None = None  # signs of the terms of sums

    def calls(self, room: _Room, buffers: list[NDArray[Any]]) -> list[_Call]:
        """The calls for the registers of a room: a gather for each operand, and the operation."""
        if self.folded:
            return self._fold(room, buffers)
        points, count = room.points, self.steps
        found: list[_Call] = []
        args: list[Any] = []
        for p, index in enumerate(self.operands):
            if self.orders[p] is not None:
                args.append(np.array(self.orders[p], room.numbers.dtype))
                continue
            file = room.conditions if self.conditions[p] else room.numbers
            if self.side_by_side[p]:
                args.append(file[index[0] * points : (index[0] + count) * points])
                continue
            buffer = buffers[p].view(bool)[: count * points] if self.conditions[p] else buffers[p][: count * points]
            rows, held = (file, buffer) if points == 1 else (file.reshape(-1, points), buffer.reshape(-1, points))
            found.append((rows.take, (index, None if points == 1 else 0, held, "clip")))
            args.append(buffer)
        file = room.conditions if self.boolean else room.numbers
        target = file[self.target * points : (self.target + count) * points]
        found.append((self.function, (*args, target)) if self.into else (_assign, (self.function, target, *args)))
        return found

    def _fold(self, room: _Room, buffers: list[NDArray[Any]]) -> list[_Call]:
        """The calls of sums of many terms, which are added one after the other."""
        ufunc: Any = self.function
        terms, points, width = len(self.operands), room.points, self.steps * room.points
        index = np.concatenate(self.operands)
        target = room.numbers[self.target * points : self.target * points + width]
        held = buffers[0][: terms * width]
        found: list[_Call] = [
            (room.numbers.take, (index, None, held, "clip"))
            if points == 1
            else (room.numbers.reshape(-1, points).take, (index, 0, held.reshape(-1, points), "clip"))
        ]
        if self.signs is not None:
            signs = np.repeat(self.signs, points).astype(held.dtype)
            found.append((np.multiply, (held, signs, held)))
        if width > 1:
            nothing = -0.0 if ufunc is np.add else 1.0  # neutral element: 0.0 would change a term of -0.0
            return [*found, (ufunc.reduce, (held.reshape(terms, width), 0, None, target, False, nothing))]
        running = buffers[1][:terms]  # accumulate a single sum: `reduce` would add the terms in another order
        return [*found, (ufunc.accumulate, (held, 0, None, running)), (np.copyto, (target, running[-1:]))]


def _assign(function: Callable[..., Any], target: NDArray[Any], *args: Any) -> None:
    target[...] = function(*args)


class _Room:
    """Registers of so many points each, and the calls on them."""

    def __init__(self, levels: Levels, points: int) -> None:
        self.points = points
        self.numbers = np.zeros(levels.length * points, levels.dtype)
        self.conditions = np.zeros(levels.length * points, bool)
        with np.errstate(over="ignore"):  # ignore constants beyond float32
            for k, value in enumerate(levels.constants, levels.arity):
                self.row(self.conditions if type(value) is bool else self.numbers, k)[...] = value
        most = max([2 if group.folded else len(group.operands) for group in levels.groups], default=0)
        buffers = [np.empty(levels.widest * points, levels.dtype) for _ in range(most)]
        self.calls = [call for group in levels.groups for call in group.calls(self, buffers)]

    def row(self, file: NDArray[Any], register: int) -> NDArray[Any]:
        """The numbers of a register."""
        return file[register * self.points : (register + 1) * self.points]

    def run(self) -> None:
        """All groups."""
        for function, args in self.calls:
            function(*args)


def _kinds(tape: Tape, flags: list[bool]) -> tuple[list[_Kind], Ints]:
    """What steps are of one kind: an operation, the whole orders that it has, and whether the result is a condition."""
    numbers: dict[Any, int] = {}
    found = []
    whole = {code: OPERATIONS[code].whole for code in set(tape.codes)}
    for code, operands, boolean in zip(tape.codes, tape.operands, flags[tape.first :], strict=True):
        orders = _orders(tape, whole[code], operands) if whole[code] else (None,) * len(operands)
        found.append(numbers.setdefault((code, orders, boolean), len(numbers)))
    return [(code, orders) for code, orders, _ in numbers], np.array(found, np.int64)


def _orders(tape: Tape, whole: Sequence[int], operands: Sequence[int]) -> tuple[float | None, ...]:
    """The orders among the operands that are constants; None for other operands."""
    return tuple([tape.constant(j) if p in whole else None for p, j in enumerate(operands)])
