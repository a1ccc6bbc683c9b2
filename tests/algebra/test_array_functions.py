"""NumPy's functions of numbers that carry derivatives and of expressions: right, or an error that says so."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import interpolate, ndimage, optimize, special, stats

import symdiff as sd

x, y = sd.variables("x y")
NAN = math.nan
POINTS = [np.array([3.0, -1.0, 2.0, 5.0]), np.array([3.0, NAN, 2.0, 1.0]), np.array([NAN, 1.0, -math.inf, NAN])]


@pytest.mark.parametrize("at", POINTS, ids=str)
def test_sorting_is_by_value_with_nan_last(at):
    order = np.argsort(at, kind="stable")
    np.testing.assert_array_equal(sd.derivative(np.sort, at, order=0), np.sort(at))
    np.testing.assert_array_equal(sd.jacobian(np.sort, at), np.eye(4)[order])

    def in_place(v):
        v = v + 0
        v.sort()
        return v

    np.testing.assert_array_equal(sd.jacobian(in_place, at), np.eye(4)[order])
    for place in (np.argsort, np.argmax, np.argmin):
        seen = []
        sd.jacobian(lambda v, place=place, seen=seen: seen.extend([place(v), getattr(v, place.__name__)()]) or v, at)
        np.testing.assert_array_equal(seen[0], place(at))
        np.testing.assert_array_equal(seen[1], place(at))


@pytest.mark.parametrize("part", [0.0, 0.3, 0.5, 1.0])
@pytest.mark.parametrize("at", POINTS[:2], ids=str)
def test_quantiles(part, at):
    for function in (
        lambda v: np.quantile(v, part), lambda v: np.percentile(v, 100 * part, method="linear"),
        *([np.median] if part == 0.5 else []),
    ):  # fmt: skip
        np.testing.assert_allclose(sd.derivative(function, at, order=0), function(at), rtol=1e-14)
    slopes = sd.jacobian(lambda v: np.quantile(v, part), at)
    if not np.isnan(at).any():
        place, order = part * 3, np.argsort(at)
        right = np.zeros(4)
        right[order[int(place)]] += 1 - place % 1
        right[order[min(int(place) + 1, 3)]] += place % 1
        np.testing.assert_allclose(slopes, right, rtol=1e-14)


def test_quantiles_along_axes():
    at = np.random.default_rng(5).normal(size=(3, 4))
    for options in ({"axis": 0}, {"axis": 1, "keepdims": True}, {"axis": -1}, {}):
        for function in (np.quantile, lambda v, q, **o: np.percentile(v, 100 * np.asarray(q), **o)):
            for part in (0.25, [0.1, 0.9]):
                found = sd.derivative(lambda v, f=function, q=part, o=options: f(v, q, **o), at, order=0)
                np.testing.assert_allclose(found, function(at, part, **options), rtol=1e-13)
        found = sd.derivative(lambda v, o=options: np.median(v, **o), at, order=0)
        np.testing.assert_allclose(found, np.median(at, **options), rtol=1e-13)
    with pytest.raises(sd.SymdiffTypeError):
        sd.jacobian(lambda v: np.quantile(v, 0.5, method="nearest"), at)


def test_covariances():
    at = np.random.default_rng(6).normal(size=(2, 5))
    for function in (
        np.cov,
        lambda v: np.cov(v[0], v[1]),
        lambda v: np.cov(v, bias=True),
        lambda v: np.cov(v.T, rowvar=False),
        lambda v: np.cov(v, fweights=[1, 2, 1, 3, 1]),
        lambda v: np.cov(v, aweights=[1.0, 2.0, 0.5, 3.0, 1.0], ddof=2, dtype=None),
        np.corrcoef,
        lambda v: np.corrcoef(v[0], v[1] ** 2),
    ):
        np.testing.assert_allclose(sd.derivative(function, at, order=0), function(at), rtol=1e-13)
    row = at[0]  # the slope of the variance by an entry: 2 (x - mean)/(n - 1)
    np.testing.assert_allclose(sd.jacobian(np.cov, row), 2 * (row - row.mean()) / 4, rtol=1e-13)


@pytest.mark.parametrize("ufunc", [np.fmax, np.fmin], ids=lambda u: u.__name__)
@pytest.mark.parametrize("at", [(1.0, 2.0), (NAN, 2.0), (1.0, NAN), (NAN, NAN), (math.inf, 1.0)], ids=str)
def test_fmax_and_fmin_give_the_number(ufunc, at):
    right = ufunc(*at)
    slopes = [float(right == at[0]), float(right == at[1])] if right == right else None
    for found in (
        ufunc(x, y).evaluate(x=at[0], y=at[1]), sd.compile(ufunc(x, y), [x, y])(*at),
        sd.derivative(lambda t: ufunc(t, at[1]), at[0], order=0), ufunc(x, at[1]).evaluate(x=at[0]),
    ):  # fmt: skip
        np.testing.assert_equal(found, right)
    if slopes is not None:
        assert list(ufunc(x, y).backpropagate(x=at[0], y=at[1]).values()) == slopes
        assert sd.gradient(lambda v: ufunc(v[:1], v[1:])[0], np.array(at))[0].tolist() == slopes


def test_nan_to_num():
    at = np.array([1.5, NAN, math.inf, -math.inf])
    for options in ({}, {"nan": 7.0, "posinf": 8.0, "neginf": 9.0}):
        right = np.nan_to_num(at, **options)
        np.testing.assert_array_equal(sd.derivative(lambda v, o=options: np.nan_to_num(v, **o), at, order=0), right)
        np.testing.assert_array_equal(np.nan_to_num(x, **options).evaluate(x=at), right)
    np.testing.assert_array_equal(sd.jacobian(np.nan_to_num, at), np.diag([1.0, 0.0, 0.0, 0.0]))


@pytest.mark.parametrize("ufunc", [np.isnan, np.isfinite, np.isinf], ids=lambda u: u.__name__)
def test_what_is_no_number_is_a_condition_or_a_mask(ufunc):
    at = np.array([1.5, NAN, math.inf, -math.inf, 0.0])
    np.testing.assert_array_equal(ufunc(x).evaluate(x=at), ufunc(at))
    assert [ufunc(sd.DualNumber(v, 1.0)) for v in at] == ufunc(at).tolist()
    (found,) = sd.gradient(lambda v: v[ufunc(v)].sum() * 2, at)
    assert found.tolist() == (2.0 * ufunc(at)).tolist()
    assert sd.where(ufunc(x), 0, x).backpropagate(x=1.5) == {x: float(not ufunc(1.5))}


REFUSED = [
    np.signbit, np.spacing, lambda v: np.copysign(v, v), lambda v: np.copysign(2.0, v), lambda v: np.nextafter(0, v),
    lambda v: np.nextafter(v, v), np.frexp, np.modf,
]  # fmt: skip


@pytest.mark.parametrize("function", REFUSED)
def test_what_has_no_meaning_is_a_clear_error(function):
    for number in (x, sd.DualNumber(1.5, 1.0), sd.TaylorSeries([1.5, 1.0])):
        with pytest.raises(sd.SymdiffTypeError, match=f"has no meaning for {type(number).__name__}"):
            function(number)
    with pytest.raises(sd.SymdiffTypeError, match=r"has no meaning for DualNumber|can't become a float"):
        sd.jacobian(function, np.array([1.5, 2.5]))


STUMBLES = [np.var, np.std, np.sinc, np.angle, np.linalg.det, np.corrcoef, np.interp, np.round, np.gradient]


@pytest.mark.parametrize("kind", ["expression", "dual", "array"])
@pytest.mark.parametrize("function", STUMBLES, ids=lambda f: f.__name__)
def test_what_numpy_stumbles_over_is_a_clear_error(function, kind):
    """Never an AttributeError from inside NumPy; of shapes it says the same of floats."""
    more = ([0.0, 1.0], [0.0, 1.0]) if function is np.interp else ()
    try:
        if kind == "array":
            sd.jacobian(lambda v: function(v, *more), np.array([1.5, 2.5]))
        else:
            function({"expression": x, "dual": sd.DualNumber(1.5, 1.0)}[kind], *more)
    except (sd.SymdiffTypeError, np.linalg.LinAlgError, ValueError) as error:
        assert isinstance(error, sd.SymdiffTypeError) or "dimension" in str(error)  # noqa: PT017


def assigned(v):
    into = np.zeros(2)
    np.add.at(into, [0, 1], v)
    return into


FOREIGN = [
    assigned, lambda v: special.jv(2, v), lambda v: special.betaln(2.0, v), special.factorial,
    lambda v: ndimage.gaussian_filter1d(v, 1.0), stats.iqr, stats.circmean,
    lambda v: interpolate.interp1d([0, 1], v)(0.5),
    lambda v: optimize.brentq(lambda t: t - v[0], -5, 5), lambda v: np.percentile(v, 30, weights=[1, 2]),
    lambda v: np.linalg.norm(v.reshape(1, 2), 2), lambda v: np.linalg.norm(v, "nuc"), lambda v: np.bincount([0, 1], v),
]  # fmt: skip


@pytest.mark.parametrize("mode", [sd.jacobian, lambda f, v: sd.gradient(lambda u: np.sum(f(u)), v), sd.hessian])
@pytest.mark.parametrize("number", range(len(FOREIGN)))
def test_foreign_functions_are_refused_whatever_they_raise(number, mode):
    """AttributeError, SystemError, RuntimeError and ValueError came out of C code and NumPy's own."""
    with pytest.raises((sd.SymdiffTypeError, sd.SymdiffValueError)) as caught:
        mode(FOREIGN[number], np.array([1.5, 2.5]))
    assert "sd.__init__" not in str(caught.value)
    assert "wrapper" not in str(caught.value)


