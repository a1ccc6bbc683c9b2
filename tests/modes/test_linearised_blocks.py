"""Jacobians of many results that are alike: those that elimination node by node gives, in as few operations."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shared_graphs import EXACT, SMOOTH, recipes, small_numbers, steady

import symdiff as sd
from symdiff.derive import jacobian_modes
from symdiff.modes import budgets
from symdiff.modes.alike_blocks import AlikeBlocks

COPIES = 20


def results(recipe, weights):
    """Two results for each two neighbours in a row of points: they share what is known at the points."""
    xs = sd.variables("x", COPIES + 1 + recipe.inputs)
    found = []
    for k, (left, right) in enumerate(pairwise(recipe.along(xs, COPIES + 1))):
        middle = (left[-1] + right[-1]) * weights[k % len(weights)]
        square = middle**2 - left[0]
        found += [square * middle + right[-2], square - left[-1] * xs[k]]
    return found, list(xs)


def by_each_way(recipe, weights):
    """The Jacobian with blocks, and without, with its variables."""
    for limit in (16, math.inf):
        with pytest.MonkeyPatch.context() as patch, sd.Graph():
            for name, value in {"ALIKE_NODES": 0, "ALIKE_MEAN": 0, "JACOBIAN_TRIED_NODES": 0}.items():
                patch.setattr(budgets, name, value)
            patch.setattr(budgets, "ALIKE_TERMS", limit)
            fs, xs = results(recipe, weights)
            yield fs, xs, sd.jacobian(fs, xs)


numbers = st.lists(st.integers(-2, 2), min_size=COPIES + 7, max_size=COPIES + 7)
data = [0.25 * k - 2.1 for k in range(COPIES)]
halves = st.sampled_from([[1], [1, -2], [Fraction(1, 2)]])


@settings(steady, max_examples=60)
@given(recipe=recipes(EXACT, outputs=1, most=6), values=numbers, weights=halves)
def test_same_numbers_at_kinks_too(recipe, values, weights):
    found = []
    for fs, xs, jacobian in by_each_way(recipe, weights):
        point = dict(zip(xs, values, strict=False))
        assume(small_numbers(fs, point, bits=150))
        found.append(sd.evaluate(jacobian, point).tolist())
    assert found[0] == found[1]


@settings(steady, max_examples=40)
@given(recipe=recipes(SMOOTH, outputs=1, most=6), weights=st.sampled_from([[1.0], [0.25, -1.5], data]))
def test_same_as_products_with_vectors(recipe, weights):
    for fs, xs, jacobian in by_each_way(recipe, weights):
        point = dict(zip(xs, np.linspace(0.1, 0.9, len(xs)).tolist(), strict=True))
        ours = sd.evaluate(jacobian, point).astype(float).sum(axis=1)
        theirs = np.array(sd.evaluate(sd.jvp(fs, xs, [1.0] * len(xs)), point), float)
        assume(np.isfinite(theirs).all() and np.abs(theirs).max() < 1e100)
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)


def defects(intervals):
    """The defects of a pendulum at points in time, by Hermite and Simpson's method."""
    x = sd.variables("x", 3 * intervals + 3)

    def rates(angle, speed, force):
        return speed, force * sd.cos(angle) - sd.sin(angle) * sd.exp(-speed) / (2 + sd.cos(angle) ** 2)

    states = [x[3 * k : 3 * k + 3] for k in range(intervals + 1)]
    slopes = [rates(*state) for state in states]
    found = []
    for k in range(intervals):
        (a, b), (p, q) = states[k : k + 2], slopes[k : k + 2]
        half = [(a[n] + b[n]) / 2 + (p[n] - q[n]) / 80 for n in range(2)]
        middle = rates(*half, (a[2] + b[2]) / 2)
        found += [b[n] - a[n] - (p[n] + 4 * middle[n] + q[n]) / 60 for n in range(2)]
    return found, list(x)


def test_defects_are_derived_interval_by_interval(monkeypatch):
    """An interval and a point in between are derived once each, and no operation more is taken for that."""
    forms = set()
    whole = AlikeBlocks.jacobian
    monkeypatch.setattr(AlikeBlocks, "jacobian", lambda self, block: forms.add(block.form) or whole(self, block))
    fs, xs = defects(60)
    ours = sd.jacobian(fs, xs, sparse=True)
    assert sorted(len(form.results) for form in forms) == [1, 2]
    monkeypatch.setattr(budgets, "ALIKE_TERMS", math.inf)
    with sd.Graph():
        gs, ys = defects(60)
        theirs = sd.jacobian(gs, ys, sparse=True)
        counts = [sum(sd.count_ops(list(j.values)).values()) for j in (ours, theirs)]
        assert counts[0] <= 1.01 * counts[1]
        at = np.linspace(0.2, 1, len(xs))
        one, other = sd.compile(ours, [xs])(at), sd.compile(theirs, [ys])(at)
    np.testing.assert_allclose(one.toarray(), other.toarray(), rtol=1e-12, atol=1e-15)


def test_the_graph_that_is_left_is_small(monkeypatch):
    """The order of elimination is looked for among the results of blocks, not among their operations."""
    sizes = []
    whole = jacobian_modes.least_order
    monkeypatch.setattr(jacobian_modes, "least_order", lambda linear: sizes.append(len(linear.inner)) or whole(linear))
    fs, xs = defects(60)
    sd.jacobian(fs, xs, sparse=True)
    assert sizes[0] < 0.1 * len(sd.to_networkx(fs))


def test_results_of_results_and_variables_among_them():
    x = sd.variables("x", 60)
    fs = [sd.sin(a * b) * sd.exp(a - b) / (1 + a**2 * b**2) for a, b in pairwise(x)]
    fs += [sd.cos(f * g) + f**2 * sd.tanh(g) + f / (2 + g) for f, g in pairwise(fs)] + [x[0], sd.Const(2), fs[3]]
    j = sd.jacobian(fs, x, sparse=True)
    at = np.linspace(-1, 1, 60)
    ours = sd.compile(j, [x])(at).toarray()
    theirs = sd.compile(sd.jacobian(fs, x, mode="forward"), [x])(at)
    np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-15)


def test_inputs_whose_derivatives_are_zero():
    """Steps are operations that blocks are made of, and none of the linearised graph."""
    x, y = sd.variables("x", 200), sd.variables("y", 200)
    step = sd.floor(3 * x[0])
    fs = [sd.sin(step * a * b) * sd.exp(a * b + step) for a, b in zip(x, y, strict=True)]
    found = sd.jacobian(fs, [*x, *y], sparse=True)
    at = np.linspace(0.4, 1, 400)
    ours = sd.compile(found, [[*x, *y]])(at).toarray()
    theirs = sd.compile(sd.jacobian(fs, [*x, *y], sparse=True, mode="forward"), [[*x, *y]])(at).toarray()
    np.testing.assert_allclose(ours, theirs, rtol=1e-12)
