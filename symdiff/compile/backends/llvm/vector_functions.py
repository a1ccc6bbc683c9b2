"""Functions of whole vectors where libmvec's take longer: the hyperbolic tangent, in a third of the time.

The size of x is m steps of ln(2)/2 and what is left, h, at most half a step. With `p = 2**-m`, which is exp(-2|x|)
but for h, and `1 + c = h coth(h)`, whose series in h**2 is short, the tangent is `u/(u + p*v)`: there is one division,
of `u = (1 + c)*(1 - p) + h*(1 + p)`, and `v = 2*(1 + c - h)`. Nothing cancels where it would count: without steps u is
2h exactly, from the first on it is above 1/4, and its rounding counts less the nearer the tangent is to 1. The largest
error found is 2.6 ulp.

Its steps stand once, and are written as instructions of LLVM or computed on Python's numbers, with the same bits.
"""

from __future__ import annotations

import functools
import math
import operator
import struct
from collections.abc import Callable, Sequence
from typing import Any

from symdiff.compile.backends.llvm.target import Code, Target, add_symbol, c_numbers, once

_WHOLE = 1.5 * 2.0**52  # added to a number it leaves the nearest whole one in the last bits
_STEP = float.fromhex("0x1.62e42fefa3800p-2"), float.fromhex("0x1.ef35793c76730p-46")  # ln(2)/2, the first of few bits
_MOST = 20.0  # past it the tangent is 1
# coefficients of c by powers of h**2: the polynomial that fdlibm's exponential has for 2h
_SERIES = (
    2 * 1.66666666666666019037e-01, -8 * 2.77777777770155933842e-03, 32 * 6.61375632143793436117e-05,
    -128 * 1.65339022054652515390e-06, 512 * 4.13813679705723846039e-08,
)  # fmt: skip


def vector_function(name: str, target: Target) -> str:
    """The symbol of a function of whole vectors, empty where there is none here."""
    return _symbol(name, target) if has_own(name, target) else ""


def has_own(name: str, target: Target) -> bool:
    """Whether there is a function of whole vectors here."""
    return name == "tanh" and bool(target.vectors)


def on_numbers(name: str, fuses: bool) -> Callable[[float], float]:
    """A function of whole vectors as one of numbers, of the same bits; `fuses`: where the machine has fused steps."""
    assert name == "tanh"
    return functools.partial(tanh, _Numbers(fuses))


@once
def _symbol(name: str, target: Target) -> str:
    symbol = f"symdiff.{name}.{target.lanes}"
    code = Code(_text(symbol, target.lanes), 2)
    add_symbol(symbol, code.address(symbol))
    _kept.append(code)
    return symbol


_kept: list[Code] = []


def tanh(b: Any, x: Any) -> Any:
    """The steps of the hyperbolic tangent, by what writes them or by what computes them."""
    size = b.least(b.size(x), _MOST)
    shifted = b.fused(size, 1 / _STEP[0], _WHOLE)
    steps = b.sub(shifted, _WHOLE)
    h = b.fused(steps, -_STEP[1], b.fused(steps, -_STEP[0], size))
    square = b.mul(h, h)
    c = b.mul(square, _polynomial(b, square, _SERIES))
    power = b.power(shifted)
    less, more = b.sub(1.0, power), b.add(power, 1.0)
    above = b.fused(c, less, b.fused(h, more, less))
    below = b.fused(power, b.fused(b.sub(c, h), 2.0, 2.0), above)
    return b.signed(b.div(above, below), x)


def _polynomial(b: Any, x: Any, factors: Sequence[Any]) -> Any:
    """The sum of factors times powers of x, in pairs: steps that do not wait for each other (Estrin 1960)."""
    while len(factors) > 1:
        pairs = [b.fused(second, x, first) for first, second in zip(factors[::2], factors[1::2], strict=False)]
        factors = [*pairs, *factors[2 * len(pairs) :]]
        x = b.mul(x, x) if len(factors) > 1 else x
    return factors[0]


def _text(symbol: str, lanes: int) -> str:
    """The hyperbolic tangent as a module."""
    b = _Lines(lanes)
    found = tanh(b, "%x")
    return "\n".join(
        [
            *b.table(),
            f"declare {b.real} @llvm.fabs.v{lanes}f64({b.real})",
            f"declare {b.real} @llvm.fmuladd.v{lanes}f64({b.real}, {b.real}, {b.real})",
            f"declare {b.real} @llvm.copysign.v{lanes}f64({b.real}, {b.real})",
            f"define {b.real} @{symbol}({b.real} %x) {{",
            "  %table = load ptr, ptr @table",
            *b.lines,
            f"  ret {b.real} {found}\n}}",
        ]
    )


