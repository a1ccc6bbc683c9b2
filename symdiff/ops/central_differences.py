"""Slopes of functions that are known by their values alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

_STEP = 2.0**-10  # near the fifth root of the precision, where truncation and rounding are alike: about 1e-12


def slope(values: Callable[..., Any], k: int) -> Callable[..., Any]:
    """The partial derivative of a function by its k-th operand: a central difference of fourth order.

    Steps are powers of two, so that they are exact (Abramowitz and Stegun, *Handbook of Mathematical
    Functions*, 25.3.6).

    >>> round(float(slope(np.sin, 0)(0.0)), 11)
    1.0
    """

    def found(*operands: Any) -> Any:
        x = np.asarray(operands[k], np.float64)
        with np.errstate(all="ignore"):
            h = _STEP * np.exp2(np.floor(np.log2(np.maximum(np.abs(x), 1.0))))

            def at(steps: int) -> Any:
                return values(*operands[:k], x + steps * h, *operands[k + 1 :])

            return (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * h)

    return found
