"""Pictures as files."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from typing import Any

from symdiff.draw import binary
from symdiff.draw.explorer_page import page
from symdiff.draw.files import JPEG, PAGE, SOURCE, TIKZ, checked_path, write
from symdiff.draw.graphviz import to_graphviz
from symdiff.draw.picture import Picture
from symdiff.draw.tikz import tikz
from symdiff.errors import RenderError

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
        Ends in .png, .svg, .pdf or .jpg, in .html for a page to explore, in .tex for TikZ, or in .dot or .gv for
        Graphviz's source.
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
    target = checked_path(path)
    binary.check_timeout(timeout)
    picture = to_graphviz(exprs, at=at, backward=backward, **options)
    return write_picture(picture, target, timeout)


def write_picture(picture: Picture, target: str, timeout: float) -> str:
    """Draw a picture into a file of a checked path, or keep its source where that takes too long."""
    suffix = os.path.splitext(target)[1].lower()
    if suffix in SOURCE:
        data = picture.source.encode()
    else:
        try:
            data = _drawn(picture, target, suffix, timeout)
        except binary.TimeLimitError as error:
            kept = os.path.splitext(target)[0] + ".dot"
            write(kept, picture.source.encode())
            raise binary.TimeLimitError(f"{error} ({kept!r} is kept)") from error
    write(target, data)
    return target


def _drawn(picture: Picture, target: str, suffix: str, timeout: float) -> bytes:
    """The contents of the file."""
    if suffix == PAGE:
        return page(picture, os.path.basename(target).removesuffix(PAGE), timeout).encode()
    if suffix == TIKZ:
        return tikz(picture.source, timeout).encode()
    sharp = _DPI if picture.nodes_drawn <= _SMALL else None
    if suffix in JPEG:
        return _jpeg(picture.drawn("png", timeout, sharp))
    return picture.drawn(suffix[1:], timeout, sharp if suffix == ".png" else None)


def _jpeg(png: bytes) -> bytes:
    """A picture as JPEG, which not every Graphviz writes."""
    try:
        from PIL import Image
    except ImportError as error:
        raise RenderError(
            'a JPEG needs Pillow: run `pip install "symdiff-graph[draw]"`, from a checkout `pip install ".[draw]"`, '
            "or draw a .png"
        ) from error
    stream = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").save(stream, format="JPEG", quality=92)
    return stream.getvalue()
