"""Places that are given as arrays of ints when a program runs: `gather` reads at them, `scatter` adds at them.

Each is the other's transpose. Indexed axes stand in front, and index arrays have one shape: `gather(x, i, j)[k]` is
`x[i[k], j[k]]`. Index arrays that are constants are keys, as those of blocks are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from symdiff import ops
from symdiff.array_constants import is_sparse
from symdiff.arrays import filters, indexing
from symdiff.arrays.contraction import broadcast_to, contract, filled, fresh, transposed, zeros
from symdiff.arrays.reading import is_zero, shape_of
from symdiff.build import build
from symdiff.errors import SymdiffIndexError, SymdiffTypeError
from symdiff.graph import CONST, STATIC, VAR, Graph
from symdiff.keys import Key, Paired, Place, Range, count
from symdiff.ops import arrays
from symdiff.shapes import Shape, broadcast, shown
from symdiff.subscripts import subscript

_WHOLE = frozenset(
    op.opcode
    for op in (
        ops.add, ops.sub, ops.mul, ops.neg, ops.abs, ops.maximum, ops.minimum, ops.floor, ops.ceil, ops.rint, ops.trunc,
        ops.mod, ops.floor_divide, ops.where, arrays.einsum, arrays.take, arrays.put, arrays.reshape, arrays.size,
        arrays.amax, arrays.amin, arrays.product, arrays.cumsum, arrays.gather, arrays.scatter,
    )
)  # fmt: skip
_ROUNDED = frozenset(op.opcode for op in (ops.floor, ops.ceil, ops.rint, ops.trunc, ops.floor_divide))


def is_whole(graph: Graph, root: int) -> bool:
    """Whether a node is of whole numbers wherever its variables are."""
    stack, seen = [root], {root}
    while stack:
        i = stack.pop()
        node = graph.nodes[i]
        if node[0] == STATIC or node[0] in _ROUNDED:
            continue
        if node[0] == CONST:
            if not _is_whole_constant(graph.leaves[i]):
                return False
        elif node[0] == VAR:
            if graph.leaves[i].kind != "int":
                return False
        elif node[0] not in _WHOLE:
            return False
        else:
            below = node[2:] if node[0] == ops.where.opcode else node[1:]
            stack += [j for j in below if j not in seen]
            seen.update(below)
    return True


def _is_whole_constant(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "iu"
    return type(value) is int


def numbers_of_rows(graph: Graph, lead: Shape, shape: Shape) -> list[int]:
    """For each of some axes in front the whole numbers from 0 along it, repeated along all others."""
    found = []
    for axis, size in enumerate(lead):
        own = (*[1] * axis, size, *[1] * (len(lead) + len(shape) - axis - 1))
        if isinstance(size, int):
            numbers = graph.array(np.arange(size).reshape([-1 if k == axis else 1 for k in range(len(own))]))
        else:
            ones = filled(graph, graph.const(1), own)
            numbers = build(graph, ops.sub.opcode, (filters.cumsum(graph, ones, axis), graph.const(1)))
        found.append(repeated(graph, numbers, lead + shape))
    return found


def repeated(graph: Graph, i: int, shape: Shape) -> int:
    """An index array broadcast to a shape; one of numbers stays so."""
    if graph.nodes[i][0] == CONST and i in graph.shapes and all(isinstance(n, int) for n in shape):
        return graph.array(np.broadcast_to(graph.leaves[i], tuple([int(n) for n in shape])))
    return broadcast_to(graph, i, shape)


# -- the two operations in their normal forms ----------------------------------------------------------


def gather(graph: Graph, x: int, places: Sequence[int]) -> int:
    """What an array has at places of its first axes, given by arrays of one shape, whose axes the result has first."""
    shape, own = shape_of(graph, x), shape_of(graph, places[0])
    rest = shape[len(places) :]
    if is_zero(graph, x):
        return zeros(graph, own + rest) if own + rest else graph.const(0)
    known = _known_places(graph, places, shape)
    if known is not None:
        key = (*known, *[Range(0, n) for n in rest])
        found = indexing.take(graph, x, key)
        return indexing.reshape(graph, found, own + rest) if len(own) > 1 else found
    return graph.intern((arrays.gather.opcode, x, *places))


def scatter(graph: Graph, block: int, places: Sequence[int], sizes: Shape) -> int:
    """Zeros with a block added at places of the first axes, which have some sizes; its own first are those of places.

    What comes twice is added twice.
    """
    own = shape_of(graph, places[0])
    rest = shape_of(graph, block)[len(own) :]
    if is_zero(graph, block):
        return zeros(graph, sizes + rest)
    known = _known_places(graph, places, sizes)
    if known is not None:
        if len(own) > 1:
            (total,) = (math.prod([n for n in own if isinstance(n, int)]),)
            block = indexing.reshape(graph, block, (total, *rest))
        return indexing.put(graph, block, (*known, *[Range(0, n) for n in rest]), sizes + rest)
    return graph.intern((arrays.scatter.opcode, graph.static(f"shape {sizes}", sizes), block, *places))


def _known_places(graph: Graph, places: Sequence[int], sizes: Shape) -> list[Place] | None:
    """Places that are constants, as a key has them; None for others."""
    values: list[Any] = [graph.leaves[i] if graph.nodes[i][0] == CONST else None for i in places]
    if any(v is None or is_sparse(v) for v in values) or not all(map(_is_whole_constant, values)):
        return None
    if any(isinstance(n, str) for n in sizes[: len(places)]):
        return None
    key: Key = subscript(tuple(values), sizes[: len(places)]).key
    if len(key) == 1 or not isinstance(values[0], np.ndarray):
        return list(key)
    return [Paired(tuple((v.ravel() % n).tolist())) for v, n in zip(values, sizes, strict=False)]


# -- subscripts -------------------------------------------------------------------------------------------


class Meaning(NamedTuple):
    """What a subscript with index arrays means: a block is cut, its axes put in order, and places taken of the first.

    `front` is how many axes of the block that are not indexed stand in front of those of the index arrays in the
    result, `kept` says of each axis of the result whether it is one of the block or of the index arrays, not a new one.
    """

    cut: Key
    order: tuple[int, ...]
    places: tuple[int, ...]
    front: int
    kept: tuple[bool, ...]


def subscripted(graph: Graph, i: int, given: Sequence[Any]) -> int:
    """What a subscript takes of a node; nodes stand in it as `Given`."""
    found = meaning(graph, i, given)
    block = transposed(graph, indexing.take(graph, i, found.cut), found.order)
    taken = _back(graph, gather(graph, block, found.places), len(shape_of(graph, found.places[0])), found.front)
    if all(found.kept):
        return taken
    labels = fresh(sum(found.kept))
    own = iter(labels)
    result = [next(own) if axis else fresh(1)[0] for axis in found.kept]
    return contract(graph, [(taken, labels)], result, {k: 1 for k in result if k not in labels})


def placed(graph: Graph, i: int, given: Sequence[Any], block: int) -> int:
    """A block in the place that a subscript without new axes takes of a node, as what is added to it."""
    found = meaning(graph, i, given)
    shape = shape_of(graph, i)
    if not all(found.kept):
        raise SymdiffIndexError("None is no place to add a block at")
    left = tuple([n for n in map(count, found.cut) if n is not None])
    own, rest = shape_of(graph, found.places[0]), tuple([left[k] for k in found.order[len(found.places) :]])
    block = indexing.fitted(graph, block, rest[: found.front] + own + rest[found.front :])
    axes = list(range(len(own) + len(rest)))
    first = axes[found.front : found.front + len(own)]
    block = transposed(graph, block, [*first, *[k for k in axes if k not in first]])
    sizes = tuple([left[k] for k in found.order[: len(found.places)]])
    whole = scatter(graph, block, found.places, sizes)
    whole = transposed(graph, whole, [found.order.index(k) for k in range(len(left))])
    return indexing.put(graph, whole, found.cut, shape)


def _back(graph: Graph, i: int, own: int, front: int) -> int:
    """The axes of index arrays, which are first, behind some others."""
    axes = list(range(len(shape_of(graph, i))))
    return transposed(graph, i, [*axes[own : own + front], *axes[:own], *axes[own + front :]]) if axes else i


class Given(NamedTuple):
    """A part of a subscript that is a node."""

    node: int


def meaning(graph: Graph, i: int, given: Sequence[Any]) -> Meaning:
    """What a subscript of a node means in which nodes stand.

    Raises
    ------
    SymdiffIndexError, SymdiffTypeError
        For more places than axes, index arrays that do not go together, and what is no index.
    """
    shape = shape_of(graph, i)
    items = _items(graph, given, shape)
    listed = [p for p in items if isinstance(p, Given)]
    own = broadcast([shape_of(graph, p.node) for p in listed])
    if own is None:
        shapes = " and ".join([shown(shape_of(graph, p.node)) for p in listed])
        raise SymdiffIndexError(f"index arrays of shapes {shapes} do not go together")
    cut: list[Place] = []
    indexed: list[int] = []
    kept: list[bool] = []
    left = 0
    advanced = [k for k, p in enumerate(items) if isinstance(p, (Given, int))]
    apart = advanced[-1] - advanced[0] >= len(advanced)
    front = 0
    kept += [True] * len(own) if apart else []
    for k, p in enumerate(items):
        if k == advanced[0] and not apart:
            kept += [True] * len(own)
        if p is None:
            kept.append(False)
            continue
        axis = len(cut)
        cut.append(Range(0, shape[axis]) if isinstance(p, Given) else p)
        if isinstance(p, int):
            continue
        if isinstance(p, Given):
            indexed.append(left)
        else:
            kept.append(True)
            front += not apart and k < advanced[0]
        left += 1
    order = (*indexed, *[k for k in range(left) if k not in indexed])
    places = tuple([repeated(graph, p.node, own) for p in listed])
    return Meaning(tuple(cut), order, places, front, tuple(kept))


def _items(graph: Graph, given: Sequence[Any], shape: Shape) -> list[Any]:
    """The parts of a subscript: a node, a place or a range for each axis, and None for a new one."""
    parts = [_part(graph, p) for p in given]
    dots = [k for k, p in enumerate(parts) if p is Ellipsis]
    number = sum(p is not None and p is not Ellipsis for p in parts)
    if number > len(shape):
        raise SymdiffIndexError(f"{number} places for an array of shape {shown(shape)}, which has {len(shape)} axes")
    if len(dots) > 1:
        raise SymdiffIndexError("an index has one ... at most")
    at = dots[0] if dots else len(parts)
    parts[at : at + len(dots)] = [slice(None)] * (len(shape) - number)
    found: list[Any] = []
    axis = 0
    for p in parts:
        if p is None or isinstance(p, Given):
            found.append(p)
        else:
            found.append(subscript(p, (shape[axis],)).key[0])
        axis += p is not None
    return found


def _part(graph: Graph, p: Any) -> Any:
    if isinstance(p, Given):
        if not is_whole(graph, p.node):
            raise SymdiffTypeError(
                "an expression is an index where it is of whole numbers: of variables made by "
                'sd.Var("idx", shape="m", dtype=int). sd.where(X > 0, X, 0) has the entries of X that a condition '
                "chooses, and 0 for the others"
            )
        return p
    if isinstance(p, (list, tuple, np.ndarray)):
        array = np.asarray(p)
        if array.ndim and array.dtype.kind in "iu":
            return Given(graph.array(array))
        if array.ndim:
            raise SymdiffTypeError(
                f"beside an expression an index is an int, a slice or an array of ints, not {p!r:.60}"
            )
    return p
