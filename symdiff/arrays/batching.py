"""A program of one row as the program of all rows: nodes that depend on rows get one more axis, in front.

What acts entry by entry stays as it is, a product gets one more label, blocks and entries a whole axis in front, sums
along axes their axes one further on. Linear algebra takes stacks of matrices. No node is copied, and the result is
made of nodes like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from symdiff.arrays import filters, index_arrays, indexing, linear_algebra, scans
from symdiff.arrays.contraction import contract, fresh, labelled, transposed
from symdiff.arrays.external import external
from symdiff.arrays.reading import pieces, shape_of
from symdiff.build import build
from symdiff.errors import SymdiffTypeError
from symdiff.graph import VAR, Graph
from symdiff.keys import Key, Range
from symdiff.ops import arrays
from symdiff.ops.external_operation import ExternalOperation, Ranks
from symdiff.records import FIRST_ARRAY_CODE, ArrayOperation, record
from symdiff.shapes import Shape, Size


def batch(graph: Graph, roots: Sequence[int], rows: Mapping[int, int], size: Size | Shape) -> list[int]:
    """Some nodes for all rows at once.

    Parameters
    ----------
    roots : nodes
    rows : mapping
        From the nodes that stand for a row, variables usually, to what has all rows along its first axis.
    size : int or name, or a shape
        How many rows there are; several axes of rows have several sizes.

    Returns
    -------
    nodes of the shapes of the roots behind the axes of rows
    """
    known = _Batch(graph, rows, size if isinstance(size, tuple) else (size,))
    for i in graph.cone(roots):
        node = graph.nodes[i]
        if i not in known.made and node[0] > VAR and not known.made.keys().isdisjoint(node[1:]):
            known.made[i] = known.remade(i)
    return [known.whole(i) for i in roots]


def batch_of_numbers(graph: Graph, roots: Sequence[int], rows: Mapping[int, int], lead: Shape) -> list[int]:
    """As `batch`, for a program of numbers: the same operations entry by entry, in no other normal form."""
    known = _Batch(graph, rows, lead)
    for i in graph.cone(roots):
        node = graph.nodes[i]
        if i not in known.made and node[0] > VAR and not known.made.keys().isdisjoint(node[1:]):
            known.made[i] = graph.intern((node[0], *[known.made.get(j, j) for j in node[1:]]))
    return [known.whole(i) for i in roots]


class _Batch:
    """The nodes that have all rows, by those of one row."""

    def __init__(self, graph: Graph, rows: Mapping[int, int], lead: Shape) -> None:
        self.graph, self.lead = graph, lead
        self.made = dict(rows)

    def remade(self, i: int) -> int:
        """A node for all rows."""
        graph, node = self.graph, self.graph.nodes[i]
        if node[0] < FIRST_ARRAY_CODE:
            return self._entrywise(i)
        op = record(node[0])
        assert isinstance(op, ArrayOperation)
        if op is arrays.einsum:
            return self._product(i)
        if isinstance(op, ExternalOperation):
            return self._external(op, graph.leaves[node[1]], node[2:])
        if op not in _OF:
            raise SymdiffTypeError(f"{op.name} is not there for all rows at once: call the function row by row")
        parameters = graph.leaves[node[1]] if op.parameters else None
        return _OF[op](self, parameters, node[1 + op.parameters :])

    def _external(self, op: ExternalOperation, ranks: Ranks, operands: Sequence[int]) -> int:
        """A call from outside for all rows, whose operands have more axes in front."""
        return external(self.graph, op, self.with_axes_in_front(operands, ranks), ranks)

    def with_axes_in_front(self, operands: Sequence[int], ranks: Sequence[int]) -> list[int]:
        """Operands of so many axes of their own, those in front of which broadcast, with the axes of rows before."""
        leads = [len(shape_of(self.graph, j)) - n for j, n in zip(operands, ranks, strict=True)]
        found = []
        for j, lead in zip(operands, leads, strict=True):
            row, ones, labels = fresh(len(self.lead)), fresh(max(leads) - lead), fresh(len(shape_of(self.graph, j)))
            made = [(self.made[j], (*row, *labels))] if j in self.made else []
            found.append(contract(self.graph, made, (*row, *ones, *labels), dict.fromkeys(ones, 1)) if made else j)
        return found

    def whole(self, i: int, shape: Shape | None = None) -> int:
        """A node for all rows, the same for each where it does not depend on them, repeated to a shape of a row."""
        graph = self.graph
        held = shape_of(graph, i)
        shape = held if shape is None else shape
        if i in self.made and shape == held:
            return self.made[i]
        row, labels = fresh(len(self.lead)), fresh(len(shape))
        front = row if i in self.made else ()
        sizes = dict(zip((*row, *labels), self.lead + shape, strict=True))
        own = labels if held else ()
        return contract(graph, [(self.made.get(i, i), (*front, *own))], (*row, *labels), sizes)

    def _entrywise(self, i: int) -> int:
        """The same operation; what is one number in each row stands at every entry of it."""
        graph, node, shape = self.graph, self.graph.nodes[i], shape_of(self.graph, i)
        args = [self.whole(j, shape) if j in self.made else j for j in node[1:]]
        return build(graph, node[0], tuple(args))

    def _product(self, i: int) -> int:
        """A contraction with a label more on all factors that depend on the row, and on the result."""
        graph = self.graph
        coefficient, factors, result = pieces(graph, i)
        row = fresh(len(self.lead))
        sizes: dict[Any, Size] = dict(zip((*row, *result), self.lead + shape_of(graph, i), strict=True))
        every = [(self.made.get(f, f), (*row, *names) if f in self.made else names) for f, names in labelled(factors)]
        return contract(graph, every, (*row, *result), sizes, coefficient)

    def with_rows(self, places: Sequence[int]) -> list[int]:
        """Index arrays of all rows, and in front of them the number of each row."""
        graph, own = self.graph, shape_of(self.graph, places[0])
        numbers = index_arrays.numbers_of_rows(graph, self.lead, own)
        return [*numbers, *self.every_place(places)]

    def every_place(self, places: Sequence[int]) -> list[int]:
        """Index arrays of all rows."""
        full = self.lead + shape_of(self.graph, places[0])
        return [self.made.get(j, index_arrays.repeated(self.graph, j, full)) for j in places]

    def key(self, key: Key) -> Key:
        """A key in each row."""
        return (*[Range(0, n) for n in self.lead], *key)


# -- operations of arrays: made(batch, parameters, operands) -------------------------------------------


def _take(self: _Batch, key: Key, operands: Sequence[int]) -> int:
    return indexing.take(self.graph, self.made[operands[0]], self.key(key))


def _put(self: _Batch, where: Any, operands: Sequence[int]) -> int:
    blocks = [self.whole(j) for j in operands]
    return indexing.put_blocks(self.graph, blocks, tuple(map(self.key, where.keys)), self.lead + where.shape)


def _reshape(self: _Batch, shape: Shape, operands: Sequence[int]) -> int:
    return indexing.reshape(self.graph, self.made[operands[0]], self.lead + shape)


def _gather(self: _Batch, parameters: Any, operands: Sequence[int]) -> int:
    graph, (x, *places) = self.graph, operands
    if x not in self.made:
        return index_arrays.gather(graph, x, self.every_place(places))
    if self.made.keys().isdisjoint(places):
        moved = _behind(graph, self.made[x], len(self.lead), len(places))
        return _behind(
            graph, index_arrays.gather(graph, moved, places), len(shape_of(graph, places[0])), len(self.lead)
        )
    return index_arrays.gather(graph, self.made[x], self.with_rows(places))


def _scatter(self: _Batch, sizes: Shape, operands: Sequence[int]) -> int:
    graph, (block, *places) = self.graph, operands
    if self.made.keys().isdisjoint(places):
        moved = _behind(graph, self.made[block], len(self.lead), len(shape_of(graph, places[0])))
        return _behind(graph, index_arrays.scatter(graph, moved, places, sizes), len(sizes), len(self.lead))
    return index_arrays.scatter(graph, self.whole(block), self.with_rows(places), self.lead + sizes)


def _behind(graph: Graph, i: int, first: int, second: int) -> int:
    """A node with its first axes, so many, behind those that follow, so many."""
    axes = list(range(len(shape_of(graph, i))))
    return transposed(graph, i, [*axes[first : first + second], *axes[:first], *axes[first + second :]])


def _reduction(op: ArrayOperation) -> Callable[[_Batch, Any, Sequence[int]], int]:
    def made(self: _Batch, axes: tuple[int, ...], operands: Sequence[int]) -> int:
        later = tuple([k + len(self.lead) for k in axes])
        return self.graph.intern((op.opcode, self.graph.static(f"axes {later}", later), self.made[operands[0]]))

    return made


def _cumsum(self: _Batch, axes: tuple[int, ...], operands: Sequence[int]) -> int:
    return filters.cumsum(self.graph, self.made[operands[0]], axes[0] + len(self.lead))


def _convolution(self: _Batch, mode: str, operands: Sequence[int]) -> int:
    a, b = [self.whole(j) for j in operands]
    return filters.convolve(self.graph, a, b, mode)


def _of_matrix(op: ArrayOperation) -> Callable[[_Batch, Any, Sequence[int]], int]:
    build_one = linear_algebra.NORMAL_FORMS.get(op)

    def made(self: _Batch, parameters: Any, operands: Sequence[int]) -> int:
        a = self.made[operands[0]]
        return build_one(self.graph, a) if build_one else self.graph.intern((op.opcode, a))

    return made


def _system(solution: Callable[[Graph, Any, int, int], int]) -> Callable[[_Batch, Any, Sequence[int]], int]:
    """Solutions of systems of equations: right sides of one matrix are columns of one of them."""

    def made(self: _Batch, half: Any, operands: Sequence[int]) -> int:
        graph, (a, b) = self.graph, operands
        if len(shape_of(graph, b)) == 1 == len(self.lead) and a not in self.made:
            return transposed(graph, solution(graph, half, a, transposed(graph, self.made[b])))
        if len(shape_of(graph, b)) > 1:
            return solution(graph, half, self.whole(a), self.whole(b))
        column = _with_column(graph, self.whole(b))
        found = solution(graph, half, self.whole(a), column)
        return indexing.take(graph, found, (*[Range(0, n) for n in shape_of(graph, found)[:-1]], 0))

    return made


def _with_column(graph: Graph, i: int) -> int:
    """Vectors as matrices of one column."""
    labels, (column,) = fresh(len(shape_of(graph, i))), fresh(1)
    return contract(graph, [(i, labels)], (*labels, column), {column: 1})


def _scan(self: _Batch, loop: Any, operands: Sequence[int]) -> int:
    """A scan whose operands have one more axis in front of those that broadcast."""
    return scans.iterated(self.graph, loop, self.with_axes_in_front(operands, loop.body.ranks()))


_OF: dict[ArrayOperation, Callable[[_Batch, Any, Sequence[int]], int]] = {
    arrays.take: _take,
    arrays.put: _put,
    arrays.gather: _gather,
    arrays.scatter: _scatter,
    arrays.reshape: _reshape,
    arrays.cumsum: _cumsum,
    arrays.convolve: _convolution,
    arrays.scan: _scan,
    arrays.solve: _system(lambda graph, _, a, b: linear_algebra.solve(graph, a, b)),
    arrays.solve_triangular: _system(lambda graph, half, a, b: linear_algebra.solve_triangular(graph, a, b, half)),
    **{op: _reduction(op) for op in (arrays.amax, arrays.amin, arrays.product, arrays.logsumexp, arrays.array_norm)},
    **{
        op: _of_matrix(op)
        for op in (
            arrays.inv, arrays.det, arrays.logdet, arrays.det_sign, arrays.log_abs_det, arrays.cholesky,
            arrays.eigvalsh, arrays.eigenvectors, arrays.svdvals, arrays.left_singular_vectors,
            arrays.right_singular_vectors,
        )
    },
}  # fmt: skip
