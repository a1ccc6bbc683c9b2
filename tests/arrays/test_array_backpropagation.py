"""Backpropagation where arrays take part: arrays in, arrays out, held against the expansion into scalars."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
import scipy.sparse

import symdiff as sd

RNG = np.random.default_rng(3)


@pytest.fixture
def problem():
    x, w, y, s = sd.Var("X", shape=(3, 2)), sd.Var("w", shape=2), sd.Var("y", shape=3), sd.Var("s")
    f = (sd.tanh(x @ w - y) ** 2).sum() * s + x[1, 0] * s**2
    point = {x: RNG.random((3, 2)), w: RNG.random(2), y: RNG.random(3), s: 1.5}
    return f, point


def by_expansion(f, point):
    """The adjoints of the same over scalar variables, in the shapes of the array variables."""
    named = {v.name: np.asarray(value) for v, value in point.items()}
    slopes = {v.name: d for v, d in f.expand().backpropagate(named).items()}
    found = {}
    for v, value in point.items():
        indices = list(np.ndindex(*np.shape(value)))
        names = [f"{v.name}[{', '.join(map(str, k))}]" if k else v.name for k in indices]
        found[v] = np.array([slopes.get(name, 0.0) for name in names]).reshape(np.shape(value))
    return found


def test_arrays_in_arrays_out(problem):
    f, point = problem
    found = f.backpropagate(point)
    assert set(found) == set(point)
    for v, expected in by_expansion(f, point).items():
        assert np.shape(found[v]) == np.shape(point[v])
        assert found[v] == pytest.approx(expected, rel=1e-13)
    assert type(found[sd.Var("s")]) is float


def test_by_name_and_by_some_variables(problem):
    f, point = problem
    named = {v.name: value for v, value in point.items()}
    found = f.backpropagate(point)
    w, s = sd.Var("w", shape=2), sd.Var("s")
    assert f.backpropagate(wrt="w", **named).tolist() == found[w].tolist()
    both = f.backpropagate(point, wrt=[w, s])
    assert both[0].tolist() == found[w].tolist()
    assert both[1] == found[s]


def test_values_and_slopes_of_variables(problem):
    f, point = problem
    found = f.backpropagate(point)
    for v, value in point.items():
        v.value = value
    f.backpropagate(2.0)
    for v in point:
        assert v.grad == pytest.approx(2 * found[v])
    assert sd.Var("w", shape=2).grad is sd.Var("w", shape=2).grad


def test_seeds_have_the_shape_of_the_result():
    x, w = sd.Var("X", shape=(3, 2)), sd.Var("w", shape=2)
    a, b, seed = RNG.random((3, 2)), RNG.random(2), RNG.random(3)
    f = sd.exp(x @ w)
    found = f.backpropagate({x: a, w: b}, seed=seed)
    assert found[w] == pytest.approx(a.T @ (seed * np.exp(a @ b)))
    assert found[x] == pytest.approx(np.outer(seed * np.exp(a @ b), b))
    assert f.backpropagate({x: a, w: b}, wrt=w) == pytest.approx(a.T @ np.exp(a @ b))
    assert f.backpropagate({x: a, w: b}, seed=seed.tolist(), wrt=w) == pytest.approx(found[w])
    with pytest.raises(sd.SymdiffValueError, match=r"a seed of shape \(2,\) does not fit a result of shape \(3,\)"):
        f.backpropagate({x: a, w: b}, seed=[1, 2])


def test_several_outputs_are_weighed():
    x, w = sd.Var("X", shape=(3, 2)), sd.Var("w", shape=2)
    a, b = RNG.random((3, 2)), RNG.random(2)
    outputs = [x @ w, (w**2).sum(), x @ w]
    found = sd.backpropagate(outputs, {x: a, w: b}, seed=[np.ones(3), 10.0, [1, 2, 3]])
    assert found[w] == pytest.approx(a.T @ np.array([2.0, 3.0, 4.0]) + 20 * b)


def test_a_variable_that_takes_no_part_gets_zeros(problem):
    f, point = problem
    z, q = sd.Var("Z", shape=(2, 2)), sd.Var("q")
    found = f.backpropagate({**point, z: [[1, 2], [3, 4]], q: 3, "v": 1.0})
    assert found[z].tolist() == [[0, 0], [0, 0]]
    assert found[q] == 0.0
    assert found[sd.Var("v")] == 0.0
    assert (sd.Var("w", shape=2) * 0).sum().backpropagate(wrt=z).tolist() == [[0, 0], [0, 0]]


def test_what_a_batch_adds_to_a_shared_variable_is_summed(problem):
    f, point = problem
    x, w, y, s = point
    batch = {x: RNG.random((4, 3, 2)), w: point[w], y: RNG.random((4, 3)), s: RNG.random(4)}
    found = f.backpropagate(batch)
    each = [f.backpropagate({x: batch[x][k], w: point[w], y: batch[y][k], s: batch[s][k]}) for k in range(4)]
    for v in (x, y, s):
        assert found[v] == pytest.approx(np.array([one[v] for one in each]))
    assert found[w] == pytest.approx(sum(one[w] for one in each))
    weighed = f.backpropagate(batch, seed=[1.0, 2.0, 3.0, 4.0])
    assert weighed[w] == pytest.approx(sum((k + 1) * one[w] for k, one in enumerate(each)))


def test_a_symmetric_variable_gets_a_projected_slope():
    s, v = sd.Var("S", shape=(2, 2), symmetric=True), sd.Var("v", shape=2)
    f = sd.exp(s[0] @ v)
    point = {s: np.array([[0.1, 0.2], [0.2, 0.3]]), v: np.array([1.0, 2.0])}
    found = f.backpropagate(point)
    value = np.exp(0.5)
    assert found[s] == pytest.approx(np.array([[value, value], [value, 0.0]]))
    assert found[s] == pytest.approx(f.gradient(s).evaluate(point))
    scalars = f.expand().backpropagate(S=point[s], v=point[v])
    assert scalars[sd.Var("S[0, 1]")] == pytest.approx(2 * value)


@pytest.mark.parametrize("number", [Fraction, mpmath.mpf, complex])
def test_other_numbers(number):
    x = sd.Var("x", shape=2)
    found = (x**3).sum().backpropagate({x: [number(2), number(3)]})[x]
    assert [complex(v) for v in found] == [12, 27]


def test_dual_numbers_give_second_derivatives(problem):
    f, point = problem
    w = sd.Var("w", shape=2)
    direction = np.array([1.0, -2.0])
    found = f.backpropagate({**point, w: sd.DualNumber(point[w], direction)}, wrt=w)
    assert found.eps == pytest.approx(f.hessian(w).evaluate(point) @ direction)


def test_an_identity_is_the_adjoint_of_itself():
    x = sd.Var("x", shape=2)
    given = np.array([5.0, 7.0])
    seed = np.array([1.0, 2.0])
    found = x.backpropagate({x: given}, seed=seed)
    found[x][...] = 0.0
    assert seed.tolist() == [1.0, 2.0]


def test_adjoints_of_every_node(problem):
    f, point = problem
    numbers = f.node_adjoints(point)
    symbols = f.adjoints()
    assert next(iter(symbols)) == f
    for node, adjoint in symbols.items():
        assert getattr(adjoint, "shape", ()) == getattr(node, "shape", ())
        assert adjoint.evaluate(point) == pytest.approx(numbers[node])
    x, w, y, _ = point
    residual, r = x @ w - y, sd.Var("r", shape=3)
    slope = f.replace({residual: r}).gradient(r)
    assert numbers[residual] == pytest.approx(slope.evaluate({**point, r: residual.evaluate(point)}))


def test_a_branch_that_is_not_taken_poisons_nothing():
    x = sd.Var("x", shape=3)
    f = sd.where(x > 0, sd.log(x), 0).sum()
    assert f.backpropagate({x: [0.0, 1.0, 2.0]})[x].tolist() == [0.0, 1.0, 0.5]


def test_sparse_matrices():
    x = sd.Var("x", shape=3)
    a = scipy.sparse.csr_array(np.diag([1.0, 2.0, 3.0]))
    assert ((a @ x) ** 2).sum().backpropagate({x: np.ones(3)})[x].tolist() == [2, 8, 18]


def test_named_sizes():
    x = sd.Var("x", shape="n")
    for n in (1, 3):
        value = RNG.random(n)
        assert (x**2).mean().backpropagate({x: value})[x] == pytest.approx(2 * value / n)


def test_the_graph_of_the_expression_does_not_grow(problem):
    f, point = problem
    f.backpropagate(point)
    before = len(f.graph)
    f.backpropagate(point)
    f.node_adjoints(point)
    assert len(f.graph) == before


def test_deep_recurrences_take_linear_time():
    a, h, b = sd.Var("A", shape=(2, 2)), sd.Var("h", shape=2), sd.Var("b", shape=2)
    state = h
    for _ in range(200):
        state = sd.tanh(a @ state + b)
    point = {a: np.eye(2) / 2, h: np.ones(2), b: np.array([0.1, 0.2])}
    assert np.isfinite(state.sum().backpropagate(point)[a]).all()


@pytest.mark.parametrize("operand", [lambda x: x.T, lambda x: 2 * x, lambda x: x[1:], lambda x: x + 1])
@pytest.mark.parametrize("axis", [0, 1, None])
def test_the_product_of_what_is_rearranged(operand, axis):
    """Blocks of a transpose are taken inside of it: its derivative must not be lost with it."""
    x = sd.Var("X", shape=(2, 3))
    f = np.sin(operand(x).prod(axis=axis))
    f = f.sum() if axis is not None else f
    point = {x: RNG.random((2, 3))}
    assert f.backpropagate(point)[x] == pytest.approx(by_expansion(f, point)[x], rel=1e-12)
