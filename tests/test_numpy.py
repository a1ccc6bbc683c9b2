"""Expressions inside NumPy: ufuncs, scalars, arrays on either side, methods of object arrays."""

# ruff: noqa: N806 - matrices have capitals, as in mathematics

from __future__ import annotations

import math

import numpy as np
import pytest

import symdiff as sd

UFUNCS = {
    "sin": "sin", "cos": "cos", "tan": "tan", "arcsin": "asin", "arccos": "acos", "arctan": "atan", "sinh": "sinh",
    "cosh": "cosh", "tanh": "tanh", "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh", "exp": "exp",
    "expm1": "expm1", "log": "log", "log1p": "log1p", "log2": "log2", "log10": "log10", "sqrt": "sqrt",
    "cbrt": "cbrt", "absolute": "abs", "floor": "floor", "ceil": "ceil", "trunc": "trunc", "rint": "rint",
    "negative": "neg",
}  # fmt: skip
OTHERS = ["square", "reciprocal", "positive", "conjugate", "fabs", "exp2", "deg2rad", "rad2deg", "radians", "degrees"]


def same(a, b):
    return a.shape == b.shape and all(p == q for p, q in zip(a.ravel(), b.ravel(), strict=True))


@pytest.mark.parametrize("name", UFUNCS)
def test_ufuncs_of_one_operand(name):
    x, y = sd.variables("x y")
    ours = getattr(sd, UFUNCS[name], None) or sd.Neg
    assert getattr(np, name)(x) == ours(x)
    A = np.array([[x, y], [x * y, x + 1]])
    assert same(getattr(np, name)(A), np.array([[ours(x), ours(y)], [ours(x * y), ours(x + 1)]]))


@pytest.mark.parametrize("name", OTHERS)
def test_further_ufuncs_have_their_value(name):
    x = sd.Var("x")
    ufunc = getattr(np, name)
    assert ufunc(x).evaluate({x: 0.7}) == pytest.approx(float(ufunc(0.7)), rel=1e-15)
    array = ufunc(np.array([x, 2 * x]))
    assert [f.evaluate({x: 0.7}) for f in array] == pytest.approx([float(ufunc(0.7)), float(ufunc(1.4))], rel=1e-15)


@pytest.mark.parametrize(
    "ufunc",
    [
        np.add, np.subtract, np.multiply, np.divide, np.power, np.arctan2, np.hypot, np.floor_divide, np.remainder,
        np.fmod,
        np.maximum, np.minimum, np.fmin, np.fmax, np.logaddexp, np.float_power,
    ],
    ids=lambda u: u.__name__,
)  # fmt: skip
def test_ufuncs_of_two_operands(ufunc):
    x, y = sd.variables("x y")
    point = {x: 2.5, y: 1.25}
    expected = float(ufunc(2.5, 1.25))
    array = np.array([1.25, 3.0])
    assert ufunc(x, y).evaluate(point) == pytest.approx(expected, rel=1e-15)
    assert ufunc(x, 1.25).evaluate(point) == pytest.approx(expected, rel=1e-15)
    assert ufunc(2.5, y).evaluate(point) == pytest.approx(expected, rel=1e-15)
    right = [f.evaluate(point) for f in ufunc(x, array)]
    left = [f.evaluate(point) for f in ufunc(array, y)]
    inside = [f.evaluate(point) for f in ufunc(np.array([x, y]), y)]
    assert right == pytest.approx([float(v) for v in ufunc(2.5, array)], rel=1e-15)
    assert left == pytest.approx([float(v) for v in ufunc(array, 1.25)], rel=1e-15)
    assert inside == pytest.approx([expected, float(ufunc(1.25, 1.25))], rel=1e-15)


@pytest.mark.parametrize(
    "ufunc",
    [
        np.add, np.subtract, np.multiply, np.divide, np.power, np.arctan2, np.hypot, np.floor_divide, np.remainder,
        np.fmod,
    ],
    ids=lambda u: u.__name__,
)  # fmt: skip
def test_ufuncs_of_two_arrays_of_expressions(ufunc):
    x, y = sd.variables("x y")
    both = [f.evaluate({x: 2.5, y: 1.25}) for f in ufunc(np.array([x, x]), np.array([y, y]))]
    assert both == pytest.approx([float(ufunc(2.5, 1.25))] * 2, rel=1e-15)


