"""NumPy's functions that cut, repeat and pad arrays, products of vectors along axes, and einsum with dots."""

# ruff: noqa: N806 - matrices have capitals, as in mathematics

from types import SimpleNamespace

import numpy as np
import pytest

import symdiff as sd

_random = np.random.default_rng(0)
VALUES = {
    "a": _random.random(3), "A": _random.random((3, 3)), "B": _random.random((2, 4, 3)), "R": _random.random((4, 3)),
    "C": _random.random((2, 3, 5)), "one": _random.random((1, 4, 3)),
}  # fmt: skip

CASES = {
    "tile1": lambda t: np.tile(t.a, 2),
    "tile2": lambda t: np.tile(t.a, (2, 3)),
    "tile3": lambda t: np.tile(t.R, 2),
    "tile4": lambda t: np.tile(t.R, (2, 1, 3)),
    "tile5": lambda t: np.tile(t.B, (3, 2)),
    "repeat": lambda t: np.repeat(t.a, 2),
    "repeat ax": lambda t: np.repeat(t.R, 3, axis=0),
    "repeat ax1": lambda t: np.repeat(t.R, 2, axis=1),
    "repeat all": lambda t: np.repeat(t.R, 2),
    "repeat list": lambda t: np.repeat(t.a, [1, 0, 2]),
    "repeat m": lambda t: t.R.repeat(2, axis=-1),
    "split": lambda t: np.concatenate(np.split(t.R, 2)[::-1]),
    "split list": lambda t: np.concatenate(np.split(t.R, [1, 3])[::-1]),
    "asplit": lambda t: np.concatenate(np.array_split(t.R, 3)[::-1]),
    "hsplit": lambda t: np.concatenate(np.hsplit(t.R, [1])[::-1], axis=1),
    "vsplit": lambda t: np.vsplit(t.R, 4)[1],
    "dsplit": lambda t: np.dsplit(t.B, 3)[2],
    "hsplit1": lambda t: np.hsplit(t.a, 3)[1],
    "pad": lambda t: np.pad(t.a, 1),
    "pad2": lambda t: np.pad(t.R, ((1, 0), (2, 3))),
    "padc": lambda t: np.pad(t.R, 1, constant_values=2.5),
    "padcc": lambda t: np.pad(t.R, ((1, 2), (0, 1)), constant_values=((1, 2), (3, 4))),
    "pade": lambda t: np.pad(t.R, 2, mode="edge"),
    "padr": lambda t: np.pad(t.R, 2, mode="reflect"),
    "pads": lambda t: np.pad(t.R, 2, mode="symmetric"),
    "padw": lambda t: np.pad(t.R, (1, 2), mode="wrap"),
    "block": lambda t: np.block([[t.A, t.a[:, None]], [t.a[None], np.ones((1, 1))]]),
    "block1": lambda t: np.block([t.a, t.a * 2]),
    "block3": lambda t: np.block([[[t.B]], [[t.B]]]),
    "rot90": lambda t: np.rot90(t.R),
    "rot2": lambda t: np.rot90(t.R, -1),
    "rot3": lambda t: np.rot90(t.B, 2, axes=(1, 2)),
    "cross": lambda t: np.cross(t.a, t.A[0]),
    "crossR": lambda t: np.cross(t.R, t.a),
    "crossax": lambda t: np.cross(t.A, t.A.T, axis=0),
    "lcross": lambda t: np.linalg.cross(t.a, t.A[0]),
    "vecdot": lambda t: np.vecdot(t.R, t.a),
    "lvecdot": lambda t: np.linalg.vecdot(t.A, t.A.T, axis=0),
    "vecdotax": lambda t: np.vecdot(t.A, t.A.T, axis=0),
    "ptp": lambda t: np.ptp(t.R, axis=0),
    "ptp0": lambda t: np.ptp(t.R),
    "select": lambda t: np.select([t.a > 0.7, t.a > 0.3], [t.a, t.a**2], -1.0),
    "polyval": lambda t: np.polyval([1.0, 2, 3], t.a),
    "append": lambda t: np.append(t.a, t.A),
    "diagflat": lambda t: np.diagflat(t.a, 1),
    "trap": lambda t: np.trapezoid(t.a),
    "trapx": lambda t: np.trapezoid(t.R, t.a),
    "trapdx": lambda t: np.trapezoid(t.R, dx=0.5, axis=0),
    "trapxx": lambda t: np.trapezoid(t.R, t.R * 2, axis=0),
    "cov": lambda t: np.cov(t.R),
    "covT": lambda t: np.cov(t.R, rowvar=False),
    "cov1": lambda t: np.cov(t.a),
    "covb": lambda t: np.cov(t.R, bias=True),
    "e1": lambda t: np.einsum("...i,...i->...", t.B, t.R),
    "e2": lambda t: np.einsum("...i,...i", t.B, t.one),
    "e3": lambda t: np.einsum("...ij,...kj->...ik", t.B, t.one),
    "e4": lambda t: np.einsum("ij,...j->...i", t.A, t.B),
    "e5": lambda t: np.einsum("i...->...", t.R),
    "e6": lambda t: np.einsum("...ii->...i", t.A),
    "e7": lambda t: np.einsum("...->...", t.R),
    "e8": lambda t: np.einsum("...,...", t.R, t.R),
    "e9": lambda t: np.einsum("...i->i...", t.B),
    "e10": lambda t: np.einsum("...ij,...jk", t.B, t.C),
    "e11": lambda t: np.einsum("i...", t.R),
    "e12": lambda t: np.einsum("...ij->...", t.one),
    "e13": lambda t: np.einsum("...i,...i->...", t.a, t.a),
    "e14": lambda t: np.einsum("...k,k->...", t.one, t.a),
    "mT": lambda t: t.B.mT,
    "divmod": lambda t: np.divmod(t.a, 0.3)[1],
}
if hasattr(np, "matvec"):  # of NumPy 2.2 on
    CASES["matvec"] = lambda t: np.matvec(t.B, t.a)
    CASES["vecmat"] = lambda t: np.vecmat(t.R, t.A)


