"""Instructions that every language spells: the steps of a tape, and what the code of records asks a builder for.

An operation whose code is one instruction becomes that. Of any other the instructions are recorded once, as a helper,
which languages write as a function of its own and call.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple

from symdiff.compile.emit import code_of
from symdiff.compile.kernel import Unsupported
from symdiff.compile.tape import Tape
from symdiff.constants import constant_key
from symdiff.languages import portable
from symdiff.ops.builder import Builder, Value
from symdiff.ops.external_operation import ExternalOperation
from symdiff.records import OPERATIONS, Operation, find

_EIGENVALUES = "eigenvalues and singular values are in language='numpy', 'jax' and 'torch' alone"
_OUTSIDE = "it is a function from outside, known by its values; take sd.compile, or write code up to it and after it"
_PLACES = "give places as an array of ints, which are known where code is written, not as a variable"
_INSTEAD = {
    "scan": "loops of sd.scan are in language='numpy', 'jax' and 'torch' alone; write out their steps by a loop",
    "gather": _PLACES, "scatter": _PLACES,
}  # fmt: skip

INFIX, NEGATE, NOT, SELECT, CALL, HELPER = "infix", "negate", "not", "select", "call", "helper"
SPECIAL = "special_"  # before the name of a function of SciPy's, which an operation may have too
_CONDITIONS = ("<", "<=", ">", ">=", "==", "!=", "and", "or")


class Instruction(NamedTuple):
    """What is done with some operands: a sign between them, a call of a function by its name in C, or of a helper."""

    form: str
    name: str = ""
    condition: bool = False


_CHOICE = Instruction(SELECT)


class Block(NamedTuple):
    """A straight-line program: slots of inputs first, then constants, then the result of each step."""

    arity: int
    constants: Sequence[Any]
    steps: Sequence[Instruction]
    operands: Sequence[Sequence[int]]
    outputs: Sequence[int]

    @property
    def first(self) -> int:
        """The first slot that a step writes."""
        return self.arity + len(self.constants)

    def uses(self) -> list[int]:
        """For each slot how often it is read, as a result too."""
        found = [0] * (self.first + len(self.steps))
        for slots in self.operands:
            for j in slots:
                found[j] += 1
        for j in self.outputs:
            found[j] += 1
        return found


class Helper(NamedTuple):
    """A function of numbers that programs call: an operation, or one that the language lacks."""

    name: str
    block: Block
    wide: bool = False  # whether it needs the range of double precision


class Library:
    """The helpers of one program, in the order in which they call each other.

    `functions` are those that the language has, by their names in C, `native` the operations that it has as they are.
    """

    def __init__(self, language: str, functions: Collection[str], native: Collection[str] = ()) -> None:
        self.language, self.functions, self.native = language, functions, native
        self.helpers: dict[str, Helper] = {}
        self._known: dict[Any, Instruction] = {}

    def block(self, tape: Tape) -> Block:
        """The instructions of a lowered tape.

        Raises
        ------
        Unsupported
            For an operation that has no code in the language.
        """
        plain: dict[int, Instruction] = {}
        steps = []
        kept: Sequence[Sequence[int]] = tape.operands
        wholes = {code: OPERATIONS[code].whole for code in set(tape.codes) if OPERATIONS[code].whole}
        if wholes:
            kept = [
                [j for k, j in enumerate(slots) if k not in wholes.get(code, ())]
                for code, slots in zip(tape.codes, tape.operands, strict=True)
            ]
        for code, slots in zip(tape.codes, tape.operands, strict=True):
            found = plain.get(code)
            if found is None:
                op = OPERATIONS[code]
                orders = tuple([tape.constant(slots[k]) for k in op.whole])
                found = self.instruction(op, orders, len(slots))
                if not op.whole and not op.variadic:
                    plain[code] = found
            steps.append(found)
        if _CHOICE in steps:
            steps = _typed(tape, steps)
        return Block(tape.arity, tape.constants, steps, kept, tape.outputs)

    def instruction(self, op: Operation, orders: tuple[Any, ...], count: int) -> Instruction:
        """What an operation of so many operands is, given the constant ones."""
        key = (op.opcode, orders, count)
        found = self._known.get(key)
        if found is None:
            if op.name in self.native and not orders:
                found = Instruction(CALL, f"symdiff {op.name}")
            else:
                found = self._recorded(op, orders, count)
            self._known[key] = found
        return found

    def _recorded(self, op: Operation, orders: tuple[Any, ...], count: int) -> Instruction:
        if op.code is None:
            raise Unsupported(f"{op.name} has no code in {self.language}: its record has none for any language")
        if None in orders:
            raise Unsupported(f"{op.name} has no code in {self.language} where its order is no constant")
        code = code_of(op)
        name = "_".join([op.name, *[str(int(n)) for n in orders], *([str(count)] if count > op.arity else [])])
        try:
            return self._made(name, code, count, dict(zip(op.whole, orders, strict=True)))
        except Unsupported as error:
            raise Unsupported(f"{op.name} has no code in {self.language}: {error}") from None

    def _made(
        self, name: str, code: Callable[..., Value], count: int, fixed: dict[int, Any], wide: bool = False
    ) -> Instruction:
        recorder = _Recorder(self, count - len(fixed))
        free = iter(range(count - len(fixed)))
        operands = [recorder.const(float(fixed[k])) if k in fixed else Slot(next(free)) for k in range(count)]
        result = code(recorder, *operands)
        if result is NotImplemented:
            raise Unsupported("there is none for these operands")
        block = recorder.block(result)
        if len(block.steps) == 1 and list(block.operands[0]) == list(range(block.arity)):
            return block.steps[0]
        self.helpers.setdefault(name, Helper(name, block, wide))
        return Instruction(HELPER, name)

    def call(self, name: str, count: int) -> Instruction:
        """A function by its name in C: the language's own, or one made of those that it has.

        Raises
        ------
        Unsupported
            Where it has neither.
        """
        if name in self.functions:
            return Instruction(CALL, name)
        return self._portable(name, name, count, ())

    def special(self, name: str, args: Sequence[Any]) -> tuple[Instruction, Sequence[Any]]:
        """A function of SciPy's by a portable formula, and the operands that are no orders."""
        orders = tuple([a for a in args if type(a) is int])
        rest = [a for a in args if type(a) is not int]
        return self._portable(f"{SPECIAL}{name}", name, len(rest), orders), rest

    def _portable(self, label: str, name: str, count: int, orders: tuple[int, ...]) -> Instruction:
        key = ("portable", name, orders)
        found = self._known.get(key)
        if found is None:
            formula = portable.FORMULAS.get(name)
            if formula is None:
                raise Unsupported(f"it has no function {name}")
            label = "_".join([label, *map(str, orders)])
            found = self._made(label, lambda b, *xs: formula(b, *orders, *xs), count, {}, name in portable.WIDE)
            self._known[key] = found
        return found


