"""A second builder for the code of records, which writes C, and a backend of it, by `cc` and ctypes."""

from __future__ import annotations

import ctypes
import functools
import math
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symdiff.compile.emit import emit
from symdiff.compile.kernel import Options, Unsupported
from symdiff.compile.pointers import DISPATCH, DOUBLE, OPTIONS, ORDER, special
from symdiff.compile.tape import Tape
from symdiff.ops.builder import Builder, Value

_TYPES = {DOUBLE: "double", ORDER: "long long", DISPATCH: "int", OPTIONS: "void *"}


@functools.cache
def compiler() -> str | None:
    return shutil.which("cc")


@functools.cache
def knows(name: str) -> bool:
    return hasattr(ctypes.CDLL(None), name)


class CBuilder(Builder):
    """Lines of C, a variable each."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._kinds: dict[str, str] = {}
        self._constants: dict[str, float] = {}

    def _emit(self, text: str, kind: str = "double") -> str:
        name = f"t{len(self.lines)}"
        self.lines.append(f"const {kind} {name} = {text};")
        self._kinds[name] = kind
        return name

    def is_condition(self, value: Value) -> bool:
        return self._kinds.get(value) == "int"

    def const(self, value: float | bool) -> str:
        if type(value) is bool:
            return self._emit(str(int(value)), "int")
        value = float(value)
        sign = "-" * (math.copysign(1.0, value) < 0)
        text = "NAN" if math.isnan(value) else f"({sign}INFINITY)" if math.isinf(value) else f"({value.hex()})"
        self._constants[text] = value
        return text

    def constant(self, value: Value) -> float | None:
        return self._constants.get(value)

    def _number(self, value: Any) -> str:
        return value if isinstance(value, str) else self.const(value)

    def _text(self, value: Any) -> str:
        return str(value) if isinstance(value, int) else self._number(value)

    def _binary(self, a: Any, sign: str, b: Any, kind: str = "double") -> str:
        return self._emit(f"{self._number(a)} {sign} {self._number(b)}", kind)

    def add(self, a: Any, b: Any) -> str:
        return self._binary(a, "+", b)

    def sub(self, a: Any, b: Any) -> str:
        return self._binary(a, "-", b)

    def mul(self, a: Any, b: Any) -> str:
        return self._binary(a, "*", b)

    def div(self, a: Any, b: Any) -> str:
        return self._binary(a, "/", b)

    def neg(self, a: Any) -> str:
        return self._emit(f"-{self._number(a)}")

    def compare(self, relation: str, a: Any, b: Any) -> str:
        return self._binary(a, relation, b, "int")

    def logical(self, relation: str, a: Value, b: Value) -> str:
        return self._binary(a, {"and": "&&", "or": "||"}[relation], b, "int")

    def negation(self, a: Value) -> str:
        return self._emit(f"!{a}", "int")

    def select(self, condition: Value, a: Any, b: Any) -> str:
        kind = "int" if self.is_condition(a) and self.is_condition(b) else "double"
        return self._emit(f"{condition} ? {self._number(a)} : {self._number(b)}", kind)

    def call(self, name: str, *args: Any) -> str:
        if not knows(name):
            raise Unsupported(f"there is no {name} here")
        return self._emit(f"{name}({', '.join(map(self._number, args))})")

    def special(self, name: str, *args: Any) -> str:
        found = special(name, len(args))
        if found is None:
            raise Unsupported(f"this SciPy has no {name}")
        given = iter(args)
        absent = {DISPATCH: "0", OPTIONS: "0"}
        passed = [absent.get(kind) or self._text(next(given)) for kind in found.parameters]
        types = ", ".join(_TYPES[kind] for kind in found.parameters)
        return self._emit(f"((double (*)({types})){found.address:#x}ULL)({', '.join(passed)})")


class CKernel:
    """A loop over points."""

    name = "c"

    def __init__(self, tape: Tape) -> None:
        self._tape = tape
        self._bools = [tape.booleans()[j] for j in tape.outputs]
        b = CBuilder()
        stores: list[str] = []

        def store(k: int, value: Value) -> None:
            kind = "unsigned char" if self._bools[k] else "double"
            stores.append(f"*({kind} *)(out[{k}] + i*to[{k}]) = {value};")

        def load(k: int) -> Value:
            return b._emit(f"*(const double *)(in[{k}] + i*step[{k}])")

        emit(b, tape, load, store)
        self.source = "\n".join([
            "#include <math.h>",
            "void run(long long n, char **in, const long long *step, char **out, const long long *to) {",
            "for (long long i = 0; i < n; i++) {", *b.lines, *stores, "}}",
        ])  # fmt: skip
        with tempfile.TemporaryDirectory() as folder:
            file, library = Path(folder, "a.c"), Path(folder, "a.so")
            file.write_text(self.source)
            options = ["-O1", "-std=c11", "-ffp-contract=off", "-shared", "-fPIC"]
            subprocess.run([str(compiler()), *options, "-o", str(library), str(file), "-lm"], check=True)
            self._run = ctypes.CDLL(str(library)).run

    def batch(self, inputs: Sequence[NDArray[Any]], outputs: Sequence[NDArray[Any]]) -> None:
        def table(arrays: Sequence[NDArray[Any]]) -> tuple[Any, Any]:
            count = len(arrays)
            bases = (ctypes.c_void_p * count)(*[a.ctypes.data for a in arrays])
            return bases, (ctypes.c_longlong * count)(*[a.strides[0] for a in arrays])

        self._run(ctypes.c_longlong(len(outputs[0])), *table(inputs), *table(outputs))

    def scalar(self, *values: float) -> tuple[Any, ...]:
        outputs = [np.empty(1, bool if flag else float) for flag in self._bools]
        self.batch([np.array([v], float) for v in values], outputs)
        return tuple([a.item() for a in outputs])


class CBackend:
    name, rank = "c", -1

    def installed(self) -> bool:
        return compiler() is not None

    def build(self, tape: Tape, options: Options) -> CKernel:
        if options.dtype != np.float64:
            raise Unsupported("this one computes in double precision")
        return CKernel(tape)
