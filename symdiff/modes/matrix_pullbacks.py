"""How an adjoint goes through inverses, solutions of systems, determinants, and the factors and spectra of matrices.

The formulas are those of Giles, Collected matrix derivative results (2008), sections 2.2, 2.3, 3.1 and 3.2, of Iain
Murray, Differentiation of the Cholesky decomposition (arXiv:1602.07527), section 3.1, and of James Townsend,
Differentiating the singular value decomposition (2016).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np

from symdiff.arrays import linear_algebra
from symdiff.arrays.contraction import contract, fresh, identity, scaled, transposed, whole_power
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
    k, n = pull.own
    adjoint = (pull.adjoint, (*pull.lead, k, n))
    yield pull.node[1], pull.contract([(pull.i, (k, a)), adjoint, (pull.i, (b, n))], (a, b), -1)


def _solve(pull: Pullback, wanted: Wanted) -> Contributions:
    graph = pull.graph
    a, b = pull.node[1:]
    (j,) = fresh(1)
    row, *rest = pull.own
    if pull.lead:
        back = pull.contract(
            [(linear_algebra.inv(graph, a), (row, j)), (pull.adjoint, (*pull.lead, row, *rest))], (j, *rest)
        )
    else:
        back = behind(graph, linear_algebra.solve(graph, transposed(graph, a), pull.adjoint), pull.adjoint, 0)
    if wanted(b):
        yield b, back
    if wanted(a):
        yield a, pull.contract([(back, (*pull.lead, j, *rest)), (pull.i, (row, *rest))], (j, row), -1)


def _det(pull: Pullback, wanted: Wanted) -> Contributions:
    graph, (a,) = pull.graph, pull.node[1:]
    i, j = fresh(2)
    factors = [(pull.adjoint, pull.lead), (pull.i, ()), (linear_algebra.inv(graph, a), (j, i))]
    yield a, pull.contract(factors, (i, j))


def _logdet(pull: Pullback, wanted: Wanted) -> Contributions:
    graph, (a,) = pull.graph, pull.node[1:]
    i, j = fresh(2)
    yield a, pull.contract([(pull.adjoint, pull.lead), (linear_algebra.inv(graph, a), (j, i))], (i, j))


def _cholesky(pull: Pullback, wanted: Wanted) -> Contributions:
    graph = pull.graph
    n = _number_of_rows(graph, pull.i, "a Cholesky factor")
    half = graph.array(np.tri(n) - np.eye(n) / 2)
    below = linear_algebra.inv(graph, pull.i)
    k, j, p, a, b = fresh(5)
    lead = pull.lead
    middle = pull.contract([(pull.i, (k, p)), (pull.adjoint, (*lead, k, j)), (half, (p, j))], (p, j))
    whole = pull.contract([(below, (p, a)), (middle, (*lead, p, j)), (below, (j, b))], (a, b))
    yield pull.node[1], _symmetric_part(graph, whole, lead)


def _number_of_rows(graph: Graph, i: int, what: str) -> int:
    n = shape_of(graph, i)[0]
    if isinstance(n, str):
        raise SymdiffValueError(f"the derivative of {what} needs its size as a number, not {n}")
    return n


def _symmetric_part(graph: Graph, whole: int, lead: Sequence[Label]) -> int:
    """Half of the adjoint of a matrix and its transpose."""
    a, b = fresh(2)
    turned = contract(graph, [(whole, (*lead, a, b))], (*lead, b, a))
    return scaled(graph, Fraction(1, 2), add(graph, [whole, turned], shape_of(graph, whole)))


def _solve_triangular(pull: Pullback, wanted: Wanted) -> Contributions:
    """As through `solve`, and to the triangle that is read alone."""
    graph = pull.graph
    static, a, b = pull.node[1:]
    lower, unit = graph.leaves[static]
    (j,) = fresh(1)
    row, *rest = pull.own
    if pull.lead:
        inverse = linear_algebra.solve_triangular(graph, a, identity(graph, shape_of(graph, a)[0]), (lower, unit))
        back = pull.contract([(inverse, (row, j)), (pull.adjoint, (*pull.lead, row, *rest))], (j, *rest))
    else:
        back = linear_algebra.solve_triangular(graph, transposed(graph, a), pull.adjoint, (not lower, unit))
        back = behind(graph, back, pull.adjoint, 0)
    if wanted(b):
        yield b, back
    if wanted(a):
        ones = np.tri(_number_of_rows(graph, a, "a triangular solution by its matrix"), k=-1 if unit else 0)
        half = graph.array(ones if lower else ones.T)
        yield a, pull.contract([(back, (*pull.lead, j, *rest)), (pull.i, (row, *rest)), (half, (j, row))], (j, row), -1)


# -- spectra -----------------------------------------------------------------------------------------------


def _factor(graph: Graph, op: ArrayOperation, a: int) -> int:
    return graph.intern((op.opcode, a))


def _eigenvalues(pull: Pullback, wanted: Wanted) -> Contributions:
    (a,) = pull.node[1:]
    v = _factor(pull.graph, arrays.eigenvectors, a)
    (k,), (i, j) = pull.own, fresh(2)
    yield a, pull.contract([(v, (i, k)), (pull.adjoint, (*pull.lead, k)), (v, (j, k))], (i, j))


def _eigenvectors(pull: Pullback, wanted: Wanted) -> Contributions:
    """`v @ (gaps * (v.T @ adjoint)) @ v.T`, of which the symmetric part counts."""
    graph, (a,) = pull.graph, pull.node[1:]
    gaps = linear_algebra.gaps(graph, _factor(graph, arrays.eigvalsh, a))
    row, j = pull.own
    i, m, n = fresh(3)
    middle = pull.contract([(gaps, (i, j)), (pull.i, (row, i)), (pull.adjoint, (*pull.lead, row, j))], (i, j))
    whole = pull.contract([(pull.i, (m, i)), (middle, (*pull.lead, i, j)), (pull.i, (n, j))], (m, n))
    yield a, whole if is_symmetric(graph, a) else _symmetric_part(graph, whole, pull.lead)


def _singular_values(pull: Pullback, wanted: Wanted) -> Contributions:
    graph, (a,) = pull.graph, pull.node[1:]
    u, vh = (_factor(graph, op, a) for op in (arrays.left_singular_vectors, arrays.right_singular_vectors))
    (k,), (i, j) = pull.own, fresh(2)
    yield a, pull.contract([(u, (i, k)), (pull.adjoint, (*pull.lead, k)), (vh, (k, j))], (i, j))


def _singular_vectors(pull: Pullback, wanted: Wanted) -> Contributions:
    """`u @ (q + q.T) @ diag(s) @ vh` with `q = gaps * (u.T @ adjoint)`, and what turns u out of the space of columns.

    Of right singular vectors the same with both sides exchanged.
    """
    graph, (a,) = pull.graph, pull.node[1:]
    left = pull.node[0] == arrays.left_singular_vectors.opcode
    s = _factor(graph, arrays.svdvals, a)
    other = _factor(graph, arrays.right_singular_vectors if left else arrays.left_singular_vectors, a)
    gaps, lead = linear_algebra.gaps_of_squares(graph, s), pull.lead
    i, j, p, m, n = fresh(5)  # singular values, entries of the vectors, rows and columns of the matrix

    def own(entry: Label, k: Label) -> tuple[Label, Label]:
        return (entry, k) if left else (k, entry)

    def others(k: Label) -> tuple[Label, Label]:
        return (k, n) if left else (m, k)

    entry = m if left else n
    half = pull.contract([(gaps, (i, j)), (pull.i, own(p, i)), (pull.adjoint, (*lead, *own(p, j)))], (i, j))
    turned = contract(graph, [(half, (*lead, i, j))], (*lead, j, i))
    both = add(graph, [half, turned], shape_of(graph, half))
    found = [pull.contract([(pull.i, own(entry, i)), (both, (*lead, i, j)), (s, (j,)), (other, others(j))], (m, n))]
    if len(set(shape_of(graph, pull.i))) > 1:
        below = whole_power(graph, s, -1)
        found.append(
            pull.contract([(pull.adjoint, (*lead, *own(entry, i))), (below, (i,)), (other, others(i))], (m, n))
        )
        inside = [(pull.i, own(entry, j)), (pull.i, own(p, j)), (pull.adjoint, (*lead, *own(p, i)))]
        found.append(pull.contract([*inside, (below, (i,)), (other, others(i))], (m, n), -1))
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
