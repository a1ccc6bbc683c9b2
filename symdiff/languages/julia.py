"""Julia: a function that writes into its outputs, `f!`, and one that returns them, over arrays of any kind."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from symdiff.compile.results import ARRAY, NUMBER
from symdiff.languages.job import Job
from symdiff.languages.pieces import PiecewiseWriter, identifiers
from symdiff.languages.recorded import Helper, Library
from symdiff.languages.spelling import Names, Term, spelled_number, words

COLUMNS = True
_SAME = words("asinh sinh cosh tanh atan exp exp2 expm1 cbrt floor ceil trunc")
# Functions that raise an error where C's give nan, and where that is.
_GUARDED = {
    "sin": "!isfinite(x)", "cos": "!isfinite(x)", "tan": "!isfinite(x)", "log": "x < 0", "log2": "x < 0",
    "log10": "x < 0", "log1p": "x < -1", "sqrt": "x < 0", "asin": "abs(x) > 1", "acos": "abs(x) > 1", "acosh": "x < 1",
    "atanh": "abs(x) > 1",
}  # fmt: skip
_TWO = {"atan2": "atan", "hypot": "hypot", "fmod": "rem", "copysign": "copysign"}
RESERVED = frozenset(
    words("""
baremodule begin break catch const continue do else elseif end export finally for function global if import let local
macro module quote return struct try using while true false abstract type mutable primitive where in isa outer work
pi im Inf NaN Inf32 NaN32 Float32 Float64 Vector Array Ref Dict SparseMatrixCSC SparseArrays promote_type eltype float
oftype isfinite isinteger reshape nothing undef T_ zero abs round rem atan include eval Base Core Main missing
""")
) | {*_SAME, *_GUARDED, *_TWO}
FUNCTIONS = {name: f"{name}({{0}})" for name in _SAME} | {
    name: f"{own}({{0}}, {{1}})" for name, own in _TWO.items()
} | {"fabs": "abs({0})", "rint": "round({0})"}  # fmt: skip
_POWER = """(x, y)
    if x < 0 && !isinteger(y)
        return isfinite(x) && isfinite(y) ? oftype(x, NaN) : abs(x)^y
    end
    return x^y
