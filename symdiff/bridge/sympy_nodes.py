"""From SymPy: what the builders of its classes make nodes with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

import sympy

from symdiff.build import build, check_whole
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.graph import VAR, Graph, Variable
from symdiff.handle import array_variable_in, variable_in
from symdiff.names import is_text
from symdiff.ops.arrays import infer
from symdiff.records import Operation
from symdiff.shapes import Shape, Size, plus, shape_of, shown

SHOWN = 200  # size limit of an expression that messages print, in nodes

Sides: TypeAlias = "tuple[Size, Size]"  # rows and columns of a matrix


def is_small(objs: Sequence[Any], limit: int) -> bool:
    """Whether the trees of some objects have fewer than so many nodes."""
    stack = list(objs)
    count = 0
    while stack and count < limit:
        count += 1
        item = stack.pop()
        stack.extend(item.args if isinstance(item, sympy.Basic) else ())
    return not stack


def no_counterpart(obj: Any, instead: str = "") -> SymdiffTypeError:
    """The error for an object of a class, or of a form, that has no counterpart; `instead` says which have."""
    found = str(obj) if is_small([obj], SHOWN) else "…"
    message = f"SymPy's {type(obj).__name__} has no counterpart here: {found[:80]}"
    if not instead and isinstance(obj, sympy.MatrixExpr):
        instead = "its entries, by as_explicit(),"
    return SymdiffTypeError(f"{message}; {instead} have one" if instead else message)


class NodeMaker:
    """Makes the nodes of one conversion, in one graph."""

    def __init__(
        self,
        graph: Graph,
        ordered: bool = False,
        shapes: Mapping[str, Any] | None = None,
        symmetric: Iterable[str] = (),
    ) -> None:
        self.graph = graph
        self.ordered = ordered
        self.given = {name: shape_of(shape) for name, shape in (shapes or {}).items()}
        self.symmetric = frozenset(symmetric)
        self.keys: dict[Any, Any] = {}  # keys of the variables of symbols met in other graphs
        self.symbols: dict[str, Any] = {}  # symbols by name, where one has it to itself
        self.sizes: list[float] = []  # sizes of the nodes' trees; a deep one's overflows to infinity
        self.sides: dict[int, Sides] = {}  # rows and columns by the id of a matrix
        self.arrays: dict[Any, int] = {}  # variables of the symbols of matrices
        self.entries: dict[int, Any] = {}  # what stands for an entry, by the id of a function of every entry
        self.names: dict[Any, str] = {}  # names of sizes by their symbols

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
        name = _name_of(symbol)
        owner = self.symbols.setdefault(name, symbol)
        plain = owner == symbol and not isinstance(symbol, sympy.Dummy)
        key = self.keys.get(symbol) or (name if plain else (name, *_identity(symbol)))
        return variable_in(self.graph, Variable(name, key, symbol))._index

    # -- matrices --------------------------------------------------------------------------

    def size_of(self, given: Any) -> Size:
        """A side of a matrix, or a place in one.

        Raises
        ------
        SymdiffValueError
            For what is no number, no symbol, and no symbol plus a number.
        """
        number, rest = given.as_coeff_Add() if isinstance(given, sympy.Expr) else (sympy.Integer(given), 0)
        if rest == 0 and number.is_Integer:
            return int(number)
        if not isinstance(rest, sympy.Symbol) or not number.is_Integer:
            raise SymdiffValueError(f"{given} is no size here: a number, a symbol, or a symbol plus a number is one")
        (name,) = shape_of(rest.name)
        self.names[rest] = str(name)
        return plus(name, int(number))

    def sides_of(self, shape: Sequence[Any]) -> Sides:
        """Rows and columns."""
        self.graph.hold_arrays(infer)
        rows, columns = map(self.size_of, shape)
        return rows, columns

    def array_variable(self, symbol: Any, sides: Sides) -> int:
        """The variable of the symbol of a matrix, in the shape that was given for its name; a column is a vector.

        Raises
        ------
        SymdiffValueError
            For a shape that is not that of the matrix.
        """
        found = self.arrays.get(symbol)
        if found is None:
            found = self.arrays[symbol] = self._array_variable(symbol, sides)
        return found

    def _array_variable(self, symbol: Any, sides: Sides) -> int:
        graph, name = self.graph, _name_of(symbol)
        held = graph.find((VAR, self.keys[symbol])) if symbol in self.keys else graph.named(name)
        if held is not None and _fits(graph.shapes.get(held, ()), sides):
            return held
        shape = self.given.get(name, sides[:1] if sides[1] == 1 else sides)
        if not _fits(shape, sides):
            raise SymdiffValueError(f"{name} of shape {shown(shape)} is no matrix of {sides[0]} × {sides[1]}")
        made = array_variable_in(graph, name, shape, "symmetric" if name in self.symmetric else "")
        if made._cell.origin is None:
            made._cell.origin = symbol
        return made._index


def _name_of(symbol: Any) -> str:
    name = str(symbol)
    if not is_text(name):
        raise SymdiffValueError(f"the name of the symbol {name!r} is no text: it has halves of surrogate pairs")
    return name


def _fits(shape: Shape, sides: Sides) -> bool:
    """Whether an array is a matrix of these sides, a vector as a column."""
    return bool(shape) and (*shape, 1)[: max(2, len(shape))] == sides


def _identity(symbol: Any) -> tuple[Any, ...]:
    """What tells a symbol from others of its name, in plain numbers and strings."""
    if isinstance(symbol, sympy.Symbol):
        given = sorted(symbol._assumptions_orig.items())
        number = symbol.dummy_index if isinstance(symbol, sympy.Dummy) else -1
        return (type(symbol).__name__, number, *given)
    return (sympy.srepr(symbol),)