@pytest.mark.parametrize("name", CASES)
def test_gives_what_numpy_gives_of_numbers(name):
    variables = {n: sd.Var(n, shape=v.shape) for n, v in VALUES.items()}
    wanted = CASES[name](SimpleNamespace(**VALUES))
    f = CASES[name](SimpleNamespace(**variables))
    found = f.evaluate(VALUES)
    assert np.shape(found) == np.shape(wanted) == f.shape
    assert np.allclose(found, wanted)
    shapes = {n: v.shape for n, v in VALUES.items()}
    assert str(sd.parse(str(f), shapes)) == str(f)
    names = [v.name for v in f.variables]
    step = 1e-6
    moved = [
        CASES[name](SimpleNamespace(**{n: v + sign * step * np.cos(v) if n in names else v for n, v in VALUES.items()}))
        for sign in (1, -1)
    ]
    slope = sd.jvp(f, [variables[n] for n in names], [np.cos(VALUES[n]) for n in names])
    assert np.allclose(slope.evaluate(VALUES), (moved[0] - moved[1]) / (2 * step), atol=1e-7)


def test_named_sizes_are_cut_and_multiplied_too():
    x, M, N = sd.Var("x", shape="n"), sd.Var("M", shape=("n", "d")), sd.Var("N", shape=("n", "d"))
    assert [str(part) for part in np.split(x, [1, 2])] == ["x[:1]", "x[1:2]", "x[2:]"]
    assert str(np.einsum("...i,...i->...", M, N)) == "(M*N).sum(axis=1)"
    assert str(np.linalg.vecdot(M, N)) == "(M*N).sum(axis=1)"
    assert np.allclose(np.cov(M, rowvar=False).evaluate(M=VALUES["R"]), np.cov(VALUES["R"], rowvar=False))
    with pytest.raises(sd.SymdiffValueError, match="a size that is a number, not n"):
        np.tile(x, 2)
    with pytest.raises(sd.SymdiffValueError, match="a size that is a number, not n"):
        np.split(x, 2)


