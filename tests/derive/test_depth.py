"""Nothing recurses: chains of every shape are differentiated far below Python's recursion limit."""

import sys

import pytest

import symdiff as sd
from symdiff.algebra.gates import NodeGates

DEPTH = 3000
STEPS = {
    "neg and div": lambda s, x, y: -s / 2,
    "div": lambda s, x, y: s / y,
    "under a fraction": lambda s, x, y: y / s,
    "reciprocal": lambda s, x, y: 1 / s,
    "neg": lambda s, x, y: 1 - (-s) * y,
    "product": lambda s, x, y: s * y,
    "product from the left": lambda s, x, y: y * s,
    "sum": lambda s, x, y: s + y * x,
    "difference": lambda s, x, y: y - s,
    "power": lambda s, x, y: (s + 1) ** 2,
    "scaled": lambda s, x, y: 2 * (s + x),
    "where": lambda s, x, y: sd.where(s > 0, s * y, s - x),
    "maximum": lambda s, x, y: sd.maximum(s, y) - x,
    "tanh": lambda s, x, y: sd.tanh(s) + x,
}


@pytest.fixture
def shallow():
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(220)
    yield
    sys.setrecursionlimit(limit)


@pytest.mark.parametrize("step", STEPS)
def test_a_chain_of(step, shallow):
    x, y = sd.variables("x y")
    s = x
    for _ in range(DEPTH):
        s = STEPS[step](s, x, y)
    at = {x: 0.5, y: 0.75}
    gradient = s.gradient([x, y])
    (2 * s).gradient(x)
    sd.jvp(s, [x, y], [y, 2])
    gradient[0].gradient(y)
    expected = s.backpropagate(at)
    found = sd.evaluate(gradient, at)
    for slope, v in zip(found, (x, y), strict=True):
        assert slope == pytest.approx(expected.get(v, 0.0), rel=1e-6, abs=1e-300, nan_ok=True)
    assert len(str(s)) > DEPTH
    assert len(sd.parse(str(gradient[0])).variables) <= 2


@pytest.mark.parametrize("step", ["maximum", "where"])
def test_second_derivatives_make_conditions_in_proportion(step, monkeypatch):
    """A gate of many alternatives was taken apart for each further one: 20 seconds for a chain of 3,000."""
    made, condition = [], NodeGates.condition
    monkeypatch.setattr(NodeGates, "condition", lambda *args: made.append(args) or condition(*args))
    counts = []
    for depth in (200, 400):
        made.clear()
        with sd.Graph():
            x, y = sd.variables("x y")
            s = x
            for _ in range(depth):
                s = STEPS[step](s, x, y)
            s.gradient(x).gradient(y)
        counts.append(len(made))
    assert counts[1] < 2.5 * counts[0]


def test_sums_of_two_deep_products_and_of_two_deep_sums(shallow):
    x, y, u, v = sd.variables("x y u v")
    cs = sd.variables("c", DEPTH)
    first, second, third, fourth = x, y, x, y
    for c in cs:
        first, second, third, fourth = first * c, second * c, third + c, fourth + c
    tangent = sd.jvp(first + second, [x, y], [u, v])
    assert {w.name for w in tangent.variables} >= {"u", "v"}
    assert sd.jvp(third - fourth, [x, y], [third, fourth]).evaluate(
        {x: 5.0, y: 3.0, **dict.fromkeys(cs, 0.0)}
    ) == pytest.approx(2.0)


def test_sums_within_blocks_within_sums(shallow):
    h, b = sd.Var("h", shape=2), sd.Var("b")
    s = h
    for k in range(300):
        s = sd.concatenate([s, sd.ones(1)]) + b * sd.ones(3 + k)
    assert sd.jacobian(s, b).evaluate() == pytest.approx([300.0, 300.0, *range(300, 0, -1)])


def test_sums_within_reshaped_arrays_within_sums(shallow):
    h, b = sd.Var("h", shape=2), sd.Var("b")
    s = h
    for _ in range(300):
        s = ((sd.tanh(s) + b).reshape(1, 2) + b).reshape(2)
    found = sd.jacobian(s, b).evaluate(h=[0.1, 0.2], b=0.3)
    assert found == pytest.approx(sd.evaluate(sd.jacobian(s.expand(), b), {"h": [0.1, 0.2], "b": 0.3}), rel=1e-9)
