"""Values of special functions that Python, NumPy, SciPy and SymPy lack, or have less exactly."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.quoting import counted

HIGHEST = 1000  # order limit of polygamma and spherical_jn
HIGHEST_MIXED = 50  # order limit of the derivatives of binomial and beta


def as_precise(result: Any, x: Any) -> Any:
    """SciPy's float64 in the precision of the operand."""
    return result.astype(x.dtype) if getattr(x, "dtype", None) in (np.float16, np.float32) else result


def sech(x: float) -> float:
    """2*exp(-|x|)/(1 + exp(-2|x|)): cosh(x) overflows where its inverse is a float yet."""
    t = math.exp(-abs(x))
    return 2.0 * t / (1.0 + t * t)


def sech_array(x: Any) -> Any:
    """As `sech`."""
    if np.iscomplexobj(x):
        return 1 / np.cosh(x)
    t = np.exp(-np.abs(x))
    return 2 * t / (1 + t * t)


def csch(x: float) -> float:
    """2*exp(-|x|)/(1 - exp(-2|x|)), with the sign of x."""
    size = abs(x)
    return math.copysign(2.0 * math.exp(-size) / -math.expm1(-2.0 * size), x)


def csch_array(x: Any) -> Any:
    """As `csch`."""
    if np.iscomplexobj(x):
        return 1 / np.sinh(x)
    size = np.abs(x)
    return np.copysign(2 * np.exp(-size) / -np.expm1(-2 * size), x)


def sigmoid_array(x: Any) -> Any:
    """SciPy's; far on the left, where that is 0 for denormal numbers, exp(x)."""
    from scipy.special import expit

    if np.iscomplexobj(x):
        return 1 / (1 + np.exp(-x))
    far = x < -80.0
    return np.where(far, np.exp(np.minimum(x, 0)), expit(x)) if np.any(far) else expit(x)


def sigmoid_slope(x: float) -> float:
    """exp(-|x|)/(1 + exp(-|x|))**2."""
    t = math.exp(-abs(x))
    return t / (1.0 + t) ** 2


def sigmoid_slope_array(x: Any) -> Any:
    """As `sigmoid_slope`."""
    t = np.exp(-x if np.iscomplexobj(x) else -np.abs(x))
    return t / (1 + t) ** 2


def asec(x: float) -> float:
    """By the tangent, since acos(1/x) has lost its digits near 1."""
    size = abs(x)
    return math.atan2(math.sqrt(size - 1.0) * math.sqrt(size + 1.0), math.copysign(1.0, x))


def asec_array(x: Any) -> Any:
    """As `asec`."""
    if np.iscomplexobj(x):
        return np.arccos(1 / x)
    size = np.abs(x)
    return np.arctan2(np.sqrt(size - 1) * np.sqrt(size + 1), np.sign(x))


def acoth(x: float) -> float:
    """log((x + 1)/(x - 1))/2."""
    return math.copysign(math.log1p(2.0 / (abs(x) - 1.0)) / 2.0, x)


def acoth_array(x: Any) -> Any:
    """As `acoth`."""
    return np.arctanh(1 / x) if np.iscomplexobj(x) else np.copysign(np.log1p(2 / (np.abs(x) - 1)) / 2, x)


def asech(x: float) -> float:
    """By the sinh, since acosh(1/x) has lost its digits near 1."""
    return math.asinh(math.sqrt((1.0 - x) / x) * math.sqrt((1.0 + x) / x))


def asech_array(x: Any) -> Any:
    """As `asech`."""
    return np.arccosh(1 / x) if np.iscomplexobj(x) else np.arcsinh(np.sqrt((1 - x) / x) * np.sqrt((1 + x) / x))


def loggamma_array(x: Any) -> Any:
    """SciPy's; below the normal numbers, where that is infinite, -log(x), to which it comes down."""
    from scipy.special import loggamma

    if np.iscomplexobj(x):
        return loggamma(x)
    tiny = (x > 0) & (x < 1e-20)
    return as_precise(np.where(tiny, -np.log(x), loggamma(x))[()], x) if tiny.any() else loggamma(x)


def digamma_array(x: Any) -> Any:
    """SciPy's; beside a pole on the left by reflection (DLMF 5.5.4) at the distance from it, which has no rounding."""
    from scipy.special import digamma

    if np.iscomplexobj(x) or not np.any(x < 0):
        return digamma(x)
    at = np.asarray(x, dtype=np.float64)
    off = at - np.rint(at)
    near = (at < 0) & (off != 0) & (abs(off) < 0.25)
    return as_precise(np.where(near, digamma(1 - at) - np.pi / np.tan(np.pi * off), digamma(at))[()], x)


def orders(name: str, n: Any, highest: int = HIGHEST) -> Any:
    """Orders as ints.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For those that are not whole, negative or too high.
    """
    given = np.asarray(n)
    whole = given.astype(int)
    if np.any(whole != given) or np.any(whole < 0):
        raise SymdiffTypeError(f"the order of {name} is a whole number of at least 0, not {n}")
    if np.any(whole > highest):
        raise SymdiffValueError(f"the order of {name} is at most {highest:,}, not {counted(np.max(whole))}")
    return whole


def spherical_jn_array(n: Any, x: Any) -> Any:
    """SciPy's, for orders that come as floats; near 0, where that is 0 or nan, x**n/(2n + 1)!!: DLMF 10.52.1."""
    from scipy.special import spherical_jn as scipy_jn

    given = orders("spherical_jn", n)
    near = np.abs(x) < NEAR
    if not np.any(near):
        return as_precise(scipy_jn(given, x), x)
    found = np.where(near, np.power(x, given) / _odd_products(given), scipy_jn(given, np.where(near, 1.0, x)))
    return as_precise(found[()], x)


def odd_product(n: int) -> float:
    """(2n + 1)!!, an infinity beyond floats."""
    return math.prod([float(k) for k in range(1, 2 * n + 2, 2)])


_odd_products = np.vectorize(odd_product, otypes=[np.float64])

NEAR = 1e-8  # distance from 0 within which the first term of a series in x**2 is all that floats see


def spherical_jn_mp(ctx: Any, n: Any, x: Any) -> Any:
    """DLMF 10.47.3, and its limit at 0. Root and Bessel function have one cut, across which the quotient is smooth."""
    n = int(orders("spherical_jn", float(n.real)))
    if x == 0:
        return ctx.mpf(n == 0)
    value = ctx.besselj(n + ctx.mpf(1) / 2, x) / ctx.sqrt(2 * x / ctx.pi)
    return value.real if isinstance(x, ctx.mpf) else value


def spherical_jn_sympy(sympy: Any, n: Any, x: Any) -> Any:
    """By symmetry from positive x: SymPy's own value at negative x has the wrong sign."""
    return sympy.jn(n, sympy.Abs(x)) * (sympy.sign(x) if n % 2 else 1)


def erfc_array(x: Any) -> Any:
    """The C library's, an element at a time: SciPy's is up to 150 ulp off where the result is small."""
    return as_precise(np.asarray(_erfc_elements(x)).astype(np.float64)[()], x)


_erfc_elements = np.frompyfunc(math.erfc, 1, 1)
