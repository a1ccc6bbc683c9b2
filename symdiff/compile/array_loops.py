"""Loops over all entries of arrays: the kernel that batches of points have, made when it is first called."""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symdiff.compile import batch, choose
from symdiff.compile.kernel import Kernel, Options
from symdiff.compile.lower import lower
from symdiff.compile.results import fresh
from symdiff.compile.tape import Tape


class ArrayLoop:
    """A tape over the entries of arrays that broadcast against each other; an array for each result.

    Called with arrays and numbers, one of them of the shape of the results.
    """

    def __init__(self, tape: Tape, options: Options, backend: str) -> None:
        self._tape, self._options, self._backend = tape, options, backend
        self._kernel: Kernel | None = None
        self._lock = threading.Lock()
        kinds = tape.booleans()
        self._dtypes = [np.dtype(bool) if kinds[j] else options.dtype for j in tape.outputs]

    def __call__(self, *operands: Any) -> Any:
        kernel = self._kernel or self.ready()
        shape = getattr(operands[0], "shape", None)
        if not shape:
            return self._spread(kernel, operands)
        lines = []
        for a in operands:
            if a.__class__ is not np.ndarray:
                lines.append(np.ndarray(math.prod(shape), self._options.dtype, self._options.dtype.type(a), 0, (0,)))
            elif a.shape == shape and a.flags.c_contiguous:
                lines.append(a if len(shape) == 1 else a.reshape(-1))
            else:
                return self._spread(kernel, operands)
        results = [fresh(shape, dtype) for dtype in self._dtypes]
        kernel.batch(lines, results if len(shape) == 1 else [r.reshape(-1) for r in results])
        return results[0] if len(results) == 1 else results

    def _spread(self, kernel: Kernel, operands: Sequence[Any]) -> Any:
        """The results for operands that are no lines of one length as they are."""
        arrays: list[NDArray[Any]] = [np.asarray(a, self._options.dtype) for a in operands]
        shape = np.broadcast_shapes(*[a.shape for a in arrays])
        results = [fresh(shape, dtype) for dtype in self._dtypes]
        batch.run(kernel, [np.broadcast_to(a, shape) for a in arrays], results, shape)
        return results[0] if len(results) == 1 else results

    def numbers(self, *operands: float) -> Any:
        """The results at one point: numbers."""
        kernel = self._kernel or self.ready()
        found = kernel.scalar(*operands)
        return found[0] if len(found) == 1 else found

    def ready(self) -> Kernel:
        """The kernel, built when it is first needed."""
        with self._lock:
            if self._kernel is None:
                self._kernel = choose.build(lower(self._tape, self._options), self._options, self._backend)
            return self._kernel

    @property
    def name(self) -> str:
        """The backend."""
        return self.ready().name

    @property
    def source(self) -> str:
        """The program of one entry."""
        return self.ready().source
