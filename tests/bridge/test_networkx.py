"""The graph in networkx: attributes, operand order, several edges between two nodes."""

import networkx
import numpy as np
import pytest

import symdiff as sd
from symdiff.bridge.networkx import to_networkx


def test_nodes_carry_label_kind_handle_and_output():
    x, y = sd.variables("x y")
    f = x**2 * y + y + 2
    result = to_networkx(f)
    assert isinstance(result, networkx.MultiDiGraph)
    assert all(type(i) is int for i in result)
    attributes = {data["expr"]: (data["label"], data["kind"], data["output"]) for _, data in result.nodes(data=True)}
    assert attributes[x] == ("x", "variable", False)
    assert attributes[sd.Const(2)] == ("2", "const", False)
    assert attributes[x**2] == ("**", "operation", False)
    assert attributes[f] == ("+", "operation", True)
    assert list(attributes) == list(f.nodes())


def test_edges_go_from_operand_to_user_and_know_the_position():
    x, y = sd.variables("x y")
    result = to_networkx(x - y)
    edges = {(str(result.nodes[i]["expr"]), k) for i, _, k in result.edges(data="operand")}
    assert edges == {("x", 0), ("y", 1)}
    assert networkx.is_directed_acyclic_graph(result)


def test_one_operand_twice_is_two_edges():
    with sd.Graph(simplify=False):
        x = sd.Var("x")
        result = to_networkx(x * x)
    assert result.number_of_nodes() == 2
    assert sorted(k for _, _, k in result.edges(data="operand")) == [0, 1]


@pytest.mark.parametrize("make", [list, tuple, lambda fs: np.array(fs, dtype=object)])
def test_several_outputs_share_nodes(make):
    x, y = sd.variables("x y")
    result = to_networkx(make([x * y, sd.sin(x * y), x]))
    assert result.number_of_nodes() == 4
    assert sum(output for _, output in result.nodes(data="output")) == 3


def test_the_method_does_the_same():
    x = sd.Var("x")
    assert set(sd.sin(x).to_networkx()) == set(to_networkx(sd.sin(x)))


def test_a_deep_chain():
    y = sd.Var("x")
    for _ in range(20_000):
        y = sd.sin(y)
    assert to_networkx(y).number_of_nodes() == 20_001


def test_what_is_no_expression_is_refused():
    with pytest.raises(sd.errors.SymdiffTypeError, match="text"):
        to_networkx(["text"])