@pytest.mark.parametrize("order", [None, 2, 1, 3, 2.5, 0, -1, np.inf, -np.inf])
def test_norms_of_vectors_of_any_order(order):
    at = np.array([1.5, -2.0, 4.0])
    assert sd.derivative(lambda v: np.linalg.norm(v, order), at, order=0) == pytest.approx(np.linalg.norm(at, order))
    right = np.array([np.linalg.norm(at + e, order) - np.linalg.norm(at - e, order) for e in 1e-6 * np.eye(3)]) / 2e-6
    np.testing.assert_allclose(sd.gradient(lambda v: np.linalg.norm(v, order), at)[0], right, atol=1e-8)
    both = np.stack([at, 2 * at])
    for function in (lambda v: np.linalg.norm(v, order, 0), lambda v: np.linalg.norm(v, order, 1, True)):
        np.testing.assert_allclose(sd.derivative(function, both, order=0), function(both))


@pytest.mark.parametrize("order", [None, "fro", 1, -1, np.inf, -np.inf])
def test_norms_of_matrices(order):
    at = np.arange(6.0).reshape(2, 3) - 2.2
    found = sd.derivative(lambda v: np.linalg.norm(v, order, keepdims=True), at, order=0)
    np.testing.assert_allclose(found, np.linalg.norm(at, order, keepdims=True))
    assert np.linalg.norm(np.ones((2, 2)) * sd.DualNumber(1.0, 1.0), order).eps > 0


def test_the_norm_of_zeros_has_the_slope_zero():
    for norm in (np.linalg.norm, np.linalg.vector_norm, lambda v: np.linalg.norm(v.reshape(3, 1))):
        assert sd.gradient(norm, np.zeros(3))[0].tolist() == [0.0, 0.0, 0.0]
        assert sd.jacobian(norm, np.array([0.0, 3.0, 4.0])).tolist() == [0.0, 0.6, 0.8]


def test_reductions_of_what_a_mask_selects():
    at = np.array([1.5, -2.0, 4.0])
    for function in (np.sum, np.prod, np.mean, np.var):
        found = sd.derivative(lambda v, f=function: f(v, where=at > 0), at, order=0)
        assert found == pytest.approx(function(at, where=at > 0))
    assert sd.gradient(lambda v: np.sum(v**2, where=v > 0), at)[0].tolist() == [3.0, 0.0, 8.0]


def test_arrays_of_others_are_asked():
    class Other:
        def __array_function__(self, *args):
            return "other"

        def __array_ufunc__(self, *args):
            return "other"

    assert np.concatenate([Other(), np.array([1.0])]) == "other"
    assert np.dot(x, Other()) == "other"
    assert np.nextafter(x, Other()) == "other"
