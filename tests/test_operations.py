"""Every operation record, in every mode, against 50-digit arithmetic: none is listed here, so a new one is tested too.

Where an operation is defined is found out: of lists of candidates those operands
are taken at which mpmath has a finite real value.
"""

from __future__ import annotations

import functools
import itertools
import math
import warnings
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
import support
import sympy
from support import DIGITS, agree, close, digits, exact, first_derivatives, is_real, kind, second_derivatives

import symdiff as sd
from symdiff.constants import NamedConstant
from symdiff.graph import VAR
from symdiff.records import OPERATIONS, Operation
from symdiff.rules import partials_at

VALUE, FIRST, SECOND, HIGH = 2e-14, 1e-12, 1e-11, 1e-11  # relative errors that are let pass
POINTS = 6  # of each operation
CANDIDATES = (0.7, 1.3, -0.6, 2.6, 0.15, -1.7, 5.2, 3.4)
WHOLE = (1, 0, 2, 3)
SPECIAL = (
    0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.0, 3.0, 1.5, 700.0, -1000.0, 5e-324, -1e-300, 1e300, -1e300,
    math.inf, -math.inf, math.nan,
)  # fmt: skip
FEW_SPECIAL = (0.0, -0.0, 1.0, -1.0, 0.5, -2.0, 3.0, 1e-300, 1e300, -1e300, math.inf, -math.inf, math.nan)

Check = Callable[[Operation], None]
Trait = Callable[[Operation], bool]
CHECKS: dict[Check, Trait] = {}  # and which operations have to pass it


def every(op: Operation) -> bool:
    """Any operation."""
    return True


def of_few_orders(op: Operation) -> bool:
    """All but derivatives of two orders, which those of what they are derivatives of are made of: they take long."""
    return len(op.whole) < 2


def smooth(op: Operation) -> bool:
    """Those that mean the same for complex numbers, derivatives included."""
    return not op.kinks and not op.boolean


def check(trait: Trait) -> Callable[[Check], Check]:
    """Let every operation of that trait pass a check."""

    def registered(function: Check) -> Check:
        CHECKS[function] = trait
        return function

    return registered


# -- the operands that suit an operation -----------------------------------------


@functools.cache
def conditions(op: Operation) -> tuple[int, ...]:
    """The operands that are conditions."""
    parts = partials_at(op, [0.5] * op.arity)
    joins = op.boolean and op.name.startswith("logical_")
    return tuple(k for k in range(op.arity) if joins or (parts[k] is None and not op.boolean and k not in op.whole
                                                         and op.operands[k] == "condition"))  # fmt: skip


def choices(op: Operation, numbers: tuple[float, ...], whole: tuple[int, ...] = WHOLE) -> list[tuple[Any, ...]]:
    """What each operand is tried at."""
    return [
        whole if k in op.whole else (True, False) if k in conditions(op) else numbers for k in range(op.arity)
    ]  # fmt: skip


def mp_value(op: Operation, point: tuple[Any, ...]) -> Any:
    """The value at 50 digits, None where the operation has none that is real and finite."""
    with digits():
        value = op(*[p if k in op.whole else exact(p) for k, p in enumerate(point)])
        return value if is_real(value) else None


