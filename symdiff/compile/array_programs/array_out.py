"""Results that are written straight into the arrays of `out`, where nothing else is in their memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symdiff.compile.array_programs.array_source import ArraySource


def lines_into(source: ArraySource, lines: Sequence[str], name: str) -> list[str] | None:
    """The lines as they run where results go into the entries of a tuple; None where they write none of them there.

    None, too, for programs that may end with an error half way, with one array changed and another not.
    """
    if source.known.calls or source.known.options.singular == "raise":
        return None
    arrays = {text: f"{name}[{k}]" for k, text in enumerate(source.results) if text.isidentifier()}
    found = [source.lines.as_run_into(line, arrays) for line in lines]
    return found if found != [source.lines.as_run(line) for line in lines] else None


def filled(array: NDArray[Any], value: Any) -> NDArray[Any]:
    """The array, with a value in all its entries."""
    array[...] = value
    return array


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
