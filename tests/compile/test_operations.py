"""Every operation on every backend: floats, arrays, special values and poles, against evaluate and mpmath in ulps."""

import functools
import itertools
import math

import mpmath
import numpy as np
import pytest
from support import digits

import symdiff as sd
from symdiff.algebra.numbers import MP, TABLES
from symdiff.compile import backends
from symdiff.graph import VAR
from symdiff.records import OPERATIONS

BACKENDS = [backend.name for backend in backends.ranked() if backend.installed()]
OPS = [op for op in OPERATIONS[VAR + 1 :] if op.code is not None]  # NumPy does the others in every backend

MAGNITUDES = (
    0.0, 5e-324, 1e-310, 2.5e-308, 1e-200, 1e-20, 1e-8, 1e-3, 0.1, 0.25, 0.5, 0.75, 0.999, 1.0, 1.001, 1.5, 2.0, 2.5,
    3.0, math.pi, 5.5, 10.0, 20.3, 37.0, 100.0, 170.5, 300.0, 709.0, 745.0, 1e5, 1e10, 1e16, 1e22, 1e155, 1e300,
    1.7e308, math.inf,
)  # fmt: skip
ALONE = [(s * v,) for v in MAGNITUDES for s in (1.0, -1.0)] + [(math.nan,)]
SIDES = [s * v for v in (0.0, 1e-310, 1e-8, 0.5, 1.0, 2.0, 2.5, 10.0, 300.0, 1e200, math.inf) for s in (1.0, -1.0)]
PAIRS = [*itertools.product([*SIDES, math.nan], repeat=2)]
TRIPLES = [*itertools.product([0.0, 1.0, math.nan], SIDES[:6], SIDES[-6:])]

DEFAULT_ULPS = 4.0
# Of the C library and SciPy; of cosines of sides that are denormal, whose length is rounded to one.
ULPS = {"gamma": 8.0, "polygamma": 8.0}
ULPS |= dict.fromkeys(["direction_cosine", "direction_sine", "norm_cosine", "norm_sine"], 64.0)
# Nearer than this SciPy does not come: beside roots, where the order is high, at the ends of the range.
ROUGHLY = {"loggamma": 1e-12, "digamma": 1e-12, "polygamma": 1e-12, "spherical_jn": 1e-12, "logaddexp": 1e-15}
TINY = 1e-300  # of what underflows on the way in SciPy


def points(op):
    rng = np.random.default_rng(7)
    some = [tuple(row) for row in (rng.normal(size=(60, op.arity)) * 2).tolist()]
    near = [tuple(row) for row in rng.uniform(0, 1, (40, op.arity)).tolist()]
    listed = ALONE if op.arity == 1 or op.whole else PAIRS if op.arity == 2 else TRIPLES
    return [*listed, *([p[-1:] for p in some + near] if op.whole else some + near)]


@functools.cache
def cases(op):
    """Expressions of the operation, their variables, points, and what evaluate and mpmath say."""
    arity = 1 if op.whole else op.arity
    found = []
    for order in (0, 1, 3) if op.whole else (None,):
        xs = sd.variables("x y z")[:arity]
        f = op(*xs) if order is None else op(order, *xs)
        at = points(op)
        values = [f.evaluate(dict(zip(xs, p, strict=True))) for p in at]
        exact = [reference(op, p if order is None else (order, *p)) for p in at]
        found.append((f, list(xs), at, values, exact))
    return found


def reference(op, point):
    """The value to 50 digits and more, None where mpmath has none that is real; it does not know -0.0 either."""
    if any(repr(v) == "-0.0" for v in point) or (op.whole and point[-1] < -1000):  # takes it a step for each unit
        return None
    with digits(400 if op.name == "logaddexp" else 60):
        try:
            value = TABLES[MP][op.opcode](*map(mpmath.mpf, point))
        except (sd.SymdiffTypeError, ValueError, ArithmeticError):
            return None
        return value if isinstance(value, mpmath.mpf) else None


def far(op, point, got, value, exact):
    """What is wrong with a result, empty if nothing is."""
    if isinstance(value, bool) or isinstance(got, (bool, np.bool_)):
        return "" if bool(got) is value else f"not {value}"
    if math.isnan(value) or math.isinf(value) or not math.isfinite(got):
        return "" if repr(float(got)) == repr(float(value)) else f"not {value}"
    ulps = ULPS.get(op.name, DEFAULT_ULPS)
    if exact is None or not mpmath.isfinite(exact) or exact == 0:
        return "" if abs(got - value) <= ulps * math.ulp(value) else f"not {value}"
    with digits(60):
        error = abs(mpmath.mpf(got) - exact)
        scale = max(abs(exact), 0.01, *[abs(v) for v in point if math.isfinite(v) and op.name == "logaddexp"])
        near = error <= ulps * math.ulp(float(exact)) or error <= ROUGHLY.get(op.name, 0.0) * scale
        near = near or (op.name in ROUGHLY and error < TINY)
        return "" if near else f"not {mpmath.nstr(exact, 20)}: {mpmath.nstr(error / math.ulp(float(exact)), 3)} ulp off"


