"""Hessians by edge pushing: one reverse sweep that carries second derivatives along with adjoints.

Gower and Mello, "A new framework for the computation of Hessians", Optimization
Methods and Software 27 (2012); Wang, Gebremedhin and Pothen, "Capitalizing on
live variables", Mathematical Programming Computation 8 (2016).

When the sweep comes to a node, the derivatives of the result by it and each
live node are known: its row. They are pushed to its operands by the first
partials, and its own second partials, times its adjoint, are added. An edge
{i, j} stands once, in the row of the end that is eliminated first; so one
triangle is all there is. As in reverse accumulation a weight may be gated by
the conditions of branches.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import Any

from symdiff.algebra.symbolic import ONE, ZERO, Scaled, Symbolic
from symdiff.derive.gates import WHERE, Term, collected, contribute, settled
from symdiff.derive.reverse import active_nodes
from symdiff.derive.second_partials import SecondRules, Seconds
from symdiff.graph import VAR, Graph, Node
from symdiff.records import OPERATIONS
from symdiff.rules import Rules

Row = dict[int, Any]  # by the other end: a term, or a list of terms to add up
Slope = tuple[int, Any, int]  # an operand, and the scaled partial derivative by it


def edge_push(graph: Graph, root: int, wrt: Sequence[int], live: float = inf) -> dict[tuple[int, int], Scaled] | None:
    """The Hessian of a node by pair of variables `(i, j)`, i >= j; what is zero for structural reasons is missing.

    `wrt` are nodes of variables. None where more than `live` edges for each node and variable
    would be pushed.
    """
    sweep = _Sweep(graph, root, wrt)
    return sweep.hessian() if sweep.run(live * (len(sweep.order) + 1) * (len(wrt) + 1)) else None


class _Sweep:
    def __init__(self, graph: Graph, root: int, wrt: Sequence[int]) -> None:
        self.nodes = graph.nodes
        self.algebra = Symbolic(graph)
        cone = graph.cone([root])
        self.active = active_nodes(graph, cone, wrt)
        self.order = [i for i in reversed(cone) if i in self.active and self.nodes[i][0] > VAR]
        self.inner = set(self.order)  # the active operations
        self.rules = Rules(self.nodes, graph.leaves)
        self.adjoints: Row = {root: (None, 1, ONE)}
        self.rows: dict[int, Row] = {}

    def run(self, limit: float) -> bool:
        """Eliminate every operation, users before operands; False where that is more than so many edges."""
        nodes, algebra = self.nodes, self.algebra
        rules, seconds = self.rules, SecondRules(self.rules)
        known: dict[int, Any] = {}  # by code, see _numbers
        known_numbers = known.get
        take_adjoint, take_row = self.adjoints.pop, self.rows.pop
        for i in self.order:
            adjoint, row = take_adjoint(i, None), take_row(i, None)
            if type(adjoint) is list:
                adjoint = collected(algebra, adjoint)
            if adjoint is not None and adjoint[1] == 0:
                adjoint = None
            if adjoint is None and row is None:
                continue
            node = nodes[i]
            if node[0] == WHERE:
                self._branch(i, node, adjoint, row)
                continue
            numbers = known_numbers(node[0], False)
            if numbers is False:
                numbers = known[node[0]] = _numbers(node, rules, seconds)
            if row is not None:
                limit -= len(row)
                if limit < 0:
                    return False
                self._push(i, row, self._slopes(i, node))
            if adjoint is None:
                continue
            if numbers is None:
                self._pass_on(i, node, adjoint)
            else:
                self._pass_through(adjoint, numbers, node)
            if numbers is None:
                self._create(i, node, adjoint, seconds.plain.get(node[0]) or seconds.of(node))
        return True

    def _pass_through(self, adjoint: Any, numbers: Sequence[Any], node: Node) -> None:
        """The adjoints of the operands of a linear operation that no edge hangs on."""
        gate, c, n = adjoint
        for scale, j in zip(numbers, node[1:], strict=False):
            if j in self.inner and scale != 0:
                contribute(self.adjoints, j, adjoint if scale == 1 else (gate, scale * c, n))

    def hessian(self) -> dict[tuple[int, int], Scaled]:
        """What is left when all operations are eliminated: edges between variables."""
        found = {}
        for i, row in self.rows.items():
            for j, term in row.items():
                value = settled(self.algebra, collected(self.algebra, term))
                if value[0] != 0:
                    found[i, j] = value
        return found

    def _pass_on(self, i: int, node: Node, adjoint: Term) -> None:
        """The adjoints of the operands of any other operation; those of variables are not needed."""
        gate, c, n = adjoint
        algebra = self.algebra
        for partial, j in zip(self.rules.plain(node[0]) or self.rules.of(node), node[1:], strict=False):
            if partial is None or j not in self.inner:
                continue
            if partial.is_slot:
                d, m = algebra.times_node(c, n, node[partial.slot] if partial.slot else i)
            else:
                d, m = algebra.mul((c, n), algebra.partial(partial, (i, *node[1:])))
            if d != 0:
                contribute(self.adjoints, j, (gate, d, m))

    def _slopes(self, i: int, node: Node) -> list[Slope]:
        """The partials by the active operands of a node, each operand once."""
        found: list[Slope] = []
        for partial, j in zip(self.rules.plain(node[0]) or self.rules.of(node), node[1:], strict=False):
            if partial is None or j not in self.active:
                continue
            if partial.is_number:
                found.append((j, partial.scale, ONE))
            else:
                found.append((j, *self.algebra.partial(partial, (i, *node[1:]))))
        return found if len(found) < 2 or len({j for j, _, _ in found}) == len(found) else self._united(found)

    def _united(self, slopes: list[Slope]) -> list[Slope]:
        """The slopes of f(x, x), which add up."""
        parts: dict[int, list[Scaled]] = {}
        for j, c, n in slopes:
            parts.setdefault(j, []).append((c, n))
        return [(j, *self.algebra.add(several)) for j, several in parts.items()]

    def _push(self, i: int, row: Row, slopes: list[Slope]) -> None:
        """Hand the edges of a node to its operands."""
        for j, held in row.items():
            term: Term = collected(self.algebra, held)
            if j == i:
                self._push_loop(term, slopes)
                continue
            for slope in slopes:
                gate, c, n = self._times(term, slope)
                self._edge(slope[0], j, (gate, 2 * c, n) if slope[0] == j else (gate, c, n))

    def _push_loop(self, term: Term, slopes: list[Slope]) -> None:
        """The second derivative of a node by itself: slope times slope for each pair of operands."""
        for p, slope in enumerate(slopes):
            part = self._times(term, slope)
            self._edge(slope[0], slope[0], self._times(part, slope))
            for other in slopes[p + 1 :]:
                self._edge(slope[0], other[0], self._times(part, other))

    def _create(self, i: int, node: Node, adjoint: Term, seconds: Seconds) -> None:
        """The edges that the second partials of a node make."""
        active, slots = self.active, (i, *node[1:])
        for p, q, partial in seconds:
            k, j = node[p + 1], node[q + 1]
            if k in active and j in active:
                gate, c, n = self._times(adjoint, (k, *self.algebra.partial(partial, slots)))
                self._edge(k, j, (gate, 2 * c, n) if k == j and p != q else (gate, c, n))

    def _branch(self, i: int, node: Node, adjoint: Term | None, row: Row | None) -> None:
        """Hand adjoint and edges of a `where` to its branches, each gated by its condition."""
        algebra = self.algebra
        edges = {j: collected(algebra, held) for j, held in (row or {}).items()}
        for k, negated in ((node[2], False), (node[3], True)):
            if k not in self.active:
                continue
            passing = algebra.negated(node[1]) if negated else node[1]
            if adjoint is not None and k in self.inner:
                contribute(self.adjoints, k, (algebra.both(adjoint[0], passing), *adjoint[1:]))
            for j, (gate, c, n) in edges.items():
                gate = algebra.both(gate, passing)
                self._edge(k, k if j == i else j, (gate, 2 * c if k == j else c, n))

    def _edge(self, a: int, b: int, term: Term) -> None:
        """Add a weight to the edge between two nodes; the end that is eliminated first keeps it."""
        if term[1] == 0:
            return
        if a < b:
            a, b = b, a
        if b in self.inner and a not in self.inner:
            a, b = b, a
        row = self.rows.get(a)
        if row is None:
            self.rows[a] = {b: term}
        else:
            contribute(row, b, term)

    def _times(self, term: Term, slope: Slope) -> Term:
        gate, c, n = term
        if slope[2] == ONE:
            if slope[1] == 1:
                return term
            return (gate, c * slope[1], n) if slope[1] != 0 else (gate, *ZERO)
        return gate, *self.algebra.mul((c, n), slope[1:])


def _numbers(node: Node, rules: Rules, seconds: SecondRules) -> tuple[Any, ...] | None:
    """The partials of an operation that is linear whatever its operands are, None for others."""
    if OPERATIONS[node[0]].static or seconds.of(node):
        return None
    firsts = rules.of(node)
    if any(p is not None and not p.is_number for p in firsts):
        return None
    return tuple([0 if p is None else p.scale for p in firsts])
