"""What `to_scipy` gives for arrays: against differences, against the same over scalar variables, in SciPy's solvers."""

# ruff: noqa: N806  # matrices have capital names

import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import NonlinearConstraint, approx_fprime, least_squares, minimize, root
from scipy.sparse import issparse

import symdiff as sd

RNG = np.random.default_rng(5)


def mixed():
    """A scalar, two vectors and a matrix, of scalars, of an array of scalars, and of arrays, with data beside."""
    a, X, w, b = sd.Var("a"), sd.Var("X", shape=(3, 2)), sd.variables("w", 4), sd.Var("b", shape="n")
    value = (a * X**2).sum() + np.sin(X[0, 1] * w[2]) + b.sum() * w[0] * a
    several = [X @ X.T * a, w[0] * w[1] * w[3], b * a + w[2] ** 3]
    return value, several, [a, X, w], b


X0 = RNG.normal(size=11)
DATA = RNG.normal(size=3)
WEIGHTS = RNG.normal(size=13)


@pytest.mark.parametrize("sparse", [False, True])
def test_derivatives_of_a_scalar(sparse):
    f, _, xs, b = mixed()
    problem = sd.to_scipy(f, xs, params=[b], sparse=sparse)
    assert type(problem.fun(X0, DATA)) is float
    assert problem.jac(X0, DATA) == pytest.approx(approx_fprime(X0, problem.fun, 1e-7, DATA), abs=1e-5)
    hessian = problem.hess(X0, DATA)
    assert issparse(hessian) == sparse
    hessian = hessian.toarray() if sparse else hessian
    assert hessian == pytest.approx(approx_fprime(X0, problem.jac, 1e-7, DATA), abs=1e-5)
    p = RNG.normal(size=11)
    assert problem.hessp(X0, p, DATA) == pytest.approx(hessian @ p, rel=1e-12)


@pytest.mark.parametrize("sparse", [False, True])
def test_derivatives_of_several_arrays(sparse):
    _, fs, xs, b = mixed()
    problem = sd.to_scipy(fs, xs, params=b, sparse=sparse)
    value = problem.fun(X0, DATA)
    a, X, w = X0[0], X0[1:7].reshape(3, 2), X0[7:]
    assert value == pytest.approx(np.concatenate([(X @ X.T * a).ravel(), [w[0] * w[1] * w[3]], DATA * a + w[2] ** 3]))
    slopes, second = problem.jac(X0, DATA), problem.hess(X0, WEIGHTS, DATA)
    assert issparse(slopes) == issparse(second) == sparse
    if sparse:
        slopes, second = slopes.toarray(), second.toarray()
    assert slopes == pytest.approx(approx_fprime(X0, problem.fun, 1e-7, DATA), abs=1e-5)
    weighted = approx_fprime(X0, lambda x: dense(problem.jac(x, DATA)).T @ WEIGHTS, 1e-7)
    assert second == pytest.approx(weighted, abs=1e-5)


def dense(matrix):
    return matrix.toarray() if issparse(matrix) else matrix


def test_arrays_are_their_scalar_variables():
    X, y = sd.Var("X", shape=(2, 3)), sd.Var("y", shape=2)
    f = np.exp(X @ np.array([1.0, -2.0, 0.5]) * y).sum() + (X**3).sum() * y[0]
    whole = sd.to_scipy(f, [X, y])
    x = RNG.normal(size=8)
    for unknowns in [X, y], ["X", "y"]:
        entries = sd.to_scipy(f.expand(), unknowns)
        assert whole.fun(x) == pytest.approx(entries.fun(x), rel=1e-13)
        assert whole.jac(x) == pytest.approx(entries.jac(x), rel=1e-12)
        assert whole.hess(x) == pytest.approx(entries.hess(x), rel=1e-12)
        assert entries.split(x)[0].shape == (2, 3)


def test_split():
    f, _, xs, b = mixed()
    problem = sd.to_scipy(f, xs, params=[b])
    a, X, w = problem.split(np.arange(11.0), DATA)
    assert a == 0.0
    assert X.tolist() == [[1, 2], [3, 4], [5, 6]]
    assert w.tolist() == [7, 8, 9, 10]
    W = sd.Var("W", shape=2)
    assert sd.to_scipy((W**2).sum() * b.sum(), {"weights": W}, [b]).split([1.0, 2.0])["weights"].tolist() == [1, 2]


def test_unknowns_of_a_named_size():
    z = sd.Var("z", shape="n")
    f = (100 * (z[1:] - z[:-1] ** 2) ** 2).sum() + ((1 - z[:-1]) ** 2).sum()
    problem = sd.to_scipy(f, z, sparse=True)
    for n in (4, 9, 5):
        found = minimize(
            problem.fun, np.full(n, 1.2), jac=problem.jac, hess=problem.hess, method="trust-constr",
            options={"xtol": 1e-12, "gtol": 1e-9},
        )  # fmt: skip
        assert found.x == pytest.approx(np.ones(n), abs=1e-6)


