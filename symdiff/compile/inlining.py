"""Functions called with expressions: their programs joined into the graph of the arguments.

A program is that before it was lowered: exact, whatever precision a function computes in. Arguments have the shapes
that numbers may have: axes of a batch stand in front, and results have them there too.
"""

from __future__ import annotations

import math
from collections.abc import Container, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symdiff import array_functions
from symdiff.algebra.notation.text import short
from symdiff.arrays.contraction import broadcast_to
from symdiff.arrays.joining import joined
from symdiff.arrays.joining import shape as in_sizes
from symdiff.arrays.reading import shape_of
from symdiff.arrays.symmetric_places import check_symmetric
from symdiff.build import build
from symdiff.compile.arguments import Argument, converted
from symdiff.compile.array_programs.array_batches import Batches
from symdiff.compile.inlined_names import Names
from symdiff.compile.results import ARRAY, BLOCKS, NUMBER, Leaf, Results, objects, symbolic
from symdiff.compile.tape import Tape
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.graph import Graph
from symdiff.handle import Handle, gather, handle
from symdiff.ops.arrays import infer
from symdiff.shapes import Shape, Size, broadcast, named, plus, shown

# -- arguments ---------------------------------------------------------------------------------


def _entered(argument: Argument, value: Any) -> Any:
    """An argument as an array expression, or as an object array of scalar expressions and exact numbers.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For what is neither an expression nor a number, and for rows of different length.
    """
    if isinstance(value, Handle):
        return value if value._holds_array() else objects([value], ())
    if isinstance(value, (list, tuple)):
        if any(isinstance(v, Handle) and v._holds_array() for v in value):
            return array_functions.stack(list(value))
        try:
            value = np.array(value, dtype=object)
        except ValueError as error:
            raise SymdiffTypeError(f"{argument.name} is no number, expression or array of these: {error}") from error
    if isinstance(value, np.ndarray) and value.dtype == object:
        flat = [v for v in value.ravel().tolist() if not isinstance(v, (Handle, int, float))]
        if any(isinstance(v, (list, tuple)) for v in flat):
            raise SymdiffValueError(f"{argument.name} has rows of different length")
        if flat:
            converted(argument, objects(flat, (len(flat),)), np.dtype(np.float64))  # refuse what is no number
        return value
    if isinstance(value, (np.ndarray, np.generic)) or not isinstance(value, (int, float)):
        array = value if isinstance(value, np.ndarray) else np.asarray(value)
        exact = array.dtype.kind in "biu" or array.dtype == object or argument.whole
        array = array if exact else converted(argument, value, np.dtype(np.float64))
        if array.dtype == object:
            converted(argument, array, np.dtype(np.float64))
        return objects(array.ravel().tolist(), array.shape)
    return objects([value], ())


def _shape(value: Any) -> Shape:
    """The shape of an argument that was entered."""
    return shape_of(value._graph, value._index) if isinstance(value, Handle) else value.shape


def _lead(argument: Argument, value: Any, core: Shape) -> Shape:
    """The axes of a batch in front of an argument.

    Raises
    ------
    SymdiffValueError
        For another shape behind them.
    """
    found = _shape(value)
    front = len(found) - len(core)
    if front < 0 or found[front:] != core:
        raise SymdiffValueError(f"{argument.name} has the shape {shown(core)}, not {shown(found)}")
    return found[:front]


def _common(arguments: Sequence[Argument], leads: Sequence[Shape]) -> Shape:
    """The axes of the batch of all arguments together."""
    found = broadcast(leads)
    if found is None:
        each = ", ".join(f"{a.name} {shown(lead)}" for a, lead in zip(arguments, leads, strict=True) if lead)
        raise SymdiffValueError(f"the shapes of the arguments do not broadcast: {each}")
    return found


# -- functions of scalars --------------------------------------------------------------------------


