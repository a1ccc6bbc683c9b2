"""Scalar products and powers in a graph of arrays: as scalar graphs have them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from symdiff import ops
from symdiff.build import build
from symdiff.graph import Graph

MUL, DIV, POW, NEG = ops.mul.opcode, ops.div.opcode, ops.pow.opcode, ops.neg.opcode


def product_of_numbers(a: Any, b: Any) -> Any:
    """The product of two real numbers, an int where it is whole and exact."""
    if type(a) is int and type(b) is int:
        return a * b
    found = a * b
    return found.numerator if type(found) is Fraction and found.denominator == 1 else found


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


def whole_power(graph: Graph, base: int, exponent: int) -> int:
    """A scalar to a whole power, a negative one as a reciprocal."""
    power = base if abs(exponent) == 1 else build(graph, POW, (base, graph.const(abs(exponent))))
    return power if exponent > 0 else build(graph, DIV, (graph.const(1), power))
