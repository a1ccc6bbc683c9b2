"""Reciprocals of trigonometric and hyperbolic functions, and the inverses of these.

By the chain rule their slopes would over- and underflow or cancel.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from symdiff.ops import code, special
from symdiff.ops.elementary import sqrt, tanh
from symdiff.records import Operation, register

cot: Operation = register(
    "cot", 1, lambda r, x: (-(1 + r**2),), real=lambda x: 1 / math.tan(x), array=lambda x: 1 / np.tan(x),
    latex=r"\cot\left({0}\right)", code=lambda b, x: b.div(1.0, b.call("tan", x)),
)  # fmt: skip
coth: Operation = register(
    "coth", 1, lambda r, x: (-(csch(x) ** 2),), real=lambda x: 1 / math.tanh(x), array=lambda x: 1 / np.tanh(x),
    latex=r"\coth\left({0}\right)", code=lambda b, x: b.div(1.0, b.call("tanh", x)),
)  # fmt: skip
sech: Operation = register(
    "sech", 1, lambda r, x: (-r * tanh(x),), real=special.sech, array=special.sech_array, at={0: 1}, code=code.sech,
)  # fmt: skip
csch: Operation = register(
    "csch", 1, lambda r, x: (-r / tanh(x),), real=special.csch, array=special.csch_array, code=code.csch,
)  # fmt: skip


def _asec_slope(x: Any) -> Any:
    return 1 / sqrt((x - 1) / x * ((x + 1) / x)) / x / x


asec: Operation = register(
    "asec", 1, lambda r, x: (_asec_slope(x),), real=special.asec, array=special.asec_array, at={1: 0},
    latex=r"\operatorname{{arcsec}}\left({0}\right)", code=code.asec,
)  # fmt: skip
acsc: Operation = register(
    "acsc", 1, lambda r, x: (-_asec_slope(x),), real=lambda x: math.asin(1 / x), array=lambda x: np.arcsin(1 / x),
    latex=r"\operatorname{{arccsc}}\left({0}\right)", code=lambda b, x: b.call("asin", b.div(1.0, x)),
)  # fmt: skip
acot: Operation = register(
    "acot", 1, lambda r, x: (-1 / (1 + x**2),), real=lambda x: math.atan(1 / x), array=lambda x: np.arctan(1 / x),
    latex=r"\operatorname{{arccot}}\left({0}\right)", code=lambda b, x: b.call("atan", b.div(1.0, x)),
)  # fmt: skip
acoth: Operation = register(
    "acoth", 1, lambda r, x: (1 / (1 - x) / (1 + x),), real=special.acoth, array=special.acoth_array,
    latex=r"\operatorname{{arcoth}}\left({0}\right)", code=code.acoth,
)  # fmt: skip
# The sinh of these is 1/x and sqrt(1/x**2 - 1): their tanh is 1/sqrt(1 + x**2) and sqrt(1 - x**2).
acsch: Operation = register(
    "acsch", 1, lambda r, x: (-tanh(r) / x,), real=lambda x: math.asinh(1 / x), array=lambda x: np.arcsinh(1 / x),
    latex=r"\operatorname{{arcsch}}\left({0}\right)", code=lambda b, x: b.call("asinh", b.div(1.0, x)),
)  # fmt: skip
asech: Operation = register(
    "asech", 1, lambda r, x: (-1 / x / tanh(r),), real=special.asech, array=special.asech_array, at={1: 0},
    latex=r"\operatorname{{arsech}}\left({0}\right)", code=code.asech,
)  # fmt: skip
