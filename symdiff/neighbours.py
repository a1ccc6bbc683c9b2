"""Objects of neighbours in place of symdiff's own: recognised without importing the neighbour."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np

from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.graph import VAR, Graph

F = TypeVar("F", bound=Callable[..., Any])


def is_sympy(value: Any) -> bool:
    """Whether a value is an object of SymPy: an expression, a matrix, an array."""
    sympy = sys.modules.get("sympy")  # where it was never imported, there is none
    if sympy is None or isinstance(value, type):
        return False
    return isinstance(value, (sympy.Basic, sympy.MatrixBase, sympy.NDimArray))


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
        from symdiff.bridge.sympy_calls import in_kind

        return in_kind(function, fs, args, options)

    return either  # type: ignore[return-value]


def takes_sympy(function: F) -> F:
    """Let a function of expressions take SymPy's in their place; its answer is of numbers."""

    @functools.wraps(function)
    def either(*args: Any, **options: Any) -> Any:
        if args and holds_sympy(args[0]):
            from symdiff.bridge.sympy import from_sympy

            args = (from_sympy(args[0]), *args[1:])
        return function(*args, **options)

    return either  # type: ignore[return-value]


def node_of_symbol(graph: Graph, symbol: Any) -> int | None:
    """The variable of a graph that came from a symbol of SymPy, None where there is none.

    Raises
    ------
    SymdiffTypeError
        For what is no symbol, nor a function of time.
    """
    from symdiff.bridge.sympy_classes import is_variable

    if not is_variable(symbol):
        raise SymdiffTypeError(f"derivatives are taken with respect to variables, not SymPy's {symbol}")
    named = graph.find((VAR, str(symbol)))
    if named is not None and graph.leaves[named].origin in (None, symbol):
        return named
    cells = ((i, leaf) for i, leaf in graph.leaves.items() if graph.nodes[i][0] == VAR)
    return next((i for i, cell in cells if cell.origin == symbol), None)


def check_partial(graph: Graph, outputs: Sequence[int], wrt: Sequence[int]) -> None:
    """Refuse a derivative by `t` of what has functions of `t` in it, where a partial one would surprise.

    Raises
    ------
    SymdiffValueError
        Naming both, and the ways to the total and to the partial derivative.
    """
    origins = {graph.leaves[i].origin for i in wrt if i >= 0} - {None}
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
