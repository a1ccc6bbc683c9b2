"""Generated Python, NumPy, JAX and PyTorch beside `sd.compile`: every operation, programs of arrays, nestings."""

import importlib.util
import os
import random
import subprocess
import sys

import numpy as np
import pytest

import symdiff as sd
from symdiff.records import OPERATIONS

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "arrays"))
from array_programs import OF_ARRAYS, Program, array_variables, sample

POINTS = (-2.7, -1.5, -1.0, -0.7, -0.3, 0.0, 0.2, 0.5, 0.9, 1.0, 1.4616, 1.7, 2.5, 3.9, 10.3, 55.0)
OPS = [op for op in OPERATIONS if op is not None and op.code is not None]
HAS_JAX = importlib.util.find_spec("jax") is not None
HAS_TORCH = importlib.util.find_spec("torch") is not None
LANGUAGES = [
    "python",
    "numpy",
    pytest.param("jax", marks=pytest.mark.skipif(not HAS_JAX, reason="JAX is not installed")),
    pytest.param("torch", marks=pytest.mark.skipif(not HAS_TORCH, reason="PyTorch is not installed")),
]


def function(code):
    """The function that a text defines."""
    if code.language == "jax":
        import jax

        jax.config.update("jax_enable_x64", True)
    space = {}
    exec(code.source, space)
    return space[code.name]


def close(got, expected, tolerance=1e-12):
    got, expected = np.asarray(got, float), np.asarray(expected, float)
    assert got.shape == expected.shape
    scale = np.abs(np.nan_to_num(expected, posinf=0.0, neginf=0.0)).max(initial=0.0)
    np.testing.assert_allclose(got, expected, rtol=tolerance, atol=tolerance * scale)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)
def test_every_operation(op, language):
    with sd.Graph():
        found = list(sd.variables("a b c d"))[: op.arity]
        free = [v for k, v in enumerate(found) if k not in op.whole]
        f = op(*[2 if k in op.whole else v for k, v in enumerate(found)])
        run = function(sd.code(f, free, language=language, name="do"))
        compiled = sd.compile(f, free, accuracy="high")
    chance = random.Random(op.name)
    for _ in range(20 if language == "jax" else 60):
        point = [chance.choice(POINTS) for _ in free]
        close(run(*point), float(compiled(*point)))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("seed", range(24))
def test_array_programs(seed, language):
    program = Program(random.Random(seed), 1 + seed % 8)
    with sd.Graph():
        variables = array_variables(program)
        f = program.run(OF_ARRAYS, variables)
        outputs = [f, *[f.gradient(v) for v in f.variables]]
        if f.variables:
            outputs.append(sd.jacobian(outputs[1], f.variables[-1]))
        inputs = list(variables.values())
        values = list(sample(program, seed).values())
        got = function(sd.code(outputs, inputs, language=language, name="program"))(*values)
        expected = sd.compile(outputs, inputs, accuracy="high")(*values)
    for one, other in zip(got, expected, strict=True):
        close(one, other, 1e-8)


@pytest.mark.parametrize("language", LANGUAGES)
def test_results_are_nested_as_given(language):
    x, y = sd.variables("x y")
    outputs = {"value": x * y, "list": [x + y, (y, 2)], "array": np.array([[x, y], [y, 1]])}
    found = function(sd.code(outputs, [x, y], language=language, name="nested"))(2.0, 3.0)
    assert set(found) == {"value", "list", "array"}
    close(found["value"], 6.0)
    assert isinstance(found["list"], list)
    assert isinstance(found["list"][1], tuple)
    close(found["array"], [[2.0, 3.0], [3.0, 1.0]])


@pytest.mark.parametrize("language", LANGUAGES)
def test_sparse_matrices(language):
    xs = sd.variables("x", 6)
    jac = sd.jacobian([xs[k] * xs[k + 1] for k in range(5)], xs, sparse=True)
    values = np.linspace(1, 2, 6)
    found = function(sd.code(jac, [xs], language=language, name="jac"))(values)
    close(dense(found), sd.compile(jac, [xs])(values).toarray())
    with sd.Graph():
        v = sd.Var("v", shape=6)
        jac = sd.jacobian(sd.sin(v) * v, v, sparse=True)
        found = function(sd.code(jac, v, language=language, name="jac"))(values)
        expected = sd.compile(jac, v)(values).toarray()
    close(dense(found), expected)


