"""Hessians by edge pushing: right, symmetric, and never dearer than differentiating the gradient."""

from __future__ import annotations

from itertools import pairwise

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import assume, given, settings
from shared_graphs import EXACT, FORMULAS, POINT, SMOOTH, points, recipes, small_numbers, steady
from support import sample

import symdiff as sd
from symdiff.algebra.symbolic import Symbolic
from symdiff.graph import VAR
from symdiff.handle import handle
from symdiff.modes import budgets
from symdiff.modes.dyads import by_dyads
from symdiff.modes.edge_counts import within_edges
from symdiff.modes.edge_pushing import edge_push
from symdiff.modes.elimination_orders import greedy_order
from symdiff.modes.gradient_rows import by_rows, slopes_of
from symdiff.modes.linearised_graph import linearised
from symdiff.modes.second_partials import second_partials
from symdiff.modes.vertex_elimination import eliminate
from symdiff.records import OPERATIONS

GATED = {"pow", "pow_by_base", "pow_by_exponent", "minimum", "maximum", "relu", "where"}


def _by_dyads_or_rows(graph, root, wrt):
    """Dyads, which are only for formulas without conditions: rows for those with."""
    found = by_dyads(graph, root, wrt)
    if found is not None:
        return found
    assert not GATED.isdisjoint(
        [OPERATIONS[code].name for code, *_ in map(graph.nodes.__getitem__, graph.cone([root])) if code > VAR]
    )
    return by_rows(graph, root, wrt)


def _by_elimination(graph, root, wrt):
    slopes = slopes_of(graph, root, wrt)
    linear = linearised(graph, list(slopes.values()), wrt, Symbolic(graph))
    entries = eliminate(graph, list(slopes.values()), wrt, greedy_order(linear).vertices)
    return {(i, j): entries[k, j] for i, k in slopes.items() for j in wrt if j <= i and (k, j) in entries}


WAYS = {"edge pushing": edge_push, "rows": by_rows, "elimination": _by_elimination, "dyads": _by_dyads_or_rows}


def total(exprs):
    return sum(sd.count_ops(exprs).values())


def by_way(way, f, xs):
    """The Hessian as rows of expressions, in one way whatever it costs."""
    graph = f.graph
    algebra = Symbolic(graph)
    found = way(graph, f._index, [x._index for x in xs])

    def entry(a, b):
        pair = (max(a._index, b._index), min(a._index, b._index))
        return handle(graph, algebra.lower(found[pair])) if pair in found else sd.Const(0)

    return [[entry(a, b) for b in xs] for a in xs]


def numbers(rows, point):
    return [[v.evaluate(point) for v in row] for row in rows]


# -- every way gives the same ----------------------------------------------------------


@settings(steady, max_examples=80)
@given(recipes(EXACT, outputs=1), points)
def test_ways_agree_exactly(recipe, values):
    with sd.Graph():
        (f,), xs = recipe.build()
        point = dict(zip(xs, values, strict=False))
        assume(small_numbers([f], point, bits=150))
        slopes = f.gradient(xs)
        rows = [[g.backpropagate(point, seed=1).get(x, 0) for x in xs] for g in slopes]
        for name, way in WAYS.items():
            assert numbers(by_way(way, f, xs), point) == rows, name
        whole = f.hessian(xs)
        assert numbers(whole, point) == rows
        assert numbers(sd.jacobian(slopes, xs), point) == rows
        assert all(whole[i, j] is whole[j, i] or whole[i, j] == whole[j, i] for i in range(len(xs)) for j in range(i))
        assert (f.hessian(xs, sparse=True).toarray() == whole).all()
        units = np.eye(len(xs), dtype=int).tolist()
        assert [sd.evaluate(sd.hvp(f, xs, unit), point).tolist() for unit in units] == rows


@settings(steady, max_examples=50)
@given(recipes(SMOOTH, outputs=1, most=8))
def test_ways_agree_to_many_digits(recipe):
    with sd.Graph():
        (f,), xs = recipe.build()
        with mpmath.workdps(60):
            point = dict(zip(xs, map(mpmath.mpf, POINT), strict=False))
            first, *others = [np.ravel(numbers(by_way(way, f, xs), point)) for way in WAYS.values()]
            for other in others:
                for a, b in zip(first, other, strict=True):
                    assert abs(a - b) <= 1e-40 * (1 + abs(a))


