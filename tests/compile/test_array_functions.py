"""Compiled functions of arrays: what evaluation gives, in every layout, precision and nesting."""

# ruff: noqa: N803, N806  # matrices and functions have capital names
from __future__ import annotations

import copy
import inspect
import pickle
import random
import re
import sys
import threading
import warnings
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import symdiff as sd
from symdiff.compile import backends

sys.path.append(str(Path(__file__).parent.parent / "arrays"))
from array_programs import OF_ARRAYS, Program, array_variables, sample

BACKENDS = [b.name for b in backends.ranked() if b.installed()]
PROGRAMS = st.builds(lambda seed, lines: Program(random.Random(seed), lines), st.integers(0, 10**6), st.integers(1, 8))
SETTINGS = settings(derandomize=True, max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def everything(f):
    """A scalar with its gradients and Hessians."""
    variables = f.variables
    gradients = [f.gradient(v) for v in variables]
    return [f, gradients, [sd.jacobian(g, v) for g in gradients for v in variables]]


def flat(nesting):
    return [leaf for part in nesting for leaf in flat(part)] if isinstance(nesting, list) else [nesting]


def given_to(arrays, values):
    return [np.asarray(values[k], float) if np.ndim(values[k]) else float(values[k]) for k in arrays]


@pytest.mark.parametrize("backend", BACKENDS)
@SETTINGS
@given(PROGRAMS)
def test_compiled_is_evaluated(backend, program):
    values = sample(program, 2)
    with sd.Graph():
        arrays = array_variables(program)
        outputs = everything(program.run(OF_ARRAYS, arrays))
        expected = [e.evaluate(values) for e in flat(outputs)]
        F = sd.compile(outputs, list(arrays.values()), backend=backend)
    for got, value in zip(flat(F(*given_to(arrays, values))), expected, strict=True):
        assert np.shape(got) == np.shape(value)
        np.testing.assert_allclose(got, np.asarray(value, float), rtol=1e-7, atol=1e-9)


@SETTINGS
@given(PROGRAMS)
def test_single_precision_is_near_double(program):
    values = sample(program, 2)
    with sd.Graph():
        arrays = array_variables(program)
        f = program.run(OF_ARRAYS, arrays)
        F = sd.compile(f, list(arrays.values()), dtype=np.float32, backend="numpy")
        expected = float(f.evaluate(values))
    assert abs(F(*given_to(arrays, values)) - expected) <= 1e-3 * (1 + abs(expected))


@pytest.fixture
def regression():
    X, w, y = sd.Var("X", shape=("n", "d")), sd.Var("w", shape="d"), sd.Var("y", shape="n")
    f = sd.softplus(-y * (X @ w)).sum()
    return sd.compile([f, f.gradient(w), f.hessian(w)], [X, w, y])


def sample_of(n, d, seed=0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, d)), rng.standard_normal(d), rng.standard_normal(n)


def test_one_function_for_every_size(regression):
    for n, d in ((1, 1), (3, 2), (0, 2), (40, 1)):
        X, w, y = sample_of(n, d)
        f, g, h = regression(X, w, y)
        s = 1 / (1 + np.exp(y * (X @ w)))
        assert np.isclose(f, np.logaddexp(0, -y * (X @ w)).sum())
        assert np.allclose(g, -X.T @ (y * s))
        assert np.allclose(h, (X * (y * y * s * (1 - s))[:, None]).T @ X)
        assert (g.shape, h.shape) == ((d,), (d, d))


def test_memory_in_any_order(regression):
    X, w, y = sample_of(6, 4)
    expected = regression(X, w, y)
    wide = np.zeros((12, 8))
    wide[::2, ::2] = X
    frozen = X.copy()
    frozen.flags.writeable = False
    for other in (np.asfortranarray(X), wide[::2, ::2], X[::-1][::-1], frozen, X.tolist()):
        for got, value in zip(regression(other, w, y), expected, strict=True):
            assert np.allclose(got, value, rtol=1e-14)


def test_axes_of_a_batch_lead_on_any_argument(regression):
    X, _, y = sample_of(6, 4)
    ws = np.random.default_rng(1).standard_normal((2, 5, 4))
    f, g, h = regression(X, ws, y)
    assert (f.shape, g.shape, h.shape) == ((2, 5), (2, 5, 4), (2, 5, 4, 4))
    for at in np.ndindex(2, 5):
        for batch, alone in zip((f, g, h), regression(X, ws[at], y), strict=True):
            np.testing.assert_allclose(batch[at], alone, rtol=1e-13)  # products of a batch are other calls of BLAS
    for a, b in zip(regression(X, ws, y, threads=2), (f, g, h), strict=True):
        assert np.array_equal(a, b)


