"""What is written in pictures stays short and readable."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest

import symdiff as sd
from symdiff.draw.labels import WIDTH, cut, number, operand, title


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (42, "42"),
        (-7, "-7"),
        (24.0, "24.0"),
        (np.float64(0.1), "0.1"),
        (1 / 3, "0.333333"),
        (-123456.789, "-123457"),
        (1e-300, "1e-300"),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        (True, "True"),
        (np.bool_(False), "False"),
        (Fraction(1, 3), "1/3"),
        (Fraction(10**20, 3), "3.33333e+19"),
        (Fraction(123457, 1000001), "0.123457"),
        (12345678901, "1.23457e+10"),
        (10**40, "1e+40"),
        (Fraction(1, 10**400), "1e-400"),
        (1 + 2j, "(1+2j)"),
        (2j / 3, "0+0.666667j"),
        (mpmath.mpf(1) / 3, "0.333333"),
        (np.array(2.5), "2.5"),
        (np.array([1.0, 2.0]), "[1.0, 2.0]"),
        (np.array([1.0, 2.0, 3.0]), "[1.0, 2.0, 3.0]"),
        (np.arange(4.0), "[0.0 … 3.0] 4"),
        (np.zeros((3, 4)), "[0.0 … 0.0] 3×4"),
        (np.zeros((0, 4)), "[] 0×4"),
        (np.full((1, 1), 1 / 3), "[0.3333] 1×1"),
    ],
)
def test_numbers_are_rounded(value, text):
    assert number(value) == text


def test_labels_never_grow_wide():
    tiny = -1.23456789e-300
    for value in (10**100_000, tiny, np.full((99, 99, 99), tiny), Fraction(10**999 + 1, 7**999), (1 + 1j) / 3e200):
        assert len(number(value)) <= WIDTH + 12
    assert number(-(10**5000)) == "-1e+5000"


def test_dual_numbers_and_expressions():
    x = sd.Var("x")
    assert number(sd.DualNumber(42.0, 24.0)) == "42.0 + 24.0ε"
    assert number(x**2 + 1) == "x² + 1"
    long = number(sum(sd.sin(x + k) for k in range(50)))
    assert len(long) <= WIDTH
    assert long.endswith("…")


def test_long_names_keep_their_ends():
    first, second = (cut("rate_of_the_layer_with_the_number_" + end) for end in ("twelve", "thirteen"))
    assert first != second
    assert len(first) == WIDTH
    assert "…" in first
    assert cut("short") == "short"


def test_titles():
    x, y = sd.variables("x y")
    expected = {
        x * y: "×",
        x - y: "−",
        x / y: "÷",
        x**-2: "(·)⁻²",
        x**12: "(·)¹²",
        x**0.5: "(·)^0.5",
        x ** (sd.Const(1) / 3): "(·)^(1/3)",
        x**y: "^",
        -x: "−(·)",
        x >= y: "≥",
        sd.equal(x, y): "equal",
        ~(x > y): "not",
        sd.atan2(x, y): "atan2",
        sd.pi: "π",
        sd.Const(1.5): "1.5",
        sd.Const(1 / 7): "0.142857",
    }
    for expr, text in expected.items():
        assert title(expr.graph, expr._index) == text
        assert "<" not in text


def test_operands_are_named_where_their_order_matters():
    x, y = sd.variables("x y")

    def names(expr):
        return [operand(expr.graph, expr._index, k) for k in range(len(expr.args))]

    assert names(x - y) == ["left", "right"]
    assert names(x**y) == ["base", "exponent"]
    assert names(sd.where(x > 0, x, y)) == ["condition", "if true", "if false"]
    assert names(x + y) == names(x**2) == ["", ""]
    assert names(sd.sin(x)) == [""]
