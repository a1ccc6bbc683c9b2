"""The degree of an expression as a polynomial in some variables, beyond which its derivatives are 0.

Polynomials in pieces, as of `maximum`, `abs` and `where`, have one too: that of their pieces.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from symdiff.build import DIV, MUL, POW
from symdiff.graph import CONST, VAR, Graph, Node
from symdiff.records import FIRST_ARRAY_CODE, OPERATIONS
from symdiff.rules import NO_SLOT, Partial, Rules, static_value


def degree(graph: Graph, root: int, moving: Collection[int]) -> float:
    """The degree of a node in variables, infinite for what is no polynomial in them, or holds them in arrays."""
    rules = Rules(graph.nodes, graph.leaves)
    found: dict[int, float] = {}
    for i in graph.cone([root]):
        node = graph.nodes[i]
        if node[0] <= VAR:
            found[i] = float(i in moving)
        else:
            degrees = [found[j] for j in node[1:]]
            if node[0] >= FIRST_ARRAY_CODE:
                found[i] = math.inf if any(degrees) else 0.0
                continue
            known = _by_structure(node, degrees, graph.leaves)
            found[i] = _by_partials(rules.of(node), degrees) if known is None else known
    return found[root]


def _by_structure(node: Node, degrees: Sequence[float], leaves: Mapping[int, Any]) -> float | None:
    """The degree of a node from those of its operands, None where its derivatives tell."""
    op = OPERATIONS[node[0]]
    if op.boolean or not any(degrees):
        return 0.0
    if op.linear:
        return max([degrees[k] for k in op.linear])
    if node[0] == MUL:
        return sum(degrees)
    if node[0] == DIV and not degrees[1]:
        return degrees[0]
    if node[0] == POW and not degrees[1]:
        exponent = static_value(leaves.get(node[2]))
        return degrees[0] * exponent if type(exponent) is int and exponent > 0 else math.inf
    return None


def _by_partials(partials: Sequence[Partial | None], degrees: Sequence[float]) -> float:
    """The degree of r where `r' = sum of p u'`: at most the sum of those of some p and u."""
    parts = [0.0]
    for partial, moves in zip(partials, degrees, strict=True):
        if partial is not None and moves:
            parts.append(moves + _of_partial(partial, degrees))
    return max(parts)


def _of_partial(partial: Partial, degrees: Sequence[float]) -> float:
    """The degree of a partial derivative, infinite where it takes the result itself or what is no polynomial."""
    slots = [math.inf, *degrees]
    program = partial.program
    if program is None:
        return 0.0 if partial.slot == NO_SLOT else slots[partial.slot]
    rules = Rules(program.nodes, program.leaves)
    found: list[float] = []
    for k, node in enumerate(program.nodes):
        if node[0] <= VAR:
            found.append(0.0 if node[0] == CONST else slots[partial.slots[k]])
            continue
        inside = [found[j] for j in node[1:]]
        known = _by_structure(node, inside, program.leaves)
        if known is None:  # a step, such as sign, has no partial derivatives; what has some may go on for ever
            steps = all(p is None for p in rules.of(node))
            known = 0.0 if steps else math.inf
        found.append(known)
    return found[-1]
