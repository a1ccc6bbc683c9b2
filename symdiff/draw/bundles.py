"""What notebooks are handed: every form that a front end may want, the best of which it shows.

A notebook that is not trusted shows neither SVG nor HTML, so a PNG goes with both.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

_COLOURS = 48  # count of colours of a picture in a notebook
_SIZE = re.compile(r'<svg width="([^"]*)" height="([^"]*)"')
_GROUND = re.compile(r'<polygon fill="white" stroke="(?:transparent|none)"')


def bundle(
    makers: Mapping[str, Callable[[], Any]],
    include: Iterable[str] | None,
    exclude: Iterable[str] | None,
    instead: str | None = None,
) -> dict[str, Any]:
    """The wanted forms by their MIME types, each from its maker.

    Where one can't be made there is `instead`, after what was wrong, and nothing else; without it the others.
    """
    wanted = set(makers if include is None else include) - set(exclude or ())
    found = {kind: _made(make) for kind, make in makers.items() if kind in wanted}
    wrong = [made for made in found.values() if isinstance(made, Exception)]
    if wrong and instead is not None:
        return {"text/plain": f"{wrong[0]}\n\n{instead}".strip()}
    return {kind: made for kind, made in found.items() if not isinstance(made, Exception)}


def _made(make: Callable[[], Any]) -> Any:
    try:
        return make()
    except Exception as error:  # catch all: a display hook that raises spoils the notebook
        return error


def small(png: bytes) -> bytes:
    """A picture in few colours, where Pillow is there: a third of its size, and the same to the eye."""
    try:
        from PIL import Image
    except ImportError:
        return png
    stream = io.BytesIO()
    picture = Image.open(io.BytesIO(png)).convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
    picture.save(stream, format="PNG", optimize=True)
    return min(stream.getvalue(), png, key=len)


def in_a_cell(svg: str) -> str:
    """An SVG as wide as the cell at most, on the notebook's own ground, light or dark.

    >>> in_a_cell('<svg width="9pt" height="5pt"><polygon fill="white" stroke="none"/></svg>')
    '<svg width="9pt" height="5pt" style="max-width: 100%; height: auto"><polygon fill="none" stroke="none"/></svg>'
    """
    scaled = _SIZE.sub(r'<svg width="\1" height="\2" style="max-width: 100%; height: auto"', svg, count=1)
    return _GROUND.sub('<polygon fill="none" stroke="none"', scaled, count=1)
