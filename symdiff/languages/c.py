"""C99: one function of pointers, its helpers, and a header that says what it takes."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from symdiff.languages.job import Item, Job
from symdiff.languages.pieces import PiecewiseWriter, identifiers
from symdiff.languages.recorded import Helper, Library
from symdiff.languages.spelling import Names, Term, spelled_number, words

MATH = words("""
sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh exp exp2 expm1 log log1p log2 log10 logb sqrt cbrt pow
hypot fabs floor ceil trunc rint round nearbyint fmod remainder copysign erf erfc tgamma lgamma fmin fmax fdim fma ldexp
nextafter
""")
_WORDS = words("""
auto break case char const continue default do double else enum extern float for goto if inline int long register
restrict return short signed sizeof static struct switch typedef union unsigned void volatile while main INFINITY NAN
NULL j0 j1 jn y0 y1 yn gamma signgam asm typeof isnan isinf isfinite signbit errno div abs exit abort free malloc printf
true false bool and or not class new delete template this
alignas alignof constexpr nullptr static_assert thread_local unix linux FP_NAN FP_INFINITE FP_ZERO FP_SUBNORMAL
FP_NORMAL FP_ILOGB0 FP_ILOGBNAN HUGE_VAL HUGE_VALF HUGE_VALL MATH_ERRNO MATH_ERREXCEPT math_errhandling
M_E M_LOG2E M_LOG10E M_LN2 M_LN10 M_PI M_PI_2 M_PI_4 M_1_PI M_2_PI M_2_SQRTPI M_SQRT2 M_SQRT1_2
""")
RESERVED = frozenset(_WORDS) | {name + suffix for name in MATH for suffix in ("", "f", "l")}
_OF_REALS = words("""
cabs cacos cacosh carg casin casinh catan catanh ccos ccosh cexp cimag clog conj cpow cproj creal csin csinh csqrt ctan
ctanh drem exp2 fdim finite fma frexp gamma ilogb isinf isnan ldexp llrint llround logb lrint lround modf nan nearbyint
nextafter nexttoward remquo round scalb scalbln scalbn significand remainder sincos exp10 pow10
""")
# what a function that others link with can't be called: functions that compilers know, of the standard libraries
LIBRARY = {name + suffix for name in _OF_REALS for suffix in ("", "f", "l")} | frozenset(
    words("""
