"""The cross-check: it agrees where all is well, and notices where it is not."""

from __future__ import annotations

import json
import math
from itertools import pairwise

import numpy as np
import pytest
from support import sample

import symdiff as sd
from symdiff.check import methods
from symdiff.check.crosscheck import CrosscheckError
from symdiff.records import OPERATIONS

TABLE = [op for op in OPERATIONS if op is not None and hasattr(sd, op.class_name)]
BEYOND_ONE = dict.fromkeys(["acosh", "asec", "acsc", "acoth"], (1.7, 2.3))
POINTS = {**BEYOND_ONE, "floor": (1.37, 0.4), "ceil": (1.37, 0.4)}
JUMPS = {"floor", "ceil", "trunc", "rint", "mod", "floor_divide", "fmod"}  # SymPy 1.14 leaves their derivatives open
METHODS = {"50 digits", *methods.METHODS}


@pytest.mark.parametrize("op", TABLE, ids=lambda op: op.name)
def test_every_operation(op):
    x, y = POINTS.get(op.name, (0.37, 0.73))
    report = sd.crosscheck(sample(op), {"x": x, "y": y}, order=3)
    report.raise_if_wrong()
    assert {row.method for row in report.rows} == METHODS
    missing = {row.method for row in report.rows if row.error is None}
    assert missing <= ({"SymPy"} if op.name in JUMPS or len(op.whole) > 1 else set())


def test_the_running_example():
    x, y = sd.variables("x y")
    report = sd.crosscheck(x**2 * y + y + 2, {x: 3, y: 4})
    assert report.ok
    assert report.disagreements == ()
    assert report.raise_if_wrong() is report
    values = {row.quantity: row.value for row in report.rows if row.method == "dual"}
    assert values == {"f": 42, "∂f/∂x": 24, "∂f/∂y": 10, "∂²f/∂x²": 8, "∂²f/∂x∂y": 6, "∂²f/∂y²": 0}
    report.raise_if_wrong()


def test_the_table_and_its_summary():
    x, y = sd.variables("x y")
    report = sd.crosscheck(sd.sin(x * y), x=1, y=2)
    lines = str(report).splitlines()
    assert lines[0] == "sin(x*y) at x = 1.0, y = 2.0"
    assert lines[1].split("  ")[0] == "method"
    assert lines[-1] == report.summary
    assert report.summary.startswith("8 methods × 6 quantities: all agree, largest relative error ")
    assert lines[-2].startswith("operations: 2 for the value, ")
    assert repr(report) == f"<crosscheck: {report.summary}>"
    columns = [line.index("∂f/∂x") for line in lines if "∂f/∂x" in line and "∂²" not in line]
    assert len(set(columns)) == 1


def test_high_orders():
    x, y = sd.variables("x y")
    report = sd.crosscheck(sd.exp(x * y) * sd.sin(x), {x: 0.5, y: 0.25}, order=4)
    report.raise_if_wrong()
    assert "∂⁴f/∂x²∂y²" in {row.quantity for row in report.rows}


# -- what is wrong is noticed ----------------------------------------------------------------


def test_a_wrong_partial():
    sine = {"real": np.sin, "array": np.sin, "mp": "sin"}
    wrong = sd.operation("crosscheck_wrong", sine, lambda r, x: 1.001 * sd.cos(x))
    x = sd.Var("x")
    report = sd.crosscheck(wrong(x) * x, {x: 0.7}, order=1)
    assert not report.ok
    assert {row.quantity for row in report.disagreements} == {"∂f/∂x"}
    assert {row.method for row in report.disagreements} >= {"symbolic", "dual", "backpropagation", "taylor"}
    assert "disagree" in report.summary
    assert "WRONG" in str(report)
    with pytest.raises(CrosscheckError, match="∂f/∂x"):
        report.raise_if_wrong()
    with pytest.raises(AssertionError):
        report.raise_if_wrong()
    assert issubclass(CrosscheckError, sd.SymdiffError)


def test_a_wrong_partial_without_mpmath():
    wrong = sd.operation("crosscheck_wrong_plain", np.sin, lambda r, x: 1.001 * sd.cos(x))
    right = sd.operation("crosscheck_right_plain", np.sin, lambda r, x: sd.cos(x))
    x = sd.Var("x")
    assert not sd.crosscheck(wrong(x), {x: 0.7}).ok
    report = sd.crosscheck(right(x), {x: 0.7})
    assert report.ok
    assert "differences instead" in str(report)


def test_a_wrong_value():
    square = {"real": lambda x: x * x * (1 + 1e-7), "array": np.square, "mp": lambda ctx, x: x * x}
    wrong = sd.operation("crosscheck_wrong_value", square, lambda r, x: 2 * x)
    x = sd.Var("x")
    report = sd.crosscheck(wrong(x), {x: 0.7}, order=1)
    assert "f" in {row.quantity for row in report.disagreements}
    assert sd.crosscheck(wrong(x), {x: 0.7}, order=1, tolerance=1e-6).ok


