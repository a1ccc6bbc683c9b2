"""Words of courses and other libraries: each works, or its error names what to write."""

import math

import numpy as np
import pytest

import symdiff as sd
from symdiff import hints
from symdiff.errors import SymdiffError


@pytest.fixture
def f():
    x, y = sd.variables("x y")
    return x**2 * y + y + 2


@pytest.mark.parametrize("name", sorted(hints.ALIASES))
def test_other_spellings_are_the_same_objects(name):
    assert getattr(sd, name) is getattr(sd, hints.ALIASES[name])
    assert name not in dir(sd)


@pytest.mark.parametrize("name", sorted(hints.WORDS))
def test_words_of_the_module_name_what_to_write(name, monkeypatch):
    monkeypatch.delattr(sd, name, raising=False)  # a folder of that name, which some test has imported
    assert not hasattr(sd, name)
    with pytest.raises(AttributeError, match="write") as caught:
        getattr(sd, name)
    assert hints.WORDS[name] in str(caught.value)


def test_no_word_hides_a_name_that_there_is():
    assert not set(hints.ALIASES) & set(sd.__all__)
    assert not set(hints.WORDS) & set(sd.__all__)


@pytest.mark.parametrize(
    "name",
    [
        "backward",
        "subs",
        "simplify",
        "plot",
        "show",
        "eval",
        "evalf",
        "lambdify",
        "derivative",
        "grad",
        "dtype",
        "tolist",
        "detach",
        "children",
        "integrate",
        "zero_grad",
    ],
)
def test_words_of_expressions_name_what_to_write(f, name):
    assert not hasattr(f, name)
    assert name not in dir(f)
    with pytest.raises(AttributeError, match=f"no '{name}': write "):
        getattr(f, name)


def test_the_words_of_variables_are_theirs():
    x = sd.Var("x")
    assert x.grad is None
    assert "grad" in dir(x)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (lambda f, x: f(3, 4), r"f\.evaluate\(x=3, y=4\)"),
        (lambda f, x: f.evaluate(3, 4), r"f\.evaluate\(x=3, y=4\)"),
        (lambda f, x: f.gradient(x, f), r"f\.gradient\(\[x, y\]\)"),
        (lambda f, x: f.hessian(x, f.variables[1]), r"f\.hessian\(\[x, y\]\)"),
        (lambda f, x: f.backpropagate(3, 4), r"f\.backpropagate\(\{x: 3, y: 4\}\)"),
        (lambda f, x: f.backpropagate([3, 4]), r"\{x: 3, y: 4\}"),
        (lambda f, x: f.backpropagate(x=3, y=4, seed=[3, 4]), r"f\.backpropagate\(\{x: 3, y: 4\}\)"),
        (lambda f, x: f.backpropagate(gradient=1.0), r"f\.backpropagate\(1\.0\)"),
        (lambda f, x: f"{f:.3f}", r"'\.3f' formats a number.*f\.evaluate\(point\)"),
        (lambda f, x: x ^ 2, r"x\*\*2"),
        (lambda f, x: 2 ^ x, r"x\*\*2"),
        (lambda f, x: math.exp(x), r"not those of math"),
        (lambda f, x: max(x, 0), r"sd\.maximum"),
        (lambda f, x: 1 if x > 0 else 2, r"sd\.where"),
        (lambda f, x: np.maximum(np.array([x, f]), 0), r"sd\.maximum"),
        (lambda f, x: sd.compile(f, x, f), r"sd\.compile\(\[f, g\], \[x, y\]\)"),
        (lambda f, x: sd.sin("x**2"), r"sd\.parse reads text"),
        (lambda f, x: x + f.hessian([x, f.variables[1]], sparse=True) * np.ones(2), r"matrix @ v"),
        (lambda f, x: setattr(f, "value", 3), r"x\.value = 3"),
        (lambda f, x: sd.gradient(f, 3, 4), r"f\.backpropagate"),
        (lambda f, x: sd.hessian(f, 3, 4), r"sd\.hessian\(f, \[x, y\]\)"),
        (lambda f, x: sd.derivative(f), r"f\.diff"),
        (lambda f, x: sd.derivative(lambda w: w @ w, np.array([1.0, 2.0])), r"sd\.gradient\(func, x\)"),
        (lambda f, x: sd.derivative(np.prod, [1.0, 2.0], order=2), r"sd\.hessian\(func, x\)"),
        (lambda f, x: sd.variables("x", "y"), r"sd\.variables\('x y'\)"),
        (lambda f, x: sd.Var("X", (4, 3)), r"sd\.Var\('X', shape=\(4, 3\)\)"),
        (lambda f, x: sd.jvp(lambda t: t * t, [3.0], [1.0]), r"sd\.derivative\(lambda t"),
    ],
)
def test_mistakes_name_what_to_write(f, wrong, told):
    with pytest.raises(SymdiffError, match=told):
        wrong(f, f.variables[0])


