"""The logistic function, its slope and its integrals: sigmoid, softplus, logaddexp."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from symdiff.ops import code, special
from symdiff.ops.elementary import tanh
from symdiff.records import PRODUCT, Operation, register


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


sigmoid: Operation = register(
    "sigmoid", 1, lambda r, x: (sigmoid_slope(x),), real=_sigmoid, array=special.sigmoid_array,
    mp=lambda ctx, x: 1 / (1 + ctx.exp(-x)), sympy=lambda sympy, x: 1 / (1 + sympy.exp(-x)), at={0: Fraction(1, 2)},
    latex=r"\sigma\left({0}\right)",
    finite=True, code=code.sigmoid,
)  # fmt: skip
sigmoid_slope: Operation = register(  # another part of slopes: by the product rule its own would cancel near 0
    "sigmoid_slope", 1, lambda r, x: (-r * tanh(x / 2),), real=special.sigmoid_slope, array=special.sigmoid_slope_array,
    mp=lambda ctx, x: (ctx.sech(x / 2) / 2) ** 2, sympy=lambda sympy, x: sympy.exp(-x) / (1 + sympy.exp(-x)) ** 2,
    formula=lambda x: sigmoid(x) * sigmoid(-x), precedence=PRODUCT, at={0: Fraction(1, 4)},
    latex=r"\sigma\left({0}\right) \left(1 - \sigma\left({0}\right)\right)",
    finite=True, code=code.sigmoid_slope,
)  # fmt: skip
softplus: Operation = register(
    "softplus", 1, lambda r, x: (sigmoid(x),), real=lambda x: _logaddexp(0.0, x), array=lambda x: np.logaddexp(0, x),
    mp=lambda ctx, x: ctx.log1p(ctx.exp(x)), sympy=lambda sympy, x: sympy.log(1 + sympy.exp(x)),
    latex=r"\log\left(1 + e^{{{0}}}\right)",
    finite=True, code=code.softplus,
)  # fmt: skip
logaddexp: Operation = register(
    "logaddexp", 2, lambda r, a, b: (sigmoid(a - b), sigmoid(b - a)), real=_logaddexp, array=np.logaddexp,
    mp=lambda ctx, a, b: ctx.log(ctx.exp(a) + ctx.exp(b)),
    sympy=lambda sympy, a, b: sympy.log(sympy.exp(a) + sympy.exp(b)),
    commutative=True, folds=True, latex=r"\log\left(e^{{{0}}} + e^{{{1}}}\right)",
    finite=True, code=code.logaddexp,
)  # fmt: skip
