"""Operations without native code: that step by NumPy, the others native, and the bits of one program."""

import math
import pickle
import threading
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import symdiff as sd
from symdiff import ops
from symdiff.compile import partition
from symdiff.compile.backends import llvm
from symdiff.compile.kernel import Options
from symdiff.compile.lower import lower
from symdiff.compile.tape import tape_of
from symdiff.handle import gather

needs_llvm = pytest.mark.skipif(not llvm.installed(), reason="no llvmlite here")
pytestmark = needs_llvm


@pytest.fixture(scope="module", autouse=True)
def _operations_of_users():
    """Registered when these tests run: tests of every operation, collected before, are of the table's own."""
    global versine, blend, above
    versine = sd.operation("partition_versine", lambda x: 1 - np.cos(x), lambda r, x: sd.sin(x))
    blend = sd.operation("partition_blend", lambda a, b: 0.25 * a + 0.75 * b * b, lambda r, a, b: (0.25, 1.5 * b))
    above = sd.operation("partition_above", lambda a, b: a > b, lambda r, a, b: (0, 0), boolean=True)


X, Y, Z = XS = sd.variables("x y z")

POINTS = [0.0, -0.0, 0.5, -1.25, 3.0, 1e200, -1e-310, math.inf, -math.inf, math.nan]


def expressions():
    leaves = st.sampled_from([X, Y, Z, sd.Const(0.5), sd.Const(2)])

    def extend(inner):
        one = st.sampled_from([sd.sin, sd.sqrt, sd.exp, versine, sd.sign])
        two = st.sampled_from([ops.add, ops.mul, ops.div, ops.maximum, blend])
        return st.one_of(
            st.builds(lambda f, a: f(a), one, inner),
            st.builds(lambda f, a, b: f(a, b), two, inner, inner),
            st.builds(lambda a, b, c, d: sd.where(sd.logical_and(a < b, above(c, d)), c, d), *[inner] * 4),
            st.builds(lambda a, b, c: sd.where(above(versine(a), b), versine(c), b), *[inner] * 3),
        )

    return st.recursive(leaves, extend, max_leaves=25)


def bits(value):
    return repr(value.tolist() if isinstance(value, np.ndarray) else value)


def tape(outputs):
    graph, roots = gather([*outputs, *XS])
    return lower(tape_of(graph, roots[: len(outputs)], roots[len(outputs) :]), Options(np.dtype(np.float64)))


def close(a, b, rtol=1e-12):
    with np.errstate(all="ignore"):
        return np.allclose(np.asarray(a, float), np.asarray(b, float), rtol=rtol, atol=1e-300, equal_nan=True)


# -- values -------------------------------------------------------------------------------------


def test_one_step_goes_by_numpy_and_the_rest_stays_native():
    f = sd.sin(versine(X * Y) + X) * sd.exp(Y)
    compiled = sd.compile([f, f.gradient([X, Y])], [X, Y])
    assert compiled.backend == "llvm+numpy"
    assert "# numpy: 1 partition_versine" in compiled.source
    assert "define" in compiled.source
    assert compiled.source.count("# llvm: ") == 2
    assert close(compiled(0.3, 0.7)[1], sd.evaluate(f.gradient([X, Y]), {X: 0.3, Y: 0.7}))
    assert "llvm+numpy" in repr(compiled)


def test_what_is_native_throughout_or_nowhere_is_not_parted():
    assert sd.compile(sd.sin(X), [X]).backend == "llvm"
    assert sd.compile(versine(X), [X]).backend == "numpy"


def test_the_native_backend_alone_says_what_it_lacks():
    with pytest.raises(sd.SymdiffValueError, match=r"partition_versine.*code"):
        sd.compile(versine(X) + 1, [X], backend="llvm")
    assert sd.compile(versine(X) + 1, [X], backend="llvm+numpy").backend == "llvm+numpy"
    assert sd.compile(sd.sin(X) + 1, [X], backend="llvm+numpy").backend == "llvm"


def test_orders_that_no_native_code_is_for():
    compiled = sd.compile(sd.polygamma(101, X) * sd.sin(Y), [X, Y])
    assert compiled.backend == "llvm+numpy"
    assert close(compiled(2.5, 0.5), (sd.polygamma(101, X) * sd.sin(Y)).evaluate({X: 2.5, Y: 0.5}))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.deferred(expressions), min_size=1, max_size=3), st.sampled_from([np.float64, np.float32]), st.data())
