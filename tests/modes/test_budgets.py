"""Budgets of deriving stand in one file, and each bounds something."""

import re
from pathlib import Path

import pytest

import symdiff as sd
from symdiff.modes import budgets

PACKAGE = Path(sd.__file__).parent
NAMES = [name for name in vars(budgets) if name.isupper()]
SOURCES = {
    path.relative_to(PACKAGE).as_posix(): path.read_text()
    for folder in ("modes", "derive", "taylor")
    for path in (PACKAGE / folder).glob("*.py")
    if path.name != "budgets.py"
}
FACTS = ("differences.py", "callables.py", "series.py")  # files with facts of floats, and a cache


@pytest.mark.parametrize("name", NAMES)
def test_a_budget_bounds_something(name):
    assert any(re.search(rf"\b{name}\b", source) for source in SOURCES.values())


@pytest.mark.parametrize("file", [file for file in SOURCES if not file.endswith(FACTS)])
def test_no_other_file_has_a_bound(file):
    assert not re.findall(r"^_?[A-Z_]+ = [\d.]+.*", SOURCES[file], re.MULTILINE)


def test_a_smaller_budget_tries_less(monkeypatch):
    x, y = sd.variables("x y")
    f = [sd.sin(x * y) * y, sd.exp(x * y)]
    assert sd.cost(f, [x, y]).exact
    monkeypatch.setattr(budgets, "JACOBIAN_TRIED_NODES", 3)
    assert not sd.cost(f, [x, y]).exact
