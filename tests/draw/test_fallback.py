"""Pictures where there is no Graphviz program: matplotlib draws them."""

import os
import pathlib
import shutil
import xml.etree.ElementTree as ET

import pytest

import symdiff as sd
from symdiff.draw.render import render
from symdiff.errors import RenderError
from tests.draw.test_render import bare  # noqa: F401  # a machine without any

pytest.importorskip("matplotlib")


@pytest.fixture
def f(xy):
    x, y = xy
    return x**2 * y + y + 2


@pytest.mark.parametrize(("suffix", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_formats(f, tmp_path, bare, suffix, start):  # noqa: F811
    path = render(f, tmp_path / f"f.{suffix}", at={"x": 3, "y": 4}, backward=True)
    assert pathlib.Path(path).read_bytes().startswith(start)
    assert sorted(os.listdir(tmp_path)) == ["bin", f"f.{suffix}"]


def test_nodes_have_places_in_layers(f, bare):  # noqa: F811
    from symdiff.draw import fallback

    picture = f.to_graphviz(at={"x": 3, "y": 4}, backward=True)
    nodes, edges = fallback._read(picture)
    assert len(nodes) == 7
    assert nodes["n0"].lines == ["x", "= 3", "adj 24.0"]
    assert sum(red for *_, red in edges) == 6
    for direction, sign in (("LR", 1), ("RL", -1), ("TB", -1), ("BT", 1)):
        places, _, _ = fallback._layout(nodes, edges, direction)
        axis = 0 if direction in ("LR", "RL") else 1
        assert len(set(places.values())) == 7
        for a, b, _, red in edges:
            assert red or sign * places[a][axis] < sign * places[b][axis]


def test_everything_that_can_be_drawn_is_readable(bare, tmp_path):  # noqa: F811
    x = sd.variables("x", 30)
    f = sum(sd.sin(x * 2))
    for name, options in {
        "a": {"clusters": "outputs"}, "b": {"fold": True, "title": 'a "title" & $more$'}, "c": {"name_shared": True},
        "d": {"around": x[3]}, "e": {"depth": 2},
    }.items():  # fmt: skip
        ET.parse(render([f, f * f], tmp_path / f"{name}.svg", **options))


def test_notebooks_see_it_too(f, bare):  # noqa: F811
    assert "<svg" in f.to_graphviz()._repr_mimebundle_()["image/svg+xml"]


def test_a_film_needs_a_program(f, bare, tmp_path):  # noqa: F811
    with pytest.raises(RenderError, match="graphviz-pure"):
        f.animate(at={"x": 1.0, "y": 2.0}).save(tmp_path / "f.html")
    assert os.listdir(tmp_path) == ["bin"]


def test_another_format_names_what_there_is(f, bare):  # noqa: F811
    with pytest.raises(RenderError, match=r"\.png, \.svg and \.pdf"):
        f.to_graphviz().pipe("jpg")
    assert shutil.which("dot") is None


@pytest.fixture
def without_dot(monkeypatch):
    """A machine whose path has no `dot`: what comes with the package draws."""
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.delenv("SYMDIFF_DOT", raising=False)


def test_a_picture_renders_itself_without_dot(f, tmp_path, without_dot):
    picture = f.to_graphviz(at={"x": 3, "y": 4})
    assert picture.render("g", directory=tmp_path, format="svg") == str(tmp_path / "g.svg")
    assert "= 42" in (tmp_path / "g.svg").read_text(encoding="utf-8")
    assert (tmp_path / "g").read_text(encoding="utf-8") == picture.source
    assert picture.render(outfile=tmp_path / "h.png", cleanup=True) == str(tmp_path / "h.png")
    assert sorted(os.listdir(tmp_path)) == ["g", "g.svg", "h.png"]


def test_a_picture_shows_itself_without_dot(f, tmp_path, without_dot, monkeypatch):
    seen = []
    picture = f.to_graphviz()
    monkeypatch.setattr(type(picture), "_view", lambda self, path, **options: seen.append(path), raising=False)
    rendered = picture.view("g", directory=tmp_path)
    assert seen == [rendered]
    assert os.path.splitext(rendered)[1] in (".pdf", ".svg")
    assert os.path.getsize(rendered) > 500


def test_a_picture_renders_itself_where_there_is_no_program(f, tmp_path, bare):  # noqa: F811
    path = f.to_graphviz(at={"x": 3, "y": 4}).render("g", directory=tmp_path)
    assert path == str(tmp_path / "g.pdf")
    assert pathlib.Path(path).read_bytes().startswith(b"%PDF")
