"""Programs that start in Python: the same bits as native code, which comes when it is worth making."""

from __future__ import annotations

import gc
import importlib.util
import math
import pickle
import subprocess
import sys
import weakref
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import symdiff as sd
from symdiff.compile import first_calls
from symdiff.compile.backends import llvm
from symdiff.compile.backends.python.python_source import Program
from symdiff.compile.first_calls import FirstCalls

from .test_operations import OPS

x, y = sd.variables("x y")
FORMULAS = {
    "polynomial": x**3 * y - 0.1 * x + y**2,
    "quotient": (x + 1 / y) / (x**2 - y),
    "root": sd.sqrt(x * y + 2) / 3,
    "branch": sd.where(x > y, sd.floor(x) % 3, abs(y) // 0.25),
}
FUNCTIONS = {
    "formula": sd.exp(x * y) * sd.sin(x) + x / (y + 2) - sd.sqrt(x),
    "tangent": sd.tanh(x) * sd.atan2(x, y) ** 2.5,
    "steps": sd.sigmoid(x) * sd.lambertw(y) + sd.polygamma(1, x),
}
POINTS = [(1.5, -0.25), (0.1, 0.3), (0.0, 0.0), (1e200, -1e200), (float("inf"), 2.0), (float("nan"), 1.0), (-0.0, 7.0)]


def printed(script):
    """The lines that a process of its own prints: one in which nothing is loaded yet."""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def start_of(f):
    """What begins a program, None where that is native code."""
    compiled = sd.compile(f, [x, y])
    return compiled._kernel if isinstance(compiled._kernel or compiled._ready(), FirstCalls) else None


needs_llvm = pytest.mark.skipif(importlib.util.find_spec("llvmlite") is None, reason="native code needs llvmlite")
# whether functions of libmvec can be called from Python here
CALLS = importlib.util.find_spec("llvmlite") is not None and start_of(FUNCTIONS["formula"]) is not None


def bits(values):
    return [float(v).hex() for v in values]


@pytest.mark.parametrize("name", [*FORMULAS, *(FUNCTIONS if CALLS else ())])
def test_first_calls_later_calls_and_batches_have_the_same_bits(name, monkeypatch):
    f = (FORMULAS | FUNCTIONS)[name]
    outputs = [f, *f.gradient([x, y])]
    early = sd.compile(outputs, [x, y])
    assert isinstance(early._kernel, FirstCalls)
    for number in ("WORTH", "STEPS", "STEPS_LOADED"):
        monkeypatch.setattr(first_calls, number, 0)
    late = sd.compile(outputs, [x, y])
    columns = np.array(POINTS).T
    batch = np.array(sd.compile(outputs, [x, y])(*columns)).T
    for point, row in zip(POINTS, batch, strict=True):
        first = early(*point)
        assert "made" not in vars(early._kernel)
        assert bits(first) == bits(late(*point)) == bits(row)
    assert "made" in vars(late._kernel)


def test_arrays_of_results_are_the_same_before_and_after(monkeypatch):
    f = FORMULAS["polynomial"]
    compiled = sd.compile([f, f.gradient([x, y]), x > y], [x, y])
    before = compiled(1.5, -0.25)
    compiled._kernel._left = 1
    found = [compiled(1.5, -0.25) for _ in range(40)]  # some before, most after
    assert compiled._kernel.made.name == compiled.backend
    for value, slopes, greater in [before, *found]:
        assert value == before[0]
        assert slopes.tolist() == before[1].tolist()
        assert greater is True


def test_programs_that_do_not_start_in_python():
    own = sd.operation("test_first_calls_own", np.tan, lambda r, x: 1 + r**2, code=lambda b, x: b.call("tan", x))
    for f, options in [
        (x * y, {"dtype": np.float32}),
        (x * y, {"backend": "numpy"}),
        (sd.sin(x), {"backend": "llvm"}),
        (sd.sin(x), {"dtype": np.float32}),
        (sd.loggamma(x) + y, {}),  # SciPy's
        (own(x), {}),  # mistakes in that show at once
        (sum([sd.sin(k * x) for k in range(1, 300)]), {}),
    ]:
        compiled = sd.compile(f, [x, y], **options)
        assert not isinstance(compiled._kernel or compiled._ready(), FirstCalls), f


@needs_llvm
def test_a_first_value_loads_no_llvm_and_a_batch_does():
    script = (
        "import numpy as np, symdiff as sd, sys\n"
        "x, y = sd.variables('x y'); f = x**2*y + y + 2\n"
        "F = sd.compile([f, f.gradient([x, y])], [x, y])\n"
        "print(F(3.0, 4.0)[0], F.backend, 'llvmlite' in sys.modules)\n"
        "print(F(np.array([3.0]), 4.0)[0], F.backend, 'llvmlite' in sys.modules)\n"
    )
    assert printed(script) == ["42.0 llvm False", "[42.] llvm True"]


@needs_llvm
@pytest.mark.skipif(not CALLS, reason="no calls of libmvec here")
def test_functions_load_no_llvm_until_many_calls():
    script = (
        "import symdiff as sd, sys\n"
        "from symdiff.compile import first_calls; first_calls.STEPS = 5000\n"
        "x, y = sd.variables('x y')\n"
        "f = sd.exp(x*y)*sd.sin(x) + sd.tanh(y)**2.5 + sd.atan2(x, y) + sd.erf(x)\n"
        "f += sd.cbrt(y) + sd.log(x) + sd.floor(y)\n"
        "outputs = [f, f.gradient([x, y]), x < y]; F = sd.compile(outputs, [x, y])\n"
        "found, loaded = [], []\n"
        "for k in range(60):\n"
        "    value, slopes, less = F(0.3, 0.7)\n"
        "    found.append((value, *slopes.tolist(), less)); loaded.append('llvmlite' in sys.modules)\n"
        "assert loaded == sorted(loaded) and {*loaded} == {False, True} and loaded.index(True) > 3, loaded\n"
        "native = sd.compile(outputs, [x, y], backend='llvm')(0.3, 0.7)\n"
        "assert {*found} == {(native[0], *native[1].tolist(), native[2])}\n"
        "print(F.backend, loaded.index(True))\n"
    )
    assert printed(script)[0].startswith("llvm ")


@needs_llvm
@pytest.mark.skipif(not CALLS, reason="no calls of libmvec here")
def test_native_code_at_once_where_memory_can_not_be_made_executable():
    script = (
        "import sys, symdiff as sd\n"
        "from symdiff.compile.backends.llvm import vector_calls\n"
        "def refuse(code): raise OSError('not here')\n"
        "vector_calls._executable = refuse\n"
        "x = sd.Var('x')\n"
        "print(sd.compile(x*x, [x])(2.0), 'llvmlite' in sys.modules)\n"
        "print(sd.compile(sd.sin(x), [x])(0.0), 'llvmlite' in sys.modules)\n"
    )
    assert printed(script) == ["4.0 False", "0.0 True"]


@needs_llvm
@pytest.mark.skipif(not CALLS, reason="no calls of libmvec here")
@pytest.mark.parametrize("op", [op for op in OPS if hasattr(sd, op.class_name)], ids=lambda op: op.name)
def test_every_operation_starts_in_python_but_for_functions_of_scipy(op):
    operands = [2 if k in op.whole else (x, y, x)[k % 3] for k in range(op.arity)]
    f = op(*operands)
    scipy = "@scipy." in sd.compile(f, [x, y], backend="llvm").source
    assert (start_of(f) is None) == scipy


def test_numbers_of_numpy_beside_an_array_are_as_floats():
    """They once warned of a division by 0 until native code came."""
    both = sd.variables("z", 2)
    compiled = sd.compile([x / both[0], both[1] * x], [x, both])
    with np.errstate(all="raise"):
        found = compiled(np.float64(1.0), np.zeros(2))
    assert found == [math.inf, 0.0]
    assert [*map(type, found)] == [float, float]


def test_another_backend_in_front_has_its_own_bits(monkeypatch):
    monkeypatch.setattr(llvm, "installed", lambda: False)
    assert start_of(FUNCTIONS["formula"]) is None
    assert start_of(FORMULAS["polynomial"]) is not None


@pytest.mark.skipif(not CALLS, reason="no calls of libmvec here")
def test_many_calls_are_fewer_where_llvm_is_loaded(monkeypatch):
    monkeypatch.setitem(sys.modules, "llvmlite.binding", sys)
    soon = start_of(FUNCTIONS["formula"])._left
    monkeypatch.delitem(sys.modules, "llvmlite.binding")
    assert 20 < soon < start_of(FUNCTIONS["formula"])._left / 5


@needs_llvm
@pytest.mark.skipif(not CALLS, reason="no calls of libmvec here")
def test_source_address_and_threads_of_what_started_in_python():
    f = FUNCTIONS["formula"]
    compiled = sd.compile(f, [x, y])
    values = [compiled(0.1 * k, 0.5) for k in range(50)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda k: compiled(0.1 * k, 0.5), range(50))) == values
    assert "made" not in vars(compiled._kernel)
    assert compiled.ctypes(0.3, 0.5) == compiled(0.3, 0.5)
    assert "define" in compiled.source


@pytest.mark.parametrize("name", ["polynomial", *(["formula"] if CALLS else [])])
def test_pickles_and_garbage(name):
    compiled = sd.compile((FORMULAS | FUNCTIONS)[name], [x, y])
    value = compiled(1.5, -0.25)
    assert pickle.loads(pickle.dumps(compiled))(1.5, -0.25) == value
    kernel = weakref.ref(compiled._kernel)
    gc.disable()
    try:
        del compiled
        assert kernel() is None
    finally:
        gc.enable()


def test_python_writes_its_function_once(monkeypatch):
    """It once did so in every call, as the kernel that gives way to its function was never asked again."""
    made = []
    compiled = Program._compiled
    monkeypatch.setattr(Program, "_compiled", lambda self: made.append(self) or compiled(self))
    arrays = sd.compile([FORMULAS["polynomial"], np.array([x, y])], [x, y])
    number = sd.compile(FORMULAS["quotient"], [x, y])
    assert type(arrays._kernel or arrays._ready()) is type(number._kernel or number._ready()) is FirstCalls
    for _ in range(200):
        arrays(1.5, -0.25)
        number(1.5, -0.25)
    assert len(made) == 2
