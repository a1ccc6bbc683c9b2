"""Native code: every operation beside 60 digits, the same bits wherever a number stands, and programs by levels."""

from __future__ import annotations

import gc
import math
import os
import subprocess
import sys
import threading
import warnings
import weakref
from typing import Any

import mpmath
import numpy as np
import pytest
from support import sample

import symdiff as sd
from symdiff.compile.kernel import Options, Unsupported
from symdiff.compile.lower import lower
from symdiff.compile.tape import tape_of
from symdiff.handle import gather
from symdiff.records import OPERATIONS, by_name

pytest.importorskip("llvmlite")

from symdiff.compile.backends.llvm import native
from symdiff.compile.backends.llvm import target as machine
from symdiff.compile.backends.llvm.native import build
from symdiff.compile.backends.llvm.target import Target, host

DOUBLE, SINGLE = np.dtype(np.float64), np.dtype(np.float32)
X, Y = sd.variables("x y")
TARGETS = {
    "host": host("default"),
    "high": host("high"),
    "two lanes, no libmvec": Target(2, ""),
    "four lanes, no libmvec": Target(4, ""),
}
if host("default").vectors == "e":  # a machine of AVX-512 has the others too
    TARGETS |= {"AVX2": Target(4, "d"), "SSE": Target(2, "b")}
VALUES = [
    0.0, 5e-324, 1e-310, 2.2250738585072014e-308, 1e-200, 1e-20, 1e-9, 0.1, 0.5, 1 - 2**-53, 1.0, 1 + 2**-52, 1.5, 2.0,
    math.pi / 2, 3.0, 10.0, 26.5, 27.5, 100.0, 171.7, 300.0, 708.5, 709.78, 709.79, 745.2, 1e5, 1e10, 1e16, 1e22, 1e100,
    1.3e154, 1e300, 1.7976931348623157e308, math.inf,
]  # fmt: skip
VALUES = [*VALUES, *[-v for v in VALUES], math.nan]

# Units in the last place that a value may be off: 4, but for these. Those of SciPy are the bits of SciPy.
ULPS = {"gamma": 12.0, "polygamma": 20.0, "lambertw": 8.0, "logaddexp": 6.0, "softplus": 6.0}
SCIPY = ("loggamma", "digamma", "spherical_jn")


def kernel(outputs: Any, inputs: Any = (X, Y), target: Target | None = None, dtype: Any = DOUBLE, **more: Any) -> Any:
    graph, roots = gather([*outputs, *inputs])
    options = Options(dtype)
    tape = lower(tape_of(graph, roots[: len(outputs)], roots[len(outputs) :]), options)
    return build(tape, options, target, **more)


def batch(compiled: Any, *inputs: Any, outputs: int = 1, dtypes: Any = None) -> list[Any]:
    found = [np.empty(len(inputs[0]), d) for d in dtypes or [inputs[0].dtype] * outputs]
    compiled.batch(list(inputs), found)
    return found


def spelled() -> list[Any]:
    return [op for op in OPERATIONS if op is not None and op.code is not None and op.opcode < len(OPERATIONS)]


TABLE = [op for op in spelled() if not op.name.startswith("test_")]


def as_number(op: Any) -> Any:
    """The operation of x and y, as an expression whose value is a number."""
    if op.name.startswith("logical"):
        return sd.where(op(*[X < Y, X > 0.125][: op.arity]), 1, 0)
    if op.name == "where":
        return op(X < Y, X, Y)
    if len(op.whole) == 2:
        return op(1, 1, X, Y)
    if op.whole:
        return op(1, X)
    found = op(*[X, Y][: op.arity])
    return sd.where(found, 1, 0) if op.boolean else found


def points(op: Any) -> tuple[list[float], list[float]]:
    rng = np.random.default_rng(op.opcode)
    near = rng.uniform(-3, 3, 60).tolist() + rng.uniform(-30, 30, 40).tolist()
    if op.arity - len(op.whole) == 1:
        values = VALUES + near
        return values, [1.0] * len(values)
    some = [*VALUES[::2], 0.0, -0.0, math.nan, 1.0, -1.0]
    pairs = [(a, b) for a in some for b in some] + list(zip(near, near[::-1], strict=True))
    return [a for a, _ in pairs], [b for _, b in pairs]


