"""Text of array expressions: matrix notation that reads back."""

import os
import random

import numpy as np
import pytest
from array_programs import OF_ARRAYS, Program, array_variables, sample
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import symdiff as sd
from symdiff import array_functions as af

SHAPES = {
    "X": (100, 2), "w": 2, "y": 100, "v": 100, "A": (3, 3), "B": (3, 3), "x": 3, "b": 3, "Z": (4, 3), "T": (2, 3, 4),
    "S": (3, 3), "P": ("n", "d"), "p": "d", "Q": (2, 5),
}  # fmt: skip
SYMMETRIC = ["S"]


def parsed(text):
    return sd.parse(text, SHAPES, SYMMETRIC)


X, w, y, A, B, x, b = [sd.Var(name, shape=SHAPES[name]) for name in ("X", "w", "y", "A", "B", "x", "b")]
M, U, V = sd.Var("M", shape=(5, 4)), sd.Var("U", shape=(5, 3)), sd.Var("V", shape=(4, 3))
z = sd.Var("z", shape=3)

TEXTS = [  # as written, which is how it prints
    "2*X.T @ (X @ w - y)",
    "X.T @ diag(v) @ X",
    "X.T @ (y*sigmoid(X @ w))",
    "((X @ w - y)**2).sum()",
    "((X @ w - y)**2).mean()",
    "-X.T @ y/2",
    "(x**2).sum()",
    "x @ A @ b",
    "x @ S @ x/2 - x @ b",
    "trace(A @ B)",
    "trace(A @ B @ A)",
    "(A*B).sum()",
    "trace(A)*A",
    "outer(x, b)",
    "outer(A @ x, b)",
    "eye(3)",
    "eye(3) - A",
    "ones((3, 2))",
    "zeros(3)",
    "x/norm(x)",
    "x/(3*b)",
    "A*B",
    "A*B.T",
    "(A*B) @ x",
    "x*(A @ b)",
    "(A + B) @ x",
    "(A + B).T @ x",
    "A @ B @ x",
    "A - 2*B",
    "-A - B",
    "1 - x",
    "x - b + 1",
    "diag(x)",
    "diag(A)",
    "diag(x) @ A",
    "diag(x) @ A @ diag(b)",
    "x*A",
    "A/x[:, None]",
    "A/A.sum(axis=1)[:, None]",
    "exp(A)/exp(A).sum(axis=1)[:, None]",
    "A/sqrt((A**2).sum(axis=1))[:, None]",
    "A - x",
    "A - x[:, None]",
    "x[:, None] - b",
    "Z - Z.mean(axis=0)",
    "Z - Z.mean(axis=1)[:, None]",
    "broadcast_to(x, (2, 3))",
    "x[None]",
    "X.sum(axis=1)",
    "X.mean()",
    "T.sum(axis=(0, 2))",
    "T.transpose(1, 2, 0)",
    "X.max(axis=1)",
    "A.prod()",
    "logsumexp(A, axis=0)",
    "norm(A)",
    "X[1:, 0]",
    "X[3]",
    "X[3, 1]",
    "X[::2]",
    "X[::-1]",
    "X[5:2:-1]",
    "X[[0, 5, 2]]",
    "X[:, 1][[0, 5, 2]]",
    "X[1:44:7, 1]",
    "concatenate([x, b])",
    "concatenate([A, B], axis=1)",
    "stack([x, b])",
    "zeros((3, 2)).at[1:, 0].add(w)",
    "zeros(5).at[[0, 0]].add(w)",
    "inv(S)/2 - outer(solve(S, x), solve(S, x))/2",
    "logdet(S)/2 + x @ solve(S, x)/2",
    "det(A)*inv(A).T",
    "cholesky(S)",
    "softmax(x)",
    "softmax(X, axis=1)",
    "softmax(X, axis=(0, 1))",
    "log_softmax(X, axis=(0, 1))",
    "logsumexp(X, axis=(0, 1))",
    "log_softmax(A @ x + b)",
    "diag(softmax(x)) - outer(softmax(x), softmax(x))",
    "kron(A, B)",
    "kron(x, b)",
    "kron(eye(3), A)",
    "kron(A.T, eye(2))",
    "kron(eye(3), eye(2))",
    "kron(eye(3), diag(x))",
    "kron(A @ B, X.T)",
    "2*kron(A, B)/3",
    "-kron(eye(2), A)",
    "(x @ b)*kron(A, B)",
    "diag(Z.ravel())",
    "diag((1 - tanh(A)**2).ravel())",
    'einsum("ab,cd->acbd", A, B).reshape(3, 27)',
    "A.ravel()",
    "A.reshape(1, 9)",
    'einsum("ab,cd->acbd", A, B)',
    'einsum("ab,cd->acbd", A @ B, eye(2))',
    'einsum("ab,acd->cdb", Q, T)',
    "maximum(A, 0)",
    "where(x > 0, x, b)",
    "sin(A) + 1",
    "A > x",
    "P @ p",
    "P.mean(axis=0)",
    "P[1:] - P[:-1]",
    "P[1:-1, 0]",
    "ones((n, 3))",
    "P.sum()/(n - 1)",
    "array([1.0, 2.5, -3.0]) @ x",
    "array([[1, 2, 3], [4, 5, 6]]) @ x",
    "array([True, False, True])*x",
]


