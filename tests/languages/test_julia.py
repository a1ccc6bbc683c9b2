"""Generated Julia beside `sd.compile`: by `julia` where that is installed, and line by line as Python."""

import shutil
import subprocess

import numpy as np
import pytest
from julia_as_python import Array, loaded
from written import cases, compared, distinct

import symdiff as sd


def given(args):
    """Arguments as Julia has them."""
    return [Array(a) if np.ndim(a) else np.float64(a) for a in args]


def entries(result):
    """The numbers of a result, sparse matrices column by column, arrays row by row."""
    if isinstance(result, tuple) and result[:1] == ("sparse",):
        _, rows, columns, starts, places, values = result
        matrix = np.zeros((rows, columns))
        held = np.zeros((rows, columns), bool)
        for column in range(columns):
            for k in range(starts[column] - 1, starts[column + 1] - 1):
                matrix[places[k] - 1, column] = values.values[k]
                held[places[k] - 1, column] = True
        return matrix[held].tolist()
    if isinstance(result, tuple):
        return [v for one in result for v in entries(one)]
    if isinstance(result, dict):
        return [v for one in result.values() for v in entries(one)]
    return result.values.ravel().tolist() if isinstance(result, Array) else [float(result)]


def test_everything_that_is_written():
    wanted = cases("julia")
    functions = {code.name: loaded(code.source)[code.name] for code in distinct(wanted)}
    with np.errstate(all="ignore"):
        compared([entries(functions[code.name](*given(args))) for code, args, _ in wanted], wanted)


def test_sparse_matrices_and_nestings():
    with sd.Graph():
        v, m = sd.Var("v", shape=6), sd.Var("M", shape=(4, 3))
        blocks = sd.jacobian(sd.sin(v) * v, v, sparse=True)
        tall = sd.jacobian(m[1:] * m[:-1] + m[0, 0], m, sparse=True)
        entries_of = np.array([[v[0] * v[1], v[2]], [v[3], v[4] ** 2], [v[5], v[0]]])
        xs = sd.variables("x", (2, 3))
        jac = sd.jacobian([xs[0, 0] * xs[1, 2], xs[1, 0] * xs[0, 0]], xs, sparse=True)
        outputs = [blocks, [tall, {"a": m * 2, "b": m[1, 2]}], entries_of, m.T.reshape(2, 6), jac, [entries_of, v[0]]]
        code = sd.code(outputs, [v, m, xs], name="nested", language="julia")
        values = [np.linspace(-1, 1, 6), np.arange(12.0).reshape(4, 3), np.arange(6.0).reshape(2, 3)]
        expected = sd.compile(outputs, [v, m, xs])(*values)
    found = loaded(code.source)["nested"](*given(values))
    flat = [np.ravel(one.data if hasattr(one, "tocsr") else one) for one in leaves(expected)]
    np.testing.assert_allclose(entries(found), np.concatenate(flat), rtol=1e-14)
    assert "using SparseArrays: SparseMatrixCSC\n" in code.source
    assert 'Dict("a" => reshape(' in code.source


def leaves(result):
    if isinstance(result, (list, tuple)):
        return [one for part in result for one in leaves(part)]
    return [one for part in result.values() for one in leaves(part)] if isinstance(result, dict) else [result]


def test_single_precision():
    x, v = sd.Var("x"), sd.Var("v", shape=2)
    code = sd.code([x * 0.1 + 1e-9, v * sd.digamma(x)], [x, v], dtype=np.float32, language="julia")
    assert "out0[] = x*0.1f0 + 1f-09" in code.source
    assert "promote_type(Float32, eltype(x), eltype(v))" in code.source


def test_readable_julia():
    x, y, m = *sd.variables("x y"), sd.Var("M", shape=(2, 3))
    z = sd.named("z", x + y)
    source = sd.code([sd.cosh(z) * z, m * z], [x, y, m], language="julia", name="wave").source
    assert "function wave!(out0, out1, x, y, M)\n    z = x + y\n    t1 = z\n    out0[] = cosh(z)*z\n" in source
    assert "    for j in 1:3\n        for i in 1:2\n            out1[i, j] = " in source
    assert "    return (out0[], out1)\nend\n" in source


def test_names_of_the_language_get_something_behind_them():
    given = sd.variables("end local abs")
    source = sd.code(given[0] * given[1] + sd.abs(given[2]), list(given), language="julia").source
    assert "function f!(out0, end_2, local_2, abs_2)" in source
    with pytest.raises(sd.SymdiffValueError, match="reserved in julia"):
        sd.code(given[0], given[0], language="julia", name="end")


def test_functions_give_nan_where_those_of_julia_raise_an_error():
    x, y = sd.variables("x y")
    outputs = [sd.sqrt(x), sd.log(x), sd.asin(x), sd.acosh(x), sd.sin(y), sd.log1p(x), x**0.3]
    found = loaded(sd.code(outputs, [x, y], language="julia").source)["f"](np.float64(-3.0), np.float64(np.inf))
    assert np.isnan(found).all()
    assert len(found) == len(outputs)


def test_a_long_program_is_functions():
    x = sd.Var("x")
    f = x
    for _ in range(700):
        f = sd.sin(f) * x
    code = sd.code(f, x, language="julia", name="long")
    assert code.source.count("@noinline function long_part") > 4
    found = loaded(code.source)["long"](np.float64(0.7))
    assert found == pytest.approx(sd.compile(f, x, accuracy="high")(0.7), rel=1e-13)


@pytest.mark.skipif(shutil.which("julia") is None, reason="julia is not installed")
def test_by_julia(tmp_path):
    wanted = cases("julia")
    lines = ["show_(x::Number) = print(x, ' ')", "show_(x::Tuple) = foreach(show_, x)"]
    lines += ["show_(x::AbstractArray) = foreach(show_, permutedims(x, ndims(x):-1:1))"]
    for code in distinct(wanted):
        code.write(tmp_path)
        lines.append(f'include("{code.name}.jl")')
    for code, args, _ in wanted:
        texts = []
        for a in map(np.asarray, args):
            flat = ", ".join([str(v).replace("inf", "Inf").replace("nan", "NaN") for v in a.ravel(order="F").tolist()])
            texts.append(f"reshape(Float64[{flat}], {a.shape})" if a.ndim else flat)
        lines.append(f"show_({code.name}({', '.join(texts)})); println()")
    (tmp_path / "main.jl").write_text("\n".join(lines))
    done = subprocess.run(["julia", str(tmp_path / "main.jl")], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[:3000]
    compared([[float(v) for v in line.split()] for line in done.stdout.splitlines()], wanted)
