"""Which coefficients others depend on, and an order in which all can be computed.

The recurrences themselves tell, run over coefficients of zero that note which of them are asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from symdiff.records import OPERATIONS
from symdiff.taylor.multi_indices import MultiIndices
from symdiff.taylor.number_coefficients import Numbers
from symdiff.taylor.recurrences import Coefficient, Recurrences, Sum
from symdiff.taylor.system import BINOMIAL, EQUATION, GIVEN, LINEAR, PRODUCT, QUOTIENT, SCALED, Equation, System


def schedule(system: System, indices: MultiIndices, wanted: Sequence[Coefficient]) -> list[Coefficient]:
    """The coefficients that are wanted and all that they depend on, but for those that are given, in an order
    in which they can be computed.

    What the differential equations need joins the system. Polynomials come first: nothing
    that they depend on is endless.
    """
    needed = _needed_in_one(system, wanted) if indices.in_one else _needed_in_several(system, indices, wanted)
    degree, endless, kind = system.degree, system.endless, system.kind
    ordered = [(p, a) for a, places in enumerate(needed) for p in places if kind[p] != GIVEN]
    return [c for c in ordered if degree[c[0]] < endless] + [c for c in ordered if degree[c[0]] == endless]


def _needed_in_several(system: System, indices: MultiIndices, wanted: Sequence[Coefficient]) -> list[list[int]]:
    """The places whose coefficients are needed, by the number of their multi-index."""
    dependencies = _Dependencies(system, indices)
    for p, a in wanted:
        dependencies.get(p, a)
    for a in range(len(indices) - 1, 0, -1):
        dependencies.follow(a)
    return [sorted(places) for places in dependencies.needed]


def _needed_in_one(system: System, wanted: Sequence[Coefficient]) -> list[list[int]]:
    """The same in one direction, where numbers of multi-indices are orders: in a tenth of the time.

    Of each place the orders that are needed are bits of a number.
    """
    kinds, degree = system.kind, system.degree
    needed = [0] * len(kinds)
    last = max([a for _, a in wanted], default=0)
    for p, a in wanted:
        if 0 < a <= degree[p]:
            needed[p] |= 1 << a

    def note(u: int, low: int, high: int) -> None:
        """Note the orders from `low` to `high`, as far as there are coefficients."""
        if high > degree[u]:
            high = degree[u]
        if low < 1:
            low = 1
        if low <= high:
            needed[u] |= (2 << high) - (1 << low)

    for a in range(last, 0, -1):
        for p in range(len(kinds) - 1, -1, -1):  # operands stand before what is made of them
            if needed[p] >> a & 1:
                if kinds[p] == EQUATION:
                    equation = system.equation(p)
                    needed += [0] * (len(kinds) - len(needed))  # it may have brought in its partial derivatives
                    _follow_equation(equation, note, degree, p, a)
                elif kinds[p] != GIVEN:
                    _follow(system, note, p, a)
    places = list(enumerate(needed))
    return [[p for p, bits in places if bits >> a & 1] for a in range(last + 1)]


Note = Callable[[int, int, int], None]


def _follow_equation(equation: Equation, note: Note, degree: Sequence[int], p: int, a: int) -> None:
    """Note what a coefficient depends on that a differential equation gives."""
    for u, _, slope in equation.flows:
        if slope is None or not degree[slope]:
            note(u, a, a)
        else:
            note(u, a - degree[slope], a)
            note(slope, a - degree[u], a - 1)
    if equation.below is not None:
        note(p, a - degree[equation.below], a - 1)
        note(equation.below, 1, a - 1)


def _follow(system: System, note: Note, p: int, a: int) -> None:
    """Note what a coefficient depends on, as `Recurrences.coefficient` computes it."""
    kind, args, degree = system.kind[p], system.args[p], system.degree
    if kind == PRODUCT:
        u, v = args
        note(u, a - degree[v], a)
        note(v, a - degree[u], a)
    elif kind == LINEAR:
        for k in OPERATIONS[system.code(p)].linear:
            note(args[k], a, a)
    elif kind == BINOMIAL:
        for q in args:
            note(q, 1, 1)
    elif kind == SCALED:
        note(args[1] if degree[args[1]] else args[0], a, a)
    else:  # a quotient by v, a power of u
        v = args[1 if kind == QUOTIENT else 0]
        if kind == QUOTIENT:
            note(args[0], a, a)
        note(v, 1, a)
        note(p, a - degree[v], a - 1)


class _Dependencies(Recurrences):
    """The places whose coefficients are needed, by the number of their multi-index."""

    def __init__(self, system: System, indices: MultiIndices) -> None:
        super().__init__(system, indices, Numbers({}, lambda value: value))
        self.needed: list[set[int]] = [set() for _ in range(len(indices))]

    def follow(self, a: int) -> None:
        """Note what the coefficients of one index depend on, of this index and of lower ones."""
        waiting = sorted(self.needed[a])
        seen = set(waiting)
        while waiting:
            p = waiting.pop()
            self.coefficient(p, a)
            for q in self.system.args[p]:
                if q not in seen and q in self.needed[a]:
                    seen.add(q)
                    waiting.append(q)

    def coefficient(self, p: int, a: int) -> Any:
        """Note what a coefficient depends on."""
        kind = self.system.kind[p]
        if kind != BINOMIAL:
            return super().coefficient(p, a) if kind != GIVEN else 0
        for b in self.indices.unit:
            for q in self.system.args[p]:
                self.get(q, max(b, 0))
        return 0

    def get(self, p: int, a: int) -> int:
        """Note a coefficient, where there is one."""
        if a and self.indices.total[a] <= self.system.degree[p]:
            self.needed[a].add(p)
        return 0

    factor = get

    def convolve(self, terms: Sum, c: Any, u: int, v: int, pairs: list[tuple[int, int]]) -> None:
        """Note both of each pair."""
        needed = self.needed
        for b, rest in pairs:
            if b:
                needed[b].add(u)
            if rest:
                needed[rest].add(v)

    def flow(self, terms: Sum, c: Any, u: int, slope: int, d: int, pairs: list[tuple[int, int]]) -> None:
        """Note both of each pair."""
        self.convolve(terms, c, u, slope, pairs)
