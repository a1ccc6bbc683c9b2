"""Compiled functions of arrays at their edges: names that the code has itself, constants of bools, sums and folds."""

# ruff: noqa: N803, N806  # matrices and functions have capital names
from __future__ import annotations

import numpy as np
import pytest

import symdiff as sd
from symdiff.compile import backends

BACKENDS = [b.name for b in backends.ranked() if b.installed()]
AT = np.arange(9.0).reshape(3, 3) / 4


def same_as_evaluated(outputs, inputs, values, **options):
    F = sd.compile(outputs, inputs, **options)
    given = [np.array(v) if np.ndim(v) else v for v in values]
    found = F(*given)
    for before, after in zip(values, given, strict=True):
        assert np.array_equal(before, after)  # arguments stay as they are
    point = {}
    for variable, value in zip(inputs, values, strict=True):
        point.update(
            zip(variable, value, strict=True) if isinstance(variable, np.ndarray) else [(variable, np.array(value))]
        )
    for got, expression in zip(found, outputs, strict=True):
        expected = np.asarray(expression.evaluate(point), float)
        assert np.shape(got) == expected.shape
        np.testing.assert_allclose(np.asarray(got, float), expected, rtol=1e-10, atol=1e-12, err_msg=str(expression))


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    "make",
    [
        lambda X: [sd.logsumexp(2 * X, axis=1)],
        lambda X: [sd.logsumexp(X / 3, axis=(0, 1))],
        lambda X: [(2 * X).max(axis=1)],
        lambda X: [(-X).max(), sd.exp(-X).sum()],
        lambda X: [(2 * X).max(axis=1), 2 * X, sd.sin(2 * X), sd.tanh(X).max(axis=1)],
    ],
)
def test_rows_of_a_multiple_are_folded(make, backend):
    X = sd.Var("X", shape=(3, 3))
    same_as_evaluated(make(X), [X], [AT], backend=backend)


@pytest.mark.parametrize("shape", [3, "n"])
def test_a_number_and_a_diagonal_are_added(shape):
    b = sd.Var("b", shape=shape)
    same_as_evaluated([sd.diag(sd.exp(b)) + b[1:].sum(), sd.diag(b) + b.sum()], [b], [AT[0]])


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_constants_of_bools_are_ones_and_zeros(backend, dtype):
    X, mask = sd.Var("X", shape=(3, 3)), np.greater(AT, 0.6)
    if (backend, dtype) == ("python", np.float32):
        pytest.skip("Python computes in float64")
    outputs = [mask < X, sd.where(X > 1, mask, ~mask), sd.where(mask, X, 2.0), sd.exp(mask * X), X + mask, mask @ X]
    F = sd.compile(outputs, [X], dtype=dtype, backend=backend)
    for got, expression in zip(F(AT), outputs, strict=True):
        np.testing.assert_allclose(got, expression.evaluate({X: AT}), rtol=1e-6)


NAMES = ["np", "f", "float", "bool", "inf", "nan", "t1", "t2", "t100", "A", "at", "loop", "ndarray", "kind"]


@pytest.mark.parametrize("name", NAMES)
def test_arrays_have_any_name(name):
    a, b = sd.Var(name, shape=(3, 3)), sd.Var("b", shape=3)
    outputs = [a.T + sd.diag(b), a[[0, 1, 1]].sum(axis=0), sd.exp(a @ b).sum(), a.sum() > 0, a @ AT, a * np.inf]
    same_as_evaluated([*outputs, sd.logsumexp(a, axis=1), sd.cumsum(a[0])], [a, b], [AT + 1, AT[0]])


@pytest.mark.parametrize("name", NAMES)
def test_arrays_of_variables_have_any_name(name):
    a, v = sd.Var("a", shape=(3, 3)), sd.variables(name, 3)
    outputs = [a.T + sd.diag(sd.stack(list(v))), a[[0, 1, 1]], sd.exp(a * v[0]).sum(), v[1] > 0, a @ AT * v[2]]
    same_as_evaluated(outputs, [a, v], [AT, AT[0]])


@pytest.mark.parametrize("name", NAMES)
def test_numbers_and_sizes_have_any_name(name):
    a, s = sd.Var("a", shape=(name, name)), sd.Var(name)
    outputs = [a.T + sd.diag(a[0]), a.mean(axis=0), sd.exp(a * s).sum(), s > 0, sd.where(s > 0, 1, 2), a.sum() > 0]
    same_as_evaluated(outputs, [a, s], [AT, 2.0])


def test_names_that_the_code_has_are_those_of_arguments_too():
    F = sd.compile(sd.Var("np", shape=3) * 2, [sd.Var("np", shape=3)])
    assert F.source.startswith("def f(np_):")
    assert F(np=np.ones(3)).tolist() == [2, 2, 2]


def test_conditions_are_counted():
    X = sd.Var("X", shape=(3, 3))
    above = X > 0.6
    outputs = [above.sum(), above.sum(axis=0), above.mean(axis=1), above @ above, (above * above).sum()]
    outputs.append(sd.convolve(above[2], above[1]))
    for expression in outputs:
        numbers = sd.compile(expression, [X])(AT)
        np.testing.assert_allclose(expression.evaluate({X: AT}), numbers)
    assert above.sum().evaluate({X: AT}) == 6


def test_results_are_of_the_precision_of_the_function():
    x, y, v = sd.Var("x"), sd.Var("y"), sd.Var("v", shape=3)
    F = sd.compile([x * v.sum(), np.array([x, y]), x > 0, v > x, v * y], [x, y, v], dtype=np.float32)
    single, truth = np.dtype(np.float32), np.dtype(bool)
    for points in (0, 2):
        assert [r.dtype for r in F(np.ones(points), 2.0, np.ones(3))] == [single, single, truth, truth, single]
    assert F(1.0, 2.0, np.ones(3))[1].dtype == single
    out = [np.empty(r.shape, r.dtype) for r in F(np.ones(2), 2.0, np.ones(3))]
    F(np.array([1.0, -1.0]), 2.0, np.ones(3), out=out)
    assert [r.tolist() for r in out[:3]] == [[3, -3], [[1, 2], [-1, 2]], [True, False]]
    alone = [np.empty((), single), np.empty(2, single), np.empty((), bool), np.empty(3, bool), np.empty(3, single)]
    F(1.0, 2.0, np.ones(3), out=alone)
    assert alone[0] == 3


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    "make",
    [
        lambda c: c.T,
        lambda c: c[:, None],
        lambda c: c.reshape(-1)[2:],
        lambda c: sd.diag(c),
        lambda c: sd.diag(c[0]),
        lambda c: c.max(),
        lambda c: c.max(axis=0),
        lambda c: c.T.min(axis=1),
        lambda c: sd.broadcast_to(c[0], (2, 3)),
    ],
)
def test_entries_of_conditions_are_bools(make, backend):
    X = sd.Var("X", shape=(3, 3))
    expression = make(X > 0.6)
    found, expected = sd.compile(expression, [X], backend=backend)(AT), expression.evaluate({X: AT})
    assert np.asarray(found).dtype == np.asarray(expected).dtype == bool
    assert np.array_equal(found, expected)


def test_a_backend_that_is_asked_for_is_refused_at_once():
    X = sd.Var("X", shape=3)
    with pytest.raises(sd.SymdiffValueError, match="float64"):
        sd.compile(sd.exp(2 * X), [X], backend="python", dtype=np.float32)
