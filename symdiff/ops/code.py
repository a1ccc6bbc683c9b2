"""Operations that are a few instructions each, for `code` of their records.

Each gets a builder and the operands, and answers NotImplemented for operands that it has no
instructions for. What a nan, an infinity or a zero gives is what the values for floats in the records give.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import reduce

from symdiff.ops.builder import Builder, Number, Value
from symdiff.ops.limits import LEAST, MOST
from symdiff.ops.special import NEAR, odd_product


def sign(b: Builder, x: Value) -> Value:
    """-1, 0, 1; nan of nan."""
    below = b.select(b.compare("<", x, 0.0), -1.0, b.add(x, 0.0))  # add 0.0 to turn -0.0 into 0.0
    return b.select(b.compare(">", x, 0.0), 1.0, below)


def heaviside(b: Builder, x: Value) -> Value:
    """0, 1/2, 1; nan of nan."""
    below = b.select(b.compare("<", x, 0.0), 0.0, b.add(b.call("fabs", x), 0.5))
    return b.select(b.compare(">", x, 0.0), 1.0, below)


def mod(b: Builder, x: Value, y: Value) -> Value:
    """What the C library's fmod leaves, of the sign of the divisor."""
    left, other = _left(b, x, y)
    return b.select(other, b.add(left, y), b.select(b.compare("==", left, 0.0), b.call("copysign", 0.0, y), left))


def floor_divide(b: Builder, x: Value, y: Value) -> Value:
    """The quotient without what is left, rounded to the nearest, as Python and NumPy do it."""
    left, other = _left(b, x, y)
    ratio = b.div(b.sub(x, left), y)
    ratio = b.select(other, b.sub(ratio, 1.0), ratio)
    below = b.call("floor", ratio)
    below = b.select(b.compare(">", b.sub(ratio, below), 0.5), b.add(below, 1.0), below)
    plain = b.div(x, y)
    below = b.select(b.compare("==", ratio, 0.0), b.call("copysign", 0.0, plain), below)
    return b.select(b.compare("==", y, 0.0), plain, below)


def _left(b: Builder, x: Value, y: Value) -> tuple[Value, Value]:
    """What the quotient rounded towards 0 leaves, and whether that is on the other side of 0 than the divisor."""
    left = b.call("fmod", x, y)
    above, below = b.compare(">", left, 0.0), b.compare("<", left, 0.0)
    other = b.logical(
        "or", b.logical("and", above, b.compare("<", y, 0.0)), b.logical("and", below, b.compare(">", y, 0.0))
    )
    return left, other


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


def norm(b: Builder, *xs: Value) -> Value:
    """The root of the sum of squares, two at a time: nothing over- or underflows."""
    return reduce(lambda x, y: b.call("hypot", x, y), xs)


def norm_quotient(b: Builder, x: Value, r: Value) -> Value:
    """x/r, 0 where both are."""
    nothing = b.logical("and", b.compare("==", x, 0.0), b.compare("==", r, 0.0))
    return b.select(nothing, 0.0, b.div(x, r))


def pow_by_base(b: Builder, x: Value, y: Value) -> Value:
    """y*x**(y - 1), 0 where y is, by square roots where it may overflow, and with what y - 1 loses in rounding."""
    size, rounded = b.call("fabs", x), b.sub(y, 1.0)
    back = b.sub(rounded, y)
    left = b.sub(b.sub(y, b.sub(rounded, back)), b.add(back, 1.0))
    power, root = b.call("pow", x, rounded), b.call("pow", size, b.mul(rounded, 0.5))
    sign = b.select(b.compare("<", x, 0.0), _turned(b, y), 1.0)
    known = b.logical("or", b.compare("==", left, 0.0), b.compare(">", x, 0.0))
    plain = b.logical("or", b.logical("and", _ordinary(b, b.call("fabs", power)), known), b.compare("==", x, 0.0))
    slope = b.select(plain, b.mul(y, power), b.mul(b.mul(b.mul(sign, y), root), root))
    correction = b.mul(left, b.call("log", size))
    correction = b.select(b.compare("<", b.call("fabs", correction), 1.0), correction, 0.0)
    return b.select(b.compare("==", y, 0.0), 0.0, b.mul(slope, b.add(correction, 1.0)))


def _turned(b: Builder, y: Value) -> Value:
    """-(-1)**y: 1 of odd numbers, -1 of even ones, nan of others."""
    half = b.mul(y, 0.5)
    sign = b.select(b.compare("==", half, b.call("floor", half)), -1.0, 1.0)
    return b.select(b.compare("==", y, b.call("floor", y)), sign, math.nan)


def pow_by_exponent(b: Builder, x: Value, y: Value) -> Value:
    """x**y*log(x), 0 where x and x**y are, by square roots where the power may overflow."""
    nothing = b.logical("and", b.compare("==", x, 0.0), b.compare(">", y, 0.0))
    power, root, growth = b.call("pow", x, y), b.call("pow", x, b.mul(y, 0.5)), b.call("log", x)
    slope = b.select(_ordinary(b, power), b.mul(power, growth), b.mul(b.mul(root, growth), root))
    return b.select(nothing, 0.0, slope)


