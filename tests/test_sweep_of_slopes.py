"""Slopes from one end of the floats to the other: every record, every composite function, every mode and backend.

Operations come from the table and functions from `symdiff.functions`: a new one is swept without a line here. First and
second derivatives are held against 60 digits: to 1e-12 where the true value is a normal number, to four of the smallest
denormals elsewhere. SYMDIFF_SWEEP=full takes every power of ten and every special point.
"""

import functools
import os
from collections.abc import Callable
from typing import Any, NamedTuple

import mpmath
import numpy as np
import pytest
from support import (
    by_a_python_function,
    by_backpropagation,
    by_duals,
    by_taylor_series,
    twice_by_backpropagation,
    twice_by_duals,
)
from true_slopes import slopes

import symdiff as sd
from symdiff import functions
from symdiff.records import OPERATIONS

FULL = os.environ.get("SYMDIFF_SWEEP") == "full"
X, Y = sd.variables("x y")

EXPONENTS = (
    range(-300, 301) if FULL else (-300, -200, -155, -100, -30, -8, -3, -1, 0, 1, 3, 8, 30, 80, 100, 155, 160, 300)
)
SPECIAL = [0.5, 1.0, 2.0, np.pi / 2, np.pi, np.exp(-1.0), np.e] if FULL else [1.0, np.pi / 2]
NEAR = [0.0, 1e-15, 1e-12, 1e-8, 1e-4] if FULL else [0.0, 1e-12, 1e-5]
ORDINARY = [0.3, 2.3, 9.0, 17.0, 38.5, 88.0, 104.0, 238.0, 356.0, 400.0, 709.0, 711.0, 745.0, 1000.0]
PAIRS = [
    (3.0, -4.0), (0.3, 2.3), (1e-8, 1.0), (1.0, 1e-100), (1e200, 1e-200), (1e-200, 1e-200), (1e200, -1e200),
    (1e150, 1e100), (700.0, 699.0), (-300.0, 2.0), (1e8, 1.5),
]  # fmt: skip


def signed(sizes):
    return sorted({sign * size for size in sizes for sign in (1.0, -1.0)})


POINTS = signed(
    [10.0**k for k in EXPONENTS] + [p * (1 + side * d) for p in SPECIAL for d in NEAR for side in (1, -1)] + ORDINARY
)


# Points beside a zero of the slope, which rounding moves (that of 2*y - 1 + y*(y - 1)*log(x) is at 0.3003), and
# quotients of which the steps are narrower than those of the reference.
UNSUITABLE = {"pow_by_exponent": [(0.3, 2.3)], "floor_divide": [(1.0, 1e-100)]}


class Case(NamedTuple):
    """What is swept: an expression, and the same function of mpmath numbers."""

    name: str
    expr: Any
    function: Callable[..., Any]
    points: list[tuple[float, ...]]


def cases():
    """Every operation that has a slope, and every composite function."""
    for op in OPERATIONS:
        if op is None or op.boolean or op.branches or not hasattr(sd, op.class_name):
            continue
        if op.code is None and not op.whole:  # values of binomial and beta take milliseconds: tests of their own
            continue
        if len(op.whole) > 1:
            continue
        for order in (0, 1) if op.whole else (None,):
            call = op if order is None else functools.partial(op, order)
            name = op.name if order is None else f"{op.name} {order}"
            yield case(name, call, op.arity - bool(op.whole))
    for name in functions.__all__:
        function = getattr(functions, name)
        if name in ("sec", "csc"):
            yield case(name, function, 1)
        elif name == "where":
            continue  # a front of the record
        elif name == "dot":
            yield case(name, lambda x, y: functions.dot([x, y], [y, 2]), 2)
        else:
            yield case(name, functools.partial(first, function), 2)


def first(function, *operands):
    """The first element of what a function makes of several."""
    found = function(list(operands))
    return found[0] if isinstance(found, np.ndarray) else found


def case(name, call, arity):
    operands = [X, Y][:arity]
    points = [(p,) for p in POINTS] if arity == 1 else [at for at in PAIRS if at not in UNSUITABLE.get(name, ())]
    return Case(name, call(*operands), call, points)


CASES = {one.name: one for one in cases()}

# -- what is true ------------------------------------------------------------------------------

# Beyond these mpmath takes long, or a step of the differences is one of the function.
FAR = {"spherical_jn 0": 1e4, "spherical_jn 1": 1e4, "gamma": 1e3, "erfc": 30.0, "erf": 30.0, "floor": 1e8, "ceil": 1e8}
FAR |= dict.fromkeys(["trunc", "rint", "mod", "fmod", "floor_divide"], 1e8)
SLOW = dict.fromkeys([] if FULL else ["exp", "expm1", "sinh", "cosh", "sigmoid", "softplus", "sigmoid_slope"], 1e8)
SLOW |= dict.fromkeys(["logaddexp", "logsumexp", "softmax", "log_softmax"], 1e4)


def true(one, at, k):
    if max(map(abs, at)) > min(FAR.get(one.name, np.inf), SLOW.get(one.name, np.inf)):
        return None
    try:
        return slopes(one.function, at, k)
    except (ValueError, ArithmeticError, OverflowError):
        return None


# -- what is excused ---------------------------------------------------------------------------

