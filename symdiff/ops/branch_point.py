"""The principal branch W of Lambert's function, and 1 + W, which is a square root at the branch point -1/e.

W itself tells no more of 1 + W there than half of its digits, and slopes are made of the other half.
R. M. Corless and others, On the Lambert W function, Adv. Comput. Math. 5 (1996).
"""

from __future__ import annotations

import functools
from fractions import Fraction
from typing import Any

import numpy as np

from symdiff.ops.special import as_precise

NEAR = 0.35  # distance, as p = sqrt(2*(e*x + 1)), up to which the series is taken
_START = -0.34  # operand up to which there may be such
# 1/e in three parts: what is left of it and x, added one after the other, is right in float32 and float64.
PARTS = (0.3678794503211975, -9.149755188170102e-09, 6.446516260854533e-25)


@functools.cache
def series(count: int = 26) -> tuple[float, ...]:
    """The coefficients of (1 + W)/p by powers of p: (4.23) and (4.24) there."""
    mu, alpha = [Fraction(-1), Fraction(1)], [Fraction(2), Fraction(-1)]
    for k in range(2, count):
        alpha.append(sum((mu[j] * mu[k + 1 - j] for j in range(2, k)), Fraction(0)))
        mu.append(Fraction(k - 1, k + 1) * (mu[k - 2] / 2 + alpha[k - 2] / 4) - alpha[k] / 2 - mu[k - 1] / (k + 1))
    return tuple(map(float, mu[1:]))


def lambertw_array(x: Any) -> Any:
    """W, real for real operands: nan below -1/e."""
    return _of_arrays(x, 0.0)


def lambertw1p_array(x: Any) -> Any:
    """1 + W."""
    return _of_arrays(x, 1.0)


def _of_arrays(x: Any, added: float) -> Any:
    """A number and W, by SciPy but for the series."""
    from scipy.special import lambertw

    if np.iscomplexobj(x):
        return added + lambertw(x)
    w = lambertw(x)
    found = np.where(w.imag == 0, w.real + added, np.nan)
    if np.any(x < _START):
        p = np.sqrt(2 * np.e * (np.asarray(x, dtype=np.float64) + PARTS[0] + PARTS[1] + PARTS[2]))
        near = p < NEAR
        p = np.where(near, p, 0.0)
        found = np.where(near, p * np.polyval(series()[::-1], p) + (added - 1), found)
    return as_precise(found[()], x)


def lambertw1p_mp(ctx: Any, x: Any) -> Any:
    """1 + W with the digits that the sum loses."""
    lost = -int(ctx.mag(x + ctx.exp(-1))) if ctx.isfinite(x) else 0
    with ctx.extraprec(max(lost, 0) + 20):
        w = 1 + ctx.lambertw(x)
    return +w
