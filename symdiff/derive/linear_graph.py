"""The linearised graph: an edge from each operand to its user, labelled with the partial derivative.

Griewank and Walther, *Evaluating Derivatives*, 2nd ed., section 9.1. Sources are
variables, sinks stand for the results, one a node of the graph; between them
are operations. Labels are terms (gate, coefficient, node) to compute with, or
only their kinds, to count with.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from symdiff import ops
from symdiff.algebra.symbolic import ONE, Symbolic
from symdiff.build import exact_value, split_term
from symdiff.derive.reverse import active_nodes
from symdiff.graph import VAR, Graph, Node
from symdiff.rules import NO_SLOT, Partial, Rules

WHERE = ops.where.code

# Kinds of labels: one or minus one, another exact number, a node or minus it, such a number times a node.
UNIT, NUMBER, GENERAL, SCALED = 0, 1, 2, 3
MANY = 4  # entries that a label goes into from which its coefficient is multiplied in first
Label = Callable[[int, Node, int, Partial], Any]


class LinearGraph:
    """Edges by their ends; two between the same nodes are a list of labels."""

    __slots__ = ("inner", "into", "out", "sinks")

    def __init__(self) -> None:
        self.inner: list[int] = []  # operations, in graph order
        self.into: dict[int, dict[int, Any]] = {}  # of a node: operand -> label, or a list of them
        self.out: dict[int, set[int]] = {}  # of a node: its users
        self.sinks: dict[int, int] = {}  # of a result, by node: a negative number


def linearised(graph: Graph, outputs: Sequence[int], wrt: Sequence[int], algebra: Symbolic | None) -> LinearGraph:
    """The linearised graph between variables and results; without an algebra its labels are kinds.

    Steps and conditions, whose derivative is zero, are not in it, nor what is only below them.
    """
    cone = graph.cone(outputs)
    active = active_nodes(graph, cone, wrt)
    label = _kinds(graph) if algebra is None else _terms(algebra)
    one: Any = UNIT if algebra is None else (None, 1, ONE)
    linear = LinearGraph()
    out, nodes = linear.out, graph.nodes
    rules = Rules(nodes, graph.leaves)
    for i in cone:
        node = nodes[i]
        if i not in active:
            continue
        if node[0] <= VAR:
            out[i] = set()
            continue
        into: dict[int, Any] = {}
        for partial, j in zip(rules.plain(node[0]) or rules.of(node), node[1:], strict=False):
            if partial is None or j not in out:
                continue
            value = label(i, node, j, partial)
            if j in into:  # f(x, x)
                into[j] = [into[j], value] if algebra is not None else GENERAL
            else:
                into[j] = value
                out[j].add(i)
        if into:
            out[i] = set()
            linear.inner.append(i)
            linear.into[i] = into
    for k, output in enumerate(dict.fromkeys(outputs)):
        if output in out:
            linear.sinks[output] = sink = -1 - k
            linear.into[sink] = {output: one}
            out[output].add(sink)
    return linear


def _terms(algebra: Symbolic) -> Label:
    def label(i: int, node: Node, j: int, partial: Partial) -> Any:
        if node[0] == WHERE:
            return (node[1] if j == node[2] else algebra.negated(node[1])), 1, ONE
        return None, *algebra.partial(partial, (i, *node[1:]))

    return label


def _kinds(graph: Graph) -> Label:
    def label(i: int, node: Node, j: int, partial: Partial) -> int:
        if partial.program is not None:
            return UNIT if node[0] == WHERE else GENERAL
        if partial.slot == NO_SLOT:
            return UNIT if abs(partial.scale) == 1 else NUMBER
        c, n = _scale(graph, i if partial.slot == 0 else node[partial.slot])
        c = abs(c * partial.scale)
        return (UNIT if c == 1 else NUMBER) if n is None else GENERAL if c == 1 else SCALED

    return label


def _scale(graph: Graph, i: int) -> tuple[Any, int | None]:
    """The exact coefficient that a node has, and what it multiplies: None for one."""
    value = exact_value(graph, i)
    return split_term(graph, i) if value is None else (value, None)
