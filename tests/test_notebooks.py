"""Every notebook runs from top to bottom, and is stored as it ran."""

import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LARGEST = 700_000  # bytes of a stored notebook, pictures among them
TIMEOUT = 300  # seconds for one cell, on a machine that does other things too


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture
def stored(path):
    return nbformat.read(path, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def outputs(notebook):
    return [output for cell in code_cells(notebook) for output in cell.outputs]


def kinds(cell):
    """What a reader sees of a cell: text printed, or a result and its formats."""
    seen = [o for o in cell.outputs if not is_of_the_machine(o)]
    return {tuple(sorted(o.get("data", {}))) or o.get("name") or o.output_type for o in seen}


def is_of_the_machine(output):
    """Whether an output only says that Matplotlib finds a font no more that was here when it last looked."""
    lines = str(output.get("text", "")).split("\n") if output.get("name") == "stderr" else []
    return bool(lines) and all(line.startswith("findfont: ") or not line for line in lines)


def executed(notebook, folder):
    """The outputs of another run, by a kernel that sees this checkout and no one's settings."""
    copy = nbformat.from_dict(notebook)
    for cell in code_cells(copy):
        cell.outputs, cell.execution_count = [], None
    python_path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    settings = {
        "PYTHONPATH": python_path,
        "IPYTHONDIR": str(folder),
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "TQDM_DISABLE": "1",
    }
    client = NotebookClient(copy, timeout=TIMEOUT, kernel_name="python3", coalesce_streams=True, allow_errors=True)
    client.execute(env={**os.environ, **settings}, cwd=str(folder))
    return copy


def test_there_are_notebooks():
    assert NOTEBOOKS


@pytest.mark.filterwarnings("default")  # those of kernel and sockets are not ours
def test_runs_from_top_to_bottom(stored, tmp_path):
    run = executed(stored, tmp_path)
    errors = [f"{o.ename}: {o.evalue}" for o in outputs(run) if o.output_type == "error"]
    assert errors == []
    for cell, before in zip(code_cells(run), code_cells(stored), strict=True):
        assert kinds(cell) == kinds(before), cell.id


def test_is_stored_with_its_outputs(path, stored):
    nbformat.validate(stored)
    cells = code_cells(stored)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert any("image/png" in output.get("data", {}) for output in outputs(stored))
    unwanted = [o for o in outputs(stored) if o.output_type == "error" or o.get("name") == "stderr"]
    assert unwanted == []
    assert path.stat().st_size <= LARGEST


def test_names_no_place_of_the_machine_it_ran_on(path):
    text = path.read_text(encoding="utf-8")
    assert not [place for place in ("/tmp/", "/home/", "/root/", "/Users/", "C:\\\\") if place in text]


def test_untrusted_notebooks_show_their_pictures(stored):
    """Where a notebook was not run, SVG and HTML are not shown: PNG stands beside them, and a text."""
    for cell in code_cells(stored):
        data = [output.get("data", {}) for output in cell.outputs]
        assert [list(d) for d in data if "image/svg+xml" in d and "image/png" not in d] == [], cell.id
        assert [d["text/html"][:80] for d in data if "<svg" in d.get("text/html", "") and "image/png" not in d] == []
        if any("image/png" in d for d in data):
            assert cell.metadata["mystnb"]["image"]["alt"], cell.id
