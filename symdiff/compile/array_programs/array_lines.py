"""Lines of NumPy that are being written: each value is computed once, and freed where it is large and read no more."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from symdiff.arrays.contraction_paths import REPRESENTATIVE
from symdiff.exact import to_float
from symdiff.shapes import Size, named

_NAME = re.compile(r"\bt\d+\b")
_VIEW = re.compile(
    r"(\w+)(\.T|\.reshape\(.*\)|\.transpose\(.*\)|\[.*\])+|np\.(?:broadcast_to|einsum)\((?:'\w+->\w*', )?(\w+)\b[^']*"
)
LARGE = 4096  # entries from which a result is freed where it was read last


class Lines:
    """The body of a function of arrays."""

    def __init__(self, taken: Sequence[str]) -> None:
        self.text: list[str] = []
        self.held: dict[str, Any] = {}  # what names stand for that are none of NumPy's
        self.taken = set(taken)  # names that mean something else
        self._known: dict[str, str] = {}  # results by what computes them
        self._comments: dict[str, Callable[[], str]] = {}  # what stands behind lines where people read them
        self._views: dict[str, str] = {}  # values that are in the memory of others
        self.faster: dict[str, str] = {}  # what products by `@` run as: NumPy's `dot` takes 0.6 to 1.6 us less
        self._into: dict[str, str] = {}  # what runs where values go into arrays that are there: these for `{}`
        self.count = 0

    def fresh(self) -> str:
        """A name that nothing has."""
        self.count += 1
        name = f"t{self.count}"
        return self.fresh() if name in self.taken else name

    def value(self, text: str, comment: Callable[[], str] | None = None) -> str:
        """The name of a value, computed here unless it was before."""
        if text.isidentifier():
            return text
        name = self._known.get(text)
        if name is None:
            name = self._known[text] = self.fresh()
            view = _VIEW.fullmatch(text)
            if view is not None and text not in self._into:
                self._views[name] = view[1] or view[3]
            self._add(f"{name} = {text}", comment)
        return name

    def values(self, text: str, count: int, comment: Callable[[], str]) -> list[str]:
        """The names of several values that one call gives."""
        names = [self.fresh() for _ in range(count)]
        self._add(f"{', '.join(names)} = {text}", comment)
        return names

    def _add(self, line: str, comment: Callable[[], str] | None) -> None:
        self.text.append(line)
        if comment is not None:
            self._comments[line] = comment

    def filled(self, text: str, steps: Sequence[str]) -> str:
        """The name of an array that is made and then added to by steps, in which `{0}` stands for it."""
        name = self.fresh()
        self.text.append(f"{name} = {text}")
        self.text += [step.format(name) for step in steps]
        return name

    def noted(self, text: str, into: str) -> str:
        """Code that makes an array, noted with what writes its value into one that is there, which `{}` stands for."""
        self._into[text] = into
        return text

    def is_made(self, text: str) -> bool:
        """Whether code makes an array: it is neither a name nor a view of what has one."""
        return text in self._into or not (text.isidentifier() or _VIEW.fullmatch(text))

    def root(self, name: str) -> str:
        """The name of the array whose memory a value may be in."""
        while name in self._views:
            name = self._views[name]
        return name

    def made_since(self, count: int, name: str) -> bool:
        """Whether a value is in memory that was made since so many names were; nothing else will be read there."""
        root = self.root(name)
        found = None if root in self.taken else re.fullmatch(r"t(\d+)", root)
        if found is None or int(found[1]) <= count:
            return False
        self._known = {text: known for text, known in self._known.items() if self.root(known) != self.root(name)}
        return True

    def hold(self, value: Any, what: str) -> str:
        """A name for an object."""
        for name, kept in self.held.items():
            if kept is value:
                return name
        name, count = what, 1
        while name in self.held or name in self.taken:
            count += 1
            name = f"{what}{count}"
        self.held[name] = value
        return name

    def as_shown(self, line: str) -> str:
        """A line as people read it."""
        return f"{line}  # {self._comments[line]()}" if line in self._comments else line

    def as_run(self, line: str) -> str:
        """A line as it runs: to the same value as the one that people read, in less time."""
        name, equal, value = line.partition(" = ")
        return name + equal + self.faster.get(value, value)

    def as_run_into(self, line: str, arrays: Mapping[str, str]) -> str:
        """A line as it runs where the values of some names go into arrays, as far as it can write them there."""
        names, _, value = line.partition(" = ")
        given = [arrays.get(name) for name in names.split(", ")]
        into = self._into.get(value)
        if into is None or not any(given):
            return self.as_run(line)
        all_given = ", ".join(map(str, given))
        return f"{names} = {into.format(f'({all_given})' if len(given) > 1 else all_given)}"

    def freed(self, results: str, large: set[str]) -> list[str]:
        """The lines, and what frees each large result behind the last that reads it."""
        kept = set(_NAME.findall(results))
        last: dict[str, int] = {}
        for k, line in enumerate(self.text):
            for name in _NAME.findall(line):
                last[name] = k
        after: dict[int, list[str]] = {}
        for name, k in last.items():
            if name in large and name not in kept:
                after.setdefault(k, []).append(name)
        lines = []
        for k, line in enumerate(self.text):
            lines.append(line)
            if k in after:
                lines.append(f"del {', '.join(after[k])}")
        return lines


def entries(shape: Sequence[Size]) -> int:
    """About how many entries an array has."""
    count = 1
    for size in shape:
        count *= size if isinstance(size, int) else max(REPRESENTATIVE + named(size)[1], 1)
    return count


def size_text(size: Size) -> str:
    """A size as code."""
    return f"({size})" if isinstance(size, str) and " " in size else str(size)


def shape_text(shape: Sequence[Size]) -> str:
    """A shape as code."""
    return f"({', '.join(map(size_text, shape))}{',' * (len(shape) == 1)})"


def product_text(sizes: Sequence[Size]) -> str:
    """The product of sizes as code."""
    return "*".join(map(size_text, sizes)) or "1"


def number_text(value: Any) -> str:
    """A number as code that gives a float."""
    number = to_float(value)
    if number != number:
        return "nan"
    if number in (float("inf"), float("-inf")):
        return "inf" if number > 0 else "(-inf)"
    text = repr(float(number))
    text = text[:-2] if text.endswith(".0") and len(text) < 18 else text
    return f"({text})" if text.startswith("-") else text


def copied(lines: Lines, text: str) -> str:
    """A copy of an array as code."""
    return lines.noted(f"np.array({text})", f"filled({{}}, {text})")


def scaled(lines: Lines, coefficient: Any, text: str) -> str:
    """A number times an array as code."""
    code, number = scaled_text(coefficient, text), to_float(coefficient)
    if number == 1:
        return code
    into = f"np.negative({text}, {{}})" if number == -1 else f"np.multiply({number_text(coefficient)}, {text}, {{}})"
    return lines.noted(code, into)


def scaled_text(coefficient: Any, text: str) -> str:
    """A number times a value as code."""
    number = to_float(coefficient)
    if number == 1:
        return text
    return f"-{text}" if number == -1 else f"{number_text(coefficient)}*{text}"
