"""Variables and expressions as they are asked for: one alone, or sequences and arrays of them, which shape results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from symdiff.algebra.text import short
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.graph import VAR, Graph
from symdiff.handle import Handle, is_variable, variable_named
from symdiff.neighbours import is_sympy, node_of_symbol


def shaped(values: Any) -> tuple[list[Any], tuple[int, ...] | None]:
    """A value, sequence or array as a flat list and its shape, None for a single value.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For a dictionary and a set, which have no order to rely on, and for nested sequences of several shapes.
    """
    if isinstance(values, (Mapping, set, frozenset)):
        kind = "dictionary" if isinstance(values, Mapping) else "set"
        raise SymdiffTypeError(
            f"expressions and variables are given in a list or an array, not in a {kind}: {values!r:.60}"
        )
    if isinstance(values, (Handle, str)) or np.isscalar(values):
        return [values], None
    if isinstance(values, np.ndarray):
        return list(values.ravel()), values.shape
    if not isinstance(values, Iterable):
        return [values], None
    items = list(values)
    if any(isinstance(item, (list, tuple, np.ndarray)) for item in items):
        nested = [shaped(item) for item in items]
        shapes = {shape for _, shape in nested}
        if len(shapes) != 1 or None in shapes:
            raise SymdiffValueError("nested sequences have to be of one shape")
        return [v for flat, _ in nested for v in flat], (len(items), *(next(iter(shapes)) or ()))
    return items, (len(items),)


def reshaped(values: Sequence[Any], shape: tuple[int, ...] | None) -> Any:
    """The inverse of `shaped`: a bare value, or an object array."""
    if shape is None:
        return values[0]
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array.reshape(shape)


def variable_nodes(graph: Graph, wrt: Sequence[Any]) -> list[int]:
    """The nodes of variables in a graph, -1 for those that it does not hold.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For what is no variable, and for a name that the graph does not know.
    """
    found = []
    for item in wrt:
        if isinstance(item, str):
            index = variable_named(graph, item)
            if index is None:
                raise SymdiffValueError(f"there is no variable named {item!r} in the graph of the expression")
        elif is_variable(item):
            index = graph.find((VAR, item._cell.key))
        elif is_sympy(item):
            index = node_of_symbol(graph, item)
        else:
            what = short(item) if isinstance(item, Handle) else repr(item)
            raise SymdiffTypeError(
                f"derivatives are taken with respect to variables, not {what}; replace it by a variable first"
            )
        found.append(-1 if index is None else index)
    return found
