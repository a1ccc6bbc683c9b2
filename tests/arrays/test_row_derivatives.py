"""Sparse derivatives of what is computed row by row, held against those of the expansion and of the whole array."""

import pickle

import numpy as np
import pytest

import symdiff as sd
from symdiff.modes import budgets

N = 6


def motion(z):
    """A cart and a pole: the slopes of four states, of which a row holds the control too."""
    _, angle, speed, turn, force = [z[k] for k in range(5)]
    s, c = sd.sin(angle), sd.cos(angle)
    mass = 1.0 + 0.3 * (1 - c * c)
    return sd.stack([
        speed, turn, (0.15 * s * turn**2 + force + 2.943 * c * s) / mass,
        -(0.15 * c * s * turn**2 + force * c + 12.753 * s) / (0.5 * mass),
    ])  # fmt: skip


def stage(z, after):
    """What a step by Hermite and Simpson leaves over."""
    first, last = motion(z), motion(after)
    middle = sd.concatenate([(z[:4] + after[:4]) / 2 + (first - last) / 80, sd.stack([(z[4] + after[4]) / 2])])
    return after[:4] - z[:4] - (first + 4 * motion(middle) + last) / 60


def collocation():
    z, weights = sd.Var("Z", shape=(N + 1, 5)), sd.Var("weights", shape=(N, 4))
    gaps = sd.vmap(stage)(z[:-1], z[1:])
    return z, gaps, (z[:-1, 4] ** 2 + z[1:, 4] ** 2).sum() / 3 - (weights * gaps).sum()


def point(*variables):
    rng = np.random.default_rng(4)
    return {v: rng.normal(size=v.shape) for v in variables}


def dense(matrix, expression, at):
    """A sparse derivative beside the dense one, as matrices."""
    found = matrix.evaluate(at)
    wanted = np.asarray(expression.evaluate(at)).reshape(found.shape)
    np.testing.assert_allclose(found.toarray(), wanted, rtol=1e-10, atol=1e-12)
    return found


class TestCollocation:
    def test_jacobian(self):
        z, gaps, _ = collocation()
        found = sd.jacobian(gaps, z, sparse=True)
        dense(found, sd.jacobian(gaps, z), point(z))
        assert found.nnz == 30 * N
        assert len(found.blocks[0].blocks) == 30

    def test_hessian(self):
        z, _, f = collocation()
        at = point(*f.variables)
        found = dense(f.hessian(z, sparse=True), f.hessian(z), at)
        assert abs(found - found.T).max() == 0
        compiled = sd.compile(f.hessian(z, sparse=True), list(at))(*at.values())
        np.testing.assert_allclose(compiled.toarray(), found.toarray(), rtol=1e-12, atol=1e-14)

    def test_hessian_by_several_variables(self):
        _, _, f = collocation()
        at = point(*f.variables)
        found = f.hessian(list(at), sparse=True).evaluate(at)
        blocks = [[f.gradient(a) for a in at], list(at)]
        rows = [
            np.hstack([sd.jacobian(g, b).evaluate(at).reshape(g.size, b.size) for b in blocks[1]]) for g in blocks[0]
        ]
        np.testing.assert_allclose(found.toarray(), np.vstack(rows), rtol=1e-10, atol=1e-12)

    def test_constraints_in_a_row(self):
        z, gaps, _ = collocation()
        constraints = sd.concatenate([gaps.reshape(-1), z[0, :4], z[-1, :4] - np.ones(4)])
        weights = sd.Var("dual", shape=4 * N + 8)
        dense(sd.jacobian(constraints, z, sparse=True), sd.jacobian(constraints, z), point(z))
        f = (z[:, 4] ** 2).sum() + weights @ constraints
        assert len(f.hessian(z, sparse=True).blocks[0].blocks) > 20
        dense(f.hessian(z, sparse=True), f.hessian(z), point(z, weights))

    def test_entries_are_those_of_the_expansion(self):
        z, gaps, _ = collocation()
        expanded = gaps.expand().ravel()
        found = sd.jacobian(gaps, z, sparse=True)
        pattern = sd.jacobian_sparsity(list(expanded), [f"Z[{i}, {j}]" for i in range(N + 1) for j in range(1, 5)])
        kept = [5 * i + j for i in range(N + 1) for j in range(1, 5)]
        assert (found.evaluate(point(z)).toarray()[:, kept] != 0).sum() == pattern.nnz

    def test_what_a_matrix_does_it_does_without_derivatives_as_nodes(self):
        z, gaps, _ = collocation()
        found = sd.jacobian(gaps, z, sparse=True)
        at = point(z)
        right = found.evaluate(at)
        v = np.random.default_rng(0).normal(size=5 * N + 5)
        np.testing.assert_allclose((found @ v).evaluate(at), right @ v, rtol=1e-10)
        np.testing.assert_allclose((np.ones(4 * N) @ found).evaluate(at), np.ones(4 * N) @ right, rtol=1e-10)
        again = pickle.loads(pickle.dumps(found))
        np.testing.assert_array_equal(again.evaluate(at).toarray(), right.toarray())
        np.testing.assert_array_equal(found.T.evaluate(at).toarray(), right.T.toarray())
        np.testing.assert_array_equal(found.toarray().evaluate(at), right.toarray())
        row, col = int(found.rows[7]), int(found.cols[7])
        assert found[row, col].evaluate(at) == pytest.approx(right[row, col])
        assert "blocks" in repr(found)
        function = pickle.loads(pickle.dumps(sd.compile(found, [z])))
        np.testing.assert_allclose(function(at[z]).toarray(), right.toarray(), rtol=1e-12, atol=1e-14)


