"""Edges that pass a block between narrow cuts at once: the same Hessians in fewer operations."""

from __future__ import annotations

import math
from contextlib import contextmanager

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given, settings
from shared_graphs import EXACT, POINT, SMOOTH, points, recipes, small_numbers, steady

import symdiff as sd
from symdiff.algebra.symbolic import Symbolic
from symdiff.handle import handle
from symdiff.modes import budgets, edge_pushing, narrow_blocks
from symdiff.modes.activity import pending_adjoints
from symdiff.modes.edge_counts import within_edges
from symdiff.modes.edge_pushing import edge_push
from symdiff.modes.gradient_rows import by_rows
from symdiff.modes.narrow_blocks import NarrowBlocks, block_slopes

POINTS = np.random.default_rng(3)


@contextmanager
def everywhere():
    """Every block that there is, passed whether that pays or not; those passed."""
    passed = []

    def noted(algebra, block, gain):
        passed.append(block)
        return block_slopes(algebra, block, gain)

    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"BLOCK_LIVE": 1, "BLOCK_EDGES": 0}.items():
            patch.setattr(budgets, name, value)
        patch.setattr(edge_pushing, "block_slopes", noted)
        patch.setattr(narrow_blocks, "spared", lambda *args: math.inf)
        yield passed


def pendulum(forces, step=0.05):
    """A pendulum driven by forces, by Runge and Kutta's method of order 4: every two forces interact."""

    def rates(state, force):
        return state[1], force * sd.cos(state[0]) - sd.sin(state[0]) - 0.1 * state[1] ** 3

    def moved(state, by, times):
        return [s + times * b for s, b in zip(state, by, strict=True)]

    state = [0.3 + 0 * forces[0], -0.1 + 0 * forces[0]]
    cost = 0
    for u in forces:
        one = rates(state, u)
        two = rates(moved(state, one, step / 2), u)
        three = rates(moved(state, two, step / 2), u)
        four = rates(moved(state, three, step), u)
        for by, times in ((one, step / 6), (two, step / 3), (three, step / 3), (four, step / 6)):
            state = moved(state, by, times)
        cost = cost + u**2
    return cost + (state[0] - 3) ** 2 + state[1] ** 2


def fitted(parameters, steps):
    """A population by parameters that every step depends on."""
    a, b, c, d, x, y = parameters
    cost = 0
    for k in range(steps):
        x, y = x + 0.1 * (a * x - b * x * y / (1 + x)), y + 0.1 * (c * x * y / (1 + x) - d * y)
        cost = cost + (x - 1 - 0.1 * k) ** 2
    return cost


def operations(exprs):
    return sum(sd.count_ops(exprs).values())


def entries(way, f, xs):
    """The triangle of the Hessian that a way finds, as expressions."""
    found = Symbolic(f.graph).lowered(way(f.graph, f._index, [x._index for x in xs]))
    zero = sd.Const(0)
    pairs = [(max(a._index, b._index), min(a._index, b._index)) for k, a in enumerate(xs) for b in xs[: k + 1]]
    return [handle(f.graph, found[pair]) if pair in found else zero for pair in pairs]


@settings(steady, max_examples=80)
@given(recipes(EXACT, outputs=1, most=25), points)
def test_blocks_and_rows_agree_exactly(recipe, values):
    with sd.Graph():
        (f,), xs = recipe.build()
        point = dict(zip(xs, values, strict=False))
        assume(small_numbers([f], point, bits=150))
        with everywhere():
            ours = entries(edge_push, f, xs)
        theirs = entries(by_rows, f, xs)
        assert [v.evaluate(point) for v in ours] == [v.evaluate(point) for v in theirs]


@settings(steady, max_examples=50)
@given(recipes(SMOOTH, outputs=1, most=15))
def test_blocks_and_rows_agree_to_many_digits(recipe):
    with sd.Graph():
        (f,), xs = recipe.build()
        with everywhere():
            found = entries(edge_push, f, xs)
        with mpmath.workdps(60):
            point = dict(zip(xs, map(mpmath.mpf, POINT), strict=False))
            for ours, theirs in zip(found, entries(by_rows, f, xs), strict=True):
                a, b = ours.evaluate(point), theirs.evaluate(point)
                assert abs(a - b) <= 1e-40 * (1 + abs(b))


