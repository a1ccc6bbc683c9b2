"""Object arrays of carriers (dual numbers, Taylor series), on which NumPy's functions are the operations.

On a plain object array NumPy compares elements to find a maximum, which takes
one side of a tie, and has no `logaddexp` at all.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from symdiff import arithmetic, records


class Carriers(np.ndarray[Any, Any]):
    """What a Python function gets in place of an array that is differentiated."""

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        plain = [_plain(a) for a in inputs]
        if "out" in kwargs:
            kwargs["out"] = tuple(_plain(a) for a in kwargs["out"])
        function = arithmetic.ufunc_named(ufunc.__name__)
        ours = function is not None and not getattr(function, "boolean", False)  # but comparisons: they give masks
        if ours and method == "__call__" and not kwargs:
            result = records.elementwise(function, plain)
        elif ours and method == "reduce" and getattr(function, "folds", False):
            result = np.frompyfunc(function, 2, 1).reduce(*plain, **kwargs)
        else:
            result = getattr(ufunc, method)(*plain, **kwargs)
        return result.view(Carriers) if isinstance(result, np.ndarray) and result.dtype == object else result


def _plain(value: Any) -> Any:
    return value.view(np.ndarray) if isinstance(value, Carriers) else value