def test_a_wrong_second_derivative_only():
    power = {"real": np.exp, "array": np.exp, "mp": "exp"}
    # its first partial is right at 0.5, its slope there is not
    wrong = sd.operation("crosscheck_wrong_second", power, lambda r, x: r + 0.25 * (x - 0.5))
    x = sd.Var("x")
    assert sd.crosscheck(wrong(x), {x: 0.5}, order=1).ok
    assert {row.quantity for row in sd.crosscheck(wrong(x), {x: 0.5}).disagreements} == {"∂²f/∂x²"}


# -- kinks and edges -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "make",
    [
        lambda x, y: sd.abs(x) * y, lambda x, y: sd.relu(x) + sd.relu(-y), sd.maximum, sd.minimum,
        lambda x, y: sd.sign(x) * y, lambda x, y: sd.heaviside(x) + y, lambda x, y: sd.floor(x) * y,
        lambda x, y: sd.where(x > y, x**2, y), lambda x, y: sd.where(sd.equal(x, y), x**2 * y, sd.sin(y)),
        lambda x, y: sd.cbrt(x), lambda x, y: sd.log(x) * y, lambda x, y: 1 / x, lambda x, y: x * sd.abs(x),
    ],
)  # fmt: skip
def test_kinks_and_poles_are_not_called_wrong(make):
    x, y = sd.variables("x y")
    report = sd.crosscheck(make(x, y), {"x": 0, "y": 0})
    report.raise_if_wrong()


def test_a_kink_says_why():
    x = sd.Var("x")
    report = sd.crosscheck(sd.abs(x), {x: 0})
    notes = {row.method: row.note for row in report.rows if row.quantity == "∂f/∂x"}
    assert "-1.0 from the left, 1.0 from the right" in notes["SymPy"]
    assert notes["dual"] == ""
    assert "could not be made" in report.summary


def test_a_kink_within_the_step_of_differences():
    x = sd.Var("x")
    report = sd.crosscheck(sd.abs(x), {x: 1e-9})
    report.raise_if_wrong()
    assert "the step is too coarse here" in {row.note for row in report.rows}


def test_complex_on_the_way():
    x = sd.Var("x")
    report = sd.crosscheck(sd.sqrt(x) ** 2, {x: -2.0})
    report.raise_if_wrong()
    assert any("complex" in row.note for row in report.rows)


def test_bad_conditioning_is_allowed_for():
    x = sd.Var("x")
    sd.crosscheck((1 + x) - 1 + (1 - sd.cos(x)), {x: 1e-8}).raise_if_wrong()


def test_large_graphs_are_left_to_the_others():
    x = sd.Var("x")
    f = x
    for _ in range(3000):
        f = sd.sin(f) + 0.1 * x
    report = sd.crosscheck(f, {x: 0.5}, order=1)
    report.raise_if_wrong()
    assert "the graph is too large or too deep for SymPy" in {row.note for row in report.rows}


def test_complex_on_the_way_to_a_kink():
    x = sd.Var("x")
    report = sd.crosscheck(sd.abs(sd.sqrt(x)), {x: -2.0}).raise_if_wrong()
    assert "floats are nan where values become complex" in {row.note for row in report.rows}


def test_domains():
    """Values agree on nan and inf; what is no number at 50 digits either is not compared."""
    x, y = sd.variables("x y")
    for f, at in ((1 / x + y, 0), (sd.log(x) * y, 0), (sd.log(x) * y, -1), (sd.gamma(x), -1), (sd.acosh(x) + y, 0.5)):
        sd.crosscheck(f, {x: at, y: 1}).raise_if_wrong()
    for f, at in ((sd.exp(x) / sd.exp(x), 1000), (sd.exp(x), 1000), (x**200 / x**199, 100), (1 / x**200, 1e-100)):
        sd.crosscheck(f, {x: at}).raise_if_wrong()
    report = sd.crosscheck(sd.exp(x) / sd.exp(x), {x: 1000})
    assert "numbers on the way leave the range of floats" in {row.note for row in report.rows}


# -- many points, many variables, large graphs --------------------------------------------------


