"""Which coefficients others depend on, and an order in which all can be computed.

The recurrences themselves tell, run over coefficients of zero that note which of them are asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symdiff.taylor.multi_indices import MultiIndices
from symdiff.taylor.number_coefficients import Numbers
from symdiff.taylor.recurrences import Coefficient, Recurrences, Sum
from symdiff.taylor.system import BINOMIAL, System


def schedule(system: System, indices: MultiIndices, wanted: Sequence[Coefficient]) -> list[Coefficient]:
    """The coefficients that are wanted and all that they depend on, in an order in which they can be computed.

    What the differential equations need joins the system. Polynomials come first: nothing
    that they depend on is endless.
    """
    dependencies = _Dependencies(system, indices)
    for p, a in wanted:
        dependencies.get(p, a)
    for a in range(len(indices) - 1, 0, -1):
        dependencies.follow(a)
    ordered = [(p, a) for a, places in enumerate(dependencies.needed) for p in sorted(places)]
    degree, endless = system.degree, system.endless
    return [c for c in ordered if degree[c[0]] < endless] + [c for c in ordered if degree[c[0]] == endless]


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
        if self.system.kind[p] != BINOMIAL:
            return super().coefficient(p, a)
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

    def given(self, p: int, a: int) -> int:
        """Depends on nothing."""
        return 0

    def pair(self, terms: Sum, c: Any, u: int, b: int, v: int, rest: int) -> None:
        """Note both; that they are not above their degrees the recurrences know."""
        if b:
            self.needed[b].add(u)
        if rest:
            self.needed[rest].add(v)

    def flow(self, terms: Sum, c: Any, u: int, b: int, d: int, slope: int, rest: int) -> None:
        """Note both."""
        self.pair(terms, c, u, b, slope, rest)
