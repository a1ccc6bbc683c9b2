"""Functions of whole vectors where libmvec's take longer: the hyperbolic tangent, in half of the time.

Of an exponential less 1 with a negative argument, `u = exp(-2|x|) - 1`, the tangent is `-u/(2 + u)` with the sign of x:
nothing cancels, and nothing overflows. The exponential is a power of two times that of what is left, at most ln(2)/2
in size, whose series ends at the power 13 (Muller, Elementary Functions, 3rd ed., section 11.3). The largest error
found is 2.6 ulp.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence

from symdiff.compile.backends.llvm.target import Code, Target, add_symbol, once

_WHOLE = 1.5 * 2.0**52  # added to a number it leaves the nearest whole one in the last bits
_LN2 = float.fromhex("0x1.62e42fefa3800p-1"), float.fromhex("0x1.ef35793c76730p-45")  # the first of few bits
_MOST = 20.0  # past it the tangent is 1
_TERMS = 13


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
    double = b.step("fmul", size, -2.0)
    shifted = b.fused(double, 1 / math.log(2), _WHOLE)
    whole = b.step("fsub", shifted, _WHOLE)
    left = b.fused(whole, -_LN2[1], b.fused(whole, -_LN2[0], double))
    square = b.step("fmul", left, left)
    series = b.fused(square, b.polynomial(left, square, [1 / math.factorial(k) for k in range(2, _TERMS + 1)]), left)
    bits = b.value(f"bitcast {b.real} {shifted} to {b.bits}")
    bits = b.value(f"shl {b.bits} {bits}, splat (i64 52)")
    bits = b.value(f"add {b.bits} {bits}, splat (i64 {_bits(1.0)})")
    power = b.value(f"bitcast {b.bits} {bits} to {b.real}")
    less = b.fused(power, series, b.step("fsub", power, 1.0))
    found = b.step("fdiv", less, b.step("fadd", less, 2.0))
    found = b.value(f"call {b.real} @llvm.copysign.v{lanes}f64({b.real} {found}, {b.real} %x)")
    return "\n".join(
        [
            f"declare {b.real} @llvm.fabs.v{lanes}f64({b.real})",
            f"declare {b.real} @llvm.fmuladd.v{lanes}f64({b.real}, {b.real}, {b.real})",
            f"declare {b.real} @llvm.copysign.v{lanes}f64({b.real}, {b.real})",
            f"define {b.real} @{symbol}({b.real} %x) {{",
            *b.lines,
            f"  ret {b.real} {found}\n}}",
        ]
    )


class _Lines:
    """Instructions over vectors."""

    def __init__(self, lanes: int) -> None:
        self.lanes, self.real, self.bits = lanes, f"<{lanes} x double>", f"<{lanes} x i64>"
        self.lines: list[str] = []

    def value(self, text: str) -> str:
        name = f"%t{len(self.lines)}"
        self.lines.append(f"  {name} = {text}")
        return name

    def number(self, value: str | float) -> str:
        return value if isinstance(value, str) else f"splat (double 0x{_bits(value):016X})"

    def step(self, op: str, a: str | float, b: str | float) -> str:
        return self.value(f"{op} {self.real} {self.number(a)}, {self.number(b)}")

    def fused(self, a: str | float, b: str | float, c: str | float) -> str:
        """a*b + c, rounded once where the machine has an instruction for it."""
        given = ", ".join([f"{self.real} {self.number(x)}" for x in (a, b, c)])
        return self.value(f"call {self.real} @llvm.fmuladd.v{self.lanes}f64({given})")

    def polynomial(self, x: str, square: str, factors: Sequence[str | float]) -> str | float:
        """The sum of factors times powers of x, in pairs: steps that do not wait for each other (Estrin 1960)."""
        while len(factors) > 1:
            pairs = [self.fused(b, x, a) for a, b in zip(factors[::2], factors[1::2], strict=False)]
            factors = [*pairs, *factors[2 * len(pairs) :]]
            x, square = square, self.step("fmul", square, square) if len(factors) > 2 else square
        return factors[0]


def _bits(value: float) -> int:
    found: int = struct.unpack("<Q", struct.pack("<d", value))[0]
    return found
