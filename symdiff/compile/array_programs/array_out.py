"""Arrays to write results into while operands are still read: nothing else may be in their memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symdiff import ops
from symdiff.compile.kernel import Options
from symdiff.graph import VAR, Graph
from symdiff.ops import arrays
from symdiff.records import record

# what may end with an error: indices out of range, eigenvalues that do not converge, whatever is in the body of a loop
_FAILING = frozenset(
    [
        arrays.gather, arrays.scatter, arrays.scan, arrays.eigvalsh, arrays.eigenvectors, arrays.svdvals,
        arrays.left_singular_vectors, arrays.right_singular_vectors,
    ]
)  # fmt: skip


def cannot_fail(graph: Graph, roots: Sequence[int], options: Options) -> bool:
    """Whether a program never ends with an error half way, with one array of `out` changed and another not.

    Operations of others may raise whatever they like.
    """
    found = {record(graph.nodes[i][0]) for i in graph.cone(roots) if graph.nodes[i][0] > VAR}
    known = all(getattr(ops, op.name, None) is op or getattr(arrays, op.name, None) is op for op in found)
    return known and options.singular != "raise" and found.isdisjoint(_FAILING)


def are_apart(targets: Sequence[NDArray[Any]], operands: Sequence[NDArray[Any]]) -> bool:
    """Whether arrays to write into are plain blocks of memory, in which no other of them and no operand is."""
    if not all(a.flags.c_contiguous and a.flags.aligned for a in targets):
        return False
    spans = [(*_span(a), k < len(targets)) for k, a in enumerate([*targets, *operands])]
    written, used = 0, 0  # where what came before ends
    for start, end, is_target in sorted(spans):
        if start < (used if is_target else written):
            return False
        written, used = max(written, end if is_target else 0), max(used, end)
    return True


def _span(array: NDArray[Any]) -> tuple[int, int]:
    """Where the memory of an array begins and ends."""
    if not array.flags.c_contiguous:
        return np.lib.array_utils.byte_bounds(array)
    start = array.ctypes.data
    return start, start + array.nbytes