class _Numbers:
    """Steps that are computed, on Python's numbers."""

    add, sub, mul, div = operator.add, operator.sub, operator.mul, operator.truediv  # no divisor is 0 here
    size, signed = math.fabs, math.copysign

    def __init__(self, fuses: bool) -> None:
        self.fused = c_numbers("fma", 3) if fuses else _multiplied_and_added

    def least(self, x: float, most: float) -> float:
        """The smaller one; nan stays."""
        return most if x > most else x

    def power(self, shifted: float) -> float:
        """2 to the power of minus the whole number that is in the last bits."""
        return float(struct.unpack("<d", struct.pack("<Q", (_bits(1.0) - (_bits(shifted) << 52)) & _ALL))[0])


def _multiplied_and_added(a: float, b: float, c: float) -> float:
    return a * b + c


_ALL = (1 << 64) - 1


class _Lines:
    """Steps that are written, as instructions over vectors."""

    def __init__(self, lanes: int) -> None:
        self.lanes, self.real, self.bits = lanes, f"<{lanes} x double>", f"<{lanes} x i64>"
        self.lines: list[str] = []
        self._numbers: dict[float, int] = {}  # places in the table

    def value(self, text: str) -> str:
        name = f"%t{len(self.lines)}"
        self.lines.append(f"  {name} = {text}")
        return name

    def number(self, value: str | float) -> str:
        """A number in every lane, read out of a table: made where it is needed it would take two instructions."""
        if isinstance(value, str):
            return value
        place = self._numbers.setdefault(value, len(self._numbers))
        at = self.value(f"getelementptr {self.real}, ptr %table, i64 {place}")
        return self.value(f"load {self.real}, ptr {at}, align 64")

    def table(self) -> list[str]:
        """The numbers as a table, and where it is: in a variable, so that LLVM does not know what stands there."""
        rows = ", ".join([f"{self.real} splat (double 0x{_bits(x):016X})" for x in self._numbers])
        kind = f"[{len(self._numbers)} x {self.real}]"
        return [f"@numbers = internal global {kind} [{rows}], align 64", "@table = internal global ptr @numbers"]

    def _step(self, op: str, a: str | float, b: str | float) -> str:
        return self.value(f"{op} {self.real} {self.number(a)}, {self.number(b)}")

    add, sub = functools.partialmethod(_step, "fadd"), functools.partialmethod(_step, "fsub")
    mul, div = functools.partialmethod(_step, "fmul"), functools.partialmethod(_step, "fdiv")

    def fused(self, a: str | float, b: str | float, c: str | float) -> str:
        """a*b + c, rounded once where the machine has an instruction for it."""
        return self._call("fmuladd", a, b, c)

    def size(self, x: str) -> str:
        """|x|."""
        return self._call("fabs", x)

    def signed(self, x: str, y: str) -> str:
        """x with the sign of y."""
        return self._call("copysign", x, y)

    def _call(self, name: str, *args: str | float) -> str:
        given = ", ".join([f"{self.real} {self.number(x)}" for x in args])
        return self.value(f"call {self.real} @llvm.{name}.v{self.lanes}f64({given})")

    def least(self, x: str, most: float) -> str:
        """The smaller one; nan stays."""
        beyond = self.value(f"fcmp ogt {self.real} {x}, {self.number(most)}")
        return self.value(f"select <{self.lanes} x i1> {beyond}, {self.real} {self.number(most)}, {self.real} {x}")

    def power(self, shifted: str) -> str:
        """2 to the power of minus the whole number that is in the last bits: a number by its exponent."""
        bits = self.value(f"bitcast {self.real} {shifted} to {self.bits}")
        bits = self.value(f"shl {self.bits} {bits}, splat (i64 52)")
        bits = self.value(f"sub {self.bits} splat (i64 {_bits(1.0)}), {bits}")
        return self.value(f"bitcast {self.bits} {bits} to {self.real}")


def _bits(value: float) -> int:
    found: int = struct.unpack("<Q", struct.pack("<d", value))[0]
    return found
