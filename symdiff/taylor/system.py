"""What the Taylor coefficients of expressions follow from: a graph closed under its recurrences.

Each node has a recurrence that its record tells: it is linear, a product, a
quotient, a power, or else it obeys `r' = sum of p u'` over its operands u with the
partial derivatives p as nodes of their own, which join the system (Griewank and
Walther, *Evaluating Derivatives*, 2nd ed., section 13.2). They are needed one
order lower than r, so that (order, place in the system) is an order in which
everything can be computed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from typing import Any, NamedTuple

from symdiff import ops
from symdiff.algebra.scaled import ONE, Scaled
from symdiff.algebra.symbolic import Symbolic
from symdiff.build import DIV, MUL, NEG, POW, exact_value, simplified
from symdiff.graph import CONST, VAR, Graph, Node
from symdiff.modes import budgets
from symdiff.records import OPERATIONS
from symdiff.rules import Rules, static_value

WHERE = ops.where.opcode
SQRT = ops.sqrt.opcode
_ROOTS = {SQRT: 2, ops.cbrt.opcode: 3}

# Kinds of recurrences: how the coefficients of a node follow.
FIXED, GIVEN, LINEAR, SCALED, PRODUCT, QUOTIENT, BINOMIAL, POWER, EQUATION = range(9)


class Equation(NamedTuple):
    """`r' = sum of c p u'`; with a denominator D, `D r' = c p u'`.

    `flows` holds (u, c, p), with p None where the partial derivative is the
    fixed value c. One of `gates` is a condition without which that flow is zero,
    whatever u and p are.
    """

    flows: list[tuple[int, Any, int | None]]
    below: int | None = None
    gates: tuple[int | None, ...] = ()


class System:
    """Nodes of a graph and what their coefficients follow from, operands first.

    `place[i]` is where node i of the graph stands; all else is by place. The
    degree is the highest order at which a coefficient may be other than zero,
    `endless` where there is no end to them below the orders that are asked for.

    What moves are variables, `x + t`, or with `series` series of numbers; `singular`: of which some are
    at 0 in the base of a power.
    """

    def __init__(
        self, graph: Graph, moving: Iterable[int], order: int, series: bool = False, singular: bool = False
    ) -> None:
        self.graph = graph
        self.algebra = Symbolic(graph)
        self.rules = Rules(graph.nodes, graph.leaves)
        self.moving = {i: d for d, i in enumerate(moving) if i >= 0}
        self.singular = singular
        self.endless = order + 1
        self.series = series
        self.place: dict[int, int] = {}
        self.node: list[int] = []
        self.kind: list[int] = []
        self.args: list[tuple[int, ...]] = []
        self.degree: list[int] = []
        self.equations: dict[int, Equation] = {}
        self.exponents: dict[int, Any] = {}
        self.gated = False  # whether there are gates: choices that are zero where a condition fails
        self._bends: dict[int, bool] = {}  # of differential equations, whether some operand is not linear

    def include(self, root: int) -> int:
        """Take in the cone of a node, as far as it is not there yet; the place of the node."""
        place, nodes = self.place, self.graph.nodes
        if root in place:
            return place[root]
        node = nodes[root]
        if node[0] > VAR and place.keys() >= {*node[1:]}:  # most slopes are one step from what is there
            self._append(root, node)
            return place[root]
        fresh, stack = {root}, [root]
        while stack:
            node = nodes[stack.pop()]
            if node[0] > VAR:
                for j in node[1:]:
                    if j not in place and j not in fresh:
                        fresh.add(j)
                        stack.append(j)
        for i in sorted(fresh):
            if i not in place:  # skip a power that came in with a higher one, which is made of it
                self._append(i, nodes[i])
        return place[root]

    def _append(self, i: int, node: Node) -> None:
        if node[0] <= VAR:
            moves = i in self.moving
            self._put(i, GIVEN if moves else FIXED, (), (self.endless if self.series else 1) if moves else 0)
            return
        place, degree_of = self.place, self.degree
        args: tuple[int, ...]
        if len(node) == 2:  # unrolled: of one operand or two there are no lists to make
            args = (place[node[1]],)
            degrees = [degree_of[args[0]]]
        elif len(node) == 3:
            args = place[node[1]], place[node[2]]
            degrees = [degree_of[args[0]], degree_of[args[1]]]
        else:
            args = tuple([place[j] for j in node[1:]])
            degrees = [degree_of[a] for a in args]
        code = node[0]
        op = OPERATIONS[code]
        most = max(degrees)
        if op.boolean or not most:
            self._put(i, FIXED, args, 0)
        elif op.linear:
            degree = most if len(op.linear) == len(args) else max([degrees[k] for k in op.linear])
            self._put(i, LINEAR if degree else FIXED, args, degree)
        elif code == MUL:
            kind = PRODUCT if all(degrees) else SCALED
            self._put(i, kind, args, min(degrees[0] + degrees[1], self.endless))
        elif code == DIV:
            self._append_quotient(i, args, degrees)
        elif code == SQRT and degrees[0] == 1 and self.endless > budgets.CLOSED_ROOTS:
            self.exponents[self._put(i, BINOMIAL, args, self.endless)] = Fraction(1, 2)
        elif code == POW and not degrees[1] and self._append_power(i, node, args):
            pass
        else:
            rule = self.rules.plain(code) or self.rules.of(node)
            moves = None not in rule or any(degree and p is not None for p, degree in zip(rule, degrees, strict=True))
            self._put(i, EQUATION if moves else FIXED, args, self.endless if moves else 0)

    def _put(self, i: int, kind: int, args: tuple[int, ...], degree: int) -> int:
        at = self.place[i] = len(self.node)
        if self.graph.nodes[i][0] == WHERE:
            self.gated = True
        self.node.append(i)
        self.kind.append(kind)
        self.args.append(args)
        self.degree.append(degree)
        return at

    def _append_quotient(self, i: int, args: tuple[int, ...], degrees: list[int]) -> None:
        if not degrees[1]:
            self._put(i, SCALED, args, degrees[0])
        elif degrees == [0, 1]:
            self._put(i, BINOMIAL, args, self.endless)
        else:
            self._put(i, QUOTIENT, args, self.endless)

    def _append_power(self, i: int, node: Node, args: tuple[int, ...]) -> bool:
        """A power with a fixed exponent; False where it is left to its differential equation.

        The recurrence of powers divides by the base, so whole powers go by products, those of
        expressions by their equation until the exponent is negative, those of a series at 0 always.
        """
        if self.graph.nodes[node[2]][0] != CONST:
            return False
        value = self.graph.leaves[node[2]]
        static = static_value(value)
        exponent = value if static is None else static
        if type(exponent) is float and not math.isfinite(exponent):
            return False
        if type(exponent) not in (int, float, Fraction):
            return False
        if exponent == 0:
            self._put(i, FIXED, args, 0)
        elif self._append_power_of_root(i, node[1], exponent):
            pass
        elif self.degree[args[0]] == 1:
            whole_degree = type(exponent) is int and exponent > 0
            place = self._put(i, BINOMIAL, args, min(exponent, self.endless) if whole_degree else self.endless)
            self.exponents[place] = exponent
        elif type(exponent) is int and exponent > 0:
            self._append_whole(i, node[1], exponent)
        elif not self.singular if self.series else exponent < 0:
            self.exponents[self._put(i, POWER, args, self.endless)] = exponent
        else:
            return False
        return True

    def _append_power_of_root(self, i: int, base: int, exponent: Any) -> bool:
        """`sqrt(u)**4` goes by the powers of u, as the coefficients of the root are infinite at 0; False for others."""
        root, *operands = self.graph.nodes[base]
        degree = _ROOTS.get(root, 0)
        if not degree or type(exponent) is not int or exponent <= 0 or exponent % degree:
            return False
        if exponent > degree:
            self._append_whole(i, operands[0], exponent // degree)
        else:
            u = self.place[operands[0]]
            self.equations[self._put(i, EQUATION, (u,), self.degree[u])] = Equation([(u, 1, None)])
        return True

    def _append_whole(self, i: int, base: int, exponent: int) -> None:
        """`base**exponent` by squares and products; the powers between are nodes too."""
        at = first = self.place[base]
        n = 1
        for bit in bin(exponent)[3:]:
            at = self._power_step(base, 2 * n, exponent, i, (at, at))
            n *= 2
            if bit == "1":
                at = self._power_step(base, n + 1, exponent, i, (first, at))
                n += 1
        if exponent == 1:
            self.place[i] = first

    def _power_step(self, base: int, n: int, last: int, i: int, args: tuple[int, int]) -> int:
        node = i if n == last else simplified(self.graph, POW, (base, self.graph.const(n)))
        degree = min(self.degree[args[0]] + self.degree[args[1]], self.endless)
        held = self.place.get(node)
        return self._put(node, PRODUCT, args, degree) if held is None else held

    def code(self, place: int) -> int:
        """The operation of a node."""
        code: int = self.graph.nodes[self.node[place]][0]
        return code

    # -- differential equations ----------------------------------------------------

    def equation(self, place: int) -> Equation:
        """The differential equation of a node; what it needs joins the system."""
        found = self.equations.get(place)
        if found is None:
            found = self.equations[place] = self._equation(place)
        return found

    def linear_operands(self, place: int) -> bool:
        """Whether all operands of a differential equation are linear, so that one term for each is left."""
        found = self._bends.get(place)
        if found is None:
            flows, below, _ = self.equation(place)
            found = below is not None
            for u, _, slope in flows:
                found = found or slope is None or self.degree[u] != 1
            self._bends[place] = found
        return not found

    def _equation(self, place: int) -> Equation:
        i = self.node[place]
        node = self.graph.nodes[i]
        flows: list[tuple[int, Any, int | None]] = []
        gates: list[int | None] = []
        args, degree = self.args[place], self.degree
        slots = (i, *node[1:])
        for k, partial in enumerate(self.rules.plain(node[0]) or self.rules.of(node)):
            if partial is None or not degree[args[k]]:
                continue
            gate = None
            if self.series and partial.gate is not None:  # nodes of a graph open and close gates by themselves
                gate = self.include(self.algebra.lower(self.algebra.partial(partial.gate, slots)))
                partial = partial.behind
            c, n = self.algebra.partial(partial, slots)
            if c == 0:
                continue
            gates.append(gate)
            if n == ONE:
                flows.append((args[k], c, None))
                continue
            if self.graph.nodes[n][0] == DIV and not self.series and degree[args[k]] > 1:
                split = self._split(args[k], c, n) if sum([degree[a] > 0 for a in args]) == 1 else None
                if split is not None:
                    return split
            flows.append((args[k], c, self.include(n)))
        return Equation(flows, None, tuple(gates))

    def _split(self, u: int, c: Any, quotient: int) -> Equation | None:
        """`r' = c N u'/D` as `D r' = c N u'`: one sum instead of two, but for numbers it cancels where D is small."""
        _, top, bottom = self.graph.nodes[quotient]
        below = self.include(bottom)
        if not self.degree[below]:
            return None
        value = self.entry(top)
        above = None if value[1] == ONE else self.include(top)
        return Equation([(u, c * value[0] if above is None else c, above)], below)

    def entry(self, i: int) -> Scaled:
        """A node as a factor of products: an exact number, or a sign and a node."""
        node = self.graph.nodes[i]
        if node[0] == NEG:
            return -1, node[1]
        value = exact_value(self.graph, i)
        return (1, i) if value is None else (value, ONE)
