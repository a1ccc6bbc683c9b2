"""Arrays as sums of blocks: what is not zero by structure, read off slices, `put`, diagonals, repeated labels.

A derivative is one node with the axes of the result and of the variable, and most of it is zero where formulas go by
slices, gathers and entries. `blocks` reads which entries are not, whatever the sizes: `zeros.at[1:, :-1].add(diag(v))`
is one block of values v at (k + 1, k). Factors that are sparse constants or blocks themselves are joined with the
others along the axes that they share. What has no structure is one block of all entries.
"""

from __future__ import annotations

import contextlib
import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from symdiff.array_constants import is_sparse
from symdiff.arrays.contraction import contract, fresh, zeros
from symdiff.arrays.indexing import put_blocks
from symdiff.arrays.reading import ADD, EINSUM, PUT, RESHAPE, TAKE, is_zero, pieces, shape_of
from symdiff.arrays.sparse_blocks.compression import compressed
from symdiff.arrays.sparse_blocks.coordinates import (
    Along,
    Block,
    Joined,
    Label,
    Unknown,
    all_of,
    counted,
    labels_of,
    numbers,
    placed,
    through,
)
from symdiff.arrays.sparse_blocks.diagonals import along_diagonals
from symdiff.arrays.sparse_blocks.fusing import fused
from symdiff.arrays.sparse_blocks.gathering import gathered, multiplied
from symdiff.arrays.sums import add
from symdiff.graph import CONST, Graph
from symdiff.keys import Key, Paired, Places, Range
from symdiff.shapes import Shape, Size

_APART = 8  # blocks that are left as they are, so that they read as what they came from
_MOST = 24  # blocks that stay blocks; more become single entries
_PRODUCTS = 400  # blocks that a product of sums of blocks may have


def blocks(graph: Graph, root: int) -> list[Block]:
    """The blocks that a node is the sum of; none for zeros, one of all entries where there is no structure."""
    found: dict[int, list[Block]] = {}
    for i in _structured(graph, root):
        try:
            read = _read(graph, i, found)
        except Unknown:
            read = None
        found[i] = whole(graph, i) if read is None else _least(graph, i, _merged(graph, read, shape_of(graph, i)))
    return found[root]


def _structured(graph: Graph, root: int) -> list[int]:
    """The nodes of which blocks are read, first those that others are made of."""
    met, todo = {root}, [root]
    while todo:
        node = graph.nodes[todo.pop()]
        for j in _inside(node):
            if j not in met and j in graph.shapes and (graph.nodes[j][0] in _READ or graph.nodes[j][0] == CONST):
                met.add(j)
                todo.append(j)
    return sorted(met)


def _inside(node: tuple[Any, ...]) -> Sequence[int]:
    if node[0] == ADD:
        return node[1:]
    return node[2:] if node[0] in _READ else ()


def _read(graph: Graph, i: int, found: dict[int, list[Block]]) -> list[Block] | None:
    """The blocks of a node, by those of the nodes that it is made of; None for what has no structure."""
    node = graph.nodes[i]
    if is_zero(graph, i):
        return []
    if i not in graph.shapes:
        return None
    if node[0] == CONST:
        return _of_constant(graph, i)
    return _READ[node[0]](graph, i, found) if node[0] in _READ else None


def whole(graph: Graph, i: int) -> list[Block]:
    """The one block of all entries."""
    if graph.nodes[i][0] == CONST and is_sparse(graph.leaves[i]):
        i = graph.array(graph.leaves[i].toarray())
    return [Block(i, tuple(_all_axes(graph, i)))]


def whole_of(graph: Graph, read: Sequence[Block], shape: Shape) -> int:
    """The array of a shape that blocks of single entries make, all of whose axes are tables along one label."""
    if not read:
        return zeros(graph, shape) if shape else graph.const(0)
    values, keys = [], []
    for block in read:
        values.append(block.values)
        kind = Paired if len(block.axes) > 1 else Places
        (count,) = shape_of(graph, block.values)
        keys.append(tuple([kind(_listed(axis, count)) for axis in block.axes]))
    return put_blocks(graph, values, tuple(keys), shape)


def _listed(axis: Along, count: Size) -> tuple[int, ...]:
    return (axis.at,) * int(count) if axis.label is None else tuple(numbers(axis.at).tolist())


def _least(graph: Graph, i: int, read: list[Block]) -> list[Block]:
    """Blocks, unless they have as many entries as the whole array."""
    if len(read) == 1 and read[0].values == i:
        return read
    return read if _entries(graph, read) < _size(shape_of(graph, i)) or not read else whole(graph, i)


def _entries(graph: Graph, read: Sequence[Block]) -> _Count:
    total = _Count(0, 0)
    for block in read:
        size = _size(shape_of(graph, block.values))
        total = max(total, size) if size.names != total.names else _Count(size.names, size.number + total.number)
    return total