def test_what_numpy_cannot_do_with_object_arrays_symdiff_can():
    """NumPy asks for the truth of comparisons there, which is a clear error."""
    x, y = sd.variables("x y")
    A = np.array([x, y])
    for f in (lambda: np.maximum(A, 0), lambda: np.max(A), lambda: np.sign(A), lambda: A < 1, lambda: np.sort(A)):
        with pytest.raises(sd.SymdiffTypeError, match="is not known before its variables have values"):
            f()
    assert same(sd.maximum(A, 0), np.array([sd.maximum(x, 0), sd.maximum(y, 0)]))
    assert same(sd.minimum(A, A[::-1]), np.array([sd.minimum(x, y), sd.minimum(y, x)]))
    assert same(sd.sign(A), np.array([sd.sign(x), sd.sign(y)]))
    assert same(sd.logaddexp(A, 0.0), np.array([sd.logaddexp(x, 0.0), sd.logaddexp(y, 0.0)]))


def test_maximum_with_a_number():
    x = sd.Var("x")
    assert np.maximum(x, 0) == sd.maximum(x, 0)
    assert np.minimum(0, x) == sd.minimum(0, x)


def test_comparing_ufuncs_build_conditions():
    x, y = sd.variables("x y")
    assert np.less(x, y) == (x < y)
    assert np.greater_equal(x, 1) == (x >= 1)
    assert np.logical_and(x < 1, y < 1) == ((x < 1) & (y < 1))
    assert np.logical_not(x < 1) == ~(x < 1)
    assert same(np.array([x < 1, x < 2]) & np.array([y < 1, y < 2]), np.array([(x < 1) & (y < 1), (x < 2) & (y < 2)]))
    assert same(np.array([1.0, 2.0]) < x, np.array([sd.Less(1.0, x), sd.Less(2.0, x)]))


# -- NumPy's scalars ---------------------------------------------------------------


@pytest.mark.parametrize(
    "number", [np.float64(2.0), np.int64(2), np.float32(2.0), np.int8(2), np.array(2.0)], ids=lambda n: type(n).__name__
)
def test_numpy_scalars_on_either_side(number):
    x = sd.Var("x")
    plain = number.item()
    assert number * x == plain * x
    assert x * number == x * plain
    assert number + x == plain + x
    assert number - x == plain - x
    assert x - number == x - plain
    assert number / x == plain / x
    assert x / number == x / plain
    assert x**number == x**plain
    assert number**x == plain**x
    assert (x < number) == (x < plain)
    assert [(number < x).evaluate({x: v}) for v in (1.0, 2.0, 3.0)] == [False, False, True]
    assert isinstance(number * x, sd.Expr)


def test_numpy_bools():
    x = sd.Var("x")
    assert sd.where(np.bool_(True), x, 1) == x
    assert (np.bool_(True) & (x < 1)) == (x < 1)
    assert ((x < 1) | np.bool_(False)) == (x < 1)
    assert (np.bool_(True) * x).evaluate({x: 3.0}) == 3.0


# -- arrays on either side ----------------------------------------------------------


def test_float_arrays_on_either_side():
    x = sd.Var("x")
    a = np.array([1.0, 2.0])
    for made, expected in [
        (a * x, [1.0 * x, 2.0 * x]), (x * a, [x * 1.0, x * 2.0]), (a + x, [1.0 + x, 2.0 + x]),
        (x - a, [x - 1.0, x - 2.0]), (a - x, [1.0 - x, 2.0 - x]), (x / a, [x / 1.0, x / 2.0]),
        (a / x, [1.0 / x, 2.0 / x]), (x**a, [x**1.0, x**2.0]), (a**x, [1.0**x, 2.0**x]),
    ]:  # fmt: skip
        assert isinstance(made, np.ndarray)
        assert same(made, np.array(expected, dtype=object))


def test_int_arrays_stay_exact():
    x = sd.Var("x")
    assert same(np.array([1, 2]) * x, np.array([x, 2 * x]))
    assert same(x ** np.array([0, 1, 2]), np.array([sd.Const(1), x, x**2]))


