"""`{drawings}`: pictures of `docs/gallery.py`, each with the code that draws it.

The argument names them by file; without it come those that the page has not shown yet. `:helpers:` shows functions
that the code starts from.
"""

from __future__ import annotations

import functools
import html
import importlib.util
import inspect
import textwrap
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from pictures import size_classes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

import symdiff as sd


@functools.cache
def gallery(folder: str) -> Any:
    """The module, whose `PICTURES` has titles and functions by the names of files."""
    spec = importlib.util.spec_from_file_location("gallery", Path(folder) / "gallery.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Drawings(SphinxDirective):
    """Figures, one below the other."""

    optional_arguments = 1
    final_argument_whitespace = True
    option_spec = {"helpers": directives.unchanged_required}  # noqa: RUF012

    def run(self) -> list[nodes.Node]:
        module = gallery(str(self.env.srcdir))
        if "helpers" in self.options:
            return [_code(inspect.getsource(getattr(module, name))) for name in self.options["helpers"].split()]
        pictures = module.PICTURES
        self.env.note_dependency(str(Path(self.env.srcdir) / "gallery.py"))
        shown: list[str] = self.env.temp_data.get("drawings") or []
        self.env.temp_data["drawings"] = shown
        names = self.arguments[0].split() if self.arguments else [name for name in pictures if name not in shown]
        shown += names
        return [node for name in names for node in self._figure(name, *pictures[name])]

    def _figure(self, name: str, title: str, draw: Any) -> list[nodes.Node]:
        path = Path(self.env.srcdir) / "_generated" / "gallery" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with sd.Graph():
            draw(str(path))
        size = size_classes(path.read_bytes()) if path.suffix == ".svg" else []
        figure = nodes.figure("", self._shown(path, title), nodes.caption("", title), classes=["picture", *size])
        return [_code(body(draw)), figure]

    def _shown(self, path: Path, title: str) -> nodes.Node:
        if path.suffix == ".html":
            page = html.escape(path.read_text(encoding="utf-8"), quote=True)
            return nodes.raw(
                "", f'<iframe class="film" srcdoc="{page}" title="{html.escape(title)}"></iframe>', format="html"
            )
        image = nodes.image(uri=f"/_generated/gallery/{path.name}", alt=title)
        image.source, image.line = self.get_source_info()
        return image


def _code(text: str) -> nodes.Node:
    return nodes.literal_block(text.strip(), text.strip(), language="python")


def body(function: Any) -> str:
    """The lines of a function, without its head."""
    lines = inspect.getsource(function).splitlines()
    start = next(k for k, line in enumerate(lines) if line.startswith("def "))
    return textwrap.dedent("\n".join(lines[start + 1 :])).strip()


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("drawings", Drawings)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
