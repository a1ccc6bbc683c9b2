"""The sum of arrays: one node of all terms, like terms merged, in the order in which they were written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from symdiff.arrays import scalars
from symdiff.arrays.contraction import (
    contract,
    filled,
    fresh,
    scalar_at_every_entry,
    scaled,
    without_coefficient,
    zeros,
)
from symdiff.arrays.reading import ADD, EINSUM, PUT, is_zero, pieces, sums
from symdiff.build import build
from symdiff.graph import Graph
from symdiff.keys import Where
from symdiff.shapes import Shape

_BLOCKS = 3  # terms that are blocks put into zeros; more become one node
_FLAT = 24  # terms that a sum takes in from sums at its front; a chain of sums stays linear


def add(graph: Graph, terms: Sequence[int], shape: Shape) -> int:
    """The sum of nodes of one shape, scalars among them, which are at every entry."""
    if not shape:
        return _of_scalars(graph, terms)
    whole = _flattened(graph, terms)
    if len(whole) > len(terms) and any(t == terms[0] or terms[0] in graph.nodes[t] for t in terms[1:]):
        alike = _like_terms(graph, terms)  # `s + s` is `2*s`, whatever sum s is
        whole = alike if len(alike) < len(terms) else whole
    found = _like_terms(graph, whole)
    found = [t for t in _merged(graph, found) if not is_zero(graph, t)]
    if not found:
        return zeros(graph, shape)
    if not any(t in graph.shapes for t in found):
        return filled(graph, _of_scalars(graph, found), shape)
    return found[0] if len(found) == 1 else graph.intern((ADD, *found))


def _like_terms(graph: Graph, terms: Sequence[int]) -> list[int]:
    """The terms with those added up that differ in their coefficient."""
    collected: dict[int, Any] = {}
    for t in terms:
        coefficient, rest = without_coefficient(graph, scalar_at_every_entry(graph, t))
        if coefficient != 0:
            collected[rest] = collected.get(rest, 0) + coefficient
    return [scaled(graph, c, rest) for rest, c in collected.items() if c != 0]


def scaled_terms(graph: Graph, coefficient: Any, i: int) -> int:
    """A number times each term of a sum: 2 times `(a + b)/2` is `a + b`, of `a/2 + b` it is `a + 2*b`."""
    own, rest = without_coefficient(graph, i)
    coefficient = scalars.product_of_numbers(coefficient, own)
    if graph.nodes[rest][0] != ADD or rest not in graph.shapes:
        return scaled(graph, coefficient, rest)
    return add(graph, [scaled(graph, coefficient, t) for t in graph.nodes[rest][1:]], graph.shapes[rest])


def terms_of(graph: Graph, i: int) -> list[int]:
    """The terms of a sum with the factors in front of it, and of products that sum nothing up, multiplied out."""
    found: list[int] = []
    todo = [i]
    while todo:
        j = todo.pop()
        node = graph.nodes[j]
        parts = None
        if len(found) + len(todo) < _FLAT and j in graph.shapes:
            parts = list(node[1:]) if node[0] == ADD else _multiplied_out(graph, j) if node[0] == EINSUM else None
        if parts is None:
            found.append(j)
        else:
            todo += reversed(parts)
    return found


def _multiplied_out(graph: Graph, i: int) -> list[int] | None:
    """The terms of a product of which one factor is a sum, and that sums nothing up; None for others."""
    coefficient, factors, result = pieces(graph, i)
    places = [k for k, (f, _) in enumerate(factors) if graph.nodes[f][0] == ADD and f in graph.shapes]
    if sums(graph, i) or len(places) != 1:
        return None
    (k,) = places
    total, labels = factors[k]
    sizes = dict(zip(result, graph.shapes[i], strict=True))
    others = [*factors[:k], *factors[k + 1 :]]
    terms = [[*others, (t, labels if t in graph.shapes else "")] for t in graph.nodes[total][1:]]
    return [contract(graph, [(f, tuple(own)) for f, own in term], result, sizes, coefficient) for term in terms]


def _of_scalars(graph: Graph, terms: Sequence[int]) -> int:
    total = graph.const(0)
    for t in terms:
        total = build(graph, ADD, (total, t))
    return total


def _flattened(graph: Graph, terms: Sequence[int]) -> list[int]:
    """The terms, and those of a sum that comes first: what was written is not grouped anew."""
    first, *rest = terms
    node = graph.nodes[first]
    if node[0] == ADD and first in graph.shapes and len(node) <= _FLAT:
        return [*node[1:], *rest]
    return list(terms)


def flat(graph: Graph, terms: Sequence[int]) -> list[int]:
    """The terms of derived results, those of sums among them instead of these."""
    found = [p for t in terms for p in (graph.nodes[t][1:] if graph.nodes[t][0] == ADD and t in graph.shapes else [t])]
    return found if len(found) <= _FLAT else list(terms)


# -- terms that differ in one diagonal, or are put at one place --------------------------------------------


def _merged(graph: Graph, terms: Sequence[int]) -> list[int]:
    """`X.T @ diag(a) @ X + X.T @ diag(b) @ X` is `X.T @ diag(a + b) @ X`; blocks at one place are added before."""
    groups: dict[Any, list[int]] = {}
    for t in terms:
        groups.setdefault(_place(graph, t), []).append(t)
    found: list[int] = []
    for place, members in groups.items():
        if len(members) == 1 or not isinstance(place, tuple):
            found += members
        else:
            found.append(_JOINED[place[0]](graph, place, members))
    return _scattered(graph, found)


def _scattered(graph: Graph, terms: list[int]) -> list[int]:
    """Many blocks put into zeros are put into one array: a sum of n arrays of n entries would be quadratic."""
    blocks = [t for t in terms if graph.nodes[t][0] == PUT]
    if len(blocks) <= _BLOCKS:
        return terms
    places = [graph.leaves[graph.nodes[t][1]] for t in blocks]
    where = Where(tuple([key for place in places for key in place.keys]), places[0].shape)
    inner = [i for t in blocks for i in graph.nodes[t][2:]]
    joined = graph.intern((PUT, graph.static(f"where {where.keys} {where.shape}", where), *inner))
    others = set(blocks)
    return [*[t for t in terms if t not in others], joined]


def _place(graph: Graph, t: int) -> Any:
    """What two terms have in common that differ in one small factor; the term itself where there is no such."""
    node = graph.nodes[t]
    if t not in graph.shapes:
        return t
    if node[0] == PUT and len(node) == 3:
        return PUT, node[1]
    if node[0] != EINSUM or sums(graph, t):
        return t
    _, factors, result = pieces(graph, t)
    small = {labels for _, labels in factors if len(labels) == 1}
    large = tuple(sorted((f, labels) for f, labels in factors if len(labels) > 1))
    if len(small) > 1 or not (large or len(set(result)) < len(result)):
        return t
    if not small and len(result) != len(set(result)):
        small = {result[0]} if len(set(result)) == 1 else set()
    spelled = {label: k for k, label in enumerate(result)}
    if any(label not in spelled for _, labels in large for label in labels) or any(k not in spelled for k in small):
        return t
    at = spelled[next(iter(small))] if small else None
    places = tuple([(f, tuple([spelled[k] for k in labels])) for f, labels in large])
    return EINSUM, places, tuple([spelled[k] for k in result]), graph.shapes[t], at


def _joined_blocks(graph: Graph, place: Any, members: Sequence[int]) -> int:
    inner = [graph.nodes[t][2] for t in members]
    return graph.intern((PUT, place[1], add(graph, inner, graph.shapes.get(inner[0], ()))))


def _joined_products(graph: Graph, place: Any, members: Sequence[int]) -> int:
    _, large, result, shape, at = place
    names = fresh(len(shape))
    small = []
    for t in members:
        coefficient, factors, letters = pieces(graph, t)
        label = letters[result.index(at)] if at is not None else None
        rest = [(f, (names[at],) if held else ()) for f, held in factors if len(held) < 2]
        size = {} if label is None else {names[at]: shape[result.index(at)]}
        small.append(contract(graph, rest, (names[at],) if at is not None else (), size, coefficient))
    factor = add(graph, small, () if at is None else (shape[result.index(at)],))
    whole = [(f, tuple([names[k] for k in places])) for f, places in large]
    labels = (names[at],) if at is not None and factor in graph.shapes else ()
    return contract(
        graph,
        [*whole, (factor, labels)],
        [names[k] for k in result],
        {names[k]: shape[j] for j, k in enumerate(result)},
    )


_JOINED: dict[int, Callable[[Graph, Any, Sequence[int]], int]] = {PUT: _joined_blocks, EINSUM: _joined_products}
