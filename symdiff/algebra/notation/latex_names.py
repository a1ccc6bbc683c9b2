r"""Names and numbers in LaTeX: `sigma_1` is \sigma_{1}, `w[0, 3]` is w_{0, 3}, `1e-30` is 1 \times 10^{-30}."""

from __future__ import annotations

import math
import re
import unicodedata
from fractions import Fraction
from typing import Any

from symdiff.array_constants import is_sparse
from symdiff.constants import NamedConstant
from symdiff.digits import decimal
from symdiff.names import element
from symdiff.quoting import in_full
from symdiff.records import ATOM, POWER, PRODUCT, SUM

_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi "
    "omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega varepsilon vartheta varpi varrho varsigma "
    "varphi hbar ell"
)
_SYMBOLS = frozenset(_GREEK.split())
_OTHER_LETTERS = {"lamda": "lambda", "Lamda": "Lambda"}  # spellings of SymPy and Unicode
_GLUED = re.compile(r"([^\W\d_]+)(\d*)")  # matches x, x12, alpha2
_LATEX = re.compile(r"[A-Za-z\\](?:[\w\\^']|\{[\w\\{}^,'*+\- ]*\})*", re.ASCII)  # matches x_{1}, \dot{x}, x'
_ESCAPES = {
    "\\": r"$\backslash$", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_", "%": r"\%",
    "^": r"\^{}", "~": r"\~{}",
}  # fmt: skip
_COMMANDS = re.compile(r"\\(left|right|operatorname|mathrm|text|frac|sqrt|begin|end|[lr]floor|[lr]ceil)\b|[\\{}^_&\s]")
_ENTRIES, _COLUMNS = 16, 8  # limits of an array that is written by its entries


# -- names -------------------------------------------------------------------


def name_latex(name: str, origin: Any = None) -> str:
    """A variable's name as a mathematician writes it.

    Digits, indices and what follows underscores are subscripts, names of Greek
    letters are these letters. Names that are no identifiers, such as SymPy's
    `x_{1}`, are kept where they are LaTeX, and `origin`, the neighbour's own
    object, is asked for its spelling.

    >>> for name in ("x", "x1", "w0_3", "sigma_max", "speed", "learning_rate", "x_{1}", "W[10, 0]"):
    ...     print(name_latex(name))
    x
    x_{1}
    w_{0,3}
    \\sigma_{\\mathrm{max}}
    \\mathrm{speed}
    \\mathrm{learning\\_rate}
    x_{1}
    W_{10, 0}
    """
    if element(name) is not None:
        base, _, index = name[:-1].partition("[")
        base = name_latex(base)
        return rf"{{{base}}}_{{{index}}}" if "_" in base else rf"{base}_{{{index}}}"
    if not name.isidentifier():
        if _LATEX.fullmatch(name) and is_balanced(name):
            return name
        return ("(" in name and _spelled_by(origin)) or rf"\text{{{_escaped(name)}}}"
    first, *others = name.rstrip("_").split("_")
    glued = _GLUED.fullmatch(first)
    if glued is None or "" in others:
        return verbatim(name)
    base, digits = glued.groups()
    subscripts = [digits, *others] if digits else others
    if _is_word(base) and any(map(_is_word, subscripts)):
        return verbatim(name)
    return _word(base) + _lowered(subscripts)


def verbatim(name: str) -> str:
    r"""A name as it stands: `x_1` as \mathrm{x\_1}."""
    return rf"\mathrm{{{_escaped(name)}}}" if name.isascii() else rf"\text{{{_escaped(name)}}}"


def _lowered(subscripts: list[str]) -> str:
    return f"_{{{','.join(map(_word, subscripts))}}}" if subscripts else ""


def _word(word: str) -> str:
    if word.isdigit() or (len(word) == 1 and word.isascii()):
        return word
    return _letter(word) or verbatim(word)


def _is_word(word: str) -> bool:
    return len(word) > 1 and not word.isdigit() and not _letter(word)


