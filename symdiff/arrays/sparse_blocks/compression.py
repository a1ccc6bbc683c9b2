"""Many blocks as one block of single entries, each once: what is left where blocks have no diagonal in common."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from symdiff.arrays.indexing import put_blocks, reshape
from symdiff.arrays.reading import shape_of
from symdiff.arrays.sparse_blocks.coordinates import Along, Block, Unknown, flat_places
from symdiff.graph import Graph
from symdiff.keys import Places
from symdiff.shapes import Shape


def compressed(graph: Graph, read: Sequence[Block], shape: Shape) -> Block:
    """One block of the entries of blocks of an array of a shape; what meets is added.

    Raises
    ------
    Unknown
        For sizes that have names.
    """
    sizes = [n for n in shape if isinstance(n, int)]
    whole = [shape_of(graph, block.values) for block in read]
    counts = [[n for n in own if isinstance(n, int)] for own in whole]
    if len(sizes) < len(shape) or list(map(len, counts)) != list(map(len, whole)):
        raise Unknown
    keys = [
        np.broadcast_to(flat_places(block.axes, sizes, count), count).ravel()
        for block, count in zip(read, counts, strict=True)
    ]
    found, places = np.unique(np.concatenate(keys), return_inverse=True)
    parts = np.split(places, np.cumsum([math.prod(count) for count in counts])[:-1])
    values = [reshape(graph, b.values, (math.prod(c),)) if c else b.values for b, c in zip(read, counts, strict=True)]
    at = [(Places(tuple(p.tolist())),) if count else (int(p[0]),) for p, count in zip(parts, counts, strict=True)]
    axes = tuple([Along(0, p) for p in np.unravel_index(found, sizes)])
    return Block(put_blocks(graph, values, tuple(at), (len(found),)), axes)
