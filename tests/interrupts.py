"""Ctrl-C at every opcode of symdiff's own code, in a process of its own: `python interrupts.py leaves_no_scope 0`.

Tracing opcodes of code that has run many times before, CPython 3.11 has looped for ever.
"""

import contextlib
import gc
import pickle
import sys

import symdiff as sd
from symdiff.graph import Graph, _thread, current_graph
from symdiff.parser import parse


def interrupted(action, k):
    """Whether Ctrl-C at the k-th step of symdiff's own code came before the action's end."""
    left = [k]

    def trace(frame, event, arg):
        if "symdiff" not in frame.f_code.co_filename:
            return None
        frame.f_trace_opcodes = True
        if event in ("call", "opcode"):  # Python looks for signals at some of these
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


ACTIONS = [(lambda: parse("x + 1"), 1), (nested, 1), (in_a_stack, 5), (lambda: sd.variables("w", 2), 1)]


def leaves_no_scope(number):
    action, step = ACTIONS[int(number)]
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


def leaves_a_graph_whole():
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


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
