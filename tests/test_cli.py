"""The command line: what people ask, what machines ask, and what is wrong."""

from __future__ import annotations

import configparser
import json
import math
import os
import pathlib
import shlex
import signal
import subprocess
import sys
import time
from fractions import Fraction

import numpy as np
import pytest
from support import heeding_interrupts

import symdiff as sd
from symdiff.cli import main
from symdiff.command.assignments import read_points

ROOT = pathlib.Path(__file__).parent.parent
EXAMPLE = "x**2*y + y + 2"


@pytest.fixture
def run(capsys, monkeypatch):
    """The exit status, what was printed, and what was complained of."""

    def call(*argv, stdin=None):
        if stdin is not None:
            import io

            monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        status = main(list(argv))
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return call


@pytest.fixture
def fails(run):
    """The one line that says what is wrong."""

    def call(*argv, stdin=None):
        status, _, complaint = run(*argv, stdin=stdin)
        assert status == 2
        assert complaint.startswith("symdiff: ")
        assert complaint.count("\n") == 1
        return complaint

    return call


def started(*argv, **options):
    return subprocess.run(
        [sys.executable, "-m", "symdiff", *argv],
        capture_output=True,
        text=True,
        cwd=options.pop("cwd", ROOT),
        **options,
    )


# -- text ------------------------------------------------------------------------


def test_the_example(run):
    status, out, complaint = run(EXAMPLE, "--at", "x=3", "y=4", "--order", "2")
    assert (status, complaint) == (0, "")
    assert out == (
        "at x = 3, y = 4\n"
        "value      f        = 42 = x**2*y + y + 2\n"
        "gradient   ∂f/∂x    = 24 = 2*x*y\n"
        "           ∂f/∂y    = 10 = x**2 + 1\n"
        "Hessian    ∂²f/∂x²  = 8  = 2*y\n"
        "           ∂²f/∂x∂y = 6  = 2*x\n"
        "           ∂²f/∂y²  = 0  = 0\n"
        "\n"
        "operations\n"
        "value      4: 2 add, 1 mul, 1 pow\n"
        "gradient   4 (1.0 times the value): 2 mul, 1 add, 1 pow\n"
        "Hessian    2 (0.5 times the value): 2 mul\n"
        "together   8 (2.0 times the value): 4 mul, 3 add, 1 pow\n"
    )


def test_the_readme_shows_what_it_prints(run):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    command, _, shown = readme.partition("```\n$ symdiff ")[2].partition("```")[0].partition("\n")
    assert run(*shlex.split(command))[1] == shown


def test_check_and_render(run, tmp_path):
    picture = tmp_path / "f.svg"
    status, out, _ = run(EXAMPLE, "--at", "x=3", "y=4", "--order", "2", "--check", "--render", str(picture))
    assert status == 0
    assert str(sd.crosscheck(sd.parse(EXAMPLE), {"x": 3, "y": 4})) in out
    assert f"{picture}: the graph with values and adjoints" in out
    assert "= 42" in picture.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        (["log(x)", "--at", "x=2"], 0),
        (["abs(x)", "--at", "x=0"], 3),
        (["abs(x)", "--at", "x=-1:1:3"], 3),
        (["1/x", "--at", "x=0", "--json"], 3),
        (["log(x)", "abs(x)", "--at", "x=0"], 3),
    ],
)
def test_the_exit_status_of_a_check(run, argv, expected):
    assert run(*argv, "--check")[0] == expected


def test_the_exit_status_of_a_check_that_disagrees(run):
    sd.operation("cli_wrong", np.sin, lambda r, x: 1.001 * sd.cos(x))
    status, out, _ = run("cli_wrong(x) + abs(y)", "--at", "x=0.5", "y=0", "--check")
    assert status == 1  # the kink of y is not judged, but this is worse
    assert "cli_wrong" in out
    status, out, _ = run("cli_wrong(x) + abs(y)", "--at", "x=0.5", "y=0", "--check", "--json")
    assert status == 1
    check = json.loads(out)["check"]
    assert check["disagree"] > 0
    assert [one["quantity"] for one in check["unjudged"]] == ["∂f/∂y"]