@settings(steady, max_examples=10)
@given(recipes(tuple(name for name in SMOOTH if name not in ("hypot", "logaddexp", "power")), outputs=1, most=5))
def test_hessians_agree_with_sympy(recipe):
    with sd.Graph():
        (f,), xs = recipe.build()
        symbols = [x.to_sympy() for x in xs]
        at = dict(zip(symbols, map(sympy.Float, POINT), strict=False))
        g = f.to_sympy()
        found = numbers(f.hessian(xs), dict(zip(xs, POINT, strict=False)))
        for row, s in zip(found, symbols, strict=True):
            for got, t in zip(row, symbols, strict=True):
                right = float(g.diff(s, t).subs(at).evalf(30))
                assert abs(float(got) - right) <= 1e-8 * (1 + abs(right))


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("exp(x - y)*x", ["(2 + x)*exp(x - y)", "-(1 + x)*exp(x - y)", "x*exp(x - y)"]),
        ("exp(x - y)*y", ["y*exp(x - y)", "(1 - y)*exp(x - y)", "(y - 2)*exp(x - y)"]),
        ("exp(x - y)*(x - y)", ["(2 + x - y)*exp(x - y)", "-(2 + x - y)*exp(x - y)", "(2 + x - y)*exp(x - y)"]),
        ("(x*y)**2*exp(x*y)*x*y", None),
        ("sin(x*y)/(x*y) + x*y", None),
        ("x*(x*(x*(x + y) + y) + y)*(x + y)", None),
    ],
)
def test_factors_that_are_used_along_several_paths(text, entries):
    """A node's adjoint meets its own slopes here: published differentiators return wrong Hessians, and say nothing."""
    f = sd.parse(text)
    x, y = f.variables
    point = {x: mpmath.mpf("0.7"), y: mpmath.mpf("-1.3")}
    with mpmath.workdps(50):
        function = lambda a, b: f.evaluate({x: a, y: b})  # noqa: E731
        expected = [mpmath.diff(function, (point[x], point[y]), n) for n in ((2, 0), (1, 1), (0, 2))]
        if entries is not None:
            assert [sd.parse(t).evaluate({"x": point[x], "y": point[y]}) for t in entries] == pytest.approx(expected)
        for way in WAYS.values():
            ((a, b), (c, d)) = numbers(by_way(way, f, [x, y]), point)
            assert b == c
            for got, right in zip((a, b, d), expected, strict=True):
                assert abs(got - right) < 1e-20 * (1 + abs(right))


@pytest.mark.parametrize("op", OPERATIONS[2:], ids=lambda op: op.name)
def test_every_operation(op):
    """Alone, under a square, and beside itself; the second partials follow from its record."""
    with sd.Graph():
        f = sample(op)
        f = f**2 + f * sd.Var("x")
        xs = [sd.Var("x"), sd.Var("y")]
        point = {xs[0]: 0.625, xs[1]: 0.75}
        expected = np.array(numbers(by_way(by_rows, f, xs), point), dtype=float)
        for name, way in WAYS.items():
            found = np.array(numbers(by_way(way, f, xs), point), dtype=float)
            np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12, err_msg=name)


@pytest.mark.parametrize("op", OPERATIONS[2:], ids=lambda op: op.name)
def test_products_with_symbolic_vectors(op):
    """Forward over reverse is the Hessian times the vector, jvp and vjp the Jacobian times one on either side."""
    with sd.Graph():
        f = sample(op)
        x, y, a, b = sd.variables("x y a b")
        fs, xs, vector = [f, f * x], [x, y], [a, b]
        point = {x: 0.625, y: 0.75, a: -1.5, b: 0.5}
        hessian = numbers(by_way(edge_push, f, xs), point)
        slopes = np.array(sd.evaluate(sd.jacobian(fs, xs), point), dtype=float)
        got = [sd.evaluate(part, point).astype(float) for part in (
            sd.hvp(f, xs, vector), sd.jvp(fs, xs, vector), sd.vjp(fs, xs, vector)
        )]  # fmt: skip
        expected = [np.array(hessian, dtype=float) @ [-1.5, 0.5], slopes @ [-1.5, 0.5], [-1.5, 0.5] @ slopes]
        np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-12)


def test_an_operation_of_a_user():
    op = sd.operation(
        "saddle_of_edge_pushing",
        lambda a, b: a * a - b * b * a,
        lambda r, a, b: (2 * a - b**2, -2 * a * b),
    )
    with sd.Graph():
        x, y = sd.variables("x y")
        f = sd.sin(op(x * y, y)) * op(y, y)
        rows = numbers(by_way(edge_push, f, [x, y]), {x: 0.3, y: 1.2})
        g = sd.sin((x * y) ** 2 - y**3 * x) * (y**2 - y**3)
        np.testing.assert_allclose(rows, numbers(g.hessian([x, y]), {x: 0.3, y: 1.2}), rtol=1e-12)


