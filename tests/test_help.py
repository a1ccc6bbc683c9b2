"""What `help(sd.sin)`, `sd.sin?` and editors say of operations: it comes from the record."""

import inspect
import pydoc

import numpy as np
import pytest

import symdiff as sd
from symdiff import records
from symdiff.graph import VAR

TABLE = [op for op in records.OPERATIONS[VAR + 1 :] if hasattr(sd, op.class_name)]


def shown(thing):
    return pydoc.render_doc(thing, renderer=pydoc.plaintext)


def test_help_shows_the_operation_not_the_class_of_records():
    text = shown(sd.sin)
    assert "sin(x)" in text
    assert "by x: cos(x)" in text
    assert "sin(0) = 0" in text
    assert "partials" not in text
    assert "np.sin" in text


def test_help_shows_operands_in_order_kinks_and_conditions():
    text = shown(sd.maximum)
    assert "ties split a half each" in text
    assert "*more" in text
    text = shown(sd.atan2)
    assert text.index("y : a number") < text.index("x : a number")
    text = shown(sd.Where)
    assert "condition : a condition" in text
    assert "by if_true: where(condition > 0, 1, 0)" in text


def test_help_of_a_class_names_its_attributes():
    text = shown(sd.Pow)
    assert "Pow(base, exponent, /)" in text
    assert "attributes base, exponent" in text
    assert "by base: pow_by_base(base, exponent)" in text


def test_help_of_conditions_and_orders():
    assert "its value is a condition" in shown(sd.Less)
    assert "a whole number from 0 to 1000" in shown(sd.polygamma)


@pytest.mark.parametrize("op", TABLE, ids=lambda op: op.name)
def test_every_operation_says_its_derivatives_and_conventions(op):
    text = op.__doc__
    assert text != sd.Operation.__doc__
    assert op.kinks in text
    moving = op.arity - len(op.whole) - len(op.conditions)
    assert text.count("\nby ") == (0 if op.boolean else moving)
    assert len(inspect.signature(op).parameters) == op.arity + (op.folds or op.variadic)
    assert sd.class_of(op).__doc__.endswith(text)


def test_help_of_an_operation_of_ones_own():
    with sd.Graph():
        op = sd.operation(
            "helped", lambda a: 1 - np.cos(a), lambda result, a: sd.sin(a), kinks="none, it is an example"
        )
        assert "by x: sin(x)" in op.__doc__
        assert "none, it is an example" in op.__doc__


def test_asking_for_help_leaves_the_current_graph_alone():
    with sd.Graph() as graph:
        before = len(graph)
        assert sd.tanh.__doc__
        assert sd.Tanh.__doc__
        assert len(graph) == before


def test_the_class_of_records_keeps_its_docstring():
    assert sd.Operation.__doc__.startswith("One operation.")
    assert pydoc.getdoc(sd.Operation).startswith("One operation.")