abort abs alloca bcmp bcopy bzero calloc exit ffs fprintf fputc fputs free fscanf fwrite imaxabs index isalnum isalpha
isascii isblank iscntrl isdigit isgraph islower isprint ispunct isspace isupper isxdigit labs lgamma_r llabs malloc
memchr memcmp memcpy memmove memset printf putc putchar puts realloc rindex scanf snprintf sprintf sscanf stpcpy stpncpy
strcasecmp strcat strchr strcmp strcpy strcspn strdup strftime strlen strncasecmp strncat strncmp strncpy strndup
strnlen strpbrk strrchr strspn strstr toascii tolower toupper float_t double_t size_t
""")
)
_LINE = 110


class CWriter(PiecewiseWriter):
    """Lines of C."""

    language = "C"
    reserved = RESERVED
    infix = {"and": "&&", "or": "||"}  # noqa: RUF012  # read only
    static = "static"  # what stands in front of functions and tables that others don't see
    restrict = "restrict"

    def __init__(self, name: str, library: Library, names: Names, single: bool) -> None:
        super().__init__(name, library, names)
        self.single = single
        self.real = "float" if single else "double"
        self.functions = {f: self.called(f + "f" * single, _arity(f)) for f in MATH}
        self.parameters: list[tuple[str, str]] = []  # declarations and names of pointers

    def number(self, value: float | bool) -> Term:
        """A constant, exactly."""
        if type(value) is bool:
            return Term(str(int(value)))
        if self.single:
            with np.errstate(over="ignore"):
                value = float(np.float32(value))
        if math.isnan(value):
            return Term("NAN")
        if math.isinf(value):
            return Term("INFINITY") if value > 0 else spelled_number(value, "-INFINITY")
        if not self.single:
            return spelled_number(value, repr(float(value)))
        text = str(np.float32(value))
        return spelled_number(value, f"{text}f")

    def assignment(self, name: str, text: str, condition: bool) -> str:
        """A line that gives a value a name."""
        return f"const {'int' if condition else self.real} {name} = {text};"

    def for_line(self, variable: str, start: str, stop: str, down: bool = False) -> str:
        """The line that begins a loop."""
        if down:
            return f"for (int {variable} = {start} - 1; {variable} >= {stop}; --{variable}) {{"
        return f"for (int {variable} = {start}; {variable} < {stop}; ++{variable}) {{"

    def variable(self, name: str, text: str) -> str:
        """A line that makes a number that changes."""
        return f"{self.real} {name} = {text};"

    def counter(self, name: str, text: str) -> str:
        """A line that makes a whole number that changes."""
        return f"int {name} = {text};"

    def if_line(self, condition: str) -> str:
        """The line that begins what is done under a condition."""
        return f"if ({condition}) {{"

    def added(self, target: str, term: Term) -> str:
        """A line that adds to a variable or an entry."""
        return f"{target} += {term.text};"

    def helper(self, helper: Helper) -> list[str]:
        """The lines of a helper."""
        if self.single and helper.wide:
            return self._in_double(helper)
        names = Names(self.names.taken)
        inputs = [Term(names.fresh("xyzuvw"[k] if k < 6 else f"x{k}")) for k in range(helper.block.arity)]
        letter = names.prefix("t")
        lines, terms = self.lines(helper.block, inputs, lambda slot: f"{letter}{slot}")
        given = ", ".join([f"{self.real} {t.text}" for t in inputs])
        result = terms[helper.block.outputs[0]].text
        body = [f"    {line}" for line in [*lines, f"return {result};"]]
        return [f"{self.static} {self.real} {self.helper_prefix}{helper.name}({given})", "{", *body, "}", ""]

    def _in_double(self, helper: Helper) -> list[str]:
        """A helper that leaves the range of floats on its way: computed in double precision."""
        double = type(self)(self.name, self.library, self.names, single=False)
        lines = double.helper(helper)
        name = f"{self.helper_prefix}{helper.name}"
        lines[0] = lines[0].replace(f"{name}(", f"{name}_double(")
        names = ["x", "y", "z"][: helper.block.arity]
        given, passed = (", ".join([f"{kind}{n}" for n in names]) for kind in ("float ", "(double)"))
        call = f"    return (float){name}_double({passed});"
        return [*lines, f"{self.static} float {name}({given})", "{", call, "}", ""]

    @property
    def apart(self) -> str:
        """What stands in front of a function that is not to become a part of those that call it."""
        return f"{self.name.upper()}_APART static"

    def part(self, lines: list[str], used: set[str]) -> None:
        """A function of its own, and its call."""
        head = self.named_inputs(used)
        given = [(text, name) for text, name in self.parameters if name in used]
        name = self.names.beside(f"{self.name}_part{len(self.parts) + 1}")
        body = [f"    {line}" for line in [*head, *lines]]
        declared = wrapped(f"{self.apart} void {name}(", [text for text, _ in given] or ["void"])
        self.parts.append("\n".join([*declared, "{", *body, "}", ""]))
        self.line(f"{name}({', '.join([name for _, name in given])});")


def _arity(name: str) -> int:
    two = ("atan2", "pow", "hypot", "fmod", "remainder", "copysign", "fmin", "fmax", "fdim", "nextafter", "ldexp")
    return 3 if name == "fma" else 2 if name in two else 1


# -- the whole --------------------------------------------------------------------------------


def write(job: Job) -> tuple[dict[str, str], int]:
    """The texts by suffix, and the size of the workspace."""
    writer = CWriter(job.name, *named(job, "C"), job.single)
    work = written(job, writer)
    return {"c": _source(job, writer, work), "h": _header(job, writer, work)}, work


def named(job: Job, language: str) -> tuple[Library, Names]:
    """The helpers, and the names that are taken."""
    names = Names(RESERVED | {job.name}, job.given_names)
    names.taken |= {"work", *[f"in{k}" for k in range(len(job.arguments))], *[f"out{k}" for k in range(len(job.items))]}
    return Library(language, MATH), names


def written(job: Job, writer: CWriter) -> int:
    """Write the program of a job over pointers; the size of the workspace."""
    program = job.program
    work = writer.cut(program)
    pointer = f"{writer.real} *{writer.restrict} "
    for k, buffer in enumerate(program.inputs):
        writer.places[buffer] = f"in{k}"
        writer.parameters.append((f"const {pointer}in{k}", f"in{k}"))
    for k, buffer in enumerate(program.outputs):
        writer.places[buffer] = f"out{k}"
        writer.parameters.append((f"{pointer}out{k}", f"out{k}"))
    if work:
        writer.parameters.append((f"{pointer}work", "work"))
    aliases = []
    scalars = {}
    for argument, buffer in zip(job.arguments, program.inputs, strict=True):
        if argument.shape is None and not argument.array:
            alias = writer.names.fresh(argument.name)
            scalars[buffer, 0] = alias
            aliases.append((alias, f"{writer.places[buffer]}[0]"))
    writer.scalars, writer.aliases = scalars, aliases
    writer.write(program)
    return work


def _source(job: Job, writer: CWriter, work: int) -> str:
    lines = [f"/* {comment(job.title)} */", "", "#include <math.h>", ""]
    if writer.parts:
        lines += _apart(job.name)
    for item in job.items:
        lines += pattern(job, item, declare=False)
    head = wrapped(f"int {job.name}(", [text for text, _ in writer.parameters] or ["void"])
    body = [*inside(job, writer, work), "    return 0;"]
    return "\n".join([*lines, *definitions(writer), *doc(job, work), *head, "{", *body, "}", ""])


def definitions(writer: CWriter) -> list[str]:
    """Tables, helpers and parts, which the function needs."""
    lines = []
    for offsets, name in writer.tables.items():
        lines += listed(f"{writer.static} const int {name}", [str(n) for n in offsets])
    for buffer in writer.constants.values():
        texts = [writer.number(v).text for v in buffer.data.ravel().tolist()]
        declared = f"{writer.static} const {writer.real} {writer.places[buffer]}"
        lines += listed(declared, texts or [writer.number(0.0).text])
    for helper in writer.library.helpers.values():
        lines += writer.helper(helper)
    return lines + writer.parts


def inside(job: Job, writer: CWriter, work: int) -> list[str]:
    """The lines within the function."""
    used = identifiers(writer.body)
    head = [f"    {line}" for line in writer.named_inputs(used)]
    idle = [f"    (void)in{k};" for k in range(len(job.arguments)) if f"in{k}" not in used]
    idle += ["    (void)work;"] if work and "work" not in used else []
    return [*head, *idle, *writer.body]


def _header(job: Job, writer: CWriter, work: int) -> str:
    guard = f"{job.name.upper()}_H"
    lines = [f"/* {comment(job.title)} */", "", f"#ifndef {guard}", f"#define {guard}", ""]
    lines += ["/** Numbers in the workspace that the caller gives. */", f"#define {job.name.upper()}_WORK {work}", ""]
    lines += ["#ifdef __cplusplus", 'extern "C" {', "#endif", ""]
    for item in job.items:
        lines += pattern(job, item, declare=True)
    plain = [text.replace("*restrict ", "*") for text, _ in writer.parameters]
    signature = wrapped(f"int {job.name}(", plain or ["void"])
    signature[-1] += ";"
    lines += [*doc(job, work), *signature, "", "#ifdef __cplusplus", "}", "#endif", "", "#endif", ""]
    return "\n".join(lines)


def _apart(name: str) -> list[str]:
    """What keeps compilers from making one function again of those that a long one was cut into."""
    macro = f"{name.upper()}_APART"
    return [
        "#if defined(__GNUC__)", f"#define {macro} __attribute__((noinline))", "#elif defined(_MSC_VER)",
        f"#define {macro} __declspec(noinline)", "#else", f"#define {macro}", "#endif", "",
    ]  # fmt: skip


def comment(text: str) -> str:
    """A text as it may stand in a comment."""
    return text.replace("\\", "/").replace("*/", "* /").replace("/*", "/ *")


def doc(job: Job, work: int) -> list[str]:
    """A comment that doxygen reads: shapes and formulas."""
    lines = ["/**", f" * @brief {comment(job.title)}", " *"]
    for k, argument in enumerate(job.arguments):
        lines.append(f" * @param[in] in{k} {comment(argument.label)}: {argument.said}")
    for k, item in enumerate(job.items):
        lines.append(f" * @param[out] out{k} {comment(item.said)}")
    if work:
        lines.append(f" * @param work workspace of {work} numbers, of any values")
    return [*lines, " * @return 0", " */"]


def pattern(job: Job, item: Item, declare: bool) -> list[str]:
    """The constant tables of sparse matrices among the outputs."""
    lines = []
    for label, shape, indices, starts in item.patterns:
        name = f"{job.name}_{label}"
        if declare:
            lines += [f"/** {label}: a sparse matrix of {shape[0]} rows and {shape[1]} columns, row by row (CSR):"]
            lines += [f" *  entries of row i are those from {name}_rows[i] up to {name}_rows[i + 1]. */"]
            lines += [f"extern const int {name}_nnz;", f"extern const int {name}_rows[{len(starts)}];"]
            lines += [f"extern const int {name}_cols[{max(len(indices), 1)}];", ""]
            continue
        lines += [f"extern const int {name}_nnz;", f"extern const int {name}_rows[{len(starts)}];"]
        lines += [f"extern const int {name}_cols[{max(len(indices), 1)}];", f"const int {name}_nnz = {len(indices)};"]
        lines += listed(f"const int {name}_rows", [str(n) for n in starts])
        lines += listed(f"const int {name}_cols", [str(n) for n in indices] or ["0"])
    return lines


def listed(declaration: str, texts: Sequence[str]) -> list[str]:
    """The lines of a constant table."""
    lines = [f"{declaration}[{len(texts)}] = {{"]
    line = "   "
    for text in texts:
        if len(line) + len(text) > _LINE:
            lines.append(line)
            line = "   "
        line += f" {text},"
    return [*lines, line.rstrip(","), "};", ""]


def wrapped(opening: str, parameters: Sequence[str]) -> list[str]:
    """A list of parameters in lines."""
    lines = [opening]
    for k, text in enumerate(parameters):
        piece = text + (", " if k + 1 < len(parameters) else ")")
        if len(lines[-1]) + len(piece) > _LINE:
            lines.append("    ")
        lines[-1] += piece
    return [line.rstrip() for line in lines]
