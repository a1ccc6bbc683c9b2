"""Symbolic derivatives: gradient, diff, hessian, jacobian and their products with vectors."""

# ruff: noqa: N806 - matrices have capitals, as in mathematics

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
import sympy

import symdiff as sd


def texts(array):
    return [str(f) for f in np.ravel(array)]


def numbers(array, point):
    return sd.evaluate(np.asarray(array, dtype=object), point).astype(float)


# -- results read as a person would write them ---------------------------------------


def test_the_running_example(xy):
    x, y = xy
    f = x**2 * y + y + 2
    assert str(f.gradient(x)) == "2*x*y"
    assert str(f.gradient(y)) == "x**2 + 1"
    gradient = f.gradient([x, y])
    assert isinstance(gradient, np.ndarray)
    assert gradient.dtype == object
    assert texts(gradient) == ["2*x*y", "x**2 + 1"]
    hessian = f.hessian([x, y])
    assert hessian.shape == (2, 2)
    assert str(hessian.tolist()) == "[[2*y, 2*x], [2*x, 0]]"


@pytest.mark.parametrize(
    ("text", "derivative"),
    [
        ("3", "0"),
        ("x", "1"),
        ("y", "0"),
        ("5*x", "5"),
        ("x + y", "1"),
        ("y - x", "-1"),
        ("x**2", "2*x"),
        ("x**3", "3*x**2"),
        ("3*x**2", "6*x"),
        ("x**2/2", "x"),
        ("1/x", "-1/x**2"),
        ("x*y", "y"),
        ("x/y", "1/y"),
        ("sin(x)", "cos(x)"),
        ("cos(x)", "-sin(x)"),
        ("exp(x)", "exp(x)"),
        ("exp(2*x)", "2*exp(2*x)"),
        ("log(x)", "1/x"),
        ("sin(2*x)", "2*cos(2*x)"),
        ("sin(x**2)", "2*x*cos(x**2)"),
        ("sin(x*y)", "y*cos(x*y)"),
        ("x*sin(y)", "sin(y)"),
        ("2*(x + y)", "2"),
        ("where(x < 0, -x, y)", "where(x < 0, -1, 0)"),
    ],
)
def test_derivatives_read_naturally(text, derivative):
    assert str(sd.parse(text).diff(sd.Var("x"))) == derivative


def test_repeated_derivatives_read_naturally(xy):
    x, y = xy
    assert str((x**5).diff(x, 3)) == "60*x**2"
    assert str((x**5).diff(x, 5)) == "120"
    assert str((x**5).diff(x, 6)) == "0"
    assert str((x**2 * y**3).diff(x, 2, y)) == "6*y**2"
    assert str(sd.sin(x).diff(x, 4)) == "sin(x)"
    assert str(sd.exp(x).diff(x, 50)) == "exp(x)"


# -- gradient ------------------------------------------------------------------------


def test_gradient_by_everything_is_the_default(xy):
    x, y = xy
    assert texts((x * y).gradient()) == ["y", "x"]
    assert (x * y).gradient().shape == (2,)


def test_gradient_has_the_shape_of_its_variables(xy):
    x, y = xy
    w = sd.variables("w", (2, 3))
    f = (w**2).sum() + x
    gradient = f.gradient(w)
    assert gradient.shape == (2, 3)
    assert gradient[1, 2] == 2 * w[1, 2]
    assert f.gradient([[x, y], [y, x]]).shape == (2, 2)
    assert f.gradient((x,)).shape == (1,)
    assert isinstance(f.gradient(x), sd.Expr)
    assert f.gradient([]).shape == (0,)


def test_gradient_by_name(xy):
    x, y = xy
    assert (x * y).gradient("x") == y
    assert texts((x * y).gradient(["y", "x"])) == ["x", "y"]


def test_gradient_by_a_variable_that_does_not_occur(xy):
    x, y = xy
    with sd.Graph():
        t = sd.Var("t")
    assert (x**2).gradient(y) == sd.Const(0)
    assert texts((x**2).gradient([x, t])) == ["2*x", "0"]


def test_gradient_by_the_same_variable_twice(xy):
    x, _ = xy
    assert texts((x**2).gradient([x, x])) == ["2*x", "2*x"]


def test_the_function_and_the_method_agree(xy):
    x, y = xy
    f = sd.sin(x * y)
    assert (sd.gradient(f, [x, y]) == f.gradient([x, y])).all()
    assert (sd.hessian(f, [x, y]) == f.hessian([x, y])).all()


