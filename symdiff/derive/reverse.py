"""Reverse accumulation: adjoints from the results down to the variables.

Griewank and Walther, *Evaluating Derivatives*, 2nd ed., section 3.2. An adjoint
may be gated: below a branch of `where` it counts only where that branch is
taken, so what the other branch would divide by zero never reaches the result.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from symdiff import ops
from symdiff.algebra.symbolic import ONE, Scaled, Symbolic
from symdiff.expr import Expr, gather, handle
from symdiff.graph import VAR, Graph
from symdiff.rules import Rules

Term = tuple[int | None, Any, int]  # gate, coefficient, node

NOT, WHERE = ops.logical_not.code, ops.where.code


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
            _contribute(pending, output, (None, *algebra.lift(seed)))
    found: dict[int, Scaled] = {}
    nodes, times_node = graph.nodes, algebra.times_node
    rules = Rules(nodes, graph.leaves)
    for i in reversed(cone):
        term = pending.pop(i, None)
        if term is None:
            continue
        if type(term) is list:
            term = _sum(algebra, term)
        gate, c, n = term
        if n == ONE and c == 0:
            continue
        if every or i in wanted:
            found[i] = _settled(algebra, term)
        node = nodes[i]
        if node[0] <= VAR:
            continue
        if node[0] == WHERE:
            _branch(algebra, pending, active, node, term)
            continue
        rule = rules.plain(node[0]) or rules.of(node)
        for partial, j in zip(rule, node[1:], strict=False):
            if partial is None or j not in active:
                continue
            if partial.is_number:
                contribution = term if partial.scale == 1 else (gate, partial.scale * c, n)
            elif partial.is_slot:
                contribution = (gate, *times_node((c, n), node[partial.slot] if partial.slot else i))
            else:
                contribution = (gate, *algebra.mul((c, n), algebra.partial(partial, (i, *node[1:]))))
                if contribution[2] == ONE and contribution[1] == 0:
                    continue
            if j in pending:
                _contribute(pending, j, contribution)
            else:
                pending[j] = contribution
    return found


def _contribute(pending: dict[int, Any], i: int, term: Term) -> None:
    """Note a contribution to an adjoint: a list only where there are several."""
    held = pending.get(i)
    if held is None:
        pending[i] = term
    elif type(held) is list:
        held.append(term)
    else:
        pending[i] = [held, term]


def _branch(algebra: Symbolic, pending: dict[int, Any], active: set[int], node: Any, term: Term) -> None:
    """Pass an adjoint to the branches of a `where`, gated by its condition."""
    gate, c, n = term
    _, condition, if_true, if_false = node
    if if_true in active:
        _contribute(pending, if_true, (algebra.both(gate, condition), c, n))
    if if_false in active:
        closed = algebra.negated(condition)
        _contribute(pending, if_false, (algebra.both(gate, closed), c, n))


def _sum(algebra: Symbolic, terms: list[Term]) -> Term:
    """One adjoint of several contributions, in the order of the uses they come from."""
    terms = terms[::-1]
    if not any(gate is not None for gate, _, _ in terms):
        return None, *algebra.add([(c, n) for _, c, n in terms])
    terms = _paired(algebra, terms)
    gates = [gate for gate, _, _ in terms if gate is not None]
    gate = algebra.either(gates) if len(gates) == len(terms) else None
    if len(terms) == 1:
        return terms[0]
    if len(set(gates)) <= 1 and gate is not None:  # one gate for all: it stays outside
        return gate, *algebra.add([(c, n) for _, c, n in terms])
    return gate, *algebra.add([_settled(algebra, term) for term in terms])


def _paired(algebra: Symbolic, terms: list[Term]) -> list[Term]:
    """Two contributions with opposite gates are one, `where(gate, a, b)`."""
    by_gate = {gate: k for k, (gate, _, _) in enumerate(terms) if gate is not None}
    result: list[Term | None] = list(terms)
    for k, (gate, c, n) in enumerate(terms):
        node = algebra.graph.nodes[gate] if gate is not None else ()
        other = by_gate.get(node[1]) if node and node[0] == NOT else None
        if other is not None and result[other] is terms[other] and result[k] is terms[k]:  # neither is paired yet
            result[min(k, other)] = (None, *algebra.select(node[1], terms[other][1:], (c, n)))
            result[max(k, other)] = None
    return [term for term in result if term is not None]


def _settled(algebra: Symbolic, term: Term) -> Scaled:
    gate, c, n = term
    return (c, n) if gate is None else algebra.select(gate, (c, n))


def adjoints(expr: Expr, seed: Any = 1) -> dict[Expr, Expr]:
    """The adjoint of every node of an expression, as expressions; see `Expr.adjoints`."""
    graph, (root, start) = gather([expr, seed])
    cone = graph.cone([root])
    wrt = [i for i in cone if graph.nodes[i][0] == VAR]
    algebra = Symbolic(graph)
    found = reverse(graph, [root], [start], wrt, every=True)
    return {handle(graph, i): handle(graph, algebra.lower(value)) for i, value in found.items()}
