"""`sd.problem` solved: against known optima, CasADi and SciPy alone, and what it says where nothing can be found."""

import importlib.util
import math
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import sympy
from hock_schittkowski import PROBLEMS
from scipy.optimize import Bounds, NonlinearConstraint, minimize

import symdiff as sd

IPOPT = importlib.util.find_spec("cyipopt") is not None
needs_ipopt = pytest.mark.skipif(not IPOPT, reason="cyipopt is not installed: the extra ipopt")
METHODS = [pytest.param("ipopt", marks=needs_ipopt), "trust-constr", "SLSQP"]
TIGHT = {"trust-constr": {"xtol": 1e-11, "gtol": 1e-10}, "SLSQP": {"ftol": 1e-11}, "ipopt": {"tol": 1e-10}}
NEAR = {"trust-constr": 1e-3, "SLSQP": 2e-6, "ipopt": 2e-6}


def made(known, scalar):
    """The problem of a formula, over scalar variables or over one array."""
    n = len(known.start)
    x = sd.variables("x", n) if scalar else sd.Var("x", shape=n)
    f, equal, positive = known.formula(x, sd)
    return sd.problem(f, x, equal=equal, upper=[-h for h in positive], bounds=(known.low, known.high))


def stationarity(problem, solution):
    """The largest slope of the Lagrangian, by SymPy-free differences of the graph's own values."""
    evaluated = lambda e, x: e.evaluate({problem._unknowns.items[0]: x})  # noqa: E731
    step, x = 1e-6, solution.x
    weights = [*solution.multipliers.equal, *solution.multipliers.upper]

    def lagrangian(x):
        return evaluated(problem._f, x) + sum(
            w * evaluated(e, x) for w, e in zip(weights, problem._outputs, strict=True)
        )

    slopes = np.array([(lagrangian(x + d) - lagrangian(x - d)) / (2 * step) for d in step * np.eye(len(x))])
    return abs(slopes - solution.multipliers.low + solution.multipliers.high).max()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", PROBLEMS)
def test_known_optima(name, method):
    known = PROBLEMS[name]
    problem = made(known, scalar=False)
    found = problem.solve(known.start, method)
    assert found.success, found.report
    assert found.fun == pytest.approx(known.optimum, rel=NEAR[method], abs=NEAR[method])
    assert found.violation < 1e-7
    assert stationarity(problem, found) < 1e-3
    assert all(w >= 0 for w in found.multipliers.upper)
    assert found.iterations > 0
    assert len(found.history) > 1
    assert found.history[-1].objective == pytest.approx(found.fun, rel=1e-4, abs=1e-4)


@pytest.mark.parametrize("name", PROBLEMS)
def test_scalar_variables_as_arrays(name):
    known = PROBLEMS[name]
    found = [made(known, scalar).solve(known.start, "SLSQP") for scalar in (False, True)]
    assert found[0].x == pytest.approx(found[1].x, rel=1e-5, abs=1e-5)
    assert found[0].multipliers.equal == pytest.approx(found[1].multipliers.equal, rel=1e-4, abs=1e-5)


def test_a_search_that_ends_at_the_optimum_has_solved_it():
    """SLSQP's line search finds nothing lower where rounding blurs the optimum, or away from it: slopes tell which."""
    known = PROBLEMS["hs100"]
    for least in (1e-8, 1e-12, 1e-15):
        found = made(known, scalar=False).solve(known.start, "SLSQP", options={"ftol": least})
        assert found.success, found.report
        assert found.fun == pytest.approx(known.optimum, rel=1e-8)
    x = sd.Var("x", shape=2)
    edge = sd.problem((x**2).sum() + 1e9 * sd.abs(x[0] - 1 / 3) + sd.abs(x[1] - x[0]), x, equal=[x[0] * x[1] - 1])
    found = edge.solve([3.0, 1.0], "SLSQP")
    assert not found.success or abs(found.x[0] - 1 / 3) < 1e-6