def test_an_empty_batch_has_the_shapes_of_results(regression):
    X, _, y = sample_of(6, 4)
    f, g, h = regression(X, np.zeros((0, 4)), y)
    assert (f.shape, g.shape, h.shape) == ((0,), (0, 4), (0, 4, 4))


def test_results_are_written_into_arrays_that_are_given():
    X, w, y = sd.Var("X", shape=(6, 4)), sd.Var("w", shape=4), sd.Var("y", shape=6)
    f = ((X @ w - y) ** 2).sum()
    F = sd.compile(f.gradient(w), [X, w, y])
    point = sample_of(6, 4)
    room = np.empty(4)
    assert F(*point, out=room) is room
    assert np.array_equal(room, F(*point))
    shared = point[1].copy()
    expected = F(point[0], shared, point[2])
    F(point[0], shared, point[2], out=shared)
    assert np.array_equal(shared, expected)
    with pytest.raises(sd.SymdiffValueError, match="shape"):
        F(*point, out=np.empty(5))


@pytest.mark.parametrize(
    "make", [lambda X: X.T, lambda X: X, lambda X: X[1:], lambda X: X.reshape(-1), lambda X: [X, X]]
)
def test_results_share_memory_with_nothing(make):
    X = sd.Var("X", shape=(3, 3))
    F = sd.compile(make(X), [X])
    at = np.arange(9.0).reshape(3, 3)
    found = flat(F(at)) if isinstance(F(at), list) else [F(at)]
    for k, result in enumerate(found):
        assert not np.shares_memory(result, at)
        assert not any(np.shares_memory(result, other) for other in found[:k])


def test_scalars_and_arrays_of_scalars_beside_arrays():
    X, s = sd.Var("X", shape=(2, 3)), sd.Var("s")
    v = sd.variables("v", 3)
    f = (X @ sd.stack(list(v))).sum() * s + v[1] ** 2
    F = sd.compile({"f": f, "by v": f.gradient(v), "by s": f.gradient(s), "twice": f.hessian(v)}, [X, s, v])
    at = np.arange(6.0).reshape(2, 3)
    found = F(at, 2, [1.0, 2.0, 3.0])
    assert found["f"] == (at @ [1.0, 2.0, 3.0]).sum() * 2 + 4
    assert found["by v"].tolist() == (2 * at.sum(0) + [0, 4, 0]).tolist()
    assert found["by s"] == (at @ [1.0, 2.0, 3.0]).sum()
    assert found["twice"].tolist() == np.diag([0, 2, 0]).tolist()
    assert type(found["f"]) is float


def test_conditions_are_bools():
    x = sd.Var("x", shape=3)
    F = sd.compile([x > 0, sd.where(x > 0, x, 0).sum()], [x])
    above, total = F(np.array([1.0, -2.0, 3.0]))
    assert above.dtype == bool
    assert above.tolist() == [True, False, True]
    assert total == 4


def test_a_sparse_constant_stays_sparse():
    A = scipy.sparse.random_array((200, 200), density=0.01, rng=np.random.default_rng(0)).tocsr()
    u = sd.Var("u", shape=200)
    f = sd.sin(A @ u).sum()
    F = sd.compile([f, f.gradient(u)], [u])
    at = np.linspace(0, 1, 200)
    value, gradient = F(at)
    assert np.isclose(value, np.sin(A @ at).sum())
    assert np.allclose(gradient, A.T @ np.cos(A @ at))
    assert "toarray" not in F.source


def test_a_factorisation_is_shared():
    S, x = sd.Var("S", shape=(5, 5), symmetric=True), sd.Var("x", shape=5)
    f = sd.linalg.logdet(S) / 2 + x @ sd.linalg.solve(S, x) / 2
    F = sd.compile([f, f.gradient(S), f.gradient(x)], [S, x])
    assert F.source.count("factored") == 1


