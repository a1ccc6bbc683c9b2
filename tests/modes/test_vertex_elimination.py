"""Jacobians by vertex elimination: every order gives the same function, and the cheapest is taken."""

from __future__ import annotations

import itertools
import math
import subprocess
import sys
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shared_graphs import EXACT, FORMULAS, POINT, SMOOTH, points, recipes, small_numbers, steady
from support import sample

import symdiff as sd
from symdiff.algebra.scaled import ZERO
from symdiff.algebra.symbolic import Symbolic
from symdiff.handle import handle
from symdiff.modes import budgets
from symdiff.modes.elimination_orders import _Count, greedy_order, least_order, markowitz, orders
from symdiff.modes.elimination_sweeps import forward, reverse
from symdiff.modes.linearised_graph import linearised
from symdiff.modes.vertex_elimination import eliminate
from symdiff.records import OPERATIONS

MODES = ("forward", "reverse", "elimination", "auto")


def nodes(exprs):
    return [e._index for e in exprs]


def by_order(fs, xs, order):
    """The Jacobian with the vertices eliminated in a given order."""
    graph = fs[0].graph
    found = eliminate(graph, nodes(fs), nodes(xs), order)
    algebra = Symbolic(graph)
    return [[handle(graph, algebra.lower(found.get((i, j), ZERO))) for j in nodes(xs)] for i in nodes(fs)]


def total(exprs):
    return sum(sd.count_ops(exprs).values())


# -- counts -------------------------------------------------------------------------


@settings(steady)
@given(recipes(EXACT + SMOOTH, most=30))
def test_groups_of_ends_count_as_many_as_they_stand_for(recipe):
    with sd.Graph():
        fs, xs = recipe.build()
        linear = linearised(fs[0].graph, nodes(fs), nodes(xs), Symbolic(fs[0].graph))
    for sweep in (forward, reverse):
        one_by_one = sweep(linear).operations
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(budgets, "SWEEP_ENDS", 0)
            assert sweep(linear).operations == one_by_one


# -- every order --------------------------------------------------------------------


@settings(steady, max_examples=25)
@given(recipes(EXACT, most=5), points)
def test_every_order_gives_the_same_numbers(recipe, values):
    with sd.Graph():
        fs, xs = recipe.build()
        inner = linearised(fs[0].graph, nodes(fs), nodes(xs), None).inner
        assume(len(inner) <= 5)
        point = dict(zip(xs, values, strict=False))
        assume(small_numbers(fs, point))
        expected = sd.evaluate(sd.jacobian(fs, xs, mode="reverse"), point).tolist()
        for order in itertools.permutations(inner):
            assert [sd.evaluate(row, point) for row in by_order(fs, xs, order)] == expected, order


@settings(steady, max_examples=40)
@given(recipes(SMOOTH, most=12), st.randoms(use_true_random=False))
def test_any_order_gives_the_same_function(recipe, random):
    with sd.Graph():
        fs, xs = recipe.build()
        order = linearised(fs[0].graph, nodes(fs), nodes(xs), None).inner[:]
        random.shuffle(order)
        point = dict(zip(xs, map(mpmath.mpf, POINT), strict=False))
        with mpmath.workdps(50):
            expected = sd.jacobian(fs, xs, mode="forward")
            for row, other in zip(by_order(fs, xs, order), expected, strict=True):
                for got, right in zip(sd.evaluate(row, point), sd.evaluate(list(other), point), strict=True):
                    assert abs(got - right) <= 1e-35 * (1 + abs(right))


@settings(steady, max_examples=40)
@given(recipes(EXACT), points)
def test_modes_agree_exactly(recipe, values):
    with sd.Graph():
        fs, xs = recipe.build()
        point = dict(zip(xs, values, strict=False))
        assume(small_numbers(fs, point))
        rows = [[f.backpropagate(point, seed=1).get(x, 0) for x in xs] for f in fs]
        for mode in MODES:
            assert sd.evaluate(sd.jacobian(fs, xs, mode=mode), point).tolist() == rows, mode
            sparse = sd.jacobian(fs, xs, mode=mode, sparse=True)
            assert sparse.shape == (len(fs), len(xs))
            assert (sparse.toarray() == sd.jacobian(fs, xs, mode=mode)).all()


