"""The program of one row of a program of all rows: the inverse of `batching.py`, where each row is computed alone.

Axes in front that no step mixes are left out of every node. What is not computed row by row, a slice or a gather of a
variable above all, is a source, whose row is a variable of the new program.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from symdiff.arrays import indexing
from symdiff.arrays.contraction import contract
from symdiff.arrays.reading import ADD, EINSUM, PUT, RESHAPE, TAKE, pieces, shape_of
from symdiff.arrays.sums import add
from symdiff.build import build
from symdiff.graph import VAR, Graph, Variable
from symdiff.keys import Key, Paired, Range, whole
from symdiff.ops import arrays
from symdiff.records import FIRST_ARRAY_CODE
from symdiff.shapes import Shape

_WIDE = 64  # entries of a row of a source that it is all of; of wider ones blocks are sources of their own
# reductions whose slopes are those of their expansions: equal largest entries share theirs evenly, which no pairs do
_REDUCTIONS = frozenset(op.opcode for op in (arrays.product, arrays.logsumexp, arrays.array_norm))
_numbers = itertools.count()


class Rows(NamedTuple):
    """Nodes for one row, and what has all rows, by the variable that stands for a row of it."""

    roots: list[int]
    sources: dict[int, int]


def rows(graph: Graph, roots: Sequence[int], lead: Shape) -> Rows:
    """The program of one row of nodes whose first axes have the sizes `lead`."""
    below = _needed(graph, roots, lead)
    program = _Program(graph, lead)
    for i in sorted(below):
        operands = below[i]
        program.made[i] = program.source(i) if operands is None else program.remade(i)
    return Rows([program.made[i] for i in roots], program.sources)


def _needed(graph: Graph, roots: Sequence[int], lead: Shape) -> dict[int, Sequence[int] | None]:
    """The nodes whose rows are wanted, each with those that a row of it is made of; None for a source."""
    below: dict[int, Sequence[int] | None] = {}
    stack = list(roots)
    while stack:
        i = stack.pop()
        if i not in below:
            below[i] = found = _made_of(graph, i, lead)
            stack += found or ()
    return below


def _made_of(graph: Graph, i: int, lead: Shape) -> Sequence[int] | None:
    """The operands of which a row of a node takes a row, None where it takes more."""
    node, count = graph.nodes[i], len(lead)
    if node[0] <= VAR:
        return None
    if node[0] < FIRST_ARRAY_CODE:
        return [j for j in node[1:] if j in graph.shapes]
    if node[0] == EINSUM:
        return _factors_in_rows(graph, i, count)
    operands = node[2:]
    if any(shape_of(graph, j)[:count] != lead for j in operands):
        return None
    parameters: Any = graph.leaves.get(node[1])
    if node[0] == TAKE:
        fits = all(map(whole, parameters[:count], lead))
    elif node[0] == PUT:
        deeper = len(parameters.shape) > count
        fits = deeper and all(whole(p, n) for key in parameters.keys for p, n in zip(key, lead, strict=False))
    elif node[0] == RESHAPE:
        fits = len(parameters) > count and parameters[:count] == lead and len(shape_of(graph, operands[0])) > count
    else:
        fits = node[0] in _REDUCTIONS and all(k >= count for k in parameters)
    return operands if fits else None


def _factors_in_rows(graph: Graph, i: int, count: int) -> Sequence[int] | None:
    _, factors, result = pieces(graph, i)
    front = result[:count]
    if len(set(front)) < count or set(front) & set(result[count:]):
        return None
    found = []
    for f, names in factors:
        if set(names).isdisjoint(front):
            continue
        if names[:count] != front or not set(names[count:]).isdisjoint(front):
            return None
        found.append(f)
    return found


class _Program:
    """The nodes for one row that have been made."""

    def __init__(self, graph: Graph, lead: Shape) -> None:
        self.graph, self.lead = graph, lead
        self.made: dict[int, int] = {}
        self.sources: dict[int, int] = {}
        self._rows: dict[int, int] = {}  # the variable for a row, by what has all of them

    def source(self, i: int) -> int:
        """A row of a source: part of a row of the variable that it is a block of, where that is narrow."""
        graph, count = self.graph, len(self.lead)
        node = graph.nodes[i]
        if node[0] == TAKE:
            key: Key = graph.leaves[node[1]]
            rest = shape_of(graph, node[2])[count:]
            narrow = math.prod([n if isinstance(n, int) else _WIDE + 1 for n in rest]) <= _WIDE
            if narrow and not any(isinstance(p, (int, Paired)) for p in key[:count]) and len(key) > count:
                every = indexing.take(graph, node[2], (*key[:count], *[Range(0, n) for n in rest]))
                return indexing.take(graph, self._row(every), key[count:])
        return self._row(i)

    def _row(self, i: int) -> int:
        if i not in self._rows:
            name = f"row {len(self._rows)}"
            cell = Variable(name, ("row", next(_numbers)), shape=shape_of(self.graph, i)[len(self.lead) :])
            self._rows[i] = self.graph.var(cell)
            self.sources[self._rows[i]] = i
        return self._rows[i]

    def remade(self, i: int) -> int:
        """A node for one row, of nodes for one row."""
        graph, node, count = self.graph, self.graph.nodes[i], len(self.lead)
        if node[0] < FIRST_ARRAY_CODE:
            args = [self.made[j] if j in graph.shapes else j for j in node[1:]]
            if len(args) > 2 and node[0] == ADD:
                return add(graph, args, shape_of(graph, i)[count:])
            return build(graph, node[0], tuple(args))
        if node[0] == EINSUM:
            return self._product(i)
        parameters, operands = graph.leaves[node[1]], [self.made[j] for j in node[2:]]
        if node[0] == TAKE:
            return indexing.take(graph, operands[0], parameters[count:]) if parameters[count:] else operands[0]
        if node[0] == PUT:
            keys = tuple([key[count:] for key in parameters.keys])
            return indexing.put_blocks(graph, operands, keys, parameters.shape[count:])
        if node[0] == RESHAPE:
            return indexing.reshape(graph, operands[0], parameters[count:])
        axes = tuple([k - count for k in parameters])
        return graph.intern((node[0], graph.static(f"axes {axes}", axes), *operands))

    def _product(self, i: int) -> int:
        graph, count = self.graph, len(self.lead)
        coefficient, factors, result = pieces(graph, i)
        front = set(result[:count])
        inner = [
            (f, tuple(names)) if front.isdisjoint(names) else (self.made[f], tuple(names[count:]))
            for f, names in factors
        ]
        sizes: dict[Any, Any] = dict(zip(result, shape_of(graph, i), strict=True))
        return contract(graph, inner, result[count:], sizes, coefficient)
