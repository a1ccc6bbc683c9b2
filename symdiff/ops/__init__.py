"""The operation records: everything the library knows of an operation stands here.

A record gives an operation's name, how it prints, its value for floats, arrays,
complex and mpmath numbers, its SymPy and LaTeX spellings, its traits, and its
partial derivatives. Partials are written once, as formulas over the records
themselves; they get handles of the operation's result, to reuse, and of its operands
(`x._constant(2)` is a 2 that stays exact: `log(2)` would be a float), and `rules.py`
turns them into what every mode runs. `records.py` says what each field means.
"""

from __future__ import annotations

import cmath
import math
import operator
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np

from symdiff import exact
from symdiff.constants import PI, E
from symdiff.errors import SymdiffTypeError
from symdiff.ops import branch_point, code, gamma_quotients, hurwitz, limits, remainders, special
from symdiff.records import AND, COMPARE, OR, POWER, PRODUCT, SIGN, SUM, Operation
from symdiff.records import register as _register

# -- the arithmetic of the field ------------------------------------------------


def _power_partials(r: Any, x: Any, y: Any) -> tuple[Any, Any]:
    by_base, by_exponent = y * x ** (y - 1), where(_is_ordinary(x), r * log(x), pow_by_exponent(x, y))
    if y._is_constant():
        return where(equal(y, 0), 0, by_base), by_exponent  # avoid 0 * 0**-1, which would be nan
    return where(_is_ordinary(x), by_base, pow_by_base(x, y)), by_exponent


def _is_ordinary(x: Any) -> Any:
    """Whether 1/x is a float: x is no zero, no nan and not subnormal."""
    return logical_or(greater(x, _LEAST), less(x, -_LEAST))


# Where 0*log(0) and its kin are none of floats, slopes of powers are limits as x falls to 0.
def _pow_by_both(x: Any, y: Any) -> Any:
    power = x ** (y - 1)
    at_zero = where(equal(power, 0), 0, where(equal(y, 0), 1 / x, power * (1 + y * log(x))))
    return where(equal(x, 0), at_zero, power * (1 + y * log(x)))


def _pow_by_base_partials(r: Any, x: Any, y: Any) -> tuple[Any, Any]:
    flat = logical_and(logical_not(_is_ordinary(x)), equal(y, 0))
    return where(flat, 0, y * pow_by_base(x, y - 1)), _pow_by_both(x, y)


def _pow_by_exponent_partials(r: Any, x: Any, y: Any) -> tuple[Any, Any]:
    return _pow_by_both(x, y), where(logical_and(equal(x, 0), equal(x**y, 0)), 0, x**y * log(x) ** 2)


_LEAST = 2.0**-1022  # least normal float


add: Operation = _register(
    "add", 2, lambda r, a, b: (1, 1), real=operator.add, complex=operator.add, array=np.add, mp=lambda ctx, a, b: a + b,
    sympy="Add", symbol="+", precedence=SUM, latex="{0} + {1}", linear=(0, 1), commutative=True, ieee=True, total=True,
    code=lambda b, x, y: b.add(x, y),
)  # fmt: skip
sub: Operation = _register(
    "sub", 2, lambda r, a, b: (1, -1), real=operator.sub, complex=operator.sub, array=np.subtract,
    mp=lambda ctx, a, b: a - b, sympy=lambda sympy, a, b: a - b, symbol="-", precedence=SUM,
    latex="{0} - {1}", linear=(0, 1), numpy="subtract", ieee=True, total=True,
    code=lambda b, x, y: b.sub(x, y),
)  # fmt: skip
mul: Operation = _register(
    "mul", 2, lambda r, a, b: (b, a), real=operator.mul, complex=operator.mul, array=np.multiply,
    mp=lambda ctx, a, b: a * b, sympy="Mul", symbol="*", precedence=PRODUCT, commutative=True, numpy="multiply",
    latex="{0} {1}", ieee=True, total=True,
    code=lambda b, x, y: b.mul(x, y),
)  # fmt: skip
div: Operation = _register(
    "div", 2, lambda r, a, b: (1 / b, -r / b), real=operator.truediv, complex=operator.truediv, array=np.true_divide,
    rational=exact.quotient, mp=lambda ctx, a, b: a / b, sympy=lambda sympy, a, b: a / b, symbol="/",
    precedence=PRODUCT, latex=r"\frac{{{0}}}{{{1}}}", numpy="divide", ieee=True,
    code=lambda b, x, y: b.div(x, y),
)  # fmt: skip
neg: Operation = _register(
    "neg", 1, lambda r, x: (-1,), real=operator.neg, complex=operator.neg, array=np.negative, mp=lambda ctx, x: -x,
    sympy=lambda sympy, x: -x, symbol="-", precedence=SIGN, latex="-{0}", linear=(0,), numpy="negative", ieee=True,
    total=True,
    code=lambda b, x: b.neg(x),
)  # fmt: skip
pow: Operation = _register(
    "pow", 2, _power_partials, real=math.pow, array=np.power, exact=exact.power, rational=exact.rational_power,
    complex=operator.pow, mp="power", sympy="Pow", symbol="**", precedence=POWER, static=(1,),
    operands=("base", "exponent"), latex="{0}^{{{1}}}", numpy="power",
    code="pow",
)  # fmt: skip