end
"""
_WIDTH = 92


class JuliaWriter(PiecewiseWriter):
    """Lines of Julia."""

    language = "Julia"
    end = "end"
    base = 1
    columns = True
    infix = {"and": "&&", "or": "||"}  # noqa: RUF012  # read only

    def __init__(self, name: str, library: Library, names: Names, single: bool) -> None:
        super().__init__(name, library, names)
        self.single = single
        self.functions = FUNCTIONS | {f: f"{name}_{f}({{0}})" for f in _GUARDED} | {"pow": f"{name}_pow({{0}}, {{1}})"}
        self.parameters: list[str] = []  # names of outputs, inputs and the workspace
        self.numbers: set[str] = set()  # outputs that are one number

    def number(self, value: float | bool) -> Term:
        """A constant, exactly."""
        if type(value) is bool:
            return Term("true" if value else "false")
        if not self.single:
            return spelled_number(value, repr(float(value)).replace("inf", "Inf").replace("nan", "NaN"))
        with np.errstate(over="ignore"):
            text = str(np.float32(value))
        if not math.isfinite(float(text)):
            return spelled_number(value, text.replace("inf", "Inf32").replace("nan", "NaN32"))
        return spelled_number(value, text.replace("e", "f") if "e" in text else f"{text}f0")

    def assignment(self, name: str, text: str, condition: bool) -> str:
        """A line that gives a value a name."""
        return f"{name} = {text}"

    def for_line(self, variable: str, start: str, stop: str, down: bool = False) -> str:
        """The line that begins a loop."""
        places = f"{self.before(start)}:-1:{stop}" if down else f"{start}:{self.before(stop)}"
        return f"for {variable} in {places}"

    def variable(self, name: str, text: str) -> str:
        """A line that makes a number that changes."""
        return f"{name} = {text}"

    counter = variable

    def set_line(self, target: str, text: str) -> str:
        """A line that changes a variable or an entry."""
        return f"{target} = {text}"

    def if_line(self, condition: str) -> str:
        """The line that begins what is done under a condition."""
        return f"if {condition}"

    def added(self, target: str, term: Term) -> str:
        """A line that adds to a variable or an entry."""
        return f"{target} += {term.text}"

    def entry(self, name: str, index: str) -> str:
        """An entry of an array, or what a reference holds."""
        return f"{name}[]" if name in self.numbers else f"{name}[{index}]"

    def helper(self, helper: Helper) -> list[str]:
        """The lines of a helper."""
        names = Names(self.names.taken)
        inputs = [Term(names.fresh("xyzuvw"[k] if k < 6 else f"x{k}")) for k in range(helper.block.arity)]
        writer = JuliaWriter(self.name, self.library, self.names, False) if self.single and helper.wide else self
        lines, terms = writer.lines(helper.block, inputs, lambda slot: f"t{slot}")
        head = f"function {self.helper_prefix}{helper.name}({', '.join([t.text for t in inputs])})"
        body = [*lines, f"return {terms[helper.block.outputs[0]].text}"]
        return [head, *[f"    {line}" for line in body], "end", ""]

    def part(self, lines: list[str], used: set[str]) -> None:
        """A function of its own, and its call."""
        call = f"{self.names.beside(f'{self.name}_part{len(self.parts) + 1}')}!("
        given = ", ".join([name for name in self.parameters if name in used])
        body = [f"    {line}" for line in [*lines, "return nothing"]]
        self.parts.append("\n".join([f"@noinline function {call}{given})", *body, "end", ""]))
        self.line(f"{call}{given})")


def write(job: Job) -> tuple[dict[str, str], int]:
    """The text of the file."""
    names = Names(RESERVED | {job.name}, job.given_names)
    names.taken |= {f"out{k}" for k in range(len(job.items))}
    names.taken |= {f"{job.name}_{f}" for f in (*_GUARDED, "pow")}
    writer = JuliaWriter(job.name, Library("Julia", {*FUNCTIONS, *_GUARDED, "pow"}), names, job.single)
    program = job.program
    work = writer.cut(program)
    outputs = [f"out{k}" for k in range(len(job.items))]
    given = []
    scalars = {}
    for argument, buffer in zip(job.arguments, program.inputs, strict=True):
        name = writer.places[buffer] = names.fresh(argument.name)
        given.append(name)
        if argument.shape is None:
            scalars[buffer, 0] = name
        elif len(argument.shape) > 1:
            writer.shapes[buffer] = argument.shape
    shapes = [job.item_shape(k) if job.is_array(k) else None for k in range(len(job.items))]
    for name, buffer, shape in zip(outputs, program.outputs, shapes, strict=True):
        writer.places[buffer] = name
        if shape is None:
            writer.numbers.add(name)
        elif len(shape) > 1:
            writer.shapes[buffer] = shape
    writer.parameters = [*outputs, *given, "work"]
    writer.scalars = scalars
    writer.write(program)
    kind = f"promote_type({', '.join([_real(job), *[f'eltype({name})' for name in given]])})"
    last = [f"work = Vector{{{kind}}}(undef, {work})"] if "work" in identifiers(writer.body) else []
    body = [*writer.body, "    return nothing", "end", ""]
    helpers = [line for helper in writer.library.helpers.values() for line in writer.helper(helper)]
    text = "\n".join([*_tables(writer), *helpers, *writer.parts, *_doc(job, outputs, given, last)])
    text += "\n".join([*_head(f"function {job.name}!", [*outputs, *given], last), *body])
    made = _returning(job, outputs, given, shapes, kind)
    used = identifiers([text])
    guards = [line for name in (*_GUARDED, "pow") if f"{job.name}_{name}" in used for line in _guard(job.name, name)]
    sparse = ["using SparseArrays: SparseMatrixCSC", ""] if any(item.patterns for item in job.items) else []
    return {"jl": "\n".join([f"# {_plain(job.title)}", "", *sparse, *guards, text, *made])}, 0


def _real(job: Job) -> str:
    return "Float32" if job.single else "Float64"


def _guard(prefix: str, name: str) -> list[str]:
    """A function that gives nan where Julia's raises an error."""
    if name == "pow":
        return [f"function {prefix}_pow{_POWER}"]
    return [f"{prefix}_{name}(x) = {_GUARDED[name]} ? oftype(x, NaN) : {name}(x)", ""]


