"""The graph below expressions as a networkx graph."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import networkx

from symdiff.algebra.notation.text import label, short
from symdiff.graph import CONST, STATIC, VAR
from symdiff.handle import Handle, gather, handle, operands_of
from symdiff.wrt import shaped

_TEXT = 200  # length limit of an expression's text in a file, in letters
_KINDS = {CONST: "const", VAR: "variable"}


def to_networkx(exprs: Handle | Sequence[Any], objects: bool = True) -> networkx.MultiDiGraph[int]:
    """The graph below one expression or several as a `networkx.MultiDiGraph`.

    A node is a small int, its place in the expressions' graph. It has the
    attributes `label`, `kind` ("const", "variable" or "operation"), `expr` and
    `output`; that of an array has its `shape` too. An edge goes from an operand to its user; its attribute `operand`
    is the position of the operand, counted from 0, so `x - x` has two edges.

    Parameters
    ----------
    exprs : expression, or sequence or array of them
    objects : bool
        Whether `expr` is the expression itself; else it is its text, and `shape` too, as files have it:
        `nx.write_graphml(f.to_networkx(objects=False), "f.graphml")`, `nx.node_link_data(…)` for JSON.

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
        shape = {"shape": graph.shapes[i] if objects else str(graph.shapes[i])} if i in graph.shapes else {}
        expr = handle(graph, i) if objects else short(handle(graph, i), _TEXT)
        result.add_node(i, label=label(graph, i), kind=kind, expr=expr, output=i in outputs, **shape)
        for position, j in enumerate(operands_of(graph, node) if node[0] > VAR else ()):
            result.add_edge(j, i, operand=position)
    return result
