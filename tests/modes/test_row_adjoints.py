"""Derivatives of recurrences that run for many rows at once: those of one row for all, on a block diagonal."""

import numpy as np
import pytest

import symdiff as sd

ROWS, STEPS = 7, 60


def last(p):
    return sd.scan(lambda s, _: (s + 0.1 * sd.sin(s) * s.sum(), None), p, length=STEPS)[0]


def outputs(p):
    return sd.scan(lambda s, _: (s + 0.1 * sd.cos(s), (s**2).sum()), p, length=STEPS)[1]


def both(p):
    carry, seen = sd.scan(
        lambda s, _: ((s[0] + 0.1 * s[1], 0.9 * s[1] - 0.1 * sd.sin(s[0])), s[0]), (p[0], p[1]), length=STEPS
    )
    return carry[0] * seen.sum() + p[2]


def driven(p):
    times = np.linspace(0, 1, STEPS)
    return sd.scan(lambda s, t: (s * (1 - 0.01 * p) + 0.01 * t * p[::-1], None), p * 2, times)[0]


def checkpointed(p):
    return sd.scan(lambda s, _: (s + 0.1 * sd.sin(p * s), None), p, length=STEPS, checkpoint=True)[0]


@pytest.mark.parametrize("of_row", [last, outputs, both, driven, checkpointed])
def test_rows_of_recurrences_do_not_meet(of_row):
    P, p = sd.Var("P", shape=(ROWS, 3)), sd.Var("p", shape=3)  # noqa: N806
    values = np.random.default_rng(0).normal(size=(ROWS, 3))
    found = sd.vmap(of_row)(P)
    one = sd.compile(sd.jacobian(of_row(p), p), [p])
    alone = [np.asarray(one(row)).reshape(-1, 3) for row in values]
    size = alone[0].shape[0]
    right = np.zeros((ROWS, size, ROWS, 3))
    for k in range(ROWS):
        right[k, :, k] = alone[k]
    sparse = sd.jacobian(found, P, sparse=True)
    assert sparse.nnz <= ROWS * size * 3
    matrix = sd.compile(sparse, [P])(values)
    np.testing.assert_allclose(matrix.toarray(), right.reshape(ROWS * size, ROWS * 3), rtol=1e-10, atol=1e-12)
    dense = sd.compile(sd.jacobian(found, P), [P])(values)
    np.testing.assert_allclose(dense.reshape(right.shape), right, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("of_row", [last, outputs, both, driven, checkpointed])
def test_hessians_of_sums_over_rows(of_row):
    P, p = sd.Var("P", shape=(ROWS, 3)), sd.Var("p", shape=3)  # noqa: N806
    values = np.random.default_rng(1).normal(size=(ROWS, 3))
    sparse = (sd.vmap(of_row)(P) ** 2).sum().hessian(P, sparse=True)
    assert sparse.nnz <= ROWS * 9
    row_value = of_row(p) ** 2
    one = sd.compile((row_value.sum() if row_value.shape else row_value).hessian(p), [p])
    matrix = sd.compile(sparse, [P])(values).toarray().reshape(ROWS, 3, ROWS, 3)
    for k, row in enumerate(values):
        np.testing.assert_allclose(matrix[k, :, k], one(row), rtol=1e-9, atol=1e-10)


def test_what_rows_share_is_as_before():
    P, c = sd.Var("P", shape=(ROWS, 3)), sd.Var("c", shape=3)  # noqa: N806
    f = sd.vmap(lambda p: sd.scan(lambda s, _: (s + 0.1 * sd.sin(s * c), None), p, length=STEPS)[0])(P)
    values = {"P": np.random.default_rng(2).normal(size=(ROWS, 3)), "c": np.array([0.3, -1.0, 2.0])}
    step = 1e-6
    for by, shape in ((P, (ROWS, 3)), (c, (3,))):
        found = sd.compile(sd.jacobian(f, by, sparse=True), [P, c])(*values.values()).toarray()
        for at in np.ndindex(*shape):
            moved = [dict(values), dict(values)]
            for sign, point in zip((1, -1), moved, strict=True):
                point[by.name] = values[by.name].copy()
                point[by.name][at] += sign * step
            right = (f.evaluate(moved[0]) - f.evaluate(moved[1])) / (2 * step)
            column = found[:, np.ravel_multi_index(at, shape)]
            np.testing.assert_allclose(column, right.ravel(), rtol=1e-5, atol=1e-7)
    assert sd.jacobian(f, P, sparse=True).nnz == ROWS * 9
    both = sd.jacobian(f, [P, c])
    for got, by in zip(both, (P, c), strict=True):
        np.testing.assert_allclose(got.evaluate(values), sd.jacobian(f, by).evaluate(values), rtol=1e-12)


def test_rows_of_two_axes_and_a_named_size():
    Q = sd.Var("Q", shape=("m", 2, 3))  # noqa: N806
    f = sd.vmap(sd.vmap(last))(Q)
    jacobian = sd.compile(sd.jacobian(f, Q, sparse=True), [Q])
    values = np.random.default_rng(3).normal(size=(4, 2, 3))
    p = sd.Var("p", shape=3)
    one = sd.compile(sd.jacobian(last(p), p), [p])
    matrix = jacobian(values)
    assert matrix.nnz == 4 * 2 * 9
    dense = matrix.toarray().reshape(8, 3, 8, 3)
    for k, row in enumerate(values.reshape(8, 3)):
        np.testing.assert_allclose(dense[k, :, k], one(row), rtol=1e-10)