def _typed(tape: Tape, steps: Sequence[Instruction]) -> list[Instruction]:
    """The same steps, where choices between two conditions are conditions."""
    held = [False] * tape.arity + [type(c) is bool for c in tape.constants]
    found = []
    for what, slots in zip(steps, tape.operands, strict=True):
        if what == _CHOICE and held[slots[1]] and held[slots[2]]:
            what = Instruction(SELECT, "", True)
        held.append(what.condition)
        found.append(what)
    return found


def lacking(name: str, language: str) -> Unsupported:
    """The error for an operation on arrays that has no code in a language."""
    instead = _OUTSIDE if isinstance(find(name), ExternalOperation) else _INSTEAD.get(name, _EIGENVALUES)
    return Unsupported(f"{name} has no code in {language}: {instead}")


def helper_names() -> list[str]:
    """What helpers without orders may be called."""
    names = [op.name for op in OPERATIONS if op is not None and not op.whole]
    return [*names, *portable.FORMULAS, *[f"{SPECIAL}{name}" for name in portable.FORMULAS]]


class Slot(int):
    """A value of a recorder: the number of a parameter, of a constant (from -1 down) or of a step."""


class _Recorder(Builder):
    """A builder that notes what it is asked for, each thing once."""

    def __init__(self, library: Library, arity: int) -> None:
        self.library, self.arity = library, arity
        self.constants: list[Any] = []
        self._places: dict[Any, Slot] = {}
        self.steps: list[tuple[Instruction, tuple[int, ...]]] = []
        self._conditions: set[int] = set()

    def block(self, result: Value) -> Block:
        """What was noted, but for what the result does not need."""
        result = self._slot(result)
        needed = {result}
        for k in range(len(self.steps) - 1, -1, -1):
            if self.arity + k in needed:
                needed.update(self.steps[k][1])
        held = [k for k in range(len(self.constants)) if -1 - k in needed]
        steps = [k for k in range(len(self.steps)) if self.arity + k in needed]
        place = {k: k for k in range(self.arity)}
        place.update({-1 - k: self.arity + count for count, k in enumerate(held)})
        place.update({self.arity + k: self.arity + len(held) + count for count, k in enumerate(steps)})
        return Block(
            self.arity,
            [self.constants[k] for k in held],
            [self.steps[k][0] for k in steps],
            [[place[j] for j in self.steps[k][1]] for k in steps],
            [place[result]],
        )

    def _slot(self, value: Any) -> int:
        return value if type(value) is Slot else self.const(value)

    def _note(self, what: Instruction, *operands: Any) -> Slot:
        slots = tuple([int(self._slot(v)) for v in operands])
        key = (what, slots)
        found = self._places.get(key)
        if found is None:
            found = self._places[key] = Slot(self.arity + len(self.steps))
            self.steps.append((what, slots))
            if what.condition:
                self._conditions.add(found)
        return found

    def const(self, value: float | bool) -> Slot:
        number = value if type(value) is bool else float(value)
        key = ("const", constant_key(number))
        found = self._places.get(key)
        if found is None:
            self.constants.append(number)
            found = self._places[key] = Slot(-len(self.constants))
            if type(number) is bool:
                self._conditions.add(found)
        return found

    def constant(self, value: Value) -> float | None:
        return float(self.constants[-1 - value]) if type(value) is Slot and value < 0 else None

    def add(self, a: Any, b: Any) -> Slot:
        number = b if type(b) is float else self.constant(b)
        if number is not None and number < 0:
            return self.sub(a, -number)
        return self._note(Instruction(INFIX, "+"), a, b)

    def sub(self, a: Any, b: Any) -> Slot:
        return self._note(Instruction(INFIX, "-"), a, b)

    def mul(self, a: Any, b: Any) -> Slot:
        return self._note(Instruction(INFIX, "*"), a, b)

    def div(self, a: Any, b: Any) -> Slot:
        return self._note(Instruction(INFIX, "/"), a, b)

    def neg(self, a: Any) -> Slot:
        return self._note(Instruction(NEGATE), a)

    def compare(self, relation: str, a: Any, b: Any) -> Slot:
        return self._note(Instruction(INFIX, relation, True), a, b)

    def logical(self, relation: str, a: Value, b: Value) -> Slot:
        return self._note(Instruction(INFIX, relation, True), a, b)

    def negation(self, a: Value) -> Slot:
        return self._note(Instruction(NOT, "", True), a)

    def select(self, condition: Value, a: Any, b: Any) -> Slot:
        both = self._slot(a) in self._conditions and self._slot(b) in self._conditions
        return self._note(Instruction(SELECT, "", both), condition, a, b)

    def call(self, name: str, *args: Any) -> Slot:
        return self._note(self.library.call(name, len(args)), *args)

    def special(self, name: str, *args: Any) -> Slot:
        what, rest = self.library.special(name, args)
        return self._note(what, *rest)
