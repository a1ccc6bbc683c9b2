"""Python without NumPy: a function of numbers and nested lists, by `math` alone."""

from __future__ import annotations

import keyword
import math
from math import prod
from typing import Any

from symdiff.compile.results import ARRAY, NUMBER
from symdiff.languages.job import Job
from symdiff.languages.loop_code import LoopWriter
from symdiff.languages.program import WORK
from symdiff.languages.recorded import Helper, Library
from symdiff.languages.spelling import ATOM, CHOICE, OR, Names, Term, float_text, spelled_number, words

RESERVED = frozenset(
    [*keyword.kwlist, *words("math range len print inf nan float work isinstance list tuple abs round hasattr")]
)
_ONE = words("""
sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh exp expm1 log log1p log2 log10 sqrt erf erfc
""")
# infinities where `math` raises: at poles, and beyond the largest float
_POLES = {"log": "0: -inf", "log2": "0: -inf", "log10": "0: -inf", "log1p": "-1: -inf", "atanh": "1: inf, -1: -inf"}
_GUARDED = (*_ONE, "tgamma", "lgamma", "floor", "ceil", "trunc", "rint", "cbrt")
FUNCTIONS = {name: f"_{name}({{0}})" for name in _GUARDED} | {
    "atan2": "math.atan2({0}, {1})", "hypot": "math.hypot({0}, {1})", "pow": "_pow({0}, {1})", "fabs": "abs({0})",
    "fmod": "_fmod({0}, {1})", "copysign": "math.copysign({0}, {1})",
}  # fmt: skip
_ROUNDED = {"floor": "math.floor(x)", "ceil": "math.ceil(x)", "trunc": "math.trunc(x)", "rint": "round(x)"}
_TEXTS = {
    "div": """def _div(x, y):
    try:
        return x/y
    except ZeroDivisionError:
        return math.nan if x == 0 or x != x else math.copysign(math.inf, x)*math.copysign(1.0, y)
""",
    "pow": """def _pow(x, y):
    try:
        return math.pow(x, y)
    except OverflowError:
        return -math.inf if x < 0 and y % 2 == 1 else math.inf
    except ValueError:
        if x != 0:
            return math.nan
        return math.copysign(math.inf, x) if y % 2 == 1 else math.inf
""",
    "fmod": """def _fmod(x, y):
    try:
        return math.fmod(x, y)
    except ValueError:
        return math.nan
""",
    "tgamma": """def _tgamma(x):
    try:
        return math.gamma(x)
    except OverflowError:
        return math.inf
    except ValueError:
        return math.copysign(math.inf, x) if x == 0 else math.nan
""",
    "lgamma": """def _lgamma(x):
    try:
        return math.lgamma(x)
    except (OverflowError, ValueError):
        return math.inf
""",
    "cbrt": """def _cbrt(x):
    y = math.copysign(abs(x)**(1/3), x)
    return y if y == 0 or y - y != 0 else y - (y*y*y - x)/(3*y*y)
""",
    **{name: f"def _{name}(x):\n    return math.copysign({call}, x) if math.isfinite(x) else x\n"
       for name, call in _ROUNDED.items()},
    "flat": """def _flat(x):
    return [float(v) for row in x for v in (_flat(row) if hasattr(row, "__len__") else [row])]
""",
    "shaped": """def _shaped(flat, shape):
    if len(shape) < 2:
        return list(flat)
    size = len(flat)//shape[0] if shape[0] else 0
    return [_shaped(flat[k*size:(k + 1)*size], shape[1:]) for k in range(shape[0])]
""",
}  # fmt: skip


def _guarded(name: str) -> str:
    """A function of `math` that raises nothing."""
    beyond = {"sinh": "math.copysign(math.inf, x)"}.get(name, "math.inf")
    poles = _POLES.get(name, "").replace("inf", "math.inf")
    outside = f"{{{poles}}}.get(x, math.nan)" if poles else "math.nan"
    return f"""def _{name}(x):
    try:
        return math.{name}(x)
    except OverflowError:
        return {beyond}
    except ValueError:
        return {outside}
"""


