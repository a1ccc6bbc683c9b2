"""Pictures as TikZ, for documents in LaTeX: Graphviz's layout, the document's fonts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from symdiff.draw import binary
from symdiff.draw.letters import LETTERS

_SHAPES = {"ellipse": "ellipse", "box": "rectangle", "box3d": "rectangle", "plaintext": "rectangle"}
_NAMED = {"red3": "#CD0000", "white": "#FFFFFF", "black": "#000000"}
_INCH = 72  # inch in big points, of which Graphviz's positions are
_SIGNS = {
    "×": r"$\times$", "÷": r"$\div$", "−": "$-$", "·": r"$\cdot$", "≤": r"$\le$", "≥": r"$\ge$", "π": r"$\pi$",
    "ε": r"$\varepsilon$", "…": r"\dots{}", "Σ": r"$\Sigma$", "∂": r"$\partial$", "⊙": r"$\odot$", "→": r"$\to$",
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_", "%": r"\%",
    "^": r"\^{}", "~": r"\~{}", "<": "$<$", ">": "$>$", "|": "$|$",
    **{letter: rf"$\{word.replace('amda', 'ambda')}$" for word, letter in LETTERS.items()},
}  # fmt: skip
_BARRED = str.maketrans({"\ue000": r"$\bar{v}$"})  # adjoints of steps, whose bar is a letter of its own
_RAISED = dict(zip("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789", strict=True))
_LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True))
_SCRIPTS = re.compile(f"([{''.join(_RAISED)}]+)|([{''.join(_LOWERED)}]+)")


def tikz(source: str, timeout: float = binary.TIMEOUT) -> str:
    """The `tikzpicture` of some Graphviz source; the document needs `tikz` with its library `shapes.geometric`.

    Raises
    ------
    RenderError
        As `binary.run`.
    """
    found = json.loads(binary.run(source, "json0", timeout))
    lines = [
        r"% needs \usepackage{tikz} and \usetikzlibrary{arrows.meta, shapes.geometric}",
        r"\begin{tikzpicture}[x=1bp, y=1bp, >={Stealth[length=5bp]}, every node/.style={align=center, inner sep=0}]",
        *[line for one in found.get("objects", ()) if "pos" in one for line in _node(one)],
        *[line for one in found.get("objects", ()) if "bb" in one for line in _frame(one)],
        *[line for one in found.get("edges", ()) if one.get("style") != "invis" for line in _edge(one)],
    ]
    if found.get("label"):
        lines.append(rf"\node[font=\small] at ({found['lp']}) {{{_text(found['label'])}}};")
    return "\n".join([*lines, r"\end{tikzpicture}", ""])


def _node(one: Mapping[str, Any]) -> Iterator[str]:
    style = [_SHAPES.get(one.get("shape", ""), "rectangle")]
    style += [f"minimum {side}={float(one[side]) * _INCH:.4g}bp" for side in ("width", "height")]
    if one.get("shape") != "plaintext":
        style += [f"draw={_colour(one.get('color', 'black'))}", f"fill={_colour(one.get('fillcolor', 'white'))}"]
        style += ["rounded corners=6bp"] if "rounded" in one.get("style", "") else []
        style += ["double"] if one.get("peripheries") == "2" else []
        style += ["very thick"] if float(one.get("penwidth", 1)) > 2 else []
    yield rf"\node[{', '.join(style)}] ({one['name']}) at ({one['pos']}) {{{_text(one.get('label', ''))}}};"


def _frame(one: Mapping[str, Any]) -> Iterator[str]:
    left, low, right, high = one["bb"].split(",")
    style = f"rounded corners=6bp, draw={_colour(one.get('color', 'black'))}"
    yield rf"\draw[{style}] ({left},{low}) rectangle ({right},{high});"
    if one.get("label"):
        yield rf"\node[font=\small] at ({one['lp']}) {{{_text(one['label'])}}};"


def _edge(one: Mapping[str, Any]) -> Iterator[str]:
    """The splines of an edge, an arrow at the end that has one, and its label."""
    colour = _colour(one.get("color", "black"))
    for spline in one["pos"].split(";"):
        points = spline.split()
        ends = {p[0]: p[2:] for p in points if p[:2] in ("s,", "e,")}
        start, *others = [p for p in points if p[:2] not in ("s,", "e,")]
        curves = [f".. controls ({a}) and ({b}) .. ({c})" for a, b, c in zip(*[iter(others)] * 3, strict=True)]
        before, after = [f"({ends['s']}) -- "] if "s" in ends else [], [f" -- ({ends['e']})"] if "e" in ends else []
        arrow = ("<" if before else "") + "-" + (">" if after else "")
        dashed = ", dashed" if one.get("style") == "dashed" else ""
        yield rf"\draw[{arrow}, draw={colour}{dashed}] {''.join(before)}({start}) {' '.join(curves)}{''.join(after)};"
    place = one.get("lp") or one.get("xlp")
    text = (one.get("label") or one.get("xlabel") or "").strip()
    if place and text:
        yield rf"\node[font=\scriptsize, text={colour}] at ({place}) {{{_text(text)}}};"


def _colour(name: str) -> str:
    """A colour that needs no definition."""
    red, green, blue = re.findall("..", _NAMED.get(name, name).lstrip("#"))[:3]
    return f"{{rgb,255:red,{int(red, 16)};green,{int(green, 16)};blue,{int(blue, 16)}}}"


def _text(label: str) -> str:
    """A label in LaTeX, line by line."""
    lines = re.split(r"\\n", label.replace("&amp;", "&"))
    return r"\\".join([_line(line.replace("\\\\", "\\").replace('\\"', '"')) for line in lines])


def _line(text: str) -> str:
    """A line in LaTeX.

    >>> _line("(·)² ≤ w_1")
    '($\\\\cdot$)$^{2}$ $\\\\le$ w\\\\_1'
    >>> print(_line("v̄₁ = θ₂"))
    $\\bar{v}$$_{1}$ = $\\theta$$_{2}$
    """

    def script(match: re.Match[str]) -> str:
        high = match[1] is not None
        return f"\0{'^' if high else '_'}{''.join([(_RAISED if high else _LOWERED)[c] for c in match[0]])}\0"

    pieces = _SCRIPTS.sub(script, text.replace("v̄", "\ue000")).split("\0")
    written = "".join(
        [
            f"${piece[0]}{{{piece[1:]}}}$" if k % 2 else "".join([_SIGNS.get(c, c) for c in piece])
            for k, piece in enumerate(pieces)
        ]
    )
    return written.translate(_BARRED)
