"""Binomial coefficients and Euler's beta function, and their partial derivatives of any order.

Both are quotients of gamma functions, which as such overflow, cancel, and have poles where the quotient has none. So
values follow Stirling's formula for the quotient as a whole, and derivatives those of its logarithm, in which
differences of polygamma are taken term by term. Beyond the region where all three gamma functions are positive, and
where mixed derivatives of beta cancel near 0, mpmath answers.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import math
import threading
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from symdiff.exact import to_float
from symdiff.locks import free_in_children
from symdiff.ops.hurwitz import bernoulli, polygamma_array, polygamma_real, psi_mp
from symdiff.ops.special import HIGHEST_MIXED, as_precise, orders

Logarithm = Callable[
    ..., Any
]  # (i, j, x, y, psi, gap): a derivative of the logarithm; gap(m, x, y, y - x) is psi(m, y) - psi(m, x)

_SHORT = 64  # limit of whole k up to which a binomial coefficient is a product of k factors
_LEAST = -0.75  # limit of operands from which on Stirling's formula is taken
_SMALL = 0.05  # limit of operands from which on mixed derivatives of beta are sums without cancellation
_LONG = 1000  # that of mpmath
_ONE_AT_A_TIME = free_in_children(threading.Lock())  # one changes the precision, and mpmath's tables
_TERMS, _TAIL = 10, 8  # terms of a difference of polygamma before the asymptotic series, and of that


# -- derivatives by those of the logarithm ----------------------------------------------------


def _of_binomial(i: int, j: int, n: Any, k: Any, psi: Any, gap: Any) -> Any:
    """Of log(gamma(n + 1)/(gamma(k + 1)*gamma(n - k + 1)))."""
    if not j:
        return gap(i - 1, n - k + 1, n + 1, k)
    if i:
        return (-1) ** (j + 1) * psi(i + j - 1, n - k + 1)
    return gap(j - 1, k + 1, n - k + 1, n - 2 * k) if j % 2 else -psi(j - 1, k + 1) - psi(j - 1, n - k + 1)


def _of_inverse(i: int, j: int, a: Any, b: Any, psi: Any, gap: Any) -> Any:
    """Of log(gamma(a + 1)*gamma(b + 1)/gamma(a + b + 1)), which is smooth where beta has poles at 0."""
    if i and j:
        return -psi(i + j - 1, a + b + 1)
    return -gap(i - 1, a + 1, a + b + 1, b) if i else -gap(j - 1, b + 1, a + b + 1, a)


def _derivatives(p: int, q: int, logarithm: Callable[[int, int], Any]) -> dict[tuple[int, int], Any]:
    """Those up to some orders, over the value, by Leibniz' rule for f' = f*(log f)', first in x, then in y."""
    slopes = functools.cache(logarithm)
    found: dict[tuple[int, int], Any] = {(0, 0): 1}
    for i, j in itertools.product(range(p + 1), range(q + 1)):
        if i or j:
            found[i, j] = sum(
                math.comb(max(i - 1, 0), s) * math.comb(j if i else j - 1, t) * found[s, t] * slopes(i - s, j - t)
                for s in range(max(i, 1))
                for t in range(j + 1 if i else j)
            )
    return found


def _beta_derivative(p: int, q: int, a: Any, b: Any, of_inverse: Callable[[int, int], Any]) -> Any:
    """Of (1/a + 1/b) times that, over its value."""
    found = _derivatives(p, q, of_inverse)
    first = sum(math.comb(p, s) * math.factorial(s) * (-1) ** s * found[p - s, q] / a ** (s + 1) for s in range(p + 1))
    last = sum(math.comb(q, t) * math.factorial(t) * (-1) ** t * found[p, q - t] / b ** (t + 1) for t in range(q + 1))
    return first + last


