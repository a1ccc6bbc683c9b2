"""Arrays copied, pickled, written as JSON, read by networkx, and put into other expressions; damage is refused."""

import copy
import json
import pickle

import networkx
import numpy as np
import pytest
import scipy.sparse
from array_examples import examples, values

import symdiff as sd
from symdiff import pickling
from symdiff.graph import STATIC

NAMES = list(examples())


@pytest.fixture(params=NAMES)
def f(request):
    return examples()[request.param]


def same(got, f):
    """Whether an expression is another one of another graph: structure, shape, class, values to the bit."""
    assert got == f
    assert f == got
    assert hash(got) == hash(f)
    assert type(got) is type(f)
    assert getattr(got, "shape", ()) == getattr(f, "shape", ())
    assert got.graph is not f.graph
    a, b = got.evaluate(values()), f.evaluate(values())
    assert np.array_equal(a, b, equal_nan=True)


def test_a_pickle_is_the_same(f):
    same(pickle.loads(pickle.dumps(f)), f)


def test_a_deep_copy_is_the_same(f):
    same(copy.deepcopy(f), f)
    assert copy.copy(f) is f


def test_json_is_the_same(f):
    text = sd.to_json(f)
    same(sd.from_json(text), f)
    assert sd.to_json(sd.from_json(text)) == text


def test_a_nesting_keeps_one_graph(f):
    for back in (pickle.loads(pickle.dumps([f, {"g": f}])), sd.from_json(sd.to_json([f, {"g": f}]))):
        assert back[0] == back[1]["g"] == f
        assert back[0].graph is back[1]["g"].graph


def test_more_can_be_built_on_what_was_read(f):
    for back in (pickle.loads(pickle.dumps(f)), sd.from_json(sd.to_json(f))):
        x = next((v for v in back.variables if v.name == "X"), None)
        if x is not None and not back.shape:
            assert back.gradient(x) == f.gradient(x)
        assert sd.sin(back) == sd.sin(f)


def test_values_of_variables_are_kept():
    x, a = sd.Var("X", shape=(2, 2)), sd.Var("A", shape=(2, 2))
    x.value = [[1, 2], [3, 4]]
    a.value = scipy.sparse.csr_array(np.eye(2))
    f = (a @ x).sum()
    for back in (copy.deepcopy(f), pickle.loads(pickle.dumps(f)), sd.from_json(sd.to_json(f))):
        assert back.evaluate() == 10
    cell = copy.deepcopy(x)
    cell.value = np.zeros((2, 2))
    assert x.value == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    "array",
    [
        np.array([0.0, -0.0, np.nan, np.inf, 5e-324, 0.1]), np.array([1, -(2**62)]), np.array([True, False]),
        np.array([1 + 2j, -0.0j]), np.array([0.1], np.float32), np.array([2**80, 1]), np.zeros((0, 2)),
    ],
    ids=str,
)  # fmt: skip
def test_arrays_of_numbers_are_exact(array):
    x = sd.Var("x", shape=array.shape)
    f = x + array
    for back in (pickle.loads(pickle.dumps(f)), sd.from_json(sd.to_json(f))):
        assert back == f
        kept = [leaf for leaf in back.graph.leaves.values() if isinstance(leaf, np.ndarray)]
        first = [leaf for leaf in f.graph.leaves.values() if isinstance(leaf, np.ndarray)]
        assert [k.dtype for k in kept] == [k.dtype for k in first]
        assert all(not k.flags.writeable for k in kept)
        assert all(
            np.array_equal(np.signbit(k), np.signbit(m)) for k, m in zip(kept, first, strict=True) if k.dtype == float
        )


def test_sparse_matrices_are_told_apart_by_entries_alone():
    x = sd.Var("x", shape=3)
    a = scipy.sparse.csr_array(np.diag([1.0, 0.0, 3.0]))
    assert scipy.sparse.csc_matrix(a) @ x == a @ x
    assert (a * 2) @ x != a @ x


# -- equality across graphs ------------------------------------------------------------------


def test_equal_across_graphs_and_not_by_name_alone():
    with sd.Graph():
        f = sd.Var("x", shape=3) * 2
    with sd.Graph():
        g = sd.Var("x", shape=3) * 2
        h = sd.Var("x", shape=4) * 2
        s = sd.Var("x") * 2
    assert f == g
    assert hash(f) == hash(g)
    assert len({f, g, h, s}) == 3


def test_classes_tell_what_an_expression_is():
    x = sd.Var("x", shape=3)
    assert isinstance(sd.sin(x), sd.Sin)
    assert isinstance(x, sd.Var)
    match sd.sin(x):
        case sd.Sin(sd.Var("x")):
            pass
        case _:
            pytest.fail("no match")
    assert (x + sd.sin(x)).args == (x, sd.sin(x))
    assert x[1:].args == (x,)


