"""Expressions as Python objects: classes, patterns, replacement, conditions, equality."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

import symdiff as sd
from symdiff.records import OPERATIONS

NAMED = [op for op in OPERATIONS if op is not None and hasattr(sd, op.class_name)]


def operands_of(op):
    """Operands that the operation does not simplify."""
    a, b, c = sd.variables("a b c")
    if op.whole:
        return [sd.Const(2) for _ in op.whole] + [a, b][: op.arity - len(op.whole)]
    if op.name == "where":
        return [a < b, b, c]
    return [a, b, c][: op.arity]


# -- constructors and classes -----------------------------------------------------


def test_constructors_make_the_running_example():
    x, y = sd.Var("x"), sd.Var("y")
    f = sd.Add(sd.Mul(sd.Mul(x, x), y), sd.Add(y, sd.Const(2)))
    assert f.evaluate({x: 3, y: 4}) == 42
    assert str(f) == "x**2*y + y + 2"
    assert isinstance(f, sd.Add)
    assert isinstance(f, sd.Expr)
    assert not isinstance(f, sd.Mul)


def test_constructors_equal_operators():
    x, y = sd.variables("x y")
    assert sd.Add(x, y) == x + y
    assert sd.Sub(x, y) == x - y
    assert sd.Mul(x, y) == x * y
    assert sd.Div(x, y) == x / y
    assert sd.Neg(x) == -x
    assert sd.Pow(x, y) == x**y
    assert sd.Abs(x) == abs(x)
    assert sd.Less(x, y) == (x < y)
    assert sd.LessEqual(x, y) == (x <= y)
    assert sd.Greater(x, y) == (x > y)
    assert sd.GreaterEqual(x, y) == (x >= y)
    assert sd.LogicalAnd(x < y, y < 1) == ((x < y) & (y < 1))
    assert sd.LogicalOr(x < y, y < 1) == ((x < y) | (y < 1))
    assert sd.LogicalNot(x < y) == ~(x < y)


@pytest.mark.parametrize("op", NAMED, ids=lambda op: op.name)
def test_every_operation_has_a_class_that_makes_and_tells_it(op):
    cls = getattr(sd, op.class_name)
    operands = operands_of(op)
    f = cls(*operands)
    assert type(f) is cls
    assert isinstance(f, sd.Expr)
    assert f == op(*operands)
    assert list(f.args) == operands
    assert f.op is op
    assert sd.class_of(op) is cls


@pytest.mark.parametrize("op", NAMED, ids=lambda op: op.name)
def test_every_class_matches_its_operands(op):
    cls = getattr(sd, op.class_name)
    operands = operands_of(op)
    f = cls(*operands)
    match (f, len(operands)):
        case (cls(a), 1):
            assert [a] == operands
        case (cls(a, b), 2):
            assert [a, b] == operands
        case (cls(a, b, c), 3):
            assert [a, b, c] == operands
        case (cls(a, b, c, d), 4):
            assert [a, b, c, d] == operands
        case _:
            pytest.fail("no pattern matched")


def test_every_name_of_the_issue_has_a_constructor():
    names = (
        "Add Sub Mul Div Neg Pow Sqrt Cbrt Exp Expm1 Log Log1p Log2 Log10 Sin Cos Tan Asin Acos Atan Atan2 Sinh Cosh "
        "Tanh Asinh Acosh Atanh Abs Sign Heaviside Floor Ceil Minimum Maximum Where Less LessEqual Greater "
        "GreaterEqual LogicalAnd LogicalOr LogicalNot Erf Erfc Gamma Loggamma Digamma Polygamma Sinc Lambertw "
        "Sigmoid Softplus Relu Logaddexp Hypot"
    )
    assert [name for name in names.split() if not issubclass(getattr(sd, name, object), sd.Expr)] == []


def test_constructors_take_numbers():
    x = sd.Var("x")
    assert sd.Add(x, 2) == x + 2
    assert sd.Mul(2, x) == 2 * x
    assert isinstance(sd.Sin(1), sd.Sin)
    assert sd.Sin(1).evaluate() == math.sin(1)
    assert sd.Add(1, 2) == sd.Const(3)


def test_minimum_and_maximum_take_two_or_more():
    x, y = sd.variables("x y")
    f = sd.maximum(x, y, 3, 4)
    assert f.evaluate(x=1, y=7) == 7
    assert sd.minimum(x, y, 3).evaluate(x=5, y=4) == 3
    assert sd.Maximum(x, y, 3) == sd.maximum(sd.maximum(x, y), 3)
    with pytest.raises(sd.SymdiffTypeError, match="maximum"):
        sd.maximum(x)


def test_a_pattern_language_for_a_simplifier():
    def describe(f):
        match f:
            case sd.Const(value):
                return f"const {value}"
            case sd.Var(name):
                return f"var {name}"
            case sd.Add(a, sd.Const(2)):
                return f"{describe(a)} plus two"
            case sd.Add(left, right):
                return f"sum of {describe(left)} and {describe(right)}"
            case sd.Pow(base, sd.Const(value=2)):
                return f"square of {describe(base)}"
            case sd.Mul(left=a, right=b):
                return f"product of {describe(a)} and {describe(b)}"
            case sd.Sin(operand):
                return f"sine of {describe(operand)}"
            case sd.Where(condition, _, _):
                return f"choice by {condition}"
        return "else"

    x, y = sd.variables("x y")
    assert describe(x**2 * y + 2) == "product of square of var x and var y plus two"
    assert describe(sd.sin(x) + y) == "sum of sine of var x and var y"
    assert describe(sd.where(x < y, x, y)) == "choice by x < y"
    assert describe(x / y) == "else"


def test_expressions_are_immutable():
    x = sd.Var("x")
    f = x + 1
    for name in ("args", "variables", "op", "anything", "name"):
        with pytest.raises(AttributeError):
            setattr(f, name, 1)
    c = sd.Const(3)
    with pytest.raises(AttributeError):
        c.value = 4
    assert c.value == 3


# -- reading ---------------------------------------------------------------------


def test_args():
    x, y = sd.variables("x y")
    assert (x - y).args == (x, y)
    assert sd.where(x < y, x, y).args == (x < y, x, y)
    assert x.args == ()
    assert sd.Const(3).args == ()


def test_variables_come_in_the_order_in_which_they_were_made():
    with sd.Graph():
        x, y, z = sd.variables("x y z")
        assert (z * y + x).variables == (x, y, z)
        assert (z + y).variables == (y, z)
        assert x.variables == (x,)
        assert sd.Const(1).variables == ()
        assert sd.parse("b + a*c").variables == tuple(sd.parse("b + a*c").replace({}).variables)


def test_nodes():
    with sd.Graph():
        x, y = sd.variables("x y")
        f = x**2 * y + y + 2
        assert [str(node) for node in f.nodes()] == ["x", "y", "2", "x**2", "x**2*y", "x**2*y + y", "x**2*y + y + 2"]


# -- replace ---------------------------------------------------------------------


def test_replace_variables_numbers_and_subexpressions():
    x, y = sd.variables("x y")
    f = x**2 + sd.sin(x * y)
    assert f.replace({x: y + 1}) == (y + 1) ** 2 + sd.sin((y + 1) * y)
    assert f.replace({x: 2}) == 4 + sd.sin(2 * y)
    assert f.replace({x * y: y}) == x**2 + sd.sin(y)
    assert f.replace({f: x}) == x
    assert f.replace({}) == f
    assert f.replace({"x": y}) == y**2 + sd.sin(y * y)


def test_replace_is_simultaneous():
    x, y = sd.variables("x y")
    assert (x - 2 * y).replace({x: y, y: x}) == y - 2 * x


def test_replace_leaves_the_original_alone():
    x, y = sd.variables("x y")
    f = x + y
    text = str(f)
    f.replace({x: 3})
    assert str(f) == text


def test_replace_with_expressions_of_another_graph():
    x = sd.Var("x")
    f = sd.sin(x) * x
    with sd.Graph():
        t = sd.Var("t")
        g = t**2
    assert str(f.replace({x: g})) == "sin(t**2)*t**2"


def test_replace_works_with_values_of_variables():
    x, y = sd.variables("x y")
    assert sd.where(x < y, sd.log(x), y).replace({x: 0, y: 1}).evaluate() == -math.inf


# -- Const and Var -----------------------------------------------------------------


def test_constants_equal_numbers():
    assert sd.Const(3) == 3
    assert 3 == sd.Const(3)  # noqa: SIM300
    assert sd.Const(3) != 4
    assert sd.Const(Fraction(1, 2)) == Fraction(1, 2)
    assert sd.Const(2.5) == 2.5
    assert sd.Const(1) / 3 == Fraction(1, 3)
    assert sd.Const(1) != 1.0
    assert sd.Const(1) != True  # noqa: E712
    assert hash(sd.Const(3)) == hash(3)
    assert {sd.Const(3): "three"}[3] == "three"


def test_constants_are_their_numbers():
    assert float(sd.Const(3)) == 3.0
    assert int(sd.Const(3)) == 3
    assert complex(sd.Const(2)) == 2 + 0j
    assert math.sin(sd.Const(2)) == math.sin(2)
    assert float(sd.pi) == math.pi
    assert float(sd.e) == math.e
    assert float(sd.sin(sd.pi / 2)) == 1.0


def test_pi_and_e_are_exact_until_a_float_is_asked_for():
    import mpmath

    assert sd.pi.evaluate() == math.pi
    assert str(2 * sd.pi) == "2*pi"
    x = sd.Var("x")
    with mpmath.workdps(50):
        value = (sd.pi * sd.e * x).evaluate({x: mpmath.mpf(1)})
        assert abs(value - mpmath.pi * mpmath.e) < mpmath.mpf(10) ** -48
    assert sd.log(sd.e) == sd.Const(1)
    assert isinstance(sd.pi, sd.Const)


def test_variables_have_names_values_and_gradients():
    with sd.Graph():
        x, y = sd.Var("x", init_value=3), sd.Var("y")
        assert (x.name, x.value, x.grad) == ("x", 3, None)
        assert y.value is None
        y.value = 4
        f = x**2 * y + y + 2
        assert f.evaluate() == 42
        f.backpropagate(1.0)
        assert (x.grad, y.grad) == (24.0, 10.0)


def test_init_value_may_be_positional_and_zero():
    with sd.Graph():
        assert sd.Var("x", 0).value == 0


def test_names_are_identifiers_of_any_script():
    for name in ("x", "x_1", "θ", "Δx", "_hidden", "lambda_", "E", "e", "I", "S", "N"):
        with sd.Graph():
            assert str(sd.Var(name) + 1) == f"{name} + 1"


def test_variables_makes_several_at_once():
    x, y = sd.variables("x y")
    assert (x.name, y.name) == ("x", "y")
    assert [v.name for v in sd.variables("a, b,c")] == ["a", "b", "c"]
    assert isinstance(sd.variables("x"), sd.Var)


def test_variables_makes_arrays():
    w = sd.variables("w", 10)
    assert isinstance(w, np.ndarray)
    assert w.dtype == object
    assert [v.name for v in w] == [f"w[{k}]" for k in range(10)]
    m = sd.variables("w", (3, 4))
    assert m.shape == (3, 4)
    assert (m[0, 0].name, m[2, 3].name) == ("w[0, 0]", "w[2, 3]")
    assert len({v.graph for v in m.ravel()}) == 1


# -- conditions --------------------------------------------------------------------


def test_comparisons_build_conditions():
    x, y = sd.variables("x y")
    assert isinstance(x < y, sd.Less)
    assert isinstance(x <= 1, sd.LessEqual)
    assert isinstance(x > 1, sd.Greater)
    assert isinstance(x >= y, sd.GreaterEqual)
    assert isinstance(sd.equal(x, y), sd.Equal)
    for condition, expected in [
        (x < y, True), (x <= y, True), (x > y, False), (x >= y, False), (sd.equal(x, y), False), (x < 2, True),
    ]:  # fmt: skip
        assert condition.evaluate({x: 1.0, y: 2.0}) is expected


def test_conditions_are_joined():
    x = sd.Var("x")
    inside = (x > 0) & (x < 1)
    outside = (x <= 0) | ~(x < 1)
    for value, expected in [(0.5, True), (2.0, False), (-1.0, False)]:
        assert inside.evaluate({x: value}) is expected
        assert outside.evaluate({x: value}) is not expected
    values = inside.evaluate({x: np.array([-1.0, 0.5, 2.0])})
    assert values.tolist() == [False, True, False]


def test_the_truth_of_an_expression_is_a_type_error():
    x, y = sd.variables("x y")
    for f in (x < y, x, x + 1, (x < y) & (y < 1), sd.equal(x, y)):
        with pytest.raises(TypeError, match=r"where") as error:
            bool(f)
        assert isinstance(error.value, sd.SymdiffError)
    with pytest.raises(TypeError):
        max(x, y)
    with pytest.raises(TypeError):
        0 < x < 1  # noqa: B015


def test_membership_uses_structural_equality():
    x, y = sd.variables("x y")
    assert x in [y, x]
    assert x + 1 in {x + 1, y}
    assert [x, y].index(y) == 1
    assert x - 1 not in {x + 1, y}


# -- operators of Python -------------------------------------------------------------


def test_every_operator_of_python():
    x = sd.Var("x")
    point = {x: 7.5}
    cases = {
        "x + 2": x + 2, "2 + x": 2 + x, "x - 2": x - 2, "2 - x": 2 - x, "x * 2": x * 2, "2 * x": 2 * x,
        "x / 2": x / 2, "2 / x": 2 / x, "x ** 2": x**2, "2 ** x": 2**x, "x // 2": x // 2, "20 // x": 20 // x,
        "x % 2": x % 2, "20 % x": 20 % x, "-x": -x, "+x": +x, "abs(x)": abs(x), "abs(-x)": abs(-x),
        "divmod(x, 2)[0]": divmod(x, 2)[0], "divmod(x, 2)[1]": divmod(x, 2)[1],
    }  # fmt: skip
    for text, f in cases.items():
        assert f.evaluate(point) == eval(text, {"x": 7.5}), text


def test_whole_operators_of_negative_numbers_follow_python():
    x, y = sd.variables("x y")
    for a, b in [(7, 3), (-7, 3), (7, -3), (-7, -3), (7.5, -2.0)]:
        assert (x // y).evaluate({x: a, y: b}) == a // b
        assert (x % y).evaluate({x: a, y: b}) == a % b


def test_floor_and_ceil_of_math():
    x = sd.Var("x")
    assert math.floor(x) == sd.floor(x)
    assert math.ceil(x) == sd.ceil(x)


def test_sum_and_prod_of_python():
    x, y = sd.variables("x y")
    assert sum([x, y, 2]) == x + y + 2
    assert math.prod([x, y, 2]) == x * y * 2


def test_formatting():
    x = sd.Var("x")
    assert f"{x + 1}" == "x + 1"
    assert f"{x + 1:>8}|" == "   x + 1|"
    assert repr([x + 1]) == "[x + 1]"


def test_user_operations_are_classes_too():
    double = sd.operation("twice_in_test_expr", lambda x: 2 * x, lambda r, x: 2)
    x = sd.Var("x")
    f = double(x) + 1
    cls = sd.class_of(double)
    assert isinstance(f.args[0], cls)
    assert cls(x) == double(x)
    assert str(f) == "twice_in_test_expr(x) + 1"
    match f.args[0]:
        case cls(operand):
            assert operand == x
        case _:
            pytest.fail("no match")


def test_the_repr_is_bounded_and_the_str_is_whole():
    x = sd.Var("x")
    assert repr(sd.sin(x) ** 2) == str(sd.sin(x) ** 2)
    for steps, most in ((3_000, 20_100), (30_000, 60)):
        f = x
        for _ in range(steps):
            f = sd.sin(f)
        assert len(repr(f)) < most
        assert len(str(f)) > 5 * steps
    assert "nodes" in repr(f)
