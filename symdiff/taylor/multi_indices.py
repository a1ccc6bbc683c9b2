"""Multi-indices: which orders of which variables a Taylor coefficient belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import product
from math import comb, factorial, prod

from symdiff.errors import SymdiffValueError
from symdiff.modes import budgets
from symdiff.quoting import counted

MultiIndex = tuple[int, ...]


def up_to(variables: int, order: int) -> list[MultiIndex]:
    """All multi-indices of a total of at most `order`, by total, then the earlier variables first.

    >>> up_to(2, 2)
    [(0, 0), (1, 0), (0, 1), (2, 0), (1, 1), (0, 2)]
    """
    found: list[MultiIndex] = [()]
    for _ in range(variables):
        found = [(*index, k) for index in found for k in range(order - sum(index) + 1)]
    return sorted(found, key=_rank)


def _rank(index: MultiIndex) -> tuple[int, MultiIndex]:
    return sum(index), tuple([-k for k in index])


@lru_cache(maxsize=16)
def along_one(order: int) -> MultiIndices:
    """Those of one variable up to an order, which nothing changes."""
    return MultiIndices([(order,)])


class MultiIndices:
    """Multi-indices and all that are below them, numbered from 0 by total order.

    `total[a]` is the sum of index number a; of its entries, `way[a]` is the
    first that is not zero. `parts(a)` are the pairs (b, c) with b + c = a.
    """

    __slots__ = ("_number", "_parts", "all", "in_one", "total", "unit", "way", "weight")

    def __init__(self, wanted: Iterable[MultiIndex]) -> None:
        wanted = list(wanted)
        self._parts: dict[int, list[tuple[int, int]]] = {}
        if wanted and len(wanted[0]) == 1:
            self._in_one_variable(max(wanted)[0] + 1)
            return
        below: set[MultiIndex] = set()
        for index in wanted:
            if index not in below:
                below.update(product(*[range(k + 1) for k in index]))
        self.all = sorted(below, key=_rank)
        self._number = {index: a for a, index in enumerate(self.all)}
        self.total = [sum(index) for index in self.all]
        self.in_one = not self.all or len(self.all) == self.total[-1] + 1  # along one direction: numbers are orders
        self.way = [next((d for d, k in enumerate(index) if k), 0) for index in self.all]
        self.weight = [list(index) for index in self.all]
        size = len(self.all[0]) if self.all else 0
        self.unit = [self._number.get(tuple([int(d == e) for e in range(size)]), -1) for d in range(size)]

    def _in_one_variable(self, size: int) -> None:
        """Number the orders of one variable: the same in a quarter of the time."""
        self.all = [(k,) for k in range(size)]
        self._number = dict(zip(self.all, range(size), strict=True))
        self.total = list(range(size))
        self.in_one = True
        self.way = [0] * size
        self.weight = [[k] for k in range(size)]
        self.unit = [1 if size > 1 else -1]

    def __len__(self) -> int:
        return len(self.all)

    def number(self, index: MultiIndex) -> int:
        """The number of a multi-index."""
        return self._number[index]

    def factorial(self, a: int) -> int:
        """The product of the factorials of an index."""
        if self.in_one:
            return factorial(self.total[a])
        return prod([factorial(k) for k in self.all[a]])

    def minus_unit(self, a: int, d: int) -> int:
        """The number of an index less one in the direction d."""
        index = self.all[a]
        return self._number[(*index[:d], index[d] - 1, *index[d + 1 :])]

    def parts(self, a: int) -> list[tuple[int, int]]:
        """The pairs of indices that add up to one, the first running from 0 to it."""
        found = self._parts.get(a)
        if found is None:
            index, number = self.all[a], self._number
            first = sorted([number[b] for b in product(*[range(k + 1) for k in index])])
            found = [(b, number[tuple([k - j for k, j in zip(index, self.all[b], strict=True)])]) for b in first]
            self._parts[a] = found
        return found


# -- sizes, before anything is made ----------------------------------------------------


def check_entries(what: str, count: int, order: int) -> None:
    """Refuse a list of derivatives or coefficients that would fill the memory.

    Raises
    ------
    SymdiffValueError
        Naming the order and the length.
    """
    if count > budgets.HIGHER_ENTRIES:
        raise SymdiffValueError(
            f"there are {counted(count)} {what} up to order {counted(order)}; "
            f"{budgets.HIGHER_ENTRIES:,} are made at most"
        )


def check_pairs(order: int, variables: int = 1) -> None:
    """Refuse recurrences that would hardly end.

    Raises
    ------
    SymdiffValueError
        Naming the order and the number of their products.
    """
    pairs = comb(order + 2 * variables, 2 * variables)
    if pairs > budgets.HIGHER_PAIRS:
        raise SymdiffValueError(
            f"order {counted(order)} takes {counted(pairs)} products of Taylor coefficients for each operation; "
            f"{budgets.HIGHER_PAIRS:,} are done, order 2,000 in one variable; polynomials have derivatives of any order"
        )
