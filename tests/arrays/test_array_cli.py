"""The command line with arrays: shapes, values as lists and files, what is printed, and what is wrong."""

# ruff: noqa: N806 - matrices have capitals, as in mathematics

import json
import os

import numpy as np
import pytest

from symdiff.cli import main

LEAST_SQUARES = "((X @ w - y)**2).sum()"
SHAPES = ("--shape", "X=3,2", "w=2", "y=3")
AT = ("--at", "X=[[1, 2], [3, 4], [5, 6]]", "w=[1, 2]", "y=[1, 1, 1]")


@pytest.fixture
def run(capsys):
    """The exit status, what was printed, and what was complained of."""

    def call(*argv):
        status = main(list(argv))
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return call


def test_formulas_alone(run):
    status, out, _ = run(LEAST_SQUARES, "--shape", "X=100,2", "w=2", "y=100")
    assert status == 0
    lines = [line.strip() for line in out.splitlines()]
    assert "value      f     = ((X @ w - y)**2).sum()" in lines
    assert "gradient   ∂f/∂X = 2*outer(X @ w - y, w)" in lines
    assert "∂f/∂w = 2*X.T @ (X @ w - y)" in lines
    assert "∂f/∂y = -2*(X @ w - y)" in lines


def test_values_and_second_derivatives(run):
    _, out, _ = run(LEAST_SQUARES, *SHAPES, *AT, "--wrt", "w", "--order", "2")
    assert "at X = [[1, 2], [3, 4], [5, 6]], w = [1, 2], y = [1, 1, 1]" in out
    assert "f       = 372" in out
    assert "∂f/∂w   = [228, 288]            = 2*X.T @ (X @ w - y)" in out
    assert "∂²f/∂w² = [[70, 88], [88, 112]] = 2*X.T @ X" in out


def test_the_formula_may_come_last(run):
    assert run(*SHAPES, LEAST_SQUARES, "--wrt", "w") == run(LEAST_SQUARES, *SHAPES, "--wrt", "w")


def test_latex(run):
    _, out, _ = run(LEAST_SQUARES, *SHAPES, "--wrt", "w", "--latex")
    assert r"\frac{\partial f}{\partial w} = 2 X^{\top} \left(X w - y\right)" in out


def test_sizes_with_names(run):
    _, out, _ = run("((X @ w)**2).mean()", "--shape", "X=n,2", "w=2", "--wrt", "w", *AT[:3])
    assert "∂f/∂w = [" in out
    assert "2*X.T @ X @ w/n" in out


def test_json(run):
    _, out, _ = run(LEAST_SQUARES, *SHAPES, *AT, "--wrt", "w", "y", "--order", "2", "--json")
    found = json.loads(out)
    X, w, y = np.array([[1, 2], [3, 4], [5, 6]]), np.array([1, 2]), np.ones(3)
    assert found["shapes"] == {"X": [3, 2], "w": [2], "y": [3]}
    assert found["at"]["X"] == X.tolist()
    assert found["value"] == ((X @ w - y) ** 2).sum()
    np.testing.assert_array_equal(found["gradient"][0], 2 * X.T @ (X @ w - y))
    np.testing.assert_array_equal(found["gradient"][1], -2 * (X @ w - y))
    np.testing.assert_array_equal(found["hessian"][0][0], 2 * X.T @ X)
    np.testing.assert_array_equal(found["hessian"][0][1], -2 * X.T)
    np.testing.assert_array_equal(found["hessian"][1][1], 2 * np.eye(3))
    assert [entry["formula"] for entry in found["derivatives"][:2]] == [LEAST_SQUARES, "2*X.T @ (X @ w - y)"]


def test_arrays_from_files(run, tmp_path):
    rng = np.random.default_rng(0)
    X, w, y = rng.normal(size=(100, 2)), rng.normal(size=2), rng.normal(size=100)
    for name, array in (("X", X), ("w", w), ("y", y)):
        np.save(tmp_path / f"{name}.npy", array)
    at = [f"{name}=@{tmp_path / name}.npy" for name in ("X", "w", "y")]
    status, out, _ = run(LEAST_SQUARES, "--shape", "X=100,2", "w=2", "y=100", "--at", *at, "--wrt", "w", "--json")
    assert status == 0
    np.testing.assert_allclose(json.loads(out)["gradient"][0], 2 * X.T @ (X @ w - y))
    _, out, _ = run(LEAST_SQUARES, "--shape", "X=100,2", "w=2", "y=100", "--at", *at, "--wrt", "w")
    assert "of shape 100×2" in out


