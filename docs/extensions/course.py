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
        shown = [self._image(path.stem, *figure) for figure in _figures(cells)[:1]]
        return nodes.container("", *shown, text, classes=["course"])

    def _image(self, stem: str, png: bytes, alt: str) -> nodes.image:
        name = f"_generated/{stem}.png"
        place = Path(self.env.srcdir) / name
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(png)
        return nodes.image(uri=f"/{name}", alt=alt, classes=["no-link"])


def _figures(cells: list[dict[str, Any]]) -> list[tuple[bytes, str]]:
    """The pictures, each with its text for those who do not see it."""
    return [
        (base64.b64decode(output["data"]["image/png"]), cell["metadata"]["mystnb"]["image"]["alt"])
        for cell in cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("course", Course)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
