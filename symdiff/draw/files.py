"""Where pictures are written: a path checked before anything is drawn, a file written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Sequence
from typing import Any

from symdiff.errors import RenderError, SymdiffTypeError, SymdiffValueError

SOURCE = (".dot", ".gv")
PAGE = ".html"
TIKZ = ".tex"
JPEG = (".jpg", ".jpeg")
SUFFIXES = (".png", ".svg", ".pdf", *JPEG, PAGE, TIKZ, *SOURCE)


def checked_path(path: Any, suffixes: Sequence[str] = SUFFIXES) -> str:
    """The path as a string, checked before anything is drawn.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError, RenderError
        For what is no path, another suffix, a place where nothing can be written, or no ordinary file is.
    """
    target = os.fspath(path) if isinstance(path, (str, os.PathLike)) else path
    if not isinstance(target, str):
        raise SymdiffTypeError(f"a path is a string or a pathlib.Path, not {path!r}")
    try:
        named = b"\0" not in os.fsencode(target)
    except UnicodeEncodeError:
        named = False
    if not named:
        raise SymdiffValueError(f"{target!r} can't be the path of a file: it holds a NUL or half of a letter")
    suffix = os.path.splitext(target)[1].lower()
    if suffix not in suffixes:
        raise SymdiffValueError(f"{target!r} should end in {', '.join(suffixes[:-1])} or {suffixes[-1]}")
    if not os.path.isdir(os.path.dirname(target) or "."):
        raise RenderError(f"{target!r} can't be written: there is no folder {os.path.dirname(target)!r}")
    if os.path.isdir(target):
        raise RenderError(f"{target!r} can't be written: it is a folder")
    if os.path.exists(target) and not os.path.isfile(target):
        raise RenderError(f"{target!r} can't be written: it is a pipe or a device, not an ordinary file")
    if os.path.exists(target) and not os.access(target, os.W_OK):
        raise RenderError(f"{target!r} can't be written: it is read-only")
    return target


def write(target: str, data: bytes) -> None:
    """Write a file whole or not at all: beside its place first, then into it."""
    place = os.path.realpath(target)  # resolve the link, which stays one
    beside = os.path.join(os.path.dirname(place), f".symdiff-{secrets.token_hex(6)}.tmp")
    try:
        with open(beside, "xb") as file:
            file.write(data)
        os.replace(beside, place)
    except BaseException as error:
        with contextlib.suppress(OSError):
            os.unlink(beside)
        if isinstance(error, OSError):
            raise RenderError(f"{target!r} can't be written: {error.strerror or error}") from error
        raise
