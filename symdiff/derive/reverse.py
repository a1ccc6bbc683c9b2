"""Reverse accumulation: adjoints from the results down to the variables.

Griewank and Walther, *Evaluating Derivatives*, 2nd ed., section 3.2. Adjoints
below a branch of `where` are gated, see `gates.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from symdiff.algebra.symbolic import ONE, Scaled, Symbolic
from symdiff.derive.gates import WHERE, Term, collected, contribute, settled
from symdiff.expr import Expr, gather, handle
from symdiff.graph import VAR, Graph
from symdiff.rules import PASSING, Rules


def active_nodes(graph: Graph, cone: Iterable[int], wrt: Iterable[int]) -> set[int]:
    """The nodes of a cone whose value depends on the nodes `wrt`."""
    active = set(wrt)
    nodes, passive = graph.nodes, active.isdisjoint
    for i in cone:
        node = nodes[i]
        if node[0] > VAR and not passive(node[1:]):
            active.add(i)
    return active


def reverse(
    graph: Graph, outputs: Sequence[int], seeds: Sequence[int], wrt: Sequence[int], every: bool = False
) -> dict[int, Scaled]:
    """The adjoints of the nodes `wrt`, or of every node between: sum of seed times derivative.

    `outputs` and `seeds` are node indices of equal number. A node that no output
    depends on is missing in the result.
    """
    algebra = Symbolic(graph)
    cone = graph.cone(outputs)
    active = active_nodes(graph, cone, wrt)
    wanted = set(wrt)
    pending: dict[int, Any] = {}
    for output, seed in zip(outputs, seeds, strict=True):
        if output in active:
            contribute(pending, output, (None, *algebra.lift(seed)))
    found: dict[int, Scaled] = {}
    nodes, times_partial = graph.nodes, algebra.times_partial
    rules = Rules(nodes, graph.leaves)
    for i in reversed(cone):
        term = pending.pop(i, None)
        if term is None:
            continue
        if type(term) is list:
            term = collected(algebra, term)
        gate, c, n = term
        if n == ONE and c == 0:
            continue
        if every or i in wanted:
            found[i] = settled(algebra, term)
        node = nodes[i]
        if node[0] <= VAR:
            continue
        if node[0] == WHERE:
            _branch(algebra, pending, active, node, term)
            continue
        if node[0] in PASSING:
            for j in node[1:]:
                if j in pending:
                    contribute(pending, j, term)
                elif j in active:
                    pending[j] = term
            continue
        rule = rules.plain(node[0]) or rules.of(node)
        for partial, j in zip(rule, node[1:], strict=False):
            if partial is None or j not in active:
                continue
            if partial.is_number:
                contribution = term if partial.scale == 1 else (gate, partial.scale * c, n)
            else:
                d, m = times_partial((c, n), partial, i, node)
                if m == ONE and d == 0:
                    continue
                contribution = (gate, d, m)
            if j in pending:
                contribute(pending, j, contribution)
            else:
                pending[j] = contribution
    return found


def _branch(algebra: Symbolic, pending: dict[int, Any], active: set[int], node: Any, term: Term) -> None:
    """Pass an adjoint to the branches of a `where`, gated by its condition."""
    gate, c, n = term
    _, condition, if_true, if_false = node
    if if_true in active:
        contribute(pending, if_true, (algebra.both(gate, condition), c, n))
    if if_false in active:
        closed = algebra.negated(condition)
        contribute(pending, if_false, (algebra.both(gate, closed), c, n))


def adjoints(expr: Expr, seed: Any = 1) -> dict[Expr, Expr]:
    """The adjoint of every node of an expression, as expressions; see `Expr.adjoints`."""
    graph, (root, start) = gather([expr, seed])
    cone = graph.cone([root])
    wrt = [i for i in cone if graph.nodes[i][0] == VAR]
    algebra = Symbolic(graph)
    found = reverse(graph, [root], [start], wrt, every=True)
    return {handle(graph, i): handle(graph, algebra.lower(value)) for i, value in found.items()}
