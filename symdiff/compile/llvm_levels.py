"""Programs by levels: for graphs beyond what LLVM compiles in bearable time.

Steps that wait for equally many others are a level; within it, equal
operations are a group, which one loop computes (`llvm_library.py`) from lists of register
numbers. Nothing is compiled for a program, only sorted: it is ready at 1.5 µs a step.

Measured on a Gaussian mixture of ADBench (d = 10, k = 5, n = 100) and its gradient in
scalars, 190,000 steps in 345 groups: ready after 0.3 s, 135 µs a point. A straight line of the
same steps takes 8.7 s of LLVM's and 104 µs. An interpreter that looks at one step after the other
takes 4 ns for each, as it mispredicts where to go next; a group is one jump for all its
steps, and gathers their operands out of registers that stay in the second-level cache.
A chain, with groups of one step, takes 6 ns a step, of functions 12.
"""

from __future__ import annotations

import ctypes
import weakref
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symdiff.compile.kernel import Options, Unsupported
from symdiff.compile.llvm_entry import drivers
from symdiff.compile.llvm_library import Loop, loop
from symdiff.compile.llvm_target import Target
from symdiff.compile.progress import progress
from symdiff.compile.tape import Tape
from symdiff.records import OPERATIONS

Ints = NDArray[np.int64]


class _Levels(ctypes.Structure):
    _fields_ = (
        ("groups", ctypes.c_void_p),
        ("count", ctypes.c_int64),
        ("image", ctypes.c_void_p),  # what registers begin with
        ("bytes", ctypes.c_int64),  # of the registers
        ("image_bytes", ctypes.c_int64),
        ("inputs", ctypes.c_int64),
        ("outputs", ctypes.c_int64),
        ("size", ctypes.c_int64),  # of a number
        ("places", ctypes.c_void_p),  # the register of each result
        ("sizes", ctypes.c_void_p),  # bytes of each result
        ("kept", ctypes.c_void_p),  # registers for the next call
    )


class Levels:
    """A tape in levels; `core`, `single` and `context` are what runs it."""

    def __init__(self, tape: Tape, options: Options, target: Target, sizes: Ints) -> None:
        size = options.dtype.itemsize
        real = "double" if size == 8 else "float"
        with progress("compiling", 3) as done:
            kinds, kind_of = _kinds(tape)
            loops = [loop(code, orders, real, target) for code, orders in kinds]
            done(1)
            depth = _depths(tape)
            done(2)
            table, index, registers, length = _arranged(tape, kind_of, depth, loops)
        table["index"] += index.ctypes.data
        table["target"] *= size
        image = np.array([0.0] * tape.arity + [float(c) for c in tape.constants], options.dtype)
        places = registers[list(tape.outputs)]
        self._kept: tuple[Any, ...] = (table, index, image, places, sizes, loops)
        self._struct = _Levels(
            table.ctypes.data, len(table), image.ctypes.data, length * size, image.nbytes, tape.arity, len(places),
            size, places.ctypes.data, sizes.ctypes.data, None,
        )  # fmt: skip
        weakref.finalize(self, _free, self._struct).atexit = False
        self.core, self.single = drivers()
        self.context = ctypes.addressof(self._struct)
        names = {item.address: OPERATIONS[code].name for item, (code, _) in zip(loops, kinds, strict=True)}
        self.groups = [(names[a], n) for a, n in zip(table["loop"].tolist(), table["count"].tolist(), strict=True)]

    @property
    def source(self) -> str:
        """The groups in order: how many steps, and of which operation."""
        return "".join(f"{count:8} {name}\n" for name, count in self.groups)


_raw_free = ctypes.PYFUNCTYPE(None, ctypes.c_void_p)(("PyMem_RawFree", ctypes.pythonapi))


def _free(levels: _Levels) -> None:
    _raw_free(levels.kept)


def _kinds(tape: Tape) -> tuple[list[tuple[int, tuple[float, ...]]], Ints]:
    """The operations that a tape has, with their constant orders, and which one each instruction is."""
    numbers: dict[tuple[int, tuple[float, ...]], int] = {}
    whole = {code: OPERATIONS[code].whole for code in set(tape.codes)}
    if not any(whole.values()):
        codes, kind_of = np.unique(np.array(tape.codes, np.int64), return_inverse=True)
        return [(int(c), ()) for c in codes], kind_of.astype(np.int64)
    found = []
    for code, operands in zip(tape.codes, tape.operands, strict=True):
        orders = tuple([_order(tape, code, operands[k]) for k in whole[code]])
        found.append(numbers.setdefault((code, orders), len(numbers)))
    return list(numbers), np.array(found, np.int64)


def _order(tape: Tape, code: int, slot: int) -> float:
    value = tape.constant(slot)
    if value is None:
        raise Unsupported(f"{OPERATIONS[code].name} of an order that is no constant has no spelling for LLVM")
    return float(value)


def _depths(tape: Tape) -> Ints:
    """For each instruction the longest way to it."""
    depth = [0] * tape.first
    for operands in tape.operands:
        depth.append(1 + max([depth[j] for j in operands]))
    return np.array(depth[tape.first :], np.int64)


def _arranged(tape: Tape, kind_of: Ints, depth: Ints, loops: list[Loop]) -> tuple[Any, NDArray[np.int32], Ints, int]:
    """The groups, the lists of register numbers, the register of each slot, and how many registers there are."""
    count = len(tape.codes)
    arity = np.fromiter(map(len, tape.operands), np.int64, count)
    flat = np.fromiter(chain.from_iterable(tape.operands), np.int64, int(arity.sum()))
    begin = np.cumsum(arity) - arity
    order = np.lexsort((flat[begin + arity - 1], kind_of, depth))
    depth, kind = depth[order], kind_of[order]
    start = np.flatnonzero(np.r_[True, (np.diff(depth) != 0) | (np.diff(kind) != 0)][:count])
    sizes = np.diff(np.r_[start, count])
    lanes = np.array([item.lanes for item in loops], np.int64)[kind[start]]
    padded = -(-sizes // lanes) * lanes
    group = np.repeat(np.arange(len(start)), sizes)
    rank = np.arange(count) - start[group]

    registers = np.arange(tape.size)
    target = tape.first + np.cumsum(padded) - padded
    registers[tape.first + order] = target[group] + rank

    arities = arity[order][start]
    room = padded * arities
    base = np.cumsum(room) - room
    index = np.zeros(int(room.sum()), np.int32)
    for p in range(int(arities.max(initial=0))):
        has = np.flatnonzero(arity[order] > p)
        at = base[group[has]] + p * padded[group[has]] + rank[has]
        index[at] = registers[flat[begin[order[has]] + p]]
        for g in np.flatnonzero((padded != sizes) & (arities > p)):  # what pads a group repeats its last
            stop = base[g] + p * padded[g] + sizes[g]
            index[stop : stop + padded[g] - sizes[g]] = index[stop - 1]

    table = np.zeros(len(start), [("loop", "i8"), ("index", "i8"), ("count", "i8"), ("target", "i8")])
    table["loop"] = np.array([item.address for item in loops], np.int64)[kind[start]]
    table["index"], table["count"], table["target"] = 4 * base, padded, target
    return table, index, registers, tape.first + int(padded.sum())
