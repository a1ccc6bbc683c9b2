"""`sd.vmap` against a loop over rows: every operation on arrays, random programs, nests; values, derivatives, code."""

import pickle
import random

import numpy as np
import pytest
from array_examples import examples, values
from array_programs import OF_ARRAYS, Program

import symdiff as sd
from symdiff.arrays import batching
from symdiff.ops import arrays
from symdiff.ops.external_operation import ExternalOperation
from symdiff.records import ARRAY_OPERATIONS

EXAMPLES = examples()
ROWS = 3


def stacked_values():
    """Rows of values for the variables of the examples, each another; symmetric ones stay so."""
    rng = np.random.default_rng(5)
    return {
        name: np.stack([value * (1 + 0.1 * k) + 0.01 * rng.random() for k in range(ROWS)])
        for name, value in values().items()
    }


def mapped(name):
    """An example for all rows, its stacked variables, their values, and the example of each row as a function."""
    f, point = EXAMPLES[name], stacked_values()
    held = [v.name for v in f.variables] or ["s"]
    with sd.Graph():
        given = [sd.Var(f"{n}s", shape=(ROWS, *getattr(sizes(f, n), "shape", ()))) for n in held]
        whole = sd.vmap(lambda *rows: f.replace(in_places(f, rows)))(*given)

    def row(g, k):
        return g.evaluate({v: point[v.name][k] for v in f.variables})

    return f, whole, dict(zip(given, [point[n] for n in held], strict=True)), row, held


def in_places(f, rows):
    """Rows for variables; that of a symmetric one is made symmetric."""
    return {v: (r + r.T) / 2 if getattr(v, "symmetric", False) else r for v, r in zip(f.variables, rows, strict=False)}


def sizes(f, name):
    return next((v for v in f.variables if v.name == name), None)


def weighed(f):
    """A scalar of which all entries count differently."""
    if not f.shape:
        return f
    return (f * sd.cumsum(sd.cumsum(sd.ones(f.shape), len(f.shape) - 1), 0)).sum()


