"""JavaScript: a function of numbers and flat arrays, for Node.js and browsers."""

from __future__ import annotations

import math
import re

from symdiff.languages.c import comment
from symdiff.languages.job import Job
from symdiff.languages.loop_code import LoopWriter
from symdiff.languages.program import WORK
from symdiff.languages.recorded import Helper, Library
from symdiff.languages.spelling import Names, Term, float_text, spelled_number, words

RESERVED = frozenset(
    words("""
abstract arguments await boolean break byte case catch char class const continue debugger default delete do double else
enum eval export extends false final finally float for function goto if implements import in instanceof int interface
let long native new null package private protected public return short static super switch synchronized this throw
throws transient true try typeof undefined var void volatile while with yield Math Infinity NaN Float64Array Array
Object module work isNaN
""")
)
_ONE = words("""
sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh exp expm1 log log1p log2 log10 sqrt cbrt floor ceil trunc
""")
FUNCTIONS = {name: f"Math.{name}({{0}})" for name in _ONE} | {
    "atan2": "Math.atan2({0}, {1})", "hypot": "Math.hypot({0}, {1})", "pow": "Math.pow({0}, {1})",
    "fabs": "Math.abs({0})", "fmod": "(({0}) % ({1}))",
}  # fmt: skip


class JavaScriptWriter(LoopWriter):
    """Lines of JavaScript."""

    language = "JavaScript"
    functions = FUNCTIONS
    infix = {"and": "&&", "or": "||", "==": "===", "!=": "!=="}  # noqa: RUF012  # read only

    def number(self, value: float | bool) -> Term:
        """A constant, exactly."""
        if type(value) is bool:
            return Term("true" if value else "false")
        if math.isfinite(value):
            return spelled_number(value, float_text(value))
        return Term("NaN") if value != value else spelled_number(value, "Infinity" if value > 0 else "-Infinity")

    def assignment(self, name: str, text: str, condition: bool) -> str:
        """A line that gives a value a name."""
        return f"const {name} = {text};"

    def for_line(self, variable: str, start: str, stop: str, down: bool = False) -> str:
        """The line that begins a loop."""
        if down:
            return f"for (let {variable} = {start} - 1; {variable} >= {stop}; --{variable}) {{"
        return f"for (let {variable} = {start}; {variable} < {stop}; ++{variable}) {{"

    def variable(self, name: str, text: str) -> str:
        """A line that makes a number that changes."""
        return f"let {name} = {text};"

    counter = variable

    def if_line(self, condition: str) -> str:
        """The line that begins what is done under a condition."""
        return f"if ({condition}) {{"

    def helper(self, helper: Helper) -> list[str]:
        """The lines of a helper."""
        names = Names(self.names.taken)
        inputs = [Term(names.fresh("xyzuvw"[k] if k < 6 else f"x{k}")) for k in range(helper.block.arity)]
        lines, terms = self.lines(helper.block, inputs, lambda slot: f"t{slot}")
        head = f"function {self.helper_prefix}{helper.name}({', '.join([t.text for t in inputs])}) {{"
        body = [*lines, f"return {terms[helper.block.outputs[0]].text};"]
        return [head, *[f"    {line}" for line in body], "}", ""]


def write(job: Job) -> tuple[dict[str, str], int]:
    """The text of the file."""
    names = Names(RESERVED | {job.name}, job.given_names)
    names.taken |= {f"out{k}" for k in range(len(job.items))}
    library = Library("JavaScript", FUNCTIONS)
    writer = JavaScriptWriter(job.name, library, names)
    program = job.program
    given, scalars = [], {}
    for argument, buffer in zip(job.arguments, program.inputs, strict=True):
        name = names.fresh(argument.name)
        given.append(name)
        writer.places[buffer] = name
        if argument.shape is None:
            scalars[buffer, 0] = name
    for k, buffer in enumerate(program.outputs):
        writer.places[buffer] = f"out{k}"
    for part in program.parts:
        writer.places[part] = "work"
    writer.scalars = scalars
    writer.write(program)
    head = [f"    const out{k} = new Float64Array({b.size});" for k, b in enumerate(program.outputs)]
    if any(b.kind == WORK for b in program.parts):
        head.append(f"    const work = new Float64Array({program.work});")
    numbers = [not job.is_array(k) for k in range(len(job.items))]
    results = [f"out{k}" + "[0]" * number for k, number in enumerate(numbers)]
    result = results[0] if job.alone else f"[{', '.join(results)}]"
    lines = [f"// {comment(job.title)}", '"use strict";', ""]
    for offsets, name in writer.tables.items():
        lines.append(f"const {name} = [{', '.join(map(str, offsets))}];")
    for buffer in writer.constants.values():
        texts = [writer.number(v).text for v in buffer.data.ravel().tolist()]
        lines.append(f"const {writer.places[buffer]} = [{', '.join(texts)}];")
    exported = [job.name]
    for item in job.items:
        for label, _, indices, starts in item.patterns:
            for what, values in (("rows", starts), ("cols", indices)):
                exported.append(f"{job.name}_{label}_{what}")
                lines.append(f"const {exported[-1]} = [{', '.join(map(str, values))}];")
    lines += [line for helper in library.helpers.values() for line in writer.helper(helper)]
    doc = [
        "/**",
        f" * {comment(job.title)}",
        *[f" * @param {n} {a.said}" for n, a in zip(given, job.arguments, strict=True)],
    ]
    doc += [f" * @returns {'; '.join([comment(item.said) for item in job.items])}", " */"]
    lines += [
        *doc,
        f"function {job.name}({', '.join(given)}) {{",
        *head,
        *writer.body,
        f"    return {result};",
        "}",
        "",
    ]
    lines += ['if (typeof module !== "undefined") {', f"    module.exports = {{ {', '.join(exported)} }};", "}", ""]
    return {"js": re.sub(r"\n\n\n+", "\n\n", "\n".join(lines))}, 0
