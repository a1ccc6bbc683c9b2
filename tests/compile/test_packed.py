"""Very long programs: operands in arrays, lowered in whole arrays, as tuples and step by step."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given
from shared_graphs import FORMULAS as RANDOM
from shared_graphs import points, recipes, steady

import symdiff as sd
from symdiff.compile import lower_packed, tape
from symdiff.compile.kernel import Options
from symdiff.compile.levels import arranged, depths
from symdiff.compile.lower import lower
from symdiff.compile.packed import Packed
from symdiff.compile.tape import tape_of
from symdiff.handle import gather

OPTIONS = Options(np.dtype(float))
FORMULAS = [
    "x**2*y + 3*x - y/4",
    "x**2 + x**3 + x**8*y**(-1) + y**(-4) + (x*y)**(-2)",
    "x**9 + x**(-5) + 2**x + x**y + x**0.5",
    "sin(x)*exp(-y) + x**4*x**2",
    "0.1*(2.0/3) + x*(0.7*(1.5 + pi)) + (0.3 + 0.1)**2*y",
    "(x**2)**3 + ((x + y)**2)**2",
    "norm(x, y, x*y) + x",
]


def both(f, inputs, monkeypatch):
    """The tape of expressions as tuples and packed."""
    graph, roots = gather(f)
    places = [-1 if graph.named(name) is None else graph.named(name) for name in inputs]
    monkeypatch.setattr(tape, "LONG", 1)
    monkeypatch.setattr(tape, "_DENSE", 10**9)
    return tape_of(graph, roots, places), tape_of(graph, roots, places, pack=True)


def values(lowered, point):
    """All results of a lowered tape."""
    from symdiff.compile.instructions import BY_MATH

    slots = BY_MATH.run(lowered, point)
    return [slots[j] for j in lowered.outputs]


@pytest.mark.parametrize("text", FORMULAS)
def test_packed_programs_are_the_plain_ones(text, monkeypatch):
    with sd.Graph(simplify=False):
        plain, packed = both([sd.parse(text), sd.parse(text).diff(sd.Var("x"))], ["x", "y"], monkeypatch)
    assert isinstance(packed.operands, Packed)
    assert tuple(packed.operands) == plain.operands
    assert [packed.operands[k] for k in range(len(packed.codes))] == [*plain.operands]
    assert packed.operands[1:3] == plain.operands[1:3]
    assert pickle.loads(pickle.dumps(packed.operands)) == plain.operands
    first, second = lower(plain, OPTIONS), lower(packed, OPTIONS)
    assert isinstance(second.operands, Packed)
    assert len(second.codes) <= len(plain.codes) + 12  # one instruction for each product that a power is made of
    assert values(first, [1.3, -0.7]) == values(second, [1.3, -0.7])


@given(recipes(tuple(RANDOM), outputs=2), points)
@steady
def test_packed_random_programs(recipe, given_points):
    with sd.Graph(), pytest.MonkeyPatch.context() as patch:
        outputs, xs = recipe.build()
        if all(len(f.graph.cone([f._index])) < 3 for f in outputs):
            return
        plain, packed = both(outputs, [x.name for x in xs], patch)
    if not len(plain.codes):
        return
    point = [float(v) for v in given_points][: len(xs)]
    first, second = lower(plain, OPTIONS), lower(packed, OPTIONS)
    assert repr(values(first, point)) == repr(values(second, point))


def test_levels_of_packed_programs_are_the_plain_ones(monkeypatch):
    with sd.Graph():
        f = sd.parse("sin(x*y + x/y) + exp(x) - x*y*exp(x)")
        plain, packed = both([f, f.diff("x")], ["x", "y"], monkeypatch)
    assert depths(plain).tolist() == depths(packed).tolist()
    kind = np.unique(plain.codes, return_inverse=True)[1]
    lanes = [1] * (kind.max() + 1)
    for a, b in zip(
        arranged(plain, kind, depths(plain), lanes), arranged(packed, kind, depths(packed), lanes), strict=True
    ):
        assert np.array_equal(a, b)


def test_constants_that_wait_for_one_another_for_long_are_lowered_step_by_step(monkeypatch):
    monkeypatch.setattr(lower_packed, "_CONSTANT_LEVELS", 2)
    with sd.Graph(simplify=False):
        plain, packed = both([sd.parse("x + (0.1 + (0.2 + (0.3 + 0.4)))")], ["x"], monkeypatch)
    assert lower(packed, OPTIONS).operands == lower(plain, OPTIONS).operands


def test_a_long_program_is_packed_and_says_the_same():
    with sd.Graph():
        x = sd.variables("x", 300)
        f = sum((x[i] * x[j] - i) ** 2 for i in range(300) for j in range(i, 300, 2))
        slopes = f.gradient(x)
    function = sd.compile(slopes, [x])
    assert isinstance(function._tape.operands, Packed)
    point = np.linspace(-1, 1, 300)
    assert function(point) == pytest.approx(np.array(sd.evaluate(slopes, x=point), float), rel=1e-12, abs=1e-9)
    again = pickle.loads(pickle.dumps(function))
    assert (again(point) == function(point)).all()
