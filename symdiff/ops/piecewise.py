"""Operations with kinks and jumps: absolute value, steps, remainders, extremes."""

from __future__ import annotations

import math
import operator
from fractions import Fraction
from typing import Any

import numpy as np

from symdiff.ops import code, remainders
from symdiff.ops.conditions import equal, greater, greater_equal, less, where
from symdiff.records import PRODUCT, Operation, register


def _sign(x: Any) -> Any:
    return x if x != x else type(x)(int(x > 0) - int(x < 0))


def _complex_sign(x: Any) -> Any:
    """The sign of a real number; nan of others, as the absolute value has no slope there."""
    return math.nan if x.imag else _sign(x.real)


def _sign_mp(ctx: Any, x: Any) -> Any:
    return ctx.nan if x.imag else ctx.sign(x.real)


def _sign_array(x: Any) -> Any:
    return np.where(np.imag(x) == 0, np.sign(np.real(x)), np.nan) if np.iscomplexobj(x) else np.sign(x)


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


abs: Operation = register(
    "abs", 1, lambda r, x: (sign(x),), real=operator.abs, array=np.abs, complex=operator.abs,
    mp="fabs", sympy="Abs", latex=r"\left|{0}\right|", numpy="absolute", kinks="abs'(0) = 0", ieee=True,
    composite=lambda x: where(less(x, 0), -x, x),
    finite=True, code="fabs",
)  # fmt: skip
sign: Operation = register(
    "sign", 1, lambda r, x: (0,), real=_sign, array=_sign_array, exact=lambda x: (x > 0) - (x < 0), mp=_sign_mp,
    complex=_complex_sign, kinks="sign(0) = 0, sign' = 0",
    latex=r"\operatorname{{sgn}}\left({0}\right)", ieee=True,
    composite=lambda x: where(greater(x, 0), 1, where(less(x, 0), -1, 0)),
    finite=True, code=code.sign,
)  # fmt: skip
heaviside: Operation = register(
    "heaviside", 1, lambda r, x: (0,), real=lambda x: float(_heaviside(x)), exact=_heaviside, array=_heaviside_array,
    mp=lambda ctx, x: x if ctx.isnan(x) else (1 + _sign_mp(ctx, x)) / 2,
    sympy=lambda sympy, x: sympy.Heaviside(x, sympy.Rational(1, 2)), latex=r"H\left({0}\right)",
    kinks="heaviside(0) = 1/2, heaviside' = 0", ieee=True,
    finite=True, code=code.heaviside,
)  # fmt: skip
floor: Operation = register(
    "floor", 1, lambda r, x: (0,), real=lambda x: math.copysign(math.floor(x), x), exact=math.floor, array=np.floor,
    latex=r"\left\lfloor {0} \right\rfloor", kinks="floor' = 0", ieee=True,
    finite=True, code="floor",
)  # fmt: skip
ceil: Operation = register(
    "ceil", 1, lambda r, x: (0,), real=lambda x: math.copysign(math.ceil(x), x), exact=math.ceil, array=np.ceil,
    sympy="ceiling", latex=r"\left\lceil {0} \right\rceil", kinks="ceil' = 0", ieee=True,
    finite=True, code="ceil",
)  # fmt: skip
trunc: Operation = register(
    "trunc", 1, lambda r, x: (0,), real=lambda x: math.copysign(math.trunc(x), x), exact=math.trunc, array=np.trunc,
    mp=remainders.trunc_mp, sympy=lambda sympy, x: sympy.sign(x) * sympy.floor(sympy.Abs(x)), kinks="trunc' = 0",
    ieee=True,
    finite=True, code="trunc",
)  # fmt: skip
rint: Operation = register(
    "rint", 1, lambda r, x: (0,), real=lambda x: math.copysign(round(x), x), exact=round, array=np.rint,
    mp=remainders.rint_mp, sympy=remainders.rint_sympy, kinks="rint' = 0, halves go to the even neighbour", ieee=True,
    finite=True, code="rint",
)  # fmt: skip
mod: Operation = register(
    "mod", 2, lambda r, x, y: (1, -floor_divide(x, y)), real=operator.mod, array=np.remainder, mp=remainders.mod_mp,
    exact=operator.mod, sympy="Mod", symbol="%", precedence=PRODUCT, numpy="remainder",
    operands=("dividend", "divisor"), latex=r"\left({0} \bmod {1}\right)",
    kinks="between its jumps x % y has the slopes 1 and -(x // y)", ieee=True,
    code=code.mod,
)  # fmt: skip
floor_divide: Operation = register(
    "floor_divide", 2, lambda r, x, y: (0, 0), real=operator.floordiv, array=np.floor_divide,
    mp=remainders.floor_divide_mp, exact=operator.floordiv, sympy=lambda sympy, x, y: sympy.floor(x / y),
    symbol="//", precedence=PRODUCT, operands=("dividend", "divisor"),
    latex=r"\left\lfloor \frac{{{0}}}{{{1}}} \right\rfloor", kinks="(x // y)' = 0", ieee=True,
    code=code.floor_divide,
)  # fmt: skip
fmod: Operation = register(
    "fmod", 2, lambda r, x, y: (1, -sign(x) * sign(y) * floor_divide(abs(x), abs(y))), real=math.fmod, array=np.fmod,
    mp=remainders.fmod_mp, exact=remainders.fmod_exact, operands=("dividend", "divisor"),
    sympy=lambda sympy, x, y: sympy.sign(x) * sympy.Mod(sympy.Abs(x), sympy.Abs(y)),
    kinks="between its jumps fmod(x, y) has the slopes 1 and -trunc(x/y)", ieee=True,
    code="fmod",
)  # fmt: skip
minimum: Operation = register(
    "minimum", 2, lambda r, a, b: _extreme_partials(b, a), real=_smaller, exact=_smaller, array=np.minimum,
    mp=lambda ctx, a, b: _smaller(a, b), sympy="Min", commutative=True, folds=True,
    latex=r"\min\left({0}, {1}\right)", kinks="ties split a half each",
    finite=True, code=code.minimum,
)  # fmt: skip
maximum: Operation = register(
    "maximum", 2, lambda r, a, b: _extreme_partials(a, b), real=_larger, exact=_larger, array=np.maximum,
    mp=lambda ctx, a, b: _larger(a, b), sympy="Max", commutative=True, folds=True,
    latex=r"\max\left({0}, {1}\right)", kinks="ties split a half each",
    finite=True, code=code.maximum,
)  # fmt: skip
relu: Operation = register(
    "relu", 1, lambda r, x: (where(x > 0, 1, 0),), real=lambda x: _larger(x, 0.0), exact=lambda x: _larger(x, 0),
    array=lambda x: np.maximum(x, 0), mp=lambda ctx, x: _larger(x, ctx.zero),
    sympy=lambda sympy, x: sympy.Piecewise((x, x > 0), (0, True)), kinks="relu'(0) = 0",
    finite=True, code=code.relu,
)  # fmt: skip
