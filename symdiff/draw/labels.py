"""What is written in a picture: short, rounded, and never wider than its box.

Graphviz's `<SUP>` is not portable, so powers use Unicode superscripts; and the
glyphs are those that the font built into `graphviz-pure` has.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from symdiff import ops, records
from symdiff.algebra.notation.text import short
from symdiff.constants import NamedConstant
from symdiff.draw.letters import drawn_formula, drawn_in, superscript
from symdiff.graph import CONST, VAR, Graph, Node
from symdiff.handle import Handle

WIDTH = 26  # line width in characters
_EXACT = 9  # length limit of a number that is shown as it is, in characters
HOLE = "(·)"  # placeholder for the operand of a power or a sign

_GLYPHS = {"-": "−", "*": "×", "/": "÷", "**": "^", "<=": "≤", ">=": "≥", "&": "and", "|": "or", "~": "not"}
_NAMED = {"pi": "π"}


def cut(text: str, width: int = WIDTH) -> str:
    """A line of at most `width` characters, `…` standing for what is left out of its middle.

    >>> cut("learning_rate_of_the_last_layer_12", 16)
    'learning…ayer_12'
    """
    if len(text) <= width:
        return text
    tail = (width - 1) // 2
    return f"{text[: width - 1 - tail]}…{text[len(text) - tail :]}"


def number(value: Any, digits: int = 6) -> str:
    """A value in few characters: rounded, an array by its ends and its shape.

    >>> [number(v) for v in (42, 24.0, 2/3, 10**40, Fraction(1, 3))]
    ['42', '24.0', '0.666667', '1e+40', '1/3']
    >>> number(np.linspace(0, 1, 51))
    '[0.0 … 1.0] 51'
    """
    if isinstance(value, Handle):
        return _start(drawn_formula(value._graph, short(value, WIDTH)))
    if hasattr(value, "eps"):
        return _start(dual(number(value.value, 4), number(value.eps, 4)))
    if isinstance(value, np.ndarray):
        return _array(value) if value.ndim else number(value.item(), digits)
    return _start(_scalar(value, digits))


def dual(value: str, tangent: str) -> str:
    """A dual number by its parts.

    >>> dual("9", "6.0"), dual("9", "-6.0"), dual("9", "1 + 2ε")
    ('9 + 6.0ε', '9 − 6.0ε', '9 + (1 + 2ε)ε')
    """
    if " " in tangent and not tangent.startswith("["):
        return f"{value} + ({tangent})ε"
    return f"{value} − {tangent[1:]}ε" if tangent.startswith("-") else f"{value} + {tangent}ε"


def _start(text: str) -> str:
    """The start of a text that has no telling end."""
    return text if len(text) <= WIDTH else text[: WIDTH - 1] + "…"


def _scalar(value: Any, digits: int) -> str:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, NamedConstant):
        return _NAMED.get(value.name, value.name)
    if isinstance(value, int) and not isinstance(value, bool):
        # avoid str: of a huge int it is slow, and refused by Python
        return str(value) if abs(value) < 10**_EXACT else _rounded(Decimal(value), digits)
    if hasattr(value, "_mpf_") or hasattr(value, "_mpc_"):
        return str(value.context.nstr(value, digits))
    if isinstance(value, Fraction):
        if max(abs(value.numerator), value.denominator) < 10 ** (_EXACT // 2):
            return str(value)
        return _rounded(Decimal(value.numerator) / value.denominator, digits)
    if isinstance(value, (float, complex)) and len(repr(value)) > digits + 2:
        return f"{value:.{digits}g}"
    return str(value)


def _rounded(value: Decimal, digits: int) -> str:
    """A number that no float need hold."""
    mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
    if -5 < int(exponent) < digits:
        return f"{float(value):.{digits}g}"
    return f"{mantissa.rstrip('0').rstrip('.')}e{exponent}"


def _array(value: Any) -> str:
    shape = "×".join(map(str, value.shape))
    flat = value.ravel()
    if flat.size == 0:
        return f"[] {shape}"
    if flat.size <= 3 and value.ndim == 1:
        return f"[{', '.join([number(v, 4) for v in flat])}]"
    ends = [number(v, 4) for v in ((flat[0], flat[-1]) if flat.size > 1 else flat)]
    return f"[{' … '.join(ends)}] {shape}"


def title(graph: Graph, i: int) -> str:
    """What a node is, uncut: a name, a constant, an operation without its operands.

    >>> import symdiff as sd
    >>> x = sd.Var("x")
    >>> [title(f.graph, f._index) for f in (x*2, x**2, -x, sd.sin(x), x <= 1)]
    ['×', '(·)²', '−(·)', 'sin', '≤']
    """
    node = graph.nodes[i]
    if node[0] == VAR:
        return drawn_in(graph, graph.leaves[i].name)
    if node[0] == CONST:
        return number(graph.leaves[i])
    op = records.OPERATIONS[node[0]]
    if is_exponent(graph, i, 1):
        return _power(graph.leaves[node[2]])
    return glyph(op) + HOLE if op is ops.neg else glyph(op)


def glyph(op: records.Operation) -> str:
    """The sign of an operation, or its name."""
    return _GLYPHS.get(op.symbol, op.symbol) or op.name


def _power(exponent: Any) -> str:
    if type(exponent) is int and abs(exponent) < 10**6:
        return HOLE + superscript(exponent)
    text = number(exponent)
    return f"{HOLE}^({text})" if "/" in text else f"{HOLE}^{text}"


def is_exponent(graph: Graph, i: int, position: int) -> bool:
    """Whether an operand is the constant exponent of a power, which the title has."""
    node = graph.nodes[i]
    return position == 1 and node[0] == ops.pow.opcode and graph.nodes[node[2]][0] == CONST


def operand(graph: Graph, i: int, position: int) -> str:
    """The name of an operand, where a picture does not tell without it: of `−` but not of `+`."""
    node = graph.nodes[i]
    told = not records.OPERATIONS[node[0]].commutative and len(node) > 2 and not is_exponent(graph, i, 1)
    return _operand_name(node, position) if told else ""


def whose_edge(graph: Graph, i: int, position: int) -> str:
    """The name of an operand that is the node of another one too, as in an `x*x` that was not simplified."""
    node = graph.nodes[i]
    return _operand_name(node, position) if node[1:].count(node[position + 1]) > 1 else ""


def _operand_name(node: Node, position: int) -> str:
    names = records.OPERATIONS[node[0]].operands
    return names[position].replace("_", " ") if position < len(names) else str(position)
