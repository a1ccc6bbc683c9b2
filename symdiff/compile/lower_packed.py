"""Lowering of very long programs, in whole arrays: the steps of `lower.py` where all of them are of numbers.

A graph holds every step once, so that nothing is looked for that was made before, but for the powers that
become products.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from symdiff import ops
from symdiff.algebra.numbers import FLOAT, TABLES
from symdiff.compile.packed import Packed
from symdiff.compile.tape import Tape
from symdiff.records import OPERATIONS

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CONSTANT_LEVELS = 20  # how long constants may wait for one another

Ref = int | tuple[int, int]  # a slot of the tape; or of a power the instruction, and which of its products


class PackedLowering:
    """A packed tape in the making; `constant` gives the slot of a constant, -1, -2, …, and `powers` become products."""

    def __init__(self, tape: Tape, constants: list[Any], constant: Callable[[Any], int], powers: range) -> None:
        self.tape = tape
        self.constants = constants  # grow as `constant` is called
        self.fixed = {tape.arity + k: constant(value) for k, value in enumerate(tape.constants)}  # by slot of the tape
        self.constant = constant
        self.powers = powers
        self.made: dict[tuple[Ref, int], Ref] = {}  # products by base and exponent
        self.steps: dict[int, list[tuple[int, Ref, Ref]]] = {}  # those that stand in place of a power, or none
        self.results: dict[int, Ref] = {}  # what the power is then

    def lowered(self) -> Tape | None:
        """The lowered tape; None where it takes more than arrays do: conditions, and chains of constants."""
        tape = self.tape
        operations = [OPERATIONS[code] for code in set(tape.codes)]
        if any(op.boolean or op.conditions for op in operations) or bool in map(type, self.constants):
            return None
        packed: Any = tape.operands
        if not self._folds(packed):
            return None
        codes = np.array(tape.codes, np.int32)
        for k in np.flatnonzero(codes == ops.pow.opcode).tolist():
            if tape.first + k not in self.fixed:
                self._power(k, *tape.operands[k])
        return self._finished(codes, packed)

    def _folds(self, packed: Packed) -> bool:
        """Compute what depends on constants alone; False where these wait for one another for long."""
        tape = self.tape
        fixed = np.zeros(tape.size, bool)
        fixed[list(self.fixed)] = True
        for _ in range(_CONSTANT_LEVELS):
            found = np.logical_and.reduceat(fixed[packed.flat], packed.begin) & ~fixed[tape.first :]
            if not found.any():
                return True
            for k in np.flatnonzero(found).tolist():
                values = [self.constants[-1 - self.fixed[j]] for j in tape.operands[k]]
                self.fixed[tape.first + k] = self.constant(TABLES[FLOAT][tape.codes[k]](*values))
                self.steps[k] = []
                fixed[tape.first + k] = True
        return False

    def _power(self, k: int, base: int, exponent: int) -> None:
        if exponent not in self.fixed or base in self.fixed:
            return
        n = self.constants[-1 - self.fixed[exponent]]
        if n not in self.powers or n == 0:
            return
        steps: list[tuple[int, Ref, Ref]] = []
        start: Ref = base
        if n < 0:
            start = self._once((base, -1), steps, k, ops.div.opcode, self._one(), base)
        self.results[k] = self._product(start, int(abs(n)), steps, k)
        self.steps[k] = steps

    def _one(self) -> int:
        """The constant 1.0, as a slot behind all others."""
        return self.tape.size - 1 - self.constant(1.0)

    def _product(self, base: Ref, n: int, steps: list[tuple[int, Ref, Ref]], k: int) -> Ref:
        """As `lower.py` makes it: the halves of n first."""
        if n == 1:
            return base
        half = self._product(base, n // 2, steps, k)
        square = self._once((base, n - n % 2), steps, k, ops.mul.opcode, half, half)
        return self._once((base, n), steps, k, ops.mul.opcode, square, base) if n % 2 else square

    def _once(
        self, key: tuple[Ref, int], steps: list[tuple[int, Ref, Ref]], k: int, code: int, left: Ref, right: Ref
    ) -> Ref:
        found = self.made.get(key)
        if found is None:
            found = self.made[key] = (k, len(steps))
            steps.append((code, left, right))
        return found

    def _finished(self, codes: NDArray[np.int32], packed: Packed) -> Tape:
        tape = self.tape
        width = np.ones(len(codes), np.int64)  # count of instructions in place of each
        width[list(self.steps)] = [len(steps) for steps in self.steps.values()]
        offset = np.cumsum(width) - width
        first = tape.arity + len(self.constants)
        held = np.arange(len(self.constants))  # put behind all slots, where `_one` finds its own
        place = np.r_[np.arange(tape.first), first + offset, tape.arity + held].astype(np.int32)
        place[list(self.fixed)] = [tape.arity - 1 - slot for slot in self.fixed.values()]

        def at(ref: Ref) -> int:
            return int(place[ref]) if isinstance(ref, int) else first + int(offset[ref[0]]) + ref[1]

        for k, ref in self.results.items():  # in order: a power may stand on another
            place[tape.first + k] = at(ref)
        kept = np.ones(len(codes), bool)
        kept[list(self.steps)] = False
        arity = np.full(int(width.sum()), 2, np.int64)
        arity[offset[kept]] = packed.arity[kept]
        begin = np.cumsum(arity) - arity
        made = np.full(len(arity), ops.mul.opcode, np.int32)
        made[offset[kept]] = codes[kept]
        flat = np.empty(int(arity.sum()), np.int32)
        reads = packed.arity[kept].astype(np.int64)
        within = np.arange(int(reads.sum())) - np.repeat(np.cumsum(reads) - reads, reads)
        source = np.repeat(packed.begin[kept], reads) + within
        flat[np.repeat(begin[offset[kept]], reads) + within] = place[packed.flat[source]]
        for k, steps in self.steps.items():
            for m, (code, left, right) in enumerate(steps, int(offset[k])):
                made[m] = code
                flat[begin[m] : begin[m] + 2] = at(left), at(right)
        outputs: Sequence[int] = place[list(tape.outputs)].tolist()
        constants = tuple(self.constants)
        return Tape(tape.arity, constants, tuple(made.tolist()), Packed(flat, arity), tuple(outputs), tape.names)
