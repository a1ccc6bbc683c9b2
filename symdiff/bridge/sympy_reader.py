"""From SymPy: a tree read into a graph by one loop, each object once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import sympy
from sympy.logic.boolalg import BooleanAtom
from sympy.matrices.expressions.matexpr import MatrixElement

from symdiff.arrays.contraction import contract, fresh, size_node
from symdiff.arrays.reading import TAKE
from symdiff.bridge.sympy_classes import builder, is_symbol, left_open, rewritten
from symdiff.bridge.sympy_matrix_classes import matrix_builder, parts_of
from symdiff.bridge.sympy_nodes import NodeMaker, is_small, no_counterpart
from symdiff.constants import constant
from symdiff.derive.replace import renewed
from symdiff.errors import SymdiffTypeError
from symdiff.graph import VAR, Graph
from symdiff.handle import Handle, handle
from symdiff.keys import whole

SMALL = 200  # size below which terms and factors keep SymPy's printing order, in nodes


def from_sympy(expr: Any, shapes: Mapping[str, Any] | None = None, symmetric: Iterable[str] = ()) -> Any:
    """An expression of SymPy as one of symdiff, in a graph of its own.

    Parameters
    ----------
    expr : sympy.Basic, or list, tuple, dictionary or array of them, nested as you like
        Several share one graph. A matrix that is written out or an N-dimensional array gives an
        object array of its shape, a list or a tuple a list, a dictionary a dictionary.
    shapes : mapping, optional
        Shapes of array variables by name, where they are not those that matrix symbols have: `{"w": (3, 1)}`.
    symmetric : iterable of str
        The names of those that are symmetric, which SymPy's matrix symbols do not say.

    Returns
    -------
    Handle, list, dict or ndarray
        A matrix expression is one array expression: `MatrixSymbol("X", n, 3)` is `Var("X", shape=("n", 3))`.
        A column is a vector, what has one row and one column a number. Entries of a matrix symbol that occurs
        nowhere as a whole, and has no shape given, are variables of their own.
        Terms and factors of a small expression are in the order in which SymPy prints them, those of one
        of 200 nodes or more in an order in which sums and products share what they have in common.
        Its variables remember their symbols, which `to_sympy` gives back.
        Variables are symbols, functions of time such as `q1(t)`, their
        derivatives, `a[i]` and the entries of symbolic matrices.

    Raises
    ------
    SymdiffTypeError
        Naming the SymPy class that has no counterpart here.
    SymdiffValueError
        For a given shape that is not that of the matrix symbol, and sides such as `2*n`.

    >>> import sympy
    >>> import symdiff as sd
    >>> x, y = sympy.symbols("x y")
    >>> f = sd.from_sympy(sympy.sin(x)**2/y)
    >>> f, f.gradient("y")
    (sin(x)**2/y, -sin(x)**2/y/y)
    >>> X, w = sympy.MatrixSymbol("X", 5, 2), sympy.MatrixSymbol("w", 2, 1)
    >>> sd.from_sympy(X.T*X*w)
    X.T @ X @ w
    """
    items, rebuild = opened(expr)
    graph = Graph()
    for item in items:
        if not isinstance(item, sympy.Basic):
            _checked(item)
    reader = Reader(graph, is_small(items, SMALL), shapes, symmetric)
    return rebuild(reader.handles(items))


Rebuild = Callable[[Sequence[Any]], Any]


def opened(values: Any) -> tuple[list[Any], Rebuild]:
    """What a nesting of SymPy's objects holds, in order, and how to put as many others in their places."""
    if isinstance(values, Mapping):
        items, rebuild = opened(list(values.values()))
        keys = list(values)
        return items, lambda found: dict(zip(keys, rebuild(found), strict=True))
    if isinstance(values, (list, tuple, sympy.Tuple)):
        parts = [opened(value) for value in values]
        return [item for items, _ in parts for item in items], lambda found: _listed(parts, found)
    if isinstance(values, np.ndarray):
        return list(values.ravel()), lambda found: array_of(found, values.shape)
    if isinstance(values, sympy.MatrixBase):
        return list(values.flat()), lambda found: array_of(found, tuple(map(int, values.shape)))
    if isinstance(values, sympy.NDimArray):
        flat = [values[index] for index in np.ndindex(*map(int, values.shape))] if values.shape else [values[()]]
        return flat, lambda found: array_of(found, tuple(map(int, values.shape)))
    return [values], lambda found: found[0]


def _listed(parts: Sequence[tuple[list[Any], Rebuild]], found: Sequence[Any]) -> list[Any]:
    result = []
    start = 0
    for items, rebuild in parts:
        result.append(rebuild(found[start : start + len(items)]))
        start += len(items)
    return result


def array_of(values: Sequence[Any], shape: tuple[int, ...]) -> Any:
    """An object array, whatever its entries are."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array.reshape(shape)


def _checked(item: Any) -> None:
    """Refuse what is neither SymPy's, nor a number, nor an expression already."""
    if isinstance(item, Handle):
        return
    try:
        constant(item)
    except SymdiffTypeError as error:
        raise SymdiffTypeError(
            f"from_sympy takes SymPy expressions, not {item!r} of type {type(item).__name__}"
        ) from error


