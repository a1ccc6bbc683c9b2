"""How far numbers are apart: relative to the true one, nothing absolute but where floats end."""

from __future__ import annotations

from typing import Any

SMALLEST = 2.0**-1074  # of floats
NORMAL = 2.0**-1022  # smaller floats have fewer digits


def finite(value: Any) -> bool:
    """Whether a value is a number, not nan and not infinite."""
    import mpmath

    return value is not None and bool(mpmath.isfinite(value))


def distance(a: Any, b: Any) -> Any:
    """How far two numbers are apart, as an mpmath number; 0 where they are the same float, also inf and nan."""
    import mpmath

    x, y = as_float(a), as_float(b)
    if x == y or (x != x and y != y):
        return mpmath.mpf(0)
    if not (finite(a) and finite(b)):
        return mpmath.inf
    with mpmath.mp.workdps(80):
        return abs(mpmath.mpmathify(a) - mpmath.mpmathify(b))


def as_float(value: Any) -> Any:
    """The nearest float, or complex number of floats."""
    return complex(value) if getattr(value, "imag", 0) else float(value.real)


def relative(value: Any, true: Any) -> float:
    """The error relative to the true value; absolute where that is 0."""
    far, size = distance(value, true), abs(true) if finite(true) else 0
    return float(far / size if size else far)


def within(value: Any, true: Any, tolerance: float) -> bool:
    """Whether a number is the true one to a relative tolerance; below the normal floats, to four of the smallest."""
    far = distance(value, true)
    size = abs(true) if finite(true) else 0
    return bool(far <= tolerance * size or (size < NORMAL and far <= 4 * SMALLEST))