@needs_ipopt
@pytest.mark.parametrize("name", PROBLEMS)
def test_beside_casadi(name):
    casadi = pytest.importorskip("casadi")
    known = PROBLEMS[name]
    x = casadi.SX.sym("x", len(known.start))
    f, equal, positive = known.formula(x, casadi)
    program = {"x": x, "f": f, "g": casadi.vertcat(*equal, *[-h for h in positive])}
    solver = casadi.nlpsol("solver", "ipopt", program, {"print_time": 0, "ipopt.print_level": 0, "ipopt.sb": "yes"})
    bottom = [0.0] * len(equal) + [-math.inf] * len(positive)
    low = -math.inf if known.low is None else list(known.low)
    high = math.inf if known.high is None else list(known.high)
    theirs = solver(x0=known.start, lbg=bottom, ubg=0, lbx=low, ubx=high)
    ours = made(known, scalar=True).solve(known.start, "ipopt")
    assert ours.fun == pytest.approx(float(theirs["f"]), rel=1e-7, abs=1e-7)
    assert ours.iterations == solver.stats()["iter_count"]
    weights = [*ours.multipliers.equal, *ours.multipliers.upper]
    assert weights == pytest.approx(np.array(theirs["lam_g"]).ravel(), rel=1e-4, abs=1e-5)


@pytest.mark.parametrize("name", PROBLEMS)
def test_beside_scipy_alone(name):
    """The same formula over NumPy's numbers given to SciPy, which takes differences in place of derivatives."""
    known = PROBLEMS[name]
    equal, positive = [[float(c) for c in known.formula(np.array(known.start), np)[k]] for k in (1, 2)]
    constraints = [
        {"type": kind, "fun": lambda x, k=k: np.array(known.formula(x, np)[k], dtype=float)}
        for kind, k, held in (("eq", 1, equal), ("ineq", 2, positive)) if held
    ]  # fmt: skip
    bounds = None
    if known.low is not None or known.high is not None:
        n = len(known.start)
        bounds = Bounds(*[np.broadcast_to(side if side is not None else free, n) for side, free in
                          ((known.low, -np.inf), (known.high, np.inf))])  # fmt: skip
    theirs = minimize(lambda x: float(known.formula(x, np)[0]), known.start, method="SLSQP", bounds=bounds,
                      constraints=constraints, options={"ftol": 1e-11, "maxiter": 500})  # fmt: skip
    ours = made(known, scalar=False).solve(known.start, "SLSQP")
    assert theirs.success or theirs.status == 8, theirs.message  # 8: nothing lower is found, at the optimum too
    assert ours.fun == pytest.approx(theirs.fun, rel=1e-5, abs=1e-5)
    assert ours.x == pytest.approx(theirs.x, rel=1e-3, abs=1e-3)


def test_mixed_constraints_beside_scipy_alone():
    """Written for SciPy by hand, differences in place of derivatives."""
    x = sd.Var("x", shape=3)
    problem = sd.problem((x**2).sum() + x[0] * x[1], x, equal=[x.sum() - 1], upper=[(x[2], 0.1), x[0] * x[1] >= 0.15])
    ours = problem.solve([0.5, 0.5, 0.0], "SLSQP")
    theirs = minimize(
        lambda x: (x**2).sum() + x[0] * x[1], [0.5, 0.5, 0.0], method="SLSQP",
        constraints=[
            NonlinearConstraint(lambda x: x.sum() - 1, 0, 0), NonlinearConstraint(lambda x: x[2], -np.inf, 0.1),
            NonlinearConstraint(lambda x: x[0] * x[1], 0.15, np.inf),
        ], options={"ftol": 1e-9},
    )  # fmt: skip
    assert ours.x == pytest.approx(theirs.x, abs=1e-4)


