"""Expressions as JSON: what comes back is what went in, node for node, and nothing else is taken."""

from __future__ import annotations

import contextlib
import copy
import json
import math
import random
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from support import stable

import symdiff as sd
from symdiff.constants import constant_key
from symdiff.handle import Handle
from symdiff.records import OPERATIONS

# -- random graphs with hostile names and constants -----------------------------------------


@st.composite
def mpmath_numbers(draw):
    bits = draw(st.sampled_from([1, 24, 53, 54, 113, 167, 400]))
    mantissa = draw(st.integers(-(2**bits) + 1, 2**bits - 1))
    return mpmath.mp.make_mpf(mpmath.libmp.from_man_exp(mantissa, draw(st.integers(-3000, 3000))))


REALS = st.one_of(
    st.integers(), st.integers(2**60, 2**70), st.fractions(), st.floats(), st.booleans(), mpmath_numbers(),
    st.sampled_from([0.0, -0.0, math.inf, -math.inf, math.nan, 5e-324, sd.pi, sd.e, 10**400, Fraction(1, 10**300)]),
)  # fmt: skip
CONSTANTS = st.one_of(REALS, st.complex_numbers(), st.builds(mpmath.mpc, mpmath_numbers(), mpmath_numbers()))
NAMES = st.one_of(
    st.text(max_size=6), st.sampled_from(["x", "y", "w[0, 1]", "z1", "pi", "x-1", "lambda", "oo", "e", "_x", '"', "\\"])
)
SYMBOLS = st.one_of(NAMES.map(sympy.Symbol), st.sampled_from(["x", "y"]).map(sympy.Dummy))


@st.composite
def graphs(draw, constants=CONSTANTS, simplify=None):
    """A few expressions of one graph, made at random of what the field has."""
    with sd.Graph(simplify=draw(st.booleans()) if simplify is None else simplify):
        symbols = draw(st.lists(SYMBOLS, min_size=1, max_size=4))
        pool = [
            *sd.from_sympy(symbols),
            *[sd.Const(0) + c if isinstance(c, Handle) else sd.Const(c) for c in draw(st.lists(constants, max_size=4))],
        ]
        ops = [op for op in OPERATIONS[2:] if not op.whole and op.arity < 4 and op.name in NAMED]
        for _ in range(draw(st.integers(0, 12))):
            op = draw(st.sampled_from(ops))
            args = [draw(st.sampled_from(pool)) for _ in range(op.arity)]
            if op.name == "where":
                args[0] = sd.Less(args[0], args[1])
            pool.append(op(*args))
        return pool[-draw(st.integers(1, 3)) :]


NAMED = {
    "add",
    "sub",
    "mul",
    "div",
    "neg",
    "pow",
    "sin",
    "exp",
    "log",
    "maximum",
    "minimum",
    "where",
    "less",
    "equal",
    "hypot",
}


def parts(exprs):
    """Nodes and leaves of some expressions, and where these are."""
    graph = exprs[0].graph
    assert all(f.graph is graph for f in exprs)
    program = graph.program([f._index for f in exprs])
    cells = [graph.leaves[program.origin[k]] for k in program.variables]
    names = [(cell.name, cell.key) for cell in cells]
    return list(program.nodes), names, {k: constant_key(v) for k, v in program.leaves.items()}, program.outputs


@settings(max_examples=300, deadline=None)
@given(graphs())
def test_json_is_exact_node_for_node(exprs):
    exprs = sd.from_json(sd.to_json(exprs))  # of one graph, where they were of several
    text = sd.to_json(exprs)
    again = sd.from_json(text)
    assert parts(again) == parts(exprs)
    assert again == exprs
    assert again[0].graph.simplify == exprs[0].graph.simplify
    assert sd.to_json(again) == text
    json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))


