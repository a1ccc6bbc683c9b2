"""Points of array programs: what variables and constants are computed with, and the numbers behind named sizes.

Where the values that come in are floats or arrays of them, all are NumPy's arrays; ints, Fractions, mpmath's numbers,
dual numbers and expressions are entries of object arrays, lifted one by one as numbers are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from symdiff.algebra.numbers import ARRAY, COMPLEX, EXACT, FLOAT, MP, OBJECT, clean, kind_of
from symdiff.algebra.perturbation import Perturbation
from symdiff.algebra.places import whole_numbers
from symdiff.arithmetic import Arithmetic
from symdiff.array_constants import is_sparse
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.graph import Graph, Program, Variable
from symdiff.handle import Handle, variable_named
from symdiff.records import FIRST_ARRAY_CODE
from symdiff.shapes import Shape, bind, shown


def is_shaped(graph: Graph, program: Program) -> bool:
    """Whether a program holds arrays, or operations of arrays: a size is a scalar."""
    shapes = graph.shapes
    return any(i in shapes for i in program.origin) or any(node[0] >= FIRST_ARRAY_CODE for node in program.nodes)


# -- one value ---------------------------------------------------------------------------


def array_value(name: str, value: Any, shape: Shape) -> Any:
    """The value of an array variable: an array of floats or of objects, or a sparse matrix.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For what is no array of numbers.
    """
    if isinstance(value, Handle):
        raise SymdiffTypeError(f"the value of {name} is an expression: write f.replace({{{name}: …}})")
    if is_sparse(value):
        return value.astype(np.float64) if value.dtype.kind in "iub" else value
    if isinstance(value, Arithmetic):
        return entries_of(value)
    if not isinstance(value, np.ndarray):
        value = _of_sequence(name, value, shape)
    if value.dtype != object and value.dtype.kind in "biufc":
        return clean(value)
    return _mapped(lambda v: v if isinstance(v, Arithmetic) else _cleaned(name, v), value.astype(object))


def _of_sequence(name: str, value: Any, shape: Shape) -> np.ndarray[Any, Any]:
    """Nested lists as an array; ints stay exact."""
    try:
        found = np.asarray(value)
        exact = found.dtype.kind in "iu" and not isinstance(value, np.generic)
        return np.array(value, dtype=object) if exact or found.dtype.kind not in "fc" else found
    except ValueError as error:
        raise SymdiffValueError(
            f"the value of {name}, of shape {shown(shape)}, has rows of different length"
        ) from error


def _cleaned(name: str, value: Any) -> Any:
    try:
        return clean(value)
    except SymdiffTypeError as error:
        raise SymdiffTypeError(f"the value of {name} holds {value!r:.60}, which is no number") from error


def _mapped(function: Callable[[Any], Any], array: Any) -> Any:
    found = np.empty(array.shape, dtype=object)
    for index in np.ndindex(*array.shape):
        found[index] = function(array[index])
    return found


def entries_of(value: Any) -> Any:
    """A dual number or series of arrays as an array of such numbers; axes of a vector of tangents are in front."""
    if not isinstance(value, Perturbation):
        return np.asarray(value)
    parts = [entries_of(part) for part in value._parts()]
    shape = parts[0].shape
    full = [part if part.ndim >= len(shape) else np.broadcast_to(part, shape) for part in parts]
    found = np.empty(shape, dtype=object)
    for index in np.ndindex(*shape):
        found[index] = value._of_parts([_bare(part[(..., *index)]) for part in full])
    return found


def _bare(value: Any) -> Any:
    return value if value.ndim else value[()]


def gathered(value: Any) -> Any:
    """An object array as it is handed out: numbers as an array of NumPy's, dual numbers as one number of arrays."""
    if isinstance(value, (np.float64, np.complex128, np.bool_)):
        return value.item()
    if not isinstance(value, np.ndarray) or value.dtype != object:
        return value
    flat = list(value.flat)
    if flat and all(type(v) in (int, float, complex, bool, np.float64) for v in flat):
        try:
            return np.array(flat).reshape(value.shape)
        except OverflowError:
            return value
    carriers = [v for v in flat if isinstance(v, Perturbation)]
    if not carriers:
        return value
    top = max(carriers, key=lambda v: v.level)
    alike = [v._parts() if isinstance(v, Perturbation) and v.level == top.level else [v] for v in flat]
    count = max(map(len, alike))
    parts = [[own[k] if k < len(own) else 0 for own in alike] for k in range(count)]
    return top._of_parts([_stacked(part, value.shape) for part in parts])


