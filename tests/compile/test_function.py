"""Compiled functions as users call them: nestings, broadcasting, out, types, copies, bad input."""

import copy
import gc
import math
import pickle
import weakref
from collections import namedtuple
from fractions import Fraction

import numpy as np
import pytest
from scipy.sparse import coo_array, csr_array, eye_array

import symdiff as sd
from symdiff.compile.backends.python import python_source as python

from .test_operations import BACKENDS

FAST = [b for b in BACKENDS if b != "python"]
Pair = namedtuple("Pair", "first second")


@pytest.fixture(params=BACKENDS)
def backend(request):
    return request.param


def example():
    x, y = sd.variables("x y")
    return x**2 * y + y + 2, x, y


def test_numbers_come_in_the_nesting_of_the_outputs(backend):
    f, x, y = example()
    outputs = {"f": f, "g": [f.gradient(x), (7, f.gradient(y))], "pair": Pair(x, y), "empty": []}
    found = sd.compile(outputs, [x, y], backend=backend)(3.0, 4.0)
    assert found == {"f": 42.0, "g": [24.0, (7.0, 10.0)], "pair": Pair(3.0, 4.0), "empty": []}
    assert type(found["pair"]) is Pair
    assert [type(v) for v in (found["f"], found["g"][1][0])] == [float, float]


def test_every_nesting_of_numbers_by_one_point_and_many(backend):
    f, x, y = example()
    deep = x
    for _ in range(150):
        deep = [deep]
    for outputs, expected in (
        ([f, [x, y]], [42.0, [3.0, 4.0]]),
        ({"a": f, 2: (x,), (): {}}, {"a": 42.0, 2: (3.0,), (): {}}),
        ([Pair((x, y), [x < y]), ()], [Pair((3.0, 4.0), [True]), ()]),
        ([[f]] * 40, [[42.0]] * 40),
        ({}, {}),
        ({"a": []}, {"a": []}),
    ):
        function = sd.compile(outputs, [x, y], backend=backend)
        assert function(3.0, 4.0) == expected == function(x=3, y=np.int8(4))
        assert type(function(3.0, 4.0)) is type(expected)
    found = sd.compile(deep, [x], backend=backend)(3.0)
    for _ in range(150):
        (found,) = found
    assert found == 3.0


def test_results_that_hold_no_number(backend):
    _, x, y = example()
    none = np.zeros((0, 2), dtype=object)
    function = sd.compile({"none": none}, [x, y], backend=backend)
    assert function(1.0, 2.0)["none"].shape == (0, 2)
    assert function(np.ones(3), 2.0)["none"].shape == (3, 0, 2)


def test_arrays_and_sparse_matrices(backend):
    f, x, y = example()
    sparse = sd.SparseMatrix((2, 3), [0, 1, 1], [2, 0, 1], [f, 5, y])
    value, hessian, matrix = sd.compile([f, f.hessian([x, y]), sparse], [x, y], backend=backend)(3.0, 4.0)
    assert value == 42.0
    assert hessian.tolist() == [[8.0, 6.0], [6.0, 0.0]]
    assert isinstance(matrix, csr_array)
    assert matrix.toarray().tolist() == [[0.0, 0.0, 42.0], [5.0, 4.0, 0.0]]


def test_sparse_matrices_of_numbers(backend):
    _, x, y = example()
    twice = coo_array(([1.0, 2.0, 4.0], ([1, 0, 1], [0, 2, 0])), shape=(2, 3))
    found = sd.compile([x * y, twice, eye_array(2)], [x, y], backend=backend)(3.0, 4.0)
    assert found[0] == 12.0
    assert all(type(m) is csr_array for m in found[1:])
    assert found[1].toarray().tolist() == [[0.0, 0.0, 2.0], [5.0, 0.0, 0.0]]
    assert found[2].toarray().tolist() == [[1.0, 0.0], [0.0, 1.0]]


def test_sparse_results_do_not_share_their_pattern(backend):
    x = sd.Var("x")
    compiled = sd.compile(sd.SparseMatrix((2, 2), [0, 1], [1, 0], [x, x * 2]), [x], backend=backend)
    first = compiled(0.0)
    first.eliminate_zeros()
    assert compiled(2.0).toarray().tolist() == [[0.0, 2.0], [4.0, 0.0]]
    batch = compiled(np.array([1.0, 2.0]))
    assert batch.dtype == object
    assert batch.shape == (2,)
    assert batch[1].toarray().tolist() == [[0.0, 2.0], [4.0, 0.0]]


