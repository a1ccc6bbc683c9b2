"""Optimisation problems that others wrote: value, gradient and Hessian of CUTEst objectives, in every way there is."""

import json
from pathlib import Path

import numpy as np
import pytest
from cutest_problems import PROBLEMS

import symdiff as sd

CORPUS = Path(__file__).parents[3] / "shared" / "corpora" / "cutest_small.json"

pytestmark = pytest.mark.skipif(not CORPUS.is_file(), reason="there is no folder shared/corpora beside the checkout")


def rows():
    """Name, point, value, gradient and Hessian of the problems that are written out here."""
    found = json.loads(CORPUS.read_text())["rows"] if CORPUS.is_file() else []
    return {
        name: [np.array(entry, dtype=float) for entry in (point, value, gradient, hessian)]
        for name, _, _, point, value, gradient, hessian, _ in found
        if name in PROBLEMS
    }


ROWS = rows()


def close(got, expected):
    """To 1e-10, of an entry or of 1."""
    got, expected = np.asarray(got, dtype=float), np.asarray(expected)
    return got.shape == expected.shape and bool(np.all(np.abs(got - expected) <= 1e-10 * np.maximum(abs(expected), 1)))


def test_at_least_seventy_are_written_out():
    assert len(ROWS) >= 70


@pytest.mark.parametrize("name", ROWS)
def test_value_gradient_and_hessian(name):
    at, value, gradient, hessian = ROWS[name]
    xs = sd.variables("x", len(at))
    f = PROBLEMS[name](xs)
    point = dict(zip(xs, at, strict=True))
    assert close(f.evaluate(point), value)
    assert close(sd.evaluate(f.gradient(xs), point), gradient)
    assert close(sd.evaluate(f.hessian(xs), point), hessian)
    adjoints = f.backpropagate(point)
    assert close([adjoints.get(x, 0.0) for x in xs], gradient)
    rows = [g.backpropagate(point) for g in f.gradient(xs)]
    assert close([[row.get(x, 0.0) for x in xs] for row in rows], hessian)


@pytest.mark.parametrize("name", ROWS)
def test_the_same_functions_of_numbers(name):
    """Traced as they are, by numbers that carry derivatives."""
    at, value, gradient, hessian = ROWS[name]
    assert close(PROBLEMS[name](at), value)
    assert close(sd.gradient(PROBLEMS[name], at)[0], gradient)
    assert close(sd.hessian(PROBLEMS[name], at), hessian)


@pytest.mark.parametrize(
    "name", [name for name, row in ROWS.items() if len(row[0]) <= 3 and name not in ("HS57", "CHWIRUT2LS")]
)
def test_crosscheck(name):
    at = ROWS[name][0]
    xs = sd.variables("x", len(at))
    sd.crosscheck(PROBLEMS[name](xs), dict(zip(xs, at, strict=True))).raise_if_wrong()
