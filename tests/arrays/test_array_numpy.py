"""NumPy's functions of arrays, on expressions: as NumPy has them on numbers."""

# ruff: noqa: N806 - matrices have capitals, as in mathematics

from types import SimpleNamespace

import numpy as np
import pytest

import symdiff as sd

VALUES = {
    "X": np.array([[1.5, -0.5, 2.0], [0.25, 3.0, -1.0], [0.5, 0.75, 2.5]]), "R": np.array([[1.0, 2, 3], [4, 5, 6]]),
    "v": np.array([0.5, -1.5, 2.0]), "w": np.array([1.0, 3.0, 0.25]),
}  # fmt: skip

CASES = {
    "vstack": lambda t: np.vstack([t.X, t.R]),
    "vstack of rows": lambda t: np.vstack([t.v, t.w]),
    "hstack": lambda t: np.hstack([t.R, t.R * 2]),
    "hstack of vectors": lambda t: np.hstack([t.v, t.w]),
    "column_stack": lambda t: np.column_stack([t.X, t.v]),
    "atleast_1d": lambda t: np.atleast_1d(t.v),
    "atleast_2d": lambda t: np.atleast_2d(t.v),
    "concatenate all": lambda t: np.concatenate([t.X, t.R, t.v], axis=None),
    "squeeze": lambda t: np.squeeze(t.X[:, None]),
    "squeeze one": lambda t: np.squeeze(t.v[None, :, None], 0),
    "expand_dims": lambda t: np.expand_dims(t.v, 0),
    "expand twice": lambda t: np.expand_dims(t.R, (0, -1)),
    "flip": lambda t: np.flip(t.R),
    "flip one": lambda t: np.flip(t.R, 0),
    "flipud": lambda t: np.flipud(t.R),
    "fliplr": lambda t: np.fliplr(t.R),
    "roll": lambda t: np.roll(t.R, 1, axis=1),
    "roll all": lambda t: np.roll(t.R, -2),
    "roll far": lambda t: np.roll(t.v, 7),
    "roll none": lambda t: np.roll(t.v, 3),
    "diff": lambda t: np.diff(t.v),
    "diff twice": lambda t: np.diff(t.X, 2, axis=0),
    "tril": lambda t: np.tril(t.X, -1),
    "triu": lambda t: np.triu(t.R, 1),
    "moveaxis": lambda t: np.moveaxis(t.X[None] * t.v[:, None, None], 0, -1),
    "average": lambda t: np.average(t.R),
    "weighed": lambda t: np.average(t.v, weights=t.w),
    "weighed rows": lambda t: np.average(t.R, axis=1, weights=t.w),
    "weighed columns": lambda t: np.average(t.X, axis=0, weights=t.w),
    "diag above": lambda t: np.diag(t.v, 1),
    "diag below": lambda t: np.diag(t.v, -2),
    "diagonal above": lambda t: np.diag(t.R, 1),
    "diagonal below": lambda t: np.diagonal(t.X, -1),
    "trace above": lambda t: np.trace(t.R, offset=1),
    "diagonal outside": lambda t: np.diag(t.X, 5),
    "amax": lambda t: np.amax(t.R, axis=0),
    "amin": lambda t: np.amin(t.R, 1, keepdims=True),
    "multi_dot": lambda t: np.linalg.multi_dot([t.R, t.X, t.v]),
    "matrix_transpose": lambda t: np.linalg.matrix_transpose(t.R),
    "multiply.outer": lambda t: np.multiply.outer(t.v, t.R),
    "add.outer": lambda t: np.add.outer(t.R, t.w),
    "outer of numbers": lambda t: np.subtract.outer(t.v, np.arange(2.0)),
    "add.reduce": lambda t: np.add.reduce(t.R),
    "multiply.reduce": lambda t: np.multiply.reduce(t.R, axis=1),
    "maximum.reduce": lambda t: np.maximum.reduce(t.X, axis=None),
    "swapaxes": lambda t: t.R.swapaxes(0, 1),
    "squeeze method": lambda t: t.R[None].squeeze(),
}


def variables():
    return {name: sd.Var(name, shape=value.shape) for name, value in VALUES.items()}


def applied(name, values):
    return CASES[name](SimpleNamespace(**values))


