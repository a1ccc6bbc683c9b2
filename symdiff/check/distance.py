"""How far numbers are apart: relative to the true one, nothing absolute but where floats end."""

from __future__ import annotations

from typing import Any

from symdiff.exact import to_float

SMALLEST = 2.0**-1074  # smallest of floats
NORMAL = 2.0**-1022  # smallest normal float; smaller ones have fewer digits
RESOLUTION = 1e-50  # resolution of the reference


def finite(value: Any) -> bool:
    """Whether a value is a number, not nan and not infinite."""
    import mpmath

    return value is not None and bool(mpmath.isfinite(value))


def in_range(value: Any) -> bool:
    """Whether a float can be a number: 0, or neither too large nor too small."""
    nearest = as_float(value)
    return bool(finite(nearest) and (nearest or not value))


def distance(value: Any, true: Any) -> Any:
    """How far a number is from the true one, as an mpmath number; 0 for a float that is it rounded, inf and nan too."""
    import mpmath

    both = finite(value) and finite(true)
    if not (both and _is_precise(value)):
        x, y = as_float(value), as_float(true)
        if x == y or (x != x and y != y):
            return mpmath.mpf(0)
    if not both:
        return mpmath.inf
    with mpmath.mp.workdps(80):
        return abs(mpmath.mpmathify(value) - mpmath.mpmathify(true))


def _is_precise(value: Any) -> bool:
    """Whether a number is one of mpmath's, which has no smallest one."""
    return hasattr(value, "context")


def as_float(value: Any) -> Any:
    """The nearest float, or complex number of floats."""
    return complex(value) if getattr(value, "imag", 0) else to_float(value.real)


def relative(value: Any, true: Any) -> float:
    """The error relative to the true value; absolute where that is 0. What 50 digits don't tell is none."""
    far, size = distance(value, true), abs(true) if finite(true) else 0
    if far <= RESOLUTION * size:
        return 0.0
    return float(far / size if size else far)


def within(value: Any, true: Any, tolerance: float) -> bool:
    """Whether a number is the true one to a relative tolerance.

    A float below the normal ones may be off by four of the smallest; so may any number from a 0 that is
    known to be below them.
    """
    far = distance(value, true)
    size = abs(true) if finite(true) else 0
    coarse = not (_is_precise(value) and size)
    return bool(far <= tolerance * size or (coarse and size < NORMAL and far <= 4 * SMALLEST))
