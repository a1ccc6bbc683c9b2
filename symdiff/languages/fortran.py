"""Fortran: a subroutine of numbers and arrays, its helpers inside, which C can call."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from symdiff.errors import SymdiffValueError
from symdiff.languages.job import Item, Job
from symdiff.languages.pieces import PiecewiseWriter, identifiers
from symdiff.languages.program import Buffer, Value, View
from symdiff.languages.recorded import CALL, HELPER, Helper, Instruction, Library
from symdiff.languages.spelling import (
    ATOM,
    CHOICE,
    PRODUCT,
    FoldedNames,
    FoldedWords,
    Names,
    Template,
    Term,
    check_length,
    spelled_number,
    words,
)  # fmt: skip

COLUMNS = True
_SAME = words("sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh exp log log10 sqrt erf erfc")
FUNCTIONS = {name: f"{name}({{0}})" for name in _SAME} | {
    "fabs": "abs({0})", "trunc": "aint({0})", "tgamma": "gamma({0})", "lgamma": "log_gamma({0})", "pow": "{0}**{1}",
    "atan2": "atan2({0}, {1})", "hypot": "hypot({0}, {1})", "fmod": "mod({0}, {1})", "copysign": "sign({0}, {1})",
}  # fmt: skip
RESERVED = FoldedWords(
    [*_SAME, *words("""
