"""Programs that start in Python: the same bits as native code, which comes when it is worth making."""

from __future__ import annotations

import gc
import importlib.util
import pickle
import subprocess
import sys
import weakref

import numpy as np
import pytest

import symdiff as sd
from symdiff.compile import first_calls
from symdiff.compile.backends import python
from symdiff.compile.first_calls import FirstCalls

x, y = sd.variables("x y")
FORMULAS = {
    "polynomial": x**3 * y - 0.1 * x + y**2,
    "quotient": (x + 1 / y) / (x**2 - y),
    "root": sd.sqrt(x * y + 2) / 3,
    "branch": sd.where(x > y, sd.floor(x) % 3, abs(y) // 0.25),
}
POINTS = [(1.5, -0.25), (0.1, 0.3), (0.0, 0.0), (1e200, -1e200), (float("inf"), 2.0), (float("nan"), 1.0), (-0.0, 7.0)]

needs_llvm = pytest.mark.skipif(importlib.util.find_spec("llvmlite") is None, reason="native code needs llvmlite")


def bits(values):
    return [float(v).hex() for v in values]


@pytest.mark.parametrize("name", FORMULAS)
def test_first_calls_later_calls_and_batches_have_the_same_bits(name, monkeypatch):
    f = FORMULAS[name]
    outputs = [f, *f.gradient([x, y])]
    early = sd.compile(outputs, [x, y])
    assert isinstance(early._kernel, FirstCalls)
    monkeypatch.setattr(first_calls, "WORTH", 0)
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


def test_what_rounds_in_its_own_way_is_native_at_once():
    assert not isinstance(sd.compile(sd.sin(x), [x])._kernel, FirstCalls)
    assert not isinstance(sd.compile(x * y, [x, y], dtype=np.float32)._kernel, FirstCalls)
    assert not isinstance(sd.compile(x * y, [x, y], backend="numpy")._kernel, FirstCalls)


@needs_llvm
def test_a_first_value_loads_no_llvm_and_a_batch_does():
    script = (
        "import numpy as np, symdiff as sd, sys\n"
        "x, y = sd.variables('x y'); f = x**2*y + y + 2\n"
        "F = sd.compile([f, f.gradient([x, y])], [x, y])\n"
        "print(F(3.0, 4.0)[0], F.backend, 'llvmlite' in sys.modules)\n"
        "print(F(np.array([3.0]), 4.0)[0], F.backend, 'llvmlite' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["42.0 llvm False", "[42.] llvm True"]


def test_pickles_and_garbage():
    compiled = sd.compile(FORMULAS["polynomial"], [x, y])
    value = compiled(1.5, -0.25)
    assert pickle.loads(pickle.dumps(compiled))(1.5, -0.25) == value
    kernel = weakref.ref(compiled._kernel)
    gc.disable()
    try:
        del compiled
        assert kernel() is None
    finally:
        gc.enable()


def test_python_is_compiled_once(monkeypatch):
    """It was compiled at each point after the first few: a tenth of the speed."""
    made = []
    compiled = python.Program._compiled
    monkeypatch.setattr(python.Program, "_compiled", lambda self: made.append(self) or compiled(self))
    x, y = sd.variables("x y")
    compiled_pair = sd.compile([x * y - 3 * x, x * x / y], [x, y])
    assert [compiled_pair(float(k), 2.0) for k in range(100)][-1] == [-99.0, 4900.5]
    assert len(made) == 1
