"""An element's bits depend on nothing but the element; compiled programs do what evaluate does."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import symdiff as sd
from symdiff import ops
from symdiff.graph import VAR
from symdiff.records import OPERATIONS

from .test_operations import BACKENDS

FAST = [b for b in BACKENDS if b != "python"]
PLAIN = [op for op in OPERATIONS[VAR + 1 :] if not (op.boolean or op.whole or op.name == "where")]
NATIVE = [op for op in PLAIN if op.code is not None]


def every_operation(backend):
    x, y = sd.variables("x y")
    known = PLAIN if backend == "numpy" else NATIVE
    return [op(*[x, y][: op.arity]) for op in known] + [x**2.5, x**0.5, 2**y, sd.where(x < y, x / y, y - x)], [x, y]


@pytest.mark.parametrize("accuracy", ["default", "high"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("backend", FAST)
def test_position_length_layout_and_company_do_not_matter(backend, dtype, accuracy):
    outputs, inputs = every_operation(backend)
    compiled = sd.compile(outputs, inputs, backend=backend, dtype=dtype, accuracy=accuracy)
    rng = np.random.default_rng(3)
    x, y = rng.uniform(0.01, 3, (2, 40_000 if accuracy == "default" else 3000)).astype(dtype)
    y[::5] = 0.5  # exponents that have short cuts
    whole = np.array(compiled(x, y))

    def check(part, *args, **options):
        assert np.array_equal(np.array(compiled(*args, **options)), whole[:, part], equal_nan=True)

    for size in [*range(1, 18), 31, 33, 40]:
        for start in (0, 1, 3, 8, 1001):
            check(slice(start, start + size), x[start : start + size], y[start : start + size])
    check(slice(None, None, 3), x[::3], y[::3])
    check(slice(None, None, -1), x[::-1], y[::-1])
    check(slice(None), x, y, threads=3)
    for k in range(25):
        alone = compiled(x[k].item(), y[k].item())
        assert np.array_equal(np.array(alone, dtype), whole[:, k], equal_nan=True)
        check(slice(k, k + 1), x[k : k + 1], y[k])
    mixed = np.array(compiled(x[5], y[:100]))
    again = np.array(compiled(np.repeat(x[5], 100), y[:100]))
    assert np.array_equal(mixed, again, equal_nan=True)
    table = np.array(compiled(x[:30, None], y[:20]))
    for i, j in [(0, 0), (29, 19), (7, 11)]:
        assert np.array_equal(table[:, i, j], np.array(compiled(x[i], y[j]), dtype), equal_nan=True)


@pytest.mark.parametrize("backend", FAST)
def test_memory_does_not_grow_with_what_is_computed_on_the_way(backend):
    x, y = sd.variables("x y")
    f = x
    for k in range(40):
        f = f * y + sd.sqrt(x + k) / (1 + f * f)
    compiled = sd.compile([f, f.gradient(x)], [x, y], backend=backend)
    values = np.linspace(0, 1, 500_000)
    compiled(values, values)
    tracemalloc.start()
    found = compiled(values, values[::-1])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < sum(a.nbytes for a in found) + 4_000_000


@st.composite
def programs(draw):
    """Shared graphs of a few dozen operations that every backend has.

    Those without native code are left out: far from where they are quick, mpmath takes milliseconds for an element.
    """
    xs = list(sd.variables("a b c"))
    nodes = [*xs, sd.Const(2), sd.Const(0.5)]
    for _ in range(draw(st.integers(1, 25))):
        op = draw(st.sampled_from([*NATIVE, OPERATIONS[VAR + 1], ops.where]))
        args = [nodes[draw(st.integers(max(0, len(nodes) - 9), len(nodes) - 1))] for _ in range(op.arity)]
        if op is ops.where:
            args[0] = args[0] < args[1]
        nodes.append(op(*args))
    return [nodes[-1], nodes[len(nodes) // 2], nodes[-1].gradient(xs)], xs


def matches(got, expected):
    """To rounding, which a few operations amplify: what is ill-conditioned is left out by the caller."""
    return np.allclose(got, expected, rtol=1e-9, atol=1e-12, equal_nan=True)


@settings(max_examples=60, deadline=None)
@given(programs(), st.lists(st.floats(-3, 3), min_size=3, max_size=3))
def test_random_shared_graphs(program, point):
    outputs, xs = program
    values = dict(zip(xs, point, strict=True))
    nudged = {x: v * (1 + 1e-12) for x, v in values.items()}
    flat = [outputs[0], outputs[1], *outputs[2]]
    expected = np.array(sd.evaluate(flat, values), float)
    near = np.array(sd.evaluate(flat, nudged), float)
    steady = np.isclose(expected, near, rtol=1e-8, atol=1e-13, equal_nan=True)
    for backend in BACKENDS:
        compiled = sd.compile(outputs, xs, backend=backend)
        first, second, gradient = compiled(*point)
        got = np.array([first, second, *gradient])
        assert matches(got[steady], expected[steady])
        arrays = compiled(*[np.array([p, p]) for p in point])
        batch = np.array([arrays[0][1], arrays[1][1], *arrays[2][1]])
        assert np.array_equal(batch, got, equal_nan=True)
