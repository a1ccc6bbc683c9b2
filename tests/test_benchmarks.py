"""The benchmarks: what is held to be right is, symdiff gives it, and records become tables."""

import dataclasses
import shutil
import sys
from pathlib import Path

import mpmath
import numpy as np
import pytest
from scipy.optimize import rosen_der, rosen_hess
from scipy.special import sph_harm_y

ROOT = Path(__file__).parents[1]
if not (ROOT / "benchmarks").is_dir():
    pytest.skip("benchmarks/ is only in a checkout", allow_module_level=True)
sys.path.insert(0, str(ROOT))

from benchmarks import harness, headers, measures, ready, results, rivals, scaling, subject, table, workloads  # noqa: E402
from benchmarks.case import NotAvailableError  # noqa: E402
from benchmarks.rivals.base import Rival, upper  # noqa: E402
from benchmarks.rivals.objects import Objects  # noqa: E402
from benchmarks.rivals.symdiff import Symdiff  # noqa: E402
from benchmarks.workloads import harmonics, rosenbrock  # noqa: E402

CASES = {f"{c.workload}: {c.name}": c for name in workloads.NAMES for c in workloads.cases(name, quick=True)}


class Digits(Rival):
    """Formulas over 40-digit numbers."""

    module = mpmath

    def build(self, write, count):
        return lambda xs: write(self, xs)


def along(case, at, direction, order):
    """Taylor coefficients of the outputs' sum along a line, by the formula itself over 40-digit numbers."""
    outputs = case.build(Digits())
    with mpmath.workdps(40):
        x, v = [mpmath.mpf(float(a)) for a in at], [mpmath.mpf(float(a)) for a in direction]
        series = mpmath.taylor(lambda t: mpmath.fsum(outputs([a + t * b for a, b in zip(x, v, strict=True)])), 0, order)
        return [float(c) for c in series]


SLOPES = [
    name
    for name, case in CASES.items()
    if case.measure in ("derivatives", "backpropagation")
    and case.derive in ("gradient", "jacobian")
    and case.workload != "pendulum"
]


@pytest.mark.parametrize("name", SLOPES)
def test_slopes_held_to_be_right_are_those_of_the_formula(name):
    case = CASES[name]
    at = np.asarray(case.point())
    direction = np.random.default_rng(0).uniform(-1, 1, len(at))
    expected = np.asarray(case.expected()).reshape(-1, len(at)).sum(axis=0)
    assert along(case, at, direction, 1)[1] == pytest.approx(float(expected @ direction), rel=1e-12)


@pytest.mark.parametrize("name", [n for n, c in CASES.items() if c.measure == "batch"])
def test_batches_held_to_be_right_are_those_of_the_formula(name):
    case = CASES[name]
    at = np.asarray(case.point())[:, 0]
    expected = np.asarray(case.expected())[:, 0]
    n = len(at)
    direction = np.random.default_rng(0).uniform(-1, 1, n)
    series = along(case, at, direction, case.order)
    assert series[0] == pytest.approx(expected[0], rel=1e-12)
    assert series[1] == pytest.approx(expected[1 : n + 1] @ direction, rel=1e-12)
    if case.order == 2:
        matrix = np.zeros((n, n))
        for (i, j), value in zip(upper(n), expected[n + 1 :], strict=True):
            matrix[i, j] = matrix[j, i] = value
        assert 2 * series[2] == pytest.approx(direction @ matrix @ direction, rel=1e-12)


def test_rosenbrock_is_scipys():
    x = rosenbrock.point(7)
    assert rosenbrock.gradient(x) == pytest.approx(rosen_der(x), rel=1e-13)
    rows, cols, values = rosenbrock.hessian(x).reshape(3, -1)
    matrix = np.zeros((7, 7))
    matrix[rows.astype(int), cols.astype(int)] = values
    assert len(values) == 3 * 7 - 2
    assert matrix == pytest.approx(rosen_hess(x), rel=1e-13)


def test_harmonics_are_those_of_the_sphere():
    x, y, z = harmonics.AT
    theta, phi = np.arccos(z), np.arctan2(y, x)
    expected = []
    for degree in range(6):
        for m in range(-degree, degree + 1):
            value = (-1) ** m * sph_harm_y(degree, abs(m), theta, phi) * (np.sqrt(2) if m else 1)
            expected.append(value.imag if m < 0 else value.real)
    assert harmonics.values(6, derived=True)[:36] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("name", CASES)
def test_symdiff_is_right(name):
    case = CASES[name]
    try:
        figures = getattr(measures, case.measure)(case, Symdiff(), enough=0.0)
    except NotAvailableError as why:
        pytest.skip(f"not available: {why}")
    assert figures["error"] <= case.tolerance


def test_objects_are_right():
    (case,) = [c for c in CASES.values() if c.measure == "backpropagation"]
    assert measures.backpropagation(case, Objects(), enough=0.0)["error"] <= case.tolerance


