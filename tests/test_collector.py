"""The garbage collector is paused in long passes, and runs afterwards as it did before."""

import gc

import pytest

import symdiff as sd
from symdiff.collector import Paused


@pytest.fixture
def collector():
    running = gc.isenabled()
    yield
    (gc.enable if running else gc.disable)()


@pytest.mark.parametrize("running", [True, False])
def test_it_is_left_as_it_was(collector, running):
    (gc.enable if running else gc.disable)()
    with Paused():
        assert not gc.isenabled()
        with Paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled() is running


def test_it_runs_again_after_an_interrupt(collector):
    gc.enable()
    with pytest.raises(KeyboardInterrupt), Paused():
        raise KeyboardInterrupt
    assert gc.isenabled()


@pytest.mark.parametrize("running", [True, False])
def test_passes_leave_it_as_it_was(collector, running):
    (gc.enable if running else gc.disable)()
    with sd.Graph():
        p, q = sd.variables("p q")
        f = sd.sin(p * q) * p
        results = f.hessian([p, q]), sd.jacobian([f, p], [p, q], sparse=True), sd.simplify(f), f.to_sympy()
        sd.compile(list(results[:2]), [p, q])
    assert gc.isenabled() is running