@settings(steady, max_examples=12)
@given(recipes(tuple(name for name in SMOOTH if name not in ("hypot", "logaddexp")), most=6))
def test_modes_agree_with_sympy(recipe):
    with sd.Graph():
        fs, xs = recipe.build()
        symbols = [x.to_sympy() for x in xs]
        at = dict(zip(symbols, map(sympy.Float, POINT), strict=False))
        expected = [[f.to_sympy().diff(s).subs(at).evalf(30) for s in symbols] for f in fs]
        point = dict(zip(xs, POINT, strict=False))
        for mode in MODES:
            found = sd.evaluate(sd.jacobian(fs, xs, mode=mode), point)
            for got, right in zip(np.ravel(found), np.ravel(expected), strict=True):
                assert abs(float(got) - float(right)) <= 1e-9 * (1 + abs(float(right)))


@pytest.mark.parametrize("op", OPERATIONS[2:], ids=lambda op: op.name)
def test_every_operation_in_every_mode(op):
    with sd.Graph():
        f = sample(op)
        x, y = sd.Var("x"), sd.Var("y")
        fs = [f, sd.sin(f) * x, f * f - y]
        point = {x: 0.625, y: 0.75}
        expected = sd.evaluate(sd.jacobian(fs, [x, y], mode="reverse"), point).astype(float)
        for mode in MODES:
            found = sd.evaluate(sd.jacobian(fs, [x, y], mode=mode), point).astype(float)
            np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-15)


# -- gates ------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
def test_a_branch_not_taken_does_not_poison(xy, mode):
    x, y = xy
    inner = sd.where(x > 0, sd.log(x), 0)
    outer = sd.where(y > 0, inner / y, inner)
    slopes = sd.jacobian([outer, outer**2, inner], [x, y], mode=mode)
    found = sd.evaluate(slopes, {x: -1.0, y: 0.0}).astype(float)
    assert (found == 0).all()
    assert sd.evaluate(slopes, {x: 2.0, y: 4.0}).astype(float)[0] == pytest.approx([0.125, -math.log(2) / 16])


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_gates_survive_every_order(xy, order):
    x, y = xy
    inner = sd.where(x > 0, sd.sqrt(x), x)
    f = sd.where(y > 0, inner * y, y)
    linear = linearised(f.graph, [f._index], nodes(xy), None)
    assert len(linear.inner) == 4
    ((by_x, by_y),) = by_order([f], xy, [linear.inner[k] for k in order])
    assert [float(d.evaluate({x: -4.0, y: 2.0})) for d in (by_x, by_y)] == [2.0, -4.0]
    assert [float(d.evaluate({x: 4.0, y: 3.0})) for d in (by_x, by_y)] == [0.75, 2.0]
    assert [float(d.evaluate({x: 0.0, y: -1.0})) for d in (by_x, by_y)] == [0.0, 1.0]


@pytest.mark.parametrize("mode", MODES)
def test_several_contributions_with_one_gate(xy, mode):
    """A pair of contributions with opposite gates was paired a second time, and so lost."""
    x, y = xy
    c = x < y
    f = 2 * sd.where(c, x, 0) + 3 * sd.where(c, 0, x) + 5 * sd.where(c, 1, x) + 7 * sd.where(c, x, y)
    slope = sd.jacobian([f], [x], mode=mode)[0, 0]
    assert slope.evaluate({x: 1, y: 2}) == 9 == f.gradient(x).evaluate({x: 1, y: 2})
    assert slope.evaluate({x: 3, y: 2}) == 8 == f.gradient(x).evaluate({x: 3, y: 2})


