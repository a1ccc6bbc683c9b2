"""Compiled functions by address, under signatures of C."""

import ctypes
import gc

import numpy as np
import pytest

import symdiff as sd

pytest.importorskip("llvmlite")
DOUBLES = ctypes.POINTER(ctypes.c_double)


def pointer(array):
    return array.ctypes.data_as(DOUBLES)


def test_numbers_are_taken_as_they_are():
    x, y = sd.variables("nat_x nat_y")
    func = sd.compile(x * sd.exp(y), [x, y])
    assert func.ctypes(3.0, 1.0) == func(3.0, 1.0)
    again = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double, ctypes.c_double)(func.address)
    assert again(2.0, 0.5) == func(2.0, 0.5)


def test_arrays_go_by_pointer():
    x = sd.Var("nat_a")
    w = sd.variables("nat_w", 3)
    func = sd.compile([(w**2).sum() * x, {"a": np.array([w[0] * x, x > 0]), "b": x}, []], [w, x])
    at, one, first, second = np.array([1.0, 2.0, 3.0]), np.array([2.0]), np.zeros(1), np.zeros(3)
    assert func.ctypes(pointer(at), pointer(one), pointer(first), pointer(second), None) == 0
    assert (first.tolist(), second.tolist()) == ([28.0], [2.0, 1.0, 2.0])
    other = sd.compile(np.array([w[0] + w[1], w[2]]), [w])
    out = np.zeros(2)
    assert other.ctypes(pointer(at), pointer(out)) == 0
    assert out.tolist() == [3.0, 3.0]


@pytest.mark.parametrize("count", [30, 20_000])
def test_large_programs(count):
    with sd.Graph():
        w, v = sd.variables("w", count), sd.Var("v")
        func = sd.compile([w * v, w[::-1] + v], [w, v])
        at, out = np.arange(count * 1.0), [np.zeros(count), np.zeros(count)]
        assert func.ctypes(pointer(at), pointer(np.array([2.0])), *map(pointer, out)) == 0
        for mine, theirs in zip(out, func(at, 2.0), strict=True):
            assert np.array_equal(mine, theirs)


def test_float32_functions_take_doubles():
    x, y = sd.variables("nat_fx nat_fy")
    func = sd.compile(x * y, [x, y], dtype=np.float32)
    assert func.ctypes(1.1, 2.0) == func(1.1, 2.0)


def test_the_code_lives_as_long_as_what_calls_it():
    x = sd.Var("nat_l")
    call = sd.compile(sd.sin(x) + x**2, x).ctypes
    gc.collect()
    assert call(2.0) == pytest.approx(4 + np.sin(2.0), rel=1e-15)


def test_scipy_integrates_and_filters():
    integrate, ndimage = pytest.importorskip("scipy.integrate"), pytest.importorskip("scipy.ndimage")
    x, y = sd.variables("nat_qx nat_qy")
    w = sd.variables("nat_qw", 3)
    bell, growth = sd.compile(sd.exp(-(x**2)), x), sd.compile(x * sd.exp(y), [x, y])
    assert integrate.quad(bell.low_level_callable(), -np.inf, np.inf)[0] == pytest.approx(np.sqrt(np.pi))
    assert integrate.quad(growth.low_level_callable(), 0, 1, args=(2.0,))[0] == pytest.approx(np.exp(2) / 2)
    assert bell.low_level_callable().signature == "double (double)"
    func = sd.compile(w[0] + 2 * w[1] - w[2], [w])
    a = np.arange(10.0) ** 2
    expected = ndimage.generic_filter(a, lambda v: func(np.array(v)), size=3)
    assert np.array_equal(ndimage.generic_filter(a, func.low_level_callable("filter"), size=3), expected)


def test_numba_calls_it():
    numba = pytest.importorskip("numba", reason="numba is not installed")
    x = sd.Var("nat_n")
    call = sd.compile(x * x + sd.sin(x), x).ctypes

    @numba.njit
    def total(n):
        s = 0.0
        for i in range(n):
            s += call(i * 0.1)
        return s

    assert total(100) == pytest.approx(sum((i * 0.1) ** 2 + np.sin(i * 0.1) for i in range(100)))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x, am: sd.compile(am @ am, [am]).address, "no address"),
        (lambda x, am: sd.compile(x * x, [x], backend="numpy").ctypes, "no address"),
        (lambda x, am: sd.function(x * x, [x]).address, "no address"),
        (lambda x, am: sd.compile([x * x], [x]).low_level_callable(), "one result"),
        (lambda x, am: sd.compile(x * x, [x]).low_level_callable("cube"), "kind is"),
    ],
)
def test_what_has_no_address(call, message):
    with sd.Graph(), pytest.raises(sd.SymdiffError, match=message):
        call(sd.Var("x"), sd.Var("am", shape=3))