def test_gradients_share_the_adjoint_of_a_layer():
    X, y = sd.Var("X", shape=(40, 3)), sd.Var("y", shape=40)
    weights = W, b, V, c, w = [
        sd.Var(k, shape=s) for k, s in {"W": (3, 8), "b": 8, "V": (8, 8), "c": 8, "w": 8}.items()
    ]
    f = ((sd.tanh(sd.tanh(X @ W + b) @ V + c) @ w - y) ** 2).sum()
    outputs = [f.gradient(v) for v in weights]
    F = sd.compile(outputs, [X, y, *weights])
    rng = np.random.default_rng(0)
    values = {v.name: rng.normal(size=v.shape) for v in [X, y, *weights]}
    for got, expected in zip(F(*values.values()), outputs, strict=True):
        np.testing.assert_allclose(got, expected.evaluate(values), rtol=1e-12, atol=1e-12)
    body = F.source.partition(":")[2]
    assert len(re.findall(r"\bV\b", body)) == 2, F.source  # in the layer, and in the adjoint of the one before


def test_the_gradient_of_a_form_makes_no_sum_of_matrices():
    A, B, x = sd.Var("A", shape=(40, 40)), sd.Var("B", shape=(40, 40)), sd.Var("x", shape=40)
    gradient = (x @ A @ x).gradient(x)
    outputs = [gradient, (A.T + A) @ x, 3 * sd.exp(x) @ (A + A.T), sd.outer(x @ (A + A.T), x), x @ (A + A.T) @ x]
    rng = np.random.default_rng(0)
    values = {"A": rng.normal(size=(40, 40)), "x": rng.normal(size=40)}
    for expression in outputs:
        F = sd.compile(expression, [A, x])
        np.testing.assert_allclose(F(*values.values()), expression.evaluate(values), rtol=1e-12, atol=1e-12)
        assert not re.search(r"A \+ A\.T|A\.T \+ A", F.source), F.source
    both = sd.compile([gradient, (x @ A @ x).hessian(x)], [A, x])
    assert "A + A.T" in both.source  # which it returns
    assert "A + B" in sd.compile((A + B) @ x, [A, B, x]).source  # which may cancel
    cancels = sd.compile((A + B) @ x, [A, B, x])(np.full((40, 40), 1e16), np.full((40, 40), -1e16), np.ones(40))
    assert not cancels.any()


def test_products_are_made_in_the_order_in_which_loops_read_them():
    X, y = sd.Var("X", shape=(80, 3)), sd.Var("y", shape=80)
    weights = [sd.Var(k, shape=s) for k, s in {"W": (3, 64), "b": 64, "V": (64, 60), "c": 60, "w": 60}.items()]
    W, b, V, c, w = weights
    f = ((sd.tanh(sd.tanh(X @ W + b) @ V + c) @ w - y) ** 2).sum()
    outputs = [f.gradient(v) for v in weights]
    F = sd.compile(outputs, [X, y, *weights])
    rng = np.random.default_rng(0)
    values = {v.name: rng.normal(size=v.shape) for v in [X, y, *weights]}
    for got, expected in zip(F(*values.values()), outputs, strict=True):
        np.testing.assert_allclose(got, expected.evaluate(values), rtol=1e-11, atol=1e-11)
    assert not re.search(r"loop\d*\([^)]*\.T", F.source), F.source


@pytest.mark.parametrize("read", ["ij,ji->ij", "ji,ij->ij", "ij,ij->ji"])
def test_turned_products_are_the_same(read):
    A, B, C = sd.Var("A", shape=(70, 5)), sd.Var("B", shape=(5, 70)), sd.Var("C", shape=(70, 70))
    product = A @ B
    factor = sd.einsum(read, sd.exp(C), product)
    outputs = [factor @ A, (factor * sd.sin(C)).sum(axis=0), product @ A, factor.sum(axis=1), (factor.T * C) @ A]
    values = {v.name: np.random.default_rng(0).normal(size=v.shape) for v in (A, B, C)}
    for own in ([0], [1, 3], [0, 2], range(5)):
        wanted = [outputs[k] for k in own]
        for got, expected in zip(sd.compile(wanted, [A, B, C])(*values.values()), wanted, strict=True):
            np.testing.assert_allclose(got, expected.evaluate(values), rtol=1e-10, atol=1e-10)


