"""`{course}`: every notebook with its title, its first figure, and what the README says of it."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

_ENTRY = re.compile(r"^\d\. \[[^]]+\]\(notebooks/([^)]+)\): ((?:.+\n)(?:   .+\n)*)", re.MULTILINE)


class Course(SphinxDirective):
    """The notebooks, one below the other."""

    def run(self) -> list[nodes.Node]:
        readme = Path(self.env.srcdir).parent / "README.md"
        self.env.note_dependency(str(readme))
        said = dict(_ENTRY.findall(readme.read_text(encoding="utf-8")))
        paths = sorted((Path(self.env.srcdir) / "notebooks").glob("*.ipynb"))
        return [self._entry(path, " ".join(said.get(path.name, "").split())) for path in paths]

    def _entry(self, path: Path, said: str) -> nodes.Node:
        self.env.note_dependency(str(path))
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        title = "".join(cells[0]["source"]).splitlines()[0].lstrip("# ")
        text = nodes.container(
            "", *self.parse_text_to_nodes(f"**[{title}](/notebooks/{path.name})**\n\n{said[:1].upper()}{said[1:]}")
        )
        figure = _first_figure(cells)
        shown = [self._image(path.stem, figure)] if figure else []
        return nodes.container("", *shown, text, classes=["course"])

    def _image(self, stem: str, png: bytes) -> nodes.image:
        name = f"_generated/{stem}.png"
        place = Path(self.env.srcdir) / name
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(png)
        return nodes.image(uri=f"/{name}", alt=f"a figure of {stem}")


def _first_figure(cells: list[dict[str, Any]]) -> bytes | None:
    for cell in cells:
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                return base64.b64decode(output["data"]["image/png"])
    return None


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("course", Course)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
