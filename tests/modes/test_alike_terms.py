"""Sums of terms that are alike: the Hessian is the one that every term derived by itself gives, of fewer nodes."""

from __future__ import annotations

import math
from contextlib import contextmanager
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shared_graphs import EXACT, SMOOTH, recipes, small_numbers, steady

import symdiff as sd
from symdiff.modes import budgets, edge_pushing
from symdiff.modes.alike_blocks import AlikeBlocks

COPIES = 20


@contextmanager
def eagerly(limit=budgets.ALIKE_TERMS):
    """Small sums are searched too, for so many terms of a form."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(budgets, "ALIKE_TERMS", limit)
        patch.setattr(budgets, "ALIKE_NODES", 0)
        patch.setattr(budgets, "ALIKE_MEAN", 0)
        patch.setattr(budgets, "HESSIAN_TRIED", 0)  # edge pushing alone
        patch.setattr(budgets, "HESSIAN_DENSE_VARIABLES", 0)
        yield patch


@pytest.fixture
def eager():
    with eagerly():
        yield


def never(monkeypatch):
    monkeypatch.setattr(budgets, "ALIKE_TERMS", 10**9)


@pytest.fixture
def written(monkeypatch):
    """How many terms were written out."""
    count = []
    whole = AlikeBlocks.derived
    monkeypatch.setattr(AlikeBlocks, "derived", lambda *args: count.append(1) or whole(*args))
    return count


def copies(recipe, shared, weights):
    """A sum of one recipe over windows of variables; `shared`: its first input is one node, the same in all."""
    xs = sd.variables("x", COPIES + recipe.inputs)
    z = sd.Var("z")
    total = sd.Const(0)
    for k in range(COPIES):
        nodes = list(xs[k : k + recipe.inputs])
        if shared:
            nodes[0] = z**3 + xs[-1]
        total = total + weights[k % len(weights)] * recipe.applied(nodes)[-1]
    return total, [*xs, z]


numbers = st.lists(st.integers(-2, 2), min_size=COPIES + 6, max_size=COPIES + 6)
halves = st.sampled_from([[1], [1, -2], [Fraction(1, 2)]])
exact_factors = st.sampled_from([[1], [1, -2], [Fraction(1, 3)]])
data = [0.25 * k - 2.1 for k in range(COPIES)]
factors = st.sampled_from([[1], [1, -2], [0.5], data])


@settings(steady, max_examples=60)
@given(recipe=recipes(EXACT, outputs=1), values=numbers, shared=st.booleans(), weights=exact_factors)
def test_same_numbers_at_kinks_too(recipe, values, shared, weights):
    found = []
    for limit in (16, 10**9):
        with eagerly(limit), sd.Graph():
            f, xs = copies(recipe, shared, weights)
            point = dict(zip(xs, values, strict=False))
            point[xs[-1]] = 1
            assume(small_numbers([f], point, bits=150))
            found.append([[v.evaluate(point) for v in row] for row in f.hessian(xs)])
    assert found[0] == found[1]


@settings(steady, max_examples=40)
@given(recipe=recipes(SMOOTH, outputs=1), shared=st.sampled_from([True, False, None]), weights=factors)
def test_same_as_products_with_vectors(recipe, shared, weights):
    with eagerly(), sd.Graph():
        f, xs = coupled(recipe, weights) if shared is None else copies(recipe, shared, weights)
        point = dict(zip(xs, np.linspace(0.1, 0.9, len(xs)).tolist(), strict=True))
        directions = [1.0] * len(xs)
        product = [sum(row) for row in sd.evaluate(f.hessian(xs), point)]
        expected = sd.evaluate(sd.hvp(f, xs, directions), point)
        assume(np.all(np.isfinite(expected)) and np.max(np.abs(expected)) < 1e100)
        np.testing.assert_allclose(np.array(product, float), np.array(expected, float), rtol=1e-9, atol=1e-9)


def coupled(recipe, weights):
    """Two terms for each two neighbours in a row of points: they share what is known at the points, all but a few."""
    xs = sd.variables("x", COPIES + 1 + recipe.inputs)
    ws = sd.variables("w", 2 * COPIES)
    total = sd.Const(0)
    for k, (left, right) in enumerate(pairwise(recipe.along(xs, COPIES + 1))):
        middle = (left[-1] + right[-1]) * weights[k % len(weights)]
        square = middle**2 - left[0]
        total = total + ws[2 * k] * (square * middle + right[-2])
        total = total + ws[2 * k + 1] * (square - left[-1] * xs[k])
    return total, [*xs, *ws]


@settings(steady, max_examples=60)
@given(recipe=recipes(EXACT, outputs=1, most=6), values=numbers, weights=halves, crossed=st.booleans())
def test_terms_that_share_parts_have_the_same_numbers(recipe, values, weights, crossed):
    """Groups of terms, and what they share at points, which has edges to weights: by blocks, and one by one."""
    found = []
    for limit in (16, 10**9):
        with eagerly(limit) as patch, sd.Graph():
            if crossed:
                patch.setattr(edge_pushing, "spared", lambda *args: math.inf)
            f, xs = coupled(recipe, weights)
            point = dict(zip(xs, [*values, *values[::-1], *values], strict=False))
            assume(small_numbers([f], point, bits=150))
            found.append({pair: v.evaluate(point) for pair, v in entries(f, xs)})
    assert found[0] == found[1]


def entries(f, xs):
    """The entries of a sparse Hessian that are not zero at once, by row and column."""
    return [((i, j), v) for i, j, v in f.hessian(xs, sparse=True).items()]


def simulation(intervals, uneven=False):
    """The defects of a pendulum at points in time, weighted, by Hermite and Simpson's method."""
    steps = [0.1 + 0.001 * k if uneven else 0.1 for k in range(intervals)]
    x, w = sd.variables("x", 3 * intervals + 3), sd.variables("w", 2 * intervals)

    def rates(angle, speed, force):
        return speed, force * sd.cos(angle) - sd.sin(angle) * sd.exp(-speed)

    states = [x[3 * k : 3 * k + 3] for k in range(intervals + 1)]
    slopes = [rates(*state) for state in states]
    total = sd.Const(0)
    for k in range(intervals):
        (a, b), (p, q) = states[k : k + 2], slopes[k : k + 2]
        half = [(a[n] + b[n]) / 2 + steps[k] / 8 * (p[n] - q[n]) for n in range(2)]
        middle = rates(*half, (a[2] + b[2]) / 2)
        for n in range(2):
            total = total + w[2 * k + n] * (b[n] - a[n] - steps[k] / 6 * (p[n] + 4 * middle[n] + q[n]))
    return total, [*x, *w]


