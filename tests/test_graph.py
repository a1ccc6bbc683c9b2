"""The interned store: sharing, lifetimes, scopes, threads, copies, depth."""

from __future__ import annotations

import copy
import gc
import io
import math
import pickle
import subprocess
import sys
import threading
import weakref

import numpy as np
import pytest

import symdiff as sd

DEPTH = 200_000


def chain(x, depth):
    y = x
    for _ in range(depth):
        y = sd.sin(y) + 0.1 * x
    return y


@pytest.fixture(scope="module")
def deep():
    """A chain far deeper than Python's stack, with its variable."""
    with sd.Graph():
        x = sd.Var("x")
        return x, chain(x, DEPTH)


# -- sharing ------------------------------------------------------------------


def test_equal_subexpressions_are_one_node():
    with sd.Graph() as graph:
        x, y = sd.variables("x y")
        first = sd.sin(x * y) + 1
        size = len(graph)
        second = sd.sin(x * y) + 1
        assert len(graph) == size
        assert first == second
        assert first.args[0] == second.args[0] == sd.sin(x * y)


def test_a_doubling_loop_makes_one_node_a_step():
    with sd.Graph() as graph:
        y = sd.Var("x")
        for _ in range(60):
            y = sd.sin(y) * sd.cos(y)
        assert len(graph) == 1 + 3 * 60
        assert len(list(y.nodes())) == 1 + 3 * 60


def test_nodes_come_operands_before_users_and_only_once():
    x, y = sd.variables("x y")
    f = sd.sin(x * y) + x * y
    nodes = list(f.nodes())
    assert len(set(nodes)) == len(nodes)
    assert nodes[-1] == f
    for k, node in enumerate(nodes):
        assert all(arg in nodes[:k] for arg in node.args)


def test_a_variable_of_one_name_is_one_variable_in_a_graph():
    with sd.Graph():
        first, second = sd.Var("x"), sd.Var("x")
        first.value = 3
        assert second == first
        assert second.value == 3
        assert (first - second) == sd.Const(0)


def test_equality_of_handles_looks_at_no_operand():
    """A billion comparisons would be needed by one that walks the tree."""
    with sd.Graph():
        a = b = sd.Var("x")
        for _ in range(200):
            a, b = sd.sin(a) * sd.cos(a), sd.sin(b) * sd.cos(b)
        assert a == b
        assert hash(a) == hash(b)
        assert a != sd.sin(a)
        assert (a == a.args[0]) is False


def test_equal_expressions_of_two_graphs_are_equal_and_hash_equal():
    def build():
        x, y = sd.variables("x y")
        return x**2 * y + sd.where(x < 1.5, sd.sin(x) / 3, sd.pi) + sd.Const(1) / 3

    with sd.Graph():
        noise = [sd.Var(name) for name in "abc"]
        first = build()
    with sd.Graph():
        second = build()
    assert noise
    assert first.graph is not second.graph
    assert first == second
    assert hash(first) == hash(second)
    assert {first: 1}[second] == 1


def test_unequal_expressions_of_two_graphs_are_unequal():
    with sd.Graph():
        x, y = sd.variables("x y")
        first = [x - y, sd.sin(x), x**2, x + 1, x]
    with sd.Graph():
        x, y = sd.variables("x y")
        second = [y - x, sd.cos(x), x**3, x + 1.0, y]
    for a, b in zip(first, second, strict=True):
        assert a != b


def test_equality_with_what_is_no_expression():
    x = sd.Var("x")
    assert x != "x"
    assert x != 3
    assert (x == None) is False  # noqa: E711
    assert x + 0.0 != 3


def test_same_input_gives_same_text_and_bits():
    def build():
        with sd.Graph():
            x, y = sd.variables("x y")
            f = sd.exp(sd.sin(x * y)) / (1 + x**2)
            return str(f.hessian([x, y])), f.hessian([x, y])[0, 0].evaluate(x=0.3, y=0.7)

    assert build() == build()


# -- lifetimes ----------------------------------------------------------------


def test_a_graph_is_freed_when_its_last_handle_goes():
    with sd.Graph() as graph:
        x = sd.Var("x")
        f = sd.sin(x) * x
    alive = weakref.ref(graph)
    del graph, x
    gc.collect()
    assert alive() is not None
    del f
    gc.collect()
    assert alive() is None


