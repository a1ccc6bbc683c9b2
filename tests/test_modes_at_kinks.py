"""Random graphs at kinks: every mode gives one answer, whatever is zero, tied or infinite behind a gate."""

from __future__ import annotations

import os

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from support import close, first_derivatives

import symdiff as sd

EXAMPLES = int(os.environ.get("SYMDIFF_KINK_GRAPHS", "25"))
POINTS = st.sampled_from([0.0, 1.0, -1.0, 0.5, 2.0, -3.0])
INNER = ("sqrt", "log", "exp", "reciprocal", "square", "scaled")
GATED = ("maximum", "minimum", "relu", "clip", "where", "norm", "hypot")


def made(name, a, b):
    """An expression that is likely to have a kink, a pole or an overflow at some of the points."""
    if name == "where":
        return sd.where(a > b, a, b * 2)
    if name == "clip":
        return sd.minimum(sd.maximum(a, -1), 1)
    if name in ("relu", "sqrt", "log"):
        return getattr(sd, name)(a)
    return {
        "exp": lambda: sd.exp(a * 400),
        "reciprocal": lambda: 1 / a,
        "square": lambda: a**2,
        "scaled": lambda: a * 3 - b,
    }.get(name, lambda: getattr(sd, name)(a, b))()


@st.composite
def gated(draw):
    """A sum of gated operations on inner ones, products of which would be 0 times infinity without gates."""
    xs = list(sd.variables("x y z"))
    total = xs[0] * 0.5
    for _ in range(draw(st.integers(1, 3))):
        a, b = (draw(st.sampled_from(xs)) for _ in range(2))
        inner = made(draw(st.sampled_from(INNER)), a, b)
        total = total + made(draw(st.sampled_from(GATED)), inner, draw(st.sampled_from([*xs, inner, sd.Const(1)])))
    return total, {x: draw(POINTS) for x in xs}


def agree(rows, rel=1e-12):
    """Whether all ways gave the same numbers, nan and infinities where the first has them."""
    first, *others = rows.values()
    flat = np.ravel(np.array(first, dtype=object))
    return all(
        close(got, want, rel, scale=1e-12)
        for other in others
        for got, want in zip(np.ravel(np.array(other, dtype=object)), flat, strict=True)
    )


@settings(derandomize=True, database=None, deadline=None, max_examples=EXAMPLES)
@given(gated())
def test_first_derivatives_are_the_same_in_every_mode(case):
    f, point = case
    rows = first_derivatives(f, list(point), point)
    function = sd.compile(list(f.gradient(list(point))), list(point))
    rows["compiled"] = np.ravel(function(*point.values()))
    assert agree(rows), (str(f), point, rows)