def test_expressions_are_still_no_functions_to_the_derivatives_of_functions(f):
    assert sd.jacobian(f, f.variables[0]) == f.gradient(f.variables[0])
    assert (sd.gradient(f) == f.gradient()).all()


def test_a_course_that_sets_the_gradient_is_told_of_grad(f):
    x = f.variables[0]
    with pytest.raises(AttributeError, match=r"write x\.grad = 0"):
        x.gradient = 0
    assert x.gradient(x) == 1
    x.grad = 0
    assert x.grad == 0


def test_a_derivative_without_a_point_is_a_function():
    second = sd.derivative(sd.derivative(np.sin))
    assert second(1.0) == pytest.approx(-math.sin(1.0))
    assert sd.derivative(np.sin, order=2)(1.0) == pytest.approx(-math.sin(1.0))


def test_the_value_of_any_expression_follows_those_of_its_variables(f):
    x, y = f.variables
    assert f.value is None
    x.value, y.value = 3, 4
    assert f.value == 42
    y.value = 5
    assert f.value == 52


def test_a_sparse_matrix_multiplies_vectors_and_matrices(f):
    x, y = f.variables
    sparse = f.hessian([x, y], sparse=True)
    point = {x: 3.0, y: 4.0}
    dense = sparse.evaluate(point).toarray()
    for other in (np.array([1.0, 2.0]), np.array([[1.0, 2.0, 0.0], [3.0, 4.0, 1.0]])):
        assert np.array_equal(sd.evaluate(sparse @ other, point).astype(float), dense @ other)
        assert np.array_equal(sd.evaluate(other.T @ sparse, point).astype(float), other.T @ dense)
    assert list(sparse @ [x, 1])[1] == 2 * x * x
    with pytest.raises(SymdiffError, match=r"2 rows, not by shape \(3,\)"):
        sparse @ np.ones(3)


def test_a_sparse_matrix_is_scaled(f):
    x, y = f.variables
    sparse = f.hessian([x, y], sparse=True)
    point = {x: 3.0, y: 4.0}
    dense = sparse.evaluate(point).toarray()
    for scaled, factor in ((2 * sparse, 2), (sparse * 0.5, 0.5), (sparse / 4, 0.25), (-sparse, -1), (sparse * x, 3)):
        assert np.array_equal(scaled.evaluate(point).toarray(), factor * dense)
    assert (sparse.todense() == sparse.toarray()).all()
    assert (sparse.dot([x, 1]) == sparse @ [x, 1]).all()


@pytest.mark.parametrize(
    ("wrong", "near"), [("grdient", "gradient"), ("evalute", "evaluate"), ("varibles", "variables")]
)
def test_a_slip_of_the_pen_names_what_is_near(wrong, near):
    with pytest.raises(AttributeError, match=rf"write sd\.{near}"):
        getattr(sd, wrong)
    with pytest.raises(AttributeError, match=r"'qqqqq'$"):
        _ = sd.qqqqq


def test_dir_is_what_a_person_may_write(f):
    names = [name for name in dir(f) if not name.startswith("_")]
    assert {"evaluate", "gradient", "render", "value", "left"} <= set(names)
    assert not {"sin", "exp", "conjugate"} & set(names)
    assert len(names) < 40
