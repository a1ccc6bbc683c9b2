"""Hessians as sums of dyads: fewer operations than rows by few variables, and only where these interact."""

from __future__ import annotations

import math

import numpy as np
import pytest

import symdiff as sd
from symdiff.algebra.symbolic import Symbolic
from symdiff.handle import handle
from symdiff.modes import dyads
from symdiff.modes.dyads import by_dyads
from symdiff.modes.edge_pushing import edge_push
from symdiff.modes.gradient_rows import by_rows

POINT = (0.9, 1.1, 0.7, 0.8, 1.2)


def likelihood(parameters, size, link=sd.sqrt):
    """The logarithm of the determinant of a kernel by parameters, and a quadratic form, by a factor written out."""
    rows, solved = [], []
    for i in range(size):
        row = []
        for j in range(i + 1):
            entry = sum(
                (p**2 * sd.exp(-0.1 * (k + 1) * (i - j) ** 2 / p) for k, p in enumerate(parameters)), int(i == j)
            )
            for k in range(j):
                entry = entry - row[k] * (rows[j][k] if j < i else row[k])
            row.append(link(entry) if i == j else entry / rows[j][j])
        total = float(np.sin(i))
        for k in range(i):
            total = total - row[k] * solved[k]
        rows.append(row)
        solved.append(total / row[i])
    return sum((0.5 * s**2 + sd.log(row[-1]) for s, row in zip(solved, rows, strict=True)), sd.Const(0))


def written(way, count, size):
    """The entries that a way finds, operations in all, and their numbers at a point."""
    with sd.Graph():
        x = list(sd.variables("x", count))
        f = likelihood(x, size)
    found = Symbolic(f.graph).lowered(way(f.graph, f._index, [v._index for v in x]))
    entries = [handle(f.graph, found[pair]) for pair in sorted(found)]
    return sum(sd.count_ops(entries).values()), sd.compile(entries, x)(*POINT[:count])


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_by_few_variables_dyads_take_fewer_operations_than_rows(count):
    operations, values = written(by_dyads, count, 12)
    others, expected = written(by_rows, count, 12)
    np.testing.assert_allclose(values, expected, rtol=1e-9)
    assert operations < others


@pytest.mark.parametrize(("count", "size"), [(3, 12), (3, 24), (5, 24)])
def test_a_factorisation_by_few_variables_is_derived_by_dyads(count, size):
    """Below some size every way is tried, above it is known which one it is."""
    with sd.Graph():
        x = sd.variables("x", count)
        f = likelihood(list(x), size)
    hessian = f.hessian(x)
    assert sum(sd.count_ops(list(hessian.flat)).values()) == written(by_dyads, count, size)[0]
    numbers = sd.compile(hessian, [x])(np.array(POINT[:count]))
    assert (numbers == numbers.T).all()
    np.testing.assert_allclose(numbers, _differences(f, x), rtol=1e-5)


def test_what_many_products_share_is_multiplied_once(monkeypatch):
    """Of `a*b_k` the sum of weighted tangents of all b_k is multiplied by those of a, instead of each by itself."""
    ours, values = written(by_dyads, 3, 16)
    monkeypatch.setattr(dyads, "_shared", lambda count: math.inf)
    others, expected = written(by_dyads, 3, 16)
    np.testing.assert_allclose(values, expected, rtol=1e-10)
    assert ours < 0.8 * others


def _differences(f, x, step=1e-5):
    """The Hessian by central differences of the compiled gradient."""
    slope = sd.compile(f.gradient(x), [x])
    at = np.array(POINT[: x.size])
    return np.array([(slope(at + step * e) - slope(at - step * e)) / (2 * step) for e in np.eye(x.size)])


def test_a_chain_by_two_variables_stays_with_edges():
    """Little is alive at once: an edge or two at each link, where dyads would take sixteen operations."""

    def chain():
        with sd.Graph():
            x, y = sd.variables("x y")
            f = x
            for _ in range(3000):
                f = sd.sin(f) * y
        return f, [x, y]

    def operations(entries):
        return sum(sd.count_ops(entries).values())

    f, xs = chain()
    taken = operations(list(f.hessian(xs).flat))
    f, xs = chain()
    found = Symbolic(f.graph).lowered(edge_push(f.graph, f._index, [x._index for x in xs]))
    assert taken == operations([handle(f.graph, i) for i in found.values()])


def test_formulas_with_conditions_are_left_to_rows():
    with sd.Graph():
        x = list(sd.variables("x", 3))
        f = likelihood(x, 20, link=lambda entry: sd.where(entry > 0.5, sd.sqrt(entry), sd.exp(entry)))
    assert by_dyads(f.graph, f._index, [v._index for v in x]) is None
    numbers = sd.compile(f.hessian(x), x)(*POINT[:3])
    np.testing.assert_allclose(numbers, _differences(f, np.array(x)), rtol=1e-5)


def test_what_does_not_belong_to_a_formula_is_not_looked_at():
    """A graph holds other formulas, whose tangents nobody asked for."""
    with sd.Graph():
        x, y = sd.variables("x y")
        f = sd.sin(x * y) * x
        sd.maximum(x, y) ** 3
        g = sd.exp(sd.cos(x) / y)
    size = len(f.graph)
    found = by_dyads(f.graph, f._index, [x._index, y._index])
    assert set(found) == {(x._index, x._index), (y._index, x._index), (y._index, y._index)}
    others = set(f.graph.cone([g._index])) - set(f.graph.cone([f._index]))
    assert others.isdisjoint(j for i in range(size, len(f.graph)) for j in f.graph.nodes[i][1:] if type(j) is int)
