"""What makes a list of nodes a graph: looked at wherever nodes come from outside, before anything runs over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.graph import CONST, UNUSED, VAR, Node, Variable, constant, constant_key
from symdiff.records import OPERATIONS


def check_structure(nodes: Sequence[Node], leaves: Mapping[int, Any]) -> None:
    """Refuse nodes that no graph holds: operations there are, with their operands before them, and leaves that fit.

    Raises
    ------
    SymdiffValueError
        Naming the first node that is wrong, and what is wrong with it.
    """
    seen: set[Node] = set()
    for i, node in enumerate(nodes):
        fault = _fault(i, node, leaves)
        if not fault and node in seen:
            fault = "is there already"
        if fault:
            raise SymdiffValueError(f"node {i} {fault}")
        seen.add(node)


def _fault(i: int, node: Any, leaves: Mapping[int, Any]) -> str:
    """What is wrong with a node, nothing where it is right."""
    if type(node) is not tuple or not node or type(node[0]) is not int or not 0 <= node[0] < len(OPERATIONS):
        return f"is no node: {node!r:.40}"
    code, *operands = node
    if code <= VAR:
        return "" if _is_leaf(node, leaves.get(i)) else f"is a leaf without what it stands for: {node!r:.40}"
    op = OPERATIONS[code]
    if len(operands) != op.arity:
        return f"has {len(operands)} operands of {op.name}, which takes {op.arity}"
    if not all(type(j) is int and 0 <= j < i for j in operands):
        return f"has an operand of {op.name} that is no earlier node"
    return ""


def _is_leaf(node: Node, leaf: Any) -> bool:
    if node[0] == VAR:
        return type(leaf) is Variable and node[1:] == (leaf.key,) and isinstance(leaf.name, str)
    if node[: len(UNUSED)] == UNUSED:
        return True
    try:
        return node[0] == CONST and node[1:] == constant_key(constant(leaf))
    except SymdiffTypeError:
        return False