@pytest.mark.parametrize("mode", MODES)
def test_both_branches_may_be_one_node(mode):
    with sd.Graph(simplify=False):
        x, y = sd.variables("x y")
        f = sd.where(x < y, x * x, x * x)
        for at in ({x: 3, y: 4}, {x: 4, y: 3}):
            assert sd.jacobian([f], [x], mode=mode)[0, 0].evaluate(at) == 2 * at[x]
            assert f.hessian([x])[0, 0].evaluate(at) == 2


# -- costs ----------------------------------------------------------------------------------


@settings(steady, max_examples=60)
@given(recipes(tuple(FORMULAS), most=12))
def test_auto_takes_the_least(recipe):
    with sd.Graph():
        fs, xs = recipe.build()
        counts = {}
        for mode in MODES:
            with sd.Graph():
                gs, ys = recipe.build()
                counts[mode] = total([gs, sd.jacobian(gs, ys, mode=mode)])
        assert counts["auto"] == min(counts.values()), counts
        table = sd.cost(fs, xs)
        assert table.exact
        assert table.operations == counts["auto"]
        assert table.value == total(fs)


def bat(n):
    """Few variables, a bottleneck, many results: neither forward nor reverse is best."""
    xs = sd.variables("x", n)
    middle = sd.sin(xs.prod())
    return [sd.exp(k * middle) for k in range(1, n + 1)], xs


def test_a_bottleneck_is_eliminated_first():
    counts = {}
    for mode in MODES:
        with sd.Graph():
            counts[mode] = total([*bat(12)[0], sd.jacobian(*bat(12), mode=mode)])
    assert counts["elimination"] < min(counts["forward"], counts["reverse"])
    assert counts["auto"] == counts["elimination"]
    assert sd.cost(*bat(12)).best == "elimination"


def test_counts_on_the_structure_follow_those_of_the_result():
    made, counted = {}, {}
    for k in range(3):
        with sd.Graph() as graph:
            fs, xs = bat(8)
            order = orders(linearised(graph, nodes(fs), nodes(xs), Symbolic(graph)))[k]
            base = total(fs)
            counted[order.name] = order.operations
            made[order.name] = total([fs, by_order(fs, list(xs), order.vertices)]) - base
    assert min(made, key=made.get) == min(counted, key=counted.get) == "elimination"
    for name, count in counted.items():
        assert count == pytest.approx(made[name], rel=0.35)


def test_orders_are_whole_and_deterministic():
    with sd.Graph() as graph:
        fs, xs = bat(6)
        linear = linearised(graph, nodes(fs), nodes(xs), Symbolic(graph))
        for by_fill in (False, True):
            order = markowitz(linear, by_fill)
            assert sorted(order.vertices) == linear.inner
            assert order == markowitz(linear, by_fill)
        assert forward(linear, limit=3) is None
        assert reverse(linear, limit=3) is None
        assert least_order(linear).operations == min(o.operations for o in orders(linear))
        assert greedy_order(linear).name == "elimination"


@settings(steady, max_examples=150)
@given(recipes(tuple(FORMULAS), most=30), st.integers(0, 100))
def test_sweeps_and_greedy_orders_count_what_vertex_by_vertex_counts(recipe, least):
    with sd.Graph() as graph:
        fs, xs = recipe.build()
        linear = linearised(graph, nodes(fs), nodes(xs), Symbolic(graph))
        found = [forward(linear), reverse(linear), markowitz(linear, False), markowitz(linear, True)]
        for order in found:
            count = _Count(linear)
            for i in order.vertices:
                count.eliminate(i)
            assert order.operations == count.operations, order
        least = max(least, 1)
        for order, again in zip(found, (forward, reverse, markowitz), strict=False):
            args = (False,) if again is markowitz else ()
            assert again(linear, *args, least=least) == (order if order.operations < least else None)


