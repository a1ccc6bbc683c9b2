"""Generated C++ and JavaScript beside `sd.compile`, run by `g++` and `node` where these are installed."""

import json
import os
import random
import shutil
import subprocess
import sys

import numpy as np
import pytest

import symdiff as sd
from symdiff.records import OPERATIONS

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "arrays"))
from array_programs import OF_ARRAYS, Program, array_variables, sample

POINTS = (-2.7, -1.5, -1.0, -0.7, -0.3, 0.0, 0.2, 0.5, 0.9, 1.0, 1.4616, 1.7, 2.5, 3.9, 10.3, 55.0, 800.0)
OPS = [op for op in OPERATIONS if op is not None and op.code is not None]


def cases(language, lacks=()):
    """Code, arguments and expected results: of every operation, and of random array programs with their gradients."""
    found = []
    for op in OPS:
        with sd.Graph():
            given = list(sd.variables("a b c d"))[: op.arity]
            free = [v for k, v in enumerate(given) if k not in op.whole]
            f = op(*[2 if k in op.whole else v for k, v in enumerate(given)])
            if op.name in lacks:
                with pytest.raises(sd.SymdiffValueError, match=f"{op.name} has no code in"):
                    sd.code(f, free, language=language)
                continue
            code = sd.code(f, free, name=f"do_{op.name}", language=language)
            compiled = sd.compile(f, free, accuracy="high")
        chance = random.Random(op.name)
        for _ in range(8):
            point = [chance.choice(POINTS) for _ in free]
            found.append((code, point, [np.array(float(compiled(*point)))]))
    for seed in range(16):
        program = Program(random.Random(seed), 1 + seed % 8)
        with sd.Graph():
            variables = array_variables(program)
            f = program.run(OF_ARRAYS, variables)
            outputs = [f, *[f.gradient(v) for v in f.variables]]
            inputs = list(variables.values())
            try:
                code = sd.code(outputs, inputs, name=f"program{seed}", language=language)
            except sd.SymdiffValueError as error:
                if "eigenvalues" not in str(error):
                    raise
                continue
            values = list(sample(program, seed).values())
            expected = sd.compile(outputs, inputs, accuracy="high")(*values)
            found.append((code, values, [np.asarray(one, float) for one in expected]))
    return found


def compared(found, wanted):
    """Hold the numbers that came back, of each case in a row, against those that were wanted."""
    assert len(found) == len(wanted)
    for got, (code, args, expected) in zip(found, wanted, strict=True):
        flat = np.concatenate([one.ravel() for one in expected])
        tolerance = 1e-12 if flat.size == 1 else 1e-8
        scale = tolerance * np.abs(np.nan_to_num(flat, posinf=0.0, neginf=0.0)).max(initial=0.0)
        np.testing.assert_allclose(got, flat, rtol=tolerance, atol=scale, err_msg=f"{code.name} {args}")


def distinct(wanted):
    return {code.name: code for code, _, _ in wanted}.values()


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


@pytest.mark.skipif(shutil.which("rustc") is None, reason="rustc is not installed")
def test_rust(tmp_path):
    wanted = cases("rust")
    lines = []
    for code in distinct(wanted):
        code.write(tmp_path)
    for code, args, expected in wanted:
        lines.append("    {")
        given = []
        for k, a in enumerate(map(np.asarray, args)):
            entries = ", ".join(map(rust_number, a.ravel().tolist()))
            lines.append(f"        let g{k}: [f64; {a.size}] = [{entries}];")
            given.append(f"&g{k}" if a.ndim else f"g{k}[0]")
        written = [k for k, w in enumerate(expected) if w.ndim]
        lines += [f"        let mut o{k} = vec![7.5; {expected[k].size}];" for k in written]
        given += [f"&mut o{k}" for k in written]
        numbers = [k for k, w in enumerate(expected) if not w.ndim]
        taken = "".join([f"o{k}, " for k in numbers])
        pattern = f"({taken.rstrip(', ')})" if len(numbers) > 1 else taken.rstrip(", ") or "()"
        lines.append(f"        let {pattern} = all::{code.name}::{code.name}({', '.join(given)});")
        lines += [
            f"        show(&{'o' if w.ndim else '[o'}{k}{'' if w.ndim else ']'});" for k, w in enumerate(expected)
        ]
        lines += ["        println!();", "    }"]
    show = 'fn show(values: &[f64]) {\n    for v in values {\n        print!("{:e} ", v);\n    }\n}\n'
    (tmp_path / "main.rs").write_text("\n".join([show, "fn main() {", *lines, "}", ""]))
    rust(tmp_path, distinct(wanted))
    done = subprocess.run([str(tmp_path / "main")], capture_output=True, text=True, check=True)
    compared([[float(v) for v in line.split()] for line in done.stdout.splitlines()], wanted)


def rust_number(value):
    if np.isfinite(value):
        return repr(float(value))
    return "f64::NAN" if value != value else "f64::INFINITY" if value > 0 else "-f64::INFINITY"


def rust(folder, codes):
    """Compile a library of modules, in which nothing may be warned of, and a program that calls it."""
    (folder / "all.rs").write_text("\n".join([f"pub mod {code.name};" for code in codes]))
    shared = ["--edition", "2021", "--out-dir", str(folder), "-D", "warnings"]
    for options in (["--crate-type", "rlib", str(folder / "all.rs")], ["-L", str(folder), str(folder / "main.rs")]):
        extern = ["--extern", f"all={folder / 'liball.rlib'}"] if "-L" in options else []
        done = subprocess.run(["rustc", *shared, *options, *extern], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[:3000]


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
