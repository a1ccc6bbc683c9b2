"""Names of variables: elements of arrays, names that neighbours bring, and what each way out and in makes of them."""

from __future__ import annotations

import copy
import inspect
import pickle

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import symdiff as sd
from symdiff.names import canonical, distinct, element, element_name, identifiers, written

# -- elements of arrays are never confused with anything -----------------------------------


def test_elements_of_arrays_of_several_names_are_never_one_variable():
    a, b, c = sd.variables("W", (12, 2)), sd.variables("W1", (2, 2)), sd.variables("W", 120)
    assert a[10, 0] != b[0, 0]
    assert len({*a.ravel(), *b.ravel(), *c}) == 24 + 4 + 120
    x, x1 = sd.variables("x", 12), sd.variables("x1", 2)
    assert {*x, *x1}.isdisjoint({sd.Var("x1"), sd.Var("x10"), sd.Var("x1_0")})
    assert len({*x, *x1}) == 14


def test_gradients_of_layers_whose_sizes_have_two_digits():
    layers = [sd.variables("W", (12, 8)), sd.variables("W1", (12, 8))]
    f = sum((w**2).sum() for w in layers)
    assert len(f.variables) == 192
    assert [str(g) for g in f.gradient(layers[0])[10]] == [f"2*W[10, {k}]" for k in range(8)]


def test_an_element_is_the_variable_of_its_name():
    w = sd.variables("w", (2, 3))
    assert (w[1, 2].name, w[1, 2].key, str(w[1, 2])) == ("w[1, 2]",) * 3
    assert w[1, 2] == sd.Var("w[1, 2]") == sd.Var("w[1,2]") == sd.parse("w[1, 2]")
    assert sd.variables("v", 3)[2] == sd.Var("v[2]")
    assert sd.variables("v", ()).item() == sd.Var("v")


@pytest.mark.parametrize("names", ["x x", "x, y, x", "a b c b"])
def test_a_name_is_given_once(names):
    with pytest.raises(ValueError, match="is given twice"):
        sd.variables(names)


@pytest.mark.parametrize(
    "name", ["w[-1]", "w[i]", "w[]", "w[0", "w[0]]", "w[0][1]", "pi[0]", "lambda[0]", "1[0]", "[0]"]
)
def test_what_is_no_element_is_no_name(name):
    with pytest.raises(ValueError, match=r"can't name|is the constant"):
        sd.Var(name)


def test_an_element_has_no_shape():
    with pytest.raises(ValueError, match="names an element"):
        sd.variables("w[0]", 3)


# -- points --------------------------------------------------------------------------------


@pytest.fixture
def weights():
    return sd.variables("W", (2, 2))


def test_points_take_elements_by_name(weights):
    f = weights[0, 0] * weights[1, 1]
    assert f.evaluate({"W[0, 0]": 2, "W[1, 1]": 3}) == 6
    assert f.evaluate({"W[0,0]": 2, weights[1, 1]: 3}) == 6
    assert f.gradient("W[1,1]") == weights[0, 0]
    assert f.replace({"W[0,0]": 5}) == 5 * weights[1, 1]


def test_points_take_whole_arrays(weights):
    f = (weights @ weights).sum()
    given = np.array([[1.0, 2.0], [3.0, 4.0]])
    expected = (given @ given).sum()
    for value in (f.evaluate(W=given), f.evaluate({"W": given}), sd.evaluate([f], W=given)[0]):
        assert value == expected
    assert type(f.evaluate(W=[[1, 2], [3, 4]])) is int
    assert type(f.evaluate(W=given.astype(int))) is float
    assert type(f.evaluate(W=given.astype(np.float32))) is np.float32


def test_whole_arrays_have_the_axes_of_a_batch_in_front(weights):
    f = weights[0, 0] * weights[1, 1] + weights[0, 1]
    batch = np.random.default_rng(0).normal(size=(5, 2, 2))
    singles = [f.evaluate(W=one) for one in batch]
    assert f.evaluate(W=batch).tolist() == singles
    assert sd.compile(f, [weights])(batch).tolist() == pytest.approx(singles)
    assert sd.backpropagate(f, {"W": batch}, wrt=weights).shape == (5, 2, 2)


