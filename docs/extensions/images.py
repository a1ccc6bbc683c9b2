"""Pictures are links to themselves, so that a click or a tap shows them alone, as large as the window."""

from __future__ import annotations

import posixpath
from typing import Any
from urllib.parse import quote

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.osutil import relative_uri


def enlargeable(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """A link around every picture that is none yet; on a phone wide ones are scrolled, or enlarged by this."""
    folder = relative_uri(app.builder.get_target_uri(docname), app.builder.imagedir)
    for image in list(doctree.findall(nodes.image)):
        known = app.env.images.get(image["uri"])
        if known is None or isinstance(image.parent, nodes.reference) or "no-link" in image["classes"]:
            continue
        link = nodes.reference("", "", internal=True, refuri=posixpath.join(folder, quote(known[1])))
        link["classes"].append("enlarge")
        image.replace_self(link)
        link += image


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("doctree-resolved", enlargeable)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