def test_index_arrays():
    """Cameras and points, as bundles of rays have them."""
    rng = np.random.default_rng(1)
    which, seen = rng.integers(0, 3, 12), rng.integers(0, 5, 12)
    cameras, points = sd.Var("cameras", shape=(3, 4)), sd.Var("points", shape=(5, 3))

    def residual(c, p):
        depth = p[2] + c[2] * sd.cos(p[0]) + 5
        return sd.stack([c[3] * (p[0] * c[0] - p[1]) / depth, c[3] * (p[1] + sd.sin(c[1])) / depth])

    r = sd.vmap(residual)(cameras[which], points[seen]) - rng.normal(size=(12, 2))
    at = point(cameras, points)
    found = sd.jacobian(r, [cameras, points], sparse=True)
    assert len(found.nodes) == 12
    wanted = np.hstack([sd.jacobian(r, v).evaluate(at).reshape(24, -1) for v in at])
    np.testing.assert_allclose(found.evaluate(at).toarray(), wanted, rtol=1e-12, atol=1e-14)
    f = (r**2).sum()
    dense(f.hessian(cameras, sparse=True), f.hessian(cameras), at)


def test_elements_that_add_where_they_meet():
    triangles = np.array([[0, 1, 3], [4, 3, 1], [1, 2, 4], [5, 4, 2]])
    shape = np.random.default_rng(2).normal(size=(4, 3, 2))
    u = sd.Var("u", shape=6)

    def element(u, slopes, area):
        return area * ((1 + (u.sum() / 3) ** 2) * (slopes @ (u @ slopes)) - sd.exp(u))

    forces = sd.zeros(6).at[triangles].add(sd.vmap(element)(u[triangles], shape, [1.0, 2.0, 0.5, 1.0]))
    found = sd.jacobian(forces, u, sparse=True)
    assert len(found.nodes) == 9
    dense(found, sd.jacobian(forces, u), point(u))
    compiled = sd.compile([forces, found], [u])(point(u)[u])
    np.testing.assert_allclose(compiled[1].toarray(), found.evaluate(point(u)).toarray(), rtol=1e-12)


def test_grids_whose_border_is_given():
    n = 5
    border = np.zeros((n + 2, n + 2))
    border[0] = np.sin(np.arange(n + 2))
    u = sd.Var("u", shape=(n, n))
    whole = sd.zeros((n + 2, n + 2)).at[1:-1, 1:-1].add(u) + border
    a, b, c, d = whole[:-1, :-1], whole[1:, :-1], whole[:-1, 1:], whole[1:, 1:]
    area = sd.sqrt(1 + (b - a) ** 2 + (c - a) ** 2) + sd.sqrt(1 + (d - c) ** 2 + (d - b) ** 2)
    f = (area * sd.exp(a * b)).sum()
    dense(f.hessian(u, sparse=True), f.hessian(u), point(u))