def test_products_share_what_they_make_on_their_way():
    A, B, v = sd.Var("A", shape=(50, 30)), sd.Var("B", shape=(50, 20)), sd.Var("v", shape=50)
    C, D = sd.Var("C", shape=(30, 30)), sd.Var("D", shape=(20, 20))
    inner = A.T @ sd.diag(v) @ B
    outputs = [C @ inner, D @ inner.T]
    F = sd.compile(outputs, [A, B, v, C, D])
    rng = np.random.default_rng(0)
    values = {k.name: rng.normal(size=k.shape) for k in (A, B, v, C, D)}
    for got, expected in zip(F(*values.values()), outputs, strict=True):
        np.testing.assert_allclose(got, expected.evaluate(values), rtol=1e-10, atol=1e-12)
    assert len(re.findall(r"\bA\b", F.source.partition(":")[2])) == 1, F.source


def test_a_product_takes_over_another_one_that_is_there():
    X, Y, W = sd.Var("X", shape=(30, 5)), sd.Var("Y", shape=(30, 4)), sd.Var("W", shape=(5, 4))
    Z = X @ W
    f = sd.exp(Z).sum() - (Y * Z).sum()
    F = sd.compile([f, Z.T @ Y, Z.T], [X, Y, W])
    rng = np.random.default_rng(0)
    values = {k.name: rng.normal(size=k.shape) for k in (X, Y, W)}
    for got, expected in zip(F(*values.values()), [f, Z.T @ Y, Z.T], strict=True):
        np.testing.assert_allclose(got, expected.evaluate(values), rtol=1e-12, atol=1e-12)
    assert len(re.findall(r"\bX\b", F.source.partition(":")[2])) == 1, F.source


def test_squares_of_symmetric_matrices_are_those_of_which_half_is_computed():
    K, A = sd.Var("K", shape=(6, 6), symmetric=True), sd.Var("A", shape=(6, 6))
    F = sd.compile([K @ K, A @ A, (K * K).sum()], [K, A])
    S = np.arange(36.0).reshape(6, 6) % 5
    S = S + S.T
    square, plain, total = F(S, S)
    assert np.array_equal(square, S @ S)
    assert np.array_equal(plain, S @ S)
    assert total == (S * S).sum()
    assert "K.T @ K" in F.source
    assert "A @ A" in F.source


def test_a_product_makes_the_same_part_once():
    A, B, C = sd.Var("A", shape=(9, 50)), sd.Var("B", shape=(50, 8)), sd.Var("C", shape=(8, 8))
    f = sd.einsum("ij,jk,kl,ml,nm->in", A, B, C, B, A)  # (A @ B) @ C @ (A @ B).T
    F = sd.compile(f, [A, B, C])
    rng = np.random.default_rng(0)
    values = {k.name: rng.normal(size=k.shape) for k in (A, B, C)}
    np.testing.assert_allclose(F(*values.values()), f.evaluate(values), rtol=1e-10, atol=1e-12)
    assert len(re.findall(r"\bA\b", F.source.partition(":")[2])) == 1, F.source


FACTORS = {"A": "ij", "B": "jk", "C": "ki", "D": "ij", "u": "i", "v": "j", "w": "k"}
SIZES = {"i": 5, "j": 7, "k": 3}


@pytest.mark.parametrize("seed", range(30))
def test_random_products_share_what_they_can(seed):
    rng = random.Random(seed)
    variables = {k: sd.Var(k, shape=tuple([SIZES[a] for a in labels])) for k, labels in FACTORS.items()}
    outputs = []
    for _ in range(6):
        names = [rng.choice(list(FACTORS)) for _ in range(rng.randint(3, 6))]
        spec = [FACTORS[k] for k in names]
        held = sorted(set("".join(spec)))
        result = rng.sample(held, rng.randint(0, min(2, len(held))))
        outputs.append(sd.einsum(f"{','.join(spec)}->{''.join(result)}", *[variables[k] for k in names]))
    F = sd.compile(outputs, list(variables.values()))
    draw = np.random.default_rng(seed)
    values = {k: draw.normal(size=v.shape) for k, v in variables.items()}
    for got, expected in zip(F(*values.values()), outputs, strict=True):
        np.testing.assert_allclose(got, expected.evaluate(values), rtol=1e-10, atol=1e-10)


def test_a_function_of_one_entry_as_a_number_pickles():
    x = sd.Var("x", shape=3)
    assert pickle.loads(pickle.dumps(sd.compile(sd.sin(x[:1]).sum(), x)))([0.5, 1.0, 2.0]) == pytest.approx(np.sin(0.5))