def test_batches_broadcast(backend):
    f, x, y = example()
    compiled = sd.compile([f, f.gradient([x, y]), 5, x], [x, y], backend=backend)
    a, b = np.arange(6.0).reshape(2, 3), np.array([[1.0], [2.0]])
    value, gradient, constant, same = compiled(a, b)
    assert (value == a**2 * b + b + 2).all()
    assert gradient.shape == (2, 3, 2)
    assert (gradient[..., 0] == 2 * a * b).all()
    assert (constant == 5).all()
    assert constant.shape == (2, 3)
    assert same.shape == (2, 3)
    same[0, 0] = 99
    assert a[0, 0] == 0.0  # results are fresh


def test_array_arguments(backend):
    w = sd.variables("w", (2, 2))
    x = sd.Var("x")
    f = (w * w).sum() + x
    compiled = sd.compile([f, f.gradient(w)], [w, x], backend=backend)
    value, gradient = compiled(np.array([[1, 2], [3, 4]]), 0.5)
    assert (value, gradient.tolist()) == (30.5, [[2.0, 4.0], [6.0, 8.0]])
    many = np.arange(24.0).reshape(2, 3, 2, 2)
    value, gradient = compiled(many, np.array([1.0, 2.0, 3.0]))
    assert (value == (many**2).sum(axis=(-1, -2)) + np.array([1.0, 2.0, 3.0])).all()
    assert (gradient == 2 * many).all()
    assert compiled(w=[[1, 2], [3, 4]], x=0)[0] == 30.0
    alone = sd.compile(f, [w, x], backend=backend)
    assert alone(np.zeros((0, 2, 2)), 1.0).shape == (0,)
    bare = sd.compile(w.sum(), w, backend=backend)
    assert bare(np.ones((2, 2))) == 4.0
    listed = sd.compile(x + w[0, 0], [[x, w[0, 0]]], backend=backend)
    assert listed([1.0, 2.0]) == 3.0


def test_a_bare_variable_and_names(backend):
    f, x, y = example()
    assert sd.compile(x**3, x, backend=backend)(2.0) == 8.0
    compiled = sd.compile(f, ["x", y], backend=backend)
    assert compiled(3, y=4) == compiled(y=4, x=3) == 42.0
    assert compiled(x=np.array([3.0]), y=4).tolist() == [42.0]
    assert sd.compile(sd.Var("self") + 1, ["self"], backend=backend)(self=2) == 3.0


def test_sympy_goes_in_directly(backend):
    sympy = pytest.importorskip("sympy")
    x, y = sympy.symbols("x y")
    compiled = sd.compile([sympy.sin(x) * y, {"m": sympy.Matrix([[x, y], [1, x * y]])}], [x, y], backend=backend)
    value, rest = compiled(0.5, 2.0)
    assert value == pytest.approx(2 * math.sin(0.5), rel=1e-15)
    assert rest["m"].tolist() == [[0.5, 2.0], [1.0, 1.0]]
    assert sd.compile(x + 1, x, backend=backend)(2.0) == 3.0
    assert compiled(x=0.5, y=2.0)[0] == value


def test_kinds_of_input(backend):
    f, x, y = example()
    compiled = sd.compile(f, [x, y], backend=backend)
    for a, b in [(3, 4), (3.0, np.float32(4)), (np.int8(3), True * 4), (Fraction(3), 4), (np.array(3), 4)]:
        assert compiled(a, b) == 42.0
        assert type(compiled(a, b)) is float
    assert compiled(10**30, 1) == 1e30 * 1e30
    assert compiled(10**400, 1) == math.inf
    assert compiled(True, False) == 2.0
    assert compiled(np.array([1, 2], dtype=np.uint8), np.array([True, False])).tolist() == [4.0, 2.0]
    assert compiled(np.array([10**30, 2], dtype=object), 1).tolist() == [1e30 * 1e30, 7.0]
    assert compiled([1, 2], (3, 4)).tolist() == [8.0, 22.0]


def test_memory_of_every_layout(backend):
    f, x, y = example()
    compiled = sd.compile(f, [x, y], backend=backend)
    a = np.arange(60.0).reshape(3, 4, 5)
    for view in (
        a[::-1],
        a[:, ::2],
        a.T,
        np.asfortranarray(a),
        a[..., 1],
        a[::2, ::-1, 1:],
        np.broadcast_to(a[0], (3, 4, 5)),
    ):
        assert (compiled(view, 2.0) == view**2 * 2 + 4).all()
        assert (compiled(view, view) == view**3 + view + 2).all()
    big = np.arange(200_000.0).reshape(2, 100_000)
    if backend != "python":
        assert (compiled(big[:, ::3], big[:1, ::3]) == big[:, ::3] ** 2 * big[:1, ::3] + big[:1, ::3] + 2).all()
        assert (compiled(big.T, 1.0) == big.T**2 + 3).all()


