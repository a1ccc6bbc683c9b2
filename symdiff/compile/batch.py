"""A kernel over a batch of any shape: axes become one where steps allow, else it goes tile by tile.

What a kernel takes are lines of points. The tiles of an array that no single step leads through, as it is transposed,
broadcast or a part of another, are copied into lines and out of them. A tile has whole lines of the cache of
each array, and all of its arrays fit in there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from symdiff.compile.kernel import Kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Arrays = Sequence[NDArray[Any]]

# Measured with x*y + 1 at 1000×1000: tiles of half the size take 1.6 times as long for (A.T, A), those of twice the
# size three times as long for a row and a column; 32 numbers side by side take 1.5 times as long for (A.T, A) as 16.
TILE = 1 << 14  # size limit of a tile, in points
ROOM, FEWEST = 1 << 18, 1 << 10  # limit of numbers copied for a tile; least points of one that shrinks for it
NEAR = 16  # count of numbers of an array that lie side by side in a tile
ALONE = 1 << 12  # size limit of a batch that is not worth a thread, or a plan, in points

Tile = tuple[Any, ...]  # tile: an index


def run(kernel: Kernel, inputs: Arrays, outputs: Arrays, shape: tuple[int, ...], threads: int = 1) -> None:
    """Fill the outputs: arrays of the shape of the batch, as the inputs are."""
    length = prod(shape)
    if not length or not outputs:
        return
    if len(shape) != 1 and length <= ALONE:
        _compute(kernel, inputs, outputs, [(...,)])
        return
    threads = max(min(threads, length // ALONE), 1)
    arrays = [*inputs, *outputs] if len(shape) == 1 else merged([*inputs, *outputs], shape)
    inputs, outputs = arrays[: len(inputs)], arrays[len(inputs) :]
    if threads == 1 and arrays[0].ndim == 1:
        kernel.batch(inputs, outputs)
        return
    tiles = tiled(arrays, -(-length // threads))
    if threads == 1:
        _compute(kernel, inputs, outputs, tiles)
        return
    from concurrent.futures import ThreadPoolExecutor

    bounds = [len(tiles) * k // threads for k in range(threads + 1)]
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(
            lambda k: _compute(kernel, inputs, outputs, tiles[bounds[k] : bounds[k + 1]]), range(threads)
        ):
            pass


def merged(arrays: Arrays, shape: tuple[int, ...]) -> list[NDArray[Any]]:
    """Views of as few axes as can be: those of long steps come first, and neighbours are one where one step does."""
    steps = list(zip(*[a.strides for a in arrays], strict=True))
    order = sorted(range(len(shape)), key=lambda k: (shape[k] > 1, -sum(map(abs, steps[k]))))
    sizes: list[int] = []
    last: tuple[int, ...] = ()
    for k in order:
        if shape[k] == 1:
            continue
        if sizes and all(outer == inner * shape[k] for outer, inner in zip(last, steps[k], strict=True)):
            sizes[-1] *= shape[k]
        else:
            sizes.append(shape[k])
        last = steps[k]
    return [a.transpose(order).reshape(sizes or 1) for a in arrays]


def tiled(arrays: Arrays, most: int) -> list[Tile]:
    """The parts, each of about so many points at most, in which to compute; a single axis needs no smaller ones."""
    shape = arrays[0].shape
    if len(shape) > 1:
        most = min(most, TILE, max(ROOM // sum([not is_line(a) for a in arrays]), FEWEST))
    sides = [1] * len(shape)
    for a in arrays:
        if a.strides[-1]:
            nearest = min([k for k, step in enumerate(a.strides) if step], key=lambda k: abs(a.strides[k]))
            sides[nearest] = min(NEAR, shape[nearest])
    for k in reversed(range(len(shape))):
        sides[k] = max(min(shape[k], most * sides[k] // prod(sides)), 1)
    pairs = zip(shape, sides, strict=True)
    return list(product(*[[slice(i, min(i + side, size)) for i in range(0, size, side)] for size, side in pairs]))


def _compute(kernel: Kernel, inputs: Arrays, outputs: Arrays, tiles: Iterable[Tile]) -> None:
    """The points of some tiles."""
    for tile in tiles:
        parts = [a[tile] for a in outputs]
        direct = [is_line(part) for part in parts]
        made = [p.reshape(-1) if d else np.empty(p.size, p.dtype) for p, d in zip(parts, direct, strict=True)]
        kernel.batch([a[tile].reshape(-1) for a in inputs], made)  # copy where no single step leads through
        for part, found, d in zip(parts, made, direct, strict=True):
            if not d:
                part[...] = found.reshape(part.shape)


def is_line(array: NDArray[Any]) -> bool:
    """Whether a single step leads through all elements in C order."""
    if array.flags.c_contiguous or array.ndim < 2:
        return True
    step, count = 0, 1
    for size, stride in zip(reversed(array.shape), reversed(array.strides), strict=True):
        if size > 1:
            if count > 1 and stride != step * count:
                return False
            step = stride if count == 1 else step
            count *= size
    return True
