"""Graphviz's program: where it is, and how it is run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from typing import Any

from symdiff.draw import process
from symdiff.errors import RenderError, SymdiffValueError
from symdiff.quoting import quoted

TIMEOUT = 60.0
_NAME = "graphviz-pure"
_MISSING = str.maketrans("⊙", "◦")  # glyphs that its font lacks, and others for them
_INCHES = 60  # size limit of a PNG in inches, to which larger ones are scaled: 5,760 dots
_QUOTED = 300  # length limit of a program's complaint in an error, in characters
_START = 40  # length limit of a quotation of what is no picture, in bytes
_LONGEST = 1_000_000  # limit of a timeout, in seconds
_WHOLE = {  # marks at the start and the end of a whole file, by format
    "png": (b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"),
    "svg": (b"<svg", b"</svg>"),
    "pdf": (b"%PDF-", b"%%EOF"),
    "json0": (b"{", b"}"),
}


def find() -> str:
    """The program: $SYMDIFF_DOT, else `dot` on the path, else that of the package `graphviz-pure`.

    Raises
    ------
    RenderError
        Where there is none of the three.
    """
    chosen = os.environ.get("SYMDIFF_DOT")
    if chosen:
        found = shutil.which(chosen)
        if found is None:
            raise RenderError(f"SYMDIFF_DOT names {chosen!r}, which is no program: correct it or unset it")
        return found
    found = shutil.which("dot") or _beside_python() or shutil.which(_NAME)
    if found is None:
        raise RenderError(
            "no Graphviz program was found to draw with: set SYMDIFF_DOT to one, or install Graphviz "
            "so that `dot` is on the PATH, or run `pip install graphviz-pure`"
        )
    return found


def _beside_python() -> str | None:
    """The package's program in a scripts folder, which need not be on the path."""
    user = sysconfig.get_preferred_scheme("user")
    folders = [
        os.path.dirname(sys.executable or ""),
        sysconfig.get_path("scripts"),
        sysconfig.get_path("scripts", user),
    ]
    return shutil.which(_NAME, path=os.pathsep.join([folder for folder in folders if folder]))


def present() -> bool:
    """Whether there is a program, or one is named; a wrong name is no reason to look for another way."""
    if os.environ.get("SYMDIFF_DOT"):
        return True
    try:
        find()
    except RenderError:
        return False
    return True


class TimeLimitError(RenderError):
    """A picture that took longer than it was given."""


def run(source: str, suffix: str, timeout: float = TIMEOUT, dpi: int | None = None, engine: str | None = None) -> bytes:
    """A picture as the bytes of a file of that format; "nop2" as the engine keeps the positions in the source.

    Raises
    ------
    RenderError
        Where no program is found, or it fails or takes longer than `timeout` seconds.
    """
    check_timeout(timeout)
    program = find()
    if os.path.splitext(_short(program))[0] == _NAME:
        source = source.translate(_MISSING)
    sharpness = [f"-Gdpi={dpi}"] if dpi else [f"-Gsize={_INCHES},{_INCHES}"] if suffix == "png" else []
    command = [program, f"-T{suffix}", *sharpness, *([f"-K{engine}"] if engine else [])]
    try:
        status, drawn, complaint = process.output(command, source.encode(), timeout)
    except subprocess.TimeoutExpired as error:
        raise TimeLimitError(
            f"{_short(program)} did not draw the graph within {timeout:g} seconds: allow more by timeout=…, "
            "fold=True draws it in boxes, depth=… or around=… a part, and a .dot file needs no layout"
        ) from error
    except OSError as error:
        raise RenderError(f"{_short(program)} could not be run: {error.strerror}") from error
    if status or not drawn:
        raise _failed(program, suffix, complaint.decode(errors="replace"))
    start, end = _WHOLE[suffix]
    if start not in drawn or not drawn.rstrip().endswith(end):
        raise RenderError(f"{_short(program)} drew no whole {suffix.upper()}: it wrote {drawn[:_START]!r} …")
    return drawn


def check_timeout(timeout: Any) -> None:
    """Refuse what is no time to wait.

    Raises
    ------
    SymdiffValueError
        For what is no number, not positive, or above a million seconds.
    """
    number = isinstance(timeout, (int, float)) and not isinstance(timeout, bool)
    if not number or not 0 < timeout <= _LONGEST:
        raise SymdiffValueError(f"timeout is a number of seconds up to {_LONGEST:,}, not {quoted(timeout)}")


def _failed(program: str, suffix: str, complaint: str) -> RenderError:
    if "not recognized" in complaint and "Format" in complaint:
        return RenderError(
            f"{_short(program)} does not write {suffix.upper()}: choose .png or .svg, or install Graphviz "
            "itself, whose `dot` does"
        )
    lines = [line for line in complaint.splitlines() if line.strip() and not line.startswith("Warning")]
    quoted = " ".join(lines)[:_QUOTED] or "it gave no reason"
    return RenderError(f"{_short(program)} failed to draw the graph: {quoted}")


def _short(program: str) -> str:
    return os.path.basename(program)
