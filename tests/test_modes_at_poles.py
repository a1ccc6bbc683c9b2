"""Composite functions at zeros, kinks and poles: where two modes have a number they have the same one.

At a point where a part of a function has an infinite slope, IEEE 754 makes nan of 0 times that in one order of
accumulation and not in another: a mode may have nan there. What it may never have is another number.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from support import close, first_derivatives, second_derivatives

import symdiff as sd

INNER = (
    "x", "x**2", "x**3", "1/x", "sqrt(x)", "cbrt(x)", "abs(x)", "log(x)", "exp(-1/x)", "x - 1", "sin(x)", "x**1.5",
    "x*log(x)", "x**2*y", "x/y", "gamma(x)", "tan(x)", "1/log(x)",
)  # fmt: skip
OUTER = (
    "sqrt({u})", "cbrt({u})", "log({u})", "({u})**2", "1/({u})", "({u})**0.5", "exp({u})", "asin({u})", "atanh({u})",
    "hypot({u}, x)", "atan2({u}, x)", "x**({u})", "({u})**x", "({u})/x", "sqrt({u})*sqrt({u})", "relu({u})",
    "minimum({u}, x)", "log(({u})**2)", "xlogy({u}, x)", "where({u} > 0, log({u}), x)", "({u})*(1/x)", "loggamma({u})",
)  # fmt: skip
POINTS = [dict(zip("xy", at, strict=True)) for at in itertools.product((0.0, 1.0, -1.0), (2.0, 0.0))]


def agree(rows):
    """Whether all ways have the same numbers, but for those that have none."""
    for values in zip(*[np.ravel(np.array(row, dtype=object)) for row in rows.values()], strict=True):
        numbers = [v.real for v in map(complex, values) if not v.imag and not math.isnan(v.real)]
        if not all(close(v, numbers[0], 1e-10, scale=1e-5) for v in numbers):
            return False
    return True


@pytest.mark.parametrize("outer", OUTER)
def test_where_two_modes_have_a_number_it_is_the_same(outer):
    for inner in INNER:
        f = sd.parse(outer.format(u=inner))
        names = [v.name for v in f.variables]
        function = sd.compile(f.gradient(list(f.variables)), list(f.variables))
        for point in POINTS[:: 1 if len(names) > 1 else 2]:
            at = {v: point[v.name] for v in f.variables}
            rows = first_derivatives(f, list(at), at)
            rows["compiled"] = function(*at.values())
            assert agree(rows), (f, at, rows)


@pytest.mark.parametrize("outer", OUTER[::3])
def test_where_two_modes_have_a_second_derivative_it_is_the_same(outer):
    for inner in INNER[::2]:
        f = sd.parse(outer.format(u=inner))
        for point in POINTS[::2]:
            at = {v: point[v.name] for v in f.variables}
            rows = second_derivatives(f, list(at), at)
            assert agree(rows), (f, at, rows)


@pytest.mark.parametrize("text", ["cbrt(x**3)", "cbrt(x*x*x)", "(x**5)**(1/5)", "sqrt(x**2)", "sqrt(abs(x)**3)*x"])
def test_a_zero_by_value_is_never_called_the_slope(text):
    """0/0 is nan in every mode: value and first slopes of the inside do not tell what the limit is."""
    f, x = sd.parse(text), sd.Var("x")
    assert all(value != 0 for (value,) in first_derivatives(f, [x], {x: 0.0}).values())