def test_empty_batches(backend):
    f, x, y = example()
    compiled = sd.compile([f, f.gradient([x, y]), x < y], [x, y], backend=backend)
    value, gradient, condition = compiled(np.zeros((0, 3)), 1.0)
    assert (value.shape, gradient.shape, condition.dtype) == ((0, 3), (0, 3, 2), np.dtype(bool))


def test_conditions_come_as_bools(backend):
    x, y = sd.variables("x y")
    mixed = np.array([x < y, x], dtype=object)
    compiled = sd.compile([x < y, np.array([x < y, x > y]), mixed, True], [x, y], backend=backend)
    one = compiled(1.0, 2.0)
    assert one[0] is True
    assert one[1].tolist() == [True, False]
    assert one[2].tolist() == [1.0, 1.0]
    assert one[2].dtype == float
    assert one[3] is True
    many = compiled(np.array([1.0, 3.0]), 2.0)
    assert [a.dtype for a in many] == [bool, bool, float, bool]
    assert many[2].tolist() == [[1.0, 1.0], [0.0, 3.0]]


def test_out_of_other_classes_of_arrays(backend, tmp_path):
    f, x, y = example()
    function = sd.compile([f, x - y], [x, y], backend=backend)
    mapped = np.memmap(tmp_path / "values", np.float64, "w+", shape=(5,))
    square = np.zeros((1, 5)).view(np.matrix)
    xs = np.arange(5.0)
    function(xs, 2.0, out=[mapped, np.zeros(5)])
    assert mapped.tolist() == function(xs, 2.0)[0].tolist() == function(mapped * 0 + xs, 2.0)[0].tolist()
    function(xs.reshape(1, 5), 2.0, out=[square, np.zeros((1, 5))])
    assert square.tolist() == [mapped.tolist()]


@pytest.mark.parametrize("backend", FAST)
def test_results_of_many_megabytes(backend):
    f, x, y = example()
    xs = np.linspace(-1, 1, 600_011)
    function = sd.compile([f, x < y, np.array([x, y])], [x, y], backend=backend)
    found = function(xs, 0.5)
    again = function(xs, 0.5)
    assert all(a.flags.c_contiguous and a.flags.aligned and a.flags.writeable for a in found)
    assert [a.dtype for a in found] == [np.float64, bool, np.float64]
    for k in (0, 77_777, 600_010):
        value, condition, pair = function(float(xs[k]), 0.5)
        assert found[0][k] == value
        assert found[1][k] == condition
        assert found[2][k].tolist() == pair.tolist()
    arrays = [*found, *again, xs]
    assert not any(np.may_share_memory(a, b) for k, a in enumerate(arrays) for b in arrays[:k])


def test_out(backend):
    f, x, y = example()
    compiled = sd.compile({"f": f, "g": f.gradient([x, y])}, [x, y], backend=backend)
    a = np.arange(4.0)
    out = {"f": np.zeros(8)[::2], "g": np.zeros((4, 2), order="F")}
    found = compiled(a, 2.0, out=out)
    assert found is out
    expected = compiled(a, 2.0)
    assert (out["f"] == expected["f"]).all()
    assert (out["g"] == expected["g"]).all()
    alone = sd.compile(f, [x, y], backend=backend)
    assert alone(a, 2.0, out=a) is a  # over an input
    assert a.tolist() == expected["f"].tolist()
    place = np.array(0.0)
    alone(3.0, 4.0, out=place)
    assert place == 42.0
    square = np.arange(9.0).reshape(3, 3)
    alone(square, square.T, out=square)
    assert square[0].tolist() == [2.0, 8.0, 32.0]
    sparse = sd.compile(sd.SparseMatrix((1, 2), [0], [1], [f]), [x, y], backend=backend)
    matrix = sparse(0.0, 0.0)
    assert sparse(3.0, 4.0, out=matrix) is matrix
    assert matrix.toarray().tolist() == [[0.0, 42.0]]


