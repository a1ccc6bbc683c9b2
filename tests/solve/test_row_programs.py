"""Derivatives that programs of one row compute for all rows: against dense ones, in every kind of call."""

import pickle

import numpy as np
import pytest

import symdiff as sd
from symdiff.bridge.row_programs import RowMatrix
from symdiff.solve.evaluations import Evaluations

RNG = np.random.default_rng(8)


def swing(n, mapped, end_is_unknown=False, **options):
    """A swing-up with a path constraint, of a mapped stage or of slices, whose end is a parameter or an unknown."""
    x, u, end, k = sd.Var("x", shape=(n + 1, 4)), sd.Var("u", shape=n + 1), sd.Var("end"), sd.Var("k")

    def rates(x, u):
        s, c = np.sin(x[..., 1]), np.cos(x[..., 1])
        push, mass = 0.15 * s * x[..., 3] ** 2 + u, 1.3 - 0.3 * c**2
        turn = -(push * c + 12.753 * s) / (0.5 * mass)
        return sd.stack([x[..., 2], x[..., 3], (push + 2.943 * c * s) / mass, turn], axis=-1)

    def defect(a, b, u, v, h):
        at_a, at_b = rates(a, u), rates(b, v)
        return b - a - h / 6 * (at_a + 4 * rates((a + b) / 2 + h / 8 * (at_a - at_b), (u + v) / 2) + at_b)

    if mapped:
        defects = sd.vmap(defect, axes=(0, 0, 0, 0, None))(x[:-1], x[1:], u[:-1], u[1:], end / n)
    else:
        defects = defect(x[:-1], x[1:], u[:-1], u[1:], end / n)
    effort = end / n * (u[:-1] ** 2 + k * u[1:] ** 2).sum() + end
    equal = [defects, x[0], (x[-1], np.array([0.8, np.pi, 0, 0]))]
    unknowns, params = ([x, u, end], [k]) if end_is_unknown else ([x, u], [end, k])
    return sd.problem(effort, unknowns, equal=equal, upper=[u[1:] * u[:-1] - 400], params=params, **options)


def by_rows(problem):
    parts = [*problem.entries("slopes")._parts, *problem.entries("hessian")._parts]
    return [type(part) is RowMatrix for part in parts]


def matrices(problem, x, params, weights):
    """The Jacobian and the Hessian of the Lagrangian, as solvers get them."""
    evaluations = Evaluations(problem, params, {}, np.full(len(x), -np.inf), np.full(len(x), np.inf))
    found = []
    for places, entries, height in (
        (evaluations.jacobian_places(), evaluations.jacobian(x), len(weights)),
        (evaluations.hessian_places(), evaluations.hessian(x, weights, 2.0), len(x)),
    ):
        dense = np.zeros((height, len(x)))
        np.add.at(dense, places, entries)
        found.append(dense)
    return found[0], found[1] + np.tril(found[1], -1).T


@pytest.mark.parametrize("n", [1, 2, 7])
@pytest.mark.parametrize("mapped", [True, False])
@pytest.mark.parametrize("end_is_unknown", [True, False])
def test_they_are_the_dense_ones(n, mapped, end_is_unknown):
    problem = swing(n, mapped, end_is_unknown)
    params = [1.3] if end_is_unknown else [2.1, 1.3]
    x = RNG.normal(size=5 * (n + 1) + end_is_unknown)
    given = {"xs": problem._unknowns.items, "params": problem._params.items}
    outputs, objective = sd.to_scipy(problem._outputs, **given), sd.to_scipy(problem._f, **given)
    weights = RNG.normal(size=len(outputs.fun(x, *params)))
    slopes, second = matrices(problem, x, params, weights)
    assert slopes == pytest.approx(outputs.jac(x, *params), rel=1e-12, abs=1e-12)
    right = outputs.hess(x, weights, *params) + 2 * objective.hess(x, *params)
    assert second == pytest.approx(right, rel=1e-11, abs=1e-11)


def test_mapped_stages_are_programs_of_rows():
    found = by_rows(swing(7, mapped=True))
    assert found[0]
    assert found[-1]


@pytest.mark.parametrize("options", [{}, {"backend": "numpy"}, {"backend": "python"}, {"dtype": np.float32}], ids=str)
def test_backends_and_pickles(options):
    problem, right = swing(5, True, **options), swing(5, True)
    x, weights = RNG.normal(size=30), RNG.normal(size=20 + 8 + 5)
    expected = matrices(right, x, [2.1, 1.3], weights)
    near = 1e-3 if "dtype" in options else 1e-11
    assert all(by_rows(problem)[k] for k in (0, -1))
    for one in (problem, pickle.loads(pickle.dumps(problem))):
        for got, wanted in zip(matrices(one, x, [2.1, 1.3], weights), expected, strict=True):
            assert got == pytest.approx(wanted, rel=near, abs=near)


def test_data_beside_unknowns_and_gathered_rows():
    """Residuals of observations: each of one camera and one point, by index arrays, weighed by data."""
    cameras, points = sd.Var("cameras", shape=(4, 3)), sd.Var("points", shape=(9, 3))
    at_camera, at_point = RNG.integers(0, 4, 30), RNG.integers(0, 9, 30)
    seen = sd.Var("seen", shape=(30, 2))

    def residual(c, p, z):
        depth = 2 + sd.exp(p[2] * c[2]) + (p[0] * c[1]) ** 2
        across, along = np.cos(c[0]) * p[0] - np.sin(c[0]) * p[1], np.sin(c[0]) * p[0] + np.cos(c[0]) * p[1]
        return sd.stack([across / depth - z[0], along / depth + sd.tanh(c[1]) * p[2] - z[1]])

    r = sd.vmap(residual)(cameras[at_camera], points[at_point], seen)
    problem = sd.problem((points**2).sum(), [cameras, points], equal=[r], params=[seen])
    x, data, weights = RNG.normal(size=39), RNG.normal(size=(30, 2)), RNG.normal(size=60)
    slopes, second = matrices(problem, x, [data], weights)
    dense = sd.to_scipy(r, [cameras, points], params=[seen])
    assert slopes == pytest.approx(dense.jac(x, data), rel=1e-12, abs=1e-12)
    own = np.diag([0.0] * 12 + [4.0] * 27)
    assert second == pytest.approx(dense.hess(x, weights, data) + own, rel=1e-11, abs=1e-11)
