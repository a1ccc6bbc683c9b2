"""Functions of numbers and arrays that give such: called in C's terms after some calls, and nobody can tell."""

from __future__ import annotations

import copy
import gc
import inspect
import pickle
import sys
import weakref
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pytest

import symdiff as sd
from symdiff.compile import first_calls
from symdiff.compile.backends.llvm import native
from symdiff.compile.scalar_function import NestedFunction, ScalarFunction

pytest.importorskip("llvmlite")
CALLS = 60  # enough for native code to take over where it is asked for
X, Y = sd.variables("x y")
V = sd.variables("v", 4)
F = sum(100 * (b - a**2) ** 2 + sd.sin(a) for a, b in pairwise(V))
AT = np.array([0.5, -0.0, 1.25, 3.0])
Pair = namedtuple("Pair", "a b")

NESTINGS = {
    "one number": F,
    "one array": F.gradient(V),
    "a matrix": F.hessian(V),
    "a list": [F, F.gradient(V), F.hessian(V)],
    "a tuple": (F.gradient(V), F),
    "numbers in a list": [F, F**2, V[0] > V[1]],
    "no numbers": [],
    "an empty array": [F, np.empty(0, dtype=object), np.empty((0, 3), dtype=object)],
    "constants": [sd.Const(2), np.array([sd.Const(1), V[1]], dtype=object)],
}
OTHERS = {
    "a dictionary": {"f": F, "g": F.gradient(V)},
    "a list in a list": [[F], F.gradient(V)],
    "a named tuple": Pair(F, F.gradient(V)),
    "conditions": np.array([V[0] > V[1], V[0] > V[2]], dtype=object),
    "a sparse matrix": F.hessian(V, sparse=True),
}


def called(outputs, inputs, *point, kind=NestedFunction):
    """A function after many calls, and what the first of them gave."""
    function = sd.compile(outputs, inputs, backend="llvm")
    first = function(*point)
    for _ in range(CALLS):
        function(*point)
    assert type(function) is kind
    return function, first


def parts(found):
    """Types, shapes and bits of a nesting."""
    if isinstance(found, (list, tuple)):
        return type(found), [parts(part) for part in found]
    if isinstance(found, dict):
        return dict, {key: parts(part) for key, part in found.items()}
    if hasattr(found, "toarray"):
        return type(found), found.toarray().tobytes()
    return type(found), np.shape(found), getattr(found, "dtype", None), np.asarray(found).tobytes()


@pytest.mark.parametrize("name", NESTINGS)
@pytest.mark.parametrize("point", [AT, AT * 1e300, np.array([np.nan, np.inf, 0.0, 1.0])], ids=["plain", "large", "nan"])
def test_bits_are_those_of_the_first_call(name, point):
    function, first = called(NESTINGS[name], [V], point)
    assert parts(function(point)) == parts(first) == parts(ScalarFunction._in_python(function, point))
    numbers = sd.compile(NESTINGS[name], list(V), backend="llvm")
    for _ in range(CALLS):
        assert parts(numbers(*point.tolist())) == parts(first)


@pytest.mark.parametrize("name", OTHERS)
def test_other_nestings_stay_what_they_are(name):
    function, first = called(OTHERS[name], [V], AT, kind=ScalarFunction)
    assert parts(function(AT)) == parts(first)


def test_numbers_and_arrays_mixed():
    function, _ = called([X * V[0], V * Y], [X, V, Y], 2.0, AT, 3.0)
    number, array = function(2.0, AT, 3.0)
    assert number == 1.0
    np.testing.assert_array_equal(array, AT * 3)


def test_arrays_of_another_kind_are_taken_as_before():
    function, first = called([F, F.gradient(V)], [V], AT)
    spread = np.repeat(AT, 3)[::3]
    backwards = AT[::-1].copy()[::-1]
    swapped = AT.astype(">f8")
    odd = np.frombuffer(b"x" + AT.tobytes(), dtype=np.uint8)[1:].view(np.float64)
    for given in (spread, backwards, swapped, odd, AT.tolist(), tuple(AT), AT.astype(object), AT.view(np.recarray)):
        assert parts(function(given)) == parts(first)
    assert parts(function(np.float32([0.5, 0, 1.25, 3])))[1][1][1] == (4,)
    batch = function(np.array([AT, AT]))
    assert batch[0].shape == (2,)
    assert batch[1].shape == (2, 4)


def test_a_matrix_is_no_vector_of_its_entries():
    w = sd.variables("w", (2, 2))
    function = sd.compile((w**2).sum(), [w], backend="llvm")
    for _ in range(CALLS):
        assert function(np.eye(2)) == 2
    with pytest.raises(sd.SymdiffValueError, match="shape"):
        function(np.ones(4))


@pytest.mark.parametrize(
    ("args", "named", "error", "message"),
    [
        ((), {}, sd.SymdiffTypeError, "no value for v"),
        ((AT, AT), {}, sd.SymdiffTypeError, "takes 1 argument"),
        ((np.ones(3),), {}, sd.SymdiffValueError, "shape"),
        ((2.0,), {}, sd.SymdiffValueError, "shape"),
        ((AT + 1j,), {}, sd.SymdiffTypeError, "complex"),
        ((AT,), {"z": 1.0}, sd.SymdiffTypeError, "no argument z"),
    ],
)
def test_errors_are_as_before(args, named, error, message):
    function, first = called([F, F.gradient(V)], [V], AT)
    with pytest.raises(error, match=message):
        function(*args, **named)
    assert parts(function(AT)) == parts(first)


