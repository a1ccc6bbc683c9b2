"""Inverses, solutions of linear systems, determinants, factors and spectra of matrices, in their normal forms.

Matrices are in the last two axes; those in front are of stacks.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from symdiff import ops
from symdiff.arrays import scalars
from symdiff.arrays.contraction import contract, fresh, identity, scaled, transposed, whole_power, without_coefficient
from symdiff.arrays.reading import EINSUM, INV, SOLVE, is_zero, pieces, shape_of
from symdiff.arrays.symmetry import is_symmetric
from symdiff.build import build
from symdiff.graph import Graph
from symdiff.ops import arrays
from symdiff.records import ArrayOperation
from symdiff.shapes import Size


def inv(graph: Graph, i: int) -> int:
    """The inverse of a matrix: of a multiple, a transpose and a diagonal matrix in terms of what is inside."""
    node = graph.nodes[i]
    if node[0] == INV:
        return int(node[1])
    if node[0] == EINSUM and not is_zero(graph, i):
        coefficient, rest = without_coefficient(graph, i)
        if coefficient != 1:
            return scaled(graph, _reciprocal(coefficient), inv(graph, rest))
        _, factors, result = pieces(graph, i)
        if len(factors) == 1 and len(factors[0][1]) == 2 and factors[0][1] == result[::-1]:
            return transposed(graph, inv(graph, factors[0][0]))
        if (
            len(result) == 2
            and len(set(result)) == 1
            and all(len(labels) < 2 and set(labels) <= set(result) for _, labels in factors)
        ):
            sizes = dict(zip(result, graph.shapes[i], strict=True))
            below = [(whole_power(graph, f, -1), tuple(labels)) for f, labels in factors]
            return contract(graph, below, result, sizes)
    return graph.intern((INV, i))


def _reciprocal(coefficient: Any) -> Any:
    return scalars.product_of_numbers(1, Fraction(1) / coefficient) if coefficient != 1 else 1


def solve(graph: Graph, a: int, b: int) -> int:
    """The solution of `a @ x = b`, for a vector or a matrix b."""
    if is_zero(graph, b):
        return b
    coefficient, rest = without_coefficient(graph, b)
    if coefficient != 1:
        return scaled(graph, coefficient, solve(graph, a, rest))
    if b == identity(graph, shape_of(graph, a)[-1]):
        return inv(graph, a)
    if graph.nodes[a][0] == INV:
        return product(graph, graph.nodes[a][1], b)
    return graph.intern((SOLVE, a, b))


def solve_triangular(graph: Graph, a: int, b: int, half: tuple[bool, bool]) -> int:
    """The solution of `t @ x = b`, where t is the lower or upper triangle of a, with ones on its diagonal or not."""
    if is_zero(graph, b):
        return b
    coefficient, rest = without_coefficient(graph, b)
    if coefficient != 1:
        return scaled(graph, coefficient, solve_triangular(graph, a, rest, half))
    return graph.intern((arrays.solve_triangular.opcode, graph.static(f"triangle {half}", half), a, b))


def product(graph: Graph, a: int, b: int) -> int:
    """`a @ b` of a matrix and a vector or matrix, or of stacks of matrices."""
    stack, rows = fresh(len(shape_of(graph, a)) - 2), ("i", "k")
    rest = ("k", "j")[: len(shape_of(graph, b)) - len(stack)]
    return contract(graph, [(a, (*stack, *rows)), (b, (*stack, *rest))], (*stack, "i", *rest[1:]))


def turned(graph: Graph, i: int) -> int:
    """The transposes of the matrices of a stack, or of one."""
    axes = list(range(len(shape_of(graph, i))))
    return transposed(graph, i, [*axes[:-2], axes[-1], axes[-2]])


def det(graph: Graph, i: int) -> int:
    """The determinant."""
    if graph.nodes[i][0] == INV:
        return whole_power(graph, det(graph, graph.nodes[i][1]), -1)
    return graph.intern((arrays.det.opcode, untransposed(graph, i)))


def logdet(graph: Graph, i: int) -> int:
    """The logarithm of the determinant."""
    if graph.nodes[i][0] == INV:
        return build(graph, ops.neg.opcode, (logdet(graph, graph.nodes[i][1]),))
    return graph.intern((arrays.logdet.opcode, untransposed(graph, i)))


def untransposed(graph: Graph, i: int) -> int:
    """A matrix without the transposition that is its last step: what is as true of the one as of the other."""
    if graph.nodes[i][0] != EINSUM or is_symmetric(graph, i):
        return i
    coefficient, factors, result = pieces(graph, i)
    turned = coefficient == 1 and len(factors) == 1 and len(factors[0][1]) == 2 and factors[0][1] == result[::-1]
    return factors[0][0] if turned else i


def cholesky(graph: Graph, i: int) -> int:
    """The lower triangular factor whose product with its transpose a matrix is."""
    return graph.intern((arrays.cholesky.opcode, i))


def gaps(graph: Graph, values: int) -> int:
    """The matrix of reciprocal differences `1/(v[j] - v[i])` of a vector, zero on its diagonal."""
    n = shape_of(graph, values)[-1]
    return _off_diagonal(graph, whole_power(graph, _across(graph, values, -1), -1), n)


def gaps_of_squares(graph: Graph, values: int) -> int:
    """The matrix of `1/(v[j]**2 - v[i]**2)`, zero on its diagonal, without loss where two are close."""
    n = shape_of(graph, values)[-1]
    parts = [_across(graph, values, sign) for sign in (-1, 1)]
    whole = build(graph, ops.mul.opcode, tuple(parts))
    return _off_diagonal(graph, build(graph, ops.div.opcode, (graph.const(1), whole)), n)


def _across(graph: Graph, v: int, sign: int) -> int:
    """`v[j] + sign*v[i]` at i, j."""
    sizes = dict.fromkeys("ij", shape_of(graph, v)[-1])
    stack = fresh(len(shape_of(graph, v)) - 1)
    terms = [contract(graph, [(v, (*stack, k))], (*stack, "i", "j"), sizes, c) for k, c in (("j", 1), ("i", sign))]
    return build(graph, ops.add.opcode, tuple(terms))


def _off_diagonal(graph: Graph, i: int, n: Size) -> int:
    on = build(graph, ops.greater.opcode, (identity(graph, n), graph.const(0)))
    return build(graph, ops.where.opcode, (on, graph.const(0), i))


NORMAL_FORMS: dict[ArrayOperation, Callable[[Graph, int], int]] = {
    arrays.inv: inv, arrays.det: det, arrays.logdet: logdet, arrays.cholesky: cholesky,
}  # fmt: skip
