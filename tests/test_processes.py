"""What signals and forks leave behind: scopes that end, graphs that are whole, nothing that waits for ever."""

import contextlib
import gc
import os
import pickle
import signal
import sys
import threading
import time
import warnings

import pytest

import symdiff as sd
from symdiff.graph import Graph, Variable, _thread, current_graph
from symdiff.parser import parse

fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")


def interrupted(action, k):
    """Whether Ctrl-C at the k-th step of symdiff's own code came before the action's end."""
    left = [k]

    def trace(frame, event, arg):
        if "symdiff" not in frame.f_code.co_filename:
            return None
        frame.f_trace_opcodes = True
        if event == "opcode":  # Python looks for signals at some; raised at a call, CPython 3.11 has hung once
            if not left[0]:
                left[0] = -1
                raise KeyboardInterrupt
            left[0] -= 1
        return trace

    before = sys.gettrace()
    try:
        sys.settrace(trace)
        action()
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(before)
    return left[0] < 0


def nested():
    with Graph(), Graph():
        sd.Var("x")


def in_a_stack():
    with contextlib.ExitStack() as stack:
        stack.enter_context(Graph())
        stack.enter_context(Graph())


@pytest.mark.parametrize(
    ("action", "step"), [(lambda: parse("x + 1"), 1), (nested, 1), (in_a_stack, 5), (lambda: sd.variables("w", 2), 1)]
)
def test_ctrl_c_leaves_no_scope(action, step):
    with Graph() as outer:
        k = 0
        while interrupted(action, k):
            if current_graph() is not outer:
                gc.collect()  # an ExitStack that was interrupted is held by a ring of references
            assert current_graph() is outer, k
            k += step
        assert k > 20
        assert len(_thread.entered) == 1
    assert not _thread.entered


def test_ctrl_c_leaves_a_graph_whole():
    with Graph() as graph:
        x = sd.Var("x")
    k = 0

    def build():
        (x + k) * sd.Var(f"y{k}")

    while interrupted(build, k):
        f = (x + k) * sd.Var(f"y{k}")
        assert graph.find(graph.nodes[f._index]) == f._index
        assert f.evaluate({"x": 1, f"y{k}": 2}) == 2 * (1 + k)
        k += 1
    assert k > 50
    again = pickle.loads(pickle.dumps([f, graph]))
    assert again[0] == f
    assert len(again[1]) == len(graph)


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
