"""From SymPy: what the builders of its classes make nodes with."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import sympy

from symdiff.build import build, check_whole
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.graph import VAR, Graph, Variable
from symdiff.handle import variable_in
from symdiff.names import is_text
from symdiff.records import Operation


class NodeMaker:
    """Makes the nodes of one conversion, in one graph."""

    def __init__(self, graph: Graph, ordered: bool = False) -> None:
        self.graph = graph
        self.ordered = ordered
        self.keys: dict[Any, Any] = {}  # keys of the variables of symbols met in other graphs
        self.symbols: dict[str, Any] = {}  # symbols by name, where one has it to itself
        self.sizes: list[float] = []  # sizes of the nodes' trees; a deep one's overflows to infinity

    def make(self, op: Operation, *args: int) -> int:
        """An operation on nodes."""
        if op.whole:
            check_whole(self.graph, op, args)
        return build(self.graph, op.opcode, args)

    def const(self, value: Any) -> int:
        """A constant."""
        return self.graph.const(value)

    def exact(self, value: Fraction) -> int:
        """An exact constant, an int where it is whole."""
        return self.graph.const(value.numerator if value.denominator == 1 else value)

    def fold(self, op: Operation, args: Sequence[int]) -> int:
        """An operation of two operands over any number of them."""
        result = args[0]
        for i in args[1:]:
            result = self.make(op, result, i)
        return result

    def by_size(self, args: list[int]) -> list[int]:
        """The operands of a sum or product, the smallest first; as they are where they are to stand as printed.

        An order that depends on the operands alone: what several sums or products have in common often comes
        first in each and so is one node, also where they are read one by one into graphs of their own.
        """
        if self.ordered or len(args) < 2:
            return args
        sizes = self.sizes
        for node in self.graph.nodes[len(sizes) :]:
            size = 1.0
            for j in node[1:] if node[0] > VAR else ():
                size += sizes[j]
            sizes.append(size)
        return sorted(args, key=sizes.__getitem__)

    def variable(self, symbol: Any) -> int:
        """The variable of a symbol; a second symbol of one name gets a key of its own, a Dummy always."""
        if not symbol.is_commutative:
            raise SymdiffTypeError(f"{symbol} is a non-commutative symbol of SymPy, which has no counterpart")
        name = str(symbol)
        if not is_text(name):
            raise SymdiffValueError(f"the name of the symbol {name!r} is no text: it has halves of surrogate pairs")
        owner = self.symbols.setdefault(name, symbol)
        plain = owner == symbol and not isinstance(symbol, sympy.Dummy)
        key = self.keys.get(symbol) or (name if plain else (name, *_identity(symbol)))
        return variable_in(self.graph, Variable(name, key, symbol))._index


def _identity(symbol: Any) -> tuple[Any, ...]:
    """What tells a symbol from others of its name, in plain numbers and strings."""
    if isinstance(symbol, sympy.Symbol):
        given = sorted(symbol._assumptions_orig.items())
        number = symbol.dummy_index if isinstance(symbol, sympy.Dummy) else -1
        return (type(symbol).__name__, number, *given)
    return (sympy.srepr(symbol),)
