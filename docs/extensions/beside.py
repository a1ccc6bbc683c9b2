"""Pages that live beside the manual, not in it, such as notebooks: copied in before Sphinx looks for pages."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

COPIES = {  # folder here: what comes into it from beside the manual
    "notebooks": ("notebooks/*.ipynb",),
    "benchmarks": ("benchmarks/README.md", "benchmarks/*.png", "benchmarks/*.svg"),
    "project": ("CONTRIBUTING.md", "CHANGELOG.md"),
}
_IN = re.compile(r"\]\((?:\.\./docs/|docs/|(?=benchmarks/|notebooks/))")
_OUT = re.compile(r"\]\((?:\.\./)+(notebooks/|benchmarks/|(?=CONTRIBUTING|CHANGELOG))")


def copy(app: Sphinx) -> None:
    """Bring the copies up to date; what has not changed keeps its time, so that it is not read again."""
    root = Path(app.srcdir).parent
    for folder, patterns in COPIES.items():
        target = Path(app.srcdir) / folder
        target.mkdir(exist_ok=True)
        wanted = {path.name: path for pattern in patterns for path in sorted(root.glob(pattern))}
        for old in target.iterdir():
            if old.name not in wanted:
                old.unlink()
        if not wanted:
            (target / "README.md").write_text(f"# {folder.title()}\n\nThis copy of the sources has none.\n")
        for name, path in wanted.items():
            new = target / name
            if not new.exists() or new.read_bytes() != path.read_bytes():
                shutil.copyfile(path, new)


def links(app: Sphinx, docname: str, source: list[str]) -> None:
    """Links that are right where a page lives, made right in the manual."""
    text = source[0]
    if docname.split("/")[0] in COPIES:
        text = _IN.sub("](/", text).replace("](../README.md", "](/index.md")
    if docname.startswith("benchmarks/"):
        text = f"---\nhide-toc: true\n---\n{text}"  # its tables are wide
    source[0] = _OUT.sub(lambda found: f"](/{found[1] or 'project/'}", text)


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("builder-inited", copy)
    app.connect("source-read", links)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
