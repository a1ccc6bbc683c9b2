"""The benchmarks of arrays: what is written by hand is right, symdiff gives it, and records become tables."""

# ruff: noqa: N803 - matrices have capitals, as in mathematics

import dataclasses
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.sparse import csr_array

ROOT = Path(__file__).parents[1]
if not (ROOT / "benchmarks").is_dir():
    pytest.skip("benchmarks/ is only in a checkout", allow_module_level=True)
sys.path.insert(0, str(ROOT))

from benchmarks import readme  # noqa: E402
from benchmarks.arrays import measure, subjects, table  # noqa: E402
from benchmarks.arrays.subjects.base import arrays_in  # noqa: E402
from benchmarks.arrays.work import PARTS  # noqa: E402
from benchmarks.arrays.works import works  # noqa: E402

WORKS = works(quick=True)
CASES = [(name, quantity) for name, work in WORKS.items() for quantity in work.quantities]


def slopes(u, t, x):
    """By Cauchy's integrals along a circle, which are right to rounding where u is analytic."""
    circle = 0.2 * np.exp(2j * np.pi * np.arange(16) / 16)
    first = np.mean([u(t + w, x) / w for w in circle], axis=0)
    second = np.mean([u(t, x + w) / w**2 for w in circle], axis=0)
    return first.real, 2 * second.real


NUMBERS = SimpleNamespace(
    exp=np.exp,
    tanh=np.tanh,
    softplus=lambda a: np.log(1 + np.exp(a)),
    dot=np.dot,
    total=np.sum,
    eye=np.eye,
    logsumexp_of_rows=lambda Z: np.log(np.exp(Z).sum(1)),
    scaled_rows=lambda v, X: np.diag(v) @ X,
    columns=lambda *columns: np.stack(columns, axis=1),
    solve=np.linalg.solve,
    logdet=lambda A: np.log(np.linalg.det(A)),
    heat_slopes=slopes,
)


def by_hand(work, data, parts):
    """The parts that were asked for, as lists of arrays."""
    calls = work.by_hand(SimpleNamespace(**{k: a if a.ndim else a.item() for k, a in data.items()}))
    name = next(q for q in work.quantities if set(parts) <= set(PARTS[q]))
    found = calls[name]()
    found = dict(zip(PARTS[name], found if len(PARTS[name]) > 1 else [found], strict=True))
    return [arrays_in(found[part]) for part in parts]


def along(work, data, name, of, h=1e-5):
    """A direction for one variable, and the slope of some arrays along it by central differences."""
    direction = np.random.default_rng(3).normal(size=data[name].shape)
    direction = direction + direction.T if name in work.symmetric else direction
    plus, minus = [of({**data, name: data[name] + side * h * direction}) for side in (1, -1)]
    return direction, [(a - b) / (2 * h) for a, b in zip(plus, minus, strict=True)]


def value_of(work, data):
    v = SimpleNamespace(**data)
    return work.formula(NUMBERS, v)


@pytest.mark.parametrize("name", WORKS)
def test_values_by_hand_are_those_of_the_formula(name):
    work = WORKS[name]
    data = work.data()
    ((value,),) = by_hand(work, data, ["value"])
    assert value == pytest.approx(value_of(work, data), rel=1e-12)


@pytest.mark.parametrize("name", WORKS)
def test_gradients_by_hand_are_slopes_of_the_formula(name):
    work = WORKS[name]
    data = work.data()
    (gradient,) = by_hand(work, data, ["gradient"])
    assert len(gradient) == len(work.by)

    def loss(data):
        v = SimpleNamespace(**data)
        return [work.loss(NUMBERS, v, work.formula(NUMBERS, v))]

    for variable, part in zip(work.by, gradient, strict=True):
        direction, (slope,) = along(work, data, variable, loss)
        assert np.vdot(part, direction) == pytest.approx(slope, rel=1e-5, abs=1e-7)


