"""Passes of scalars where arrays take part: orders along scalars, series, patterns, differences, costs."""

import math
from fractions import Fraction

import numpy as np
import pytest

import symdiff as sd

RNG = np.random.default_rng(7)


@pytest.fixture
def moving():
    x, s, t = sd.Var("x", shape=3), sd.Var("s"), sd.Var("t")
    return sd.exp(s * x) * t**2, (x, s, t)


def test_derivatives_of_any_order_along_scalars(moving):
    f, (x, s, t) = moving
    value = RNG.random(3)
    at = {x: value, s: 0.5, t: 2.0}
    for n in range(4):
        assert f.diff(s, n).evaluate(at) == pytest.approx(value**n * np.exp(0.5 * value) * 4)
    assert f.diff(s, t, 2).evaluate(at) == pytest.approx(value * np.exp(0.5 * value) * 2)
    assert f.sum().diff("s", 2).evaluate(at) == pytest.approx((value**2 * np.exp(0.5 * value) * 4).sum())
    for n, d in enumerate(sd.derivatives(f, s, 3)):
        assert d == f.diff(s, n)
    both = sd.derivatives(f, [s, t], 2)
    assert list(both) == [(0, 0), (1, 0), (0, 1), (2, 0), (1, 1), (0, 2)]
    assert both[1, 1].evaluate(at) == pytest.approx(value * np.exp(0.5 * value) * 4)


def test_along_an_array_there_is_no_order(moving):
    f, (x, _, _) = moving
    along = f.diff, lambda v: f.diff("x", 2), lambda v: sd.derivatives(f, v, 2), lambda v: sd.taylor(f, v, order=2)
    for what in along:
        with pytest.raises(sd.SymdiffTypeError, match=r"along scalar variables, and x is an array: write f\.gradient"):
            what(x)


def test_taylor_series(moving):
    f, (x, s, t) = moving
    value = RNG.random(3)
    numbers = sd.taylor(f, s, {x: value, s: 0.5, t: 2.0}, 3)
    symbols = sd.taylor(f, s, order=3)
    zero = sd.taylor(f, s, 0, order=3)
    for k in range(4):
        expected = value**k * np.exp(0.5 * value) * 4 / math.factorial(k)
        assert numbers[k] == pytest.approx(expected)
        assert symbols[k].evaluate({x: value, s: 0.5, t: 2.0}) == pytest.approx(expected)
        assert zero[k].evaluate({x: value, t: 2.0}) == pytest.approx(value**k * 4 / math.factorial(k))


def test_patterns_are_of_entries():
    x, w = sd.Var("X", shape=(2, 2)), sd.Var("w", shape=2)
    assert sd.jacobian_sparsity(x @ w, x).toarray().astype(int).tolist() == [[1, 1, 0, 0], [0, 0, 1, 1]]
    assert sd.jacobian_sparsity(w**2, "w").toarray().tolist() == [[True, False], [False, True]]
    f = (w**3).sum() + x[0, 0] * w[1]
    pattern = sd.hessian_sparsity(f, [w, x]).toarray().astype(int)
    found = f.hessian([w, x])
    assert pattern[:2, :2].tolist() == [[1, 0], [0, 1]]
    assert pattern[:2, 2:].tolist() == np.reshape(found[0][1].evaluate({}), (2, 4)).tolist()


@pytest.mark.parametrize("method", ["central", "forward", "complex-step"])
def test_differences_are_of_entries(method):
    x, s = sd.Var("X", shape=(2, 2)), sd.Var("s")
    f = np.linalg.det(x) * s + sd.sin(x).sum()
    value = RNG.random((2, 2))
    found = sd.differences(f, {x: value, s: 1.5}, method=method)
    exact = f.backpropagate({x: value, s: 1.5})
    for v in (x, s):
        assert found[v] == pytest.approx(exact[v], abs=1e-6 if method == "forward" else 1e-9)
    with pytest.raises(sd.SymdiffTypeError, match="weigh and sum"):
        sd.differences(x, {x: value})


# -- costs -------------------------------------------------------------------------------


def test_cost_counts_operations_on_numbers():
    x, w, y = sd.Var("X", shape=(100, 10)), sd.Var("w", shape=10), sd.Var("y", shape=100)
    assert sd.cost(x @ w, w).value == 100 * (10 + 9)
    assert sd.cost(w @ w, w).value in (10 + 9, 2 * 10 + 9)  # products, or squares that are summed
    assert sd.cost(x.T, w).value == 0
    assert sd.cost(2 * w, w).value == 10
    assert sd.cost(w.sum(), w).value == 9
    assert sd.cost(sd.exp(x), w).value == 1000
    assert sd.cost(x[1:, 0], w).value == 0
    found = sd.cost(((x @ w - y) ** 2).sum(), w)
    assert found.value == 100 * 19 + 100 + 100 + 100 + 99
    assert found.value < found.operations < 2.5 * found.value
    assert "operations of value and Jacobian" in str(found)


