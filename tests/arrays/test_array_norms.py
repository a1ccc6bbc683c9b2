"""NumPy's norms of array expressions: by their orders, along axes, at 0, and what is not there."""

import numpy as np
import pytest

import symdiff as sd
from symdiff.errors import SymdiffValueError

POINT = {"x": [3.0, -4.0, 0.5], "a": [[1.0, -2.0, 3.0], [-4.0, 5.0, 0.5]], "t": np.arange(24.0).reshape(2, 3, 4) - 11.5}
CASES = [
    *[("x", {"ord": order}) for order in (None, 1, 2, 3, 0.5, -1, np.inf, -np.inf)],
    *[("a", {"ord": order}) for order in (None, "fro", 1, np.inf)],
    *[("a", {"ord": order, "axis": axis}) for order in (1, 2, 3, np.inf) for axis in (0, 1, -1)],
    *[("t", {"ord": order, "axis": axis}) for order in (None, 1, np.inf, "fro") for axis in ((0, 1), (2, 0), (-1, 1))],
]


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize(("name", "options"), CASES, ids=str)
def test_norms_are_those_of_numpy(name, options, keepdims):
    value = np.asarray(POINT[name])
    expected = np.linalg.norm(value, **options, keepdims=keepdims)
    for function in (np.linalg.norm, sd.linalg.norm):
        found = function(sd.Var(name, shape=value.shape), **options, keepdims=keepdims)
        assert np.shape(found.evaluate(POINT)) == expected.shape
        np.testing.assert_allclose(found.evaluate(POINT), expected, rtol=1e-12)


def test_the_gradient_of_a_norm_of_an_order():
    x = sd.Var("x", shape=3)
    f = np.linalg.norm(x, 3)
    slopes = f.expand().gradient("x")
    np.testing.assert_allclose(f.gradient(x).evaluate(POINT), sd.evaluate(slopes, {"x": POINT["x"]}), rtol=1e-12)


@pytest.mark.parametrize(
    ("name", "order", "message"),
    [
        ("x", "fro", "no norm of vectors of order 'fro'"),
        ("a", 3, "order 3 of axes"),
        ("t", 1, "of one axis or two: give them"),
    ],
)
def test_orders_that_are_not_there_are_named(name, order, message):
    with pytest.raises(SymdiffValueError, match=message):
        np.linalg.norm(sd.Var(name, shape=np.shape(POINT[name])), order)


# -- at 0, where slopes of norms are 0 --------------------------------------------------------------

x, c, s = sd.Var("x", shape=3), sd.Var("c", shape=3), sd.Var("s")
a, b = sd.Var("a", shape=(2, 3)), sd.Var("b", shape=2)
norm = sd.linalg.norm
AT_ZERO = {
    "alone": norm(x), "a multiple": norm(2 * x), "a product": norm(x * c * s), "of a matrix": norm(a),
    "a matrix product": norm(a @ x), "transposed": norm(a.T @ b), "residuals": norm(a @ x - b),
    "along an axis": norm(a, axis=1).sum(), "along another": norm(a, axis=0) @ c, "a factor": s * norm(x),
    "inside": sd.exp(norm(x)), "a cube": norm(x) ** 3, "gated": sd.maximum(norm(x), 1), "a block": norm(x[1:]),
    "blocks": norm(sd.concatenate([x, c * x])), "deviations": norm(x - x.mean()), "of norms": norm(norm(a, axis=1)),
    "a margin": sd.relu(norm(a[0] - a[1]) - norm(a[0]) + 1),
    "entry by entry": norm(sd.sin(x)), "reshaped": norm(a.reshape(3, 2) @ b), "an outer product": norm(np.outer(x, c)),
}  # fmt: skip


def by_entries(f, point, v):
    """The gradient by one array, of the expansion."""
    members = [str(e) for e in np.ravel(v.elements())] if v.shape else [v.name]
    slopes = f.expand().gradient(members)
    return np.reshape([float(e) for e in sd.evaluate(list(slopes), point)], v.shape)


def ways(f, point, v):
    """The gradient by one variable in every way there is for arrays."""
    slope, directions = f.gradient(v), np.eye(v.size).reshape(-1, *v.shape) if v.shape else [1.0]
    variables = list(point)
    yield "symbols", slope.evaluate(point)
    yield "backpropagation", f.backpropagate(point)[v]
    yield "vjp", sd.vjp(f, [v], 1.0)[0].evaluate(point)
    yield "jvp", np.reshape([sd.jvp(f, [v], [d]).evaluate(point) for d in directions], v.shape)
    duals = [f.evaluate({**point, v: sd.DualNumber(point[v], d)}) for d in directions]
    yield "duals", np.reshape([d.eps for d in duals], v.shape)
    for dtype in ("float64", "float32"):
        given = [np.asarray(value, dtype) if np.ndim(value) else value for value in point.values()]
        yield dtype, sd.compile(slope, variables, dtype=dtype)(*given)
        batch = [np.stack([value, value]) for value in given]
        yield f"{dtype}, batch", sd.compile(slope, variables, dtype=dtype)(*batch)[1]


