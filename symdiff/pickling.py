"""Graphs as bytes: operations by name, for their codes may differ between processes; checked when they are read.

A pickle can be damaged, or made by others: what is not built as a graph is would otherwise be found out much later,
by a wrong number.
"""

from __future__ import annotations

import copyreg
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from symdiff import ops
from symdiff.array_constants import array_key, frozen_array
from symdiff.build import check_whole
from symdiff.constants import constant, constant_key
from symdiff.errors import SymdiffError, SymdiffTypeError, SymdiffValueError
from symdiff.graph import CONST, STATIC, UNUSED, VAR, Frame, Graph, Node, Variable
from symdiff.names import names_part
from symdiff.ops.arrays import infer
from symdiff.records import OPERATIONS, ArrayOperation, Operation, by_name, record
from symdiff.shapes import shape_of

DAMAGED = "this pickle is damaged, or was not made by symdiff: "


def _reduce(graph: Graph) -> tuple[Any, ...]:
    nodes, leaves = graph.snapshot()
    if graph.infer is not None:
        from symdiff.parameters import plain  # import late: graphs of scalars need none

        leaves = {i: plain(nodes[i][1], leaf) if nodes[i][0] == STATIC else leaf for i, leaf in leaves.items()}
    found = (graph.simplify, nodes, leaves, names_of({node[0] for node in nodes}))
    notes = [(i, name) for i, name in graph.notes.copy().items() if i < len(nodes)]
    calls = [(results, *frame) for results, frame in graph.calls.copy().items() if max(results) < len(nodes)]
    return _restore, (*found, notes, calls) if calls else (*found, notes) if notes else found


def _restore(simplify: Any, nodes: Any, leaves: Any, names: Any, notes: Any = (), calls: Any = ()) -> Graph:
    check(type(simplify) is bool and type(nodes) is list and type(leaves) is dict, "it holds no graph")
    check(all(type(node) is tuple and node and type(node[0]) is int for node in nodes), "it holds no nodes")
    graph = checked_graph(simplify, nodes, leaves, operations_named(names))
    give_notes(graph, notes)
    _give_calls(graph, calls)
    return graph


def _give_calls(graph: Graph, calls: Any) -> None:
    """The calls that a graph that comes from outside was made by, each its results, name and inputs."""
    for call in calls:
        check(type(call) is tuple and len(call) == 3 and type(call[1]) is str, "it holds a call that is none")
        results, name, inputs = call
        ends = [*results, *inputs] if type(results) is type(inputs) is tuple and results else [-1]
        check(all(type(i) is int and 0 <= i < len(graph.nodes) for i in ends), "a call is of no nodes")
        graph.calls[results] = Frame(name, inputs)


def give_notes(graph: Graph, notes: Any) -> None:
    """Give nodes of a graph that comes from outside their names, given as pairs of both."""
    check(isinstance(notes, (list, tuple)), "its names belong to no nodes")
    for pair in notes:
        check(isinstance(pair, (list, tuple)) and len(pair) == 2, "its names belong to no nodes")
        i, name = pair
        check(type(i) is int and 0 <= i < len(graph.nodes) and graph.nodes[i][0] > VAR, "a name belongs to no node")
        check(type(name) is str and names_part(name), f"node {i} has a name that is none")
        graph.note(i, name)