def test_a_graph_is_freed_after_everything_was_done_with_it():
    with sd.Graph() as graph:
        x, y = sd.variables("x y")
        f = sd.exp(x * y)
        point = {x: 1.0, y: 2.0}
        hash(f)
        f.hessian([x, y])
        f.evaluate(point)
        f.backpropagate(point)
        f.evaluate({x: sd.DualNumber(1.0, 1.0), y: 2.0})
        str(f)
        f.replace({x: y})
        pickle.dumps(f)
        copy.deepcopy(f)
    alive = weakref.ref(graph)
    del graph, x, y, f, point
    gc.collect()
    assert alive() is None


def test_a_freed_graph_needs_no_cycle_collector():
    gc.disable()
    try:
        with sd.Graph() as graph:
            x = sd.Var("x")
            f = sd.sin(x) * x
            f.evaluate({x: 1.0})
            f.gradient(x)
        alive = weakref.ref(graph)
        del graph, x, f
        assert alive() is None
    finally:
        gc.enable()


def test_a_loop_inside_scopes_leaks_nothing():
    graphs = []
    for k in range(20):
        with sd.Graph() as graph:
            x = sd.Var("x")
            f = sd.sin(x) + k
            f.gradient(x).evaluate({x: 1.0})
        graphs.append(weakref.ref(graph))
    del graph, x, f
    gc.collect()
    assert [ref() for ref in graphs] == [None] * 20


def test_a_loop_that_parses_leaks_nothing():
    graphs = []
    for k in range(20):
        f = sd.parse(f"sin(x) + {k}*y")
        f.evaluate(x=1.0, y=2.0)
        graphs.append(weakref.ref(f.graph))
    del f
    gc.collect()
    assert [ref() for ref in graphs] == [None] * 20


def test_parse_starts_a_graph_of_its_own():
    x = sd.Var("x")
    f, g = sd.parse("x + 1"), sd.parse("x + 1")
    assert f.graph is not x.graph
    assert f.graph is not g.graph
    assert f == g == x + 1


def test_a_variable_joins_the_live_graph_of_its_thread():
    x = sd.Var("x")
    y = sd.Var("y")
    assert x.graph is y.graph

    found = []
    thread = threading.Thread(target=lambda: found.append(sd.Var("z")))
    thread.start()
    thread.join()
    assert found[0].graph is not x.graph


def test_no_live_graph_is_kept_when_all_handles_are_gone():
    def work():
        first = weakref.ref(sd.Var("x").graph)
        gc.collect()
        gone.append(first() is None)

    gone = []
    thread = threading.Thread(target=work)  # a thread has no live graph to begin with
    thread.start()
    thread.join()
    assert gone == [True]


def test_pi_never_makes_its_graph_grow():
    x = sd.Var("x")
    size = len(sd.pi.graph)
    results = [sd.pi * x, 2 * sd.pi, sd.sin(sd.pi), -sd.pi, sd.pi / 3 + sd.e, sd.pi**2, sd.pi * sd.e, sd.pi < x]
    np.sin(sd.pi)
    sd.pi.evaluate()
    sd.pi.gradient(x)
    (sd.pi + 1).diff(x)
    sd.pi.adjoints()
    sd.pi.replace({x: 1})
    copy.deepcopy(sd.pi)
    pickle.loads(pickle.dumps(sd.pi))
    str(sd.pi), hash(sd.pi)
    assert len(sd.pi.graph) == size
    assert all(result.graph is not sd.pi.graph for result in results)


# -- scopes -------------------------------------------------------------------


def test_scopes_nest():
    with sd.Graph() as outer:
        a = sd.Var("a")
        with sd.Graph() as inner:
            b = sd.Var("b")
        c = sd.Var("c")
    assert a.graph is outer
    assert b.graph is inner
    assert c.graph is outer


def test_a_scope_ends_when_an_exception_passes():
    before = sd.Var("x")
    graph = sd.Graph()
    with pytest.raises(sd.SymdiffError), graph:
        sd.Var("2y")
    assert sd.Var("z").graph is before.graph
    assert sd.Var("z").graph is not graph


def test_a_scope_can_be_entered_again():
    with sd.Graph() as graph:
        x = sd.Var("x")
    with graph:
        assert sd.Var("x") == x
        assert sd.Var("y").graph is graph


