"""Loops over all entries of arrays: the kernel that batches of points have, made when it is first called.

A result may be kept, or only the sum or the largest of its entries: of all, or along the last axis. Native code finds
it as it goes, where NumPy makes an array first: a sum of softplus over 10⁵ entries takes 0.6 of the time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symdiff.compile import batch, choose
from symdiff.compile.kernel import Kernel, Options
from symdiff.compile.lower import lower
from symdiff.compile.results import fresh
from symdiff.compile.tape import Tape
from symdiff.locks import free_in_children

making = free_in_children(threading.RLock())  # lock of all that is made once for loops
KEPT, TOTAL, ROWS, LARGEST, LARGEST_ROWS = range(5)  # what becomes of the entries of a result


class ArrayLoop:
    """A tape over the entries of arrays that broadcast against each other; an array for each result.

    Called with arrays and numbers; where `leads` is true, the first has the shape of them all together. The array to
    write the result into may be given as `out`, for several results a tuple with None where a new one is wanted. The
    others of a program are made with the first that is called.
    """

    def __init__(
        self,
        tape: Tape,
        folds: Sequence[int],
        leads: bool,
        options: Options,
        backend: str,
        others: Collection[ArrayLoop] = (),
    ) -> None:
        self._tape, self._options, self._backend = tape, options._replace(points=False), backend
        self._folds, self._leads = tuple(folds), leads
        self._others = others
        self._kernel: Kernel | None = None
        self._grid: Callable[..., None] | None = None
        self._is_ready = False
        kinds = tape.booleans()
        self._numeric = [fold != KEPT for fold in folds]
        self._dtypes = [
            np.dtype(bool) if kinds[j] and fold == KEPT else options.dtype
            for j, fold in zip(tape.outputs, folds, strict=True)
        ]

    def __call__(self, *operands: Any, out: Any = None) -> Any:
        if not self._is_ready:
            self._ready()
        shape = operands[0].shape if self._leads else np.broadcast_shapes(*map(np.shape, operands))
        if self._grid is None or 0 in shape or len(shape) > 8:
            return self._spread(operands, shape, out)
        results = self._rooms(shape, out)
        self._grid(*operands, *results)
        if len(results) == 1:
            return results[0].item() if self._folds[0] in (TOTAL, LARGEST) else results[0]
        return [r.item() if fold in (TOTAL, LARGEST) else r for r, fold in zip(results, self._folds, strict=True)]

    def _rooms(self, shape: tuple[int, ...], out: Any) -> list[NDArray[Any]]:
        """The arrays to write into, new ones where none are given."""
        if out is None:
            return [self._room(shape, k) for k in range(len(self._folds))]
        given = out if isinstance(out, tuple) else (out,)
        return [self._room(shape, k) if array is None else array for k, array in enumerate(given)]

    def _room(self, shape: tuple[int, ...], k: int) -> NDArray[Any]:
        fold = self._folds[k]
        return fresh(shape if fold == KEPT else shape[:-1] if fold in (ROWS, LARGEST_ROWS) else (1,), self._dtypes[k])

    def _spread(self, operands: Sequence[Any], shape: tuple[int, ...], out: Any) -> Any:
        """The results by a kernel that takes lines of entries."""
        kernel = self._kernel or self.kernel()
        arrays: list[NDArray[Any]] = [np.broadcast_to(np.asarray(a, self._options.dtype), shape) for a in operands]
        given = out if isinstance(out, tuple) else (out,) * len(self._folds)
        results = [
            array if array is not None and fold == KEPT else fresh(shape, dtype)
            for array, fold, dtype in zip(given, self._folds, self._dtypes, strict=True)
        ]
        batch.run(kernel, arrays, results, shape)
        folded = [_FOLDS[fold](r) for r, fold in zip(results, self._folds, strict=True)]
        return folded[0] if len(folded) == 1 else folded

    def numbers(self, *operands: float) -> Any:
        """The results at one point: numbers."""
        kernel = self._kernel or self.kernel()
        found = kernel.scalar(*operands)
        return found[0] if len(found) == 1 else found

    def writer(self) -> Callable[..., None] | None:
        """A function (*operands, result) that fills an array of the shape of all operands; None where there is none."""
        if not self._is_ready:
            self._ready()
        return self._grid if self._folds == (KEPT,) and self._leads else None

    def kernel(self) -> Kernel:
        """The kernel, built when it is first needed."""
        with making:
            if self._kernel is None:
                lowered = lower(self._tape, self._options, self._numeric)
                self._kernel = choose.build(lowered, self._options, self._backend)
            return self._kernel

    def _ready(self) -> None:
        """Make what runs the kernel over arrays, and the code of all loops that belong together."""
        kernel = self.kernel()
        with making:
            grid = getattr(kernel, "grid", None)
            if grid is not None:
                kernels = [kernel, *[loop.kernel() for loop in self._others if loop is not self]]
                kernel.make_ready([one for one in kernels if type(one) is type(kernel)])  # type: ignore[attr-defined]
                self._grid = grid(self._folds)
            self._is_ready = True

    @property
    def name(self) -> str:
        """The backend."""
        return self.kernel().name

    @property
    def source(self) -> str:
        """The program of one entry."""
        return self.kernel().source


_FOLDS: dict[int, Callable[[NDArray[Any]], Any]] = {
    KEPT: lambda a: a, TOTAL: lambda a: a.sum().item(), ROWS: lambda a: a.sum(-1),
    LARGEST: lambda a: a.max().item(), LARGEST_ROWS: lambda a: a.max(-1),
}  # fmt: skip