def _head(opening: str, parameters: Sequence[str], optional: Sequence[str]) -> list[str]:
    """The head of a function, with its optional parameters on a line of their own."""
    texts = [*parameters, *optional]
    line = f"{opening}({', '.join(texts)})"
    if len(line) <= _WIDTH:
        return [line]
    return [f"{opening}(", *[f"    {text}," for text in texts], ")"]


def _tables(writer: JuliaWriter) -> list[str]:
    lines = [f"const {name} = [{', '.join(map(str, offsets))}]" for offsets, name in writer.tables.items()]
    for buffer in writer.constants.values():
        texts = [writer.number(v).text for v in buffer.data.ravel().tolist()]
        lines.append(f"const {writer.places[buffer]} = [{', '.join(texts)}]")
    return [*lines, *[""] * bool(lines)]


def _plain(text: str) -> str:
    """A text as it may stand in a comment or a string."""
    return text.replace("\\", "/").replace('"""', "'''").replace("$", "S")


def _doc(job: Job, outputs: Sequence[str], given: Sequence[str], last: Sequence[str]) -> list[str]:
    """A docstring: shapes and formulas."""
    call = ", ".join([*outputs, *given, *["[work]"] * bool(last)])
    lines = ['"""', f"    {job.name}!({call})", "", _plain(job.title), ""]
    for name, item in zip(outputs, job.items, strict=True):
        lines.append(f"- `{name}`: {_plain(item.said)}")
    for name, argument in zip(given, job.arguments, strict=True):
        lines.append(f"- `{name}`: {argument.said}")
    if not all(map(job.is_array, range(len(job.items)))):
        lines += ["", "Outputs that are numbers are `Ref`s."]
    return [*lines, '"""', ""]


def _returning(job: Job, outputs: Sequence[str], given: Sequence[str], shapes: Sequence[Any], kind: str) -> list[str]:
    """The function that returns its results, nested as they are: lists are tuples."""
    lines = ['"""', f"    {job.name}({', '.join(given)})", "", f"The results of `{job.name}!`.", '"""']
    lines += [f"function {job.name}({', '.join(given)})"]
    lines += [f"    {name} = float({name})" for name in given]
    lines += [f"    T_ = {kind}"]
    for name, shape in zip(outputs, shapes, strict=True):
        lines.append(f"    {name} = {f'Array{{T_}}(undef, {_sizes(shape)})' if shape is not None else 'Ref(zero(T_))'}")
    lines += [f"    {job.name}!({', '.join([*outputs, *given])})"]
    return [*lines, f"    return {job.nested_text(_leaves(job), _nested)}", "end", ""]


def _sizes(shape: Sequence[int]) -> str:
    return ", ".join(map(str, shape))


def _leaves(job: Job) -> list[str]:
    """The text of each leaf of the results."""
    found: list[str] = []
    at = 0
    for k, count in enumerate(job.counts):
        offset = 0
        for leaf, own in zip(job.results.leaves[at : at + count], job.leaves[at : at + count], strict=True):
            size = sum([int(np.prod(job.shape(i))) for i in own])
            name = f"out{k}"
            flat = name if count == 1 else f"{name}[{offset + 1}:{offset + size}]"
            shape = job.shape(own[0]) if leaf.kind == NUMBER else leaf.shape
            if leaf.kind not in (NUMBER, ARRAY):
                (rows, columns), indices, starts = job.pattern(leaf)
                tables = [f"[{', '.join([str(n + 1) for n in table])}]" for table in (starts, indices)]
                texts = ["Int" * (table == "[]") + table for table in tables]
                found.append(f"SparseMatrixCSC({rows}, {columns}, {', '.join(texts)}, {flat})")
            elif not shape:
                found.append(f"{name}[]" if count == 1 else f"{name}[{offset + 1}]")
            else:
                found.append(flat if count == 1 or len(shape) == 1 else f"reshape({flat}, {_sizes(shape)})")
            offset += size
        at += count
    return found


def _nested(kind: str, what: Any, inside: Sequence[str]) -> str:
    """Results within one another: lists are tuples."""
    if kind == "dict":
        keys = [str(key) if type(key) in (int, float) else f'"{_plain(str(key))}"' for key in what]
        return f"Dict({', '.join([f'{k} => {v}' for k, v in zip(keys, inside, strict=True)])})"
    return f"({', '.join(inside)}{',' * (len(inside) == 1)})"
