"""Compiled functions of arrays in any memory: strided, turned, read-only, of no entries and of one, under `out`."""

# ruff: noqa: N803, N806  # matrices and functions have capital names

import numpy as np
import pytest

import symdiff as sd

LAYOUTS = {
    "turned": lambda a: np.ascontiguousarray(a.T).T,
    "backwards": lambda a: np.ascontiguousarray(a[::-1])[::-1],
    "every second": lambda a: np.repeat(a, 2, axis=-1)[..., ::2],
    "off its bytes": lambda a: np.frombuffer(b"x" + a.tobytes(), a.dtype, offset=1).reshape(a.shape),
    "read-only": lambda a: frozen(a.copy()),
    "repeated": lambda a: np.broadcast_to(a[:1], a.shape),
    "the other order of bytes": lambda a: a.astype(a.dtype.newbyteorder()),
}
PROGRAMS = {
    "softmax": lambda X, y: sd.logsumexp(X, axis=1) @ y + (sd.softmax(X, axis=1) ** 2).sum(),
    "layer": lambda X, y: (sd.tanh(X.T @ y) ** 2).sum() + (X * y[:, None]).sum(),
    "blocks": lambda X, y: (X[1:] * X[:-1]).sum() + sd.cumsum(y) @ y + X.max(),
    "system": lambda X, y: sd.linalg.logdet(X @ X.T / 10 + np.eye(5)) + y @ sd.linalg.solve(X @ X.T + np.eye(5), y),
}


def frozen(array):
    array.flags.writeable = False
    return array


def everything(program, rows):
    X, y = sd.Var("X", shape=(rows, 20)), sd.Var("y", shape=rows)
    f = program(X, y)
    return [f, *f.gradient([X, y])], [X, y]


def numbers(rows, dtype=float):
    rng = np.random.default_rng(1)
    return rng.normal(size=(rows, 20)).astype(dtype), rng.normal(size=rows).astype(dtype)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("program", PROGRAMS)
def test_memory_of_any_layout(program, layout, dtype):
    outputs, inputs = everything(PROGRAMS[program], 5)
    F = sd.compile(outputs, inputs, dtype=dtype)
    given = [LAYOUTS[layout](a) for a in numbers(5, dtype)]
    right = F(*[np.array(a, dtype, order="C") for a in given])
    for found, value in zip(F(*given), right, strict=True):
        np.testing.assert_allclose(found, value, rtol=1e-9 if dtype == np.float64 else 2e-3, atol=1e-5)
        assert np.asarray(found).dtype in (dtype, float)


@pytest.mark.parametrize("rows", [0, 1])
@pytest.mark.parametrize("program", ["softmax", "layer"])
def test_no_rows_and_one(program, rows):
    outputs, inputs = everything(PROGRAMS[program], "n")
    found = sd.compile(outputs, inputs)(*numbers(rows))
    point = dict(zip(inputs, numbers(rows), strict=True))
    for got, e in zip(found, outputs, strict=True):
        np.testing.assert_allclose(got, np.asarray(e.evaluate(point), float), rtol=1e-10)


def test_results_go_where_arguments_are():
    """`out` may be an argument, or a part of one: what is computed does not change."""
    x = sd.Var("x", shape=6)
    F = sd.compile([sd.cumsum(x), x[::-1] * 2, x.sum() * x], [x])
    room = np.arange(12.0)
    given = room[:6]
    right = F(given.copy())
    outs = [given, room[3:9][::-1], np.empty(6)]
    F(given, out=outs)
    np.testing.assert_array_equal(outs[2], right[2])
    alone = np.arange(6.0)
    sd.compile(x[::-1] + x, [x])(alone, out=alone)
    np.testing.assert_array_equal(alone, np.full(6, 5.0))


def test_bits_are_those_of_a_point_alone_where_there_is_no_product():
    X = sd.Var("X", shape=(3, 7))
    F = sd.compile([sd.softmax(X, axis=1), sd.tanh(X) / (1 + X**2), X.max(axis=0)], [X])
    batch = np.random.default_rng(0).normal(size=(11, 3, 7))
    for threads in (1, 3):
        found = F(batch, threads=threads)
        for k in range(11):
            assert all(np.array_equal(a[k], b) for a, b in zip(found, F(batch[k]), strict=True))


@pytest.mark.parametrize("dtype", [np.int64, np.int8, np.float32, np.float16, bool, object])
def test_arguments_of_other_types_are_converted(dtype):
    outputs, inputs = everything(PROGRAMS["layer"], 5)
    F = sd.compile(outputs, inputs)
    given = [np.abs(np.rint(a)).astype(dtype) for a in numbers(5)]
    right = F(*[a.astype(float) for a in given])
    assert all(np.array_equal(a, b) for a, b in zip(F(*given), right, strict=True))


@pytest.mark.parametrize(
    "wrong", [np.ones((5, 20), complex), np.full((5, 20), "a"), np.ones((4, 20)), np.ones(5), None]
)
def test_arguments_that_do_not_fit_are_named(wrong):
    outputs, inputs = everything(PROGRAMS["layer"], 5)
    with pytest.raises(sd.SymdiffError, match="X"):
        sd.compile(outputs, inputs)(wrong, np.ones(5))