abs aint gamma log_gamma atan2 hypot mod sign merge transfer real work wp infinity nan c_double c_float c_int int
iso_c_binding associate block call case contains continue cycle data deallocate allocate dimension do else elseif end
enddo endif exit external function go goto if implicit in inout integer intent interface intrinsic logical module none
nullify only open parameter pause pointer print private procedure program public pure read result return save select
sequence stop subroutine target then type use value where while write
""")]
)  # fmt: skip
LIBRARY = frozenset(["main"])  # what a program is called when it is linked
_LONGEST = 63  # letters of the name of a function
_COLUMNS = 132  # of a line
_DOUBLE = "_double"  # behind the names of helpers in double precision that single ones call
_ENTRIES = 400  # of a table that is one statement
_ON_STACK = 4096  # numbers of a workspace that is not allocated
_BITS = {"infinity": (0x7FF0000000000000, 0x7F800000), "nan": (0x7FF8000000000000, 0x7FC00000)}


class FortranNames(FoldedNames):
    """Names of Fortran, with room for a number behind them."""

    longest = 56


class FortranWriter(PiecewiseWriter):
    """Lines of Fortran."""

    language = "Fortran"
    functions = FUNCTIONS
    indent = "  "
    infix = {"and": ".and.", "or": ".or.", "!=": "/="}  # noqa: RUF012  # read only
    negation = "(.not. {0})"
    choice = "merge({1}, {2}, {0})"
    choice_needs = (CHOICE, CHOICE, CHOICE)
    base = 1
    columns = True

    suffix = ""  # behind the names of helpers that are called

    def __init__(self, name: str, library: Library, names: Names, single: bool) -> None:
        super().__init__(name, library, names)
        self.single = single
        self.kinds: dict[str, str] = {}  # types of the variables of a procedure
        self.flat: set[Buffer] = set()  # arrays that are read or written by one index alone

    def _template(self, what: Instruction, count: int) -> Template:
        if what.form == HELPER:
            return super()._template(what._replace(name=what.name + self.suffix), count)
        if what.form == CALL and what.name == "pow":
            return Template(self.functions["pow"], (ATOM, ATOM), PRODUCT)
        return super()._template(what, count)

    def number(self, value: float | bool) -> Term:
        """A constant, exactly."""
        if type(value) is bool:
            return Term(".true." if value else ".false.")
        if self.single:
            with np.errstate(over="ignore"):
                value = float(np.float32(value))
        if not math.isfinite(value):
            return Term("nan") if value != value else spelled_number(value, "infinity" if value > 0 else "-infinity")
        text = str(np.float32(value)) if self.single else repr(float(value))
        return spelled_number(value, f"{text}_wp")

    def assignment(self, name: str, text: str, condition: bool) -> str:
        """A line that gives a value a name."""
        self.kinds[name] = "logical" if condition else "real(wp)"
        return f"{name} = {text}"

    def for_line(self, variable: str, start: str, stop: str, down: bool = False) -> str:
        """The line that begins a loop."""
        self.kinds[variable] = "integer"
        if down:
            return f"do {variable} = {self.before(start)}, {stop}, -1"
        return f"do {variable} = {start}, {self.before(stop)}"

    def variable(self, name: str, text: str) -> str:
        """A line that makes a number that changes."""
        return self.assignment(name, text, False)

    def counter(self, name: str, text: str) -> str:
        """A line that makes a whole number that changes."""
        self.kinds[name] = "integer"
        return f"{name} = {text}"

    def if_line(self, condition: str) -> str:
        """The line that begins what is done under a condition."""
        return f"if ({condition}) then"

    def set_line(self, target: str, text: str) -> str:
        """A line that changes a variable or an entry."""
        return f"{target} = {text}"

    def ending(self, opener: str) -> str:
        """The line that ends what stands under another."""
        return f"end {opener.split()[0]}"

    def entry(self, name: str, index: str) -> str:
        """An entry of an array; a number has no index."""
        return f"{name}({index})" if index else name

    def at(self, value: Value, at: Sequence[str]) -> Term:
        """An entry of a value."""
        if isinstance(value, View) and len(self.shapes.get(value.buffer, ())) > 1 and self.indices(value, at) is None:
            self.flat.add(value.buffer)
        return super().at(value, at)

    def declared(self, used: Sequence[str] | set[str]) -> list[str]:
        """The declarations of those variables of a procedure that are used."""
        return [
            line
            for kind in ("real(wp)", "integer", "logical")
            for line in _declared(kind, [name for name, own in self.kinds.items() if own == kind and name in used])
        ]

    def helper(self, helper: Helper) -> list[str]:
        """The lines of a helper."""
        return [line for function in self.functions_of(helper) for line in function]

    def functions_of(self, helper: Helper) -> list[list[str]]:
        """The functions of a helper; in single precision some compute in double on their way."""
        if not self.single:
            return [self._function(helper)]
        double = helper.wide or helper.name in self._called_in_double()
        found = [self._in_double(helper)] if double else []
        if not helper.wide:
            return [*found, self._function(helper)]
        name, given = f"{self.helper_prefix}{helper.name}", ["x", "y", "z"][: helper.block.arity]
        passed = ", ".join([f"real({x}, c_double)" for x in given])
        head = [
            f"pure function {name}({', '.join(given)}) result(res)",
            f"  real(wp), intent(in) :: {', '.join(given)}",
        ]
        body = ["  real(wp) :: res", f"  res = real({name}{_DOUBLE}({passed}), wp)", f"end function {name}", ""]
        return [*found, [*head, *body]]

    def _called_in_double(self) -> set[str]:
        """The helpers that those call which compute in double precision."""
        found: set[str] = set()
        for helper in reversed(self.library.helpers.values()):  # callers come behind what they call
            if helper.wide or helper.name in found:
                found |= {step.name for step in helper.block.steps if step.form == HELPER}
        return found

    def _in_double(self, helper: Helper) -> list[str]:
        self.single, self.suffix = False, _DOUBLE
        self._templates.clear()
        lines = self._function(helper)
        self.single, self.suffix = True, ""
        self._templates.clear()
        special, kinds = _special(identifiers(lines), single=False)
        uses = f"  use, intrinsic :: iso_c_binding, only: {', '.join(['wp => c_double', *kinds])}"
        return [lines[0], uses, *[f"  {line}" for line in special], *lines[1:]]

    def _function(self, helper: Helper) -> list[str]:
        kept, self.kinds = self.kinds, {}
        names = FortranNames([*RESERVED, *[n for n in self.names.taken if n.startswith(self.helper_prefix)]])
        inputs = [Term(names.fresh("xyzuvw"[k] if k < 6 else f"x{k}")) for k in range(helper.block.arity)]
        found, letter = names.fresh("res"), names.prefix("t")
        lines, terms = self.lines(helper.block, inputs, lambda slot: f"{letter}{slot}")
        given = [t.text for t in inputs]
        declared = [*_declared("real(wp), intent(in)", given), f"real(wp) :: {found}", *self.declared({*self.kinds})]
        name = f"{self.helper_prefix}{helper.name}{self.suffix}"
        body = [*declared, *lines, f"{found} = {terms[helper.block.outputs[0]].text}"]
        self.kinds = kept
        head = f"pure function {name}({', '.join(given)}) result({found})"
        return [head, *[f"  {line}" for line in body], f"end function {name}", ""]

    def part(self, lines: list[str], used: set[str]) -> None:
        """A procedure of its own inside the main one, whose variables it shares, and its call."""
        name = self.names.beside(f"{self.name}_part{len(self.parts) + 1}")
        body = [f"  {line}" for line in [*self.declared(used), *lines]]
        self.kinds = {other: kind for other, kind in self.kinds.items() if other not in used}
        self.parts.append("\n".join([f"subroutine {name}()", *body, f"end subroutine {name}", ""]))
        self.line(f"call {name}()")


def _declared(kind: str, names: Sequence[str]) -> list[str]:
    """Declarations of some names, ten a line."""
    return [f"{kind} :: {', '.join(names[k : k + 10])}" for k in range(0, len(names), 10)]


def write(job: Job) -> tuple[dict[str, str], int]:
    """The text of the file."""
    flat: set[int] = set()
    while True:  # once, or a second time where an array needs one index alone
        text, found = _written(job, flat)
        if found <= flat:
            return {"f90": text}, 0
        flat |= found


def _written(job: Job, flat: set[int]) -> tuple[str, set[int]]:
    """The text, where these arguments have one index, and those that need it."""
    check_length(job.name, "Fortran", _LONGEST)
    if job.name.lower() in {f"out{k}" for k in range(len(job.items))}:
        raise SymdiffValueError(f"{job.name!r} is reserved in fortran, it is an output: give the function another name")
    names = FortranNames([*RESERVED, job.name], job.given_names)
    names.taken |= {f"out{k}" for k in range(len(job.items))}
    library = Library("Fortran", FUNCTIONS)
    writer = FortranWriter(job.name.lower()[:30], library, names, job.single)
    program = job.program
    buffers = [*program.inputs, *program.outputs]
    work = writer.cut(program)
    shapes = [a.shape or () for a in job.arguments] + [job.item_shape(k) for k in range(len(job.items))]
    for k, buffer in enumerate(buffers):
        inputs = len(job.arguments)
        name = names.fresh(job.arguments[k].name) if k < inputs else f"out{k - inputs}"
        writer.places[buffer] = name
        shapes[k] = (buffer.size,) if k in flat and len(shapes[k]) > 1 else shapes[k]
        writer.shapes[buffer] = shapes[k]
    writer.write(program)
    declared = []
    for k, (buffer, shape) in enumerate(zip(buffers, shapes, strict=True)):
        intent = "in" if k < len(job.arguments) else "out"
        sizes = f"({', '.join([str(max(n, 1)) for n in shape])})" if shape else ""  # of none one that nothing reads
        declared.append(f"real(wp), intent({intent}) :: {writer.places[buffer]}{sizes}")
    given = [writer.places[b] for b in buffers]
    main = _main(job, writer, given, declared, work)
    patterns = [line for item in job.items for line in _patterns(job, item)]
    lines = [*_doc(job, given), *main, *patterns]
    return "\n".join([*[piece for line in lines for piece in _continued(line)], ""]), {
        k for k, b in enumerate(buffers) if b in writer.flat
    }


def _main(job: Job, writer: FortranWriter, given: Sequence[str], declared: Sequence[str], work: int) -> list[str]:
    """The lines of the subroutine."""
    parts = [line for part in writer.parts for line in part.split("\n")]
    helpers = _called(writer, identifiers([*writer.body, *parts]))
    inner = [line for function in helpers for line in function] + parts
    tables = [line for offsets, name in writer.tables.items() for line in _table("integer", name, map(str, offsets))]
    for buffer in writer.constants.values():
        texts = [writer.number(v).text for v in buffer.data.ravel().tolist()]
        tables += _table("real(wp)", writer.places[buffer], texts or [writer.number(0.0).text])
    used = identifiers([*writer.body, *inner, *tables])
    here = identifiers([*writer.body, *parts, *tables, *[line for f in helpers if "use," not in f[1] for line in f]])
    begin: list[str] = []
    special, kinds = _special(here, job.single)
    kinds = ["wp => c_float" if job.single else "wp => c_double", *kinds, *["c_double"] * ("c_double" in used)]
    head = [f"use, intrinsic :: iso_c_binding, only: {', '.join(kinds)}", "implicit none", *declared]
    head += [*special, *tables]
    if "work" in used:
        large = work > _ON_STACK
        head.append("real(wp), allocatable :: work(:)" if large else f"real(wp) :: work({work})")
        begin = [f"  allocate (work({work}))"] * large
    head += writer.declared(identifiers(writer.body))
    lines = [f'subroutine {job.name}({", ".join(given)}) bind(c, name="{job.name}")', *[f"  {line}" for line in head]]
    lines += ["", *begin, *writer.body]
    if inner:
        lines += ["", "contains", "", *[f"  {line}".rstrip() for line in inner[:-1]]]
    return [*lines, f"end subroutine {job.name}"]


def _called(writer: FortranWriter, used: set[str]) -> list[list[str]]:
    """The functions of helpers that are called, those first that others call."""
    found: list[list[str]] = []
    functions = [function for helper in writer.library.helpers.values() for function in writer.functions_of(helper)]
    for function in reversed(functions):
        if function[0].split("(")[0].split()[-1] in used:
            found.insert(0, function)
            used = used | identifiers(function)
    return found


def _special(used: set[str], single: bool) -> tuple[list[str], list[str]]:
    """Declarations of what is no number, where it is used, and the kinds that they need."""
    kind = "c_int32_t" if single else "c_int64_t"
    found = [
        f"real(wp), parameter :: {name} = transfer({bits[single]}_{kind}, 1.0_wp)"
        for name, bits in _BITS.items()
        if name in used
    ]
    return found, [kind] * bool(found)


def _table(kind: str, name: str, entries: Sequence[str] | map[str]) -> list[str]:
    """A table of constants: one statement, or several of long ones."""
    texts = list(entries)
    if len(texts) <= _ENTRIES:
        return [f"{kind}, parameter :: {name}({len(texts)}) = [{', '.join(texts)}]"]
    lines = [f"{kind}, save :: {name}({len(texts)})"]
    for k in range(0, len(texts), _ENTRIES):
        piece = texts[k : k + _ENTRIES]
        lines.append(f"data {name}({k + 1}:{k + len(piece)}) / {', '.join(piece)} /")
    return lines


def _continued(line: str) -> list[str]:
    """A line in pieces that fit."""
    if len(line) <= _COLUMNS or line.lstrip().startswith("!"):
        return [line]
    pad = " " * (len(line) - len(line.lstrip()) + 4)
    found = []
    while len(line) > _COLUMNS:
        at = line.rfind(" ", len(pad) + 1, _COLUMNS - 2)
        at = at if at > len(pad) + 8 else _COLUMNS - 3
        found.append(f"{line[:at]} &" if line[at] == " " else f"{line[:at]}&")
        line = f"{pad}&{line[at:]}"
    return [*found, line]


def _doc(job: Job, given: Sequence[str]) -> list[str]:
    lines = [f"! {job.title}", "!"]
    lines += [f"!   {name}: {a.said}" for name, a in zip(given, job.arguments, strict=False)]
    return [*lines, *[f"!   out{k}: {item.said}" for k, item in enumerate(job.items)]]


def _patterns(job: Job, item: Item) -> list[str]:
    """A subroutine that gives where the entries of a sparse matrix are."""
    lines = []
    for label, shape, rows, starts in item.patterns:
        name = f"{job.name}_{label}_pattern"
        one = [str(k + 1) for k in starts], [str(k + 1) for k in rows]
        lines += [
            "",
            f"! {label} is a sparse matrix of {shape[0]} rows and {shape[1]} columns: entries of column j are",
        ]
        lines += ["! those from starts(j) up to starts(j + 1) - 1, in these rows."]
        lines += [f'subroutine {name}(starts, rows) bind(c, name="{name}")']
        lines += ["  use, intrinsic :: iso_c_binding, only: c_int", "  implicit none"]
        lines += [f"  integer(c_int), intent(out) :: starts({len(starts)}), rows({max(len(rows), 1)})"]
        for what, texts in zip(("starts", "rows"), one, strict=True):
            for k in range(0, len(texts), _ENTRIES):
                piece = texts[k : k + _ENTRIES]
                lines.append(f"  {what}({k + 1}:{k + len(piece)}) = [{', '.join(piece)}]")
        lines.append(f"end subroutine {name}")
    return lines
