"""Films: frames in the order of computation, one layout, every way to save them."""

import html.parser
import io
import os
import pathlib
import re
import sys
import xml.etree.ElementTree as ET

import numpy as np
import pytest

import symdiff as sd
from symdiff.draw import binary
from symdiff.draw.animate import LARGEST, animate
from symdiff.draw.frames import CURRENT, DONE, NEXT, WAITING
from symdiff.errors import MissingValueError, RenderError, SymdiffTypeError, SymdiffValueError

AT = {"x": 3.0, "y": 4.0}


@pytest.fixture
def f(xy):
    x, y = xy
    return x**2 * y + y + 2


@pytest.fixture(scope="module")
def film():
    with sd.Graph():
        x, y = sd.variables("x y")
        return animate(x**2 * y + y + 2, at=AT)


def index(expr):
    return expr._index


def test_forward_computes_one_operation_a_frame_operands_first(f):
    film = animate(f, at=AT, mode="forward")
    assert len(film) == 5
    computed = [[i for i, state in frame.state.items() if state == CURRENT] for frame in film.frames]
    assert [len(each) for each in computed] == [3, 1, 1, 1, 1]
    assert [i for each in computed[1:] for i in each] == [index(e) for e in f.nodes()[3:]]
    assert film.captions[1:] == [
        "forward: 3.0² = 9.0", "forward: 9.0 × 4.0 = 36.0", "forward: 36.0 + 4.0 = 40.0", "forward: 40.0 + 2 = 42.0",
    ]  # fmt: skip
    for frame in film.frames:
        known = {i for i, state in frame.state.items() if state in (CURRENT, DONE)}
        assert {i for i, lines in frame.lines.items() if lines} == known - {index(e) for e in f.nodes() if e == 2}


def test_reverse_passes_adjoints_on_in_opposite_order(f, xy):
    x, y = xy
    film = animate(f, at=AT)
    backwards = [frame for frame in film.frames if not frame.upwards]
    users = [next(iter(edge[0] for edge, now in frame.back.items() if now), None) for frame in backwards[1:-1]]
    assert users == sorted(users, reverse=True)
    assert backwards[0].lines[index(f)] == ["= 42.0", "adj 1.0"]
    sums = [frame.lines[index(y)][-1] for frame in backwards]
    assert sums == ["= 4.0", "= 4.0", "adj 1.0 + …", "adj 10.0", "adj 10.0", "adj 10.0"]
    assert film.frames[-1].lines[index(x)] == ["= 3.0", "adj 24.0"]
    assert WAITING not in film.frames[-1].state.values()
    assert any(NEXT in frame.state.values() for frame in backwards)


def test_dual_numbers(f, xy):
    _, y = xy
    assert animate(f, at=AT, mode="dual").frames[-1].lines[index(f)] == ["= 42.0 + 24.0ε"]
    assert animate(f, at=AT, mode="dual", wrt=y).frames[-1].lines[index(f)] == ["= 42.0 + 10.0ε"]
    assert animate(f, at=AT, mode="dual", wrt={"x": 1.0, y: 2.0}).frames[-1].lines[index(f)] == ["= 42.0 + 44.0ε"]
    for wrong, error in (("z", SymdiffValueError), (3, SymdiffTypeError)):
        with pytest.raises(error, match="wrt"):
            animate(f, at=AT, mode="dual", wrt=wrong)
    with pytest.raises(MissingValueError, match="x, y"):
        animate(f, mode="dual")


def test_without_a_point_formulas_or_the_variables_values(f, xy):
    x, y = xy
    size = len(f.graph)
    film = animate(f)
    assert film.frames[-1].lines[index(x)] == ["adj 2·x·y"]
    assert film.frames[-1].lines[index(f)] == ["= x²·y + y + 2", "adj 1"]
    assert len(f.graph) == size
    x.value, y.value = 3.0, 4.0
    assert animate(f).frames[-1].lines[index(x)] == ["= 3.0", "adj 24.0"]
    assert x.grad is None


def test_the_layout_does_not_move(film):
    places = set()
    for source in film.sources():
        places.add(tuple(re.findall(r'pos="[\d.,]+"', source)))
        assert "fixedsize=true" in source
    assert len(places) == 1
    sizes = {ET.fromstring(svg).get("viewBox") for svg in film.svgs()}
    assert len(sizes) == 1


def test_every_frame_is_an_svg_of_its_own(film):
    assert len(film.svgs()) == len(film) == len(film.captions)
    assert "adj 24.0" in film.svg()
    assert "adj" not in film.svg(0)
    assert "pow" not in film.svg(1)
    assert "9.0" in film.svg(1)


def test_where_and_arrays(xy):
    x, y = xy
    film = animate(sd.where(x > 0, x * y, sd.log(x)), at={x: 2.0, y: 5.0})
    assert film.frames[-1].lines[index(x)] == ["= 2.0", "adj 5.0"]
    film = animate(sd.sin(x) * x, at={x: np.linspace(0, 1, 5)})
    assert "adj …" in [line for frame in film.frames for line in frame.lines[index(x)]]
    assert len(film.svgs()) == len(film)


