"""Values of special functions that Python, NumPy, SciPy and SymPy lack, or have less exactly."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from symdiff.errors import SymdiffTypeError, SymdiffValueError

HIGHEST = 1000  # order limit of polygamma and spherical_jn


def as_precise(result: Any, x: Any) -> Any:
    """SciPy's float64 in the precision of the operand."""
    return result.astype(x.dtype) if getattr(x, "dtype", None) in (np.float16, np.float32) else result


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
        raise SymdiffValueError(f"the order of {name} is at most {highest:,}, not {np.max(whole):,}")
    return whole


def spherical_jn_array(n: Any, x: Any) -> Any:
    """SciPy's, for orders that come as floats."""
    from scipy.special import spherical_jn as scipy_jn

    return as_precise(scipy_jn(orders("spherical_jn", n), x), x)


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
