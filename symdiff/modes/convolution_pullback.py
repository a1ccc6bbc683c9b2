"""How an adjoint goes through a convolution.

The transpose of a convolution is one with the other vector backwards. Jacobians are
products of the adjoint with the matrix of the convolution, or with a short filter sums
of the adjoint shifted along: their matrix has as many diagonals as the filter has entries.
"""

from __future__ import annotations

from collections.abc import Iterator

from symdiff.arrays import filters, indexing
from symdiff.arrays.contraction import fresh
from symdiff.arrays.products import product
from symdiff.arrays.reading import shape_of
from symdiff.arrays.sums import add
from symdiff.errors import SymdiffValueError
from symdiff.graph import CONST, Graph
from symdiff.keys import Key, Range
from symdiff.modes import budgets
from symdiff.modes.pullback import Contribution, Pullback, Wanted
from symdiff.shapes import Size, shown


def pull_convolution(pull: Pullback, wanted: Wanted) -> Iterator[Contribution]:
    """What the adjoint of a convolution gives to its operands."""
    graph = pull.graph
    mode, (a, b) = graph.leaves[pull.node[1]], pull.node[2:]
    if pull.lead:
        for j, other in ((a, b), (b, a)):
            if wanted(j):
                short = _is_short(shape_of(graph, other)[-1], shape_of(graph, j)[-1]) and (mode == "full" or j == a)
                yield j, _shifted(pull, j, other, mode) if short else _times_toeplitz(pull, j, other, mode)
        return
    axis = len(pull.own) - 1
    for j, other in ((a, b), (b, a)):
        if not wanted(j):
            continue
        if mode == "full":
            yield j, filters.convolve(graph, pull.adjoint, filters.backwards(graph, other, axis), "valid")
        elif j == a:
            yield j, filters.convolve(graph, pull.adjoint, filters.backwards(graph, b, axis), "full")
        else:
            yield j, filters.convolve(graph, filters.backwards(graph, a, axis), pull.adjoint, "valid")


def _is_short(filter_size: Size, size: Size) -> bool:
    """Whether a filter is so short that its matrix hardly holds anything but zeros."""
    return isinstance(filter_size, int) and (
        isinstance(size, str) or (filter_size <= budgets.FILTER_SHORT and size > budgets.FILTER_WITHIN * filter_size)
    )


def _shifted(pull: Pullback, j: int, other: int, mode: str) -> int:
    """What a convolution gives to a long operand: the adjoint shifted along, times the entries of the short one."""
    graph, whole = pull.graph, pull.whole_key()
    *stack, n = shape_of(graph, j)
    (m,) = shape_of(graph, other)[-1:]
    assert isinstance(m, int)
    front = (*whole, *[Range(0, size) for size in stack])
    full = (*pull.front, *stack, n)
    terms = []
    for k in range(m):
        if mode == "full":
            moved = indexing.take(graph, pull.adjoint, (*front, Range(k, n)))
        else:
            moved = indexing.put(graph, pull.adjoint, (*front, Range(m - 1 - k, shape_of(graph, pull.i)[-1])), full)
        entry = _entry(graph, other, (*[Range(0, size) for size in stack], k))
        labels = (*pull.lead, *pull.own[:-1], "along")
        sizes = {**pull.sizes, "along": n}
        terms.append(product(graph, [(moved, labels), (entry, pull.own[:-1])], labels, sizes, 1))
    return add(graph, terms, full)


def _entry(graph: Graph, i: int, key: Key) -> int:
    """The entries of a filter at a place, of constant ones the number."""
    kept = graph.leaves[i] if graph.nodes[i][0] == CONST and len(key) == 1 else None
    return indexing.take(graph, i, key) if kept is None else graph.const(kept[key[0]].item())


def _times_toeplitz(pull: Pullback, j: int, other: int, mode: str) -> int:
    """The same by a matrix."""
    graph = pull.graph
    n, m = shape_of(graph, j)[-1], shape_of(graph, other)[-1]
    rows = shape_of(graph, pull.i)[-1]
    if not isinstance(n, int) or not isinstance(m, int) or not isinstance(rows, int):
        raise SymdiffValueError(
            f"the Jacobian of a convolution of vectors of shapes {shown((n,))} and {shown((m,))} needs numbers for them"
        )
    if rows * n > budgets.DENSE_ENTRIES:
        raise SymdiffValueError(
            f"the Jacobian of a convolution of {n:,} and {m:,} entries has {rows:,} x {n:,} entries, and at most "
            f"{budgets.DENSE_ENTRIES:,} are made: sd.jvp and sd.vjp give its products with vectors"
        )
    backwards = mode == "valid" and j == pull.node[3]
    matrix = filters.toeplitz(graph, other, rows, n, 0 if mode == "full" else m - 1 if not backwards else n - 1)
    (k,) = fresh(1)
    factors = [(pull.adjoint, (*pull.lead, *pull.own)), (matrix, (*pull.own, k))]
    return pull.contract(factors, (*pull.own[:-1], k))