def test_reverse_accumulation_costs_the_same_for_many_variables():
    """Operations of a whole gradient for every operation of the value do not grow with the variables."""

    def ratio(n):
        with sd.Graph() as graph:
            v = sd.variables("v", n)
            f = ((1 - v[:-1]) ** 2 + 100 * (v[1:] - v[:-1] ** 2) ** 2).sum()
            before = len(graph)
            f.gradient(v)
            return (len(graph) - before) / before

    assert ratio(400) < 4
    assert ratio(400) < 1.1 * ratio(50)


def test_products_of_many_factors_cost_linearly():
    with sd.Graph() as graph:
        v = sd.variables("v", 1000)
        f = v.prod()
        f.gradient(v)
        assert len(graph) < 10 * 1000


def test_shared_subexpressions_are_differentiated_once():
    with sd.Graph() as graph:
        x = y = sd.Var("x")
        for _ in range(60):
            y = sd.sin(y) * sd.cos(y)
        slope = y.gradient(x)
        assert len(graph) < 60 * 12
    t, d = 0.5, 1.0
    for _ in range(60):
        t, d = math.sin(t) * math.cos(t), math.cos(2 * t) * d
    assert slope.evaluate({x: 0.5}) == pytest.approx(d, rel=1e-12)


def test_derivatives_stay_exact(xy):
    x, y = xy
    f = x**3 * y - x / 3
    assert f.gradient(x).evaluate({x: 2, y: 1}) == 12 - sd.Const(1) / 3
    assert f.diff(x, 2).evaluate({x: 10**20, y: 7}) == 42 * 10**20


# -- diff -----------------------------------------------------------------------------


def test_mixed_orders(xy):
    x, y = xy
    f = sd.exp(x * y) * sd.sin(x)
    assert f.diff(x) == f.gradient(x)
    assert f.diff(x, 2) == f.gradient(x).gradient(x)
    assert f.diff(x, 2, y) == f.diff(x, 2).diff(y)
    assert f.diff(x, y) == f.diff(x).diff(y)
    assert f.diff(x, 0) == f
    assert f.diff(x, 0, y, 1) == f.diff(y)
    assert f.diff("x", 2, "y") == f.diff(x, 2, y)
    point = {x: 0.3, y: 0.7}
    assert f.diff(x, 2, y).evaluate(point) == pytest.approx(f.diff(y, x, 2).evaluate(point), rel=1e-13)


def test_mixed_derivatives_of_powers(xy):
    x, y = xy
    f = x**y
    for at in ((2.0, 0.0), (2.0, 1.0), (0.5, 2.0), (3.0, -1.5)):
        with mpmath.workdps(40):
            for orders in ((1, 1), (2, 0), (0, 2), (2, 1), (1, 2)):
                expected = float(mpmath.diff(lambda a, b: a**b, at, orders))
                point = {x: at[0], y: at[1]}
                in_one_order = f.diff(x, orders[0], y, orders[1]).evaluate(point)
                in_the_other = f.diff(y, orders[1], x, orders[0]).evaluate(point)
                assert in_one_order == pytest.approx(expected, rel=1e-10, abs=1e-12), (at, orders)
                assert in_the_other == pytest.approx(expected, rel=1e-10, abs=1e-12), (at, orders)


def test_whole_powers_at_zero(xy):
    x, _ = xy
    assert (x**2).diff(x).evaluate({x: 0.0}) == 0.0
    assert (x**2).diff(x, 2).evaluate({x: 0.0}) == 2.0
    assert (x**1).diff(x).evaluate({x: 0.0}) == 1.0
    assert (x**3).diff(x, 3).evaluate({x: 0}) == 6
    assert (x**3).diff(x, 4).evaluate({x: 0}) == 0


def test_variable_powers_at_zero(xy):
    x, y = xy
    f = x**y
    assert f.gradient(y).evaluate({x: 0.0, y: 2.0}) == 0.0
    assert f.gradient(x).evaluate({x: 0.0, y: 2.0}) == 0.0
    assert f.gradient(x).evaluate({x: 0.0, y: 1.0}) == 1.0
    assert f.gradient(x).evaluate({x: 0.0, y: 0.0}) == 0.0


def test_kinks_have_the_stated_convention(xy):
    x, y = xy
    assert abs(x).diff(x).evaluate({x: 0.0}) == 0.0
    assert abs(x).diff(x, 2).evaluate({x: 0.0}) == 0.0
    assert sd.relu(x).diff(x).evaluate({x: 0.0}) == 0.0
    assert sd.maximum(x, y).diff(x).evaluate({x: 1.0, y: 1.0}) == 0.5
    assert sd.minimum(x, y).diff(y).evaluate({x: 1.0, y: 1.0}) == 0.5
    assert sd.heaviside(x).diff(x).evaluate({x: 0.0}) == 0.0
    for function in (sd.sign, sd.floor, sd.ceil):
        assert function(x).diff(x).evaluate({x: 0.7}) == 0


