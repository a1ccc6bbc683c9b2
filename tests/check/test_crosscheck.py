"""The cross-check: it agrees where all is well, and notices where it is not."""

from __future__ import annotations

import numpy as np
import pytest
from support import sample

import symdiff as sd
from symdiff.check.crosscheck import CrosscheckError
from symdiff.records import OPERATIONS

TABLE = [op for op in OPERATIONS if op is not None and hasattr(sd, op.class_name)]
POINTS = {"acosh": (1.7, 2.3), "floor": (1.37, 0.4), "ceil": (1.37, 0.4)}
METHODS = {"50 digits", "symbolic", "symbolic, mpmath", "dual", "backpropagation", "taylor", "differences", "SymPy"}


@pytest.mark.parametrize("op", TABLE, ids=lambda op: op.name)
def test_every_operation(op):
    x, y = POINTS.get(op.name, (0.37, 0.73))
    report = sd.crosscheck(sample(op), {"x": x, "y": y}, order=3)
    report.raise_if_wrong()
    assert {row.method for row in report.rows} == METHODS
    missing = {row.method for row in report.rows if row.error is None}
    assert missing <= ({"SymPy"} if op.name in ("floor", "ceil") else set())


def test_the_running_example():
    x, y = sd.variables("x y")
    report = sd.crosscheck(x**2 * y + y + 2, {x: 3, y: 4})
    assert report.ok
    assert report.disagreements == ()
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
    assert "7 methods agree" in report.summary
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


# -- bad input -----------------------------------------------------------------------------------


def test_bad_input():
    x, y = sd.variables("x y")
    with pytest.raises(sd.MissingValueError, match="y"):
        sd.crosscheck(x * y, {x: 1})
    with pytest.raises(sd.SymdiffTypeError):
        sd.crosscheck("x", {x: 1})
    with pytest.raises(sd.SymdiffTypeError):
        sd.crosscheck(x, {x: 1j})
    with pytest.raises(sd.SymdiffTypeError):
        sd.crosscheck(x, {x: np.array([1.0, 2.0])})
    with pytest.raises(sd.SymdiffValueError):
        sd.crosscheck(x, {x: float("inf")})
    for order in (-1, 5):
        with pytest.raises(sd.SymdiffValueError):
            sd.crosscheck(x, {x: 1}, order=order)
    with pytest.raises(sd.SymdiffTypeError):
        sd.crosscheck(x, {x: 1}, order=1.5)


def test_a_constant():
    assert sd.crosscheck(sd.Const(3), {}).ok
