"""C++: a header with a function template on the scalar, over `std::array`s."""

from __future__ import annotations

import math
import re

from symdiff.languages.c import LIBRARY as LIBRARY
from symdiff.languages.c import MATH, CWriter, comment, listed, wrapped
from symdiff.languages.c import RESERVED as _RESERVED
from symdiff.languages.job import Job
from symdiff.languages.pieces import identifiers
from symdiff.languages.program import WORK
from symdiff.languages.recorded import Helper, Library
from symdiff.languages.spelling import SUM, Names, Term, words

RESERVED = _RESERVED | frozenset(
    words("""
std T using namespace typename constexpr nullptr static_cast const_cast auto operator private public protected virtual
xor bitand bitor compl not_eq and_eq or_eq xor_eq co_await co_return co_yield char8_t char16_t char32_t
consteval constinit dynamic_cast reinterpret_cast typeid size_t friend try catch throw mutable explicit export concept
requires alignas alignof decltype noexcept thread_local wchar_t
""")
)


class CppWriter(CWriter):
    """Lines of C++."""

    language = "C++"
    whole = True

    def __init__(self, name: str, library: Library, names: Names) -> None:
        super().__init__(name, library, names, single=False)
        self.real = "T"

    def number(self, value: float | bool) -> Term:
        """A constant, exactly."""
        if type(value) is bool:
            return Term("true" if value else "false")
        if not math.isfinite(value):
            kind = "quiet_NaN" if value != value else "infinity"
            text = f"T(std::numeric_limits<double>::{kind}())"
            return Term(f"-{text}", SUM) if value < 0 else Term(text)
        return Term(f"T({float(value)!r})")

    def assignment(self, name: str, text: str, condition: bool) -> str:
        """A line that gives a value a name."""
        return f"const {'bool' if condition else 'T'} {name} = {text};"

    def helper(self, helper: Helper) -> list[str]:
        """The lines of a helper."""
        lines = super().helper(helper)
        using = _using("\n".join(lines))
        lines[0] = lines[0].replace("static T ", "inline T ")
        return ["template <typename T>", *lines[:2], *using, *lines[2:]]


def _using(text: str) -> list[str]:
    """What lets functions of other scalars than floats be found by their type."""
    used = sorted({name for name in re.findall(r"\b([a-z]\w*)\(", text) if name in MATH})
    return [f"    using std::{name};" for name in used]


def write(job: Job) -> tuple[dict[str, str], int]:
    """The text of the header."""
    names = Names(RESERVED | {job.name}, job.given_names)
    library = Library("C++", MATH)
    names.taken |= {"work", *[f"out{k}" for k in range(len(job.items))]}
    writer = CppWriter(job.name, library, names)
    program = job.program
    parameters = []
    scalars = {}
    for argument, buffer in zip(job.arguments, program.inputs, strict=True):
        name = names.fresh(argument.name)
        writer.places[buffer] = name
        if argument.shape is None:
            scalars[buffer, 0] = name
            parameters.append(f"const T &{name}")
        else:
            parameters.append(f"const std::array<T, {max(buffer.size, 1)}> &{name}")
    for k, buffer in enumerate(program.outputs):
        writer.places[buffer] = f"out{k}"
        parameters.append(f"std::array<T, {max(buffer.size, 1)}> &out{k}")
    writer.cut(program)
    writer.scalars = scalars
    writer.write(program)
    body = list(writer.body)
    used = identifiers(body)
    idle = [f"    (void){name};" for name in (writer.places[b] for b in program.inputs) if name not in used]
    work = [f"    std::array<T, {program.work}> work{{}};"] if any(b.kind == WORK for b in program.parts) else []
    guard = f"{job.name.upper()}_HPP"
    lines = [f"/* {comment(job.title)} */", "", f"#ifndef {guard}", f"#define {guard}", ""]
    lines += ["#include <array>", "#include <cmath>", "#include <limits>", ""]
    for item in job.items:
        for label, shape, indices, starts in item.patterns:
            lines.append(f"/* {label}: a sparse matrix of {shape[0]} rows and {shape[1]} columns, row by row (CSR) */")
            for what, values in (("rows", starts), ("cols", indices)):
                lines += listed(f"static const int {job.name}_{label}_{what}", [str(n) for n in values] or ["0"])
    for offsets, name in writer.tables.items():
        lines += listed(f"static const int {name}", [str(n) for n in offsets])
    for buffer in writer.constants.values():
        texts = [_plain(v) for v in buffer.data.ravel().tolist()] or ["0.0"]
        lines += listed(f"static const double {writer.places[buffer]}", texts)
    for helper in library.helpers.values():
        lines += writer.helper(helper)
    lines += [*_doc(job), "template <typename T>", *wrapped(f"inline void {job.name}(", parameters), "{"]
    text = "\n".join([*lines, *_using("\n".join(body)), *idle, *work, *body, "}", "", "#endif", ""])
    return {"hpp": text}, 0


def _plain(value: float) -> str:
    if math.isfinite(value):
        return repr(float(value))
    return "NAN" if value != value else "INFINITY" if value > 0 else "-INFINITY"


def _doc(job: Job) -> list[str]:
    lines = ["/**", f" * @brief {comment(job.title)}", " *"]
    lines += [f" * @param {comment(a.label)} {a.said}" for a in job.arguments]
    return [*lines, *[f" * @param[out] out{k} {comment(i.said)}" for k, i in enumerate(job.items)], " */"]
