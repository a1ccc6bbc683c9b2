"""f.expand(): the same over scalar variables, the oracle of other tests."""

from fractions import Fraction

import numpy as np
import pytest

import symdiff as sd
from symdiff import ops
from symdiff.array_functions import stack
from symdiff.wrt import named_arrays

RNG = np.random.default_rng(11)


def test_a_product_of_matrices_is_written_out():
    x, w = sd.Var("X", shape=(2, 2)), sd.Var("w", shape=2)
    assert [str(f) for f in (x @ w).expand()] == ["X[0, 0]*w[0] + X[0, 1]*w[1]", "X[1, 0]*w[0] + X[1, 1]*w[1]"]


def test_a_scalar_gives_an_expression_and_scalars_stay_themselves():
    x, s = sd.Var("x", shape=3), sd.Var("s")
    f = (x * s).sum() + s
    assert isinstance(f.expand(), sd.Expr)
    assert set(f.expand().variables) == {s, *sd.variables("x", 3)}
    assert (s + 1).expand() == s + 1


def test_an_expansion_takes_whole_arrays_by_name():
    x = sd.Var("X", shape=(2, 3))
    value = RNG.random((2, 3))
    f = sd.tanh(x).sum()
    assert f.expand().evaluate(X=value) == pytest.approx(np.tanh(value).sum(), rel=1e-15)


def test_a_symmetric_variable_has_every_entry_once():
    s = sd.Var("S", shape=(2, 2), symmetric=True)
    assert [str(v) for v in s.expand().flat] == ["S[0, 0]", "S[0, 1]", "S[0, 1]", "S[1, 1]"]
    assert len((s @ s).sum().expand().variables) == 3


def test_stack_brings_back_what_expand_wrote():
    x = sd.Var("X", shape=(2, 3))
    value = RNG.random((2, 3))
    back = stack((2 * x).expand())
    assert back.shape == (2, 3)
    assert back.evaluate(X=value) == pytest.approx(2 * value)


def test_elements_are_entries_of_the_same_graph():
    x = sd.Var("X", shape=(2, 3))
    entries = x.elements()
    assert entries.shape == (2, 3)
    assert entries[1, 2] == x[1, 2]
    assert x.sum().gradient(x).elements()[0, 0].evaluate({}) == 1


def test_named_sizes_need_numbers():
    x = sd.Var("x", shape="n")
    f = x[1:].sum() / x.mean()
    with pytest.raises(sd.SymdiffTypeError, match=r'sizes without a number: write f\.expand\(sizes=\{"n": 3\}\)'):
        f.expand()
    assert f.expand(sizes={"n": 2}).evaluate(x=[1, 3]) == 1.5
    with pytest.raises(sd.SymdiffValueError, match="the size n is a whole number"):
        f.expand({"n": -1})
    with pytest.raises(sd.SymdiffValueError, match="the size n is a whole number"):
        f.expand({"n": "3"})


def test_constants_stay_exact():
    x = sd.Var("x", shape=2)
    third = (np.array([[1, 2], [3, 4]]) @ x / 3).expand()
    assert third[0].evaluate({"x[0]": Fraction(1), "x[1]": Fraction(3)}) == Fraction(7, 3)
    assert (x * sd.pi).expand()[0] == sd.Var("x[0]") * sd.pi


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x.max(axis=0), lambda x: x.min(), lambda x: x.prod(axis=1), lambda x: x.mean(axis=1), lambda x: x.T,
        lambda x: x[1:, [2, 0, 2]], lambda x: x.reshape(3, 2), lambda x: np.concatenate([x, x[:1]]),
        lambda x: np.linalg.norm(x, axis=1), lambda x: np.linalg.inv(x @ x.T), lambda x: np.linalg.det(x @ x.T),
        lambda x: np.linalg.cholesky(x @ x.T), lambda x: np.linalg.solve(x @ x.T, x),
        lambda x: ops.where(x > 0.5, x, -x),
        lambda x: np.einsum("ij,kj->ik", x, x), lambda x: np.clip(x, 0.2, 0.8), lambda x: x / (1 + x[:, :1]),
        lambda x: x.ravel(order="F"), lambda x: x.flatten("F"), lambda x: np.reshape(x, (3, -1), order="F"),
    ],
)  # fmt: skip
def test_every_operation_has_the_values_of_its_expansion(function):
    x = sd.Var("X", shape=(2, 3))
    value = RNG.random((2, 3))
    f = function(x)
    written = f.expand()
    assert np.shape(written) == getattr(f, "shape", ())
    assert sd.evaluate(written, X=value) == pytest.approx(f.evaluate(X=value), rel=1e-12)


