"""Memory of compiled functions of arrays: that of earlier calls is used again, and goes when functions go."""

# ruff: noqa: N806  # matrices and functions have capital names

import gc
import os
import threading

import numpy as np
import pytest

import symdiff as sd
from symdiff.compile.memory import pooled
from symdiff.compile.quiet import quietly

pytest.importorskip("llvmlite")

N = 20_000
DROPPED = int(os.environ.get("SYMDIFF_DROPPED_FUNCTIONS", "200"))  # 10000 takes some minutes


def call(function, *args):
    return pooled(quietly)(function, args)


def address(array):
    return array.__array_interface__["data"][0]


def test_memory_that_was_let_go_is_used_again():
    first = call(np.ones, N)
    at = address(first)
    del first
    assert address(call(np.ones, N)) == at


def test_memory_of_results_is_theirs_as_long_as_they_are():
    kept = [call(np.full, N, float(k)) for k in range(100)]
    assert len({address(a) for a in kept}) == 100
    assert all((a == k).all() for k, a in enumerate(kept))


def test_views_keep_memory():
    view = call(np.full, N, 7.0)[5:]
    others = [call(np.zeros, N) for _ in range(10)]
    assert (view == 7).all()
    assert all((a == 0).all() for a in others)


def test_zeros_are_zeros_in_memory_that_was_used():
    for n in (N, 7, 0, N + 1):
        call(np.full, n, np.nan)
        assert (call(np.zeros, n) == 0).all()


def test_arrays_grow_where_they_are():
    array = call(np.arange, N)
    array.resize(3 * N, refcheck=False)
    np.testing.assert_array_equal(array[:N], np.arange(N))
    array.resize(5, refcheck=False)
    np.testing.assert_array_equal(array, np.arange(5))


def test_lines_of_the_cache_are_whole():
    assert all(address(call(np.empty, n)) % 64 == 0 for n in (1, 100, N, 600_000))


def test_what_no_memory_can_hold_is_an_error():
    with pytest.raises(MemoryError):
        call(np.empty, 2**58)


def test_threads_have_memory_of_their_own():
    X = sd.Var("X", shape=("n", 50))
    F = sd.compile([sd.exp(X @ X.T), (X * 2).sum(axis=0)], [X])
    rng = np.random.default_rng(0)
    given = [rng.normal(size=(n, 50)) / 10 for n in (300, 300, 301, 280)]
    right = [F(a) for a in given]
    wrong = []

    def work(k):
        for _ in range(40):
            found = F(given[k])
            if not all(np.array_equal(a, b) for a, b in zip(found, right[k], strict=True)):
                wrong.append(k)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def resident():
    """The memory of this process in bytes."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="no /proc/self/statm here")
def test_functions_that_are_dropped_leave_no_memory():
    """A memory of 4 kB for each would be 40 MB for 10,000: measured are 300 bytes."""

    def one(k):
        with sd.Graph():
            x = sd.Var("x", shape=8)
            F = sd.compile([((k + 1) * sd.tanh(x) * x).sum(), sd.outer(x, x)], [x])
            return F(np.ones(8))

    for k in range(60):
        one(k)
    gc.collect()
    before = resident()
    for k in range(DROPPED):
        one(k)
    gc.collect()
    assert resident() - before < DROPPED * 4_000
