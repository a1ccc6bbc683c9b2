"""The tape: the flat program that backends read."""

import pytest

import symdiff as sd
from symdiff.compile.tape import tape_of


def _tape(outputs, inputs):
    graph = outputs[0].graph
    return tape_of(graph, [f._index for f in outputs], [v._index for v in inputs])


def test_slots_are_inputs_constants_then_results(xy):
    x, y = xy
    tape = _tape([x**2 * y, y + 2], [y, x])
    assert (tape.arity, tape.first, tape.size) == (2, 3, 6)
    assert [tape.operation(k).name for k in range(3)] == ["pow", "mul", "add"]
    assert tape.operands == ((1, 2), (3, 0), (0, 2))
    assert tape.outputs == (4, 5)
    assert [tape.constant(slot) for slot in range(4)] == [None, None, 2, None]


def test_last_uses(xy):
    x, y = xy
    tape = _tape([sd.sin(x * y) + x], [x, y])
    assert tape.last_uses() == [2, 0, 1, 2, 3]


def test_a_variable_that_the_inputs_lack_is_named(xy):
    x, y = xy
    with pytest.raises(sd.SymdiffValueError, match="depend on y,"):
        _tape([x + y], [x])
