"""Objects of neighbours in place of symdiff's own: recognised here without importing the neighbour.

What reads them and answers in kind is above, in `bridge/`, and registers itself by `handled_by`.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

import numpy as np

from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.graph import VAR, Graph, Variable

F = TypeVar("F", bound=Callable[..., Any])


class Bridge(Protocol):
    """What handles SymPy's objects."""

    def from_sympy(self, expr: Any, /) -> Any:
        """SymPy's expressions, in any nesting, as symdiff's."""

    def as_expressions(self, /, *values: Any) -> list[Any]:
        """Nestings with SymPy's objects in them read into one graph."""

    def in_kind(self, function: Callable[..., Any], fs: Any, args: Sequence[Any], options: Mapping[str, Any], /) -> Any:
        """The answer of a function of expressions, as SymPy's objects."""

    def is_symbol(self, symbol: Any, /) -> bool:
        """Whether a derivative can be taken by an object of SymPy."""


_bridges: list[Callable[[], Bridge]] = []


def handled_by(load: Callable[[], Bridge]) -> None:
    """Let `load()` give the bridge to SymPy once the first of its objects comes."""
    _bridges.append(load)


def as_expressions(*values: Any) -> list[Any]:
    """Nestings with SymPy's objects in them read into one graph; names, numbers and None stay."""
    return _bridges[-1]().as_expressions(*values)


def is_sympy(value: Any) -> bool:
    """Whether a value is an object of SymPy: an expression, a matrix, an array."""
    sympy = sys.modules.get("sympy")  # look it up: where it was never imported, there is none
    if sympy is None or isinstance(value, type):
        return False
    return isinstance(value, (sympy.Basic, sympy.MatrixBase, sympy.NDimArray))


_LABELLED = frozenset(("pandas", "polars", "xarray", "dask"))


def labelled_by(value: Any) -> str:
    """The package of an array with labels, or of a lazy one: pandas, polars, xarray or dask; empty for others."""
    package = type(value).__module__.partition(".")[0]
    return package if package in _LABELLED else ""


def holds_sympy(value: Any) -> bool:
    """Whether a nesting holds an object of SymPy."""
    if sys.modules.get("sympy") is None:
        return False
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, (list, tuple)):
            stack.extend(item)
        elif isinstance(item, Mapping):
            stack.extend(item.values())
        elif isinstance(item, np.ndarray):
            stack.extend(item.ravel().tolist() if item.dtype == object else ())
        elif is_sympy(item):
            return True
    return False


def answers_in_kind(function: F) -> F:
    """Let a function of expressions take SymPy's in their place, and answer with SymPy's."""

    @functools.wraps(function)
    def either(fs: Any, *args: Any, **options: Any) -> Any:
        if not holds_sympy(fs):
            return function(fs, *args, **options)
        return _bridges[-1]().in_kind(function, fs, args, options)

    return either  # type: ignore[return-value]


def takes_sympy(function: F) -> F:
    """Let a function of expressions take SymPy's in their place; its answer is of numbers."""

    @functools.wraps(function)
    def either(*args: Any, **options: Any) -> Any:
        if args and holds_sympy(args[0]):
            args = (_bridges[-1]().from_sympy(args[0]), *args[1:])
        return function(*args, **options)

    return either  # type: ignore[return-value]


def node_of_symbol(graph: Graph, symbol: Any) -> int | None:
    """The variable of a graph that came from a symbol of SymPy, None where there is none.

    Raises
    ------
    SymdiffTypeError
        For what is no symbol, nor a function of time; for a matrix of which the graph has entries as variables, and
        for an entry of one that it has as a whole.
    """
    if not _bridges[-1]().is_symbol(symbol):
        raise SymdiffTypeError(f"derivatives are taken with respect to variables, not SymPy's {symbol}")
    named = graph.find((VAR, str(symbol)))
    if named is not None and graph.leaves[named].origin in (None, symbol):
        return named
    cells = [(i, leaf) for i, leaf in graph.leaves.copy().items() if graph.nodes[i][0] == VAR]
    found = next((i for i, cell in cells if cell.origin == symbol), None)
    if found is None and hasattr(symbol, "shape"):
        sides = tuple(map(str, symbol.shape))
        alike = [i for i, cell in cells if cell.shape and cell.name == symbol.name and _sides(cell) == sides]
        found = alike[0] if len(alike) == 1 else None
    if found is None:
        _check_entries([cell for _, cell in cells], symbol)
    return found


def _sides(cell: Variable) -> tuple[str, ...]:
    return tuple(map(str, (*cell.shape, 1)[: max(2, len(cell.shape))]))


def _check_entries(cells: Sequence[Variable], symbol: Any) -> None:
    """Refuse a matrix where its entries are variables, and an entry where it is one variable itself."""
    parent = getattr(symbol, "parent", None)
    for cell in cells:
        if hasattr(symbol, "shape") and getattr(cell.origin, "parent", None) == symbol:
            raise SymdiffTypeError(
                f"{cell.name} is a variable of its own here, not an entry of the array {symbol}: from_sympy(expr, "
                f'shapes={{"{symbol}": {symbol.shape}}}) makes it one'
            )
        if parent is not None and cell.shape and cell.name == str(parent):
            raise SymdiffTypeError(
                f"{symbol} is an entry of the array {parent} here: take the derivative by {parent}, and its entry"
            )


def check_partial(graph: Graph, outputs: Sequence[int], wrt: Sequence[int]) -> None:
    """Refuse a derivative by `t` of what has functions of `t` in it, where a partial one would surprise.

    Raises
    ------
    SymdiffValueError
        Naming both, and the ways to the total and to the partial derivative.
    """
    leaves = graph.leaves
    origins = {origin for i in wrt if i >= 0 and (origin := leaves[i].origin) is not None}
    if not origins:
        return
    for i in graph.cone(outputs):
        origin = graph.leaves[i].origin if graph.nodes[i][0] == VAR else None
        symbols: set[Any] = getattr(origin, "free_symbols", set()) - {origin}
        for symbol in symbols & origins:
            raise SymdiffValueError(
                f"{origin} is a function of {symbol}: sd.gradient or sd.jacobian of SymPy's expression "
                f"gives the total derivative by {symbol}, sd.jvp(f, [{symbol}], [1]) the partial one"
            )