class _Count(NamedTuple):
    """A number of entries, as far as it is known: how many named sizes are its factors, and the others."""

    names: int
    number: int


def _size(shape: Shape) -> _Count:
    return _Count(sum(isinstance(n, str) for n in shape), math.prod([n for n in shape if isinstance(n, int)]))


def _merged(graph: Graph, read: Sequence[Block], shape: Shape) -> list[Block]:
    """Blocks at the same places as one."""
    groups: dict[Any, list[Block]] = {}
    for block in read:
        if not is_zero(graph, block.values):
            groups.setdefault((shape_of(graph, block.values), *[a.key for a in block.axes]), []).append(block)
    merged = [group[0] if len(group) == 1 else _added(graph, group) for group in groups.values()]
    if len(merged) > _APART:
        merged = along_diagonals(graph, merged)
    if len(merged) > _MOST:
        with contextlib.suppress(Unknown):  # keep blocks apart while sizes have names
            merged = [compressed(graph, merged, shape)]
    return merged


def _added(graph: Graph, group: Sequence[Block]) -> Block:
    values = [block.values for block in group]
    return Block(add(graph, values, shape_of(graph, values[0])), group[0].axes)


# -- constants ---------------------------------------------------------------------------------------


def _of_constant(graph: Graph, i: int) -> list[Block] | None:
    """The entries of a constant that are not zero, where they are half of it at most."""
    array = graph.leaves[i]
    places: tuple[Any, ...]
    if is_sparse(array):
        entries = array.tocoo()
        places, data = (entries.row, entries.col), entries.data
        held = data != 0
        places, data = tuple([p[held] for p in places]), data[held]
    else:
        if 2 * np.count_nonzero(array) > array.size:
            return None
        places = np.nonzero(array)
        data = array[places]
    return [Block(graph.array(data), tuple([Along(0, p.astype(np.intp)) for p in places]))] if len(data) else []


# -- sums and blocks ---------------------------------------------------------------------------------


def _of_sum(graph: Graph, i: int, found: dict[int, list[Block]]) -> list[Block] | None:
    read: list[Block] = []
    for j in graph.nodes[i][1:]:
        if j not in found:
            return None
        read += found[j]
    return read


def _of_put(graph: Graph, i: int, found: dict[int, list[Block]]) -> list[Block]:
    node = graph.nodes[i]
    read = []
    for j, key in zip(node[2:], graph.leaves[node[1]].keys, strict=True):
        own = found[j] if j in found else whole(graph, j)
        read += [Block(block.values, _within(key, block.axes)) for block in own]
    return read


def _within(key: Key, own: Sequence[Along]) -> tuple[Along, ...]:
    """The axes of a block that is put at a key; places that go together are along one axis of it."""
    rest = iter(own)
    paired: Along | None = None
    found = []
    for place in key:
        if isinstance(place, int):
            found.append(Along(None, place))
            continue
        axis = paired if isinstance(place, Paired) and paired is not None else next(rest)
        paired = axis if isinstance(place, Paired) else paired
        found.append(Along(axis.label, through(placed(place), axis.at)))
    return tuple(found)


def _of_take(graph: Graph, i: int, found: dict[int, list[Block]]) -> list[Block] | None:
    _, static, j = graph.nodes[i]
    if j not in found:
        return None
    read = []
    for block in found[j]:
        joined = _entered(graph, block.values)
        axes = _seen(joined, block.axes, graph.leaves[static], shape_of(graph, j))
        if axes is not None:
            read.append(_block(graph, joined, [(block.values, _all_axes(graph, block.values))], axes))
    return read


def _seen(joined: Joined, own: Sequence[Along], key: Key, shape: Shape) -> list[Along] | None:
    """The axes of what a key takes of a block, None where that is nothing."""
    axes: list[Along] = []
    paired: Label = None
    for axis, place, size in zip(own, key, shape, strict=True):
        if place == Range(0, size):
            axes.append(axis)
            continue
        wanted = Along(None, place)
        if not isinstance(place, int):
            at: Any = placed(place)
            label = paired if isinstance(place, Paired) and paired is not None else fresh(1)[0]
            if label is not paired:
                joined.enter(label, counted(at))
                axes.append(all_of(label, counted(at)))
            paired = label if isinstance(place, Paired) else paired
            wanted = Along(label, at)
        if not joined.agree(axis, wanted, size):
            return None
    return axes


def _entered(graph: Graph, values: int) -> Joined:
    joined = Joined()
    for k, n in enumerate(shape_of(graph, values)):
        joined.enter(k, n)
    return joined


def _all_axes(graph: Graph, i: int) -> list[Along]:
    return [all_of(k, n) for k, n in enumerate(shape_of(graph, i))]


