"""What stands where in a picture, and what it is called: lines of variables and results, steps, Greek letters."""

import re
import shutil

import numpy as np
import pytest

import symdiff as sd
from symdiff.draw.graphviz import to_graphviz
from symdiff.draw.letters import drawn_name
from symdiff.errors import MissingValueError, SymdiffValueError

AT = {"x": 3, "y": 4}


@pytest.fixture
def f():
    x, y = sd.variables("x y")
    return x**2 * y + y + 2


def labels(picture):
    """What stands on each node."""
    found = {}
    for line in picture.body:
        match = re.match(r"\s*(\w+) \[label=(\"[^\"]*\"|[^ \]]*)", line)
        if match and match[1] not in ("graph", "node", "edge"):
            found[match[1]] = match[2].strip('"').split("\\n")
    return found


def lines_of_nodes(picture):
    """The nodes that stand in one line, for each line."""
    return [re.findall(r"n\d+", line) for line in picture.body if "rank=same" in line]


def red_labels(picture):
    red = [line for line in picture.body if "dir=back" in line]
    return [re.search(r'label=(?:" *([^"]*?) *"|([^ \]]*))', line)[1] for line in red]


# -- names --------------------------------------------------------------------------------------


def test_labels_have_greek_letters_and_subscripts():
    alpha, theta, w, rate = sd.variables("alpha theta_1 W10 learning_rate")
    found = labels(to_graphviz(sd.sin(alpha * theta) + w**rate, backward=True))
    names = {lines[0].partition(" = ")[2] or lines[0] for lines in found.values()}
    assert {"α", "θ₁", "W₁₀", "learning_rate"} <= names


def test_two_variables_never_look_the_same():
    with sd.Graph():
        x, other = sd.variables("x1 x_1")
        assert {lines[0] for lines in labels(to_graphviz(x * other)).values()} == {"x1", "x_1", "×"}
    with sd.Graph():
        alpha = sd.Var("alpha") * sd.Var("α")
        assert {lines[0] for lines in labels(to_graphviz(alpha)).values()} == {"alpha", "α", "×"}


@pytest.mark.parametrize("name", ["x", "xy", "x_", "_x", "x_1_2", "x1y", "lambda_rate", "Var[0]", "a b", "x-1", "γ1x"])
def test_other_names_stay_as_they_are(name):
    assert drawn_name(name) == name


def test_functions_keep_their_names_in_formulas():
    x, gamma = sd.variables("x gamma")
    picture = to_graphviz(sd.gamma(x) * gamma, backward=True)
    assert "gamma(x)" in " ".join(red_labels(picture))
    assert "γ" in red_labels(picture)


# -- symbolic adjoints -----------------------------------------------------------------------------


def test_adjoints_that_would_not_fit_are_formulas_of_named_steps():
    x, y = sd.variables("x y")
    f = sd.log(sd.exp(sd.sin(x * y)) + sd.exp(sd.cos(x + y)) + sd.tanh(x * y * y))
    picture = to_graphviz(f, backward=True)
    found = labels(picture)
    assert "…" not in "".join(line for lines in found.values() for line in lines)
    heads = [lines[0] for lines in found.values()]
    assert {"v₁ = x", "v₂ = y"} <= set(heads)
    assert all(re.match(r"v[₀-₉]+ = ", head) for head in heads)
    assert all(re.match(r"v̄[₀-₉]+ = ", lines[1]) for lines in found.values())
    assert "v̄₁, v̄₂, …: adjoint" in picture.source


def test_named_steps_of_a_picture_are_those_of_the_trace():
    x, y = sd.variables("x y")
    f = sd.log(sd.exp(sd.sin(x * y)) + sd.exp(sd.cos(x + y)) + 2)
    shown = "\n".join(line for lines in labels(to_graphviz(f, backward=True)).values() for line in lines[1:])
    for step in str(f.trace()).splitlines()[1:]:
        rule = re.search(r"v̄[₀-₉]+ = .*$", step)[0]
        assert rule in shown


def test_short_adjoints_are_formulas_of_the_variables(f):
    assert ["x", "adj 2·x·y"] in labels(to_graphviz(f, backward=True)).values()


# -- what red edges carry, tangents ----------------------------------------------------------------------


def test_contributions_add_up_to_the_adjoint(f):
    picture = to_graphviz(f, at=AT, backward=True, contributions=True)
    assert sorted(red_labels(picture)) == ["1.0", "1.0", "1.0", "24.0", "4.0", "9.0"]
    assert "adjoint times local partial" in picture.source
    assert "partials" not in to_graphviz(f, at=AT, backward=True).source.replace("local partial derivatives", "")


