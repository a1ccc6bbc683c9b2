"""Subscripts of arrays mean what NumPy's do: index arrays, masks, new axes, and all of them together."""

import pickle

import numpy as np
import pytest

import symdiff as sd

SHAPE = (3, 4, 5)
VALUE = np.random.default_rng(0).normal(size=SHAPE)
ROWS, COLUMNS, MASK = np.array([0, 2]), np.array([1, 3, 3]), VALUE[:, :, 0] > 0

KEYS = {
    "pairs": np.s_[[0, 2], [1, 3]],
    "pairs behind a slice": np.s_[:, [0, 1], [1, 2]],
    "three": np.s_[ROWS, ROWS, ROWS],
    "broadcast": np.s_[ROWS[:, None], COLUMNS],
    "broadcast the other way": np.s_[ROWS[None, :], COLUMNS[:, None]],
    "one place for all": np.s_[ROWS, [1]],
    "apart": np.s_[ROWS, :, ROWS + 1],
    "apart from an int": np.s_[1, :, [0, 3, 3]],
    "beside an int": np.s_[1, [0, 3, 3]],
    "around an int": np.s_[ROWS, 0, ROWS + 1],
    "behind an int": np.s_[0, ROWS, ROWS + 1],
    "from the end": np.s_[[-1, 0], [-2, 1], 1:],
    "every pair": np.ix_(ROWS, COLUMNS),
    "every triple": np.ix_(ROWS, COLUMNS, ROWS),
    "backwards": np.s_[::-1, [0, 1], [1, 1]],
    "mask of two axes": np.s_[MASK],
    "mask of all": np.s_[VALUE > 0],
    "mask of one": np.s_[MASK[:, 0]],
    "mask beside places": np.s_[:, MASK[0], [0]],
    "dots": np.s_[..., [0, 1], [1, 2]],
    "matrix of places": np.s_[np.array([[0, 1], [2, 2]])],
    "matrix and row": np.s_[:, np.array([[0, 1], [2, 2]]), [0, 1]],
    "nothing": np.s_[[], []],
    "new axis between": np.s_[[0, 1], None, [1, 2]],
    "new axis first": np.s_[None, ROWS, ROWS],
    "apart by a new axis": np.s_[:, ROWS, None, ROWS],
}


@pytest.fixture
def x():
    return sd.Var("X", shape=SHAPE)


@pytest.mark.parametrize("name", KEYS)
def test_takes_what_numpy_takes(name, x):
    key, taken = KEYS[name], VALUE[KEYS[name]]
    f = x[key]
    assert f.shape == taken.shape
    np.testing.assert_array_equal(f.evaluate({x: VALUE}), taken)
    batch = f.evaluate({x: np.stack([VALUE, -VALUE])})
    np.testing.assert_array_equal(batch, np.stack([taken, -taken]))
    entries = f.expand()
    expected = sd.variables("X", SHAPE)[key]
    assert entries.shape == expected.shape
    assert all(a == b for a, b in zip(entries.flat, expected.flat, strict=True))


@pytest.mark.parametrize("name", KEYS)
def test_slopes_are_added_where_they_came_from(name, x):
    key = KEYS[name]
    f = (x[key] ** 3).sum()
    slope = np.zeros(SHAPE)
    np.add.at(slope, key, 3 * VALUE[key] ** 2)
    np.testing.assert_allclose(f.gradient(x).evaluate({x: VALUE}), slope)
    np.testing.assert_allclose(f.backpropagate({x: VALUE})[x], slope)
    curvature = np.einsum("abcdef,def->abc", f.hessian(x).evaluate({x: VALUE}), VALUE)
    np.testing.assert_allclose(curvature, 2 * slope)


@pytest.mark.parametrize("name", KEYS)
def test_reads_back_and_is_stored(name, x):
    f = x[KEYS[name]]
    for g in (f, (f**2).sum().gradient(x)):
        read = sd.parse(str(g), shapes={"X": SHAPE})
        assert str(read) == str(g)
        np.testing.assert_array_equal(read.evaluate(X=VALUE), g.evaluate(X=VALUE))
        assert sd.from_json(sd.to_json(g)) == g
        assert pickle.loads(pickle.dumps(g)) == g
        assert g.latex()


@pytest.mark.parametrize("name", [name for name in KEYS if "new axis" not in name])
def test_adds_blocks_where_numpy_does(name, x):
    key = KEYS[name]
    block = np.arange(1.0, 1 + VALUE[key].size).reshape(VALUE[key].shape)
    expected = VALUE.copy()
    np.add.at(expected, key, block)
    np.testing.assert_allclose(x.at[key].add(block).evaluate({x: VALUE}), expected)


def test_reads_as_it_is_written(x):
    assert str(x[[0, 2], [1, 3]]) == "X[[0, 2], [1, 3]]"
    assert str(x[np.ix_(ROWS, COLUMNS)]) == "X[[0, 2]][:, [1, 3, 3]]"
    picked = sd.Var("Z", shape=(3, 2))[np.arange(3), [0, 1, 1]]
    assert str(picked.sum().gradient("Z")) == "zeros((3, 2)).at[[0, 1, 2], [0, 1, 1]].add(ones(3))"