def precise(op: Any, f: Any, x: Any, y: Any) -> Any:
    """The value to many digits."""
    if op.name == "softplus":
        y = mpmath.mpf(0)
    if op.name in ("logaddexp", "softplus"):  # the record's formula takes hundreds of digits
        return max(x, y) + mpmath.log1p(mpmath.exp(-abs(x - y)))
    return mpmath.re(f.evaluate({X: x, Y: y}))


def off_by(found: float, expected: Any, number: float) -> float:
    """By how many units in the last place a float is off; `number` is what evaluation gives for floats."""
    if math.isnan(found) or math.isnan(number):
        return 0.0 if math.isnan(found) and math.isnan(number) else math.inf
    if math.isinf(found) or math.isinf(number) or found == number:
        return 0.0 if found == number or abs(float(expected)) > 1.797e308 else math.inf
    return float(abs(mpmath.mpf(found) - expected) / math.ulp(float(expected)))


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.parametrize("op", TABLE, ids=lambda op: op.name)
def test_operations_to_their_last_places(op, name):
    f = as_number(op)
    xs, ys = points(op)
    (found,) = batch(kernel([f], target=TARGETS[name]), np.array(xs), np.array(ys))
    worst, where = 0.0, None
    for x, y, value in zip(xs, ys, found.tolist(), strict=True):
        number = float(f.evaluate({X: x, Y: y}))
        expected: Any = mpmath.mpf(number) if math.isfinite(number) else number
        if (
            all(map(math.isfinite, (x, y, number)))
            and number != 0
            and op.name not in SCIPY
            and not (op.name == "atan2" and x == 0)  # mpmath has no signed zeros
        ):
            with mpmath.workdps(60):
                expected = precise(op, f, mpmath.mpf(x), mpmath.mpf(y))
        off = off_by(value, expected, number)
        if off > 4 and op.name in ("logaddexp", "softplus"):  # they may cancel
            off = off if abs(value - expected) > 4e-16 * max(abs(x), abs(y), 1) else 0.0
        if off > worst:
            worst, where = off, (x, y, value, number)
    assert worst <= ULPS.get(op.name, 4.0), where


def test_tangents_of_whole_vectors():
    x = sd.Var("x", shape=("n",))
    rng = np.random.default_rng(0)
    special = [0.0, -0.0, math.inf, -math.inf, math.nan, 5e-324, -5e-324, 19.0, 20.0, 20.5, 1e308]
    tiny = 10.0 ** rng.uniform(-320, 3, 500) * rng.choice([-1.0, 1.0], 500)
    given = np.concatenate([rng.uniform(-1, 1, 1000), rng.normal(size=500) * 5, tiny, special])
    for value, found in zip(given.tolist(), sd.compile(sd.tanh(x), [x])(given).tolist(), strict=True):
        if math.isnan(value):
            assert math.isnan(found)
            continue
        with mpmath.workdps(60):
            right = mpmath.tanh(mpmath.mpf(value))
            assert abs(right - found) <= 3 * math.ulp(float(right))
        assert math.copysign(1.0, found) == math.copysign(1.0, value)


@pytest.mark.parametrize("op", TABLE, ids=lambda op: op.name)
def test_bits_depend_on_nothing_but_the_point(op):
    f = as_number(op)
    xs, ys = (np.array(v) for v in points(op))
    compiled = kernel([f, X < Y])
    (found, flags) = batch(compiled, xs, ys, dtypes=[DOUBLE, bool])
    levels = kernel([f, X < Y], straight=0)
    (by_levels, _) = batch(levels, xs, ys, dtypes=[DOUBLE, bool])
    assert same(found, by_levels)
    rng = np.random.default_rng(1)
    for k in rng.integers(0, len(xs), 40).tolist():
        value, flag = compiled.scalar(float(xs[k]), float(ys[k]))
        assert same(value, found[k])
        assert flag is bool(flags[k])
        assert same(levels.scalar(float(xs[k]), float(ys[k]))[0], found[k])
    for n in [*range(12), 15, 16, 17, 31, 33, 40]:
        at = rng.permutation(len(xs))[:n]
        (some, _) = batch(compiled, xs[at], ys[at], dtypes=[DOUBLE, bool])
        assert same(some, found[at])


