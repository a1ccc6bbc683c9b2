"""Graphs as bytes: operations by name, for their codes may differ between processes; checked when they are read.

A pickle can be damaged, or made by others: what is not built as a graph is would otherwise be found out much later,
by a wrong number.
"""

from __future__ import annotations

import copyreg
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from symdiff.build import check_whole
from symdiff.errors import SymdiffError, SymdiffTypeError, SymdiffValueError
from symdiff.graph import CONST, UNUSED, VAR, Graph, Node, Variable, constant, constant_key
from symdiff.records import OPERATIONS, Operation, by_name

DAMAGED = "this pickle is damaged, or was not made by symdiff: "


def _reduce(graph: Graph) -> tuple[Any, ...]:
    nodes, leaves = graph.snapshot()
    return _restore, (graph.simplify, nodes, leaves, names_of({node[0] for node in nodes}))


def _restore(simplify: Any, nodes: Any, leaves: Any, names: Any) -> Graph:
    check(type(simplify) is bool and type(nodes) is list and type(leaves) is dict, "it holds no graph")
    check(all(type(node) is tuple and node and type(node[0]) is int for node in nodes), "it holds no nodes")
    return checked_graph(simplify, nodes, leaves, operations_named(names))


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
    unused = [i for i in leaves if type(i) is int and 0 <= i < len(nodes) and nodes[i] == (*UNUSED, i)]
    check(len(inner) + len(leaves) == len(nodes), "a leaf is missing, or is none")
    for i, leaf in leaves.items():
        check(type(i) is int and 0 <= i < len(nodes), "a leaf has no place")
        _check_leaf(nodes[i], i, leaf)
    check_operations([nodes[i] for i in inner], inner, operations, unused)
    if any(code != op.opcode for code, op in operations.items()):
        nodes = [node if node[0] <= VAR else (operations[node[0]].opcode, *node[1:]) for node in nodes]
    graph = Graph.restored(simplify, nodes, leaves)
    _check_whole(graph, [op for op in operations.values() if op.whole])
    return graph


def _check_leaf(node: Node, place: int, leaf: Any) -> None:
    """Refuse a leaf that is not what its node says."""
    if node[0] == VAR:
        if type(leaf) is not Variable or not all(hasattr(leaf, name) for name in Variable.__slots__):
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
    return {code: OPERATIONS[code].name for code in sorted(codes) if code > VAR}


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