def test_sums_into_a_transpose_leave_what_it_is_of_alone():
    B, h = sd.Var("B", shape=(3, 4)), sd.Var("h", shape=(4, 3))
    T, b = sd.Var("T", shape=(2, 3, 4)), sd.Var("b", shape=(3, 3))
    turned = [B.T, sd.exp(B).T, sd.linalg.solve(b, B).T, sd.einsum("abc->cab", T)[:, 0]]
    outputs = [f for g in turned for f in (g.at[:1].add(h[1:2]), g.at[1:].add(h[1:]), h * g)]
    draw = np.random.default_rng(2)
    given = [draw.normal(size=v.shape) for v in (B, h, T, b)]
    kept = [value.copy() for value in given]
    got = sd.compile(outputs, [B, h, T, b])(*given)
    for value, before in zip(given, kept, strict=True):
        assert value.tolist() == before.tolist()
    for value, f in zip(got, outputs, strict=True):
        np.testing.assert_allclose(value, f.evaluate(dict(zip([B, h, T, b], given, strict=True))), rtol=1e-12)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("beside", [-1.0, 88.0, 710.0, 3e38, -3e38, -np.inf, np.nan])
@pytest.mark.parametrize("special", [np.inf, -np.inf])
def test_shares_beside_an_infinite_entry_are_those_of_evaluation(special, beside, dtype):
    X = sd.Var("X", shape=(2, 2))
    outputs = [sd.softmax(X, axis=1), sd.logsumexp(X, axis=1), np.sum(sd.logsumexp(X, axis=1)).gradient(X)]
    values = np.array([[special, beside], [special, special]], dtype)
    for got, f in zip(sd.compile(outputs, X, dtype=dtype)(values), outputs, strict=True):
        np.testing.assert_allclose(got, f.evaluate({X: values}), rtol=1e-6 if dtype == np.float32 else 1e-13)


@pytest.mark.parametrize("symmetric", [True, False])
def test_singular_and_indefinite_matrices_give_nan(symmetric):
    S, x = sd.Var("S", shape=(2, 2), symmetric=symmetric), sd.Var("x", shape=2)
    la = sd.linalg
    F = sd.compile([la.det(S), la.logdet(S), la.inv(S), la.solve(S, x), la.cholesky(S)], [S, x])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        det, log, inverse, solution, factor = F(np.ones((2, 2)), np.ones(2))
        assert det == 0
        assert log == -np.inf
        assert np.isnan(inverse).all()
        assert np.isnan(solution).all()
        det, log, inverse, solution, factor = F(np.diag([1.0, -1.0]), np.ones(2))
    assert det == -1
    assert np.isnan(log)
    assert inverse.tolist() == [[1, 0], [0, -1]]
    assert np.isnan(factor).all()


@pytest.mark.parametrize("turned", [False, True])
def test_singular_matrices_are_an_error_where_that_is_asked_for(turned):
    A, b = sd.Var("A", shape=(2, 2)), sd.Var("b", shape=2)
    matrix = A.T if turned else A
    singular, right = np.array([[1.0, 2.0], [2.0, 4.0]]), np.ones(2)
    for f in (sd.linalg.inv(matrix), sd.linalg.solve(matrix, b), sd.linalg.cholesky(A - 5 * np.eye(2))):
        F = sd.compile(f, [A, b], singular="raise")
        with pytest.raises(sd.SymdiffValueError, match="singular='nan'"):
            F(singular, right)
        regular = np.array([[9.0, 1.0], [1.0, 8.0]])
        np.testing.assert_array_equal(F(regular, right), sd.compile(f, [A, b])(regular, right))
        assert np.isnan(F(np.full((2, 2), np.nan), right)).any()
    with pytest.raises(sd.SymdiffValueError, match="one of nan, raise"):
        sd.compile(A, [A], singular="error")


def test_columns_and_rows_act_entry_by_entry():
    X, a, b = sd.Var("X", shape=(30, 20)), sd.Var("a", shape=(30, 1)), sd.Var("b", shape=(1, 20))
    rng = np.random.default_rng(0)
    x, u, v = rng.normal(size=(30, 20)), rng.normal(size=(30, 1)), rng.normal(size=(1, 20))
    F = sd.compile(sd.exp(X * a) + b, [X, a, b])
    np.testing.assert_allclose(F(x, u, v), np.exp(x * u) + v, rtol=1e-12)
    assert ".sum(" not in F.source
    f = (sd.tanh(X * a) * b).sum()
    for g, e in zip(sd.compile(f.gradient([X, a, b]), [X, a, b])(x, u, v), f.gradient([X, a, b]), strict=True):
        np.testing.assert_allclose(g, e.evaluate({X: x, a: u, b: v}), rtol=1e-12, atol=1e-14)


