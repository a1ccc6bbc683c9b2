"""What several test modules share: how numbers are compared, and the ways to one derivative."""

from __future__ import annotations

import math
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np

import symdiff as sd

DIGITS = 50


@contextmanager
def digits(count: int = DIGITS) -> Iterator[None]:
    """Work with so many decimal digits in mpmath."""
    with mpmath.workdps(count):
        yield


def stable(value: Any) -> str:
    """A value as the name of a test: the same in every process, without addresses, sets by their size."""
    if isinstance(value, (set, frozenset)):
        return f"{type(value).__name__} of {len(value)}"
    return f"<{type(value).__name__}>" if " at 0x" in repr(value) else str(value)


def exact(value: Any) -> Any:
    """A number as the mpmath number of exactly that value, a Fraction as near as there is; bools stay."""
    if isinstance(value, (bool, np.bool_)):
        return value
    return mpmath.mpf(value.numerator) / value.denominator if isinstance(value, Fraction) else mpmath.mpmathify(value)


def is_real(value: Any) -> bool:
    """Whether a value is a real number, not nan and not infinite."""
    if isinstance(value, (bool, np.bool_)):
        return True
    return not isinstance(value, (mpmath.mpc, complex)) and bool(mpmath.isfinite(exact(value)))


def close(got: Any, expected: Any, rel: float, scale: float = 0.0) -> bool:
    """Whether a number is another, to `rel` times the larger of the expected one and `scale`.

    nan is nan, an infinity is itself; of a zero only `scale` says how far it may be.
    """
    if isinstance(expected, (bool, np.bool_)) or isinstance(got, (bool, np.bool_)):
        return bool(got == expected)
    with digits():
        a, b = exact(got), exact(expected)
        if mpmath.isnan(a) or mpmath.isnan(b):
            return bool(mpmath.isnan(a) and mpmath.isnan(b))
        if mpmath.isinf(a) or mpmath.isinf(b):
            return bool(a == b)
        return bool(abs(a - b) <= rel * max(abs(b), exact(scale)))


def kind(value: Any) -> str:
    """What IEEE 754 calls a number: nan, an infinity, or a finite one."""
    value = float(value)
    return "nan" if math.isnan(value) else repr(value) if math.isinf(value) else "finite"


def agree(results: dict[Any, Any], rel: float = 1e-12, scale: float = 0.0) -> bool:
    """Whether all values of a dictionary are one number: of one kind, and close."""
    first, *others = results.values()
    return all(close(other, first, rel, scale) for other in others)


def flat(values: Any) -> list[Any]:
    """The entries of an array, or a value alone."""
    return list(np.ravel(np.asarray(values, dtype=object)))


# -- the ways to a first derivative ---------------------------------------------

Point = dict[Any, Any]
Way = Callable[[Any, Sequence[Any], Point], list[Any]]


def _tangent(value: Any) -> Any:
    return value.eps if isinstance(value, sd.DualNumber) else 0


def _numbers(exprs: Any, point: Point) -> list[Any]:
    return sd.evaluate(flat(exprs), point)


def by_symbols(f: Any, xs: Sequence[Any], point: Point) -> list[Any]:
    return _numbers(f.gradient(list(xs)), point)


def by_duals(f: Any, xs: Sequence[Any], point: Point) -> list[Any]:
    return [_tangent(f.evaluate({**point, x: sd.DualNumber(point[x], 1)})) for x in xs]


def by_a_vector_of_tangents(f: Any, xs: Sequence[Any], point: Point) -> list[Any]:
    seeds = np.eye(len(xs))
    tangents = _tangent(f.evaluate({**point, **{x: sd.DualNumber(point[x], seeds[k]) for k, x in enumerate(xs)}}))
    return list(np.broadcast_to(tangents, (len(xs),)))


def by_backpropagation(f: Any, xs: Sequence[Any], point: Point) -> list[Any]:
    found = f.backpropagate(point)  # holds the variables that f depends on
    return [found.get(x, 0) for x in xs]


def by_taylor_series(f: Any, xs: Sequence[Any], point: Point) -> list[Any]:
    found = [f.evaluate({**point, x: sd.TaylorSeries([point[x], 1])}) for x in xs]
    return [s.coefficients[1] if isinstance(s, sd.TaylorSeries) else 0 for s in found]


def by_taylor(f: Any, xs: Sequence[Any], point: Point) -> list[Any]:
    return [sd.taylor(f, x, point, 1)[1] for x in xs]


def by_symbolic_taylor(f: Any, xs: Sequence[Any], point: Point) -> list[Any]:
    return _numbers([sd.taylor(f, x, order=1)[1] for x in xs], point)


def by_jvp(f: Any, xs: Sequence[Any], point: Point) -> list[Any]:
    return _numbers([sd.jvp(f, list(xs), [int(x is y) for y in xs]) for x in xs], point)


def by_vjp(f: Any, xs: Sequence[Any], point: Point) -> list[Any]:
    return _numbers(sd.vjp(f, list(xs), 1), point)


