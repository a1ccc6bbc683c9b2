"""Programs by levels: which steps are done together, and where they read and write.

Steps that wait for equally many others are a level; within it, steps of one kind (an operation) are a group.
Every step has a register of its own, those of a group lie side by side, and a group
reads its operands by lists of the numbers of registers.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from symdiff.compile.packed import Packed
from symdiff.compile.tape import Tape

Ints = NDArray[np.int64]
_BLOCK = 100_000  # instructions whose operands are put in place at once: bound of memory


class Plan(NamedTuple):
    """The groups in their order, and what lies where."""

    kind: Ints  # kind of each group
    steps: Ints  # count of its steps
    padded: Ints  # count of its steps with repetitions of the last one
    target: Ints  # first register that it writes
    base: Ints  # start of its lists, one for each operand, `padded` long
    lists: NDArray[np.int32]  # register numbers: the lists of all groups
    registers: Ints  # register of each slot
    length: int  # count of registers


def depths(tape: Tape) -> Ints:
    """For each instruction the longest way to it."""
    depth = [0] * tape.first
    append = depth.append
    if isinstance(tape.operands, Packed) and tape.operands.arity.max() <= 2:
        for a, b in zip(*tape.operands.ends(), strict=True):
            a, b = depth[a], depth[b]
            append((a if a > b else b) + 1)
        return np.array(depth[tape.first :], np.int64)
    for operands in tape.operands:
        if len(operands) == 2:  # fast path for most of them, in half the time
            a, b = operands
            a, b = depth[a], depth[b]
            append((a if a > b else b) + 1)
        else:
            append(1 + max([depth[j] for j in operands]))
    return np.array(depth[tape.first :], np.int64)


def _counted(tape: Tape) -> tuple[Ints, Ints]:
    """How many slots each instruction reads, and all of these one after the other."""
    if isinstance(tape.operands, Packed):
        return tape.operands.arity.astype(np.int64), tape.operands.flat.astype(np.int64)
    arity = np.fromiter(map(len, tape.operands), np.int64, len(tape.codes))
    return arity, np.fromiter(chain.from_iterable(tape.operands), np.int64, int(arity.sum()))


def arranged(tape: Tape, kind_of: Ints, depth: Ints, lanes: Sequence[int]) -> Plan:
    """The groups of a tape, given the kind and the level of each step.

    `lanes` is for each kind what the count of a group is padded to a multiple of.
    """
    count = len(tape.codes)
    arity, flat = _counted(tape)
    begin = np.cumsum(arity) - arity
    order = np.lexsort((flat[begin + arity - 1], kind_of, depth))
    level, kind = depth[order], kind_of[order]
    start = np.flatnonzero(np.r_[True, (np.diff(level) != 0) | (np.diff(kind) != 0)][:count])
    sizes = np.diff(np.r_[start, count])
    step = np.array(lanes, np.int64)[kind[start]]
    padded = -(-sizes // step) * step

    group, rank = np.empty(count, np.int64), np.empty(count, np.int64)  # group and rank of each step, in tape order
    group[order] = np.repeat(np.arange(len(start)), sizes)
    rank[order] = np.arange(count) - np.repeat(start, sizes)
    target = tape.first + np.cumsum(padded) - padded
    registers = np.r_[np.arange(tape.first), target[group] + rank]

    arities = arity[order][start]
    room = padded * arities
    base = np.cumsum(room) - room
    lists = np.zeros(int(room.sum()), np.int32)
    for low in range(0, count, _BLOCK):
        reader = np.repeat(np.arange(low, min(low + _BLOCK, count)), arity[low : low + _BLOCK])
        position = begin[low] + np.arange(len(reader)) - begin[reader]
        at = group[reader]
        lists[base[at] + position * padded[at] + rank[reader]] = registers[flat[begin[low] : begin[low] + len(reader)]]
    for g in np.flatnonzero(padded != sizes):  # pad a group with its last step
        for stop in range(base[g] + sizes[g], base[g] + room[g], padded[g]):
            lists[stop : stop + padded[g] - sizes[g]] = lists[stop - 1]
    return Plan(kind[start], sizes, padded, target, base, lists, registers, tape.first + int(padded.sum()))
