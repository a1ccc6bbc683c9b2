"""What a record's `code` may ask of a builder of instructions: LLVM's, or one that writes C, CUDA, Rust, …

A builder makes an instruction of each call and gives back its value: the name of a
register, a variable, whatever its backend reads. Values are numbers or conditions;
every operand may be a Python float in place of a number. All of it is IEEE 754, in one
precision, without reassociation or contraction.
"""

from __future__ import annotations

from typing import Any, Protocol

Value = Any  # value of a builder's own kind
Number = Any  # value, or a float


class Builder(Protocol):
    """The methods that spell operations."""

    def const(self, value: float | bool) -> Value:
        """A constant: a number, or a condition for a bool."""

    def constant(self, value: Value) -> float | None:
        """The number that a value is in every case, such as an order; None where that is not known."""

    def add(self, a: Number, b: Number) -> Value:
        """a + b."""

    def sub(self, a: Number, b: Number) -> Value:
        """a - b."""

    def mul(self, a: Number, b: Number) -> Value:
        """a * b."""

    def div(self, a: Number, b: Number) -> Value:
        """a / b."""

    def neg(self, a: Number) -> Value:
        """-a: the other sign of a zero and a nan, too."""

    def compare(self, relation: str, a: Number, b: Number) -> Value:
        """The condition a < b; relations are <, <=, >, >=, ==, !=, of which nan fulfils the last only."""

    def logical(self, relation: str, a: Value, b: Value) -> Value:
        """ "and", "or" of two conditions."""

    def negation(self, a: Value) -> Value:
        """The condition that another one does not hold."""

    def select(self, condition: Value, a: Number, b: Number) -> Value:
        """a where the condition holds, else b, both of which are computed; of two conditions a condition."""

    def call(self, name: str, *args: Number) -> Value:
        """A function of numbers by its name in the C library (math.h): sin, pow, fabs, floor, …

        Raises
        ------
        Unsupported
            Where the backend has no such function.
        """

    def special(self, name: str, *args: Number | int) -> Value:
        """A function by its name in `scipy.special.cython_special`; orders are ints.

        Raises
        ------
        Unsupported
            Where the backend can't reach SciPy's.
        """
