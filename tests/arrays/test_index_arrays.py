"""Index arrays that are variables: NumPy's meaning of them, derivatives, compiled functions, text, errors."""

# ruff: noqa: N803, N806 - compiled functions have capitals

import copy
import pickle

import numpy as np
import pytest

import symdiff as sd

RNG = np.random.default_rng(3)


def variables():
    return sd.Var("X", shape=(4, 3, 2)), sd.Var("i", shape="m", dtype=int), sd.Var("j", shape="m", dtype=int)


KEYS = {
    "first axis": lambda i, j: (i,), "last": lambda i, j: (slice(None), slice(None), j), "pairs": lambda i, j: (i, j),
    "an int beside": lambda i, j: (i, 1), "an int apart": lambda i, j: (0, slice(None), j),
    "apart": lambda i, j: (i, slice(None), j), "slices": lambda i, j: (slice(1, 3), j),
    "new axes": lambda i, j: (None, i, None, j),
    "dots": lambda i, j: (..., j), "sums": lambda i, j: (2 * i - 1, j),
    "a list beside": lambda i, j: (i[:3], [1, 0, 1]),
    "matrices": lambda i, j: (i[:, None], j[None, :]), "one place": lambda i, j: (i[0], j[1]),
}  # fmt: skip
PLACES = {"i": np.array([1, 0, -1]), "j": np.array([1, 1, 0])}


@pytest.mark.parametrize("key", KEYS)
class TestKeys:
    def test_values_and_shapes(self, key):
        x, i, j = variables()
        f, value = x[KEYS[key](i, j)], RNG.normal(size=(4, 3, 2))
        wanted = value[KEYS[key](PLACES["i"], PLACES["j"])]
        assert len(f.shape) == np.ndim(wanted)
        np.testing.assert_array_equal(f.evaluate(X=value, **PLACES), wanted)
        compiled = sd.compile(f, [x, *[v for v in (i, j) if v in f.variables]])
        given = [PLACES[v.name] for v in (i, j) if v in f.variables]
        np.testing.assert_array_equal(compiled(value, *given), wanted)

    def test_slopes_add_up(self, key):
        x, i, j = variables()
        f, value = x[KEYS[key](i, j)], RNG.normal(size=(4, 3, 2))
        total = (f**2).sum() if f.shape else f**2
        at = KEYS[key](PLACES["i"], PLACES["j"])
        wanted = np.zeros_like(value)
        np.add.at(wanted, at, 2 * value[at])
        held = [v for v in (i, j) if v in f.variables]
        point = {x: value, **{v: PLACES[v.name] for v in held}}
        np.testing.assert_allclose(total.gradient(x).evaluate(point), wanted)
        np.testing.assert_allclose(total.backpropagate(point)[x], wanted)
        compiled = sd.compile([total.gradient(x), total.hessian(x)], list(point))(*point.values())
        np.testing.assert_allclose(compiled[0], wanted)
        counts = np.zeros(value.shape)
        np.add.at(counts, at, 2.0)
        np.testing.assert_allclose(compiled[1].reshape(24, 24), np.diag(counts.ravel()))

    def test_text_json_and_pickles(self, key):
        x, i, j = variables()
        f = x[KEYS[key](i, j)]
        for g in (f, ((f**2).sum() if f.shape else f**2).gradient(x)):
            again = sd.parse(str(g), {"X": (4, 3, 2), "i": "m", "j": "m"}, integers=["i", "j"])
            assert str(again) == str(g)
            assert sd.from_json(sd.to_json(g)) == g == pickle.loads(pickle.dumps(g)) == copy.deepcopy(g)
            assert g.latex()
        assert f.to_graphviz()

    def test_blocks_are_added(self, key):
        x, i, j = variables()
        at = KEYS[key](i, j)
        if any(p is None for p in at):
            with pytest.raises(sd.SymdiffIndexError, match="None is no place"):
                x.at[at].add(1.0)
            return
        value = RNG.normal(size=(4, 3, 2))
        wanted = value.copy()
        np.add.at(wanted, KEYS[key](PLACES["i"], PLACES["j"]), 2.5)
        np.testing.assert_allclose(x.at[at].add(2.5).evaluate(X=value, **PLACES), wanted)

    def test_crosscheck_takes_the_places_of_the_point(self, key):
        x, i, j = variables()
        f = x[KEYS[key](i, j)]
        total = (sd.sin(f) * f).sum() if f.shape else sd.sin(f) * f
        point = {x: RNG.normal(size=(4, 3, 2)), **{v: PLACES[v.name] for v in f.variables if v.name != "X"}}
        point = {v: value for v, value in point.items() if v in total.variables}
        assert sd.crosscheck(total, point, order=1).ok