def test_without_a_point_there_are_formulas(run):
    status, out, _ = run("x*y")
    assert status == 0
    assert out.startswith("value      f     = x*y\ngradient   ∂f/∂x = y\n           ∂f/∂y = x\n")


def test_a_constant_needs_no_point(run):
    assert run("3*4")[1].startswith("value      f = 12 = 12\n")


def test_latex_and_sympy(run):
    _, out, _ = run("sigma_1*sqrt(x)", "--wrt", "x", "--latex", "--sympy")
    assert "\nLaTeX\nf = \\sigma_{1} \\sqrt{x}\n\\frac{\\partial f}{\\partial x} = " in out
    assert "\nSymPy\nf = sigma_1*sqrt(x)\n∂f/∂x = sigma_1/(2*sqrt(x))\n" in out
    _, out, _ = run("x**2*y", "--order", "3", "--latex")
    assert r"\frac{\partial^{3} f}{\partial x^{2} \partial y} = 2" in out


def test_orders(run):
    assert "gradient" not in run("x*y", "--order", "0")[1]
    _, out, _ = run("x**5*y", "--order", "4", "--at", "x=2", "y=3")
    assert "order 3    ∂³f/∂x³    = 720 = 60*x**2*y\n" in out
    assert "∂⁴f/∂x³∂y  = 240 = 60*x**2\n" in out
    assert out.count("∂⁴f/") == 5
    assert "∂¹²f/∂x¹²" in run("x**12", "--order", "12")[1]


def test_variables_to_differentiate_by(run):
    for given in (["y", "x"], ["y,x"]):
        _, out, _ = run("x**2*y", "--wrt", *given)
        assert out.index("∂f/∂y") < out.index("∂f/∂x")
    assert "∂f/∂x = 0 = 0" in run("x - x + y", "--at", "x=1", "y=2", "--wrt", "x")[1]


@pytest.mark.parametrize(
    "argv",
    [
        ["-x**2 + a*x", "--at", "x=2", "a=-3"],
        ["--at", "x=2", "a=-3", "-x**2 + a*x"],
        ["--at", "x=2", "--at", "a=-3", "--", "-x**2 + a*x"],
        ["--order", "1", "-x**2+a*x", "--at", "x = 2", "a=-6/2"],
        ["--at", "x=2", "a=-3", "--order", "1", "--", "-x**2 + a*x"],
    ],
)
def test_formulas_stand_anywhere_and_may_start_with_a_minus(run, argv):
    status, out, _ = run(*argv)
    assert status == 0
    assert "f     = -10 = -x**2 + a*x\n" in out


def test_parts_of_large_formulas_are_shown_once(run):
    text = "x"
    for _ in range(12):
        text = f"sin({text})*cos({text})"
    _, out, _ = run(text, "--order", "2", "--at", "x=0.5")
    assert len(out) < 30_000
    assert "\nwhere\n  z1 = " in out
    _, out, _ = run("exp(" + "+".join(f"x{k}" for k in range(200)) + ")")
    assert len(out) < 30_000


def test_long_and_deep_formulas(run):
    status, out, _ = run("+".join(["x*y"] * 20_000), "--order", "0")
    assert status == 0
    assert out.startswith("value      f = 20000*x*y\n")
    assert run("-(" * 20_000 + "x" + ")" * 20_000, "--order", "0")[0] == 0


# -- points -------------------------------------------------------------------------


