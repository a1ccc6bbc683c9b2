"""Dual numbers: arithmetic, functions, comparisons, nesting, arrays."""

# ruff: noqa: N806 - matrices have capitals, as in mathematics

from __future__ import annotations

import copy
import math
import pickle
from fractions import Fraction

import mpmath
import numpy as np
import pytest

import symdiff as sd
from symdiff.records import OPERATIONS

D = sd.DualNumber
UNARY = [op for op in OPERATIONS if op is not None and op.arity == 1 and not op.boolean and hasattr(sd, op.class_name)]


def parts(d):
    return d.value, d.eps


# -- what the course shows -----------------------------------------------------------


def test_sums_and_products_of_the_course():
    assert parts(3 + D(3, 4)) == (6, 4)
    assert parts(D(3, 4) + 3) == (6, 4)
    assert parts(D(3, 4) * D(5, 7)) == (15, 41)
    assert str(3 + D(3, 4)) == "6 + 4ε"
    assert str(D(3, 4) * D(5, 7)) == "15 + 41ε"


def test_printing():
    assert str(D(42.0, 24.0)) == "42.0 + 24.0ε"
    assert repr(D(42.0, 24.0)) == "42.0 + 24.0ε"
    assert str(D(3, -4)) == "3 - 4ε"
    assert str(D(3)) == "3 + 0ε"
    assert str(D(Fraction(1, 2), 1)) == "1/2 + 1ε"
    assert str(D(D(1.0, 2.0), D(3.0, 4.0))) == "(1.0 + 2.0ε) + (3.0 + 4.0ε)ε"
    assert f"{D(1, 2)}" == "1 + 2ε"


def test_the_running_example():
    x, y = sd.variables("x y")
    f = x**2 * y + y + 2
    assert str(f.evaluate({x: D(3.0, 1.0), y: 4.0})) == "42.0 + 24.0ε"

    def g(x, y):
        return x * x * y + y + 2

    assert parts(g(D(3, 1), 4)) == (42, 24)
    assert parts(g(3, D(4, 1))) == (42, 10)
    assert parts(g(D(3, 1), D(4, 1))) == (42, 34)


def test_eps_is_zero_by_default():
    assert parts(D(3.0)) == (3.0, 0)
    assert (D(3.0) * D(2.0, 1.0)).eps == 3.0


# -- arithmetic ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("result", "value", "eps"),
    [
        (lambda d: d + 2, 5, 4),
        (lambda d: 2 + d, 5, 4),
        (lambda d: d - 2, 1, 4),
        (lambda d: 2 - d, -1, -4),
        (lambda d: d * 2, 6, 8),
        (lambda d: 2 * d, 6, 8),
        (lambda d: d / 2, 1.5, 2.0),
        (lambda d: 2 / d, 2 / 3, -8 / 9),
        (lambda d: d**2, 9, 24),
        (lambda d: d**0, 1, 0),
        (lambda d: d**-1, 1 / 3, -4 / 9),
        (lambda d: d**0.5, 3**0.5, 2 / 3**0.5),
        (lambda d: 2**d, 8, 4 * 8 * math.log(2)),
        (lambda d: d**d, 27, 4 * 27 * (math.log(3) + 1)),
        (lambda d: -d, -3, -4),
        (lambda d: +d, 3, 4),
        (lambda d: abs(-d), 3, 4),
        (lambda d: d + d, 6, 8),
        (lambda d: d - d, 0, 0),
        (lambda d: d * d, 9, 24),
        (lambda d: d / d, 1.0, 0.0),
        (lambda d: d // 2, 1, 0),
        (lambda d: d % 2, 1, 4),
        (lambda d: 7 % d, 1, -8),
        (lambda d: divmod(d, 2)[1], 1, 4),
        (lambda d: d * True, 3, 4),
        (lambda d: d + Fraction(1, 2), Fraction(7, 2), 4),
        (lambda d: d * np.float64(2), 6.0, 8.0),
        (lambda d: np.float64(2) * d, 6.0, 8.0),
        (lambda d: np.int64(2) - d, -1, -4),
    ],
)
def test_arithmetic(result, value, eps):
    found = result(D(3, 4))
    assert isinstance(found, D)
    assert found.value == pytest.approx(value, rel=1e-15)
    assert found.eps == pytest.approx(eps, rel=1e-14)


