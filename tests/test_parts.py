"""Names of parts: `sd.named` notes a name on a node, and changes nothing else."""

import copy
import json
import pickle
import random

import pytest

import symdiff as sd
from symdiff.serialization import from_json, to_json

x, y = sd.variables("x y")


def fresh():
    """`(x + y)**2` in a graph of its own, and its part."""
    with sd.Graph():
        a, b = sd.variables("x y")
        part = a + b
        return part, part**2


def test_text_shows_the_name_and_reads_back():
    part, f = fresh()
    assert sd.named("z", part) is part
    assert str(f) == "z = x + y; z**2"
    again = sd.parse(str(f))
    assert again == f
    assert str(again) == str(f)
    assert str(f.gradient("x")) == "z = x + y; 2*z"
    assert str(part) == "z = x + y; z"


def test_nothing_else_changes():
    part, f = fresh()
    other = fresh()[1]
    before = hash(f), sd.count_ops(f), f.evaluate(x=1, y=2), f.variables, f.nodes()
    sd.named("z", part)
    assert (hash(f), sd.count_ops(f), f.evaluate(x=1, y=2), f.variables, f.nodes()) == before
    assert f == other
    assert f.gradient("x") == other.gradient("x")


def test_the_last_name_counts():
    part, f = fresh()
    sd.named("z", part)
    sd.named("s", part)
    assert str(f) == "s = x + y; s**2"


def test_of_two_nodes_of_one_name_the_one_named_last_shows_it():
    part, f = fresh()
    sd.named("z", part)
    both = sd.named("z", part.args[0] * part.args[1]) + f
    assert str(both) == "z = x*y; z + (x + y)**2"
    assert str(f) == "z = x + y; z**2"


def test_a_variable_that_comes_later_keeps_its_name():
    part, f = fresh()
    sd.named("z", part)
    assert str(f * sd.Var("z")) == "(x + y)**2*z"


@pytest.mark.parametrize("name", ["z", "z1", "zz1", "Σ", "e", "sin", "k_2"])
def test_names_of_any_spelling_read_back(name):
    part, f = fresh()
    sd.named(name, part)
    g = sd.sin(f) * part
    assert str(sd.parse(str(g))) == str(g)
    assert name in str(sd.parse(str(g)))


def test_parts_that_text_names_itself_get_no_names():
    f = x + y
    for _ in range(12):
        f = sd.sin(f) * f + f
    text = str(f)
    assert text.startswith("z1 = ")
    assert not sd.parse(text).graph.notes


def test_names_beside_parts_that_text_names_itself():
    with sd.Graph():
        a, b = sd.variables("x y")
        f = sd.named("z1", a + b)
        for _ in range(12):
            f = sd.sin(f) * f + f
        text = str(f)
    assert text.startswith("z1 = x + y; zz1 = ")
    assert str(sd.parse(text)) == text
    assert set(sd.parse(text).graph.notes.values()) == {"z1"}


def unpickled(f):
    return pickle.loads(pickle.dumps(f))


def from_text(f):
    return from_json(to_json(f))


@pytest.mark.parametrize("copied", [copy.deepcopy, unpickled, from_text])
def test_copies_keep_names(copied):
    part, f = fresh()
    sd.named("z", part)
    assert str(copied(f)) == "z = x + y; z**2"
    assert copied(f) == f
    assert str(copied(f) + sd.Var("u")) == "z = x + y; z**2 + u"


def test_latex_pictures_and_trees_show_names():
    part, f = fresh()
    sd.named("z", part)
    assert sd.latex(f) == "\\begin{aligned}\nz &= x + y \\\\\n& z^{2}\n\\end{aligned}"
    assert "z = +" in f.tree()
    assert "z = +" in f.to_graphviz().source


def test_array_expressions():
    with sd.Graph():
        x, w, b = sd.Var("X", shape=(5, 2)), sd.Var("w", shape=2), sd.Var("b", shape=5)
        r = sd.named("r", x @ w - b)
        f = (r**2).sum()
        assert str(f) == "r = X @ w - b; (r**2).sum()"
        assert str(f.gradient(w)) == "r = X @ w - b; 2*X.T @ r"
        shapes = {"X": (5, 2), "w": 2, "b": 5}
        assert str(sd.parse(str(f.gradient(w)), shapes)) == str(f.gradient(w))
        assert r"r &= X w - b" in sd.latex(f)
        assert "r = X @ w" in f.tree()


def test_random_names_keep_text_and_meaning():
    chance = random.Random(3)
    for _ in range(60):
        with sd.Graph():
            pool = list(sd.variables("a b c"))
            for k in range(12):
                made = chance.choice([sd.ops.add, sd.ops.mul, sd.ops.sub, sd.ops.div])(*chance.choices(pool, k=2))
                if made.args and chance.random() < 0.3:
                    sd.named(f"p{k}", made)
                pool.append(made)
            f = pool[-1]
            text = str(f)
            again = sd.parse(text)
            assert str(again) == text
            point = {name: chance.uniform(0.5, 2.0) for name in "abc"}
            try:
                expected = f.evaluate(point)
            except ZeroDivisionError:
                continue
            if expected == expected and abs(expected) < 1e12:
                assert again.evaluate(point) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(
    ("name", "expr", "error", "says"),
    [
        ("x", x + y, sd.SymdiffValueError, "the variable x"),
        ("z", x, sd.SymdiffValueError, "a variable"),
        ("z", sd.Const(2), sd.SymdiffValueError, "a constant"),
        ("z", 2, sd.SymdiffTypeError, "an expression"),
        ("z", [x + y], sd.SymdiffTypeError, "one by one"),
        ("a b", x + y, sd.SymdiffValueError, "letters, digits"),
        ("lambda", x + y, sd.SymdiffValueError, "keyword"),
        ("pi", x + y, sd.SymdiffValueError, "pi"),
        (3, x + y, sd.SymdiffTypeError, "a string"),
        ("w", sd.Var("w[0]") * 2, sd.SymdiffValueError, "the variable w"),
        ("n", sd.Var("V", shape="n").sum(), sd.SymdiffValueError, "a size"),
    ],
)
def test_what_can_not_be_named(name, expr, error, says):
    with pytest.raises(error, match=says):
        sd.named(name, expr)


@pytest.mark.parametrize("notes", [[[9, "z"]], [[0, "z"]], [[2, "a b"]], [[2]], "z", [["z", 2]], {"z": 2}])
def test_damaged_names_are_refused(notes):
    text = '{"symdiff": 1, "simplify": true, "nodes": [{"var": "x"}, {"var": "y"}, ["add", 0, 1]], "values": [2]}'
    found = json.loads(text)
    with pytest.raises(sd.SymdiffValueError, match="damaged"):
        from_json(json.dumps({**found, "names": notes}))