@settings(max_examples=300, deadline=None)
@given(graphs(simplify=True), st.randoms(use_true_random=False))
def test_text_reads_back_with_the_same_text_and_value(exprs, rng):
    f = exprs[-1]
    text = str(f)
    again = sd.parse(text)
    assert str(again) == text
    names = [sd.parse(part).name if part else "" for part in map(str, again.variables)]
    assert len(set(names)) == len(again.variables) <= len(f.variables)
    if len({v.name for v in f.variables}) == len(f.variables):
        at = {v.name: rng.uniform(0.5, 2) for v in f.variables}
        try:
            value = f.evaluate({v: at[v.name] for v in f.variables})
        except TypeError:  # conditions on complex numbers have none
            return
        same_value(value, again.evaluate(at))


def same_value(a, b):
    """Equal to rounding, where rounding is all that differs."""
    if a == b or max(abs(a), abs(b)) > 1e100:  # a whole number too large for a float, say
        return
    a, b = complex(a), complex(b)
    if all(map(math.isfinite, (a.real, a.imag, b.real, b.imag))) and 1e-100 < abs(a) < 1e100:
        assert abs(a - b) <= 1e-6 * abs(a)


# -- nestings -------------------------------------------------------------------------------


def equal(a, b):
    """Whether two nestings are alike, arrays and all."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and all(map(equal, a.ravel().tolist(), b.ravel().tolist()))
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(equal, a, b))
    if isinstance(a, dict):
        return equal(list(a.items()), list(b.items()))
    if isinstance(a, sd.SparseMatrix):
        return a.shape == b.shape and all(equal(getattr(a, n), getattr(b, n)) for n in ("rows", "cols", "values"))
    return a == b or (a != a and b != b)


X, Y = sd.variables("x y")
SCALARS = st.one_of(
    st.sampled_from([X, Y, X * Y, sd.sin(X), sd.Const(2)]), st.none(), st.text(max_size=5), st.integers(), st.floats(),
    st.booleans(), st.fractions().filter(lambda q: q.denominator > 1), st.complex_numbers(allow_nan=False),
)  # fmt: skip


def object_array(items):
    array = np.empty(len(items), dtype=object)
    for k, item in enumerate(items):
        array[k] = item
    return array


NESTINGS = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(
            st.one_of(st.text(max_size=3), st.integers(), st.just(X), st.tuples(st.just(Y))), inner, max_size=3
        ),
        st.lists(inner, max_size=4).map(object_array),
        st.sampled_from(
            [
                np.arange(6.0).reshape(2, 3),
                np.array([[True], [False]]),
                np.zeros((0, 2)),
                np.array(1, dtype=np.int8),
                np.float32([0.1]),
                np.array([1j]),
                sd.jacobian([X * Y, Y], [X, Y], sparse=True),
            ]
        ),
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(NESTINGS)
def test_any_nesting_comes_back(values):
    assert equal(sd.from_json(sd.to_json(values)), values)


def test_what_is_shared_stays_shared():
    shared = sd.sin(X * Y)
    f, g = sd.from_json(sd.to_json([shared**2, {"g": shared + 1}]))
    assert f.graph is g["g"].graph
    assert len(f.graph) == 8  # x, y, x*y, its sine, 2, 1, and what is made of them


def test_expressions_of_several_graphs_come_back_in_one():
    with sd.Graph():
        a = sd.Var("a") + 1
    with sd.Graph():
        b = sd.Var("a") * 2
    found = sd.from_json(sd.to_json((a, b)))
    assert found == (a, b)
    assert found[0].graph is found[1].graph


def test_values_of_variables_that_are_numbers_are_kept():
    with sd.Graph():
        x, y = sd.variables("x y")
        x.value, y.value = Fraction(1, 3), sd.DualNumber(1, 1)
        again = sd.from_json(sd.to_json(x * y))
    assert [v.value for v in again.variables] == [Fraction(1, 3), None]


def test_depth_does_not_matter_and_size_is_linear():
    f, nest = X, []
    for _ in range(20_000):
        f, nest = sd.sin(f), [nest]
    assert sd.from_json(sd.to_json(f)) == f
    again = sd.from_json(sd.to_json(nest))
    while again:
        again = again[0]
    y = X
    for _ in range(200):
        y = sd.sin(y) * sd.cos(y)  # as a tree of 2**200 leaves
    assert len(sd.to_json(y)) < 200 * 100


def test_own_operations_come_back_by_name():
    from symdiff import records

    op = records.find("halved_for_json") or sd.operation("halved_for_json", lambda x: x / 2, lambda r, x: 0.5)
    assert sd.from_json(sd.to_json(op(X))) == op(X)


@pytest.mark.parametrize(
    "bad", [object(), sd.DualNumber(1, 1), np.array(["a"]), b"x", {1}, [X, [lambda: 0]]], ids=stable
)
def test_what_is_no_nesting_of_expressions_is_refused(bad):
    with pytest.raises(TypeError, match="to_json takes"):
        sd.to_json(bad)


def test_a_nesting_that_holds_itself_is_refused():
    loop = [X]
    loop.append({"again": loop})
    with pytest.raises(ValueError, match="holds itself"):
        sd.to_json(loop)


# -- text that is refused ---------------------------------------------------------------------


def refused(text, message=""):
    with pytest.raises(ValueError, match=message) as error:
        sd.from_json(text)
    assert isinstance(error.value, sd.SymdiffError)


GOOD = json.loads(sd.to_json({"f": X * Y + 2, "g": [X, Y]}))


@pytest.mark.parametrize("version", [0, 2, 99, "1", 1.0, True, None, [1], 10**30])
def test_other_versions_are_refused(version):
    refused(json.dumps({**GOOD, "symdiff": version}), "this text is of version")


@pytest.mark.parametrize(
    "text",
    ["", "x", "{", "[]", "null", "1", "{}", '"symdiff"', "[" * 100_000, '{"symdiff": 1', "1" * 5000, "NaN", "{'a': 1}"],
)
def test_other_text_is_refused(text):
    refused(text, "this is no text of to_json")


def test_other_types_are_refused():
    with pytest.raises(TypeError, match="takes a string"):
        sd.from_json(b"{}")


@pytest.mark.parametrize(
    ("part", "value", "message"),
    [
        ("nodes", [["add", 0, 0]], "refers to a later one"),
        ("nodes", [{"var": "x"}, ["add", 0, 1]], "refers to a later one"),
        ("nodes", [{"var": "x"}, ["add", 0, -1]], "refers to what is no node"),
        ("nodes", [{"var": "x"}, ["add", 0, True]], "refers to what is no number"),
        ("nodes", [{"var": "x"}, ["add", 0, 0.0]], "refers to what is no number"),
        ("nodes", [{"var": "x"}, ["add", 0, [0]]], "refers to what is no number"),
        ("nodes", [{"var": "x"}, ["add", 0]], "not as many operands as it takes"),
        ("nodes", [{"var": "x"}, ["sin", 0, 0]], "not as many operands as it takes"),
        ("nodes", [{"var": "x"}, ["no_such_operation", 0]], "has to be registered first"),
        ("nodes", [{"var": "x"}, ["__import__", 0]], "has to be registered first"),
        ("nodes", [{"var": "x"}, {"var": "x"}], "two nodes of a graph are the same"),
        ("nodes", [{"var": "x"}, ["polygamma", 0, 0]], "whole"),
        ("nodes", [[]], "names no operation"),
        ("nodes", [[1, 0]], "names no operation"),
        ("nodes", [3], "node 0 is 3"),
        ("nodes", [None], "node 0 is None"),
        ("nodes", [{}], "node 0 is {}"),
        ("nodes", [{"var": 1}], "is no variable"),
        ("nodes", [{"var": "x", "kind": "real"}], "is no variable"),
        ("nodes", [{"var": "x", "key": {}}], "has a key of no use"),
        ("nodes", [{"var": "x", "key": [[["x"]]]}], "has a key of no use"),
        ("nodes", [{"var": "x", "key": [1.5]}], "has a key of no use"),
        ("nodes", [{"var": "x", "value": "1"}], "the value of node 0 is no number"),
        ("nodes", [{"var": "\ud800"}], "no text"),
        ("nodes", [{"integer": 1}], "node 0 is no number"),
        ("nodes", [{"int": 1, "float": 1}], "node 0 is no number"),
        ("nodes", [{"int": 1.5}], "no whole number"),
        ("nodes", [{"int": "12"}], "no whole number"),
        ("nodes", [{"int": True}], "no whole number"),
        ("nodes", [{"float": "1.5"}], "no float"),
        ("nodes", [{"float": 10**400}], "no float"),
        ("nodes", [{"bool": 1}], "no bool"),
        ("nodes", [{"fraction": [2, 4]}], "no fraction"),
        ("nodes", [{"fraction": [1, 0]}], "no fraction"),
        ("nodes", [{"fraction": [4, 1]}], "no fraction"),
        ("nodes", [{"fraction": [1]}], "no fraction"),
        ("nodes", [{"complex": [1]}], "no complex number"),
        ("nodes", [{"named": "tau"}], "no constant"),
        ("nodes", [{"named": ["pi"]}], "no constant"),
        ("nodes", [{"mpf": "1.5"}], "no number of mpmath"),
        ("nodes", [{"mpf": [1, 2, 3]}], "no number of mpmath"),
        ("nodes", [{"mpc": [[1, 2]]}], "no complex number of mpmath"),
        ("nodes", {}, "parts"),
        ("values", [], "not one nesting"),
        ("values", [0, 1], "not one nesting"),
        ("values", [99], "is no node"),
        ("values", [-1], "is no node"),
        ("values", [0, {"list": [1]}], "not there to take"),
        ("values", [0, {"list": [0, 0]}], "not there to take"),
        ("values", [{"list": [-1]}], "not there to take"),
        ("values", [0, {"set": [0]}], "is no number"),
        ("values", [0, {"list": 0}], "holds nothing that is known"),
        ("values", [{"text": 1}], "is no text"),
        ("values", [0, 1, {"dict": [0]}], "put together"),
        ("values", [{"list": []}, 0, {"dict": [0, 1]}], "put together"),
        ("values", [0, 1, 0, 1, {"dict": [0, 1, 2, 3]}], "a key twice"),
        ("values", [0, {"array": [0], "shape": [2], "dtype": "object"}], "another shape"),
        ("values", [0, {"array": [0], "dtype": "object"}], "shape or places"),
        ("values", [0, {"array": [0], "shape": [-1], "dtype": "object"}], "shape or places"),
        ("values", [0, {"array": [0], "shape": [1], "dtype": "float64"}], "no array of"),
        ("values", [{"array": [], "shape": [0], "dtype": "V8"}], "no array of"),
        ("values", [{"array": [], "shape": [0], "dtype": ","}], "no array of"),
        ("values", [{"array": [], "shape": [0, 1 << 61, 1 << 61], "dtype": "object"}], "put together"),
        ("values", [0, {"sparse": [0], "shape": [1, 1], "rows": [1], "cols": [0]}], "damaged"),
        ("values", [0, {"sparse": [0], "shape": [1], "rows": [0], "cols": [0]}], "no matrix"),
        ("simplify", 1, "parts"),
        ("more", 1, "other parts"),
    ],
)  # fmt: skip
def test_damaged_text_is_refused(part, value, message):
    damaged = {**copy.deepcopy(GOOD), part: value}
    if part == "nodes":
        damaged["values"] = [0]
    refused(json.dumps(damaged), message)


def test_damage_anywhere_is_refused_or_harmless():
    """Letters changed and parts cut out: a clear error, or a text that says something else."""
    rng = random.Random(0)
    text = sd.to_json(
        {
            "f": sd.sin(X * Y) + Fraction(1, 3),
            "g": np.array([X, 2.5, sd.pi]),
            "s": sd.jacobian([X * Y], [X, Y], sparse=True),
        }
    )
    for _ in range(3000):
        at, size = rng.randrange(len(text)), rng.choice([0, 1, 1, 5])
        damaged = text[:at] + rng.choice(["", "0", "9", '"', "[", "]", ",", "x", "-1", "{", "null"]) + text[at + size :]
        with contextlib.suppress(sd.SymdiffError):
            sd.to_json(sd.from_json(damaged))
