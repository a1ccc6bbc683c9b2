"""Sparse matrices put together of blocks: where each entry of each block goes, found once for numbers of sizes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from symdiff.arrays.reading import shape_of
from symdiff.arrays.sparse_blocks.coordinates import Block, flat_places, told
from symdiff.arrays.sparse_blocks.nonzeros import nonzeros
from symdiff.graph import Graph
from symdiff.keys import Range
from symdiff.shapes import Shape, bound


class Part(NamedTuple):
    """The blocks of one derivative: of which function, by which variable."""

    row: int
    col: int
    blocks: Sequence[Block]


class Assembly(NamedTuple):
    """The pattern of a matrix in rows (CSR), and where in its data each entry of each block goes.

    `taken` has for each block the entries of its values that are in the matrix, by their number in the flat array,
    None for all of them. `places` has for each of these, one block behind the other, its place in the data.
    """

    shape: tuple[int, int]
    indptr: NDArray[Any]
    indices: NDArray[Any]
    taken: Sequence[NDArray[np.intp] | None]
    places: NDArray[np.intp]
    slices: Sequence[slice] | None  # the places of each block, where these step evenly

    @property
    def adds(self) -> bool:
        """Whether entries of blocks meet, and are added."""
        return len(self.places) > len(self.indices)

    def data(self, values: Sequence[NDArray[Any]]) -> NDArray[Any]:
        """The entries of the matrix, of the values of the blocks."""
        parts = [v.ravel() if k is None else v.ravel()[k] for v, k in zip(values, self.taken, strict=True)]
        if self.slices is not None:
            return self._in_steps(parts)
        flat = np.concatenate(parts) if parts else np.zeros(0)
        if not self.adds:
            data = np.empty(len(flat), flat.dtype)
            data[self.places] = flat
        elif flat.dtype == np.float64:
            data = np.bincount(self.places, flat, len(self.indices))
        else:
            data = np.zeros(len(self.indices), flat.dtype)
            np.add.at(data, self.places, flat)
        return data

    def _in_steps(self, parts: Sequence[NDArray[Any]]) -> NDArray[Any]:
        dtype = parts[0].dtype if parts else np.float64
        assert self.slices is not None
        data: NDArray[Any]
        if not self.adds:
            data = np.empty(len(self.indices), dtype)
            for part, at in zip(parts, self.slices, strict=True):
                data[at] = part
        else:
            data = np.zeros(len(self.indices), dtype)
            for part, at in zip(parts, self.slices, strict=True):
                data[at] += part
        return data


def assembly(
    graph: Graph, parts: Sequence[Part], rows: Sequence[Shape], cols: Sequence[Shape], sizes: Mapping[str, int]
) -> Assembly:
    """The pattern of the matrix of derivatives of functions of some shapes by variables of some shapes.

    What is zero in the values of a block by their structure is no entry.

    Raises
    ------
    SymdiffValueError
        For a size that is not known, and for blocks that do not fit where sizes are these numbers.
    """
    outer, inner = [bound(s, sizes) for s in rows], [bound(s, sizes) for s in cols]
    top, left = _offsets(outer), _offsets(inner)
    shape = top[-1], left[-1]
    held = [(part, block) for part in parts for block in part.blocks]
    masks = nonzeros(graph, [block.values for _, block in held], sizes)
    taken: list[NDArray[np.intp] | None] = []
    keys = []
    for (part, block), mask in zip(held, masks, strict=True):
        count = len(outer[part.row])
        full = bound(shape_of(graph, block.values), sizes)
        row = top[part.row] + flat_places(block.axes[:count], outer[part.row], full, sizes)
        col = left[part.col] + flat_places(block.axes[count:], inner[part.col], full, sizes)
        key = np.broadcast_to(row * shape[1] + col, full).ravel()
        kept = np.flatnonzero(mask) if isinstance(mask, np.ndarray) else None if mask else np.zeros(0, np.intp)
        taken.append(kept)
        keys.append(key if kept is None else key[kept])
    found, places = _distinct(np.concatenate(keys) if keys else np.zeros(0, np.intp))
    at_row, at_col = np.divmod(found, max(shape[1], 1))
    indptr = np.concatenate([[0], np.cumsum(np.bincount(at_row, minlength=shape[0]))])
    places = places.astype(np.intp)
    index = np.int32 if max(*shape, len(found)) < 1 << 31 else np.int64  # SciPy converts others at every call
    return Assembly(
        shape, indptr.astype(index), at_col.astype(index), taken, places, _slices(places, list(map(len, keys)))
    )


def _slices(places: NDArray[np.intp], counts: Sequence[int]) -> list[slice] | None:
    """The places of each block as a slice, None where one does not step evenly, or there is but one block."""
    if len(counts) < 2:
        return None
    found = []
    for at in np.split(places, np.cumsum(counts)[:-1]):
        spot = told(at)
        spot = Range(spot, 1) if isinstance(spot, int) else spot
        if not isinstance(spot, Range) or spot.step < 1:
            return None
        found.append(spot.as_slice)
    return found


def _distinct(keys: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The different keys in order, and where among them each is; those of one large block are in order already."""
    if np.all(keys[1:] > keys[:-1]):
        return keys, np.arange(len(keys))
    return np.unique(keys, return_inverse=True)


def _offsets(shapes: Sequence[tuple[int, ...]]) -> list[int]:
    return [0, *np.cumsum([math.prod(s) for s in shapes]).tolist()]
