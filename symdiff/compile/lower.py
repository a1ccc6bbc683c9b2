"""Lowering: the program as machines do it, the same for every backend, so that their bits agree.

Constants become floats, what depends on constants only is computed, small
whole powers become products, and bools and numbers are told apart: a
condition that is used as a number becomes 1.0 or 0.0, a number that is used
as a condition is compared with 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

import numpy as np

from symdiff import ops
from symdiff.algebra.numbers import FLOAT, LIFTS, TABLES
from symdiff.compile.kernel import Options
from symdiff.compile.packed import Packed
from symdiff.compile.tape import Tape, renumbered
from symdiff.constants import constant_key
from symdiff.errors import SymdiffTypeError
from symdiff.progress import watched
from symdiff.records import OPERATIONS, Operation

# Limits of whole powers that become products: n factors have n - 1 roundings of half an ulp, and 1/x one for each.
POSITIVE, NEGATIVE = 8, -4
HIGH_POSITIVE, HIGH_NEGATIVE = 2, -1


def lower(tape: Tape, options: Options, numeric: Sequence[bool] = ()) -> Tape:
    """The lowered tape.

    Parameters
    ----------
    tape : Tape
    options : Options
    numeric : sequence of bool, optional
        For each output whether a condition has to come as a number.

    Raises
    ------
    SymdiffTypeError
        For a complex constant.
    """
    work = _Lowering(tape.arity, options)
    if isinstance(tape.operands, Packed):
        from symdiff.compile.lower_packed import PackedLowering  # import late: few programs are long

        with np.errstate(all="ignore"):
            found = PackedLowering(tape, work.constants, work.constant, work.powers).lowered()
        if found is not None:
            return found
    slots = list(range(tape.arity)) + [work.constant(value) for value in tape.constants]
    with np.errstate(all="ignore"):
        work.instructions(tape, slots)
    outputs = [slots[j] for j in tape.outputs]
    if numeric:
        outputs = [work.as_number(j) if is_number else j for j, is_number in zip(outputs, numeric, strict=True)]
    return work.finished(outputs, tape.names)


class _Lowering:
    """A tape in the making. Constants have the slots -1, -2, … until their number is known.

    Indexed by these, lists of all slots end with the constants.
    """

    def __init__(self, arity: int, options: Options) -> None:
        self.arity = arity
        high = options.accuracy == "high"
        self.powers = range(HIGH_NEGATIVE, HIGH_POSITIVE + 1) if high else range(NEGATIVE, POSITIVE + 1)
        self.constants: list[Any] = []
        self.conditions: set[int] = set()  # slots of bools
        self._constant_slots: dict[Any, int] = {}
        self._made: dict[tuple[int, ...], int] = {}  # slots of the instructions (code, *operands), in order

    def constant(self, value: Any) -> int:
        """The slot of a constant."""
        number = value if isinstance(value, complex) else LIFTS[FLOAT](value)
        if isinstance(number, complex):
            raise SymdiffTypeError(f"compiled functions are real: for the constant {value} use evaluate")
        slot = self._constant_slots.setdefault(constant_key(number), -1 - len(self.constants))
        if slot == -1 - len(self.constants):
            self.constants.append(number)
            if type(number) is bool:
                self.conditions.add(slot)
        return slot

    def emit(self, op: Operation, *operands: int) -> int:
        """The slot of an instruction, made once."""
        if max(operands) < 0:
            return self.constant(TABLES[FLOAT][op.opcode](*[self.constants[-1 - j] for j in operands]))
        count = len(self._made)
        slot = self._made.setdefault((op.opcode, *operands), self.arity + count)
        if slot == self.arity + count and (op.boolean or self._selects_conditions(op, operands)):
            self.conditions.add(slot)
        return slot

    def instructions(self, tape: Tape, slots: list[int]) -> None:
        """Append the slots of a tape's instructions to those of its inputs and constants."""
        special = {code for code in set(tape.codes) if OPERATIONS[code].boolean or OPERATIONS[code].conditions}
        special.add(ops.pow.opcode)
        made, conditions, arity = self._made, self.conditions, self.arity
        append, setdefault = slots.append, made.setdefault
        steps = zip(tape.codes, tape.operands, strict=True)
        for code, operands in watched("compiling", steps, len(tape.codes)):
            if len(operands) == 2 and code not in special:  # fast path for most of a program: numbers
                a, b = operands
                a, b = slots[a], slots[b]
                if (a >= 0 or b >= 0) and not (conditions and (a in conditions or b in conditions)):
                    append(setdefault((code, a, b), arity + len(made)))
                    continue
            append(self.instruction(OPERATIONS[code], [slots[j] for j in operands]))

    def instruction(self, op: Operation, operands: list[int]) -> int:
        """The slot of an operation, its operands made what it takes."""
        if not self.conditions.isdisjoint(operands) and not self._selects_conditions(op, operands):
            operands = [j if k in op.conditions else self.as_number(j) for k, j in enumerate(operands)]
        if op.conditions:
            operands = [self.as_condition(j) if k in op.conditions else j for k, j in enumerate(operands)]
        return self.power(*operands) if op is ops.pow else self.emit(op, *operands)

    def _selects_conditions(self, op: Operation, operands: Sequence[int]) -> bool:
        return bool(op.branches) and self.conditions.issuperset([operands[k] for k in op.branches])

    def power(self, base: int, exponent: int) -> int:
        """A power, small whole ones by products."""
        n = self.constants[-1 - exponent] if exponent < 0 else None
        if base < 0 or n is None or n not in self.powers or n == 0:
            return self.emit(ops.pow, base, exponent)
        if n < 0:
            base = self.emit(ops.div, self.constant(1.0), base)
        return self.product(base, int(abs(n)))

    def product(self, base: int, n: int) -> int:
        """`base**n` for n > 0: the halves of n first, so that powers of one base share them."""
        if n == 1:
            return base
        half = self.product(base, n // 2)
        square = self.emit(ops.mul, half, half)
        return self.emit(ops.mul, square, base) if n % 2 else square

    def as_number(self, slot: int) -> int:
        """A slot of numbers: 1.0 for true."""
        if slot not in self.conditions:
            return slot
        if slot < 0:
            return self.constant(float(self.constants[-1 - slot]))
        return self.emit(ops.where, slot, self.constant(1.0), self.constant(0.0))

    def as_condition(self, slot: int) -> int:
        """A slot of bools: true for what is not 0, nan too."""
        if slot in self.conditions:
            return slot
        if slot < 0:
            return self.constant(bool(self.constants[-1 - slot]))
        return self.emit(ops.logical_not, self.emit(ops.equal, slot, self.constant(0.0)))

    def finished(self, outputs: Sequence[int], names: tuple[str, ...]) -> Tape:
        """The tape, without what no output needs."""
        arity, made = self.arity, list(self._made)
        needed = bytearray(arity + len(made) + len(self.constants))
        for j in outputs:
            needed[j] = True
        for k in range(len(made) - 1, -1, -1):
            if needed[arity + k]:
                node = made[k]
                if len(node) == 3:
                    needed[node[1]] = needed[node[2]] = True
                else:
                    for j in node[1:]:
                        needed[j] = True
        place = [*range(arity)] + [0] * (len(needed) - arity)
        held = [j for j in range(-1, -1 - len(self.constants), -1) if needed[j]]
        steps = [k for k in range(len(made)) if needed[arity + k]]
        for count, slot in enumerate(held):
            place[slot] = arity + count
        for count, k in enumerate(steps):
            place[arity + k] = arity + len(held) + count
        kept = [made[k] for k in steps]
        return Tape(
            arity,
            tuple([self.constants[-1 - j] for j in held]),
            tuple(map(itemgetter(0), kept)),
            renumbered(kept, place),
            tuple([place[j] for j in outputs]),
            names,
        )
