"""What signals and forks leave behind: scopes that end, graphs that are whole, nothing that waits for ever."""

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path

import pytest

import symdiff as sd
from symdiff.graph import Graph, Variable, current_graph

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
    llvm_target = pytest.importorskip("symdiff.compile.llvm_target")
    started, go = threading.Event(), threading.Event()

    @llvm_target.once
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
