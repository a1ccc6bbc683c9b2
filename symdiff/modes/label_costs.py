"""What a label of a linearised graph costs to work with: its kind, and the operations of products and sums of kinds.

A product costs an operation where both factors are nodes, a sum where paths meet one, a coefficient
one where it is multiplied in at last; ones, signs and products of numbers cost nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from symdiff.algebra.scaled import ONE
from symdiff.modes.linearised_graph import LinearGraph

# Kinds of labels: one or minus one, another exact number, a node or minus it, such a number times a node.
UNIT, NUMBER, GENERAL, SCALED = 0, 1, 2, 3
_PRODUCT = (  # kinds of products
    (UNIT, NUMBER, GENERAL, SCALED),
    (NUMBER, NUMBER, SCALED, SCALED),
    (GENERAL, SCALED, GENERAL, SCALED),
    (SCALED, SCALED, SCALED, SCALED),
)
_TIMES = tuple(
    [  # kind and operations of a product
        tuple([(kind, int(min(outer, inner) >= GENERAL)) for inner, kind in enumerate(row)])
        for outer, row in enumerate(_PRODUCT)
    ]
)
Kinds = dict[int, int]  # kinds of labels, by the other end of the edge
NO_WEIGHTS: Mapping[int, int] = {}


def kinds_of(linear: LinearGraph) -> dict[int, Kinds]:
    """The kinds of all labels, of parallel ones that of their sum; found once."""
    if linear.kinds is not None:
        return linear.kinds
    linear.kinds = found = {sink: {output: UNIT} for output, sink in linear.sinks.items()}
    for i in linear.inner:
        found[i] = kinds = {}
        for j, label in linear.into[i].items():
            if type(label) is list:
                kinds[j] = GENERAL
                continue
            _, c, n = label
            if c == 1 or c == -1:
                kinds[j] = UNIT if n == ONE else GENERAL
            else:
                kinds[j] = NUMBER if n == ONE else SCALED
    return found


def connected(edges: Kinds, outer: int, others: Kinds, entry: bool, weights: Mapping[int, int] = NO_WEIGHTS) -> int:
    """Add the products of a label with others to edges; the operations. `entry`: they are edges of a result.

    `weights`: how many edges one stands for, where that is more than one.
    """
    if outer == UNIT and not edges:
        edges.update(others)
        return weight_of(others, SCALED, weights) if entry else 0
    count = 0
    products = _TIMES[outer]
    for j, inner in others.items():
        kind, cost = products[inner]
        if j not in edges:
            edges[j] = kind
            if entry and kind == SCALED:
                cost += 1
        elif kind < GENERAL and edges[j] < GENERAL:
            edges[j] = NUMBER
        else:
            held, edges[j] = edges[j], GENERAL
            cost += 1 + (kind == SCALED) + (held == SCALED and not entry)
        count += cost * weights[j] if j in weights else cost
    return count


def weight_of(edges: Kinds, kind: int, weights: Mapping[int, int] = NO_WEIGHTS) -> int:
    """How many edges are of a kind."""
    if not weights:
        return list(edges.values()).count(kind)
    return sum([weights.get(j, 1) for j, found in edges.items() if found == kind])