def test_exceptions_of_floats_are_silent_and_settings_stay():
    x = sd.Var("x", shape=2)
    F = sd.compile([1 / x, sd.log(x), x @ x], [x])
    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        F(np.array([0.0, 1e300]))
        assert np.geterr()["over"] == "raise"


def test_copies_and_pickles(regression):
    point = sample_of(5, 3)
    again = pickle.loads(pickle.dumps(regression))
    for a, b in zip(again(*point), regression(*point), strict=True):
        assert np.array_equal(a, b)
    assert copy.deepcopy(regression) is regression
    assert list(inspect.signature(regression).parameters) == ["X", "w", "y", "out", "threads"]
    inputs, outputs = regression.inputs, regression.outputs
    assert [v.name for v in inputs] == ["X", "w", "y"]
    assert str(outputs[1]) == "-X.T @ (y*sigmoid(-y*(X @ w)))"


def test_arguments_by_name(regression):
    X, w, y = sample_of(5, 3)
    assert regression(X, y=y, w=w)[0] == regression(X, w, y)[0]


def test_several_threads_at_once(regression):
    points = [sample_of(50, 3, seed) for seed in range(8)]
    expected = [regression(*p)[0] for p in points]
    found = [None] * len(points)

    def call(k):
        for _ in range(50):
            found[k] = regression(*points[k])[0]

    workers = [threading.Thread(target=call, args=(k,)) for k in range(len(points))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert found == expected


def test_a_recurrence_of_many_steps():
    A, h, b = sd.Var("A", shape=(3, 3)), sd.Var("h", shape=3), sd.Var("b", shape=3)
    state = h
    for _ in range(300):
        state = sd.tanh(A @ state + b)
    f = (state**2).sum()
    F = sd.compile([f, f.gradient(b), f.gradient(A)], [A, h, b])
    rng = np.random.default_rng(0)
    point = {A: rng.standard_normal((3, 3)) / 2, h: rng.standard_normal(3), b: rng.standard_normal(3)}
    for got, e in zip(F(*point.values()), [f, f.gradient(b), f.gradient(A)], strict=True):
        assert np.allclose(got, e.evaluate(point))
    assert len(set(F._loops)) < 15  # steps of one kind share their loop


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda F: F(np.ones((3, 2)), np.ones(3), np.ones(3)), r"w has shape \(d,\) with d = 2"),
        (lambda F: F(np.ones((3, 2)), np.ones(2), np.ones(4)), r"y has shape \(n,\) with n = 3"),
        (lambda F: F(np.ones(3), np.ones(2), np.ones(3)), r"X has shape \(n, d\)"),
        (lambda F: F(np.ones((3, 2)), np.ones(2)), "no value for y"),
        (lambda F: F(np.ones((3, 2)) * 1j, np.ones(2), np.ones(3)), "complex"),
        (lambda F: F(scipy.sparse.eye_array(3), np.ones(3), np.ones(3)), "no real number"),
        (lambda F: F("abc", np.ones(2), np.ones(3)), "X is 'abc'"),
        (lambda F: F(np.ones((3, 2)), np.ones(2), np.ones(3), threads=0), "threads is at least 1"),
    ],
)
def test_bad_calls_name_the_argument(regression, call, message):
    with pytest.raises((sd.SymdiffValueError, sd.SymdiffTypeError), match=message):
        call(regression)


def test_what_the_inputs_lack_is_named():
    X, w = sd.Var("X", shape=(3, 2)), sd.Var("w", shape=2)
    with pytest.raises(sd.SymdiffValueError, match="depend on w"):
        sd.compile(X @ w, [X])


def test_the_text_is_what_a_person_would_have_written():
    X, w, y = sd.Var("X", shape=(100, 2)), sd.Var("w", shape=2), sd.Var("y", shape=100)
    f = ((X @ w - y) ** 2).sum()
    F = sd.compile([f, f.gradient(w)], [X, w, y])
    assert F.source.splitlines() == [
        "def f(X, w, y):",
        "    t1 = X @ w",
        "    t2 = t1 - y",
        "    t3 = X.T @ t2",
        "    t4 = t2 @ t2",
        "    t5 = 2*t3",
        "    return (float(t4), t5)",
    ]
    assert "dot" in F._run.__code__.co_names  # NumPy's way to the same product that takes less