def test_exact_parts_stay_exact():
    d = D(Fraction(1, 3), 1) ** 3 * 9
    assert parts(d) == (Fraction(1, 3), 3)
    assert type((D(3, 4) * D(5, 7)).eps) is int


@pytest.mark.parametrize("op", UNARY, ids=lambda op: op.name)
def test_every_function_of_one_operand_has_its_derivative(op):
    at = 1.75 if op.name in ("acosh", "asec", "acsc", "acoth") else 0.37
    d = op(D(at, 2.0))
    assert d.value == op(at)
    if op.kinks:
        expected = {"abs": 2.0, "relu": 2.0, "norm_divisor": 2.0}.get(op.name, 0.0)
        assert d.eps == expected
        return
    slope = float(mpmath.diff(lambda t: op(t), mpmath.mpf(at)))
    assert d.eps == pytest.approx(2 * slope, rel=1e-10)
    assert op(D(at)).eps == 0


@pytest.mark.parametrize("name", ["atan2", "hypot", "logaddexp", "maximum", "minimum", "pow"])
def test_functions_of_two_operands(name):
    op = {"pow": lambda a, b: a**b}.get(name) or getattr(sd, name)
    a, b = 1.25, 0.75
    with mpmath.workdps(40):
        by_a = float(mpmath.diff(lambda t: op(t, mpmath.mpf(b)), mpmath.mpf(a)))
        by_b = float(mpmath.diff(lambda t: op(mpmath.mpf(a), t), mpmath.mpf(b)))
    assert op(D(a, 1.0), b).eps == pytest.approx(by_a, rel=1e-12, abs=1e-12)
    assert op(a, D(b, 1.0)).eps == pytest.approx(by_b, rel=1e-12, abs=1e-12)
    assert op(D(a, 2.0), D(b, 3.0)).eps == pytest.approx(2 * by_a + 3 * by_b, rel=1e-12)


def test_functions_with_a_whole_order():
    assert sd.polygamma(1, D(2.0, 1.0)).eps == pytest.approx(sd.polygamma(2, 2.0), rel=1e-14)
    with pytest.raises(sd.SymdiffTypeError, match="polygamma"):
        sd.polygamma(0.5, D(2.0, 1.0))


@pytest.mark.parametrize(
    "name", ["sec", "csc", "cot", "asec", "acsc", "acot", "sech", "csch", "coth", "asech", "acsch"]
)
def test_further_functions(name):
    function = getattr(sd, name)
    at = 1.75 if name in ("asec", "acsc") else 0.37
    slope = float(mpmath.diff(function, mpmath.mpf(at)))
    assert function(D(at, 1.0)).eps == pytest.approx(slope, rel=1e-10)


def test_functions_of_many_operands():
    a, b = D(1.0, 1.0), D(2.0, 0.0)
    total = math.exp(1) + math.exp(2)
    assert sd.logsumexp(a, b).eps == pytest.approx(math.exp(1) / total)
    assert sd.prod([a, b, 3.0]).eps == 6.0
    assert sd.norm([D(3.0, 1.0), 4.0]).eps == pytest.approx(0.6)
    assert sd.dot([a, b], [3.0, 4.0]).eps == 3.0
    soft = sd.softmax([a, b])
    p = math.exp(1) / total
    assert [d.eps for d in soft] == pytest.approx([p * (1 - p), -p * (1 - p)])


def test_numpy_functions_of_dual_numbers():
    d = D(0.5, 2.0)
    slopes = {"sin": math.cos(0.5), "exp": math.exp(0.5), "sqrt": 0.5 / 0.5**0.5, "tanh": 1 - math.tanh(0.5) ** 2}
    for name, slope in slopes.items():
        found = getattr(np, name)(d)
        assert isinstance(found, D)
        assert found.eps == pytest.approx(2 * slope, rel=1e-15)
    assert np.maximum(d, 0.0).eps == 2.0
    assert np.square(d).eps == 2.0


