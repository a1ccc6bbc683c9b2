"""Operands of very long programs, as two arrays of numbers: a tenth of the memory that tuples of ints take.

Measured on the Hessian of a simulation of 100 steps, 1.1 million instructions: tuples take 104 bytes an instruction,
and twice that while they are made, arrays 9.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, overload

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONG = 50_000  # length from which the operands of a program are packed, in instructions
_BLOCK = 10_000  # instructions that are unpacked at once


class Packed(Sequence[tuple[int, ...]]):
    """The operands of each instruction, which tuples are made of as they are read.

    Parameters
    ----------
    flat : array of int32
        The slots that instructions read, one after the other.
    arity : array of int
        How many are read by each.
    """

    __slots__ = ("arity", "begin", "flat")

    def __init__(self, flat: NDArray[np.int32], arity: NDArray[Any]) -> None:
        self.flat = flat
        self.arity: NDArray[Any] = arity.astype(np.uint8 if arity.max(initial=0) < 256 else np.int32)
        self.begin: NDArray[np.int32] = (np.cumsum(arity) - arity).astype(np.int32)  # first place of each in `flat`

    def __len__(self) -> int:
        return len(self.arity)

    @overload
    def __getitem__(self, k: int) -> tuple[int, ...]: ...
    @overload
    def __getitem__(self, k: slice) -> tuple[tuple[int, ...], ...]: ...

    def __getitem__(self, k: Any) -> Any:
        if isinstance(k, slice):
            return tuple([self[i] for i in range(*k.indices(len(self)))])
        start = int(self.begin[k])
        return tuple(self.flat[start : start + int(self.arity[k])].tolist())

    def __iter__(self) -> Iterator[tuple[int, ...]]:
        for first in range(0, len(self), _BLOCK):
            begin, arity = self.begin[first : first + _BLOCK], self.arity[first : first + _BLOCK].tolist()
            start = int(begin[0])
            flat = iter(self.flat[start : int(begin[-1]) + arity[-1]].tolist())
            for count in arity:
                yield (next(flat), next(flat)) if count == 2 else tuple([next(flat) for _ in range(count)])

    def __reduce__(self) -> tuple[Any, ...]:
        return tuple, ([*self],)

    def ends(self) -> tuple[list[int], list[int]]:
        """The first and the last operand of each instruction."""
        last = self.begin + self.arity.astype(np.int32) - 1
        return self.flat[self.begin].tolist(), self.flat[last].tolist()


def packed(nodes: Sequence[tuple[int, ...]], place: NDArray[np.int32]) -> Packed:
    """The operands of instructions (code, *operands), in their new places."""
    size = np.fromiter(map(len, nodes), np.int64, len(nodes))
    every = np.fromiter(chain.from_iterable(nodes), np.int64, int(size.sum()))
    operands = np.ones(len(every), bool)
    operands[np.cumsum(size) - size] = False
    return Packed(place[every[operands]], size - 1)
