"""Operations that are a few instructions each, for `code` of their records.

Each gets a builder and the operands, and answers NotImplemented for operands that it has no
instructions for. What a nan, an infinity or a zero gives is what the values for floats in the records give.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from fractions import Fraction

from symdiff.ops.builder import Builder, Number, Value
from symdiff.ops.special import NEAR, odd_product


def sign(b: Builder, x: Value) -> Value:
    """-1, 0, 1; nan of nan."""
    below = b.select(b.compare("<", x, 0.0), -1.0, b.add(x, 0.0))  # add 0.0 to turn -0.0 into 0.0
    return b.select(b.compare(">", x, 0.0), 1.0, below)


def heaviside(b: Builder, x: Value) -> Value:
    """0, 1/2, 1; nan of nan."""
    below = b.select(b.compare("<", x, 0.0), 0.0, b.add(b.call("fabs", x), 0.5))
    return b.select(b.compare(">", x, 0.0), 1.0, below)


def minimum(b: Builder, x: Value, y: Value) -> Value:
    """The smaller one; nan where either is."""
    return _chosen(b, "<=", x, y)


def maximum(b: Builder, x: Value, y: Value) -> Value:
    """The larger one; nan where either is."""
    return _chosen(b, ">=", x, y)


def _chosen(b: Builder, relation: str, x: Value, y: Value) -> Value:
    first = b.select(b.compare(relation, x, y), x, y)  # select y where either is nan
    return b.select(b.compare("!=", x, x), x, first)


def relu(b: Builder, x: Value) -> Value:
    """max(x, 0)."""
    return b.select(b.compare("<", x, 0.0), 0.0, x)


def sech(b: Builder, x: Value) -> Value:
    """2*exp(-|x|)/(1 + exp(-2|x|))."""
    t = b.call("exp", b.neg(b.call("fabs", x)))
    return b.div(b.mul(2.0, t), b.add(1.0, b.mul(t, t)))


def csch(b: Builder, x: Value) -> Value:
    """2*exp(-|x|)/(1 - exp(-2|x|)), with the sign of x."""
    size = b.call("fabs", x)
    above = b.mul(2.0, b.call("exp", b.neg(size)))
    return b.call("copysign", b.div(above, b.neg(b.call("expm1", b.mul(-2.0, size)))), x)


def asec(b: Builder, x: Value) -> Value:
    """By the tangent: atan2(sqrt(x**2 - 1), sign(x))."""
    size = b.call("fabs", x)
    return b.call(
        "atan2", b.mul(b.call("sqrt", b.sub(size, 1.0)), b.call("sqrt", b.add(size, 1.0))), b.call("copysign", 1.0, x)
    )


def acoth(b: Builder, x: Value) -> Value:
    """log((x + 1)/(x - 1))/2."""
    size = b.call("log1p", b.div(2.0, b.sub(b.call("fabs", x), 1.0)))
    return b.call("copysign", b.div(size, 2.0), x)


def asech(b: Builder, x: Value) -> Value:
    """By the sinh, which is sqrt(1/x**2 - 1)."""
    return b.call("asinh", b.mul(b.call("sqrt", b.div(b.sub(1.0, x), x)), b.call("sqrt", b.div(b.add(1.0, x), x))))


def sinc(b: Builder, x: Value) -> Value:
    """sin(x)/x."""
    return b.select(b.compare("==", x, 0.0), 1.0, b.div(b.call("sin", x), x))


def sigmoid(b: Builder, x: Value) -> Value:
    """1/(1 + exp(-x)), of negative x as exp(x)/(1 + exp(x)): no power overflows."""
    t = b.call("exp", b.neg(b.call("fabs", x)))
    return b.div(b.select(b.compare("<", x, 0.0), t, 1.0), b.add(1.0, t))


def sigmoid_slope(b: Builder, x: Value) -> Value:
    """exp(-|x|)/(1 + exp(-|x|))**2."""
    t = b.call("exp", b.neg(b.call("fabs", x)))
    above = b.add(1.0, t)
    return b.div(t, b.mul(above, above))


def logaddexp(b: Builder, x: Value, y: Number) -> Value:
    """log(exp(x) + exp(y)), with the larger one taken out."""
    above = b.compare(">", x, y)
    high, low = b.select(above, x, y), b.select(above, y, x)
    total = b.add(high, b.call("log1p", b.call("exp", b.sub(low, high))))
    return b.select(b.compare("==", x, y), b.add(x, math.log(2.0)), total)  # avoid the difference of equal infinities


def softplus(b: Builder, x: Value) -> Value:
    """log(1 + exp(x))."""
    return logaddexp(b, x, 0.0)


def lambertw(b: Builder, x: Value) -> Value:
    """The principal branch, by Halley's steps from a series at the branch point -1/e or a logarithm.

    R. M. Corless and others, On the Lambert W function, Adv. Comput. Math. 5 (1996), (4.22) and (5.9).
    """
    high, low = 0.36787944117144233, -1.2428753672788363e-17  # split 1/e into two parts
    distance = b.add(b.add(x, high), low)
    p = b.call("sqrt", b.mul(distance, 2 * math.e))
    near = _polynomial(b, p, _branch_series(26))
    middle = b.call("log1p", x)
    growth = b.call("log", b.call("fabs", x))
    far = b.sub(growth, b.call("log", b.call("fabs", growth)))
    start = b.select(b.compare("<", x, -0.25), near, b.select(b.compare(">", x, 3.0), far, middle))
    w = start
    for _ in range(4):
        w = _halley(b, w, x)
    w = b.select(b.compare("<", p, 0.35), near, w)
    w = b.select(b.compare("<", b.call("fabs", x), 1e-300), x, w)  # return zeros and subnormals as they are
    return b.select(b.compare("==", x, math.inf), x, w)


@functools.cache
def _branch_series(count: int) -> tuple[float, ...]:
    """The coefficients of W by powers of sqrt(2*(e*x + 1)): (4.23) and (4.24) there."""
    mu, alpha = [Fraction(-1), Fraction(1)], [Fraction(2), Fraction(-1)]
    for k in range(2, count):
        alpha.append(sum((mu[j] * mu[k + 1 - j] for j in range(2, k)), Fraction(0)))
        mu.append(Fraction(k - 1, k + 1) * (mu[k - 2] / 2 + alpha[k - 2] / 4) - alpha[k] / 2 - mu[k - 1] / (k + 1))
    return tuple(map(float, mu))


def _halley(b: Builder, w: Value, x: Value) -> Value:
    """A step towards w*exp(w) = x, with exp(-w) so that nothing overflows."""
    excess = b.sub(w, b.mul(x, b.call("exp", b.neg(w))))
    above = b.add(w, 1.0)
    slope = b.sub(above, b.div(b.mul(b.add(w, 2.0), excess), b.mul(above, 2.0)))
    return b.sub(w, b.div(excess, slope))


def _polynomial(b: Builder, x: Value, coefficients: Sequence[float]) -> Value:
    """By Horner's rule, the constant coefficient first."""
    total = b.const(coefficients[-1])
    for c in reversed(coefficients[:-1]):
        total = b.add(b.mul(total, x), c)
    return total


