"""Backends are there by being in their folder, or registered; one is added from CONTRIBUTING alone."""

import math
import re
from pathlib import Path

import numpy as np
import pytest

import symdiff as sd
from symdiff.compile import backends
from symdiff.compile.kernel import Unsupported

from .test_operations import BACKENDS

ROOT = Path(__file__).parents[2]
X, Y = sd.variables("x y")


@pytest.fixture(autouse=True)
def restored(monkeypatch):
    """What a test registers is gone after it."""
    monkeypatch.setattr(backends, "_registered", {})
    backends.ranked.cache_clear()
    yield
    backends.ranked.cache_clear()


class Other:
    """The backend `python` under another name; it lacks some operations."""

    def __init__(self, name="other", rank=9, here=True, lacks=()):
        self.name, self.rank, self.here, self.lacks = name, rank, here, lacks

    def installed(self):
        return self.here

    def build(self, tape, options):
        missing = [k for k in range(len(tape.codes)) if tape.operation(k).name in self.lacks]
        if missing:
            error = Unsupported(f"{self.name} lacks {self.lacks}")
            error.steps = missing
            raise error
        kernel = backends.named("python").build(tape, options)
        kernel.name = self.name
        return kernel


def example():
    """The code of CONTRIBUTING's section about backends."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    section = text.split("## A backend is one module")[1].split("\n## ")[0]
    (code,) = re.findall(r"```python\n(.*?)```", section, re.S)
    return code


def test_the_folder_is_the_list():
    folder = Path(backends.__file__).parent
    there = {p.stem for p in folder.iterdir() if p.name[0] not in "_." and (p.suffix == ".py" or p.is_dir())}
    assert {backend.name for backend in backends.ranked()} == there >= {"python", "numpy"}
    assert all(backends.named(name).name == name for name in there)
    assert len({backend.rank for backend in backends.ranked()}) == len(there)


@pytest.mark.skipif("llvm" not in BACKENDS, reason="without llvm")
def test_errors_list_what_is_there():
    there = ", ".join(["auto", *[backend.name for backend in backends.ranked()][::-1]])
    with pytest.raises(sd.SymdiffValueError, match=rf"no backend 'fast': take one of {there}$"):
        sd.compile(X, [X], backend="fast")
    backends.register(Other("fastest"))
    with pytest.raises(sd.SymdiffValueError, match=rf"take one of {there}, fastest$"):
        sd.compile(X, [X], backend="fast")
    with pytest.raises(sd.SymdiffTypeError, match=f"one of {there}, fastest, not 3"):
        sd.compile(X, [X], backend=3)
    with pytest.raises(sd.SymdiffValueError, match="no backend"):
        sd.compile(X, [X], backend="numpy+fast")


def test_names_are_taken_once():
    backends.register(Other("mine"))
    for name in ("mine", "numpy", "auto", "a+b", ""):
        with pytest.raises(sd.SymdiffValueError, match="another name"):
            backends.register(Other(name))


def test_auto_takes_the_highest_rank_that_is_installed():
    f = sd.sin(X) * Y
    before = sd.compile(f, [X, Y]).backend
    backends.register(Other("low", rank=-1))
    assert sd.compile(f, [X, Y]).backend == before
    backends.register(Other("absent", rank=11, here=False))
    assert sd.compile(f, [X, Y]).backend == before
    backends.register(Other("high", rank=10))
    assert sd.compile(f, [X, Y]).backend == "high"
    assert sd.compile(f, [X, Y], dtype=np.float32).backend == before  # which that one does not do


def test_what_one_backend_lacks_the_next_does():
    backends.register(Other("some", rank=10, lacks=("sin",)))
    backends.register(Other("more", rank=9, lacks=("exp",)))
    f = sd.exp(sd.sin(X) * Y) + Y**2
    compiled = sd.compile([f, f.gradient(X)], [X, Y])
    assert compiled.backend == "some+more"
    assert np.allclose(compiled(0.5, 2.0), sd.evaluate([f, f.gradient(X)], {X: 0.5, Y: 2.0}), rtol=1e-14)
    backends.register(Other("best", rank=12, lacks=("sin", "exp")))
    compiled = sd.compile(f, [X, Y])
    assert compiled.backend == "best+some+more"
    assert math.isclose(compiled(0.5, 2.0), f.evaluate({X: 0.5, Y: 2.0}), rel_tol=1e-14)
    with pytest.raises(Unsupported, match="best lacks"):
        sd.compile(f, [X, Y], backend="best")
    with pytest.raises(Unsupported, match="some lacks"):
        sd.compile(f, [X, Y], backend="best+some")


def test_a_backend_that_can_do_nothing_of_a_program_is_passed_over():
    backends.register(Other("none", rank=10, lacks=("sin", "mul")))
    assert sd.compile(sd.sin(X) * Y, [X, Y]).backend in BACKENDS


def test_contributing_alone_makes_a_backend():
    exec(compile(example(), "CONTRIBUTING.md", "exec"), {})
    f = sd.where(X < Y, sd.exp(X) / Y, sd.polygamma(1, X)) + sd.sqrt(X)
    outputs = {"value": f, "gradient": f.gradient([X, Y]), "less": X < Y, "three": 3}
    compiled = sd.compile(outputs, [X, Y], backend="loop")
    assert compiled.backend == "loop"
    assert "polygamma" in compiled.source
    x, y = np.array([0.5, 2.0, -1.0]), np.array([1.0, 0.5, 0.0])
    found, expected = compiled(x, y), sd.compile(outputs, [X, Y], backend="python")(x, y)
    for key in outputs:
        assert np.array_equal(found[key], expected[key], equal_nan=True)
    assert compiled(0.5, 1.0)["less"] is True
    with pytest.raises(sd.SymdiffValueError, match="float64"):
        sd.compile(outputs, [X, Y], backend="loop", dtype=np.float32)
    assert sd.compile(f, [X, Y]).backend in BACKENDS  # auto takes others


def test_contributing_says_what_a_builder_is():
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert "ops/builder.py" in text
    assert "code=lambda b, x: " in text
