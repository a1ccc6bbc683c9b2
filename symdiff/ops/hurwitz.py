"""n! times the zeta function of Hurwitz: polygamma of any order, with no factor that over- or underflows by itself.

n!*zeta(n + 1, x) is K * (x/2**e)**-p * (x/2**(e + 1))**-q * Y, where p + q is n, K is between 1 and 2, and
Y = x**n * zeta(n + 1, x) is between 1/x and 1/x + 1/n. NumPy's arrays and native code follow the same steps.
"""

from __future__ import annotations

import functools
import math
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from symdiff.ops.special import as_precise, digamma_array, orders

_LOW, _FAR = 20, 1000.0  # limits of orders and operands of SciPy's
_NEAR = 30  # distance on the left up to which mpmath's own is taken
_TERMS = 50  # terms that are added up: those behind are negligible, or so far out that the tail is accurate


class Scaling(NamedTuple):
    """n! as K * 2**(e*p) * 2**((e + 1)*q)."""

    factor: float  # K
    exponent: int  # e
    lower: int  # p
    upper: int  # q


@functools.cache
def scaling(n: int) -> Scaling:
    """The scaling of an order."""
    factorial = math.factorial(n)
    bits = factorial.bit_length() - 1
    exponent, upper = divmod(bits, n)
    return Scaling(factorial / (1 << bits), exponent, n - upper, upper)


def terms(n: int) -> int:
    """How many terms are added up before the tail."""
    return min(n + 11, _TERMS)


@functools.cache
def bernoulli(count: int) -> tuple[Fraction, ...]:
    """The numbers of Bernoulli B_2, B_4, …"""
    found = [Fraction(1)]
    for m in range(1, 2 * count + 1):
        found.append(-sum((math.comb(m + 1, k) * found[k] for k in range(m)), Fraction(0)) / (m + 1))
    return tuple(found[2::2])


@functools.cache
def tail(n: int, count: int = 10) -> tuple[float, ...]:
    """The coefficients of the tail by powers of z**-2: DLMF 25.11.28 over z**(1 - s), but for 1/(2*z)."""
    s = n + 1
    numbers = enumerate(bernoulli(count), 1)
    return (1 / n, *[float(b * math.prod(range(s, s + 2 * j - 1)) / math.factorial(2 * j)) for j, b in numbers])


def polygamma_real(n: float, x: float) -> float:
    """As SciPy's, of positive x that is not far and of few orders.

    Raises
    ------
    ValueError
        For others, which `polygamma_array` takes.
    """
    from scipy.special import digamma, zeta

    if not (0.0 < x <= _FAR and 0 <= n <= _LOW and n == int(n)):
        raise ValueError("it takes another formula")
    order, at = int(n), float(x)
    if not order:
        return float(digamma(at))
    return (-1.0) ** (order + 1) * math.factorial(order) * float(zeta(order + 1, at))  # as floats, which never warn


def polygamma_array(n: Any, x: Any) -> Any:
    """SciPy's as far as its factors stay in range and its sums on the left are short."""
    from scipy.special import polygamma

    order, at = np.broadcast_arrays(orders("polygamma", n), np.asarray(x, dtype=np.float64))
    own = (order > _LOW) | (abs(at) > _FAR) | (order == 0)
    if not own.any():
        return as_precise(polygamma(order, at)[()], x)
    found = np.asarray(polygamma(order, np.where(own, 1.0, at)))
    for one in np.unique(order[own]):
        mask = own & (order == one)
        found[mask] = _of_one_order(int(one), at[mask]) if one else digamma_array(at[mask])
    return as_precise(found[()], x)


def _of_one_order(n: int, x: Any) -> Any:
    """The terms of the series of zeta on the right of 0, and those on the left."""
    sign = (-1.0) ** n
    below = np.floor(x)
    left = x < 0
    found = _scaled_zeta(n, np.where(left, x - below, x))
    if left.any():
        at, before = x[left], np.ceil(x[left]) - x[left]
        after, first, rest = found[left], _scaled_zeta(n, before), _scaled_zeta(n, 1 - at)
        nearest = after + first if sign < 0 else _difference(after, first, before - 0.5)
        found[left] = np.where(np.isinf(nearest), nearest, nearest + sign * rest)
    found[(x <= 0) & (x == below)] = np.inf
    return -sign * found


def _difference(a: Any, b: Any, side: Any) -> Any:
    """a - b, of two infinities the one on whose side it is; half way between poles they are equal."""
    ends = np.where(side == 0, 0.0, side * np.inf)
    return np.where((side == 0) | ((a == np.inf) & (b == np.inf)), ends, a - b)


def _scaled_zeta(n: int, x: Any) -> Any:
    """n!*zeta(n + 1, x) of positive x."""
    count = terms(n)
    z = x + count
    total = _horner(tail(n), 1 / (z * z)) + 0.5 / z
    total *= (x / z) ** n
    for k in reversed(range(count)):  # add the smallest first
        total += (x / (x + k)) ** n / (x + k)
    factor, exponent, lower, upper = scaling(n)
    found = factor * (x * 2.0**-exponent) ** -lower * total
    found = found * (x * 2.0 ** -(exponent + 1)) ** -upper if upper else found
    return np.where(x == np.inf, 0.0, found)


def _horner(coefficients: tuple[float, ...], x: Any) -> Any:
    total = coefficients[-1]
    for c in reversed(coefficients[:-1]):
        total = total * x + c
    return total


def polygamma_mp(ctx: Any, n: Any, x: Any) -> Any:
    """mpmath's, for orders that come as its numbers."""
    with ctx.extraprec(30):
        found = psi_mp(ctx, int(orders("polygamma", float(n.real))), x)
    return +found


def psi_mp(ctx: Any, m: int, z: Any) -> Any:
    """mpmath's; far on the left, where that adds up a term for each unit, by reflection: DLMF 5.15.6."""
    if not ctx.isfinite(z) or z.real > -_NEAR:
        return ctx.psi(m, z)
    cot = ctx.cot(ctx.pi * (z - ctx.floor(z.real)))
    slope = [0, 1]  # coefficients of a derivative of cot(t) by powers of cot(t), whose own is -(1 + cot(t)**2)
    for _ in range(m):
        terms_of = [k * c for k, c in enumerate(slope)][1:]
        slope = [-(a + b) for a, b in zip([*terms_of, 0, 0], [0, 0, *terms_of], strict=True)]
    return (-1) ** m * ctx.psi(m, 1 - z) - ctx.pi ** (m + 1) * ctx.polyval(slope[::-1], cot)