def _polynomial(p: int, n: Any, k: int) -> Any:
    """The derivative of order p of n*(n - 1)*…*(n - k + 1)/k!, which is 0 for negative k."""
    if k < 0:
        return 0
    coefficients: list[Any] = [1, *[0] * p]
    for j in range(k):
        for t in range(p, 0, -1):
            coefficients[t] = (coefficients[t] * (n - j) + coefficients[t - 1]) / (j + 1)
        coefficients[0] = coefficients[0] * (n - j) / (j + 1)
    return math.factorial(p) * coefficients[p] + 0  # turn -0.0 into 0.0


# -- floats -------------------------------------------------------------------------------------


def binomial_real(n: float, k: float) -> float:
    """The binomial coefficient of floats."""
    return binomial_derivative_real(0, 0, n, k)


def binomial_derivative_real(p: float, q: float, n: float, k: float) -> float:
    """Its derivative, where k is whole and small or all three gamma functions are positive.

    Raises
    ------
    ValueError, ArithmeticError
        For other operands, which `binomial_derivative_array` takes.
    """
    i, j = _few(p, q)
    if not j and k == int(k) and abs(k) <= _SHORT:
        return float(_polynomial(i, n, int(k)))
    n, k = to_float(n), to_float(k)
    if not (_LEAST <= k < math.inf and _LEAST <= n - k < math.inf):
        raise ValueError("a gamma function is not positive")
    root = _root(k, n - k, _Floats)
    slope = _derivatives(i, j, lambda s, t: _of_binomial(s, t, n, k, _psi, functools.partial(_gap, of=_Floats)))[i, j]
    return float(slope * root * root)


def beta_real(a: float, b: float) -> float:
    """Euler's beta function of positive numbers."""
    return beta_derivative_real(0, 0, a, b)


def beta_derivative_real(p: float, q: float, a: float, b: float) -> float:
    """Its derivative, of operands that are positive, for mixed ones not small.

    Raises
    ------
    ValueError, ArithmeticError
        For other operands, which `beta_derivative_array` takes.
    """
    i, j = _few(p, q)
    a, b = to_float(a), to_float(b)
    low = _SMALL if i and j else 0.0
    if not (low < a < math.inf and low < b < math.inf):
        raise ValueError("a gamma function is not positive, or terms cancel")
    root = _root(a, b, _Floats)
    gap = functools.partial(_gap, of=_Floats)
    return float(_beta_derivative(i, j, a, b, lambda s, t: _of_inverse(s, t, a, b, _psi, gap)) / root / root)


def _few(p: float, q: float) -> tuple[int, int]:
    """Orders as ints."""
    i, j = int(p), int(q)
    if i != p or j != q or not 0 <= i <= HIGHEST_MIXED or not 0 <= j <= HIGHEST_MIXED:
        raise ValueError("orders are few and whole")
    return i, j


def _psi(m: int, x: float) -> float:
    try:
        return polygamma_real(m, x)
    except ValueError:
        return float(polygamma_array(m, x))


class _Arrays:
    """The functions of which quotients of arrays are made."""

    exp, expm1, log, log1p, sqrt, sign = np.exp, np.expm1, np.log, np.log1p, np.sqrt, np.sign
    minimum, maximum, where = np.minimum, np.maximum, np.where

    @staticmethod
    def loggamma(x: Any) -> Any:
        """The logarithm of gamma."""
        from scipy.special import loggamma

        return loggamma(x)


class _Floats:
    """The same of floats: hundreds of them take as long as one step of NumPy's."""

    exp, expm1, log, log1p, sqrt = math.exp, math.expm1, math.log, math.log1p, math.sqrt
    minimum, maximum, loggamma = min, max, math.lgamma

    @staticmethod
    def where(condition: bool, value: float, other: float) -> float:
        """One of two."""
        return value if condition else other

    @staticmethod
    def sign(x: float) -> float:
        """-1, 0 or 1."""
        return float((x > 0) - (x < 0))


def binomial_array(n: Any, k: Any) -> Any:
    """The binomial coefficient, of any real numbers; for whole k it is a polynomial in n."""
    return binomial_derivative_array(0, 0, n, k)


def binomial_derivative_array(p: Any, q: Any, n: Any, k: Any) -> Any:
    """Its derivative of order p in n and q in k."""
    return _by_orders("binomial_derivative", _binomial_of_order, binomial_derivative_mp, p, q, n, k)


