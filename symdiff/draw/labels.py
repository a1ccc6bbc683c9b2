"""What is written in a picture: short, rounded, and never wider than its box.

Graphviz's `<SUP>` is not portable, so powers use Unicode superscripts; and the
glyphs are those that the font built into `graphviz-pure` has.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from symdiff import ops
from symdiff.algebra.text import short
from symdiff.expr import Expr
from symdiff.graph import CONST, VAR, Graph, NamedConstant

WIDTH = 26  # characters in a line
_DIGITS = 6
_EXACT = 9  # characters up to which a number is shown as it is
_HOLE = "(·)"  # where the operand of a power or a sign stands

_GLYPHS = {"-": "−", "*": "×", "/": "÷", "**": "^", "<=": "≤", ">=": "≥", "&": "and", "|": "or", "~": "not"}
_NAMED = {"pi": "π"}
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def cut(text: str, width: int = WIDTH) -> str:
    """A line of at most `width` characters, `…` standing for what is left out of its middle.

    >>> cut("learning_rate_of_the_last_layer_12", 16)
    'learning…ayer_12'
    """
    text = "".join(c if c.isprintable() else " " for c in text)
    if len(text) <= width:
        return text
    tail = (width - 1) // 2
    return f"{text[: width - 1 - tail]}…{text[len(text) - tail :]}"


def superscript(whole: int) -> str:
    """A whole number in superscript digits.

    >>> superscript(-12)
    '⁻¹²'
    """
    return str(whole).translate(_SUPERSCRIPTS)


def number(value: Any) -> str:
    """A value in few characters: rounded, an array by its ends and its shape.

    >>> [number(v) for v in (42, 24.0, 2/3, 10**40, Fraction(1, 3))]
    ['42', '24.0', '0.666667', '1.00000e+40', '1/3']
    >>> number(np.linspace(0, 1, 51))
    '[0.0 … 1.0] 51'
    """
    if isinstance(value, Expr):
        return _start(short(value, WIDTH))
    if hasattr(value, "eps"):
        return cut(f"{number(value.value)} + {number(value.eps)}ε")
    if isinstance(value, np.ndarray):
        return cut(_array(value)) if value.ndim else number(value.item())
    return _start(_scalar(value))


def _start(text: str) -> str:
    """The start of a text that has no telling end."""
    return text if len(text) <= WIDTH else text[: WIDTH - 1] + "…"


def _scalar(value: Any) -> str:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, NamedConstant):
        return _NAMED.get(value.name, value.name)
    if isinstance(value, int) and not isinstance(value, bool):
        # str of a huge int is slow, and refused by Python
        return str(value) if abs(value) < 10**_EXACT else f"{Decimal(value):.{_DIGITS - 1}e}"
    if hasattr(value, "_mpf_") or hasattr(value, "_mpc_"):
        return str(value.context.nstr(value, _DIGITS))
    if isinstance(value, Fraction):
        value = _fraction(value)
    if isinstance(value, (float, complex)) and len(repr(value)) > _EXACT - 1:
        return f"{value:.{_DIGITS}g}"
    return str(value)


def _fraction(value: Fraction) -> Any:
    small = max(abs(value.numerator), value.denominator) < 10 ** (_EXACT // 2)
    try:
        return str(value) if small else float(value)
    except OverflowError:
        return f"{Decimal(value.numerator) / value.denominator:.{_DIGITS - 1}e}"


def _array(value: Any) -> str:
    shape = "×".join(map(str, value.shape))
    flat = value.ravel()
    if flat.size <= 3 and value.ndim == 1:
        return f"[{', '.join(number(v) for v in flat)}]"
    if flat.size == 0:
        return f"[] {shape}"
    return f"[{number(flat[0])} … {number(flat[-1])}] {shape}"


def title(graph: Graph, i: int) -> str:
    """What a node is, uncut: a name, a constant, an operation without its operands.

    >>> import symdiff as sd
    >>> x = sd.Var("x")
    >>> [title(f.graph, f._index) for f in (x*2, x**2, -x, sd.sin(x), x <= 1)]
    ['×', '(·)²', '−(·)', 'sin', '≤']
    """
    node = graph.nodes[i]
    if node[0] == VAR:
        return str(graph.leaves[i].name)
    if node[0] == CONST:
        return number(graph.leaves[i])
    op = ops.OPERATIONS[node[0]]
    glyph = _GLYPHS.get(op.symbol, op.symbol) or op.name
    if op is ops.pow and graph.nodes[node[2]][0] == CONST:
        return _power(graph.leaves[node[2]])
    return glyph + _HOLE if op is ops.neg else glyph


def _power(exponent: Any) -> str:
    if type(exponent) is int and abs(exponent) < 10**_DIGITS:
        return _HOLE + superscript(exponent)
    text = number(exponent)
    return f"{_HOLE}^({text})" if "/" in text else f"{_HOLE}^{text}"


def operand(graph: Graph, i: int, position: int) -> str:
    """The name of an operand, where a picture does not tell without it: of `−` but not of `+`."""
    node = graph.nodes[i]
    op = ops.OPERATIONS[node[0]]
    if op.commutative or len(node) < 3 or (op is ops.pow and graph.nodes[node[2]][0] == CONST):
        return ""
    return op.operands[position].replace("_", " ") if position < len(op.operands) else str(position)
