"""Substitution: the graph run over other nodes of the graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from symdiff.algebra.notation.text import short
from symdiff.arrays.remaking import fitted, remade
from symdiff.arrays.symmetric_places import check_symmetric
from symdiff.arrays.symmetry import is_symmetric
from symdiff.build import build
from symdiff.errors import SymdiffTypeError
from symdiff.graph import VAR, Graph, Node
from symdiff.handle import Handle, as_handle, gather, handle, is_array, variable_held
from symdiff.neighbours import as_expressions, holds_sympy


def replace(expr: Handle, changes: Mapping[Any, Any]) -> Handle:
    """An expression with subexpressions replaced, all at once; see `Expr.replace`.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For keys that are no expressions, shapes that do not fit, and what is not known to be symmetric in the place
        of a symmetric matrix.
    """
    if not isinstance(changes, Mapping):
        raise SymdiffTypeError(f"replace takes a dictionary from variables to expressions, not {changes!r}")
    if holds_sympy([list(changes), changes]):
        expr, keys, values = as_expressions(expr, list(changes), list(changes.values()))
        changes = dict(zip(keys, values, strict=True))
    changes = {key: _substitute(value) for key, value in changes.items()}
    by_name = {key: value for key, value in changes.items() if isinstance(key, str)}
    pairs = [(key, value) for key, value in changes.items() if not isinstance(key, str)]
    if not all(isinstance(key, Handle) for key, _ in pairs):
        raise SymdiffTypeError("replace takes variables, names or expressions as keys")
    given = [expr, *[key for key, _ in pairs], *[value for _, value in pairs], *by_name.values()]
    graph, (root, *rest) = gather(given)
    count = len(pairs)
    new: dict[int, int] = dict(zip(rest[:count], rest[count : 2 * count], strict=True))
    for name, index in zip(by_name, rest[2 * count :], strict=True):
        held = variable_held(graph, root, name)
        if held is not None:
            new[held] = index
    if graph.shapes:
        new = {i: _fitted(graph, index, i) for i, index in new.items()}
        _check_symmetric(graph, root, new)
    return handle(graph, renewed(graph, [root], new)[0])


def renewed(graph: Graph, roots: Sequence[int], new: dict[int, int]) -> list[int]:
    """Nodes made anew over others; `new` says which nodes take the place of which, and gets all the others."""
    make = remade if graph.shapes else _built
    for i in graph.cone(roots):
        if i not in new:
            node = graph.nodes[i]
            args = node[1:] if node[0] <= VAR else tuple([new[j] for j in node[1:]])
            new[i] = i if args == node[1:] else make(graph, node, args)
    return [new[root] for root in roots]


def _built(graph: Graph, node: Node, args: tuple[int, ...]) -> int:
    return build(graph, node[0], args)


def _fitted(graph: Graph, index: int, place: int) -> int:
    """A node in the place of another, broadcast to its shape."""
    shape = graph.shapes.get(place, ())
    return index if graph.shapes.get(index, ()) == shape else fitted(graph, index, shape, _text(graph, place))


def _check_symmetric(graph: Graph, root: int, new: Mapping[int, int]) -> None:
    """Refuse what is not known to be symmetric in the places of symmetric matrices."""
    places = {i: index for i, index in new.items() if is_symmetric(graph, i)}
    if places:
        for i in places.keys() & set(graph.cone([root])):
            check_symmetric(graph, places[i], _text(graph, i), partial(_text, graph))


def _text(graph: Graph, i: int) -> str:
    return short(handle(graph, i))


def _substitute(value: Any) -> Any:
    """An expression, a number or an array of numbers, as `gather` takes it."""
    if isinstance(value, (list, tuple)):
        value = np.asarray(value)
    if isinstance(value, np.ndarray) and value.ndim and not is_array(value):
        raise SymdiffTypeError("an array of expressions takes no place in an expression: sd.stack makes one of it")
    return value if is_array(value) else as_handle(value)
