"""Arrays to write results into while operands are still read: nothing else may be in their memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


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
