"""A tape as Python: straight-line source, one operation a line, for calls with floats."""

from __future__ import annotations

import contextvars
import functools
import keyword
import math
import re
from _thread import _local  # `threading.local`, whose module takes longer to import than this one
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from symdiff import ops
from symdiff.compile.instructions import BY_MATH, RAISES, Spelling
from symdiff.compile.kernel import Options, Unsupported
from symdiff.compile.tape import Tape
from symdiff.names import identifiers
from symdiff.progress import progress
from symdiff.records import OPERATIONS

if TYPE_CHECKING:
    from numpy.typing import NDArray

PART = 5000  # size limit of one function, in instructions: Python's compiler slows down in longer ones
PATIENT = 20_000  # size limit of a program that is compiled at once, in instructions
INTERPRETED = 20  # count of calls for which a longer program is interpreted, which is what compiling it costs

_IDENTIFIER = re.compile(r"(?!(t|part)\d+$|x\d+_$)[A-Za-z][A-Za-z0-9_]*")  # excludes names of our own


def build(tape: Tape, options: Options) -> PythonKernel:
    """The kernel of a lowered tape.

    Raises
    ------
    Unsupported
        For float32, which Python does not have.
    """
    if options.dtype != np.float64:
        raise Unsupported("Python computes in float64: take backend='numpy' or 'llvm' for float32")
    return PythonKernel(tape)


