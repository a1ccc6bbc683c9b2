"""Pictures of graphs with arrays: a node for each formula, shapes on edges, what goes back along them."""

# ruff: noqa: N806 - matrices have capitals, as in mathematics

import os
import pathlib
import random
import re
import shutil

import numpy as np
import pytest
from array_programs import OF_ARRAYS, Program, array_variables, sample

import symdiff as sd
from symdiff.array_functions import einsum, log_softmax, norm, softmax, trace
from symdiff.draw.array_passes import contributions
from symdiff.draw.diagram import Diagram
from symdiff.draw.drawn_form import drawn_form
from symdiff.draw.passes import passes
from symdiff.draw.render import render
from symdiff.errors import RenderError, SymdiffValueError
from symdiff.handle import gather
from symdiff.linalg import inv, logdet, solve
from tests.draw.test_render import PURE, bare  # noqa: F401  # a machine without any


@pytest.fixture
def least_squares():
    X, w, y = sd.Var("X", shape=(100, 2)), sd.Var("w", shape=2), sd.Var("y", shape=100)
    return ((X @ w - y) ** 2).sum()


@pytest.fixture
def classifier():
    """The nodes x, W, b → z → p → L."""
    W, x, b, t = (sd.Var(name, shape=shape) for name, shape in (("W", (3, 4)), ("x", 4), ("b", 3), ("t", 3)))
    z = W @ x + b
    p = softmax(z)
    return z, p, -(t * sd.log(p)).sum()


def diagram(*exprs):
    graph, roots = gather(exprs)
    found = drawn_form(graph, roots)
    return found, found.cone(roots)


def titles(*exprs):
    found, cone = diagram(*exprs)
    return [found.titles[i] for i in cone]


def edges(picture, red=False):
    """{(title from, title to): label}"""
    names, found = {}, {}
    for line in picture.body:
        node = re.match(r'\s*(n\d+) \[label="?((?:[^"\\]|\\.)*?)"? color', line)
        edge = re.match(r"\s*(n\d+) -> (n\d+)(.*)", line)
        if node:
            names[node[1]] = node[2]
        if edge and ("dir=back" in line) == red:
            label = re.search(r'label="? *([^"\]]*?) *["\]]', edge[3])
            found[names[edge[1]], names[edge[2]]] = label[1] if label else ""
    return found


# -- what is drawn -------------------------------------------------------------------


def test_least_squares_is_five_nodes(least_squares):
    assert titles(least_squares) == ["X", "w", "y", "X @ w − y", "Σ (·)²"]


def test_a_classifier_reads_as_a_chain(classifier):
    z, p, loss = classifier
    found, cone = diagram(z, p, loss)
    names = {i: found.titles[i] for i in cone}
    steps = [[names[j] for j in found.nodes[i][1:]] + [names[i]] for i in cone if names[i] not in "Wxbt"]
    assert steps == [
        ["W", "x", "b", "W @ x + b"],
        ["W @ x + b", "softmax"],
        ["softmax", "log"],
        ["t", "log", "−t @ (·)"],
    ]


def test_softmax_is_one_node_along_an_axis_too():
    X, V, c = sd.Var("X", shape=("n", 3)), sd.Var("V", shape=(3, 5)), sd.Var("c", shape=5)
    assert titles(softmax(X @ V + c, axis=1)) == ["X", "V", "c", "X @ V + c", "softmax axis 1"]
    assert titles(log_softmax(X, axis=0)) == ["X", "log softmax axis 0"]


def test_parameters_are_never_drawn(classifier):
    _, _, loss = classifier
    for picture in (loss.to_graphviz(), loss.gradient("W").to_graphviz(), loss.graph._repr_svg_()):
        assert "->a" not in str(picture).replace("n0 -> ", "")
        assert "axes" not in str(picture)
    assert "->" not in str(loss.tree())


A, B = sd.Var("A", shape=(4, 4)), sd.Var("B", shape=(4, 4))
v, u, s = sd.Var("v", shape=4), sd.Var("u", shape=4), sd.Var("s")
Q = sd.Var("Q", shape=(4, 4, 4))