def by_forward_jacobian(f: Any, xs: Sequence[Any], point: Point) -> list[Any]:
    return _numbers(sd.jacobian(f, list(xs), mode="forward"), point)


def by_reverse_jacobian(f: Any, xs: Sequence[Any], point: Point) -> list[Any]:
    return _numbers(sd.jacobian(f, list(xs), mode="reverse"), point)


def by_adjoint_expressions(f: Any, xs: Sequence[Any], point: Point) -> list[Any]:
    found = f.adjoints()
    return _numbers([found.get(x, sd.Const(0)) for x in xs], point)


def by_a_python_function(f: Any, xs: Sequence[Any], point: Point) -> list[Any]:
    def function(*values: Any) -> Any:
        return f.evaluate({**point, **dict(zip(xs, values, strict=True))})

    return list(sd.gradient(function, *[point[x] for x in xs])) if len(xs) else []


WAYS: dict[str, Way] = {
    way.__name__.removeprefix("by_"): way
    for way in (
        by_symbols, by_duals, by_a_vector_of_tangents, by_backpropagation, by_taylor_series, by_taylor,
        by_symbolic_taylor, by_jvp, by_vjp, by_forward_jacobian, by_reverse_jacobian, by_adjoint_expressions,
        by_a_python_function,
    )
}  # fmt: skip


SEVERAL_TANGENTS = ("a_vector_of_tangents", "a_python_function")  # tangents of all variables at once


def first_derivatives(f: Any, xs: Sequence[Any], point: Point) -> dict[str, list[Any]]:
    """The gradient at a point in every way there is."""
    return {name: way(f, xs, point) for name, way in WAYS.items()}


# -- the ways to second derivatives, as rows --------------------------------------


def twice_by_symbols(f: Any, xs: Sequence[Any], point: Point) -> list[list[Any]]:
    return [_numbers(row, point) for row in f.hessian(list(xs))]


def twice_by_duals(f: Any, xs: Sequence[Any], point: Point) -> list[list[Any]]:
    def entry(x: Any, y: Any) -> Any:
        lifted = dict(point)
        lifted[x] = sd.DualNumber(lifted[x], 1, level=1)
        lifted[y] = sd.DualNumber(lifted[y], 1, level=2)
        outer = f.evaluate(lifted)
        inner = outer.eps if isinstance(outer, sd.DualNumber) and outer.level == 2 else 0
        return inner.eps if isinstance(inner, sd.DualNumber) else 0

    return [[entry(x, y) for y in xs] for x in xs]


def twice_by_backpropagation(f: Any, xs: Sequence[Any], point: Point) -> list[list[Any]]:
    rows = [g.backpropagate(point) for g in f.gradient(list(xs))]
    return [[row.get(x, 0.0) for x in xs] for row in rows]


def twice_by_diff(f: Any, xs: Sequence[Any], point: Point) -> list[list[Any]]:
    return [_numbers([f.diff(x, y) for y in xs], point) for x in xs]


def twice_by_products(f: Any, xs: Sequence[Any], point: Point) -> list[list[Any]]:
    units = [[int(x is y) for y in xs] for x in xs]
    return [_numbers(sd.hvp(f, list(xs), unit), point) for unit in units]


def twice_by_a_python_function(f: Any, xs: Sequence[Any], point: Point) -> list[list[Any]]:
    def function(*values: Any) -> Any:
        return f.evaluate({**point, **dict(zip(xs, values, strict=True))})

    if not len(xs):
        return []
    return [list(row) for row in np.reshape(sd.hessian(function, *[point[x] for x in xs]), (len(xs), len(xs)))]


def twice_by_taylor(f: Any, xs: Sequence[Any], point: Point) -> list[Any]:
    """The diagonal only."""
    return [2 * sd.taylor(f, x, point, 2)[2] for x in xs]


WAYS_TWICE: dict[str, Way] = {
    way.__name__.removeprefix("twice_by_"): way
    for way in (
        twice_by_symbols, twice_by_duals, twice_by_backpropagation, twice_by_diff, twice_by_products,
        twice_by_a_python_function,
    )
}  # fmt: skip


def second_derivatives(f: Any, xs: Sequence[Any], point: Point) -> dict[str, list[list[Any]]]:
    """The Hessian at a point in every way there is."""
    return {name: way(f, xs, point) for name, way in WAYS_TWICE.items()}


def sample(op):
    """An expression of two variables with the operation in it."""
    x, y = sd.variables("x y")
    if op.name.startswith("logical"):
        return sd.where(op(*[x < y, x > 0.125][: op.arity]), x**2 * y, sd.sin(y))
    if op.name == "where":
        return op(x < y, x * y, x + y)
    if op.boolean:
        return sd.where(op(x, y), x**2 * y, sd.sin(y))
    if op.whole:
        if len(op.whole) == 2:
            return op(1, 1, x * y + 1, y) + op(0, 1, y, x + 1)
        return op(2, x * y) + op(0, x)
    return op(*[x, y][: op.arity]) * y


def heeding_interrupts() -> None:
    """Let a child heed Ctrl-C, which one that is started in the background of a shell ignores: for `preexec_fn`."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
