"""Formulas as MathML, which browsers draw by themselves: pages need no script, and nothing from the network."""

from __future__ import annotations

import html
import re
from typing import Any

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.util import logging

LOGGER = logging.getLogger(__name__)
_DIGITS = re.compile(r"\\tfrac(\d)(\w)")
_PRIMES = re.compile(r"'+")
_TEXT = re.compile(r"(\\(?:text|mathrm|operatorname)\{[^}]*\})")


def spelled(text: str) -> str:
    r"""TeX as docutils reads it: `\tfrac12` with braces, dots by one name, `f''` with a superscript."""
    text = _DIGITS.sub(r"\\tfrac{\1}{\2}", text).replace(r"\dots", r"\ldots").replace(r"\mathrel", "")
    parts = _TEXT.split(text)  # what stands in words has apostrophes
    parts[::2] = [_PRIMES.sub(lambda found: "^{" + r"\prime " * len(found[0]) + "}", part) for part in parts[::2]]
    return "".join(parts)


def mathml(node: nodes.Element) -> str:
    """The formula, or its TeX and a warning, which fails a build with `-W`."""
    try:
        return tex2mathml(spelled(node.astext()), as_block=isinstance(node, nodes.math_block))
    except MathError as error:
        LOGGER.warning("%s in the formula %r", error, node.astext(), location=node)
        return f"<code>{html.escape(node.astext())}</code>"


def inline(writer: Any, node: nodes.math) -> None:
    writer.body.append(f'<span class="math">{mathml(node)}</span>')
    raise nodes.SkipNode


def block(writer: Any, node: nodes.math_block) -> None:
    writer.body.append(f'<div class="math">{mathml(node)}</div>\n')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
