"""Quotients of derived sums over one line where fewer terms are above: `1/(1 + x) - x/(1 + x)**2` is `1/(1 + x)**2`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symdiff import ops
from symdiff.arrays.contraction import contract, scaled, whole_power
from symdiff.arrays.reading import ADD, DIV, EINSUM, base_and_exponent, is_zero, pieces, shape_of
from symdiff.arrays.sums import add
from symdiff.graph import Graph

SQRT = ops.sqrt.opcode
Place = tuple[int, tuple[int, ...]]  # what is raised to a power, and the places of its axes in the result
Quotient = tuple[Any, dict[Place, int], tuple[int, ...]]  # a coefficient, exponents of the factors, axes of the result

_TERMS = 8  # of a denominator


def over_one_line(graph: Graph, terms: Sequence[int]) -> list[int]:
    """The terms, of which two are one whose denominators differ by a factor that cancels what is above."""
    read = [_quotient(graph, t) for t in terms]
    if sum(q is not None for q in read) < 2:
        return list(terms)
    found: list[int | None] = list(terms)
    for a, first in enumerate(read):
        for b, second in enumerate(read):
            if a != b and first and second and found[a] == terms[a] and found[b] == terms[b]:
                joined = _joined(graph, first, second)
                if joined is not None:
                    found[min(a, b)], found[max(a, b)] = joined, None
    return [t for t in found if t is not None]


def _quotient(graph: Graph, t: int) -> Quotient | None:
    """A product entry by entry as powers of its factors, None for what sums or has nothing below a line."""
    node, axes = graph.nodes[t], tuple(range(len(shape_of(graph, t))))
    if node[0] == DIV and axes:
        base, exponent = base_and_exponent(graph, t)
        return (1, {(base, axes): exponent}, axes) if exponent < 0 else None
    if node[0] != EINSUM or t not in graph.shapes or graph.leaves[node[1]].summed:
        return None
    coefficient, factors, result = pieces(graph, t)
    exponents: dict[Place, int] = {}
    for f, names in factors:
        base, exponent = base_and_exponent(graph, f)
        place = base, tuple(map(result.index, names))
        exponents[place] = exponents.get(place, 0) + exponent
    below = min(exponents.values(), default=0) < 0
    return (coefficient, exponents, tuple(map(result.index, result))) if below else None


def _joined(graph: Graph, first: Quotient, second: Quotient) -> int | None:
    """`c*r/q - c*r*p/q**2` as `c*r*(q - p)/q**2`, where that has fewer terms than q; None for other pairs."""
    (c, upper, axes), (d, lower, others) = first, second
    differing = {p: lower.get(p, 0) - upper.get(p, 0) for p in {**upper, **lower}}
    differing = {p: n for p, n in differing.items() if n}
    if len(differing) != 2 or axes != others:
        return None
    below, above = sorted(differing, key=differing.__getitem__)
    q = _sum_below(graph, below[0], differing[below])
    if q is None or differing[above] < 1 or below[1] != above[1] or lower.get(below, 0) >= 0:
        return None
    p = whole_power(graph, above[0], differing[above])
    terms = [scaled(graph, c, part) for part in _parts(graph, q)]
    terms += [scaled(graph, d, part) for part in _parts(graph, p)]
    left = add(graph, terms, shape_of(graph, q))
    if len(terms) > _TERMS or len(_parts(graph, left)) >= len(_parts(graph, q)):
        return None
    exponents = {**upper, below: lower[below]}
    factors = [(whole_power(graph, base, n), names) for (base, names), n in exponents.items() if n]
    return contract(graph, [(left, below[1]), *factors], axes, None, 1, cancel=True)


def _sum_below(graph: Graph, base: int, exponent: int) -> int | None:
    """The sum by which a denominator differs: `q`, or what `sqrt(q)**2` is; None for what is none."""
    if graph.nodes[base][0] == SQRT and exponent == -2:
        base, exponent = graph.nodes[base][1], -1
    return base if exponent == -1 and graph.nodes[base][0] == ADD and base in graph.shapes else None


def _parts(graph: Graph, i: int) -> list[int]:
    """The terms of a sum, what is none itself, none of zeros."""
    if is_zero(graph, i):
        return []
    return list(graph.nodes[i][1:]) if graph.nodes[i][0] == ADD else [i]