def _of_reshape(graph: Graph, i: int, found: dict[int, list[Block]]) -> list[Block] | None:
    j = graph.nodes[i][2]
    if j not in found:
        return None
    read = []
    for block in found[j]:
        values, axes = fused(graph, block.values, block.axes, shape_of(graph, j), shape_of(graph, i))
        read.append(Block(values, axes))
    return read


# -- products ----------------------------------------------------------------------------------------


def _of_product(graph: Graph, i: int, found: dict[int, list[Block]]) -> list[Block] | None:
    """A block for each choice of a block of every factor that is mostly zero."""
    coefficient, factors, result = pieces(graph, i)
    thin = {f: found[f] for f, _ in factors if f in found and _is_thin(graph, f, found[f])}
    if not thin and len(set(result)) == len(result):
        return None
    if math.prod([len(thin[f]) for f, _ in factors if f in thin]) > _PRODUCTS:
        thin = {f: [compressed(graph, own, shape_of(graph, f))] for f, own in thin.items()}
    choices: list[Sequence[Block | None]] = [thin.get(f, [None]) for f, _ in factors]
    sizes = dict(zip(result, shape_of(graph, i), strict=True))
    read = []
    for choice in itertools.product(*choices):
        product = _Product(graph, factors, choice, sizes)
        if product.fits:
            read.append((product, [product.axes[name] for name in result]))
    if thin and not _is_worth(graph, i, read):
        return None
    return [_block(graph, p.joined, p.values, axes, coefficient) for p, axes in read]


def _is_worth(graph: Graph, i: int, read: Sequence[tuple[_Product, Sequence[Along]]]) -> bool:
    """Whether products of blocks have fewer entries than the whole, before anything is made of them."""
    shapes = [tuple([p.joined.size(k) for k in labels_of([p.joined.along(a) for a in axes])]) for p, axes in read]
    counts = [_size(shape) for shape in shapes]
    names = max([c.names for c in counts], default=0)
    return _Count(names, sum(c.number for c in counts if c.names == names)) < _size(shape_of(graph, i))


def _is_thin(graph: Graph, f: int, read: Sequence[Block]) -> bool:
    """Whether half of an array at most is in blocks."""
    entries, size = _entries(graph, read), _size(shape_of(graph, f))
    return entries.names < size.names or (entries.names == size.names and 2 * entries.number <= size.number)


class _Product:
    """A product of blocks and of whole factors: its labels joined where axes are the same."""

    def __init__(
        self, graph: Graph, factors: Sequence[tuple[int, str]], choice: Sequence[Block | None], sizes: dict[str, Size]
    ) -> None:
        self.joined = Joined()
        self.axes: dict[str, Along] = {}
        self.values: list[tuple[int, Sequence[Along]]] = []
        self._sizes = dict(sizes)
        for f, names in factors:
            self._sizes.update(zip(names, shape_of(graph, f), strict=True))
        self.fits = True
        for (f, names), block in zip(factors, choice, strict=True):
            self.fits = self.fits and self._enter(graph, f, names, block)
        for name in sizes:
            self._axis(name)

    def _axis(self, name: str) -> Along:
        if name not in self.axes:
            self.joined.enter(name, self._sizes[name])
            self.axes[name] = all_of(name, self._sizes[name])
        return self.axes[name]

    def _enter(self, graph: Graph, f: int, names: str, block: Block | None) -> bool:
        if block is None:
            self.values.append((f, [self._axis(name) for name in names]))
            return True
        own = fresh(len(shape_of(graph, block.values)))
        for label, n in zip(own, shape_of(graph, block.values), strict=True):
            self.joined.enter(label, n)
        self.values.append((block.values, [all_of(k, self.joined.size(k)) for k in own]))
        for name, axis in zip(names, block.axes, strict=True):
            here = axis if axis.label is None else Along(own[axis.label], axis.at)
            if not self.joined.agree(self.axes.setdefault(name, here), here, self._sizes[name]):
                return False
        return True


def _block(
    graph: Graph, joined: Joined, factors: Sequence[tuple[int, Sequence[Along]]], axes: Sequence[Along],
    coefficient: Any = 1,
) -> Block:  # fmt: skip
    """The block of a product: its values are summed over labels that no axis is along."""
    axes = [joined.along(a) for a in axes]
    left = labels_of(axes)
    parts = multiplied(graph, [gathered(graph, f, [joined.along(a) for a in own]) for f, own in factors])
    values = contract(graph, parts, left, {k: joined.size(k) for k in left}, coefficient)
    at = {k: n for n, k in enumerate(left)}
    return Block(values, tuple([a if a.label is None else Along(at[a.label], a.at) for a in axes]))


_READ: dict[int, Callable[[Graph, int, dict[int, list[Block]]], list[Block] | None]] = {
    ADD: _of_sum, PUT: _of_put, TAKE: _of_take, RESHAPE: _of_reshape, EINSUM: _of_product,
}  # fmt: skip