def test_a_scope_of_one_thread_is_none_of_another():
    found = []
    with sd.Graph() as graph:
        thread = threading.Thread(target=lambda: found.append(sd.Var("x").graph))
        thread.start()
        thread.join()
    assert found[0] is not graph


def test_scope_without_simplification_keeps_results_of_operations_there():
    with sd.Graph(simplify=False) as graph:
        x = sd.Var("x")
        f = x * 1 + 0
    assert f.graph is graph
    assert str(f) == "x*1 + 0"
    assert str(f + 0) == "x*1 + 0 + 0"  # outside of the scope too


# -- combining graphs -----------------------------------------------------------


def test_combining_copies_the_smaller_graph_into_the_larger():
    with sd.Graph() as large:
        x = sd.Var("x")
        f = chain(x, 50)
    with sd.Graph() as small:
        g = sd.sin(sd.Var("y"))
    before_small, before_large = len(small), len(large)
    for h in (f * g, g * f):
        assert h.graph is large
    assert len(small) == before_small
    assert len(large) == before_large + 4  # y, sin(y), f*g, g*f


def test_combining_copies_only_what_is_needed():
    with sd.Graph() as small:
        y = sd.Var("y")
        for k in range(10):
            sd.sin(y) + k
    with sd.Graph() as large:
        f = chain(sd.Var("x"), 50)
    before = len(large)
    assert len(small) < before
    assert (f + y).graph is large
    assert len(large) == before + 2


def test_the_value_of_a_variable_travels_when_graphs_combine():
    with sd.Graph():
        f = chain(sd.Var("x"), 10)
    with sd.Graph():
        y = sd.Var("y", 5)
    (there,) = [v for v in (f * y).variables if v.name == "y"]
    assert there.value == 5
    there.value = 7
    assert y.value == 7
    y.value = 8
    assert there.value == 8


@pytest.mark.parametrize("set_first", ["small", "large"])
def test_the_value_set_last_wins_when_two_cells_of_one_name_join(set_first):
    with sd.Graph():
        a = sd.Var("x")
        f = chain(a, 10)
    with sd.Graph():
        b = sd.Var("x")
    first, last = (b, a) if set_first == "small" else (a, b)
    first.value = 1
    last.value = 2
    product = f * b
    assert product.variables[0].value == 2
    assert a.value == b.value == 2
    b.value = 3
    assert a.value == 3
    assert product.variables[0].value == 3


def test_gradients_set_by_backpropagation_are_seen_by_handles_of_both_graphs():
    with sd.Graph():
        x = sd.Var("x", 3.0)
        f = chain(x, 3)
    with sd.Graph():
        y = sd.Var("y", 4.0)
    (f * 0 + x * x * y).backpropagate()
    assert (x.grad, y.grad) == (24.0, 9.0)


def test_derivative_by_a_variable_of_another_graph():
    with sd.Graph():
        f = sd.Var("x") ** 2
    with sd.Graph():
        x, y = sd.variables("x y")
    assert str(f.gradient(x)) == "2*x"
    assert str(f.gradient(y)) == "0"
    assert f.evaluate({x: 3, y: 1}) == 9


# -- threads --------------------------------------------------------------------


