"""Generated CUDA: by `nvcc` where that is installed, and as C++, thread by thread, beside `sd.compile`."""

import shutil
import subprocess

import numpy as np
import pytest
from written import cases, compared, distinct, of_operations

import symdiff as sd

# What CUDA has beyond C++: its words, and which thread is running.
THREADS = """#include <cmath>
#include <cstdio>
#include <math.h>
#define __global__
#define __device__
#define __noinline__
struct Place { unsigned x; };
static Place gridDim = {3}, blockDim = {2}, blockIdx, threadIdx;
static void show(const double *values, int size)
{
    for (int k = 0; k < size; ++k) {
        std::printf("%.17g ", values[k]);
    }
}
"""


def literal(values):
    """An array of C++."""
    texts = ["NAN" if v != v else str(v).replace("inf", "INFINITY") for v in np.concatenate(values).tolist()]
    return f"{{{', '.join(texts or ['0'])}}}"


@pytest.mark.skipif(shutil.which("g++") is None, reason="g++ is not installed")
def test_every_thread_computes_its_points(tmp_path):
    wanted = cases("cuda")
    batches = {}
    for code, args, expected in wanted:
        batches.setdefault(code.name, []).append((args, expected))
    lines = []
    for name, points in batches.items():
        args, expected = points[0]
        lines.append("{")
        for k in range(len(args)):
            entries = literal([np.ravel(np.asarray(given[k], float)) for given, _ in points])
            lines.append(f"static const double in{k}[] = {entries};")
        lines += [f"static double out{k}[{max(w.size, 1) * len(points)}];" for k, w in enumerate(expected)]
        names = [*[f"in{k}" for k in range(len(args))], *[f"out{k}" for k in range(len(expected))]]
        lines.append("for (blockIdx.x = 0; blockIdx.x < 3; ++blockIdx.x)")
        lines.append("for (threadIdx.x = 0; threadIdx.x < 2; ++threadIdx.x)")
        lines.append(f"{name}_kernel({', '.join([str(len(points)), *names])});")
        lines.append(f"for (int p = 0; p < {len(points)}; ++p) {{")
        lines += [f"show(out{k} + p*{w.size}, {w.size});" for k, w in enumerate(expected)]
        lines += ['std::printf("\\n");', "}", "}"]
    included = []
    for code in distinct(wanted):
        code.write(tmp_path)
        included.append(f'#include "{code.name}.cu"')
    (tmp_path / "main.cpp").write_text("\n".join([THREADS, *included, "int main() {", *lines, "return 0; }"]))
    options = ["-std=c++14", "-Wall", "-Wextra", "-Wshadow", "-Werror"]
    command = ["g++", *options, "-o", str(tmp_path / "main"), str(tmp_path / "main.cpp")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[:3000]
    done = subprocess.run([str(tmp_path / "main")], capture_output=True, text=True, check=True)
    compared([[float(v) for v in line.split()] for line in done.stdout.splitlines()], wanted)


@pytest.mark.skipif(shutil.which("nvcc") is None, reason="nvcc is not installed")
def test_nvcc_takes_it(tmp_path):
    codes = [*distinct(of_operations("cuda"))]
    x = sd.Var("x")
    codes.append(sd.code([sd.sin(x), sd.digamma(x)], x, name="single", language="cuda", dtype=np.float32))
    for code in codes:
        code.write(tmp_path)
    headers = "\n".join([f'#include "{code.name}.h"\n#include "{code.name}.cu"' for code in codes])
    (tmp_path / "all.cu").write_text(headers)
    target = str(tmp_path / "all.ptx")
    command = ["nvcc", "-arch=sm_80", "-Werror", "all-warnings", "-ptx", "-o", target, str(tmp_path / "all.cu")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[:3000]


def test_the_kernel_and_its_launch():
    x, v = sd.Var("x"), sd.Var("v", shape=3)
    code = sd.code([sd.sin(x) * v, (v * v).sum()], [x, v], name="wave", language="cuda")
    assert (
        "__global__ void wave_kernel(long long count, const double *in0, const double *in1, double *out0, "
        "double *out1)" in code.source
    )
    assert "wave_point(in0 + point, in1 + 3*point, out0 + 3*point, out1 + point" in code.source
    assert "int wave(long long count, const double *in0, const double *in1, double *out0, double *out1," in code.header
    assert "cudaStream_t stream);" in code.header
    assert code.work == 0


def test_what_cuda_can_not():
    x = sd.Var("x")
    with pytest.raises(sd.SymdiffValueError, match="reserved"):
        sd.code(x, x, language="cuda", name="threadIdx")
    v = sd.Var("v", shape=70_000)
    with pytest.raises(sd.SymdiffValueError, match="f takes a workspace of 1,120,000 bytes"):
        sd.code(sd.sin(v) @ sd.cos(v), v, language="cuda")


def test_files(tmp_path):
    x = sd.Var("x")
    code = sd.code(x**2, x, language="cuda", name="square")
    assert code.write(tmp_path) == [tmp_path / "square.cu", tmp_path / "square.h"]
