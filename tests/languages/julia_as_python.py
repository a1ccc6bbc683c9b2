"""Generated Julia run without Julia: its lines as lines of Python, over arrays that count from 1 and check bounds.

It knows what the writer of Julia writes and no more, and is strict where Julia is: functions raise errors outside of
their domains, arrays column by column have an index for each axis or one for all.
"""

import math
import re

import numpy as np


class Array:
    """An array of Julia; what is in it before it is written is nan."""

    def __init__(self, values):
        self.values = np.array(values, float, order="F")

    def _place(self, at):
        if isinstance(at, tuple):
            assert len(at) == self.values.ndim, (at, self.values.shape)
            assert all(1 <= k <= n for k, n in zip(at, self.values.shape, strict=True)), (at, self.values.shape)
            return tuple(k - 1 for k in at)
        assert 1 <= at <= self.values.size, (at, self.values.shape)
        return np.unravel_index(at - 1, self.values.shape, order="F")

    def __getitem__(self, at):
        if isinstance(at, slice):
            return Array(self.values[at.start - 1 : at.stop])
        if isinstance(at, tuple) and not at:
            assert self.values.size == 1
            return self.values.item()
        return self.values[self._place(at)]

    def __setitem__(self, at, value):
        self.values[self._place(at if not isinstance(at, tuple) or at else 1)] = value


def within(function, inside):
    """A function that raises an error where Julia's does."""

    def call(x):
        if not (inside(x) or x != x):
            raise ValueError(f"DomainError: {function.__name__} of {x}")
        return function(np.float64(x))

    return call


def power(x, y):
    if x < 0 and np.isfinite(x) and not float(y).is_integer():
        raise ValueError(f"DomainError: {x}^{y}")
    return np.float64(x) ** np.float64(y)


SPACE = {
    **{name: getattr(np, name) for name in ("sinh", "cosh", "tanh", "exp", "exp2", "expm1", "cbrt", "floor", "ceil")},
    **{name: getattr(np, name) for name in ("trunc", "abs", "hypot", "copysign", "isfinite")},
    **{name: within(getattr(np, name), np.isfinite) for name in ("sin", "cos", "tan")},
    **{name: within(getattr(np, name), lambda x: x >= 0) for name in ("log", "log2", "log10", "sqrt")},
    "log1p": within(np.log1p, lambda x: x >= -1), "asin": within(np.arcsin, lambda x: abs(x) <= 1),
    "acos": within(np.arccos, lambda x: abs(x) <= 1), "acosh": within(np.arccosh, lambda x: x >= 1),
    "atanh": within(np.arctanh, lambda x: abs(x) <= 1), "asinh": np.arcsinh, "round": np.rint, "rem": np.fmod,
    "atan": lambda y, *x: np.arctan2(y, *x) if x else np.arctan(y), "isinteger": lambda x: float(x).is_integer(),
    "oftype": lambda x, value: np.float64(value), "NaN": math.nan, "Inf": math.inf, "true": True, "false": False,
    "nothing": None, "float": lambda x: x, "zero": lambda kind: np.float64(0.0), "Ref": lambda x: Array([x]),
    "made": lambda *shape: Array(np.full(shape, np.nan)), "power": power, "Array": Array, "Dict": dict,
    "reshape": lambda a, *shape: Array(a.values.reshape(shape, order="F")), "number": np.float64,
    "SparseMatrixCSC": lambda m, n, starts, rows, entries: ("sparse", m, n, starts, rows, entries),
}  # fmt: skip
_NUMBER = re.compile(r"(?<![\w.])(\d+\.\d+(?:e[+-]?\d+)?|\d+e[+-]?\d+)")