def test_where_keeps_the_branch_not_taken_out(xy):
    x, _ = xy
    f = sd.where(x > 0, sd.log(x), x**2)
    g = sd.where(x > 0, sd.sqrt(x), 0)
    values = np.array([-1.0, 0.0, 4.0])
    np.testing.assert_array_equal(f.gradient(x).evaluate({x: values}), [-2.0, 0.0, 0.25])
    np.testing.assert_array_equal(f.diff(x, 2).evaluate({x: values}), [2.0, 2.0, -0.0625])
    np.testing.assert_array_equal(g.gradient(x).evaluate({x: values}), [0.0, 0.0, 0.25])
    safe = sd.where(sd.equal(x, 0), 1, x)
    h = sd.where(sd.equal(x, 0), 1, sd.sin(safe) / safe)
    assert h.gradient(x).evaluate({x: 0.0}) == 0.0
    k = sd.where(x > 0, x, 0) * sd.where(x > 0, 1 / x, 0)
    assert k.gradient(x).evaluate({x: 0.0}) == 0.0


# -- hessian ---------------------------------------------------------------------------


def test_hessians_are_symmetric_and_of_the_variables_shape(xy):
    x, y = xy
    f = sd.exp(x * y) + sd.sin(x) / y
    hessian = f.hessian([x, y])
    assert hessian[0, 1] == hessian[1, 0]
    assert f.hessian(x) == f.diff(x, 2)
    assert f.hessian().shape == (2, 2)
    w = sd.variables("w", (2, 2))
    assert (w**2).sum().hessian(w).shape == (2, 2, 2, 2)
    values = numbers(hessian, {x: 0.3, y: 0.7})
    expected = [[f.diff(a, b).evaluate({x: 0.3, y: 0.7}) for b in (x, y)] for a in (x, y)]
    np.testing.assert_allclose(values, expected, rtol=1e-13)


def test_a_sparse_problem_has_a_sparse_hessian():
    v = sd.variables("v", 6)
    f = ((1 - v[:-1]) ** 2 + 100 * (v[1:] - v[:-1] ** 2) ** 2).sum()
    hessian = f.hessian(v)
    zeros = [[hessian[i, j] == sd.Const(0) for j in range(6)] for i in range(6)]
    assert zeros == [[abs(i - j) > 1 for j in range(6)] for i in range(6)]


# -- jacobian ----------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["auto", "forward", "reverse"])
def test_jacobian_of_every_mode(xy, mode):
    x, y = xy
    fs = [sd.sin(x * y), x / y, x**2 + sd.exp(y)]
    jacobian = sd.jacobian(fs, [x, y], mode=mode)
    assert jacobian.shape == (3, 2)
    expected = [[f.gradient(v).evaluate({x: 0.3, y: 0.7}) for v in (x, y)] for f in fs]
    np.testing.assert_allclose(numbers(jacobian, {x: 0.3, y: 0.7}), expected, rtol=1e-13)


@pytest.mark.parametrize("mode", ["auto", "forward", "reverse"])
def test_jacobian_shapes(xy, mode):
    x, y = xy
    w = sd.variables("w", (2, 3))
    fs = np.array([[x * y, x], [y, w[0, 0] * x]])
    assert sd.jacobian(fs, w, mode=mode).shape == (2, 2, 2, 3)
    assert sd.jacobian(fs, x, mode=mode).shape == (2, 2)
    assert sd.jacobian(x * y, [x, y], mode=mode).shape == (2,)
    assert sd.jacobian(x * y, x, mode=mode) == y
    assert sd.jacobian([x * y, 3], [x, y], mode=mode)[1, 0] == sd.Const(0)
    assert sd.jacobian([], [x, y], mode=mode).shape == (0, 2)


def test_jacobian_of_texts(xy):
    x, y = xy
    assert str(sd.jacobian([x * y, x + y], [x, y]).tolist()) == "[[y, x], [1, 1]]"


def test_jacobian_of_expressions_of_several_graphs(xy):
    x, y = xy
    with sd.Graph():
        a = sd.Var("x")
        g = sd.sin(a)
    assert texts(sd.jacobian([x * y, g], [x, y])) == ["y", "x", "cos(x)", "0"]


