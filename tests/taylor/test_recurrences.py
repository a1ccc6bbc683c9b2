"""The recurrences themselves: what they ask for, what stays exact, what does not cancel."""

from __future__ import annotations

import importlib
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import symdiff as sd
from symdiff.records import OPERATIONS
from symdiff.taylor import series
from symdiff.taylor.number_coefficients import NumberCoefficients

T = sd.TaylorSeries


class Watched(NumberCoefficients):
    """Numbers that refuse a coefficient which was not scheduled before it is asked for."""

    def check(self, p: int, a: int) -> None:
        assert p in self.of[a] or self.indices.total[a] > self.system.degree[p], (p, a)

    def get(self, p: int, a: int) -> Any:
        self.check(p, a)
        return super().get(p, a)

    factor = get

    def pair(self, terms: Any, c: Any, u: int, b: int, v: int, rest: int) -> None:
        self.check(u, b)
        self.check(v, rest)
        super().pair(terms, c, u, b, v, rest)

    def flow(self, terms: Any, c: Any, u: int, b: int, d: int, slope: int, rest: int) -> None:
        self.check(u, b)
        self.check(slope, rest)
        super().flow(terms, c, u, b, d, slope, rest)


@pytest.mark.parametrize("op", OPERATIONS[2:], ids=lambda op: op.name)
def test_what_a_recurrence_asks_for_was_scheduled(op, monkeypatch):
    monkeypatch.setattr(series, "NumberCoefficients", Watched)
    for k in range(op.arity):
        if k not in op.whole:
            args: list[Any] = [1 if j in op.whole else 0.4 for j in range(op.arity)]
            args[k] = T([0.3, 0.5, -1.0, 0.25, 2.0])
            op(*args)
    if not op.whole:
        op(*[T([0.3 + k, 0.5, -1.0, 0.25, 2.0]) for k in range(op.arity)])


def test_partial_derivatives_are_needed_one_order_lower():
    plan = series._planned(sd.sin, [None], [True], 5, False)
    ((_, _, cosine),) = plan.system.equations[plan.root].flows
    assert max(a for p, a in plan.schedule if p == plan.root) == 5
    assert max(a for p, a in plan.schedule if p == cosine) == 4


@given(
    st.lists(st.fractions(-3, 3, max_denominator=5), min_size=5, max_size=5).filter(lambda c: c[0] != 0),
    st.integers(-3, 5),
)
def test_whole_powers_of_fractions_are_exact(coefficients, n):
    factor = T(coefficients)
    expected = T([Fraction(1), 0, 0, 0, 0])
    for _ in range(abs(n)):
        expected = expected * factor if n > 0 else expected / factor
    found = (factor**n).coefficients
    assert found == expected.coefficients
    assert not any(isinstance(c, float) for c in found)


def test_hypot_of_a_tiny_series_does_not_cancel():
    assert sd.hypot(T([1e-200, 0, 1, 0, 2]), 0.0).coefficients == [1e-200, 0, 1.0, 0, 2.0]


def test_a_gate_stays_as_it_was_written():
    x = sd.Var("x")
    first = sd.sin(sd.where(x > 0, 0, sd.log(x)) * x**2).diff(x, 3)
    second = sd.sin(sd.where(~(x > 0), sd.log(x), 0) * x**2).diff(x, 3)
    assert "where(x > 0, 0," in str(first)
    assert "~" not in str(first)
    assert "where(x > 0, 0," not in str(second)


def test_the_folder_does_not_hide_the_function():
    importlib.import_module("symdiff.taylor.system")
    assert callable(sd.taylor)
    assert sd.taylor(sd.Var("x") ** 2, "x", 3, 2) == [9, 6, 1]
