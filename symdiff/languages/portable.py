"""Functions that a language may lack, as formulas over a builder: what they call is the rest of the C library.

Each gets a builder and operands, orders as ints in front. Accuracy is that of a few roundings, near roots too.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import reduce
from typing import Any

from symdiff.compile.kernel import Unsupported
from symdiff.languages.special_formulas import erf, erfc, horner, lgamma, tgamma
from symdiff.ops.builder import Builder, Value

# The root of digamma in two parts, and the coefficients of its Taylor series there.
_ROOT, _ROOT_REST = 1.4616321449683622, 9.549995429965697e-17
_AT_ROOT = (
    0.9676722454476212, -0.4427631689835921, 0.258499760955651, -0.16394270544240652, 0.10782405069126237,
    -0.07219956125645471, 0.04880428816414311, -0.03316112647484736, 0.022597648232218104, -0.01542476490594896,
    0.010538791616612175, -0.007204534386356869, 0.004926781395729853, -0.003369801655439328, 0.002305126326734928,
    -0.0015769367714301972, 0.0010788252019162967, -0.0007380709389960052, 0.000504953265834602,
    -0.0003454680251063077, 0.00023635601564027053, -0.00016170622091974803, 0.0001106337276874741,
)  # fmt: skip
_NEAR_ROOT = 0.25
# B(2k)/(2k) of Bernoulli's numbers: the asymptotic series of digamma, DLMF 5.11.2
_BERNOULLI = (
    0.08333333333333333, -0.008333333333333333, 0.003968253968253968, -0.004166666666666667, 0.007575757575757576,
    -0.021092796092796094, 0.08333333333333333, -0.4432598039215686,
)  # fmt: skip
_SHIFT = 10  # from here on the asymptotic series has full accuracy
_HIGHEST_BESSEL = 50  # order limit: recurrences of higher ones leave the range of floats


def psi(b: Builder, x: Value) -> Value:
    """The digamma function: recurrence to 10 and an asymptotic series, near its root Taylor's, on the left reflection.

    DLMF 5.5.2, 5.5.4, 5.11.2.
    """
    left = b.compare("<", x, 0.5)
    y = b.select(left, b.sub(1.0, x), x)
    small = b.compare("<", y, float(_SHIFT))
    terms = [b.div(1.0, b.add(y, float(k))) for k in reversed(range(_SHIFT))]
    shifted = reduce(b.add, terms)
    z = b.select(small, b.add(y, float(_SHIFT)), y)
    inverse = b.div(1.0, z)
    square = b.mul(inverse, inverse)
    series = b.mul(square, horner(b, square, _BERNOULLI))
    far = b.sub(b.sub(b.call("log", z), b.mul(0.5, inverse)), series)
    plain = b.select(small, b.sub(far, shifted), far)
    d = b.sub(b.sub(y, _ROOT), _ROOT_REST)
    near = b.compare("<", b.call("fabs", d), _NEAR_ROOT)
    right = b.select(near, b.mul(d, horner(b, d, _AT_ROOT)), plain)
    off = b.select(left, b.sub(x, b.call("floor", b.add(x, 0.5))), 0.25)  # of a tangent that is not 0
    reflected = b.sub(right, b.div(math.pi, b.call("tan", b.mul(math.pi, off))))
    pole = b.logical("and", b.compare("==", x, b.call("floor", x)), b.compare("<", x, 0.0))
    found = b.select(left, b.select(pole, math.nan, reflected), right)
    return b.select(b.compare("==", x, 0.0), b.div(-1.0, x), found)


def cbrt(b: Builder, x: Value) -> Value:
    """The cube root by a power, made exact to rounding by Newton's step."""
    root = b.call("copysign", b.call("pow", b.call("fabs", x), 1 / 3), x)
    square = b.mul(root, root)
    better = b.sub(root, b.div(b.sub(root, b.div(x, square)), 3.0))
    ordinary = b.logical("and", b.compare(">", square, 0.0), b.compare("<", square, math.inf))
    return b.select(ordinary, better, b.select(b.compare("==", x, 0.0), x, root))


def loggamma(b: Builder, x: Value) -> Value:
    """The logarithm of the gamma function of positive numbers."""
    return b.select(b.compare("<", x, 0.0), math.nan, b.call("lgamma", x))


def spherical_jn(b: Builder, n: int, x: Value) -> Value:
    """The spherical Bessel function of positive operands: upwards from sin and cos where stable, else downwards.

    DLMF 10.49.2, 10.51.1, 10.53.1; the recurrence downwards is normalised by the sum of (2k + 1)*j_k**2, which is 1.
    """
    if n > _HIGHEST_BESSEL:
        raise Unsupported(f"an order of {n} is above {_HIGHEST_BESSEL}")
    sine = b.call("sin", x)
    zeroth = b.select(b.compare("==", x, 0.0), 1.0, b.div(sine, x))
    zeroth = b.select(b.compare("==", x, math.inf), 0.0, zeroth)
    if n == 0:
        return zeroth
    before, upward = zeroth, b.div(b.sub(zeroth, b.call("cos", x)), x)
    for k in range(1, n):
        before, upward = upward, b.sub(b.mul(b.div(float(2 * k + 1), x), upward), before)
    upward = b.select(b.compare("==", x, math.inf), 0.0, upward)
    between = b.logical("and", b.compare(">=", x, 1.0), b.compare("<", x, float(n) + 0.5))
    downward = _downward(b, n, b.select(between, x, 1.0))
    half = b.mul(b.mul(x, x), 0.5)
    series = b.const(1.0)
    for k in range(14, 0, -1):
        series = b.sub(1.0, b.mul(b.div(half, float(k * (2 * n + 2 * k + 1))), series))
    first = b.div(b.call("pow", x, float(n)), math.prod([float(k) for k in range(1, 2 * n + 2, 2)]))
    small = b.select(b.compare("<", x, 1.0), b.mul(first, series), downward)
    return b.select(b.compare("<", x, float(n) + 0.5), small, upward)


