"""How code looks: single backticks in docstrings, words in the place of types, blocks of examples."""

from __future__ import annotations

import inspect
import re
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from themes import public

import symdiff

WORDS = {"cost", "depth", "dot", "e", "latex", "norm", "pi", "prod", "variables"}  # which mean other things as well
_NAME = re.compile(r"(?:sd\.|symdiff\.)?([A-Za-z_]\w*)(?:\(.*\))?")


def linked_code(
    name: str, rawtext: str, text: str, lineno: int, inliner: Any, options: Any = None, content: Any = None
) -> tuple[list[nodes.Node], list[nodes.system_message]]:
    """`sd.jacobian` leads to its entry, `x + 1` is only code."""
    text = text.replace("\\", "") if "\\" in text and "\x00" not in text else text.replace("\x00", "")
    code = nodes.literal(rawtext, text, classes=["code"])
    found = _NAME.fullmatch(text)
    if not found or found[1] not in public() or text in WORDS:
        return [code], []
    link = addnodes.pending_xref(
        rawtext, code, refdomain="py", reftype="obj", reftarget=f"symdiff.{found[1]}", refexplicit=True
    )
    return [link], []


def tidy(app: Sphinx, doctree: nodes.document) -> None:
    """Examples end with the blank line that doctest wants, and words such as "name" are no classes."""
    for block in list(doctree.findall(nodes.literal_block)):
        text = block.astext()
        if text != text.rstrip():
            block.children = [nodes.Text(text.rstrip())]
            block.rawsource = text.rstrip()  # what differs from its text is not highlighted
    for link in list(doctree.findall(addnodes.pending_xref)):
        if link["reftype"] == "class" and not inspect.isclass(getattr(symdiff, link["reftarget"], None)):
            link.replace_self(link.children)


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_role("linked_code", linked_code)
    app.connect("doctree-read", tidy)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
