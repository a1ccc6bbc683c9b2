"""Text of LLVM IR for the steps of a program, each over a vector of points, or one point.

Values are the names of LLVM's registers, or its constants: strings. Numbers are
`double` (or `float`) or vectors of them, conditions `i1`; the name of a register
says which.
No flag allows LLVM to reassociate, contract or approximate anything.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence

from symdiff.compile.backends.llvm.target import Target, add_symbol, knows
from symdiff.compile.backends.llvm.vector_functions import vector_function
from symdiff.compile.kernel import Unsupported
from symdiff.compile.pointers import DISPATCH, DOUBLE, OPTIONS, ORDER, special
from symdiff.ops.builder import Builder

Value = str

_RELATIONS = {"<": "olt", "<=": "ole", ">": "ogt", ">=": "oge", "==": "oeq", "!=": "une"}
_INTRINSICS = frozenset(
    ("sqrt", "fabs", "floor", "ceil", "trunc", "rint", "copysign")
)  # exact functions, so LLVM's are the C library's
_TYPES = {DOUBLE: "double", ORDER: "i64", DISPATCH: "i32", OPTIONS: "ptr"}
_ABSENT = {DISPATCH: "0", OPTIONS: "null"}


class IRBuilder(Builder):
    """Collects instructions, and the functions that they call; `symdiff.ops.builder` says what each method means.

    With one lane, functions of vectors get the number in every lane of theirs: the same bits.
    """

    def __init__(self, target: Target, real: str = "double", lanes: int = 0) -> None:
        self.target = target
        self.lanes = lanes or target.lanes
        self.lines: list[str] = []
        self.functions: dict[str, str] = {}  # declarations and helpers by name
        self.calls = False  # flag: there is a call of a function
        self.real = real
        self.vector = self.type(real)
        self.mask = self.type("i1")
        self._count = 0
        self._constants: dict[Value, float] = {}

    def type(self, element: str) -> str:
        """The type of a value of such elements."""
        return element if self.lanes == 1 else f"<{self.lanes} x {element}>"

    # -- values -------------------------------------------------------------

    def _emit(self, text: str, kind: str) -> Value:
        self._count += 1
        name = f"%{kind}{self._count}"
        self.lines.append(f"  {name} = {text}")
        return name

    def const(self, value: float | bool) -> Value:
        """A constant in every lane."""
        if type(value) is bool:
            return self._splat("i1", str(value).lower())
        value = float(value)
        if self.real == "float":
            value = _single(value)
        text = self._splat(self.real, _hexadecimal(value))
        self._constants[text] = value
        return text

    def _splat(self, element: str, text: str) -> Value:
        return text if self.lanes == 1 else f"splat ({element} {text})"

    def constant(self, value: Value) -> float | None:
        """The number that a value is in every lane, None where it is none."""
        return self._constants.get(value)

    def is_condition(self, value: Value) -> bool:
        """Whether a value is a condition."""
        return value.startswith(("%c", "splat (i1", "true", "false"))

    def number(self, value: Value) -> Value:
        """A value as a number: conditions count as 0 and 1."""
        if not self.is_condition(value):
            return value
        if value[:2] != "%c":
            return self.const(float("true" in value))
        return self._emit(f"uitofp {self.mask} {value} to {self.vector}", "t")

    def truth(self, value: Value) -> Value:
        """A value as a condition: nonzero and nan are true."""
        return value if self.is_condition(value) else self.compare("!=", value, 0.0)

    def _real(self, value: Value | float) -> Value:
        return self.number(value) if isinstance(value, str) else self.const(float(value))

    def _binary(self, op: str, a: Value | float, b: Value | float) -> Value:
        a, b = self._real(a), self._real(b)
        return self._emit(f"{op} {self.vector} {a}, {b}", "t")

    # -- arithmetic -----------------------------------------------------------

    def add(self, a: Value | float, b: Value | float) -> Value:
        """a + b."""
        return self._binary("fadd", a, b)

    def sub(self, a: Value | float, b: Value | float) -> Value:
        """a - b."""
        return self._binary("fsub", a, b)

    def mul(self, a: Value | float, b: Value | float) -> Value:
        """a * b."""
        return self._binary("fmul", a, b)

    def div(self, a: Value | float, b: Value | float) -> Value:
        """a / b."""
        return self._binary("fdiv", a, b)

    def neg(self, a: Value) -> Value:
        """-a."""
        return self._emit(f"fneg {self.vector} {self._real(a)}", "t")

    def _intrinsic(self, name: str, args: Sequence[Value | float]) -> Value:
        width = 64 if self.real == "double" else 32
        symbol = f"llvm.{name}.f{width}" if self.lanes == 1 else f"llvm.{name}.v{self.lanes}f{width}"
        types = ", ".join([self.vector] * len(args))
        self.functions[symbol] = f"declare {self.vector} @{symbol}({types})"
        return self._call(symbol, [self._real(a) for a in args], self.vector)

    def _call(self, symbol: str, args: list[Value], kind: str) -> Value:
        return self._emit(f"call {kind} @{symbol}({', '.join(f'{kind} {a}' for a in args)})", "t")

    # -- conditions -------------------------------------------------------------

    def compare(self, relation: str, a: Value | float, b: Value | float) -> Value:
        """A condition on two numbers."""
        return self._emit(f"fcmp {_RELATIONS[relation]} {self.vector} {self._real(a)}, {self._real(b)}", "c")

    def logical(self, relation: str, a: Value, b: Value) -> Value:
        """and, or, xor of two conditions."""
        return self._emit(f"{relation} {self.mask} {self.truth(a)}, {self.truth(b)}", "c")

    def negation(self, a: Value) -> Value:
        """not a."""
        return self.logical("xor", a, self.const(True))

    def select(self, condition: Value, a: Value | float, b: Value | float) -> Value:
        """a where the condition holds, b elsewhere; of two conditions a condition."""
        condition = self.truth(condition)
        if all(isinstance(v, str) and self.is_condition(v) for v in (a, b)):
            return self._emit(f"select {self.mask} {condition}, {self.mask} {a}, {self.mask} {b}", "c")
        a, b = self._real(a), self._real(b)
        return self._emit(f"select {self.mask} {condition}, {self.vector} {a}, {self.vector} {b}", "t")

    # -- functions of libraries -------------------------------------------------

    def call(self, name: str, *args: Value | float) -> Value:
        """A function of the C library on every lane: an instruction, or libmvec's where it has one."""
        if name in _INTRINSICS:
            return self._intrinsic(name, args)
        self.calls = True
        values = [self._as("fpext", self._real(a), "double") for a in args]
        symbol = vector_function(name, self.target) or self.target.vector_function(name, len(args))
        if symbol:
            return self._as("fptrunc", self._of_vectors(symbol, values), self.real)
        if not knows(name):
            raise Unsupported(f"the C library of this machine has no function {name}: take backend='numpy'")
        types = ["double"] * len(args)
        return self._lane_by_lane(f"symdiff.{name}", name, types, [f"%x{k}" for k in range(len(args))], args)

    def special(self, name: str, *args: Value | float) -> Value:
        """A function of SciPy's on every lane."""
        pointer = special(name, len(args))
        if pointer is None:
            raise Unsupported(f"{name} of this SciPy can't be called from machine code: take backend='numpy'")
        add_symbol(f"scipy.{name}", pointer.address)
        types: list[str] = []
        passed: list[str] = []
        numbers: list[Value | float] = []
        given = iter(args)
        for parameter in pointer.parameters:
            types.append(_TYPES[parameter])
            if parameter == DOUBLE:
                passed.append(f"%x{len(numbers)}")
                numbers.append(next(given))
            else:
                passed.append(str(int(next(given))) if parameter == ORDER else _ABSENT[parameter])
        helper = f"symdiff.{name}.{'.'.join(passed).replace('%', '')}"
        return self._lane_by_lane(helper, f"scipy.{name}", types, passed, numbers)

    def _lane_by_lane(
        self, helper: str, name: str, types: list[str], passed: list[str], args: Sequence[Value | float]
    ) -> Value:
        """A scalar function on every lane, by a helper; `passed` has constants, and %x0, %x1, … for the operands."""
        self.calls = True
        values = [self._as("fpext", self._real(a), "double") for a in args]
        self.functions[name] = f"declare double @{name}({', '.join(types)}) nounwind"
        wide = self.type("double")
        if self.lanes == 1:
            named = {f"%x{k}": value for k, value in enumerate(values)}
            passed = [named.get(value, value) for value in passed]
        given = ", ".join(f"{kind} {value}" for kind, value in zip(types, passed, strict=True))
        if self.lanes == 1:
            found = self._emit(f"call double @{name}({given}) nobuiltin", "t")
        else:
            self.functions[helper] = _for_each_lane(self.lanes, helper, f"@{name}({given})", len(args))
            found = self._call(helper, values, wide)
        return self._as("fptrunc", found, self.real)

    def _of_vectors(self, symbol: str, values: list[Value]) -> Value:
        """A function of whole vectors of double."""
        lanes = self.target.lanes
        wide = f"<{lanes} x double>"
        self.functions[symbol] = f"declare {wide} @{symbol}({', '.join([wide] * len(values))})"
        if self.lanes > 1:
            return self._call(symbol, values, wide)
        full = []
        for value in values:
            first = self._emit(f"insertelement {wide} poison, double {value}, i64 0", "t")
            full.append(
                self._emit(f"shufflevector {wide} {first}, {wide} poison, <{lanes} x i32> zeroinitializer", "t")
            )
        return self._emit(f"extractelement {wide} {self._call(symbol, full, wide)}, i64 0", "t")

    def _as(self, conversion: str, value: Value, element: str) -> Value:
        """A number there and back between float, where the program is of these, and double."""
        if self.real == "double":
            return value
        old = "float" if element == "double" else "double"
        return self._emit(f"{conversion} {self.type(old)} {value} to {self.type(element)}", "t")