pow_by_base: Operation = _register(
    "pow_by_base", 2, _pow_by_base_partials, array=limits.pow_by_base_array, operands=("base", "exponent"),
    mp=lambda ctx, x, y: limits.pow_by_base(ctx.power)(x, y), complex=limits.pow_by_base(operator.pow),
    sympy=lambda sympy, x, y: y * x ** (y - 1), latex=r"{1} {0}^{{{1} - 1}}", precedence=PRODUCT,
    composite=lambda x, y: y * x ** (y - 1),
    code=code.pow_by_base,
)  # fmt: skip
pow_by_exponent: Operation = _register(
    "pow_by_exponent", 2, _pow_by_exponent_partials, array=limits.pow_by_exponent_array, operands=("base", "exponent"),
    mp=lambda ctx, x, y: limits.pow_by_exponent(ctx.power, ctx.log)(x, y),
    complex=limits.pow_by_exponent(operator.pow, cmath.log),
    sympy=lambda sympy, x, y: x**y * sympy.log(x), latex=r"{0}^{{{1}}} \log\left({0}\right)", precedence=PRODUCT,
    composite=lambda x, y: x**y * log(x),
    code=code.pow_by_exponent,
)  # fmt: skip


def _complex_cbrt(x: Any) -> Any:
    return cmath.exp(cmath.log(x) / 3) if x else x


# -- roots, exponentials, logarithms --------------------------------------------

sqrt: Operation = _register(
    "sqrt", 1, lambda r, x: (1 / (2 * r),), real=math.sqrt, array=np.sqrt, complex=cmath.sqrt,
    mp="sqrt", latex=r"\sqrt{{{0}}}", ieee=True,
    code="sqrt",
)  # fmt: skip
cbrt: Operation = _register(
    "cbrt", 1, lambda r, x: (1 / (3 * r**2),), complex=_complex_cbrt,
    real=getattr(math, "cbrt", None), array=np.cbrt,
    mp=lambda ctx, x: -ctx.cbrt(-x) if isinstance(x, ctx.mpf) and x < 0 else ctx.cbrt(x),
    sympy=lambda sympy, x: sympy.sign(x) * sympy.Abs(x) ** sympy.Rational(1, 3),
    latex=r"\sqrt[3]{{{0}}}",
    code="cbrt",
)  # fmt: skip
exp: Operation = _register(
    "exp", 1, lambda r, x: (r,), real=math.exp, array=np.exp, complex=cmath.exp, at={0: 1, 1: E},
    latex="e^{{{0}}}",
    code="exp",
)  # fmt: skip
expm1: Operation = _register(
    "expm1", 1, lambda r, x: (exp(x),), real=math.expm1, array=np.expm1,
    sympy=lambda sympy, x: sympy.exp(x) - 1, at={0: 0}, latex="e^{{{0}}} - 1",
    code="expm1",
)  # fmt: skip
log: Operation = _register(
    "log", 1, lambda r, x: (1 / x,), real=math.log, array=np.log, complex=cmath.log, at={1: 0},
    latex=r"\log\left({0}\right)",
    code="log",
)  # fmt: skip
log1p: Operation = _register(
    "log1p", 1, lambda r, x: (1 / (1 + x),), real=math.log1p, array=np.log1p,
    sympy=lambda sympy, x: sympy.log(1 + x), at={0: 0}, latex=r"\log\left(1 + {0}\right)",
    code="log1p",
)  # fmt: skip
log2: Operation = _register(
    "log2", 1, lambda r, x: (1 / (x * log(x._constant(2))),), real=math.log2, array=np.log2, at={1: 0},
    mp=lambda ctx, x: ctx.log(x, 2), sympy=lambda sympy, x: sympy.log(x, 2), latex=r"\log_{{2}}\left({0}\right)",
    code="log2",
)  # fmt: skip
log10: Operation = _register(
    "log10", 1, lambda r, x: (1 / (x * log(x._constant(10))),), real=math.log10, array=np.log10, complex=cmath.log10,
    at={1: 0}, sympy=lambda sympy, x: sympy.log(x, 10), latex=r"\log_{{10}}\left({0}\right)",
    code="log10",
)  # fmt: skip

# -- trigonometric and hyperbolic -------------------------------------------------