def test_several_outputs_and_seeds(xy):
    x, y = xy
    film = animate({"product": x * y, "sum": x + y}, at=AT, seed=[1.0, 10.0], title="two", direction="TB")
    assert film.frames[-1].lines[index(x)] == ["= 3.0", "adj 14.0"]
    assert "product" in film.svg()
    assert "two" in film.svg()


def test_leaves_alone():
    assert len(animate(sd.Var("x"), at={"x": 1.0})) == 3
    assert len(animate(sd.Const(2)).svgs()) == 3


def test_larger_graphs_go_layer_by_layer():
    x = sd.variables("x", 64)
    film = animate(sum(x * x), mode="forward", at=dict.fromkeys(x, 1.0))
    assert len(film) == 1 + sd.depth(sum(x * x))
    assert "64 operations" in film.captions[1]


def test_what_can_not_be_shown(f):
    with pytest.raises(SymdiffValueError, match="mode"):
        animate(f, mode="sideways")
    with pytest.raises(MissingValueError, match="y"):
        animate(f, at={"x": 1.0})
    with pytest.raises(RenderError, match=f"{LARGEST} at most"):
        animate(sum(sd.variables("x", 200) ** 2))
    with pytest.raises(SymdiffValueError, match="direction"):
        animate(f, direction="up")


def test_html_has_a_slider_and_all_frames(film, tmp_path):
    path = film.save(tmp_path / "f.html")
    page = pathlib.Path(path).read_text(encoding="utf-8")
    html.parser.HTMLParser().feed(page)
    assert 'type="range"' in page
    assert f'max="{len(film) - 1}"' in page
    assert "http" not in re.sub(r"http://www\.w3\.org/[\w/]*", "", page)  # nothing is fetched
    assert page.count("<script>") == page.count("</script>") == 1
    assert film._repr_html_().startswith("<div")
    assert film.html() == film.html()
    assert len(page) < 0.5 * sum(map(len, film.svgs())) + 40_000


def test_an_svg_that_plays(film, tmp_path):
    root = ET.parse(film.save(tmp_path / "f.svg", seconds=0.5)).getroot()
    groups = [g for g in root if g.tag.endswith("}g")]
    assert len(groups) == len(film)
    animations = [g.find("{*}animate") for g in groups]
    assert {a.get("dur") for a in animations} == {f"{0.5 * len(film):g}s"}
    assert [g.get("display") for g in groups] == ["inline"] + ["none"] * (len(film) - 1)


def test_a_gif_with_one_picture_a_frame(film, tmp_path):
    image = pytest.importorskip("PIL.Image")
    with image.open(film.save(tmp_path / "f.gif", seconds=0.3)) as gif:
        assert gif.n_frames == len(film)
        assert gif.info["duration"] == 300
        assert gif.size[0] > 300
    assert os.listdir(tmp_path) == ["f.gif"]


def test_numbered_pngs(f, tmp_path):
    paths = animate(f, at=AT, mode="forward").save(tmp_path / "f.png")
    assert [os.path.basename(p) for p in paths] == [f"f-0{k}.png" for k in range(5)]
    assert {pathlib.Path(p).read_bytes()[:4] for p in paths} == {b"\x89PNG"}
    sizes = {pathlib.Path(p).read_bytes()[16:24] for p in paths}
    assert len(sizes) == 1


def test_a_gif_without_pillow(film, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(RenderError, match=r"symdiff-graph\[draw\]"):
        film.save(tmp_path / "f.gif")
    assert os.listdir(tmp_path) == []


def test_bad_paths_and_times(film, tmp_path):
    for name in ("f.mp4", "f"):
        with pytest.raises(SymdiffValueError, match=r"\.gif, \.html"):
            film.save(tmp_path / name)
    for seconds in (0, -1, "1", True, float("inf")):
        with pytest.raises(SymdiffValueError, match="seconds"):
            film.save(tmp_path / "f.gif", seconds=seconds)
    with pytest.raises(RenderError, match="no folder"):
        film.save(tmp_path / "absent" / "f.gif")
    assert os.listdir(tmp_path) == []


def test_without_a_program(f, monkeypatch):
    monkeypatch.setenv("SYMDIFF_DOT", "/no/such/program")
    film = animate(f, at=AT)
    assert film._repr_html_() is None
    with pytest.raises(RenderError, match="SYMDIFF_DOT"):
        film.html()


def test_a_program_that_draws_one_graph_at_a_time(film, monkeypatch):
    real = binary.run

    def one(source, suffix, *args, **options):
        return real(source.partition("\n}\n")[0] + "\n}\n", suffix, *args, **options)

    sources = film.sources()
    monkeypatch.setattr(binary, "run", one)
    from symdiff.draw import filmfiles

    assert len(filmfiles.svgs(sources, 10)) == len(sources)
    assert io.StringIO(filmfiles.svgs(sources, 10)[-1]).read() == film.svg()