@pytest.mark.parametrize("name", CASES)
def test_values_slopes_and_text(name):
    xs = variables()
    f = applied(name, xs)
    wanted = applied(name, VALUES)
    assert isinstance(f, sd.Expr)
    assert f.shape == wanted.shape
    np.testing.assert_allclose(f.evaluate(VALUES), wanted, rtol=1e-13)
    shapes = {key: value.shape for key, value in VALUES.items() if value.shape}
    assert str(sd.parse(str(f), shapes=shapes)) == str(f)
    if wanted.size:
        weights = np.cos(np.arange(wanted.size)).reshape(wanted.shape)
        assert sd.crosscheck((weights * f).sum() if wanted.shape else f, {x: VALUES[x.name] for x in f.variables}).ok


def test_differences_of_named_sizes():
    x = sd.Var("x", shape="n")
    assert str(np.diff(x)) == "x[1:] - x[:-1]"
    assert np.diff(x).shape == ("n - 1",)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: np.any(x), r"np.any is not there for array expressions; .* there are .*vstack"),
        (lambda x: np.add.accumulate(x), r"np.add.accumulate is not there"),
        (lambda x: np.squeeze(x, 0), r"squeeze leaves axes of size 1 out, and X of shape \(3, 3\)"),
        (lambda x: np.roll(sd.Var("x", shape="n"), 1), "roll along an axis needs a size that is a number, not n"),
        (lambda x: np.average(x, weights=[1.0, 2.0]), r"weights of shape \(2,\)"),
        (lambda x: np.einsum(x, [0, 1], [0]), "einsum takes its labels as text first"),
        (lambda x: x.sum(axis=(0, 0)), r"X of shape \(3, 3\) has each axis once"),
    ],
)
def test_what_is_refused(call, message):
    with pytest.raises(sd.SymdiffError, match=message):
        call(sd.Var("X", shape=(3, 3)))


# -- lists of expressions, shapes of numbers, messages ----------------------------------------------


def test_a_list_of_expressions_and_numbers_is_a_vector():
    X, s = sd.Var("X", shape=(3, 3)), sd.Var("s")
    f = X @ [s, 1, s**2]
    assert str(f) == "X @ stack([s, 1, s**2])"
    assert str(np.dot([s, 1, 2], X[0])) == "X[0] @ stack([s, 1, 2])"
    np.testing.assert_array_equal(f.evaluate(X=np.eye(3), s=2.0), [2, 1, 4])
    assert sd.stack([[s, 1], [2, s]]).evaluate(s=3).tolist() == [[3, 1], [2, 3]]


def test_numbers_have_a_shape_and_are_no_sequences():
    x, X = sd.Var("x"), sd.Var("X", shape=(2, 3))
    assert x.shape == (x + 1).shape == sd.Const(2).shape == X[0, 0].shape == X.sum().shape == ()
    assert np.array([x, x + 1]).shape == (2,)
    assert not any(hasattr(x, name) for name in ("__len__", "__getitem__", "__iter__", "T"))


def test_shapes_that_do_not_fit_are_named_with_their_variables():
    X, q, P = sd.Var("X", shape=(3, 3)), sd.Var("q", shape=4), sd.Var("P", shape=("n", "d"))
    with pytest.raises(sd.SymdiffError, match=r"X of shape \(3, 3\) and q of shape \(4,\)$"):
        X + q
    with pytest.raises(sd.SymdiffError, match=r"P of shape \(n, d\) and q of shape \(4,\): named sizes"):
        P * q
    with pytest.raises(sd.SymdiffError, match=r"inv is of a square matrix, not of P of shape \(n, d\)"):
        sd.linalg.inv(P)
    with pytest.raises(sd.SymdiffError, match=r"not of X of shape \(3, 3\) and q of shape \(4,\)"):
        sd.linalg.solve(X, q)
    with pytest.raises(sd.SymdiffError, match=r"trace is of a square matrix, not of P"):
        sd.trace(P)
    with pytest.raises(sd.SymdiffError, match="and s is a scalar"):
        X @ sd.Var("s")