def test_values():
    given = read_points(["a=3", "b=-1/3", "c=0.5", "d=pi/2", "e=sqrt(2)", "f=inf", "g=1e-3", " h = -2 "]).fixed
    assert given == {
        "a": 3, "b": Fraction(-1, 3), "c": 0.5, "d": math.pi / 2, "e": math.sqrt(2), "f": math.inf, "g": 1e-3, "h": -2,
    }  # fmt: skip
    assert [type(given[k]) for k in "abcd"] == [int, Fraction, float, float]


def test_ranges():
    (values,) = read_points(["x=0:1:11"]).ranges.values()
    assert values == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]
    assert read_points(["x=1:-1:3"]).ranges == {"x": [1, 0, -1]}
    assert read_points(["x=0.5:2:1"]).ranges == {"x": [0.5]}
    assert read_points(["x=0:pi:3"]).ranges == {"x": [0, math.pi / 2, math.pi]}


def test_elements_of_arrays(run):
    status, out, complaint = run("w[0, 0]**2*w[0,1]", "--at", "w[0,0]=3", "w[0, 1] = 4", "--wrt", "w[0, 1], w[0,0]")
    assert (status, complaint) == (0, "")
    assert out.startswith("at w[0, 0] = 3, w[0, 1] = 4\nvalue ")
    assert [line.split()[1:] for line in out.splitlines()[2:4]] == [
        ["∂f/∂w[0,", "1]", "=", "9", "=", "w[0,", "0]**2"],
        ["0]", "=", "24", "=", "2*w[0,", "0]*w[0,", "1]"],
    ]
    assert run("--wrt", "w[0, 1]", "--at", "w[0, 1]=2", "--", "w[0, 1]")[0] == 0


def test_whole_arrays_give_their_elements(run):
    status, out, complaint = run("w[0]**2*w[1]", "--at", "w=[3,4]")
    assert (status, complaint) == (0, "")
    assert out.startswith("at w[0] = 3, w[1] = 4\nvalue ")
    assert out == run("w[0]**2*w[1]", "--at", "w[0]=3", "w[1]=4")[1]
    status, _, complaint = run("w[0]*w[1]", "--at", "w=[3,4]", "w[0]=1")
    assert (status, "w as a whole, and w[0] too" in complaint) == (2, True)
    status, _, complaint = run("w[0, 0]", "--at", "w=[3,4]")
    assert (status, "the value of w has the shape (2,)" in complaint) == (2, True)
    status, _, complaint = run("w[0]*w[1]", "--at", "w=[3]")
    assert (status, "no value for w[1]" in complaint) == (2, True)


def test_a_table(run):
    _, out, _ = run("x*y", "--at", "x=0:1:3", "y=1/2")
    assert out.endswith(
        "with y = 1/2\n"
        "  x     f  ∂f/∂x  ∂f/∂y\n"
        "  0     0    0.5      0\n"
        "0.5  0.25    0.5    0.5\n"
        "  1   0.5    0.5      1\n"
    )
    _, out, _ = run("x*y", "--at", "x=0:1:2", "y=1:3:3", "--order", "0")
    rows = [line.split() for line in out.split("\n\n")[-1].splitlines()]
    assert rows == [["x", "y", "f"], *[[str(x), str(y), str(x * y)] for x in (0, 1) for y in (1, 2, 3)]]


def test_a_long_table(run):
    _, out, _ = run("x**2", "--at", "x=0:20000:20001", "--order", "0")
    lines = out.rstrip().split("\n")
    assert len(lines) == 20001 + 6
    assert lines[-1].split() == ["20000", "400000000"]


def test_infinities(run):
    assert "= inf " in run("x/y", "--at", "x=1", "y=0")[1]
    assert "= nan " in run("sqrt(x)", "--at", "x=-1")[1]
    assert "= inf " in run("9**9**9**9")[1]


