"""Products of which a factor counts under a condition only: what the branch not taken multiplies never gets out.

The zero of a closed gate times what is infinite would be nan. So a factor that may be infinite goes behind a gate of
its axes; the product goes behind a gate of axes that it keeps; and where the axes of a gate are summed over, the
factor counts where one of the entries is open that it multiplies. Sums over gates come first then.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any, TypeAlias

from symdiff.arrays import scalars
from symdiff.arrays.canonical import Factor, Label
from symdiff.arrays.contraction import contract, fresh
from symdiff.arrays.openings import (
    WHERE,
    Condition,
    conditions_of,
    is_closed,
    is_finite,
    is_gated,
    joined,
    open_branch,
    opened,
    opening,
    spread,
)
from symdiff.arrays.reading import DIV, EINSUM, pieces, shape_of
from symdiff.build import MUL, NEG, build
from symdiff.graph import Graph
from symdiff.shapes import Size

Asked: TypeAlias = tuple[int, ...]  # a product, or a gate and a factor
Work: TypeAlias = Generator[Asked, int, int]

_DEEP = 4  # products and gates that wait for one another: half as many gates


def gated(graph: Graph, i: int) -> int:
    """A product in which nothing that is zero by structure meets what may be infinite."""
    return _done(graph, (i,))


def through(graph: Graph, gate: int, factor: int) -> int:
    """A gate times a factor: behind it, where it is open."""
    return _done(graph, (gate, factor))


def _done(graph: Graph, asked: Asked) -> int:
    """What is asked for; what waits for a product behind a gate is on a stack.

    Gates stand behind gates as deep as a program is long, and a factor that went behind all of them would make as many
    products. So it goes behind the first few, and where all of the rest are open.
    """
    known: dict[Asked, int] = {}
    stack = [(asked, _work(graph, asked, True))]
    found: int | None = None
    while stack:
        waiting, work = stack[-1]
        try:
            asked = next(work) if found is None else work.send(found)
        except StopIteration as done:
            found = known[waiting] = done.value
            stack.pop()
        else:
            found = known.get(asked)
            if found is None:
                stack.append((asked, _work(graph, asked, len(stack) < _DEEP)))
    assert found is not None
    return found


def _work(graph: Graph, asked: Asked, inside: bool) -> Work:
    return _through(graph, *asked) if len(asked) == 2 else _product(graph, asked[0], inside)


def _through(graph: Graph, gate: int, factor: int) -> Work:
    condition, first, second = graph.nodes[gate][1:]
    if is_closed(graph, second):
        return opened(graph, condition, (yield (build(graph, MUL, (first, factor)),)))
    return build(graph, WHERE, (condition, first, (yield (build(graph, MUL, (second, factor)),))))


def _product(graph: Graph, i: int, inside: bool) -> Work:
    if graph.nodes[i][0] == EINSUM:
        coefficient, named, result = pieces(graph, i)
        return (yield from _gated(graph, i, coefficient, [(f, tuple(names)) for f, names in named], result, inside))
    if i in graph.shapes or graph.nodes[i][0] not in (MUL, DIV, NEG):
        return i
    coefficient, powers = scalars.powers(graph, i)
    inner = []
    for base, exponent in powers:
        inner.append(((yield (base,)) if graph.nodes[base][0] == EINSUM else base, exponent))
    factors: list[Factor] = [(scalars.whole_power(graph, base, exponent), ()) for base, exponent in inner]
    changed = scalars.times(graph, coefficient, [f for f, _ in factors]) if inner != powers else i
    return (yield from _gated(graph, changed, coefficient, factors, "", inside))


def _gated(graph: Graph, i: int, coefficient: Any, factors: list[Factor], result: str, inside: bool) -> Work:
    if len(factors) < 2 or not any(is_gated(graph, f) for f, _ in factors):
        return i
    if all(is_finite(graph, f) for f, _ in factors):
        return i
    sizes: dict[Label, Size] = dict(zip(result, shape_of(graph, i), strict=True))
    for f, names in factors:
        sizes.update(zip(names, shape_of(graph, f), strict=True))
    return (yield from _Gated(graph, coefficient, factors, tuple(result), sizes).node(i, inside))


class _Gated:
    """A product with gates, of which a factor may be infinite."""

    def __init__(
        self, graph: Graph, coefficient: Any, factors: list[Factor], result: tuple[Label, ...], sizes: dict[Label, Size]
    ) -> None:
        self.graph, self.coefficient, self.factors, self.result, self.sizes = graph, coefficient, factors, result, sizes

    def node(self, i: int, inside: bool) -> Work:
        """The product, the node i itself where nothing meets."""
        behind = inside and (yield from self._go_behind())
        conditions = self._that_meet()
        if not conditions:
            return self._contracted(self.factors, self.result) if behind else i
        labels = tuple(dict.fromkeys(self.result))
        outer = joined(self.graph, conditions, labels, self.sizes)
        if all(k in labels for _, names in conditions for k in names):
            self._open(conditions)
            found = self._contracted(self.factors, labels)
        else:
            found = self._summed_first(conditions, labels)
        if outer[1] or all(k in labels for _, names in conditions for k in names):
            condition = spread(self.graph, outer, labels, self.sizes)
            found = opened(self.graph, condition, found)
        return found if labels == self.result else contract(self.graph, [(found, labels)], self.result)

    def _contracted(self, factors: Sequence[Factor], labels: tuple[Label, ...]) -> int:
        return contract(self.graph, factors, labels, self.sizes, self.coefficient, cancel=True)

    def _go_behind(self) -> Generator[Asked, int, bool]:
        """Put factors that may be infinite behind gates of their axes; whether there are any."""
        found, k = False, 0
        while k < len(self.factors):
            gate = self._gate_of(k)
            if gate is None:
                k += 1
                continue
            (f, names), (g, axes) = self.factors[k], self.factors[gate]
            rest = [p for m, p in enumerate(self.factors) if m not in (k, gate)]
            self.factors = [*rest, ((yield (g, f)), axes or names)]
            found, k = True, 0
        return found

    def _gate_of(self, k: int) -> int | None:
        """The place of a gate behind which a factor goes, None where it is finite or there is no such."""
        f, names = self.factors[k]
        if is_finite(self.graph, f):
            return None
        fits = [
            m
            for m, (g, axes) in enumerate(self.factors)
            if open_branch(self.graph, g) is not None and axes in (names, ())
        ]
        return next((m for m in fits if m != k), None)

    def _that_meet(self) -> list[Condition]:
        """The conditions of factors beside which another may be infinite, and does not stand behind them."""
        conditions = conditions_of(self.graph, self.factors)
        unbounded = [k for k, (f, _) in enumerate(self.factors) if not is_finite(self.graph, f)]
        return [
            held
            for m, held in enumerate(conditions)
            if held is not None and any(k != m and conditions[k] != held for k in unbounded)
        ]

    def _open(self, conditions: Sequence[Condition]) -> None:
        """Take the branches that are not closed in the place of gates behind whose conditions the product stands."""
        held = conditions_of(self.graph, self.factors)
        for k, (f, names) in enumerate(self.factors):
            branch = open_branch(self.graph, f) if held[k] in conditions else None
            if branch is not None:
                self.factors[k] = branch, names if branch in self.graph.shapes else ()

    def _summed_first(self, conditions: Sequence[Condition], labels: tuple[Label, ...]) -> int:
        """The product of what is finite, summed, times the rest, which counts where something is open."""
        graph = self.graph
        finite = [p for p in self.factors if is_finite(graph, p[0])]
        others = []
        for f, names in self.factors:
            if not is_finite(graph, f):
                condition = spread(graph, joined(graph, conditions, names, self.sizes), names, self.sizes)
                others.append((opened(graph, condition, f), names))
        wanted = {*labels, *[k for _, names in others for k in names]}
        kept = tuple(dict.fromkeys([k for _, names in finite for k in names if k in wanted]))
        inner = contract(graph, finite, kept, self.sizes)
        return self._contracted([(inner, kept), *others], labels)


def behind(graph: Graph, i: int, source: int, axis: int) -> int:
    """A node of the shape of its source, zero where that is closed all along an axis."""
    held = opening(graph, source)
    if held is None:
        return i
    labels = fresh(len(shape_of(graph, source)))
    sizes = dict(zip(labels, shape_of(graph, source), strict=True))
    kept = [k for p, k in enumerate(labels) if p != axis]
    condition = joined(graph, [(held[0], tuple([labels[p] for p in held[1]]))], kept, sizes)
    return opened(graph, spread(graph, condition, labels, sizes), i)
