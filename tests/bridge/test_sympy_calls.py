"""SymPy's objects in place of symdiff's: answers in kind, SymPy's own as the reference."""

from __future__ import annotations

import random

import numpy as np
import pytest
import sympy
from sympy import Array, Dummy, Function, ImmutableMatrix, Matrix, Symbol

import symdiff as sd
from symdiff.bridge.sympy_calls import as_expressions
from symdiff.neighbours import holds_sympy

x, y, t = sympy.symbols("x y t")
q, p = Function("q")(t), Function("p")(t)
COLUMN = Matrix([x**2 * y, sympy.sin(x) / y, 3])


def same(found, wanted):
    return all(sympy.simplify(a - b) == 0 for a, b in zip(Matrix([found]), Matrix([wanted]), strict=True))


@pytest.mark.parametrize(
    "fs", [COLUMN, COLUMN.T, list(COLUMN), COLUMN.as_immutable()], ids=["column", "row", "list", "i"]
)
@pytest.mark.parametrize("wrt", [[x, y], (x, y), Matrix([x, y]), Matrix([[x, y]]), ["x", "y"]], ids=str)
def test_jacobians_are_matrices(fs, wrt):
    found = sd.jacobian(fs, wrt)
    assert isinstance(found, ImmutableMatrix if isinstance(fs, ImmutableMatrix) else sympy.MutableDenseMatrix)
    assert same(found, COLUMN.jacobian([x, y]))
    assert same(sd.jacobian(fs), COLUMN.jacobian([x, y]))


def test_shapes_of_other_answers():
    square = Matrix([[x, y], [x * y, 1]])
    assert sd.jacobian(square, x) == square.diff(x)
    assert sd.jacobian(COLUMN, x) == COLUMN.diff(x)
    assert sd.jacobian(square, [x, y]).shape == (2, 2, 2)
    assert sd.jacobian(Array([x, x * y]), [x, y]) == Array([[1, 0], [y, x]])
    assert sd.jacobian(x * y, [x, y]) == Array([y, x])
    assert sd.gradient(x * y, x) == y
    assert sd.gradient(x * y, [y, x]) == Array([x, y])
    assert sd.gradient(x * y, Matrix([x, y])) == Matrix([y, x])
    assert sd.hessian(x**2 * y, x) == 2 * y
    assert sd.hessian(x**2 * y, [x, y]) == sd.hessian(x**2 * y, Matrix([x, y])) == Matrix([[2 * y, 2 * x], [2 * x, 0]])


def test_products_with_vectors():
    v = Symbol("v")
    assert same(sd.jvp(COLUMN, [x, y], [v, 2]), COLUMN.jacobian([x, y]) * Matrix([v, 2]))
    assert list(sd.vjp(COLUMN, [x, y], Matrix([1, v, 0]))) == list(Matrix([[1, v, 0]]) * COLUMN.jacobian([x, y]))
    assert sd.hvp(x**2 * y, wrt=Matrix([x, y]), vs=[v, 1]) == Matrix([2 * y * v + 2 * x, 2 * x * v])


def test_the_very_symbols_come_back():
    same_name = [Symbol("x", positive=True), Dummy("x"), Dummy("x"), Symbol("x_{1}")]
    f = sum(k * s**3 for k, s in enumerate(same_name, 1))
    found = sd.gradient(f, same_name)
    assert all(a == f.diff(s) and s in a.free_symbols for a, s in zip(found, same_name, strict=True))
    assert sd.gradient(f, Symbol("elsewhere")) == 0


def test_functions_of_time_and_their_derivatives_are_variables():
    f = q.diff(t) ** 2 * sympy.cos(p) + q * p.diff(t, 2)
    wrt = [q, p, q.diff(t), p.diff(t, 2)]
    assert list(sd.gradient(f, wrt)) == [f.diff(v) for v in wrt]
    assert sd.hessian(f, wrt) == sympy.hessian(f, wrt)


def test_derivatives_by_time_are_total():
    f = q.diff(t) ** 2 * sympy.cos(p) * t + q * x
    assert same(sd.gradient(f, t), f.diff(t))
    assert same(sd.gradient(sd.gradient(f, t), t), f.diff(t, 2))
    assert same(sd.jacobian([f, q, t, x], [x, t, q]), Matrix([f, q, t, x]).jacobian([x, t, q]))
    with pytest.raises(sd.SymdiffValueError, match=r"hessian .* t, of which others are functions"):
        sd.hessian(f, [t, q])
    with pytest.raises(sd.SymdiffTypeError, match="Subs"):
        sd.gradient(x * Function("f")(2 * x), x)


