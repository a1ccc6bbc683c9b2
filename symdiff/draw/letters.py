"""Names and formulas as a picture has them: Greek letters, subscripts, raised powers, as LaTeX would."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from symdiff.graph import VAR, Graph

_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa mu nu xi pi rho sigma tau upsilon phi chi psi omega "
    "Gamma Delta Theta Xi Pi Sigma Upsilon Phi Psi Omega"
)
_SPELLINGS = {"lambda": "lamda", "Lambda": "Lamda", "lamda": "lamda", "Lamda": "Lamda"}  # Unicode's
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_NUMBERED = re.compile(r"([^\W\d_]+)(_?)(\d*)(\[[\d, ]+\])?")  # matches x, alpha, theta_1, W10, beta[0]
_WORD = re.compile(r"(?<![\w.])[^\W\d]\w*(?!\w|\()")  # matches names in formulas, but not those of functions


def _letter(word: str) -> str:
    """The capital or small Greek letter of that name."""
    size = "CAPITAL" if word[0].isupper() else "SMALL"
    return unicodedata.lookup(f"GREEK {size} LETTER {_SPELLINGS.get(word, word)}".upper())


LETTERS = {word: _letter(word) for word in (*_GREEK.split(), *_SPELLINGS)}
_WORDS = {letter: word for word, letter in LETTERS.items()}


def subscript(whole: int) -> str:
    """A whole number in subscript digits.

    >>> subscript(12)
    '₁₂'
    """
    return str(whole).translate(_SUBSCRIPTS)


def superscript(whole: int) -> str:
    """A whole number in superscript digits.

    >>> superscript(-12)
    '⁻¹²'
    """
    return str(whole).translate(_SUPERSCRIPTS)


def drawn_name(name: str, taken: Callable[[str], bool] = lambda name: False) -> str:
    """A name with the Greek letter and the subscript that it spells, as it is where another one would look the same.

    >>> [drawn_name(name) for name in ("alpha", "theta_1", "W10", "beta[0]", "rate_2", "x_max")]
    ['α', 'θ₁', 'W₁₀', 'β[0]', 'rate_2', 'x_max']
    >>> drawn_name("x1", taken={"x1", "x_1"}.__contains__)
    'x1'
    """
    found = _NUMBERED.fullmatch(name)
    if found is None or (len(found[1]) > 1 and found[1] not in LETTERS) or bool(found[2]) > bool(found[3]):
        return name
    base, _, digits, index = found.groups("")
    letter = LETTERS.get(base, base)
    bases = {base, letter, _WORDS.get(letter, base)}
    alike = {f"{b}{between}{digits}{index}" for b in bases for between in ("", "_" if digits else "")}
    return name if any(taken(other) for other in alike - {name}) else letter + digits.translate(_SUBSCRIPTS) + index


def drawn_in(graph: Graph, name: str) -> str:
    """A name of a variable of a graph, as a picture has it."""
    return drawn_name(name, lambda other: graph.find((VAR, other)) is not None)


def drawn_formula(graph: Graph, text: str) -> str:
    """The text of a formula, as a picture has it.

    >>> import symdiff as sd
    >>> f = sd.Var("alpha")**2*sd.sin(sd.Var("theta_1")**0.5)
    >>> drawn_formula(f.graph, str(f))
    'α²·sin(θ₁**0.5)'
    """
    named = _WORD.sub(lambda match: drawn_in(graph, match[0]), text)
    raised = re.sub(r"\*\*(\d+)(?![\w.])", lambda match: superscript(int(match[1])), named)
    return re.sub(r"(?<!\*)\*(?!\*)", "·", raised)
