"""Formulas as people give them: on the command line, in files, through a pipe."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TextIO

from symdiff.errors import ParseError, SymdiffError, SymdiffValueError
from symdiff.expr import Expr
from symdiff.shapes import Shape
from symdiff.wrt import entry_named

STDIN = "-"
_NAME = r"[^\W\d]\w*"
_EQUATION = re.compile(rf"(\s*{_NAME}\s*(?:\([\w\s,]*\)\s*)?):?=(?!=)([^;]*)", re.DOTALL)  # matches f(x) = x**2
_SHOWN = 60  # width limit of a formula in a message, in letters
_MOST, _AT_ONCE = 100_000_000, 1 << 20  # limits of a file, and of what is read at once, in letters


class Formula(NamedTuple):
    """A formula and where it stands; of an equation it is the right-hand side, and `left` the other."""

    text: str
    place: str
    expr: Expr
    left: str = ""

    @property
    def names(self) -> frozenset[str]:
        """The names in the text, also those that simplification has removed from the expression."""
        return frozenset(re.findall(_NAME, self.text)) | {v.name for v in self.expr.variables}

    def entry(self, name: str) -> Expr | None:
        """The entry of an array of the formula that a name such as `w[0]` means."""
        return entry_named(self.expr.graph, name)  # type: ignore[return-value]


class CommandError(SymdiffError):
    """Something on the command line, or in what it names, that can't be used."""


class Arrays(NamedTuple):
    """Which variables of formulas are arrays, and which of these are symmetric."""

    shapes: dict[str, Shape]
    symmetric: list[str]

    def of(self, names: Iterable[str]) -> Arrays:
        """Those that some names are of."""
        held = frozenset(names)
        return Arrays({n: s for n, s in self.shapes.items() if n in held}, [n for n in self.symmetric if n in held])


def read_formulas(given: Sequence[str], files: Sequence[str], arrays: Arrays) -> list[Formula]:
    """The formulas of arguments, of files one a line, and of standard input where an argument is `-`.

    Raises
    ------
    CommandError
        For a file that can't be read, for text that is no formula, and where there is none.
    """
    found: list[Formula] = []
    for text in given:
        if text == STDIN:
            found += _lines(sys.stdin, "standard input", arrays) if sys.stdin else []
        else:
            shown = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
            found.append(_formula(text, f"the formula {shown!r}", arrays))
    for path in files:
        found += _file(path, arrays)
    if not found:
        raise CommandError("there is no formula; give one, --file, or - for standard input")
    return found


def _file(path: str, arrays: Arrays) -> list[Formula]:
    try:
        with open(path, encoding="utf-8-sig") as file:
            return _lines(file, path, arrays)
    except OSError as error:
        raise CommandError(f"{path!r} can't be read: {error.strerror or error}") from error


def _lines(file: TextIO, name: str, arrays: Arrays) -> list[Formula]:
    """The formulas of a file, without blank lines and comments."""
    found = []
    for number, line in enumerate(whole_text(file, name).split("\n"), 1):
        text = line.partition("#")[0].strip()
        if text:
            found.append(_formula(text, f"{name}, line {number}", arrays))
    return found


def whole_text(file: TextIO, name: str) -> str:
    """All that is in a file, which may be a device or a pipe that never ends.

    Raises
    ------
    CommandError
        For what is no text, or too long.
    """
    pieces: list[str] = []
    try:
        while piece := file.read(_AT_ONCE):
            if "\0" in piece:
                raise CommandError(f"{name} is no text: it holds NUL characters")
            pieces.append(piece)
            if len(pieces) * _AT_ONCE > _MOST:
                raise CommandError(f"{name} has more than {_MOST:,} letters: give a part of it at a time")
    except UnicodeDecodeError as error:
        raise CommandError(f"{name} is no text in UTF-8") from error
    return "".join(pieces)


def _formula(text: str, place: str, arrays: Arrays) -> Formula:
    from symdiff import parse

    equation = _EQUATION.fullmatch(text)
    left, text = (equation[1].strip(), equation[2].strip()) if equation else ("", text)
    held = arrays.of(re.findall(_NAME, text))
    try:
        return Formula(text, place, parse(text, held.shapes, held.symmetric), left)
    except ParseError as error:
        message = re.sub(r"^line 1, column", "column", str(error)) if "\n" not in text else str(error)
        hint = "" if arrays.shapes or "@" not in text else "; --shape X=100,2 says that X is an array"
        raise CommandError(f"{place}, {message}{hint}") from error
    except SymdiffError as error:
        raise CommandError(f"{place}: {error}") from error


def piped() -> bool:
    """Whether formulas wait on standard input, when nobody has asked for them: a file, or a pipe with something in it.

    A pipe that stays silent is one that was only inherited.
    """
    import select
    import stat

    try:
        mode = os.fstat(sys.stdin.fileno()).st_mode
        if stat.S_ISREG(mode):
            return bool(_peek())
        if not stat.S_ISFIFO(mode) or not select.select([sys.stdin], [], [], 0.25)[0]:
            return False
        return bool(_peek())
    except (AttributeError, OSError, ValueError):  # treat a stream that is closed, replaced or no file
        return False


def _peek() -> bytes:
    """What comes next on standard input, which stays there."""
    buffer: Any = sys.stdin.buffer
    return bytes(buffer.peek(1))


def check_names(names: Iterable[str], formulas: Sequence[Formula], option: str) -> None:
    """Refuse names that are in none of the formulas.

    Raises
    ------
    SymdiffValueError
        Naming them.
    """
    known = frozenset().union(*[f.names for f in formulas])
    unknown = [name for name in names if name not in known and not any(f.entry(name) is not None for f in formulas)]
    if unknown:
        variables = sorted({v.name for f in formulas for v in f.expr.variables})
        raise SymdiffValueError(
            f"{option} names {', '.join(unknown)}, which no formula has; variables: {', '.join(variables) or 'none'}"
        )