sin: Operation = _register(
    "sin", 1, lambda r, x: (cos(x),), real=math.sin, array=np.sin, complex=cmath.sin, at={0: 0},
    latex=r"\sin\left({0}\right)",
    code="sin",
)  # fmt: skip
cos: Operation = _register(
    "cos", 1, lambda r, x: (-sin(x),), real=math.cos, array=np.cos, complex=cmath.cos, at={0: 1},
    latex=r"\cos\left({0}\right)",
    code="cos",
)  # fmt: skip
tan: Operation = _register(
    "tan", 1, lambda r, x: (1 + r**2,), real=math.tan, array=np.tan, complex=cmath.tan, at={0: 0},
    latex=r"\tan\left({0}\right)",
    code="tan",
)  # fmt: skip
asin: Operation = _register(
    "asin", 1, lambda r, x: (1 / sqrt(one_minus_square(x)),), real=math.asin, array=np.arcsin, complex=cmath.asin,
    at={0: 0}, numpy="arcsin", latex=r"\arcsin\left({0}\right)",
    code="asin",
)  # fmt: skip
acos: Operation = _register(
    "acos", 1, lambda r, x: (-1 / sqrt(one_minus_square(x)),), real=math.acos, array=np.arccos, complex=cmath.acos,
    at={1: 0}, numpy="arccos", latex=r"\arccos\left({0}\right)",
    code="acos",
)  # fmt: skip
atan: Operation = _register(
    "atan", 1, lambda r, x: (1 / (1 + x**2),), real=math.atan, array=np.arctan, complex=cmath.atan,
    at={0: 0}, numpy="arctan", latex=r"\arctan\left({0}\right)",
    code="atan",
)  # fmt: skip
atan2: Operation = _register(
    "atan2", 2, lambda r, y, x: (direction_cosine(x, y) / hypot(x, y), -direction_sine(x, y) / hypot(x, y)),
    real=math.atan2, array=np.arctan2, mp="atan2", numpy="arctan2", operands=("y", "x"),
    code="atan2",
)  # fmt: skip
sinh: Operation = _register(
    "sinh", 1, lambda r, x: (cosh(x),), real=math.sinh, array=np.sinh, complex=cmath.sinh, at={0: 0},
    latex=r"\sinh\left({0}\right)",
    code="sinh",
)  # fmt: skip
cosh: Operation = _register(
    "cosh", 1, lambda r, x: (sinh(x),), real=math.cosh, array=np.cosh, complex=cmath.cosh, at={0: 1},
    latex=r"\cosh\left({0}\right)",
    code="cosh",
)  # fmt: skip
tanh: Operation = _register(
    "tanh", 1, lambda r, x: ((1 - r) * (1 + r),), real=math.tanh, array=np.tanh, complex=cmath.tanh, at={0: 0},
    latex=r"\tanh\left({0}\right)",
    absolute="tanh' = (1 - t)*(1 + t) is accurate in absolute terms: past |x| = 19 it is 0.0",
    code="tanh",
)  # fmt: skip
asinh: Operation = _register(
    "asinh", 1, lambda r, x: (1 / hypot(1, x),), real=math.asinh, array=np.arcsinh, complex=cmath.asinh,
    at={0: 0}, numpy="arcsinh", latex=r"\operatorname{{arsinh}}\left({0}\right)",
    code="asinh",
)  # fmt: skip
acosh: Operation = _register(
    "acosh", 1, lambda r, x: (1 / (sqrt(x - 1) * sqrt(x + 1)),), real=math.acosh, array=np.arccosh,
    complex=cmath.acosh, at={1: 0}, numpy="arccosh", latex=r"\operatorname{{arcosh}}\left({0}\right)",
    code="acosh",
)  # fmt: skip
atanh: Operation = _register(
    "atanh", 1, lambda r, x: (1 / one_minus_square(x),), real=math.atanh, array=np.arctanh, complex=cmath.atanh,
    at={0: 0}, numpy="arctanh", latex=r"\operatorname{{artanh}}\left({0}\right)",
    code="atanh",
)  # fmt: skip
hypot: Operation = _register(
    "hypot", 2, lambda r, x, y: (direction_cosine(x, y), direction_sine(x, y)), real=math.hypot, array=np.hypot,
    commutative=True, kinks="hypot'(0, 0) = 0",
    mp=lambda ctx, x, y: ctx.sqrt(x * x + y * y), complex=lambda x, y: cmath.sqrt(x * x + y * y),
    sympy=lambda sympy, x, y: sympy.sqrt(x**2 + y**2), latex=r"\sqrt{{{0}^{{2}} + {1}^{{2}}}}",
    code="hypot",
)  # fmt: skip
norm: Operation = _register(
    "norm", 2, lambda r, *xs: tuple([norm_quotient(x, r) for x in xs]), real=math.hypot,
    array=lambda *xs: reduce(np.hypot, xs), mp=lambda ctx, *xs: ctx.sqrt(ctx.fsum(x * x for x in xs)),
    complex=lambda *xs: cmath.sqrt(sum(x * x for x in xs)), variadic=True, kinks="norm'(0, 0) = 0",
    sympy=lambda sympy, *xs: sympy.sqrt(sympy.Add(*[x**2 for x in xs])),
    latex=r"\left\lVert \left({0}, {1}\right) \right\rVert",
    composite=lambda *xs: sqrt(reduce(lambda a, b: a + b, [x * x for x in xs])),
    code=code.norm,
)  # fmt: skip
# The slope of a norm: x/norm(x, y), zero where all operands are. A quotient by a norm is made this operation, so that
# its text reads back as what it is.
norm_quotient: Operation = _register(
    "norm_quotient", 2, lambda q, x, r: (1 / r, -q / r), real=limits.norm_quotient,
    array=limits.norm_quotient_array, rational=limits.norm_quotient_rational,
    complex=limits.norm_quotient, mp=lambda ctx, x, r: limits.norm_quotient(x, r),
    sympy=lambda sympy, x, r: x / r, symbol="/", precedence=PRODUCT, latex=r"\frac{{{0}}}{{{1}}}",
    kinks="x/norm(x, y) at (0, 0) is 0",
    composite=lambda x, r: x / r,
    code=code.norm_quotient,
)  # fmt: skip

