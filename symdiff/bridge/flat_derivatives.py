"""Values and derivatives of expressions of any shapes by unknowns of any shapes, as vectors and matrices.

Each has `outputs`, which are compiled, and makes of their values what a solver takes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate, groupby
from math import prod
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from symdiff.algebra.scalars_only import holds_arrays
from symdiff.bridge.unknowns import Unknowns, in_a_row
from symdiff.derive.hessian import hessian
from symdiff.derive.jacobian import array_derivatives, gradient, hvp, jacobian
from symdiff.handle import as_handle, handle
from symdiff.shapes import Shape
from symdiff.sparse import SparseMatrix

if TYPE_CHECKING:
    from symdiff.arrays.assembly import Assembly


class Flat(Protocol):
    """Outputs to compile, and what their values become."""

    outputs: Any

    def of(self, values: Any, sizes: Mapping[str, int], /) -> Any:
        """What a solver takes."""


class AsCompiled:
    """What a compiled function gives, as it is."""

    def __init__(self, outputs: Any) -> None:
        self.outputs = outputs

    def of(self, values: Any, sizes: Mapping[str, int]) -> Any:
        """The values themselves."""
        return values


class Joined:
    """Expressions whose entries stand one behind the other in one vector; axes of a batch stay in front."""

    def __init__(self, expressions: Sequence[Any]) -> None:
        self.outputs: list[Any] = []
        for scalar, group in groupby(expressions, lambda e: not e.shape):
            members = list(group)
            self.outputs += [in_a_row(members)] if scalar else members
        self._axes = [e.ndim for e in self.outputs]

    def of(self, values: Sequence[NDArray[Any]], sizes: Mapping[str, int]) -> NDArray[Any]:
        """The vector."""
        flat = [v.reshape(*v.shape[: v.ndim - k], -1) for v, k in zip(values, self._axes, strict=True)]
        return flat[0] if len(flat) == 1 else np.concatenate(flat, axis=-1) if flat else np.zeros(0)


class DenseBlocks:
    """The derivatives of several expressions by several variables as one dense matrix, behind axes of a batch."""

    def __init__(self, parts: Any, functions: Sequence[Shape], variables: Sequence[Shape]) -> None:
        self.outputs = parts
        self._rows, self._cols = list(map(len, functions)), list(map(len, variables))

    def of(self, values: Sequence[Sequence[Any]], sizes: Mapping[str, int]) -> NDArray[Any]:
        """The matrix."""
        first = np.shape(values[0][0])
        batch = first[: len(first) - self._rows[0] - self._cols[0]]
        shapes = [[np.shape(value)[len(batch) :] for value in row] for row in values]
        rows = _ends([row[0][:axes] for row, axes in zip(shapes, self._rows, strict=True)])
        cols = _ends([shape[self._rows[0] :] for shape in shapes[0]])
        matrix = np.empty((*batch, rows[-1], cols[-1]), np.result_type(*[v for row in values for v in row]))
        for i, row in enumerate(values):
            for j, value in enumerate(row):
                block = matrix[..., rows[i] : rows[i + 1], cols[j] : cols[j + 1]]
                block[...] = np.reshape(value, block.shape)
        return matrix


def _ends(shapes: Sequence[tuple[int, ...]]) -> list[int]:
    return [0, *accumulate(map(prod, shapes))]


class Entries:
    """The entries of a sparse matrix as a vector, and its pattern; of a symmetric one perhaps the lower triangle."""

    def __init__(self, matrix: SparseMatrix, triangle: bool = False) -> None:
        self.shape = matrix.shape
        self._triangle = triangle
        self._blocks: Any = None
        self._kept: tuple[Any, Any] = (None, slice(None))  # of which pattern, and which entries
        if matrix.of_arrays:
            self._blocks = matrix.alone()  # type: ignore[attr-defined]
            self.outputs: list[Any] = self._blocks.values_of_blocks()
        else:
            kept = matrix.rows >= matrix.cols if triangle else slice(None)
            self.outputs = [matrix.values[kept]]
            self._places = matrix.rows[kept], matrix.cols[kept]

    def pattern(self, sizes: Mapping[str, int]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The row and the column of each entry."""
        if self._blocks is None:
            return self._places
        found = self._blocks.pattern(sizes)
        rows, kept = _rows(found), self._entries(found)
        return rows[kept], found.indices[kept]

    def _entries(self, found: Assembly) -> Any:
        """Which entries of a pattern are wanted."""
        if not self._triangle:
            return slice(None)
        last = self._kept
        if last[0] is not found:
            last = self._kept = (found, np.flatnonzero(_rows(found) >= found.indices))
        return last[1]

    def of(self, values: Sequence[Any], sizes: Mapping[str, int]) -> NDArray[Any]:
        """The entries, in the order of the pattern."""
        if self._blocks is None:
            return np.asarray(values[0])
        found = self._blocks.pattern(sizes)
        data: NDArray[Any] = found.data([np.asarray(v) for v in values])[self._entries(found)]
        return data


