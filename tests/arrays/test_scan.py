"""`sd.scan` against the same recurrence written out: values, derivatives, compiled functions, bad input."""

import math
import pickle
import tracemalloc
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import symdiff as sd
from symdiff.derive import scan as scan_module
from symdiff.modes import loop_pullback

RNG = np.random.default_rng(3)
POINT = {
    "x": RNG.normal(size=10) * 0.5, "k": 0.7, "h": RNG.normal(size=3), "A": RNG.normal(size=(3, 3)) * 0.3,
    "X": RNG.normal(size=(10, 3)) * 0.5, "B": RNG.normal(size=(4, 10)) * 0.4, "C": RNG.normal(size=(4, 3)),
}  # fmt: skip


def at(f):
    return {v: POINT[str(v)] for v in f.variables}


def value(f):
    return np.asarray(f.evaluate(at(f)), dtype=float)


def compiled(f, **options):
    found = sd.compile(f, list(f.variables), **options)(*[POINT[str(v)] for v in f.variables])
    return np.asarray(found, dtype=float)


@pytest.fixture
def written_out(monkeypatch):
    """Expressions as loops and written out, however many steps there are."""

    def make(model):
        monkeypatch.setattr(scan_module, "SCAN_STEPS", -1)
        loops = model()
        monkeypatch.setattr(scan_module, "SCAN_STEPS", 10**6)
        return loops, model()

    return make


def variables():
    shapes = {name: np.shape(v) for name, v in POINT.items()}
    return [sd.Var(name, shape=shape) if shape else sd.Var(name) for name, shape in shapes.items()]


X_, K, H, A, ROWS, B, C = variables()


def _nest(c, u):
    return {"a": c["a"] * K + u, "b": (c["b"][0] + c["a"] ** 2, c["b"][1] * u)}, {"o": c["a"] * c["b"][0]}


def nesting():
    carry, out = sd.scan(_nest, {"a": K, "b": (0.5, H)}, X_)
    return [carry["a"], *carry["b"], out["o"]]


def one(func, init, xs):
    carry, out = sd.scan(func, init, xs)
    return [carry, out]


MODELS = {
    "numbers": lambda: one(lambda y, u: (K * sd.sin(y) + u, y**2 * u), K, X_),
    "nesting": nesting,
    "network": lambda: one(lambda h, r: ((g := sd.tanh(A @ h + r)), g), H, ROWS),
    "conditions": lambda: one(lambda y, u: (sd.where(y > u, sd.sin(y) * K, y + u), sd.maximum(y, u)), 0.3, X_),
    "systems": lambda: one(lambda y, r: (np.linalg.solve(A + 3 * sd.eye(3), y + r), sd.linalg.logdet(
        sd.eye(3) * 2 + sd.outer(y, y))), H, ROWS),
    "slices": lambda: one(lambda y, r: (sd.concatenate([y[1:] * r[0], sd.stack([y.sum() * r[1]])]), y[::2]), H, ROWS),
    "reductions": lambda: one(lambda y, r: (y / (1 + (y**2).sum()) + r * sd.logsumexp(y) * K, y @ r), H, ROWS),
    "matrices": lambda: one(lambda p, r: (A @ p @ A.T + sd.outer(r, r), sd.trace(p)), sd.eye(3) * K, ROWS),
    "rows of matrices": lambda: one(lambda c, z: (sd.tanh(z @ c), c), H, sd.stack([A * (1 + t / 9) for t in range(9)])),
    "rows nested": lambda: one(lambda c, z: (c * z["u"] + z["v"][0][0], z["v"][0] @ H), K, {"u": X_, "v": [ROWS]}),
    "no rows": lambda: [sd.scan(lambda c, _: ((c[1], sd.sin(c[0]) + c[1] * K), None), (K, 1.0), length=9)[0][1]],
    "scan in scan": lambda: one(lambda y, u: (sd.scan(lambda z, v: (sd.sin(z) * v + y, z), y, X_)[0] * u, y), K, X_),
    "scan in vmap": lambda: [
        sd.vmap(lambda b, c: sd.scan(lambda y, u: (sd.sin(y) * K + u, y), c[0], b)[1].sum())(B, C),
        sd.vmap(lambda c: sd.scan(lambda y, r: (sd.tanh(A @ y) + r, y[0]), c, ROWS)[1])(C),
    ],
    "vmap in scan": lambda: one(lambda y, u: (sd.vmap(lambda c: sd.sin(c[0] * c[1] + u))(C) * K + y, y.sum()),
                                sd.zeros(4), X_),
}  # fmt: skip