# -- substitution -------------------------------------------------------------------------------


def test_every_operation_is_made_again(f):
    """Variables replaced by others and back: the same expression; by numbers: the same values."""
    others = {
        v: sd.Var(f"other_{v.name}", shape=v.shape, symmetric=v.symmetric) if v.shape else sd.Var("t")
        for v in f.variables
    }
    there = f.replace(others)
    assert set(there.variables) == set(others.values())
    assert there.replace({new: old for old, new in others.items()}).evaluate(values()) == pytest.approx(
        f.evaluate(values())
    )
    point = {v: values()[v.name] for v in f.variables if "n" not in getattr(v, "shape", ())}
    got = f.replace(point).evaluate(values())
    assert got == pytest.approx(f.evaluate(values()))


def test_what_takes_the_place_has_the_shape():
    x, w = sd.Var("X", shape=(3, 2)), sd.Var("w", shape=2)
    f = x @ w
    assert f.replace({w: 0}) == f * 0
    assert f.replace({"w": [1, 2]}) == f.replace({w: np.array([1, 2])})
    assert f.replace({x @ w: sd.Var("r", shape=3)}) == sd.Var("r", shape=3)
    with pytest.raises(
        sd.SymdiffValueError, match=r"w of shape \(2,\) can't be replaced by an expression of shape \(3,\)"
    ):
        f.replace({w: sd.Var("r", shape=3)})
    with pytest.raises(sd.SymdiffValueError, match=r"s of shape \(\) can't be replaced"):
        (sd.Var("s") * w).replace({"s": w})
    with pytest.raises(sd.SymdiffTypeError, match="stack"):
        f.replace({w: np.array(sd.variables("a b"))})


def test_replacing_gives_the_normal_form():
    x, s = sd.Var("x", shape=2), sd.Var("s")
    assert (x * s).replace({s: 1}) == x
    assert (x - s * x).replace({s: 1}) == 0 * x


# -- networkx ---------------------------------------------------------------------------------------


def test_networkx_has_no_parameters(f):
    found = f.to_networkx()
    assert networkx.is_directed_acyclic_graph(found)
    assert {d["expr"] for _, d in found.nodes(data=True)} == set(f.nodes())
    for i, d in found.nodes(data=True):
        assert d.get("shape", ()) == getattr(d["expr"], "shape", ())
        operands = [found.nodes[j]["expr"] for j, _, k in sorted(found.in_edges(i, data="operand"), key=lambda e: e[2])]
        assert tuple(operands) == d["expr"].args


# -- damage -------------------------------------------------------------------------------------------


def parts_of(f):
    alone = pickle.loads(pickle.dumps(f)).graph
    _, (simplify, nodes, leaves, names) = pickling._reduce(alone)
    return [simplify, nodes, leaves, names]


@pytest.mark.parametrize("name", NAMES)
def test_a_pickle_with_another_parameter_is_refused(name):
    """A parameter that does not fit the operands, or not the key of its leaf."""
    simplify, nodes, leaves, names = parts_of(examples()[name])
    assert pickling._restore(simplify, nodes, leaves, names).nodes == nodes
    for i, node in enumerate(nodes):
        if node[0] == STATIC:
            for other in ({"axes": [9]}, {"labels": ["ab"], "result": "zz", "free": []}, {"shape": []}, None, 3, {}):
                if other != leaves[i]:
                    with pytest.raises(sd.SymdiffError):
                        pickling._restore(simplify, list(nodes), {**leaves, i: other}, names)


@pytest.mark.parametrize("name", NAMES)
def test_json_whose_shapes_do_not_fit_is_refused_or_reads(name):
    """Every number in the text changed in turn: an error of symdiff, or an expression that evaluates."""
    text = json.loads(sd.to_json(examples()[name]))
    for i, entry in enumerate(text["nodes"]):
        for damaged in _damaged(entry):
            other = {**text, "nodes": [*text["nodes"][:i], damaged, *text["nodes"][i + 1 :]]}
            try:
                got = sd.from_json(json.dumps(other))
                got.evaluate(values())
            except sd.SymdiffError:
                pass


