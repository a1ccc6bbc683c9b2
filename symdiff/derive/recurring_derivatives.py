"""Derivatives that come round: where one of the first is a number times the expression, all others follow.

So `exp(2*x)` has the n-th derivative `2**n*exp(2*x)`, and `sin(x)` that of order n modulo 4.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from symdiff.algebra.scaled import ONE, whole
from symdiff.algebra.symbolic import Symbolic
from symdiff.derive.contest import Aside
from symdiff.errors import SymdiffValueError
from symdiff.graph import Graph
from symdiff.modes import budgets
from symdiff.modes.reverse import gradient_nodes
from symdiff.quoting import counted


def recurring(graph: Graph, root: int, variable: int, orders: Sequence[int]) -> list[int] | None:
    """Derivatives of some orders by a variable, None where those of an expression do not come round soon.

    Raises
    ------
    SymdiffValueError
        For a number in front that would be very long, naming its length.
    """
    if len(graph.cone([root])) > budgets.HIGHER_TRIED:
        return None
    aside = Aside.copy(graph, [root], [variable])
    algebra = Symbolic(aside.graph)
    moving = aside.held([variable]) or [-1]
    found = list(aside.roots)
    c, base = algebra.lift(found[0])
    for period in range(1, budgets.HIGHER_PERIODS + 1):
        found += gradient_nodes(aside.graph, found[-1], moving)
        factor, node = algebra.lift(found[-1])
        if node == base and c != 0:
            ratio = whole(Fraction(factor) / c)
            _check_digits(ratio, max(orders), period)
            scaled = [algebra.lift(i) for i in found[:period]]
            parts = [algebra.mul((_power(ratio, n // period), ONE), scaled[n % period]) for n in orders]
            return graph.adopt(aside.graph, [algebra.lower(part) for part in parts])
    return None


def _power(ratio: int | Fraction, turns: int) -> int | Fraction:
    return ratio ** (turns % 2) if ratio in (1, -1) else ratio**turns


def _check_digits(ratio: int | Fraction, order: int, period: int) -> None:
    turns = order // period
    each = math.log10(max(abs(ratio.numerator), ratio.denominator))
    if each and turns > budgets.HIGHER_DIGITS / each:
        count = turns * int(each * 10**15) // 10**15
        raise SymdiffValueError(
            f"the derivative of order {counted(order)} has a number of {counted(count)} digits in front; "
            f"{budgets.HIGHER_DIGITS:,} are written at most"
        )