def polygamma(b: Builder, n: Value, x: Value) -> Value:
    """(-1)**(n + 1) * n! * zeta(n + 1, x) of Hurwitz; on the left the terms of its series before and after 0."""
    constant = b.constant(n)
    if constant is None or constant > _HIGHEST:
        return NotImplemented
    order = int(constant)
    if order == 0:
        return digamma(b, x)
    below, above = b.call("floor", x), b.call("ceil", x)
    left = b.compare("<", x, 0.0)
    after = _hurwitz(b, order + 1, b.select(left, b.sub(x, below), x))
    first = _hurwitz(b, order + 1, b.select(left, b.sub(above, x), 1.0))
    rest = _hurwitz(b, order + 1, b.select(left, b.sub(1.0, x), 1.0))
    before = b.sub(first, rest)
    total = b.select(left, b.sub(after, before) if order % 2 == 0 else b.add(after, before), after)
    pole = b.logical("and", b.compare("<=", x, 0.0), b.compare("==", x, below))
    return b.mul(b.select(pole, math.inf, total), (-1.0) ** (order + 1) * math.factorial(order))


_HIGHEST = 100


def _hurwitz(b: Builder, s: int, x: Value) -> Value:
    """zeta(s, x) of positive x by Euler's and Maclaurin's sum: DLMF 25.11.28."""
    terms = 10 + s
    z = b.add(x, float(terms))
    tail = b.div(b.const(0.5), z)
    tail = b.add(tail, _polynomial(b, b.div(1.0, b.mul(z, z)), (1 / (s - 1), *_tail_coefficients(s, 10))))
    total = b.mul(b.call("pow", z, 1.0 - s), tail)
    for k in reversed(range(terms)):  # add the smallest first
        total = b.add(total, b.call("pow", b.add(x, float(k)), float(-s)))
    return total


@functools.cache
def _tail_coefficients(s: int, count: int) -> tuple[float, ...]:
    """Of z**(-2j): B_2j/(2j)! * s*(s + 1)*…*(s + 2j - 2)."""
    bernoulli = [Fraction(1)]
    for m in range(1, 2 * count + 1):
        bernoulli.append(-sum((math.comb(m + 1, k) * bernoulli[k] for k in range(m)), Fraction(0)) / (m + 1))
    return tuple(
        float(bernoulli[2 * j] * math.prod(range(s, s + 2 * j - 1)) / math.factorial(2 * j))
        for j in range(1, count + 1)
    )


# -- SciPy's ------------------------------------------------------------------------


def loggamma(b: Builder, x: Value) -> Value:
    """SciPy's."""
    return b.special("loggamma", x)


def digamma(b: Builder, x: Value) -> Value:
    """SciPy's."""
    return b.special("psi", x)


def spherical_jn(b: Builder, n: Value, x: Value) -> Value:
    """SciPy's, of a constant order; near 0 the first term of its series."""
    constant = b.constant(n)
    if constant is None:
        return NotImplemented
    order = int(constant)
    size = b.call("fabs", x)
    near = b.div(b.call("pow", size, float(order)), odd_product(order))
    close = b.compare("<", size, NEAR)
    result = b.select(close, near, b.special("spherical_jn", order, b.select(close, 1.0, size)))
    return b.select(b.compare("<", x, 0.0), b.neg(result), result) if order % 2 else result
