"""Text of arrays, read: NumPy's notation with shapes given."""

import numpy as np
import pytest

import symdiff as sd

SHAPES = {"X": (100, 2), "w": 2, "y": 100, "S": (2, 2), "T": (2, 3, 2), "P": ("n", 3)}
READ = [
    ("X.sum(axis=(0, 1))", "X.sum()"),
    ("X.sum(axis=0, keepdims=True)", "X.sum(axis=0)[None]"),
    ("sum(X, axis=0)", "X.sum(axis=0)"),
    ("np", "np"),
    ("mean(X, axis=1)", "X.mean(axis=1)"),
    ("max(X)", "X.max()"),
    ("max(X, 1)", "maximum(X, 1)"),
    ("max(a, b)", "maximum(a, b)"),
    ("norm(a, b)", "norm(a, b)"),
    ("logsumexp(a, b)", "logaddexp(a, b)"),
    ("X[-1]", "X[99]"),
    ("X[..., 0]", "X[:, 0]"),
    ("X[None, 0]", "X[0][None]"),
    ("X[:, ]", "X"),
    ("X[1:5:2]", "X[1:4:2]"),
    ("X[1:][0, 0]", "X[1, 0]"),
    ("X[ 0, 1 ]", "X[0, 1]"),
    ("X[[0, 1, 2], 0]", "X[:, 0][[0, 1, 2]]"),
    ("(X @ w)[3:][1]", "(X @ w)[4]"),
    ("transpose(T, (1, 2, 0))", "T.transpose(1, 2, 0)"),
    ("swapaxes(T, 0, 2)", "T.transpose(2, 1, 0)"),
    ("T.reshape((3, -1))", "T.reshape(3, 4)"),
    ("reshape(T, 12)", "T.ravel()"),
    ("X.T.T", "X"),
    ("X . T", "X.T"),
    ("full((2,), 3)", "3*ones(2)"),
    ("full(2, a)", "a*ones(2)"),
    ("einsum('ij,j', X, w)", "X @ w"),
    ("tensordot(S, S, axes=1)", "S @ S"),
    ("matmul(S, w)", "S @ w"),
    ("w.dot(w)", "(w**2).sum()"),
    ("w.cumsum()", "cumsum(w)"),
    ("clip(w, 0, 1)", "minimum(maximum(w, 0), 1)"),
    ("concatenate((w, y))", "concatenate([w, y])"),
    ("concatenate([w, w, ])", "concatenate([w, w])"),
    ("stack([w, w], axis=1)", "stack([w, w]).T"),
    ("w if w[0] > 0 else 2*w", "where(w[0] > 0, w, 2*w)"),
    ("w.at[0].add(a)", "w + zeros(2).at[0].add(a)"),
    ("z = X @ w - y; z[0] + z[1]", "z = X @ w - y; z[0] + z[1]"),
    ("z = (X @ w\n  - y)\n(z**2).sum()", "z = X @ w - y; (z**2).sum()"),
    ('Var("X") @ w', "X @ w"),
    ("v[0]*w[0]", "v[0]*w[0]"),
    ("P.sum(axis=0)/n", "P.mean(axis=0)"),
    ("P[1:].mean(axis=0)", "P[1:].mean(axis=0)"),
    ("zeros((n - 1, 3))", "zeros((n - 1, 3))"),
    ("array([1 + 2j, 0.5, -3])", "array([(1+2j), (0.5+0j), (-3+0j)])"),
    ("array([1/3, 2])", "array([1/3, 2])"),
    ("S - S.T", "zeros((2, 2))"),
    ("outer(w, w[0])", "w[0]*w[:, None]"),
]


@pytest.mark.parametrize(("text", "expected"), READ)
def test_numpy_notation_is_read(text, expected):
    assert str(sd.parse(text, SHAPES, ["S"])) == expected


def test_what_is_read_is_what_is_built():
    data, w, y = sd.Var("X", shape=(100, 2)), sd.Var("w", shape=2), sd.Var("y", shape=100)
    assert sd.parse("((X @ w - y)**2).sum()", {"X": (100, 2), "w": 2, "y": 100}) == ((data @ w - y) ** 2).sum()


