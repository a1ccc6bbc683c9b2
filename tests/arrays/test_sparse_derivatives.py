"""Sparse derivatives of array expressions: patterns and values are those of the expansion, and nothing is dense."""

import copy
import pickle
import random
import tracemalloc

import numpy as np
import pytest
import scipy.sparse
from array_programs import OF_ARRAYS, Program, array_variables, sample
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structured_programs import structured

import symdiff as sd
from symdiff.arrays.sparse_blocks.coordinates import matches, numbers
from symdiff.errors import NoFormulaError
from symdiff.keys import Range
from symdiff.shapes import bound

SETTINGS = settings(derandomize=True, max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
PROGRAMS = st.builds(lambda seed, lines: Program(random.Random(seed), lines), st.integers(0, 10**6), st.integers(1, 8))
FINER = ("triangular",)  # what substitution divides by is not seen to be of zeros
COARSER = ("above", "cholesky")  # opposite branches of one condition, rows of a factor of which terms cancel


def entries(matrix):
    return list(zip(matrix.rows.tolist(), matrix.cols.tolist(), strict=True))


def expanded(e):
    found = e.expand()
    return list(found.flat) if isinstance(found, np.ndarray) else [found]


def scalar_jacobian(e, x):
    return sd.jacobian(expanded(e), expanded(x), sparse=True)


def scalar_hessian(f, x):
    return expanded(f)[0].hessian(expanded(x), sparse=True)


def check(matrix, dense, scalars, point):
    """A matrix has the entries of the scalars, and the values of both."""
    assert entries(matrix) == entries(scalars)
    found = matrix.evaluate(point)
    assert found.shape == matrix.shape == scalars.shape
    np.testing.assert_allclose(found.toarray(), np.reshape(dense.evaluate(point), found.shape), rtol=1e-9, atol=1e-12)
    by_scalars = scalars.evaluate({v.name if hasattr(v, "name") else v: value for v, value in point.items()})
    np.testing.assert_allclose(found.toarray(), by_scalars.toarray(), rtol=1e-9, atol=1e-12)


# -- random programs --------------------------------------------------------------------------------


@SETTINGS
@given(PROGRAMS)
def test_entries_are_those_of_the_expansion(program):
    point = sample(program, 3)
    with sd.Graph(), np.errstate(all="ignore"):
        variables = array_variables(program)
        known = {**OF_ARRAYS, **variables}
        for name, code in program.lines:
            known[name] = eval(code, known)
        last = known[program.lines[-2][0]]
        for x in [v for v in variables.values() if 0 not in getattr(v, "shape", ())]:
            for f, kind in [(known["f"], sd.hessian), (last, sd.jacobian)]:
                if 0 in getattr(f, "shape", ()):
                    continue
                matrix, dense = kind(f, x, sparse=True), kind(f, x)
                got = matrix.evaluate(point)
                want = np.reshape(np.asarray(dense.evaluate(point), float), got.shape)
                np.testing.assert_allclose(got.toarray(), want, rtol=1e-9, atol=1e-9)
                try:
                    scalars = scalar_hessian(f, x) if kind is sd.hessian else scalar_jacobian(f, x)
                except NoFormulaError:
                    continue
                exact, found = set(entries(scalars)), set(entries(matrix))
                coarser = exact < found and any(word in repr(program) for word in COARSER)
                finer = found < exact and any(word in repr(program) for word in FINER)
                assert exact == found or coarser or finer


def dense_value(d, point, shape):
    found = d.evaluate(point)
    return np.reshape(found.toarray() if scipy.sparse.issparse(found) else found, shape)


@pytest.mark.parametrize("seed", range(40))
def test_entries_of_structured_formulas(seed):
    rng = random.Random(seed)
    with sd.Graph():
        r, variables = structured(rng, [rng.randrange(4, 9), (rng.randrange(2, 5), rng.randrange(2, 5))], 2 + seed % 6)
        f = (r**3).sum()
        noise = np.random.default_rng(seed)
        point = {v: noise.normal(size=v.shape) for v in variables}
        for x in variables:
            for matrix, dense, scalars in [
                (sd.jacobian(r, x, sparse=True), sd.jacobian(r, x), scalar_jacobian(r, x)),
                (f.hessian(x, sparse=True), f.hessian(x), scalar_hessian(f, x)),
            ]:
                assert entries(matrix) == entries(scalars)
                found, v = matrix.evaluate(point).toarray(), noise.normal(size=x.size)
                np.testing.assert_allclose(found, dense_value(dense, point, found.shape), rtol=1e-9, atol=1e-9)
                np.testing.assert_allclose((matrix @ v).evaluate(point), found @ v, rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("seed", range(30))
def test_entries_of_structured_formulas_of_named_sizes(seed):
    rng = random.Random(seed)
    with sd.Graph():
        r, variables = structured(rng, ["n", ("n", "d") if seed % 3 else ("n", 3)], 2 + seed % 5)
        f = (r**3).sum()
        for x in variables:
            for matrix, dense in [(sd.jacobian(r, x, sparse=True), sd.jacobian(r, x)),
                                  (f.hessian(x, sparse=True), f.hessian(x))]:  # fmt: skip
                for sizes in ({"n": 12, "d": 9}, {"n": 6, "d": 4}):
                    noise = np.random.default_rng(seed)
                    point = {v: noise.normal(size=bound(v.shape, sizes)) for v in variables}
                    found = matrix.evaluate(point)
                    want = dense_value(dense, point, found.shape)
                    np.testing.assert_allclose(found.toarray(), want, rtol=1e-9, atol=1e-9)
                    if sizes["n"] == 12:
                        assert found.nnz == eval(str(matrix.nnz), dict(sizes))


# -- formulas of practice ------------------------------------------------------------------------------


def rosenbrock(n):
    x = sd.Var("x", shape=n)
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum(), x


def minimal_surface(n):
    u, h = sd.Var("u", shape=(n, n)), 1 / (n + 1)
    whole = sd.zeros((n + 2, n + 2)).at[1:-1, 1:-1].add(u)
    a, b, c, d = whole[:-1, :-1], whole[1:, :-1], whole[:-1, 1:], whole[1:, 1:]
    lower, upper = ((b - a) / h) ** 2 + ((c - a) / h) ** 2, ((d - c) / h) ** 2 + ((d - b) / h) ** 2
    return (sd.sqrt(1 + lower) + sd.sqrt(1 + upper)).sum() * (h * h / 2), u


def triangles(n):
    nodes = np.arange((n + 1) ** 2).reshape(n + 1, n + 1)
    lower = np.stack([nodes[:-1, :-1], nodes[1:, :-1], nodes[:-1, 1:]], -1).reshape(-1, 3)
    upper = np.stack([nodes[1:, 1:], nodes[:-1, 1:], nodes[1:, :-1]], -1).reshape(-1, 3)
    return np.concatenate([lower, upper])


def elements_by_columns(n):
    """Energies of triangles, each corner gathered by itself."""
    u = sd.Var("u", shape=(n + 1) ** 2)
    a, b, c = [u[corner] for corner in triangles(n).T]
    return sd.sqrt(1 + (b - a) ** 2 + (c - a) ** 2).sum(), u


def elements_by_rows(n):
    """Energies of triangles whose corners are gathered at once, with gradients by constant matrices."""
    u, corners = sd.Var("u", shape=(n + 1) ** 2), triangles(n)
    shapes = np.random.default_rng(1).normal(size=(len(corners), 2, 3))
    slopes = sd.einsum("eka,ea->ek", shapes, u[corners.ravel()].reshape(len(corners), 3))
    return sd.sqrt(1 + (slopes**2).sum(axis=1)).sum(), u


def laplacian(n):
    lines = scipy.sparse.diags_array([-np.ones(n - 1), 2 * np.ones(n), -np.ones(n - 1)], offsets=[-1, 0, 1])
    grid = scipy.sparse.kron(lines, scipy.sparse.eye_array(n)) + scipy.sparse.kron(scipy.sparse.eye_array(n), lines)
    v = sd.Var("v", shape=n * n)
    return sd.exp(grid.tocsr() @ v).sum(), v


def cart_pole(n):
    """The defects of Hermite-Simpson collocation over an array of stages, weighed, and the effort."""
    z, h = sd.Var("z", shape=(n + 1, 5)), 2 / n

    def slopes(x, u):
        q, v, w = x[:, 1], x[:, 2], x[:, 3]
        s, c = sd.sin(q), sd.cos(q)
        below = 1 + 0.3 * (1 - c * c)
        first = (0.15 * s * w * w + u + 2.943 * c * s) / below
        second = -(0.15 * c * s * w * w + u * c + 12.753 * s) / (0.5 * below)
        return sd.stack([v, w, first, second]).T

    x, u = z[:, :4], z[:, 4]
    f = slopes(x, u)
    middle = (x[:-1] + x[1:]) / 2 + h / 8 * (f[:-1] - f[1:])
    between = slopes(middle, (u[:-1] + u[1:]) / 2)
    return x[1:] - x[:-1] - h / 6 * (f[:-1] + 4 * between + f[1:]), z


SUMS = {
    "rosenbrock": rosenbrock(7), "minimal surface": minimal_surface(3), "elements by columns": elements_by_columns(2),
    "elements by rows": elements_by_rows(2), "laplacian": laplacian(3), "larger elements": elements_by_columns(4),
    "larger elements by rows": elements_by_rows(4), "larger surface": minimal_surface(5),
}  # fmt: skip


@pytest.mark.parametrize("name", SUMS)
def test_hessians_of_practice(name):
    f, x = SUMS[name]
    point = {x: np.random.default_rng(0).normal(size=x.shape)}
    check(f.hessian(x, sparse=True), f.hessian(x), scalar_hessian(f, x), point)


def rows_by_themselves(n):
    """Sums over rows, pairs and neighbours, whose Hessians have n blocks at most."""
    u, x, w = sd.Var("u", shape=(n, 3)), sd.Var("x", shape=n), sd.Var("w", shape=(n, 3, 3))
    halves = u.reshape(n // 2, 2, 3)
    return {
        "logsumexp": (sd.logsumexp(u, axis=1).sum(), u),
        "softmax": ((sd.softmax(u, axis=1) ** 2).sum(), u),
        "largest": ((u.max(axis=1) ** 2).sum(), u),
        "norm": (sd.linalg.norm(u, axis=1).sum(), u),
        "product": (u.prod(axis=1).sum(), u),
        "variance": (u.var(axis=1).sum(), u),
        "quadratic forms": (sd.einsum("nij,ni,nj->n", w, u, u).sum(), u),
        "squares of pairs": (((u[:, :, None] * u[:, None, :]) ** 2).sum(), u),
        "halves": ((halves[:, 0] * halves[:, 1]).sum(), u),
        "lengths": (sd.sqrt(((u[1:] - u[:-1]) ** 2).sum(axis=1) + 1).sum(), u),
        "turned": ((sd.concatenate([x, x[::-1]]) ** 3 * sd.concatenate([x[::-1], x])).sum(), x),
        "condition": (sd.where(x[1:] > x[:-1], x[1:] * x[:-1], x[1:]).sum(), x),
        "powers": ((x[1:] ** x[:-1]).sum(), x),
        "angles": (sd.atan2(x[1:], x[:-1]).sum(), x),
        "by index": ((x[np.arange(n)[::2]] * x[1::2] ** 2).sum(), x),
    }


ROWS = rows_by_themselves(6)


@pytest.mark.parametrize("name", ROWS)
def test_hessians_of_sums_over_rows(name):
    f, u = ROWS[name]
    rng = np.random.default_rng(0)
    point = {v: rng.uniform(0.5, 2, size=v.shape) for v in f.variables}
    found = f.hessian(u, sparse=True)
    assert entries(found) == entries(scalar_hessian(f, u))
    found = found.evaluate(point)
    np.testing.assert_allclose(found.toarray(), np.reshape(f.hessian(u).evaluate(point), found.shape), atol=1e-12)
    slopes = f.gradient(u)
    for k in range(u.size):
        step = np.zeros(u.size)
        step[k] = 1e-6
        step = step.reshape(u.shape)
        up, down = [np.ravel(slopes.evaluate({**point, u: point[u] + s})) for s in (step, -step)]
        np.testing.assert_allclose((up - down) / 2e-6, found.toarray()[k], rtol=1e-5, atol=1e-5)
    large, u = rows_by_themselves(2000)[name]
    assert large.hessian(u, sparse=True).nnz <= 2000 * 27


def heat(n, steps):
    """A reaction and diffusion stepped forward."""
    start = u = sd.Var("u", shape=n)
    for _ in range(steps):
        u = u + 0.1 * sd.zeros(n).at[1:-1].add(u[2:] - 2 * u[1:-1] + u[:-2]) + 0.01 * u * (1 - u)
    return u, start


def test_steps_of_a_stencil_have_a_block_a_diagonal():
    u, start = heat(12, 3)
    point = {start: np.random.default_rng(0).normal(size=12)}
    check(sd.jacobian(u, start, sparse=True), sd.jacobian(u, start), scalar_jacobian(u, start), point)
    f = (u**3).sum()
    check(f.hessian(start, sparse=True), f.hessian(start), scalar_hessian(f, start), point)
    u, start = heat(2000, 4)
    slopes = sd.jacobian(u, start, sparse=True)
    assert len(slopes.nodes) == 9
    assert slopes.nnz == 9 * 2000 - 28
    assert len((heat(1000, 2)[0] ** 2).sum().hessian(heat(1000, 2)[1], sparse=True).nodes) == 9


def oscillators(n, steps):
    """Oscillators that pull at others somewhere, stepped forward."""
    others = np.argsort(np.random.default_rng(0).random((2, n)), axis=1)
    start = u = sd.Var("u", shape=n)
    for _ in range(steps):
        u = u + sum(0.1 * sd.sin(u[other] - u) for other in others)
    return u, start


def test_steps_without_a_grid_have_one_block_of_entries():
    u, start = oscillators(12, 3)
    rng = np.random.default_rng(0)
    point = {start: rng.normal(size=12)}
    check(sd.jacobian(u, start, sparse=True), sd.jacobian(u, start), scalar_jacobian(u, start), point)
    u, start = oscillators(12, 2)
    f = (u**2).sum()
    check(f.hessian(start, sparse=True), f.hessian(start), scalar_hessian(f, start), point)
    u, start = oscillators(1000, 2)
    f, point, v = (u**2).sum(), {start: rng.normal(size=1000)}, rng.normal(size=1000)
    found = f.hessian(start, sparse=True)
    assert len(found.nodes) == 1
    assert found.nnz < 40_000
    np.testing.assert_allclose(found.evaluate(point) @ v, sd.hvp(f, start, v).evaluate(point))


def test_collocation_has_a_band_a_stage():
    defects, z = cart_pole(4)
    rng = np.random.default_rng(0)
    point = {z: rng.normal(size=z.shape)}
    check(sd.jacobian(defects, z, sparse=True), sd.jacobian(defects, z), scalar_jacobian(defects, z), point)
    lagrangian = (rng.normal(size=defects.shape) * defects).sum() + (z[:, 4] ** 2).sum()
    check(lagrangian.hessian(z, sparse=True), lagrangian.hessian(z), scalar_hessian(lagrangian, z), point)


A = scipy.sparse.random_array((6, 5), density=0.3, rng=np.random.default_rng(0), format="csr")
V, M, B = sd.Var("v", shape=5), sd.Var("M", shape=(5, 2)), sd.Var("B", shape=(4, 4))
JACOBIANS = {
    "sparse times vector": (sd.sin(A @ V), V),
    "sparse times matrix": (A @ M, M),
    "sparse twice": (A.T @ (A @ V), V),
    "sparse around weights": (A.T @ sd.diag(sd.exp(V[[0, 1, 2, 3, 4, 0]])) @ A, V),
    "mostly zeros": ((np.eye(5) - np.eye(5, k=1)) @ V, V),
    "reshape": (M.reshape(-1) ** 2, M),
    "reshape of a transpose": (M.T.reshape(-1) ** 2, M),
    "reshape to a matrix": (V[[0, 1, 2, 3]].reshape(2, 2), V),
    "backwards": (V[::-1] ** 3, V),
    "steps": (V[::2] * V[1::2][[0, 1, 0]], V),
    "taken twice": (V[[0, 3, 0, 0]] ** 2, V),
    "put twice": (sd.zeros(3).at[[0, 2, 0, 1, 0]].add(V**2), V),
    "rows": (M[[3, 0, 0]] * M[1:4], M),
    "a diagonal matrix": (sd.diag(V), V),
    "a diagonal": (sd.diag(B) ** 2, B),
    "beside the diagonal": (B[:-1, 1:] * B[1:, :-1], B),
    "an entry": (V[2] ** 2, V),
    "a row and a column": (B[1] * B[:, 2], B),
    "stacked": (sd.stack([V[1:], V[:-1]]), V),
    "joined": (sd.concatenate([V**2, V[:2]]), V),
    "entries of a product": ((M @ M.T)[[0, 1]][:, [1, 4]], M),
    "a condition": (sd.where(V > 0, V**2, 0), V),
    "nothing": (V * 0, V),
    "all": (V.sum() * V, V),
    "cut from a product": (sd.outer(V, V)[1:3, 2], V),
    "entry by entry": (M[[0, 4, 4], [1, 0, 0]] ** 2, M),
    "entries by rows and columns": (B[np.arange(3)[:, None], [1, 2]] * B[1:, :2], B),
    "cumulative sum": (sd.cumsum(V) ** 2, V),
    "convolution": (sd.convolve(V**2, np.array([1.0, 0, 2])), V),
    "triangular system": (sd.linalg.solve_triangular(np.tri(4) + np.eye(4), V[:4], lower=True), V),
    "by a block": (V**2, V[1:3]),
    "by an entry": (V**2, V[4]),
}


@pytest.mark.parametrize("name", JACOBIANS)
def test_jacobians_by_structure(name):
    r, x = JACOBIANS[name]
    (variable,) = x.variables
    point = {variable: np.random.default_rng(0).normal(size=variable.shape)}
    found = sd.jacobian(r, x, sparse=True)
    dense = sd.jacobian(r, x)
    scalars = scalar_jacobian(r, x)
    assert entries(found) == entries(scalars)
    np.testing.assert_allclose(found.evaluate(point).toarray(), np.reshape(dense.evaluate(point), found.shape))


def test_ints_stay_exact_and_float32_narrow():
    x = sd.Var("x", shape=3)
    matrix = (x[1:] * x[:-1] ** 2).sum().hessian(x, sparse=True)
    found = matrix.evaluate({x: [10**9, 2, 3]})
    assert found.dtype.kind == "i"
    assert found.toarray().tolist() == [[4, 2 * 10**9, 0], [2 * 10**9, 6, 4], [0, 4, 0]]
    assert matrix.evaluate({x: np.ones(3, np.float32)}).dtype in (np.float32, np.float64)
    assert matrix.evaluate({x: np.ones(3) * 1j}).toarray()[0, 1] == 2j


def test_symmetric_variables_have_projected_derivatives():
    y = sd.Var("S", shape=(2, 2), symmetric=True)
    f, point = (y**3).sum(), {y: np.array([[1.0, 2.0], [2.0, 3.0]])}
    found, want = f.hessian(y, sparse=True), f.hessian(y)
    np.testing.assert_allclose(found.evaluate(point).toarray(), np.reshape(want.evaluate(point), (4, 4)))


# -- size ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("f", "x", "nnz"), [
    (*rosenbrock(10_000), 29_998), (*minimal_surface(100), 69_202), (*elements_by_rows(60), 25_561),
    (*laplacian(100), 128_004),
], ids=["rosenbrock", "surface", "elements", "laplacian"])  # fmt: skip
def test_nothing_is_dense(f, x, nnz):
    matrix = f.hessian(x, sparse=True)
    tracemalloc.start()
    found = matrix.evaluate({x: np.random.default_rng(0).normal(size=x.shape)})
    product = (matrix @ x.reshape(-1)).evaluate({x: np.ones(x.shape)})
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.nnz == matrix.nnz == nnz
    assert product.shape == (matrix.shape[0],)
    assert peak < 150e6  # dense, these are 100 MB to 800 MB a matrix


def test_dense_blocks_that_would_fill_the_memory_are_refused():
    x = sd.Var("x", shape=10_000)
    with pytest.raises(sd.SymdiffValueError, match=r"100,000,000 entries.*sd\.hvp"):
        (x.sum() ** 3).hessian(x, sparse=True).evaluate({x: np.ones(10_000)})


# -- named sizes -----------------------------------------------------------------------------------------

n = sd.Var("n", shape="n")
X = sd.Var("X", shape=("n", "d"))
w = sd.Var("w", shape="d")
SECOND = n[2:] - 2 * n[1:-1] + n[:-2]
NAMED = {
    "rosenbrock": ((lambda f, x: f.hessian(x, sparse=True))(*rosenbrock("n")), "3*n - 2"),
    "second differences": ((SECOND**4).sum().hessian(n, sparse=True), "5*n - 6"),
    "entry by entry": (sd.jacobian(sd.exp(X), X, sparse=True), "n*d"),
    "row by row": (sd.jacobian(X @ w, X, sparse=True), "n*d"),
    "first entries": ((n[0] ** 2 * n[3] + n.sum()).hessian(n, sparse=True), "3"),
    "backwards": ((n * n[::-1] ** 2).sum().hessian(n, sparse=True), None),
    "dense": ((n.sum() ** 3).hessian(n, sparse=True), "n**2"),
}


@pytest.mark.parametrize("name", NAMED)
def test_counts_are_formulas_in_named_sizes(name):
    matrix, count = NAMED[name]
    if count is not None:  # no polynomial has what depends on whether n is even
        assert str(matrix.nnz) == count
    for sizes in ({"n": 5, "d": 2}, {"n": 6, "d": 3}, {"n": 9, "d": 1}):
        held = [sd.Var("x", shape="n"), n, X, w]
        point = {v: np.random.default_rng(0).normal(size=[sizes[k] for k in v.shape]) for v in held}
        found = matrix.evaluate(point)
        assert found.nnz == eval(count or "2*n - n % 2", dict(sizes))
        assert found.shape == tuple([eval(str(part), dict(sizes)) for part in matrix.shape])


def test_sizes_inside_of_values_need_no_numbers():
    a, v = sd.Var("a", shape=("m", 3)), sd.Var("v", shape=3)
    matrix = ((a @ v) ** 4).sum().hessian(v, sparse=True)
    assert matrix.shape == (3, 3)
    assert matrix.nnz == len(matrix.rows) == len(matrix.values) == 9
    for size in (2, 5):
        point = {a: np.random.default_rng(0).normal(size=(size, 3)), v: np.ones(3)}
        assert matrix.evaluate(point).nnz == 9
        assert matrix[0, 2].evaluate(point) == pytest.approx(matrix.evaluate(point).toarray()[0, 2])


@pytest.mark.parametrize(("steps", "slopes", "curvature"), [(1, "3*n - 4", "5*n - 6"), (2, "5*n - 10", "9*n - 20")])
def test_any_size_fits_down_to_the_smallest(steps, slopes, curvature):
    """Where ranges would end before they start, a derivative is taken as a whole."""
    u, start = heat("n", steps)
    f = (u**2).sum()
    matrices = [
        (sd.jacobian(u, start, sparse=True), sd.jacobian(u, start)),
        (f.hessian(start, sparse=True), f.hessian(start)),
    ]
    assert [str(matrix.nnz) for matrix, _ in matrices] == [slopes, curvature]
    for size in range(2, 10):
        point = {start: np.random.default_rng(0).normal(size=size)}
        u_of_size, x = heat(size, steps)
        patterns = scalar_jacobian(u_of_size, x), scalar_hessian((u_of_size**2).sum(), x)
        for (matrix, dense), pattern in zip(matrices, patterns, strict=True):
            found = matrix.evaluate(point)
            assert found.nnz == pattern.nnz
            np.testing.assert_allclose(found.toarray(), dense.evaluate(point), atol=1e-12)


def test_rows_and_columns_of_named_sizes_stay_arrays():
    row = sd.jacobian((n**3).sum(), n, sparse=True)
    assert str(row.shape) == "(1, n)"
    assert row.toarray().shape == (1, "n")
    np.testing.assert_allclose(row.toarray().evaluate({n: [1.0, 2.0]}), [[3, 12]])
    assert (row @ n).shape == (1,)
    assert row.T.shape[1] == 1


def test_values_of_named_sizes_are_those_of_numbers():
    named, fixed = rosenbrock("n"), rosenbrock(6)
    x = np.random.default_rng(0).normal(size=6)
    found, want = [f.hessian(v, sparse=True).evaluate({v: x}) for f, v in (named, fixed)]
    np.testing.assert_array_equal(found.toarray(), want.toarray())
    product = named[0].hessian(named[1], sparse=True) @ named[1]
    np.testing.assert_allclose(product.evaluate({named[1]: x}), want @ x)


# -- the face of a matrix -----------------------------------------------------------------------------------

x, s = sd.Var("x", shape=5), sd.Var("s")
C = sd.Var("C", shape=(3, 5))
PARTS = [sd.sin(C @ x) * s, x[1:] * s, s**2]
J = sd.jacobian(PARTS, [x, s, C], sparse=True)
POINT = {x: np.arange(5.0) + 1, C: np.random.default_rng(0).normal(size=(3, 5)), s: 2.0}
DENSE = J.evaluate(POINT).toarray()


def test_functions_are_below_each_other_and_variables_side_by_side():
    assert isinstance(J, sd.SparseMatrix)
    assert J.shape == (8, 21)
    assert J.nnz == len(J.rows) == len(J.cols) == 42
    scalars = sd.jacobian(
        [e for part in PARTS for e in expanded(part)], [e for v in (x, s, C) for e in expanded(v)], sparse=True
    )
    assert entries(J) == entries(scalars)
    parts = zip(sd.jacobian(PARTS, [x, s, C]), (3, 4, 1), strict=True)
    blocks = [[np.reshape(d.evaluate(POINT), (rows, -1)) for d in row] for row, rows in parts]
    np.testing.assert_allclose(DENSE, np.block(blocks))
    np.testing.assert_allclose(J.toarray().evaluate(POINT), DENSE)


def test_scalars_beside_arrays_are_rows_and_columns():
    found = sd.jacobian([3 * s, x * 2], [s, x], sparse=True)
    assert found.evaluate({x: [1, 2, 3, 4, 5], s: 2}).toarray().tolist() == np.diag([3, 2, 2, 2, 2, 2]).tolist()
    found = sd.jacobian([s * s, x * s], [x, s], sparse=True).evaluate({x: [1] * 5, s: 2})
    assert found.toarray()[:, 5].tolist() == [4, 1, 1, 1, 1, 1]


def test_entries_are_scalar_expressions():
    for i, j, value in J.items():
        np.testing.assert_allclose(value.evaluate(POINT), DENSE[i, j])
        np.testing.assert_allclose(J[i, j].evaluate(POINT), DENSE[i, j])
    assert J[7, 0] == 0
    assert J[-1, 5] == 2 * s
    for wrong in ((8, 0), (0, 21)):
        with pytest.raises(sd.SymdiffIndexError, match="outside"):
            J[wrong]


def test_products_with_vectors_and_matrices():
    rng = np.random.default_rng(1)
    v, w, several = rng.normal(size=21), rng.normal(size=8), rng.normal(size=(21, 3))
    np.testing.assert_allclose((J @ v).evaluate(POINT), DENSE @ v)
    np.testing.assert_allclose((w @ J).evaluate(POINT), w @ DENSE)
    np.testing.assert_allclose((J @ several).evaluate(POINT), DENSE @ several)
    np.testing.assert_allclose((several.T @ J.T).evaluate(POINT), several.T @ DENSE.T)
    u = sd.Var("u", shape=21)
    np.testing.assert_allclose((J @ (2 * u)).evaluate({**POINT, u: v}), DENSE @ (2 * v))
    np.testing.assert_allclose(J.T.evaluate(POINT).toarray(), DENSE.T)
    for name, (r, variable) in JACOBIANS.items():
        matrix, point = sd.jacobian(r, variable, sparse=True), {v: rng.normal(size=v.shape) for v in variable.variables}
        vector = rng.normal(size=matrix.shape[1])
        found = (matrix @ vector).evaluate(point) if matrix.nnz else np.zeros(matrix.shape[0])
        np.testing.assert_allclose(found, matrix.evaluate(point) @ vector, atol=1e-12, err_msg=name)


@pytest.mark.parametrize("again", [
    lambda m: pickle.loads(pickle.dumps(m)), copy.copy, copy.deepcopy, lambda m: sd.from_json(sd.to_json(m)),
    lambda m: sd.from_json(sd.to_json({"a": [m, x]}))["a"][0],
])  # fmt: skip
def test_it_is_kept_as_it_is(again):
    for matrix in (J, *[m for m, _ in NAMED.values()]):
        found = again(matrix)
        assert found == matrix
        assert hash(found) == hash(matrix)
        assert str(found) == str(matrix)
    assert again(J) != J.T
    assert again(J) != sd.jacobian([PARTS[0], PARTS[1], s**3], [x, s, C], sparse=True)


def test_json_that_is_damaged_is_refused():
    text = sd.to_json(J)
    for old, new in (('"variables": [[5], [], [3, 5]]', '"variables": [[5], [], [5, 3]]'), ("[5], []", "[5], 7"),
                     ('[[3], [4], []]', "[]"), ("[3, 5]]", '["3 5", 5]]')):  # fmt: skip
        assert old in text
        with pytest.raises(sd.SymdiffValueError):
            sd.from_json(text.replace(old, new))


def test_text_is_bounded():
    assert repr(J) == "<SparseBlockMatrix of shape (8, 21) with 42 entries in 6 blocks>"
    assert str(J).splitlines()[1:3] == ["  0, 0: (i; j)  s*diag(cos(C @ x)) @ C", "  0, 1: (i; )  sin(C @ x)"]
    f, u = elements_by_columns(30)
    text = str(f.hessian(u, sparse=True))
    assert "([0, 1, 2, …][i]; [31, 32, 33, …][i])  an array of shape (1800,)" in text
    assert len(text) < 3000
    many = sd.Var("q", shape=50)
    long = sum(many[k] ** 3 * many[k - 1] for k in range(50)).hessian(many, sparse=True)
    assert len(str(long).splitlines()) < 30
    assert str(NAMED["rosenbrock"][0]).splitlines()[:3] == [
        "<SparseBlockMatrix of shape (n, n) with 4 blocks>", "  (i + 1; i + 1)  200*ones(n - 1)",
        "  (i + 1; i)  -400*x[:-1]",
    ]  # fmt: skip


def test_latex_is_that_of_the_derivatives():
    matrix = (x**3).sum().hessian(x, sparse=True)
    assert sd.latex(matrix) == sd.latex((x**3).sum().hessian(x)) == r"6 \operatorname{diag}\left(x\right)"
    assert matrix._repr_latex_() == r"$\displaystyle 6 \operatorname{diag}\left(x\right)$"
    assert sd.latex(J).count(r"\operatorname{diag}") == 1
    f, u = elements_by_columns(100)
    assert f.hessian(u, sparse=True)._repr_latex_() is None


def test_pictures_and_counts_take_it():
    assert str(sd.spy(J)).startswith("matrix, 8 × 21: 42 entries")
    assert sd.count_ops(J)["sin"] == 1


def test_bad_input_is_named():
    with pytest.raises(sd.SymdiffTypeError, match="once n is a number"):
        _ = NAMED["rosenbrock"][0].rows
    with pytest.raises(sd.SymdiffTypeError, match=r"shape \(n, d\) is no vector"):
        NAMED["entry by entry"][0].toarray()
    with pytest.raises(sd.SymdiffTypeError, match=r"shape \(n, d\) is no vector"):
        NAMED["entry by entry"][0] @ np.ones(3)
    with pytest.raises(sd.SymdiffValueError, match=r"\(8, 21\) is not multiplied by shape \(5,\)"):
        J @ x
    with pytest.raises(sd.SymdiffTypeError, match="a vector or a matrix"):
        J @ np.ones((21, 2, 2))
    with pytest.raises(sd.SymdiffValueError, match="one point"):
        J.evaluate({**POINT, x: np.ones((2, 5))})
    with pytest.raises(sd.MissingValueError, match="s"):
        J.evaluate({x: POINT[x], C: POINT[C]})
    with pytest.raises(sd.SymdiffTypeError, match="a gradient is of a scalar"):
        (x**2).hessian(x, sparse=True)
    with pytest.raises(sd.SymdiffValueError, match=r"parts of shapes \(5,\) are no derivatives"):
        sd.SparseBlockMatrix([[x]], [(2,)], [(5,)])


# -- places that are joined ------------------------------------------------------------------------------------

TABLES = st.lists(st.integers(0, 5), min_size=1, max_size=6).map(lambda p: np.array(p, dtype=np.intp))
RANGES = st.builds(lambda start, count, step: Range(start, min(count, (5 - start) // step + 1), step),
                   st.integers(0, 5), st.integers(1, 6), st.integers(1, 3))  # fmt: skip
SPOTS = st.one_of(st.integers(0, 5), TABLES, RANGES)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(SPOTS, SPOTS)
def test_pairs_of_equal_places(a, b):
    def one_by_one(at):
        return [at] if isinstance(at, int) else numbers(at).tolist()

    left, right = [one_by_one(p) for p in matches(a, b, 6)]
    if isinstance(a, int) and isinstance(b, int):
        assert (left, right) == (([0], [0]) if a == b else ([], []))
        return
    if isinstance(a, int):
        left = left * len(right)
    if isinstance(b, int):
        right = right * len(left)
    places = one_by_one(a), one_by_one(b)
    pairs = [(i, j) for i, p in enumerate(places[0]) for j, q in enumerate(places[1]) if p == q]
    assert sorted(zip(left, right, strict=True)) == sorted(pairs)


def test_zeros_of_values_are_seen_through_index_arrays():
    u = sd.Var("u", shape=4)
    padded = sd.zeros(6).at[1:-1].add(u)
    f = (padded[[0, 1, 2, 5, 3]] ** 3 * padded[[1, 2, 3, 4, 5]]).sum()
    point = {u: np.random.default_rng(0).normal(size=4)}
    check(f.hessian(u, sparse=True), f.hessian(u), scalar_hessian(f, u), point)


def test_places_that_go_together_are_places_of_the_pattern():
    x = sd.Var("x", shape=(4, 3))
    picked = x[[0, 2, 2], [1, 0, 0]]
    f = (sd.sin(picked) ** 2).sum() + (x[1] ** 3).sum()
    point = {"x": np.arange(12.0).reshape(4, 3) / 7}
    hessian = f.hessian(x, sparse=True)
    assert hessian.nnz == 5
    np.testing.assert_allclose(hessian.evaluate(point).toarray(), f.hessian(x).evaluate(point).reshape(12, 12))
    jacobian = sd.jacobian(picked**2, x, sparse=True)
    assert jacobian.nnz == 3
    np.testing.assert_allclose(
        jacobian.evaluate(point).toarray(), sd.jacobian(picked**2, x).evaluate(point).reshape(3, 12)
    )


BANDS = np.diag(np.full(6, 2.0)) + np.diag(np.ones(5), 1) + np.diag(np.ones(5), -1)
FOUND_BY_STRUCTURE = {
    "reshape of a product of slices": lambda x, a: (a[1:] * a[:-1]).reshape(8),
    "differences across rows": lambda x, a: a.reshape(12)[1:] ** 2 - a.reshape(12)[:-1],
    "running sums": lambda x, a: sd.cumsum(x**2),
    "running sums of slices": lambda x, a: sd.cumsum(x[:3]) * x[3:],
    "second differences": lambda x, a: sd.sin(x)[2:] - 2 * sd.sin(x)[1:-1] + sd.sin(x)[:-2],
    "a sparse constant": lambda x, a: scipy.sparse.csr_array(BANDS) @ sd.sin(x),
    "a constant of bands": lambda x, a: BANDS @ sd.sin(x),
    "a solution with a diagonal": lambda x, a: sd.linalg.solve(sd.diag(x) + np.eye(6), np.ones(6)),
    "a convolution": lambda x, a: sd.convolve(x, np.array([1.0, 2.0, 1.0])),
    "a stack": lambda x, a: sd.stack([x[1:] * x[:-1], x[1:] ** 2], axis=1),
    "listed places": lambda x, a: x[np.array([0, 2, 4])] * x[np.array([1, 3, 5])],
    "products of rows": lambda x, a: a.prod(axis=1),
    "softmax of rows": lambda x, a: sd.softmax(a, axis=1),
    "norms of rows": lambda x, a: sd.linalg.norm(a, axis=1),
    "a product with a constant": lambda x, a: np.arange(1.0, 7.0).reshape(2, 3) @ a,
    "a Kronecker product": lambda x, a: sd.kron(np.eye(2), a[:2, :2]).reshape(16),
}


@pytest.mark.parametrize("name", FOUND_BY_STRUCTURE)
def test_structure_alone_gives_the_pattern(name):
    """Colouring would find no zero more: entries are those that are not zero at a point in general position."""
    x, a = sd.Var("x", shape=6), sd.Var("A", shape=(3, 4))
    rng = np.random.default_rng(0)
    point = {x: rng.normal(size=6) + 2, a: rng.normal(size=(3, 4)) + 2}
    f = FOUND_BY_STRUCTURE[name](x, a)
    (variable,) = f.variables
    dense = np.asarray(sd.jacobian(f, variable).evaluate(point), float).reshape(int(np.prod(f.shape)), -1)
    found = sd.compile(sd.jacobian(f, variable, sparse=True), [variable])(point[variable])
    np.testing.assert_allclose(found.toarray(), dense, rtol=1e-12, atol=1e-14)
    assert found.nnz == np.count_nonzero(dense)