def test_many_points():
    x, y = sd.variables("x y")
    f = sd.exp(x) * sd.sin(x * y)
    columns = sd.crosscheck(f, {x: np.linspace(0, 1, 4), y: 2.0}).raise_if_wrong()
    listed = sd.crosscheck(f, [{x: at, "y": 2} for at in np.linspace(0, 1, 4)])
    assert columns.points == listed.points == tuple({"x": float(at), "y": 2.0} for at in np.linspace(0, 1, 4))
    assert columns.rows == listed.rows
    assert sd.crosscheck(f, x=range(1, 3), y=[3, 4]).points == ({"x": 1.0, "y": 3.0}, {"x": 2.0, "y": 4.0})
    assert columns.summary.startswith("8 methods × 6 quantities × 4 points: all agree, largest relative error ")
    assert " at x = " in columns.summary
    text = str(columns)
    assert "at 4 points" in text.splitlines()[0]
    assert "report.rows holds all" in text
    assert len(text.splitlines()) < 60


def test_random_points():
    x, y = sd.variables("x y")
    report = sd.crosscheck(x * y**2, {x: (0, 1), y: 3}, points=5, order=1)
    assert len(report.points) == 5
    assert all(0 <= at["x"] <= 1 and at["y"] == 3 for at in report.points)
    assert len({at["x"] for at in report.points}) == 5
    assert sd.crosscheck(x * y**2, {x: (0, 1), y: 3}, points=5, order=1).points == report.points
    assert sd.crosscheck(x * y**2, {x: (0, 1), y: 3}, points=5, order=1, seed=1).points != report.points


def test_one_wrong_point_among_many():
    step = {"real": abs, "array": np.abs, "mp": "fabs"}
    wrong = sd.operation("crosscheck_half_wrong", step, lambda r, x: 1)  # right for positive numbers
    x = sd.Var("x")
    report = sd.crosscheck(wrong(x), {x: [1.0, 2.0, -3.0, 4.0]}, order=1)
    assert {row.point for row in report.disagreements} == {2}
    assert report.fault.point == {"x": -3.0}
    assert "x = -3.0" in str(report)


def test_many_variables():
    xs = list(sd.variables("x", 30))
    f = sum(100 * (b - a**2) ** 2 + (1 - a) ** 2 for a, b in pairwise(xs))
    report = sd.crosscheck(f, {x: 0.1 * k for k, x in enumerate(xs)}).raise_if_wrong()
    assert len({row.quantity for row in report.rows}) == 496
    assert len(str(report).splitlines()) < 50
    third = sd.crosscheck(f, {x: 0.1 * k for k, x in enumerate(xs)}, order=3)
    assert "of 5456 quantities were compared" in " ".join(third.notes)


def test_machines_read_it():
    x, y = sd.variables("x y")
    report = sd.crosscheck(sd.abs(x) * y, {x: [0.0, 2.0], y: 1})
    found = json.loads(json.dumps(report.to_dict()))
    assert found["ok"] is False  # of a kink no method can judge, which is no disagreement
    assert found["disagree"] == 0
    assert [one["quantity"] for one in found["unjudged"]] == ["∂f/∂x", "∂²f/∂x²", "∂²f/∂x∂y"]
    assert {one["point"] for one in found["unjudged"]} == {0}
    assert all("kink at abs(x)" in one["reason"] for one in found["unjudged"])
    assert found["points"] == [{"x": 0.0, "y": 1.0}, {"x": 2.0, "y": 1.0}]
    assert found["first_disagreement"] is None
    assert len(found["rows"]) == len(report.rows)
    assert found["operations"][0] == {"order": 0, "operations": 2}
    exact = next(row for row in found["rows"] if row["method"] == "SymPy" and row["point"] == 1)
    assert (exact["value"], exact["reference"], exact["ok"]) == (2.0, "2.0", True)


# -- where they first disagree -------------------------------------------------------------------

SINE = {"real": np.sin, "array": np.sin, "mp": "sin"}


def _within(inner):
    """A larger graph that uses an expression."""
    x, y = sd.variables("x y")
    f = inner
    for _ in range(4):
        f = sd.tanh(f * y) + f * x
    return f


def _below():
    """A larger graph to be used."""
    x, y = sd.variables("x y")
    f = sd.exp(x * y) + sd.log(1 + y**2)
    for _ in range(10):
        f = sd.sin(f + x / 10) + y
    return f


@pytest.mark.parametrize(
    ("values", "partial"),
    [
        (SINE, lambda r, x: 1.001 * sd.cos(x)),
        (np.sin, lambda r, x: 1.01 * sd.cos(x)),  # no value at 50 digits
        ({**SINE, "real": lambda x: math.sin(x) * (1 + 1e-6)}, lambda r, x: sd.cos(x)),
        ({"real": lambda x: x * abs(x), "array": lambda x: x * np.abs(x), "mp": lambda ctx, x: x * x}, lambda r, x: 2),
    ],
    ids=["partial", "partial without mpmath", "value", "another rule"],
)
def test_the_node_at_which_methods_first_disagree(values, partial, request):
    x, y = sd.variables("x y")
    name = "crosscheck_at_" + "_".join(request.node.callspec.id.split())
    wrong = sd.operation(name, values, partial)
    node = wrong(_below() / 2 + x)
    report = sd.crosscheck(_within(node), {x: 0.3, y: 0.6}, order=1)
    assert report.fault.node == node
    assert f"methods first disagree at the node {name}(" in str(report)
    with pytest.raises(CrosscheckError, match=f"first disagree at the node {name}"):
        report.raise_if_wrong()
    assert report.to_dict()["first_disagreement"]["operation"] == name


