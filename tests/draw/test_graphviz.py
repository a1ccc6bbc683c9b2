"""The picture as Graphviz source: what stands on nodes and edges."""

import re

import graphviz
import numpy as np
import pytest

import symdiff as sd
from symdiff.draw import binary
from symdiff.draw.graphviz import LARGEST, to_graphviz
from symdiff.errors import RenderError, SymdiffTypeError, SymdiffValueError

AT = {"x": 3, "y": 4}


@pytest.fixture
def f():
    x, y = sd.variables("x y")
    return x**2 * y + y + 2


def nodes(picture):
    """{id: attributes as text}"""
    lines = [line.strip() for line in picture.body]
    return {line.split()[0]: line for line in lines if re.match(r"n\d+ \[", line)}


def edges(picture, red=False):
    """[(from, to, label)], of the graph or of the way back."""
    found = []
    for line in picture.body:
        match = re.match(r"\s*(n\d+) -> (n\d+)", line)
        if match and ("dir=back" in line) == red:
            label = re.search(r'label="? *([^"\]]*?) *["\]]', line)
            found.append((*match.groups(), label.group(1) if label else ""))
    return found


def test_one_node_for_each_of_the_graph_with_short_ids(f):
    picture = to_graphviz(f)
    assert isinstance(picture, graphviz.Digraph)
    assert list(nodes(picture)) == [f"n{k}" for k in range(6)]
    assert len(edges(picture)) == 6


def test_constants_stand_beside_each_user_and_exponents_in_the_title():
    x, y = sd.variables("x y")
    picture = to_graphviz(x**2 * y + y + 2)
    assert sum(re.match(r"\s*c\d+ \[label=2 ", line) is not None for line in picture.body) == 1
    assert [line.strip() for line in picture.body if "c0 -> " in line] == ["c0 -> n5"]
    assert picture.nodes_drawn == 7
    assert to_graphviz(x**3).nodes_drawn == 2
    assert to_graphviz([x**2, sd.Const(2)]).nodes_drawn == 3  # a result is drawn, whatever it is
    twice = to_graphviz(2 * x + 2 * y)
    assert sum("label=2 " in line for line in twice.body) == 2


def test_the_same_formula_gives_the_same_source_in_another_graph(f):
    with sd.Graph():
        x, y = sd.variables("x y")
        unrelated = sd.sin(x) + 7
        again = x**2 * y + y + 2
    assert to_graphviz(again).source == to_graphviz(f).source
    assert unrelated.variables == (x,)


def test_kinds_differ_in_shape_and_colour(f):
    picture = to_graphviz(f)
    drawn = nodes(picture)
    (constant,) = [line for line in picture.body if re.match(r"\s*c0 \[", line)]
    variable, operation, output = (drawn[k] for k in ("n0", "n3", "n5"))
    assert "shape=ellipse" in variable
    assert "shape=box" in constant
    assert "rounded" not in constant
    assert "rounded" in operation
    assert "peripheries=2" in output
    assert "peripheries" not in operation
    colours = [re.search(r'fillcolor="(#\w+)"', line).group(1) for line in (variable, constant, operation, output)]
    assert len(set(colours)) == 4


def test_shared_nodes_stand_out():
    x = sd.Var("x")
    part = sd.sin(x)
    drawn = nodes(to_graphviz(sd.exp(part) + part * 2))
    assert [k for k, line in drawn.items() if "penwidth" in line] == [
        k for k, line in drawn.items() if "label=sin" in line
    ]


def test_powers_are_superscripts_without_html(f):
    source = to_graphviz(f, at=AT, backward=True).source
    assert "²" in source
    assert "<SUP>" not in source.upper()
    assert "∇" not in source


def test_operand_order_shows_where_it_matters():
    x, y = sd.variables("x y")
    assert edges(to_graphviz(x - y)) == [("n0", "n2", "left"), ("n1", "n2", "right")]
    assert edges(to_graphviz(x + y)) == [("n0", "n2", ""), ("n1", "n2", "")]


def test_a_square_as_written_has_two_edges():
    with sd.Graph(simplify=False):
        x = sd.Var("x")
        picture = to_graphviz(x * x, at={x: 3}, backward=True)
        assert edges(to_graphviz(x * x)) == [("n0", "n1", "")] * 2
    assert edges(picture) == [("n0", "n1", "left"), ("n0", "n1", "right")]
    assert edges(picture, red=True) == [("n0", "n1", "left: 3"), ("n0", "n1", "right: 3")]


def test_values_stand_on_nodes(f):
    source = to_graphviz(f, at=AT).source
    for text in ("x\\n= 3", "= 9", "= 36", "= 40", "= 42"):
        assert text in source
    assert "adj" not in source
    assert "2\\n= 2" not in source  # a constant says it once


