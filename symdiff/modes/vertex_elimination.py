"""Jacobians by vertex elimination on the linearised graph.

Griewank and Walther, *Evaluating Derivatives*, 2nd ed., chapter 9. A vertex is
eliminated by connecting its operands to its users, products for paths and sums
where paths meet; when only variables and results are left, the edges are the
Jacobian. Every order gives the exact result: users first is reverse mode,
operands first is forward mode; `elimination_orders.py` looks for cheap ones between.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symdiff.algebra.scaled import ONE, Scaled
from symdiff.algebra.symbolic import Symbolic
from symdiff.graph import Graph
from symdiff.modes.budgets import UNSCALED_ENTRIES
from symdiff.modes.gated_terms import Term, collected, joined, settled
from symdiff.modes.linearised_graph import LinearGraph, linearised
from symdiff.progress import watched

UNGATED_ONE: Term = (None, 1, ONE)
_NONE: dict[int, Any] = {}
Entries = dict[tuple[int, int], Scaled]  # entries by output and variable


def eliminate(graph: Graph, outputs: Sequence[int], wrt: Sequence[int], order: str | Sequence[int]) -> Entries:
    """The derivatives of nodes by variables; what is zero for structural reasons is missing.

    `order` is "forward", "reverse", or holds every operation between them once, see `LinearGraph.inner`.
    """
    algebra = Symbolic(graph)
    linear = linearised(graph, outputs, wrt, algebra)
    if isinstance(order, str):
        order = linear.inner[:: 1 if order == "forward" else -1]
    return accumulate(algebra, linear, order)


def accumulate(algebra: Symbolic, linear: LinearGraph, order: Sequence[int]) -> Entries:
    """As `eliminate`, of a labelled graph that is used up."""
    into = linear.into
    out = {i: linear.out[i] for i in order}  # leave out the users of variables, which do not matter
    for i in watched("differentiating", order, len(order)):
        _eliminate(algebra, into, out, i)
    found = {}
    for output, sink in linear.sinks.items():
        for j, held in into[sink].items():
            term = collected(algebra, held, last=True) if type(held) is list else held
            value = term[1:] if term[0] is None else settled(algebra, term)
            if value[0] != 0:
                found[output, j] = value
    return found


def _eliminate(algebra: Symbolic, into: dict[int, Any], out: dict[int, set[int]], i: int) -> None:
    """Connect the operands of a vertex to its users.

    `out` may name users too many, of edges that were zero and are none.
    """
    operands, users = into.pop(i), out.pop(i)
    zero = False
    for j, held in operands.items():
        if type(held) is list:
            operands[j] = held = collected(algebra, held)
        if held[1] == 0:
            zero = True
        if j in out:
            above = out[j]
            above.discard(i)
            above |= users
    if zero:
        operands = {j: term for j, term in operands.items() if term[1] != 0}
    for user in sorted(users, reverse=True) if len(users) > 1 else users:
        edges = into.get(user, _NONE)
        outer = edges.pop(i, None)
        if outer is None:
            continue
        if type(outer) is list:
            outer = collected(algebra, outer)
        passing = outer == UNGATED_ONE
        if passing and not edges:
            edges.update(operands)
            continue
        if outer[1] == 0:
            continue
        if user < 0 and len(operands) >= UNSCALED_ENTRIES:
            outer = _unscaled(algebra, outer)
        for j, inner in operands.items():
            term = inner if passing else _times(algebra, outer, inner)
            edges[j] = joined(edges[j], term) if j in edges else term


def _unscaled(algebra: Symbolic, term: Term) -> Term:
    """A label whose coefficient is multiplied in: once, and not in every entry that it goes into."""
    gate, c, n = term
    if n == ONE or c == 1 or c == -1:
        return term
    return (gate, 1, algebra.lower((c, n))) if c > 0 else (gate, -1, algebra.lower((-c, n)))


def _times(algebra: Symbolic, outer: Term, inner: Term) -> Term:
    gate, c, n = outer
    inner_gate, d, m = inner
    if inner_gate is not None:
        gate = algebra.both(gate, inner_gate)
    if m == ONE:
        return gate, c * d, n
    return (gate, c * d, m) if n == ONE else (gate, *algebra.mul((c, n), (d, m)))