def test_auto_takes_the_cheaper_direction():
    with sd.Graph() as graph:
        x = sd.Var("x")
        fs = []
        f = x
        for _ in range(100):
            f = sd.sin(f)
            fs.append(f)
        before = len(graph)
        sd.jacobian(fs, [x])
        assert len(graph) - before < 500  # a sweep for each would take thousands


# -- products -------------------------------------------------------------------------------


@pytest.fixture
def system():
    rng = np.random.default_rng(3)
    v = sd.variables("v", 4)
    A = rng.normal(size=(3, 4))
    fs = np.sin(A @ v) * v[0] + np.exp(v[:3] / 2) / (1 + v[3] ** 2)
    point = dict(zip(v, rng.normal(size=4), strict=True))
    return fs, v, point, rng


def test_jvp_is_the_jacobian_times_a_vector(system):
    fs, v, point, rng = system
    t = rng.normal(size=4)
    found = sd.jvp(fs, v, t)
    assert found.shape == fs.shape
    expected = numbers(sd.jacobian(fs, v), point) @ t
    np.testing.assert_allclose(numbers(found, point), expected, rtol=1e-12)


def test_vjp_is_a_vector_times_the_jacobian(system):
    fs, v, point, rng = system
    w = rng.normal(size=3)
    found = sd.vjp(fs, v, w)
    assert found.shape == v.shape
    expected = w @ numbers(sd.jacobian(fs, v), point)
    np.testing.assert_allclose(numbers(found, point), expected, rtol=1e-12)


def test_hvp_is_the_hessian_times_a_vector(system):
    fs, v, point, rng = system
    t = rng.normal(size=4)
    f = (fs**2).sum()
    found = sd.hvp(f, v, t)
    assert found.shape == v.shape
    expected = numbers(f.hessian(v), point) @ t
    np.testing.assert_allclose(numbers(found, point), expected, rtol=1e-12)


def test_products_with_symbolic_vectors(xy):
    x, y = xy
    s, t = sd.variables("s t")
    f = sd.sin(x) * y
    point = {x: 0.3, y: 0.7, s: 2.0, t: 5.0}
    found = sd.jvp(f, [x, y], [s, t]).evaluate(point)
    assert found == pytest.approx(math.cos(0.3) * 0.7 * 2 + math.sin(0.3) * 5, rel=1e-14)
    found = sd.vjp([x * y, x + y], [x, y], [s, t])
    assert numbers(found, {x: 2, y: 3, s: 5, t: 7}).tolist() == [22.0, 17.0]
    found = sd.hvp(f, [x, y], [s, t])
    expected = [-math.sin(0.3) * 0.7 * 2 + math.cos(0.3) * 5, math.cos(0.3) * 2]
    np.testing.assert_allclose(numbers(found, point), expected, rtol=1e-14)


def test_products_of_single_expressions(xy):
    x, y = xy
    assert sd.jvp(x * y, x, 2) == 2 * y
    assert sd.vjp(x * y, x, 2) == 2 * y
    assert isinstance(sd.hvp(x**3, x, 1), sd.Expr)
    assert sd.hvp(x**3, x, 1).evaluate({x: 2}) == 12


def test_products_never_form_the_matrix():
    with sd.Graph() as graph:
        v = sd.variables("v", 200)
        f = ((v**2).sum()) ** 2  # its Hessian is dense
        before = len(graph)
        sd.hvp(f, v, np.ones(200, dtype=int))
        assert len(graph) - before < 5000


# -- adjoints of every node --------------------------------------------------------------------


def test_symbolic_adjoints_of_every_node(xy):
    x, y = xy
    f = sd.sin(x * y) + x
    adjoints = f.adjoints()
    assert adjoints[f] == sd.Const(1)
    assert adjoints[x * y] == sd.cos(x * y)
    assert adjoints[x] == f.gradient(x)
    assert adjoints[y] == f.gradient(y)
    assert next(iter(adjoints)) == f


def test_second_orders_follow_from_adjoints(xy):
    x, y = xy
    f = sd.cos(sd.sin(x * y))
    first = f.adjoints()
    second = first[x].adjoints()
    assert second[y].evaluate({x: 1.0, y: 2.0}) == pytest.approx(f.diff(x, y).evaluate({x: 1.0, y: 2.0}), rel=1e-13)


def test_symbolic_adjoints_with_a_seed(xy):
    x, y = xy
    s = sd.Var("s")
    adjoints = (x * y).adjoints(s)
    assert adjoints[x].evaluate({y: 3, s: 5}) == 15