def test_a_simulation_is_derived_interval_by_interval(monkeypatch):
    """A group of terms an interval, and a part a point in between, each derived once; fewer operations for that."""
    forms = set()
    whole = AlikeBlocks.derived
    monkeypatch.setattr(AlikeBlocks, "derived", lambda self, b, *args: forms.add(b.form) or whole(self, b, *args))
    f, xs = simulation(60)
    ours = f.hessian(xs, sparse=True)
    assert sorted(len(form.results) for form in forms) == [1, 2]
    never(monkeypatch)
    with sd.Graph():
        g, ys = simulation(60)
        theirs = g.hessian(ys, sparse=True)
        counts = [sum(sd.count_ops(list(h.values)).values()) for h in (ours, theirs)]
        assert counts[0] < 0.85 * counts[1]
        at = np.linspace(0.2, 1, len(xs))
        one, other = sd.compile(ours, [xs])(at), sd.compile(theirs, [ys])(at)
    np.testing.assert_allclose(one.toarray(), other.toarray(), rtol=1e-12, atol=1e-15)


def test_blocks_that_wait_lose_no_edge():
    """Edges between what waits for its users and what does not: which end goes first is not told by its place."""
    n = 120
    xs, ys = sd.variables("x", n), sd.variables("y", n)
    cosines = [sd.cos(a * b) for a, b in zip(xs, ys, strict=True)]  # all of one kind, then all of the other
    sines = [sd.sin(a * b) for a, b in zip(xs, ys, strict=True)]
    f = sum(sd.sqrt(1 + (cosines[k] * sines[k + 1] - sines[k] * cosines[k + 1]) ** 2) for k in range(n - 1))
    wrt = [*xs, *ys]
    found = f.hessian(wrt, sparse=True)
    assert (found.toarray() == f.hessian(wrt)).all()
    at = np.linspace(0.2, 1.3, 2 * n)
    point = dict(zip(wrt, at.tolist(), strict=True))
    direction = np.cos(np.arange(2 * n)).tolist()
    ours = sd.compile(found, [wrt])(at) @ np.array(direction)
    np.testing.assert_allclose(ours, np.array(sd.evaluate(sd.hvp(f, wrt, direction), point), float), rtol=1e-11)