@pytest.mark.parametrize("text", TEXTS)
def test_matrix_notation_is_written_as_it_was_read(text):
    assert str(parsed(text)) == text


def test_a_product_takes_a_sum_that_is_repeated_along_an_axis_once():
    Z, Y = sd.Var("Z", shape=("n", "k")), sd.Var("Y", shape=("n", "k"))  # noqa: N806
    share = np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)
    slope = (-np.log((share * Y).sum(axis=1)).sum()).gradient(Z)
    assert "broadcast_to" not in str(slope)
    repeated = np.broadcast_to((Z * Y).sum(axis=1, keepdims=True), ("n", "k"))
    assert (Z.sum() * repeated * Z).evaluate(Z=[[1.0, 2.0]], Y=[[3.0, 4.0]]).tolist() == [[33.0, 66.0]]
    assert (repeated * np.ones(3)[:, None, None]).sum(axis=(0, 2)).evaluate(Z=[[1.0, 2.0]], Y=[[3.0, 4.0]]) == [66.0]


VEC = [
    (lambda m: A @ m, "kron(eye(3), A)"),
    (lambda m: m @ A.T, "kron(A, eye(3))"),
    (lambda m: A @ m @ B, "kron(B.T, A)"),
    (lambda m: -A @ m @ B / 2, "-kron(B.T, A)/2"),
    (sd.tanh, "diag((1 - tanh({m})**2).ravel())"),
    (lambda m: A * m, "diag(A.T.ravel())"),
    (lambda m: np.diag(x) @ m, "kron(eye(3), diag(x))"),
    (lambda m: A @ m + m @ B, "kron(eye(3), A) + kron(B.T, eye(3))"),
]


@pytest.mark.parametrize(("function", "text"), VEC, ids=[text for _, text in VEC])
def test_jacobians_of_stacked_columns_are_kronecker_products(function, text):
    u = sd.Var("u", shape=9)
    result = function(u.reshape(3, 3).T)
    found = sd.jacobian(result.T.ravel(), u)
    assert str(found) == text.format(m=u.reshape(3, 3))
    at = numbers([result])
    expanded = sd.jacobian(result.expand().T.ravel(), "u")
    np.testing.assert_allclose(found.evaluate(at), sd.evaluate(expanded, at), rtol=1e-12)


def numbers(exprs, seed=1):
    """A point for the variables of expressions: the same value for the same name."""
    draws = np.random.default_rng(seed)
    values = {}
    for cell in {v.name: v._cell for f in exprs for v in f.variables}.values():
        value = draws.uniform(0.5, 1.5, cell.shape)
        values[cell.name] = value + value.T if cell.kind == "symmetric" else value if cell.shape else float(value)
    return values


def shapes_of(f):
    """What `parse` needs to know of the variables."""
    arrays = [v for v in f.variables if v._cell.shape]
    return {v.name: v._cell.shape for v in arrays}, [v.name for v in arrays if v._cell.kind == "symmetric"]


EXAMPLES = int(os.environ.get("SYMDIFF_ARRAY_PROGRAMS", "40")) // 4
PROGRAMS = st.builds(lambda seed, lines: Program(random.Random(seed), lines), st.integers(0, 10**6), st.integers(1, 8))