# -- parts of slopes whose own slopes would cancel by the rules of what they are made of ------

one_minus_square: Operation = _register(
    "one_minus_square", 1, lambda r, x: (-2 * x,), real=lambda x: (1 - x) * (1 + x), array=lambda x: (1 - x) * (1 + x),
    mp=lambda ctx, x: (1 - x) * (1 + x), sympy=lambda sympy, x: (1 - x) * (1 + x), ieee=True, precedence=PRODUCT,
    formula=lambda x: (x + 1) * (1 - x), latex=r"\left(1 - {0}\right) \left(1 + {0}\right)",
    code=lambda b, x: b.mul(b.sub(1.0, x), b.add(1.0, x)),
)  # fmt: skip


def _length(x: Any, y: Any) -> Any:
    """The hypotenuse that a cosine is divided by, 1 where there is none: both slopes of hypot are 0 there."""
    r = np.hypot(x, y)
    return np.where(r == 0, np.ones_like(r), r)


def _length_code(b: Any, x: Any, y: Any) -> Any:
    r = b.call("hypot", x, y)
    return b.select(b.compare("==", r, 0.0), 1.0, r)


def _direction(name: str, latex: str, side: Any, partials: Any) -> Operation:
    return _register(
        name, 2, partials, real=lambda *xy: side(*xy) / (math.hypot(*xy) or 1.0),
        array=lambda *xy: side(*xy) / _length(*xy),
        mp=lambda ctx, x, y: side(x, y) / (ctx.sqrt(x * x + y * y) or 1), precedence=PRODUCT, latex=latex,
        sympy=lambda sympy, x, y: side(x, y) / sympy.sqrt(x**2 + y**2), formula=lambda *xy: side(*xy) / hypot(*xy),
        code=lambda b, *xy: b.div(side(*xy), _length_code(b, *xy)),
    )  # fmt: skip


def _turned(one: Any, other: Any, length: Any) -> tuple[Any, Any]:
    """The slopes of a cosine by its own side and by the other one."""
    return other * (other / length), -one * (other / length)


direction_cosine: Operation = _direction(
    "direction_cosine", r"\frac{{{0}}}{{\sqrt{{{0}^{{2}} + {1}^{{2}}}}}}", lambda x, y: x,
    lambda r, x, y: _turned(r, direction_sine(x, y), hypot(x, y)),
)  # fmt: skip
direction_sine: Operation = _direction(
    "direction_sine", r"\frac{{{1}}}{{\sqrt{{{0}^{{2}} + {1}^{{2}}}}}}", lambda x, y: y,
    lambda r, x, y: _turned(r, direction_cosine(x, y), hypot(x, y))[::-1],
)  # fmt: skip

# -- reciprocals, and the inverses of these: by the chain rule their slopes would over- and underflow or cancel

cot: Operation = _register(
    "cot", 1, lambda r, x: (-(1 + r**2),), real=lambda x: 1 / math.tan(x), array=lambda x: 1 / np.tan(x),
    latex=r"\cot\left({0}\right)", code=lambda b, x: b.div(1.0, b.call("tan", x)),
)  # fmt: skip
coth: Operation = _register(
    "coth", 1, lambda r, x: (-(csch(x) ** 2),), real=lambda x: 1 / math.tanh(x), array=lambda x: 1 / np.tanh(x),
    latex=r"\coth\left({0}\right)", code=lambda b, x: b.div(1.0, b.call("tanh", x)),
)  # fmt: skip
sech: Operation = _register(
    "sech", 1, lambda r, x: (-r * tanh(x),), real=special.sech, array=special.sech_array, at={0: 1}, code=code.sech,
)  # fmt: skip
csch: Operation = _register(
    "csch", 1, lambda r, x: (-r / tanh(x),), real=special.csch, array=special.csch_array, code=code.csch,
)  # fmt: skip


def _asec_slope(x: Any) -> Any:
    return 1 / sqrt((x - 1) / x * ((x + 1) / x)) / x / x


