"""Large graphs in few boxes: nothing is lost, nothing is drawn twice, and it stays linear."""

import random
import re
from itertools import pairwise

import networkx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import symdiff as sd
from symdiff.draw import fold
from symdiff.draw.dominators import TOP, Dominators
from symdiff.draw.graphviz import FOLDED, to_graphviz
from symdiff.draw.view import Box, View, operands
from symdiff.errors import RenderError, SymdiffTypeError, SymdiffValueError
from symdiff.graph import CONST


def rosenbrock(n):
    x = sd.variables("x", n)
    return sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


@st.composite
def random_graphs(draw):
    """Expressions over a pool of earlier ones, and which of them are results."""
    with sd.Graph():
        pool = [*sd.variables("x", 3), sd.Const(2)]
        for _ in range(draw(st.integers(1, 40))):
            a, b = (pool[draw(st.integers(0, len(pool) - 1))] for _ in range(2))
            pool.append(draw(st.sampled_from([lambda a, b: a + b, lambda a, b: a * b, lambda a, b: sd.sin(a)]))(a, b))
        return [pool[-1], *draw(st.lists(st.sampled_from(pool), max_size=3))]


def parts(exprs):
    graph = exprs[0].graph
    roots = [e._index for e in exprs]
    return graph, roots, graph.cone(roots)


@given(random_graphs())
def test_dominators_are_those_of_networkx(exprs):
    graph, roots, cone = parts(exprs)
    tree = Dominators(graph, cone, roots)
    flow = networkx.DiGraph([(TOP, i) for i in roots] + [(i, j) for i in cone for j in operands(graph, i)])
    expected = dict(networkx.immediate_dominators(flow, TOP))
    assert {i: tree.parent[i] for i in cone} == {i: expected[i] for i in cone}
    for i in cone:
        assert len(tree.below(i)) == tree.size(i)


@given(random_graphs(), st.integers(2, 30))
def test_every_operation_and_variable_has_one_place(exprs, boxes):
    graph, roots, cone = parts(exprs)
    view = fold.folded(graph, roots, cone, boxes)
    held = [*view.nodes, *[i for box in view.boxes for i in box.members]]
    assert len(held) == len(set(held))
    missing = set(cone) - set(held)
    assert {graph.nodes[i][0] for i in missing} <= {CONST}
    assert view.size <= 2 * boxes + 2


def arrows(view):
    """The graph of what is drawn: nodes and boxes."""
    place = {**{i: ("n", i) for i in view.nodes}, **{i: ("b", k) for i, k in view.box_of.items()}}
    pairs = [(j, i) for i in view.cone for j in operands(view.graph, i) if i in place and j in place]
    return networkx.DiGraph([(place[a], place[b]) for a, b in pairs if place[a] != place[b]])


@given(random_graphs(), st.integers(2, 30))
def test_no_way_leads_out_of_a_box_and_back(exprs, boxes):
    assert networkx.is_directed_acyclic_graph(arrows(fold.folded(*parts(exprs), boxes)))


def tangle(n, seed=0):
    """A graph without structure, in which everything is used by anything."""
    choice = random.Random(seed)
    with sd.Graph():
        pool = list(sd.variables("x", 20))
        while len(pool) < n:
            a, b = choice.sample(pool[-80:], 2)
            pool.append(choice.choice([lambda a, b: a + b, lambda a, b: a * b, lambda a, b: sd.sin(a)])(a, b))
        return sum(pool[-80:])


@pytest.mark.parametrize("n", [303, 2000])
def test_arrows_in_a_tangle_go_one_way(n):
    f = tangle(n)
    view = fold.folded(*parts([f]))
    assert networkx.is_directed_acyclic_graph(arrows(view))
    assert view.size < 70