def _rows(found: Assembly) -> NDArray[np.intp]:
    return np.repeat(np.arange(found.shape[0]), np.diff(found.indptr))


# -- what is derived -------------------------------------------------------------------------


def slopes_of(f: Any, unknowns: Unknowns) -> AsCompiled | Joined:
    """The gradient of a scalar, as a vector."""
    if not arrays_in([f], unknowns):
        return AsCompiled(gradient(f, unknowns.arguments[0]))
    return Joined(array_derivatives().gradient(f, unknowns.atoms))


def jacobian_of(outputs: Sequence[Any], unknowns: Unknowns, sparse: bool) -> AsCompiled | DenseBlocks:
    """The Jacobian of several expressions, a row for each of their entries."""
    if not arrays_in(outputs, unknowns):
        return AsCompiled(jacobian(in_a_row(outputs), unknowns.arguments[0], sparse=sparse))
    if sparse:
        return AsCompiled(array_derivatives().sparse_jacobian(list(outputs), unknowns.atoms))
    parts = array_derivatives().jacobian(list(outputs), unknowns.atoms)
    return DenseBlocks(parts, [e.shape for e in outputs], [v.shape for v in unknowns.atoms])


def hessian_of(f: Any, unknowns: Unknowns, sparse: bool) -> AsCompiled | DenseBlocks:
    """The Hessian of a scalar."""
    if not arrays_in([f], unknowns):
        return AsCompiled(hessian(f, unknowns.arguments[0], sparse=sparse))
    if sparse:
        return AsCompiled(array_derivatives().sparse_hessian(f, unknowns.atoms))
    shapes = [v.shape for v in unknowns.atoms]
    return DenseBlocks(array_derivatives().hessian(f, unknowns.atoms), shapes, shapes)


def product_of(f: Any, unknowns: Unknowns, vectors: Sequence[Any]) -> AsCompiled | Joined:
    """The product of the Hessian with vectors of the shapes of the variables."""
    if not arrays_in([f], unknowns):
        return AsCompiled(hvp(f, unknowns.arguments[0], in_a_row(vectors)))
    return Joined(array_derivatives().hvp(f, unknowns.atoms, list(vectors)))


def entries_of_jacobian(outputs: Sequence[Any], unknowns: Unknowns) -> Entries:
    """The Jacobian of several expressions as its entries."""
    if not outputs:
        return Entries(SparseMatrix((0, len(unknowns.atoms)), [], [], []))
    if not arrays_in(outputs, unknowns):
        return Entries(jacobian(in_a_row(outputs), unknowns.arguments[0], sparse=True))
    return Entries(array_derivatives().sparse_jacobian(list(outputs), unknowns.atoms))


def entries_of_hessian(f: Any, unknowns: Unknowns) -> Entries:
    """The Hessian of a scalar as the entries of its lower triangle."""
    if not arrays_in([f], unknowns):
        return Entries(hessian(f, unknowns.arguments[0], sparse=True), triangle=True)
    from symdiff.arrays.contraction import zeros  # import late: scalars need none of it
    from symdiff.block_matrix import SparseBlockMatrix

    derive, atoms = array_derivatives(), unknowns.atoms
    rows = []
    for k, slope in enumerate(derive.gradient(f, atoms)):
        graph = slope.graph
        above = [zeros(graph, slope.shape + v.shape) for v in atoms[k + 1 :]]
        rows.append([*derive.jacobian(slope, atoms[: k + 1]), *[handle(graph, i) for i in above]])
    shapes = [v.shape for v in atoms]
    return Entries(SparseBlockMatrix(rows, shapes, shapes), triangle=True)


def weighted(outputs: Sequence[Any], weights: Sequence[Any]) -> Any:
    """The sum of all entries of expressions, each times its weight."""
    total: Any = None
    for w, f in zip(weights, outputs, strict=True):
        term: Any = w * f
        term = term.sum() if f.shape else term
        total = term if total is None else total + term
    return as_handle(0) if total is None else total


def arrays_in(outputs: Sequence[Any], unknowns: Unknowns) -> bool:
    """Whether arrays take part."""
    return unknowns.of_arrays or any(map(holds_arrays, outputs))