def checked_graph(
    simplify: bool, nodes: list[Node], leaves: dict[int, Any], operations: Mapping[int, Operation]
) -> Graph:
    """A graph of nodes that come from outside, whose codes mean these operations.

    Raises
    ------
    SymdiffValueError
        For what is not built as a graph is.
    """
    inner = [i for i, node in enumerate(nodes) if node[0] > VAR]
    check(all(type(i) is int and 0 <= i < len(nodes) for i in leaves), "a leaf has no place")
    arrays = [i for i, leaf in leaves.items() if type(leaf) is dict or getattr(leaf, "shape", None)]
    leaves = leaves | {i: _array_leaf(nodes[i], i, leaves[i]) for i in arrays} if arrays else leaves
    unused = [i for i in leaves if nodes[i] == (*UNUSED, i)]
    check(len(inner) + len(leaves) == len(nodes), "a leaf is missing, or is none")
    apart = set(arrays)
    for i, leaf in leaves.items():
        if i not in apart or type(leaf) is Variable:
            _check_leaf(nodes[i], i, leaf)
    of_arrays = bool(arrays) or any(isinstance(op, ArrayOperation) for op in operations.values())
    several = {i for i in inner if _takes_many(nodes[i], operations)} if of_arrays else set()
    _check_operands(nodes, several, operations, unused)
    inner = [i for i in inner if i not in several]
    static = [i for i in arrays if nodes[i][0] == STATIC]
    check_operations([nodes[i] for i in inner], inner, operations, unused + static)
    if any(code != op.opcode for code, op in operations.items()):
        nodes = [node if node[0] <= VAR else (operations[node[0]].opcode, *node[1:]) for node in nodes]
    graph = Graph.restored(simplify, nodes, leaves)
    if of_arrays:
        _give_shapes(graph)
    _check_whole(graph, [op for op in operations.values() if op.whole])
    return graph


def _array_leaf(node: Node, place: int, leaf: Any) -> Any:
    """A leaf of arrays as a graph holds it, checked."""
    if isinstance(leaf, Variable):
        check(_is_whole(leaf), f"node {place} is no variable")
        check(type(leaf.shape) is tuple and shape_of(leaf.shape) == leaf.shape, f"node {place} has no shape")
        check(type(leaf.kind) is str, f"node {place} is no variable")
        return leaf
    try:
        if node[0] == STATIC:
            from symdiff.parameters import read

            key, value = read(leaf)
            known = (STATIC, key)
        else:
            value = frozen_array(leaf)
            known = (CONST, *array_key(value))
    except (SymdiffError, TypeError) as error:
        raise damaged(f"node {place} is no array or parameter of one") from error
    check(node == known, f"node {place} is another array, or another parameter")
    return value


def _takes_many(node: Node, operations: Mapping[int, Operation]) -> bool:
    """Whether a node has a parameter in front of its operands, or takes any number of them."""
    op = operations.get(node[0])
    return isinstance(op, ArrayOperation) or (op is ops.add and len(node) > 3)


def _check_operands(
    nodes: Sequence[Node], places: Iterable[int], operations: Mapping[int, Operation], never: Sequence[int]
) -> None:
    """Refuse nodes of operations on arrays whose operands are not before them."""
    lost = set(never)
    for i in places:
        operands = nodes[i][1:]
        check(
            all(type(j) is int and 0 <= j < i and j not in lost for j in operands),
            f"node {i} refers to what is no node",
        )
        op = operations[nodes[i][0]]
        first = operands[0] if operands and isinstance(op, ArrayOperation) and op.parameters else -1
        ours = [j for j in operands if nodes[j][0] == STATIC]
        check(ours == ([first] if first >= 0 else []), f"node {i} has no parameter, or several")
        check(not isinstance(op, ArrayOperation) or not op.parameters or first >= 0, f"node {i} has no parameter")


def _give_shapes(graph: Graph) -> None:
    """The shapes of all nodes of a graph that comes from outside.

    Raises
    ------
    SymdiffValueError
        For operands that do not fit.
    """
    from symdiff.ops.fitting import fits  # import late: graphs of scalars need none

    graph.hold_arrays(infer)
    shapes = graph.shapes
    for i, node in enumerate(graph.nodes):
        if node[0] > VAR:
            op = record(node[0])
            static = isinstance(op, ArrayOperation) and op.parameters
            parameters = graph.leaves[node[1]] if static else None
            operands = [shapes.get(j, ()) for j in node[1 + static :]]
            check(fits(op, parameters, operands), f"node {i}, {op.name}, has operands that do not fit")
        shape = infer(shapes, graph.leaves, node, graph.leaves.get(i))
        if shape:
            shapes[i] = shape


