"""How an adjoint goes through inverses, solutions of systems, determinants, and the factors and spectra of matrices.

The formulas are those of Giles, Collected matrix derivative results (2008), sections 2.2, 2.3, 3.1 and 3.2, of Iain
Murray, Differentiation of the Cholesky decomposition (arXiv:1602.07527), section 3.1, and of James Townsend,
Differentiating the singular value decomposition (2016).

Of a stack of matrices each has an adjoint of its own: labels of axes in front of theirs are those of the stack.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np

from symdiff.arrays import linear_algebra
from symdiff.arrays.contraction import broadcast_to, fresh, identity, scaled, whole_power
from symdiff.arrays.gated_products import behind
from symdiff.arrays.reading import shape_of
from symdiff.arrays.sums import add
from symdiff.arrays.symmetry import is_symmetric
from symdiff.errors import SymdiffValueError
from symdiff.graph import Graph
from symdiff.modes.pullback import Contributions, Label, Pullback, Wanted
from symdiff.ops import arrays
from symdiff.records import ArrayOperation


def _inv(pull: Pullback, wanted: Wanted) -> Contributions:
    a, b = fresh(2)
    *stack, k, n = pull.own
    adjoint = (pull.adjoint, (*pull.lead, *stack, k, n))
    factors = [(pull.i, (*stack, k, a)), adjoint, (pull.i, (*stack, b, n))]
    yield pull.node[1], pull.contract(factors, (*stack, a, b), -1)


def _solve(pull: Pullback, wanted: Wanted) -> Contributions:
    graph = pull.graph
    a, b = pull.node[1:]
    (j,) = fresh(1)
    stack, row, rest = _axes_of_solution(pull, a)
    if pull.lead:
        inverse = (linear_algebra.inv(graph, a), (*stack, row, j))
        back = pull.contract([inverse, (pull.adjoint, (*pull.lead, *pull.own))], (*stack, j, *rest))
    else:
        back = linear_algebra.solve(graph, linear_algebra.turned(graph, a), pull.adjoint)
        back = behind(graph, back, pull.adjoint, len(stack))
    if wanted(b):
        yield b, back
    if wanted(a):
        yield a, pull.contract([(back, (*pull.lead, *stack, j, *rest)), (pull.i, pull.own)], (*stack, j, row), -1)


def _axes_of_solution(pull: Pullback, a: int) -> tuple[Sequence[Label], Label, Sequence[Label]]:
    """The labels of the stack, of the rows of the matrices, and of the columns of what is solved for."""
    count = len(shape_of(pull.graph, a)) - 2
    return pull.own[:count], pull.own[count], pull.own[count + 1 :]


def _det(pull: Pullback, wanted: Wanted) -> Contributions:
    graph, (a,) = pull.graph, pull.node[1:]
    i, j = fresh(2)
    inverse = (linear_algebra.inv(graph, a), (*pull.own, j, i))
    factors = [(pull.adjoint, (*pull.lead, *pull.own)), (pull.i, pull.own), inverse]
    yield a, pull.contract(factors, (*pull.own, i, j))


def _logdet(pull: Pullback, wanted: Wanted) -> Contributions:
    graph, (a,) = pull.graph, pull.node[1:]
    i, j = fresh(2)
    inverse = (linear_algebra.inv(graph, a), (*pull.own, j, i))
    yield a, pull.contract([(pull.adjoint, (*pull.lead, *pull.own)), inverse], (*pull.own, i, j))


def _cholesky(pull: Pullback, wanted: Wanted) -> Contributions:
    graph = pull.graph
    n = _number_of_rows(graph, pull.i, "a Cholesky factor")
    half = graph.array(np.tri(n) - np.eye(n) / 2)
    below = linear_algebra.inv(graph, pull.i)
    *stack, k, j = pull.own
    p, a, b = fresh(3)
    lead = (*pull.lead, *stack)
    factors = [(pull.i, (*stack, k, p)), (pull.adjoint, (*lead, k, j)), (half, (p, j))]
    middle = pull.contract(factors, (*stack, p, j))
    factors = [(below, (*stack, p, a)), (middle, (*lead, p, j)), (below, (*stack, j, b))]
    whole = pull.contract(factors, (*stack, a, b))
    yield pull.node[1], _symmetric_part(graph, whole)


def _number_of_rows(graph: Graph, i: int, what: str) -> int:
    n = shape_of(graph, i)[-1]
    if isinstance(n, str):
        raise SymdiffValueError(f"the derivative of {what} needs its size as a number, not {n}")
    return n


def _symmetric_part(graph: Graph, whole: int) -> int:
    """Half of the adjoint of a matrix and its transpose."""
    both = [whole, linear_algebra.turned(graph, whole)]
    return scaled(graph, Fraction(1, 2), add(graph, both, shape_of(graph, whole)))


def _solve_triangular(pull: Pullback, wanted: Wanted) -> Contributions:
    """As through `solve`, and to the triangle that is read alone."""
    graph = pull.graph
    static, a, b = pull.node[1:]
    lower, unit = graph.leaves[static]
    (j,) = fresh(1)
    stack, row, rest = _axes_of_solution(pull, a)
    if pull.lead:
        one = broadcast_to(graph, identity(graph, shape_of(graph, a)[-1]), shape_of(graph, a))
        inverse = linear_algebra.solve_triangular(graph, a, one, (lower, unit))
        factors = [(inverse, (*stack, row, j)), (pull.adjoint, (*pull.lead, *pull.own))]
        back = pull.contract(factors, (*stack, j, *rest))
    else:
        turned = linear_algebra.turned(graph, a)
        back = linear_algebra.solve_triangular(graph, turned, pull.adjoint, (not lower, unit))
        back = behind(graph, back, pull.adjoint, len(stack))
    if wanted(b):
        yield b, back
    if wanted(a):
        ones = np.tri(_number_of_rows(graph, a, "a triangular solution by its matrix"), k=-1 if unit else 0)
        half = graph.array(ones if lower else ones.T)
        factors = [(back, (*pull.lead, *stack, j, *rest)), (pull.i, pull.own), (half, (j, row))]
        yield a, pull.contract(factors, (*stack, j, row), -1)


# -- spectra -----------------------------------------------------------------------------------------------


def _factor(graph: Graph, op: ArrayOperation, a: int) -> int:
    return graph.intern((op.opcode, a))


def _eigenvalues(pull: Pullback, wanted: Wanted) -> Contributions:
    (a,) = pull.node[1:]
    v = _factor(pull.graph, arrays.eigenvectors, a)
    (*stack, k), (i, j) = pull.own, fresh(2)
    factors = [(v, (*stack, i, k)), (pull.adjoint, (*pull.lead, *pull.own)), (v, (*stack, j, k))]
    yield a, pull.contract(factors, (*stack, i, j))


def _eigenvectors(pull: Pullback, wanted: Wanted) -> Contributions:
    """`v @ (gaps * (v.T @ adjoint)) @ v.T`, of which the symmetric part counts."""
    graph, (a,) = pull.graph, pull.node[1:]
    gaps = linear_algebra.gaps(graph, _factor(graph, arrays.eigvalsh, a))
    *stack, row, j = pull.own
    i, m, n = fresh(3)
    lead = (*pull.lead, *stack)
    factors = [(gaps, (*stack, i, j)), (pull.i, (*stack, row, i)), (pull.adjoint, (*lead, row, j))]
    middle = pull.contract(factors, (*stack, i, j))
    factors = [(pull.i, (*stack, m, i)), (middle, (*lead, i, j)), (pull.i, (*stack, n, j))]
    whole = pull.contract(factors, (*stack, m, n))
    yield a, whole if is_symmetric(graph, a) else _symmetric_part(graph, whole)


def _singular_values(pull: Pullback, wanted: Wanted) -> Contributions:
    graph, (a,) = pull.graph, pull.node[1:]
    u, vh = (_factor(graph, op, a) for op in (arrays.left_singular_vectors, arrays.right_singular_vectors))
    (*stack, k), (i, j) = pull.own, fresh(2)
    factors = [(u, (*stack, i, k)), (pull.adjoint, (*pull.lead, *pull.own)), (vh, (*stack, k, j))]
    yield a, pull.contract(factors, (*stack, i, j))


def _singular_vectors(pull: Pullback, wanted: Wanted) -> Contributions:
    """`u @ (q + q.T) @ diag(s) @ vh` with `q = gaps * (u.T @ adjoint)`, and what turns u out of the space of columns.

    Of right singular vectors the same with both sides exchanged.
    """
    graph, (a,) = pull.graph, pull.node[1:]
    left = pull.node[0] == arrays.left_singular_vectors.opcode
    s = _factor(graph, arrays.svdvals, a)
    other = _factor(graph, arrays.right_singular_vectors if left else arrays.left_singular_vectors, a)
    gaps, stack = linear_algebra.gaps_of_squares(graph, s), pull.own[:-2]
    lead = (*pull.lead, *stack)
    i, j, p, m, n = fresh(5)  # singular values, entries of the vectors, rows and columns of the matrix

    def own(entry: Label, k: Label) -> tuple[Label, ...]:
        return (*stack, entry, k) if left else (*stack, k, entry)

    def others(k: Label) -> tuple[Label, ...]:
        return (*stack, k, n) if left else (*stack, m, k)

    def adjoint(entry: Label, k: Label) -> tuple[int, tuple[Label, ...]]:
        return pull.adjoint, (*pull.lead, *own(entry, k))

    entry, result = m if left else n, (*stack, m, n)
    half = pull.contract([(gaps, (*stack, i, j)), (pull.i, own(p, i)), adjoint(p, j)], (*stack, i, j))
    both = add(graph, [half, linear_algebra.turned(graph, half)], shape_of(graph, half))
    factors = [(pull.i, own(entry, i)), (both, (*lead, i, j)), (s, (*stack, j)), (other, others(j))]
    found = [pull.contract(factors, result)]
    if len(set(shape_of(graph, pull.i)[-2:])) > 1:
        below = (whole_power(graph, s, -1), (*stack, i))
        found.append(pull.contract([adjoint(entry, i), below, (other, others(i))], result))
        inside = [(pull.i, own(entry, j)), (pull.i, own(p, j)), adjoint(p, i)]
        found.append(pull.contract([*inside, below, (other, others(i))], result, -1))
    yield a, found[0] if len(found) == 1 else add(graph, found, shape_of(graph, found[0]))


OF_MATRICES: dict[ArrayOperation, Callable[[Pullback, Wanted], Contributions]] = {
    arrays.inv: _inv,
    arrays.solve: _solve,
    arrays.det: _det,
    arrays.logdet: _logdet,
    arrays.log_abs_det: _logdet,
    arrays.det_sign: lambda pull, wanted: iter(()),
    arrays.cholesky: _cholesky,
    arrays.solve_triangular: _solve_triangular,
    arrays.eigvalsh: _eigenvalues,
    arrays.eigenvectors: _eigenvectors,
    arrays.svdvals: _singular_values,
    arrays.left_singular_vectors: _singular_vectors,
    arrays.right_singular_vectors: _singular_vectors,
}