def test_arrays_broadcast():
    x, y = sd.variables("x y")
    column, row = np.array([[x], [y]]), np.array([1.0, 2.0, 3.0])
    made = column * row
    assert made.shape == (2, 3)
    assert made[1, 2] == y * 3.0
    assert (np.ones((2, 0)) * x).shape == (2, 0)


def test_in_place_operations_on_object_arrays():
    x, y = sd.variables("x y")
    a = np.array([x, y])
    a += 1
    a *= x
    assert same(a, np.array([(x + 1) * x, (y + 1) * x]))


def test_conditions_with_arrays():
    x = sd.Var("x")
    made = x < np.array([1.0, 2.0])
    assert same(made, np.array([x < 1.0, x < 2.0]))
    made = sd.where(x < np.array([1.0, 2.0]), x, np.array([0.0, 5.0]))
    assert made[1] == sd.where(x < 2.0, x, 5.0)


# -- linear algebra -------------------------------------------------------------------


def test_products_of_matrices():
    w = sd.variables("w", 2)
    A = np.array([[1, 2], [3, 4]])
    assert same(A @ w, np.array([w[0] + 2 * w[1], 3 * w[0] + 4 * w[1]]))
    assert same(w @ A, np.array([w[0] + w[1] * 3, w[0] * 2 + w[1] * 4]))
    assert (w @ w).evaluate({w[0]: 3, w[1]: 4}) == 25
    M = sd.variables("m", (2, 2))
    gram = M.T @ M
    assert gram.shape == (2, 2)
    assert gram[0, 1] == M[0, 0] * M[0, 1] + M[1, 0] * M[1, 1]
    assert same(np.matmul(A, w), A @ w)
    assert np.dot(w, w) == w @ w
    assert np.inner(w, w) == w @ w
    assert same(np.outer(w, w), np.array([[w[0] * w[0], w[0] * w[1]], [w[1] * w[0], w[1] * w[1]]]))
    assert np.vdot(w, w) == w @ w
    assert np.trace(M) == M[0, 0] + M[1, 1]


def test_products_with_float_matrices_have_the_right_value():
    rng = np.random.default_rng(1)
    X, v = rng.normal(size=(100, 3)), rng.normal(size=3)
    w = sd.variables("w", 3)
    found = sd.evaluate(X @ w, dict(zip(w, v, strict=True)))
    np.testing.assert_allclose(found, X @ v, rtol=1e-13)


def test_functions_of_matrices():
    A = sd.variables("a", (2, 2))
    assert np.sin(A)[1, 0] == sd.sin(A[1, 0])
    assert (np.exp(A) @ A).shape == (2, 2)
    assert abs(A)[0, 0] == abs(A[0, 0])
    assert (-A)[0, 1] == -A[0, 1]
    assert (A**2)[0, 1] == A[0, 1] ** 2


def test_sums_means_and_products():
    w = sd.variables("w", 3)
    point = {w[0]: 1.0, w[1]: 2.0, w[2]: 6.0}
    assert w.sum() == np.sum(w) == w[0] + w[1] + w[2]
    assert sum(w) == w[0] + w[1] + w[2]
    assert w.prod() == w[0] * w[1] * w[2]
    assert w.mean().evaluate(point) == 3.0
    assert np.mean(w).evaluate(point) == 3.0
    assert np.var(w).evaluate(point) == pytest.approx(np.var([1.0, 2.0, 6.0]))
    assert np.std(w).evaluate(point) == pytest.approx(np.std([1.0, 2.0, 6.0]))
    assert same(w.cumsum(), np.array([w[0], w[0] + w[1], w[0] + w[1] + w[2]]))
    M = sd.variables("m", (2, 3))
    assert M.sum(axis=0)[2] == M[0, 2] + M[1, 2]
    assert M.sum(axis=1, keepdims=True).shape == (2, 1)
    assert same(np.diff(w), np.array([w[1] - w[0], w[2] - w[1]]))


def test_norms():
    w = sd.variables("w", 2)
    point = {w[0]: 3.0, w[1]: 4.0}
    assert np.linalg.norm(w).evaluate(point) == 5.0
    assert sd.norm(w).evaluate(point) == 5.0
    gradient = np.linalg.norm(w).gradient(w)
    assert [g.evaluate(point) for g in gradient] == pytest.approx([0.6, 0.8], rel=1e-15)