def test_threads_intern_the_same_nodes_at_once_without_duplicates():
    graph = sd.Graph()
    with graph:
        x, y = sd.variables("x y")
    count = 8
    results = [None] * count
    barrier = threading.Barrier(count)

    def work(k):
        barrier.wait()
        terms = []
        for n in range(400):
            f = sd.sin(x * n + y) / (sd.cos(y) + n) + sd.Const(n)
            terms.append(f.gradient(x))
            terms.append(f)
        results[k] = terms

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        threads = [threading.Thread(target=work, args=(k,)) for k in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert all(result == results[0] for result in results)
    assert all(f.graph is results[0][1].graph for result in results for f in result[1::2])
    nodes = results[0][1].graph.nodes
    assert len(set(nodes)) == len(nodes)
    assert all(j < i for i, node in enumerate(nodes) if node[0] > 1 for j in node[1:])


def test_a_place_that_two_threads_wanted_stays_unused():
    x = sd.Var("x")
    f = sd.sin(x) * x
    graph = f.graph
    held = graph.nodes[f._index]
    assert graph.append((*held,)) == f._index  # as a thread does that looked before the other appended
    assert len(set(graph.nodes)) == len(graph.nodes)
    g = f + 1
    assert pickle.loads(pickle.dumps([g, g.graph]))[0] == g
    assert g == sd.sin(x) * x + 1
    assert str(g.gradient(x)) == "x*cos(x) + sin(x)"
    ends = graph._repr_svg_()
    assert ends is None or ">0<" not in ends


def test_threads_combine_graphs_in_both_directions_without_deadlock():
    with sd.Graph():
        f = chain(sd.Var("x"), 20)
    with sd.Graph():
        g = chain(sd.Var("y"), 20)
    found = []

    def work(a, b):
        found.extend((a * k + b).evaluate(x=0.5, y=0.25) for k in range(50))

    threads = [threading.Thread(target=work, args=pair, daemon=True) for pair in [(f, g), (g, f)] * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)
    values = [h.evaluate(x=0.5, y=0.25) for h in (f, g)]
    expected = [a * k + b for a, b in (values, values[::-1]) for k in range(50)] * 2
    assert sorted(found) == pytest.approx(sorted(expected), rel=1e-14)


# -- pickles and copies ---------------------------------------------------------


def test_an_expression_survives_pickling():
    x, y = sd.variables("x y")
    f = x**2 * y + sd.where(x < y, sd.sin(x), 2.5) + sd.Const(1) / 3 + sd.pi + sd.polygamma(1, x)
    again = pickle.loads(pickle.dumps(f))
    assert again == f
    assert hash(again) == hash(f)
    assert str(again) == str(f)
    assert again.graph is not f.graph
    assert again.evaluate(x=2.0, y=3.0) == f.evaluate(x=2.0, y=3.0)


def test_values_of_variables_are_pickled():
    x = sd.Var("x", 3)
    again = pickle.loads(pickle.dumps(x**2))
    assert again.evaluate() == 9


def test_an_expression_and_its_variable_share_a_cell_after_pickling():
    with sd.Graph():
        x, y = sd.variables("x y")
        f = x**2 * y
        f2, x2, y2 = pickle.loads(pickle.dumps((f, x, y)))
    x2.value, y2.value = 3, 4
    assert f2.evaluate() == 36
    assert x.value is None


def test_a_small_expression_and_its_variable_of_a_huge_graph_share_a_cell_after_pickling():
    with sd.Graph():
        x = sd.Var("x")
        y = chain(x, 2000)
        f = x**2 + 1
        f2, x2 = pickle.loads(pickle.dumps((f, x)))
    assert y != f
    x2.value = 3
    assert f2.evaluate() == 10


def test_arrays_of_expressions_survive_pickling():
    w = sd.variables("w", (2, 3))
    fs = np.sin(w) * 2
    fs2, w2 = pickle.loads(pickle.dumps((fs, w)))
    assert fs2.shape == (2, 3)
    assert (fs2 == fs).all()
    w2[0, 1].value = 0.5
    assert fs2[0, 1].evaluate() == 2 * math.sin(0.5)


def test_a_small_expression_of_a_huge_graph_pickles_small(deep):
    x, y = deep
    f = x**2 + 1
    assert f.graph is y.graph
    assert len(pickle.dumps(f)) < 5_000
    assert pickle.loads(pickle.dumps(f)) == f


def test_the_scope_of_raw_graphs_survives_pickling():
    with sd.Graph(simplify=False):
        x = sd.Var("x")
        f = x * 1 + 0
    again = pickle.loads(pickle.dumps(f))
    assert str(again + 0) == "x*1 + 0 + 0"


def test_pickles_travel_between_processes():
    x, y = sd.variables("x y")
    f = x**2 * y + y + 2
    script = (
        "import sys, pickle; f, g = pickle.loads(sys.stdin.buffer.read())\n"
        "import symdiff as sd\n"
        "x, y = sd.variables('x y')\n"
        "assert f == x**2*y + y + 2 and hash(f) == hash(x**2*y + y + 2), f\n"
        "assert f.evaluate(x=3, y=4) == 42\n"
        "sys.stdout.buffer.write(pickle.dumps([f.gradient('x'), g]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], input=pickle.dumps([f, sd.sin(f)]), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    gradient, same = pickle.loads(done.stdout)
    assert gradient == 2 * x * y
    assert same == sd.sin(f)


def test_pickling_a_user_operation_that_the_reader_lacks_is_a_clear_error():
    name = "only_in_test_graph"
    op = sd.operation(name, lambda x: x * 3.0, lambda r, x: 3)
    data = pickle.dumps(op(sd.Var("x")))
    script = (
        "import sys, pickle, symdiff as sd\ntry: pickle.load(sys.stdin.buffer)\nexcept sd.SymdiffError as e: print(e)"
    )
    done = subprocess.run([sys.executable, "-c", script], input=data, capture_output=True, check=True)
    assert name in done.stdout.decode()


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_every_pickle_protocol(protocol):
    x = sd.Var("x")
    f = sd.sin(x) * 2
    assert pickle.loads(pickle.dumps(f, protocol)) == f


def test_copy_and_deepcopy_are_equal():
    x = sd.Var("x")
    f = sd.sin(x) * 2
    assert copy.copy(f) == f
    assert copy.deepcopy(f) == f
    assert hash(copy.deepcopy(f)) == hash(f)


def test_deepcopy_has_a_graph_and_cells_of_its_own():
    x = sd.Var("x", 3)
    f = x**2
    g = copy.deepcopy(f)
    assert g.graph is not f.graph
    assert g.evaluate() == 9
    g.variables[0].value = 4
    assert x.value == 3
    assert (f.evaluate(), g.evaluate()) == (9, 16)


def test_deepcopy_of_several_keeps_their_cell_shared():
    x = sd.Var("x", 3)
    f2, x2 = copy.deepcopy([x**2, x])
    x2.value = 5
    assert f2.evaluate() == 25


def test_deepcopy_of_an_array_of_variables():
    w = sd.variables("w", 3)
    w2 = copy.deepcopy(w)
    assert (w2 == w).all()
    w2[0].value = 1
    assert w[0].value is None


# -- depth ----------------------------------------------------------------------


def test_a_deep_chain_is_evaluated(deep):
    x, y = deep
    expected = 0.5
    for _ in range(DEPTH):
        expected = math.sin(expected) + 0.1 * 0.5
    assert y.evaluate({x: 0.5}) == expected


def test_a_deep_chain_is_differentiated(deep):
    x, y = deep
    value, slope = 0.5, 1.0
    for _ in range(DEPTH):
        value, slope = math.sin(value) + 0.1 * 0.5, math.cos(value) * slope + 0.1
    assert y.gradient(x).evaluate({x: 0.5}) == pytest.approx(slope, rel=1e-12)
    assert y.backpropagate({x: 0.5})[x] == pytest.approx(slope, rel=1e-12)


def test_a_deep_chain_is_differentiated_forwards():
    x = sd.Var("x")
    y = chain(x, DEPTH // 10)
    slope = y.gradient(x).evaluate({x: 0.5})
    assert sd.jvp(y, [x], [1]).evaluate({x: 0.5}) == pytest.approx(slope, rel=1e-12)
    assert y.evaluate({x: sd.DualNumber(0.5, 1.0)}).eps == pytest.approx(slope, rel=1e-12)


def test_a_deep_chain_is_hashed_and_compared(deep):
    x, y = deep
    with sd.Graph():
        other = chain(sd.Var("x"), DEPTH)
        longer = sd.sin(other)
    assert hash(other) == hash(y)
    assert other == y
    assert longer != y
    assert y.variables == (x,)


def test_a_deep_chain_is_printed(deep):
    _, y = deep
    written = str(y)
    assert written.startswith("sin(sin(sin(")
    assert written.count("sin(") == DEPTH
    assert written.endswith("+ 0.1*x")


def test_a_deep_chain_is_pickled_and_copied(deep):
    x, y = deep
    buffer = io.BytesIO()
    pickle.dump((y, x), buffer)
    buffer.seek(0)
    again, x2 = pickle.load(buffer)
    assert again == y
    assert again.variables == (x2,)
    assert copy.deepcopy(y) == y


def test_a_deep_chain_is_substituted(deep):
    x, y = deep
    z = y.replace({x: sd.Var("t") + 1})
    assert z.evaluate(t=-0.5) == pytest.approx(y.evaluate({x: 0.5}))


def test_a_deep_chain_is_parsed_back():
    y = chain(sd.Var("x"), DEPTH // 10)
    assert "nodes" in repr(y)
    assert sd.parse(str(y)) == y


def test_a_deep_chain_is_deleted():
    with sd.Graph() as graph:
        y = chain(sd.Var("x"), DEPTH)
    alive = weakref.ref(graph)
    del graph, y
    gc.collect()
    assert alive() is None