def test_takes_of_takes_are_one_where_a_key_says_both(x):
    assert x[ROWS, ROWS][[1, 0]] == x[[2, 0], [2, 0]]
    assert x[ROWS, ROWS][1] == x[2, 2]
    assert x[1:][ROWS[:1], [2]] == x[[1], [2]]
    assert x[COLUMNS % 3][[0, 1], [2, 3]] == x[[1, 0], [2, 3]]
    twice = x[ROWS, ROWS][[0, 1, 1], [4, 0, 3]]
    assert twice == x[[0, 2, 2], [0, 2, 2], [4, 0, 3]]
    apart = sd.Var("Y", shape=(3, 4, 5, 2))[ROWS, ROWS][:, [0, 1], [0, 0]]
    value = np.random.default_rng(1).normal(size=(3, 4, 5, 2))
    np.testing.assert_array_equal(apart.evaluate(Y=value), value[ROWS, ROWS][:, [0, 1], [0, 0]])
    slope = (apart**2).sum().gradient("Y").evaluate(Y=value)
    expected = np.zeros_like(value)
    expected[ROWS[:, None], ROWS[:, None], [0, 1], [0, 0]] = 2 * value[ROWS, ROWS][:, [0, 1], [0, 0]]
    np.testing.assert_allclose(slope, expected)


def test_named_sizes():
    x = sd.Var("x", shape=("n", 4))
    value = np.random.default_rng(2).normal(size=(3, 4))
    assert np.array_equal(x[[0, 2], [1, 3]].evaluate(x=value), value[[0, 2], [1, 3]])
    assert np.array_equal(x[::-1].evaluate(x=value), value[::-1])
    assert x[::-1][::-1] == x
    assert np.array_equal(x[::-1][1:, 0].evaluate(x=value), value[::-1][1:, 0])
    for f in (x[::-1], x[::-1, 0], x[:, 0][::-1], x[::-1][1:]):
        assert str(sd.parse(str(f), shapes={"x": ("n", 4)})) == str(f)
        assert sd.from_json(sd.to_json(f)) == f
        (v,) = f.variables
        slope = (f**2).sum().gradient(v).evaluate(x=value)
        assert slope == pytest.approx(2 * value * (sd.jacobian(f, v).evaluate(x=value).sum(axis=(*range(f.ndim),)) > 0))


def test_numpy_take(x):
    for axis in (0, 1, 2, -1, None):
        for places in ([0, 2, 2], [[0, 1], [2, 0]], 1):
            assert np.array_equal(np.take(x, places, axis=axis).evaluate({x: VALUE}), np.take(VALUE, places, axis=axis))
    order = np.argsort(VALUE, axis=1)
    assert np.array_equal(np.take_along_axis(x, order, axis=1).evaluate({x: VALUE}), np.sort(VALUE, axis=1))


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (5, r"no place 5 on axis 0 of X of shape \(3, 4, 5\), which has size 3"),
        ((0, [1, -5]), r"no place -5 on axis 1 of X of shape \(3, 4, 5\), which has size 4"),
        (([0, 1], [0, 1, 2]), r"index arrays of shapes \(2,\) and \(3,\) do not go together; np.ix_"),
        (np.ones(2, bool), r"a mask for axis 0 of X of shape \(3, 4, 5\) has shape \(3,\), not \(2,\)"),
        (np.ones((3, 3), bool), r"a mask for axes 0 to 1 of X"),
        (True, "True is no index: a mask is an array of bools"),
        ([0.5], "an index array is of ints or bools"),
        ("a", "an index is an int, a slice"),
        ((0, 0, 0, 0), "4 places for X of shape"),
        ((..., 0, ...), "one ... at most"),
    ],
)
def test_what_is_refused(key, message, x):
    with pytest.raises(sd.SymdiffError, match=message):
        x[key]


def test_expressions_and_named_sizes_are_refused_as_places(x):
    with pytest.raises(
        sd.SymdiffTypeError, match=r"an expression is an index where it is of whole numbers.*sd.where\(X > 0, X, 0\)"
    ):
        x[x > 0]
    with pytest.raises(sd.SymdiffIndexError, match=r"a mask of x of shape \(n,\) needs numbers for n"):
        sd.Var("x", shape="n")[np.ones(3, bool)]


def test_index_arrays_of_several_axes_need_numbers_for_what_is_left():
    with pytest.raises(sd.SymdiffIndexError, match="take the places as one row"):
        sd.Var("x", shape=(3, "n"))[[[0, 1], [1, 0]]]


def test_an_entry_is_a_variable_by_its_name():
    x, w = sd.Var("X", shape=(3, 2)), sd.Var("w", shape=2)
    f = ((x @ w) ** 2).sum()
    assert f.gradient("w[1]") == f.gradient(w[1])
    assert f.gradient(["X[1,0]", "w"]) == f.gradient([x[1, 0], w])
    assert f.hessian("X[2, 1]") == f.hessian(x[2, 1])
    assert f.diff("w[0]", 2) == f.diff(w[0], 2)
    assert sd.jacobian(x @ w, "w[0]") == x[:, 0]
    assert sd.hvp(f, "w[0]", 1) == f.hessian(w[0])
    assert (sd.Var("w[0]") * w.sum()).gradient("w[0]") == w.sum()
    with pytest.raises(sd.SymdiffIndexError, match=r"no place 2 on axis 0 of w of shape \(2,\), which has size 2"):
        f.gradient("w[2]")
    with pytest.raises(sd.SymdiffValueError, match="no variable named 'w\\[0, 0\\]'"):
        f.gradient("w[0, 0]")


def test_sums_of_a_block_in_zeros_are_those_of_the_block():
    z, X = sd.Var("z", shape=3), sd.Var("X", shape=(4, 3))  # noqa: N806
    cases = {
        "softmax(z) + zeros(3).at[1].add(-1)": (-sd.log_softmax(z)[1], z),
        "zeros((4, 3)).at[1:3].add(1 - 3*softmax(X, axis=1)[1:3])": (sd.log_softmax(X, axis=1)[1:3].sum(), X),
    }
    for text, (f, variable) in cases.items():
        assert str(f.gradient(variable)) == text
        at = np.linspace(-1, 1, variable.size).reshape(variable.shape)
        assert sd.crosscheck(f, {variable: at}).ok