def same(a: Any, b: Any) -> bool:
    """Bit for bit, but for the bits of nan."""
    a, b = np.asarray(a, float), np.asarray(b, float)
    return bool(np.all((a == b) & (np.signbit(a) == np.signbit(b)) | np.isnan(a) & np.isnan(b)))


SEVERAL = [sd.sin(X) * Y + sd.exp(-X), X / Y, X < Y, sd.Const(2.5), Y, X / Y, sd.Const(1) * X]
SEVERAL_TYPES = [DOUBLE, DOUBLE, bool, DOUBLE, DOUBLE, DOUBLE, DOUBLE]


@pytest.mark.parametrize("straight", [1000, 0])
@pytest.mark.parametrize("n", [0, 1, 7, 8, 9, 511, 512, 513, 2000])
def test_strides(n, straight):
    compiled = kernel(SEVERAL, straight=straight)
    rng = np.random.default_rng(n)
    xs, ys = rng.normal(size=n), rng.normal(size=n)
    expected = batch(compiled, xs, ys, dtypes=SEVERAL_TYPES)
    for x, y, value, flag in zip(xs, ys, expected[1], expected[2], strict=True):
        assert value == x / y
        assert flag == (x < y)
    wide = np.zeros((n, 3))
    wide[:, 1] = ys
    backwards = xs[::-1].copy()[::-1]
    outs = [np.zeros((n, 2), d)[:, 1] for d in SEVERAL_TYPES]
    outs[0] = np.zeros(n)[::-1]
    compiled.batch([backwards, wide[:, 1]], outs)
    for a, b in zip(outs, expected, strict=True):
        assert same(a, b)
    if n:
        still = np.broadcast_to(xs[:1], (n,))
        (first,) = batch(kernel([X / Y], straight=straight), still, ys)
        assert same(first, xs[0] / ys)


def test_offsets_of_memory():
    compiled = kernel([sd.sin(X) + Y])
    room, out = np.arange(200.0), np.zeros(200)
    expected = batch(compiled, room, room)[0]
    for start in range(9):
        for stop in (start, start + 1, start + 13, 100 + start):
            compiled.batch([room[start:stop], room[start:stop]], [out[start:stop]])
            assert same(out[start:stop], expected[start:stop])
    packed = np.zeros(50, dtype=[("a", "i1"), ("x", "f8"), ("b", "i1")])
    packed["x"] = room[:50]
    compiled.batch([packed["x"], packed["x"]], [out[:50]])
    assert same(out[:50], expected[:50])


def test_points_into_arrays():
    compiled = kernel(SEVERAL)
    results = np.zeros(len(SEVERAL))
    compiled.point([1.5, 2.0], results)
    assert results.tolist() == [float(v) for v in compiled.scalar(1.5, 2.0)]
    for bad in (np.zeros(2), np.zeros((7, 1)), np.zeros(14)[::2], [0.0] * 7):
        with pytest.raises(TypeError):
            compiled.point([1.5, 2.0], bad)
    with pytest.raises(TypeError):
        compiled.point([1.5], results)


def test_arguments_that_are_no_numbers():
    compiled = kernel([X + Y])
    assert compiled.scalar(1, np.float64(2.5)) == (3.5,)
    for bad in ((), (1.0,), (1.0, 2.0, 3.0), ("a", 1.0), (1j, 1.0), (None, 1.0)):
        with pytest.raises(TypeError):
            compiled.scalar(*bad)
    assert compiled.scalar(-1.0, 0.0) == (-1.0,)
    for arrays in ([np.zeros(3), np.zeros(4)], [np.zeros(3)], [np.zeros((3, 1)), np.zeros(3)], [[0.0], np.zeros(1)]):
        with pytest.raises(TypeError):
            compiled.batch(arrays, [np.zeros(3)])


