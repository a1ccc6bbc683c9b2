"""Forward accumulation: tangents from the variables up to the results.

Griewank and Walther, *Evaluating Derivatives*, 2nd ed., section 3.1. Tangents
above a `where`, a `maximum` and their kin are gated, see `algebra/gates.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from symdiff.algebra.as_written import symbolic
from symdiff.algebra.gates import WHERE
from symdiff.algebra.scaled import ONE, ZERO, Scaled
from symdiff.algebra.symbolic import Symbolic
from symdiff.graph import Graph, Node
from symdiff.modes.activity import active_nodes
from symdiff.modes.gated_terms import Term, settled, total
from symdiff.progress import watched
from symdiff.rules import Rules


def forward(graph: Graph, outputs: Sequence[int], tangents: Mapping[int, int]) -> list[Scaled]:
    """The tangents of the outputs, given the nodes that are the tangents of variables."""
    algebra = symbolic(graph)
    cone = graph.cone(outputs)
    active = active_nodes(graph, cone, tangents)
    found: dict[int, Term] = {i: (None, *algebra.lift(tangent)) for i, tangent in tangents.items()}
    rules = Rules(graph.nodes, graph.leaves)
    for i in watched("differentiating", cone, len(cone)):
        if i in active and i not in found:
            node = graph.nodes[i]
            found[i] = _chosen(algebra, node, found) if node[0] == WHERE else _tangent(algebra, rules, i, node, found)
    return [settled(algebra, found[i]) if i in found else ZERO for i in outputs]


def _tangent(algebra: Symbolic, rules: Rules, i: int, node: Node, found: Mapping[int, Term]) -> Term:
    terms: list[Term] = []
    for partial, j in zip(rules.of(node), node[1:], strict=False):
        if partial is None or j not in found:
            continue
        gate, c, n = found[j]
        if n != ONE or c != 0:
            passing, d, m = algebra.slope(partial, (i, *node[1:]))
            terms.append((algebra.both(gate, passing), *algebra.mul((d, m), (c, n))))
    return total(algebra, terms) if len(terms) != 1 else terms[0]


def _chosen(algebra: Symbolic, node: Node, found: Mapping[int, Term]) -> Term:
    """The tangent of a `where`: that of a branch, gated where the other has none."""
    _, condition, if_true, if_false = node
    branches = [found.get(j, (None, *ZERO)) for j in (if_true, if_false)]
    zero = [n == ONE and c == 0 for _, c, n in branches]
    if not any(zero):
        return None, *algebra.chosen(condition, *[settled(algebra, branch) for branch in branches])
    if all(zero):
        return None, *ZERO
    gate, c, n = branches[zero[0]]
    return algebra.both(gate, algebra.negated(condition) if zero[0] else condition), c, n
