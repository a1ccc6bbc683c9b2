"""Functions called with expressions: what they give is the outputs with these in the place of the inputs."""

import copy
import inspect
import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import symdiff as sd

UNARY = [sd.sin, sd.exp, sd.tanh, sd.atan, lambda a: a**2, lambda a: -a, lambda a: sd.where(a > 0, a, 3 * a)]
BINARY = [lambda a, b: a + b, lambda a, b: a * b, lambda a, b: a - 2 * b, sd.maximum, lambda a, b: a / (b**2 + 1)]


@st.composite
def programs(draw, leaves, steps=12):
    """An expression made of leaves at random."""
    made = list(leaves)
    for _ in range(draw(st.integers(1, steps))):
        pick = st.integers(0, len(made) - 1)
        if draw(st.booleans()):
            made.append(draw(st.sampled_from(UNARY))(made[draw(pick)]))
        else:
            made.append(draw(st.sampled_from(BINARY))(made[draw(pick)], made[draw(pick)]))
    return made[-1]


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_a_call_is_a_replacement(data):
    with sd.Graph():
        x, y, z, u = sd.variables("x y z u")
        f = data.draw(programs([x, y, sd.Const(Fraction(1, 3))]))
        a, b = data.draw(programs([z, u, x], 3)), data.draw(programs([z, y], 3))
        func = sd.compile(f, [x, y], dtype=data.draw(st.sampled_from([np.float64, np.float32])))
        assert func(a, b) == f.replace({x: a, y: b})
        assert pickle.loads(pickle.dumps(func))(a, b) == func(a, b)
        assert func(x, y) == f
        assert sd.function(f, [x, y])(a, b) == func(a, b)
        assert func(a, b).gradient(z) == f.replace({x: a, y: b}).gradient(z)


@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_a_call_with_arrays_is_a_replacement(data):
    with sd.Graph():
        xs, v = sd.Var("xs", shape=(4, 3)), sd.Var("v", shape=3)
        w = sd.Var("w", shape=3)
        f = data.draw(programs([xs @ v, (xs @ v)[::-1], xs.sum(axis=1)], 5))
        a = data.draw(programs([w, 2 * v], 3))
        func = sd.compile([f, (f**2).sum()], [xs, v])
        found = func(xs, a)
        assert found[0] == f.replace({v: a})
        assert found[1] == (f**2).sum().replace({v: a})
        assert func(xs, v)[0] == f
        point = {xs: np.linspace(-1, 1, 12).reshape(4, 3), v: [0.1, 0.2, 0.3], w: [1.0, -2.0, 0.5]}
        slope = found[1].gradient(w).evaluate(point)
        assert np.allclose(slope, (f**2).sum().replace({v: a}).gradient(w).evaluate(point), rtol=1e-12)


def test_same_arguments_give_the_same_nodes():
    with sd.Graph() as graph:
        x, y, z = sd.variables("x y z")
        func = sd.compile([x * sd.sin(y), x + y], [x, y])
        first = func(z, z**2)
        size = len(graph)
        assert func(z, z**2)[0]._index == first[0]._index
        assert len(graph) == size


def test_nesting_and_kinds_of_arguments():
    with sd.Graph():
        x, y, z, u = sd.variables("x y z u")
        w = sd.variables("w", 2)
        f = x**2 * y
        func = sd.compile({"v": f, "g": f.gradient([x, y]), "s": sd.jacobian([f, y], [x, y], sparse=True)}, [x, y])
        found = func(z, Fraction(1, 3))
        assert found["v"] == z**2 * Fraction(1, 3)
        assert found["g"].shape == (2,)
        assert isinstance(found["s"], sd.SparseMatrix)
        assert found["s"][1, 1] == 1
        assert func(x=z, y=u)["v"] == z**2 * u
        assert func(np.array([z, u]), 2)["g"].shape == (2, 2)
        other = sd.compile((w**2).sum(), [w])
        ws = sd.Var("ws", shape=2)
        assert other([z, 3]) == z**2 + 9
        assert other(ws) == ws[0] ** 2 + ws[1] ** 2
        assert other(np.array([[z, u], [1, z]], dtype=object)).shape == (2,)
        qs = sd.Var("qs", shape=("n", 2))
        assert other(qs).shape == ("n",)
        assert np.allclose(other(qs).evaluate(qs=[[1.0, 2.0], [3.0, 4.0]]), [5.0, 25.0])
        assert sd.compile(x > y, [x, y])(z, 2) == (z > 2)