asec: Operation = _register(
    "asec", 1, lambda r, x: (_asec_slope(x),), real=special.asec, array=special.asec_array, at={1: 0},
    latex=r"\operatorname{{arcsec}}\left({0}\right)", code=code.asec,
)  # fmt: skip
acsc: Operation = _register(
    "acsc", 1, lambda r, x: (-_asec_slope(x),), real=lambda x: math.asin(1 / x), array=lambda x: np.arcsin(1 / x),
    latex=r"\operatorname{{arccsc}}\left({0}\right)", code=lambda b, x: b.call("asin", b.div(1.0, x)),
)  # fmt: skip
acot: Operation = _register(
    "acot", 1, lambda r, x: (-1 / (1 + x**2),), real=lambda x: math.atan(1 / x), array=lambda x: np.arctan(1 / x),
    latex=r"\operatorname{{arccot}}\left({0}\right)", code=lambda b, x: b.call("atan", b.div(1.0, x)),
)  # fmt: skip
acoth: Operation = _register(
    "acoth", 1, lambda r, x: (1 / (1 - x) / (1 + x),), real=special.acoth, array=special.acoth_array,
    latex=r"\operatorname{{arcoth}}\left({0}\right)", code=code.acoth,
)  # fmt: skip
# The sinh of these is 1/x and sqrt(1/x**2 - 1): their tanh is 1/sqrt(1 + x**2) and sqrt(1 - x**2).
acsch: Operation = _register(
    "acsch", 1, lambda r, x: (-tanh(r) / x,), real=lambda x: math.asinh(1 / x), array=lambda x: np.arcsinh(1 / x),
    latex=r"\operatorname{{arcsch}}\left({0}\right)", code=lambda b, x: b.call("asinh", b.div(1.0, x)),
)  # fmt: skip
asech: Operation = _register(
    "asech", 1, lambda r, x: (-1 / x / tanh(r),), real=special.asech, array=special.asech_array, at={1: 0},
    latex=r"\operatorname{{arsech}}\left({0}\right)", code=code.asech,
)  # fmt: skip

# -- kinks and steps ------------------------------------------------------------


def _sign(x: Any) -> Any:
    return x if x != x else type(x)((x > 0) - (x < 0))


def _heaviside(x: Any) -> Any:
    if x != x:
        return x
    return Fraction(1, 2) if x == 0 else int(x > 0)


def _smaller(a: Any, b: Any) -> Any:
    return a if a <= b or a != a else b


def _larger(a: Any, b: Any) -> Any:
    return a if a >= b or a != a else b


def _extreme_partials(a: Any, b: Any) -> tuple[Any, Any]:
    """What part in a maximum of a and b each has: all, a half in a tie, none."""
    share = where(equal(a, b), Fraction(1, 2), 1)
    return where(greater_equal(a, b), share, 0), where(greater_equal(b, a), share, 0)


def _heaviside_array(x: Any) -> Any:
    return np.heaviside(x, 0.5)


abs: Operation = _register(
    "abs", 1, lambda r, x: (sign(x),), real=operator.abs, array=np.abs, complex=operator.abs,
    mp="fabs", sympy="Abs", latex=r"\left|{0}\right|", numpy="absolute", kinks="abs'(0) = 0", ieee=True,
    code="fabs",
)  # fmt: skip
sign: Operation = _register(
    "sign", 1, lambda r, x: (0,), real=_sign, array=np.sign, exact=lambda x: (x > 0) - (x < 0), mp="sign",
    complex=lambda x: x / operator.abs(x) if x else x, kinks="sign(0) = 0, sign' = 0",
    latex=r"\operatorname{{sgn}}\left({0}\right)", ieee=True,
    code=code.sign,
)  # fmt: skip
heaviside: Operation = _register(
    "heaviside", 1, lambda r, x: (0,), real=lambda x: float(_heaviside(x)), exact=_heaviside, array=_heaviside_array,
    mp=lambda ctx, x: x if ctx.isnan(x) else (1 + ctx.sign(x)) / 2,
    sympy=lambda sympy, x: sympy.Heaviside(x, sympy.Rational(1, 2)), latex=r"H\left({0}\right)",
    kinks="heaviside(0) = 1/2, heaviside' = 0", ieee=True,
    code=code.heaviside,
)  # fmt: skip
floor: Operation = _register(
    "floor", 1, lambda r, x: (0,), real=lambda x: math.copysign(math.floor(x), x), exact=math.floor, array=np.floor,
    latex=r"\left\lfloor {0} \right\rfloor", kinks="floor' = 0", ieee=True,
    code="floor",
)  # fmt: skip
ceil: Operation = _register(
    "ceil", 1, lambda r, x: (0,), real=lambda x: math.copysign(math.ceil(x), x), exact=math.ceil, array=np.ceil,
    sympy="ceiling", latex=r"\left\lceil {0} \right\rceil", kinks="ceil' = 0", ieee=True,
    code="ceil",
)  # fmt: skip
trunc: Operation = _register(
    "trunc", 1, lambda r, x: (0,), real=lambda x: math.copysign(math.trunc(x), x), exact=math.trunc, array=np.trunc,
    mp=remainders.trunc_mp, sympy=lambda sympy, x: sympy.sign(x) * sympy.floor(sympy.Abs(x)), kinks="trunc' = 0",
    ieee=True,
    code="trunc",
)  # fmt: skip
rint: Operation = _register(
    "rint", 1, lambda r, x: (0,), real=lambda x: math.copysign(round(x), x), exact=round, array=np.rint,
    mp=remainders.rint_mp, sympy=remainders.rint_sympy, kinks="rint' = 0, halves go to the even neighbour", ieee=True,
    code="rint",
)  # fmt: skip
mod: Operation = _register(
    "mod", 2, lambda r, x, y: (1, -floor_divide(x, y)), real=operator.mod, array=np.remainder, mp=remainders.mod_mp,
    exact=operator.mod, sympy="Mod", symbol="%", precedence=PRODUCT, numpy="remainder",
    operands=("dividend", "divisor"), latex=r"\left({0} \bmod {1}\right)",
    kinks="between its jumps x % y has the slopes 1 and -(x // y)", ieee=True,
    code=code.mod,
)  # fmt: skip
floor_divide: Operation = _register(
    "floor_divide", 2, lambda r, x, y: (0, 0), real=operator.floordiv, array=np.floor_divide,
    mp=remainders.floor_divide_mp, exact=operator.floordiv, sympy=lambda sympy, x, y: sympy.floor(x / y),
    symbol="//", precedence=PRODUCT, operands=("dividend", "divisor"),
    latex=r"\left\lfloor \frac{{{0}}}{{{1}}} \right\rfloor", kinks="(x // y)' = 0", ieee=True,
    code=code.floor_divide,
)  # fmt: skip
fmod: Operation = _register(
    "fmod", 2, lambda r, x, y: (1, -sign(x) * sign(y) * floor_divide(abs(x), abs(y))), real=math.fmod, array=np.fmod,
    mp=remainders.fmod_mp, exact=remainders.fmod_exact, operands=("dividend", "divisor"),
    sympy=lambda sympy, x, y: sympy.sign(x) * sympy.Mod(sympy.Abs(x), sympy.Abs(y)),
    kinks="between its jumps fmod(x, y) has the slopes 1 and -trunc(x/y)", ieee=True,
    code="fmod",
)  # fmt: skip
minimum: Operation = _register(
    "minimum", 2, lambda r, a, b: _extreme_partials(b, a), real=_smaller, exact=_smaller, array=np.minimum,
    mp=lambda ctx, a, b: _smaller(a, b), sympy="Min", commutative=True, folds=True,
    latex=r"\min\left({0}, {1}\right)", kinks="ties split a half each",
    code=code.minimum,
)  # fmt: skip
maximum: Operation = _register(
    "maximum", 2, lambda r, a, b: _extreme_partials(a, b), real=_larger, exact=_larger, array=np.maximum,
    mp=lambda ctx, a, b: _larger(a, b), sympy="Max", commutative=True, folds=True,
    latex=r"\max\left({0}, {1}\right)", kinks="ties split a half each",
    code=code.maximum,
)  # fmt: skip
relu: Operation = _register(
    "relu", 1, lambda r, x: (where(x > 0, 1, 0),), real=lambda x: _larger(x, 0.0), exact=lambda x: _larger(x, 0),
    array=lambda x: np.maximum(x, 0), mp=lambda ctx, x: _larger(x, ctx.zero),
    sympy=lambda sympy, x: sympy.Piecewise((x, x > 0), (0, True)), kinks="relu'(0) = 0",
    code=code.relu,
)  # fmt: skip