def test_an_array_is_given_whole_or_by_elements_never_both(weights):
    f = weights[0, 0] * weights[1, 1]
    whole = np.ones((2, 2))
    for point in (
        {"W": whole, "W[0, 0]": 1},
        {"W": whole, weights[0, 0]: 1, weights[1, 1]: 2},
        {"W": whole, "W[0, 1]": 1},
    ):
        with pytest.raises(ValueError, match=r"gives W as a whole, and W\[\d, \d\] too"):
            f.evaluate(point)


@pytest.mark.parametrize("value", [3.0, np.ones(2), np.ones((1, 2)), np.ones((2, 1)), [], np.ones((3, 2, 1))])
def test_an_array_without_the_place_is_refused(weights, value):
    with pytest.raises(ValueError, match="the value of W has the shape"):
        (weights[0, 0] * weights[1, 1]).evaluate(W=value)


def test_a_variable_of_the_name_of_an_array_is_another_one(weights):
    f = weights[0, 0] * sd.Var("W")
    assert f.evaluate({"W": 2, "W[0, 0]": 3}) == 6
    with pytest.raises(KeyError, match=r"no value for W\[0, 0\]"):
        f.evaluate(W=2)


def test_every_mode_takes_whole_arrays(weights):
    f = weights[0, 0] ** 2 * weights[1, 1]
    at = {"W": np.array([[3.0, 0.0], [0.0, 5.0]])}
    assert sd.crosscheck(f, at).ok
    assert sd.taylor(f, weights[0, 0], at, 2) == [45.0, 30.0, 5.0]
    assert sd.differences(f, at)[weights[1, 1]] == pytest.approx(9)
    assert "W[0, 0]" in f.to_graphviz(at=at, backward=True).source
    assert sd.animate(f, at, mode="dual", wrt="W[0,0]")


# -- backpropagation -----------------------------------------------------------------------


def test_every_variable_of_the_point_has_a_derivative():
    x, y = sd.variables("x y")
    assert (x**2).backpropagate({x: 3, y: 4}) == {x: 6.0, y: 0.0}
    assert (x**2).backpropagate(x=3, y=4) == {x: 6.0, y: 0.0}
    found = (x**2).backpropagate({"x": np.array([1.0, 2.0]), "y": np.ones(2)}, seed=np.ones(2))
    assert [list(found), found[x].tolist(), found[y].tolist()] == [[x, y], [2, 4], [0, 0]]
    assert sd.Const(2).backpropagate({x: 1.0}) == {x: 0.0}
    with pytest.raises(TypeError, match="the value of y"):
        (x**2).backpropagate({x: 3, y: "4"})


def test_every_element_of_a_whole_array_has_a_derivative(weights):
    found = (weights[0, 0] * weights[1, 1]).backpropagate(W=[[2, 3], [4, 5]])
    assert found == dict(zip(weights.ravel(), [5, 0, 0, 2], strict=True))


def test_a_state_is_no_point(weights):
    x, y = sd.variables("x y")
    x.value, y.value = 3.0, 4.0
    assert (x**2).backpropagate() == {x: 6.0}
    assert (x**2).backpropagate(wrt=[y, x]).tolist() == [0.0, 6.0]


def test_derivatives_by_an_array_have_its_shape(weights):
    f = weights[0, 0] * weights[1, 1]
    x = sd.Var("x")
    at = {"W": np.array([[2.0, 3.0], [4.0, 5.0]]), x: 1}
    found = sd.backpropagate(f, at, wrt=weights)
    assert (found.tolist(), found.dtype) == ([[5, 0], [0, 2]], float)
    assert f.backpropagate(at, wrt=weights[1]).tolist() == [0, 2]
    assert f.backpropagate(at, wrt=[[x, "W[0, 0]"]]).tolist() == [[0, 5]]
    assert f.backpropagate(at, wrt=x) == 0.0
    assert sd.backpropagate([f, f + x], at, seed=[1, 10], wrt=weights[0, 0]) == 55
    with pytest.raises(TypeError, match="with respect to variables"):
        f.backpropagate(at, wrt=f)


def test_symbols_of_sympy_stand_in_points():
    a, b, c = sympy.symbols("a b c")
    f = sd.from_sympy(a * b)
    assert {v.name: d for v, d in f.backpropagate({a: 2.0, b: 3.0, c: 4.0}).items()} == {"a": 3, "b": 2, "c": 0}


