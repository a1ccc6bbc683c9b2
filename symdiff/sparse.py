"""A sparse matrix of expressions: which entries there are, and what they are."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from symdiff.errors import SymdiffValueError


class SparseMatrix:
    """The entries of a matrix that are not zero for structural reasons, by row and then column.

    Parameters
    ----------
    shape : (int, int)
    rows, cols : array of int, shape (nnz,)
        Where the entries are, no two at one place.
    values : array of expressions, shape (nnz,)

    Raises
    ------
    SymdiffValueError
        For positions outside the shape, or named twice.

    >>> import symdiff as sd
    >>> x, y = sd.variables("x y")
    >>> m = sd.SparseMatrix((2, 2), [0, 1], [1, 0], [x*y, y])
    >>> m
    <SparseMatrix of shape (2, 2) with 2 entries>
    >>> m.toarray()
    array([[0, x*y],
           [y, 0]], dtype=object)
    """

    __slots__ = ("cols", "rows", "shape", "values")

    def __init__(self, shape: tuple[int, int], rows: Any, cols: Any, values: Any) -> None:
        self.shape = (int(shape[0]), int(shape[1]))
        rows, cols = np.asarray(rows, dtype=np.intp).ravel(), np.asarray(cols, dtype=np.intp).ravel()
        entries = np.empty(len(rows), dtype=object)
        if not len(rows) == len(cols) == len(values):
            raise SymdiffValueError(f"{len(rows)} rows, {len(cols)} columns and {len(values)} values are no entries")
        entries[:] = list(values)
        order = np.lexsort((cols, rows))
        self.rows: NDArray[np.intp] = rows[order]
        self.cols: NDArray[np.intp] = cols[order]
        self.values: NDArray[Any] = entries[order]
        self._check()

    def _check(self) -> None:
        rows, cols = self.rows, self.cols
        for what, found, size in (("row", rows, self.shape[0]), ("column", cols, self.shape[1])):
            if len(found) and not (found.min() >= 0 and found.max() < size):
                raise SymdiffValueError(f"a {what} index is outside a matrix of shape {self.shape}")
        if bool(np.any((rows[1:] == rows[:-1]) & (cols[1:] == cols[:-1]))):
            raise SymdiffValueError("two entries of a sparse matrix are at one place")

    @property
    def nnz(self) -> int:
        """The number of entries."""
        return len(self.rows)

    @property
    def T(self) -> SparseMatrix:  # noqa: N802  # its name everywhere
        """The transpose."""
        return SparseMatrix((self.shape[1], self.shape[0]), self.cols, self.rows, self.values)

    def toarray(self) -> NDArray[Any]:
        """The dense matrix, with the constant 0 where there is no entry."""
        from symdiff.leaves import Const

        dense = np.empty(self.shape, dtype=object)
        dense[...] = Const(0)
        dense[self.rows, self.cols] = self.values
        return dense

    def __repr__(self) -> str:
        return f"<SparseMatrix of shape {self.shape} with {self.nnz} entries>"