# -- conditions --------------------------------------------------------------------


def _compare(name: str, symbol: str, test: Any, relation: str, latex: str) -> Operation:
    return _register(
        name, 2, lambda r, a, b: (None, None), real=test, array=getattr(np, name), complex=_ordered(test, name),
        mp=lambda ctx, a, b: _ordered(test, name)(a, b), sympy=relation, symbol=symbol, precedence=COMPARE,
        boolean=True, ieee=True, latex=f"{{0}} {latex} {{1}}",
        code=lambda b, x, y: b.compare(symbol, x, y),
    )  # fmt: skip


def _ordered(test: Any, name: str) -> Any:
    def compare(a: Any, b: Any) -> Any:
        if test is not operator.eq:
            if a.imag or b.imag:
                raise SymdiffTypeError(f"{name}: complex numbers have no order ({a} and {b})")
            a, b = a.real, b.real
        return test(a, b)

    return compare


less: Operation = _compare("less", "<", operator.lt, "StrictLessThan", "<")
less_equal: Operation = _compare("less_equal", "<=", operator.le, "LessThan", r"\le")
greater: Operation = _compare("greater", ">", operator.gt, "StrictGreaterThan", ">")
greater_equal: Operation = _compare("greater_equal", ">=", operator.ge, "GreaterThan", r"\ge")
equal: Operation = _register(
    "equal", 2, lambda r, a, b: (None, None), real=operator.eq, array=np.equal, complex=operator.eq,
    mp=lambda ctx, a, b: a == b, sympy="Eq", boolean=True, commutative=True, precedence=COMPARE, latex="{0} = {1}",
    ieee=True,
    code=lambda b, x, y: b.compare("==", x, y),
)  # fmt: skip
logical_and: Operation = _register(
    "logical_and", 2, lambda r, a, b: (None, None), real=lambda a, b: bool(a and b), complex=lambda a, b: bool(a and b),
    array=np.logical_and, mp=lambda ctx, a, b: bool(a and b), sympy="And", symbol="&", precedence=AND,
    boolean=True, commutative=True, folds=True, latex=r"{0} \wedge {1}", ieee=True, conditions=(0, 1),
    code=lambda b, x, y: b.logical("and", x, y),
)  # fmt: skip
logical_or: Operation = _register(
    "logical_or", 2, lambda r, a, b: (None, None), real=lambda a, b: bool(a or b), complex=lambda a, b: bool(a or b),
    array=np.logical_or, mp=lambda ctx, a, b: bool(a or b), sympy="Or", symbol="|", precedence=OR,
    boolean=True, commutative=True, folds=True, latex=r"{0} \vee {1}", ieee=True, conditions=(0, 1),
    code=lambda b, x, y: b.logical("or", x, y),
)  # fmt: skip
logical_not: Operation = _register(
    "logical_not", 1, lambda r, a: (None,), real=operator.not_, complex=operator.not_, array=np.logical_not,
    mp=lambda ctx, a: not a, sympy="Not", symbol="~", precedence=SIGN, boolean=True, latex=r"\neg {0}", ieee=True,
    conditions=(0,),
    code=lambda b, x: b.negation(x),
)  # fmt: skip
where: Operation = _register(
    "where", 3, lambda r, c, a, b: (None, where(c, 1, 0), where(c, 0, 1)), real=lambda c, a, b: a if c else b,
    complex=lambda c, a, b: a if c else b, array=np.where, mp=lambda ctx, c, a, b: a if c else b,
    sympy=lambda sympy, c, a, b: sympy.Piecewise((a, c), (b, True)), linear=(1, 2),
    conditions=(0,), branches=(1, 2),
    operands=("condition", "if_true", "if_false"), kinks="only the branch taken counts",
    latex=r"\begin{{cases}} {1} & \text{{if }} {0} \\ {2} & \text{{otherwise}} \end{{cases}}", ieee=True,
    code=lambda b, c, x, y: b.select(c, x, y),
)  # fmt: skip

