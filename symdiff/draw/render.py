"""Pictures as files."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from symdiff.draw import binary
from symdiff.draw.graphviz import to_graphviz
from symdiff.draw.picture import Picture
from symdiff.errors import RenderError, SymdiffTypeError, SymdiffValueError

_SOURCE = (".dot", ".gv")
_SUFFIXES = (".png", ".svg", ".pdf", *_SOURCE)
_DPI = 144  # resolution: twice what screens had, so sharp on today's
_SMALL = 400  # size limit of pictures at that resolution, in nodes; larger ones are large enough without


def render(
    exprs: Any,
    path: str | os.PathLike[str],
    at: Mapping[Any, Any] | None = None,
    backward: bool = False,
    timeout: float = binary.TIMEOUT,
    **options: Any,
) -> str:
    """Draw the graph below one expression or several into a file, and return its path.

    The program that draws is `$SYMDIFF_DOT`, else `dot` on the path, else
    `graphviz-pure`, which comes with symdiff and writes PNG and SVG; where there
    is none of them, matplotlib draws a simpler layout.

    Parameters
    ----------
    exprs, at, backward, **options
        As for `to_graphviz`.
    path : str or path
        Ends in .png, .svg or .pdf, or in .dot or .gv for Graphviz's source.
    timeout : float
        Seconds after which to give up; Graphviz's source is kept then, and named in the error.

    Raises
    ------
    SymdiffValueError
        For another suffix, a path that no file can have, a timeout that is no number of seconds up to a million.
    RenderError
        Where the picture can't be drawn or written; no part of a file stays.

    >>> import pathlib, tempfile
    >>> import symdiff as sd
    >>> from symdiff.draw.render import render
    >>> x, y = sd.variables("x y")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = render(x**2*y + y + 2, f"{folder}/f.svg", at={x: 3, y: 4})
    ...     "= 42" in pathlib.Path(path).read_text(encoding="utf-8")
    True
    """
    target = checked_path(path, _SUFFIXES)
    binary.check_timeout(timeout)
    picture = to_graphviz(exprs, at=at, backward=backward, **options)
    return write_picture(picture, target, timeout)


def write_picture(picture: Picture, target: str, timeout: float) -> str:
    """Draw a picture into a file of a checked path, or keep its source where that takes too long."""
    suffix = os.path.splitext(target)[1].lower()
    if suffix in _SOURCE:
        data = picture.source.encode()
    else:
        dpi = _DPI if suffix == ".png" and picture.nodes_drawn <= _SMALL else None
        try:
            data = picture.drawn(suffix[1:], timeout, dpi)
        except binary.TimeLimitError as error:
            kept = os.path.splitext(target)[0] + ".dot"
            write(kept, picture.source.encode())
            raise binary.TimeLimitError(f"{error} ({kept!r} is kept)") from error
    write(target, data)
    return target


def checked_path(path: Any, suffixes: Sequence[str] = _SUFFIXES) -> str:
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