def test_cost_of_named_sizes_is_a_formula():
    x, w, y = sd.Var("X", shape=("n", "d")), sd.Var("w", shape="d"), sd.Var("y", shape="n")
    found = sd.cost(((x @ w - y) ** 2).sum(), w)
    assert str(found) == "4*n*d + 3*n - 1 operations of value and Jacobian (value alone: 2*n*d + 3*n - 1)"
    assert {name: str(n) for name, n in found.by_name.items()} == {
        "mul": "2*n*d + n + d", "add": "2*n*d + n - d - 1", "pow": "n",
    }  # fmt: skip
    known = sd.cost(((x @ w - y) ** 2).sum(), w, sizes={"n": 100, "d": 10})
    assert found.operations.evaluate(n=100, d=10) == known.operations == sum(known.by_name.values())
    assert str(sd.cost(((x @ w - y) ** 2).sum(), w, sizes={"d": 10}).value) == "23*n - 1"
    assert sd.cost((y**2).sum(), y, sizes={"n": 10}).value == 19
    assert str(sd.cost(y[1:] * y[:-1], y).value) == "n - 1"


def test_cost_of_systems_is_that_of_golub_and_van_loan():
    n = 6
    a, b = sd.Var("A", shape=(n, n)), sd.Var("b", shape=n)
    m, c = sd.Var("M", shape=("m", "m")), sd.Var("c", shape="m")
    for run in (lambda a, b: sd.linalg.solve(a, b), lambda a, b: sd.linalg.inv(a), lambda a, b: sd.linalg.det(a)):
        formula, number = sd.cost(run(m, c), c).value, sd.cost(run(a, b), b).value
        assert formula.evaluate(m=Fraction(n)) == number
    assert str(sd.cost(sd.linalg.solve(m, c), c).value) == "2*m**3/3 + 2*m**2"


def test_cost_takes_products_in_the_order_with_the_fewest_operations():
    x, y, z = sd.Var("x", shape=("n", 3)), sd.Var("y", shape=(3, "n")), sd.Var("z", shape="n")
    apart = sd.cost(sd.einsum("ij,jk,k->i", x, y, z), z).value
    assert apart == sd.cost(x @ (y @ z), z).value
    assert str(apart) == "11*n - 3"


@pytest.mark.parametrize("seed", range(40))
def test_formulas_are_the_counts_at_numbers(seed):
    """At the number that stands for a name where an order is chosen."""
    rng = np.random.default_rng(seed)
    names = ["p", "q", "r - 1", "s"]
    factors = [rng.choice(names, rng.integers(1, 4), replace=False).tolist() for _ in range(rng.integers(1, 5))]
    held = sorted({name for names in factors for name in names})
    spec = ",".join("".join(name[0] for name in names) for names in factors)
    result = "".join(name[0] for name in rng.permutation(held)[: rng.integers(0, 3)])
    operands = [sd.Var(f"x{j}", shape=tuple(names)) for j, names in enumerate(factors)]
    f = sd.einsum(f"{spec}->{result}", *operands)
    numbers = {"p": 1000, "q": 1000, "r": 1001, "s": 1000}
    formula, number = sd.cost(f, operands[0]), sd.cost(f, operands[0], sizes=numbers)
    assert (formula.value + sd.Const(0)).evaluate(numbers) == number.value
    assert (formula.operations + sd.Const(0)).evaluate(numbers) == number.operations


def test_operations_are_counted_by_name():
    x, w = sd.Var("X", shape=(3, 2)), sd.Var("w", shape=2)
    assert sd.count_ops(sd.tanh(x @ w)) == {"einsum": 1, "tanh": 1}
    assert sd.depth(sd.tanh(x @ w)) == 2


# -- what is of scalars only -----------------------------------------------------------------


@pytest.mark.parametrize("what", ["simplify", "first_bad"])
def test_what_is_of_scalars_names_the_way_there(what):
    run = {"simplify": sd.simplify, "first_bad": lambda f: f.first_bad({"x": np.ones(2)})}[what]
    f = sd.Var("x", shape=2).sum()
    with pytest.raises(
        sd.SymdiffTypeError, match=rf"{what} is of scalar variables, and x.sum\(\) holds arrays: f.expand"
    ):
        run(f)
    run(f.expand())


@pytest.mark.parametrize("order", [5, 2_000, 10**8])
def test_polynomials_beyond_their_degree_are_0_at_once(order):
    t, v = sd.Var("t"), sd.Var("v", shape=3)
    point = {t: 2.0, v: [1.0, 2.0, 3.0]}
    assert (t**4 * v**3).sum().diff(t, order).evaluate(point) == 0
    assert (v * t + v).diff(t, order).evaluate(point).tolist() == [0.0, 0.0, 0.0]
    assert (sd.exp(t) * v).sum().diff(t, order).evaluate(point) == pytest.approx(6 * np.exp(2.0))


