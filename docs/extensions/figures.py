"""`{figures}`: some rows of the tables of benchmarks, so that a figure stands in one place only.

A line of the content is the name of a row, `|`, and what to call it here.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from operation_tables import Cell, table
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


def measured(text: str) -> dict[str, dict[str, str]]:
    """The cells of the tables of a page, by row and column."""
    found: dict[str, dict[str, str]] = {}
    head: list[str] = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if cells and head and not set(cells[0]) <= set("-: "):
            found.setdefault(cells[0], dict(zip(head, cells, strict=False)))
        head = head or cells if cells else []
    return found


class Figures(SphinxDirective):
    """A table of subjects, by `:subjects:` in that order; the time alone, and how many times symdiff's it is."""

    has_content = True
    option_spec = {"subjects": directives.unchanged_required}  # noqa: RUF012

    def run(self) -> list[nodes.Node]:
        page = Path(self.env.srcdir) / "benchmarks" / "README.md"
        self.env.note_dependency(str(page))
        rows = measured(page.read_text(encoding="utf-8"))
        if not rows:
            return []  # a copy of the sources without benchmarks
        subjects = self.options["subjects"].split()
        body = []
        for line in self.content:
            name, _, title = line.partition("|")
            row = rows.get(name.strip())
            if row is None:
                raise self.error(f"benchmarks/README.md has no row {name.strip()!r}")
            body.append([[nodes.Text(title.strip())], *[_cell(row.get(subject, "")) for subject in subjects]])
        made = table(["", *subjects], body, [40, *[60 // len(subjects)] * len(subjects)])
        made["classes"].append("figures")
        return [made]


def _cell(text: str) -> Cell:
    """`147 µs (**2.35 ×**), 14 operations`: the time and, in grey, the ratio."""
    time = re.split(r" \(|, ", text)[0]
    ratio = re.search(r"\*\*(.+?)\*\*", text)
    cell: Cell = [nodes.Text(time)]
    if ratio:
        cell += [nodes.Text(" "), nodes.inline("", ratio[1], classes=["slope"])]
    return cell


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("figures", Figures)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
