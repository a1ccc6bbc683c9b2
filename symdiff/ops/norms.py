"""Norms, and the quotients by a norm that their slopes are."""

from __future__ import annotations

import cmath
import math
from functools import reduce
from typing import Any

import numpy as np

from symdiff.ops import code, limits
from symdiff.ops.conditions import equal, where
from symdiff.records import POWER, PRODUCT, Operation, by_name, register

hypot: Operation = register(
    "hypot", 2, lambda r, x, y: (direction_cosine(x, y), direction_sine(x, y)), real=math.hypot, array=np.hypot,
    commutative=True, kinks="hypot'(0, 0) = 0",
    mp=lambda ctx, x, y: ctx.sqrt(x * x + y * y), complex=lambda x, y: cmath.sqrt(x * x + y * y),
    sympy=lambda sympy, x, y: sympy.sqrt(x**2 + y**2), latex=r"\sqrt{{{0}^{{2}} + {1}^{{2}}}}",
    finite=True, code="hypot",
)  # fmt: skip


def _norm_partials(r: Any, xs: tuple[Any, ...]) -> tuple[Any, ...]:
    return (norm_cosine(*xs), norm_sine(*xs)) if len(xs) == 2 else tuple([norm_quotient(x, r) for x in xs])


norm: Operation = register(
    "norm", 2, lambda r, *xs: _norm_partials(r, xs), real=math.hypot,
    array=lambda *xs: reduce(np.hypot, xs), mp=lambda ctx, *xs: ctx.sqrt(ctx.fsum(x * x for x in xs)),
    complex=lambda *xs: cmath.sqrt(sum(x * x for x in xs)), variadic=True, kinks="norm'(0, 0) = 0",
    sympy=lambda sympy, *xs: sympy.sqrt(sympy.Add(*[x**2 for x in xs])),
    latex=r"\left\lVert \left({0}, {1}\right) \right\rVert",
    composite=lambda *xs: by_name("sqrt")(reduce(lambda a, b: a + b, [x * x for x in xs])),
    finite=True, code=code.norm,
)  # fmt: skip
# The slope of a norm of three or more: x/norm(x, y, z), zero where all operands are. A quotient by a norm is made this
# operation, so that its text reads back as what it is.
norm_quotient: Operation = register(
    "norm_quotient", 2, lambda q, x, r: (1 / r, -q / r), real=limits.norm_quotient,
    array=limits.norm_quotient_array, rational=limits.norm_quotient_rational,
    complex=limits.norm_quotient, mp=lambda ctx, x, r: limits.norm_quotient(x, r),
    sympy=lambda sympy, x, r: x / r, symbol="/", precedence=PRODUCT, latex=r"\frac{{{0}}}{{{1}}}",
    kinks="x/norm(x, y) at (0, 0) is 0",
    composite=lambda x, r: x / r,
    code=code.norm_quotient,
)  # fmt: skip

# What an array is divided by for its norm, 1 where that is 0: the slopes of norms of arrays are 0 there. Text has the
# norm itself in its place; products of arrays find out which of the two a quotient means, `arrays/norm_divisors.py`.
norm_divisor: Operation = register(
    "norm_divisor", 1, lambda d, r: (where(equal(r, 0), math.nan, 1),), real=lambda r: r or 1.0,
    array=lambda r: np.where(r == 0, np.ones_like(r), r), exact=lambda r: r or 1, complex=lambda r: r or 1 + 0j,
    mp=lambda ctx, r: r or ctx.one, sympy=lambda sympy, r: r, formula=lambda r: r, latex="{0}",
    kinks="x/norm(x) of an array of zeros is zeros", composite=lambda r: r,
    finite=True, code=lambda b, r: b.select(b.compare("==", r, 0.0), 1.0, r),
)  # fmt: skip

# -- cosines of directions: by the quotient rule their own slopes would cancel -------


def _length(x: Any, y: Any) -> Any:
    """The hypotenuse that a cosine is divided by, 1 where there is none: both slopes of hypot are 0 there."""
    r = np.hypot(x, y)
    return np.where(r == 0, np.ones_like(r), r)


def _length_code(b: Any, x: Any, y: Any) -> Any:
    r = b.call("hypot", x, y)
    return b.select(b.compare("==", r, 0.0), 1.0, r)


def _direction(name: str, length: Operation, latex: str, side: Any, partials: Any) -> Operation:
    return register(
        name, 2, partials, real=lambda *xy: side(*xy) / (math.hypot(*xy) or 1.0),
        array=lambda *xy: side(*xy) / _length(*xy),
        mp=lambda ctx, x, y: side(x, y) / (ctx.sqrt(x * x + y * y) or 1), precedence=PRODUCT, latex=latex,
        sympy=lambda sympy, x, y: side(x, y) / sympy.sqrt(x**2 + y**2), formula=lambda *xy: side(*xy) / length(*xy),
        text=lambda x, y: [(side(x, y), POWER), f"/{length.name}(", (x, 0), ", ", (y, 0), ")"],
        code=lambda b, *xy: b.div(side(*xy), _length_code(b, *xy)),
    )  # fmt: skip


def _turned(one: Any, other: Any, length: Any) -> tuple[Any, Any]:
    """The slopes of a cosine by its own side and by the other one."""
    return other * (other / length), -one * (other / length)


direction_cosine: Operation = _direction(
    "direction_cosine", hypot, r"\frac{{{0}}}{{\sqrt{{{0}^{{2}} + {1}^{{2}}}}}}", lambda x, y: x,
    lambda r, x, y: _turned(r, direction_sine(x, y), hypot(x, y)),
)  # fmt: skip
direction_sine: Operation = _direction(
    "direction_sine", hypot, r"\frac{{{1}}}{{\sqrt{{{0}^{{2}} + {1}^{{2}}}}}}", lambda x, y: y,
    lambda r, x, y: _turned(r, direction_cosine(x, y), hypot(x, y))[::-1],
)  # fmt: skip
# The same, written with the norm of two that they are slopes of.
norm_cosine: Operation = _direction(
    "norm_cosine", norm, r"\frac{{{0}}}{{\left\lVert \left({0}, {1}\right) \right\rVert}}", lambda x, y: x,
    lambda r, x, y: _turned(r, norm_sine(x, y), norm(x, y)),
)  # fmt: skip
norm_sine: Operation = _direction(
    "norm_sine", norm, r"\frac{{{1}}}{{\left\lVert \left({0}, {1}\right) \right\rVert}}", lambda x, y: y,
    lambda r, x, y: _turned(r, norm_cosine(x, y), norm(x, y))[::-1],
)  # fmt: skip
