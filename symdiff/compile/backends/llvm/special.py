"""Operations that are a few instructions each, for `llvm` of their records.

Each gets the builder and the operands. What a nan, an infinity or a zero gives is what
the values for floats in the records give.
"""

from __future__ import annotations

import ctypes
import functools
import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from symdiff.compile.backends.llvm.irbuilder import Builder, Value
from symdiff.compile.backends.llvm.target import binding
from symdiff.compile.kernel import Unsupported


def sign(b: Builder, x: Value) -> Value:
    """-1, 0, 1; nan of nan."""
    signed = b.intrinsic("copysign", 1.0, x)
    return b.select(b.compare("one", x, 0.0), signed, b.add(x, 0.0))


def heaviside(b: Builder, x: Value) -> Value:
    """0, 1/2, 1; nan of nan."""
    stepped = b.select(b.compare("ogt", x, 0.0), 1.0, 0.0)
    return b.select(b.compare("one", x, 0.0), stepped, b.add(b.intrinsic("fabs", x), 0.5))


def minimum(b: Builder, x: Value, y: Value) -> Value:
    """The smaller one; nan where either is."""
    return _chosen(b, "ole", x, y)


def maximum(b: Builder, x: Value, y: Value) -> Value:
    """The larger one; nan where either is."""
    return _chosen(b, "oge", x, y)


def _chosen(b: Builder, relation: str, x: Value | float, y: Value | float) -> Value:
    first = b.select(b.compare(relation, x, y), x, y)  # y where either is nan
    return first if isinstance(x, float) else b.select(b.compare("uno", x, x), x, first)


def relu(b: Builder, x: Value) -> Value:
    """max(x, 0)."""
    return b.select(b.compare("olt", x, 0.0), 0.0, x)


def sinc(b: Builder, x: Value) -> Value:
    """sin(x)/x."""
    return b.select(b.compare("oeq", x, 0.0), 1.0, b.div(b.call("sin", x), x))


def sigmoid(b: Builder, x: Value) -> Value:
    """1/(1 + exp(-x)), of negative x as exp(x)/(1 + exp(x)): no power overflows."""
    t = b.call("exp", b.neg(b.intrinsic("fabs", x)))
    return b.div(b.select(b.compare("olt", x, 0.0), t, 1.0), b.add(1.0, t))


def logaddexp(b: Builder, x: Value, y: Value | float) -> Value:
    """log(exp(x) + exp(y)), with the larger one taken out."""
    above = b.compare("ogt", x, y)
    high, low = b.select(above, x, y), b.select(above, y, x)
    total = b.add(high, b.call("log1p", b.call("exp", b.sub(low, high))))
    return b.select(b.compare("oeq", x, y), b.add(x, math.log(2.0)), total)  # equal infinities have no difference


def softplus(b: Builder, x: Value) -> Value:
    """log(1 + exp(x))."""
    return logaddexp(b, x, 0.0)


def lambertw(b: Builder, x: Value) -> Value:
    """The principal branch, by Halley's steps from a series at the branch point -1/e or a logarithm.

    R. M. Corless and others, On the Lambert W function, Adv. Comput. Math. 5 (1996), (4.22) and (5.9).
    """
    high, low = 0.36787944117144233, -1.2428753672788363e-17  # 1/e in two parts
    distance = b.add(b.add(x, high), low)
    p = b.intrinsic("sqrt", b.mul(distance, 2 * math.e))
    near = _polynomial(b, p, _branch_series(26))
    middle = b.call("log1p", x)
    growth = b.call("log", b.intrinsic("fabs", x))
    far = b.sub(growth, b.call("log", b.intrinsic("fabs", growth)))
    start = b.select(b.compare("olt", x, -0.25), near, b.select(b.compare("ogt", x, 3.0), far, middle))
    w = start
    for _ in range(4):
        w = _halley(b, w, x)
    w = b.select(b.compare("olt", p, 0.35), near, w)
    w = b.select(b.compare("olt", b.intrinsic("fabs", x), 1e-300), x, w)  # zeros and subnormals are their own
    return b.select(b.compare("oeq", x, math.inf), x, w)


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
    order = _order(b, n, "polygamma")
    if order == 0:
        return digamma(b, x)
    if order > _HIGHEST:
        raise Unsupported(f"polygamma of an order above {_HIGHEST} has no spelling for LLVM: take backend='numpy'")
    below, above = b.intrinsic("floor", x), b.intrinsic("ceil", x)
    left = b.compare("olt", x, 0.0)
    after = _hurwitz(b, order + 1, b.select(left, b.sub(x, below), x))
    first = _hurwitz(b, order + 1, b.select(left, b.sub(above, x), 1.0))
    rest = _hurwitz(b, order + 1, b.select(left, b.sub(1.0, x), 1.0))
    before = b.sub(first, rest)
    total = b.select(left, b.sub(after, before) if order % 2 == 0 else b.add(after, before), after)
    pole = b.logical("and", b.compare("ole", x, 0.0), b.compare("oeq", x, below))
    return b.mul(b.select(pole, math.inf, total), (-1.0) ** (order + 1) * math.factorial(order))


