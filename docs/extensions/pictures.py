"""`{picture}`: a picture that symdiff makes while the manual is built, from the code it stands for.

The last line is an expression whose value is a picture. Blocks of one page share their names.
"""

from __future__ import annotations

import ast
import hashlib
import re
import tempfile
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

import symdiff
from symdiff.draw.binary import run

WIDE = 560  # points; a phone scrolls what is wider


class Picture(SphinxDirective):
    """A figure with a caption; its code is shown with `:code:`."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec = {  # noqa: RUF012
        "alt": directives.unchanged_required,
        "class": directives.class_option,
        "code": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        code = "\n".join(self.content)
        names = self.env.temp_data.get("picture_names") or {"sd": symdiff}
        self.env.temp_data["picture_names"] = names
        svg = _svg(_last_value(code, names))
        image = nodes.image(uri=self._written(svg), alt=self.options.get("alt", "picture of an expression graph"))
        image.source, image.line = self.get_source_info()
        size = size_classes(svg)
        figure = nodes.figure("", image, classes=["picture", *size, *self.options.get("class", [])])
        if self.arguments:
            text, _ = self.parse_inline(self.arguments[0])
            figure += nodes.caption(self.arguments[0], "", *text)
        shown = [nodes.literal_block(code, code, language="python")] if "code" in self.options else []
        return [*shown, figure]

    def _written(self, svg: bytes) -> str:
        name = f"_generated/{hashlib.sha256(svg).hexdigest()[:16]}.svg"
        path = Path(self.env.srcdir) / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(svg)
        return f"/{name}"


def _last_value(code: str, names: dict[str, Any]) -> Any:
    tree = ast.parse(code)
    last = tree.body.pop()
    if not isinstance(last, ast.Expr):
        raise ValueError(f"the last line of a picture is an expression, not {ast.unparse(last)!r}")
    exec(compile(tree, "<picture>", "exec"), names)
    return eval(compile(ast.Expression(last.value), "<picture>", "eval"), names)


def _svg(picture: Any) -> bytes:
    """Of a graph by Graphviz; films, spy plots and charts write themselves."""
    source = getattr(picture, "source", None)
    if isinstance(source, str):
        return run(source, "svg")
    with tempfile.TemporaryDirectory() as folder:
        return Path(picture.save(Path(folder) / "picture.svg")).read_bytes()


def size_classes(svg: bytes) -> list[str]:
    """Whether it is too wide for a phone."""
    found = re.search(rb'<svg[^>]*? width="([\d.]+)', svg)
    return ["wide"] if found and float(found[1]) > WIDE else []


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("picture", Picture)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