@pytest.mark.parametrize(
    "outer", [lambda f: f / 7, lambda f: 0.5 * f, lambda f: f + 7, lambda f: -f, lambda f: f + sd.Var("p")]
)
def test_a_number_or_parameter_beside_a_sum_of_terms_that_share(outer):
    x = sd.variables("x", 200)
    e = [sd.exp(sd.sin(v)) for v in x]
    f = outer(sum(sd.sqrt(1 + (b - a) ** 2) for a, b in pairwise(e)))
    point = {v: 0.01 * k for k, v in enumerate(x)}
    rows = f.hessian(x, sparse=True)
    slope = f.diff(x[50]).diff(x[51])
    assert rows[50, 51].evaluate(point) == pytest.approx(slope.evaluate(point), rel=1e-12)


def test_a_number_that_is_data_and_an_exponent():
    """It is an input where it is added, and a constant where the rule of an operation depends on it."""
    p, q = sd.variables("p", 2), sd.variables("q", 4)
    f = sum((p[0] * sd.exp(-0.01 * k * p[1]) + sd.sin(q[k % 4] * (0.3 * k) + k % 5) - 0.1 * k) ** 2 for k in range(200))
    wrt = [*p, *q]
    at = dict.fromkeys(wrt, 0.5)
    ours = np.array(sd.evaluate(f.hessian(wrt), at), float)
    theirs = [sd.evaluate(sd.hvp(f, wrt, row), at) for row in np.eye(6).tolist()]
    np.testing.assert_allclose(ours, np.array(theirs, float), rtol=1e-11)


def test_forms_within_forms_have_data_of_their_own():
    """Terms that are simulations with a number in them, whose steps are alike too, with numbers of their own."""
    u, starts = sd.variables("u", 20), sd.variables("s", 30)
    f = sd.Const(0)
    for k, x in enumerate(starts):
        for t, v in enumerate(u):
            x = x + (0.3 + 0.01 * k) * sd.sin(sd.exp(x * v) * x * sd.cos(x)) + 0.001 * t * v
        f = f + (x - 0.5) ** 2
    wrt = [*u, *starts]
    at = np.linspace(-0.4, 0.5, 50)
    ours = sd.compile(f.hessian(wrt), [wrt])(at)
    direction = np.cos(np.arange(50)).tolist()
    theirs = sd.compile(sd.hvp(f, wrt, direction), [wrt])(at)
    np.testing.assert_allclose(ours @ direction, np.array(theirs, float), rtol=1e-9)


def test_data_beyond_the_square_root_of_the_largest_number():
    """No power of data is taken, which would be infinite where products with small numbers are not."""
    x, y = sd.variables("x y")
    a = 1e200
    f = sum(sd.log(2 + sd.tanh(a * (1 + 0.25 * k) * x + a * (0.5 + 0.125 * k) * y)) for k in range(120))
    found = sd.evaluate(f.hessian([x, y]), {x: 0.3, y: 0.3})
    assert (np.array(found, float) == 0).all()


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("same", [3, 1000])
def test_numbers_that_differ_are_inputs(written, same):
    """Terms with data in them are alike but for these: factors, and what is added."""
    x = sd.variables("x", 41)
    f = sd.Const(0)
    for k, (a, b) in enumerate(pairwise(x)):
        f = f + 0.25 * (k % same) * sd.sin(a * b * sd.exp(a) - 0.01 * (k % same)) + (a - k % same) ** 4
    found = f.hessian(x)
    assert len(written) > 20
    point = dict(zip(x, np.linspace(0.1, 1, 41).tolist(), strict=True))
    a, b = sd.variables("a b")
    for k in (10, 33):
        term = 0.25 * (k % same) * sd.sin(a * b * sd.exp(a) - 0.01 * (k % same))
        slope = term.diff(a).diff(b).evaluate({a: point[x[k]], b: point[x[k + 1]]})
        assert found[k, k + 1].evaluate(point) == pytest.approx(slope, rel=1e-12)