def test_a_block_of_two_results():
    """The last of them depends on the first, and both are operands of all that comes after the cut."""
    x, y, z = sd.variables("x y z")
    a, b = sd.sin(x * y), x * y**2
    c = a * b + a**2
    d = a / b + c
    f = (c * d + c**2) * z + c**3
    with everywhere() as passed:
        ours = entries(edge_push, f, [x, y, z])
    theirs = entries(by_rows, f, [x, y, z])
    assert max(len(block.outputs) for block in passed) == 2
    at = {x: 0.7, y: 1.2, z: -0.4}
    assert [v.evaluate(at) for v in ours] == pytest.approx([v.evaluate(at) for v in theirs], rel=1e-12)


@pytest.mark.parametrize("steps", [30, 60])
def test_controls_of_a_simulation_interact_in_few_operations(monkeypatch, steps):
    """Two products and a sum in each of three entries, for every two forces: without blocks it is many more."""
    u = sd.variables("u", steps)
    h = pendulum(list(u)).hessian(u)
    monkeypatch.setattr(budgets, "BLOCK_LIVE", math.inf)
    v = sd.variables("v", steps)
    other = pendulum(list(v)).hessian(v)
    assert operations(list(h.ravel())) < 4.5 * steps**2 + 520 * steps
    assert operations(list(other.ravel())) > 2 * operations(list(h.ravel()))
    at = POINTS.uniform(-1, 1, steps)
    np.testing.assert_allclose(sd.compile(h, [u])(at), sd.compile(other, [v])(at), rtol=1e-11, atol=1e-13)


def path_cost(forces, along):
    """What all angles cost, added up along the way or at the end."""
    angle, speed, path, total = 0.3 + 0 * forces[0], -0.1 + 0 * forces[0], [], sd.Const(0)
    for u in forces:
        for _ in range(3):
            middle = angle + 0.02 * speed * sd.cos(angle) * sd.exp(-(speed**2))
            angle, speed = middle, speed + 0.02 * (u * sd.cos(middle) - sd.sin(angle) * speed * sd.exp(-middle))
        path.append(angle)
        total = total + (sd.sin(angle) - 1) ** 2 if along else total
    return total if along else sum((sd.sin(a) - 1) ** 2 for a in path)


def test_states_that_a_cost_at_the_end_depends_on_are_passed(monkeypatch):
    """They are used far above the cuts, which they make no wider."""
    at = POINTS.uniform(-1, 1, 60)
    found = []
    for live, along in ((budgets.BLOCK_LIVE, True), (budgets.BLOCK_LIVE, False), (math.inf, False)):
        monkeypatch.setattr(budgets, "BLOCK_LIVE", live)
        with sd.Graph():
            u = sd.variables("u", 60)
            h = path_cost(list(u), along).hessian(u)
            found.append((operations(list(h.ravel())), sd.compile(h, [u])(at)))
    counts = [count for count, _ in found]
    assert max(counts[:2]) < 0.65 * counts[2]
    for _, values in found[1:]:
        np.testing.assert_allclose(values, found[0][1], rtol=1e-10, atol=1e-12)


def test_the_hessian_of_a_simulation_by_dual_numbers():
    u = sd.variables("u", 24)
    at = POINTS.uniform(-1, 1, 24)
    ours = sd.compile(pendulum(list(u)).hessian(u), [u])(at)
    theirs = sd.hessian(lambda *forces: pendulum(list(forces)), *at)
    np.testing.assert_allclose(ours, theirs, rtol=1e-11, atol=1e-13)


