"""Names that languages reserve: variables and parts get something behind theirs, functions are refused."""

import shutil
import subprocess
import sys

import pytest

import symdiff as sd
from symdiff.languages.spelling import words

OF_C = words("""unix linux i386 FP_NAN HUGE_VAL math_errhandling alignas nullptr constexpr static_assert thread_local
asm typeof index gamma y0 j1 size_t strlen memcpy complex I NAN bool near far""")
OF_CPP = [*OF_C, *words("xor bitand compl not_eq co_await co_yield char8_t consteval typeid std T array template")]


def _program(names):
    """A function of variables and of parts with these names."""
    variables = [sd.Var(name) for name in names]
    with sd.Graph():
        parts = [sd.named(name, sd.sin(sd.Var(f"of_{name}")) + 1) for name in names]
        inner = [sd.sigmoid(p) * p for p in parts]
    inputs = [*variables, *[sd.Var(f"of_{name}") for name in names]]
    return [sum(v * sd.cos(v) for v in variables), inner], inputs


@pytest.mark.parametrize(
    ("language", "names", "compiler"),
    [
        ("c", OF_C, ["cc", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only"]),
        ("cpp", OF_CPP, ["c++", "-std=gnu++20", "-Wall", "-Werror", "-fsyntax-only", "-x", "c++"]),
    ],
)
def test_variables_and_parts(language, names, compiler, tmp_path):
    """Those called unix or FP_NAN in C, xor or co_await in C++ did not compile."""
    if shutil.which(compiler[0]) is None:
        pytest.skip(f"{compiler[0]} is not installed")
    paths = sd.code(*_program(names), language=language, name="main_part").write(tmp_path)
    source = paths[0]
    if language == "cpp":
        source = tmp_path / "use.cpp"
        source.write_text(f'#include "{paths[0].name}"\nint main() {{ return 0; }}\n')
    done = subprocess.run([*compiler, str(source)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[:2000]


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("c", words("unix linux FP_NAN alignas index strlen memcpy gamma printf cabs round logbf")),
        ("cpp", words("xor bitand co_await typeid size_t strlen")),
        ("numpy", ["numpy", "scipy", "lambda"]),
        ("jax", ["jax", "numpy"]),
        ("python", ["math", "class"]),
        ("javascript", ["eval", "arguments", "await"]),
    ],
)
def test_functions(language, names):
    """In C `strlen` and `index` were at odds with what compilers know; a file numpy.py hid NumPy from itself."""
    x = sd.Var("x")
    for name in names:
        with pytest.raises(sd.SymdiffValueError, match="reserved"):
            sd.code(x, x, language=language, name=name)


def test_folders_that_are_none(tmp_path):
    code = sd.code(sd.Var("x"), "x")
    for given in (None, 3):
        with pytest.raises(sd.SymdiffTypeError, match="path or a string"):
            code.write(given)
    (tmp_path / "f.h").mkdir()
    with pytest.raises(sd.SymdiffValueError, match="is a folder"):
        code.write(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["f.h"]


def test_an_interrupt_leaves_no_half_of_a_file(tmp_path, monkeypatch):
    from pathlib import Path

    def interrupted(self, mode):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "chmod", interrupted)
    with pytest.raises(KeyboardInterrupt):
        sd.code(sd.Var("x"), "x").write(tmp_path)
    assert not list(tmp_path.iterdir())


ODD = ["*\\", "*\\\n/", "a*/b", "/*", '"""', "\\N", "\x00", "n\nl", "\u202e", "\u2028", "\x85", "${x}", "'"]


@pytest.mark.parametrize(
    ("language", "compiler"),
    [
        ("c", ["cc", "-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror", "-fsyntax-only"]),
        ("cpp", ["c++", "-std=c++17", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-x", "c++"]),
        ("javascript", ["node", "--check"]),
        ("rust", ["rustc", "-Dwarnings", "--crate-type", "lib", "--emit", "metadata"]),
        ("fortran", ["gfortran", "-Wall", "-Werror", "-fsyntax-only"]),
        ("numpy", [sys.executable, "-m", "py_compile"]),
        ("torch", [sys.executable, "-m", "py_compile"]),
        ("python", [sys.executable, "-m", "py_compile"]),
    ],
)
def test_names_in_comments(language, compiler, tmp_path):
    """SymPy's symbols may have any name: a star and a backslash ended a comment in C, a null was in Python's text."""
    sympy = pytest.importorskip("sympy")
    if shutil.which(compiler[0]) is None:
        pytest.skip(f"{compiler[0]} is not installed")
    for k, name in enumerate(ODD):
        x = sd.from_sympy(sympy.Symbol(name))
        source = sd.code([sd.sin(x) * x, x], [x], language=language, name=f"odd{k}").write(tmp_path)[0]
        done = subprocess.run([*compiler, source.name], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, (name, done.stderr[:1000])
