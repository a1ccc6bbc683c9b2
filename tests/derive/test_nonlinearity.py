"""Where it is known which way to high orders is short, nothing else is tried."""

import pytest

import symdiff as sd
from symdiff.derive import higher_derivatives
from symdiff.derive.nonlinearity import Nonlinearity, nonlinearity


@pytest.mark.parametrize(
    ("text", "functions", "nested", "quotients"),
    [
        ("exp(sin(x))*tanh(x*x)", 3, 2, 0),
        ("sin(2*x + y)*y", 1, 0, 0),
        ("x**3 - 2*x*y + 1", 0, 0, 0),
        ("(x**2 + 1)**5", 1, 0, 0),
        ("(x + 1)**5", 0, 0, 0),
        ("(x**3 + 1)/(x - 2)", 0, 0, 1),
        ("1/(x - 2)", 0, 0, 0),
        ("x/y", 0, 0, 0),
        ("log(sin(x)/x)", 2, 1, 1),
        ("where(x < sin(x**2), x, y)", 1, 1, 0),
        ("sin(exp(y))", 0, 0, 0),
    ],
)
def test_what_is_counted(text, functions, nested, quotients):
    f = sd.parse(text)
    at = f.graph.find((1, "x"))
    found = nonlinearity(f.graph, f.graph.cone([f._index]), -1 if at is None else at)
    assert found == Nonlinearity(functions, nested, quotients)


@pytest.mark.parametrize(
    ("text", "order", "tried"),
    [
        ("exp(sin(x))*tanh(x*x)", 2, False),
        ("cos(exp(x))*x + log(1 + x**2)", 3, False),
        ("(x**3 + x**2 + 3)/(x**2 + 2)", 2, False),
        ("sin(x)/x", 2, True),
        ("sin(x)/x", 4, False),
        ("x**3*exp(-x)", 2, True),
        ("log(cos(x))*cos(x)", 2, True),
        ("(x**2 + 1)**2/(x**2 + 3)**5", 2, True),
    ],
)
def test_one_way_is_built_where_it_is_known_to_be_the_shorter(text, order, tried, monkeypatch):
    contests = []
    contest = higher_derivatives.contest
    monkeypatch.setattr(higher_derivatives, "contest", lambda *args: contests.append(args) or contest(*args))
    with sd.Graph() as graph:
        f = sd.parse(text)
        f.diff("x", order)
        assert bool(contests) == tried
        if not tried:
            size = len(graph)
            f.diff("x", order)
            assert len(graph) == size, "a second time all of it is there"


@pytest.mark.parametrize(
    "text",
    [
        "exp(sin(x))*tanh(x*x)", "exp(x + exp(x) + exp(exp(x)))", "sin(exp(x))*cos(x**2)", "x/(a - x**4 + 4*x**3)",
        "(x**3 + x**2 + 3)/(x**2 + 2)", "log(x)/(4*x*log(x)**2 + x)", "exp(-x**2)*sin(x**3)/(1 + x)",
    ],
)  # fmt: skip
def test_the_way_that_is_known_is_the_shorter(text):
    for order in (2, 3, 4):
        with sd.Graph():
            f = sd.parse(text)
            graph, root, moving = f.graph, f._index, [f.graph.find((1, "x"))]
            counts = [
                higher_derivatives.operations(graph, [root, *way(graph, root, moving, [(order,)])])
                for way in (higher_derivatives._by_taylor, higher_derivatives._by_gradients)
            ]
            assert sum(sd.count_ops([f, f.diff("x", order)]).values()) == min(counts)


def test_coefficients_are_whole_where_they_are():
    """One was the Fraction 1/1, and written so."""
    assert "1/1" not in str(sd.parse("acos(x)").diff("x", 3))
    assert "1/1" not in str(sd.parse("2*acos(x*y)").diff("x", 3))
