"""From SymPy: a tree read into a graph by one loop, each object once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import sympy
from sympy.logic.boolalg import BooleanAtom

from symdiff.bridge.sympy_classes import builder, is_small, is_symbol, left_open, no_counterpart, rewritten
from symdiff.bridge.sympy_nodes import NodeMaker
from symdiff.constants import constant
from symdiff.errors import SymdiffTypeError
from symdiff.graph import Graph
from symdiff.handle import Handle, handle

SMALL = 200  # size below which terms and factors keep SymPy's printing order, in nodes


def from_sympy(expr: Any) -> Any:
    """An expression of SymPy as one of symdiff, in a graph of its own.

    Parameters
    ----------
    expr : sympy.Basic, or list, tuple, dictionary or array of them, nested as you like
        Several share one graph. A matrix or an N-dimensional array gives an
        object array of its shape, a list or a tuple a list, a dictionary a dictionary.

    Returns
    -------
    Handle, list, dict or ndarray
        Terms and factors of a small expression are in the order in which SymPy prints them, those of one
        of 200 nodes or more in an order in which sums and products share what they have in common.
        Its variables remember their symbols, which `to_sympy` gives back.
        Variables are symbols, functions of time such as `q1(t)`, their
        derivatives, `a[i]` and the entries of symbolic matrices.

    Raises
    ------
    SymdiffTypeError
        Naming the SymPy class that has no counterpart here.

    >>> import sympy
    >>> import symdiff as sd
    >>> x, y = sympy.symbols("x y")
    >>> f = sd.from_sympy(sympy.sin(x)**2/y)
    >>> f, f.gradient("y")
    (sin(x)**2/y, -sin(x)**2/y/y)
    """
    items, rebuild = opened(expr)
    graph = Graph()
    for item in items:
        if not isinstance(item, sympy.Basic):
            _checked(item)
    reader = Reader(graph, ordered=is_small(items, SMALL))
    return rebuild([handle(graph, reader.read(item)) for item in items])


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
    if isinstance(values, sympy.MatrixExpr) and all(isinstance(n, (int, sympy.Integer)) for n in values.shape):
        values = values.as_explicit()
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

    def __init__(self, graph: Graph, ordered: bool = False) -> None:
        super().__init__(graph, ordered)
        self.known: dict[int, int] = {}  # nodes by the id of the object
        self.held: list[Any] = []  # references that keep ids from being reused
        self.rewritten: set[int] = set()  # ids of objects that stand as what SymPy writes them by

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
        if builder(obj) is None:
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
            return args[0]
        build_it = builder(obj)
        if build_it is None:
            raise no_counterpart(obj)
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