def test_nothing_but_text_and_shapes_is_needed():
    f = sd.parse("ones((2, 3)) @ array([1.0, 2.0, 3.0])")
    np.testing.assert_array_equal(f.evaluate({}), [6.0, 6.0])


REFUSED = [
    ("x @ w", 3, r"write \* to multiply by a scalar"),
    ("x.T", 2, r'x is a number, without .T: shapes=\{"x": …\}'),
    ("x.sum()", 2, r'shapes=\{"x": …\} says that x is an array'),
    ("x[1:]", 2, r'shapes=\{"x": …\} says that x is an array'),
    ("(x + 1)[0]", 8, "no array"),
    ("X @ y", 3, r"X of shape \(100, 2\) @ y of shape \(100,\)"),
    ("X + y", 3, "broadcast"),
    ("X.foo()", 2, "arrays have no .foo: they have .T, .cumsum"),
    ("X.sum", 6, "found .sum without brackets"),
    ("X.sum + 1", 7, ".sum without brackets"),
    ("X.sum(axis=5)", 2, "no axis 5"),
    ("X.sum(axis=a)", 2, "expected a whole number"),
    ("X.sum(foo=1)", 2, "foo"),
    ("X[5, 5, 5]", 1, "3 places"),
    ("X[100]", 1, "no place 100"),
    ("X[-101]", 2, "no place -101"),
    ("X[a]", 2, "expected a whole number"),
    ("X[0.5]", 2, "expected a whole number"),
    ("X[]", 3, "expected a number"),
    ("X[1:", 5, "expected a number"),
    ("X[1:)", 5, r"found '\)'"),
    ("X[1", 4, r"'\]' for the '\[' of line 1, column 2"),
    ("[1, 2]", 7, "found a list"),
    ("(1, 2)", 3, r"an operator or '\)'"),
    ("sum((1, 2)", 11, r"expected '\)'"),
    ("X.sum(", 7, "expected a number"),
    ("sum()", 5, "without an operand"),
    ('einsum("ij,j->i", X)', 1, "of 2 operands"),
    ('"ij" + x', 1, "strings are read as names"),
    ("eye(a)", 1, "a whole number, a size"),
    ("inv(X)", 1, "square matrix"),
    ("sin(X, axis=1)", 12, "write == to compare"),
    ("X.at[0]", 8, "without .add"),
    ("X.add(w)", 2, "no .add"),
    ("X.at[[0, 1], [1, 0, 1]].add(a)", 5, "do not go together"),
    ("zeros(3).at[7].add(a)", 12, "no place 7"),
    ("array([x])", 1, "of numbers, not of x"),
    ("array(..., shape=(3, 2)) @ w", 1, r"was cut: str\(f\)"),
    ("X.T()", 4, "operator"),
    ("X[1:5::2]", 2, "at most two colons"),
    ("X.sum @ w", 7, ".sum without brackets"),
    ("X[::0]", 2, "never by 0"),
    ("outer(w, w.sum)", 1, "outer takes arrays, not .sum without brackets"),
    ("concatenate([w, w.at])", 1, "not .at without .add"),
    ("array([[1, 2], [3]])", 1, "inhomogeneous"),
    ("einsum(3, w)", 1, "einsum takes its labels as text"),
]


@pytest.mark.parametrize(("text", "column", "message"), REFUSED)
def test_what_is_no_expression_of_arrays_is_refused_where_it_stands(text, column, message):
    with pytest.raises(sd.ParseError, match=message) as caught:
        sd.parse(text, SHAPES, ["S"])
    assert (caught.value.line, caught.value.column) == (1, column)


@pytest.mark.parametrize(
    ("shapes", "symmetric", "error", "message"),
    [
        ([("X", 2)], (), sd.SymdiffTypeError, "a dictionary such as"),
        ({"X": -1}, (), sd.SymdiffValueError, "negative"),
        ({"X": "2n"}, (), sd.SymdiffValueError, "no size"),
        ({"X": (2, 2)}, ["Y"], sd.SymdiffValueError, "Y is to be symmetric"),
        ({"X": (2, 3)}, ["X"], sd.SymdiffValueError, "square"),
    ],
)
def test_shapes_are_checked(shapes, symmetric, error, message):
    with pytest.raises(error, match=message):
        sd.parse("X", shapes, symmetric)
