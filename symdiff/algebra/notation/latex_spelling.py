r"""How the `latex` field of a record is read: which operands it encloses itself, and how tightly it binds.

A field such as `\log\left(1 + {0}\right)` is a format string. An operand that
stands between brackets, braces or commas needs none of its own; after a plus it
needs them where it is a sum; elsewhere, as in `{0} \star {1}`, wherever it is more than
one symbol, unless the record tells its precedence.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from symdiff.algebra.notation.latex_names import is_letter, letters
from symdiff.errors import SymdiffValueError
from symdiff.records import AND, ATOM, COMPARE, POWER, PRODUCT, SUM, Operation

RELATION = AND + 0.5  # precedence of comparisons: above `and`, as in mathematics
_TOKEN = re.compile(r"\{\{|\}\}|\{[^{}]*\}|[^{}]|.", re.DOTALL)
_OPENS = re.compile(r"([{(\[|,]|\\lfloor|\\lceil|\\langle)\s*$")
_CLOSES = re.compile(r"\s*([})\]|,]|\\right)")
_HEAD = re.compile(r"(\\[A-Za-z]+)(\{[\w\\]+\})?(_\{\w+\})?(?=\\left\($)")


class Spelling(NamedTuple):
    """A `latex` field, read."""

    pieces: tuple[str | tuple[int, float], ...]  # text, and operands with the precedence they need
    level: float  # precedence of the whole
    head: str  # base of a power's superscript: the \\sin of \\sin\\left({0}\\right), else nothing
    raised: tuple[int, ...]  # operands that stand in an exponent
    width: int  # width of the text in letters, about


def spelling(op: Operation) -> Spelling:
    r"""The LaTeX of an operation, \operatorname{name}\left({0}, {1}\right) where its record has none.

    >>> from symdiff import ops
    >>> spelling(ops.hypot).pieces
    ('\\sqrt{', (0, 8), '^{2} + ', (1, 8), '^{2}}')
    """
    try:
        return _read(op.latex or _default(op), op.arity, op.precedence, op.folds)
    except (ValueError, IndexError) as error:
        raise SymdiffValueError(f"the latex field of {op.name} is no format string with {{0}}: {op.latex!r}") from error


def _default(op: Operation) -> str:
    if op.symbol:
        return f"{op.symbol} {{0}}" if op.arity == 1 else f"{{0}} {op.symbol} {{1}}"
    name = op.name.replace("_", r"\_")
    return rf"\operatorname{{{{{name}}}}}\left({', '.join(f'{{{k}}}' for k in range(op.arity))}\right)"


@cache
def _read(template: str, arity: int, precedence: int, folds: bool) -> Spelling:
    texts, fields = [""], []
    for token in _TOKEN.findall(template):
        if token[0] == "{" and token != "{{":
            fields.append(int(token[1:-1]))
            texts.append("")
        else:
            texts[-1] += token[0]
    if not all(k < arity for k in fields):
        raise IndexError
    level = _level(texts, arity, precedence)
    pieces: list[str | tuple[int, float]] = [texts[0]]
    for k, operand in enumerate(fields):
        needed = _needed(texts[k], texts[k + 1])
        if needed == ATOM and precedence != ATOM and texts[0] == texts[-1] == "":  # recognise an infix operator
            needed = SUM if level == RELATION else level + (k > 0 and not folds)
        pieces += [(operand, needed), texts[k + 1]]
    head = _HEAD.match(texts[0]) if arity == 1 and texts[-1] == r"\right)" else None
    return Spelling(
        pieces=tuple(piece for piece in pieces if piece != ""),
        level=level,
        head=head[0] if head and not is_letter(head[1]) else "",
        raised=tuple(operand for k, operand in enumerate(fields) if texts[k].endswith("^{")),
        width=letters("".join(texts)) + 1,
    )


def _needed(before: str, after: str) -> float:
    """The precedence an operand needs between two pieces of text."""
    if not _CLOSES.match(after):
        return ATOM
    if _OPENS.search(before):
        return 0
    return PRODUCT if before.rstrip().endswith("+") else ATOM


def _level(texts: list[str], arity: int, precedence: int) -> float:
    """The precedence of the whole."""
    enclosed = bool(texts[0]) and bool(texts[-1])
    if precedence != ATOM and not (enclosed and _is_closed(texts)):
        return RELATION if precedence == COMPARE else precedence
    if not enclosed:
        return COMPARE
    if not _is_closed(texts):
        return SUM
    return ATOM if re.match(r"\\left|[\[(|]", texts[0]) else POWER


def _is_closed(texts: list[str]) -> bool:
    """Whether no plus or minus stands outside of all brackets."""
    depth = 0
    for token in re.findall(r"\\left|\\right|[{}()\[\]]| [-+] ", "".join(texts)):
        if token in (r"\left", "{", "(", "["):
            depth += 1
        elif token in (r"\right", "}", ")", "]"):
            depth -= 1
        elif depth <= 0:
            return False
    return True
