"""Elementary functions: roots, exponentials, logarithms, trigonometric and hyperbolic functions, inverses of these."""

from __future__ import annotations

import cmath
import math
from typing import Any

import numpy as np

from symdiff.constants import E
from symdiff.ops.norms import direction_cosine, direction_sine, hypot
from symdiff.records import PRODUCT, Operation, register

# -- roots, exponentials, logarithms -----------------------------------------------


def _complex_cbrt(x: Any) -> Any:
    return cmath.exp(cmath.log(x) / 3) if x else x


sqrt: Operation = register(
    "sqrt", 1, lambda r, x: (1 / (2 * r),), real=math.sqrt, array=np.sqrt, complex=cmath.sqrt,
    mp="sqrt", latex=r"\sqrt{{{0}}}", ieee=True,
    code="sqrt",
)  # fmt: skip
cbrt: Operation = register(
    "cbrt", 1, lambda r, x: (1 / (3 * r**2),), complex=_complex_cbrt,
    real=getattr(math, "cbrt", None), array=np.cbrt,
    mp=lambda ctx, x: -ctx.cbrt(-x) if isinstance(x, ctx.mpf) and x < 0 else ctx.cbrt(x),
    sympy=lambda sympy, x: sympy.sign(x) * sympy.Abs(x) ** sympy.Rational(1, 3),
    latex=r"\sqrt[3]{{{0}}}",
    code="cbrt",
)  # fmt: skip
exp: Operation = register(
    "exp", 1, lambda r, x: (r,), real=math.exp, array=np.exp, complex=cmath.exp, at={0: 1, 1: E},
    latex="e^{{{0}}}",
    code="exp",
)  # fmt: skip
expm1: Operation = register(
    "expm1", 1, lambda r, x: (exp(x),), real=math.expm1, array=np.expm1,
    sympy=lambda sympy, x: sympy.exp(x) - 1, at={0: 0}, latex="e^{{{0}}} - 1",
    code="expm1",
)  # fmt: skip
log: Operation = register(
    "log", 1, lambda r, x: (1 / x,), real=math.log, array=np.log, complex=cmath.log, at={1: 0},
    latex=r"\log\left({0}\right)",
    code="log",
)  # fmt: skip
log1p: Operation = register(
    "log1p", 1, lambda r, x: (1 / (1 + x),), real=math.log1p, array=np.log1p,
    sympy=lambda sympy, x: sympy.log(1 + x), at={0: 0}, latex=r"\log\left(1 + {0}\right)",
    code="log1p",
)  # fmt: skip
log2: Operation = register(
    "log2", 1, lambda r, x: (1 / (x * log(x._constant(2))),), real=math.log2, array=np.log2, at={1: 0},
    mp=lambda ctx, x: ctx.log(x, 2), sympy=lambda sympy, x: sympy.log(x, 2), latex=r"\log_{{2}}\left({0}\right)",
    code="log2",
)  # fmt: skip
log10: Operation = register(
    "log10", 1, lambda r, x: (1 / (x * log(x._constant(10))),), real=math.log10, array=np.log10, complex=cmath.log10,
    at={1: 0}, sympy=lambda sympy, x: sympy.log(x, 10), latex=r"\log_{{10}}\left({0}\right)",
    code="log10",
)  # fmt: skip

# -- trigonometric and hyperbolic --------------------------------------------------

