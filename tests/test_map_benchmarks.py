"""The benchmarks of maps: every subject gives what is put together by hand, and records become a table."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[1]
if not (ROOT / "benchmarks").is_dir():
    pytest.skip("benchmarks/ is only in a checkout", allow_module_level=True)
sys.path.insert(0, str(ROOT))

from benchmarks.maps import command, measure  # noqa: E402
from benchmarks.maps.jobs import jobs  # noqa: E402

JOBS = jobs(quick=True)
CASES = [(name, subject) for name, job in JOBS.items() for subject in job.subjects if subject != "by hand"]


@pytest.mark.parametrize(("name", "subject"), CASES)
def test_subjects_agree(name, subject):
    job = JOBS[name]
    package = job.packages.get(subject)
    if package is not None and importlib.util.find_spec(package) is None:
        pytest.skip(f"{package} is not installed")
    data = job.data()
    right, found = job.subjects["by hand"](data), job.subjects[subject](data)
    for quantity in job.quantities:
        assert measure.worst(found[quantity](), right[quantity]()) <= job.tolerance


def test_what_is_wrong_is_seen():
    assert measure.worst([np.ones(3), 2.0], [np.ones(3), 2.0]) == 0
    assert measure.worst(np.ones(3), np.array([1.0, 1.0, 2.0])) == 0.5
    assert measure.worst(np.ones(3), np.ones(4)) == float("inf")
    assert measure.worst(np.array([np.nan]), np.ones(1)) == float("inf")


def test_records_become_a_table():
    figures = {"ready": 0.1, "jacobian": 1e-4, "hessian": 3e-4}
    record = {
        "symdiff": {"version": "symdiff-graph 0", "figures": figures},
        "by hand": {"version": "numpy 0", "figures": {"ready": 0.2, "jacobian": 2e-4, "hessian": 2e-4}},
    }
    text = command.table(JOBS, {"collocation": record, "surface": {"status": "over 1 s"}}, quick=True)
    assert "| 100 / 300 µs, after 100 ms | 200 / 200 µs, after 200 ms |" in text
    assert "jacobian ÷ by hand | 1 | 0.5 | reached" in text
    assert "hessian ÷ by hand | 1 | 1.5 | missed" in text
    assert "minimal surface, 100 unknowns: over 1 s" in text