def cart_pole(n):
    """The swing-up by Hermite and Simpson, whole arrays (Kelly, SIAM Review 59, 2017)."""
    h, m1, m2, length, g = 2.0 / n, 1.0, 0.3, 0.5, 9.81
    X, U = sd.Var("X", shape=(n + 1, 4)), sd.Var("U", shape=n + 1)  # noqa: N806

    def rates(x, u):
        sine, cosine, v = np.sin(x[:, 1]), np.cos(x[:, 1]), x[:, 3]
        mass = m1 + m2 * (1 - cosine**2)
        push = length * m2 * sine * v**2 + u
        slide = (push + m2 * g * cosine * sine) / mass
        turn = -(push * cosine + (m1 + m2) * g * sine) / (length * mass)
        return np.stack([x[:, 2], v, slide, turn], axis=1)

    f = rates(X, U)
    middle = (X[:-1] + X[1:]) / 2 + h / 8 * (f[:-1] - f[1:])
    inside = rates(middle, (U[:-1] + U[1:]) / 2)
    defects = X[1:] - X[:-1] - h / 6 * (f[:-1] + 4 * inside + f[1:])
    effort = h / 2 * (U[:-1] ** 2 + U[1:] ** 2).sum()
    equal = {"defects": defects, "ends": [X[0], (X[-1], np.array([0.8, np.pi, 0, 0]))]}
    start = np.zeros((n + 1, 4))
    start[:, 0], start[:, 1] = np.linspace(0, 0.8, n + 1), np.linspace(0, np.pi, n + 1)
    return sd.problem(effort, {"X": X, "U": U}, equal=equal), {"X": start, "U": 0.0}


@pytest.mark.parametrize(
    ("n", "method", "optimum"),
    [
        pytest.param(50, "ipopt", 60.3562, marks=needs_ipopt), pytest.param(200, "ipopt", 59.7546, marks=needs_ipopt),
        (50, "trust-constr", 60.3562),
    ],
)  # fmt: skip
def test_cart_pole(n, method, optimum):
    problem, start = cart_pole(n)
    found = problem.solve(start, method)
    assert found.success
    assert found.fun == pytest.approx(optimum, abs=1e-4)
    assert found.values["X"].shape == (n + 1, 4)
    assert found.values["X"][-1] == pytest.approx([0.8, np.pi, 0, 0], abs=1e-6)
    assert found["U"].shape == (n + 1,)
    assert found.multipliers.equal["defects"].shape == (n, 4)
    assert [m.shape for m in found.multipliers.equal["ends"]] == [(4,), (4,)]


# -- parameters, sizes, starts ----------------------------------------------------------------


def portfolio():
    S = sd.Var("S", shape=("n", "n"), symmetric=True)  # noqa: N806
    mean, w, rate = sd.Var("mean", shape="n"), sd.Var("w", shape="n"), sd.Var("rate")
    kept = {"equal": [w.sum() - 1], "upper": [rate - mean @ w], "bounds": (0, None)}
    return sd.problem(w @ S @ w, w, **kept, params=[S, mean, rate])


@pytest.mark.parametrize("method", METHODS)
def test_parameters_and_named_sizes(method):
    problem = portfolio()
    rng = np.random.default_rng(3)
    for n in (3, 6, 3):
        A = rng.normal(size=(n, n))  # noqa: N806
        risk, mean = A @ A.T + np.eye(n), np.linspace(0.01, 0.1, n)
        found = problem.solve(np.full(n, 1 / n), method, params=[risk, mean, 0.07])
        assert found.success
        assert found["w"].sum() == pytest.approx(1)
        assert mean @ found.x >= 0.07 - 1e-6
        again = problem.solve({"w": np.full(n, 1 / n)}, method, params={"S": risk, "mean": mean, "rate": 0.0})
        assert again.fun <= found.fun + 1e-7
    assert len(problem._programs) <= 3  # nothing is compiled anew


@pytest.mark.parametrize("method", METHODS)
def test_index_arrays_are_parameters(method):
    x, places = sd.Var("x", shape=4), sd.Var("places", shape="m", dtype=int)
    problem = sd.problem(((x - 1) ** 2).sum(), x, upper=[x[places]], params=places)
    for at in ([0, 2], [3], [1, 2, 3]):
        found = problem.solve(np.full(4, 0.5), method, params=np.array(at))
        assert found.x == pytest.approx([0 if k in at else 1 for k in range(4)], abs=2e-3)
    with pytest.raises(sd.SymdiffTypeError, match="places holds ints"):
        sd.problem(x[places].sum(), [x, places])


