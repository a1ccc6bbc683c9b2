"""Traces: what each step is, and that its rule gives the number beside it."""

import random

import pytest

import symdiff as sd
from symdiff.errors import MissingValueError, SymdiffTypeError, SymdiffValueError


def program(seed, steps=30):
    """A random expression of smooth and other operations that are finite near 1."""
    chosen = random.Random(seed)
    nodes = list(sd.variables("x y z"))
    for _ in range(steps):
        a, b = chosen.choice(nodes), chosen.choice(nodes[-6:])
        make = chosen.choice(
            [
                lambda a, b: a + b, lambda a, b: sd.tanh(a) * b, lambda a, b: sd.sin(a) / (2 + sd.cos(b)),
                lambda a, b: sd.maximum(a, b), lambda a, b: sd.where(a > b, sd.exp(-(a**2)), b), lambda a, b: a - 3 * b,
            ]
        )  # fmt: skip
        nodes.append(make(a, b))
    return sum(nodes[-4:], start=nodes[0])


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_formulas_and_rules_give_the_numbers_beside_them(mode, seed):
    f = program(seed)
    point = {v: 0.3 + 0.4 * k for k, v in enumerate(f.variables)}
    trace = f.trace(at=point, mode=mode)
    assert trace[-1].value == f.evaluate(point)
    mark = "vbar" if mode == "reverse" else "vdot"
    at = {v.name: value for v, value in point.items()}
    at.update({f"v{step.number}": step.value for step in trace})
    at.update({f"{mark}{step.number}": step.slope for step in trace if step.slope is not None})
    for step in trace:
        assert step.formula.evaluate(at) == step.value
        if step.rule is not None:
            assert step.rule.evaluate(at) == pytest.approx(step.slope, rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("seed", range(5))
def test_the_numbers_are_the_derivatives(seed):
    f = program(seed)
    point = {v: 0.3 + 0.4 * k for k, v in enumerate(f.variables)}
    gradient = f.backpropagate(point)
    named = {str(step.formula): step.slope for step in f.trace(at=point)}
    assert {v: named[v.name] for v in point} == pytest.approx(gradient)
    (x, *_) = point
    assert f.trace(at=point, mode="forward", wrt=x)[-1].slope == pytest.approx(gradient[x])


def test_without_a_point_there_are_formulas_alone():
    x, y = sd.variables("x y")
    text = str((x * y).trace())
    assert text.splitlines() == ["step", "v₁ = x      v̄₁ = v₂·v̄₃", "v₂ = y      v̄₂ = v₁·v̄₃", "v₃ = v₁·v₂  v̄₃ = 1"]


def test_a_raw_graph_keeps_its_steps():
    with sd.Graph(simplify=False):
        x = sd.Var("x")
        trace = (x * x * x).trace(at={x: 2})
    assert [step.value for step in trace] == [2, 4, 8]
    assert "v₂ = v₁·v₁" in str(trace)


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_named_parts_have_their_names(mode):
    """Text and pictures of a named part had its name, the table of steps had not."""
    x, y = sd.variables("x y")
    s = sd.named("s_max", x + y)
    steps = (s**2 * sd.sin(s)).trace(at={x: 1.0, y: 2.0}, mode=mode)
    assert [step.part for step in steps] == ["", "", "s_max", "", "", ""]
    assert "v₃ = s_max = v₁ + v₂  " in str(steps)
    assert "<td>v₃ = s_max = v₁ + v₂</td>" in steps._repr_html_()
    assert r"v_{3} = s_{\mathrm{max}} = v_{1} + v_{2} &" in steps.latex()


def test_long_traces_are_cut_where_nobody_asked():
    x = sd.Var("x")
    f = x
    for _ in range(200):
        f = sd.sin(f)
    trace = f.trace()
    assert len(str(trace).splitlines()) == 202
    assert "… 141 more steps" in repr(trace)
    assert "… 141 more steps" in trace._repr_html_()


def test_bad_input():
    x, y = sd.variables("x y")
    with pytest.raises(SymdiffValueError, match="forward"):
        (x * y).trace(mode="sideways")
    with pytest.raises(MissingValueError, match="y"):
        (x * y).trace(at={x: 1})
    with pytest.raises(SymdiffTypeError, match="expand"):
        sd.Var("X", shape=3).sum().trace()
