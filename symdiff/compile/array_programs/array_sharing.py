"""What several products have in common is computed once: a product takes over what another one makes on its way.

The gradients of a network by the weights and the biases of a layer are products of the same adjoint, which is no node
of its own, as all factors of a product stand in one contraction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby, permutations, product
from typing import NamedTuple

from symdiff.arrays.contraction_paths import contraction_path
from symdiff.arrays.reading import EINSUM, pieces
from symdiff.compile.array_programs.array_lines import entries
from symdiff.compile.array_programs.array_merging import FACTORS, is_entrywise_product
from symdiff.compile.array_programs.array_nodes import Factor, interned
from symdiff.graph import VAR, Graph
from symdiff.index_labels import Labels
from symdiff.shapes import Size


class Slot(NamedTuple):
    """A factor of a product: a node, or part k as ~k; `places` are those of the factors that it stands for."""

    places: frozenset[int]
    factor: int
    labels: str


@dataclass
class Offer:
    """A product, or what it makes on its way: the product of some of its factors, that keeps some labels."""

    owner: int
    slots: tuple[Slot, ...]
    kept: str
    extra: int = 0  # multiplications that the owner takes more where it makes this as a part
    factor: int | None = None  # what stands for it: the product itself, or a part once another product takes it over


@dataclass
class Product:
    """A contraction, or a part of that of its owner, which may take parts over."""

    owner: int
    slots: list[Slot]
    result: str
    sizes: dict[str, Size]


def shared(graph: Graph, outputs: Sequence[int]) -> list[int]:
    """Nodes of the same values, whose products have what they share as nodes."""
    found = _Sharing(graph, graph.cone(outputs))
    return found.rebuilt(outputs)


class _Sharing:
    """The products of a program, what they offer, and the parts that were taken over."""

    def __init__(self, graph: Graph, cone: Sequence[int]) -> None:
        self.graph = graph
        self.products = {i: made for i in cone if (made := _product(graph, i)) is not None}
        self.order = self._by_depth(cone)
        self.rank = {i: k for k, i in enumerate(self.order)}
        self.offers: dict[tuple[int, ...], list[Offer]] = {}  # by factors, in order
        self.parts: list[Product] = []
        for i, one in self.products.items():
            if _is_plain(graph, i):
                self._offer(Offer(i, tuple(_in_order(one.slots)), one.result, factor=i))
        largest_first = sorted(self.products, key=lambda i: -len(self.products[i].slots))
        for i in largest_first:
            self._offer_steps(i)
            self._offer_core(i)
        for i in largest_first:
            if self._take(self.products[i]):
                self._offer_steps(i)
            self._take(self.products[i])  # what it makes twice itself

    def _by_depth(self, cone: Sequence[int]) -> list[int]:
        """A cone in an order in which products of few factors come first, for those of more to take them over."""
        depths: dict[int, int] = {}
        for i in cone:
            node = self.graph.nodes[i]
            depths[i] = 1 + max([depths[j] for j in node[1:]], default=0) if node[0] > VAR else 0
        slots = {i: len(one.slots) for i, one in self.products.items()}
        return sorted(cone, key=lambda i: (depths[i], slots.get(i, 0), i))

    def _offer(self, offer: Offer) -> None:
        self.offers.setdefault(tuple([slot.factor for slot in offer.slots]), []).append(offer)

    def _offer_steps(self, i: int) -> None:
        one = self.products[i]
        held: dict[int, tuple[Slot, ...]] = dict(enumerate([(slot,) for slot in one.slots]))
        steps = contraction_path([slot.labels for slot in one.slots], one.result, one.sizes)
        for made, step in enumerate(steps[:-1], start=len(one.slots)):
            held[made] = (*held.pop(step.left), *held.pop(step.right))
            self._offer(Offer(i, tuple(_in_order(held[made])), _contiguous(step.labels, held[made], one.sizes)))

    def _offer_core(self, i: int) -> None:
        """Offer a product without the factors along its result, of which others may have other ones."""
        found = _core(self.products[i])
        if found is not None:
            self._offer(Offer(i, tuple(_in_order(found.slots)), found.kept, max(found.extra, 0)))

    def _take(self, one: Product) -> bool:
        """Have a product take over what saves most of it, until nothing does; whether anything did."""
        count = 0
        while self._takes(one):
            count += 1
        return count > 0

    def _takes(self, one: Product) -> bool:
        """Whether the product takes over the offer that saves most of it."""
        found: list[tuple[int, int, Offer, tuple[Slot, ...], Slot]] = []
        in_order = _in_order(one.slots)
        for size in range(len(in_order), 1, -1):
            for chosen in combinations(in_order, size):
                for offer in self.offers.get(tuple([slot.factor for slot in chosen]), ()):
                    rest = [slot for slot in one.slots if slot not in chosen]
                    labels = _kept_as(offer, chosen, {*one.result, *_labels(rest)})
                    if labels and self._may_take(one, offer, chosen):
                        slot = Slot(_places(chosen), 0, labels)
                        extra = offer.extra if offer.factor is None else 0
                        found.append((_cost([*rest, slot], one) + extra, len(found), offer, chosen, slot))
        for cost, _, offer, chosen, slot in sorted(found, key=lambda one: one[:2]):
            factor = self._taken_out(offer) if cost < _cost(one.slots, one) else None
            if factor is not None:
                one.slots = [*[s for s in one.slots if s not in chosen], slot._replace(factor=factor)]
                return True
        return False

    def _may_take(self, one: Product, offer: Offer, chosen: Sequence[Slot]) -> bool:
        """Whether an offer is made of other factors than these; a whole product has to be computed before."""
        if offer.factor is not None and offer.factor >= 0:
            return self.rank[offer.owner] < self.rank[one.owner]
        return offer.owner != one.owner or not _places(offer.slots) & _places(chosen)

    def _taken_out(self, offer: Offer) -> int | None:
        """What stands for an offer, a part of the product that makes it; None where that makes it no more."""
        if offer.factor is not None:
            return offer.factor
        places, holder = _places(offer.slots), self.products[offer.owner]
        while True:
            inside = [slot for slot in holder.slots if slot.places <= places]
            if len(inside) > 1 and _places(inside) == places:
                break
            around = [self.parts[~slot.factor] for slot in holder.slots if slot.factor < 0 and slot.places > places]
            if not around or around[0].owner != offer.owner:
                return None
            (holder,) = around
        offer.factor = ~len(self.parts)
        self.parts.append(Product(offer.owner, inside, offer.kept, holder.sizes))
        rest = [slot for slot in holder.slots if slot not in inside]
        holder.slots = [*rest, Slot(places, offer.factor, offer.kept)]
        return offer.factor

    # -- the new nodes --------------------------------------------------------------------------

    def rebuilt(self, outputs: Sequence[int]) -> list[int]:
        """The nodes of a program, products of parts in place of those that take some over."""
        graph = self.graph
        made: dict[int, int] = {}
        for i in self.order:
            node = graph.nodes[i]
            if i in self.products:
                self._build_parts(self.products[i].slots, made)
                made[i] = self._contraction(i, made)
            else:
                made[i] = i if node[0] <= VAR else graph.intern((node[0], *[made[j] for j in node[1:]]))
        return [made[i] for i in outputs]

    def _build_parts(self, slots: Sequence[Slot], made: dict[int, int]) -> None:
        stack = [slot.factor for slot in slots if slot.factor < 0]
        while stack:
            k = stack[-1]
            part = self.parts[~k]
            missing = [slot.factor for slot in part.slots if slot.factor < 0 and slot.factor not in made]
            if not missing:
                made[k] = self._built(part, (), made)
                stack.pop()
            stack += missing

    def _contraction(self, i: int, made: Mapping[int, int]) -> int:
        labels: Labels = self.graph.leaves[self.graph.nodes[i][1]]
        numbers = [
            (made[j], names) for j, names in zip(self.graph.nodes[i][2:], labels.factors, strict=True) if not names
        ]
        one = self.products[i]
        if labels.free or labels.result != one.result:
            return interned(self.graph, [*numbers, *_factors(one.slots, made)], labels.result, labels.free)
        return self._built(one, numbers, made)

    def _built(self, one: Product, numbers: Sequence[Factor], made: Mapping[int, int]) -> int:
        """A product as a node, factors along its result apart where that takes no more: for a loop to take in."""
        core = _core(one)
        if core is None or core.extra > 0 or len(core.kept) < len(one.result):
            return interned(self.graph, [*numbers, *_factors(one.slots, made)], one.result)
        whole = interned(self.graph, _factors(core.slots, made), one.result)
        along = [slot for slot in one.slots if slot not in core.slots]
        return interned(self.graph, [*numbers, *_factors(along, made), (whole, one.result)], one.result)


def _product(graph: Graph, i: int) -> Product | None:
    """A contraction of which every order is weighed, None for other nodes."""
    if graph.nodes[i][0] != EINSUM or is_entrywise_product(graph, i):
        return None
    _, factors, result = pieces(graph, i)
    shaped = [(j, labels) for j, labels in factors if labels]
    if not 1 < len(shaped) <= FACTORS or any(len(set(labels)) < len(labels) for _, labels in shaped):
        return None
    sizes = {k: n for j, labels in shaped for k, n in zip(labels, graph.shapes[j], strict=True)}
    slots = [Slot(frozenset([place]), j, labels) for place, (j, labels) in enumerate(shaped)]
    return Product(i, slots, "".join([k for k in dict.fromkeys(result) if k in sizes]), sizes)


class Core(NamedTuple):
    """A product without the factors along its result, and how many multiplications more it takes to make it alone."""

    slots: list[Slot]
    kept: str
    extra: int


def _core(one: Product) -> Core | None:
    along = [slot for slot in one.slots if set(slot.labels) <= set(one.result)]
    core = [slot for slot in one.slots if slot not in along]
    if not along or len(core) < 2:
        return None
    kept = "".join([k for k in one.result if k in _labels(core)])
    alone = _cost(core, Product(one.owner, core, kept, one.sizes))
    return Core(core, kept, alone + _cost([*along, Slot(_places(core), 0, kept)], one) - _cost(one.slots, one))


def _is_plain(graph: Graph, i: int) -> bool:
    """Whether a contraction is the product of factors with axes, and nothing else."""
    labels: Labels = graph.leaves[graph.nodes[i][1]]
    return all(labels.factors) and len(set(labels.result)) == len(labels.result) and not labels.free


def _in_order(slots: Sequence[Slot]) -> list[Slot]:
    return sorted(slots, key=lambda slot: slot.factor)


def _places(slots: Sequence[Slot]) -> frozenset[int]:
    return frozenset[int]().union(*[slot.places for slot in slots])


def _labels(slots: Sequence[Slot]) -> str:
    return "".join([slot.labels for slot in slots])


def _contiguous(labels: str, slots: Sequence[Slot], sizes: Mapping[str, Size]) -> str:
    """The labels of a product in an order that ends with the longest of the last axes of its factors.

    NumPy's loops run along the last axis: rows of 20 take half the time that rows of 5 do.
    """
    ends = [slot.labels[-1] for slot in slots if slot.labels and slot.labels[-1] in labels]
    if labels[-1:] not in ends:
        return labels
    last = max(reversed(labels), key=lambda k: entries([sizes[k]]) if k in ends else -1)
    return labels.replace(last, "") + last


def _factors(slots: Sequence[Slot], made: Mapping[int, int]) -> list[Factor]:
    return [(made[slot.factor], slot.labels) for slot in slots]


def _cost(slots: Sequence[Slot], one: Product) -> int:
    """The multiplications that a product takes in the best order."""
    held = {k: slot.labels for k, slot in enumerate(slots)}
    total = entries([one.sizes[k] for k in held[0]]) if len(slots) == 1 else 0
    for made, step in enumerate(contraction_path(list(held.values()), one.result, one.sizes), start=len(slots)):
        both = {*held.pop(step.left), *held.pop(step.right)}
        total += entries([one.sizes[k] for k in both])
        held[made] = step.labels
    return total


def _kept_as(offer: Offer, chosen: Sequence[Slot], needed: set[str]) -> str | None:
    """The labels that an offer keeps, in the letters of a product that needs no more of these factors; else None."""
    own = set(_labels(chosen))
    for order in _orders(chosen):
        names: dict[str, str] = {}
        pairs = [pair for a, b in zip(offer.slots, order, strict=True) for pair in zip(a.labels, b.labels, strict=True)]
        if all(names.setdefault(a, b) == b for a, b in pairs) and len(set(names.values())) == len(names):
            kept = "".join([names[k] for k in offer.kept])
            if own & needed <= set(kept):
                return kept
    return None


def _orders(chosen: Sequence[Slot]) -> Iterator[list[Slot]]:
    """The orders of slots that leave their factors in order."""
    groups = [list(group) for _, group in groupby(chosen, key=lambda slot: slot.factor)]
    for choice in product(*[permutations(group) for group in groups]):
        yield [slot for group in choice for slot in group]