def test_the_node_whose_second_derivative_is_wrong():
    wrong = sd.operation(
        "crosscheck_at_second", {"real": np.exp, "array": np.exp, "mp": "exp"}, lambda r, x: r + 0.25 * (x - 0.5)
    )
    x, y = sd.variables("x y")
    node = wrong(x * y + 0.25)
    report = sd.crosscheck(_within(node), {x: 0.5, y: 0.5})
    assert report.fault.node == node
    assert "derivative ∂²" in str(report.fault)


def test_the_operand_whose_partial_is_wrong():
    product = {"real": lambda a, b: a * b**2, "array": lambda a, b: a * b**2, "mp": lambda ctx, a, b: a * b**2}
    wrong = sd.operation("crosscheck_at_operand", product, lambda r, a, b: (b**2, a * b))
    x, y = sd.variables("x y")
    node = wrong(sd.sin(x) + y, sd.exp(y))
    report = sd.crosscheck(sd.cos(node) * x + node**2, {x: 0.3, y: 0.6}, order=3)
    assert report.fault.node == node
    assert "∂/∂y" in str(report.fault)


def test_a_method_that_is_wrong_at_one_operation(monkeypatch):
    """Where the rules are right and a method is not, every operation is tried on its own."""
    from symdiff.check import methods

    def without_sine(case):
        found = methods.dual(case)
        has_sine = "sin(" in str(case.f)
        return {key: value * (1 + has_sine * len(key)) for key, value in found.items()}

    monkeypatch.setitem(methods.METHODS, "made up", without_sine)
    x, y = sd.variables("x y")
    report = sd.crosscheck(sd.exp(sd.sin(x * y) + x), {x: 0.3, y: 0.6})
    assert {row.method for row in report.disagreements} == {"made up"}
    assert report.fault.node == sd.sin(x * y)
    assert report.fault.method == "made up"


# -- bad input -----------------------------------------------------------------------------------


def test_bad_input():
    x, y = sd.variables("x y")
    with pytest.raises(sd.MissingValueError, match="y"):
        sd.crosscheck(x * y, {x: 1})
    with pytest.raises(sd.SymdiffTypeError):
        sd.crosscheck("x", {x: 1})
    with pytest.raises(sd.SymdiffTypeError):
        sd.crosscheck(x, {x: 1j})
    with pytest.raises(sd.SymdiffTypeError, match="shape"):
        sd.crosscheck(x, {x: np.ones((2, 2))})
    for point in ("x", 3, [3], [x]):
        with pytest.raises(sd.SymdiffTypeError):
            sd.crosscheck(x, point)
    with pytest.raises(sd.SymdiffTypeError):
        sd.crosscheck(x, {x: "1"})
    with pytest.raises(sd.SymdiffValueError, match="x has 2, y has 3"):
        sd.crosscheck(x * y, {x: [1, 2], y: [1, 2, 3]})
    for empty in ([], {x: []}):
        with pytest.raises(sd.SymdiffValueError, match="empty"):
            sd.crosscheck(x, empty)
    with pytest.raises(sd.SymdiffTypeError):
        sd.crosscheck(x, [{x: 1}], points=2)
    with pytest.raises(sd.SymdiffValueError):
        sd.crosscheck(x, {x: (0, 1)}, points=0)
    with pytest.raises(sd.SymdiffTypeError):
        sd.crosscheck(x, {x: (0, 1)}, points=1.5)
    for interval in ((1, 0), (1, 2, 3)):
        with pytest.raises(sd.SymdiffValueError, match="interval"):
            sd.crosscheck(x, {x: interval}, points=2)
    with pytest.raises(sd.SymdiffValueError):
        sd.crosscheck(x, {x: float("inf")})
    for order in (-1, 5):
        with pytest.raises(sd.SymdiffValueError):
            sd.crosscheck(x, {x: 1}, order=order)
    with pytest.raises(sd.SymdiffTypeError):
        sd.crosscheck(x, {x: 1}, order=1.5)


def test_a_constant():
    assert sd.crosscheck(sd.Const(3), {}).ok


def test_a_complex_constant_is_no_mistake():
    x = sd.Var("x")
    assert sd.crosscheck(x * 1j + x**2, {x: 2}).ok