@pytest.mark.parametrize(
    "argv",
    [
        ["x + True*y", "--sympy"],
        ["where(x < y, x, y)", "--latex"],
        ["0.5j*x", "--at", "x=2", "y=1"],
        ["1/0"],
        ["log(0)"],
        ["x*1j", "--at", "x=0.5"],
        ["floor(True)", "--sympy"],
        ["x % y", "--at", "x=7", "y=0"],
        ["lambertw(x)", "--at", "x=0:1:3"],
    ],
)
def test_odd_numbers_end_in_values_or_in_one_line(run, argv):
    status, _, complaint = run(*argv)
    assert status in (0, 2)
    assert complaint.count("\n") == (1 if status else 0)


# -- files and standard input -----------------------------------------------------------

LINES = "# formulas\n\nx*y\n  x + y  # a sum\n\nz1 = x + 1; z1**2\n"


def test_files(run, tmp_path):
    path = tmp_path / "formulas.txt"
    path.write_text(LINES, encoding="utf-8")
    status, out, _ = run("--file", str(path), "--at", "x=2", "y=3")
    assert status == 0
    assert [line.split("=")[1].strip() for line in out.splitlines() if line.startswith("value      f ")] == [
        "6",
        "5",
        "9",
    ]
    assert run("x", "--file", str(path))[1].count("value      f ") == 4


@pytest.mark.parametrize("argv", [["-"], []])
def test_standard_input(run, argv):
    status, out, _ = run(*argv, "--at", "x=2", "y=3", "--json", stdin=LINES)
    assert status == 0
    assert [entry["value"] for entry in json.loads(out)] == [6, 5, 9]


def test_a_pipe_without_arguments():
    done = started(input="x**2\n")
    assert done.returncode == 0
    assert "∂f/∂x = 2*x" in done.stdout


# -- JSON ----------------------------------------------------------------------------


def strict(text):
    def refuse(name):
        raise AssertionError(f"{name} is no JSON")

    return json.loads(text, parse_constant=refuse)


def test_json_at_a_point(run, tmp_path):
    picture = str(tmp_path / "f.dot")
    argv = [
        EXAMPLE,
        "--at",
        "x=3",
        "y=4",
        "--order",
        "2",
        "--json",
        "--latex",
        "--sympy",
        "--check",
        "--render",
        picture,
    ]
    status, out, _ = run(*argv)
    assert status == 0
    found = strict(out)
    assert found["formula"] == EXAMPLE
    assert found["variables"] == found["wrt"] == ["x", "y"]
    assert found["at"] == {"x": 3, "y": 4}
    assert found["value"] == 42
    assert found["gradient"] == [24, 10]
    assert found["hessian"] == [[8, 6], [6, 0]]
    assert found["derivatives"][4] == {
        "wrt": ["x", "y"], "name": "∂²f/∂x∂y", "formula": "2*x", "latex": "2 x", "sympy": "2*x", "value": 6,
    }  # fmt: skip
    assert found["operations"]["value"] == {"add": 2, "mul": 1, "pow": 1}
    assert found["check"]["ok"] is True
    assert {"method", "quantity", "value", "error", "ok"} <= set(found["check"]["rows"][0])
    assert found["render"] == picture


def test_json_of_ranges(run):
    found = strict(run("x*y", "--at", "x=0:1:3", "y=2", "--json")[1])
    assert [p["at"] for p in found["points"]] == [{"y": 2, "x": x} for x in (0, 0.5, 1)]
    assert [p["value"] for p in found["points"]] == [0, 1, 2]
    assert [p["gradient"] for p in found["points"]] == [[2, 0], [2, 0.5], [2, 1]]
    assert found["points"][1]["values"] == [1, 2, 0.5]


