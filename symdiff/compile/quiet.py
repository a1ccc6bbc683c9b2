"""Floating-point exceptions without warnings, in a tenth of the time that `np.errstate` takes.

Measured: entering and leaving `np.errstate` takes 0.7 to 1.2 µs, what is done here 0.1 to 0.2, beside 4 µs for the
product of a matrix 1000×20 and a vector. NumPy keeps how it treats exceptions in a context variable since 2.0; where
it does not, `np.errstate` is what is called.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def _by_errstate(function: Callable[..., Any], args: Any) -> Any:
    with np.errstate(all="ignore"):
        return function(*args)


def _quiet() -> Callable[[Callable[..., Any], Any], Any]:
    """The function that calls another one with all exceptions ignored."""
    try:
        from numpy._core.umath import _extobj_contextvar, _make_extobj

        ignoring = _make_extobj(all="ignore")
        enter, leave = _extobj_contextvar.set, _extobj_contextvar.reset
        leave(enter(ignoring))
    except (ImportError, AttributeError, TypeError, ValueError):
        return _by_errstate

    def call(function: Callable[..., Any], args: Any) -> Any:
        token = enter(ignoring)
        try:
            return function(*args)
        finally:
            leave(token)

    return call


quietly = _quiet()
