"""Hessians of quotients as people write them, where numbers inside the derivatives could be no floats, in every mode.

The values inside of the expressions are finite. Right values are differences in mpmath with 400 digits.
"""

import mpmath
import pytest
from support import WAYS, WAYS_TWICE, close

import symdiff as sd

CASES = {
    "exp(x)/(exp(x) + exp(y))": [(700.0, 699.0), (-700.0, -699.0), (300.0, 301.0), (709.0, 708.0)],
    "exp(y)/(exp(x) + exp(y) + exp(z))": [(700.0, 699.0, 698.0), (-700.0, -699.0, -698.0)],
    "exp(x)/(1 + exp(x))**2": [(300.0,), (340.0,), (-300.0,), (10.0,)],
    "exp(-x)/(1 + exp(-x))**2": [(-300.0,), (300.0,)],
    "exp(x)/(exp(x) + 1)**3": [(200.0,), (230.0,)],
    "1/cosh(x)": [(710.0,), (-710.4,), (709.0,)],
    "1/sinh(x)": [(710.0,), (-400.0,)],
    "1/cosh(x)**3": [(200.0,), (236.0,), (-2.0,)],
    "1/(1 + exp(x))**3": [(200.0,), (230.0,)],
    "1/sqrt(cosh(x))": [(300.0,), (400.0,), (-450.0,)],
    "cosh(x)**-0.5": [(300.0,), (500.0,), (-700.0,)],
    "x**4/(y**4 + x**4)": [(1e60, 1e59), (1e-40, 1e-41), (3e40, 1e40)],
    "x*y/(x**4 + y**4)": [(1e40, 3e40), (1e-40, 2e-40), (1e60, 3e60)],
    "(x - y)/(x + y)": [(1e150, 2e150), (1e-90, 2e-90)],
    "cosh(x)/cosh(y)": [(700.0, 700.0), (300.0, -400.0)],
    "(x + exp(y))/(exp(x) + exp(y))": [(500.0, 499.0), (700.0, 699.5)],
}
POINTS = [(text, at) for text, points in CASES.items() for at in points]


def true(f, names, at, orders):
    def function(*values):
        return f.evaluate(dict(zip(names, values, strict=True)))

    with mpmath.workdps(400):
        point = tuple(map(mpmath.mpf, at))
        return mpmath.diff(function, point, orders, h=mpmath.mpf(10) ** -100, relative=True)


def read(text, at):
    """A formula, its variables and these at a point."""
    f = sd.parse(text)
    xs = list(f.variables)
    return f, xs, dict(zip(xs, at, strict=True))


def held(found, right):
    """Whether a derivative is right, or as near as a denormal number comes."""
    return close(found, right, 1e-11) or abs(mpmath.mpf(float(found)) - right) <= mpmath.ldexp(1, -1072)


@pytest.mark.parametrize(("text", "at"), POINTS)
def test_second_slopes_hold_in_every_mode_and_backend(text, at):
    f, xs, point = read(text, at)
    rows = {name: way(f, xs, point) for name, way in WAYS_TWICE.items()}
    hessian = f.hessian(xs)
    for backend in ("python", "numpy", "llvm"):
        rows[backend] = sd.compile(hessian, xs, backend=backend)(*at)
    for k in range(len(xs)):
        for j in range(k, len(xs)):
            orders = tuple([(k == d) + (j == d) for d in range(len(xs))])
            right = true(f, xs, at, orders)
            found = {name: row[k][j] for name, row in rows.items()}
            assert {name: value for name, value in found.items() if not held(value, right)} == {}, (k, j, right)


@pytest.mark.parametrize(("text", "at"), POINTS)
def test_first_slopes_hold_in_every_mode(text, at):
    f, xs, point = read(text, at)
    found = {name: way(f, xs, point) for name, way in WAYS.items()}
    for k in range(len(xs)):
        right = true(f, xs, at, tuple([int(k == d) for d in range(len(xs))]))
        assert {name: row[k] for name, row in found.items() if not held(row[k], right)} == {}, (k, right)


def test_quotients_by_one_node_meet_above_it():
    """`exp(x)*exp(y)*(2*r/u**2 - 1/u**2)` underflowed before the factors came."""
    x, y = sd.variables("x y")
    f = sd.exp(x) / (sd.exp(x) + sd.exp(y))
    assert "**2" not in str(f.hessian([x, y])[0, 1])


def test_ordinary_second_slopes_take_no_more_operations_for_it():
    x, y = sd.variables("x y")
    limits = {
        "1/cosh(x)": 9, "1/(1 + exp(-x))": 10, "1/(1 + x**2)": 9, "exp(x)/(exp(x) + exp(y))": 26, "x/cosh(x)": 11,
        "exp(x)/(1 + exp(x))": 12, "1/(x*cosh(x))": 15, "exp(x)/(1 + exp(x))**2": 21,
    }  # fmt: skip
    for text, limit in limits.items():
        f = sd.parse(text)
        count = sum(sd.count_ops([f, *f.hessian([v for v in (x, y) if v in f.variables]).flat]).values())
        assert count <= limit, (text, count)
