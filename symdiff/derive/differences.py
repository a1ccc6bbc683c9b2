"""Numerical differentiation: approximations, to compare exact derivatives with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from symdiff.algebra.evaluate import check_names, evaluate
from symdiff.algebra.notation.text import short
from symdiff.algebra.scalars_only import holds_arrays
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.graph import VAR
from symdiff.handle import Handle
from symdiff.neighbours import takes_sympy
from symdiff.quoting import quoted
from symdiff.records import record

Function = Callable[..., Any]
Slope = Callable[[Function, Any, Sequence[Any], Any], Any]  # signature: (g, x, others, step) -> dg(x, *others)/dx

_EPS = float(np.finfo(float).eps)
_COMPLEX_STEP = 1e-50  # size of a step whose square is lost beside any x, and far from underflow
_ALIKE = 1e-6  # relative difference of slopes by a step and by half of it, where a function is smooth over it
_SMALL_STEP = 1e-8  # below it a smooth function's slopes are alike
_REAL = 1e-20  # part of a step that an imaginary part may have beside a real value
_PRECISE = 500  # precision in bits: enough for a step of that size beside 1, twice


@takes_sympy
def differences(f: Any, *args: Any, method: str = "central", step: float | None = None, **values: Any) -> Any:
    """The first derivatives of an expression or a Python function, approximately.

    Parameters
    ----------
    f : expression or callable
    *args
        For an expression a point, as `Expr.evaluate` takes it; for a function
        its arguments, numbers or arrays.
    method : "central", "forward", "complex-step" or "adaptive"
        Central and forward differences have errors of about 1e-10 and 1e-8
        beside values near 1. The complex step, `imag f(x + ih) / h`, is as
        exact as f, for analytic f only; nan where the complex value of f is not real, as beyond
        a branch cut, and at poles, jumps and what else half a step tells from a smooth function. The adaptive one is
        `scipy.differentiate.derivative`, which needs SciPy 1.15.
    step : float, optional
        The absolute step, for the adaptive method its first. By default what
        balances truncation and rounding beside a value and derivatives near 1:
        `sqrt(eps)` forward and `cbrt(eps)` central, times `max(1, abs(x))`,
        rounded to a power of two so that it adds no error of its own (Nocedal
        and Wright, *Numerical Optimization*, 2nd ed., section 8.1); 1e-50 for
        the complex step, which has no rounding to balance (Squire and Trapp,
        SIAM Review 40, 1998).
    **values
        For an expression, values by name.

    Returns
    -------
    dict or tuple
        For an expression `{variable: derivative}`, elementwise over arrays; for
        a function one derivative an argument, of the argument's shape where the
        function returns a number, else elementwise.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For an unknown method or option, a step that is not positive, and for the
        complex step of an expression that is not analytic.

    >>> import symdiff as sd
    >>> x, y = sd.variables("x y")
    >>> sd.differences(x**2*y + y + 2, {x: 3, y: 4})
    {x: 24.0, y: 10.0}
    >>> sd.differences(lambda x, y: x**2*y + y + 2, 3.0, 4.0, method="forward", step=0.5)
    (26.0, 10.0)
    """
    method = "complex-step" if method == "complex" else method
    slope = _slope(method, step)
    with np.errstate(all="ignore"):
        if isinstance(f, Handle):
            if len(args) > 1:
                raise SymdiffTypeError("differences of an expression takes one point, a dictionary")
            check_names("differences", f, values)
            return _of_expression(f, slope, method, step, args[0] if args else None, values)
        if not callable(f):
            raise SymdiffTypeError(f"differences takes an expression or a Python function, not {f!r}")
        if values:
            raise SymdiffTypeError("the arguments of a Python function are given in order, not by name")
        return _of_function(f, slope, step, args)


def _slope(method: Any, step: Any) -> Slope:
    if method not in _SLOPES:
        raise SymdiffValueError(f"method is one of {', '.join(_SLOPES)}, not {method!r}")
    if step is not None:
        if isinstance(step, bool) or not isinstance(step, (int, float, np.integer, np.floating)):
            raise SymdiffTypeError(f"the step is a number, not {quoted(step)}")
        if not 0 < step < np.inf:
            raise SymdiffValueError(f"the step is positive and finite, not {quoted(step)}")
    return _SLOPES[method]


def _real(value: Any, name: str) -> Any:
    """A value as a float or an array of floats."""
    try:
        return np.asarray(value, dtype=float) if np.ndim(value) else float(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise SymdiffTypeError(
            f"differences take real numbers and arrays of them; {name} is {quoted(value)}"
        ) from error


# -- expressions and functions -----------------------------------------------------------


def _of_expression(
    f: Handle, slope: Slope, method: str, step: Any, point: Any, named: Mapping[str, Any]
) -> dict[Handle, Any]:
    given = _given(f, point, named)
    held = list(given)
    if any(map(holds_arrays, [f, *held])):
        return _of_arrays(f, slope, method, step, given)
    evaluation = _partial_evaluation
    if method == "complex-step" and not _check_analytic(f):
        evaluation = _precise_evaluation
    found = {}
    for v in held:
        others = [u for u in held if u is not v]
        g, rest = evaluation(f, v, others), [given[u] for u in others]
        value = slope(g, given[v], rest, step)
        if slope is _complex:
            value = _where_real(_partial_evaluation(f, v, others), given[v], rest, value)
        found[v] = _plain(value)
    return found


def _of_arrays(f: Handle, slope: Slope, method: str, step: Any, given: Mapping[Handle, Any]) -> dict[Handle, Any]:
    """The derivatives of a scalar by arrays, entry by entry."""
    if f._holds_array():
        raise SymdiffTypeError(f"differences is of a scalar where arrays take part: weigh and sum {short(f)}")
    if method == "complex-step":
        _check_analytic(f)

    def function(*values: Any) -> Any:
        return evaluate(f, dict(zip(given, values, strict=True)))

    return dict(zip(given, _of_function(function, slope, step, list(given.values())), strict=True))


def _given(f: Handle, point: Any, named: Mapping[str, Any]) -> dict[Handle, Any]:
    """The values of the variables, by the rules of `evaluate` and with its errors."""
    variables = f.variables
    values = [evaluate(v, point, **named) for v in variables]
    return {v: _real(value, v._cell.name) for v, value in zip(variables, values, strict=True)}


def _partial_evaluation(f: Handle, v: Handle, others: Sequence[Handle]) -> Function:
    def g(t: Any, *rest: Any) -> Any:
        return evaluate(f, {v: t, **dict(zip(others, rest, strict=True))})

    return g


def _precise_evaluation(f: Handle, v: Handle, others: Sequence[Handle]) -> Function:
    """Evaluation that keeps a tiny imaginary part, which mpmath at double precision does not."""
    evaluated = _partial_evaluation(f, v, others)

    def g(t: Any, *rest: Any) -> complex:
        import mpmath

        with mpmath.mp.workprec(_PRECISE):
            return complex(evaluated(mpmath.mpmathify(t), *[mpmath.mpf(r) for r in rest]))

    return np.vectorize(g, otypes=[complex])


def _check_analytic(f: Handle) -> bool:
    """Whether every operation has a complex function of its own; an error where one is not analytic."""
    nodes = f.graph.nodes
    native = True
    for i in f.graph.cone([f._index]):
        op = record(nodes[i][0]) if nodes[i][0] > VAR else None
        if op is not None and (op.kinks or op.boolean):
            raise SymdiffValueError(f"{op.name} is not analytic, which the complex step needs; use method='central'")
        native = native and (op is None or op.complex is not None)
    return native


def _of_function(func: Function, slope: Slope, step: Any, args: Sequence[Any]) -> tuple[Any, ...]:
    values = [_real(value, f"argument {k}") for k, value in enumerate(args)]
    scalar = np.ndim(func(*values)) == 0
    found = []
    for k, value in enumerate(values):
        if scalar and np.ndim(value):
            found.append(_entries(func, slope, step, values, k))
        else:
            g = _one_argument(func, k)
            rest = values[:k] + values[k + 1 :]
            of_value = slope(g, value, rest, step)
            found.append(_plain(_where_real(g, value, rest, of_value) if slope is _complex else of_value))
    return tuple(found)


def _one_argument(func: Function, k: int) -> Function:
    def g(t: Any, *others: Any) -> Any:
        return func(*others[:k], t, *others[k:])

    return g


def _entries(func: Function, slope: Slope, step: Any, values: Sequence[Any], k: int) -> Any:
    """The derivatives of a number by every entry of an array."""
    found = np.empty(values[k].shape)
    for index in np.ndindex(found.shape):
        found[index] = slope(_one_entry(func, values, k, index), float(values[k][index]), (), step)
    return _where_real(func, values[0], values[1:], found) if slope is _complex else found


def _one_entry(func: Function, values: Sequence[Any], k: int, index: tuple[int, ...]) -> Function:
    def g(t: Any) -> Any:
        moved = values[k].astype(type(t))
        moved[index] = t
        return func(*values[:k], moved, *values[k + 1 :])

    return g


def _plain(value: Any) -> Any:
    return value if np.ndim(value) else float(value)


# -- the methods -----------------------------------------------------------------------------


def _step(x: Any, step: Any, relative: float) -> Any:
    if step is not None:
        return step
    return 2.0 ** np.round(np.log2(relative * np.maximum(1.0, np.abs(x))))


def _central(g: Function, x: Any, others: Sequence[Any], step: Any) -> Any:
    h = _step(x, step, _EPS ** (1 / 3))
    return (g(x + h, *others) - g(x - h, *others)) / (2 * h)


def _forward(g: Function, x: Any, others: Sequence[Any], step: Any) -> Any:
    h = _step(x, step, _EPS**0.5)
    return (g(x + h, *others) - g(x, *others)) / h


def _complex(g: Function, x: Any, others: Sequence[Any], step: Any) -> Any:
    h = _COMPLEX_STEP if step is None else step
    try:
        before, after, halfway = [g(x + 1j * t, *others) for t in (0.0, h, h / 2)]
    except TypeError as error:
        raise SymdiffTypeError(
            f"the complex step needs a function of complex numbers; use method='central' ({error})"
        ) from error
    slope = np.imag(after) / h
    real = np.abs(np.imag(before)) <= _REAL * h * np.abs(before)  # what is rounded at 500 bits may be off its axis
    return np.where(real & _is_smooth(slope, np.imag(halfway) / (h / 2), h), slope, np.nan)[()]


def _is_smooth(slope: Any, by_half: Any, h: float) -> Any:
    """Whether half a step gives the same slope, which it does not beside a jump, a pole or the end of a branch cut."""
    if h > _SMALL_STEP:
        return True
    return (slope == by_half) | (np.abs(slope) <= h) | (np.abs(slope - by_half) <= _ALIKE * np.abs(slope))


def _where_real(g: Function, x: Any, others: Sequence[Any], slope: Any) -> Any:
    """Slopes by the complex step, nan where the function of real numbers has no value, as sqrt(x)**2 has none at -2."""
    with np.errstate(all="ignore"):
        try:
            value = g(x, *others)
        except (ValueError, ZeroDivisionError):  # of Python's mathematics
            return np.full(np.shape(slope), np.nan)[()]
    return np.where(np.isnan(np.real(value)), np.nan, slope)[()]


def _adaptive(g: Function, x: Any, others: Sequence[Any], step: Any) -> Any:
    """SciPy's, which wants a function of arrays; again with a small step where the first left the domain."""
    from scipy.differentiate import derivative

    vectorized = np.vectorize(g, otypes=[float])
    found = derivative(vectorized, x, args=tuple(others), initial_step=0.5 if step is None else step)
    if step is None and not np.all(found.success):
        again = derivative(vectorized, x, args=tuple(others), initial_step=_step(x, None, 1e-3))
        return np.where(found.success, found.df, again.df)[()]
    return found.df


_SLOPES: dict[str, Slope] = {
    "central": _central,
    "forward": _forward,
    "complex-step": _complex,
    "adaptive": _adaptive,
}

__all__ = ["differences"]