def test_expressions_that_came_in_do_not_differentiate_by_time_in_silence():
    f = sd.from_sympy(t * q**2)
    assert f.gradient(q).to_sympy() == 2 * t * q
    for call in (lambda: f.gradient(t), lambda: f.diff("t"), lambda: f.hessian([q, t]), lambda: sd.jacobian([f], [t])):
        with pytest.raises(sd.SymdiffValueError, match=r"q\(t\) is a function of t"):
            call()
    assert sd.jvp(f, [t], [1]).to_sympy() == q**2
    assert sd.from_sympy([t**2, q])[0].gradient(t).to_sympy() == 2 * t


# -- numbers --------------------------------------------------------------------------------------


def test_values():
    assert sd.evaluate(x * y, {x: 3, y: 4}) == 12
    assert sd.evaluate(COLUMN, {x: 3, "y": 4})[0, 0] == 36
    assert sd.evaluate([x, {"a": 1}["a"] * y], x=1, y=2) == [1, 2]
    assert sd.evaluate(q + q.diff(t), {q: 1, q.diff(t): 2}) == 3
    assert sd.evaluate(x, {x: sympy.Rational(1, 3)}) == sd.Const(1) / 3
    assert sd.count_ops(COLUMN) == sd.count_ops(sd.from_sympy(COLUMN))
    assert sd.depth(sympy.sin(x)) == 1


def test_points_of_symbols():
    first, second = Dummy("x"), Dummy("x")
    f = sd.from_sympy(first - second)
    assert f.evaluate({first: 5, second: 3, x: 100}) == 2
    assert {v._cell.origin: s for v, s in f.backpropagate({first: 5, second: 3}).items()} == {first: 1, second: -1}
    assert sd.parse("x*y").evaluate({x: 2, y: 3}) == 6
    with pytest.raises(sd.MissingValueError, match="no value for _x"):
        f.evaluate({first: 1})


def test_symbols_as_variables_of_expressions():
    f = sd.from_sympy(x**2 * y)
    assert f.gradient(x) == f.gradient("x")
    assert isinstance(sd.gradient(f, x), sd.Expr)
    assert f.diff(x, 1, y).to_sympy() == 2 * x
    assert list(f.gradient([y, Symbol("z")])) == [f.gradient("y"), sd.Const(0)]
    with pytest.raises(sd.SymdiffTypeError, match=r"x \+ y"):
        f.gradient(x + y)
    with pytest.raises(sd.SymdiffTypeError, match=r"x \+ y"):
        sd.gradient(x**2, x + y)


def test_sympy_beside_symdiff():
    u = sd.Var("u")
    found = sd.jacobian([u**2 * 3, x * y], [u, x])
    assert found == Matrix([[6 * Symbol("u", real=True), 0], [0, y]])


# -- for other calls -------------------------------------------------------------------------------


def test_outputs_and_inputs_of_a_program():
    outputs, inputs = as_expressions({"f": x * y, "J": COLUMN}, [Matrix([x, y]), q])
    assert outputs["J"].shape == (3, 1)
    assert inputs[0].shape == (2, 1)
    assert all(isinstance(v, sd.Var) for v in [*inputs[0].ravel(), inputs[1]])
    assert outputs["f"].graph is inputs[0][0, 0].graph
    came = sd.from_sympy([Dummy("x"), second := Dummy("x")])
    again, (variable,) = as_expressions([came[1] ** 2], [second])
    assert again[0].gradient(variable).evaluate({variable: 3}) == 6


def test_what_holds_sympy():
    assert holds_sympy([[1, {"a": (x,)}]])
    assert holds_sympy(np.array([x, 1], dtype=object))
    assert not any(holds_sympy(v) for v in (1.0, "x", [sd.Var("x")], np.ones(3), Symbol, {"a": None}))


# -- size ----------------------------------------------------------------------------------------------


def shared_model(symbols, layers, width=20):
    """Values that use each other: a small graph whose tree is astronomically large, and what SymPy makes of it."""
    draw = random.Random(3)
    values = list(symbols)
    with sympy.evaluate(False):
        for layer in range(layers):
            below = values[-width:]
            a, b, c = (draw.choice(below) for _ in range(3))
            step = (sympy.sin(a) * b + c, sympy.cos(a + b) * c, a / (2 + b**2), sympy.exp(-(a**2)) + b)[layer % 4]
            values.append(step)
        return sympy.Add(*values[-width:])


