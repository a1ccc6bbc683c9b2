"""Numbers as a report shows them."""

from __future__ import annotations

from typing import Any

_LARGE = 3000  # limit of exponents in bits from which on mpmath may write more digits than Python bears


def number_text(value: Any, digits: int = 17) -> str:
    """A number with so many digits, however large or small it is."""
    import mpmath

    if not isinstance(value, (mpmath.mpf, mpmath.mpc)):
        return "" if value is None else str(value)
    if isinstance(value, mpmath.mpc) or not value or not mpmath.isfinite(value) or abs(mpmath.mag(value)) < _LARGE:
        return str(mpmath.nstr(value, digits))
    with mpmath.mp.workdps(2 * digits + int(mpmath.mag(value)).bit_length()):
        exponent = int(mpmath.floor(mpmath.log10(abs(value))))
        return f"{mpmath.nstr(value / mpmath.mpf(10) ** exponent, digits)}e{exponent:+d}"
