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

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import inf
from typing import Any

from symdiff.algebra.scaled import ONE, ZERO, Scaled
from symdiff.algebra.symbolic import Symbolic
from symdiff.exact import exact_product
from symdiff.graph import Graph, Node
from symdiff.modes import budgets
from symdiff.modes.activity import pending_adjoints
from symdiff.modes.alike_blocks import Alike, AlikeBlocks, Edges
from symdiff.modes.alike_terms import parts_of_terms
from symdiff.modes.edge_counts import within_edges
from symdiff.modes.gated_terms import Term, collected, joined, settled, total
from symdiff.modes.narrow_blocks import Block, NarrowBlocks, block_slopes, spared
from symdiff.modes.reverse import reverse
from symdiff.modes.second_partials import SecondRules, Seconds
from symdiff.progress import watched
from symdiff.records import OPERATIONS
from symdiff.rules import Rules

Row = dict[int, Any]  # edges of a node by their other end: a term, or a list of terms to add up
Slope = tuple[int, int | None, Any, int]  # operand, and the partial derivative by it: gate, coefficient, node


def edge_push(
    graph: Graph, root: int, wrt: Sequence[int], live: float = inf, counted: bool = False
) -> dict[tuple[int, int], Scaled] | None:
    """The Hessian of a node by pair of variables `(i, j)`, i >= j; what is zero for structural reasons is missing.

    `wrt` are nodes of variables. None where more than `live` edges for each node and variable
    would be pushed, or more in all than memory should hold: where it may come to that they are counted first,
    unless they are `counted` already.
    """
    sweep = _Sweep(graph, {root: (1, ONE)}, wrt)
    uncounted = inf if counted else max(budgets.HESSIAN_EDGES_UNCOUNTED, len(wrt) ** 2)
    return sweep.hessian() if sweep.run(uncounted, lambda: within_edges(graph, root, wrt, live, sweep.blocks)) else None


