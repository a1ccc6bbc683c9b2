"""The linearised graph: an edge from each operand to its user, labelled with the partial derivative.

Griewank and Walther, *Evaluating Derivatives*, 2nd ed., section 9.1. Sources are
variables, sinks stand for the results, one a node of the graph; between them
are operations. Labels are terms (gate, coefficient, node) to compute with, or
only their kinds, to count with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from symdiff import ops
from symdiff.algebra.symbolic import ONE, Symbolic
from symdiff.build import exact_value
from symdiff.derive.reverse import active_nodes
from symdiff.graph import VAR, Graph, Node
from symdiff.rules import NO_SLOT, Partial, Rules

WHERE = ops.where.code

UNIT, NUMBER, GENERAL = 0, 1, 2  # kinds of labels: one or minus one, another exact number, anything else
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
    """The linearised graph between variables and results; without an algebra its labels are kinds."""
    cone = graph.cone(outputs)
    active = active_nodes(graph, cone, wrt)
    label = _kinds(graph) if algebra is None else _terms(algebra)
    one: Any = UNIT if algebra is None else (None, 1, ONE)
    linear = LinearGraph()
    linear.out = {i: set() for i in cone if i in active}
    linear.inner = [i for i in linear.out if graph.nodes[i][0] > VAR]
    rules = Rules(graph.nodes, graph.leaves)
    for i in linear.inner:
        into: dict[int, Any] = {}
        for j, value in _labels(graph, rules, active, i, label):
            if j in into:  # f(x, x)
                into[j] = [into[j], value] if algebra is not None else GENERAL
            else:
                into[j] = value
                linear.out[j].add(i)
        linear.into[i] = into
    for k, output in enumerate(dict.fromkeys(outputs)):
        if output in active:
            linear.sinks[output] = sink = -1 - k
            linear.into[sink] = {output: one}
            linear.out[output].add(sink)
    return linear


def _labels(graph: Graph, rules: Rules, active: set[int], i: int, label: Label) -> Iterator[tuple[int, Any]]:
    node = graph.nodes[i]
    for partial, j in zip(rules.plain(node[0]) or rules.of(node), node[1:], strict=False):
        if partial is not None and j in active:
            yield j, label(i, node, j, partial)


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
        other = i if partial.slot == 0 else node[partial.slot]
        return GENERAL if exact_value(graph, other) is None else NUMBER

    return label