def test_an_array_has_a_jacobian(run):
    _, out, _ = run("sin(X @ w)", *SHAPES[:3], "--wrt", "w", *AT[:3])
    assert "Jacobian   ∂f/∂w = " in out
    assert "= diag(cos(X @ w)) @ X" in out
    _, out, _ = run("sin(X @ w)", *SHAPES[:3], "--wrt", "w", *AT[:3], "--json")
    X, w = np.array([[1, 2], [3, 4], [5, 6]]), np.array([1, 2])
    np.testing.assert_allclose(json.loads(out)["jacobian"][0], np.cos(X @ w)[:, None] * X, rtol=1e-12)


def test_ranges_beside_arrays(run):
    argv = ("c*(x @ A @ x)", "--shape", "x=2", "A=2,2", "--symmetric", "A", "--wrt", "c", "x")
    _, out, _ = run(*argv, "--at", "c=0:1:3", "x=[1, 2]", "A=[[1, 2], [2, 1]]")
    rows = [line.split(maxsplit=3) for line in out.splitlines()[-3:]]
    assert rows == [
        ["0", "0", "13", "[0.0, 0.0]"],
        ["0.5", "6.5", "13", "[5.0, 4.0]"],
        ["1", "13", "13", "[10.0, 8.0]"],
    ]
    _, out, _ = run(*argv, "--at", "c=0:1:3", "x=[1, 2]", "A=[[1, 2], [2, 1]]", "--json")
    assert json.loads(out)["points"][1]["gradient"] == [13, [5.0, 4.0]]


def test_symmetric_matrices(run):
    _, out, _ = run("logdet(S)/2 + x @ solve(S, x)/2", "--shape", "S=2,2", "x=2", "--symmetric", "S", "--wrt", "S")
    assert "inv(S)/2 - outer(solve(S, x), solve(S, x))/2" in out


def test_check(run):
    argv = ("logdet(S) + x @ S @ x", "--shape", "S=2,2", "x=2", "--symmetric", "S")
    status, out, _ = run(*argv, "--at", "S=[[2, 1], [1, 2]]", "x=[1, 1]", "--check", "--order", "1")
    assert status == 0
    assert "arrays, backpropagation" in out
    assert "all agree" in out
    status, out, _ = run("sin(A @ x)", "--shape", "A=2,2", "x=2", "--at", "A=[[2, 1], [1, 2]]", "x=[1, 1]", "--check",
        "--order", "1", "--json")  # fmt: skip
    assert [check["ok"] for check in json.loads(out)["check"]] == [True, True]