def test_starts():
    a, W, s = sd.Var("a"), sd.Var("W", shape=(2, 2)), sd.variables("s", 2)  # noqa: N806
    f = (a - 1) ** 2 + ((W - 2) ** 2).sum() + (s[0] - 3) ** 2 + (s[1] - 4) ** 2
    problem = sd.problem(f, [a, W, s])
    for start in (
        [0.0, np.zeros((2, 2)), [0, 0]],
        [0.0, 0.0, 0.0],
        np.zeros(7),
        {"a": 0, "W": 0, "s": [0, 0]},
        {a: 0, W: 0, "s": 0},
    ):
        found = problem.solve(start, "SLSQP")
        assert found["a"] == pytest.approx(1, abs=1e-4)
        assert found[W] == pytest.approx(np.full((2, 2), 2), abs=1e-4)
        assert found["s"] == pytest.approx([3, 4], abs=1e-4)
    a.value, W.value, s[0].value, s[1].value = 5.0, np.ones((2, 2)), 1.0, 1.0
    assert problem.solve(method="SLSQP").fun == pytest.approx(0, abs=1e-8)


def test_a_system_of_equations_has_no_objective():
    x = sd.Var("x", shape=2)
    found = sd.problem(0, x, equal=[(x**2).sum() - 4, sd.exp(x[0]) + x[1] - 1]).solve([1.0, -1.7], "SLSQP")
    assert found.x == pytest.approx([1.0042, -1.7296], abs=1e-4)


@needs_ipopt
def test_a_warm_start_takes_fewer_iterations():
    problem = portfolio()
    rng = np.random.default_rng(3)
    A = rng.normal(size=(40, 40))  # noqa: N806
    given = [A @ A.T + np.eye(40), np.linspace(0.01, 0.1, 40)]
    first = problem.solve(np.full(40, 1 / 40), "ipopt", params=[*given, 0.07])
    cold = problem.solve(np.full(40, 1 / 40), "ipopt", params=[*given, 0.0701])
    warm = problem.solve(first, "ipopt", params=[*given, 0.0701])
    assert warm.success
    assert warm.fun == pytest.approx(cold.fun, rel=1e-6)
    assert warm.iterations < cold.iterations / 2


@pytest.mark.parametrize("method", METHODS)
def test_multipliers_say_how_the_optimum_grows(method):
    x, b = sd.Var("x", shape=2), sd.Var("b", shape=2)
    problem = sd.problem((x**2).sum(), x, equal=[x[0] + 2 * x[1] - b[0]], upper=[b[1] - x[0]], params=b)
    at = lambda b: problem.solve([1.0, 1.0], method, params=b, options=TIGHT[method])  # noqa: E731
    found = at([1.0, 0.5])
    for k, weight in enumerate([-found.multipliers.equal[0], found.multipliers.upper[0]]):
        beyond = np.array([1.0, 0.5])
        beyond[k] += 1e-3
        assert (at(beyond).fun - found.fun) / 1e-3 == pytest.approx(weight, abs=5e-3)


# -- what goes wrong --------------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
def test_infeasible_problems_have_a_report(method):
    x = sd.Var("x", shape=2)
    problem = sd.problem(x.sum(), x, equal=[(x**2).sum() - 1], upper=[3 - x[0]])
    found = problem.solve([1.0, 1.0], method, options={"max_iter": 100} if method == "ipopt" else {"maxiter": 100})
    assert not found.success
    assert found.violation > 0.1
    assert "not solved" in str(found)
    assert "infeasib" in found.report or "ncompatible" in found.report
    assert "iteration" in found.report


def test_the_end_of_iterations_is_told():
    known = PROBLEMS["hs100"]
    found = made(known, scalar=False).solve(known.start, "trust-constr", options={"maxiter": 3})
    assert not found.success
    assert "maximum number" in found.message