@pytest.mark.parametrize("op", [op for op in OPERATIONS[2:] if not op.boolean], ids=lambda op: op.name)
def test_second_partials_are_symmetric_in_kind(op):
    constants = [2 if k in op.whole else None for k in range(op.arity)] if op.static else ()
    found = second_partials(op, constants)
    assert all(p <= q for p, q, _ in found)
    assert len({(p, q) for p, q, _ in found}) == len(found)
    if op.linear:
        assert found == ()


def test_operands_that_are_the_same_node():
    with sd.Graph(simplify=False):
        x, y = sd.variables("x y")
        f = (x * x) * (x + x) - sd.hypot(x, x) * (y - y)
        for way in WAYS.values():
            assert numbers(by_way(way, f, [x]), {x: 5.0, y: 1.0}) == [[60.0]]


# -- gates --------------------------------------------------------------------------------


def test_a_branch_not_taken_does_not_poison():
    x, y = sd.variables("x y")
    f = sd.where(x > 0, sd.log(x) * y, x**2 * y) ** 2 + sd.where(y > 1, sd.sqrt(x), y * x)
    for way in WAYS.values():
        rows = numbers(by_way(way, f, [x, y]), {x: -2.0, y: 0.5})
        assert rows == [[3 * 4 * 4 * 0.25, 4 * 2 * -8 * 0.5 + 1], [4 * 2 * -8 * 0.5 + 1, 2 * 16.0]]
        assert numbers(by_way(way, f, [x, y]), {x: 0.0, y: 0.5})[0][1] == 1


def test_branches_under_a_nonlinear_operation():
    x, y = sd.variables("x y")
    f = sd.exp(sd.where(x < y, x * y, sd.where(x > 2, 1 / (x - 2), y**3)))
    for at in ({x: 0.5, y: 1.0}, {x: 2.0, y: 1.0}, {x: 3.0, y: 1.0}, {x: 1.5, y: 0.5}):
        one, *others = [numbers(by_way(way, f, [x, y]), at) for way in WAYS.values()]
        assert np.isfinite(np.array(one, dtype=float)).all()
        for other in others:
            np.testing.assert_allclose(np.array(other, dtype=float), np.array(one, dtype=float), rtol=1e-12)


# -- costs ------------------------------------------------------------------------------------


@settings(steady, max_examples=120)
@given(recipes(tuple(FORMULAS), outputs=1, most=12))
def test_never_dearer_than_differentiating_the_gradient(recipe):
    with sd.Graph():
        (f,), xs = recipe.build()
        hessian = f.hessian(xs)
        with sd.Graph():
            (g,), ys = recipe.build()
            rows = sd.jacobian(g.gradient(ys), ys, mode="reverse")
        assert total(hessian) <= total(rows)
        assert total([f, hessian]) <= total([g, rows])


FAMILIES = {
    "rosenbrock": lambda v: (100 * (v[1:] - v[:-1] ** 2) ** 2 + (1 - v[:-1]) ** 2).sum(),
    "product": lambda v: v.prod(),
    "norm": lambda v: sd.sqrt((v**2).sum()),
    "logsumexp": lambda v: sd.log(np.exp(v).sum()),
    "collapse": lambda v: sum(sd.sin(k * v[0] + v[1]) for k in range(1, 9)) ** 2 + v[2:].sum(),
    "chain": lambda v: sd.sin(v[0] * sd.sin(v[1] * sd.sin(v[2] * sd.sin(v[3] * sd.sin(v[4]))))),
    "pairs": lambda v: sum(sd.cos(a - b) for k, a in enumerate(v) for b in v[:k]),
    "quotients": lambda v: sum(a / b for a, b in pairwise(v)) / v.sum(),
}


@pytest.mark.parametrize("size", [6, 40])
@pytest.mark.parametrize("name", FAMILIES)
def test_families_are_never_dearer(name, size):
    """Also where ways are no longer tried but edge pushing is simply taken."""
    if name == "pairs" and size > 20:
        size = 12
    with sd.Graph():
        v = sd.variables("v", size)
        f = FAMILIES[name](v)
        ours = f.hessian(v)
    with sd.Graph():
        v = sd.variables("v", size)
        f = FAMILIES[name](v)
        theirs = sd.jacobian(f.gradient(v), v, mode="reverse")
    assert total([f, ours]) <= total([f, theirs])


def test_a_collapse_is_not_pushed_through():
    """Thousands of nodes that interact, above two variables: edges between them would be millions."""
    x, y = sd.variables("x y")
    f = sum((sd.sin(k * x + y) for k in range(1, 1001)), x) ** 2
    hessian = f.hessian([x, y])
    assert total([f, hessian]) < 12 * total(f)
    t = sum(np.sin(k * 0.1 + 0.2) for k in range(1, 1001)) + 0.1
    slope = sum(np.cos(k * 0.1 + 0.2) for k in range(1, 1001))
    expected = 2 * slope**2 - 2 * t * (t - 0.1)
    assert hessian[1, 1].evaluate({x: 0.1, y: 0.2}) == pytest.approx(expected, rel=1e-9)


