"""What signals and forks leave behind: scopes that end, graphs that are whole, nothing that waits for ever."""

import contextlib
import math
import os
import pickle
import re
import signal
import subprocess
import sys
import threading
import time
import types
import warnings
from pathlib import Path

import pytest

import symdiff as sd
from symdiff.compile.array_programs import array_loops
from symdiff.compile.backends.llvm import target
from symdiff.graph import Graph, Variable, current_graph
from symdiff.locks import computed

fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")


INTERRUPTS = Path(__file__).with_name("interrupts.py")


@pytest.mark.parametrize(
    "what", [*[["leaves_no_scope", str(k)] for k in range(4)], ["leaves_a_graph_whole"]], ids=" ".join
)
def test_ctrl_c(what):
    done = subprocess.run(
        [sys.executable, str(INTERRUPTS), *what], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr


def test_scopes_entered_by_hand_and_out_of_order():
    with Graph() as outer:
        first, second = Graph(), Graph()
        first.__enter__()
        assert current_graph() is first
        with second:
            assert current_graph() is second
        assert current_graph() is first
        first.__exit__(None, None, None)
        assert current_graph() is outer

        def steps():
            with first:
                yield
                assert current_graph() is second

        walk = steps()
        next(walk)
        with second:
            next(walk, None)  # leaves the outer of two scopes
            assert current_graph() is second
        assert current_graph() is outer


def test_a_scope_ends_with_the_generator_that_opened_it():
    with Graph() as outer:

        def steps():
            with Graph():
                yield

        walk = steps()
        next(walk)
        del walk
        assert current_graph() is outer


class Slow:
    """A key whose second hash waits: the variable's place is taken, and the index does not tell of it yet."""

    def __init__(self):
        self.asked, self.reached, self.go = 0, threading.Event(), threading.Event()

    def __hash__(self):
        self.asked += 1
        if self.asked == 2:
            self.reached.set()
            self.go.wait(60)
        return 1


@fork
def test_a_child_forked_while_another_thread_builds_goes_on():
    with Graph() as graph:
        x = sd.Var("x")
    key = Slow()
    thread = threading.Thread(target=lambda: graph.var(Variable("y", key)))
    thread.start()
    assert key.reached.wait(60)
    child = forked()
    if not child:
        found = 1
        with contextlib.suppress(BaseException):
            f = x * sd.Var("y") + 2.5
            again, whole = pickle.loads(pickle.dumps([f, graph]))
            found = 0 if again == f and len(whole) == len(graph) and f.gradient("y") == x else 2
        os._exit(found)
    status = waited(child, 30)
    key.go.set()
    thread.join()
    assert status == 0
    assert len(set(graph.nodes)) == len(graph.nodes)


@fork
def test_a_child_forked_while_another_thread_makes_machine_code_goes_on():
    started, go = threading.Event(), threading.Event()

    @target.once
    def slow(wait):
        if wait:
            started.set()
            go.wait(60)

    thread = threading.Thread(target=slow, args=(True,))
    thread.start()
    assert started.wait(60)
    threading.Timer(0.3, go.set).start()
    child = forked()
    if not child:
        slow(False)
        os._exit(0)
    status = waited(child, 30)
    go.set()
    thread.join()
    assert status == 0


@fork
def test_a_child_forked_while_another_thread_makes_loops_of_arrays_goes_on():
    v, x = sd.Var("v", shape=3), sd.Var("x")
    f = sd.compile(sd.sin(v * 2).sum(), [v])
    g = sd.compile(sd.scan(lambda c, _: (c * x + 1, None), 0.0, length=100)[0], [x])
    started, go = threading.Event(), threading.Event()

    def make():
        with array_loops.making:
            started.set()
            go.wait(60)

    thread = threading.Thread(target=make)
    thread.start()
    assert started.wait(60)
    child = forked()
    if not child:
        found = 1
        with contextlib.suppress(BaseException):
            found = 0 if abs(f([0.5, 0.5, 0.5]) - 3 * math.sin(1)) < 1e-12 and abs(g(0.5) - 2) < 1e-12 else 2
        os._exit(found)
    status = waited(child, 60)
    go.set()
    thread.join()
    assert status == 0


@fork
def test_a_fork_waits_for_memory_of_machine_code_that_is_given_back():
    """A lock of llvmlite's own is held meanwhile."""
    started, ended = threading.Event(), threading.Event()

    class Engine:
        def close(self):
            started.set()
            time.sleep(0.5)
            ended.set()

    thread = threading.Thread(target=target._close, args=(Engine(), types.SimpleNamespace(close=ended.is_set)))
    thread.start()
    assert started.wait(60)
    child = forked()
    if not child:
        os._exit(0 if ended.is_set() else 1)
    assert waited(child, 30) == 0
    thread.join()


class Slowly:
    """What has an attribute that takes long."""

    def __init__(self, started=None, go=None):
        self.started, self.go = started, go

    @computed
    def made(self):
        if self.started is not None:
            self.started.set()
            self.go.wait(60)
        return [1]


@fork
def test_a_child_forked_while_another_thread_computes_an_attribute_goes_on():
    started, go = threading.Event(), threading.Event()
    thread = threading.Thread(target=lambda: Slowly(started, go).made)
    thread.start()
    assert started.wait(60)
    child = forked()
    if not child:
        os._exit(0 if Slowly().made == [1] else 1)
    status = waited(child, 30)
    go.set()
    thread.join()
    assert status == 0
    one = Slowly()
    assert one.made is one.made
    assert isinstance(Slowly.made, computed)


def test_no_lock_is_left_to_children():
    """Those of a cross-check's clock and of native code are known: made anew for each, and held in a fork."""
    known = {"check/bounds.py", "compile/backends/llvm/target.py"}
    package = Path(sd.__file__).parent
    for path in package.rglob("*.py"):
        if path.relative_to(package).as_posix() not in known:
            text = path.read_text(encoding="utf-8")
            assert "@functools.cached_property" not in text, path
            assert "@cached_property" not in text, path
            locks = re.findall(r".*\bR?Lock\(\).*", text)
            assert all("free_in_children" in line for line in locks), path


def forked():
    """As `os.fork`, which warns where there are threads."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return os.fork()


def waited(child, seconds):
    """The exit status of a child, None where it does not end in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None
