"""What editors see: mypy, and pyright where it is installed, over files of examples whose `assert_type` they check."""

import json
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import symdiff as sd

ROOT = Path(__file__).parents[1]
TYPED = Path("tests", "typed")


def by_mypy(path):
    """The errors that mypy finds in a file, by line."""
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--hide-error-context", path]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    found = re.findall(rf"^{re.escape(str(path))}:(\d+): error: (.*)$", done.stdout, re.MULTILINE)
    assert bool(found) == bool(done.returncode), done.stdout
    return {int(line): message for line, message in found}


def by_pyright(path):
    """The errors that pyright finds in a file, by line; the test is skipped where there is no pyright."""
    if shutil.which("pyright") is None:
        pytest.skip("pyright is not installed: pip install pyright")
    command = ["pyright", "--outputjson", "--pythonpath", sys.executable, path]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    found = json.loads(done.stdout)["generalDiagnostics"]
    return {d["range"]["start"]["line"] + 1: d["message"] for d in found if d["severity"] == "error"}


CHECKERS = [by_mypy, by_pyright]


def test_array_types_are_those_that_editors_see():
    assert by_mypy(TYPED / "array_types.py") == {}


@pytest.mark.parametrize("errors_of", CHECKERS)
def test_typical_code_of_users_has_no_errors(errors_of):
    assert errors_of(TYPED / "user_code.py") == {}


@pytest.mark.parametrize("errors_of", CHECKERS)
def test_mistakes_are_errors(errors_of):
    lines = (ROOT / TYPED / "mistakes.py").read_text(encoding="utf-8").splitlines()
    wrong = {number for number, line in enumerate(lines, 1) if line.endswith("# error")}
    assert len(wrong) > 15
    assert set(errors_of(TYPED / "mistakes.py")) == wrong


def test_what_the_typed_examples_say_is_true():
    """They run: no type is claimed for code that raises."""
    with sd.Graph():
        runpy.run_path(str(ROOT / TYPED / "user_code.py"))