def test_sizes_are_told_by_the_vector_or_by_parameters():
    u, V, b = sd.Var("u", shape="n"), sd.Var("V", shape=("n - 1", 2)), sd.Var("b", shape="m")
    problem = sd.to_scipy((u**2).sum() + 2 * (V**2).sum() + b.sum() * u[0], [u, V], params=[b])
    assert problem.jac(np.ones(10), np.ones(5)).tolist() == [7.0, 2.0, 2.0, 2.0, *[4.0] * 6]
    with pytest.raises(sd.SymdiffValueError, match="no size n gives unknowns of 11 entries"):
        problem.fun(np.ones(11), np.ones(5))
    W = sd.Var("W", shape=("n", "k"))
    with pytest.raises(sd.SymdiffValueError, match="the sizes n and k are told by no array"):
        sd.to_scipy((W**2).sum(), W).fun(np.ones(6))


def test_data_are_parameters():
    a, b = sd.variables("a b")
    t, y = sd.Var("t", shape="n"), sd.Var("y", shape="n")
    fit = sd.to_scipy(a * np.exp(-b * t) - y, [a, b], params=[t, y])
    for n in (10, 1000):
        times = np.linspace(0, 2, n)
        found = least_squares(fit.fun, [1.0, 1.0], jac=fit.jac, args=(times, 2 * np.exp(-1.5 * times)))
        assert found.x == pytest.approx([2, 1.5], abs=1e-8)
    s, z = sd.variables("s z")  # a formula of one datum, over all
    p = sd.Var("p", shape=2)
    for unknowns, formula in ([a, b], a * sd.exp(-b * s) - z), (p, p[0] * sd.exp(-p[1] * s) - z):
        one = sd.to_scipy(formula, unknowns, params=[s, z])
        data = (times[:20], 2 * np.exp(-1.5 * times[:20]))
        assert one.fun([1.5, 1.0], *data) == pytest.approx(fit.fun([1.5, 1.0], *data), rel=1e-12)
        assert one.jac([1.5, 1.0], *data) == pytest.approx(fit.jac([1.5, 1.0], *data), rel=1e-12)
        assert one.hess([1.5, 1.0], *data).shape == (20, 2, 2)


def heat(n):
    u, k = sd.Var("u", shape=n), sd.Var("k")
    inside = k * (u[2:] - 2 * u[1:-1] + u[:-2]) - u[1:-1] ** 3
    return np.concatenate([0 * u[:1], inside, 0 * u[-1:]]), u, k


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")  # SciPy's BDF reads rows that it has not filled
@pytest.mark.parametrize("method", ["BDF", "Radau"])
def test_method_of_lines(method):
    rates, u, k = heat(30)
    problem = sd.to_scipy(rates, u, params=[k], time="t", sparse=True)
    start = np.sin(np.linspace(0, np.pi, 30))
    found = solve_ivp(problem.fun, (0, 0.5), start, args=(100.0,), jac=problem.jac, method=method, rtol=1e-8)
    pattern = problem.jac_sparsity
    assert pattern.nnz == 3 * 28
    assert ((problem.jac(0.0, start, 100.0).toarray() != 0) <= (pattern.toarray() != 0)).all()
    again = solve_ivp(problem.fun, (0, 0.5), start, args=(100.0,), jac_sparsity=pattern, method=method, rtol=1e-8)
    assert found.y[:, -1] == pytest.approx(again.y[:, -1], abs=1e-6)


def test_sparse_jacobians_in_solvers():
    x = sd.Var("x", shape=40)
    residuals = [10 * (x[1:] - x[:-1] ** 2), 1 - x]
    problem = sd.to_scipy(residuals, x, sparse=True)
    start = np.linspace(-1, 1, 40)
    found = least_squares(problem.fun, start, jac=problem.jac, method="trf")
    assert found.x == pytest.approx(np.ones(40), abs=1e-6)
    found = least_squares(problem.fun, start, jac_sparsity=problem.jac_sparsity, method="trf")
    assert found.x == pytest.approx(np.ones(40), abs=1e-5)
    energy, balls = sd.to_scipy((x**2).sum(), x, sparse=True), sd.to_scipy(x[1:] ** 2 + x[:-1], x, sparse=True)
    beyond = NonlinearConstraint(balls.fun, 1.0, np.inf, jac=balls.jac, hess=balls.hess)
    found = minimize(
        energy.fun, np.full(40, 2.0), jac=energy.jac, hess=energy.hess, constraints=[beyond], method="trust-constr",
        options={"maxiter": 2000},
    )  # fmt: skip
    assert balls.fun(found.x).min() > 1 - 1e-6
    x2 = sd.Var("x2", shape=2)
    square = sd.to_scipy([x2[0] ** 2 + x2[1] ** 2 - 4, sd.exp(x2[0]) + x2[1] - 1], x2)
    assert square.fun(root(square.fun, [1.0, -1.5], jac=square.jac).x) == pytest.approx([0, 0], abs=1e-9)


