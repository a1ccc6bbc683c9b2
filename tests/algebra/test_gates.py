"""Gates: over nodes of a graph and over truth values they say the same."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import symdiff as sd
from symdiff.algebra.gates import NumberGates
from symdiff.algebra.numbers import ARRAY, FLOAT, TABLES
from symdiff.algebra.symbolic import Symbolic
from symdiff.handle import handle

NAMES = "abc"
steps = st.lists(
    st.tuples(
        st.sampled_from(["both", "either", "negated", "first", "second"]), st.integers(0, 30), st.integers(0, 30)
    ),
    max_size=12,
)


def made(gates, conditions, program):
    """The gates that a program makes of conditions; None is always open."""
    found = [None, *conditions]
    for what, a, b in program:
        x, y = found[a % len(found)], found[b % len(found)]
        if what == "either":
            found.append(gates.either([x, y]))
        elif what == "both":
            found.append(gates.both(x, y))
        elif what == "negated":
            found.append(y if y is None else gates.negated(y))
        else:
            found.append(x if y is None else gates.both(x, y if what == "first" else gates.negated(y)))
    return found


@pytest.mark.parametrize("kind", [FLOAT, ARRAY])
@settings(derandomize=True, database=None, deadline=None)
@given(program=steps, truth=st.tuples(*[st.booleans()] * 3))
def test_nodes_and_numbers_agree(kind, program, truth):
    with sd.Graph() as graph:
        xs = [sd.Var(name) for name in NAMES]
        algebra = Symbolic(graph)
        nodes = made(algebra, [(x > 0)._index for x in xs], program)
        values = [np.array([t, not t]) if kind == ARRAY else t for t in truth]
        at = {x: np.where(t, 1.0, -1.0) if kind == ARRAY else t - 0.5 for x, t in zip(xs, values, strict=True)}
        numbers = NumberGates(TABLES[kind])
        for node, number in zip(nodes, made(numbers, values, program), strict=True):
            opened = True if node is None else handle(graph, node).evaluate(at)
            assert np.array_equal(opened + zero(values), (True if number is None else number) + zero(values))
            value = handle(graph, algebra.lower(algebra.settled(node, (3, xs[0]._index)))).evaluate(at)
            assert np.array_equal(value, numbers.settled(number, 3 * at[xs[0]]))


def zero(values):
    return np.zeros(np.shape(values[0]))


def test_alternatives_that_leave_nothing_out_are_no_gate():
    x, y = sd.variables("x y")
    algebra = Symbolic(x.graph)
    a, b = (x > 0)._index, (y > 0)._index
    assert algebra.either([a, b, algebra.negated(a)]) is None
    assert algebra.either([algebra.either([a, b]), algebra.negated(b)]) is None
    assert algebra.either([a, b, a]) == algebra.either([a, b])
    assert algebra.both(None, a) == a == algebra.both(a, None)


def test_what_is_behind_a_closed_gate_does_not_matter():
    numbers = NumberGates(TABLES[ARRAY])
    assert numbers.settled(np.array([True, False]), np.array([2.0, np.nan])).tolist() == [2.0, 0.0]
