"""What the Jacobian of a chain of maps costs by every bracketing of the product of their Jacobians."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symdiff.algebra.notation.html_table import html_table
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.modes import budgets
from symdiff.quoting import quoted


@dataclass(frozen=True)
class ChainCost:
    """Multiplications in the product of a chain of Jacobians, by bracketing."""

    forward: int  # multiplications from the inputs up
    reverse: int  # multiplications from the results down
    best: str  # bracketing of the least, J1 being the Jacobian of the first map
    operations: int  # multiplications of the best
    bracketings: dict[str, int]  # multiplications of each, the cheapest first; of a long chain the best only

    def __str__(self) -> str:
        lines = ["multiplications by bracketing", *table(self.bracketings, self.best)]
        return "\n".join([*lines, self._least()])

    def _least(self) -> str:
        return f"forward {self.forward}, reverse {self.reverse}, best {self.operations}"

    def _repr_html_(self) -> str:
        rows = [(name, f"{n:,}", "least" if name == self.best else "") for name, n in self.bracketings.items()]
        return html_table(rows, before="multiplications by bracketing", after=self._least())


def table(rows: dict[str, int], best: str) -> list[str]:
    """Lines of numbers by name, the best one marked."""
    wide, digits = max(map(len, rows)), max(len(str(n)) for n in rows.values())
    return [f"{name:<{wide}}  {n:>{digits}}{'  least' * (name == best)}" for name, n in rows.items()]


def dimensions_of(shapes: Any) -> list[Any]:
    """The dimensions d0, …, dn of a chain, given by them or by the shapes of its Jacobians."""
    shapes = list(shapes)
    if not any(isinstance(shape, (tuple, list)) for shape in shapes):
        return [*shapes]
    pairs: list[tuple[Any, ...]] = [tuple(shape) if isinstance(shape, (tuple, list)) else () for shape in shapes]
    fits = all(len(pair) == 2 for pair in pairs)
    if not fits or any(later[1] != earlier[0] for earlier, later in pairwise(pairs)):
        raise SymdiffValueError(
            f"the shapes of a chain are (d1, d0), (d2, d1), …, each with as many columns as the one before has rows, "
            f"not {shapes}"
        )
    return [pairs[0][1], *[pair[0] for pair in pairs]]


def chain_cost(*dimensions: int) -> ChainCost:
    """What the Jacobian of a chain of maps costs by every bracketing of the product.

    The k-th map takes `dimensions[k - 1]` numbers to `dimensions[k]`; an a×b
    matrix times a b×c one takes a·b·c multiplications. Forward mode multiplies
    from the inputs up, reverse mode from the results down; where the chain is
    wide at both ends, meeting in the middle is best.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For less than one map, more than a thousand, and for what is no positive int.

    >>> import symdiff as sd
    >>> print(sd.chain_cost(10, 1, 10, 2))
    multiplications by bracketing
    (J3*J2)*J1   40  least
    J3*(J2*J1)  300
    forward 300, reverse 40, best 40
    """
    if any(isinstance(d, bool) or not isinstance(d, int) for d in dimensions):
        raise SymdiffTypeError(f"the dimensions of a chain are ints, not {quoted(dimensions)}")
    if len(dimensions) < 2 or min(dimensions) < 1:
        raise SymdiffValueError(f"a chain has at least two positive dimensions, not {quoted(dimensions)}")
    d, n = dimensions, len(dimensions) - 1
    if n > budgets.CHAIN_MAPS:
        raise SymdiffValueError(
            f"the bracketings of {n:,} maps take {n**3 // 6:,} steps to compare; those of up to "
            f"{budgets.CHAIN_MAPS:,} maps are compared"
        )
    forward = sum(d[0] * d[k] * d[k + 1] for k in range(1, n))
    reverse = sum(d[n] * d[k] * d[k - 1] for k in range(1, n))
    if n > budgets.CHAIN_LISTED:
        total, text = _best_bracketing(d)
        return ChainCost(forward, reverse, text, total, {text: total})
    found = sorted(_bracketings(d).items(), key=lambda item: item[1])
    return ChainCost(forward, reverse, found[0][0], found[0][1], dict(found))


def _joined(later: str, earlier: str) -> str:
    return "*".join([part if "*" not in part else f"({part})" for part in (later, earlier)])


def _bracketings(d: Sequence[int]) -> dict[str, int]:
    """Every bracketing of the maps and its cost, shorter stretches first."""
    n = len(d) - 1
    found: dict[tuple[int, int], dict[str, int]] = {(k, k + 1): {f"J{k + 1}": 0} for k in range(n)}
    for length in range(2, n + 1):
        for a in range(n - length + 1):
            b = a + length
            found[a, b] = {
                _joined(later, earlier): above + below + d[b] * d[m] * d[a]
                for m in range(a + 1, b)
                for later, above in found[m, b].items()
                for earlier, below in found[a, m].items()
            }
    return found[0, n]


def _best_bracketing(d: Sequence[int]) -> tuple[int, str]:
    """The cheapest bracketing, by dynamic programming (Godbole, IEEE Trans. Comput. C-22, 1973)."""
    n = len(d) - 1
    kind: Any = np.int64 if n * max(d) ** 3 < 2**62 else object
    total, split = np.zeros((n + 1, n + 1), kind), np.zeros((n + 1, n + 1), np.intp)
    size = np.array(d, kind)
    for length in range(2, n + 1):
        for a in range(n - length + 1):
            b = a + length
            costs = total[a, a + 1 : b] + total[a + 1 : b, b] + size[a + 1 : b] * (d[a] * d[b])
            m = int(costs.argmin())
            total[a, b], split[a, b] = costs[m], a + 1 + m
    return int(total[0, n]), _bracketing(split)


def _bracketing(split: NDArray[np.intp]) -> str:
    """The text of a bracketing, given where each stretch of the chain is split."""
    n = len(split) - 1
    text: list[str] = []
    stack: list[Any] = [(0, n)]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            text.append(item)
        elif item[1] - item[0] == 1:
            text.append(f"J{item[1]}")
        else:
            a, b = item
            m = int(split[a, b])
            inner = [(a, m), "*", (m, b)]
            stack.extend(inner if (a, b) == (0, n) else [")", *inner, "("])
    return "".join(text)
