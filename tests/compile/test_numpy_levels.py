"""Large graphs by groups of NumPy calls: the bits of the other ways of the backend, whatever the graph is."""

from __future__ import annotations

import itertools
import threading
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import symdiff as sd
from symdiff.compile import folds
from symdiff.compile.backends.numpy import blocks, level_calls
from symdiff.compile.backends.numpy.blocks import build
from symdiff.compile.kernel import Options
from symdiff.compile.lower import lower
from symdiff.compile.tape import tape_of
from symdiff.handle import gather

from . import test_bits
from .test_operations import OPS, cases

DOUBLE, SINGLE = np.dtype(np.float64), np.dtype(np.float32)
X, Y, Z = sd.variables("x y z")


@pytest.fixture
def always(monkeypatch):
    """Levels for every program."""
    monkeypatch.setattr(blocks, "LARGE", 0)
    monkeypatch.setattr(level_calls, "TOGETHER", 0)


def tape(outputs: Any, inputs: Any = (X, Y, Z), options: Any = None) -> Any:
    graph, roots = gather([*outputs, *inputs])
    return lower(tape_of(graph, roots[: len(outputs)], roots[len(outputs) :]), options or Options(DOUBLE))


def kernels(outputs: Any, options: Options, inputs: Any = (X, Y, Z)) -> tuple[Any, Any]:
    """By levels, and not; what is chosen is chosen at the first call."""
    by_levels, other = (build(tape(outputs, inputs, options), options) for _ in range(2))
    other.__dict__["_levels"] = None
    return by_levels, other


def same(a: Any, b: Any) -> bool:
    """Bit for bit, but for the bits of nan."""
    a, b = np.asarray(a, float), np.asarray(b, float)
    return bool(np.all((a == b) & (np.signbit(a) == np.signbit(b)) | np.isnan(a) & np.isnan(b)))


def check(outputs: Any, columns: Any, options: Options, flags: Any = ()) -> None:
    by_levels, other = kernels(outputs, options)
    length = len(columns[0])
    found = []
    for kernel in (by_levels, other):
        made = [np.empty(length, bool if k in flags else options.dtype) for k in range(len(outputs))]
        for low in range(0, length, 100):
            part = slice(low, low + 100)
            kernel.batch([c[part] for c in columns], [m[part] for m in made])
        found.append(made)
    assert by_levels._levels is not None
    for a, b in zip(*found, strict=True):
        assert same(a, b)
    for k in range(0, length, 7):
        point = [float(c[k]) for c in columns]
        alone = by_levels.scalar(*point)
        assert [type(v) for v in alone] == [bool if k in flags else float for k in range(len(outputs))]
        assert same(alone, other.scalar(*point))
        assert same(alone, [m[k] for m in found[0]])


@pytest.mark.parametrize("options", [Options(DOUBLE), Options(DOUBLE, "high"), Options(SINGLE)], ids=str)
@pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)
def test_operations_have_the_bits_of_a_batch(op, options, always):
    for f, xs, at, _, _ in cases(op)[:2]:
        others = [sd.Var(f"other{k}") for k in range(3 - len(xs))]
        rename = dict(zip([*xs, *others], (X, Y, Z), strict=True))
        g = f.replace(rename)
        number = sd.where(g, 1, 0) if op.boolean else g
        # two of a kind in a level, a step that reads a constant, one that reads what these give
        outputs = [g, number * 2, number + g.replace({X: X * 2}) if not op.boolean else X, sd.Const(0.1) + X, X < Y]
        points = np.array([[*p, *[0.75] * (3 - len(p))] for p in at][:200])
        with np.errstate(all="ignore"):
            columns = list(points.T.astype(options.dtype))
        check(outputs, columns, options, {4, 0} if op.boolean else {4})