def _binomial_of_order(p: int, q: int, n: Any, k: Any) -> Any:
    finite = np.isfinite(k)
    whole = finite & (k == np.floor(k)) & (k <= _SHORT) & (q == 0)
    regular = ~whole & finite & np.isfinite(n) & (k >= _LEAST) & (n - k >= _LEAST)
    found = np.full(n.shape, np.nan)
    for one in np.unique(k[whole]):
        mask = whole & (k == one)
        found[mask] = _polynomial(p, n[mask], int(one))
    if regular.any():
        x, y = n[regular], k[regular]
        root = _root(y, x - y)
        slopes = _derivatives(p, q, lambda i, j: _of_binomial(i, j, x, y, polygamma_array, _gap))
        found[regular] = slopes[p, q] * root * root
    return found, whole | regular


def beta_array(a: Any, b: Any) -> Any:
    """Euler's beta function of real numbers."""
    return beta_derivative_array(0, 0, a, b)


def beta_derivative_array(p: Any, q: Any, a: Any, b: Any) -> Any:
    """Its derivative of order p in a and q in b."""
    return _by_orders("beta_derivative", _beta_of_order, beta_derivative_mp, p, q, a, b)


def _beta_of_order(p: int, q: int, a: Any, b: Any) -> Any:
    low = _SMALL if p and q else 0.0
    regular = (a > low) & (b > low) & np.isfinite(a) & np.isfinite(b)
    found = np.full(a.shape, np.nan)
    if regular.any():
        x, y = a[regular], b[regular]
        root = _root(x, y)
        slope = _beta_derivative(p, q, x, y, lambda i, j: _of_inverse(i, j, x, y, polygamma_array, _gap))
        found[regular] = slope / root / root
    return found, regular


def _by_orders(name: str, function: Any, by_mpmath: Any, p: Any, q: Any, x: Any, y: Any) -> Any:
    """Elements of one pair of orders after the other; what is left over of them by mpmath."""
    kind = np.result_type(x, y).type()
    number = np.complex128 if np.iscomplexobj(kind) else np.float64
    x, y = np.asarray(x, dtype=number), np.asarray(y, dtype=number)
    codes, x, y = np.broadcast_arrays(
        orders(name, p, HIGHEST_MIXED) * (HIGHEST_MIXED + 1) + orders(name, q, HIGHEST_MIXED), x, y
    )
    found = np.empty(x.shape, number)
    for code in np.unique(codes):
        mask = codes == code
        i, j = divmod(int(code), HIGHEST_MIXED + 1)
        a, b = x[mask], y[mask]
        values, done = function(i, j, a, b) if number is np.float64 else (np.empty_like(a), np.zeros(a.shape, bool))
        left = ~done & np.isfinite(a) & np.isfinite(b)
        if left.any():
            element = np.frompyfunc(functools.partial(_by_mpmath, by_mpmath, number, i, j), 2, 1)
            values[left] = element(a[left], b[left]).astype(number)
        found[mask] = values
    return as_precise(found[()], kind)


@functools.lru_cache(maxsize=1000)  # keep some: a formula and its derivatives ask again and again
def _by_mpmath(function: Any, number: Any, p: int, q: int, x: Any, y: Any) -> Any:
    ctx = _context()
    try:
        with _ONE_AT_A_TIME:
            return number(function(ctx, p, q, ctx.convert(x), ctx.convert(y)))
    except (ValueError, ArithmeticError):
        return math.nan


@functools.cache
def _context() -> Any:
    """mpmath's numbers of 64 bits, whatever precision the user's have."""
    from mpmath.ctx_mp import MPContext

    context = MPContext()
    context.prec = 64
    return context


