"""Which entries of arrays are not zero by their structure: the expansion's own zeros, found without expanding.

A pass over bools: an entry is True where it may be other than zero. Which zeros an operation keeps is not written
here a second time: it is what a graph makes of the operation on the constant 0.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from symdiff.array_constants import is_sparse
from symdiff.arrays.reading import ADD, EINSUM, PUT, RESHAPE, TAKE, number, pieces, shape_of
from symdiff.build import build
from symdiff.graph import CONST, VAR, Graph, Variable
from symdiff.keys import Key, Paired, is_listed, left_of, numpy_key
from symdiff.ops import arrays
from symdiff.records import FIRST_ARRAY_CODE
from symdiff.shapes import bound

Mask: TypeAlias = "bool | NDArray[np.bool_]"  # a bool where all entries are alike

_LARGEST = 1 << 20  # entries of a sparse constant that is looked at as a whole; a larger one is taken to have no zeros


def nonzeros(graph: Graph, roots: Sequence[int], sizes: Mapping[str, int]) -> list[Mask]:
    """For each node which of its entries may be other than zero, named sizes being these numbers."""
    found: dict[int, Mask] = {}
    for i in graph.cone(roots):
        found[i] = told(_mask(graph, i, found, sizes))
    return [found[i] for i in roots]


def told(mask: Any) -> Mask:
    """A mask as a bool where all entries are alike."""
    if not isinstance(mask, np.ndarray):
        return bool(mask)
    if mask.all():
        return bool(mask.size)
    return mask if mask.any() else False


def _mask(graph: Graph, i: int, found: dict[int, Mask], sizes: Mapping[str, int]) -> Any:
    node = graph.nodes[i]
    if node[0] == CONST:
        return _of_constant(graph, i)
    if node[0] <= VAR:
        return True
    if 0 in bound(shape_of(graph, i), sizes):
        return False
    if node[0] < FIRST_ARRAY_CODE:
        return _of_numbers(graph, node, found)
    rule = _RULES.get(node[0])
    return True if rule is None else rule(graph, i, found, sizes)


def _of_constant(graph: Graph, i: int) -> Any:
    value = graph.leaves[i]
    if is_sparse(value):
        return True if value.shape[0] * value.shape[1] > _LARGEST else value.toarray() != 0
    if i in graph.shapes:
        return np.asarray(value != 0, dtype=bool)
    return number(graph, i) != 0


# -- operations on numbers ---------------------------------------------------------------------------


def _of_numbers(graph: Graph, node: tuple[Any, ...], found: dict[int, Mask]) -> Any:
    masks = [found[j] for j in node[1:]]
    if node[0] == ADD:
        return _either(masks)
    given = tuple([number(graph, j) for j in node[1:]])
    zero: Any = False
    for operands in _vanishing(node[0], tuple([v if type(v) is int else None for v in given])):
        zero = zero | ~np.asarray(_either([masks[k] for k in operands]), dtype=bool)
    return ~zero if isinstance(zero, np.ndarray) else not zero


def _either(masks: Sequence[Mask]) -> Any:
    found: Any = False
    for mask in masks:
        if mask is True:
            return True
        found = mask if found is False else found if mask is False else found | mask
    return found


@cache
def _vanishing(code: int, given: tuple[int | None, ...]) -> list[tuple[int, ...]]:
    """The sets of operands that are enough to make a result 0 where they are, others being what they may."""
    graph = Graph()
    free = [graph.var(Variable(f"x{k}", f"x{k}")) for k in range(len(given))]
    others = [free[k] if v is None else graph.const(v) for k, v in enumerate(given)]
    found: list[tuple[int, ...]] = []
    for count in range(1, len(given) + 1):
        for chosen in itertools.combinations(range(len(given)), count):
            if any(given[k] is not None for k in chosen) or any(set(s) <= set(chosen) for s in found):
                continue
            made = build(graph, code, tuple([graph.const(0) if k in chosen else j for k, j in enumerate(others)]))
            if number(graph, made) == 0:
                found.append(chosen)
    return found


# -- operations of arrays ----------------------------------------------------------------------------


def _of_product(graph: Graph, i: int, found: dict[int, Mask], sizes: Mapping[str, int]) -> Any:
    coefficient, factors, result = pieces(graph, i)
    counts = dict(zip(result, bound(shape_of(graph, i), sizes), strict=True))
    for f, names in factors:
        counts.update(zip(names, bound(shape_of(graph, f), sizes), strict=True))
    masks = [(found[f], names) for f, names in factors]
    if coefficient == 0 or 0 in counts.values() or any(mask is False for mask, _ in masks):
        return False
    partial = [(mask, names) for mask, names in masks if isinstance(mask, np.ndarray)]
    labels = "".join(dict.fromkeys(result))
    inside = _sum_of_products(partial, labels, counts)
    return inside if labels == result else _on_diagonal(inside, labels, result, counts)


def _sum_of_products(factors: Sequence[tuple[NDArray[Any], str]], result: str, counts: Mapping[str, int]) -> Any:
    if not factors:
        return True
    numbered = {k: n for n, k in enumerate(dict.fromkeys([k for _, names in factors for k in names]))}
    operands: list[Any] = []
    for mask, names in factors:
        operands += [mask.astype(np.float64), [numbered[k] for k in names]]
    held = [k for k in result if k in numbered]
    found = np.einsum(*operands, [numbered[k] for k in held], optimize=True) > 0
    found = found[tuple([slice(None) if k in numbered else None for k in result])]
    return np.broadcast_to(found, tuple([counts[k] for k in result]))


def _on_diagonal(inside: Any, labels: str, result: str, counts: Mapping[str, int]) -> Any:
    found = np.zeros(tuple([counts[k] for k in result]), dtype=bool)
    numbered = {k: n for n, k in enumerate(labels)}
    view = np.einsum(found, [numbered[k] for k in result], list(range(len(labels))))
    view[...] = inside
    return found


def _of_take(graph: Graph, i: int, found: dict[int, Mask], sizes: Mapping[str, int]) -> Any:
    _, static, j = graph.nodes[i]
    mask = found[j]
    return mask[_index(graph.leaves[static], mask.shape, sizes)] if isinstance(mask, np.ndarray) else mask


def _of_put(graph: Graph, i: int, found: dict[int, Mask], sizes: Mapping[str, int]) -> Any:
    node = graph.nodes[i]
    where = graph.leaves[node[1]]
    shape = bound(where.shape, sizes)
    mask = np.zeros(shape, dtype=bool)
    for j, key in zip(node[2:], where.keys, strict=True):
        if any(map(is_listed, key)):
            np.logical_or.at(mask, _index(key, shape, sizes), found[j])
        else:
            mask[numpy_key(key, sizes)] |= found[j]
    return mask


def _index(key: Key, shape: Sequence[int], sizes: Mapping[str, int]) -> Any:
    """A key as NumPy has it: slices, or index arrays that broadcast to all places; paired ones share an axis."""
    places = numpy_key(key, sizes)
    if not any(map(is_listed, places)):
        return places
    left = left_of(key)
    found: list[Any] = []
    axis = 0
    paired: int | None = None
    for p, n in zip(places, shape, strict=True):
        if isinstance(p, int):
            found.append(p)
            continue
        own = paired if isinstance(p, Paired) and paired is not None else axis
        axis += own == axis
        paired = own if isinstance(p, Paired) else paired
        at = np.arange(n)[p] if isinstance(p, slice) else np.array(p.at, dtype=np.intp)
        found.append(at.reshape([-1 if k == own else 1 for k in range(len(left))]))
    return tuple(found)


def _of_reshape(graph: Graph, i: int, found: dict[int, Mask], sizes: Mapping[str, int]) -> Any:
    mask = found[graph.nodes[i][2]]
    return mask.reshape(bound(shape_of(graph, i), sizes)) if isinstance(mask, np.ndarray) else mask


def _along(function: Callable[..., Any]) -> Callable[..., Any]:
    def of_reduction(graph: Graph, i: int, found: dict[int, Mask], sizes: Mapping[str, int]) -> Any:
        mask = found[graph.nodes[i][2]]
        return function(mask, axis=graph.leaves[graph.nodes[i][1]]) if isinstance(mask, np.ndarray) else mask

    return of_reduction


# -- linear algebra ----------------------------------------------------------------------------------


def _reached(mask: NDArray[Any]) -> NDArray[Any]:
    """Where one row leads to another over entries: what elimination fills, and the inverse has (Gilbert, 1994)."""
    paths = mask | np.eye(mask.shape[-1], dtype=bool)
    while True:
        longer = paths.astype(np.float32) @ paths.astype(np.float32) > 0
        if np.array_equal(longer, paths):
            return paths
        paths = longer


def _of_inverse(graph: Graph, i: int, found: dict[int, Mask], sizes: Mapping[str, int]) -> Any:
    mask = found[graph.nodes[i][1]]
    return _reached(mask) if isinstance(mask, np.ndarray) else True


def _of_solution(graph: Graph, i: int, found: dict[int, Mask], sizes: Mapping[str, int]) -> Any:
    a, b = [found[j] for j in graph.nodes[i][1:]]
    if not (isinstance(a, np.ndarray) and isinstance(b, np.ndarray)):
        return b is not False
    return _reached(a).astype(np.float32) @ b.astype(np.float32) > 0


def _of_cholesky(graph: Graph, i: int, found: dict[int, Mask], sizes: Mapping[str, int]) -> Any:
    mask = found[graph.nodes[i][1]]
    filled = _reached(mask) if isinstance(mask, np.ndarray) else np.ones(bound(shape_of(graph, i), sizes), dtype=bool)
    return np.tril(filled)


def _of_triangular_solution(graph: Graph, i: int, found: dict[int, Mask], sizes: Mapping[str, int]) -> Any:
    _, half, j, k = graph.nodes[i]
    right = found[k]
    if not isinstance(right, np.ndarray):
        return right
    matrix = np.broadcast_to(np.asarray(found[j], dtype=bool), bound(shape_of(graph, j), sizes))
    kept = np.tril(matrix) if graph.leaves[half][0] else np.triu(matrix)
    return _reached(kept).astype(np.float32) @ right.astype(np.float32) > 0


# -- sums along axes, and convolutions ---------------------------------------------------------------


def _of_cumulative_sum(graph: Graph, i: int, found: dict[int, Mask], sizes: Mapping[str, int]) -> Any:
    _, axes, j = graph.nodes[i]
    mask = found[j]
    return np.logical_or.accumulate(mask, *graph.leaves[axes]) if isinstance(mask, np.ndarray) else mask


def _of_convolution(graph: Graph, i: int, found: dict[int, Mask], sizes: Mapping[str, int]) -> Any:
    _, mode, *both = graph.nodes[i]
    a, b = [np.broadcast_to(np.asarray(found[j], dtype=float), bound(shape_of(graph, j), sizes)) for j in both]
    rows = [np.convolve(a[at], b[at], mode=graph.leaves[mode]) for at in np.ndindex(*a.shape[:-1])]
    return np.array(rows).reshape(bound(shape_of(graph, i), sizes)) > 0.5


_RULES: dict[int, Callable[[Graph, int, dict[int, Mask], Mapping[str, int]], Any]] = {
    EINSUM: _of_product, TAKE: _of_take, PUT: _of_put, RESHAPE: _of_reshape,
    arrays.amax.opcode: _along(np.any), arrays.amin.opcode: _along(np.any), arrays.array_norm.opcode: _along(np.any),
    arrays.product.opcode: _along(np.all), arrays.inv.opcode: _of_inverse, arrays.solve.opcode: _of_solution,
    arrays.cholesky.opcode: _of_cholesky, arrays.solve_triangular.opcode: _of_triangular_solution,
    arrays.cumsum.opcode: _of_cumulative_sum, arrays.convolve.opcode: _of_convolution,
}  # fmt: skip