def test_parameters_of_every_step_are_pushed_node_by_node(monkeypatch):
    """Operations in a block have edges to its parameters anyway: nothing is saved by passing it."""
    p = sd.variables("p", 6)
    h = fitted(list(p), 60).hessian(p)
    monkeypatch.setattr(budgets, "BLOCK_LIVE", math.inf)
    q = sd.variables("q", 6)
    assert operations(list(h.ravel())) == operations(list(fitted(list(q), 60).hessian(q).ravel()))


def test_blocks_are_those_of_the_formula_alone():
    """What else a graph holds hardly changes a count: it was counted too, and rows were taken for it."""
    u = sd.variables("u", 30)
    alone = operations(list(pendulum(list(u)).hessian(u).ravel()))
    v = sd.variables("v", 30)
    for size in (5, 8, 30):
        pendulum(list(v)[:size]).hessian(v)
    assert operations(list(pendulum(list(v)).hessian(v).ravel())) == pytest.approx(alone, rel=0.01)


def test_edges_of_other_formulas_in_the_graph_are_not_counted():
    with sd.Graph() as graph:
        x, y = sd.variables("x y")
        f = x * y
        others = [sd.sin(k * x * y) * sd.exp(x / k) for k in range(1, 400)]
        g = f * sd.cos(x)
        assert len(others) < len(graph)
        assert within_edges(graph, g._index, [x._index, y._index], 1)


def test_a_branch_in_a_step_is_not_poisoned():
    """No block is made of operations that have conditions: poles in branches not taken stay there."""
    u = sd.variables("u", 6)
    x = 1 + 0 * u[0]
    for v in u:
        x = x + sd.where(v > 0, v * x, sd.log(v) / x) * sd.sin(x)
    with everywhere():
        h = (x**2).hessian(u)
    h = sd.evaluate(h, {v: 0.1 * (k + 1) for k, v in enumerate(u)})
    assert np.isfinite(np.array(h, dtype=float)).all()


def blocks_below(f, xs):
    graph, moving = f.graph, {x._index for x in xs}
    blocks = NarrowBlocks(graph, f._index, pending_adjoints(graph, graph.cone([f._index]), moving), moving)
    blocks.note(budgets.BLOCK_LIVE)
    return blocks.at


def test_blocks_of_a_simulation_are_its_steps():
    """Blocks of a step each: two results, which depend on the state before and on one force."""
    u = sd.variables("u", 40)
    found = list(blocks_below(pendulum(list(u)), u).values())
    assert 36 <= len(found) <= 40
    for block in found[1:-3]:
        assert [len(below) for below in block.outputs.values()] == [3, 3]
        assert len(block.inputs) == 3


def test_the_slopes_of_a_block_are_the_chain_rule():
    """Those of a step by what it starts from, against differences of the values there."""
    u = sd.variables("u", 40)
    f = pendulum(list(u))
    block = list(blocks_below(f, u).values())[10]
    algebra = Symbolic(f.graph)
    at = {v: 0.02 * k for k, v in enumerate(u)}
    for i, slopes in block_slopes(algebra, block, math.inf).items():
        assert slopes.keys() == block.outputs[i]
        result = handle(f.graph, i)
        for j, slope in slopes.items():
            t = sd.Var("t")
            moved = result.replace({handle(f.graph, j): t})
            here = {**at, t: handle(f.graph, j).evaluate(at)}
            right = moved.evaluate({**here, t: sd.DualNumber(here[t], 1.0)}).eps
            assert handle(f.graph, algebra.lower(slope)).evaluate(at) == pytest.approx(right, rel=1e-12)


def test_deep_recurrences_are_cut_in_linear_time():
    """A chain of 20,000 steps of width two: blocks hold each node once, and no derivative is lost."""
    x, y, u, v = sd.variables("x y u v")
    a, b = x * u, y * v
    for k in range(20_000):
        a, b = a + 1e-4 * b * b, b - 1e-4 * a * b + 1e-9 * k
    f = a * b
    found = blocks_below(f, [x, y, u, v])
    nodes = [i for block in found.values() for i in block.inner]
    assert len(nodes) == len(set(nodes)) > 80_000