def _check_leaf(node: Node, place: int, leaf: Any) -> None:
    """Refuse a leaf that is not what its node says."""
    if node[0] == VAR:
        if type(leaf) is not Variable or not _is_whole(leaf):
            raise damaged(f"node {place} is no variable")
        if type(leaf.name) is not str or type(leaf.key).__hash__ is None or node != (VAR, leaf.key):
            raise damaged(f"node {place} is another variable than {leaf.name!r}")
    elif node != (*UNUSED, place):
        try:
            key = constant_key(constant(leaf))
        except SymdiffTypeError as error:
            raise damaged(f"node {place} is no constant") from error
        if node != (CONST, *key):
            raise damaged(f"node {place} is another constant than {leaf!r}")


def _is_whole(cell: Variable) -> bool:
    return all(hasattr(cell, name) for name in Variable.__slots__)


def _check_whole(graph: Graph, ops: Sequence[Operation]) -> None:
    """Refuse operations of what should be a constant whole number, and is not."""
    codes = {op.opcode for op in ops}
    for node in graph.nodes if codes else ():
        if node[0] in codes:
            try:
                check_whole(graph, OPERATIONS[node[0]], node[1:])
            except SymdiffTypeError as error:
                raise damaged(str(error)) from error


# -- what graphs and tapes have in common ----------------------------------------------


def names_of(codes: set[int]) -> dict[int, str]:
    """The operations of some codes by name."""
    return {code: record(code).name for code in sorted(codes) if code > VAR}


def operations_named(names: Any) -> dict[int, Operation]:
    """The operations of this process for the codes of another.

    Raises
    ------
    SymdiffValueError
        For a name that no operation has here, and for what are no names.
    """
    check(type(names) is dict, "it names no operations")
    check(all(type(c) is int and c > VAR and type(name) is str for c, name in names.items()), "it names no operations")
    return {code: by_name(name) for code, name in names.items()}


def check_operations(
    nodes: Sequence[Sequence[Any]],
    places: Sequence[int],
    operations: Mapping[int, Operation],
    never: Sequence[int] = (),
) -> None:
    """Refuse nodes `(code, *operands)` of unknown codes, or with operands too few, too many, not before their node.

    All nodes at once: one at a time it takes three times as long as the rest of unpickling.
    """
    flat = [part for node in nodes for part in node]
    check({*map(type, flat)} <= {int}, "a node refers to what is no number")
    check(max(flat, default=0) < 2**62 and min(flat, default=0) >= 0, "a node refers to what is no node")
    sizes = np.fromiter(map(len, nodes), np.int64, len(nodes))
    check(sizes.min(initial=1) > 0, "it holds no nodes")
    numbers = np.array(flat, np.int64)
    starts = np.cumsum(sizes) - sizes
    wanted = {code: op.arity + 1 for code, op in operations.items()}
    known = [wanted.get(code) for code in numbers[starts].tolist()]
    variadic = [code for code, op in operations.items() if op.variadic]
    for k in np.flatnonzero(np.isin(numbers[starts], variadic)).tolist() if variadic else ():
        known[k] = max(known[k] or 0, int(sizes[k]))
    check(known == sizes.tolist(), "an operation is unknown, or has not as many operands as it takes")
    late = numbers >= np.repeat(np.array(places, np.int64), sizes)
    late[starts] = False
    check(not late.any(), "a node refers to a later one")
    if never:
        lost = np.isin(numbers, never)
        lost[starts] = False
        check(not lost.any(), "a node refers to a place that is not used")


def check(fine: Any, complaint: str) -> None:
    """Refuse a pickle."""
    if not fine:
        raise damaged(complaint)


def damaged(complaint: str) -> SymdiffError:
    """The error for a pickle that is not as symdiff writes them."""
    return SymdiffValueError(f"{DAMAGED}{complaint}")


copyreg.pickle(Graph, _reduce)