@pytest.mark.parametrize("accuracy", ["default", "high"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_position_length_layout_and_company_do_not_matter(dtype, accuracy, always):
    test_bits.test_position_length_layout_and_company_do_not_matter("numpy", dtype, accuracy)


@settings(max_examples=40, deadline=None)
@given(test_bits.programs(), st.lists(st.floats(-3, 3), min_size=3, max_size=3))
def test_random_shared_graphs(program, point):
    outputs, xs = program
    flat = [outputs[0], outputs[1], *outputs[2]]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "LARGE", 0)
        patch.setattr(level_calls, "TOGETHER", 0)
        by_levels, other = kernels(flat, Options(DOUBLE), xs)
        assert same(by_levels.scalar(*point), other.scalar(*point))
        made = [np.empty(3) for _ in flat]
        by_levels.batch([np.full(3, v) for v in point], made)
        assert same([m[2] for m in made], other.scalar(*point))


def residuals(count: int) -> Any:
    a, b, c = X, Y, Z
    return sum((a * sd.exp(-b * (k / count)) * sd.cos(c * k) - (k % 7)) ** 2 for k in range(count))


def test_a_large_graph_is_in_levels_and_a_small_or_narrow_one_not():
    f = residuals(300)
    compiled = sd.compile([f, f.gradient([X, Y, Z])], [X, Y, Z], backend="numpy")
    value, gradient = compiled(0.5, 0.25, 1.5)
    assert compiled._kernel._levels is not None
    assert "scalar" not in compiled._kernel.__dict__  # no Python to compile
    reference = sd.compile([f, f.gradient([X, Y, Z])], [X, Y, Z], backend="python")
    expected = reference(0.5, 0.25, 1.5)
    assert np.allclose([value, *gradient], [expected[0], *expected[1]], rtol=1e-12)
    values, gradients = compiled(np.full(50, 0.5), 0.25, np.linspace(1, 2, 50))
    assert same(compiled(0.5, 0.25, np.linspace(1, 2, 50)[17])[1], gradients[17])
    many = compiled(np.full(3000, 0.5), 0.25, np.linspace(1, 2, 50)[17])  # by blocks
    assert same(many[0][2999], values[17])
    chain = X
    for k in range(3000):
        chain = sd.sin(chain) + k
    for small in (chain, residuals(5)):
        narrow = sd.compile(small, [X, Y, Z], backend="numpy")
        narrow(0.5, 0.25, 1.5)
        assert narrow._kernel._levels is None


def test_several_blocks_and_a_rest(monkeypatch, always):
    f = [residuals(40), residuals(20) > X, Y * 1]
    monkeypatch.setattr(level_calls, "ROOM", 60_000)
    by_levels, other = kernels(f, Options(DOUBLE))
    for length in (1, 2, 5, 23, 128):
        columns = list(np.random.default_rng(length).uniform(0, 2, (3, length)))
        found = [[np.empty(length), np.empty(length, bool), np.empty(length)] for _ in range(2)]
        for kernel, made in zip((by_levels, other), found, strict=True):
            kernel.batch([columns[0][::-1], columns[1], np.broadcast_to(columns[2][:1], length)], made)
        assert 1 < by_levels._levels.block < 20
        for a, b in zip(*found, strict=True):
            assert same(a, b)


@pytest.mark.parametrize("dtype", [DOUBLE, SINGLE])
def test_arrays_of_numbers_and_of_conditions(dtype, always):
    outputs = [np.array([X < Y, Z < X]), np.array([[X * 2, Y - Z]]), X < Z, np.array([X < Y, Y])]
    compiled = sd.compile(outputs, [X, Y, Z], backend="numpy", dtype=dtype)
    for found in (compiled(1.0, 2.0, 0.5), [a[3] for a in compiled(np.ones(5), 2.0, 0.5)]):
        assert [np.asarray(a).tolist() for a in found] == [[True, True], [[2.0, 1.5]], False, [1.0, 2.0]]
        assert [np.asarray(a).dtype for a in found] == [bool, dtype, bool, dtype]


def test_constants_beyond_float32(always):
    compiled = sd.compile([X * 1e300, X * -1e-300], [X], backend="numpy", dtype="float32")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert compiled(1.0) == [np.inf, -0.0]
        assert [a.tolist() for a in compiled(np.ones(2))] == [[np.inf] * 2, [-0.0] * 2]


def test_threads_at_once(always):
    by_levels, other = kernels([residuals(60)], Options(DOUBLE))
    points = np.random.default_rng(0).uniform(0, 2, (8, 3)).tolist()
    expected = [other.scalar(*p) for p in points]
    wrong: list[Any] = []

    def work(p: Any, e: Any) -> None:
        for _ in range(50):
            made = [np.empty(4)]
            by_levels.batch([np.full(4, v) for v in p], made)
            if by_levels.scalar(*p) != e or made[0].tolist() != [*e] * 4:
                wrong.append(p)

    threads = [threading.Thread(target=work, args=pair) for pair in zip(points, expected, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_an_operation_may_call_the_function_it_is_in(always):
    inner: list[Any] = []

    def again(x: Any) -> Any:
        return x + (inner[0](0.25, 1.0, 0.0) if inner and float(np.ravel(x)[0]) != 0.25 else 0.0)

    name = "test_levels_again"
    known = [op for op in OPS if op is not None and op.name == name]
    op = known[0] if known else sd.operation(name, again, lambda r, x: 1)
    compiled = sd.compile(op(X) * 2 + Y, [X, Y, Z], backend="numpy")
    assert compiled(0.25, 1.0, 0.0) == 1.5
    inner.append(compiled)
    assert compiled(0.5, 1.0, 0.0) == 5.0


def test_no_inputs_no_steps_and_constants(always):
    by_levels, _ = kernels([X, sd.Const(2.5), X, Y], Options(DOUBLE))
    assert by_levels.scalar(1.0, -0.0, 3.0) == (1.0, 2.5, 1.0, -0.0)
    assert sd.compile([], [], backend="numpy")() == []
    assert sd.compile([sd.Const(2)], [], backend="numpy")() == [2.0]


# -- sums of many terms --------------------------------------------------------------------------


def test_chains_that_nothing_else_reads_are_one_instruction():
    xs = list(sd.variables("x", 50))
    total = sum(x * x for x in xs)
    made, _ = folds.folded(tape([total], xs))
    assert len(made.codes) == 51
    assert len(made.operands[-1]) == 50
    product = xs[0]
    for x in xs[1:]:
        product = x * product
    made, minus = folds.folded(tape([product], xs))
    assert not minus
    assert [sorted(slots) for slots in made.operands] == [list(range(50))]


def test_terms_that_are_subtracted():
    a, b, c, d, e, f = xs = list(sd.variables("a b c d e f"))
    made, minus = folds.folded(tape([a + b - c - d + e - f], xs))
    assert made.operands == ((0, 1, 2, 3, 4, 5),)
    assert minus == {6: [False, False, True, True, False, True]}
    made, minus = folds.folded(tape([f - (a - b - c - d)], xs))
    assert made.operands == ((0, 1, 2, 3), (5, 6))
    assert minus == {6: [False, True, True, True]}


def test_chains_that_something_reads_stay():
    xs = list(sd.variables("x", 12))
    sums = [xs[0] + xs[1]]
    for x in xs[2:]:
        sums.append(sums[-1] + x)
    for outputs in (sums, [sums[-1], sums[4]], [sums[-1] * sums[4]], [xs[0] + xs[1] + xs[2]]):
        before = tape(outputs, xs)
        made, _ = folds.folded(before)
        short = all(len(slots) <= 2 for slots in made.operands)
        assert short or outputs[0] is not sums[0]
        assert sum(len(slots) - 1 for slots in made.operands) == sum(len(slots) - 1 for slots in before.operands)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(1, 40), st.integers(1, 40)), min_size=1, max_size=60),
    st.lists(st.sampled_from([0.0, -0.0, 1.0, -1e300, 1e16, 0.1, -3.7, np.inf, np.nan]), min_size=3, max_size=3),
)
def test_folded_programs_have_the_same_bits(choices, point):
    nodes: list[Any] = [X, Y, Z]
    for op, back, other in choices:
        a, b = nodes[-min(back, len(nodes))] if back > 20 else nodes[-1], nodes[-min(other, len(nodes))]
        nodes.append(a + b if op == 0 else b * a if op == 1 else a - b if op == 2 else a / 3 - b)
    outputs = [nodes[-1], nodes[len(nodes) // 2]]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "LARGE", 0)
        patch.setattr(level_calls, "TOGETHER", 0)
        by_levels, other_way = kernels(outputs, Options(DOUBLE))
        assert same(by_levels.scalar(*point), other_way.scalar(*point))
        made = [np.empty(5) for _ in outputs]
        by_levels.batch([np.full(5, v) for v in point], made)
        assert same([m[3] for m in made], other_way.scalar(*point))


def test_sums_and_products_of_zeros_keep_their_sign(always):
    xs = [X, Y, Z, X * Y, Y * Z, X * Z]
    total, product, difference = xs[0], xs[0], xs[0]
    for x in xs[1:]:
        total, product, difference = total + x, product * x, difference - x
    values = [np.array(v) for v in itertools.product([0.0, -0.0, 1.0, -1.0], repeat=3)]
    check([total, product, difference], np.array(values).T.copy(), Options(DOUBLE))


@pytest.mark.parametrize("dtype", [DOUBLE, SINGLE])
@pytest.mark.parametrize("ways", [1, 2, 3, 7, 40])
def test_terms_are_added_in_their_order(dtype, ways, always):
    rng = np.random.default_rng(ways)
    constants = rng.normal(size=(ways, 150)) * 10.0 ** rng.integers(-8, 8, (ways, 150))
    outputs = [
        sum((Y - c if k % 3 else X * c) * (-1) ** (k % 5) for k, c in enumerate(row)) for row in constants.tolist()
    ]
    columns = [rng.normal(size=9).astype(dtype) for _ in range(3)]
    check(outputs, columns, Options(dtype))
