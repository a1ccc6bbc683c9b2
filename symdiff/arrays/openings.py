"""Openings: the conditions outside of which nodes are zero by structure, and which nodes are finite.

A gate is a `where` of which a branch is zero by structure. What is made of gates by products, sums and blocks has an
opening too, in labels of its own axes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from symdiff import ops
from symdiff.arrays import indexing
from symdiff.arrays.canonical import Factor, Label
from symdiff.arrays.contraction import contract
from symdiff.arrays.reading import ADD, DIV, EINSUM, POW, PUT, RESHAPE, TAKE, number, pieces, shape_of
from symdiff.build import build
from symdiff.graph import CONST, VAR, Graph
from symdiff.ops import arrays
from symdiff.records import FIRST_ARRAY_CODE, record
from symdiff.shapes import Size

WHERE, MUL, SUB, NEG, EXP = (op.opcode for op in (ops.where, ops.mul, ops.sub, ops.neg, ops.exp))
AND, OR, NOT, ABOVE = (op.opcode for op in (ops.logical_and, ops.logical_or, ops.logical_not, ops.greater))
LOGSUMEXP = arrays.logsumexp.opcode

Condition = tuple[int, tuple[Label, ...]]  # a condition, a label for each of its axes
Opening = tuple[int, tuple[int, ...]]  # a condition, the axes of a node that are its own


class _Known:
    """What has been found about the nodes of a graph."""

    def __init__(self) -> None:
        self.gated: dict[int, bool] = {}
        self.finite: dict[int, bool] = {}
        self.openings: dict[int, Opening | None] = {}


_KNOWN: WeakKeyDictionary[Graph, _Known] = WeakKeyDictionary()


def _known(graph: Graph) -> _Known:
    found = _KNOWN.get(graph)
    if found is None:
        found = _KNOWN[graph] = _Known()
    return found


def _settled(
    table: dict[int, Any], root: int, below: Callable[[int], Iterable[int]], value: Callable[[int], Any]
) -> Any:
    """The value of a node, and of all that it is found from, each once."""
    stack = [root]
    while stack:
        i = stack[-1]
        missing = [] if i in table else [j for j in below(i) if j not in table]
        stack += missing
        if not missing:
            stack.pop()
            if i not in table:
                table[i] = value(i)
    return table[root]


# -- what nodes are ------------------------------------------------------------------------------------


def is_closed(graph: Graph, i: int) -> bool:
    """Whether a branch is zero by structure."""
    return graph.nodes[i][0] == CONST and type(graph.leaves[i]) is int and graph.leaves[i] == 0


def open_branch(graph: Graph, i: int) -> int | None:
    """The branch of a gate that is not closed, None for what is no gate."""
    node = graph.nodes[i]
    if node[0] != WHERE or is_closed(graph, node[2]) == is_closed(graph, node[3]):
        return None
    return int(node[2] if is_closed(graph, node[3]) else node[3])


def condition_of(graph: Graph, gate: int) -> int:
    """The condition under which a gate is open."""
    _, condition, first, _ = graph.nodes[gate]
    return build(graph, NOT, (condition,)) if is_closed(graph, first) else int(condition)


def opened(graph: Graph, condition: int, value: int) -> int:
    """A value where a condition holds, 0 elsewhere; of a gate both conditions are one, so that none is in another."""
    branch = open_branch(graph, value)
    while branch is not None:
        inner = condition_of(graph, value)
        if inner == condition or (graph.nodes[inner][0] == AND and condition in graph.nodes[inner][1:]):
            condition = inner
        else:
            condition = build(graph, AND, (condition, inner))
        value, branch = branch, open_branch(graph, branch)
    return build(graph, WHERE, (condition, value, graph.const(0)))


def _carriers(graph: Graph, i: int) -> Sequence[int]:
    """The operands that make a node zero where they are: one of them in products, all of them in sums."""
    node = graph.nodes[i]
    code = node[0]
    if code == WHERE:
        branch = open_branch(graph, i)
        return () if branch is None else (branch,)
    if code in (EINSUM, TAKE, RESHAPE, PUT):
        return node[2:]
    if code in (MUL, ADD, SUB, NEG):
        return node[1:]
    return node[1:2] if code == DIV or (code == POW and _whole(graph, node[2])) else ()


def _whole(graph: Graph, i: int) -> bool:
    value = number(graph, i)
    return type(value) is int and value > 0


def is_gated(graph: Graph, i: int) -> bool:
    """Whether a node has an opening."""
    table = _known(graph).gated

    def value(j: int) -> bool:
        if open_branch(graph, j) is not None:
            return True
        below = [table[k] for k in _carriers(graph, j)]
        return bool(below) and (all(below) if graph.nodes[j][0] in (ADD, SUB, PUT) else any(below))

    return bool(_settled(table, i, lambda j: _carriers(graph, j), value))


def is_finite(graph: Graph, i: int) -> bool:
    """Whether a node is finite wherever the variables are, but for overflow."""
    table = _known(graph).finite

    def below(j: int) -> Sequence[int]:
        node = graph.nodes[j]
        if node[0] <= VAR:
            return ()
        parameters = node[0] >= FIRST_ARRAY_CODE and getattr(record(node[0]), "parameters", False)
        return node[2:] if parameters else node[1:]

    def value(j: int) -> bool:
        node = graph.nodes[j]
        if node[0] == CONST:
            return _is_finite_constant(graph.leaves[j])
        if node[0] <= VAR:
            return True
        op = record(node[0])
        if not all(table[k] for k in below(j)):
            return False
        return bool(op.finite or op.total or op.boolean or op.branches) or _is_finite_by_form(graph, j)

    return bool(_settled(table, i, below, value))


def _is_finite_constant(value: Any) -> bool:
    if type(value) is float or (isinstance(value, np.ndarray) and value.dtype.kind == "f"):
        return bool(np.isfinite(value).all())
    return True


def _is_finite_by_form(graph: Graph, i: int) -> bool:
    """Whole powers, quotients by numbers and by counts, and what softmax is made of."""
    node = graph.nodes[i]
    if node[0] == POW:
        return _whole(graph, node[2])
    if node[0] == DIV:
        below = number(graph, node[2])
        return (below is not None and below != 0) or _is_count(graph, node[2])
    if node[0] == EXP and graph.nodes[node[1]][0] == ADD:
        *_, last = graph.nodes[node[1]]
        if graph.nodes[last][0] == EINSUM:
            coefficient, factors, _ = pieces(graph, last)
            return coefficient == -1 and [graph.nodes[f][0] for f, _ in factors] == [LOGSUMEXP]
    return False


def _is_count(graph: Graph, i: int) -> bool:
    """Whether a node counts how often a condition holds, as the largest entries are."""
    if graph.nodes[i][0] != EINSUM:
        return False
    coefficient, factors, _ = pieces(graph, i)
    branches = [open_branch(graph, f) for f, _ in factors]
    return coefficient == 1 and len(branches) == 1 and branches[0] is not None and number(graph, branches[0]) == 1


# -- openings ------------------------------------------------------------------------------------------


def opening(graph: Graph, i: int) -> Opening | None:
    """The condition outside of which a node is zero by structure, None where there is none."""
    table = _known(graph).openings
    if not is_gated(graph, i):
        return None

    def below(j: int) -> list[int]:
        return [k for k in _carriers(graph, j) if is_gated(graph, k)]

    found: Opening | None = _settled(table, i, below, lambda j: _opening(graph, j))
    return found


def _opening(graph: Graph, i: int) -> Opening | None:
    node, table = graph.nodes[i], _known(graph).openings
    branch = open_branch(graph, i)
    axes = tuple(range(len(shape_of(graph, i))))
    if branch is not None:
        condition = condition_of(graph, i)
        own = condition, axes if condition in graph.shapes else ()
        return _both(graph, i, [own, table.get(branch)])
    if node[0] == EINSUM:
        return _of_contraction(graph, i)
    if node[0] in (ADD, SUB):
        return _either(graph, i, [table.get(j) for j in node[1:]])
    if node[0] in (TAKE, RESHAPE, PUT):
        return _moved(graph, i)
    return _both(graph, i, [table.get(j) for j in _carriers(graph, i)])


def _both(graph: Graph, i: int, openings: Sequence[Opening | None]) -> Opening | None:
    conditions: list[Condition] = [held for held in openings if held is not None]
    if not conditions:
        return None
    shape = shape_of(graph, i)
    condition, axes = joined(graph, conditions, range(len(shape)), dict(enumerate(shape)))
    return condition, axes


def _either(graph: Graph, i: int, openings: Sequence[Opening | None]) -> Opening | None:
    held = list(dict.fromkeys(openings))
    if None in held:
        return None
    if len(held) == 1:
        return held[0]
    shape = shape_of(graph, i)
    full = [spread(graph, (c, axes), tuple(range(len(shape))), dict(enumerate(shape))) for c, axes in held]  # type: ignore[misc]
    found = full[0]
    for condition in full[1:]:
        found = build(graph, OR, (found, condition))
    return found, tuple(range(len(shape))) if found in graph.shapes else ()


def _of_contraction(graph: Graph, i: int) -> Opening | None:
    _, factors, result = pieces(graph, i)
    conditions = conditions_of(graph, [(f, tuple(names)) for f, names in factors])
    sizes: dict[Label, Size] = dict(zip(result, shape_of(graph, i), strict=True))
    for f, names in factors:
        sizes.update(zip(names, shape_of(graph, f), strict=True))
    found = [c for c in conditions if c is not None]
    if not found:
        return None
    condition, labels = joined(graph, found, result, sizes)
    return condition, tuple([result.index(k) for k in labels])


def _moved(graph: Graph, i: int) -> Opening | None:
    """The opening of a block, of an array in another shape, and of blocks put into zeros."""
    node, table = graph.nodes[i], _known(graph).openings
    shapes = [shape_of(graph, j) for j in node[2:]]
    openings = [table.get(j) for j in node[2:]]
    if not any(openings):
        return None
    marks = []
    for shape, held in zip(shapes, openings, strict=True):
        labels = tuple(range(len(shape)))
        sizes = dict(enumerate(shape))
        factors = [] if held is None else [(_mark(graph, held[0]), held[1])]
        marks.append(contract(graph, factors, labels, sizes))
    parameters = graph.leaves[node[1]]
    if node[0] == TAKE:
        moved = indexing.take(graph, marks[0], parameters)
    elif node[0] == RESHAPE:
        moved = indexing.reshape(graph, marks[0], parameters)
    else:
        moved = indexing.put_blocks(graph, marks, parameters.keys, parameters.shape)
    return _is_marked(graph, moved), tuple(range(len(shape_of(graph, i))))


def _mark(graph: Graph, condition: int) -> int:
    """1 where a condition holds, 0 elsewhere."""
    return build(graph, WHERE, (condition, graph.const(1), graph.const(0)))


def _is_marked(graph: Graph, i: int) -> int:
    """The condition that a mark is of, or that one of those holds whose marks are summed."""
    node = graph.nodes[i]
    if node[0] == WHERE and node[2:] == (graph.const(1), graph.const(0)):
        return int(node[1])
    return build(graph, ABOVE, (i, graph.const(0)))


def conditions_of(graph: Graph, factors: Sequence[Factor]) -> list[Condition | None]:
    """The openings of factors, in the labels of these."""
    found: list[Condition | None] = []
    for f, names in factors:
        held = opening(graph, f)
        found.append(None if held is None else (held[0], tuple([names[axis] for axis in held[1]])))
    return found


def joined(
    graph: Graph, conditions: Sequence[Condition], kept: Iterable[Label], sizes: Mapping[Label, Size]
) -> Condition:
    """The condition that all of some hold, for some values of the labels that are not kept."""
    conditions = list(dict.fromkeys(conditions))
    wanted = set(kept)
    labels = tuple(dict.fromkeys([k for _, names in conditions for k in names if k in wanted]))
    if all(names in ((), labels) for _, names in conditions):
        found = conditions[0][0]
        for condition, _ in conditions[1:]:
            found = build(graph, AND, (found, condition))
        return found, labels
    marks = [(_mark(graph, condition), names) for condition, names in conditions]
    return _is_marked(graph, contract(graph, marks, labels, sizes)), labels


def spread(graph: Graph, held: Condition, labels: tuple[Label, ...], sizes: Mapping[Label, Size]) -> int:
    """A condition as an array with these labels; a scalar one as it is."""
    condition, names = held
    return condition if names in ((), labels) else contract(graph, [held], labels, sizes)