def _downward(b: Builder, n: int, x: Value) -> Value:
    """By ratios of neighbours down to order n, and the recurrence on from there, for x from 1 to n + 1/2.

    Ratios lose what they began with, and so do their slopes; values that run down from next to nothing don't.
    """
    start = n + 26
    ratios = [b.mul(x, 1 / (2 * start + 1))]
    for k in range(start - 1, n, -1):
        ratios.append(b.div(1.0, b.sub(b.div(float(2 * k + 1), x), ratios[-1])))
    part, total = ratios[-1], b.const(float(2 * n + 1))  # of j(k)/j(n), and of (2*k + 1) times their squares
    for k, ratio in enumerate(reversed(ratios), n + 1):
        part = b.mul(part, ratio) if k > n + 1 else ratio
        total = b.add(total, b.mul(b.mul(part, part), float(2 * k + 1)))
    above, here = ratios[-1], b.const(1.0)
    for k in range(n, 0, -1):
        above, here = here, b.sub(b.mul(b.div(float(2 * k + 1), x), here), above)
        total = b.add(total, b.mul(b.mul(here, here), float(2 * k - 1)))
    size = b.div(1.0, b.call("sqrt", total))
    return b.select(b.compare("<", b.mul(here, b.call("sin", x)), 0.0), b.neg(size), size)


def rint(b: Builder, x: Value) -> Value:
    """The nearest whole number, of halves the even one: by adding and taking away 2**52."""
    size = b.call("fabs", x)
    whole = b.sub(b.add(size, 2.0**52), 2.0**52)
    return b.select(b.compare("<", size, 2.0**52), b.call("copysign", whole, x), x)


def copysign(b: Builder, x: Value, y: Value) -> Value:
    """|x| with the sign of y, of a zero too."""
    size = b.call("fabs", x)
    below = b.logical("or", b.compare("<", y, 0.0), b.logical("and", b.compare("==", y, 0.0), _under(b, y)))
    return b.select(below, b.neg(size), size)


def _under(b: Builder, y: Value) -> Value:
    return b.compare("<", b.div(1.0, y), 0.0)


def trunc(b: Builder, x: Value) -> Value:
    """What is left without the digits behind the point."""
    return b.call("copysign", b.call("floor", b.call("fabs", x)), x)


def floor(b: Builder, x: Value) -> Value:
    """The whole number at or below."""
    whole = b.call("trunc", x)
    return b.select(b.compare(">", whole, x), b.sub(whole, 1.0), whole)


def ceil(b: Builder, x: Value) -> Value:
    """The whole number at or above."""
    whole = b.call("trunc", x)
    return b.select(b.compare("<", whole, x), b.add(whole, 1.0), whole)


def log2(b: Builder, x: Value) -> Value:
    """The logarithm to base 2, of powers of 2 exactly."""
    found = b.mul(b.call("log", x), 1 / math.log(2.0))
    whole = b.call("rint", found)
    return b.select(b.compare("==", b.call("pow", 2.0, whole), x), whole, found)


def expm1(b: Builder, x: Value) -> Value:
    """exp(x) - 1 by Kahan's quotient: what u - 1 loses, log(u) loses too."""
    u = b.call("exp", x)
    middle = b.div(b.mul(b.sub(u, 1.0), x), b.call("log", u))
    found = b.select(b.compare("==", b.sub(u, 1.0), -1.0), -1.0, middle)
    found = b.select(b.compare("==", u, 1.0), x, found)
    return b.select(b.compare(">", x, 40.0), u, found)


def log1p(b: Builder, x: Value) -> Value:
    """log(1 + x) likewise."""
    u = b.add(1.0, x)
    found = b.mul(b.call("log", u), b.div(x, b.sub(u, 1.0)))
    found = b.select(b.compare("==", u, 1.0), x, found)
    return b.select(b.compare("==", u, math.inf), u, found)


FORMULAS: dict[str, Callable[..., Any]] = {
    "psi": psi, "loggamma": loggamma, "spherical_jn": spherical_jn, "rint": rint, "copysign": copysign, "trunc": trunc,
    "expm1": expm1, "log1p": log1p, "erf": erf, "erfc": erfc, "lgamma": lgamma, "tgamma": tgamma, "cbrt": cbrt,
    "floor": floor, "ceil": ceil, "log2": log2,
}  # fmt: skip
# those that leave the range or lose the digits of single precision
WIDE = ("psi", "rint", "loggamma", "spherical_jn", "erf", "erfc", "lgamma", "tgamma")
