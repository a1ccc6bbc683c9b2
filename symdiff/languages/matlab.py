"""MATLAB and Octave: a function file of numbers and matrices, its helpers as local functions."""

from __future__ import annotations

import math
from collections.abc import Sequence

from symdiff.languages.job import Job
from symdiff.languages.loop_code import LoopWriter
from symdiff.languages.program import WORK
from symdiff.languages.recorded import Helper, Library
from symdiff.languages.spelling import CHOICE, Names, Term, check_length, float_text, spelled_number, words

COLUMNS = True
_SAME = words("sin cos tan atan sinh cosh tanh asinh exp expm1 erf erfc floor ceil")
# where the functions of these names are complex, or have another value at a pole: nan in their place
_OUTSIDE = {
    "sqrt": "x < 0", "log": "x < 0", "log2": "x < 0", "log10": "x < 0", "log1p": "x < -1", "asin": "abs(x) > 1",
    "acos": "abs(x) > 1", "atanh": "abs(x) > 1", "acosh": "x < 1", "gamma": "x < 0 && x == fix(x)",
}  # fmt: skip
RESERVED = frozenset(
    [*_SAME, *_OUTSIDE, *words("""
abs fix atan2 hypot nthroot gammaln zeros reshape single double true false NaN Inf pi sparse log2 pow2 isnan isinf
work ans eps break case catch classdef continue else elseif end for function global if otherwise parfor persistent
return spmd switch try while until do endif endfor endfunction endwhile unwind_protect end_try_catch nargin nargout
""")]
)  # fmt: skip
_TEXTS = {
    **{name: f"""function y = NAME_{name}(x)
  if {outside}
    y = NaN;
  else
    y = {name}(x);
  end
end
""" for name, outside in _OUTSIDE.items()},
    "lgamma": """function y = NAME_lgamma(x)
  if x < 0
    y = log(pi/abs(x*sin(pi*x))) - gammaln(-x);
  else
    y = gammaln(x);
  end
end
""",
    "pow": """function z = NAME_pow(x, y)
  if x < 0 && y ~= fix(y)
    z = NaN;
  else
    z = x^y;
  end
end
""",
    "fmod": """function r = NAME_fmod(x, y)
  % What is left of x without multiples of y, exactly.
  r = abs(x);
  b = abs(y);
  if isnan(x) || isnan(y) || isinf(x) || y == 0
    r = NaN;
  elseif ~isinf(y)
    [~, low] = log2(b);
    while r >= b
      [~, high] = log2(r);
      c = pow2(b, high - low);
      if c > r
        c = c/2;
      end
      r = r - c;
    end
  end
  if x < 0
    r = -r;
  end
end
""",
    "choose": """function y = NAME_choose(condition, a, b)
  if condition
    y = a;
  else
    y = b;
  end
end
""",
}  # fmt: skip
_LINE = 100
_LONGEST = 63


class MatlabNames(Names):
    """Names of MATLAB, with room for a number behind them."""

    longest = 56


class MatlabWriter(LoopWriter):
    """Lines of MATLAB."""

    language = "MATLAB"
    indent = "  "
    infix = {"and": "&&", "or": "||", "!=": "~="}  # noqa: RUF012  # read only
    negation = "(~{0})"
    choice_needs = (CHOICE, CHOICE, CHOICE)
    end = "end"
    base = 1
    columns = True

    def __init__(self, name: str, library: Library, names: Names, single: bool) -> None:
        super().__init__(name, library, names)
        self.single = single
        self.functions = functions(name)
        self.choice = f"{name}_choose({{0}}, {{1}}, {{2}})"

    def number(self, value: float | bool) -> Term:
        """A constant, exactly."""
        if type(value) is bool:
            return Term("true" if value else "false")
        if math.isfinite(value):
            return spelled_number(value, float_text(value))
        return Term("NaN") if value != value else spelled_number(value, "Inf" if value > 0 else "-Inf")

    def assignment(self, name: str, text: str, condition: bool) -> str:
        """A line that gives a value a name."""
        return f"{name} = {text};"

    def for_line(self, variable: str, start: str, stop: str, down: bool = False) -> str:
        """The line that begins a loop."""
        if down:
            return f"for {variable} = {self.before(start)}:-1:{stop}"
        return f"for {variable} = {start}:{self.before(stop)}"

    def variable(self, name: str, text: str) -> str:
        """A line that makes a number that changes."""
        return f"{name} = {text};"

    counter = variable

    def if_line(self, condition: str) -> str:
        """The line that begins what is done under a condition."""
        return f"if {condition}"

    def entry(self, name: str, index: str) -> str:
        """An entry of an array; a number has no index."""
        return f"{name}({index})" if index else name

    def helper(self, helper: Helper) -> list[str]:
        """The lines of a helper; in single precision some compute in double on their way."""
        names = Names([*RESERVED, *[n for n in self.names.taken if n.startswith(self.helper_prefix)]])
        inputs = [Term(names.fresh("xyzuvw"[k] if k < 6 else f"x{k}")) for k in range(helper.block.arity)]
        found, letter = names.fresh("res"), names.prefix("t")
        lines, terms = self.lines(helper.block, inputs, lambda slot: f"{letter}{slot}")
        given = [t.text for t in inputs]
        lines.append(f"{found} = {terms[helper.block.outputs[0]].text};")
        if self.single and helper.wide:
            lines = [*[f"{x} = double({x});" for x in given], *lines, f"{found} = single({found});"]
        head = f"function {found} = {self.helper_prefix}{helper.name}({', '.join(given)})"
        return [head, *[f"  {line}" for line in lines], "end", ""]