def test_parameters_that_all_rows_share_stay_themselves():
    x, w, s = sd.Var("x", shape=(7, 3)), sd.Var("w", shape=3), sd.Var("s")
    f = sd.vmap(lambda r, q: sd.stack([stage_of(r, w, s) * r[k] + q for k in range(3)]))(x[1:], x[:-1, 0])
    at = point(x, w) | {s: 0.3}
    dense(sd.jacobian(f, x, sparse=True), sd.jacobian(f, x), at)
    dense(sd.jacobian(f, w, sparse=True), sd.jacobian(f, w), at)  # of which rows are no selection


def stage_of(r, w, s):
    return sd.tanh((r * w).sum() * s) + sd.exp(-(r[0] ** 2)) * sd.sin(r[1] + w[2]) * sd.cos(r[2] * s + w[0] * r[1])


def test_long_and_wide_rows_go_the_general_way():
    x = sd.Var("x", shape=(4, budgets.ROWS_WIDTH + 1))
    f = sd.vmap(lambda r: sd.tanh(sd.cumsum(r) * r.sum()) * sd.sin(r))(x)
    dense(sd.jacobian(f, x, sparse=True), sd.jacobian(f, x), point(x))


@pytest.mark.parametrize("seed", range(12))
def test_random_stencils(seed):
    """Random formulas over windows of a vector and of the rows of a matrix, with gathers among them."""
    rng = np.random.default_rng(seed)
    x, y = sd.Var("x", shape=9), sd.Var("y", shape=(7, 2))
    at = rng.integers(0, 9, 7)
    inputs = [x[1:8], x[:7], x[2:], x[at], y]

    def func(*rows):
        values = [r for row in rows for r in ([row] if not row.shape else [row[0], row[1]])]
        for _ in range(25):
            a, b = rng.choice(len(values), 2)
            kind = rng.integers(5)
            p, q = values[a], values[b]
            values.append(
                [p * q, sd.sin(p) + q, p / (q**2 + 1), sd.where(p > 0.1, q, p * p), sd.tanh(p - 0.3 * q)][kind]
            )
        return sd.stack(values[-3:])

    f = sd.vmap(func)(*inputs)
    for v in (x, y):
        dense(sd.jacobian(f, v, sparse=True), sd.jacobian(f, v), point(x, y))
    total = (f * np.arange(21.0).reshape(7, 3)).sum()
    dense(total.hessian(x, sparse=True), total.hessian(x), point(x, y))


def test_largest_entries_that_are_equal_share_their_slope_evenly():
    x = sd.Var("x", shape=(4, 3))

    def func(r):
        value = r.max() * sd.sin(r[0])
        for k in range(12):
            value = value + sd.sin(k * r[k % 3]) * sd.exp(-r[(k + 1) % 3])
        return value

    f = sd.vmap(func)(x)
    at = {x: np.ones((4, 3))}
    found = dense(sd.jacobian(f, x, sparse=True), sd.jacobian(f, x), at)
    assert found.nnz == 12


@pytest.mark.parametrize("shared", ["inverse", "eigenvectors", "place", "size", "largest"])
def test_what_rows_share_may_be_anything(shared):
    x, a, k = sd.Var("x", shape=(5, 2)), sd.Var("A", shape=(2, 2)), sd.Var("k", dtype=int)
    v = sd.Var("v", shape="n")
    factor = {
        "inverse": lambda: sd.linalg.inv(a)[0, 1], "eigenvectors": lambda: np.linalg.eigh(a).eigenvectors[0, 0],
        "place": lambda: a[0][k], "size": lambda: v.mean(), "largest": lambda: a.max(),
    }[shared]()  # fmt: skip

    def func(r):
        value = factor * r[0]
        for n in range(12):
            value = value * sd.sin(n * r[n % 2]) + sd.exp(-r[(n + 1) % 2])
        return value

    f = sd.vmap(func)(x)
    at = point(x, a) | {k: 1, v: np.arange(3.0)}
    at = {key: value for key, value in at.items() if key in f.variables}
    dense(sd.jacobian(f, x, sparse=True), sd.jacobian(f, x), at)
