"""Indented text trees: what an expression is made of, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symdiff.draw.annotations import NOTHING
from symdiff.draw.diagram import title, value_text
from symdiff.draw.drawn_form import drawn_form
from symdiff.draw.labels import cut
from symdiff.draw.passes import passes
from symdiff.draw.view import counted, operands
from symdiff.errors import SymdiffValueError
from symdiff.graph import CONST, VAR
from symdiff.handle import Handle

LINES = 1000
_DEEP = 40  # depth limit of indentation, in levels; what is deeper goes on further below
_NAME = 60  # width limit of a name, in letters


class Tree(str):
    """A text that shows as it is, also without `print`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def tree(expr: Handle, at: Mapping[Any, Any] | None = None, lines: int | None = LINES) -> Tree:
    """As `Expr.tree`."""
    if lines is not None and (isinstance(lines, bool) or not isinstance(lines, int) or lines < 1):
        raise SymdiffValueError(f"lines is a number of lines from 1, or None for all, not {lines!r}")
    return Tree("\n".join(_Writer(expr, at).write(lines)))


class _Writer:
    def __init__(self, expr: Handle, at: Mapping[Any, Any] | None) -> None:
        self.graph, self.root = drawn_form(expr._graph, [expr._index]), expr._index
        self.cone = self.graph.cone([self.root])
        shown = NOTHING if at is None else passes(self.graph, [self.root], at, False)
        self.values = shown.values
        self.uses: dict[int, int] = {}
        for i in self.cone:
            for j in operands(self.graph, i):
                self.uses[j] = self.uses.get(j, 0) + 1
        self.numbers: dict[int, int] = {}  # reference numbers of what is written once
        self.written: set[int] = set()

    def write(self, most: int | None) -> list[str]:
        """The lines, of which the last tells what is left out."""
        lines: list[str] = []
        later = [self.root]
        for i in later:  # visit what the loop appends too
            if i in self.written:
                continue
            stack = [(i, "", "", 0)]
            while stack:
                if most is not None and len(lines) >= most:
                    left = len(self.cone) - len(self.written)
                    return [*lines, f"… {counted(left, 'more node')}"] if left else lines
                self._line(stack, lines, later)
        return lines

    def _line(self, stack: list[tuple[int, str, str, int]], lines: list[str], later: list[int]) -> None:
        i, before, under, level = stack.pop()
        inside = operands(self.graph, i)
        if inside and i in self.written:
            lines.append(f"{before}#{self.numbers[i]} {self._name(i)}, above")
            return
        if level == _DEEP and inside:
            if i not in self.numbers:
                self.numbers[i] = len(self.numbers) + 1
                later.append(i)
            lines.append(f"{before}#{self.numbers[i]} {self._name(i)}, below")
            return
        if inside and (self.uses.get(i, 0) > 1 or i in self.numbers):
            self.numbers.setdefault(i, len(self.numbers) + 1)
        mark = f"#{self.numbers[i]} " if i in self.numbers else ""
        lines.append(f"{before}{mark}{self._name(i)}{self._value(i)}")
        self.written.add(i)
        for k in range(len(inside) - 1, -1, -1):
            last = k == len(inside) - 1
            branch, trunk = ("└─ ", "   ") if last else ("├─ ", "│  ")
            stack.append((inside[k], under + branch, under + trunk, level + 1))

    def _name(self, i: int) -> str:
        if self.graph.nodes[i][0] == VAR:
            return cut(title(self.graph, i), _NAME)
        return title(self.graph, i)

    def _value(self, i: int) -> str:
        if i not in self.values or self.graph.nodes[i][0] == CONST:
            return ""
        return f" = {value_text(self.graph, self.values[i])}"
