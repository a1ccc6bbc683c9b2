"""Crosscheck on formulas that others wrote: nothing disagrees where all is right, and what is wrong is shown.

Read from the folder `shared/corpora` beside the checkout.
"""

import json
import math
import random
from pathlib import Path

import mpmath
import pytest

import symdiff as sd

CORPORA = Path(__file__).parents[3] / "shared" / "corpora"

pytestmark = pytest.mark.skipif(not CORPORA.is_dir(), reason="there is no folder shared/corpora beside the checkout")


def rows(name):
    return json.loads((CORPORA / name).read_text())["rows"] if CORPORA.is_dir() else []


def held(f, point):
    """The values of the variables that an expression holds, as floats."""
    names = {v.name for v in f.variables}
    return {name: float(mpmath.mpf(value)) for name, value in point.items() if name in names}


def test_physics_formulas():
    for name, formula, _, point, *_ in rows("feynman.json"):
        f = sd.parse(formula)
        assert sd.crosscheck(f, held(f, point)).raise_if_wrong().ok, name


def test_calls_of_sympys_own_tests():
    draw = random.Random(1)
    for text, *_ in rows("sympy_diff_calls.json"):
        if text == "LambertW(x, k)":  # other branches than the principal one
            continue
        f = sd.parse(text)
        assert sd.crosscheck(f, {v: draw.uniform(0.2, 1.5) for v in f.variables}).raise_if_wrong().ok, text


def test_antiderivatives_of_the_rubi_suite():
    """Every fortieth; many pass through complex values."""
    for _, _, _, antiderivative, point, _ in rows("rubi_elementary.json")[::40]:
        f = sd.parse(antiderivative)
        assert sd.crosscheck(f, held(f, point), order=1).raise_if_wrong().ok, antiderivative


def quantity(names):
    """∂²f/∂x∂y of xy: how a report calls a derivative."""
    if len(names) < 2:
        return f"∂f/∂{names}" if names else "f"
    return f"∂²f/∂{names[0]}²" if names[0] == names[1] else f"∂²f/∂{names[0]}∂{names[1]}"


@pytest.mark.parametrize(
    "row", [row for row in rows("hard_points.json") if ":" not in row["formula"]], ids=lambda row: row["id"]
)
def test_hard_points(row):
    """The reference is the true value; a float that is not is shown as wrong, as rounding or as out of range."""
    f = sd.parse(row["formula"])
    report = sd.crosscheck(f, row["point"])
    known = {"": row["value"], **row["gradient"], **row["hessian"]}
    with mpmath.workdps(40):
        true = {quantity(names): mpmath.mpf(value) for names, value in known.items() if value is not None}
    for names in [names for names in known if len(names) == 2]:
        if quantity(names) in true:
            true[quantity(names[::-1])] = true[quantity(names)]
    for found in report.rows:
        if found.quantity not in true:
            continue
        right = true[found.quantity]
        if found.method == "50 digits":
            with mpmath.workdps(40):
                assert abs(found.value - right) <= 1e-20 * abs(right), found
        elif found.ok and found.error is not None and not found.note and found.method != "differences":
            assert math.isclose(float(found.value), float(right), rel_tol=1e-9, abs_tol=4 * 5e-324), found