@pytest.mark.parametrize(
    ("out", "message"),
    [
        (np.zeros(3), "shape"),
        (np.zeros(2, np.float32), "float32"),
        (np.zeros(2, complex), "complex"),
        ([0.0, 0.0], "arrays to write into"),
        (np.broadcast_to(0.0, (2,)), "can't be written"),
    ],
)
def test_a_wrong_out_is_left_alone(out, message):
    f, x, y = example()
    compiled = sd.compile([f, x], [x, y])
    first = np.full(2, 7.0)
    with pytest.raises(sd.SymdiffError, match=message):
        compiled(np.array([1.0, 2.0]), 3.0, out=[first, out])
    assert first.tolist() == [7.0, 7.0]
    with pytest.raises(sd.SymdiffError, match="nesting"):
        compiled(np.array([1.0, 2.0]), 3.0, out=[first])


def test_single_precision_stays():
    f, x, y = example()
    for backend in FAST:
        compiled = sd.compile([f, f.gradient([x, y])], [x, y], dtype="float32", backend=backend)
        value, gradient = compiled(np.array([3.0, 4.0]), np.float32(0.1))
        assert value.dtype == gradient.dtype == np.float32
        assert value[0] == np.float32(3) ** 2 * np.float32(0.1) + np.float32(0.1) + np.float32(2)
        assert type(compiled(3.0, 0.1)[0]) is float
        assert compiled(3.0, 0.1)[0] == value[0]
    with pytest.raises(sd.SymdiffValueError, match="float64"):
        sd.compile(f, [x, y], dtype="float32", backend="python")


def test_what_it_tells(backend):
    f, x, y = example()
    outputs = [f, f.gradient([x, y])]
    compiled = sd.compile(outputs, [x, y], backend=backend)
    assert compiled.backend == backend
    assert compiled.operations == sd.count_ops(outputs)
    assert isinstance(compiled.source, str)
    assert compiled.inputs == [x, y]
    assert compiled.outputs[0] == f
    assert list(compiled.outputs[1]) == list(outputs[1])
    assert backend in repr(compiled)


def test_source_is_readable_python():
    f, x, y = example()
    assert sd.compile(f, [x, y], backend="python").source == (
        "def function(x, y):\n    t0 = x * x\n    t1 = t0 * y\n    t2 = t1 + y\n    t3 = t2 + 2.0\n    return (t3,)\n"
    )


def test_hostile_names_stay_outside_of_source():
    t0, sin, function, part1 = sd.variables("t0 sin function part1")
    f = sd.sin(t0) * 2 + sin + function * part1
    assert sd.compile(f, [t0, sin, function, part1], backend="python")(0.0, 1.0, 2.0, 3.0) == 7.0


def test_it_keeps_no_graph_alive():
    with sd.Graph() as graph:
        x, y = sd.variables("x y")
        compiled = sd.compile([x * y, sd.SparseMatrix((1, 1), [0], [0], [x + y])], [x, y])
    alive = weakref.ref(graph)
    del graph, x, y
    gc.collect()
    assert alive() is None
    assert compiled(2.0, 3.0)[0] == 6.0


def test_functions_are_dropped(backend):
    x = sd.Var("x")
    compiled = sd.compile(sd.sin(x) * 2, [x], backend=backend)
    compiled(np.arange(5.0))
    alive = weakref.ref(compiled)
    del compiled
    gc.collect()
    assert alive() is None


def test_pickles_and_copies(backend):
    f, x, y = example()
    w = sd.variables("w", 2)
    outputs = {"f": f + w[0] ** 3, "h": f.hessian([x, y]), "s": sd.SparseMatrix((1, 2), [0], [1], [sd.sin(x)])}
    compiled = sd.compile(outputs, [x, y, w], backend=backend, accuracy="high")
    other = pickle.loads(pickle.dumps(compiled))
    point = (0.3, 1.7, [2.0, 0.0])
    assert other.backend == backend
    assert repr(other(*point)) == repr(compiled(*point))
    assert other(x=0.3, y=1.7, w=[2.0, 0.0])["f"] == compiled(*point)["f"]
    assert copy.copy(compiled) is compiled
    assert copy.deepcopy({"f": compiled})["f"] is compiled


