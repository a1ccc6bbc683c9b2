"""Strings: expressions as Python and a mathematician read them.

One loop over a stack of pieces writes the text, so depth does not matter. Where
the tree is much larger than the graph, shared parts get names and the text
stays linear: `z1 = …; z2 = …; …`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from symdiff import records
from symdiff.build import ADD, DIV, MUL, NEG, POW, SUB, exact_value, split_power, split_term
from symdiff.expr import Expr, gather, handle
from symdiff.graph import CONST, VAR, Graph, NamedConstant, Node
from symdiff.records import ATOM, OPERATIONS, POWER, PRODUCT, SIGN, SUM

_PLAIN = 40  # a tree of up to this many nodes is never split into parts
_PARTS = 3  # nor one of up to this many times its graph
_TINY = 3  # parts of up to this many nodes get no name
_CAP = 1 << 60
SHORT = 60


def text(exprs: Sequence[Expr]) -> str:
    """The text of one expression, or of several with `; ` between, which `parse` reads back."""
    graph, roots = gather(exprs)
    writer = _Writer(graph, roots)
    lines = [f"{name} = {writer.write(i, define=True)}" for i, name in writer.names.items()]
    return "; ".join(lines + [writer.write(i) for i in roots])


def short(expr: Expr, limit: int = SHORT) -> str:
    """The text of an expression for a message: cut, and not even made where it is huge."""
    size = len(expr.graph.cone([expr._index])) if expr.graph.small_cone(expr._index) else len(expr.graph)
    if size > 1000:
        return f"an expression in a graph of {size:,} nodes"
    whole = str(expr)
    return whole if len(whole) <= limit else whole[: limit - 1] + "…"


def constant_text(value: Any) -> str:
    """A constant as Python reads it."""
    if isinstance(value, NamedConstant):
        return "pi" if value.name == "pi" else "exp(1)"  # names are variables, all but pi
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, float) and not math.isfinite(value):
        return "0/0" if math.isnan(value) else "1/0" if value > 0 else "-1/0"  # inf and nan would be names
    return str(value) if hasattr(value, "context") else repr(value)


def _constant_precedence(value: Any) -> int:
    if isinstance(value, (bool, NamedConstant, complex)) or hasattr(value, "_mpc_"):
        return ATOM
    if isinstance(value, Fraction) or (isinstance(value, float) and not math.isfinite(value)):
        return PRODUCT
    return SIGN if constant_text(value).startswith("-") else ATOM


class _Writer:
    """What is known of each node of a cone before it is written."""

    def __init__(self, graph: Graph, roots: Sequence[int]) -> None:
        self.graph = graph
        self.cone = graph.cone(roots)
        self.negative: dict[int, bool] = {}  # its text starts with a minus
        self.first_term: dict[int, int] = {}
        self.first_factor: dict[int, int] = {}
        self.names: dict[int, str] = {}
        sizes = self._measure()
        if sum(sizes[i] for i in roots) > max(_PLAIN, _PARTS * len(self.cone)):
            self._name_parts(roots, sizes)

    def _measure(self) -> dict[int, int]:
        sizes: dict[int, int] = {}
        for i in self.cone:
            node = self.graph.nodes[i]
            code = node[0]
            if code <= VAR:
                sizes[i] = 1
                self.negative[i] = code == CONST and constant_text(self.graph.leaves[i]).startswith("-")
            else:
                sizes[i] = min(1 + sum([sizes[j] for j in node[1:]]), _CAP)
                self.negative[i] = code == NEG or (self._opens_bare(node) and self.negative[node[1]])
            self.first_term[i] = self.first_term[node[1]] if code in (ADD, SUB) else i
            self.first_factor[i] = self.first_factor[node[1]] if code == MUL else i
        return sizes

    def _opens_bare(self, node: Node) -> bool:
        """Whether the text of a node starts with that of its first operand, not with a bracket."""
        if node[0] in (ADD, SUB):
            return True
        return node[0] in (MUL, DIV) and self.graph.nodes[node[1]][0] not in (ADD, SUB)

    def _name_parts(self, roots: Sequence[int], sizes: dict[int, int]) -> None:
        uses = dict.fromkeys(self.cone, 0)
        for i in self.cone:
            if self.graph.nodes[i][0] > VAR:
                for j in self.graph.nodes[i][1:]:
                    uses[j] += 1
        for i in roots if len(roots) > 1 else ():  # of several, what one is made of the others may be too
            uses[i] += 1
        taken = {self.graph.leaves[i].name for i in self.cone if self.graph.nodes[i][0] == VAR}
        prefix = "z"
        while any(re.fullmatch(prefix + r"\d+", name) for name in taken):
            prefix += "z"
        for i in self.cone:
            if uses[i] > 1 and sizes[i] > _TINY:
                self.names[i] = f"{prefix}{len(self.names) + 1}"

    def write(self, root: int, define: bool = False) -> str:
        """The text of a node; `define` writes out a part that has a name."""
        pieces: list[str] = []
        stack: list[Any] = [(root, 0, False, define)]
        while stack:
            item = stack.pop()
            if type(item) is str:
                pieces.append(item)
            else:
                stack.extend(reversed(self._pieces(*item)))
        return "".join(pieces)

    def _pieces(self, i: int, level: int, strip: bool = False, define: bool = False) -> list[Any]:
        """A node as strings and nodes to write, in brackets where it binds less than `level`.

        `strip` leaves out the minus with which the text starts.
        """
        if i in self.names and not define:
            return [self.names[i]]
        node = self.graph.nodes[i]
        code = node[0]
        if code == VAR:
            return [self.graph.leaves[i].name]
        if code == CONST:
            value = self.graph.leaves[i]
            whole = constant_text(value)
            return self._enclosed([whole[1:] if strip else whole], _constant_precedence(value), level)
        op = OPERATIONS[code]
        if not op.symbol:
            return [op.name, "(", *_joined([(j, 0) for j in self._operands(node)]), ")"]
        if op.arity == 1:
            if code == NEG:
                bare = not self._negative(node[1]) and (strip or self._sign_may_enter(node[1]))
                inner: Any = (node[1], PRODUCT if bare else ATOM)
                return self._enclosed([inner] if strip else ["-", inner], SIGN, level)
            return self._enclosed([op.symbol, (node[1], ATOM)], op.precedence, level)
        return self._enclosed(self._infix(code, node[1], node[2], strip), op.precedence, level)

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

    def _negative(self, i: int) -> bool:
        return self.negative[i] and i not in self.names

    def _infix(self, code: int, a: int, b: int, strip: bool) -> list[Any]:
        op = OPERATIONS[code]
        left: Any = (a, op.precedence, strip)
        if code == POW:
            return [(a, ATOM), "**", (b, POWER)] if not self._negative(b) else [(a, ATOM), "**", "(", (b, 0), ")"]
        if code == ADD:
            level = SUM if self._sum_may_open(a, b) else SUM + 1
            may_open = level == SUM or self.graph.nodes[b][0] not in (ADD, SUB)
            if self._negative(b) and may_open and self._minus_may_move(a, b):
                return [left, " - ", (b, level, True)]
            return [left, " + ", (b, level)]
        if op.precedence == records.COMPARE:
            return [(a, op.precedence + 1, strip), _spaced(op), (b, op.precedence + 1)]
        if self._negative(b):
            return [left, _spaced(op), "(", (b, 0), ")"]
        if code == MUL and self._product_may_open(a, b):
            return [left, "*", (b, PRODUCT)]
        return [left, _spaced(op), (b, op.precedence + 1)]

    def _sum_may_open(self, a: int, b: int) -> bool:
        """Whether `a + (b1 + b2)` reads back the same from `a + b1 + b2`."""
        if self.names or self.graph.nodes[b][0] not in (ADD, SUB):  # other groups would share other parts
            return False
        graph, first = self.graph, self.first_term[b]
        if graph.nodes[a][0] == CONST:
            return bool(graph.nodes[first][0] != CONST)
        return split_term(graph, a)[1] != split_term(graph, first)[1] and exact_value(graph, first) != 0

    def _minus_may_move(self, a: int, b: int) -> bool:
        """Whether `a + (-u)*v` reads back as `a - u*v`: without the sign nothing may merge that did not with it."""
        first, path = self._spine(b)
        node = self.graph.nodes[first]
        if node[0] != NEG:
            return True
        merges, bare = self._merges(node[1], path)
        return not merges and (bare is None or split_term(self.graph, a)[1] != split_term(self.graph, bare)[1])

    def _sign_may_enter(self, i: int) -> bool:
        """Whether `-(u*v)` may be written `-u*v`, which reads as `(-u)*v`: nothing may merge that did not before."""
        first, path = self._spine(i)
        signed = self.graph.find((NEG, first))
        return signed is None or not self._merges(signed, path)[0]

    def _spine(self, i: int) -> tuple[int, list[Node]]:
        """The first factor of a product or quotient, and what it is multiplied or divided by, last first."""
        path = []
        nodes = self.graph.nodes
        while nodes[i][0] in (MUL, DIV) and i not in self.names:
            path.append(nodes[i])
            i = nodes[i][1]
        return i, path

    def _merges(self, first: int, path: list[Node]) -> tuple[bool, int | None]:
        """Whether powers would merge with another first factor; else the node it would be, where there is one."""
        graph = self.graph
        found: int | None = first
        for code, _, other in reversed(path):
            if found is None:  # no other node can be it
                break
            opens = code == MUL and self._product_may_open(found, other)
            factor = self.first_factor[other] if opens else other
            if code == MUL and split_power(graph, found)[1] == split_power(graph, factor)[1]:
                return True, None
            found = None if opens else graph.find((code, found, other))
        return False, found

    def _product_may_open(self, a: int, b: int) -> bool:
        """Whether `a*(b1*b2)` reads back the same from `a*b1*b2`."""
        if self.names or self.graph.nodes[b][0] != MUL:
            return False
        graph, first = self.graph, self.first_factor[b]
        if graph.nodes[first][0] == DIV or isinstance(graph.leaves.get(first), Fraction):
            return False
        if graph.nodes[a][0] == CONST and graph.nodes[first][0] == CONST:
            return False
        return split_power(graph, a)[1] != split_power(graph, first)[1] and exact_value(graph, first) not in (0, 1)


def _spaced(op: records.Operation) -> str:
    return op.symbol if op.precedence >= PRODUCT else f" {op.symbol} "


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
    expr = handle(graph, i)
    return getattr(expr, "name", "") or OPERATIONS[node[0]].symbol or OPERATIONS[node[0]].name
