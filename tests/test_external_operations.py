"""Operations from outside: splines, tables, functions in C, of several results, with slopes by differences."""

import ctypes
import ctypes.util
import functools
import math
from types import SimpleNamespace

import numpy as np
import pytest

import symdiff as sd

X, Y = sd.variables("ext_x ext_y")
TABLE = np.linspace(0, 3, 301)


@functools.cache
def registered():
    """Operations that are there once these tests run: other tests loop over all that there are before."""
    return SimpleNamespace(
        cube=sd.operation("ext_cube", lambda x: x**3, "differences"),
        far=sd.operation("ext_far", lambda x, y: x * np.exp(y), "differences"),
        polar=sd.operation(
            "ext_polar",
            lambda a, b: (np.hypot(a, b), np.arctan2(b, a)),
            lambda r, a, b: ((a / r[0], b / r[0]), (-b / r[0] ** 2, a / r[0] ** 2)),
            outputs=2,
        ),
        rough=sd.operation("ext_rough", lambda a, b: (a * b, a / b, a + b), "differences", outputs=3),
    )


def test_slopes_by_differences():
    cube, far = registered().cube, registered().far
    assert cube.differences
    assert not sd.ops.sin.differences
    for at in (-2.5, 0.0, 1e-8, 0.7, 1e6):
        assert cube(X).gradient(X).evaluate({X: at}) == pytest.approx(3 * at**2, rel=1e-10, abs=1e-5)
    at = {X: 0.7, Y: 0.3}
    slopes = [d.evaluate(at) for d in far(X, Y).gradient([X, Y])]
    assert slopes == pytest.approx([np.exp(0.3), 0.7 * np.exp(0.3)], rel=1e-11)
    second = far(X, Y).hessian([X, Y])
    assert second[0, 1].evaluate(at) == pytest.approx(np.exp(0.3), rel=1e-8)
    assert np.isnan(cube(X).diff(X, 3).evaluate({X: 1.0}))


def test_every_mode_has_them():
    cube, far = registered().cube, registered().far
    f = far(X**2, Y) * Y
    at = {X: 0.7, Y: 0.3}
    slope = 2 * 0.7 * np.exp(0.3) * 0.3
    assert f.backpropagate(at)[X] == pytest.approx(slope, rel=1e-10)
    assert f.evaluate({X: sd.DualNumber(0.7, 1.0), Y: 0.3}).eps == pytest.approx(slope, rel=1e-10)
    assert sd.taylor(f, X, 0.7, 2)[1].evaluate({Y: 0.3}) == pytest.approx(slope, rel=1e-10)
    func = sd.compile([f, f.gradient(X)], [X, Y])
    assert func(0.7, 0.3) == pytest.approx([f.evaluate(at), slope], rel=1e-10)
    assert func(np.array([0.7, 1.0]), 0.3)[1][0] == pytest.approx(slope, rel=1e-10)
    assert sd.parse(str(f)) == f
    assert sd.crosscheck(X * Y, at).ok
    v = sd.Var("ext_v", shape=3)
    g = (cube(v) ** 2).sum().gradient(v)
    assert g.evaluate({v: [1.0, 2.0, 0.5]}) == pytest.approx([6.0, 192.0, 6 / 32], rel=1e-9)
    assert sd.compile(g, [v])(np.array([1.0, 2.0, 0.5])) == pytest.approx([6.0, 192.0, 6 / 32], rel=1e-9)
    with pytest.raises(sd.SymdiffError, match="has no code in C"):
        sd.code(f, [X, Y])


def test_splines_are_numbers_at_numbers():
    interpolate = pytest.importorskip("scipy.interpolate")
    spline = interpolate.CubicSpline(TABLE, np.sin(TABLE))
    tilt = sd.operation("ext_tilt", spline.derivative(), "differences", arity=1)
    road = sd.operation("ext_road", spline, lambda r, x: tilt(x))
    value = (road(X**2) * Y).evaluate({X: 1.0, Y: 2.0})
    assert type(value) is float
    assert value == pytest.approx(2 * np.sin(1.0), rel=1e-8)
    assert sd.crosscheck(road(X**2) * Y, {X: 1.0, Y: 2.0}).ok