# -- special functions ---------------------------------------------------------------


def _sigmoid(x: float) -> float:
    if x < 0:
        t = math.exp(x)
        return t / (1.0 + t)
    return 1.0 / (1.0 + math.exp(-x))


def _logaddexp(a: float, b: float) -> float:
    if a == b:
        return a + math.log(2.0)
    high, low = (a, b) if a > b else (b, a)
    return high + math.log1p(math.exp(low - high))


def _sinc(x: Any) -> Any:
    return math.sin(x) / x if x else 1.0


def _sinc_array(x: Any) -> Any:
    return np.where(x == 0, 1.0, np.sin(x) / x)


erf: Operation = _register(
    "erf", 1, lambda r, x: (2 * exp(-(x**2)) / sqrt(x._constant(PI)),), real=math.erf,
    array="scipy.special:erf", at={0: 0},
    code="erf",
)  # fmt: skip
erfc: Operation = _register(
    "erfc", 1, lambda r, x: (-2 * exp(-(x**2)) / sqrt(x._constant(PI)),), real=math.erfc,
    array=special.erfc_array, at={0: 1},
    code="erfc",
)  # fmt: skip
gamma: Operation = _register(
    "gamma", 1, lambda r, x: (r * digamma(x),), real=math.gamma, array="scipy.special:gamma", at={1: 1, 2: 1},
    latex=r"\Gamma\left({0}\right)",
    code="tgamma",
)  # fmt: skip
loggamma: Operation = _register(
    "loggamma", 1, lambda r, x: (digamma(x),), array=special.loggamma_array, at={1: 0, 2: 0},
    latex=r"\log\Gamma\left({0}\right)",
    code=code.loggamma,
)  # fmt: skip
digamma: Operation = _register(
    "digamma", 1, lambda r, x: (polygamma(1, x),), array=special.digamma_array, latex=r"\psi\left({0}\right)",
    code=code.digamma,
)  # fmt: skip
polygamma: Operation = _register(
    "polygamma", 2, lambda r, n, x: (None, polygamma(n + 1, x)), array=hurwitz.polygamma_array,
    mp=hurwitz.polygamma_mp, highest=special.HIGHEST, whole=(0,), static=(0,),
    operands=("order", "operand"), latex=r"\psi^{{({0})}}\left({1}\right)",
    code=code.polygamma,
)  # fmt: skip
binomial: Operation = _register(
    "binomial", 2, lambda r, n, k: (binomial_derivative(1, 0, n, k), binomial_derivative(0, 1, n, k)),
    real=gamma_quotients.binomial_real, array=gamma_quotients.binomial_array, exact=gamma_quotients.binomial_exact,
    mp=gamma_quotients.binomial_mp, operands=("n", "k"), latex=r"\binom{{{0}}}{{{1}}}",
)  # fmt: skip
binomial_derivative: Operation = _register(
    "binomial_derivative", 4, lambda r, p, q, n, k: gamma_quotients.partials(binomial_derivative, p, q, n, k),
    real=gamma_quotients.binomial_derivative_real, array=gamma_quotients.binomial_derivative_array,
    mp=gamma_quotients.binomial_derivative_mp, sympy=gamma_quotients.derivative_sympy("binomial"), whole=(0, 1),
    static=(0, 1), highest=gamma_quotients.HIGHEST, operands=("order in n", "order in k", "n", "k"),
)  # fmt: skip
beta: Operation = _register(
    "beta", 2, lambda r, a, b: (beta_derivative(1, 0, a, b), beta_derivative(0, 1, a, b)), commutative=True,
    array=gamma_quotients.beta_array, mp=gamma_quotients.beta_mp, operands=("a", "b"),
    latex=r"\mathrm{{B}}\left({0}, {1}\right)",
)  # fmt: skip
beta_derivative: Operation = _register(
    "beta_derivative", 4, lambda r, p, q, a, b: gamma_quotients.partials(beta_derivative, p, q, a, b),
    array=gamma_quotients.beta_derivative_array, mp=gamma_quotients.beta_derivative_mp,
    sympy=gamma_quotients.derivative_sympy("beta"), whole=(0, 1), static=(0, 1), highest=gamma_quotients.HIGHEST,
    operands=("order in a", "order in b", "a", "b"),
)  # fmt: skip
sinc: Operation = _register(
    "sinc", 1, lambda r, x: (-spherical_jn(1, x),), real=_sinc, array=_sinc_array,
    complex=lambda x: cmath.sin(x) / x if x else 1.0, at={0: 1}, numpy="sinc (unnormalised)",
    code=code.sinc,
)  # fmt: skip
# All derivatives of sinc without its 0/0: DLMF 10.51.1 gives (2n + 1) j_n' = n j_(n-1) - (n + 1) j_(n+1).
spherical_jn: Operation = _register(
    "spherical_jn", 2, lambda r, n, x: (None, _spherical_jn_slope(n, x)), array=special.spherical_jn_array,
    mp=special.spherical_jn_mp, highest=special.HIGHEST, sympy=special.spherical_jn_sympy, whole=(0,), static=(0,),
    operands=("order", "operand"), latex=r"j_{{{0}}}\left({1}\right)",
    code=code.spherical_jn,
)  # fmt: skip