def test_an_array_of_points_broadcasts_constants_too():
    with sd.Graph():
        x, y = sd.variables("x y")
        func = sd.compile([x * y, np.array([[x, y], [sd.Const(1), x]])], [x, y])
        ps = sd.Var("ps", shape=5)
        values, matrix = func(ps, 2)
        assert values.shape == (5,)
        assert matrix.shape == (5, 2, 2)
        at = np.arange(5.0)
        assert np.allclose(matrix.evaluate(ps=at), func(at, 2.0)[1])


def test_names_are_not_captured():
    with sd.Graph():
        x, y = sd.variables("x y")
        assert sd.compile(x - y, [x, y])(y, x) == y - x
        assert sd.compile(x * y, [x, y])(x + y, y) == (x + y) * y


def test_float32_is_exact():
    x, z = sd.variables("inl_x inl_z")
    func = sd.compile(x / 3 + sd.Const(Fraction(1, 7)) * x, [x], dtype=np.float32)
    assert func(z) == z / 3 + sd.Const(Fraction(1, 7)) * z


def test_works_when_its_graph_is_gone():
    def made():
        with sd.Graph():
            x = sd.Var("x")
            return sd.compile([sd.sin(x) * x, sd.sin(x)], x)

    func = made()
    z = sd.Var("inl_alone")
    assert func(z + 1)[0] == sd.sin(z + 1) * (z + 1)


def test_named_sizes_are_those_of_the_arguments():
    with sd.Graph():
        xs, v = sd.Var("xs", shape=("n", "d")), sd.Var("v", shape="d")
        func = sd.compile([((xs @ v) ** 2).mean(), (xs @ v)[1:] - (xs @ v)[:-1], (xs @ v)[::-1]], [xs, v])
        am, b = sd.Var("am", shape=(4, 3)), sd.Var("b", shape=3)
        mean, steps, turned = func(am, b)
        assert (steps.shape, turned.shape) == ((3,), (4,))
        assert mean == ((am @ b) ** 2).mean()
        bm, c = sd.Var("bm", shape=("m", 3)), sd.Var("c", shape=3)
        assert func(bm, c)[1].shape == ("m - 1",)
        at = {"am": np.arange(12.0).reshape(4, 3), "b": np.ones(3)}
        for expr, value in zip(func(am, b), func(at["am"], at["b"]), strict=True):
            assert np.allclose(expr.evaluate(at), value)


def test_loops_are_joined_with_their_bodies():
    with sd.Graph():
        r, k = sd.Var("r", shape=("n", 2)), sd.Var("k")
        last, path = sd.scan(lambda c, q: (k * c + q, (c**2).sum()), sd.zeros(2), r)
        func = sd.compile([last, path.sum()], [r, k])
        rs, z = sd.Var("rs", shape=(50, 2)), sd.Var("z")
        values = {"rs": np.linspace(0, 1, 100).reshape(50, 2), "z": 0.5}
        found = func(rs * 2, z)
        direct = func(values["rs"] * 2, 0.5)
        assert np.allclose(found[0].evaluate(values), direct[0])
        slope = found[1].gradient(z).evaluate(values)
        step = (func(values["rs"] * 2, 0.5 + 1e-6)[1] - func(values["rs"] * 2, 0.5 - 1e-6)[1]) / 2e-6
        assert abs(slope - step) < 1e-5 * abs(step)


def test_sparse_results_of_arrays_are_sparse():
    with sd.Graph():
        x = sd.Var("x", shape="n")
        hess = ((x[1:] - x[:-1]) ** 4).sum().hessian(x, sparse=True)
        func = sd.compile(hess, [x])
        p = sd.Var("p", shape=5)
        at = np.array([1.0, 3.0, 4.0, 0.5, 2.0])
        found = func(p**2)
        assert (found.shape, found.nnz) == ((5, 5), 13)
        assert np.allclose(found.evaluate(p=at).toarray(), func(at**2).toarray())