def inlined_tape(
    tape: Tape,
    arguments: Sequence[Argument],
    results: Results,
    given: Sequence[Any],
    names: Names,
    symmetric: Container[str] = (),
) -> Any:
    """The results of a function of scalars at arguments of which some are expressions, nested as its results are.

    Raises
    ------
    SymdiffValueError
        For what is not known to be symmetric in the place of a symmetric matrix; `symmetric` has their names.
    """
    values = [_entered(a, value) for a, value in zip(arguments, given, strict=True)]
    for argument, value in zip(arguments, values, strict=True):
        if argument.name in symmetric:
            _check_symmetric(argument.name, value)
    leads = [_lead(a, value, a.core) for a, value in zip(arguments, values, strict=True)]
    lead = _common(arguments, leads)
    if any(isinstance(v, Handle) and front for v, front in zip(values, leads, strict=True)):
        return _over_arrays(tape, arguments, results, values, lead, names)
    points = [v.elements() if isinstance(v, Handle) else v for v in values]  # type: ignore[attr-defined]
    sizes: Any = lead  # holds: object arrays have numbers for sizes
    spread = [np.broadcast_to(v, sizes + a.core) for a, v in zip(arguments, points, strict=True)]
    if not sizes:
        return results.nested(_at(tape, results, [v for array in spread for v in array.ravel().tolist()], names))
    rows = [
        _at(tape, results, [v for array in spread for v in array[(*index, ...)].ravel().tolist()], names)
        for index in np.ndindex(*sizes)
    ]
    return results.nested([_batch(leaf, sizes, [row[k] for row in rows]) for k, leaf in enumerate(results.leaves)])


def _check_symmetric(name: str, value: Any) -> None:
    """Refuse what is not known to be symmetric in the place of a symmetric matrix of scalars."""
    if isinstance(value, Handle):
        check_symmetric(value._graph, value._index, name, lambda j: short(handle(value._graph, j)))
        return
    for index in np.ndindex(*value.shape):
        *lead, i, j = index
        if i < j and value[index] != value[(*lead, j, i)]:
            raise SymdiffValueError(
                f"{name} is symmetric, and what is in its place is not: [{i}, {j}] is {value[index]!s:.60} and "
                f"[{j}, {i}] is {value[(*lead, j, i)]!s:.60}"
            )


def _at(tape: Tape, results: Results, values: Sequence[Any], names: Names) -> list[Any]:
    """The leaves of the results at one point."""
    graph, nodes = gather(values)
    found = [handle(graph, i) for i in _run(tape, graph, nodes, names)]
    return [symbolic(leaf, found) for leaf in results.leaves]


def _run(tape: Tape, graph: Graph, inputs: Sequence[int], names: Names) -> list[int]:
    """The results of a tape as nodes; what holds no input is written as it stands."""
    slots = [*inputs, *[graph.const(value) for value in tape.constants]]
    held = [False] * tape.arity + [True] * len(tape.constants)
    for code, operands in zip(tape.codes, tape.operands, strict=True):
        args = tuple([slots[j] for j in operands])
        alone = all(map(held.__getitem__, operands))
        slots.append(graph.intern((code, *args)) if alone else build(graph, code, args))
        held.append(alone)
    for slot, name in tape.parts:
        names.give(graph, slots[slot], name)
    found = [slots[j] for j in tape.outputs]
    names.frame(graph, found, inputs)
    return found


def _batch(leaf: Leaf, lead: tuple[int, ...], rows: Sequence[Any]) -> NDArray[Any]:
    """A leaf at all points as one object array."""
    if leaf.kind != ARRAY:
        return objects(rows, lead)
    whole = np.empty((len(rows), *leaf.shape), dtype=object)
    for k, row in enumerate(rows):
        whole[k] = row
    return whole.reshape(lead + leaf.shape)


def _over_arrays(
    tape: Tape, arguments: Sequence[Argument], results: Results, values: Sequence[Any], lead: Shape, names: Names
) -> Any:
    """The results where arguments are arrays of points: the same steps entry by entry."""
    if any(leaf.kind not in (NUMBER, ARRAY) for leaf in results.leaves):
        raise SymdiffTypeError("sparse results are there for one point: call the function point by point")
    graph, nodes = array_functions.operands([v if isinstance(v, Handle) or v.ndim else v.item() for v in values])
    graph.hold_arrays(infer)
    inputs: list[int] = []
    for argument, i in zip(arguments, nodes, strict=True):
        whole = handle(graph, i)
        for index in np.ndindex(*argument.core):
            part = whole[(..., *index)] if index else whole  # type: ignore[index]
            inputs.append(broadcast_to(graph, part._index, lead) if _shape(part) else part._index)
    found = [broadcast_to(graph, i, lead) for i in _run(tape, graph, inputs, names)]
    leaves = []
    for leaf in results.leaves:
        own = [handle(graph, i) for i in found[leaf.start : leaf.start + leaf.count]]
        leaves.append(own[0] if leaf.kind == NUMBER else _last(own, lead, leaf.shape))
    return results.nested(leaves)


def _last(entries: Sequence[Any], lead: Shape, shape: tuple[int, ...]) -> Any:
    """Entries of an array at all points as one array, their own axes behind."""
    whole = array_functions.stack(list(entries), axis=len(lead))
    return whole if len(shape) == 1 else array_functions.reshape(whole, (*lead, *shape))


