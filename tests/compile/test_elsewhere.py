"""Compiled functions in threads, other processes, on a cluster; and what they leave behind."""

import gc
import multiprocessing
import os
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import symdiff as sd

from .test_operations import BACKENDS


@pytest.fixture(params=BACKENDS)
def compiled(request):
    x, y = sd.variables("x y")
    f = sd.sin(x) * sd.exp(-y * y) + x**2 / (1 + y**2)
    return sd.compile([f, f.gradient([x, y])], [x, y], backend=request.param)


def digest(found):
    return found[0].tobytes() + found[1].tobytes()


def grids():
    x = np.linspace(-3, 3, 4001)
    return x, x[::-1].copy()


def test_threads_calling_one_function(compiled):
    x, y = grids()
    parts = [slice(k, k + 500) for k in range(0, 3500, 123)] * 4
    expected = [digest(compiled(x[p], y[p])) for p in parts]
    alone = compiled(0.3, 0.7)

    def work(p):
        return digest(compiled(x[p], y[p])), repr(compiled(0.3, 0.7)) == repr(alone)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, parts)) == [(e, True) for e in expected]


def test_a_batch_shared_by_threads(compiled):
    x, y = np.random.default_rng(0).normal(size=(2, 20_000))
    one = compiled(x, y)
    for threads in (2, 3, 8):
        assert digest(compiled(x, y, threads=threads)) == digest(one)
    table = compiled(x[:150, None], y[:100])
    shared = compiled(x[:150, None], y[:100], threads=2)
    assert digest(table) == digest(shared)


def call(function, x, y):
    return function(x, y)


@pytest.mark.parametrize("method", [m for m in ("fork", "spawn") if m in multiprocessing.get_all_start_methods()])
def test_other_processes(compiled, method):
    x, y = grids()
    expected = digest(compiled(x, y))
    context = multiprocessing.get_context(method)
    with context.Pool(1) as pool:
        assert digest(pool.apply(compiled, (x, y))) == expected
        assert digest(pool.apply(call, (compiled, x, y))) == expected


def test_operations_of_users_are_found_by_name():
    code = (
        "import pickle, sys, symdiff as sd\n"
        "first = sd.operation('unrelated_one', lambda t: t, lambda r, t: 1)\n"
        "twice = sd.operation('twice_elsewhere', lambda t: 2*t, lambda r, t: 2)\n"
        "print(pickle.load(sys.stdin.buffer)(3.0))"
    )
    twice = sd.operation("twice_elsewhere", lambda t: 2 * t, lambda r, t: 2)
    x = sd.Var("x")
    data = pickle.dumps(sd.compile(twice(x) + 1, [x]))
    done = subprocess.run([sys.executable, "-c", code], input=data, capture_output=True)
    assert done.stdout.strip() == b"7.0", done.stderr
    unknown = code.replace("twice_elsewhere", "another")
    done = subprocess.run([sys.executable, "-c", unknown], input=data, capture_output=True)
    assert b"no operation 'twice_elsewhere'" in done.stderr


def test_joblib(compiled):
    joblib = pytest.importorskip("joblib")
    x, y = grids()
    parts = [slice(0, 2000), slice(2000, 4001)]
    found = joblib.Parallel(n_jobs=2, backend="threading")(joblib.delayed(compiled)(x[p], y[p]) for p in parts)
    whole = compiled(x, y)
    assert b"".join(f[0].tobytes() for f in found) == whole[0].tobytes()


@pytest.fixture(scope="module")
def cluster():
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as local,
        distributed.Client(local) as client,
    ):
        yield client


@pytest.mark.filterwarnings("ignore")  # of the libraries
def test_dask_on_two_worker_processes(cluster):
    da = pytest.importorskip("dask.array")
    x, y = sd.variables("x y")
    f = sd.sin(x) * sd.exp(-y * y) + x**2 / (1 + y**2)
    value = sd.compile(f, [x, y])
    both = sd.compile((f, f.gradient(x)), [x, y])
    w = sd.variables("w", 3)
    norm = sd.compile(sd.sqrt((w * w).sum()), [w])
    a, b = np.random.default_rng(0).normal(size=(2, 60, 50))
    chunked, other = da.from_array(a, chunks=(20, 25)), da.from_array(b, chunks=(20, 25))
    assert np.array_equal(da.map_blocks(value, chunked, other, dtype=float).compute(), value(a, b))
    mapped = da.map_blocks(value, chunked, other)  # dask finds out the type by a call with nothing
    assert mapped.dtype == float
    assert np.array_equal(mapped.compute(), value(a, b))
    first, second = da.apply_gufunc(both, "(),()->(),()", chunked, other, output_dtypes=(float, float))
    assert np.array_equal(first.compute(), both(a, b)[0])
    assert np.array_equal(second.compute(), both(a, b)[1])
    vectors = da.from_array(np.random.default_rng(1).normal(size=(40, 3)), chunks=(7, 3))
    lengths = da.apply_gufunc(norm, "(i)->()", vectors, output_dtypes=float)
    assert np.array_equal(lengths.compute(), norm(vectors.compute()))
    workers = set(cluster.gather(cluster.map(lambda k: os.getpid(), range(20), pure=False)))
    assert os.getpid() not in workers


@pytest.mark.parametrize("backend", ["python", "numpy"])
def test_thousands_of_functions_leave_nothing(backend):
    def some(count):
        with sd.Graph():
            x = sd.Var("x")
            for k in range(count):
                sd.compile(x * (k % 50) + 1, [x], backend=backend)(2.0)
        gc.collect()
        return sys.getallocatedblocks()

    held = [some(2000) for _ in range(4)]  # threads of earlier tests may keep or free something meanwhile
    assert min(np.diff(held)) < 500  # less than one small object for four functions
