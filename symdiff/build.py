"""What is simplified when a node is made: only what is cheap and safe.

Exact constants fold, exact 0 and 1 are neutral and absorbing, like terms and
whole positive powers merge when they are the two operands of one operation.
Of the float zero `0.0*x` and `-0.0*x` are 0.0, `x + 0.0`, `0.0 + x` and `x - 0.0` are x,
`0.0 - x` is -x: a matrix of floats is as sparse as one of ints.
Nothing changes a value at a finite point of the domain (`x/x`, `1.0*x`
stay), and nothing that was written is regrouped.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import reduce
from typing import Any

from symdiff import ops, records
from symdiff.constants import NamedConstant, is_exact
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.graph import CONST, VAR, Graph, Node
from symdiff.quoting import counted
from symdiff.records import Operation

FOLD_BITS = 4096

ADD, SUB, MUL, DIV, NEG, POW = (op.opcode for op in (ops.add, ops.sub, ops.mul, ops.div, ops.neg, ops.pow))

_SCALED = frozenset((MUL, NEG))
_UNITS = (0, 1, -1)
HYPOT, NORM = ops.hypot.opcode, ops.norm.opcode

Rule = Callable[..., int | None]
_RULES: dict[int, Rule] = {}


def build(graph: Graph, code: int, args: tuple[int, ...]) -> int:
    """The index of an operation on nodes of the graph, simplified where the graph does so."""
    node = (code, *args)
    found = graph.find(node)
    return grow(graph, node) if found is None else found


def grow(graph: Graph, node: Node) -> int:
    """As `build`, for a node that was not found."""
    if graph.shapes:
        found = _arrays()(graph, node[0], node[1:])
        if found is not None:
            return found
    if graph.simplify:
        rule = _RULES[node[0]]
        if len(node) == 3:  # unrolled: a star takes as long as the rest
            found = rule(graph, node[1], node[2])
        else:
            found = rule(graph, node[1]) if len(node) == 2 else rule(graph, *node[1:])
        if found is not None:
            return found
    return graph.append(node)


ArrayRule = Callable[[Graph, int, tuple[int, ...]], "int | None"]
_array_rule: list[Callable[[], ArrayRule]] = []  # how graphs of arrays make nodes, set from above


def arrays_made_by(load: Callable[[], ArrayRule]) -> None:
    """Let nodes of graphs that hold arrays be made by what `load` returns: its rule, loaded when first needed."""
    _array_rule[:] = [load]


def _arrays() -> ArrayRule:
    return _array_rule[0]()


def simplified(graph: Graph, code: int, args: tuple[int, ...]) -> int:
    """As `build`, simplifying also in a graph that keeps what users write."""
    found = _RULES[code](graph, *args)
    return graph.intern((code, *args)) if found is None else found


# -- reading nodes -------------------------------------------------------------


def exact_value(graph: Graph, i: int) -> Any:
    """The int or Fraction that a node is, else None."""
    if graph.nodes[i][0] != CONST:
        return None
    value = graph.leaves[i]
    kind = type(value)
    return value if kind is int or kind is Fraction else None


def split_term(graph: Graph, i: int) -> tuple[Any, int]:
    """A node as exact coefficient times another node."""
    node = graph.nodes[i]
    if node[0] == NEG:
        return -1, node[1]
    if node[0] == MUL:
        for factor, base in ((node[1], node[2]), (node[2], node[1])):
            value = exact_value(graph, factor)
            if value is not None:
                return value, base
    return 1, i


def split_power(graph: Graph, i: int) -> tuple[int, int]:
    """A node as another node to a whole positive power."""
    node = graph.nodes[i]
    if node[0] == POW:
        exponent = exact_value(graph, node[2])
        if type(exponent) is int and exponent > 0:
            return exponent, node[1]
    return 1, i


def folded(graph: Graph, value: Any) -> int | None:
    """The constant node of an exact result, None where it would be too large to fold."""
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > FOLD_BITS:
        return None
    if type(value) is Fraction and value.denominator == 1:
        value = value.numerator
    return graph.const(value)


def times(graph: Graph, coefficient: Any, i: int) -> int | None:
    """An exact coefficient times a node."""
    if coefficient == 1:
        return i
    if coefficient == 0:
        return graph.const(0)
    if coefficient == -1:
        return build(graph, NEG, (i,))
    factor = folded(graph, coefficient)
    return None if factor is None else graph.intern((MUL, factor, i))


# -- the rules, one an operation --------------------------------------------------


def _sub(graph: Graph, a: int, b: int) -> int | None:
    return _add(graph, a, b, -1)


def _add(graph: Graph, a: int, b: int, sign: int = 1) -> int | None:
    left, right = graph.nodes[a], graph.nodes[b]
    if left[0] == CONST or right[0] == CONST:
        if left[0] != right[0] and graph.leaves[a if left[0] == CONST else b] != 0:
            return None
        return _add_constant(graph, a, b, sign)
    if a != b:  # fast path: most often two terms are surely not multiples of one node
        if left[0] in _SCALED:
            if b not in left and (right[0] not in _SCALED or (left[1] not in right and left[-1] not in right)):
                return None
        elif right[0] not in _SCALED or a not in right:
            return None
    (m, x), (n, y) = split_term(graph, a), split_term(graph, b)
    return times(graph, m + sign * n, x) if x == y else None


def _add_constant(graph: Graph, a: int, b: int, sign: int) -> int | None:
    x, y = exact_value(graph, a), exact_value(graph, b)
    if x is not None and y is not None:
        return folded(graph, x + sign * y)
    if (y == 0 and y is not None) or _is_float_zero(graph, b):
        return a
    if (x == 0 and x is not None) or _is_float_zero(graph, a):
        return b if sign == 1 else build(graph, NEG, (b,))
    return None


def _is_float_zero(graph: Graph, i: int) -> bool:
    """Whether a constant is 0.0; -0.0 is another."""
    value = graph.leaves.get(i)
    return type(value) is float and value == 0.0 and math.copysign(1.0, value) > 0.0


def _mul(graph: Graph, a: int, b: int) -> int | None:
    left, right = graph.nodes[a][0], graph.nodes[b][0]
    if left == CONST or right == CONST:
        if left != right and graph.leaves[a if left == CONST else b] not in _UNITS:
            return None
        return _mul_constant(graph, a, b)
    if a == b or left == POW or right == POW:
        (m, x), (n, y) = split_power(graph, a), split_power(graph, b)
        if x == y:
            return graph.intern((POW, x, graph.const(m + n)))
    return None


def _mul_constant(graph: Graph, a: int, b: int) -> int | None:
    x, y = exact_value(graph, a), exact_value(graph, b)
    if x is not None and y is not None:
        return folded(graph, x * y)
    for i, j in ((a, b), (b, a)):
        if graph.leaves.get(i) == 0.0 and type(graph.leaves[i]) is float and _may_vanish(graph, j):
            return graph.const(0.0)
    value, other = (y, a) if x is None else (x, b)
    if value == 1:
        return other
    return graph.const(0) if value == 0 else build(graph, NEG, (other,)) if value == -1 else None


def _may_vanish(graph: Graph, i: int) -> bool:
    """Whether 0.0 absorbs a node: all but infinities and nan that were written, as `1/0` too."""
    if graph.nodes[i][0] == NEG:
        i = graph.nodes[i][1]
    if graph.nodes[i][0] == DIV:
        return bool(exact_value(graph, graph.nodes[i][2]) != 0)
    value = graph.leaves.get(i)
    return type(value) is not float or math.isfinite(value)


def _div(graph: Graph, a: int, b: int) -> int | None:
    y = exact_value(graph, b)
    if y is None and graph.nodes[b][0] in (NORM, HYPOT):
        return _by_norm(graph, a, b)
    if y is None or y == 0:
        return None
    if y == 1:
        return a
    x = exact_value(graph, a)
    return None if x is None else folded(graph, Fraction(x) / y)


def _by_norm(graph: Graph, a: int, b: int) -> int | None:
    """A quotient by a norm, of two operands a cosine: operations that are 0 where nothing is divided by nothing."""
    node = graph.nodes[b]
    of_hypot, of_norm = (ops.direction_cosine, ops.direction_sine), (ops.norm_cosine, ops.norm_sine)
    sides = of_hypot if node[0] == HYPOT else of_norm
    if len(node) == 3 and a in node[1:]:
        return build(graph, sides[0 if a == node[1] else 1].opcode, node[1:])
    return None if node[0] == HYPOT else build(graph, ops.norm_quotient.opcode, (a, b))


def _neg(graph: Graph, a: int) -> int | None:
    node = graph.nodes[a]
    if node[0] == NEG:
        return int(node[1])
    if node[0] != CONST:
        return None
    value = graph.leaves[a]
    if type(value) is float:
        return graph.const(-value)
    return folded(graph, -value) if is_exact(value) else None


def _pow(graph: Graph, a: int, b: int) -> int | None:
    kind, n = graph.nodes[a][0], exact_value(graph, b)
    if n is not None and (n == 0 or n == 1):
        return a if n == 1 else graph.const(1)
    if kind == CONST:
        x = exact_value(graph, a)
        if x is not None and x == 1:
            return graph.const(1)
        return None if x is None or type(n) is not int else _exact_power(graph, x, n)
    if kind == POW and type(n) is int:
        m, base = split_power(graph, a)
        if m > 1 and n > 0:
            return graph.intern((POW, base, graph.const(m * n)))
    return None


def _exact_power(graph: Graph, x: Any, n: int) -> int | None:
    bits = max(x.numerator.bit_length(), x.denominator.bit_length())
    if (x == 0 and n < 0) or abs(n) * max(bits - 1, 0) > FOLD_BITS:
        return None
    return folded(graph, Fraction(x) ** n)


def _sqrt(graph: Graph, a: int) -> int | None:
    x = exact_value(graph, a)
    if x is None or x < 0:
        return None
    root = Fraction(math.isqrt(x.numerator), math.isqrt(x.denominator))
    return folded(graph, root) if root * root == x else None


def _log(graph: Graph, a: int) -> int | None:
    if graph.nodes[a][0] == CONST and getattr(graph.leaves[a], "name", "") == "e":
        return graph.const(1)
    return _at(ops.log)(graph, a)


def _where(graph: Graph, c: int, a: int, b: int) -> int | None:
    if a == b:
        return a
    taken = _truth(graph, c)
    return None if taken is None else a if taken else b


def _logical_and(graph: Graph, a: int, b: int) -> int | None:
    for one, other in ((a, b), (b, a)):
        truth = _truth(graph, one)
        if truth is not None:
            return other if truth else one
    return a if a == b else None


def _logical_or(graph: Graph, a: int, b: int) -> int | None:
    for one, other in ((a, b), (b, a)):
        truth = _truth(graph, one)
        if truth is not None:
            return one if truth else other
    return a if a == b else None


def _logical_not(graph: Graph, a: int) -> int | None:
    truth = _truth(graph, a)
    return None if truth is None else graph.const(not truth)


def _truth(graph: Graph, i: int) -> bool | None:
    value = graph.leaves[i] if graph.nodes[i][0] == CONST else None
    return value if isinstance(value, bool) else None


def _comparison(op: Operation) -> Rule:
    test: Any = op.real

    def rule(graph: Graph, a: int, b: int) -> int | None:
        values = []
        for i in (a, b):
            value = graph.leaves[i] if graph.nodes[i][0] == CONST else None
            if isinstance(value, bool) or not isinstance(value, (int, float, Fraction, NamedConstant)):
                return None
            values.append(float(value) if isinstance(value, NamedConstant) else value)
        return graph.const(bool(test(*values)))

    return rule


def _at(op: Operation) -> Rule:
    """The exact values that the record lists: `sin(0) = 0`."""
    if op.arity != 1:
        return lambda graph, *args: None

    def rule(graph: Graph, a: int) -> int | None:
        if graph.nodes[a][0] != CONST:
            return None
        value = exact_value(graph, a)
        return graph.const(op.at[value]) if value in op.at else None

    return rule


def _step(op: Operation) -> Rule:
    """Steps and kinks of exact operands are exact: `floor(5/2)`, `maximum(1, 2)`."""

    def rule(graph: Graph, *args: int) -> int | None:
        values = [exact_value(graph, i) for i in args]
        if any(v is None for v in values):
            return None
        try:
            result = op.exact(*values)
        except (ValueError, ArithmeticError):
            return None
        return folded(graph, result) if is_exact(result) else None

    return rule


def _abs(graph: Graph, a: int) -> int | None:
    if graph.nodes[a][0] != CONST:
        return None
    value = graph.leaves[a]
    if isinstance(value, NamedConstant):  # pi and e are positive
        return a
    if type(value) is float:
        return graph.const(abs(value))
    x = exact_value(graph, a)
    return None if x is None else folded(graph, x if x >= 0 else -x)


_SPECIAL: dict[str, Rule] = {
    "add": _add, "sub": _sub, "mul": _mul, "div": _div, "neg": _neg, "pow": _pow, "sqrt": _sqrt, "log": _log,
    "abs": _abs, "where": _where, "logical_and": _logical_and, "logical_or": _logical_or,
    "logical_not": _logical_not,
}  # fmt: skip


def _add_rule(op: Operation) -> None:
    default = _comparison(op) if op.boolean else _step(op) if op.exact else _at(op)
    _RULES[op.opcode] = _SPECIAL.get(op.name, default)


records.on_register(_add_rule)


def undefined(graph: Graph, nodes: Sequence[int]) -> int:
    """A node that is nan, and so is its slope by every variable of some nodes: where none of several cases holds."""
    result = graph.const(math.nan)
    variables = [i for i in graph.cone(nodes) if graph.nodes[i][0] == VAR]
    if not variables:
        return result
    total = reduce(lambda a, b: build(graph, ADD, (a, b)), variables)
    return build(graph, MUL, (result, total))


def check_whole(graph: Graph, op: Operation, args: tuple[int, ...]) -> None:
    """Refuse an operand that has to be a constant whole number and is not.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        Naming the operation and the operand.
    """
    for k in op.whole:
        value = exact_value(graph, args[k])
        if value is None and graph.scratch:  # pass the placeholder of a rule
            continue
        if type(value) is not int or value < 0:
            raise SymdiffTypeError(f"the {op.operands[k]} of {op.name} is a constant whole number of at least 0")
        if value > (op.highest or value):
            raise SymdiffValueError(
                f"the {op.operands[k]} of {op.name} is at most {op.highest:,}, not {counted(value)}"
            )


def rebuild(graph: Graph, node: Node, new: dict[int, int]) -> int:
    """A node with other operands; the node itself where they are the same."""
    return build(graph, node[0], tuple([new[j] for j in node[1:]]))