def test_a_picture_that_folding_makes_no_simpler_is_whole(monkeypatch):
    f = rosenbrock(60)
    graph, roots, cone = parts([f])
    assert fold.is_simpler(fold.folded(graph, roots, cone))
    assert not fold.is_simpler(View(graph, cone, cone))
    assert to_graphviz(f).nodes_drawn < 20
    monkeypatch.setattr(fold, "folded", lambda graph, roots, cone: View(graph, cone, cone[1:], [Box([cone[0]], ["x"])]))
    assert to_graphviz(f).nodes_drawn == drawn_whole(f) > FOLDED


def test_rows_of_a_small_network_are_folded_alike():
    x, b = sd.variables("x", 4), sd.variables("b", (2, 4))
    w = sd.variables("w", (2, 4, 4))
    for k in range(2):
        x = np.tanh(w[k] @ x + b[k])
    picture = to_graphviz((x**2).sum(), fold=True)
    assert sum("label=tanh" in line for line in picture.body) in (0, 4)
    assert len({len(lines) for lines in map(re.compile("… [0-9]+ operation").findall, picture.body) if lines}) == 1
    inner = [line for line in picture.body if "w₁" not in line and re.search(r"w[^ ]*\[1, \d, 0\]", line)]
    assert len(inner) in (0, 4)
    assert len({re.search("… .* operations?", line)[0] for line in inner}) <= 1


@given(random_graphs(), st.integers(0, 5))
def test_folding_by_depth_keeps_what_is_near_and_boxes_have_no_cycle(exprs, depth):
    graph, roots, cone = parts(exprs)
    view = fold.by_depth(graph, roots, cone, depth)
    assert set(roots) <= {*view.nodes, *view.box_of}
    held = [*view.nodes, *[i for box in view.boxes for i in box.members]]
    assert len(held) == len(set(held))
    place = {**{i: ("n", i) for i in view.nodes}, **{i: ("b", k) for i, k in view.box_of.items()}}
    edges = [(place[j], place[i]) for i in cone for j in operands(graph, i) if i in place and j in place]
    assert networkx.is_directed_acyclic_graph(networkx.DiGraph([(a, b) for a, b in edges if a != b]))


def constant_uses(f):
    """The constants that operations use, but exponents, which the label of a power has."""
    uses = [(e, k, a) for e in f.nodes() for k, a in enumerate(e.args)]
    return [a for e, k, a in uses if isinstance(a, sd.Const) and not (isinstance(e, sd.Pow) and k == 1)]


def drawn_whole(f):
    """How many nodes a picture of all of an expression has: its own, and a constant for each use."""
    return sum(not isinstance(e, sd.Const) for e in f.nodes()) + len(constant_uses(f))


def test_small_graphs_stay_whole_and_larger_ones_are_folded():
    assert to_graphviz(rosenbrock(20)).nodes_drawn == drawn_whole(rosenbrock(20)) < FOLDED
    picture = to_graphviz(rosenbrock(100))
    assert picture.nodes_drawn < 20
    assert "… " in picture.source
    assert to_graphviz(rosenbrock(100), fold=False).nodes_drawn > FOLDED
    assert to_graphviz(rosenbrock(20), fold=True).nodes_drawn < 20


def test_repeated_structure_is_told_once_with_its_count():
    source = to_graphviz(rosenbrock(1241), fold=True).source
    assert "1,240 × alike\\n100·(x[1] - x[0]²)²" in source
    assert "sum of 2,480" in source
    assert "1,240 variables" in source


def test_what_goes_round_again_and_again_is_told_once():
    x, y = sd.variables("x y")
    z = x
    for _ in range(400):
        z = sd.sin(z) * y + 1
    picture = to_graphviz(z)
    assert picture.nodes_drawn < 15
    assert "398 times the same\\n… 1,194 operations" in picture.source


def test_long_chains_are_one_box():
    x = sd.Var("x")
    for _ in range(500):
        x = sd.sin(x)
    assert "sin\\n500 in a row" in to_graphviz(x).source


