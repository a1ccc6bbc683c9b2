"""Linear algebra of array expressions, and of NumPy's arrays: `sd.linalg.solve(A, b)`.

As NumPy's functions, these take stacks of matrices too, whose axes are in front of those of the matrices.

>>> import symdiff as sd
>>> A, b = sd.Var("A", shape=(3, 3)), sd.Var("b", shape=3)
>>> sd.jacobian(sd.linalg.solve(A, b), b)
inv(A)
>>> S = sd.Var("S", shape=("n", 3, 3))
>>> sd.linalg.det(S).shape
('n',)
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from symdiff import array_functions, ops
from symdiff.array_functions import axes_of, described, eye, operand, operands, reduce, wrapped
from symdiff.arrays import linear_algebra
from symdiff.arrays.contraction import broadcast_to
from symdiff.arrays.reading import shape_of
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.graph import Graph
from symdiff.ops import arrays
from symdiff.records import ArrayOperation
from symdiff.shapes import broadcast, shown, smaller

__all__ = [
    "EighResult", "SVDResult", "SlogdetResult", "cholesky", "det", "eigh", "eigvalsh", "inv", "logdet", "matrix_power",
    "norm", "slogdet", "solve", "solve_triangular", "svd", "svdvals",
]  # fmt: skip


class EighResult(NamedTuple):
    """The eigenvalues of a symmetric matrix in ascending order, and the matrix whose columns are their vectors."""

    eigenvalues: Any
    eigenvectors: Any


class SlogdetResult(NamedTuple):
    """The sign of a determinant and the logarithm of its size."""

    sign: Any
    logabsdet: Any


class SVDResult(NamedTuple):
    """The factors of `A = U @ diag(S) @ Vh`, singular values in descending order."""

    U: Any
    S: Any
    Vh: Any


def _square(what: str, a: Any) -> tuple[Graph, int]:
    """A square matrix, or a stack of them, as a node, of which `what` is asked."""
    graph, i = operand(a)
    shape = shape_of(graph, i)
    if len(shape) < 2 or shape[-1] != shape[-2]:
        raise SymdiffValueError(f"{what} is of a square matrix, not of {described(graph, i)}")
    return graph, i


def _of_square(what: str, build: Callable[[Graph, int], int]) -> Callable[[Any], Any]:
    def function(a: Any) -> Any:
        graph, i = _square(what, a)
        return wrapped(graph, build(graph, i))

    function.__name__ = function.__qualname__ = what
    return function


inv = _of_square("inv", linear_algebra.inv)
det = _of_square("det", linear_algebra.det)
logdet = _of_square("logdet", linear_algebra.logdet)


def slogdet(a: Any) -> SlogdetResult:
    """The sign of the determinant of a square matrix and the logarithm of its size, which overflow nowhere.

    Raises
    ------
    SymdiffValueError
        For what is no square matrix.

    >>> import symdiff as sd
    >>> A = sd.Var("A", shape=(3, 3))
    >>> sd.linalg.slogdet(A).logabsdet.gradient(A)
    inv(A).T
    """
    graph, i = _square("slogdet", a)
    return SlogdetResult(_node(arrays.det_sign, graph, i), _node(arrays.log_abs_det, graph, i))


cholesky = _of_square("cholesky", linear_algebra.cholesky)


def solve(a: Any, b: Any) -> Any:
    """The solution x of `a @ x = b`, for a vector or a matrix b; of stacks of matrices, b is one too or a vector."""
    return _solved("solve", a, b, linear_algebra.solve)


def _solved(what: str, a: Any, b: Any, solution: Callable[[Graph, int, int], int]) -> Any:
    """The solution of a system, or of each of a stack."""
    graph, (i, j) = operands([a, b])
    left, right = shape_of(graph, i), shape_of(graph, j)
    lead = broadcast([left[:-2], right[:-2]])
    if len(left) < 2 or left[-2] != left[-1] or not right or right[-2:][0] != left[-1] or lead is None:
        raise SymdiffValueError(
            f"{what} is of a square matrix and as many rows, not of {described(graph, i)} and {described(graph, j)}"
        )
    if not lead:
        return wrapped(graph, solution(graph, i, j))
    i = broadcast_to(graph, i, lead + left[-2:])
    if len(right) > 1:
        return wrapped(graph, solution(graph, i, broadcast_to(graph, j, lead + right[-2:])))
    vector: Any = wrapped(graph, j)
    found: Any = wrapped(graph, solution(graph, i, broadcast_to(graph, vector[:, None]._index, (*lead, right[0], 1))))
    return found[..., 0]


def solve_triangular(a: Any, b: Any, trans: Any = 0, lower: bool = False, unit_diagonal: bool = False) -> Any:
    """The solution x of `t @ x = b`, where t is the upper triangle of a, or the lower: the rest of a is not read.

    Parameters
    ----------
    a : square matrix
    b : vector or matrix of as many rows
    trans : 0 or 1, "N" or "T"
        1 for `t.T @ x = b`, as SciPy has it.
    lower : bool
    unit_diagonal : bool
        Whether ones stand on the diagonal of t, whatever a has there.

    Raises
    ------
    SymdiffValueError
        For shapes that do not fit and another `trans`.

    >>> import symdiff as sd
    >>> L, b = sd.Var("L", shape=(3, 3)), sd.Var("b", shape=3)
    >>> sd.linalg.solve_triangular(L, b, lower=True).sum().gradient(b)
    solve_triangular(L.T, ones(3))
    """
    turned = {0: False, "N": False, 1: True, "T": True, 2: True, "C": True}.get(trans)
    if turned is None:
        raise SymdiffValueError(f'trans is 0 or 1, "N" or "T", not {trans!r}')
    half = (bool(lower) != turned, bool(unit_diagonal))

    def solution(graph: Graph, i: int, j: int) -> int:
        return linear_algebra.solve_triangular(graph, linear_algebra.turned(graph, i) if turned else i, j, half)

    return _solved("solve_triangular", a, b, solution)


def matrix_power(a: Any, n: int) -> Any:
    """The product of n times a square matrix, by squares; of its inverse for a negative n.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For what is no square matrix, and no whole number.
    """
    graph, i = _square("matrix_power", a)
    if not isinstance(n, (int, np.integer)) or isinstance(n, bool):
        raise SymdiffTypeError(f"the power of a matrix is a whole number, not {n!r}")
    power: Any = wrapped(graph, i) if n >= 0 else inv(a)
    found: Any = None
    for k, bit in enumerate(reversed(f"{abs(int(n)):b}")):
        power = power @ power if k else power
        if bit == "1":
            found = power if found is None else found @ power
    ones = eye(shape_of(graph, i)[-1])
    return array_functions.broadcast_to(ones, shape_of(graph, i)) if found is None else found


# -- eigenvalues and singular values -----------------------------------------------------------------------


def _node(op: ArrayOperation, graph: Graph, i: int) -> Any:
    return wrapped(graph, graph.intern((op.opcode, i)))


def eigvalsh(a: Any) -> Any:
    """The eigenvalues of a symmetric matrix in ascending order; of another one, those of its symmetric part.

    The slope of an eigenvalue is `outer(v, v)` by its vector (Giles 2008, 3.1), where several are equal by those
    of one basis.

    Raises
    ------
    SymdiffValueError
        For what is no square matrix.

    >>> import symdiff as sd
    >>> S, g = sd.Var("S", shape=(3, 3), symmetric=True), sd.Var("g", shape=3)
    >>> (g @ sd.linalg.eigvalsh(S)).gradient(S)
    eigh(S).eigenvectors @ diag(g) @ eigh(S).eigenvectors.T
    """
    return _eigh("eigvalsh", a).eigenvalues


def eigh(a: Any) -> EighResult:
    """The eigenvalues and eigenvectors of a symmetric matrix, as two nodes that are evaluated by one factorisation.

    Vectors have length 1, and the largest of their entries is positive. Where eigenvalues are equal, derivatives of
    vectors are inf or nan, as their formula is (Giles 2008, 3.1).

    Raises
    ------
    SymdiffValueError
        For what is no square matrix.

    >>> import symdiff as sd
    >>> values, vectors = sd.linalg.eigh(sd.Var("S", shape=(2, 2), symmetric=True))
    >>> vectors.evaluate(S=[[2, 0], [0, 1]])
    array([[0., 1.],
           [1., 0.]])
    """
    return _eigh("eigh", a)


def _eigh(what: str, a: Any) -> EighResult:
    graph, i = _square(what, a)
    return EighResult(_node(arrays.eigvalsh, graph, i), _node(arrays.eigenvectors, graph, i))


def svdvals(a: Any) -> Any:
    """The singular values of a matrix in descending order; their slopes are `outer(u, v)` (Giles 2008, 3.2).

    Raises
    ------
    SymdiffValueError
        For what is no matrix.

    >>> import symdiff as sd
    >>> X = sd.Var("X", shape=(3, 2))
    >>> sd.linalg.svdvals(X).sum().gradient(X)
    svd(X).U @ svd(X).Vh
    """
    return _svd("svdvals", a, False).S


def svd(a: Any, full_matrices: bool = False) -> SVDResult:
    """The thin singular value decomposition of a matrix, as three nodes that are evaluated by one factorisation.

    The largest entry of each column of U is positive. Where singular values are equal, or 0, derivatives of vectors
    are inf or nan, as their formula is (Townsend, Differentiating the singular value decomposition, 2016).

    Raises
    ------
    SymdiffValueError
        For what is no matrix, and for all vectors of one that is not square.
    """
    return _svd("svd", a, full_matrices)


def _svd(what: str, a: Any, full_matrices: bool) -> SVDResult:
    graph, i = operand(a)
    shape = shape_of(graph, i)
    if len(shape) < 2:
        raise SymdiffValueError(f"{what} is of a matrix, not of {described(graph, i)}")
    smaller(*shape[-2:])
    if full_matrices and shape[-2] != shape[-1]:
        raise SymdiffValueError(
            f"svd of shape {shown(shape)} has vectors that are not determined: write full_matrices=False"
        )
    found = (arrays.left_singular_vectors, arrays.svdvals, arrays.right_singular_vectors)
    return SVDResult(*[_node(op, graph, i) for op in found])


def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    """The norm of a vector or a matrix, NumPy's of every order; of all entries the Euclidean one by default.

    Parameters
    ----------
    x : array
    ord : number or "fro" or "nuc", optional
        Of a vector the power, of a matrix 1 and inf (largest sums of columns and rows), 2 (the largest singular
        value), "nuc" (the sum of all of them), and their negatives.
    axis : int or pair of ints, optional
    keepdims : bool

    Raises
    ------
    SymdiffValueError
        For an order that there is not, and axes that it is not of.

    >>> import symdiff as sd
    >>> sd.linalg.norm(sd.Var("X", shape=(3, 2)), "nuc")
    svdvals(X).sum()
    """
    graph, i = operand(x)
    x, shape = wrapped(graph, i), shape_of(graph, i)
    axes = axes_of(axis, x)
    if ord is None or (ord == "fro" and len(axes) == 2) or (ord == 2 and len(axes) == 1):
        return array_functions.norm(x, axis, keepdims)
    if len(axes) == 1:
        return _norm_of_vectors(x, ord, axes[0], keepdims)
    if len(axes) != 2:
        raise SymdiffValueError(f"the norm of order {ord!r} is of one axis or two: give them, axis=0 or axis=(0, 1)")
    if ord in (1, -1, np.inf, -np.inf):
        return _extreme_sum(x, ord, axes, keepdims)
    if ord not in (2, -2, "nuc") or len(shape) != 2 or keepdims:
        raise SymdiffValueError(f"the norm of order {ord!r} of axes {axes} of shape {shown(shape)} is not there")
    values = svdvals(x)
    return values.sum() if ord == "nuc" else values[0 if ord > 0 else int(smaller(*shape)) - 1]


def _norm_of_vectors(x: Any, ord: Any, axis: int, keepdims: bool) -> Any:
    size = ops.abs(x)
    if ord in (np.inf, -np.inf):
        return reduce(arrays.amax if ord > 0 else arrays.amin, size, axis, keepdims)
    if isinstance(ord, str) or not ord:
        raise SymdiffValueError(f"there is no norm of vectors of order {ord!r} that has slopes")
    total = array_functions.sum(size if ord == 1 else size**ord, axis, keepdims)
    return total if ord == 1 else total ** (Fraction(1, ord) if isinstance(ord, int) else 1 / ord)


def _extreme_sum(x: Any, ord: Any, axes: tuple[int, ...], keepdims: bool) -> Any:
    """The largest or smallest sum of a column (1) or a row (inf)."""
    added, left = axes if abs(ord) == 1 else axes[::-1]
    sums = array_functions.sum(ops.abs(x), added, keepdims)
    place = left if keepdims else left - (added < left)
    return reduce(arrays.amax if ord > 0 else arrays.amin, sums, place, keepdims)
