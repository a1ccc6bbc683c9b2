"""Pictures as files: formats, the search for a program, and everything that can go wrong."""

import os
import pathlib
import signal
import stat
import subprocess
import sys
import sysconfig
import time

import pytest
from support import heeding_interrupts

import symdiff as sd
from symdiff.draw import binary
from symdiff.draw.graphviz import to_graphviz
from symdiff.draw.render import render
from symdiff.errors import RenderError, SymdiffTypeError, SymdiffValueError

PURE = binary._beside_python()
posix_only = pytest.mark.skipif(os.name == "nt", reason="the stand-ins are shell scripts")


@pytest.fixture
def f():
    x, y = sd.variables("x y")
    return x**2 * y + y + 2


@pytest.fixture
def pure(monkeypatch):
    """graphviz-pure whatever else is installed."""
    if PURE is None:
        pytest.skip("graphviz-pure is not installed")
    monkeypatch.setenv("SYMDIFF_DOT", PURE)


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """A machine without any Graphviz; the folder is the path."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.delenv("SYMDIFF_DOT", raising=False)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nowhere" / "python"))
    monkeypatch.setattr(sysconfig, "get_path", lambda *args: str(tmp_path / "scripts"))
    return folder


def stand_in(path, text):
    """A program that reads its input and does as told."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def answer(path, word):
    return stand_in(path, f"echo '<svg>{word}</svg>'")


def told(path):
    """The word of the program that drew a file."""
    return pathlib.Path(path).read_text().removeprefix("<svg>").removesuffix("</svg>\n")


@pytest.mark.parametrize(("suffix", "start"), [("png", b"\x89PNG\r\n\x1a\n"), ("svg", b"<?xml"), ("PNG", b"\x89PNG")])
def test_formats(f, tmp_path, pure, capfd, suffix, start):
    path = str(tmp_path / f"f.{suffix}")
    assert render(f, path, at={"x": 3, "y": 4}, backward=True) == path
    data = pathlib.Path(path).read_bytes()
    assert data.startswith(start)
    assert len(data) > 3000
    assert capfd.readouterr() == ("", "")
    assert os.listdir(tmp_path) == [f"f.{suffix}"]


@pytest.mark.parametrize("suffix", ["dot", "gv"])
def test_the_source_needs_no_program(f, tmp_path, bare, suffix):
    path = render(f, tmp_path / f"f.{suffix}", rankdir="TB")
    text = pathlib.Path(path).read_text(encoding="utf-8")
    assert text.startswith("digraph {")
    assert "rankdir=TB" in text


def test_a_png_is_large_enough_to_read(f, tmp_path, pure):
    data = pathlib.Path(render(f, tmp_path / "f.png")).read_bytes()
    width, height = (int.from_bytes(data[k : k + 4], "big") for k in (16, 20))
    assert width > 500
    assert height > 150


def test_the_method_does_the_same(f, tmp_path, pure):
    path = f.render(tmp_path / "f.svg", at={"x": 3, "y": 4})
    assert "= 42" in pathlib.Path(path).read_text(encoding="utf-8")


def test_a_bare_name_is_written_here(f, tmp_path, monkeypatch, pure):
    monkeypatch.chdir(tmp_path)
    assert render(f, "f.svg") == "f.svg"
    assert (tmp_path / "f.svg").exists()


def test_pdf_without_a_program_that_writes_it(f, tmp_path, pure):
    with pytest.raises(RenderError, match=r"does not write PDF: choose \.png or \.svg, or install Graphviz"):
        render(f, tmp_path / "f.pdf")
    assert os.listdir(tmp_path) == []


# -- the search for a program ---------------------------------------------------