@pytest.mark.parametrize(
    ("nodes", "message"),
    [
        ([{"var": "x"}, ["inv", 0]], "inv, has operands that do not fit"),
        ([{"var": "x", "shape": [2, 3]}, ["inv", 0]], "inv, has operands that do not fit"),
        ([{"var": "x", "shape": [2]}, {"var": "y", "shape": [3]}, ["mul", 0, 1]], "mul, has operands that do not fit"),
        ([{"var": "x"}, ["add", 0, 0, 0]], "operands"),
        ([{"var": "x", "shape": [2]}, ["take", 0]], "has no parameter"),
        ([{"key": [0]}, ["sin", 0]], "not used"),
        ([{"key": [0]}], "no node"),
        ([{"var": "x", "shape": [2]}, {"key": [2]}, ["take", 1, 0]], "take, has operands that do not fit"),
        ([{"var": "x", "shape": [-2]}], "negative size"),
        ([{"array": [1.0], "dtype": "float64", "shape": [2]}], "another shape"),
        ([{"array": ["x"], "dtype": "float64", "shape": [1]}], "no float"),
        ([{"array": [1], "dtype": "float128", "shape": [1]}], "no array"),
        ([{"sparse": [1.0], "dtype": "float64", "shape": [1, 1], "columns": [3], "rows": [0, 1]}], "no sparse matrix"),
    ],
)
def test_json_of_no_graph_is_refused(nodes, message):
    text = json.dumps({"symdiff": 1, "simplify": True, "nodes": nodes, "values": [len(nodes) - 1]})
    with pytest.raises(sd.SymdiffValueError, match=message):
        sd.from_json(text)


def _damaged(entry):
    """Variants of a node in each of which one int or string is another."""
    if isinstance(entry, bool):
        return
    if isinstance(entry, int):
        yield from (entry + 1, -1)
    elif isinstance(entry, str):
        yield from ("zz", "")
    elif isinstance(entry, list):
        for k, part in enumerate(entry[:8]):
            yield from ([*entry[:k], other, *entry[k + 1 :]] for other in _damaged(part))
        yield entry[:-1]
    elif isinstance(entry, dict):
        for key, part in entry.items():
            yield from ({**entry, key: other} for other in _damaged(part))


def test_two_variables_of_one_name_live_in_one_graph_and_never_meet():
    with sd.Graph():
        early = sd.Var("X", shape=3)
        old = (early**2).sum()
        late, matrix = sd.Var("X", shape=4), sd.Var("X", shape=(3, 4))
        new = (late**2).sum()
        assert (str(old.gradient(early)), str(new.gradient(late))) == ("2*X", "2*X")
        assert new.evaluate({late: np.ones(4)}) == 4
        for meeting in (
            lambda: old + new,
            lambda: early.sum() * late,
            lambda: sd.outer(early, late),
            lambda: sd.stack([new, old]),
            lambda: sd.where(old > 1, new, 0),
            lambda: late.at[:3].add(early),
            lambda: sd.evaluate([old, new], {early: np.ones(3), late: np.ones(4)}),
            lambda: sd.compile([old, new], [early, late]),
            lambda: sd.compile(old, [early, late]),
            lambda: old.evaluate({early: np.ones(3), late: np.ones(4)}),
            lambda: old.evaluate({late: np.ones(4)}),
            lambda: old.backpropagate({early: np.ones(3), late: np.ones(4)}),
            lambda: early @ matrix,
            lambda: early * sd.Var("X"),
        ):
            with pytest.raises(sd.SymdiffValueError, match=r"two variables are called X here, of shapes .* and "):
                meeting()
        assert new.evaluate({late: np.ones(4)}) == 4
    for loaded in (pickle.loads(pickle.dumps([old, new])), sd.from_json(sd.to_json([old, new]))):
        assert loaded == [old, new]
        with pytest.raises(sd.SymdiffValueError, match="two variables are called X here"):
            loaded[0] + loaded[1]


def test_an_expression_and_a_namesake_of_another_graph_do_not_meet():
    with sd.Graph():
        early = sd.Var("X", shape=3)
    with sd.Graph():
        late = sd.Var("X", shape=4)
    with pytest.raises(sd.SymdiffValueError, match=r"two variables are called X here, of shapes \(3,\) and \(4,\)"):
        early.sum() + late.sum()


@pytest.mark.parametrize(
    "run",
    [
        lambda f, g, x: sd.jacobian([f, g], x), lambda f, g, x: sd.jacobian([f, g], [x], sparse=True),
        lambda f, g, x: sd.compile([f, g], [x]), lambda f, g, x: sd.stack([f, g]),
        lambda f, g, x: sd.vjp([f, g], [x], [1, 1]), lambda f, g, x: sd.evaluate([f, g], {x: np.ones(3)}),
        lambda f, g, x: sd.code([f, g], [x]), lambda f, g, x: sd.count_ops([f, g]), lambda f, g, x: sd.latex([f, g]),
        lambda f, g, x: sd.to_networkx([f, g]), lambda f, g, x: sd.function([f, g], [x]),
    ],
)  # fmt: skip
def test_variables_of_one_name_do_not_meet_in_a_list_of_outputs(run):
    """A Jacobian took the name for the first of them, and gave zeros for the other."""
    with sd.Graph():
        x, other = sd.Var("twice", shape=3), sd.Var("twice", shape=4)
        with pytest.raises(sd.SymdiffValueError, match=r"two variables are called twice here, of shapes \(3,\) and"):
            run(x @ x, other @ other, x)
