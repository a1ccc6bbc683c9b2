"""Activity analysis: which nodes depend on the variables, so that derivatives are wanted there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from symdiff.graph import VAR, Graph
from symdiff.records import OPERATIONS


def active_nodes(graph: Graph, cone: Iterable[int], wrt: Iterable[int]) -> set[int]:
    """The nodes of a cone whose value depends on the nodes `wrt`."""
    active = set(wrt)
    nodes, passive = graph.nodes, active.isdisjoint
    for i in cone:
        node = nodes[i]
        if node[0] > VAR and not passive(node[1:]):
            active.add(i)
    return active


def pending_adjoints(graph: Graph, cone: Sequence[int], wrt: Sequence[int]) -> Any:
    """The terms of the adjoint of each node to come: None where there is none yet, False where none is wanted.

    That is where the value does not depend on the nodes `wrt`.
    """
    whole = type(cone) is range
    pending: Any = [False] * len(cone) if whole else dict.fromkeys(cone, False)
    for i in wrt:
        if i < len(cone) if whole else i in pending:
            pending[i] = None
    nodes = graph.nodes
    for i in cone:
        node = nodes[i]
        if node[0] > VAR and (
            pending[node[1]] is None
            or pending[node[-1]] is None
            or (len(node) > 3 and None in [pending[j] for j in node[2:]])
        ):
            pending[i] = None
    return pending


def has_branches(graph: Graph, cone: Iterable[int]) -> bool:
    """Whether an operation among some nodes takes one of several operands: derivatives have conditions then."""
    return any(OPERATIONS[code].branches for code in {graph.nodes[i][0] for i in cone} if code > VAR)