def test_terms_that_cancel_leave_no_edge(xy):
    x, y = xy
    for mode in MODES:
        with sd.Graph(simplify=False):
            x, y = sd.variables("x y")
            nothing = sd.sin(x) * 0 + (x - x) * y
            f = sd.exp(nothing * y) + y
            slopes = sd.jacobian([f, nothing, f * nothing], [x, y], mode=mode)
            found = sd.evaluate(slopes, {x: 0.5, y: 2.0}).tolist()
            assert found == [[0, 1], [0, 0], [0, 0]]


def test_long_chains_and_wide_sums_cost_linearly():
    with sd.Graph():
        x, y = sd.variables("x y")
        f = x
        for _ in range(3000):
            f = sd.sin(f) + y
        for mode in MODES:
            assert sd.jacobian([f, f * x], [x, y], mode=mode).shape == (2, 2)
    with sd.Graph():
        v = sd.variables("v", 3000)
        total_ = (v**2).sum()
        slopes = sd.jacobian([total_, *(v[1:] * v[:-1])], v, sparse=True)
        assert slopes.nnz == 3000 + 2 * 2999


# -- results ---------------------------------------------------------------------------------


def test_results_that_are_variables_constants_or_twice_the_same(xy):
    x, y = xy
    for mode in MODES:
        assert sd.jacobian([x, 3, x * y, x * y, y], [y, x, y], mode=mode).tolist() == [
            [0, 1, 0], [0, 0, 0], [x, y, x], [x, y, x], [1, 0, 1],
        ]  # fmt: skip
        sparse = sd.jacobian([x, 3, x * y, x * y, y], [y, x, y], mode=mode, sparse=True)
        assert (sparse.toarray() == sd.jacobian([x, 3, x * y, x * y, y], [y, x, y], mode=mode)).all()
        assert sparse.nnz == 9


def test_elimination_keeps_human_forms(xy):
    x, y = xy
    for mode in MODES:
        assert str(sd.jacobian([x * y, x + y, x**2], [x, y], mode=mode).tolist()) == "[[y, x], [1, 1], [2*x, 0]]"


def test_the_graph_holds_no_rejected_candidates():
    with sd.Graph() as graph:
        fs, xs = bat(5)
        before = len(graph)
        slopes = sd.jacobian(fs, xs)
        made = len(graph) - before
        assert made <= total([fs, slopes]) + 10


def test_bad_modes_are_refused(xy):
    with pytest.raises(sd.SymdiffValueError, match="elimination"):
        sd.jacobian([xy[0]], xy, mode="sideways")


def test_exact_points_stay_exact(xy):
    x, y = xy
    slopes = sd.jacobian([x / y, x * y / 3], [x, y], mode="elimination")
    assert sd.evaluate(slopes, {x: Fraction(1, 2), y: 3}).tolist() == [
        [Fraction(1, 3), Fraction(-1, 18)], [1, Fraction(1, 6)],
    ]  # fmt: skip


THREE_TIMES = """
import math
import symdiff as sd
fused = sd.operation("fused", lambda a, b, c: a * b + c, lambda r, a, b, c: (b, a, 1))
x, y = sd.variables("x y")
u = sd.sin(x * y)
at = {x: 0.3, y: 0.7}
for f in (fused(x, x, x) + y, fused(u, u, u) * y, fused(x, u, x) / fused(u, y, u)):
    wanted = f.backpropagate(at)
    for mode in ("auto", "forward", "reverse", "elimination"):
        for v, slope in zip([x, y], sd.jacobian(f, [x, y], mode=mode)):
            assert math.isclose(slope.evaluate(at), wanted[v], rel_tol=1e-13), (f, mode)
    sd.crosscheck(f, at, order=2).raise_if_wrong()
"""


def test_an_operand_three_times():
    """A third label of parallel edges went into a list with that of the first two; an operation made here stays."""
    done = subprocess.run([sys.executable, "-c", THREE_TIMES], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