def test_poles_and_domains_follow_ieee():
    assert parts(1 / D(0.0, 1.0)) == (math.inf, -math.inf)
    assert math.isnan(sd.sqrt(D(-1.0, 1.0)).value)
    assert parts(sd.sqrt(D(0.0, 1.0))) == (0.0, math.inf)
    assert sd.log(D(0.0, 1.0)).eps == math.inf
    assert parts(D(0.0, 1.0) ** 2) == (0.0, 0.0)
    assert parts(D(0.0, 1.0) ** 1) == (0.0, 1.0)
    assert parts(D(0.0, 1.0) ** 0) == (1.0, 0.0)
    assert parts(D(0, 1) ** 3) == (0, 0)
    assert (D(0.0, 1.0) ** D(2.0, 1.0)).eps == 0.0


# -- kinks --------------------------------------------------------------------------


def test_kinks_have_the_stated_convention():
    zero = D(0.0, 1.0)
    assert abs(zero).eps == 0.0
    assert sd.relu(zero).eps == 0.0
    assert sd.maximum(zero, 0.0).eps == 0.5
    assert sd.minimum(zero, 0.0).eps == 0.5
    assert sd.maximum(D(1.0, 3.0), D(1.0, 5.0)).eps == 4.0
    assert parts(sd.heaviside(zero)) == (0.5, 0.0)
    assert parts(sd.sign(zero)) == (0.0, 0.0)
    assert sd.floor(D(2.0, 1.0)).eps == 0.0


def test_where_takes_one_branch_only():
    x = D(0.0, 1.0)
    found = sd.where(x > 0, sd.log(x), x * 3)
    assert parts(found) == (0.0, 3.0)
    assert parts(sd.where(D(2.0, 1.0) > 1, D(2.0, 1.0) ** 2, math.nan)) == (4.0, 4.0)


# -- comparisons and conversions -------------------------------------------------------


def test_comparisons_are_by_value():
    assert D(3, 4) < 5
    assert D(3, 4) <= 3
    assert D(3, 4) > D(2, 100)
    assert 2 < D(3, 4)  # noqa: SIM300
    assert D(3, 4) == 3
    assert D(3, 4) == D(3, 5)
    assert D(3, 4) != 4
    assert not D(3, 4) != 3  # noqa: SIM202
    assert (D(3, 4) < 5) is True
    assert max(D(1, 1), D(2, 2)).eps == 2
    assert sorted([D(2, 0), D(1, 5)])[0].eps == 5
    assert bool(D(1, 0)) is True
    assert bool(D(0, 1)) is False


def test_branches_and_loops_see_values():
    def power(x, n):
        result = 1
        while n:
            if n % 2:
                result = result * x
            x, n = x * x, n // 2
        return result

    assert parts(power(D(3, 1), 5)) == (243, 405)
    assert (lambda x: x if x > 0 else -x)(D(-2.0, 1.0)).eps == -1.0


@pytest.mark.parametrize("function", [math.sin, math.exp, math.sqrt, float, int, complex])
def test_what_would_lose_the_derivative_is_a_clear_type_error(function):
    with pytest.raises(TypeError):
        function(D(1.0, 1.0))


def test_the_error_of_math_functions_names_the_way_out():
    with pytest.raises(sd.SymdiffTypeError, match=r"np\.sin|sd\.sin"):
        math.sin(D(1.0, 1.0))


def test_operations_with_what_is_no_number():
    for other in ("x", None, [1, 2], object()):
        with pytest.raises(TypeError):
            D(1, 2) + other
        with pytest.raises(TypeError):
            other * D(1, 2)
    assert D(1, 2) != "x"
    assert (D(1, 2) == None) is False  # noqa: E711


def test_copies_and_pickles():
    d = D(1.5, np.array([1.0, 2.0]))
    for again in (copy.copy(d), copy.deepcopy(d), pickle.loads(pickle.dumps(d))):
        assert again.value == 1.5
        np.testing.assert_array_equal(again.eps, [1.0, 2.0])
        assert again.level == d.level


