"""Operations of value and derivatives of every workload, exactly: a change for the worse is seen.

Fewer is better. The numbers stand in `operation_counts.txt`; after a change that is meant, write them anew by
`python -m benchmarks.counts --write`.
"""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
if not (ROOT / "benchmarks").is_dir():
    pytest.skip("benchmarks/ is only in a checkout", allow_module_level=True)
sys.path.insert(0, str(ROOT))

from benchmarks import counts  # noqa: E402

CASES = {counts.name(case): case for case in counts.counted()}
WRITTEN = counts.read()


def test_every_workload_is_counted():
    assert list(WRITTEN) == list(CASES), "write the table: python -m benchmarks.counts --write"


@pytest.mark.parametrize("name", WRITTEN)
def test_operations_are_as_written(name):
    found = counts.count(CASES[name])
    hint = "if this is meant: python -m benchmarks.counts --write"
    assert found.line(name) == WRITTEN[name].line(name), hint
