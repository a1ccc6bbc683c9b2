"""The linearised graph: an edge from each operand to its user, labelled with the partial derivative.

Griewank and Walther, *Evaluating Derivatives*, 2nd ed., section 9.1. Sources are
variables, sinks stand for the results, one a node of the graph; between them
are operations. Labels are terms (gate, coefficient, node), or None where only
the edges count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from symdiff.algebra.scaled import ONE, Scaled
from symdiff.algebra.symbolic import Symbolic
from symdiff.graph import VAR, Graph, Node
from symdiff.modes.activity import active_nodes
from symdiff.rules import Partial, Rules

Blocks = Mapping[int, Mapping[int, Scaled] | None]  # derivatives of results by inputs; None for operations between


class LinearGraph:
    """Edges by their ends; two between the same nodes are a list of labels."""

    __slots__ = ("inner", "into", "kinds", "out", "sinks")

    def __init__(self) -> None:
        self.inner: list[int] = []  # operations, in graph order
        self.into: dict[int, dict[int, Any]] = {}  # labels of a node's edges by operand: a label, or a list of them
        self.out: dict[int, set[int]] = {}  # users of a node
        self.sinks: dict[int, int] = {}  # sinks of results, by node: negative numbers
        self.kinds: dict[int, dict[int, int]] | None = None  # kinds of the labels in `into`, once they were asked for


def linearised(
    graph: Graph,
    outputs: Sequence[int],
    wrt: Sequence[int],
    algebra: Symbolic | None,
    cone: Sequence[int] | None = None,
    blocks: Blocks = MappingProxyType({}),
) -> LinearGraph:
    """The linearised graph between variables and results; without an algebra it has no labels.

    Steps and conditions, whose derivative is zero, are not in it, nor what is only below them.
    `cone` is that of the outputs, where it is known, `blocks` what is taken for few operations.
    """
    cone = graph.cone(outputs) if cone is None else cone
    active, sources = active_nodes(graph, cone, wrt), set(wrt)
    linear = LinearGraph()
    inner, edges, out = linear.inner, linear.into, linear.out
    nodes = graph.nodes
    rules = Rules(nodes, graph.leaves)
    plain, rule = rules.plain, rules.of
    for i in cone:
        if i not in active:
            continue
        node = nodes[i]
        if node[0] <= VAR or i in sources:
            out[i] = set()
            continue
        if i in blocks:
            slopes = blocks[i]
            known = {j: (None, c, n) for j, (c, n) in slopes.items() if j in out} if slopes else None
            if known:
                out[i] = set()
                inner.append(i)
                edges[i] = known
                for j in known:
                    out[j].add(i)
            continue
        into: dict[int, Any] = {}
        k = 0
        for partial in plain(node[0]) or rule(node):
            k += 1
            j = node[k]
            if partial is None or j not in out:
                continue
            if algebra is None:
                value = None
            elif partial.is_number:
                value = None, partial.scale, ONE
            else:
                value = _label(algebra, i, node, partial)
            if j in into:  # collect parallel edges, as of f(x, x)
                into[j] = [*into[j], value] if type(into[j]) is list else [into[j], value]
            else:
                into[j] = value
                out[j].add(i)
        if into:
            out[i] = set()
            inner.append(i)
            edges[i] = into
    for k, output in enumerate(dict.fromkeys(outputs)):
        if output in out:
            linear.sinks[output] = sink = -1 - k
            linear.into[sink] = {output: (None, 1, ONE)}
            out[output].add(sink)
    return linear


def _label(algebra: Symbolic, i: int, node: Node, partial: Partial) -> Any:
    """A partial derivative of a node that is no number, after its gate."""
    if partial.is_slot:
        return None, *algebra.lift(node[partial.slot] if partial.slot else i)
    return algebra.slope(partial, (i, *node[1:]))