def test_adjoints_and_local_partials(f):
    picture = to_graphviz(f, at=AT, backward=True)
    drawn = nodes(picture)
    assert "adj 24.0" in drawn["n0"]
    assert "adj 10.0" in drawn["n1"]
    assert sorted(label for _, _, label in edges(picture, red=True)) == ["1", "1", "1", "4", "6", "9"]
    assert "red" in picture.source


def test_a_seed_scales_adjoints_not_partials(f):
    picture = to_graphviz(f, at=AT, backward=True, seed=10.0)
    assert "adj 240.0" in picture.source
    assert ("n0", "n2", "6") in edges(picture, red=True)


def test_without_a_point_the_variables_values_serve(f):
    x, y = f.variables
    assert "adj 2·x·y" in to_graphviz(f, backward=True).source
    x.value, y.value = 3.0, 4.0
    source = to_graphviz(f, backward=True).source
    assert "adj 24.0" in source
    assert x.grad is None
    assert "= 42" not in to_graphviz(f).source


def test_symbolic_adjoints_add_nothing_to_the_graph(f):
    size = len(f.graph)
    picture = to_graphviz(f, backward=True)
    assert len(f.graph) == size
    assert "adj x² + 1" in picture.source
    assert "2·x" in {label for _, _, label in edges(picture, red=True)}


def test_missing_values_are_named_and_what_depends_on_them_stays_without(f):
    source = to_graphviz(f, at={"x": 3}).source
    assert "no value given for y: no values for what depends on it" in source
    assert "= 9" in source
    assert "= 42" not in source
    assert "= 36" not in source


def test_missing_values_with_backward_leave_what_is_known(f):
    picture = to_graphviz(f, at={"x": 3}, backward=True)
    assert "adj" not in "".join(nodes(picture).values())
    assert sorted(label for _, _, label in edges(picture, red=True)) == ["", "", "", "", "", "6"]
    assert "no value given for y" in picture.source


def test_many_missing_values_are_counted():
    x = sd.variables("x", 20)
    assert "x[5] and 14 more" in to_graphviz(sum(x), at={}).source.replace("\\n", " ")


def test_a_condition_passes_no_adjoint():
    x, y = sd.variables("x y")
    picture = to_graphviz(sd.where(x > 0, x * y, sd.log(x)), at={x: 2.0, y: 5.0}, backward=True)
    way_back = edges(picture, red=True)
    assert ("n0", "n3", "5.0") in way_back
    taken = [label for _, to, label in way_back if "where" in nodes(picture)[to]]
    assert sorted(taken) == ["0.0", "1.0"]
    log = next(line for line in nodes(picture).values() if 'label="log' in line)
    assert "adj" not in log


@pytest.mark.parametrize("make", [list, tuple, lambda fs: np.array(fs, dtype=object)])
def test_several_outputs_are_numbered(f, make):
    source = to_graphviz(make([f, f.gradient("x"), f.gradient("y")]), at=AT).source
    for text in ("output 0\\n+\\n= 42", "output 1\\n×\\n= 24", "output 2\\n+\\n= 10"):
        assert text in source


def test_outputs_may_have_names(f):
    x, _ = f.variables
    source = to_graphviz({"f": f, "g": sd.sin(x), "again": f}).source
    assert "f, again\\n+" in source
    assert "g\\nsin" in source


def test_several_outputs_take_a_seed_each():
    x, y = sd.variables("x y")
    source = to_graphviz([x * y, x + y], at=AT, backward=True, seed=[1.0, 10.0]).source
    assert "adj 14.0" in source
    assert "adj 13.0" in source
    with pytest.raises(SymdiffValueError, match="3 seeds for 2"):
        to_graphviz([x, y], at=AT, backward=True, seed=(1.0, 2.0, 3.0))


def test_arrays_of_points():
    x, y = sd.variables("x y")
    f = x * y + sd.sin(x - 2 * y)
    at = {x: np.linspace(0, 1, 51), y: np.linspace(1, 2, 51)}
    source = to_graphviz(f, at=at, backward=True, seed=np.ones(51)).source
    assert "= [0.0 … 1.0] 51" in source
    assert max(len(line) for label in re.findall(r'label="([^"]*)"', source) for line in label.split("\\n")) < 90


def test_dual_numbers_flow_through(f):
    assert "42.0 + 24.0ε" in to_graphviz(f, at={"x": sd.DualNumber(3.0, 1.0), "y": 4.0}).source