@pytest.mark.parametrize("name", EXAMPLES)
class TestEveryOperation:
    def test_values(self, name):
        f, whole, point, row, _ = mapped(name)
        wanted = np.stack([row(f, k) for k in range(ROWS)])
        assert whole.shape == (ROWS, *f.shape)
        np.testing.assert_allclose(whole.evaluate(point), wanted, rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(sd.compile(whole, list(point))(*point.values()), wanted, rtol=1e-12, atol=1e-14)

    def test_derivatives(self, name):
        f, _, point, row, _ = mapped(name)
        own, each = list(f.variables), weighed(f)
        if not own:
            pytest.skip("a constant")
        total = sd.vmap(lambda *rows: each.replace(in_places(each, rows)))(*point).sum()
        slopes = total.gradient(list(point))
        found = [g.evaluate(point) for g in slopes]
        compiled = sd.compile(slopes, list(point))(*point.values())
        for v, g, c in zip(own, found, compiled, strict=True):
            wanted = np.stack([row(each.gradient(v), k) for k in range(ROWS)])
            np.testing.assert_allclose(g, wanted, rtol=1e-10, atol=1e-12)
            np.testing.assert_allclose(c, wanted, rtol=1e-10, atol=1e-12)

    def test_text_json_and_pickles(self, name):
        _, whole, point, _, _ = mapped(name)
        again = sd.parse(str(whole), shapes={v.name: v.shape for v in point})
        assert str(again) == str(whole)
        np.testing.assert_allclose(again.evaluate(names(point)), whole.evaluate(point), rtol=1e-13)
        assert sd.from_json(sd.to_json(whole)) == whole == pickle.loads(pickle.dumps(whole))
        assert whole.latex()


def names(point):
    return {v.name: value for v, value in point.items()}


@pytest.mark.parametrize("seed", range(40))
def test_random_programs_are_loops_over_rows(seed):
    rng = random.Random(seed)
    program = Program(rng, 6)
    mapped_names = [name for name in program.inputs if rng.random() < 0.6] or ["x"]
    variables = {
        name: sd.Var(name, shape=(ROWS, *shape) if name in mapped_names else shape)
        if shape or name in mapped_names
        else sd.Var(name)
        for name, shape in program.inputs.items()
    }
    fixed = {name: v for name, v in variables.items() if name not in mapped_names}
    given = [variables[name] for name in mapped_names]

    def func(*rows):
        return program.run(OF_ARRAYS, {**fixed, **dict(zip(mapped_names, rows, strict=True))})

    numbers = np.random.default_rng(seed)
    point = {name: 0.7 * numbers.normal(size=getattr(v, "shape", ())) for name, v in variables.items()}
    whole, weights = sd.vmap(func)(*given), np.arange(1.0, ROWS + 1)
    rows = {name: sd.Var(name, shape=shape) if shape else sd.Var(name) for name, shape in program.inputs.items()}
    one = program.run(OF_ARRAYS, rows)
    points = [{n: v[k] if n in mapped_names else v for n, v in point.items()} for k in range(ROWS)]
    wanted = np.array([one.evaluate(p) for p in points])
    np.testing.assert_allclose(whole.evaluate(point), wanted, rtol=1e-9, atol=1e-12, err_msg=repr(program))
    total = whole @ weights
    for name, v in variables.items():
        slope = one.gradient(rows[name])
        each = [
            w * slope.evaluate(p) if hasattr(slope, "evaluate") else slope for w, p in zip(weights, points, strict=True)
        ]
        found = total.gradient(v).evaluate(point)
        wanted = np.stack(each) if name in mapped_names else sum(each)
        np.testing.assert_allclose(found, wanted, rtol=1e-8, atol=1e-10, err_msg=repr(program))
        compiled = sd.compile(total.gradient(v), list(variables.values()))(*point.values())
        np.testing.assert_allclose(compiled, wanted, rtol=1e-8, atol=1e-10, err_msg=repr(program))
    v, name = given[0], mapped_names[0]
    curvature = one.hessian(rows[name])
    hessian = total.hessian(v).evaluate(point)
    for k, p in enumerate(points):
        inner = len(program.inputs[name])
        block = hessian[(k, *[slice(None)] * inner, k)]
        found = weights[k] * (curvature.evaluate(p) if hasattr(curvature, "evaluate") else curvature)
        np.testing.assert_allclose(block, found, rtol=1e-7, atol=1e-8, err_msg=repr(program))


class TestWhatGoesInAndComesOut:
    def test_rows_of_a_vector_are_numbers(self):
        x = sd.Var("x", shape=4)
        f = sd.vmap(lambda t: sd.where(t > 0, t**2, sd.sin(t)))(x)
        found = f.evaluate(x=[-1.0, 2.0, 0.0, 3.0])
        np.testing.assert_allclose(found, [np.sin(-1.0), 4.0, 0.0, 9.0])

    def test_results_are_nested_as_those_of_the_function(self):
        x, w = sd.Var("x", shape=(4, 2)), sd.Var("w", shape=2)
        a, (b, c) = sd.vmap(lambda r: [r @ w, ({"twice": 2 * r}, 1)])(x)
        assert (a, b, c.shape) == (x @ w, {"twice": 2 * x}, (4,))
        with pytest.raises(sd.SymdiffTypeError, match="lost gave None"):
            sd.vmap(lost)(x)

    def test_rows_of_data_are_constants(self):
        t, p = np.arange(6.0).reshape(3, 2), sd.Var("p", shape=2)
        f = sd.vmap(lambda row, y: sd.exp(row @ p) - y)(t, [1.0, 2.0, 3.0])
        np.testing.assert_allclose(f.evaluate(p=[0.1, 0.2]), np.exp(t @ [0.1, 0.2]) - [1, 2, 3])

    def test_tuples_and_dictionaries_of_arrays_are_mapped(self):
        x, y = sd.Var("x", shape=(4, 2)), sd.Var("y", shape=4)
        found = sd.vmap(lambda row: row["pair"][0] * row["pair"][1] + row["y"])({"pair": (x, x), "y": y})
        assert found == sd.vmap(lambda a, b: a * a + b)(x, y)

    def test_other_axes_and_fixed_arguments(self):
        x, w = sd.Var("x", shape=(2, 5)), sd.Var("w", shape=2)
        wanted = sd.vmap(lambda r: r @ w)(x.T)
        assert sd.vmap(lambda r, v: r @ v, axes=(1, None))(x, w) == wanted
        assert sd.vmap(lambda r, v: r @ v, axes=-1)(x.T.T, sd.broadcast_to(w[:, None], (2, 5))).shape == (5,)
        assert sd.vmap(lambda r, v: r @ v)(x.T, v=w) == wanted

    def test_named_sizes_keep_their_names(self):
        x, a = sd.Var("x", shape=("n", 3)), sd.Var("A", shape=(3, 3))
        f = sd.vmap(lambda r: (sd.linalg.solve(a, r) ** 2).sum())(x)
        assert f.shape == ("n",)
        assert f.sum().gradient(x).shape == ("n", 3)
        batches = sd.vmap(lambda r: sd.linalg.det(r))(sd.Var("S", shape=("n", 2, 2)))
        assert batches.shape == ("n",)

    def test_nested(self):
        x, y = sd.Var("x", shape=(3, 2)), sd.Var("y", shape=(4, 2))
        table = sd.vmap(lambda a: sd.vmap(lambda b: sd.exp(-((a - b) ** 2).sum()))(y))(x)
        rng = np.random.default_rng(0)
        u, v = rng.normal(size=(3, 2)), rng.normal(size=(4, 2))
        wanted = np.exp(-((u[:, None] - v[None]) ** 2).sum(-1))
        np.testing.assert_allclose(table.evaluate(x=u, y=v), wanted)
        slope = table.sum().gradient(x).evaluate(x=u, y=v)
        np.testing.assert_allclose(slope, (-2 * (u[:, None] - v[None]) * wanted[..., None]).sum(1))

    def test_an_operation_of_ones_own(self):
        versine = sd.operation("versine_of_rows", lambda x: 1 - np.cos(x), lambda r, x: sd.sin(x))
        x = sd.Var("x", shape=(3, 2))
        assert sd.vmap(lambda r: versine(r).sum())(x) == versine(x).sum(axis=1)

    def test_norms_of_several_operands(self):
        x = sd.Var("x", shape=(4, 3))
        f = sd.vmap(lambda r: sd.norm([r[0], r[1], 2.0]))(x)
        value = np.arange(12.0).reshape(4, 3)
        np.testing.assert_allclose(f.evaluate(x=value), np.sqrt(value[:, 0] ** 2 + value[:, 1] ** 2 + 4))

    def test_sparse_constants(self):
        sparse = pytest.importorskip("scipy.sparse")
        matrix, x = sparse.csr_array(np.diag([1.0, 0.0, 2.0])), sd.Var("x", shape=(4, 3))
        f = sd.vmap(lambda r: matrix @ r)(x)
        value = np.arange(12.0).reshape(4, 3)
        np.testing.assert_allclose(f.evaluate(x=value), value @ matrix.toarray())

    def test_no_rows(self):
        x = sd.Var("x", shape=(0, 3))
        assert sd.vmap(lambda r: (r**2).sum())(x).evaluate(x=np.zeros((0, 3))).shape == (0,)


def lost(row):
    return None


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sd.vmap(3), "vmap maps a function"),
        (lambda: sd.vmap(sd.Var("a", shape=3)), "vmap maps a function over rows, not a:"),
        (lambda: sd.vmap(sd.Var("b") + 1), r"vmap maps a function over rows, not b \+ 1:"),
        (lambda: sd.vmap(abs)(), "at least one argument"),
        (lambda: sd.vmap(abs)(sd.Var("a")), "argument 1 of a mapped function is a number"),
        (lambda: sd.vmap(abs)("text"), "has no rows"),
        (lambda: sd.vmap(abs)(2.5), "has no rows"),
        (lambda: sd.vmap(max)(sd.Var("a", shape=3), sd.Var("b", shape=4)), "a of shape.*has 3, and.*b of shape.*has 4"),
        (lambda: sd.vmap(max)(sd.Var("a", shape="n"), sd.Var("b", shape="m")), "has n, and"),
        (lambda: sd.vmap(abs, axes=(0, 0))(sd.Var("a", shape=3)), "axes for 2 arguments"),
        (lambda: sd.vmap(abs, axes=2)(sd.Var("a", shape=3)), "no axis 2"),
        (lambda: sd.vmap(abs, axes="x")(sd.Var("a", shape=3)), "an axis of vmap is an int or None"),
        (lambda: sd.vmap(lambda r: r if r > 0 else -r)(sd.Var("a", shape=3)), "where"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises(sd.SymdiffError, match=message):
        call()


def test_every_operation_of_arrays_is_there_for_all_rows():
    ours = {op for op in ARRAY_OPERATIONS.values() if not isinstance(op, ExternalOperation)}  # others tell themselves
    lacking = ours - set(batching._OF) - {arrays.einsum, arrays.size}
    assert lacking == set()