# -- vectors of tangents, arrays -------------------------------------------------------


def test_a_vector_of_eps_gives_a_whole_gradient_in_one_sweep():
    x, y = D(3.0, np.array([1.0, 0.0])), D(4.0, np.array([0.0, 1.0]))
    f = x * x * y + y + 2
    assert f.value == 42.0
    np.testing.assert_array_equal(f.eps, [24.0, 10.0])
    a, b = sd.variables("a b")
    g = (a**2 * b + b + 2).evaluate({a: x, b: y})
    np.testing.assert_array_equal(g.eps, [24.0, 10.0])


def test_arrays_of_values():
    a = np.array([0.0, 1.0, 2.0])
    d = sd.sin(D(a, np.ones(3))) * 2
    np.testing.assert_allclose(d.value, 2 * np.sin(a))
    np.testing.assert_allclose(d.eps, 2 * np.cos(a))
    e = a * D(2.0, 1.0)
    assert [x.eps for x in e] == [0.0, 1.0, 2.0]


def test_a_vector_of_eps_beside_an_array_of_values():
    a = np.array([1.0, 2.0, 3.0])
    x = D(a, np.array([[1.0], [0.0]]))
    y = D(2.0, np.array([[0.0], [1.0]]))
    f = x**2 * y
    np.testing.assert_allclose(f.value, 2 * a**2)
    np.testing.assert_allclose(f.eps, [4 * a, a**2])


def test_object_arrays_of_dual_numbers_in_matrix_products():
    A = np.array([[1.0, 2.0], [3.0, 4.0]])
    v = np.array([D(1.0, 1.0), D(2.0, 0.0)])
    product = A @ v
    assert [parts(d) for d in product] == [(5.0, 1.0), (11.0, 3.0)]
    assert parts(v @ v) == (5.0, 2.0)
    M = np.array([[D(1.0, 1.0), D(2.0)], [D(3.0), D(4.0)]])
    square = M @ M
    assert square[0, 0].eps == 2.0
    assert square[0, 1].eps == 2.0
    assert square[1, 0].eps == 3.0
    assert (M.T @ M)[0, 0].eps == 2.0
    assert np.sin(v)[0].eps == pytest.approx(math.cos(1))
    assert v.sum().eps == 1.0
    assert v.mean().eps == 0.5
    assert np.linalg.norm(v).eps == pytest.approx(1 / math.sqrt(5))
    assert (v * 2 + 1)[0].eps == 2.0
    assert (np.array([1.0, 2.0]) - v)[0].eps == -1.0


def test_gaussian_elimination_over_dual_numbers():
    """The derivative of a determinant is the cofactor (Jacobi)."""
    rng = np.random.default_rng(5)
    A = rng.normal(size=(4, 4))
    M = A.astype(object)
    M[1, 2] = D(A[1, 2], 1.0)
    for k in range(4):
        for i in range(k + 1, 4):
            M[i] = M[i] - M[k] * (M[i, k] / M[k, k])
    det = math.prod(M.diagonal())
    cofactor = -np.linalg.det(np.delete(np.delete(A, 1, 0), 2, 1))
    assert det.value == pytest.approx(np.linalg.det(A))
    assert det.eps == pytest.approx(cofactor)


# -- nesting ------------------------------------------------------------------------


def test_nested_dual_numbers_give_second_derivatives():
    x = D(D(2.0, 1.0), D(1.0, 0.0))
    f = x**3
    assert f.value.value == 8.0
    assert f.value.eps == f.eps.value == 12.0
    assert f.eps.eps == 12.0


def test_nested_dual_numbers_of_functions():
    x = D(D(0.5, 1.0), D(1.0, 0.0))
    for function, second in [(sd.sin, -math.sin(0.5)), (sd.exp, math.exp(0.5)), (np.tanh, None), (sd.log, -4.0)]:
        t = math.tanh(0.5)
        expected = -2 * t * (1 - t * t) if second is None else second
        assert function(x).eps.eps == pytest.approx(expected, rel=1e-14)