def test_long_programs_are_interpreted_first_and_compiled_in_parts(monkeypatch):
    monkeypatch.setattr(python, "PATIENT", 500)
    monkeypatch.setattr(python, "PART", 300)
    x = sd.Var("x")
    f = first = sd.tanh(x) * 3
    for k in range(2000):
        f = sd.sin(f) + k % 7 if k % 100 == 0 else f * 0.5 + x
    outputs = [f, f + first, x, 2, x < first]
    for backend in ("python", "numpy"):
        compiled = sd.compile(outputs, [x], backend=backend)
        results = [compiled(0.3) for _ in range(25)]
        assert len({repr(r) for r in results}) == 1
        assert [a[0].item() for a in compiled(np.array([0.3, 0.4]))] == results[0]
        assert compiled.source.count("def part") == 14
        assert results[0] == pytest.approx(sd.evaluate([f, f + first, x, x * 0 + 2, x < first], {x: 0.3}), rel=1e-13)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda c: c(1.0), "no value for y"),
        (lambda c: c(1.0, 2.0, 3.0), "2 arguments"),
        (lambda c: c(1.0, z=2.0), "no argument z"),
        (lambda c: c(1.0, 2.0, x=2.0), "x is given by position and by name"),
        (lambda c: c("a", 2.0), "x is 'a'"),
        (lambda c: c(1.0, None), "y is None"),
        (lambda c: c(1.0, 2j), "y is complex"),
        (lambda c: c(np.array(["a"]), 2.0), "x is an array of"),
        (lambda c: c(np.array([1j]), 2.0), "x is complex"),
        (lambda c: c(np.array(["2020-01-01"], "M8[D]"), 2.0), "holds no numbers"),
        (lambda c: c(np.array([1, None]), 2.0), "x holds None"),
        (lambda c: c([1, [2, 3]], 2.0), "x is no number"),
        (lambda c: c(np.zeros(2), np.zeros(3)), "do not broadcast"),
        (lambda c: c(sd.DualNumber(1.0, 1.0), 2.0), "compiled functions take numbers"),
        (lambda c: c(np.ma.array([1.0, 2.0], mask=[True, False]), 2.0), "x has masked elements"),
        (lambda c: c(1.0, 2.0, threads=0), "at least 1"),
        (lambda c: c(1.0, 2.0, threads="2"), "whole number"),
    ],
)
def test_wrong_calls(call, message):
    f, x, y = example()
    with pytest.raises(sd.SymdiffError, match=message):
        call(sd.compile(f, [x, y]))


def test_variables_with_the_names_of_options(backend):
    out, threads = sd.variables("out threads")
    compiled = sd.compile(out * 2 + threads, [out, threads], backend=backend)
    for call in (
        lambda: compiled(1.0, 2.5),
        lambda: compiled(out=1.0, threads=2.5),
        lambda: compiled(1.0, threads=2.5),
    ):
        assert call() == 4.5
    room = np.zeros(3)
    assert compiled(np.ones(3), 2.5, out=room, threads=2) is room
    assert room.tolist() == [4.5] * 3
    assert compiled(threads=np.ones(3), out=room).tolist() == [10.0] * 3


def test_wrong_shapes_are_named():
    w = sd.variables("w", 3)
    compiled = sd.compile(w.sum(), [w])
    for wrong in (1.0, np.zeros(2), np.zeros((3, 2))):
        with pytest.raises(sd.SymdiffValueError, match=r"w has the shape \(3,\)"):
            compiled(wrong)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (lambda f, x, y: (f, [x]), "depend on y,"),
        (lambda f, x, y: (f, [x, y, x]), "x is among the inputs twice"),
        (lambda f, x, y: (f, [x + 1, y]), "an input is a variable"),
        (lambda f, x, y: (f, 3), "inputs are variables"),
        (lambda f, x, y: ("x", [x, y]), "outputs are expressions"),
        (lambda f, x, y: ([f, None], [x, y]), "outputs are expressions"),
        (lambda f, x, y: (f * 2j, [x, y]), "compiled functions are real"),
    ],
)
def test_wrong_outputs_and_inputs(arguments, message):
    with pytest.raises(sd.SymdiffError, match=message):
        sd.compile(*arguments(*example()))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"backend": "fortran"}, "no backend 'fortran'"),
        ({"backend": 3}, "a backend is a name"),
        ({"dtype": int}, "float64 or float32"),
        ({"dtype": "nonsense"}, "float64 or float32"),
        ({"accuracy": "low"}, "accuracy is one of"),
        ({"threads": 0}, "at least 1"),
    ],
)
def test_wrong_options(options, message):
    f, x, y = example()
    with pytest.raises(sd.SymdiffError, match=message):
        sd.compile(f, [x, y], **options)


