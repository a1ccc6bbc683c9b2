"""Formulas as MathML, which browsers draw by themselves: pages need no script, and nothing from the network."""

from __future__ import annotations

import html
import re
from typing import Any
from xml.etree import ElementTree

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.util import logging

LOGGER = logging.getLogger(__name__)
LONG = 36  # letters of TeX: a phone scrolls such a formula, as browsers break none into lines
_NAMESPACE = ' xmlns="http://www.w3.org/1998/Math/MathML"'  # which HTML knows
_DIGITS = re.compile(r"\\tfrac(\d)(\w)")
_OPERATOR = re.compile(r"\\operatorname\{[^{}]*\}")  # whose letters docutils takes as they are
_PRIME = '<mo lspace="0" rspace="0">′</mo>'  # as fonts have it, raised by itself
_FUNCTION = re.compile(r"<mo>&ApplyFunction;</mo>(?=\s*<m(?!o\b|row\b))")  # of what has no brackets
_THIN = '<mspace width="0.17em"></mspace>'
_ACCENTS = {"ˉ", "˙", "¨", "ˆ", "˜", "→", "_"}
_TALL = {"mfrac", "msqrt", "mroot", "mtable", "munder", "mover", "munderover"}


def spelled(text: str) -> str:
    r"""TeX as docutils reads it: `\tfrac12` with braces, dots by one name."""
    text = _OPERATOR.sub(lambda found: found[0].replace(r"\_", "_").replace(r"\,", "\u2009"), text)
    return _DIGITS.sub(r"\\tfrac{\1}{\2}", text).replace(r"\dots", r"\ldots").replace(r"\mathrel", "")


def mathml(node: nodes.Element) -> str:
    """The formula, or its TeX and a warning, which fails a build with `-W`."""
    try:
        made = tex2mathml(spelled(node.astext()), as_block=isinstance(node, nodes.math_block))
    except MathError as error:
        LOGGER.warning("%s in the formula %r", error, node.astext(), location=node)
        return f"<code>{html.escape(node.astext())}</code>"
    made = _FUNCTION.sub(lambda found: found[0] + _THIN, made.replace("<mo>'</mo>", _PRIME))
    root = ElementTree.fromstring(made.replace("&ApplyFunction;", "\u2061").replace(_NAMESPACE, ""))
    indices_beside_accents(root)
    low_brackets(root)
    return ElementTree.tostring(root, encoding="unicode", short_empty_elements=False)


def indices_beside_accents(root: ElementTree.Element) -> None:
    r"""`\bar v_i` has its index beside it: docutils takes it for a limit, as of a sum."""
    for limits in root.iter("munderover"):
        base, index, accent = limits
        if accent.text in _ACCENTS:
            limits.tag = "msub"
            limits[:] = [ElementTree.Element("mover", accent="true"), index]
            limits[0][:] = [base, accent]


def low_brackets(root: ElementTree.Element) -> None:
    """Brackets around one line do not stretch: Chromium leaves room for the widest that they might become."""
    for row in root.iter("mrow"):
        ends = [row[0], row[-1]] if len(row) else []
        if all(end.tag == "mo" for end in ends) and not any(inner.tag in _TALL for inner in row.iter()):
            for end in ends:
                end.set("stretchy", "false")


def inline(writer: Any, node: nodes.math) -> None:
    length = " long" if len(node.astext()) > LONG else ""
    writer.body.append(f'<span class="math{length}">{mathml(node)}</span>')
    raise nodes.SkipNode


def block(writer: Any, node: nodes.math_block) -> None:
    writer.body.append(f'<div class="math">{mathml(node)}</div>\n')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
