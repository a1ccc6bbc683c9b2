"""Forward and reverse mode as orders of elimination: their operations, counted in one sweep over the graph.

Vertices that are made in the same way of rows, or columns, that are equal cost the same; with few variables,
or few results, there are few different ones, and most vertices cost one look into a table.
"""

from __future__ import annotations

from math import inf
from typing import Any, NamedTuple

from symdiff.modes import budgets
from symdiff.modes.budgets import UNSCALED_ENTRIES
from symdiff.modes.label_costs import GENERAL, SCALED, UNIT, Kinds, connected, kinds_of, weight_of
from symdiff.modes.linearised_graph import LinearGraph

_FIRST_GROUP = -(2**62)  # numbers of groups go down from it: those of nodes and sinks are all above


class Order(NamedTuple):
    """An order of elimination: its name, the operations it needs, the vertices."""

    name: str
    operations: int
    vertices: list[int]


class _Vectors:
    """Rows or columns of kinds, by number; equal ones have one number.

    `entry`: their labels are edges of results, as in columns.
    """

    def __init__(self, entry: bool) -> None:
        self.entry = entry
        self.vectors: list[Kinds] = []
        self.known: dict[Any, tuple[int, int, int]] = {}  # vectors made, by shape: the number, pairs and operations
        self._numbers: dict[frozenset[tuple[int, int]], int] = {}

    def number(self, vector: Kinds) -> int:
        """The number of a vector, a new one where it has hardly an equal."""
        found = new = len(self.vectors)
        if len(vector) <= budgets.SWEEP_ENTRIES:
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
        count = weight_of(vector, SCALED)
        return (self.number({j: min(kind, GENERAL) for j, kind in vector.items()}), count) if count else (n, 0)


class _Groups:
    """Rows or columns of kinds by many ends, each kept until it was used for the last time.

    Ends that one vector alone still holds meet nothing on their own any more: those of one kind are one group from
    then on, a key that stands for as many ends as its weight. So the rows of a product of n variables, from left to
    right, have two entries each.
    """

    def __init__(self, entry: bool) -> None:
        self.entry = entry
        self.vectors: dict[int, Kinds] = {}  # vectors to be used again, by node
        self.weights: dict[int, int] = {}
        self.uses: dict[int, int] = {}  # count of the uses to come of a vector, by node
        self.holders: dict[int, int] = {}  # count of the vectors that hold an end or group
        self.groups = _FIRST_GROUP
        self.count = self.pairs = 0

    def keep(self, i: int, vector: Kinds, uses: int) -> None:
        """Hold a vector for so many uses."""
        if not uses:
            return
        self.vectors[i], self.uses[i] = vector, uses
        holders = self.holders
        alone: dict[int, list[int]] = {}
        for j, kind in vector.items():
            holders[j] = held = holders.get(j, 0) + 1
            if held == 1:
                alone.setdefault(kind, []).append(j)
        for kind, members in alone.items():
            if len(members) > 1:
                self._join(vector, kind, members)

    def _join(self, vector: Kinds, kind: int, members: list[int]) -> None:
        weight = 0
        for j in members:
            weight += self.weights.pop(j, 1)
            del vector[j], self.holders[j]
        self.groups -= 1
        vector[self.groups] = kind
        self.weights[self.groups] = weight
        self.holders[self.groups] = 1

    def made(self, labels: Kinds) -> Kinds:
        """The sum of vectors, given by node, times labels, given by kind."""
        result: Kinds = {}
        for i, outer in labels.items():
            vector = self.vectors[i]
            self.pairs += len(vector)
            self.count += connected(result, outer, vector, self.entry, self.weights)
        for i in labels:
            self.uses[i] -= 1
            if not self.uses[i]:
                for j in self.vectors.pop(i):
                    self.holders[j] -= 1
        return result

    def unscaled(self, vector: Kinds) -> Kinds:
        """A vector with coefficients multiplied in, which is counted."""
        self.count += weight_of(vector, SCALED, self.weights)
        return {j: min(kind, GENERAL) for j, kind in vector.items()}


def _forward_by_many(linear: LinearGraph, limit: float, least: float) -> Order | None:
    """`forward` where there are many variables."""
    kinds = kinds_of(linear)
    rows = _Groups(False)
    for i, users in linear.out.items():
        row = rows.made(kinds[i]) if i in kinds else {i: UNIT}
        if i in linear.sinks:
            rows.count += weight_of(row, SCALED, rows.weights)
        rows.keep(i, row, len(users) - (i in linear.sinks))
        if rows.pairs > limit or rows.count >= least:
            return None
    return Order("forward", rows.count, linear.inner)


def _reverse_by_many(linear: LinearGraph, limit: float, least: float) -> Order | None:
    """`reverse` where there are many results."""
    kinds = kinds_of(linear)
    columns = _Groups(True)
    for sink in linear.sinks.values():
        columns.keep(sink, {sink: UNIT}, 1)
    for i in reversed(linear.out):
        column = columns.made({user: kinds[user][i] for user in linear.out[i]})
        operands = len(kinds.get(i, ()))
        if operands >= UNSCALED_ENTRIES:
            column = columns.unscaled(column)
        columns.keep(i, column, operands)
        if columns.pairs > limit or columns.count >= least:
            return None
    return Order("reverse", columns.count, linear.inner[::-1])


def forward(linear: LinearGraph, limit: float = inf, least: float = inf) -> Order | None:
    """Graph order with its cost: the row of each vertex by the variables is made of those of its operands.

    None where more than `limit` pairs of edges are multiplied, or as many as `least` operations needed.
    """
    kinds = kinds_of(linear)
    variables = [i for i in linear.out if i not in kinds]
    if len(variables) > budgets.SWEEP_ENDS:
        return _forward_by_many(linear, limit, least)
    rows = _Vectors(False)
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
        count += weight_of(rows.vectors[row[output]], SCALED)
    return None if count >= least else Order("forward", count, linear.inner)


def reverse(linear: LinearGraph, limit: float = inf, least: float = inf) -> Order | None:
    """The opposite order with its cost, as `forward`: the column of each vertex by the results, from its users."""
    if len(linear.sinks) > budgets.SWEEP_ENDS:
        return _reverse_by_many(linear, limit, least)
    kinds = kinds_of(linear)
    columns = _Vectors(True)
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