def _letter(word: str) -> str:
    """The command of a Greek letter, given by its name or by itself; else nothing."""
    if len(word) == 1 and not word.isascii():
        found = re.fullmatch(r"GREEK (SMALL|CAPITAL) LETTER (\w+)", unicodedata.name(word, ""))
        word = (found[2].lower() if found[1] == "SMALL" else found[2].capitalize()) if found else word
    word = _OTHER_LETTERS.get(word, word)
    return f"\\{word}" if word in _SYMBOLS else ""


def letters(text: str) -> int:
    r"""About how many letters wide a text is: \frac{x}{2} counts as x2."""
    return len(_COMMANDS.sub("", text))


def is_letter(command: str) -> bool:
    r"""Whether a command is that of a letter, as \sigma is and \sin is not."""
    return command[1:] in _SYMBOLS


def _escaped(name: str) -> str:
    return "".join([_ESCAPES.get(c, c) for c in name if c.isprintable()])


def _spelled_by(origin: Any) -> str:
    """What a neighbour's object writes in a notebook: SymPy's `q1(t)`."""
    try:
        found = re.fullmatch(r"\$(?:\\displaystyle )?([^$]+)\$", origin._repr_latex_() or "")
    except Exception:  # catch all: another library's display hook may do what it likes
        return ""
    return found[1] if found and is_balanced(found[1]) else ""


def is_balanced(text: str) -> bool:
    """Whether braces close what they open, and no command or script is left without its operand."""
    depth = 0
    for brace in re.findall(r"(?<!\\)[{}]", text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0 and not re.search(r"[\\^_]$|[\^_][\^_}]|(?<!\\)[%#]", text)


# -- numbers -------------------------------------------------------------------


def number_latex(value: Any) -> tuple[str, int]:
    """A constant and how tightly it binds; a negative one starts with a minus and binds like a sum."""
    if isinstance(value, NamedConstant):
        return rf"\{value.name}" if value.name == "pi" else value.name, ATOM
    if isinstance(value, bool):
        return rf"\mathrm{{{value}}}", ATOM
    if isinstance(value, Fraction):
        sign = "-" if value < 0 else ""
        text = rf"{sign}\frac{{{in_full(abs(value.numerator))}}}{{{in_full(value.denominator)}}}"
        return text, SUM if sign else POWER
    if isinstance(value, int):
        return ("-" if value < 0 else "") + in_full(abs(value)), SUM if value < 0 else ATOM
    if isinstance(value, complex) or hasattr(value, "_mpc_"):
        imaginary, level = number_latex(value.imag)
        joined = f"{number_latex(value.real)[0]} {'' if level == SUM else '+ '}{imaginary}"
        return rf"\left({joined.replace(' -', ' - ')} \mathrm{{i}}\right)", ATOM
    return _float(value)


def array_latex(array: Any) -> tuple[str, int]:
    r"""An array of numbers: a small vector or matrix by its entries, of another its shape."""
    shape = array.shape
    if is_sparse(array) or len(shape) > 2 or array.size > _ENTRIES or not array.size or shape[-1] > _COLUMNS:
        across = r" \times ".join(map(str, shape))
        return rf"\mathbf{{C}}_{{{across}}}", ATOM
    rows = array.reshape(-1, 1) if len(shape) == 1 else array
    body = r" \\ ".join([" & ".join([number_latex(v)[0] for v in row]) for row in rows.tolist()])
    return rf"\begin{{bmatrix}} {body} \end{{bmatrix}}", ATOM


def _float(value: Any) -> tuple[str, int]:
    if value != value:
        return r"\mathrm{nan}", ATOM
    if isinstance(value, float) and math.isinf(value):
        return (r"\infty", ATOM) if value > 0 else (r"-\infty", SUM)
    text = decimal(value._mpf_) if hasattr(value, "_mpf_") else repr(value)
    text = text.replace("inf", r"\infty")  # infinities as mpmath writes them
    mantissa, _, exponent = text.partition("e")
    level = SUM if text.startswith("-") else PRODUCT if exponent else ATOM
    return (rf"{mantissa} \times 10^{{{int(exponent)}}}" if exponent else text), level