def test_json_without_a_point_and_of_numbers_that_json_does_not_have(run):
    assert "value" not in strict(run("x*y", "--json")[1])
    found = strict(run("x/y", "--at", "x=1", "y=0", "--json")[1])
    assert found["value"] == "inf"
    assert found["gradient"] == ["inf", "-inf"]
    assert strict(run("x", "--at", "x=1/3", "--json")[1])["value"] == 1 / 3
    assert strict(run("x", "--at", "x=nan", "--json")[1])["value"] == "nan"
    assert strict(run("x**9000", "--at", "x=9", "--json", "--order", "0")[1])["value"] == "1.5225969444800443e+8588"
    assert strict(run("2*x", "--at", "x=10**4500", "--json", "--order", "0")[1])["at"]
    assert strict(run("1j*x", "--at", "x=2", "--json")[1])["value"] == "2j"


# -- checks ----------------------------------------------------------------------------


def test_a_wrong_derivative_is_found():
    script = (
        "import symdiff as sd; from symdiff.cli import main\n"
        "values = {'array': lambda x: x*x, 'mp': lambda ctx, x: x*x}\n"
        "sd.operation('wrong', values, lambda r, x: 3*x)\n"
        "assert main(['wrong(x)', '--at', 'x=2', '--check', '--order', '1']) == 1\n"
        "assert main(['wrong(x)', '--at', 'x=1:2:2', '--check', '--order', '1', '--json']) == 1\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert "WRONG" in done.stdout
    assert '"ok": false' in done.stdout
    assert done.stderr == ""


def test_checks_along_a_range(run):
    status, out, _ = run("x**2", "--at", "x=1:2:2", "--check")
    assert status == 0
    assert "check at x = 1: " in out
    assert "check at x = 2: " in out


# -- what is wrong ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["x +"], "column 4"),
        (["x^2"], "**"),
        (["foo(x)"], "foo"),
        (["x", "--at", "y=3"], "y"),
        (["x*y", "--at", "x=3"], "y"),
        (["x", "--wrt", "y"], "y"),
        (["x", "--bogus"], "--bogus"),
        (["x", "--order"], "--order"),
        (["x", "--order", "-1"], "-1"),
        (["x", "--order", "many"], "many"),
        (["x", "--at", "x=3", "x=4"], "twice"),
        (["x", "--at", "x=0:1"], "start:stop:count"),
        (["x", "--at", "x=0:1:0"], "count"),
        (["x", "--at", "x=0:1:1.5"], "count"),
        (["x", "--at", "x=y"], "'y'"),
        (["x", "--at", "x=1j"], "real"),
        (["x", "--at", "x=1e400"], "1e400"),
        (["x", "--at", "x="], "x"),
        (["x", "--check"], "--at"),
        (["x", "--check", "--at", "x=inf"], "finite"),
        (["x", "--file", "/no/such/file"], "/no/such/file"),
        (["x", "--file", "."], "read"),
        (["x", "--at", "x=1", "--render", "/no/such/f.png"], "/no/such"),
        (["x", "--render", "f.txt"], ".png"),
        (["x", "--json=3"], "--json"),
        (["+".join(f"x{k}" for k in range(999)), "--order", "3"], "--wrt"),
        (["x", "--at", "3"], "--at"),
        (["", "--order", "0"], "expression"),
        (["x\ny"], "line 2"),
        (["x", "--file"], "--file"),
    ],
)
def test_bad_input_is_one_clear_line(fails, argv, says):
    assert says in fails(*argv)


def test_bad_lines_of_files_are_named(fails, tmp_path):
    path = tmp_path / "f.txt"
    path.write_text("x*y\n# fine\n\nx**\n", encoding="utf-8")
    assert f"{path}, line 4, column 4" in fails("--file", str(path))
    assert "standard input, line 1, column 2" in fails("-", stdin="2x")
    path.write_bytes(b"\xff\xfe\x00x")
    assert "UTF-8" in fails("--file", str(path))
    path.write_text("x\nx*y\n", encoding="utf-8")
    assert "line 2: no value for y" in fails("--file", str(path), "--at", "x=1")
    assert "no formula" in fails("-", stdin="# nothing\n")


