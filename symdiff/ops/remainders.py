"""Values of steps and remainders for numbers that Python and NumPy do not cover: exact, of mpmath, of SymPy."""

from __future__ import annotations

from typing import Any


def fmod_exact(x: Any, y: Any) -> Any:
    """What is left of ints and Fractions by the quotient rounded towards 0, as in C."""
    left = abs(x) % abs(y)
    return -left if x < 0 else left


def _real(ctx: Any, *operands: Any) -> None:
    """Refuse complex numbers, which have no order."""
    if any(isinstance(x, ctx.mpc) for x in operands):
        raise TypeError("complex numbers have no order")


def trunc_mp(ctx: Any, x: Any) -> Any:
    """Towards 0."""
    _real(ctx, x)
    return ctx.floor(x) if x > 0 else ctx.ceil(x)


def rint_mp(ctx: Any, x: Any) -> Any:
    """To the nearest, halves to the even neighbour, as IEEE 754 does."""
    _real(ctx, x)
    return ctx.nint(x)


def rint_sympy(sympy: Any, x: Any) -> Any:
    """By halves rounded up, less 1 where that is odd: x/2 - 1/4 is whole for 1/2, 5/2, …"""
    step = x / 2 - sympy.Rational(1, 4)
    return sympy.floor(x + sympy.S.Half) + sympy.ceiling(step) - sympy.floor(step) - 1


def mod_mp(ctx: Any, x: Any, y: Any) -> Any:
    """Python's: of the sign of the divisor, which an infinite one leaves as it is or takes the place of."""
    _real(ctx, x, y)
    if not ctx.isfinite(x) or ctx.isnan(y) or not y:
        return ctx.nan
    if ctx.isinf(y):
        return x if not x or (x < 0) == (y < 0) else y
    return x % y


def floor_divide_mp(ctx: Any, x: Any, y: Any) -> Any:
    """The quotient without what is left: nearest to it is the right one where it would be rounded up to the next."""
    left = mod_mp(ctx, x, y)
    if ctx.isinf(left):  # hold: -1 is the floor of what is below 0 by next to nothing
        return ctx.mpf(-1)
    return x / y if not y else ctx.nint((x - left) / y)


def fmod_mp(ctx: Any, x: Any, y: Any) -> Any:
    """C's: of the sign of the dividend."""
    left = mod_mp(ctx, abs(x), abs(y))
    return -left if x < 0 else left
