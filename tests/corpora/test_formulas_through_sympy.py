"""The corpora by way of SymPy: in with `from_sympy`, out with `to_sympy`, at 50 digits.

SymPy's side is evaluated by its own lambdify over mpmath, which shares no code with the bridge.
"""

import os
import random

import mpmath
import pytest
import sympy
from corpora.test_formulas_of_others import CORPORA, OUT_OF_SCOPE, rows

import symdiff as sd

pytestmark = pytest.mark.skipif(not CORPORA.is_dir(), reason="there is no folder shared/corpora beside the checkout")
FULL = os.environ.get("SYMDIFF_SWEEP") == "full"


def from_text(text, names):
    """The text as SymPy reads it, each name a symbol: also those that SymPy has functions of."""
    return sympy.sympify(text, locals={name: sympy.Symbol(name) for name in names})


def spherical(order, x):
    return mpmath.besselj(order + mpmath.mpf(1) / 2, x) * mpmath.sqrt(mpmath.pi / (2 * x))


def by_lambdify(expr, point):
    symbols = sorted(expr.free_symbols, key=str)
    return sympy.lambdify(symbols, expr, [{"jn": spherical}, "mpmath"])(*[point[str(s)] for s in symbols])


def agree(found, wanted, rel):
    return abs(found - wanted) <= rel * max(abs(wanted), mpmath.mpf("1e-30"))


def out_and_in(text, names, point):
    """Whether SymPy's form of a parsed text has its value, and the form that came in by SymPy too."""
    f = sd.parse(text)
    wanted = f.evaluate(point)
    inward = sd.from_sympy(from_text(text, names)).evaluate(point)
    return agree(by_lambdify(f.to_sympy(), point), wanted, 1e-30) and agree(inward, wanted, 1e-30)


def test_antiderivatives_of_the_rubi_suite():
    wrong = []
    with mpmath.mp.workdps(50):
        for source, _, variable, text, given, value in rows("rubi_elementary.json")[:: 1 if FULL else 2]:
            point = {name: mpmath.mpf(at) for name, at in given.items()}
            slope = sd.from_sympy(from_text(text, given)).gradient(variable).evaluate(point)
            if not agree(slope, mpmath.mpf(value), 1e-15) or not out_and_in(text, given, point):
                wrong.append((source, text, slope, value))
    assert not wrong


def test_physics_formulas():
    with mpmath.mp.workdps(50):
        for name, text, _, given, value, gradient in rows("feynman.json"):
            point = {key: mpmath.mpf(str(at)) for key, at in given.items()}
            f = sd.from_sympy(from_text(text, given))
            assert agree(f.evaluate(point), mpmath.mpf(value), 1e-15), name
            for x in f.variables:
                found = f.gradient(x).evaluate(point)
                assert mpmath.almosteq(found, mpmath.mpf(gradient[x.name]), 1e-13, 1e-20), (name, x)
            assert out_and_in(text, given, point), name


def test_derivatives_that_sympy_gave():
    draw = random.Random(1)
    with mpmath.mp.workdps(50):
        for text, arguments, result, names in rows("sympy_diff_calls.json"):
            if text in OUT_OF_SCOPE:
                continue
            f = sd.from_sympy(from_text(text, names))
            steps = [sympy.Symbol(a) if isinstance(a, str) and a.isidentifier() else int(a) for a in arguments]
            found, expected = f.diff(*steps), from_text(result, names)
            point = {name: mpmath.mpf(draw.uniform(0.2, 1.5)) for name in names} | {"E": mpmath.e()}  # a name to parse
            theirs = by_lambdify(expected, point)
            assert mpmath.almosteq(found.evaluate(point), theirs, 1e-30, 1e-30), (text, arguments)
            assert mpmath.almosteq(by_lambdify(found.to_sympy(), point), theirs, 1e-30, 1e-30), (text, arguments)
            assert out_and_in(text, names, point), text