class Program:
    """A tape as Python source, and as functions of floats.

    The functions of a spelling may raise where IEEE 754 has nan or inf; then
    the point is computed again by those that do not. Source is made when it is
    asked for, or when a program has been called often enough to be worth it;
    `scalar`, the results at one point, is then replaced by something faster.
    """

    def __init__(self, tape: Tape, spelling: Spelling) -> None:
        self.tape = tape
        self.spelling = spelling
        self._quiet = any(spelling.of_numpy(code) for code in set(tape.codes))
        self._calls = 0 if len(tape.codes) > PATIENT else INTERPRETED
        self._safely = functools.partial(_safely, tape, spelling)

    @property
    def source(self) -> str:
        """The program in Python."""
        return "\n\n\n".join("\n".join(part) for part in _Writer(self.tape, self.spelling).parts()) + "\n"

    def scalar(self, *values: float) -> tuple[Any, ...]:
        """The results at one point, as long as there is no compiled function."""
        if self._calls < INTERPRETED:
            self._calls += 1
            return self._safely(*values)
        compiled = self.__dict__["scalar"] = self._compiled()
        return compiled(*values)

    def _compiled(self) -> Callable[..., tuple[Any, ...]]:
        names: dict[str, Any] = {"__builtins__": {}, "inf": math.inf, "nan": math.nan, "float": float, "bool": bool}
        names.update({_function_name(code): self.spelling.fast(code) for code in set(self.tape.codes)})
        parts = -(-len(self.tape.codes) // PART)
        with progress("compiling", parts) as done:
            for k, part in enumerate(_Writer(self.tape, self.spelling).parts()):
                exec(compile("\n".join(part), "<symdiff>", "exec"), names)
                done(k + 1)
        # pop what holds itself, or its memory would wait for the garbage collector
        given = {"function": names.pop("function"), "quiet": _quiet, "safely": self._safely, "RAISES": RAISES}
        call = "quiet.context.run(function, " if self._quiet else "function("
        exec(_GUARDED.format(args=", ".join([f"x{k}" for k in range(self.tape.arity)]), call=call), given)
        return given.pop("guarded")  # type: ignore[no-any-return]


def _safely(tape: Tape, spelling: Spelling, *values: float) -> tuple[Any, ...]:
    found = spelling.run(tape, values)
    return tuple([found[j] for j in tape.outputs])


# Write out as many arguments as the program has: to collect and pass them on would take as long as two sines.
_GUARDED = """
def guarded({args}):
    try:
        return {call}{args})
    except RAISES:
        return safely({args})
    except RuntimeError:  # inside that context already: an operation of a user calls a compiled function
        return safely({args})
"""


class PythonKernel(Program):
    """A program of Python's own."""

    name = "python"

    def __init__(self, tape: Tape) -> None:
        super().__init__(tape, BY_MATH)

    def batch(self, inputs: Sequence[NDArray[Any]], outputs: Sequence[NDArray[Any]]) -> None:
        """Point by point."""
        rows = zip(*[a.tolist() for a in inputs], strict=True) if inputs else iter([()] * len(outputs[0]))
        for k, row in enumerate(rows):
            for out, value in zip(outputs, self.scalar(*row), strict=True):
                out[k] = value


# -- NumPy's functions without their warnings ---------------------------------------


class _Quiet(_local):
    """A context of each thread in which NumPy ignores floating-point errors: entering it costs a tenth of errstate."""

    def __init__(self) -> None:
        self.context = contextvars.Context()
        self.context.run(np.seterr, all="ignore")


_quiet = _Quiet()


# -- source -----------------------------------------------------------------------------


def _function_name(code: int) -> str:
    name = OPERATIONS[code].name
    return f"{name}_" if keyword.iskeyword(name) else name


class _Writer:
    """Source of a tape: a function, and for a long one functions of its parts, which share a list of slots."""

    def __init__(self, tape: Tape, spelling: Spelling) -> None:
        self.tape = tape
        self.spelling = spelling
        self.names = _names(tape)

    def parts(self) -> Iterator[list[str]]:
        """The lines of one function after the other, the one to call last."""
        tape, names = self.tape, self.names
        count = len(tape.codes)
        results = ", ".join([names[j] for j in tape.outputs]) + "," * (len(tape.outputs) == 1)
        head = f"def function({', '.join(names[: tape.arity])}):"
        if count <= PART:
            yield [head, *self.lines(range(count)), f"    return ({results})"]
            return
        last = tape.last_uses()
        starts = range(0, count, PART)
        for start in starts:
            yield self.part(range(start, min(start + PART, count)), last)
        calls = [f"    part{start // PART}(s)" for start in starts]
        results = ", ".join([f"s[{j}]" if self.stored(j) else names[j] for j in tape.outputs]) + ","
        given = [f"    s[{j}] = {names[j]}" for j in range(tape.arity)]
        yield [head, f"    s = [0.0]*{tape.size}", *given, *calls, f"    return ({results})"]

    def stored(self, slot: int) -> bool:
        """Whether a slot is a name, not a constant."""
        return slot < self.tape.arity or slot >= self.tape.first

    def part(self, steps: range, last: list[int]) -> list[str]:
        """One part: what it takes from the list, its instructions, what it leaves there."""
        tape, names = self.tape, self.names
        before = tape.first + steps.start
        taken = sorted({j for k in steps for j in tape.operands[k] if self.stored(j) and j < before})
        left = [j for j in range(before, tape.first + steps.stop) if last[j] >= steps.stop]
        return [
            f"def part{steps.start // PART}(s):",
            *[f"    {names[j]} = s[{j}]" for j in taken],
            *self.lines(steps),
            *[f"    s[{j}] = {names[j]}" for j in left],
        ]

    def lines(self, steps: range) -> list[str]:
        """The instructions."""
        tape, names = self.tape, self.names
        return [f"    {names[tape.first + k]} = {_spelled(tape, k, names, self.spelling)}" for k in steps]


def _spelled(tape: Tape, k: int, names: list[str], spelling: Spelling) -> str:
    op = tape.operation(k)
    args = [names[j] for j in tape.operands[k]]
    if op is ops.where:
        return f"{args[1]} if {args[0]} else {args[2]}"
    if op is ops.neg:
        return f"-{args[0]}"
    if op is ops.equal:
        return f"{args[0]} == {args[1]}"
    if op in (ops.logical_and, ops.logical_or):
        return f" {'and' if op is ops.logical_and else 'or'} ".join(args)
    if op is ops.logical_not:
        return f"not {args[0]}"
    if op.ieee and op.symbol and op.arity == 2:
        return f"{args[0]} {op.symbol} {args[1]}"
    call = f"{_function_name(op.opcode)}({', '.join(args)})"
    return call if spelling.gives_floats(op.opcode) else f"{'bool' if op.boolean else 'float'}({call})"


def _names(tape: Tape) -> list[str]:
    """What each slot is called."""
    taken = {_function_name(code) for code in set(tape.codes)} | {"s", "function", "inf", "nan", "float", "bool"}
    names: list[str] = []
    for k, name in enumerate(identifiers(tape.names) or [""] * tape.arity):
        fits = _IDENTIFIER.fullmatch(name) and not keyword.iskeyword(name) and name not in taken
        names.append(name if fits else f"x{k}_")
        taken.add(names[-1])
    names.extend(_literal(value) for value in tape.constants)
    names.extend(f"t{k}" for k in range(len(tape.codes)))
    return names


def _literal(value: Any) -> str:
    text = repr(value)
    return f"({text})" if text.startswith("-") else text
