"""Common factors of the terms of a sum taken out, the most frequent first; powers of one by Horner's rule.

Each group of terms with a factor in common is written as nested products, where that takes fewer
operations: `a*x**2 + b*x + c` as `x*(a*x + b) + c`, `u/f + v/f` as `(u + v)/f`. What is left of the terms
is looked at for the next factor in the same way (Breuer, "Generation of optimal code for expressions
via factorization", Communications of the ACM 12, 1969).
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heappush
from typing import Any

from symdiff.rewrite.forms import ONE, PRODUCT, SUM, Forms, Value, content, quotient

Factors = dict[int, int]  # exponents by unit, negative below the fraction bar
Term = tuple[Any, Factors, int]  # coefficient, factors, and the unit that it is, -1 for a new one


def factor(forms: Forms, roots: Sequence[Value]) -> None:
    """Take factors out of every sum."""
    order = forms.order(roots)
    Factoring(forms, forms.uses(order, roots), order).run([u for u in order if forms.kind[u] == SUM])


class Factoring:
    """Sums whose terms are yet to be looked at, and how often each power occurs."""

    def __init__(self, forms: Forms, uses: dict[int, int], order: Sequence[int]) -> None:
        self.forms = forms
        self.uses = uses
        self.powers: dict[tuple[int, int], int] = {}
        self.waiting: list[tuple[int, list[Term]]] = []
        for u in order:
            if forms.kind[u] == PRODUCT:
                for side in forms.data[u]:
                    for key in side.items():
                        self.powers[key] = self.powers.get(key, 0) + 1

    def run(self, sums: Sequence[int]) -> None:
        """Factor the sums, and the sums that come to stand inside them."""
        for u in sums:
            self.waiting.append((u, [self._term(c, v) for v, c in self.forms.data[u].items()]))
            while self.waiting:
                self._factor(*self.waiting.pop())

    def _term(self, c: Any, u: int) -> Term:
        """A term as its factors; a product that is needed elsewhere too is one factor."""
        if u == ONE:
            return c, {}, u
        if self.forms.kind[u] == PRODUCT and self.uses.get(u) == 1:
            top, bottom = self.forms.data[u]
            if not any(v in bottom for v in top):
                return c, {**top, **{v: -n for v, n in bottom.items()}}, u
        return c, {u: 1}, u

    def _factor(self, u: int, terms: list[Term]) -> None:
        holders: dict[tuple[int, bool], list[int]] = {}
        for k, (_, factors, _) in enumerate(terms):
            for v, n in factors.items():
                holders.setdefault((v, n > 0), []).append(k)
        heap = [(-len(held), *key) for key, held in holders.items() if len(held) > 1]
        heapify(heap)
        left = dict(enumerate(terms))
        made: list[Term] = []
        while heap:
            size, v, above = heappop(heap)
            held = [k for k in holders[v, above] if k in left]
            if len(held) < 2:
                continue
            if len(held) < -size:
                holders[v, above] = held
                heappush(heap, (-len(held), v, above))
                continue
            group = [left[k] for k in held]
            if self._gain(group, v) > 0:
                made.append(self._nested(group, v))
                for k in held:
                    del left[k]
        if made or self.forms.data[u] is None:
            self._write(u, [*left.values(), *made])

    def _gain(self, group: Sequence[Term], v: int) -> int:
        """The operations that taking a factor out of all terms saves."""
        exponents: dict[int, int] = {}
        saved = 0
        for c, factors, _ in group:
            n = factors[v]
            exponents[n] = exponents.get(n, 0) + 1
            others = [m for w, m in factors.items() if w != v]
            saved += n < 0 or c not in (1, -1) or any(m > 0 for m in others)
        for n, count in exponents.items():
            saved += abs(n) > 1 and self.powers.get((v, abs(n)), 0) <= count
        sizes = sorted([abs(n) for n in exponents], reverse=True)
        steps = [a - b for a, b in zip(sizes, [*sizes[1:], 0], strict=True)]
        paid = len(steps) + len({n for n in steps if n > 1})
        c, factors, _ = next(term for term in group if abs(term[1][v]) == sizes[0])
        if len(factors) == 1 and c in (1, -1) and exponents[factors[v]] == 1 and factors[v] > 0:
            paid -= 1  # discount the innermost, which is the number one
        return saved - paid

    def _nested(self, group: Sequence[Term], v: int) -> Term:
        """The terms that a factor is in, the factor outside."""
        classes: dict[int, list[Term]] = {}
        for c, factors, _ in group:
            rest = {w: n for w, n in factors.items() if w != v}
            classes.setdefault(factors[v], []).append((c, rest, -1))
        exponents = sorted(classes, key=abs, reverse=True)
        sign = 1 if exponents[0] > 0 else -1
        inner: list[Term] = []
        for n, lower in zip(exponents, [*exponents[1:], 0], strict=True):
            inner = [*classes[n], *inner]
            c, factors, _ = self._one(inner)
            step = sign * (abs(n) - abs(lower))
            inner = [(c, {**factors, v: factors.get(v, 0) + step}, -1)]
        return inner[0]

    def _one(self, terms: list[Term]) -> Term:
        """Several terms as one, which is their sum as a unit."""
        if len(terms) == 1:
            return terms[0]
        outer = content([c for c, _, _ in terms])
        u = self.forms.fresh(SUM, None)
        self.waiting.append((u, [(quotient(c, outer), factors, v) for c, factors, v in terms]))
        return outer, {u: 1}, -1

    def _write(self, u: int, terms: Sequence[Term]) -> None:
        found: dict[int, Any] = {}
        for c, factors, v in terms:
            if v < 0:
                top = {w: n for w, n in factors.items() if n > 0}
                _, v = self.forms.product(1, top, {w: -n for w, n in factors.items() if n < 0})
            found[v] = found.get(v, 0) + c
        self.forms.data[u] = found
