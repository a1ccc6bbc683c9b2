"""The progress bar: only for the patient, only on a terminal."""

import io
import sys

from symdiff.compile import progress as module


class Terminal(io.StringIO):
    def isatty(self):
        return True


def _work(monkeypatch, stream, patience):
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(module, "PATIENCE", patience)
    with module.progress("compiling", 4) as done:
        for k in range(4):
            done(k + 1)
    return stream.getvalue()


def test_long_work_on_a_terminal_shows(monkeypatch):
    shown = _work(monkeypatch, Terminal(), -1.0)
    assert "compiling [" in shown
    assert "100 %" in shown
    assert shown.endswith("\n")


def test_short_work_and_files_show_nothing(monkeypatch):
    assert _work(monkeypatch, Terminal(), 100.0) == ""
    assert _work(monkeypatch, io.StringIO(), -1.0) == ""
