"""Error and gamma functions as formulas over a builder, for languages that have none.

Polynomials are our own: Taylor's, and for the tail of erfc Chebyshev's of exp(x**2)*erfc(x)*(x + 2) over
(x - 2)/(x + 2), right to 3e-16. All are right to a few roundings, also near the roots of lgamma at 1 and 2.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from symdiff.ops.builder import Builder, Value

# Taylor's coefficients of erf(x)/x in x**2, DLMF 7.6.1
_ERF = (
    1.1283791670955126, -0.37612638903183754, 0.11283791670955126, -0.026866170645131252, 0.005223977625442188,
    -0.0008548327023450853, 0.00012055332981789664, -1.492565035840625e-05, 1.6462114365889248e-06,
    -1.6365844691234924e-07, 1.4807192815879218e-08, -1.2290555301717928e-09, 9.422759064650411e-11,
    -6.7113668551641105e-12, 4.4632242632864775e-13, -2.7835162072109215e-14,
)  # fmt: skip
_SERIES_BELOW = 0.75
_TAIL = (
    1.021582705242023, -0.6871606844138111, 0.2794720925560578, -0.03644223150679146, -0.02151066188982911,
    0.006479185062983691, 0.0030906120755696135, -0.0008372959505652933, -0.0006630739121538652,
    3.4370156825104977e-05, 0.00014447642264397664, 3.4155108473473565e-05, -2.1741435815253986e-05,
    -1.6114140355646307e-05, -9.29480856976393e-07, 3.4361881123455906e-06, 1.6344182111335022e-06,
    8.195209296808357e-07, -6.882075876247855e-07, -1.3093890566385102e-06, 1.0065268359067315e-06,
    -1.6385864779744788e-07, -1.5545438700519096e-08,
)  # fmt: skip
_NO_TAIL = 28.0  # erfc is 0 from here on
# Taylor's coefficients of log(gamma(2 + d))/d, DLMF 5.7.3
_AT_TWO = (
    0.42278433509846713, 0.3224670334241132, -0.0673523010531981, 0.020580808427784546, -0.007385551028673986,
    0.0028905103307415234, -0.001192753911703261, 0.0005096695247430425, -0.00022315475845357939,
    9.945751278180853e-05, -4.492623673813314e-05, 2.050721277567069e-05, -9.439488275268397e-06,
    4.374866789907488e-06, -2.039215753801366e-06, 9.55141213040742e-07, -4.492469198764566e-07,
    2.1207184805554665e-07, -1.0043224823968099e-07, 4.7698101693639804e-08, -2.2711094608943164e-08,
    1.0838659214896955e-08, -5.183475041970047e-09, 2.4836745438024785e-09, -1.1921401405860912e-09,
    5.731367241678862e-10,
)  # fmt: skip
# B(2k)/(2k*(2k - 1)) of Bernoulli's numbers: Stirling's series, DLMF 5.11.1
_STIRLING = (
    0.08333333333333333, -0.002777777777777778, 0.0007936507936507937, -0.0005952380952380953, 0.0008417508417508417,
    -0.0019175269175269176, 0.00641025641025641, -0.029550653594771242,
)  # fmt: skip
_FAR = 8.5  # Stirling's series has full accuracy from here on
_OVERFLOWS = 180.0  # gamma is beyond the largest float
_TINY = 1e-100  # gamma is 1/x below


def horner(b: Builder, x: Value, coefficients: Sequence[float]) -> Value:
    """A polynomial, the constant coefficient first."""
    total = b.const(coefficients[-1])
    for c in reversed(coefficients[:-1]):
        total = b.add(b.mul(total, x), c)
    return total


def _tail(b: Builder, x: Value) -> Value:
    """erfc of numbers from 0.75 on; the exponent in two parts, the first of which has no rounding."""
    y = b.select(b.compare(">", x, _NO_TAIL), _NO_TAIL, x)
    head = b.div(b.call("floor", b.mul(y, 16.0)), 16.0)
    rest = b.mul(b.sub(head, y), b.add(head, y))
    falls = b.mul(b.call("exp", b.neg(b.mul(head, head))), b.call("exp", rest))
    below = b.add(y, 2.0)
    return b.mul(falls, b.div(horner(b, b.div(b.sub(y, 2.0), below), _TAIL), below))


def _near(b: Builder, x: Value) -> Value:
    return b.mul(x, horner(b, b.mul(x, x), _ERF))


def erf(b: Builder, x: Value) -> Value:
    """The error function."""
    size = b.call("fabs", x)
    tail = _tail(b, size)
    far = b.select(b.compare("<", x, 0.0), b.sub(tail, 1.0), b.sub(1.0, tail))
    return b.select(b.compare("<", size, _SERIES_BELOW), _near(b, x), far)


def erfc(b: Builder, x: Value) -> Value:
    """1 - erf(x)."""
    size = b.call("fabs", x)
    tail = _tail(b, size)
    far = b.select(b.compare("<", x, 0.0), b.sub(2.0, tail), tail)
    return b.select(b.compare("<", size, _SERIES_BELOW), b.sub(1.0, _near(b, x)), far)


def _reduced(b: Builder, y: Value) -> tuple[Value, Value, Value]:
    """log(gamma(y)/q) or log(gamma(y)*q) by Taylor at 2, the product q, and whether the second: y from 0 to 8.5."""
    tiny, low = b.compare("<", y, 0.5), b.compare("<", y, 1.5)
    above, product = y, b.const(1.0)
    for _ in range(int(_FAR) - 2):
        large = b.compare(">=", above, 2.5)
        above = b.select(large, b.sub(above, 1.0), above)
        product = b.mul(product, b.select(large, above, 1.0))
    d = b.select(tiny, y, b.select(low, b.sub(y, 1.0), b.sub(above, 2.0)))
    q = b.select(tiny, b.mul(y, b.add(1.0, y)), b.select(low, y, product))
    return b.mul(d, horner(b, d, _AT_TWO)), q, low


def _stirling(b: Builder, z: Value) -> Value:
    inverse = b.div(1.0, z)
    return b.mul(inverse, horner(b, b.mul(inverse, inverse), _STIRLING))


def _sine(b: Builder, y: Value) -> tuple[Value, Value]:
    """sin(pi*r) for the distance r of y from the nearest whole number, and that number."""
    whole = b.call("floor", b.add(y, 0.5))
    return b.call("sin", b.mul(math.pi, b.sub(y, whole))), whole


def lgamma(b: Builder, x: Value) -> Value:
    """log(|gamma(x)|): Stirling's series from 8.5 on, Taylor's at 2 below, reflection on the left. DLMF 5.5.3."""
    y = b.call("fabs", x)
    far = b.compare(">=", y, _FAR)
    z = b.select(far, y, _FAR)
    large = b.mul(b.sub(z, 0.5), b.sub(b.call("log", z), 1.0))
    large = b.add(b.add(large, 0.5 * math.log(2 * math.pi) - 0.5), _stirling(b, z))
    series, q, low = _reduced(b, y)
    logarithm = b.call("log", q)
    right = b.select(far, large, b.select(low, b.sub(series, logarithm), b.add(series, logarithm)))
    sine, _ = _sine(b, y)
    left = b.sub(b.call("log", b.div(math.pi, b.mul(b.call("fabs", sine), y))), right)
    return b.select(b.compare("<", x, 0.0), left, right)


def tgamma(b: Builder, x: Value) -> Value:
    """The gamma function: Stirling's series from 8.5 on, Taylor's at 2 below, reflection on the left. DLMF 5.5.3."""
    y = b.call("fabs", x)
    far = b.compare(">=", y, _FAR)
    z = b.select(far, b.select(b.compare(">", y, _OVERFLOWS), _OVERFLOWS, y), _FAR)
    half = b.call("pow", z, b.sub(b.mul(0.5, z), 0.25))  # of the power: the whole overflows before gamma does
    large = b.mul(b.mul(half, b.mul(b.call("exp", b.neg(z)), math.sqrt(2 * math.pi))), half)
    large = b.mul(large, b.call("exp", _stirling(b, z)))
    series, q, low = _reduced(b, b.select(far, 2.0, y))  # where not taken it would overflow
    raised = b.call("exp", series)
    right = b.select(far, large, b.select(low, b.div(raised, q), b.mul(raised, q)))
    sine, whole = _sine(b, y)
    odd = b.compare("!=", whole, b.mul(2.0, b.call("floor", b.mul(0.5, whole))))
    sine = b.select(odd, sine, b.neg(sine))
    sine = b.select(b.compare("<", x, 0.0), sine, 1.0)  # no pole where not taken
    left = b.div(math.pi, b.mul(b.mul(y, sine), right))
    left = b.select(b.compare("==", y, whole), math.nan, left)
    found = b.select(b.compare("<", x, 0.0), left, right)
    return b.select(b.compare("<", y, _TINY), b.div(1.0, x), found)
