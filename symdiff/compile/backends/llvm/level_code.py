"""Programs by levels: for graphs beyond what LLVM compiles in bearable time.

One loop (`loops.py`) computes a group of equal steps (`levels.py`) from lists of register
numbers. Nothing is compiled for a program, only sorted: it is ready at 1.5 µs a step.

Measured on a Gaussian mixture of ADBench (d = 10, k = 5, n = 100) and its gradient in
scalars, 190,000 steps in 345 groups: ready after 0.3 s, 135 µs a point. A straight line of the
same steps takes 8.7 s of LLVM's and 104 µs. An interpreter that looks at one step after the other,
such as CasADi's, takes 4 ns for each, as it mispredicts where to go next; a group is one jump for all its
steps, and gathers their operands out of registers that stay in the second-level cache.
A chain, with groups of one step, takes 7 ns a step, of functions 12.

A batch has vectors of points for registers, so that a list is read once for several: 0.2 to
0.3 ns a step and point up to some 10,000 steps, twice what a straight line takes; beyond, memory is what it waits for.
"""

from __future__ import annotations

import ctypes
import weakref
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symdiff.compile.backends.llvm.entry import drivers
from symdiff.compile.backends.llvm.loops import Kind, loop
from symdiff.compile.backends.llvm.target import Target
from symdiff.compile.kernel import Options, Unsupported
from symdiff.compile.levels import Ints, Plan, arranged, depths
from symdiff.compile.tape import Tape
from symdiff.progress import progress
from symdiff.records import OPERATIONS


class _Levels(ctypes.Structure):
    """What the driver needs to know; the same in `drivers/levels.c`."""

    _fields_ = (
        ("groups", ctypes.c_void_p),
        ("count", ctypes.c_int64),
        ("image", ctypes.c_void_p),  # first bytes of the registers
        ("bytes", ctypes.c_int64),  # size of the registers in bytes
        ("image_bytes", ctypes.c_int64),
        ("inputs", ctypes.c_int64),
        ("outputs", ctypes.c_int64),
        ("size", ctypes.c_int64),  # size of a number in bytes
        ("places", ctypes.c_void_p),  # register of each result
        ("sizes", ctypes.c_void_p),  # size of each result in bytes
        ("kept", ctypes.c_void_p),  # registers kept for the next call
        ("lanes", ctypes.c_int64),  # count of numbers in a register
        ("wide", ctypes.c_void_p),  # variant of all this for vectors of points
    )


class Levels:
    """A tape in levels; `core`, `single` and `context` are what runs it."""

    def __init__(self, tape: Tape, options: Options, target: Target, sizes: Ints) -> None:
        real = "double" if options.dtype.itemsize == 8 else "float"
        with progress("compiling", 3) as done:
            kinds, kind_of = _kinds(tape)
            loops = [loop(kind, real, target) for kind in kinds]
            done(1)
            depth = depths(tape)
            done(2)
            plan = arranged(tape, kind_of, depth, [item.lanes for item in loops])
        self._loops, self._index = loops, plan.lists
        self._places, self._sizes = plan.registers[list(tape.outputs)], sizes
        with np.errstate(over="ignore"):  # ignore constants beyond float32
            image = np.array([0.0] * tape.arity + [float(c) for c in tape.constants], options.dtype)
        self._wide, self._wide_parts = self._struct(tape.arity, plan, image, target.lanes)
        self._narrow, self._narrow_parts = self._struct(tape.arity, plan, image, 1)
        self._narrow.wide = ctypes.addressof(self._wide)
        for part in (self._wide, self._narrow):
            weakref.finalize(self, _free, part).atexit = False
        self.core, self.single = drivers()
        self.context = ctypes.addressof(self._narrow)
        self._names = [OPERATIONS[code].name for code, _, _ in kinds]
        self._groups = (plan.kind, plan.steps)

    def _struct(self, arity: int, plan: Plan, image: NDArray[Any], lanes: int) -> tuple[_Levels, tuple[Any, ...]]:
        """What the driver runs on registers of so many numbers, and the arrays that it points to."""
        size = image.itemsize
        table = np.zeros((len(plan.kind), 5), np.int64)  # columns: loop, index, count, stride, target
        addresses = np.array([item.narrow if lanes == 1 else item.wide for item in self._loops], np.int64)
        table[:, 0] = addresses[plan.kind]
        table[:, 1] = plan.lists.ctypes.data + 4 * plan.base
        table[:, 2] = plan.padded if lanes == 1 else plan.steps
        table[:, 3] = plan.padded
        table[:, 4] = plan.target * size * lanes
        image = np.repeat(image, lanes)
        struct = _Levels(
            table.ctypes.data, len(table), image.ctypes.data, plan.length * size * lanes, image.nbytes, arity,
            len(self._places), size, self._places.ctypes.data, self._sizes.ctypes.data, None, lanes, None,
        )  # fmt: skip
        return struct, (table, image)

    @property
    def source(self) -> str:
        """The groups in order: how many steps, and of which operation."""
        pairs = zip(*[part.tolist() for part in self._groups], strict=True)
        return "".join([f"{count:8} {self._names[k]}\n" for k, count in pairs])


_raw_free = ctypes.PYFUNCTYPE(None, ctypes.c_void_p)(("PyMem_RawFree", ctypes.pythonapi))


def _free(levels: _Levels) -> None:
    _raw_free(levels.kept)


def _kinds(tape: Tape) -> tuple[list[Kind], Ints]:
    """The operations that a tape has, with their constant orders, and which one each instruction is."""
    numbers: dict[Kind, int] = {}
    operations = {code: OPERATIONS[code] for code in set(tape.codes)}
    whole = {code: op.whole for code, op in operations.items()}
    if not any(op.whole or op.variadic for op in operations.values()):
        codes, kind_of = np.unique(np.array(tape.codes, np.int64), return_inverse=True)
        return [(int(c), (), operations[c].arity) for c in codes], kind_of.astype(np.int64)
    found = []
    for code, operands in zip(tape.codes, tape.operands, strict=True):
        orders = tuple([_order(tape, code, operands[k]) for k in whole[code]])
        found.append(numbers.setdefault((code, orders, len(operands)), len(numbers)))
    return list(numbers), np.array(found, np.int64)


def _order(tape: Tape, code: int, slot: int) -> float:
    value = tape.constant(slot)
    if value is None:
        raise Unsupported(f"{OPERATIONS[code].name} of an order that is no constant has no native code")
    return float(value)
