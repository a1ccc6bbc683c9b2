"""How large numbers inside of expressions become beside each other: orders of growth, without a point.

Of `1/cosh(x)` the denominator grows like cosh(x), of order 1, its square has order 2 and overflows where the
expression does not. Two ways to a derivative can be told apart by it.
"""

from __future__ import annotations

from collections.abc import Iterable

from symdiff import ops
from symdiff.build import ADD, DIV, MUL, NEG, POW, SUB
from symdiff.graph import CONST, VAR, Graph
from symdiff.records import OPERATIONS

Order = tuple[float, float]  # in variables, and in functions that overflow, such as exp

_ROOTS = {ops.sqrt.opcode: 0.5, ops.cbrt.opcode: 1 / 3}
_ROUNDING = 1e-9


def beyond(graph: Graph, roots: Iterable[int], derivatives: Iterable[int]) -> int:
    """How many numbers in derivatives are of a higher order, or a lower one, than all of the expressions and results.

    Powers of variables do not count, `2*y/x**3` is written with them.
    """
    results, expressions = list(derivatives), graph.cone(roots)
    cone = graph.cone([*expressions, *results])
    orders = _orders(graph, cone)
    known = [orders[i] for i in (*expressions, *results)]
    least = [max(1.0, *[abs(order[k]) for order in known]) + _ROUNDING for k in (0, 1)]
    return sum([
        (abs(first) > least[0] or abs(second) > least[1]) and not _is_monomial(graph, i)
        for i, (first, second) in orders.items()
    ])  # fmt: skip


def _is_monomial(graph: Graph, i: int) -> bool:
    node = graph.nodes[i]
    return bool(node[0] == POW and graph.nodes[node[1]][0] == VAR)


def _orders(graph: Graph, cone: Iterable[int]) -> dict[int, Order]:
    nodes = graph.nodes
    found: dict[int, Order] = {}
    for i in cone:
        node = nodes[i]
        kind = node[0]
        if kind <= VAR:
            found[i] = (float(kind == VAR), 0.0)
            continue
        a = found[node[1]]
        b = found[node[2]] if len(node) > 2 else a
        if kind == MUL:
            found[i] = a[0] + b[0], a[1] + b[1]
        elif kind == DIV:
            found[i] = a[0] - b[0], a[1] - b[1]
        elif kind == POW and nodes[node[2]][0] == CONST:
            exponent = _exponent(graph.leaves[node[2]])
            found[i] = exponent * a[0], exponent * a[1]
        elif kind in _ROOTS:
            found[i] = _ROOTS[kind] * a[0], _ROOTS[kind] * a[1]
        elif kind in (ADD, SUB, NEG) or len(node) > 2:
            found[i] = _largest([found[j] for j in node[1:]])
        else:
            found[i] = 0.0, 0.0 if OPERATIONS[kind].finite else 1.0
    return found


def _largest(orders: Iterable[Order]) -> Order:
    return max([order[0] for order in orders]), max([order[1] for order in orders])


def _exponent(value: object) -> float:
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return 1.0
