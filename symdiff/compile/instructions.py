"""The functions that run an instruction: on floats, fast or never raising, and on arrays.

Two spellings give two sets of bits: Python's `math`, which is the C library,
and NumPy's loops over arrays, which are other code (faster, to 4 ulp). One
program uses one of them for floats and arrays alike, so that an element has
the same bits in a scalar call and in every batch. That NumPy's loops give an
element the same bits whatever its position and the length of the array holds
where the operands are contiguous; a reversed or repeated operand takes another
loop, which is why batches copy operands into registers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import BuiltinFunctionType
from typing import Any

import numpy as np

from symdiff import ops
from symdiff.algebra.numbers import FLOAT, TABLES, resolve
from symdiff.compile.tape import Tape
from symdiff.records import OPERATIONS, Operation

Function = Callable[..., Any]
RAISES = (ValueError, ArithmeticError)  # errors of `math` where IEEE 754 has nan or inf


class Spelling:
    """The functions by operation code, made at first use."""

    def __init__(self, by_math: Callable[[Operation], bool]) -> None:
        self.by_math = by_math  # choice of Python's `math` for an operation that rounds in its own way
        self._fast: dict[int, Function] = {}
        self._safe: dict[int, Function] = {}

    def fast(self, code: int) -> Function:
        """On floats; may raise at poles and outside of domains."""
        found = self._fast.get(code)
        if found is None:
            op = OPERATIONS[code]
            if not self.of_numpy(code):
                found = resolve(op.real)
            elif self.by_math(op):
                found = self.safe(code)
            else:
                found = _by_loops(op)
            self._fast[code] = found
        return found

    def gives_floats(self, code: int) -> bool:
        """Whether results of `fast` are Python's own; others have to be made so."""
        op = OPERATIONS[code]
        function = self.fast(code)
        return op.ieee or (isinstance(function, BuiltinFunctionType) and function.__module__ == "math")

    def safe(self, code: int) -> Function:
        """On floats, never raising: IEEE 754."""
        found = self._safe.get(code)
        if found is None:
            op = OPERATIONS[code]
            function = TABLES[FLOAT][code] if op.ieee or self.by_math(op) else _by_loops(op)
            found = self._safe[code] = as_python(function, op)
        return found

    def of_numpy(self, code: int) -> bool:
        """Whether the function on floats is NumPy's, which may warn."""
        op = OPERATIONS[code]
        own = op.real is not None and op.real is not op.array  # users may give one function for both
        return not (op.ieee or (self.by_math(op) and own))

    def arrays(self, code: int) -> Function:
        """On arrays."""
        op = OPERATIONS[code]
        return over_arrays(op) if op.ieee or not self.by_math(op) else _over_elements(op)

    def run(self, tape: Tape, inputs: Sequence[Any]) -> list[Any]:
        """All slots of a tape, by a plain loop that never raises."""
        values = [*inputs, *tape.constants]
        append = values.append
        safe = {code: self.safe(code) for code in set(tape.codes)}
        with np.errstate(all="ignore"):
            for code, slots in zip(tape.codes, tape.operands, strict=True):
                append(safe[code](*[values[j] for j in slots]))
        return values


def as_python(function: Function, op: Operation) -> Function:
    """A function whose results are Python's floats and bools."""
    kind = bool if op.boolean else float
    return (lambda c, a, b: a if c else b) if op is ops.where else lambda *args: kind(function(*args))


def _by_loops(op: Operation) -> Function:
    """A function of floats with the bits of NumPy's loops."""
    function = over_arrays(op)
    if op in _SWAPPED or (isinstance(function, np.ufunc) and function.nin == 1):
        return function
    # go by arrays: a power of scalars takes short cuts of other bits, and users' formulas may compute by Python's own
    return lambda *args: function(*[np.array([a]) for a in args]).item()


def over_arrays(op: Operation) -> Function:
    """The function of arrays."""
    return _SWAPPED.get(op) or resolve(op.array)


def takes_out(op: Operation, function: Function) -> bool:
    """Whether a function of arrays writes into an array that is given as the last argument."""
    return isinstance(function, np.ufunc) or op in _SWAPPED


def _over_elements(op: Operation) -> Function:
    """A function of arrays by the one of floats, an element at a time."""
    function = TABLES[FLOAT][op.opcode]
    return lambda *args: np.asarray(np.frompyfunc(function, len(args), 1)(*args)).astype(np.float64)


# Swap the operands: of equal ones NumPy takes the second, these records the first, and the sign of zero shows it.
_SWAPPED: dict[Operation, Function] = {
    ops.maximum: lambda a, b, out=None: np.maximum(b, a, out=out),
    ops.minimum: lambda a, b, out=None: np.minimum(b, a, out=out),
    ops.relu: lambda x, out=None: np.maximum(0.0, x, out=out),
}


def _has_math(op: Operation) -> bool:
    return op.real is not None and op not in _SWAPPED


BY_MATH = Spelling(lambda op: True)
BY_LOOPS = Spelling(lambda op: False)
PRECISE = Spelling(_has_math)
