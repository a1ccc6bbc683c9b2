"""Spy plots and operation charts: as text, as figures, and without matplotlib."""

import os
import pathlib
import sys

import numpy as np
import pytest
from scipy.sparse import csr_array, random_array

import symdiff as sd
from symdiff.draw.chart import plot_ops
from symdiff.draw.spy import spy
from symdiff.errors import RenderError, SymdiffTypeError, SymdiffValueError


def dots(lines, shape):
    """The set dots of braille letters, as an array of bools."""
    codes = np.array([[ord(c) - 0x2800 for c in line] for line in lines])
    grid = np.zeros((4 * codes.shape[0], 2 * codes.shape[1]), dtype=bool)
    for k, (r, c) in enumerate([(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1), (3, 0), (3, 1)]):
        grid[r::4, c::2] = (codes >> k) & 1
    return grid[: shape[0], : shape[1]]


def test_a_small_matrix_entry_by_entry():
    assert str(spy(np.array([[1, 0, 2], [0, 0, 3]]))).splitlines() == [
        "matrix, 2 × 3: 3 entries, 50 %",
        "■ · ■",
        "· · ■",
    ]


def test_braille_shows_every_entry_where_there_is_room():
    pattern = random_array((100, 90), density=0.1, rng=np.random.default_rng(1))
    assert (dots(str(spy(pattern)).splitlines()[1:], (100, 90)) == (pattern.toarray() != 0)).all()


def test_larger_matrices_are_scaled_and_no_entry_is_lost():
    pattern = csr_array((np.ones(3), ([0, 5000, 9999], [0, 7000, 19999])), shape=(10_000, 20_000))
    lines = str(spy(pattern)).splitlines()
    assert max(map(len, lines)) <= 80
    assert len(lines) <= 40
    assert sum(bin(ord(c) - 0x2800).count("1") for line in lines[1:] for c in line) == 3


def test_hessians_and_jacobians(xy):
    x, y = xy
    f = x**2 * y + sd.sin(y)
    assert str(spy(f)).startswith("Hessian, 2 × 2: 4 entries")
    assert spy(f, [y]).shape == (1, 1)
    assert str(spy([x, x * y])).splitlines() == ["Jacobian, 2 × 2: 3 entries, 75 %", "■ ·", "■ ■"]
    assert spy(f, kind="jacobian").shape == (1, 2)
    assert spy([f], kind="hessian").shape == (2, 2)
    assert spy(f.hessian([x, y], sparse=True)).nnz == 4
    assert spy(sd.jacobian([x, y], [x, y])).nnz == 2
    with pytest.raises(SymdiffValueError, match="one expression"):
        spy([f, f], kind="hessian")
    with pytest.raises(SymdiffValueError, match="kind"):
        spy(f, kind="gradient")
    with pytest.raises(SymdiffTypeError, match="two axes"):
        spy(np.zeros(3), kind="matrix")


def test_without_any_entry(xy):
    x, y = xy
    assert str(spy(x + y)) == "Hessian, 2 × 2: 0 entries, 0 %\n· ·\n· ·"
    assert spy(sd.Const(3)).shape == (0, 0)
    assert str(spy(sd.Const(3)))
    assert spy(sd.Const(3))._repr_mimebundle_()["text/plain"]


@pytest.mark.parametrize("n", [3, 60, 30_000])
def test_figures(n, tmp_path):
    pytest.importorskip("matplotlib")
    plot = spy(csr_array((np.ones(n), (np.arange(n), np.arange(n))), shape=(n, n)))
    assert pathlib.Path(plot.save(tmp_path / "s.png")).read_bytes().startswith(b"\x89PNG")
    bundle = plot._repr_mimebundle_()
    assert bundle["image/png"].startswith(b"\x89PNG")
    assert bundle["text/plain"].startswith("matrix")
    assert list(plot._repr_mimebundle_(exclude=["image/png"])) == ["text/plain"]


def test_axes_of_the_users_own(xy):
    axes = pytest.importorskip("matplotlib.figure").Figure().add_subplot()
    assert spy(xy[0] * xy[1]).plot(axes) is axes
    assert plot_ops(xy[0] * xy[1]).plot(ax=axes) is axes


def test_charts(tmp_path, xy):
    x, y = xy
    f = sd.sin(x * y) + x * 2 + y * 3
    chart = plot_ops({"value": f, "gradient": f.gradient([x, y]), "nothing": x})
    assert chart.counts["value"] == {"mul": 3, "add": 2, "sin": 1}
    assert chart.counts["nothing"] == {}
    text = str(chart).splitlines()
    assert text[0] == "value: 6 operations"
    assert text[1].split() == ["mul", "█" * 40, "3"]
    assert "nothing: 0 operations" in text
    assert repr(plot_ops(f)).startswith("6 operations")
    assert str(plot_ops([])) == "0 operations"
    pytest.importorskip("matplotlib")
    for what in (chart, plot_ops(f), plot_ops([])):
        assert pathlib.Path(what.save(tmp_path / "c.svg")).read_text(encoding="utf-8").startswith("<?xml")


def test_without_matplotlib_there_is_text(xy, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    plot = spy(xy[0] * xy[1])
    assert list(plot._repr_mimebundle_()) == ["text/plain"]
    for fails in (plot.plot, lambda: plot.save(tmp_path / "s.png")):
        with pytest.raises(RenderError, match=r"symdiff-graph\[draw\]"):
            fails()
    with pytest.raises(SymdiffValueError, match=r"\.png, \.svg"):
        plot.save(tmp_path / "s.gif")
    assert os.listdir(tmp_path) == []
