"""Functions of whole vectors where libmvec's take longer: the hyperbolic tangent, in a third of the time.

The size of x is m steps of ln(2)/2 and what is left, h, at most half a step. With `p = 2**-m`, which is exp(-2|x|)
but for h, and `1 + c = h coth(h)`, whose series in h**2 is short, the tangent is `u/(u + p*v)`: there is one division,
of `u = (1 + c)*(1 - p) + h*(1 + p)`, and `v = 2*(1 + c - h)`. Nothing cancels where it would count: without steps u is
2h exactly, from the first on it is above 1/4, and its rounding counts less the nearer the tangent is to 1. The largest
error found is 2.6 ulp.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from symdiff.compile.backends.llvm.target import Code, Target, add_symbol, once

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
    return _symbol(name, target) if name == "tanh" and target.vectors else ""


@once
def _symbol(name: str, target: Target) -> str:
    symbol = f"symdiff.{name}.{target.lanes}"
    code = Code(_text(symbol, target.lanes), 2)
    add_symbol(symbol, code.address(symbol))
    _kept.append(code)
    return symbol


_kept: list[Code] = []


def _text(symbol: str, lanes: int) -> str:
    """The hyperbolic tangent as a module."""
    b = _Lines(lanes)
    size = b.value(f"call {b.real} @llvm.fabs.v{lanes}f64({b.real} %x)")
    beyond = b.value(f"fcmp ogt {b.real} {size}, {b.number(_MOST)}")
    size = b.value(f"select <{lanes} x i1> {beyond}, {b.real} {b.number(_MOST)}, {b.real} {size}")  # nan stays
    shifted = b.fused(size, 1 / _STEP[0], _WHOLE)
    steps = b.step("fsub", shifted, _WHOLE)
    h = b.fused(steps, -_STEP[1], b.fused(steps, -_STEP[0], size))
    square = b.step("fmul", h, h)
    c = b.step("fmul", square, b.polynomial(square, _SERIES))
    bits = b.value(f"bitcast {b.real} {shifted} to {b.bits}")
    bits = b.value(f"shl {b.bits} {bits}, splat (i64 52)")
    bits = b.value(f"sub {b.bits} splat (i64 {_bits(1.0)}), {bits}")
    power = b.value(f"bitcast {b.bits} {bits} to {b.real}")
    less, more = b.step("fsub", 1.0, power), b.step("fadd", power, 1.0)
    above = b.fused(c, less, b.fused(h, more, less))
    below = b.fused(power, b.fused(b.step("fsub", c, h), 2.0, 2.0), above)
    found = b.step("fdiv", above, below)
    found = b.value(f"call {b.real} @llvm.copysign.v{lanes}f64({b.real} {found}, {b.real} %x)")
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


class _Lines:
    """Instructions over vectors."""

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

    def step(self, op: str, a: str | float, b: str | float) -> str:
        return self.value(f"{op} {self.real} {self.number(a)}, {self.number(b)}")

    def fused(self, a: str | float, b: str | float, c: str | float) -> str:
        """a*b + c, rounded once where the machine has an instruction for it."""
        given = ", ".join([f"{self.real} {self.number(x)}" for x in (a, b, c)])
        return self.value(f"call {self.real} @llvm.fmuladd.v{self.lanes}f64({given})")

    def polynomial(self, x: str, factors: Sequence[str | float]) -> str | float:
        """The sum of factors times powers of x, in pairs: steps that do not wait for each other (Estrin 1960)."""
        while len(factors) > 1:
            pairs = [self.fused(b, x, a) for a, b in zip(factors[::2], factors[1::2], strict=False)]
            factors = [*pairs, *factors[2 * len(pairs) :]]
            x = self.step("fmul", x, x) if len(factors) > 1 else x
        return factors[0]


def _bits(value: float) -> int:
    found: int = struct.unpack("<Q", struct.pack("<d", value))[0]
    return found
