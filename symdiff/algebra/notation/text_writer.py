"""The pass that writes text: one loop over a stack of pieces, so depth does not matter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from symdiff import records
from symdiff.algebra.notation.constant_text import constant_precedence, constant_text
from symdiff.algebra.notation.round_trip import as_read, is_negative
from symdiff.build import ADD, NEG, POW
from symdiff.constants import NamedConstant
from symdiff.graph import CONST, VAR, Graph, Node
from symdiff.names import EULER, distinct, quoted, written
from symdiff.records import ATOM, COMPARE, OPERATIONS, POWER

_TIGHT = ("*", "/", "**")  # signs without spaces around


class Writer:
    """Expressions in the form in which they are read, and what parts of them are called."""

    def __init__(self, graph: Graph, roots: Sequence[int]) -> None:
        self.graph, self.roots, cone, parts = as_read(graph, roots)
        variables = [i for i in cone if self.graph.nodes[i][0] == VAR]
        self.plain_names = distinct([self.graph.leaves[i].name for i in variables])
        self.variables = dict(zip(variables, map(written, self.plain_names), strict=True))
        self.constants: dict[int, tuple[str, float]] = {}  # texts of constants, and how tightly they bind
        self.names: dict[int, str] = {}  # names of the parts
        if parts:
            self.name_parts(parts)

    def name_parts(self, parts: Sequence[int]) -> None:
        """Give nodes the names that they have, others such as no variable has."""
        given = self.graph.notes_in(self.graph.cone(self.roots))
        taken = {name.partition("[")[0] for name in self.plain_names} | set(given.values())
        prefix = "z"
        while any(re.fullmatch(prefix + r"\d+", name) for name in taken):
            prefix += "z"
        count = 0
        for i in parts:
            count += i not in given
            self.names[i] = given.get(i) or f"{prefix}{count}"

    def text(self) -> str:
        """The parts that have names, and the expressions."""
        lines = [f"{name} = {self.write(i, define=True)}" for i, name in self.names.items()]
        return "; ".join(lines + [self.write(i) for i in self.roots])

    def write(self, root: int, define: bool = False) -> str:
        """The text of a node; `define` writes out a part that has a name."""
        pieces: list[str] = []
        stack: list[Any] = [(root, 0, define)]
        while stack:
            item = stack.pop()
            if type(item) is str:
                pieces.append(item)
            else:
                stack.extend(reversed(self._pieces(*item)))
        return "".join(pieces)

    def _pieces(self, i: int, level: float, define: bool = False) -> list[Any]:
        """A node as strings and nodes to write, in brackets where it binds less than `level`."""
        if i in self.names and not define:
            return [self.names[i]]
        node = self.graph.nodes[i]
        code = node[0]
        if code == VAR:
            return [self.variables[i]]
        if code == CONST:
            spelled = self.constants.get(i)
            if spelled is None:
                value = self.graph.leaves[i]
                spelled = self.constants[i] = constant_text(value), constant_precedence(value)
            return self._enclosed([spelled[0]], spelled[1], level)
        op = OPERATIONS[code]
        if op.text is not None:
            return self._enclosed(op.text(*node[1:]), op.precedence, level)
        if not op.symbol:
            return [op.name, "(", *commas([(j, 0) for j in self._operands(node)]), ")"]
        if op.arity == 1:
            return self._enclosed([op.symbol, (node[1], POWER if code == NEG else ATOM)], op.precedence, level)
        return self._enclosed(self._infix(code, node[1], node[2]), op.precedence, level)

    def _operands(self, node: Node) -> list[int]:
        """The operands of a function: those of `maximum(maximum(a, b), c)` are a, b, c."""
        first, *others = node[1:]
        while OPERATIONS[node[0]].folds and self.graph.nodes[first][0] == node[0] and first not in self.names:
            _, first, last = self.graph.nodes[first]
            others.append(last)
        return [first, *others[::-1]] if len(node) == 3 else [first, *others]

    @staticmethod
    def _enclosed(pieces: list[Any], precedence: float, level: float) -> list[Any]:
        return ["(", *pieces, ")"] if precedence < level else pieces

    def _infix(self, code: int, a: int, b: int) -> list[Any]:
        op = OPERATIONS[code]
        right: list[Any] = [(b, op.precedence + 1)]
        if code != ADD and op.precedence != COMPARE and is_negative(self.graph, b, self.names):
            right = ["(", (b, 0), ")"]
        elif code == POW:
            right = [(b, POWER)]
        left = ATOM if code == POW else op.precedence + (op.precedence == COMPARE)
        if code == POW and self.variables.get(a) in EULER and self._is_no_number(b):  # keep it from reading as exp(b)
            return [quoted(self.variables[a]), _spaced(op), *right]
        return [(a, left), _spaced(op), *right]

    def _is_no_number(self, i: int) -> bool:
        return self.graph.nodes[i][0] != CONST or isinstance(self.graph.leaves[i], NamedConstant)


def _spaced(op: records.Operation) -> str:
    return op.symbol if op.symbol in _TIGHT else f" {op.symbol} "


def commas(items: Sequence[Any]) -> list[Any]:
    """Items with commas between."""
    pieces: list[Any] = []
    for item in items:
        pieces += [", ", item]
    return pieces[1:]
