"""Sparse derivatives of what is computed row by row, by one compiled program of scalars that runs over all rows.

That is sooner ready than the same as nodes of arrays, and what somebody would write by hand: the derivatives of one
stage, called with a batch of stages, and put where they belong.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symdiff.arrays.sparse_blocks.assembly import Part
from symdiff.block_matrix import SparseBlockMatrix
from symdiff.compile.make import compile as compile_function
from symdiff.derive.row_derivatives import hessian_by_rows, jacobian_by_rows
from symdiff.graph import VAR, Graph, Variable
from symdiff.handle import Handle, handle, variable_in
from symdiff.ops.arrays import infer

_numbers = itertools.count()


class _Rows:
    """The program of one row, over all rows."""

    def __init__(self, program: Any, scalars: Graph, entries: Sequence[int], options: dict[str, Any]) -> None:
        graph = program.graph
        self.lead = tuple(program.lead)
        inputs = program.scalar_inputs(scalars)
        wholes = list(dict.fromkeys([whole for _, whole, _ in inputs]))
        self.sources = [handle(graph, i) for i in wholes]
        self._columns = [(wholes.index(whole), place) for _, whole, place in inputs]
        variables = [handle(scalars, i) for i, _, _ in inputs]
        self._function = compile_function([handle(scalars, i) for i in entries], variables, **options)
        self.made = [_entry(graph, self.lead) for _ in entries]

    def run(self, values: Sequence[Any]) -> list[NDArray[Any]]:
        """The entries of all rows, of the values of the sources."""
        count = math.prod(self.lead)
        columns = []
        for k, place in self._columns:
            value = np.asarray(values[k])
            if place < 0:
                columns.append(np.full(count, value.reshape(-1)[-1 - place]))
            else:
                columns.append(np.ascontiguousarray(value.reshape(count, -1)[:, place]))
        found = self._function(*columns) if columns else self._function()
        return [np.broadcast_to(v, (count,)).reshape(self.lead) for v in found]


def _entry(graph: Graph, shape: tuple[int, ...]) -> Handle:
    """A variable that stands for an entry of all rows."""
    name = f"entry_{next(_numbers)}"
    return variable_in(graph, Variable(name, ("entry of rows", name), shape=shape))


class RowMatrix:
    """A sparse matrix of entries that programs of rows compute; a `SparseBlockMatrix` to what compiles it."""

    of_arrays = True

    def __init__(self, matrix: SparseBlockMatrix, programs: Sequence[_Rows], options: dict[str, Any]) -> None:
        self._programs = list(programs)
        found = matrix.assembly()
        self.shape, self.indptr, self.indices = found.shape, found.indptr, found.indices
        self._assembly = found
        made = [e for p in programs for e in p.made]
        self._blocks = compile_function(matrix.values_of_blocks(), made, **{**options, "backend": "auto"})

    def alone(self) -> RowMatrix:
        """Itself: what it has are compiled functions."""
        return self

    def values_of_blocks(self) -> list[Handle]:
        """What its programs take."""
        return [source for program in self._programs for source in program.sources]

    def pattern(self, sizes: Any) -> RowMatrix:
        """Where the entries are: itself, since its sizes are numbers."""
        return self

    def data(self, values: Sequence[Any]) -> NDArray[Any]:
        """The entries, of the values of the sources."""
        entries: list[NDArray[Any]] = []
        start = 0
        for program in self._programs:
            own = len(program.sources)
            entries += program.run(values[start : start + own])
            start += own
        return self._assembly.data([np.asarray(v) for v in self._blocks(*entries)])


def jacobian_in_rows(f: Any, atoms: Sequence[Any], options: dict[str, Any]) -> RowMatrix | None:
    """The Jacobian of an array by variables; None where it is not put together of rows."""
    found = _nodes(f, atoms)
    if found is None:
        return None
    graph, root, wrt = found
    programs: list[_Rows] = []
    blocks = jacobian_by_rows(graph, root, wrt, _noting(programs, options))
    if not blocks or not programs:
        return None
    parts = [Part(0, c, b) for c, b in enumerate(blocks) if b]
    return _matrix(graph, parts, [f.shape], atoms, programs, options)


def hessian_in_rows(f: Any, atoms: Sequence[Any], options: dict[str, Any]) -> RowMatrix | None:
    """The Hessian of a scalar; None where it is not partially separable."""
    found = _nodes(f, atoms)
    if found is None:
        return None
    graph, root, wrt = found
    programs: list[_Rows] = []
    lines = hessian_by_rows(graph, root, wrt, _noting(programs, options))
    if not lines or not programs:
        return None
    parts = [Part(r, c, b) for r, line in enumerate(lines) for c, b in enumerate(line) if b]
    return _matrix(graph, parts, [v.shape for v in atoms], atoms, programs, options)


def _nodes(f: Any, atoms: Sequence[Any]) -> tuple[Graph, int, list[int]] | None:
    """A graph with all of them; None where variables are not in that of the expression."""
    graph: Graph = f._graph
    graph.hold_arrays(infer)
    wrt = [graph.find((VAR, v._cell.key)) for v in atoms]
    held = [i for i in wrt if i is not None]
    return (graph, f._index, held) if len(held) == len(wrt) else None


def _noting(programs: list[_Rows], options: dict[str, Any]) -> Any:
    def for_all(program: Any, scalars: Graph, entries: Sequence[int]) -> dict[int, int]:
        different = list(dict.fromkeys(entries))
        made = _Rows(program, scalars, different, options)
        programs.append(made)
        return {i: e._index for i, e in zip(different, made.made, strict=True)}

    return for_all


def _matrix(
    graph: Graph, parts: Sequence[Part], rows: Sequence[Any], atoms: Sequence[Any], programs: list[_Rows], options: Any
) -> RowMatrix:
    matrix = SparseBlockMatrix.of_blocks(graph, parts, rows, [v.shape for v in atoms])
    return RowMatrix(matrix, programs, options)