def _ordinary(b: Builder, power: Value) -> Value:
    return b.logical("and", b.compare(">", power, LEAST), b.compare("<", power, MOST))


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
    from symdiff.ops import branch_point

    p, near = _at_branch_point(b, x)
    middle = b.call("log1p", x)
    growth = b.call("log", b.select(b.compare(">", x, 3.0), x, math.e))  # no pole where not taken
    far = b.sub(growth, b.call("log", growth))
    w = b.select(b.compare("<", x, -0.25), b.sub(near, 1.0), b.select(b.compare(">", x, 3.0), far, middle))
    for _ in range(4):
        w = _halley(b, w, x)
    w = b.select(b.compare("<", p, branch_point.NEAR), b.sub(near, 1.0), w)
    tiny = b.mul(x, b.sub(1.0, x))  # zeros and subnormals as they are, with their slopes
    w = b.select(b.compare("<", b.call("fabs", x), 1e-300), tiny, w)
    return b.select(b.compare("==", x, math.inf), x, w)


def lambertw1p(b: Builder, x: Value) -> Value:
    """One more than that."""
    from symdiff.ops import branch_point

    p, near = _at_branch_point(b, x)
    return b.select(b.compare("<", p, branch_point.NEAR), near, b.add(lambertw(b, x), 1.0))


def _at_branch_point(b: Builder, x: Value) -> tuple[Value, Value]:
    """A square root that is 0 at -1/e, and the series of 1 + W by its powers."""
    from symdiff.ops import branch_point

    distance = x
    for part in branch_point.PARTS:
        distance = b.add(distance, part)
    p = b.call("sqrt", b.mul(distance, 2 * math.e))
    return p, b.mul(p, _polynomial(b, p, branch_point.series()))


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
    distance = b.sub(above, x)
    after = _scaled_zeta(b, order, b.select(left, b.sub(x, below), x))
    first = _scaled_zeta(b, order, b.select(left, distance, 1.0))
    rest = _scaled_zeta(b, order, b.select(left, b.sub(1.0, x), 1.0))
    nearest = b.add(after, first) if order % 2 else _difference(b, after, first, b.sub(distance, 0.5))
    both = b.sub(nearest, rest) if order % 2 else b.add(nearest, rest)
    both = b.select(b.compare("==", b.call("fabs", nearest), math.inf), nearest, both)
    total = b.select(left, both, after)
    pole = b.logical("and", b.compare("<=", x, 0.0), b.compare("==", x, below))
    return b.mul(b.select(pole, math.inf, total), (-1.0) ** (order + 1))


def _difference(b: Builder, x: Value, y: Value, side: Value) -> Value:
    """x - y, of two infinities the one on whose side it is; half way between poles they are equal."""
    infinite = b.logical("and", b.compare("==", x, math.inf), b.compare("==", y, math.inf))
    nearer = b.select(b.compare("==", side, 0.0), 0.0, b.call("copysign", math.inf, side))
    return b.select(infinite, nearer, b.sub(x, y))


_HIGHEST = 100  # order limit: in float32 the powers of higher ones leave the range


def _scaled_zeta(b: Builder, n: int, x: Value) -> Value:
    """n!*zeta(n + 1, x) of positive x."""
    from symdiff.ops import hurwitz

    count = hurwitz.terms(n)
    z = b.add(x, float(count))
    total = b.add(_polynomial(b, b.div(1.0, b.mul(z, z)), hurwitz.tail(n)), b.div(b.const(0.5), z))
    total = b.mul(total, b.call("pow", b.div(x, z), float(n)))
    for k in reversed(range(count)):  # add the smallest first
        base = b.add(x, float(k))
        total = b.add(total, b.div(b.call("pow", b.div(x, base), float(n)), base))
    factor, exponent, lower, upper = hurwitz.scaling(n)
    found = b.mul(b.mul(b.call("pow", b.mul(x, 2.0**-exponent), float(-lower)), factor), total)
    if upper:
        found = b.mul(found, b.call("pow", b.mul(x, 2.0 ** -(exponent + 1)), float(-upper)))
    return b.select(b.compare("==", x, math.inf), 0.0, found)


# -- SciPy's ------------------------------------------------------------------------


def loggamma(b: Builder, x: Value) -> Value:
    """SciPy's, of tiny numbers -log(x)."""
    tiny = b.logical("and", b.compare(">", x, 0.0), b.compare("<", x, 1e-20))
    return b.select(tiny, b.neg(b.call("log", x)), b.special("loggamma", x))


def digamma(b: Builder, x: Value) -> Value:
    """SciPy's, beside a pole on the left by reflection."""
    off = b.sub(x, b.call("rint", x))
    near = b.logical("and", b.compare("<", x, 0.0), b.compare("<", b.call("fabs", off), 0.25))
    near = b.logical("and", near, b.compare("!=", off, 0.0))
    beside, mirrored = b.select(near, off, 0.25), b.select(near, b.sub(1.0, x), 1.0)  # no pole where not taken
    reflected = b.sub(b.special("psi", mirrored), b.div(math.pi, b.call("tan", b.mul(beside, math.pi))))
    return b.select(near, reflected, b.special("psi", x))


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