def test_axes_of_a_batch_lead_in_functions_of_arrays():
    with sd.Graph():
        xs, v = sd.Var("xs", shape=("n", "d")), sd.Var("v", shape="d")
        func = sd.compile([xs @ v, (xs @ v).sum()], [xs, v])
        bm, c = sd.Var("bm", shape=(2, 5, 4, 3)), sd.Var("c", shape=3)
        rows, totals = func(bm, c)
        assert (rows.shape, totals.shape) == ((2, 5, 4), (2, 5))
        at = np.arange(120.0).reshape(2, 5, 4, 3)
        assert np.allclose(rows.evaluate(bm=at, c=np.ones(3)), func(at, np.ones(3))[0])


def test_the_time_of_a_call_is_linear_in_the_function():
    def nodes(count):
        with sd.Graph() as graph:
            x, z = sd.variables("x z")
            f = x
            for k in range(count):
                f = sd.sin(f) + k
            func = sd.compile(f, x, backend="python")
            before = len(graph)
            func(z)
            return len(graph) - before

    assert nodes(4000) < 2.1 * nodes(2000)


class TestFunction:
    def test_values_are_exact(self):
        x, y = sd.variables("inl_fx inl_fy")
        func = sd.function({"p": x * y, "a": np.array([x / 3, y])}, [x, y])
        found = func(Fraction(1, 3), 3)
        assert found["p"] == 1
        assert found["a"][0] == Fraction(1, 9)
        assert np.allclose(func(np.array([1.0, 2.0]), 2.0)["a"], [[1 / 3, 2.0], [2 / 3, 2.0]])

    def test_values_of_arrays_and_sparse_matrices(self):
        with sd.Graph():
            x = sd.Var("x", shape="n")
            hess = (x**4).sum().hessian(x, sparse=True)
            func = sd.function([x * 2, hess], [x])
            values, matrix = func(np.array([1.0, 2.0]))
            assert np.allclose(values, [2.0, 4.0])
            assert np.allclose(matrix.toarray(), np.diag([12.0, 48.0]))

    def test_results_are_named(self):
        with sd.Graph():
            x, v, h = sd.variables("x v h")
            step = sd.function([x + h * v, v - h * x], [x, v, h], name="step")
            assert (step.__name__, str(inspect.signature(step))) == ("step", "(x, v, h)")
            a, b = step(x, v, 1)
            assert str(a * b) == "step_0 = x + v; step_1 = v - x; step_0*step_1"
            assert str(step(a, b, 1)[0]).startswith("step_0 = x + v; step_1 = v - x; step_0_2 = step_0 + step_1")
            assert str(step(x, v, 1)[0]) == "step_0 = x + v; step_0"

    def test_it_pickles_and_shows_what_it_is_of(self):
        x, y = sd.variables("inl_px inl_py")
        func = pickle.loads(pickle.dumps(sd.function([x * y], [x, y], name="area")))
        assert (func.inputs, func.outputs, func(2, 3), func.__name__) == ([x, y], [x * y], [6], "area")
        assert func.operations == {"mul": 1}

    @pytest.mark.parametrize(
        ("call", "message"),
        [
            (lambda x, y: sd.function(x * y, [x]), "depend on y"),
            (lambda x, y: sd.function(x, [x], name="a b"), "can't name a function"),
            (lambda x, y: sd.function(x, [x], name=3), "is a string"),
            (lambda x, y: sd.function(x * y, [x, y])(1), "no value for y"),
            (lambda x, y: sd.function(x * y, [x, y])(x), "no value for y"),
        ],
    )
    def test_bad_input(self, call, message):
        with sd.Graph():
            x, y = sd.variables("x y")
            with pytest.raises(sd.SymdiffError, match=message):
                call(x, y)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda func, other, z: func(z), "no value for y"),
        (lambda func, other, z: func(z, 1, 2), "not 3 arguments"),
        (lambda func, other, z: func(z, q=1), "no argument q"),
        (lambda func, other, z: func(z, "a"), "is 'a'"),
        (lambda func, other, z: func(z, None), "no real number|is None"),
        (lambda func, other, z: func(z, 1j), "complex"),
        (lambda func, other, z: func(z, 1, out=np.empty(())), "out takes numbers"),
        (lambda func, other, z: func([z, [1]], 1), "different length"),
        (lambda func, other, z: func(np.array([z, 1, 2]), np.array([z, z])), "do not broadcast"),
        (lambda func, other, z: func(z, sd.DualNumber(1.0, 1.0)), "DualNumber|no real number"),
        (lambda func, other, z: other([z, 1, 2]), "has the shape"),
        (lambda func, other, z: other(z), "has the shape"),
    ],
)
def test_bad_arguments(call, message):
    with sd.Graph():
        x, y, z = sd.variables("x y z")
        w = sd.variables("w", 2)
        with pytest.raises(sd.SymdiffError, match=message):
            call(sd.compile(x * y, [x, y]), sd.compile(w.sum(), [w]), z)


