"""Products made ready to be computed: each takes in products that it alone is made of, and factors along the same axes
become one, so that a loop computes them with what they are made of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from symdiff.arrays.reading import EINSUM, POW, is_diagonal, number, pieces
from symdiff.compile.array_programs.array_nodes import Factor, interned
from symdiff.compile.array_programs.array_softmax import LOGSUMEXP, Exponentials, exponentials, logarithm_below, shares
from symdiff.graph import VAR, Graph
from symdiff.index_labels import Labels, letter
from symdiff.shapes import Size

FACTORS = 7  # factor limit of a product that takes in those it is made of: every order of so many is weighed


def merged(graph: Graph, outputs: Sequence[int], dtype: np.dtype[Any]) -> list[int]:
    """Nodes of the same values, in some precision, whose products are ready."""
    cone = graph.cone(outputs)
    uses = Counter(outputs)
    for i in cone:
        if graph.nodes[i][0] > VAR:
            uses.update(graph.nodes[i][1:])
    inside = _inside(graph, cone, uses)
    made: dict[int, int] = {}
    logarithms: dict[int, Exponentials] = {}
    for i in cone:
        node = graph.nodes[i]
        if node[0] <= VAR:
            made[i] = i
        elif node[0] == LOGSUMEXP:
            logarithms[i] = exponentials(graph, made[node[2]], graph.leaves[node[1]], dtype)
            made[i] = logarithms[i].logarithm
        elif (below := logarithm_below(graph, i)) >= 0:
            made[i] = shares(graph, logarithms[below])
        elif node[0] == EINSUM and not is_entrywise_product(graph, i):
            made[i] = _product(graph, i, inside, made)
        else:
            made[i] = graph.intern((node[0], *[made[j] for j in node[1:]]))
    return [made[i] for i in outputs]


def is_entrywise_product(graph: Graph, i: int) -> bool:
    """Whether a contraction sums nothing up, and repeats nothing along an axis that no factor has."""
    labels: Labels = graph.leaves[graph.nodes[i][1]]
    result = labels.result
    if labels.free or len(set(result)) < len(result) or not result:
        return False
    several = len(labels.factors) > 1
    return several and all(len(set(names)) == len(names) and set(names) <= set(result) for names in labels.factors)


def _inside(graph: Graph, cone: Sequence[int], uses: Counter[int]) -> set[int]:
    """The factors that are products themselves, or squares, and used in one product only."""
    found: set[int] = set()
    counts: dict[int, int] = {}
    for i in cone:
        if graph.nodes[i][0] != EINSUM:
            continue
        total = len(graph.nodes[i]) - 2
        if not is_entrywise_product(graph, i):
            for j in graph.nodes[i][2:]:
                more = _factor_count(graph, j, counts)
                if more and uses[j] == 1 and total + more - 1 <= FACTORS:
                    total += more - 1
                    found.add(j)
        counts[i] = total
    return found


def _factor_count(graph: Graph, i: int, counts: dict[int, int]) -> int:
    """How many factors a node has that a product may take in, 0 for others."""
    node = graph.nodes[i]
    if i not in graph.shapes:
        return 0
    if node[0] == POW:
        return 2 if type(number(graph, node[2])) is int and number(graph, node[2]) == 2 else 0
    if node[0] != EINSUM or is_diagonal(graph, i) or graph.leaves[node[1]].free:
        return 0
    return counts[i]


def _product(graph: Graph, i: int, inside: set[int], made: dict[int, int]) -> int:
    """A contraction of what its factors became."""
    coefficient, factors, result, sizes = _flat(graph, i, inside)
    factors = _joined(graph, [(made.get(j, j), labels) for j, labels in factors], result, sizes)
    held = {k for _, labels in factors for k in labels}
    free = tuple([(k, sizes[k]) for k in dict.fromkeys(result) if k not in held])
    if coefficient != 1 or not factors:
        factors.insert(0, (graph.const(coefficient), ""))
    return interned(graph, factors, result, free)


def _flat(graph: Graph, i: int, inside: set[int]) -> tuple[Any, list[Factor], str, dict[str, Size]]:
    """A product as its coefficient, its factors and those of factors that it takes in, result and sizes."""
    count = 0

    def named(names: dict[str, str], labels: str) -> str:
        nonlocal count
        for k in labels:
            if k not in names:
                names[k] = letter(count)
                count += 1
        return "".join([names[k] for k in labels])

    coefficient, inner, outer = _pieces(graph, i)
    names: dict[str, str] = {}
    result = named(names, outer)
    sizes: dict[str, Size] = dict(zip(result, graph.shapes.get(i, ()), strict=True))
    stack = [(j, named(names, labels)) for j, labels in reversed(inner)]
    factors: list[Factor] = []
    while stack:
        j, labels = stack.pop()
        sizes.update(zip(labels, graph.shapes.get(j, ()), strict=True))
        if j not in inside:
            factors.append((j, labels))
            continue
        factor, inner, outer = _pieces(graph, j)
        coefficient = coefficient * factor
        names = dict(zip(outer, labels, strict=True))
        stack += [(f, named(names, own)) for f, own in reversed(inner)]
    return coefficient, factors, result, sizes


def _pieces(graph: Graph, i: int) -> tuple[Any, list[Factor], str]:
    """A product, or a square, as its coefficient, factors and labels of the result."""
    if graph.nodes[i][0] == POW:
        labels = "".join([letter(k) for k in range(len(graph.shapes[i]))])
        return 1, [(graph.nodes[i][1], labels)] * 2, labels
    return pieces(graph, i)


def _joined(graph: Graph, factors: list[Factor], result: str, sizes: dict[str, Size]) -> list[Factor]:
    """Factors along the same axes as one; of an inner product two are left, which BLAS multiplies and sums."""
    groups: dict[str, list[int]] = {}
    for j, labels in factors:
        groups.setdefault("".join(sorted(labels)), []).append(j)
    spelled = {"".join(sorted(labels)): labels for _, labels in factors}
    if len([key for key in groups if key]) == 1 and set(result) != set(next(key for key in groups if key)):
        return _inner(graph, factors)
    found: list[Factor] = []
    for key, group in groups.items():
        labels = spelled[key]
        own = [(j, names) for j, names in factors if "".join(sorted(names)) == key]
        plain = len(set(labels)) == len(labels) and len(group) > 1 and labels
        found += [(interned(graph, own, labels), labels)] if plain else own
    return found


def _inner(graph: Graph, factors: list[Factor]) -> list[Factor]:
    """An inner product of two factors."""
    shaped = [(j, labels) for j, labels in factors if labels]
    labels = shaped[-1][1]
    if len(shaped) < 3 or len(set(labels)) < len(labels):
        return factors
    first = interned(graph, shaped[:-1], labels), labels
    return [*[(j, names) for j, names in factors if not names], first, shaped[-1]]