# -- functions of arrays ---------------------------------------------------------------------------


class Arrays:
    """A program of arrays: a graph, its results and its variables."""

    def __init__(
        self, graph: Graph, roots: Sequence[int], inputs: Sequence[int], arguments: Sequence[Argument]
    ) -> None:
        self.graph, self.roots, self.inputs, self.arguments = graph, roots, inputs, arguments


def inlined_arrays(program: Arrays, results: Results, given: Sequence[Any], names: Names) -> Any:
    """The results of a function of arrays at arguments of which some are expressions, nested as its results are.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For shapes that do not fit, and what is not known to be symmetric in the place of a symmetric matrix.
    """
    arguments = program.arguments
    values = [_entered(a, value) for a, value in zip(arguments, given, strict=True)]
    sizes = _sizes(arguments, [_shape(v) for v in values])
    cores = [in_sizes(a.core, sizes) for a in arguments]
    leads = [_lead(a, v, core) for a, v, core in zip(arguments, values, cores, strict=True)]
    lead = _common(arguments, leads)
    graph, nodes = array_functions.operands([v if isinstance(v, Handle) or v.ndim else v.item() for v in values])
    graph.hold_arrays(infer)
    for argument, i in zip(arguments, nodes, strict=True):
        own = program.graph.leaves[program.inputs[argument.start]] if argument.count else None
        if own is not None and own.kind == "symmetric":
            check_symmetric(graph, i, argument.name, lambda j: short(handle(graph, j)))
    if not lead:
        places = _places(program, graph, nodes)
        found = joined(graph, program.graph, program.roots, places, sizes, names.give)
        names.frame(graph, found, nodes)
        return _nested(results, graph, found, places, sizes)
    if any(leaf.kind != NUMBER for leaf in results.leaves):
        raise SymdiffTypeError("arrays of expressions and sparse matrices are there for one point: call it for each")
    moving = [bool(front) for front in leads]
    rows = Batches(program.graph, program.roots, program.inputs, arguments, moving)
    count: Size = lead[0] if len(lead) == 1 else math.prod(map(int, lead))
    flat = []
    for i, core, moves in zip(nodes, cores, moving, strict=True):
        i = broadcast_to(graph, i, lead + core) if moves else i
        rows_first = moves and len(lead) > 1
        flat.append(array_functions.reshape(handle(graph, i), (count, *core))._index if rows_first else i)
    whole = Arrays(rows.graph, rows.roots, rows.inputs, rows.arguments)
    found = joined(graph, whole.graph, whole.roots, _places(whole, graph, flat), {**sizes, rows.size: count})
    names.frame(graph, found, nodes)
    handles = [handle(graph, i) for i in found]
    if len(lead) > 1:
        handles = [array_functions.reshape(v, (*lead, *_shape(v)[1:])) for v in handles]
    return results.nested(handles)


def _sizes(arguments: Sequence[Argument], shapes: Sequence[Shape]) -> dict[str, Size]:
    """What the names of sizes are, as the arguments bring them.

    Raises
    ------
    SymdiffValueError
        For an argument that does not fit, naming both shapes.
    """
    sizes: dict[str, Size] = {}
    for argument, found in zip(arguments, shapes, strict=True):
        core = argument.core
        for wanted, held in zip(core, found[len(found) - len(core) :] if core else (), strict=False):
            if isinstance(wanted, str):
                name, offset = named(wanted)
                sizes.setdefault(name, plus(held, -offset))
    return sizes


def _places(program: Arrays, graph: Graph, nodes: Sequence[int]) -> dict[Any, int]:
    """What stands for each variable, by its node."""
    places: dict[Any, int] = {}
    for argument, i in zip(program.arguments, nodes, strict=True):
        own = program.inputs[argument.start : argument.start + argument.count]
        parts = [i]
        if argument.shape is not None and not (own and own[0] in program.graph.shapes):
            whole = handle(graph, i)
            parts = [whole[index]._index for index in np.ndindex(*argument.shape)]  # type: ignore[index]
        places.update({program.graph.nodes[v]: part for v, part in zip(own, parts, strict=True)})
    return places


def _nested(
    results: Results, graph: Graph, found: Sequence[int], places: Mapping[Any, int], sizes: Mapping[str, Size]
) -> Any:
    values = [handle(graph, i) for i in found]
    leaves = [symbolic(leaf, values) for leaf in results.leaves]
    for k, leaf in enumerate(results.leaves):
        if leaf.kind == BLOCKS:
            leaves[k] = leaf.matrix.joined(graph, places, sizes)
    return results.nested(leaves)