def shuffled(every: list[Any]) -> list[Any]:
    """All of a list, neighbours far apart, always in the same order."""
    stride = max(1, len(every) * 5 // 13)
    while math.gcd(stride, len(every)) > 1:
        stride += 1
    return [every[k * stride % len(every)] for k in range(len(every))]


@functools.cache
def points(op: Operation) -> tuple[tuple[Any, ...], ...]:
    """Some points of the domain, different operands at different numbers, spread over the candidates."""
    shifted = [
        [c + 0.015625 * k if type(c) is float else c for c in column]
        for k, column in enumerate(choices(op, CANDIDATES))
    ]
    found: list[tuple[Any, ...]] = []
    for point in shuffled(list(itertools.product(*shifted))):
        if len(found) < POINTS and mp_value(op, point) is not None:
            found.append(point)
    assert len(found) >= 2, f"{op.name}: no operands found at which it has a value"
    return tuple(found)


def special_points(op: Operation) -> list[tuple[Any, ...]]:
    """Zeros, infinities, nan, poles, huge numbers, in every combination."""
    return list(itertools.product(*choices(op, SPECIAL if op.arity == 1 else FEW_SPECIAL, (0, 1, 2))))


def expression(op: Operation, point: tuple[Any, ...]) -> tuple[Any, list[Any], dict[Any, Any]]:
    """The operation on variables, those that are numbers, and the point; whole operands are constants."""
    operands = [sd.Const(p) if k in op.whole else sd.Var(f"x{k}") for k, p in enumerate(point)]
    at = {x: p for k, (x, p) in enumerate(zip(operands, point, strict=True)) if k not in op.whole}
    moving = [x for k, x in enumerate(operands) if k not in op.whole and k not in conditions(op)]
    return op(*operands), moving, at


def moving_operands(op: Operation) -> list[int]:
    return [k for k in range(op.arity) if k not in op.whole and k not in conditions(op)]


def mp_derivative(op: Operation, point: tuple[Any, ...], orders: dict[int, int]) -> Any:
    """A partial derivative by mpmath's differences at 50 digits, which knows none of the rules."""
    places = sorted(orders)

    def function(*values: Any) -> Any:
        operands = [p if k in op.whole else exact(p) for k, p in enumerate(point)]
        for place, value in zip(places, values, strict=True):
            operands[place] = value
        return exact(op(*operands)) + 0  # a condition counts as the number it is

    with digits():
        start = tuple(exact(point[k]) for k in places)
        orders_ = tuple(orders[k] for k in places)
        if len(places) == 1:
            return mpmath.diff(function, start[0], orders_[0])
        return mpmath.diff(function, start, orders_)


def columns(op: Operation, rows: list[tuple[Any, ...]], dtype: Any = float) -> list[Any]:
    """Points as arrays of operands; all have the same whole operands."""
    return [
        rows[0][k] if k in op.whole else np.array(column, dtype=bool if k in conditions(op) else dtype)
        for k, column in enumerate(zip(*rows, strict=True))
    ]


def by_whole_operands(op: Operation, rows: list[tuple[Any, ...]]) -> list[list[tuple[Any, ...]]]:
    """Points in groups of equal whole operands."""
    groups: dict[Any, list[tuple[Any, ...]]] = {}
    for row in rows:
        groups.setdefault(tuple(row[k] for k in op.whole), []).append(row)
    return list(groups.values())


# -- values --------------------------------------------------------------------------


@check(every)
def a_float_has_the_value_of_50_digits(op: Operation) -> None:
    for point in points(op):
        got = op(*point)
        assert close(got, mp_value(op, point), VALUE), (point, got)


@check(every)
def a_float_stays_a_float(op: Operation) -> None:
    for point in points(op):
        f, _, at = expression(op, point)
        assert type(f.evaluate(at)) is (bool if op.boolean else float), point
        assert type(op(*point)) is (bool if op.boolean else float), point


@check(every)
def an_expression_evaluates_to_what_the_function_gives(op: Operation) -> None:
    for point in points(op):
        f, _, at = expression(op, point)
        assert f.evaluate(at) == op(*point), point
        with digits():
            high = {x: exact(p) for x, p in at.items()}
            assert f.evaluate(high) == mp_value(op, point), point


@check(every)
def an_array_has_the_values_of_its_numbers(op: Operation) -> None:
    for rows in by_whole_operands(op, list(points(op))):
        got = op(*columns(op, rows))
        assert isinstance(got, np.ndarray)
        assert got.dtype == (bool if op.boolean else np.float64)
        assert got.shape == (len(rows),)
        for row, value in zip(rows, got, strict=True):
            assert close(value, mp_value(op, row), VALUE), row


@check(every)
def an_array_of_float32_stays_one(op: Operation) -> None:
    for rows in by_whole_operands(op, list(points(op))):
        operands = columns(op, rows, np.float32)
        f, _, at = expression(op, rows[0])
        at = dict(zip(at, [o for k, o in enumerate(operands) if k not in op.whole], strict=True))
        expected = np.bool_ if op.boolean else np.float32
        assert op(*operands).dtype == expected
        assert f.evaluate(at).dtype == expected
        for row, value in zip(rows, f.evaluate(at), strict=True):
            rounded = tuple(float(np.float32(p)) if type(p) is float else p for p in row)
            reference = mp_value(op, rounded)
            assert reference is None or close(value, reference, 2e-6, scale=1e-1), (row, value)


@check(every)
def an_array_of_ints_becomes_float64(op: Operation) -> None:
    numbers = np.array([1, 2, 3, 0, -1, -2])
    operands = [
        1 if k in op.whole else numbers > 0 if k in conditions(op) else np.roll(numbers, k) for k in range(op.arity)
    ]
    got = op(*operands)
    assert got.dtype == (bool if op.boolean else np.float64)
    floats = op(*[o.astype(float) if isinstance(o, np.ndarray) and o.dtype != bool else o for o in operands])
    assert np.array_equal(got, floats, equal_nan=not op.boolean)


@check(every)
def arrays_broadcast(op: Operation) -> None:
    for point in points(op)[:2]:
        f, _, at = expression(op, point)
        shapes = [(2, 1), (3,), (1, 1)]
        arrays = {x: np.full(shapes[k % 3], p) for k, (x, p) in enumerate(at.items())}
        got = f.evaluate(arrays)
        assert got.shape == np.broadcast_shapes(*[a.shape for a in arrays.values()])
        assert all(close(v, op(*point), VALUE) for v in got.ravel())


@check(smooth)
def complex_values_are_those_of_50_digits(op: Operation) -> None:
    """An operation without complex values says so."""
    for base in (0.7 + 0.4j, -0.6 - 0.3j, 1.3 - 0.2j):
        point = tuple(1 if k in op.whole else base + (0.25 + 0.125j) * k for k in range(op.arity))
        try:
            with digits():
                expected = op(*[p if k in op.whole else mpmath.mpc(p) for k, p in enumerate(point)])
        except sd.SymdiffError:
            with pytest.raises(sd.SymdiffTypeError, match=op.name):
                op(*point)
            continue
        got = op(*point)
        assert type(got) is complex
        with digits():
            assert abs(mpmath.mpc(got) - expected) <= 1e-13 * abs(expected), (point, got)
        f, _, at = expression(op, point)
        assert f.evaluate(at) == got


@check(smooth)
def complex_derivatives_are_those_of_50_digits(op: Operation) -> None:
    point = tuple(1 if k in op.whole else 0.7 + 0.4j + (0.25 + 0.125j) * k for k in range(op.arity))
    f, moving, at = expression(op, point)
    try:
        op(*point)
    except sd.SymdiffTypeError:
        with pytest.raises(sd.SymdiffTypeError, match=op.name):
            f.backpropagate(at)
        return
    adjoints = f.backpropagate(at)
    slopes = sd.evaluate(list(f.gradient(moving)), at)
    for k, x, slope in zip(moving_operands(op), moving, slopes, strict=True):
        expected = mp_derivative(op, point, {k: 1})
        tangent = f.evaluate({**at, x: sd.DualNumber(at[x], 1)}).eps
        for got in (adjoints[x], slope, tangent):
            with digits():
                assert abs(mpmath.mpmathify(got) - expected) <= 1e-12 * abs(expected), (k, got)


@check(every)
def scalars_and_arrays_agree_at_special_points(op: Operation) -> None:
    """Zeros of both signs, infinities, nan, poles, huge numbers: never an exception, never a warning."""
    for rows in by_whole_operands(op, special_points(op)):
        array = op(*columns(op, rows))
        f, _, at = expression(op, rows[0])
        moving = [k for k in range(op.arity) if k not in op.whole]
        evaluated = f.evaluate(dict(zip(at, [columns(op, rows)[k] for k in moving], strict=True)))
        for row, one, other in zip(rows, array, evaluated, strict=True):
            number = op(*row)
            assert type(number) is (bool if op.boolean else float), (row, number)
            assert agree({"number": number, "array": one, "evaluated": other}, rel=1e-13), (row, number, one, other)


@check(every)
def numbers_beside_arrays_are_as_numbers_alone(op: Operation) -> None:
    """A point may give a number for one variable and an array for another; values, slopes and adjoints."""
    other = sd.Var("beside")
    for row in special_points(op):
        f, moving, at = expression(op, row)
        beside = {**at, other: np.array([1.0, 2.0])}
        found = (sd.where(f, 1, 0) if op.boolean else f).evaluate(beside)
        assert agree({"alone": op(*row) + 0.0, "beside": found}, rel=1e-13), (row, found)
        slopes, alone = (f * other).backpropagate(beside), f.backpropagate(at)
        assert [kind(slopes[x]) for x in moving] == [kind(3 * alone[x]) for x in moving], (row, slopes, alone)


@check(lambda op: op.name not in ("minimum", "maximum", "relu"))  # NumPy takes either of two zeros
def zeros_have_the_sign_that_arrays_give(op: Operation) -> None:
    """IEEE 754: it decides which infinity a reciprocal is."""
    points = [*special_points(op), *itertools.product(*choices(op, (-0.25, 0.25, -0.0, 0.0, 2.0), (0, 1)))]
    for rows in by_whole_operands(op, points):
        for row, one in zip(rows, op(*columns(op, rows)), strict=True):
            if one == 0:
                assert math.copysign(1.0, op(*row)) == math.copysign(1.0, one), (row, op(*row), one)
            assert op(*row) != 0 or one == 0


@check(every)
def mpmath_agrees_at_special_points(op: Operation) -> None:
    """Where floats have a finite value, and one that 50 digits have as a real one, it is the same."""
    found = 0
    for point in special_points(op):
        if any(abs(p) > 1e299 or (p == 0 and math.copysign(1, p) < 0) for p in point):
            continue  # mpmath has no negative zero, and takes for ever for some functions of huge numbers
        got = op(*point)
        expected = mp_value(op, point)
        if not math.isfinite(got) or expected is None or 0 < abs(expected) < 1e-300:
            continue
        found += 1
        assert close(got, expected, 1e-12), (point, got, mpmath.nstr(expected, 20))
    assert found


@check(every)
def ints_have_the_values_of_floats(op: Operation) -> None:
    for point in itertools.product(*choices(op, (0, 1, 2, 3, -1, -2), (0, 1, 2))):
        got = op(*point)
        floats = op(*[float(p) if k in moving_operands(op) else p for k, p in enumerate(point)])
        assert close(float(got), float(floats), 1e-13), (point, got, floats)


@check(every)
def fractions_have_the_values_of_floats(op: Operation) -> None:
    for point in itertools.product(*choices(op, (Fraction(1, 2), Fraction(-3, 4), 1, Fraction(9, 4)), (0, 1, 2))):
        got = op(*point)
        floats = op(*[float(p) if k in moving_operands(op) else p for k, p in enumerate(point)])
        assert close(float(got), float(floats), 1e-13), (point, got, floats)


@check(lambda op: len(op.at) > 0)
def exact_values_of_the_record_are_true(op: Operation) -> None:
    for x, value in op.at.items():
        assert op(float(x)) == float(value), x
        with digits():
            named = isinstance(value, NamedConstant)
            wanted = +getattr(mpmath, value.name) if named else exact(float(value))
            assert close(op(mpmath.mpf(x)), wanted, 1e-45), x
        assert op(sd.Const(x)) == sd.Const(value)


@check(every)
def constants_have_the_value_of_variables(op: Operation) -> None:
    """Whatever folds when an expression is built."""
    for point in itertools.product(*choices(op, (0, 1, 2, -1, Fraction(1, 2)), (0, 1, 2))):
        folded = op(*[sd.Const(p) for p in point]).evaluate({})
        f, _, at = expression(op, point)
        assert close(float(folded), float(f.evaluate(at)), 1e-13), point


@check(every)
def sympy_spells_the_same_function(op: Operation) -> None:
    """The record's SymPy spelling against its mpmath spelling, at the exact values of the floats."""
    for point in points(op):
        f, _, at = expression(op, point)
        on = conditions(op)
        f = f.replace({x: x > 0 for x in f.variables if x.name in {f"x{k}" for k in on}})
        values = {x.name: sympy.Rational(float(p) - 0.5 if type(p) is bool else p) for x, p in at.items()}
        converted = f.to_sympy()
        converted = converted.xreplace({s: values[s.name] for s in converted.free_symbols})
        if op.boolean:
            assert bool(converted) == mp_value(op, point), point
        else:
            with digits():
                value = mpmath.mpf(str(sympy.sympify(converted).evalf(DIGITS)))
            assert close(value, mp_value(op, point), 1e-40), (point, value)


# -- traits -----------------------------------------------------------------------------


@check(lambda op: op.commutative)
def commutative_operations_commute(op: Operation) -> None:
    for point in points(op):
        assert op(*point) == op(*reversed(point)), point


@check(lambda op: op.folds)
def folding_operations_take_any_number_of_operands(op: Operation) -> None:
    a, b, c = (True, False, True) if conditions(op) else (0.7, 1.3, -0.6)
    assert op(a, b, c) == op(op(a, b), c)
    x, y, z = sd.variables("x y z")
    assert op(x, y, z) == op(op(x, y), z)


@check(every)
def a_wrong_number_of_operands_is_an_error_that_names_the_operation(op: Operation) -> None:
    for count in (op.arity - 1, *[op.arity + 1] * (not (op.folds or op.variadic))):
        with pytest.raises(sd.SymdiffTypeError, match=op.name):
            op(*[1.0] * count)
        with pytest.raises(sd.SymdiffTypeError, match=op.name):
            op(*sd.variables("x", count))


@check(lambda op: op.linear != ())
def linear_operations_are_linear(op: Operation) -> None:
    for point in points(op):
        other = [1.25 * p if k in op.linear else p for k, p in enumerate(point)]
        total = [p + q if k in op.linear else p for k, (p, q) in enumerate(zip(point, other, strict=True))]
        assert close(op(*total), op(*point) + op(*other), 1e-14, scale=10.0), point
    assert set(op.linear) <= set(moving_operands(op))


@check(every)
def numpys_function_makes_the_same_expression(op: Operation) -> None:
    function = getattr(np, op.ufunc, None)
    if isinstance(function, np.ufunc) and function.nin == op.arity:
        xs = list(sd.variables("x", op.arity))
        if op is sd.equal:  # NumPy's `equal` is `==`, which compares structure
            assert not np.any(function(*xs))
        else:
            assert function(*xs) == op(*xs)
        if op.arity == 1 and op.name not in ("sign", "logical_not"):  # NumPy compares elements for these
            assert function(np.array(xs, dtype=object))[0] == op(*xs)
    array = np.array(sd.variables("x", 2))
    assert list(op(*[1 if k in op.whole else array for k in range(op.arity)])) == [
        op(*[1 if k in op.whole else x for k in range(op.arity)]) for x in array
    ]


@check(every)
def text_is_there_and_always_the_same(op: Operation) -> None:
    texts = set()
    for _ in range(2):
        with sd.Graph():
            f, moving, _ = expression(op, points(op)[0])
            texts.add((str(f), repr(f), *map(str, f.gradient(moving)), str(f.hessian(moving))))
    assert len(texts) == 1
    assert all(texts.pop())


# -- first derivatives ------------------------------------------------------------------


@check(every)
def first_derivatives_are_those_of_50_digits(op: Operation) -> None:
    for point in points(op):
        f, moving, at = expression(op, point)
        found = first_derivatives(f, moving, at)
        for n, k in enumerate(moving_operands(op)):
            expected = mp_derivative(op, point, {k: 1})
            for way, row in found.items():
                assert close(row[n], expected, FIRST, scale=1e-30), (way, point, k, row[n], mpmath.nstr(expected, 20))


@check(every)
def functions_of_numbers_have_those_derivatives(op: Operation) -> None:
    """`sd.derivative` and `sd.gradient` of the record itself."""
    for point in points(op):
        for k in moving_operands(op):

            def function(value: Any, k: int = k, point: Any = point) -> Any:
                return op(*point[:k], value, *point[k + 1 :])

            expected = mp_derivative(op, point, {k: 1})
            assert close(sd.derivative(function, point[k]), expected, FIRST, scale=1e-30), (point, k)
            assert close(sd.gradient(function, point[k])[0], expected, FIRST, scale=1e-30), (point, k)
            several = sd.derivative(function, np.array([point[k]] * 3))
            assert np.shape(several) == (3,)
            assert close(several[1], expected, FIRST, scale=1e-30), (point, k)


@check(every)
def first_derivatives_on_arrays_are_those_of_numbers(op: Operation) -> None:
    for rows in by_whole_operands(op, list(points(op))):
        f, moving, at = expression(op, rows[0])
        operands = [o for k, o in enumerate(columns(op, rows)) if k not in op.whole]
        arrays = dict(zip(at, operands, strict=True))
        ways = {name: support.WAYS[name] for name in ("symbols", "duals", "backpropagation", "taylor_series")}
        for name, way in ways.items():
            for n, k in enumerate(moving_operands(op)):
                got = np.broadcast_to(way(f, moving, arrays)[n], (len(rows),))
                for row, value in zip(rows, got, strict=True):
                    assert close(value, mp_derivative(op, row, {k: 1}), FIRST, scale=1e-30), (name, row, k)


@check(every)
def float32_derivatives_stay_float32(op: Operation) -> None:
    for rows in by_whole_operands(op, list(points(op))):
        f, moving, at = expression(op, rows[0])
        operands = [o for k, o in enumerate(columns(op, rows, np.float32)) if k not in op.whole]
        arrays = dict(zip(at, operands, strict=True))
        adjoints = f.backpropagate(arrays)
        assert all(adjoints[x].dtype == np.float32 for x in moving), {x: adjoints[x].dtype for x in moving}
        for slope in f.gradient(moving):
            value = slope.evaluate(arrays)
            from_floats = any(arrays[x].dtype == np.float32 for x in slope.variables)
            assert value.dtype == np.float32 if from_floats else np.isin(value, (0.0, 1.0, -1.0)).all()


@check(every)
def high_precision_derivatives_keep_it(op: Operation) -> None:
    """All modes at 50 digits: a rule with a rounded constant would show."""
    ways = {name: support.WAYS[name] for name in ("symbols", "duals", "backpropagation", "taylor_series")}
    for point in points(op)[:2]:
        with digits():
            f, moving, at = expression(op, point)
            at = {x: exact(p) for x, p in at.items()}
            for name, way in ways.items():
                for n, k in enumerate(moving_operands(op)):
                    expected = mp_derivative(op, point, {k: 1})
                    assert close(way(f, moving, at)[n], expected, 1e-40, scale=1e-30), (name, point, k)


@check(every)
def every_way_agrees_at_special_points(op: Operation) -> None:
    """First derivatives at zeros of both signs, infinities, nan, kinks, poles, huge numbers."""
    for point in shuffled(special_points(op))[:60]:
        f, moving, at = expression(op, point)
        found = first_derivatives(f, moving, at)
        for n in range(len(moving)):
            results = {way: row[n] for way, row in found.items() if way not in support.SEVERAL_TANGENTS}
            assert agree(results), (point, n, results)


@check(every)
def a_vector_of_tangents_agrees_at_special_points(op: Operation) -> None:
    """A pole of one partial derivative leaves the others alone."""
    for point in shuffled(special_points(op))[:40]:
        f, moving, at = expression(op, point)
        ways = ("backpropagation", *support.SEVERAL_TANGENTS)
        found = {way: support.WAYS[way](f, moving, at) for way in ways}
        for n in range(len(moving)):
            results = {way: row[n] for way, row in found.items()}
            assert agree(results), (point, n, results)


@check(every)
def arrays_agree_with_numbers_at_special_points(op: Operation) -> None:
    """Products of three such numbers neither overflow nor underflow, so that only rules can tell them apart."""
    extreme = (1e-300, -1e-300, 5e-324, 1e300, -1e300)
    for rows in by_whole_operands(op, [row for row in special_points(op) if not set(row) & set(extreme)]):
        f, moving, at = expression(op, rows[0])
        operands = [o for k, o in enumerate(columns(op, rows)) if k not in op.whole]
        arrays = dict(zip(at, operands, strict=True))
        slopes = {name: support.WAYS[name](f, moving, arrays) for name in ("symbols", "duals", "backpropagation")}
        for m, row in enumerate(rows):
            numbers = dict(zip(at, [p for k, p in enumerate(row) if k not in op.whole], strict=True))
            expected = f.backpropagate(numbers)
            for n, x in enumerate(moving):
                results = {name: np.broadcast_to(found[n], (len(rows),))[m] for name, found in slopes.items()}
                assert agree({"number": expected[x], **results}), (row, n, expected[x], results)


# -- second and higher derivatives ---------------------------------------------------------


@check(every)
def second_derivatives_are_those_of_50_digits(op: Operation) -> None:
    for point in points(op)[:4]:
        f, moving, at = expression(op, point)
        found = second_derivatives(f, moving, at)
        squares = support.twice_by_taylor(f, moving, at)
        for (n, k), (m, j) in itertools.product(enumerate(moving_operands(op)), repeat=2):
            expected = mp_derivative(op, point, {k: 2} if k == j else {k: 1, j: 1})
            results = {way: rows[n][m] for way, rows in found.items()}
            if n == m:
                results["taylor"] = squares[n]
            for way, got in results.items():
                assert close(got, expected, SECOND, scale=1e-25), (way, point, k, j, got, mpmath.nstr(expected, 20))


@check(of_few_orders)
def second_derivatives_agree_at_special_points(op: Operation) -> None:
    """At zeros of both signs and kinks, wherever the first derivatives are finite.

    Not where x**y is 0: what guards its slope by y, x**y*log(x), is flat there, the slope itself vertical. Nor where
    a norm is 0: it has a slope there by convention, and no second derivative.
    """
    for point in special_points(op):
        if not all(1e-9 < abs(p) < 1e9 or p == 0 for p in point):
            continue
        f, moving, at = expression(op, point)
        if not all(math.isfinite(v) for v in support.by_symbols(f, moving, at)) or (op.name == "pow" and not point[0]):
            continue
        if op.name == "norm" and not any(point):
            continue
        found = second_derivatives(f, moving, at)
        for n, m in itertools.product(range(len(moving)), repeat=2):
            results = {way: rows[n][m] for way, rows in found.items() if way not in support.SEVERAL_TANGENTS}
            assert agree(results, 1e-11), (point, n, m, results)


@check(of_few_orders)
def taylor_coefficients_are_those_of_60_digits(op: Operation) -> None:
    order = 8
    for point in points(op)[:2]:
        f, moving, at = expression(op, point)
        for x, k in zip(moving, moving_operands(op), strict=True):

            def function(value: Any, k: int = k, point: Any = point) -> Any:
                operands = [p if m in op.whole else exact(p) for m, p in enumerate(point)]
                return exact(op(*operands[:k], value, *operands[k + 1 :])) + 0

            with digits(60):
                expected = mpmath.taylor(function, exact(point[k]), order)
            scale = float(max(map(abs, expected[1:])))
            numeric = sd.taylor(f, x, at, order)
            series = f.evaluate({**at, x: sd.TaylorSeries([at[x], 1, *[0] * (order - 1)])})
            symbolic = sd.evaluate(sd.taylor(f, x, order=4), at)
            derivatives = [f.diff(x, n).evaluate(at) / math.factorial(n) for n in range(4)]
            ways = {"taylor": numeric, "symbolic": symbolic, "diff": derivatives}
            if isinstance(series, sd.TaylorSeries):
                ways["series"] = series.coefficients
            for way, coefficients in ways.items():
                assert len(coefficients) == {"diff": 4, "symbolic": 5}.get(way, order + 1)
                for n, got in enumerate(coefficients):
                    assert close(got, expected[n], HIGH, scale), (way, point, n, got, mpmath.nstr(expected[n], 20))


def test_the_slope_of_a_quotient_at_tiny_and_huge_divisors():
    x, y = sd.variables("x y")
    for a, b, expected in ((0.0, 1e-300, 0.0), (1e200, 1e200, -1e-200), (1e-200, 1e-200, -1e200)):
        found = first_derivatives(x / y, [x, y], {x: a, y: b})
        for way, row in found.items():
            assert close(row[1], expected, 1e-15), (way, a, b, row)


# -- every record --------------------------------------------------------------------------


def _name(value: Any) -> str:
    return value.name if isinstance(value, Operation) else value.__name__


PAIRS = [(op, check) for op in OPERATIONS[VAR + 1 :] for check, trait in CHECKS.items() if trait(op)]


@pytest.mark.parametrize(("op", "check"), PAIRS, ids=_name)
def test_of_every_operation(op, check):
    run(check, op)


def run(check: Check, op: Operation) -> None:
    """A check; NumPy's and Python's warnings are errors."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check(op)


def test_all_operations_of_the_library_are_here():
    names = {op.name for op in OPERATIONS[VAR + 1 :]}
    assert {"add", "pow", "sin", "where", "polygamma", "lambertw", "softplus"} <= names
    assert len(names) >= 62


# -- a user's operation ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def gudermannian():
    return sd.operation(
        "gudermannian_of_test_operations",
        {
            "real": lambda x: math.atan(math.sinh(x)),
            "array": lambda x: np.arctan(np.sinh(x)),
            "complex": lambda x: 2 * np.arctan(np.tanh(x / 2)).item() if isinstance(x, complex) else math.nan,
            "mp": lambda ctx, x: 2 * ctx.atan(ctx.tanh(x / 2)),
        },
        lambda r, x: sd.cos(r),
        sympy=lambda x: 2 * sympy.atan(sympy.tanh(x / 2)),
        at={0: 0},
    )


@pytest.fixture(scope="module")
def saddle():
    """Of two operands, with a partial that is an expression of both."""
    return sd.operation(
        "saddle_of_test_operations",
        {
            "array": lambda x, y: x * x - np.cos(y) * x,
            "mp": lambda ctx, x, y: x * x - ctx.cos(y) * x,
        },
        lambda r, x, y: (2 * x - sd.cos(y), x * sd.sin(y)),
        sympy=lambda x, y: x * x - sympy.cos(y) * x,
    )


OF_A_USER = [check for check, trait in CHECKS.items() if trait in (every, smooth)]


@pytest.mark.parametrize("check", OF_A_USER, ids=_name)
def test_of_a_users_operation_of_one_operand(check, gudermannian):
    run(check, gudermannian)


@pytest.mark.parametrize("check", OF_A_USER, ids=_name)
def test_of_a_users_operation_of_two_operands(check, saddle):
    run(check, saddle)


def test_a_users_operation_of_one_python_function():
    cube = sd.operation("cube_of_test_operations", lambda x: x * x * x, lambda r, x: 3 * x**2)
    x = sd.Var("x")
    f = cube(x)
    for way, row in first_derivatives(f, [x], {x: 2.0}).items():
        assert row == [12.0], way
    for way, rows in second_derivatives(f, [x], {x: 2.0}).items():
        assert rows == [[12.0]], way
    assert sd.taylor(f, x, 2.0, 4) == [8.0, 12.0, 6.0, 1.0, 0.0]
    assert str(f) == "cube_of_test_operations(x)"
    assert kind(cube(math.inf)) == "inf"


# -- the checks themselves ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "fields", "partial", "check"),
    [
        ("partial", {}, lambda r, x: sd.cos(x) + 1e-9, first_derivatives_are_those_of_50_digits),
        ("partial_on_arrays", {}, lambda r, x: -sd.cos(x), first_derivatives_on_arrays_are_those_of_numbers),
        ("second", {}, lambda r, x: sd.cos(sd.abs(x) * 1.5) / 1.5, second_derivatives_are_those_of_50_digits),
        ("series", {}, lambda r, x: sd.where(x > 1, x, sd.cos(x)), taylor_coefficients_are_those_of_60_digits),
        ("value", {"real": lambda x: math.sin(x) * (1 + 1e-12)}, lambda r, x: sd.cos(x),
         a_float_has_the_value_of_50_digits),
        ("array", {"array": lambda x: np.sin(x) * (1 + 1e-12)}, lambda r, x: sd.cos(x),
         an_array_has_the_values_of_its_numbers),
        ("type", {"real": lambda x: np.sin(x)}, lambda r, x: sd.cos(x), a_float_stays_a_float),
        ("float32", {"array": lambda x: np.sin(np.asarray(x, float))}, lambda r, x: sd.cos(x),
         an_array_of_float32_stays_one),
        ("nan", {"real": lambda x: math.sin(x) if math.isfinite(x) else 0.0}, lambda r, x: sd.cos(x),
         scalars_and_arrays_agree_at_special_points),
        ("complex", {"complex": lambda x: complex(np.sin(x.conjugate()))}, lambda r, x: sd.cos(x),
         complex_values_are_those_of_50_digits),
        ("rounded", {}, lambda r, x: sd.cos(x) + 1e-20, high_precision_derivatives_keep_it),
        ("sympy", {"sympy": "cos"}, lambda r, x: sd.cos(x), sympy_spells_the_same_function),
    ],
)  # fmt: skip
def test_a_wrong_record_does_not_pass(what, fields, partial, check):
    right = {"real": math.sin, "array": np.sin, "mp": lambda ctx, x: ctx.sin(x), "sympy": "sin"}
    values = {**right, **fields}
    spelling = {"sympy": values.pop("sympy")}
    wrong = sd.operation(f"wrong_{what}_of_test_operations", values, partial, **spelling)
    with pytest.raises(AssertionError):
        check(wrong)


@pytest.mark.parametrize("order", [1, 2, 5])
@pytest.mark.parametrize("x", [-1000.25, -1500.5, -54321.375])
def test_polygamma_far_on_the_left(order, x):
    """SciPy adds a term for each whole number up to 0: minutes for arrays at -1e9."""
    found = sd.polygamma(order, np.array([x, 2.0]))
    assert found[1] == sd.polygamma(order, 2.0)
    with mpmath.workdps(30):
        size = float(abs(mpmath.psi(order, x)))
        assert float(abs(found[0] - mpmath.psi(order, x))) <= 1e-14 * size
    assert np.isfinite(sd.polygamma(order, np.full(1000, -1e9 + 0.5))).all()
