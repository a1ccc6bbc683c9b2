"""Generated Fortran beside `sd.compile`, compiled by `gfortran` where it is installed and called by ctypes."""

import ctypes
import random
import shutil
import subprocess

import numpy as np
import pytest
from written import OPS, cases, compared, distinct, of_operation

import symdiff as sd

needs_gfortran = pytest.mark.skipif(shutil.which("gfortran") is None, reason="gfortran is not installed")
WARNINGS = [
    "-std=f2008",
    "-Wall",
    "-Wextra",
    "-Wno-compare-reals",
    "-Wno-unused-dummy-argument",
    "-Wno-zerotrip",
    "-Werror",
]


def library(folder, codes, options=("-O1", "-fcheck=all")):
    """One shared library of some subroutines."""
    sources = [str(code.write(folder)[0]) for code in codes]
    target = folder / "all.so"
    command = ["gfortran", *WARNINGS, *options, "-shared", "-fPIC", "-o", str(target), *sources]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder)
    assert done.returncode == 0, done.stderr[:3000]
    return ctypes.CDLL(str(target))


def call(lib, code, args, expected, dtype=float):
    """The outputs, in the shapes of those that are expected; arrays go and come column by column."""
    given = [np.asarray(a, dtype).ravel(order="F") for a in args]
    found = [np.full(max(np.size(w), 1), 7.5, dtype) for w in expected]
    getattr(lib, code.name)(*[ctypes.c_void_p(a.ctypes.data) for a in (*given, *found)])
    return [f[: np.size(w)].reshape(np.shape(w), order="F") for f, w in zip(found, expected, strict=True)]


def flat(arrays):
    return np.concatenate([np.ravel(a) for a in arrays])


@needs_gfortran
def test_operations_and_programs_of_arrays(tmp_path):
    wanted = cases("fortran")
    lib = library(tmp_path, distinct(wanted))
    compared([flat(call(lib, code, args, expected)) for code, args, expected in wanted], wanted)


@needs_gfortran
def test_single_precision(tmp_path):
    codes, points = [], {}
    for op in OPS:
        with sd.Graph():
            f, free = of_operation(op)
            codes.append(sd.code(f, free, name=f"single_{op.name}", language="fortran", dtype=np.float32))
            compiled = sd.compile(f, free, dtype=np.float32, accuracy="high")
        chance = random.Random(op.name)
        rows = [[chance.choice((-1.5, -0.3, 0.0, 0.5, 1.0, 2.5, 10.3)) for _ in free] for _ in range(10)]
        points[codes[-1].name] = [(row, np.float32(compiled(*row))) for row in rows]
    lib = library(tmp_path, codes)
    for code in codes:
        for row, expected in points[code.name]:
            (found,) = call(lib, code, row, [expected], np.float32)
            np.testing.assert_allclose(found, expected, rtol=3e-4, atol=1e-5, err_msg=f"{code.name} {row}")


@needs_gfortran
def test_arrays_that_are_read_in_other_shapes(tmp_path):
    with sd.Graph():
        m, v = sd.Var("M", shape=(3, 4)), sd.Var("v", shape=6)
        outputs = [
            m[::-1, ::-1] * 2.0, m.reshape(2, 6) @ v, m[[2, 0], :][:, [3, 3, 1]], sd.diag(v), v.reshape(2, 3).T,
            sd.jacobian(m[1:] @ v[1:5], m), sd.where(m > 1, m, 0.0), np.array([[v[0], v[1]], [v[2], 5]]), [v[0], m],
        ]  # fmt: skip
        code = sd.code(outputs, [m, v], language="fortran", name="shapes")
        values = [np.arange(12.0).reshape(3, 4) / 5, np.linspace(-1, 2, 6)]
        expected = list(sd.compile(outputs, [m, v])(*values))
    expected[-1] = np.concatenate([[expected[-1][0]], np.ravel(expected[-1][1], order="F")])
    for got, want in zip(call(library(tmp_path, [code]), code, values, expected), expected, strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-13)


@needs_gfortran
def test_long_programs_are_cut_into_procedures(tmp_path):
    chance = random.Random(1)
    with sd.Graph():
        xs = list(sd.variables("x", 5))
        pool = [*xs]
        early = (xs[0] > 0.2) & (xs[1] < 0.9)  # a condition that later parts read
        for _ in range(2500):
            a, b = chance.choices(pool[-30:] + pool[:5], k=2)
            pool.append(chance.choice([lambda a, b: a + b, lambda a, b: a * b * 0.5, lambda a, b: sd.sin(a - b)])(a, b))
        last = sd.where(early, pool[-1], pool[-2])
        outputs = [last, np.array(pool[-40:-1:7]), xs[0], sd.Const(2) * 1]
        code = sd.code(outputs, [np.array(xs)], language="fortran", name="long_one")
        point = np.linspace(0.1, 0.9, 5)
        expected = [np.asarray(one, float) for one in sd.compile(outputs, [np.array(xs)], accuracy="high")(point)]
    assert code.source.count("end subroutine long_one_part") > 5
    assert max(map(len, code.source.split("\n"))) <= 132
    for options in (["-O1", "-fcheck=all"], ["-O2"]):
        lib = library(tmp_path, [code], options)
        np.testing.assert_allclose(flat(call(lib, code, [point], expected)), flat(expected), rtol=1e-11)


