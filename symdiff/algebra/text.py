"""Strings: expressions as Python and a mathematician read them.

One loop over a stack of pieces writes the text, so depth does not matter. Where
the tree is much larger than the graph, shared parts get names and the text
stays linear: `z1 = …; z2 = …; …`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from symdiff import records
from symdiff.algebra.round_trip import as_read, is_negative
from symdiff.build import ADD, NEG, POW
from symdiff.digits import decimal
from symdiff.graph import CONST, VAR, Graph, NamedConstant, Node
from symdiff.handle import Handle, gather
from symdiff.names import EULER, distinct, quoted, written
from symdiff.records import ATOM, COMPARE, OPERATIONS, POWER, PRODUCT, SIGN

SHORT = 60
_TIGHT = ("*", "/", "**")  # signs without spaces around
_LONG = 10_000  # bits, of fewer digits than Python refuses to write


def text(exprs: Sequence[Handle]) -> str:
    """The text of one expression, or of several with `; ` between, which `parse` reads back."""
    graph, roots = gather(exprs)
    writer = _Writer(graph, roots)
    lines = [f"{name} = {writer.write(i, define=True)}" for i, name in writer.names.items()]
    return "; ".join(lines + [writer.write(i) for i in writer.roots])


def short(expr: Handle, limit: int = SHORT) -> str:
    """The text of an expression for a message: cut, and not even made where it is huge."""
    size = len(expr.graph.cone([expr._index])) if expr.graph.small_cone(expr._index) else len(expr.graph)
    if size > 1000:
        return f"an expression in a graph of {size:,} nodes"
    whole = str(expr)
    return whole if len(whole) <= limit else whole[: limit - 1] + "…"


def constant_text(value: Any) -> str:
    """A constant as Python reads it."""
    if isinstance(value, NamedConstant):
        return "pi" if value.name == "pi" else "exp(1)"  # build makes it e; names are variables, all but pi
    if isinstance(value, Fraction):
        return f"{_digits(value.numerator)}/{_digits(value.denominator)}"
    if type(value) is int:
        return _digits(value)
    if isinstance(value, float) and not math.isfinite(value):
        return "0/0" if math.isnan(value) else "1/0" if value > 0 else "-1/0"  # divide: inf and nan would be names
    if hasattr(value, "_mpf_"):
        return f'mpf("{decimal(value._mpf_)}")'
    if hasattr(value, "_mpc_"):
        real, imaginary = map(decimal, value._mpc_)
        return f'mpc("{real}", "{imaginary}")'
    return repr(value)


def _digits(value: int) -> str:
    """A whole number in full: by Decimal where Python itself refuses, beyond 4,300 digits."""
    return str(value) if value.bit_length() < _LONG else str(Decimal(value))


def _constant_precedence(value: Any) -> int:
    if isinstance(value, (bool, NamedConstant, complex)):
        return ATOM
    if isinstance(value, Fraction) or (isinstance(value, float) and not math.isfinite(value)):
        return PRODUCT
    return SIGN if constant_text(value).startswith("-") else ATOM


class _Writer:
    """Expressions in the form in which they are read, and what parts of them are called."""

    def __init__(self, graph: Graph, roots: Sequence[int]) -> None:
        self.graph, self.roots, cone, parts = as_read(graph, roots)
        variables = [i for i in cone if self.graph.nodes[i][0] == VAR]
        names = distinct([self.graph.leaves[i].name for i in variables])
        self.variables = dict(zip(variables, map(written, names), strict=True))
        self.names: dict[int, str] = {}  # names of the parts
        if parts:
            self._name(parts, {name.partition("[")[0] for name in names})

    def _name(self, parts: Sequence[int], taken: set[str]) -> None:
        prefix = "z"
        while any(re.fullmatch(prefix + r"\d+", name) for name in taken):
            prefix += "z"
        for i in parts:
            self.names[i] = f"{prefix}{len(self.names) + 1}"

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

    def _pieces(self, i: int, level: int, define: bool = False) -> list[Any]:
        """A node as strings and nodes to write, in brackets where it binds less than `level`."""
        if i in self.names and not define:
            return [self.names[i]]
        node = self.graph.nodes[i]
        code = node[0]
        if code == VAR:
            return [self.variables[i]]
        if code == CONST:
            value = self.graph.leaves[i]
            return self._enclosed([constant_text(value)], _constant_precedence(value), level)
        op = OPERATIONS[code]
        if not op.symbol:
            return [op.name, "(", *_joined([(j, 0) for j in self._operands(node)]), ")"]
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
    def _enclosed(pieces: list[Any], precedence: int, level: int) -> list[Any]:
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


def _joined(items: list[Any]) -> list[Any]:
    pieces: list[Any] = []
    for item in items:
        pieces += [", ", item]
    return pieces[1:]


def label(graph: Graph, i: int) -> str:
    """The text of a node whose operands are left out: a constant, a name, an operation."""
    node = graph.nodes[i]
    if node[0] == CONST:
        return constant_text(graph.leaves[i])
    if node[0] == VAR:
        return str(graph.leaves[i].name)
    return OPERATIONS[node[0]].symbol or OPERATIONS[node[0]].name