def test_adjoints_that_differ_become_symbols(monkeypatch):
    """A form is derived for a few numbers before its results, for all others at once with symbols in their place."""
    monkeypatch.setattr(budgets, "ALIKE_SEEDS", 3)
    forms = set()
    whole = AlikeBlocks.derived
    monkeypatch.setattr(AlikeBlocks, "derived", lambda self, b, *args: forms.add(b.form) or whole(self, b, *args))
    f, xs = simulation(60, uneven=True)
    ours = f.hessian(xs, sparse=True)
    assert {len(form.derived) for form in forms} <= {1, 2, 3, 4}
    never(monkeypatch)
    with sd.Graph():
        g, ys = simulation(60, uneven=True)
        theirs = g.hessian(ys, sparse=True)
        at = np.linspace(0.2, 1, len(xs))
        one, other = sd.compile(ours, [xs])(at), sd.compile(theirs, [ys])(at)
    np.testing.assert_allclose(one.toarray(), other.toarray(), rtol=1e-12, atol=1e-15)


def springs(n):
    """Neighbours in a row that pull at each other, all of them held by one more variable.

    The first eight terms are a sum of few, and so one term, of a form of its own.
    """
    x = sd.variables("x", n)
    hold = sd.Var("hold")
    return sum(sd.sqrt(1 + (b - a) ** 2 + sd.exp(a * b) * hold) for a, b in pairwise(x)), [*x, hold]


@pytest.mark.usefixtures("eager")
def test_terms_are_written_out(written):
    f, xs = springs(50)
    f.hessian(xs, sparse=True)
    assert len(written) == 49 - 8


def test_a_short_sum_is_left_alone(written):
    f, xs = springs(10)
    f.hessian(xs, sparse=True)
    assert not written


def test_a_long_sum_takes_no_more_operations(monkeypatch, written):
    counts = []
    for limit in (16, 10**9):
        monkeypatch.setattr(budgets, "ALIKE_TERMS", limit)
        with sd.Graph():
            f, xs = springs(400)
            counts.append(sum(sd.count_ops([f, *f.hessian(xs, sparse=True).values]).values()))
    assert len(written) == 399 - 8
    assert counts[0] <= counts[1]


@pytest.mark.usefixtures("eager")
def test_parameters_are_not_derived_by(written):
    f, xs = springs(30)
    found = f.hessian(xs[:-1], sparse=True)
    assert len(written) == 29 - 8
    point = dict(zip(xs, np.linspace(0.5, 1, len(xs)).tolist(), strict=True))
    whole = f.hessian(xs)[:-1, :-1]
    np.testing.assert_allclose(
        sd.evaluate(found.toarray(), point).astype(float), sd.evaluate(whole, point).astype(float), rtol=1e-13
    )


@pytest.mark.usefixtures("eager")
def test_a_partial_sum_within_a_term(monkeypatch):
    """A sum so far that a term is made of has an adjoint that is no number: its terms are derived one by one."""
    x = sd.variables("x", 40)
    total = sd.Const(0)
    for a, b in pairwise(x):
        total = total + sd.sin(a * b) ** 2
    f = total + sd.exp(total / 50)
    point = dict(zip(x, np.linspace(0.1, 1, 40).tolist(), strict=True))
    found = sd.evaluate(f.hessian(x), point)
    never(monkeypatch)
    np.testing.assert_allclose(found.astype(float), sd.evaluate(f.hessian(x), point).astype(float), rtol=1e-12)


@pytest.mark.usefixtures("eager")
def test_a_branch_not_taken_does_not_poison_what_is_shared():
    """The gate of a branch stays in front of the slope of a node that terms share."""
    x, z = sd.variables("x", 20), sd.Var("z")
    root = sd.sqrt(z)
    f = sum(sd.where(z > 0, root * a**2, a**3) for a in x)
    found = f.hessian([*x, z])
    point = {**dict.fromkeys(x, 2.0), z: 0.0}
    assert found[0, 0].evaluate(point) == 12.0
    assert found[0, 20].evaluate(point) == 0.0


@pytest.mark.usefixtures("eager")
def test_raw_graphs_and_named_constants():
    for simplify in (True, False):
        with sd.Graph(simplify=simplify):
            x = sd.variables("x", 30)
            f = sum(sd.sin(sd.pi * a) * b**2 / sd.e for a, b in pairwise(x)) / 3.0
            point = dict(zip(x, np.linspace(0.1, 0.4, 30).tolist(), strict=True))
            expected = (-(np.pi**2) * np.sin(np.pi * 0.1) * point[x[1]] ** 2) / np.e / 3
            assert f.hessian(x)[0, 0].evaluate(point) == pytest.approx(expected, rel=1e-13)


@pytest.mark.usefixtures("eager")
def test_same_text_each_time():
    texts = set()
    for _ in range(2):
        with sd.Graph():
            f, xs = springs(20)
            texts.add(str(list(f.hessian(xs, sparse=True).values)))
    assert len(texts) == 1
