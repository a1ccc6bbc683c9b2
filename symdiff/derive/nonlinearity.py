"""How nonlinear an expression is in a variable: where that tells which way to high orders is short, one is built.

Taylor recurrences are the shorter way where functions of nonlinear operands meet, as in `exp(sin(x))*tanh(x*x)`, and
for rational functions, whose gradients repeat the denominator. Of 319 formulas of Rubi's and SymPy's tests that is said
of 42 in orders 2 and 3, of 110 in order 4. When both ways were tried, four of them went by gradients in order 2, with
one to five operations of 37 to 64 less, and none in orders 3 and 4: 0.15 % of the operations of order 2 in all.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from symdiff.build import DIV, MUL, POW
from symdiff.graph import CONST, VAR, Graph
from symdiff.modes import budgets
from symdiff.records import OPERATIONS

_FIXED, _LINEAR, _BENT = range(3)


class Nonlinearity(NamedTuple):
    """Counts over an expression: functions that move, powers of nonlinear operands among them, functions of nonlinear
    operands, and quotients by what moves.
    """

    functions: int
    nested: int
    quotients: int

    def goes_by_taylor(self, order: int) -> bool:
        """Whether Taylor recurrences are known to be the shorter way to a derivative of an order."""
        if self.nested >= budgets.HIGHER_NESTED:
            return True
        return self.quotients > 0 and (not self.functions or order >= budgets.HIGHER_QUOTIENTS)


def nonlinearity(graph: Graph, cone: Iterable[int], variable: int) -> Nonlinearity:
    """That of a node in a variable, in one look at each node of its cone."""
    nodes = graph.nodes
    found: dict[int, int] = {}
    functions = nested = quotients = 0
    for i in cone:
        node = nodes[i]
        code = node[0]
        if code <= VAR:
            found[i] = _LINEAR if i == variable else _FIXED
            continue
        most = found[node[1]] if len(node) == 2 else max([found[j] for j in node[1:]])
        op = OPERATIONS[code]
        if not most or op.boolean:
            most = _FIXED
        elif op.linear:
            most = max([found[node[k + 1]] for k in op.linear])
        elif code == MUL:
            most = most if _FIXED in (found[node[1]], found[node[2]]) else _BENT
        elif code == DIV:
            if found[node[2]]:
                quotients += (found[node[1]], found[node[2]]) != (_FIXED, _LINEAR)
                most = _BENT
        elif code == POW and nodes[node[2]][0] == CONST:
            functions += most == _BENT
            most = _BENT
        else:
            functions += 1
            nested += most == _BENT
            most = _BENT
        found[i] = most
    return Nonlinearity(functions, nested, quotients)