@needs_gfortran
def test_sparse_matrices_come_by_columns_with_a_pattern(tmp_path):
    with sd.Graph():
        v, m = sd.Var("v", shape=6), sd.Var("M", shape=(4, 3))
        outputs = [
            sd.jacobian(sd.sin(v) * v, v, sparse=True),
            sd.jacobian(m[1:] * m[:-1] + m[0, 0], m, sparse=True),
        ]
        code = sd.code(outputs, [v, m], language="fortran", name="blocks")
        values = [np.linspace(-1, 1, 6), np.arange(12.0).reshape(4, 3)]
        found = [one.tocsc() for one in sd.compile(outputs, [v, m])(*values)]
    lib = library(tmp_path, [code])
    got = call(lib, code, values, [one.data for one in found])
    for k, (one, data) in enumerate(zip(found, got, strict=True)):
        one.sort_indices()
        starts, rows = np.zeros(len(one.indptr), np.int32), np.zeros(one.nnz, np.int32)
        getattr(lib, f"blocks_out{k}_pattern")(*[ctypes.c_void_p(a.ctypes.data) for a in (starts, rows)])
        np.testing.assert_array_equal(starts - 1, one.indptr)
        np.testing.assert_array_equal(rows - 1, one.indices)
        np.testing.assert_allclose(data, one.data, rtol=1e-14)


@needs_gfortran
def test_constants_and_names_of_any_kind(tmp_path):
    given = sd.variables("x X t1 sin Gamma work i wp out0 nan")
    long = sd.Var("a" * 80)
    with sd.Graph():
        v = sd.Var("v", shape=600)
        total = (
            sd.named("I", sum([k / 7 * one for k, one in enumerate(given, 1)]) * long) * (v * np.arange(600) / 3).sum()
        )
        outputs = [total * sd.named("exp", sd.cos(total / 1e3)), v[0] * 5e-324 * 1e300, v[1] * 1.7976931348623157e308]
        outputs += [sd.where(given[0] > 0, sd.Const(-float("inf")), given[0]), v + sd.Const(float("nan"))]
        inputs = [*given, long, v]
        code = sd.code(outputs, inputs, language="fortran", name="Named")
        values = [*np.linspace(0.2, 1.2, 11), np.linspace(-1, 1, 600)]
        expected = [np.asarray(one, float) for one in sd.compile(outputs, inputs)(*values)]
    assert max(map(len, code.source.split("\n"))) <= 132
    lib = library(tmp_path, [code])
    np.testing.assert_allclose(flat(call(lib, code, values, expected)), flat(expected), rtol=1e-12)


@needs_gfortran
def test_a_large_workspace_is_allocated(tmp_path):
    with sd.Graph():
        m = sd.Var("M", shape=(80, 80))
        f = sd.sin(m @ m) @ sd.cos(m @ m)
        code = sd.code(f, m, language="fortran", name="large")
        value = np.random.default_rng(0).normal(size=(80, 80))
        expected = [sd.compile(f, m)(value)]
    assert "allocate (work(" in code.source
    got = call(library(tmp_path, [code]), code, [value], expected)
    np.testing.assert_allclose(got[0], expected[0], rtol=1e-9, atol=1e-9)


def test_readable():
    x, y = sd.variables("x y")
    z = sd.named("z", x + y)
    source = sd.code(sd.sin(z) * z, [x, y], language="fortran", name="wave").source
    assert 'subroutine wave(x, y, out0) bind(c, name="wave")\n' in source
    assert "  z = x + y\n  out0 = sin(z)*z\nend subroutine wave\n" in source
    m, w = sd.Var("M", shape=(5, 3)), sd.Var("w", shape=3)
    source = sd.code(m @ w, [m, w], language="fortran").source
    assert "real(wp), intent(in) :: M(5, 3)" in source
    assert "out0(i) = out0(i) + w(j)*M(i, j)" in source


def test_names_that_fortran_does_not_have():
    x = sd.Var("x")
    for name in ("sin", "SIN", "subroutine", "out0", "OUT0", "main"):
        with pytest.raises(sd.SymdiffValueError, match="reserved"):
            sd.code(x, x, language="fortran", name=name)
    with pytest.raises(sd.SymdiffValueError, match="63 at most"):
        sd.code(x, x, language="fortran", name="a" * 64)


def test_files(tmp_path):
    x = sd.Var("x")
    assert sd.code(x, x, language="fortran", name="one").write(tmp_path) == [tmp_path / "one.f90"]