@given(PROGRAMS)
@settings(derandomize=True, max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_text_reads_back_as_the_same_text_and_the_same_values(program):
    with sd.Graph():
        f = program.run(OF_ARRAYS, array_variables(program))
        gradients = [f.gradient(v) for v in f.variables]
        found = [f, *gradients, *[sd.jacobian(g, v) for g in gradients[-1:] for v in f.variables]]
    values = sample(program, 3)
    for g in found:
        text = str(g)
        read = sd.parse(text, *shapes_of(g))
        assert str(read) == text
        assert getattr(read, "shape", ()) == getattr(g, "shape", ())
        with np.errstate(all="ignore"):
            got, expected = [np.asarray(h.evaluate(values), dtype=float) for h in (read, g)]
            np.testing.assert_allclose(got, expected, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize(("seed", "lines"), [(7373, 3), (1607, 8), (2918, 7), (4294, 7), (4870, 7), (5046, 7)], ids=str)
def test_texts_that_go_round_come_to_rest(seed, lines):
    """The inner product of a matrix product and a product of vectors, as `x @ A @ (u*v)` or a `.sum()`, by turns."""
    with sd.Graph():
        f = Program(random.Random(seed), lines)
        f = f.run(OF_ARRAYS, array_variables(f))
        for g in [f, *[f.gradient(v) for v in f.variables]]:
            text = str(g)
            assert str(sd.parse(text, *shapes_of(g))) == text


@pytest.mark.parametrize(("seed", "lines"), [(50, 2), (84, 2), (322, 2)], ids=str)
def test_arrays_of_numbers_keep_the_order_of_factors(seed, lines):
    """Triangles of ones in second derivatives of `solve_triangular`: which was met first decided on the order."""
    with sd.Graph():
        f = Program(random.Random(seed), lines)
        f = f.run(OF_ARRAYS, array_variables(f))
        gradients = [f.gradient(v) for v in f.variables]
        for g in [f, *gradients, *[sd.jacobian(g, v) for g in gradients for v in f.variables]]:
            text = str(g)
            assert str(sd.parse(text, *shapes_of(g))) == text


def test_arrays_of_numbers_of_other_types_read_back():
    """Text has no types: what is read is of 64 bits, and the text stays."""
    rows = [
        np.array([0.1, 2.5, 1e-3], dtype=np.float32),
        np.array([1, 2, 3], dtype=np.uint64),
        np.array([True, False, True]),
    ]
    f = sum((row * x * sd.sin(row @ x)).sum() for row in rows)
    for g in (f, f.gradient(x), f.hessian(x)):
        assert str(sd.parse(str(g), {"x": 3})) == str(g)


def test_congruences_of_symmetric_matrices_are_symmetric():
    """`X.T @ C @ X` however it is grouped, and its inverse: Matrix Cookbook (2012), eq. 126."""
    c, u = sd.Var("C", shape=(4, 4), symmetric=True), sd.Var("U", shape=(4, 2))
    for inner in (u.T @ c @ u, u.T @ (c @ u), u.T @ (c @ (c @ (c @ u)))):
        turned = sd.linalg.inv(inner).T
        assert turned == sd.linalg.inv(inner)
    turned = sd.linalg.inv(u.T @ c @ sd.sin(u)).T
    assert str(turned) == "inv(U.T @ C @ sin(U)).T"
    m = sd.Var("M", shape=(4, 4), symmetric=True)
    f = sd.trace(sd.linalg.inv(u.T @ c @ u) @ (u.T @ m @ u))
    inverse = "inv(U.T @ C @ U)"
    assert str(f.gradient(u)) == f"2*M @ U @ {inverse} - 2*C @ U @ {inverse} @ U.T @ M @ U @ {inverse}"


def test_a_matrix_product_among_vectors_is_an_inner_product():
    u, v = sd.Var("u", shape=3), sd.Var("v", shape=3)
    left = x @ A
    for f in ((left * u * v).sum(), left @ (u * v), (u * v) @ (A.T @ x), (u * left * v).sum()):
        assert str(f) == "x @ A @ (u*v)"
    assert str((left * u / v).sum()) == "x @ A @ (u/v)"


def least_squares():
    return ((X @ w - y) ** 2).sum(), w


def logistic():
    return sd.softplus(-y * (X @ w)).sum(), w


def factors():
    return ((M - U @ V.T) ** 2).sum(), U


def product():
    return af.trace(A @ B), B


def classifier():
    return af.logsumexp(z) - z @ np.array([0, 1, 0]), z


@pytest.mark.parametrize(
    ("example", "gradient", "hessian"),
    [
        (least_squares, "2*X.T @ (X @ w - y)", "2*X.T @ X"),
        (logistic, "-X.T @ (y*sigmoid(-y*(X @ w)))", "X.T @ diag(y**2*sigmoid(y*(X @ w))*sigmoid(-y*(X @ w))) @ X"),
        (factors, "-2*(M - U @ V.T) @ V", '2*einsum("ab,cd->cadb", V.T @ V, eye(5))'),
        (product, "A.T", "zeros((3, 3, 3, 3))"),
        (classifier, "softmax(z) - array([0, 1, 0])", "diag(softmax(z)) - outer(softmax(z), softmax(z))"),
    ],
)
def test_derivatives_read_like_a_textbook(example, gradient, hessian):
    f, wrt = example()
    assert str(f.gradient(wrt)) == gradient
    assert str(f.hessian(wrt)) == hessian


def test_large_arrays_of_numbers_are_whole_in_str_and_bounded_in_repr():
    data = np.random.default_rng(0).normal(size=(50, 3))
    f = ((data @ x) ** 2).sum()
    assert repr(f) == "((array(..., shape=(50, 3)) @ x)**2).sum()"
    assert str(parsed(str(f))) == str(f)
    point = numbers([f])
    assert parsed(str(f)).evaluate(point) == f.evaluate(point)
    with pytest.raises(sd.ParseError, match=r"was cut: str\(f\)"):
        parsed(repr(f))


def test_an_array_of_numbers_that_comes_twice_is_written_once():
    data = np.arange(12.0).reshape(4, 3) / 8
    f = data @ sd.sin(data.sum(axis=0) * x) + data @ x
    text = str(f)
    assert text.startswith("z1 = array([[0.0, ")
    assert text.endswith("; z1 @ sin(array([2.25, 2.75, 3.25])*x) + z1 @ x")
    assert str(parsed(text)) == text


@pytest.mark.parametrize(
    "array",
    [
        np.array([1, -2, 2**62]), np.array([0.1, 1e-300, -0.0]), np.array([np.nan, np.inf, -np.inf]),
        np.array([[True], [False]]),
        np.array([1 + 2j, -0.5j]), np.zeros((2, 1, 3)), np.array([[], []]), np.array([2**64 - 1], dtype=np.uint64),
    ],
)  # fmt: skip
def test_arrays_of_numbers_read_back_to_the_bit(array):
    f = array * sd.Var("x", shape=array.shape)
    assert sd.parse(str(f), {"x": array.shape}) == f


def test_sparse_matrices_read_back():
    sparse = pytest.importorskip("scipy.sparse")
    f = sparse.csr_array(np.diag([1.0, 0.0, 2.0])) @ x
    assert str(f) == "csr_array((array([1.0, 2.0]), array([0, 2]), array([0, 1, 1, 2])), shape=(3, 3)) @ x"
    assert str(parsed(str(f))) == str(f)


def test_deep_recurrences_are_written_without_recursion():
    h = x
    for _ in range(1500):
        h = sd.tanh(A @ h + b)
    text = str(h)
    assert text.startswith("tanh(A @ tanh(A @ ")
    assert text.count("tanh") == 1500


def test_parts_that_grow_the_text_get_names():
    h = x
    for _ in range(30):
        h = sd.tanh(A @ h) * (A @ h)
    text = str(h)
    assert text.startswith("z1 = ")
    assert len(text) < 3000
    assert str(parsed(text)) == text


def test_names_that_mean_something_else_are_quoted():
    with sd.Graph():
        pair, entry, size, rows = sd.Var("x", shape=2), sd.Var("x[0]"), sd.Var("n"), sd.Var("P", shape=("n", 2))
        assert str(pair[0] + entry) == 'x[0] + Var("x[0]")'
        assert str(rows.mean() * size) == 'P.sum()/n/2*Var("n")'


def test_scalars_of_arrays_are_written_as_scalars_are():
    a = sd.Var("a")
    assert str(x[0] * (x[1] * a)) == "x[0]*x[1]*a"
    assert str(a * (x @ x) / 2) == "a*(x**2).sum()/2"
    assert str((x @ A @ x) * a - A[0, 1]) == "(x @ A @ x)*a - A[0, 1]"
    assert str(-(x @ A @ x)) == "-x @ A @ x"
    assert str(2 * (x @ A @ x)) == "2*x @ A @ x"


STACKS = {"A": (5, 3, 2), "B": (5, 2, 4), "C": (2, 4), "G": (7, 5, 2, 3), "L": (3, 3), "v": 2, "u": 3}


@pytest.mark.parametrize(
    "text",
    ["A @ B", "A @ C", "L @ A", "L @ (A @ B)", "A @ v", "u @ A", "G @ A", "A @ G", "2*A @ B", "tanh(A @ C + 1)",
     "A.transpose(0, 2, 1) @ A", "A**2 @ (B/(B + 1))", "(A @ B)[0]", "L @ A + u[:, None]"],
)  # fmt: skip
def test_products_of_stacks_read_as_products(text):
    f = sd.parse(text, STACKS)
    assert str(f) == text
    values = {name: np.random.default_rng(0).normal(size=shape) for name, shape in STACKS.items()}
    expected = eval(text, {"tanh": np.tanh, **values})
    np.testing.assert_allclose(f.evaluate({v: values[v.name] for v in f.variables}), expected)
    assert "einsum" not in f.latex()


def test_slopes_of_products_of_stacks():
    a, b = (sd.Var(name, shape=STACKS[name]) for name in "AB")
    assert str((sd.tanh(a @ b) ** 2).sum().gradient(b)) == "2*A.transpose(0, 2, 1) @ ((1 - tanh(A @ B)**2)*tanh(A @ B))"
    assert sd.latex(sd.einsum("bij,bik->bjk", a, a)) == r"A^{\top} A"
    assert str(sd.einsum("bij,bj->bi", a, sd.Var("x", shape=(5, 2)))) == 'einsum("abc,ac->ab", A, x)'
    assert str(sd.einsum("abc,acd->bd", a, b)) == 'einsum("abc,acd->bd", A, B)'


def test_the_gradient_of_a_mean_reads_like_that_of_a_sum():
    """A multiple of a product took the products inside it apart: four factors of an einsum, and their work repeated."""
    shapes = {"D": (7, 3), "V1": (3, 5), "V2": (5, 2), "T": (7, 2)}
    data, v1, v2, target = (sd.Var(name, shape=shape) for name, shape in shapes.items())
    loss = (sd.tanh(data @ v1) @ v2 - target) ** 2
    inner = "(1 - tanh(D @ V1)**2)*((tanh(D @ V1) @ V2 - T) @ V2.T)"
    assert str(loss.sum().gradient(v1)) == f"2*D.T @ ({inner})"
    assert str(loss.mean().gradient(v1)) == f"D.T @ ({inner})/7"


def test_twice_a_sum_is_two_of_it():
    total = x + 3 * sd.sin(x)
    assert str(total + total) == "2*(x + 3*sin(x))"
    assert str(total - total) == "zeros(3)"
    assert str(total + 2 * total) == "3*(x + 3*sin(x))"


def test_quotients_of_derivatives_stand_over_one_line():
    n = sd.linalg.norm(x)
    found = {f: str(f.sum().gradient(x)) for f in (x / (1 + x), (x - 1) / (x + 1), x / sd.sqrt(1 + x**2))}
    assert list(found.values()) == ["1/(1 + x)**2", "2/(x + 1)**2", "1/sqrt(1 + x**2)**3"]
    assert str((n**3).gradient(x)) == "3*norm(x)*x"
    assert str((1 / n).gradient(x)) == "-x/norm(x)**3"


def test_what_derived_terms_have_in_common_goes_out():
    b, y = sd.Var("B", shape=(3, 3)), sd.Var("y", shape=3)
    assert str((x @ b @ x).gradient(x)) == "(B + B.T) @ x"
    assert str((sd.exp(b @ x) - y * (b @ x)).sum().gradient(x)) == "B.T @ (exp(B @ x) - y)"
