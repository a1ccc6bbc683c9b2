"""Forward accumulation: tangents from the variables up to the results.

Griewank and Walther, *Evaluating Derivatives*, 2nd ed., section 3.1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from symdiff.algebra.symbolic import ZERO, Scaled, Symbolic
from symdiff.derive.reverse import active_nodes
from symdiff.graph import Graph, Node
from symdiff.records import OPERATIONS
from symdiff.rules import Rules


def forward(graph: Graph, outputs: Sequence[int], tangents: Mapping[int, int]) -> list[Scaled]:
    """The tangents of the outputs, given the nodes that are the tangents of variables."""
    algebra = Symbolic(graph)
    cone = graph.cone(outputs)
    active = active_nodes(graph, cone, tangents)
    found: dict[int, Scaled] = {i: algebra.lift(tangent) for i, tangent in tangents.items()}
    rules = Rules(graph.nodes, graph.leaves)
    for i in cone:
        if i in active and i not in found:
            found[i] = _tangent(algebra, rules, i, graph.nodes[i], found)
    return [found.get(i, ZERO) for i in outputs]


def _tangent(algebra: Symbolic, rules: Rules, i: int, node: Node, found: Mapping[int, Scaled]) -> Scaled:
    op = OPERATIONS[node[0]]
    if op.linear:  # the operation itself, on tangents
        return algebra.apply(
            node[0],
            [found.get(j, ZERO) if k in op.linear else (1, j) for k, j in enumerate(node[1:])],
        )
    terms = []
    for k, partial in enumerate(rules.of(node)):
        tangent = found.get(node[k + 1], ZERO)
        if partial is not None and tangent[0] != 0:
            terms.append(algebra.mul(algebra.partial(partial, (i, *node[1:])), tangent))
    return algebra.add(terms)