class Reader(NodeMaker):
    """One conversion."""

    def __init__(
        self,
        graph: Graph,
        ordered: bool = False,
        shapes: Mapping[str, Any] | None = None,
        symmetric: Iterable[str] = (),
    ) -> None:
        super().__init__(graph, ordered, shapes, symmetric)
        self.known: dict[int, int] = {}  # nodes by the id of the object
        self.held: list[Any] = []  # references that keep ids from being reused
        self.rewritten: set[int] = set()  # ids of objects that stand as what SymPy writes them by

    def handles(self, items: Sequence[Any]) -> list[Handle]:
        """Several expressions, in which entries of arrays are such, and sizes of arrays too, however they were met."""
        found = [self.read(item) for item in items]
        met = self._entries_and_sizes()
        if not met:
            return [handle(self.graph, self._shaped(item, i)) for item, i in zip(items, found, strict=True)]
        found = renewed(self.graph, found, met)
        alone = Graph()  # one without variables that are none: derivatives by them would be 0
        roots = alone.adopt(self.graph, [self._shaped(item, i) for item, i in zip(items, found, strict=True)])
        return [handle(alone, i) for i in roots]

    def _entries_and_sizes(self) -> dict[int, int]:
        """What takes the place of variables that are entries, or sizes, of arrays."""
        graph = self.graph
        found: dict[int, int] = {}
        if not (self.arrays or self.names or self.given or self.symmetric):
            return found
        for i, leaf in graph.leaves.copy().items():
            if graph.nodes[i][0] != VAR or leaf.shape:
                continue
            if leaf.origin in self.names:
                found[i] = size_node(graph, self.names[leaf.origin])
            elif isinstance(leaf.origin, MatrixElement) and self._is_array(leaf.origin.parent):
                found[i] = self._entry(leaf.origin)
        return found

    def _entry(self, element: Any) -> int:
        """The entry of an array variable that an entry of a matrix symbol is."""
        symbol, *places = element.args
        array: Any = handle(self.graph, self.array_variable(symbol, self.sides_of(symbol.shape)))
        key = tuple([self.size_of(k) for k in places])[: len(array.shape)]
        if not all(isinstance(k, int) for k in key):
            raise no_counterpart(element, "entries at places with numbers")
        return array[key]._index  # type: ignore[no-any-return]

    def _is_array(self, symbol: Any) -> bool:
        return symbol in self.arrays or symbol.name in self.given or symbol.name in self.symmetric

    def _shaped(self, item: Any, i: int) -> int:
        """An expression as it is handed out: a symbol is its variable, a row an array of two axes."""
        sides = self.sides.get(id(item))
        if sides is None or 1 not in sides:
            return i
        if item in self.arrays:
            return self.arrays[item]
        if sides[0] != 1 or sides[1] == 1:
            return i
        graph = self.graph
        node = graph.nodes[i]
        if node[0] == TAKE and graph.shapes[node[2]] == sides and whole(graph.leaves[node[1]][1], sides[1]):
            return int(node[2])
        row, column = fresh(2)
        return contract(graph, [(i, (column,))], (row, column), {row: 1})

    def read(self, root: Any) -> int:
        """The node of an expression."""
        stack: list[tuple[Any, Sequence[Any] | None]] = [(root, None)]
        known = self.known
        while stack:
            obj, below = stack.pop()
            if id(obj) in known:
                continue
            if below is None:
                below = self._below(obj)
                if below:
                    stack.append((obj, below))
                    stack.extend([(part, None) for part in reversed(below)])
                    continue
            known[id(obj)] = self._node(obj, below, [known[id(part)] for part in below])
            self.held.append(obj)
        return known[id(root)]

    def _below(self, obj: Any) -> Sequence[Any]:
        """The parts to be read before an object: its own, or what SymPy writes it by."""
        if not isinstance(obj, sympy.Basic):
            return ()
        other = rewritten(obj)
        if other is not obj:
            self.rewritten.add(id(obj))
            return (other,)
        if isinstance(obj, _LEAVES) or is_symbol(obj):
            return ()
        if matrix_builder(obj) is not None:
            return parts_of(self, obj)
        if builder(obj) is None or isinstance(obj, sympy.MatrixExpr):
            raise no_counterpart(obj)
        if isinstance(obj, sympy.Derivative):
            raise left_open(obj)
        if isinstance(obj, sympy.Piecewise):
            return [part for pair in obj.args for part in pair.args]
        if self.ordered and isinstance(obj, sympy.Add):
            return list(obj.as_ordered_terms())
        if self.ordered and isinstance(obj, sympy.Mul):
            return list(obj.as_ordered_factors())
        return list(obj.args)

    def _node(self, obj: Any, below: Sequence[Any], args: list[int]) -> int:
        if isinstance(obj, Handle):
            return self.adopt(obj)
        if not isinstance(obj, sympy.Basic):
            return self.graph.const(constant(obj))
        if id(obj) in self.rewritten:
            if id(below[0]) in self.sides:
                self.sides[id(obj)] = self.sides[id(below[0])]
            return args[0]
        of_matrices = matrix_builder(obj)
        if of_matrices is not None:
            node, sides = of_matrices(self, obj, below, args)
            if sides is not None:
                self.sides[id(obj)] = sides
            return node
        build_it = builder(obj)
        if build_it is None:
            raise no_counterpart(obj)
        if self.sides and any(id(part) in self.sides for part in below):
            raise no_counterpart(obj, f"functions of every entry, X.applyfunc({type(obj).__name__}),")
        return build_it(self, obj, below, args)

    def adopt(self, expr: Handle) -> int:
        """An expression that is one already; its variables are known by their symbols from then on."""
        if expr._graph is self.graph:
            return expr._index
        for variable in expr.variables:
            cell = variable._cell
            if cell.origin is not None:
                self.keys[cell.origin] = cell.key
                self.symbols.setdefault(cell.name, cell.origin)
        return self.graph.adopt(expr._graph, [expr._index])[0]


_LEAVES = (sympy.Symbol, sympy.Number, sympy.NumberSymbol, type(sympy.I), BooleanAtom)

__all__ = ["from_sympy"]