def test_bad_input():
    x, a = sd.Var("x", shape=3), sd.Var("a")
    f = (x**2).sum()
    for error, text, run in (
        ("Type", "an objective is a scalar, and x.* is an array", lambda: sd.problem(x**2, x)),
        ("Value", "objective depends on a: add", lambda: sd.problem(f * a, x)),
        ("Value", "constraint a - x.sum.* depends on a", lambda: sd.problem(f, x, equal=[a - x.sum()])),
        ("Value", "constraint a - 1 holds none of the unknowns", lambda: sd.problem(f, x, equal=[a - 1], params=a)),
        ("Type", "`==` compares expressions", lambda: sd.problem(f, x, equal=[x[0] == x[1]])),
        ("Type", "3 is no constraint", lambda: sd.problem(f, x, upper=[3])),
        ("Type", "tuple of 3 is no constraint", lambda: sd.problem(f, x, upper=(x[0], x[1], 2))),
        ("Type", "holds no expression", lambda: sd.problem(f, x, upper=[(1, 2)])),
        ("Type", "give it to `upper`", lambda: sd.problem(f, x, equal=[x[0] <= 1])),
        ("Type", "give it to `equal`", lambda: sd.problem(f, x, upper=[sd.equal(x[0], 1)])),
        ("Type", "give these one by one", lambda: sd.problem(f, x, upper=[(x[0] < 1) & (x[1] < 1)])),
        ("Value", r"bounds of x\[1\] cross: 2.0 is above 1.0", lambda: sd.problem(f, x, bounds=([0, 2, 0], 1))),
        ("Value", "a bound of x is nan", lambda: sd.problem(f, x, bounds=(np.nan, 1))),
        ("Value", r"bound of x has shape \(2,\)", lambda: sd.problem(f, x, bounds=([0, 0], 1))),
        ("Type", "a pair .low, high.", lambda: sd.problem(f, x, bounds={"x": 3})),
        ("Value", "y is none of x", lambda: sd.problem(f, x, bounds={"y": (0, 1)})),
        ("Value", "x is among the inputs twice", lambda: sd.problem(f, [x, x])),
        ("Type", "an unknown is a variable", lambda: sd.problem(f, [x + 1])),
        ("Value", "xs is empty", lambda: sd.problem(f, [])),
    ):
        with pytest.raises(getattr(sd, f"Symdiff{error}Error"), match=text):
            run()


def test_bad_values():
    x, a = sd.Var("x", shape=3), sd.Var("a", shape=2)
    problem = sd.problem((x**2).sum() * a[0], x, upper=[a[1] - x[0]], params=[a])
    solve = lambda x0=(0, 0, 0), params=((1.0, 2.0),), **more: problem.solve(x0, params=params, **more)  # noqa: E731
    for error, text, run in (
        ("Value", "the start holds nan in x", lambda: solve([1, np.nan, 2])),
        ("Value", r"x has shape \(3,\), its start has \(4,\)", lambda: solve(np.ones(4))),
        ("Type", "no array of numbers", lambda: solve("start")),
        ("Value", "a has shape", lambda: solve(params=[[1.0, 2.0, 3.0]])),
        ("Value", "params has 2 values for 1", lambda: solve(params=[1.0, 2.0])),
        ("Value", "b is none of a", lambda: solve(params={"b": 1.0})),
        ("Value", "method is one of auto", lambda: solve(method="newton")),
    ):
        with pytest.raises(getattr(sd, f"Symdiff{error}Error"), match=text):
            run()
    with pytest.raises(sd.MissingValueError, match="no value for a"):
        problem.solve([0, 0, 0])
    with pytest.raises(sd.MissingValueError, match="no value for x"):
        problem.solve(params=[[1.0, 2.0]])
    with pytest.raises(sd.SymdiffTypeError, match="has no params"):
        sd.problem((x**2).sum(), x).solve([0, 0, 0], params=[1.0])


@needs_ipopt
def test_options_of_ipopt():
    x = sd.Var("x", shape=2)
    problem = sd.problem(((x - 1) ** 4).sum(), x)
    with pytest.raises(sd.SymdiffValueError, match="IPOPT takes no option tolerance = 1"):
        problem.solve([0, 0], "ipopt", options={"tolerance": 1})
    assert not problem.solve([5, 5], "ipopt", options={"max_iter": 2}).success


@needs_ipopt
def test_what_is_raised_inside_ends_the_run():
    def refuses(t):
        raise KeyboardInterrupt

    refuse = sd.operation("refuses_in_ipopt", refuses, lambda r, t: 1)
    x = sd.Var("x")
    with pytest.raises(KeyboardInterrupt):
        sd.problem(refuse(x) ** 2, x, backend="python").solve(1.0, "ipopt")