@pytest.mark.parametrize("size", [1, 300])
def test_a_function_goes_when_it_is_dropped_and_not_with_the_garbage_collector(backend, size):
    x, y = sd.variables("x y")
    f = sum(sd.exp(-x * (k / size)) * sd.cos(y + k) for k in range(size))
    for outputs in (f, [f, f.gradient([x, y])]):
        compiled = sd.compile(outputs, [x, y], backend=backend)
        compiled(0.5, 0.25)
        compiled(np.ones(3), 0.25)
        parts = [weakref.ref(compiled), weakref.ref(compiled._kernel)]
        gc.disable()
        try:
            del compiled
            assert [part() for part in parts] == [None, None]
        finally:
            gc.enable()


@pytest.mark.parametrize(
    "make", [lambda f, g: f, lambda f, g: [f, g], lambda f, g: (g, f), lambda f, g: {"a": [f], 1: g}]
)
def test_arrays_of_one_dimension_take_a_shorter_way_to_the_same_results(backend, make):
    x, y = sd.variables("x y")
    compiled = sd.compile(make(sd.sin(x) * y, x < y), [x, y], backend=backend)
    rng = np.random.default_rng(0)
    for size in (0, 1, 2, 100, 9000):
        a, b = rng.normal(size=(2, size))
        readable = a[::-1]
        readable.flags.writeable = False
        for args in ((a, b), (readable, b[::-1]), (a, a), (np.broadcast_to(0.5, size), a)):
            found = compiled(*args)
            table = compiled(*[np.atleast_2d(v) for v in args])
            other = compiled(*args, threads=2)
            assert repr(found) == repr(other)
            flat = [np.asarray(v)[0] for v in compiled._results.flat(table, "")]
            for one, expected in zip(compiled._results.flat(found, ""), flat, strict=True):
                assert type(one) is np.ndarray
                assert one.dtype == expected.dtype
                assert np.array_equal(one, expected)
                assert one.flags.writeable
                assert not any(np.shares_memory(one, v) for v in args)


def test_functions_with_fractions_in_them_pickle():
    x = sd.Var("x")
    function = sd.compile(x * Fraction(1, 3), [x])
    assert pickle.loads(pickle.dumps(function))(3.0) == function(3.0) == 1.0


def test_many_numbers_of_any_kind(backend):
    """Of many arguments each is looked at but once or twice."""
    x = sd.variables("x", 300)
    f = (x * np.arange(300)).sum()
    numbers = np.linspace(0, 1, 300)
    each, one = sd.compile(f, list(x), backend=backend), sd.compile(f, [list(x)], backend=backend)
    expected = one(numbers)
    kinds = (numbers, numbers.tolist(), [Fraction(v) for v in numbers.tolist()], [*numbers[:5].tolist(), *numbers[5:]])
    for values in kinds:
        assert each(*values) == one(values) == expected
    assert each(*[1] * 300) == one([1] * 300) == one([True] * 300) == 44850.0
    assert each(10**400, *[1] * 299) == 44850.0  # f is free of the first
    assert each(*[1] * 299, 10**400) == math.inf
    with pytest.raises(sd.SymdiffTypeError):
        one([*numbers.tolist()[1:], "1"])
    with pytest.raises(sd.SymdiffValueError):
        one(numbers.tolist()[1:])


def test_numbers_of_numpy_give_what_floats_do(backend):
    """Native code reads them as they are: the results are Python's numbers all the same, in every nesting."""
    x, y = sd.variables("x y")
    f = x * y + 1 / y
    for outputs in (f, [f, x], (f, x < y), {"f": f}, np.array([f, x, y]), np.array([[f], [x]]), [f, np.array([x, y])]):
        function = sd.compile(outputs, [x, y], backend=backend)
        for at in (3.0, 0.0):  # twice: the first call makes the code ready
            expected, found = function(0.5, at), function(np.float64(0.5), np.float64(at))
            assert repr(found) == repr(expected)
            assert repr(function(0.5, np.float64(at))) == repr(expected)


def test_an_array_is_new_in_every_call(backend):
    x, y = sd.variables("x y")
    for outputs in (np.array([x, y, x * y, y]), np.array([[x, y], [x * y, y]])):
        function = sd.compile(outputs, [x, y], backend=backend)
        first, second = function(1.0, 2.0), function(3.0, 4.0)
        assert first.shape == second.shape == outputs.shape
        assert (first.ravel().tolist(), second.ravel().tolist()) == ([1.0, 2.0, 2.0, 2.0], [3.0, 4.0, 12.0, 4.0])
