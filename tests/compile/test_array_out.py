"""Results written straight into the arrays of `out`: the same bits, in no other memory, and nothing half done."""

# ruff: noqa: N806  # matrices and functions have capital names

import random
import sys
import tracemalloc
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import symdiff as sd
from symdiff.compile import array_function, backends
from symdiff.compile.array_programs.array_out import are_apart

sys.path.insert(0, str(Path(__file__).parents[1] / "arrays"))
from array_programs import OF_ARRAYS, Program, array_variables, sample

BACKENDS = [b.name for b in backends.ranked() if b.installed()]
KERNELS = [(b, d) for b in BACKENDS for d in ("float64", "float32") if (b, d) != ("python", "float32")]
SETTINGS = settings(
    derandomize=True,
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(autouse=True)
def however_small(monkeypatch):
    monkeypatch.setattr(array_function, "_COPIED", 0)


@pytest.mark.parametrize(("backend", "dtype"), KERNELS)
@SETTINGS
@given(seed=st.integers(0, 10**6), lines=st.integers(1, 8))
def test_the_same_bits(backend, dtype, seed, lines):
    program = Program(random.Random(seed), lines)
    values = sample(program, 2)
    with sd.Graph():
        arrays = array_variables(program)
        f = program.run(OF_ARRAYS, arrays)
        gradients = [f.gradient(v) for v in f.variables]
        outputs = [f, *gradients, *[sd.jacobian(g, v) for g in gradients for v in f.variables]]
        F = sd.compile(outputs, list(arrays.values()), backend=backend, dtype=dtype)
    at = [np.asarray(values[k], dtype) if np.ndim(values[k]) else float(values[k]) for k in arrays]
    right = F(*at)
    out = [np.full(np.shape(a), 7.0, dtype) for a in right]
    assert F(*at, out=out) is out
    for found, wanted in zip(out, right, strict=True):
        assert found.tobytes() == np.asarray(wanted, dtype).tobytes()


x, X = sd.Var("x", shape="n"), sd.Var("X", shape=("n", 3))
KINDS = {
    "product": [X.T @ X, [X]],
    "products of rows": [np.einsum("ij,ik->ijk", X, X), [X]],
    "sum": [X + X[::-1], [X]],
    "difference": [X - X[::-1], [X]],
    "multiple": [3 * (X.T @ X), [X]],
    "negative": [-x[::-1], [x]],
    "loop": [sd.sin(X) * X, [X]],
    "loop of two": [[sd.sin(x), sd.cos(x) * sd.sin(x), sd.sin(x).sum()], [x]],
    "sums of rows": [(sd.sin(X) * X).sum(axis=1), [X]],
    "conditions": [sd.sin(X) * X > 0.2, [X]],
    "zeros": [(x[1:] * x[:-1]).sum().gradient(x), [x]],
    "ones": [x.sum().gradient(x), [x]],
    "copy": [[X, X.T], [X]],
    "sum of products": [X.T @ X + (X[1:].T @ X[1:]) + np.eye(3), [X]],
}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("kind", KINDS)
def test_no_new_memory(kind, backend):
    """What is computed last is computed there; nothing else as large as a result is made."""
    outputs, inputs = KINDS[kind]
    F = sd.compile(outputs, inputs, backend=backend)
    at = [np.random.default_rng(0).normal(size=[40_000 if s == "n" else s for s in v.shape]) for v in inputs]
    right = F(*at)
    right = right if isinstance(right, list) else [right]
    out = [np.full(np.shape(a), 7, np.asarray(a).dtype) for a in right]
    given_out = out if isinstance(outputs, list) else out[0]
    F(*at, out=given_out)
    tracemalloc.start()
    F(*at, out=given_out)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    for found, wanted in zip(out, right, strict=True):
        assert found.tobytes() == np.asarray(wanted).tobytes()
    assert F._into is not None
    if right[0].size > 1000 and backend == "llvm" and kind != "sums of rows":  # which takes the sines first
        assert peak < 150_000  # of buffers of NumPy's


def test_memory_of_others():
    """Where an array of `out` is an operand, or another one's memory, results are computed first."""
    F = sd.compile([x[::-1] + 1, 2 * x[::-1]], [x])
    room = np.arange(10.0)
    given = room[:6]
    right = F(given.copy())
    F(given, out=[given, room[4:]])
    np.testing.assert_array_equal(given[:4], right[0][:4])
    np.testing.assert_array_equal(room[4:], right[1])


def test_arrays_that_are_no_plain_block():
    F = sd.compile([sd.sin(X) * X, X.T @ X], [X])
    at = np.random.default_rng(0).normal(size=(5, 3))
    right = F(at)
    bytes_of = bytearray(8 * 15 + 1)
    for out in (
        [np.empty((3, 5)).T, np.empty((3, 6))[:, ::2]],
        [np.frombuffer(bytes_of, offset=1).reshape(5, 3), np.empty((3, 3))],
        [np.empty((5, 3)), np.empty((6, 3))[::-2]],
    ):
        F(at, out=out)
        for found, wanted in zip(out, right, strict=True):
            assert found.tobytes() == wanted.tobytes()


def test_errors_leave_arrays_as_they_were():
    S = sd.Var("S", shape=(2, 2))
    F = sd.compile([2 * S, sd.linalg.inv(S)], [S], singular="raise")
    out = [np.full((2, 2), 7.0), np.full((2, 2), 7.0)]
    with pytest.raises(sd.SymdiffValueError, match="singular"):
        F(np.ones((2, 2)), out=out)
    with pytest.raises(sd.SymdiffValueError, match="shape"):
        F(np.eye(2), out=[out[0], np.zeros(3)])
    assert all((a == 7.0).all() for a in out)


def same(x):
    if refused:
        raise ValueError("no value")
    return x


refused: list[bool] = []  # whether the operation below raises
PICKED = sd.Var("k", shape=2, dtype=int)


@cache  # a name is taken for the life of the process
def raising():
    return sd.operation("out_raising", {"real": same, "array": same}, lambda r, x: 1)


@pytest.mark.parametrize(
    "rest", [lambda x: x[PICKED], lambda x: raising()(x), lambda x: sd.vmap(lambda r: raising()(r) * r)(x)]
)
def test_errors_half_way_leave_arrays_as_they_were(rest):
    v = sd.Var("v", shape=4)
    F = sd.compile([sd.outer(v, v), rest(v)], [v, PICKED])
    out = [np.full((4, 4), 7.0), np.full(rest(v).shape, 7.0)]
    refused.append(True)
    try:
        with pytest.raises((sd.SymdiffIndexError, ValueError)):
            F(np.ones(4), np.array([0, 999]), out=out)
    finally:
        refused.clear()
    assert all((a == 7.0).all() for a in out)


def test_what_is_apart():
    room = np.zeros(100)
    assert are_apart([room[:10], room[10:20]], [room[20:30], room[20:30], room[25:30:2]])
    assert not are_apart([room[:10], room[9:20]], [])
    assert not are_apart([room[:10]], [room[:50:49]])
    assert not are_apart([room[10:20]], [room[:50:49]])  # around it is not seen through
    assert are_apart([room[10:20]], [room[20:], room[:10][::-1], room[:10]])
    assert not are_apart([room[10:20]], [room[:12], room[:5]])
    assert not are_apart([room[::2]], [])
    assert are_apart([room[:0], room[:0]], [room])
