"""Derivatives by symmetric variables in every mode: along pairs of entries, halved, and so symmetric themselves."""

import numpy as np
import pytest

import symdiff as sd

S = sd.Var("S", shape=(3, 3), symmetric=True)
A = sd.Var("A", shape=(3, 3))
VALUE = np.array([[2.0, 0.3, -0.5], [0.3, 1.5, 0.2], [-0.5, 0.2, 2.5]])
FORMULAS = {
    "a scalar at every entry of a sum": sd.tanh(S.sum()) + sd.tanh(S.min(axis=1).min()),
    "a scalar beside a row": S.sum() ** 2 + sd.tanh(S[0].sum()),
    "entries": sd.sin(S[0, 1]) * S[1, 0] + S[2, 2] ** 3,
    "rows": S[0] @ S[:, 1],
    "inverse": sd.trace(sd.linalg.inv(S) @ sd.exp(S)),
    "mean of columns": sd.exp(S.mean(axis=0)).sum() * S.mean(),
    "gathered": (S[[0, 2, 2]] ** 2).sum() * S[1].sum(),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_gradients_and_hessians_along_symmetric_directions(name):
    f = FORMULAS[name]
    gradient, hessian = f.gradient(S), f.hessian(S)
    g, h = gradient.evaluate({S: VALUE}), hessian.evaluate({S: VALUE})
    np.testing.assert_allclose(g, g.T, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(h, h.transpose(1, 0, 2, 3), rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(h, h.transpose(0, 1, 3, 2), rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(h, h.transpose(2, 3, 0, 1), rtol=1e-10, atol=1e-12)
    step, rng = 1e-5, np.random.default_rng(0)
    for _ in range(3):
        d = rng.normal(size=(3, 3))
        d = d + d.T
        up, down = ({S: VALUE + t * d} for t in (step, -step))
        slope = (f.evaluate(up) - f.evaluate(down)) / (2 * step)
        np.testing.assert_allclose((g * d).sum(), slope, rtol=1e-7)
        np.testing.assert_allclose(sd.jvp(f, S, d).evaluate({S: VALUE}), slope, rtol=1e-7)
        second = (gradient.evaluate(up) - gradient.evaluate(down)) / (2 * step)
        np.testing.assert_allclose(np.tensordot(h, d), second, rtol=1e-6, atol=1e-8)
        np.testing.assert_allclose(sd.hvp(f, S, d).evaluate({S: VALUE}), second, rtol=1e-6, atol=1e-8)
        np.testing.assert_allclose(f.evaluate({S: sd.DualNumber(VALUE, d)}).eps, slope, rtol=1e-7)
    np.testing.assert_allclose(f.backpropagate({S: VALUE})[S], g, rtol=1e-12)
    np.testing.assert_allclose(sd.vjp(f, S, 2.0).evaluate({S: VALUE}), 2 * g, rtol=1e-12)
    F = sd.compile([f, gradient, hessian], [S])  # noqa: N806
    np.testing.assert_allclose(F(VALUE)[1], g, rtol=1e-10)
    np.testing.assert_allclose(F(VALUE)[2], h, rtol=1e-10, atol=1e-12)
    twice = f.diff(S[0, 1], 2).evaluate({S: VALUE})  # along both entries
    np.testing.assert_allclose(twice, 4 * h[0, 1, 0, 1], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(f.gradient(S[0, 1]).evaluate({S: VALUE}), 2 * g[0, 1], rtol=1e-12)
    np.testing.assert_allclose(f.gradient(S[2, 2]).evaluate({S: VALUE}), g[2, 2], rtol=1e-12)


def test_beside_other_variables():
    f = sd.trace(A @ S @ A.T) + sd.tanh(S.sum()) * A[0, 1]
    blocks = f.hessian([S, A])
    rng = np.random.default_rng(1)
    point = {S: VALUE, A: rng.normal(size=(3, 3))}
    found = [[b.evaluate(point) for b in row] for row in blocks]
    np.testing.assert_allclose(found[0][1], found[1][0].transpose(2, 3, 0, 1), rtol=1e-12)
    np.testing.assert_allclose(found[0][1], found[0][1].transpose(1, 0, 2, 3), rtol=1e-12, atol=1e-13)
