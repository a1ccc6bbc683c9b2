"""Generated Rust beside `sd.compile`, compiled by `rustc` where that is installed, without a warning."""

import shutil
import subprocess

import numpy as np
import pytest
from written import cases, compared, distinct

needs_rustc = pytest.mark.skipif(shutil.which("rustc") is None, reason="rustc is not installed")


@needs_rustc
def test_everything_that_is_written(tmp_path):
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