class _Sweep:
    def __init__(self, graph: Graph, seeds: Mapping[int, Scaled], wrt: Sequence[int]) -> None:
        root = max(seeds)
        self.nodes = graph.nodes
        self.algebra = Symbolic(graph)
        self.cone = graph.reach(list(seeds))
        self.adjoints = pending_adjoints(graph, self.cone, wrt)  # adjoints to come; False where none is wanted
        self.moving = {j for j in wrt if j <= root}
        for j in self.moving:  # exclude the adjoints of variables
            self.adjoints[j] = False
        for i, seed in seeds.items():
            if self.adjoints[i] is None:
                self.adjoints[i] = (None, *seed)
        self.alike = AlikeBlocks(graph, self.adjoints, self.moving)
        if len(self.cone) > budgets.ALIKE_NODES:
            self.alike.gather(parts_of_terms(graph, root, self.cone))
        self.blocks = NarrowBlocks(graph, root, self.adjoints, self.moving, self.alike)
        self.rules = Rules(self.nodes, graph.leaves)
        self.rows: dict[int, Row] = {}
        self.places: dict[int, int] = {}  # of nodes in the order of elimination, from the end on; empty for their own

    def run(self, limit: float, more: Callable[[], bool]) -> bool:
        """Eliminate every operation, users before operands; False where that is more edges, and not `more`."""
        nodes, adjoints = self.nodes, self.adjoints
        rules, seconds = self.rules, SecondRules(self.rules)
        known: dict[int, Any] = {}  # numbers by code, see _numbers
        known_numbers, take_row, alike, blocks = known.get, self.rows.pop, self.alike.at, self.blocks.at
        order = self.alike.users_first(self.cone)
        self.places = self.alike.places
        for i in watched("differentiating twice", order, len(self.cone)):
            adjoint = adjoints[i]
            if adjoint is False:
                continue
            if i in alike:
                if self._is_before(i, alike[i].inputs):
                    self._write_out(alike[i])
                    adjoint = adjoints[i]
            elif i in blocks and self._is_before(i, blocks[i].inputs):
                self._cross(blocks[i])
            row = take_row(i, None)
            adjoints[i] = None
            if type(adjoint) is list:
                adjoint = collected(self.algebra, adjoint)
            if adjoint is not None and adjoint[2] == ONE and adjoint[1] == 0:
                adjoint = None
            if adjoint is None and row is None:
                continue
            node = nodes[i]
            numbers = known_numbers(node[0], False)
            if numbers is False:
                numbers = known[node[0]] = _numbers(node, rules, seconds)
            if row is not None:
                limit -= len(row)
                if limit < 0:
                    if not more():
                        return False
                    limit = inf
                self.blocks.note(len(row))
                self._push(i, row, self._slopes(i, node))
            if adjoint is None:
                continue
            if numbers is None:
                self._pass_on(i, node, adjoint)
                self._create(i, node, adjoint, seconds.plain.get(node[0]) or seconds.of(node))
                continue
            for k, scale in enumerate(numbers, 1):  # pass on a linear operation's adjoint: no edge hangs on it
                held = adjoints[node[k]]
                if held is not False and scale != 0:
                    part = adjoint if scale == 1 else (adjoint[0], scale * adjoint[1], adjoint[2])
                    adjoints[node[k]] = part if held is None else joined(held, part)
        return True

    def hessian(self) -> dict[tuple[int, int], Scaled]:
        """What is left when all operations are eliminated: edges between variables."""
        found = {}
        for i, row in self.rows.items():
            assert self.moving.issuperset((i, *row))  # assert that no edge was left behind
            for j, term in row.items():
                value = settled(self.algebra, collected(self.algebra, term, last=True))
                if value[0] != 0:
                    found[i, j] = value
        return found

    def _is_before(self, i: int, inputs: Iterable[int]) -> bool:
        """Whether a node is eliminated before all operations among others: not so of all blocks where some wait."""
        places = self.places
        return not places or all(places[j] < places[i] for j in inputs if self.adjoints[j] is not False)

    def _write_out(self, block: Alike) -> None:
        """Eliminate a block, one of many alike: what its results have so far goes on to its inputs."""
        results, adjoints = block.results, self.adjoints
        if any(i in self.rows for i in results) and not self._cross_alike(block, results):
            return
        seeds: list[Scaled | None] = []
        for i in results:
            held = adjoints[i]
            if type(held) is list:
                held = adjoints[i] = collected(self.algebra, held)
            if held and held[0] is not None:  # leave what is gated to the operations one by one
                return
            seeds.append(held[1:] if held else None)
        if not any(seeds):
            return
        for i in results:
            adjoints[i] = None
        slopes, edges = self.alike.derived(block, seeds, _partials)
        for j, slope in slopes:
            adjoints[j] = joined(adjoints[j], (None, *slope))
        for j, k, second in edges:
            self._edge(j, k, (None, *second))

    def _cross_alike(self, block: Alike, results: list[int]) -> bool:
        """Hand the edges of its results to its inputs at once; False where that does not pay."""
        if block.form.branches:
            return False
        program = self.alike.jacobian_program(block.form)
        gain = spared(self.rows, results, block.inputs, len(program.edges), program.products)
        if gain <= budgets.BLOCK_PAYS * program.operations:
            return False
        slopes = self.alike.jacobian(block)
        for i in reversed(results):
            self._push_by(i, slopes[i])
        return True

    def _push_by(self, i: int, slopes: dict[int, Scaled]) -> None:
        """Hand the edges of a node to others that it depends on."""
        row = self.rows.pop(i, None)
        if row is not None:
            self._push(i, row, [(j, None, c, n) for j, (c, n) in slopes.items()])

    def _pass_on(self, i: int, node: Node, adjoint: Term) -> None:
        """The adjoints of the operands of any other operation."""
        adjoints, times_partial = self.adjoints, self.algebra.times_partial
        for k, partial in enumerate(self.rules.plain(node[0]) or self.rules.of(node), 1):
            held = adjoints[node[k]]
            if partial is not None and held is not False:
                part = times_partial(*adjoint, partial, i, node)
                if part is not None:
                    adjoints[node[k]] = part if held is None else joined(held, part)

    def _active(self, i: int) -> bool:
        return self.adjoints[i] is not False or i in self.moving

    def _slopes(self, i: int, node: Node) -> list[Slope]:
        """The partials by the active operands of a node, each operand once."""
        found: list[Slope] = []
        adjoints, moving = self.adjoints, self.moving
        for k, partial in enumerate(self.rules.plain(node[0]) or self.rules.of(node), 1):
            j = node[k]
            if partial is None or (adjoints[j] is False and j not in moving):
                continue
            if partial.is_number:
                found.append((j, None, partial.scale, ONE))
            else:
                found.append((j, *self.algebra.slope(partial, (i, *node[1:]))))
        return found if len(found) < 2 or len({slope[0] for slope in found}) == len(found) else self._united(found)

    def _united(self, slopes: list[Slope]) -> list[Slope]:
        """The slopes of f(x, x), which add up."""
        parts: dict[int, list[Term]] = {}
        for j, *term in slopes:
            parts.setdefault(j, []).append((term[0], term[1], term[2]))
        return [(j, *total(self.algebra, several)) for j, several in parts.items()]

    def _push(self, i: int, row: Row, slopes: list[Slope]) -> None:
        """Hand the edges of a node to its operands."""
        edge, algebra = self._edge, self.algebra
        terms: list[Term] = [collected(algebra, held) if type(held) is list else held for held in row.values()]
        columns = [self._times_each(terms, slope) for slope in slopes]
        operands = [slope[0] for slope in slopes]
        for j, parts in zip(row, zip(*columns, strict=True), strict=False):
            if j == i:
                self._push_loop(parts, slopes)
                continue
            for k, part in zip(operands, parts, strict=True):
                edge(k, j, part if k != j else (part[0], exact_product(2, part[1]), part[2]))

    def _cross(self, block: Block) -> None:
        """Hand the edges of the results of a block to its inputs at once, where that pays."""
        gain = block.spared(self.rows)
        found = block_slopes(self.algebra, block, gain) if gain > 0 else None
        for i, slopes in found.items() if found else ():
            self._push_by(i, slopes)

    def _push_loop(self, parts: Sequence[Term], slopes: list[Slope]) -> None:
        """The second derivative of a node by itself: slope times slope for each pair of operands."""
        for p, slope in enumerate(slopes):
            self._edge(slope[0], slope[0], self._times(parts[p], slope))
            for other in slopes[p + 1 :]:
                if not self.algebra.exclusive(slope[1], other[1]):
                    self._edge(slope[0], other[0], self._times(parts[p], other))

    def _times_each(self, terms: list[Term], slope: Slope) -> list[Term]:
        """The products of terms with a slope: as `_times`, in one loop where the slope has no gate."""
        _, passing, d, m = slope
        if passing is not None or d == 0:
            return [self._times(term, slope) for term in terms]
        if d == -1:
            terms = [(gate, -c, n) for gate, c, n in terms]
        elif d != 1:
            terms = [(gate, exact_product(c, d), n) for gate, c, n in terms]
        if m == ONE:
            return terms
        product, one = self.algebra.product, self.algebra.one
        found: list[Term] = []
        for gate, c, n in terms:
            made = m if n == ONE else product(n, m)
            found.append((gate, c, made if made != one else ONE))
        return found

    def _create(self, i: int, node: Node, adjoint: Term, seconds: Seconds) -> None:
        """The edges that the second partials of a node make."""
        for p, q, partial in seconds:
            k, j = node[p + 1], node[q + 1]
            if self._active(k) and (j == k or self._active(j)):
                if partial.is_number:
                    gate, c, n = adjoint[0], partial.scale * adjoint[1], adjoint[2]
                else:
                    gate, c, n = self._times(adjoint, (k, *self.algebra.slope(partial, (i, *node[1:]))))
                self._edge(k, j, (gate, exact_product(2, c), n) if k == j and p != q else (gate, c, n))

    def _edge(self, a: int, b: int, term: Term) -> None:
        """Add a weight to the edge between two nodes; the end that is eliminated first keeps it."""
        if term[1] == 0:
            return
        moving, places = self.moving, self.places
        if a < b if not places else places[a] < places[b]:
            a, b = b, a
        if a in moving and b not in moving:
            a, b = b, a
        row = self.rows.get(a)
        if row is None:
            self.rows[a] = {b: term}
        else:
            held = row.get(b)
            if held is None:
                row[b] = term
            elif type(held) is list:
                held.append(term)
            else:
                row[b] = [held, term]

    def _times(self, term: Term, slope: Slope) -> Term:
        gate, c, n = term
        _, passing, d, m = slope
        if passing is not None:
            gate = self.algebra.both(gate, passing)
        if m == ONE:
            return (gate, c if d == 1 else exact_product(c, d), n) if d != 0 else (gate, *ZERO)
        c, n = self.algebra.mul((c, n), (d, m))
        return gate, c, n


def _partials(
    graph: Graph, seeds: Mapping[int, Scaled], inner: Sequence[int], active: Sequence[int]
) -> tuple[dict[int, Scaled], Edges]:
    """The first derivatives by some variables, and the second ones by others, of nodes times their adjoints."""
    sweep = _Sweep(graph, seeds, active)
    sweep.run(inf, lambda: True)
    outputs = list(seeds)
    return reverse(graph, outputs, [sweep.algebra.lower(seeds[i]) for i in outputs], inner), sweep.hessian()


def _numbers(node: Node, rules: Rules, seconds: SecondRules) -> tuple[Any, ...] | None:
    """The partials of an operation that is linear whatever its operands are, None for others."""
    if OPERATIONS[node[0]].static or seconds.of(node):
        return None
    firsts = rules.of(node)
    if any(p is not None and not p.is_number for p in firsts):
        return None
    return tuple([0 if p is None else p.scale for p in firsts])
