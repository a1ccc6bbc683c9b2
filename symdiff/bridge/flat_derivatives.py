"""Values and derivatives of expressions of any shapes by unknowns of any shapes, as vectors and matrices.

Each has `outputs`, which are compiled, and makes of their values what a solver takes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate, groupby
from math import prod
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from symdiff.algebra.scalars_only import holds_arrays
from symdiff.bridge.unknowns import Unknowns, in_a_row
from symdiff.derive.hessian import hessian
from symdiff.derive.jacobian import array_derivatives, gradient, hvp, jacobian
from symdiff.handle import as_handle
from symdiff.shapes import Shape
from symdiff.sparse import SparseMatrix


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
    """The entries of a sparse matrix as a vector, and its pattern; of a symmetric one perhaps the lower triangle.

    The matrix may be given in parts, one below the other.
    """

    def __init__(self, parts: Sequence[Any], triangle: bool = False) -> None:
        self._parts: list[Any] = [part.alone() if part.of_arrays else part for part in parts]
        self._triangle = triangle
        self._kept: tuple[Any, Any] = (None, slice(None))  # of which patterns, and which entries
        self.outputs: list[list[Any]] = [
            part.values_of_blocks() if part.of_arrays else [part.values] for part in self._parts
        ]

    def pattern(self, sizes: Mapping[str, int]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The row and the column of each entry."""
        rows, cols = _places(self._patterns(sizes))
        kept = self._entries(sizes)
        return rows[kept], cols[kept]

    def _patterns(self, sizes: Mapping[str, int]) -> list[Any]:
        return [part.pattern(sizes) if part.of_arrays else part for part in self._parts]

    def _entries(self, sizes: Mapping[str, int]) -> Any:
        """Which entries of the patterns are wanted."""
        if not self._triangle:
            return slice(None)
        found, last = self._patterns(sizes), self._kept
        if last[0] is not found[0]:
            rows, cols = _places(found)
            last = self._kept = (found[0], np.flatnonzero(rows >= cols))
        return last[1]

    def of(self, values: Sequence[Sequence[Any]], sizes: Mapping[str, int]) -> NDArray[Any]:
        """The entries, in the order of the pattern."""
        data = [
            found.data([np.asarray(v) for v in own]) if part.of_arrays else np.asarray(own[0])
            for part, found, own in zip(self._parts, self._patterns(sizes), values, strict=True)
        ]
        joined = data[0] if len(data) == 1 else np.concatenate(data) if data else np.zeros(0)
        kept: NDArray[Any] = joined[self._entries(sizes)]
        return kept


def _places(patterns: Sequence[Any]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The row and the column of each entry of matrices one below the other."""
    rows, cols, top = [np.zeros(0, np.intp)], [np.zeros(0, np.intp)], 0
    for found in patterns:
        of_arrays = not isinstance(found, SparseMatrix)
        rows.append(top + (np.repeat(np.arange(found.shape[0]), np.diff(found.indptr)) if of_arrays else found.rows))
        cols.append(found.indices if of_arrays else found.cols)
        top += found.shape[0]
    return np.concatenate(rows), np.concatenate(cols)


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


def entries_of_jacobian(outputs: Sequence[Any], unknowns: Unknowns, options: dict[str, Any]) -> Entries:
    """The Jacobian of several expressions as its entries."""
    if not outputs:
        return Entries([])
    if not arrays_in(outputs, unknowns):
        return Entries([jacobian(in_a_row(outputs), unknowns.arguments[0], sparse=True)])
    derive = array_derivatives()  # one by one, so that each is derived in the way that is its best
    from symdiff.bridge.row_programs import jacobian_in_rows  # import late: scalars need none of it

    atoms = unknowns.atoms
    return Entries([jacobian_in_rows(e, atoms, options) or derive.sparse_jacobian([e], atoms) for e in outputs])


def entries_of_hessian(f: Any, unknowns: Unknowns, options: dict[str, Any]) -> Entries:
    """The Hessian of a scalar as the entries of its lower triangle."""
    if not arrays_in([f], unknowns):
        found = hessian(f, unknowns.arguments[0], sparse=True)
        kept = found.rows >= found.cols
        return Entries([SparseMatrix(found.shape, found.rows[kept], found.cols[kept], found.values[kept])])
    from symdiff.bridge.row_programs import hessian_in_rows  # import late: scalars need none of it

    found = hessian_in_rows(f, unknowns.atoms, options)
    return Entries([found or array_derivatives().sparse_hessian(f, unknowns.atoms)], triangle=True)


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