@pytest.mark.parametrize(
    "name", [n for n, w in WORKS.items() if {"hessian", "jacobian"} & set(" ".join(w.quantities).split())]
)
def test_second_derivatives_by_hand_are_slopes_of_gradients(name):
    work = WORKS[name]
    data = work.data()
    part, before = ("jacobian", "value") if "jacobian" in work.quantities else ("hessian", "gradient")
    if "sparse hessian" in work.quantities:
        ((values, columns, starts),) = by_hand(work, data, ["sparse hessian"])
        matrix = csr_array((values, columns, starts)).toarray()
    else:
        ((matrix,),) = by_hand(work, data, [part])
    direction, (slope, *_) = along(work, data, work.by[0], lambda data: by_hand(work, data, [before])[0])
    assert np.tensordot(matrix, direction, direction.ndim) == pytest.approx(slope, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("subject", ["symdiff", "symdiff scalars", "jax", "casadi SX", "casadi MX"])
@pytest.mark.parametrize(("name", "quantity"), CASES)
def test_subjects_give_what_is_written_by_hand(name, quantity, subject):
    work = WORKS[name]
    if not subjects.installed(subject):
        pytest.skip(f"{subject} is not installed")
    one = subjects.load(subject)
    if not one.offers(work, quantity):
        pytest.skip("not offered")
    data, parts = work.data(), PARTS[quantity]
    with one.fresh():
        found = one.collect(work, data, parts, one.call(work, data, parts)())
    right = [array for arrays in by_hand(work, data, parts) for array in arrays]
    assert measure.worst(found, right) <= work.tolerance


def test_a_wrong_value_has_no_time():
    work = WORKS["x'Ax 20"]
    wrong = dataclasses.replace(work, formula=lambda ns, v: 2 * work.formula(ns, v), quantities=("value",), reach={})
    record = measure.measure(wrong, ["symdiff", "by hand"], rounds=1)
    assert record["symdiff"]["status"].startswith("wrong value")
    assert "value" not in record["symdiff"]["figures"]
    assert record["by hand"]["figures"]["value"] > 0


def test_every_subject_has_its_turn_in_every_round():
    turns = []
    calls = {name: (lambda name=name: turns.append(name)) for name in "ab"}
    measure.medians(calls, rounds=8)
    assert turns[:2] == ["a", "b"]  # to see how long they take
    first = set()
    for round_ in np.array_split(turns[2:], 8):
        changes = [a for a, b in zip(round_, [*round_[1:], ""], strict=True) if a != b]
        assert sorted(changes) == ["a", "b"]
        first.add(str(changes[0]))
    assert first == {"a", "b"}  # who is first differs


def test_tables_show_ratios_and_what_was_reached():
    def one(version, value, gradient, **more):
        return {"version": version, "figures": {"value": value, "gradient": gradient, **more}}

    name = "Rosenbrock by slices 10000"
    subjects = {
        "symdiff": one("symdiff 1", 2e-5, 4e-5, ready=0.012),
        "by hand": one("numpy 2", 1e-5, 8e-5),
        "jax": {"version": "jax 1", "figures": {}, "status": "wrong value, error inf"},
    }
    records = [{"work": name, "subjects": subjects}, {"work": "x'Ax 500", "status": "over 9 s"}]
    text = table.table(records, quick=False)
    assert (
        f"| {name}: value, gradient, sparse hessian | 20 / 40 / – µs, after 12 ms | 10 / 80 / – µs (**0.5 / 2 / – ×**)"
        in text
    )
    assert "wrong value, error inf" in text
    assert f"| {name} | value ÷ by hand | 1 | 2 | missed |" in text
    assert f"| {name} | gradient ÷ by hand | 1 | 0.5 | reached |" in text
    assert "x'Ax 500: over 9 s" in text


def test_tables_are_put_between_their_marks(tmp_path, monkeypatch):
    page = tmp_path / "README.md"
    page.write_text("a\n<!-- b -->\nold\n<!-- end of b -->\nc\n")
    drawn = []
    monkeypatch.setattr(readme, "README", page)
    monkeypatch.setattr(readme, "refresh", lambda: drawn.append(page))
    readme.put("b", "new")
    assert page.read_text() == "a\n<!-- b -->\n\nnew\n\n<!-- end of b -->\nc\n"
    assert drawn