# -- large and sparse ---------------------------------------------------------------------------


def test_rosenbrock_of_many_variables():
    n = 2000
    x = sd.variables("x", n)
    f = 0
    for i in range(n - 1):
        f += 100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2
    hessian = f.hessian(x, sparse=True)
    assert hessian.nnz == 3 * n - 2
    assert (abs(hessian.rows - hessian.cols) <= 1).all()
    at = np.linspace(0.5, 1.5, n)
    found = hessian.evaluate(dict(zip(x, at, strict=True)))
    diagonal = np.concatenate([1200 * at[:-1] ** 2 - 400 * at[1:] + 2, [0]])
    diagonal[1:] += 200
    np.testing.assert_allclose(found.diagonal(), diagonal, rtol=1e-12)
    np.testing.assert_allclose(found.diagonal(1), -400 * at[:-1], rtol=1e-12)
    assert (found != found.T).nnz == 0


def test_a_deep_chain():
    x, y = sd.variables("x y")
    f = x
    for _ in range(3000):
        f = sd.sin(f) + 0.1 * y
    hessian = f.hessian([x, y])
    assert total(hessian) < 40 * 3000
    assert sd.hessian(f, [x, y], sparse=True).nnz == 4


def test_shapes_names_and_variables_that_do_not_occur():
    x, y = sd.variables("x y")
    w = sd.variables("w", (2, 2))
    f = (w**2).sum() * x
    assert f.hessian(w).shape == (2, 2, 2, 2)
    assert f.hessian(w, sparse=True).shape == (4, 4)
    assert str(f.hessian(x)) == "0"
    assert f.hessian(x, sparse=True).shape == (1, 1)
    assert str(f.hessian(["x", "y", "x"]).tolist()) == "[[0, 0, 0], [0, 0, 0], [0, 0, 0]]"
    assert sd.Const(3).hessian([]).shape == (0, 0)
    assert sd.hessian(x * y, [y, x, y], sparse=True).toarray().tolist() == [[0, 1, 0], [1, 0, 1], [0, 1, 0]]
    assert str((x**2 * y + y + 2).hessian([x, y]).tolist()) == "[[2*y, 2*x], [2*x, 0]]"


def test_python_functions_have_no_sparse_derivatives():
    for derive in (sd.hessian, sd.jacobian):
        with pytest.raises(sd.SymdiffTypeError, match="variables"):
            derive(lambda x: x**2, 3.0, sparse=True)


def test_forward_accumulation_over_the_gradient_is_a_way_too():
    x, y = sd.variables("x y")
    for f in (sd.sqrt((2 * x) ** 2 + 1), 2 * (sd.exp(sd.sin(x**2) - x / 8) * x**2) ** 3):
        ours, theirs = [f, f.hessian([x, y])], [f, sd.jacobian(f.gradient([x, y]), [x, y])]
        assert sum(sd.count_ops(ours).values()) <= sum(sd.count_ops(theirs).values())


def cholesky_of_kernel(m, scale):
    """The logarithms on the diagonal of a kernel's Cholesky factor, written out: every two entries interact."""
    lower = np.zeros((m, m), dtype=object)
    kernel = [[scale**2 * sd.exp(-((i - j) ** 2) / scale) + (i == j) for j in range(m)] for i in range(m)]
    for j in range(m):
        lower[j, j] = sd.sqrt(kernel[j][j] - sum(lower[j, k] ** 2 for k in range(j)))
        for i in range(j + 1, m):
            lower[i, j] = (kernel[i][j] - sum(lower[i, k] * lower[j, k] for k in range(j))) / lower[j, j]
    return sum(sd.log(lower[j, j]) for j in range(m))


def test_edges_are_counted_before_they_are_pushed(monkeypatch):
    """Where nearly all nodes interact, edge pushing gives up with few nodes made; each row of the gradient is swept."""
    monkeypatch.setattr(budgets, "HESSIAN_EDGES_UNCOUNTED", 10)
    with sd.Graph() as graph:
        x = sd.Var("x")
        f = cholesky_of_kernel(16, x)
        assert not within_edges(graph, f._index, [x._index], 8)
        assert within_edges(graph, f._index, [x._index], 1000)
        size = len(graph)
        assert edge_push(graph, f._index, [x._index], 8) is None
        assert len(graph) < 1.1 * size
        second = f.hessian([x])[0, 0].evaluate({x: 1.3})
    y = sd.DualNumber(sd.DualNumber(1.3, 1.0), sd.DualNumber(1.0, 0.0))
    assert second == pytest.approx(f.evaluate({x: y}).eps.eps, rel=1e-11)