@pytest.mark.parametrize(
    ("expr", "title"),
    [
        (A @ B, "A @ B"),
        (A.T @ v, "Aᵀ @ v"),
        (A @ A.T, "A @ Aᵀ"),
        (trace(A @ B), "tr(A @ B)"),
        (sd.exp(A).sum(), "Σ"),
        (A.sum(axis=0), "Σ₀"),
        (A * B, "A ⊙ B"),
        (np.outer(u, v), "outer(u, v)"),
        (np.diag(v), "diag"),
        (A @ np.diag(v) @ B, "A @ diag(v) @ B"),
        (einsum("abc,ab->c", Q, A), "einsum ab,abc→c"),
        (2 * A - B.T / 3, "2·A − Bᵀ/3"),
        (-sd.sin(v), "−(·)"),
        (3 * sd.exp(v), "3(·)"),
        (sd.exp(A) @ sd.sin(B), "(1) @ (2)"),
        (sd.exp(A) + sd.sin(B), "+"),
        (s * v, "s·v"),
        (A[1:, 0], "A[1:, 0]"),
        (A.max(axis=1), "max axis 1"),
        (norm(v), "‖v‖"),
        (inv(A), "A⁻¹"),
        (solve(A, v), "solve(A, v)"),
        (logdet(A), "log det"),
        (sd.where(A > 0, A, 0), "where((·), A, 0)"),
        (sd.maximum(A, 0), "maximum(A, 0)"),
        ((A**2).mean(), "mean A²"),
        (np.concatenate([u, v]), "concatenate(u, v)"),
        (sd.exp(-(v**2) / 2), "exp(−v²/2)"),
        (v @ A @ v, "v @ A @ v"),
        (A + 1, "A + 1"),
    ],
    ids=str,
)
def test_formulas_of_nodes(expr, title):
    found, cone = diagram(expr)
    assert found.titles[cone[-1]] == title


def test_what_is_shared_is_a_node_of_its_own():
    product = A @ v
    assert titles(product - u, sd.sin(product)) == ["A", "v", "u", "A @ v", "(·) − u", "sin"]
    assert "A @ v + u" in titles(product + u)


def test_formulas_that_get_too_long_are_drawn_in_parts():
    long = [sd.Var(f"variable{k}", shape=4) for k in range(4)]
    expr = sd.Var("matrix_one", shape=(4, 4)) @ long[0] + sd.Var("matrix_two", shape=(4, 4)) @ long[1] - long[2]
    found, cone = diagram(expr)
    assert found.titles[cone[-1]] == "(1) + (2) − variable2"
    assert len(cone) == 8


def test_names_that_are_long_are_holes():
    name = "the_weights_of_the_last_layer"
    assert titles(sd.Var(name, shape=(4, 4)) @ v)[-1] == "(·) @ v"


def test_sums_of_scalars_are_one_node():
    parts = [sd.sin(sd.Var(f"W{k}", shape=3)).sum() for k in range(8)]
    found, cone = diagram(sum(parts))
    assert found.titles[cone[-1]] == "+"
    assert len(found.nodes[cone[-1]]) == 9


def test_constants_that_are_arrays_are_boxes():
    data = np.linspace(0, 1, 12).reshape(3, 4)
    picture = (data @ v).to_graphviz()
    assert 'label="[0.0 … 1.0] 3×4" color="#9A9A9A"' in picture.source
    assert edges(picture)["[0.0 … 1.0] 3×4", "(·) @ v"] == "3×4"


def test_a_graph_of_scalars_is_drawn_as_itself(xy):
    x, y = xy
    f = x**2 * y + y + 2
    graph, roots = gather([f])
    assert drawn_form(graph, roots) is graph
    before = f.to_graphviz({"x": 3, "y": 4}, backward=True).source
    with f.graph:
        sd.Var("M", shape=(2, 2)).T @ sd.Var("c", shape=2)
    assert f.to_graphviz({"x": 3, "y": 4}, backward=True).source == before
    assert not isinstance(drawn_form(graph, roots), Diagram)


# -- what stands on nodes and edges -------------------------------------------------------


def test_shapes_are_on_edges(least_squares):
    assert edges(least_squares.to_graphviz()) == {
        ("X", "X @ w − y"): "100×2",
        ("w", "X @ w − y"): "2",
        ("y", "X @ w − y"): "100",
        ("X @ w − y", "Σ (·)²"): "100",
    }