def test_three_levels():
    x = D(D(D(2.0, 1.0), 1.0), 1.0)
    assert (x**4).eps.eps.eps == 48.0
    assert sd.sin(x).eps.eps.eps == pytest.approx(-math.cos(2))


def derivative(function, at):
    return sd.derivative(function, at)


def test_perturbation_confusion_siskind_and_pearlmutter():
    """d/dx (x · d/dy (x + y)) at x = 1, y = 1 is 1; confused implementations say 2."""
    assert derivative(lambda x: x * derivative(lambda y: x + y, 1.0), 1.0) == 1.0


def test_perturbation_confusion_product():
    """d/dx (x · d/dy (x·y)) = d/dx x² = 2x."""
    assert derivative(lambda x: x * derivative(lambda y: x * y, 2.0), 3.0) == 6.0


def test_perturbation_confusion_inner_variable_is_the_outer_one():
    assert derivative(lambda x: derivative(lambda y: x * y * y, x), 3.0) == 12.0  # d/dx 2x²
    assert derivative(lambda x: derivative(lambda y: y**3, x) * x, 2.0) == 36.0  # d/dx 3x³


def test_perturbation_confusion_forwarddiff_issue_83():
    """From ForwardDiff.jl's ConfusionTest: the gradient of a function with a derivative inside."""

    def f(v):
        return sd.gradient(lambda z: z, v[0])[0] * v[0] + v[1]

    np.testing.assert_array_equal(sd.gradient(f, np.array([1.0, 2.0]))[0], [1.0, 1.0])


def test_perturbation_confusion_tunnel():
    """∂/∂x of (∂/∂y of a(x)·b(y)) with the inner derivative taken at a point that depends on x."""
    a, b = math.sin, math.exp
    found = derivative(lambda x: derivative(lambda y: sd.sin(x) * sd.exp(y), x * x), 0.7)
    assert found == pytest.approx((math.cos(0.7) + a(0.7) * 1.4) * b(0.49), rel=1e-14)


def test_perturbation_confusion_constant_inside():
    """The inner derivative of what does not depend on its variable is zero, not the outer tangent."""
    assert derivative(lambda x: derivative(lambda y: x, 5.0) + x, 1.0) == 1.0
    assert derivative(lambda x: derivative(lambda y: x * x, 5.0), 1.0) == 0.0


def test_perturbation_confusion_higher_orders():
    """Taylor series and dual numbers inside each other keep apart."""
    found = sd.derivative(lambda x: x * sd.derivative(lambda y: x * y**3, 2.0, order=2), 3.0)
    assert found == pytest.approx(72.0)  # d/dx 12 x²
    found = sd.derivative(lambda x: sd.derivative(lambda y: x**3 * y, 2.0), 3.0, order=2)
    assert found == pytest.approx(18.0)


def test_perturbation_confusion_curried():
    """A closure that got an outer number is differentiated by another one (Manzyuk et al., 2019)."""

    def shift(offset):
        return lambda g: lambda z: g(z + offset)

    def curried(x):
        return shift(x)(shift(x)(sd.sin))

    found = derivative(lambda x: curried(x)(1.0), 0.5)
    assert found == pytest.approx(2 * math.cos(2.0), rel=1e-14)


def test_levels_keep_numbers_of_users_apart():
    x, y = D(3.0, 1.0, level=1), D(4.0, 1.0, level=2)
    f = x * x * y
    assert f.level == 2
    assert f.eps.value == 9.0
    assert f.eps.eps == 6.0
    assert f.value.eps == 24.0


def test_mixing_with_expressions_is_symbolic_or_a_clear_error():
    x = sd.Var("x")
    f = D(x, 1) ** 2 * sd.sin(D(x, 1))
    assert f.value == x**2 * sd.sin(x)
    assert f.eps.evaluate({x: 0.5}) == pytest.approx((x**2 * sd.sin(x)).gradient(x).evaluate({x: 0.5}))
