"""Which Taylor coefficients others need: told by degrees alone in one direction, as by the recurrences themselves."""

import pytest
from support import sample

import symdiff as sd
from symdiff.records import OPERATIONS
from symdiff.taylor import dependencies
from symdiff.taylor.multi_indices import MultiIndices, up_to
from symdiff.taylor.system import System

FORMULAS = (
    "exp(sin(x))*tanh(x*x)", "(x**2 + x)**7*y", "x**2.5/(1 - x)**3", "sqrt(1 + x**2)/sin(x)", "1/(3 + 2*x)",
    "y*sin(2*x)", "where(x < y, exp(x)*x, log(x))*x", "(2 + cos(x))**(-3)", "atan(x**2)*x**y",
    "(1 - sin(x))*(1 + sin(x))", "x", "y",
)  # fmt: skip


def needed(f, orders, way):
    """The nodes whose coefficients are needed, by order."""
    order = max(orders)
    indices = MultiIndices([(k,) for k in orders])
    system = System(f.graph, [f.graph.var(sd.Var("x")._cell)], order)
    wanted = [(system.include(f._index), k) for k in orders if k]
    if way == "one":
        found = dependencies._needed_in_one(system, wanted)
    else:
        found = dependencies._needed_in_several(system, indices, wanted)
    found += [[]] * (order + 1 - len(found))
    return [sorted([system.node[p] for p in places]) for places in found]


def agree(f):
    for orders in ([1], [2], [5], [0, 1, 2, 3], [2, 4]):
        assert needed(f, orders, "one") == needed(f, orders, "several"), (f, orders)


@pytest.mark.parametrize("text", FORMULAS)
def test_both_ways_to_a_schedule_agree(text):
    agree(sd.parse(text))


@pytest.mark.parametrize("op", [op for op in OPERATIONS[2:] if hasattr(sd, op.class_name)], ids=lambda op: op.name)
def test_both_ways_agree_on_every_operation(op):
    with sd.Graph():
        f = sample(op)
        agree(f)
        agree(f * sd.sin(f))


def test_indices_of_one_variable_are_numbered_as_those_of_several():
    for n in range(4):
        one, several = MultiIndices([(n,)]), MultiIndices([(n, 0)])
        assert [index[0] for index in one.all] == [index[0] for index in several.all] == list(range(n + 1))
        assert one.total == several.total
        assert one.way == several.way
        assert [weight[0] for weight in several.weight] == [weight[0] for weight in one.weight]
        assert one.unit[0] == several.unit[0]
        assert one.in_one
        assert several.in_one
        assert [one.parts(a) for a in range(n + 1)] == [several.parts(a) for a in range(n + 1)]
    assert not MultiIndices(up_to(2, 2)).in_one