def dense(found):
    """The matrix that a sparse result stands for: Python has its entries, their columns, and where rows begin."""
    if isinstance(found, tuple):
        data, cols, rows = found
        matrix = np.zeros((len(rows) - 1, 6))
        matrix[np.repeat(np.arange(len(rows) - 1), np.diff(rows)), cols] = data
        return matrix
    if hasattr(found, "to_dense"):
        return found.to_dense().numpy()
    return found.toarray() if hasattr(found, "toarray") else found.todense()


def test_readable():
    x, y = sd.variables("x y")
    z = sd.named("z", x + y)
    source = sd.code([sd.sin(z) * z], [x, y], language="numpy", name="wave").source
    assert "        z = x + y\n        return [np.sin(z)*z]\n" in source
    with sd.Graph():
        m, w, b = sd.Var("X", shape=(5, 2)), sd.Var("w", shape=2), sd.Var("b", shape=5)
        f = ((m @ w - b) ** 2).sum()
        source = sd.code(f.gradient(w), [m, w, b], language="numpy", name="slope").source
    assert "2.0*(X.T @ ((X @ w) + (-1.0)*b))" in source


def test_single_precision():
    x = sd.Var("x")
    found = function(sd.code(sd.sin(x) / 3, x, language="numpy", dtype=np.float32))(1.0)
    assert found.dtype == np.float32


def test_no_symdiff_is_needed(tmp_path):
    x, y = sd.variables("x y")
    sd.code([sd.sigmoid(x) * y, sd.digamma(x)], [x, y], language="numpy", name="alone").write(tmp_path)
    program = "import sys; sys.modules['symdiff'] = None; import alone; print(alone.alone(0.5, 2.0)[0])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert float(done.stdout) == pytest.approx(sd.sigmoid(0.5) * 2)


def test_reserved_names():
    x = sd.Var("x")
    for name in ("lambda", "np", "class"):
        with pytest.raises(sd.SymdiffValueError, match="reserved"):
            sd.code(x, x, language="numpy", name=name)
    source = sd.code(sd.Var("np") ** 2, "np", language="numpy").source  # a variable gets something behind its name
    assert "def f(np_2):" in source


@pytest.mark.parametrize("language", LANGUAGES)
def test_variables_and_parts_called_like_temporaries_keep_their_values(language):
    with sd.Graph():
        first, second, i, length = given = sd.variables("t1 t2 i l")
        part = sd.named("t3", sd.sin(first) * second + first)
        outputs = [
            part,
            sd.cos(part) * part + first * i,
            sd.exp(part - length) * sd.exp(part - length) + first + second + i,
        ]
        code = sd.code(outputs, given, language=language)
        assert "def f(t1, t2, i, l):" in code.source
        close(function(code)(0.7, 1.3, 2.0, 0.4), sd.compile(outputs, given)(0.7, 1.3, 2.0, 0.4))
        v = sd.Var("j", shape=3)
        outputs = [(v * i + first) ** 2 @ v, sd.cumsum(v * length)]
        code = sd.code(outputs, [v, first, i, length], language=language)
        assert "def f(j, t1, i, l):" in code.source
        point = (np.array([0.3, -1.2, 2.0]), 0.7, 2.0, 0.4)
        for got, expected in zip(
            function(code)(*point), sd.compile(outputs, [v, first, i, length])(*point), strict=True
        ):
            close(got, expected)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["float", "abs", "range", "len", "round", "int", "slice", "list"])
def test_variables_called_like_what_the_code_calls(name, language):
    with sd.Graph():
        x, v = sd.Var(name), sd.Var("v", shape=3)
        outputs = [sd.maximum(x, 0.5) + abs(x - 1) + np.rint(x), sd.cumsum(v * x)]
        run = function(sd.code(outputs, [x, v], language=language))
        point = 0.7, np.array([0.3, -1.2, 2.0])
        for got, expected in zip(run(*point), sd.compile(outputs, [x, v])(*point), strict=True):
            close(got, expected)


@pytest.mark.parametrize("language", LANGUAGES)
def test_variables_are_called_as_values_without_a_name_are(language):
    t1, t2, x = sd.variables("t1 t2 x")
    shared = sd.named("t4", sd.sin(x + t1 + t2))
    outputs = [sd.exp(x + t1 + t2) * shared, shared**2 * sd.cos(x + t1), t2 * t1]
    got = function(sd.code(outputs, [t1, t2, x], language=language))(0.5, -0.3, 0.8)
    close(got, [f.evaluate(t1=0.5, t2=-0.3, x=0.8) for f in outputs])


