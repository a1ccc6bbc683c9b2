"""Code of the README and the manual that is no doctest: every block runs, or is what the library holds."""

import ast
import doctest
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import symdiff as sd

ROOT = Path(__file__).parents[1]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted(ROOT.glob("docs/*.md")),
    *sorted(ROOT.glob("docs/howto/*.md")),
]
BLOCK = re.compile(r"^```(\S*)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
HELD = {  # the first line of a block that is no doctest: the test that holds it
    "gudermannian: Operation = register(": "test_new_operation.py",
    '"""Intervals: every value between two floats, and with them whatever rounding hides."""': "test_own_algebra.py",
    "import numpy as np": "test_the_backend_of_the_page_is_one",
    "tanh = register(": "test_the_record_of_the_page_is_that_of_the_library",
    'found = swing_up.solve({"X": start, "U": 0.0}, method="ipopt")': "test_the_swing_up_runs_by_ipopt",
    "__init__ __main__ cli command/            what a user calls": "test_layers.py",
    '$ symdiff "x**2*y + y + 2" --at x=3 y=4 --order 2': "test_cli.py",
}


def blocks(page):
    return [(found[1], found[2]) for found in BLOCK.finditer(page.read_text(encoding="utf-8"))]


def block(page, start):
    (found,) = [text for _, text in blocks(page) if text.startswith(start)]
    return found


def test_every_block_is_a_doctest_or_held_by_a_test():
    free = [
        text.splitlines()[0]
        for page in PAGES
        for language, text in blocks(page)
        if not language.startswith("{") and ">>>" not in text
    ]
    assert sorted(free) == sorted(HELD)
    files = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    names = {path.name for path in (ROOT / "tests").rglob("test_*.py")}
    assert [name for name in HELD.values() if name not in names and f"def {name}(" not in files] == []


def test_the_backend_of_the_page_is_one(tmp_path):
    page = tmp_path / "loop_backend.py"
    code = block(ROOT / "CONTRIBUTING.md", "import numpy as np\n\nfrom symdiff.algebra.numbers")
    check = (
        "\nimport symdiff as sd\nx, y = sd.variables('x y')\nf = sd.where(x > y, x*sd.sin(y), x**2)\n"
        "F = sd.compile([f, f.gradient([x, y])], [x, y], backend='loop')\n"
        "G = sd.compile([f, f.gradient([x, y])], [x, y], backend='python')\n"
        "for at in ((3.0, 1.0), (1.0, 3.0), (np.array([3.0, 1.0]), np.array([1.0, 3.0]))):\n"
        "    for a, b in zip(F(*at), G(*at)):\n        np.testing.assert_array_equal(a, b)\n"
        "assert sd.compile(f, [x, y]).backend != 'loop'\nprint(F.backend, F.source.split()[0])\n"
    )
    page.write_text(code + check, encoding="utf-8")
    done = subprocess.run([sys.executable, str(page)], capture_output=True, text=True, env=_environment(), check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[0] == "loop"


def test_the_record_of_the_page_is_that_of_the_library():
    (page,) = [
        node for node in ast.walk(ast.parse(block(ROOT / "docs/how-it-works.md", "tanh = "))) if _registers(node)
    ]
    module = ast.parse((ROOT / "symdiff/ops/elementary.py").read_text(encoding="utf-8"))
    (ours,) = [node for node in ast.walk(module) if _registers(node) and ast.literal_eval(node.args[0]) == "tanh"]
    assert list(map(ast.unparse, page.args)) == list(map(ast.unparse, ours.args))
    stated = {keyword.arg: ast.unparse(keyword.value) for keyword in ours.keywords}
    assert {k.arg: ast.unparse(k.value) for k in page.keywords}.items() <= stated.items()


def _registers(node):
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "register"


def test_the_swing_up_runs_by_ipopt(capsys):
    pytest.importorskip("cyipopt", reason="IPOPT is not installed")
    page = ROOT / "docs/howto/problems.md"
    names = {}
    with sd.Graph():
        for example in doctest.DocTestParser().get_examples(page.read_text(encoding="utf-8").partition("```text")[0]):
            exec(compile(example.source, "problems.md", "single"), names)
        exec(block(page, "found = swing_up"), names)
    assert names["found"].success
    assert "optimal" in capsys.readouterr().out.lower()


def _environment():
    import os

    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))}


# -- commands ------------------------------------------------------------------------


def test_the_workflow_runs_commands_of_the_readme_and_no_others():
    workflow = ROOT / ".github/workflows/tests.yml"
    if not workflow.exists():
        pytest.skip("a source distribution has no workflow")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^ *- run: (.*)$", workflow.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(commands) >= 4
    plain = re.sub(r"python3? ", "python ", " ".join(readme.replace(".venv/bin/", "").split()))
    for command in commands:
        for part in re.sub(r"\$BIN/|\.venv/bin/", "", command).split(" && "):
            assert re.sub(r"python3? ", "python ", part) in plain, part


# -- tables ------------------------------------------------------------------------------


def cells(page, column):
    """The code of a column of the tables of a page."""
    rows = [
        line.strip("|").split("|") for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("|")
    ]
    found = [code for row in rows if len(row) > column for code in re.findall(r"`([^`]+)`", row[column])]
    return [code for code in found if not code.startswith(".") and "…" not in code]


def names():
    """What the tables speak of."""
    x, y = sd.Var("x", init_value=3.0), sd.Var("y", init_value=4.0)
    f = x**2 * y + y + 2
    w, X, t = sd.Var("w", shape=3), sd.Var("X", shape=("n", 3)), sd.Var("t", shape="n")  # noqa: N806
    known = {"x": x, "y": y, "f": f, "g": sd.sin(x) * y, "a": x + 1, "b": y - 1, "w": w, "X": X, "sd": sd, "np": np}
    known |= {"loss": ((X @ w - t) ** 2).sum(), "value": np.ones(3), "text": sd.to_json(f), "expr": f.to_sympy()}
    return known | {"func": lambda *args: sum(np.sum(v * v) for v in args), "xs": np.ones(3), "point": {x: 3, y: 4}}


@pytest.mark.parametrize("code", cells(ROOT / "docs/cheatsheet.md", 1))
def test_the_cheat_sheet_runs(code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with sd.Graph():
        known = names()
        if code == "f.hessian(w, sparse=True)":
            known["f"] = known["loss"]
        if "func, 3.0" not in code and "func, w" in code:
            known["w"] = np.ones(3)
        exec(code, known)


@pytest.mark.parametrize("code", cells(ROOT / "docs/howto/coming-from.md", 1))
def test_what_others_write_is_written_like_this_here(code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with sd.Graph():
        known = names()
        known |= {name: getattr(sd, name) for name in ("Add", "Mul", "Const")}
        known |= {"y": sd.Var("t", shape="n")} if "X, w, y" in code else {}
        known |= {"loss": (known["w"] ** 2).sum()} if "loss.backpropagate" in code else {}
        known |= {"func": np.tanh} if "xs" in code else {}
        known |= {name: sd.Var(name, shape=("n", 3)) for name in "YZ"} | {"labels": [0, 2]}
        exec(code, known)
