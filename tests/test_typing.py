"""What editors see: mypy over files of examples, whose `assert_type` it checks."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("name", ["array_types"])
def test_types_are_those_that_editors_see(name):
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", f"tests/typed/{name}.py"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout
