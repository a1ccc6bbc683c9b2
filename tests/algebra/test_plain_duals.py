"""Dual numbers of floats: operations in one step give what the general way gives, bit for bit."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

import symdiff as sd
from symdiff import ops
from symdiff.algebra import dual, plain_duals
from symdiff.algebra.perturbation import Perturbation
from symdiff.algebra.rule_functions import RuleSource
from symdiff.records import OPERATIONS

D = sd.DualNumber
POINTS = (0.0, -0.0, 1.0, -1.0, 0.37, 1.75, -2.5, 3.0, 710.0, 1e200, 1e-200, -1e-310, math.inf, -math.inf, math.nan)
RECORDS = [op for op in OPERATIONS if op is not None and op.arity <= 2 and not op.boolean and not op.whole]


def floats(v):
    return D(v, 0.7, level=2)


def nested(v):
    return D(D(v, 0.5, level=1), D(1.5, -0.3, level=1), level=2)


def seeded(v):
    return D(D(v, 0.5, level=1), 1.0, level=2)


def vector(v, entry=0):
    tangents = np.zeros(3)
    tangents[entry] = 1.3
    return dual.with_tangents(v, tangents, 2)


def cases(op):
    if op.arity == 1:
        return [(make(v),) for v in POINTS for make in (floats, nested, seeded, vector)]
    found = []
    for u, v in itertools.product(POINTS[::2], POINTS[1::2]):
        for make in (floats, nested):
            found += [(make(u), make(v)), (make(u), v), (u, make(v))]
            found += [(make(u), D(v, 1.1, level=1)), (D(u, 1.1, level=1), make(v))]
        found += [(vector(u), vector(v, 1)), (vector(u), v), (u, vector(v, 1))]
        found += [(floats(u), 2), (3, floats(v)), (nested(u), -1), (floats(u), np.float64(2.0)), (floats(u), 10**400)]
    return found


def same(a, b):
    if isinstance(a, D):
        return (
            isinstance(b, D) and same(a.value, b.value) and same(a.eps, b.eps) and np.array_equal(a.support, b.support)
        )
    if isinstance(a, np.ndarray):
        return isinstance(b, np.ndarray) and np.array_equal(a, b, equal_nan=True)
    return type(a) is type(b) and (a == b or (math.isnan(a) and math.isnan(b)))


@pytest.mark.parametrize("op", RECORDS, ids=lambda op: op.name)
def test_one_step_gives_the_bits_of_the_general_way(op, monkeypatch):
    with np.errstate(all="ignore"):
        operands = cases(op)
        quick = dual._quick_function(op)
        for args in operands[: len(operands) // 2]:
            quick(*args)  # asked for once: written from now on
        found = [quick(*args) for args in operands]
        monkeypatch.setattr(dual, "_quick", dict.fromkeys(range(len(OPERATIONS)), plain_duals.no_function))
        monkeypatch.setattr(plain_duals.Functions, "__missing__", lambda self, key: plain_duals.no_function)
        for args, result in zip(operands, found, strict=True):
            assert result is None or same(result, Perturbation._apply(op, args)), args
    smooth = not (op.kinks or op.variadic or op.branches) and op.linear != ()
    assert not smooth or any(result is not None for result in found)


def test_operations_on_floats_do_not_take_the_general_way(monkeypatch):
    a, b = D(3.0, 1.0), D(2.0, 0.5)

    def all_of_them():
        return [a + b, a - b, a * b, a / b, a**2, 2 - a, 3.0 * a, a / 7, sd.sin(a), sd.exp(a * b), sd.atan2(a, b), -a]

    for _ in range(2):
        expected = all_of_them()
    monkeypatch.setattr(D, "_at_level", None)
    found = all_of_them()
    assert [(d.value, d.eps) for d in found] == [(d.value, d.eps) for d in expected]


def test_exact_tangents_stay_exact():
    d = D(3.0, 1) + D(2.0, 1)
    assert type(d.eps) is int
    assert type((D(3, 4) * D(5, 7)).eps) is int
    assert (D(3.0) * D(2.0, 1.0)).eps == 3.0


def test_a_function_for_each_exponent_is_kept_within_bounds():
    d = D(1.5, 1.0)
    for _ in range(2):
        for n in range(3 * plain_duals._KEPT):
            assert (d**n).eps == pytest.approx(n * 1.5 ** (n - 1), rel=1e-14)
    functions = plain_duals.Functions(ops.pow, D)
    for n in range(3 * plain_duals._KEPT):
        functions[plain_duals._LEFT + plain_duals.FLOATS, n]
        functions[plain_duals._LEFT + plain_duals.FLOATS, n]
    assert 0 < len(functions) <= plain_duals._KEPT


def test_a_users_operation_has_its_function_too():
    op = sd.operation("plain_duals_versine", lambda x: 1 - np.cos(x), lambda r, x: sd.sin(x))
    for _ in range(3):
        assert op(D(0.5, 2.0)).eps == pytest.approx(2 * math.sin(0.5), rel=1e-15)


@pytest.mark.parametrize("name", ["dual", "lambda", "written"])
def test_names_of_operations_do_not_get_in_the_way_of_those_of_the_source(name):
    assert RuleSource(True, dual=7.0).function(name, ["x1"], ["return x1 * dual"])(2.0) == 14.0