def test_symbolic_adjoints_agree_with_numbers(xy):
    x, y = xy
    f = sd.exp(sd.sin(x) * y) / (x + y) + sd.where(x < y, x * y, 0)
    point = {x: 0.3, y: 0.7}
    adjoints, values = f.adjoints(), f.node_adjoints(point)
    assert {node for node in values if node.variables} >= set(adjoints)
    for node, adjoint in adjoints.items():
        assert values[node] == pytest.approx(adjoint.evaluate(point), rel=1e-13)


# -- several levels of one graph -------------------------------------------------------------------


def test_value_gradient_and_hessian_share_whatever_order_they_were_asked_in():
    def grow(steps):
        with sd.Graph() as graph:
            x, y = sd.variables("x y")
            f = sd.exp(sd.sin(x * y)) / (1 + x**2)
            for step in steps:
                step(f, [x, y])
            return len(graph)

    def gradient(f, v):
        return f.gradient(v)

    def hessian(f, v):
        return f.hessian(v)

    assert grow([gradient, hessian]) == grow([hessian, gradient]) == grow([gradient, hessian, gradient, hessian])


def test_derivatives_in_a_graph_that_keeps_everything_match():
    with sd.Graph(simplify=False):
        x, y = sd.variables("x y")
        f = sd.Mul(sd.Mul(x, x), y) + sd.sin(x * 1) * y
        raw = f.gradient([x, y]), f.hessian([x, y])
    with sd.Graph():
        x2, y2 = sd.variables("x y")
        g = x2 * x2 * y2 + sd.sin(x2) * y2
    point = {"x": 0.3, "y": 0.7}
    np.testing.assert_allclose(numbers(raw[0], point), numbers(g.gradient([x2, y2]), point))
    np.testing.assert_allclose(numbers(raw[1], point), numbers(g.hessian([x2, y2]), point))


def test_divisions_merge_with_the_products_above_them():
    x = sd.Var("x")
    slope = (sd.sqrt(x) ** 2 * sd.exp(x)).gradient(x)
    assert str(slope) == "exp(x) + sqrt(x)**2*exp(x)"
    assert slope.evaluate(x=0.0) == 1.0
    assert str((sd.sqrt(x) ** 4 * sd.sin(x)).gradient(x)) == "2*sqrt(x)**2*sin(x) + sqrt(x)**4*cos(x)"


def test_numbers_in_sums_and_shared_factors_meet():
    x = sd.Var("x")
    f = (x + 1) * sd.exp(x)
    for k in range(2, 6):
        f = f.gradient(x)
        assert str(f) == f"(x + {k})*exp(x)"
    assert str((x * sd.exp(x)).gradient(x)) == "x*exp(x) + exp(x)"


def test_a_factor_that_all_terms_share_is_outside():
    x, w, *ys = sd.variables("x w a b c")
    f = sum(sd.sin(w * (x - y)) for y in ys)
    assert str(f.gradient(x)) == "w*(cos(w*(x - a)) + cos(w*(x - b)) + cos(w*(x - c)))"
    point = {"x": 0.5, "w": 2.0, "a": 1.0, "b": 2.0, "c": 3.0}
    assert f.gradient(x).evaluate(point) == pytest.approx(2 * sum(math.cos(2 * (0.5 - k)) for k in (1, 2, 3)))


@pytest.mark.parametrize(
    "wrt", [{"x": 1, "y": 2}, {"x", "y"}, frozenset("x"), [{"x"}]], ids=["dict", "set", "frozenset", "list of set"]
)
@pytest.mark.parametrize("derivative", [sd.gradient, sd.hessian, lambda f, wrt: sd.jacobian([f], wrt)])
def test_what_has_no_order_gives_no_variables(derivative, wrt):
    x, y = sd.variables("x y")
    with pytest.raises(TypeError, match=r"in a list or an array, not in a|with respect to variables"):
        derivative(x * y, wrt)
    a, b = sympy.symbols("x y")
    with pytest.raises(TypeError, match=r"in a list or an array, not in a|with respect to variables"):
        derivative(a * b, wrt)


def test_what_has_no_order_gives_no_expressions():
    x, y = sd.variables("x y")
    for exprs in ({x * y, x}, {"f": x * y}):
        with pytest.raises(TypeError, match="in a list or an array, not in a"):
            sd.jacobian(exprs, [x, y])
    with pytest.raises(TypeError, match="in a list or an array, not in a"):
        sd.evaluate({x * y, x}, {x: 1, y: 2})