def test_values_alone_cost_no_slopes():
    slopes = []

    def slope(t):
        slopes.append(t)
        return t * 2.0

    slope_of = sd.operation("slope_of_counted", slope, lambda r, t: 2)
    square = sd.operation("counted_square", lambda t: t * t, lambda r, t: slope_of(t))
    x = sd.Var("x")
    problem = sd.to_scipy(square(x), [x], backend="numpy")
    for k in range(50):
        assert problem.fun([float(k)]) == k * k
    assert len(slopes) <= 1  # the first call can't know
    assert problem.jac([49.0]).tolist() == [98.0]
    slopes.clear()
    for k in range(20):  # and both together where both are asked
        problem.fun([k + 0.5])
        assert problem.jac([k + 0.5]).tolist() == [2 * k + 1.0]
    assert len(slopes) == 20


def test_a_stiff_solver_asks_for_few_slopes():
    y, k = sd.variables("y", 3), sd.variables("k", 3)
    f = [-k[0] * y[0] + k[2] * y[1] * y[2], k[0] * y[0] - k[1] * y[1] ** 2 - k[2] * y[1] * y[2], k[1] * y[1] ** 2]
    problem = sd.to_scipy(f, y, params=[k], time="t")
    args = (np.array([0.04, 3e7, 1e4]),)
    both = problem._first._both
    computed = []
    problem._first._both = lambda point: computed.append(1) or both(point)
    found = solve_ivp(
        problem.fun, (0, 40), [1.0, 0, 0], args=args, jac=problem.jac, method="BDF", rtol=1e-8, atol=1e-12
    )
    assert found.y[:, -1] == pytest.approx([0.7158271, 9.1855e-6, 0.2841637], rel=1e-4)  # of the literature
    assert len(computed) <= found.njev + 3 < found.nfev / 10


def test_float32_pickles_and_threads():
    f, fs, xs, b = mixed()
    single = sd.to_scipy(f, xs, params=[b], dtype=np.float32)
    double = sd.to_scipy(f, xs, params=[b])
    assert single.jac(X0, DATA).dtype == np.float32
    assert single.jac(X0, DATA) == pytest.approx(double.jac(X0, DATA), rel=1e-4, abs=1e-5)
    problem = sd.to_scipy(fs, xs, params=[b], sparse=True)
    problem.jac(X0, DATA)
    again = pickle.loads(pickle.dumps(problem))
    assert (again.jac(X0, DATA) != problem.jac(X0, DATA)).nnz == 0
    assert (again.hess(X0, WEIGHTS, DATA) != problem.hess(X0, WEIGHTS, DATA)).nnz == 0

    def work(k):
        x = X0 + k % 7
        return problem.fun(x, DATA).tolist(), problem.jac(x, DATA).toarray().tolist()

    expected = [work(k) for k in range(7)]
    with ThreadPoolExecutor(4) as pool:
        assert all(found == expected[k % 7] for k, found in enumerate(pool.map(work, range(300))))


def test_time_is_a_number_whatever_arrays_have_its_name():
    t, y = sd.Var("t", shape=3), sd.Var("y", shape=2)
    assert sd.to_scipy(-y, y, time="t").fun(0.0, [1.0, 2.0]).tolist() == [-1.0, -2.0]
    with pytest.raises(sd.SymdiffTypeError, match="time is a number, and t is an array"):
        sd.to_scipy(-y * t.sum(), y, time=t)


def test_bad_input():
    S, X = sd.Var("S", shape=(2, 2), symmetric=True), sd.Var("X", shape=(2, 2))
    with pytest.raises(sd.SymdiffTypeError, match="entries of the symmetric S are not free"):
        sd.to_scipy((S**2).sum(), S)
    with pytest.raises(sd.SymdiffValueError, match="depends on X"):
        sd.to_scipy((S**2).sum() * X[0, 0], sd.Var("y"), params=[S])
    problem = sd.to_scipy((X**2).sum(), X)
    with pytest.raises(sd.SymdiffValueError, match="the unknowns have 4 entries"):
        problem.fun(np.ones(5))
    with pytest.raises(sd.SymdiffTypeError, match="no vector of numbers"):
        problem.fun(["a"] * 4)
    with pytest.raises(sd.SymdiffTypeError, match="takes 1 argument"):
        problem.fun(np.ones(4), 3.0)
    with pytest.raises(sd.SymdiffTypeError, match="an unknown is a variable"):
        sd.to_scipy((X**2).sum(), [X + 1])
    with pytest.raises(sd.SymdiffTypeError, match="hessp is for one expression"):
        sd.to_scipy(X, X).hessp(np.ones(4), np.ones(4))
