"""Generated MATLAB beside `sd.compile`, run by Octave where it is installed, all in few runs of it."""

import shutil
import subprocess

import numpy as np
import pytest
from written import cases, compared

import symdiff as sd

needs_octave = pytest.mark.skipif(shutil.which("octave-cli") is None, reason="Octave is not installed")


def literal(value):
    """A number, a column or an array, as MATLAB reads it."""
    array = np.asarray(value, float)
    entries = " ".join([repr(v) for v in array.ravel(order="F").tolist()])
    sizes = ", ".join(map(str, array.shape if array.ndim > 1 else (array.size, 1)))
    return f"reshape([{entries}], {sizes})" if array.ndim else repr(float(array))


def run(folder, calls, numbers="full(double({}))"):
    """The outputs of some calls as flat arrays, each by columns; a call is code, arguments and the count of outputs."""
    for code in {code.name: code for code, _, _ in calls}.values():
        code.write(folder)
    lines = []
    for code, args, count in calls:
        outputs = ", ".join([f"o{k}" for k in range(count)])
        lines.append(f"[{outputs}] = {code.name}({', '.join(map(literal, args))});")
        lines += [f'printf("%.17g ", {numbers.format(f"o{k}")}); printf("\\n");' for k in range(count)]
    (folder / "main_script.m").write_text("\n".join(["1;", *lines, ""]))
    command = ["octave-cli", "--norc", "--no-history", "main_script.m"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder)
    assert done.returncode == 0, done.stderr[:3000]
    assert not done.stderr, done.stderr[:3000]
    rows = iter([[float(v) for v in line.split()] for line in done.stdout.splitlines()])
    return [[np.array(next(rows)) for _ in range(count)] for _, _, count in calls]


def shaped(found, expected):
    return [f.reshape(np.shape(w), order="F") for f, w in zip(found, expected, strict=True)]


@needs_octave
def test_operations_and_programs_of_arrays(tmp_path):
    wanted = cases("matlab")
    (tmp_path / "entries.m").write_text(
        "function y = entries(x)\nif issparse(x), y = nonzeros(x); else, y = double(x); end\nend\n"
    )
    calls = [(code, args, len(expected)) for code, args, expected in wanted]
    found = run(tmp_path, calls, "entries({})")
    flat = [
        np.concatenate([np.ravel(one) for one in shaped(got, case[2])]) for got, case in zip(found, wanted, strict=True)
    ]
    compared(flat, wanted)


@needs_octave
def test_shapes_names_sparse_matrices_single_precision(tmp_path):
    calls, wanted = [], []

    def check(outputs, inputs, values, tolerance=1e-12, **options):
        code = sd.code(outputs, inputs, language="matlab", name=f"case{len(calls)}", **options)
        expected = [one.toarray() if hasattr(one, "toarray") else one for one in sd.compile(outputs, inputs)(*values)]
        calls.append((code, values, len(expected)))
        wanted.append((expected, tolerance))
        return code

    with sd.Graph():
        m, v = sd.Var("M", shape=(3, 4)), sd.Var("v", shape=6)
        outputs = [
            m[::-1, ::-1] * 2.0, m.reshape(2, 6) @ v, m[[2, 0], :][:, [3, 3, 1]], sd.diag(v), v.reshape(2, 3).T,
            sd.jacobian(m[1:] @ v[1:5], m), sd.where(m > 1, m, 0.0), np.array([[v[0], v[1]], [v[2], 5]]),
            sd.jacobian(sd.sin(v) * v, v, sparse=True), sd.jacobian(m[1:] * m[:-1] + m[0, 0], m, sparse=True),
        ]  # fmt: skip
        check(outputs, [m, v], [np.arange(12.0).reshape(3, 4) / 5, np.linspace(-1, 2, 6)])
    with sd.Graph():
        given = [*sd.variables("x X t1 sin i work out0 NaN end"), sd.Var("a" * 80)]
        total = sd.named("I", sum([k / 7 * one for k, one in enumerate(given, 1)]))
        outputs = [total * sd.named("exp", sd.cos(total)), sd.where(given[0] > 0, sd.Const(-float("inf")), given[0])]
        check([*outputs, given[1] * 5e-324 * 1e300], given, list(np.linspace(0.2, 1.2, 10)))
    with sd.Graph():
        x, y = sd.variables("x y")
        outputs = [x % y, sd.fmod(x, y), x // y, x**y, sd.log(-x), sd.acosh(y - 5), sd.sqrt(x - 1e300)]
        check(outputs, [x, y], [1e17, 0.3])
        check([x % y, sd.fmod(x, y)], [x, y], [1.0, 0.1])
        code = check([sd.digamma(x), sd.sigmoid(y)], [x, y], [1.5, 0.3], 1e-6, dtype=np.float32)
        assert "x = single(x);" in code.source
    for got, (expected, tolerance) in zip(run(tmp_path, calls), wanted, strict=True):
        for one, other in zip(shaped(got, expected), expected, strict=True):
            np.testing.assert_allclose(one, other, rtol=tolerance)


def test_readable():
    x, y = sd.variables("x y")
    z = sd.named("z", x + y)
    source = sd.code(sd.sin(z) * z, [x, y], language="matlab", name="wave").source
    assert source.startswith("function out0 = wave(x, y)\n%WAVE  ")
    assert "  z = x + y;\n  out0 = sin(z)*z;\nend\n" in source
    m, w = sd.Var("M", shape=(5, 3)), sd.Var("w", shape=3)
    source = sd.code([m @ w, w], [m, w], language="matlab").source
    assert "function [out0, out1] = f(M, w)" in source
    assert "out0(i) = out0(i) + w(j)*M(i, j);" in source


def test_names_that_matlab_does_not_have():
    x = sd.Var("x")
    for name in ("end", "sin", "function"):
        with pytest.raises(sd.SymdiffValueError, match="reserved"):
            sd.code(x, x, language="matlab", name=name)
    with pytest.raises(sd.SymdiffValueError, match="63 at most"):
        sd.code(x, x, language="matlab", name="a" * 64)


def test_files(tmp_path):
    x = sd.Var("x")
    assert sd.code(x, x, language="matlab", name="one").write(tmp_path) == [tmp_path / "one.m"]