def functions(name: str) -> dict[str, str]:
    """Formats of calls by their names in C, of a file whose function has a name."""
    own = {"tgamma": "gamma", **{f: f for f in (*_OUTSIDE, "lgamma") if f != "gamma"}}
    return {f: f"{f}({{0}})" for f in _SAME} | {f: f"{name}_{text}({{0}})" for f, text in own.items()} | {
        "fabs": "abs({0})", "trunc": "fix({0})", "cbrt": "nthroot({0}, 3)", "atan2": "atan2({0}, {1})",
        "hypot": "hypot({0}, {1})", "pow": f"{name}_pow({{0}}, {{1}})", "fmod": f"{name}_fmod({{0}}, {{1}})",
    }  # fmt: skip


def write(job: Job) -> tuple[dict[str, str], int]:
    """The text of the file."""
    check_length(job.name, "MATLAB", _LONGEST)
    names = MatlabNames([*RESERVED, job.name], job.given_names)
    names.taken |= {f"out{k}" for k in range(len(job.items))}
    short = job.name[:30]
    names.taken |= {f"{short}_{text}" for text in _TEXTS}
    library = Library("MATLAB", functions(short))
    writer = MatlabWriter(short, library, names, job.single)
    program = job.program
    begin = []
    for argument, buffer in zip(job.arguments, program.inputs, strict=True):
        name = writer.places[buffer] = names.fresh(argument.name)
        writer.shapes[buffer] = argument.shape or ()
        begin += [f"{name} = single({name});"] * job.single
    given = [writer.places[b] for b in program.inputs]
    for k, buffer in enumerate(program.outputs):
        shape = job.item_shape(k)
        writer.places[buffer] = f"out{k}"
        writer.shapes[buffer] = shape
        begin += [f"out{k} = {_zeros(shape, job.single)};"] * bool(shape)
    for part in program.parts:
        writer.places[part] = "work"
    if any(b.kind == WORK for b in program.parts):
        begin.append(f"work = {_zeros((program.work,), job.single)};")
    writer.write(program)
    tables = [line for offsets, name in writer.tables.items() for line in _table(name, [str(n) for n in offsets])]
    for buffer in writer.constants.values():
        tables += _table(writer.places[buffer], [writer.number(v).text for v in buffer.data.ravel().tolist()])
    body = [*[f"  {line}" for line in [*begin, *tables]], *writer.body, *[f"  {line}" for line in _sparse(job)]]
    helpers = [line for helper in library.helpers.values() for line in writer.helper(helper)]
    joined = "\n".join([*body, *helpers])
    known = {name: text.replace("NAME", short) for name, text in _TEXTS.items()}
    own = [text for name, text in known.items() if f"{short}_{name}(" in joined]
    results = ", ".join([f"out{k}" for k in range(len(job.items))])
    head = f"function {results if len(job.items) == 1 else f'[{results}]'} = {job.name}({', '.join(given)})"
    lines = [head, *_doc(job, given), *body, "end", "", *helpers, *own]
    return {"m": "\n".join([*lines, ""]).rstrip("\n") + "\n"}, 0


def _zeros(shape: Sequence[int], single: bool) -> str:
    sizes = ", ".join(map(str, shape if len(shape) > 1 else (*shape, 1)))
    return f"zeros({sizes}, 'single')" if single else f"zeros({sizes})"


def _table(name: str, texts: Sequence[str]) -> list[str]:
    """The lines of a table of numbers."""
    lines = [f"{name} = ["]
    for text in texts:
        if len(lines[-1]) + len(text) > _LINE:
            lines[-1] += " ..."
            lines.append("   ")
        lines[-1] += f" {text}"
    lines[-1] += " ];"
    return lines


def _sparse(job: Job) -> list[str]:
    """Lines that make sparse matrices of their entries."""
    lines = []
    for k, item in enumerate(job.items):
        if job.counts[k] != 1 or not item.patterns:
            continue
        ((_, shape, rows, starts),) = item.patterns
        at = [str(j + 1) for j in range(shape[1]) for _ in range(starts[j], starts[j + 1])]
        lines += [*_table(f"rows{k}", [str(r + 1) for r in rows]), *_table(f"cols{k}", at)]
        lines.append(f"out{k} = sparse(rows{k}, cols{k}, double(out{k}), {shape[0]}, {shape[1]});")
    return lines


def _doc(job: Job, given: Sequence[str]) -> list[str]:
    lines = [f"%{job.name.upper()}  {job.title}"]
    lines += [f"%   {name}: {a.said}" for name, a in zip(given, job.arguments, strict=True)]
    for k, item in enumerate(job.items):
        sparse = job.counts[k] == 1 and item.patterns
        lines.append(f"%   out{k}: {'a sparse matrix' if sparse else item.said}")
    return lines
