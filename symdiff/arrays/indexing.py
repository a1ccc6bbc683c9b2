"""Blocks of arrays: `take` reads one, `put` makes zeros with a block in them; each is the other's transpose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symdiff.arrays.contraction import broadcast_to, contract, filled, fresh, transposed, zeros
from symdiff.arrays.reading import ADD, EINSUM, PUT, RESHAPE, TAKE, is_diagonal, is_zero, pieces, shape_of, sums
from symdiff.arrays.sums import add
from symdiff.errors import SymdiffIndexError, SymdiffValueError
from symdiff.graph import VAR, Graph
from symdiff.keys import Key, Paired, Place, Range, Where, compose, count, taken_shape, whole
from symdiff.shapes import Shape, Size, broadcast, shown
from symdiff.subscripts import Subscript, subscript


def take(graph: Graph, i: int, key: Key) -> int:
    """The block of an array at a key, which has a place for every axis."""
    shape, node = shape_of(graph, i), graph.nodes[i]
    if all(map(whole, key, shape)):
        return i
    if node[0] == VAR and graph.leaves[i].kind == "symmetric" and all(isinstance(p, int) for p in key):
        key = tuple(sorted(key))
    result = taken_shape(key, shape)
    if is_zero(graph, i):
        return zeros(graph, result) if result else graph.const(0)
    if node[0] == TAKE:
        both = compose(graph.leaves[node[1]], key)
        if both is not None:
            return take(graph, node[2], both)
    if node[0] == PUT and _are_ranges(key) and all(map(_are_ranges, graph.leaves[node[1]].keys)):
        seen = [
            _take_of_put(graph, block, where, key, result)
            for block, where in zip(node[2:], graph.leaves[node[1]].keys, strict=True)
            if _meet(where, key)
        ]
        return _sum(graph, seen, result)
    if node[0] == ADD and is_diagonal(graph, i):
        return add(graph, [take(graph, t, key) for t in node[1:]], result)
    if node[0] == EINSUM and (is_diagonal(graph, i) or (count_arrays(graph, i) <= 1 and not sums(graph, i))):
        found = take_of_product(graph, i, key)
        if found is not None:
            return found
    return graph.intern((TAKE, graph.static(f"key {key}", key), i))


def _are_ranges(key: Key) -> bool:
    """Whether every place of a key is an int, or a range of numbers that steps by 1."""
    return all(isinstance(p, int) or (isinstance(p, Range) and p.step == 1 and isinstance(p.count, int)) for p in key)


def _meet(where: Key, key: Key) -> bool:
    """Whether a block is in the range that a key takes."""
    for p, k in zip(where, key, strict=True):
        low, high = _span(p)
        start, stop = _span(k)
        if max(low, start) >= min(high, stop):
            return False
    return True


def _span(p: Place) -> tuple[int, int]:
    if isinstance(p, int):
        return p, p + 1
    assert isinstance(p, Range)
    assert isinstance(p.count, int)
    return p.start, p.start + p.count


def _sum(graph: Graph, terms: Sequence[int], shape: Shape) -> int:
    if not terms:
        return zeros(graph, shape) if shape else graph.const(0)
    return terms[0] if len(terms) == 1 else add(graph, terms, shape)


def count_arrays(graph: Graph, i: int) -> int:
    """How many factors of a product are arrays."""
    return sum(f in graph.shapes for f, _ in pieces(graph, i)[1])


def take_of_product(graph: Graph, i: int, key: Key) -> int | None:
    """A block of a product as a product of blocks; a diagonal that is cut on one axis is put on the other."""
    if any(isinstance(p, Paired) for p in key):
        return None
    coefficient, factors, result = pieces(graph, i)
    shape = graph.shapes[i]
    cut: dict[str, Place] = {}
    for label, p, n in zip(result, key, shape, strict=True):
        if not whole(p, n):
            if label in cut:
                return None
            cut[label] = p
    sizes: dict[str, Size] = {}
    for label, n in zip(result, shape, strict=True):
        left = count(cut[label]) if label in cut else n
        if left is not None:
            sizes[label] = left
    inner, outer, full = [], [], []
    for label, p, n in zip(result, key, shape, strict=True):
        here = label in cut and not whole(p, n)
        if here and isinstance(p, int):
            continue
        outer.append(cut[label] if label in cut and not here else Range(0, sizes.get(label, n)))
        full.append(sizes[label] if here else n)
        if not isinstance(outer[-1], int):
            inner.append(label)
    blocks = [_block(graph, f, labels, cut) for f, labels in factors]
    made = contract(graph, blocks, inner, sizes, coefficient)
    return put(graph, made, tuple(outer), tuple(full))


def _block(graph: Graph, f: int, labels: str, cut: dict[str, Place]) -> tuple[int, tuple[str, ...]]:
    if not any(k in cut for k in labels):
        return f, tuple(labels)
    key = tuple([cut.get(k, Range(0, n)) for k, n in zip(labels, shape_of(graph, f), strict=True)])
    return take(graph, f, key), tuple([k for k in labels if not isinstance(cut.get(k), int)])


def _take_of_put(graph: Graph, block: int, where: Key, key: Key, result: Shape) -> int:
    """What of a block is in the range that a key takes, put where it is seen there."""
    inner: list[Place] = []
    outer: list[Place] = []
    for p, k in zip(where, key, strict=True):
        (first, last), (start, stop) = _span(p), _span(k)
        low, high = max(first, start), min(last, stop)
        if not isinstance(p, int):
            inner.append(low - first if isinstance(k, int) else Range(low - first, high - low))
        if not isinstance(k, int):
            outer.append(low - start if isinstance(p, int) else Range(low - start, high - low))
    return put(graph, take(graph, block, tuple(inner)), tuple(outer), result)


def put(graph: Graph, block: int, key: Key, shape: Shape) -> int:
    """Zeros of a shape with a block at a key; where an index array names a place twice, entries are added."""
    if all(map(whole, key, shape)):
        return block
    if is_zero(graph, block):
        return zeros(graph, shape)
    node = graph.nodes[block]
    if node[0] == ADD and is_diagonal(graph, block):
        return add(graph, [put(graph, t, key, shape) for t in node[1:]], shape)
    if node[0] == PUT:
        keys = tuple([both for inner in graph.leaves[node[1]].keys if (both := compose(key, inner)) is not None])
        if len(keys) == len(node) - 2:
            return put_blocks(graph, node[2:], keys, shape)
    return put_blocks(graph, [block], (key,), shape)


def put_blocks(graph: Graph, blocks: Sequence[int], keys: tuple[Key, ...], shape: Shape) -> int:
    """Zeros of a shape with blocks at keys, added where they meet."""
    where = Where(keys, shape)
    return graph.intern((PUT, graph.static(f"where {keys} {shape}", where), *blocks))


def reshape(graph: Graph, i: int, shape: Shape) -> int:
    """The entries in the same order in another shape."""
    if shape == shape_of(graph, i):
        return i
    node = graph.nodes[i]
    if is_zero(graph, i):
        return zeros(graph, shape)
    if i not in graph.shapes:  # a scalar as an array of one entry
        return filled(graph, i, shape)
    if not shape:
        return take(graph, i, (0,) * len(shape_of(graph, i)))
    if node[0] == RESHAPE:
        return reshape(graph, node[2], shape)
    if node[0] == ADD and all(graph.nodes[t][0] == RESHAPE or is_diagonal(graph, t) for t in node[1:]):
        return add(graph, [reshape(graph, t, shape) for t in node[1:]], shape)
    return graph.intern((RESHAPE, graph.static(f"shape {shape}", shape), i))


# -- subscripts ------------------------------------------------------------------------------------


def subscript_of(graph: Graph, i: int, given: Any) -> Subscript:
    """What a subscript of a node means.

    Raises
    ------
    SymdiffIndexError, SymdiffTypeError
        For places that it does not have, and what is no place, naming a variable, axis and size.
    """
    return subscript(given, shape_of(graph, i), graph.leaves[i].name if graph.nodes[i][0] == VAR else "")


def subscripted(graph: Graph, i: int, given: Any) -> int:
    """What a subscript takes of a node."""
    found = subscript_of(graph, i, given)
    block = take(graph, i if found.order is None else transposed(graph, i, found.order), found.key)
    if found.shape != shape_of(graph, block):
        block = _in_shape(graph, block, found.shape)
    if all(found.kept):
        return block
    labels = fresh(sum(found.kept))
    own = iter(labels)
    result = [next(own) if axis else fresh(1)[0] for axis in found.kept]
    return contract(graph, [(block, labels)], result, {k: 1 for k in result if k not in labels})


def _in_shape(graph: Graph, i: int, shape: Shape) -> int:
    if not all(isinstance(n, int) for n in shape):
        raise SymdiffIndexError(
            f"index arrays of several axes leave shape {shown(shape)}, whose sizes have to be numbers: take the "
            "places as one row"
        )
    return reshape(graph, i, shape)


def placed(graph: Graph, i: int, found: Subscript, block: int) -> int:
    """A block in the place that a subscript without new axes takes of a node, as what is added to it.

    Raises
    ------
    SymdiffValueError
        For a block that does not fit the place.
    """
    shape = shape_of(graph, i)
    block = fitted(graph, block, found.shape)
    order = range(len(shape)) if found.order is None else found.order
    turned = tuple([shape[k] for k in order])
    if found.shape != taken_shape(found.key, turned):
        block = _in_shape(graph, block, taken_shape(found.key, turned))
    made = put(graph, block, found.key, turned)
    return made if found.order is None else transposed(graph, made, [*map(found.order.index, range(len(shape)))])


def fitted(graph: Graph, block: int, place: Shape) -> int:
    """A block repeated along the axes that it lacks of a place, or has of size 1."""
    held = shape_of(graph, block)
    if broadcast([held, place]) != place:
        raise SymdiffValueError(f"a block of shape {shown(held)} can't be added to a place of shape {shown(place)}")
    return broadcast_to(graph, block, place)


def concatenate(graph: Graph, blocks: Sequence[int], axis: int, shape: Shape) -> int:
    """Arrays behind one another along an axis."""
    at, keys = 0, []
    for i in blocks:
        key: list[Place] = [Range(0, n) for n in shape_of(graph, i)]
        size = shape_of(graph, i)[axis]
        assert isinstance(size, int)
        key[axis] = Range(at, size)
        keys.append(tuple(key))
        at += size
    return blocks[0] if len(blocks) == 1 else put_blocks(graph, blocks, tuple(keys), shape)


def stack(graph: Graph, items: Sequence[int], shape: Shape) -> int:
    """Arrays or scalars of one shape along a new first axis."""
    rest = [Range(0, n) for n in shape[1:]]
    return put_blocks(graph, items, tuple([(k, *rest) for k in range(len(items))]), shape)