def test_functions_in_c():
    square = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double, ctypes.c_double)(lambda a, b: a * a + b)
    by_ctypes = sd.operation("ext_square", square, lambda r, a, b: (2 * a, 1))
    address = ctypes.cast(square, ctypes.c_void_p).value
    by_address = sd.operation("ext_address", address, "differences", arity=2)
    for op in (by_ctypes, by_address):
        assert op(X, Y).evaluate({X: 3, Y: 4}) == 13.0
        assert op(X, Y).gradient(X).evaluate({X: 3.0, Y: 4.0}) == pytest.approx(6.0, rel=1e-10)
        assert sd.compile(op(X, Y), [X, Y])(np.array([1.0, 2.0]), 1.0).tolist() == [2.0, 5.0]


def test_a_compiled_function_by_address_is_one():
    pytest.importorskip("llvmlite")
    func = sd.compile(X * sd.exp(Y), [X, Y])
    op = sd.operation("ext_compiled", func.address, "differences", arity=2)
    assert op(X, 0.5).evaluate({X: 2.0}) == func(2.0, 0.5)


def test_several_results():
    polar, rough = registered().polar, registered().rough
    radius, angle = polar(X, Y)
    at = {X: 3.0, Y: 4.0}
    assert (radius.evaluate(at), angle.evaluate(at)) == (5.0, np.arctan2(4.0, 3.0))
    found = np.array([[e.evaluate(at) for e in row] for row in sd.jacobian([radius, angle], [X, Y])])
    assert np.allclose(found, [[0.6, 0.8], [-0.16, 0.12]], rtol=1e-14)
    assert [r.evaluate(at) for r in rough(X, Y)] == [12.0, 0.75, 7.0]
    assert rough(X, Y)[1].gradient(Y).evaluate(at) == pytest.approx(-3 / 16, rel=1e-10)
    assert repr(polar) == "<operation ext_polar of 2 results>"
    assert sd.crosscheck(radius * angle, at).ok


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: sd.operation("ext_a", 3, "differences"), "arity"),
        (lambda: sd.operation("ext_b", np.sin, "diff"), "'differences'"),
        (lambda: sd.operation("ext_c", ctypes.CFUNCTYPE(ctypes.c_int)(lambda: 1), "differences"), "doubles"),
        (lambda: sd.operation("ext_d", lambda a: a, lambda r, a: 1, outputs=0), "outputs"),
        (lambda: sd.operation("ext_e", {"real": lambda a: a}, "differences"), "arity"),
        (lambda: sd.operation("ext_f", lambda a: (a, a, a), lambda r, a: ((1,), (1,)), outputs=2)(1.0), "2 results"),
        (lambda: sd.operation("ext_g", lambda a: a, lambda r, a: 1, arity=3), "called with 4 arguments, operands last"),
        (lambda: sd.operation("ext_h", lambda a, b: (a, b), lambda r, a: 1, outputs=2), "called with 3 arguments"),
    ],
)
def test_bad_input(make, message):
    with pytest.raises(sd.SymdiffError, match=message):
        make()


def test_functions_of_numbers_alone_take_arrays_entry_by_entry():
    """Those of `math`, and those with a branch, raised errors of NumPy in batches and in crosscheck."""
    logarithm = sd.operation("logarithm_of_math", math.log, lambda r, x: 1 / x)
    ramp = sd.operation("ramp_with_if", lambda x: x if x > 0 else 0.0, lambda r, x: sd.where(x > 0, 1, 0))
    x, xs = sd.Var("x"), np.array([1.0, 2.0, 5.0])
    for op, wanted in ((logarithm, np.log(xs)), (ramp, xs)):
        assert op(x).evaluate({x: xs}) == pytest.approx(wanted)
        assert sd.compile(op(x), [x])(xs) == pytest.approx(wanted)
        assert sd.compile(op(x), [x])(2.0) == pytest.approx(wanted[1])
        line = sd.Var("ext_line", shape=3)
        assert sd.compile(op(line).sum(), [line])(xs) == pytest.approx(wanted.sum())
        assert sd.crosscheck(op(x), {x: 2.0}).ok
    wrong = sd.operation("logarithm_of_slope_2", math.log, lambda r, x: 2 / x)
    assert "f" not in {row.quantity for row in sd.crosscheck(wrong(x), {x: 2.0}).disagree}