def test_edges_say_which_operand_they_are():
    found = edges((sd.exp(A) @ sd.sin(B)).to_graphviz())
    assert found["exp", "(1) @ (2)"] == "(1) 4×4"
    assert found["sin", "(1) @ (2)"] == "(2) 4×4"
    spelled = edges(einsum("abc,ab->c", Q, A).to_graphviz())
    assert spelled["A", "einsum ab,abc→c"] == "ab 4×4"


def test_sizes_with_names():
    x = sd.Var("x", shape=("n", "d"))
    assert edges((x[1:] ** 2).sum().to_graphviz()) == {("x", "x[1:]"): "n×d", ("x[1:]", "Σ (·)²"): "(n − 1)×d"}


def test_back_edges_say_what_operands_get(least_squares):
    picture = least_squares.to_graphviz(backward=True)
    found = {
        tuple(name.partition("\\n")[0] for name in ends): label for ends, label in edges(picture, red=True).items()
    }
    assert found == {
        ("X", "X @ w − y"): "outer(R, w)",
        ("w", "X @ w − y"): "Xᵀ @ R",
        ("y", "X @ w − y"): "−R",
        ("X @ w − y", "Σ (·)²"): "2(·)",
    }
    assert "adj 2·Xᵀ @ (X @ w − y)" in picture.source
    assert "the adjoint R" in " ".join(picture.source.split("\\n"))


def test_of_elementwise_functions_operands_get_a_slope_entry_by_entry():
    X, W = sd.Var("X", shape=(2, 3)), sd.Var("W", shape=(3, 2))
    found = set(edges((sd.tanh(X @ W) ** 3).sum().to_graphviz(backward=True), red=True).values())
    assert {"R ⊙ (1 − tanh(·)²)", "R @ Wᵀ", "Xᵀ @ R"} <= found


def test_of_an_inverse_operands_get_it_transposed_on_both_sides():
    picture = trace(sd.exp(inv(A))).to_graphviz(backward=True)
    assert "−A⁻ᵀ @ R @ A⁻ᵀ" in edges(picture, red=True).values()


def test_the_adjoint_has_a_name_that_no_variable_has():
    R = sd.Var("R", shape=(2, 2))
    picture = (sd.sin(R) @ sd.Var("x", shape=2)).sum().to_graphviz(backward=True)
    assert "G ⊙ cos(R)" in edges(picture, red=True).values()


def test_values_are_small_arrays():
    M, x = sd.Var("M", shape=(2, 2)), sd.Var("x", shape=2)
    source = (M @ x).to_graphviz(at={"M": [[1, 2], [3, 4]], "x": [1, 1]}).source
    assert r"M\n= [1, 2]\n[3, 4]" in source or r"M\n= [1.0, 2.0]\n[3.0, 4.0]" in source
    assert re.search(r"M @ x\\n= \[3(\.0)?, 7(\.0)?\]", source)
    big = sd.Var("big", shape=(30, 30))
    assert re.search(
        r"= \[0(\.0)? … 899(\.0)?\] 30×30", big.T.to_graphviz(at={"big": np.arange(900.0).reshape(30, 30)}).source
    )


@pytest.mark.parametrize("partials", ["auto", "numeric"])
def test_values_adjoints_and_contributions_agree_with_numpy(partials):
    X, w, y = sd.Var("X", shape=(5, 2)), sd.Var("w", shape=2), sd.Var("y", shape=5)
    rng = np.random.default_rng(3)
    at = {"X": rng.normal(size=(5, 2)), "w": rng.normal(size=2), "y": rng.normal(size=5)}
    gap = at["X"] @ at["w"] - at["y"]
    found, cone = diagram(((X @ w - y) ** 2).sum())
    shown = passes(found, [cone[-1]], at, True, 1.0, partials)
    by_title = {found.titles[i]: i for i in cone}
    middle = by_title["X @ w − y"]
    np.testing.assert_allclose(shown.values[middle], gap)
    np.testing.assert_allclose(shown.adjoints[middle], 2 * gap)
    np.testing.assert_allclose(shown.adjoints[by_title["X"]], 2 * np.outer(gap, at["w"]))
    if partials == "numeric":
        position = found.nodes[middle][1:].index(by_title["w"])
        np.testing.assert_allclose(shown.partials[middle, position], 2 * at["X"].T @ gap)


