"""What native code computes, by Python: the same bits at a point, while LLVM is not even loaded.

A program is spelled by its records, as native code is, into a list of steps: Python's arithmetic, which is the
processor's, and the very functions that native code calls. Each method of `Steps` stands for one of `IRBuilder`'s;
what a nan, an infinity or a zero gives is IEEE 754's in both.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from typing import Any

from symdiff.compile.backends.llvm.target import Target, c_numbers, foreseen, once, processor
from symdiff.compile.backends.llvm.vector_calls import vector_call
from symdiff.compile.backends.llvm.vector_functions import has_own, on_numbers
from symdiff.compile.emit import emit
from symdiff.compile.kernel import Options, Unsupported
from symdiff.compile.tape import Tape
from symdiff.ops.builder import Builder

_RELATIONS = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
_LOGICAL = {"and": operator.and_, "or": operator.or_, "xor": operator.xor}  # of bools
# exact functions, instructions in native code: of Python's own those that never raise
_EXACT: dict[str, Callable[..., float]] = {"fabs": math.fabs, "copysign": math.copysign}
_EXACT_OF_C = frozenset(("sqrt", "floor", "ceil", "trunc", "rint"))
_CALL, _OWN = 3, 60  # times of a call by ctypes, and of a function of our own, in that of a step of arithmetic


def build(tape: Tape, options: Options, target: Target | None = None) -> InPython:
    """The kernel of a lowered tape for one point.

    Raises
    ------
    Unsupported
        Where it is not certain what native code will call, or that can't be called from here.
    """
    target = target or foreseen(options.accuracy)
    if target is None:
        raise Unsupported("what native code calls on this machine is known to LLVM only")
    b = Steps(target, tape.arity)
    booleans = tape.booleans()
    results = [-1] * len(tape.outputs)

    def store(place: int, value: Any) -> None:
        results[place] = b.truth(value) if booleans[tape.outputs[place]] else b.number(value)

    emit(b, tape, b.input, store)
    return InPython(b, results)


class InPython:
    """A program as a list of steps."""

    def __init__(self, b: Steps, results: Sequence[int]) -> None:
        self._arity, self._results = b.arity, results
        self._slots = [b.constants.get(k, 0.0) for k in range(b.count)]
        self._steps = [(slot, function, *_two(operands), operands) for slot, function, operands in b.steps]
        self.cost = b.cost + b.arity // 8 + 1  # time of a point, in that of a step of arithmetic

    def scalar(self, *values: float) -> tuple[Any, ...]:
        """The results at one point."""
        slots = self._slots.copy()
        slots[: self._arity] = values
        for slot, function, i, j, operands in self._steps:
            if j >= 0:  # spell these two out: a list of operands takes longer than what is done with them
                slots[slot] = function(slots[i], slots[j])
            elif i >= 0:
                slots[slot] = function(slots[i])
            else:
                slots[slot] = function(*[slots[k] for k in operands])
        return tuple([slots[k] for k in self._results])


def _two(operands: tuple[int, ...]) -> tuple[int, int]:
    """The operands of a step that has one or two, -1 for those that are not there or not alone."""
    first, second = (*operands, -1, -1)[:2] if len(operands) < 3 else (-1, -1)
    return first, second


class _Slot(int):
    """The value of a step, by its place: a number where it stands is itself."""


class Steps(Builder):
    """Collects steps on numbered slots: inputs, constants, and what steps give, in the order in which they come."""

    def __init__(self, target: Target, arity: int) -> None:
        self.target, self.arity = target, arity
        self.steps: list[tuple[int, Callable[..., Any], tuple[int, ...]]] = []
        self.constants: dict[int, float | bool] = {}
        self.count = arity
        self.cost = 0
        self._conditions: set[int] = set()

    def input(self, k: int) -> _Slot:
        """A number that is given."""
        return _Slot(k)

    def _new(self) -> _Slot:
        self.count += 1
        return _Slot(self.count - 1)

    def _step(self, function: Callable[..., Any], *operands: int) -> _Slot:
        slot = self._new()
        self.steps.append((slot, function, operands))
        self.cost += 1
        return slot

    def _condition(self, function: Callable[..., Any], *operands: int) -> _Slot:
        slot = self._step(function, *operands)
        self._conditions.add(slot)
        return slot

    # -- values -------------------------------------------------------------

    def const(self, value: float | bool) -> _Slot:
        """A constant."""
        slot = self._new()
        if type(value) is bool:
            self._conditions.add(slot)
        self.constants[slot] = value if type(value) is bool else float(value)
        return slot

    def constant(self, value: Any) -> float | None:
        """The number that a value is, None where it is none in every case."""
        known = type(value) is _Slot and not self.is_condition(value)
        return self.constants.get(value) if known else None

    def is_condition(self, value: Any) -> bool:
        """Whether a value is a condition."""
        return type(value) is _Slot and value in self._conditions

    def number(self, value: Any) -> int:
        """A value as a number: conditions count as 0 and 1."""
        if type(value) is not _Slot:
            return self.const(float(value))
        if value not in self._conditions:
            return value
        return self.const(float(self.constants[value])) if value in self.constants else self._step(float, value)

    def truth(self, value: Any) -> int:
        """A value as a condition: nonzero and nan are true."""
        return value if self.is_condition(value) else self._condition(bool, self.number(value))

    # -- arithmetic -----------------------------------------------------------

    def _arithmetic(self, function: Callable[..., float], *args: Any) -> _Slot:
        return self._step(function, *map(self.number, args))

    def add(self, a: Any, b: Any) -> _Slot:
        """a + b."""
        return self._arithmetic(operator.add, a, b)

    def sub(self, a: Any, b: Any) -> _Slot:
        """a - b."""
        return self._arithmetic(operator.sub, a, b)

    def mul(self, a: Any, b: Any) -> _Slot:
        """a * b."""
        return self._arithmetic(operator.mul, a, b)

    def div(self, a: Any, b: Any) -> _Slot:
        """a / b."""
        return self._arithmetic(_divided, a, b)

    def neg(self, a: Any) -> _Slot:
        """-a."""
        return self._arithmetic(operator.neg, a)

    # -- conditions -------------------------------------------------------------

    def compare(self, relation: str, a: Any, b: Any) -> _Slot:
        """A condition on two numbers."""
        return self._condition(_RELATIONS[relation], self.number(a), self.number(b))

    def logical(self, relation: str, a: Any, b: Any) -> _Slot:
        """and, or, xor of two conditions."""
        return self._condition(_LOGICAL[relation], self.truth(a), self.truth(b))

    def negation(self, a: Any) -> _Slot:
        """not a."""
        return self._condition(operator.not_, self.truth(a))

    def select(self, condition: Any, a: Any, b: Any) -> _Slot:
        """a where the condition holds, b elsewhere; of two conditions a condition."""
        condition = self.truth(condition)
        if self.is_condition(a) and self.is_condition(b):
            return self._condition(_chosen, condition, a, b)
        return self._step(_chosen, condition, self.number(a), self.number(b))

    # -- functions of libraries -------------------------------------------------

    def call(self, name: str, *args: Any) -> _Slot:
        """A function of the C library, or what native code calls in its place."""
        self.cost += _OWN if has_own(name, self.target) else _CALL
        return self._arithmetic(function(name, len(args), self.target), *args)

    def special(self, name: str, *args: Any) -> _Slot:
        """A function of SciPy's: loading it takes longer than LLVM."""
        raise Unsupported(f"{name} is not called from Python")


@once
def function(name: str, arity: int, target: Target) -> Callable[..., float]:
    """What native code calls by that name, or what has the same bits.

    Raises
    ------
    Unsupported
        Where there is none, or no calling it from here.
    """
    symbol = target.vector_function(name, arity)
    found: Callable[..., float] | None
    if name in _EXACT:
        found = _EXACT[name]
    elif name in _EXACT_OF_C:
        found = c_numbers(name, arity)
    elif has_own(name, target):
        features = processor()
        found = on_numbers(name, "fma" in features or "fma4" in features)  # LLVM fuses by either
    elif symbol:
        found = vector_call(target.vectors, symbol, arity)
    else:
        found = c_numbers(name, arity)
    if found is None:
        raise Unsupported(f"there is no calling {name} from Python here")
    return found


def _divided(a: float, b: float) -> float:
    try:
        return a / b
    except ZeroDivisionError:
        return a * math.copysign(math.inf, b)  # nan of 0 and nan


def _chosen(condition: bool, a: Any, b: Any) -> Any:
    return a if condition else b
