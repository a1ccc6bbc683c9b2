"""Clusters, partials, directions, named leaves: what a picture can be asked for."""

import re

import pytest

import symdiff as sd
from symdiff.draw.graphviz import to_graphviz
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from tests.draw.test_graphviz import edges

AT = {"x": 3, "y": 4}


@pytest.fixture
def f(xy):
    x, y = xy
    return x**2 * y + y + 2


def in_cluster(picture, label):
    """The ids of the nodes in the frame of that label."""
    body = "".join(picture.body)
    found = re.search(rf'subgraph cluster_\d+ {{[^}}]*?label="?{label}"?[ \]](.*?)\n\t}}', body, re.DOTALL)
    return set(re.findall(r"\b(n\d+) \[", found.group(1))) if found else None


def test_clusters_by_output(f, xy):
    x, _ = xy
    picture = to_graphviz({"f": f, "g": sd.sin(x * 5)}, clusters="outputs")
    own, other = in_cluster(picture, "f"), in_cluster(picture, "g")
    assert own
    assert other
    assert own.isdisjoint(other)
    assert "n0" not in own | other  # x serves both
    assert "n1" in own
    assert in_cluster(to_graphviz([f, x * 2], clusters="outputs"), "output 0")


def test_clusters_by_label(f, xy):
    x, y = xy
    hidden = [sd.tanh(x + k * y) for k in (2, 3)]
    loss = (sum(hidden) - 1) ** 2
    picture = to_graphviz(loss, clusters={"hidden": hidden, "loss": loss})
    assert len(in_cluster(picture, "hidden")) > 5
    assert len(in_cluster(picture, "loss")) > 2
    assert in_cluster(picture, "hidden").isdisjoint(in_cluster(picture, "loss"))
    assert b"<svg" in picture.pipe("svg")


def test_an_output_inside_the_cone_of_another_keeps_its_frame():
    z = sd.variables("z", 3)
    p = sd.softmax(z)
    loss = -sd.log(2 * p[1])
    picture = to_graphviz({"p": list(p), "loss": loss}, clusters={"softmax": list(p), "loss": loss})
    assert len(in_cluster(picture, "softmax")) == 11  # 3 variables, 2 logaddexp, 3 differences, 3 exp
    assert len(in_cluster(picture, "loss")) == 3
    frame = re.search(r"subgraph cluster_1 {(.*?)\n\t}", "".join(picture.body), re.DOTALL).group(1)
    assert "c0 [label=2" in frame  # a constant stands in the frame of what uses it


def test_labels_of_clusters_are_taken_as_they_are(f):
    source = to_graphviz(f, clusters={'<b>"&' * 20: f}).source
    assert b"<b>" not in to_graphviz(f, clusters={'<b>"&' * 20: f}).pipe("svg")
    assert "…" in source


@pytest.mark.parametrize(("clusters", "error"), [("rows", SymdiffValueError), ([1], SymdiffTypeError)])
def test_other_clusters_are_refused(f, clusters, error):
    with pytest.raises(error, match="clusters"):
        to_graphviz(f, clusters=clusters)


def test_symbolic_partials_beside_values(f):
    picture = to_graphviz(f, at=AT, backward=True, partials="symbolic")
    assert "adj 24.0" in picture.source
    assert {label for _, _, label in edges(picture, red=True)} >= {"2·x", "y", "x²"}


def test_numeric_partials_without_values_name_what_is_missing(f):
    picture = to_graphviz(f, backward=True, partials="numeric")
    assert "no value given for x, y" in picture.source
    assert picture.missing == ("x", "y")


def test_partials_of_another_kind(f):
    with pytest.raises(SymdiffValueError, match="partials"):
        to_graphviz(f, partials="both")


def test_directions(f):
    for direction in ("LR", "TB", "RL", "BT"):
        assert f"rankdir={direction}" in to_graphviz(f, direction=direction).source
    with pytest.raises(SymdiffValueError, match="direction"):
        to_graphviz(f, direction="across")


def test_shared_parts_as_named_leaves(xy):
    x, y = xy
    s = sd.sin(x * y)
    picture = to_graphviz(sd.exp(s + x) * s + sd.log(s + x), name_shared=True)
    assert picture.source.count("label=z1") == 2  # a leaf for each of its uses, in the part z2 too
    assert 'label="z1\\nsin"' in picture.source
    assert 'label="z2\\n+"' in picture.source
    z = sd.Var("z")
    assert "zz1" in to_graphviz(sd.sin(z) * sd.exp(sd.sin(z)), name_shared=True).source


def test_a_mapping_may_hold_arrays(f):
    source = to_graphviz({"f": f, "gradient": f.gradient(["x", "y"])}).source
    assert "gradient 0" in source
    assert "gradient 1" in source


def test_the_picture_of_a_point_without_a_variable_says_so(f):
    picture = to_graphviz(f, at={"x": 3})
    assert picture.missing == ("y",)
    assert to_graphviz(f, at=AT).missing == ()
