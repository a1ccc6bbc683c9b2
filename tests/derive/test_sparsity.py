"""Structures of Jacobians and Hessians: what the derivatives hold, without the derivatives."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shared_graphs import FORMULAS, recipes, steady

import symdiff as sd
from symdiff.modes import budgets, hessian_pattern, jacobian_pattern
from symdiff.modes.linearised_graph import linearised


def entries(matrix):
    return set(zip(matrix.rows.tolist(), matrix.cols.tolist(), strict=True))


def places(pattern):
    rows, cols = pattern.nonzero()
    return set(zip(rows.tolist(), cols.tolist(), strict=True))


def test_the_running_example(xy):
    x, y = xy
    f = x**2 * y + y + 2
    assert sd.jacobian_sparsity(f, [x, y]).toarray().tolist() == [[True, True]]
    assert sd.hessian_sparsity(f, [x, y]).toarray().tolist() == [[True, True], [True, False]]
    assert sd.hessian_sparsity(f).dtype == bool


@settings(steady, max_examples=100)
@given(recipes(tuple(FORMULAS), most=12))
def test_the_structure_holds_every_entry(recipe):
    with sd.Graph():
        fs, xs = recipe.build()
        assert entries(sd.jacobian(fs, xs, sparse=True)) <= places(sd.jacobian_sparsity(fs, xs))
        for f in fs:
            assert entries(f.hessian(xs, sparse=True)) <= places(sd.hessian_sparsity(f, xs))


SMOOTH_FAMILIES = {
    "rosenbrock": lambda v: (100 * (v[1:] - v[:-1] ** 2) ** 2 + (1 - v[:-1]) ** 2).sum(),
    "arrow": lambda v: sum(sd.exp(v[0] * a) for a in v[1:]),
    "product": lambda v: v[:3].prod() + v[3:].prod(),
    "norm": lambda v: sd.sqrt((v[:4] ** 2).sum()) + (v[4:] ** 3).sum(),
    "linear": lambda v: v.sum() / 3,
    "chain": lambda v: sd.sin(v[0] + sd.sin(v[1] + sd.sin(v[2] * 2))) + v[3] * v[5],
    "separable": lambda v: np.sin(v).sum(),
    "where": lambda v: sd.where(v[0] > v[1], v[2] * v[3], v[4] ** 2) + sd.floor(v[5] * v[0]),
    "shared": lambda v: sd.exp(v[0] - v[1]) * v[0] + v[2] / v[3],
}


@pytest.mark.parametrize("few", [64, 2])
@pytest.mark.parametrize("name", SMOOTH_FAMILIES)
def test_the_structure_is_tight(name, few, monkeypatch):
    """Where nothing cancels it is what the sparse derivatives hold; with few variables kept below a node, too."""
    monkeypatch.setattr(budgets, "PATTERN_KEPT", few)
    monkeypatch.setattr(budgets, "PATTERN_KEPT_ALWAYS", few)
    v = sd.variables("v", 8)
    f = SMOOTH_FAMILIES[name](v)
    assert places(sd.hessian_sparsity(f, v)) == entries(f.hessian(v, sparse=True))
    assert places(sd.jacobian_sparsity([f, f * v[7]], v)) == entries(sd.jacobian([f, f * v[7]], v, sparse=True))
    slopes = f.gradient(v)
    assert places(sd.jacobian_sparsity(slopes, v)) == places(sd.hessian_sparsity(f, v))


@settings(steady, max_examples=60)
@given(recipes(tuple(FORMULAS), most=14), st.integers(0, 3))
def test_both_ways_through_the_graph_find_the_same(recipe, few):
    with sd.Graph():
        fs, xs = recipe.build()
        graph, wrt = fs[0].graph, [x._index for x in xs]
        linear = linearised(graph, [f._index for f in fs], wrt, None)
        assert set(jacobian_pattern._upwards(linear)) == set(jacobian_pattern._downwards(linear))
        f = fs[-1]._index
        known = set(hessian_pattern.interacting(graph, f, wrt))
        held = budgets.PATTERN_KEPT, budgets.PATTERN_KEPT_ALWAYS
        budgets.PATTERN_KEPT = budgets.PATTERN_KEPT_ALWAYS = few
        try:
            pushed = set(hessian_pattern.interacting(graph, f, wrt))
        finally:
            budgets.PATTERN_KEPT, budgets.PATTERN_KEPT_ALWAYS = held
        assert pushed <= known  # branches that exclude each other are told apart higher up
        assert {(j, i) for i, j in pushed} == pushed


def test_shapes_names_and_variables_twice(xy):
    x, y = xy
    with sd.Graph():
        other = sd.Var("other")
    assert sd.jacobian_sparsity([x, 3, x * y], ["y", x, "y"]).toarray().tolist() == [
        [False, True, False], [False] * 3, [True] * 3,
    ]  # fmt: skip
    assert sd.hessian_sparsity(x * y, [y, other, x]).toarray().astype(int).tolist() == [[0, 0, 1], [0, 0, 0], [1, 0, 0]]
    assert sd.jacobian_sparsity([], [x]).shape == (0, 1)
    assert sd.hessian_sparsity(3, []).shape == (0, 0)
    with pytest.raises(sd.SymdiffTypeError):
        sd.jacobian_sparsity([x], [x * y])


def test_steps_conditions_and_branches(xy):
    x, y = xy
    fs = [sd.floor(x) * y, sd.where(x > 0, y, 2), sd.abs(x), sd.sign(x * y)]
    assert sd.jacobian_sparsity(fs, [x, y]).toarray().astype(int).tolist() == [[0, 1], [0, 1], [1, 0], [0, 0]]
    assert sd.hessian_sparsity(sd.abs(x) * y, [x, y]).toarray().astype(int).tolist() == [[0, 1], [1, 0]]


def test_large_structures():
    n = 10_000
    with sd.Graph():
        v = sd.variables("v", n)
        f = 0
        for i in range(n - 1):
            f += 100 * (v[i + 1] - v[i] ** 2) ** 2 + (1 - v[i]) ** 2
        assert sd.hessian_sparsity(f, v).nnz == 3 * n - 2
        assert sd.jacobian_sparsity([f, *(v[1:] * v[0])], v).nnz == n + 2 * (n - 1)


def test_neither_deep_sums_nor_shared_results_are_looked_through_again_and_again():
    with sd.Graph():
        x, *v = sd.variables("v", 1500)
        deep = x
        for _ in range(1500):
            deep = sd.sin(deep)
        outputs = [sum(v), *[deep * 1 + a for a in v]]
        assert sd.jacobian_sparsity(outputs, [x, *v]).nnz == len(v) + 2 * len(v)
    with sd.Graph():
        x, y = sd.variables("x y")
        f = sum((sd.sin(k * x + y) for k in range(1, 3000)), x) ** 2
        assert sd.hessian_sparsity(f, [x, y]).nnz == 4