def _root(x: Any, y: Any, of: Any = _Arrays) -> Any:
    """The square root of gamma(x + y + 1)/(gamma(x + 1)*gamma(y + 1)): Stirling's formula for the quotient.

    The root, so that what is made of it over- and underflows no sooner than it has to.
    """
    factor = x * 0 + 1.0
    for _ in range(2):  # raise the lesser operand by one where it is small
        x, y = of.minimum(x, y), of.maximum(x, y)
        low = x < 1
        factor = of.where(low, factor * (x + 1) / (x + y + 1), factor)
        x = of.where(low, x + 1, x)
    x, y = of.minimum(x, y), of.maximum(x, y)
    correction = _stirling(x + y, of) - _stirling(x, of) - _stirling(y, of)
    exponent = (y * of.log1p(x / y) + correction) / 2
    return of.sqrt(factor) * ((1 / x + 1 / y) / (2 * math.pi)) ** 0.25 * of.exp(exponent) * ((x + y) / x) ** (x / 2)


def _stirling(z: Any, of: Any) -> Any:
    """log(gamma(z + 1)) less log(sqrt(2*pi*z)) + z*(log(z) - 1): DLMF 5.11.1."""
    s = of.minimum(z, 15.0)
    low = of.loggamma(s + 1) - ((s + 0.5) * of.log(s) - s + 0.5 * math.log(2 * math.pi))
    high = sum(c / z ** (2 * j - 1) for j, c in enumerate(_stirling_coefficients(), 1))
    return of.where(z < 15.0, low, high)


@functools.cache
def _stirling_coefficients() -> tuple[float, ...]:
    return tuple([float(b / (2 * j * (2 * j - 1))) for j, b in enumerate(bernoulli(_TAIL), 1)])


def _gap(m: int, x: Any, y: Any, h: Any, of: Any = _Arrays) -> Any:
    """polygamma(m, y) - polygamma(m, x) of positive numbers, h apart, term by term: DLMF 5.15.5, 5.15.8."""
    sign, low, size = of.sign(h), of.minimum(x, y), abs(h)

    def power(y: Any, s: int) -> Any:  # (y + size)**-s - y**-s
        return of.expm1(-s * of.log1p(size / y)) / y**s

    high = low + (_TERMS + m)
    total = sum(power(low + k, m + 1) for k in range(_TERMS + m))
    total = math.factorial(m) * (total + power(high, m + 1) / 2)
    total += power(high, m) * math.factorial(m - 1) if m else -of.log1p(size / high)
    for j, c in enumerate(_gap_coefficients(m), 1):
        total += c * power(high, 2 * j + m)
    return (-1) ** (m + 1) * sign * total


@functools.cache
def _gap_coefficients(m: int) -> tuple[float, ...]:
    numbers = enumerate(bernoulli(_TAIL), 1)
    return tuple([float(b * math.factorial(2 * j + m - 1) / math.factorial(2 * j)) for j, b in numbers])


# -- mpmath's numbers, ints and Fractions -------------------------------------------------------------


def binomial_exact(n: Any, k: Any) -> Any:
    """Of whole k, exact.

    Raises
    ------
    ValueError
        For others, which are computed as floats.
    """
    if type(k) is not int or k > _LONG:
        raise ValueError("it is no rational number, or a large one")
    return Fraction(math.prod([n - j for j in range(k)]), math.factorial(k)) if k >= 0 else 0


def binomial_mp(ctx: Any, n: Any, k: Any) -> Any:
    """mpmath's, but for negative whole n and k."""
    return binomial_derivative_mp(ctx, 0, 0, n, k)


def binomial_derivative_mp(ctx: Any, p: Any, q: Any, n: Any, k: Any) -> Any:
    """The limit in n: for whole k a derivative of a polynomial."""
    p, q = orders("binomial_derivative", [float(p.real), float(q.real)], HIGHEST_MIXED).tolist()
    if _is_whole(ctx, k) and not q and k <= _LONG:
        with ctx.extraprec(20):
            found = ctx.convert(_polynomial(p, n, int(k.real)))
        return +found
    if _is_pole(ctx, n + 1) or not (ctx.isfinite(n) and ctx.isfinite(k)):
        return ctx.nan
    if not (p or q):
        return ctx.binomial(n, k)
    with _beside_poles(ctx, p + q, n - k + 1, k + 1, *[z for z in (n, k) if z]) as step:
        n, k = n + step, k + 2 * step
        found = _derivatives(p, q, _logarithm(ctx, _of_binomial, n, k))[p, q] * ctx.binomial(n, k)
    return +found