@pytest.mark.parametrize("accuracy", ["default", "high"])
@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)
def test_values(op, backend, accuracy):
    for f, xs, at, values, exact in cases(op):
        compiled = sd.compile(f, xs, backend=backend, accuracy=accuracy)
        batch = compiled(*map(np.array, zip(*at, strict=True)))
        assert batch.shape == (len(at),)
        wrong = []
        for point, got, value, right in zip(at, batch.tolist(), values, exact, strict=True):
            alone = compiled(*point)
            assert type(alone) is (bool if op.boolean else float)
            if repr(alone) != repr(got):
                wrong.append((point, got, f"not {alone} as alone"))
            complaint = far(op, point, got, value, right)
            if complaint:
                wrong.append((point, got, complaint))
        assert not wrong


@pytest.mark.parametrize("backend", [b for b in BACKENDS if b != "python"])
@pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)
def test_single_precision(op, backend):
    """To a few ulp of float32, and of the same kind as evaluate over arrays of float32."""
    for f, xs, at, _, exact in cases(op):
        compiled = sd.compile(f, xs, backend=backend, dtype=np.float32)
        with np.errstate(all="ignore"):
            columns = [np.array(c, dtype=np.float32) for c in zip(*at, strict=True)]
        batch = compiled(*columns)
        assert batch.dtype == (bool if op.boolean else np.float32)
        for k, point in enumerate(zip(*[c.tolist() for c in columns], strict=True)):
            alone = compiled(*point)
            assert repr(alone) == repr(batch[k].item()), point
            if point == at[k] and exact[k] is not None and not op.boolean and 1e-30 < abs(exact[k]) < 1e30:
                rough = 1e-3 if op.name in ROUGHLY or op.name in ("gamma", "lambertw", "sinc") else 1e-5
                # what is near 0 by cancellation, such as sin(pi), keeps its absolute error
                assert abs(alone - exact[k]) <= rough * max(abs(exact[k]), 0.05), (point, alone)


@pytest.mark.parametrize("backend", BACKENDS)
def test_conditions_count_as_numbers_and_numbers_as_conditions(backend):
    x, y = sd.variables("x y")
    outputs = [(x < y) + (x > 0), sd.sin(x < y), sd.where(x, y, 1), sd.logical_and(x, y), sd.where(x < y, x > 0, y)]
    compiled = sd.compile(outputs, [x, y], backend=backend)
    for point in [(1.0, 2.0), (-1.0, 2.0), (0.0, 0.0), (math.nan, 3.0), (3.0, math.nan)]:
        expected = [float(v) if k != 3 else v for k, v in enumerate(sd.evaluate(outputs, {x: point[0], y: point[1]}))]
        assert list(map(repr, compiled(*point))) == list(map(repr, expected))
        arrays = compiled(np.array([point[0]] * 3), point[1])
        assert [repr(a[1].item()) for a in arrays] == list(map(repr, expected))


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_branch_not_taken_poisons_nothing(backend):
    x = sd.Var("x")
    f = sd.where(x > 0, sd.log(x) / x, sd.where(x < 0, 1 / x, 7))
    compiled = sd.compile([f, f.gradient(x)], [x], backend=backend)
    assert compiled(0.0) == [7.0, 0.0]
    assert compiled(-2.0) == [-0.5, -0.25]
    values, slopes = compiled(np.array([0.0, -2.0, 1.0]))
    assert values.tolist() == [7.0, -0.5, 0.0]
    assert slopes.tolist() == [0.0, -0.25, 1.0]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("n", [-6, -4, -3, -2, -1, 0, 1, 2, 3, 5, 8, 9, 0.5, -0.5, 1.5])
def test_constant_powers(backend, n):
    x = sd.Var("x")
    values = [0.0, -0.0, 1.1, -1.7, 1e-160, 3e100, -1e40, math.inf, -math.inf, math.nan]
    compiled = sd.compile(x**n, [x], backend=backend)
    for value, got in zip(values, compiled(np.array(values)).tolist(), strict=True):
        expected = (x**n).evaluate({x: value})
        assert repr(got) == repr(compiled(value))
        near = abs(got - expected) <= 4 * math.ulp(expected) if math.isfinite(expected) else repr(got) == repr(expected)
        assert near or (got == expected), (value, got, expected)


@pytest.mark.parametrize("backend", BACKENDS)
def test_operations_of_users(backend):
    name = f"cube_{backend}"
    cube = sd.operation(name, {"real": lambda t: t * t * t, "array": lambda t: t * t * t}, lambda r, t: 3 * t**2)
    blend = sd.operation(f"blend_{backend}", lambda a, b: 0.25 * a + 0.75 * b, lambda r, a, b: (0.25, 0.75))
    x, y = sd.variables("x y")
    f = cube(x) + blend(x, y)
    if backend == "llvm":  # machine code has no spelling of them; auto takes what has
        with pytest.raises(sd.SymdiffValueError, match="_llvm"):
            sd.compile(f, [x, y], backend=backend)
        backend = "auto"
    compiled = sd.compile([f, f.gradient(x)], [x, y], backend=backend)
    assert compiled(2.0, 4.0) == [11.5, 12.25]
    values, slopes = compiled(np.array([2.0, 0.0]), 4.0)
    assert values.tolist() == [11.5, 3.0]
    assert slopes.tolist() == [12.25, 0.25]
