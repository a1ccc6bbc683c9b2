"""Remainders and rounding: Python's meaning, the same bits in every backend, slopes that know no rounding."""

import itertools
import math
import operator
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy
from support import digits, exact, first_derivatives, second_derivatives

import symdiff as sd
from symdiff.compile import backends

BACKENDS = [backend.name for backend in backends.ranked() if backend.installed()]
x, y = sd.variables("x y")
OPERATIONS = {
    "%": (x % y, operator.mod, np.remainder),
    "//": (x // y, operator.floordiv, np.floor_divide),
    "fmod": (sd.fmod(x, y), math.fmod, np.fmod),
    "trunc": (sd.trunc(x) + 0 * y, lambda a, b: math.copysign(math.trunc(a), a), lambda a, b: np.trunc(a)),
    "rint": (sd.rint(x) + 0 * y, lambda a, b: math.copysign(round(a), a), lambda a, b: np.rint(a)),
}
NUMBERS = [
    s * v
    for v in (0.0, 5e-324, 1e-300, 0.02, 0.5, 1.0, 1.5, 2.5, 3.0, 3.3, 5.0, 2.0**53 + 2, 1e17, 1e300, math.inf)
    for s in (1.0, -1.0)
]
PAIRS = list(itertools.product([*NUMBERS, math.nan], repeat=2))


def python_value(function, a, b):
    """Python's own value, None where it raises."""
    try:
        return function(a, b)
    except (ValueError, ArithmeticError):
        return None


@pytest.mark.parametrize("name", OPERATIONS)
def test_floats_have_pythons_values_and_zeros(name):
    f, function, _ = OPERATIONS[name]
    for a, b in PAIRS:
        expected = python_value(function, a, b)
        got = f.evaluate({x: a, y: b})
        assert expected is None or repr(got) == repr(expected), (a, b)
        assert type(got) is float


def test_remainders_of_which_a_rounded_quotient_knows_nothing():
    assert (x % y).evaluate({x: 1e17, y: 3.0}) == 1.0
    assert (x % y).evaluate({x: 3.3, y: 0.02}) == 3.3 % 0.02
    assert (x // y).evaluate({x: 3.3, y: 0.02}) == 164.0
    assert (x % y).evaluate({x: 5.0, y: math.inf}) == 5.0
    assert (x % y).evaluate({x: -5.0, y: math.inf}) == math.inf
    assert (x // y).evaluate({x: -5.0, y: math.inf}) == -1.0
    with digits(700):
        assert (x % y).evaluate({x: 1e300, y: 3.7}) == float(mpmath.mpf(1e300) % mpmath.mpf(3.7))


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", OPERATIONS)
def test_every_backend_has_the_same_bits(name, backend):
    f, _, function = OPERATIONS[name]
    a, b = np.array(PAIRS).T
    compiled = sd.compile(f, [x, y], backend=backend)
    with np.errstate(all="ignore"):
        expected = [repr(v) for v in function(a, b).tolist()]
    assert list(map(repr, compiled(a, b).tolist())) == expected
    assert [repr(compiled(*pair)) for pair in PAIRS] == expected
    if backend != "python":
        with np.errstate(all="ignore"):
            a, b = a.astype(np.float32), b.astype(np.float32)
            single = function(a, b)
        got = sd.compile(f, [x, y], backend=backend, dtype=np.float32)(a, b)
        assert got.dtype == np.float32
        assert list(map(repr, got.tolist())) == list(map(repr, single.tolist()))


def test_whole_numbers_and_fractions_stay_exact():
    for a, b in [(2**60 + 1, 3), (-(10**40) - 1, 7), (5, -3), (Fraction(7, 3), Fraction(-1, 2)), (Fraction(7, 2), 2)]:
        at = {x: a, y: b}
        assert [f.evaluate(at) for f in divmod(x, y)] == list(divmod(a, b))
        assert sd.fmod(x, y).evaluate(at) == a - b * math.trunc(Fraction(a) / b)
        assert (sd.Const(a) % b, sd.Const(a) // b) == (sd.Const(a % b), sd.Const(a // b))
        halves = Fraction(a) / 2
        assert sd.trunc(x).evaluate({x: halves}) == math.trunc(halves)
        assert sd.rint(x).evaluate({x: halves}) == round(halves)
    assert type((x % 3).evaluate({x: 2**60 + 1})) is int
    assert math.isnan((x % y).evaluate({x: 5, y: 0}))
    assert (x // y).evaluate({x: 5, y: 0}) == math.inf
    assert str(sd.Const(7) % 0) == "7 % 0"


def test_pythons_and_numpys_spellings():
    array = np.array([x, y])
    assert (divmod(x, 3), divmod(7, x)) == ((x // 3, x % 3), (7 // x, 7 % x))
    assert np.mod(x, y) == np.remainder(x, y) == x % y
    assert np.floor_divide(x, y) == x // y
    assert np.fmod(x, y) == sd.fmod(x, y)
    assert round(x) == round(x, 0) == np.round(x) == np.rint(x) == sd.rint(x)
    assert math.trunc(x) == np.trunc(x) == sd.trunc(x)
    assert list(np.mod(array, 3)) == list(array % 3) == [x % 3, y % 3]
    assert list(np.floor_divide(7, array)) == [7 // x, 7 // y]
    assert list(np.fmod(array, 2)) == [sd.fmod(x, 2), sd.fmod(y, 2)]
    assert list(np.round(array)) == list(np.rint(array)) == [sd.rint(x), sd.rint(y)]
    assert list(np.trunc(array)) == [sd.trunc(x), sd.trunc(y)]
    assert np.round(x, 2).evaluate({x: 3.14159}) == np.round(array, 2)[0].evaluate({x: 3.14159}) == np.round(3.14159, 2)
    for rounded in (lambda: round(x, 2), lambda: sd.parse("round(x, 2)")):
        with pytest.raises(sd.SymdiffError, match=r"rint\(x\*10\*\*2\)/10\*\*2"):
            rounded()


def test_text_and_formulas():
    for text in (
        "x % y",
        "x // y",
        "x*y % 3",
        "x*(y % 3)",
        "x % (y*3)",
        "x % y % 3",
        "x % (y % 3)",
        "(x % y)**2",
        "x - y % 3",
    ):
        assert str(sd.parse(text)) == text
        assert eval(text, {"x": x, "y": y}) == sd.parse(text)
    assert sd.parse("Mod(x, 2) + remainder(x, y) + round(x) + fix(y)") == x % 2 + x % y + sd.rint(x) + sd.trunc(y)
    assert (x * (y % 3)).latex() == r"x \left(y \bmod 3\right)"
    assert (x // 3).latex() == r"\left\lfloor \frac{x}{3} \right\rfloor"


def test_sympys_mod_is_the_remainder_both_ways():
    a, b = sympy.symbols("x y", real=True)
    assert (x % y).to_sympy() == sympy.Mod(a, b)
    assert sd.from_sympy(sympy.Mod(a, b)) == x % y
    assert (x // y).to_sympy() == sympy.floor(a / b)
    assert [sd.rint(x).to_sympy().subs(a, sympy.Rational(k, 2)) for k in range(-5, 6)] == [
        -2,
        -2,
        -2,
        -1,
        0,
        0,
        0,
        1,
        2,
        2,
        2,
    ]


POINTS = [
    (7.5, 2.0),
    (-7.5, 2.0),
    (7.5, -2.0),
    (-7.5, -2.0),
    (1e17, 3.0),
    (3.3, 0.02),
    (-3.3, 0.02),
    (0.5, 1e300),
    (1e200, 1e-100),
]


@pytest.mark.parametrize("at", POINTS)
def test_slopes_are_one_and_the_quotient_that_is_not_rounded(at):
    with digits(400):
        ratio = exact(at[0]) / exact(at[1])
        towards_zero = mpmath.floor(ratio) if ratio > 0 else mpmath.ceil(ratio)
        slopes = {"%": [1.0, -float(mpmath.floor(ratio))], "//": [0.0, 0.0], "fmod": [1.0, -float(towards_zero)]}
    for name, expected in slopes.items():
        f = OPERATIONS[name][0]
        for way, found in first_derivatives(f, [x, y], dict(zip((x, y), at, strict=True))).items():
            assert [float(v) for v in found] == expected, (name, way)
        for way, rows in second_derivatives(f, [x, y], dict(zip((x, y), at, strict=True))).items():
            assert not np.any(np.array(rows, dtype=float)), (name, way)


def test_numbers_of_every_algebra():
    assert sd.DualNumber(5.5, 1.0) % 2 == 1.5
    assert (5 % sd.DualNumber(1.5, 1.0)).eps == -3.0
    assert round(sd.DualNumber(2.5, 1.0)) == 2.0
    assert (sd.TaylorSeries([5.5, 1.0, 0.25]) % 2).coefficients == [1.5, 1.0, 0.25]
    assert sd.gradient(lambda a, b: divmod(a, b)[1] + math.trunc(a), 7.5, 2.0) == (1.0, -3.0)
    with digits():
        huge = mpmath.mpf(10) ** 40 + 1
        assert (x % y).evaluate({x: huge, y: mpmath.mpf(7)}) == (10**40 + 1) % 7
        assert (x // y).evaluate({x: huge, y: mpmath.mpf(-7)}) == (10**40 + 1) // -7
        assert (x // y).evaluate({x: mpmath.mpf(-1), y: mpmath.inf}) == -1
        assert [sd.rint(mpmath.mpf(v)) for v in (0.5, 1.5, -2.5)] == [0, 2, -2]
    for f in (x % 2, x // 2, sd.fmod(x, 2), sd.trunc(x), sd.rint(x)):
        with pytest.raises(sd.SymdiffTypeError, match="complex"):
            f.evaluate({x: 2 + 1j})


@pytest.mark.parametrize("f", [x % 2, x // 2, sd.fmod(x, 2), sd.trunc(x), sd.rint(x / 4)], ids=str)
def test_a_crosscheck_names_the_jumps(f):
    report = sd.crosscheck(f, {x: 2.0}, order=1)
    assert not report.disagree
    assert not report.ok
    assert f"kink at {f}" in str(report)
    assert sd.crosscheck(f, {x: 2.3}, order=1).ok