def close(found, expected):
    assert found.shape == expected.shape
    assert np.abs(found - expected).max(initial=0) <= 1e-11 * (1 + np.abs(expected).max(initial=0))


@pytest.mark.parametrize("name", MODELS)
def test_is_the_recurrence_written_out(name, written_out):
    for loop, plain in zip(*written_out(MODELS[name]), strict=True):
        assert len(loop.nodes()) < len(plain.nodes())
        close(value(loop), value(plain))
        close(compiled(loop), value(plain))


@pytest.mark.parametrize("name", [name for name in MODELS if name not in ("systems", "slices")])
def test_derivatives_are_those_of_the_recurrence_written_out(name, written_out):
    loop, plain = [expressions[-1] for expressions in written_out(MODELS[name])]
    first, by = plain.variables[0], plain.variables[-1]
    pairs = [(sd.jacobian(f, by), sd.jvp(f, by, np.ones(np.shape(POINT[str(by)])))) for f in (loop, plain)]
    sums = [(f**2).sum() if f.shape else f**2 for f in (loop, plain)]
    pairs = [
        (jacobian, tangent, f.gradient(by), sd.jacobian(f.gradient(by), first))
        for f, (jacobian, tangent) in zip(sums, pairs, strict=True)
    ]
    for found, expected in zip(*pairs, strict=True):
        close(value(found), value(expected))
        close(compiled(found), value(expected))


@pytest.mark.parametrize("name", ["numbers", "conditions", "no rows"])
def test_third_derivatives_along_a_direction(name, written_out):
    loop, plain = [expressions[0] for expressions in written_out(MODELS[name])]
    by = loop.variables[-1]
    ones = np.ones(np.shape(POINT[str(by)]))
    third = [sd.jvp((f**2).sum().hessian(by) if f.shape else (f**2).hessian(by), by, ones) for f in (loop, plain)]
    close(value(third[0]), value(third[1]))
    close(compiled(third[0]), value(third[1]))


@pytest.mark.parametrize("name", ["numbers", "nesting", "network", "reductions", "scan in vmap"])
def test_adjoints_of_all_steps_at_once_are_those_found_step_by_step(name, written_out, monkeypatch):
    monkeypatch.setattr(loop_pullback, "SCAN_ENTRIES", 0)
    for loop, plain in zip(*written_out(MODELS[name]), strict=True):
        for by in loop.variables:
            found, expected = [(f**2).sum().gradient(by) if f.shape else (f**2).gradient(by) for f in (loop, plain)]
            close(value(found), value(expected))
            close(compiled(found), value(expected))


@pytest.mark.parametrize("steps", [0, 1, 2, 7, 8, 9, 10, 25])
@pytest.mark.parametrize("named", [False, True])
def test_any_number_of_steps(steps, named):
    u = sd.Var("u", shape="T" if named else steps)
    last, path = sd.scan(lambda y, v: (0.5 * y + sd.sin(v), y * v), 1.0, u)
    numbers = np.linspace(0, 1, steps)
    y, expected = 1.0, []
    for v in numbers:
        expected.append(y * v)
        y = 0.5 * y + math.sin(v)
    slopes = [0.5 ** (steps - 1 - t) * math.cos(v) for t, v in enumerate(numbers)]
    for f, result in ((last, y), (path, expected), (last.gradient(u), slopes)):
        assert np.allclose(f.evaluate({u: numbers}), result, rtol=1e-14)
        assert np.allclose(sd.compile(f, [u])(numbers), result, rtol=1e-14)