def test_curve_fit_reads_the_signature():
    optimize = pytest.importorskip("scipy.optimize")
    x, a, b = sd.variables("x a b")
    func = sd.compile(a * sd.exp(-b * x), [x, a, b], name="decay")
    at = np.linspace(0, 1, 30)
    assert np.allclose(optimize.curve_fit(func, at, 2 * np.exp(-3 * at))[0], [2, 3])
    assert func.__name__ == "decay"
    assert pickle.loads(pickle.dumps(func)).__name__ == "decay"


# -- names and frames ------------------------------------------------------------------------------


def test_names_of_parts_are_kept_in_calls():
    """They were lost where a function of scalars was joined into an expression."""
    q, v, h = sd.variables("named_q named_v named_h")
    speed = sd.named("speed", v - h * sd.sin(q))
    for make in (sd.function, sd.compile):
        func = pickle.loads(pickle.dumps(make([q + h * speed, speed * 2], [q, v, h])))
        z = sd.Var(f"named_{make.__name__}")
        first, second = func(z, 1, 2)
        assert str(first) == f"speed = 1 - 2*sin({z}); {z} + 2*speed"
        assert str(func(z + 1, 1, 2)[1]) == f"speed_2 = 1 - 2*sin({z} + 1); speed_2*2"
        assert str(second) == f"speed = 1 - 2*sin({z}); speed*2"
    X, w = sd.Var("named_X", shape=(3, 2)), sd.Var("named_w", shape=2)  # noqa: N806
    layer = sd.function(sd.tanh(sd.named("pre", X @ w)), [X, w])
    A = sd.Var("named_A", shape=(4, 3, 2))  # noqa: N806
    assert str(layer(A[0], w)) == "pre = named_A[0] @ named_w; tanh(pre)"


def _frames(picture):
    """The labels of the frames of a picture, and how many nodes each has."""
    found = []
    for line in map(str.strip, picture.body):
        if line.startswith("subgraph cluster_"):
            found.append(["", 0])
        elif found and "label=" in line and "rounded" in line and 'color="#A8A8A8"' in line:
            found[-1][0] = line.partition("label=")[2].partition(" ")[0]
        elif found and found[-1] is not None and line.startswith("n") and "->" not in line:
            found[-1][1] += 1
        elif line == "}" and found:
            found.append(None)
    return [tuple(frame) for frame in found if frame]


def test_calls_of_functions_with_a_name_are_frames_in_pictures():
    q, v = sd.variables("frame_q frame_v")
    step = sd.function([q + v, v - sd.sin(q)], [q, v], name="step")
    f = sd.cos(step(*step(q, v))[0])
    for expr in (f, pickle.loads(pickle.dumps(f)), copy.deepcopy(f)):
        assert _frames(expr.to_graphviz()) == [("step", 3), ("step", 1)]
    assert _frames(f.to_graphviz(clusters={})) == []
    assert _frames(f.to_graphviz(clusters={"all": f})) == [("all", 7)]
    (elsewhere,) = [sd.Var("frame_far") * f]
    assert [label for label, _ in _frames(elsewhere.to_graphviz())] == ["step", "step"]
    plain = sd.function([q + v, v - sd.sin(q)], [q, v])
    assert _frames(sd.cos(plain(v, q)[0]).to_graphviz()) == []
    X, w = sd.Var("frame_X", shape=(3, 2)), sd.Var("frame_w", shape=2)  # noqa: N806
    layer = sd.compile(sd.tanh(X @ w), [X, w], name="layer")
    g = layer(X, w).sum() + layer(3 * X, w).sum()
    assert [label for label, _ in _frames(g.to_graphviz())] == ["layer", "layer"]
