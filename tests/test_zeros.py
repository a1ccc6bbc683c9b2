"""One meaning of zero: what is zero by structure absorbs, a zero by value obeys IEEE 754, the same in every mode."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
from support import close, exact, first_derivatives, second_derivatives

import symdiff as sd
from symdiff.compile.backends.llvm import native
from symdiff.compile.backends.numpy import blocks, level_calls

BACKENDS = ("python", "numpy", "llvm")
NAMES = "x y z"
INF, NAN = math.inf, math.nan


def compiled(outputs, xs, point):
    """Values of outputs by every backend, of numbers and of arrays."""
    for backend in BACKENDS:
        function = sd.compile(outputs, list(xs), backend=backend)
        yield backend, np.ravel(function(*point.values()))
        arrays = function(*[np.full(3, p) for p in point.values()])
        yield f"{backend} arrays", np.array([np.broadcast_to(value, (3,))[1] for value in arrays])


def assert_slopes(f, point, expected, rel=1e-15):
    """The gradient at a point in every way, compiled too."""
    ways = dict(first_derivatives(f, list(point), point))
    ways |= dict(compiled(list(f.gradient(list(point))), point, point))
    for way, row in ways.items():
        assert all(close(got, want, rel) for got, want in zip(row, expected, strict=True)), (way, f, point, row)
    arrays = {v: np.array([p, p]) for v, p in point.items()}
    found = f.backpropagate(arrays)
    for v, want in zip(point, expected, strict=True):
        assert close(found[v][0], want, rel), ("arrays", f, point, found)
        dual = f.evaluate({**arrays, v: sd.DualNumber(arrays[v], 1)})
        assert close(np.broadcast_to(dual.eps, (2,))[1], want, rel), ("arrays of duals", f, point, dual)


def assert_curvature(f, point, expected, rel=1e-14):
    """The Hessian at a point in every way, compiled too."""
    xs = list(point)
    ways = dict(second_derivatives(f, xs, point))
    ways |= {k: np.reshape(v, (len(xs), -1)) for k, v in compiled(list(f.hessian(xs).ravel()), xs, point)}
    for way, rows in ways.items():
        for got, want in zip(np.ravel(np.array(rows, dtype=object)), np.ravel(expected), strict=True):
            assert close(got, want, rel), (way, f, point, rows)


# -- the operand that is not taken --------------------------------------------------------

NOT_TAKEN = [
    ("sqrt(maximum(0, x))", (-1.0,), [0.0], [[0.0]]),
    ("sqrt(maximum(x, -1))", (-1.5,), [0.0], [[0.0]]),
    ("minimum(exp(x), 1)", (1000.0,), [0.0], [[0.0]]),
    ("maximum(log(x), -1)*x", (0.0,), [-1.0], [[0.0]]),
    ("sqrt(relu(x))", (-10.0,), [0.0], [[0.0]]),
    ("sqrt(relu(x))", (4.0,), [0.25], [[-1 / 32]]),
    ("relu(sqrt(x))", (-10.0,), [0.0], [[0.0]]),
    ("relu(1/x)", (-0.0,), [0.0], [[0.0]]),
    ("minimum(maximum(log(x), -5), 1)", (0.0,), [0.0], [[0.0]]),
    ("sqrt(minimum(maximum(x, 0), 1))", (-2.0,), [0.0], [[0.0]]),
    ("maximum(x**2*y, 1)", (1e200, -1.0), [0.0, 0.0], [[0.0, 0.0], [0.0, 0.0]]),
    ("sqrt(maximum(x, y))", (0.0, -1.0), [INF, 0.0], [[-INF, 0.0], [0.0, 0.0]]),
    ("log(minimum(x, y))", (0.0, 1.0), [INF, 0.0], [[-INF, 0.0], [0.0, 0.0]]),
    ("maximum(1/x, y) + maximum(y, 2/x)", (-0.0, 1.0), [0.0, 2.0], [[0.0, 0.0], [0.0, 0.0]]),
    ("maximum(maximum(1/x, y), z)", (-0.0, 1.0, 2.0), [0.0, 0.0, 1.0], np.zeros((3, 3))),
    ("exp(relu(exp(x)*y) + relu(2*exp(x)*y) + 1000)", (1000.0, -1.0), [0.0, 0.0], None),
    ("maximum(x, y)*maximum(x, 2*y)", (0.0, 0.0), [0.0, 0.0], [[0.5, 0.75], [0.75, 1.0]]),
]


@pytest.mark.parametrize(("text", "at", "first", "second"), NOT_TAKEN)
def test_the_operand_not_taken_never_poisons(text, at, first, second):
    f = sd.parse(text)
    xs = sorted(f.variables, key=lambda v: v.name)
    point = dict(zip(xs, at, strict=True))
    assert_slopes(f, point, first)
    if second is not None:
        assert_curvature(f, point, second)


@pytest.mark.parametrize("text", ["maximum(x*y, z)", "maximum(z, x*y)", "minimum(-x*y, -z)"])
def test_a_tie_gives_half_to_each_in_both_orders(text):
    x, y, z = sd.variables(NAMES)
    sign = -1.0 if text.startswith("min") else 1.0
    assert_slopes(sd.parse(text), {x: 2.0, y: 3.0, z: 6.0}, [1.5 * sign, 1.0 * sign, 0.5 * sign])
    assert_curvature(sd.parse(text), {x: 2.0, y: 3.0, z: 6.0}, [[0, 0.5 * sign, 0], [0.5 * sign, 0, 0], [0, 0, 0]])


def test_numpy_clip_is_gated():
    for at, slope in ((-4.0, 0.0), (0.25, 1.0), (9.0, 0.0)):
        assert sd.derivative(lambda t: np.clip(sd.sqrt(sd.relu(t)), 0.0, 2.0), at) == slope
    x = sd.Var("x")
    f = sd.sqrt(np.clip(sd.exp(x), 0.0, 4.0) - 1)
    assert_slopes(f, {x: 1000.0}, [0.0])
    assert_curvature(f, {x: 1000.0}, [[0.0]])


def test_an_operation_of_a_user_is_gated_where_its_partial_says_so():
    """A partial that is written `where(condition, p, 0)` holds back what is below, in every mode."""
    if not hasattr(sd, "shrinkage"):
        shrinkage = sd.operation(
            "shrinkage",
            lambda t: np.where(np.abs(t) > 1, t - np.sign(t), 0.0) + 0.0 * (t != t),
            lambda r, t: sd.where(sd.abs(t) > 1, 1, 0),
        )
    x, y = sd.variables("x y")
    f = shrinkage(sd.sqrt(x) * y)
    assert_slopes(f, {x: 0.0, y: 1.0}, [0.0, 0.0])
    assert_slopes(f, {x: 4.0, y: 1.0}, [0.25, 2.0])


def test_what_gates_cost():
    """Operations of the gradient, beside those that products with steps take, which poison: 472, 168 and 163."""
    x, w = sd.variables("x", 5), sd.variables("w", (8, 5))
    tropical = sum(sd.maximum(*[a + b for a, b in zip(row, x, strict=True)]) ** 2 for row in w)
    assert sum(sd.count_ops(list(tropical.gradient([*x, *w.ravel()]))).values()) < 400
    hinge = sum(sd.maximum(0, 1 - z) for z in w @ x)
    assert sum(sd.count_ops(list(hinge.gradient(list(w.ravel())))).values()) <= 168 + 3 * 8
    net = sum(sd.relu(z) * (k + 1) for k, z in enumerate(w @ x))
    assert sum(sd.count_ops(list(net.gradient(list(w.ravel())))).values()) <= 163


# -- vectors of tangents ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("function", "at"),
    [(lambda t: np.cbrt(t**3), 0.0), (lambda t: np.log(t * t), 0.0), (lambda a, b: np.sqrt(a * b), (0.0, 0.0))],
)
def test_a_zero_by_value_is_none_by_structure(function, at):
    at = at if isinstance(at, tuple) else (at,)
    assert all(map(math.isnan, sd.gradient(function, *at)))
    assert all(math.isnan(sd.derivative(lambda t: function(t, *at[1:]), zero)) for zero in (0.0, -0.0, 0))
    xs = sd.variables("x", len(at))
    assert not np.isfinite(sd.evaluate(function(*xs).gradient(list(xs)), dict(zip(xs, at, strict=True)))).any()


def test_a_variable_that_takes_no_part_stays_out_of_poles():
    assert sd.gradient(lambda a, b: np.sqrt(a) + b, 0.0, 1.0) == (INF, 1.0)
    found = sd.gradient(lambda v: np.sqrt(v[0]) + np.log(v[1]) * v[2], np.array([0.0, 0.0, 3.0]))
    assert found[0].tolist() == [INF, INF, -INF]
    assert sd.jacobian(np.sqrt, np.array([0.0, 4.0])).tolist() == [[INF, 0.0], [0.0, 0.25]]


@pytest.mark.parametrize(
    ("function", "at", "expected"),
    [
        (lambda a, b: a**1.5 + a * b, (0.0, 1.0), [[INF, 1.0], [1.0, 0.0]]),
        (lambda a, b, c: np.sqrt(a) + b * c, (0.0, 1.0, 2.0), [[-INF, 0, 0], [0, 0, 1.0], [0, 1.0, 0]]),
        (lambda a, b: np.log(a) + b**2, (0.0, 1.0), [[-INF, 0.0], [0.0, 2.0]]),
    ],
)
def test_nested_levels_keep_the_zeros_of_structure(function, at, expected):
    assert sd.hessian(function, *at).tolist() == expected
    xs = sd.variables("x", len(at))
    point = dict(zip(xs, at, strict=True))
    assert np.array_equal(sd.evaluate(function(*xs).hessian(list(xs)), point), expected)
    nested = [
        [sd.derivative(lambda s, i=i, j=j: _slope(function, at, i, j, s), at[i]) for j in range(len(at))]
        for i in range(len(at))
    ]
    assert np.array_equal(nested, expected)


def _slope(function, at, i, j, s):
    """The derivative by argument j where argument i is s."""
    args = [s if k == i else p for k, p in enumerate(at)]
    return sd.derivative(lambda t: function(*[t if k == j else p for k, p in enumerate(args)]), args[j])


def test_the_support_of_a_dual_number_survives_pickling():
    import pickle

    a, b = sd.DualNumber(0.0, np.array([1.0, 0.0])), sd.DualNumber(0.0, np.array([0.0, 1.0]))
    product = pickle.loads(pickle.dumps(a * b))
    assert product.support.all()
    assert np.isnan(sd.sqrt(product).eps).all()
    assert sd.sqrt(pickle.loads(pickle.dumps(a))).eps.tolist() == [INF, 0.0]


# -- norms -----------------------------------------------------------------------------------


def norm_of(count):
    xs = sd.variables("x", count)
    return sd.norm(xs), list(xs)


@pytest.mark.parametrize(
    "f", ["norm(x, y, z)", "hypot(x, y) + z", "norm(x, y)**2 + z**2", "maximum(norm(x, y, z), 1)*z"]
)
def test_the_slope_of_a_norm_at_zero_is_zero(f):
    x, y, z = sd.variables(NAMES)
    last = 1.0 if f.endswith((" z", ")*z")) else 0.0
    assert_slopes(sd.parse(f), {x: 0.0, y: 0.0, z: 0.0}, [0.0, 0.0, last])
    assert_slopes(sd.parse(f), {x: -0.0, y: 0.0, z: 0.0}, [0.0, 0.0, last])


@pytest.mark.parametrize(
    "options",
    [{}, {"axis": 0}, {"axis": 1, "keepdims": True}, {"ord": "fro"}, {"axis": (1, 0)}, {"ord": 2, "axis": -1}],
)
def test_numpys_norm_of_numbers_that_carry_derivatives_is_that_operation(options):
    def total(matrix):
        return np.sum(np.linalg.norm(matrix, **options))

    assert sd.gradient(total, np.zeros((2, 3)))[0].tolist() == np.zeros((2, 3)).tolist()
    at = np.array([[3.0, 0.0, -4.0], [1.0, 2.0, -2.0]])
    (found,) = sd.gradient(total, at)
    np.testing.assert_allclose(found, at / np.linalg.norm(at, **{**options, "keepdims": True}), rtol=1e-15)
    assert sd.jacobian(lambda m: np.linalg.norm(m, **options), at).shape == (*np.linalg.norm(at, **options).shape, 2, 3)
    assert sd.gradient(lambda a, b: np.linalg.norm(np.stack([a, b])), 0.0, 0.0) == (0.0, 0.0)
    assert sd.derivative(lambda t: np.linalg.norm(np.stack([t, 2 * t])), 0.0) == 0.0


def test_a_norm_written_by_hand_keeps_its_singular_point():
    x, y = sd.variables("x y")
    assert all(map(math.isnan, sd.sqrt(x**2 + y**2).backpropagate({x: 0.0, y: 0.0}).values()))
    assert math.isnan((x / sd.sqrt(x**2 + y**2)).evaluate({x: 0.0, y: 0.0}))


@pytest.mark.parametrize("scale", [1e200, 1e-200, 1.0])
def test_nothing_over_or_underflows_inside_a_norm(scale):
    f, xs = norm_of(3)
    point = dict(zip(xs, (2.0 * scale, -3.0 * scale, 6.0 * scale), strict=True))
    assert close(f.evaluate(point), 7.0 * scale, 4e-16)
    assert_slopes(f, point, [2 / 7, -3 / 7, 6 / 7], rel=1e-15)
    expected = [
        [(7.0 if i == j else 0.0) - a * b / 7 for j, b in enumerate((2, -3, 6))] for i, a in enumerate((2, -3, 6))
    ]
    assert_curvature(f, point, np.array(expected) / 49 / scale, rel=4e-15)


def test_a_norm_is_one_node_that_prints_its_slope_as_a_quotient():
    import json
    import pickle

    f, xs = norm_of(4)
    slope = f.gradient(xs[0])
    assert (len(f.args), str(slope)) == (4, "x[0]/norm(x[0], x[1], x[2], x[3])")
    for text in (str(f), str(slope), str(slope * xs[1] / 2), str(xs[1] * slope), str(f.hessian(xs)[0, 1])):
        assert str(sd.parse(text)) == text
    assert sd.parse(str(slope)).evaluate(dict.fromkeys(xs, 0.0)) == 0.0
    for expr in (f, slope):
        assert sd.from_json(sd.to_json(expr)) == expr == pickle.loads(pickle.dumps(expr))
        assert sd.from_sympy(expr.to_sympy()).evaluate(dict.fromkeys(xs, 2.0)) == pytest.approx(
            expr.evaluate(dict.fromkeys(xs, 2.0)), rel=1e-15
        )
    assert f.latex() == r"\left\lVert \left(x_{0}, x_{1}, x_{2}, x_{3}\right) \right\rVert"
    assert sd.count_ops(list(f.gradient(xs))) == {"norm": 1, "norm_quotient": 4}
    damaged = json.loads(sd.to_json(f))
    damaged["nodes"][-1] = damaged["nodes"][-1][:2]
    with pytest.raises(sd.SymdiffValueError):
        sd.from_json(json.dumps(damaged))


def test_norms_of_several_lengths_in_one_program(monkeypatch):
    """Also in programs by levels, whose groups have operands of one count."""
    xs = sd.variables("x", 40)
    outputs = [sd.norm(xs[k : k + n]) for n in (2, 3, 5, 8) for k in range(40 - n)]
    values = np.linspace(-1.0, 2.0, 40)
    expected = [np.linalg.norm(values[k : k + n]) for n in (2, 3, 5, 8) for k in range(40 - n)]
    for large in (False, True):
        if large:
            monkeypatch.setattr(blocks, "LARGE", 0)
            monkeypatch.setattr(level_calls, "TOGETHER", 0)
            monkeypatch.setattr(native.build, "__defaults__", (None, 0))
        for backend in BACKENDS:
            function = sd.compile(outputs, list(xs), backend=backend)
            assert np.allclose(function(*values), expected, rtol=1e-15, atol=0)
    assert sd.crosscheck(sd.norm(xs[:3]) * xs[3], dict(zip(xs[:4], (1.0, -2.0, 3.0, 0.5), strict=True))).ok


def test_crosscheck_names_the_kink_of_a_norm():
    x, y = sd.variables("x y")
    report = sd.crosscheck(sd.norm(x, y), {x: 0.0, y: 0.0}, order=1)
    assert "norm'(0, 0) = 0" in str(report)
    assert not report.disagree


# -- powers of variable exponents --------------------------------------------------------------

POWERS = [  # base, exponent, slopes, second derivatives by base, by both, by exponent: limits from positive bases
    (0.0, 3.0, [0.0, 0.0], [0.0, 0.0, 0.0]),
    (0.0, 2.0, [0.0, 0.0], [2.0, 0.0, 0.0]),
    (0.0, 1.5, [0.0, 0.0], [INF, 0.0, 0.0]),
    (0.0, 1.0, [1.0, 0.0], [0.0, -INF, 0.0]),
    (0.0, 0.5, [INF, 0.0], [-INF, -INF, 0.0]),
    (0.0, 0.0, [0.0, -INF], [0.0, INF, INF]),
    (0.0, -1.0, [-INF, -INF], [INF, INF, INF]),
    (-0.0, 1.0, [1.0, 0.0], [0.0, -INF, 0.0]),
    (2.0, 0.0, [0.0, math.log(2.0)], [0.0, 0.5, math.log(2.0) ** 2]),
    (2.0, 1.0, [1.0, 2 * math.log(2.0)], [0.0, 1 + math.log(2.0), 2 * math.log(2.0) ** 2]),
    (1e-310, 1.0, [1.0, 1e-310 * math.log(1e-310)], [0.0, 1 + math.log(1e-310), None]),
]


@pytest.mark.parametrize(("base", "exponent", "first", "second"), POWERS)
def test_derivatives_of_a_power_are_limits_in_every_mode_and_order(base, exponent, first, second):
    x, y = sd.variables("x y")
    at = {x: base, y: exponent}
    assert_slopes(x**y, at, first)
    by_base, by_both, by_exponent = second
    if by_exponent is not None:
        assert_curvature(x**y, at, [[by_base, by_both], [by_both, by_exponent]], rel=1e-15)
    assert close((x**y).diff(x).diff(y).evaluate(at), by_both, 1e-15)
    assert close((x**y).diff(y).diff(x).evaluate(at), by_both, 1e-15)


@pytest.mark.parametrize("base", [1e-310, NAN, INF, 5e-324, 0.0, 1e300])
def test_the_slope_by_the_base_is_zero_where_the_exponent_is(base):
    x, y = sd.variables("x y")
    expected = math.nan if math.isnan(base) else math.log(base) if base else -INF
    assert_slopes(x**y, {x: base, y: 0.0}, [0.0, expected])


def test_third_derivatives_of_a_power_at_an_exponent_of_zero_and_one():
    """Nothing that holds for the point alone is taken for what holds around it."""
    x, y = sd.variables("x y")
    for exponent in (0.0, 1.0, 2.0):
        for orders in ((x, 2, y, 1), (x, 1, y, 2), (y, 3)):
            by_base = sum(n for v, n in zip(orders[::2], orders[1::2], strict=True) if v is x)
            with mpmath.workdps(40):
                wanted = mpmath.diff(lambda a, b: a**b, (2, exponent), (by_base, 3 - by_base))
            assert close((x**y).diff(*orders).evaluate({x: 2.0, y: exponent}), wanted, 1e-13, scale=1e-3), (
                orders,
                exponent,
            )


# -- cases of which none holds, and slopes outside of the domain ---------------------------------


def test_a_piecewise_without_a_default_is_nan_in_value_and_slope_where_no_case_holds():
    f = sd.parse("Piecewise((x**2*y, x > 0), (1, x < -1))")
    x, y = sd.variables("x y")
    assert math.isnan(f.evaluate({x: -0.5, y: 1.0}))
    assert_slopes(f, {x: -0.5, y: 1.0}, [NAN, NAN])
    assert_slopes(f, {x: 2.0, y: 3.0}, [12.0, 4.0])
    sympy = pytest.importorskip("sympy")
    s = sympy.Symbol("x")
    assert_slopes(sd.from_sympy(sympy.Piecewise((s**2, s > 0))), {x: -1.0}, [NAN])
    assert str(sd.from_sympy(sympy.Piecewise((s**2, s > 0), (1, True)))) == "where(x > 0, x**2, 1)"


@pytest.mark.parametrize(
    ("name", "at", "slope"),
    [
        ("log", -2.0, -0.5), ("log1p", -3.0, -0.5), ("log2", -2.0, -0.5 / math.log(2.0)),
        ("log10", -2.0, -0.5 / math.log(10.0)), ("atanh", 2.0, -1 / 3), ("sqrt", -2.0, NAN), ("asin", 2.0, NAN),
        ("acos", 2.0, NAN), ("acosh", 0.5, NAN), ("lambertw", -1.0, NAN),
    ],
)  # fmt: skip
def test_outside_of_the_domain_a_slope_is_what_its_formula_gives(name, at, slope):
    x = sd.Var("x")
    f = getattr(sd, name)(x)
    assert math.isnan(f.evaluate({x: at}))
    assert_slopes(f, {x: at}, [slope])


def test_slopes_of_powers_whose_exponent_less_one_rounds():
    slope = sd.pow_by_base
    assert math.isnan(slope(-1.3e154, -1.0000000000000002))
    assert slope(-1.0, 1e200) == -1e200


def test_the_second_slope_of_a_norm_of_two_does_not_cancel_beside_a_large_operand():
    x, y = sd.variables("x y")
    f = sd.norm(x, y)
    for at in ((1.0, 1e-100), (-300.0, 2.0), (1e8, 1.5), (1e150, 1e100)):
        a, b = map(exact, at)
        for way, rows in second_derivatives(f, [x, y], dict(zip((x, y), at, strict=True))).items():
            assert close(rows[0][0], b**2 / (a**2 + b**2) ** 1.5, 4e-15), way
            assert close(rows[1][1], a**2 / (a**2 + b**2) ** 1.5, 4e-15), way


@pytest.mark.parametrize("length", [sd.hypot, sd.norm])
def test_slopes_of_lengths_print_as_quotients_that_read_back(length):
    x, y, z = sd.variables("x y z")
    name = length(x, y).op.name
    slope = length(x, y).gradient(y)
    assert str(slope) == f"y/{name}(x, y)"
    assert sd.parse(str(slope)) == slope
    for expr in (
        z * slope, slope * z, 1 / slope, z - length(-x, y).gradient(x), length(x * y, z).gradient(x), slope**2,
        -slope, length(x + y, z).gradient(x), *length(x, y).hessian([x, y]).ravel(), length(x, y).diff(x, 3),
    ):  # fmt: skip
        assert str(sd.parse(str(expr))) == str(expr)


def test_slopes_of_arrays_that_are_operations_of_their_own_have_latex():
    w = sd.Var("w", shape=3)
    assert sd.sigmoid(w).sum().gradient(w).latex() == r"\sigma\left(-w\right) \odot \sigma\left(w\right)"
    assert sd.hypot(w, 1).sum().gradient(w).latex() == r"w \oslash \sqrt{w^{2} + 1^{2}}"


@pytest.mark.parametrize(
    "function", [lambda t: sd.cbrt(t**3), lambda t: sd.cbrt(t**2), lambda t: sd.sqrt(t * t), lambda t: (t**4) ** 0.25]
)
def test_roots_of_powers_at_0_have_the_slope_nan_in_every_mode(function):
    with sd.Graph():
        x = sd.Var("x")
        f = function(x)
        slopes = [
            f.gradient(x).evaluate(x=0.0),
            f.backpropagate(x=0.0)[x],
            f.evaluate(x=sd.DualNumber(0.0, 1.0)).eps,
            sd.gradient(function, 0.0)[0],
            sd.derivative(function, 0.0),
            sd.derivatives(f, x, 1)[1].evaluate(x=0.0),
            sd.compile(f.gradient(x), [x])(0.0),
            sd.compile(f.gradient(x), [x], dtype=np.float32)(0.0),
        ]
    assert np.isnan(np.array(slopes, dtype=float)).all(), slopes


def test_the_slope_of_the_logarithm_of_a_square_at_0_is_never_0():
    with sd.Graph():
        x = sd.Var("x")
        f = sd.log(x * x)
        assert f.gradient(x).evaluate(x=0.0) == np.inf
        assert np.isnan(f.backpropagate(x=0.0)[x])
        assert np.isnan(sd.gradient(lambda t: np.log(t * t), 0.0)[0])