# -- compiled functions --------------------------------------------------------------------


def test_arrays_are_arguments_of_their_names(weights):
    v = sd.variables("v", 3)
    function = sd.compile((weights.sum() * v).sum(), [weights, v])
    assert function(W=np.ones((2, 2)), v=np.ones(3)) == 12
    assert repr(function).startswith("<Function of (W, v)")


def test_elements_alone_are_arguments_of_names_of_their_own(weights):
    other = sd.Var("W_0_0")
    f = weights[0, 0] - 2 * weights[0, 1] * other
    function = sd.compile(f, [weights[0, 0], "W[0,1]", other], backend="python")
    assert repr(function).startswith("<Function of (W_0_0_1, W_0_1, W_0_0)")
    assert (
        function(W_0_0_1=1.0, W_0_1=2.0, W_0_0=3.0)
        == function(1.0, 2.0, 3.0)
        == f.evaluate({"W[0, 0]": 1, "W[0, 1]": 2, "W_0_0": 3})
    )
    assert "W_0_0_1" in function.source
    assert "[" not in inspect.cleandoc(function.source)
    assert function.inputs == [weights[0, 0], weights[0, 1], other]


def test_an_array_of_other_variables_has_no_name(weights):
    function = sd.compile(weights.sum(), [weights.T])
    assert repr(function).startswith("<Function of (argument 1)")


# -- neighbours ----------------------------------------------------------------------------


def test_elements_go_to_sympy_and_back(weights):
    f = weights[0, 0] * weights[1, 1]
    expr = f.to_sympy()
    assert expr.free_symbols == {sympy.Symbol("W[0, 0]", real=True), sympy.Symbol("W[1, 1]", real=True)}
    assert sd.from_sympy(expr) == f
    a = sympy.IndexedBase("a")
    assert sd.from_sympy(a[3] ** 2) == sd.Var("a[3]") ** 2


def test_elements_survive_copies(weights):
    f = weights[0, 0] * weights[1, 1]
    assert pickle.loads(pickle.dumps(f)) == copy.deepcopy(f) == sd.from_json(sd.to_json(f)) == sd.parse(str(f)) == f


def test_latex_of_elements():
    w1, w2 = sd.variables("w1", 2), sd.variables("W", (12, 1))
    assert w2[10, 0].latex() == "W_{10, 0}"
    assert w1[1].latex() == "{w_{1}}_{1}"
    assert sd.variables("theta", 2)[1].latex() == r"\theta_{1}"
    assert (sd.Var("w[0]") * sd.Var("w0")).latex() == r"w_{0} \, \mathrm{w0}"


def test_pictures_show_elements(weights):
    f = weights[0, 0] * weights[0, 1]
    assert 'label="W[0, 0]"' in f.to_graphviz().source
    assert "W[0, 1]" in str(f.tree())


HOSTILE = [
    "pi",
    "True",
    "x-1",
    "lambda",
    "x_{1}",
    "f(t)",
    "e",
    "E",
    "oo",
    "nan",
    'q"uo\\te',
    "new\nline",
    "w[0,0]",
    "w[0, 0]",
    "",
    " ",
]


def test_names_from_sympy_read_back_as_the_variables_they_are():
    f = sd.from_sympy(sum(k * sympy.Symbol(name) ** 2 for k, name in enumerate(HOSTILE, 2)))
    again = sd.parse(str(f))
    assert (again, str(again)) == (f, str(f))
    assert {v.name for v in again.variables} == set(HOSTILE)
    assert 'Var("x-1")' in str(f)


def test_two_dummies_of_one_name_get_two_names():
    a, b = sympy.Dummy("x"), sympy.Dummy("x")
    f = sd.from_sympy(a - 2 * b)
    again = sd.parse(str(f))
    assert len(again.variables) == 2
    assert str(again) == str(f)
    assert str(f) in ("_x - 2*_x_1", "-2*_x + _x_1")
    assert f.latex().count(r"\mathrm{\_x}") == f.latex().count(r"\mathrm{\_x\_1}") == 1
    text = sd.to_json(f)
    assert sd.from_json(text) == f
    assert len(sd.from_json(text).to_sympy().free_symbols) == 2
    function = sd.compile(f, [a, b])
    assert function(5.0, 1.0) == 3