def test_values_and_bits(outputs, dtype, data):
    """As by NumPy to rounding; the same bits alone, in batches of any length and stride, and by threads."""
    outputs = [*outputs, X, sd.Const(1.5), outputs[0], outputs[0] < outputs[-1]]
    compiled = sd.compile(outputs, XS, dtype=dtype)
    with np.errstate(over="ignore"):
        columns = [np.array(data.draw(st.permutations(POINTS)), dtype) for _ in XS]
    batch = compiled(*columns)
    for k in range(len(POINTS)):
        alone = compiled(*[c[k].item() for c in columns])
        assert [bits(dtype(v) if type(v) is float else v) for v in alone] == [
            bits(b[k]) if b.dtype != bool else str(b[k].item()) for b in batch
        ]
    parts = [compiled(*[c[low : low + 3] for c in columns]) for low in range(0, len(POINTS), 3)]
    assert [bits(np.concatenate(p)) for p in zip(*parts, strict=True)] == [bits(b) for b in batch]
    reverse = compiled(*[c[::-1] for c in columns])
    assert [bits(b[::-1]) for b in reverse] == [bits(b) for b in batch]
    spread = compiled(columns[0], columns[1][3], columns[2][4])
    assert [bits(b[2]) for b in spread] == [
        bits(b[0]) for b in compiled(*[np.array([v], dtype) for v in (columns[0][2], columns[1][3], columns[2][4])])
    ]
    if dtype is np.float64:
        mild = [np.array([0.5, 1.25, 2.0, 0.1])] * 3
        plain = sd.compile(outputs[:-4], XS, backend="numpy")
        for a, b in zip(compiled(*mild)[: len(outputs) - 4], plain(*mild), strict=True):
            assert close(a, b, 1e-6)


def test_long_batches_in_blocks_and_threads():
    f = versine(sd.sin(X) * Y) + blend(X, versine(Y)) * sd.exp(-X)
    compiled = sd.compile([f, f > 1, X], [X, Y])
    x, y = np.random.default_rng(0).normal(size=(2, 50_001))
    found = compiled(x, y)
    assert found[1].dtype == bool
    assert close(found[0], sd.compile(f, [X, Y], backend="numpy")(x, y))
    for threads in (2, 5):
        assert [bits(a) for a in compiled(x, y, threads=threads)] == [bits(a) for a in found]
    out = [np.empty(50_001), np.empty(50_001, bool), np.empty(100_002)[::2]]
    compiled(x, y, out=out)
    assert [bits(a) for a in out] == [bits(a) for a in found]
    assert all(compiled(float(x[k]), float(y[k]))[0] == found[0][k] for k in (0, 255, 256, 8191, 8192, 50_000))
    assert [a.shape for a in compiled(x[:0], y[:0])] == [(0,)] * 3


def test_conditions_between_the_parts():
    inside = sd.logical_and(X > 0, Y > 0)
    f = sd.where(sd.logical_and(inside, above(versine(X), Y)), versine(Y), sd.where(inside, X, Y))
    compiled = sd.compile([f, inside, above(X, Y)], [X, Y])
    assert compiled.backend == "llvm+numpy"
    for x in (-1.0, 0.5, 2.0, math.nan):
        for y in (-0.5, 0.25, 3.0):
            expected = sd.evaluate([f, inside, above(X, Y)], {X: x, Y: y})
            assert close(compiled(x, y), expected)
            assert [type(v) for v in compiled(x, y)] == [float, bool, bool]
            assert [a.dtype for a in compiled(np.array([x]), y)] == [float, bool, bool]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_results_that_are_constants_or_inputs(dtype):
    outputs = [versine(X) + 1, sd.Const(0.1), X, sd.Const(1e300), X, versine(X) + 1, sd.Const(3) < 4]
    compiled = sd.compile(outputs, [X], dtype=dtype)
    assert compiled.backend == "llvm+numpy"
    whole = sd.compile(outputs, [X], dtype=dtype, backend="numpy")
    assert bits(compiled(0.3)[1:5]) == bits(whole(0.3)[1:5])
    at = np.array([0.3, -2.0], dtype)
    assert [bits(a[0].item()) for a in compiled(at)] == [bits(v) for v in compiled(0.3)]
    assert [(bits(a), a.dtype) for a in compiled(at)[1:5]] == [(bits(a), a.dtype) for a in whole(at)[1:5]]
    assert compiled(at)[6].tolist() == [True, True]


def test_programs_by_levels_are_parted_too():
    x = sd.variables("u", 40)
    f = sum(sd.sin(a * b) * k for k, (a, b) in enumerate(zip(np.repeat(x, 40), np.tile(x, 40), strict=True)))
    f = versine(f) + (x * x).sum()
    compiled = sd.compile([f, f.gradient(list(x))], [x])
    assert compiled.backend == "llvm+numpy"
    at = np.linspace(0, 1, 40)
    assert close(compiled(at)[1], sd.compile(f.gradient(list(x)), [x], backend="numpy")(at), 1e-10)


# -- errors, threads, copies ----------------------------------------------------------------------


