"""Truncated Taylor series: the algebra of high orders in one direction.

Coefficients of sums, products, quotients and constant powers follow from those
of the operands (Griewank and Walther, *Evaluating Derivatives*, section 13.2).
Any other operation `r = f(x)` obeys `r' = f'(x) x'`: its coefficients follow
from those of its partial derivatives, which its record gives as formulas. Where
these hold further functions, such as the cosine beside a sine, they join the
system, each only to the order that is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from symdiff import ops, records
from symdiff.algebra.evaluate import lift_for
from symdiff.algebra.perturbation import Perturbation, level_of
from symdiff.arithmetic import Arithmetic
from symdiff.build import ADD, DIV, MUL, POW, build, exact_value
from symdiff.errors import SymdiffValueError
from symdiff.graph import CONST, VAR, Graph, Node, Variable, constant_key, is_exact
from symdiff.handle import variable_in
from symdiff.records import OPERATIONS, Operation
from symdiff.rules import NO_SLOT, Partial, Rules, static_value

Apply = Callable[[int, Sequence[Any]], Any]  # (operation code, operands)
Series = list[Any]


class System(NamedTuple):
    """A graph closed under what its nodes' series depend on.

    `partials[i]` holds `(operand, node of the partial derivative)` for each node
    that follows from its differential equation; `order[i]` is the highest
    coefficient needed of node i.
    """

    graph: Graph
    partials: dict[int, list[tuple[int, int]]]
    order: dict[int, int]


def close(graph: Graph, roots: Sequence[int], variables: set[int], order: int, singular: bool = False) -> System:
    """The system of the roots up to an order; the graph takes in the partials that it needs.

    `singular`: powers are about 0, where their recurrence divides by it, so
    that they too follow from their differential equation.
    """
    partials: dict[int, list[tuple[int, int]]] = {}
    needed: dict[int, int] = {}
    constant: dict[int, bool] = {}
    waiting = {order: list(roots)}  # by the order that is needed of them
    for n in range(order, -1, -1):
        for i in graph.cone(waiting.pop(n, [])):
            if i in needed:
                continue
            node = graph.nodes[i]
            constant[i] = node[0] == CONST or (i not in variables and all(constant[j] for j in node[1:]))
            needed[i] = 0 if constant[i] else n
            if n > 0 and not constant[i] and _by_equation(graph, node, singular):
                partials[i] = _partial_nodes(graph, i, node, constant)
                waiting.setdefault(n - 1, []).extend(p for _, p in partials[i])
    return System(graph, partials, needed)


def _by_equation(graph: Graph, node: Node, singular: bool) -> bool:
    """Whether the series of a node follows from its differential equation only."""
    if node[0] <= VAR or node[0] in (MUL, DIV):
        return False
    op = OPERATIONS[node[0]]
    if op.linear or op.boolean:
        return False
    return singular or node[0] != POW or exact_value(graph, node[2]) is None


def _partial_nodes(graph: Graph, i: int, node: Node, constant: Mapping[int, bool]) -> list[tuple[int, int]]:
    """The partial derivatives of a node as nodes of the graph."""
    found = []
    for j, partial in zip(node[1:], Rules(graph.nodes, graph.leaves).of(node), strict=True):
        if partial is None or constant[j]:
            continue
        found.append((j, _instantiated(graph, partial, (i, *node[1:]))))
    return found


def _instantiated(graph: Graph, partial: Partial, slots: Sequence[int]) -> int:
    """A partial derivative as a node over the nodes in its slots."""
    if partial.program is None:
        scale = graph.const(partial.scale)
        if partial.slot == NO_SLOT:
            return scale
        return slots[partial.slot] if partial.scale == 1 else build(graph, MUL, (scale, slots[partial.slot]))
    local: list[int] = []
    for k, inner in enumerate(partial.program.nodes):
        if inner[0] == CONST:
            local.append(graph.const(partial.program.leaves[k]))
        elif inner[0] == VAR:
            local.append(slots[partial.slots[k]])
        else:
            local.append(_built(graph, inner[0], tuple([local[m] for m in inner[1:]])))
    return local[-1]


def _built(graph: Graph, code: int, args: tuple[int, ...]) -> int:
    """An operation on nodes, a whole positive power as products.

    The recurrence of `x**a` divides by `x_0`; products do not mind a zero.
    """
    exponent = exact_value(graph, args[1]) if code == POW else None
    if type(exponent) is int and exponent > 0:
        return _by_products(graph, args[0], exponent)
    return build(graph, code, args)


class Solver:
    """Runs a system over coefficients of any algebra."""

    def __init__(
        self, system: System, apply: Apply, is_zero: Callable[[Any], bool], lift: Callable[[Any], Any], zero: Any
    ) -> None:
        self.system = system
        self.apply = apply
        self.is_zero = is_zero
        self.lift = lift
        self.zero = zero
        self.series: dict[int, Series] = {}

    def solve(self, inputs: Mapping[int, Series], order: int) -> dict[int, Series]:
        """The coefficients of every node, given those of the variables."""
        graph, needed = self.system.graph, self.system.order
        nodes = sorted(needed)
        for i in nodes:
            self.series[i] = []
        for k in range(order + 1):
            for i in nodes:
                if needed[i] < k:
                    continue
                node = graph.nodes[i]
                if i in inputs:
                    value = inputs[i][k] if k < len(inputs[i]) else self.zero
                elif k == 0:
                    value = self._first(i, node)
                else:
                    value = self._next(i, node, k)
                self.series[i].append(value)
        return self.series

    def _first(self, i: int, node: Node) -> Any:
        if node[0] == CONST:
            return self.lift(self.system.graph.leaves[i])
        return self.apply(node[0], [self.series[j][0] for j in node[1:]])

    def _next(self, i: int, node: Node, k: int) -> Any:
        op = OPERATIONS[node[0]]
        if op.boolean or (not op.linear and i not in self.system.partials and node[0] not in (MUL, DIV, POW)):
            return self.zero
        if op.linear:
            operands = [self._at(j, k) if m in op.linear else self._at(j, 0) for m, j in enumerate(node[1:])]
            return self.zero if all(self.is_zero(operands[m]) for m in op.linear) else self.apply(node[0], operands)
        if i in self.system.partials:
            return self._by_equation(i, k)
        if node[0] == MUL:
            return self._product(node[1], node[2], k)
        return self._quotient(i, node, k) if node[0] == DIV else self._power(i, node, k)

    def _at(self, i: int, k: int) -> Any:
        series = self.series[i]
        return series[k] if k < len(series) else self.zero

    def _times(self, number: Any, value: Any) -> Any:
        return value if number == 1 else self.apply(MUL, [self.lift(number), value])

    def _total(self, terms: Sequence[Any]) -> Any:
        total = self.zero
        for k, term in enumerate(terms):
            total = self.apply(ADD, [total, term]) if k else term
        return total

    def _convolved(self, a: int, b: int, k: int, first: int = 0) -> list[Any]:
        """The products `a_j b_(k-j)` for j from `first` to k, without those that are zero."""
        pairs = [(self._at(a, j), self._at(b, k - j)) for j in range(first, k + 1)]
        return [self.apply(MUL, [x, y]) for x, y in pairs if not (self.is_zero(x) or self.is_zero(y))]

    def _product(self, a: int, b: int, k: int) -> Any:
        if a != b:
            return self._total(self._convolved(a, b, k))
        half = [(self._at(a, j), self._at(a, k - j)) for j in range((k + 1) // 2)]
        terms = [self.apply(MUL, [x, y]) for x, y in half if not (self.is_zero(x) or self.is_zero(y))]
        total = [self._times(2, self._total(terms))] if terms else []
        middle = self._at(a, k // 2)
        if k % 2 == 0 and not self.is_zero(middle):
            total.append(self.apply(MUL, [middle, middle]))
        return self._total(total)

    def _quotient(self, i: int, node: Node, k: int) -> Any:
        """`r_k = (u_k - sum over j from 1 of v_j r_(k-j)) / v_0`."""
        _, u, v = node
        terms = self._convolved(v, i, k, first=1)
        top = self._at(u, k)
        if terms:
            top = self.apply(ops.sub.code, [top, self._total(terms)])
        return self.zero if self.is_zero(top) else self.apply(DIV, [top, self._at(v, 0)])

    def _by_equation(self, i: int, k: int) -> Any:
        """`k r_k = sum over operands x and j of j x_j p_(k-j)`, p the partial derivative by x."""
        terms = []
        for operand, partial in self.system.partials[i]:
            for j in range(1, k + 1):
                x, p = self._at(operand, j), self._at(partial, k - j)
                if not (self.is_zero(x) or self.is_zero(p)):
                    terms.append(self.apply(MUL, [self._times(j, x), p]))
        return self._divided(self._total(terms), k) if terms else self.zero

    def _divided(self, value: Any, k: int) -> Any:
        if is_exact(value):
            quotient = Fraction(value) / k  # where `/` of two ints would round
            return quotient.numerator if quotient.denominator == 1 else quotient
        return value if k == 1 else self.apply(DIV, [value, self.lift(k)])

    def _power(self, i: int, node: Node, k: int) -> Any:
        """`k x_0 r_k = sum over j from 1 of (a j - k + j) x_j r_(k-j)` for `r = x**a`."""
        a = exact_value(self.system.graph, node[2])
        terms = []
        for j in range(1, k + 1):
            factor = a * j - k + j
            x, r = self._at(node[1], j), self._at(i, k - j)
            if factor != 0 and not (self.is_zero(x) or self.is_zero(r)):
                terms.append(self._times(factor, self.apply(MUL, [x, r])))
        if not terms:
            return self.zero
        bottom = self._times(k, self._at(node[1], 0))
        return self.apply(DIV, [self._total(terms), bottom])


def expand_powers(graph: Graph, roots: Sequence[int]) -> tuple[Graph, dict[int, int]]:
    """A copy of the cones in which whole positive powers are products, and where each node went."""
    copy = Graph(simplify=False)
    there: dict[int, int] = {}
    for i in graph.cone(roots):
        node = graph.nodes[i]
        if node[0] == CONST:
            there[i] = copy.const(graph.leaves[i])
        elif node[0] == VAR:
            there[i] = copy.intern(node)
            copy.leaves[there[i]] = graph.leaves[i]
        else:
            there[i] = _built(copy, node[0], tuple([there[j] for j in node[1:]]))
    return copy, there


def _by_products(graph: Graph, base: int, exponent: int) -> int:
    """`base**exponent` by squaring."""
    result = -1
    while True:
        if exponent & 1:
            result = base if result < 0 else graph.intern((MUL, result, base))
        exponent >>= 1
        if not exponent:
            return result
        base = graph.intern((MUL, base, base))


# -- as numbers --------------------------------------------------------------------


class TaylorSeries(Perturbation):
    """A number that carries its Taylor coefficients `c[0] + c[1] t + … + c[n] tⁿ`.

    Parameters
    ----------
    coefficients : sequence of numbers
    level : int, optional
        As for `DualNumber`.

    >>> import symdiff as sd
    >>> sd.exp(sd.TaylorSeries([0.0, 1.0, 0.0, 0.0])).coefficients[2]
    0.5
    """

    __slots__ = ("coefficients",)

    def __init__(self, coefficients: Sequence[Any], level: int | None = None) -> None:
        self.coefficients = list(coefficients)
        if not self.coefficients:
            raise SymdiffValueError("a Taylor series has at least one coefficient")
        self.level = 1 + max(map(level_of, self.coefficients)) if level is None else level

    @property
    def main(self) -> Any:
        """The coefficient of order 0."""
        return self.coefficients[0]

    def _parts(self) -> list[Any]:
        return self.coefficients

    def _at_level(self, op: Operation, args: Sequence[Any]) -> Any:
        level = self.level
        if op.boolean:
            return op(*[a.main if level_of(a) == level else a for a in args])
        order = min(len(a.coefficients) for a in args if level_of(a) == level) - 1
        static = [static_value(a) if k in op.static else None for k, a in enumerate(args)]
        singular = op is ops.pow and static[1] is not None and _touches_zero(args[0])
        system, root, inputs = _system_of(op, static, order, singular)
        given = {
            i: a.coefficients if level_of(a) == level else [a]
            for i, a in zip(inputs, args, strict=True)
            if i is not None
        }
        found = numeric_solver(system, lift_for(args)).solve(given, order)[root][: order + 1]
        return TaylorSeries(found + [0] * (order + 1 - len(found)), level)

    def __repr__(self) -> str:
        return f"TaylorSeries({self.coefficients})"

    def __reduce__(self) -> tuple[Any, ...]:
        return TaylorSeries, (self.coefficients, self.level)


def numeric_solver(system: System, lift: Callable[[Any], Any]) -> Solver:
    """A solver over numbers of whatever kind."""
    return Solver(system, lambda code, args: OPERATIONS[code](*args), lambda v: type(v) is int and v == 0, lift, 0)


_Planned = tuple[System, int, list[int | None]]
_SYSTEMS: dict[tuple[Any, ...], _Planned] = {}
_SYSTEMS_KEPT = 200


def _touches_zero(series: Any) -> bool:
    main = series.main
    return not isinstance(main, Arithmetic) and bool(np.any(main == 0))


def _system_of(op: Operation, static: Sequence[Any], order: int, singular: bool) -> _Planned:
    """The system of one operation, and the nodes of its result and its operands."""
    key = (op.code, order, singular, *[None if s is None else constant_key(s) for s in static])
    found = _SYSTEMS.get(key)
    if found is None:
        graph = Graph()
        operands: list[int | None] = [
            variable_in(graph, Variable(f"slot{k}"))._index if s is None else None for k, s in enumerate(static)
        ]
        args = [graph.const(s) if i is None else i for i, s in zip(operands, static, strict=True)]
        root = build(graph, op.code, tuple(args))
        copy, there = expand_powers(graph, [root, *[i for i in operands if i is not None]])
        inputs = [None if i is None else there[i] for i in operands]
        moving = {i for i in inputs if i is not None}
        system = close(copy, [there[root], *moving], moving, order, singular)
        if len(_SYSTEMS) >= _SYSTEMS_KEPT:
            _SYSTEMS.clear()
        found = _SYSTEMS[key] = (system, there[root], inputs)
    return found


records.register_algebra(TaylorSeries, 2, Perturbation._apply)