def test_layout_and_title(f):
    assert "rankdir=TB" in to_graphviz(f, rankdir="TB").source
    assert 'label="f & g"' not in to_graphviz(f, title="f & g").source
    assert "f &amp; g" in to_graphviz(f, title="f & g").source
    with pytest.raises(SymdiffValueError, match="rankdir"):
        to_graphviz(f, rankdir="up")


def test_a_title_is_taken_as_it_is(f):
    source = to_graphviz(f, title='<b>\\N "a"\x00</b>').source
    assert b"<b>" not in binary.run(source, "svg")
    assert b"&lt;b&gt;\\N" in binary.run(source, "svg")


def test_long_names_are_cut_and_kept_in_the_tooltip():
    x = sd.Var("x" * 200)
    drawn = nodes(to_graphviz(sd.sin(x)))["n0"]
    assert "…" in re.search("label=(\\S+)", drawn).group(1)
    assert "x" * 200 in drawn


def test_large_graphs_are_refused_whole_unless_forced():
    y = sd.Var("x")
    for _ in range(LARGEST):
        y = sd.sin(y)
    with pytest.raises(RenderError, match=r"3,001 nodes.*force=True"):
        to_graphviz(y, fold=False)
    assert "splines=line" in to_graphviz(y, force=True).source


def test_leaves_alone_are_drawn():
    assert "x\\nadj 1" in to_graphviz(sd.Var("x"), backward=True).source
    assert "label=2" in to_graphviz(sd.Const(2), at={}, backward=True).source
    assert 'label="π"' in to_graphviz(sd.pi).source


def test_what_can_not_be_drawn_is_refused(f):
    with pytest.raises(SymdiffValueError, match="no expression"):
        to_graphviz([])
    with pytest.raises(SymdiffTypeError, match="text"):
        to_graphviz("text")
    with pytest.raises(SymdiffTypeError, match="point"):
        to_graphviz(f, at=3)
    with pytest.raises(SymdiffTypeError, match="value of x"):
        to_graphviz(f, at={"x": "three", "y": 1})
    with pytest.raises(SymdiffTypeError, match=r"seed|constant"):
        to_graphviz(f, backward=True, seed="one")


def test_notebooks_get_svg_and_png(f):
    picture = to_graphviz(f)
    bundle = picture._repr_mimebundle_()
    assert "max-width: 100%" in bundle["image/svg+xml"]  # no wider than the cell
    assert 'fill="white"' not in bundle["image/svg+xml"]  # on the notebook's own ground, light or dark
    assert bundle["image/png"].startswith(b"\x89PNG")  # for notebooks that are not trusted
    assert bundle["text/plain"] == "<picture of 7 nodes>"
    assert list(picture._repr_mimebundle_(include=["text/plain"])) == ["text/plain"]
    assert list(picture._repr_mimebundle_(exclude=["text/plain"])) == ["image/svg+xml", "image/png"]
    assert "<svg" in picture._repr_image_svg_xml()


def test_notebooks_get_text_where_no_program_is(f, monkeypatch):
    monkeypatch.setenv("SYMDIFF_DOT", "/no/such/program")
    bundle = to_graphviz(f)._repr_mimebundle_()
    assert list(bundle) == ["text/plain"]
    assert "SYMDIFF_DOT" in bundle["text/plain"]
    assert "digraph" in bundle["text/plain"]
    assert "SYMDIFF_DOT" in to_graphviz(f)._repr_image_svg_xml()


def deep(levels):
    """A chain in which two variables are used again and again: edges across all of it."""
    x, y = sd.variables("x y")
    f = x
    for _ in range(levels):
        f = sd.sin(f * x) + y * x
    return f


def test_labels_stand_beside_long_edges_which_dot_could_not_lay_out_in_time():
    short, long, longer, longest = [
        sd.to_graphviz(deep(n), at={"x": 0.3, "y": 0.4}, backward=True) for n in (4, 12, 24, 60)
    ]
    assert "xlabel=" not in short.source
    assert "[label=" in next(line for line in short.body if "dir=back" in line)
    back = [line for line in long.body if "dir=back" in line]
    assert back
    assert all("xlabel=" in line and not re.search(r"[ \[]label=", line) for line in back)
    assert "nslimit" not in long.source
    assert "nslimit" in longer.source
    assert "splines=line" in longest.source
    assert b"</svg>" in binary.run(longer.source, "svg")


def test_labels_beside_edges_are_drawn_without_graphviz_too():
    pytest.importorskip("matplotlib")
    from symdiff.draw import fallback

    edges = fallback._read(sd.to_graphviz(deep(12), at={"x": 0.3, "y": 0.4}, backward=True))[1]
    assert any(label == "0.3" for _, _, label, red in edges if red)
