"""Passes over random array programs: numbers by every kind of value, copies and texts of every kind, one result."""

from __future__ import annotations

import os
import pickle
import random

import numpy as np
from array_programs import OF_ARRAYS, OF_SCALARS, Program, array_variables, sample, scalar_variables
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import symdiff as sd
from symdiff.errors import NoFormulaError

EXAMPLES = int(os.environ.get("SYMDIFF_ARRAY_PROGRAMS", "40")) // 2
SETTINGS = settings(derandomize=True, max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
PROGRAMS = st.builds(lambda seed, lines: Program(random.Random(seed), lines), st.integers(0, 10**6), st.integers(1, 8))


def close(got, expected):
    np.testing.assert_allclose(np.asarray(got, float), np.asarray(expected, float), rtol=1e-7, atol=1e-8)


def made(program):
    try:
        return _made(program)
    except sd.SymdiffValueError as error:  # a block without entries has no largest
        assume("of no entries" not in str(error))
        raise


def _made(program):
    with sd.Graph():
        return program.run(OF_ARRAYS, array_variables(program)) + sd.Const(0)


def written_out(program, f):
    """The expansion; what has none, such as eigenvectors, is the program over scalars."""
    try:
        return f.expand()
    except NoFormulaError:
        with sd.Graph():
            found = program.run(OF_SCALARS, scalar_variables(program))
            return sd.Const(0) + (found.item() if isinstance(found, np.ndarray) else found)


@SETTINGS
@given(PROGRAMS)
def test_backpropagation_is_that_of_the_expansion(program):
    f, values = made(program), sample(program, 4)
    found = f.backpropagate(values)
    written = written_out(program, f)
    slopes = sd.backpropagate(written, values)
    for v, slope in found.items():
        close(slope, f.gradient(v).evaluate(values))
        entries = [v[k] for k in np.ndindex(*v.shape)] if v.shape else [v]
        names = [sd.Var(str(entry)) for entry in entries]
        close(np.ravel(slope), [slopes.get(name, 0.0) for name in names])
    close(f.evaluate(values), written.evaluate(values))


@SETTINGS
@given(PROGRAMS)
def test_dual_numbers_give_the_slope_along_a_direction(program):
    f, values = made(program), sample(program, 5)
    for v in f.variables[:2]:
        direction = np.random.default_rng(6).normal(size=np.shape(values[v.name]))
        along = values[v.name], direction
        got = f.evaluate({**values, v.name: sd.DualNumber(*(along if along[0].shape else map(float, along)))})
        close(got.eps if isinstance(got, sd.DualNumber) else 0.0, (f.backpropagate(values, wrt=v) * direction).sum())


@SETTINGS
@given(PROGRAMS)
def test_a_batch_is_its_points(program):
    f = made(program)
    points = [sample(program, k) for k in range(3)]
    names = {v.name for v in f.variables}
    batch = {
        k: np.stack([point[k] for point in points]) if k in names and k != "y" else points[0][k] for k in points[0]
    }
    points = [{**point, "y": points[0]["y"]} for point in points]
    if not names - {"y"}:
        return
    close(f.evaluate(batch), [f.evaluate(point) for point in points])
    slopes, each = f.backpropagate(batch), [f.backpropagate(point) for point in points]
    for v in f.variables:
        ours = [one[v] for one in each]
        close(slopes[v], np.sum(ours, axis=0) if v.name == "y" else ours)


@SETTINGS
@given(PROGRAMS)
def test_what_is_written_reads_back(program):
    f, values = made(program), sample(program, 7)
    everything = [f, f.gradient()]
    for back in (pickle.loads(pickle.dumps(everything)), sd.from_json(sd.to_json(everything))):
        assert back[0] == f
        for got, expected in zip(back[1], everything[1], strict=True):
            assert got == expected
            assert getattr(got, "shape", ()) == getattr(expected, "shape", ())
            close(got.evaluate(values), expected.evaluate(values))