def _stacked(entries: Sequence[Any], shape: tuple[int, ...]) -> Any:
    """Numbers as an array; of vectors the axes stand in front."""
    lead = np.broadcast_shapes(*[v.shape if isinstance(v, np.ndarray) else () for v in entries])
    if lead:
        return np.stack([np.broadcast_to(v, lead) for v in entries], axis=-1).reshape(lead + shape)
    found = np.empty(len(entries), dtype=object)
    found[:] = entries
    return gathered(found.reshape(shape))


# -- all values of a point -----------------------------------------------------------------


def value_of(cell: Variable, value: Any) -> Any:
    """The value of a variable beside arrays: its shape is that of a batch, then its own."""
    if cell.kind == "int":
        return whole_numbers(cell.name, value)
    if cell.shape or isinstance(value, (list, tuple)):
        return array_value(cell.name, value, cell.shape)
    if isinstance(value, Arithmetic):
        return entries_of(value) if value._holds_array() and not isinstance(value, Handle) else value
    return _cleaned(cell.name, value)


def parts_of(values: Iterable[Any]) -> Iterator[Any]:
    """The numbers of a point: arrays of floats as they are, object arrays entry by entry."""
    for value in values:
        if isinstance(value, np.ndarray) and value.dtype == object:
            yield from value.flat
        else:
            yield value.data if is_sparse(value) else value


def meeting_kind(parts: Sequence[Any]) -> int:
    """The kind in which the numbers of a point meet: `ARRAY` where one is a float; -1 for others than numbers."""
    kinds = {kind_of(part) for part in parts}
    if -1 in kinds or OBJECT in kinds:
        return -1
    if MP in kinds:
        return MP
    if ARRAY in kinds:
        return ARRAY
    return max(kinds, default=EXACT)


def entered(value: Any, kind: int, lift: Callable[[Any], Any]) -> Any:
    """A number or an array beside numbers of a kind."""
    if not (isinstance(value, np.ndarray) or is_sparse(value)):
        return lift(value)
    if kind in (ARRAY, FLOAT, COMPLEX):
        return _of_floats(value, lift)
    return _mapped(lift, (value.toarray() if is_sparse(value) else value).astype(object))


def _of_floats(value: Any, lift: Callable[[Any], Any]) -> Any:
    if isinstance(value, np.ndarray) and value.dtype == object:
        return np.array([lift(v) for v in value.flat]).reshape(value.shape)
    narrow = type(lift(0.5)) if value.dtype.kind != "c" else value.dtype.type
    return value.astype(narrow) if value.dtype.kind in "iub" or narrow in (np.float16, np.float32) else value


def sizes_of(
    graph: Graph, cells: Mapping[int, Variable], values: Mapping[int, Any], others: Mapping[Any, Any]
) -> dict[str, int]:
    """The numbers behind named sizes, by the values of variables, those of the point that a program does not hold too.

    Raises
    ------
    SymdiffValueError
        For arrays that do not fit, naming the variable and both shapes.
    """
    sizes: dict[str, int] = {}
    for k, cell in cells.items():
        if cell.shape:
            bind(cell.name, cell.shape, np.shape(values[k]), sizes)
            if cell.kind == "symmetric":
                _check_symmetric(cell, values[k])
    held = {cell.key for cell in cells.values()}
    for key, value in others.items():
        other = _array_cell(graph, key)
        if other is not None and other.key not in held:
            bind(other.name, other.shape, np.shape(array_value(other.name, value, other.shape)), sizes)
    return sizes


def _array_cell(graph: Graph, key: Any) -> Variable | None:
    """The array variable that a key of a point means, None for another one."""
    if isinstance(key, tuple) and len(key) == 3 and isinstance(key[1], tuple):
        return Variable(key[0], key, shape=key[1], kind=key[2])
    i = variable_named(graph, key) if isinstance(key, str) else None
    return graph.leaves[i] if i is not None and graph.leaves[i].shape else None


def _check_symmetric(cell: Variable, value: Any) -> None:
    value = value.toarray() if is_sparse(value) else value
    turned = np.swapaxes(value, -1, -2)
    wrong = ~np.asarray((value == turned) | ((value != value) & (turned != turned)), dtype=bool)
    if wrong.any():
        *lead, i, j = (int(k) for k in np.argwhere(wrong)[0])
        a, b = value[(*lead, i, j)], value[(*lead, j, i)]
        name, shape = cell.name, shown(cell.shape)
        raise SymdiffValueError(
            f"the value of {name}, symmetric of shape {shape}, is not symmetric: {name}[{i}, {j}] is {a} and "
            f"{name}[{j}, {i}] is {b}; give (A + A.T)/2, or make the variable without symmetric=True"
        )


def states(graph: Graph) -> dict[Any, Any]:
    """The values that are set on the array variables of a graph, by key."""
    cells = [leaf for leaf in graph.leaves.copy().values() if isinstance(leaf, Variable)]
    return {cell.key: cell.value for cell in cells if cell.shape and cell.value is not None}