_HIGHEST = 100


def _hurwitz(b: Builder, s: int, x: Value) -> Value:
    """zeta(s, x) of positive x by Euler's and Maclaurin's sum: DLMF 25.11.28."""
    terms = 10 + s
    z = b.add(x, float(terms))
    tail = b.div(b.const(0.5), z)
    tail = b.add(tail, _polynomial(b, b.div(1.0, b.mul(z, z)), (1 / (s - 1), *_tail_coefficients(s, 10))))
    total = b.mul(b.call("pow", z, 1.0 - s), tail)
    for k in reversed(range(terms)):  # the smallest first
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


# -- SciPy's, by their addresses ----------------------------------------------------


def loggamma(b: Builder, x: Value) -> Value:
    """SciPy's."""
    return _scipy(b, "loggamma", "__pyx_fuse_1loggamma", ("double", "i32"), ("%x0", "0"), x)


def digamma(b: Builder, x: Value) -> Value:
    """SciPy's."""
    return _scipy(b, "digamma", "__pyx_fuse_1psi", ("double", "i32"), ("%x0", "0"), x)


def spherical_jn(b: Builder, n: Value, x: Value) -> Value:
    """SciPy's, of a constant order."""
    order = _order(b, n, "spherical_jn")
    passed = (str(order), "%x0", "0", "null")
    size = b.intrinsic("fabs", x)
    result = _scipy(b, "spherical_jn", "__pyx_fuse_1spherical_jn", ("i64", "double", "i32", "ptr"), passed, size)
    return b.select(b.compare("olt", x, 0.0), b.neg(result), result) if order % 2 else result


def _order(b: Builder, n: Value, name: str) -> int:
    order = b.constant(n)
    if order is None:
        raise Unsupported(f"{name} of an order that is no constant has no spelling for LLVM: take backend='numpy'")
    return int(order)


def _scipy(b: Builder, name: str, symbol: str, types: tuple[str, ...], passed: tuple[str, ...], x: Value) -> Value:
    from scipy.special import cython_special

    capsule = cython_special.__pyx_capi__.get(symbol)
    kinds = _signature(capsule)
    if not all(c in _C_TYPES[kind] for c, kind in zip(kinds, types, strict=False)) or len(kinds) != len(types):
        raise Unsupported(f"{name} of this SciPy can't be called from machine code: take backend='numpy'")
    binding().add_symbol(f"scipy.{name}", _address(capsule))
    helper = f"symdiff.{name}.{'.'.join(passed).replace('%', '')}"
    return b.lane_by_lane(helper, f"scipy.{name}", list(types), list(passed), (x,))


_C_TYPES = {"double": ("double",), "i32": ("int",), "i64": ("Py_ssize_t",), "ptr": ("struct",)}


def _signature(capsule: Any) -> list[str]:
    """The types of a function's parameters in C, the first word of each."""
    if capsule is None:
        return []
    name = _NAME(capsule).decode()
    result, _, rest = name.partition("(")
    return [part.split()[0] for part in rest.rstrip(")").split(",")] if result.strip() == "double" else []


def _address(capsule: Any) -> int:
    return int(_POINTER(capsule, _NAME(capsule)))


_NAME = ctypes.PYFUNCTYPE(ctypes.c_char_p, ctypes.py_object)(("PyCapsule_GetName", ctypes.pythonapi))
_POINTER = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object, ctypes.c_char_p)(
    ("PyCapsule_GetPointer", ctypes.pythonapi)
)
