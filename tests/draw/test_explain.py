"""The chain rule path by path: all of them, the heaviest, and how many there are."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import symdiff as sd
from symdiff.draw.explain import explain
from symdiff.errors import MissingValueError, SymdiffTypeError, SymdiffValueError


def all_paths(f, x):
    """Every path from x to f, by plain recursion; each a tuple of nodes."""
    if f == x:
        return [(x,)]
    smooth = f.args[:1] if isinstance(f, sd.Pow) else f.args  # the exponent is a constant
    return [(*path, f) for a in smooth for path in all_paths(a, x)]


MAKERS = [lambda a, b: a + b, lambda a, b: a * b, lambda a, b: sd.sin(a), lambda a, b: a / (b**2 + 2)]


@st.composite
def smooth_expressions(draw):
    with sd.Graph():
        pool = list(sd.variables("x y"))
        for _ in range(draw(st.integers(1, 7))):
            a, b = (pool[draw(st.integers(0, len(pool) - 1))] for _ in range(2))
            pool.append(draw(st.sampled_from(MAKERS))(a, b))
        return pool[-1]


@given(smooth_expressions(), st.floats(-2, 2), st.floats(-2, 2))
def test_the_products_of_all_paths_add_up_to_the_derivative(f, a, b):
    at = {"x": a, "y": b}
    x = sd.parse("x") if "x" not in {v.name for v in f.variables} else next(v for v in f.variables if v.name == "x")
    told = explain(f, x, at=at, most=10_000)
    assert told.complete
    expected = f.backpropagate(at).get(x, 0.0)
    assert told.value == expected
    total = sum(path.weight for path in told.paths)
    size = sum(abs(path.weight) for path in told.paths)
    assert math.isclose(total, expected, rel_tol=1e-12, abs_tol=1e-12 * (1 + size))
    for path in told.paths:
        assert math.isclose(path.product.evaluate(at), path.weight, rel_tol=1e-9, abs_tol=1e-300)
    paths = all_paths(f, x)
    assert told.count == len(paths)
    assert {tuple(path.nodes) for path in told.paths} == set(paths)


@given(smooth_expressions(), st.floats(0.1, 2), st.floats(0.1, 2), st.integers(1, 5))
def test_the_heaviest_are_those_of_all(f, a, b, most):
    at = {"x": a, "y": b}
    if "x" not in {v.name for v in f.variables}:
        return
    every = sorted([abs(p.weight) for p in explain(f, "x", at=at, most=10_000).paths], reverse=True)
    some = [abs(p.weight) for p in explain(f, "x", at=at, most=most).paths]
    assert np.allclose(sorted(some, reverse=True), every[:most], rtol=1e-9, atol=0)


def test_paths_of_one_formula(xy):
    x, y = xy
    f = sd.sin(x * y) * x + sd.exp(x * y)
    told = explain(f, x, at={x: 1.0, y: 2.0})
    assert [tuple(path.nodes) for path in told.paths] == [
        (x, x * y, sd.sin(x * y), sd.sin(x * y) * x, f),
        (x, sd.sin(x * y) * x, f),
        (x, x * y, sd.exp(x * y), f),
    ]
    assert told.count == len(all_paths(f, x)) == 3
    assert [str(p) for p in told.paths[0].partials] == ["1", "x", "cos(x*y)", "y"]
    assert told.derivative == f.gradient(x)
    assert "the sum over 3 paths:" in str(told)
    assert "1 · x · cos(x*y) · y = 1.0 · 1.0 · (-0.416147) · 2.0 = -0.832294" in str(told)


def test_a_square_as_written_has_two_paths():
    with sd.Graph(simplify=False):
        x = sd.Var("x")
        told = explain(x * x, x, at={x: 3.0})
    assert told.count == 2
    assert [p.weight for p in told.paths] == [3.0, 3.0]
    assert told.value == 6.0


def test_the_number_of_paths_is_exact_however_large():
    x = sd.Var("x")
    z = x
    for _ in range(20_000):
        z = sd.sin(z) + z
    told = explain(z, x, most=2)
    assert told.count == 2**20_000
    assert [len(path) for path in told.paths] == [20_000, 20_001]
    assert len(str(told)) < 5000
    assert "about 3.98e+6020" in str(told).replace("3.98028", "3.98")
    assert len(told.latex()) < 50_000


def test_among_many_paths_of_one_weight_none_is_told_twice():
    x = sd.Var("x")
    z = x
    for _ in range(40):
        z = sd.sin(z) + z
    paths = explain(z, x, at={x: 0.0}, most=50).paths
    assert len({path.edges for path in paths}) == len(paths) == 50
    assert {path.weight for path in paths} == {1.0}


def test_latex_names_the_steps(xy):
    x, y = xy
    text = explain(x**2 * y + y + 2, y, at={x: 3, y: 4}).latex()
    for part in (
        r"z_{1} &= x^{2} y", r"f &= z_{2} + 2", r"\frac{\partial f}{\partial z_{2}} \frac{\partial z_{2}}{\partial y}",
        r"1 \cdot 1 \cdot x^{2}", r"&= x^{2} + 1", "&= 10.0",
    ):  # fmt: skip
        assert part in text
    assert explain(x * y, y)._repr_latex_().startswith(r"$\displaystyle \begin{aligned}")
    z = sd.Var("z1")
    assert "u_{1}" in explain(sd.sin(sd.exp(z)), z).latex()


def test_names_of_variables_stay_in_latex():
    alpha = sd.Var("alpha_1")
    assert r"\partial \alpha_{1}" in explain(sd.sin(alpha), alpha).latex()


def test_pictures_highlight_one_path_or_all(xy):
    x, y = xy
    told = explain(sd.sin(x * y) * x + sd.exp(x * y), x, at={x: 1.0, y: 2.0})
    one, every = told.to_graphviz(path=1), told.to_graphviz()
    assert one.source.count("penwidth=2.2") == 2
    assert every.source.count("penwidth=2.2") == 7
    assert '" 0.909297 "' in one.source
    assert '" cos(x·y) "' in explain(sd.sin(x * y), x).to_graphviz().source
    for wrong in (3, -1, "0", True):
        with pytest.raises(SymdiffValueError, match="path"):
            told.to_graphviz(path=wrong)


def test_partials_of_a_graph_that_keeps_what_is_written_are_its_nodes():
    with sd.Graph(simplify=False):
        x, y = sd.variables("x y")
        f = sd.Add(sd.Mul(sd.Mul(x, x), y), y)
    assert "1 · x*x" in str(explain(f, y))


def test_a_path_through_a_large_graph_is_drawn_by_its_ends(tmp_path):
    x = sd.Var("x")
    z = x
    for _ in range(500):
        z = sd.sin(z) * z
    told = explain(z, x, at={x: 0.5}, most=3)
    picture = told.to_graphviz(path=0)
    assert picture.nodes_drawn == 25
    assert ' operations"' in picture.source
    assert told.render(tmp_path / "e.svg", path=0).endswith("e.svg")


def test_a_branch_that_is_not_taken_weighs_nothing(xy):
    x, y = xy
    f = sd.where(x > 0, x * y, sd.log(x))
    told = explain(f, x, at={x: 0.0, y: 5.0})
    assert told.count == 2
    told = explain(sd.where(x > -1, x * y, sd.log(x)), x, at={x: 0.0, y: 5.0})
    assert sorted(path.weight for path in told.paths) == [0.0, 5.0]
    assert told.value == 5.0


def test_what_does_not_depend_on_it(xy):
    x, y = xy
    told = explain(y + 1, x, at={y: 1.0})
    assert (told.count, told.paths, told.value) == (0, [], 0.0)
    assert told.derivative == 0
    assert "no path" in str(told)
    assert told.latex()
    assert told.to_graphviz().source
    alone = explain(x, x, at={x: 2.0})
    assert (alone.count, alone.paths[0].weight, alone.value) == (1, 1, 1.0)
    assert str(explain(sd.floor(x), x)).endswith("to the result")


def test_arrays_of_points(xy):
    x, _ = xy
    told = explain(sd.sin(x) * x, x, at={x: np.linspace(0, 1, 3)})
    total = sum(path.weight for path in told.paths)
    assert np.allclose(total, told.value)
    assert "[" in str(told)


def test_bad_input(xy):
    x, y = xy
    for wrong, error in ((x * y, SymdiffTypeError), (3, SymdiffTypeError), ("q", SymdiffValueError)):
        with pytest.raises(error):
            explain(x * y, wrong)
    for most in (0, 1.5, True, None):
        with pytest.raises(SymdiffValueError, match="most"):
            explain(x * y, x, most=most)
    with pytest.raises(MissingValueError, match="y"):
        explain(x * y, x, at={x: 1.0})


def test_every_operation_is_explained():
    from symdiff.records import OPERATIONS
    from tests.support import sample

    at = {"x": 1.25, "y": 1.75}
    for op in OPERATIONS[2:]:
        if not hasattr(sd, op.class_name):
            continue  # registered by another test
        with sd.Graph():
            f = sample(op)
        told = explain(f, "x", at=at, most=1000)
        assert told.complete
        assert np.isclose(sum(p.weight for p in told.paths), told.value, rtol=1e-9, atol=1e-12, equal_nan=True), op
        assert str(told)
        assert told.latex()


def test_named_parts_stand_once_above():
    with sd.Graph():
        x, y = sd.variables("x y")
        u = sd.named("u", x * y)
        told = str(sd.explain(sd.sin(u) * u + x, x))
    assert told.split("\n") == [
        "u = x*y",
        "f = sin(u)*u + x",
        "∂f/∂x = y*(u*cos(u) + sin(u)) + 1",
        "the sum over 3 paths:",
        "  1. x → u → sin(u)*u → sin(u)*u + x",
        "     1 · sin(u) · y",
        "  2. x → u → sin(u) → sin(u)*u → sin(u)*u + x",
        "     1 · u · cos(u) · y",
        "  3. x → sin(u)*u + x",
        "     1",
    ]


def test_paths_lead_through_recurrences():
    x = sd.Var("x")
    last, _ = sd.scan(lambda carry, _: (sd.sin(carry), None), x, length=100)
    assert sd.explain(last, x).count == 1
    assert "scan sin(h) of x" in last.to_graphviz().source
    assert "└─ x" in str(last.tree())