def _spherical_jn_slope(n: Any, x: Any) -> Any:
    below = where(equal(n, 0), 0, spherical_jn(maximum(n - 1, 0), x))
    return (n * below - (n + 1) * spherical_jn(n + 1, x)) / (2 * n + 1)


lambertw: Operation = _register(
    "lambertw", 1, lambda r, x: (exp(-r) / lambertw1p(x),), array=branch_point.lambertw_array, sympy="LambertW",
    at={0: 0}, latex=r"W\left({0}\right)",
    code=code.lambertw,
)  # fmt: skip
# 1 + W, of which slopes of W are made: near -1/e, where it is small, the sum would be what rounding has left of it.
lambertw1p: Operation = _register(
    "lambertw1p", 1, lambda r, x: (exp(1 - r) / r,), array=branch_point.lambertw1p_array, mp=branch_point.lambertw1p_mp,
    sympy=lambda sympy, x: 1 + sympy.LambertW(x), at={0: 1}, latex=r"1 + W\left({0}\right)",
    code=code.lambertw1p,
)  # fmt: skip
sigmoid: Operation = _register(
    "sigmoid", 1, lambda r, x: (sigmoid_slope(x),), real=_sigmoid, array="scipy.special:expit",
    mp=lambda ctx, x: 1 / (1 + ctx.exp(-x)), sympy=lambda sympy, x: 1 / (1 + sympy.exp(-x)), at={0: Fraction(1, 2)},
    latex=r"\sigma\left({0}\right)",
    code=code.sigmoid,
)  # fmt: skip
sigmoid_slope: Operation = _register(  # another part of slopes: by the product rule its own would cancel near 0
    "sigmoid_slope", 1, lambda r, x: (-r * tanh(x / 2),), real=special.sigmoid_slope, array=special.sigmoid_slope_array,
    mp=lambda ctx, x: (ctx.sech(x / 2) / 2) ** 2, sympy=lambda sympy, x: sympy.exp(-x) / (1 + sympy.exp(-x)) ** 2,
    formula=lambda x: sigmoid(x) * sigmoid(-x), precedence=PRODUCT, at={0: Fraction(1, 4)},
    latex=r"\sigma\left({0}\right) \left(1 - \sigma\left({0}\right)\right)",
    code=code.sigmoid_slope,
)  # fmt: skip
softplus: Operation = _register(
    "softplus", 1, lambda r, x: (sigmoid(x),), real=lambda x: _logaddexp(0.0, x), array=lambda x: np.logaddexp(0, x),
    mp=lambda ctx, x: ctx.log1p(ctx.exp(x)), sympy=lambda sympy, x: sympy.log(1 + sympy.exp(x)),
    latex=r"\log\left(1 + e^{{{0}}}\right)",
    code=code.softplus,
)  # fmt: skip
logaddexp: Operation = _register(
    "logaddexp", 2, lambda r, a, b: (sigmoid(a - b), sigmoid(b - a)), real=_logaddexp, array=np.logaddexp,
    mp=lambda ctx, a, b: ctx.log(ctx.exp(a) + ctx.exp(b)),
    sympy=lambda sympy, a, b: sympy.log(sympy.exp(a) + sympy.exp(b)),
    commutative=True, folds=True, latex=r"\log\left(e^{{{0}}} + e^{{{1}}}\right)",
    code=code.logaddexp,
)  # fmt: skip
