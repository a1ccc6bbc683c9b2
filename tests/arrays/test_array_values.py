"""Values of array expressions: what a point may hold, batches, named sizes, and what is refused."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
import scipy.sparse

import symdiff as sd

RNG = np.random.default_rng(5)


@pytest.fixture
def least_squares():
    x, w, y, s = sd.Var("X", shape=(3, 2)), sd.Var("w", shape=2), sd.Var("y", shape=3), sd.Var("s")
    return ((x @ w - y) ** 2).sum() * s + x[1, 0], (x, w, y, s)


def expected(x, w, y, s):
    return ((np.asarray(x) @ np.asarray(w) - np.asarray(y)) ** 2).sum() * s + np.asarray(x)[1][0]


LISTS = ([[1, 2], [3, 4], [5, 6]], [1, -2], [1, 2, 3])


def test_arrays_of_floats_are_numpys(least_squares):
    f, (x, w, y, s) = least_squares
    values = RNG.random((3, 2)), RNG.random(2), RNG.random(3)
    got = f.evaluate(dict(zip((x, w, y, s), (*values, 2.5), strict=True)))
    assert type(got) is float
    assert got == pytest.approx(expected(*values, 2.5), rel=1e-14)
    assert f.evaluate(X=values[0], w=values[1], y=values[2], s=2.5) == got


def test_ints_and_fractions_stay_exact(least_squares):
    f, _ = least_squares
    assert f.evaluate(X=LISTS[0], w=LISTS[1], y=LISTS[2], s=1) == expected(*LISTS, 1)
    assert type(f.evaluate(X=LISTS[0], w=LISTS[1], y=LISTS[2], s=1)) is int
    thirds = [[Fraction(v, 3) for v in row] for row in LISTS[0]]
    got = f.evaluate(X=thirds, w=LISTS[1], y=LISTS[2], s=1)
    residuals = [
        sum(a * b for a, b in zip(row, LISTS[1], strict=True)) - c for row, c in zip(thirds, LISTS[2], strict=True)
    ]
    assert got == sum(r**2 for r in residuals) + thirds[1][0]


def test_an_exact_system_is_solved_exactly():
    a, b = sd.Var("A", shape=(2, 2)), sd.Var("b", shape=2)
    got = np.linalg.solve(a, b).evaluate(A=[[Fraction(2), 1], [1, 3]], b=[1, 0])
    assert list(got) == [Fraction(3, 5), Fraction(-1, 5)]


def test_integer_arrays_are_floats_and_a_float_makes_all_floats(least_squares):
    f, _ = least_squares
    assert type(f.evaluate(X=np.array(LISTS[0]), w=LISTS[1], y=LISTS[2], s=1)) is float
    assert type(f.evaluate(X=LISTS[0], w=LISTS[1], y=LISTS[2], s=1.0)) is float


def test_float32_stays():
    x = sd.Var("x", shape=3)
    got = (sd.sin(x) / 3 + np.ones(3)).evaluate(x=np.ones(3, np.float32))
    assert got.dtype == np.float32


def test_mpmath_numbers_keep_their_digits():
    x = sd.Var("x", shape=3)
    with mpmath.workdps(50):
        values = np.array([mpmath.mpf(1) / 3, mpmath.mpf(2), mpmath.mpf("0.1")], dtype=object)
        got = (sd.exp(x) / 7).sum().evaluate(x=values)
        assert abs(got - sum(mpmath.exp(v) for v in values) / 7) < mpmath.mpf(10) ** -48


def test_floats_beside_mpmath_numbers_are_computed_with_as_precisely():
    x, s = sd.Var("x", shape=2), sd.Var("s")
    with mpmath.workdps(40):
        got = (sd.sin(x) * s).sum().evaluate(x=np.array([0.5, 1.0]), s=mpmath.mpf(2))
        assert abs(got - 2 * (mpmath.sin(0.5) + mpmath.sin(1))) < mpmath.mpf(10) ** -38


def test_complex_numbers():
    x = sd.Var("x", shape=2)
    got = (sd.exp(x) @ x).evaluate(x=np.array([1j, 2.0]))
    assert type(got) is complex
    assert got == pytest.approx(np.exp(1j) * 1j + 2 * np.exp(2))


def test_an_array_constant_of_complex_numbers():
    x = sd.Var("x", shape=2)
    assert (np.array([1j, 2]) @ x).evaluate(x=[1, 2]) == 4 + 1j


def test_dual_numbers_of_arrays_carry_a_direction():
    x = sd.Var("x", shape=(2, 2))
    point, direction = RNG.random((2, 2)), RNG.random((2, 2))
    f = sd.sin(x) @ x
    got = f.evaluate(x=sd.DualNumber(point, direction))
    assert got.value == pytest.approx(np.sin(point) @ point)
    assert got.eps == pytest.approx((np.cos(point) * direction) @ point + np.sin(point) @ direction)


def test_dual_numbers_of_scalars_beside_arrays():
    x, s = sd.Var("x", shape=2), sd.Var("s")
    got = (x * s**2).evaluate(x=[1.0, 2.0], s=sd.DualNumber(3.0, 1.0))
    assert list(got.value) == [9.0, 18.0]
    assert list(got.eps) == [6.0, 12.0]


def test_dual_numbers_of_dual_numbers_and_vectors_of_tangents():
    x = sd.Var("x", shape=2)
    inner = sd.DualNumber(np.array([1.0, 2.0]), np.array([1.0, 0.0]), level=1)
    got = (x**3).sum().evaluate(x=sd.DualNumber(inner, np.array([1.0, 0.0]), level=2))
    assert got.eps.eps == 6.0
    tangents = np.eye(2)  # axes of the tangents lead
    assert list((x**3).sum().evaluate(x=sd.DualNumber(np.array([1.0, 2.0]), tangents)).eps) == [3.0, 12.0]


def test_taylor_series_of_arrays():
    x = sd.Var("x", shape=2)
    got = (sd.exp(x)).evaluate(x=sd.TaylorSeries([np.array([0.0, 1.0]), np.array([1.0, 1.0]), np.zeros(2)]))
    for coefficient, factor in zip(got.coefficients, (1, 1, 0.5), strict=True):
        assert coefficient == pytest.approx(np.exp([0.0, 1.0]) * factor)


# -- batches -------------------------------------------------------------------------


def test_axes_of_a_batch_stand_in_front(least_squares):
    f, _ = least_squares
    x, w, y, s = RNG.random((4, 3, 2)), RNG.random(2), RNG.random((4, 3)), RNG.random(4)
    got = f.evaluate(X=x, w=w, y=y, s=s)
    assert got == pytest.approx([expected(x[k], w, y[k], s[k]) for k in range(4)])


def test_scalars_with_a_batch_beside_arrays():
    x, s = sd.Var("x", shape=(2, 3)), sd.Var("s")
    a = RNG.random((2, 3))
    got = (sd.exp(s) * x + s).evaluate(x=a, s=np.array([0.0, 1.0, 2.0, 3.0]))
    assert got.shape == (4, 2, 3)
    assert got[2] == pytest.approx(np.exp(2) * a + 2)


@pytest.mark.parametrize("what", ["inv", "det", "solve", "cholesky", "norm"])
def test_linear_algebra_of_a_batch(what):
    a, b = sd.Var("A", shape=(2, 2)), sd.Var("b", shape=2)
    batch = RNG.random((5, 2, 2)) + 2 * np.eye(2)
    batch = batch @ np.swapaxes(batch, 1, 2)
    function = getattr(np.linalg, what)
    f = function(a, b) if what == "solve" else function(a)
    got = f.evaluate({a: batch, b: np.array([1.0, 2.0])} if what == "solve" else {a: batch})
    for k in range(5):
        one = function(batch[k], np.array([1.0, 2.0])) if what == "solve" else function(batch[k])
        assert got[k] == pytest.approx(one)


# -- values of variables, named sizes ---------------------------------------------------


def test_values_of_variables(least_squares):
    f, (x, w, y, s) = least_squares
    x.value, w.value, y.value, s.value = LISTS[0], LISTS[1], LISTS[2], 1
    assert f.evaluate() == expected(*LISTS, 1)
    assert sd.Var("A", shape=2, init_value=[1, 2]).value == [1, 2]


def test_named_sizes_are_what_the_call_brings():
    x, w = sd.Var("X", shape=("n", "d")), sd.Var("w", shape="d")
    f = (x @ w).mean()
    for n in (1, 4):
        a, b = RNG.random((n, 3)), RNG.random(3)
        assert f.evaluate({x: a, w: b}) == pytest.approx((a @ b).mean())
    with pytest.raises(sd.SymdiffValueError, match=r"w has shape \(d,\) with d = 3; the array given has shape \(4,\)"):
        f.evaluate({x: np.ones((2, 3)), w: np.ones(4)})


def test_a_size_that_only_the_point_brings():
    """A gradient may have lost the variable whose size it holds."""
    x = sd.Var("x", shape="n")
    slope = x.mean().gradient(x)
    assert slope.variables == ()
    assert list(slope.evaluate({x: np.ones(4)})) == [0.25] * 4
    assert list(slope.evaluate(x=[1, 2])) == [0.5] * 2
    x.value = np.ones(5)
    assert list(slope.evaluate()) == [0.2] * 5
    with pytest.raises(sd.SymdiffValueError, match="size n is not known"):
        slope.evaluate({})


def test_a_size_that_would_be_negative():
    x = sd.Var("x", shape="n")
    assert x[2:].sum().evaluate(x=[1, 2, 3]) == 3
    with pytest.raises(sd.SymdiffError):
        x[2:].sum().evaluate(x=[1])


# -- what is refused ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (np.ones((2, 3)), r"X has shape \(3, 2\); the array given has shape \(2, 3\)"),
        (1.0, r"X has shape \(3, 2\); the array given has shape \(\)"),
        ([[1, 2], [3]], r"the value of X, of shape \(3, 2\), has rows of different length"),
        (np.array([["a", "b"]] * 3), "the value of X holds .*, which is no number"),
        ([["a", 1]] * 3, "the value of X holds .*, which is no number"),
        (None, "X"),
    ],
)
def test_values_that_do_not_fit(least_squares, value, message):
    f, _ = least_squares
    with pytest.raises(sd.SymdiffError, match=message):
        f.evaluate(X=value, w=[1, 2], y=[1, 2, 3], s=1)


def test_missing_values_are_named(least_squares):
    f, _ = least_squares
    with pytest.raises(sd.MissingValueError, match="no value for w, y"):
        f.evaluate(X=np.ones((3, 2)), s=1)


def test_a_symmetric_variable_takes_symmetric_values():
    s = sd.Var("S", shape=(2, 2), symmetric=True)
    assert (s @ s).evaluate(S=[[1, 2], [2, 3]]).tolist() == [[5, 8], [8, 13]]
    with pytest.raises(
        sd.SymdiffValueError, match=r"S, symmetric of shape \(2, 2\).*S\[0, 1\] is 2 and S\[1, 0\] is 5"
    ):
        (s @ s).evaluate(S=[[1, 2], [5, 3]])
    with pytest.raises(sd.SymdiffValueError, match="not symmetric"):
        (s @ s).evaluate(S=np.stack([np.eye(2), [[1.0, 2.0], [0.0, 1.0]]]))


def test_an_expression_is_no_value_of_an_array():
    x, y = sd.Var("x", shape=2), sd.Var("y", shape=2)
    with pytest.raises(sd.SymdiffTypeError, match="replace"):
        (2 * x).evaluate({x: y})
    assert (2 * x).replace({x: y}) == 2 * y


# -- what results are ------------------------------------------------------------------------


def test_results_are_never_the_callers_own_array():
    x = sd.Var("x", shape=(2, 2))
    for f in (x, x.T, x[0], x.reshape(4), x.T.T, x + 0):
        given = np.ones((2, 2))
        got = f.evaluate({x: given})
        got[...] = 7.0
        assert (given == 1).all()
    kept = np.eye(2)
    constant = (x * 0 + kept).evaluate({x: np.ones((2, 2))})
    constant[...] = 3.0
    assert ((x * 0 + kept).evaluate({x: np.ones((2, 2))}) == np.eye(2)).all()


def test_sparse_matrices_are_multiplied_as_they_are():
    x = sd.Var("x", shape=3)
    a = scipy.sparse.csr_array(np.diag([1.0, 2.0, 3.0]))
    for sparse in (a, scipy.sparse.csc_matrix(a), scipy.sparse.coo_array(a)):
        assert list((sparse @ x).evaluate(x=[1.0, 1.0, 1.0])) == [1, 2, 3]
        assert list((sparse @ x).evaluate(x=[1, 1, 1])) == [1, 2, 3]
        assert (sparse @ x).evaluate(x=np.ones((4, 3))).tolist() == [[1, 2, 3]] * 4


def test_sparse_matrices_stay_sparse_in_products_from_either_side():
    """Dense, a matrix of 20,000 by 20,000 has 3.2 GB."""
    n = 20_000
    a = scipy.sparse.diags_array([np.ones(n), np.arange(n - 1.0)], offsets=[0, 1], format="csr")
    v, m = sd.Var("v", shape=n), sd.Var("m", shape=(n, 2))
    point = {v: RNG.random(n), m: RNG.random((n, 2))}
    x, y = point[v], point[m]
    for f, value in [
        (v @ a, x @ a), (v @ (a @ v), x @ (a @ x)), (v @ a @ m, x @ a @ y), ((a @ m).T, (a @ y).T),
        (m.T @ a.T, y.T @ a.T), (a.T @ (a @ v), a.T @ (a @ x)), (a @ (v * v) * 3, a @ (x * x) * 3),
        (sd.einsum("ab,b,bc->ac", a, v, m), a @ (x[:, None] * y)),
    ]:  # fmt: skip
        np.testing.assert_allclose(f.evaluate(point), value)
    few = np.arange(12.0).reshape(3, 4)
    b, w, u = scipy.sparse.csr_array(few), sd.Var("w", shape=3), sd.Var("u", shape=4)
    for spec, args, values in [("ab,a,b->ab", (w, u), ([1, 2, 3], [4, 5, 6, 7])), ("ab,a->ab", (w,), ([1, 2, 3],))]:
        found = sd.einsum(spec, b, *args).evaluate(dict(zip(args, values, strict=True)))
        np.testing.assert_allclose(found, np.einsum(spec, few, *values))


def test_sparse_matrices_are_added_to_others():
    x, few = sd.Var("x", shape=3), np.array([[1.0, 2, 0], [3, 4, 5], [0, 6, 7]])
    a = scipy.sparse.csr_array(few)
    assert sd.jacobian(a @ x + x, x).evaluate(x=[1, 1, 1]).tolist() == (few + np.eye(3)).tolist()
    assert sd.jacobian(a @ x + x.sum(), x).evaluate(x=np.ones(3)).tolist() == (few + 1).tolist()


def test_a_sparse_value_of_a_variable():
    a, x = sd.Var("A", shape=(2, 2)), sd.Var("x", shape=2)
    assert list((a @ x).evaluate({a: scipy.sparse.csr_array(np.diag([2.0, 3.0])), x: [1, 1]})) == [2, 3]


def test_every_node_has_its_value(least_squares):
    f, (x, w, y, s) = least_squares
    values = f.node_values({x: LISTS[0], w: LISTS[1], y: LISTS[2], s: 1})
    assert values[f] == expected(*LISTS, 1)
    assert values[x @ w].tolist() == (np.array(LISTS[0]) @ LISTS[1]).tolist()
    assert set(values) == set(f.nodes())


def test_lists_of_expressions():
    x, s = sd.Var("x", shape=2), sd.Var("s")
    total, scaled, plain = sd.evaluate([x.sum(), x * s, s], {x: [1, 2], s: 3})
    assert (total, list(scaled), plain) == (3, [3, 6], 3)


def test_a_constant_of_mpmath_without_variables():
    """The numbers of constants decide where there are no others."""
    zero = sd.Const(mpmath.mpf(0))
    assert ((zero + zero) ** 2).evaluate({}) == 0


def test_empty_arrays():
    x = sd.Var("x", shape=0)
    assert x.sum().evaluate(x=[]) == 0
    assert (2 * x).evaluate(x=np.zeros(0)).shape == (0,)
    assert sd.Var("A", shape=(2, 0)).T.evaluate({}, A=np.zeros((2, 0))).shape == (0, 2)
    assert list((sd.Var("A", shape=(2, 0)) @ x).evaluate(A=np.zeros((2, 0)), x=[])) == [0, 0]
    assert list((sd.Var("A", shape=(2, 0)) @ x).expand()) == [0, 0]


def test_a_size_alone_is_a_value():
    """An expression that has no array left, but an operation of arrays, is one of arrays."""
    x, s = sd.Var("x", shape="n"), sd.Var("s")
    f = x.size * s**2
    assert f.evaluate({x: [1, 2, 3], s: 2}) == 12
    assert x.size.evaluate(x=[1, 2]) == 2
    assert f.gradient(s).evaluate(x=[1, 2, 3], s=2) == 12
    assert f.diff(s, 2).evaluate(x=[1, 2, 3]) == 6
    assert f.expand({"n": 4}).evaluate(s=1) == 4
    assert f.backpropagate({x: [1, 2, 3], s: 2})[s] == 12


def test_blocks_of_index_arrays_are_put_where_they_came_from():
    """An int beside an index array, or two of these apart, would be one index to NumPy."""
    x = sd.Var("X", shape=(3, 2, 4))
    value = RNG.random((3, 2, 4))
    for take in (lambda a: a[1, :, [0, 3, 3]], lambda a: a[[2, 0]][:, :, [1, 1]], lambda a: a[:, 1, [0, 2]]):
        blocks = take(x) if take(x).ndim == 2 else take(x).sum(axis=0)
        slope = (blocks**2).sum().gradient(x)
        found = (blocks**2).sum().expand().backpropagate(X=value)
        expected = np.array([found.get(sd.Var(f"X[{i}, {j}, {k}]"), 0.0) for i, j, k in np.ndindex(3, 2, 4)])
        assert slope.evaluate({x: value}) == pytest.approx(expected.reshape(3, 2, 4))
        assert slope.evaluate({x: np.stack([value, value])})[1] == pytest.approx(expected.reshape(3, 2, 4))
        assert slope.evaluate({x: value.astype(np.float32)}).dtype == np.float32


@pytest.mark.parametrize("order", ["C", "F"])
def test_columns_are_stacked_as_numpy_stacks_them(order):
    x, value = sd.Var("x", shape=(2, 3)), np.arange(6.0).reshape(2, 3)
    found = [x.ravel(order=order), np.reshape(x, (3, 2), order), np.ravel(x, order)]
    expected = [value.ravel(order=order), value.reshape((3, 2), order=order), np.ravel(value, order)]
    for f, array in zip(found, expected, strict=True):
        np.testing.assert_array_equal(f.evaluate(x=value), array)


def test_an_order_that_is_not_there():
    with pytest.raises(sd.SymdiffValueError, match="order is"):
        sd.Var("x", shape=(2, 3)).ravel(order="A")


def test_the_length_of_what_has_a_named_size_says_what_to_write():
    with pytest.raises(sd.SymdiffTypeError, match=r"x.size, and x.mean\(\) divides by it"):
        len(sd.Var("y", shape="n"))


def test_entries_are_not_assigned():
    x = sd.Var("x", shape=3)
    with pytest.raises(sd.SymdiffTypeError, match=r"x.at\[1:\].add\(y\)"):
        x[1:] = 0


def test_two_variables_of_one_name_are_told_apart_before_they_meet():
    x, y = sd.Var("X", shape=3), sd.Var("X", shape=(3, 3))
    for meet in (
        lambda: (x.sum() + y.sum()).evaluate({x: [1, 2, 3], y: np.ones((3, 3))}),
        lambda: sd.compile([x.sum(), y.sum()], [x, y]),
        lambda: (x.sum() * y.sum()).backpropagate({x: [1, 2, 3], y: np.ones((3, 3))}),
    ):
        with pytest.raises(sd.SymdiffValueError, match=r"called X here, of shapes \(3,\) and \(3, 3\)"):
            meet()
    assert x.sum().evaluate({x: [1, 2, 3]}) == 6


def test_entries_that_would_fill_the_memory_are_refused_by_their_number():
    x = sd.Var("x", shape=10**9)
    for make in (x.elements, x.sum().expand):
        with pytest.raises(sd.SymdiffValueError, match="1,000,000,000 entries"):
            make()


def test_a_logsumexp_of_several_axes_is_given_them():
    x = sd.Var("x", shape=(2, 3))
    with pytest.raises(sd.SymdiffValueError, match="needs an axis"):
        sd.logsumexp(x)
    whole = sd.logsumexp(x, axis=(0, 1))
    assert str(whole) == "logsumexp(x, axis=(0, 1))"
    assert sd.parse(str(whole), {"x": (2, 3)}) == whole


def test_products_keep_the_signs_of_zeros():
    """`1/(x*y)` was inf for -inf: einsum adds what it multiplies to 0.0."""
    x, y = sd.Var("x", shape=2), sd.Var("y", shape=2)
    point = {x: np.array([-0.0, 0.0]), y: np.array([1.0, -1.0])}
    for f in (x * y, x * y * x, 2 * x * y, x[:, None] * y, x[:, None] * y * x, sd.outer(x, y)):
        compiled = sd.compile(1 / f, [x, y])(point[x], point[y])
        expected = sd.evaluate((1 / f).expand(), point).astype(float)
        np.testing.assert_array_equal((1 / f).evaluate(point), expected)
        np.testing.assert_array_equal(compiled, expected)
    batch = {x: np.stack([point[x], point[y]]), y: point[y]}
    np.testing.assert_array_equal((1 / (x * y)).evaluate(batch), [[-np.inf, -np.inf], [1, 1]])
