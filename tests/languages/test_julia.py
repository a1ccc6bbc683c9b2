"""Generated Julia beside `sd.compile`: by `julia` where that is installed, and line by line as Python."""

import shutil
import subprocess

import numpy as np
import pytest
from julia_as_python import Array, loaded
from written import cases, compared, distinct


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