def test_a_wrong_value_has_no_time(monkeypatch):
    case = dataclasses.replace(
        workloads.case("scalar", "one call"), derive="gradient", measure="derivatives", expected=lambda: [1.0, 2.0]
    )
    monkeypatch.setattr(workloads, "case", lambda *_: case)
    record = subject.measure("scalar", "one call", "symdiff", quick=True)
    assert record["status"].startswith("wrong value")
    assert "figures" not in record


def test_a_measurement_has_a_process_of_its_own():
    record = harness.run("tower", "n = 2", "symdiff", quick=True, limit=60)
    assert record["status"] == "ok", record
    assert record["figures"]["derive"] > 0
    assert harness.run("tower", "n = 2", "symdiff", quick=True, limit=0.0)["status"] == "over 0.0 s"


def test_every_rival_of_a_case_is_known():
    assert {name for case in CASES.values() for name in case.rivals} <= set(rivals.SUBJECTS)
    with pytest.raises(NotAvailableError):
        Rival().gradient(None, 1)


def test_tables_show_ratios_and_what_was_reached():
    def record(rival, **figures):
        base = {"workload": "tower", "case": "n = 12", "rival": rival}
        return {**base, "status": "ok", "version": f"{rival} 1", "figures": figures} if figures else {
            **base, "status": "over 9 s"}  # fmt: skip

    records = [
        record("symdiff", build=0.001, derive=0.004, operations=500.0),
        record("casadi", build=0.002, derive=0.018, operations=950.0),
        record("sympy"),
    ]
    (row,) = results.rows(records, quick=False)
    assert results.figure(row, "casadi", "time ÷ symdiff") == pytest.approx(4.0)
    assert results.figure(row, "symdiff", "time ÷ best rival") == pytest.approx(0.25)
    assert [(v.name, v.reached) for v in results.verdicts([row])] == [("derive", True), ("operations", False)]
    text = table.table(records, quick=False)
    assert "| tower: n = 12 | 5 ms, 500 operations | 20 ms (**4 ×**), 950 operations | over 9 s |" in text
    assert "| tower: n = 12 | operations | 450 | 500 | missed |" in text


# -- scaling -----------------------------------------------------------------------------------


@pytest.mark.parametrize("task", scaling.TASKS, ids=lambda task: task.name)
def test_work_of_any_size_is_there(task):
    assert task.prepare(12)() is not None


def test_exponents_are_slopes_of_logarithms():
    assert scaling.exponent([10, 20, 40], [0.3, 0.6, 1.2]) == pytest.approx(1)
    assert scaling.exponent([10, 20, 40], [1.0, 4.0, 16.0]) == pytest.approx(2)


# -- large scalar formulas ---------------------------------------------------------------------

SMALL = {
    "gaussian process": ready.Job(ready.gaussian_process(4), 3, "hessian", 1),
    "minimal surface": ready.Job(ready.minimal_surface(3), 9, "sparse hessian", 1),
    "shooting": ready.Job(ready.shooting(3), 3, "hessian", 1),
    "collocation": ready.Job(ready.collocation(3), 20, "sparse jacobian", 1),
    "its lagrangian": ready.Job(ready.weighted(ready.collocation(3), 20), 32, "sparse hessian", 1),
    "rosenbrock": ready.Job(ready.rosenbrock, 5, "sparse hessian", 1),
}


@pytest.mark.parametrize("name", SMALL)
def test_derivatives_of_jobs_are_those_by_differences(name):
    """Of the same formula over 60-digit numbers: the benchmark itself holds two programs against each other."""
    job = SMALL[name]
    point = np.random.default_rng(2).uniform(0.8, 1.2, job.variables)
    *_, found = ready.by_symdiff(job, point)
    found = found if isinstance(found, np.ndarray) else found.toarray()
    step = mpmath.mpf("1e-20")
    with mpmath.workdps(60):
        at = [mpmath.mpf(float(v)) for v in point]

        def moved(*along):
            return job.write(mpmath, [v + step * sum(k * (j == i) for j, k in along) for i, v in enumerate(at)])

        def entry(i, j):
            if job.derive == "sparse jacobian":
                return (moved((j, 1))[i] - moved((j, -1))[i]) / (2 * step)
            corners = [(1, 1), (1, -1), (-1, 1), (-1, -1)]
            return sum(a * b * moved((i, a), (j, b)) for a, b in corners) / (4 * step**2)

        places = [(0, 0), (1, 2), (2, 1), (min(found.shape) - 1, 0)]
        for i, j in places:
            assert found[i, j] == pytest.approx(float(entry(i, j)), rel=1e-9, abs=1e-9)


@pytest.mark.skipif(shutil.which("c++") is None, reason="no C++ compiler is installed")
def test_a_header_is_compiled_and_checked(capsys):
    headers.main(["--alone"])
    assert "| symdiff | 281 |" in capsys.readouterr().out