sin: Operation = register(
    "sin", 1, lambda r, x: (cos(x),), real=math.sin, array=np.sin, complex=cmath.sin, at={0: 0},
    latex=r"\sin\left({0}\right)",
    finite=True, code="sin",
)  # fmt: skip
cos: Operation = register(
    "cos", 1, lambda r, x: (-sin(x),), real=math.cos, array=np.cos, complex=cmath.cos, at={0: 1},
    latex=r"\cos\left({0}\right)",
    finite=True, code="cos",
)  # fmt: skip
tan: Operation = register(
    "tan", 1, lambda r, x: (1 + r**2,), real=math.tan, array=np.tan, complex=cmath.tan, at={0: 0},
    latex=r"\tan\left({0}\right)",
    code="tan",
)  # fmt: skip
asin: Operation = register(
    "asin", 1, lambda r, x: (1 / sqrt(one_minus_square(x)),), real=math.asin, array=np.arcsin, complex=cmath.asin,
    at={0: 0}, numpy="arcsin", latex=r"\arcsin\left({0}\right)",
    code="asin",
)  # fmt: skip
acos: Operation = register(
    "acos", 1, lambda r, x: (-1 / sqrt(one_minus_square(x)),), real=math.acos, array=np.arccos, complex=cmath.acos,
    at={1: 0}, numpy="arccos", latex=r"\arccos\left({0}\right)",
    code="acos",
)  # fmt: skip
atan: Operation = register(
    "atan", 1, lambda r, x: (1 / (1 + x**2),), real=math.atan, array=np.arctan, complex=cmath.atan,
    at={0: 0}, numpy="arctan", latex=r"\arctan\left({0}\right)",
    finite=True, code="atan",
)  # fmt: skip
atan2: Operation = register(
    "atan2", 2, lambda r, y, x: (direction_cosine(x, y) / hypot(x, y), -direction_sine(x, y) / hypot(x, y)),
    real=math.atan2, array=np.arctan2, mp="atan2", numpy="arctan2", operands=("y", "x"),
    code="atan2",
)  # fmt: skip
sinh: Operation = register(
    "sinh", 1, lambda r, x: (cosh(x),), real=math.sinh, array=np.sinh, complex=cmath.sinh, at={0: 0},
    latex=r"\sinh\left({0}\right)",
    code="sinh",
)  # fmt: skip
cosh: Operation = register(
    "cosh", 1, lambda r, x: (sinh(x),), real=math.cosh, array=np.cosh, complex=cmath.cosh, at={0: 1},
    latex=r"\cosh\left({0}\right)",
    code="cosh",
)  # fmt: skip
tanh: Operation = register(
    "tanh", 1, lambda r, x: ((1 - r) * (1 + r),), real=math.tanh, array=np.tanh, complex=cmath.tanh, at={0: 0},
    latex=r"\tanh\left({0}\right)",
    absolute="tanh' = (1 - t)*(1 + t) is accurate in absolute terms: past |x| = 19 it is 0.0",
    finite=True, code="tanh",
)  # fmt: skip
asinh: Operation = register(
    "asinh", 1, lambda r, x: (1 / hypot(1, x),), real=math.asinh, array=np.arcsinh, complex=cmath.asinh,
    at={0: 0}, numpy="arcsinh", latex=r"\operatorname{{arsinh}}\left({0}\right)",
    finite=True, code="asinh",
)  # fmt: skip
acosh: Operation = register(
    "acosh", 1, lambda r, x: (1 / (sqrt(x - 1) * sqrt(x + 1)),), real=math.acosh, array=np.arccosh,
    complex=cmath.acosh, at={1: 0}, numpy="arccosh", latex=r"\operatorname{{arcosh}}\left({0}\right)",
    code="acosh",
)  # fmt: skip
atanh: Operation = register(
    "atanh", 1, lambda r, x: (1 / one_minus_square(x),), real=math.atanh, array=np.arctanh, complex=cmath.atanh,
    at={0: 0}, numpy="arctanh", latex=r"\operatorname{{artanh}}\left({0}\right)",
    code="atanh",
)  # fmt: skip

# -- part of slopes: by the rules of what it is made of its own slope would cancel -------

one_minus_square: Operation = register(
    "one_minus_square", 1, lambda r, x: (-2 * x,), real=lambda x: (1 - x) * (1 + x), array=lambda x: (1 - x) * (1 + x),
    mp=lambda ctx, x: (1 - x) * (1 + x), sympy=lambda sympy, x: (1 - x) * (1 + x), ieee=True, precedence=PRODUCT,
    formula=lambda x: (x + 1) * (1 - x), latex=r"\left(1 - {0}\right) \left(1 + {0}\right)",
    code=lambda b, x: b.mul(b.sub(1.0, x), b.add(1.0, x)),
)  # fmt: skip