def test_shapes_are_those_of_numpy_where_sizes_are_rare():
    a, y = VALUES["R"], VALUES["R"][0]
    A, v = sd.Var("A", shape=a.shape), sd.Var("v", shape=y.shape)
    pairs = {
        "diagonal of a wide matrix": (np.diag(A.T), np.diag(a.T)),
        "diagonal of a tall matrix": (np.diag(A), np.diag(a)),
        "kron of a matrix and a vector": (np.kron(A, v), np.kron(a, y)),
        "kron of a vector and a matrix": (np.kron(v, A), np.kron(y, a)),
        "kron of a number": (np.kron(A, 2.0), np.kron(a, 2.0)),
        "an axis exchanged with itself": (A.swapaxes(0, -2), a.swapaxes(0, -2)),
        "covariance of one variable": (np.cov(A[:1]), np.cov(a[:1])),
        "a polynomial of degree 0": (np.polyval(v[:1], A), np.polyval(y[:1], a)),
    }
    for name, (found, wanted) in pairs.items():
        value = np.asarray(found.evaluate({A: a, v: y}))
        assert found.shape == value.shape == np.shape(wanted), name
        assert np.allclose(value, wanted), name
        move = np.cos(a)
        square = (found**2).sum() if found.shape else found**2
        slope = np.sum(np.asarray(square.gradient(A).evaluate({A: a, v: y})) * move)
        assert slope == pytest.approx(getattr(square.evaluate({A: sd.DualNumber(a, move), v: y}), "eps", 0.0)), name


def test_numbers_with_derivatives_pass_reductions_of_nothing():
    none = sd.Var("none", shape=(2, 0))
    for f in (none.min(axis=0), np.ptp(none, axis=0), np.linalg.norm(none, axis=0), np.logaddexp.reduce(none, axis=0)):
        for value in (np.ones((2, 0), dtype=object), sd.DualNumber(np.ones((2, 0)), np.ones((2, 0)))):
            assert np.shape(f.evaluate({none: value})) == (0,)


MISPLACED = {
    "a longer block": lambda v, n, m: sd.zeros(4).at[1:].add(sd.ones(7) * v[0]),
    "a shorter block": lambda v, n, m: sd.zeros(3).at[:].add(v[:2]),
    "more axes": lambda v, n, m: sd.zeros(3).at[:].add(v[None]),
    "a row": lambda v, n, m: sd.zeros((3, 3)).at[0].add(v[:2]),
    "places": lambda v, n, m: sd.zeros(3).at[[0, 1]].add(v),
    "pairs": lambda v, n, m: sd.zeros((3, 2)).at[[0, 1], [1, 1]].add(v),
    "another name": lambda v, n, m: n.at[:].add(m),
    "a name in a number": lambda v, n, m: sd.zeros(3).at[:].add(n),
    "an index array": lambda v, n, m: sd.zeros(3).at[sd.Var("i", shape=2, dtype=int)].add(v),
}


@pytest.mark.parametrize("name", MISPLACED)
def test_blocks_that_do_not_fit_their_place_are_refused(name):
    """They were summed up once, and their sum was put in every place."""
    v, n, m = sd.Var("v", shape=3), sd.Var("vn", shape="n"), sd.Var("vm", shape="m")
    with pytest.raises(sd.SymdiffValueError, match="can't be added to a place of shape"):
        MISPLACED[name](v, n, m)


REFUSED = {
    "unequal parts": (lambda t: np.split(t.R, 3), "array_split"),
    "mode": (lambda t: np.pad(t.a, 1, mode="mean"), '"reflect"'),
    "cross of 4": (lambda t: np.cross(t.B[0].T, t.B[0].T), "3 entries"),
    "vecdot": (lambda t: np.linalg.vecdot(t.R, t.C), r"\(4, 3\) and \(2, 3, 5\)"),
    "sort": (lambda t: np.sort(t.a), "order of entries"),
    "median": (lambda t: np.median(t.a), "order of entries"),
    "argmax": (lambda t: np.argmax(t.a), "order of entries"),
    "cumprod": (lambda t: np.cumprod(t.a), "np.stack"),
    "any": (lambda t: np.any(t.a), "there are amax"),
    "cov of two": (lambda t: np.cov(t.a, t.a), "vstack"),
    "empty block": (lambda t: np.block([[], t.a]), "empty"),
    "dots lost": (lambda t: np.einsum("...i->", t.A), "has to have the ..."),
    "two dots": (lambda t: np.einsum("..i->i", t.A), "three dots"),
    "dots twice": (lambda t: np.einsum("...i...->i", t.A), "three dots"),
    "many labels": (lambda t: np.einsum("ijk...->i", t.A), "more labels"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_meaning_says_what_to_write(name):
    function, message = REFUSED[name]
    variables = SimpleNamespace(**{n: sd.Var(n, shape=v.shape) for n, v in VALUES.items()})
    with pytest.raises(sd.SymdiffError, match=message):
        function(variables)
