"""Functions of numbers that give one number: called in C's terms after some calls, and nobody can tell but by time."""

from __future__ import annotations

import copy
import pickle
import struct
import sys
import weakref
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import symdiff as sd
from symdiff.compile import first_calls
from symdiff.compile.scalar_function import NestedFunction, NumberFunction, ScalarFunction

pytest.importorskip("llvmlite")
X, Y = sd.variables("x y")
CALLS = 100  # enough for native code to take over where it is asked for


class Number(float):
    """A float of a user's."""


def bits(value):
    return type(value), struct.pack("<d", value)


def called(outputs, inputs, *point):
    """A function after many calls, and what the first of them gave."""
    function = sd.compile(outputs, inputs, backend="llvm")
    first = function(*point)
    for _ in range(CALLS):
        function(*point)
    assert type(function) is NumberFunction
    return function, first


@pytest.mark.parametrize("point", [(0.3, 0.4), (-0.0, 1.0), (1e300, -1e300), (float("inf"), 2.0), (float("nan"), 0.0)])
def test_bits_are_those_of_the_first_call(point):
    function, first = called(sd.sin(X) * Y + X**2 / Y, [X, Y], *point)
    assert bits(function(*point)) == bits(first)
    assert bits(ScalarFunction._in_python(function, *point)) == bits(first)


def test_conditions_are_bools():
    function, _ = called(X > Y, [X, Y], 1.0, 2.0)
    assert function(1.0, 2.0) is False
    assert function(2.0, 1.0) is True


def test_a_function_of_nothing():
    function, _ = called(sd.sin(sd.Const(2)), [])
    assert function() == pytest.approx(np.sin(2), rel=1e-15)


def test_what_is_no_float_is_taken_as_before():
    function, _ = called(sd.sin(X) * Y, [X, Y], 0.3, 0.4)
    for args in [(1, 2), (True, 2.0), (np.float64(0.3), 0.4), (Number(0.3), 0.4), (np.int32(3), 1)]:
        assert function(*args) == pytest.approx(np.sin(float(args[0])) * float(args[1]), rel=1e-15)
    np.testing.assert_allclose(function(np.array([0.3, 0.4]), 2), np.sin([0.3, 0.4]) * 2, rtol=1e-15)
    assert function(x=0.3, y=0.4) == function(0.3, y=0.4) == function(0.3, 0.4)
    assert function(X, 2) == sd.sin(X) * 2
    out = np.empty(2)
    assert function([0.3, 0.4], 2.0, out=out) is out


@pytest.mark.parametrize(
    ("args", "named", "message"),
    [
        ((1.0,), {}, "no value for y"),
        ((1.0, 2.0, 3.0), {}, "takes 2 arguments"),
        ((), {}, "no value for x, y"),
        (("a", 1.0), {}, "x is 'a'"),
        ((1.0,), {"z": 2.0}, "no argument z"),
    ],
)
def test_errors_are_as_before(args, named, message):
    function, _ = called(X * Y, [X, Y], 1.0, 2.0)
    with pytest.raises(sd.SymdiffTypeError, match=message):
        function(*args, **named)
    assert function(1.0, 2.0) == 2.0


def test_many_numbers_go_another_way():
    """More than the stack has room for, by place and by name."""
    xs = sd.variables("x", 100)
    function, first = called(sum(v**2 for v in xs), list(xs), *[1.0] * 100)
    assert function(*[1.0] * 100) == first == 100
    names = [argument.name for argument in function._arguments]
    assert function(**dict.fromkeys(names, 2.0)) == 400


def test_the_method_takes_no_other_object():
    called(X, [X], 1.0)
    with pytest.raises(TypeError, match="NumberFunction"):
        NumberFunction.__call__(3)
    with pytest.raises(TypeError):
        NumberFunction.__call__()


def test_copies():
    function, first = called(X * Y, [X, Y], 3.0, 4.0)
    for other in (pickle.loads(pickle.dumps(function)), copy.copy(function), copy.deepcopy(function)):
        assert {other(3.0, 4.0) for _ in range(CALLS)} == {first}
    assert isinstance(function, sd.Function)


def test_a_method_keeps_its_function_and_nothing_else_does():
    function, first = called(X * Y, [X, Y], 3.0, 4.0)
    method, gone = function.__call__, weakref.ref(function)
    del function
    assert method(3.0, 4.0) == first
    del method
    assert gone() is None


def test_no_reference_is_lost_or_kept():
    function, _ = called(X * Y, [X, Y], 3.0, 4.0)
    given = 1234.5
    before = sys.getrefcount(given), sys.getrefcount(function), sys.getrefcount(float)
    for _ in range(1000):
        function(given, 1.0)
        function(given, 2)
        function(given, y=1.0)
        with pytest.raises(sd.SymdiffTypeError):
            function(given)
    after = sys.getrefcount(given), sys.getrefcount(function), sys.getrefcount(float)
    assert all(abs(a - b) < 10 for a, b in zip(before, after, strict=True))


def test_threads_share_it():
    function, first = called(sd.cos(X) * Y, [X, Y], 0.3, 0.4)
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: function(0.3, 0.4), range(2000))) == {first}


@pytest.mark.parametrize("backend", ["python", "numpy"])
def test_other_backends_stay_what_they_are(backend):
    function = sd.compile(X * Y, [X, Y], backend=backend)
    assert {function(3.0, 4.0) for _ in range(CALLS)} == {12.0}
    assert type(function) is ScalarFunction


def test_other_results_go_another_way():
    for outputs, inputs, point in [([X], [X], (1.0,)), (X, [sd.variables("v", 1), X], ([1.0], 1.0))]:
        function = sd.compile(outputs, inputs, backend="llvm")
        for _ in range(CALLS):
            function(*point)
        assert type(function) is NestedFunction


def test_it_takes_over_after_the_first_calls(monkeypatch):
    """Python does the first calls, then native code, which is called in C's terms at last; the bits stay."""
    monkeypatch.setattr(first_calls, "STEPS", 2000)
    monkeypatch.setattr(first_calls, "STEPS_LOADED", 2000)
    function = sd.compile(sd.sin(X) * Y + X**2, [X, Y])
    found = {bits(function(0.3, 0.4)) for _ in range(2500)}
    assert len(found) == 1
    assert type(function) is NumberFunction