def test_an_order_that_would_hardly_end_is_refused():
    t, v = sd.Var("t"), sd.Var("v", shape=3)
    with pytest.raises(sd.SymdiffValueError, match="order 100,000,000 takes"):
        sd.sin(t * v).sum().diff(t, 10**8)
    with pytest.raises(sd.SymdiffValueError, match="100,000,000"):
        sd.derivatives(sd.sin(t * v).sum(), t, 10**8)
    with pytest.raises(sd.SymdiffValueError, match="100,000,000"):
        sd.taylor(sd.sin(t * v).sum(), t, order=10**8)


@pytest.mark.parametrize("given", [[1.0, 2.0, 3.0], (1, 2, 3), [sd.DualNumber(1.0, 1.0)] * 3])
def test_a_constant_takes_any_value_of_an_array_that_it_does_not_hold(given):
    v = sd.Var("v", shape=3)
    assert sd.Const(2).evaluate({v: given}) == 2
    assert sd.Const(2).backpropagate({v: given})[v].tolist() == [0.0, 0.0, 0.0]


def _recurrence(steps):
    """The gradient by the matrix of steps of a recurrence: a sum with a term a step."""
    a, h = sd.Var("a", shape=(2, 2)), sd.Var("h", shape=2)
    state = h
    for _ in range(steps):
        state = sd.tanh(a @ state + 0.5)
    return a, h, state.sum().gradient(a)


def test_jacobians_of_long_recurrences_take_nodes_in_proportion():
    made = []
    for steps in (50, 100):
        with sd.Graph():
            a, _, slope = _recurrence(steps)
            before = len(slope.graph)
            sd.jacobian(slope, a)
            made.append(len(slope.graph) - before)
    assert made[1] < 3 * made[0]


def test_jacobians_of_long_recurrences_are_differences_of_gradients():
    a, h, slope = _recurrence(60)
    at, step = np.array([[0.5, -0.25], [0.75, 0.5]]), 1e-6
    found = sd.jacobian(slope, a).evaluate({a: at, h: [0.0, 0.0]})
    for k in np.ndindex(2, 2):
        move = np.zeros((2, 2))
        move[k] = step
        above, below = (slope.evaluate({a: at + m, h: [0.0, 0.0]}) for m in (move, -move))
        np.testing.assert_allclose(found[(..., *k)], (above - below) / (2 * step), rtol=1e-5, atol=1e-7)


def test_variables_that_a_pass_makes_for_itself_meet_no_namesakes():
    o, y, u = sd.Var("o", shape="n"), sd.Var("y", shape="n"), sd.Var("u", shape="n")
    found = sd.jvp(((o - y) ** 2).sum(), o, u)  # by a new variable of no shape that is called u too
    at = {"o": np.array([1.0, 2.0]), "y": np.array([0.5, 0.0]), "u": np.array([1.0, -1.0])}
    assert found.evaluate(at) == 2 * (0.5 - 2.0)


@pytest.mark.parametrize("order", [3, 9, 30])
def test_long_taylor_series_of_arrays(order):
    x, v = sd.Var("x"), sd.Var("v", shape=3)
    at = {x: 0.5, v: np.array([1.0, -2.0, 0.5])}
    for f in ((x * v).sum(), (x**2 * v).sum() ** 2, sd.sin(x * v).sum()):
        expected = sd.taylor(f.expand(), x, order=order)
        entries = {"x": 0.5, **{f"v[{k}]": at[v][k] for k in range(3)}}
        for got, want in zip(sd.taylor(f, x, order=order), expected, strict=True):
            assert got.evaluate(at) == pytest.approx(want.evaluate(entries), rel=1e-10, abs=1e-14)


def test_sums_with_diagonal_terms_within_one_another():
    """A product is distributed over the first of them: over all, the work was squared, and a RecursionError."""
    x, A = sd.Var("x", shape=3), sd.Var("A", shape=(3, 3))  # noqa: N806

    def slope(steps):
        h = A
        for _ in range(steps):
            h = sd.diag(x) + sd.diag(x) @ h
        return (h * x).sum().gradient(x)

    half, whole = slope(300), slope(600)
    assert len(whole.nodes()) < 2.5 * len(half.nodes())
    point, step = {x: np.array([0.5, -0.4, 0.3]), A: np.ones((3, 3))}, 1e-6
    h = A
    for _ in range(30):
        h = sd.diag(x) + sd.diag(x) @ h
    f = (h * x).sum()
    for k in range(3):
        d = step * np.eye(3)[k]
        wanted = (f.evaluate({**point, x: point[x] + d}) - f.evaluate({**point, x: point[x] - d})) / (2 * step)
        np.testing.assert_allclose(slope(30).evaluate(point)[k], wanted, rtol=1e-7)