def test_values_are_exact_and_of_any_kind():
    f, _ = sd.scan(lambda c, _: ((c[1], c[0] + c[1]), None), (0, 1), length=90)
    assert f[0].evaluate({}) == 2880067194370816120
    g, _ = sd.scan(lambda y, _: (y / 2 + K, None), Fraction(1, 3), length=9)
    assert g.evaluate({K: Fraction(1, 5)}) == Fraction(1, 3) / 512 + Fraction(1, 5) * (2 - Fraction(1, 256))
    h, _ = sd.scan(lambda y, _: (sd.sin(y) * K, None), 1, length=9)
    with mpmath.workdps(40):
        expected = mpmath.mpf(1)
        for _ in range(9):
            expected = mpmath.sin(expected) * mpmath.mpf("0.7")
        assert abs(h.evaluate({K: mpmath.mpf("0.7")}) - expected) < mpmath.mpf(10) ** -38
    assert abs(h.evaluate({K: 0.7 + 1e-20j}).imag / 1e-20 - h.gradient(K).evaluate({K: 0.7})) < 1e-12
    dual = h.evaluate({K: sd.DualNumber(0.7, 1.0)})
    assert abs(dual.eps - h.gradient(K).evaluate({K: 0.7})) < 1e-14


def test_expands_to_the_recurrence_over_numbers():
    last, _ = sd.scan(lambda y, u: (sd.sin(y) * u, None), 1.0, X_)
    f = last.expand()
    assert len(f.variables) == 10
    x = POINT["x"]
    assert f.evaluate({v: x[int(str(v)[2:-1])] for v in f.variables}) == last.evaluate({X_: x})


@pytest.mark.parametrize("name", MODELS)
def test_text_json_and_pickles_give_the_same(name, monkeypatch):
    monkeypatch.setattr(scan_module, "SCAN_STEPS", -1)
    shapes = {name: np.shape(v) for name, v in POINT.items() if np.shape(v)}
    for f in MODELS[name]():
        gradient = (f**2).sum().gradient(f.variables[-1]) if f.shape else f.gradient(f.variables[-1])
        for g in (f, gradient):
            assert pickle.loads(pickle.dumps(g)) == g
            assert sd.from_json(sd.to_json(g)) == g
            read = sd.parse(str(g), shapes)
            assert str(read) == str(g)
            close(value(read), value(g))
            assert g.latex()


def test_equal_steps_are_one_loop():
    f, g = [sd.scan(func, 1.0, X_)[0] for func in (lambda y, u: (y * K + u, None), lambda a, b: (a * K + b, None))]
    assert f == g
    assert str(f) == "scan_rows(lambda h, x, p: h*p + x, 1.0, x, k, carries=1, sequences=1, length=10)[10, 0]"


@pytest.mark.parametrize("backend", ["auto", "numpy", "python"])
@pytest.mark.parametrize("name", ["numbers", "nesting", "network", "conditions"])
def test_every_backend_runs_loops(backend, name, monkeypatch):
    monkeypatch.setattr(scan_module, "SCAN_STEPS", -1)
    for f in MODELS[name]():
        gradient = (f**2).sum().gradient(f.variables[0]) if f.shape else f.gradient(f.variables[0])
        hessian = sd.jacobian(gradient, f.variables[-1])
        for g in (f, gradient, hessian):
            close(compiled(g, backend=backend), value(g))


@pytest.mark.parametrize("name", ["numbers", "network", "matrices"])
def test_single_precision_batches_threads_and_pickles(name, monkeypatch):
    monkeypatch.setattr(scan_module, "SCAN_STEPS", -1)
    f = MODELS[name]()[-1]
    g = (f**2).sum().gradient(K if name == "numbers" else A)
    arguments = [np.asarray(POINT[str(v)]) for v in g.variables]
    single = sd.compile(g, list(g.variables), dtype=np.float32)(*arguments)
    assert np.asarray(single).dtype == np.float32 or isinstance(single, float)
    assert np.allclose(single, value(g), rtol=1e-4, atol=1e-5)
    stacked = [np.stack([a, 0.9 * a, 0.8 * a]) for a in arguments]
    function = sd.compile(g, list(g.variables))
    expected = [function(*[a[k] if a[k].shape else float(a[k]) for a in stacked]) for k in range(3)]
    for threads in (1, 2):
        assert np.array_equal(function(*stacked, threads=threads), expected)
    assert np.allclose(g.evaluate(dict(zip(g.variables, stacked, strict=True))), expected, rtol=1e-12, atol=1e-14)
    assert np.array_equal(pickle.loads(pickle.dumps(function))(*stacked), expected)


