"""Long programs cut into functions: what languages share whose compilers take more than linear time for long ones."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any

from symdiff.compile.tape import Tape
from symdiff.languages.loop_code import LoopWriter
from symdiff.languages.program import LOCAL, WORK, Buffer, Program, Straight, placed, views_in
from symdiff.languages.recorded import Block
from symdiff.languages.spelling import Term

LONG = 500  # step limit of a program in one function: compilers take more than linear time for long ones
# Steps of a function of a longer one: of an arm's 24,600 gcc -O2 takes 8.0 s, of 250 at a time 10.1 s, and a call
# 6.7 µs, not 7.0; of 32 at a time 7.8 s and 6.9 µs.
STEPS = 96


class PiecewiseWriter(LoopWriter):
    """A program whose long stretches of numbers stand in functions of their own, which hand on values in the workspace.

    `aliases` are the names of inputs that are numbers, and where these are.
    """

    whole = False  # whether long programs stay in one function
    aliases: Sequence[tuple[str, str]] = ()
    crossing: Buffer = Buffer(WORK, 0, 0)

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.parts: list[str] = []  # functions that the main one calls
        self._plans: dict[int, _Spans] = {}  # by the ids of long tapes

    @abstractmethod
    def part(self, lines: list[str], used: set[str]) -> None:
        """Write a function of its own that uses some identifiers, and its call."""

    def cut(self, program: Program) -> int:
        """Prepare a program for being cut where it is long; the size of the workspace."""
        if not self.whole and any(map(is_long, program.stages)):
            _locals_to_work(program)
        self.crossing = Buffer(WORK, -1, 0)
        self.crossing.start = program.work
        for buffer in (self.crossing, *program.parts):
            self.places[buffer] = "work"
        if self.whole:
            return program.work
        return program.work + max([self._plan(s.tape).most for s in program.stages if is_long(s)], default=0)

    def _plan(self, tape: Tape) -> _Spans:
        found = self._plans.get(id(tape))
        if found is None:
            found = self._plans[id(tape)] = _Spans(tape)
        return found

    def named_inputs(self, used: set[str]) -> list[str]:
        """Lines that give numbers among the inputs their names, where these are used; what they use is added."""
        head = [self.assignment(alias, text, False) for alias, text in self.aliases if alias in used]
        used |= identifiers(head)
        return head

    def straight(self, stage: Straight) -> None:
        """Numbers one after the other, of long programs in functions of their own."""
        if self.whole or not is_long(stage):
            super().straight(stage)
            return
        block = self.library.block(stage.tape)
        inputs = [self.at(view, ()) for view in stage.reads]
        plan = self._plan(stage.tape)
        known: list[Term] | None = None
        uses = block.uses()
        named = {slot: self.names.fresh(name) for slot, name in stage.names.items()}
        ends: list[list[tuple[int, Any]]] = [[] for _ in plan.spans]
        for slot, view in stage.writes:
            if slot >= block.first:
                ends[(slot - block.first) // plan.size].append((slot, view))
        for k, span in enumerate(plan.spans):
            name = self.namer(stage) if not named else (lambda slot: named.get(slot) or self.fresh())
            lines, known = self.lines(block, inputs, name, stage.names, span, plan.kept, known, uses)
            for slot in plan.crossing[k]:
                place = self.entry(self.places[self.crossing], str(self.crossing.start + plan.place[slot] + self.base))
                lines.append(self.set_line(place, self._as_number(block, slot, known[slot]).text))
                known[slot] = self._read_back(block, slot, Term(place))
            lines += [self.set_line(self.at(view, ()).text, known[slot].text) for slot, view in ends[k]]
            self.part(lines, identifiers(lines))
        for slot, view in stage.writes:
            if slot < block.first and known is not None:
                self.put(view, (), known[slot])

    def _as_number(self, block: Block, slot: int, term: Term) -> Term:
        """What the workspace holds of a value: of a condition 1 or 0."""
        if not block.steps[slot - block.first].condition:
            return term
        return self.pick(term, self.number(1.0), self.number(0.0))

    def _read_back(self, block: Block, slot: int, term: Term) -> Term:
        if not block.steps[slot - block.first].condition:
            return term
        return self.infixed(term, "!=", self.number(0.0))


def identifiers(lines: Iterable[str]) -> set[str]:
    """The words in some lines of code."""
    return set(re.findall(r"[A-Za-z_]\w*", "\n".join(lines)))


class _Spans:
    """The steps of a long tape in spans, and the places of values that later spans read."""

    def __init__(self, tape: Tape) -> None:
        count = len(tape.codes)
        pieces = -(-count // STEPS)
        self.size = size = -(-count // pieces)
        self.spans = [range(k, min(k + size, count)) for k in range(0, count, size)]
        first, last = tape.first, tape.last_reads()
        self.crossing: list[list[int]] = [[] for _ in self.spans]
        ends: list[list[int]] = [[] for _ in self.spans]
        self.place: dict[int, int] = {}
        self.kept: set[int] = set(tape.outputs)
        free: list[int] = []
        self.most = 0
        for number, span in enumerate(self.spans):
            if number > 1:  # reuse what was read last in the span before, never in this one
                free += [self.place[slot] for slot in ends[number - 1]]
            for k in span:
                end = last[first + k] // size if last[first + k] >= 0 else number
                if end > number:
                    slot = first + k
                    self.crossing[number].append(slot)
                    self.kept.add(slot)
                    self.place[slot] = free.pop() if free else self.most
                    self.most = max(self.most, self.place[slot] + 1)
                    ends[end].append(slot)


def is_long(stage: Any) -> bool:
    """Whether a stage is numbers one after the other, too many for one function."""
    return isinstance(stage, Straight) and not stage.shape and len(stage.tape.codes) > LONG


def _locals_to_work(program: Program) -> None:
    """Put numbers that stages hand on into the workspace, which functions share."""
    for stage in program.stages:
        for view in views_in(stage):
            if view.buffer.kind == LOCAL:
                view.buffer.kind = WORK
                if view.buffer not in program.parts:
                    program.parts.append(view.buffer)
    program.work = placed(program.stages, program.parts)
