"""Scalar products and powers in a graph of arrays: as scalar graphs have them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from symdiff import ops
from symdiff.build import FOLD_BITS, build, exact_value, split_term
from symdiff.graph import CONST, Graph

_FACTORS = 12  # that a product is taken apart into

MUL, DIV, POW, NEG = ops.mul.opcode, ops.div.opcode, ops.pow.opcode, ops.neg.opcode


def product_of_numbers(a: Any, b: Any) -> Any:
    """The product of two real numbers, an int where it is whole and exact."""
    if type(a) is int and type(b) is int:
        return a * b
    found = a * b
    return found.numerator if type(found) is Fraction and found.denominator == 1 else found


def exact_power(value: Any, exponent: int) -> Any:
    """A whole power of an exact number, an int where it is whole; None where it is too large to be folded."""
    if type(value) not in (int, Fraction):
        return None
    bits = max(value.numerator.bit_length(), value.denominator.bit_length())
    if abs(exponent) * max(bits - 1, 0) > FOLD_BITS:
        return None
    return product_of_numbers(1, Fraction(value) ** exponent)


def times(graph: Graph, coefficient: Any, factors: Sequence[int]) -> int:
    """A product of scalars; what divides is below one line."""
    above: int | None = None
    for i in factors:
        if graph.nodes[i][0] == DIV and graph.leaves.get(graph.nodes[i][1]) == 1 and above is not None:
            above = build(graph, DIV, (above, graph.nodes[i][2]))
        else:
            above = i if above is None else build(graph, MUL, (above, i))
    if above is None:
        return graph.const(coefficient)
    if coefficient == 1:
        return above
    if coefficient == -1:
        return build(graph, NEG, (above,))
    if type(coefficient) is Fraction:
        upper = times(graph, coefficient.numerator, [above])
        return build(graph, DIV, (upper, graph.const(coefficient.denominator)))
    return build(graph, MUL, (graph.const(coefficient), above))


def without_number(graph: Graph, i: int) -> tuple[Any, int]:
    """A scalar as an exact coefficient and the rest: `-2*x/3` as -2/3 and x."""
    coefficient: Any = 1
    while True:
        own, rest = split_term(graph, i)
        if rest == i and graph.nodes[i][0] == DIV and exact_value(graph, graph.nodes[i][2]):
            own, rest = Fraction(1) / exact_value(graph, graph.nodes[i][2]), graph.nodes[i][1]
        if rest == i:
            return coefficient, i
        coefficient, i = product_of_numbers(coefficient, own), rest


def whole_power(graph: Graph, base: int, exponent: int) -> int:
    """A scalar to a whole power, a negative one as a reciprocal."""
    power = base if abs(exponent) == 1 else build(graph, POW, (base, graph.const(abs(exponent))))
    return power if exponent > 0 else build(graph, DIV, (graph.const(1), power))


def powers(graph: Graph, i: int) -> tuple[Any, list[tuple[int, int]]]:
    """A scalar product as its coefficient and its factors as powers with whole exponents, below the line negative."""
    coefficient: Any = 1
    found: list[tuple[int, int]] = []
    stack = [(i, 1)]
    while stack:
        i, exponent = stack.pop()
        node = graph.nodes[i]
        value = _exact(graph, i)
        factor = None if value is None or (value == 0 and exponent < 0) else exact_power(value, exponent)
        if factor is not None:
            coefficient = product_of_numbers(coefficient, factor)
        elif node[0] == MUL:
            stack += [(node[2], exponent), (node[1], exponent)]
        elif node[0] == DIV:
            stack += [(node[2], -exponent), (node[1], exponent)]
        elif node[0] == NEG:
            coefficient = -coefficient if exponent % 2 else coefficient
            stack.append((node[1], exponent))
        elif node[0] == POW and type(_exact(graph, node[2])) is int and len(stack) + len(found) < _FACTORS:
            stack.append((node[1], exponent * graph.leaves[node[2]]))
        else:
            found.append((i, exponent))
        if len(stack) + len(found) > _FACTORS:
            return coefficient, [*found, *stack]
    return coefficient, found


def _exact(graph: Graph, i: int) -> Any:
    value = graph.leaves[i] if graph.nodes[i][0] == CONST else None
    return value if type(value) in (int, Fraction) else None