def test_render(run, tmp_path):
    target = tmp_path / "f.dot"
    _, out, _ = run(LEAST_SQUARES, *SHAPES, *AT, "--render", str(target))
    assert "the graph with values and adjoints" in out
    assert "X @ w − y" in target.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["X @ w"], "--shape X=100,2 says that X is an array"),
        (["X @ w", "--shape", "X=100,3", "w=2"], "X of shape (100, 3) @ w of shape (2,) does not fit"),
        (["X @ w", "--shape", "X=a-b"], "--shape X=a-b: 'a-b' is no size"),
        (["X @ w", "--shape", "X=-3"], "has no negative size"),
        (["X @ w", "--shape", "w="], "--shape takes name=size or name=size,size such as X=100,2 or w=n, not 'w='"),
        (["w @ w", "--shape", "w=2", "w=3"], "--shape gives w twice"),
        (["w @ w", "--shape", "w=2", "v=3"], "--shape names v, which no formula has"),
        (["w @ w", "--shape", "w=2", "--symmetric", "B"], "--symmetric B is of an array: give its shape too"),
        (["A @ x", "--shape", "A=2,3", "x=3", "--symmetric", "A"], "a symmetric variable is a square matrix"),
        (["w @ w", "--shape", "w=2", "--at", "w=[1,2"], "the value of w is a list such as [1, 2]"),
        (["w @ w", "--shape", "w=2", "--at", "w=[[1],[2,3]]"], "the value of w is a list such as [1, 2]"),
        (["w @ w", "--shape", "w=2", "--at", 'w=["a"]'], "the value of w is a list of numbers"),
        (["w @ w", "--shape", "w=2", "--at", "w=@missing.npy"], "'missing.npy' can't be read: No such file"),
        (["w @ w", "--shape", "w=2", "--at", "w=@w.txt"], "a file of an array ends in .npy"),
        (["w @ w", "--shape", "w=2", "--at", "w=[1,2,3]"], "w has shape (2,); the array given has shape (3,)"),
        (["w @ w", "--shape", "w=2", "--at", "w=3"], "w has shape (2,)"),
        (["w*2", "--at", "w=[1,2]"], "w is a number; --shape w=2 makes it an array"),
        (["x @ y", "--shape", "x=n", "y=n", "--at", "x=[1,2]", "y=[1,2,3]"], "y has shape (n,) with n = 2"),
        (["w @ w", "--shape", "w=2", "--check"], "no value for w"),
        (["trace(A)", "--shape", "A=2,2", "--symmetric", "A", "--at", "A=[[1,2],[3,4]]"], "not symmetric"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(run, argv, message):
    status, out, err = run(*argv)
    assert status == 2
    assert not out
    assert message in err


def test_a_check_of_many_entries_is_refused(run, tmp_path):
    np.save(tmp_path / "w.npy", np.ones(200))
    status, _, err = run("sin(w)", "--shape", "w=200", "--at", f"w=@{tmp_path}/w.npy", "--check", "--order", "0")
    assert status == 2
    assert "200 are more than 100" in err
    status, _, err = run("sin(w)", "--shape", "w=n", "--at", "w=[1, 2]", "--check", "--order", "0")
    assert status == 2
    assert "give its sizes as numbers" in err


def test_a_file_that_holds_no_numbers(run, tmp_path):
    np.save(tmp_path / "w.npy", np.array(["a", "b"]))
    (tmp_path / "v.npy").write_text("no array")
    assert "no number" in run("w @ w", "--shape", "w=2", "--at", f"w=@{tmp_path}/w.npy")[2]
    assert "is no file of an array of numbers" in run("w @ w", "--shape", "w=2", "--at", f"w=@{tmp_path}/v.npy")[2]


def test_entries_of_arrays_are_variables_by_name(run):
    argv = ["((X @ w)**2).sum()", "--shape", "X=3,2", "w=2", "--wrt", "w[0]", "w[1]", "--order", "2"]
    status, out, _ = run(*argv, "--at", "X=[[1, 2], [3, 4], [5, 6]]", "w=[1, 2]")
    assert status == 0
    assert "∂f/∂w[0]       = 246 = (2*X.T @ (X @ w))[0]" in out
    assert "∂²f/∂w[0]∂w[1] = 88" in out
    _, out, _ = run(*argv, "--json", "--latex")
    found = json.loads(out)
    assert found["wrt"] == ["w[0]", "w[1]"]
    assert found["derivatives"][1]["latex"] == r"{\left(2 X^{\top} X w\right)}_{0}"
    status, _, err = run(*argv[:5], "w[2]")
    assert "there is no place 2 on axis 0 of w of shape (2,), which has size 2" in err
    status, _, err = run(*argv[:5], "q[0]")
    assert "--wrt names q[0], which no formula has" in err


def test_vectors_without_brackets_and_files_of_numbers(run, tmp_path):
    (tmp_path / "X.csv").write_text("1,2\n3,4\n5,6\n")
    at = ["--at", f"X=@{tmp_path}/X.csv", "w=1,-2.5", "--wrt", "w", "--hessian"]
    status, out, _ = run("((X @ w)**2).sum()", "--shape", "X=3,2", "w=2", *at)
    assert status == 0
    for part in ("w = [1.0, -2.5]", "[[70.0, 88.0], [88.0, 112.0]]", "= 2*X.T @ X"):
        assert part in out


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="no device that never ends")
def test_files_of_arrays_that_never_end_or_would_fill_the_memory(run, tmp_path):
    for suffix, complaint in (("csv", "is no text: it holds NUL characters"), ("npy", "does not begin as np.save")):
        path = tmp_path / f"endless.{suffix}"
        path.symlink_to("/dev/zero")
        status, _, err = run("v @ v", "--shape", "v=3", "--at", f"v=@{path}")
        assert status == 2
        assert complaint in err
    with open(tmp_path / "large.npy", "wb") as file:
        np.lib.format.write_array_header_1_0(file, {"descr": "<f8", "fortran_order": False, "shape": (10**15,)})
    status, _, err = run("v @ v", "--shape", "v=n", "--at", f"v=@{tmp_path}/large.npy")
    assert status == 2
    assert "is no file of an array of numbers" in err
