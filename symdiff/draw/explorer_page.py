"""The page of the explorer: one file of its style, its script and an SVG."""

from __future__ import annotations

import html
import importlib.resources
import json
import re
from string import Template

from symdiff.draw import binary
from symdiff.draw.picture import Picture

_START = re.compile(r"(?s)^.*?(?=<svg)")


def page(picture: Picture, heading: str, timeout: float) -> str:
    """One file of all the parts.

    Raises
    ------
    RenderError
        As `binary.run`.
    """
    folder = importlib.resources.files("symdiff.draw") / "explorer"
    part = {suffix: (folder / f"explorer.{suffix}").read_text("utf-8") for suffix in ("html", "css", "js")}
    svg = _START.sub("", binary.run(picture.source, "svg", timeout).decode())
    details = {name: detail._asdict() for name, detail in picture.details().items()}
    return Template(part["html"]).substitute(
        title=html.escape(heading),
        style=part["css"],
        script=part["js"],
        svg=svg,
        details=html.escape(json.dumps(details, ensure_ascii=False, separators=(",", ":"))),
    )