def chosen(text):
    """What stands between brackets, its choices as Python writes them, the innermost first."""
    depth, mark, middle = 0, -1, -1
    for k, letter in enumerate(text):
        depth += (letter in "([") - (letter in ")]")
        if not depth and text.startswith(" ? ", k) and mark < 0:
            mark = k
        elif not depth and text.startswith(" : ", k) and mark >= 0 and middle < 0:
            middle = k
    if mark < 0:
        return text
    condition, first, second = text[:mark], text[mark + 3 : middle], text[middle + 3 :]
    return f"({chosen(first)} if {condition} else {chosen(second)})"


def bracketed(text):
    """Choices everywhere, in one walk over the brackets."""
    stack = [[]]
    for letter in text:
        if letter == "(":
            stack.append([])
        elif letter == ")":
            inside = "".join(stack.pop())
            stack[-1].append(f"({chosen(inside)})")
        else:
            stack[-1].append(letter)
    return chosen("".join(stack[0]))


def expression(text):
    """An expression as Python writes it."""
    text = re.sub(r"(?:Array|Vector)\{[^}]*\}\(undef, ", "made(", text)
    text = re.sub(r"(\w)!\(", r"\1_in_place(", text)
    text = text.replace("&&", " and ").replace("||", " or ").replace("[]", "[()]")
    text = re.sub(r"!(?!=)", " not ", text)
    text = re.sub(r"(abs\(x\)|x)\^y", r"power(\1, y)", text)
    text = re.sub(r'"(\w+)" => ', r"\1=", text)
    text = _NUMBER.sub(r"number(\1)", text)
    return bracketed(text)


def python(source):
    """A file of Julia as Python."""
    source = re.sub(r'"""\n.*?\n"""\n', "", source, flags=re.S)
    source = re.sub(r"\(\n\s*(.*?),\n\)", lambda m: "(" + re.sub(r",\n\s*", ", ", m[1]) + ")", source, flags=re.S)
    found, depth = [], 0

    def line(text):
        found.append("    " * depth + text)

    for text in map(str.strip, source.split("\n")):
        if not text or text.startswith(("#", "using ")):
            continue
        if text == "end":
            depth -= 1
        elif re.match(r"(@noinline )?function ", text):
            name, given = re.match(r"(?:@noinline )?function (\w+!?)\((.*)\)$", text).groups()
            given, _, default = given.partition("work = ")
            line(f"def {name.replace('!', '_in_place')}({given}{'work=None' * bool(default)}):")
            depth += 1
            if default:
                line(f"work = {expression(default)} if work is None else work")
        elif text.startswith("for "):
            variable, places = re.match(r"for (\w+) in (.*)$", text).groups()
            parts = places.split(":")
            stop = f"{parts[-1]} {'-' if len(parts) == 3 else '+'} 1"
            line(f"for {variable} in range({parts[0]}, {stop}{', -1' * (len(parts) == 3)}):")
            depth += 1
        elif text.startswith("if "):
            line(f"if {expression(text[3:])}:")
            depth += 1
        elif re.match(r"\w+\(x\) = ", text):
            head, body = text.split(" = ", 1)
            line(f"def {head}: return {expression(body)}")
        elif text.startswith("const "):
            name, values = text[6:].split(" = ")
            integer = not re.search(r"[.eaf]", values)
            line(f"{name} = {'Table' if integer else 'Array'}({expression(values)})")
        elif text.startswith("T_ = "):
            line("T_ = None")
        elif text.startswith("return "):
            line(f"return {expression(text[7:])}")
        else:
            parts = re.match(r"([^=]*?)( \+?= )(.*)$", text)
            target, sign, value = parts.groups() if parts else ("", "", text)
            line(f"{expression(target)}{sign}{expression(value)}")
    assert depth == 0
    return "\n".join(found)


class Table(Array):
    """An array of whole numbers."""

    def __init__(self, values):
        self.values = np.array(values, int)


def loaded(source):
    """The functions of a file."""
    space = {**SPACE, "Table": Table}
    exec(compile(python(source), "<Julia>", "exec"), space)
    return space