@posix_only
def test_the_order_of_the_search(f, tmp_path, bare, monkeypatch):
    path = tmp_path / "f.svg"
    answer(bare / "graphviz-pure", "pure-on-the-path")
    assert told(render(f, path)) == "pure-on-the-path"
    answer(tmp_path / "scripts" / "graphviz-pure", "pure-in-scripts")
    assert told(render(f, path)) == "pure-in-scripts"
    answer(tmp_path / "nowhere" / "graphviz-pure", "pure-beside-python")
    assert told(render(f, path)) == "pure-beside-python"
    answer(bare / "dot", "dot")
    assert told(render(f, path)) == "dot"
    monkeypatch.setenv("SYMDIFF_DOT", answer(tmp_path / "mine", "mine"))
    assert told(render(f, path)) == "mine"
    monkeypatch.setenv("SYMDIFF_DOT", "")
    assert told(render(f, path)) == "dot"


@posix_only
def test_a_bare_name_in_the_environment_is_looked_up(bare, monkeypatch):
    expected = answer(bare / "other-dot", "other")
    monkeypatch.setenv("SYMDIFF_DOT", "other-dot")
    assert binary.find() == expected


def test_without_any_and_without_matplotlib_the_error_names_all(f, tmp_path, bare, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(RenderError, match=r"SYMDIFF_DOT.*`dot`.*graphviz-pure.*matplotlib") as error:
        render(f, tmp_path / "f.png")
    assert isinstance(error.value, OSError)
    assert not (tmp_path / "f.png").exists()


def test_a_wrong_environment_variable_is_named(f, tmp_path, monkeypatch):
    monkeypatch.setenv("SYMDIFF_DOT", str(tmp_path / "nothing"))
    with pytest.raises(RenderError, match="SYMDIFF_DOT names"):
        render(f, tmp_path / "f.png")


# -- a program that fails ---------------------------------------------------------


@posix_only
def test_a_failure_is_quoted_and_leaves_nothing(f, tmp_path, monkeypatch, capfd):
    program = stand_in(tmp_path / "broken", "echo half a picture; echo Warning: font >&2; echo out of ink >&2; exit 3")
    monkeypatch.setenv("SYMDIFF_DOT", program)
    with pytest.raises(RenderError, match=r"broken failed to draw the graph: out of ink$"):
        render(f, tmp_path / "f.png")
    assert os.listdir(tmp_path) == ["broken"]
    assert capfd.readouterr() == ("", "")


@posix_only
def test_silence_is_a_failure_too(f, tmp_path, monkeypatch):
    monkeypatch.setenv("SYMDIFF_DOT", stand_in(tmp_path / "silent", "true"))
    with pytest.raises(RenderError, match="it gave no reason"):
        render(f, tmp_path / "f.png")


@posix_only
def test_what_can_not_be_run_is_named(f, tmp_path, monkeypatch):
    program = tmp_path / "garbage"
    program.write_bytes(b"\x00\x01")
    program.chmod(0o755)
    monkeypatch.setenv("SYMDIFF_DOT", str(program))
    with pytest.raises(RenderError, match="garbage could not be run"):
        render(f, tmp_path / "f.png")


@posix_only
def test_warnings_of_a_success_are_dropped(f, tmp_path, monkeypatch, capfd):
    monkeypatch.setenv("SYMDIFF_DOT", stand_in(tmp_path / "chatty", "echo '<svg></svg>'; echo Warning: font >&2"))
    render(f, tmp_path / "f.svg")
    assert capfd.readouterr() == ("", "")


@posix_only
def test_the_time_limit(f, tmp_path, monkeypatch):
    monkeypatch.setenv("SYMDIFF_DOT", stand_in(tmp_path / "slow", "exec sleep 30"))
    with pytest.raises(RenderError, match=r"within 0\.2 seconds.*timeout=.*f\.dot' is kept"):
        render(f, tmp_path / "f.png", timeout=0.2)
    assert sorted(os.listdir(tmp_path)) == ["f.dot", "slow"]
    assert (tmp_path / "f.dot").read_text(encoding="utf-8") == to_graphviz(f).source


@pytest.mark.parametrize("timeout", [0, -1, None, "long", float("nan"), float("inf"), 10**9, 1e300, 10**400])
@pytest.mark.parametrize("name", ["f.png", "f.dot"])
def test_a_time_limit_is_a_number(f, tmp_path, pure, timeout, name):
    with pytest.raises(SymdiffValueError, match="timeout is a number of seconds"):
        render(f, tmp_path / name, timeout=timeout)
    assert os.listdir(tmp_path) == []


@posix_only
@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_garbage_is_no_picture(f, tmp_path, monkeypatch, suffix):
    (tmp_path / f"f.{suffix}").write_text("old")
    monkeypatch.setenv("SYMDIFF_DOT", stand_in(tmp_path / "joker", "echo half a picture; exit 0"))
    with pytest.raises(RenderError, match=rf"joker drew no whole {suffix.upper()}.*half a picture"):
        render(f, tmp_path / f"f.{suffix}")
    assert (tmp_path / f"f.{suffix}").read_text() == "old"


@posix_only
def test_a_picture_that_was_cut_off_is_none(f, tmp_path, monkeypatch, pure):
    program = stand_in(tmp_path / "cut", f'"{PURE}" "$@" | head -c 200')
    monkeypatch.setenv("SYMDIFF_DOT", program)
    for suffix in ("png", "svg"):
        with pytest.raises(RenderError, match="drew no whole"):
            render(f, tmp_path / f"f.{suffix}")


# -- programs that hang ------------------------------------------------------------


def family(tmp_path):
    """A program that hangs, with another that it has started; both write their numbers into files."""
    text = f"sh -c 'echo $$ > {tmp_path}/second; exec sleep 600' & echo $$ > {tmp_path}/first; exec sleep 600"
    return stand_in(tmp_path / "hanging", text)


def gone(tmp_path, within=20):
    """Whether both are gone soon."""
    numbers = [int((tmp_path / name).read_text()) for name in ("first", "second")]
    end = time.monotonic() + within
    while time.monotonic() < end:
        if not any(alive(number) for number in numbers):
            return True
        time.sleep(0.02)
    return False


def alive(number):
    try:
        status = pathlib.Path(f"/proc/{number}/stat").read_text()
    except FileNotFoundError:
        status = ") X"
    if os.path.isdir("/proc/self"):
        return status.rpartition(")")[2].split()[0] not in "XZ"  # what has ended may still stand there
    return not subprocess.run(["ps", "-p", str(number)], capture_output=True).returncode


def written(tmp_path, within=20):
    end = time.monotonic() + within
    while time.monotonic() < end:
        if all((tmp_path / name).exists() and (tmp_path / name).read_text() for name in ("first", "second")):
            return True
        time.sleep(0.02)
    return False


@posix_only
def test_the_time_limit_ends_what_the_program_started_too(f, tmp_path, monkeypatch):
    monkeypatch.setenv("SYMDIFF_DOT", family(tmp_path))
    with pytest.raises(RenderError, match="within 1 seconds"):
        render(f, tmp_path / "f.svg", timeout=1)
    assert gone(tmp_path)


@posix_only
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGKILL"])
def test_a_program_ends_with_what_started_it(tmp_path, name):
    code = f"import symdiff as sd; sd.Var('x').render('{tmp_path}/f.svg')"
    environment = {**os.environ, "SYMDIFF_DOT": family(tmp_path)}
    parent = subprocess.Popen(
        [sys.executable, "-c", code], env=environment, stderr=subprocess.DEVNULL, preexec_fn=heeding_interrupts
    )
    assert written(tmp_path)
    parent.send_signal(getattr(signal, name))
    assert parent.wait(20) != 0
    assert gone(tmp_path)
    assert not (tmp_path / "f.svg").exists()


SLOW_START = """
import subprocess, time
class Slow(subprocess.Popen):
    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        time.sleep(5)
subprocess.Popen = Slow
"""


@posix_only
def test_a_program_ends_with_what_started_it_as_soon_as_it_runs(tmp_path):
    code = f"{SLOW_START}import symdiff as sd; sd.Var('x').render('{tmp_path}/f.svg')"
    environment = {**os.environ, "SYMDIFF_DOT": family(tmp_path)}
    parent = subprocess.Popen([sys.executable, "-c", code], env=environment, stderr=subprocess.DEVNULL)
    assert written(tmp_path, within=60)
    parent.kill()
    parent.wait(20)
    assert gone(tmp_path)


# -- where the file goes -----------------------------------------------------------


@pytest.mark.parametrize("name", ["f\0.png", "\0.svg", "f\ud800.png"])
def test_a_path_that_no_file_can_have(f, name):
    with pytest.raises(SymdiffValueError, match="can't be the path of a file"):
        render(f, name)


@posix_only
def test_a_pipe_is_not_replaced(f, tmp_path, pure):
    os.mkfifo(tmp_path / "f.svg")
    (tmp_path / "g.svg").symlink_to(tmp_path / "f.svg")
    for name in ("f.svg", "g.svg"):
        with pytest.raises(RenderError, match="not an ordinary file"):
            render(f, tmp_path / name)
    assert stat.S_ISFIFO((tmp_path / "f.svg").stat().st_mode)


@pytest.mark.parametrize("name", ["f", "f.bmp", "f.png.txt", ".png", "f."])
def test_another_suffix_is_refused(f, tmp_path, name):
    with pytest.raises(SymdiffValueError, match=r"\.png, \.svg"):
        render(f, tmp_path / name)


def test_a_path_is_a_path(f):
    with pytest.raises(SymdiffTypeError, match="path"):
        render(f, 3)


def test_a_missing_folder_is_named(f, tmp_path):
    with pytest.raises(RenderError, match=r"no folder .*absent"):
        render(f, tmp_path / "absent" / "f.svg")


def test_a_folder_in_the_way(f, tmp_path):
    (tmp_path / "f.svg").mkdir()
    with pytest.raises(RenderError, match=r"f\.svg.*is a folder"):
        render(f, tmp_path / "f.svg")


@posix_only
def test_a_read_only_folder_or_file(f, tmp_path, pure):
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    (tmp_path / "f.svg").write_text("old")
    (tmp_path / "f.svg").chmod(0o444)
    with pytest.raises(RenderError, match="read-only"):
        render(f, tmp_path / "f.svg")
    tmp_path.chmod(0o555)
    with pytest.raises(RenderError, match=r"g\.svg.*can't be written"):
        render(f, tmp_path / "g.svg")
    tmp_path.chmod(0o755)


@pytest.mark.parametrize("failing", ["replace", "open"])
def test_a_disk_that_fails_leaves_the_old_file_whole(f, tmp_path, monkeypatch, failing):
    def fail(*args):
        raise OSError(28, "No space left on device")

    (tmp_path / "f.gv").write_text("old")
    if failing == "replace":
        monkeypatch.setattr(os, "replace", fail)
    else:
        monkeypatch.setattr("builtins.open", fail)
    with pytest.raises(RenderError, match=r"f\.gv.*No space left"):
        render(f, tmp_path / "f.gv")
    monkeypatch.undo()
    assert os.listdir(tmp_path) == ["f.gv"]
    assert (tmp_path / "f.gv").read_text() == "old"


@posix_only
def test_a_link_stays_a_link_and_permissions_are_as_usual(f, tmp_path):
    (tmp_path / "target.gv").write_text("old")
    (tmp_path / "f.gv").symlink_to(tmp_path / "target.gv")
    render(f, tmp_path / "f.gv")
    assert (tmp_path / "f.gv").is_symlink()
    assert (tmp_path / "target.gv").read_text().startswith("digraph")
    plain = tmp_path / "plain"
    plain.touch()
    assert (tmp_path / "target.gv").stat().st_mode == plain.stat().st_mode


def test_wrong_options_are_refused_before_anything_is_written(f, tmp_path):
    with pytest.raises(TypeError, match="colour"):
        render(f, tmp_path / "f.svg", colour="blue")
    assert os.listdir(tmp_path) == []
