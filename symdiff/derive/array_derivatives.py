"""Derivatives where arrays take part: gradients of the shape of the variable, Jacobians of shape out + in.

One function or variable gives one expression, several give lists of them, nested as they were given.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from symdiff.algebra.notation.text import short
from symdiff.arrays import indexing
from symdiff.arrays.contraction import contract, fresh, zeros
from symdiff.arrays.entries import entry
from symdiff.arrays.reading import TAKE, shape_of
from symdiff.arrays.sparse_blocks.assembly import Part
from symdiff.arrays.sums import add, scaled_terms
from symdiff.block_matrix import SparseBlockMatrix
from symdiff.derive.row_derivatives import hessian_by_rows, jacobian_by_rows
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.graph import VAR, Graph, Variable
from symdiff.handle import Handle, gather, handle
from symdiff.keys import Range, taken_shape
from symdiff.modes.array_reverse import derivatives, sweep
from symdiff.ops import arrays
from symdiff.shapes import Shape, shown
from symdiff.wrt import check_name, entry_named, of_floats, variable_nodes


class _Variable:
    """What a derivative is taken by: a variable, or an entry or block of one."""

    def __init__(self, graph: Graph, item: Any) -> None:
        self.graph = graph
        self.key: Any = None
        if isinstance(item, str):
            check_name(graph, item)
        entry = entry_named(graph, item)
        item = item if entry is None else entry
        node = item._graph.nodes[item._index] if isinstance(item, Handle) else (VAR,)
        if node[0] == TAKE and item._graph.nodes[node[2]][0] == VAR:
            self.key = item._graph.leaves[node[1]]
            item = handle(item._graph, node[2])
        (self.node,) = variable_nodes(graph, [item])
        self.shape: Shape = shape_of(graph, self.node) if self.node >= 0 else getattr(item, "shape", ())

    @property
    def part_shape(self) -> Shape:
        """The shape of the variable, or of the entry or block of it."""
        return self.shape if self.key is None else taken_shape(self.key, self.shape)

    def part(self, d: int) -> int:
        """Of a derivative by the variable that by the entry or block."""
        if self.key is None:
            return d
        graph = self.graph
        cell = graph.leaves.get(self.node)
        if cell is not None and cell.kind == "symmetric":
            if not all(isinstance(p, int) for p in self.key):
                raise SymdiffValueError(
                    f"a block of the symmetric {cell.name} is no variable: take the derivative by all of it"
                )
            d = d if self.key[0] == self.key[1] else scaled_terms(graph, 2, d)  # both entries are one variable
        front = shape_of(graph, d)[: len(shape_of(graph, d)) - len(self.shape)]
        key = (*[Range(0, n) for n in front], *self.key)
        return entry(graph, d, key) if all(isinstance(p, int) for p in key) else indexing.take(graph, d, key)


def _variables(graph: Graph, wrt: Any) -> list[_Variable]:
    return [_Variable(graph, item) for item in wrt]


def _many(wrt: Any) -> bool:
    return isinstance(wrt, (list, tuple))


def _scalar(f: Handle) -> None:
    shape = shape_of(f._graph, f._index)
    if shape:
        raise SymdiffTypeError(
            f"a gradient is of a scalar, and {short(f)} has shape {shown(shape)}: sd.jacobian(f, x) has the shape "
            "of f, then that of x"
        )


def gradient(f: Handle, wrt: Any) -> Any:
    """The derivative of a scalar, of the shape of the variable."""
    _scalar(f)
    if isinstance(wrt, np.ndarray):
        return _entries(jacobian(f, list(wrt.flat)), wrt.shape)
    return jacobian(f, of_floats(f.variables) if wrt is None else wrt)


def _entries(values: Sequence[Any], shape: tuple[int, ...]) -> Any:
    """Expressions as an array, as an array of scalar variables has them."""
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return found.reshape(shape)


def jacobian(fs: Any, wrt: Any) -> Any:
    """The derivative of each expression by each variable, of shape out + in."""
    graph, outputs = gather(fs if _many(fs) else [fs])
    graph.hold_arrays(arrays.infer)
    if wrt is None:
        wrt = of_floats([handle(graph, i) for i in graph.cone(outputs) if graph.nodes[i][0] == VAR])
    variables = _variables(graph, wrt if _many(wrt) else [wrt])
    rows = []
    for output in outputs:
        found = derivatives(graph, output, [v.node for v in variables])
        row = [handle(graph, v.part(_of_shape(graph, d, output, v))) for v, d in zip(variables, found, strict=True)]
        rows.append(row if _many(wrt) else row[0])
    return rows if _many(fs) else rows[0]


def _of_shape(graph: Graph, d: int, output: int, v: _Variable) -> int:
    """The derivative by a variable that the graph does not hold is zeros of its shape."""
    if v.node >= 0:
        return d
    full = shape_of(graph, output) + v.shape
    return zeros(graph, full) if full else graph.const(0)


def hessian(f: Handle, wrt: Any) -> Any:
    """The second derivatives of a scalar, of shape in + in; of several variables blocks, as nested lists."""
    _scalar(f)
    if isinstance(wrt, np.ndarray):
        rows = jacobian(jacobian(f, list(wrt.flat)), list(wrt.flat))
        return _entries([entry for row in rows for entry in row], wrt.shape * 2)
    if wrt is None:
        wrt = of_floats(f.variables)
    return jacobian(gradient(f, wrt), wrt)


def sparse_jacobian(fs: Any, wrt: Any) -> SparseBlockMatrix:
    """The derivatives of expressions by variables as one sparse matrix, rows for the entries of the expressions."""
    functions = list(fs) if _many(fs) else [fs]
    graph, outputs = gather(functions)
    if wrt is None:
        wrt = of_floats([handle(graph, i) for i in graph.cone(outputs) if graph.nodes[i][0] == VAR])
    found = _by_rows(graph, outputs, list(wrt) if _many(wrt) else [wrt])
    if found is not None:
        return found
    parts = jacobian(functions, list(wrt) if _many(wrt) else [wrt])
    shapes = [shape_of(graph, i) for i in outputs]
    inner = [shape_of(p._graph, p._index)[len(shapes[0]) :] for p in parts[0]]
    return SparseBlockMatrix(parts, shapes, inner)


def _by_rows(graph: Graph, outputs: Sequence[int], wrt: Sequence[Any]) -> SparseBlockMatrix | None:
    """As `sparse_jacobian`, where functions are put together of rows that are computed alone."""
    graph.hold_arrays(arrays.infer)
    variables = _variables(graph, wrt)
    if not all(map(_is_plain, variables)):
        return None
    found = [jacobian_by_rows(graph, output, [v.node for v in variables]) for output in outputs]
    if any(one is None for one in found):
        return None
    parts = [Part(r, c, b) for r, line in enumerate(found) for c, b in enumerate(line or ()) if b]
    return SparseBlockMatrix.of_blocks(
        graph, parts, [shape_of(graph, i) for i in outputs], [v.shape for v in variables]
    )


def _is_plain(v: _Variable) -> bool:
    """Whether derivatives are by all of a variable whose entries are different ones."""
    return v.key is None and v.node >= 0 and v.graph.leaves[v.node].kind == ""


def sparse_hessian(f: Handle, wrt: Any) -> SparseBlockMatrix:
    """The second derivatives of a scalar as one sparse matrix, several variables one behind the other."""
    _scalar(f)
    variables = of_floats(f.variables) if wrt is None else wrt if _many(wrt) else [wrt]
    graph, (root,) = gather([f])
    graph.hold_arrays(arrays.infer)
    given = _variables(graph, variables)
    rows = hessian_by_rows(graph, root, [v.node for v in given]) if all(map(_is_plain, given)) else None
    if rows is None:
        return sparse_jacobian(gradient(f, variables), variables)
    parts = [Part(r, c, b) for r, line in enumerate(rows) for c, b in enumerate(line) if b]
    return SparseBlockMatrix.of_blocks(graph, parts, [v.shape for v in given], [v.shape for v in given])


def vjp(fs: Any, wrt: Any, ws: Any) -> Any:
    """The products of weights with the Jacobians of expressions, of the shapes of the variables."""
    graph, outputs, weights = _with_vectors(fs, ws, "ws")
    variables = _variables(graph, wrt if _many(wrt) else [wrt])
    found = _pulled(graph, outputs, weights, variables)
    parts = [handle(graph, v.part(d)) for v, d in zip(variables, found, strict=True)]
    return parts if _many(wrt) else parts[0]


def _pulled(graph: Graph, outputs: Sequence[int], weights: Sequence[int], variables: Sequence[_Variable]) -> list[int]:
    terms: list[list[int]] = [[] for _ in variables]
    for output, weight in zip(outputs, weights, strict=True):
        for k, d in enumerate(sweep(graph, output, weight, (), [v.node for v in variables])):
            if d is not None:
                terms[k].append(d)
    return [_total(graph, t, v.shape) for t, v in zip(terms, variables, strict=True)]


def _total(graph: Graph, terms: list[int], shape: Shape) -> int:
    if not terms:
        return zeros(graph, shape) if shape else graph.const(0)
    return terms[0] if len(terms) == 1 else add(graph, terms, shape)


def _with_vectors(fs: Any, vectors: Any, name: str) -> tuple[Graph, tuple[int, ...], tuple[int, ...]]:
    """Expressions and vectors of their shapes in one graph."""
    functions, given = _listed(fs, fs), _listed(vectors, fs)
    graph, found = gather([*functions, *map(_plain, given)])
    outputs, weights = found[: len(functions)], found[len(functions) :]
    _check_shapes(name, graph, weights, [shape_of(graph, output) for output in outputs])
    return graph, outputs, weights


def _listed(values: Any, like: Any) -> list[Any]:
    """Values as a list, one alone where `like` is one."""
    return list(values) if _many(like) else [values]


def _check_shapes(name: str, graph: Graph, vectors: Sequence[int], shapes: Sequence[Shape]) -> None:
    if len(vectors) != len(shapes):
        raise SymdiffValueError(f"{name} has {len(vectors)} entries for {len(shapes)}")
    for vector, shape in zip(vectors, shapes, strict=True):
        if shape_of(graph, vector) != shape:
            raise SymdiffValueError(f"{name} has shape {shown(shape_of(graph, vector))} where {shown(shape)} is needed")


def _plain(value: Any) -> Any:
    return np.asarray(value) if isinstance(value, (list, tuple)) else value


def jvp(fs: Any, wrt: Any, vs: Any) -> Any:
    """The products of the Jacobians with vectors of the shapes of the variables.

    The Jacobian's transpose times a new variable u is linear in u; its own transpose times the vectors is what
    is asked for (Townsend, A new trick for calculating Jacobian vector products, 2017).
    """
    functions, given = _listed(fs, fs), _listed(vs, wrt)
    graph, found = gather([*functions, *map(_plain, given)])
    outputs, vectors = found[: len(functions)], found[len(functions) :]
    graph.hold_arrays(arrays.infer)
    variables = _variables(graph, _listed(wrt, wrt))
    _check_shapes("vs", graph, vectors, [v.part_shape for v in variables])
    results = []
    for output in outputs:
        shape = shape_of(graph, output)
        cell = Variable("u", ("u", shape, "tangent"), shape=shape)
        u = graph.var(cell)
        terms = []
        swept = sweep(graph, output, u, (), [v.node for v in variables])
        for d, variable, v in zip(swept, variables, vectors, strict=True):
            if d is not None:
                d = variable.part(d)
                labels = fresh(len(shape_of(graph, d)))
                terms.append(contract(graph, [(d, labels), (v, labels)], ()))
        total = _total(graph, terms, ())
        (back,) = sweep(graph, total, graph.const(1), (), [u])
        results.append(handle(graph, _total(graph, [] if back is None else [back], shape)))
    return results if _many(fs) else results[0]


def hvp(f: Handle, wrt: Any, vs: Any) -> Any:
    """The product of the Hessian with vectors of the shapes of the variables."""
    return vjp(gradient(f, wrt), wrt, vs)