def test_two_variables_of_one_name_are_told_apart_in_messages():
    f, _, alone = sd.Var("X", shape=3).sum(), sd.Var("X", shape=(2, 2)), sd.Var("X")
    with pytest.raises(sd.SymdiffError, match=r"several variables named 'X', .*\(3,\) and .*\(2, 2\)"):
        f.gradient("X")
    with pytest.raises(sd.SymdiffValueError, match=r"called X here, of shapes \(3,\) and \(\)"):
        f + alone
    assert f.evaluate(X=np.ones(3)) == 3
    with pytest.raises(sd.MissingValueError, match=r"no value for v \(given: X\)"):
        sd.Var("v", shape=2).evaluate({sd.Var("X", shape=3): np.ones(3)})


# -- entries of variables -----------------------------------------------------------------------------


def test_mirrored_entries_of_a_symmetric_variable_are_one_expression():
    S = sd.Var("S", shape=(3, 3), symmetric=True)
    assert S[1, 0] == S[0, 1]
    assert S[2][1] == S[1, 2]
    assert S.elements()[2, 0] == S.elements()[0, 2]
    assert (S[1, 0] - S[0, 1]) == sd.Const(0)
    assert S[0, 1].gradient(S[1, 0]).evaluate() == 1
    assert sd.linalg.det(S).gradient(S[1, 0]) == sd.linalg.det(S).gradient(S[0, 1])


def test_products_with_jacobians_and_orders_by_entries_and_names():
    X, v, s = sd.Var("X", shape=(2, 2)), sd.Var("v", shape=2), sd.Var("s")
    f = ((X @ v) ** 2).sum() * s
    at = {X: [[1.0, 2.0], [3.0, 4.0]], v: [0.5, -1.0], s: 2.0}
    slope = f.gradient(v[0]).evaluate(at)
    assert slope != 0
    assert sd.jvp(f, v[0], 1).evaluate(at) == pytest.approx(slope)
    assert sd.jvp(f, "v[0]", 1).evaluate(at) == pytest.approx(slope)
    assert sd.jvp(f, "v", [1, 0]).evaluate(at) == pytest.approx(slope)
    assert sd.jvp(f, [s, v[1:]], [0, [1]]).evaluate(at) == pytest.approx(f.gradient(v[1]).evaluate(at))
    S = sd.Var("S", shape=(2, 2), symmetric=True)
    assert sd.jvp(sd.trace(S @ X), S[0, 1], 1).evaluate(at) == 5
    found = sd.derivatives(f, v[0], 2)
    assert [d.evaluate(at) for d in found[1:]] == [f.diff(v[0]).evaluate(at), f.diff(v[0], 2).evaluate(at)]
    assert sd.derivatives(f, ["v[0]", "s"], 1)[1, 0] == found[1]


def test_signs_and_sizes_of_determinants_overflow_nowhere():
    a = sd.Var("a", shape=(400, 400))
    sign, size = np.linalg.slogdet(a)
    for scale in (10.0, 0.01, -1.0):
        at = scale * np.eye(400)
        assert (sign.evaluate(a=at), size.evaluate(a=at)) == tuple(np.linalg.slogdet(at))
        assert np.allclose(size.gradient(a).evaluate(a=at), np.eye(400) / scale)
    assert str(size.gradient(a)) == "inv(a).T"
    assert sd.parse(str(sign * size), {"a": (400, 400)}) == sign * size


def test_scalars_are_arrays_of_one_entry_where_arrays_are_wanted():
    """`np.outer(x, s)` was a reshape of a number, which had no value, no derivative and did not come back from JSON."""
    x, s = sd.Var("x", shape=3), sd.Var("s")
    for f, shape in ((sd.outer(x, s), (3, 1)), (sd.outer(s, s), (1, 1)), (sd.cumsum(s), (1,))):
        assert f.shape == shape
        assert sd.from_json(sd.to_json(f)) == f
        np.testing.assert_allclose(f.evaluate({"x": [1.0, 2.0, 3.0], "s": 2.0}).shape, shape)
    np.testing.assert_array_equal(sd.outer(x, s).sum().gradient(x).evaluate({"s": 2.0, "x": np.ones(3)}), [2, 2, 2])
    assert str(sd.outer(x, s).sum().gradient(s)) == "x.sum()"
    assert x[:1].reshape(()).shape == ()
