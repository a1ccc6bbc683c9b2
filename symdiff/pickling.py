"""Graphs as bytes: operations by name, for their codes may differ between processes."""

from __future__ import annotations

import copyreg
from typing import Any

from symdiff.graph import VAR, Graph, Node
from symdiff.records import OPERATIONS, by_name


def _reduce(graph: Graph) -> tuple[Any, ...]:
    nodes, leaves = graph.snapshot()
    codes = sorted({node[0] for node in nodes})
    names = {code: OPERATIONS[code].name for code in codes if code > VAR}
    return _restore, (graph.simplify, nodes, leaves, names)


def _restore(simplify: bool, nodes: list[Node], leaves: dict[int, Any], names: dict[int, str]) -> Graph:
    codes = {old: by_name(name).opcode for old, name in names.items()}
    if any(old != new for old, new in codes.items()):
        nodes = [node if node[0] <= VAR else (codes[node[0]], *node[1:]) for node in nodes]
    return Graph.restored(simplify, nodes, leaves)


copyreg.pickle(Graph, _reduce)
