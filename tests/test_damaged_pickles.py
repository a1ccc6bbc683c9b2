"""Pickles that are damaged or made by others: refused with a clear error, never loaded as something else."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import symdiff as sd
from symdiff import pickling
from symdiff.graph import CONST, UNUSED, VAR, Variable
from symdiff.handle import restored
from symdiff.records import OPERATIONS

ADD, SIN, POLYGAMMA = 1002, 1003, 1004
NAMES = {ADD: "add", SIN: "sin", POLYGAMMA: "polygamma"}
NODES = [
    (VAR, "x"), (CONST, "int", 2), (ADD, 0, 1), (SIN, 2), (CONST, "float", (0.5).hex()), (*UNUSED, 5),
    (POLYGAMMA, 1, 3),
]  # fmt: skip


def parts():
    """What the pickle of a graph holds: x + 2, polygamma(2, sin(x + 2)), 0.5, and a place that is not used."""
    return [True, list(NODES), {0: Variable("x"), 1: 2, 4: 0.5, 5: 0}, dict(NAMES)]


class Crafted:
    """Pickled, it is a call of a function."""

    def __init__(self, function, *args):
        self.call = function, args

    def __reduce__(self):
        return self.call


def loaded(function, *args):
    return pickle.loads(pickle.dumps(Crafted(function, *args)))


def test_the_whole_one_is_read():
    graph = loaded(pickling._restore, *parts())
    assert str(restored(graph, 6)) == "polygamma(2, sin(x + 2))"
    assert restored(graph, 4) == sd.Const(0.5)


def replaced(at, value):
    def damage(given):
        given[1][at] = value

    return damage


def leaf(at, value):
    def damage(given):
        given[2][at] = value

    return damage


def part(at, value):
    def damage(given):
        given[at] = value

    return damage


def without(*path):
    def damage(given):
        del given[path[0]][path[1]]

    return damage


def half_a_variable():
    cell = Variable("x")
    del cell.stamp
    return cell


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (replaced(2, (ADD, 0, 3)), "later one"),
        (replaced(2, (ADD, 0, 2)), "later one"),
        (replaced(2, (ADD, 0, 99)), "later one"),
        (replaced(2, (ADD, 0, -1)), "no node"),
        (replaced(2, (ADD, 0, 2**70)), "no node"),
        (replaced(2, (ADD, 0, 1.0)), "no number"),
        (replaced(2, (ADD, 0, True)), "no number"),
        (replaced(2, (ADD, 0, "x")), "no number"),
        (replaced(2, (ADD, 0)), "operands"),
        (replaced(2, (ADD, 0, 1, 1)), "operands"),
        (replaced(3, (1999, 2)), "unknown"),
        (replaced(3, ()), "no nodes"),
        (replaced(3, [SIN, 2]), "no nodes"),
        (replaced(3, ("sin", 2)), "no nodes"),
        (replaced(6, (SIN, 2)), "same"),
        (replaced(6, (SIN, 5)), "not used"),
        (replaced(6, (POLYGAMMA, 4, 3)), "whole number"),
        (replaced(5, (*UNUSED, 4)), "constant"),
        (replaced(1, (CONST, "int", 3)), "another constant"),
        (replaced(0, (VAR, "y")), "another variable"),
        (replaced(0, (VAR, "x", 1)), "another variable"),
        (leaf(1, 3), "another constant"),
        (leaf(1, 2.0), "another constant"),
        (leaf(1, "2"), "no constant"),
        (leaf(1, Variable("x")), "no constant"),
        (leaf(0, 2), "no variable"),
        (leaf(0, half_a_variable()), "no variable"),
        (leaf(0, Variable("x", [])), "another variable"),
        (leaf(0, Variable(3, "x")), "another variable"),
        (leaf(9, 2), "leaf"),
        (leaf("9", 2), "leaf"),
        (without(2, 1), "leaf is missing"),
        (without(3, SIN), "unknown"),
        (without(1, 1), "leaf"),
        (part(0, "yes"), "no graph"),
        (part(1, None), "no graph"),
        (part(2, []), "no graph"),
        (part(3, None), "names no operations"),
        (part(3, {0: "sin"}), "names no operations"),
        (part(3, {ADD: "add", SIN: "add", POLYGAMMA: "polygamma"}), "operands"),
        (part(3, {**NAMES, SIN: "no_such"}), "no operation 'no_such'"),
    ],
)
def test_what_is_no_graph_is_refused(damage, complaint):
    given = parts()
    damage(given)
    with pytest.raises(sd.SymdiffError, match=complaint):
        loaded(pickling._restore, *given)


def test_a_variable_of_an_array_has_all_its_parts():
    restore, whole = pickling._reduce((sd.Var("X", shape=(3, 2)) * 2).graph)[:2]
    for cell in [leaf for leaf in whole[2].values() if isinstance(leaf, Variable)]:
        for name in Variable.__slots__:
            held = getattr(cell, name)
            delattr(cell, name)
            with pytest.raises(sd.SymdiffError, match="damaged"):
                restore(*whole)
            setattr(cell, name, held)


@pytest.mark.parametrize("index", [7, -1, 5, True, 1.0, None])
def test_an_expression_is_a_node_of_its_graph(index):
    graph = loaded(pickling._restore, *parts())
    with pytest.raises(sd.SymdiffError, match="damaged"):
        loaded(restored, graph, index)
    with pytest.raises(sd.SymdiffError, match="damaged"):
        loaded(restored, None, 0)


anything = st.one_of(
    st.integers(-2, 8), st.none(), st.floats(allow_nan=False), st.text(max_size=2),
    st.sampled_from([ADD, SIN, POLYGAMMA]),
    st.booleans(), st.integers(min_value=2**62),
)  # fmt: skip


@given(st.integers(0, 6), st.lists(anything, max_size=4), st.booleans())
def test_whatever_stands_for_a_node_is_refused_or_makes_a_graph(at, numbers, leafless):
    given_parts = parts()
    given_parts[1][at] = tuple(numbers)
    if leafless:
        given_parts[2].pop(at, None)
    try:
        graph = loaded(pickling._restore, *given_parts)
    except sd.SymdiffError:
        return
    for i, node in enumerate(graph.nodes):
        if node[0] > VAR:
            assert all(j < i for j in node[1:])
            assert len(node) == OPERATIONS[node[0]].arity + 1
            assert str(restored(graph, i))
    assert len(set(graph.nodes)) == len(graph.nodes)


def test_tapes_are_checked_as_machine_code_reads_what_they_name():
    x, y = sd.variables("x y")
    tape = sd.compile([sd.sin(x) * y + 2], [x, y])._tape
    restore, whole = tape.__reduce__()
    assert loaded(restore, *whole).codes == tape.codes
    changes = {
        0: [-1, "2"], 1: [["x"], ("x",), None], 2: [(), (99,) * len(tape.codes), None],
        3: [((0,),) * len(tape.codes), ((9, 9),) * len(tape.codes), ([0, 1],) * len(tape.codes)],
        4: [(99,), (-1,), ("x",)], 5: [None], 6: [{}, None],
    }  # fmt: skip
    for at, values in changes.items():
        for value in values:
            given_parts = list(copy.deepcopy(whole))
            given_parts[at] = value
            with pytest.raises(sd.SymdiffError):
                loaded(restore, *given_parts)


class Other:
    """Stands for a part of a function that another object has taken the place of."""


def of_numbers(x, y):
    return sd.compile({"f": x * y, "g": (sd.sin(x), [y])}, [x, y])


def of_entries(x, y):
    return sd.compile([np.array([x, y]), sd.jacobian([x * y, x], [x, y], sparse=True)], [x, y], dtype="float32")


def of_arrays(x, y):
    whole = sd.Var("X", shape=(3, 2))
    return sd.compile([(whole**2).sum(), (whole @ [1.0, 2.0]) ** 2], [whole, x])


@pytest.mark.parametrize("make", [of_numbers, of_entries, of_arrays])
def test_functions_are_checked_part_by_part(make):
    restore, whole = make(*sd.variables("x y")).__reduce__()
    assert loaded(restore, *whole).operations == make(*sd.variables("x y")).operations
    for at, part in enumerate(whole):
        for value in (None, (), (0,), -1, [], {}, "x\n", Other(), 0.5):
            if type(value) is not type(part) or value == (0,):
                given_parts = list(copy.deepcopy(whole))
                given_parts[at] = value
                with pytest.raises(sd.SymdiffError, match="damaged"):
                    loaded(restore, *given_parts)


@pytest.mark.parametrize("make", [of_numbers, of_entries, of_arrays])
def test_parts_of_functions_lack_nothing(make):
    restore, whole = make(*sd.variables("x y")).__reduce__()
    results, arguments = (whole[3], whole[4]) if make is of_arrays else (whole[1], whole[2])
    for member in (results, *results.leaves, *arguments):
        for name in {*vars(member)} - {"values"}:
            held = vars(member).pop(name)
            with pytest.raises(sd.SymdiffError, match="damaged"):
                loaded(restore, *whole)
            setattr(member, name, held)
    assert loaded(restore, *whole)