def test_contributions_of_softmax_are_those_of_its_formula(classifier):
    z, _, loss = classifier
    found, _ = diagram(loss)
    _, roots = gather([loss])
    variables = [v._index for v in loss.variables]
    rng = np.random.default_rng(5)
    at = {v.name: rng.uniform(0.5, 1.5, size=v.shape) for v in loss.variables}
    ways = contributions(found, roots, variables, [1.0])
    (edge,) = [e for e in ways if found.titles[e[0]] == "softmax"]
    values = {z._index: z.evaluate(at)}
    adjoint = rng.normal(size=3)
    share = np.exp(values[z._index]) / np.exp(values[z._index]).sum()
    expected = share * (adjoint - share @ adjoint)
    np.testing.assert_allclose(ways[edge].value(values, adjoint, {}), expected)


def _losses_of_softmax():
    W, x, b, t = (sd.Var(name, shape=shape) for name, shape in (("W", (3, 4)), ("x", 4), ("b", 3), ("t", 3)))
    X, V, T = sd.Var("X", shape=(5, 4)), sd.Var("V", shape=(4, 3)), sd.Var("T", shape=(5, 3))
    z = W @ x + b
    return {
        "softmax": -(t * sd.log(softmax(z))).sum(),
        "log softmax": -t @ log_softmax(z),
        "rows": -(T * log_softmax(X @ V + b, axis=1)).mean(),
        "one within another": t @ log_softmax(log_softmax(z) + t),
        "twice the same": t @ log_softmax(log_softmax(z)),
        "used elsewhere": t @ log_softmax(z) + z @ z,
    }


@pytest.mark.parametrize(
    "name", ["softmax", "log softmax", "rows", "one within another", "twice the same", "used elsewhere"]
)
def test_the_adjoint_of_what_a_softmax_is_of_is_whole(name):
    loss = _losses_of_softmax()[name]
    rng = np.random.default_rng(7)
    at = {v.name: rng.normal(size=v.shape) for v in loss.variables}
    found, cone = diagram(loss)
    shown = passes(found, [cone[-1]], at, True, 1.0, "numeric")
    sums = {cone[-1]: 1.0}
    for (user, position), part in shown.partials.items():
        j = found.nodes[user][1 + position]
        sums[j] = sums.get(j, 0) + part
    assert set(shown.adjoints) == set(sums)
    for i, total in sums.items():
        np.testing.assert_allclose(shown.adjoints[i], total, rtol=1e-9, atol=1e-12, err_msg=found.titles[i])


def test_adjoints_that_are_long_tell_of_the_value_of_their_node(classifier):
    _, _, loss = classifier
    source = loss.to_graphviz(backward=True).source
    assert r"W @ x + b\nadj (Σ t)·softmax(out) − t" in source
    assert "a node, whose value is out" in source.replace("\\n", " ")


def test_a_sparse_matrix_beside_a_scalar_adjoint():
    scipy_sparse = pytest.importorskip("scipy.sparse")
    x = sd.Var("x", shape=3)
    f = (scipy_sparse.csr_matrix(np.diag([1.0, 2.0, 3.0])) @ x).sum()
    source = f.to_graphviz(at={"x": [1.0, 1.0, 1.0]}, backward=True).source
    assert "adj [1.0, 2.0, 3.0]" in source
    assert "sparse 3×3" in source


def test_missing_values_are_named(least_squares):
    picture = least_squares.to_graphviz(at={"w": [1.0, 2.0]}, backward=True)
    assert picture.missing == ("X", "y")
    assert "= [1.0, 2.0]" in picture.source


def test_seeds_of_outputs_that_are_arrays():
    M, x = sd.Var("M", shape=(2, 2)), sd.Var("x", shape=2)
    at = {"M": [[1.0, 2.0], [3.0, 4.0]], "x": [1.0, 1.0]}
    assert "adj [4.0, 6.0]" in (M @ x).to_graphviz(at=at, backward=True).source
    assert "adj [1.0, 2.0]" in (M @ x).to_graphviz(at=at, backward=True, seed=[np.array([1.0, 0.0])]).source


# -- large graphs, parts of graphs -----------------------------------------------------------


@pytest.fixture
def recurrence():
    M, b, h = sd.Var("M", shape=(4, 4)), sd.Var("b", shape=4), sd.Var("h", shape=4)
    steps = [h]
    for _ in range(200):
        steps.append(sd.tanh(M @ steps[-1] + b))
    return steps


