"""SciPy's solvers run with what `to_scipy` gives them."""

import inspect
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import sympy
from scipy.integrate import solve_ivp
from scipy.optimize import NonlinearConstraint, check_grad, least_squares, minimize, root
from scipy.sparse import issparse

import symdiff as sd
from symdiff.bridge.scipy import OPTIONS


def rosenbrock(n):
    xs = sd.variables("x", n)
    return sum(100 * (xs[1:] - xs[:-1] ** 2) ** 2 + (1 - xs[:-1]) ** 2), xs


START = np.array([1.3, 0.7, 0.8, 1.9])

METHODS = {
    "BFGS": ["jac"],
    "L-BFGS-B": ["jac"],
    "Newton-CG": ["jac", "hess"],
    "trust-exact": ["jac", "hess"],
    "trust-constr": ["jac", "hess"],
    "trust-ncg": ["jac", "hessp"],
    "trust-krylov": ["jac", "hessp"],
    "SLSQP": ["jac"],
}


@pytest.mark.parametrize("method", METHODS)
def test_minimize(method):
    problem = sd.to_scipy(*rosenbrock(4))
    derivatives = {name: getattr(problem, name) for name in METHODS[method]}
    found = minimize(problem.fun, START, method=method, **derivatives)
    assert found.x == pytest.approx(np.ones(4), abs=1e-3)


def test_value_and_gradient_together():
    problem = sd.to_scipy(*rosenbrock(4))
    found = minimize(problem.fun_and_jac, START, jac=True, method="BFGS")
    assert found.x == pytest.approx(np.ones(4), abs=1e-4)
    assert check_grad(problem.fun, problem.jac, START) < 1e-3
    value, slopes = problem.fun(START, jac=True)
    assert value == problem.fun(START)
    assert slopes.tolist() == problem.jac(START).tolist()


def test_values_and_shapes():
    x, y = sd.variables("x y")
    problem = sd.to_scipy(x**2 * y + y + 2, [x, y])
    assert type(problem.fun([3.0, 4.0])) is float
    assert problem.fun([3, 4]) == 42.0
    assert problem.jac([3, 4]).tolist() == [24.0, 10.0]
    assert problem.hess([3, 4]).tolist() == [[8.0, 6.0], [6.0, 0.0]]
    assert problem.hessp([3, 4], [1, 2]).tolist() == [20.0, 6.0]


def test_params_are_arguments():
    x, y, a = sd.variables("x y a")
    w = sd.variables("w", 2)
    problem = sd.to_scipy(w[0] * (x - a) ** 2 + w[1] * (y + a) ** 2, [x, y], params=[a, w])
    args = (3.0, np.array([1.0, 2.0]))
    assert problem.fun([0, 0], *args) == 27.0
    assert problem.jac([0, 0], *args).tolist() == [-6.0, 12.0]
    assert problem.hess([0, 0], *args).tolist() == [[2.0, 0.0], [0.0, 4.0]]
    assert problem.hessp([0, 0], [1, 1], *args).tolist() == [2.0, 4.0]
    second = {"BFGS": {}, "trust-exact": {"hess": problem.hess}, "trust-ncg": {"hessp": problem.hessp}}
    for method, extra in second.items():
        found = minimize(problem.fun, [0.0, 0.0], args=args, jac=problem.jac, method=method, **extra)
        assert found.x == pytest.approx([3, -3], abs=1e-4)


def test_residuals():
    a, b = sd.variables("a b")
    t = np.linspace(0, 2, 9)
    data = 2 * np.exp(-1.5 * t)
    problem = sd.to_scipy([a * sd.exp(-b * float(s)) - float(d) for s, d in zip(t, data, strict=True)], [a, b])
    assert problem.fun([1, 1]).shape == (9,)
    assert problem.jac([1, 1]).shape == (9, 2)
    found = least_squares(problem.fun, [1.0, 1.0], jac=problem.jac)
    assert found.x == pytest.approx([2, 1.5], abs=1e-8)
    with pytest.raises(sd.SymdiffTypeError, match="one expression"):
        problem.hessp([1, 1], [1, 0])


def test_root():
    x, y = sd.variables("x y")
    problem = sd.to_scipy([x**2 + y**2 - 4, sd.exp(x) + y - 1], [x, y])
    found = root(problem.fun, [1.0, -1.5], jac=problem.jac)
    assert found.success
    assert problem.fun(found.x) == pytest.approx([0, 0], abs=1e-9)
    found = root(problem.fun_and_jac, [1.0, -1.5], jac=True)
    assert problem.fun(found.x) == pytest.approx([0, 0], abs=1e-9)


