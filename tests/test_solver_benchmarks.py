"""The benchmarks of solvers: all subjects of a work find the same, at sizes that take no time."""

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
if not (ROOT / "benchmarks").is_dir():
    pytest.skip("benchmarks/ is only in a checkout", allow_module_level=True)
sys.path.insert(0, str(ROOT))

from benchmarks.maps import command, solver_works  # noqa: E402


def test_both_fits_find_the_same():
    found = [solve() for solve in solver_works.fit(60).values()]
    assert found[0] == pytest.approx(found[1], rel=1e-9)
    assert 0 < found[0] < 1


def test_both_kinetics_find_the_same():
    found = [solve() for solve in solver_works.robertson().values()]
    assert found == pytest.approx([0.999979, 0.999979], abs=1e-6)


@pytest.mark.skipif(importlib.util.find_spec("cyipopt") is None, reason="cyipopt is not installed")
def test_both_swing_ups_find_the_same():
    pytest.importorskip("casadi")
    found = [make(12)() for make in (solver_works.cart_pole, solver_works.cart_pole_of_casadi)]
    assert found[0] == pytest.approx(found[1], rel=1e-7)


def test_a_wrong_result_has_no_time():
    work = solver_works.SolverWork("wrong", {"someone": lambda: 2.0}, 1.0, 1e-3, 1.2)
    with pytest.raises(ArithmeticError, match=r"someone finds 2\.0 for wrong, which is 1\.0"):
        solver_works.measure(work, 1)
    assert set(solver_works.measure(work._replace(right=2.0), 3)) == {"someone"}


def test_times_become_a_table():
    text = command.solutions([["swing-up", 1.2, {"symdiff": 1.0, "CasADi": 2.0}], ["fit", 0.01, {"a": 1.0, "b": 2.0}]])
    assert "| swing-up | symdiff 1 s, CasADi 2 s | 1.2 | 0.5 | reached |" in text
    assert "| fit | a 1 s, b 2 s | 0.01 | 0.5 | missed |" in text
    assert "over 5 s" in command.solutions({"status": "over 5 s"})