@pytest.mark.parametrize("backend", ["auto", "numpy"])
@pytest.mark.parametrize("width", [40, 64, 50])
@pytest.mark.parametrize("kind", ["tanh", "two", "squares"])
def test_loops_over_vectors(kind, width, backend):
    """Native where there is LLVM: whole vectors, and sizes that these do not divide."""
    w, u, xs = sd.Var("W", shape=(width, width)), sd.Var("U", shape=(width, 5)), sd.Var("V", shape=(12, 5))

    def step(carry, x):
        h, g = carry
        if kind == "tanh":
            new = sd.tanh(w @ h + u @ x)
        elif kind == "two":
            new = h + 0.1 * g * sd.sin(w @ (g * h) + u @ x)
        else:
            new = sd.where(h > 0, w @ h, 0.3 * h**2) + (u @ x) ** 3
        return (new, sd.cos(w.T @ new) * K), new.sum()

    (h, g), path = sd.scan(step, (np.linspace(-1, 1, width), np.ones(width)), xs)
    f = h @ h + g.sum() + path[::2].sum()
    rng = np.random.default_rng(1)
    point = {w: rng.normal(size=(width, width)) / width, u: rng.normal(size=(width, 5)) / 5}
    point |= {xs: rng.normal(size=(12, 5)), K: 0.7}
    for by in (w, xs, K):
        e = f.gradient(by)
        given = {v: point[v] for v in e.variables}
        close(np.asarray(sd.compile(e, list(given), backend=backend)(*given.values())), np.asarray(e.evaluate(given)))
    if backend == "auto":
        pytest.importorskip("llvmlite")
        loops = sd.compile(f, [w, u, xs, K])._loops
        assert any("native loop of products of matrices and vectors" in loop.source for loop in loops)
        e = f.gradient(w)
        given = {v: point[v] for v in e.variables}
        single = sd.compile(e, list(given), dtype=np.float32)(*given.values())
        assert np.allclose(single, e.evaluate(given), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("checkpoint", [True, 3, 4, 40])
@pytest.mark.parametrize("name", ["numbers", "network"])
def test_checkpoints_change_nothing_but_memory(checkpoint, name):
    n = 37
    x, w, r = sd.Var("x", shape=n), sd.Var("W", shape=(2, 2)), sd.Var("R", shape=(n, 2))
    point = {x: np.linspace(-1, 1, n), K: 0.7, w: np.array([[0.3, -0.4], [0.5, 0.2]]), r: np.ones((n, 2)) / 5}
    if name == "numbers":
        func, init, xs = (lambda y, u: (sd.sin(y) * K + u, y * u)), K, x
    else:
        func, init, xs = (lambda h, v: ((g := sd.tanh(w @ h + v)), g)), np.ones(2), r
    results = []
    for options in ({}, {"checkpoint": checkpoint}):
        last, path = sd.scan(func, init, xs, **options)
        f = (path**2).sum() + (last.sum() if last.shape else last)
        by = K if name == "numbers" else w
        results.append([f, f.gradient(by), f.gradient(xs), sd.jacobian(f.gradient(by), by)])
    for plain, blocks in zip(*results, strict=True):
        given = {v: point[v] for v in plain.variables}
        expected = np.asarray(plain.evaluate(given), dtype=float)
        close(np.asarray(blocks.evaluate(given), dtype=float), expected)
        function = sd.compile(blocks, list(plain.variables))
        close(np.asarray(function(*given.values()), dtype=float), expected)


def test_adjoints_of_nested_loops_may_be_constants_in_a_step():
    def step(c, _):
        return (sd.cumsum(c[0], 0) * K, sd.zeros(3).at[1:].add(c[1][:2]) + 1), sd.ones(3) @ c[0]

    (a, b), path = sd.scan(lambda c, _: sd.scan(step, c, length=9, checkpoint=True), (H, H), X_)
    f = a.sum() + (b**2).sum() + np.sum(sd.sin(path))
    point = {H: np.array([0.1, 0.5, -0.3]), K: 0.05, X_: np.zeros(10)}
    slopes = f.gradient(H)
    np.testing.assert_allclose(slopes.evaluate(point), sd.differences(f, point)[H], rtol=1e-6)
    close(sd.compile(slopes, [H, K])(point[H], point[K]), slopes.evaluate(point))


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("whose", ["rows", "same", "number of a row", "number"])
def test_conditions_of_rows_and_of_what_is_the_same_in_every_step(whose, dtype):
    n = 12
    rows, same, matrix = sd.Var("rows", shape=(10, n)), sd.Var("same", shape=n), sd.Var("matrix", shape=(n, n))

    def step(c, x):
        of = {"rows": x, "same": same, "number of a row": x[0], "number": same[0]}[whose]
        return sd.tanh(sd.linalg.solve(matrix, sd.cumsum(sd.where(of > 0, sd.sin(c), 2 * c * same), 0))), None

    draw = np.random.default_rng(6)
    point = {v: draw.normal(size=v.shape) for v in (rows, same)} | {matrix: 9 * np.eye(n) + draw.normal(size=(n, n))}
    tolerance = 1e-10 if dtype == np.float64 else 1e-4
    last, _ = sd.scan(step, np.linspace(-1, 1, n), rows)
    for f in (last, last.sum().gradient(same), last.sum().gradient(matrix)):
        function, expected = sd.compile(f, list(point), dtype=dtype), f.evaluate(point)
        np.testing.assert_allclose(function(*point.values()), expected, rtol=tolerance, atol=tolerance)
        batch = function(*[np.stack([value, value]) for value in point.values()])
        np.testing.assert_allclose(batch, [expected] * 2, rtol=tolerance, atol=tolerance)


def test_an_adjoint_that_carries_nothing_is_stored_and_read_too():
    _, path = sd.scan(lambda c, u: (sd.tanh(c * H), c @ u * K), H, ROWS, checkpoint=1)
    slopes = sd.sin(path).sum().gradient(ROWS)
    assert "carries=0" in str(slopes)
    expected = value(slopes)
    read = sd.parse(str(slopes), {v.name: v.shape for v in slopes.variables if v.shape})
    for f in (pickle.loads(pickle.dumps(slopes)), sd.from_json(sd.to_json(slopes)), read):
        close(value(f), expected)
    function = sd.compile(slopes, [ROWS, H, K])
    close(pickle.loads(pickle.dumps(function))(*[POINT[name] for name in ("X", "h", "k")]), expected)


def test_checkpoints_keep_few_carries():
    def peak(checkpoint):
        last, _ = sd.scan(lambda y, _: (y + 0.001 * sd.sin(K * y), None), 1.0, length=40_000, checkpoint=checkpoint)
        function = sd.compile(last.gradient(K), [K])
        function(0.7)
        tracemalloc.start()
        slope = function(0.7)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most, slope

    (whole, expected), (few, found) = peak(False), peak(True)
    assert math.isclose(found, expected, rel_tol=1e-9)
    assert few < whole / 5


def test_index_arrays_are_rows():
    table, tokens = sd.Var("E", shape=(6, 3)), sd.Var("tok", shape=10, dtype=int)
    last, _ = sd.scan(lambda h, i: (sd.tanh(A @ h + table[i]), None), H, tokens)
    rng = np.random.default_rng(0)
    e, places = rng.normal(size=(6, 3)), rng.integers(0, 6, 10)
    h, rows = POINT["h"], [e[i] for i in places]
    for row in rows:
        h = np.tanh(POINT["A"] @ h + row)
    point = {table: e, tokens: places, A: POINT["A"], H: POINT["h"]}
    assert np.allclose(last.evaluate(point), h, rtol=1e-14)
    slope = last.sum().gradient(table)
    given = list(slope.variables)
    assert np.allclose(sd.compile(slope, given)(*[point[v] for v in given]), slope.evaluate(point), rtol=1e-12)


def test_loops_fifty_deep():
    def nested(depth, y):
        if depth == 0:
            return sd.sin(y) * K
        return sd.scan(lambda z, _: (nested(depth - 1, z), None), y, length=1)[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scan_module, "SCAN_STEPS", 0)
        f = nested(50, K)
        assert f.evaluate({K: 0.7}) == math.sin(0.7) * 0.7
        assert pickle.loads(pickle.dumps(f)) == f
        assert sd.from_json(sd.to_json(f)) == f
        assert sd.parse(str(f)).evaluate(k=0.7) == f.evaluate({K: 0.7})


def test_many_steps_are_few_nodes_and_compile_as_few():
    u = sd.Var("u", shape=10_000)
    last, path = sd.scan(lambda y, v: (y + 0.001 * (sd.sin(y) - v), y), 1.0, u)
    f = last + (path**2).mean()
    tangent = sd.hvp(f, u, u)
    assert len(tangent.nodes()) < 100
    numbers = np.linspace(0, 1, 10_000)
    step = 1e-5
    slope = sd.compile(f.gradient(u), [u])
    difference = (slope(numbers * (1 + step)) - slope(numbers * (1 - step))) / (2 * step)
    assert np.allclose(sd.compile(tangent, [u])(numbers), difference, rtol=1e-5, atol=1e-12)


def test_is_the_likelihood_of_a_kalman_filter():
    """Against the filter run on numbers; Särkkä, Bayesian Filtering and Smoothing, algorithm 4.2."""
    n = 30
    q, r, y = sd.Var("q"), sd.Var("r"), sd.Var("y", shape=n)
    f = np.array([[1.0, 0.1], [0.0, 1.0]])

    def step(carry, observed):
        mean, cov = carry
        mean, cov = f @ mean, f @ cov @ f.T + q * sd.eye(2)
        gap, var = observed - mean[0], cov[0, 0] + r
        gain = cov[:, 0] / var
        return (mean + gain * gap, cov - sd.outer(gain, cov[0])), -0.5 * (gap**2 / var + sd.log(2 * sd.pi * var))

    _, terms = sd.scan(step, (np.zeros(2), np.eye(2)), y)

    def plain(q, r, data):
        mean, cov, total = np.zeros(2), np.eye(2), 0.0
        for observed in data:
            mean, cov = f @ mean, f @ cov @ f.T + q * np.eye(2)
            gap, var = observed - mean[0], cov[0, 0] + r
            gain = cov[:, 0] / var
            total += -0.5 * (gap**2 / var + np.log(2 * np.pi * var))
            mean, cov = mean + gain * gap, cov - np.outer(gain, cov[0])
        return total

    data = np.sin(np.arange(n) / 3)
    total = terms.sum()
    function = sd.compile([total, *total.gradient([q, r])], [q, r, y])
    found = function(0.1, 0.2, data)
    slopes = [(plain(0.1 + a, 0.2 + b, data) - plain(0.1 - a, 0.2 - b, data)) / 2e-6 for a, b in ((1e-6, 0), (0, 1e-6))]
    assert np.allclose(found, [plain(0.1, 0.2, data), *slopes], rtol=1e-7)


# -- random bodies -----------------------------------------------------------------------------------------

UNARY = [
    sd.sin,
    sd.tanh,
    lambda v: v * v,
    lambda v: 0.5 * v,
    lambda v: sd.exp(-(v**2)),
    lambda v: A @ v,
    lambda v: v[::-1],
]
BINARY = [lambda a, b: a + b, lambda a, b: a * b, lambda a, b: a - K * b, lambda a, b: sd.where(a > b, a, b * 2),
          lambda a, b: a * (a @ b)]  # fmt: skip


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=5))
def test_random_bodies(program):
    def body(h, r):
        pool = [h, r]
        for which, i, j in program:
            a, b = pool[i % len(pool)], pool[j % len(pool)]
            if which % 3:
                pool.append(UNARY[which % len(UNARY)](a))
            else:
                pool.append(BINARY[which % len(BINARY)](a, b))
        return sd.tanh(pool[-1]) + 0.1 * h, pool[len(pool) // 2]

    with pytest.MonkeyPatch.context() as patch:
        results = []
        for steps in (-1, 10**6):
            patch.setattr(scan_module, "SCAN_STEPS", steps)
            last, path = sd.scan(body, H, ROWS[:4])
            f = (path**2).sum() + last @ last
            results.append([f, f.gradient(A), sd.jvp(f.gradient(H), H, np.ones(3))])
        for loop, plain in zip(*results, strict=True):
            close(value(loop), value(plain))
        close(compiled(results[0][1]), value(results[1][1]))


# -- bad input ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: sd.scan(3, 1.0, X_), TypeError, "takes a function"),
        (lambda: sd.scan(lambda y, u: y + u, 1.0, X_), TypeError, "gives a pair"),
        (lambda: sd.scan(lambda y, u: ((y, u), None), 1.0, X_), TypeError, "keeps its nesting"),
        (lambda: sd.scan(lambda y, u: ({"a": y["b"]}, None), {"b": 1.0}, X_), TypeError, "keeps its nesting"),
        (lambda: sd.scan(lambda y, u: (y * H, None), 1.0, X_), ValueError, "keeps its shape"),
        (lambda: sd.scan(lambda y, r: (y @ r, None), H, ROWS), ValueError, "keeps its shape"),
        (lambda: sd.scan(lambda y, u: (y, "text"), 1.0, X_), TypeError, "expressions and numbers"),
        (lambda: sd.scan(lambda y, u: (y, object()), 1.0, X_), TypeError, "expressions and numbers"),
        (lambda: sd.scan(lambda y, u: (y, None), 1.0, (X_, sd.Var("z", shape=9))), ValueError, "as long as"),
        (lambda: sd.scan(lambda y, u: (y, None), 1.0, X_, length=9), ValueError, "as long as"),
        (lambda: sd.scan(lambda y, u: (y, None), 1.0, K), TypeError, "without rows"),
        (lambda: sd.scan(lambda y, u: (y, None), 1.0), ValueError, "length="),
        (lambda: sd.scan(lambda y, u: (y, None), 1.0, length=-1), ValueError, "negative"),
        (lambda: sd.scan(lambda y, u: (y, None), 1.0, length=2.5), TypeError, "ints"),
        (lambda: sd.scan(lambda y, u: (y, None), None, X_), ValueError, "first carry"),
        (lambda: sd.scan(lambda y, u: (y, None), "text", X_), TypeError, "nestings of expressions"),
        (lambda: sd.scan(lambda y, u: (y, None), 1.0, X_, checkpoint=0.5), ValueError, "number of steps in a block"),
        (lambda: sd.scan(lambda y, u: (y, None), 1.0, sd.Var("z", shape="T"), checkpoint=True), ValueError, "a number"),
        (lambda: sd.parse("scan_rows(lambda h: h, 1.0, x, carries=1, sequences=1, length=10)", {"x": 10}),
         ValueError, "scan_rows is written"),
    ],
)  # fmt: skip
def test_bad_input_is_an_error_that_says_what_to_write(call, error, message):
    with pytest.raises(error, match=message) as found:
        call()
    assert isinstance(found.value, sd.SymdiffError)