@pytest.mark.parametrize("straight", [1000, 0])
def test_float32_at_every_step(straight):
    f = [X * X * Y, sd.exp(X), X < Y, X + sd.Const(0.1)]
    compiled = kernel(f, dtype=SINGLE, straight=straight)
    xs, ys = np.float32([1e30, 1.1, 0.5, np.nan, 90]), np.float32([1e-30, 3, 0.25, 1, 0])
    found = batch(compiled, xs, ys, dtypes=[SINGLE, SINGLE, bool, SINGLE])
    with np.errstate(over="ignore"):
        assert same(found[0], xs * xs * ys)  # infinite in between
        assert np.allclose(found[1], np.exp(xs), rtol=3e-7, equal_nan=True)
    assert found[2].tolist() == (xs < ys).tolist()
    assert same(found[3], xs + np.float32(0.1))
    for k in range(len(xs)):
        row = np.empty(4, SINGLE)
        compiled.point([float(xs[k]), float(ys[k])], row)
        assert same(row, [a[k] for a in found])
        assert same(compiled.scalar(float(xs[k]), float(ys[k])), [a[k] for a in found])


@pytest.mark.parametrize("straight", [1000, 0])
@pytest.mark.parametrize("dtype", [DOUBLE, SINGLE])
def test_the_first_calls_have_the_bits_of_later_ones(dtype, straight, monkeypatch):
    monkeypatch.setattr(native, "is_made", lambda part: False)
    compiled = kernel([*SEVERAL, sd.Const(2.5)], dtype=dtype, straight=straight)
    count = len(SEVERAL) + 1
    rows, values = [], []
    for _ in range(native.EARLY // 2):
        assert "scalar" not in compiled.__dict__
        values.append(compiled.scalar(1.5, -1.0))
        rows.append(np.zeros(count, dtype))
        compiled.point([1.5, -1.0], rows[-1])
    for bad in ((), (1.0,), (1.0, 2.0, 3.0), ("a", 1.0)):
        with pytest.raises(TypeError):
            kernel(SEVERAL, straight=straight).scalar(*bad)
    for bad_row in (np.zeros(2), np.zeros((count, 1)), np.zeros(2 * count)[::2], [0.0] * count):
        with pytest.raises(TypeError):
            kernel([*SEVERAL, X], straight=straight).point([1.5, 2.0], bad_row)
    final, row = compiled.scalar(1.5, -1.0), np.zeros(count, dtype)
    compiled.point([1.5, -1.0], row)
    assert {"scalar", "_point"} <= compiled.__dict__.keys()
    assert same(row, rows[0])
    for made, row in zip(values, rows, strict=True):
        assert [type(v) for v in made] == [type(v) for v in final]
        assert same(made, final)
        assert same(row, [float(v) for v in final])


def test_operands_in_any_order():
    inputs = sd.variables("x y z")
    values = dict(zip(inputs, (0.3, 0.7, 1.9), strict=True))
    for a in inputs:
        for b in inputs:
            for f in (sd.atan2(a, b), a**b, a**0.5 * b, sd.hypot(b, a), 2**b - a):
                expected = f.evaluate(values)
                for target in TARGETS.values():
                    for straight in (1000, 0):
                        compiled = kernel([f], inputs, target, straight=straight)
                        value = compiled.scalar(*values.values())[0]
                        assert math.isclose(value, expected, rel_tol=1e-14)
                        assert batch(compiled, *[np.array([v]) for v in values.values()])[0].tolist() == [value]


# -- programs by levels ----------------------------------------------------------------


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("dtype", [DOUBLE, SINGLE])
def test_levels_without_memory_are_an_error(dtype, first, monkeypatch):
    monkeypatch.setattr(native, "is_made", lambda part: not first)
    compiled = kernel([sd.sin(X) * Y, X < Y], dtype=dtype, straight=0)
    room = np.linspace(0, 1, 20, dtype=dtype)
    found = [np.empty(20, dtype), np.empty(20, bool)]
    levels = compiled._owner.parts[2]
    for part in (levels._narrow, levels._wide):
        assert part.kept is None
        part.bytes = 1 << 62  # more than there is
    for call in (
        lambda: compiled.scalar(1.0, 2.0),
        lambda: compiled.point([1.0, 2.0], np.empty(2, dtype)),
        lambda: compiled.batch([room, room], found),
        lambda: compiled.batch([room[::2], room[::2]], [found[0][::2], found[1][::2]]),
    ):
        with pytest.raises(MemoryError):
            call()


def tangled(steps: int, seed: int = 0) -> list[Any]:
    """Expressions that share much, with conditions among them."""
    rng = np.random.default_rng(seed)
    known: list[Any] = [X, Y, X * Y, sd.Const(0.25) + X]
    unary = [sd.sin, sd.tanh, sd.abs, lambda t: sd.exp(-t * t), sd.floor, sd.sigmoid, lambda t: sd.spherical_jn(1, t)]
    for k in range(steps):
        a, b = (known[-int(i)] for i in rng.integers(1, min(len(known), 40) + 1, 2))
        choice = int(rng.integers(0, 8))
        known.append(
            unary[int(rng.integers(len(unary)))](a) if choice < 2 else a + b if choice < 4 else a * sd.sin(b)
            if choice < 5 else (a - b) / 2 if choice < 6 else sd.where((a < b) & (b < k), a, b / 3)
            if choice < 7 else sd.maximum(a, b)
        )  # fmt: skip
    return [*known[-6:], known[-1] < known[-2]]


@pytest.mark.parametrize("seed", range(4))
def test_levels_have_the_bits_of_a_straight_line(seed):
    outputs = tangled(400, seed)
    straight, levels = kernel(outputs), kernel(outputs, straight=0)
    xs, ys = np.random.default_rng(seed).normal(size=(2, 50))
    types = [DOUBLE] * 6 + [bool]
    for a, b in zip(batch(straight, xs, ys, dtypes=types), batch(levels, xs, ys, dtypes=types), strict=True):
        assert same(a, b)
    expected = sd.evaluate(outputs, {X: 0.5, Y: -1.5})
    assert np.allclose(np.array(levels.scalar(0.5, -1.5), float), np.array(expected, float), rtol=1e-9, atol=1e-12)


def test_long_steps_count_for_what_they_are():
    f = X
    for k in range(2000):
        f = sd.logaddexp(f, Y + k)
    assert "logaddexp" in kernel([f]).source  # by levels
    assert "define" in kernel([X + Y]).source


def test_a_chain_is_levels_of_one_step_each():
    f = X
    for k in range(3000):
        f = sd.sin(f) + Y * k if k % 2 else f * Y
    levels = kernel([f], straight=10)
    assert math.isclose(levels.scalar(0.3, 0.01)[0], f.evaluate({X: 0.3, Y: 0.01}), rel_tol=1e-6)
    assert "sin" in levels.source


def test_threads_at_once():
    outputs = tangled(300)
    for compiled in (kernel(outputs), kernel(outputs, straight=0)):
        xs = np.random.default_rng(0).normal(size=(8, 2)).tolist()
        expected = [compiled.scalar(*p) for p in xs]
        wrong: list[Any] = []

        def work(p: Any, e: Any, compiled: Any = compiled, wrong: Any = wrong) -> None:
            column = [np.full(200, v) for v in p]
            for _ in range(50):
                found = batch(compiled, *column, dtypes=[DOUBLE] * 6 + [bool])
                if not all(same(a, np.full(200, v)) for a, v in zip(found, e, strict=True)) or not same(
                    compiled.scalar(*p), e
                ):
                    wrong.append(p)

        threads = [threading.Thread(target=work, args=pair) for pair in zip(xs, expected, strict=True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not wrong


@pytest.mark.parametrize("straight", [1000, 0])
def test_constants_beyond_float32(straight):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        compiled = kernel([X * 1e300, X * -1e-300], dtype=SINGLE, straight=straight)
        assert compiled.scalar(1.0, 0.0) == (math.inf, -0.0)


# -- life --------------------------------------------------------------------------------


@pytest.mark.parametrize("straight", [1000, 0])
def test_code_goes_when_its_kernel_does(straight):
    compiled = kernel(SEVERAL, straight=straight)
    part = compiled._owner.parts[-1]
    gone = weakref.ref(part)
    scalar = compiled.scalar
    expected = scalar(1.0, 2.0)
    del compiled, part
    assert scalar(1.0, 2.0) == expected  # a function keeps its code
    del scalar
    gc.collect()
    assert gone() is None


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="reads Linux's count of pages")
def test_memory_comes_back():
    def resident() -> int:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def work(count: int) -> None:
        for k in range(count):
            compiled = kernel([sd.sin(X * k) + Y, sd.exp(X) / (k + 1)], straight=1000 if k % 2 else 0)
            compiled.scalar(0.5, 1.5)
            if k % 3:
                batch(compiled, *np.ones((2, 20)), outputs=2)

    work(60)
    before = resident()
    work(300)
    assert resident() - before < 6e6  # a leak of each engine is ten times that


@pytest.mark.parametrize("straight", [1000, 0])
def test_nothing_is_said_at_exit(straight):
    code = f"""
import numpy as np, symdiff as sd
from symdiff.compile.backends.llvm import native
native.build.__defaults__ = None, {straight}
x, y = sd.variables("x y")
made = [sd.compile(x * x, x), sd.compile([(sd.sin(x) * y).hessian([x, y]), x], [x, y])]
made[0](2.0), made[1](np.ones(3), 2), made[1](1.0, 2.0)
np.held = made  # which goes after llvmlite's functions
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_process_has_the_code_too():
    compiled = kernel([sd.sin(X) + Y])
    expected = compiled.scalar(1.0, 2.0)
    child = os.fork()
    if not child:
        fine = compiled.scalar(1.0, 2.0) == expected and kernel([X - Y]).scalar(3.0, 1.0) == (2.0,)
        os._exit(0 if fine else 1)
    assert os.waitpid(child, 0)[1] == 0


# -- what has no machine code ------------------------------------------------------------------


def test_operations_without_a_spelling():
    name = "test_llvm_without"
    op = (
        by_name(name)
        if name in [o.name for o in OPERATIONS if o]
        else sd.operation(name, np.sin, lambda r, x: sd.cos(x))
    )
    for straight in (1000, 0):
        with pytest.raises(Unsupported, match=name):
            kernel([op(X)], straight=straight)
        with pytest.raises(Unsupported, match="polygamma"):
            kernel([sd.polygamma(101, X)], straight=straight)


def test_operations_of_users_with_a_spelling():
    by_c = sd.operation("test_llvm_c", np.tan, lambda r, x: 1 + r**2, code="tan")
    by_steps = sd.operation("test_llvm_steps", lambda x: x + 2, lambda r, x: 1, code=lambda b, x: b.add(x, 2.0))
    unknown = sd.operation("test_llvm_unknown", np.tan, lambda r, x: 1 + r**2, code="no_such_function_of_c")
    for straight in (1000, 0):
        value = kernel([by_c(X) * by_steps(Y)], straight=straight).scalar(0.5, 1.0)[0]
        assert math.isclose(value, 3 * math.tan(0.5), rel_tol=1e-14)
        with pytest.raises(Unsupported, match="no_such_function_of_c"):
            kernel([unknown(X)], straight=straight)


def test_a_spelling_that_llvm_cannot_read():
    bad = sd.operation("test_llvm_bad", np.tan, lambda r, x: 1 + r**2, code=lambda b, x: "%nothing")
    for straight in (1000, 0):
        with pytest.raises(sd.SymdiffValueError, match="LLVM"):
            kernel([bad(X)], straight=straight)


def test_without_llvmlite(monkeypatch):
    def missing(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(machine.importlib, "import_module", missing)
    with pytest.raises(Unsupported, match=r"pip install symdiff-graph\[jit\]"):
        machine.load()


def test_every_operation_in_a_graph_of_its_own():
    for op in TABLE:
        f = sample(op)
        outputs = [f, *f.gradient([X, Y])]
        found = kernel(outputs).scalar(0.7, 0.3)
        assert np.allclose(found, sd.evaluate(outputs, {X: 0.7, Y: 0.3}), rtol=1e-13, atol=0, equal_nan=True)