def test_nothing_is_printed_before_bad_input_is_found(run, tmp_path):
    assert run("x", "x*y", "--at", "x=1")[1] == ""
    assert run("x", "--at", "x=1", "--render", "/no/such/f.png")[1] == ""


@pytest.mark.parametrize(
    ("option", "says"), [("--help", "examples:"), ("--version", sd.__version__), ("-h", "--order N")]
)
def test_help_and_version(capsys, option, says):
    with pytest.raises(SystemExit) as stop:
        main([option])
    assert not stop.value.code
    assert says in capsys.readouterr().out


# -- as a program -----------------------------------------------------------------------


def test_the_running_example_loads_nothing_heavy():
    script = (
        "import sys; from symdiff.cli import main\n"
        f"main([{EXAMPLE!r}, '--at', 'x=3', 'y=4', '--order', '2', '--latex', '--json'])\n"
        f"main([{EXAMPLE!r}, '--at', 'x=0:3:5', 'y=4', '--order', '2'])\n"
        "heavy = 'sympy scipy networkx graphviz mpmath matplotlib llvmlite IPython pandas'\n"
        "print([m for m in heavy.split() if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stderr.strip() == "[]"


def test_without_arguments_it_shows_the_running_example(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = started(cwd=tmp_path, env=environment, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stderr
    assert "gradient   [2*x*y, x**2 + 1]  =  [24, 10]" in done.stdout
    assert "all agree" in done.stdout
    assert (tmp_path / "symdiff-example.png").stat().st_size > 1000


def test_the_package_names_the_program():
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    assert config["options.entry_points"]["console_scripts"].strip() == "symdiff = symdiff.cli:main"


def test_terminals_without_the_letters_get_others():
    done = started("x**2", "--order", "2", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert "d2f/dx2 = 2" in done.stdout


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a file that is full")
def test_a_full_disk_is_one_line():
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "symdiff", "x"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    assert done.returncode == 2
    assert done.stderr.startswith("symdiff: the output can't be written")
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="signals and pipes of POSIX")
def test_a_closed_pipe_and_an_interrupt_leave_no_traceback():
    command = [sys.executable, "-m", "symdiff", "x", "--at", "x=0:1:30000", "--order", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as process:
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 141
    with subprocess.Popen(
        [sys.executable, "-m", "symdiff", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        preexec_fn=heeding_interrupts,
    ) as process:
        time.sleep(2)  # until it waits for formulas
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
        assert process.stderr.read() == b""


# -- what is closed, empty or endless ----------------------------------------------


def shell(line, **options):
    """A command line as a shell runs it, with `symdiff` for the command."""
    command = line.replace("symdiff", f"{shlex.quote(sys.executable)} -m symdiff")
    return subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, cwd=ROOT, timeout=120, **options)


@pytest.mark.skipif(os.name == "nt", reason="a shell that closes files")
@pytest.mark.parametrize(
    ("line", "status", "complaint"),
    [
        ("symdiff 'x+1' --at x=1 >&-", 2, "symdiff: the output can't be written: standard output is closed\n"),
        ("symdiff 'x+1' --at x=1 >&- 2>&-", 2, ""),
        ("symdiff 'x+(' 2>&-", 2, ""),
        ("symdiff --at x=1 <&-", 2, "symdiff: there is no formula; give one, --file, or - for standard input\n"),
        ("symdiff - <&-", 2, "symdiff: there is no formula; give one, --file, or - for standard input\n"),
    ],
)
def test_closed_files(line, status, complaint):
    done = shell(line)
    assert (done.returncode, done.stdout, done.stderr) == (status, "", complaint)


@pytest.mark.parametrize(
    ("argv", "complaint"),
    [
        (["x+1", "--render", ""], "'' should end in .png"),
        (["x+1", "--wrt", ""], "--wrt takes names of variables, not ''"),
        (["x+1", "--wrt", "x", " ,"], "--wrt takes names of variables, not ' ,'"),
        (["--wrt", "", "x+1"], "--wrt takes names of variables, not ''"),
        (["x+1", "--explain", ""], "--explain takes names of variables, not ''"),
        (["x+1", "--symmetric", ""], "--symmetric takes names of variables, not ''"),
        (["x+1", "--code", ""], "--code takes the name of a language, not ''"),
        (["x+1", "--code", "c", "-o", ""], "--output takes the name of a file, not ''"),
        (["x+1", "--file", ""], "'' can't be read"),
        (["x+1", "--at", ""], "--at takes name=value"),
        (["x+1", "--order", ""], "--order"),
        (["x+1", ""], "the formula ''"),
    ],
)
def test_empty_arguments_are_not_ignored(fails, argv, complaint):
    assert complaint in fails(*argv)


class Endless:
    """A stream that never ends."""

    def __init__(self, text):
        self.text = text

    def read(self, size):
        return self.text * (size // len(self.text))

    def isatty(self):
        return False


def test_files_that_never_end(fails, monkeypatch):
    for text, complaint in (("\0", "standard input is no text"), ("x+1\n", "more than 100,000,000 letters")):
        monkeypatch.setattr(sys, "stdin", Endless(text))
        assert complaint in fails("-")
    if os.path.exists("/dev/zero"):
        assert "/dev/zero is no text" in fails("--file", "/dev/zero")


def test_points_may_be_written_as_one(run):
    assert "at x = 3, y = 4" in run("x*y", "--at", "x=3,y=4", "--order", "0")[1]
    assert "= 11.0" in run("w[0, 1]*x", "--at", "w[0, 1]=5.5,x=2", "--order", "0")[1]


@pytest.mark.parametrize("text", ["y = x**2", "f(x) = x**2", "g(x, t) := x**2", " y=x**2"])
def test_of_an_equation_the_right_hand_side_is_taken_and_said(run, text):
    _, out, _ = run(text, "--at", "x=3", "--order", "0")
    assert out.startswith(f"f is the right-hand side of {text.partition('=')[0].rstrip(': ').strip()}\n")
    assert "= 9 = x**2" in out
    assert "right-hand" not in run("equal(x, 2)", "--order", "0")[1]


def test_the_trace_of_arrays_has_their_entries(run):
    formula = ["(v**2).sum()", "--shape", "v=n", "--trace"]
    _, out, _ = run(*formula, "--at", "v=[3, 4]")
    assert "v₁ = v[0]" in out
    assert "v₅ = v₃ + v₄     25" in out
    code, _, error = run(*formula)
    assert code == 2
    assert "give n one in --shape, or arrays by --at" in error
    code, _, error = run("v**2", *formula[1:])
    assert code == 2
    assert "not an array of shape (n,)" in error


def test_the_tree_the_trace_and_the_paths(run):
    _, out, _ = run("x*sin(y)", "--at", "x=2", "y=0", "--order", "0", "--tree", "--trace", "--explain", "y")
    assert "× = 0.0\n├─ x = 2\n└─ sin = 0.0\n   └─ y = 0" in out
    assert "v₃ = sin(v₂)" in out
    assert "1. y → sin(y) → x*sin(y)" in out


def test_films_and_pages(run, tmp_path):
    _, out, _ = run(
        "x*y", "--at", "x=2", "y=3", "--animate", str(tmp_path / "f.html"), "--render", str(tmp_path / "g.html")
    )
    assert f"{tmp_path / 'f.html'}: the passes, step by step" in out
    assert 'type="range"' in (tmp_path / "f.html").read_text(encoding="utf-8")
    assert "sd-explorer" in (tmp_path / "g.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("at", [["x=3,y=4"], ["x=3,", "y=4"], ["x=3, y=4"], ["x=3,", "y=4,"]])
def test_commas_between_values(at, run):
    status, out, _ = run(EXAMPLE, "--at", *at)
    assert status == 0
    assert "42" in out
