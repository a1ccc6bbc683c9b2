"""Norms that arrays are divided by: `x/norm(x)` is zeros where x is, as slopes of norms are.

A norm below the line divides as 1 where it is 0 if what it is the norm of is a factor above; of other quotients it is
a pole. So in a product 1/norm(x) is one of two nodes, and which one is seen from the other factors.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence

from symdiff import ops
from symdiff.arrays import scalars
from symdiff.arrays.reading import DIV, EINSUM, base_and_exponent, pieces, shape_of
from symdiff.build import build
from symdiff.graph import CONST, Graph
from symdiff.ops import arrays

NORM, DIVISOR = arrays.array_norm.opcode, ops.norm_divisor.opcode
MUL = ops.mul.opcode

_LOOKED_AT = 8  # factors of what a norm is of, as many as a product is flattened to

Factor = tuple[int, tuple[Hashable, ...], int]  # node, labels of its axes, exponent


def is_number(graph: Graph, norm: int, factors: Sequence[Factor]) -> bool:
    """Whether nothing but numbers stands beside a norm: that has a pole, whatever the norm was a divisor of."""
    return all(graph.nodes[i][0] == CONST for i, _, _ in factors if i != norm)


def divisor(graph: Graph, norm: int, labels: Sequence[Hashable], factors: Sequence[Factor]) -> int:
    """What a product of factors is divided by for a norm with such labels: 1 where the norm is 0, or the norm."""
    if graph.nodes[norm][0] != NORM:
        return norm
    _, static, x = graph.nodes[norm]
    names = [("own", k) for k in range(len(shape_of(graph, x)))]
    kept = [name for k, name in enumerate(names) if k not in graph.leaves[static]]
    above = [part for k, factor in enumerate(factors) for part in _taken_apart(graph, factor, k)]
    wanted = _taken_apart(graph, (x, tuple(names), 1), "x")
    if len(wanted) > _LOOKED_AT or not _holds(above, wanted, dict(zip(kept, labels, strict=True))):
        return norm
    return build(graph, DIVISOR, (norm,))


def quotient(graph: Graph, a: int, b: int) -> int | None:
    """A scalar over a norm of all entries; None where that is a quotient like any other."""
    if a in graph.shapes or b in graph.shapes:
        return None
    below = divisor(graph, b, (), [(a, (), 1)])
    return None if below == b else graph.intern((DIV, a, below))


def _taken_apart(graph: Graph, factor: Factor, place: Hashable) -> list[Factor]:
    """A product as its factors, those of products in it too: sums over labels of their own."""
    found: list[Factor] = []
    stack = [factor]
    opened = 0
    while stack:
        i, labels, exponent = stack.pop()
        if exponent > 0 and graph.nodes[i][0] == EINSUM and opened < _LOOKED_AT:
            opened += 1
            _, inner, result = pieces(graph, i)
            names = dict(zip(result, labels, strict=True))
            stack += [(j, tuple([names.get(n, (place, opened, n)) for n in letters]), 1) for j, letters in inner]
        elif not labels and graph.nodes[i][0] in (MUL, DIV):
            stack += [(j, (), own * exponent) for j, own in scalars.powers(graph, i)[1]]
        else:
            base, own = base_and_exponent(graph, i)
            if base == i:
                found.append((i, labels, exponent))
            else:
                stack.append((base, labels, own * exponent))
    return found


def _holds(given: Sequence[Factor], wanted: Sequence[Factor], names: Mapping[Hashable, Hashable]) -> bool:
    """Whether factors hold others, under other labels, of which those that are summed over stand nowhere else."""
    if not wanted:
        used = Counter([name for _, labels, _ in given for name in labels])
        return not any(used[other] for name, other in names.items() if type(name) is tuple and name[0] == "x")
    base, labels, exponent = wanted[0]
    for k, (own, found, highest) in enumerate(given):
        if own != base or not 0 < exponent <= highest:
            continue
        both = dict(zip(labels, found, strict=True))
        if all(names.get(name, other) == other for name, other in both.items()) and _holds(
            [*given[:k], *given[k + 1 :]], wanted[1:], {**names, **both}
        ):
            return True
    return False
