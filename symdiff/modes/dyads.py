"""Hessians by few variables as sums of dyads: adjoints from the result down, then tangents up.

Jackson and McCormick, "The polyadic structure of factorable function tensors", Journal of Optimization Theory and
Applications 51 (1986). Each operation adds its second partials times its adjoint and the tangents of its operands:
`v = a*b` with the adjoint w adds `w*(da_i*db_j + da_j*db_i)` to the entry of x_i and x_j. What has one adjoint is added
up before it is multiplied by that: 2*n**2 operations of a product for n variables, and n**2 + n for an adjoint that is
its own, beside 4*n for the tangents. Of an operand of several products `sum(w*db)` is added up first, and multiplied
by da at last: 2*n operations of a product, and 2*n**2 of the operand. Rows of the gradient's derivatives take 12*n.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from symdiff.algebra.scaled import LIFTED, ONE, ZERO, Scaled
from symdiff.algebra.symbolic import Symbolic
from symdiff.build import ADD, DIV, MUL, SUB
from symdiff.exact import exact_product
from symdiff.graph import VAR, Graph, Node
from symdiff.modes import budgets
from symdiff.modes.activity import has_branches
from symdiff.modes.reverse import reverse_by
from symdiff.modes.second_partials import SecondRules
from symdiff.progress import watched
from symdiff.rules import Rules

Tangent = list[Scaled]  # of a node by each variable
Terms = list[list[Scaled]]  # the same as terms to add up, or what stands behind an adjoint in each entry

_SUMS = {ADD: 1, SUB: -1}  # sign of the second operand
_KEPT_OPEN = frozenset((ADD, SUB, MUL))  # operations whose tangents stay terms where a sum alone uses them


def by_dyads(graph: Graph, root: int, wrt: Sequence[int]) -> dict[tuple[int, int], Scaled] | None:
    """The Hessian of a node by pair of variables `(i, j)`, i >= j; what is zero for structural reasons is missing.

    None where a derivative counts under a condition.
    """
    cone = graph.cone([root])
    if has_branches(graph, cone):
        return None
    algebra, wrt = Symbolic(graph), sorted(wrt)
    adjoints = reverse_by(algebra, [root], [algebra.one], wrt, every=True)
    sweep = _Sweep(algebra, wrt, cone)
    for i in watched("differentiating twice", cone, len(cone)):
        if graph.nodes[i][0] > VAR and not sweep.visit(i, graph.nodes[i], adjoints.get(i, ZERO)):
            return None
    return sweep.entries(wrt)


def are_fewer(graph: Graph, root: int, variables: int) -> bool:
    """Whether dyads take about as few operations as rows: of many variables where many products have one operand."""
    cone = graph.cone([root])
    in_one_sum, uses, shared = _in_one_sum(graph, cone), _uses(graph.nodes, cone), _shared(variables)
    sums: dict[int, int] = {}  # sums from which nodes have their adjoints
    adjoints, carrying, nonlinear, carried = set(), set(), 0, 0
    for i in reversed(cone):
        node = graph.nodes[i]
        above = sums.get(i, i)
        if node[0] in _SUMS:
            sums.update([(j, above) for j in node[1:] if j in in_one_sum])
        elif node[0] > VAR:
            nonlinear += 1
            a, b = _factors(i, node) or (i, i)
            most = a if a == b or uses[a] >= uses[b] else b
            if a != b and uses[most] >= shared:
                carried += 1
                carrying.add(most)
            else:
                adjoints.add(above)
    made_at_once = 2 * carried + 2 * variables * (nonlinear - carried + len(carrying))
    level = max(budgets.DYADS_LEVEL, budgets.DYADS_LEVEL_VARIABLE * variables)
    return made_at_once + (variables + 1) * len(adjoints) <= level * nonlinear


def _shared(variables: int) -> float:
    """The count k of products from which the dyads of an operand take fewer, n*k + n**2 instead of k*n**2."""
    return variables // (variables - 1) + 1 if variables > 1 else inf


def _factors(i: int, node: Node) -> tuple[int, ...]:
    """The operands of a product, of a quotient those of what it is in `a = q*b`; none of others."""
    return (node[1], node[2]) if node[0] == MUL else (i, node[2]) if node[0] == DIV else ()


def _in_one_sum(graph: Graph, cone: Sequence[int]) -> set[int]:
    """The nodes that are used once, by a sum."""
    once: set[int] = set()
    others: set[int] = set()
    for i in cone:
        node = graph.nodes[i]
        if node[0] in _SUMS:
            for j in node[1:]:
                (others if j in once else once).add(j)
        elif node[0] > VAR:
            others.update(node[1:])
    return once - others


def _uses(nodes: list[Node], cone: Sequence[int]) -> dict[int, int]:
    """How many products each node is a factor of."""
    uses: dict[int, int] = {}
    for i in cone:
        node = nodes[i]
        if node[0] == MUL or node[0] == DIV:
            for j in _factors(i, node):
                uses[j] = uses.get(j, 0) + 1
    return uses


class _Sweep:
    """Tangents of nodes in turn, and what the entries of the Hessian have of each."""

    def __init__(self, algebra: Symbolic, wrt: Sequence[int], cone: Sequence[int]) -> None:
        self.algebra = algebra
        self.nodes = algebra.graph.nodes
        self.in_one_sum = _in_one_sum(algebra.graph, cone)
        self.count = len(wrt)
        self.pairs = [(p, q) for p in range(self.count) for q in range(p + 1)]
        self.half = [(place, p, q) for place, (p, q) in enumerate(self.pairs)]
        self.ordered = self.half + [(place, q, p) for place, p, q in self.half if p != q]
        self.tangents: dict[int, Tangent] = {
            i: [(1, ONE) if p == q else ZERO for q in range(self.count)] for p, i in enumerate(wrt)
        }
        self.zeros = [ZERO] * self.count  # tangents of what does not move
        self.open: dict[int, Terms] = {}  # tangents not added up yet
        self.behind: dict[int, Terms] = {}  # parts of the entries by the node of their adjoint
        self.carried: dict[int, Terms] = {}  # weighted tangents to be multiplied by those of an operand
        self.uses = _uses(algebra.graph.nodes, cone)
        self.shared = _shared(self.count)
        self.rules = Rules(self.nodes, algebra.graph.leaves)
        self.seconds = SecondRules(self.rules)

    def visit(self, i: int, node: Node, adjoint: Scaled) -> bool:
        """Go past a node; False where a derivative of it has a gate."""
        kind = node[0]
        if kind in _SUMS:
            terms = self._of_sum(node)
        elif kind == MUL and self._is_plain(node[1]) and self._is_plain(node[2]):
            terms = self._of_product(node[1], node[2])
            c, n = adjoint
            self._add(adjoint if node[1] != node[2] else (2 * c, n), node[1], node[2])
        else:
            return self._visit_any(i, node, adjoint)
        if terms is not None:
            self._hold(i, kind, terms)
        return True

    def _hold(self, i: int, kind: int, terms: Terms) -> None:
        if kind in _KEPT_OPEN and i in self.in_one_sum:
            self.open[i] = terms
        else:
            self.tangents[i] = [self._total(part) for part in terms]

    def _is_plain(self, i: int) -> bool:
        """Whether no coefficient floats out of a factor."""
        return self.nodes[i][0] not in LIFTED or self.algebra.keeps(i)

    # -- tangents -------------------------------------------------------------

    def _of_product(self, a: int, b: int) -> Terms | None:
        left, right = self.tangents.get(a), self.tangents.get(b)
        if left is None and right is None:
            return None
        found: Terms = []
        for (c, s), (d, t) in zip(left or self.zeros, right or self.zeros, strict=True):
            part = []
            if c != 0:
                part.append((c, self._product(s, b)))
            if d != 0:
                part.append((d, self._product(t, a)))
            found.append(part)
        return found

    def _product(self, a: int, b: int) -> int:
        """The product of two nodes, each of which may be ONE, as it may be itself."""
        if a == ONE or b == ONE:
            return b if a == ONE else a
        made = self.algebra.product(a, b)
        return made if made != self.algebra.one else ONE

    def _of_sum(self, node: Node) -> Terms | None:
        first, second = self._taken(node[1]), self._taken(node[2])
        if second is not None and node[0] == SUB:
            second = [[(-c, n) for c, n in self._shortened(part)] for part in second]
        if first is None or second is None:
            return first or second
        for part, more in zip(first, second, strict=True):
            part += self._shortened(more)
        return first

    def _taken(self, i: int) -> Terms | None:
        """The terms of a node's tangents; nobody else has these lists."""
        found = self.open.pop(i, None)
        if found is None:
            tangent = self.tangents.get(i)
            return None if tangent is None else [[term] if term[0] != 0 else [] for term in tangent]
        return found

    def _shortened(self, terms: list[Scaled]) -> list[Scaled]:
        return terms if len(terms) <= budgets.DYADS_MOVED else [self._total(terms)]

    def _total(self, terms: list[Scaled]) -> Scaled:
        if len(terms) > 2:
            coefficients, nodes = zip(*terms, strict=True)
            return self.algebra.sum_of(list(coefficients), list(nodes))
        if len(terms) == 2:
            return self.algebra.sum_of_two(*terms[0], *terms[1])
        return terms[0] if terms else ZERO

    # -- any operation ----------------------------------------------------------

    def _visit_any(self, i: int, node: Node, adjoint: Scaled) -> bool:
        algebra, tangents = self.algebra, self.tangents
        slots = (i, *node[1:])
        terms: Terms = [[] for _ in range(self.count)]
        moves = False
        for j, partial in zip(node[1:], self.rules.plain(node[0]) or self.rules.of(node), strict=False):
            if partial is None or j not in tangents:
                continue
            moves = True
            gate, d, m = algebra.slope(partial, slots)
            if gate is not None:
                return False
            for part, (c, n) in zip(terms, tangents[j], strict=True):
                if c != 0:
                    part.append(algebra.mul((d, m), (c, n)))
        if moves:
            self._hold(i, node[0], terms)
        return not moves or self._add_any(i, node, adjoint)

    def _add_any(self, i: int, node: Node, adjoint: Scaled) -> bool:
        """Add what an operation's second partials give; False where one has a gate."""
        algebra, tangents = self.algebra, self.tangents
        slots = (i, *node[1:])
        if node[0] == DIV:  # as `a = q*b`, which has no powers of b: the tangents of q are known
            c, n = algebra.div(adjoint, algebra.lift(node[2]))
            self._add((-c, n), i, node[2])
            return True
        for p, q, second in self.seconds.plain.get(node[0]) or self.seconds.of(node):
            a, b = node[p + 1], node[q + 1]
            if a in tangents and b in tangents:
                gate, d, m = algebra.slope(second, slots)
                if gate is not None:
                    return False
                c, n = algebra.mul(adjoint, (d, m))
                self._add((c, n) if a != b or p == q else (2 * c, n), a, b)
        return True

    # -- entries ------------------------------------------------------------------

    def _add(self, weight: Scaled, a: int, b: int) -> None:
        """Add the dyads of two operands, both ways round where they are not the same, behind a weight."""
        c, n = weight
        left, right = self.tangents.get(a), self.tangents.get(b)
        if c == 0 or left is None or right is None:
            return
        if self.uses.get(b, 0) > self.uses.get(a, 0):
            a, b, left, right = b, a, right, left
        if a != b and self.uses.get(a, 0) >= self.shared:
            self._carry(weight, a, right)
            return
        entries = self.behind.get(n)
        if entries is None:
            entries = self.behind[n] = [[] for _ in self.pairs]
        for place, p, q in self.half if a == b else self.ordered:
            d, s = left[p]
            e, t = right[q]
            if d == 0 or e == 0:
                continue
            scale = c if d == e == 1 else exact_product(c, exact_product(d, e))
            entries[place].append((scale if a == b or p != q else 2 * scale, self._product(s, t)))

    def _carry(self, weight: Scaled, a: int, tangent: Tangent) -> None:
        """Keep what is to be multiplied by the tangents of an operand: all its dyads are made at once."""
        held = self.carried.get(a)
        if held is None:
            held = self.carried[a] = [[] for _ in range(self.count)]
        c, n = weight
        for part, (d, t) in zip(held, tangent, strict=True):
            if d != 0:
                part.append((d if c == 1 else -d if c == -1 else exact_product(c, d), self._product(t, n)))

    def entries(self, wrt: Sequence[int]) -> dict[tuple[int, int], Scaled]:
        """The entries of the Hessian, added up."""
        sums: Terms = [[] for _ in self.pairs]
        for n, entries in self.behind.items():
            for total, terms in zip(sums, entries, strict=True):
                if terms:
                    total.append(self.algebra.mul((1, n), self._total(terms)))
        for a, held in self.carried.items():
            others = [self._total(part) for part in held]
            for place, p, q in self.ordered:
                c, n = self.algebra.mul(self.tangents[a][p], others[q])
                if c != 0:
                    sums[place].append((c if p != q else 2 * c, n))
        found = [self.algebra.add(terms) for terms in sums]
        return {(wrt[p], wrt[q]): value for (p, q), value in zip(self.pairs, found, strict=True) if value[0] != 0}