def _for_each_lane(lanes: int, helper: str, call: str, arity: int) -> str:
    """A function of vectors that calls one of numbers, with %x0, %x1, … for each lane."""
    wide = f"<{lanes} x double>"
    operands = "".join(f"  %x{k} = extractelement {wide} %a{k}, i64 %i\n" for k in range(arity))
    return (
        f"define internal {wide} @{helper}({', '.join(f'{wide} %a{k}' for k in range(arity))}) {{\n"
        f"entry:\n  br label %loop\nloop:\n"
        f"  %i = phi i64 [0, %entry], [%next, %loop]\n"
        f"  %r = phi {wide} [zeroinitializer, %entry], [%s, %loop]\n{operands}"
        f"  %y = call double {call} nobuiltin\n"
        f"  %s = insertelement {wide} %r, double %y, i64 %i\n"
        f"  %next = add i64 %i, 1\n  %more = icmp ult i64 %next, {lanes}\n"
        f"  br i1 %more, label %loop, label %done\ndone:\n  ret {wide} %s\n}}"
    )


def _hexadecimal(value: float) -> str:
    """A float as LLVM reads it: the bits of a double."""
    return f"0x{struct.unpack('<Q', struct.pack('<d', value))[0]:016X}"


def _single(value: float) -> float:
    """The nearest float32, infinite where it is too large."""
    try:
        return float(struct.unpack("<f", struct.pack("<f", value))[0])
    except OverflowError:
        return math.copysign(math.inf, value)
