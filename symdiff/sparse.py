"""A sparse matrix of expressions: which entries there are, and what they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from symdiff.errors import SymdiffIndexError, SymdiffTypeError, SymdiffValueError
from symdiff.graph import Graph
from symdiff.handle import as_handle, gather, restored

if TYPE_CHECKING:
    import scipy.sparse
    from numpy.typing import NDArray

_SHOWN = 20  # count of entries that are printed


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
    >>> m[0, 1], m[0, 0]
    (x*y, 0)
    >>> m.evaluate({x: 3, y: 4}).toarray()
    array([[ 0, 12],
           [ 4,  0]])
    >>> print(m)
    <SparseMatrix of shape (2, 2) with 2 entries>
      (0, 1)  x*y
      (1, 0)  y
    """

    __slots__ = ("cols", "rows", "shape", "values")

    of_arrays = False  # whether entries are those of array expressions

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
    def T(self) -> SparseMatrix:  # noqa: N802  # named as everywhere
        """The transpose."""
        return SparseMatrix((self.shape[1], self.shape[0]), self.cols, self.rows, self.values)

    def toarray(self) -> NDArray[Any]:
        """The dense matrix, with the constant 0 where there is no entry."""
        dense = np.empty(self.shape, dtype=object)
        dense[...] = as_handle(0)
        dense[self.rows, self.cols] = self.values
        return dense

    def __getitem__(self, place: tuple[int, int]) -> Any:
        """The entry at a place, the constant 0 where there is none."""
        row, col = self._place(place)
        first, last = np.searchsorted(self.rows, [row, row + 1])
        k = first + np.searchsorted(self.cols[first:last], col)
        return self.values[k] if k < last and self.cols[k] == col else as_handle(0)

    def _place(self, place: tuple[int, int]) -> tuple[int, int]:
        if not (isinstance(place, tuple) and len(place) == 2 and all(isinstance(k, (int, np.integer)) for k in place)):
            raise SymdiffTypeError(f"a sparse matrix is indexed by row and column, not {place!r}; toarray() is dense")
        row, col = [int(k) + size * (k < 0) for k, size in zip(place, self.shape, strict=True)]
        if not (0 <= row < self.shape[0] and 0 <= col < self.shape[1]):
            raise SymdiffIndexError(f"{place} is outside a matrix of shape {self.shape}")
        return row, col

    __array_ufunc__ = None  # leave `array @ matrix` to the matrix

    def __matmul__(self, other: Any) -> NDArray[Any]:
        """The product with a vector or a matrix of numbers or expressions, an object array.

        Raises
        ------
        SymdiffValueError
            For other than one or two axes, and another number of rows than there are columns.

        >>> import symdiff as sd
        >>> x, y = sd.variables("x y")
        >>> (x**2*y).hessian([x, y], sparse=True) @ [x, 1]
        array([2*y*x + 2*x, 2*x*x], dtype=object)
        """
        given = np.asarray(other, dtype=object)
        if given.ndim not in (1, 2) or given.shape[0] != self.shape[1]:
            raise SymdiffValueError(
                f"a sparse matrix of shape {self.shape} is multiplied by a vector or a matrix of {self.shape[1]} rows, "
                f"not by shape {given.shape}"
            )
        product = np.empty((self.shape[0], *given.shape[1:]), dtype=object)
        product[...] = as_handle(0)
        for row, col, value in self.items():
            product[row] = product[row] + value * given[col]
        return product

    def __rmatmul__(self, other: Any) -> NDArray[Any]:
        """The product with a vector or a matrix from the left."""
        return (self.T @ np.asarray(other, dtype=object).T).T

    def __mul__(self, factor: Any) -> SparseMatrix:
        """Every entry times a number or an expression; products with vectors and matrices are `matrix @ v`."""
        if self.of_arrays or np.ndim(factor) or isinstance(factor, SparseMatrix):
            raise SymdiffTypeError("`*` multiplies a sparse matrix of scalar expressions by a number: write matrix @ v")
        return self.of_parts([value * factor for value in self.values])

    __rmul__ = __mul__

    def __truediv__(self, divisor: Any) -> SparseMatrix:
        """Every entry divided by a number or an expression."""
        quotient: SparseMatrix = self * (1 / as_handle(divisor))
        return quotient

    def __neg__(self) -> SparseMatrix:
        return self * -1

    def todense(self) -> NDArray[Any]:
        """As `toarray`, by SciPy's other word."""
        return self.toarray()

    def dot(self, other: Any) -> NDArray[Any]:
        """As `matrix @ other`, by SciPy's other word."""
        product: NDArray[Any] = self @ other
        return product

    def items(self) -> Iterator[tuple[int, int, Any]]:
        """Row, column and value of each entry."""
        return zip(self.rows.tolist(), self.cols.tolist(), self.values.tolist(), strict=True)

    def evaluate(self, point: Any = None, /, **values: Any) -> scipy.sparse.csr_array:
        """The matrix at a point, as a `scipy.sparse.csr_array`.

        Parameters
        ----------
        point, **values
            As for `Expr.evaluate`; one number a variable. Fractions become floats.

        Raises
        ------
        MissingValueError, SymdiffValueError
            For variables without a value, and for values that are arrays.
        """
        from scipy.sparse import csr_array

        from symdiff.algebra.evaluate import evaluate

        found = np.asarray(evaluate(self.values, point, **values))
        if found.shape != self.values.shape or any(isinstance(v, np.ndarray) and v.ndim for v in found):
            raise SymdiffValueError("a sparse matrix is evaluated at one point: give every variable one number")
        return csr_array((in_numbers(found), (self.rows, self.cols)), shape=self.shape)

    def parts(self) -> list[Any]:
        """The expressions that it is made of."""
        return list(self.values)

    def of_parts(self, parts: Sequence[Any]) -> SparseMatrix:
        """The same matrix of other expressions, in the order of `parts()`."""
        return SparseMatrix(self.shape, self.rows, self.cols, parts)

    def outline(self) -> dict[str, Any]:
        """What else it is told by than its expressions, as lists of ints."""
        return {"shape": list(self.shape), "rows": self.rows.tolist(), "cols": self.cols.tolist()}

    def __eq__(self, other: object) -> bool:
        """Whether two matrices have equal entries at the same places."""
        if not isinstance(other, SparseMatrix) or self.of_arrays != other.of_arrays:
            return NotImplemented
        return bool(self.outline() == other.outline() and self.parts() == other.parts())

    def __hash__(self) -> int:
        return hash(repr(self.shape))

    def __reduce__(self) -> tuple[Any, ...]:
        """The entries share one graph in a pickle too, which holds nothing else."""
        graph, indices = gather([as_handle(v) for v in self.values])
        alone = Graph(graph.simplify)
        return _restored, (self.shape, self.rows, self.cols, alone, alone.adopt(graph, indices))

    def __str__(self) -> str:
        from symdiff.algebra.notation.text import short  # import late: importing symdiff needs nothing that writes

        shown = [f"  ({r}, {c})  {short(as_handle(v))}" for r, c, v in islice(self.items(), _SHOWN)]
        return "\n".join([repr(self), *shown, *["  …"] * (self.nnz > _SHOWN)])

    def __repr__(self) -> str:
        return f"<SparseMatrix of shape {self.shape} with {self.nnz} entries>"


def in_numbers(values: NDArray[Any]) -> NDArray[Any]:
    """Values as SciPy has them in its matrices: Fractions and numbers of mpmath's as floats."""
    if values.dtype != object:
        return values
    return values.astype(complex if any(isinstance(v, complex) for v in values.flat) else float)


def _restored(shape: tuple[int, int], rows: Any, cols: Any, graph: Graph, indices: list[int]) -> SparseMatrix:
    return SparseMatrix(shape, rows, cols, [restored(graph, i) for i in indices])
