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
            h = _steps(x)

            def at(steps: int) -> Any:
                return values(*operands[:k], x + steps * h, *operands[k + 1 :])

            return (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * h)

    return found


def jacobian_by_differences(values: Callable[..., Any], k: int, batched: bool) -> Callable[..., Any]:
    """The Jacobian of a function of arrays by its k-th operand, of shape out + in, entry by entry as `slope` has it.

    Parameters
    ----------
    values : callable
    k : int
    batched : bool
        Whether it takes axes in front of its operands, so that one call does for all entries.

    >>> jacobian_by_differences(lambda x: x**2, 0, False)(np.array([1.0, 2.0])).round(9)
    array([[2., 0.],
           [0., 4.]])
    """

    def found(*operands: Any) -> Any:
        x = np.asarray(operands[k], np.float64)
        with np.errstate(all="ignore"):
            h = _steps(x).ravel()
        one = np.eye(x.size).reshape(x.size, *x.shape)
        at = [x + steps * h.reshape(-1, *(1,) * x.ndim) * one for steps in _POINTS]  # of every entry's point
        if batched and x.size:
            points = np.stack(at)
            others = [np.broadcast_to(v, (*points.shape[:2], *np.shape(v))) for v in operands]
            results = np.asarray(values(*others[:k], points, *others[k + 1 :]))
        else:
            called = [[_called(values, operands, k, row) for row in points] for points in at]
            results = np.array(called) if x.size else np.empty((len(_POINTS), 0, *np.shape(values(*operands))))
        with np.errstate(all="ignore"):
            widths = 12 * h.reshape(-1, *(1,) * (results.ndim - 2))
            slopes = (8 * (results[0] - results[1]) - (results[2] - results[3])) / widths
        return np.moveaxis(slopes, 0, -1).reshape(*slopes.shape[1:], *x.shape)

    return found


_POINTS = (1, -1, 2, -2)  # of a central difference of fourth order, in steps


def _called(values: Callable[..., Any], operands: tuple[Any, ...], k: int, x: Any) -> Any:
    x = x if x.ndim else float(x)
    return np.asarray(values(*operands[:k], x, *operands[k + 1 :]), np.float64)


def _steps(x: Any) -> Any:
    return _STEP * np.exp2(np.floor(np.log2(np.maximum(np.abs(x), 1.0))))