def test_the_variable_pi_and_the_constant_pi_are_told_apart():
    f = sd.from_sympy(sympy.Symbol("pi") * sympy.pi)
    assert len(sd.parse(str(f)).variables) == 1
    assert r"\mathrm{pi}" in f.latex()
    assert r"\pi" in f.latex()


# -- the functions that all of this is made of -----------------------------------------------

NAMES = st.one_of(
    st.text(max_size=8),
    st.sampled_from(HOSTILE),
    st.builds(
        element_name,
        st.from_regex(r"[a-z_]\w{0,3}", fullmatch=True),
        st.lists(st.integers(0, 20), min_size=1, max_size=3),
    ),
    st.from_regex(r"[a-z]_[0-9]", fullmatch=True),
)


@settings(max_examples=300, deadline=None)
@given(NAMES)
def test_any_name_is_written_so_that_it_reads_back(name):
    again = sd.parse(written(name))
    assert (again.name, again.key) == (name, name)


@given(st.lists(NAMES, max_size=12))
def test_distinct_names_differ_and_the_first_of_each_stays(names):
    found = distinct(names)
    assert len(set(found)) == len(names) == len(found)
    assert all(found[names.index(name)] == name for name in names)


@given(st.lists(NAMES, max_size=12, unique=True))
def test_identifiers_differ_and_only_elements_change(names):
    found = identifiers(names)
    assert len(set(found)) == len(names)
    for name, made in zip(names, found, strict=True):
        assert made == name if element(name) is None else made.isidentifier()


def test_spellings_of_an_element():
    assert element("w[ 1 ,02 ]") == ("w", (1, 2))
    assert canonical("w[ 1 ,02 ]") == "w[1, 2]"
    assert [canonical(name) for name in ("w", "w[i]", "x-1", 3)] == ["w", "w[i]", "x-1", 3]


def test_the_empty_name_has_a_label():
    assert list(sd.parse('Var("")').to_networkx().nodes(data="label")) == [(0, "")]


def test_exponents_of_mpmath_numbers_may_be_longer_than_eighteen_digits():
    f = sd.Var("x") + mpmath.mpf((0, 1, 4 * 10**18, 1))
    assert sd.parse(str(f)) == f
    assert "1204119982655924780" in f.latex()


# -- whole arrays by name -------------------------------------------------------------------


def network():
    w = sd.variables("W", (2, 3))
    b = sd.variables("b", 2)
    return w, b, (np.sin(w).sum(axis=1) * b).sum() + w[0, 0] * w[1, 2] * b[1]


def alike(found, right):
    assert found.shape == right.shape
    assert found.tolist() == right.tolist()


def test_derivatives_by_the_name_of_an_array_have_its_shape():
    w, b, f = network()
    v = np.arange(6.0).reshape(2, 3)
    alike(f.gradient("W"), f.gradient(w))
    alike(sd.gradient(f, "b"), f.gradient(b))
    alike(sd.jacobian([f, 2 * f], "W"), sd.jacobian([f, 2 * f], w))
    alike(f.hessian("W"), f.hessian(w))
    assert sd.jvp(f, "W", v) == sd.jvp(f, w, v)
    alike(sd.vjp([f], "W", [2]), sd.vjp([f], w, [2]))
    alike(sd.hvp(f, "W", v), sd.hvp(f, w, v))
    assert sd.derivatives(f, "b", 2) == sd.derivatives(f, b, 2)
    assert str(sd.cost(f, "W")) == str(sd.cost(f, w))
    assert (sd.jacobian_sparsity([f], "W") != sd.jacobian_sparsity([f], w)).nnz == 0
    assert (sd.hessian_sparsity(f, "W") != sd.hessian_sparsity(f, w)).nnz == 0
    point = {"W": v / 7, "b": [1.0, 2.0]}
    np.testing.assert_array_equal(f.backpropagate(point, wrt="W"), f.backpropagate(point, wrt=w))
    two = sd.variables("p", 2) @ sd.variables("q", 2)
    assert two.gradient(["p", "q"]).shape == (2, 2)