def test_loops_are_folded(recurrence):
    source = (recurrence[-1] ** 2).sum().to_graphviz().source
    assert re.search(r"\d+ times the same\\n… \d+ operations", source)


def test_depth_and_surroundings(recurrence):
    f = recurrence[-1].sum()
    assert f.to_graphviz(depth=3).nodes_drawn < 12
    around = f.to_graphviz(around=recurrence[100], radius=1)
    assert around.nodes_drawn == 3
    inner = f.to_graphviz(around=recurrence[100].args[0].args[0], radius=1)  # in the formula of M @ (·) + b
    assert "M @ (·) + b" in inner.source


def test_every_node_of_a_large_graph_takes_force(recurrence):
    f = recurrence[-1].sum()
    for _ in range(1500):
        f = sd.sin(f) * recurrence[3].sum()
    with pytest.raises(RenderError, match="force=True"):
        f.to_graphviz(fold=False)


def test_clusters_and_shared_names(classifier):
    z, _, loss = classifier
    source = sd.to_graphviz({"loss": loss}, clusters={"inner": z}, name_shared=True).source
    assert "label=inner" in source.partition("subgraph cluster_0")[2].partition("}")[0]


# -- text, films, explanations ------------------------------------------------------------------


def test_trees(least_squares):
    assert str(least_squares.tree()) == "Σ (·)²\n└─ X @ w − y\n   ├─ X\n   ├─ w\n   └─ y"
    tree = sd.tanh(sd.Var("M", shape=(2, 2))).tree(at={"M": [[0.0, 0.0], [0.0, 0.0]]})
    assert str(tree) == "tanh = [0.0, 0.0; 0.0, 0.0]\n└─ M = [0.0, 0.0; 0.0, 0.0]"


def test_films(classifier):
    _, _, loss = classifier
    at = {"W": np.ones((3, 4)), "x": [1.0, 0, 0, 0], "b": [0.0, 0, 0], "t": [0.0, 1, 0]}
    captions = sd.animate(loss, at).captions
    assert captions[1] == "forward: W @ x + b = [1.0, 1.0, 1.0]"
    assert "reverse: W gets outer(R, x); x gets Wᵀ @ R; b gets R" in captions
    assert sd.animate(loss).captions[1] == "forward: W @ x + b"
    dual = sd.animate(loss, at, "dual", wrt="b").captions
    assert dual[1] == "dual: W @ x + b = [1.0, 1.0, 1.0] + [1.0, 1.0, 1.0]ε"


def test_a_film_is_drawn(least_squares, tmp_path):
    rng = np.random.default_rng(1)
    at = {"X": rng.normal(size=(100, 2)), "w": [1.0, 2.0], "y": rng.normal(size=100)}
    path = sd.animate(least_squares, at).save(tmp_path / "film.html")
    assert "X @ w" in pathlib.Path(path).read_text()


def test_explanations_follow_the_adjoint_along_paths():
    X, w, y = sd.Var("X", shape=(5, 2)), sd.Var("w", shape=2), sd.Var("y", shape=5)
    rng = np.random.default_rng(2)
    at = {"X": rng.normal(size=(5, 2)), "w": rng.normal(size=2), "y": rng.normal(size=5)}
    f = ((X @ w - y) ** 2).sum() + w @ w
    told = sd.explain(f, w, at)
    assert told.count == 2
    assert "2(·) → Xᵀ @ R = 2*X.T @ (X @ w - y)" in str(told)
    gap = at["X"] @ at["w"] - at["y"]
    by_length = sorted(told.paths, key=len)
    np.testing.assert_allclose(by_length[0].weight, 2 * at["w"])
    np.testing.assert_allclose(by_length[1].weight, 2 * at["X"].T @ gap)
    np.testing.assert_allclose(by_length[1].product.evaluate(at), 2 * at["X"].T @ gap)
    np.testing.assert_allclose(told.value, 2 * at["X"].T @ gap + 2 * at["w"])
    assert "Xᵀ @ R" in told.to_graphviz().source
    assert r"\frac{\partial f}{\partial w}" in told.latex()


