"""A bundle adjustment residual in C++ beside SymForce's generated header: `python -m benchmarks headers`.

Residual (2) and Jacobian (2 by 12) of a camera with rotation vector, translation, focal length and two coefficients of
distortion, as the BAL data sets have it, in one function. Both headers are compiled with the same options, their
results are held against NumPy's and the complex step's before a time counts, which is CPU time of one thread.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

ENTRIES = 2 + 24
_RUN = """
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <cmath>
#include "{header}"
static double now() {{ timespec t; clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t); return 1e9*t.tv_sec + t.tv_nsec; }}
int main(int argc, char **argv) {{
    double in[12], out[26];
    for (int k = 0; k < 12; ++k) in[k] = atof(argv[1 + k]);
{declare}
{call}
    for (int k = 0; k < 26; ++k) printf("%.17g\\n", out[k]);
    double best = 1e300, sum = 0.0;
    const double first = in[0];
    for (int round = 0; round < 20; ++round) {{
        const double begin = now();
        for (int k = 0; k < 20000; ++k) {{
            in[0] = first + 1e-9*k;
{call}
            sum += out[3];
        }}
        const double each = (now() - begin)/20000;
        if (each < best) best = each;
    }}
    printf("%.17g\\n", best);
    return sum == 0.5;
}}
"""
_SYMDIFF = (
    "    std::array<double, 9> c; std::array<double, 3> X; std::array<double, 2> r; std::array<double, 24> J;",
    "            for (int j = 0; j < 9; ++j) c[j] = in[j];\n            for (int j = 0; j < 3; ++j) X[j] = in[9 + j];\n"
    "            project(c, X, r, J);\n"
    "            out[0] = r[0]; out[1] = r[1];\n            for (int j = 0; j < 24; ++j) out[2 + j] = J[j];",
)
_SYMFORCE = (
    "    Eigen::Matrix<double, 9, 1> c; Eigen::Matrix<double, 3, 1> X; Eigen::Matrix<double, 2, 1> r;\n"
    "    Eigen::Matrix<double, 2, 12> J;",
    "            for (int j = 0; j < 9; ++j) c(j) = in[j];\n            for (int j = 0; j < 3; ++j) X(j) = in[9 + j];\n"
    "            sym::Project<double>(c, X, &r, &J);\n"
    "            out[0] = r(0); out[1] = r(1);\n            for (int j = 0; j < 24; ++j) out[2 + j] = J(j/12, j%12);",
)
_GENERATE = """
import sys, time
sys.path.insert(0, sys.argv[2])
import symforce
import symforce.symbolic as sf
from symforce import codegen
from symforce.values import Values
from headers import projected
begin = time.process_time()
c, X = sf.Matrix(9, 1).symbolic("c"), sf.Matrix(3, 1).symbolic("X")
r = sf.Matrix([projected(c.to_storage(), X.to_storage(), sf)]).T
J = r.jacobian(sf.Matrix(c.to_storage() + X.to_storage()))
made = codegen.Codegen(Values(c=c, X=X), Values(r=r, J=J), codegen.CppConfig(), name="project")
(path,) = made.generate_function(output_dir=sys.argv[1]).generated_files
print(time.process_time() - begin)
print(path)
"""


def projected(c: Sequence[Any], X: Sequence[Any], ns: Any) -> list[Any]:  # noqa: N803
    """A point as a camera sees it: functions are those of `ns`."""
    w, t = c[:3], c[3:6]
    square = w[0] * w[0] + w[1] * w[1] + w[2] * w[2]
    angle = ns.sqrt(square)
    first, second = ns.sin(angle) / angle, (1 - ns.cos(angle)) / square

    def cross(a: Sequence[Any], b: Sequence[Any]) -> list[Any]:
        return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]

    once = cross(w, X)
    twice = cross(w, once)
    p = [X[i] + first * once[i] + second * twice[i] + t[i] for i in range(3)]
    u, v = -p[0] / p[2], -p[1] / p[2]
    r2 = u * u + v * v
    scale = c[6] * (1 + r2 * (c[7] + c[8] * r2))
    return [scale * u, scale * v]


def by_symdiff(folder: Path) -> tuple[Path, int, float]:
    """The header, the operations that it does, and the CPU time that it took."""
    import time

    import symdiff as sd

    begin = time.process_time()
    c, X = sd.variables("c", 9), sd.variables("X", 3)  # noqa: N806
    r = np.array(projected(list(c), list(X), sd))
    jacobian = sd.jacobian(r, np.concatenate([c, X]))
    (path,) = sd.code([r, jacobian], [c, X], language="cpp", name="project").write(folder)
    taken = time.process_time() - begin
    return path, sum(sd.count_ops([r, jacobian]).values()), taken


def by_symforce(folder: Path, python: str) -> tuple[Path, int, float]:
    """The same by SymForce, as another Python has it."""
    script = folder / "generate.py"
    script.write_text(_GENERATE)
    given = [python, str(script), str(folder), str(Path(__file__).parent)]
    done = subprocess.run(given, capture_output=True, text=True, check=True)
    *_, taken, path = done.stdout.split()
    (operations,) = re.findall(r"Total ops: (\d+)", Path(path).read_text())
    return Path(path), int(operations), float(taken)


def run(folder: Path, header: Path, lines: tuple[str, str], point: Any, options: Sequence[str]) -> tuple[Any, float]:
    """The values at a point, and the time of a call in ns."""
    declare, call = lines
    source, program = folder / "run.cpp", folder / "run"
    source.write_text(_RUN.format(header=header, declare=declare, call=call))
    subprocess.run(["c++", "-std=c++17", "-O2", *options, str(source), "-o", str(program)], check=True)
    done = subprocess.run([str(program), *map(repr, map(float, point))], capture_output=True, text=True, check=True)
    *values, best = map(float, done.stdout.split())
    return np.array(values), best


def reference(point: Any) -> Any:
    """Residual and Jacobian by NumPy, the latter by the complex step, which rounds as little as the formula."""
    columns = []
    for k in range(12):
        moved = point.astype(complex)
        moved[k] += 1e-40j
        columns.append(np.imag(projected(moved[:9], moved[9:], np)) / 1e-40)
    return np.concatenate([projected(point[:9], point[9:], np), np.array(columns).T.ravel()])


def main(given: Sequence[str]) -> None:
    """Write, compile, check and time the headers."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks headers", description=__doc__)
    parser.add_argument("--symforce", default=sys.executable, metavar="PYTHON", help="a Python with SymForce installed")
    parser.add_argument("--eigen", default="/usr/include/eigen3", metavar="FOLDER", help="where Eigen's headers are")
    parser.add_argument("--alone", action="store_true", help="symdiff's header alone")
    arguments = parser.parse_args(given)
    rng = np.random.default_rng(0)
    point = np.concatenate([rng.normal(size=3) * 0.2, [0.1, -0.2, -5.0, 500.0, 1e-3, -2e-3], rng.uniform(-1, 1, 3)])
    wanted = reference(point)
    print("| header by | operations | written in | a call |\n| --- | --- | --- | --- |")
    for name, lines in (("symdiff", _SYMDIFF), *([] if arguments.alone else [("SymForce", _SYMFORCE)])):
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made)
            header, operations, taken = (
                by_symdiff(folder) if name == "symdiff" else by_symforce(folder, arguments.symforce)
            )
            options = [] if name == "symdiff" else ["-isystem", arguments.eigen]
            values, best = run(folder, header, lines, point, options)
        assert np.allclose(values, wanted, rtol=1e-11, atol=1e-9 * np.abs(wanted).max()), values - wanted
        print(f"| {name} | {operations} | {taken * 1e3:.0f} ms | {best:.0f} ns |")
