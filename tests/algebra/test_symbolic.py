"""One interpreter of partials: over nodes, over numbers, and where speed needs a way around it."""

from fractions import Fraction

import numpy as np
import pytest

import symdiff as sd
from symdiff.algebra.numbers import FLOAT, LIFTS, TABLES
from symdiff.algebra.scaled import ONE, ZERO
from symdiff.algebra.symbolic import Symbolic
from symdiff.build import DIV
from symdiff.handle import gather, handle
from symdiff.records import OPERATIONS
from symdiff.rules import Rules, evaluate_partial

OPERANDS = ["x", "y**2", "x*z", "x/y", "-z", "sin(x*y)", "exp(z)", "2"]
FACTORS = [None, "x", "x**2", "x*y", "1/x", "y/x**2", "cos(x*y)", "exp(z)", "x + y", "-x", "x*exp(z)"]
POINT = {"x": 0.4, "y": 1.7, "z": 0.3}
DIFFERENTIABLE = [op for op in OPERATIONS if op is not None and not op.boolean and op.name != "where"]


def made(op, k, factor):
    """A node of an operation with the k-th choice of operands, its partials, and a factor for them, in a new graph."""
    with sd.Graph(simplify=False):
        texts = [OPERANDS[(k + 3 * d) % len(OPERANDS)] for d in range(op.arity)]
        if op.static:  # orders and degrees are whole numbers
            texts = ["2" if d in op.static else text for d, text in enumerate(texts)]
        graph, indices = gather([sd.parse(text) for text in [*texts, factor or "1"]])
        node = (op.opcode, *indices[:-1])
        i = graph.intern(node)
        return graph, i, node, Rules(graph.nodes, graph.leaves).of(node), indices[-1] if factor else ONE


@pytest.mark.parametrize("op", DIFFERENTIABLE, ids=lambda op: op.name)
@pytest.mark.parametrize("k", range(len(OPERANDS)))
def test_a_product_with_a_partial_is_the_product_of_the_two(op, k):
    for factor in FACTORS:
        for c in (1, Fraction(-3, 2)):
            for p, partial in enumerate(made(op, k, factor)[3]):
                if partial is not None:
                    graph, i, node, rule, n = made(op, k, factor)
                    algebra = Symbolic(graph)
                    gate, *value = algebra.times_partial(None, c, n, rule[p], i, node) or (None, *ZERO)
                    other, i, node, rule, n = made(op, k, factor)
                    plain = Symbolic(other)
                    partial, slots = rule[p], (i, *node[1:])
                    condition = plain.gated(None, partial, slots) if partial.gate is not None else None
                    partial = partial if partial.gate is None else partial.behind
                    slope = evaluate_partial(partial, slots, plain.lift, plain.apply, plain.constant)
                    assert (gate and handle(graph, gate)) == (condition and handle(other, condition))
                    expected = plain.mul((c, n), slope)
                    assert handle(graph, algebra.lower(tuple(value))) == handle(other, plain.lower(expected))


@pytest.mark.parametrize("op", DIFFERENTIABLE, ids=lambda op: op.name)
@pytest.mark.parametrize("k", range(len(OPERANDS)))
def test_a_partial_over_nodes_and_over_numbers(op, k):
    table, lift = TABLES[FLOAT], LIFTS[FLOAT]
    graph, i, node, rule, _ = made(op, k, None)
    slots = (i, *node[1:])
    values = {j: lift(handle(graph, j).evaluate(POINT)) for j in slots}
    algebra = Symbolic(graph)
    for partial in rule:
        if partial is not None:
            number = evaluate_partial(partial, slots, values.__getitem__, table.apply, lift)
            node = handle(graph, algebra.lower(algebra.partial(partial, slots)))
            np.testing.assert_allclose(number, float(node.evaluate(POINT)), rtol=1e-12)


def test_what_is_divided_by_an_operand_makes_no_inverse_on_the_way():
    with sd.Graph() as graph:
        x, y = sd.variables("x y")
        assert str((sd.sin(y) * sd.log(x)).gradient(x)) == "sin(y)/x"
        assert graph.find((DIV, graph.const(1), x._index)) is None
        assert str(sd.log(x).gradient(x)) == "1/x"


TERMS = [
    (1, "x"),
    (-1, "x"),
    (2, "y"),
    (Fraction(1, 2), "x*y"),
    (-3, "x + 1"),
    (1, "1.5"),
    (-1, "x/y"),
    (-1, "y*sin(x)"),
    (1, "exp(y)*sin(x)"),
    (Fraction(-1, 2), "z/(x + y)"),
    (1, "x*y*sin(x)"),
    (5, ""),
    (-1, ""),
]


@pytest.mark.parametrize("first", TERMS, ids=str)
@pytest.mark.parametrize("second", TERMS, ids=str)
def test_sums_of_two_are_sums(first, second):
    """The short way for two terms, and for one and a number, writes what the way for any number of them does."""
    with sd.Graph():
        graph, indices = gather([sd.parse(text or "1") for _, text in (first, second)])
        algebra = Symbolic(graph)
        terms = [(c, i if text else ONE) for (c, text), i in zip((first, second), indices, strict=True)]
        (c, a), (d, b) = terms
        found, expected = algebra.sum_of_two(c, a, d, b), algebra.add(terms)
        assert found == expected
        assert algebra.sum_of([c, d], [a, b]) == expected
        assert algebra.sum_of_two(0, ONE, d, b) == algebra.add([ZERO, (d, b)])


QUOTIENTS = [
    "x/y",
    "x*y/z",
    "sin(x)/(x + y)",
    "(x + 1)/exp(z)",
    "x/(2*y)",
    "1/x",
    "x/y**2",
    "x*y",
    "2*x",
    "exp(x)/y/y",
    "y",
]


@pytest.mark.parametrize("left", QUOTIENTS + FACTORS[1:])
def test_products_of_quotients_that_stay_one_factor(left, monkeypatch):
    """`keeps` is a way around looks that find nothing: without it products are the same."""
    for right in QUOTIENTS + FACTORS[1:]:
        graph, (a, b) = gather([sd.parse(left), sd.parse(right)])
        found = [
            Symbolic(graph).times_node(1, a, b),
            Symbolic(graph).times_node(1, b, a),
            Symbolic(graph).product(a, b),
        ]
        with monkeypatch.context() as patch:
            patch.setattr(Symbolic, "keeps", lambda self, i: False)
            slow = [
                Symbolic(graph).times_node(1, a, b),
                Symbolic(graph).times_node(1, b, a),
                Symbolic(graph).product(a, b),
            ]
        assert found == slow, right


PLAIN = [
    "x*sin(y)",
    "2.5*sin(x)",
    "1.5",
    "sin(x)",
    "sin(y)",
    "sin(x*y)",
    "x*x",
    "exp(x)*(x + y)",
    "x*y*sin(x)",
    "x**0.5",
]


@pytest.mark.parametrize("left", PLAIN + FACTORS[1:])
@pytest.mark.parametrize("right", PLAIN + FACTORS[1:])
def test_the_short_way_to_a_product_writes_what_the_long_one_does(left, right):
    found = []
    for way in (Symbolic.product, Symbolic._merged_product):
        with sd.Graph():
            graph, (a, b) = gather([sd.parse(left), sd.parse(right)])
            found.append(handle(graph, way(Symbolic(graph), a, b)))
    assert str(found[0]) == str(found[1])
    assert found[0] == found[1]