def test_of_many_paths_the_heaviest_are_told():
    M, x = sd.Var("M", shape=(2, 2)), sd.Var("x", shape=2)
    h = x
    for _ in range(3):
        h = sd.tanh(M @ h)
    at = {"M": [[0.1, 0.2], [0.3, 0.4]], "x": [1.0, 2.0]}
    told = sd.explain(h.sum(), M, at, most=2)
    assert (told.count, len(told.paths)) == (3, 2)
    assert [len(path) for path in told.paths] == [3, 5]
    whole = sd.explain(h.sum(), M, at)
    np.testing.assert_allclose(sum(path.weight for path in whole.paths), whole.value)


def test_paths_to_an_array_are_refused():
    with pytest.raises(SymdiffValueError, match=r"scalar, not to an array of shape \(4,\)"):
        sd.explain(A @ v, v)


def test_no_path_is_said():
    assert "no path leads from u" in str(sd.explain((A @ v).sum() + 0 * u.sum(), u))


def test_spy_of_an_array_is_its_jacobian():
    x = sd.Var("x", shape=4)
    assert str(sd.spy(x[1:] * x[:-1], x)).startswith("Jacobian, 3 × 4: 6 entries")
    assert str(sd.spy((x[1:] * x[:-1]).sum(), x)).startswith("Hessian, 4 × 4: 6 entries")


# -- files and notebooks ------------------------------------------------------------------------------


@pytest.mark.parametrize("program", ["dot", "pure", "none"])
def test_every_program_draws(program, classifier, tmp_path, monkeypatch, request):
    if program == "pure":
        if PURE is None:
            pytest.skip("graphviz-pure is not installed")
        monkeypatch.setenv("SYMDIFF_DOT", PURE)
    elif program == "none":
        pytest.importorskip("matplotlib")
        request.getfixturevalue("bare")
    elif not shutil.which("dot"):
        pytest.skip("Graphviz is not installed")
    _, _, loss = classifier
    at = {"W": np.ones((3, 4)), "x": [1.0, 0, 0, 0], "b": [0.0, 0, 0], "t": [0.0, 1, 0]}
    drawn = pathlib.Path(render(loss, tmp_path / "loss.svg", at=at, backward=True)).read_text()
    assert "</svg>" in drawn
    if program != "none":  # matplotlib draws letters as curves
        assert "softmax" in drawn


def test_notebooks_show_graphs_with_arrays(least_squares):
    assert "X @ w" in least_squares.graph._repr_svg_()


# -- programs by chance ----------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(int(os.environ.get("SYMDIFF_ARRAY_PROGRAMS", "40")) // 2))
def test_an_adjoint_is_the_sum_of_what_comes_back_along_edges(seed):
    program = Program(random.Random(seed), 1 + seed % 8)
    values = sample(program, seed)
    with sd.Graph():
        f = program.run(OF_ARRAYS, array_variables(program))
        found, cone = diagram(f)
        if not isinstance(found, Diagram):  # what is left is of scalars
            return
        shown = passes(found, [cone[-1]], values, True, 1.0, "numeric")
        sums = {}
        for (user, position), part in shown.partials.items():
            j = found.nodes[user][1 + position]
            sums[j] = sums.get(j, 0) + part
        for v in f.variables:
            expected = np.asarray(f.gradient(v).evaluate(values), float)
            np.testing.assert_allclose(sums.get(v._index, np.zeros(expected.shape)), expected, atol=1e-9)
        source = f.to_graphviz(backward=True).source
        assert "->a" not in source
        assert str(f.tree(at=values))


def test_parts_with_names_stay_nodes_inside_of_products():
    """`trace(M @ M)` of a named `M = A @ B` was drawn as `tr(A @ B @ A @ B)`."""
    a, b, x = sd.Var("A", shape=(3, 4)), sd.Var("B", shape=(4, 3)), sd.Var("x", shape=3)
    m, h = sd.named("M", a @ b), sd.named("h", 2 * x)
    f = sd.trace(m @ m) + (h * x).sum()
    assert str(f) == "M = A @ B; h = 2*x; trace(M @ M) + x @ h"
    assert str(sd.parse(str(f), {"A": (3, 4), "B": (4, 3), "x": 3})) == str(f)
    labels = f.to_graphviz().source
    assert "M = A @ B" in labels
    assert "h = 2·x" in labels
    assert str(f.gradient(a)) == "M = A @ B; 2*M.T @ B.T"