def test_differential_equations():
    y = sd.variables("y", 2)
    mu = sd.Var("mu")
    problem = sd.to_scipy([y[1], mu * (1 - y[0] ** 2) * y[1] - y[0]], y, params=[mu], time="t")
    found = solve_ivp(problem.fun, (0, 20), [2.0, 0.0], jac=problem.jac, args=(100.0,), method="Radau", rtol=1e-8)
    again = solve_ivp(problem.fun, (0, 20), [2.0, 0.0], args=(100.0,), method="Radau", rtol=1e-8)
    assert found.success
    assert found.y[:, -1] == pytest.approx(again.y[:, -1], rel=1e-5)
    t, z = sd.variables("t z")
    forced = sd.to_scipy([t - z], [z], time=t)
    assert forced.fun(3.0, [1.0]).tolist() == [2.0]
    assert forced.jac(3.0, [1.0]).tolist() == [[-1.0]]


def test_constraints():
    x, y = sd.variables("x y")
    problem = sd.to_scipy((x - 2) ** 2 + (y - 1) ** 2, [x, y])
    circle = sd.to_scipy([x**2 + y**2], [x, y])
    assert circle.hess([0.3, 0.4], np.array([3.0])).tolist() == [[6.0, 0.0], [0.0, 6.0]]
    inside = NonlinearConstraint(circle.fun, -np.inf, 1, jac=circle.jac, hess=circle.hess)
    found = minimize(
        problem.fun, [0.0, 0.0], jac=problem.jac, hess=problem.hess, constraints=[inside], method="trust-constr"
    )
    assert found.x == pytest.approx(np.array([2, 1]) / np.sqrt(5), abs=1e-3)


def test_sparse_matrices():
    f, xs = rosenbrock(30)
    problem = sd.to_scipy(f, xs, sparse=True)
    start = np.linspace(-1, 1, 30)
    assert issparse(problem.hess(start))
    assert problem.hess(start).nnz == 30 + 2 * 29
    assert (problem.hess(start).toarray() == sd.to_scipy(f, xs).hess(start)).all()
    found = minimize(problem.fun, start, jac=problem.jac, hess=problem.hess, method="trust-constr")
    assert problem.fun(found.x) < 10.0
    residuals = sd.to_scipy(list(10 * (xs[1:] - xs[:-1] ** 2)) + list(1 - xs), xs, sparse=True)
    found = least_squares(residuals.fun, start, jac=residuals.jac, method="trf")
    assert found.x == pytest.approx(np.ones(30), abs=1e-6)


def test_one_evaluation_a_point():
    count = 0

    def counted(t):
        nonlocal count
        count += 1
        return t * 1.0

    tap = sd.operation("tap_of_to_scipy", counted, lambda r, t: 1)
    x = sd.Var("x")
    problem = sd.to_scipy(tap(x) ** 2, [x], backend="numpy")
    assert problem.fun([3.0]) == 9.0
    assert count == 1
    assert problem.jac([3.0]).tolist() == [6.0]
    assert problem.fun(np.array([3.0])) == 9.0
    assert count == 1
    assert problem.fun([4.0]) == 16.0
    assert count == 2


def test_results_may_be_written_into():
    x, y = sd.variables("x y")
    problem = sd.to_scipy(x * y, [x, y])
    problem.jac([3.0, 4.0])[:] = 0
    assert problem.jac([3.0, 4.0]).tolist() == [4.0, 3.0]


def test_threads():
    x, y = sd.variables("x y")
    problem = sd.to_scipy(x**2 + sd.sin(y), [x, y])

    def work(k):
        point = np.array([float(k % 7), float(k % 5)])
        value, slopes = problem.fun(point), problem.jac(point)
        return abs(value - (point[0] ** 2 + np.sin(point[1]))) < 1e-12 and slopes[0] == 2 * point[0]

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(work, range(2000)))


def test_sympy_goes_in_directly():
    x, y, a = sympy.symbols("x y a")
    problem = sd.to_scipy((x - a) ** 2 + y**2, [x, y], params=[a])
    assert problem.jac([1.0, 2.0], 3.0).tolist() == [-4.0, 4.0]
    assert problem.hessp([1.0, 2.0], [1.0, 1.0], 3.0).tolist() == [2.0, 2.0]


def test_options_are_those_of_compile():
    keywords = inspect.signature(sd.compile).parameters.values()
    assert {*OPTIONS} == {p.name for p in keywords if p.kind is p.KEYWORD_ONLY}
    with pytest.raises(sd.SymdiffTypeError, match=r"no option 'backnd'.*backend"):
        sd.to_scipy(sd.Var("x") ** 2, ["x"], backnd="numpy")


def test_bad_input():
    x, y = sd.variables("x y")
    with pytest.raises(sd.SymdiffValueError, match="depends on y"):
        sd.to_scipy(x * y, [x])
    with pytest.raises(sd.SymdiffValueError, match="x is among the inputs twice"):
        sd.to_scipy(x * y, [x, y], params=[x])
    with pytest.raises(sd.SymdiffValueError, match="xs is empty"):
        sd.to_scipy(x * y, [])
    with pytest.raises(sd.SymdiffTypeError, match="1 argument"):
        sd.to_scipy(x * y, [x, y]).fun()
    with pytest.raises(sd.SymdiffValueError, match="shape"):
        sd.to_scipy(x * y, [x, y]).fun([1.0, 2.0, 3.0])
