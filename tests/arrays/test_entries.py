"""Derivatives along single entries of array variables: short, and right."""

# ruff: noqa: N803, N806 - matrices have capitals, as in mathematics

import math

import mpmath
import numpy as np
import pytest

import symdiff as sd

AT = np.array([[0.5, 1.5, -0.25], [2.0, 0.75, 1.0], [0.3, -1.0, 1.25]])

FUNCTIONS = {
    "product": lambda W: (W**2).sum() * sd.sin(W).sum(),
    "logdet": lambda W: sd.linalg.logdet(W @ W.T + np.eye(3)),
    "softmax": lambda W: sd.softmax(W, axis=1)[1].sum(),
    "slices": lambda W: (W[1:] * W[:-1]).sum() + W.max(),
    "trace": lambda W: sd.trace(W @ W @ W),
    "inverse": lambda W: sd.linalg.inv(W + 3 * np.eye(3))[1, 2],
    "reshape": lambda W: (W.reshape(9)[::2] ** 3).sum(),
    "where": lambda W: sd.where(W > 0.5, W**2, W).sum(),
    "kron": lambda W: sd.kron(W, W).sum(),
    "diagonals": lambda W: sd.diag(sd.diag(W) ** 2).sum() + sd.concatenate([W, W.T]).prod(),
    "constant": lambda W: sd.trace(AT @ W) + W[0, 1] ** 3,
}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("symmetric", [False, True])
def test_derivatives_by_entries_are_those_of_whole_gradients(name, symmetric):
    W = sd.Var("W", shape=(3, 3), symmetric=symmetric)
    at = {W: (AT + AT.T) / 2 if symmetric else AT}
    f = FUNCTIONS[name](W)
    slopes, second = f.gradient(W).evaluate(at), f.hessian(W).evaluate(at)
    times = 1 + symmetric * (1 - np.eye(3))  # of a symmetric variable both entries move
    for place in np.ndindex(3, 3):
        assert f.gradient(W[place]).evaluate(at) == pytest.approx(slopes[place] * times[place])
    assert f.hessian(W[1, 2]).evaluate(at) == pytest.approx(second[1, 2, 1, 2] * times[1, 2] ** 2)
    assert f.hessian([W[1, 2], W[0, 0]])[0][1].evaluate(at) == pytest.approx(second[1, 2, 0, 0] * times[1, 2])


def test_derivatives_by_entries_are_short():
    v, S, x = sd.Var("v", shape=3), sd.Var("S", shape=(3, 3), symmetric=True), sd.Var("x", shape=3)
    f = (v**2).sum() + sd.exp(v[1])
    assert str(f.gradient(v[1])) == "2*v[1] + exp(v[1])"
    assert str(f.diff(v[1], 2)) == "exp(v[1]) + 2"
    assert str(sd.exp(-v).sum().gradient(v[2])) == "-exp(-v[2])"
    gaussian = sd.linalg.logdet(S) / 2 + x @ sd.linalg.solve(S, x) / 2
    assert str(gaussian.gradient(S[0, 1])) == "inv(S)[0, 1] - solve(S, x)[0]*solve(S, x)[1]"
    assert str(gaussian.gradient(S[0, 0])) == "inv(S)[0, 0]/2 - solve(S, x)[0]**2/2"
    assert str((x @ S @ x).gradient(S[1, 2])) == "2*x[1]*x[2]"
    assert str((S[0, 1] ** 2).gradient(S)) == "zeros((3, 3)).at[0, 1].add(S[0, 1]).at[1, 0].add(S[0, 1])"
    assert str(f.gradient(v)) == "2*v + zeros(3).at[1].add(exp(v[1]))"  # a whole gradient keeps its form


def test_a_hessian_by_a_symmetric_variable_is_one_sum():
    S, x = sd.Var("S", shape=(3, 3), symmetric=True), sd.Var("x", shape=3)
    f = sd.linalg.logdet(S) / 2 + x @ sd.linalg.solve(S, x) / 2
    second = f.hessian(S)
    assert str(second).count("einsum") == 6
    assert " (" not in str(second)
    assert str(sd.linalg.logdet(S).hessian(S)).count("einsum") == 2
    assert " (" not in str((x @ S @ S @ x).hessian(S))
    nodes = {n for e in (f, f.gradient(S), second) for n in e.nodes()}
    assert len(nodes) <= 30


