"""Which register holds what, and when: the plan of a batch, by liveness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from symdiff.compile.instructions import Function, Spelling, takes_out
from symdiff.compile.tape import Tape
from symdiff.records import OPERATIONS

Place = tuple[str, int]  # "n", "c": registers of numbers, of conditions; "u", "s": slots that are the same everywhere


@dataclass
class Step:
    """One call of a block."""

    kind: str  # load an input, store a result, pass an input on; call with the register as `out` ("into") or copy to it
    target: Place
    operands: tuple[Place, ...] = ()
    function: Function | None = None
    number: int = 0  # number of the input or the result


@dataclass
class Plan:
    """The steps of a block and what is done once before all blocks."""

    steps: list[Step] = field(default_factory=list)
    numbers: int = 0  # count of registers of numbers
    conditions: int = 0
    given: list[int] = field(default_factory=list)  # inputs that are the same at all points
    constants: dict[int, Any] = field(default_factory=dict)
    once: list[tuple[int, tuple[int, ...], int]] = field(default_factory=list)  # single runs: code, operands, slot
    uniform: dict[int, bool] = field(default_factory=dict)  # uniform slots that steps read: whether they are bools
    spread: set[int] = field(default_factory=set)  # slots among these of which steps read a register
    same_results: list[tuple[int, int]] = field(default_factory=list)  # constant results: outputs, and their slots


def plan(tape: Tape, same: Sequence[bool], dtype: np.dtype[Any], spelling: Spelling) -> Plan:
    """The plan of a tape, given which inputs are the same at all points."""
    return _Planner(tape, same, dtype, spelling).made()


class _Planner:
    def __init__(self, tape: Tape, same: Sequence[bool], dtype: np.dtype[Any], spelling: Spelling) -> None:
        self.tape = tape
        self.single = dtype == np.float32
        self.spelling = spelling
        self.booleans = tape.booleans()
        self.last = tape.last_reads()  # last reads by instructions alone: results are stored as soon as they are there
        self.plan = Plan()
        self.place: dict[int, Place] = {}  # places of the slots that differ between points
        self.free: dict[str, list[int]] = {"n": [], "c": []}
        self.same = [*same, *[True] * len(tape.constants)]
        self.results: dict[int, list[int]] = {}
        for number, slot in enumerate(tape.outputs):
            self.results.setdefault(slot, []).append(number)

    def made(self) -> Plan:
        """The plan."""
        tape, found = self.tape, self.plan
        found.given = [k for k in range(tape.arity) if self.same[k]]
        found.constants = {tape.arity + k: value for k, value in enumerate(tape.constants)}
        for k, slots in enumerate(tape.operands):
            # exclude single precision: floats are float64, and nothing is computed with them
            uniform = not self.single and all(self.same[j] for j in slots)
            self.same.append(uniform)
            if uniform:
                found.once.append((tape.codes[k], slots, tape.first + k))
            else:
                self.instruction(k, slots)
        self.leftovers()
        return found

    def instruction(self, k: int, slots: tuple[int, ...]) -> None:
        """An instruction over registers."""
        tape, slot = self.tape, self.tape.first + k
        op = OPERATIONS[tape.codes[k]]
        function = self.spelling.arrays(op.opcode)
        places = []
        for j in slots:
            if not self.same[j]:
                places.append(self.register(j))
            elif op.ieee or op.whole or op.arity == 1:
                places.append(self.constant("u", j))
            else:
                places.append(self.constant("s", j))  # spread it: loops of other bits take operands that repeat
        dying = {j for j in slots if self.last[j] == k and not self.same[j]}
        if op.ieee:  # release them first: the result may take the place of an operand
            self.release(dying)
        target = self.take("c" if self.booleans[slot] else "n")
        if not op.ieee:
            self.release(dying)
        self.place[slot] = target
        into = takes_out(op, function)
        self.plan.steps.append(Step("into" if into else "assign", target, tuple(places), function))
        self.finish(slot)

    def finish(self, slot: int) -> None:
        """Store a slot that is a result; free it where no instruction reads it."""
        for number in self.results.get(slot, ()):
            self.plan.steps.append(Step("store", self.place[slot], number=number))
        if self.last[slot] < 0:
            self.release({slot})

    def register(self, slot: int) -> Place:
        """The register of a slot; an input is loaded when it is first read."""
        if slot not in self.place:
            self.place[slot] = self.take("n")
            self.plan.steps.append(Step("load", self.place[slot], number=slot))
        return self.place[slot]

    def constant(self, kind: str, slot: int) -> Place:
        """The place of what is the same at all points."""
        if kind == "s":
            self.plan.spread.add(slot)
        else:
            self.plan.uniform[slot] = self.booleans[slot]
        return kind, slot

    def take(self, kind: str) -> Place:
        """A free register."""
        if self.free[kind]:
            return kind, self.free[kind].pop()
        count = self.plan.numbers if kind == "n" else self.plan.conditions
        if kind == "n":
            self.plan.numbers += 1
        else:
            self.plan.conditions += 1
        return kind, count

    def release(self, slots: set[int]) -> None:
        """Give the registers of slots back."""
        for j in slots:
            kind, index = self.place[j]
            self.free[kind].append(index)

    def leftovers(self) -> None:
        """Results that are inputs, or the same at all points."""
        for slot, numbers in self.results.items():
            for number in numbers:
                if self.same[slot]:
                    self.plan.same_results.append((number, slot))
                elif slot < self.tape.arity:
                    self.plan.steps.append(Step("pass", ("", slot), number=number))