def test_what_a_body_holds_may_be_of_another_graph():
    with sd.Graph():
        a = sd.Var("a")
    last, _ = sd.scan(lambda y, u: (y * a + u, None), 1.0, X_)
    assert last.evaluate({a: 0.0, X_: POINT["x"]}) == POINT["x"][-1]


# -- what would hardly end -----------------------------------------------------------------------


@pytest.mark.parametrize("length", [10**8 + 1, 10**12])
def test_a_recurrence_that_would_hardly_end_says_what_to_write_instead(length):
    x = sd.Var("x")
    last, rows = sd.scan(lambda carry, _: (carry * x + 1, carry), 1.0, length=length)
    for f in (last, last.gradient(x), rows.sum()):
        with pytest.raises(sd.SymdiffValueError, match=rf"{length:,} steps.*sd\.compile"):
            f.evaluate(x=0.5)
    with pytest.raises(sd.SymdiffValueError, match="steps"):
        last.expand()


def test_orders_of_a_loop_end():
    x = sd.Var("x")
    last, _ = sd.scan(lambda carry, _: (sd.sin(carry * x) + 1, None), 1.0, length=40)
    for ask in (lambda: last.diff(x, 10**6), lambda: sd.derivatives(last, x, 40), lambda: sd.taylor(last, x, order=30)):
        with pytest.raises(sd.SymdiffValueError, match="derivative of a loop"):
            ask()
    assert abs(last.diff(x, 3).evaluate(x=0.3) - last.expand().diff(x, 3).evaluate(x=0.3)) < 1e-9
