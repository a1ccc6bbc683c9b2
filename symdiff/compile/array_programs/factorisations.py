"""Factorisations of matrices that solutions, inverses and determinants share, by LAPACK through SciPy.

A symmetric matrix is factored by Cholesky as long as it is positive definite, else, as all others, into triangles
with pivots (Golub and Van Loan, Matrix Computations, 4th ed., sections 3.4 and 4.2). A singular matrix has an inverse
of nan, a determinant of 0, and a matrix whose determinant is negative a logarithm of it of nan: an exception only
where it is asked for, by `regular`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from scipy.linalg import lapack

from symdiff.errors import SymdiffValueError


class Triangles:
    """A matrix as the product of triangles, with the rows exchanged."""

    def __init__(self, matrix: Any) -> None:
        self._single = matrix.dtype == np.float32
        factor = lapack.sgetrf if self._single else lapack.dgetrf
        self._pivots: Any
        self._factors, self._pivots, failed = factor(matrix) if matrix.size else (matrix, np.zeros(0, np.int32), 0)
        self._singular = failed > 0

    def solve(self, right: Any, turned: bool = False) -> Any:
        """The solutions x of `matrix @ x = right`, of the transpose where it is turned."""
        if self._singular or not right.size:
            return np.full_like(right, np.nan)
        solve = lapack.sgetrs if self._single else lapack.dgetrs
        found, _ = solve(self._factors, self._pivots, right.reshape(len(right), -1), trans=int(turned))
        return found.reshape(right.shape)

    def inv(self) -> Any:
        """The inverse."""
        if self._singular or not self._factors.size:
            return np.full_like(self._factors, np.nan)
        invert = lapack.sgetri if self._single else lapack.dgetri
        return invert(self._factors, self._pivots)[0]

    def det(self) -> Any:
        """The determinant."""
        return np.prod(self._diagonal) * self._sign

    def logdet(self) -> Any:
        """The logarithm of the determinant."""
        signs = np.prod(np.sign(self._diagonal)) * self._sign
        return np.log(np.abs(self._diagonal)).sum() if signs >= 0 else signs * np.nan

    @property
    def _diagonal(self) -> Any:
        return self._factors.diagonal()

    @property
    def _sign(self) -> float:
        return -1.0 if np.count_nonzero(self._pivots != np.arange(len(self._pivots))) % 2 else 1.0


class Square:
    """A positive definite matrix as a triangle times its transpose."""

    def __init__(self, triangle: Any) -> None:
        self._triangle = triangle
        self._single = triangle.dtype == np.float32

    def solve(self, right: Any, turned: bool = False) -> Any:
        """The solutions x of `matrix @ x = right`."""
        solve = lapack.spotrs if self._single else lapack.dpotrs
        found, _ = solve(self._triangle, right.reshape(len(right), -1), lower=1)
        return found.reshape(right.shape)

    def inv(self) -> Any:
        """The inverse."""
        invert = lapack.spotri if self._single else lapack.dpotri
        found = invert(self._triangle, lower=1)[0]
        np.copyto(found, found.T, where=_above(len(found)))
        return found

    def det(self) -> Any:
        """The determinant."""
        return np.prod(self._triangle.diagonal()) ** 2

    def logdet(self) -> Any:
        """The logarithm of the determinant."""
        return 2 * np.log(self._triangle.diagonal()).sum()


@lru_cache(maxsize=16)
def _above(size: int) -> Any:
    """Which entries of a matrix are above its diagonal."""
    return np.triu(np.ones((size, size), bool), 1)


def regular(found: Any, *operands: Any) -> Any:
    """What was found of matrices, where it is finite or they were not.

    Raises
    ------
    SymdiffValueError
        Where a matrix is singular, or not positive definite.
    """
    if not np.isfinite(found).all() and all(np.isfinite(a).all() for a in operands):
        raise SymdiffValueError(
            "a matrix is singular, or not positive definite where it has to be: give another one, or compile with "
            "singular='nan' to have nan in its place"
        )
    return found


def factored(matrix: Any) -> Triangles:
    """A matrix into triangles."""
    return Triangles(matrix)


def factored_symmetric(matrix: Any) -> Triangles | Square:
    """A matrix that is symmetric but for rounding: into a triangle and its transpose where it is positive definite."""
    if not matrix.size:
        return Triangles(matrix)
    factor = lapack.spotrf if matrix.dtype == np.float32 else lapack.dpotrf
    triangle, failed = factor(matrix, lower=1, clean=0)
    return Triangles(matrix) if failed else Square(triangle)


def factored_if_symmetric(matrix: Any) -> Triangles | Square:
    """The same of a matrix that a user gave: both halves count where they differ."""
    return factored_symmetric(matrix) if (matrix == matrix.T).all() else Triangles(matrix)