@pytest.mark.parametrize("name", AT_ZERO)
def test_the_slope_of_a_norm_of_an_array_of_zeros_is_zero_in_every_mode(name):
    f = AT_ZERO[name]
    for zero in f.variables:
        point = {v: np.zeros(v.shape) if v is zero and v.shape else np.arange(1.0, 1.0 + v.size).reshape(v.shape)
                 if v.shape else 0.0 if v is zero else 1.5 for v in f.variables}  # fmt: skip
        for v in f.variables:
            wanted = by_entries(f, point, v)
            assert np.isfinite(wanted).all()
            for way, found in ways(f, point, v):
                np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-12, err_msg=f"{way}, {zero} is 0, by {v}")


@pytest.mark.parametrize("text", [
    "x/norm(x)", "a/norm(a)", "c*x/norm(x)", "3*x/norm(x)", "c @ x/norm(x)", "c @ x/norm(x*c)", "x/norm(3*x)",
    "c*x*s/norm(x*c)", "a/norm(a, axis=1)[:, None]", "a.T @ (a @ x - b)/norm(a @ x - b)", "a.T @ a @ x/norm(a @ x)",
])  # fmt: skip
def test_what_has_an_array_as_a_factor_is_zero_over_its_norm_where_both_are(text):
    f = sd.parse(text, {"x": 3, "c": 3, "a": (2, 3), "b": 2})
    point = {v: np.zeros(v.shape) if v.shape else 1.0 for v in f.variables}
    assert not np.any(f.evaluate(point))
    assert sd.from_json(sd.to_json(f)) == f
    assert not np.any(sd.compile(f, list(point))(*point.values()))
    assert not np.any(np.asarray(sd.parse(str(f), {v.name: v.shape for v in f.variables if v.shape}).evaluate(point)))


@pytest.mark.parametrize(("text", "pole"), [
    ("c/norm(x)", [np.inf] * 3), ("1/norm(x)", np.inf), ("outer(c, x)/norm(c*x)", [[np.nan] * 3] * 3),
    ("x/sqrt((x**2).sum())", [np.nan] * 3), ("a/norm(a, axis=0)[:2, None]", None),
])  # fmt: skip
def test_other_quotients_by_a_norm_have_a_pole_where_it_is_0(text, pole):
    f = sd.parse(text, {"x": 3, "c": 3, "a": (2, 3)})
    point = {"a": [[0.0, 0.0, 1.0], [0.0, 0.0, 1.0]], "x": np.zeros(3), "c": np.ones(3)}
    found = f.evaluate(point)
    assert not np.isfinite(found).all() if pole is None else np.array_equal(found, pole, equal_nan=True)


def test_a_norm_and_what_is_divided_by_it_cancel_as_before():
    assert [str(e) for e in (norm(x).gradient(x), (1 / norm(x)).gradient(x))] == ["x/norm(x)", "-x/norm(x)**3"]
    assert (norm(x) ** 3).gradient(x) == 3 * norm(x) * x
    assert str(norm(x).hessian(x)) == "eye(3)/norm(x) - outer(x, x)/norm(x)**3"
    assert np.isnan(norm(x).hessian(x).evaluate({x: np.zeros(3)})).any()
    assert r"\frac{x}{\left\|x\right\|_{2}}" in norm(x).gradient(x).latex()


def test_a_program_written_anew_keeps_the_slope_of_a_norm_at_zero():
    import pickle

    slope = (norm(x) + norm(a, axis=1) @ b).gradient([x, a])
    y = sd.Var("y", shape=3)
    for x_slope, a_slope in ([e.replace({x: y}) for e in slope], pickle.loads(pickle.dumps(list(slope)))):
        assert not np.any(x_slope.evaluate({"x": np.zeros(3), "y": np.zeros(3)}))
        assert not np.any(a_slope.evaluate({"a": np.zeros((2, 3)), "b": np.ones(2)}))
    rows = sd.vmap(lambda r: norm(r).gradient(r))(sd.Var("r", shape=("n", 3))) if hasattr(sd, "vmap") else slope[0]
    assert not np.any(rows.evaluate({"r": np.zeros((2, 3)), "x": np.zeros(3)}))
