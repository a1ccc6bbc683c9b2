"""Formulas and reference values that others wrote, read from the folder `shared/corpora` beside the checkout."""

import json
import random
from pathlib import Path

import mpmath
import pytest

import symdiff as sd

CORPORA = Path(__file__).parents[3] / "shared" / "corpora"

pytestmark = pytest.mark.skipif(not CORPORA.is_dir(), reason="there is no folder shared/corpora beside the checkout")


def rows(name):
    return json.loads((CORPORA / name).read_text())["rows"]


def test_antiderivatives_of_the_rubi_suite_have_their_integrands_as_derivatives():
    """At 50 digits: many pass through complex values, where mpmath's branches are the reference."""
    wrong = []
    with mpmath.mp.workdps(50):
        for source, _, variable, antiderivative, point, value in rows("rubi_elementary.json"):
            slope = sd.parse(antiderivative).gradient(variable)
            found = slope.evaluate({name: mpmath.mpf(at) for name, at in point.items()})
            if not abs(found - mpmath.mpf(value)) <= 1e-15 * abs(mpmath.mpf(value)):
                wrong.append((source, antiderivative, found, value))
    assert not wrong


def test_physics_formulas_have_their_values_and_gradients():
    for name, formula, _, point, value, gradient in rows("feynman.json"):
        f = sd.parse(formula)
        at = {key: float(x) for key, x in point.items()}
        assert f.evaluate(at) == pytest.approx(float(value), rel=1e-12), name
        for way in (f.backpropagate(at), {x: f.gradient(x).evaluate(at) for x in f.variables}):
            found = {x.name: slope for x, slope in way.items()}
            expected = {key: float(slope) for key, slope in gradient.items() if key in found}
            assert found == pytest.approx(expected, rel=1e-9, abs=1e-13), name


OUT_OF_SCOPE = {"LambertW(x, k)"}  # other branches than the principal one


def test_derivatives_are_those_that_sympy_gave():
    draw = random.Random(1)
    for text, arguments, result, _ in rows("sympy_diff_calls.json"):
        if text in OUT_OF_SCOPE:
            continue
        expected = sd.parse(result)
        steps = [sd.Var(a) if isinstance(a, str) and a.isidentifier() else int(a) for a in arguments]
        found = sd.parse(text).diff(*steps)
        names = {v.name for v in (*sd.parse(text).variables, *expected.variables)}
        for _ in range(3):
            at = {name: mpmath.mpf(draw.uniform(0.2, 1.5)) for name in names}
            assert mpmath.almosteq(found.evaluate(at), expected.evaluate(at), 1e-9, 1e-9), (text, arguments)