@pytest.mark.skipif(not HAS_JAX, reason="JAX is not installed")
def test_jax_transforms_the_function():
    import jax

    jax.config.update("jax_enable_x64", True)
    x, y = sd.variables("x y")
    f = sd.softplus(x) * sd.sigmoid(y) + sd.hypot(x, y)
    run = sd.to_jax(f, [x, y])
    points = np.array([[0.3, 1.2], [-2.0, 0.5]])
    gradient = sd.compile(list(f.gradient([x, y])), [x, y])
    for a, b in points:
        close(jax.jit(jax.grad(run, (0, 1)))(a, b), gradient(a, b))
    close(jax.vmap(run)(points[:, 0], points[:, 1]), [run(a, b) for a, b in points])
    assert "def f(x, y):" in run.source


@pytest.mark.skipif(not HAS_JAX, reason="JAX is not installed")
@pytest.mark.parametrize(
    "name",
    ["abs", "sinc", "acot", "sech", "heaviside", "sigmoid_slope", "digamma", "gamma", "lambertw", "relu", "sign"],
)
def test_slopes_by_jax(name):
    import jax

    jax.config.update("jax_enable_x64", True)
    x = sd.Var("x")
    f = {op.name: op for op in OPS}[name](x)
    value, slope = sd.compile(f, x), sd.compile(f.gradient(x), x)
    run = jax.grad(sd.to_jax(f, x))
    for point in POINTS:
        if np.isfinite(value(point)):
            np.testing.assert_allclose(run(point), slope(point), rtol=1e-9, atol=1e-12, err_msg=str(point))
    assert jax.grad(sd.to_jax(sd.hypot(x, 0 * x), x))(0.0) == 0


@pytest.mark.skipif(not HAS_JAX, reason="JAX is not installed")
def test_slopes_of_bessel_functions_by_jax():
    """Compiled by XLA they were 1e94: a recurrence that began with next to nothing."""
    import jax

    jax.config.update("jax_enable_x64", True)
    x = sd.Var("x")
    for order in (1, 2, 7):
        f = sd.spherical_jn(order, x)
        slope = sd.compile(f.gradient(x), x)
        run = jax.jit(jax.grad(sd.to_jax(f, x)))
        for point in (-2.2, -1.0, 0.4, 1.0, 1.7, 5.0, 8.0):
            np.testing.assert_allclose(run(point), slope(point), rtol=1e-10)


@pytest.mark.skipif(HAS_JAX, reason="JAX is installed")
def test_text_of_jax_needs_no_jax():
    x = sd.Var("x")
    assert "jnp.sin(x)" in sd.code(sd.sin(x), x, language="jax").source
    with pytest.raises(sd.SymdiffValueError, match="not installed"):
        sd.to_jax(sd.sin(x), x)


@pytest.mark.skipif(HAS_TORCH, reason="PyTorch is installed")
def test_text_of_pytorch_needs_no_pytorch():
    x = sd.Var("x")
    assert "torch.sin(x)" in sd.code(sd.sin(x), x, language="torch").source
    with pytest.raises(sd.SymdiffValueError, match="not installed"):
        sd.to_torch(sd.sin(x), x)


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_loops(language):
    with sd.Graph():
        u, gain = sd.Var("u", shape=50), sd.Var("gain")
        w, xs, h = sd.Var("W", shape=(3, 3)), sd.Var("X", shape=(40, 3)), sd.Var("h", shape=3)
        last, above = sd.scan(lambda c, x: (sd.tanh(c * gain + x), c > x), 0.0, u)
        state, sizes = sd.scan(lambda c, x: (sd.tanh(w @ c + x), (c * c).sum()), h, xs)
        _, twice = sd.scan(lambda c, x: (c, sd.scan(lambda d, y: (d * y + x, None), c, u)[0]), gain, u, checkpoint=True)
        outputs = [last + (above * u).sum(), (state**2).sum() + sizes.sum(), twice.sum()]
        inputs = [u, gain, w, xs, h]
        outputs += [f.gradient(v) for f in outputs for v in inputs if v in f.variables]
        outputs.append(sd.named("step", sd.scan(lambda c, _: (c + gain, c), 1.0, length=60)[1]))
        chance = np.random.default_rng(0)
        values = [chance.normal(size=v.shape) if v.shape else 0.7 for v in inputs]
        found = function(sd.code(outputs, inputs, language=language))(*values)
        expected = sd.compile(outputs, inputs, accuracy="high")(*values)
    for one, other in zip(found, expected, strict=True):
        close(one, other, 1e-11)


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_loops_over_rows(language):
    with sd.Graph():
        y, x, w = sd.Var("Y", shape=5), sd.Var("X", shape=(2, 4, 3)), sd.Var("W", shape=(2, 3))
        alone = sd.vmap(lambda c0: sd.scan(lambda c, _: (sd.sin(c) * w[0, 0], c * 2), c0, length=9)[0])(y)
        rows = sd.vmap(sd.vmap(lambda r: sd.scan(lambda c, t: (sd.sin(c) + t * w[1, 0], c * t), r[0], r)[1]))(x)
        whole = sd.vmap(lambda m: sd.scan(lambda c, r: (sd.sin(c) + r, c @ r), w[0], m)[1])(x)
        outputs = [alone, rows, whole]
        outputs += [(f * f).sum().gradient(v) for f in outputs for v in f.variables]
        chance = np.random.default_rng(0)
        values = [chance.normal(size=v.shape) for v in (y, x, w)]
        found = function(sd.code(outputs, [y, x, w], language=language))(*values)
        expected = sd.compile(outputs, [y, x, w])(*values)
    for one, other in zip(found, expected, strict=True):
        close(one, other, 1e-11)


