"""Eigenvalues, singular values and their vectors: values, derivatives of three orders, equal ones, every number."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

import symdiff as sd
from symdiff.errors import NoFormulaError

RNG = np.random.default_rng(3)
SQUARE, OTHER = RNG.normal(size=(3, 3)), RNG.normal(size=(3, 3))
SHAPES = [(3, 3), (4, 2), (2, 4), (1, 3), (3, 1)]
PARTS = {
    "eigenvalues": (lambda a: sd.linalg.eigvalsh(a), [(3, 3), (1, 1)]),
    "eigenvectors": (lambda a: sd.linalg.eigh(a).eigenvectors, [(3, 3)]),
    "singular values": (lambda a: sd.linalg.svdvals(a), SHAPES),
    "left vectors": (lambda a: sd.linalg.svd(a).U, SHAPES),
    "right vectors": (lambda a: sd.linalg.svd(a).Vh, SHAPES),
}
CASES = [(name, shape) for name, (_, shapes) in PARTS.items() for shape in shapes]


def differences(function, at, step=1e-5):
    """Of shape out + in."""
    found = np.zeros(np.shape(function(at)) + at.shape)
    for index in np.ndindex(*at.shape):
        moved = np.zeros(at.shape)
        moved[index] = step
        found[(..., *index)] = (function(at + moved) - function(at - moved)) / (2 * step)
    return found


@pytest.mark.parametrize(("name", "shape"), CASES)
def test_derivatives_are_those_of_differences(name, shape):
    x = sd.Var("X", shape=shape)
    f = PARTS[name][0](x)
    at = RNG.normal(size=shape)
    jacobian = sd.jacobian(f, x)
    np.testing.assert_allclose(jacobian.evaluate(X=at), differences(lambda v: f.evaluate(X=v), at), atol=1e-7)
    weights = RNG.normal(size=f.shape)
    g = (weights * f).sum()
    slope = g.gradient(x)
    np.testing.assert_allclose(g.hessian(x).evaluate(X=at), differences(lambda v: slope.evaluate(X=v), at), atol=1e-6)
    np.testing.assert_allclose(g.backpropagate(X=at)[x], slope.evaluate(X=at), atol=1e-12)
    second = sd.jacobian(sd.sin(f), x)
    assert str(sd.parse(str(second), shapes={"X": shape})) == str(second)
    assert sd.from_json(sd.to_json(second)) == second


SMALL = [
    ("eigenvalues", (3, 3), 2), ("eigenvalues", (2, 2), 3), ("eigenvectors", (2, 2), 3), ("singular values", (2, 2), 3),
    ("singular values", (3, 2), 2), ("left vectors", (3, 2), 2), ("right vectors", (2, 3), 2),
    ("left vectors", (2, 3), 2),
]  # fmt: skip


@pytest.mark.parametrize(("name", "shape", "order"), SMALL)
def test_numbers_that_carry_derivatives_agree_with_the_symbolic_rule(name, shape, order):
    """Nested duals, Taylor series, a complex step and 40 digits, along one line."""
    t = sd.Var("t")
    start, way = RNG.normal(size=(2, *shape))
    f = PARTS[name][0](start + t * way)
    orders = [f]
    for _ in range(order):
        orders.append(sd.jacobian(orders[-1], t))
    values = [np.asarray(order.evaluate(t=0.0)) for order in orders]
    nested = 0.0
    for level in range(1, order + 1):
        nested = sd.DualNumber(nested, 1.0, level=level)
    mixed = f.evaluate(t=nested)
    for _ in range(order):
        mixed = mixed.eps
    np.testing.assert_allclose(mixed, values[order], rtol=1e-9, atol=1e-9)
    for k, coefficient in enumerate(sd.taylor(f, t, {t: 0.0}, order)):
        np.testing.assert_allclose(coefficient * [1, 1, 2, 6][k], values[k], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(np.imag(f.evaluate(t=1e-20j)) / 1e-20, values[1], atol=1e-7)
    with mpmath.workdps(40):
        fine = f.evaluate(t=mpmath.mpf(0))
        slope = orders[1].evaluate(t=mpmath.mpf(0))
        step = mpmath.mpf(10) ** -15
        further = [f.evaluate(t=s * step) for s in (1, -1)]
        error = (further[0] - further[1]) / (2 * step) - slope
    assert all(isinstance(v, mpmath.mpf) for v in np.ravel(fine))
    np.testing.assert_allclose(fine.astype(float), values[0], atol=1e-13)
    assert max(abs(v) for v in np.ravel(error)) < 1e-20


def test_factors_multiply_to_the_matrix():
    for shape in SHAPES:
        at = RNG.normal(size=shape)
        x = sd.Var("X", shape=shape)
        u, s, vh = sd.linalg.svd(x)
        np.testing.assert_allclose((u @ np.diag(s) @ vh).evaluate(X=at), at, atol=1e-12)
        batch = np.stack([at, 2 * at])
        np.testing.assert_allclose((u @ np.diag(s) @ vh).evaluate(X=batch), batch, atol=1e-12)
    s = sd.Var("S", shape=("n", "n"), symmetric=True)
    values, vectors = np.linalg.eigh(s)
    symmetric = SQUARE + SQUARE.T
    np.testing.assert_allclose((vectors @ np.diag(values) @ vectors.T).evaluate(S=symmetric), symmetric, atol=1e-12)
    np.testing.assert_allclose((values**3).sum().gradient(s).evaluate(S=symmetric), 3 * symmetric @ symmetric)


def test_the_symmetric_part_is_meant_and_the_largest_entry_positive():
    x = sd.Var("X", shape=(3, 3))
    values, vectors = (part.evaluate(X=SQUARE) for part in sd.linalg.eigh(x))
    np.testing.assert_allclose(values, np.linalg.eigvalsh((SQUARE + SQUARE.T) / 2))
    assert (np.take_along_axis(vectors, np.abs(vectors).argmax(axis=0)[None], axis=0) > 0).all()
    even = sd.linalg.eigh(sd.Var("S", shape=(2, 2))).eigenvectors.evaluate(S=[[1, 2], [2, 1]])
    assert (even[0] > 0).all()


def test_one_factorisation_for_values_and_vectors(monkeypatch):
    from symdiff.algebra import spectral_values

    calls = []
    right = spectral_values.eigh

    def counted(a):
        calls.append(a)
        return right(a)

    monkeypatch.setattr(spectral_values, "eigh", counted)
    x = sd.Var("X", shape=(3, 3))
    values, vectors = sd.linalg.eigh(x)
    sd.evaluate([values.sum(), vectors, (values**2).sum().gradient(x), (vectors**3).sum().gradient(x)], X=SQUARE)
    assert len(calls) == 1


def test_equal_eigenvalues_have_slopes_and_no_more():
    s = sd.Var("S", shape=(2, 2), symmetric=True)
    f = (sd.linalg.eigvalsh(s) * np.array([1.0, 3.0])).sum()
    assert f.gradient(s).evaluate(S=np.eye(2)).tolist() == [[1, 0], [0, 3]]
    assert f.backpropagate(S=np.eye(2))[s].tolist() == [[1, 0], [0, 3]]
    dual = sd.DualNumber(np.eye(2), np.diag([1.0, 2.0]))
    assert sorted(sd.linalg.eigvalsh(s).evaluate(S=dual).eps) == [1, 2]
    assert not np.isfinite(f.hessian(s).evaluate(S=np.eye(2))).any()
    assert not np.isfinite(sd.jacobian(sd.linalg.eigh(s).eigenvectors, s).evaluate(S=np.eye(2))).all()


def test_what_is_not_finite_gives_nan():
    x = sd.Var("X", shape=(2, 2))
    bad = np.array([[[1.0, 2.0], [3.0, 4.0]], [[np.inf, 1.0], [1.0, 1.0]], [[np.nan, 1.0], [1.0, 1.0]]])
    for f in (*sd.linalg.eigh(x), *sd.linalg.svd(x)):
        found = f.evaluate(X=bad)
        assert np.isfinite(found[0]).all()
        assert np.isnan(found[1:]).all()
        high = f.evaluate(X=[[mpmath.mpf("nan"), 1], [1, 1]])
        assert all(mpmath.isnan(v) for v in np.ravel(high))


def test_formulas_in_scalars():
    point = {"A": np.array([[2.0, 0.5], [0.5, -1.0]]), "b": np.array([0.3, -0.4, 1.2])}
    a, b = sd.Var("A", shape=(2, 2), symmetric=True), sd.Var("b", shape=3)
    for f in (sd.linalg.eigvalsh(a), sd.linalg.svdvals(a), sd.linalg.svdvals(b[None]), sd.linalg.svdvals(b[:, None])):
        np.testing.assert_allclose(np.array(sd.evaluate(f.expand(), point), float), f.evaluate(point))
        g = (f**2 * np.arange(1.0, 1 + f.shape[0])).sum()
        (v,) = g.variables
        found = g.gradient(v).evaluate(point)
        slopes = g.expand().backpropagate(point)
        for index in np.ndindex(*v.shape):
            both = 1 if v.ndim == 1 or index[0] == index[1] else 2
            assert both * found[index] == pytest.approx(slopes[v[index].expand()])
    x = sd.Var("X", shape=(3, 3))
    for f, what in (
        (sd.linalg.eigvalsh(x), "eigenvalues of a 3 by 3 matrix"),
        (sd.linalg.svd(x).U, "singular vectors"),
    ):
        with pytest.raises(NoFormulaError, match=f"the {what}.* no formula in scalars"):
            f.expand()


def test_how_they_read():
    s, x, g = sd.Var("S", shape=(3, 3), symmetric=True), sd.Var("X", shape=(3, 2)), sd.Var("g", shape=3)
    assert str(sd.linalg.eigh(s).eigenvectors[:, 0]) == "eigh(S).eigenvectors[:, 0]"
    slope = (g @ sd.linalg.eigvalsh(s)).gradient(s)
    assert str(slope) == "eigh(S).eigenvectors @ diag(g) @ eigh(S).eigenvectors.T"
    assert sd.latex(slope) == (
        r"\operatorname{eigvec}\left(S\right) \operatorname{diag}\left(g\right) "
        r"\left(\operatorname{eigvec}\left(S\right)\right)^{\top}"
    )
    assert str(sd.linalg.norm(x, "nuc").gradient(x)) == "svd(X).U @ svd(X).Vh"
    assert str(np.linalg.norm(x, 2).gradient(x)) == "outer(svd(X).U[:, 0], svd(X).Vh[0])"
    assert sd.latex(sd.linalg.svdvals(x)) == r"\sigma\left(X\right)"
    assert sd.parse("svd(X)[1]", {"X": (3, 2)}) == sd.linalg.svdvals(x)


def test_orthonormal_vectors_cancel_in_derived_results():
    s, x = sd.Var("S", shape=(3, 3), symmetric=True), sd.Var("X", shape=(4, 3))
    assert str(sd.linalg.eigvalsh(s).sum().gradient(s)) == "eye(3)"
    assert str(sd.linalg.eigvalsh(s).sum().hessian(s)) == "zeros((3, 3, 3, 3))"
    u = sd.linalg.svd(x).U
    assert "svd" in str(u.T @ u)  # what is written stays
    at = RNG.normal(size=(4, 3))
    f = (sd.linalg.svdvals(x) ** 2).sum()
    np.testing.assert_allclose(f.gradient(x).evaluate(X=at), 2 * at, atol=1e-12)
    np.testing.assert_allclose(f.hessian(x).evaluate(X=at), 2 * sd.jacobian(x, x).evaluate(), atol=1e-11)


def test_norms_and_powers_are_those_of_numpy():
    at = RNG.normal(size=(3, 4))
    x, v, a = sd.Var("X", shape=(3, 4)), sd.Var("v", shape=4), sd.Var("A", shape=(3, 3))
    for order in (None, "fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf):
        assert np.linalg.norm(x, order).evaluate(X=at) == pytest.approx(np.linalg.norm(at, order))
    for order in (None, 1, 2, 3, 0.5, np.inf, -np.inf):
        assert np.linalg.norm(v, order).evaluate(v=at[0]) == pytest.approx(np.linalg.norm(at[0], order))
        rows = np.linalg.norm(x, order, axis=1, keepdims=True)
        np.testing.assert_allclose(rows.evaluate(X=at), np.linalg.norm(at, order, axis=1, keepdims=True))
        assert np.linalg.vector_norm(x, ord=order or 2).evaluate(X=at) == pytest.approx(
            np.linalg.vector_norm(at, ord=order or 2)
        )
    assert np.linalg.matrix_norm(x, ord="nuc").evaluate(X=at) == pytest.approx(np.linalg.matrix_norm(at, ord="nuc"))
    for n in (0, 1, 2, 5, -3):
        power = np.linalg.matrix_power(a, n)
        np.testing.assert_allclose(power.evaluate(A=SQUARE), np.linalg.matrix_power(SQUARE, n), atol=1e-9)
    np.testing.assert_allclose(np.linalg.svd(x, compute_uv=False).evaluate(X=at), np.linalg.svd(at, compute_uv=False))
    np.testing.assert_allclose(np.linalg.svd(x, full_matrices=False).S.evaluate(X=at), np.linalg.svdvals(at))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: sd.linalg.eigvalsh(x), r"eigvalsh is of a square matrix, not of \w+ of shape \(3, 4\)"),
        (lambda x: sd.linalg.svdvals(x[0]), r"svdvals is of a matrix, not of X\[0\] of shape \(4,\)"),
        (lambda x: np.linalg.svd(x), "write full_matrices=False"),
        (lambda x: sd.linalg.svdvals(sd.Var("Y", shape=("n", "m"))), "which of the sizes n and m is smaller"),
        (lambda x: np.linalg.norm(x, 3), "norm of order 3 of axes"),
        (lambda x: np.linalg.norm(x[0], 0), "no norm of vectors of order 0"),
        (lambda x: np.linalg.matrix_power(x, 2), "matrix_power is of a square matrix"),
        (lambda x: np.linalg.matrix_power(x[:, :3], 0.5), "a whole number"),
    ],
)
def test_what_is_refused(call, message):
    with pytest.raises(sd.SymdiffError, match=message):
        call(sd.Var("X", shape=(3, 4)))


def test_perturbations_of_several_entries_multiply():
    """A dual number of one level in one entry and of another in the next make second derivatives."""
    x = sd.Var("X", shape=(2, 2))
    f = (sd.linalg.eigvalsh(x) * np.array([1.0, 2.0])).sum()
    at = np.array([[1.0, 0.5], [0.25, 3.0]])
    entries = at.astype(object)
    entries[0, 0] = sd.DualNumber(1.0, 1.0, level=1)
    entries[1, 0] = sd.DualNumber(0.25, 1.0, level=2)
    assert f.evaluate(X=entries).eps.eps == pytest.approx(f.hessian(x).evaluate(X=at)[0, 0, 1, 0])


@pytest.mark.parametrize(
    "make",
    [lambda s: sd.log(sd.linalg.eigvalsh(s)).sum(), lambda s: sd.sin(sd.linalg.eigh(s).eigenvectors).sum(),
     lambda s: sd.linalg.norm(s[:, :2], "nuc")],
)  # fmt: skip
def test_crosscheck_judges_what_has_no_formula_in_scalars(make):
    s = sd.Var("S", shape=(3, 3), symmetric=True)
    report = sd.crosscheck(make(s), {s: SQUARE @ SQUARE.T + np.diag([1.0, 2.0, 3.0])}, order=1)
    assert report.ok
    assert {row.method for row in report.rows if row.judged} >= {"symbolic", "dual", "taylor", "arrays", "differences"}
    assert {row.note for row in report.rows if row.method == "SymPy"} == {"the expression has no formula in scalars"}


def test_crosscheck_names_equal_eigenvalues():
    s = sd.Var("S", shape=(3, 3), symmetric=True)
    report = sd.crosscheck(sd.linalg.eigvalsh(s)[2], {s: np.eye(3)}, order=1)
    assert not report.disagree
    assert "where eigenvalues are equal, slopes by one basis of their vectors" in str(report)
    smooth = sd.crosscheck(sd.linalg.eigvalsh(s).sum(), {s: np.eye(3)}, order=1)
    assert smooth.ok
    two = sd.Var("T", shape=(2, 2), symmetric=True)
    assert not sd.crosscheck(sd.linalg.eigvalsh(two)[0], {two: np.eye(2)}, order=1).ok


def test_crosscheck_finds_a_wrong_pullback_of_a_spectrum(monkeypatch):
    from symdiff.modes import pullbacks
    from symdiff.ops import arrays

    right = pullbacks._OF_ARRAYS[arrays.eigvalsh]
    twice = lambda pull, wanted: [part for part in right(pull, wanted) for _ in range(2)]  # noqa: E731
    monkeypatch.setitem(pullbacks._OF_ARRAYS, arrays.eigvalsh, twice)
    s = sd.Var("S", shape=(3, 3), symmetric=True)
    report = sd.crosscheck((sd.linalg.eigvalsh(s) ** 3).sum(), {s: SQUARE + SQUARE.T}, order=1)
    assert {"symbolic", "arrays"} <= {row.method for row in report.disagree}
    assert "dual" not in {row.method for row in report.disagree}


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0), (1, 1)])
def test_matrices_without_entries(shape):
    x = sd.Var("X", shape=shape)
    parts = [*sd.linalg.svd(x), *(sd.linalg.eigh(x) if shape[0] == shape[1] else ())]
    for f in parts:
        for value in (np.ones(shape), np.ones(shape).astype(object)):
            assert f.evaluate(X=value).shape == f.shape
