"""The progress bar: only for the patient, only where a person looks, one at a time."""

from __future__ import annotations

import io
import sys
import types

import pytest

import symdiff as sd
from symdiff import progress as module


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", -1.0)
    monkeypatch.setattr(module, "MANY", 10)
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)  # as if it was not installed
    monkeypatch.delenv("TQDM_DISABLE", raising=False)


def worked(monkeypatch, stream):
    """What stands on stderr after some work."""
    monkeypatch.setattr(sys, "stderr", stream)
    with module.progress("compiling", 4) as done:
        for k in range(4):
            done(k + 1)
    return stream.getvalue()


def test_long_work_on_a_terminal_shows(monkeypatch, impatient):
    shown = worked(monkeypatch, Terminal())
    assert "compiling [" in shown
    assert "100 %" in shown
    assert shown.endswith("\n")


def test_short_work_and_files_show_nothing(monkeypatch, impatient):
    monkeypatch.delitem(sys.modules, "ipykernel", raising=False)  # which another test may have left
    assert worked(monkeypatch, io.StringIO()) == ""
    monkeypatch.setattr(module, "PATIENCE", 100.0)
    assert worked(monkeypatch, Terminal()) == ""


def test_nothing_shows_where_bars_are_unwanted(monkeypatch, impatient):
    monkeypatch.setenv("TQDM_DISABLE", "1")
    assert worked(monkeypatch, Terminal()) == ""


def test_a_notebook_is_looked_at(monkeypatch, impatient):
    monkeypatch.setitem(sys.modules, "ipykernel", types.ModuleType("ipykernel"))
    assert "compiling [" in worked(monkeypatch, io.StringIO())


def test_tqdm_draws_the_bar_where_it_is_installed(monkeypatch, impatient):
    made = []

    class Bar:
        def __init__(self, total, desc, leave):
            self.total, self.desc, self.n, self.start_t, self.closed = total, desc, 0, 0.0, False
            made.append(self)

        def update(self, more):
            self.n += more

        def close(self):
            self.closed = True

    monkeypatch.setitem(sys.modules, "tqdm", types.ModuleType("tqdm"))
    monkeypatch.setitem(sys.modules, "tqdm.auto", types.SimpleNamespace(tqdm=Bar))
    assert worked(monkeypatch, Terminal()) == ""
    (bar,) = made
    assert (bar.desc, bar.total, bar.n, bar.closed) == ("compiling", 4, 4, True)


def test_a_pass_inside_another_shows_nothing_of_its_own(monkeypatch, impatient):
    monkeypatch.setattr(sys, "stderr", Terminal())
    outer = [list(module.watched("inner", range(20), 20)) for _ in module.watched("outer", range(20), 20)]
    assert outer == [list(range(20))] * 20
    assert "outer" in sys.stderr.getvalue()
    assert "inner" not in sys.stderr.getvalue()


def test_an_interrupted_pass_leaves_the_next_one_its_bar(monkeypatch, impatient):
    monkeypatch.setattr(sys, "stderr", Terminal())

    def work():
        for k in module.watched("first", range(20), 20):
            if k == 7:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work()
    assert list(module.watched("second", range(20), 20)) == list(range(20))
    assert "second [" in sys.stderr.getvalue()


def chain():
    x = sd.Var("x")
    f = x
    for k in range(40):
        f = sd.sin(f) * x + k
    return f, x


@pytest.mark.parametrize(
    ("what", "work"),
    [
        ("differentiating [", lambda f, x: f.gradient([x])),
        ("differentiating twice [", lambda f, x: f.hessian([x])),
        ("differentiating [", lambda f, x: sd.jvp(f, [x], [1])),
        ("compiling [", lambda f, x: sd.compile(f, [x], backend="python")),
        ("writing LaTeX [", lambda f, x: f.latex()),
        ("converting to SymPy [", lambda f, x: f.to_sympy()),
    ],
)
def test_long_passes_show_and_give_what_they_give_otherwise(monkeypatch, impatient, what, work):
    with sd.Graph():
        shown = Terminal()
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stderr", shown)
            found = work(*chain())
        assert what in shown.getvalue()
    with sd.Graph():
        assert str(work(*chain())) == str(found)