class PythonWriter(LoopWriter):
    """Lines of Python."""

    language = "Python"
    functions = FUNCTIONS
    infix = {}  # noqa: RUF012  # read only
    negation = "(not {0})"
    choice = "({1} if {0} else {2})"
    choice_needs = (OR, OR, OR)
    end = ""

    def _template(self, what: Any, count: int) -> Any:
        found = super()._template(what, count)
        if what.form == "infix" and what.name == "/":
            return found._replace(text="_div({0}, {1})", needs=(CHOICE, CHOICE), level=ATOM)
        return found

    def number(self, value: float | bool) -> Term:
        """A constant, exactly."""
        if type(value) is bool:
            return Term(str(value))
        if math.isfinite(value):
            return spelled_number(value, float_text(value))
        return Term("math.nan") if value != value else spelled_number(value, "-math.inf" if value < 0 else "math.inf")

    def assignment(self, name: str, text: str, condition: bool) -> str:
        """A line that gives a value a name."""
        return f"{name} = {text}"

    def for_line(self, variable: str, start: str, stop: str, down: bool = False) -> str:
        """The line that begins a loop."""
        if down:
            return f"for {variable} in range({start} - 1, {stop} - 1, -1):"
        return f"for {variable} in range({stop}):" if start == "0" else f"for {variable} in range({start}, {stop}):"

    def variable(self, name: str, text: str) -> str:
        """A line that makes a number that changes."""
        return f"{name} = {text}"

    counter = variable

    def set_line(self, target: str, text: str) -> str:
        """A line that changes a variable or an entry."""
        return f"{target} = {text}"

    def if_line(self, condition: str) -> str:
        """The line that begins what is done under a condition."""
        return f"if {condition}:"

    def helper(self, helper: Helper) -> list[str]:
        """The lines of a helper."""
        names = Names(self.names.taken)
        inputs = [Term(names.fresh("xyzuvw"[k] if k < 6 else f"x{k}")) for k in range(helper.block.arity)]
        lines, terms = self.lines(helper.block, inputs, lambda slot: f"t{slot}")
        head = f"def {self.helper_prefix}{helper.name}({', '.join([t.text for t in inputs])}):"
        return [head, *[f"    {line}" for line in [*lines, f"return {terms[helper.block.outputs[0]].text}"]], "", ""]


def write(job: Job) -> tuple[dict[str, str], int]:
    """The text of the module."""
    names = Names(RESERVED | {job.name}, job.given_names)
    names.taken |= {f"out{k}" for k in range(len(job.items))}
    library = Library("Python", FUNCTIONS)
    writer = PythonWriter("", library, names)
    program = job.program
    given, scalars, begin = [], {}, []
    for argument, buffer in zip(job.arguments, program.inputs, strict=True):
        name = names.fresh(argument.name)
        given.append(name)
        writer.places[buffer] = name
        begin.append(f"    {name} = float({name})" if argument.shape is None else f"    {name} = _flat({name})")
        if argument.shape is None:
            scalars[buffer, 0] = name
    for k, buffer in enumerate(program.outputs):
        writer.places[buffer] = f"out{k}"
        begin.append(f"    out{k} = [0.0]*{buffer.size}")
    for part in program.parts:
        writer.places[part] = "work"
    if any(b.kind == WORK for b in program.parts):
        begin.append(f"    work = [0.0]*{program.work}")
    writer.scalars = scalars
    writer.write(program)
    result = job.nested_text(_leaves(job))
    constants = [f"{name} = {list(offsets)}" for offsets, name in writer.tables.items()]
    for buffer in writer.constants.values():
        texts = [writer.number(v).text for v in buffer.data.ravel().tolist()]
        constants.append(f"{writer.places[buffer]} = [{', '.join(texts)}]")
    helpers = [line for helper in library.helpers.values() for line in writer.helper(helper)]
    joined = "\n".join([*helpers, *begin, *writer.body, result])
    known = {**{name: _guarded(name) for name in _ONE}, **_TEXTS}
    own = [f"{text}\n\n" for name, text in known.items() if f"_{name}(" in joined]
    title = job.title.replace("\\", "/").replace('"""', "'''")
    doc = "; ".join([f"{n}: {a.said}" for n, a in zip(given, job.arguments, strict=True)]).replace("\\", "/")
    head = [f"def {job.name}({', '.join(given)}):", f'    """{doc or "No inputs"}."""']
    lines = [
        f'"""{title}"""',
        "",
        "import math",
        "",
        *constants,
        *([""] if constants else []),
        "",
        *own,
        *helpers,
        *head,
    ]
    return {"py": "\n".join([*lines, *begin, *writer.body, f"    return {result}", ""])}, 0


def _leaves(job: Job) -> list[str]:
    """The text of each leaf of the results."""
    found: list[str] = []
    at = 0
    for k, count in enumerate(job.counts):
        offset = 0
        for leaf, own in zip(job.results.leaves[at : at + count], job.leaves[at : at + count], strict=True):
            size = sum([prod(job.shape(i)) for i in own])
            flat = f"out{k}[{offset}:{offset + size}]"
            shape = job.shape(own[0]) if leaf.kind == NUMBER else leaf.shape
            if leaf.kind in (NUMBER, ARRAY):
                found.append(f"_shaped({flat}, {shape})" if shape else f"out{k}[{offset}]")
            else:
                _, cols, rows = job.pattern(leaf)
                found.append(f"({flat}, {list(cols)}, {list(rows)})")
            offset += size
        at += count
    return found
