"""The graph below expressions as a networkx graph."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import networkx

from symdiff.algebra.text import label
from symdiff.graph import CONST, STATIC, VAR
from symdiff.handle import Handle, gather, handle, operands_of
from symdiff.wrt import shaped

_KINDS = {CONST: "const", VAR: "variable"}


def to_networkx(exprs: Handle | Sequence[Any]) -> networkx.MultiDiGraph[int]:
    """The graph below one expression or several as a `networkx.MultiDiGraph`.

    A node is a small int, its place in the expressions' graph. It has the
    attributes `label`, `kind` ("const", "variable" or "operation"), `expr` and
    `output`; that of an array has its `shape` too. An edge goes from an operand to its user; its attribute `operand`
    is the position of the operand, counted from 0, so `x - x` has two edges.

    Parameters
    ----------
    exprs : expression, or sequence or array of them

    Raises
    ------
    SymdiffTypeError
        For what is no expression.

    >>> import symdiff as sd
    >>> from symdiff.bridge.networkx import to_networkx
    >>> x, y = sd.variables("x y")
    >>> result = to_networkx(x - y)
    >>> sorted(label for _, label in result.nodes(data="label"))
    ['-', 'x', 'y']
    >>> [(str(result.nodes[i]["expr"]), k) for i, _, k in result.edges(data="operand")]
    [('x', 0), ('y', 1)]
    """
    given, _ = shaped(exprs)
    graph, roots = gather(given)
    outputs = set(roots)
    result: networkx.MultiDiGraph[int] = networkx.MultiDiGraph()
    for i in graph.cone(roots):
        node = graph.nodes[i]
        if node[0] == STATIC:
            continue
        kind = _KINDS.get(node[0], "operation")
        shape = {"shape": graph.shapes[i]} if i in graph.shapes else {}
        result.add_node(i, label=label(graph, i), kind=kind, expr=handle(graph, i), output=i in outputs, **shape)
        for position, j in enumerate(operands_of(graph, node) if node[0] > VAR else ()):
            result.add_edge(j, i, operand=position)
    return result