def test_a_missing_solver_says_what_to_install():
    code = (
        "import sys; sys.modules['cyipopt'] = None\n"
        "import symdiff as sd\n"
        "x = sd.Var('x')\n"
        "try:\n    sd.problem(x**2, x).solve(1.0, 'ipopt')\n"
        "except sd.MissingSolverError as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert 'pip install "symdiff-graph[ipopt]"' in done.stdout


# -- how it is kept ---------------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
def test_pickles_threads_and_float32(method):
    problem = portfolio()
    rng = np.random.default_rng(3)
    A = rng.normal(size=(5, 5))  # noqa: N806
    given = [A @ A.T + np.eye(5), np.linspace(0.01, 0.1, 5)]
    start = np.full(5, 0.2)
    rates = np.linspace(0.03, 0.09, 8)
    expected = [problem.solve(start, method, params=[*given, r]).fun for r in rates]
    again = pickle.loads(pickle.dumps(problem))
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda r: again.solve(start, method, params=[*given, r]).fun, rates))
    assert found == expected
    solution = pickle.loads(pickle.dumps(problem.solve(start, method, params=[*given, 0.05])))
    assert solution["w"].sum() == pytest.approx(1)
    x = sd.Var("x", shape=3)
    single = sd.problem(((x - 1) ** 2).sum(), x, equal=[x[0] + x[1] - 1], dtype=np.float32)
    found = single.solve(np.zeros(3), method, options={"tol": 1e-4} if method == "ipopt" else {})
    assert found.x == pytest.approx([0.5, 0.5, 1.0], abs=1e-3)


def test_bounds_in_every_form():
    a, x = sd.Var("a"), sd.Var("x", shape=2)
    f = (a - 5) ** 2 + ((x - 5) ** 2).sum()
    expected = [1.0, 2.0, 3.0]
    for bounds in (
        {a: (None, 1), "x": (None, [2, 3])}, [(None, 1), (None, [2, 3])], [(0, 1), (0, 2), (0, 3)],
        Bounds([0, 0, 0], [1, 2, 3]),
    ):  # fmt: skip
        assert sd.problem(f, [a, x], bounds=bounds).solve(np.zeros(3), "SLSQP").x == pytest.approx(expected)
    found = sd.problem(f, [a, x], bounds=(0, 1)).solve([9.0, 9.0], "SLSQP")
    assert found.x == pytest.approx([1, 1, 1])
    assert found.multipliers.high[1] == pytest.approx([8, 8], rel=1e-6)


def test_sympy_goes_in_directly():
    x, y = sympy.symbols("x y")
    found = sd.problem((x - 2) ** 2 + (y - 1) ** 2, [x, y], upper=[x**2 + y**2 - 1]).solve([0.0, 0.0], "SLSQP")
    assert found.x == pytest.approx(np.array([2, 1]) / math.sqrt(5), abs=1e-6)


def test_convergence_as_text_and_figure(tmp_path):
    known = PROBLEMS["hs71"]
    found = made(known, scalar=False).solve(known.start, "trust-constr")
    text = str(found.convergence)
    assert text.splitlines()[0].split() == ["iteration", "objective", "violation", "optimality"]
    assert "solved by trust-constr" in found.report
    pytest.importorskip("matplotlib")
    from matplotlib.figure import Figure

    axes = Figure().add_subplot()
    assert found.plot(axes) is axes
    assert {line.get_label() for line in axes.get_lines()} == {"violation", "optimality"}
    assert found.convergence.save(tmp_path / "f.png").endswith("f.png")
    assert (tmp_path / "f.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.filterwarnings("error")
def test_a_search_that_leaves_the_finite_numbers_keeps_no_constraint():
    x, y = sd.variables("x y")
    found = sd.problem(x**2 * y, [x, y], equal=[x - 1]).solve([2, 2], method="SLSQP")
    assert not found.success
    assert np.isnan(found.violation)
    assert "became nan or infinite" in str(found)
