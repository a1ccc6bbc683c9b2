"""The code of a function of arrays: as people read it, as it runs, and as it runs where results have their place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symdiff.compile.array_programs.array_source import ArraySource
from symdiff.compile.array_programs.scan_bodies import written_by

BUILTINS = {
    "__import__": __import__,
    "float": float,
    "bool": bool,
    "int": int,
}  # NumPy imports on its own in the code's name
# what generated code may name beside what it holds
_NAMES: dict[str, Any] = {
    "__builtins__": BUILTINS, "np": np, "inf": np.inf, "nan": np.nan,
}  # fmt: skip
_OUT = "out"


class Body:
    """A function `f` of some operands, by the lines of its body."""

    def __init__(self, source: ArraySource, operands: Sequence[str], lines: Sequence[str]) -> None:
        self._source, self._operands, self._lines = source, tuple(operands), tuple(lines)

    def shown(self) -> str:
        """The text that people read."""
        return self._text(self._operands, map(self._source.lines.as_shown, self._lines))

    def run(self) -> Callable[..., Any]:
        """The function."""
        lines = self._source.lines
        return _made(self._text(self._operands, map(lines.as_run, self._lines)), lines.held)

    def run_into(self) -> Callable[..., Any] | None:
        """The function that takes a tuple of arrays behind its operands, and computes in them what it can.

        None where that is nothing.
        """
        lines = self._source.lines
        arrays = {text: f"{_OUT}[{k}]" for k, text in enumerate(self._source.results) if text.isidentifier()}
        into = [lines.as_run_into(line, arrays) for line in self._lines]
        if into == list(map(lines.as_run, self._lines)):
            return None
        return _made(self._text([*self._operands, _OUT], into), {**lines.held, "filled": _filled})

    def _text(self, operands: Sequence[str], lines: Iterable[str]) -> str:
        results = self._source.results
        end = f"return ({', '.join(results)}{',' * (len(results) == 1)})"
        return "\n    ".join([f"def f({', '.join(operands)}):", *lines, end])


def _filled(array: NDArray[Any], value: Any) -> NDArray[Any]:
    """The array, with a value in all its entries."""
    array[...] = value
    return array


def _made(text: str, held: Mapping[str, Any]) -> Callable[..., Any]:
    """The function `f` of a text."""
    space: dict[str, Any] = {**_NAMES, **held}
    exec(compile(text, "<symdiff>", "exec"), space)
    function: Callable[..., Any] = space["f"]
    return function


written_by(ArraySource, _made)