class TestMapped:
    def test_one_place_a_row(self):
        scores, labels = sd.Var("L", shape=("n", 3)), sd.Var("y", shape="n", dtype=int)
        loss = -sd.vmap(lambda row, k: sd.log_softmax(row)[k])(scores, labels).mean()
        values, given = RNG.normal(size=(5, 3)), np.array([0, 2, 1, 1, 0])
        shares = np.exp(values) / np.exp(values).sum(1, keepdims=True)
        found = sd.compile([loss, loss.gradient(scores)], [scores, labels])(values, given)
        assert found[0] == pytest.approx(-np.log(shares[np.arange(5), given]).mean())
        np.testing.assert_allclose(found[1], (shares - np.eye(3)[given]) / 5)

    def test_labels_that_are_known_are_entries(self):
        scores = sd.Var("L", shape=(3, 4))
        f = sd.vmap(lambda row, k: row[k])(scores, [3, 0, -1])
        assert f == scores[[0, 1, 2], [3, 0, 3]]

    @pytest.mark.parametrize("which", ["array", "places", "both"])
    def test_rows_of_arrays_and_of_places(self, which):
        x, i = sd.Var("X", shape=(3, 5, 2)), sd.Var("i", shape=(3, 4), dtype=int)
        value, at = RNG.normal(size=(3, 5, 2)), RNG.integers(-5, 5, (3, 4))
        f, wanted = {
            "array": (lambda: sd.vmap(lambda a: sd.sin(a[i[0]]))(x), lambda: [a[at[0]] for a in value]),
            "places": (lambda: sd.vmap(lambda k: sd.sin(x[0][k]))(i), lambda: [value[0][k] for k in at]),
            "both": (lambda: sd.vmap(lambda a, k: sd.sin(a[k]))(x, i), lambda: [value[n][at[n]] for n in range(3)]),
        }[which]  # fmt: skip
        np.testing.assert_allclose(f().evaluate(X=value, i=at), np.sin(wanted()))
        moved = f().sum().gradient(x)
        again = sd.vmap(lambda a, k: sd.zeros(5).at[k].add(a[:4, 0]))(x, i)
        added = np.zeros((3, 5))
        for row, k, a in zip(added, at, value, strict=True):
            np.add.at(row, k, a[:4, 0])
        np.testing.assert_allclose(again.evaluate(X=value, i=at), added)
        total = sd.differences(f().sum().replace({i: at}), {x: value})[x]
        np.testing.assert_allclose(moved.evaluate(X=value, i=at), total, atol=1e-7)

    def test_one_hot(self):
        labels, w = sd.Var("y", shape=4, dtype=int), sd.Var("w", shape=3)
        f = sd.eye(3)[labels] @ w
        np.testing.assert_array_equal(f.evaluate(y=[2, 0, 1, 1], w=[5.0, 6.0, 7.0]), [7, 5, 6, 6])