# Slopes that may be 0 where they are denormal: 1/x**2 is written so since it reads best, and 1/r**3 of roots r.
FLUSHED = {"log", "log1p", "atan", "acot", "sqrt", "cbrt"}
# What is a part of slopes only: beyond the largest float infinities of two signs may meet in its own.
PARTS = {"direction_cosine", "direction_sine", "norm_cosine", "norm_sine"}
# Denormal slopes that may be so many of the smallest denormals off: that of gamma is a multiple of its denormal value,
# those of Lambert's w hold exp(-w), which enlarges the rounding of w.
COARSE = {"gamma": 32, "lambertw": 32, "lambertw1p": 32}
RECORDS = {op.name: op for op in OPERATIONS if op is not None}


def complaint(name, got, right, single=False):
    """What is wrong with a derivative, an empty text where nothing is."""
    digits, low, high, tolerance = (24, -126, 128, 1e-5) if single else (53, -1022, 1024, 1e-12)
    if abs(right) >= mpmath.ldexp(1 - tolerance, high):
        fine = (abs(got) >= 2.0**127 and (got > 0) == (right > 0)) or name in PARTS
    else:
        allowed = (
            tolerance * abs(right)
            if abs(right) >= mpmath.ldexp(1, low)
            else mpmath.ldexp(COARSE.get(name, 4), low - digits + 1)
        )
        if name in RECORDS and RECORDS[name].absolute:
            allowed = max(allowed, mpmath.ldexp(4, 1 - digits))
        fine = abs(got - right) <= allowed or (allowed < mpmath.ldexp(1, low) and name in FLUSHED and got == 0)
    if fine:
        return ""
    return f"{got!r}, not {mpmath.nstr(right, 17)}"


# -- the ways ----------------------------------------------------------------------------------

ONCE = {
    "duals": by_duals,
    "backpropagation": by_backpropagation,
    "series": by_taylor_series,
    "python": by_a_python_function,
}
TWICE = {"duals": twice_by_duals, "backpropagation": twice_by_backpropagation}


def by_numbers(one, at):
    """First and second derivatives at a point by the modes on numbers."""
    xs = [X, Y][: len(at)]
    point = dict(zip(xs, at, strict=True))
    for name, way in ONCE.items():
        yield name, 1, way(one.expr, xs, point)
    for name, way in TWICE.items():
        rows = way(one.expr, xs, point)
        yield name, 2, [rows[k][k] for k in range(len(xs))]
    yield "series", 2, [2 * sd.taylor(one.expr, x, point, 2)[2] for x in xs]
    yield "duals backwards", 2, [backwards(one.expr, x, point) for x in xs]


def backwards(expr, x, point):
    found = expr.backpropagate({**point, x: sd.DualNumber(point[x], 1.0)}).get(x, 0)
    return found.eps if isinstance(found, sd.DualNumber) else 0.0


def by_symbols(one, xs):
    """First and second derivatives as expressions, by the symbolic modes."""
    f = one.expr
    yield "reverse", 1, list(f.gradient(xs))
    yield "forward", 1, list(sd.jacobian([f], xs, mode="forward")[0])
    yield "elimination", 1, list(sd.jacobian([f], xs, mode="elimination")[0])
    yield "diff", 2, [f.diff(x, 2) for x in xs]
    yield "hessian", 2, [f.hessian(xs)[k, k] for k in range(len(xs))]
    yield "series", 2, [2 * sd.taylor(f, x, order=2)[2] for x in xs]


def by_backends(one, xs, points, dtype):
    """What the symbolic derivatives are at all points: mode, order, position of the variable, values."""
    modes = list(by_symbols(one, xs))
    outputs = [e for _, _, exprs in modes for e in exprs]
    columns = [np.array(column, dtype) for column in zip(*points, strict=True)]
    for backend in ("python", "numpy", "llvm") if dtype == "float64" else ("numpy", "llvm"):
        values = iter(sd.compile(outputs, xs, backend=backend, dtype=dtype)(*columns))
        for name, order, exprs in modes:
            for k in range(len(exprs)):
                yield f"{name}, {backend} {dtype}", order, k, np.broadcast_to(next(values), len(points))


def in_single(points):
    """The points rounded to float32, where that holds them."""
    limits = 2.0**-126, 2.0**127
    return [
        tuple(float(np.float32(v)) for v in at) for at in points if all(limits[0] <= abs(v) < limits[1] for v in at)
    ]


def found_by(one, xs, points, dtype):
    """All that every mode and backend finds: way, order, position of the variable, point, value."""
    for way, order, k, values in by_backends(one, xs, points, dtype):
        for at, value in zip(points, values.tolist(), strict=True):
            yield way, order, k, at, value
    for at in points if dtype == "float64" else ():
        for way, order, values in by_numbers(one, at):
            for k, value in enumerate(values):
                yield way, order, k, at, float(value)


@pytest.mark.parametrize("name", CASES)
def test_slopes_hold(name):
    one = CASES[name]
    xs = [X, Y][: len(one.points[0])]
    wrong = {}
    with mpmath.workdps(30):
        for dtype, points in (("float64", one.points), ("float32", in_single(one.points))):
            right = {(at, k): true(one, at, k) for at in points for k in range(len(xs))}
            points = [at for at in points if any(right[at, k] is not None for k in range(len(xs)))]
            for way, order, k, at, value in found_by(one, xs, points, dtype) if points else ():
                expected = right[at, k]
                if expected is not None:
                    found = complaint(name, value, expected[order], dtype == "float32")
                    if found:
                        wrong[way, order, at] = found
    assert wrong == {}