def test_many_entries_share_what_they_have_in_common():
    v = sd.Var("v", shape=60)
    deep = v
    for _ in range(200):
        deep = sd.sin(deep) + v
    found = deep.sum().gradient([v[k] for k in range(60)])
    assert len({n for e in found for n in e.nodes()}) < 6000


def test_taylor_coefficients_along_an_entry():
    v, s = sd.Var("v", shape=3), sd.Var("s")
    f = ((v**2).sum() + sd.exp(v[1])) * sd.sin(v).sum()
    at = np.array([1.0, 0.3, 2.0])

    def along(t):
        return (at[0] ** 2 + t**2 + at[2] ** 2 + mpmath.exp(t)) * (
            mpmath.sin(at[0]) + mpmath.sin(t) + mpmath.sin(at[2])
        )

    wanted = [float(c) for c in mpmath.taylor(along, 0.3, 4)]
    assert sd.taylor(f, v[1], {v: at}, 4) == pytest.approx(wanted)
    assert [c.evaluate({v: at}) for c in sd.taylor(f, "v[1]", order=4)] == pytest.approx(wanted)
    moved = [c.evaluate({v: at}) for c in sd.taylor(f, v[1], 0.7, 4)]
    assert moved == pytest.approx([float(c) for c in mpmath.taylor(along, 0.7, 4)])
    assert sd.taylor(sd.exp(v[1]), v[1], 0.0, 3) == [1.0, 1.0, 0.5, pytest.approx(1 / 6)]
    at_s = sd.taylor(f, v[1], s, 1)[0]  # v[1] is s there
    assert at_s.evaluate({v: at, s: 0.7}) == pytest.approx(float(along(0.7)))
    assert at_s.gradient(v[1]).evaluate({v: at, s: 0.7}) == 0
    assert np.allclose(sd.taylor(sd.sin(v), v[1], {v: at}, 2)[1], [0, np.cos(0.3), 0])
    with pytest.raises(sd.SymdiffTypeError, match=r"not v\[1:\]"):
        sd.taylor(f, v[1:], order=2)


def test_taylor_coefficients_along_an_entry_of_a_symmetric_variable_move_both():
    S = sd.Var("S", shape=(2, 2), symmetric=True)
    f = sd.linalg.det(S @ S + S)

    def along(t):
        m = mpmath.matrix([[1, t], [t, 2]])
        return mpmath.det(m * m + m)

    at = {S: np.array([[1.0, 0.5], [0.5, 2.0]])}
    assert sd.taylor(f, S[0, 1], at, 3) == pytest.approx([float(c) for c in mpmath.taylor(along, 0.5, 3)])
    moved = [c.evaluate(at) for c in sd.taylor(f, S[0, 1], 0.25, 3)]
    assert moved == pytest.approx([float(c) for c in mpmath.taylor(along, 0.25, 3)])


# -- texts of derivatives that textbooks have ------------------------------------------------------------


def test_sums_of_deviations_from_a_mean_are_zero():
    x, M, n = sd.Var("x", shape=3), sd.Var("M", shape=("n", "d")), sd.Var("v", shape="n")
    assert str(x.var().gradient(x)) == "2*(x - x.mean())/3"
    assert str(((x - x.mean()) @ (x - x.mean())).gradient(x)) == "2*(x - x.mean())"
    assert str(((M - M.mean(axis=0)) ** 2).sum().gradient(M)) == "2*(M - M.mean(axis=0))"
    at = np.array([0.5, 2.0, -1.0])
    assert np.allclose(x.var().hessian(x).evaluate({x: at}), 2 * (np.eye(3) - 1 / 3) / 3)
    assert np.allclose(n.var().gradient(n).evaluate({n: at}), 2 * (at - at.mean()) / 3)
    f = (sd.exp(x) - sd.exp(x).mean()).sum() * x[0] + ((x - x.mean()) ** 3).sum()
    found = f.gradient(x).evaluate({x: at})
    assert np.allclose(found, f.backpropagate({x: at})[x])
    assert np.allclose(found, 3 * ((at - at.mean()) ** 2 - ((at - at.mean()) ** 2).mean()))


