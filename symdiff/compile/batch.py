"""A kernel over a batch of any shape: axes become one where strides allow, else it goes piece by piece."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from symdiff.compile.kernel import Kernel

PIECE = 1 << 16  # points copied at once where the strides of an array have no single step
ALONE = 1 << 12  # points that are not worth a thread

Arrays = Sequence[NDArray[Any]]


def run(kernel: Kernel, inputs: Arrays, outputs: Arrays, shape: tuple[int, ...], threads: int = 1) -> None:
    """Fill the outputs: arrays of the shape of the batch, as the inputs are."""
    length = prod(shape)
    if not length or not outputs:
        return
    threads = max(min(threads, length // ALONE), 1)
    if threads == 1 and len(shape) == 1:
        kernel.batch(inputs, outputs)
        return
    lines_in = [line(a) for a in inputs]
    lines_out = [line(a) for a in outputs]
    bounds = [length * k // threads for k in range(threads + 1)]

    def part(k: int) -> None:
        _span(kernel, (inputs, lines_in), (outputs, lines_out), bounds[k], bounds[k + 1])

    if threads == 1:
        part(0)
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(part, range(threads)):
            pass


def line(array: NDArray[Any]) -> NDArray[Any] | None:
    """The same elements as an array of one dimension, without a copy; None where one step does not reach all."""
    if array.ndim == 1:
        return array
    if array.flags.c_contiguous:
        return array.reshape(-1)
    step, count = 0, 1
    for size, stride in zip(reversed(array.shape), reversed(array.strides), strict=True):
        if size == 1:
            continue
        if count == 1:
            step = stride
        elif stride != step * count:
            return None
        count *= size
    return as_strided(array, (count,), (step,), writeable=array.flags.writeable)


def _span(
    kernel: Kernel,
    inputs: tuple[Arrays, Sequence[NDArray[Any] | None]],
    outputs: tuple[Arrays, Sequence[NDArray[Any] | None]],
    low: int,
    high: int,
) -> None:
    """The points from `low` to `high`, counted in C order."""
    whole = all(a is not None for a in inputs[1]) and all(a is not None for a in outputs[1])
    size = high - low if whole else PIECE
    for start in range(low, high, size):
        stop = min(start + size, high)
        given = [a.flat[start:stop] if b is None else b[start:stop] for a, b in zip(*inputs, strict=True)]
        made = [np.empty(stop - start, a.dtype) if b is None else b[start:stop] for a, b in zip(*outputs, strict=True)]
        kernel.batch(given, made)
        for a, b, found in zip(*outputs, made, strict=True):
            if b is None:
                a.flat[start:stop] = found
