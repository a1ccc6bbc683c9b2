"""What of a program of arrays runs together: which nodes act entry by entry in one loop.

Nodes that act entry by entry share a loop where they have one shape and stand between the same products, sums and
factorisations: their stage, the number of such nodes on the longest way to them. No way leads out of a stage and back
into it, so that each loop can run as a whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from symdiff import ops
from symdiff.arrays.reading import ADD, EINSUM, PUT, is_diagonal, pieces
from symdiff.compile.array_programs.array_merging import is_entrywise_product
from symdiff.graph import VAR, Graph
from symdiff.ops import arrays
from symdiff.records import FIRST_ARRAY_CODE
from symdiff.shapes import Shape

TERMS = 8  # term limit of a sum that is part of a loop: a longer one is added up term by term, each freed at once
STEPS = 1000  # step limit of a loop


class Loop(NamedTuple):
    """Nodes that are computed entry by entry together, in order."""

    shape: Shape
    nodes: tuple[int, ...]


class Plan(NamedTuple):
    """Loops and single nodes in the order in which they run, how often each node is used, and what loops fold."""

    units: list[Loop | int]
    uses: Mapping[int, int]
    folds: Mapping[int, list[int]]  # of a node in a loop the nodes that are totals or largest entries of it
    summed: set[int]  # nodes that are read only to be summed up along some axis


def plan(graph: Graph, outputs: Sequence[int]) -> Plan:
    """What runs together of the cone of some nodes."""
    cone = [i for i in graph.cone(outputs) if graph.nodes[i][0] > VAR]
    uses = _uses(graph, cone, outputs)
    stages = _stages(graph, cone)
    _put_off(graph, cone, stages, frozenset(outputs))
    groups: dict[tuple[int, bool, Shape], list[int]] = {}
    folds: dict[int, list[int]] = {}
    for i in cone:
        joins = is_entrywise(graph, i)
        folded = -1 if joins else folded_in_a_loop(graph, i)
        if folded >= 0:
            folds.setdefault(folded, []).append(i)
        else:
            groups.setdefault((stages[i], not joins, graph.shapes.get(i, ()) if joins else ()), []).append(i)
    return Plan(_ordered(groups), uses, folds, _summed(graph, cone, outputs))


def folded_in_a_loop(graph: Graph, i: int) -> int:
    """The node whose total or largest entry a node is, of all or in the last axis, where a loop finds it; else -1."""
    node = graph.nodes[i]
    if node[0] == MAX:
        j, axes = node[2], graph.leaves[node[1]]
        fits = axes in (tuple(range(len(graph.shapes[j]))), (len(graph.shapes[j]) - 1,))
        return j if fits and is_entrywise(graph, j) else -1
    if node[0] != EINSUM:
        return -1
    _, factors, result = pieces(graph, i)
    if len(factors) != 1 or len(set(factors[0][1])) < len(factors[0][1]):
        return -1
    j, labels = factors[0]
    return j if result in ("", labels[:-1]) and labels and is_entrywise(graph, j) else -1


def _stages(graph: Graph, cone: Sequence[int]) -> dict[int, int]:
    """The first stage in which each node can be computed."""
    stages: dict[int, int] = {}
    for i in cone:
        joins = is_entrywise(graph, i)
        stage = 0
        for j in operands(graph, i):
            if graph.nodes[j][0] > VAR:
                stage = max(stage, stages[j] + (joins and not _shares_loop(graph, i, j)))
        stages[i] = stage
    return stages


def _put_off(graph: Graph, cone: Sequence[int], stages: dict[int, int], outputs: frozenset[int]) -> None:
    """Put off what only one later loop reads to that loop, which then computes it without an array in between."""
    readers: dict[int, list[int]] = {}
    for i in cone:
        for j in operands(graph, i):
            readers.setdefault(j, []).append(i)
    for i in reversed(cone):
        if i in outputs or not is_entrywise(graph, i):
            continue
        later = {stages[k] for k in readers[i]}
        if len(later) == 1 and all(is_entrywise(graph, k) and _shares_loop(graph, k, i) for k in readers[i]):
            stages[i] = later.pop()


def operands(graph: Graph, i: int) -> tuple[int, ...]:
    """The operands of a node, without parameters."""
    node = graph.nodes[i]
    return tuple([j for j in node[1:] if graph.nodes[j][0] >= 0])


def _uses(graph: Graph, cone: Sequence[int], outputs: Sequence[int]) -> Mapping[int, int]:
    uses = Counter(outputs)
    for i in cone:
        uses.update(operands(graph, i))
    return uses


def _summed(graph: Graph, cone: Sequence[int], outputs: Sequence[int]) -> set[int]:
    kept = set(outputs)
    for i in cone:
        if graph.nodes[i][0] == EINSUM:
            _, factors, result = pieces(graph, i)
            kept.update([j for j, labels in factors if set(labels) <= set(result)])
        else:
            kept.update(operands(graph, i))
    return set(cone) - kept


def _ordered(groups: Mapping[tuple[int, bool, Shape], list[int]]) -> list[Loop | int]:
    """The units stage by stage: loops first, then what takes their results."""
    units: list[Loop | int] = []
    for stage, alone, shape in sorted(groups, key=lambda key: key[:2]):
        nodes = groups[stage, alone, shape]
        if alone:
            units += nodes
        else:
            units += [Loop(shape, tuple(nodes[k : k + STEPS])) for k in range(0, len(nodes), STEPS)]
    return units


# -- what acts entry by entry ------------------------------------------------------------------------


def is_entrywise(graph: Graph, i: int) -> bool:
    """Whether a node is computed entry by entry of its operands."""
    node = graph.nodes[i]
    if node[0] == EINSUM:
        return is_entrywise_product(graph, i)
    if node[0] == ADD and i in graph.shapes:
        return len(node) <= TERMS + 1 and not any(is_placed(graph, j) for j in node[1:])
    return bool(VAR < node[0] < FIRST_ARRAY_CODE)


def _shares_loop(graph: Graph, i: int, j: int) -> bool:
    """Whether a node that acts entry by entry runs in the loop of an operand."""
    alike = graph.shapes.get(i, ()) == graph.shapes.get(j, ())
    return alike and is_entrywise(graph, j) and not _is_turned(graph, i, j)


def _is_turned(graph: Graph, i: int, j: int) -> bool:
    """Whether a product takes a factor with its axes in another order."""
    node = graph.nodes[i]
    if node[0] != EINSUM:
        return False
    labels = graph.leaves[node[1]]
    return any(f == j and names != labels.result for f, names in zip(node[2:], labels.factors, strict=True))


def is_placed(graph: Graph, i: int) -> bool:
    """Whether a node is zero but at some places, where a sum adds it without making it whole."""
    return graph.nodes[i][0] == PUT or (graph.nodes[i][0] == EINSUM and is_diagonal(graph, i))


MAX = arrays.amax.opcode
CHEAP = frozenset(op.opcode for op in (ops.add, ops.sub, ops.mul, ops.neg))  # what Python's floats never refuse