def test_a_graph_whose_tree_is_astronomical():
    symbols = sympy.symbols("x:10")
    model = shared_model(symbols, 1500)
    f = sd.from_sympy(model)
    assert len(f.graph) < 10_000
    point = {s: 0.1 + k / 20 for k, s in enumerate(symbols)}
    found = sd.from_sympy(f.to_sympy()).evaluate(point)
    assert found == pytest.approx(f.evaluate(point), rel=1e-8)
    found = sd.evaluate(sd.gradient(model, symbols), point)
    wanted = {v._cell.origin: slope for v, slope in f.backpropagate(point).items()}
    assert list(found) == pytest.approx([wanted.get(s, 0) for s in symbols], rel=1e-6)


def test_a_model_that_sympy_can_do_too():
    """`diff` and `lambdify` replaced line by line; values and derivatives are SymPy's."""
    symbols = sympy.symbols("x:6")
    model = shared_model(symbols, 14, width=6)
    point = np.random.default_rng(1).uniform(0.2, 0.9, len(symbols))
    theirs = sympy.lambdify(symbols, [model, *[model.diff(s) for s in symbols]], cse=True)(*point)
    f = sd.from_sympy(model)
    ours = sd.evaluate([f, *f.gradient(list(symbols))], dict(zip(symbols, point, strict=True)))
    assert ours == pytest.approx(theirs, rel=1e-10)


# -- symbols in place of variables, wherever variables are taken ------------------------------------


def test_dummies_of_one_name_from_separate_calls_stay_apart():
    a, b = sympy.Dummy("x"), sympy.Dummy("x")
    f = sd.from_sympy(a**2) * sd.from_sympy(b**3)
    assert len(f.variables) == 2
    assert f.to_sympy() == a**2 * b**3
    assert f.evaluate({a: 2, b: 3}) == 108
    assert [g.to_sympy() for g in f.gradient([a, b])] == [2 * a * b**3, 3 * a**2 * b**2]
    assert sd.compile(f, [a, b])(2.0, 3.0) == 108.0
    assert f.replace({a: b}).to_sympy() == b**5


def test_a_dummy_is_known_by_its_name_where_it_is_the_only_one():
    a = sympy.Dummy("a")
    f = sd.from_sympy(a**2)
    assert f.evaluate({"_a": 3}) == f.evaluate(_a=3) == 9
    assert f.gradient("_a").to_sympy() == 2 * a
    assert f.replace({"_a": 4}) == 16
    assert sd.compile(f, ["_a"])(3.0) == 9.0


def test_replace_takes_symbols_and_expressions_of_sympy():
    x, y = sympy.symbols("x y", positive=True)
    f = sd.from_sympy(x**2 * y)
    assert f.replace({x: sympy.cos(y)}).to_sympy() == sympy.cos(y) ** 2 * y
    assert f.replace({x: 3}).to_sympy() == 9 * y
    assert f.replace({y: sd.Var("q")}).evaluate({x: 2, "q": 5}) == 20


def test_calls_that_answer_in_numbers_take_expressions_of_sympy():
    x, y = sympy.symbols("x y")
    f = sympy.sin(x) * y
    assert sd.crosscheck(f, {x: 1.0, y: 2.0}).ok
    assert sd.differences(f, {x: 1.0, y: 2.0}) == sd.differences(sd.from_sympy(f), {x: 1.0, y: 2.0})
    assert sd.latex(f) == sd.latex(sd.from_sympy(f))
    assert sd.cost(sympy.Matrix([f, x]), [x, y]).best == sd.cost(sd.from_sympy([f, x]), ["x", "y"]).best
    assert sd.hessian_sparsity(f, [x, y]).toarray().tolist() == [[True, True], [True, False]]
    assert sd.jacobian_sparsity([f, y], [x, y]).toarray().tolist() == [[True, True], [False, True]]


def test_derivatives_and_taylor_answer_in_sympy():
    x, y = sympy.symbols("x y")
    f = sympy.sin(x) * y
    assert sd.derivatives(f, x, 2) == [f, sympy.cos(x) * y, -f]
    assert sd.derivatives(f, [x, y], 1) == {(0, 0): f, (1, 0): sympy.cos(x) * y, (0, 1): sympy.sin(x)}
    assert sd.taylor(f, x, order=2) == [f, sympy.cos(x) * y, -f / 2]
    assert sd.taylor(x**2 * y, x, sympy.cos(y), 1) == [y * sympy.cos(y) ** 2, 2 * y * sympy.cos(y)]
    assert sd.taylor(sympy.exp(x), x, 0.0, 2) == [1.0, 1.0, 0.5]
    assert sd.taylor(f, x, {x: 0.0, y: 2.0}, 1) == [0.0, 2.0]
    assert sd.taylor(sd.from_sympy(f), x, {x: 0.0, y: 2.0}, 1) == [0.0, 2.0]