def test_a_zero_pivot_by_structure_is_not_divided_by():
    x = sd.Var("x")
    matrix = stack([stack([0 * x, x]), stack([x, x])])
    assert np.linalg.det(matrix).expand().evaluate(x=2.0) == -4.0


def test_what_is_written_out_is_derived_by_arrays_and_their_entries_too():
    u, a, other = sd.Var("u", shape=3), sd.Var("A", shape=(3, 3)), sd.Var("q", shape=3)
    f = (a @ u**2).expand()
    by_name = sd.jacobian(f, "u")
    for wrt in (u, u.elements(), list(u.elements()), u.expand(), sd.variables("u", 3)):
        assert np.array_equal(sd.jacobian(f, wrt), by_name)
    assert f[0].gradient(u[1]) == by_name[0, 1]
    assert f[0].gradient([u[2], u[0]]).tolist() == [by_name[0, 2], by_name[0, 0]]
    assert np.array_equal(f[0].hessian(u), f[0].hessian("u"))
    assert np.array_equal(sd.vjp(f, u, [1, 2, 3]), sd.vjp(f, "u", [1, 2, 3]))
    assert np.array_equal(sd.jvp(f, list(u.elements()), [1, 2, 3]), sd.jvp(f, "u", [1, 2, 3]))
    assert str(f[0].gradient(other)) == "zeros(3)"


def test_symmetric_variables_written_out_are_derived_by_their_entries():
    s = sd.Var("S", shape=(2, 2), symmetric=True)
    f = (s**2).sum().expand()
    assert f.gradient(s[1, 0]) == f.gradient("S[0, 1]")


def test_an_array_is_itself_beside_scalars_of_the_names_of_its_entries():
    with sd.Graph():
        scalars = sd.variables("w", 3)
        product = scalars[0] * scalars[2]
        w = sd.Var("w", shape=3)
        assert named_arrays(w.graph, [w]) == [w]  # as inputs of functions and solvers are read
        assert str((w**2).sum().gradient(w)) == "2*w"
        assert product.gradient(scalars).tolist() == [scalars[2], 0, scalars[0]]
        assert product.backpropagate(dict.fromkeys(scalars, 2.0), wrt=scalars).tolist() == [2.0, 0.0, 2.0]


def test_what_is_expanded_compiles_by_a_symmetric_matrix():
    """Its entries above and below the diagonal are the same variables: one argument holds both."""
    s, v = sd.Var("S", shape=(3, 3), symmetric=True), sd.Var("v", shape=3)
    f = sd.linalg.logdet(s) + v @ s @ v
    at = np.array([[3, 1, 0.5], [1, 4, 0.2], [0.5, 0.2, 5]])
    compiled = sd.compile(f.expand(), [s, v])
    expected = [f.evaluate({s: k * at, v: np.ones(3)}) for k in (1, 2)]
    assert np.isclose(compiled(at, np.ones(3)), expected[0], rtol=1e-14)
    assert np.allclose(compiled(np.stack([at, 2 * at]), np.ones(3)), expected, rtol=1e-14)
    with pytest.raises(sd.SymdiffValueError, match="among the inputs twice"):
        sd.compile(f.expand(), [s, s])