def test_what_weighs_deviations_from_a_mean_keeps_them_from_cancelling():
    x, C, u, X, W = (
        sd.Var("x", shape=3),
        sd.Var("C", shape=3),
        sd.Var("u"),
        sd.Var("X", shape=(3, 2)),
        sd.Var("W", shape=(3, 2)),
    )
    f = 2 * u * (C @ (x - x.mean()))
    assert str(f.gradient(u)) == "2*C @ (x - x.mean())"
    assert str((2 * u * (W * (X - X.mean())).sum()).gradient(u)) == "2*(W*(X - X.mean())).sum()"
    at, move = np.array([0.5, 2.0, -1.0]), np.array([1.0, 2.0, 4.0])
    for spread in (np.var(x), np.std(x), ((x - x.mean()) ** 2).sum()):
        slope = sd.jvp(spread, x, move).evaluate({x: at})
        assert slope == pytest.approx(spread.gradient(x).evaluate({x: at}) @ move)
        assert slope == pytest.approx(spread.evaluate({x: sd.DualNumber(at, move)}).eps)
        assert abs(slope) > 0.1


def test_terms_that_have_matrices_in_common_with_several_others_are_all_kept():
    """Third derivatives of forms with a moving diagonal: one term shares a matrix with two, and joins but one."""
    A, S, B, t = sd.Var("A", shape=(1, 2)), sd.Var("S", shape=(2, 2)), sd.Var("B", shape=(2, 1)), sd.Var("t")
    chance = np.random.default_rng(0)
    at = {A: chance.normal(size=(1, 2)), S: chance.normal(size=(2, 2)), B: chance.normal(size=(2, 1)), t: 0.0}
    moved, turned, wide = [v + t * chance.normal(size=v.shape) for v in (A, S, B)]
    diagonal = sd.diag(sd.diag(turned))
    tall = sd.diag(wide.sum(axis=1)) @ (sd.ones((2, 1)) * sd.sin(moved)) + moved.sum()
    for name, q, f in [("sin", sd.sin(moved), sd.sin), ("exp", moved, sd.exp), ("wide", tall, sd.sin)]:
        form = f(q @ diagonal @ q.T).sum()
        expected = [math.factorial(n) * c for n, c in enumerate(sd.taylor(form, t, at, 4))]
        for n in range(1, 5):
            assert form.diff(t, n).evaluate(at) == pytest.approx(expected[n], rel=1e-9), (name, n)


def test_symmetric_terms_of_derivatives_by_symmetric_variables_stay_as_they_are():
    S, T = (sd.Var(name, shape=(3, 3), symmetric=True) for name in "ST")
    A = sd.Var("A", shape=(3, 3))
    likelihood = sd.linalg.logdet(S) + sd.trace(sd.linalg.solve(S, T))
    assert str(likelihood.gradient(S)) == "inv(S) - inv(S) @ solve(S, T).T"
    assert str((sd.trace(S @ A) + sd.trace(S @ S)).gradient(S)) == "2*S + (A + A.T)/2"
    at = {S: AT @ AT.T + np.eye(3), T: AT + AT.T, A: AT}
    inverse = np.linalg.inv(at[S])
    assert np.allclose(likelihood.gradient(S).evaluate(at), inverse - inverse @ at[T] @ inverse)
    skew = sd.trace(sd.linalg.solve(S, A)).gradient(S).evaluate(at)
    assert np.allclose(skew, -inverse @ (AT + AT.T) @ inverse / 2)


def test_the_trace_of_a_kronecker_product_is_that_of_its_factors():
    A, X = sd.Var("A", shape=(2, 2)), sd.Var("X", shape=(3, 3))
    assert str(sd.trace(sd.kron(A, X))) == "trace(A)*trace(X)"
    assert str(sd.trace(sd.kron(A, X)).gradient(X)) == "trace(A)*eye(3)"
    assert str(sd.trace(sd.kron(X, X)).gradient(X)) == "2*trace(X)*eye(3)"
    assert sd.trace(X.reshape(9).reshape(3, 3)) == sd.trace(X)