def test_further_functions_of_arrays():
    w = sd.variables("w", 3)
    point = {w[0]: 1.0, w[1]: 2.0, w[2]: 6.0}
    assert np.cross(w, np.array([1, 0, 0]))[1].evaluate(point) == 6.0
    assert np.einsum("i,i->", w, w).evaluate(point) == 41.0
    assert np.concatenate([w, w]).shape == (6,)
    assert np.stack([w, w]).T.shape == (3, 2)
    assert same(np.where(np.array([True, False, True]), w, 0), np.array([w[0], 0, w[2]], dtype=object))
    assert np.kron(np.eye(2, dtype=int), w).shape == (2, 6)


def test_methods_of_numbers_that_numpy_calls():
    x = sd.Var("x")
    assert x.sin() == sd.sin(x)
    assert x.sqrt() == sd.sqrt(x)
    assert x.arctan2(2) == sd.atan2(x, 2)
    assert x.conjugate() == x
    assert x.real == x
    assert x.imag == 0
    A = np.array([x, 2 * x])
    assert same(A.conj(), A)
    assert same(np.real(A), A)


# -- refusing and not recursing ------------------------------------------------------


def test_where_and_out_are_refused_or_right_but_never_recurse():
    x, y = sd.variables("x y")
    A = np.array([x, y])
    out = np.empty(2, dtype=object)
    np.sin(A, out=out)
    assert same(out, np.array([sd.sin(x), sd.sin(y)]))
    kept = np.array([x, y])
    np.sin(A, out=kept, where=np.array([True, False]))
    assert same(kept, np.array([sd.sin(x), y]))
    assert np.sum(A, where=np.array([True, False]), initial=0) == x
    with pytest.raises(TypeError):
        np.sin(x, where=False)


def test_unsupported_ufuncs_raise_and_never_recurse():
    x = sd.Var("x")
    A = np.array([1.0, 2.0])
    for ufunc in (np.signbit, np.spacing, np.frexp):
        with pytest.raises(TypeError):
            ufunc(x)
    for ufunc in (np.nextafter, np.bitwise_xor, np.gcd):
        for operands in ((x, A), (A, x), (x, 1.0)):
            with pytest.raises(TypeError):
                ufunc(*operands)


def test_reductions_of_ufuncs():
    w = sd.variables("w", 3)
    assert np.add.reduce(w) == w.sum()
    assert same(np.multiply.accumulate(w), np.array([w[0], w[0] * w[1], w[0] * w[1] * w[2]]))
    assert np.multiply.outer(w, w).shape == (3, 3)
    assert sd.maximum(*w).evaluate({w[0]: 1, w[1]: 5, w[2]: 2}) == 5


def test_reductions_of_a_single_number():
    x = sd.Var("x")
    assert np.sum(x) == x
    assert np.prod(x) == x
    assert np.mean(x).evaluate({x: 3.0}) == 3.0
    assert np.sum(sd.DualNumber(3.0, 1.0)).eps == 1.0
    assert np.dot(x, x) == x**2


def test_structural_equality_with_arrays():
    x, y = sd.variables("x y")
    for found in (x == np.array([x, y]), np.array([x, y]) == x, np.array([x, y]) == np.array([x, x])):
        assert [bool(b) for b in found] == [True, False]
    for found in (x != np.array([x, y]), np.array([x, y]) != x):
        assert [bool(b) for b in found] == [False, True]


def test_arrays_of_expressions_are_evaluated_at_once():
    w = sd.variables("w", (2, 2))
    found = sd.evaluate(np.sin(w), {v: k / 4 for k, v in enumerate(w.ravel())})
    np.testing.assert_array_equal(found, [[0.0, math.sin(0.25)], [math.sin(0.5), math.sin(0.75)]])
    assert found.dtype == float


def test_functions_take_arrays_of_expressions():
    w = sd.variables("w", 3)
    values = np.array([1.0, 2.0, 3.0])
    point = dict(zip(w, values, strict=True))
    assert sd.logsumexp(w).evaluate(point) == pytest.approx(math.log(np.exp(values).sum()), rel=1e-15)
    np.testing.assert_allclose(sd.evaluate(sd.softmax(w), point), np.exp(values) / np.exp(values).sum(), rtol=1e-14)
    assert sd.dot(w, w) == w @ w
    assert sd.prod(w) == w.prod()
    assert same(sd.sin(w), np.sin(w))