def test_a_folded_picture_of_a_huge_graph_is_small_and_has_values():
    x = sd.variables("x", 5000)
    f = sd.exp(-sum(x[1:] * x[:-1]) / 5000)
    at = dict.fromkeys(x, 1.0)
    picture = to_graphviz(f, fold=True, at=at, backward=True)
    assert picture.nodes_drawn < 20
    assert "= 0.36795" in picture.source
    assert "adj " in picture.source


def test_splines_are_straight_above_1500_nodes():
    assert "splines" not in to_graphviz(rosenbrock(100), fold=False).source
    assert "splines=line" in to_graphviz(rosenbrock(250), fold=False).source


def test_in_a_large_picture_constants_tie_nothing_together():
    f = rosenbrock(60)
    picture = to_graphviz(f, fold=False)
    copies = [line for line in picture.body if re.match(r"\s*c\d+ -> ", line)]
    assert len(copies) == len(constant_uses(f))
    assert sum("label=100" in line for line in picture.body) == 59


def test_what_is_refused_can_be_folded_or_cut():
    f = rosenbrock(500)
    with pytest.raises(RenderError, match=r"fold=True.*depth=3.*around=node.*force=True"):
        to_graphviz(f, fold=False)
    assert to_graphviz(f).nodes_drawn == to_graphviz(f, fold=True).nodes_drawn
    assert to_graphviz(f, fold=True).nodes_drawn < 20
    assert to_graphviz(f, depth=3).nodes_drawn < 60
    assert to_graphviz(f, around=f.variables[100], radius=2).nodes_drawn < 60
    assert to_graphviz(f, force=True).nodes_drawn == drawn_whole(f)


def test_around_a_node():
    x = sd.variables("x", 100)
    f = sum(sd.sin(a * b) for a, b in pairwise(x))
    picture = to_graphviz(f, around=x[50], radius=1)
    assert picture.nodes_drawn == 3
    assert len(re.findall('label="…"', picture.source)) == 4
    wider = to_graphviz(f, around=[x[50], x[70]], radius=2)
    assert wider.nodes_drawn == 14
    assert to_graphviz(f, around=f, radius=0).nodes_drawn == 1
    for wrong, error in ((sd.Var("other"), SymdiffValueError), ([], SymdiffValueError), ("x50", SymdiffTypeError)):
        with pytest.raises(error):
            to_graphviz(f, around=wrong)


def test_around_what_everything_uses_stays_small():
    x = sd.Var("x")
    f = sum(sd.sin(x * k) for k in range(2, 2000))
    assert to_graphviz(f, around=x, radius=2).nodes_drawn < 100


def test_nothing_is_added_to_the_graph():
    f = rosenbrock(200)
    size = len(f.graph)
    with sd.Graph():
        other = rosenbrock(200).variables[3]
    to_graphviz(f, around=other)
    to_graphviz(f, clusters={"part": sd.parse("sin(x[1])*x[3]")})
    to_graphviz(f, backward=True, partials="symbolic")
    assert len(f.graph) == size


@pytest.mark.parametrize("option", [{"fold": "some"}, {"depth": -1}, {"depth": 1.5}, {"around": 1, "radius": True}])
def test_options_without_meaning(option):
    with pytest.raises(SymdiffValueError):
        to_graphviz(sd.Var("x") + 1, **option)


def test_many_outputs_of_one_structure():
    x = sd.variables("x", 2000)
    source = to_graphviz(list(sd.sin(x) * 2), fold=True).source
    assert "2,000 × alike" in source
    assert "output 0 … output 1999" in source


def test_many_outputs_of_many_structures_find_room():
    x = sd.Var("x")
    outputs = [x]
    for k in range(400):
        outputs.append(sd.sin(outputs[-1]) if k % 3 else outputs[-1] ** 2 + k)
    picture = to_graphviz(outputs)
    assert picture.nodes_drawn <= 2 * fold.BOXES + 2
    assert "levels 1 to " in picture.source