def test_errors_of_users_come_out_as_by_numpy():
    class WrongError(Exception):
        pass

    def fails(x):
        if np.any(np.asarray(x) > 1):
            raise WrongError("above 1")
        return np.asarray(x) * 1.0

    op = sd.operation(f"partition_fails_{id(fails)}", fails, lambda r, x: 1)
    for backend in ("auto", "numpy"):
        compiled = sd.compile(op(sd.sin(X) * Y) + 1, [X, Y], backend=backend)
        assert compiled(0.5, 1.0) == pytest.approx(math.sin(0.5) + 1, rel=1e-15)
        for call in (
            lambda c: c(1.5, 3.0),
            lambda c: c(np.array([0.1, 1.5]), 3.0),
            lambda c: c(np.full(20_000, 1.5), 3.0, threads=2),
        ):
            with pytest.raises(WrongError, match="above 1"):
                call(compiled)
        assert compiled(np.array([0.5]), 1.0)[0] == compiled(0.5, 1.0)


def test_many_threads_call_one_function():
    f = versine(sd.sin(X) * Y) * sd.exp(-Y)
    compiled = sd.compile([f, f.gradient(X)], [X, Y])
    x, y = np.random.default_rng(1).normal(size=(2, 3000))
    expected, alone = bits(compiled(x, y)[1]), bits(compiled(0.3, 0.4))
    found = []

    def work():
        found.extend((bits(compiled(x, y)[1]) == expected, bits(compiled(0.3, 0.4)) == alone) for _ in range(20))

    threads = [threading.Thread(target=work) for _ in range(6)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert found == [(True, True)] * 120


def test_an_operation_that_calls_a_compiled_function():
    inner = sd.compile(versine(X) * 2, [X])
    op = sd.operation(f"partition_nested_{id(inner)}", lambda x: inner(x), lambda r, x: 2 * sd.sin(x))
    outer = sd.compile(op(sd.sin(X)) + X, [X])
    assert outer(0.5) == pytest.approx(2 * (1 - math.cos(math.sin(0.5))) + 0.5, rel=1e-14)
    assert outer(np.array([0.5]))[0] == outer(0.5)


def test_pickles_keep_the_backends():
    compiled = sd.compile([versine(X) + sd.sin(X), X], [X])
    copy = pickle.loads(pickle.dumps(compiled))
    assert (copy.backend, bits(copy(0.7))) == (compiled.backend, bits(compiled(0.7)))


# -- parts ------------------------------------------------------------------------------------------


def test_steps_that_no_callback_needs_come_in_the_last_part():
    """What waits for the callback anyway is not computed before it, and kept."""
    f = versine(X * Y)
    for k in range(20):
        f = f * Y - sd.cos(X * (k + 1))
    lowered = tape([f])
    missing = [k for k in range(len(lowered.codes)) if lowered.operation(k) is versine]
    first, call, rest = partition.partition(lowered, missing)
    assert [p.first for p in (first, call, rest)] == [True, False, True]
    assert len(first.tape.codes) == len(call.tape.codes) == 1
    assert set(rest.reads) == {0, 1, *call.writes}


def test_a_chain_of_callbacks_has_few_native_parts():
    f = X
    for k in range(60):
        f = versine(sd.sin(f) * Y) + (X if k % 10 else sd.exp(X) / Y)
    lowered = tape([f])
    missing = {k for k in range(len(lowered.codes)) if lowered.operation(k) is versine}
    parts = partition.partition(lowered, missing)
    assert sum(p.first for p in parts) <= partition.MOST
    compiled = sd.compile(f, [X, Y])
    assert close(compiled(0.5, 0.7), sd.compile(f, [X, Y], backend="numpy")(0.5, 0.7), 1e-9)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.deferred(expressions), min_size=1, max_size=3), st.randoms())
def test_every_step_is_in_one_part_after_what_it_reads(outputs, random):
    lowered = tape(outputs)
    missing = {k for k in range(len(lowered.codes)) if random.random() < 0.3}
    parts = partition.partition(lowered, missing)
    known = set(range(lowered.arity))
    for part in parts:
        assert known.issuperset(part.reads)
        known.update(part.writes)
        slots = list(range(part.tape.first))
        assert all(max(s) < part.tape.first + k for k, s in enumerate(part.tape.operands))
        assert slots == sorted(slots)
    assert all(j in known or lowered.arity <= j < lowered.first for j in lowered.outputs)
    names = Counter(lowered.operation(k).name for k in range(len(lowered.codes)))
    found = Counter(p.tape.operation(k).name for p in parts for k in range(len(p.tape.codes)))
    for name in names:
        if name not in ("equal", "logical_not"):  # which make conditions of numbers between parts
            assert found[name] == names[name]


@pytest.mark.parametrize("accuracy", ["default", "high"])
@pytest.mark.parametrize("backend", ["auto", "numpy", "python"])
def test_values_of_users_that_are_numpys_warn_of_nothing(accuracy, backend):
    name = f"havercosine_{accuracy}_{backend}"
    own = sd.operation(name, lambda x: (1 + np.cos(x)) / 2, lambda r, x: -sd.sin(x) / 2)
    x = sd.Var("x")
    f = sd.compile(own(1 / x) + x, [x], accuracy=accuracy, backend=backend)
    assert math.isnan(f(0.0))  # warnings are errors here
    for _ in range(20):
        assert math.isnan(f(0.0))
