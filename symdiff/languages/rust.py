"""Rust: a function of numbers and slices, which returns numbers and writes arrays, by the standard library alone."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from symdiff.languages.job import Item, Job
from symdiff.languages.pieces import PiecewiseWriter, identifiers, is_long
from symdiff.languages.program import OUTPUT, Buffer, Copy, Program, Straight, Value, View
from symdiff.languages.recorded import CALL, HELPER, SELECT, Block, Helper, Instruction, Library
from symdiff.languages.spelling import ATOM, CHOICE, PRODUCT, Names, Template, Term, spelled_number, words

RESERVED = frozenset(
    words("""
as break const continue crate else enum extern false fn for if impl in let loop match mod move mut pub ref return self
Self static struct super trait true type unsafe use where while async await dyn abstract become box do final macro
override priv typeof unsized virtual yield try gen union f32 f64 usize bool assert_eq vec std core work
""")
)
_SAME = words(
    "sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh exp exp2 log2 log10 sqrt cbrt floor ceil trunc"
)
_NAMES = {"expm1": "exp_m1", "log": "ln", "log1p": "ln_1p", "fabs": "abs", **{name: name for name in _SAME}}
_TWO = {"atan2": "atan2", "hypot": "hypot", "pow": "powf", "copysign": "copysign", "fmin": "min", "fmax": "max"}
FUNCTIONS = {name: f"{{0}}.{own}()" for name, own in _NAMES.items()} | {
    name: f"{{0}}.{own}({{1}})" for name, own in _TWO.items()
} | {"fmod": "{0} % {1}", "fma": "{0}.mul_add({1}, {2})"}  # fmt: skip
_NUMBER = r"\d+(?:\.\d+)?(?:e[+-]?\d+)?"
_CALLED = re.compile(rf"(?<![\w.])({_NUMBER})(?=\.[a-z])|(\(-{_NUMBER})(?=\)\.[a-z])")
_CHOSEN = re.compile(rf"(\{{ -?{_NUMBER} \}} else \{{ -?{_NUMBER})(?= \}})")
_ON_STACK = 4096  # numbers of a workspace that is no vector
_WIDTH = 100


class RustWriter(PiecewiseWriter):
    """Lines of Rust."""

    language = "Rust"
    functions = FUNCTIONS
    infix = {"and": "&&", "or": "||"}  # noqa: RUF012  # read only
    choice = "if {0} {{ {1} }} else {{ {2} }}"
    choice_needs = (CHOICE, CHOICE, CHOICE)
    choice_level = CHOICE
    spaced = " "

    def __init__(self, name: str, library: Library, names: Names, single: bool) -> None:
        super().__init__(name, library, names)
        self.single = single
        self.real = "f32" if single else "f64"
        self.parameters: dict[str, str] = {}  # the types of inputs, outputs and the workspace by their names
        self.lent: set[str] = set()  # those that the main function owns, and lends its parts
        self._looked_at: Block | None = None
        self._untyped = False  # whether a number may have no type but its own
        self.narrow: dict[str, list[str]] = {}  # functions of f32 that compute in f64
        self._begun: list[int] = []  # places of lines that others stand under
        self.returned: set[Buffer] = set()  # numbers among the outputs that are put once

    doubles = ""  # what the helpers called here have behind their names

    def _template(self, what: Instruction, count: int) -> Template:
        if what.form == HELPER:
            return super()._template(what._replace(name=what.name + self.doubles), count)
        if what.name == "fmod":
            return Template(self.functions["fmod"], (PRODUCT, ATOM), PRODUCT)
        return super()._template(what, count)

    def number(self, value: float | bool) -> Term:
        """A constant, exactly."""
        if type(value) is bool:
            return Term("true" if value else "false")
        if self.single:
            with np.errstate(over="ignore"):
                value = float(np.float32(value))
        if not math.isfinite(value):
            return Term(f"{self.real}::{'NAN' if value != value else 'INFINITY' if value > 0 else 'NEG_INFINITY'}")
        return spelled_number(value, str(np.float32(value)) if self.single else repr(float(value)))

    def lines(self, block: Block, *given: Any, **options: Any) -> tuple[list[str], list[Term]]:
        """Lines that compute the steps of a block."""
        if not self._untyped and block is not self._looked_at:
            self._looked_at = block
            held = range(block.arity, block.first)
            self._untyped = any(
                what.form in (CALL, SELECT) and slots[what.form == SELECT] in held
                for what, slots in zip(block.steps, block.operands, strict=True)
            )
        return super().lines(block, *given, **options)

    def typed(self, text: str) -> str:
        """Code where numbers say their type which nothing else says: those with a method, and in both branches."""
        if not self._untyped:
            return text
        text = _CALLED.sub(rf"\1\2_{self.real}", text)
        return _CHOSEN.sub(rf"\1_{self.real}", text)

    def assignment(self, name: str, text: str, condition: bool) -> str:
        """A line that gives a value a name."""
        return f"let {name} = {text};"

    def for_line(self, variable: str, start: str, stop: str, down: bool = False) -> str:
        """The line that begins a loop."""
        return f"for {variable} in {f'({stop}..{start}).rev()' if down else f'{start}..{stop}'} {{"

    def begin(self, text: str) -> None:
        """Write a line that others stand under."""
        self._begun.append(len(self.body))
        super().begin(text)

    def close(self, count: int = 1) -> None:
        """End what stands under so many lines; a loop whose variable nothing reads has none."""
        for _ in range(count):
            first = self._begun.pop()
            opener = self.body[first].split()
            if opener[0] == "for" and opener[1] not in identifiers(self.body[first + 1 :]):
                self.body[first] = self.body[first].replace(f"for {opener[1]} ", "for _ ", 1)
            super().close()

    def variable(self, name: str, text: str) -> str:
        """A line that makes a number that changes."""
        return f"let mut {name} = {text};"

    def counter(self, name: str, text: str) -> str:
        """A line that makes a whole number that changes."""
        return f"let mut {name}: usize = {text};"

    def if_line(self, condition: str) -> str:
        """The line that begins what is done under a condition."""
        return f"if {condition} {{"

    def added(self, target: str, term: Term) -> str:
        """A line that adds to a variable or an entry."""
        return f"{target} += {term.text};"

    def named(self, what: str) -> str:
        """The name of a table or an array of constants."""
        return self.names.beside(f"{self.name}_{what}".upper())

    def at(self, value: Value, at: Sequence[str]) -> Term:
        """An entry of a value."""
        if isinstance(value, View) and value.buffer in self.returned:
            return Term(self.places[value.buffer])
        return super().at(value, at)

    def put(self, view: View, at: Sequence[str], term: Term) -> None:
        """Write a value into an entry."""
        if view.buffer in self.returned:
            self.line(self.assignment(self.places[view.buffer], term.text, False))
        else:
            super().put(view, at, term)

    def helper(self, helper: Helper) -> list[str]:
        """The lines of a helper."""
        name = f"{self.helper_prefix}{helper.name}"
        if self.single and helper.wide:
            double = RustWriter(self.name, self.library, self.names, single=False)
            double.doubles = "_double"
            lines = double.helper(helper)
            lines[0] = lines[0].replace(f"{name}(", f"{name}_double(")
            given = ["x", "y", "z"][: helper.block.arity]
            passed = ", ".join([f"f64::from({n})" for n in given])
            head = f"fn {name}({', '.join([f'{n}: f32' for n in given])}) -> f32 {{"
            self.narrow[name] = [head, f"    {name}_double({passed}) as f32", "}", ""]
            return lines
        names = Names(self.names.taken)
        inputs = [Term(names.fresh("xyzuvw"[k] if k < 6 else f"x{k}")) for k in range(helper.block.arity)]
        letter = names.prefix("t")
        lines, terms = self.lines(helper.block, inputs, lambda slot: f"{letter}{slot}")
        given = [f"{t.text}: {self.real}" for t in inputs]
        body = [f"    {self.typed(line)}" for line in [*lines, terms[helper.block.outputs[0]].text]]
        return [f"fn {name}({', '.join(given)}) -> {self.real} {{", *body, "}", ""]

    def part(self, lines: list[str], used: set[str]) -> None:
        """A function of its own, and its call."""
        given = [name for name in self.parameters if name in used]
        name = self.names.beside(f"{self.name}_part{len(self.parts) + 1}")
        head = signature(f"fn {name}", [f"{n}: {self.parameters[n]}" for n in given], "")
        body = [f"    {self.typed(line)}" for line in lines]
        self.parts.append("\n".join(["#[inline(never)]", *head, *body, "}", ""]))
        self.line(f"{name}({', '.join(['&mut ' * (n in self.lent) + n for n in given])});")


def write(job: Job) -> tuple[dict[str, str], int]:
    """The text of the module."""
    names = Names(RESERVED | {job.name}, job.given_names)
    names.taken |= {f"out{k}" for k in range(len(job.items))}
    library = Library("Rust", FUNCTIONS)
    writer = RustWriter(job.name, library, names, job.single)
    program, real = job.program, writer.real
    work = writer.cut(program)
    scalars, given = {}, []
    for argument, buffer in zip(job.arguments, program.inputs, strict=True):
        name = writer.places[buffer] = names.fresh(argument.name)
        given.append(name)
        writer.parameters[name] = real if argument.shape is None else f"&[{real}]"
        if argument.shape is None:
            scalars[buffer, 0] = name
    numbers = [k for k in range(len(job.items)) if not job.is_array(k)]
    for k, buffer in enumerate(program.outputs):
        writer.places[buffer] = f"out{k}"
        writer.parameters[f"out{k}"] = f"&mut [{real}]"
    writer.parameters["work"] = f"&mut [{real}]"
    writer.lent = {"work", *[f"out{k}" for k in numbers]}
    writer.returned = _put_once(program) & {program.outputs[k] for k in numbers}
    writer.scalars = scalars
    writer.write(program)
    used = identifiers(writer.body)
    sizes = [(n, b.size) for n, b in zip(given, program.inputs, strict=True) if writer.parameters[n] != real]
    written = [k for k in range(len(job.items)) if k not in numbers]
    sizes += [(f"out{k}", program.outputs[k].size) for k in written]
    head = [f"assert_eq!({name}.len(), {size});" for name, size in sizes]
    idle = [name for name in given if writer.parameters[name] == real and name not in used]
    head += [f"let _ = {name};" for name in idle]
    head += [f"let mut out{k} = [0.0_{real}];" for k in numbers if program.outputs[k] not in writer.returned]
    if "work" in used:
        head.append(f"let mut work = {'vec!' * (work > _ON_STACK)}[0.0_{real}; {work}];")
    results = [f"out{k}" + "[0]" * (program.outputs[k] not in writer.returned) for k in numbers]
    result = [results[0] if len(results) == 1 else f"({', '.join(results)})"] if results else []
    kinds = [real] * len(numbers)
    returns = f" -> {kinds[0] if len(kinds) == 1 else '(' + ', '.join(kinds) + ')'}" if kinds else ""
    taken = [f"{n}: {writer.parameters[n]}" for n in [*given, *[f"out{k}" for k in written]]]
    function = signature(f"pub fn {job.name}", taken, returns)
    body = [*function, *[f"    {line}" for line in head], *writer.body, *[f"    {line}" for line in result], "}", ""]
    helpers = [line for helper in library.helpers.values() for line in writer.helper(helper)]
    called = identifiers([*helpers, *writer.parts, *body]) if writer.narrow else ()
    helpers += [line for name, text in writer.narrow.items() if name in called for line in text]
    lines = [f"//! {_plain(job.title)}", "", *_allowed({job.name} | names.kept), *_tables(job, writer)]
    code = [writer.typed(line) for line in body]
    return {"rs": "\n".join([*lines, *helpers, *writer.parts, *_doc(job, given, written, numbers), *code])}, 0


def _put_once(program: Program) -> set[Buffer]:
    """The outputs that one stage puts as a whole, outside of loops."""
    counts: dict[Buffer, int] = {}
    for stage in program.stages:
        targets = [view for _, view in stage.writes] if isinstance(stage, Straight) else [stage.target]
        apart = is_long(stage) or (isinstance(stage, Copy) and stage.adds)
        for view in targets:
            counts[view.buffer] = counts.get(view.buffer, 0) + (2 if apart else 1)
    return {buffer for buffer, count in counts.items() if buffer.kind == OUTPUT and count == 1}


def signature(opening: str, parameters: Sequence[str], returns: str) -> list[str]:
    """The head of a function, its parameters one a line where they are many."""
    line = f"{opening}({', '.join(parameters)}){returns} {{"
    if len(line) <= _WIDTH:
        return [line]
    return [f"{opening}(", *[f"    {text}," for text in parameters], f"){returns} {{"]


def _allowed(names: Iterable[str]) -> list[str]:
    """What names and numbers of mathematics break of the rules of style."""
    unlike = any(name != name.lower() or "__" in name.strip("_") for name in names)
    found = ["clippy::all", *["non_snake_case"] * unlike]
    return [f"#![allow({', '.join(found)})]", ""]


def _tables(job: Job, writer: RustWriter) -> list[str]:
    lines = []
    for item in job.items:
        for label, shape, cols, rows in item.patterns:
            name = f"{job.name}_{label}".upper()
            lines.append(
                f"/// {label}: a sparse matrix of {shape[0]} rows and {shape[1]} columns, row by row (CSR): entries"
            )
            lines.append(f"/// of row `i` are those from `{name}_ROWS[i]` up to `{name}_ROWS[i + 1]`.")
            lines += _listed(f"pub static {name}_ROWS", "usize", [str(n) for n in rows])
            lines += [f"/// The columns of the entries of {label}."]
            lines += _listed(f"pub static {name}_COLS", "usize", [str(n) for n in cols])
    for offsets, name in writer.tables.items():
        lines += _listed(f"static {name}", "usize", [str(n) for n in offsets])
    for buffer in writer.constants.values():
        texts = [writer.number(v).text for v in buffer.data.ravel().tolist()]
        lines += _listed(f"static {writer.places[buffer]}", writer.real, texts)
    return lines


def _listed(declaration: str, kind: str, texts: Sequence[str]) -> list[str]:
    """The lines of a constant table."""
    short = f"{declaration}: [{kind}; {len(texts)}] = [{', '.join(texts)}];"
    if len(short) <= _WIDTH:
        return [short, ""]
    lines = [f"{declaration}: [{kind}; {len(texts)}] = ["]
    line = "   "
    for text in texts:
        if len(line) + len(text) > _WIDTH - 2:
            lines.append(line)
            line = "   "
        line += f" {text},"
    return [*lines, *[line] * bool(texts), "];", ""]


def _plain(text: str) -> str:
    """A text as it may stand in a comment that becomes a page."""
    return f"`{text}`" if "`" not in text else text.replace("`", "'")


def _said(item: Item) -> str:
    """What an output is, its formula as code."""
    what, sign, formula = item.said.partition(": ")
    return f"{what}{sign}{_plain(formula) if formula else ''}"


def _doc(job: Job, given: Sequence[str], written: Sequence[int], numbers: Sequence[int]) -> list[str]:
    """A comment that rustdoc reads: shapes and formulas."""
    lines = [_plain(job.title), ""]
    lines += [f"- `{name}`: {a.said}" for name, a in zip(given, job.arguments, strict=True)]
    lines += [f"- `out{k}`: {_said(job.items[k])}" for k in written]
    if numbers:
        lines += ["", f"Returns {'; '.join([_said(job.items[k]) for k in numbers])}"]
    if written or any(a.shape is not None for a in job.arguments):
        lines += ["", "Panics where a slice has not so many entries."]
    return [f"/// {line}".rstrip() for line in lines]
