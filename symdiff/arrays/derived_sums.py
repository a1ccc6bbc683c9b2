"""Sums of derived results as textbooks have them: `A @ (X @ B) + (A @ X) @ B` is one term, so is `B @ x + B.T @ x`.

Sums that users write keep their terms; what derivatives add up is put together further.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from symdiff.array_constants import is_sparse
from symdiff.arrays.canonical import Factor, spelled
from symdiff.arrays.common_denominators import over_one_line
from symdiff.arrays.contraction import contract, fresh, labelled, scaled, without_coefficient, zeros
from symdiff.arrays.openings import is_finite
from symdiff.arrays.reading import ADD, EINSUM, is_thin, pieces, shape_of, sums
from symdiff.arrays.sums import add, flat, scaled_terms
from symdiff.arrays.symmetry import is_symmetric, opened_product
from symdiff.graph import Graph
from symdiff.shapes import Shape

_COMPARED = 24  # terms; more stay as they are


def total(graph: Graph, terms: Sequence[int], shape: Shape) -> int:
    """The sum of derived results of one shape."""
    if len(terms) == 1:
        return terms[0]
    if not shape or len(terms) > _COMPARED:
        return add(graph, terms, shape)
    left = _with_transposes(graph, _factored(graph, over_one_line(graph, _alike(graph, terms))))
    return _whole(graph, add(graph, left, shape)) if left else zeros(graph, shape)


def _alike(graph: Graph, terms: Sequence[int]) -> list[int]:
    """The terms with those added up that are one product, grouped otherwise; those of sums where they meet another."""
    collected = _collected(graph, terms)
    inner = flat(graph, terms)
    if len(collected) == len(terms) < len(inner):
        opened = _collected(graph, inner)
        collected = opened if len(opened) < len(inner) else collected
    return [scaled(graph, c, t) for t, c in collected if c != 0]


def _collected(graph: Graph, terms: Sequence[int]) -> list[tuple[int, Any]]:
    """The terms without their coefficients, the first of each product, and these."""
    several = sum(graph.nodes[t][0] == EINSUM and sums(graph, t) for t in terms) > 1
    found: dict[Any, tuple[int, Any]] = {}
    for t in terms:
        coefficient, rest = without_coefficient(graph, t)
        is_product = several and graph.nodes[rest][0] == EINSUM and rest in graph.shapes
        key = opened_product(graph, rest) if is_product else rest
        first, so_far = found.get(key, (rest, 0))
        found[key] = first, so_far + coefficient
    return list(found.values())


# -- a matrix that stands before or behind several terms ---------------------------------------------------


def _factored(graph: Graph, terms: list[int]) -> list[int]:
    """The terms, of which those that are one matrix times something are that times a sum: `X.T @ a - X.T @ b`."""
    places: dict[Any, list[int]] = {}
    for k, t in enumerate(terms):
        for place in _places(graph, t):
            places.setdefault(place, []).append(k)
    found: list[int | None] = list(terms)
    for place, members in places.items():
        if len(members) > 1 and all(found[k] == terms[k] for k in members):
            joined = _times_sum(graph, place, [terms[k] for k in members])
            for k in members:
                found[k] = None
            found[members[0]] = joined
    return [t for t in found if t is not None]


def _places(graph: Graph, t: int) -> list[Any]:
    """For each matrix that meets the rest of a product in one sum: the matrix, its labels, and those of the rest.

    Labels are places in the result, -1 the one that is summed over.
    """
    if graph.nodes[t][0] != EINSUM or len(graph.shapes[t]) > 2:
        return []
    _, factors, result = pieces(graph, t)
    summed = graph.leaves[graph.nodes[t][1]].summed
    if len(summed) != 1 or len(set(result)) < len(result):
        return []
    found = []
    for k, (f, names) in enumerate(factors):
        rest = dict.fromkeys([label for m, (_, labels) in enumerate(factors) if m != k for label in labels])
        apart = len(names) == 2 and summed in rest and summed in names and not set(names) & set(rest) - set(summed)
        if apart and len({*names, *rest}) == len(result) + 1 and is_finite(graph, f) and not is_thin(graph, f):
            others = tuple([result.find(label) for label in rest])
            if sum(bool(labels) for _, labels in factors) > 2:  # a lone matrix and its transpose stay apart
                others = tuple(sorted(others))
            found.append((f, tuple([result.find(label) for label in names]), others))
    return found


def _times_sum(graph: Graph, place: Any, members: Sequence[int]) -> int:
    """A matrix times the sum of what it is multiplied by in products."""
    matrix, labels, others = place
    common = without_coefficient(graph, members[0])[0]
    if any(abs(without_coefficient(graph, t)[0]) != abs(common) for t in members):
        common = 1
    terms = []
    for t in members:
        coefficient, factors, result = pieces(graph, t)
        at = next(k for k, (f, names) in enumerate(factors) if f == matrix and tuple(map(result.find, names)) == labels)
        rest = [(f, tuple(map(result.find, names))) for k, (f, names) in enumerate(factors) if k != at]
        own = coefficient if common == 1 else 1 if coefficient == common else -1
        terms.append(contract(graph, rest, others, None, own))
    both = add(graph, terms, shape_of(graph, terms[0]))
    return contract(graph, [(matrix, labels), (both, others)], sorted({*labels, *others} - {-1}), None, common)


# -- a matrix and its transpose --------------------------------------------------------------------------


def _with_transposes(graph: Graph, terms: list[int]) -> list[int]:
    """The terms, of which two that differ in a matrix, which is transposed in one, are one with the sum of both."""
    waiting: dict[Any, tuple[int, int]] = {}  # what tells the rest of a term apart: the numbers of term and factor
    met = Counter([f for t in terms if graph.nodes[t][0] == EINSUM for f in {*graph.nodes[t][2:]}])
    found: list[int | None] = list(terms)
    for k, t in enumerate(terms):
        holes = _holes(graph, t, met)
        for turned, _, _ in holes:
            first, factor = waiting.get(turned, (k, 0))
            if first != k and found[first] == terms[first]:
                found[first], found[k] = _joined(graph, terms[first], factor), None
                break
        else:
            for _, as_it_is, factor in holes:
                waiting.setdefault(as_it_is, (k, factor))
    return [t for t in found if t is not None]


def _holes(graph: Graph, t: int, met: Counter[int]) -> list[tuple[Any, Any, int]]:
    """For each square matrix of a product what tells the rest apart: with it transposed there, and as it is.

    `met` says in how many terms a matrix is.
    """
    if graph.nodes[t][0] != EINSUM or t not in graph.shapes:
        return []
    coefficient, factors, result = pieces(graph, t)
    alone = sum(f in graph.shapes for f, _ in factors) < 2 and len(set(result)) == len(result)
    if alone:
        return []
    ends = result if len(result) == 2 else ""  # textbooks write B @ X + B.T @ X, but (B + B.T) @ x, X @ (B + B.T) @ Y
    sizes = dict(zip(result, graph.shapes[t], strict=True))
    for f, names in factors:
        sizes.update(zip(names, shape_of(graph, f), strict=True))
    found = []
    for k, (f, names) in enumerate(factors):
        if met[f] < 2 or not _may_be_transposed(graph, f, names) or set(ends) & set(names):
            continue
        rest = labelled([factor for m, factor in enumerate(factors) if m != k])
        as_it_is, turned = [
            (f, coefficient, *_key(spelled(graph, rest, (*result, *pair), sizes, is_symmetric)))
            for pair in (names, names[::-1])
        ]
        if as_it_is != turned:
            found.append((turned, as_it_is, k))
    return found


def _key(product: tuple[Any, list[int]]) -> tuple[str, tuple[int, ...]]:
    return str(product[0]), tuple(product[1])


def _may_be_transposed(graph: Graph, f: int, names: str) -> bool:
    """Whether a factor is a square matrix that can be added to its transpose without loss."""
    shape = shape_of(graph, f)
    if len(names) != 2 or names[0] == names[1] or shape[0] != shape[1]:
        return False
    return not (is_symmetric(graph, f) or is_thin(graph, f) or is_sparse(graph.leaves.get(f)))


def _joined(graph: Graph, t: int, k: int) -> int:
    """A product with the sum of a factor and its transpose in the place of the factor."""
    coefficient, factors, result = pieces(graph, t)
    f, names = factors[k]
    a, b = fresh(2)
    turned = contract(graph, [(f, (a, b))], (b, a))
    both = add(graph, [f, turned], shape_of(graph, f))
    whole: list[Factor] = labelled([*factors[:k], (both, names), *factors[k + 1 :]])
    sizes = dict(zip(result, graph.shapes[t], strict=True))
    return contract(graph, whole, result, sizes, coefficient)


def _whole(graph: Graph, i: int) -> int:
    """Twice a sum of halves as the sum."""
    coefficient, rest = without_coefficient(graph, i)
    if coefficient == 1 or graph.nodes[rest][0] != ADD or rest not in graph.shapes:
        return i
    own = [without_coefficient(graph, t)[0] for t in graph.nodes[rest][1:]]
    whole = all(type(c) is Fraction and (c * coefficient).denominator == 1 for c in own)
    return scaled_terms(graph, coefficient, rest) if whole else i
