"""Generated Rust beside `sd.compile`, compiled by `rustc` where that is installed, without a warning."""

import random
import shutil
import subprocess

import numpy as np
import pytest
from written import OPS, cases, compared, distinct, of_operation

import symdiff as sd

needs_rustc = pytest.mark.skipif(shutil.which("rustc") is None, reason="rustc is not installed")
SHOW = """fn show<T: std::fmt::LowerExp>(values: &[T]) {
    for v in values {
        print!("{:e} ", v);
    }
}

"""


def called(code, args, expected, real):
    """The lines that call a function, and print what it gives."""
    lines, given = ["    {"], []
    for k, a in enumerate(map(np.asarray, args)):
        entries = ", ".join([number(v, real) for v in a.ravel().tolist()])
        lines.append(f"        let g{k}: [{real}; {a.size}] = [{entries}];")
        given.append(f"&g{k}" if a.ndim else f"g{k}[0]")
    written = [k for k, w in enumerate(expected) if w.ndim]
    lines += [f"        let mut o{k} = vec![7.5; {expected[k].size}];" for k in written]
    given += [f"&mut o{k}" for k in written]
    numbers = [f"o{k}" for k, w in enumerate(expected) if not w.ndim]
    pattern = f"({', '.join(numbers)})" if len(numbers) != 1 else numbers[0]
    lines.append(f"        let {pattern} = all::{code.name}::{code.name}({', '.join(given)});")
    shown = [f"o{k}" if w.ndim else f"[o{k}]" for k, w in enumerate(expected)]
    return [*lines, *[f"        show(&{name});" for name in shown], "        println!();", "    }"]


def number(value, real):
    if np.isfinite(value):
        return repr(float(value))
    return f"{real}::NAN" if value != value else f"{real}::INFINITY" if value > 0 else f"{real}::NEG_INFINITY"


def run(folder, wanted, real="f64", further=()):
    """What a program prints that calls a library of modules, in which nothing may be warned of."""
    codes = distinct(wanted)
    for code in codes:
        code.write(folder)
    (folder / "all.rs").write_text("\n".join([f"pub mod {code.name};" for code in codes]))
    lines = [line for code, args, expected in wanted for line in called(code, args, expected, real)]
    (folder / "main.rs").write_text("\n".join([SHOW, "fn main() {", *lines, *further, "}", ""]))
    shared = ["rustc", "--edition", "2021", "--out-dir", str(folder), "-D", "warnings"]
    against = ["--extern", f"all={folder / 'liball.rlib'}"]
    for options in (["--crate-type", "rlib", str(folder / "all.rs")], [*against, str(folder / "main.rs")]):
        done = subprocess.run([*shared, *options], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[:3000]
    done = subprocess.run([str(folder / "main")], capture_output=True, text=True, check=True)
    return [[float(v) for v in line.split()] for line in done.stdout.splitlines()]


@needs_rustc
def test_everything_that_is_written(tmp_path):
    wanted = cases("rust")
    compared(run(tmp_path, wanted), wanted)


@needs_rustc
def test_every_operation_in_single_precision(tmp_path):
    wanted = []
    for op in OPS:
        with sd.Graph():
            f, free = of_operation(op)
            code = sd.code(f, free, name=f"single_{op.name}", language="rust", dtype=np.float32)
            compiled = sd.compile(f, free, dtype=np.float32, accuracy="high")
        chance = random.Random(op.name)
        for _ in range(6):
            point = [chance.choice((-1.5, -0.7, 0.0, 0.5, 1.0, 2.5, 10.3)) for _ in free]
            wanted.append((code, point, [np.array(float(compiled(*point)))]))
    for got, (code, point, expected) in zip(run(tmp_path, wanted, "f32"), wanted, strict=True):
        np.testing.assert_allclose(got, expected, rtol=3e-4, atol=1e-5, err_msg=f"{code.name} {point}")


@needs_rustc
def test_sparse_matrices_come_as_their_entries_with_a_pattern(tmp_path):
    xs = sd.variables("x", 6)
    jac = sd.jacobian([xs[k] * xs[k + 1] - sd.sin(xs[k]) for k in range(5)], xs, sparse=True)
    code = sd.code([jac], [xs], name="plain", language="rust")
    point = np.linspace(-1, 1, 6)
    [matrix] = sd.compile([jac], [xs])(point)
    wanted = [(code, [point], [matrix.data])]
    further = [
        f"    show(&all::plain::PLAIN_OUT0_{what}.map(|k| k as f64));\n    println!();" for what in ("ROWS", "COLS")
    ]
    found = run(tmp_path, wanted, further=further)
    compared(found[:1], wanted)
    assert found[1:] == [matrix.indptr.tolist(), matrix.indices.tolist()]


def test_readable_rust():
    x, y, v = *sd.variables("x y"), sd.Var("v", shape=3)
    z = sd.named("z", x + y)
    source = sd.code([sd.sin(z) * z, v * z], [x, y, v], language="rust", name="wave").source
    assert "pub fn wave(x: f64, y: f64, v: &[f64], out1: &mut [f64]) -> f64 {\n" in source
    assert "    let z = x + y;\n    let t1 = z;\n    let out0 = z.sin() * z;\n" in source
    assert "    for i in 0..3 {\n        out1[i] = " in source
    assert source.endswith("    out0\n}\n")


def test_numbers_say_their_type_where_nothing_else_does():
    x = sd.Var("x")
    source = sd.code(sd.Const(2) ** x + sd.sqrt(sd.where(x > 0, 1, 2)), x, language="rust").source
    assert "2.0_f64.powf(x)" in source or "exp2" in source
    assert "{ 1.0 } else { 2.0_f64 }" in source


def test_names_of_the_language_get_something_behind_them():
    given = sd.variables("fn type match self")
    source = sd.code(given[0] * given[1] + given[2] / given[3], list(given), language="rust").source
    assert "pub fn f(fn_2: f64, type_2: f64, match_2: f64, self_2: f64) -> f64 {" in source
    with pytest.raises(sd.SymdiffValueError, match="reserved in rust"):
        sd.code(given[0], given[0], language="rust", name="match")


def test_a_long_program_is_functions():
    x = sd.Var("x")
    f = x
    for _ in range(700):
        f = sd.sin(f) * x
    source = sd.code(f, x, language="rust", name="long").source
    assert source.count("#[inline(never)]\nfn long_part") > 4
    assert "long_part1(x, &mut work);" in source


def test_files(tmp_path):
    x = sd.Var("x")
    assert sd.code(x**2, x, language="rust", name="square").write(tmp_path) == [tmp_path / "square.rs"]
