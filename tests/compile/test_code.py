"""The code of records is for any builder: one that writes C gives the values of the records."""

import math
import warnings

import numpy as np
import pytest

import symdiff as sd
from symdiff.compile import backends
from symdiff.compile.emit import code_of
from symdiff.compile.kernel import Unsupported
from symdiff.ops.builder import Builder

from .c_backend import CBackend, CBuilder, compiler
from .test_operations import OPS, cases, far

pytestmark = pytest.mark.skipif(compiler() is None, reason="no C compiler here")
CODED = [op for op in OPS if hasattr(sd, op.class_name)]  # without those of other tests


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    monkeypatch.setattr(backends, "_registered", {})
    backends.register(CBackend())
    yield
    backends.ranked.cache_clear()


def test_the_table_has_code_throughout():
    assert len(CODED) > 40
    assert all(isinstance(op.code, str) or callable(op.code) for op in CODED)


@pytest.mark.parametrize("op", CODED, ids=lambda op: op.name)
def test_another_builder_gives_the_values_of_the_record(op):
    """At ordinary and special points, against evaluate and 60 digits."""
    for f, xs, at, values, exact in cases(op):
        compiled = sd.compile(f, xs, backend="c")
        assert compiled.backend == "c"
        found = compiled(*map(np.array, zip(*at, strict=True)))
        rough = 4.0 if op.name in ("gamma", "lambertw", "softplus", "logaddexp", "polygamma") else 1.0
        wrong = []
        for point, got, value, right in zip(at, found.tolist(), values, exact, strict=True):
            complaint = far(op, point, got, value, right)
            near = isinstance(got, float) and abs(got - value) <= 4 * rough * math.ulp(value)
            if complaint and not near:
                wrong.append((point, got, complaint))
        assert not wrong


def test_conditions_count_as_numbers_and_numbers_as_conditions():
    x, y = sd.variables("x y")
    outputs = [(x < y) + (x > 0), sd.logical_and(x, y), sd.where(x < y, x > 0, y), ~(x < y), 2.5, x]
    compiled = sd.compile(outputs, [x, y], backend="c")
    for point in [(1.0, 2.0), (-1.0, 2.0), (0.0, 0.0), (math.nan, 3.0), (3.0, math.nan)]:
        assert repr(compiled(*point)) == repr(sd.compile(outputs, [x, y], backend="python")(*point))


def asked_of(op, b, operands):
    try:
        code_of(op)(b, *operands)
    except Unsupported:
        pytest.skip(f"{op.name} is not here")


@pytest.mark.parametrize("op", CODED, ids=lambda op: op.name)
def test_records_ask_a_builder_for_nothing_but_what_its_protocol_says(op):
    named = {name for name in vars(Builder) if not name.startswith("_")}
    asked = set()

    class Spy:
        def __getattr__(self, name):
            asked.add(name)
            return getattr(inner, name)

    inner = CBuilder()
    operands = [inner.const(1.0) if k in op.whole else f"x{k}" for k in range(op.arity)]
    asked_of(op, Spy(), operands)
    assert asked <= named
    assert asked


# -- the field of sd.operation --------------------------------------------------------------


def test_operations_of_users_by_name_and_by_a_builder():
    by_name = sd.operation("test_code_name", np.tan, lambda r, x: 1 + r**2, code="tan")
    by_steps = sd.operation(
        "test_code_steps", lambda x: x * x + 2, lambda r, x: 2 * x, code=lambda b, x: b.add(b.mul(x, x), 2.0)
    )
    x = sd.Var("x")
    f = by_name(x) * by_steps(x)
    for backend in ("c", "auto"):
        compiled = sd.compile([f, f.gradient(x)], [x], backend=backend)
        assert np.allclose(compiled(0.5), sd.evaluate([f, f.gradient(x)], {x: 0.5}), rtol=1e-14, atol=0)


def test_the_old_name_of_the_field_is_taken_with_a_warning():
    with pytest.warns(DeprecationWarning, match="`code`"):
        old = sd.operation("test_code_old", np.tan, lambda r, x: 1 + r**2, llvm="tan")
    assert old.code == "tan"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        new = sd.operation("test_code_new", np.tan, lambda r, x: 1 + r**2, code="tan")
    assert new.code == old.code


def test_scipy_has_more_functions_for_code():
    from scipy.special import j0

    bessel = sd.operation("test_code_j0", j0, lambda r, x: None, code=lambda b, x: b.special("j0", x))
    missing = sd.operation("test_code_none", np.tan, lambda r, x: 1, code=lambda b, x: b.special("j0", x, x))
    x = sd.Var("x")
    for backend in ("c", "auto"):
        assert sd.compile(bessel(x), [x], backend=backend)(1.5) == pytest.approx(0.511827671735918, rel=1e-14)
    with pytest.raises(Unsupported, match="j0"):
        sd.compile(missing(x), [x], backend="c")


def test_code_that_does_not_take_its_operands():
    op = sd.operation("test_code_not", np.tan, lambda r, x: 1 + r**2, code=lambda b, x: NotImplemented)
    x = sd.Var("x")
    with pytest.raises(sd.SymdiffValueError, match="test_code_not of these operands"):
        sd.compile(op(x), [x], backend="c")