class TestOneProgramForAnyPlaces:
    def test_minibatches(self):
        x, w, i = sd.Var("X", shape=("n", 2)), sd.Var("w", shape=2), sd.Var("i", shape="m", dtype=int)
        f = ((x[i] @ w) ** 2).sum()
        F = sd.compile([f, f.gradient(w), f.gradient(x)], [x, w, i])
        value, weights = RNG.normal(size=(50, 2)), np.array([0.5, -1.0])
        for at in (np.arange(5), np.array([3, 3, 3, -1]), np.zeros(0, int), np.int32([7])):
            v, g, h = F(value, weights, at)
            rows = value[at] @ weights
            wanted = np.zeros_like(value)
            np.add.at(wanted, at, 2 * rows[:, None] * weights)
            np.testing.assert_allclose(v, (rows**2).sum())
            np.testing.assert_allclose(g, 2 * rows @ value[at])
            np.testing.assert_allclose(h, wanted, atol=1e-14)
        assert F(value, weights, RNG.integers(0, 50, (6, 4)))[1].shape == (6, 2)
        single = sd.compile(f.gradient(x), [x, w, i], dtype=np.float32)(value, weights, [1, 1])
        assert single.dtype == np.float32

    def test_places_in_arithmetic(self):
        x, i, k = sd.Var("x", shape=6), sd.Var("i", shape=3, dtype=int), sd.Var("k", dtype=int)
        f = (x[i + k] * i).sum() * k + x[k]
        value, at = RNG.normal(size=6), np.array([0, 2, 1])
        wanted = (value[at + 2] * at).sum() * 2 + value[2]
        assert f.evaluate(x=value, i=at, k=2) == pytest.approx(wanted)
        assert sd.compile(f, [x, i, k])(value, at, 2) == pytest.approx(wanted)
        assert f.evaluate(x=[1, 2, 3, 4, 5, 6], i=[0, 2, 1], k=2) == 31
        dual = f.evaluate(x=sd.DualNumber(value, np.ones(6)), i=at, k=2)
        assert dual.eps == pytest.approx(f.gradient(x).evaluate(x=value, i=at, k=2).sum())

    def test_they_have_no_derivatives(self):
        x, i = sd.Var("x", shape=6), sd.Var("i", shape=3, dtype=int)
        f = (x[i] * i).sum()
        assert len(f.gradient()) == 1
        assert f.backpropagate({x: np.ones(6), i: [1, 2, 3]})[x].tolist() == [0, 1, 2, 3, 0, 0]
        for call in (lambda: f.gradient(i), lambda: sd.jacobian(x[i], i), lambda: f.gradient([x, "i"])):
            with pytest.raises(sd.SymdiffTypeError, match="i is a variable of ints: nothing is differentiated by it"):
                call()


def bad():
    x, i = sd.Var("x", shape=6), sd.Var("i", shape="m", dtype=int)
    F = sd.compile(x[i], [x, i])
    return x, i, F


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x, i, F: F(np.ones(6), [6]), "i has the place 6 on an axis of size 6"),
        (lambda x, i, F: F(np.ones(6), [0, -7]), "i has the place -7 on an axis of size 6"),
        (lambda x, i, F: x[i].evaluate(x=np.ones(6), i=[9]), "i has the place 9 on an axis of size 6"),
        (lambda x, i, F: x[i + 1].evaluate(x=np.ones(6), i=[5]), "an index has the place 6 on an axis of size 6"),
        (lambda x, i, F: x[i].sum().gradient(x).evaluate(x=np.ones(6), i=[6]), "i has the place 6"),
        (lambda x, i, F: F(np.ones(6), np.array([1.0])), "i is a variable of ints, .* is an array of float64"),
        (lambda x, i, F: F(np.ones(6), [2**64 - 1]), "i is a variable of ints of 64 bits, and 18446744073709551615"),
        (lambda x, i, F: F(np.ones(6), np.array([0, 2**63], np.uint64)), "and 9223372036854775808 is beyond them"),
        (lambda x, i, F: F(np.ones(6), [0, -(2**70)]), "and -1180591620717411303424 is beyond them"),
        (lambda x, i, F: x[i].evaluate(x=np.ones(6), i=[2**64 - 1]), "ints of 64 bits"),
        (lambda x, i, F: F(np.ones(6), [[1], [2, 3]]), "rows of different length"),
        (lambda x, i, F: x[i].evaluate(x=np.ones(6), i=[0.5]), "i is a variable of ints"),
        (lambda x, i, F: x[x], "an expression is an index where it is of whole numbers"),
        (lambda x, i, F: x[i, i], "2 places for an array of shape"),
        (lambda x, i, F: sd.Var("A", shape=(3, 3))[i, sd.Var("k", shape="q", dtype=int)], "do not go together"),
        (lambda x, i, F: x[i].expand({"m": 2}), "write f.expand\\(places=\\{i: …\\}\\)"),
        (lambda x, i, F: sd.Var("q", shape=2, dtype=complex), "the dtype of q is float or int"),
        (lambda x, i, F: sd.Var("q", shape=(2, 2), symmetric=True, dtype=int), "symmetric, or of ints"),
        (lambda x, i, F: (x[i], sd.Var("i", shape="m"))[0] + sd.Var("i", shape="m"), "two variables are called i"),
    ],
)  # fmt: skip
def test_bad_input(call, message):
    with pytest.raises(sd.SymdiffError, match=message):
        call(*bad())


def test_expansion_takes_places():
    x, i = sd.Var("x", shape=4), sd.Var("i", shape="m", dtype=int)
    assert str((x[i] ** 2).sum().expand({"m": 2}, places={i: [3, 0]})) == "x[3]**2 + x[0]**2"
