"""The arithmetic of the field: sums, products, quotients."""

from __future__ import annotations

import operator

import numpy as np

from symdiff import exact
from symdiff.records import PRODUCT, SIGN, SUM, Operation, register

add: Operation = register(
    "add", 2, lambda r, a, b: (1, 1), real=operator.add, complex=operator.add, array=np.add, mp=lambda ctx, a, b: a + b,
    sympy="Add", symbol="+", precedence=SUM, latex="{0} + {1}", linear=(0, 1), commutative=True, ieee=True, total=True,
    code=lambda b, x, y: b.add(x, y),
)  # fmt: skip
sub: Operation = register(
    "sub", 2, lambda r, a, b: (1, -1), real=operator.sub, complex=operator.sub, array=np.subtract,
    mp=lambda ctx, a, b: a - b, sympy=lambda sympy, a, b: a - b, symbol="-", precedence=SUM,
    latex="{0} - {1}", linear=(0, 1), numpy="subtract", ieee=True, total=True,
    code=lambda b, x, y: b.sub(x, y),
)  # fmt: skip
mul: Operation = register(
    "mul", 2, lambda r, a, b: (b, a), real=operator.mul, complex=operator.mul, array=np.multiply,
    mp=lambda ctx, a, b: a * b, sympy="Mul", symbol="*", precedence=PRODUCT, commutative=True, numpy="multiply",
    latex="{0} {1}", ieee=True, total=True,
    code=lambda b, x, y: b.mul(x, y),
)  # fmt: skip
div: Operation = register(
    "div", 2, lambda r, a, b: (1 / b, -r / b), real=operator.truediv, complex=operator.truediv, array=np.true_divide,
    rational=exact.quotient, mp=lambda ctx, a, b: a / b, sympy=lambda sympy, a, b: a / b, symbol="/",
    precedence=PRODUCT, latex=r"\frac{{{0}}}{{{1}}}", numpy="divide", ieee=True,
    code=lambda b, x, y: b.div(x, y),
)  # fmt: skip
neg: Operation = register(
    "neg", 1, lambda r, x: (-1,), real=operator.neg, complex=operator.neg, array=np.negative, mp=lambda ctx, x: -x,
    sympy=lambda sympy, x: -x, symbol="-", precedence=SIGN, latex="-{0}", linear=(0,), numpy="negative", ieee=True,
    total=True,
    code=lambda b, x: b.neg(x),
)  # fmt: skip