# -- sparse derivatives ------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [50, "n"])
def test_sparse_derivatives_are_matrices_of_scipy(n):
    x = sd.Var("x", shape=n)
    f = (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()
    hessian = f.hessian(x, sparse=True)
    F = sd.compile({"f": f, "H": hessian, "J": sd.jacobian(sd.sin(x[1:]), x, sparse=True)}, [x])
    for size in (50,) if n == 50 else (50, 7, 2):
        at = np.linspace(0, 1, size)
        found = F(at)
        expected = hessian.evaluate({x: at})
        assert type(found["H"]) is type(expected)
        assert np.array_equal(found["H"].indices, expected.indices)
        assert np.allclose(found["H"].data, expected.data)
        assert np.allclose(found["J"].toarray(), np.eye(size)[1:] * np.cos(at))
        assert found["H"].nnz == 3 * size - 2
    again = pickle.loads(pickle.dumps(F))(at)
    assert np.array_equal(again["H"].data, found["H"].data)
    batch = F(np.stack([at, at + 1]))["H"]
    assert batch.shape == (2,)
    assert np.allclose(batch[1].toarray(), hessian.evaluate({x: at + 1}).toarray())
    with pytest.raises(sd.SymdiffTypeError, match="leave it out"):
        F(at, out=found)


def test_sparse_derivatives_have_patterns_of_their_own():
    x = sd.Var("x", shape=5)
    F = sd.compile((x**3).sum().hessian(x, sparse=True), [x])
    first = F(np.ones(5))
    first.indices[:] = 0
    assert F(np.ones(5)).indices.tolist() == [0, 1, 2, 3, 4]


def test_operations_are_those_on_numbers_in_named_sizes_too():
    X, w = sd.Var("X", shape=("n", "d")), sd.Var("w", shape="d")
    assert {k: str(v) for k, v in sd.compile(X @ w, [X, w]).operations.items()} == {"mul": "n*d", "add": "n*d - n"}
    A, b = sd.Var("A", shape=(4, 3)), sd.Var("b", shape=3)
    assert sd.compile(A @ b, [A, b]).operations == {"mul": 12, "add": 8}


def test_scalars_in_a_graph_that_holds_arrays_are_scalars():
    with sd.Graph():
        X, x = sd.Var("X", shape=(2, 2)), sd.Var("x")
        f = x
        for k in range(3000):
            f = sd.sin(f) + k
        assert X._graph is f._graph
        assert "def f(" not in sd.compile(f, [x], backend="numpy").source


def test_what_is_not_positive_definite_is_nan_in_the_precision_of_the_function():
    A = sd.Var("A", shape=(2, 2))
    found = sd.compile(sd.linalg.cholesky(A), [A], dtype=np.float32)(-np.eye(2))
    assert found.dtype == np.float32
    assert np.isnan(found).all()


def test_an_array_of_variables_without_a_common_name_is_an_argument():
    p, q = sd.variables("p q")
    a = sd.Var("argument_1", shape=2)
    function = sd.compile((p * a).sum() * q, [np.array([p, q]), a])
    assert function(np.array([2.0, 3.0]), np.ones(2)) == 12.0


def test_rows_by_rows_are_einsums_only_where_they_are_summed_up():
    """einsum is faster, and drops the signs of zeros."""
    x, p = sd.Var("x", shape=(1000, 20)), sd.Var("p", shape=(1000, 5))
    rows = sd.compile((x[:, :, None] * p[:, None, :]), [x, p])
    assert "einsum" not in rows.source
    assert np.all(np.signbit(rows(np.full((1000, 20), -0.0), np.ones((1000, 5)))))
    summed = sd.compile(sd.einsum("na,nb,nc->abc", x, p, p), [x, p])
    a, b = np.random.default_rng(0).normal(size=(2, 1000, 20))
    assert "np.einsum('ab,ac->" in summed.source
    np.testing.assert_allclose(summed(a, b[:, :5]), np.einsum("na,nb,nc->abc", a, b[:, :5], b[:, :5]), rtol=1e-10)
