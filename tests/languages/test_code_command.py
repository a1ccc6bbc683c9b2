"""`symdiff FORMULA --code LANGUAGE -o FILE`."""

import pytest

from symdiff.cli import main


def test_c_into_files(tmp_path, capsys):
    target = tmp_path / "arm.c"
    assert main(["sin(x)*y", "--code", "c", "-o", str(target), "--order", "2"]) == 0
    source = target.read_text()
    header = (tmp_path / "arm.h").read_text()
    assert "int arm(const double *in0, const double *in1, double *out0, double *out1, double *out2);" in header
    assert "out0[0] = " in source
    assert str(target) in capsys.readouterr().out


@pytest.mark.parametrize(
    ("language", "ending", "begins"),
    [
        ("rust", "rs", "pub fn arm("),
        ("julia", "jl", "arm"),
        ("cuda", "cu", "arm"),
        ("fortran", "f90", "subroutine arm("),
        ("matlab", "m", "function [out0, out1] = arm(x, y)"),
        ("torch", "py", "def arm("),
    ],
)
def test_files_of_other_languages(language, ending, begins, tmp_path):
    target = tmp_path / f"arm.{ending}"
    assert main(["sin(x)*y", "--code", language, "-o", str(target)]) == 0
    assert begins in target.read_text()
    assert {path.stem for path in tmp_path.iterdir()} == {"arm"}
    assert main(["sin(x)*y", "--code", "c", "-o", str(target)]) == 2


def test_printed(capsys):
    assert main(["((X @ w - y)**2).sum()", "--shape", "X=10,2", "w=2", "y=10", "--wrt", "w", "--code", "numpy"]) == 0
    assert "def f(X, w, y):" in capsys.readouterr().out


def test_a_formula_that_begins_with_a_minus(capsys):
    assert main(["-o"]) == 0
    assert "value      f" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["x", "--code", "cobol"], "no language 'cobol'"),
        (["x", "y", "--code", "c"], "one formula"),
        (["x", "--output", "f.c"], "--code says"),
        (["x", "-o", "f.c"], "--code says"),
        (["x**5", "--code", "c", "--order", "3"], "up to order 2"),
        (["x", "--code", "c", "-o", "/nowhere/f.c"], "can't be written"),
        (["x", "--code", "c", "-o", "double.c"], "reserved"),
        (["x", "--code", "c", "-o", "arm.py"], "arm.py is a file of python, and --code says c"),
        (["x", "--code", "numpy", "-o", "arm.c"], "write --code c"),
        (["x", "--code", "c", "-o", "arm.h"], "is the header's: name a file that ends in .c"),
        (["x", "--code", "cuda", "-o", "arm.h"], "ends in .cu"),
        (["(v**2).sum()", "--shape", "v=n", "--code", "c"], "needs numbers: write --shape v=100"),
        (["(v**2).sum()", "--shape", "v=n,3", "--code", "c"], "write --shape v=100,3"),
    ],
)
def test_errors(arguments, says, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    assert says in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_capitals_do_not_matter(capsys):
    assert main(["x*y", "--code", "C"]) == 0
    assert "int f(const double" in capsys.readouterr().out