def beta_mp(ctx: Any, a: Any, b: Any) -> Any:
    """mpmath's."""
    return ctx.beta(a, b)


def beta_derivative_mp(ctx: Any, p: Any, q: Any, a: Any, b: Any) -> Any:
    """nan at poles; where those of two gamma functions meet, the limit in the one that is not whole and positive."""
    p, q = orders("beta_derivative", [float(p.real), float(q.real)], HIGHEST_MIXED).tolist()
    if not (p or q):
        return ctx.beta(a, b)
    if not (ctx.isfinite(a) and ctx.isfinite(b)):
        return ctx.nan
    if _is_pole(ctx, b) and not _is_pole(ctx, a):
        return beta_derivative_mp(ctx, q, p, b, a)
    if p and q:  # raise tiny operands, at which mixed derivatives have their limits at 0
        a, b = (ctx.ldexp(1, -ctx.prec - 10) if abs(z) < ctx.ldexp(1, -ctx.prec - 10) else z for z in (a, b))
    if _is_pole(ctx, a) and (q or not (_is_whole(ctx, b) and b.real > 0 and _is_pole(ctx, a + b))):
        return ctx.nan
    with _beside_poles(ctx, p + q, a, b, a + b) as step:
        a = a + step
        slope = _beta_derivative(p, q, a, b, _logarithm(ctx, _of_inverse, a, b))
        found = slope * ctx.beta(a, b) / (1 / a + 1 / b)
    return +found


@contextlib.contextmanager
def _beside_poles(ctx: Any, order: int, *operands: Any) -> Iterator[Any]:
    """A step off poles of gamma functions as small as the precision tells apart, 0 where there are none.

    The precision meanwhile bears what cancels beside them.
    """
    least = ctx.prec + 10
    offs = [z - ctx.nint(z.real) for z in operands if z.real < 0.5]
    lost = max([0, *[min(-int(ctx.mag(off)), least) if off else least for off in offs]])
    tiny = max([0, *[-int(ctx.mag(z)) for z in operands if z and abs(z) < 0.5]])
    with ctx.workprec(ctx.prec + 30 + tiny + (order + 2) * lost):
        yield ctx.ldexp(1, -least) if 0 in offs else 0


def _logarithm(ctx: Any, of: Logarithm, x: Any, y: Any) -> Callable[[int, int], Any]:
    psi = functools.cache(lambda m, z: psi_mp(ctx, m, z))
    return lambda i, j: of(i, j, x, y, psi, lambda m, low, high, h: psi(m, high) - psi(m, low))


def _is_whole(ctx: Any, z: Any) -> bool:
    return not z.imag and bool(ctx.isfinite(z)) and z.real == ctx.floor(z.real)


def _is_pole(ctx: Any, z: Any) -> bool:
    return bool(z.real <= 0) and _is_whole(ctx, z)


# -- SymPy -----------------------------------------------------------------------------------------------


def binomial_derivative_sympy(sympy: Any, p: Any, q: Any, n: Any, k: Any) -> Any:
    """SymPy's derivative of its binomial of orders p and q."""
    return _differentiated(sympy, sympy.binomial, p, q, n, k)


def beta_derivative_sympy(sympy: Any, p: Any, q: Any, a: Any, b: Any) -> Any:
    """SymPy's derivative of its beta function of orders p and q."""
    return _differentiated(sympy, sympy.beta, p, q, a, b)


def _differentiated(sympy: Any, function: Any, p: Any, q: Any, x: Any, y: Any) -> Any:
    u, v = sympy.Dummy(), sympy.Dummy()
    found = sympy.diff(function(u, v), *[u] * int(p), *[v] * int(q))
    return found.subs({u: x, v: y}, simultaneous=True)
