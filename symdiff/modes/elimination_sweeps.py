"""Forward and reverse mode as orders of elimination: their operations, counted in one sweep over the graph.

Vertices that are made in the same way of rows, or columns, that are equal cost the same; with few variables,
or few results, there are few different ones, and most vertices cost one look into a table.
"""

from __future__ import annotations

from math import inf
from typing import Any, NamedTuple

from symdiff.modes import budgets
from symdiff.modes.budgets import UNSCALED_ENTRIES
from symdiff.modes.label_costs import GENERAL, SCALED, UNIT, Kinds, connected, kinds_of
from symdiff.modes.linearised_graph import LinearGraph


class Order(NamedTuple):
    """An order of elimination: its name, the operations it needs, the vertices."""

    name: str
    operations: int
    vertices: list[int]


class _Vectors:
    """Rows or columns of kinds, by number; equal ones have one number.

    `ends`: how many variables, or results, they are by; `entry`: their labels are edges of results, as in columns.
    """

    def __init__(self, ends: int, entry: bool) -> None:
        self.compared = budgets.SWEEP_ENTRIES if ends <= budgets.SWEEP_ENDS else 0
        self.entry = entry
        self.vectors: list[Kinds] = []
        self.known: dict[Any, tuple[int, int, int]] = {}  # vectors made, by shape: the number, pairs and operations
        self._numbers: dict[frozenset[tuple[int, int]], int] = {}

    def number(self, vector: Kinds) -> int:
        """The number of a vector, a new one where it has hardly an equal."""
        found = new = len(self.vectors)
        if len(vector) <= self.compared:
            found = self._numbers.setdefault(frozenset(vector.items()), new)
        if found == new:
            self.vectors.append(vector)
        return found

    def made(self, shape: tuple[tuple[int, ...], tuple[int, ...]]) -> tuple[int, int, int]:
        """The sum of vectors, given by number, times labels, given by kind."""
        result: Kinds = {}
        count = pairs = 0
        for n, outer in zip(*shape, strict=True):
            pairs += len(self.vectors[n])
            count += connected(result, outer, self.vectors[n], self.entry)
        found = self.known[shape] = self.number(result), pairs, count
        return found

    def unscaled(self, n: int) -> tuple[int, int]:
        """A vector with coefficients multiplied in, and how many these are."""
        vector = self.vectors[n]
        count = list(vector.values()).count(SCALED)
        return (self.number({j: min(kind, GENERAL) for j, kind in vector.items()}), count) if count else (n, 0)


def forward(linear: LinearGraph, limit: float = inf, least: float = inf) -> Order | None:
    """Graph order with its cost: the row of each vertex by the variables is made of those of its operands.

    None where more than `limit` pairs of edges are multiplied, or as many as `least` operations needed.
    """
    kinds = kinds_of(linear)
    variables = [i for i in linear.out if i not in kinds]
    rows = _Vectors(len(variables), False)
    known = rows.known
    row = {i: rows.number({i: UNIT}) for i in variables}
    row_of = row.__getitem__
    count = pairs = 0
    for i in linear.inner:
        operands = kinds[i]
        shape = tuple(map(row_of, operands)), tuple(operands.values())
        row[i], more, cost = known.get(shape) or rows.made(shape)
        pairs += more
        count += cost
        if pairs > limit or count >= least:
            return None
    for output in linear.sinks:
        count += list(rows.vectors[row[output]].values()).count(SCALED)
    return None if count >= least else Order("forward", count, linear.inner)


def reverse(linear: LinearGraph, limit: float = inf, least: float = inf) -> Order | None:
    """The opposite order with its cost, as `forward`: the column of each vertex by the results, from its users."""
    kinds = kinds_of(linear)
    columns = _Vectors(len(linear.sinks), True)
    known = columns.known
    column = {sink: columns.number({sink: UNIT}) for sink in linear.sinks.values()}
    count = pairs = 0
    for i in reversed(linear.out):
        users = linear.out[i]
        shape = tuple([column[user] for user in users]), tuple([kinds[user][i] for user in users])
        n, more, cost = known.get(shape) or columns.made(shape)
        if len(kinds.get(i, ())) >= UNSCALED_ENTRIES:
            n, unscaled = columns.unscaled(n)
            count += unscaled
        column[i] = n
        pairs += more
        count += cost
        if pairs > limit or count >= least:
            return None
    return Order("reverse", count, linear.inner[::-1])