def test_keywords_out_and_expressions():
    function, first = called([F, F.gradient(V)], [V], AT)
    assert parts(function(v=AT)) == parts(first)
    out = [np.empty(()), np.empty(4)]
    assert function(AT, out=out) is out
    assert out[1].tobytes() == first[1].tobytes()
    assert function(V)[0] == F


def test_every_call_has_arrays_of_its_own():
    function, _ = called([F.gradient(V), F.hessian(V)], [V], AT)
    one, other = function(AT), function(AT)
    kept = parts(other)
    one[0][:] = one[1][:] = 0
    assert parts(other) == kept
    assert all(array.flags.owndata and array.flags.writeable and array.flags.c_contiguous for array in other)


@pytest.mark.parametrize("count", [1, 63, 64, 65, 3000])
def test_more_numbers_than_the_stack_has_room_for(count):
    v = sd.variables("v", count)
    function, _ = called([(v * v).sum(), 2 * v], [v], np.arange(float(count)))
    total, array = function(np.arange(float(count)))
    assert total == sum(k * k for k in range(count))
    np.testing.assert_array_equal(array, 2 * np.arange(count))


def test_programs_by_levels(monkeypatch):
    monkeypatch.setattr(native, "STRAIGHT", 5)
    monkeypatch.setattr(native.build, "__defaults__", (None, 5))
    function, first = called([F, F.gradient(V)], [V], AT)
    straight = sd.evaluate([F, *F.gradient(V)], dict(zip(V, AT.tolist(), strict=True)))
    np.testing.assert_allclose([first[0], *first[1]], straight, rtol=1e-14)
    assert parts(function(AT)) == parts(first)


@pytest.mark.parametrize("shape", [(0,), (0, 3)])
def test_an_empty_array_as_the_only_result(shape):
    """After some calls it was written as if it had entries, where arguments were no arrays."""
    function, first = called(np.empty(shape, dtype=object), [V], AT)
    for given in (AT, AT.tolist(), tuple(AT)):
        assert parts(function(given)) == parts(first)


def test_who_settles_second_leaves_what_the_first_one_points_to():
    """Threads may come there at once: freed memory was read."""
    function, first = called([F, F.gradient(V)], [V], AT)
    held, program = function._held, function.program
    function._settle_nested(function._kernel)
    assert function._held is held
    assert function.program is program
    assert parts(function(AT)) == parts(first)


def test_help_is_that_of_any_function():
    function, _ = called([F, F.gradient(V)], [V], AT)
    assert function.__doc__ == ScalarFunction.__doc__
    assert str(inspect.signature(function)) == str(inspect.signature(sd.compile([F, F.gradient(V)], [V])))
    assert str(inspect.signature(function.__call__)) == "(*args, **named)"


@pytest.mark.parametrize("backend", ["python", "numpy"])
def test_other_backends_stay_what_they_are(backend):
    function = sd.compile([F, F.gradient(V)], [V], backend=backend)
    assert len({str(parts(function(AT))) for _ in range(CALLS)}) == 1
    assert type(function) is ScalarFunction


def test_single_precision_stays_what_it_is():
    function = sd.compile([F, F.gradient(V)], [V], backend="llvm", dtype="float32")
    assert len({str(parts(function(AT.astype(np.float32)))) for _ in range(CALLS)}) == 1
    assert type(function) is ScalarFunction


def test_it_takes_over_after_the_first_calls(monkeypatch):
    monkeypatch.setattr(first_calls, "STEPS", 2000)
    monkeypatch.setattr(first_calls, "STEPS_LOADED", 2000)
    function = sd.compile([F, F.gradient(V)], [V])
    assert len({str(parts(function(AT))) for _ in range(500)}) == 1
    assert type(function) is NestedFunction


def test_copies():
    function, first = called([F, F.gradient(V)], [V], AT)
    for other in (pickle.loads(pickle.dumps(function)), copy.copy(function), copy.deepcopy(function)):
        assert {str(parts(other(AT))) for _ in range(CALLS)} == {str(parts(first))}


def test_a_method_keeps_its_function_and_nothing_else_does():
    function, first = called([F, F.gradient(V)], [V], AT)
    gc.disable()
    try:
        method, gone = function.__call__, weakref.ref(function)
        del function
        assert parts(method(AT)) == parts(first)
        del method
        assert gone() is None
    finally:
        gc.enable()


def test_no_reference_is_lost_or_kept():
    function, _ = called([F, V[0] > V[1], F.gradient(V)], [V], AT)
    results = [function(AT) for _ in range(3)]
    assert {sys.getrefcount(array) for _, _, array in results} == {3}  # the list, the name here, the argument
    watched = [AT, function, float, np.ndarray, True, function._held[1][2][2]]
    before = [sys.getrefcount(item) for item in watched]
    for _ in range(1000):
        function(AT)
        function(AT.tolist())
        function(v=AT)
        with pytest.raises(sd.SymdiffTypeError):
            function()
    after = [sys.getrefcount(item) for item in watched]
    assert max(abs(a - b) for a, b in zip(before, after, strict=True)) < 10, (before, after)


def test_threads_share_it():
    function, first = called([F, F.gradient(V)], [V], AT)
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: str(parts(function(AT))), range(2000))) == {str(parts(first))}


def test_the_method_takes_no_other_object():
    called([F], [V], AT)
    with pytest.raises(TypeError, match="NestedFunction"):
        NestedFunction.__call__(3)
