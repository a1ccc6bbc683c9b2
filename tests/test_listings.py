"""What there is of every node shows where it begins, however many there are."""

import pickle

import pytest

import symdiff as sd

LISTS = {
    "nodes": lambda f: f.nodes(),
    "adjoints": lambda f: f.adjoints(),
    "node_values": lambda f: f.node_values(x=0.5, y=2.0),
    "node_adjoints": lambda f: f.node_adjoints(x=0.5, y=2.0),
}


def chain(length):
    x, y = sd.variables("x y")
    for _ in range(length):
        x = sd.sin(x) * y
    return x


@pytest.mark.parametrize("name", LISTS)
def test_representations_of_many_nodes_are_bounded(name):
    text = repr(LISTS[name](chain(3000)))
    assert len(text) < 7000
    assert text[-6:-1] == " more"


@pytest.mark.parametrize("name", LISTS)
def test_those_of_few_are_whole_and_plain(name):
    found = LISTS[name](chain(2))
    plain = tuple(found) if isinstance(found, tuple) else dict(found)
    assert repr(found) == repr(plain)
    assert found == plain
    assert pickle.loads(pickle.dumps(found)) == plain


def test_a_tuple_of_one_shows_its_comma():
    assert repr(sd.Var("x").nodes()) == "(x,)"


def test_functions_of_all_nodes_compile():
    f = chain(2)
    values = sd.compile(f.adjoints(), ["x", "y"])(0.5, 2.0)
    assert values == pytest.approx(f.node_adjoints(x=0.5, y=2.0))
