"""Programs that two backends share: the steps that one can't do go by another, the rest in parts before and after.

Parts are as few as can be, and within that steps are in the last that is early enough. Each part is a tape of its
own; what later parts read goes between them in arrays, block by block.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from symdiff import ops
from symdiff.compile.kernel import Kernel, Options
from symdiff.compile.tape import Tape

MOST = 8  # limit of the first backend's parts, of which the largest stay: each takes 2 to 5 ms to compile
CACHE = 1 << 20  # room for the arrays of a block, in bytes
SHORTEST, LONGEST = 64, 8192  # bounds of a block's length, in points

Build = Callable[[Tape, Options], Kernel]


class Part(NamedTuple):
    """Steps that one backend does in one go."""

    first: bool  # flag: the first backend does it
    tape: Tape
    reads: tuple[int, ...]  # slots of the whole tape that it reads
    writes: tuple[int, ...]  # slots of the whole tape that it writes for others or as results


def shared(tape: Tape, options: Options, missing: Iterable[int], first: Build, second: Build) -> SharedKernel:
    """The kernel of a lowered tape, of which the second backend does the steps `missing`, the first one the others."""
    parts = partition(tape, missing)
    return SharedKernel(tape, options, parts, [(first if p.first else second)(p.tape, options) for p in parts])


def partition(tape: Tape, missing: Iterable[int]) -> list[Part]:
    """The parts of a tape in order."""
    foreign = set(missing)
    turns = _turns(tape, foreign)
    largest = Counter(turn for k, turn in enumerate(turns) if k not in foreign).most_common(MOST)
    kept = {turn for turn, _ in largest}
    foreign.update(k for k, turn in enumerate(turns) if turn not in kept)
    turns = _turns(tape, foreign)
    steps: dict[int, list[int]] = {}
    for k, turn in enumerate(turns):
        steps.setdefault(turn, []).append(k)
    last = [-1] * tape.size  # last turn that reads a slot
    for k, slots in enumerate(tape.operands):
        for j in slots:
            last[j] = max(last[j], turns[k])
    for j in tape.outputs:
        last[j] = len(turns) + 1
    flags = tape.booleans()
    return [_part(tape, turn % 2 == 0, steps[turn], last, flags, turn) for turn in sorted(steps)]


def _turns(tape: Tape, foreign: set[int]) -> list[int]:
    """The part of each step: even numbers are parts of the first backend, odd ones of the second."""
    turn = [0] * tape.size
    for k, slots in enumerate(tape.operands):  # start as soon as all is there
        before = max([turn[j] for j in slots])
        turn[tape.first + k] = before + (before % 2 != (k in foreign))
    late = [len(turn) * 2] * tape.size
    for j in tape.outputs:
        late[j] = turn[j]
    for k in range(len(tape.codes) - 1, -1, -1):  # delay as far as readers allow: less has to be kept for later parts
        slot = tape.first + k
        late[slot] -= late[slot] % 2 != (k in foreign)
        for j in tape.operands[k]:
            late[j] = min(late[j], late[slot])
    return late[tape.first :]


def _part(tape: Tape, first: bool, steps: Sequence[int], last: list[int], flags: list[bool], turn: int) -> Part:
    """A tape of some steps; conditions that it reads come as numbers, and are made conditions again."""
    own = {tape.first + k for k in steps}
    read = sorted({j for k in steps for j in tape.operands[k]} - own)
    reads = tuple([j for j in read if tape.constant(j) is None])
    constants = [j for j in read if tape.constant(j) is not None]
    conditions = [j for j in reads if flags[j]]
    values = [*[tape.constant(j) for j in constants], *[0.0] * bool(conditions)]
    place = {j: k for k, j in enumerate([*reads, *constants])}
    start, zero = len(reads) + len(values), len(place)
    nodes: list[tuple[int, ...]] = []
    for j in conditions:
        equal = start + len(nodes)
        nodes += [(ops.equal.opcode, place[j], zero), (ops.logical_not.opcode, equal)]
        place[j] = equal + 1
    place.update({tape.first + k: start + len(nodes) + n for n, k in enumerate(steps)})
    nodes += [(tape.codes[k], *[place[j] for j in tape.operands[k]]) for k in steps]
    writes = tuple([j for j in sorted(own) if last[j] > turn])
    made = Tape(
        len(reads),
        tuple(values),
        tuple([node[0] for node in nodes]),
        tuple([node[1:] for node in nodes]),
        tuple([place[j] for j in writes]),
        tuple([tape.names[j] if j < len(tape.names) else "" for j in reads]),
    )
    return Part(first, made, reads, writes)


class SharedKernel:
    """The parts of a program, one after the other; see `kernel.Kernel`."""

    def __init__(self, tape: Tape, options: Options, parts: Sequence[Part], kernels: Sequence[Kernel]) -> None:
        self._tape = tape
        self._dtype = options.dtype
        self._parts = parts
        self._kernels = kernels
        self._flags = tape.booleans()
        self.name = "+".join(dict.fromkeys(kernel.name for kernel in kernels))
        passed = {j for part in parts for j in part.reads}
        self._buffers = [j for part in parts for j in part.writes if j in passed]
        size = max(len(self._buffers) * options.dtype.itemsize, 1)
        self._block = min(max(CACHE // size // 64 * 64, SHORTEST), LONGEST)
        place = {j: k for k, j in enumerate([*range(tape.first), *[j for part in parts for j in part.writes]])}
        reads = [_items([place[j] for j in part.reads]) for part in parts]
        self._turns = list(zip(kernels, reads, strict=True))
        with np.errstate(over="ignore"):  # ignore constants beyond float32
            self._constants = [c if type(c) is bool else options.dtype.type(c).item() for c in tape.constants]
        self._results = _items([place[j] for j in tape.outputs])
        self._places: dict[int, list[int]] = {}  # results that each slot fills
        for number, slot in enumerate(tape.outputs):
            self._places.setdefault(slot, []).append(number)

    @property
    def source(self) -> str:
        """The programs of the parts, each below its backend and what that does."""
        texts = []
        for part, kernel in zip(self._parts, self._kernels, strict=True):
            count = Counter(part.tape.operation(k).name for k in range(len(part.tape.codes)))
            listed = ", ".join(f"{number} {name}" for name, number in count.most_common())
            texts.append(f"# {kernel.name}: {listed}\n\n{kernel.source}")
        return "\n".join(texts)

    def scalar(self, *values: float) -> tuple[Any, ...]:
        """The results at one point."""
        found = [*values, *self._constants]
        for kernel, reads in self._turns:
            found += kernel.scalar(*reads(found))
        return tuple(self._results(found))

    def batch(self, inputs: Sequence[NDArray[Any]], outputs: Sequence[NDArray[Any]]) -> None:
        """Fill the outputs, some points at a time."""
        if not outputs or not len(outputs[0]):
            return
        tape, length = self._tape, len(outputs[0])
        block = min(self._block, length)
        room = {j: np.empty(block, bool if self._flags[j] else self._dtype) for j in self._buffers}
        for slot in range(tape.first):
            for number in self._places.get(slot, ()):
                outputs[number][...] = inputs[slot] if slot < tape.arity else self._constants[slot - tape.arity]
        for low in range(0, length, block):
            high = min(low + block, length)
            found = {k: array[low:high] for k, array in enumerate(inputs)}
            for part, kernel in zip(self._parts, self._kernels, strict=True):
                for j in part.writes:
                    found[j] = room[j][: high - low] if j in room else outputs[self._places[j][0]][low:high]
                kernel.batch([self._number(found[j]) for j in part.reads], [found[j] for j in part.writes])
            for slot, numbers in self._places.items():
                if slot >= tape.first:
                    for number in numbers if slot in room else numbers[1:]:
                        outputs[number][low:high] = found[slot]

    def _number(self, array: NDArray[Any]) -> NDArray[Any]:
        return array if array.dtype == self._dtype else array.astype(self._dtype)


def _items(places: Sequence[int]) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """What takes the items at some places out of a list; `itemgetter` of one would give no sequence."""
    if len(places) > 1:
        return itemgetter(*places)
    start = places[0] if places else 0
    return itemgetter(slice(start, start + len(places)))
