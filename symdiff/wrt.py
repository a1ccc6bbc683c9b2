"""Variables and expressions as they are asked for: one alone, or sequences and arrays of them, which shape results."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.graph import VAR, Graph
from symdiff.handle import Handle, handle, is_variable, variable_named
from symdiff.names import element, element_name
from symdiff.neighbours import is_sympy, node_of_symbol
from symdiff.ops import arrays
from symdiff.shapes import shown

_TAKE = arrays.take.opcode


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
    array = np.fromiter(values, object, len(values))  # takes items as they are, in a seventh of the time of a slice
    return array if len(shape) == 1 else array.reshape(shape)


def asked(graph: Graph, wrt: Any) -> tuple[list[int], tuple[int, ...] | None]:
    """The nodes of variables as derivatives are asked for, -1 for those that a graph does not hold, and their shape.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        As `named_arrays`, `shaped` and `variable_nodes`.
    """
    own = own_variables(graph, wrt)
    if own is not None:
        return own
    items, shape = shaped(named_arrays(graph, all_written_out(graph, wrt)))
    return variable_nodes(graph, items), shape


def own_variables(graph: Graph, wrt: Any) -> tuple[list[int], tuple[int, ...] | None] | None:
    """As `asked`, where all are variables of a graph of scalars itself, as in most calls; None where some are not.

    Nor where some came from a neighbour: `check_partial` is for those alone.
    """
    if graph.frozen or graph.infer is not None:
        return None
    items: Sequence[Any]
    if isinstance(wrt, Handle):
        items, shape = (wrt,), None
    elif type(wrt) is list or type(wrt) is tuple:
        items, shape = wrt, (len(wrt),)
    else:
        return None
    nodes, leaves = graph.nodes, graph.leaves
    found = []
    for item in items:
        if not isinstance(item, Handle) or item._graph is not graph:
            return None
        i = item._index
        if nodes[i][0] != VAR or leaves[i].origin is not None:
            return None
        found.append(i)
    return found, shape


def named_arrays(graph: Graph, wrt: Any) -> Any:
    """The same, with the arrays of variables in a graph in place of their names; a variable has its name to itself.

    Raises
    ------
    SymdiffValueError
        For the name of an array of which the graph lacks an element.
    """
    if isinstance(wrt, str):
        array = _array_named(graph, wrt) if variable_named(graph, wrt) is None else None
        return wrt if array is None else array
    if isinstance(wrt, (list, tuple)) and any(isinstance(item, str) for item in wrt):
        return [named_arrays(graph, item) for item in wrt]
    return wrt


def written_out(graph: Graph, item: Any, held: Collection[int] | None = None) -> Any:
    """An array variable, or a block of one, as the scalar variables that a graph holds for it; others as they are.

    Those that are held count, by default all of the graph.
    """
    if not isinstance(item, Handle) or item._graph.infer is None:
        return item
    node = item._graph.nodes[item._index]
    if node[0] != _TAKE and item._index not in item._graph.shapes:
        return item
    from symdiff.algebra.array_expansion import expand  # import late: few expressions hold arrays

    try:
        found = expand(item)
    except SymdiffTypeError:  # leave alone what has named sizes
        return item
    entries = [found] if isinstance(found, Handle) else found.ravel()
    nodes = [graph.find((VAR, v._cell.key)) for v in entries if is_variable(v)]
    return found if any(i is not None and (held is None or i in held) for i in nodes) else item


def all_written_out(graph: Graph, wrt: Any) -> Any:
    """The same of each in a list, nested or not."""
    if isinstance(wrt, np.ndarray) and wrt.dtype == object:
        return reshaped([written_out(graph, v) for v in wrt.flat], wrt.shape)
    if isinstance(wrt, (list, tuple)):
        return [all_written_out(graph, v) for v in wrt]
    return written_out(graph, wrt)


def _array_named(graph: Graph, base: str) -> Any:
    """The array of all variables of a graph that are elements of one name, None where there are none."""
    found: dict[tuple[int, ...], Handle] = {}
    for i, leaf in graph.leaves.copy().items():
        if graph.nodes[i][0] == VAR and leaf.name.startswith(f"{base}["):
            at = element(leaf.name)
            if at is not None and at[0] == base:
                found[at[1]] = handle(graph, i)
    if not found:
        return None
    if len({len(index) for index in found}) > 1:
        raise SymdiffValueError(f"{base} has elements of several dimensions: give an array of variables, not its name")
    array = np.empty([1 + max(places) for places in zip(*found, strict=True)], dtype=object)
    for index in np.ndindex(array.shape):
        if index not in found:
            lacking = element_name(base, index)
            raise SymdiffValueError(
                f"the graph of the expression has no {lacking}: give the array of variables {base}, not its name"
            )
        array[index] = found[index]
    return array


def entry_named(graph: Graph, name: Any) -> Handle | None:
    """The entry of an array variable that a name such as `X[1, 0]` means, None for what is none.

    Raises
    ------
    SymdiffIndexError
        For a place that the array does not have.
    """
    at = element(name) if isinstance(name, str) and variable_named(graph, name) is None else None
    base = None if at is None else variable_named(graph, at[0])
    if at is None or base is None or len(at[1]) != len(graph.shapes.get(base, ())):
        return None
    from symdiff.arrays.indexing import subscripted  # import late: few expressions hold arrays

    return handle(graph, subscripted(graph, base, at[1]))


def entry_asked(graph: Graph, item: Any) -> Handle | None:
    """The entry of an array variable that is asked for, by itself or its name, None for what is none."""
    named = entry_named(graph, item)
    if named is not None or not isinstance(item, Handle):
        return named
    node = item._graph.nodes[item._index]
    is_entry = node[0] == _TAKE and item._graph.nodes[node[2]][0] == VAR and item._index not in item._graph.shapes
    return item if is_entry else None


def of_floats(variables: Iterable[Any]) -> list[Any]:
    """The variables that derivatives are taken by where none are named: no index arrays."""
    return [v for v in variables if v._cell.kind != "int"]


def _called(graph: Graph, name: str) -> list[Any]:
    """The variables of a graph that have a name."""
    return [leaf for i, leaf in graph.leaves.copy().items() if graph.nodes[i][0] == VAR and leaf.name == name]


def check_name(graph: Graph, name: str) -> None:
    """Refuse a name that a scalar variable and arrays share: of functions of arrays it may mean either.

    Raises
    ------
    SymdiffValueError
        Naming their shapes.
    """
    if len(_called(graph, name)) > 1:
        raise _unknown(graph, name)


def _unknown(graph: Graph, name: str) -> SymdiffValueError:
    """The error for a name that means no variable of a graph, or several."""
    alike = _called(graph, name)
    if len(alike) > 1:
        kinds = " and ".join(f"one of shape {shown(leaf.shape)}" for leaf in alike)
        return SymdiffValueError(f"there are several variables named {name!r}, {kinds}: give the variable itself")
    return SymdiffValueError(f"there is no variable named {name!r} in the graph of the expression")


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
                raise _unknown(graph, item)
        elif is_variable(item):
            index = graph.find((VAR, item._cell.key))
        elif is_sympy(item):
            index = node_of_symbol(graph, item)
        else:
            from symdiff.algebra.notation.text import short

            what = short(item) if isinstance(item, Handle) else repr(item)
            raise SymdiffTypeError(
                f"derivatives are taken with respect to variables, not {what}; replace it by a variable first"
            )
        if index is not None and graph.nodes[index][0] == VAR and graph.leaves[index].kind == "int":
            raise SymdiffTypeError(f"{graph.leaves[index].name} is a variable of ints: nothing is differentiated by it")
        found.append(-1 if index is None else index)
    return found