def test_compiled_functions_take_arrays_by_name():
    w, b, f = network()
    values = np.arange(6.0).reshape(2, 3) / 7, np.array([1.0, 2.0])
    function = sd.compile(f, ["W", "b"])
    assert list(inspect.signature(function).parameters) == ["W", "b", "out", "threads"]
    assert function(*values) == function(W=values[0], b=values[1]) == sd.compile(f, [w, b])(*values)
    assert sd.compile(w.sum(), "W")(values[0]) == pytest.approx(values[0].sum(), rel=1e-15)
    problem = sd.to_scipy((b**2).sum() * w[0, 0], "b", ["W"])
    assert problem.jac(values[1], np.ones((2, 3))).tolist() == [2.0, 4.0]


def test_an_array_by_name_that_is_not_whole_is_an_error():
    with sd.Graph():
        x, y = sd.Var("w[0]"), sd.Var("w[2]")
        with pytest.raises(sd.SymdiffValueError, match=r"no w\[1\]: give the array of variables w"):
            (x * y).gradient("w")
    with sd.Graph():
        x, y = sd.Var("w[0]"), sd.Var("w[0, 1]")
        with pytest.raises(sd.SymdiffValueError, match="several dimensions"):
            (x * y).gradient("w")
        assert (x * sd.Var("w")).gradient("w") == x  # a variable has its name to itself
    with pytest.raises(sd.SymdiffValueError, match="no variable named 'W'"):
        sd.Var("x").gradient("W")
    w = sd.variables("w", 2)
    with pytest.raises(sd.SymdiffValueError, match="no variable named 'w'"):
        (w[0] * w[1]).diff("w")


def test_arguments_of_compiled_functions_are_identifiers_of_their_own():
    w = sd.variables("W", (2, 2))
    function = sd.compile(w[1, 0] * sd.Var("W_1_0") + w[0, 0], [w[1, 0], sd.Var("W_1_0"), w[0, 0]])
    assert str(inspect.signature(function)) == "(W_1_0_1, W_1_0, W_0_0, *, out=None, threads=1)"
    assert function(W_1_0_1=2.0, W_1_0=3.0, W_0_0=4.0) == 10.0
    x, out = sd.variables("x out")
    function = sd.compile(x * out, [np.array([x]), out])
    assert str(inspect.signature(function)) == "(argument_1, /, out, *, threads=1)"
    assert function([2.0], out=3.0) == function([2.0], 3.0) == 6.0


def test_an_array_by_name_is_that_of_the_expression_beside_a_scalar_of_the_name():
    with sd.Graph():
        alone, xs = sd.Var("x"), sd.variables("x", 3)
        f = xs[0] ** 2 * xs[1]
        assert f.backpropagate(x=np.array([2.0, 3.0, 4.0])) == {xs[0]: 12.0, xs[1]: 4.0, xs[2]: 0.0}
        assert f.backpropagate({alone: 1.0, **dict(zip(xs, [2.0, 3.0, 4.0], strict=True))})[alone] == 0.0


def test_whole_arrays_are_options_of_everything_that_takes_a_point_by_name():
    with sd.Graph():
        x = sd.variables("x", 3)
        f = x[0] ** 2 * x[1]
        at = np.array([2.0, 3.0, 4.0])
        for found in (sd.differences(f, x=at), sd.differences(f, {"x": at}), sd.differences(f, x=at, method="complex")):
            assert found == {x[0]: pytest.approx(12.0), x[1]: pytest.approx(4.0)}
        assert sd.crosscheck(f, x=at).ok
        assert f.first_bad(x=at) is None
        with pytest.raises(sd.SymdiffTypeError, match="no option 'xs'"):
            sd.differences(f, x=at, xs=1.0)


def test_dummies_of_one_name_are_given_by_symbols_or_variables():
    """Which of them a text calls by which name depends on what it shows: a point has no such names."""
    first, second = sympy.Dummy("d"), sympy.Dummy("d")
    f = sd.from_sympy(first**2 * second)
    assert f.evaluate({first: 2, second: 3}) == 12
    assert f.evaluate(dict(zip(sd.from_sympy([first, second]), [2, 3], strict=True))) == 12
    with pytest.raises(sd.MissingValueError, match="one of 2 of that name: its variable or its symbol is the key"):
        f.evaluate({"_d": 2, "_d_1": 3})