@pytest.mark.parametrize("language", LANGUAGES)
def test_stacks_of_matrices(language):
    with sd.Graph():
        t, b = sd.Var("T", shape=(2, 2, 3, 3)), sd.Var("b", shape=3)
        found = [sd.linalg.inv(t), sd.linalg.det(t), sd.linalg.solve(t, b), sd.linalg.slogdet(t).sign]
        found += [sd.linalg.logdet(t @ t.mT), sd.linalg.cholesky(t @ t.mT), sd.linalg.solve_triangular(t, t.mT)]
        if language != "python":
            found += [
                sd.linalg.eigvalsh(t),
                *sd.linalg.svd(t),
                sd.linalg.eigh(t).eigenvectors,
                sd.linalg.svd(t[0, 1]).Vh,
            ]
        outputs = [*found, *[(f * f * f).sum().gradient(t) for f in found]]
        value = np.random.default_rng(2).normal(size=(2, 2, 3, 3))
        run = function(sd.code(outputs, [t, b], language=language))
        for at in (value, -value[::-1]):
            for one, other in zip(
                run(at, np.arange(3.0)), sd.compile(outputs, [t, b])(at, np.arange(3.0)), strict=True
            ):
                close(one, other, 1e-9)


@pytest.mark.parametrize("language", ["numpy", "python"])
def test_one_singular_matrix_of_a_stack_is_nan_alone(language):
    t = sd.Var("T", shape=(3, 2, 2))
    outputs = [sd.linalg.inv(t), sd.linalg.solve(t, t), sd.linalg.cholesky(t)]
    at = np.stack([np.eye(2), -np.ones((2, 2)), 2 * np.eye(2)])
    for one, other in zip(
        function(sd.code(outputs, [t], language=language))(at), sd.compile(outputs, [t])(at), strict=True
    ):
        close(one, other)
        assert list(np.isnan(one).any(axis=(1, 2))) == [False, True, False]


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_the_largest_entry_of_vectors_is_positive(language):
    m = sd.Var("M", shape=(3, 3))
    outputs = [sd.linalg.eigh(m).eigenvectors, sd.linalg.svd(m).U, sd.linalg.svd(m).Vh]
    run = function(sd.code(outputs, [m], language=language))
    for seed in range(10):
        at = np.random.default_rng(seed).normal(size=(3, 3))
        for one, other in zip(run(at), sd.evaluate(outputs, {m: at}), strict=True):
            close(one, other, 1e-9)


@pytest.mark.parametrize("language", ["c", "cpp", "fortran", "matlab", "javascript", "python"])
def test_languages_without_loops_say_which_have_them(language):
    u = sd.Var("u", shape=50)
    last, _ = sd.scan(lambda carry, x: (sd.tanh(carry + x), None), 0.0, u)
    with pytest.raises(sd.SymdiffError, match=r"scan has no code in .*: loops of sd\.scan are in language='numpy'"):
        sd.code(last.gradient(u), [u], language=language)


@pytest.mark.parametrize("language", ["c", "cpp", "fortran", "matlab", "javascript", "python", "numpy", "jax", "torch"])
def test_what_no_language_has_says_what_to_take(language):
    u, places = sd.Var("u", shape=50), sd.Var("places", shape=3, dtype=int)
    for f in (u[places].sum(), u[places].sum().gradient(u)):
        with pytest.raises(sd.SymdiffError, match="give places as an array of ints"):
            sd.code(f, [u, places], language=language)
