"""The factor that all of a gradient has, taken out of it.

The gradient of `p/q` is `(slope of p - p/q * slope of q)/q`, that of `exp(u)` is `exp(u)` times the
slopes of `u`. Reverse accumulation puts such a factor into every product below the result; where
there are fewer variables than such products, it is cheaper to put it in at the end.
"""

from __future__ import annotations

from typing import Any

from symdiff.algebra.scaled import ONE, Scaled
from symdiff.algebra.symbolic import Symbolic
from symdiff.build import ADD, DIV, NEG, SUB
from symdiff.graph import VAR, Graph, Node
from symdiff.modes import budgets
from symdiff.rules import Partial, Rules

_LINEAR = frozenset((ADD, SUB, NEG))

UNIT: Scaled = (1, ONE)
Seeds = list[tuple[int, Scaled]]
Parts = list[tuple[Scaled, Seeds]]


def adjoint_factor(algebra: Symbolic, rules: Rules, pending: Any, root: int, variables: int) -> tuple[Scaled, Parts]:
    """A factor of all adjoints below a node whose own adjoint is 1, and the rest of them in parts.

    Each part is a weight, and the adjoints of the nodes from which to go on. `pending` is False for
    the nodes that do not depend on the variables.
    """
    nodes = algebra.graph.nodes
    best: tuple[Scaled, Parts] = UNIT, [(UNIT, [(root, UNIT)])]
    node = nodes[root]
    if len(node) == 3 and VAR < node[0] != DIV and pending[node[1]] is pending[node[2]] is None:
        return best  # most have no factor
    search = _Search(algebra.graph, pending, variables)
    factor = UNIT
    slopes: list[tuple[Partial, tuple[int, ...]]] = []  # factors to come, multiplied only where that is worth it
    while search.looks > 0:
        node = nodes[root]
        inner = search.active(node)
        over = node[0] == DIV and len(inner) == 2 and inner[0] != inner[1]
        if not (over or len(inner) == 1):
            break
        partial = next(p for p, j in zip(rules.of(node), node[1:], strict=True) if j == inner[0])
        if partial is None or partial.is_number or partial.gate is not None:
            break
        worth = search.more_products(inner[0], over)
        if over and not worth:
            break
        slopes.append((partial, (root, *node[1:])))
        if worth:
            for slope, slots in slopes:
                factor = algebra.mul(factor, algebra.partial(slope, slots))
            slopes.clear()
        if over:
            return factor, _quotient(search, root, *inner)
        root = inner[0]
        if worth:
            best = factor, [(UNIT, [(root, UNIT)])]
    return best


def _quotient(search: _Search, root: int, above: int, below: int) -> Parts:
    """Over the denominator: the slopes above, and those below with the quotient as a factor, apart where that saves."""
    if search.more_products(below, False) and search.apart(above, below):
        return [(UNIT, [(above, UNIT)]), ((-1, root), [(below, UNIT)])]
    return [(UNIT, [(above, UNIT), (below, (-1, root))])]


class _Search:
    """Counts the products that a factor would get into."""

    def __init__(self, graph: Graph, pending: Any, variables: int) -> None:
        self.graph = graph
        self.nodes = graph.nodes
        self.pending = pending
        self.variables = variables
        self.looks = budgets.FACTOR_LOOKS + budgets.FACTOR_LOOKS_VARIABLE * variables

    def active(self, node: Node) -> list[int]:
        """The operands of a node that depend on the variables."""
        return [j for j in node[1:] if self.pending[j] is not False] if node[0] > VAR else []

    def more_products(self, i: int, over: bool) -> bool:
        """Whether a factor of the adjoint of a node would get into more products than there are variables."""
        count = int(over)  # count the other operand of the quotient: it has the factor too
        stack = [i]
        while stack and count <= self.variables and self.looks > 0:
            self.looks -= 1
            node = self.nodes[stack.pop()]
            operands = self.active(node)
            if node[0] in _LINEAR:
                stack.extend(operands)
            else:
                count += len(operands)
        return count > self.variables

    def apart(self, a: int, b: int) -> bool:
        """Whether two nodes have nothing but variables and constants in common."""
        both = set(self.graph.cone([a])).intersection(self.graph.cone([b]))
        return all(self.nodes[i][0] <= VAR for i in both)