def test_contributions_as_formulas(f):
    assert set(red_labels(to_graphviz(f, backward=True, contributions=True))) == {"1", "y", "x²", "2·x·y"}


def test_a_branch_that_is_not_taken_contributes_nothing():
    x = sd.Var("x")
    f = sd.where(x > 0, sd.sqrt(x), -x)
    picture = to_graphviz(f, at={x: 0.0}, backward=True, contributions=True)
    assert "nan" not in " ".join(red_labels(picture))
    assert ["x", "= 0.0", "adj -1.0"] in labels(picture).values()


def test_contributions_of_a_batch():
    x = sd.Var("x")
    picture = to_graphviz(x * x + x, at={x: np.array([1.0, 2.0])}, backward=True, contributions=True)
    assert "[2.0, 4.0]" in red_labels(picture)


def test_tangents_are_a_second_label(f):
    x, y = f.variables
    found = labels(to_graphviz(f, at=AT, tangents=x))
    assert found["n0"] == ["x", "= 3", "tangent 1"]
    assert any(lines[-1] == "tangent 24" for lines in found.values())
    both = to_graphviz(f, at=AT, tangents={x: 1, y: 2}, backward=True)
    assert any(lines[-2:] == ["tangent 44", "adj 1.0"] for lines in labels(both).values())
    assert "along the direction given" in both.source


def test_tangents_need_a_point_and_a_variable_that_there_is(f):
    with pytest.raises(MissingValueError, match="x, y"):
        to_graphviz(f, tangents="x")
    with pytest.raises(SymdiffValueError, match="z"):
        to_graphviz(f, at=AT, tangents="z")


# -- lines -------------------------------------------------------------------------------------------------


def test_results_stand_in_one_line_in_their_order():
    v = sd.variables("v", 5)
    picture = to_graphviz([v[i] * v[(i + 1) % 5] for i in range(5)])
    results = lines_of_nodes(picture)[-1]
    assert [labels(picture)[name][0] for name in results] == [f"output {k}" for k in range(5)]
    assert sum("style=invis" in line for line in picture.body) == 4


def test_results_within_others_have_no_line(f):
    assert not any("invis" in line for line in to_graphviz([f, f * 2]).body)


def test_variables_stand_in_one_line_where_that_makes_edges_little_longer(f):
    assert lines_of_nodes(to_graphviz(f)) == [["n0", "n1"]]
    h, u = sd.Var("h"), sd.variables("u", 8)
    for step in u:
        h = sd.tanh(h * 2 + step)
    assert lines_of_nodes(to_graphviz(h)) == []


@pytest.mark.skipif(shutil.which("dot") is None, reason="no Graphviz program")
def test_a_grey_edge_and_its_red_one_are_two_lines(tmp_path):
    """Downwards Graphviz drew both through the same points where one alone has a label."""
    x, w = sd.variables("x", 3), sd.variables("w", (2, 3))
    point = {"x": np.ones(3), "w": np.ones((2, 3))}
    svg = to_graphviz(sd.exp((w @ x)[0] - (w @ x)[1]), at=point, backward=True, direction="TB").svg()
    paths = re.findall(r'<path fill="none" stroke="([^"]*)"[^>]* d="M([^"]*)"', svg)
    grey, red = ([_points(d) for colour, d in paths if colour == stroke] for stroke in ("#6e6e6e", "#cd0000"))
    assert len(grey) == len(red) > 10
    for one in grey:
        for other in red:
            assert max(min(abs(a - c) + abs(b - d) for c, d in other) for a, b in one) > 12


def _points(path):
    """Points along a path of cubic curves."""
    corners = [complex(*map(float, p.split(","))) for p in re.split(r"[C ]", path)]
    found = []
    for k in range(0, len(corners) - 1, 3):
        a, b, c, d = corners[k : k + 4]
        for t in (0.0, 0.25, 0.5, 0.75, 1.0):
            z = a * (1 - t) ** 3 + 3 * b * t * (1 - t) ** 2 + 3 * c * t**2 * (1 - t) + d * t**3
            found.append((z.real, z.imag))
    return found


@pytest.mark.parametrize(("direction", "place", "other"), [("TB", "b", "t"), ("BT", "t", "b")])
def test_titles_of_frames_stand_where_no_edge_crosses(f, direction, place, other):
    picture = to_graphviz(sd.exp(f), direction=direction, clusters={"part": f})
    assert f"labelloc={other}" in picture.source.partition("cluster")[2]  # what is in the frame goes on to exp
    picture = to_graphviz({"a": f * 2, "b": f * 3}, direction=direction, clusters="outputs")
    assert f"labelloc={place}" in picture.source.partition("cluster")[2]
