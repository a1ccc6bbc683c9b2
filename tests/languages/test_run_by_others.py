"""Generated C++ and JavaScript beside `sd.compile`, run by `g++` and `node` where these are installed."""

import json
import shutil
import subprocess

import numpy as np
import pytest
from written import cases, compared, distinct

import symdiff as sd


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_javascript(tmp_path):
    wanted = cases("javascript")
    lines = []
    for code in distinct(wanted):
        code.write(tmp_path)
        lines.append(f"const {code.name} = require('./{code.name}.js').{code.name};")
    lines.append("const text = (key, v) => typeof v === 'number' && !isFinite(v) ? String(v)")
    lines.append("    : v instanceof Float64Array ? Array.from(v) : v;")
    for code, args, _ in wanted:
        given = [json.dumps(np.asarray(a).ravel().tolist() if np.ndim(a) else float(a)) for a in args]
        lines.append(f"console.log(JSON.stringify({code.name}({', '.join(given)}), text));")
    (tmp_path / "main.js").write_text("\n".join(lines))
    done = subprocess.run(["node", str(tmp_path / "main.js")], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    compared([numbers(json.loads(line)) for line in done.stdout.splitlines()], wanted)


def numbers(item):
    return [float(v) for part in item for v in numbers(part)] if isinstance(item, list) else [float(item)]


@pytest.mark.skipif(shutil.which("g++") is None, reason="g++ is not installed")
def test_cpp(tmp_path):
    wanted = cases("cpp")
    head, lines = ["#include <cstdio>"], []
    for code in distinct(wanted):
        code.write(tmp_path)
        head.append(f'#include "{code.name}.hpp"')
    for code, args, expected in wanted:
        given = []
        for a in map(np.asarray, args):
            entries = ", ".join(map(repr, a.ravel().tolist()))
            given.append(repr(float(a)) if not a.ndim else f"std::array<double, {max(a.size, 1)}>{{{{{entries}}}}}")
        made = "".join([f"std::array<double, {max(w.size, 1)}> o{k};" for k, w in enumerate(expected)])
        shown = "".join([
            f'for (int k = 0; k < {w.size}; ++k) std::printf("%.17g ", o{j}[static_cast<unsigned>(k)]);'
            for j, w in enumerate(expected)
        ])  # fmt: skip
        call = f"{code.name}<double>({', '.join([*given, *[f'o{k}' for k in range(len(expected))]])});"
        lines.append(f'{{ {made} {call} {shown} std::printf("\\n"); }}')
    (tmp_path / "main.cpp").write_text("\n".join([*head, "int main() {", *lines, "return 0; }"]))
    options = ["-std=c++11", "-Wall", "-Wextra", "-Wshadow", "-pedantic", "-Werror"]
    command = ["g++", *options, "-o", str(tmp_path / "main"), str(tmp_path / "main.cpp")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[:3000]
    done = subprocess.run([str(tmp_path / "main")], capture_output=True, text=True, check=True)
    compared([[float(v) for v in line.split()] for line in done.stdout.splitlines()], wanted)


def test_cpp_is_a_template_on_the_scalar():
    x = sd.Var("x")
    source = sd.code(sd.sin(x) * sd.sigmoid(x) * 0.1, x, language="cpp", name="wave").source
    assert "template <typename T>\ninline void wave(const T &x, std::array<T, 1> &out0)" in source
    assert "using std::sin;" in source
    assert "T(0.1)" in source


def test_readable_javascript():
    x, y = sd.variables("x y")
    z = sd.named("z", x + y)
    source = sd.code(sd.sin(z) * z, [x, y], language="javascript", name="wave").source
    assert "function wave(x, y) {" in source
    assert "    const z = x + y;\n    out0[0] = Math.sin(z)*z;\n    return out0[0];\n" in source
    with pytest.raises(sd.SymdiffValueError, match="reserved"):
        sd.code(x, x, language="javascript", name="await")
